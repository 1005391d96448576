//! Section: stationary results over the values of one or two numbers of the model.
//!
//! Each point is a full evaluation of the model, independent of the others and placed by index, so the table is the same for any number of
//! threads. Where an observable changes sign along the first axis (the stall of a motor), the place is refined on the model itself.

use std::sync::Arc;

use irrev_network::cycles::{Cycle, cycle_decomposition};
use irrev_network::energetics::{EnergyBudget, energy_budget};
use irrev_network::{Distribution, Flow, Network};
use irrev_numerics::Run;
use irrev_report::{Axis, Curve, Figure, Heatmap, Lines, Mark, Report, Table};
use rayon::prelude::*;

use super::SweepRequest;
use super::context::Context;
use super::subsystems::Flows;
use super::sweeping::{at_point, door};
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::{Environment, Markov, ModelError, Snapshot, Spacing, SweepValues};
use crate::system::System;

/// Largest number of points of a grid.
const MOST_POINTS: usize = 1_000_000;

/// Curves of a figure over two parameters; a grid with more values of the second is drawn as a map.
const MOST_CURVES: usize = 8;

/// Transitions or cycles whose dissipation is drawn.
const MOST_PARTS: usize = 12;

/// Scalars of one stationary state: what observables, derived quantities and sweeps refer to by name.
#[derive(Debug)]
pub(super) struct Scalars {
    pub(super) observables: Vec<f64>,
    pub(super) derived: Vec<std::result::Result<f64, ModelError>>,
    entropy_production_rate: f64,
    activity: f64,
    mobility: f64,
    budget: Option<EnergyBudget>,
    parts: Option<Flows>,
}

impl Scalars {
    pub(super) fn evaluate(
        environment: &Environment<'_>,
        snapshot: &Snapshot,
        system: &System,
        stationary: (&Distribution, &Flow),
    ) -> Result<Self> {
        let (pi, flow) = stationary;
        let spec = environment.spec();
        let fail = |e| Error::network(spec.source.name(), e);
        let mut observables = Vec::with_capacity(spec.observables.len());
        for k in 0..spec.observables.len() {
            let weights = environment.observable_weights(k, snapshot)?;
            observables.push(flow.weighted_current(&weights).map_err(fail)?);
        }
        let budget = match &system.energetics {
            // rates of change vanish in the stationary state, so the distribution itself does not matter to the currents
            Some(energetics) => {
                let n = energetics.energies.len();
                let any = Distribution::uniform(n).map_err(fail)?;
                Some(energy_budget(flow, &any, energetics).map_err(fail)?)
            }
            None => None,
        };
        let mut scalars = Self {
            observables,
            derived: Vec::new(),
            entropy_production_rate: flow.entropy_production_rate(),
            activity: flow.activity(),
            mobility: flow.mobility(),
            budget,
            parts: Flows::of(&system.kinetics, flow, pi),
        };
        for k in 0..spec.derived.len() {
            let value = environment.derived(k, snapshot, &|name| scalars.lookup(spec, name));
            scalars.derived.push(value);
        }
        Ok(scalars)
    }

    /// The value behind a name; `None` for a name that means nothing here or a derived quantity without a value.
    pub(super) fn lookup(&self, spec: &Markov, name: &str) -> Option<f64> {
        if let Some(k) = spec.observables.iter().position(|o| o.name == name) {
            return self.observables.get(k).copied();
        }
        if let Some(k) = spec.derived.iter().position(|d| d.name == name) {
            return self.derived.get(k).and_then(|v| v.as_ref().ok()).copied();
        }
        let of_reservoir = |prefix: &str, values: fn(&EnergyBudget) -> &Vec<f64>| {
            let r = spec.reservoir(name.strip_prefix(prefix)?)?;
            values(self.budget.as_ref()?).get(r).copied()
        };
        match name {
            "entropy_production_rate" => Some(self.entropy_production_rate),
            "activity" => Some(self.activity),
            "mobility" => Some(self.mobility),
            "entropy_per_jump" => Some(self.entropy_production_rate / self.activity),
            "power" => self.budget.as_ref().map(|b| -(b.chemical_work + b.driving_work)),
            "chemical_work" => self.budget.as_ref().map(|b| b.chemical_work),
            _ => of_reservoir("heat_", |b| &b.heat)
                .or_else(|| of_reservoir("particles_", |b| &b.particles))
                .or_else(|| self.parts.as_ref()?.named(name)),
        }
    }
}

