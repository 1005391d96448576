//! Section: averages of simulated spins, thermal and disorder errors apart.

use irrev_ising::simulation::{Averages, EnsembleAverage, Observable, ensemble_average_of, simulate};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::Estimate;
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, Table, readable_number,
};

use super::context::{Context, Known, Simulated};
use super::definitions::{
    SIMULATED_BATH_ENTROPY, SIMULATED_CONDITIONAL_ENTROPY, SIMULATED_ENTROPY_PRODUCTION, SIMULATED_FLIP_RATE,
    SIMULATED_MAGNETIZATION, SIMULATED_MAGNITUDE,
};
use super::infinite;
use crate::error::{Error, Result};
use crate::spins;

/// Deviations from exact values that are taken for chance: 5 σ, a false alarm of 6e-7 for each quantity.
pub(super) const CHANCE: f64 = 5.0;

/// Rounding below which a deviation says nothing: fields in single precision.
const ROUNDING: f64 = 2e-6;

/// Draws whose histories are shown.
const SHOWN: usize = 6;

/// Every simulated quantity with its definition.
pub(super) const OBSERVABLES: [(Observable, &Definition); 6] = [
    (Observable::Magnetization, &SIMULATED_MAGNETIZATION),
    (Observable::Magnitude, &SIMULATED_MAGNITUDE),
    (Observable::EntropyProduction, &SIMULATED_ENTROPY_PRODUCTION),
    (Observable::ConditionalEntropy, &SIMULATED_CONDITIONAL_ENTROPY),
    (Observable::Activity, &SIMULATED_FLIP_RATE),
    (Observable::BathEntropyProduction, &SIMULATED_BATH_ENTROPY),
];

/// What was simulated.
enum Found {
    One(Averages),
    Several(EnsembleAverage),
}

impl Found {
    fn get(&self, observable: Observable) -> Estimate {
        match self {
            Self::One(averages) => averages.get(observable),
            Self::Several(average) => average.get(observable),
        }
    }

    fn draws(&self) -> &[Averages] {
        match self {
            Self::One(averages) => std::slice::from_ref(averages),
            Self::Several(average) => &average.draws,
        }
    }
}

/// # Errors
/// Those of the simulation: memory, cancellation, checkpoints.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (Some(size), Some(sampling)) = (context.size(), context.values.sampling.clone()) else {
        return Ok(());
    };
    if context.values.update == Update::Parallel
        && let Some(warning) = one_phase_only(context, infinite::known(context)?.as_ref())
    {
        report.push_warning(warning);
    }
    let several = (context.values.draws > 1)
        .then(|| spins::ensemble(&context.values, None))
        .flatten();
    let found = match several {
        Some((options, disorder)) => {
            let name = context.environment.spec().source.name();
            Found::Several(
                ensemble_average_of(size, &options, &disorder, context.run)
                    .map_err(|e| Error::ising(name, e))?,
            )
        }
        None => {
            let Some(network) = context.network()? else {
                return Ok(());
            };
            let averages = simulate(&network, context.values.update, &sampling, context.run);
            let averages = averages.map_err(|e| context.fail(e))?;
            laws(context, &network, &averages, report);
            Found::One(averages)
        }
    };
    for (observable, definition) in OBSERVABLES {
        report.push_quantity(quantity(context, observable, definition, found.get(observable)));
    }
    report.push_table(table(context, &found));
    report.push_figure(history(
        context,
        &found,
        Observable::EntropyProduction,
        "entropy production",
        "nats",
    ));
    report.push_figure(history(
        context,
        &found,
        Observable::Magnetization,
        "magnetisation",
        "1",
    ));
    if let Found::Several(average) = &found {
        report.push_figure(draws(context, average));
    }
    if found
        .draws()
        .iter()
        .any(|averages| !averages.autocorrelation.is_empty())
    {
        report.push_figure(autocorrelation(context, &found));
    }
    // the exact values of one network say nothing of the mean over several
    if let (Found::One(averages), Some(exact)) = (&found, context.enumerated) {
        compare(averages, &exact, report);
    }
    let drift = found
        .draws()
        .iter()
        .map(|averages| averages.drift)
        .fold(0.0, f64::max);
    report.push_check(Check::new(
        "simulated_fields",
        "fields kept up to date flip by flip, and fields computed anew",
        drift,
        1e-3,
    ));
    if let Some(known) = context.infinite
        && spins::ensemble(&context.values, None).is_some()
    {
        context.draw_beside_infinite = Some(match &found {
            Found::One(averages) => beside_infinite(context, averages, &known, size)?,
            Found::Several(average) => mean_beside_infinite(average, &known, size),
        });
    }
    context.simulated = Some(Simulated {
        magnetization: found.get(Observable::Magnetization),
        entropy_production: found.get(Observable::EntropyProduction),
        is_of_one: matches!(found, Found::One(_)),
    });
    Ok(())
}

