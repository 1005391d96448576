//! Laws of the file to laws by amounts: constants where they are constant, formulas otherwise.

use irrev_network::reactions::Law;

use super::laws::{Direction, FormulaLaws, Quotient, Source};
use super::rate_variables;
use crate::error::Result;
use crate::expression::Program;
use crate::model::{
    self, Backward, Formula, ModelError, Quantity, Reactions, ReactionsEnvironment, Role, VariableLaw,
};

/// The laws of a model by amounts, and what is needed to evaluate those that are formulas.
#[derive(Debug)]
pub(super) struct Conversion {
    /// One per reaction.
    pub(super) laws: Vec<Law>,
    /// Formulas of the fluxes that are not constant mass action, as numbered in the directions of the rate laws.
    pub(super) formulas: Vec<Formula>,
    pub(super) rate_laws: FormulaLaws,
    has_rates_or_assignments: bool,
}

/// Formulas of one program, collected.
#[derive(Default)]
struct Outputs {
    formulas: Vec<Formula>,
}

impl Outputs {
    fn add(&mut self, formula: Formula) -> usize {
        self.formulas.push(formula);
        self.formulas.len() - 1
    }
}

impl Conversion {
    pub(super) fn new(
        environment: &ReactionsEnvironment<'_>,
        slots: &[f64],
        per_symbol: &[f64],
    ) -> Result<Self> {
        let spec = environment.spec();
        let mut outputs = Outputs::default();
        let mut laws = Vec::with_capacity(spec.reactions.len());
        let mut directions = Vec::new();
        let mut depends_on_time = false;
        for (r, reaction) in spec.reactions.iter().enumerate() {
            let law = match &reaction.law {
                model::Law::MassAction { forward, backward }
                    if is_constant(spec, reaction, forward, backward) =>
                {
                    let scale = MassActionScale::new(spec, reaction, slots);
                    let up = environment.value(forward, slots)?;
                    let down = backward_constant(environment, reaction, backward, up, slots)?;
                    Law::MassAction {
                        forward: up * scale.forward,
                        backward: down * scale.backward,
                    }
                }
                model::Law::MassAction { forward, backward } => {
                    let written = |formula: &Formula, side: &[(usize, f64)]| {
                        mass_action_formula(environment, reaction, formula, side)
                    };
                    let up = outputs.add(written(forward, &reaction.reactants)?);
                    let down = match backward {
                        Backward::None => Source::Nothing,
                        Backward::Rate(constant) => {
                            Source::Output(outputs.add(written(constant, &reaction.products)?))
                        }
                        other => Source::Quotient(quotient(environment, reaction, other, slots)?),
                    };
                    depends_on_time |= forward.depends_on_time();
                    directions.push(Direction {
                        reaction: r,
                        forward: up,
                        backward: down,
                    });
                    Law::General
                }
                model::Law::Flux { forward, backward } => {
                    let up = outputs.add(forward.clone());
                    let down = match backward {
                        Backward::None => Source::Nothing,
                        Backward::Rate(flux) => Source::Output(outputs.add(flux.clone())),
                        other => Source::Quotient(quotient(environment, reaction, other, slots)?),
                    };
                    depends_on_time |= forward.depends_on_time();
                    directions.push(Direction {
                        reaction: r,
                        forward: up,
                        backward: down,
                    });
                    Law::General
                }
                model::Law::Net(net) => {
                    depends_on_time |= net.depends_on_time();
                    directions.push(Direction {
                        reaction: r,
                        forward: outputs.add(net.clone()),
                        backward: Source::Nothing,
                    });
                    Law::Net
                }
            };
            laws.push(law);
        }
        let drifts = drifts(spec);
        let assigned = assigned(spec, per_symbol);
        depends_on_time |= drifts.iter().any(|(_, rate)| rate.depends_on_time())
            || spec.variables.iter().any(|v| match &v.law {
                VariableLaw::Assigned(formula) => formula.depends_on_time(),
                VariableLaw::Rate { .. } => false,
            });
        let dynamic = dynamic_slots(spec, per_symbol);
        let by: Vec<usize> = dynamic.iter().map(|d| d.slot).collect();
        let program = |formulas: &[&Formula]| environment.program(formulas);
        let with_slopes = |formulas: &[&Formula]| environment.program_with_slopes(formulas, &by);
        let law_formulas: Vec<&Formula> = outputs.formulas.iter().collect();
        let drift_formulas: Vec<&Formula> = drifts.iter().map(|(_, rate)| rate).collect();
        let has_assignments = !assigned.is_empty();
        let has_rates_or_assignments = !drifts.is_empty() || !assigned.is_empty();
        let names = drifts
            .iter()
            .map(|(species, _)| species_name(spec, *species))
            .collect();
        Ok(Self {
            has_rates_or_assignments,
            laws,
            formulas: outputs.formulas.clone(),
            rate_laws: FormulaLaws {
                model: spec.source.name().to_owned(),
                reactions: spec.reactions.iter().map(|r| r.name.clone()).collect(),
                slots: slots.to_vec(),
                time_slot: spec.time_slot(),
                dynamic_of_slot: places(&dynamic, slots.len()),
                dynamic,
                assigned,
                drifting: drifts.iter().map(|(species, _)| *species).collect(),
                drifting_names: names,
                drift_factors: drifts
                    .iter()
                    .map(|(species, _)| drift_factor(spec, per_symbol, *species))
                    .collect(),
                assignment: nonempty(has_assignments, || program(&[])),
                fluxes: program(&law_formulas),
                flux_slopes: with_slopes(&law_formulas),
                drift: nonempty(!drifts.is_empty(), || program(&drift_formulas)),
                drift_slopes: nonempty(!drifts.is_empty(), || with_slopes(&drift_formulas)),
                directions,
                depends_on_time,
            },
        })
    }

