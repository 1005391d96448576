//! One direction of one reaction on molecule counts, as a formula: Ω j(n/Ω).

use std::cell::RefCell;
use std::collections::BTreeSet;

use irrev_network::counts::PropensityLaw;

use super::conversion::Conversion;
use super::laws::Source;
use crate::expression::Program;
use crate::model::{Formula, Reactions, ReactionsEnvironment};

/// Which way a reaction goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Forward,
    Backward,
}

/// Counts below this stand in for zero where a quotient of concentrations is taken.
const TINY: f64 = 1e-150;

thread_local! {
    /// Registers of the program that runs, kept between evaluations.
    static REGISTERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// A formula as a propensity.
#[derive(Debug)]
pub(super) struct FormulaPropensity {
    program: Program,
    /// Registers with the slots that do not move.
    template: Vec<f64>,
    time_slot: usize,
    /// Counted species that the value reads.
    species: Vec<usize>,
    /// (slot, counted species, symbol per molecule).
    loads: Vec<(usize, usize, f64)>,
    /// (counted species, exponent) and the rest of the quotient, for a backward law that follows from the forward one.
    quotient: Option<(Vec<(usize, f64)>, f64)>,
    size: f64,
    depends_on_time: bool,
    fingerprint: String,
}

impl FormulaPropensity {
    /// The law of a direction; `None` if the reaction has none.
    pub(super) fn new(
        environment: &ReactionsEnvironment<'_>,
        conversion: &Conversion,
        reaction: usize,
        channel: Channel,
        size: f64,
    ) -> Option<Self> {
        let spec = environment.spec();
        let laws = &conversion.rate_laws;
        let direction = laws.directions.iter().find(|d| d.reaction == reaction)?;
        let (output, source) = match (channel, &direction.backward) {
            (Channel::Forward, _) => (direction.forward, None),
            (Channel::Backward, Source::Output(output)) => (*output, None),
            (Channel::Backward, Source::Quotient(quotient)) => (direction.forward, Some(quotient)),
            (Channel::Backward, Source::Nothing) => return None,
        };
        let formula = &conversion.formulas[output];
        let program = environment.program(&[formula]);
        let mut template = program.registers();
        template[..laws.slots.len()].copy_from_slice(&laws.slots);
        let counted = |species: usize| laws.dynamic.iter().position(|d| d.species == species);
        let (read, mut depends_on_time) = reads(spec, formula);
        let mut species = BTreeSet::new();
        let mut loads = Vec::new();
        for (k, symbol) in laws.dynamic.iter().enumerate() {
            if read.contains(&symbol.slot) {
                species.insert(k);
                loads.push((symbol.slot, k, 1.0 / (size * symbol.amount)));
            }
        }
        depends_on_time |= read.contains(&spec.time_slot());
        let quotient = source.map(|quotient| {
            let mut factors = Vec::new();
            let mut rest = -quotient.ln_k;
            for &(s, nu, volume) in &quotient.factors {
                match counted(s) {
                    Some(k) => {
                        species.insert(k);
                        factors.push((k, nu));
                        rest -= nu * (size * volume).ln();
                    }
                    None => rest += nu * (held_amount(spec, laws.slots.as_slice(), s, volume) / volume).ln(),
                }
            }
            (factors, rest)
        });
        Some(Self {
            fingerprint: format!(
                "{} {channel:?} {size:e} {:?} {quotient:?}",
                formula.text(),
                laws.slots
            ),
            program,
            template,
            time_slot: spec.time_slot(),
            species: species.into_iter().collect(),
            loads,
            quotient,
            size,
            depends_on_time,
        })
    }
}

/// Amount of a species that is not counted, at time 0.
fn held_amount(spec: &Reactions, slots: &[f64], species: usize, volume: f64) -> f64 {
    let value = slots[spec.species_slot(species)];
    match spec.species[species].symbol {
        crate::model::Quantity::Amount => value,
        crate::model::Quantity::Concentration => value * volume,
    }
}

/// Slots that a formula reads, through what follows a formula itself, and whether the time is among them.
fn reads(spec: &Reactions, formula: &Formula) -> (BTreeSet<usize>, bool) {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<usize> = formula.slots().collect();
    while let Some(slot) = waiting.pop() {
        if seen.insert(slot)
            && let Some(definition) = spec.assignment(slot)
        {
            waiting.extend(definition.slots());
        }
    }
    let timed = seen.contains(&spec.time_slot());
    (seen, timed)
}

impl PropensityLaw for FormulaPropensity {
    fn value(&self, time: f64, counts: &[f64]) -> f64 {
        REGISTERS.with_borrow_mut(|registers| {
            registers.clear();
            registers.extend_from_slice(&self.template);
            registers[self.time_slot] = time;
            for &(slot, k, per_molecule) in &self.loads {
                // a quotient is taken just beside where a reactant is missing
                let count = if self.quotient.is_some() {
                    counts[k].max(TINY)
                } else {
                    counts[k]
                };
                registers[slot] = count * per_molecule;
            }
            self.program.run(registers);
            let flux = self.size * self.program.output(registers, 0);
            match &self.quotient {
                None => flux,
                Some((factors, rest)) => {
                    if factors.iter().any(|&(k, nu)| nu > 0.0 && counts[k] <= 0.0) {
                        return 0.0;
                    }
                    let terms = factors.iter().map(|&(k, nu)| nu * counts[k].max(TINY).ln());
                    flux * (terms.sum::<f64>() + rest).exp()
                }
            }
        })
    }

    fn species(&self) -> &[usize] {
        &self.species
    }

    fn depends_on_time(&self) -> bool {
        self.depends_on_time
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}
