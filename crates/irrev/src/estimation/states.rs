//! Visits of states: labels, products of several columns, and when.

use irrev_inference::states::JumpTrajectory;

use super::clock::{Pace, Timing};
use super::roles::Roles;
use super::table::Table;
use crate::error::{Error, Result};

/// Most states, the product of all columns.
const MOST: usize = 512;

/// What parts the labels of a state of several columns.
const JOINT: &str = " · ";

/// States of one system; of several columns a state is what all of them show.
pub(super) struct StateData {
    /// Names of the columns.
    pub(super) names: Vec<String>,
    /// Labels of each column.
    pub(super) labels: Vec<Vec<String>>,
    /// The label numbers of each state.
    pub(super) tuples: Vec<Vec<u32>>,
    /// The states of each uninterrupted stretch.
    pub(super) sequences: Vec<Vec<u32>>,
    pub(super) when: When,
    /// Unit of time; `step` where nothing tells the time.
    pub(super) unit: String,
}

pub(super) enum When {
    /// Looked at at even steps.
    Steps(f64),
    /// Entered at times; the last row of a stretch ends it.
    Visits(Vec<Visits>),
}

/// One stretch of visits, neighbours of which differ.
pub(super) struct Visits {
    pub(super) states: Vec<u32>,
    pub(super) times: Vec<f64>,
    pub(super) end: f64,
}

impl Visits {
    pub(super) fn trajectory(&self) -> JumpTrajectory<'_> {
        JumpTrajectory {
            states: &self.states,
            entry_times: &self.times,
            end: self.end,
        }
    }
}

impl StateData {
    pub(super) fn states(&self) -> usize {
        self.tuples.len()
    }

    /// A state in words.
    pub(super) fn name(&self, state: usize) -> String {
        let labels = self.tuples[state].iter().zip(&self.labels);
        labels
            .map(|(k, labels)| labels[*k as usize].as_str())
            .collect::<Vec<_>>()
            .join(JOINT)
    }

    pub(super) fn sequences(&self) -> Vec<&[u32]> {
        self.sequences.iter().map(Vec::as_slice).collect()
    }

    /// What one column shows along each stretch.
    pub(super) fn of_column(&self, column: usize) -> Vec<Vec<u32>> {
        let of = |state: &u32| self.tuples[*state as usize][column];
        self.sequences
            .iter()
            .map(|sequence| sequence.iter().map(of).collect())
            .collect()
    }
}

/// Rows of several files, gathered before labels are numbered.
#[derive(Default)]
pub(super) struct StateReader {
    /// Labels of each column, in the order of first use.
    known: Vec<Vec<String>>,
    /// For each stretch the label of each column, row by row.
    stretches: Vec<Vec<u32>>,
    times: Vec<Vec<f64>>,
    unit: String,
}

impl StateReader {
    /// Rows whose values were found to be there.
    ///
    /// # Errors
    /// A column of more labels than there may be states.
    pub(super) fn add(&mut self, table: &Table, roles: &Roles, timing: &Timing) -> Result<()> {
        self.known.resize(roles.values.len(), Vec::new());
        let mut columns = Vec::with_capacity(roles.values.len());
        for (&k, known) in roles.values.iter().zip(&mut self.known) {
            let (labels, of) = table.labels(k);
            if labels.len() > MOST {
                return Err(too_many(&table.name, labels.len()));
            }
            let place = |label: &String| {
                let found = known.iter().position(|other| other == label);
                found.unwrap_or_else(|| {
                    known.push(label.clone());
                    known.len() - 1
                }) as u32
            };
            let numbers: Vec<u32> = labels.iter().map(place).collect();
            columns.push((numbers, of));
        }
        let times = roles.time.and_then(|k| table.numbers(k, "a time").ok());
        for stretch in &timing.stretches {
            let mut rows = Vec::with_capacity(stretch.len() * columns.len());
            for row in stretch {
                let label = |(numbers, of): &(Vec<u32>, Vec<Option<u32>>)| {
                    of[*row].map_or(0, |label| numbers[label as usize])
                };
                rows.extend(columns.iter().map(label));
            }
            self.stretches.push(rows);
            let times = times.map(|times| stretch.iter().map(|row| times[*row]).collect());
            self.times.push(times.unwrap_or_default());
        }
        self.unit.clone_from(&timing.unit);
        Ok(())
    }

