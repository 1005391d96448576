//! Section: heat, work and efficiency in the stationary state.

use irrev_network::energetics::{Engine, energy_budget, engine};
use irrev_report::{Axis, Bars, Bound, Check, Figure, Quantity, Report, Table};

use super::context::Context;
use super::definitions::{
    COEFFICIENT_OF_PERFORMANCE, ENGINE_EFFICIENCY, HEAT_CURRENT, PARTICLE_CURRENT, POWER,
};
use crate::error::Result;

/// Accepted deviation of ln(k⁺/k⁻) from local detailed balance.
const DETAILED_BALANCE: f64 = 1e-9;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(energetics) = &context.system.energetics else {
        return Ok(());
    };
    let kinetics = &context.system.kinetics;
    let network = context.network();
    let (pi, flow) = context.steady()?;
    let fail = |e| context.fail(e);
    let budget = energy_budget(flow, pi, energetics).map_err(fail)?;
    let residual = energetics.detailed_balance_residual(kinetics).map_err(fail)?;
    let balanced = residual.is_none_or(|(_, r)| r <= DETAILED_BALANCE);
    let complete = energetics.is_complete(kinetics).map_err(fail)?;
    let power = -(budget.chemical_work + budget.driving_work);
    for (r, name) in network.reservoirs().iter().enumerate() {
        let named = |quantity: Quantity, prefix: &str| quantity.named(format!("{prefix}_{name}"));
        report.push_quantity(named(context.quantity(&HEAT_CURRENT, budget.heat[r]), "heat").key());
        if energetics.numbers.iter().any(|n| *n != energetics.numbers[0]) {
            report.push_quantity(named(
                context.quantity(&PARTICLE_CURRENT, budget.particles[r]),
                "particles",
            ));
        }
    }
    report.push_quantity(context.quantity(&POWER, power));
    let temperatures: Vec<f64> = energetics.reservoirs.iter().map(|r| r.temperature).collect();
    report.push_table(
        Table::new(
            "reservoirs",
            "What each reservoir receives in the stationary state",
        )
        .text("reservoir", network.reservoirs().to_vec())
        .numbers("temperature", context.units.energy(), temperatures.clone())
        .numbers(
            "chemical_potential",
            context.units.energy(),
            energetics
                .reservoirs
                .iter()
                .map(|r| r.chemical_potential)
                .collect(),
        )
        .numbers("heat", context.units.power(), budget.heat.clone())
        .numbers("particles", context.units.per_time(), budget.particles.clone())
        .numbers(
            "entropy",
            context.units.entropy_rate(),
            budget
                .heat
                .iter()
                .zip(&temperatures)
                .map(|(q, t)| q / t)
                .collect(),
        ),
    );
    report.push_figure(Figure::new(
        "heat",
        "Heat and power",
        "Heat currents into the reservoirs and the power delivered, in the stationary state.",
        Bars::new(
            "flow",
            Axis::new("energy current", context.units.power()),
            network
                .reservoirs()
                .iter()
                .map(|r| format!("heat into {r}"))
                .chain(["power".into()])
                .collect(),
        )
        .group("stationary", budget.heat.iter().copied().chain([power]).collect()),
    ));
    if let Some((edge, residual)) = residual {
        report.push_check(Check::new(
            "local_detailed_balance",
            format!(
                "largest |ln(k⁺/k⁻) − heat/T − ln(g_y/g_x)|, at \"{}\"; heat is only meaningful where it vanishes",
                network.edges()[edge].name
            ),
            residual,
            DETAILED_BALANCE,
        ));
    }
    let size = budget.heat.iter().map(|q| q.abs()).sum::<f64>()
        + budget.driving_work.abs()
        + budget.chemical_work.abs();
    if complete {
        let largest_energy = energetics.energies.iter().fold(0.0_f64, |m, e| m.max(e.abs()));
        report.push_check(Check::new(
            "first_law",
            "|dE/dt + Σ heat − chemical work − driving work|",
            budget.first_law_defect.abs(),
            1e-11 * size + 1e-14 * flow.activity() * largest_energy,
        ));
    }
    let rate = flow.entropy_production_rate();
    if complete && balanced && rate.is_finite() {
        report.push_check(Check::new(
            "second_law",
            "|dS/dt + Σ heat/T − entropy production rate|",
            (budget.clausius_rate - rate).abs(),
            1e-10 * rate
                + 1e-13
                    * (size / temperatures.iter().copied().fold(f64::INFINITY, f64::min) + flow.activity()),
        ));
    }
    let use_as = if complete && balanced {
        engine(&budget, energetics)
    } else {
        None
    };
    match use_as {
        Some(Engine::HeatEngine {
            efficiency, carnot, ..
        }) => {
            report.push_quantity(context.quantity(&ENGINE_EFFICIENCY, efficiency).key());
            report.push_bound(
                Bound::at_least("carnot", "Carnot efficiency ≥ efficiency", carnot, efficiency)
                    .assuming("a stationary engine between reservoirs, with local detailed balance"),
            );
        }
        Some(Engine::Refrigerator {
            coefficient_of_performance,
            carnot,
            ..
        }) => {
            report.push_quantity(
                context
                    .quantity(&COEFFICIENT_OF_PERFORMANCE, coefficient_of_performance)
                    .key(),
            );
            report.push_bound(
                Bound::at_least(
                    "carnot",
                    "Carnot coefficient of performance ≥ coefficient of performance",
                    carnot,
                    coefficient_of_performance,
                )
                .assuming("a stationary refrigerator between reservoirs, with local detailed balance"),
            );
        }
        _ => {}
    }
    context.engine = use_as;
    context.budget = Some(budget);
    Ok(())
}
