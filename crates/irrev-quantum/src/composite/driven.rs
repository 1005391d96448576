//! The pure states of one sector, under factors of H_S and H_I that stand still or move.
//!
//! While they stand still, one pass of Chebyshev polynomials serves all times. Where they move linearly, so does H(t), and the commutator-free Magnus expansion of fourth
//! order is ψ(t + h) = e^{−i(h/2)H(t + 5h/6)} e^{−i(h/2)H(t + h/6)} ψ(t): H at the two Gauss points t + (1/2 ∓ √3/6)h, combined with the weights 1/4 ± √3/6, is for a linear H that at
//! one and at five sixths of the step. Each step is done once and in two halves. Their difference over 15 is the error of the halves, which are kept; steps are as
//! long as their share of the tolerance allows.
//!
//! The power ⟨∂H/∂t⟩ = ȧ⟨H_S⟩ + ġ⟨H_I⟩ at the ends and in the middle of every step gives the work by Simpson's rule, whose error is of the order of the evolution's own; jumps of the factors
//! add theirs. That is a second way to the change of ⟨H⟩.
//!
//! Source: Blanes and Moan, Appl. Numer. Math. 56, 1519 (2006); Alvermann and Fehske, J. Comput. Phys. 230, 5930 (2011).

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;

use super::drive::{Factors, Stretch};
use super::evolution::evolve_as_real_if_possible;
use super::model::Composite;
use crate::error::{Error, Result};
use crate::evolution::{EvolutionOptions, exponentials, mean_energy, require_norm};
use crate::kernel::SectorHamiltonian;
use crate::lanczos::{SpectralBounds, spectral_bounds};
use crate::model::Hamiltonian;
use crate::sector::Sector;
use crate::vector::{add, norm};

/// Difference of one step and two halves over the error of the halves, 2⁴ − 1.
const DOUBLING: f64 = 15.0;

/// No step has a smaller error, whatever its length.
const ROUNDING: f64 = 2.0 * f64::EPSILON;

/// First step in units of the inverse half width of the spectrum.
const FIRST: f64 = 0.5;

/// Steps stay this far below the longest that would do, and change by no more than these factors.
const CAUTION: f64 = 0.9;
const CHANGE: (f64, f64) = (0.2, 4.0);

/// What becomes of one vector.
#[derive(Debug, Clone)]
pub(super) struct Path {
    /// By time.
    pub(super) states: Vec<Vec<Complex64>>,
    /// Work by time, from the power and the jumps.
    pub(super) work: Vec<f64>,
    pub(super) norm_drift: f64,
    /// Of ⟨H⟩ while factors stand still.
    pub(super) energy_drift: f64,
    pub(super) truncation: f64,
}

/// H(t) of a composite in a sector.
pub(super) struct DrivenSector<'a> {
    composite: &'a Composite,
    sector: Sector,
    spectrum: Spectrum,
}

/// Where levels lie.
enum Spectrum {
    /// Of an H that does not change.
    Whole(SpectralBounds),
    /// Of H_B, and intervals that hold those of H_S and H_I, which are driven.
    Parts {
        bath: SpectralBounds,
        intervals: [(f64, f64); 2],
        system: SectorHamiltonian,
        contact: SectorHamiltonian,
    },
}

impl<'a> DrivenSector<'a> {
    /// `bounds`, if given, are those of an H without a drive.
    pub(super) fn new(
        composite: &'a Composite,
        sector: Sector,
        bounds: Option<SpectralBounds>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let of = |model: &Hamiltonian| SectorHamiltonian::new(model, sector.clone());
        let spectrum = match (composite.drive(), bounds) {
            (None, Some(bounds)) => Spectrum::Whole(bounds),
            (None, None) => Spectrum::Whole(spectral_bounds(&of(composite.whole())?, run)?),
            (Some(_), _) => {
                let none = Factors {
                    system: 0.0,
                    contact: 0.0,
                };
                let (system, contact) = (composite.system_energy()?, composite.contact_energy()?);
                Spectrum::Parts {
                    bath: spectral_bounds(&of(&composite.with_factors(none)?)?, run)?,
                    intervals: [interval(&system), interval(&contact)],
                    system: of(&system)?,
                    contact: of(&contact)?,
                }
            }
        };
        Ok(Self {
            composite,
            sector,
            spectrum,
        })
    }

