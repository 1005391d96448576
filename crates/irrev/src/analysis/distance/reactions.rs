//! The shortest path found between two states of a reaction network: locally optimal, with its exact length.

use irrev_network::bounds::reaction_speed_limits;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_network::transport::{
    GlobalProof, Optimality, ReactionGeodesic, ReactionGeodesicOptions, ReactionWasserstein2,
    reaction_geodesic,
};
use irrev_numerics::Run;
use irrev_numerics::quadrature::gauss_legendre;
use irrev_report::{Axis, Check, Figure, Quantity, Report, Table, readable_number};

use super::amounts::{State, state};
use super::bounds_table::BoundsTable;
use super::figures::{caption, lines};
use super::path::Moments;
use super::{DistanceRequest, HOW_FAR, check_tolerance, times_as};
use crate::analysis::definitions::{
    GEODESIC_ENTROPY_PRODUCTION, GEODESIC_EXCESS, GEODESIC_LENGTH, WASSERSTEIN_LENGTH,
};
use crate::analysis::units::Units;
use crate::analysis::{cite, provenance};
use crate::chemistry::Chemistry;
use crate::error::{Error, Result};
use crate::model::{Quantity as Meaning, Reactions, ReactionsEnvironment};

/// Points of Gauss' rule on each element of time.
const NODES: usize = 6;

/// What a check of the path by quadrature allows, relative.
const QUADRATURE: f64 = 1e-6;

/// What is left open of the shortest length is not told below this part of it.
const UNSEEN: f64 = 1e-12;

/// The path between two states of a reaction model, as a report.
pub(super) fn report(spec: &Reactions, request: &DistanceRequest, run: &Run<'_>) -> Result<Report> {
    let model = spec.source.name();
    let fail = |e| Error::network(model, e);
    let environment = ReactionsEnvironment::new(spec, &request.overrides)?;
    environment.check()?;
    let spec = environment.spec();
    let chemistry = Chemistry::new(&environment)?;
    let not_possible = |reason: String| Error::NotPossible {
        model: model.into(),
        what: "a distance between states".into(),
        reason,
    };
    if let Some(reason) = &chemistry.refusal {
        return Err(not_possible(reason.clone()));
    }
    if chemistry.system.counted().is_empty() {
        return Err(not_possible(
            "no reaction of the model counts in the thermodynamics".into(),
        ));
    }
    if request.lengths.is_some() {
        return Err(Error::Request {
            option: "--lengths",
            given: "lengths".into(),
            problem:
                "are of transitions between states, for W₁ of a model of kind \"markov\"; leave them out"
                    .into(),
        });
    }
    let from = state("--from", &request.from, &chemistry, model, run)?;
    let to = state("--to", &request.to, &chemistry, model, run)?;
    let duration = duration(request, &environment)?;
    check_tolerance(request.tolerance, 1e-11)?;
    let question = Question {
        units: units(spec),
        from,
        to,
        chemistry,
    };
    let mut report = question.begun(spec, request, duration, run);
    let options = ReactionGeodesicOptions::within(request.tolerance);
    let system = &question.chemistry.system;
    let found = reaction_geodesic(
        system,
        &question.from.amounts,
        &question.to.amounts,
        &options,
        run,
    )
    .map_err(fail)?;
    // the length of the path is better known than how near it is to the shortest one, and that is what was asked
    let length_error = match &found {
        ReactionWasserstein2::Finite(geodesic) => Some(geodesic.length_error() + geodesic.excess()),
        ReactionWasserstein2::Infinite { .. } => None,
    };
    let length = question.quantity(&GEODESIC_LENGTH, found.length());
    report.push_quantity(match length_error {
        Some(error) if error > 0.0 => length.estimate(error).key(),
        _ => length.key(),
    });
    report.push_table(question.ends_table());
    match &found {
        ReactionWasserstein2::Infinite { law, from, to } => {
            report.push_summary(HOW_FAR, question.unreachable(law, (*from, *to)));
        }
        ReactionWasserstein2::Finite(geodesic) => {
            question.describe(geodesic, request.tolerance, &mut report);
            question.measured(geodesic, &mut report).map_err(fail)?;
            if let Some(duration) = duration {
                question.in_time(geodesic, duration, &mut report);
            }
        }
    }
    if let Some(duration) = duration {
        question
            .relaxation(duration, &options, run, &mut report)
            .map_err(fail)?;
    }
    Ok(report)
}

