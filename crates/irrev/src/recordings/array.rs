//! Recordings in NumPy's format: a list of times, a table of bins × units, or an array of rows (unit, time).

use irrev_ising::inference::Coding;

use super::fault::{TIMES_OR_BINS, placeless};
use super::table::{expected, from_values};
use super::{Activity, Format, Reading, Recording, Spikes, input, refuse_trial, stem};
use crate::model::{ModelError, npy};

pub(super) fn recording(name: &str, bytes: &[u8], reading: &Reading) -> Result<Recording, ModelError> {
    refuse_trial(name, "an array", reading)?;
    let array = npy::rows(bytes).map_err(|message| placeless(name, message, None))?;
    let mut found = match (array.columns, reading.format) {
        _ if array.values.is_empty() => {
            return Err(placeless(name, "the array is empty".into(), None));
        }
        (None, Format::Automatic) if is_binary(&array.values) => {
            return Err(placeless(name, TIMES_OR_BINS.0.into(), Some(TIMES_OR_BINS.1)));
        }
        (None, Format::Automatic | Format::Spikes) => {
            let spikes: Result<Vec<(f64, usize)>, ModelError> = array
                .values
                .iter()
                .enumerate()
                .map(|(index, time)| Ok((seconds(name, &format!("[{index}]"), *time, reading)?, 0)))
                .collect();
            Recording {
                name: name.to_owned(),
                labels: vec![stem(name)],
                activity: Activity::Spikes(Spikes::sorted(spikes?)),
                inputs: Vec::new(),
                notes: vec!["read as spike times of one unit".into()],
            }
        }
        (Some(2), Format::Spikes) => pairs(name, &array.values, reading)?,
        (Some(columns), Format::Spikes) => {
            return Err(placeless(
                name,
                format!("the array has {columns} columns, expected 2 in a list of spikes: unit and time"),
                None,
            ));
        }
        (columns, _) => bins(name, &array.values, (array.rows, columns.unwrap_or(1)), reading)?,
    };
    found.inputs = vec![input(name, bytes)];
    Ok(found)
}

/// Whether all values are 0 and 1, or −1 and 1.
fn is_binary(values: &[f64]) -> bool {
    let among = |inactive: f64| values.iter().all(|x| *x == inactive || *x == 1.0);
    among(0.0) || among(-1.0)
}

/// Rows (unit, time).
fn pairs(name: &str, values: &[f64], reading: &Reading) -> Result<Recording, ModelError> {
    let mut labels: Vec<f64> = values.iter().step_by(2).copied().collect();
    if let Some(row) = labels.iter().position(|unit| unit.fract() != 0.0) {
        return Err(placeless(
            name,
            format!("[{row}, 0]: the unit is {}, expected a whole number", labels[row]),
            None,
        ));
    }
    labels.sort_by(f64::total_cmp);
    labels.dedup();
    let mut spikes = Vec::with_capacity(values.len() / 2);
    for (row, pair) in values.chunks_exact(2).enumerate() {
        let unit = labels.partition_point(|label| *label < pair[0]);
        spikes.push((seconds(name, &format!("[{row}, 1]"), pair[1], reading)?, unit));
    }
    Ok(Recording {
        name: name.to_owned(),
        labels: labels.iter().map(f64::to_string).collect(),
        activity: Activity::Spikes(Spikes::sorted(spikes)),
        inputs: Vec::new(),
        notes: vec!["read as a list of spikes: units in column 1, times in column 2".into()],
    })
}

fn bins(
    name: &str,
    values: &[f64],
    shape: (usize, usize),
    reading: &Reading,
) -> Result<Recording, ModelError> {
    let coding = if values.contains(&-1.0) {
        Coding::PlusMinus
    } else {
        Coding::ZeroOne
    };
    let inactive = if coding == Coding::PlusMinus { -1.0 } else { 0.0 };
    if let Some(at) = values
        .iter()
        .position(|value| *value != 1.0 && *value != inactive)
    {
        return Err(placeless(
            name,
            format!(
                "[{}, {}]: {} is not binary, expected {}",
                at / shape.1,
                at % shape.1,
                values[at],
                expected(Some(coding)).trim_end_matches(" as in the rows before")
            ),
            Some("for an array of rows (unit, time) give --format spikes"),
        ));
    }
    let values: Vec<i8> = values.iter().map(|value| *value as i8).collect();
    from_values(name, &values, shape, Some(coding), reading)
}

/// A time in seconds.
fn seconds(name: &str, place: &str, time: f64, reading: &Reading) -> Result<f64, ModelError> {
    if !time.is_finite() {
        let message = format!("{place}: the time is {time}, expected a finite number");
        return Err(placeless(name, message, None));
    }
    if time < 0.0 && !reading.negative_times {
        return Err(placeless(
            name,
            format!("{place}: the time {time} is negative, expected times from 0 on"),
            Some("if times count from an event, say where bins begin: --from SECONDS"),
        ));
    }
    Ok(time / reading.time_unit.per_second())
}
