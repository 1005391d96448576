//! The sum over trajectories: moments of every observable, and what the fluctuation theorems ask for.

use irrev_numerics::Estimate;

use super::options::SystemEntropy;
use super::simulator::Simulation;
use super::trajectory::{Ending, Trajectory};
use crate::simulation::estimators::{ExponentialAverage, Moments, proportion};

/// A number that every trajectory of an ensemble has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observable {
    /// Time at the end.
    Duration,
    /// Number of jumps.
    Jumps,
    /// Entropy delivered to the medium, in nats.
    MediumEntropy,
    /// Total entropy production, in nats.
    TotalEntropy,
    /// Work done by the protocol.
    Work,
    /// Running quantity at the end.
    Running,
    /// Smallest value of the running quantity.
    Minimum,
    /// Largest value of the running quantity.
    Maximum,
    /// Logarithm of the likelihood ratio.
    LogWeight,
    /// Current by its place in the options.
    Current(usize),
    /// Heat into a reservoir.
    Heat(usize),
}

impl Observable {
    fn of(self, path: &Trajectory) -> f64 {
        let running = path.running.unwrap_or_default();
        match self {
            Self::Duration => path.duration,
            Self::Jumps => path.jumps as f64,
            Self::MediumEntropy => path.medium_entropy,
            Self::TotalEntropy => path.total_entropy.unwrap_or(f64::NAN),
            Self::Work => path.work.unwrap_or(f64::NAN),
            Self::Running => running.value,
            Self::Minimum => running.minimum,
            Self::Maximum => running.maximum,
            Self::LogWeight => path.log_weight,
            Self::Current(k) => path.currents[k],
            Self::Heat(r) => path.heat[r],
        }
    }
}

/// How often each ending occurred.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Endings {
    /// Trajectories that reached the horizon.
    pub horizon: u64,
    /// Trajectories that entered each target.
    pub targets: Vec<u64>,
    /// Trajectories that reached the upper threshold.
    pub upper: u64,
    /// Trajectories that reached the lower threshold.
    pub lower: u64,
    /// Trajectories that used up their jumps.
    pub jumps: u64,
    /// Trajectories caught for ever in an absorbing state.
    pub absorbed: u64,
}

/// An ensemble summed up. Moments and counts are those of the trajectories simulated; for tilted ones, averages of the
/// process asked about are the weighted ones: [`Self::exponential_entropy`], [`Self::negative_entropy`], or from the samples.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ensemble {
    /// Generator and samplers, with versions.
    pub algorithm: String,
    /// Number of trajectories.
    pub trajectories: u64,
    /// Observables kept, in the order of `moments` and `samples`.
    pub observables: Vec<Observable>,
    /// Moments of each observable.
    pub moments: Vec<Moments>,
    /// ⟨likelihood ratio⟩: exactly 1 unless tilted, and 1 within its error if so.
    pub normalisation: ExponentialAverage,
    /// ⟨e^{−Σ}⟩; empty unless the total entropy is kept.
    pub exponential_entropy: ExponentialAverage,
    /// P(Σ < 0); empty unless the total entropy is kept.
    pub negative_entropy: ExponentialAverage,
    /// Trajectories in each state at each output time, of those still under way then.
    pub occupations: Vec<Vec<u64>>,
    /// How the trajectories ended.
    pub endings: Endings,
    /// Jumps over all trajectories: entry 2e along edge e, 2e + 1 against it.
    pub jump_counts: Vec<u64>,
    /// Time spent in each state over all trajectories.
    pub residence: Vec<f64>,
    /// Every observable of every trajectory, if kept: one list per observable.
    pub samples: Option<Vec<Vec<f64>>>,
    /// Ending of every trajectory, if samples are kept.
    pub sample_endings: Vec<Ending>,
}

