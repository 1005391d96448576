//! Files as data of one kind: series, states or cells.

use irrev_inference::currents::Series;
use irrev_numerics::Run;

use super::cells::{CellData, Ensembles};
use super::clock::{Pace, common, timing};
use super::files::Opened;
use super::request::{EstimationRequest, Form};
use super::roles::{Roles, roles};
use super::states::{StateData, StateReader};
use super::table::Table;
use crate::error::{Error, Result};

/// Data that were read, and how.
pub struct Recorded {
    pub(super) data: Data,
    /// The files, for messages.
    pub(super) source: String,
    /// Base names and hashes.
    pub(super) inputs: Vec<(String, String)>,
    /// What was found, a sentence each.
    pub(super) notes: Vec<String>,
}

pub(super) enum Data {
    Series(SeriesData),
    States(StateData),
    Cells(CellData),
}

/// Numbers at even steps.
pub(super) struct SeriesData {
    pub(super) names: Vec<String>,
    pub(super) units: Vec<String>,
    pub(super) series: Series<'static>,
    /// Unit of time; `step` where nothing tells the time.
    pub(super) unit: String,
}

/// Reads files that were opened as data of one kind; several files are trajectories, or of cells one condition each.
///
/// # Errors
/// What is wrong in a file, by row and column; files of different kinds or columns; options that name no column.
pub fn read(files: Vec<Opened>, request: &EstimationRequest, run: &Run<'_>) -> Result<Recorded> {
    request.check()?;
    let paths: Vec<std::path::PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let source = crate::trajectories::source_name(&paths);
    let inputs = files.iter().map(|file| file.input.clone()).collect();
    let several = files.len() > 1;
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        let own = of_kind(request, &file);
        let table = file.table(request, run)?;
        let roles = roles(&table, &own)?;
        if let Some((first_table, first)) = parts.first() {
            require_alike((first_table, first), (&table, &roles))?;
        }
        parts.push((table, roles));
    }
    let Some((_, first)) = parts.first() else {
        return Err(Error::Request {
            option: "data",
            given: String::new(),
            problem: "are missing; name a file".into(),
        });
    };
    let mut notes = Vec::new();
    let data = match first.form {
        Form::Cells => {
            let mut ensembles = Ensembles::new(request);
            for (table, roles) in &parts {
                ensembles.add(table, roles, several, &mut notes)?;
            }
            Data::Cells(ensembles.finish()?)
        }
        Form::States => Data::States(states(&parts, request, &mut notes)?),
        _ => Data::Series(series(&source, &parts, request, &mut notes)?),
    };
    notes.extend(first.notes.iter().cloned());
    Ok(Recorded {
        data,
        source,
        inputs,
        notes,
    })
}

/// What other readers have taken for times and values already is not asked for again.
fn of_kind(request: &EstimationRequest, file: &Opened) -> EstimationRequest {
    let mut own = request.clone();
    if matches!(file.content, super::files::Content::Other) {
        (own.columns, own.time, own.trajectory, own.step) = (Vec::new(), None, None, None);
    }
    own
}

fn require_alike(first: (&Table, &Roles), other: (&Table, &Roles)) -> Result<()> {
    let names = |(table, roles): (&Table, &Roles)| -> Vec<String> {
        roles
            .values
            .iter()
            .map(|k| table.columns[*k].name.clone())
            .collect()
    };
    let (expected, found) = (names(first), names(other));
    let refuse = |reason: String| {
        Err(Error::NotPossible {
            model: other.0.name.clone(),
            what: "one estimate from several files".into(),
            reason,
        })
    };
    if first.1.form != other.1.form {
        return refuse(format!(
            "it is not taken for the kind of data that {} holds; say which: --format series, states or cells",
            first.0.name
        ));
    }
    if expected != found && first.1.form != Form::Cells {
        return refuse(format!(
            "its values are {}, expected {} as in {}",
            found.join(", "),
            expected.join(", "),
            first.0.name
        ));
    }
    Ok(())
}

fn series(
    source: &str,
    parts: &[(Table, Roles)],
    request: &EstimationRequest,
    notes: &mut Vec<String>,
) -> Result<SeriesData> {
    let mut segments = Vec::new();
    let mut paces = Vec::new();
    let mut unit = String::new();
    for (table, roles) in parts {
        let found = timing(table, roles, request)?;
        if found.pace == Pace::Uneven {
            return Err(Error::NotPossible {
                model: table.name.clone(),
                what: "an estimate from a series".into(),
                reason:
                    "its times are not even; if the rows are even all the same, give their step (--step H)"
                        .into(),
            });
        }
        let columns = roles.values.iter().map(|k| table.numbers(*k, "a series"));
        let columns: Vec<&[f64]> = columns.collect::<Result<_>>()?;
        for stretch in &found.stretches {
            let points = stretch
                .iter()
                .flat_map(|row| columns.iter().map(|column| column[*row]));
            segments.push(points.collect::<Vec<f64>>());
        }
        paces.push((table.name.clone(), found.pace));
        notes.extend(found.notes);
        unit = found.unit;
    }
    let (table, roles) = &parts[0];
    let of = |k: &usize| &table.columns[*k];
    let step = match common(&paces)? {
        Pace::Even(step) => step,
        _ => {
            unit = "step".into();
            1.0
        }
    };
    let names: Vec<String> = roles.values.iter().map(|k| of(k).name.clone()).collect();
    let series = Series::new(segments, names.len(), step).map_err(|e| Error::inference(source, e))?;
    Ok(SeriesData {
        units: roles
            .values
            .iter()
            .map(|k| of(k).unit.clone().unwrap_or_default())
            .collect(),
        names,
        series,
        unit,
    })
}

fn states(
    parts: &[(Table, Roles)],
    request: &EstimationRequest,
    notes: &mut Vec<String>,
) -> Result<StateData> {
    let mut reader = StateReader::default();
    let mut paces = Vec::new();
    for (table, roles) in parts {
        let found = timing(table, roles, request)?;
        reader.add(table, roles, &found)?;
        paces.push((table.name.clone(), found.pace));
        notes.extend(found.notes);
    }
    let (table, roles) = &parts[0];
    let names = roles
        .values
        .iter()
        .map(|k| table.columns[*k].name.clone())
        .collect();
    reader.finish(names, common(&paces)?, &table.name)
}
