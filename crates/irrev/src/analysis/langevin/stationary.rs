//! Section: the stationary density, its currents, and what they dissipate.

use irrev_landscape::axes::Axis as GridAxis;
use irrev_landscape::fokker_planck::GridProcess;
use irrev_network::Kinetics;
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Heatmap, Lines, Report, Table};

use super::context::{Context, OnGrid};
use super::definitions::{ENTROPY_PRODUCTION, HEAT, MEAN_VELOCITY};
use crate::analysis::arrows::arrows;
use crate::error::Result;
use crate::model::Ends;

/// Probability beside an end of an open coordinate, in parts of what an even distribution would have there, from which the grid ends too early.
const CUT: f64 = 1e-4;

/// Part of the largest probability of a node from which its edges count.
const SEEN: f64 = 1e-4;

/// Largest work between neighbours, in kT, that a grid resolves.
const STEEPEST: f64 = 2.0;

/// Heights above the lowest −T ln p that are drawn, in kT.
const DRAWN: f64 = 12.0;

/// Up to which the books agree, relative.
const BALANCED: f64 = 1e-9;

/// Entropy production, then heat into each bath, then the mean velocity along each axis.
fn numbers(process: &GridProcess, temperatures: &[f64]) -> irrev_landscape::Result<Vec<f64>> {
    let kinetics = process.kinetics();
    let flow = kinetics.flow(&kinetics.stationary_distribution()?)?;
    let (current, dimension) = (flow.current(), process.axes().len());
    let mut found = vec![0.0; 1 + 2 * dimension];
    found[0] = flow.entropy_production_rate();
    for (j, edge) in current.iter().zip(process.edges()) {
        // the work along an edge is in units of the temperature of its own bath
        found[1 + edge.axis] -= j * edge.work * temperatures[edge.axis];
        found[1 + dimension + edge.axis] += j * process.axes()[edge.axis].spacing();
    }
    Ok(found)
}

/// # Errors
/// As [`irrev_landscape::fokker_planck::discretised`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    numbers_only(context, report)?;
    checks(context, report)?;
    pictures(context, report)
}

/// Entropy production, heat and mean velocities.
pub(super) fn numbers_only(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let temperatures = context.values.temperatures.clone();
    let axes = context.axes.clone().unwrap_or_default();
    let dimension = axes.len();
    if axes.iter().all(|axis| axis.intervals() % 4 == 0) {
        let found = context.extrapolated(&axes, |process| numbers(process, &temperatures))?;
        report.push_quantity(context.of_grids(&ENTROPY_PRODUCTION, &found[0]).key());
        for (i, coordinate) in context.values.coordinates.iter().enumerate() {
            if context.values.temperature().is_none() {
                let heat = context.of_grids(&HEAT, &found[1 + i]);
                report.push_quantity(heat.named(format!("{}_{}", HEAT.name, coordinate.name)));
            }
            if coordinate.ends == Ends::Periodic {
                let velocity = context.of_grids(&MEAN_VELOCITY, &found[1 + dimension + i]);
                report.push_quantity(
                    velocity
                        .named(format!("{}_{}", MEAN_VELOCITY.name, coordinate.name))
                        .key(),
                );
            }
        }
        report.push_check(Check::new(
            "heat_and_entropy_production",
            "|Σ Q_i/T_i − entropy production| on the finest grid, relative",
            {
                let sum: f64 = (0..dimension)
                    .map(|i| found[1 + i].on_grids[2] / temperatures[i])
                    .sum();
                let production = found[0].on_grids[2];
                (sum - production).abs() / production.abs().max(f64::MIN_POSITIVE.sqrt())
                    * f64::from(u8::from(production.abs() > 1e-12))
            },
            BALANCED,
        ));
    } else {
        let on_grid = context.on_grid()?;
        let found = numbers(&on_grid.process, &temperatures).map_err(|error| context.fail(error))?;
        report.push_quantity(context.quantity(&ENTROPY_PRODUCTION, found[0]).key());
        report.push_warning(
            "The number of intervals of some coordinate is no multiple of 4, so that nothing is extrapolated to the continuum and errors are not known.",
        );
    }
    Ok(())
}

fn checks(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let names: Vec<String> = context.names().iter().map(|name| (*name).to_owned()).collect();
    let ends: Vec<Ends> = context.values.coordinates.iter().map(|c| c.ends).collect();
    let on_grid = context.on_grid()?;
    let OnGrid { process, stationary } = &*on_grid;
    let defect = process.kinetics().stationarity_defect(stationary);
    let defect = defect.map_err(|error| context.fail(error.into()))?;
    report.push_check(Check::new(
        "stationarity",
        "largest net flux into a node, relative to its activity",
        defect,
        1e-10,
    ));
    let p = stationary.probabilities();
    let largest = p.iter().copied().fold(0.0, f64::max);
    let network = process.kinetics().network();
    // what happens where hardly anything is does not matter
    let steepest = network
        .edges()
        .iter()
        .zip(process.edges())
        .filter(|(edge, _)| p[edge.from].max(p[edge.to]) > SEEN * largest)
        .map(|(_, edge)| edge.work.abs())
        .fold(0.0, f64::max);
    if steepest > STEEPEST {
        report.push_warning(format!(
            "Between neighbours of the grid the work is up to {} kT; below {STEEPEST} the grid resolves the force: take more intervals, or end it earlier.",
            irrev_report::readable_number(steepest, 3)
        ));
    }
    for (axis, grid) in process.axes().iter().enumerate() {
        if ends[axis] != Ends::Open {
            continue;
        }
        let mut at_ends = [0.0; 2];
        for (state, p) in p.iter().enumerate() {
            let Some(point) = process.point(state) else {
                continue;
            };
            if point[axis] == grid.node(0) {
                at_ends[0] += p;
            }
            if point[axis] == grid.node(grid.intervals()) {
                at_ends[1] += p;
            }
        }
        let even = 0.5 / grid.intervals() as f64;
        if at_ends.iter().any(|p| *p > CUT * even) {
            report.push_warning(format!(
                "`coordinates.{}` is open, but at the ends of its grid there is probability: a motion that went on would be another one. Widen `min` and `max`, or say that there are walls.",
                names[axis]
            ));
        }
    }
    Ok(())
}

