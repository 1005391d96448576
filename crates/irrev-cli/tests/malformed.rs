//! The corpus of malformed inputs through the command: exit code, message, place, and an answer within a second.

#![cfg(unix)]

use std::process::Command;
use std::time::{Duration, Instant};

/// Time allowed per input: a second, and what starting a process on a busy machine may take.
const ALLOWED: Duration = Duration::from_secs(2);

/// Whether a message begins with a place, as `file:LINE:COLUMN: error`.
fn names_a_place(told: &str) -> bool {
    told.lines()
        .filter_map(|line| line.split_once(": error"))
        .any(|(place, _)| place.rsplit(':').take(2).all(|part| part.parse::<u64>().is_ok()))
}

#[test]
fn the_command_answers_every_malformed_input() {
    let cases = crate::corpus::cases();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let scratch = tempfile::tempdir().unwrap();
        let path = case.path(scratch.path());
        let begin = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_irrev"))
            .arg("run")
            .arg(&path)
            .arg("--out")
            .arg(scratch.path().join("report"))
            .output()
            .unwrap();
        let elapsed = begin.elapsed();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code().map(i64::from);
        if code != Some(case.exit) {
            wrong.push(format!(
                "{}: exit {code:?}, expected {}: {told}",
                case.name, case.exit
            ));
        } else if !told.contains(&case.fragment) {
            wrong.push(format!(
                "{}: the message lacks \"{}\": {told}",
                case.name, case.fragment
            ));
        } else if case.place && !names_a_place(&told) {
            wrong.push(format!("{}: no line and column: {told}", case.name));
        } else if told.contains("panicked") || told.contains("internal error") {
            wrong.push(format!("{}: {told}", case.name));
        } else if elapsed > ALLOWED {
            wrong.push(format!("{}: took {elapsed:?}", case.name));
        }
        assert!(
            !scratch.path().join("report/result.json").exists(),
            "{}: left a result",
            case.name
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
