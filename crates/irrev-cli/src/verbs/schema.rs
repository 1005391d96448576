//! `irrev schema`: the JSON Schema of model files, for editors.

use std::process::ExitCode;

use crate::arguments::Schema;
use crate::failure::Failure;
use crate::output;

pub(crate) fn schema(arguments: &Schema) -> Result<ExitCode, Failure> {
    if arguments.kind != "markov" {
        let message = format!(
            "error: no schema for kind \"{}\"; there is one for: markov",
            arguments.kind
        );
        return Err(Failure::new(Failure::USAGE, message));
    }
    output::data(&format!("{:#}\n", irrev::model::schema()))?;
    Ok(ExitCode::SUCCESS)
}
