//! p(t) = exp(W t) p(0) on a large driven torus.

use irrev_network::dynamics::evolve;
use irrev_network::{Distribution, MarkovJump, Network};
use irrev_numerics::{Run, Tolerance};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let edges = measurement.pairs("edges")?;
    let (forward, backward) = (measurement.reals("forward")?, measurement.reals("backward")?);
    let initial = Distribution::new(measurement.reals("initial")?)?;
    let duration = measurement.parameter("duration")?.as_f64().ok_or("duration")?;
    let kinetics = MarkovJump::new(Network::from_edges(initial.len(), &edges)?, forward, backward)?;
    let tolerance = Tolerance::relative(1e-10);
    let moved = measurement.time("evolve", || {
        evolve(&kinetics, &initial, duration, tolerance, &Run::default())
    })??;
    measurement.number("method", moved.method);
    measurement.number("iterations", moved.convergence.iterations);
    measurement.save("final", moved.distribution.probabilities())
}
