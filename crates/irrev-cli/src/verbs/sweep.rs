//! `irrev sweep`: stationary results over a grid, as CSV, JSON or a report.

use std::process::ExitCode;
use std::time::Instant;

use irrev::analysis::{Options, Section, SweepRequest};
use irrev::report::table_csv;

use crate::arguments::Sweep;
use crate::failure::Failure;
use crate::output;

pub(crate) fn sweep(arguments: &Sweep) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let axes = arguments
        .over
        .iter()
        .map(|text| axis(text))
        .collect::<Result<Vec<_>, _>>()?;
    if axes.len() > 2 {
        return Err(Failure::new(
            Failure::USAGE,
            "error: at most two --over axes make a grid",
        ));
    }
    let model = super::load(&arguments.file)?;
    let request = (!axes.is_empty()).then(|| SweepRequest {
        axes,
        show: arguments.show.clone(),
    });
    if request.is_none() && !arguments.show.is_empty() {
        return Err(Failure::new(
            Failure::USAGE,
            "error: --show needs --over; the model's own sweep says what it shows",
        ));
    }
    let overrides = super::overrides(&arguments.computing.set)?;
    let options = Options {
        overrides,
        sections: Some(vec![Section::Sweep]),
        sweep: request,
    };
    let begin = Instant::now();
    let report = super::run::analyse(&model, &options, &arguments.computing)?;
    if let Some(out) = out {
        super::run::write(&report, out, &arguments.file, &arguments.computing, false, begin)?;
    }
    if arguments.computing.json {
        output::data(&report.to_json()?)?;
    } else if let Some(table) = report.tables.iter().find(|t| t.name == "sweep") {
        output::data(&table_csv(table)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A key with its values: a list `0,1,2`, or a range `from:to:points` or `from:to:points:log`.
fn axis(text: &str) -> Result<(String, Vec<f64>), Failure> {
    let wrong = |reason: &str| {
        Failure::new(
            Failure::USAGE,
            format!("error: --over \"{text}\": {reason}, as in parameters.force=0:10:21"),
        )
    };
    let (key, values) = text.split_once('=').ok_or_else(|| wrong("expected KEY=VALUES"))?;
    let number = |t: &str| match t.trim().parse::<f64>() {
        Ok(v) if v.is_finite() => Ok(v),
        _ => Err(wrong(&format!("\"{}\" is not a finite number", t.trim()))),
    };
    let parts: Vec<&str> = values.split(':').collect();
    let values = match parts.as_slice() {
        [list] => list.split(',').map(number).collect::<Result<Vec<_>, _>>()?,
        [from, to, points, rest @ ..] if rest.len() <= 1 => {
            let (from, to) = (number(from)?, number(to)?);
            let points = points
                .trim()
                .parse::<usize>()
                .ok()
                .filter(|n| (2..=1_000_000).contains(n));
            let points = points.ok_or_else(|| wrong("the number of points must be from 2 to 1000000"))?;
            let share = |k: usize| k as f64 / (points - 1) as f64;
            match rest {
                [] => (0..points).map(|k| from + (to - from) * share(k)).collect(),
                ["log"] if from > 0.0 && to > 0.0 => {
                    (0..points).map(|k| from * (to / from).powf(share(k))).collect()
                }
                ["log"] => return Err(wrong("the ends of a logarithmic range must be positive")),
                _ => return Err(wrong("the fourth part can only be \"log\"")),
            }
        }
        _ => return Err(wrong("expected a list or from:to:points")),
    };
    Ok((key.trim().to_owned(), values))
}

#[cfg(test)]
mod tests {
    use super::axis;

    #[test]
    fn lists_and_ranges_are_read_and_nonsense_is_refused() {
        assert_eq!(axis("a.b=1, 2").unwrap(), ("a.b".into(), vec![1.0, 2.0]));
        assert_eq!(axis("x=0:1:3").unwrap().1, [0.0, 0.5, 1.0]);
        assert_eq!(axis("x=1:100:3:log").unwrap().1[1], 10.0);
        for wrong in [
            "x",
            "x=",
            "x=a",
            "x=1:2",
            "x=1:2:1",
            "x=0:2:3:log",
            "x=1:2:3:lin",
            "x=inf",
        ] {
            assert!(axis(wrong).is_err(), "{wrong}");
        }
    }
}
