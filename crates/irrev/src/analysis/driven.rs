//! Section: time-dependent driving over a protocol, or in the state that repeats with its period.

use irrev_network::dynamics::{DrivenRecord, driven_process, periodic_state, work_statistics};
use irrev_network::{Distribution, Flow, Kinetics};
use irrev_numerics::Tolerance;
use irrev_numerics::special::log_sum_exp;
use irrev_report::readable_number;
use irrev_report::{Axis, Bound, Check, Curve, Figure, Lines, Report, Table};

use super::context::Context;
use super::definitions::{
    ENTROPY_PRODUCTION, FREE_ENERGY_CHANGE, JARZYNSKI_AVERAGE, MEAN_ACTIVITY, MEAN_ENTROPY_PRODUCTION_RATE,
    WORK, WORK_VARIANCE,
};
use crate::error::Result;

/// Points at which the state is drawn.
const POINTS: usize = 201;

/// Accuracy of the evolution and its integrals.
const ACCURACY: Tolerance = Tolerance {
    absolute: 0.0,
    relative: 1e-10,
    max_iterations: 1_000_000,
};

/// Energies are differentiated in time over this part of the interval (central differences of fourth order).
const DIFFERENCE: f64 = 1e-3;

/// What a driven model does: its state over time and what it costs.
struct DrivenResult {
    initial: Distribution,
    /// Whether the state repeats with the length of the interval.
    periodic: bool,
    /// End of the interval, or the period.
    end: f64,
    record: DrivenRecord,
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let environment = context.environment;
    let fail = |e| context.fail(e);
    let process = crate::system::driven(environment)?;
    let grid = |end: f64| {
        (0..POINTS)
            .map(|k| end * k as f64 / (POINTS - 1) as f64)
            .collect::<Vec<f64>>()
    };
    let result = if let Some(period) = environment.period()? {
        let state = periodic_state(&process, period, &grid(period), ACCURACY, context.run).map_err(fail)?;
        DrivenResult {
            initial: state.distribution,
            periodic: true,
            end: period,
            record: state.record,
        }
    } else {
        let times = environment.times()?;
        let end = match (environment.duration()?, &times) {
            (Some(duration), _) => duration,
            (None, Some(times)) => times.last().copied().unwrap_or(1.0),
            (None, None) => return Ok(()),
        };
        let record = driven_process(
            &process,
            &context.initial,
            0.0,
            end,
            &grid(end),
            ACCURACY,
            context.run,
        )
        .map_err(fail)?;
        DrivenResult {
            initial: context.initial.clone(),
            periodic: false,
            end,
            record,
        }
    };
    let record = &result.record;
    report.push_quantity(
        context
            .quantity(&ENTROPY_PRODUCTION, record.entropy_production)
            .key(),
    );
    report.push_quantity(
        context
            .quantity(
                &MEAN_ENTROPY_PRODUCTION_RATE,
                record.entropy_production / result.end,
            )
            .key(),
    );
    report.push_quantity(context.quantity(&MEAN_ACTIVITY, record.activity / result.end));
    let edges: Vec<String> = context.network().edges().iter().map(|e| e.name.clone()).collect();
    report.push_table(
        Table::new(
            "driven_transitions",
            "Net jumps and entropy delivered to the medium over the interval",
        )
        .text("transition", edges)
        .numbers("net_jumps", "1", record.net_jumps.clone())
        .numbers("medium_entropy", "nats", record.medium_entropy.clone()),
    );
    let change = record.final_distribution.entropy() - result.initial.entropy();
    let medium: f64 = record.medium_entropy.iter().sum();
    if record.entropy_production.is_finite() {
        report.push_check(Check::new(
            "entropy_balance",
            "|change of the system's entropy + entropy delivered to the medium − entropy production|",
            (change + medium - record.entropy_production).abs(),
            1e-7 * record.entropy_production.abs() + 1e-8,
        ));
    }
    let span = if result.periodic {
        "each period"
    } else {
        "the protocol"
    };
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Over {span} it produces {} nats, on average {} {}.",
            readable_number(record.entropy_production, 4),
            readable_number(record.entropy_production / result.end, 4),
            context.units.entropy_rate()
        ),
    );
    let mut order: Vec<(usize, f64)> = record.medium_entropy.iter().copied().enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let most: Vec<String> = order
        .iter()
        .take(3)
        .map(|(e, s)| {
            format!(
                "{} ({} nats)",
                context.network().edges()[*e].name,
                readable_number(*s, 4)
            )
        })
        .collect();
    report.push_summary(
        Report::WHERE_IT_DISSIPATES,
        format!("Most entropy is delivered through {}.", most.join(", ")),
    );
    if result.periodic {
        let off = record
            .final_distribution
            .total_variation(&result.initial)
            .map_err(fail)?;
        let mut change = 0.0_f64;
        for k in 0..8 {
            let t = result.end * (f64::from(k) + 0.37) / 8.0;
            let (now, later) = (
                process.rates_at(t).map_err(fail)?,
                process.rates_at(t + result.end).map_err(fail)?,
            );
            let pairs = now.0.iter().chain(&now.1).zip(later.0.iter().chain(&later.1));
            change = pairs.fold(change, |m, (a, b)| {
                m.max((a - b).abs() / a.abs().max(b.abs()).max(f64::MIN_POSITIVE))
            });
        }
        report.push_check(Check::new(
            "period_of_the_rates",
            "largest relative change of a rate after one period, at eight times",
            change,
            1e-9,
        ));
        report.push_check(Check::new(
            "periodicity",
            "distance of the state after a period from its beginning",
            off,
            1e-8,
        ));
    }
    figures(context, &process, &result, report)?;
    work(context, &process, &result, report)
}

