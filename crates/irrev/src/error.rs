//! Everything that can stop an analysis, with the exit code that the command gives it.

use irrev_numerics::ErrorKind;

use crate::model::ModelError;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of an analysis.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model file or the recording is wrong, or cannot be read.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The network or a question asked of it is wrong, or its numerics failed.
    #[error("{model}: {error}")]
    Network {
        /// Name of the model file.
        model: String,
        /// What happened.
        error: irrev_network::Error,
    },
    /// A network of spins or a question asked of it is wrong, or its numerics failed.
    #[error("{model}: {error}")]
    Ising {
        /// Name of the model file.
        model: String,
        /// What happened.
        error: irrev_ising::Error,
    },
    /// A quantum lattice or a question asked of it is wrong, or its numerics failed.
    #[error("{model}: {error}")]
    Quantum {
        /// Name of the model file.
        model: String,
        /// What happened.
        error: irrev_quantum::Error,
    },
    /// A continuous motion or a question asked of it is wrong, or its numerics failed.
    #[error("{model}: {error}{}", coordinate.as_ref().map(|name| format!("; coordinate {} is `{name}`", error.coordinate().unwrap_or_default())).unwrap_or_default())]
    Landscape {
        /// Name of the model file or of the recording.
        model: String,
        /// What happened.
        error: irrev_landscape::Error,
        /// Name of the coordinate that it is about.
        coordinate: Option<String>,
    },
    /// A model of continuous motion that no jump process on a grid stands for.
    #[error("{model}: no grid stands for this model: {reason}")]
    NoNetwork {
        /// Name of the model file.
        model: String,
        /// Why.
        reason: String,
    },
    /// A bath in a Gibbs state whose eigenstates do not fit into memory.
    #[error(
        "{model}: {error}; a typical state needs no eigenstates: `bath.state = \"typical\"`, with the same `bath.beta` and `bath.alpha`"
    )]
    GibbsBath {
        /// Name of the model file.
        model: String,
        /// What is too much.
        error: irrev_numerics::Error,
    },
    /// A recording that does not answer the question asked of it, or whose numerics failed.
    #[error("{recording}: {error}")]
    Recording {
        /// Name of the file.
        recording: String,
        /// What happened; units in it are named by their labels.
        error: irrev_ising::Error,
    },
    /// Data that do not answer the question asked of them, or whose numerics failed.
    #[error("{data}: {error}")]
    Inference {
        /// Name of the files.
        data: String,
        /// What happened.
        error: irrev_inference::Error,
    },
    /// The report could not be written.
    #[error(transparent)]
    Report(#[from] irrev_report::Error),
    /// A rate that is no formula, or names something unknown.
    #[error("{place} `{text}`: {}{}", error.message, error.help.as_ref().map(|h| format!("; {h}")).unwrap_or_default())]
    Formula {
        /// Which rate of which reaction.
        place: String,
        /// The formula.
        text: String,
        /// What is wrong with it.
        error: crate::expression::ExpressionError,
    },
    /// A name that is no quantity.
    #[error("unknown quantity \"{name}\"{}; what a check of a report compares is told by `irrev explain result.json`", suggestion.as_ref().map(|s| format!("; did you mean \"{s}\"?")).unwrap_or_default())]
    UnknownQuantity {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
    },
    /// A name that no sweep of this model can show.
    #[error("\"{name}\" cannot be shown along a sweep{}; names that can: {}", suggestion.as_ref().map(|s| format!("; did you mean \"{s}\"?")).unwrap_or_default(), known.join(", "))]
    UnknownResult {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// A name that is no section of any report.
    #[error("unknown section \"{name}\"{}; known: {}", suggestion.as_ref().map(|s| format!("; did you mean \"{s}\"?")).unwrap_or_default(), known.join(", "))]
    UnknownSection {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// A name that is not in the gallery.
    #[error("no model \"{name}\" in the gallery{}", suggestion.as_ref().map(|s| format!("; did you mean \"{s}\"?")).unwrap_or_default())]
    UnknownModel {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
    },
    /// A law by concentrations that fails where molecules are few.
    #[error(
        "{model}: {error}. At the system size {} the initial state has {} molecules, too few for laws that are made for \
         concentrations: `--set volume.omega={}` ([volume] omega, molecules per unit of amount) gives {}. If the law still fails \
         there, it is negative by itself",
        scarcity.system_size, scarcity.molecules, scarcity.suggested, scarcity.then
    )]
    FewMolecules {
        /// Name of the model file.
        model: String,
        /// What happened.
        error: irrev_network::Error,
        /// How few, and what would do.
        scarcity: Box<Scarcity>,
    },
    /// An option with a value that means nothing here.
    #[error("{option}{} {problem}", if given.is_empty() { String::new() } else { format!(" \"{given}\"") })]
    Request {
        /// The option.
        option: &'static str,
        /// The value given; empty for none.
        given: String,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
    /// Numbers of a file that are not what the option needs.
    #[error("{option} \"{file}\" {problem}")]
    Numbers {
        /// The option.
        option: &'static str,
        /// The file given.
        file: String,
        /// Which number is wrong, and what would be right.
        problem: String,
    },
    /// An analysis that this model does not allow.
    #[error("{model}: {what} is not possible: {reason}")]
    NotPossible {
        /// Name of the model file.
        model: String,
        /// What was asked for.
        what: String,
        /// Why not, and what would make it possible.
        reason: String,
    },
}

/// Too few molecules for laws by concentrations.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Scarcity {
    /// System size Ω.
    pub system_size: f64,
    /// Molecules of all counted species at time 0.
    pub molecules: f64,
    /// A system size with enough of them.
    pub suggested: f64,
    /// Molecules at that size.
    pub then: f64,
}

