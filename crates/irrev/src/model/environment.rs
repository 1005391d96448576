//! The numbers of a model at one time.
//!
//! An [`Environment`] is a model with overrides applied. [`evaluate`](Environment::evaluate) gives every number at
//! a time t as a [`Snapshot`], checked: temperatures, degeneracies, rates and prefactors are positive, everything is
//! finite, and each violation names its key and place. [`advance`](Environment::advance) moves a snapshot to
//! another time and evaluates only what depends on it.

use std::borrow::Cow;

use super::diagnostic::{Fault, ModelError, code};
use super::evaluation::{Evaluator, Faults, Pass, blank};
use super::formula::{Formula, TIME};
use super::markov::{
    InitialDistribution, Markov, Protocol, RuleKind, Spacing, SweepValues, TimeGrid, TimeSpacing,
};
use super::overrides::{Override, overridden};
use crate::expression::constant;
use crate::source::Span;

/// By how much the probabilities of an initial distribution may miss 1 in sum: typing a third as 0.333333333 is
/// exact enough, forgetting a state is not.
pub const NORMALISATION_TOLERANCE: f64 = 1e-9;

/// A model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct Environment<'a> {
    spec: Cow<'a, Markov>,
}

/// Every number of a model at one time, indexed as the lists of [`Markov`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The time.
    pub time: f64,
    /// Value per parameter.
    pub parameters: Vec<f64>,
    /// Energy per state; 0 where not stated.
    pub energies: Vec<f64>,
    /// Particle number per state; 0 where not stated.
    pub numbers: Vec<f64>,
    /// Degeneracy per state, positive; 1 where not stated.
    pub degeneracies: Vec<f64>,
    /// Temperature per reservoir, positive.
    pub temperatures: Vec<f64>,
    /// Chemical potential per reservoir; 0 where not stated.
    pub chemical_potentials: Vec<f64>,
    /// Rates or rule per transition.
    pub transitions: Vec<TransitionValues>,
    /// The parameters, then the time, then the temperature in use: the slots of every formula.
    pub(super) slots: Vec<f64>,
}

/// The numbers of one transition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransitionValues {
    /// Its rates, or the numbers of its rule.
    pub law: LawValues,
    /// Non-conservative work done on the system per forward jump; 0 where not stated.
    pub force: f64,
}

/// Rates, or what a rule makes them from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LawValues {
    /// Rates.
    Rates {
        /// Forward rate, positive.
        forward: f64,
        /// Backward rate, positive; 0 if and only if the transition is one-way.
        backward: f64,
    },
    /// A rule.
    Rule {
        /// Which rule.
        kind: RuleKind,
        /// Rate scale, positive; 1 where not stated.
        prefactor: f64,
        /// Energy of the saddle; stated for `arrhenius` and only there.
        barrier: Option<f64>,
        /// Share of the driving in the forward rate, 0 … 1, if stated.
        load: Option<f64>,
    },
}

impl<'a> Environment<'a> {
    /// The model with the overrides applied, one after the other.
    ///
    /// # Errors
    /// A key that names no number of the model (with the nearest that does), a value that is no number or
    /// expression, or one that makes parameters cyclic. Whether the numbers are allowed, `evaluate` tells.
    pub fn new(spec: &'a Markov, overrides: &[Override]) -> Result<Self, ModelError> {
        let spec = if overrides.is_empty() {
            Cow::Borrowed(spec)
        } else {
            Cow::Owned(overridden(spec, overrides)?)
        };
        Ok(Environment { spec })
    }

    /// The model, with the overrides applied.
    #[must_use]
    pub fn spec(&self) -> &Markov {
        &self.spec
    }

    /// Every number of the model at `time`. O(formulas).
    ///
    /// # Errors
    /// Each formula without a finite value, and each value that is not allowed, with key and place.
    pub fn evaluate(&self, time: f64) -> Result<Snapshot, ModelError> {
        let spec = self.spec();
        let mut snapshot = Snapshot {
            time,
            parameters: vec![0.0; spec.parameters.len()],
            energies: vec![0.0; spec.states.len()],
            numbers: vec![0.0; spec.states.len()],
            degeneracies: vec![1.0; spec.states.len()],
            temperatures: vec![0.0; spec.reservoirs.len()],
            chemical_potentials: vec![0.0; spec.reservoirs.len()],
            transitions: spec.transitions.iter().map(blank).collect(),
            slots: vec![f64::NAN; spec.parameters.len() + 2],
        };
        self.pass(&mut snapshot, time, Pass::Everything)?;
        Ok(snapshot)
    }

    /// Moves a snapshot of this environment to another time. Evaluates only what depends on time.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate); the snapshot is then of no use.
    pub fn advance(&self, snapshot: &mut Snapshot, time: f64) -> Result<(), ModelError> {
        self.pass(snapshot, time, Pass::TimeDependentOnly)
    }

