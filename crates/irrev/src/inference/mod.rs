//! The network behind a recording: from spikes, or bins of two values, to a report.
//!
//! | section | says |
//! |---|---|
//! | data | which units and bins, what was left out and why, how often two units fire at the same instant |
//! | fit | the most likely network with parallel updates, with standard errors, penalty, criteria, and mean-field inversions beside |
//! | entropy production | by cross-fit with an interval and two nulls; the plug-in number only beside its bias; a lower bound without a model; shares of pairs and units |
//! | power | whether a recording of this length can show what the fitted network produces |
//! | scenario | where the network lies between criticality and determinism, on the map of the infinite network |
//! | widths | the same over several widths of a bin |
//!
//! Conventions: nats; β is contained in couplings and fields; entropy production is that of the binned process, so the width of a bin is stated wherever it is given
//! per second or per spike. The statistics are those of [`irrev_ising::inference`].
//!
//! Sources: M. Aguilera, S. A. Moosavi and H. Shimazaki, Nat. Commun. 12, 1197 (2021); M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

mod data;
mod definitions;
mod fit;
mod pictures;
mod place;
mod plane;
mod power;
mod production;
mod request;
mod stage;
mod subject;
mod widths;

use irrev_ising::inference::{
    CrossValidation, EntropyProduction, EntropyProductionOptions, FitOptions, PenaltyKind, cross_validation,
    entropy_production, unbiased_penalty,
};
use irrev_numerics::Run;
use irrev_report::{Citation, Provenance, Report};

pub(crate) use definitions::all as definitions;
pub use request::{InferenceRequest, Penalty};

use crate::error::{Error, Result};
use crate::recordings::Recording;
use stage::Stage;
use subject::Subject;

/// Heading of the summary for what was recorded.
const WHAT_WAS_RECORDED: &str = "What was recorded";
/// Heading of the summary for the fit.
const WHICH_NETWORK: &str = "Which network";
/// Heading of the summary for the place in the phase diagram.
const WHICH_SCENARIO: &str = "Which scenario";

/// Part of its standard error that the penalty may take from the entropy production, to first order.
const SHRUNK: f64 = 0.1;

/// Folds of the cross-validation: stretches of time.
const FOLDS: usize = 5;

/// The network behind a recording and what it produces, as a report.
///
/// ```
/// use irrev::inference::{InferenceRequest, Penalty, infer};
/// use irrev::recordings::{Reading, parse};
/// use irrev::source::SourceFile;
/// // unit 1 repeats unit 0 one bin later in three bins out of four
/// let drive = |t: u32| t.wrapping_mul(2654435761) >> 16 & 1;
/// let follow = |t: u32| if t % 4 == 0 { u32::from(t % 8 == 0) } else { drive(t - 1) };
/// let rows: String = (0..2000).map(|t| format!("{} {}\n", drive(t), follow(t))).collect();
/// let recording = parse(&SourceFile::from_text("pair.txt", rows)?, &Reading::default())?;
/// let request = InferenceRequest { penalty: Penalty::Given(1e-3), nulls: 5, simulated: 0, ..Default::default() };
/// let report = infer(&recording, &request, &Default::default())?;
/// let found = report.quantity("entropy_production_per_bin").unwrap();
/// assert!(found.value > 3.0 * found.error.unwrap());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Request`] for options that mean nothing for this recording, with what would; [`Error::Recording`] for data from which no network follows (too few
/// bins, no unit that changes, couplings that are not finite without a penalty), memory over the limit, a cancelled run.
pub fn infer(recording: &Recording, request: &InferenceRequest, run: &Run<'_>) -> Result<Report> {
    request.check()?;
    let fail = |error: irrev_ising::Error| Error::recording(&recording.name, error);
    run.install(|| report(recording, request, run))
        .map_err(|error| fail(error.into()))?
}

fn report(recording: &Recording, request: &InferenceRequest, run: &Run<'_>) -> Result<Report> {
    let subject = Subject::new(recording, request, request.bin_widths.first().copied(), run)?;
    let stages = 1.0 + request.bin_widths.len() as f64;
    let stage = Stage::new(run, 0.0, 0.05);
    let (penalty, validated) = penalty(&subject, request, &stage.run(run))?;
    let options = options(&subject, request, penalty);
    let mut report = Report::new(
        "inference",
        format!("The network behind {}", subject.name),
        provenance(recording, request, penalty, run),
    );
    data::add(&subject, &mut report);
    let stage = Stage::new(run, 0.05, 1.4 / stages);
    let production = entropy_production(&subject.raster, &options, &stage.run(run))
        .map_err(|error| subject.fail(error))?;
    fit::add(
        &subject,
        request,
        &production,
        validated.as_ref(),
        run,
        &mut report,
    )?;
    if subject.labels.len() > 1 {
        let stage = Stage::new(run, 1.4 / stages, 1.5 / stages);
        production::add(&subject, request, &production, &stage.run(run), &mut report)?;
        if request.simulated > 0 {
            let stage = Stage::new(run, 1.5 / stages, 1.8 / stages);
            power::add(
                &subject,
                request,
                &production,
                &options,
                &stage.run(run),
                &mut report,
            )?;
        }
        let stage = Stage::new(run, 1.8 / stages, 2.0 / stages);
        place::add(&subject, request, &production, &stage.run(run), &mut report)?;
        if request.bin_widths.len() > 1 {
            let stage = Stage::new(run, 2.0 / stages, 1.0);
            widths::add(
                recording,
                request,
                (&subject, &production, penalty),
                &stage.run(run),
                &mut report,
            )?;
        }
    } else {
        report.push_warning(
            "A single unit has no entropy production in a network with one step of memory: nothing but its fit is reported.",
        );
    }
    cite(&mut report);
    Ok(report)
}

