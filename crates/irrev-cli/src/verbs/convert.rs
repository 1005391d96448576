//! `irrev convert`: reaction models between model files and SBML.

use std::path::Path;
use std::process::ExitCode;

use irrev::model::{Model, Reactions};

use crate::arguments::{Convert, Format};
use crate::failure::Failure;
use crate::output;

pub(crate) fn convert(arguments: &Convert) -> Result<ExitCode, Failure> {
    let target = arguments.to.map_or_else(|| format_of(&arguments.target), Ok)?;
    let to_file = arguments.target != Path::new("-");
    if to_file && !arguments.force {
        // a refusal after reading a large model would waste it
        output::require_absent(&arguments.target)?;
    }
    let model = match super::load(&arguments.source)? {
        Model::Reactions(model) => model,
        other => {
            let message = format!(
                "error: {}: only reaction models can be converted, and this is a model of another kind: SBML has neither jump processes nor spins",
                other.source().name()
            );
            return Err(Failure::new(Failure::INVALID, message));
        }
    };
    let (text, losses) = written(&model, target);
    for loss in &losses {
        output::note(arguments.quiet, &format!("lost: {loss}"));
    }
    if to_file {
        output::file(&arguments.target, &text, arguments.force)?;
        output::note(
            arguments.quiet,
            &format!(
                "wrote {}: {} species, {}, {}",
                arguments.target.display(),
                model.species.len(),
                counted(model.reactions.len(), "reaction", "reactions"),
                counted(losses.len(), "loss", "losses")
            ),
        );
    } else {
        output::data(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The text of a model in a format, and what that cannot hold.
fn written(model: &Reactions, format: Format) -> (String, Vec<String>) {
    match format {
        Format::Toml => {
            let written = irrev::model::write(model);
            (written.text, written.losses)
        }
        Format::Sbml => {
            let written = irrev::sbml::write(model);
            (written.text, written.losses)
        }
    }
}

/// The format that the name of a file asks for.
fn format_of(path: &Path) -> Result<Format, Failure> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("toml") => Ok(Format::Toml),
        Some("xml" | "sbml") => Ok(Format::Sbml),
        _ => {
            let message = format!(
                "error: the name \"{}\" does not say which format is wanted; end it in .toml or .xml, or say --to toml or --to sbml",
                path.display()
            );
            Err(Failure::new(Failure::USAGE, message))
        }
    }
}
