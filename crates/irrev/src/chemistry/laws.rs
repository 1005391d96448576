//! The laws of a model that are formulas, evaluated together by one program.

use irrev_network::reactions::RateLaws;
use irrev_network::{Error as NetworkError, Result as NetworkResult};

use super::conversion::DynamicSlot;
use crate::expression::Program;

/// Amounts below this part of the largest stand in for zero where a quotient of concentrations is taken.
const TINY: f64 = 1e-150;

/// Where a backward flux comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// There is none.
    Nothing,
    /// An output of the program.
    Output(usize),
    /// The forward flux times a quotient of concentrations.
    Quotient(Quotient),
}

/// ∏ (a/V)^ν / K.
#[derive(Debug, Clone)]
pub(super) struct Quotient {
    pub(super) ln_k: f64,
    /// (species, exponent, size of its compartment).
    pub(super) factors: Vec<(usize, f64, f64)>,
}

impl Quotient {
    /// The quotient at amounts, by logarithms, so that nothing overflows on the way.
    fn value(&self, amounts: &[f64]) -> f64 {
        let terms = self
            .factors
            .iter()
            .map(|&(s, nu, size)| nu * (floored(amounts[s]) / size).ln());
        (terms.sum::<f64>() - self.ln_k).exp()
    }
}

fn floored(amount: f64) -> f64 {
    amount.max(TINY)
}

/// The two directions of a reaction.
#[derive(Debug, Clone)]
pub(super) struct Direction {
    pub(super) reaction: usize,
    /// Output of the forward or net flux.
    pub(super) forward: usize,
    pub(super) backward: Source,
}

/// Laws as programs over the slots of the model.
#[derive(Debug, Clone)]
pub(super) struct FormulaLaws {
    pub(super) model: String,
    pub(super) reactions: Vec<String>,
    /// All slots at time 0; those of dynamic and assigned symbols are written over.
    pub(super) slots: Vec<f64>,
    pub(super) time_slot: usize,
    pub(super) dynamic: Vec<DynamicSlot>,
    /// Place in `dynamic` of every slot that moves.
    pub(super) dynamic_of_slot: Vec<Option<usize>>,
    pub(super) assigned: Vec<DynamicSlot>,
    /// Species that change at a rate, in the order of the drift program's outputs.
    pub(super) drifting: Vec<usize>,
    pub(super) drifting_names: Vec<String>,
    /// Amount per symbol of each of them.
    pub(super) drift_factors: Vec<f64>,
    pub(super) assignment: Option<Program>,
    pub(super) fluxes: Program,
    pub(super) flux_slopes: Program,
    pub(super) drift: Option<Program>,
    pub(super) drift_slopes: Option<Program>,
    pub(super) directions: Vec<Direction>,
    pub(super) depends_on_time: bool,
}

impl FormulaLaws {
    /// Registers of a program, run at a time and amounts.
    fn run(&self, program: &Program, time: f64, amounts: &[f64]) -> Vec<f64> {
        let mut registers = program.registers();
        registers[..self.slots.len()].copy_from_slice(&self.slots);
        registers[self.time_slot] = time;
        for symbol in &self.dynamic {
            registers[symbol.slot] = amounts[symbol.species] / symbol.amount;
        }
        program.run(&mut registers);
        registers
    }

    fn finite(&self, what: &str, of: usize, value: f64) -> NetworkResult<f64> {
        if value.is_finite() {
            return Ok(value);
        }
        Err(NetworkError::Domain {
            what: format!(
                "{}: the {what} of \"{}\"",
                self.model,
                self.reactions.get(of).map_or("", String::as_str)
            ),
            value,
            expected: "a finite number",
        })
    }

    fn species_of_slot(&self, slot: usize) -> Option<&DynamicSlot> {
        let place = self.dynamic_of_slot.get(slot).copied().flatten()?;
        self.dynamic.get(place)
    }
}

impl RateLaws for FormulaLaws {
    fn assign(&self, time: f64, amounts: &mut [f64]) -> NetworkResult<()> {
        let Some(program) = &self.assignment else {
            return Ok(());
        };
        let registers = self.run(program, time, amounts);
        for symbol in &self.assigned {
            amounts[symbol.species] = registers[symbol.slot] * symbol.amount;
        }
        Ok(())
    }

