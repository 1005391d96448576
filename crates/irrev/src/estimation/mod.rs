//! From data to what they tell of thermodynamics where no model is given: series, states, ensembles of cells, a stimulus and its spikes.
//!
//! [`open`] looks at a file, [`read`] finds out what its columns are and when its rows were taken and refuses what may be meant in two ways, and [`report`] estimates what applies:
//!
//! | data | told |
//! |---|---|
//! | numbers at even steps | entropy production by currents, certified from below, by maximum entropy; noise; transfer entropies |
//! | states step by step | transition probabilities, divergence of steps and of words, transfer entropies |
//! | states with times | rates, entropy production, waiting times, second laws of parts |
//! | cells at common times | speed, length, action, cost and efficiency, conditions beside each other |
//! | a stimulus and spikes | transfer entropy and information rate ([`stimulus_report`]) |
//!
//! Every number stands with its interval, its kind and what it assumes in the table `estimates`. Spikes and bins of two values are for [`crate::inference`]; [`Opened::is_activity`] tells which.

mod cell_speed;
mod cells;
mod certificate;
mod clock;
mod definitions;
mod fault;
mod files;
mod guess;
mod gzip;
mod recorded;
mod request;
mod roles;
mod series_field;
mod series_production;
mod series_time;
mod series_transfer;
mod state_parts;
mod state_production;
mod state_rates;
mod state_report;
mod state_transfer;
mod states;
mod stimulus;
mod table;
mod text;
mod told;

pub use certificate::{CertificateDocument, Certified, certify};
pub(crate) use definitions::all as definitions;
pub use files::{MAXIMUM_DATA_BYTES, Opened, open};
pub use recorded::{Recorded, read};
pub use request::{CurrentBasis, EstimationRequest, Form};
pub use stimulus::{StimulusRequest, stimulus_report};

use irrev_numerics::Run;
use irrev_report::{Citation, Provenance, Report};

use crate::error::{Error, Result};
use recorded::Data;
use told::{RECORDED, Tell};

/// What data tell, as a report, and of series with two or more coordinates the certificate of the bound by data held out.
///
/// ```
/// use irrev::estimation::{EstimationRequest, open, read, report};
/// use irrev::numerics::Run;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("ring.csv");
/// # let rows: String = (0..900_u32).map(|k| format!("{}\n", ["A", "B", "C", "A", "B", "A", "C", "B", "C"][k as usize % 9])).collect();
/// # std::fs::write(&path, format!("state\n{rows}"))?;
/// let run = Run::default();
/// let request = EstimationRequest::default();
/// let recorded = read(vec![open(&path, &run)?], &request, &run)?;               // a column `state` of A, B, C
/// let (found, _) = report(&recorded, &request, &run)?;
/// assert!(found.quantity("step_entropy_production").ok_or("nothing told")?.value > 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Too few data, with the number needed; data that an estimator refuses; memory over the limit; cancellation.
pub fn report(
    recorded: &Recorded,
    request: &EstimationRequest,
    run: &Run<'_>,
) -> Result<(Report, Option<CertificateDocument>)> {
    request.check()?;
    let (kind, names) = match &recorded.data {
        Data::Series(data) => ("Series of numbers", data.names.clone()),
        Data::States(data) => ("States", data.names.clone()),
        Data::Cells(data) => ("Cells", vec![data.value.clone()]),
    };
    let title = format!("{kind}: {}", names.join(", "));
    let mut report = Report::new("estimation", title, provenance(recorded, request, run));
    report.push_summary(
        RECORDED,
        format!("{kind}, found from the columns and their values."),
    );
    if request.form != Form::Automatic {
        report.summary.clear();
        report.push_summary(RECORDED, format!("{kind}, as was said."));
    }
    for note in &recorded.notes {
        report.push_summary(RECORDED, note.clone());
    }
    let mut tell = Tell::new(&recorded.source, request, run, report);
    let work = || -> Result<Option<CertificateDocument>> {
        match &recorded.data {
            Data::Series(data) => {
                let certificate = series_production::add(data, &mut tell)?;
                series_transfer::add(data, &mut tell)?;
                Ok(certificate.map(|document| document.of_files(recorded.inputs.clone())))
            }
            Data::States(data) => state_report::add(data, &mut tell).map(|()| None),
            Data::Cells(data) => cell_speed::add(data, &mut tell).map(|()| None),
        }
    };
    let certificate = run
        .install(work)
        .map_err(|error| Error::inference(&recorded.source, error.into()))??;
    Ok((cited(tell.finish()), certificate))
}

