//! `irrev check`: is the model sound, and what can be computed?

use std::process::ExitCode;

use irrev::analysis::{Possibility, possibilities};
use irrev::model::{Model, Override};
use serde_json::{Value, json};

use crate::arguments::Check;
use crate::failure::Failure;
use crate::output;

pub(crate) fn check(arguments: &Check) -> Result<ExitCode, Failure> {
    let overrides = super::overrides(&arguments.set)?;
    let mut documents = Vec::new();
    for file in &arguments.files {
        let model = super::load(file)?;
        let found = possibilities(&model, &overrides)?;
        let decisions = decisions(&model, &overrides)?;
        if arguments.json {
            documents.push(document(&model, &found, &decisions));
        } else {
            output::data(&text(&model, &found, &decisions))?;
        }
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

/// How many there are of what the model is made of, by their names.
fn counts(model: &Model) -> Vec<(&'static str, usize)> {
    match model {
        Model::Markov(spec) => vec![
            ("states", spec.states.len()),
            ("transitions", spec.transitions.len()),
            ("reservoirs", spec.reservoirs.len()),
        ],
        Model::Reactions(spec) => vec![
            ("species", spec.species.len()),
            ("reactions", spec.reactions.len()),
            ("compartments", spec.compartments.len()),
        ],
        _ => Vec::new(),
    }
}

/// What was decided about reactions without finite entropy production, one sentence each.
fn decisions(model: &Model, overrides: &[Override]) -> Result<Vec<String>, Failure> {
    match model {
        Model::Reactions(spec) => Ok(irrev::chemistry::decisions(spec, overrides)?),
        _ => Ok(Vec::new()),
    }
}

fn text(model: &Model, found: &[Possibility], decisions: &[String]) -> String {
    let counts: Vec<String> = counts(model)
        .into_iter()
        .map(|(what, n)| format!("{n} {what}"))
        .collect();
    let mut text = format!("{}: sound; {}\n", model.source().name(), counts.join(", "));
    for warning in model.warnings() {
        text.push_str(&format!("{warning}\n"));
    }
    for decision in decisions {
        text.push_str(&format!("  {decision}\n"));
    }
    for p in found {
        let answer = match &p.obstacle {
            None => format!("yes  {}", p.section.description()),
            Some(reason) => format!("no   {reason}"),
        };
        text.push_str(&format!("  {:<14} {answer}\n", p.section.name()));
    }
    text
}

fn document(model: &Model, found: &[Possibility], decisions: &[String]) -> Value {
    let sections: serde_json::Map<String, Value> = found
        .iter()
        .map(|p| {
            let answer = json!({"possible": p.obstacle.is_none(), "reason": p.obstacle});
            (p.section.name().to_owned(), answer)
        })
        .collect();
    let warnings: Vec<String> = model.warnings().iter().map(ToString::to_string).collect();
    let mut document = json!({
        "schema": "irrev.check/1",
        "file": model.source().name(),
        "kind": model.kind(),
        "sections": sections,
        "warnings": warnings,
    });
    for (what, n) in counts(model) {
        document[what] = n.into();
    }
    if matches!(model, Model::Reactions(_)) {
        document["decisions"] = decisions.into();
    }
    document
}
