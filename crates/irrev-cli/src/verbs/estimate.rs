//! `irrev infer` on data that are no activity of units: series, states, cells, a stimulus with its spikes.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use irrev::estimation::{
    CurrentBasis, EstimationRequest, Form, Opened, StimulusRequest, open, read, report, stimulus_report,
};
use irrev::estimators::speed;
use irrev::source::{STANDARD_INPUT, SourceFile};

use crate::arguments::{Basis, Family, Holds, Infer};
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

/// Which way the files of `irrev infer` go.
pub(crate) enum Way<'a> {
    /// To the network behind spikes or bins; with the text, if it came by standard input.
    Activity(Option<SourceFile>),
    /// To what is estimated without a model, with the first file opened.
    Data(Opened),
    /// To the comparison with a stimulus.
    Stimulus(&'a Path),
}

/// By what was said, or what the first file looks like.
pub(super) fn way(arguments: &Infer) -> Result<Way<'_>, Failure> {
    let data = &arguments.data;
    if let Some(stimulus) = &data.stimulus {
        refuse(
            &of_networks(arguments, false),
            "--stimulus compares spikes with a stimulus and fits no network",
        )?;
        refuse(
            &of_data(arguments),
            "--stimulus compares spikes with a stimulus and takes no such option",
        )?;
        return Ok(Way::Stimulus(stimulus));
    }
    let networks = of_networks(arguments, true);
    let said = match arguments.format {
        Holds::Spikes | Holds::Bins => Some(true),
        Holds::Series | Holds::States | Holds::Cells => Some(false),
        Holds::Auto if arguments.model.is_some() => Some(true),
        // options that only one of the ways has say which is meant
        Holds::Auto if !networks.is_empty() => Some(true),
        Holds::Auto if !of_data(arguments).is_empty() => Some(false),
        Holds::Auto => None,
    };
    if said == Some(true) {
        let what = "the files are taken for spikes or bins, which have no such option; for other data say --format series, states or cells";
        refuse(&of_data(arguments), what)?;
        return Ok(Way::Activity(None));
    }
    if arguments.model.is_some() {
        let message =
            "error: --model kinetic-ising needs spikes or bins, and --format says that there are none"
                .to_owned();
        return Err(Failure::new(Failure::USAGE, message));
    }
    let monitor = Terminal::new(&arguments.computing);
    let first = open(&arguments.files[0], &run_of(&arguments.computing, None, &monitor))?;
    if said.is_none() && first.is_activity() {
        let is_standard_input = arguments.files[0].as_os_str() == STANDARD_INPUT;
        let text = first
            .source()
            .filter(|_| is_standard_input && arguments.files.len() == 1);
        return Ok(Way::Activity(text.cloned()));
    }
    refuse(
        &networks,
        "it is for spikes and bins, and the files are taken for other data; say --format spikes or bins if they are not",
    )?;
    Ok(Way::Data(first))
}

fn refuse(given: &[&str], why: &str) -> Result<(), Failure> {
    match given.first() {
        None => Ok(()),
        Some(option) => Err(Failure::new(Failure::USAGE, format!("error: {option}: {why}"))),
    }
}

/// Options given that only the network behind spikes has; those it shares with a stimulus if wanted.
fn of_networks(arguments: &Infer, shared: bool) -> Vec<&'static str> {
    let options = [
        ("--bin", shared && !arguments.bin.is_empty()),
        ("--trial", shared && arguments.trial.is_some()),
        ("--time-unit", shared && arguments.time_unit.is_some()),
        ("--from", arguments.from.is_some()),
        ("--until", arguments.until.is_some()),
        ("--units", !arguments.units.is_empty()),
        ("--unit-column", arguments.unit_column.is_some()),
        ("--time-column", arguments.time_column.is_some()),
        ("--transpose", arguments.transpose),
        ("--penalty", arguments.penalty.is_some()),
        ("--l1", arguments.l1),
        ("--simulate", arguments.simulate.is_some()),
        ("--shuffles", shared && arguments.shuffles.is_some()),
    ];
    given(&options)
}