impl Error {
    pub(crate) fn network(model: &str, error: irrev_network::Error) -> Self {
        Self::Network {
            model: model.into(),
            error,
        }
    }

    pub(crate) fn ising(model: &str, error: irrev_ising::Error) -> Self {
        Self::Ising {
            model: model.into(),
            error,
        }
    }

    pub(crate) fn quantum(model: &str, error: irrev_quantum::Error) -> Self {
        Self::Quantum {
            model: model.into(),
            error,
        }
    }

    pub(crate) fn landscape(model: &str, error: irrev_landscape::Error) -> Self {
        Self::Landscape {
            model: model.into(),
            error,
            coordinate: None,
        }
    }

    /// With the name of the coordinate that it is about, if it is about one.
    pub(crate) fn landscape_of(model: &str, error: irrev_landscape::Error, names: &[&str]) -> Self {
        let coordinate = error.coordinate().and_then(|index| names.get(index));
        Self::Landscape {
            model: model.into(),
            coordinate: coordinate.map(|name| (*name).to_owned()),
            error,
        }
    }

    pub(crate) fn inference(data: &str, error: irrev_inference::Error) -> Self {
        Self::Inference {
            data: data.into(),
            error,
        }
    }

    pub(crate) fn recording(recording: &str, error: irrev_ising::Error) -> Self {
        Self::Recording {
            recording: recording.into(),
            error,
        }
    }

    /// What kind of failure it is, where one of the libraries failed.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Network { error, .. } => Some(error.kind()),
            Self::Ising { error, .. } | Self::Recording { error, .. } => Some(error.kind()),
            Self::Quantum { error, .. } => Some(error.kind()),
            Self::Landscape { error, .. } => Some(error.kind()),
            Self::Inference { error, .. } => Some(error.kind()),
            Self::GibbsBath { error, .. } => Some(error.kind()),
            _ => None,
        }
    }

    /// Exit code of the command: 65 input invalid, 66 cannot read, 69 over a limit, 70 internal, 74 write failed, 75 not
    /// converged, 130 interrupted, 2 usage.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Model(error) => error.category.exit_code(),
            Self::Report(_) => 74,
            Self::UnknownQuantity { .. }
            | Self::UnknownModel { .. }
            | Self::UnknownResult { .. }
            | Self::UnknownSection { .. }
            | Self::Request { .. } => 2,
            _ => match self.kind() {
                Some(ErrorKind::OverLimit) => 69,
                Some(ErrorKind::Storage) => 74,
                Some(ErrorKind::NotConverged { .. }) => 75,
                Some(ErrorKind::Cancelled) => 130,
                _ => 65,
            },
        }
    }
}
