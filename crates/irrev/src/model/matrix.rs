//! Rates from a matrix file, CSV or NPY.
//!
//! Two conventions are in use: entry (i, j) is the rate from i to j, or from j to i. The file must say which. The
//! diagonal carries no information and is checked: all zero, or minus the sum of the rates that leave the state.
//! A diagonal that fits the other convention is told as such.
//!
//! Each unordered pair of states with any rate becomes one channel, in the direction of the file's order of states.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use super::csv_matrix;
use super::diagnostic::{Diagnostic, Fault, ModelError, code, code_of};
use super::markov::{Matrix, Orientation, RateLaw, Reservoir, State, Transition};
use super::npy;
use super::read::{keys, name_the_nameless, unknown};
use super::reader::{Item, Table};
use crate::source::{ExitCategory, Limits, SourceError, Span, read_regular_bytes, read_regular_file};

/// By how much, relative to the sum, a diagonal entry may miss minus the sum of its rates. It is a check of the
/// convention and of forgotten entries, so decimals that were rounded to six places pass.
pub const DIAGONAL_TOLERANCE: f64 = 1e-5;

/// Most states of a matrix file: the matrix is dense, and its channels grow with the square.
pub const MAXIMUM_MATRIX_STATES: usize = 2_000;

/// Largest matrix file in bytes: 2000 × 2000 numbers of 25 characters.
pub const MAXIMUM_MATRIX_BYTES: u64 = 100 << 20;

const ORIENTATIONS: &[(Orientation, &str)] = &[
    (Orientation::FromRowToColumn, "from-row-to-column"),
    (Orientation::FromColumnToRow, "from-column-to-row"),
];

/// A matrix file as read.
pub(super) struct Content {
    name: String,
    matrix: Format,
}

enum Format {
    Csv(csv_matrix::Text),
    Npy(npy::Array),
}

impl Content {
    pub(super) fn size(&self) -> usize {
        match &self.matrix {
            Format::Csv(text) => text.size,
            Format::Npy(array) => array.size,
        }
    }

    /// Row by row.
    pub(super) fn values(&self) -> &[f64] {
        match &self.matrix {
            Format::Csv(text) => &text.values,
            Format::Npy(array) => &array.values,
        }
    }

    fn header(&self) -> Option<&[String]> {
        match &self.matrix {
            Format::Csv(text) => text.header.as_deref(),
            Format::Npy(_) => None,
        }
    }
}

/// The transitions of a model with a `[matrix]`, and its states if the file does not list them.
pub(super) fn transitions(
    root: &Table,
    table: &Table,
    states: &mut Vec<State>,
    reservoirs: &[Reservoir],
) -> Result<(Vec<Transition>, Option<Matrix>), ModelError> {
    let nothing = || Ok((Vec::new(), None));
    let findings = table.findings();
    table.only(keys::MATRIX);
    if let Some(span) = root.key_span("transitions") {
        let message = "a model has either [[transitions]] or a [matrix]; this one has both";
        findings.add(Fault::error(code::CONFLICT, span, message));
    }
    let orientation = match table.get("orientation") {
        Some(item) => item.choice(ORIENTATIONS),
        None => {
            let message = "missing key `orientation` in `matrix`: two conventions are in use";
            let help = "write \"from-row-to-column\" if entry (i, j) is the rate from i to j, else \"from-column-to-row\"";
            findings.add(Fault::error(code::MISSING_KEY, table.span(), message).help(help));
            None
        }
    };
    let one_way = table.boolean("one_way").unwrap_or(false);
    let reservoir = table.get("reservoir").and_then(|item| {
        let name = item.string()?;
        let found = reservoirs.iter().position(|reservoir| reservoir.name == name);
        if found.is_none() {
            unknown(
                &item,
                "reservoir",
                name,
                reservoirs.iter().map(|reservoir| reservoir.name.as_str()),
            );
        }
        found
    });
    let file = table
        .require("file")
        .and_then(|item| Some((item.string()?.to_owned(), item)));
    let (Some(orientation), Some((file, item))) = (orientation, file) else {
        return nothing();
    };
    let Some(content) = named_content(&item, &file, MAXIMUM_MATRIX_STATES)? else {
        return nothing();
    };
    name_states(&content, states, table)?;
    if findings.has_errors() {
        return nothing();
    }
    let rates = Rates {
        content: &content,
        orientation,
    };
    rates.check()?;
    // Memory for the channels that there are: the list can be the largest thing of the model.
    let nonzero = content.values().iter().filter(|rate| **rate > 0.0).count();
    let mut transitions = Vec::with_capacity(if one_way { nonzero } else { nonzero.div_ceil(2) });
    for from in 0..content.size() {
        for to in from + 1..content.size() {
            if let Some(transition) = rates.channel(from, to, one_way, states)? {
                transitions.push(Transition {
                    reservoir,
                    span: table.span(),
                    ..transition
                });
            }
        }
    }
    name_the_nameless(&mut transitions, HashSet::new(), states, reservoirs);
    Ok((
        transitions,
        Some(Matrix {
            file,
            orientation,
            span: table.span(),
        }),
    ))
}

