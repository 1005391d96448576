//! Section: entropy production, with what is needed to believe it.

use irrev_ising::inference::{
    EntropyProduction, LowerBound, LowerBoundOptions, NullDistribution, correlation_lower_bound,
};
use irrev_numerics::{Estimate, Run};
use irrev_report::{
    Axis, Bars, Bound, Check, Definition, Figure, Quantity, QuantityKind, Report, Table, readable_estimate,
    readable_number,
};

use super::definitions::{
    BACKWARDS_ENTROPY_PRODUCTION, CORRELATION_LOWER_BOUND, CROSS_FIT_ENTROPY_PRODUCTION,
    ENTROPY_PRODUCTION_PER_BIN, ENTROPY_PRODUCTION_PER_SECOND, ENTROPY_PRODUCTION_PER_SPIKE,
    P_VALUE_REVERSED_BLOCKS, P_VALUE_SHIFTED_UNITS, PLUG_IN_BIAS, SEPARATED_PAIRS,
};
use super::pictures;
use super::request::InferenceRequest;
use super::subject::Subject;
use crate::error::Result;

/// Rounding of sums over pairs and units relative to their terms, per term.
const ROUNDING: f64 = 1e-15;

/// Standard errors of the estimate within which the mean of a null must lie: bias beyond would show in the estimate.
const CENTRED: f64 = 3.0;

/// Standard errors between forward and backward values beyond which the model is said to fit one direction only.
const FORWARD_ONLY: f64 = 3.0;

/// p-values of nulls above this are likely by chance.
const LIKELY: f64 = 0.1;

/// Part of its standard error beyond which what the penalty takes from the estimate is told.
const SHRUNK: f64 = 0.5;

/// Pairs that are named.
const MOST_NAMED: usize = 3;

pub(super) fn add(
    subject: &Subject<'_>,
    request: &InferenceRequest,
    found: &EntropyProduction,
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let transitions = found.fit.transitions;
    let options = LowerBoundOptions {
        blocks: (transitions / 20).clamp(10, LowerBoundOptions::default().blocks),
        level: request.level,
        ..LowerBoundOptions::default()
    };
    let bound = correlation_lower_bound(&subject.raster, &options, run).map_err(|e| subject.fail(e))?;
    quantities(subject, found, &bound, report);
    checks(found, report);
    in_words(subject, found, &bound, report);
    tables(subject, found, &bound, report);
    figures(subject, found, report);
    one_direction(found, report);
    shrunk(found, report);
    Ok(())
}

/// Warns where the recording played backwards gives another number, which the same network cannot.
fn one_direction(found: &EntropyProduction, report: &mut Report) {
    let difference = found.backwards - found.cross_fit;
    let error = std::f64::consts::SQRT_2 * found.estimate.standard_error;
    if difference.abs() > FORWARD_ONLY * error {
        report.push_warning(format!(
            "Played backwards, the recording gives {} nats per bin instead of {}. Near reversibility a network with parallel updates gives both alike; far from it the reverse \
             of such a network is no such network, and the two differ even if the model is right. The entropy production is that of the model; the lower bound \
             presumes none.",
            readable_number(found.backwards, 3),
            readable_number(found.cross_fit, 3)
        ));
    }
}

/// Warns where the penalty takes more from the estimate than its interval allows for.
fn shrunk(found: &EntropyProduction, report: &mut Report) {
    let error = found.estimate.standard_error;
    if found.shrinkage.abs() > SHRUNK * error {
        report.push_warning(format!(
            "The penalty {} makes the entropy production smaller by some {} nats per bin, and its interval, ± {}, does not allow for that: take a smaller penalty.",
            readable_number(found.fit.penalty, 3),
            readable_number(found.shrinkage, 2),
            readable_number(error, 2)
        ));
    }
}

