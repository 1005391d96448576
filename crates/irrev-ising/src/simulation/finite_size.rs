//! From finite networks to infinite ones: the same ensemble at several N, and the intercept of a polynomial in 1/N.

use irrev_numerics::{Estimate, Run};

use super::ensemble_run::{Disorder, EnsembleAverage, EnsembleOptions, ensemble_average_of};
use super::record::Observable;
use crate::error::{Error, Result};

/// An ensemble at several sizes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FiniteSizeStudy {
    /// Averages, by the number of spins as asked for.
    pub sizes: Vec<EnsembleAverage>,
}

/// a₀ + a₁/N (+ a₂/N²) through averages with errors.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Extrapolation {
    /// a₀, with the error that those of the averages leave.
    pub infinite: Estimate,
    /// All coefficients, a₀ first.
    pub coefficients: Vec<f64>,
    /// Residuals in units of the standard errors, one for each size.
    pub residuals: Vec<f64>,
    /// Σ of squared residuals.
    pub chi_squared: f64,
    /// Sizes minus coefficients; with 0 nothing is tested.
    pub degrees_of_freedom: usize,
}

impl Extrapolation {
    /// How far χ² lies above its expectation, as a normal deviate (Wilson and Hilferty, PNAS 17, 684 (1931)); 0 without degrees of freedom.
    #[must_use]
    pub fn misfit(&self) -> f64 {
        if self.degrees_of_freedom == 0 {
            return 0.0;
        }
        let n = self.degrees_of_freedom as f64;
        let variance = 2.0 / (9.0 * n);
        ((self.chi_squared / n).cbrt() - (1.0 - variance)) / variance.sqrt()
    }

    /// Whether the polynomial describes the averages: a misfit below 3 σ, exceeded by chance once in 700.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.misfit() < 3.0
    }
}

impl FiniteSizeStudy {
    /// Extrapolates a quantity in 1/N and 1/N², or in 1/N alone from two sizes; with m as control variate where the exact m is known.
    ///
    /// That a line fits does not make it right: its error leaves out the term in 1/N², which is larger than that of many draws.
    ///
    /// # Errors
    /// [`Error::Domain`] for fewer than two sizes, or for averages without an error.
    pub fn infinite(&self, observable: Observable) -> Result<Extrapolation> {
        let points = self.points(observable);
        extrapolate(&points, 2).or_else(|_| extrapolate(&points, 1))
    }

    /// Extrapolates a quantity in 1/N alone, to compare.
    ///
    /// # Errors
    /// As [`Self::infinite`].
    pub fn by_a_line(&self, observable: Observable) -> Result<Extrapolation> {
        extrapolate(&self.points(observable), 1)
    }

    /// Sizes with the averages that are extrapolated.
    fn points(&self, observable: Observable) -> Vec<(usize, Estimate)> {
        let sizes = self.sizes.iter();
        let of_size = |size: &EnsembleAverage| {
            let plain = || size.get(observable);
            (size.spins, size.controlled(observable).unwrap_or_else(plain))
        };
        sizes.map(of_size).collect()
    }
}

/// Fits a polynomial of a degree, 1 or 2, in 1/N by weighted least squares.
///
/// # Errors
/// [`Error::Domain`] for a degree that is neither, too few different sizes, or averages without an error.
///
/// ```
/// use irrev_ising::simulation::extrapolate;
/// use irrev_numerics::Estimate;
/// let point = |n: usize| (n, Estimate::from_mean(0.5 - 2.0 / n as f64, 0.001, 10));
/// let line = extrapolate(&[point(64), point(128), point(256)], 1)?;
/// assert!((line.infinite.value - 0.5).abs() < 1e-12 && line.chi_squared < 1e-12);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn extrapolate(points: &[(usize, Estimate)], degree: usize) -> Result<Extrapolation> {
    Error::require(
        "the degree in 1/N",
        degree as f64,
        degree == 1 || degree == 2,
        "1 or 2",
    )?;
    let mut sizes: Vec<usize> = points.iter().map(|p| p.0).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let enough = sizes.len() > degree && sizes[0] > 0;
    Error::require(
        "the number of different sizes",
        sizes.len() as f64,
        enough,
        "one more than the degree in 1/N, and no network without spins",
    )?;
    for (_, estimate) in points {
        let error = estimate.standard_error;
        let known = error > 0.0 && error.is_finite();
        Error::require("the standard error of an average", error, known, "more than 0")?;
    }
    Ok(fit(points, degree))
}

