//! A small HTML fragment for notebooks: no script, no drawings, at most [`LIMIT`] bytes.

use crate::summary::{bound_text, quantity_label};
use crate::svg::escaped;
use crate::{QuantityKind, Report, readable_number};
use std::fmt::Write;

/// Notebooks keep every output in the file; this many bytes are never exceeded.
const LIMIT: usize = 20_000;
/// Longest text of one cell, in characters.
const LONGEST_CELL: usize = 160;

const STYLE: &str = "<style>.irrev-report{font-size:90%;max-width:60em}.irrev-report table{border-collapse:collapse}\
.irrev-report td,.irrev-report th{padding:.15em .8em .15em 0;text-align:left;vertical-align:top}\
.irrev-report td.number{font-variant-numeric:tabular-nums;white-space:nowrap}\
.irrev-report summary{cursor:pointer;font-weight:600;padding:.2em 0}\
.irrev-report .warning{border-left:.25em solid #d55e00;padding-left:.6em}</style>";

/// The report as an HTML fragment under 20 kB: no script, parts that fold, in the notebook's own colours.
///
/// Rows that would exceed the size are left out, and counted in the fragment.
pub fn notebook_html(report: &Report) -> String {
    let mut output = format!(
        "<div class=\"irrev-report\">{STYLE}<b>{}</b>",
        cell(&report.title)
    );
    for warning in report.warnings.iter().take(5) {
        let _ = write!(output, "<div class=\"warning\">{}</div>", cell(warning));
    }
    if report.warnings.len() > 5 {
        let _ = write!(output, "<div>{} more warnings</div>", report.warnings.len() - 5);
    }
    let summary = report
        .summary_by_heading()
        .into_iter()
        .map(|(heading, sentences)| {
            format!(
                "<tr><th>{}</th><td>{}</td></tr>",
                cell(&heading),
                cell(&sentences.join(" "))
            )
        })
        .collect();
    section(&mut output, "Summary", true, summary);
    section(&mut output, "Quantities", true, quantity_rows(report));
    let bounds = report
        .bounds
        .iter()
        .map(|bound| {
            let text = bound_text(bound);
            format!(
                "<tr><td title=\"{}\">{}</td><td>{}</td></tr>",
                cell(&bound.statement),
                cell(&bound.name),
                cell(&text)
            )
        })
        .collect();
    section(&mut output, "Bounds", false, bounds);
    let checks = report
        .checks
        .iter()
        .map(|check| {
            let sign = if check.passed { "✓" } else { "✗" };
            let (residual, tolerance) = (readable_number(check.residual, 2), readable_number(check.tolerance, 2));
            format!(
                "<tr><td>{sign}</td><td title=\"{}\">{}</td><td class=\"number\">{residual} (tolerance {tolerance})</td></tr>",
                cell(&check.what),
                cell(&check.name)
            )
        })
        .collect();
    section(&mut output, "Checks", false, checks);
    output.push_str("</div>");
    output
}

fn quantity_rows(report: &Report) -> Vec<String> {
    let row = |quantity: &crate::Quantity| {
        let number = quantity.readable();
        let kind = if quantity.kind == QuantityKind::Exact {
            ""
        } else {
            quantity.kind.words()
        };
        format!(
            "<tr><td title=\"{}\">{}</td><td class=\"number\">{number} {}</td><td>{kind}</td></tr>",
            cell(&quantity.definition.explanation),
            cell(&quantity_label(quantity)),
            cell(&quantity.unit)
        )
    };
    report.quantities.iter().map(row).collect()
}

/// A folding part; rows beyond the size limit are counted instead.
fn section(output: &mut String, title: &str, open: bool, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    // Room for the end of this part and for the headings of the parts that follow.
    const RESERVE: usize = 700;
    let state = if open { " open" } else { "" };
    let _ = write!(
        output,
        "<details{state}><summary>{title} ({})</summary><table>",
        rows.len()
    );
    let count = rows.len();
    for (index, row) in rows.into_iter().enumerate() {
        if output.len() + row.len() + RESERVE > LIMIT {
            let _ = write!(output, "<tr><td>{} more rows</td></tr>", count - index);
            break;
        }
        output.push_str(&row);
    }
    output.push_str("</table></details>");
}

/// Text as HTML, cut to a length that keeps the fragment small.
fn cell(text: &str) -> String {
    if text.chars().count() <= LONGEST_CELL {
        return escaped(text);
    }
    let cut: String = text.chars().take(LONGEST_CELL - 1).chain(['…']).collect();
    escaped(&cut)
}