fn quantities(subject: &Subject<'_>, found: &EntropyProduction, bound: &LowerBound, report: &mut Report) {
    let of_width = format!("bins of {}", subject.width_in_words());
    let scaled = |definition: Definition, scale: f64| {
        Quantity::new(definition, scale * found.estimate.value)
            .estimate(scale * found.estimate.standard_error)
            .with_note(of_width.clone())
    };
    report.push_quantity(scaled(ENTROPY_PRODUCTION_PER_BIN, 1.0).key());
    if let Some(width) = subject.width {
        report.push_quantity(scaled(ENTROPY_PRODUCTION_PER_SECOND, 1.0 / width).key());
    }
    if subject.spikes.is_some() {
        report.push_quantity(scaled(ENTROPY_PRODUCTION_PER_SPIKE, 1.0 / subject.spikes_per_bin()).key());
    }
    let error = found.estimate.standard_error;
    report.push_quantity(Quantity::new(CROSS_FIT_ENTROPY_PRODUCTION, found.cross_fit).estimate(error));
    report.push_quantity(Quantity::new(PLUG_IN_BIAS, found.plug_in_bias).with_note(format!(
        "the plug-in value is {} nats per bin, {} % of it bias",
        readable_number(found.plug_in, 4),
        readable_number(100.0 * found.plug_in_bias / found.plug_in, 2)
    )));
    report.push_quantity(Quantity::new(BACKWARDS_ENTROPY_PRODUCTION, found.backwards).estimate(error));
    for (definition, null) in [
        (P_VALUE_SHIFTED_UNITS, &found.shifted),
        (P_VALUE_REVERSED_BLOCKS, &found.reversed_blocks),
    ] {
        report.push_quantity(p_value(definition, null));
    }
    report.push_quantity(
        Quantity::new(CORRELATION_LOWER_BOUND, bound.estimate.value).estimate(bound.estimate.standard_error),
    );
    report.push_bound(
        Bound::at_least(
            "entropy_production_above_lower_bound",
            "entropy production by the model ≥ lower bound from lagged correlations",
            found.estimate.value,
            bound.estimate.value,
        )
        .assuming("a stationary recording made by parallel updates with one step of memory")
        .in_unit("nats/bin")
        .with_errors(found.estimate.standard_error, bound.estimate.standard_error)
        .with_note("a violation says that the model misses irreversibility which the recording has"),
    );
}

/// The smallest p-value that the draws of a null can give, if it is the one found: the true one is not above it, and more draws would tell.
fn smallest(null: &NullDistribution) -> Option<String> {
    let draws = null.cross_fit.len();
    let is_smallest = null.p_value <= 1.0 / (1.0 + draws as f64);
    is_smallest.then(|| format!("the smallest that {draws} draws can give"))
}

fn p_value(definition: Definition, null: &NullDistribution) -> Quantity {
    let quantity = Quantity::new(definition, null.p_value);
    match smallest(null) {
        Some(note) => quantity.of_kind(QuantityKind::UpperBound).with_note(note),
        None => quantity.with_note(format!("from {} draws", null.cross_fit.len())),
    }
}

/// "p = 0.33", or what is known of it.
fn p_in_words(null: &NullDistribution) -> String {
    let value = readable_number(null.p_value, 2);
    match smallest(null) {
        Some(smallest) => format!("p ≤ {value}, {smallest}"),
        None => format!("p = {value}"),
    }
}