/// Options given that only other data have.
fn of_data(arguments: &Infer) -> Vec<&'static str> {
    let data = &arguments.data;
    let options = [
        ("--time", data.time.is_some()),
        ("--step", data.step.is_some()),
        ("--trajectory", data.trajectory.is_some()),
        ("--columns", !data.columns.is_empty()),
        ("--states", !data.states.is_empty()),
        ("--cells", !data.cells.is_empty()),
        ("--condition", data.condition.is_some()),
        ("--split", data.split),
        ("--basis", data.basis.is_some()),
        ("--window", data.window.is_some()),
        ("--neighbours", data.neighbours),
        ("--family", data.family.is_some()),
        ("--certificate", data.certificate.is_some()),
    ];
    given(&options)
}

fn given(options: &[(&'static str, bool)]) -> Vec<&'static str> {
    let said = options.iter().filter(|(_, is_given)| *is_given);
    said.map(|(name, _)| *name).collect()
}

/// Estimates from data, with the report and the certificate where they were asked for.
pub(super) fn estimate(arguments: &Infer, first: Opened, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let computing = &arguments.computing;
    let certificate = arguments.data.certificate.as_deref();
    if let Some(path) = certificate.filter(|_| !computing.force) {
        output::require_absent(path)?;
    }
    let request = request(arguments);
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let run = run_of(computing, None, &monitor);
    let work = || {
        let mut files = vec![first];
        for path in &arguments.files[1..] {
            files.push(open(path, &run)?);
        }
        let recorded = read(files, &request, &run)?;
        report(&recorded, &request, &run)
    };
    let result = work();
    monitor.finish(&result);
    let (found, document) = result?;
    if let Some(path) = certificate {
        let Some(document) = document else {
            let message =
                "error: --certificate: only series of two or more coordinates have a bound to certify"
                    .to_owned();
            return Err(Failure::new(Failure::USAGE, message));
        };
        output::file(path, &document.to_json()?, computing.force)?;
        output::note(computing.quiet, &format!("certificate: {}", path.display()));
    }
    super::run::deliver(
        &found,
        out,
        &arguments.files[0],
        computing,
        arguments.static_page,
        begin,
    )
}

/// The spikes of the one file against a stimulus.
pub(super) fn stimulus(arguments: &Infer, path: &Path, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let usage = |message: &str| Err(Failure::new(Failure::USAGE, format!("error: {message}")));
    let ([file], [bin]) = (arguments.files.as_slice(), arguments.bin.as_slice()) else {
        return usage("--stimulus needs one file of spikes and one width of bins, such as --bin 0.005");
    };
    let request = StimulusRequest {
        bin: *bin,
        levels: arguments.data.levels.unwrap_or(4),
        delay: arguments.data.delay.unwrap_or(0),
        trial: arguments.trial,
        time_unit: super::infer::time_unit(arguments.time_unit),
        surrogates: arguments.shuffles.unwrap_or(99),
    };
    let computing = &arguments.computing;
    let begin = Instant::now();
    let monitor = Terminal::new(computing);
    let run = run_of(computing, None, &monitor);
    let work = || stimulus_report(open(file, &run)?, open(path, &run)?, &request, &run);
    let result = work();
    monitor.finish(&result);
    super::run::deliver(&result?, out, file, computing, arguments.static_page, begin)
}

fn request(arguments: &Infer) -> EstimationRequest {
    let data = &arguments.data;
    EstimationRequest {
        form: match arguments.format {
            Holds::Series => Form::Series,
            Holds::States => Form::States,
            Holds::Cells => Form::Cells,
            _ => Form::Automatic,
        },
        time: data.time.clone(),
        step: data.step,
        trajectory: data.trajectory.clone(),
        columns: data.columns.clone(),
        states: data.states.clone(),
        cells: data.cells.clone(),
        condition: data.condition.clone(),
        split: data.split,
        basis: match data.basis {
            Some(Basis::Radial) => CurrentBasis::Radial,
            _ => CurrentBasis::Affine,
        },
        window: data.window,
        neighbours: data.neighbours,
        level: arguments.confidence,
        family: match data.family {
            Some(Family::LogNormal) => speed::Family::LogNormal,
            Some(Family::Gamma) => speed::Family::Gamma,
            _ => speed::Family::Normal,
        },
    }
}