/// What is wrong with measurements of an alternating state an even number of steps apart.
pub(super) fn one_phase_only(context: &Context<'_>, known: Option<&Known>) -> Option<String> {
    let every = context.values.sampling.as_ref()?.every;
    (known?.alternates && every % 2 == 0).then(|| {
        format!(
            "Parallel updates of this network alternate from step to step, and measurements every {every} steps see one half of them only: averages are not those \
             of both, and are not compared with the infinite network; take an odd number for `simulation.every`."
        )
    })
}

/// A simulated quantity in its unit, with its error.
pub(super) fn quantity(
    context: &Context<'_>,
    observable: Observable,
    definition: &Definition,
    estimate: Estimate,
) -> irrev_report::Quantity {
    let found = context
        .quantity(definition, estimate.value)
        .in_unit(unit(context, observable))
        .estimate(estimate.standard_error);
    match observable {
        Observable::EntropyProduction | Observable::Magnetization => found.key(),
        _ => found,
    }
}

pub(super) fn unit(context: &Context<'_>, observable: Observable) -> String {
    match observable {
        Observable::Magnetization | Observable::Magnitude => "1".into(),
        Observable::Activity => context.per_time("1"),
        _ => context.per_time("nats"),
    }
}

pub(super) fn label(definition: &Definition) -> String {
    let words = definition.label.trim_end_matches(", simulated");
    words.trim_end_matches(" per spin").to_owned()
}

fn table(context: &Context<'_>, found: &Found) -> Table {
    let rows =
        OBSERVABLES.map(|(observable, definition)| (label(definition), found.get(observable), observable));
    let thermal = |observable| match found {
        Found::One(averages) => averages.get(observable).standard_error,
        Found::Several(average) => average.thermal_error(observable),
    };
    let times = |observable| -> f64 {
        let all = found
            .draws()
            .iter()
            .map(|draw| draw.autocorrelation_time(observable));
        all.fold(0.0, f64::max)
    };
    let disorder = |observable| match found {
        Found::One(_) => f64::NAN,
        Found::Several(average) => average.get(observable).standard_error,
    };
    let draws = found.draws().len();
    let replicas = found.draws().first().map_or(0, |averages| averages.replicas);
    Table::new(
        "simulation",
        format!(
            "Averages per spin over {replicas} replicas and {draws} draw{}, {}",
            if draws == 1 { "" } else { "s" },
            context.method()
        ),
    )
    .text("quantity", rows.iter().map(|row| row.0.clone()).collect())
    .numbers("average", "", rows.iter().map(|row| row.1.value).collect())
    .numbers(
        "thermal error",
        "",
        rows.iter().map(|row| thermal(row.2)).collect(),
    )
    .numbers(
        "error with disorder",
        "",
        rows.iter().map(|row| disorder(row.2)).collect(),
    )
    .text("unit", rows.iter().map(|row| unit(context, row.2)).collect())
    .numbers(
        "autocorrelation time",
        time_unit(context),
        rows.iter().map(|row| times(row.2)).collect(),
    )
}

fn time_unit(context: &Context<'_>) -> String {
    if context.is_one_at_a_time() {
        context.units.time().to_owned()
    } else {
        "steps".into()
    }
}