fn checks(found: &EntropyProduction, report: &mut Report) {
    let n = found.units.len();
    let pairs: f64 = (0..n)
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .map(|pair| found.pairs[pair])
        .sum();
    let units: f64 = found.units.iter().sum();
    let size: f64 = found.pairs.data().iter().map(|x| x.abs()).sum::<f64>() + found.cross_fit.abs();
    // terms of single units are larger than those of pairs, whose symmetric parts cancel
    let size = size + found.units.iter().map(|x| x.abs()).sum::<f64>() + 1.0;
    let rounding = ROUNDING * size * (n * n) as f64;
    report.push_check(Check::new(
        "pairs_add_up",
        "Σ over pairs less the cross-fit entropy production, nats per bin",
        pairs - found.cross_fit,
        rounding,
    ));
    report.push_check(Check::new(
        "units_add_up",
        "Σ over units less the cross-fit entropy production, nats per bin",
        units - found.cross_fit,
        rounding,
    ));
    let (low, high) = found.estimate.interval;
    let outside = (low - found.estimate.value)
        .max(found.estimate.value - high)
        .max(0.0);
    report.push_check(Check::new(
        "interval_holds_estimate",
        "how far the estimate lies outside of its interval, nats per bin",
        outside,
        0.0,
    ));
    for (name, what, null) in [
        (
            "shifted_nulls_centred",
            "units shifted in circles",
            &found.shifted,
        ),
        (
            "reversed_nulls_centred",
            "blocks of time reversed",
            &found.reversed_blocks,
        ),
    ] {
        report.push_check(Check::new(
            name,
            format!("mean cross-fit value of data with {what}, in standard errors of the estimate"),
            mean(&null.cross_fit) / found.estimate.standard_error,
            CENTRED,
        ));
    }
}

pub(super) fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Standard deviation; 0 for a single number.
pub(super) fn spread(x: &[f64]) -> f64 {
    let centre = mean(x);
    let squares: f64 = x.iter().map(|x| (x - centre) * (x - centre)).sum();
    if x.len() < 2 {
        0.0
    } else {
        (squares / (x.len() - 1) as f64).sqrt()
    }
}

fn in_words(subject: &Subject<'_>, found: &EntropyProduction, bound: &LowerBound, report: &mut Report) {
    let estimate = &found.estimate;
    let level = readable_number(100.0 * estimate.level, 4);
    let (low, high) = estimate.interval;
    let seconds = subject.width.map_or_else(String::new, |width| {
        format!(
            ", {} nats per second",
            readable_estimate(estimate.value / width, Some(estimate.standard_error / width))
        )
    });
    let spikes = match subject.spikes {
        Some(_) => {
            let each = 1.0 / subject.spikes_per_bin();
            format!(
                ", {} nats per spike",
                readable_estimate(each * estimate.value, Some(each * estimate.standard_error))
            )
        }
        None => String::new(),
    };
    // by the nulls, whatever the interval says
    let by_chance = [&found.shifted, &found.reversed_blocks]
        .iter()
        .any(|null| null.p_value > LIKELY);
    let verdict = if low > 0.0 && by_chance {
        "the interval is above zero, but data without a direction of time give as much by chance, so the recording does not show irreversibility"
    } else if low > 0.0 {
        "the recording is irreversible"
    } else if high < 0.0 {
        "no entropy production is negative, so the network that was fitted does not describe the recording: take wider bins, more data or another penalty"
    } else if bound.estimate.interval.0 > 0.0 {
        "this interval holds zero, but that of the lower bound does not, so that the recording is irreversible by an amount that is not well known"
    } else {
        "the interval holds zero, so the recording does not show irreversibility"
    };
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "In bins of {} the network produces {} nats per bin ({level} % interval {} to {}){seconds}{spikes}: {verdict}.",
            subject.width_in_words(),
            readable_estimate(estimate.value, Some(estimate.standard_error)),
            readable_number(low, 3),
            readable_number(high, 3),
        ),
    );
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Without a direction of time the same analysis gives {} ± {} (units shifted in circles: {}) and {} ± {} (blocks of time reversed: {}) nats per bin.",
            readable_number(mean(&found.shifted.cross_fit), 2),
            readable_number(spread(&found.shifted.cross_fit), 2),
            p_in_words(&found.shifted),
            readable_number(mean(&found.reversed_blocks.cross_fit), 2),
            readable_number(spread(&found.reversed_blocks.cross_fit), 2),
            p_in_words(&found.reversed_blocks),
        ),
    );
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Couplings and correlations from the same data would give {} nats per bin, of which {} are bias (shifted units still give {} on average).",
            readable_number(found.plug_in, 3),
            readable_number(found.plug_in_bias, 3),
            readable_number(mean(&found.shifted.plug_in), 3),
        ),
    );
    if report
        .quantity(SEPARATED_PAIRS.name.as_ref())
        .is_some_and(|pairs| pairs.value > 0.0)
    {
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            "Where one state is never followed by another the data set no upper limit to couplings, and so none to the entropy production: the estimate is what couplings as large as such data make likely (Jeffreys' prior) produce.",
        );
    }
    let says = if bound.estimate.value > 0.0 {
        ""
    } else {
        ", which says nothing"
    };
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Whatever made it, lagged correlations alone demand at least {} nats per bin{says}.",
            readable_estimate(bound.estimate.value, Some(bound.estimate.standard_error))
        ),
    );
    where_it_dissipates(subject, found, report);
}

