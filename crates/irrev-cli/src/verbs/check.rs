//! `irrev check`: is the model sound, and what can be computed?

use std::process::ExitCode;

use irrev::analysis::{Possibility, possibilities_within};
use irrev::model::{Diagnostic, Model, Override, QuantumEnvironment, ReactionsEnvironment, code};
use irrev::numerics::Run;
use serde_json::{Value, json};

use crate::arguments::Check;
use crate::failure::Failure;
use crate::monitor::free_memory;
use crate::output;

/// Notes and decisions that are shown of many.
const SHOWN: usize = 3;

pub(crate) fn check(arguments: &Check) -> Result<ExitCode, Failure> {
    let overrides = super::overrides(&arguments.set)?;
    let mut documents = Vec::new();
    let mut is_any_refused = false;
    for file in &arguments.files {
        let model = super::load(file)?;
        let run = Run {
            memory_limit: free_memory(),
            ..Run::default()
        };
        let found = possibilities_within(&model, &overrides, &run)?;
        is_any_refused |= found.iter().all(|possibility| possibility.obstacle.is_some());
        let decisions = decisions(&model, &overrides)?;
        let warnings = warnings(&model, &overrides)?;
        if arguments.json {
            documents.push(document(&model, &warnings, &found, &decisions));
        } else {
            let shown = if arguments.verbose { usize::MAX } else { SHOWN };
            output::data(&text(&model, &warnings, &found, &decisions, shown))?;
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
    // a run of such a model would be refused
    Ok(if is_any_refused {
        ExitCode::from(Failure::INVALID)
    } else {
        ExitCode::SUCCESS
    })
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
        Model::Ising(spec) => vec![
            ("parameters", spec.parameters.len()),
            ("numbers", spec.formulas().count()),
            ("sweeps", spec.sweeps.len()),
        ],
        Model::Langevin(spec) => vec![
            ("coordinates", spec.coordinates.len()),
            ("parameters", spec.parameters.len()),
            ("numbers", spec.numbers.len()),
            ("sweeps", spec.sweeps.len()),
        ],
        Model::Quantum(spec) => vec![
            ("parameters", spec.parameters.len()),
            ("numbers", spec.numbers.len()),
            ("sweeps", spec.sweeps.len()),
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

/// What reading changed, and what the author may have meant otherwise.
fn warnings(model: &Model, overrides: &[Override]) -> Result<Vec<Diagnostic>, Failure> {
    match model {
        Model::Reactions(spec) => {
            let environment = ReactionsEnvironment::new(spec, overrides)?;
            Ok(environment.spec().warnings.clone())
        }
        Model::Quantum(spec) => Ok(QuantumEnvironment::new(spec, overrides)?.warnings()?),
        model => Ok(model.warnings().to_vec()),
    }
}

/// The first of many, each on its own lines, and how many more there are.
fn first(items: &[String], shown: usize, what: &str) -> String {
    let (told, rest) = items.split_at(shown.min(items.len()));
    let mut text: String = told.iter().map(|item| format!("{item}\n")).collect();
    if !rest.is_empty() {
        text.push_str(&format!(
            "  … and {} more {what} (--verbose shows all, --json too)\n",
            rest.len()
        ));
    }
    text
}

/// A sum of notes by what they are about: "31 laws split".
fn by_kind(warnings: &[Diagnostic]) -> String {
    let count = |wanted: &dyn Fn(&Diagnostic) -> bool| warnings.iter().filter(|w| wanted(w)).count();
    let is_split = |w: &Diagnostic| w.code == code::LAW && w.message.contains("split into");
    let laws = count(&|w| w.code == code::LAW);
    let split = count(&is_split);
    let net = count(&|w| w.code == code::NET);
    let pairs = count(&|w| w.code == code::PAIR);
    let kinds = [
        (split, "law split into directions", "laws split into directions"),
        (net, "law kept as a net flux", "laws kept as net fluxes"),
        (laws - split, "other note on a law", "other notes on laws"),
        (pairs, "pair of reactions joined", "pairs of reactions joined"),
        (warnings.len() - laws - net - pairs, "other note", "other notes"),
    ];
    let told = kinds.into_iter().filter(|(n, ..)| *n > 0);
    let told: Vec<String> = told
        .map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
        .collect();
    told.join(", ")
}

fn text(
    model: &Model,
    warnings: &[Diagnostic],
    found: &[Possibility],
    decisions: &[String],
    shown: usize,
) -> String {
    let counts: Vec<String> = counts(model)
        .into_iter()
        .map(|(what, n)| match (n, what) {
            // one species is a species
            (1, "species") => "1 species".to_owned(),
            (1, what) => format!("1 {}", what.trim_end_matches('s')),
            (n, what) => format!("{n} {what}"),
        })
        .collect();
    let mut text = format!("{}: sound; {}\n", model.source().name(), counts.join(", "));
    if warnings.len() > shown {
        text.push_str(&format!("  how it was read: {}\n", by_kind(warnings)));
    }
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    text.push_str(&first(&warnings, shown, "notes"));
    let decisions: Vec<String> = decisions.iter().map(|decision| format!("  {decision}")).collect();
    text.push_str(&first(&decisions, shown, "decisions"));
    for p in found {
        let answer = match &p.obstacle {
            None => match &p.note {
                None => format!("yes  {}", p.section.description()),
                Some(what) => format!("yes  {}; {what}", p.section.description()),
            },
            Some(reason) => format!("no   {reason}"),
        };
        text.push_str(&format!("  {:<14} {answer}\n", p.section.name()));
    }
    text
}

fn document(model: &Model, warnings: &[Diagnostic], found: &[Possibility], decisions: &[String]) -> Value {
    let sections: serde_json::Map<String, Value> = found
        .iter()
        .map(|p| {
            let mut answer = json!({"possible": p.obstacle.is_none(), "reason": p.obstacle});
            if let Some(what) = &p.note {
                answer["note"] = what.as_str().into();
            }
            (p.section.name().to_owned(), answer)
        })
        .collect();
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
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