/// The time that was asked for, or the end of the model's grid.
fn duration(request: &DistanceRequest, environment: &ReactionsEnvironment<'_>) -> Result<Option<f64>> {
    match request.duration {
        Some(duration) if duration.is_finite() && duration > 0.0 => Ok(Some(duration)),
        Some(duration) => Err(Error::Request {
            option: "--duration",
            given: format!("{duration:?}"),
            problem: "is no duration; give a positive time".into(),
        }),
        None => Ok(environment.times()?.and_then(|times| times.last().copied())),
    }
}

fn units(spec: &Reactions) -> Units {
    let amount = if spec.compartments.is_empty() {
        "concentration"
    } else {
        "amount"
    };
    Units::extensive(&spec.units, amount)
}

/// Which states of which model.
struct Question {
    chemistry: Chemistry,
    from: State,
    to: State,
    units: Units,
}

impl Question {
    fn begun(
        &self,
        spec: &Reactions,
        request: &DistanceRequest,
        duration: Option<f64>,
        run: &Run<'_>,
    ) -> Report {
        let mut origin = provenance(spec.source.text(), &request.overrides)
            .with_seed(run.seed)
            .with_option("from", &self.from.label)
            .with_option("to", &self.to.label)
            .with_option("tol", request.tolerance);
        if let Some(duration) = duration {
            origin = origin.with_option("duration", duration);
        }
        let title = spec.title.as_deref().unwrap_or("Reaction network");
        let title = format!("{title}: from {} to {}", self.from.label, self.to.label);
        let mut report = Report::new("distance", title, origin);
        for warning in &spec.warnings {
            report.push_warning(warning.sentence());
        }
        for decision in &self.chemistry.decisions {
            report.push_warning(decision.to_string());
        }
        cite(&spec.sources, &mut report);
        report
    }

