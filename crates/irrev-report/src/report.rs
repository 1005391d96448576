//! The report: everything one analysis has to say, as plain data.

use crate::{Bound, BoundStatus, Check, Figure, Provenance, Quantity, Series, Table, quantity};
use serde::{Deserialize, Serialize};

/// Below this ratio of its sides, how near a bound is to saturation is said in per cent.
const NEARLY_SATURATED: f64 = 1.005;

/// Above this ratio of its sides, a bound says little about what was found.
const LOOSE: f64 = 1e3;

/// Saturated bounds that are named.
const MOST_NAMED: usize = 3;

/// A sentence of the plain-language summary under its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SummarySentence {
    /// Heading; sentences under one heading stand in one card. See [`Report::HOW_IRREVERSIBLE`].
    pub heading: String,
    /// A sentence for a reader who knows no formula.
    pub text: String,
}

/// A work that a method or definition comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Citation {
    /// Key, as in BibTeX: `Schnakenberg1976`.
    pub key: String,
    /// The reference as printed: authors, journal, volume, page, year.
    pub text: String,
    /// Digital object identifier without resolver; empty if there is none.
    #[serde(default)]
    pub doi: String,
    /// What it was used for.
    #[serde(default)]
    pub used_for: String,
    /// BibTeX entry, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bibtex: Option<String>,
}

impl Citation {
    /// A citation with its identifier (empty if none).
    pub fn new(key: impl Into<String>, text: impl Into<String>, doi: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            text: text.into(),
            doi: doi.into(),
            used_for: String::new(),
            bibtex: None,
        }
    }

    /// States what the work was used for.
    #[must_use]
    pub fn for_use(mut self, used_for: impl Into<String>) -> Self {
        self.used_for = used_for.into();
        self
    }

    /// Adds the BibTeX entry.
    #[must_use]
    pub fn with_bibtex(mut self, bibtex: impl Into<String>) -> Self {
        self.bibtex = Some(bibtex.into());
        self
    }
}

/// A section that the model does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Name of the section.
    pub section: String,
    /// Why the model does not allow it, in words.
    pub reason: String,
}

/// Everything one analysis has to say. Equal reports are written as equal bytes.
///
/// Fields are public; `push_*` methods only save typing.
///
/// ```
/// use irrev_report::{Check, Definition, Provenance, Quantity, Report, text};
/// let rate = Definition {
///     name: text("entropy_production_rate"),
///     label: text("entropy production rate"),
///     unit: text("nats/time"),
///     ..Definition::default()
/// };
/// let mut report = Report::new("markov_jump", "Three-state ring", Provenance::new("0.1.0"));
/// report.push_summary(Report::HOW_IRREVERSIBLE, "The ring dissipates 0.25 nats per unit time.");
/// report.push_quantity(Quantity::new(rate, 0.25).key());
/// report.push_check(Check::new("normalisation", "Σᵢ pᵢ = 1", 0.0, 1e-12));
/// assert_eq!(Report::from_json(&report.to_json()?)?, report);
/// # Ok::<(), irrev_report::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Kind of analysis, such as the model's `kind`.
    pub kind: String,
    /// Title of the page.
    pub title: String,
    /// Plain-language summary.
    #[serde(default)]
    pub summary: Vec<SummarySentence>,
    /// The numbers; a map from name in JSON.
    #[serde(with = "quantity::by_name", default)]
    pub quantities: Vec<Quantity>,
    /// Quantities over a coordinate.
    #[serde(default)]
    pub series: Vec<Series>,
    /// Tables.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// Figures with their data.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// Identities that must hold, evaluated.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Inequalities, evaluated.
    #[serde(default)]
    pub bounds: Vec<Bound>,
    /// What the reader must know before trusting the numbers.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Names of sections that the model allows and that are missing, because their numerics did not converge; a warning says why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_sections: Vec<String>,
    /// Sections that the model does not allow, each with the reason, where all that are possible were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Works that the methods come from.
    #[serde(default)]
    pub citations: Vec<Citation>,
    /// What determines the result.
    pub provenance: Provenance,
}

impl Report {
    /// Heading of the summary for the overall dissipation.
    pub const HOW_IRREVERSIBLE: &str = "How irreversible";
    /// Heading of the summary for where the dissipation sits.
    pub const WHERE_IT_DISSIPATES: &str = "Where it dissipates";
    /// Heading of the summary for bounds; written from `bounds` if no sentence is given.
    pub const WHICH_BOUNDS_HOLD: &str = "Which bounds hold";
    /// Heading of the summary for checks; written from `checks` if no sentence is given.
    pub const WHAT_WAS_CHECKED: &str = "What was checked";

