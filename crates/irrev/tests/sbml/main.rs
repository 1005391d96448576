//! SBML: real models against another program, malformed files, mutations and round trips.
// A test that cannot make its own input has nothing to say and stops.
#![allow(clippy::unwrap_used, clippy::panic)]

mod evaluator;
mod malformed;
mod mutations;
mod oracle;
mod readings;
mod round_trip;

use std::path::{Path, PathBuf};

use irrev::model::{ModelError, Reactions};
use irrev::source::{Limits, SourceFile, read_regular_file};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sbml")
}

/// Every model of the data, by folder and file name.
fn files() -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    for kind in ["biomodels", "dsmts", "petab", "semantic"] {
        for entry in std::fs::read_dir(folder().join(kind)).unwrap().flatten() {
            let path = entry.path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.ends_with(".xml") {
                files.push((format!("{kind}/{name}"), path));
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> Result<Reactions, ModelError> {
    irrev::sbml::read(read_regular_file(path, &Limits::default())?)
}

fn data(name: &str) -> Reactions {
    read(&folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn parsed(text: &str) -> Result<Reactions, ModelError> {
    irrev::sbml::read(SourceFile::from_text("model.xml", text).unwrap())
}
