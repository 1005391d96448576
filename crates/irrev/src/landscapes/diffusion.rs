//! Drift and diffusion of a coordinate whose steps show no velocities.

use irrev_landscape::diagnose::{kramers_moyal, sampling};
use irrev_numerics::Estimate;
use irrev_report::{Axis, Curve, Figure, Lines, Report, Table, readable_number};

use super::definitions::DRIFT_CURVATURE;
use super::sampling::WHAT_IT_CAN_GIVE;
use super::subject::Subject;
use crate::error::Result;

/// # Errors
/// As [`kramers_moyal`].
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<()> {
    let fail = |error| subject.fail(error);
    let noise = sampling(subject.record, subject.coordinate, subject.run)
        .map_err(fail)?
        .noise
        .value;
    let found = kramers_moyal(
        subject.record,
        subject.coordinate,
        &subject.grid,
        if noise.is_finite() { noise.max(0.0) } else { 0.0 },
        subject.request.least_count as u64,
        subject.run,
    )
    .map_err(fail)?;
    let name = subject.name();
    report.push_left_out(
        "landscapes",
        format!("{name}: ⟨Ṙ²; r⟩ diverges like 1/h, and a mean-force potential by accelerations does not exist; drift and diffusion are told in its place"),
    );
    let known = || {
        found
            .diffusion
            .iter()
            .filter(|d| d.value.is_finite() && d.value > 0.0)
    };
    let high = known().map(|d| d.value).fold(0.0, f64::max);
    let low = known().map(|d| d.value).fold(f64::INFINITY, f64::min);
    if low.is_finite() {
        report.push_quantity(subject.quantity(&DRIFT_CURVATURE, high / low));
        report.push_summary(
            WHAT_IT_CAN_GIVE,
            format!(
                "Drift and diffusion of {name} are corrected for the finite step; the diffusion coefficient goes from {} to {}.",
                readable_number(low, 3),
                readable_number(high, 3)
            ),
        );
    }
    let curve = |name: &str, values: &[Estimate]| {
        Curve::new(
            name,
            found.points.clone(),
            values.iter().map(|e| e.value).collect(),
        )
        .with_band(
            values.iter().map(|e| e.interval.0).collect(),
            values.iter().map(|e| e.interval.1).collect(),
        )
    };
    let unit = subject.unit();
    for (key, title, corrected, raw) in [
        ("drift", "Drift", &found.drift, &found.drift_at_step),
        (
            "diffusion",
            "Diffusion coefficient",
            &found.diffusion,
            &found.diffusion_at_step,
        ),
    ] {
        report.push_figure(Figure::new(
            format!("{key}{}", subject.suffix()),
            format!("{title} along {name}"),
            "Extrapolated to a step of zero, and as the recorded step shows it. Bands: 95 %.",
            Lines::new(Axis::new(name, unit), Axis::new(key, ""))
                .curve(curve("for h → 0", corrected))
                .curve(curve("at the recorded step", raw)),
        ));
    }
    let values = |of: &[Estimate]| of.iter().map(|e| e.value).collect::<Vec<f64>>();
    let errors = |of: &[Estimate]| of.iter().map(|e| e.standard_error).collect::<Vec<f64>>();
    report.push_table(
        Table::new(
            format!("diffusion{}", subject.suffix()),
            format!("Drift and diffusion along {name}"),
        )
        .numbers("r", unit, found.points.clone())
        .numbers(
            "frames",
            "1",
            found.counts.iter().map(|count| *count as f64).collect(),
        )
        .numbers("drift", "", values(&found.drift))
        .numbers("error of the drift", "", errors(&found.drift))
        .numbers("diffusion", "", values(&found.diffusion))
        .numbers("error of the diffusion", "", errors(&found.diffusion)),
    );
    Ok(())
}
