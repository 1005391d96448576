//! The landscape from positions alone, whose identity holds in the sample.

use irrev_landscape::ching::crossings;
use irrev_report::{Check, Report};

use super::definitions::CHING_RESIDUAL;
use super::subject::Subject;
use crate::error::Result;

/// Rounding of sums over all frames.
const ROUNDING: f64 = 1e-8;

/// # Errors
/// As [`crossings`].
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<()> {
    let found = match crossings(subject.record, subject.coordinate, &subject.grid, subject.run) {
        Ok(found) => found,
        Err(error @ irrev_landscape::Error::Empty { .. }) => {
            report.push_left_out("crossings", format!("{}: {error}", subject.name()));
            return Ok(());
        }
        Err(error) => return Err(subject.fail(error)),
    };
    report.push_quantity(subject.quantity(&CHING_RESIDUAL, found.residual));
    report.push_check(Check::new(
        format!("crossings{}", subject.suffix()),
        "crossings of the edges of cells against sums of accelerations beyond them, relative",
        found.residual,
        ROUNDING,
    ));
    Ok(())
}
