//! The result folder.
//!
//! | file | content |
//! |---|---|
//! | `result.json` | everything, schema `irrev.result/1` |
//! | `tables/NAME.csv` | each table and each series |
//! | `figures/NAME.svg`, `figures/NAME.csv` | each figure and the numbers behind it |
//! | `report.html` | the page |
//! | `run.log.json` | clock, host, threads: the only file that differs between equal runs |
//!
//! Each file is written under another name in its folder, synced, and renamed, so that a reader sees the old
//! file or the new one and never a part. `result.json` is renamed last: where it stands, the rest is
//! complete. While it is written a folder holds a file `.unfinished`, by which one that was left by an
//! interrupted run is known. A folder is touched only if it is new, empty, unfinished, or holds a result and overwriting
//! is allowed; then files of the earlier result that the new one lacks are removed from `tables` and `figures`.

use crate::{Error, Page, Report, Result, RunLog, delimited, page, svg};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const RESULT: &str = "result.json";

/// Stands in a folder while it is written.
const UNFINISHED: &str = ".unfinished";

/// How a result folder is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Replace an earlier result in the same folder. Default: refuse.
    pub force: bool,
    /// Write a small page with drawings instead of interactive plots (some 300 kB instead of 1.5 MB and more).
    /// Default: interactive.
    pub static_page: bool,
}

/// Writes the result folder and returns the files written, `result.json` last.
///
/// # Errors
///
/// [`Error::ResultExists`] if the folder holds a result and `force` is not set, [`Error::ForeignDirectory`]
/// if it holds other files but no result, [`Error::NotADirectory`] if a file is in the way, [`Error::Write`]
/// if the system refuses, and what [`Report::validate`] finds. Nothing is written unless all contents could
/// be made.
///
/// ```
/// use irrev_report::{Provenance, Report, RunLog, WriteOptions, write_folder};
/// let report = Report::new("markov_jump", "Empty", Provenance::new("0.1.0"));
/// let folder = tempfile::tempdir()?;
/// let files = write_folder(&report, &RunLog::begin(1), folder.path(), &WriteOptions::default())?;
/// assert!(files.iter().any(|file| file.ends_with("report.html")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_folder(
    report: &Report,
    log: &RunLog,
    directory: &Path,
    options: &WriteOptions,
) -> Result<Vec<PathBuf>> {
    report.validate()?;
    admit(directory, options.force)?;
    let contents = contents(report, log, options)?;
    create_folder(directory)?;
    let mark = directory.join(UNFINISHED);
    write_atomically(&mark, b"")?;
    for folder in ["tables", "figures"] {
        let within = format!("{folder}/");
        if contents.iter().any(|(name, _)| name.starts_with(&within)) {
            create_folder(&directory.join(folder))?;
        }
    }
    let mut written = Vec::with_capacity(contents.len());
    for (name, content) in &contents {
        let path = directory.join(name);
        write_atomically(&path, content.as_bytes())?;
        written.push(path);
    }
    remove_stale(directory, &written)?;
    fs::remove_file(&mark).map_err(|source| Error::Write {
        action: "remove",
        path: mark,
        source,
    })?;
    Ok(written)
}

/// Relative paths and contents, `result.json` last.
fn contents(report: &Report, log: &RunLog, options: &WriteOptions) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for table in &report.tables {
        files.push((format!("tables/{}.csv", table.name), delimited::table_csv(table)?));
    }
    for series in &report.series {
        files.push((
            format!("tables/{}.csv", series.name),
            delimited::table_csv(&series.to_table())?,
        ));
    }
    for figure in &report.figures {
        files.push((format!("figures/{}.svg", figure.name), svg::figure_svg(figure)?));
        files.push((
            format!("figures/{}.csv", figure.name),
            delimited::figure_csv(figure)?,
        ));
    }
    let style = if options.static_page {
        Page::Static
    } else {
        Page::Interactive
    };
    files.push(("report.html".to_owned(), page::report_page(report, style)?));
    files.push(("run.log.json".to_owned(), log.to_json()?));
    files.push((RESULT.to_owned(), report.to_json()?));
    Ok(files)
}

/// Whether a report may be written to the folder: it is new, empty, left unfinished by an interrupted run, or holds an earlier result and `force` is given.
///
/// [`write_folder`] asks the same; ask first, so that a long computation is not refused at its end.
///
/// # Errors
/// [`Error::ResultExists`], [`Error::ForeignDirectory`], [`Error::NotADirectory`], or the system's refusal to list it.
pub fn admit(directory: &Path, force: bool) -> Result<()> {
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Error::NotADirectory {
                path: directory.to_path_buf(),
            });
        }
        Err(source) => {
            return Err(Error::Write {
                action: "list",
                path: directory.to_path_buf(),
                source,
            });
        }
    };
    let directory = directory.to_path_buf();
    if directory.join(RESULT).symlink_metadata().is_ok() {
        if force {
            Ok(())
        } else {
            Err(Error::ResultExists { directory })
        }
    } else if entries.next().is_some() && directory.join(UNFINISHED).symlink_metadata().is_err() {
        Err(Error::ForeignDirectory { directory })
    } else {
        Ok(())
    }
}

fn create_folder(folder: &Path) -> Result<()> {
    match fs::create_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => {
            Err(Error::NotADirectory {
                path: folder.to_path_buf(),
            })
        }
        Err(source) => Err(Error::Write {
            action: "create",
            path: folder.to_path_buf(),
            source,
        }),
    }
}

/// Writes to `.NAME.partial` in the same folder, syncs, renames.
fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    let partial = path.with_file_name(format!(".{name}.partial"));
    let failure = |action, path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Write { action, path, source }
    };
    // A partial file left by an interrupted run is removed first; `create_new` then never follows a link.
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failure("remove", &partial)(error)),
        _ => {}
    }
    let mut file = File::create_new(&partial).map_err(failure("create", &partial))?;
    file.write_all(content).map_err(failure("write", &partial))?;
    file.sync_all().map_err(failure("sync", &partial))?;
    drop(file);
    fs::rename(&partial, path).map_err(failure("rename", path))
}

/// Removes tables and figures of an earlier result that the new one lacks.
fn remove_stale(directory: &Path, written: &[PathBuf]) -> Result<()> {
    let written: HashSet<&Path> = written.iter().map(PathBuf::as_path).collect();
    for folder in ["tables", "figures"] {
        let folder = directory.join(folder);
        if !folder.is_dir() {
            continue;
        }
        let failure = |action: &'static str, path: &Path| {
            let path = path.to_path_buf();
            move |source| Error::Write { action, path, source }
        };
        for entry in fs::read_dir(&folder).map_err(failure("list", &folder))? {
            let path = entry.map_err(failure("list", &folder))?.path();
            let ours = path
                .extension()
                .is_some_and(|extension| extension == "csv" || extension == "svg");
            if ours && !written.contains(path.as_path()) {
                fs::remove_file(&path).map_err(failure("remove", &path))?;
            }
        }
    }
    Ok(())
}
