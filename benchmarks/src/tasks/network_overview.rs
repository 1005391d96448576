//! Everything about a small network: entropy production, three splits, cycles, uncertainty relations.

use irrev_network::overview::overview;
use irrev_network::{Distribution, MarkovJump};

use crate::measure::{Measurement, Problem};

/// Samples per process, and calls per sample.
const SAMPLES: usize = 21;
const CALLS: usize = 100;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let edges = measurement.pairs("edges")?;
    let (forward, backward) = (measurement.reals("forward")?, measurement.reals("backward")?);
    let weights = measurement.reals("weights")?;
    let distribution = Distribution::new(measurement.reals("distribution")?)?;
    let rates = forward.iter().zip(&backward);
    let channels: Vec<_> = edges
        .iter()
        .zip(rates)
        .map(|(&(x, y), (&f, &b))| (x, y, f, b))
        .collect();
    let kinetics = MarkovJump::from_rates(distribution.len(), &channels)?;
    let all = overview(&kinetics, &distribution, &weights)?;
    for _ in 0..SAMPLES {
        measurement.time_per_call("overview", CALLS, || overview(&kinetics, &distribution, &weights))?;
    }
    measurement.number("epr", all.entropy_production_rate);
    measurement.number("ss_epr", all.stationary_flow.entropy_production_rate());
    measurement.number("epr_excess", all.geometric.excess);
    measurement.number("epr_housekeeping", all.geometric.housekeeping);
    measurement.number("epr_excess_infogeom", all.information_geometric.excess);
    measurement.number("adiabatic", all.hatano_sasa.adiabatic);
    measurement.number("nonadiabatic", all.hatano_sasa.nonadiabatic);
    measurement.number("cycle_affinities", all.affinities);
    measurement.number("cycle_currents_ss", all.cycle_currents);
    measurement.number("cycle_currents_housekeeping", all.housekeeping_cycle_currents);
    measurement.number("uncertainty_product", all.uncertainty.thermodynamic_product);
    Ok(())
}
