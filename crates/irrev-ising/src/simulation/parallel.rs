//! Parallel and partly parallel updates: replicas are columns of a matrix, and one product with β J gives the fields of all.
//!
//! Replicas come in blocks of [`BLOCK`], each multiplied on one thread: the bits of a replica depend neither on the number of threads nor on how many
//! other blocks there are. Fields of the present state are always at hand; a step compares them with logistic variates and multiplies once.

use irrev_numerics::linalg::vectorised;
use irrev_numerics::{Error as NumericsError, Run};

use super::driver::{Unit, UnitState};
use super::interaction::{Interaction, require_range, scaled_fields};
use super::lags::{pack, unpack};
use super::noise::{ReplicaNoise, Use, random_spins};
use super::options::{Sampling, Start};
use super::real::{Real, lane_sums};
use super::record::Row;
use crate::error::{Error, Result};
use crate::network::{KineticIsing, Update};

/// Replicas multiplied together; part of the definition of the result.
pub(super) const BLOCK: usize = 128;

/// The network in the format of the sampler.
#[derive(Debug, Clone)]
pub(super) struct Parallel<T> {
    pub(super) n: usize,
    coupling: Interaction<T>,
    /// β (J − Jᵀ), if all spins are refreshed together.
    antisymmetric: Option<Interaction<T>>,
    fields: Vec<T>,
    /// Probability with which a spin is refreshed in a step.
    part: f64,
}

impl<T: Real> Parallel<T> {
    /// # Errors
    /// [`Error::Domain`] for fields out of range or a part that is not in (0, 1].
    pub(super) fn new(network: &KineticIsing, part: f64) -> Result<Self> {
        require_range::<T>(network)?;
        Error::require(
            "the part of spins that are refreshed",
            part,
            part > 0.0 && part <= 1.0,
            "more than 0 and at most 1",
        )?;
        let all = part == 1.0;
        Ok(Self {
            n: network.spins(),
            coupling: Interaction::new(network),
            antisymmetric: all.then(|| Interaction::antisymmetric(network)),
            fields: scaled_fields(network),
            part,
        })
    }

    /// β H.
    pub(super) fn fields(&self) -> &[T] {
        &self.fields
    }

    /// Probability with which a spin is refreshed in a step.
    pub(super) fn part(&self) -> f64 {
        self.part
    }

    /// Other fields H, in units of energy, at inverse temperature β.
    pub(super) fn set_fields(&mut self, fields: &[f64], beta: f64) {
        for (own, field) in self.fields.iter_mut().zip(fields) {
            *own = T::of(beta * field);
        }
    }
}

/// Bytes of the network and of its replicas.
pub(super) fn memory(network: &KineticIsing, options: &Sampling, number: usize) -> u64 {
    let (n, replicas) = (network.spins() as u64, options.replicas as u64);
    let entries = network.couplings().entries() as u64;
    // β J, β (J − Jᵀ) and one matrix in double precision on the way; spins, spins before, and two fields of every replica
    entries * (2 * number as u64 + 8) + 4 * n * replicas * number as u64
}

/// Part of spins refreshed in one step, or `None` for updates one at a time.
pub(super) fn part(update: Update) -> Option<f64> {
    match update {
        Update::Parallel => Some(1.0),
        Update::PartlyParallel(part) => Some(part),
        Update::Sequential => None,
    }
}

/// A block of replicas.
#[derive(Debug, Clone)]
pub(super) struct Block<T> {
    noise: Vec<ReplicaNoise>,
    pub(super) step: u64,
    pub(super) spins: Vec<T>,
    /// Spins before the latest measured step.
    previous: Vec<T>,
    /// β J s of the spins.
    received: Vec<T>,
    /// β (J − Jᵀ) s of the latest measured step.
    imbalance: Vec<T>,
    variates: Vec<T>,
    bits: Vec<u32>,
    words: Vec<u64>,
}

