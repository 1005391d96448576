//! Blocks of data drawn anew: how a number would scatter if the recording were made again.
//!
//! Source: H. R. Künsch, Ann. Stat. 17, 1217 (1989).

use irrev_numerics::streams::{Purpose, Stream};

/// How often each of some blocks is drawn with replacement, less the once it is there; a function of seed and draw.
pub(super) struct Draws {
    stream: Stream,
}

impl Draws {
    pub(super) fn new(seed: u64, draw: usize) -> Self {
        Self {
            stream: Stream::new(seed, Purpose::Bootstrap, draw as u64),
        }
    }

    pub(super) fn excess_counts(&mut self, blocks: usize) -> Vec<f64> {
        let mut counts = vec![-1.0; blocks];
        for _ in 0..blocks {
            counts[self.stream.below(blocks as u64) as usize] += 1.0;
        }
        counts
    }
}

/// Mean squared deviation from the mean.
pub(super) fn variance(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / x.len() as f64
}

/// Deviations from their mean, scaled so that their variance is the given one, and sorted.
pub(super) fn scaled_deviations(draws: &[f64], wanted: f64) -> Vec<f64> {
    let found = variance(draws);
    let scale = if found > 0.0 { (wanted / found).sqrt() } else { 0.0 };
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    let mut deviations: Vec<f64> = draws.iter().map(|d| scale * (d - mean)).collect();
    deviations.sort_by(f64::total_cmp);
    deviations
}

/// The interval at a level: what draws are above the mean, the truth may be below the value ("basic" bootstrap).
pub(super) fn interval(value: f64, deviations: &[f64], level: f64) -> (f64, f64) {
    let (low, high) = (0.5 * (1.0 - level), 0.5 * (1.0 + level));
    (
        value - quantile(deviations, high),
        value - quantile(deviations, low),
    )
}

/// Linear interpolation between sorted values.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}
