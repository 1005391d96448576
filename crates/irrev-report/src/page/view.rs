//! What the page's template shows, as plain values.

use super::{Page, plotly_script};
use crate::formula::{Placement, mathml};
use crate::summary::saturation;
use crate::{
    Bound, BoundStatus, Citation, ColumnValues, Figure, FigureKind, Network, Quantity, QuantityKind, Report,
    Table, drawing, readable_estimate, readable_number, svg, thinning,
};
use minijinja::Value;
use serde::Serialize;

/// Most rows of a table shown on the page; the download holds all.
const MOST_ROWS: usize = 200;

/// A text in a cell that is longer than this is broken into lines, which need some width.
const LONGEST_PHRASE: usize = 32;

/// All that the template shows.
#[derive(Serialize)]
pub(super) struct PageView<'a> {
    kind: &'a str,
    title: &'a str,
    warnings: &'a [String],
    summary: Vec<(String, Vec<String>)>,
    verified: bool,
    has_verification: bool,
    keys: Vec<QuantityView<'a>>,
    quantities: Vec<QuantityView<'a>>,
    figures: Vec<FigureView<'a>>,
    bounds: Vec<BoundView<'a>>,
    checks: Vec<CheckView<'a>>,
    tables: Vec<TableView<'a>>,
    left_out: Vec<(String, &'a str)>,
    citations: Vec<CitationView<'a>>,
    provenance: Vec<(String, String)>,
    model: Option<&'a str>,
    data: Value,
    plotly: Option<Value>,
    script: Value,
    style: Value,
}

impl<'a> PageView<'a> {
    /// The view of a valid report; `data` is what its script reads.
    pub(super) fn new(report: &'a Report, page: Page, tables: &'a [Table], data: String) -> Self {
        Self {
            kind: &report.kind,
            title: &report.title,
            warnings: &report.warnings,
            summary: report.summary_by_heading(),
            verified: report.all_verified(),
            has_verification: report.has_verification(),
            keys: report
                .key_quantities()
                .into_iter()
                .map(QuantityView::new)
                .collect(),
            quantities: report.quantities.iter().map(QuantityView::new).collect(),
            figures: report
                .figures
                .iter()
                .map(|figure| FigureView::new(figure, page))
                .collect(),
            bounds: report.bounds.iter().map(BoundView::new).collect(),
            checks: report.checks.iter().map(CheckView::new).collect(),
            tables: tables.iter().map(TableView::new).collect(),
            left_out: report.left_out_by_reason(),
            citations: report.citations.iter().map(CitationView::new).collect(),
            provenance: provenance_rows(report),
            model: report.provenance.model.as_deref(),
            data: Value::from_safe_string(data),
            plotly: (page == Page::Interactive && !report.figures.is_empty()).then(plotly_script),
            script: Value::from_safe_string(include_str!("../html/page.js").to_owned()),
            style: Value::from_safe_string(include_str!("../html/page.css").to_owned()),
        }
    }
}

#[derive(Serialize)]
struct QuantityView<'a> {
    name: &'a str,
    label: &'a str,
    shares_definition: bool,
    symbol: Value,
    number: String,
    exact: String,
    unit: &'a str,
    kind: &'static str,
    is_exact: bool,
    note: Option<&'a str>,
    formula: Value,
    explanation: &'a str,
    source: &'a str,
}

impl<'a> QuantityView<'a> {
    fn new(quantity: &'a Quantity) -> Self {
        let definition = &quantity.definition;
        Self {
            name: &quantity.name,
            label: quantity.label(),
            shares_definition: quantity.name != definition.name && !definition.label.is_empty(),
            symbol: Value::from_safe_string(mathml(&definition.symbol, Placement::Inline)),
            number: quantity.readable(),
            exact: quantity.value.to_string(),
            unit: &quantity.unit,
            kind: quantity.kind.words(),
            is_exact: quantity.kind == QuantityKind::Exact,
            note: quantity.note.as_deref(),
            formula: Value::from_safe_string(mathml(&definition.formula, Placement::Display)),
            explanation: &definition.explanation,
            source: &definition.source,
        }
    }
}

#[derive(Serialize)]
struct FigureView<'a> {
    name: &'a str,
    title: &'a str,
    caption: &'a str,
    note: Option<String>,
    drawing: Option<Value>,
}

impl<'a> FigureView<'a> {
    fn new(figure: &'a Figure, page: Page) -> Self {
        let note = match &figure.kind {
            FigureKind::Network(network) if network.nodes.len() > Network::LARGEST_DRAWN => {
                Some(drawing::large_network(network).1)
            }
            FigureKind::Lines(lines) => {
                let longest = lines.curves.iter().map(|curve| curve.y.len()).max().unwrap_or(0);
                (longest > thinning::MOST_POINTS).then(|| {
                    format!(
                        "Drawn with fewer points than the {longest} of the longest curve; the data hold all."
                    )
                })
            }
            _ => None,
        };
        let drawing = (page == Page::Static).then(|| Value::from_safe_string(svg::inline_svg(figure)));
        Self {
            name: &figure.name,
            title: &figure.title,
            caption: &figure.caption,
            note,
            drawing,
        }
    }
}

