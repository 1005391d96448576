//! When rows were taken: trajectories, steps that are even or not, gaps.

use super::fault::counted;
use super::request::EstimationRequest;
use super::roles::Roles;
use super::table::{Cells, Table};
use crate::error::{Error, Result};

/// Steps that differ by less than this part of their median are even.
const EVEN: f64 = 0.01;
/// Part of the steps that must be even for the others to be gaps.
const MOSTLY: f64 = 0.9;
/// A step longer than so many usual ones is a gap.
const GAP: f64 = 1.5;

/// Rows in the order of time.
pub(super) struct Timing {
    /// Rows of each uninterrupted trajectory.
    pub(super) stretches: Vec<Vec<usize>>,
    pub(super) pace: Pace,
    /// Unit of time, empty where it is not known.
    pub(super) unit: String,
    /// What was found, in sentences.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pace {
    /// Nothing tells the time: rows are steps.
    Rows,
    /// Even steps.
    Even(f64),
    /// Times that are not even.
    Uneven,
}

/// Trajectories of a table, cut where that is asked for.
///
/// # Errors
/// Times that are missing, the same or go back, gaps, and rows without values unless they may be cut at; steps that differ between trajectories: each by row.
pub(super) fn timing(table: &Table, roles: &Roles, request: &EstimationRequest) -> Result<Timing> {
    let mut stretches = by_trajectory(table, roles);
    let trajectories = stretches.len();
    let times = roles.time.map(|k| table.numbers(k, "a time")).transpose()?;
    let mut cuts = 0;
    if let Some(at) = missing(table, roles) {
        if !request.split {
            let (row, column) = at;
            let help = "rows without numbers are refused unless trajectories may be cut there: --split";
            return Err(table.fault(row, column, "the cell has no value", Some(help)));
        }
        let is_whole = |row: usize| roles.values.iter().all(|k| has_value(table, *k, row));
        cuts += cut(&mut stretches, |stretch, i| is_whole(stretch[i]), |_, _| true);
    }
    let mut unit = String::new();
    let pace = match (times, request.step) {
        (None, Some(step)) => Pace::Even(step),
        (None, None) => Pace::Rows,
        (Some(times), _) => {
            let column = roles.time.unwrap_or_default();
            unit = table.columns[column].unit.clone().unwrap_or_default();
            require_times(table, column, times, &mut stretches, request.split, &mut cuts)?;
            let usual = median_step(times, &stretches);
            let even = |step: f64| (step - usual).abs() <= EVEN * usual;
            let share = |which: &dyn Fn(f64) -> bool| {
                let all = steps(times, &stretches);
                all.clone().filter(|step| which(*step)).count() as f64 / all.count().max(1) as f64
            };
            if usual.is_nan() || share(&even) < MOSTLY {
                Pace::Uneven
            } else {
                if !request.split
                    && let Some((row, before, step)) = first_gap(times, &stretches, usual)
                {
                    let message = format!(
                        "the time is {}, which is {step} after that of row {}, and the usual step is {usual}",
                        times[row],
                        before + 1
                    );
                    let help = "gaps are refused unless trajectories may be cut there: --split";
                    return Err(table.fault(row, column, message, Some(help)));
                }
                cuts += cut(
                    &mut stretches,
                    |_, _| true,
                    |stretch, i| times[stretch[i]] - times[stretch[i - 1]] <= GAP * usual,
                );
                if steps(times, &stretches).any(|step| !even(step)) {
                    Pace::Uneven
                } else {
                    Pace::Even(mean_step(times, &stretches))
                }
            }
        }
    };
    stretches.retain(|stretch| !stretch.is_empty());
    let notes = said(table, &stretches, (trajectories, cuts), pace, &unit);
    Ok(Timing {
        stretches,
        pace,
        unit,
        notes,
    })
}

fn by_trajectory(table: &Table, roles: &Roles) -> Vec<Vec<usize>> {
    let Some(column) = roles.trajectory else {
        return vec![(0..table.rows).collect()];
    };
    let (labels, of) = table.labels(column);
    let mut stretches = vec![Vec::new(); labels.len()];
    for (row, label) in of.iter().enumerate() {
        if let Some(label) = label {
            stretches[*label as usize].push(row);
        }
    }
    stretches
}

fn has_value(table: &Table, column: usize, row: usize) -> bool {
    match &table.columns[column].cells {
        Cells::Numbers(values) => !values[row].is_nan(),
        Cells::Words(words) => words.of[row].is_some(),
    }
}

fn missing(table: &Table, roles: &Roles) -> Option<(usize, usize)> {
    let first = |k: usize| (0..table.rows).find(|row| !has_value(table, k, *row));
    let found = roles.values.iter().filter_map(|k| Some((first(*k)?, *k)));
    found.min()
}

/// Leaves out rows that are not kept and parts stretches there and where two rows are not joined; how many places that were.
fn cut(
    stretches: &mut Vec<Vec<usize>>,
    keep: impl Fn(&[usize], usize) -> bool,
    joined: impl Fn(&[usize], usize) -> bool,
) -> usize {
    let mut parts = Vec::new();
    let mut cuts = 0;
    for stretch in stretches.iter() {
        let mut part = Vec::new();
        for i in 0..stretch.len() {
            let kept = keep(stretch, i);
            if !kept || i > 0 && !joined(stretch, i) {
                cuts += usize::from(!part.is_empty());
                parts.push(std::mem::take(&mut part));
            }
            if kept {
                part.push(stretch[i]);
            }
        }
        parts.push(part);
    }
    parts.retain(|part| !part.is_empty());
    *stretches = parts;
    cuts
}

