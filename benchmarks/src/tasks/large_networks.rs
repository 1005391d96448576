//! Large networks by simulation; infinite ones exactly; one mean-field step.

use irrev_ising::ensemble::FieldLaw;
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use irrev_ising::mean_field::{Expansion, MeanFieldState, step};
use irrev_ising::simulation::{Observable, ParallelSampler, Sampling, simulate};
use irrev_ising::{Couplings, KineticIsing, Update};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    match measurement.parameter("what")?.as_str() {
        Some("parallel") => {
            alone(measurement)?;
            updates(measurement, Update::Parallel, "updates, measured")
        }
        Some("sequential") => updates(measurement, Update::Sequential, "attempts"),
        Some("infinite") => infinite(measurement),
        Some("mean field") => mean_field(measurement),
        other => Err(format!("no such work: {other:?}").into()),
    }
}

fn whole(measurement: &Measurement, name: &str) -> Result<usize, Problem> {
    let value = measurement.parameter(name)?.as_u64();
    Ok(usize::try_from(value.ok_or_else(|| format!("{name} is not whole"))?)?)
}

fn network(measurement: &Measurement) -> Result<KineticIsing, Problem> {
    let n = whole(measurement, "spins")?;
    let given = measurement.reals("couplings")?;
    let matrix = Matrix::from_fn(n, n, |i, j| given[i * n + j]);
    Ok(KineticIsing::new(
        Couplings::from_matrix(matrix)?,
        vec![0.0; n],
        1.0,
    )?)
}

/// A million parallel updates without a measurement, which is what the peers do.
fn alone(measurement: &mut Measurement) -> Result<(), Problem> {
    let network = network(measurement)?;
    let (replicas, steps) = (whole(measurement, "replicas")?, whole(measurement, "steps")?);
    let options = Sampling {
        replicas,
        ..Sampling::default()
    };
    let run = Run {
        threads: 1,
        ..Run::default()
    };
    let mut sampler = ParallelSampler::new(&network, Update::Parallel, &options, &run)?;
    let millions = (network.spins() * replicas * steps) as f64 * 1e-6;
    measurement.time_per_part("updates", millions, || sampler.advance(steps as u64))
}

/// A million updates or attempts, everything included.
fn updates(measurement: &mut Measurement, update: Update, phase: &str) -> Result<(), Problem> {
    let network = network(measurement)?;
    let (replicas, steps) = (whole(measurement, "replicas")?, whole(measurement, "steps")?);
    let options = Sampling {
        replicas,
        burn_in: 0,
        measured: steps as u64,
        ..Sampling::default()
    };
    let millions = (network.spins() * replicas * steps) as f64 * 1e-6;
    let run = Run {
        threads: 1,
        ..Run::default()
    };
    let found = measurement.time_per_part(phase, millions, || simulate(&network, update, &options, &run))??;
    measurement.number("flips", found.get(Observable::Activity).value);
    Ok(())
}

/// One point 1 % from the critical line.
fn infinite(measurement: &mut Measurement) -> Result<(), Problem> {
    let network = InfiniteNetwork {
        inverse_temperature: 1.36,
        mean_coupling: 1.0,
        spread: 0.5,
        fields: FieldLaw::Constant(0.0),
    };
    measurement.time("parallel", || network.order_parameters(Branch::Up))??;
    measurement.time("with sequential", || network.sequential(Branch::Up))??;
    Ok(())
}

/// Plefka2[t] from the correlations that a step from independent spins makes.
fn mean_field(measurement: &mut Measurement) -> Result<(), Problem> {
    let network = network(measurement)?;
    let independent = MeanFieldState::independent(&vec![0.1; network.spins()])?;
    let run = Run::default();
    let before = step(&network, Expansion::Pairwise, &independent, &run)?;
    measurement.time("Plefka2[t]", || {
        step(&network, Expansion::Pairwise, &before, &run)
    })??;
    Ok(())
}
