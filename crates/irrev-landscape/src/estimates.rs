//! Estimates from draws of a bootstrap.

use irrev_numerics::Estimate;

/// A value with the spread of its draws, and the interval of the central 95 % of them turned about it ("basic" bootstrap); draws that are no numbers are left
/// out.
pub(crate) fn from_draws(value: f64, draws: impl Iterator<Item = f64>, blocks: usize) -> Estimate {
    let mut draws: Vec<f64> = draws.filter(|draw| draw.is_finite()).collect();
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let variance = draws
        .iter()
        .map(|draw| (draw - mean) * (draw - mean))
        .sum::<f64>()
        / (n - 1.0);
    let error = if draws.len() < 2 || !value.is_finite() {
        f64::NAN
    } else {
        variance.sqrt()
    };
    let mut estimate = Estimate::from_mean(value, error, blocks);
    if error.is_finite() {
        let quantile = |part: f64| draws[(part * (n - 1.0)).round() as usize];
        estimate.interval = (2.0 * value - quantile(0.975), 2.0 * value - quantile(0.025));
    }
    estimate
}
