//! Lists of spikes: a unit and a time in each row, or times of one unit.

use std::collections::HashMap;

use super::rows::Rows;
use super::{Activity, Reading, Recording, Spikes, input, stem};
use crate::model::ModelError;
use crate::source::Span;

/// A list of units and times.
pub(super) fn spikes(
    rows: &Rows<'_>,
    unit: usize,
    time: usize,
    reading: &Reading,
) -> Result<Recording, ModelError> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut labels: Vec<&str> = Vec::new();
    let mut found = Vec::with_capacity(rows.lines.len());
    for index in 0..rows.lines.len() {
        let cells = rows.row(index)?;
        let label = rows.text(cells[unit]);
        if label.is_empty() {
            return Err(rows.fault(rows.lines[index], "the row names no unit".into(), None));
        }
        let number = *numbers.entry(label).or_insert_with(|| {
            labels.push(label);
            labels.len() - 1
        });
        found.push((seconds(rows, cells[time], reading)?, number));
    }
    let order = order(&labels);
    let mut place = vec![0; labels.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    let found = found
        .into_iter()
        .map(|(time, number)| (time, place[number]))
        .collect();
    let column = |index: usize| match &rows.header {
        Some(header) => format!("`{}`", header[index]),
        None => format!("{}", index + 1),
    };
    Ok(Recording {
        name: rows.source.name().to_owned(),
        labels: order.iter().map(|old| labels[*old].to_owned()).collect(),
        activity: Activity::Spikes(Spikes::sorted(found)),
        inputs: vec![input(rows.source.name(), rows.source.text().as_bytes())],
        notes: vec![format!(
            "read as a list of spikes: units in column {}, times in column {}",
            column(unit),
            column(time)
        )],
    })
}

/// A list of times of one unit.
pub(super) fn times(rows: &Rows<'_>, reading: &Reading) -> Result<Recording, ModelError> {
    let trials = rows.trials.len();
    let range = match reading.trial {
        None if trials == 1 => 0..rows.lines.len(),
        None => {
            return Err(rows.fault(
                rows.lines[rows.trials[1]],
                format!("a second trial begins here, of {trials} in the file, and trials share their time"),
                Some("choose one: --trial K, counted from 0"),
            ));
        }
        Some(trial) if trial < trials => {
            rows.trials[trial]..rows.trials.get(trial + 1).copied().unwrap_or(rows.lines.len())
        }
        Some(trial) => {
            return Err(rows.fault(
                rows.lines[0],
                format!("the file has {trials} trials and no trial {trial}"),
                Some("trials are counted from 0"),
            ));
        }
    };
    let mut found = Vec::with_capacity(range.len());
    for index in range {
        let cells = rows.row(index)?;
        found.push((seconds(rows, cells[0], reading)?, 0));
    }
    let mut notes = vec!["read as spike times of one unit".to_owned()];
    if let Some(trial) = reading.trial {
        notes.push(format!("trial {trial} of {trials}, counted from 0"));
    }
    Ok(Recording {
        name: rows.source.name().to_owned(),
        labels: vec![stem(rows.source.name())],
        activity: Activity::Spikes(Spikes::sorted(found)),
        inputs: vec![input(rows.source.name(), rows.source.text().as_bytes())],
        notes,
    })
}

/// A time in seconds.
fn seconds(rows: &Rows<'_>, cell: Span, reading: &Reading) -> Result<f64, ModelError> {
    let text = rows.text(cell);
    let written = text.escape_debug();
    match text.parse::<f64>() {
        Ok(time) if !time.is_finite() => Err(rows.fault(
            cell,
            format!("the time is `{written}`, expected a finite number"),
            None,
        )),
        Ok(time) if time < 0.0 && !reading.negative_times => Err(rows.fault(
            cell,
            format!("the time {written} is negative, expected times from 0 on"),
            Some("if times count from an event, say where bins begin: --from SECONDS"),
        )),
        Ok(time) => Ok(time / reading.time_unit.per_second()),
        Err(_) => Err(rows.fault(
            cell,
            format!("`{written}` is no time, expected a number"),
            Some("another column may hold the times: --time-column NAME"),
        )),
    }
}

/// Labels in ascending order: by number where all are numbers.
fn order(labels: &[&str]) -> Vec<usize> {
    let numbers: Option<Vec<f64>> = labels.iter().map(|label| label.parse().ok()).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    match numbers {
        Some(numbers) => order.sort_by(|a, b| {
            numbers[*a]
                .total_cmp(&numbers[*b])
                .then(labels[*a].cmp(labels[*b]))
        }),
        None => order.sort_by_key(|k| labels[*k]),
    }
    order
}