    pub(super) fn has_rates_or_assignments(&self) -> bool {
        self.has_rates_or_assignments
    }

    /// μ°/T of every species, if the model states them all; variables with a rate have none and count as 0.
    pub(super) fn standard_potentials(
        &self,
        environment: &ReactionsEnvironment<'_>,
        slots: &[f64],
    ) -> Result<Option<Vec<f64>>, ModelError> {
        let spec = environment.spec();
        if spec.species.iter().any(|s| s.standard_potential.is_none()) {
            return Ok(None);
        }
        let temperature = slots[spec.temperature_slot()];
        let mut potentials = Vec::with_capacity(spec.species.len());
        for species in &spec.species {
            if let Some(formula) = &species.standard_potential {
                potentials.push(environment.value(formula, slots)? / temperature);
            }
        }
        potentials.extend(rate_variables(spec).map(|_| 0.0));
        Ok(Some(potentials))
    }
}

fn nonempty(wanted: bool, make: impl FnOnce() -> Program) -> Option<Program> {
    wanted.then(make)
}

/// A dynamic symbol: its species in the system, its slot, and the amount that one unit of it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct DynamicSlot {
    pub(super) species: usize,
    pub(super) slot: usize,
    pub(super) amount: f64,
}

fn dynamic_slots(spec: &Reactions, per_symbol: &[f64]) -> Vec<DynamicSlot> {
    let moving = |k: &usize| matches!(spec.species[*k].role, Role::Dynamic | Role::Rate(_));
    let of_species = (0..spec.species.len()).filter(moving).map(|k| DynamicSlot {
        species: k,
        slot: spec.species_slot(k),
        amount: per_symbol[k],
    });
    let of_variables = rate_variables(spec).enumerate().map(|(place, k)| DynamicSlot {
        species: spec.species.len() + place,
        slot: spec.variable_slot(k),
        amount: 1.0,
    });
    of_species.chain(of_variables).collect()
}

/// Species that follow a formula: index, slot, amount per symbol.
fn assigned(spec: &Reactions, per_symbol: &[f64]) -> Vec<DynamicSlot> {
    let follows = |k: &usize| matches!(spec.species[*k].role, Role::Assigned(_));
    (0..spec.species.len())
        .filter(follows)
        .map(|k| DynamicSlot {
            species: k,
            slot: spec.species_slot(k),
            amount: per_symbol[k],
        })
        .collect()
}

