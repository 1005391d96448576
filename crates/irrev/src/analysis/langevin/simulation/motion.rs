//! Walkers of a model under way: they settle, are looked at, and go back under the reversed protocol.

use irrev_landscape::langevin::{
    Boundary, Dynamics, ForceField, Generalized, Keeping, LangevinOptions, MemoryBath, Overdamped,
    OverdampedIntegrator, Reversed, Simulation, Start, Thermodynamics, Underdamped, UnderdampedIntegrator,
};
use irrev_landscape::linear::underdamped::Bath;
use irrev_landscape::record::Period;
use irrev_network::simulation::estimators::Moments;
use irrev_numerics::Run;

use super::super::context::Context;
use super::histogram::{Histogram, ranges};
use crate::model::{DynamicsKind, Ends, FieldRows, Integrator, SimulationValues};

/// Looks at the walkers, at most; the time between two of them is a whole number of steps.
const LOOKS: u64 = 2_000;

/// What is added to the seed of walkers that settle before a protocol begins, of those of the reversed protocol, and of those that settle before that.
const SETTLING: u64 = 0x9e37_79b9_7f4a_7c15;
const REVERSED: u64 = 0xbf58_476d_1ce4_e5b9;
const SETTLING_REVERSED: u64 = 0x94d0_49bb_1331_11eb;

/// Longest step, in units of the fastest motion, that averages can be trusted with.
pub(super) const LONGEST: f64 = 0.5;

/// Standard errors of a change of energy beyond which walkers are on their way: by chance once in 16,000.
const MOVING: f64 = 4.0;

/// Walkers whose surroundings are probed for it.
const PROBED: usize = 500;

/// Entropy production in the window of time over which fluctuation theorems are looked at, in nats: at least, and at most.
const WINDOW: (f64, f64) = (0.2, 0.5);

/// Effective samples that ⟨e^{−Σ}⟩ would rest on if Σ were normal, N e^{−2m} of N walkers that make m nats each; it seldom is, and they are fewer.
const EFFECTIVE: f64 = 1000.0;

/// What walkers did.
pub(super) struct Done {
    /// Books from the start of each walker to the end.
    pub(super) books: Thermodynamics,
    /// Books until the end of what is left out.
    pub(super) before: Thermodynamics,
    /// Whether walkers had come to rest on average: before the protocol, or while they were looked at.
    pub(super) is_settled: bool,
    /// The step in units of the fastest motion where walkers are.
    pub(super) longest: f64,
    pub(super) histogram: Histogram,
    /// How long each walker was looked at.
    pub(super) duration: f64,
    /// Work of each walker of the reversed protocol, where there is one.
    pub(super) reversed: Option<Vec<f64>>,
    /// What happened after the end, where the stationary density is known.
    pub(super) window: Option<Window>,
}

/// A window of time in the stationary state: positions at both ends, entropy of the baths between them.
pub(super) struct Window {
    pub(super) duration: f64,
    pub(super) ends: [Vec<f64>; 2],
    pub(super) entropy: Vec<f64>,
}

/// What all stages of a simulation share.
struct Stages<'a, 'f> {
    field: &'f FieldRows,
    dynamics: Dynamics<'f>,
    options: LangevinOptions,
    /// Steps before the walkers are looked at, and then.
    left_out: u64,
    steps: u64,
    start: Start,
    run: &'a Run<'a>,
}