/// One point of a sweep.
#[derive(Debug, Clone, PartialEq)]
struct SweepPoint {
    /// Values of the swept numbers.
    at: Vec<f64>,
    /// The quantities shown, NaN where one has no value (a ratio 0/0).
    shown: Vec<f64>,
    /// Entropy production rate of every transition.
    dissipation: Vec<f64>,
    /// Stationary current around every cycle of the basis.
    cycle_currents: Vec<f64>,
    /// Affinity of every cycle of the basis.
    affinities: Vec<f64>,
}

/// Evaluates a model at other values of some of its numbers.
struct Sweeper<'a> {
    spec: &'a Markov,
    network: Arc<Network>,
    /// Where the sweep was written.
    door: &'static str,
    keys: Vec<String>,
    shown: Vec<String>,
    cycles: Vec<(String, Cycle)>,
}

impl<'a> Sweeper<'a> {
    /// `spec` already has the overrides of the run applied.
    fn new(spec: &'a Markov, door: &'static str, keys: Vec<String>, shown: Vec<String>) -> Result<Self> {
        let network = Arc::new(crate::system::network(spec)?);
        let environment = Environment::new(spec, &[])?;
        let system = System::on(&network, &environment, &environment.evaluate(0.0)?)?;
        let cycles = super::cycles::basis(spec, &system.kinetics, &network);
        let cycles = cycles.map_err(|e| Error::network(spec.source.name(), e))?;
        let cycles = if cycles.len() <= MOST_PARTS {
            cycles
        } else {
            Vec::new()
        };
        Ok(Self {
            spec,
            network,
            door,
            keys,
            shown,
            cycles,
        })
    }

    fn point(&self, at: Vec<f64>) -> Result<SweepPoint> {
        let overrides = at_point(self.door, &self.keys, &at);
        let environment = Environment::new(self.spec, &overrides)?;
        let snapshot = environment.evaluate(0.0)?;
        let system = System::on(&self.network, &environment, &snapshot)?;
        let fail = |e| Error::network(self.spec.source.name(), e);
        let pi = system.kinetics.stationary_distribution().map_err(fail)?;
        let flow = system.kinetics.flow(&pi).map_err(fail)?;
        let scalars = Scalars::evaluate(&environment, &snapshot, &system, (&pi, &flow))?;
        let shown = self
            .shown
            .iter()
            .map(|name| scalars.lookup(self.spec, name).unwrap_or(f64::NAN))
            .collect();
        let (mut cycle_currents, mut affinities) = (Vec::new(), Vec::new());
        if !self.cycles.is_empty() {
            let cycles: Vec<Cycle> = self.cycles.iter().map(|c| c.1.clone()).collect();
            let split = cycle_decomposition(&system.kinetics, &cycles, &flow.current()).map_err(fail)?;
            (cycle_currents, affinities) = (split.currents, split.affinities);
        }
        Ok(SweepPoint {
            at,
            shown,
            dissipation: flow.entropy_production_rate_per_edge(),
            cycle_currents,
            affinities,
        })
    }

    fn points(&self, grid: Vec<Vec<f64>>, run: &Run<'_>) -> Result<Vec<SweepPoint>> {
        let done = std::sync::atomic::AtomicUsize::new(0);
        let total = grid.len();
        let work = || {
            grid.into_par_iter()
                .map(|at| {
                    let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let stop = run.report(count as f64 / total as f64, "sweep");
                    stop.map_err(|e| Error::network(self.spec.source.name(), e.into()))?;
                    self.point(at)
                })
                .collect::<Vec<Result<SweepPoint>>>()
        };
        run.install(work)
            .map_err(|e| Error::network(self.spec.source.name(), e.into()))?
            .into_iter()
            .collect()
    }
}

/// Every name that a sweep of this model may show.
fn names(spec: &Markov) -> Vec<String> {
    let mut names: Vec<String> = spec.observables.iter().map(|o| o.name.clone()).collect();
    names.extend(spec.derived.iter().map(|d| d.name.clone()));
    let possible = |name: &&&str| !matches!(**name, "power" | "chemical_work") || !spec.reservoirs.is_empty();
    names.extend(super::SCALARS.iter().filter(possible).map(|s| (*s).to_owned()));
    for reservoir in &spec.reservoirs {
        names.push(format!("heat_{}", reservoir.name));
        names.push(format!("particles_{}", reservoir.name));
    }
    for part in spec.parts() {
        names.extend(super::subsystems::SCALARS.map(|prefix| format!("{prefix}_{part}")));
    }
    names
}