/// Species of the system that change at a rate, with the rate of their symbol.
fn drifts(spec: &Reactions) -> Vec<(usize, Formula)> {
    let of_species = spec
        .species
        .iter()
        .enumerate()
        .filter_map(|(k, s)| match &s.role {
            Role::Rate(rate) => Some((k, rate.clone())),
            _ => None,
        });
    let of_variables =
        rate_variables(spec)
            .enumerate()
            .filter_map(|(place, k)| match &spec.variables[k].law {
                VariableLaw::Rate { rate, .. } => Some((spec.species.len() + place, rate.clone())),
                VariableLaw::Assigned(_) => None,
            });
    of_species.chain(of_variables).collect()
}

fn drift_factor(spec: &Reactions, per_symbol: &[f64], species: usize) -> f64 {
    if species < spec.species.len() {
        per_symbol[species]
    } else {
        1.0
    }
}

fn species_name(spec: &Reactions, species: usize) -> String {
    match spec.species.get(species) {
        Some(found) => found.name.clone(),
        None => rate_variables(spec)
            .nth(species - spec.species.len())
            .map_or_else(String::new, |k| spec.variables[k].name.clone()),
    }
}

/// Whether the constants of a mass-action law are numbers, and its species move by themselves.
fn is_constant(spec: &Reactions, reaction: &model::Reaction, forward: &Formula, backward: &Backward) -> bool {
    let constant = |formula: &Formula| {
        !formula.depends_on_time()
            && formula.slots().all(|slot| {
                matches!(
                    spec.symbol(slot),
                    Some(model::Symbol::Parameter(_) | model::Symbol::Compartment(_)) | None
                ) && slot != spec.time_slot()
            })
    };
    let of_backward = match backward {
        Backward::None | Backward::StandardPotentials => true,
        Backward::Rate(formula) | Backward::EquilibriumConstant(formula) | Backward::GibbsEnergy(formula) => {
            constant(formula)
        }
    };
    let sides = reaction.reactants.iter().chain(&reaction.products);
    let moves = |&(s, _): &(usize, f64)| !matches!(spec.species[s].role, Role::Assigned(_));
    constant(forward) && of_backward && sides.copied().all(|s| moves(&s))
}

/// ln K of a reaction, where K and 1/K are numbers.
///
/// # Errors
/// An equilibrium so far on one side that a direction would have no rate, or an infinite one.
fn logarithmic_equilibrium_constant(
    environment: &ReactionsEnvironment<'_>,
    reaction: &model::Reaction,
    backward: &Backward,
    slots: &[f64],
) -> Result<f64, ModelError> {
    let ln_k = stated_equilibrium(environment, reaction, backward, slots)?;
    if ln_k.abs() < LARGEST_EXPONENT {
        return Ok(ln_k);
    }
    let span = match backward {
        Backward::EquilibriumConstant(formula) | Backward::GibbsEnergy(formula) => formula.span(),
        _ => reaction.span,
    };
    let message = format!(
        "the reverse of reaction `{}` is out of range: its equilibrium constant would be exp({ln_k:.4})",
        reaction.name
    );
    let help = "energies count in units of `[thermodynamics] temperature`, which is k_B T in the same unit: is it stated?";
    Err(environment
        .spec()
        .error_at(span, model::code::BAD_VALUE, message, Some(help)))
}

/// exp of this is still a number, and so is exp of its negative.
const LARGEST_EXPONENT: f64 = 700.0;

/// ln K of a reaction, from an equilibrium constant, ΔG°, or the standard potentials of its species.
fn stated_equilibrium(
    environment: &ReactionsEnvironment<'_>,
    reaction: &model::Reaction,
    backward: &Backward,
    slots: &[f64],
) -> Result<f64, ModelError> {
    let spec = environment.spec();
    let temperature = slots[spec.temperature_slot()];
    match backward {
        Backward::EquilibriumConstant(formula) => Ok(environment.value(formula, slots)?.ln()),
        Backward::GibbsEnergy(formula) => Ok(-environment.value(formula, slots)? / temperature),
        Backward::StandardPotentials => {
            let mut energy = 0.0;
            for (side, sign) in [(&reaction.reactants, -1.0), (&reaction.products, 1.0)] {
                for &(s, nu) in side {
                    if let Some(formula) = &spec.species[s].standard_potential {
                        energy += sign * nu * environment.value(formula, slots)?;
                    }
                }
            }
            Ok(-energy / temperature)
        }
        Backward::None | Backward::Rate(_) => Ok(f64::INFINITY),
    }
}

