//! How far apart two distributions of a jump process are, or two states of a reaction network, with the path that shows it.
//!
//! W₂ is the distance whose mobility is the edge Onsager coefficient: W₂²/τ is the least entropy production with which these rates, under any further
//! forces, could lead from the one distribution to the other in the time τ. It comes with an interval that is proven, not estimated, and with the geodesic.
//! W₁ and the total variation stand beside it. With a duration, the speed limits of the model's own relaxation from the first distribution follow, and the
//! rates in time that make the way along the geodesic, checked by simulation.
//!
//! Of reactions there is a shortest path found among many starts, which is locally optimal, and its exact length ([`reactions`]).
//!
//! Sources: J. Maas, J. Funct. Anal. 261, 2250 (2011); K. Yoshimura, A. Kolchinsky, A. Dechant and S. Ito, Phys. Rev. Res. 5, 013017 (2023).

mod amounts;
mod bounds_table;
mod ends;
mod figures;
mod limits;
mod masses;
mod path;
mod protocol;
mod reactions;
mod relaxation;

use irrev_network::transport::wasserstein1::NetworkTransport;
use irrev_network::transport::{
    Geodesic, Wasserstein1, Wasserstein2, Wasserstein2Options, wasserstein1, wasserstein2,
};
use irrev_network::{Kinetics, Network};
use irrev_numerics::{ErrorKind, Run};
use irrev_report::{
    Check, Definition, Quantity, QuantityKind, Report, Table, readable_lower_bound, readable_number,
    readable_upper_bound,
};

use super::definitions::{
    TOTAL_VARIATION, WASSERSTEIN1, WASSERSTEIN2, WASSERSTEIN2_GAP, WASSERSTEIN2_LOWER_BOUND,
    WASSERSTEIN2_UPPER_BOUND,
};
use super::units::Units;
use super::{cite, provenance};
use crate::error::{Error, Result};
use crate::model::{Environment, Markov, Model, Override};
use crate::system::System;
use ends::{End, Given, end};
use path::{Carried, Moments};

/// Heading of the summary.
const HOW_FAR: &str = "How far apart";

/// States of a component that are named.
const MOST_NAMED: usize = 8;

/// Rounding of W₁ relative to the largest length, per state.
const ROUNDING: f64 = 1e-14;

/// Which distance is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DistanceRequest {
    /// Other values for numbers of the model; default none.
    pub overrides: Vec<Override>,
    /// The first distribution: `uniform`, `stationary`, `initial`, `gibbs:RESERVOIR`, a state, `0.2,0.3,0.5`, or a file; default `initial`. Numbers that do
    /// not sum to 1 are masses, and the report is one of W₁ alone. Of a reaction model the first state: `initial`, `stationary`, `X=0.2,Y=1` with the others
    /// as initially, one number per dynamic species, or a file.
    pub from: String,
    /// The second one, likewise; default `stationary`.
    pub to: String,
    /// Width of the interval for W₂², relative to W₂²; 1e-10 to 0.1, default 1e-6. Of a reaction model, what the discretisation may add.
    pub tolerance: f64,
    /// Lengths of the transitions for W₁, in the order of the model; default 1 for each. Only of a Markov model.
    pub lengths: Option<Vec<f64>>,
    /// Time for bounds on time and dissipation; default that of the model, and none where it has none.
    pub duration: Option<f64>,
}

impl Default for DistanceRequest {
    fn default() -> Self {
        Self {
            overrides: Vec::new(),
            from: "initial".into(),
            to: "stationary".into(),
            tolerance: Wasserstein2Options::default().tolerance,
            lengths: None,
            duration: None,
        }
    }
}

