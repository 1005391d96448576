//! Averages of simulated spins, with checkpoints.

use irrev_numerics::Run;
use irrev_numerics::run::CheckpointStore;
use irrev_report::Report;

use super::request::Request;
use crate::analysis::simulated_spins;
use crate::error::{Error, Result};
use crate::model::Ising;

/// Simulates as `[simulation]` says, with as many replicas as there are to be trajectories and as much measured time as an end says.
///
/// # Errors
/// [`Error::Request`] for options that simulations of spins do not have.
pub(super) fn report(spec: &Ising, request: &Request, run: &Run<'_>) -> Result<Report> {
    if spec.simulation.is_none() {
        return Err(Error::NotPossible {
            model: spec.source.name().into(),
            what: "a simulation".into(),
            reason: "the model has no [simulation]; the table may be empty, which takes 128 replicas".into(),
        });
    }
    request.only_how_many_and_how_long(
        "means nothing for spins, which are simulated as [simulation] says: it has `replicas`, `burn_in`, `measured`, `every`, `lags` and `start`, \
         such as `simulation.measured`",
    )?;
    let options = request.options_of_ensemble("simulation.replicas", "simulation.measured");
    let store = request.checkpoints.as_ref().map(CheckpointStore::new);
    let run = Run {
        checkpoints: store.as_ref(),
        ..*run
    };
    simulated_spins(spec, &options, request.checkpoint_interval, &run)
}
