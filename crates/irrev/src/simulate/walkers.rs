//! Walkers under the equation of motion of a continuous model, with checkpoints.

use irrev_numerics::Run;
use irrev_numerics::run::CheckpointStore;
use irrev_report::Report;

use super::request::Request;
use crate::analysis::simulated_walkers;
use crate::error::{Error, Result};
use crate::model::Langevin;

/// Simulates as `[simulate]` says, with as many walkers as there are to be trajectories and for as long as an end says.
///
/// # Errors
/// [`Error::Request`] for options that simulations of walkers do not have.
pub(super) fn report(spec: &Langevin, request: &Request, run: &Run<'_>) -> Result<Report> {
    if !spec.has_simulation {
        return Err(Error::NotPossible {
            model: spec.source.name().into(),
            what: "a simulation".into(),
            reason: "the model has no [simulate], which says `step` and `time`".into(),
        });
    }
    request.only_how_many_and_how_long(
        "means nothing for walkers, which are simulated as [simulate] says: it has `step`, `time`, `walkers`, `discard`, `start` and `integrator`, \
         such as `simulate.time`",
    )?;
    let options = request.options_of_ensemble("simulate.walkers", "simulate.time");
    let store = request.checkpoints.as_ref().map(CheckpointStore::new);
    let run = Run {
        checkpoints: store.as_ref(),
        ..*run
    };
    simulated_walkers(spec, &options, request.checkpoint_interval, &run)
}
