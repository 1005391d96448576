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

impl From<irrev::Error> for Failure {
    fn from(error: irrev::Error) -> Self {
        let code = u8::try_from(error.exit_code()).unwrap_or(70);
        // the library speaks of a limit; here it has a name
        let hint = if matches!(
            &error,
            irrev::Error::Network {
                error: irrev::network::Error::Numerics(irrev::numerics::Error::Memory { .. }),
                ..
            } | irrev::Error::Recording {
                error: irrev::ising::Error::Numerics(irrev::numerics::Error::Memory { .. }),
                ..
            }
        ) {
            " (--max-memory sets the limit)"
        } else {
            ""
        };
        let message = match &error {
            // diagnostics carry "error:" and their place themselves
            irrev::Error::Model(model) => model.to_string(),
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