#[derive(Serialize)]
struct BoundView<'a> {
    name: &'a str,
    statement: &'a str,
    left: String,
    right: String,
    unit: &'a str,
    slack: String,
    /// Length of the slack bar in percent.
    percent: Option<f64>,
    /// What the length means.
    percent_text: String,
    assumptions: &'a str,
    note: Option<&'a str>,
    status: &'static str,
}

impl<'a> BoundView<'a> {
    fn new(bound: &'a Bound) -> Self {
        // A bound that holds is saturated to right/left; a violated one is reached to left/right.
        let (share, meaning) = match bound.status {
            BoundStatus::Violated => (bound.slack, "of what the bound demands"),
            _ => (saturation(bound).unwrap_or(f64::NAN), "saturated"),
        };
        let percent = (0.0..=1.0).contains(&share).then_some(100.0 * share);
        Self {
            name: &bound.name,
            statement: &bound.statement,
            left: readable_estimate(bound.left, bound.left_error),
            right: readable_estimate(bound.right, bound.right_error),
            unit: &bound.unit,
            slack: readable_number(bound.slack, 4),
            percent: percent.map(|percent| (percent * 100.0).round() / 100.0),
            percent_text: percent.map_or_else(String::new, |percent| {
                format!("{} % {meaning}", readable_number(percent, 3))
            }),
            assumptions: &bound.assumptions,
            note: bound.note.as_deref(),
            status: match bound.status {
                BoundStatus::Holds => "holds",
                BoundStatus::Violated => "violated",
                BoundStatus::NotApplicable => "not-applicable",
            },
        }
    }
}

#[derive(Serialize)]
struct CheckView<'a> {
    name: &'a str,
    what: &'a str,
    residual: String,
    tolerance: String,
    passed: bool,
}

impl<'a> CheckView<'a> {
    fn new(check: &'a crate::Check) -> Self {
        Self {
            name: &check.name,
            what: &check.what,
            residual: readable_number(check.residual, 2),
            tolerance: readable_number(check.tolerance, 2),
            passed: check.passed,
        }
    }
}

#[derive(Serialize)]
struct HeadView<'a> {
    name: &'a str,
    unit: &'a str,
    is_number: bool,
}

#[derive(Serialize)]
struct CellView {
    text: String,
    /// What the column is sorted by, for numbers.
    sort: Option<String>,
    /// Whether it is a text of several lines.
    is_sentence: bool,
}

#[derive(Serialize)]
struct TableView<'a> {
    name: &'a str,
    caption: &'a str,
    heads: Vec<HeadView<'a>>,
    rows: Vec<Vec<CellView>>,
    row_count: usize,
    left_out: usize,
}

impl<'a> TableView<'a> {
    fn new(table: &'a Table) -> Self {
        let shown = table.rows().min(MOST_ROWS);
        let cell = |values: &ColumnValues, row: usize| match values {
            ColumnValues::Numbers(values) => CellView {
                text: readable_number(values[row], 6),
                sort: Some(values[row].to_string()),
                is_sentence: false,
            },
            ColumnValues::Text(values) => CellView {
                text: values[row].clone(),
                sort: None,
                is_sentence: values[row].contains(' ') && values[row].chars().count() > LONGEST_PHRASE,
            },
        };
        let heads = table.columns.iter().map(|column| HeadView {
            name: &column.name,
            unit: &column.unit,
            is_number: matches!(column.values, ColumnValues::Numbers(_)),
        });
        Self {
            name: &table.name,
            caption: &table.caption,
            heads: heads.collect(),
            rows: (0..shown)
                .map(|row| {
                    table
                        .columns
                        .iter()
                        .map(|column| cell(&column.values, row))
                        .collect()
                })
                .collect(),
            row_count: table.rows(),
            left_out: table.rows() - shown,
        }
    }
}

#[derive(Serialize)]
struct CitationView<'a> {
    key: &'a str,
    text: &'a str,
    /// Given only if it looks like an identifier, so that no other link can be made of it.
    doi: Option<&'a str>,
    used_for: &'a str,
}

impl<'a> CitationView<'a> {
    fn new(citation: &'a Citation) -> Self {
        let is_identifier = citation.doi.starts_with("10.") && !citation.doi.contains(char::is_whitespace);
        Self {
            key: &citation.key,
            text: &citation.text,
            doi: is_identifier.then_some(citation.doi.as_str()),
            used_for: &citation.used_for,
        }
    }
}

fn provenance_rows(report: &Report) -> Vec<(String, String)> {
    let provenance = &report.provenance;
    let mut rows = vec![("irrev".to_owned(), provenance.irrev_version.clone())];
    if !report.kind.is_empty() {
        rows.push(("kind".to_owned(), report.kind.clone()));
    }
    rows.extend(
        provenance
            .model_hash
            .iter()
            .map(|hash| ("model hash".to_owned(), hash.clone())),
    );
    rows.extend(
        provenance
            .seed
            .iter()
            .map(|seed| ("seed".to_owned(), seed.to_string())),
    );
    rows.extend(
        provenance
            .options
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    rows.extend(
        provenance
            .inputs
            .iter()
            .map(|(name, hash)| (format!("input {name}"), hash.clone())),
    );
    rows.extend(
        provenance
            .methods
            .iter()
            .map(|method| ("method".to_owned(), method.clone())),
    );
    rows
}
