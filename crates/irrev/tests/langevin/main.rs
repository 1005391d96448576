//! Models of kind `langevin`: what they may say, and numbers of every section against known ones.

#![allow(clippy::unwrap_used)]

mod models;
mod sections;

use irrev::analysis::{Options, Section, run, vocabulary};
use irrev::model::{Model, ModelError, Override, parse};
use irrev::numerics::Run;
use irrev::report::Report;
use irrev::source::SourceFile;

/// Two coordinates in a quadratic trap whose baths differ.
const TWO_BATHS: &str = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = -5, max = 5, intervals = 80 }
y = { min = -5, max = 5, intervals = 80 }
[dynamics]
potential = "x^2 - x*y + y^2"
temperature = { x = 1.0, y = 0.5 }
"#;

fn read(text: &str) -> Result<Model, ModelError> {
    parse(SourceFile::from_text("m.toml", text).unwrap(), &vocabulary())
}

fn report_on(text: &str, sections: &[Section], set: &[&str], threads: usize) -> Report {
    let options = Options {
        overrides: set.iter().map(|s| Override::parse(s).unwrap()).collect(),
        sections: (!sections.is_empty()).then(|| sections.to_vec()),
        sweep: None,
    };
    let run_of = Run {
        threads,
        ..Run::default()
    };
    run(&read(text).unwrap(), &options, &run_of).unwrap()
}

fn report(text: &str, sections: &[Section]) -> Report {
    report_on(text, sections, &[], 0)
}

fn value(report: &Report, name: &str) -> f64 {
    report.quantity(name).unwrap_or_else(|| panic!("no {name}")).value
}

fn outcome(text: &str, sections: &[Section], set: &[&str]) -> irrev::Result<Report> {
    let options = Options {
        overrides: set.iter().map(|s| Override::parse(s).unwrap()).collect(),
        sections: Some(sections.to_vec()),
        sweep: None,
    };
    run(&read(text).unwrap(), &options, &Run::default())
}