impl Ensemble {
    pub(super) fn empty(simulation: &impl Simulation, samples: bool) -> Self {
        let (network, options) = (simulation.network(), simulation.options());
        let mut observables = vec![Observable::Duration, Observable::Jumps];
        if options.counts {
            observables.push(Observable::MediumEntropy);
        }
        if !matches!(options.system_entropy, SystemEntropy::Ignored) {
            observables.push(Observable::TotalEntropy);
        }
        if simulation.keeps_work() {
            observables.push(Observable::Work);
        }
        if options.running.is_some() {
            observables.extend([Observable::Running, Observable::Minimum, Observable::Maximum]);
        }
        if simulation.is_weighted() {
            observables.push(Observable::LogWeight);
        }
        observables.extend((0..options.currents.len()).map(Observable::Current));
        let reservoirs = options.temperatures.as_ref().map_or(0, Vec::len);
        observables.extend((0..reservoirs).map(Observable::Heat));
        let states = network.states().len();
        Self {
            algorithm: simulation.algorithm(),
            trajectories: 0,
            moments: vec![Moments::default(); observables.len()],
            normalisation: ExponentialAverage::default(),
            exponential_entropy: ExponentialAverage::default(),
            negative_entropy: ExponentialAverage::default(),
            occupations: vec![vec![0; states]; options.times.len()],
            endings: Endings {
                targets: vec![0; options.stop.states.len()],
                ..Endings::default()
            },
            jump_counts: vec![0; 2 * network.edges().len()],
            residence: vec![0.0; states],
            samples: samples.then(|| vec![Vec::new(); observables.len()]),
            sample_endings: Vec::new(),
            observables,
        }
    }

    /// Memory that one more trajectory takes.
    pub(super) fn bytes_per_trajectory(&self) -> u64 {
        if self.samples.is_some() {
            8 * (self.observables.len() as u64 + 2)
        } else {
            0
        }
    }

    fn place(&self, observable: Observable) -> Option<usize> {
        self.observables.iter().position(|o| *o == observable)
    }

    /// Moments of an observable, if it is kept.
    #[must_use]
    pub fn moments_of(&self, observable: Observable) -> Option<&Moments> {
        self.place(observable).map(|k| &self.moments[k])
    }

    /// Mean of an observable with its standard error, if it is kept.
    #[must_use]
    pub fn mean(&self, observable: Observable) -> Option<Estimate> {
        self.moments_of(observable).map(Moments::mean)
    }

    /// The values of an observable, trajectory by trajectory, if samples are kept.
    #[must_use]
    pub fn samples_of(&self, observable: Observable) -> Option<&[f64]> {
        let k = self.place(observable)?;
        self.samples.as_ref().map(|s| s[k].as_slice())
    }

    /// Probability of entering each target first.
    #[must_use]
    pub fn splitting_probabilities(&self) -> Vec<Estimate> {
        let first = self.endings.targets.iter();
        first.map(|&k| proportion(k, self.trajectories)).collect()
    }

    /// Probability of each state at an output time, of the trajectories still under way then; empty for a time that was not asked for.
    #[must_use]
    pub fn occupation(&self, time: usize) -> Vec<Estimate> {
        let counts = self.occupations.get(time).map_or(&[][..], Vec::as_slice);
        let total = counts.iter().sum();
        counts.iter().map(|&k| proportion(k, total)).collect()
    }

    pub(super) fn add(&mut self, path: &Trajectory) {
        self.trajectories += 1;
        for (k, observable) in self.observables.iter().enumerate() {
            let value = observable.of(path);
            self.moments[k].add(value);
            if let Some(samples) = &mut self.samples {
                samples[k].push(value);
            }
        }
        if self.samples.is_some() {
            self.sample_endings.push(path.ending);
        }
        self.normalisation.add(path.log_weight);
        if let Some(sigma) = path.total_entropy {
            self.exponential_entropy.add(path.log_weight - sigma);
            let negative = if sigma < 0.0 {
                path.log_weight
            } else {
                f64::NEG_INFINITY
            };
            self.negative_entropy.add(negative);
        }
        for (counts, &state) in self.occupations.iter_mut().zip(&path.states) {
            counts[state] += 1;
        }
        match path.ending {
            Ending::Horizon => self.endings.horizon += 1,
            Ending::Target(k) => self.endings.targets[k] += 1,
            Ending::Upper => self.endings.upper += 1,
            Ending::Lower => self.endings.lower += 1,
            Ending::Jumps => self.endings.jumps += 1,
            Ending::Absorbed => self.endings.absorbed += 1,
        }
        add_all(&mut self.jump_counts, &path.jump_counts);
        for (sum, time) in self.residence.iter_mut().zip(&path.residence) {
            *sum += time;
        }
    }

