//! How far what is told at the end of the evolution may be from that beside a bath whose β and α are known, or from a Gibbs bath.
//!
//! β and α from random vectors have errors; each result is computed again with either of them moved by its error, and the changes are added: they are correlated. A typical
//! state is one random vector; others give the spread.

use irrev_quantum::bath::typical_state;
use irrev_quantum::composite::JointEvolution;
use irrev_quantum::temperature::Reservoir;
use irrev_quantum::thermodynamics::{
    Balance, BathEnergies, Fluctuations, ThermalContact, entropy_production,
};

use super::context::Context;
use super::history::{accuracy, contact};
use crate::lattices::PreparedBath;
use crate::model::BathStart;

/// Typical states beside the one that is reported: the error of an error from five is 35 %.
const OTHERS: u32 = 4;

/// Errors of results at the end of the evolution.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scatter {
    pub(super) entropy_production: f64,
    pub(super) heat: f64,
    pub(super) contact_energy: f64,
    /// Of ⟨e^{−σ}⟩; none where it is not told.
    pub(super) exponential_average: Option<f64>,
    /// What they come from, in words.
    pub(super) origin: &'static str,
}

/// Errors at a coupling; `None` where the bath is what it is and β and α are exact.
pub(super) fn scatter(
    context: &Context<'_>,
    bath: &PreparedBath,
    coupling: f64,
) -> irrev_quantum::Result<Option<Scatter>> {
    if let BathStart::Typical { beta, alpha } = context.values.start {
        return among_typical_states(context, bath, Reservoir { beta, alpha }, coupling).map(Some);
    }
    match (bath.standard_errors, bath.matched.finite()) {
        (Some(errors), Ok(reservoir)) => {
            of_temperature(context, bath, (reservoir, errors), coupling).map(Some)
        }
        _ => Ok(None),
    }
}

fn at_end(context: &Context<'_>, contact: &ThermalContact) -> irrev_quantum::Result<JointEvolution> {
    let end = context.values.times.last().copied().unwrap_or(0.0);
    contact.evolve(&[end], &accuracy(&context.values), context.run)
}

fn books(contact: &ThermalContact, evolution: &JointEvolution) -> irrev_quantum::Result<Balance> {
    let mut found = entropy_production(contact, evolution)?.balances;
    found.pop().ok_or(irrev_quantum::Error::NoStates)
}

fn among_typical_states(
    context: &Context<'_>,
    bath: &PreparedBath,
    reservoir: Reservoir,
    coupling: f64,
) -> irrev_quantum::Result<Scatter> {
    let mut found = Vec::new();
    for index in 0..=OTHERS {
        let state = match index {
            0 => bath.state.clone(),
            _ => typical_state(&context.values.bath, reservoir, index, context.run)?.state,
        };
        let other = PreparedBath {
            state,
            ..bath.clone()
        };
        let contact = contact(&context.values, &other, coupling)?;
        found.push(books(&contact, &at_end(context, &contact)?)?);
    }
    let spread = |of: fn(&Balance) -> f64| {
        let mean = found.iter().map(of).sum::<f64>() / found.len() as f64;
        let squares: f64 = found.iter().map(|b| (of(b) - mean).powi(2)).sum();
        (squares / (found.len() - 1) as f64).sqrt()
    };
    Ok(Scatter {
        entropy_production: spread(|b| b.entropy_production),
        heat: spread(|b| b.heat),
        contact_energy: spread(|b| b.contact_energy),
        exponential_average: None,
        origin: "exact for this typical state; the error is the spread among typical states, and how far it may be from the Gibbs bath",
    })
}

fn of_temperature(
    context: &Context<'_>,
    bath: &PreparedBath,
    (reservoir, (beta, alpha)): (Reservoir, (f64, f64)),
    coupling: f64,
) -> irrev_quantum::Result<Scatter> {
    let values = &context.values;
    let composite = values.composite(coupling)?;
    let with = |reservoir| ThermalContact::new(&composite, &values.state, &bath.state, reservoir);
    let own = with(reservoir)?;
    let evolution = at_end(context, &own)?;
    let told = |contact: &ThermalContact| -> irrev_quantum::Result<(Balance, f64)> {
        let energies = BathEnergies::MatrixFree { largest: 1.0 };
        let forward = Fluctuations::forward(contact, &evolution, 0, energies, context.run)?;
        Ok((books(contact, &evolution)?, forward.exponential_average()?))
    };
    let (here, average) = told(&own)?;
    let mut found = Scatter {
        exponential_average: Some(0.0),
        origin: "the error is that of β and α",
        ..Scatter::default()
    };
    for moved in [
        Reservoir {
            beta: reservoir.beta + beta,
            ..reservoir
        },
        Reservoir {
            alpha: reservoir.alpha + alpha,
            ..reservoir
        },
    ] {
        let (there, moved_average) = told(&with(moved)?)?;
        found.entropy_production += (there.entropy_production - here.entropy_production).abs();
        found.heat += (there.heat - here.heat).abs();
        found.exponential_average = found
            .exponential_average
            .map(|error| error + (moved_average - average).abs());
    }
    Ok(found)
}
