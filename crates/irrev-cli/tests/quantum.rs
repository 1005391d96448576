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

#[test]
fn check_refuses_what_a_run_would_refuse_and_says_what_it_does_not_know() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "quantum-lattice", "--out", file]);
    let template = std::fs::read_to_string(file).unwrap();
    let with = |from: &str, to: &str| {
        assert!(template.contains(from), "{from}");
        std::fs::write(file, template.replace(from, to)).unwrap();
    };
    with("temperature = 10.0", "eigenstate = 495");
    let (code, said) = refused(&["check", file]);
    assert!(code == Some(65) && said.contains("from 0 to 494"), "{said}");
    with("temperature = 10.0", "eigenstate = 240");
    let checked = told(&["check", file]);
    assert!(
        checked.contains("whether level 240 is degenerate")
            && checked.contains("not known before the diagonalisation"),
        "{checked}"
    );
    let checked = told(&["check", file, "--json"]);
    assert!(checked.contains("before the diagonalisation"), "{checked}");
    // four sites around a square have a doublet
    with("temperature = 10.0", "eigenstate = 1");
    let small = [
        "--set",
        "lattice.shape[0]=2",
        "--set",
        "lattice.shape[1]=2",
        "--set",
        "bath.particles=1",
    ];
    let mut arguments = vec!["check", file];
    arguments.extend(small);
    let output = irrev(&arguments);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(65), "{said}");
    assert!(
        said.contains("`bath.block = [") && said.contains("with `bath.eigenstate = 0`"),
        "{said}"
    );
    let explained = told(&["explain", file]);
    assert!(
        explained.contains("(`bath.block`) and their levels: [0, 0] with"),
        "{explained}"
    );
}

#[test]
fn messages_about_arguments_name_no_line_in_them() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "quantum-lattice", "--out", file]);
    let (code, said) = refused(&["sweep", file, "--over", "bath.particles=1,99"]);
    assert_eq!(code, Some(65));
    assert!(said.contains("--over bath.particles=99: error"), "{said}");
    let (_, said) = refused(&["check", file, "--set", "bath.particles=99"]);
    assert!(said.contains("--set bath.particles=99: error"), "{said}");
}

#[test]
fn the_page_of_the_example_is_below_three_megabytes() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("wave.toml");
    let file = file.to_str().unwrap();
    std::fs::write(file, told(&["gallery", "one-wave-function"])).unwrap();
    let out = scratch.path().join("report");
    told(&["run", file, "--out", out.to_str().unwrap()]);
    let size = out.join("report.html").metadata().unwrap().len();
    assert!(size < 3_000_000, "{size}");
}
