//! The protocol of least dissipation: its rates in time, the master equation under them, and what other ways cost.

use irrev_network::bounds::PathIntegrals;
use irrev_network::transport::{
    Geodesic, OptimalProtocol, ProtocolMoment, SimulatedProtocol, StraightPath, straight_path,
};
use irrev_network::{Error as NetworkError, Kinetics};
use irrev_numerics::{Run, Tolerance};
use irrev_report::{Axis, Check, Curve, Figure, Lines, Report, Table, readable_number};

use super::ends::End;
use super::limits::Question;
use super::path::seen;
use super::times_as;

/// Heading of the summary.
const HOW_CHEAPLY: &str = "How cheaply";

/// Accuracy of a step of the simulation, and of the integrals along the other ways.
const ACCURACY: f64 = 1e-8;

/// More states than these are not simulated: a step solves linear equations of that size.
const MOST_STATES: usize = 400;

/// Even steps of time that the table has at least.
const STEPS: usize = 64;

/// Most numbers of the table.
const MOST_NUMBERS: usize = 200_000;

/// Transitions whose rates are drawn, in both directions.
const MOST_TRANSITIONS: usize = 5;

/// Rates over more than this factor are drawn on a logarithmic axis.
const WIDE: f64 = 50.0;

/// Adds the protocol along the geodesic; `alone` is the model's own relaxation over the same time, which ends `missed` from the second distribution.
pub(super) fn add(
    question: &Question<'_>,
    geodesic: &Geodesic,
    alone: Option<&PathIntegrals>,
    run: &Run<'_>,
    report: &mut Report,
) -> irrev_network::Result<()> {
    if geodesic.upper_bound() == 0.0 {
        return Ok(());
    }
    let kinetics = &question.system.kinetics;
    let protocol = OptimalProtocol::along(kinetics, geodesic.clone(), question.duration)?;
    let (times, moments) = rates(&protocol)?;
    report.push_table(table(question, &times, &moments));
    report.push_figure(figure(question, &times, &moments));
    let straight = straight_path(
        kinetics,
        &question.from.distribution,
        &question.to.distribution,
        Tolerance::relative(ACCURACY),
        run,
    )?;
    let done = simulated(&protocol, run, report)?;
    if let Some(done) = &done {
        checks(&protocol, done, report);
    }
    report.push_table(costs(question, &protocol, done.as_ref(), straight, alone)?);
    report.push_summary(
        HOW_CHEAPLY,
        in_words(question, &protocol, done.as_ref(), straight),
    );
    Ok(())
}

