//! Blocks drawn anew.

use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use rayon::prelude::*;

use crate::error::{Error, Result};

/// Draws of a bootstrap.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bootstrap {
    /// f of each draw, ascending; draws where f is no number are left out.
    pub draws: Vec<f64>,
    /// How many draws were left out.
    pub undefined: usize,
}

impl Bootstrap {
    /// Standard deviation of the draws.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        let n = self.draws.len() as f64;
        let mean = self.draws.iter().sum::<f64>() / n;
        let squares: f64 = self.draws.iter().map(|x| (x - mean) * (x - mean)).sum();
        (squares / (n - 1.0)).sqrt()
    }

    /// Quantile by linear interpolation, part in [0, 1]; NaN without draws.
    #[must_use]
    pub fn quantile(&self, part: f64) -> f64 {
        let Some(last) = self.draws.len().checked_sub(1) else {
            return f64::NAN;
        };
        let place = part.clamp(0.0, 1.0) * last as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(last);
        self.draws[below] + (place - below as f64) * (self.draws[above] - self.draws[below])
    }
}

/// f(Σ rows) of rows drawn with replacement, `run_length` neighbours at a time round a circle (1: each on its own).
///
/// A draw is a function of seed and its number; the same bits on any number of threads. O(draws · rows · width).
///
/// ```
/// use irrev_inference::resampling::bootstrap;
/// use irrev_numerics::Run;
/// let rows: Vec<Vec<f64>> = (0..100).map(|k| vec![1.0, f64::from(k % 10)]).collect();
/// let found = bootstrap(&rows, 1, 400, |sums| sums[1] / sums[0], &Run::default())?;
/// assert!((found.standard_error() - 0.287).abs() < 0.06);        // √(8.25/100), known to 1/√800: 6 σ
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] without rows, [`Error::Domain`] for runs of length 0, threads that cannot be started.
pub fn bootstrap(
    rows: &[Vec<f64>],
    run_length: usize,
    draws: usize,
    f: impl Fn(&[f64]) -> f64 + Sync,
    run: &Run<'_>,
) -> Result<Bootstrap> {
    if rows.is_empty() {
        return Err(Error::TooFew {
            what: "a bootstrap",
            unit: "blocks",
            found: 0,
            needed: 1,
        });
    }
    Error::require(
        "the length of runs of blocks",
        run_length as f64,
        run_length > 0,
        "at least 1",
    )?;
    let width = rows[0].len();
    let one = |draw: usize| {
        let times = multiplicities(rows.len(), run_length, run.seed, draw as u64);
        let mut total = vec![0.0; width];
        for (row, times) in rows.iter().zip(times).filter(|(_, times)| *times > 0.0) {
            for (total, term) in total.iter_mut().zip(row) {
                *total += times * term;
            }
        }
        f(&total)
    };
    let mut all: Vec<f64> = run.install(|| (0..draws).into_par_iter().map(one).collect())?;
    all.retain(|x| !x.is_nan());
    all.sort_by(f64::total_cmp);
    Ok(Bootstrap {
        undefined: draws - all.len(),
        draws: all,
    })
}

/// How often each of some rows is drawn, as many in all as there are (the last run is cut).
pub(crate) fn multiplicities(rows: usize, run_length: usize, seed: u64, draw: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Bootstrap, draw);
    let mut times = vec![0.0; rows];
    let mut left = rows;
    while left > 0 {
        let start = stream.below(rows as u64) as usize;
        for k in 0..run_length.min(left) {
            times[(start + k) % rows] += 1.0;
        }
        left -= run_length.min(left);
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_as_many_rows_and_the_same_bits_on_any_number_of_threads() {
        for (rows, length) in [(1, 1), (10, 3), (10, 20), (64, 1)] {
            assert_eq!(
                multiplicities(rows, length, 1, 7).iter().sum::<f64>(),
                rows as f64
            );
        }
        let rows: Vec<Vec<f64>> = (0..50).map(|k| vec![1.0, f64::from(k).sin()]).collect();
        let with = |threads| {
            let run = Run {
                threads,
                ..Run::default()
            };
            bootstrap(&rows, 2, 300, |s| s[1] / s[0], &run).unwrap()
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn runs_of_neighbours_see_the_correlation_that_single_rows_miss() {
        // each number ten times in a row: correlation time 10, of which runs of 40 see Σ (1 − k/40) ρ_k = 9.175
        let mut stream = Stream::new(3, Purpose::Search, 0);
        let numbers: Vec<f64> = (0..4000).map(|_| stream.normal()).collect();
        let rows: Vec<Vec<f64>> = (0..40_000).map(|k| vec![1.0, numbers[k / 10]]).collect();
        let error = |length| {
            bootstrap(&rows, length, 1000, |s| s[1] / s[0], &Run::default())
                .unwrap()
                .standard_error()
        };
        // 1000 runs fix a standard error to 2.2 %, 1000 draws two of them to 3.2 %: 5 σ
        let ratio = error(40) / error(1);
        assert!((ratio / 9.175_f64.sqrt() - 1.0).abs() < 0.2, "{ratio}");
    }
}
