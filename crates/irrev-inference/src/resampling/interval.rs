//! From draws to an interval.

use irrev_numerics::{Estimate, EstimateKind};
use serde::{Deserialize, Serialize};

use super::{Bootstrap, Jackknife};

/// How an interval follows from draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntervalKind {
    /// Quantiles of the draws.
    Percentile,
    /// Quantiles of the draws turned about the value.
    Basic,
    /// Bias-corrected and accelerated quantiles (BCa): of second order for a skewed number whose bias is small beside its scatter, too short where it is not.
    BiasCorrectedAccelerated,
    /// Quantiles of the draws, moved so that their mean is the corrected value, and longer by √(B/(B − 1)) since a variance of B blocks drawn from themselves is low by that.
    #[default]
    Recentred,
    /// Corrected value ± quantile of Student's t with B − 1 degrees of freedom times the jackknife's error.
    Student,
}

/// Value, standard error and interval at a level in (0, 1).
///
/// The value is that of all blocks with the first-order bias that the jackknife finds taken out; what was subtracted is in the record.
///
/// ```
/// use irrev_inference::resampling::{IntervalKind, bootstrap, interval, jackknife};
/// use irrev_numerics::Run;
/// let rows: Vec<Vec<f64>> = (0..100).map(|k| vec![1.0, f64::from(k % 10)]).collect();
/// let mean = |sums: &[f64]| sums[1] / sums[0];
/// let drawn = bootstrap(&rows, 1, 1000, mean, &Run::default())?;
/// let found = interval(&jackknife(&rows, mean)?, &drawn, IntervalKind::default(), 0.95);
/// assert!((found.value - 4.5).abs() < 1e-12 && found.interval.0 < 4.1 && found.interval.1 > 4.9);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[must_use]
pub fn interval(jackknife: &Jackknife, drawn: &Bootstrap, kind: IntervalKind, level: f64) -> Estimate {
    let value = jackknife.value - jackknife.bias;
    let outside = 0.5 * (1.0 - level);
    let z = normal_quantile(1.0 - outside);
    let bounds = match kind {
        IntervalKind::Percentile => (drawn.quantile(outside), drawn.quantile(1.0 - outside)),
        IntervalKind::Basic => (
            2.0 * jackknife.value - drawn.quantile(1.0 - outside),
            2.0 * jackknife.value - drawn.quantile(outside),
        ),
        IntervalKind::BiasCorrectedAccelerated => {
            let shift = normal_quantile(below(&drawn.draws, jackknife.value));
            let part = |z: f64| {
                let moved = shift + z;
                normal_distribution(shift + moved / (1.0 - jackknife.acceleration * moved))
            };
            (drawn.quantile(part(-z)), drawn.quantile(part(z)))
        }
        IntervalKind::Recentred => {
            let mean = drawn.draws.iter().sum::<f64>() / drawn.draws.len() as f64;
            let blocks = jackknife.without.len() as f64;
            let longer = (blocks / (blocks - 1.0)).sqrt();
            let at = |part: f64| value + longer * (drawn.quantile(part) - mean);
            (at(outside), at(1.0 - outside))
        }
        IntervalKind::Student => {
            let half = student_quantile(z, jackknife.without.len() as f64 - 1.0) * jackknife.standard_error;
            (value - half, value + half)
        }
    };
    Estimate {
        value,
        standard_error: jackknife.standard_error,
        interval: bounds,
        level,
        sample_size: jackknife.without.len(),
        bias_correction: jackknife.bias,
        kind: EstimateKind::Estimate,
    }
}

/// Share of draws below a value, kept off 0 and 1 by half a draw.
fn below(sorted: &[f64], value: f64) -> f64 {
    let n = sorted.len() as f64;
    let (less, not_more) = (
        sorted.partition_point(|x| *x < value),
        sorted.partition_point(|x| *x <= value),
    );
    (0.5 * (less + not_more) as f64 / n).clamp(0.5 / n, 1.0 - 0.5 / n)
}

/// Φ(z): the error function by its continued fraction and series, to about 1e-15.
pub(crate) fn normal_distribution(z: f64) -> f64 {
    let tail = |x: f64| {
        // Mills' ratio by Lentz's continued fraction 1/(x + 1/(x + 2/(x + …))) beyond 3
        let mut fraction = x;
        for k in (1..60).rev() {
            fraction = x + f64::from(k) / fraction;
        }
        density(x) / fraction
    };
    if z < -3.0 {
        tail(-z)
    } else if z > 3.0 {
        1.0 - tail(z)
    } else {
        // Φ(z) = 1/2 + φ(z) Σ z^{2k+1}/(1·3·5 … (2k + 1))
        let (mut term, mut sum) = (z, z);
        for k in 1..60 {
            term *= z * z / f64::from(2 * k + 1);
            sum += term;
        }
        0.5 + density(z) * sum
    }
}

fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// Φ⁻¹(p) for p in (0, 1), by bisection and Newton's method.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-38.0, 38.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if normal_distribution(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The quantile of Student's t with ν degrees of freedom that belongs to the normal quantile z: the inverse of Wallace's approximation, which `irrev_numerics` uses the other way.
pub(crate) fn student_quantile(z: f64, degrees_of_freedom: f64) -> f64 {
    let nu = degrees_of_freedom;
    let scaled = z * (8.0 * nu + 3.0) / (8.0 * nu + 1.0);
    (nu * (scaled * scaled / nu).exp_m1()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_and_student_quantiles_are_those_of_tables() {
        for (p, z) in [
            (0.975, 1.959_963_984_540_054),
            (0.5, 0.0),
            (0.999_99, 4.264_890_793_922_602),
            (1e-9, -5.997_807_015_007_774),
        ] {
            assert!((normal_quantile(p) - z).abs() < 1e-9, "{p}");
            assert!((normal_distribution(z) / p - 1.0).abs() < 1e-11, "{z}");
        }
        // t at 97.5 %: 2.2281 for ν = 10, 2.0211 for ν = 40
        let z = normal_quantile(0.975);
        assert!((student_quantile(z, 10.0) - 2.2281).abs() < 0.01);
        assert!((student_quantile(z, 40.0) - 2.0211).abs() < 1e-3);
    }
}
