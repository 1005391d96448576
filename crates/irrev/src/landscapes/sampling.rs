//! What the steps of a coordinate say of the time step and of noise.

use irrev_landscape::diagnose::{Regime, sampling};
use irrev_report::{QuantityKind, Report};

use super::definitions::{NOISE_SHARE, POSITION_NOISE, STEP_EXPONENT, STEP_SHARE};
use super::subject::Subject;
use crate::error::Result;

/// Heading of the summary.
pub(super) const WHAT_IT_CAN_GIVE: &str = "What the recording can give";

/// Adds the diagnosis; the regime, if steps are even.
///
/// # Errors
/// Values that are no trajectory; cancelled.
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<Option<Regime>> {
    let found = match sampling(subject.record, subject.coordinate, subject.run) {
        Ok(found) => found,
        Err(error @ (irrev_landscape::Error::Unlike { .. } | irrev_landscape::Error::Empty { .. })) => {
            report.push_left_out("sampling", format!("{}: {error}", subject.name()));
            return Ok(None);
        }
        Err(error) => return Err(subject.fail(error)),
    };
    let exponent = &found.exponent;
    report.push_quantity(
        subject
            .quantity(&STEP_EXPONENT, exponent.value)
            .estimate(exponent.standard_error),
    );
    if found.regime == Regime::Inertial || found.regime == Regime::Overdamped {
        // curvature of the motion is in it, too
        let most = (found.noise.value + 2.0 * found.noise.standard_error)
            .max(0.0)
            .sqrt();
        report.push_quantity(
            subject
                .quantity(&POSITION_NOISE, most)
                .of_kind(QuantityKind::UpperBound),
        );
        report.push_quantity(subject.quantity(&NOISE_SHARE, found.noise_of_velocity));
        report.push_quantity(subject.quantity(&STEP_SHARE, found.step_of_velocity));
    }
    let sentence = match found.regime {
        Regime::Inertial => format!(
            "{}: steps grow like t^{:.2}, so that velocities are resolved; from differences of positions ⟨Ṙ²; r⟩ is read low by up to {:.1} % through the time step, and high by up to {:.1} % through noise.",
            subject.name(),
            0.5 * exponent.value,
            100.0 * found.step_of_velocity.max(0.0),
            100.0 * found.noise_of_velocity.max(0.0)
        ),
        Regime::Overdamped => format!(
            "{}: steps grow like t^{:.2}: at this time step the motion is diffusion.",
            subject.name(),
            0.5 * exponent.value
        ),
        _ => format!(
            "{}: steps grow like t^{:.2}, between inertia and diffusion.",
            subject.name(),
            0.5 * exponent.value
        ),
    };
    report.push_summary(WHAT_IT_CAN_GIVE, sentence);
    if !subject.has_velocities() {
        for warning in found.warnings() {
            report.push_warning(format!("{}: {warning}.", subject.name()));
        }
    }
    Ok(Some(found.regime))
}
