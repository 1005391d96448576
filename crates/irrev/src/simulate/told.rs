//! How many, how, and how exactly: what every simulation says of itself.

use irrev_numerics::Estimate;
use irrev_report::{Check, Definition, Quantity, Report, Table};

use crate::analysis::units::Units;
use crate::model::Powers;

/// Comparisons with exact numbers fail as a check beyond this many standard errors: 2e-9 per comparison, below 1e-6 for all of one report.
const DISAGREEMENT: f64 = 6.0;

/// Fewest trajectories whose means are near enough to normal for that.
const FEWEST: u64 = 200;

/// A sampled number as a quantity of the report.
pub(super) fn estimated(definition: &Definition, units: &Units, estimate: &Estimate) -> Quantity {
    let quantity = Quantity::new(definition.clone(), estimate.value).in_unit(units.apply(&definition.unit));
    if estimate.standard_error.is_finite() {
        quantity.estimate(estimate.standard_error)
    } else {
        // one trajectory has no error bar, and an infinite mean needs none
        quantity.of_kind(irrev_report::QuantityKind::Estimate)
    }
}

/// Number and making of the trajectories: in the title, the provenance, and a warning if the method is approximate.
pub(super) fn method(report: &mut Report, trajectories: u64, algorithm: &str, exact: bool) {
    let plural = if trajectories == 1 {
        "trajectory"
    } else {
        "trajectories"
    };
    let label = if exact {
        String::new()
    } else {
        format!(" (approximate: {algorithm})")
    };
    report.title = format!("{}: {trajectories} {plural}{label}", report.title);
    report.provenance.methods.push(algorithm.to_owned());
    report
        .provenance
        .options
        .insert("trajectories".into(), trajectories.to_string());
    if !exact {
        report.push_warning(format!(
            "The method {algorithm} is approximate: means, variances and above all entropies and extremes carry an error that the error bars do not \
             show. Compare with an exact method."
        ));
    }
}

/// Names of rounded species beyond which the others are counted.
const NAMED: usize = 5;

/// Names the species whose first number of molecules was rounded.
pub(super) fn rounded(report: &mut Report, species: &[(String, f64)]) {
    if species.is_empty() {
        return;
    }
    let mut named: Vec<String> = species
        .iter()
        .take(NAMED)
        .map(|(name, molecules)| format!("{name} {molecules}"))
        .collect();
    if species.len() > NAMED {
        named.push(format!("and {} more", species.len() - NAMED));
    }
    report.push_warning(format!(
        "Numbers of molecules at the start are rounded to whole ones: {}.",
        named.join(", ")
    ));
}

/// Says what became of laws that are powers of numbers of molecules, which mass action is not.
pub(super) fn powers(report: &mut Report, reactions: &[String], powers: Powers) {
    if reactions.is_empty() {
        return;
    }
    let names = reactions.join(", ");
    report.push_warning(match powers {
        Powers::AsWritten => format!(
            "Laws of powers fire as they are written, n^2 and not n(n-1): {names}. If they are mass action, say so: \
             `--set stochastic.powers=falling-factorials`, or in a model file `kf` in place of the formula."
        ),
        Powers::FallingFactorials => format!(
            "Laws of powers fire as mass action, n(n-1) where n^2 is written, as [stochastic] powers asks: {names}."
        ),
    });
}

/// Says so if not every trajectory stands in the list.
pub(super) fn warn_if_cut(report: &mut Report, made: u64, listed: usize) {
    if made > listed as u64 {
        report.push_warning(format!(
            "The list of trajectories holds the first {listed} of {made}."
        ));
    }
}

/// Sampled numbers beside the same numbers calculated without sampling.
#[derive(Default)]
pub(super) struct Comparison {
    rows: Vec<(String, Estimate, f64)>,
}

impl Comparison {
    pub(super) fn add(&mut self, what: impl Into<String>, sampled: Estimate, calculated: f64) {
        if sampled.standard_error > 0.0 && sampled.standard_error.is_finite() && calculated.is_finite() {
            self.rows.push((what.into(), sampled, calculated));
        }
    }

    /// Adds table and check; the check only for exact methods and enough trajectories.
    pub(super) fn tell(self, report: &mut Report, exact: bool, trajectories: u64) {
        if self.rows.is_empty() {
            return;
        }
        let distance = |(_, s, c): &(String, Estimate, f64)| (s.value - c) / s.standard_error;
        let distances: Vec<f64> = self.rows.iter().map(distance).collect();
        let worst = distances.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        if exact && trajectories >= FEWEST {
            report.push_check(Check::new(
                "simulated_against_calculated",
                "largest distance between a sampled mean and the calculated one, in standard errors",
                worst,
                DISAGREEMENT,
            ));
        }
        let column = |of: &dyn Fn(&(String, Estimate, f64)) -> f64| self.rows.iter().map(of).collect();
        report.push_table(
            Table::new(
                "simulated_against_calculated",
                "Sampled means beside the same numbers calculated without sampling, and their distance in standard errors",
            )
            .text("quantity", self.rows.iter().map(|r| r.0.clone()).collect())
            .numbers("simulated", "", column(&|r| r.1.value))
            .numbers("error", "", column(&|r| r.1.standard_error))
            .numbers("calculated", "", column(&|r| r.2))
            .numbers("distance", "", distances),
        );
    }
}
