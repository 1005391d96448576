//! What estimators of dissipation by the uncertainty of currents find at a finite time step, were there no end of data.
//!
//! A linear current over a step is g = (K x̄)·Δx with the midpoint x̄. In the stationary state x̄ and Δx are normal, with covariances that are known without
//! a subtraction that matters, and so are the means and, by Isserlis' theorem, the covariances of all currents:
//!
//! ```text
//! ⟨x̄_a Δx_b⟩ = M_ab = ½(N S − S Nᵀ)_ab,   N = 1 − e^{−A dt},   ⟨Δx Δxᵀ⟩ = Q + N S Nᵀ,
//! Cov(x̄_aΔx_b, x̄_cΔx_e) = ⟨x̄_a x̄_c⟩⟨Δx_b Δx_e⟩ + M_ae M_cb.
//! ```
//!
//! Source: Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020), for the bound 2mᵀC⁻¹m/dt.

use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::sum::{compensated_sum, inner_product};

use super::beads::SampledDiffusion;
use super::riccati::{conjugated, sum};
use crate::error::Result;

/// Most coordinates whose currents are taken together: their covariance has the size n² × n².
const MOST: usize = 48;

/// Moments of all linear currents over one step.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledCurrents {
    dt: f64,
    /// M.
    mean: Matrix,
    /// ⟨x̄ x̄ᵀ⟩.
    midpoint: Matrix,
    /// ⟨Δx Δxᵀ⟩.
    displacement: Matrix,
}

/// x̄_a Δx_b with a factor.
type Terms = Vec<(f64, usize, usize)>;

impl SampledDiffusion {
    /// Moments of all linear currents over steps of dt.
    ///
    /// ```
    /// use irrev_network::information::gaussian::bead_chain;
    /// let chain = bead_chain(2, (10.0, 1.0), 1.0, 1.0)?;
    /// let currents = chain.currents(0.01)?;
    /// assert!((currents.mean_rate(chain.optimal_force()) - 1.984935395316799).abs() < 1e-11);
    /// assert!((currents.bound_of_all_linear()? - 1.9555369474224107).abs() < 1e-11);
    /// assert!((currents.bound_of_rotations()? - 0.9834404870631374).abs() < 1e-11);   // these alone lose half of it
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`SampledDiffusion::sampled`].
    pub fn currents(&self, dt: f64) -> Result<SampledCurrents> {
        let step = self.sampled(dt)?;
        let (n, s) = (self.dimension(), &self.covariance);
        let lost = Matrix::from_fn(n, n, |i, j| {
            if i == j {
                1.0 - step.transition[(i, j)]
            } else {
                -step.transition[(i, j)]
            }
        });
        let turned = lost.times(s);
        Ok(SampledCurrents {
            dt,
            mean: Matrix::from_fn(n, n, |a, b| 0.5 * (turned[(a, b)] - turned[(b, a)])),
            // ½(x + x') = x + ½Δx, whose covariance is S − ¼⟨ΔxΔxᵀ⟩
            midpoint: {
                let moved = sum(&step.noise, &conjugated(&lost, s));
                Matrix::from_fn(n, n, |a, b| s[(a, b)] - 0.25 * moved[(a, b)]).symmetrised()
            },
            displacement: sum(&step.noise, &conjugated(&lost, s)),
        })
    }
}

impl SampledCurrents {
    /// ⟨(K x̄)·Δx⟩/dt, in 1/time.
    ///
    /// # Panics
    /// If K is not n × n.
    #[must_use]
    pub fn mean_rate(&self, coefficients: &Matrix) -> f64 {
        inner_product(coefficients.transposed().data(), self.mean.data()) / self.dt
    }

    /// Var (K x̄)·Δx over a step: tr(⟨ΔxΔxᵀ⟩ K⟨x̄x̄ᵀ⟩Kᵀ) + tr(K M K M).
    ///
    /// # Panics
    /// If K is not n × n.
    #[must_use]
    pub fn variance(&self, coefficients: &Matrix) -> f64 {
        let spread = conjugated(coefficients, &self.midpoint);
        let turned = coefficients.times(&self.mean);
        inner_product(self.displacement.data(), spread.data())
            + inner_product(turned.transposed().data(), turned.data())
    }

    /// 2⟨g⟩²/(dt Var g) for g = (K x̄)·Δx, in nats per time; 0 for a current without a mean.
    ///
    /// # Panics
    /// If K is not n × n.
    #[must_use]
    pub fn bound(&self, coefficients: &Matrix) -> f64 {
        let mean = self.mean_rate(coefficients);
        if mean == 0.0 {
            return 0.0;
        }
        2.0 * mean * self.dt * (mean / self.variance(coefficients))
    }

    /// 2mᵀC⁻¹m/dt over all currents x_a dx_b, in nats per time.
    ///
    /// # Errors
    /// [`crate::Error::Domain`] for more than 48 coordinates; a singular C.
    pub fn bound_of_all_linear(&self) -> Result<f64> {
        let n = self.mean.rows();
        let pairs = (0..n).flat_map(|a| (0..n).map(move |b| vec![(1.0, a, b)]));
        self.bound_of(&pairs.collect::<Vec<_>>())
    }

    /// 2mᵀC⁻¹m/dt over the rotations x_a dx_b − x_b dx_a alone, in nats per time: less, for total derivatives serve as control variates.
    ///
    /// # Errors
    /// As [`SampledCurrents::bound_of_all_linear`].
    pub fn bound_of_rotations(&self) -> Result<f64> {
        let n = self.mean.rows();
        let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| vec![(1.0, a, b), (-1.0, b, a)]));
        self.bound_of(&pairs.collect::<Vec<_>>())
    }

    fn bound_of(&self, currents: &[Terms]) -> Result<f64> {
        let n = self.mean.rows();
        crate::require(
            "the number of coordinates",
            n as f64,
            n <= MOST,
            "at most 48, for the covariance of all currents",
        )?;
        if currents.is_empty() {
            return Ok(0.0);
        }
        let of_pair = |(a, b): (usize, usize), (c, e): (usize, usize)| {
            self.midpoint[(a, c)] * self.displacement[(b, e)] + self.mean[(a, e)] * self.mean[(c, b)]
        };
        let covariance = |x: &Terms, y: &Terms| {
            let products = x
                .iter()
                .flat_map(|&(s, a, b)| y.iter().map(move |&(t, c, e)| s * t * of_pair((a, b), (c, e))));
            products.sum::<f64>()
        };
        // in units of each current's spread, so that hot and cold count alike
        let spread: Vec<f64> = currents.iter().map(|x| covariance(x, x).sqrt()).collect();
        let mean: Vec<f64> = currents
            .iter()
            .zip(&spread)
            .map(|(x, spread)| {
                let terms = x.iter().map(|&(s, a, b)| s * self.mean[(a, b)]);
                compensated_sum(terms) / spread
            })
            .collect();
        let correlation = Matrix::from_fn(currents.len(), currents.len(), |i, j| {
            covariance(&currents[i], &currents[j]) / (spread[i] * spread[j])
        });
        let best = LinearSolver::new(correlation)?.solve(&mean)?.x;
        Ok(2.0 * inner_product(&mean, &best) / self.dt)
    }
}
