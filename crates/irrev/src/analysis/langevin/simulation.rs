//! Section: walkers under the equation of motion, with work, heat and entropy along their paths.

use irrev_landscape::langevin::{
    Boundary, Dynamics, Frame, LangevinOptions, Observer, Overdamped, Simulation, Start, Thermodynamics,
    Underdamped,
};
use irrev_landscape::linear::underdamped::Bath;
use irrev_landscape::record::Period;
use irrev_network::simulation::estimators::{Moments, jarzynski};
use irrev_numerics::{Estimate, Run};
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Lines, Report, Table};

use super::super::definitions::JARZYNSKI_FREE_ENERGY;
use super::context::Context;
use super::definitions::{SIMULATED_ENTROPY_PRODUCTION, SIMULATED_HEAT, SIMULATED_RESIDUAL, SIMULATED_WORK};
use crate::error::{Error, Result};
use crate::model::{DynamicsKind, Ends, FieldRows, SimulationValues};

/// Cells of the histogram of a coordinate.
const CELLS: usize = 64;

/// Looks at the walkers, at most; the time between two of them is a whole number of steps.
const LOOKS: u64 = 2_000;

/// What is added to the seed of walkers that settle before a protocol begins.
const SETTLING: u64 = 0x9e37_79b9_7f4a_7c15;

/// Longest step, in units of the fastest motion, that averages can be trusted with.
const LONGEST: f64 = 0.5;

/// Walkers whose surroundings are probed for it.
const PROBED: usize = 500;

/// Most steps of all walkers together.
const MOST_STEPS: f64 = 1e13;

/// Standard errors that a simulated number may be from one that is known: beyond by chance once in 1.7 million.
const FAR: f64 = 5.0;

/// Histograms of all coordinates, with the sums of each.
struct Histogram {
    ranges: Vec<(f64, f64)>,
    counts: Vec<u64>,
    looks: u64,
}

impl Observer for Histogram {
    fn observe(&mut self, frame: &Frame<'_>) -> irrev_landscape::Result<()> {
        for (i, (low, high)) in self.ranges.iter().enumerate() {
            for x in frame.position(i) {
                let cell = ((x - low) / (high - low) * CELLS as f64).floor();
                if (0.0..CELLS as f64).contains(&cell) {
                    self.counts[i * CELLS + cell as usize] += 1;
                }
            }
        }
        self.looks += frame.lanes as u64;
        Ok(())
    }
}

/// # Errors
/// As [`Simulation::observe`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(asked) = context.values.simulation.clone() else {
        return Ok(());
    };
    let all = (asked.time + asked.discard) / asked.step * asked.walkers as f64;
    if all > MOST_STEPS {
        return Err(Error::NotPossible {
            model: context.environment.spec().source.name().into(),
            what: "the simulation".into(),
            reason: format!(
                "it would take {all:.1e} steps of walkers, and {MOST_STEPS:.0e} are the most; take a longer step, less time or fewer walkers"
            ),
        });
    }
    let done = simulated(context, &asked).map_err(|error| context.fail(error))?;
    told(context, &asked, &done, report)?;
    report.push_figure(histograms(context, &done));
    Ok(())
}

struct Done {
    /// Books from the end of what is left out to the end.
    books: Thermodynamics,
    /// Entropy of the baths until the end of what is left out.
    before: Vec<f64>,
    work_before: Vec<f64>,
    heat_before: Vec<f64>,
    /// The step in units of the fastest motion where walkers are.
    longest: f64,
    histogram: Histogram,
    duration: f64,
}

fn simulated(context: &Context<'_>, asked: &SimulationValues) -> irrev_landscape::Result<Done> {
    let (values, run) = (&context.values, context.run);
    let fingerprint = format!("{:?}", values.fields);
    let field = FieldRows::new(&values.fields, fingerprint);
    let dynamics = dynamics(context, &field)?;
    let boundaries = boundaries(context)?;
    let middle = values
        .coordinates
        .iter()
        .map(|c| c.range.map_or(0.0, |(low, high)| 0.5 * (low + high)));
    let start = asked.start.clone().unwrap_or_else(|| middle.collect());
    let options = LangevinOptions {
        step: asked.step,
        boundaries,
        ..LangevinOptions::default()
    };
    let steps = (asked.time / asked.step).round().max(1.0) as u64;
    let left_out = (asked.discard / asked.step).round() as u64;
    let start = Start::at(&start, asked.walkers);
    let start = if values.fields.depends_on_time() {
        settled((&field, &dynamics), start, left_out, &options, run)?
    } else {
        start
    };
    let mut motion = Simulation::new(&field, &dynamics, &start, &options, run)?;
    if !values.fields.depends_on_time() {
        motion.advance(left_out, run)?;
    }
    let before = motion.thermodynamics()?;
    let ranges = ranges(context, &motion);
    let mut histograms = motion.observers(|_| Histogram {
        ranges: ranges.clone(),
        counts: vec![0; ranges.len() * CELLS],
        looks: 0,
    });
    let every = (steps / LOOKS).max(1);
    motion.observe(steps, every, &mut histograms, run)?;
    let mut histogram = Histogram {
        counts: vec![0; ranges.len() * CELLS],
        ranges,
        looks: 0,
    };
    for other in histograms {
        histogram.looks += other.looks;
        for (sum, count) in histogram.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
    }
    Ok(Done {
        books: motion.thermodynamics()?,
        before: before.medium_entropy(),
        work_before: before.work().unwrap_or_default(),
        heat_before: before.heat,
        histogram,
        duration: steps as f64 * asked.step,
        longest: longest_step(context, &motion.positions(), asked.step),
    })
}

