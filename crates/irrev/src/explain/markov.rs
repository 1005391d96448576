//! The numbers of a Markov jump process.

use super::{Explanation, Listing, line};
use crate::error::Result;
use crate::model::{Environment, LawValues, Markov, Override};
use crate::system::System;

pub(super) fn explanation(spec: &Markov, overrides: &[Override]) -> Result<Explanation> {
    let environment = Environment::new(spec, overrides)?;
    let now = environment.evaluate(0.0)?;
    let spec = environment.spec();
    let source = &spec.source;
    let parameters = super::parameters(&spec.parameters, &now.parameters, source, overrides);
    let mut reservoirs = Listing::new("reservoirs", &["name", "temperature", "chemical_potential"]);
    for (r, reservoir) in spec.reservoirs.iter().enumerate() {
        reservoirs.row([
            reservoir.name.as_str().into(),
            now.temperatures[r].into(),
            now.chemical_potentials[r].into(),
        ]);
    }
    let mut states = Listing::new("states", &["name", "energy", "number", "degeneracy"]);
    for (i, state) in spec.states.iter().enumerate() {
        states.row([
            state.name.as_str().into(),
            now.energies[i].into(),
            now.numbers[i].into(),
            now.degeneracies[i].into(),
        ]);
    }
    let system = System::at(&environment, 0.0)?;
    let mut transitions = Listing::new(
        "transitions",
        &[
            "name",
            "between",
            "forward_rate",
            "backward_rate",
            "origin",
            "place",
        ],
    );
    for (e, transition) in spec.transitions.iter().enumerate() {
        let origin = match now.transitions[e].law {
            LawValues::Rates { .. } => "explicit rates".to_owned(),
            LawValues::Rule { kind, .. } => format!("rule {}", kind.name()),
        };
        let ends = format!(
            "{} → {}",
            spec.states[transition.from].name, spec.states[transition.to].name
        );
        transitions.row([
            transition.name.as_str().into(),
            ends.into(),
            system.kinetics.forward_rate()[e].into(),
            system.kinetics.backward_rate()[e].into(),
            origin.into(),
            line(source, transition.span).into(),
        ]);
    }
    Ok(Explanation {
        title: spec.title.clone().unwrap_or_else(|| source.name().to_owned()),
        kind: "markov",
        listings: vec![parameters, reservoirs, states, transitions],
        notes: vec![format!(
            "{} states, {} transitions, {} reservoirs; rates at time 0",
            spec.states.len(),
            spec.transitions.len(),
            spec.reservoirs.len()
        )],
    })
}
