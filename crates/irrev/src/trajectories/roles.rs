//! Which column is what: said by the reader's options, or plain from names.

use irrev_landscape::Period;

use super::fault::{counted, fault};
use super::reading::{Column, Reading, Time};
use super::rows::{Asked, Layout};
use crate::error::Result;
use crate::expression::nearest_name;

/// Most columns that are taken for coordinates without being told.
const MOST_UNTOLD: usize = 8;

/// Names of columns that are no coordinates, whatever they are.
const NO_COORDINATES: [&str; 31] = [
    "v",
    "vx",
    "vy",
    "vz",
    "vel",
    "velocity",
    "velocities",
    "a",
    "ax",
    "ay",
    "az",
    "acc",
    "acceleration",
    "accelerations",
    "f",
    "fx",
    "fy",
    "fz",
    "force",
    "forces",
    "weight",
    "weights",
    "metric",
    "metrics",
    "energy",
    "temperature",
    "step",
    "frame",
    "index",
    "id",
    "trajectory",
];

/// Columns by what they are; the same for all files.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Roles {
    /// Numbers of the columns: coordinates, velocities, accelerations, metrics, then time, then trajectory.
    pub(super) asked: Vec<usize>,
    /// How many of them are values of a frame.
    pub(super) values: usize,
    pub(super) coordinates: usize,
    pub(super) has: Given,
    /// Places of times and of trajectory numbers among those asked for.
    pub(super) time: Option<usize>,
    pub(super) trajectory: Option<usize>,
    /// The step, where there is no column of times.
    pub(super) step: Option<f64>,
    pub(super) names: Vec<String>,
    pub(super) units: Vec<Option<String>>,
    pub(super) periods: Vec<Option<Period>>,
    pub(super) time_unit: Option<String>,
}

/// Which columns come with each coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Given {
    pub(super) velocities: bool,
    pub(super) accelerations: bool,
    pub(super) metrics: bool,
}

impl Roles {
    pub(super) fn of(layout: &Layout, reading: &Reading) -> Result<Self> {
        let find = |column: &Column| find(layout, column);
        let all = |columns: &[Column]| columns.iter().map(find).collect::<Result<Vec<usize>>>();
        let trajectory = reading.trajectory.as_ref().map(find).transpose()?;
        let named = layout
            .time
            .or_else(|| (0..layout.columns.len()).find(|column| is_time(layout, *column)));
        let (time, step) = match &reading.time {
            Time::Step(step) => (None, Some(*step)),
            Time::Column(column) => (Some(find(column)?), None),
            Time::Automatic => (named, layout.step.filter(|_| named.is_none())),
        };
        if time.is_none() && step.is_none() {
            let message = format!("nothing tells when the frames were taken: {}", list(layout));
            return Err(fault(
                &layout.file,
                message,
                Some("give the step between frames, or name the column of times"),
            ));
        }
        let [velocities, accelerations, metrics] = [
            all(&reading.velocities)?,
            all(&reading.accelerations)?,
            all(&reading.metrics)?,
        ];
        let mut used: Vec<usize> = [&velocities, &accelerations, &metrics]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        used.extend(time.or(named));
        used.extend(trajectory);
        let coordinates = match reading.coordinates.as_slice() {
            [] => untold(layout, &used)?,
            told => all(told)?,
        };
        for (what, columns) in [
            ("velocities", &velocities),
            ("accelerations", &accelerations),
            ("metrics", &metrics),
        ] {
            if !columns.is_empty() && columns.len() != coordinates.len() {
                let message = format!(
                    "{} of {what} for {}, expected one for each",
                    counted(columns.len() as u64, "column"),
                    counted(coordinates.len() as u64, "coordinate")
                );
                return Err(fault(&layout.file, message, None));
            }
        }
        let mut asked: Vec<usize> = [&coordinates, &velocities, &accelerations, &metrics]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let values = asked.len();
        asked.extend(time);
        let time = time.map(|_| values);
        asked.extend(trajectory);
        let trajectory = trajectory.map(|_| asked.len() - 1);
        if let Some(k) = (1..asked.len()).find(|k| asked[..*k].contains(&asked[*k])) {
            let message = format!("{} is asked for twice", layout.called(asked[k]));
            return Err(fault(
                &layout.file,
                message,
                Some("a column is one thing: coordinate, velocity, acceleration, metric, time or trajectory"),
            ));
        }
        let label = |column: &usize| &layout.columns[*column];
        let periods = match reading.periods.as_slice() {
            [] => coordinates.iter().map(|column| label(column).period).collect(),
            told if told.len() == coordinates.len() => told.to_vec(),
            told => {
                let message = format!(
                    "{} for {}, expected one for each, or none",
                    counted(told.len() as u64, "period"),
                    counted(coordinates.len() as u64, "coordinate")
                );
                return Err(fault(&layout.file, message, None));
            }
        };
        let name = |column: &usize| {
            label(column)
                .name
                .clone()
                .unwrap_or_else(|| format!("column {column}"))
        };
        let time_unit = time
            .and_then(|place| label(&asked[place]).unit.clone())
            .or_else(|| match reading.time {
                Time::Step(_) => None,
                _ => layout.time_unit.clone(),
            });
        Ok(Self {
            values,
            coordinates: coordinates.len(),
            has: Given {
                velocities: !velocities.is_empty(),
                accelerations: !accelerations.is_empty(),
                metrics: !metrics.is_empty(),
            },
            time,
            trajectory,
            step,
            names: coordinates.iter().map(name).collect(),
            units: coordinates
                .iter()
                .map(|column| label(column).unit.clone())
                .collect(),
            periods,
            time_unit,
            asked,
        })
    }