/// The square matrix in a file that a model names, or nothing if the findings say why there is none.
///
/// # Errors
/// A file that cannot be read, or holds no square matrix of at most `largest` rows.
pub(super) fn named_content(item: &Item, file: &str, largest: usize) -> Result<Option<Content>, ModelError> {
    let Some(path) = named_path(item, file) else {
        return Ok(None);
    };
    content(&path, largest)
        .map(Some)
        .map_err(|fault| fault.named_by(item))
}

/// Where a file is that a model names; a fault if it does not stay in the model's folder.
pub(super) fn named_path(item: &Item, file: &str) -> Option<PathBuf> {
    let path = inside(file, item.source().directory());
    if path.is_none() {
        let message = format!(
            "`{}`: the path `{file}` does not stay in the model's folder",
            item.path
        );
        let help = "a model names files relative to itself, without `..`; one from standard input names none";
        item.fault(Fault::error(code::MATRIX, item.span, message).help(help));
    }
    path
}

/// The file itself has no place to point at; the model names it in one.
fn unreadable(item: &Item, error: &SourceError) -> ModelError {
    let message = format!("`{}`: {error}", item.path);
    let diagnostic = Fault::error(code_of(error.category()), item.span, message).in_file(item.source());
    ModelError::single(error.category(), diagnostic)
}

/// The path of a file named in a model, if it stays below the model's folder.
fn inside(file: &str, directory: Option<&Path>) -> Option<PathBuf> {
    let path = Path::new(file);
    let stays = !file.is_empty()
        && path
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    // Backslashes and drive letters would mean something else on another system.
    let is_portable = !file.contains(['\\', ':']);
    directory
        .filter(|_| stays && is_portable)
        .map(|directory| directory.join(path))
}

/// Why a file of numbers is of no use.
pub(super) enum Unusable {
    File(SourceError),
    Content(ModelError),
}

impl Unusable {
    /// The error about a file that a model names at a place.
    pub(super) fn named_by(self, item: &Item) -> ModelError {
        match self {
            Unusable::File(error) => unreadable(item, &error),
            Unusable::Content(error) => error,
        }
    }
}

impl From<Unusable> for ModelError {
    fn from(fault: Unusable) -> Self {
        match fault {
            Unusable::File(error) => error.into(),
            Unusable::Content(error) => error,
        }
    }
}

impl From<SourceError> for Unusable {
    fn from(error: SourceError) -> Self {
        Unusable::File(error)
    }
}

impl From<ModelError> for Unusable {
    fn from(error: ModelError) -> Self {
        Unusable::Content(error)
    }
}

fn content(path: &Path, largest: usize) -> Result<Content, Unusable> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .map(str::to_lowercase);
    let name = path.display().to_string();
    match extension.as_deref() {
        Some("csv") => {
            let limits = Limits {
                file_bytes: MAXIMUM_MATRIX_BYTES,
                ..Limits::default()
            };
            match csv_matrix::square_matrix(read_regular_file(path, &limits)?, largest) {
                Ok(text) => Ok(Content {
                    name,
                    matrix: Format::Csv(text),
                }),
                Err(diagnostic) => Err(ModelError::single(ExitCategory::Invalid, *diagnostic).into()),
            }
        }
        Some("npy") => {
            let bytes = read_regular_bytes(path, MAXIMUM_MATRIX_BYTES)?;
            match npy::square_matrix(&bytes, largest) {
                Ok(array) => Ok(Content {
                    name,
                    matrix: Format::Npy(array),
                }),
                Err(message) => Err(placeless(&name, message).into()),
            }
        }
        _ => Err(placeless(&name, "a matrix file ends in .csv or .npy".to_owned()).into()),
    }
}

/// An error about a file that has no lines.
pub(super) fn placeless(name: &str, message: String) -> ModelError {
    let diagnostic = Diagnostic {
        severity: super::Severity::Error,
        code: code::MATRIX,
        file: name.to_owned(),
        message,
        label: String::new(),
        is_argument: false,
        place: None,
        help: None,
    };
    ModelError::single(ExitCategory::Invalid, diagnostic)
}

/// Takes the states from the header, or numbers them, where the model lists none; otherwise compares.
fn name_states(content: &Content, states: &mut Vec<State>, table: &Table) -> Result<(), ModelError> {
    let span = table.span();
    if states.is_empty() {
        let names = match content.header() {
            Some(names) => names.to_vec(),
            None => (0..content.size()).map(|index| index.to_string()).collect(),
        };
        let mut seen = HashSet::new();
        for name in names {
            if name.is_empty() || !seen.insert(name.clone()) {
                let message = format!("the header names a state `{name}` that is empty or there twice");
                return Err(placeless(&content.name, message));
            }
            states.push(State {
                name,
                energy: None,
                number: None,
                degeneracy: None,
                labels: Vec::new(),
                span,
            });
        }
        return Ok(());
    }
    if states.len() != content.size() {
        let message = format!(
            "the model has {} states, the matrix has {} rows",
            states.len(),
            content.size()
        );
        table.findings().add(Fault::error(code::MATRIX, span, message));
    } else if let Some(header) = content.header()
        && let Some((state, name)) = states
            .iter()
            .zip(header)
            .find(|(state, name)| state.name != **name)
    {
        let message = format!(
            "the matrix has `{name}` where the model has the state `{}`",
            state.name
        );
        table
            .findings()
            .add(Fault::error(code::MATRIX, span, message).help("list the states in the same order"));
    }
    Ok(())
}