    pub(super) fn sector(&self) -> &Sector {
        &self.sector
    }

    fn hamiltonian(&self, factors: Factors) -> Result<SectorHamiltonian> {
        SectorHamiltonian::new(&self.composite.with_factors(factors)?, self.sector.clone())
    }

    fn bounds(&self, factors: Factors) -> Result<SpectralBounds> {
        match &self.spectrum {
            Spectrum::Whole(bounds) => Ok(*bounds),
            Spectrum::Parts { bath, intervals, .. } => {
                let (mut lowest, mut highest) = (bath.lowest(), bath.highest());
                for ((low, high), factor) in intervals.iter().zip([factors.system, factors.contact]) {
                    lowest += (low * factor).min(high * factor);
                    highest += (low * factor).max(high * factor);
                }
                SpectralBounds::new(lowest, highest)
            }
        }
    }

    /// a ⟨H_S⟩ + g ⟨H_I⟩; zero without a drive.
    fn driven_energy(&self, factors: Factors, state: &[Complex64]) -> Result<f64> {
        let Spectrum::Parts { system, contact, .. } = &self.spectrum else {
            return Ok(0.0);
        };
        let mut sum = 0.0;
        for (factor, part) in [(factors.system, system), (factors.contact, contact)] {
            if factor != 0.0 {
                sum += factor * mean_energy(part, state)?;
            }
        }
        Ok(sum)
    }

    /// What a jump of the factors at t does to ⟨H⟩.
    fn jump(&self, t: f64, state: &[Complex64]) -> Result<f64> {
        let Some(drive) = self.composite.drive() else {
            return Ok(0.0);
        };
        let (before, after) = (drive.before(t), drive.after(t));
        let change = Factors {
            system: after.system - before.system,
            contact: after.contact - before.contact,
        };
        self.driven_energy(change, state)
    }

    /// All vectors at all times, which they reach from the time `begin`.
    pub(super) fn paths(
        &self,
        starts: &[Vec<Complex64>],
        begin: f64,
        times: &[f64],
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Vec<Path>> {
        let path = || Path {
            states: vec![Vec::new(); times.len()],
            work: vec![0.0; times.len()],
            norm_drift: 0.0,
            energy_drift: 0.0,
            truncation: 0.0,
        };
        let mut paths: Vec<Path> = starts.iter().map(|_| path()).collect();
        for direction in [1.0, -1.0] {
            let mut places: Vec<usize> = (0..times.len())
                .filter(|&place| (times[place] < begin) == (direction < 0.0))
                .collect();
            if places.is_empty() {
                continue;
            }
            places.sort_by(|&a, &b| (direction * times[a]).total_cmp(&(direction * times[b])));
            let walk = Walk {
                motion: self,
                lengths: starts.iter().map(|start| norm(start)).collect(),
                states: starts.to_vec(),
                work: vec![0.0; starts.len()],
                errors: vec![0.0; starts.len()],
                time: begin,
                direction,
                step: f64::INFINITY,
                rate: 0.0,
                tolerance,
                run,
            };
            walk.along(times, &places, &mut paths)?;
        }
        Ok(paths)
    }
}

/// An interval that holds the spectrum, by those of sites and bonds: {0, w} and {0, ±|J|, V}.
fn interval(h: &Hamiltonian) -> (f64, f64) {
    let sites = h.energies().iter().map(|&w| (w.min(0.0), w.max(0.0)));
    let bonds = h.bonds().iter().map(|bond| {
        let j = bond.hopping.norm();
        (bond.interaction.min(-j), bond.interaction.max(j))
    });
    sites
        .chain(bonds)
        .fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
}

/// All vectors on their way in one direction of time.
struct Walk<'a> {
    motion: &'a DrivenSector<'a>,
    /// Norms at the start.
    lengths: Vec<f64>,
    states: Vec<Vec<Complex64>>,
    work: Vec<f64>,
    errors: Vec<f64>,
    time: f64,
    direction: f64,
    /// Length of the next step, if it is not cut short.
    step: f64,
    /// Accepted error per time.
    rate: f64,
    tolerance: f64,
    run: &'a Run<'a>,
}

