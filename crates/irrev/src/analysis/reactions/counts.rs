//! Section: the view by molecule counts, by trajectories and, where the lattice is small, by the master equation.

use irrev_report::Report;

use super::context::Context;
use crate::error::Result;
use crate::simulate::{CountQuestion, Request, add_counts};

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(trajectories) = context.environment.spec().trajectories else {
        return Ok(());
    };
    let request = Request::default();
    let question = CountQuestion {
        environment: context.environment,
        chemistry: &context.chemistry,
        request: &request,
        times: context.times()?,
        trajectories,
        steady: context.steady().map(|steady| steady.amounts.clone()),
        run: context.run,
    };
    let made = add_counts(&question, report)?;
    report
        .provenance
        .methods
        .extend([made.algorithm.to_owned(), made.streams.to_owned()]);
    Ok(())
}
