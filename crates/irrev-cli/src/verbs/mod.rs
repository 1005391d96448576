//! One file per verb.

pub(crate) mod certify;
pub(crate) mod check;
pub(crate) mod cite;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod distance;
pub(crate) mod doctor;
pub(crate) mod estimate;
pub(crate) mod explain;
pub(crate) mod gallery;
pub(crate) mod infer;
pub(crate) mod init;
pub(crate) mod landscape;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod sweep;

use std::path::Path;

use irrev::model::{Model, Override};

use crate::failure::Failure;

/// Reads a model file with the vocabulary of the analyses.
fn load(path: &Path) -> Result<Model, Failure> {
    Ok(irrev::model::load(path, &irrev::analysis::vocabulary())?)
}

/// The overrides of `--set`.
fn overrides(set: &[String]) -> Result<Vec<Override>, Failure> {
    Ok(set
        .iter()
        .map(|text| Override::parse(text))
        .collect::<Result<_, _>>()?)
}
