//! A report for the terminal: aligned, at most 100 columns wide, without colour.

use crate::{Bound, BoundStatus, Quantity, Report, readable_estimate, readable_number};
use std::fmt::Write;

const COLUMNS: usize = 100;
/// Widest label before it is wrapped out of alignment.
const WIDEST_LABEL: usize = 44;

/// The report in a few screens of text, at most 100 columns wide, ending in a line feed.
///
/// Warnings first, then the summary, all quantities, checks, bounds and what is left out. Control characters in the report's
/// text are shown as U+FFFD, so that no text can steer the terminal.
///
/// ```
/// use irrev_report::{Definition, Provenance, Quantity, Report, summary_text, text};
/// let rate = Definition { name: text("rate"), label: text("rate"), unit: text("1/s"), ..Definition::default() };
/// let mut report = Report::new("demo", "A demonstration", Provenance::new("0.1.0"));
/// report.push_quantity(Quantity::new(rate, 0.693).estimate(0.003));
/// assert!(summary_text(&report).contains("0.693(3) 1/s"));
/// ```
pub fn summary_text(report: &Report) -> String {
    let mut output = String::new();
    heading(&mut output, &report.title, '=');
    for warning in &report.warnings {
        paragraph(&mut output, "warning: ", warning);
    }
    if !report.warnings.is_empty() {
        output.push('\n');
    }
    for (title, sentences) in report.summary_by_heading() {
        paragraph(&mut output, "", &title);
        for sentence in sentences {
            paragraph(&mut output, "  ", &sentence);
        }
        output.push('\n');
    }
    quantities(&mut output, &report.quantities);
    checks(&mut output, report);
    bounds(&mut output, &report.bounds);
    left_out(&mut output, report);
    output
}

fn heading(output: &mut String, title: &str, rule: char) {
    let title = plain(title);
    paragraph(output, "", &title);
    let width = columns(&title).clamp(1, COLUMNS);
    let _ = writeln!(output, "{}\n", rule.to_string().repeat(width));
}

/// Text without control characters.
fn plain(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

/// Columns of a text on a terminal: wide scripts take two.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|character| if is_wide(character) { 2 } else { 1 })
        .sum()
}

/// Hangul, kana, ideographs and full-width forms.
fn is_wide(character: char) -> bool {
    matches!(character as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

/// Wraps `text` at 100 columns, with `lead` before the first line and as much space before the others.
fn paragraph(output: &mut String, lead: &str, text: &str) {
    let indent = " ".repeat(columns(lead));
    let mut line = lead.to_owned();
    let mut is_empty = true;
    for word in plain(text).split(' ') {
        for piece in pieces(word, COLUMNS - indent.len()) {
            if !is_empty && columns(&line) + 1 + columns(piece) > COLUMNS {
                let _ = writeln!(output, "{}", line.trim_end());
                line.clone_from(&indent);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(piece);
            is_empty = false;
        }
    }
    let _ = writeln!(output, "{}", line.trim_end());
}

/// A word in pieces that each fit into `width` columns.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, character) in word.char_indices() {
        let needed = if is_wide(character) { 2 } else { 1 };
        if used + needed > width {
            pieces.push(&word[start..at]);
            (start, used) = (at, 0);
        }
        used += needed;
    }
    pieces.push(&word[start..]);
    pieces
}

/// Labels in one column, values in the next, remarks below.
fn rows(output: &mut String, rows: &[(String, String, Option<String>)]) {
    let width = rows
        .iter()
        .map(|row| columns(&row.0))
        .filter(|width| *width <= WIDEST_LABEL)
        .max()
        .unwrap_or(0);
    for (label, value, remark) in rows {
        let label = plain(label);
        if columns(&label) <= width {
            let lead = format!("  {label}{}  ", " ".repeat(width - columns(&label)));
            paragraph(output, &lead, value);
        } else {
            paragraph(output, "  ", &label);
            paragraph(output, &" ".repeat(width + 4), value);
        }
        if let Some(remark) = remark {
            paragraph(output, "      ", remark);
        }
    }
    output.push('\n');
}

fn quantities(output: &mut String, quantities: &[Quantity]) {
    if quantities.is_empty() {
        return;
    }
    output.push_str("Quantities\n");
    let lines: Vec<_> = quantities
        .iter()
        .map(|quantity| {
            let value = format!("{} {}", quantity.readable(), quantity.unit);
            (quantity_label(quantity), value, quantity.note.clone())
        })
        .collect();
    rows(output, &lines);
}

/// The definition's words, with the quantity's own name where it differs from the definition's.
pub(crate) fn quantity_label(quantity: &Quantity) -> String {
    if quantity.name == quantity.definition.name || quantity.definition.label.is_empty() {
        quantity.label().to_owned()
    } else {
        format!("{} ({})", quantity.definition.label, quantity.name)
    }
}

fn checks(output: &mut String, report: &Report) {
    if report.checks.is_empty() {
        return;
    }
    output.push_str("Checks\n");
    let lines: Vec<_> = report
        .checks
        .iter()
        .map(|check| {
            let residual = readable_number(check.residual, 2);
            let tolerance = readable_number(check.tolerance, 2);
            let (sign, relation) = if check.passed {
                ("✓", "≤")
            } else {
                ("✗", "exceeds")
            };
            let remark = (!check.passed).then(|| check.what.clone());
            (
                check.name.clone(),
                format!("{sign} residual {residual} {relation} {tolerance}"),
                remark,
            )
        })
        .collect();
    rows(output, &lines);
}

fn bounds(output: &mut String, bounds: &[Bound]) {
    if bounds.is_empty() {
        return;
    }
    output.push_str("Bounds\n");
    let lines: Vec<_> = bounds
        .iter()
        .map(|bound| {
            (
                bound.name.clone(),
                bound_text(bound),
                Some(bound.statement.clone()),
            )
        })
        .collect();
    rows(output, &lines);
}

fn left_out(output: &mut String, report: &Report) {
    if report.left_out.is_empty() {
        return;
    }
    output.push_str("Left out\n");
    let lines: Vec<_> = report
        .left_out_by_reason()
        .into_iter()
        .map(|(sections, reason)| (sections, reason.to_owned(), None))
        .collect();
    rows(output, &lines);
}

/// The bound with its numbers: `✓ 0.693(3) ≥ 0.61(2) nats/time, 88 % saturated`.
pub(crate) fn bound_text(bound: &Bound) -> String {
    if bound.status == BoundStatus::NotApplicable {
        return format!(
            "– does not apply: {}",
            bound.note.as_deref().unwrap_or("no reason given")
        );
    }
    let left = readable_estimate(bound.left, bound.left_error);
    let right = readable_estimate(bound.right, bound.right_error);
    let unit = if bound.unit.is_empty() {
        String::new()
    } else {
        format!(" {}", bound.unit)
    };
    match bound.status {
        BoundStatus::Holds => {
            let share = saturation(bound).map_or_else(String::new, |share| {
                format!(", {} % saturated", readable_number(100.0 * share, 3))
            });
            format!("✓ {left} ≥ {right}{unit}{share}")
        }
        _ => format!("✗ {left} < {right}{unit}, violated"),
    }
}

/// right / left within 0…1 where both sides have that meaning.
pub(crate) fn saturation(bound: &Bound) -> Option<f64> {
    let share = 1.0 / bound.slack;
    (share.is_finite() && share >= 0.0).then(|| share.min(1.0))
}