    /// # Errors
    /// One state alone, or more than can be compared.
    pub(super) fn finish(self, names: Vec<String>, pace: Pace, source: &str) -> Result<StateData> {
        let width = names.len();
        let (labels, places): (Vec<Vec<String>>, Vec<Vec<u32>>) = self.known.into_iter().map(sorted).unzip();
        if labels.iter().map(|known| known.len() as f64).product::<f64>() > 1e18 {
            return Err(too_many(source, usize::MAX));
        }
        // label numbers of all columns as digits of one number
        let key = |row: &[u32]| {
            let digits = row.iter().zip(&places).zip(&labels);
            digits.fold(0_u64, |key, ((label, places), known)| {
                key * known.len() as u64 + u64::from(places[*label as usize])
            })
        };
        let keys: Vec<Vec<u64>> = self
            .stretches
            .iter()
            .map(|rows| rows.chunks_exact(width).map(key).collect())
            .collect();
        let mut distinct: Vec<u64> = keys.concat();
        distinct.sort_unstable();
        distinct.dedup();
        if !(2..=MOST).contains(&distinct.len()) {
            return Err(too_many(source, distinct.len()));
        }
        let tuple = |key: &u64| {
            let mut rest = *key;
            let mut tuple = vec![0; width];
            for (digit, known) in tuple.iter_mut().zip(&labels).rev() {
                *digit = (rest % known.len() as u64) as u32;
                rest /= known.len() as u64;
            }
            tuple
        };
        let state = |key: &u64| distinct.partition_point(|known| known < key) as u32;
        let sequences: Vec<Vec<u32>> = keys.iter().map(|keys| keys.iter().map(state).collect()).collect();
        let (when, unit) = match pace {
            Pace::Rows => (When::Steps(1.0), "step".to_owned()),
            Pace::Even(step) => (When::Steps(step), self.unit),
            Pace::Uneven => (When::Visits(visits(&sequences, &self.times)), self.unit),
        };
        Ok(StateData {
            names,
            tuples: distinct.iter().map(tuple).collect(),
            labels,
            sequences,
            when,
            unit,
        })
    }
}

fn too_many(source: &str, found: usize) -> Error {
    let there = match found {
        usize::MAX => "are too many of them to count".to_owned(),
        1 => "is 1".to_owned(),
        found => format!("are {found} different ones"),
    };
    Error::NotPossible {
        model: source.to_owned(),
        what: "an estimate from states".into(),
        reason: format!(
            "there {there}, expected 2 to {MOST}; name fewer columns (--states), or lump them before"
        ),
    }
}

/// Labels in order, numbers ascending and words as they came, and the place of each there.
fn sorted(known: Vec<String>) -> (Vec<String>, Vec<u32>) {
    let numbers: Option<Vec<f64>> = known.iter().map(|label| label.parse().ok()).collect();
    let mut order: Vec<usize> = (0..known.len()).collect();
    if let Some(numbers) = numbers {
        order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    }
    let mut places = vec![0; known.len()];
    for (place, label) in order.iter().enumerate() {
        places[*label] = place as u32;
    }
    (order.iter().map(|label| known[*label].clone()).collect(), places)
}

/// Rows of one state after the other are one visit. A last row of another state than the one before is a jump whose visit was not seen; it only ends the stretch.
fn visits(sequences: &[Vec<u32>], times: &[Vec<f64>]) -> Vec<Visits> {
    let mut all = Vec::new();
    for (sequence, times) in sequences.iter().zip(times) {
        let Some((end, entries)) = times.split_last() else {
            continue;
        };
        let mut found = Visits {
            states: Vec::new(),
            times: Vec::new(),
            end: *end,
        };
        for (state, time) in sequence.iter().zip(entries) {
            if found.states.last() != Some(state) {
                found.states.push(*state);
                found.times.push(*time);
            }
        }
        if !found.states.is_empty() {
            all.push(found);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_state_are_one_visit_and_the_last_row_is_the_end() {
        let found = visits(&[vec![0, 0, 1, 0, 1]], &[vec![0.0, 0.5, 1.0, 3.0, 3.5]]);
        assert_eq!(
            (&found[0].states[..], &found[0].times[..]),
            (&[0, 1, 0][..], &[0.0, 1.0, 3.0][..])
        );
        assert_eq!(found[0].end, 3.5);
    }
}