fn unit_of(context: &Context<'_>, name: &str) -> String {
    let spec = context.environment.spec();
    if let Some(o) = spec.observables.iter().find(|o| o.name == name) {
        return o.unit.clone().unwrap_or_else(|| context.units.per_time());
    }
    if let Some(d) = spec.derived.iter().find(|d| d.name == name) {
        return d.unit.clone().unwrap_or_else(|| "1".into());
    }
    match name {
        "entropy_production_rate" => context.units.entropy_rate(),
        "entropy_per_jump" => "nats".into(),
        "power" | "chemical_work" => context.units.power(),
        _ if name.starts_with("heat_") => context.units.power(),
        _ if super::subsystems::SCALARS
            .iter()
            .any(|prefix| name.starts_with(prefix)) =>
        {
            context.units.entropy_rate()
        }
        _ => context.units.per_time(),
    }
}

/// Label of a swept key: its last part, with the unit that its parameter declares.
fn axis_of(spec: &Markov, key: &str, logarithmic: bool) -> Axis {
    let short = key.rsplit('.').next().unwrap_or(key);
    let parameter = key
        .strip_prefix("parameters.")
        .and_then(|name| spec.parameters.get(name));
    let unit = parameter.and_then(|p| p.unit.clone()).unwrap_or_default();
    let axis = Axis::new(short.replace('_', " "), unit);
    if logarithmic { axis.logarithmic() } else { axis }
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let environment = context.environment;
    let spec = environment.spec();
    let SweepRequest {
        axes,
        show: mut shown,
    } = match &context.sweep {
        Some(request) => request.clone(),
        None => of_model(environment)?,
    };
    let known = names(spec);
    if let Some(name) = shown.iter().find(|name| !known.contains(name)) {
        let suggestion = nearest_name(name, known.iter().map(String::as_str)).map(str::to_owned);
        let name = name.clone();
        return Err(Error::UnknownResult {
            name,
            suggestion,
            known,
        });
    }
    if shown.is_empty() {
        shown = spec.observables.iter().map(|o| o.name.clone()).collect();
        shown.push("entropy_production_rate".into());
    }
    let count = axes
        .iter()
        .fold(1_usize, |n, axis| n.saturating_mul(axis.1.len()));
    if count > MOST_POINTS {
        let (model, what) = (spec.source.name().to_owned(), "the sweep".to_owned());
        return Err(Error::NotPossible {
            model,
            what,
            reason: format!("{count} points are more than {MOST_POINTS}"),
        });
    }
    let mut grid: Vec<Vec<f64>> = vec![Vec::new()];
    for (_, values) in &axes {
        grid = grid
            .iter()
            .flat_map(|at| values.iter().map(|v| [at.as_slice(), &[*v]].concat()))
            .collect();
    }
    let keys: Vec<String> = axes.iter().map(|a| a.0.clone()).collect();
    let sweeper = Sweeper::new(spec, door(context.sweep.as_ref()), keys, shown)?;
    let points = sweeper.points(grid, context.run)?;
    table(context, &sweeper, &points, report);
    context.stalls = curves(context, &sweeper, &axes, &points, report)?;
    Ok(())
}

/// The sweep that the model file asks for.
fn of_model(environment: &Environment<'_>) -> Result<SweepRequest> {
    let spec = environment.spec();
    let mut request = SweepRequest::default();
    for (k, sweep) in spec.sweeps.iter().enumerate() {
        request
            .axes
            .push((sweep.key.clone(), environment.sweep_values(k)?));
        for reference in &sweep.show {
            if !request.show.contains(&reference.name) {
                request.show.push(reference.name.clone());
            }
        }
    }
    Ok(request)
}

