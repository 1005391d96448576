//! `irrev init`: a commented model that runs.

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
    output::file(&path, text, arguments.force)?;
    output::note(
        false,
        &format!("wrote {0}; next: irrev run {0} --out report", path.display()),
    );
    Ok(ExitCode::SUCCESS)
}
