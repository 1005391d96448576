//! `irrev distance`: how far apart two distributions of a model are.

use std::process::ExitCode;
use std::time::Instant;

use irrev::analysis::DistanceRequest;
use irrev::report::admit;

use crate::arguments::Distance;
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

pub(crate) fn distance(arguments: &Distance) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let computing = &arguments.computing;
    let request = DistanceRequest {
        overrides: super::overrides(&computing.set)?,
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        tolerance: arguments.tol,
        lengths: lengths(&arguments.lengths)?,
        duration: arguments.duration,
    };
    if let Some(out) = out {
        // a refusal after the computation would waste it
        admit(out, computing.force)?;
    }
    let model = super::load(&arguments.file)?;
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let result = irrev::analysis::distance(&model, &request, &run_of(computing, model.seed(), &monitor));
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

/// `unit`, or one length per transition.
fn lengths(text: &str) -> Result<Option<Vec<f64>>, Failure> {
    if text == "unit" {
        return Ok(None);
    }
    let length = |word: &str| {
        word.trim().parse().map_err(|_| {
            let message = format!(
                "error: --lengths \"{text}\": `{word}` is no number; say unit, or one number per transition"
            );
            Failure::new(Failure::USAGE, message)
        })
    };
    text.split(',').map(length).collect::<Result<_, _>>().map(Some)
}