/// What determines the result.
fn provenance(recorded: &Recorded, request: &EstimationRequest, run: &Run<'_>) -> Provenance {
    let mut origin = Provenance::new(env!("CARGO_PKG_VERSION"))
        .with_seed(run.seed)
        .with_option("confidence", request.level)
        .with_option("basis", request.basis.word())
        .with_option("family", request::family_word(request.family))
        .with_option("split", request.split);
    let lists = [
        ("columns", &request.columns),
        ("states", &request.states),
        ("cells", &request.cells),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            origin = origin.with_option(name, list.join(","));
        }
    }
    let names = [
        ("time", &request.time),
        ("trajectory", &request.trajectory),
        ("condition", &request.condition),
    ];
    for (name, column) in names {
        if let Some(column) = column {
            origin = origin.with_option(name, column);
        }
    }
    if let Some(step) = request.step {
        origin = origin.with_option("step", step);
    }
    if let Some(window) = request.window {
        origin = origin.with_option("window", window);
    }
    for (name, hash) in &recorded.inputs {
        origin = origin.with_input(name, hash);
    }
    origin
}

/// The report with the works behind what it tells.
fn cited(mut report: Report) -> Report {
    let works = [
        (
            "current_entropy_production",
            "Otsubo2020",
            "S. Otsubo, S. Ito, A. Dechant and T. Sagawa, Phys. Rev. E 101, 062106 (2020)",
            "10.1103/PhysRevE.101.062106",
            "short-time uncertainty bound",
        ),
        (
            "variational_entropy_production",
            "Kim2020",
            "D.-K. Kim, Y. Bae, S. Lee and H. Jeong, Phys. Rev. Lett. 125, 140604 (2020)",
            "10.1103/PhysRevLett.125.140604",
            "variational bound",
        ),
        (
            "step_entropy_production",
            "Roldan2010",
            "É. Roldán and J. M. R. Parrondo, Phys. Rev. Lett. 105, 150607 (2010)",
            "10.1103/PhysRevLett.105.150607",
            "divergence of words from their mirror images",
        ),
        (
            "waiting_time_entropy_production",
            "vanderMeer2022",
            "J. van der Meer, B. Ertel and U. Seifert, Phys. Rev. X 12, 031025 (2022)",
            "10.1103/PhysRevX.12.031025",
            "waiting times",
        ),
        (
            "recorded_part_",
            "Horowitz2014",
            "J. M. Horowitz and M. Esposito, Phys. Rev. X 4, 031015 (2014)",
            "10.1103/PhysRevX.4.031015",
            "second laws of parts",
        ),
        (
            "cell_length",
            "Crooks2007",
            "G. E. Crooks, Phys. Rev. Lett. 99, 100602 (2007)",
            "10.1103/PhysRevLett.99.100602",
            "thermodynamic length",
        ),
        (
            "cell_length",
            "Ito2020",
            "S. Ito and A. Dechant, Phys. Rev. X 10, 021056 (2020)",
            "10.1103/PhysRevX.10.021056",
            "speed, cost and efficiency",
        ),
        (
            "transfer_entropy",
            "Barnett2009",
            "L. Barnett, A. B. Barrett and A. K. Seth, Phys. Rev. Lett. 103, 238701 (2009)",
            "10.1103/PhysRevLett.103.238701",
            "transfer entropy of normal processes",
        ),
        (
            "stimulus_",
            "Schreiber2000",
            "T. Schreiber, Phys. Rev. Lett. 85, 461 (2000)",
            "10.1103/PhysRevLett.85.461",
            "transfer entropy",
        ),
    ];
    for (begins, key, text, doi, used) in works {
        if report
            .quantities
            .iter()
            .any(|quantity| quantity.name.starts_with(begins))
        {
            report.push_citation(Citation::new(key, text, doi).for_use(used));
        }
    }
    report
}
