//! Averages of simulated spins, with checkpoints.

use irrev_numerics::Run;
use irrev_numerics::run::CheckpointStore;
use irrev_report::Report;

use super::request::{Request, refused};
use crate::analysis::{Options, simulated_spins};
use crate::error::{Error, Result};
use crate::model::{Ising, Override};

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
    only_known(request)?;
    let mut overrides = request.overrides.clone();
    if let Some(replicas) = request.trajectories {
        overrides.push(Override::number("simulation.replicas", replicas as f64));
    }
    if let Some(end) = request.end {
        overrides.push(Override::number("simulation.measured", end));
    }
    let options = Options {
        overrides,
        ..Options::default()
    };
    let store = request.checkpoints.as_ref().map(CheckpointStore::new);
    let run = Run {
        checkpoints: store.as_ref(),
        ..*run
    };
    simulated_spins(spec, &options, request.checkpoint_interval, &run)
}

/// Refuses what would have no effect.
fn only_known(request: &Request) -> Result<()> {
    let unknown = [
        ("times", !request.times.is_empty()),
        ("points", request.points.is_some()),
        ("method", request.method != Request::default().method),
        ("stationary", request.stationary),
        ("until", !request.until.is_empty()),
        ("of", request.wanted.is_some()),
        ("keep", request.keep),
        ("books", request.books != Request::default().books),
    ];
    match unknown.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => Err(refused(
            option,
            "given",
            "means nothing for spins; set numbers of [simulation] with --set, as in `--set simulation.measured=2000`".into(),
        )),
    }
}
