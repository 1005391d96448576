//! `irrev explain`: what a quantity means, where each number of a model comes from, or what is in a result.

use std::path::Path;
use std::process::ExitCode;

use irrev::explain::{definition_text, meanings, model, result};
use irrev::report::{Definition, Report};
use serde_json::{Value, json};

use crate::arguments::Explain;
use crate::failure::Failure;
use crate::output;

pub(crate) fn explain(arguments: &Explain) -> Result<ExitCode, Failure> {
    let (text, document) = match &arguments.what {
        None => {
            let all = irrev::analysis::definitions();
            let text = all.iter().map(|d| format!("{:<34} {}\n", d.name, d.label));
            (text.collect(), all.iter().map(described).collect())
        }
        Some(what) if is_result(Path::new(what)) => {
            let path = Path::new(what);
            let file = if path.is_dir() {
                path.join(RESULT)
            } else {
                path.to_owned()
            };
            let explanation = result(&stored(&file)?);
            (explanation.to_string(), explanation.to_json())
        }
        // a quantity is one plain word; anything else names a file
        Some(what) if what == "-" || what.contains(['.', '/', '\\']) || Path::new(what).exists() => {
            let explanation = model(&super::load(Path::new(what))?, &super::overrides(&arguments.set)?)?;
            (explanation.to_string(), explanation.to_json())
        }
        Some(what) => {
            let found = meanings(what)?;
            let texts: Vec<String> = found.iter().map(definition_text).collect();
            let document = match found.as_slice() {
                [one] => described(one),
                several => several.iter().map(described).collect(),
            };
            (texts.join("\n"), document)
        }
    };
    if arguments.json {
        output::data(&format!("{document:#}\n"))?;
    } else {
        output::data(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The document in the folder of a result.
const RESULT: &str = "result.json";

/// Whether a path is a result or its folder.
fn is_result(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|extension| extension == "json")
}

/// A report that was written.
fn stored(file: &Path) -> Result<Report, Failure> {
    let failed = |code, error: &dyn std::fmt::Display| {
        Failure::new(code, format!("error: {}: {error}", file.display()))
    };
    let text = std::fs::read_to_string(file).map_err(|error| failed(Failure::UNREADABLE, &error))?;
    Report::from_json(&text).map_err(|error| failed(Failure::INVALID, &error))
}

fn described(d: &Definition) -> Value {
    json!({
        "name": d.name,
        "label": d.label,
        "symbol": d.symbol,
        "unit": d.unit,
        "formula": d.formula,
        "explanation": d.explanation,
        "source": d.source,
    })
}