    pub(super) fn merge(&mut self, part: &Self) {
        self.trajectories += part.trajectories;
        for (moments, more) in self.moments.iter_mut().zip(&part.moments) {
            moments.merge(more);
        }
        self.normalisation.merge(&part.normalisation);
        self.exponential_entropy.merge(&part.exponential_entropy);
        self.negative_entropy.merge(&part.negative_entropy);
        for (counts, more) in self.occupations.iter_mut().zip(&part.occupations) {
            add_all(counts, more);
        }
        self.endings.horizon += part.endings.horizon;
        add_all(&mut self.endings.targets, &part.endings.targets);
        self.endings.upper += part.endings.upper;
        self.endings.lower += part.endings.lower;
        self.endings.jumps += part.endings.jumps;
        self.endings.absorbed += part.endings.absorbed;
        add_all(&mut self.jump_counts, &part.jump_counts);
        for (sum, time) in self.residence.iter_mut().zip(&part.residence) {
            *sum += time;
        }
        if let (Some(samples), Some(more)) = (&mut self.samples, &part.samples) {
            for (values, more) in samples.iter_mut().zip(more) {
                values.extend_from_slice(more);
            }
        }
        self.sample_endings.extend_from_slice(&part.sample_endings);
    }

    pub(super) fn write(&self, words: &mut Vec<u64>) {
        words.push(self.trajectories);
        self.moments.iter().for_each(|m| m.write(words));
        for average in [
            &self.normalisation,
            &self.exponential_entropy,
            &self.negative_entropy,
        ] {
            average.write(words);
        }
        words.extend(self.occupations.iter().flatten());
        let Endings {
            horizon,
            targets,
            upper,
            lower,
            jumps,
            absorbed,
        } = &self.endings;
        words.extend([horizon, upper, lower, jumps, absorbed]);
        words.extend(targets);
        words.extend(&self.jump_counts);
        words.extend(self.residence.iter().map(|t| t.to_bits()));
        for values in self.samples.iter().flatten() {
            words.extend(values.iter().map(|v| v.to_bits()));
        }
        words.extend(self.sample_endings.iter().map(|e| match e {
            Ending::Horizon => 0,
            Ending::Upper => 1,
            Ending::Lower => 2,
            Ending::Jumps => 3,
            Ending::Absorbed => 4,
            Ending::Target(k) => 5 + *k as u64,
        }));
    }

    /// Fills an empty ensemble from its words; `None` if they are too few.
    pub(super) fn read(mut self, words: &mut impl Iterator<Item = u64>) -> Option<Self> {
        self.trajectories = words.next()?;
        for moments in &mut self.moments {
            *moments = Moments::read(words)?;
        }
        for average in [
            &mut self.normalisation,
            &mut self.exponential_entropy,
            &mut self.negative_entropy,
        ] {
            *average = ExponentialAverage::read(words)?;
        }
        let endings = &mut self.endings;
        for count in self.occupations.iter_mut().flatten() {
            *count = words.next()?;
        }
        for count in [
            &mut endings.horizon,
            &mut endings.upper,
            &mut endings.lower,
            &mut endings.jumps,
            &mut endings.absorbed,
        ] {
            *count = words.next()?;
        }
        for count in endings.targets.iter_mut().chain(&mut self.jump_counts) {
            *count = words.next()?;
        }
        for time in &mut self.residence {
            *time = f64::from_bits(words.next()?);
        }
        let Some(samples) = &mut self.samples else {
            return Some(self);
        };
        for values in samples {
            for _ in 0..self.trajectories {
                values.push(f64::from_bits(words.next()?));
            }
        }
        for _ in 0..self.trajectories {
            self.sample_endings.push(match words.next()? {
                0 => Ending::Horizon,
                1 => Ending::Upper,
                2 => Ending::Lower,
                3 => Ending::Jumps,
                4 => Ending::Absorbed,
                k => Ending::Target(usize::try_from(k - 5).ok()?),
            });
        }
        Some(self)
    }
}

fn add_all(sums: &mut [u64], more: &[u64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
