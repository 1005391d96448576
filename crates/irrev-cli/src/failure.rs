//! A failure as the shell sees it: a message on standard error and an exit code.

use std::io::Write;
use std::process::ExitCode;

/// Message and exit code of a failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const UNREADABLE: u8 = 66;
    pub(crate) const INVALID: u8 = 65;
    pub(crate) const WRITE: u8 = 74;
    pub(crate) const NOT_CONVERGED: u8 = 75;

    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code,
        }
    }

    /// Prints the message and gives the exit code. A closed standard error is no reason to fail differently.
    pub(crate) fn report(&self) -> ExitCode {
        let mut error = std::io::stderr();
        let ended = if self.message.ends_with('\n') { "" } else { "\n" };
        let _ = error.write_all(format!("{}{ended}", self.message).as_bytes());
        ExitCode::from(self.code)
    }
}

/// The option that does what the library advises, which knows no options.
fn hint(error: &irrev::Error) -> &'static str {
    use irrev::{ising, network, numerics::Error as Numerics};
    match error {
        irrev::Error::Network {
            error: network::Error::Numerics(Numerics::Memory { .. }),
            ..
        }
        | irrev::Error::Ising {
            error: ising::Error::Numerics(Numerics::Memory { .. }),
            ..
        }
        | irrev::Error::Recording {
            error: ising::Error::Numerics(Numerics::Memory { .. }),
            ..
        } => " (--max-memory sets the limit)",
        irrev::Error::Recording {
            error: ising::Error::Data(ising::inference::DataError::Constant { .. }),
            ..
        } => " (--units names the units to analyse, --bin the width)",
        _ => "",
    }
}

impl From<irrev::Error> for Failure {
    fn from(error: irrev::Error) -> Self {
        let code = u8::try_from(error.exit_code()).unwrap_or(70);
        let hint = hint(&error);
        let message = match &error {
            // diagnostics carry "error:" and their place themselves
            irrev::Error::Model(model) => model.to_string(),
            // what is an argument elsewhere is an option here
            irrev::Error::Request { option, .. } if !option.starts_with('-') => format!("error: --{error}"),
            other => format!("error: {other}{hint}"),
        };
        Self { message, code }
    }
}

impl From<irrev::model::ModelError> for Failure {
    fn from(error: irrev::model::ModelError) -> Self {
        irrev::Error::from(error).into()
    }
}

impl From<irrev::report::Error> for Failure {
    fn from(error: irrev::report::Error) -> Self {
        irrev::Error::from(error).into()
    }
}