struct Rates<'a> {
    content: &'a Content,
    orientation: Orientation,
}

impl Rates<'_> {
    /// Index of the entry with the rate from one state to another.
    fn entry(&self, from: usize, to: usize) -> usize {
        match self.orientation {
            Orientation::FromRowToColumn => from * self.content.size() + to,
            Orientation::FromColumnToRow => to * self.content.size() + from,
        }
    }

    fn rate(&self, from: usize, to: usize) -> f64 {
        self.content.values()[self.entry(from, to)]
    }

    fn fault(&self, from: usize, to: usize, message: String, help: Option<&str>) -> ModelError {
        let entry = self.entry(from, to);
        let size = self.content.size();
        let place = format!("row {}, column {}: {message}", entry / size + 1, entry % size + 1);
        let mut error = match &self.content.matrix {
            Format::Csv(text) => {
                let span = text.place(entry / size, entry % size);
                let diagnostic = Fault::error(code::MATRIX, span, place).in_file(text.source());
                ModelError::single(ExitCategory::Invalid, diagnostic)
            }
            Format::Npy(_) => placeless(&self.content.name, place),
        };
        if let (Some(help), Some(diagnostic)) = (help, error.diagnostics.first_mut()) {
            diagnostic.help = Some(help.to_owned());
        }
        error
    }

    /// Negative rates, values that are not finite, and the diagonal.
    fn check(&self) -> Result<(), ModelError> {
        let size = self.content.size();
        for from in 0..size {
            for to in 0..size {
                let rate = self.rate(from, to);
                if !rate.is_finite() {
                    return Err(self.fault(from, to, format!("{rate} is not a finite number"), None));
                }
                if from != to && rate < 0.0 {
                    return Err(self.fault(from, to, format!("the rate {rate} is negative"), None));
                }
            }
        }
        if (0..size).all(|state| self.rate(state, state) == 0.0) {
            return Ok(());
        }
        let Some(state) = (0..size).find(|state| !self.diagonal_fits(*state)) else {
            return Ok(());
        };
        let (diagonal, leaving) = (self.rate(state, state), self.leaving(state));
        let turned = Rates {
            content: self.content,
            orientation: match self.orientation {
                Orientation::FromRowToColumn => Orientation::FromColumnToRow,
                Orientation::FromColumnToRow => Orientation::FromRowToColumn,
            },
        };
        let help = if (0..size).all(|state| turned.diagonal_fits(state)) {
            "it fits the other `orientation`: that is probably what the file means"
        } else {
            "leave the diagonal zero, or write minus the sum of the other rates"
        };
        let message =
            format!("the diagonal is {diagonal}, but the rates that leave the state sum to {leaving}");
        Err(self.fault(state, state, message, Some(help)))
    }

    fn leaving(&self, state: usize) -> f64 {
        (0..self.content.size())
            .filter(|to| *to != state)
            .map(|to| self.rate(state, to))
            .sum()
    }

    fn diagonal_fits(&self, state: usize) -> bool {
        let leaving = self.leaving(state);
        (self.rate(state, state) + leaving).abs() <= DIAGONAL_TOLERANCE * leaving
    }

    /// The channel between two states, if there is any rate.
    fn channel(
        &self,
        from: usize,
        to: usize,
        one_way: bool,
        states: &[State],
    ) -> Result<Option<Transition>, ModelError> {
        let (forward, backward) = (self.rate(from, to), self.rate(to, from));
        // A one-way channel runs the way its rate does.
        let (from, to, forward, backward) = match (forward > 0.0, backward > 0.0) {
            (false, false) => return Ok(None),
            (false, true) => (to, from, backward, forward),
            _ => (from, to, forward, backward),
        };
        let is_one_way = backward == 0.0;
        if is_one_way && !one_way {
            let (first, second) = (&states[from].name, &states[to].name);
            let message = format!(
                "there is a rate from `{first}` to `{second}` and none back, which makes the entropy production infinite"
            );
            let help = "give the backward rate, or say `one_way = true` in [matrix] if there really is no backward jump";
            let mut error = self.fault(to, from, message, Some(help));
            error
                .diagnostics
                .iter_mut()
                .for_each(|diagnostic| diagnostic.code = code::ONE_WAY);
            return Err(error);
        }
        Ok(Some(Transition {
            name: String::new(),
            from,
            to,
            reservoir: None,
            law: RateLaw::Constant { forward, backward },
            force: None,
            one_way: is_one_way,
            span: Span::default(),
        }))
    }
}
