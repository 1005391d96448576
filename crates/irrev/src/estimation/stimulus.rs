//! A stimulus and the spikes that it drew: transfer entropy and information rate.

use irrev_inference::transfer::{SpikeTrial, StimulusOptions, StimulusToSpikes, stimulus_to_spikes};
use irrev_numerics::Run;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Provenance, Report, Table, readable_number};

use super::clock::timing;
use super::definitions::{INFORMATION_RATE, STIMULUS_TRANSFER};
use super::fault::{at, counted, placeless};
use super::files::{Content, Opened};
use super::request::{EstimationRequest, Form};
use super::roles::roles;
use super::text::{number, rows};
use super::told::{RECORDED, Tell, WHO_INFORMS_WHOM, with_interval};
use crate::error::{Error, Result};
use crate::recordings::TimeUnit;

/// Delays that are tried beside the one asked for, in bins.
const DELAYS: usize = 10;

/// How stimulus and spikes are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct StimulusRequest {
    /// Width of a bin in seconds.
    pub bin: f64,
    /// Levels of the stimulus, of equal occupation; default 4.
    pub levels: usize,
    /// Bins by which the stimulus is read earlier; default 0.
    pub delay: usize,
    /// Trial of the spikes, counted from 0; default all.
    pub trial: Option<usize>,
    /// Unit of the times in both files; default seconds.
    pub time_unit: TimeUnit,
    /// Surrogates; default 99.
    pub surrogates: usize,
}

impl Default for StimulusRequest {
    fn default() -> Self {
        Self {
            bin: 0.0,
            levels: 4,
            delay: 0,
            trial: None,
            time_unit: TimeUnit::Seconds,
            surrogates: 99,
        }
    }
}

/// What spikes report on a stimulus. The first file lists times of spikes, trials parted by comments or empty lines, each a presentation of the stimulus from its time 0 on; the second has columns of time and stimulus.
///
/// ```
/// use irrev::estimation::{StimulusRequest, open, stimulus_report};
/// use irrev::numerics::Run;
/// # let folder = tempfile::tempdir()?;
/// # let (spikes, stimulus) = (folder.path().join("spikes.txt"), folder.path().join("stimulus.txt"));
/// # let high = |k: u32| (k * k) % 7 > 3;
/// # std::fs::write(&stimulus, (0..2000).map(|k| format!("{k} {}\n", f64::from(u8::from(high(k))) + 1e-3 * f64::from(k % 3))).collect::<String>())?;
/// # std::fs::write(&spikes, (0..2000).filter(|k| high(*k)).map(|k| format!("{}\n", k + 1)).collect::<String>())?;
/// let run = Run::default();
/// let request = StimulusRequest { bin: 1.0, levels: 2, ..StimulusRequest::default() };
/// let report = stimulus_report(open(&spikes, &run)?, open(&stimulus, &run)?, &request, &run)?;
/// assert!(report.quantity("stimulus_information_rate").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Files with faults, by line; a width of a bin that is none, or too short for the stimulus; a trial that is not there; too few bins; cancellation.
pub fn stimulus_report(
    spikes: Opened,
    stimulus: Opened,
    request: &StimulusRequest,
    run: &Run<'_>,
) -> Result<Report> {
    if !(request.bin > 0.0 && request.bin.is_finite()) {
        return Err(Error::Request {
            option: "bin",
            given: String::new(),
            problem: "is missing: spikes need a width of bins in seconds, such as --bin 0.005".into(),
        });
    }
    let inputs = [spikes.input.clone(), stimulus.input.clone()];
    let source = spikes.path.display().to_string();
    let all = trials(&spikes, request.time_unit)?;
    let chosen: Vec<&Vec<f64>> = match request.trial {
        None => all.iter().collect(),
        Some(k) => vec![all.get(k).ok_or_else(|| Error::Request {
            option: "trial",
            given: k.to_string(),
            problem: format!("is not there: the file has {}", counted(all.len(), "trial")),
        })?],
    };
    let (times, values, notes) = of_stimulus(stimulus, request.time_unit, run)?;
    let presented: Vec<SpikeTrial<'_>> = chosen
        .iter()
        .map(|spikes| SpikeTrial {
            stimulus_times: &times,
            stimulus: &values,
            spikes,
        })
        .collect();
    let asked = EstimationRequest::default();
    let mut report = Report::new(
        "estimation",
        "Stimulus and spikes",
        provenance(request, inputs, run),
    );
    let total: usize = chosen.iter().map(|spikes| spikes.len()).sum();
    report.push_summary(
        RECORDED,
        format!(
            "{source}: {} in {}.",
            counted(total, "spike"),
            counted(chosen.len(), "trial")
        ),
    );
    for note in notes {
        report.push_summary(RECORDED, note);
    }
    let mut tell = Tell::new(&source, &asked, run, report);
    let options = StimulusOptions {
        bin: request.bin,
        levels: request.levels,
        delay: request.delay,
        surrogates: request.surrogates,
        ..StimulusOptions::default()
    };
    let work = || -> Result<(StimulusToSpikes, Vec<StimulusToSpikes>)> {
        let fail = |error| Error::inference(&source, error);
        let found = stimulus_to_spikes(&presented, &options, run).map_err(fail)?;
        let delayed = (0..=DELAYS).map(|delay| {
            let options = StimulusOptions {
                delay,
                surrogates: 0,
                ..options
            };
            stimulus_to_spikes(&presented, &options, run).map_err(fail)
        });
        Ok((found, delayed.collect::<Result<_>>()?))
    };
    let (found, delayed) = run
        .install(work)
        .map_err(|error| Error::inference(&source, error.into()))??;
    told(&found, request, &mut tell);
    delays(&delayed, request, &mut tell);
    Ok(super::cited(tell.finish()))
}