impl<T: Real> Block<T> {
    pub(super) fn new(shared: &Parallel<T>, noise: Vec<ReplicaNoise>, start: Start, seed: u64) -> Self {
        let (n, size) = (shared.n, shared.n * noise.len());
        let mut spins = vec![T::UP; size];
        if start == Start::Random {
            for (spins, noise) in spins.chunks_exact_mut(n).zip(&noise) {
                random_spins(seed, *noise, spins);
            }
        }
        let mut block = Self {
            noise,
            step: 0,
            spins,
            previous: vec![T::UP; size],
            received: vec![T::default(); size],
            imbalance: vec![T::default(); size],
            variates: vec![T::default(); n],
            bits: vec![0; n],
            words: Vec::new(),
        };
        block.receive(shared);
        block
    }

    /// Fields of the present spins in the present network.
    pub(super) fn receive(&mut self, shared: &Parallel<T>) {
        shared.coupling.receive(&self.spins, shared.n, &mut self.received);
    }

    /// β J s of the present spins, without β H.
    pub(super) fn received(&self) -> &[T] {
        &self.received
    }

    /// One step, measured into a row per replica if asked.
    pub(super) fn step(&mut self, shared: &Parallel<T>, mut rows: Option<&mut [Row]>) {
        if let Some(rows) = rows.as_deref_mut() {
            self.previous.copy_from_slice(&self.spins);
            if let Some(antisymmetric) = &shared.antisymmetric {
                antisymmetric.receive(&self.spins, shared.n, &mut self.imbalance);
            }
            self.measure_before(shared, rows);
        }
        for replica in 0..self.noise.len() {
            self.refresh(shared, replica);
        }
        self.receive(shared);
        if let Some(rows) = rows {
            self.measure_after(shared, rows);
        }
        self.step += 1;
    }

    fn refresh(&mut self, shared: &Parallel<T>, replica: usize) {
        let (n, noise, step) = (shared.n, self.noise[replica], self.step);
        let own = replica * n..(replica + 1) * n;
        noise.bits(Use::Acceptance, step, &mut self.words, &mut self.bits);
        let (bits, variates) = (&self.bits, &mut self.variates);
        vectorised(
            #[inline(always)]
            || noise.logistic(step, bits, variates),
        );
        let (spins, received) = (&mut self.spins[own.clone()], &self.received[own]);
        let variates = &self.variates;
        if shared.part < 1.0 {
            noise.bits(Use::Choice, step, &mut self.words, &mut self.bits);
            let chosen = Chosen::new(shared.part);
            for i in 0..n {
                if chosen.has(self.bits[i]) {
                    let up = received[i] + shared.fields[i] > variates[i];
                    spins[i] = if up { T::UP } else { -T::UP };
                }
            }
            return;
        }
        vectorised(
            #[inline(always)]
            || {
                let fields = received.iter().zip(&shared.fields);
                for ((spin, (r, h)), variate) in spins.iter_mut().zip(fields).zip(variates) {
                    *spin = if *r + *h > *variate { T::UP } else { -T::UP };
                }
            },
        );
    }

    /// What is known before the step: conditional means given the state.
    fn measure_before(&self, shared: &Parallel<T>, rows: &mut [Row]) {
        let n = shared.n;
        for (replica, row) in rows.iter_mut().enumerate() {
            let own = replica * n..(replica + 1) * n;
            let (spins, received) = (&self.spins[own.clone()], &self.received[own.clone()]);
            let (imbalance, fields) = (&self.imbalance[own], &shared.fields[..n]);
            let [m, flow, entropy, kept] = vectorised(
                #[inline(always)]
                || {
                    lane_sums(
                        n,
                        #[inline(always)]
                        |i| {
                            let (tanh, entropy) = T::response(received[i] + fields[i]);
                            [spins[i], tanh * imbalance[i], entropy, tanh * spins[i]]
                        },
                    )
                },
            );
            let (n, part) = (n as f64, shared.part);
            *row = [
                m / n,
                (m / n).abs(),
                flow / n,
                part * entropy / n,
                0.5 * part * (1.0 - kept / n),
                0.0,
            ];
        }
    }

