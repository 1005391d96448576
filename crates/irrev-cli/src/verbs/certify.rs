//! `irrev certify`: a bound computed again from the raw data.

use std::process::ExitCode;

use irrev::estimation::{Certified, certify as checked, open};
use irrev::numerics::Run;
use irrev::report::readable_number;

use crate::arguments::Certify;
use crate::failure::Failure;
use crate::monitor::free_memory;
use crate::output;

pub(crate) fn certify(arguments: &Certify) -> Result<ExitCode, Failure> {
    let run = Run {
        threads: arguments.threads,
        memory_limit: arguments.max_memory.unwrap_or_else(free_memory),
        ..Run::default()
    };
    let document = open(&arguments.certificate, &run)?;
    let files = arguments.files.iter().map(|file| open(file, &run));
    let found = checked(&document, files.collect::<Result<_, _>>()?, &run)?;
    output::data(&if arguments.json {
        json(&found)
    } else {
        text(&found)
    })?;
    Ok(if found.holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn text(found: &Certified) -> String {
    let level = readable_number(100.0 * found.level, 4);
    let bytes = if found.same_bytes {
        "The files are those that were certified, byte for byte."
    } else {
        "The files are not those that were certified, byte for byte."
    };
    let verdict = if found.holds {
        format!(
            "holds: {} {unit}, at least {} {unit} at {level} % confidence",
            readable_number(found.value, 6),
            readable_number(found.low, 6),
            unit = found.unit
        )
    } else {
        format!(
            "does not hold: {} {unit} from the data, at least {}; stated are {} and {}",
            readable_number(found.value, 6),
            readable_number(found.low, 6),
            readable_number(found.stated, 6),
            readable_number(found.stated_low, 6),
            unit = found.unit
        )
    };
    let faults: String = found.faults.iter().map(|fault| format!("  {fault}\n")).collect();
    format!("{verdict}\n{faults}{bytes}\n")
}

fn json(found: &Certified) -> String {
    let document = serde_json::json!({
        "format": "irrev.certified/1",
        "holds": found.holds,
        "value": found.value,
        "low": found.low,
        "stated_value": found.stated,
        "stated_low": found.stated_low,
        "level": found.level,
        "unit": found.unit,
        "same_bytes": found.same_bytes,
        "faults": found.faults,
    });
    format!("{document:#}\n")
}
