//! `irrev gallery`: built-in models.

use std::process::ExitCode;

use irrev::gallery::{ENTRIES, entry};

use crate::arguments::Gallery;
use crate::failure::Failure;
use crate::output;

pub(crate) fn gallery(arguments: &Gallery) -> Result<ExitCode, Failure> {
    match &arguments.name {
        Some(name) => output::data(entry(name)?.text)?,
        None if arguments.json => {
            let list: Vec<_> = ENTRIES
                .iter()
                .map(|e| serde_json::json!({"name": e.name, "physics": e.physics}))
                .collect();
            output::data(&format!("{:#}\n", serde_json::Value::from(list)))?;
        }
        None => {
            let lines: String = ENTRIES
                .iter()
                .map(|e| format!("{:<26} {}\n", e.name, e.physics))
                .collect();
            output::data(&lines)?;
            output::note(
                false,
                "\nprint one with `irrev gallery NAME > NAME.toml`, then `irrev run NAME.toml --out report`",
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
