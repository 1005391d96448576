//! `irrev run`: models in, summary and reports out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use irrev::analysis::{Options, Section};
use irrev::report::{Report, RunLog, WriteOptions, admit, summary_text, write_folder};

use crate::arguments::{Computing, Run};
use crate::failure::Failure;
use crate::monitor::{Terminal, run_of};
use crate::output;

pub(crate) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let out = arguments.out.as_deref().map(output::checked).transpose()?;
    let sections = sections(&arguments.sections)?;
    let overrides = super::overrides(&arguments.computing.set)?;
    if let Some(out) = out {
        let mut folders: Vec<PathBuf> = arguments
            .files
            .iter()
            .map(|file| folder(out, file, arguments.files.len()))
            .collect();
        folders.sort();
        if let Some(pair) = folders.windows(2).find(|pair| pair[0] == pair[1]) {
            let message = format!(
                "error: two models would both be written to {}; run them one by one",
                pair[0].display()
            );
            return Err(Failure::new(Failure::USAGE, message));
        }
    }
    let (mut verified, mut complete) = (true, true);
    let mut documents = Vec::new();
    for file in &arguments.files {
        let folder = out.map(|out| folder(out, file, arguments.files.len()));
        if let Some(folder) = &folder {
            // a refusal after the computation would waste it
            admit(folder, arguments.computing.force)?;
        }
        let model = super::load(file)?;
        let options = Options {
            overrides: overrides.clone(),
            sections: sections.clone(),
            sweep: None,
        };
        let begin = Instant::now();
        let report = analyse(&model, &options, &arguments.computing)?;
        verified &= report.all_verified();
        complete &= report.missing_sections.is_empty();
        if let Some(folder) = &folder {
            write(
                &report,
                folder,
                file,
                &arguments.computing,
                arguments.static_page,
                begin,
            )?;
        }
        if arguments.computing.json {
            documents.push(report.to_json()?);
        } else {
            output::data(&summary_text(&report))?;
        }
    }
    if arguments.computing.json {
        output::data(&one_document(documents))?;
    }
    Ok(match (verified, complete) {
        (true, true) => ExitCode::SUCCESS,
        (true, false) => ExitCode::from(Failure::NOT_CONVERGED),
        (false, _) => ExitCode::from(1),
    })
}

/// Analyses one model with progress and Ctrl-C.
pub(super) fn analyse(
    model: &irrev::model::Model,
    options: &Options,
    computing: &Computing,
) -> Result<Report, Failure> {
    let monitor = Terminal::new(computing);
    let result = irrev::analysis::run(model, options, &run_of(computing, model.seed(), &monitor));
    monitor.finish(&result);
    Ok(result?)
}

/// Writes the one report of a verb where it was asked for, prints it, and tells whether all its checks hold.
pub(super) fn deliver(
    report: &Report,
    out: Option<&Path>,
    file: &Path,
    computing: &Computing,
    static_page: bool,
    begin: Instant,
) -> Result<ExitCode, Failure> {
    if let Some(folder) = out {
        write(report, folder, file, computing, static_page, begin)?;
    }
    if computing.json {
        output::data(&report.to_json()?)?;
    } else {
        output::data(&summary_text(report))?;
    }
    Ok(
        match (report.all_verified(), report.missing_sections.is_empty()) {
            (true, true) => ExitCode::SUCCESS,
            (true, false) => ExitCode::from(Failure::NOT_CONVERGED),
            (false, _) => ExitCode::from(1),
        },
    )
}

/// Writes a report and says where.
pub(super) fn write(
    report: &Report,
    folder: &Path,
    file: &Path,
    computing: &Computing,
    static_page: bool,
    begin: Instant,
) -> Result<(), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if computing.threads == 0 {
        cores
    } else {
        computing.threads
    };
    let mut log = RunLog::begin(threads).lasting(begin.elapsed());
    log.command = std::env::args().collect();
    log.files = vec![file.display().to_string()];
    write_folder(
        report,
        &log,
        folder,
        &WriteOptions {
            force: computing.force,
            static_page,
        },
    )?;
    output::note(
        computing.quiet,
        &format!("report: {}", folder.join("report.html").display()),
    );
    Ok(())
}

fn sections(names: &[String]) -> Result<Option<Vec<Section>>, Failure> {
    if names.is_empty() {
        return Ok(None);
    }
    let found: Result<Vec<Section>, irrev::Error> = names.iter().map(|name| Section::named(name)).collect();
    Ok(Some(found?))
}

/// The folder of a model's report: the one given, or one below it per model.
fn folder(out: &Path, file: &Path, files: usize) -> PathBuf {
    let stem = file
        .file_stem()
        .map_or_else(|| "stdin".into(), |s| s.to_string_lossy().into_owned());
    if files == 1 {
        out.to_owned()
    } else {
        out.join(if stem == "-" { "stdin".to_owned() } else { stem })
    }
}

fn one_document(mut documents: Vec<String>) -> String {
    if documents.len() == 1 {
        documents.remove(0)
    } else {
        format!("[\n{}\n]\n", documents.join(",\n"))
    }
}
