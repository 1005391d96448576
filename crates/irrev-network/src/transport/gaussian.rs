//! W₂ between normal distributions, with its map and its geodesic.
//!
//! With A = Σ₁^½, B = Σ₂^½ and the orthogonal factor U of B A,
//!
//! ```text
//! W₂² = |m₁ − m₂|² + tr(Σ₁ + Σ₂ − 2 (A Σ₂ A)^½) = |m₁ − m₂|² + ‖A − B U‖²,
//! ```
//!
//! and X = m₁ + A z, Y = m₂ + B U z with the same standard normal z are the best coupling. The right-hand form subtracts matrices, not traces, and
//! so keeps its digits when the two are close. The geodesic is the law of (1 − t) X + t Y.
//!
//! Covariances may be singular. A direction whose variance is below n ε of the largest is taken to have none: it could not be told from
//! rounding, and its root would be 1e-8.
//!
//! Sources: Gelbrich, Math. Nachr. 147, 185 (1990); Bhatia, Jain and Lim, Expo. Math. 37, 165 (2019), for the form with U; McCann, Adv. Math. 128, 153
//! (1997), for the geodesic.

use irrev_numerics::linalg::{Matrix, polar_factor, symmetric_eigen};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};

/// Accepted asymmetry and negativity of a covariance, in units of n ε times its largest entry or eigenvalue.
const COVARIANCE: f64 = 64.0;

/// A normal distribution; its covariance may be singular.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    mean: Vec<f64>,
    covariance: Matrix,
    /// Σ^½, symmetric.
    root: Matrix,
    /// Pseudo-inverse of Σ^½.
    inverse_root: Matrix,
}

impl Gaussian {
    /// Normal distribution with this mean and covariance.
    ///
    /// # Errors
    /// [`Error::Length`] for shapes that do not fit; [`Error::Domain`] for an entry that is not finite, a covariance that is not symmetric, or a negative
    /// variance (each beyond 64 n ε of the largest); failure of the eigenvalues.
    pub fn new(mean: Vec<f64>, covariance: Matrix) -> Result<Self> {
        let n = mean.len();
        for (what, found) in [
            ("covariance rows", covariance.rows()),
            ("covariance columns", covariance.columns()),
        ] {
            if found != n {
                return Err(Error::Length {
                    what,
                    found,
                    expected: n,
                });
            }
        }
        for &x in mean.iter().chain(covariance.data()) {
            crate::require(
                "an entry of a normal distribution",
                x,
                x.is_finite(),
                "a finite number",
            )?;
        }
        let rounding = COVARIANCE * n as f64 * f64::EPSILON;
        let largest = covariance
            .data()
            .iter()
            .fold(0.0_f64, |most, c| most.max(c.abs()));
        for i in 0..n {
            for j in 0..i {
                let asymmetry = (covariance[(i, j)] - covariance[(j, i)]).abs();
                let what = format!("the asymmetry of the covariance at ({i}, {j})");
                crate::require(
                    &what,
                    asymmetry,
                    asymmetry <= rounding * largest,
                    "zero: covariances are symmetric",
                )?;
            }
        }
        let covariance = Matrix::from_fn(n, n, |i, j| 0.5 * covariance[(i, j)] + 0.5 * covariance[(j, i)]);
        let spectrum = symmetric_eigen(&covariance)?;
        let most = spectrum.values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        if let Some(&least) = spectrum.values.first() {
            crate::require(
                "the least variance",
                least,
                least >= -rounding * most,
                "a number ≥ 0",
            )?;
        }
        let floor = n as f64 * f64::EPSILON * most;
        let of_variance = |f: &dyn Fn(f64) -> f64| {
            let scaled = Matrix::from_fn(n, n, |i, k| {
                let variance = spectrum.values[k];
                let weight = if variance > floor { f(variance) } else { 0.0 };
                spectrum.vectors[(i, k)] * weight
            });
            symmetrised(&scaled.times(&transposed(&spectrum.vectors)))
        };
        Ok(Self {
            root: of_variance(&f64::sqrt),
            inverse_root: of_variance(&|variance| variance.sqrt().recip()),
            mean,
            covariance,
        })
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The covariance matrix.
    #[must_use]
    pub fn covariance(&self) -> &Matrix {
        &self.covariance
    }
}

/// The best transport between two normal distributions.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianTransport {
    from: Gaussian,
    to: Gaussian,
    /// B U, so that X = m₁ + A z goes to Y = m₂ + B U z.
    image: Matrix,
    distance: f64,
}

