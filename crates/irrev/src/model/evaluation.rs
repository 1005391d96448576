//! One pass over the formulas of a model: values into their places, faults into a list.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Findings, ModelError};
use super::environment::{LawValues, Snapshot, TransitionValues};
use super::formula::Formula;
use super::markov::{Markov, RateLaw, Rates, Rule, Transition};
use super::parameters::Parameter;
use crate::source::SourceFile;

/// What a pass over the model evaluates.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pass {
    Everything,
    TimeDependentOnly,
}

/// The values of a transition before evaluation.
pub(super) fn blank(transition: &Transition) -> TransitionValues {
    let law = match &transition.law {
        RateLaw::Rule(rule) => LawValues::Rule {
            kind: rule.kind,
            prefactor: 1.0,
            barrier: None,
            load: None,
        },
        RateLaw::Constant { forward, backward } => LawValues::Rates {
            forward: *forward,
            backward: *backward,
        },
        RateLaw::Rates(_) => LawValues::Rates {
            forward: 0.0,
            backward: 0.0,
        },
    };
    TransitionValues { law, force: 0.0 }
}

/// The faults of one evaluation. Nothing is allocated before the first one.
pub(super) struct Faults<'a> {
    findings: Option<Findings>,
    source: &'a Arc<SourceFile>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(source: &'a Arc<SourceFile>) -> Self {
        Faults {
            findings: None,
            source,
        }
    }

    /// The file that is evaluated.
    pub(super) fn source(&self) -> &'a SourceFile {
        self.source
    }

    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        let source = self.source;
        self.findings
            .get_or_insert_with(|| Findings::new(Arc::clone(source)))
            .add_diagnostic(diagnostic);
    }

    fn is_full(&self) -> bool {
        self.findings.as_ref().is_some_and(Findings::is_full)
    }

    pub(super) fn stop_if_any(&mut self) -> Result<(), ModelError> {
        match self.findings.take() {
            Some(findings) => findings.conclusion().map(|_| ()),
            None => Ok(()),
        }
    }

    /// The value if it is finite and allowed; otherwise the fault is recorded.
    pub(super) fn checked(
        &mut self,
        formula: &Formula,
        slots: &[f64],
        allowed: impl Fn(f64) -> bool,
        requirement: &str,
    ) -> Option<f64> {
        let fault = match formula.value(slots) {
            Ok(value) if allowed(value) => return Some(value),
            Ok(value) => formula.refused(value, requirement),
            Err(fault) => *fault,
        };
        self.add(formula.diagnostic(fault, self.source));
        None
    }

    /// Records that the value of a formula is not allowed.
    pub(super) fn refuse(&mut self, formula: &Formula, value: f64, requirement: &str) {
        self.add(formula.diagnostic(formula.refused(value, requirement), self.source));
    }

    /// The value of a parameter into its slot, checked against its bounds.
    pub(super) fn parameter(&mut self, parameter: &Parameter, index: usize, slots: &mut [f64]) {
        let Some(value) = self.checked(&parameter.value, slots, |_| true, "") else {
            return;
        };
        let bounds = [
            (
                parameter.minimum.filter(|least| value < *least),
                "must not be below its `min`",
            ),
            (
                parameter.maximum.filter(|greatest| value > *greatest),
                "must not be above its `max`",
            ),
        ];
        for (bound, requirement) in bounds {
            if let Some(bound) = bound {
                self.refuse(&parameter.value, value, &format!("it {requirement} = {bound}"));
            }
        }
        slots[index] = value;
    }
}

