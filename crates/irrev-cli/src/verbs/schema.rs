//! `irrev schema`: the JSON Schema of model files, for editors.

use std::process::ExitCode;

use crate::arguments::Schema;
use crate::failure::Failure;
use crate::output;

pub(crate) fn schema(arguments: &Schema) -> Result<ExitCode, Failure> {
    let Some(schema) = irrev::model::schema(&arguments.kind) else {
        let known = irrev::model::KINDS_WITH_SCHEMA.join(", ");
        let message = format!(
            "error: no schema for kind \"{}\"; there is one for: {known}",
            arguments.kind
        );
        return Err(Failure::new(Failure::USAGE, message));
    };
    output::data(&format!("{schema:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}
