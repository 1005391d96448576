//! Quantum lattices at the command line: every verb that knows models.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Standard output of a command that succeeds.
fn told(arguments: &[&str]) -> String {
    let output = irrev(arguments);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {complaint}");
    text(&output.stdout)
}

/// Exit code and complaint of a command that fails.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = irrev(arguments);
    (output.status.code(), text(&output.stderr))
}

#[test]
fn the_template_runs_and_says_where_its_numbers_stand() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "quantum-lattice", "--out", file]);
    let out = scratch.path().join("report");
    let few = ["--set", "time.points=21", "--set", "scan.eigenstates=4"];
    let mut arguments = vec!["run", file, "--out", out.to_str().unwrap()];
    arguments.extend(few);
    let summary = told(&arguments);
    let words = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("never less than zero before"), "{summary}");
    for name in [
        "result.json",
        "report.html",
        "tables/books_2.csv",
        "tables/scan_1.csv",
        "figures/entropy_production.svg",
        "figures/fluctuation_theorem.svg",
        "figures/departure.svg",
        "figures/outcomes_3.svg",
        "figures/light_cone.svg",
        "figures/eigenstates.svg",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let checked = told(&["check", file]);
    assert!(checked.contains("no   the model has no [[sweep]]"), "{checked}");
    let explained = told(&["explain", file]);
    assert!(
        explained.contains("bath.particles") && explained.contains("12 sites"),
        "{explained}"
    );
    let meaning = told(&["explain", "quantum_entropy_production"]);
    assert!(meaning.contains("Iyoda"), "{meaning}");
    assert!(told(&["schema", "quantum-lattice"]).contains("\"populations\""));
}

#[test]
fn a_sweep_over_the_coupling_and_equal_bytes_on_any_number_of_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "quantum-lattice", "--out", file]);
    let results: Vec<String> = ["1", "2"]
        .iter()
        .map(|threads| {
            let out = scratch.path().join(threads);
            told(&[
                "sweep",
                file,
                "--threads",
                threads,
                "--set",
                "time.points=5",
                "--over",
                "contact.hopping=0.1:1:3",
                "--show",
                "entropy_production",
                "--show",
                "exponential_average",
                "--out",
                out.to_str().unwrap(),
            ]);
            assert!(out.join("figures/sweep_entropy_production.svg").is_file());
            std::fs::read_to_string(out.join("result.json")).unwrap()
        })
        .collect();
    assert_eq!(results[0], results[1]);
}

#[test]
fn what_cannot_be_ends_with_a_sentence_and_its_code() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "quantum-lattice", "--out", file]);
    let out = scratch.path().join("report");
    let run = |more: &[&str]| {
        let mut arguments = vec![
            "run",
            file,
            "--out",
            out.to_str().unwrap(),
            "--set",
            "time.points=3",
        ];
        arguments.extend(more);
        refused(&arguments)
    };
    let (code, said) = run(&["--set", "bath.particles=99"]);
    assert!(code == Some(65) && said.contains("from 0 to 64"), "{said}");
    let (code, said) = run(&["--set", "bath.hoping=1"]);
    assert!(code == Some(65) && said.contains("bath.hopping"), "{said}");
    let (code, said) = run(&["--set", "bath.matching=grad"]);
    assert!(code == Some(65) && said.contains("grand"), "{said}");
    let (code, said) = run(&["--max-memory", "1MB"]);
    assert!(code == Some(69) && said.contains("MB"), "{said}");
    let (code, said) = run(&["--sections", "cycles"]);
    assert!(code == Some(65) && said.contains("light_cone"), "{said}");
    let (code, said) = refused(&["simulate", file, "--out", out.to_str().unwrap()]);
    assert!(code == Some(65) && said.contains("not sampled"), "{said}");
    let (code, said) = refused(&[
        "distance",
        file,
        "--from",
        "a",
        "--to",
        "b",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(code == Some(65) && said.contains("quantum lattice"), "{said}");
    assert!(!out.exists());
}
