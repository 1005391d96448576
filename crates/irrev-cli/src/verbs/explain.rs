//! `irrev explain`: what a quantity means, or where each number of a model comes from.

use std::path::Path;
use std::process::ExitCode;

use irrev::explain::{definition, definition_text, model_text};

use crate::arguments::Explain;
use crate::failure::Failure;
use crate::output;

pub(crate) fn explain(arguments: &Explain) -> Result<ExitCode, Failure> {
    let text = match &arguments.what {
        None => irrev::analysis::definitions()
            .iter()
            .map(|d| format!("{:<34} {}\n", d.name, d.label))
            .collect(),
        // a quantity is one plain word; anything else names a file
        Some(what) if what == "-" || what.contains(['.', '/', '\\']) || Path::new(what).exists() => {
            model_text(&super::load(Path::new(what))?, &super::overrides(&arguments.set)?)?
        }
        Some(what) => definition_text(&definition(what)?),
    };
    output::data(&text)?;
    Ok(ExitCode::SUCCESS)
}
