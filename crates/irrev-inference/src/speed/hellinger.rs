//! Steps of histograms, without a family: Hellinger's distance.
//!
//! With the Bhattacharyya coefficient BC = Σ √(p q), 4(1 − BC) = 2 Σ (√p − √q)² is half the squared Fisher step ds² of neighbouring frames. Two samples of N cells
//! each differ although nothing moved: by (n_bins − 1)/N on average, if the frames are independent. Cells that are followed keep their values for a while, and
//! then less is to be subtracted: the corrected step is too low for steps shorter than the memory of a cell.
//!
//! Source: Bhattacharyya, Bull. Calcutta Math. Soc. 35, 99 (1943).

use super::ensemble::CellEnsemble;
use crate::error::{Error, Result};

/// Step between two frames.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HellingerStep {
    /// Time half-way.
    pub time: f64,
    /// Length of the step in time.
    pub duration: f64,
    /// 4(1 − BC), noise included.
    pub naive: f64,
    /// 4(1 − BC) − (n_bins − 1)/N, with 1/N the mean of both frames; may be negative.
    pub corrected: f64,
}

/// Steps between frames 0, s, 2s, … of histograms with common bins of equal occupation over all frames. ds² ≈ 2 × step.
///
/// ```
/// use irrev_inference::speed::{CellEnsemble, hellinger_steps};
/// let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let still: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();                  // 20 frames of 1000 cells, drawn afresh
/// let times: Vec<f64> = (0..20).map(f64::from).collect();
/// let steps = hellinger_steps(&CellEnsemble::from_wide(&times, 1000, &still)?, 1, 8)?;
/// let mean = |of: fn(&irrev_inference::speed::HellingerStep) -> f64| steps.iter().map(of).sum::<f64>() / 19.0;
/// assert!(mean(|s| s.naive) > 0.004 && mean(|s| s.corrected).abs() < 0.004);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for fewer than two bins, or a stride of 0 or beyond the last frame; [`Error::Frame`] for a frame without cells; [`Error::Constant`].
pub fn hellinger_steps(ensemble: &CellEnsemble, stride: usize, bins: usize) -> Result<Vec<HellingerStep>> {
    let times = ensemble.times();
    Error::require("bins", bins as f64, bins >= 2, "at least 2")?;
    Error::require(
        "stride",
        stride as f64,
        stride >= 1 && stride < times.len(),
        "1 to the last frame",
    )?;
    if let Some((0, frame)) = ensemble.emptiest() {
        return Err(Error::Frame {
            frame,
            time: times[frame],
            found: 0,
            needed: 1,
        });
    }
    let mut sorted: Vec<f64> = (0..times.len())
        .flat_map(|frame| ensemble.frame(frame))
        .copied()
        .filter(|x| !x.is_nan())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = (1..bins).map(|b| sorted[b * sorted.len() / bins]).collect();
    edges.dedup();
    if sorted[0] == sorted[sorted.len() - 1] {
        return Err(Error::Constant {
            what: "values of cells".into(),
            value: sorted[0],
        });
    }
    let histogram = |frame: usize| {
        let mut counts = vec![0.0_f64; edges.len() + 1];
        for x in ensemble.frame(frame).iter().filter(|x| !x.is_nan()) {
            counts[edges.partition_point(|edge| edge <= x)] += 1.0;
        }
        let number: f64 = counts.iter().sum();
        (counts, number)
    };
    let frames: Vec<usize> = (0..times.len()).step_by(stride).collect();
    let histograms: Vec<(Vec<f64>, f64)> = frames.iter().map(|&frame| histogram(frame)).collect();
    Ok(frames
        .windows(2)
        .zip(histograms.windows(2))
        .map(|(frames, pair)| {
            let ((p, n), (q, m)) = (&pair[0], &pair[1]);
            let affinity = p.iter().zip(q).map(|(a, b)| (a * b).sqrt()).sum::<f64>() / (n * m).sqrt();
            let naive = 4.0 * (1.0 - affinity).max(0.0);
            let (from, to) = (times[frames[0]], times[frames[1]]);
            HellingerStep {
                time: 0.5 * (from + to),
                duration: to - from,
                naive,
                corrected: naive - edges.len() as f64 * 0.5 * (n.recip() + m.recip()),
            }
        })
        .collect())
}