/// Walkers that have moved for a while in the fields as they are when the protocol begins; their noise is that of another seed.
fn settled(
    (field, dynamics): (&FieldRows, &Dynamics<'_>),
    start: Start,
    steps: u64,
    options: &LangevinOptions,
    run: &Run<'_>,
) -> irrev_landscape::Result<Start> {
    let held = field.held_at(0.0);
    let other = Run {
        seed: run.seed.wrapping_add(SETTLING),
        ..*run
    };
    let mut motion = Simulation::new(&held, dynamics, &start, options, &other)?;
    motion.advance(steps, &other)?;
    let settled = Start::of_positions(start.dimension(), motion.positions())?;
    match motion.velocities() {
        velocities if velocities.is_empty() => Ok(settled),
        velocities => settled.with_velocities(velocities),
    }
}

fn dynamics<'f>(context: &Context<'_>, field: &'f FieldRows) -> irrev_landscape::Result<Dynamics<'f>> {
    let values = &context.values;
    if context.environment.spec().dynamics == DynamicsKind::Underdamped {
        let frictions = values.frictions.clone().unwrap_or_default();
        let baths = values.masses.iter().zip(&frictions).zip(&values.temperatures);
        let baths = baths.map(|((mass, friction), temperature)| Bath {
            mass: *mass,
            friction: *friction,
            temperature: *temperature,
        });
        return Ok(Underdamped::new(baths.collect())?.into());
    }
    if values.fields.has_mobility_of_place() {
        return Ok(Overdamped::with_mobility_field(field, values.temperatures.clone())?.into());
    }
    let origin = vec![0.0; values.coordinates.len()];
    let mobilities = (0..origin.len())
        .map(|i| values.fields.mobility(i, 0.0, &origin))
        .collect();
    Ok(Overdamped::new(mobilities, values.temperatures.clone())?.into())
}

fn boundaries(context: &Context<'_>) -> irrev_landscape::Result<Vec<Boundary>> {
    let coordinates = context.values.coordinates.iter();
    coordinates
        .map(|coordinate| {
            Ok(match (coordinate.ends, coordinate.range) {
                (Ends::Periodic, Some((low, high))) => Boundary::Periodic(Period::new(low, high - low)?),
                (Ends::Walls(..), Some((lower, upper))) => Boundary::Reflecting { lower, upper },
                _ => Boundary::Free,
            })
        })
        .collect()
}

/// Where histograms lie: between the ends of a coordinate, or where the walkers are.
fn ranges(context: &Context<'_>, motion: &Simulation<'_>) -> Vec<(f64, f64)> {
    let positions = motion.positions();
    let d = context.values.coordinates.len();
    let of = |i: usize| positions.iter().skip(i).step_by(d);
    let coordinates = context.values.coordinates.iter().enumerate();
    coordinates
        .map(|(i, coordinate)| {
            coordinate.range.unwrap_or_else(|| {
                let (low, high) = (
                    of(i).copied().fold(f64::INFINITY, f64::min),
                    of(i).copied().fold(f64::NEG_INFINITY, f64::max),
                );
                let room = (0.5 * (high - low)).max(1.0);
                (low - room, high + room)
            })
        })
        .collect()
}

/// The 95th percentile, over walkers and coordinates, of the step in units of the local time scale.
fn longest_step(context: &Context<'_>, positions: &[f64], step: f64) -> f64 {
    let values = &context.values;
    let d = values.coordinates.len();
    let mut found = Vec::new();
    for x in positions.chunks_exact(d).take(PROBED) {
        for i in 0..d {
            let probe = 1e-4 * (1.0 + x[i].abs());
            let force = |shift: f64| {
                let mut moved = x.to_vec();
                moved[i] += shift;
                values.fields.force(i, 0.0, &moved)
            };
            let stiffness = ((force(probe) - force(-probe)) / (2.0 * probe)).abs();
            found.push(match &values.frictions {
                Some(_) => step * (stiffness / values.masses[i]).sqrt(),
                None => step * stiffness * values.fields.mobility(i, 0.0, x),
            });
        }
    }
    found.retain(|value| value.is_finite());
    found.sort_by(f64::total_cmp);
    found.get(found.len() * 19 / 20).copied().unwrap_or(0.0)
}

fn mean(values: impl IntoIterator<Item = f64>) -> Estimate {
    Moments::of(&values.into_iter().collect::<Vec<f64>>()).mean()
}

fn told(context: &Context<'_>, asked: &SimulationValues, done: &Done, report: &mut Report) -> Result<()> {
    let books = &done.books;
    let rate = 1.0 / done.duration;
    let of = |definition: &irrev_report::Definition, estimate: &Estimate| {
        context
            .quantity(definition, estimate.value)
            .estimate(estimate.standard_error)
    };
    let entropy = books.medium_entropy();
    let production = mean(
        entropy
            .iter()
            .zip(&done.before)
            .map(|(after, before)| (after - before) * rate),
    );
    let d = context.values.coordinates.len();
    if !context.values.fields.depends_on_time() {
        report.push_quantity(
            of(&SIMULATED_ENTROPY_PRODUCTION, &production)
                .with_note(format!("{} walkers, step {}", asked.walkers, asked.step)),
        );
        if let Some(known) = report.quantity("continuum_entropy_production_rate") {
            let (value, error) = (known.value, known.error.unwrap_or(0.0));
            report.push_check(Check::new(
                "simulated_entropy_production",
                "entropy of the baths along paths against the Fokker–Planck equation, in standard errors; a first-order integrator adds its step",
                (production.value - value).abs() / (production.standard_error + error + asked.step * value.abs()),
                FAR,
            ));
        }
    }
    for (i, coordinate) in context.values.coordinates.iter().enumerate() {
        let heat = books.heat.iter().zip(&done.heat_before).skip(i).step_by(d);
        let heat = mean(heat.map(|(after, before)| (after - before) * rate));
        report.push_quantity(
            of(&SIMULATED_HEAT, &heat).named(format!("{}_{}", SIMULATED_HEAT.name, coordinate.name)),
        );
    }
    report.push_check(Check::new(
        "step",
        "the step in units of the fastest motion where walkers are: h μ |∂F| of overdamped, h (|∂F|/m)^½ of underdamped motion",
        done.longest,
        LONGEST,
    ));
    if let (Ok(work), Ok(residual)) = (books.work(), books.residual()) {
        let work: Vec<f64> = work
            .iter()
            .zip(&done.work_before)
            .map(|(after, before)| after - before)
            .collect();
        report.push_quantity(of(&SIMULATED_WORK, &mean(work.iter().copied())));
        report.push_quantity(of(&SIMULATED_RESIDUAL, &mean(residual.iter().copied())));
        if let (true, Some(temperature), false) = (
            context.values.fields.depends_on_time(),
            context.values.temperature(),
            context.values.fields.has_force(),
        ) {
            let found = jarzynski(&work, temperature.recip()).map_err(|error| context.fail(error.into()))?;
            report.push_quantity(of(&JARZYNSKI_FREE_ENERGY, &found).key());
        }
        report.push_table(work_table(context, &work, &books.medium_entropy()));
    }
    Ok(())
}

fn work_table(context: &Context<'_>, work: &[f64], entropy: &[f64]) -> Table {
    Table::new(
        "walkers",
        "Work done on each walker and entropy it left in the baths, since the start",
    )
    .numbers("work", context.units.energy(), work.to_vec())
    .numbers("entropy of the baths", "nats", entropy.to_vec())
}

fn histograms(context: &Context<'_>, done: &Done) -> Figure {
    let histogram = &done.histogram;
    let mut lines = Lines::new(
        Axis::new("coordinate", context.length()),
        Axis::new("density", format!("1/{}", context.length())),
    );
    for (i, name) in context.names().iter().enumerate() {
        let (low, high) = histogram.ranges[i];
        let width = (high - low) / CELLS as f64;
        let x = (0..CELLS).map(|k| low + (k as f64 + 0.5) * width).collect();
        let counts = &histogram.counts[i * CELLS..(i + 1) * CELLS];
        let density = counts
            .iter()
            .map(|count| *count as f64 / (histogram.looks as f64 * width))
            .collect();
        lines = lines.curve(Curve::new((*name).to_owned(), x, density).styled(CurveStyle::Line));
    }
    Figure::new(
        "simulated_density",
        "Where the walkers were",
        "Histogram of each coordinate over all walkers and times after what is left out.",
        lines,
    )
}
