//! Ensembles of cells, one for each condition.

use std::collections::HashMap;

use irrev_inference::speed::CellEnsemble;

use super::fault::counted;
use super::request::EstimationRequest;
use super::roles::Roles;
use super::table::Table;
use crate::error::{Error, Result};

/// One quantity of cells under one or several conditions.
pub(super) struct CellData {
    /// Conditions in the order of the data.
    pub(super) ensembles: Vec<(String, CellEnsemble)>,
    /// What was measured.
    pub(super) value: String,
    pub(super) value_unit: String,
    /// Unit of time, empty where it is not known.
    pub(super) unit: String,
}

/// Rows of one condition.
#[derive(Default)]
struct Rows {
    times: Vec<f64>,
    cells: Vec<u64>,
    values: Vec<f64>,
}

/// Cells gathered from several files.
pub(super) struct Ensembles<'a> {
    request: &'a EstimationRequest,
    conditions: Vec<(String, Rows)>,
    known: HashMap<String, u64>,
    value: (String, String),
    unit: String,
    source: String,
}

impl<'a> Ensembles<'a> {
    pub(super) fn new(request: &'a EstimationRequest) -> Self {
        Self {
            request,
            conditions: Vec::new(),
            known: HashMap::new(),
            value: <(String, String)>::default(),
            unit: String::new(),
            source: String::new(),
        }
    }

    /// Adds the cells of a file, which is a condition of its own if there are several and no column names conditions.
    ///
    /// # Errors
    /// No column of times, values that are missing or no numbers, a cell with two values at a time: each by row.
    pub(super) fn add(
        &mut self,
        table: &Table,
        roles: &Roles,
        several: bool,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        let refuse = |reason: &str| {
            Err(Error::NotPossible {
                model: table.name.clone(),
                what: "the speed of cells".into(),
                reason: reason.into(),
            })
        };
        let Some(time) = roles.time else {
            return refuse("no column has the times; name it (--time NAME)");
        };
        if roles.cell.is_empty() == (roles.values.len() == 1) {
            return refuse(if roles.cell.is_empty() {
                "nothing says which row is of which cell; name the columns that do (--cells NAME,…)"
            } else {
                "a table with columns of cells needs one column of values; name it (--columns NAME)"
            });
        }
        let stem = std::path::Path::new(&table.name)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        let whole = if several {
            stem.into_owned()
        } else {
            "all".to_owned()
        };
        let conditions: Vec<Option<String>> = match roles.condition {
            None => vec![Some(whole); table.rows],
            Some(k) => {
                let (labels, of) = table.labels(k);
                of.iter()
                    .map(|label| label.map(|label| labels[label as usize].clone()))
                    .collect()
            }
        };
        let names: Vec<_> = roles.cell.iter().map(|k| table.labels(*k)).collect();
        let times = table.numbers(time, "a time")?;
        let mut seen: HashMap<(usize, u64, u64), usize> = HashMap::new();
        let mut left_out = 0;
        for row in 0..table.rows {
            let Some(condition) = &conditions[row] else {
                return Err(table.fault(
                    row,
                    roles.condition.unwrap_or_default(),
                    "the row has no condition",
                    None,
                ));
            };
            if times[row].is_nan() {
                return Err(table.fault(row, time, "the row has no time", None));
            }
            let place = self.condition(condition);
            for &column in &roles.values {
                let value = table.numbers(column, "a quantity of cells")?[row];
                if value.is_nan() {
                    if !self.request.split {
                        let help = "cells without a value are refused unless they may be left out at that time: --split";
                        return Err(table.fault(row, column, "the cell has no value", Some(help)));
                    }
                    left_out += 1;
                    continue;
                }
                let cell = if names.is_empty() {
                    column as u64
                } else {
                    self.cell(&names, row, condition)
                };
                if let Some(before) = seen.insert((place, cell, times[row].to_bits()), row) {
                    let message = format!(
                        "the cell has a value at time {} in row {}, too: duplicate times",
                        times[row],
                        before + 1
                    );
                    let help = "leave out one of the rows, or name all columns that tell cells apart: --cells NAME,…";
                    return Err(table.fault(row, time, message, Some(help)));
                }
                let rows = &mut self.conditions[place].1;
                rows.times.push(times[row]);
                rows.cells.push(cell);
                rows.values.push(value);
            }
        }
        let column = &table.columns[roles.values[0]];
        self.value = match roles.cell.is_empty() {
            true => ("value".into(), column.unit.clone().unwrap_or_default()),
            false => (column.name.clone(), column.unit.clone().unwrap_or_default()),
        };
        self.unit = table.columns[time].unit.clone().unwrap_or_default();
        self.source.clone_from(&table.name);
        notes.push(format!(
            "{} ({}): {}.",
            table.name,
            table.format,
            counted(table.rows, "row")
        ));
        if left_out > 0 {
            notes.push(format!("{} without a value left out.", counted(left_out, "cell")));
        }
        Ok(())
    }

    fn condition(&mut self, name: &str) -> usize {
        let known = self.conditions.iter().position(|(known, _)| known == name);
        known.unwrap_or_else(|| {
            self.conditions.push((name.to_owned(), Rows::default()));
            self.conditions.len() - 1
        })
    }

    fn cell(&mut self, names: &[(Vec<String>, Vec<Option<u32>>)], row: usize, condition: &str) -> u64 {
        let mut key = condition.to_owned();
        for (labels, of) in names {
            key.push('\u{1f}');
            key.push_str(of[row].map_or("", |label| labels[label as usize].as_str()));
        }
        let next = self.known.len() as u64;
        *self.known.entry(key).or_insert(next)
    }

    /// # Errors
    /// What makes no ensemble.
    pub(super) fn finish(self) -> Result<CellData> {
        let mut conditions = self.conditions;
        // doses that are numbers, with a unit or not, ascend
        let dose = |name: &str| {
            name.split_whitespace()
                .next()
                .and_then(|word| word.parse::<f64>().ok())
        };
        if conditions.iter().all(|(name, _)| dose(name).is_some()) {
            conditions.sort_by(|a, b| dose(&a.0).unwrap_or(0.0).total_cmp(&dose(&b.0).unwrap_or(0.0)));
        }
        let mut ensembles = Vec::with_capacity(conditions.len());
        for (name, rows) in conditions {
            let found = CellEnsemble::from_long(&rows.times, &rows.cells, &rows.values)
                .map_err(|error| Error::inference(&self.source, error))?;
            ensembles.push((name, found));
        }
        Ok(CellData {
            ensembles,
            value: self.value.0,
            value_unit: self.value.1,
            unit: self.unit,
        })
    }
}
