//! What a quantity means, and where each number of a model comes from.

mod listing;
mod markov;
mod reactions;

pub use listing::{Cell, Explanation, Listing};

use irrev_report::Definition;

use crate::analysis::{definitions, possibilities};
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::{Formula, Model, Override};
use crate::source::SourceFile;

/// The definition of a quantity by its name.
///
/// # Errors
/// [`Error::UnknownQuantity`] with the nearest name.
pub fn definition(name: &str) -> Result<Definition> {
    let all = definitions();
    if let Some(found) = all.iter().find(|d| d.name == name) {
        return Ok(found.clone());
    }
    let suggestion = nearest_name(name, all.iter().map(|d| d.name.as_ref())).map(str::to_owned);
    Err(Error::UnknownQuantity {
        name: name.into(),
        suggestion,
    })
}

/// The text of `irrev explain QUANTITY`.
#[must_use]
pub fn definition_text(d: &Definition) -> String {
    format!(
        "{} — {}\n  symbol   {}\n  unit     {}\n  formula  {}\n  {}\n  source   {}\n",
        d.name, d.label, d.symbol, d.unit, d.formula, d.explanation, d.source
    )
}

/// Every number of a model with its formula and place, what rates follow from them, and what can be computed.
///
/// ```
/// use irrev::analysis::vocabulary;
/// use irrev::source::SourceFile;
/// let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\nleak = { eq = \"X <=> 0\", kf = 2.0, keq = 4.0 }\n";
/// let model = irrev::model::parse(SourceFile::from_text("leak.toml", text)?, &vocabulary())?;
/// let told = irrev::explain::model(&model, &[])?.to_string();
/// assert!(told.contains("X ⇌ ∅") && told.contains("k⁺ = 2") && told.contains("k⁻ = 0.5"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`crate::analysis::run`], before anything is computed.
pub fn model(model: &Model, overrides: &[Override]) -> Result<Explanation> {
    let mut explanation = match model {
        Model::Markov(spec) => markov::explanation(spec, overrides)?,
        Model::Reactions(spec) => reactions::explanation(spec, overrides)?,
    };
    let mut sections = Listing::new("sections", &["section", "possible", "reason"]);
    for possibility in possibilities(model, overrides)? {
        sections.row([
            possibility.section.name().into(),
            if possibility.obstacle.is_none() {
                "yes"
            } else {
                "no"
            }
            .into(),
            possibility.obstacle.unwrap_or_default().into(),
        ]);
    }
    explanation.listings.push(sections);
    Ok(explanation)
}

/// Where a number is written.
fn place(formula: &Formula, source: &SourceFile, overrides: &[Override]) -> String {
    if overrides.iter().any(|o| o.key == formula.key()) {
        "--set".to_owned()
    } else {
        line(source, formula.span())
    }
}

fn line(source: &SourceFile, span: crate::source::Span) -> String {
    format!("line {}", source.line_column(span).line)
}

/// The formula of a number that is no literal.
fn formula_text(formula: &Formula) -> String {
    match formula.number() {
        Some(_) => String::new(),
        None => formula.text(),
    }
}

/// The text of `irrev explain MODEL`.
///
/// # Errors
/// As [`model`].
pub fn model_text(model: &Model, overrides: &[Override]) -> Result<String> {
    Ok(self::model(model, overrides)?.to_string())
}
