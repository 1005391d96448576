//! Fully observed jump trajectories: counts, dwell times, rates.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::packing::require_symbols;

/// Visits of states, all of them seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JumpTrajectory<'a> {
    /// States visited, in order; neighbours differ.
    pub states: &'a [u32],
    /// When each visit began; rising.
    pub entry_times: &'a [f64],
    /// When the observation ended, after the last entry; the last visit counts as time spent, not as a jump.
    pub end: f64,
}

/// Jumps between states and time spent in them: all that fully observed trajectories tell of constant rates.
///
/// ```
/// use irrev_inference::states::{JumpTrajectory, jump_counts};
/// let seen = JumpTrajectory { states: &[0, 1, 0], entry_times: &[0.0, 2.0, 3.0], end: 4.0 };
/// let counts = jump_counts(2, &[seen])?;
/// assert_eq!(counts.dwell(), [3.0, 1.0]);
/// assert_eq!(counts.rates()[(1, 0)], 1.0 / 3.0);                  // one jump 0 → 1 in 3 units of time
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct JumpCounts {
    counts: Matrix,
    dwell: Vec<f64>,
    duration: f64,
}

/// Counts of one or several trajectories between states 0 … `states` − 1. O(visits).
///
/// # Errors
/// [`Error::Domain`] without a state; [`Error::TooFew`] without a visit; [`Error::Size`], [`Error::Entry`], [`Error::Times`] and [`Error::State`] for visits and
/// times that do not fit; [`Error::Stay`] for a jump from a state to itself.
pub fn jump_counts(states: usize, trajectories: &[JumpTrajectory]) -> Result<JumpCounts> {
    Error::require("number of states", states as f64, states > 0, "at least 1")?;
    if trajectories.is_empty() {
        return Err(Error::TooFew {
            what: "counting jumps",
            unit: "trajectories",
            found: 0,
            needed: 1,
        });
    }
    let mut counts = JumpCounts {
        counts: Matrix::zeros(states, states),
        dwell: vec![0.0; states],
        duration: 0.0,
    };
    for (place, trajectory) in trajectories.iter().enumerate() {
        let what = match trajectories.len() {
            1 => "jump trajectory".to_owned(),
            _ => format!("jump trajectory {place}"),
        };
        counts.add(&what, trajectory)?;
    }
    Ok(counts)
}

impl JumpCounts {
    fn add(&mut self, what: &str, trajectory: &JumpTrajectory) -> Result<()> {
        let JumpTrajectory {
            states,
            entry_times,
            end,
        } = *trajectory;
        if entry_times.len() != states.len() {
            return Err(Error::Size {
                what: "entry times of a jump trajectory",
                found: entry_times.len(),
                expected: states.len(),
            });
        }
        let Some(&start) = entry_times.first() else {
            return Err(Error::TooFew {
                what: "a jump trajectory",
                unit: "visits",
                found: 0,
                needed: 1,
            });
        };
        require_symbols(what, states, self.dwell.len())?;
        let mut before = start;
        for (index, &value) in entry_times.iter().chain([&end]).enumerate() {
            if !value.is_finite() {
                return Err(Error::Entry {
                    what: format!("{what}, times"),
                    index,
                    value,
                });
            }
            if index > 0 && value <= before {
                return Err(Error::Times {
                    what: what.to_owned(),
                    index,
                    value,
                    before,
                });
            }
            before = value;
        }
        if let Some(index) = (1..states.len()).find(|&i| states[i] == states[i - 1]) {
            return Err(Error::Stay {
                what: what.to_owned(),
                index,
                state: states[index],
            });
        }
        let exits = entry_times[1..].iter().chain([&end]);
        for ((&state, entry), exit) in states.iter().zip(entry_times).zip(exits) {
            self.dwell[state as usize] += exit - entry;
        }
        for jump in states.windows(2) {
            self.counts[(jump[1] as usize, jump[0] as usize)] += 1.0;
        }
        self.duration += end - start;
        Ok(())
    }

    /// N_ij, the number of jumps j → i.
    #[must_use]
    pub fn counts(&self) -> &Matrix {
        &self.counts
    }

