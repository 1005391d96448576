//! The numbers of a reaction model: species, constants and fluxes at time 0, and what was decided about each reaction.

use irrev_network::reactions::Law as Resolved;

use super::{Cell, Explanation, Listing, formula_text, line, place};
use crate::chemistry::Chemistry;
use crate::error::{Error, Result};
use crate::model::{
    Backward, Formula, Law, Override, Quantity, Reactions, ReactionsEnvironment, Role, VariableLaw,
};

pub(super) fn explanation(spec: &Reactions, overrides: &[Override]) -> Result<Explanation> {
    let environment = ReactionsEnvironment::new(spec, overrides)?;
    environment.check()?;
    let chemistry = Chemistry::new(&environment)?;
    let slots = environment.initial_slots()?;
    let spec = environment.spec();
    let at = |formula: &Formula| -> Cell { place(formula, &spec.source, overrides).into() };

    let parameters = super::parameters(&spec.parameters, &slots, &spec.source, overrides);
    let mut compartments = Listing::new("compartments", &["name", "size", "place"]);
    for (c, compartment) in spec.compartments.iter().enumerate() {
        compartments.row([
            compartment.name.as_str().into(),
            slots[spec.compartment_slot(c)].into(),
            at(&compartment.size),
        ]);
    }
    let mut species = Listing::new(
        "species",
        &["name", "value", "meaning", "role", "place", "formula"],
    );
    for (s, one) in spec.species.iter().enumerate() {
        let (role, formula) = match &one.role {
            Role::Dynamic => ("changed by reactions", formula_text(&one.initial)),
            Role::Chemostat => ("held from outside", formula_text(&one.initial)),
            Role::Assigned(formula) => ("follows a formula", formula.text()),
            Role::Rate(formula) => ("changes at a rate", formula.text()),
        };
        let meaning = match one.symbol {
            Quantity::Amount => "amount",
            Quantity::Concentration => "concentration",
        };
        species.row([
            one.name.as_str().into(),
            slots[spec.species_slot(s)].into(),
            meaning.into(),
            role.into(),
            line(&spec.source, one.span).into(),
            formula.into(),
        ]);
    }
    let mut variables = Listing::new("variables", &["name", "value", "place", "formula"]);
    for (v, variable) in spec.variables.iter().enumerate() {
        let formula = match &variable.law {
            VariableLaw::Assigned(formula) => formula.text(),
            VariableLaw::Rate { rate, .. } => format!("d/dt = {}", rate.text()),
        };
        variables.row([
            variable.name.as_str().into(),
            slots[spec.variable_slot(v)].into(),
            line(&spec.source, variable.span).into(),
            formula.into(),
        ]);
    }
    let reactions = reactions(&environment, &chemistry)?;
    let mut decisions = Listing::new("decisions", &["decision"]);
    for decision in &chemistry.decisions {
        decisions.row([decision.to_string().into()]);
    }
    let mut notes = vec![format!(
        "{} species, {} reaction{}, {} compartment{}; constants and fluxes at time 0",
        spec.species.len(),
        spec.reactions.len(),
        plural(spec.reactions.len()),
        spec.compartments.len(),
        plural(spec.compartments.len())
    )];
    notes.extend(
        chemistry
            .refusal
            .iter()
            .map(|reason| format!("no thermodynamics: {reason}")),
    );
    notes.extend(spec.warnings.iter().map(crate::model::Diagnostic::sentence));
    Ok(Explanation {
        title: spec
            .title
            .clone()
            .unwrap_or_else(|| spec.source.name().to_owned()),
        kind: "reactions",
        listings: vec![parameters, compartments, species, variables, reactions, decisions],
        notes,
    })
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// Equation, law, resolved constants and fluxes of every reaction.
fn reactions(environment: &ReactionsEnvironment<'_>, chemistry: &Chemistry) -> Result<Listing> {
    let spec = environment.spec();
    let (forward, backward) = chemistry
        .system
        .all_fluxes(0.0, &chemistry.initial)
        .map_err(|e| Error::network(spec.source.name(), e))?;
    let mut listing = Listing::new(
        "reactions",
        &[
            "name",
            "equation",
            "law",
            "resolved",
            "forward_flux",
            "backward_flux",
            "thermodynamics",
            "place",
        ],
    );
    for (r, reaction) in spec.reactions.iter().enumerate() {
        let resolved = &chemistry.system.reactions()[r];
        let constants = match resolved.law {
            Resolved::MassAction { forward, backward } => {
                // with compartments the constants of the file are those of concentrations
                let by = if spec.compartments.is_empty() {
                    ""
                } else {
                    " (by amounts)"
                };
                format!(
                    "k⁺ = {}, k⁻ = {}{by}",
                    Cell::Number(forward),
                    Cell::Number(backward)
                )
            }
            _ => String::new(),
        };
        let counted = if resolved.counted { "counted" } else { "left out" };
        listing.row([
            reaction.name.as_str().into(),
            chemistry.system.equation(resolved).into(),
            law_text(&reaction.law).into(),
            constants.into(),
            forward[r].into(),
            backward[r].into(),
            counted.into(),
            line(&spec.source, reaction.span).into(),
        ]);
    }
    Ok(listing)
}

fn law_text(law: &Law) -> String {
    let (kind, forward, reverse, backward) = match law {
        Law::MassAction { forward, backward } => ("mass action, kf", forward, "kr", backward),
        Law::Flux { forward, backward } => ("flux, forward", forward, "backward", backward),
        Law::Net(net) => return format!("net flux {}", net.text()),
    };
    let backward = match backward {
        Backward::None => "one-way".to_owned(),
        Backward::Rate(formula) => format!("{reverse} = {}", formula.text()),
        Backward::EquilibriumConstant(formula) => format!("keq = {}", formula.text()),
        Backward::GibbsEnergy(formula) => format!("dG0 = {}", formula.text()),
        Backward::StandardPotentials => "reverse from standard potentials".to_owned(),
    };
    format!("{kind} = {}, {backward}", forward.text())
}
