//! Which scenario? Where a fitted network lies between criticality and determinism.
//!
//! High entropy production near a phase transition and high entropy production by nearly deterministic, strongly disordered couplings look alike as numbers.
//! They differ in where the network lies: βJ₀ = N⟨Ĵ⟩ and (βΔJ)² = N (var Ĵ − ⟨standard error²⟩) over the couplings between different units place it in the
//! plane of the asymmetric Sherrington–Kirkpatrick model; the noise of estimated couplings looks like disorder and is taken out. Fields likewise.
//!
//! The distance to criticality is measured by the feedback βJ₀ k with k the mean of ⟨sech²h_i⟩: a small common magnetisation is multiplied by it at each step, and
//! it is 1 on the critical line. The distance to the deterministic corner is measured by the entropy of the next state given the present one,
//! S_c/(N ln 2): 1 for fair coins, 0 for a deterministic network.
//!
//! Source: M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

use irrev_numerics::linalg::{Matrix, eigenvalues};
use irrev_numerics::{Estimate, Run};

use super::fisher::{information, move_by};
use super::likelihood::Fit;
use super::resampling::{Draws, interval, scaled_deviations, variance};
use super::transitions::Transitions;
use crate::error::{Error, Result};

/// How the errors of a place are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScenarioOptions {
    /// Blocks that are drawn anew; default 100.
    pub blocks: usize,
    /// Draws; default 2000.
    pub draws: usize,
    /// Confidence level of intervals and ellipse; default 0.95.
    pub level: f64,
}

impl Default for ScenarioOptions {
    fn default() -> Self {
        Self {
            blocks: 100,
            draws: 2000,
            level: 0.95,
        }
    }
}

/// Region of two parameters that holds the truth at a level, if errors are normal.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Ellipse {
    /// Centre.
    pub centre: (f64, f64),
    /// (var x, cov xy, var y).
    pub covariance: (f64, f64, f64),
    /// Longer and shorter half-axis at the level.
    pub half_axes: (f64, f64),
    /// Angle of the longer axis from the first parameter, radians, in (−π/2, π/2].
    pub angle: f64,
    /// Level.
    pub level: f64,
}

/// Where a fitted network lies; errors are those of this network's parameters, not of the ensemble it may be drawn from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Scenario {
    /// βJ₀.
    pub mean_coupling: Estimate,
    /// βΔJ; 0 if the couplings differ no more than their errors say.
    pub coupling_spread: Estimate,
    /// Both in the plane of the phase diagram.
    pub ellipse: Ellipse,
    /// βH: mean of the fields, and their spread without noise.
    pub fields: (f64, f64),
    /// Mean coupling of units to themselves, β J_ii, which are no part of J₀ and ΔJ: memory or refractoriness of single units.
    pub mean_self_coupling: f64,
    /// Mean squared standard error of the couplings between different units, which was subtracted.
    pub squared_standard_error: f64,
    /// Gain βJ₀ k; 1 is critical, below 1 disordered.
    pub feedback: f64,
    /// Largest modulus of the eigenvalues of k_i J_ij: above 1 the resting state of the mean-field dynamics is unstable.
    pub spectral_radius: f64,
    /// S_c/(N ln 2) in [0, 1]; 0 is deterministic.
    pub uncertainty: f64,
    /// S_c per unit and step, nats.
    pub conditional_entropy_per_unit: f64,
}

impl Scenario {
    /// 1 − feedback: positive in the disordered phase, 0 on the critical line, negative beyond.
    #[must_use]
    pub fn distance_to_criticality(&self) -> f64 {
        1.0 - self.feedback
    }
}

/// N⟨J⟩ and N var J over i ≠ j.
fn moments(couplings: &Matrix) -> (f64, f64) {
    let n = couplings.rows();
    let off: Vec<f64> = (0..n * n)
        .filter(|k| k % n != k / n)
        .map(|k| couplings.data()[k])
        .collect();
    let size = n as f64;
    // the mean is fitted: one degree of freedom less
    let free = off.len() as f64 / (off.len() as f64 - 1.0);
    (
        size * off.iter().sum::<f64>() / off.len() as f64,
        size * free * variance(&off),
    )
}

