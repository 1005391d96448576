//! One network, simulated: chooses the sampler, plans memory, and carries it out.

use irrev_numerics::Run;

use super::driver::Plan;
use super::fingerprint::Fingerprint;
use super::lockstep::{FEWEST, GROUP, LARGE, LockstepUnit};
use super::noise::ReplicaNoise;
use super::options::{FieldFormat, Sampling, SequentialMethod, Start};
use super::parallel::{Parallel, ParallelUnit, blocks, memory as parallel_memory, part};
use super::real::Real;
use super::record::{Averages, Observable};
use super::rejection_free::RejectionFreeUnit;
use super::sequential::{Sequential, SequentialUnit, memory as sequential_memory};
use crate::error::{Error, Result};
use crate::network::{KineticIsing, Update};

/// Averages of a network in its stationary state, by simulation.
///
/// The same seed gives the same bits whatever the number of threads, and after any interruption if the run keeps checkpoints. Stops within about 0.1 s of being
/// asked. Cost: 2 N operations per refreshed spin for dense couplings.
///
/// Whether the burn-in was long enough, and whether there is one phase or several, is what [`two_starts`] finds out.
///
/// # Errors
/// [`crate::Error::SelfCoupling`] for updates one at a time of a spin that acts on itself, [`crate::Error::Domain`] for options or fields out of range, and those of the
/// run: cancellation, memory, checkpoints.
///
/// ```
/// use irrev_ising::simulation::{Sampling, simulate};
/// use irrev_ising::{Couplings, KineticIsing, Update};
/// use irrev_numerics::Run;
/// let ring = Couplings::from_rows(&[vec![0.0, 0.0, 1.0], vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]])?;
/// let network = KineticIsing::new(ring, vec![0.0; 3], 1.0)?;
/// let averages = simulate(&network, Update::Parallel, &Sampling::default(), &Run::default())?;
/// // fields are ±1: the next spins follow with ⟨s'_i s_{i−1}⟩ = tanh 1, and the reverse has no part: σ/N = tanh 1
/// let entropy_production = averages.entropy_production();
/// let exact = 1.0_f64.tanh();
/// assert!((entropy_production.value - exact).abs() < 5.0 * entropy_production.standard_error + 1e-6);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn simulate(
    network: &KineticIsing,
    update: Update,
    options: &Sampling,
    run: &Run<'_>,
) -> Result<Averages> {
    options.check()?;
    match options.format {
        FieldFormat::Single => sample::<f32>(network, update, options, run, 4),
        FieldFormat::Double => sample::<f64>(network, update, options, run, 8),
    }
}

fn sample<T: Real>(
    network: &KineticIsing,
    update: Update,
    options: &Sampling,
    run: &Run<'_>,
    number: usize,
) -> Result<Averages> {
    let plan = Plan {
        options,
        run,
        spins: network.spins(),
        fingerprint: fingerprint(network, update, options, run.seed),
    };
    if let Some(part) = part(update) {
        run.require_memory(
            "a simulation of parallel updates",
            parallel_memory(network, options, number) + earlier_states(network, options),
        )?;
        let shared = Parallel::<T>::new(network, part)?;
        let in_steps = options.for_part(part);
        let plan = Plan {
            options: &in_steps,
            ..plan
        };
        let units = blocks(&shared, options, run.seed)
            .into_iter()
            .map(|block| ParallelUnit {
                shared: &shared,
                block,
            });
        return plan.carry_out(units.collect());
    }
    run.require_memory(
        "a simulation of sequential updates",
        sequential_memory(network, options, number) + earlier_states(network, options),
    )?;
    let shared = Sequential::<T>::new(network)?;
    let noise = (0..options.replicas).map(|replica| ReplicaNoise::new(run.seed, options.draw, replica));
    if options.sequential == SequentialMethod::RejectionFree {
        let one = |noise| RejectionFreeUnit::new(&shared, noise, options.start);
        return plan.carry_out(noise.map(one).collect());
    }
    let large = network.spins() >= LARGE && options.replicas >= FEWEST;
    let columns = shared.coupling.columns();
    let lockstep = match options.sequential {
        SequentialMethod::Lockstep => true,
        SequentialMethod::Automatic => large && columns.is_some(),
        SequentialMethod::Independent | SequentialMethod::Clocks | SequentialMethod::RejectionFree => false,
    };
    if lockstep {
        let columns = columns.ok_or_else(|| sparse(network))?;
        let noise: Vec<ReplicaNoise> = noise.collect();
        let group =
            |noise: &[ReplicaNoise]| LockstepUnit::new(&shared, columns, noise.to_vec(), options.start);
        return plan.carry_out(noise.chunks(GROUP).map(group).collect());
    }
    let one = |noise| SequentialUnit::new(&shared, noise, options.start, options.sequential);
    plan.carry_out(noise.map(one).collect())
}