    fn quantity(&self, definition: &irrev_report::Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    fn ends_table(&self) -> Table {
        let unit = self.species_axis().1;
        Table::new("ends", "The two states")
            .text("species", self.chemistry.system.state_names().to_vec())
            .numbers("from", unit.clone(), self.chemistry.symbols(&self.from.amounts))
            .numbers("to", unit, self.chemistry.symbols(&self.to.amounts))
    }

    /// Label and unit of the axis on which species are drawn.
    fn species_axis(&self) -> (&'static str, String) {
        let concentrations = self
            .chemistry
            .quantities
            .iter()
            .all(|q| *q == Meaning::Concentration);
        let label = if concentrations { "concentration" } else { "amount" };
        (label, self.units.label(label))
    }

    /// In what sense the path is shortest, in words.
    fn describe(&self, geodesic: &ReactionGeodesic, tolerance: f64, report: &mut Report) {
        let unit = self.units.apply(&GEODESIC_LENGTH.unit);
        let sense = match geodesic.optimality() {
            Optimality::Global => proven_shortest(geodesic),
            Optimality::Local => format!(
                "It is locally optimal; not a certified distance: no path near it is shorter{}, a very different one may be. It would be proven to be the shortest \
                 if all reactions changed the state along one direction, as in Schlögl's model, or if all were of order at most one in the dynamic species; here \
                 there are {} directions and a higher order. {} starts led to {}",
                by_more_than_excess(geodesic),
                geodesic.directions(),
                geodesic.starts(),
                match geodesic.minima() {
                    1 => "this one path".to_owned(),
                    many => format!("{many} different paths, of which this is the shortest"),
                }
            ),
            _ => "It is stationary, but some path near it may be shorter: it is not shown to be locally optimal".to_owned(),
        };
        report.push_summary(
            HOW_FAR,
            format!(
                "The path found from {} to {} is {} {unit} long, {}. {sense}.",
                self.from.label,
                self.to.label,
                readable_number(geodesic.length(), 8),
                match geodesic.optimality() {
                    Optimality::Global if geodesic.converged() => "which is the distance W₂",
                    Optimality::Global => "which is nearly the distance W₂",
                    _ => "so that the distance W₂ is not more",
                }
            ),
        );
        report.push_quantity(self.quantity(&GEODESIC_EXCESS, geodesic.excess()));
        if geodesic.length() > 0.0 {
            report.push_check(Check::new(
                "resolution",
                "what a path near the one found may be shorter, relative, in the squared length",
                2.0 * geodesic.excess() / geodesic.length(),
                tolerance,
            ));
        }
        if !geodesic.converged() {
            report.push_warning(format!(
                "The path is resolved less well than asked for, because it comes too near states without some species: a path near it may be {} {unit} shorter.",
                readable_number(geodesic.excess(), 2)
            ));
        }
    }

    /// Table, pictures and checks of the path, from its states and currents alone.
    fn measured(&self, geodesic: &ReactionGeodesic, report: &mut Report) -> irrev_network::Result<()> {
        let system = &self.chemistry.system;
        let edges = geodesic.network().edges();
        let mut extent = vec![0.0; edges.len()];
        let mut part = vec![0.0; edges.len()];
        let mut length = 0.0;
        let (nodes, weights) = gauss_legendre(NODES);
        for element in geodesic.times().windows(2) {
            let width = element[1] - element[0];
            for (node, weight) in nodes.iter().zip(&weights) {
                let moment = geodesic.at(element[0] + width * node)?;
                let onsager = system.flow(0.0, &moment.state)?.onsager_coefficient();
                let mut power = 0.0;
                for (e, (j, l)) in moment.current.iter().zip(&onsager).enumerate() {
                    let own = if *j == 0.0 { 0.0 } else { j * j / l };
                    extent[e] += width * weight * j;
                    part[e] += width * weight * own;
                    power += own;
                }
                length += width * weight * power.sqrt();
            }
        }
        let carried = geodesic.network().divergence(&extent)?;
        // an instant inside, for ends without some species
        let start = geodesic.at(f64::MIN_POSITIVE)?.state;
        let end = geodesic.at(1.0 - 0.5 * f64::EPSILON)?.state;
        let residual = start
            .iter()
            .zip(&end)
            .zip(&carried)
            .map(|((a, b), c)| (b - a - c).abs())
            .fold(0.0, f64::max);
        let largest = self
            .from
            .amounts
            .iter()
            .chain(&self.to.amounts)
            .fold(0.0_f64, |m, x| m.max(*x));
        report.push_check(Check::new(
            "continuity",
            "largest |x₁ − x₀ − S ∫ J dt|",
            residual,
            QUADRATURE * largest,
        ));
        report.push_check(Check::new(
            "length_of_the_path",
            "|∫ (Σ J²/L)^½ dt − its length|, from its states and currents",
            (length - geodesic.length()).abs(),
            QUADRATURE * geodesic.length() + geodesic.excess() + geodesic.ways(),
        ));
        let names: Vec<String> = edges.iter().map(|e| e.name.clone()).collect();
        report.push_table(
            Table::new(
                "transport",
                "Extent of each reaction along the path, and its part of the squared length",
            )
            .text("reaction", names.clone())
            .numbers("extent", self.units.amount(), extent)
            .numbers("part_of_squared_length", self.units.apply("nats·time"), part),
        );
        self.pictures(geodesic, &names, report)
    }

    fn pictures(
        &self,
        geodesic: &ReactionGeodesic,
        reactions: &[String],
        report: &mut Report,
    ) -> irrev_network::Result<()> {
        let path = Moments::of_reactions(geodesic)?;
        let species = self.chemistry.system.state_names();
        let (label, unit) = self.species_axis();
        let sense = match geodesic.optimality() {
            Optimality::Global => "The shortest path, at constant speed.",
            Optimality::Local => "A path at constant speed: locally optimal; not a certified distance.",
            _ => "A stationary path at constant speed; not shown to be locally optimal.",
        };
        let symbols = (0..species.len())
            .map(|i| path.curve(|m| m.state[i] / self.chemistry.amount_per_symbol[i]))
            .collect();
        report.push_figure(Figure::new(
            "geodesic_states",
            "Species along the shortest path found",
            caption(sense, species.len(), "species"),
            lines(species, symbols, &path, Axis::new(label, unit)),
        ));
        let currents = (0..reactions.len())
            .map(|e| path.curve(|m| m.current[e]))
            .collect();
        report.push_figure(Figure::new(
            "geodesic_currents",
            "Currents along the shortest path found",
            caption(
                "Extent per unit of t of each reaction.",
                reactions.len(),
                "reactions",
            ),
            lines(
                reactions,
                currents,
                &path,
                Axis::new("current", self.units.amount()),
            ),
        ));
        Ok(())
    }

    /// What following the path costs in a time.
    fn in_time(&self, geodesic: &ReactionGeodesic, duration: f64, report: &mut Report) {
        let cost = geodesic.cost() / duration;
        let quantity = self.quantity(&GEODESIC_ENTROPY_PRODUCTION, cost);
        report.push_quantity(
            quantity
                .key()
                .with_note(format!("in the time {}", self.units.lasting(duration))),
        );
        report.push_summary(
            HOW_FAR,
            format!(
                "To follow it in the time {} costs at least {} {}; it is in inverse proportion to the time.",
                self.units.lasting(readable_number(duration, 4)),
                readable_number(cost, 4),
                self.units.apply(&GEODESIC_ENTROPY_PRODUCTION.unit)
            ),
        );
    }

    /// The length of the motion that begins in the first state, beside the shortest path found between its ends.
    fn relaxation(
        &self,
        duration: f64,
        options: &ReactionGeodesicOptions,
        run: &Run<'_>,
        report: &mut Report,
    ) -> irrev_network::Result<()> {
        let system = &self.chemistry.system;
        if !system.left_out().is_empty() {
            // others move the state too, and the length is that of the counted ones
            report.push_left_out(
                "speed_limits",
                format!(
                    "reactions that the thermodynamics leaves out move the state, too: {}",
                    system.left_out().join(", ")
                ),
            );
            return Ok(());
        }
        let motion = evolve(
            system,
            &self.from.amounts,
            duration,
            &EvolutionOptions::default(),
            run,
        )?;
        let Some(budget) = &motion.budget else {
            return Ok(());
        };
        let end = &motion.final_amounts;
        let found = reaction_geodesic(system, &self.from.amounts, end, options, run)?;
        let limits = reaction_speed_limits(system, &self.from.amounts, duration, &motion, found.geodesic())?;
        BoundsTable {
            bounds: &limits,
            motion: "the model's own motion from the first state",
            duration,
            nats: &self.units.apply(&GEODESIC_ENTROPY_PRODUCTION.unit),
            units: &self.units,
        }
        .add(report);
        let (own, shortest) = (budget.wasserstein_length, found.length());
        if shortest == 0.0 || !own.is_finite() {
            return Ok(());
        }
        report.push_quantity(self.quantity(&WASSERSTEIN_LENGTH, own));
        let compared = if own < shortest * (1.0 - QUADRATURE) {
            "shorter than the shortest path found between its ends, which is therefore not the shortest"
                .to_owned()
        } else {
            format!(
                "{} the shortest path found between its ends",
                times_as("long", own / shortest)
            )
        };
        report.push_summary(
            "Beside the model's own motion",
            format!(
                "Left alone from {} for the time {}, the motion produces {} {} on a way of length {}: {compared}.",
                self.from.label,
                self.units.lasting(readable_number(duration, 4)),
                readable_number(budget.entropy_production, 4),
                self.units.apply(&GEODESIC_ENTROPY_PRODUCTION.unit),
                readable_number(own, 6)
            ),
        );
        Ok(())
    }

    /// Why no path leads there.
    fn unreachable(&self, law: &[(String, i64)], (from, to): (f64, f64)) -> String {
        let mut sum = String::new();
        for (k, (name, a)) in law.iter().enumerate() {
            sum += match (k, *a < 0) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => " + ",
                (_, true) => " − ",
            };
            if a.abs() != 1 {
                sum += &format!("{} ", a.abs());
            }
            sum += name;
        }
        format!(
            "No path leads from {} to {}, and the distance is infinite: reactions conserve {sum}, which is {} at the start and {} at the end.",
            self.from.label,
            self.to.label,
            readable_number(from, 6),
            readable_number(to, 6)
        )
    }
}

/// What discretisation, and ends without some species, leave open of "no path is shorter".
fn by_more_than_excess(geodesic: &ReactionGeodesic) -> String {
    if geodesic.excess() > UNSEEN * geodesic.length() {
        format!(" by more than about {}", readable_number(geodesic.excess(), 2))
    } else {
        String::new()
    }
}

/// Why no path is shorter, in words.
fn proven_shortest(geodesic: &ReactionGeodesic) -> String {
    let open = by_more_than_excess(geodesic);
    match geodesic.global_proof() {
        Some(GlobalProof::OneDirection) => format!(
            "No path is shorter{open}: all reactions change the state along one direction, so that every path passes the same states, and the distance is an integral over them"
        ),
        Some(GlobalProof::FirstOrder) => format!(
            "No path is shorter{open}: all reactions are of order at most one in the dynamic species, so that the problem is convex"
        ),
        _ => "No path is shorter, for both states are the same".to_owned(),
    }
}
