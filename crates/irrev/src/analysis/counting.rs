//! Section: observables, their fluctuations, and uncertainty relations.

use irrev_network::bounds::uncertainty_relation;
use irrev_network::dynamics::CountingStatistics;
use irrev_report::{
    Axis, Bound, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Quantity, Report, Table,
};

use super::context::Context;
use super::definitions::{
    DISSIPATION_BOUND, ENTROPY_FANO_FACTOR, ENTROPY_VARIANCE_RATE, MEAN_CURRENT, VARIANCE_RATE,
};
use super::sweep::Scalars;
use crate::error::Result;

/// Tilts at which the generating function is drawn, from −1.2 to 0.2: fewer for larger networks, where each costs O(n³).
fn tilts(states: usize) -> usize {
    (1200 / states.max(1)).clamp(15, 57)
}

/// Largest number of states for which the generating function is drawn.
const STATES: usize = 120;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let spec = context.environment.spec();
    let fail = |e| context.fail(e);
    let kinetics = &context.system.kinetics;
    let (pi, flow) = context.steady()?;
    let statistics = CountingStatistics::around(kinetics, pi.clone()).map_err(fail)?;
    let finite = flow.entropy_production_rate().is_finite();
    let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
    for (k, observable) in spec.observables.iter().enumerate() {
        let weights = context.environment.observable_weights(k, &context.snapshot)?;
        let unit = observable
            .unit
            .clone()
            .unwrap_or_else(|| context.units.per_time());
        let relation = uncertainty_relation(&statistics, flow, &weights).map_err(fail)?;
        let cumulants = statistics.scaled_cumulants(&weights, 4).map_err(fail)?.values;
        let name = &observable.name;
        let words = name.replace('_', " ");
        let labelled = |definition: &Definition, label: String| Definition {
            label: label.into(),
            ..definition.clone()
        };
        let mut mean = Quantity::new(labelled(&MEAN_CURRENT, words.clone()), relation.mean)
            .named(name)
            .in_unit(&unit)
            .key();
        if let Some(doc) = &observable.doc {
            mean = mean.with_note(doc.clone());
        }
        report.push_quantity(mean);
        report.push_quantity(
            Quantity::new(
                labelled(&VARIANCE_RATE, format!("variance rate of {words}")),
                relation.variance_rate,
            )
            .named(format!("{name}_variance_rate"))
            .in_unit(format!("({unit})²·{}", context.units.time())),
        );
        let mut push = |short: &str, statement: String, product: f64, least: f64, assumption: &str| {
            let bound_name = format!("{short}_{name}");
            report.push_bound(if product.is_nan() {
                Bound::not_applicable(
                    bound_name,
                    statement,
                    "the observable has no mean, so no precision to bound",
                )
            } else if product.is_infinite() {
                Bound::not_applicable(bound_name, statement, "the entropy production rate is infinite")
            } else {
                Bound::at_least(bound_name, statement, product, least).assuming(assumption)
            });
        };
        let stationary = "stationary Markov jump process";
        push(
            "thermodynamic_uncertainty",
            format!("{name}: variance rate × entropy production rate / mean² ≥ 2"),
            relation.thermodynamic_product,
            2.0,
            stationary,
        );
        push(
            "kinetic_uncertainty",
            format!("{name}: variance rate × activity / mean² ≥ 1"),
            relation.kinetic_product,
            1.0,
            stationary,
        );
        if finite {
            report.push_quantity(
                context
                    .quantity(
                        &labelled(&DISSIPATION_BOUND, format!("dissipation seen by {words}")),
                        relation.dissipation_bound,
                    )
                    .named(format!("{name}_dissipation_bound"))
                    .of_kind(irrev_report::QuantityKind::LowerBound),
            );
        }
        rows.push((name.clone(), cumulants));
    }
    let steady = context.steady()?;
    let scalars = Scalars::evaluate(context.environment, &context.snapshot, &context.system, steady)?;
    for (derived, value) in spec.derived.iter().zip(&scalars.derived) {
        let definition = Definition {
            name: derived.name.clone().into(),
            label: derived.name.replace('_', " ").into(),
            symbol: derived.symbol.clone().unwrap_or_default().into(),
            unit: derived.unit.clone().unwrap_or_else(|| "1".into()).into(),
            formula: "".into(),
            explanation: derived
                .doc
                .clone()
                .unwrap_or_else(|| format!("derived: {}", derived.value.text()))
                .into(),
            source: "the model file".into(),
        };
        match value {
            Ok(value) => report.push_quantity(Quantity::new(definition, *value).key()),
            Err(error) => report.push_warning(format!(
                "The derived quantity \"{}\" has no value: {error}",
                derived.name
            )),
        }
    }
    if finite {
        let entropy = statistics.entropy_cumulants(4).map_err(fail)?.values;
        report.push_quantity(context.quantity(&ENTROPY_VARIANCE_RATE, entropy[1]));
        // in equilibrium mean and variance vanish together; their ratio is then the rounding of both
        if entropy[0] > 1e-12 * flow.activity() {
            report.push_quantity(context.quantity(&ENTROPY_FANO_FACTOR, entropy[1] / entropy[0]));
            report.push_bound(
                Bound::at_least(
                    "thermodynamic_uncertainty_entropy",
                    "entropy production: variance rate / mean ≥ 2",
                    entropy[1] / entropy[0],
                    2.0,
                )
                .assuming("stationary Markov jump process"),
            );
        }
        report.push_check(Check::new(
            "first_cumulant",
            "|first cumulant of the entropy delivered to the medium − entropy production rate|",
            (entropy[0] - flow.entropy_production_rate()).abs(),
            1e-10 * entropy[0].abs() + 1e-12 * flow.activity(),
        ));
        rows.push(("entropy delivered to the medium".into(), entropy));
        if pi.len() <= STATES {
            generating_function(context, &statistics, report)?;
        }
    }
    let column = |k: usize| rows.iter().map(|r| r.1[k]).collect();
    report.push_table(
        Table::new(
            "scaled_cumulants",
            "Scaled cumulants lim κₙ(t)/t of the observables and of the entropy production",
        )
        .text("current", rows.iter().map(|r| r.0.clone()).collect())
        .numbers("first", "", column(0))
        .numbers("second", "", column(1))
        .numbers("third", "", column(2))
        .numbers("fourth", "", column(3)),
    );
    Ok(())
}