fn history(context: &Context<'_>, found: &Found, observable: Observable, words: &str, unit: &str) -> Figure {
    let unit = if unit == "1" {
        "1".to_owned()
    } else {
        context.per_time(unit)
    };
    let mut lines = Lines::new(
        Axis::new("time after burn-in", time_unit(context)),
        Axis::new(words, unit),
    );
    for (k, averages) in found.draws().iter().take(SHOWN).enumerate() {
        let (times, values): (Vec<f64>, Vec<f64>) = averages.history(observable).into_iter().unzip();
        lines = lines.curve(Curve::new(format!("draw {k}"), times, values));
    }
    lines = lines.mark(Mark::horizontal(found.get(observable).value, "average"));
    Figure::new(
        format!(
            "simulated_{}",
            words.replace(' ', "_").replace("magnetisation", "magnetization")
        ),
        format!("Simulated {words} over time"),
        "Per spin, averaged over replicas and stretches of time. A trend would say that the burn-in was too short.",
        lines,
    )
}

/// What each draw of the disorder has, with its thermal error.
fn draws(context: &Context<'_>, average: &EnsembleAverage) -> Figure {
    let estimates: Vec<(Estimate, Estimate)> = average
        .draws
        .iter()
        .map(|draw| {
            (
                draw.get(Observable::Magnetization),
                draw.get(Observable::EntropyProduction),
            )
        })
        .collect();
    let column = |of: &dyn Fn(&(Estimate, Estimate)) -> f64| estimates.iter().map(of).collect::<Vec<f64>>();
    let curve = Curve::new("draws", column(&|e| e.0.value), column(&|e| e.1.value))
        .with_band(
            column(&|e| e.1.value - e.1.standard_error),
            column(&|e| e.1.value + e.1.standard_error),
        )
        .styled(CurveStyle::Markers);
    Figure::new(
        "simulated_draws",
        "Draws of the network",
        "Entropy production against magnetisation, a point for each draw with its thermal error. How far the points are apart is the disorder.",
        Lines::new(
            Axis::new("magnetisation", "1"),
            Axis::new("entropy production", context.per_time("nats")),
        )
        .curve(curve),
    )
}

fn autocorrelation(context: &Context<'_>, found: &Found) -> Figure {
    let mut lines = Lines::new(
        Axis::new("lag", time_unit(context)),
        Axis::new("autocorrelation", "1"),
    );
    for (k, averages) in found.draws().iter().take(SHOWN).enumerate() {
        let points = &averages.autocorrelation;
        let column = |of: &dyn Fn(&(f64, Estimate)) -> f64| points.iter().map(of).collect::<Vec<f64>>();
        lines = lines.curve(
            Curve::new(format!("draw {k}"), column(&|p| p.0), column(&|p| p.1.value))
                .with_band(
                    column(&|p| p.1.value - p.1.standard_error),
                    column(&|p| p.1.value + p.1.standard_error),
                )
                .styled(CurveStyle::Markers),
        );
    }
    Figure::new(
        "simulated_autocorrelation",
        "Simulated autocorrelation of spins",
        "C(τ) = ⟨s_i(t+τ) s_i(t)⟩, averaged over all spins, with one standard error.",
        lines,
    )
}

/// One draw beside infinitely many spins: what is no thermal error is that of the draw, and how large that is.
fn beside_infinite(context: &Context<'_>, averages: &Averages, known: &Known, size: usize) -> Result<String> {
    let found = averages.get(Observable::EntropyProduction);
    let number = |x: f64| readable_number(x, 2);
    let difference = found.value - known.entropy_production;
    let spread = match (context.infinite_network(), context.values.update) {
        (Ok(network), Update::Parallel | Update::Sequential)
            if !known.alternates && network.inverse_temperature.is_finite() =>
        {
            let spread = network
                .draw_spread(size, context.branch())
                .map_err(|e| context.fail(e))?;
            Some(match context.values.update {
                Update::Sequential => spread.entropy_production_rate,
                _ => spread.entropy_production,
            })
        }
        _ => None,
    };
    let draw = match spread {
        Some(spread) => format!(
            "networks of {size} spins spread by about {} from draw to draw",
            number(spread)
        ),
        None => format!(
            "how far networks of {size} spins spread from draw to draw is not known here, and several draws (`network.draws`) tell"
        ),
    };
    Ok(format!(
        "The one draw that was simulated differs from infinitely many spins by {}: its thermal error is {}, and {draw}, however long they are watched. Averages over draws are off by an amount of order 1/N, which several sizes (`network.size`) tell.",
        number(difference),
        number(found.standard_error)
    ))
}