    /// Entropy to the bath, Σ_i [⟨s'_i⟩ h_i(s) − ln 2cosh h_i(s) − s_i h_i(s') + ln 2cosh h_i(s')] over refreshed spins; the first two terms are minus
    /// their conditional entropy.
    fn measure_after(&mut self, shared: &Parallel<T>, rows: &mut [Row]) {
        let n = shared.n;
        let chosen = Chosen::new(shared.part);
        for (replica, row) in rows.iter_mut().enumerate() {
            if shared.part < 1.0 {
                let noise = self.noise[replica];
                noise.bits(Use::Choice, self.step, &mut self.words, &mut self.bits);
            } else {
                self.bits.fill(0);
            }
            let own = replica * n..(replica + 1) * n;
            let (before, received) = (&self.previous[own.clone()], &self.received[own]);
            let (bits, fields) = (&self.bits[..n], &shared.fields[..n]);
            let [back] = vectorised(
                #[inline(always)]
                || {
                    lane_sums(
                        n,
                        #[inline(always)]
                        |i| {
                            let h = received[i] + fields[i];
                            let back = T::log_two_cosh(h) - before[i] * h;
                            [if chosen.has(bits[i]) { back } else { T::default() }]
                        },
                    )
                },
            );
            row[5] = back / n as f64 - row[3];
            if shared.antisymmetric.is_none() {
                row[2] = row[5];
            }
        }
    }

    pub(super) fn state(&self, n: usize) -> UnitState {
        UnitState {
            clock: self.step,
            spins: self.spins.chunks_exact(n).map(pack).collect(),
            waiting: 0.0,
            ticks: 0,
        }
    }

    pub(super) fn restore(&mut self, shared: &Parallel<T>, state: &UnitState) {
        self.step = state.clock;
        for (spins, words) in self.spins.chunks_exact_mut(shared.n).zip(&state.spins) {
            unpack(words, spins);
        }
        self.receive(shared);
    }
}

/// Spins chosen with a probability, from 32 bits each.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    below: u64,
}

impl Chosen {
    fn new(part: f64) -> Self {
        Self {
            below: (part * 4_294_967_296.0).ceil() as u64,
        }
    }

    #[inline(always)]
    fn has(self, bits: u32) -> bool {
        u64::from(bits) < self.below
    }
}

/// All replicas in blocks.
pub(super) fn blocks<T: Real>(shared: &Parallel<T>, options: &Sampling, seed: u64) -> Vec<Block<T>> {
    let noise: Vec<ReplicaNoise> = (0..options.replicas)
        .map(|replica| ReplicaNoise::new(seed, options.draw, replica))
        .collect();
    noise
        .chunks(BLOCK)
        .map(|noise| Block::new(shared, noise.to_vec(), options.start, seed))
        .collect()
}

/// A block with its network, as the driver carries it.
pub(super) struct ParallelUnit<'a, T> {
    pub(super) shared: &'a Parallel<T>,
    pub(super) block: Block<T>,
}

impl<T: Real> Unit for ParallelUnit<'_, T> {
    fn replicas(&self) -> usize {
        self.block.noise.len()
    }

    fn rebuild(&mut self) -> f64 {
        0.0
    }

    fn interval(&mut self, length: u64, mut rows: Option<&mut [Row]>, run: &Run<'_>) -> Result<()> {
        for _ in 0..length {
            if run.monitor.cancelled() {
                return Err(Error::Numerics(NumericsError::Cancelled));
            }
            self.block.step(self.shared, rows.take());
        }
        Ok(())
    }

    fn state(&self) -> UnitState {
        self.block.state(self.shared.n)
    }

    fn restore(&mut self, state: &UnitState) {
        self.block.restore(self.shared, state);
    }
}
