//! Replicas under parallel updates, step by step: for transients, and for fields and couplings that change in time.

use irrev_numerics::Estimate;
use irrev_numerics::Run;
use irrev_numerics::linalg::{Earlier, Matrix, product_into};
use rayon::prelude::*;

use super::options::{FieldFormat, Sampling};
use super::parallel::{Block, Parallel, blocks, memory, part};
use super::real::Real;
use super::record::{KINDS, Observable, Row};
use super::statistics::mean_of_draws;
use crate::error::{Error, Result};
use crate::network::{KineticIsing, Update};

/// One step of all replicas: means over them, per spin.
///
/// In a transient the entropy production of a step has two parts: what goes to the bath, given here, and the change of the entropy of the
/// distribution, which no simulation of a large network knows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StepRecord {
    /// Steps before this one.
    pub step: u64,
    /// m before the step.
    pub magnetization: Estimate,
    /// Σ_i [⟨s'_i⟩ h_i(s) − ln 2cosh h_i(s) − s_i h_i(s') + ln 2cosh h_i(s')]/N over refreshed spins, both with the fields and couplings of this step; nats.
    pub bath_entropy_production: Estimate,
    /// Entropy of refreshed spins given the state before, in nats.
    pub conditional_entropy: Estimate,
    /// Expected flips.
    pub activity: Estimate,
}

/// Replicas of a network under parallel or partly parallel updates, which the caller moves step by step.
///
/// Steps run on the threads of the surrounding pool (see [`Run::install`]); the bits do not depend on their number.
///
/// ```
/// use irrev_ising::ensemble::{CouplingLaw, SelfCouplings};
/// use irrev_ising::simulation::{ParallelSampler, Sampling};
/// use irrev_ising::{KineticIsing, Update};
/// use irrev_numerics::Run;
/// let law = CouplingLaw::Gaussian { mean: 1.0, spread: 0.5, symmetry: 0.0 };
/// let network = KineticIsing::new(law.draw(64, SelfCouplings::Kept, 1, 0)?, vec![0.0; 64], 0.5)?;
/// let mut sampler = ParallelSampler::new(&network, Update::Parallel, &Sampling::default(), &Run::default())?;
/// let relaxation = sampler.follow(&[(network.clone(), 5), (network.at_inverse_temperature(2.0)?, 5)])?;
/// assert_eq!(relaxation[0].magnetization.value, 1.0);
/// assert!(relaxation[4].magnetization.value < relaxation[0].magnetization.value);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ParallelSampler {
    kit: Kit,
    part: f64,
    beta: f64,
}

#[derive(Debug, Clone)]
enum Kit {
    Single(Replicas<f32>),
    Double(Replicas<f64>),
}

/// Calls a method of the replicas, whatever their format.
macro_rules! either {
    ($kit:expr, $replicas:ident => $call:expr) => {
        match $kit {
            Kit::Single($replicas) => $call,
            Kit::Double($replicas) => $call,
        }
    };
}

impl ParallelSampler {
    /// Replicas at their start. Of the options, lengths of time are not used.
    ///
    /// # Errors
    /// [`Error::Domain`] for updates one at a time, options or fields out of range; memory.
    pub fn new(network: &KineticIsing, update: Update, options: &Sampling, run: &Run<'_>) -> Result<Self> {
        options.check()?;
        let part = part(update).unwrap_or(0.0);
        let (single, double) = (FieldFormat::Single, FieldFormat::Double);
        let number = if options.format == double { 8 } else { 4 };
        run.require_memory("replicas of parallel updates", memory(network, options, number))?;
        let kit = if options.format == single {
            Kit::Single(Replicas::new(network, part, options, run.seed)?)
        } else {
            Kit::Double(Replicas::new(network, part, options, run.seed)?)
        };
        Ok(Self {
            kit,
            part,
            beta: network.inverse_temperature(),
        })
    }

    /// Steps done.
    #[must_use]
    pub fn steps(&self) -> u64 {
        either!(&self.kit, replicas => replicas.blocks.first().map_or(0, |block| block.step))
    }

    /// One step, measured.
    pub fn step(&mut self) -> StepRecord {
        let step = self.steps();
        let rows = either!(&mut self.kit, replicas => replicas.step());
        let mean = |observable: Observable| {
            let values: Vec<f64> = rows.iter().map(|row| row[observable as usize]).collect();
            mean_of_draws(&values)
        };
        StepRecord {
            step,
            magnetization: mean(Observable::Magnetization),
            bath_entropy_production: mean(Observable::BathEntropyProduction),
            conditional_entropy: mean(Observable::ConditionalEntropy),
            activity: mean(Observable::Activity),
        }
    }

