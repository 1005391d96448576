//! `irrev explain`: what a quantity means, or where each number of a model comes from.

use std::path::Path;
use std::process::ExitCode;

use irrev::explain::{definition, definition_text, model};
use irrev::report::Definition;
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
        // a quantity is one plain word; anything else names a file
        Some(what) if what == "-" || what.contains(['.', '/', '\\']) || Path::new(what).exists() => {
            let explanation = model(&super::load(Path::new(what))?, &super::overrides(&arguments.set)?)?;
            (explanation.to_string(), explanation.to_json())
        }
        Some(what) => {
            let found = definition(what)?;
            (definition_text(&found), described(&found))
        }
    };
    if arguments.json {
        output::data(&format!("{document:#}\n"))?;
    } else {
        output::data(&text)?;
    }
    Ok(ExitCode::SUCCESS)
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
