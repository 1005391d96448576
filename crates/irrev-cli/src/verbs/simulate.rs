//! `irrev simulate`: trajectories of a model, and a report on them.

use std::process::ExitCode;
use std::time::Instant;

use irrev::report::admit;
use irrev::simulate::{Books, Request, method_named};

use crate::arguments::Simulate;
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

pub(crate) fn simulate(arguments: &Simulate) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let checkpoints = arguments.checkpoint.as_deref().map(output::checked).transpose()?;
    let computing = &arguments.computing;
    let request = Request {
        overrides: super::overrides(&computing.set)?,
        trajectories: arguments.trajectories,
        end: arguments.end,
        times: arguments.times.clone(),
        points: arguments.points,
        method: method_named(&arguments.method)?,
        stationary: arguments.stationary,
        books: Books::named(&arguments.books)?,
        until: arguments.until.clone(),
        wanted: arguments.of.clone().zip(arguments.standard_error),
        keep: arguments.keep,
        checkpoints: checkpoints.map(Into::into),
        checkpoint_interval: arguments.checkpoint_every,
    };
    if let Some(out) = out {
        // a refusal after the simulation would waste it
        admit(out, computing.force)?;
    }
    let model = super::load(&arguments.file)?;
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let result = irrev::simulate::simulate(&model, &request, &run_of(computing, model.seed(), &monitor));
    monitor.finish(&result);
    let report = result?;
    super::run::deliver(
        &report,
        out,
        &arguments.file,
        computing,
        arguments.static_page,
        begin,
    )
}
