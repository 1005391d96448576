//! Typed reports and their writers. There is no physics in this crate.
//!
//! A [`Report`] is plain data: numbers with units, errors and definitions ([`Quantity`]), series, tables,
//! figures ([`Figure`]), identities that were checked ([`Check`]), inequalities that were evaluated
//! ([`Bound`]), warnings, citations, and what determines it all ([`Provenance`]).
//!
//! | writer | gives |
//! |---|---|
//! | [`write_folder`] | a folder: `result.json`, `tables/*.csv`, `figures/*.svg` and `.csv`, `report.html`, `run.log.json` |
//! | [`Report::to_json`], [`Report::from_json`] | the result document, schema `irrev.result/1`, lossless |
//! | [`report_page`] | one self-contained page that works without a network, in light and dark |
//! | [`figure_svg`] | one figure |
//! | [`notebook_html`] | a small fragment without script |
//! | [`summary_text`] | a summary for the terminal |
//!
//! Equal reports are written as equal bytes: no clock, host or path enters anything but `run.log.json`.
//! All text may hold any characters; it is escaped where it is written.

mod colour;
mod delimited;
mod drawing;
mod error;
mod figure;
mod folder;
mod formula;
mod json;
mod layout;
mod notebook;
mod number;
mod page;
mod plotly_figure;
mod provenance;
mod quantity;
mod report;
mod summary;
mod svg;
mod table;
mod thinning;
mod validation;
mod verification;

pub use delimited::{figure_csv, table_csv};
pub use error::{Error, Result};
pub use figure::{
    Arrangement, Axis, BarGroup, Bars, ColourRun, Curve, CurveStyle, Figure, FigureKind, Heatmap, Lines,
    Mark, Network, NetworkEdge, NetworkNode, Positions, Scale,
};
pub use folder::{WriteOptions, admit, write_folder};
pub use layout::network_layout;
pub use notebook::notebook_html;
pub use number::{readable_estimate, readable_lower_bound, readable_number, readable_upper_bound};
pub use page::{Page, report_page};
pub use provenance::{Provenance, RunLog};
pub use quantity::{Definition, Quantity, QuantityKind, text};
pub use report::{Citation, LeftOut, Report, SummarySentence};
pub use summary::summary_text;
pub use svg::figure_svg;
pub use table::{Column, ColumnValues, Coordinate, Series, Table};
pub use verification::{Bound, BoundStatus, Check};

/// Schema of the result document.
pub const SCHEMA: &str = "irrev.result/1";
