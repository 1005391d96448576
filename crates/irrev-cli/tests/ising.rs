//! Networks of spins at the command line: every verb that knows models.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn model(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/models")
        .join(name);
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Standard output of a command that succeeds.
fn told(arguments: &[&str]) -> String {
    let output = irrev(arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&told(arguments)).unwrap()
}

#[test]
fn the_template_runs_and_its_checks_hold() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("new.toml");
    let file = file.to_str().unwrap();
    told(&["init", "kinetic-ising", "--out", file]);
    let out = scratch.path().join("report");
    let summary = told(&["run", file, "--out", out.to_str().unwrap()]);
    assert!(summary.contains("nats/step per spin"), "{summary}");
    for name in [
        "result.json",
        "report.html",
        "tables/pairs.csv",
        "tables/mean_field.csv",
        "figures/quench_correlations.svg",
        "figures/simulated_entropy_production.svg",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
}

#[test]
fn check_says_what_can_be_computed_and_why_not() {
    let checked = told(&["check", &model("asymmetric-sk.toml")]);
    assert!(
        checked.contains("yes  maps of infinitely many spins"),
        "{checked}"
    );
    assert!(
        checked.contains("no   there are infinitely many spins"),
        "{checked}"
    );
    let document = json(&["check", "--json", &model("six-spins.toml")]);
    assert_eq!(document["kind"], "kinetic-ising");
    assert_eq!(document["sections"]["enumeration"]["possible"], true);
    assert_eq!(document["sections"]["infinite_size"]["possible"], false);
}

/// Sections that `check` calls impossible, each with the reason.
fn refused(file: &str) -> Vec<(String, String)> {
    let checked = json(&["check", "--json", file]);
    let sections = checked["sections"].as_object().unwrap();
    let refused = sections.iter().filter(|(_, answer)| answer["possible"] == false);
    let words = |answer: &serde_json::Value| answer["reason"].as_str().unwrap().to_owned();
    refused
        .map(|(name, answer)| (name.clone(), words(answer)))
        .collect()
}

#[test]
fn run_tells_what_it_leaves_out_in_the_words_of_check() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("infinite.toml");
    let text = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\nsize = \"infinite\"\n\
                couplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }\n\
                [dynamics]\nupdate = \"parallel\"\nbeta = 1.0\n[simulation]\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let expected = refused(file);
    assert!(expected.iter().any(|(section, _)| section == "simulation"));
    let out = scratch.path().join("report");
    let document = json(&["run", file, "--json", "--out", out.to_str().unwrap()]);
    let left_out = document["left_out"].as_array().unwrap();
    assert_eq!(left_out.len(), expected.len());
    for (section, reason) in &expected {
        assert!(
            left_out
                .iter()
                .any(|one| one["section"] == *section && one["reason"] == *reason),
            "{section}: {left_out:?}"
        );
    }
    let summary = told(&["run", file]);
    assert!(
        summary.contains("enumeration, decomposition, mean_field")
            && summary.contains("infinitely many spins (`network.size`)"),
        "{summary}"
    );
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("<h2>Left out</h2>"));
    // who asks for sections by name knows what is not among them
    let asked = json(&["run", file, "--sections", "infinite_size", "--json"]);
    assert!(asked.get("left_out").is_none());
}

#[test]
fn what_takes_seconds_is_enumerated_and_what_takes_longer_is_said_with_how_to_ask() {
    let infinite = model("asymmetric-sk.toml");
    let reason = |update: &str, size: usize| {
        let (update, size) = (
            format!("dynamics.update={update}"),
            format!("network.size={size}"),
        );
        let checked = json(&["check", "--json", &infinite, "--set", &update, "--set", &size]);
        checked["sections"]["enumeration"]["reason"].clone()
    };
    for (update, most) in [("parallel", 14), ("sequential", 16)] {
        assert!(reason(update, most).is_null(), "{update}");
        let refusal = reason(update, most + 1);
        let refusal = refusal.as_str().unwrap();
        assert!(
            refusal.contains("up to a minute") && refusal.contains("--sections enumeration"),
            "{refusal}"
        );
    }
    assert!(reason("parallel", 20).as_str().unwrap().contains("take hours"));
    assert!(reason("parallel", 21).as_str().unwrap().contains("at most 20"));
}

#[test]
fn explain_tells_numbers_places_and_quantities() {
    let explained = told(&["explain", &model("six-spins.toml"), "--set", "parameters.g=1.5"]);
    assert!(explained.contains("network.couplings.rows[0][3]"), "{explained}");
    assert!(
        explained.contains("1.5") && explained.contains("parallel updates"),
        "{explained}"
    );
    for name in ["conditional_entropy", "magnetization", "flip_rate"] {
        let defined = told(&["explain", name]);
        assert!(
            defined.starts_with(name) && defined.contains("sweep of spins"),
            "{defined}"
        );
    }
    let defined = told(&["explain", "extrapolated_entropy_production"]);
    assert!(defined.contains("polynomial in 1/N"), "{defined}");
}

