//! The jackknife: bias and standard error of any statistic from leaving out parts of the sample.
//!
//! The sample is cut into g groups of equal size; with θ₍ᵢ₎ the statistic without group i, bias = (g − 1)(mean θ₍ᵢ₎ − θ) and
//! error² = (g − 1)/g Σ (θ₍ᵢ₎ − mean)². Groups of consecutive values longer than the correlation time also serve correlated series.
//!
//! Source: Efron and Stein, Ann. Stat. 9, 586 (1981).

use irrev_numerics::Estimate;

use crate::error::Result;

/// Bias-corrected value of a statistic with its standard error from `groups` groups (at least 2, at most one per value).
///
/// Valid for smooth statistics (not the median or an extreme). The last group is longer if the size is not divisible. O(groups · cost).
///
/// ```
/// use irrev_network::simulation::estimators::jackknife;
/// let x = [1.0, 2.0, 4.0, 5.0];
/// let square = jackknife(&x, 4, |x| (x.iter().sum::<f64>() / x.len() as f64).powi(2))?;
/// assert!((square.value - (9.0 - 10.0 / 12.0)).abs() < 1e-12);              // mean² − s²/n, unbiased
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Domain`] for fewer than 2 groups or more groups than values.
pub fn jackknife(values: &[f64], groups: usize, statistic: impl Fn(&[f64]) -> f64) -> Result<Estimate> {
    let n = values.len();
    crate::require(
        "number of groups",
        groups as f64,
        groups >= 2 && groups <= n,
        "from 2 to the number of values",
    )?;
    let whole = statistic(values);
    let size = n / groups;
    let mut rest = Vec::with_capacity(n);
    let without: Vec<f64> = (0..groups)
        .map(|g| {
            let end = if g + 1 == groups { n } else { (g + 1) * size };
            rest.clear();
            rest.extend_from_slice(&values[..g * size]);
            rest.extend_from_slice(&values[end..]);
            statistic(&rest)
        })
        .collect();
    let g = groups as f64;
    let mean = without.iter().sum::<f64>() / g;
    let bias = (g - 1.0) * (mean - whole);
    let spread: f64 = without.iter().map(|t| (t - mean).powi(2)).sum();
    let error = ((g - 1.0) / g * spread).sqrt();
    Ok(Estimate {
        bias_correction: bias,
        ..Estimate::from_mean(whole - bias, error, n)
    })
}
