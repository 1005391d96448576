//! Time correlations of signals over many segments, with errors from blocks.
//!
//! C(k) = ⟨x(t + k) y(t)⟩ over all pairs of frames of one segment, without taking means off. Segments are cut into leaves whose transforms fit a core's
//! cache: each t of a leaf is paired with all t + k up to the last lag, also beyond the leaf's end, so that nothing is lost at the cuts. Signals of one call
//! share their transforms.
//!
//! Leaves go to blocks, and blocks drawn anew give errors of anything that follows from correlations.

use irrev_numerics::fourier::{RealFourier, fast_length};
use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::blocks::{Blocks, resampled, resampled_total, variance_of_ratio};
use crate::error::{Error, Result};
use crate::record::require_numbers;

/// Shortest transform: 128 KiB a series, some of which fit the second cache of a core.
const SHORTEST_TRANSFORM: usize = 16_384;

/// Leaves between two looks at the monitor.
const LEAVES_AT_ONCE: usize = 256;

/// One signal in several segments, a column each.
pub type Signal<'a> = Vec<&'a [f64]>;

/// Correlations of some pairs of signals at lags 0 to L − 1, in frames.
///
/// ```
/// use irrev_landscape::correlation::correlations;
/// use irrev_numerics::Run;
/// let x = [1.0, 2.0, 3.0];
/// let found = correlations(&[vec![&x]], &[(0, 0)], 3, &Run::default())?;
/// let values: Vec<f64> = found.estimates(0).iter().map(|c| c.value).collect();
/// assert!((values[0] - 14.0 / 3.0).abs() < 1e-12 && (values[1] - 4.0).abs() < 1e-12 && (values[2] - 3.0).abs() < 1e-12);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Correlations {
    lags: usize,
    pairs: usize,
    /// Per block: the number of pairs of frames at each lag, then the sums of each pair of signals.
    blocks: Vec<Vec<f64>>,
    total: Vec<f64>,
}

impl Correlations {
    /// Number of lags.
    #[must_use]
    pub fn lags(&self) -> usize {
        self.lags
    }

    /// Number of blocks that errors come from.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// C(k) of a pair of signals, with standard errors.
    #[must_use]
    pub fn estimates(&self, pair: usize) -> Vec<Estimate> {
        let values = self.values(pair);
        (0..self.lags)
            .map(|k| {
                let sums = self
                    .blocks
                    .iter()
                    .map(|block| (block[(pair + 1) * self.lags + k], block[k]));
                Estimate::from_mean(values[k], variance_of_ratio(sums).sqrt(), self.blocks.len())
            })
            .collect()
    }

    /// C(k) of a pair of signals.
    #[must_use]
    pub fn values(&self, pair: usize) -> Vec<f64> {
        self.ratios(&self.total, pair)
    }

    /// C(k) of all pairs from blocks drawn anew; a function of seed and draw.
    #[must_use]
    pub fn draw(&self, seed: u64, draw: u64) -> Vec<Vec<f64>> {
        let total = resampled_total(&self.blocks, seed, draw);
        (0..self.pairs).map(|pair| self.ratios(&total, pair)).collect()
    }

    /// C(k) of all pairs from every other block, from the first on and from the second on: two halves of the data; `None` if one of them lacks a lag.
    #[must_use]
    pub fn halves(&self) -> Option<[Vec<Vec<f64>>; 2]> {
        let half = |first: usize| {
            let mut total = vec![0.0; self.total.len()];
            for block in self.blocks.iter().skip(first).step_by(2) {
                total.iter_mut().zip(block).for_each(|(sum, term)| *sum += term);
            }
            let whole = total[..self.lags].iter().all(|count| *count > 0.0);
            whole.then(|| (0..self.pairs).map(|pair| self.ratios(&total, pair)).collect())
        };
        Some([half(0)?, half(1)?])
    }

    fn ratios(&self, total: &[f64], pair: usize) -> Vec<f64> {
        let sums = &total[(pair + 1) * self.lags..(pair + 2) * self.lags];
        sums.iter().zip(total).map(|(sum, count)| sum / count).collect()
    }
}

