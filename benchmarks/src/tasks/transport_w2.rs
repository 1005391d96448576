//! W₂ with its geodesic and bounds, all rates 1; the variant is the relative width of the interval that is asked for.

use irrev_network::transport::{Wasserstein2Options, wasserstein2};
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};
use crate::problem::interval;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let tolerance: f64 = measurement.variant().parse()?;
    let wanted = measurement.parameter("tolerances")?;
    if !wanted.as_array().is_some_and(|all| all.iter().any(|t| t.as_f64() == Some(tolerance))) {
        return Ok(());
    }
    let edges = measurement.pairs("edges")?;
    let from = Distribution::new(measurement.reals("from")?)?;
    let to = Distribution::new(measurement.reals("to")?)?;
    let channels: Vec<_> = edges.iter().map(|&(x, y)| (x, y, 1.0, 1.0)).collect();
    let kinetics = MarkovJump::from_rates(from.probabilities().len(), &channels)?;
    let options = Wasserstein2Options::within(tolerance);
    for _ in 0..measurement.parameter("calls")?.as_u64().ok_or("calls")? {
        let found = measurement.time("distance", || {
            wasserstein2(&kinetics, &from, &to, &options, &Run::default())
        })??;
        let geodesic = found.geodesic().ok_or("the network is connected")?;
        measurement.number("interval", interval(geodesic));
    }
    Ok(())
}