fn table(context: &Context<'_>, sweeper: &Sweeper<'_>, points: &[SweepPoint], report: &mut Report) {
    let mut table = Table::new("sweep", "Stationary results at every point of the sweep");
    for (k, key) in sweeper.keys.iter().enumerate() {
        let axis = axis_of(sweeper.spec, key, false);
        table = table.numbers(
            key.clone(),
            axis.unit.clone(),
            points.iter().map(|p| p.at[k]).collect(),
        );
    }
    for (k, name) in sweeper.shown.iter().enumerate() {
        table = table.numbers(
            name.clone(),
            unit_of(context, name),
            points.iter().map(|p| p.shown[k]).collect(),
        );
    }
    for (k, (name, _)) in sweeper.cycles.iter().enumerate() {
        let column = points.iter().map(|p| p.cycle_currents[k]).collect();
        table = table.numbers(format!("current around {name}"), context.units.per_time(), column);
    }
    for (k, edge) in sweeper.network.edges().iter().enumerate().take(MOST_PARTS) {
        let column = points.iter().map(|p| p.dissipation[k]).collect();
        table = table.numbers(
            format!("dissipation of {}", edge.name),
            context.units.entropy_rate(),
            column,
        );
    }
    report.push_table(table);
}

/// Values of the second axis, with a label for each; one unlabelled row without a second axis.
fn rows(sweeper: &Sweeper<'_>, axes: &[(String, Vec<f64>)]) -> Vec<String> {
    match axes.get(1) {
        None => vec![String::new()],
        Some((key, values)) => {
            let axis = axis_of(sweeper.spec, key, false);
            values
                .iter()
                .map(|v| {
                    format!(
                        "{} = {} {}",
                        axis.label,
                        irrev_report::readable_number(*v, 6),
                        axis.unit
                    )
                    .trim_end()
                    .to_owned()
                })
                .collect()
        }
    }
}

fn curves(
    context: &Context<'_>,
    sweeper: &Sweeper<'_>,
    axes: &[(String, Vec<f64>)],
    points: &[SweepPoint],
    report: &mut Report,
) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    let spec = sweeper.spec;
    let Some((key, x)) = axes.first() else {
        return Ok(sentences);
    };
    let rows = rows(sweeper, axes);
    let logarithmic = |k: usize| {
        matches!(
            spec.sweeps.get(k).map(|s| &s.values),
            Some(SweepValues::Range {
                spacing: Spacing::Logarithmic,
                ..
            })
        )
    };
    let x_axis = || axis_of(spec, key, logarithmic(0));
    let at = |i: usize, row: usize| &points[i * rows.len() + row];
    let base_row = base_row(context, axes);
    let where_ = if rows.len() > 1 {
        format!(" at {}", rows[base_row])
    } else {
        String::new()
    };
    for (k, name) in sweeper.shown.iter().enumerate() {
        let label = name.replace('_', " ");
        let y_axis = Axis::new(label.clone(), unit_of(context, name));
        let slug = format!("sweep_{}", slug(name));
        let title = format!("{label} against {}", x_axis().label);
        if rows.len() > MOST_CURVES {
            let (second, y) = &axes[1];
            let map = (0..y.len())
                .map(|row| (0..x.len()).map(|i| at(i, row).shown[k]).collect())
                .collect();
            let y_title = axis_of(spec, second, logarithmic(1));
            let map = Heatmap::new(x_axis(), x.clone(), y_title, y.clone(), y_axis, map);
            report.push_figure(Figure::new(slug, title, "Stationary values over the grid.", map));
            continue;
        }
        let mut lines = Lines::new(x_axis(), y_axis);
        let mut stalls = Vec::new();
        for (row, row_label) in rows.iter().enumerate() {
            let y: Vec<f64> = (0..x.len()).map(|i| at(i, row).shown[k]).collect();
            let curve_name = if row_label.is_empty() {
                label.clone()
            } else {
                row_label.clone()
            };
            if spec.observables.iter().any(|o| &o.name == name) {
                for place in zeros(sweeper, axes, row, k, x, &y)? {
                    stalls.push((place, curve_name.clone()));
                }
            }
            // a curve is broken into the stretches where it has a value
            let finite: Vec<(f64, f64)> = x.iter().copied().zip(y).filter(|p| p.1.is_finite()).collect();
            let (fx, fy) = finite.into_iter().unzip();
            lines = lines.curve(Curve::new(curve_name, fx, fy));
        }
        if !stalls.is_empty() {
            lines = lines.mark(Mark::horizontal(0.0, "0"));
        }
        let readable = |place: f64| irrev_report::readable_number(place, 6);
        let mut places: Vec<String> = stalls.iter().map(|(place, _)| readable(*place)).collect();
        places.dedup();
        for (place, _) in &stalls[..places.len()] {
            lines = lines.mark(Mark::vertical(*place, format!("stall {}", readable(*place))));
        }
        for ((_, curve), place) in stalls.iter().zip(&places) {
            let which = if places.len() > 1 {
                format!(" for {curve}")
            } else {
                String::new()
            };
            sentences.push(format!(
                "{label} vanishes (stall) at {} = {place}{which}.",
                x_axis().title()
            ));
        }
        report.push_figure(Figure::new(
            slug,
            title,
            "Stationary values along the sweep.",
            lines,
        ));
    }
    let mut part_figure =
        |name: &str, title: String, caption: String, axis: Axis, curves: Vec<(String, Vec<f64>)>| {
            let mut lines = Lines::new(x_axis(), axis);
            for (name, y) in curves {
                lines = lines.curve(Curve::new(name, x.clone(), y));
            }
            report.push_figure(Figure::new(name, title, caption, lines));
        };
    let finite = points.iter().all(|p| p.dissipation.iter().all(|d| d.is_finite()));
    if sweeper.network.edges().len() <= MOST_PARTS && finite {
        let of_edge = |e: usize| (0..x.len()).map(|i| at(i, base_row).dissipation[e]).collect();
        part_figure(
            "sweep_dissipation",
            "Entropy production by transition along the sweep".into(),
            format!("Entropy production rate of each transition{where_}."),
            Axis::new("entropy production rate", context.units.entropy_rate()),
            sweeper
                .network
                .edges()
                .iter()
                .enumerate()
                .map(|(e, edge)| (edge.name.clone(), of_edge(e)))
                .collect(),
        );
    }
    if !sweeper.cycles.is_empty() && finite {
        let of_cycle = |c: usize, value: &dyn Fn(&SweepPoint, usize) -> f64| {
            (0..x.len()).map(|i| value(at(i, base_row), c)).collect()
        };
        let named = |value: &dyn Fn(&SweepPoint, usize) -> f64| {
            sweeper
                .cycles
                .iter()
                .enumerate()
                .map(|(c, (name, _))| (name.clone(), of_cycle(c, value)))
                .collect()
        };
        part_figure(
            "sweep_cycle_currents",
            "Cycle currents along the sweep".into(),
            format!("Stationary current around each cycle of the basis{where_}."),
            Axis::new("cycle current", context.units.per_time()),
            named(&|p, c| p.cycle_currents[c]),
        );
        part_figure(
            "sweep_cycle_dissipation",
            "Entropy production by cycle along the sweep".into(),
            format!("Current times affinity of each cycle of the basis{where_}."),
            Axis::new("entropy production rate", context.units.entropy_rate()),
            named(&|p, c| p.cycle_currents[c] * p.affinities[c]),
        );
    }
    Ok(sentences)
}

