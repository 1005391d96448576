//! Where results go: standard output, or a folder.

use std::io::Write;
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