    fn pass(&self, snapshot: &mut Snapshot, time: f64, pass: Pass) -> Result<(), ModelError> {
        let spec = self.spec();
        snapshot.time = time;
        Evaluator::new(spec, pass).run(snapshot)
    }

    /// The initial probabilities per state, if the file states them one by one; `None` otherwise.
    ///
    /// # Errors
    /// A negative probability, or a sum that misses 1 by more than [`NORMALISATION_TOLERANCE`].
    pub fn initial_probabilities(&self) -> Result<Option<Vec<f64>>, ModelError> {
        let spec = self.spec();
        let Some(initial) = &spec.initial else {
            return Ok(None);
        };
        let InitialDistribution::Table(table) = &initial.distribution else {
            return Ok(None);
        };
        let slots = self.constant_slots()?;
        let mut probabilities = vec![0.0; spec.states.len()];
        let mut faults = Faults::new(&spec.source);
        for (state, formula) in table {
            probabilities[*state] = faults
                .checked(
                    formula,
                    &slots,
                    |value| value >= 0.0,
                    "a probability must not be negative",
                )
                .unwrap_or(0.0);
        }
        faults.stop_if_any()?;
        let sum: f64 = probabilities.iter().sum();
        if (sum - 1.0).abs() > NORMALISATION_TOLERANCE {
            let message = format!("the initial probabilities sum to {sum}, not to 1");
            return Err(spec.error_at(
                initial.span,
                code::NOT_NORMALISED,
                message,
                Some("states left out have probability 0"),
            ));
        }
        Ok(Some(probabilities))
    }

    /// The times of `[time]`: equal steps from 0 to the end, or equal ratios from the first time to the end.
    ///
    /// # Errors
    /// An end or first time that is not positive, or not in order.
    pub fn times(&self) -> Result<Option<Vec<f64>>, ModelError> {
        let spec = self.spec();
        let Some(grid) = &spec.time else { return Ok(None) };
        let slots = self.constant_slots()?;
        let mut faults = Faults::new(&spec.source);
        let times = grid_times(grid, &slots, &mut faults);
        faults.stop_if_any()?;
        Ok(times)
    }

    /// The period of `[protocol]`.
    ///
    /// # Errors
    /// A period that is not positive.
    pub fn period(&self) -> Result<Option<f64>, ModelError> {
        match &self.spec().protocol {
            Some(Protocol::Period(period)) => self.positive(period, "a period must be positive").map(Some),
            _ => Ok(None),
        }
    }