/// The penalty that was given; or one that is no larger than the best for held-out stretches of time, and so small that it does not bias the entropy production.
fn penalty(
    subject: &Subject<'_>,
    request: &InferenceRequest,
    run: &Run<'_>,
) -> Result<(f64, Option<CrossValidation>)> {
    match request.penalty {
        Penalty::Given(penalty) => Ok((penalty, None)),
        Penalty::CrossValidated => {
            let kind = PenaltyKind::Quadratic(FitOptions::default());
            let transitions = subject.raster.transitions().map_err(|e| subject.fail(e))?;
            let candidates = kind.penalties(&transitions).map_err(|e| subject.fail(e))?;
            let found =
                cross_validation(&transitions, &candidates, kind, FOLDS, run).map_err(|e| subject.fail(e))?;
            let best = found.penalties[found.best];
            if subject.labels.len() == 1 {
                return Ok((best, Some(found)));
            }
            let smaller: Vec<f64> = candidates.into_iter().filter(|p| *p <= best).collect();
            let options = options(subject, request, best);
            let chosen = unbiased_penalty(&subject.raster, &smaller, SHRUNK, &options, run)
                .map_err(|e| subject.fail(e))?;
            Ok((chosen, Some(found)))
        }
    }
}

/// Options of the entropy production; short recordings are cut into fewer blocks, down to the ten that an interval needs.
fn options(subject: &Subject<'_>, request: &InferenceRequest, penalty: f64) -> EntropyProductionOptions {
    let defaults = EntropyProductionOptions::default();
    EntropyProductionOptions {
        fit: FitOptions {
            penalty,
            ..FitOptions::default()
        },
        blocks: (subject.raster.bins() / 10).clamp(10, defaults.blocks),
        // a single unit has no flow of which nulls would tell
        nulls: if subject.labels.len() == 1 {
            1
        } else {
            request.nulls
        },
        level: request.level,
        ..defaults
    }
}

/// What determines the result.
fn provenance(recording: &Recording, request: &InferenceRequest, penalty: f64, run: &Run<'_>) -> Provenance {
    let mut origin = Provenance::new(env!("CARGO_PKG_VERSION"))
        .with_seed(run.seed)
        .with_option("model", "kinetic-ising")
        .with_option("penalty", penalty)
        .with_option("confidence", request.level)
        .with_option("shuffles", request.nulls)
        .with_option("simulate", request.simulated);
    let list = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    if !request.bin_widths.is_empty() {
        origin = origin.with_option("bin", list(&request.bin_widths));
    }
    for (name, value) in [("from", request.from), ("until", request.until)] {
        if let Some(value) = value {
            origin = origin.with_option(name, value);
        }
    }
    if !request.units.is_empty() {
        origin = origin.with_option("units", request.units.join(","));
    }
    for (name, hash) in &recording.inputs {
        origin = origin.with_input(name, hash);
    }
    origin
}

fn cite(report: &mut Report) {
    for (key, text, doi, used) in [
        (
            "Aguilera2021",
            "M. Aguilera, S. A. Moosavi and H. Shimazaki, Nat. Commun. 12, 1197 (2021)",
            "10.1038/s41467-021-20890-5",
            "entropy production of kinetic Ising networks",
        ),
        (
            "Aguilera2023",
            "M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023)",
            "10.1038/s41467-023-39107-y",
            "the infinite network and its phase diagram",
        ),
        (
            "RoudiHertz2011",
            "Y. Roudi and J. Hertz, Phys. Rev. Lett. 106, 048702 (2011)",
            "10.1103/PhysRevLett.106.048702",
            "inference by likelihood and by mean-field inversion",
        ),
        (
            "Chernozhukov2018",
            "V. Chernozhukov, D. Chetverikov, M. Demirer, E. Duflo, C. Hansen, W. Newey and J. Robins, Econom. J. 21, C1 (2018)",
            "10.1111/ectj.12097",
            "cross-fitting",
        ),
        (
            "Kunsch1989",
            "H. R. Künsch, Ann. Stat. 17, 1217 (1989)",
            "10.1214/aos/1176347265",
            "intervals from blocks of time",
        ),
    ] {
        report.push_citation(Citation::new(key, text, doi).for_use(used));
    }
}

/// Entropy production of one width of a bin, for the study over several.
fn at_width(
    recording: &Recording,
    request: &InferenceRequest,
    (width, penalty): (f64, f64),
    run: &Run<'_>,
) -> Result<(f64, usize, EntropyProduction)> {
    let subject = Subject::new(recording, request, Some(width), run)?;
    let options = options(&subject, request, penalty);
    let found = entropy_production(&subject.raster, &options, run).map_err(|e| subject.fail(e))?;
    Ok((subject.spikes_per_bin(), subject.raster.bins(), found))
}
