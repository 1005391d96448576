//! Section: chemical potentials and where the dissipation is paid for.

use irrev_network::reactions::thermodynamics::{free_energy_balance, standard_potentials};
use irrev_report::{Check, Definition, Report, Table};

use super::super::definitions::{
    CHEMICAL_WORK_RATE, GIBBS_ENERGY, LEFTOVER_WORK_RATE, NONCONSERVATIVE_WORK_RATE, SEMIGRAND_ENERGY_RATE,
};
use super::context::Context;
use crate::error::Result;

/// Roundings of every one-way contribution that may add up.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let system = &context.chemistry.system;
    let fail = |e| context.fail(e);
    // at the steady state if there is one, else where the motion begins
    let (x, place) = match context.steady() {
        Some(steady) => (&steady.amounts, "in the steady state"),
        None => (&context.chemistry.initial, "at the initial state"),
    };
    let amounts = system.amounts(0.0, x).map_err(fail)?;
    if let Some(k) = amounts.iter().position(|a| *a <= 0.0) {
        report.push_warning(format!(
            "The chemical potential of {} is −∞ {place}, because there is none of it; the free-energy balance is left out.",
            system.species()[k].name
        ));
        return Ok(());
    }
    let standard = standard_potentials(system, 0.0, x).map_err(fail)?;
    let given = context.chemistry.standard_potentials.as_deref();
    let balance = free_energy_balance(system, 0.0, x, given).map_err(fail)?;
    let of = |definition: &Definition, value: f64| context.quantity(definition, value).with_note(place);
    report.push_quantity(of(&GIBBS_ENERGY, balance.gibbs_energy));
    report.push_quantity(of(&SEMIGRAND_ENERGY_RATE, balance.semigrand_energy_rate));
    report.push_quantity(of(&CHEMICAL_WORK_RATE, balance.chemical_work_rate));
    report.push_quantity(of(&NONCONSERVATIVE_WORK_RATE, balance.nonconservative_work_rate));
    if standard.is_consistent() {
        report.push_quantity(of(&LEFTOVER_WORK_RATE, balance.leftover_work_rate));
    } else {
        report.push_quantity(context.quantity(&LEFTOVER_WORK_RATE, balance.leftover_work_rate).with_note(
            "the rate constants contradict any set of standard potentials (the Wegscheider conditions fail): some force acts that no species accounts for",
        ));
    }
    if !balance.exchanges.is_empty() {
        let name = |s: usize| system.species()[s].name.clone();
        report.push_table(
            Table::new(
                "reservoirs",
                "Held species: chemical potential, current into the network, and fundamental force; those without a force set the reference",
            )
            .text("species", balance.exchanges.iter().map(|e| name(e.species)).collect())
            .numbers("chemical potential", "RT", balance.exchanges.iter().map(|e| e.chemical_potential).collect())
            .numbers("current", context.units.extent_rate(), balance.exchanges.iter().map(|e| e.current).collect())
            .numbers("force", "RT", balance.exchanges.iter().map(|e| e.force.unwrap_or(f64::NAN)).collect()),
        );
    }
    report.push_table(
        Table::new(
            "standard_potentials",
            "Standard chemical potentials that explain the rate constants, up to what is conserved",
        )
        .text(
            "species",
            system.species().iter().map(|s| s.name.clone()).collect(),
        )
        .numbers(
            "standard potential",
            "RT",
            given.map_or_else(|| standard.potentials.clone(), <[f64]>::to_vec),
        ),
    );
    report.push_check(Check::new(
        "free_energy_balance",
        "|Σ̇ + d𝒢/dt − work of the forces|",
        balance.residual.abs(),
        // each term is a difference of potentials times currents
        1e-9 * (balance.entropy_production_rate + balance.chemical_work_rate.abs())
            + 1e-12
                * balance
                    .exchanges
                    .iter()
                    .map(|e| (e.chemical_potential * e.current).abs())
                    .sum::<f64>()
            // at equilibrium all of these vanish, and what is left is the rounding of one-way fluxes
            + ROUNDING * balance.one_way_work_rate,
    ));
    Ok(())
}