/// The master equation under the protocol; `None`, with a sentence, where it is too large or cannot be followed.
fn simulated(
    protocol: &OptimalProtocol,
    run: &Run<'_>,
    report: &mut Report,
) -> irrev_network::Result<Option<SimulatedProtocol>> {
    let states = protocol.geodesic().network().states().len();
    if states > MOST_STATES {
        let sentence = format!(
            "The protocol was not simulated: of the {states} states, {MOST_STATES} are the most for which a report does it."
        );
        report.push_summary(HOW_CHEAPLY, sentence);
        return Ok(None);
    }
    match protocol.simulated(Tolerance::relative(ACCURACY), run) {
        Ok(done) => Ok(Some(done)),
        Err(error @ (NetworkError::Evolution { .. } | NetworkError::AtTime { .. })) => {
            report.push_warning(format!("the protocol could not be simulated: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Even times, and those at which the path turns from one polynomial to the next, with the rates then.
fn rates(protocol: &OptimalProtocol) -> irrev_network::Result<(Vec<f64>, Vec<ProtocolMoment>)> {
    let geodesic = protocol.geodesic();
    let even = (0..=STEPS).map(|k| k as f64 / STEPS as f64);
    let mut times = geodesic.times();
    times.extend(even.clone());
    times.sort_by(f64::total_cmp);
    times.dedup();
    if times.len() * geodesic.network().edges().len() * 2 > MOST_NUMBERS {
        times = even.collect();
    }
    let times: Vec<f64> = times.iter().map(|t| t * protocol.duration()).collect();
    let moments = times
        .iter()
        .map(|&t| protocol.at(t))
        .collect::<irrev_network::Result<_>>()?;
    Ok((times, moments))
}

fn table(question: &Question<'_>, times: &[f64], moments: &[ProtocolMoment]) -> Table {
    let rate = question.units.apply("1/time");
    let network = question.system.kinetics.network();
    let start = Table::new(
        "protocol",
        "Rates that drive the system along the geodesic with the least dissipation",
    )
    .numbers("time", question.units.time(), times.to_vec());
    network
        .edges()
        .iter()
        .enumerate()
        .fold(start, |table, (e, edge)| {
            let column = |of: &dyn Fn(&ProtocolMoment) -> f64| moments.iter().map(of).collect();
            table
                .numbers(
                    format!("{} forward", edge.name),
                    &rate,
                    column(&|m| m.forward_rate[e]),
                )
                .numbers(
                    format!("{} backward", edge.name),
                    &rate,
                    column(&|m| m.backward_rate[e]),
                )
        })
}

fn figure(question: &Question<'_>, times: &[f64], moments: &[ProtocolMoment]) -> Figure {
    let edges = question.system.kinetics.network().edges();
    let empty = |end: &End| end.distribution.probabilities().contains(&0.0);
    let seen = seen((empty(question.from), empty(question.to)));
    let kept = times
        .iter()
        .zip(moments)
        .filter(|(t, _)| seen.contains(&(*t / question.duration)));
    let (times, moments): (Vec<f64>, Vec<&ProtocolMoment>) = kept.map(|(t, m)| (*t, m)).unzip();
    let of = |e: usize| {
        moments
            .iter()
            .flat_map(move |m| [m.forward_rate[e], m.backward_rate[e]])
    };
    let range = |e: usize| {
        let positive = || of(e).filter(|rate| *rate > 0.0);
        positive().fold(0.0, f64::max) / positive().fold(f64::INFINITY, f64::min)
    };
    let mut drawn: Vec<usize> = (0..edges.len())
        .filter(|&e| of(e).any(|rate| rate > 0.0))
        .collect();
    drawn.sort_by(|&a, &b| range(b).total_cmp(&range(a)).then(a.cmp(&b)));
    drawn.truncate(MOST_TRANSITIONS);
    drawn.sort_unstable();
    let all = || drawn.iter().flat_map(|&e| of(e)).filter(|rate| *rate > 0.0);
    let wide = all().fold(0.0, f64::max) > WIDE * all().fold(f64::INFINITY, f64::min);
    let axis = Axis::new("rate", question.units.apply("1/time"));
    let axis = if wide { axis.logarithmic() } else { axis };
    let lines = drawn.iter().fold(
        Lines::new(Axis::new("time", question.units.time()), axis),
        |lines, &e| {
            let curve = |name: String, rate: &dyn Fn(&ProtocolMoment) -> f64| {
                // a logarithmic axis has no place for a rate of zero
                let seen = |rate: f64| if wide && rate <= 0.0 { f64::NAN } else { rate };
                Curve::new(
                    name,
                    times.clone(),
                    moments.iter().map(|m| seen(rate(m))).collect(),
                )
            };
            let name = &edges[e].name;
            lines
                .curve(curve(name.clone(), &|m| m.forward_rate[e]))
                .curve(curve(format!("{name}, back"), &|m| m.backward_rate[e]))
        },
    );
    let others = if edges.len() > drawn.len() {
        format!(
            " Shown are the {} transitions (of {}) whose rates change most.",
            drawn.len(),
            edges.len()
        )
    } else {
        String::new()
    };
    Figure::new(
        "protocol_rates",
        "Rates of the cheapest protocol",
        format!(
            "Rates in time that lead from the first distribution to the second with the mobilities of the model and the least dissipation. Beside an empty state \
             they grow without limit, and the outermost hundredth of the time is left out.{others}"
        ),
        lines,
    )
}

/// What the simulation did beside what the certificate leaves open.
fn checks(protocol: &OptimalProtocol, done: &SimulatedProtocol, report: &mut Report) {
    let (cost, paid) = (protocol.cost(), done.entropy_production);
    let open = cost.relative_error().sqrt();
    report.push_check(Check::new(
        "protocol_end",
        "Σ |p(T) − p₁| of the master equation under the protocol; allowed is what the certificate leaves open",
        done.missed,
        open + done.state_error + 1e3 * protocol.resolved(),
    ));
    report.push_check(Check::new(
        "protocol_cost",
        "|∫ Σ̇ dt − W₂²/T| of the master equation under the protocol, in nats; allowed is what the certificate leaves open",
        (paid.value - cost.value).abs(),
        cost.error + paid.error + (done.mobility_deviation + 1e-6) * cost.value + ACCURACY,
    ));
}

/// One row for each way.
fn costs(
    question: &Question<'_>,
    protocol: &OptimalProtocol,
    done: Option<&SimulatedProtocol>,
    straight: StraightPath,
    alone: Option<&PathIntegrals>,
) -> irrev_network::Result<Table> {
    let (least, duration) = (protocol.cost().value, protocol.duration());
    let mut ways = vec![("least possible", least, 0.0)];
    ways.extend(done.map(|d| ("protocol, simulated", d.entropy_production.value, d.missed)));
    ways.extend([
        (
            "straight path at constant speed",
            straight.length.value.powi(2) / duration,
            0.0,
        ),
        (
            "straight path at an even pace",
            straight.action.value / duration,
            0.0,
        ),
    ]);
    if let Some(alone) = alone {
        let left = 2.0 * alone.end.total_variation(&question.to.distribution)?;
        ways.push(("left alone", alone.entropy_production.value, left));
    }
    let column = |of: fn(&(&str, f64, f64)) -> f64| ways.iter().map(of).collect::<Vec<f64>>();
    Ok(Table::new(
        "protocol_costs",
        "What the ways from the first distribution to the second dissipate in the same time with the same mobilities, and by how much they miss it (Σ|Δp|)",
    )
    .text("way", ways.iter().map(|w| w.0.to_owned()).collect())
    .numbers("entropy_production", "nats", column(|w| w.1))
    .numbers(
        "times_the_least",
        "1",
        ways.iter().map(|w| w.1 / least).collect(),
    )
    .numbers("misses_by", "1", column(|w| w.2)))
}

fn in_words(
    question: &Question<'_>,
    protocol: &OptimalProtocol,
    done: Option<&SimulatedProtocol>,
    straight: StraightPath,
) -> String {
    let least = protocol.cost().value;
    let simulated = done.map_or_else(String::new, |done| {
        format!(
            "Under the rates of the table protocol the master equation dissipates {} nats (at least {} are needed) and ends {} (Σ|Δp|) from {}. ",
            readable_number(done.entropy_production.value, 8),
            readable_number(least, 8),
            readable_number(done.missed, 2),
            question.to.label,
        )
    });
    let beside = if straight.length.value.is_finite() {
        let ratio = straight.action.value / (least * protocol.duration());
        format!(
            "The straight path, passed evenly, costs {} the cheapest one.",
            times_as("much", ratio)
        )
    } else {
        "The straight path leads through empty states, which costs an infinite amount.".into()
    };
    simulated + &beside
}