#[test]
fn the_schema_knows_every_key_that_the_reader_knows() {
    let schema = json(&["schema", "kinetic-ising"]);
    assert_eq!(schema["properties"]["kind"]["const"], "kinetic-ising");
    assert_eq!(schema["additionalProperties"], false);
    let variants = schema["properties"]["network"]["properties"]["couplings"]["oneOf"]
        .as_array()
        .unwrap();
    let names: Vec<&str> = variants
        .iter()
        .map(|v| v["properties"]["type"]["const"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "gaussian",
            "diluted",
            "patterns",
            "excitatory-inhibitory",
            "lattice",
            "matrix"
        ]
    );
}

#[test]
fn a_sweep_prints_known_values() {
    let swept = told(&[
        "sweep",
        &model("asymmetric-sk.toml"),
        "--over",
        "network.couplings.spread=0.5,1",
        "--show",
        "entropy_production",
        "--set",
        "dynamics.beta=1",
    ]);
    assert!(swept.contains("0.2066") && swept.contains("0.6057"), "{swept}");
    let unknown = irrev(&[
        "sweep",
        &model("asymmetric-sk.toml"),
        "--over",
        "dynamics.beta=1",
        "--show",
        "entropy",
    ]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown.stderr).contains("entropy_production"),
        "{}",
        text(&unknown.stderr)
    );
}

#[test]
fn a_simulation_that_goes_on_from_a_checkpoint_has_the_same_bits() {
    let scratch = tempfile::tempdir().unwrap();
    let checkpoints = scratch.path().join("checkpoints");
    let finite = model("finite-sk.toml");
    let of = |draws: &str, folder: Option<&str>| {
        let mut arguments = vec![
            "simulate",
            finite.as_str(),
            "--json",
            "--quiet",
            "--set",
            "network.size=48",
            "--end",
            "24",
            "--trajectories",
            "16",
        ];
        arguments.extend(["--set", draws]);
        arguments.extend(folder.iter().flat_map(|folder| ["--checkpoint", *folder]));
        json(&arguments)
    };
    let folder = checkpoints.to_str().unwrap();
    // the draws of a shorter study are those with which a longer one goes on
    of("network.draws=2", Some(folder));
    assert!(std::fs::read_dir(&checkpoints).unwrap().next().is_some());
    let resumed = of("network.draws=4", Some(folder));
    let straight = of("network.draws=4", None);
    assert_eq!(resumed, straight);
}