    /// Some steps, not measured.
    pub fn advance(&mut self, steps: u64) {
        either!(&mut self.kit, replicas => replicas.advance(steps));
    }

    /// Changes couplings, fields and temperature from the next step on.
    ///
    /// # Errors
    /// [`Error::Size`] for another number of spins, [`Error::Domain`] for fields out of range.
    pub fn set_network(&mut self, network: &KineticIsing) -> Result<()> {
        let part = self.part;
        self.beta = network.inverse_temperature();
        either!(&mut self.kit, replicas => replicas.set_network(network, part))
    }

    /// Changes the fields H, in units of energy, from the next step on.
    ///
    /// # Errors
    /// [`Error::Size`] if there is not one for each spin, [`Error::Field`].
    pub fn set_fields(&mut self, fields: &[f64]) -> Result<()> {
        let spins = either!(&self.kit, replicas => replicas.shared.n);
        if fields.len() != spins {
            return Err(Error::Size {
                what: "the list of fields",
                found: fields.len(),
                expected: spins,
            });
        }
        if let Some(spin) = fields.iter().position(|h| !h.is_finite()) {
            let value = fields[spin];
            return Err(Error::Field { spin, value });
        }
        let beta = self.beta;
        either!(&mut self.kit, replicas => replicas.shared.set_fields(fields, beta));
        Ok(())
    }

    /// Steps through segments of time, each with its network and number of steps; every step is measured.
    ///
    /// # Errors
    /// As [`Self::set_network`].
    pub fn follow(&mut self, segments: &[(KineticIsing, u64)]) -> Result<Vec<StepRecord>> {
        let mut records = Vec::new();
        for (network, steps) in segments {
            self.set_network(network)?;
            records.extend((0..*steps).map(|_| self.step()));
        }
        Ok(records)
    }

    /// Measured steps with fields H that `fields` gives for each of them, by the number of steps before it.
    ///
    /// # Errors
    /// As [`Self::set_fields`].
    pub fn driven(&mut self, steps: u64, mut fields: impl FnMut(u64) -> Vec<f64>) -> Result<Vec<StepRecord>> {
        let mut records = Vec::new();
        for _ in 0..steps {
            self.set_fields(&fields(self.steps()))?;
            records.push(self.step());
        }
        Ok(records)
    }

    /// Spins of a replica now; `None` if there is no such replica.
    #[must_use]
    pub fn spins(&self, replica: usize) -> Option<Vec<i8>> {
        either!(&self.kit, replicas => replicas.spins(replica))
    }

    /// Adds the present states of all replicas to means of pairs.
    ///
    /// # Errors
    /// [`Error::Size`] if the means are those of another number of spins.
    pub fn add_pairs(&self, pairs: &mut PairMoments) -> Result<()> {
        either!(&self.kit, replicas => replicas.add_pairs(pairs))
    }
}

#[derive(Debug, Clone)]
struct Replicas<T> {
    shared: Parallel<T>,
    blocks: Vec<Block<T>>,
}

impl<T: Real> Replicas<T> {
    fn new(network: &KineticIsing, part: f64, options: &Sampling, seed: u64) -> Result<Self> {
        let shared = Parallel::new(network, part)?;
        let blocks = blocks(&shared, options, seed);
        Ok(Self { shared, blocks })
    }

    fn step(&mut self) -> Vec<Row> {
        let (shared, n) = (&self.shared, self.shared.n);
        let rows = self.blocks.par_iter_mut().map(|block| {
            let mut rows = vec![[0.0; KINDS]; block.spins.len() / n];
            block.step(shared, Some(&mut rows));
            rows
        });
        rows.collect::<Vec<_>>().concat()
    }

    fn advance(&mut self, steps: u64) {
        let shared = &self.shared;
        self.blocks
            .par_iter_mut()
            .for_each(|block| (0..steps).for_each(|_| block.step(shared, None)));
    }

    fn set_network(&mut self, network: &KineticIsing, part: f64) -> Result<()> {
        if network.spins() != self.shared.n {
            return Err(Error::Size {
                what: "the network",
                found: network.spins(),
                expected: self.shared.n,
            });
        }
        self.shared = Parallel::new(network, part)?;
        let shared = &self.shared;
        self.blocks.par_iter_mut().for_each(|block| block.receive(shared));
        Ok(())
    }

    fn spins(&self, replica: usize) -> Option<Vec<i8>> {
        let n = self.shared.n;
        let block = self.blocks.get(replica / super::parallel::BLOCK)?;
        let column = replica % super::parallel::BLOCK;
        let spins = block.spins.get(column * n..(column + 1) * n)?;
        Some(spins.iter().map(|s| if *s == T::UP { 1 } else { -1 }).collect())
    }

