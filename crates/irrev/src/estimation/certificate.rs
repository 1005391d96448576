//! The bound by data held out as a document that anybody can check against the raw file.

use irrev_inference::currents::{Certificate, HeldOutOptions, held_out_bound, recheck};
use irrev_numerics::Run;
use serde::{Deserialize, Serialize};

use super::fault::placeless;
use super::files::Opened;
use super::recorded::{Data, SeriesData, read};
use super::request::{EstimationRequest, Form};
use super::told::per;
use crate::error::{Error, Result};

/// Format of the document.
const FORMAT: &str = "irrev.certificate/1";
/// Part of a coefficient, or of the interval, by which fitting again may differ.
const FITTED: f64 = 1e-6;

/// How to read the data, the currents with the coefficients of each fold, and the bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CertificateDocument {
    format: String,
    /// Base names of the files and their hashes.
    inputs: Vec<(String, String)>,
    reading: HowRead,
    /// Names of the coordinates.
    coordinates: Vec<String>,
    /// Unit of the bound.
    unit: String,
    held_out: HeldOutOptions,
    certificate: Certificate,
}

/// The options that say how columns and times are taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HowRead {
    time: Option<String>,
    step: Option<f64>,
    trajectory: Option<String>,
    columns: Vec<String>,
    split: bool,
}

/// What a certificate gave when it was computed again from the data.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Certified {
    /// Whether the bound of every fold, their mean, the coefficients from the other folds and the interval all came out again.
    pub holds: bool,
    /// What did not, in sentences.
    pub faults: Vec<String>,
    /// The bound from these data.
    pub value: f64,
    /// The bound that the certificate states.
    pub stated: f64,
    /// The lower end of its interval from these data.
    pub low: f64,
    /// That of the certificate.
    pub stated_low: f64,
    /// Level of the interval.
    pub level: f64,
    /// Unit of all of them.
    pub unit: String,
    /// Whether the files are those that were certified, byte for byte.
    pub same_bytes: bool,
}

impl CertificateDocument {
    pub(super) fn new(
        request: &EstimationRequest,
        data: &SeriesData,
        held_out: HeldOutOptions,
        certificate: Certificate,
    ) -> Self {
        Self {
            format: FORMAT.into(),
            inputs: Vec::new(),
            reading: HowRead {
                time: request.time.clone(),
                step: request.step,
                trajectory: request.trajectory.clone(),
                columns: request.columns.clone(),
                split: request.split,
            },
            coordinates: data.names.clone(),
            unit: per("nats", &data.unit),
            held_out,
            certificate,
        }
    }

    pub(super) fn of_files(self, inputs: Vec<(String, String)>) -> Self {
        Self { inputs, ..self }
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// A number that JSON has no word for.
    pub fn to_json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self).map(|text| text + "\n");
        text.map_err(|error| placeless("certificate", error.to_string(), None))
    }
}

/// Computes the bound of a certificate again from the raw files: term by term with its coefficients as they are, and once more by fitting them on the folds that they are not evaluated on.
///
/// # Errors
/// A document that is no certificate or contradicts itself; files that cannot be read as it says or have another shape.
pub fn certify(document: &Opened, files: Vec<Opened>, run: &Run<'_>) -> Result<Certified> {
    let name = document.path.display().to_string();
    let text = document.source().map_or("", |source| source.text());
    let document: CertificateDocument = serde_json::from_str(text)
        .map_err(|error| placeless(&name, format!("the file is no certificate: {error}"), None))?;
    if document.format != FORMAT {
        let message = format!("the format is `{}`, expected `{FORMAT}`", document.format);
        return Err(placeless(&name, message, None));
    }
    let HowRead {
        time,
        step,
        trajectory,
        columns,
        split,
    } = document.reading.clone();
    let request = EstimationRequest {
        form: Form::Series,
        time,
        step,
        trajectory,
        columns,
        split,
        ..EstimationRequest::default()
    };
    let recorded = read(files, &request, run)?;
    let Data::Series(data) = &recorded.data else {
        return Err(placeless(
            &recorded.source,
            "the files hold no series, which the certificate is of",
            None,
        ));
    };
    if data.names != document.coordinates {
        let message = format!(
            "the coordinates are {}, and the certificate is of {}",
            data.names.join(", "),
            document.coordinates.join(", ")
        );
        return Err(placeless(&recorded.source, message, None));
    }
    let fail = |error| Error::inference(&recorded.source, error);
    let certificate = &document.certificate;
    let again = recheck(certificate, &data.series).map_err(fail)?;
    let fitted = run
        .install(|| {
            held_out_bound(
                &data.series,
                certificate.currents.clone(),
                &document.held_out,
                run,
            )
        })
        .map_err(|error| fail(error.into()))?
        .map_err(fail)?;
    let mut faults = Vec::new();
    if !again.agrees {
        faults.push(format!(
            "the bound of the data is not the one stated: they differ by {:.3e} in a fold, where rounding explains {:.1e}",
            again.difference.max((again.value - again.stated).abs()),
            again.tolerance
        ));
    }
    if !same_coefficients(certificate, &fitted.certificate) {
        faults.push("the coefficients are not those that the other folds give".into());
    }
    let (stated, found) = (certificate.bound, fitted.estimate);
    let off = |a: f64, b: f64| (a - b).abs() > FITTED * found.standard_error.max(f64::MIN_POSITIVE);
    if off(stated.interval.0, found.interval.0) || stated.level != document.held_out.level {
        faults.push(format!(
            "the lower end of the interval is {} from the data, and {} is stated",
            found.interval.0, stated.interval.0
        ));
    }
    Ok(Certified {
        holds: faults.is_empty(),
        faults,
        value: again.value,
        stated: again.stated,
        low: found.interval.0,
        stated_low: stated.interval.0,
        level: found.level,
        unit: document.unit,
        same_bytes: recorded
            .inputs
            .iter()
            .map(|(_, hash)| hash)
            .eq(document.inputs.iter().map(|(_, hash)| hash)),
    })
}

fn same_coefficients(stated: &Certificate, fitted: &Certificate) -> bool {
    let folds = stated.folds.iter().zip(&fitted.folds);
    stated.folds.len() == fitted.folds.len()
        && folds.into_iter().all(|(a, b)| {
            let size = b.coefficients.iter().map(|x| x.abs()).fold(0.0, f64::max);
            let pairs = a.coefficients.iter().zip(&b.coefficients);
            (a.first, a.end) == (b.first, b.end)
                && pairs.into_iter().all(|(x, y)| (x - y).abs() <= FITTED * size)
        })
}