#[test]
fn what_spins_cannot_do_is_an_error_with_a_reason() {
    let six = model("six-spins.toml");
    let infinite = model("asymmetric-sk.toml");
    for (arguments, code, words) in [
        (
            &["run", six.as_str(), "--sections", "infinite_size"][..],
            65,
            "couplings are given",
        ),
        (
            &["run", six.as_str(), "--sections", "cycles"],
            65,
            "models of this kind do not have it",
        ),
        (
            &[
                "run",
                infinite.as_str(),
                "--set",
                "network.size=25",
                "--sections",
                "enumeration",
            ],
            65,
            "at most 20",
        ),
        (
            &["run", six.as_str(), "--set", "dynamics.beta=-1"],
            65,
            "at least 0",
        ),
        (
            &["run", six.as_str(), "--set", "dynamics.update=serial"],
            65,
            "sequential",
        ),
        (
            &["run", six.as_str(), "--set", "network.size=infinit"],
            65,
            "did you mean `infinite`?",
        ),
        (
            &["run", six.as_str(), "--sections", "enumerations"],
            2,
            "did you mean \"enumeration\"?",
        ),
        (&["simulate", infinite.as_str()], 65, "[simulation]"),
        (
            &["simulate", six.as_str(), "--points", "5"],
            2,
            "error: --points \"5\" means nothing for spins",
        ),
        (
            &["simulate", six.as_str(), "--books", "none"],
            2,
            "error: --books \"none\" means nothing for spins",
        ),
        (
            &["simulate", six.as_str(), "--stationary"],
            2,
            "error: --stationary means nothing for spins",
        ),
        (
            &["simulate", six.as_str(), "--end", "0.5"],
            65,
            "--end 0.5: error[IRV0124]: `simulation.measured` is 0.5",
        ),
        (
            &["sweep", six.as_str(), "--over", "dynamics.beta=1,-2"],
            65,
            "--over dynamics.beta=-2: error[IRV0124]: `dynamics.beta` is -2",
        ),
        (
            &["sweep", six.as_str(), "--over", "dynamics.bta=1"],
            65,
            "--over dynamics.bta=1: error",
        ),
        (
            &[
                "distance",
                six.as_str(),
                "--from",
                "uniform",
                "--to",
                "stationary",
            ],
            65,
            "network of spins",
        ),
        (
            &[
                "run",
                six.as_str(),
                "--sections",
                "simulation",
                "--max-memory",
                "1KB",
            ],
            69,
            "memory",
        ),
    ] {
        let output = irrev(arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}

/// With J₀ = −2 spins alternate between m = ±0.93; the stationary state m = 0, which is never reached, has forty times their entropy production.
#[test]
fn networks_that_alternate_are_told_by_both_steps() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("negative.toml");
    let written = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\nsize = \"infinite\"\n\
        couplings = { type = \"gaussian\", mean = -2.0, spread = 0.5 }\n[dynamics]\nupdate = \"parallel\"\nbeta = 1.0\n\
        [phase_diagram]\nx = { key = \"network.couplings.mean\", from = -3, to = 1, points = 9 }\n\
        y = { key = \"network.couplings.spread\", from = 0.1, to = 0.9, points = 3 }\n";
    std::fs::write(&file, written).unwrap();
    let file = file.to_str().unwrap();
    let out = scratch.path().join("out");
    let summary = told(&["run", file, "--out", out.to_str().unwrap()]);
    assert!(
        summary
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("alternating between 0.9261"),
        "{summary}"
    );
    let table = std::fs::read_to_string(out.join("tables/alternating.csv")).unwrap();
    assert!(
        table
            .lines()
            .nth(1)
            .is_some_and(|row| row.starts_with("even,0.926")),
        "{table}"
    );
    assert!(
        table
            .lines()
            .nth(2)
            .is_some_and(|row| row.starts_with("odd,-0.926")),
        "{table}"
    );
    assert!(out.join("tables/alternation_line.csv").exists());
    let result = std::fs::read_to_string(out.join("result.json")).unwrap();
    assert!(result.contains("alternation_inverse_temperature"));
    // a part of the spins at a time, no state is known that is reached
    let partial = irrev(&[
        "run",
        file,
        "--set",
        "dynamics.update=partial",
        "--set",
        "dynamics.probability=0.9",
    ]);
    assert_eq!(partial.status.code(), Some(1));
    let partial = text(&partial.stdout);
    assert!(partial.contains("infinite_stability"), "{partial}");
    // one at a time, the stationary state is stable
    told(&["run", file, "--set", "dynamics.update=sequential"]);
    let swept = told(&["sweep", file, "--over", "network.couplings.mean=-2:0:3"]);
    let rows: Vec<&str> = swept.lines().collect();
    assert!(
        rows[0].contains("even_magnetization") && rows[0].contains("odd_magnetization"),
        "{swept}"
    );
    assert!(
        rows[1].contains("alternating") && rows[1].contains("0.926") && rows[1].contains("-0.926"),
        "{swept}"
    );
    assert!(
        !rows[2].contains("alternating") && !rows[3].contains("alternating"),
        "{swept}"
    );
}

/// What a model of few spins says about other updates: enumerated for a part of the spins, and handed over as a jump process one at a time.
#[test]
fn few_spins_are_enumerated_whatever_the_updates() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("few.toml");
    let written = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\nsize = 4\n\
        couplings = { type = \"gaussian\", mean = 0.5, spread = 1.0 }\n[dynamics]\nupdate = \"partial\"\nprobability = 0.5\nbeta = 1.0\n\
        [simulation]\nreplicas = 64\nmeasured = 400\n";
    std::fs::write(&file, written).unwrap();
    let file = file.to_str().unwrap();
    let out = scratch.path().join("partial");
    let told_of_part = told(&["run", file, "--out", out.to_str().unwrap()]);
    assert!(
        told_of_part.contains("all of whose states were enumerated"),
        "{told_of_part}"
    );
    for table in ["spins", "pairs", "simulated_and_exact"] {
        assert!(out.join(format!("tables/{table}.csv")).exists(), "{table}");
    }
    let out = scratch.path().join("sequential");
    let one = told(&[
        "run",
        file,
        "--set",
        "dynamics.update=sequential",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(one.contains("handed to the analysis of networks"), "{one}");
    let by_spin = std::fs::read_to_string(out.join("tables/dissipation_by_spin.csv")).unwrap();
    assert_eq!(by_spin.lines().count(), 5, "{by_spin}");
    let pairs = std::fs::read_to_string(out.join("tables/pairs.csv")).unwrap();
    assert!(
        pairs
            .lines()
            .next()
            .is_some_and(|header| header.contains("entropy production")),
        "{pairs}"
    );
}

/// Beside a simulation the table of mean-field theories has no empty numbers, and names the theory that comes nearest.
#[test]
fn theories_are_judged_by_the_table_of_the_very_run() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("theories.toml");
    let written = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\nsize = 48\n\
        couplings = { type = \"gaussian\", mean = 1.0, spread = 0.3 }\n[dynamics]\nupdate = \"parallel\"\nbeta = 0.8\n\
        [simulation]\nreplicas = 32\nmeasured = 400\n[mean_field]\n";
    std::fs::write(&file, written).unwrap();
    let out = scratch.path().join("out");
    let summary = told(&["run", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let table = std::fs::read_to_string(out.join("tables/mean_field.csv")).unwrap();
    assert!(
        !table.contains("nan") && table.contains("deviation from the simulated one"),
        "{table}"
    );
    assert!(
        !std::fs::read_to_string(out.join("tables/mean_field_path.csv"))
            .unwrap()
            .contains("nan")
    );
    assert!(
        summary.contains("of the theories in the table") || summary.contains("the least of the theories"),
        "{summary}"
    );
    assert!(summary.contains("from draw to draw"), "{summary}");
}
