//! What the motion of a coordinate remembers: the kernel of its generalised Langevin equation, with a band.

use irrev_landscape::memory::{
    FitOptions, KernelOptions, MeanForce, MemoryKernel, memory_kernel, passive_fit, position_dependence,
};
use irrev_landscape::moments::{ConditionalMoments, conditional_moments};
use irrev_landscape::record::Clock;
use irrev_numerics::Estimate;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, readable_estimate};

use super::definitions::{FRICTION, KERNEL_START};
use super::subject::Subject;
use super::{noise, resimulation};
use crate::error::Result;

/// Heading of the summary.
pub(super) const WHAT_IT_REMEMBERS: &str = "What it remembers";

/// Part of the shortest segment that lags may take, and the most.
const LAGS: (usize, usize) = (10, 400);

/// Draws of the bands.
const DRAWS: usize = 100;

/// Most variables and largest misfit of a fit whose simulation is asked for.
const ASKED_FOR: (usize, f64) = (8, 0.6);

/// # Errors
/// As [`memory_kernel`].
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<()> {
    let name = subject.name();
    let left_out = |report: &mut Report, reason: String| {
        report.push_left_out("memory", format!("{name}: {reason}"));
        Ok(())
    };
    let shortest = subject
        .record
        .segments()
        .iter()
        .map(|segment| segment.frames())
        .min();
    let lags = subject
        .request
        .lags
        .unwrap_or_else(|| (shortest.unwrap_or(0) / LAGS.0).min(LAGS.1));
    if lags == 0 {
        return Ok(());
    }
    if !subject.has_velocities() {
        return left_out(report, "a kernel needs recorded velocities (--velocity)".into());
    }
    let uneven = subject
        .record
        .segments()
        .iter()
        .any(|segment| matches!(segment.clock(), Clock::Times(_)));
    if uneven {
        return left_out(report, "a kernel needs equal time steps".into());
    }
    let moments = conditional_moments(subject.record, &subject.grid, &subject.moments()?, subject.run)
        .map_err(|error| subject.fail(error))?;
    let options = KernelOptions {
        coordinate: subject.coordinate,
        lags,
        mean_force: mean_force(subject, &moments),
        draws: DRAWS,
    };
    let found = match memory_kernel(subject.record, &options, subject.run) {
        Ok(found) => found,
        Err(error @ (irrev_landscape::Error::Empty { .. } | irrev_landscape::Error::Domain { .. })) => {
            return left_out(report, error.to_string());
        }
        Err(error) => return Err(subject.fail(error)),
    };
    told(subject, &found, (&options, &moments), report)
}

/// ⟨R̈; r⟩ as a table that holds every position: beyond the cells with enough visits it goes on as at the nearest of them.
fn mean_force(subject: &Subject<'_>, moments: &ConditionalMoments) -> MeanForce {
    let visits = moments.effective_counts();
    let least = subject.request.least_count;
    let centres = subject.grid.centres();
    let (mut points, mut values): (Vec<f64>, Vec<f64>) = centres
        .iter()
        .zip(moments.mean_acceleration())
        .zip(visits)
        .filter(|((_, force), visits)| force.value.is_finite() && *visits >= least)
        .map(|((point, force), _)| (*point, force.value))
        .unzip();
    let (Some(first), Some(last)) = (values.first().copied(), values.last().copied()) else {
        return MeanForce::None;
    };
    let positions = || {
        let segments = subject.record.segments().iter();
        segments
            .filter_map(|segment| segment.positions(subject.coordinate).ok())
            .flatten()
            .copied()
    };
    let (low, high) = (
        positions().fold(f64::INFINITY, f64::min),
        positions().fold(f64::NEG_INFINITY, f64::max),
    );
    if low < points[0] {
        points.insert(0, low);
        values.insert(0, first);
    }
    if high > points[points.len() - 1] {
        points.push(high);
        values.push(last);
    }
    MeanForce::Table { points, values }
}

/// Lag at which friction without memory has acted, in frames.
const AFTER: usize = 8;

/// Whether most of the friction acts within two time steps: the kernel is then a pulse that the step does not resolve, and K beyond it is no more than its noise.
fn is_white(found: &MemoryKernel) -> bool {
    // long before the last lags, where noise of the integral has grown
    let late = &found.integral[found.integral.len().min(3)..found.integral.len().min(3 * AFTER)];
    let level = late.iter().map(|g| g.value).sum::<f64>() / late.len().max(1) as f64;
    let soon = found.integral.get(2).map_or(0.0, |g| g.value);
    level > 0.0
        && soon > 0.5 * level
        && late
            .iter()
            .all(|g| (g.value - level).abs() < 0.5 * level + 3.0 * g.standard_error)
}

/// Friction without memory: its strength, by the integral of the kernel.
fn white(subject: &Subject<'_>, found: &MemoryKernel, report: &mut Report) -> Result<()> {
    let name = subject.name();
    // the integral is complete after the pulse; later lags add their noise and nothing else
    let Some(end) = found.integral.get(AFTER.min(found.integral.len() - 1)) else {
        return Ok(());
    };
    report.push_quantity(
        subject
            .quantity(&FRICTION, end.value)
            .estimate(end.standard_error),
    );
    report.push_summary(
        WHAT_IT_REMEMBERS,
        format!(
            "{name} remembers nothing that this time step resolves: its friction acts within two steps, with a strength of {}.",
            readable_estimate(end.value, Some(end.standard_error))
        ),
    );
    report.push_left_out(
        "memory_kernel",
        format!(
            "{name}: friction without memory is a pulse at zero, of which a recording shows the integral only"
        ),
    );
    integrals(subject, found, report);
    Ok(())
}

