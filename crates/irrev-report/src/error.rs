//! What can go wrong when a report is checked, written or read back.

use std::path::PathBuf;

/// Everything that a report's checks, writers and readers may refuse.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that becomes a file name holds other characters than `a-z 0-9 _ -`.
    #[error(
        "{what} name \"{name}\" cannot become a file name; use 1 to 100 of the characters a-z, 0-9, _ and -, \
         and none of the device names con, prn, aux, nul, com1…9, lpt1…9"
    )]
    Name {
        /// What the name belongs to: figure, table or series.
        what: &'static str,
        /// The name as given, control characters escaped.
        name: String,
    },
    /// Two things of one kind carry the same name.
    #[error("two {what} are both named \"{name}\"; each name must be used once")]
    DuplicateName {
        /// What the name belongs to.
        what: &'static str,
        /// The name that occurs twice.
        name: String,
    },
    /// A quantity has no name, or one with control characters.
    #[error("quantity name \"{name}\" is empty or holds control characters; name it as its definition does")]
    QuantityName {
        /// The name, control characters escaped.
        name: String,
    },
    /// Two lists that belong together differ in length.
    #[error("{place}: {left_name} has {left} values but {right_name} has {right}; they must be equally long")]
    Length {
        /// Where, for instance `figure "current", curve "exact"`.
        place: String,
        /// Name of the first list.
        left_name: &'static str,
        /// Its length.
        left: usize,
        /// Name of the second list.
        right_name: &'static str,
        /// Its length.
        right: usize,
    },
    /// An edge of a network figure names a node that does not exist.
    #[error("figure \"{figure}\", edge {edge}: node index {node} is outside the {nodes} nodes of the figure")]
    NodeIndex {
        /// Figure name.
        figure: String,
        /// Edge index.
        edge: usize,
        /// The index that the edge names.
        node: usize,
        /// Number of nodes.
        nodes: usize,
    },
    /// The output folder holds files, but none that an earlier result would have left.
    #[error(
        "{} is not empty and holds no result.json of an earlier result, so it is left alone; \
         name a new or empty folder", directory.display()
    )]
    ForeignDirectory {
        /// The folder.
        directory: PathBuf,
    },
    /// The output folder already holds a result and overwriting was not asked for.
    #[error(
        "{} already holds a result; name another folder, or allow overwriting (--force)", directory.display()
    )]
    ResultExists {
        /// The folder.
        directory: PathBuf,
    },
    /// The output path, or a part of it, exists and is not a folder.
    #[error("{} exists and is not a folder; name a folder for the result", path.display())]
    NotADirectory {
        /// The path in the way.
        path: PathBuf,
    },
    /// A file or folder could not be written.
    #[error("could not {action} {}: {source}", path.display())]
    Write {
        /// What was attempted: create, write, sync, rename, remove, list.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// Text that should be a result is not valid JSON or lacks a field.
    #[error("not a readable result: {source}")]
    Json {
        /// Line, column and cause.
        #[from]
        source: serde_json::Error,
    },
    /// The JSON document is of another kind, or of a newer format.
    #[error(
        "schema is {found}, expected \"{}\"; read it with the version of irrev that wrote it",
        crate::SCHEMA
    )]
    Schema {
        /// The schema string found, in quotes, or "missing".
        found: String,
    },
    /// A figure could not be drawn as SVG.
    #[error("figure \"{figure}\" could not be drawn: {reason}")]
    Drawing {
        /// Figure name.
        figure: String,
        /// The drawing library's words.
        reason: String,
    },
    /// The page could not be assembled from its template.
    #[error("the page could not be assembled: {source}")]
    Template {
        /// Template name, line and cause.
        #[from]
        source: minijinja::Error,
    },
    /// A table could not be written as comma-separated values.
    #[error("table \"{table}\" could not be written as comma-separated values: {source}")]
    Delimited {
        /// Table name.
        table: String,
        /// Cause.
        source: csv::Error,
    },
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