/// Correlations ⟨x_i(t + k) x_j(t)⟩ of the pairs (i, j) of signals; the same bits on any number of threads.
///
/// Cost: one transform of each signal and one for each pair, over all frames; memory for 512 blocks of (pairs + 1) · lags numbers.
///
/// # Errors
/// [`Error::Size`] if signals differ in their segments, [`Error::Domain`] for no lag or a pair of signals that do not exist, [`Error::Empty`] if no segment
/// is longer than the last lag, [`Error::NotFinite`], [`Error::Numerics`] if too much memory would be needed or the run is cancelled.
pub fn correlations(
    signals: &[Signal<'_>],
    pairs: &[(usize, usize)],
    lags: usize,
    run: &Run<'_>,
) -> Result<Correlations> {
    Error::require("the number of lags", lags as f64, lags >= 1, "at least 1")?;
    for (i, j) in pairs {
        let highest = *i.max(j);
        Error::require(
            "a signal of a pair",
            highest as f64,
            highest < signals.len(),
            "the index of a signal that is given",
        )?;
    }
    let lengths: Vec<usize> = signals
        .first()
        .map_or(Vec::new(), |signal| signal.iter().map(|x| x.len()).collect());
    for signal in signals {
        Error::require_size("the segments of a signal", signal.len(), lengths.len())?;
        for (x, length) in signal.iter().zip(&lengths) {
            Error::require_size("a segment of a signal", x.len(), *length)?;
        }
    }
    if lengths.iter().all(|length| *length < lags) {
        let way_out = "ask for fewer lags, or give longer trajectories";
        return Err(Error::Empty {
            what: "the set of segments with all lags",
            way_out,
        });
    }
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let transform = RealFourier::new(fast_length(
        (longest + lags).min((4 * lags).max(SHORTEST_TRANSFORM)),
    ))?;
    let leaf = transform.length() - lags + 1;
    let width = (pairs.len() + 1) * lags;
    run.require_memory(
        "correlations",
        Blocks::memory(width) + (2 * LEAVES_AT_ONCE * width * size_of::<f64>()) as u64,
    )?;
    let leaves: Vec<(usize, usize)> = lengths
        .iter()
        .enumerate()
        .flat_map(|(segment, length)| (0..*length).step_by(leaf).map(move |start| (segment, start)))
        .collect();
    let mut blocks = Blocks::new(width);
    run.install(|| -> Result<()> {
        for (group, some) in leaves.chunks(LEAVES_AT_ONCE).enumerate() {
            run.report(
                (group * LEAVES_AT_ONCE) as f64 / leaves.len() as f64,
                "correlations",
            )?;
            let sums: Vec<Result<Vec<f64>>> = some
                .par_iter()
                .map(|(segment, start)| {
                    let columns: Vec<&[f64]> = signals.iter().map(|signal| signal[*segment]).collect();
                    leaf_sums(&columns, pairs, lags, *start, &transform)
                })
                .collect();
            sums.into_iter()
                .try_for_each(|leaf| leaf.and_then(|leaf| Ok(blocks.add(leaf)?)))?;
        }
        Ok(())
    })??;
    Ok(Correlations {
        lags,
        pairs: pairs.len(),
        total: blocks.total(),
        blocks: resampled(&blocks),
    })
}

/// Counts and sums over t of one leaf, with t + k up to the end of the segment.
fn leaf_sums(
    columns: &[&[f64]],
    pairs: &[(usize, usize)],
    lags: usize,
    start: usize,
    transform: &RealFourier,
) -> Result<Vec<f64>> {
    let n = transform.length();
    let end = columns[0].len();
    let core = start..end.min(start + n - lags + 1);
    let read = start..end.min(start + n);
    let spectrum = |part: &[f64]| {
        let mut padded = vec![0.0; n];
        padded[..part.len()].copy_from_slice(part);
        transform.forward(&mut padded)
    };
    let mut ahead = vec![None; columns.len()];
    let mut here = vec![None; columns.len()];
    for (i, j) in pairs {
        if ahead[*i].is_none() {
            require_numbers("a signal", &columns[*i][read.clone()], start as u64)?;
            ahead[*i] = Some(spectrum(&columns[*i][read.clone()])?);
        }
        if here[*j].is_none() {
            require_numbers("a signal", &columns[*j][core.clone()], start as u64)?;
            here[*j] = Some(spectrum(&columns[*j][core.clone()])?);
        }
    }
    let count = |k: usize| core.end.min(end.saturating_sub(k)).saturating_sub(core.start) as f64;
    let mut leaf: Vec<f64> = (0..lags).map(count).collect();
    for (i, j) in pairs {
        let products = ahead[*i].iter().flatten().zip(here[*j].iter().flatten());
        let mut product: Vec<_> = products.map(|(x, y)| x * y.conj()).collect();
        leaf.extend_from_slice(&transform.inverse(&mut product)?[..lags]);
    }
    Ok(leaf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    fn noise(n: usize, index: u64) -> Vec<f64> {
        let mut stream = Stream::new(1, Purpose::Search, index);
        (0..n).map(|_| stream.normal()).collect()
    }

    #[test]
    fn leaves_lose_nothing() {
        // several leaves of a long segment, a short one, and one shorter than the last lag
        let lengths = [40_000, 300, 20];
        let (x, y): (Vec<Vec<f64>>, Vec<Vec<f64>>) = lengths
            .iter()
            .enumerate()
            .map(|(k, n)| (noise(*n, k as u64), noise(*n, 10 + k as u64)))
            .unzip();
        let lags = 60;
        let signals = [
            x.iter().map(Vec::as_slice).collect(),
            y.iter().map(Vec::as_slice).collect(),
        ];
        let of = |threads| {
            correlations(
                &signals,
                &[(0, 0), (0, 1), (1, 0)],
                lags,
                &Run {
                    threads,
                    ..Run::default()
                },
            )
            .unwrap()
        };
        let found = of(1);
        assert_eq!(found, of(2));
        for (pair, (a, b)) in [(&x, &x), (&x, &y), (&y, &x)].into_iter().enumerate() {
            for k in [0, 1, 17, 59] {
                let (mut sum, mut count) = (0.0, 0.0);
                for (a, b) in a.iter().zip(b) {
                    for t in 0..a.len().saturating_sub(k) {
                        sum += a[t + k] * b[t];
                        count += 1.0;
                    }
                }
                // roundings of transforms of 16384 normal numbers
                assert!((found.values(pair)[k] - sum / count).abs() < 1e-14, "{pair} {k}");
            }
        }
        assert_eq!(found.estimates(0)[3].value, found.values(0)[3]);
    }

    #[test]
    fn errors_hold_for_white_noise() {
        // ⟨x²⟩ over n frames has the error √(2/n), others 1/√n; from some 70 blocks with a spread of 8 %: 5 σ
        let x: Vec<Vec<f64>> = (0..70).map(|k| noise(2000, k)).collect();
        let signals = [x.iter().map(Vec::as_slice).collect()];
        let found = correlations(&signals, &[(0, 0)], 4, &Run::default())
            .unwrap()
            .estimates(0);
        let n = 140_000.0_f64;
        assert!((found[0].standard_error / (2.0 / n).sqrt() - 1.0).abs() < 0.45);
        assert!((found[3].standard_error * n.sqrt() - 1.0).abs() < 0.45);
    }

    #[test]
    fn faults_are_named() {
        let (x, short) = ([0.0, f64::NAN, 1.0], [1.0]);
        let run = Run::default();
        assert!(matches!(
            correlations(&[vec![&x]], &[(0, 0)], 2, &run),
            Err(Error::NotFinite { row: 1, .. })
        ));
        assert!(matches!(
            correlations(&[vec![&short]], &[(0, 0)], 2, &run),
            Err(Error::Empty { .. })
        ));
        assert!(matches!(
            correlations(&[vec![&x], vec![&short]], &[(0, 1)], 1, &run),
            Err(Error::Size { .. })
        ));
        assert!(matches!(
            correlations(&[vec![&x]], &[(0, 1)], 1, &run),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            correlations(&[vec![&x]], &[(0, 0)], 0, &run),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            correlations(&[], &[], 1, &run),
            Err(Error::Empty { .. })
        ));
    }
}
