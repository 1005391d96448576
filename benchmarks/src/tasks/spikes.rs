//! The network behind recorded activity, and the way from spike times to it.

use irrev_ising::inference::{Binning, Coding, FitOptions, Raster, maximum_likelihood};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    match measurement.parameter("what")?.as_str() {
        Some("fit") => fit(measurement),
        Some("bins") => bins(measurement),
        other => Err(format!("no such work: {other:?}").into()),
    }
}

fn whole(measurement: &Measurement, name: &str) -> Result<usize, Problem> {
    let value = measurement.parameter(name)?.as_u64();
    Ok(usize::try_from(value.ok_or_else(|| format!("{name} is not whole"))?)?)
}

/// Couplings and fields of all units, row by row with the field first.
fn fit(measurement: &mut Measurement) -> Result<(), Problem> {
    let (units, steps) = (whole(measurement, "units")?, whole(measurement, "steps")?);
    let spins = measurement.reals("spins")?;
    let raster = Raster::from_array(&spins, steps + 1, units, Coding::PlusMinus)?;
    let transitions = raster.transitions()?;
    let options = FitOptions::default();
    let found = measurement.time("fit", || maximum_likelihood(&transitions, &options))??;
    measurement.time("standard errors", || found.standard_errors(&transitions))??;
    let weights: Vec<f64> = (0..units)
        .flat_map(|i| {
            let row = (0..units).map(|j| found.couplings[(i, j)]).collect::<Vec<_>>();
            std::iter::once(found.fields[i]).chain(row)
        })
        .collect();
    measurement.number("passes", found.convergence.iterations);
    measurement.save("weights", &weights)
}

/// In how many bins each unit was active.
fn bins(measurement: &mut Measurement) -> Result<(), Problem> {
    let units: Vec<usize> = measurement.reals("units")?.iter().map(|u| *u as usize).collect();
    let times = measurement.reals("times")?;
    let binning = Binning {
        units: whole(measurement, "unit_count")?,
        bins: whole(measurement, "bin_count")?,
        width: measurement.parameter("width")?.as_f64().ok_or("width")?,
        ..Binning::default()
    };
    let found = measurement.time("bin", || Raster::from_spikes(&units, &times, &binning))??;
    let active: Vec<f64> = found.raster.active_bins().iter().map(|n| *n as f64).collect();
    measurement.save("active", &active)
}