/// Where the network behind a fit lies, from the data that were fitted.
///
/// # Errors
/// [`DataError::UnitsDiffer`](super::DataError::UnitsDiffer), [`DataError::TooShort`](super::DataError::TooShort); [`Error::Domain`] for fewer than two units
/// or wrong options.
///
/// ```
/// use irrev_ising::inference::{Coding, FitOptions, Raster, ScenarioOptions, maximum_likelihood, scenario};
/// use irrev_numerics::Run;
/// let activity: Vec<u8> = (0..3000_u32).map(|k| (k.wrapping_mul(2654435761) >> 17 & 1) as u8).collect();
/// let raster = Raster::from_array(&activity, 1000, 3, Coding::ZeroOne)?;
/// let transitions = raster.transitions()?;
/// let fit = maximum_likelihood(&transitions, &FitOptions { penalty: 1e-3, ..FitOptions::default() })?;
/// let place = scenario(&fit, &transitions, &ScenarioOptions::default(), &Run::default())?;
/// assert!(place.uncertainty > 0.0 && place.uncertainty <= 1.0);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn scenario(
    fit: &Fit,
    transitions: &Transitions<'_>,
    options: &ScenarioOptions,
    run: &Run<'_>,
) -> Result<Scenario> {
    let ScenarioOptions { blocks, draws, level } = *options;
    Error::require("the number of blocks", blocks as f64, blocks >= 10, "at least 10")?;
    Error::require("the number of draws", draws as f64, draws >= 100, "at least 100")?;
    Error::require(
        "the confidence level",
        level,
        level > 0.0 && level < 1.0,
        "a number between 0 and 1",
    )?;
    let n = fit.units();
    Error::require("the number of units", n as f64, n >= 2, "at least 2")?;
    transitions.require("an error ellipse", 4 * blocks)?;
    run.install(|| {
        run.report(0.0, "placing the network")?;
        let errors = fit.standard_errors(transitions)?;
        let between = |k: &usize| k % n != k / n;
        let squares = (0..n * n)
            .filter(between)
            .map(|k| errors.couplings.data()[k].powi(2));
        let noise = squares.sum::<f64>() / (n * (n - 1)) as f64;
        let (mean, raw) = moments(&fit.couplings);
        let size = n as f64;
        let spread_of = |raw: f64, copies: f64| (raw - copies * size * noise).max(0.0).sqrt();
        let spread = spread_of(raw, 1.0);
        let information = information(fit, transitions)?;
        let parts = transitions.split(blocks);
        let moves = parts
            .iter()
            .map(|part| move_by(part, transitions.len(), fit, &information));
        let moves: Vec<Matrix> = moves.collect::<Result<_>>()?;
        let mut drawn = (Vec::with_capacity(draws), Vec::with_capacity(draws));
        for draw in 0..draws {
            let weights = Draws::new(run.seed, draw).excess_counts(blocks);
            let moved = Matrix::from_fn(n, n, |i, j| {
                let step: f64 = weights.iter().zip(&moves).map(|(w, m)| w * m[(i, j)]).sum();
                fit.couplings[(i, j)] + step
            });
            let (mean, raw) = moments(&moved);
            drawn.0.push(mean);
            // a draw adds the noise of the estimate once more
            drawn.1.push(spread_of(raw, 2.0));
        }
        let few = blocks as f64 / (blocks as f64 - 1.0);
        let ellipse = ellipse((mean, spread), &drawn.0, &drawn.1, few, level);
        let estimate = |value: f64, draws: &[f64], variance: f64| {
            let (low, high) = interval(value, &scaled_deviations(draws, variance), level);
            Estimate {
                interval: (low, high),
                level,
                ..Estimate::from_mean(value, variance.sqrt(), blocks)
            }
        };
        let mean_field = fit.fields.iter().sum::<f64>() / size;
        let field_noise = errors.fields.iter().map(|e| e * e).sum::<f64>() / size;
        let field_spread = (variance(&fit.fields) * size / (size - 1.0) - field_noise)
            .max(0.0)
            .sqrt();
        let response = fit.response.iter().sum::<f64>() / size;
        let jacobian = Matrix::from_fn(n, n, |i, j| fit.response[i] * fit.couplings[(i, j)]);
        let spectrum = eigenvalues(&jacobian)?;
        let entropy = fit.conditional_entropy / size;
        Ok(Scenario {
            mean_coupling: estimate(mean, &drawn.0, ellipse.covariance.0),
            coupling_spread: estimate(spread, &drawn.1, ellipse.covariance.2),
            ellipse,
            fields: (mean_field, field_spread),
            mean_self_coupling: (0..n).map(|i| fit.couplings[(i, i)]).sum::<f64>() / size,
            squared_standard_error: noise,
            feedback: mean * response,
            spectral_radius: spectrum.values.iter().fold(0.0, |most, z| most.max(z.norm())),
            uncertainty: entropy / std::f64::consts::LN_2,
            conditional_entropy_per_unit: entropy,
        })
    })?
}

/// The ellipse of normal errors with the covariance of draws; of two normal numbers, the squared distance exceeds −2 ln(1 − level) with probability 1 − level.
fn ellipse(centre: (f64, f64), x: &[f64], y: &[f64], factor: f64, level: f64) -> Ellipse {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let cross = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / x.len() as f64;
    let (a, b, c) = (factor * variance(x), factor * cross, factor * variance(y));
    let middle = 0.5 * (a + c);
    let radius = (0.25 * (a - c) * (a - c) + b * b).sqrt();
    let reach = -2.0 * (1.0 - level).ln();
    Ellipse {
        centre,
        covariance: (a, b, c),
        half_axes: (
            (reach * (middle + radius)).sqrt(),
            (reach * (middle - radius).max(0.0)).sqrt(),
        ),
        angle: 0.5 * (2.0 * b).atan2(a - c),
        level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipse_has_the_axes_of_its_covariance() {
        let (x, y) = ([1.0, -1.0, 2.0, -2.0], [1.0, -1.0, -2.0, 2.0]);
        let found = ellipse((0.0, 0.0), &x, &y, 1.0, 1.0 - (-0.5_f64).exp());
        // along the diagonals: variances 4 (of 2√2 twice in four) and 1
        assert!((found.half_axes.0 - 2.0).abs() < 1e-12 && (found.half_axes.1 - 1.0).abs() < 1e-12);
        assert!((found.angle + std::f64::consts::FRAC_PI_4).abs() < 1e-12);
    }
}