/// The row of the second axis nearest to the model's own value.
fn base_row(context: &Context<'_>, axes: &[(String, Vec<f64>)]) -> usize {
    let Some((key, values)) = axes.get(1) else {
        return 0;
    };
    let spec = context.environment.spec();
    let position = key
        .strip_prefix("parameters.")
        .and_then(|name| spec.parameters.position(name));
    let Some(own) = position.and_then(|p| context.snapshot.parameters.get(p)) else {
        return 0;
    };
    let distance = |k: &usize| (values[*k] - own).abs();
    (0..values.len())
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}

/// Places where a shown quantity changes sign along the first axis, bisected on the model itself.
fn zeros(
    sweeper: &Sweeper<'_>,
    axes: &[(String, Vec<f64>)],
    row: usize,
    shown: usize,
    x: &[f64],
    y: &[f64],
) -> Result<Vec<f64>> {
    let second = axes.get(1).map(|a| a.1[row]);
    let value = |at: f64| -> Result<f64> {
        let at = std::iter::once(at).chain(second).collect();
        Ok(sweeper.point(at)?.shown[shown])
    };
    let mut places = Vec::new();
    for i in 1..x.len() {
        let (mut a, mut b, sign) = (x[i - 1], x[i], y[i - 1].signum());
        if !(y[i - 1] * y[i] < 0.0) {
            continue;
        }
        while (b - a).abs() > 4.0 * f64::EPSILON * a.abs().max(b.abs()) {
            let middle = 0.5 * (a + b);
            if middle == a || middle == b {
                break;
            }
            if value(middle)?.signum() == sign {
                a = middle
            } else {
                b = middle
            }
        }
        places.push(0.5 * (a + b));
    }
    Ok(places)
}

fn slug(name: &str) -> String {
    let keep = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    name.chars().map(keep).take(60).collect()
}
