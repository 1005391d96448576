//! The stationary distribution of a large driven torus: of a process, or (variant "elimination") by the numerics under it alone.

use irrev_network::{MarkovJump, Network};
use irrev_numerics::elimination::{EliminationPlan, PlanOptions, Threads};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let edges = measurement.pairs("edges")?;
    let (forward, backward) = (measurement.reals("forward")?, measurement.reals("backward")?);
    let states = measurement.parameter("states")?.as_u64().ok_or("states")?;
    let states = usize::try_from(states)?;
    if measurement.variant() == "elimination" {
        let stationary = measurement.time("stationary", || {
            let plan = EliminationPlan::new(states, &edges, &PlanOptions::default())?;
            plan.generator(&forward, &backward, Threads::Shared)
        })??;
        return measurement.save("stationary", stationary.stationary_distribution());
    }
    let kinetics = MarkovJump::new(Network::from_edges(states, &edges)?, forward, backward)?;
    let stationary = measurement.time("stationary", || kinetics.stationary_distribution())??;
    measurement.save("stationary", stationary.probabilities())
}
