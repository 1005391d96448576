//! What is written down along a trajectory, and what it is asked to watch.
//!
//! Per jump of channel r at time t the books add 1 to n_r and t to τ_r, and no more: since n_i(t) = n_i(0) + Σ_r Δ_ir n_r(t),
//! the time integral of a count is ∫ n_i dt = T n_i(T) − Σ_r Δ_ir τ_r, and every current is a weighted sum of n⁺ − n⁻. Times count from the start of
//! a window of jumps, so that the difference loses no digits.
//!
//! Medium entropy: Σ = Σ_jumps ln(a_r(n)/a_r̄(n')), r̄ the other direction of the same reaction at the new state n'. It runs along as a product of
//! ratios, with a logarithm only when the product leaves 10^±150; its largest and smallest value so far come with it. A jump whose reverse has
//! propensity zero adds +∞: it is counted with its channel, and the entropy at any later time is +∞.
//!
//! Sources: Seifert, Rep. Prog. Phys. 75, 126001 (2012); Neri, Roldán and Jülicher, Phys. Rev. X 7, 011019 (2017) for the infimum.

use crate::error::{Error, Result};

/// What to keep; everything off by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Jumps of each reaction and direction.
    pub jumps: bool,
    /// Time integrals of the counts.
    pub residence: bool,
    /// Medium entropy with its running maximum and minimum.
    pub entropy: bool,
    /// Currents Σ weight·(n⁺ − n⁻).
    pub currents: Vec<WeightedCurrent>,
    /// Heat into each reservoir: its temperature times the medium entropy of the reactions that name it by index.
    pub reservoirs: Vec<HeatReservoir>,
    /// Times at which thresholds are first reached.
    pub passages: Vec<Passage>,
    /// Species whose time at each count is kept.
    pub histograms: Vec<usize>,
}

impl Books {
    /// Jumps, time integrals of the counts and medium entropy.
    #[must_use]
    pub fn full() -> Self {
        Self {
            jumps: true,
            residence: true,
            entropy: true,
            ..Self::default()
        }
    }
}

/// A current with a weight per reaction.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedCurrent {
    /// Name in the results.
    pub name: String,
    /// Weight of a forward jump of each reaction; a backward jump counts negative.
    pub weights: Vec<f64>,
}

/// A reservoir that takes heat.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatReservoir {
    /// Name in the results.
    pub name: String,
    /// Temperature in units of energy; finite and positive.
    pub temperature: f64,
}

/// A threshold to be watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Name in the results.
    pub name: String,
    /// What is watched.
    pub of: Watched,
    /// Where it must go.
    pub threshold: f64,
    /// From which side.
    pub side: Side,
    /// Whether the trajectory ends there.
    pub stops: bool,
}

/// What a passage watches.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Watched {
    /// Σ weight·count over (species, weight).
    Counts(Vec<(usize, f64)>),
    /// Σ weight·(n⁺ − n⁻), a weight per reaction.
    Current(Vec<f64>),
    /// Medium entropy.
    MediumEntropy,
}

/// Side of a threshold that counts as reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At the threshold or above.
    AtLeast,
    /// At the threshold or below.
    AtMost,
}

impl Books {
    pub(crate) fn check(&self, species: usize, reactions: usize, system_reservoirs: usize) -> Result<()> {
        let weights = |what: &str, weights: &[f64]| -> Result<()> {
            if weights.len() != reactions {
                return Err(Error::Length {
                    what: "weights of a current",
                    found: weights.len(),
                    expected: reactions,
                });
            }
            weights.iter().try_for_each(|&w| finite(what, w))
        };
        for current in &self.currents {
            weights(
                &format!("weight of current \"{}\"", current.name),
                &current.weights,
            )?;
        }
        for reservoir in &self.reservoirs {
            crate::require(
                &format!("temperature of reservoir \"{}\"", reservoir.name),
                reservoir.temperature,
                reservoir.temperature.is_finite() && reservoir.temperature > 0.0,
                "a finite, positive temperature",
            )?;
        }
        if !self.reservoirs.is_empty() && self.reservoirs.len() < system_reservoirs {
            return Err(Error::Length {
                what: "reservoirs with a temperature",
                found: self.reservoirs.len(),
                expected: system_reservoirs,
            });
        }
        for passage in &self.passages {
            finite(&format!("threshold of \"{}\"", passage.name), passage.threshold)?;
            match &passage.of {
                Watched::Counts(list) => {
                    for &(s, w) in list {
                        known_species(s, species)?;
                        finite(&format!("weight in \"{}\"", passage.name), w)?;
                    }
                }
                Watched::Current(w) => weights(&format!("weight in \"{}\"", passage.name), w)?,
                Watched::MediumEntropy => {}
            }
        }
        self.histograms
            .iter()
            .try_for_each(|&s| known_species(s, species))
    }

    pub(crate) fn level(&self) -> Level {
        let watched = !(self.passages.is_empty() && self.histograms.is_empty() && self.reservoirs.is_empty());
        if watched {
            Level::Watching
        } else if self.entropy {
            Level::Entropy
        } else if self.jumps || self.residence || !self.currents.is_empty() {
            Level::Counting
        } else {
            Level::Plain
        }
    }
}

fn finite(what: &str, value: f64) -> Result<()> {
    crate::require(what, value, value.is_finite(), "a finite number")
}

fn known_species(s: usize, species: usize) -> Result<()> {
    if s < species {
        return Ok(());
    }
    Err(Error::Unknown {
        what: "species index",
        name: s.to_string(),
    })
}

/// How much a jump writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Plain,
    Counting,
    Entropy,
    Watching,
    Recording,
}