/// One pass over the model.
pub(super) struct Evaluator<'a> {
    spec: &'a Markov,
    faults: Faults<'a>,
    pass: Pass,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(spec: &'a Markov, pass: Pass) -> Self {
        Evaluator {
            spec,
            faults: Faults::new(&spec.source),
            pass,
        }
    }

    /// Evaluates the model at the time of the snapshot.
    pub(super) fn run(mut self, snapshot: &mut Snapshot) -> Result<(), ModelError> {
        self.parameters(snapshot);
        // Everything else would only repeat the faults of the parameters.
        self.faults.stop_if_any()?;
        self.states(snapshot);
        self.reservoirs(snapshot);
        self.faults.stop_if_any()?;
        for (index, transition) in self.spec.transitions.iter().enumerate() {
            self.transition(transition, index, snapshot);
            if self.faults.is_full() {
                break;
            }
        }
        self.faults.stop_if_any()
    }

    /// Evaluates one formula into its place, if this pass is about it.
    fn set(
        &mut self,
        target: &mut f64,
        formula: Option<&Formula>,
        slots: &[f64],
        allowed: impl Fn(f64) -> bool,
        requirement: &str,
    ) {
        let Some(formula) = formula else { return };
        if self.pass == Pass::TimeDependentOnly && !formula.depends_on_time() {
            return;
        }
        if let Some(value) = self.faults.checked(formula, slots, allowed, requirement) {
            *target = value;
        }
    }

    fn parameters(&mut self, snapshot: &mut Snapshot) {
        let table = &self.spec.parameters;
        snapshot.slots[table.len()] = snapshot.time;
        for &index in table.evaluation_order() {
            if self.pass == Pass::Everything || table.depends_on_time(index) {
                let parameter = table.at(index);
                self.faults.parameter(parameter, index, &mut snapshot.slots);
                snapshot.parameters[index] = snapshot.slots[index];
            }
        }
    }

    fn states(&mut self, snapshot: &mut Snapshot) {
        let spec = self.spec;
        for (index, state) in spec.states.iter().enumerate() {
            let slots = &snapshot.slots;
            self.set(
                &mut snapshot.energies[index],
                state.energy.as_ref(),
                slots,
                |_| true,
                "",
            );
            self.set(
                &mut snapshot.numbers[index],
                state.number.as_ref(),
                slots,
                |_| true,
                "",
            );
            let requirement = "a degeneracy must be positive";
            self.set(
                &mut snapshot.degeneracies[index],
                state.degeneracy.as_ref(),
                slots,
                |value| value > 0.0,
                requirement,
            );
        }
    }

    fn reservoirs(&mut self, snapshot: &mut Snapshot) {
        let spec = self.spec;
        for (index, reservoir) in spec.reservoirs.iter().enumerate() {
            let slots = &snapshot.slots;
            let temperature = &mut snapshot.temperatures[index];
            self.set(
                temperature,
                Some(&reservoir.temperature),
                slots,
                |value| value > 0.0,
                "a temperature must be positive",
            );
            let potential = &mut snapshot.chemical_potentials[index];
            self.set(
                potential,
                reservoir.chemical_potential.as_ref(),
                slots,
                |_| true,
                "",
            );
        }
    }

    fn transition(&mut self, transition: &Transition, index: usize, snapshot: &mut Snapshot) {
        let temperature_slot = snapshot.slots.len() - 1;
        let temperature = transition
            .reservoir
            .map(|reservoir| snapshot.temperatures[reservoir]);
        snapshot.slots[temperature_slot] = temperature.unwrap_or(f64::NAN);
        // T is no parameter, so what depends on time through it does not show in the formula.
        let pass = self.pass;
        if transition
            .reservoir
            .is_some_and(|reservoir| self.spec.reservoirs[reservoir].temperature.depends_on_time())
        {
            self.pass = Pass::Everything;
        }
        let slots = &snapshot.slots;
        let values = &mut snapshot.transitions[index];
        self.set(&mut values.force, transition.force.as_ref(), slots, |_| true, "");
        match (&transition.law, &mut values.law) {
            (RateLaw::Rates(rates), LawValues::Rates { forward, backward }) => {
                self.rates(transition, rates, slots, forward, backward);
            }
            (
                RateLaw::Rule(rule),
                LawValues::Rule {
                    prefactor,
                    barrier,
                    load,
                    ..
                },
            ) => {
                self.rule(rule, slots, prefactor, barrier, load);
            }
            _ => {}
        }
        self.pass = pass;
    }

    fn rates(
        &mut self,
        transition: &Transition,
        rates: &Rates,
        slots: &[f64],
        forward: &mut f64,
        backward: &mut f64,
    ) {
        self.set(
            forward,
            Some(&rates.forward),
            slots,
            |value| value > 0.0,
            "a rate must be positive",
        );
        if transition.one_way {
            let requirement = "a transition with `one_way = true` has the backward rate 0, or leaves it out";
            self.set(
                backward,
                rates.backward.as_ref(),
                slots,
                |value| value == 0.0,
                requirement,
            );
        } else {
            let requirement = "a rate must be positive; if there is no backward jump, write `one_way = true`";
            self.set(
                backward,
                rates.backward.as_ref(),
                slots,
                |value| value > 0.0,
                requirement,
            );
        }
    }

    fn rule(
        &mut self,
        rule: &Rule,
        slots: &[f64],
        prefactor: &mut f64,
        barrier: &mut Option<f64>,
        load: &mut Option<f64>,
    ) {
        self.set(
            prefactor,
            rule.prefactor.as_ref(),
            slots,
            |value| value > 0.0,
            "a prefactor must be positive",
        );
        let mut optional = |target: &mut Option<f64>,
                            formula: Option<&Formula>,
                            range: std::ops::RangeInclusive<f64>,
                            requirement| {
            if formula.is_some() {
                let mut value = target.unwrap_or(f64::NAN);
                self.set(
                    &mut value,
                    formula,
                    slots,
                    |value| range.contains(&value),
                    requirement,
                );
                *target = Some(value);
            }
        };
        optional(
            barrier,
            rule.barrier.as_ref(),
            f64::MIN..=f64::MAX,
            "a barrier must be finite",
        );
        optional(
            load,
            rule.load.as_ref(),
            0.0..=1.0,
            "a load is a share between 0 and 1",
        );
    }
}