    /// Times and trajectory numbers alone.
    pub(super) fn of_times(&self) -> Self {
        Self {
            asked: self.asked[self.values..].to_vec(),
            values: 0,
            coordinates: 0,
            has: Given::default(),
            time: self.time.map(|place| place - self.values),
            trajectory: self.trajectory.map(|place| place - self.values),
            ..self.clone()
        }
    }

    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            columns: &self.asked,
            time: self.time,
        }
    }

    /// Whether another file has the same coordinates; the difference, if not.
    pub(super) fn unlike(&self, other: &Self) -> Option<String> {
        let named = |roles: &Self| roles.names.join(", ");
        if self.names != other.names {
            return Some(format!(
                "the coordinates are {}, expected {} as in the first file",
                named(other),
                named(self)
            ));
        }
        let at = (0..self.coordinates).find(|k| self.periods[*k] != other.periods[*k])?;
        let told = |period: Option<Period>| {
            period.map_or_else(
                || "none".to_owned(),
                |period| format!("{} to {}", period.start(), period.end()),
            )
        };
        Some(format!(
            "the period of {} is {}, expected {} as in the first file",
            self.names[at],
            told(other.periods[at]),
            told(self.periods[at])
        ))
    }
}

/// A column by name, or by number.
fn find(layout: &Layout, column: &Column) -> Result<usize> {
    let count = layout.columns.len();
    let number = match column {
        Column::Number(number) => Some(*number),
        Column::Name(name) => {
            let is_named = |known: &Option<String>| known.as_deref() == Some(name.as_str());
            let mut found = (0..count).filter(|index| is_named(&layout.columns[*index].name));
            if let Some(first) = found.next() {
                if let Some(second) = found.next() {
                    let message = format!("columns {first} and {second} are both named `{name}`");
                    return Err(fault(
                        &layout.file,
                        message,
                        Some("give the number of the one that is meant"),
                    ));
                }
                return Ok(first);
            }
            name.parse().ok()
        }
    };
    if let Some(number) = number.filter(|number| *number < count) {
        return Ok(number);
    }
    let names = layout.columns.iter().filter_map(|label| label.name.as_deref());
    let near = match column {
        Column::Name(name) => nearest_name(name, names).map(|near| format!("did you mean `{near}`?")),
        Column::Number(_) => None,
    };
    let message = format!("there is no column {column}: {}", list(layout));
    Err(fault(&layout.file, message, near.as_deref()))
}

/// The columns of a file in one phrase.
fn list(layout: &Layout) -> String {
    const LONGEST: usize = 24;
    let count = layout.columns.len();
    let is_named = layout.columns.iter().any(|label| label.name.is_some());
    if !is_named {
        return match count {
            1 => "the file has one column, 0, without a name".to_owned(),
            _ => format!(
                "the file has {count} columns without names, 0 to {}",
                count.saturating_sub(1)
            ),
        };
    }
    let some = layout.columns.iter().take(LONGEST).enumerate();
    let some: Vec<String> = some
        .map(|(index, label)| format!("{index} {}", label.name.as_deref().unwrap_or("-")))
        .collect();
    let more = if count > LONGEST { ", …" } else { "" };
    format!("the columns are {}{more}", some.join(", "))
}

/// Whether a column is named as times are.
fn is_time(layout: &Layout, column: usize) -> bool {
    let Some(name) = &layout.columns[column].name else {
        return false;
    };
    let name = name.to_lowercase();
    let parts = |c: char| matches!(c, '_' | '/' | ' ' | '[' | '(');
    matches!(name.split(parts).next(), Some("time" | "times" | "t"))
}

/// The columns that nothing was said of, if they can be meant for coordinates.
fn untold(layout: &Layout, used: &[usize]) -> Result<Vec<usize>> {
    let left: Vec<usize> = (0..layout.columns.len())
        .filter(|column| !used.contains(column))
        .collect();
    let refuse = |message: String| {
        Err(fault(
            &layout.file,
            message,
            Some("say which columns are the coordinates"),
        ))
    };
    if left.is_empty() {
        return refuse(format!("no column is left for a coordinate: {}", list(layout)));
    }
    if left.len() > MOST_UNTOLD {
        return refuse(format!(
            "{} may be coordinates: {}",
            counted(left.len() as u64, "column"),
            list(layout)
        ));
    }
    let is_other = |column: &&usize| {
        let name = layout.columns[**column]
            .name
            .as_deref()
            .unwrap_or("")
            .to_lowercase();
        NO_COORDINATES.contains(&name.as_str()) || name.contains("bias")
    };
    match left.iter().find(is_other) {
        Some(column) => refuse(format!(
            "{} is named as something that is no coordinate: {}",
            layout.called(*column),
            list(layout)
        )),
        None => Ok(left),
    }
}