    /// An empty report.
    pub fn new(kind: impl Into<String>, title: impl Into<String>, provenance: Provenance) -> Self {
        Self {
            kind: kind.into(),
            title: title.into(),
            provenance,
            ..Self::default()
        }
    }

    /// Adds a sentence to the summary.
    pub fn push_summary(&mut self, heading: impl Into<String>, text: impl Into<String>) {
        self.summary.push(SummarySentence {
            heading: heading.into(),
            text: text.into(),
        });
    }

    /// Adds a number.
    pub fn push_quantity(&mut self, quantity: Quantity) {
        self.quantities.push(quantity);
    }

    /// Adds a series.
    pub fn push_series(&mut self, series: Series) {
        self.series.push(series);
    }

    /// Adds a table.
    pub fn push_table(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// Adds a figure.
    pub fn push_figure(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Adds a check.
    pub fn push_check(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// Adds a bound.
    pub fn push_bound(&mut self, bound: Bound) {
        self.bounds.push(bound);
    }

    /// Adds a warning.
    pub fn push_warning(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// Says that the model does not allow a section, and why.
    pub fn push_left_out(&mut self, section: impl Into<String>, reason: impl Into<String>) {
        self.left_out.push(LeftOut {
            section: section.into(),
            reason: reason.into(),
        });
    }

    /// What is left out by reason, in order of first use: names of sections, and why.
    pub fn left_out_by_reason(&self) -> Vec<(String, &str)> {
        let mut by_reason: Vec<(String, &str)> = Vec::new();
        for LeftOut { section, reason } in &self.left_out {
            match by_reason.iter_mut().find(|(_, known)| known == reason) {
                Some((sections, _)) => *sections = format!("{sections}, {section}"),
                None => by_reason.push((section.clone(), reason)),
            }
        }
        by_reason
    }

    /// Adds a citation, unless one with its key is there already.
    pub fn push_citation(&mut self, citation: Citation) {
        if self.citations.iter().all(|known| known.key != citation.key) {
            self.citations.push(citation);
        }
    }

    /// The number with this name.
    pub fn quantity(&self, name: &str) -> Option<&Quantity> {
        self.quantities.iter().find(|quantity| quantity.name == name)
    }

    /// Whether there is a check, or a bound whose assumptions are met.
    pub fn has_verification(&self) -> bool {
        let applies = |bound: &Bound| bound.status != BoundStatus::NotApplicable;
        !self.checks.is_empty() || self.bounds.iter().any(applies)
    }

    /// Whether no check failed and no bound is violated.
    pub fn all_verified(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
            && self
                .bounds
                .iter()
                .all(|bound| bound.status != BoundStatus::Violated)
    }

    /// The key figures: those marked, or the first six if none is.
    pub fn key_quantities(&self) -> Vec<&Quantity> {
        let marked: Vec<&Quantity> = self.quantities.iter().filter(|quantity| quantity.key).collect();
        if marked.is_empty() {
            self.quantities.iter().take(6).collect()
        } else {
            marked
        }
    }

    /// The summary by heading in order of first use, with sentences about bounds and checks written from
    /// the numbers where the caller gave none.
    pub fn summary_by_heading(&self) -> Vec<(String, Vec<String>)> {
        let mut cards: Vec<(String, Vec<String>)> = Vec::new();
        for sentence in &self.summary {
            match cards.iter_mut().find(|(heading, _)| *heading == sentence.heading) {
                Some((_, sentences)) => sentences.push(sentence.text.clone()),
                None => cards.push((sentence.heading.clone(), vec![sentence.text.clone()])),
            }
        }
        let written = [
            (Self::WHICH_BOUNDS_HOLD, self.bound_sentences()),
            (Self::WHAT_WAS_CHECKED, self.check_sentences()),
        ];
        for (heading, sentences) in written {
            if !sentences.is_empty() && cards.iter().all(|(known, _)| known != heading) {
                cards.push((heading.to_owned(), sentences));
            }
        }
        cards
    }

    fn bound_sentences(&self) -> Vec<String> {
        let applicable: Vec<&Bound> = self
            .bounds
            .iter()
            .filter(|bound| bound.holds().is_some())
            .collect();
        let violated: Vec<&str> = applicable
            .iter()
            .filter(|bound| bound.status == BoundStatus::Violated)
            .map(|bound| bound.name.as_str())
            .collect();
        let mut sentences = Vec::new();
        match (applicable.len(), violated.len()) {
            (0, _) => {}
            (1, 0) => sentences.push("The bound evaluated holds.".to_owned()),
            (count, 0) => sentences.push(format!("All {count} bounds evaluated hold.")),
            (count, failed) => {
                let verb = if failed == 1 { "is" } else { "are" };
                sentences.push(format!(
                    "Of {count} bounds, {failed} {verb} violated: {}.",
                    violated.join(", ")
                ));
            }
        }
        sentences.extend(nearest(&applicable));
        let not_applicable = self.bounds.len() - applicable.len();
        if not_applicable > 0 {
            sentences.push(match (applicable.is_empty(), not_applicable) {
                (true, 1) => "The only bound does not apply here.".to_owned(),
                (true, count) => format!("None of the {count} bounds applies here."),
                (false, 1) => "1 more does not apply here.".to_owned(),
                (false, count) => format!("{count} more do not apply here."),
            });
        }
        sentences
    }

    fn check_sentences(&self) -> Vec<String> {
        let failed: Vec<&str> = self
            .checks
            .iter()
            .filter(|check| !check.passed)
            .map(|check| check.name.as_str())
            .collect();
        match (self.checks.len(), failed.len()) {
            (0, _) => Vec::new(),
            (1, 0) => vec!["The identity evaluated holds within its tolerance.".to_owned()],
            (count, 0) => vec![format!(
                "All {count} identities evaluated hold within their tolerances."
            )],
            (count, failures) => {
                vec![format!(
                    "Of {count} identities, {failures} failed: {}.",
                    failed.join(", ")
                )]
            }
        }
    }
}

/// Which bounds are saturated, and which of the others comes nearest to it, among those that demand something.
///
/// A smaller side that is not positive demands nothing, however close both sides are.
fn nearest(applicable: &[&Bound]) -> Vec<String> {
    let mut sentences = Vec::new();
    let (saturated, others): (Vec<&Bound>, Vec<&Bound>) = applicable
        .iter()
        .copied()
        .filter(|bound| {
            bound.status == BoundStatus::Holds
                && bound.right > 0.0
                && bound.right.is_finite()
                && bound.slack.is_finite()
        })
        .partition(|bound| bound.slack <= 1.0 + Bound::ROUNDING);
    if !saturated.is_empty() {
        let named: Vec<&str> = saturated
            .iter()
            .take(MOST_NAMED)
            .map(|b| b.name.as_str())
            .collect();
        let more = saturated.len() - named.len();
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        sentences.push(format!("Saturated: {}{rest}.", named.join(", ")));
    }
    let tightest = others
        .iter()
        .filter(|bound| bound.slack < LOOSE)
        .min_by(|one, other| one.slack.total_cmp(&other.slack));
    if let Some(bound) = tightest {
        // "a factor 1" would claim that both sides are equal
        let nearness = if bound.slack < NEARLY_SATURATED {
            let rest = crate::readable_number(100.0 * (bound.slack - 1.0), 2);
            format!("{rest} % from saturation")
        } else {
            format!(
                "within a factor {} of saturation",
                crate::readable_number(bound.slack, 3)
            )
        };
        let which = if saturated.is_empty() {
            "The tightest"
        } else {
            "Of the others the tightest"
        };
        sentences.push(format!("{which} is {}, {nearness}.", bound.name));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(bounds: &[(&str, f64, f64)]) -> Vec<String> {
        let bounds: Vec<Bound> = bounds
            .iter()
            .map(|&(name, left, right)| Bound::at_least(name, "left ≥ right", left, right))
            .collect();
        nearest(&bounds.iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_demands_nothing_is_never_called_tight() {
        assert!(headline(&[("nothing", 0.0, 0.0), ("second law", 1e-9, 0.0)]).is_empty());
        assert!(headline(&[("infinite", f64::INFINITY, f64::INFINITY), ("loose", 1.0, 1e-6)]).is_empty());
        let found = headline(&[("nothing", 0.0, 0.0), ("far", 3.0, 1.0), ("near", 2.0, 1.0)]);
        assert_eq!(found, ["The tightest is near, within a factor 2 of saturation."]);
    }

    #[test]
    fn saturated_bounds_are_named_apart() {
        let equal = |name| (name, 1.0 + 1e-12, 1.0);
        let found = headline(&[
            equal("a"),
            equal("b"),
            equal("c"),
            equal("d"),
            ("near", 1.001, 1.0),
        ]);
        assert_eq!(
            found,
            [
                "Saturated: a, b, c and 1 more.",
                "Of the others the tightest is near, 0.1 % from saturation."
            ]
        );
    }
}