/// The distances between two distributions of a Markov model, or the locally shortest path between two states of a reaction model, as a report.
///
/// ```
/// use irrev::analysis::{DistanceRequest, distance, vocabulary};
/// use irrev::source::SourceFile;
///
/// let text = "irrev = 1\nkind = \"markov\"\nstates = [\"a\", \"b\", \"c\"]\ntransitions = [\
///   { between = [\"a\", \"b\"], rates = { forward = 1.0, backward = 1.0 } },\
///   { between = [\"b\", \"c\"], rates = { forward = 1.0, backward = 1.0 } },\
///   { between = [\"c\", \"a\"], rates = { forward = 1.0, backward = 1.0 } } ]\n";
/// let model = irrev::model::parse(SourceFile::from_text("triangle.toml", text)?, &vocabulary())?;
/// let request = DistanceRequest { from: "0.6,0.3,0.1".into(), to: "0.1,0.2,0.7".into(), ..Default::default() };
/// let report = distance(&model, &request, &Default::default())?;
/// assert!((report.quantity("wasserstein2").unwrap().value - 0.7916137353448573).abs() < 1e-9);
/// assert!((report.quantity("wasserstein1").unwrap().value - 0.6).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Request`] for a value of an option that means nothing: a word that names no distribution, numbers that are none, totals that differ, a duration
/// that is not positive, a tolerance or a length out of range; [`Error::Numbers`] for the same in a file; [`Error::NotPossible`] for rates that depend on time or a refused thermodynamics; [`Error::Network`] for one-way transitions (by name), memory over
/// the limit, a cancelled run. A distance that is infinite is no error.
pub fn distance(model: &Model, request: &DistanceRequest, run: &Run<'_>) -> Result<Report> {
    let work = || match model {
        Model::Markov(spec) => markov(spec, request, run),
        Model::Reactions(spec) => reactions::report(spec, request, run),
        Model::Ising(spec) => Err(no_distance(spec.source.name(), "a network of spins")),
        Model::Quantum(spec) => Err(no_distance(spec.source.name(), "a quantum lattice")),
        Model::Langevin(spec) => Err(no_distance(spec.source.name(), "a continuous motion")),
    };
    run.install(work)
        .map_err(|error| Error::network(model.source().name(), error.into()))?
}

fn no_distance(model: &str, kind: &str) -> Error {
    Error::NotPossible {
        model: model.into(),
        what: "a distance".into(),
        reason: format!("distances are those of jump processes and of reaction networks, and this is {kind}"),
    }
}

fn markov(spec: &Markov, request: &DistanceRequest, run: &Run<'_>) -> Result<Report> {
    let name = spec.source.name();
    let fail = |e| Error::network(name, e);
    let environment = Environment::new(spec, &request.overrides)?;
    let spec = environment.spec();
    if spec.is_driven() {
        return Err(Error::NotPossible {
            model: name.into(),
            what: "the Wasserstein distance".into(),
            reason: "its rates depend on time, and with them the mobility that defines the distance".into(),
        });
    }
    let duration = duration(request, &environment)?;
    check_tolerance(request.tolerance, 1e-10)?;
    let system = System::at(&environment, 0.0)?;
    let kinetics = &system.kinetics;
    check_lengths(request, kinetics.network())?;
    let units = Units::of(spec);
    let given = (
        end("--from", &request.from, &system, &environment)?,
        end("--to", &request.to, &system, &environment)?,
    );
    let (from, to) = match given {
        (Given::Distribution(from), Given::Distribution(to)) => (from, to),
        (from, to) => return masses::report(spec, request, &system, (from.into_heap(), to.into_heap()), run),
    };
    let mut report = begun(spec, request, (&from.label, &to.label), duration, run);

    let lengths = request.lengths.as_deref();
    let (p, q) = (&from.distribution, &to.distribution);
    let options = Wasserstein2Options::within(request.tolerance);
    let second = wasserstein2(kinetics, p, q, &options, run).map_err(fail)?;
    let first = wasserstein1(kinetics.network(), lengths, p, q, run).map_err(fail)?;
    let variation = p.total_variation(q).map_err(fail)?;
    quantities(&second, &first, variation, &units, &mut report);
    let probabilities = (from.distribution.probabilities(), to.distribution.probabilities());
    report.push_table(ends_table(&system, probabilities, first.finite()));
    if let Some(transport) = first.finite() {
        first_checks(
            transport,
            kinetics.network().states().len(),
            lengths,
            variation,
            &mut report,
        );
    }
    match &second {
        Wasserstein2::Infinite { component, surplus } => {
            let ends = (from.label.as_str(), to.label.as_str());
            let what = ("W₂", "probability");
            report.push_summary(HOW_FAR, unreachable(what, component, *surplus, ends));
        }
        Wasserstein2::Finite(geodesic) => {
            report.push_summary(HOW_FAR, in_words(geodesic, (&from, &to), &units));
            second_part(
                geodesic,
                &system,
                first.finite(),
                request.tolerance,
                &units,
                &mut report,
            )
            .map_err(fail)?;
        }
    }
    if let Some(duration) = duration {
        let question = limits::Question {
            system: &system,
            from: &from,
            to: &to,
            duration,
            tolerance: request.tolerance,
            lengths,
            units: &units,
        };
        if let Some(geodesic) = second.geodesic() {
            question.least_dissipation(geodesic, &mut report);
        }
        let alone = reached(
            question.relaxation(&fail, run, &mut report),
            "speed_limits",
            &mut report,
        )?;
        if let Some(geodesic) = second.geodesic() {
            let added = protocol::add(&question, geodesic, alone.as_ref(), run, &mut report);
            reached(added.map_err(fail), "protocol", &mut report)?;
        }
    }
    let added = relaxation::add(&system, &from, &units, run, &mut report);
    reached(added.map_err(fail), "relaxation", &mut report)?;
    Ok(report)
}