fn pictures(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let names: Vec<String> = context.names().iter().map(|name| (*name).to_owned()).collect();
    let (length, energy) = (context.length(), context.units.energy().to_owned());
    let temperature = context.values.temperature();
    let has_force = context.values.fields.has_force();
    let on_grid = context.on_grid()?;
    let OnGrid { process, stationary } = &*on_grid;
    let density = process.density(stationary).map_err(|error| context.fail(error))?;
    let points = || (0..process.volumes().len()).filter_map(|state| process.point(state));
    let axes = process.axes().to_vec();
    match &axes[..] {
        [axis] => {
            let x: Vec<f64> = (0..density.len()).map(|i| axis.node(i)).collect();
            report.push_figure(Figure::new(
                "stationary_density",
                "Stationary density",
                "Probability per length in the stationary state.",
                Lines::new(
                    Axis::new(&names[0], &length),
                    Axis::new("density", format!("1/{length}")),
                )
                .curve(Curve::new("p", x.clone(), density.clone())),
            ));
            if let Some(t) = temperature {
                let potential: Vec<f64> = points()
                    .map(|x| context.values.fields.potential(0.0, &x))
                    .collect();
                let own: Vec<f64> = density.iter().map(|p| -t * p.ln()).collect();
                let lowest = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
                let level = |values: &[f64]| -> Vec<f64> {
                    let least = lowest(values);
                    values.iter().map(|v| v - least).collect()
                };
                report.push_figure(Figure::new(
                    "landscape",
                    "Potential and what the density looks like",
                    "Dashed: the potential. Solid: −T ln p, which is the potential in equilibrium and something else where a force drives a current.",
                    Lines::new(Axis::new(&names[0], &length), Axis::new("energy", &energy))
                        .curve(Curve::new("−T ln p", x.clone(), level(&own)))
                        .curve(Curve::new("V", x, level(&potential)).styled(CurveStyle::Dashed)),
                ));
            }
        }
        [first, second] => {
            let map = height_map((first, second), &density);
            let flow = process.kinetics().flow(stationary);
            let flow = flow.map_err(|error| context.fail(error.into()))?;
            let (xs, ys): (Vec<f64>, Vec<f64>) = (
                (0..first.nodes()).map(|i| first.node(i)).collect(),
                (0..second.nodes()).map(|i| second.node(i)).collect(),
            );
            let mut heatmap = Heatmap::new(
                Axis::new(&names[0], &length),
                xs,
                Axis::new(&names[1], &length),
                ys,
                Axis::new("−ln p/p_max", ""),
                map,
            );
            if has_force || temperature.is_none() {
                let currents = node_currents(process, &flow.current());
                let ranges = (
                    (first.node(0), first.node(first.intervals())),
                    (second.node(0), second.node(second.intervals())),
                );
                let nearest = |x: f64, y: f64| {
                    let state = process.state_at(&[x, y]).ok()?;
                    currents.get(state).copied()
                };
                heatmap = heatmap.curve(arrows("probability current", ranges, nearest));
            }
            report.push_figure(Figure::new(
                "stationary_density",
                "Stationary density and current",
                "Colour: −ln of the stationary density over its largest value, up to 12. Arrows: probability current, their length like the root of its strength.",
                heatmap,
            ));
        }
        _ => {}
    }
    let mut table = Table::new(
        "stationary_density",
        "Stationary density at the nodes of the grid",
    );
    for (i, name) in names.iter().enumerate() {
        table = table.numbers(name.clone(), length.clone(), points().map(|x| x[i]).collect());
    }
    let unit = match names.len() {
        1 => format!("1/{length}"),
        n => format!("1/{length}^{n}"),
    };
    report.push_table(table.numbers("density", unit, density));
    Ok(())
}

/// −ln p/p_max in rows of the second coordinate, NaN where it is higher than drawn.
fn height_map((first, second): (&GridAxis, &GridAxis), density: &[f64]) -> Vec<Vec<f64>> {
    let largest = density.iter().copied().fold(0.0, f64::max);
    let (n, m) = (first.nodes(), second.nodes());
    (0..m)
        .map(|j| {
            (0..n)
                .map(|i| -(density[i * m + j] / largest).ln())
                .map(|height| if height <= DRAWN { height } else { f64::NAN })
                .collect()
        })
        .collect()
}

/// Current density at each node: the mean of what passes on either side along each axis.
fn node_currents(process: &GridProcess, current: &[f64]) -> Vec<[f64; 2]> {
    let network = process.kinetics().network();
    let mut sums = vec![[0.0; 2]; network.states().len()];
    for ((edge, neighbours), j) in network.edges().iter().zip(process.edges()).zip(current) {
        for state in [edge.from, edge.to] {
            sums[state][neighbours.axis] += 0.5 * j / neighbours.face;
        }
    }
    sums
}
