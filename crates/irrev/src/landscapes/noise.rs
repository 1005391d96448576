//! The random force of a recording, and whether its correlation is the kernel: the second fluctuation–dissipation relation.

use irrev_landscape::Record;
use irrev_landscape::memory::{FluctuationDissipation, KernelOptions, fluctuation_dissipation};
use irrev_landscape::record::Segment;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, readable_number};

use super::definitions::NOISE_DEVIATION;
use super::memory::{WHAT_IT_REMEMBERS, band};
use super::subject::{Subject, has};
use crate::error::Result;

/// A difference by more than this many standard errors, at the worst of some hundred lags, is no chance.
const BY_CHANCE: f64 = 5.0;

/// # Errors
/// As [`fluctuation_dissipation`].
pub(super) fn add(subject: &Subject<'_>, options: &KernelOptions, report: &mut Report) -> Result<()> {
    let given = has(subject.record, |segment| {
        segment.accelerations(subject.coordinate).is_ok()
    });
    let found = if given {
        fluctuation_dissipation(subject.record, options, subject.run)
    } else {
        of_differences(subject, options)
    };
    let found = match found {
        Ok(found) => found,
        Err(error @ (irrev_landscape::Error::Empty { .. } | irrev_landscape::Error::Domain { .. })) => {
            report.push_left_out("random_force", format!("{}: {error}", subject.name()));
            return Ok(());
        }
        Err(error) => return Err(subject.fail(error)),
    };
    told(subject, &found, given, report);
    Ok(())
}

/// With accelerations from the velocities of five frames, which leaves two at either end of a segment.
fn of_differences(
    subject: &Subject<'_>,
    options: &KernelOptions,
) -> irrev_landscape::Result<FluctuationDissipation> {
    let record = subject.record;
    subject.run.require_memory(
        "accelerations along a record",
        record.frames() * size_of::<f64>() as u64,
    )?;
    let mut columns = Vec::new();
    let mut inner = Vec::new();
    for segment in record.segments() {
        let irrev_landscape::record::Clock::Step(step) = segment.clock() else {
            continue;
        };
        let v = segment.velocities(subject.coordinate)?;
        if v.len() < 5 {
            continue;
        }
        let slope = |w: &[f64]| (8.0 * (w[3] - w[1]) - (w[4] - w[0])) / (12.0 * step);
        columns.push(v.windows(5).map(slope).collect::<Vec<f64>>());
        inner.push(segment.part(2..v.len() - 2));
    }
    let segments = inner.iter().zip(&columns).map(|(segment, accelerations)| {
        Segment::new(segment.clock(), vec![segment.positions(subject.coordinate)?])?
            .with_velocities(vec![segment.velocities(subject.coordinate)?])?
            .with_accelerations(vec![accelerations.as_slice()])?
            .with_weight(segment.weight())
    });
    let record = Record::new(
        vec![record.period(subject.coordinate)?],
        segments.collect::<irrev_landscape::Result<_>>()?,
    )?;
    let alone = KernelOptions {
        coordinate: 0,
        ..options.clone()
    };
    fluctuation_dissipation(&record, &alone, subject.run)
}

fn told(subject: &Subject<'_>, found: &FluctuationDissipation, given: bool, report: &mut Report) {
    let (name, worst) = (subject.name(), found.largest_deviation());
    report.push_quantity(subject.quantity(&NOISE_DEVIATION, worst));
    let in_errors = readable_number(worst, 2);
    let share = largest_share(found);
    report.push_summary(
        WHAT_IT_REMEMBERS,
        if worst <= BY_CHANCE {
            format!(
                "The random force of {name}, made from the recording, has the correlation that the kernel asks for, ⟨ξξ⟩/⟨ṙ²⟩ = K, within {in_errors} standard errors at the worst lag."
            )
        } else {
            format!(
                "The random force of {name}, made from the recording, has not quite the correlation ⟨ξξ⟩/⟨ṙ²⟩ = K: it is off by up to {:.1} % of K(0), {in_errors} standard errors, through accelerations that the step does not resolve, or a kernel that depends on position.",
                100.0 * share
            )
        },
    );
    let source = if given {
        "recorded accelerations"
    } else {
        "differences of recorded velocities"
    };
    report.push_figure(Figure::new(
        format!("random_force{}", subject.suffix()),
        format!("Random force of {name} and its kernel"),
        format!(
            "⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩ of the random force ξ = r̈ − f + ∫K ṙ ds, from {source}, and K, which it should be. Bands: 95 %."
        ),
        Lines::new(Axis::new("time", subject.time_unit()), Axis::new("K", "1/time²"))
            .curve(band("⟨ξξ⟩/⟨ṙ²⟩", &found.times, &found.noise))
            .curve(Curve::styled(
                band("K", &found.times, &found.kernel),
                CurveStyle::Dashed,
            )),
    ));
}

/// Largest |difference| over K(0).
fn largest_share(found: &FluctuationDissipation) -> f64 {
    let largest = found.difference.iter().map(|d| d.value.abs()).fold(0.0, f64::max);
    largest / found.kernel.first().map_or(1.0, |k| k.value.abs())
}
