//! `irrev check`: is the model sound, and what can be computed?

use std::process::ExitCode;

use crate::arguments::Check;
use crate::failure::Failure;
use crate::output;

pub(crate) fn check(arguments: &Check) -> Result<ExitCode, Failure> {
    let overrides = super::overrides(&arguments.set)?;
    let mut documents = Vec::new();
    for file in &arguments.files {
        let model = super::load(file)?;
        let irrev::model::Model::Markov(spec) = &model else {
            continue;
        };
        let possibilities = irrev::analysis::possibilities(&model, &overrides)?;
        if arguments.json {
            let sections: serde_json::Map<String, serde_json::Value> = possibilities
                .iter()
                .map(|p| {
                    (
                        p.section.name().to_owned(),
                        serde_json::json!({"possible": p.obstacle.is_none(), "reason": p.obstacle}),
                    )
                })
                .collect();
            let warnings: Vec<String> = spec.warnings.iter().map(ToString::to_string).collect();
            documents.push(serde_json::json!({
                "schema": "irrev.check/1",
                "file": spec.source.name(),
                "kind": "markov",
                "states": spec.states.len(),
                "transitions": spec.transitions.len(),
                "sections": sections,
                "warnings": warnings,
            }));
            continue;
        }
        let mut text = format!(
            "{}: sound; {} states, {} transitions, {} reservoirs\n",
            spec.source.name(),
            spec.states.len(),
            spec.transitions.len(),
            spec.reservoirs.len()
        );
        for warning in &spec.warnings {
            text.push_str(&format!("{warning}\n"));
        }
        for p in possibilities {
            let answer = match p.obstacle {
                None => format!("yes  {}", p.section.description()),
                Some(reason) => format!("no   {reason}"),
            };
            text.push_str(&format!("  {:<14} {answer}\n", p.section.name()));
        }
        output::data(&text)?;
    }
    if arguments.json {
        let document = if documents.len() == 1 {
            documents.remove(0)
        } else {
            documents.into()
        };
        output::data(&format!("{document:#}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
