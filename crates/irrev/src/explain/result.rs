//! What the numbers of a result mean.

use irrev_report::Report;

use super::{Cell, Explanation, Listing};

/// Every quantity, bound and check of a report, with what it means.
///
/// ```
/// use irrev::analysis::{Options, run, vocabulary};
/// use irrev::source::SourceFile;
/// let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\nleak = { eq = \"X <=> 0\", kf = 2.0, keq = 4.0 }\n";
/// let model = irrev::model::parse(SourceFile::from_text("leak.toml", text)?, &vocabulary())?;
/// let report = run(&model, &Options::default(), &Default::default())?;
/// let told = irrev::explain::result(&report).to_string();
/// assert!(told.contains("entropy_production_rate") && told.contains("speed_limit"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn result(report: &Report) -> Explanation {
    let mut quantities = Listing::new(
        "quantities",
        &[
            "name",
            "value",
            "unit",
            "label",
            "explanation",
            "formula",
            "source",
        ],
    );
    for quantity in &report.quantities {
        let meaning = &quantity.definition;
        quantities.row([
            quantity.name.as_str().into(),
            quantity.value.into(),
            quantity.unit.as_str().into(),
            meaning.label.as_ref().into(),
            meaning.explanation.as_ref().into(),
            meaning.formula.as_ref().into(),
            meaning.source.as_ref().into(),
        ]);
    }
    let mut bounds = Listing::new(
        "bounds",
        &["name", "statement", "explanation", "assumptions", "source"],
    );
    for bound in &report.bounds {
        let meaning = super::definition(&bound.name).unwrap_or_default();
        bounds.row([
            bound.name.as_str().into(),
            bound.statement.as_str().into(),
            meaning.explanation.as_ref().into(),
            bound.assumptions.as_str().into(),
            meaning.source.as_ref().into(),
        ]);
    }
    let mut checks = Listing::new("checks", &["name", "residual", "tolerance", "passed", "what"]);
    for check in &report.checks {
        let passed = if check.passed { "yes" } else { "no" };
        checks.row([
            check.name.as_str().into(),
            check.residual.into(),
            check.tolerance.into(),
            passed.into(),
            Cell::from(check.what.as_str()),
        ]);
    }
    Explanation {
        title: report.title.clone(),
        kind: "result",
        listings: vec![quantities, bounds, checks],
        notes: report.warnings.clone(),
    }
}
