//! `irrev convert`: reaction models between model files and SBML, and continuous motion to jumps on its grid.

use std::path::Path;
use std::process::ExitCode;

use irrev::model::{Langevin, Model, Reactions};
use irrev::numerics::Run;

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
    let (text, losses, told) = match super::load(&arguments.source)? {
        Model::Reactions(model) => reactions(&model, target),
        Model::Langevin(model) if target == Format::Toml => network(&model)?,
        other => {
            let message = format!(
                "error: {}: reaction models can be converted, and models of continuous motion to jump processes (.toml); this is neither, and SBML has neither jump processes nor spins",
                other.source().name()
            );
            return Err(Failure::new(Failure::INVALID, message));
        }
    };
    for loss in &losses {
        output::note(arguments.quiet, &format!("lost: {loss}"));
    }
    if to_file {
        output::file(&arguments.target, &text, arguments.force)?;
        output::note(
            arguments.quiet,
            &format!(
                "wrote {}: {told}, {}",
                arguments.target.display(),
                counted(losses.len(), "loss", "losses")
            ),
        );
    } else {
        output::data(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The text of a reaction model in a format, what that cannot hold, and how large the model is.
fn reactions(model: &Reactions, format: Format) -> (String, Vec<String>, String) {
    let (text, losses) = match format {
        Format::Toml => {
            let written = irrev::model::write(model);
            (written.text, written.losses)
        }
        Format::Sbml => {
            let written = irrev::sbml::write(model);
            (written.text, written.losses)
        }
    };
    let size = format!(
        "{} species, {}",
        model.species.len(),
        counted(model.reactions.len(), "reaction", "reactions")
    );
    (text, losses, size)
}

/// Continuous motion as the jump process on its grid.
fn network(model: &Langevin) -> Result<(String, Vec<String>, String), Failure> {
    let text = irrev::model::as_network(model, &[], &Run::default())?;
    let states = text.matches("[[states]]").count();
    let losses =
        vec!["what happens between the nodes of the grid (`intervals` of each coordinate)".to_owned()];
    Ok((text, losses, format!("{states} states")))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
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