fn where_it_dissipates(subject: &Subject<'_>, found: &EntropyProduction, report: &mut Report) {
    let n = subject.labels.len();
    let mut pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    pairs.sort_by(|a, b| found.pairs[*b].total_cmp(&found.pairs[*a]));
    let named: Vec<String> = pairs
        .iter()
        .take(MOST_NAMED)
        .map(|&(i, j)| {
            format!(
                "{} and {} ({})",
                subject.labels[j],
                subject.labels[i],
                readable_number(found.pairs[(i, j)], 2)
            )
        })
        .collect();
    report.push_summary(
        Report::WHERE_IT_DISSIPATES,
        format!(
            "The pairs with the largest shares: {} nats per bin. Shares have errors of their own and the largest of many is too large.",
            named.join(", ")
        ),
    );
}

fn tables(subject: &Subject<'_>, found: &EntropyProduction, bound: &LowerBound, report: &mut Report) {
    let mut per = vec![("bin", "nats/bin", 1.0)];
    if let Some(width) = subject.width {
        per.push(("second", "nats/s", 1.0 / width));
    }
    if subject.spikes.is_some() {
        per.push(("spike", "nats/spike", 1.0 / subject.spikes_per_bin()));
    }
    let column = |of: &dyn Fn(&Estimate) -> f64| -> Vec<f64> {
        per.iter()
            .flat_map(|(_, _, scale)| [scale * of(&found.estimate), scale * of(&bound.estimate)])
            .collect()
    };
    let rows = per.iter().flat_map(|(per, unit, _)| {
        [
            (format!("entropy production per {per}"), unit.to_string()),
            (format!("lower bound per {per}"), unit.to_string()),
        ]
    });
    let (what, units): (Vec<String>, Vec<String>) = rows.unzip();
    report.push_table(
        Table::new(
            "entropy_production",
            format!(
                "Estimates with {} % intervals, bins of {}",
                readable_number(100.0 * found.estimate.level, 4),
                subject.width_in_words()
            ),
        )
        .text("what", what)
        .text("unit", units)
        .numbers("value", "", column(&|e| e.value))
        .numbers("standard_error", "", column(&|e| e.standard_error))
        .numbers("lower", "", column(&|e| e.interval.0))
        .numbers("upper", "", column(&|e| e.interval.1))
        .numbers("bias_removed", "", column(&|e| e.bias_correction)),
    );
    let nulls = |of: fn(&NullDistribution) -> &Vec<f64>| {
        let mut all = of(&found.shifted).clone();
        all.extend(of(&found.reversed_blocks));
        all
    };
    let kinds = [
        ("units shifted in circles", &found.shifted),
        ("blocks of time reversed", &found.reversed_blocks),
    ];
    report.push_table(
        Table::new(
            "nulls",
            "The same analysis of data without a direction of time, draw by draw",
        )
        .text(
            "null",
            kinds
                .iter()
                .flat_map(|(name, null)| vec![(*name).to_owned(); null.cross_fit.len()])
                .collect(),
        )
        .numbers("cross_fit", "nats/bin", nulls(|null| &null.cross_fit))
        .numbers("plug_in", "nats/bin", nulls(|null| &null.plug_in)),
    );
    let n = subject.labels.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).collect();
    report.push_table(
        Table::new(
            "entropy_production_of_pairs",
            "Shares of pairs by cross-fit; they add up to the cross-fit value",
        )
        .text("one", pairs.iter().map(|p| subject.labels[p.0].clone()).collect())
        .text(
            "other",
            pairs.iter().map(|p| subject.labels[p.1].clone()).collect(),
        )
        .numbers(
            "entropy_production",
            "nats/bin",
            pairs.iter().map(|p| found.pairs[*p]).collect(),
        ),
    );
    report.push_table(
        Table::new(
            "entropy_production_of_units",
            "Shares of units by cross-fit: half of what their pairs produce; and the terms Σ_j (J_ij − J_ji) ⟨s_i' s_j⟩ of each as the later unit, which are large and cancel. Both add up to the cross-fit value",
        )
        .text("unit", subject.labels.clone())
        .numbers("entropy_production", "nats/bin", halves_of_pairs(found))
        .numbers("as_later_unit", "nats/bin", found.units.clone()),
    );
}