/// W₂ between two normal distributions, with map and geodesic. O(n³).
///
/// ```
/// use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
/// use irrev_numerics::linalg::Matrix;
/// let diagonal = |a: f64, b: f64| Matrix::from_fn(2, 2, |i, j| if i == j { [a, b][i] } else { 0.0 });
/// let from = Gaussian::new(vec![0.0, 0.0], diagonal(1.0, 4.0))?;
/// let to = Gaussian::new(vec![3.0, 0.0], diagonal(9.0, 1.0))?;
/// let transport = wasserstein2(&from, &to)?;
/// assert!((transport.distance() - 14_f64.sqrt()).abs() < 1e-14);                // 3² + (1 − 3)² + (2 − 1)²
/// let map = transport.map().unwrap();
/// assert!((map[(0, 0)] - 3.0).abs() < 1e-14 && (map[(1, 1)] - 0.5).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] if the dimensions differ; failure of the polar decomposition.
pub fn wasserstein2(from: &Gaussian, to: &Gaussian) -> Result<GaussianTransport> {
    if to.mean.len() != from.mean.len() {
        return Err(Error::Length {
            what: "mean",
            found: to.mean.len(),
            expected: from.mean.len(),
        });
    }
    let image = to.root.times(&polar_factor(&to.root.times(&from.root))?);
    let shift = from.mean.iter().zip(&to.mean).map(|(a, b)| a - b);
    let stretch = from.root.data().iter().zip(image.data()).map(|(a, b)| a - b);
    let differences: Vec<f64> = shift.chain(stretch).collect();
    let largest = differences.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
    let distance = if largest > 0.0 {
        largest * compensated_sum(differences.iter().map(|d| (d / largest).powi(2))).sqrt()
    } else {
        0.0
    };
    Ok(GaussianTransport {
        from: from.clone(),
        to: to.clone(),
        image,
        distance,
    })
}

impl GaussianTransport {
    /// W₂, in the unit of the coordinates.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// The matrix T of the best map x ↦ m₂ + T (x − m₁), symmetric and positive semidefinite on the support of the start; `None` if no map does it, because
    /// the end spreads where the start does not.
    #[must_use]
    pub fn map(&self) -> Option<Matrix> {
        let map = self.image.times(&self.from.inverse_root);
        let reached = map.times(&self.from.root);
        let size = self
            .image
            .data()
            .iter()
            .fold(0.0_f64, |most, b| most.max(b.abs()));
        // what T carries to the end is B U but for the directions in which the start has no variance
        let missed = reached
            .data()
            .iter()
            .zip(self.image.data())
            .map(|(a, b)| (a - b).abs());
        let condition = self.from.inverse_root.norm_one() * self.from.root.norm_one();
        let allowed = COVARIANCE * self.from.mean.len() as f64 * f64::EPSILON * size * condition;
        (missed.fold(0.0, f64::max) <= allowed.max(f64::MIN_POSITIVE)).then_some(map)
    }

    /// The normal distribution at t ∈ [0, 1] of the geodesic, at the distance t W₂ from the start and (1 − t) W₂ from the end.
    ///
    /// # Errors
    /// [`Error::Domain`] for t outside [0, 1].
    pub fn geodesic(&self, t: f64) -> Result<Gaussian> {
        crate::require(
            "the time on the geodesic",
            t,
            (0.0..=1.0).contains(&t),
            "a number from 0 to 1",
        )?;
        let between = |a: f64, b: f64| (1.0 - t) * a + t * b;
        let mean = self
            .from
            .mean
            .iter()
            .zip(&self.to.mean)
            .map(|(&a, &b)| between(a, b))
            .collect();
        let n = self.from.mean.len();
        let spread = Matrix::from_fn(n, n, |i, j| between(self.from.root[(i, j)], self.image[(i, j)]));
        Gaussian::new(mean, symmetrised(&spread.times(&transposed(&spread))))
    }
}

fn transposed(a: &Matrix) -> Matrix {
    Matrix::from_fn(a.columns(), a.rows(), |i, j| a[(j, i)])
}

fn symmetrised(a: &Matrix) -> Matrix {
    Matrix::from_fn(a.rows(), a.columns(), |i, j| 0.5 * a[(i, j)] + 0.5 * a[(j, i)])
}

#[cfg(test)]
mod tests {
    use irrev_numerics::streams::{Purpose, Stream};

    use super::*;

    /// Covariance G Gᵀ of a random G with `rank` columns.
    fn random(seed: u64, n: usize, rank: usize) -> Gaussian {
        let mut stream = Stream::new(seed, Purpose::Search, n as u64);
        let g = Matrix::from_fn(n, rank, |_, _| stream.normal());
        let mean = (0..n).map(|_| stream.normal()).collect();
        Gaussian::new(mean, symmetrised(&g.times(&transposed(&g)))).unwrap()
    }

