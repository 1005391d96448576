//! Target, source and their histories as columns of numbers.

use crate::error::{Error, Result};

/// Samples (x_{t+1}; x_t … x_{t−k+1}; y_t … y_{t−l+1}), one column each.
#[derive(Debug, Clone)]
pub(super) struct Histories {
    pub(super) next: Vec<f64>,
    pub(super) own: Vec<Vec<f64>>,
    pub(super) source: Vec<Vec<f64>>,
}

impl Histories {
    /// Samples of two series; refuses what is no series, constant, or too short.
    pub(super) fn new(target: &[f64], source: &[f64], (k, l): (usize, usize), needed: usize) -> Result<Self> {
        if source.len() != target.len() {
            return Err(Error::Size {
                what: "source series",
                found: source.len(),
                expected: target.len(),
            });
        }
        for (what, length) in [("target history", k), ("source history", l)] {
            Error::require(what, length as f64, length >= 1, "at least 1 step")?;
        }
        for (what, series) in [("target series", target), ("source series", source)] {
            if let Some(index) = series.iter().position(|x| !x.is_finite()) {
                return Err(Error::Entry {
                    what: what.into(),
                    index,
                    value: series[index],
                });
            }
            if let Some(&value) = series.first().filter(|first| series.iter().all(|x| x == *first)) {
                return Err(Error::Constant {
                    what: what.into(),
                    value,
                });
            }
        }
        let found = target.len().saturating_sub(k.max(l));
        if found < needed {
            return Err(Error::TooFew {
                what: "transfer entropy with these histories",
                unit: "samples",
                found,
                needed,
            });
        }
        let first = k.max(l) - 1;
        let lagged = |series: &[f64], lag: usize| series[first - lag..][..found].to_vec();
        Ok(Self {
            next: target[first + 1..].to_vec(),
            own: (0..k).map(|lag| lagged(target, lag)).collect(),
            source: (0..l).map(|lag| lagged(source, lag)).collect(),
        })
    }

    pub(super) fn samples(&self) -> usize {
        self.next.len()
    }

    /// The samples without those from `from` to `to`.
    pub(super) fn without(&self, from: usize, to: usize) -> Self {
        let cut = |column: &Vec<f64>| column[..from].iter().chain(&column[to..]).copied().collect();
        Self {
            next: cut(&self.next),
            own: self.own.iter().map(cut).collect(),
            source: self.source.iter().map(cut).collect(),
        }
    }
}
