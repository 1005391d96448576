//! `irrev init`: a commented model that runs.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::arguments::Init;
use crate::failure::Failure;
use crate::output;

pub(crate) fn init(arguments: &Init) -> Result<ExitCode, Failure> {
    let Some(text) = irrev::model::template(&arguments.kind) else {
        let known = irrev::model::KINDS_WITH_TEMPLATE.join(", ");
        let message = format!(
            "error: no template for kind \"{}\"; there is one for: {known}",
            arguments.kind
        );
        return Err(Failure::new(Failure::USAGE, message));
    };
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.toml", arguments.kind)));
    let failed = |e: std::io::Error| {
        let hint = if e.kind() == std::io::ErrorKind::AlreadyExists {
            " (--force overwrites)"
        } else {
            ""
        };
        Failure::new(
            Failure::WRITE,
            format!("error: cannot write {}: {e}{hint}", path.display()),
        )
    };
    if arguments.force && path.is_dir() {
        return Err(Failure::new(
            Failure::WRITE,
            format!("error: {} is a folder", path.display()),
        ));
    }
    let mut options = std::fs::OpenOptions::new();
    let options = if arguments.force {
        options.write(true).create(true).truncate(true)
    } else {
        options.write(true).create_new(true)
    };
    options
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(failed)?;
    output::note(
        false,
        &format!("wrote {0}; next: irrev run {0} --out report", path.display()),
    );
    Ok(ExitCode::SUCCESS)
}
