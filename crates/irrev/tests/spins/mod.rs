//! Model files of spins for tests: their parts put together, and read.

use irrev::analysis::vocabulary;
use irrev::model::{Model, ModelError, parse};
use irrev::source::SourceFile;

pub(crate) const PARALLEL: &str = "update = \"parallel\"\nbeta = 1.0";
pub(crate) const SEQUENTIAL: &str = "update = \"sequential\"\nbeta = 1.0";
pub(crate) const GAUSSIAN: &str =
    "size = \"infinite\"\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }";

pub(crate) fn text(network: &str, dynamics: &str, rest: &str) -> String {
    format!("irrev = 1\nkind = \"kinetic-ising\"\n[network]\n{network}\n[dynamics]\n{dynamics}\n{rest}\n")
}

pub(crate) fn read(text: &str) -> Result<Model, ModelError> {
    parse(SourceFile::from_text("m.toml", text).unwrap(), &vocabulary())
}