/// # Errors
/// As [`Simulation::observe_to`].
pub(super) fn simulated(context: &Context<'_>, asked: &SimulationValues) -> irrev_landscape::Result<Done> {
    let (values, run) = (&context.values, context.run);
    let field = FieldRows::new(&values.fields, format!("{:?}", values.fields));
    let field = match asked.integrator {
        Some(Integrator::ExactLinear) => field.with_linear(),
        _ => field,
    };
    let middle = values
        .coordinates
        .iter()
        .map(|c| c.range.map_or(0.0, |(low, high)| 0.5 * (low + high)));
    let start = asked.start.clone().unwrap_or_else(|| middle.collect());
    let stages = Stages {
        field: &field,
        dynamics: dynamics(context, asked, &field)?,
        options: LangevinOptions {
            step: asked.step,
            boundaries: boundaries(context)?,
            checkpoint_interval: context.checkpoint_interval,
            ..LangevinOptions::default()
        },
        left_out: (asked.discard / asked.step).round() as u64,
        steps: (asked.time / asked.step).round().max(1.0) as u64,
        start: Start::at(&start, asked.walkers),
        run,
    };
    let moves = values.fields.depends_on_time();
    let (start, began_settled) = if moves {
        stages.settled("langevin-settling", 0.0, SETTLING)?
    } else {
        (stages.start.clone(), true)
    };
    let mut motion = Simulation::new(&field, &stages.dynamics, &start, &stages.options, run)?;
    let first = if moves { 0 } else { stages.left_out };
    stages.advance(&mut motion, first, "langevin-start", run)?;
    let before = motion.thermodynamics()?;
    let ranges = ranges(context, &motion);
    let mut histograms = motion.observers(|_| Histogram::new(&ranges));
    let every = (stages.steps / LOOKS).max(1);
    let keeping = stages.keeping("langevin");
    motion.observe_to(first + stages.steps, every, &mut histograms, keeping, run)?;
    let books = motion.thermodynamics()?;
    let longest = longest_step(context, &motion.positions(), asked.step);
    let duration = stages.steps as f64 * asked.step;
    let works_back = moves && values.temperature().is_some() && !values.fields.has_force();
    Ok(Done {
        is_settled: if moves {
            began_settled
        } else {
            is_at_rest(&before, &books)
        },
        longest,
        histogram: Histogram::merged(&ranges, histograms),
        duration,
        reversed: works_back
            .then(|| stages.work_of_reversed(duration))
            .transpose()?,
        // in equilibrium Σ is zero along every path, and there is nothing to test
        window: if (values.fields.has_force() || values.temperature().is_none())
            && context.obstacle(super::Section::SteadyState).is_none()
        {
            Some(stages.window(&mut motion, &before, &books, duration)?)
        } else {
            None
        },
        books,
        before,
    })
}

impl Stages<'_, '_> {
    fn keeping<'n>(&self, name: &'n str) -> Keeping<'n> {
        Keeping {
            name,
            interval: self.options.checkpoint_interval,
        }
    }

    fn advance(
        &self,
        motion: &mut Simulation<'_>,
        steps: u64,
        name: &str,
        run: &Run<'_>,
    ) -> irrev_landscape::Result<()> {
        let mut nobody = motion.observers(|_| ());
        motion.observe_to(steps, 0, &mut nobody, self.keeping(name), run)
    }

    fn with_seed(&self, shift: u64) -> Run<'_> {
        Run {
            seed: self.run.seed.wrapping_add(shift),
            ..*self.run
        }
    }

    /// Walkers that have moved for a while in the fields as they are at a time, and whether their energy stood still in the second half of it; their noise is that of another seed.
    fn settled(&self, name: &str, time: f64, shift: u64) -> irrev_landscape::Result<(Start, bool)> {
        let held = self.field.held_at(time);
        let other = self.with_seed(shift);
        let mut motion = Simulation::new(&held, &self.dynamics, &self.start, &self.options, &other)?;
        self.advance(&mut motion, self.left_out / 2, &format!("{name}-half"), &other)?;
        let half = motion.thermodynamics()?;
        self.advance(&mut motion, self.left_out, name, &other)?;
        let is_settled = self.left_out > 1 && is_at_rest(&half, &motion.thermodynamics()?);
        let settled = Start::of_positions(self.start.dimension(), motion.positions())?;
        let settled = match motion.velocities() {
            velocities if velocities.is_empty() => settled,
            velocities => settled.with_velocities(velocities)?,
        };
        Ok((settled, is_settled))
    }

    /// Works of as many walkers under the reversed protocol, from the equilibrium at its end.
    fn work_of_reversed(&self, duration: f64) -> irrev_landscape::Result<Vec<f64>> {
        let (start, _) = self.settled("langevin-settling-reversed", duration, SETTLING_REVERSED)?;
        let reversed = Reversed::new(self.field, duration)?;
        let run = self.with_seed(REVERSED);
        let field: &dyn ForceField = &reversed;
        let mut motion = Simulation::new(field, &self.dynamics, &start, &self.options, &run)?;
        self.advance(&mut motion, self.steps, "langevin-reversed", &run)?;
        motion.thermodynamics()?.work()
    }

    /// Goes on for as long as the walkers take to make part of a nat, or as long as they were looked at.
    fn window(
        &self,
        motion: &mut Simulation<'_>,
        before: &Thermodynamics,
        books: &Thermodynamics,
        duration: f64,
    ) -> irrev_landscape::Result<Window> {
        let begun = books.medium_entropy();
        let made: f64 = begun.iter().sum::<f64>() - before.medium_entropy().iter().sum::<f64>();
        let rate = made / (duration * begun.len() as f64);
        let wanted = (0.5 * (begun.len() as f64 / EFFECTIVE).ln()).clamp(WINDOW.0, WINDOW.1);
        let steps = if rate * duration > wanted {
            (wanted / rate / self.options.step).ceil() as u64
        } else {
            self.steps
        };
        let first = motion.positions();
        motion.advance(steps, self.run)?;
        let ended = motion.thermodynamics()?.medium_entropy();
        Ok(Window {
            duration: steps as f64 * self.options.step,
            ends: [first, motion.positions()],
            entropy: ended.iter().zip(&begun).map(|(end, begin)| end - begin).collect(),
        })
    }
}

