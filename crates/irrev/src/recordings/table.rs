//! Tables of two-valued activity: bins × units.

use irrev_ising::inference::{Coding, Raster};

use super::rows::Rows;
use super::{Activity, Reading, Recording, input};
use crate::model::ModelError;

/// A table in a text.
pub(super) fn recording(rows: &Rows<'_>, reading: &Reading) -> Result<Recording, ModelError> {
    let (height, width) = (rows.lines.len(), rows.columns);
    let mut values: Vec<i8> = Vec::with_capacity(height * width);
    let mut coding = None;
    for row in 0..height {
        for (column, cell) in rows.row(row)?.into_iter().enumerate() {
            let text = rows.text(cell);
            let value = match text.parse::<f64>() {
                Ok(1.0) => 1,
                Ok(value) if value == 0.0 && coding != Some(Coding::PlusMinus) => {
                    coding = Some(Coding::ZeroOne);
                    0
                }
                Ok(value) if value == -1.0 && coding != Some(Coding::ZeroOne) => {
                    coding = Some(Coding::PlusMinus);
                    -1
                }
                _ => {
                    let expected = expected(coding);
                    return Err(rows.fault(
                        cell,
                        format!(
                            "row {}, column {}: `{}` is not binary, expected {expected}",
                            row + 1,
                            column + 1,
                            text.escape_debug()
                        ),
                        Some("a table holds one column per unit and nothing else; for a list of spikes give --format spikes"),
                    ));
                }
            };
            values.push(value);
        }
    }
    let header = rows.header.clone().filter(|_| !reading.transpose);
    let source = rows.source;
    let mut recording = from_values(source.name(), &values, (height, width), coding, reading)?;
    if let Some(labels) = header {
        for (k, label) in labels.iter().enumerate() {
            if label.is_empty() || labels[..k].contains(label) {
                return Err(super::fault::placeless(
                    source.name(),
                    format!("the header names a unit `{label}` that is empty or there twice"),
                    None,
                ));
            }
        }
        recording.labels = labels;
    }
    recording.inputs = vec![input(source.name(), source.text().as_bytes())];
    Ok(recording)
}

/// The values that are allowed once one of them was met.
pub(super) fn expected(coding: Option<Coding>) -> &'static str {
    match coding {
        None => "0 and 1, or -1 and 1",
        Some(Coding::ZeroOne) => "0 or 1 as in the rows before",
        Some(Coding::PlusMinus) => "-1 or 1 as in the rows before",
    }
}

/// A recording from checked values, row by row; units are named by their number and inputs are left to the caller.
pub(super) fn from_values(
    name: &str,
    values: &[i8],
    (height, width): (usize, usize),
    coding: Option<Coding>,
    reading: &Reading,
) -> Result<Recording, ModelError> {
    // a table of nothing but ones is the same in both codings
    let coding = coding.unwrap_or(Coding::ZeroOne);
    let transposed: Vec<i8>;
    let (values, bins, units) = if reading.transpose {
        transposed = (0..values.len())
            .map(|k| values[k % height * width + k / height])
            .collect();
        (transposed.as_slice(), width, height)
    } else {
        (values, height, width)
    };
    let raster = Raster::from_array(values, bins, units, coding)
        .map_err(|error| super::fault::placeless(name, error.to_string(), None))?;
    let of = match coding {
        Coding::ZeroOne => "0 and 1",
        Coding::PlusMinus => "-1 and 1",
    };
    let mut notes = vec![format!(
        "read as a table of {bins} {} of {units} {} with values {of}",
        if bins == 1 { "bin" } else { "bins" },
        if units == 1 { "unit" } else { "units" }
    )];
    if units > bins {
        notes.push(format!(
            "{units} units and only {bins} bins: if rows are units, give --transpose{}",
            if reading.transpose { " no longer" } else { "" }
        ));
    }
    Ok(Recording {
        name: name.to_owned(),
        labels: (0..units).map(|unit| unit.to_string()).collect(),
        activity: Activity::Bins(raster),
        inputs: Vec::new(),
        notes,
    })
}