/// Bytes of the spins that lags compare with.
fn earlier_states(network: &KineticIsing, options: &Sampling) -> u64 {
    let words = network.spins().div_ceil(64) as u64;
    8 * words * (options.lags * options.replicas) as u64
}

/// Replicas in lockstep multiply with columns, which sparse couplings have not.
fn sparse(network: &KineticIsing) -> Error {
    let all = (network.spins() as f64).powi(2);
    Error::Domain {
        what: "the part of couplings that is not zero",
        value: network.couplings().entries() as f64 / all,
        expected: "dense couplings for replicas in lockstep; simulate them independently",
    }
}

/// Of everything that a trajectory depends on.
fn fingerprint(network: &KineticIsing, update: Update, options: &Sampling, seed: u64) -> u64 {
    let mut found = Fingerprint::new();
    found.take(seed);
    found.take(network.inverse_temperature().to_bits());
    for (i, field) in network.fields().iter().enumerate() {
        found.take(field.to_bits());
        for (j, coupling) in network.couplings().received(i) {
            found.take(j as u64);
            found.take(coupling.to_bits());
        }
    }
    // when checkpoints are written changes nothing
    let timeless = Sampling {
        checkpoint_seconds: 0.0,
        ..options.clone()
    };
    found.take_text(&format!("{update:?} {timeless:?}"));
    found.value()
}

/// The same network from all spins up and from random spins, and whether averages agree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TwoStarts {
    /// From all spins up.
    pub up: Averages,
    /// From random spins.
    pub random: Averages,
    /// Difference of each quantity in units of its standard error.
    pub deviations: Vec<(Observable, f64)>,
}

impl TwoStarts {
    /// Largest difference that is believed to be chance: 5 σ in any of six quantities, a false alarm in 3 of a million.
    const LARGEST: f64 = 5.0;

    /// Whether both starts lead to the same stationary state within errors.
    ///
    /// If not, the burn-in is too short, or the network has several phases that simulations do not leave: the magnetisation alone differs if they mirror each other.
    #[must_use]
    pub fn agree(&self) -> bool {
        self.deviations.iter().all(|(_, z)| z.abs() <= Self::LARGEST)
    }
}

/// Simulates from two starts, with different random numbers, and compares.
///
/// # Errors
/// As [`simulate`].
pub fn two_starts(
    network: &KineticIsing,
    update: Update,
    options: &Sampling,
    run: &Run<'_>,
) -> Result<TwoStarts> {
    let up = simulate(
        network,
        update,
        &Sampling {
            start: Start::Up,
            draw: 2 * options.draw,
            ..options.clone()
        },
        run,
    )?;
    let random = simulate(
        network,
        update,
        &Sampling {
            start: Start::Random,
            draw: 2 * options.draw + 1,
            ..options.clone()
        },
        run,
    )?;
    let deviation = |observable: Observable| {
        let (a, b) = (up.get(observable), random.get(observable));
        let difference = a.value - b.value;
        // numbers that do not fluctuate agree if they are equal up to the rounding of single precision
        let error = a.standard_error.hypot(b.standard_error) + 1e-6 * (a.value.abs() + b.value.abs());
        (
            observable,
            if difference == 0.0 {
                0.0
            } else {
                difference / error
            },
        )
    };
    let deviations = Observable::ALL.map(deviation).to_vec();
    Ok(TwoStarts {
        up,
        random,
        deviations,
    })
}
