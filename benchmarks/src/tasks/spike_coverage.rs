//! How often the interval of the entropy production of spikes holds the true value.

use irrev_ising::ensemble::{CouplingLaw, SelfCouplings};
use irrev_ising::enumeration::parallel_stationary_state;
use irrev_ising::inference::{Coding, EntropyProductionOptions, FitOptions, Raster, entropy_production};
use irrev_ising::simulation::{ParallelSampler, Sampling};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

/// Steps before the recording begins.
const BURN_IN: u64 = 100;

/// λ of the fits: in a recording some state may never follow another, and the coupling between them would be infinite without it.
const PENALTY: f64 = 1e-4;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let whole = |name: &str| -> Result<u64, Problem> {
        Ok(measurement.parameter(name)?.as_u64().ok_or("a whole number")?)
    };
    let (networks, units, bins) = (whole("networks")?, whole("units")? as usize, whole("bins")? as usize);
    let found = measurement.time_per_part("one network", networks as f64, || {
        (1..=networks)
            .map(|seed| truth_and_interval(seed, units, bins))
            .collect::<Result<Vec<_>, _>>()
    })??;
    for (place, name) in ["true", "estimate", "lower", "upper"].iter().enumerate() {
        let column: Vec<f64> = found.iter().map(|row| row[place]).collect();
        measurement.save(name, &column)?;
    }
    Ok(())
}

/// Exact entropy production of a random network; its estimate from a recording, and the interval.
fn truth_and_interval(seed: u64, units: usize, bins: usize) -> Result<[f64; 4], Problem> {
    let law = CouplingLaw::Gaussian {
        mean: 1.0,
        spread: 0.5,
        symmetry: 0.0,
    };
    let couplings = law.draw(units, SelfCouplings::Kept, seed, 0)?;
    let network = KineticIsing::new(couplings, vec![0.3; units], 1.0)?;
    let run = Run {
        seed,
        ..Run::default()
    };
    let exact = parallel_stationary_state(&network, &run)?.entropy_production;
    let options = Sampling {
        replicas: 1,
        ..Sampling::default()
    };
    let mut sampler = ParallelSampler::new(&network, Update::Parallel, &options, &run)?;
    sampler.advance(BURN_IN);
    let mut spins = Vec::with_capacity(bins * units);
    for _ in 0..bins {
        sampler.advance(1);
        spins.extend(sampler.spins(0).ok_or("one replica")?);
    }
    let raster = Raster::from_array(&spins, bins, units, Coding::PlusMinus)?;
    // nulls do not enter the interval
    let options = EntropyProductionOptions {
        nulls: 1,
        fit: FitOptions {
            penalty: PENALTY,
            ..FitOptions::default()
        },
        ..EntropyProductionOptions::default()
    };
    let found = entropy_production(&raster, &options, &run)?.estimate;
    Ok([exact, found.value, found.interval.0, found.interval.1])
}
