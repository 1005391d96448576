//! What each column of a table is: time, trajectory, cell, condition or value.

use super::request::{EstimationRequest, Form};
use super::table::{Cells, Table};
use super::text::TIMES;
use crate::error::{Error, Result};

/// Most values of a column of whole numbers that are taken for states.
const STATES: usize = 32;
/// Each of them is there so many times on average.
const VISITS: usize = 8;
/// Columns of values from which a table with times is one of cells.
const WIDE: usize = 20;

const TRAJECTORIES: [&str; 9] = [
    "trajectory",
    "traj",
    "run",
    "replica",
    "trial",
    "segment",
    "repeat",
    "recording",
    "path",
];
const CELLS: [&str; 8] = [
    "cell", "cell_id", "cellid", "track", "trackid", "track_id", "id", "object",
];
/// Where a cell was seen; cells of two of them may have one number.
const SITES: [&str; 5] = ["fov", "site", "well", "position", "field"];
const CONDITIONS: [&str; 6] = ["condition", "treat", "treatment", "dose", "group", "stimulation"];
const FRAMES: [&str; 3] = ["frame", "frames", "row"];

/// Columns by their numbers.
pub(super) struct Roles {
    pub(super) form: Form,
    pub(super) time: Option<usize>,
    pub(super) trajectory: Option<usize>,
    pub(super) cell: Vec<usize>,
    pub(super) condition: Option<usize>,
    pub(super) values: Vec<usize>,
    /// How columns were taken, in sentences.
    pub(super) notes: Vec<String>,
}

/// # Errors
/// Columns that are asked for and not there, tables of which no or several kinds may be meant, and values of the wrong kind, by row and column.
pub(super) fn roles(table: &Table, request: &EstimationRequest) -> Result<Roles> {
    let mut found = Roles {
        form: request.form,
        time: None,
        trajectory: None,
        cell: Vec::new(),
        condition: None,
        values: Vec::new(),
        notes: Vec::new(),
    };
    let asked =
        |option, name: &Option<String>| name.as_ref().map(|name| table.column(option, name)).transpose();
    let many = |option, names: &[String]| {
        names
            .iter()
            .map(|name| table.column(option, name))
            .collect::<Result<Vec<usize>>>()
    };
    let (columns, states) = (
        many("columns", &request.columns)?,
        many("states", &request.states)?,
    );
    found.values = [columns, states.clone()].concat();
    found.time = asked("time", &request.time)?;
    found.trajectory = asked("trajectory", &request.trajectory)?;
    found.condition = asked("condition", &request.condition)?;
    found.cell = many("cells", &request.cells)?;
    let taken = |found: &Roles, k: usize| {
        found.values.contains(&k)
            || found.cell.contains(&k)
            || [found.time, found.trajectory, found.condition].contains(&Some(k))
    };
    let named = |found: &Roles, known: &[&str]| {
        let free = |k: &usize| !taken(found, *k);
        known.iter().find_map(|name| {
            let is = |k: &usize| table.columns[*k].name.eq_ignore_ascii_case(name);
            (0..table.columns.len()).filter(free).find(is)
        })
    };
    if found.time.is_none() && request.step.is_none() {
        found.time = named(&found, &TIMES);
    }
    if found.trajectory.is_none() {
        found.trajectory = named(&found, &TRAJECTORIES);
    }
    if found.condition.is_none() {
        found.condition = named(&found, &CONDITIONS);
    }
    if found.cell.is_empty()
        && let Some(cell) = named(&found, &CELLS)
    {
        found.cell = named(&found, &SITES).into_iter().chain([cell]).collect();
    }
    let frame = named(&found, &FRAMES);
    if found.time.is_none() && request.step.is_none() {
        found.time = frame.or_else(|| counted(table, &found, |k| taken(&found, k)));
    }
    // with a step given, a column of times says nothing that is asked for
    let unread = if request.step.is_some() {
        named(&found, &TIMES)
    } else {
        None
    };
    if found.values.is_empty() {
        let free = |k: &usize| !taken(&found, *k) && frame != Some(*k) && unread != Some(*k);
        found.values = (0..table.columns.len()).filter(free).collect();
    }
    if found.values.is_empty() {
        return Err(Error::NotPossible {
            model: table.name.clone(),
            what: "an estimate".into(),
            reason: "no column holds values; name them (--columns)".into(),
        });
    }
    if !states.is_empty() {
        found.form = Form::States;
    }
    decide(table, &mut found, frame)?;
    require_values(table, &found)?;
    told(table, &mut found);
    Ok(found)
}

/// The first column of a file without a header, if it rises evenly as times do.
fn counted(table: &Table, found: &Roles, taken: impl Fn(usize) -> bool) -> Option<usize> {
    if table.has_header || table.columns.len() < 2 || taken(0) || found.form == Form::Cells {
        return None;
    }
    rises_evenly(table, 0).then_some(0)
}

fn rises_evenly(table: &Table, column: usize) -> bool {
    let Cells::Numbers(values) = &table.columns[column].cells else {
        return false;
    };
    let [first, second, _, ..] = values.as_slice() else {
        return false;
    };
    let step = second - first;
    step > 0.0
        && values
            .windows(2)
            .all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-6 * step)
}