fn generating_function(
    context: &Context<'_>,
    statistics: &CountingStatistics<'_>,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| context.fail(e);
    let medium = context.system.kinetics.medium_entropy_change();
    let at = |chi: f64| {
        statistics
            .scaled_generating_function(&medium, chi, context.run)
            .map(|g| g.value)
    };
    let tilts = tilts(context.network().states().len());
    let chi: Vec<f64> = (0..tilts)
        .map(|k| -1.2 + 1.4 * k as f64 / (tilts - 1) as f64)
        .collect();
    let values = chi
        .iter()
        .map(|&c| at(c))
        .collect::<irrev_network::Result<Vec<f64>>>();
    let Ok(values) = values else {
        report.push_warning(
            "The generating function of the entropy production leaves the range of numbers and is not drawn.",
        );
        return Ok(());
    };
    let mut asymmetry: f64 = 0.0;
    let mut size: f64 = 0.0;
    for c in [-0.1, -0.25, -0.4] {
        let (a, b) = (at(c).map_err(fail)?, at(-1.0 - c).map_err(fail)?);
        asymmetry = asymmetry.max((a - b).abs());
        size = size.max(a.abs());
    }
    let largest_rate = context
        .system
        .kinetics
        .exit_rates()
        .into_iter()
        .fold(0.0, f64::max);
    report.push_check(Check::new(
        "gallavotti_cohen",
        "|λ(χ) − λ(−1 − χ)| of the entropy delivered to the medium at χ = −0.1, −0.25, −0.4",
        asymmetry,
        4e-12 * largest_rate + 1e-10 * size,
    ));
    report.push_figure(Figure::new(
        "generating_function",
        "Large deviations of the entropy production",
        "Scaled cumulant generating function λ(χ) = lim ln⟨exp(χ S)⟩/t of the entropy S delivered to the medium; symmetric about χ = −1/2 (Gallavotti and Cohen), its slope at 0 is the entropy production rate.",
        Lines::new(Axis::new("tilt χ", "1/nat"), Axis::new("λ(χ)", context.units.per_time()))
            .curve(Curve::new("λ(χ)", chi, values).styled(CurveStyle::Line))
            .mark(Mark::vertical(-0.5, "symmetry")),
    ));
    Ok(())
}