/// Times are there and rise.
fn require_times(
    table: &Table,
    column: usize,
    times: &[f64],
    stretches: &mut Vec<Vec<usize>>,
    split: bool,
    cuts: &mut usize,
) -> Result<()> {
    for stretch in stretches.iter() {
        for (i, &row) in stretch.iter().enumerate() {
            if times[row].is_nan() {
                return Err(table.fault(row, column, "the row has no time", None));
            }
            if i == 0 {
                continue;
            }
            let before = times[stretch[i - 1]];
            if times[row] == before {
                let message = format!(
                    "the time {before} is that of row {}, too: duplicate times",
                    stretch[i - 1] + 1
                );
                let help = "leave out one of the rows, or name the column that tells trajectories apart: --trajectory NAME";
                return Err(table.fault(row, column, message, Some(help)));
            }
            if times[row] < before && !split {
                let message = format!("the time goes back from {before} to {}", times[row]);
                let help = "sort the rows, name the column that tells trajectories apart (--trajectory NAME), or cut there: --split";
                return Err(table.fault(row, column, message, Some(help)));
            }
        }
    }
    *cuts += cut(
        stretches,
        |_, _| true,
        |stretch, i| times[stretch[i]] > times[stretch[i - 1]],
    );
    Ok(())
}

fn steps<'a>(times: &'a [f64], stretches: &'a [Vec<usize>]) -> impl Iterator<Item = f64> + Clone + 'a {
    let pairs = stretches.iter().flat_map(|stretch| stretch.windows(2));
    pairs.map(|pair| times[pair[1]] - times[pair[0]])
}

fn median_step(times: &[f64], stretches: &[Vec<usize>]) -> f64 {
    let mut all: Vec<f64> = steps(times, stretches).collect();
    let middle = all.len() / 2;
    if all.is_empty() {
        return f64::NAN;
    }
    *all.select_nth_unstable_by(middle, f64::total_cmp).1
}

fn mean_step(times: &[f64], stretches: &[Vec<usize>]) -> f64 {
    let (mut span, mut number) = (0.0, 0);
    for stretch in stretches {
        if let (Some(first), Some(last)) = (stretch.first(), stretch.last()) {
            span += times[*last] - times[*first];
            number += stretch.len() - 1;
        }
    }
    let mean = span / number as f64;
    // a mean of decimal fractions without the rounding of their differences
    format!("{mean:.9e}").parse().unwrap_or(mean)
}

fn first_gap(times: &[f64], stretches: &[Vec<usize>], usual: f64) -> Option<(usize, usize, f64)> {
    let pairs = stretches.iter().flat_map(|stretch| stretch.windows(2));
    pairs
        .map(|pair| (pair[1], pair[0], times[pair[1]] - times[pair[0]]))
        .find(|(_, _, step)| *step > GAP * usual)
}

fn said(
    table: &Table,
    stretches: &[Vec<usize>],
    (trajectories, cuts): (usize, usize),
    pace: Pace,
    unit: &str,
) -> Vec<String> {
    let rows: usize = stretches.iter().map(Vec::len).sum();
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    };
    let when = match pace {
        Pace::Rows => {
            "a step each: nothing says how long it is (--step H or --time NAME), so that numbers are per step"
                .into()
        }
        Pace::Even(step) => format!(
            "at even steps of {}{unit}",
            irrev_report::readable_number(step, 9)
        ),
        Pace::Uneven => "at uneven times".to_owned(),
    };
    let lengths = match stretches
        .iter()
        .map(Vec::len)
        .min()
        .zip(stretches.iter().map(Vec::len).max())
    {
        Some((least, most)) if stretches.len() > 1 => format!(" of {least} to {most} rows"),
        _ => String::new(),
    };
    let mut notes = vec![format!(
        "{} ({}): {} in {}{lengths}, {when}.",
        table.name,
        table.format,
        counted(rows, "row"),
        counted(trajectories, "trajectory")
    )];
    if cuts > 0 {
        let dropped = table.rows - rows;
        let pieces = if stretches.len() == 1 {
            "stretch remains"
        } else {
            "stretches remain"
        };
        notes.push(format!(
            "Cut at {} (gaps, rows without numbers, times that go back), {} left out; {} uninterrupted {pieces}.",
            counted(cuts, "place"),
            counted(dropped, "row"),
            stretches.len()
        ));
    }
    notes
}

/// The one step of several files.
///
/// # Errors
/// Files with steps that are not the same.
pub(super) fn common(files: &[(String, Pace)]) -> Result<Pace> {
    let (first_name, first) = &files[0];
    for (name, pace) in &files[1..] {
        let same = match (first, pace) {
            (Pace::Even(a), Pace::Even(b)) => (a / b - 1.0).abs() <= EVEN,
            (a, b) => a == b,
        };
        if !same {
            return Err(Error::NotPossible {
                model: name.clone(),
                what: "one estimate from several files".into(),
                reason: format!("its steps are not those of {first_name}"),
            });
        }
    }
    Ok(*first)
}