/// A fit that is asked to move walkers may be coarser, with more variables, than one that is shown as a kernel alone.
fn fit_options(subject: &Subject<'_>) -> FitOptions {
    match subject.request.resimulate {
        None | Some(0) => FitOptions::default(),
        Some(_) => FitOptions {
            most: ASKED_FOR.0,
            misfit: ASKED_FOR.1,
            ..FitOptions::default()
        },
    }
}

fn told(
    subject: &Subject<'_>,
    found: &MemoryKernel,
    (options, moments): (&KernelOptions, &ConditionalMoments),
    report: &mut Report,
) -> Result<()> {
    let name = subject.name();
    let (Some(start), Some(end)) = (found.kernel.first(), found.integral.last()) else {
        return Ok(());
    };
    if is_white(found) {
        return white(subject, found, report);
    }
    report.push_quantity(
        subject
            .quantity(&KERNEL_START, start.value)
            .estimate(start.standard_error),
    );
    report.push_quantity(
        subject
            .quantity(&FRICTION, end.value)
            .estimate(end.standard_error),
    );
    report.push_summary(
        WHAT_IT_REMEMBERS,
        format!(
            "The memory kernel of {name} beside its mean force begins at {} and integrates to {} by the last lag.",
            readable_estimate(start.value, Some(start.standard_error)),
            readable_estimate(end.value, Some(end.standard_error))
        ),
    );
    if let Some(found) = position_dependence(moments).filter(|found| found.advised) {
        report.push_summary(
            WHAT_IT_REMEMBERS,
            format!(
                "⟨Ṙ²; r⟩ of {name} varies by {:.0} % between positions: its kernel depends on position, and an equation with one kernel is an approximation (the library has kernels of positions, `projected_kernel`).",
                100.0 * found.range
            ),
        );
    }
    let unit = subject.time_unit();
    let mut fitted = None;
    let mut caption = "From the correlations of the recording, beside the mean force ⟨R̈; r⟩. Band: 95 %, from stretches of the recording drawn anew.".to_owned();
    let mut lines =
        Lines::new(Axis::new("time", unit), Axis::new("K", "")).curve(curve(found, "K", &found.kernel));
    match passive_fit(found, &fit_options(subject), subject.run) {
        Ok(fit) => {
            let values = found.times.iter().map(|t| fit.kernel.at(*t)).collect();
            let terms = fit.kernel.terms().len();
            caption += " Dashed: the nearest kernel that a bath in equilibrium can have.";
            lines = lines
                .curve(Curve::new("passive fit", found.times.clone(), values).styled(CurveStyle::Dashed));
            report.push_summary(
                WHAT_IT_REMEMBERS,
                format!(
                    "A sum of {terms} damped {}, whose noise exists, fits the kernel of {name} to {:.1} % of its root mean square.",
                    if terms == 1 { "oscillation" } else { "oscillations" },
                    100.0 * fit.misfit
                ),
            );
            fitted = Some(fit);
        }
        Err(error @ irrev_landscape::Error::Numerics(irrev_numerics::Error::Cancelled)) => {
            return Err(subject.fail(error));
        }
        Err(error @ irrev_landscape::Error::Misfit { .. }) if subject.request.resimulate.is_none() => {
            report.push_left_out(
                "passive_fit",
                format!("{name}: {error}; --resimulate N takes a coarser fit"),
            );
        }
        Err(error) => report.push_left_out("passive_fit", format!("{name}: {error}")),
    }
    report.push_figure(Figure::new(
        format!("memory_kernel{}", subject.suffix()),
        format!("Memory kernel of {name}"),
        caption,
        lines,
    ));
    integrals(subject, found, report);
    noise::add(subject, options, report)?;
    match fitted {
        Some(fit) => resimulation::add(subject, (&fit, options.lags), moments, report),
        None => Ok(()),
    }
}

/// What is drawn whether or not there is memory.
fn integrals(subject: &Subject<'_>, found: &MemoryKernel, report: &mut Report) {
    let (name, unit) = (subject.name(), subject.time_unit());
    for (key, title, values, axis) in [
        (
            "memory_integral",
            "Integral of the memory kernel",
            &found.integral,
            "∫K",
        ),
        (
            "velocity_correlation",
            "Velocity autocorrelation",
            &found.velocity_correlation,
            "⟨ṙ(t) ṙ(0)⟩",
        ),
    ] {
        report.push_figure(Figure::new(
            format!("{key}{}", subject.suffix()),
            format!("{title} of {name}"),
            "From the correlations of the recording, beside the mean force ⟨R̈; r⟩. Band: 95 %, from stretches of the recording drawn anew.",
            Lines::new(Axis::new("time", unit), Axis::new(axis, "")).curve(curve(found, axis, values)),
        ));
    }
}

/// Values at the lags of the kernel, with their band.
fn curve(found: &MemoryKernel, label: &str, values: &[Estimate]) -> Curve {
    band(label, &found.times, values)
}

/// Values with their band.
pub(super) fn band(label: &str, x: &[f64], values: &[Estimate]) -> Curve {
    Curve::new(label, x.to_vec(), values.iter().map(|e| e.value).collect()).with_band(
        values.iter().map(|e| e.interval.0).collect(),
        values.iter().map(|e| e.interval.1).collect(),
    )
}