    /// The duration of `[protocol]`.
    ///
    /// # Errors
    /// A duration that is not positive.
    pub fn duration(&self) -> Result<Option<f64>, ModelError> {
        match &self.spec().protocol {
            Some(Protocol::Duration(duration)) => {
                self.positive(duration, "a duration must be positive").map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The time between looks of `[subsystems]`.
    ///
    /// # Errors
    /// One that is not positive.
    pub fn interval_between_looks(&self) -> Result<Option<f64>, ModelError> {
        let interval = self.spec().subsystems.as_ref().and_then(|s| s.interval.as_ref());
        interval
            .map(|interval| self.positive(interval, "a time between looks must be positive"))
            .transpose()
    }

    /// The weight per transition of the observable at `index`; 0 for transitions it does not name.
    ///
    /// An index beyond the observables gives no weights at all.
    ///
    /// # Errors
    /// A weight that is not finite.
    pub fn observable_weights(&self, index: usize, snapshot: &Snapshot) -> Result<Vec<f64>, ModelError> {
        let spec = self.spec();
        let mut weights = vec![0.0; spec.transitions.len()];
        let mut faults = Faults::new(&spec.source);
        for (transition, formula) in spec
            .observables
            .get(index)
            .map(|observable| &observable.weights)
            .into_iter()
            .flatten()
        {
            weights[*transition] = faults
                .checked(formula, &snapshot.slots, |_| true, "")
                .unwrap_or(0.0);
        }
        faults.stop_if_any()?;
        Ok(weights)
    }

    /// The value of the derived quantity at `index`; `results` gives the names in [`Derived::inputs`](super::Derived).
    ///
    /// # Errors
    /// An index beyond the derived quantities, an input that `results` does not know, or a value that is not finite.
    pub fn derived(
        &self,
        index: usize,
        snapshot: &Snapshot,
        results: &dyn Fn(&str) -> Option<f64>,
    ) -> Result<f64, ModelError> {
        let spec = self.spec();
        let Some(derived) = spec.derived.get(index) else {
            let message = format!("there is no derived quantity number {index}");
            return Err(spec.error_at(Span::default(), code::UNKNOWN_NAME, message, None));
        };
        let lookup = |name: &str| match spec.parameters.position(name) {
            Some(position) => snapshot.parameters.get(position).copied(),
            None if name == TIME => Some(snapshot.time),
            None => results(name).or_else(|| constant(name)),
        };
        let value = match derived.value.expression() {
            None => return Ok(derived.value.number().unwrap_or(f64::NAN)),
            Some(expression) => expression.evaluate_checked(&lookup),
        };
        value.map_err(|error| {
            let fault = derived.value.fault(code::NOT_FINITE, &error);
            ModelError::single(
                crate::source::ExitCategory::Invalid,
                derived.value.diagnostic(fault, &spec.source),
            )
        })
    }

    /// The values of the sweep at `index`; none for an index beyond the sweeps.
    ///
    /// # Errors
    /// A value that is not finite, or an end of a logarithmic range that is not positive.
    pub fn sweep_values(&self, index: usize) -> Result<Vec<f64>, ModelError> {
        let spec = self.spec();
        let Some(sweep) = spec.sweeps.get(index) else {
            return Ok(Vec::new());
        };
        let slots = self.constant_slots()?;
        let mut faults = Faults::new(&spec.source);
        let values = swept(&sweep.values, &slots, &mut faults);
        faults.stop_if_any()?;
        Ok(values)
    }

    fn positive(&self, formula: &Formula, requirement: &str) -> Result<f64, ModelError> {
        let slots = self.constant_slots()?;
        let mut faults = Faults::new(&self.spec().source);
        let value = faults.checked(formula, &slots, |value| value > 0.0, requirement);
        faults.stop_if_any()?;
        Ok(value.unwrap_or(f64::NAN))
    }

    /// The slots for formulas that may not depend on time.
    fn constant_slots(&self) -> Result<Vec<f64>, ModelError> {
        let spec = self.spec();
        let mut slots = vec![f64::NAN; spec.parameters.len() + 2];
        let mut faults = Faults::new(&spec.source);
        for &index in spec.parameters.evaluation_order() {
            if !spec.parameters.depends_on_time(index) {
                faults.parameter(spec.parameters.at(index), index, &mut slots);
            }
        }
        faults.stop_if_any()?;
        Ok(slots)
    }
}

/// The values of a sweep; faults are recorded.
pub(super) fn swept(values: &SweepValues, slots: &[f64], faults: &mut Faults) -> Vec<f64> {
    match values {
        SweepValues::List(list) => list
            .iter()
            .filter_map(|formula| faults.checked(formula, slots, |_| true, ""))
            .collect(),
        SweepValues::Range {
            from,
            to,
            points,
            spacing,
        } => {
            let allowed = |value: f64| *spacing == Spacing::Linear || value > 0.0;
            let requirement = "the ends of a logarithmic range must be positive";
            let ends = (
                faults.checked(from, slots, allowed, requirement),
                faults.checked(to, slots, allowed, requirement),
            );
            match ends {
                (Some(from), Some(to)) => spaced(from, to, *points, *spacing),
                _ => Vec::new(),
            }
        }
    }
}

/// The times of a grid; `None` if the faults say why there are none.
pub(super) fn grid_times(grid: &TimeGrid, slots: &[f64], faults: &mut Faults) -> Option<Vec<f64>> {
    let positive = |value: f64| value > 0.0;
    let end = faults.checked(&grid.end, slots, positive, "the end time must be positive");
    let (start, spacing) = match &grid.spacing {
        TimeSpacing::Linear => (Some(0.0), Spacing::Linear),
        TimeSpacing::Logarithmic(start) => {
            let below_end = |value: f64| value > 0.0 && end.is_none_or(|end| value < end);
            let requirement = "the first time must be positive and before the end";
            let start = faults.checked(start, slots, below_end, requirement);
            (start, Spacing::Logarithmic)
        }
    };
    Some(spaced(start?, end?, grid.points, spacing))
}

/// `points` values from `start` to `end`, both exact.
fn spaced(start: f64, end: f64, points: usize, spacing: Spacing) -> Vec<f64> {
    let last = points.saturating_sub(1);
    let value = |index: usize| {
        let share = index as f64 / last.max(1) as f64;
        match (index, spacing) {
            (0, _) => start,
            (index, _) if index == last => end,
            (_, Spacing::Linear) => start + (end - start) * share,
            (_, Spacing::Logarithmic) => (start.ln() + (end.ln() - start.ln()) * share).exp(),
        }
    };
    (0..points).map(value).collect()
}

impl Markov {
    /// An error of this model at a place of its file.
    #[must_use]
    pub fn error_at(
        &self,
        span: Span,
        code: &'static str,
        message: impl Into<String>,
        help: Option<&str>,
    ) -> ModelError {
        let fault = Fault::error(code, span, message);
        let fault = match help {
            Some(help) => fault.help(help),
            None => fault,
        };
        ModelError::single(crate::source::ExitCategory::Invalid, fault.in_file(&self.source))
    }
}
