//! `irrev landscape`: the landscapes of recorded coordinates.

use std::process::ExitCode;
use std::time::Instant;

use irrev::landscape::Period;
use irrev::landscapes::{LandscapeRequest, VelocitySource, report};
use irrev::report::admit;
use irrev::trajectories::{Column, Gaps, OutsidePeriod, Reading, Time, read, source_name};

use crate::arguments::{Landscape, Velocities};
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

pub(crate) fn landscape(arguments: &Landscape) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let computing = &arguments.computing;
    if let Some(given) = computing.set.first() {
        let message = format!("error: --set {given}: a recording has no numbers to set");
        return Err(Failure::new(Failure::USAGE, message));
    }
    let request = request(arguments)?;
    request.check()?;
    let reading = reading(arguments)?;
    if let Some(out) = out {
        // a refusal after the computation would waste it
        admit(out, computing.force)?;
    }
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let run = run_of(computing, None, &monitor);
    let result = read(&arguments.files, &reading, &run)
        .and_then(|recorded| report(&source_name(&arguments.files), &recorded, &request, &run));
    monitor.finish(&result);
    let found = result?;
    super::run::deliver(
        &found,
        out,
        &arguments.files[0],
        computing,
        arguments.static_page,
        begin,
    )
}

fn request(arguments: &Landscape) -> Result<LandscapeRequest, Failure> {
    let range = match arguments.range.as_slice() {
        [] => None,
        [low, high] => Some((*low, *high)),
        other => return Err(usage(format!("--range has {} numbers; give two", other.len()))),
    };
    let field = match arguments.field.as_slice() {
        [] => None,
        [first, second] => Some([first.clone(), second.clone()]),
        other => {
            return Err(usage(format!(
                "--field names {} coordinate{}; give two",
                other.len(),
                if other.len() == 1 { "" } else { "s" }
            )));
        }
    };
    let metric_weights = match arguments.metric_weights.as_slice() {
        [] => [1.0; 2],
        [first, second] => [*first, *second],
        other => {
            return Err(usage(format!(
                "--metric-weights has {} number{}; give two",
                other.len(),
                if other.len() == 1 { "" } else { "s" }
            )));
        }
    };
    Ok(LandscapeRequest {
        temperature: arguments.kt,
        periods_told: !arguments.period.is_empty(),
        cells: arguments.cells,
        range,
        least_count: arguments.least_count,
        draws: arguments.draws,
        velocities: match arguments.velocities {
            Velocities::Auto => VelocitySource::Automatic,
            Velocities::Differences => VelocitySource::Differences,
            Velocities::Metrics => VelocitySource::Metrics,
        },
        lags: arguments.lags,
        levels: arguments.levels,
        scales: arguments.scales.clone(),
        field,
        field_cells: arguments.field_cells,
        metric_weights,
        resimulate: arguments.resimulate,
    })
}

fn reading(arguments: &Landscape) -> Result<Reading, Failure> {
    let definitions = arguments.define.iter().map(|text| text.parse());
    Ok(Reading {
        coordinates: columns(&arguments.coordinate),
        velocities: columns(&arguments.velocity),
        accelerations: columns(&arguments.acceleration),
        metrics: columns(&arguments.metric),
        time: match (&arguments.time, arguments.step) {
            (Some(name), None) => Time::Column(column(name)),
            (None, Some(step)) => Time::Step(step),
            _ => Time::Automatic,
        },
        trajectory: arguments.trajectory.as_deref().map(column),
        periods: arguments
            .period
            .iter()
            .map(|text| period(text))
            .collect::<Result<_, _>>()?,
        outside: if arguments.wrap {
            OutsidePeriod::Wrap
        } else {
            OutsidePeriod::Refuse
        },
        gaps: if arguments.split {
            Gaps::Split
        } else {
            Gaps::Refuse
        },
        definitions: definitions.collect::<irrev::Result<_>>()?,
        ..Reading::default()
    })
}

fn columns(names: &[String]) -> Vec<Column> {
    names.iter().map(|name| column(name)).collect()
}

fn column(name: &str) -> Column {
    Column::Name(name.to_owned())
}

/// `radians`, `degrees`, `none`, or where a period begins and ends.
fn period(text: &str) -> Result<Option<Period>, Failure> {
    let between = |start: f64, end: f64| {
        Period::new(start, end - start)
            .map(Some)
            .map_err(|error| usage(format!("--period \"{text}\": {error}")))
    };
    match text {
        "none" => Ok(None),
        "radians" => Ok(Some(Period::radians())),
        "degrees" => between(-180.0, 180.0),
        _ => {
            let numbers: Vec<f64> = text
                .split(':')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .unwrap_or_default();
            match numbers.as_slice() {
                [start, end] => between(*start, *end),
                _ => Err(usage(format!(
                    "--period \"{text}\" is no period; say radians, degrees, none, or where it begins and ends, as in 0:360"
                ))),
            }
        }
    }
}

fn usage(message: String) -> Failure {
    Failure::new(Failure::USAGE, format!("error: {message}"))
}
