//! placeholder
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("x")]
pub struct EliminationError;