/// Whether the mean energy stood still between two moments.
fn is_at_rest(before: &Thermodynamics, after: &Thermodynamics) -> bool {
    let (Some(before), Some(after)) = (&before.energies, &after.energies) else {
        return true;
    };
    let changes: Vec<f64> = after
        .now
        .iter()
        .zip(&before.now)
        .map(|(after, before)| after - before)
        .collect();
    let change = Moments::of(&changes).mean();
    // of one walker, or of an energy that is the same everywhere, nothing is known
    !(change.value.abs() > MOVING * change.standard_error && change.standard_error > 0.0)
}

fn dynamics<'f>(
    context: &Context<'_>,
    asked: &SimulationValues,
    field: &'f FieldRows,
) -> irrev_landscape::Result<Dynamics<'f>> {
    let values = &context.values;
    let temperatures = &values.temperatures;
    match context.environment.spec().dynamics {
        DynamicsKind::Overdamped => {
            let motion = if values.fields.has_mobility_of_place() {
                Overdamped::with_mobility_field(field, temperatures.clone())?
            } else {
                let origin = vec![0.0; values.coordinates.len()];
                let mobilities = (0..origin.len()).map(|i| values.fields.mobility(i, 0.0, &origin));
                Overdamped::new(mobilities.collect(), temperatures.clone())?
            };
            let integrator = match asked.integrator {
                Some(Integrator::LeimkuhlerMatthews) => OverdampedIntegrator::LeimkuhlerMatthews,
                Some(Integrator::ExactLinear) => OverdampedIntegrator::ExactLinear,
                _ => OverdampedIntegrator::EulerMaruyama,
            };
            Ok(motion.integrated_by(integrator)?.into())
        }
        DynamicsKind::Underdamped => {
            let frictions = values.frictions.clone().unwrap_or_default();
            let baths = values.masses.iter().zip(&frictions).zip(temperatures);
            let baths = baths.map(|((mass, friction), temperature)| Bath {
                mass: *mass,
                friction: *friction,
                temperature: *temperature,
            });
            let integrator = match asked.integrator {
                Some(Integrator::ExactLinear) => UnderdampedIntegrator::ExactLinear,
                _ => UnderdampedIntegrator::Baoab,
            };
            Ok(Underdamped::new(baths.collect())?
                .integrated_by(integrator)
                .into())
        }
        DynamicsKind::Generalized => {
            let kernels = values.kernels.clone().unwrap_or_default();
            let baths = values.masses.iter().zip(kernels).zip(temperatures);
            let baths = baths.map(|((mass, kernel), temperature)| MemoryBath {
                mass: *mass,
                temperature: *temperature,
                kernel,
            });
            Ok(Generalized::new(baths.collect())?.into())
        }
    }
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
    // what a bath with memory does to a velocity is as fast as its kernel is high
    for (kernel, _) in values.kernels.iter().flatten().zip(&values.masses) {
        found.push(step * kernel.at(0.0).max(0.0).sqrt());
    }
    found.retain(|value| value.is_finite());
    found.sort_by(f64::total_cmp);
    found.get(found.len() * 19 / 20).copied().unwrap_or(0.0)
}
