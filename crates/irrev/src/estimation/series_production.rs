//! Entropy production of a series: estimate by currents, bound by data held out, maximum entropy, noise.

use irrev_inference::currents::{
    Basis, BoundOptions, Currents, Dissipation, HeldOutOptions, MeasurementNoise, RadialOptions, RateOptions,
    VariationalOptions, entropy_production_rate, variational_bound,
};
use irrev_numerics::{Estimate, EstimateKind};
use irrev_report::{Report, readable_number};

use super::certificate::CertificateDocument;
use super::definitions::{CERTIFIED, CURRENT_BOUND, HELD_OUT, NOISE, VARIATIONAL};
use super::recorded::SeriesData;
use super::request::CurrentBasis;
use super::told::{Tell, per, with_interval};
use super::{series_field, series_time};
use crate::error::Result;

/// # Errors
/// Too few steps for the currents, with the number needed; noise that cannot be taken out; cancellation.
pub(super) fn add(data: &SeriesData, tell: &mut Tell<'_>) -> Result<Option<CertificateDocument>> {
    if data.names.len() == 1 {
        let reason = "one coordinate that stays where it is has no current; two or more are needed";
        tell.report.push_left_out("entropy_production", reason);
        if tell.request.window.is_some() {
            series_time::add(data, &Currents::affine(vec![0.0]), tell)?;
        }
        return Ok(None);
    }
    let options = options(tell);
    let found = entropy_production_rate(&data.series, &options, tell.run).map_err(|e| tell.fail(e))?;
    let currents = found.held_out.certificate.currents.clone();
    tell.production(
        &CURRENT_BOUND,
        &found.estimate.estimate,
        &data.unit,
        &found.assumptions,
    );
    let held = found.held_out.estimate;
    let independent = [
        "the currents were chosen by other data than those that evaluate them",
        "folds are long beside correlation times",
    ];
    tell.production(&HELD_OUT, &held, &data.unit, &independent);
    tell.lower_bound(&CERTIFIED, &held, &data.unit);
    maximum_entropy(data, &currents, tell)?;
    sentences(data, &found, tell);
    noise(data, &found.noise, tell);
    for what in &found.assumptions {
        tell.report
            .push_summary("What is assumed", format!("{}.", capital(what)));
    }
    if data.names.len() == 2 {
        series_field::add(data, &currents, &found.estimate.coefficients, tell)?;
    }
    if tell.request.window.is_some() {
        series_time::add(data, &currents, tell)?;
    }
    let held_out = HeldOutOptions {
        // what radial currents were chosen by is not held out
        chosen_by: if found.radial.is_some() {
            options.held_out.chosen_by.max(0.5)
        } else {
            options.held_out.chosen_by
        },
        motion: options.bound.motion,
        ..options.held_out
    };
    Ok(Some(CertificateDocument::new(
        tell.request,
        data,
        held_out,
        found.held_out.certificate,
    )))
}

fn options(tell: &Tell<'_>) -> RateOptions {
    let level = tell.request.level;
    let held_out = HeldOutOptions {
        level,
        ..HeldOutOptions::default()
    };
    RateOptions {
        basis: match tell.request.basis {
            CurrentBasis::Affine => Basis::Affine,
            CurrentBasis::Radial => Basis::Radial(RadialOptions {
                held_out: held_out.clone(),
                ..RadialOptions::default()
            }),
        },
        bound: BoundOptions {
            level,
            ..BoundOptions::default()
        },
        held_out,
        ..RateOptions::default()
    }
}

/// A maximum that is not found is left out: the closed form stands without it.
fn maximum_entropy(data: &SeriesData, currents: &Currents, tell: &mut Tell<'_>) -> Result<()> {
    let options = VariationalOptions {
        held_out: HeldOutOptions {
            level: tell.request.level,
            chosen_by: if tell.request.basis == CurrentBasis::Radial {
                0.5
            } else {
                0.0
            },
            ..HeldOutOptions::default()
        },
        ..VariationalOptions::default()
    };
    match variational_bound(&data.series, currents, &options, tell.run) {
        Ok(found) => {
            let bound = Estimate {
                kind: EstimateKind::LowerBound,
                ..found.held_out
            };
            let said = [
                "coefficients and when to stop were chosen by other data than those that evaluate them"
                    .to_owned(),
                format!(
                    "averages of exponentials over so many steps support at most {} per time",
                    readable_number(found.cap, 3)
                ),
            ];
            tell.production(&VARIATIONAL, &bound, &data.unit, &said);
        }
        Err(irrev_inference::Error::Numerics(error @ irrev_numerics::Error::NotConverged { .. })) => {
            tell.report.push_left_out("maximum_entropy", error.to_string());
        }
        Err(error) => return Err(tell.fail(error)),
    }
    Ok(())
}

fn sentences(data: &SeriesData, found: &Dissipation, tell: &mut Tell<'_>) {
    let (held, estimate) = (found.held_out.estimate, found.estimate.estimate);
    let unit = per("nats", &data.unit);
    let level = readable_number(100.0 * held.level, 4);
    let certified = if held.interval.0 > 0.0 {
        format!(
            "What was recorded produces at least {} {unit} of entropy, at {level} % confidence: data that did not choose the current say so.",
            readable_number(held.interval.0, 3)
        )
    } else {
        format!(
            "The data do not tell the motion from its reverse at {level} % confidence: the bound by data held out is {} {unit}.",
            with_interval(&held)
        )
    };
    tell.report.push_summary(Report::HOW_IRREVERSIBLE, certified);
    tell.report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "The best current, {} of {} independent, extrapolated to a vanishing step, estimates {} {unit}; fitted to the data it certifies nothing.",
            found.estimate.rank,
            found.estimate.currents,
            with_interval(&estimate)
        ),
    );
    if let Some(radial) = &found.radial {
        tell.report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Of radial currents the first half of the data chose {} centres.",
                radial.centres
            ),
        );
    }
    if found.estimate.step_error > estimate.standard_error {
        tell.report.push_warning(format!(
            "the estimate still moves by {} {unit} with the step, more than its standard error: the step is long for this motion",
            readable_number(found.estimate.step_error, 2)
        ));
    }
}

fn noise(data: &SeriesData, found: &[MeasurementNoise], tell: &mut Tell<'_>) {
    for noise in found {
        let name = &data.names[noise.coordinate];
        let unit = match data.units[noise.coordinate].as_str() {
            "" => "coordinate²".to_owned(),
            unit => format!("{unit}²"),
        };
        let half = 1.96 * noise.standard_error;
        let estimate = Estimate {
            value: noise.variance,
            standard_error: noise.standard_error,
            interval: (noise.variance - half, noise.variance + half),
            level: 0.95,
            sample_size: data.series.steps(),
            bias_correction: 0.0,
            kind: EstimateKind::Estimate,
        };
        tell.estimate(
            &NOISE,
            name,
            &estimate,
            &unit,
            &["noise independent from point to point"],
        );
        if noise.seen {
            tell.report.push_summary(
                "What the data can give",
                format!(
                    "Noise of measurement is seen in {name}: {} % of its mean square step.",
                    readable_number(100.0 * noise.share, 2)
                ),
            );
        }
        if noise.smooth {
            tell.report.push_warning(format!(
                "neighbouring steps of {name} go the same way, by inertia or averaging: the motion is not overdamped at this step, and estimates from currents are none of its entropy production"
            ));
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
