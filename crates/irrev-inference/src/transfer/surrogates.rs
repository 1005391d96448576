//! Sources that inform nobody: what an estimator finds where there is nothing.

use irrev_numerics::run::Run;
use irrev_numerics::streams::Stream;

use crate::error::{Error, Result};
use crate::replicas::{Task, mean_and_deviation, replicas};

/// How a source is deprived of what it knows of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Surrogate {
    /// Turned round by a random time, at least a twentieth of the series: keeps the source's own correlations (default).
    #[default]
    CircularShift,
    /// Shuffled: keeps the values only; too sure of itself where the source is correlated in time.
    Shuffle,
}

impl Surrogate {
    /// A surrogate of the source.
    pub(super) fn of<T: Copy>(self, source: &[T], stream: &mut Stream) -> Vec<T> {
        let mut out = source.to_vec();
        let n = out.len();
        match self {
            Self::CircularShift => {
                let least = n / 20;
                out.rotate_left((least + stream.below((n - 2 * least).max(1) as u64) as usize) % n.max(1));
            }
            Self::Shuffle => {
                for i in (1..n).rev() {
                    out.swap(i, stream.below(i as u64 + 1) as usize);
                }
            }
        }
        out
    }
}

/// An estimate beside the same of surrogates.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SurrogateTest {
    /// Number of surrogates.
    pub number: usize,
    /// Their mean: what the estimator finds where there is nothing.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// (1 + surrogates at least as large as the value)/(1 + number).
    pub p_value: f64,
    /// Value − mean of the surrogates.
    pub effective: f64,
}

/// The value beside `number` surrogates; `None` if none are asked for.
pub(super) fn surrogate_test(
    value: f64,
    number: usize,
    run: &Run,
    of_surrogate: impl Fn(&mut Stream) -> Result<f64> + Sync,
) -> Result<Option<SurrogateTest>> {
    if number == 0 {
        return Ok(None);
    }
    Error::require(
        "number of surrogates",
        number as f64,
        number >= 2,
        "0, or at least 2",
    )?;
    let values = replicas(Task::Surrogates, number, run, of_surrogate)?;
    let (mean, standard_deviation) = mean_and_deviation(&values);
    let above = values.iter().filter(|&&s| s >= value).count();
    Ok(Some(SurrogateTest {
        number,
        mean,
        standard_deviation,
        p_value: (1 + above) as f64 / (1 + number) as f64,
        effective: value - mean,
    }))
}