/// The fit by orthogonal polynomials in x = 1/N under the weights 1/error²: no equations have to be solved.
fn fit(points: &[(usize, Estimate)], degree: usize) -> Extrapolation {
    let x: Vec<f64> = points.iter().map(|p| 1.0 / p.0 as f64).collect();
    let y: Vec<f64> = points.iter().map(|p| p.1.value).collect();
    let weights: Vec<f64> = points.iter().map(|p| p.1.standard_error.powi(-2)).collect();
    let inner =
        |f: &[f64], g: &[f64]| -> f64 { f.iter().zip(g).zip(&weights).map(|((a, b), w)| w * a * b).sum() };
    // each basis polynomial: its coefficients, and its values at the points
    let mut basis: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for power in 0..=degree {
        let mut coefficients = vec![0.0; degree + 1];
        coefficients[power] = 1.0;
        let mut values: Vec<f64> = x.iter().map(|x| x.powi(power as i32)).collect();
        // twice, so that what rounding leaves is taken out too
        for _ in 0..2 {
            for (other, at) in &basis {
                let share = inner(&values, at) / inner(at, at);
                for (c, o) in coefficients.iter_mut().zip(other) {
                    *c -= share * o;
                }
                for (v, o) in values.iter_mut().zip(at) {
                    *v -= share * o;
                }
            }
        }
        basis.push((coefficients, values));
    }
    let (mut coefficients, mut variance) = (vec![0.0; degree + 1], 0.0);
    let mut rest = y;
    for (polynomial, at) in &basis {
        let norm = inner(at, at);
        let share = inner(&rest, at) / norm;
        for (c, p) in coefficients.iter_mut().zip(polynomial) {
            *c += share * p;
        }
        for (r, v) in rest.iter_mut().zip(at) {
            *r -= share * v;
        }
        variance += polynomial[0] * polynomial[0] / norm;
    }
    let residuals: Vec<f64> = rest.iter().zip(&weights).map(|(r, w)| r * w.sqrt()).collect();
    Extrapolation {
        infinite: Estimate::from_mean(coefficients[0], variance.sqrt(), points.len()),
        coefficients,
        chi_squared: residuals.iter().map(|r| r * r).sum(),
        residuals,
        degrees_of_freedom: points.len() - degree - 1,
    }
}

/// Simulates an ensemble at several sizes, one after the other.
///
/// # Errors
/// As [`ensemble_average`]; [`Error::Domain`] if no size is given, or one twice.
pub fn finite_size_study(
    sizes: &[usize],
    options: &EnsembleOptions,
    run: &Run<'_>,
) -> Result<FiniteSizeStudy> {
    finite_size_study_of(sizes, options, &Disorder::default(), run)
}

/// As [`finite_size_study`], with seeds and self-couplings of its own.
///
/// # Errors
/// As [`finite_size_study`] and [`ensemble_average_of`].
///
/// ```
/// use irrev_ising::simulation::{Disorder, EnsembleOptions, Observable, Sampling, finite_size_study_of};
/// use irrev_numerics::Run;
/// let options = EnsembleOptions {
///     draws: 2,
///     sampling: Sampling { replicas: 8, burn_in: 10, measured: 16, ..Sampling::default() },
///     ..EnsembleOptions::default()
/// };
/// let disorder = Disorder { couplings_seed: Some(7), ..Disorder::default() };
/// let study = finite_size_study_of(&[32, 64], &options, &disorder, &Run::default())?;
/// assert!(study.sizes[1].get(Observable::EntropyProduction).value > 0.0);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn finite_size_study_of(
    sizes: &[usize],
    options: &EnsembleOptions,
    disorder: &Disorder,
    run: &Run<'_>,
) -> Result<FiniteSizeStudy> {
    Error::require(
        "the number of sizes",
        sizes.len() as f64,
        !sizes.is_empty(),
        "at least 1",
    )?;
    if let Some(twice) = (1..sizes.len()).find(|k| sizes[..*k].contains(&sizes[*k])) {
        return Err(Error::Domain {
            what: "a size that is there already",
            value: sizes[twice] as f64,
            expected: "sizes that differ: the same draws once more are no independent ones",
        });
    }
    let averages = (sizes.iter()).map(|spins| ensemble_average_of(*spins, options, disorder, run));
    Ok(FiniteSizeStudy {
        sizes: averages.collect::<Result<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    fn points(stream: &mut Stream) -> Vec<(usize, Estimate)> {
        let point = |(n, z): (usize, f64)| {
            let x = 1.0 / n as f64;
            let y = 0.3 + 2.0 * x - 40.0 * x * x;
            (n, Estimate::from_mean(y + 1e-3 * z, 1e-3, 10))
        };
        let sizes = [32, 64, 128, 256, 512];
        sizes.map(|n| point((n, stream.normal()))).to_vec()
    }

    #[test]
    fn the_intercept_is_covered_and_a_wrong_degree_is_noticed() {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let (trials, mut covered, mut noticed) = (2000, 0, 0);
        for _ in 0..trials {
            let points = points(&mut stream);
            let parabola = extrapolate(&points, 2).unwrap();
            let (low, high) = parabola.infinite.interval;
            covered += i32::from(low < 0.3 && 0.3 < high);
            noticed += i32::from(!extrapolate(&points, 1).unwrap().fits());
        }
        // 95 % of 2000: 1900 ± 9.7, 5 σ
        assert!((covered - 1900_i32).abs() < 49, "{covered}");
        // the curvature is 40/32² = 39 σ at the smallest size
        assert_eq!(noticed, trials);
    }

    #[test]
    fn what_cannot_be_extrapolated_is_named() {
        let point = |n: usize, error: f64| (n, Estimate::from_mean(1.0, error, 3));
        assert!(extrapolate(&[point(64, 0.1), point(64, 0.1)], 1).is_err());
        assert!(extrapolate(&[point(64, 0.1), point(128, f64::NAN)], 1).is_err());
        assert!(extrapolate(&[point(64, 0.1), point(128, 0.1)], 3).is_err());
    }
}
