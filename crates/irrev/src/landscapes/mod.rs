//! From recorded trajectories of a coordinate to its landscapes: free energy beside mean-force potential, what the recording can give, memory and time scales.
//!
//! [`report`] answers, for every coordinate of a recording: what do its steps say of step and noise; where is it found (G) and how is it pushed (V_m), with errors, and are the two
//! the same; what does its motion remember, and does the fitted equation of motion give back the recording; what becomes of all this at a coarser time scale. Of two coordinates it tells the gradient and
//! the flux of their mean force, and what of the flux is metric. Where steps show no velocities there is no V_m, and drift and
//! diffusion are told in its place.

mod definitions;
mod diffusion;
mod field;
mod field_pictures;
mod hidden;
mod identity;
mod memory;
mod noise;
mod pair;
mod request;
mod resimulation;
mod sampling;
mod scales;
mod streamlines;
mod subject;
mod surfaces;

pub(crate) use definitions::all as definitions;
pub use request::{LandscapeRequest, VelocitySource};

use irrev_landscape::diagnose::Regime;
use irrev_numerics::Run;
use irrev_report::{Citation, Provenance, Report};

use crate::error::{Error, Result};
use crate::trajectories::Trajectories;
use pair::Pair;
use subject::Subject;

/// The landscapes of every coordinate of a recording, as a report; `source` is its name in messages.
///
/// ```
/// use irrev::landscapes::{LandscapeRequest, report};
/// use irrev::numerics::Run;
/// use irrev::trajectories::{Reading, Time, read};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("swing.csv");
/// # let rows: String = (0..20_000).map(|k| format!("{}\n", (0.05 * f64::from(k)).sin())).collect();
/// # std::fs::write(&path, format!("x\n{rows}"))?;
/// let reading = Reading { time: Time::Step(0.05), ..Reading::default() };
/// let recorded = read(&[path], &reading, &Run::default())?;               // x = sin t at steps of 0.05
/// let request = LandscapeRequest { temperature: 0.5, ..LandscapeRequest::default() };
/// let found = report("swing.csv", &recorded, &request, &Run::default())?;
/// assert!((found.quantity("step_exponent").ok_or("no exponent")?.value - 2.0).abs() < 0.1);
/// assert!(found.all_verified());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Request`] for options that mean nothing, [`Error::Landscape`] for values that are no trajectory (by row), too few frames, memory over the limit, a cancelled run.
pub fn report(
    source: &str,
    recorded: &Trajectories,
    request: &LandscapeRequest,
    run: &Run<'_>,
) -> Result<Report> {
    request.check()?;
    let labels: Vec<&str> = recorded.names().iter().map(String::as_str).collect();
    let fail = |error| Error::landscape_of(source, error, &labels);
    let work = || {
        let record = recorded.record().map_err(fail)?;
        record.check().map_err(fail)?;
        let names = recorded.names();
        let title = match names {
            [name] => format!("Landscapes of {name}"),
            several => format!("Landscapes of {}", several.join(", ")),
        };
        let mut report = Report::new("landscape", title, provenance(source, request, run));
        for sentence in recorded.found().sentences() {
            report.push_summary("What was recorded", sentence);
        }
        let pair = pair::of_request(names, request)?;
        let mut regimes = Vec::new();
        for coordinate in 0..names.len() {
            let subject = Subject::new((source, recorded), &record, coordinate, request, run)?;
            regimes.push(add(&subject, &mut report)?);
        }
        if let Some(pair) = pair {
            let overdamped = pair.map(|coordinate| regimes[coordinate] == Some(Regime::Overdamped));
            let pair = Pair::new((source, recorded), &record, pair, overdamped, (request, run))?;
            field::add(&pair, &mut report)?;
        }
        cite(&mut report);
        Ok(report)
    };
    run.install(work)
        .map_err(|error| Error::landscape(source, error.into()))?
}

/// Everything about one coordinate; what its steps show, if they are even.
fn add(subject: &Subject<'_>, report: &mut Report) -> Result<Option<Regime>> {
    let found = sampling::add(subject, report)?;
    if found.is_some_and(|regime| regime == Regime::Overdamped) && !subject.has_velocities() {
        diffusion::add(subject, report)?;
        return Ok(found);
    }
    surfaces::add(subject, report)?;
    identity::add(subject, report)?;
    memory::add(subject, report)?;
    hidden::add(subject, found, report)?;
    scales::add(subject, report)?;
    Ok(found)
}

/// What determines the result.
fn provenance(source: &str, request: &LandscapeRequest, run: &Run<'_>) -> Provenance {
    let mut origin = Provenance::new(env!("CARGO_PKG_VERSION"))
        .with_seed(run.seed)
        .with_option("temperature", request.temperature)
        .with_option("cells", request.cells)
        .with_option("least_count", request.least_count)
        .with_option("draws", request.draws)
        .with_option("velocities", request.velocities.word());
    if let Some((low, high)) = request.range {
        origin = origin.with_option("range", format!("{low:?},{high:?}"));
    }
    if let Some(lags) = request.lags {
        origin = origin.with_option("lags", lags);
    }
    if let Some([first, second]) = &request.field {
        let [a, b] = request.metric_weights;
        origin = origin
            .with_option("field", format!("{first},{second}"))
            .with_option("field_cells", request.field_cells)
            .with_option("metric_weights", format!("{a:?},{b:?}"));
    }
    if let Some(walkers) = request.resimulate {
        origin = origin.with_option("resimulate", walkers);
    }
    origin.with_option("recording", source)
}

fn cite(report: &mut Report) {
    for (key, text, doi, used) in [
        (
            "Kawai2014",
            "S. Kawai, Ensemble 16 (2014)",
            "",
            "free energy beside mean-force potential",
        ),
        (
            "Ching1993",
            "E. S. C. Ching, Phys. Rev. Lett. 70, 283 (1993)",
            "10.1103/PhysRevLett.70.283",
            "the identity of the two landscapes",
        ),
        (
            "Mori1965",
            "H. Mori, Prog. Theor. Phys. 33, 423 (1965)",
            "10.1143/PTP.33.423",
            "memory kernels",
        ),
    ] {
        report.push_citation(Citation::new(key, text, doi).for_use(used));
    }
}