/// What the data are, where nobody said.
fn decide(table: &Table, found: &mut Roles, frame: Option<usize>) -> Result<()> {
    if found.form != Form::Automatic {
        return Ok(());
    }
    let timed = found.time.is_some() || frame.is_some();
    if timed && (!found.cell.is_empty() && found.values.len() == 1 || found.values.len() >= WIDE) {
        found.form = Form::Cells;
        return Ok(());
    }
    if !found.cell.is_empty() && found.trajectory.is_none() && timed {
        let names: Vec<&str> = found
            .values
            .iter()
            .map(|k| table.columns[*k].name.as_str())
            .collect();
        return Err(Error::NotPossible {
            model: table.name.clone(),
            what: "to know what the data are".into(),
            reason: format!(
                "its rows are of cells and have the values {}; name one of them (--columns {}), or say --format series",
                names.join(", "),
                names[0]
            ),
        });
    }
    let (discrete, continuous): (Vec<usize>, Vec<usize>) =
        found.values.iter().copied().partition(|k| is_discrete(table, *k));
    if let (Some(state), Some(value)) = (discrete.first(), continuous.first()) {
        if let Cells::Words(words) = &table.columns[*state].cells {
            let row = words.odd.unwrap_or(0);
            let word = words.of[row].map_or("", |label| words.labels[label as usize].as_str());
            let message = format!(
                "`{word}` is a word, and column `{}` holds numbers",
                table.columns[*value].name
            );
            let help = "correct it; or say which columns hold the values: --columns NAME,… for numbers, --states NAME,… for states";
            return Err(table.fault(row, *state, message, Some(help)));
        }
        return Err(Error::NotPossible {
            model: table.name.clone(),
            what: "to know what the data are".into(),
            reason: format!(
                "column `{}` has few values, as states do, and column `{}` has many; say which are meant: --states {} or --columns {}, or --format series",
                table.columns[*state].name,
                table.columns[*value].name,
                table.columns[*state].name,
                table.columns[*value].name
            ),
        });
    }
    found.form = if continuous.is_empty() {
        Form::States
    } else {
        Form::Series
    };
    Ok(())
}

/// Words, or few whole numbers.
fn is_discrete(table: &Table, column: usize) -> bool {
    match &table.columns[column].cells {
        Cells::Words(_) => true,
        Cells::Numbers(values) => {
            let mut distinct: Vec<f64> = Vec::new();
            for value in values.iter().filter(|x| !x.is_nan()) {
                if value.fract() != 0.0 {
                    return false;
                }
                if let Err(place) = distinct.binary_search_by(|x| x.total_cmp(value)) {
                    if distinct.len() == STATES {
                        return false;
                    }
                    distinct.insert(place, *value);
                }
            }
            distinct.len() * VISITS <= values.len()
        }
    }
}

/// Refuses values of mixed types, and columns that never change.
fn require_values(table: &Table, found: &Roles) -> Result<()> {
    for &k in &found.values {
        match &table.columns[k].cells {
            Cells::Words(words) => {
                if let Some(row) = words.odd {
                    let word = words.of[row].map_or("", |label| words.labels[label as usize].as_str());
                    let message = format!(
                        "`{word}` is of another type than the rows before: numbers and words are mixed"
                    );
                    let help = "correct it, or name a column of words with --states NAME";
                    if found.form != Form::States || found.values.len() > 1 || words.labels.len() > STATES {
                        return Err(table.fault(row, k, message, Some(help)));
                    }
                } else if found.form != Form::States {
                    table.numbers(k, "what is estimated here")?;
                }
            }
            Cells::Numbers(values) => {
                let known = || values.iter().filter(|x| !x.is_nan());
                let first = known().next().copied().unwrap_or(f64::NAN);
                if found.form != Form::Cells && known().all(|x| *x == first) {
                    return Err(Error::NotPossible {
                        model: table.name.clone(),
                        what: format!("an estimate from column `{}`", table.columns[k].name),
                        reason: format!(
                            "it is {first} in all rows, and a constant channel says nothing; name the others (--columns)"
                        ),
                    });
                }
                let is_time = found.form == Form::Series && found.time.is_none() && rises_evenly(table, k);
                if is_time {
                    return Err(table.fault(
                        0,
                        k,
                        "the column rises by the same amount in every row, as times do",
                        Some("say that it is the time (--time NAME), or name the columns of values (--columns NAME,…)"),
                    ));
                }
            }
        }
    }
    Ok(())
}

fn told(table: &Table, found: &mut Roles) {
    let name = |k: usize| format!("`{}`", table.columns[k].name);
    let list = |of: &[usize]| {
        let names: Vec<String> = of.iter().take(12).map(|k| name(*k)).collect();
        let more = of.len().saturating_sub(names.len());
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        names.join(", ") + &rest
    };
    let mut said = Vec::new();
    if let Some(time) = found.time {
        said.push(format!("times in {}", name(time)));
    }
    if let Some(trajectory) = found.trajectory {
        said.push(format!("trajectories by {}", name(trajectory)));
    }
    if found.form == Form::Cells && !found.cell.is_empty() {
        said.push(format!("cells by {}", list(&found.cell)));
    }
    if let Some(condition) = found.condition.filter(|_| found.form == Form::Cells) {
        said.push(format!("conditions by {}", name(condition)));
    }
    let what = match found.form {
        Form::States => "states",
        Form::Cells if found.cell.is_empty() => "a cell each",
        _ => "values",
    };
    said.push(format!("{what} in {}", list(&found.values)));
    found.notes.push(format!("Columns: {}.", said.join(", ")));
}
