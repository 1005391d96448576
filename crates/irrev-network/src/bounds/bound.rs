//! A bound as a record: what it says, both sides with their errors, what it assumes, and whether it holds.
//!
//! Every bound reads **cost ≥ bound**. A cost is an entropy production, a number of jumps, or another property of the process that its dynamics
//! has to pay; the bound follows from what was achieved: a change of state, a current and its precision. A bound that also limits the duration
//! says so by the least time in which the same could have been achieved at the same cost.

use std::fmt;

/// A number with its error, in the unit of the number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// The number; where something is proven of it, the one that the proof is about.
    pub value: f64,
    /// It may be off by this much; 0 where only rounding is left.
    pub error: f64,
}

impl Side {
    /// A number known up to rounding.
    #[must_use]
    pub fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    /// error/|value|; 0 for an exact number.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        if self.error == 0.0 {
            return 0.0;
        }
        self.error / self.value.abs()
    }

    /// The number times a factor.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            error: self.error * factor.abs(),
        }
    }

    /// self²/other, the shape of most bounds; 0 if nothing was achieved.
    pub(crate) fn squared_over(self, other: Self) -> Self {
        if self.value == 0.0 && self.error == 0.0 {
            return Self::exact(0.0);
        }
        let value = self.value * (self.value / other.value);
        // (v + e)² − v², also where the error is larger than the value
        let spread = self.error * ((2.0 * self.value.abs() + self.error) / other.value);
        Self {
            value,
            error: spread + value * other.relative_error(),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.error > 0.0 {
            // no number is known better than doubles are apart
            let spacing = self.value.abs().next_up() - self.value.abs();
            write!(f, "{:.10e} ± {:.1e}", self.value, self.error.max(spacing))
        } else {
            write!(f, "{:.10e}", self.value)
        }
    }
}

/// What has to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cost {
    /// Entropy production Σ, in nats (per time where the bound is one on rates).
    EntropyProduction,
    /// Geometric excess Σ_ex ≤ Σ, in the same unit.
    Excess,
    /// Nonadiabatic (Hatano–Sasa) part of Σ, in the same unit.
    Nonadiabatic,
    /// Expected number of jumps 𝒜 (or of jumps per time).
    Jumps,
    /// ∫ Σ J²/(j⁺ + j⁻) dt ≤ Σ/2, finite for one-way channels, too.
    PseudoEntropy,
    /// (∫ √Σ̇_ex dt)²/τ, the cost of the same path at constant speed, in nats.
    ConstantSpeed,
}

impl Cost {
    /// Its symbol.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::EntropyProduction => "Σ",
            Self::Excess => "Σ_ex",
            Self::Nonadiabatic => "Σ_na",
            Self::Jumps => "𝒜",
            Self::PseudoEntropy => "𝓘",
            Self::ConstantSpeed => "ℓ²/τ",
        }
    }
}

/// An assumption of a bound that its subject does not fulfil.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Unmet {
    /// These channels jump one way only: the entropy production is infinite, and L = 0 there.
    OneWay {
        /// Names of the channels.
        edges: Vec<String>,
    },
    /// Detailed balance: a stationary current is this part of its activity.
    DetailedBalance {
        /// The largest |J|/(j⁺ + j⁻) in the stationary state.
        defect: f64,
    },
    /// Rates that do not depend on time.
    ConstantRates,
    /// A unique stationary state with probability on every state.
    PositiveStationaryState,
    /// The current does not answer to a change of pace: τ ∂⟨X⟩/∂τ = 0 up to rounding, and there is no precision to bound.
    NoResponse,
    /// The distance W₂ itself: only a locally shortest path is known, and W₂ may be less than its length.
    LocalGeodesic,
    /// The change of state is impossible: these states would have to lose (surplus > 0) or gain probability.
    Unreachable {
        /// Names of the states of a component.
        component: Vec<String>,
        /// Probability at the start less that at the end.
        surplus: f64,
    },
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneWay { edges } => write!(
                f,
                "needs both directions of every channel, but {} can jump one way only: {}",
                if edges.len() == 1 { "this one" } else { "these" },
                edges.join(", ")
            ),
            Self::DetailedBalance { defect } => write!(
                f,
                "needs detailed balance, but a stationary current is {defect:.1e} of its activity"
            ),
            Self::ConstantRates => f.write_str("needs rates that do not depend on time"),
            Self::PositiveStationaryState => {
                f.write_str("needs a unique stationary state with probability on every state")
            }
            Self::NoResponse => f.write_str("needs a current that does not stand still"),
            Self::LocalGeodesic => f.write_str(
                "needs the distance W₂, but the shortest path found is only locally optimal, and W₂ may be less than its length",
            ),
            Self::Unreachable { component, surplus } => write!(
                f,
                "needs the same probability on every component, but {} {} {:.1e}",
                component.join(", "),
                if *surplus > 0.0 { "lose" } else { "gain" },
                surplus.abs()
            ),
        }
    }
}

/// Whether cost ≥ bound, in view of the errors of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// By more than the errors.
    Holds,
    /// The sides are equal within their errors: the bound is saturated.
    Saturated,
    /// It fails by more than the errors, which only a wrong number can do.
    Violated,
    /// It says nothing: nothing moved, so that nothing had to be paid.
    NothingMoves,
}

