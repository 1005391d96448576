//! Where results go: standard output, a file, or a folder.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};

use crate::failure::Failure;

/// Writes data to standard output; a reader that closed the pipe early is not an error.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(
            Failure::WRITE,
            format!("error: cannot write to standard output: {e}"),
        )),
        _ => Ok(()),
    }
}

/// Says something on standard error.
pub(crate) fn note(quiet: bool, text: &str) {
    if !quiet {
        let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
    }
}

/// Refuses an output path that climbs out of where it seems to lead.
pub(crate) fn checked(path: &Path) -> Result<&Path, Failure> {
    let climbs = path.components().any(|c| c == Component::ParentDir);
    if climbs || path.as_os_str().is_empty() {
        let shown = path.display();
        let message = format!(
            "error: --out \"{shown}\" {}; give a path without \"..\", absolute or below the current folder",
            if climbs { "climbs with \"..\"" } else { "is empty" }
        );
        return Err(Failure::new(Failure::USAGE, message));
    }
    Ok(path)
}

/// Refuses to replace what is there.
pub(crate) fn require_absent(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        Err(e) => Err(cannot_write(path, &e.to_string())),
        Ok(_) => Err(cannot_write(path, "it exists (--force overwrites)")),
    }
}

/// Writes a file at once or not at all: to `.NAME.partial` beside it, synced, then renamed. Without `force`, what is there stays.
pub(crate) fn file(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let failed = |e: std::io::Error| cannot_write(path, &e.to_string());
    if path.is_dir() {
        return Err(cannot_write(path, "it is a folder"));
    }
    if !force {
        require_absent(path)?;
    }
    let Some(name) = path.file_name() else {
        return Err(cannot_write(path, "it names no file"));
    };
    let partial = path.with_file_name(format!(".{}.partial", name.to_string_lossy()));
    // what an interrupted command left is removed first; `create_new` then never follows a link
    match std::fs::remove_file(&partial) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let write = || -> std::io::Result<()> {
        let mut file = File::create_new(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    };
    write().map_err(|e| {
        // the failure to report is the first one
        let _ = std::fs::remove_file(&partial);
        failed(e)
    })
}

fn cannot_write(path: &Path, reason: &str) -> Failure {
    Failure::new(
        Failure::WRITE,
        format!("error: cannot write {}: {reason}", path.display()),
    )
}