/// k⁻ of a mass-action law by concentrations.
fn backward_constant(
    environment: &ReactionsEnvironment<'_>,
    reaction: &model::Reaction,
    backward: &Backward,
    forward: f64,
    slots: &[f64],
) -> Result<f64, ModelError> {
    match backward {
        Backward::None => Ok(0.0),
        Backward::Rate(formula) => environment.value(formula, slots),
        other => {
            let ln_k = logarithmic_equilibrium_constant(environment, reaction, other, slots)?;
            Ok(forward * (-ln_k).exp())
        }
    }
}

/// Factors from k to k_eff in both directions: V ∏ V_i^−ν.
struct MassActionScale {
    forward: f64,
    backward: f64,
}

impl MassActionScale {
    fn new(spec: &Reactions, reaction: &model::Reaction, slots: &[f64]) -> Self {
        let size = |index: Option<usize>| index.map_or(1.0, |c| slots[spec.compartment_slot(c)]);
        let own = size(home(spec, reaction));
        let side = |side: &[(usize, f64)]| {
            side.iter().fold(own, |scale, &(s, nu)| {
                scale * size(spec.species[s].compartment).powf(-nu)
            })
        };
        Self {
            forward: side(&reaction.reactants),
            backward: side(&reaction.products),
        }
    }
}

/// The compartment of a mass-action law: stated, or that of the first reactant, else product.
fn home(spec: &Reactions, reaction: &model::Reaction) -> Option<usize> {
    let first = reaction.reactants.first().or(reaction.products.first());
    reaction
        .compartment
        .or_else(|| first.and_then(|&(s, _)| spec.species[s].compartment))
}

/// "k * V * ∏ c^ν" as a formula of the model.
fn mass_action_formula(
    environment: &ReactionsEnvironment<'_>,
    reaction: &model::Reaction,
    constant: &Formula,
    side: &[(usize, f64)],
) -> Result<Formula, ModelError> {
    let spec = environment.spec();
    let mut text = format!("({})", constant.text());
    if let Some(c) = home(spec, reaction) {
        text += &format!("*{}", spec.compartments[c].name);
    }
    for &(s, nu) in side {
        let species = &spec.species[s];
        let concentration = match (species.symbol, species.compartment) {
            (Quantity::Amount, Some(c)) => format!("({}/{})", species.name, spec.compartments[c].name),
            _ => species.name.clone(),
        };
        text += &format!("*{concentration}");
        if nu != 1.0 {
            text += &format!("^{nu}");
        }
    }
    spec.formula(constant.key(), &text, constant.span())
}

/// j⁻/j⁺ = ∏ c^ν products/(K ∏ c^ν reactants), by amounts.
fn quotient(
    environment: &ReactionsEnvironment<'_>,
    reaction: &model::Reaction,
    backward: &Backward,
    slots: &[f64],
) -> Result<Quotient, ModelError> {
    let spec = environment.spec();
    let ln_k = logarithmic_equilibrium_constant(environment, reaction, backward, slots)?;
    let mut factors = Vec::new();
    for (side, sign) in [(&reaction.reactants, -1.0), (&reaction.products, 1.0)] {
        for &(s, nu) in side {
            let size = spec.species[s]
                .compartment
                .map_or(1.0, |c| slots[spec.compartment_slot(c)]);
            factors.push((s, sign * nu, size));
        }
    }
    Ok(Quotient { ln_k, factors })
}

/// Place of every slot among the dynamic symbols.
fn places(dynamic: &[DynamicSlot], slots: usize) -> Vec<Option<usize>> {
    let mut places = vec![None; slots];
    for (k, symbol) in dynamic.iter().enumerate() {
        places[symbol.slot] = Some(k);
    }
    places
}