    fn fluxes(
        &self,
        time: f64,
        amounts: &[f64],
        forward: &mut [f64],
        backward: &mut [f64],
    ) -> NetworkResult<()> {
        if self.directions.is_empty() {
            return Ok(());
        }
        let registers = self.run(&self.fluxes, time, amounts);
        for direction in &self.directions {
            let r = direction.reaction;
            forward[r] = self.finite(
                "forward flux",
                r,
                self.fluxes.output(&registers, direction.forward),
            )?;
            backward[r] = match &direction.backward {
                Source::Nothing => 0.0,
                Source::Output(output) => self.fluxes.output(&registers, *output),
                Source::Quotient(quotient) => {
                    // where a reactant is missing, both fluxes are taken just beside
                    let missing = |&(s, nu, _): &(usize, f64, f64)| nu < 0.0 && amounts[s] <= 0.0;
                    if quotient.factors.iter().any(missing) {
                        let beside: Vec<f64> = amounts.iter().map(|a| floored(*a)).collect();
                        let registers = self.run(&self.fluxes, time, &beside);
                        self.fluxes.output(&registers, direction.forward) * quotient.value(&beside)
                    } else {
                        forward[r] * quotient.value(amounts)
                    }
                }
            };
            self.finite("backward flux", r, backward[r])?;
        }
        Ok(())
    }

    fn derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64, f64),
    ) -> NetworkResult<()> {
        if self.directions.is_empty() {
            return Ok(());
        }
        let registers = self.run(&self.flux_slopes, time, amounts);
        let outputs = self.directions.iter().flat_map(|d| {
            let backward = match d.backward {
                Source::Output(output) => Some((output, d, false)),
                _ => None,
            };
            std::iter::once((d.forward, d, true)).chain(backward)
        });
        let of_output: std::collections::HashMap<usize, (&Direction, bool)> = outputs
            .map(|(output, d, is_forward)| (output, (d, is_forward)))
            .collect();
        for slope in self.flux_slopes.slopes() {
            let (Some((direction, is_forward)), Some(symbol)) =
                (of_output.get(&slope.output), self.species_of_slot(slope.slot))
            else {
                continue;
            };
            let value = self.flux_slopes.slope(&registers, slope) / symbol.amount;
            let value = self.finite("derivative of the law", direction.reaction, value)?;
            match (&direction.backward, is_forward) {
                (Source::Quotient(quotient), true) => {
                    entry(
                        direction.reaction,
                        symbol.species,
                        value,
                        value * quotient.value(amounts),
                    );
                }
                (_, true) => entry(direction.reaction, symbol.species, value, 0.0),
                (_, false) => entry(direction.reaction, symbol.species, 0.0, value),
            }
        }
        // d ln(quotient) = ν d ln a
        for direction in &self.directions {
            let Source::Quotient(quotient) = &direction.backward else {
                continue;
            };
            let forward = self.flux_slopes.output(&registers, direction.forward);
            let backward = forward * quotient.value(amounts);
            for &(s, nu, _) in &quotient.factors {
                if self.dynamic.iter().any(|d| d.species == s) {
                    entry(direction.reaction, s, 0.0, nu * backward / floored(amounts[s]));
                }
            }
        }
        Ok(())
    }

    fn drift(&self, time: f64, amounts: &[f64], rate: &mut [f64]) -> NetworkResult<()> {
        let Some(program) = &self.drift else { return Ok(()) };
        let registers = self.run(program, time, amounts);
        for (k, (&species, factor)) in self.drifting.iter().zip(&self.drift_factors).enumerate() {
            let value = program.output(&registers, k) * factor;
            if !value.is_finite() {
                return Err(NetworkError::Domain {
                    what: format!("{}: the rate of \"{}\"", self.model, self.drifting_names[k]),
                    value,
                    expected: "a finite number",
                });
            }
            rate[species] += value;
        }
        Ok(())
    }

    fn drift_derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64),
    ) -> NetworkResult<()> {
        let Some(program) = &self.drift_slopes else {
            return Ok(());
        };
        let registers = self.run(program, time, amounts);
        for slope in program.slopes() {
            if let Some(symbol) = self.species_of_slot(slope.slot) {
                let value =
                    program.slope(&registers, slope) * self.drift_factors[slope.output] / symbol.amount;
                entry(self.drifting[slope.output], symbol.species, value);
            }
        }
        Ok(())
    }

    fn drifting(&self) -> &[String] {
        &self.drifting_names
    }

    fn depends_on_time(&self) -> bool {
        self.depends_on_time
    }
}