    /// T_j, the time spent in each state.
    #[must_use]
    pub fn dwell(&self) -> &[f64] {
        &self.dwell
    }

    /// Total time observed, τ.
    #[must_use]
    pub fn duration(&self) -> f64 {
        self.duration
    }

    /// Number of jumps.
    #[must_use]
    pub fn jumps(&self) -> usize {
        self.counts.data().iter().sum::<f64>() as usize
    }

    /// Counts of further trajectories of the same system added to these.
    ///
    /// # Errors
    /// [`Error::Size`] if they are of another number of states.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if other.dwell.len() != self.dwell.len() {
            return Err(Error::Size {
                what: "states of merged counts",
                found: other.dwell.len(),
                expected: self.dwell.len(),
            });
        }
        for (mine, theirs) in self.counts.data_mut().iter_mut().zip(other.counts.data()) {
            *mine += theirs;
        }
        for (mine, theirs) in self.dwell.iter_mut().zip(&other.dwell) {
            *mine += theirs;
        }
        self.duration += other.duration;
        Ok(())
    }

    /// Rates of maximum likelihood k_ij = N_ij/T_j (j → i; the diagonal is zero); 0 out of states never visited.
    #[must_use]
    pub fn rates(&self) -> Matrix {
        self.per_dwell(|n| n)
    }

    /// Standard errors of the rates, √N_ij/T_j; 0 where no jump was seen, which says nothing of the error there: ask [`super::RatePosterior`].
    #[must_use]
    pub fn standard_errors(&self) -> Matrix {
        self.per_dwell(f64::sqrt)
    }

    fn per_dwell(&self, of: impl Fn(f64) -> f64) -> Matrix {
        let n = self.dwell.len();
        Matrix::from_fn(n, n, |i, j| match self.counts[(i, j)] {
            0.0 => 0.0,
            count => of(count) / self.dwell[j],
        })
    }

    /// Logarithm of the likelihood at its maximum, Σ N ln k − Σ k T, without the term of the first state.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        let rates = self.rates();
        compensated_sum(
            self.counts
                .data()
                .iter()
                .zip(rates.data())
                .filter(|&(&n, _)| n > 0.0)
                .map(|(n, k)| n * k.ln() - n),
        )
    }

    /// Pairs (from, to) between which jumps were seen in that direction only.
    #[must_use]
    pub fn one_way_pairs(&self) -> Vec<(usize, usize)> {
        let n = self.dwell.len();
        (0..n * n)
            .map(|k| (k / n, k % n))
            .filter(|&(from, to)| self.counts[(to, from)] > 0.0 && self.counts[(from, to)] == 0.0)
            .collect()
    }

    /// Number of pairs of states between which a jump was seen.
    #[must_use]
    pub fn pairs(&self) -> usize {
        let n = self.dwell.len();
        (0..n)
            .map(|i| {
                (0..i)
                    .filter(|&j| self.counts[(i, j)] + self.counts[(j, i)] > 0.0)
                    .count()
            })
            .sum()
    }

    /// Plug-in rate of entropy production in the surroundings, (1/τ) Σ_{i>j} (N_ij − N_ji) ln[(N_ij/T_j)/(N_ji/T_i)], in nats per time.
    ///
    /// `f64::INFINITY` if a pair was seen one way only; [`Self::one_way_pairs`] names it.
    #[must_use]
    pub fn plugin_entropy_production_rate(&self) -> f64 {
        self.pseudocount_entropy_production_rate(0.0)
    }

    /// The same with `pseudocount` added to every N inside of the logarithm; finite for a positive one, and smaller than the plug-in.
    #[must_use]
    pub fn pseudocount_entropy_production_rate(&self, pseudocount: f64) -> f64 {
        let n = self.dwell.len();
        let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
        compensated_sum(pairs.map(|(i, j)| {
            let (forward, backward) = (self.counts[(i, j)], self.counts[(j, i)]);
            if forward == backward {
                return 0.0;
            }
            let force = log_ratio(
                (forward + pseudocount) / self.dwell[j],
                (backward + pseudocount) / self.dwell[i],
            );
            (forward - backward) * force
        })) / self.duration
    }
}
