//! `irrev infer`: the network behind recorded activity.

use std::process::ExitCode;
use std::time::Instant;

use irrev::inference::{InferenceRequest, Penalty};
use irrev::recordings::{Format, Reading, TimeUnit, read};
use irrev::report::admit;

use crate::arguments::{Holds, Infer, InferredModel, Times};
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

pub(crate) fn infer(arguments: &Infer) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let computing = &arguments.computing;
    if let Some(given) = computing.set.first() {
        let message = format!("error: --set {given}: a recording has no numbers to set");
        return Err(Failure::new(Failure::USAGE, message));
    }
    let request = match arguments.model {
        InferredModel::KineticIsing => InferenceRequest {
            bin_widths: arguments.bin.clone(),
            from: arguments.from,
            until: arguments.until,
            units: arguments.units.clone(),
            penalty: penalty(&arguments.penalty)?,
            sparse: arguments.l1,
            level: arguments.confidence,
            nulls: arguments.shuffles,
            simulated: arguments.simulate,
        },
    };
    if let Some(out) = out {
        // a refusal after the computation would waste it
        admit(out, computing.force)?;
    }
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let run = run_of(computing, None, &monitor);
    let result = read(&arguments.files, &reading(arguments), &run)
        .and_then(|recording| irrev::inference::infer(&recording, &request, &run));
    monitor.finish(&result);
    let report = result?;
    super::run::deliver(
        &report,
        out,
        &arguments.files[0],
        computing,
        arguments.static_page,
        begin,
    )
}

fn reading(arguments: &Infer) -> Reading {
    Reading {
        format: match arguments.format {
            Holds::Auto => Format::Automatic,
            Holds::Spikes => Format::Spikes,
            Holds::Bins => Format::Bins,
        },
        unit_column: arguments.unit_column.clone(),
        time_column: arguments.time_column.clone(),
        time_unit: match arguments.time_unit {
            Times::S => TimeUnit::Seconds,
            Times::Ms => TimeUnit::Milliseconds,
            Times::Us => TimeUnit::Microseconds,
        },
        transpose: arguments.transpose,
        trial: arguments.trial,
        // who says where bins begin knows where the zero of time is
        negative_times: arguments.from.is_some(),
    }
}

/// `cv`, or a number.
fn penalty(text: &str) -> Result<Penalty, Failure> {
    if text == "cv" {
        return Ok(Penalty::CrossValidated);
    }
    text.parse().map(Penalty::Given).map_err(|_| {
        let message = format!("error: --penalty \"{text}\" is no number; say cv, or a number of at least 0");
        Failure::new(Failure::USAGE, message)
    })
}