    fn add_pairs(&self, pairs: &mut PairMoments) -> Result<()> {
        let n = self.shared.n;
        if pairs.spins != n {
            return Err(Error::Size {
                what: "the means of pairs",
                found: pairs.spins,
                expected: n,
            });
        }
        for block in &self.blocks {
            let number = |x: &T| -> f64 { (*x).into() };
            let spins: Vec<f64> = block.spins.iter().map(number).collect();
            let fields = block.received().iter().enumerate();
            let means: Vec<f64> = fields
                .map(|(place, r)| number(r) + number(&self.shared.fields()[place % n]))
                .map(f64::tanh)
                .collect();
            pairs.add(&spins, &means, self.shared.part());
        }
        Ok(())
    }
}

/// Means of spins and of pairs of spins over states: m, and the correlations C at equal times and D from one step to the next.
///
/// States may come from many replicas at one time, for a transient, or from many times.
///
/// ```
/// use irrev_ising::simulation::{PairMoments, ParallelSampler, Sampling};
/// use irrev_ising::{Couplings, KineticIsing, Update};
/// use irrev_numerics::Run;
/// let pair = Couplings::from_rows(&[vec![0.0, 0.0], vec![1.0, 0.0]])?;       // spin 0 acts on spin 1
/// let network = KineticIsing::new(pair, vec![0.0; 2], 1.0)?;
/// let mut sampler = ParallelSampler::new(&network, Update::Parallel, &Sampling::default(), &Run::default())?;
/// let mut pairs = PairMoments::new(2);
/// for _ in 0..200 {
///     sampler.advance(1);
///     sampler.add_pairs(&mut pairs)?;
/// }
/// let delayed = pairs.delayed_correlation();                                  // later spin first
/// assert!((delayed[(1, 0)] - 1.0_f64.tanh()).abs() < 0.02 && delayed[(0, 1)].abs() < 0.02);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PairMoments {
    spins: usize,
    states: u64,
    now: Vec<f64>,
    next: Vec<f64>,
    equal: Vec<f64>,
    delayed: Vec<f64>,
}

impl PairMoments {
    /// No states yet, of N spins; 16 N² bytes.
    #[must_use]
    pub fn new(spins: usize) -> Self {
        Self {
            spins,
            states: 0,
            now: vec![0.0; spins],
            next: vec![0.0; spins],
            equal: vec![0.0; spins * spins],
            delayed: vec![0.0; spins * spins],
        }
    }

    /// Adds states (columns of `spins`), with the means that refreshed spins will have after each.
    fn add(&mut self, spins: &[f64], refreshed: &[f64], part: f64) {
        let (n, states) = (self.spins, spins.len() / self.spins);
        let next: Vec<f64> = refreshed
            .iter()
            .zip(spins)
            .map(|(t, s)| part * t + (1.0 - part) * s)
            .collect();
        let transposed: Vec<f64> = (0..spins.len())
            .map(|place| spins[place % states * n + place / states])
            .collect();
        product_into(&mut self.equal, Earlier::Kept, spins, &transposed, n);
        product_into(&mut self.delayed, Earlier::Kept, &next, &transposed, n);
        for (place, (s, x)) in spins.iter().zip(&next).enumerate() {
            self.now[place % n] += s;
            self.next[place % n] += x;
        }
        self.states += states as u64;
    }

    /// States added so far.
    #[must_use]
    pub fn states(&self) -> u64 {
        self.states
    }

    /// ⟨s_i⟩; NaN if there is no state yet.
    #[must_use]
    pub fn magnetizations(&self) -> Vec<f64> {
        self.now.iter().map(|sum| sum / self.states as f64).collect()
    }

    /// C_ik = ⟨s_i s_k⟩ − ⟨s_i⟩⟨s_k⟩.
    #[must_use]
    pub fn equal_time_correlation(&self) -> Matrix {
        self.connected(&self.equal, &self.now)
    }

    /// D_il = ⟨s_i(t+1) s_l(t)⟩ − ⟨s_i(t+1)⟩⟨s_l(t)⟩, with the mean of s_i(t+1) given the state at t.
    #[must_use]
    pub fn delayed_correlation(&self) -> Matrix {
        self.connected(&self.delayed, &self.next)
    }

    fn connected(&self, products: &[f64], first: &[f64]) -> Matrix {
        let (n, states) = (self.spins, self.states as f64);
        Matrix::from_fn(n, n, |i, l| {
            products[l * n + i] / states - first[i] / states * (self.now[l] / states)
        })
    }
}