/// What a section gave; what one does not reach is told and does not take the others with it.
fn reached<T>(result: Result<T>, section: &str, report: &mut Report) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), Some(ErrorKind::NotConverged { .. })) => {
            report.push_warning(format!(
                "The section \"{section}\" is missing: {error}; a shorter --duration may reach it."
            ));
            report.missing_sections.push(section.to_owned());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The time that was asked for, or the model's.
fn duration(request: &DistanceRequest, environment: &Environment<'_>) -> Result<Option<f64>> {
    if let Some(duration) = request.duration {
        if duration.is_finite() && duration > 0.0 {
            return Ok(Some(duration));
        }
        return Err(Error::Request {
            option: "--duration",
            given: format!("{duration:?}"),
            problem: "is no duration; give a positive time".into(),
        });
    }
    match environment.duration()? {
        Some(duration) => Ok(Some(duration)),
        None => Ok(environment.times()?.and_then(|times| times.last().copied())),
    }
}

/// The least relative width that can be asked for, and the largest.
fn check_tolerance(tolerance: f64, least: f64) -> Result<()> {
    if (least..=0.1).contains(&tolerance) {
        return Ok(());
    }
    Err(Error::Request {
        option: "--tol",
        given: format!("{tolerance:?}"),
        problem: format!("is out of range; give a number from {least:e} to 0.1"),
    })
}

/// One length per transition, none negative.
fn check_lengths(request: &DistanceRequest, network: &Network) -> Result<()> {
    let Some(lengths) = &request.lengths else {
        return Ok(());
    };
    let wrong = |problem: String| {
        let listed: Vec<String> = lengths.iter().map(|length| format!("{length:?}")).collect();
        Err(Error::Request {
            option: "--lengths",
            given: listed.join(","),
            problem,
        })
    };
    let edges = network.edges();
    if lengths.len() != edges.len() {
        return wrong(format!(
            "has {} numbers, expected {}, one per transition in the order of the model",
            lengths.len(),
            edges.len()
        ));
    }
    match lengths.iter().position(|l| !(l.is_finite() && *l >= 0.0)) {
        Some(k) => wrong(format!(
            "gives \"{}\" the length {}; a length is finite and not negative",
            edges[k].name, lengths[k]
        )),
        None => Ok(()),
    }
}

fn begun(
    spec: &Markov,
    request: &DistanceRequest,
    (from, to): (&str, &str),
    duration: Option<f64>,
    run: &Run<'_>,
) -> Report {
    let mut origin = provenance(spec.source.text(), &request.overrides)
        .with_seed(run.seed)
        .with_option("from", from)
        .with_option("to", to)
        .with_option("tol", request.tolerance);
    if let Some(lengths) = &request.lengths {
        let listed: Vec<String> = lengths.iter().map(f64::to_string).collect();
        origin = origin.with_option("lengths", listed.join(","));
    }
    if let Some(duration) = duration {
        origin = origin.with_option("duration", duration);
    }
    let title = spec.title.as_deref().unwrap_or("Markov jump process");
    let title = format!("{title}: from {from} to {to}");
    let mut report = Report::new("distance", title, origin);
    for warning in &spec.warnings {
        report.push_warning(warning.sentence());
    }
    cite(&spec.sources, &mut report);
    report
}

fn quantities(
    second: &Wasserstein2,
    first: &Wasserstein1,
    variation: f64,
    units: &Units,
    report: &mut Report,
) {
    let quantity = |definition: Definition, value| {
        let unit = units.apply(&definition.unit);
        Quantity::new(definition, value).in_unit(unit)
    };
    let distance = quantity(WASSERSTEIN2, second.distance()).key();
    report.push_quantity(match second.geodesic() {
        Some(geodesic) => distance.certified(half_width(geodesic, |w| w)),
        None => distance.with_note("no path joins the two distributions"),
    });
    if let Some(geodesic) = second.geodesic() {
        let (lower, upper) = (geodesic.lower_bound(), geodesic.upper_bound());
        report.push_quantity(quantity(WASSERSTEIN2_LOWER_BOUND, lower).of_kind(QuantityKind::LowerBound));
        report.push_quantity(quantity(WASSERSTEIN2_UPPER_BOUND, upper).of_kind(QuantityKind::UpperBound));
        report.push_quantity(quantity(WASSERSTEIN2_GAP, geodesic.relative_gap()));
    }
    report.push_quantity(quantity(WASSERSTEIN1, first.distance()).key());
    report.push_quantity(quantity(TOTAL_VARIATION, variation).key());
}

/// How far a growing function of W₂ may be from its value at the distance found.
fn half_width(geodesic: &Geodesic, function: impl Fn(f64) -> f64) -> f64 {
    let value = function(geodesic.distance());
    let (lower, upper) = (function(geodesic.lower_bound()), function(geodesic.upper_bound()));
    (value - lower).max(upper - value)
}

/// "3 times as long as", or "as long as" where nobody could tell the difference.
fn times_as(property: &str, ratio: f64) -> String {
    match readable_number(ratio, 6).as_str() {
        "1" => format!("as {property} as"),
        times => format!("{times} times as {property} as"),
    }
}

fn in_words(geodesic: &Geodesic, (from, to): (&End, &End), units: &Units) -> String {
    let unit = units.apply(&WASSERSTEIN2.unit);
    let kept = if geodesic.upper_bound() == 0.0 {
        "they are the same".into()
    } else if geodesic.converged() {
        format!("proven to {:.1e} of its square", geodesic.relative_gap())
    } else {
        "an interval that is proven, but wider than asked for; try another --tol, or ends farther from empty states".into()
    };
    format!(
        "W₂ from {} to {} is {} {unit}, certainly between {} and {}: {kept}.",
        from.label,
        to.label,
        readable_number(geodesic.distance(), 8),
        readable_lower_bound(geodesic.lower_bound(), 13),
        readable_upper_bound(geodesic.upper_bound(), 13),
    )
}

/// Why no path leads there: which distance is infinite, and of what a component has too much or too little.
fn unreachable(
    (distance, carried): (&str, &str),
    component: &[String],
    surplus: f64,
    (from, to): (&str, &str),
) -> String {
    let more = component.len().saturating_sub(MOST_NAMED);
    let named = component[..component.len() - more].join(", ");
    let others = if more > 0 {
        format!(" and {more} others")
    } else {
        String::new()
    };
    format!(
        "{distance} is infinite: no path leads from {from} to {to}. The states {named}{others} are joined to no other state, and would have to {} the {carried} {}.",
        if surplus > 0.0 { "lose" } else { "gain" },
        readable_number(surplus.abs(), 6)
    )
}

/// Both ends, and the potential that proves W₁.
fn ends_table(system: &System, (from, to): (&[f64], &[f64]), first: Option<&NetworkTransport>) -> Table {
    let table = Table::new("ends", "Both ends, and the potential that proves W₁")
        .text("state", system.kinetics.network().states().to_vec())
        .numbers("from", "1", from.to_vec())
        .numbers("to", "1", to.to_vec());
    match first {
        Some(transport) => table.numbers("wasserstein1_potential", "length", transport.potential.clone()),
        None => table,
    }
}

/// W₁ is proven by its potential, and not below the total variation, or mass that changes its state, times the shortest length.
fn first_checks(
    transport: &NetworkTransport,
    states: usize,
    lengths: Option<&[f64]>,
    variation: f64,
    report: &mut Report,
) {
    let extreme = |start: f64, choose: fn(f64, f64) -> f64| {
        lengths.map_or(1.0, |l| l.iter().copied().fold(start, choose))
    };
    let (shortest, longest) = (extreme(f64::INFINITY, f64::min), extreme(0.0, f64::max));
    let rounding = ROUNDING * longest * states as f64 * transport.total;
    report.push_check(Check::new(
        "wasserstein1_gap",
        "|W₁ of the flow − W₁ of the potential|",
        transport.gap().abs(),
        rounding,
    ));
    if shortest.is_finite() {
        report.push_check(Check::new(
            "wasserstein1_least",
            "what W₁ falls short of shortest length × total variation",
            (shortest * variation - transport.distance).max(0.0),
            rounding,
        ));
    }
}

/// What the geodesic is: certificate, table of transitions, pictures.
fn second_part(
    geodesic: &Geodesic,
    system: &System,
    first: Option<&NetworkTransport>,
    tolerance: f64,
    units: &Units,
    report: &mut Report,
) -> irrev_network::Result<()> {
    let network = geodesic.network();
    let moments = Moments::of(geodesic)?;
    let carried = Carried::along(geodesic, &system.kinetics)?;
    report.push_check(Check::new(
        "certificate",
        "width of the proven interval of W₂², relative to W₂²",
        geodesic.relative_gap(),
        tolerance,
    ));
    if let Some(check) = continuity(geodesic, &carried, &moments, tolerance)? {
        report.push_check(check);
    }
    let names = network.edges().iter().map(|e| e.name.clone()).collect();
    let mut table = Table::new("transport", "What each transition carries, and its part of W₂²")
        .text("transition", names)
        .numbers("carried", "1", carried.probability.clone())
        .numbers(
            "part_of_squared_distance",
            units.apply("nats·time"),
            carried.action.clone(),
        );
    if let Some(transport) = first {
        table = table.numbers("wasserstein1_flow", "1", transport.flow.clone());
    }
    report.push_table(table);
    figures::add(network, &moments, &carried, units, report);
    Ok(())
}

/// The currents of the geodesic carry the one distribution to the other; none if the certificate leaves so much open that no current at all would pass.
///
/// A gap g leaves a current free by √g W₂ in the norm of 1/L, and by √g W₂ (∫ΣL dt)^½ in total; twice that for path and potential.
fn continuity(
    geodesic: &Geodesic,
    carried: &Carried,
    moments: &Moments,
    tolerance: f64,
) -> irrev_network::Result<Option<Check>> {
    let change = geodesic.network().divergence(&carried.probability)?;
    let ends = moments.moments.first().zip(moments.moments.last());
    // what is missing of the change if this part of it is carried
    let missing = |part: f64| {
        ends.map_or(f64::NAN, |(start, end)| {
            let pairs = start.state.iter().zip(&end.state).zip(&change);
            pairs
                .map(|((p, q), carried)| (q - p - part * carried).abs())
                .fold(0.0, f64::max)
        })
    };
    let gap = geodesic.relative_gap().max(tolerance);
    let allowed = 2.0 * (gap * carried.mobility).sqrt() * geodesic.upper_bound() + 1e-12;
    Ok((allowed < missing(0.0)).then(|| {
        Check::new(
            "continuity",
            "largest |p₁ − p₀ − B ∫ J dt|; allowed is what the certificate leaves open",
            missing(1.0),
            allowed,
        )
    }))
}