fn figures(
    context: &Context<'_>,
    process: &impl Kinetics,
    result: &DrivenResult,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| context.fail(e);
    let record = &result.record;
    let time = || Axis::new("time", context.units.time());
    let mut lines = Lines::new(time(), Axis::new("probability", "1"));
    for (i, name) in context.network().states().iter().enumerate().take(10) {
        let values = record
            .distributions
            .iter()
            .map(|p| p.probabilities()[i])
            .collect();
        lines = lines.curve(Curve::new(name.clone(), record.times.clone(), values));
    }
    let caption = if result.periodic {
        "Over one period of the state that repeats."
    } else {
        "Over the protocol."
    };
    report.push_figure(Figure::new(
        "driven_state",
        "Distribution over time",
        caption,
        lines,
    ));
    let (mut at, mut rate) = (Vec::new(), Vec::new());
    for (&t, p) in record.times.iter().zip(&record.distributions) {
        let flow = Flow::evaluate(process, t, p.probabilities()).map_err(fail)?;
        let value = flow.entropy_production_rate();
        if value.is_finite() {
            at.push(t);
            rate.push(value);
        }
    }
    report.push_figure(Figure::new(
        "driven_entropy_production",
        "Entropy production over time",
        caption,
        Lines::new(
            time(),
            Axis::new("entropy production rate", context.units.entropy_rate()),
        )
        .curve(Curve::new("entropy production rate", at, rate)),
    ));
    Ok(())
}

/// Work and Jarzynski's equality, where the energies change and one temperature rules.
fn work(
    context: &Context<'_>,
    process: &irrev_network::dynamics::DrivenJump<'_>,
    result: &DrivenResult,
    report: &mut Report,
) -> Result<()> {
    let environment = context.environment;
    let snapshot = &context.snapshot;
    let moving = environment.spec().states.iter().any(|s| {
        s.energy
            .as_ref()
            .is_some_and(crate::model::Formula::depends_on_time)
    });
    let Some(&temperature) = snapshot.temperatures.first() else {
        return Ok(());
    };
    let steady = environment
        .spec()
        .reservoirs
        .iter()
        .all(|r| !r.temperature.depends_on_time());
    if !moving || !steady || snapshot.temperatures.iter().any(|t| *t != temperature) {
        return Ok(());
    }
    let fail = |e| context.fail(e);
    let energies = |t: f64| environment.evaluate(t).map(|s| s.energies);
    let h = DIFFERENCE * result.end;
    let energy_rate = |t: f64, out: &mut [f64]| {
        let far = |e: crate::model::ModelError| irrev_network::Error::Domain {
            what: format!("the energies near time {t} ({e})"),
            value: t,
            expected: "a time at which every energy is defined",
        };
        let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0].map(|k| energies(t + k * h));
        let (a, b, c, d) = (a.map_err(far)?, b.map_err(far)?, c.map_err(far)?, d.map_err(far)?);
        for (i, out) in out.iter_mut().enumerate() {
            *out = (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12.0 * h);
        }
        Ok(())
    };
    let beta = 1.0 / temperature;
    let tolerance = Tolerance {
        relative: 1e-8,
        ..ACCURACY
    };
    let statistics = work_statistics(
        process,
        &energy_rate,
        beta,
        &result.initial,
        0.0,
        result.end,
        tolerance,
        context.run,
    )
    .map_err(fail)?;
    report.push_quantity(context.quantity(&WORK, statistics.mean).key());
    report.push_quantity(context.quantity(&WORK_VARIANCE, statistics.variance));
    let free_energy = |t: f64| -> Result<f64> {
        let now = environment.evaluate(t)?;
        let exponents: Vec<f64> = now
            .energies
            .iter()
            .zip(&now.degeneracies)
            .map(|(e, g)| g.ln() - beta * e)
            .collect();
        Ok(-temperature * log_sum_exp(&exponents))
    };
    let change = free_energy(result.end)? - free_energy(0.0)?;
    report.push_quantity(context.quantity(&FREE_ENERGY_CHANGE, change));
    report.push_quantity(context.quantity(&JARZYNSKI_AVERAGE, statistics.exponential_average));
    let Some(energetics) = &context.system.energetics else {
        return Ok(());
    };
    let equilibrium = energetics.gibbs_distribution(0).map_err(fail)?;
    if result.initial.total_variation(&equilibrium).map_err(fail)? < 1e-9 {
        let expected = (-beta * change).exp();
        report.push_check(Check::new(
            "jarzynski",
            "|⟨exp(−W/T)⟩ − exp(−ΔF/T)| for the start in equilibrium",
            (statistics.exponential_average - expected).abs(),
            1e-6 * expected,
        ));
        report.push_bound(
            Bound::at_least(
                "maximum_work",
                "mean work ≥ change of the free energy",
                statistics.mean,
                change,
            )
            .in_unit(context.units.energy())
            .assuming("start in equilibrium, one temperature, local detailed balance"),
        );
    }
    Ok(())
}
