//! Formulas: LaTeX to MathML, which browsers draw without script or fonts of ours.

use crate::svg::escaped;
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// Where a formula stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Within a line.
    Inline,
    /// On a line of its own.
    Display,
}

/// A formula as MathML; the LaTeX itself in a `code` element where it cannot be read as a formula.
///
/// Safe as HTML whatever the input. Empty input gives empty output.
pub(crate) fn mathml(latex: &str, placement: Placement) -> String {
    if latex.trim().is_empty() {
        return String::new();
    }
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(latex, &storage).collect();
    let display_mode = match placement {
        Placement::Inline => DisplayMode::Inline,
        Placement::Display => DisplayMode::Block,
    };
    let config = RenderConfig {
        display_mode,
        ..RenderConfig::default()
    };
    let mut output = String::new();
    let rendered = events.map_err(|_| ()).and_then(|events| {
        let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
        push_mathml(&mut output, events, config).map_err(|_| ())
    });
    match rendered {
        Ok(()) => output,
        Err(()) => format!("<code>{}</code>", escaped(latex)),
    }
}
