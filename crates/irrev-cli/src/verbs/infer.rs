//! `irrev infer`: the network behind recorded activity, and the way to other data.

use std::process::ExitCode;
use std::time::Instant;

use irrev::inference::{InferenceRequest, Penalty};
use irrev::recordings::{Format, Reading, TimeUnit, parse, read};
use irrev::report::admit;

use super::estimate::Way;
use crate::arguments::{Holds, Infer, Times};
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
    if let Some(out) = out {
        // a refusal after the computation would waste it
        admit(out, computing.force)?;
    }
    let way = super::estimate::way(arguments)?;
    let recording = match way {
        Way::Activity(recording) => recording,
        Way::Data(first) => return super::estimate::estimate(arguments, first, out),
        Way::Stimulus(path) => return super::estimate::stimulus(arguments, path, out),
    };
    let request = InferenceRequest {
        bin_widths: arguments.bin.clone(),
        from: arguments.from,
        until: arguments.until,
        units: arguments.units.clone(),
        penalty: penalty(arguments.penalty.as_deref().unwrap_or("cv"))?,
        sparse: arguments.l1,
        level: arguments.confidence,
        nulls: arguments.shuffles.unwrap_or(20),
        simulated: arguments.simulate.unwrap_or(8),
    };
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let run = run_of(computing, None, &monitor);
    let reading = reading(arguments);
    let result = match recording {
        // standard input can be read once only
        Some(source) => parse(&source, &reading).map_err(irrev::Error::from),
        None => read(&arguments.files, &reading, &run),
    }
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
            Holds::Spikes => Format::Spikes,
            Holds::Bins => Format::Bins,
            _ => Format::Automatic,
        },
        unit_column: arguments.unit_column.clone(),
        time_column: arguments.time_column.clone(),
        time_unit: time_unit(arguments.time_unit),
        transpose: arguments.transpose,
        trial: arguments.trial,
        // who says where bins begin knows where the zero of time is
        negative_times: arguments.from.is_some(),
    }
}

pub(super) fn time_unit(given: Option<Times>) -> TimeUnit {
    match given {
        None | Some(Times::S) => TimeUnit::Seconds,
        Some(Times::Ms) => TimeUnit::Milliseconds,
        Some(Times::Us) => TimeUnit::Microseconds,
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
