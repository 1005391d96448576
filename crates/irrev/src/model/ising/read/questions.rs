//! What the author wants to know: the quench, the phase diagram, mean-field theories, simulations, sweeps.

use irrev_ising::infinite::Parameter;
use irrev_ising::simulation::Start;

use super::super::super::diagnostic::{Fault, code};
use super::super::super::reader::{Item, Table};
use super::{Reader, STARTS, keys};

/// What a phase diagram may vary, by the key of the number.
const PARAMETERS: &[(Parameter, &str)] = &[
    (Parameter::InverseTemperature, "dynamics.beta"),
    (Parameter::MeanCoupling, "network.couplings.mean"),
    (Parameter::Spread, "network.couplings.spread"),
    (Parameter::MeanField, "network.fields"),
    (Parameter::MeanField, "network.fields.mean"),
    (Parameter::FieldWidth, "network.fields.half_width"),
    (Parameter::FieldWidth, "network.fields.spread"),
];

/// The key of the number that a phase diagram varies; the first, where several say the same.
pub(in super::super) fn varied_key(parameter: Parameter) -> &'static str {
    let found = PARAMETERS.iter().find(|(known, _)| *known == parameter);
    found.map_or("", |(_, key)| key)
}

/// Which questions a file asks.
pub(super) struct Questions {
    pub(super) phase_diagram: Option<[Parameter; 2]>,
    pub(super) has_quench: bool,
    pub(super) has_mean_field: bool,
    pub(super) simulation: Option<Start>,
    pub(super) has_transfer: bool,
}

pub(super) fn questions(root: &Table, reader: &mut Reader) -> Questions {
    let table = |name: &str, keys: &[&str]| {
        let table = root.get(name).as_ref().and_then(Item::table)?;
        table.only(keys);
        Some(table)
    };
    let initial = table("initial", keys::INITIAL);
    reader.optional(initial.as_ref(), "magnetization", "initial.magnetization");
    let quench = table("quench", keys::QUENCH);
    if quench.is_some() {
        reader.optional(quench.as_ref(), "steps", "quench.steps");
    }
    let mean_field = table("mean_field", keys::MEAN_FIELD);
    for key in keys::MEAN_FIELD {
        reader.optional(mean_field.as_ref(), key, &format!("mean_field.{key}"));
    }
    let simulation = table("simulation", keys::SIMULATION).map(|table| {
        for key in keys::SIMULATION.iter().filter(|key| **key != "start") {
            reader.optional(Some(&table), key, &format!("simulation.{key}"));
        }
        let start = table.get("start").and_then(|item| item.choice(STARTS));
        start.unwrap_or_default()
    });
    let transfer = table("transfer", keys::TRANSFER);
    if let Some(table) = &transfer {
        reader.required(table, "from");
        reader.required(table, "to");
        for key in ["points", "replicas", "burn_in", "measured", "input_rate"] {
            reader.optional(Some(table), key, &format!("transfer.{key}"));
        }
    }
    let phase_diagram = table("phase_diagram", keys::PHASE_DIAGRAM);
    Questions {
        phase_diagram: phase_diagram.and_then(|table| axes(&table, reader)),
        has_quench: quench.is_some(),
        has_mean_field: mean_field.is_some(),
        simulation,
        has_transfer: transfer.is_some(),
    }
}

fn axes(table: &Table, reader: &mut Reader) -> Option<[Parameter; 2]> {
    let mut axis = |name: &str| {
        let axis = table.require(name)?.table()?;
        axis.only(keys::AXIS);
        reader.required(&axis, "from");
        reader.required(&axis, "to");
        reader.optional(Some(&axis), "points", &format!("phase_diagram.{name}.points"));
        axis.require("key")?.choice(PARAMETERS)
    };
    let (x, y) = (axis("x"), axis("y"));
    let (x, y) = (x?, y?);
    if x == y {
        let message = "the axes of `phase_diagram` vary the same number; take two different ones";
        table
            .findings()
            .add(Fault::error(code::CONFLICT, table.span(), message));
        return None;
    }
    Some([x, y])
}