    #[test]
    fn the_map_is_symmetric_and_carries_one_covariance_to_the_other() {
        for seed in [1, 2, 3] {
            let (a, b) = (random(seed, 5, 9), random(seed + 10, 5, 9));
            let transport = wasserstein2(&a, &b).unwrap();
            let map = transport.map().unwrap();
            let carried = map.times(a.covariance()).times(&transposed(&map));
            let condition = a.inverse_root.norm_one() * a.root.norm_one();
            let size = b.covariance().norm_one();
            for i in 0..5 {
                for j in 0..5 {
                    assert!((map[(i, j)] - map[(j, i)]).abs() <= 1e-13 * condition * map.norm_one());
                    assert!((carried[(i, j)] - b.covariance()[(i, j)]).abs() <= 1e-13 * condition * size);
                }
            }
        }
    }

    #[test]
    fn the_geodesic_divides_the_distance() {
        for (seed, rank) in [(1, 6), (2, 6), (3, 2)] {
            let (a, b) = (random(seed, 4, rank), random(seed + 10, 4, 7));
            let transport = wasserstein2(&a, &b).unwrap();
            let whole = transport.distance();
            for t in [0.25, 0.5, 0.9] {
                let middle = transport.geodesic(t).unwrap();
                let (before, after) = (
                    wasserstein2(&a, &middle).unwrap(),
                    wasserstein2(&middle, &b).unwrap(),
                );
                // roots of singular covariances know eight digits
                let allowed = if rank < 4 { 1e-7 } else { 1e-12 };
                assert!((before.distance() - t * whole).abs() < allowed * whole, "{t}");
                assert!(
                    (after.distance() - (1.0 - t) * whole).abs() < allowed * whole,
                    "{t}"
                );
            }
            assert!(transport.geodesic(1.5).is_err());
        }
    }

    #[test]
    fn the_distance_is_a_metric_and_agrees_with_the_traces() {
        let [a, b, c] = [1, 2, 3].map(|seed| random(seed, 3, 5));
        let d = |x: &Gaussian, y: &Gaussian| wasserstein2(x, y).unwrap().distance();
        assert!(d(&a, &a) < 1e-14 && (d(&a, &b) - d(&b, &a)).abs() < 1e-13);
        assert!(d(&a, &c) <= d(&a, &b) + d(&b, &c));
        let inner = symmetrised(&a.root.times(b.covariance()).times(&a.root));
        let overlap: f64 = symmetric_eigen(&inner)
            .unwrap()
            .values
            .iter()
            .map(|v| v.max(0.0).sqrt())
            .sum();
        let trace = |g: &Gaussian| (0..3).map(|i| g.covariance()[(i, i)]).sum::<f64>();
        let shift: f64 = a.mean.iter().zip(&b.mean).map(|(x, y)| (x - y).powi(2)).sum();
        let squared = shift + trace(&a) + trace(&b) - 2.0 * overlap;
        assert!((d(&a, &b).powi(2) - squared).abs() < 1e-12 * squared);
    }

    #[test]
    fn close_distributions_keep_their_digits() {
        let line = |variance: f64| Gaussian::new(vec![0.0], Matrix::from_fn(1, 1, |_, _| variance)).unwrap();
        let h = 1e-6_f64;
        let distance = wasserstein2(&line(1.0), &line((1.0 + h).powi(2)))
            .unwrap()
            .distance();
        assert!((distance - h).abs() < 1e-15);
    }

    #[test]
    fn a_point_goes_anywhere_but_not_by_a_map() {
        let point = Gaussian::new(vec![1.0, 2.0], Matrix::zeros(2, 2)).unwrap();
        let round = Gaussian::new(vec![1.0, 2.0], Matrix::identity(2)).unwrap();
        let out = wasserstein2(&point, &round).unwrap();
        assert!((out.distance() - 2_f64.sqrt()).abs() < 1e-15);
        assert_eq!(out.map(), None);
        assert!(wasserstein2(&round, &point).unwrap().map().is_some());
        assert_eq!(wasserstein2(&point, &point).unwrap().distance(), 0.0);
        // two needles at a right angle
        let needle = |k: usize| {
            Gaussian::new(
                vec![0.0; 2],
                Matrix::from_fn(2, 2, |i, j| if i == k && j == k { 1.0 } else { 0.0 }),
            )
            .unwrap()
        };
        assert!((wasserstein2(&needle(0), &needle(1)).unwrap().distance() - 2_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn what_is_no_covariance_is_refused() {
        let refused = |entries: [[f64; 2]; 2]| {
            Gaussian::new(vec![0.0; 2], Matrix::from_fn(2, 2, |i, j| entries[i][j])).is_err()
        };
        assert!(refused([[1.0, 2.0], [2.0, 1.0]]));
        assert!(refused([[1.0, 0.5], [0.4, 1.0]]));
        assert!(refused([[1.0, 0.0], [0.0, f64::NAN]]));
        assert!(Gaussian::new(vec![0.0; 3], Matrix::identity(2)).is_err());
    }
}
