//! W₁ between two random distributions on a square grid with edges of length 1.

use irrev_network::transport::wasserstein1;
use irrev_network::{Distribution, Network};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let edges = measurement.pairs("edges")?;
    let from = Distribution::new(measurement.reals("from")?)?;
    let to = Distribution::new(measurement.reals("to")?)?;
    let network = Network::from_edges(from.len(), &edges)?;
    let mut distances = Vec::new();
    let repetitions = measurement.parameter("repetitions")?.as_u64().ok_or("repetitions")?;
    for _ in 0..repetitions {
        let found = measurement.time("distance", || {
            wasserstein1(&network, None, &from, &to, &Run::default())
        })??;
        let transport = found.finite().ok_or("the grid is connected")?;
        distances = vec![transport.distance, transport.lower_bound, transport.upper_bound];
    }
    measurement.save("distance", &distances)
}