/// The mean over several draws beside infinitely many spins: draws scatter less the more there are, the effect of the size stays.
fn mean_beside_infinite(average: &EnsembleAverage, known: &Known, size: usize) -> String {
    let found = average.get(Observable::EntropyProduction);
    let number = |x: f64| readable_number(x, 2);
    format!(
        "The mean over {} draws differs from infinitely many spins by {}, where its error over draws is {}. More draws lessen that error, but averages over networks of {size} spins are off by an amount of order 1/N = {}, which several sizes (`network.size`) tell.",
        average.draws.len(),
        number(found.value - known.entropy_production),
        number(found.standard_error),
        number(1.0 / size as f64)
    )
}

/// The second law, and equilibrium where couplings are symmetric.
fn laws(context: &Context<'_>, network: &KineticIsing, averages: &Averages, report: &mut Report) {
    let production = averages.entropy_production();
    // for an exact 0 there is no error to measure it by
    let in_errors = |distance: f64| {
        if distance <= ROUNDING {
            0.0
        } else {
            distance / production.standard_error
        }
    };
    report.push_check(Check::new(
        "simulated_second_law",
        format!("the simulated entropy production is not negative by more than {CHANCE} standard errors (false alarm 3e-7)"),
        in_errors((-production.value).max(0.0)),
        CHANCE,
    ));
    let is_equilibrium = match context.values.update {
        Update::Parallel => true,
        Update::Sequential => network.couplings().first_self_coupling().is_none(),
        _ => false,
    };
    if is_equilibrium && spins::are_symmetric(network.couplings()) {
        report.push_check(Check::new(
            "simulated_equilibrium",
            format!("symmetric couplings make no entropy: |σ| within {CHANCE} standard errors of 0 (false alarm 6e-7)"),
            in_errors(production.value.abs()),
            CHANCE,
        ));
    }
}

/// Simulated averages beside exact values of the same network.
fn compare(averages: &Averages, exact: &Known, report: &mut Report) {
    let compared: Vec<(String, Estimate, f64)> = OBSERVABLES
        .iter()
        .filter_map(|(observable, definition)| {
            Some((
                label(definition),
                averages.get(*observable),
                exact.of(*observable)?,
            ))
        })
        .collect();
    let deviation = |estimate: &Estimate, exact: f64| {
        let (distance, error) = ((estimate.value - exact).abs(), estimate.standard_error);
        if distance <= ROUNDING {
            0.0
        } else {
            distance / error
        }
    };
    report.push_table(
        Table::new("simulated_and_exact", "Simulation beside enumeration, per spin")
            .text("quantity", compared.iter().map(|c| c.0.clone()).collect())
            .numbers("simulated", "", compared.iter().map(|c| c.1.value).collect())
            .numbers(
                "standard error",
                "",
                compared.iter().map(|c| c.1.standard_error).collect(),
            )
            .numbers("exact", "", compared.iter().map(|c| c.2).collect())
            .numbers(
                "deviation in standard errors",
                "",
                compared.iter().map(|c| deviation(&c.1, c.2)).collect(),
            ),
    );
    for (words, estimate, exact) in &compared {
        report.push_check(Check::new(
            format!("simulated_{}", words.replace(' ', "_")),
            format!("simulated {words} within {CHANCE} standard errors of the exact one (false alarm 6e-7)"),
            deviation(estimate, *exact),
            CHANCE,
        ));
    }
}
