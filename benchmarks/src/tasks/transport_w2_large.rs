//! The narrowest proven interval of W₂ on a large grid within a given time, and that of the product from its factors.

use std::time::{Duration, Instant};

use irrev_network::transport::{Geodesic, Wasserstein2Options, wasserstein2};
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::Run;
use irrev_numerics::run::Monitor;
use serde_json::{Map, Value, json};

use crate::measure::{Measurement, Problem};
use crate::problem::interval;

/// Widths of the interval of W₂², relative to it.
const ASKED: [(&str, f64); 6] =
    [("1e-1", 1e-1), ("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4), ("1e-5", 1e-5), ("1e-6", 1e-6)];

/// What the factors are certified to.
const FACTOR: f64 = 1e-8;

/// Cancels at a given time.
struct Deadline(Instant);

impl Monitor for Deadline {
    fn progress(&self, _fraction: f64, _what: &str) {}
    fn cancelled(&self) -> bool {
        Instant::now() > self.0
    }
}

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let factors = product_of_factors(measurement)?;
    measurement.number("factors", factors);
    let edges = measurement.pairs("edges")?;
    let (from, to) = (measurement.reals("from")?, measurement.reals("to")?);
    let kinetics = with_unit_rates(from.len(), &edges)?;
    let (from, to) = (Distribution::new(from)?, Distribution::new(to)?);
    let seconds = measurement.parameter("seconds")?.as_f64().ok_or("seconds")?;
    let deadline = Deadline(Instant::now() + Duration::from_secs_f64(seconds));
    let run = Run {
        monitor: &deadline,
        ..Run::default()
    };
    let mut intervals = Map::new();
    for (name, tolerance) in ASKED {
        let options = Wasserstein2Options::within(tolerance);
        let found = measurement.time(&format!("to {name}"), || {
            wasserstein2(&kinetics, &from, &to, &options, &run)
        })?;
        let told = match &found {
            Ok(found) => interval(found.geodesic().ok_or("the grid is connected")?),
            Err(problem) => json!({"ended": problem.to_string()}),
        };
        intervals.insert(name.into(), told);
        if found.is_err() {
            break;
        }
    }
    measurement.number("intervals", intervals);
    Ok(())
}

/// Bounds on W₂ of a product, whose squares add over rows and columns.
fn product_of_factors(measurement: &Measurement) -> Result<Value, Problem> {
    let (mut lower, mut upper) = (0.0_f64, 0.0_f64);
    for factor in ["rows", "columns"] {
        let (from, to) = (
            measurement.reals(&format!("from_{factor}"))?,
            measurement.reals(&format!("to_{factor}"))?,
        );
        let chain: Vec<_> = (1..from.len()).map(|i| (i - 1, i)).collect();
        let kinetics = with_unit_rates(from.len(), &chain)?;
        let (from, to) = (Distribution::new(from)?, Distribution::new(to)?);
        let options = Wasserstein2Options::within(FACTOR);
        let found = wasserstein2(&kinetics, &from, &to, &options, &Run::default())?;
        let bounds = |g: &Geodesic| (g.lower_bound(), g.upper_bound());
        let (below, above) = found.geodesic().map(bounds).ok_or("a chain is connected")?;
        (lower, upper) = (lower.hypot(below), upper.hypot(above));
    }
    Ok(json!({"lower": lower, "upper": upper}))
}

fn with_unit_rates(states: usize, edges: &[(usize, usize)]) -> Result<MarkovJump, Problem> {
    let channels: Vec<_> = edges.iter().map(|&(x, y)| (x, y, 1.0, 1.0)).collect();
    Ok(MarkovJump::from_rates(states, &channels)?)
}