/// Half of what the pairs of each unit produce.
fn halves_of_pairs(found: &EntropyProduction) -> Vec<f64> {
    let n = found.units.len();
    (0..n)
        .map(|i| 0.5 * (0..n).map(|j| found.pairs[(i, j)]).sum::<f64>())
        .collect()
}

fn figures(subject: &Subject<'_>, found: &EntropyProduction, report: &mut Report) {
    let width = subject.width_in_words();
    report.push_figure(Figure::new(
        "entropy_production_of_pairs",
        "Which pairs produce entropy",
        format!("Share of each pair in the cross-fit entropy production, bins of {width}; pairs below or above the diagonal add up to it."),
        pictures::matrix(
            &subject.labels,
            Axis::new("entropy production", "nats/bin"),
            |i, j| found.pairs[(i, j)],
        ),
    ));
    report.push_figure(Figure::new(
        "entropy_production_of_units",
        "Which units produce entropy",
        format!("Half of what the pairs of each unit produce, bins of {width}. Shares may be negative by chance; their sum is the cross-fit entropy production."),
        Bars::new(
            "unit",
            Axis::new("entropy production", "nats/bin"),
            subject.labels.clone(),
        )
        .group("cross-fit", halves_of_pairs(found)),
    ));
    let draws = found.shifted.cross_fit.len();
    let categories = ["recording", "units shifted in circles", "blocks of time reversed"];
    report.push_figure(Figure::new(
        "nulls",
        "Entropy production of the recording, and of data without a direction of time",
        format!(
            "Entropy production by cross-fit and by plug-in, bins of {width}. Error bars: standard error of the recording, standard deviation of {draws} draws of each null. What the nulls have above zero is bias."
        ),
        Bars::new(
            format!("recording ± standard error; data without a direction of time: mean ± spread of {draws} draws"),
            Axis::new("entropy production", "nats/bin"),
            categories.map(str::to_owned).into(),
        )
        .group_with_errors(
            "cross-fit",
            vec![
                found.cross_fit,
                mean(&found.shifted.cross_fit),
                mean(&found.reversed_blocks.cross_fit),
            ],
            vec![
                found.estimate.standard_error,
                spread(&found.shifted.cross_fit),
                spread(&found.reversed_blocks.cross_fit),
            ],
        )
        .group_with_errors(
            "plug-in (biased)",
            vec![
                found.plug_in,
                mean(&found.shifted.plug_in),
                mean(&found.reversed_blocks.plug_in),
            ],
            vec![
                found.estimate.standard_error,
                spread(&found.shifted.plug_in),
                spread(&found.reversed_blocks.plug_in),
            ],
        ),
    ));
}