/// One step of all vectors, in two halves.
struct Attempt {
    states: Vec<Vec<Complex64>>,
    work: Vec<f64>,
    errors: Vec<f64>,
}

impl Walk<'_> {
    /// Fills in what holds at the times of the given places, which are in the order of the walk.
    fn along(mut self, times: &[f64], places: &[usize], paths: &mut [Path]) -> Result<()> {
        let Some(&last) = places.last() else {
            return Ok(());
        };
        let begun = places.partition_point(|&place| times[place] == self.time);
        let (now, mut waiting) = places.split_at(begun);
        for &place in now {
            self.record(place, self.states.clone(), paths)?;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let stretches = Stretch::all(self.motion.composite.drive(), self.time, times[last]);
        let moving = stretches.iter().filter(|stretch| stretch.constant().is_none());
        let span: f64 = moving.map(|stretch| (stretch.to - stretch.from).abs()).sum();
        if span > 0.0 {
            self.rate = self.tolerance / span;
            let numbers = 4 * self.states.len() as u128 * u128::from(self.motion.sector.dimension());
            Error::require_memory(self.run, "steps of a driven evolution", 16 * numbers)?;
        }
        for (index, stretch) in stretches.iter().enumerate() {
            // what stands just before a time is behind one who comes from later times
            if self.direction > 0.0 || index > 0 {
                self.pass_jump()?;
            }
            let reached = |place: &usize| self.direction * times[*place] <= self.direction * stretch.to;
            let (inside, later) = waiting.split_at(waiting.partition_point(reached));
            match stretch.constant() {
                Some(factors) => self.stand(stretch, factors, (times, inside, later.is_empty()), paths)?,
                None => {
                    for &place in inside {
                        self.follow(stretch, times[place])?;
                        self.record(place, self.states.clone(), paths)?;
                    }
                    if !later.is_empty() {
                        self.follow(stretch, stretch.to)?;
                    }
                }
            }
            waiting = later;
        }
        Ok(())
    }

    /// Adds what the jump at the present time does, in the direction of the walk.
    fn pass_jump(&mut self) -> Result<()> {
        for (work, state) in self.work.iter_mut().zip(&self.states) {
            *work += self.direction * self.motion.jump(self.time, state)?;
        }
        Ok(())
    }

    /// Writes down the states at a time. A jump there counts as done, whatever the direction.
    fn record(&mut self, place: usize, states: Vec<Vec<Complex64>>, paths: &mut [Path]) -> Result<()> {
        for (k, (path, state)) in paths.iter_mut().zip(states).enumerate() {
            let drift = (norm(&state) - self.lengths[k]).abs();
            path.norm_drift = path.norm_drift.max(drift);
            path.truncation = path.truncation.max(self.errors[k]);
            let jump = if self.direction > 0.0 {
                self.motion.jump(self.time, &state)?
            } else {
                0.0
            };
            path.work[place] = self.work[k] + jump;
            path.states[place] = state;
        }
        Ok(())
    }

    /// Goes on with factors that stand still: one pass for all times.
    fn stand(
        &mut self,
        stretch: &Stretch,
        factors: Factors,
        (times, inside, is_last): (&[f64], &[usize], bool),
        paths: &mut [Path],
    ) -> Result<()> {
        let h = self.motion.hamiltonian(factors)?;
        let options = EvolutionOptions {
            tolerance: self.tolerance,
            bounds: Some(self.motion.bounds(factors)?),
        };
        let goals = inside.iter().map(|&place| times[place]);
        let goals: Vec<f64> = goals.chain((!is_last).then_some(stretch.to)).collect();
        let offsets: Vec<f64> = goals.iter().map(|goal| goal - self.time).collect();
        let found = self
            .states
            .par_iter()
            .map(|state| evolve_as_real_if_possible(&h, state, &offsets, &options, self.run))
            .collect::<Result<Vec<_>>>()?;
        for (k, evolution) in found.iter().enumerate() {
            self.errors[k] += evolution.truncation;
            paths[k].energy_drift = paths[k].energy_drift.max(evolution.energy_drift);
        }
        let mut by_vector: Vec<_> = found
            .into_iter()
            .map(|evolution| evolution.states.into_iter())
            .collect();
        for (index, &goal) in goals.iter().enumerate() {
            self.time = goal;
            let states: Vec<_> = by_vector.iter_mut().filter_map(Iterator::next).collect();
            match inside.get(index) {
                Some(&place) => self.record(place, states, paths)?,
                None => self.states = states,
            }
        }
        Ok(())
    }

    /// Goes on to a time of a stretch in which factors move.
    fn follow(&mut self, stretch: &Stretch, to: f64) -> Result<()> {
        if self.step.is_infinite() {
            let bounds = self.motion.bounds(stretch.at(self.time))?;
            self.step = FIRST / bounds.half_width();
        }
        while self.time != to {
            let left = to - self.time;
            let steps = (left.abs() / self.step).ceil().max(1.0);
            let h = left / steps;
            let attempt = self.attempt(stretch, h)?;
            let error = attempt.errors.iter().copied().fold(0.0, f64::max);
            let allowed = (self.rate * h.abs()).max(ROUNDING);
            if error <= allowed {
                self.time = if steps == 1.0 { to } else { self.time + h };
                self.states = attempt.states;
                for (sum, part) in self.work.iter_mut().zip(attempt.work) {
                    *sum += part;
                }
                for (sum, part) in self.errors.iter_mut().zip(attempt.errors) {
                    *sum += part;
                }
            }
            let longest = CAUTION * (allowed / error.max(f64::MIN_POSITIVE)).powf(0.25);
            self.step = h.abs() * longest.clamp(CHANGE.0, CHANGE.1);
        }
        let bounds = self.motion.bounds(stretch.at(to))?;
        for (state, &length) in self.states.iter().zip(&self.lengths) {
            require_norm((norm(state) - length).abs(), length, bounds)?;
        }
        Ok(())
    }

    /// A step from the present time, whole and in halves.
    fn attempt(&self, stretch: &Stretch, h: f64) -> Result<Attempt> {
        let t = self.time;
        let whole = Magnus::new(self.motion, stretch, t, h)?;
        let halves = [
            Magnus::new(self.motion, stretch, t, 0.5 * h)?,
            Magnus::new(self.motion, stretch, t + 0.5 * h, 0.5 * h)?,
        ];
        let slope = stretch.slope();
        let power = |state: &[Complex64]| self.motion.driven_energy(slope, state);
        let found = self
            .states
            .par_iter()
            .map(|start| {
                let middle = halves[0].applied(start, self.run)?;
                let end = halves[1].applied(&middle, self.run)?;
                let mut difference = whole.applied(start, self.run)?;
                add(-Complex64::ONE, &end, &mut difference);
                let work = h / 6.0 * (power(start)? + 4.0 * power(&middle)? + power(&end)?);
                Ok((end, work, norm(&difference) / DOUBLING))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut attempt = Attempt {
            states: Vec::with_capacity(found.len()),
            work: Vec::with_capacity(found.len()),
            errors: Vec::with_capacity(found.len()),
        };
        for (state, work, error) in found {
            attempt.states.push(state);
            attempt.work.push(work);
            attempt.errors.push(error);
        }
        Ok(attempt)
    }
}

/// e^{−i(h/2)H(t + 5h/6)} e^{−i(h/2)H(t + h/6)}.
struct Magnus {
    half: f64,
    /// In the order in which they act.
    factors: [(SectorHamiltonian, SpectralBounds); 2],
}

impl Magnus {
    fn new(motion: &DrivenSector<'_>, stretch: &Stretch, t: f64, h: f64) -> Result<Self> {
        let at = |part: f64| {
            let factors = stretch.at(t + part * h);
            Ok::<_, Error>((motion.hamiltonian(factors)?, motion.bounds(factors)?))
        };
        Ok(Self {
            half: 0.5 * h,
            factors: [at(1.0 / 6.0)?, at(5.0 / 6.0)?],
        })
    }

    fn applied(&self, state: &[Complex64], run: &Run<'_>) -> Result<Vec<Complex64>> {
        let [first, second] = &self.factors;
        let middle = exponential(first, state, self.half, run)?;
        exponential(second, &middle, self.half, run)
    }
}

/// e^{−iHt} ψ to rounding.
fn exponential(
    (h, bounds): &(SectorHamiltonian, SpectralBounds),
    state: &[Complex64],
    t: f64,
    run: &Run<'_>,
) -> Result<Vec<Complex64>> {
    let mut found = exponentials(h, state, (*bounds, &[t]), f64::EPSILON, run)?;
    Ok(found.states.swap_remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::composite::{Contact, Drive};
    use crate::random::random_state;

    /// A site whose energy and contact with a chain of four ramp.
    fn ramped() -> Composite {
        let bonds: Vec<crate::Bond> = (0..3)
            .map(|i| crate::Bond {
                i,
                j: i + 1,
                hopping: 1.0.into(),
                interaction: 0.6,
            })
            .collect();
        let bath = Hamiltonian::new(&[0.2, -0.4, 0.1, 0.3], &bonds).unwrap();
        let site = Hamiltonian::new(&[1.5], &[]).unwrap();
        let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 1, 0.8)]).unwrap();
        composite.driven(Drive::new(&[0.0, 2.0], &[-1.0, 1.5], &[0.0, 1.0]).unwrap())
    }

    #[test]
    fn equal_steps_converge_with_the_fourth_order_and_can_be_undone() {
        let (composite, run) = (ramped(), Run::default());
        let motion = DrivenSector::new(&composite, Sector::new(5, 2).unwrap(), None, &run).unwrap();
        let stretch = Stretch::all(composite.drive(), 0.0, 2.0)[0];
        let start = random_state::<Complex64>(10, 3, 0);
        let end = |steps: usize| {
            let h = 2.0 / steps as f64;
            (0..steps).fold(start.clone(), |state, k| {
                let step = Magnus::new(&motion, &stretch, k as f64 * h, h).unwrap();
                step.applied(&state, &run).unwrap()
            })
        };
        let distance = |a: &[Complex64], b: &[Complex64]| {
            let mut difference = a.to_vec();
            add(-Complex64::ONE, b, &mut difference);
            norm(&difference)
        };
        let exact = end(1024);
        let errors = [16, 32, 64].map(|steps| distance(&end(steps), &exact));
        for pair in errors.windows(2) {
            // a symmetric method has errors in h⁴ and h⁶: the ratio is 16 up to a part of h² ‖H‖² ≈ 0.2
            assert!((pair[0] / pair[1] / 16.0 - 1.0).abs() < 0.25, "{errors:?}");
        }
        assert!(errors[2] < 1e-5);
        let there = Magnus::new(&motion, &stretch, 0.3, 0.4).unwrap();
        let back = Magnus::new(&motion, &stretch, 0.7, -0.4).unwrap();
        let returned = back.applied(&there.applied(&start, &run).unwrap(), &run).unwrap();
        assert!(distance(&returned, &start) < 1e-14);
    }

    #[test]
    fn bounds_hold_all_levels_at_any_factors() {
        let composite = ramped();
        let (run, sector) = (Run::default(), Sector::new(5, 2).unwrap());
        let motion = DrivenSector::new(&composite, sector, None, &run).unwrap();
        for (system, contact) in [(1.0, 1.0), (-2.0, 0.5), (0.0, -3.0)] {
            let factors = Factors { system, contact };
            let exact = spectral_bounds(&motion.hamiltonian(factors).unwrap(), &run).unwrap();
            let found = motion.bounds(factors).unwrap();
            // 40 steps in 10 dimensions find the outermost levels, to which a margin of 0.5 % was added
            let margin = 0.01 * exact.half_width();
            assert!(found.lowest() < exact.lowest() + margin && found.highest() > exact.highest() - margin);
        }
    }
}