/// Both sides of a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Sides {
    /// What was paid: the larger side.
    pub cost: Side,
    /// What had to be paid at least: the smaller side.
    pub bound: Side,
    /// The least time in which the same is achieved at the same cost (and the same mean activity or mobility, if it enters the bound);
    /// `None` where the bound is not one on time.
    pub least_time: Option<Side>,
}

impl Sides {
    pub(crate) fn new(cost: Side, bound: Side) -> Self {
        Self {
            cost,
            bound,
            least_time: None,
        }
    }

    /// With the least time of a bound that is inversely proportional to the duration: τ* = τ bound/cost.
    pub(crate) fn within(self, duration: f64) -> Self {
        // where nothing was achieved, no time is needed, whatever it cost
        let ratio = if self.bound.value == 0.0 {
            Side::exact(0.0)
        } else {
            let value = self.bound.value / self.cost.value;
            Side {
                value,
                error: value * (self.bound.relative_error() + self.cost.relative_error()),
            }
        };
        Self {
            least_time: Some(ratio.times(duration)),
            ..self
        }
    }

    /// cost − bound ≥ 0.
    #[must_use]
    pub fn slack(&self) -> f64 {
        self.cost.value - self.bound.value
    }

    /// bound/cost, from 0 to 1 where the bound is saturated; `None` if nothing was paid.
    #[must_use]
    pub fn tightness(&self) -> Option<f64> {
        (self.cost.value != 0.0).then(|| self.bound.value / self.cost.value)
    }

    /// Whether it holds.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        // a few roundings of either side are left where no error is known
        let rounding = 64.0 * f64::EPSILON * self.cost.value.abs().max(self.bound.value.abs());
        let allowed = self.cost.error + self.bound.error + rounding;
        if self.bound.value == 0.0 && self.slack() >= -allowed {
            Verdict::NothingMoves
        } else if self.slack() > allowed {
            Verdict::Holds
        } else if self.slack() >= -allowed {
            Verdict::Saturated
        } else {
            Verdict::Violated
        }
    }
}

/// A bound on what a process pays, evaluated for one process.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bound {
    /// Its name, the same everywhere.
    pub name: &'static str,
    /// Which observable, current or species it is about, if it is about one.
    pub subject: Option<String>,
    /// What is paid.
    pub cost: Cost,
    /// The smaller side as a formula: what is paid is at least this.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Both sides, or the assumption that fails.
    pub outcome: Result<Sides, Unmet>,
}

impl Bound {
    /// The bound in one line: Σ_ex ≥ W₂²/τ.
    #[must_use]
    pub fn statement(&self) -> String {
        format!("{} ≥ {}", self.cost.symbol(), self.formula)
    }

    /// Both sides, if the assumptions are fulfilled.
    #[must_use]
    pub fn sides(&self) -> Option<&Sides> {
        self.outcome.as_ref().ok()
    }

    /// Whether its assumptions are fulfilled and it is not violated.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.sides()
            .is_some_and(|sides| sides.verdict() != Verdict::Violated)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(subject) = &self.subject {
            write!(f, " ({subject})")?;
        }
        write!(f, ": {}", self.statement())?;
        match &self.outcome {
            Ok(sides) => {
                write!(f, ", {} ≥ {}", sides.cost, sides.bound)?;
                if let Some(time) = sides.least_time {
                    write!(f, ", so that τ ≥ {time}")?;
                }
                match sides.verdict() {
                    Verdict::Holds => Ok(()),
                    Verdict::Saturated => f.write_str("; saturated"),
                    Verdict::NothingMoves => f.write_str("; no bound: nothing moves"),
                    Verdict::Violated => f.write_str("; VIOLATED"),
                }
            }
            Err(unmet) => write!(f, "; {unmet}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_respects_the_errors_of_both_sides() {
        let side = |value, error| Side { value, error };
        let verdict = |cost, bound| Sides::new(cost, bound).verdict();
        assert_eq!(verdict(side(2.0, 0.1), side(1.5, 0.1)), Verdict::Holds);
        assert_eq!(verdict(side(2.0, 0.1), side(1.9, 0.1)), Verdict::Saturated);
        assert_eq!(verdict(side(2.0, 0.1), side(2.1, 0.1)), Verdict::Saturated);
        assert_eq!(verdict(side(2.0, 0.1), side(2.5, 0.1)), Verdict::Violated);
        for paid in [0.0, 3.0] {
            let nothing = verdict(side(paid, 0.0), side(0.0, 0.1));
            assert_eq!(nothing, Verdict::NothingMoves);
        }
        assert_eq!(verdict(side(-1.0, 0.1), side(0.0, 0.1)), Verdict::Violated);
    }

    #[test]
    fn no_error_is_told_below_the_spacing_of_doubles() {
        let narrow = |value| Side { value, error: 1e-18 }.to_string();
        assert_eq!(narrow(1.0), "1.0000000000e0 ± 2.2e-16");
        assert_eq!(narrow(-1.0), "-1.0000000000e0 ± 2.2e-16");
        assert_eq!(narrow(1e-9), "1.0000000000e-9 ± 1.0e-18");
    }

    #[test]
    fn nothing_achieved_needs_no_time() {
        let sides = Sides::new(Side::exact(0.0), Side::exact(0.0)).within(3.0);
        assert_eq!(sides.least_time, Some(Side::exact(0.0)));
        assert_eq!(sides.tightness(), None);
    }
}