/// Times of spikes in seconds, trial by trial.
fn trials(file: &Opened, unit: TimeUnit) -> Result<Vec<Vec<f64>>> {
    let Content::Text(source) = &file.content else {
        let name = file.path.display().to_string();
        return Err(placeless(
            &name,
            "spikes of trials are listed in a text, a time in each row",
            None,
        ));
    };
    let mut trials: Vec<Vec<f64>> = Vec::new();
    let mut end = None;
    for line in rows(source) {
        let text = source.slice(line).trim();
        let Some(time) = number(text) else {
            let message = format!("`{text}` is no time of a spike");
            return Err(at(source, line, message, Some("expected one time in each row")));
        };
        let apart = end.is_none_or(|end: usize| {
            source.text()[end..line.start]
                .bytes()
                .filter(|b| *b == b'\n')
                .count()
                > 1
        });
        if apart {
            trials.push(Vec::new());
        }
        end = Some(line.end);
        if let Some(trial) = trials.last_mut() {
            trial.push(time / unit.per_second());
        }
    }
    if trials.is_empty() {
        return Err(placeless(source.name(), "the file has no rows", None));
    }
    Ok(trials)
}

/// Times in seconds, values, and what was found.
fn of_stimulus(file: Opened, unit: TimeUnit, run: &Run<'_>) -> Result<(Vec<f64>, Vec<f64>, Vec<String>)> {
    let asked = EstimationRequest {
        form: Form::Series,
        ..EstimationRequest::default()
    };
    let table = file.table(&asked, run)?;
    let roles = roles(&table, &asked)?;
    let (Some(time), [value]) = (roles.time, roles.values.as_slice()) else {
        return Err(Error::NotPossible {
            model: table.name.clone(),
            what: "to read a stimulus".into(),
            reason: "expected a column of times that rise evenly and one of values".into(),
        });
    };
    let found = timing(&table, &roles, &asked)?;
    let times = table
        .numbers(time, "a time")?
        .iter()
        .map(|t| t / unit.per_second())
        .collect();
    let values = table.numbers(*value, "a stimulus")?.to_vec();
    Ok((times, values, found.notes))
}

fn told(found: &StimulusToSpikes, request: &StimulusRequest, tell: &mut Tell<'_>) {
    let transfer = &found.transfer_entropy;
    tell.estimate(
        &STIMULUS_TRANSFER,
        "",
        &transfer.estimate,
        "nats/bin",
        transfer.assumptions,
    );
    tell.estimate(
        &INFORMATION_RATE,
        "",
        &found.information_rate,
        "nats/s",
        transfer.assumptions,
    );
    for quantity in &mut tell.report.quantities {
        quantity.key = true;
    }
    let p = transfer.surrogates.map_or(f64::NAN, |test| test.p_value);
    tell.report.push_summary(
        WHO_INFORMS_WHOM,
        format!(
            "In bins of {} ms the spikes report the stimulus at {} nats/s, that is {} bits/s; of {} surrogates p = {}.",
            readable_number(1e3 * request.bin, 4),
            with_interval(&found.information_rate),
            readable_number(found.information_rate.value / std::f64::consts::LN_2, 3),
            request.surrogates,
            readable_number(p, 2)
        ),
    );
    tell.report.push_summary(
        RECORDED,
        format!(
            "{} bins, {} % of them with a spike; {} that shared one with another are not told apart.",
            found.bins,
            readable_number(100.0 * found.spike_share, 3),
            counted(found.merged_spikes, "spike")
        ),
    );
}

fn delays(found: &[StimulusToSpikes], request: &StimulusRequest, tell: &mut Tell<'_>) {
    let at: Vec<f64> = (0..found.len()).map(|delay| delay as f64 * request.bin).collect();
    let column = |of: &dyn Fn(&StimulusToSpikes) -> f64| found.iter().map(of).collect::<Vec<f64>>();
    let (value, low, high) = (
        column(&|f| f.information_rate.value),
        column(&|f| f.information_rate.interval.0),
        column(&|f| f.information_rate.interval.1),
    );
    tell.report.push_table(
        Table::new(
            "delays",
            "Information rate for stimuli read earlier, bias by Miller and Madow taken off",
        )
        .numbers("delay", "s", at.clone())
        .numbers("information rate", "nats/s", value.clone())
        .numbers("low", "nats/s", low.clone())
        .numbers("high", "nats/s", high.clone()),
    );
    tell.report.push_figure(Figure::new(
        "information_rate",
        "Information rate against delay",
        "Transfer entropy per second from the stimulus, read earlier by the delay, to the spikes; band: 95 %.",
        Lines::new(Axis::new("delay", "s"), Axis::new("information rate", "nats/s")).curve(
            Curve::new("stimulus → spikes", at, value)
                .styled(CurveStyle::LineAndMarkers)
                .with_band(low, high),
        ),
    ));
}

fn provenance(request: &StimulusRequest, inputs: [(String, String); 2], run: &Run<'_>) -> Provenance {
    let mut origin = Provenance::new(env!("CARGO_PKG_VERSION"))
        .with_seed(run.seed)
        .with_option("bin", request.bin)
        .with_option("levels", request.levels)
        .with_option("delay", request.delay)
        .with_option("surrogates", request.surrogates);
    if let Some(trial) = request.trial {
        origin = origin.with_option("trial", trial);
    }
    for (name, hash) in inputs {
        origin = origin.with_input(name, hash);
    }
    origin
}
