//! `irrev simulate` as a user meets it: numbers, equal bytes, interruption, refusals.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const DIMER: &str = r#"irrev = 1
kind = "reactions"
title = "open dimerisation"
[species]
A = 4.0
B = 1.0
[reactions]
feed = { eq = "0 <=> A", kf = 5.0, kr = 1.0 }
dimer = { eq = "2 A <=> B", kf = 0.2, kr = 0.3 }
out = { eq = "B <=> 0", kf = 1.0, kr = 0.5 }
[time]
end = 3.0
points = 7
"#;

/// Two levels whose gap opens, in equilibrium at first.
const PROTOCOL: &str = r#"irrev = 1
kind = "markov"
title = "opening gap"
[[states]]
name = "low"
[[states]]
name = "high"
energy = "2*t"
[reservoirs.bath]
temperature = 1.0
[[transitions]]
between = ["low", "high"]
reservoir = "bath"
rule = { type = "symmetric", prefactor = 1.0 }
[initial]
distribution = "gibbs:bath"
[protocol]
duration = 1.0
"#;

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/models")
        .join(name);
    path.display().to_string()
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn document(arguments: &[&str]) -> serde_json::Value {
    let output = irrev(&[&["simulate", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Value and standard error of a quantity.
fn estimate(document: &serde_json::Value, name: &str) -> (f64, f64) {
    let quantity = &document["quantities"][name];
    let number = |key: &str| {
        quantity[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{name}.{key} in {quantity}"))
    };
    (number("value"), number("error"))
}

/// Everything a result folder holds but the log.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "run.log.json") {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn counts_agree_with_the_master_equation_and_obey_the_theorems() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "dimer.toml", DIMER);
    for seed in ["1", "2", "3"] {
        // the checks inside allow 5 and 6 standard errors: below 1e-5 per seed
        let told = document(&[&model, "-n", "4000", "--seed", seed]);
        let checks = told["checks"].as_array().unwrap();
        let names: Vec<&str> = checks.iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "simulated_against_calculated",
                "detailed_fluctuation_theorem",
                "infimum_law"
            ]
        );
        assert!(checks.iter().all(|c| c["passed"] == true), "{checks:?}");
        // stationary rate 3.77202 nats/time, to be compared with the change of the state included: Σ > S_medium here
        let (total, error) = estimate(&told, "simulated_entropy_production");
        let (medium, _) = estimate(&told, "simulated_medium_entropy");
        assert!(total > medium + 5.0 * error && told["kind"] == "simulation");
    }
}

#[test]
fn a_jump_process_is_simulated_from_its_stationary_state_if_asked() {
    let ring = example("three-state-ring.toml");
    let told = document(&[&ring, "--stationary", "-n", "4000", "--end", "2"]);
    // exact: 0.4621 nats per jump of 2.25525 per unit time
    let (sigma, error) = estimate(&told, "simulated_entropy_production");
    assert!(
        (sigma - 2.0 * 1.042_190_610_987).abs() < 5.0 * error,
        "{sigma} ± {error}"
    );
    assert!(estimate(&told, "fluctuation_slope").1 > 0.0 && estimate(&told, "mean_infimum").0 > -1.0);
    assert!(
        told["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|c| c["passed"] == true)
    );
}

#[test]
fn a_protocol_does_work_and_the_work_knows_the_free_energy() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "gap.toml", PROTOCOL);
    let told = document(&[&model, "-n", "4000"]);
    let (found, error) = estimate(&told, "jarzynski_free_energy");
    // ΔF = −ln((1 + e^{−2})/2) and the mean work of a reference integration; 5 standard errors: 6e-7 each
    let exact = 0.566_219_169_516_972_7;
    assert!((found - exact).abs() < 5.0 * error, "{found} ± {error}");
    assert!(
        (told["quantities"]["free_energy_change"]["value"]
            .as_f64()
            .unwrap()
            - exact)
            .abs()
            < 1e-12
    );
    let (work, error) = estimate(&told, "simulated_work");
    assert!(
        (work - 0.788_366_621_439_841_3).abs() < 5.0 * error,
        "{work} ± {error}"
    );
    let (sigma, error) = estimate(&told, "simulated_entropy_production");
    assert!(
        (sigma - 0.172_764_253_119_170_26).abs() < 5.0 * error,
        "{sigma} ± {error}"
    );
    let (average, error) = estimate(&told, "exponential_entropy_average");
    assert!((average - 1.0).abs() < 5.0 * error, "{average} ± {error}");
}

#[test]
fn rare_trajectories_bring_a_warning() {
    let output = irrev(&["simulate", &example("kinesin.toml"), "--end", "0.1", "-n", "500"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("Rare trajectories rule"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn approximate_methods_are_called_so() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "dimer.toml", DIMER);
    let told = document(&[&model, "-n", "300", "--method", "tau_leaping"]);
    assert!(
        told["title"]
            .as_str()
            .unwrap()
            .contains("approximate: tau_leaping"),
        "{}",
        told["title"]
    );
    assert!(told["warnings"].to_string().contains("is approximate"));
}

#[test]
fn equal_requests_leave_equal_bytes_for_any_number_of_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let dimer = written(scratch.path(), "dimer.toml", DIMER);
    let ring = example("three-state-ring.toml");
    for (kind, model) in [("counts", &dimer), ("graph", &ring)] {
        let folder = |threads: &str| {
            let out = scratch.path().join(format!("{kind}-{threads}"));
            let place = out.display().to_string();
            let arguments = [
                "simulate",
                model,
                "-n",
                "1500",
                "--keep",
                "--threads",
                threads,
                "--out",
                &place,
            ];
            let output = irrev(&arguments);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            contents(&out)
        };
        let one = folder("1");
        assert!(one.len() > 8, "{kind}");
        for threads in ["2", "3", "7"] {
            assert!(one == folder(threads), "{kind}, {threads} threads");
        }
    }
}

/// Simulates with checkpoints, killed a few times after `after`, and goes on until done.
fn killed_and_resumed(
    arguments: &[&str],
    scratch: &Path,
    after: Duration,
) -> (usize, Vec<(PathBuf, Vec<u8>)>) {
    let out = scratch.join("resumed");
    let checkpoint = scratch.join("checkpoints");
    let run = || {
        Command::new(env!("CARGO_BIN_EXE_irrev"))
            .args(arguments)
            .args(["--checkpoint-every", "0.05s", "--force", "--quiet"])
            .arg("--checkpoint")
            .arg(&checkpoint)
            .arg("--out")
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut kills = 0;
    for _ in 0..3 {
        let mut child = run();
        std::thread::sleep(after);
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert_eq!(run().wait().unwrap().code(), Some(0));
    (kills, contents(&out))
}

#[test]
fn a_killed_simulation_goes_on_from_its_checkpoint_to_the_same_bytes() {
    let scratch = tempfile::tempdir().unwrap();
    let dimer = written(scratch.path(), "dimer.toml", DIMER);
    let ring = example("three-state-ring.toml");
    let counts = ["simulate", &dimer, "-n", "60000", "--books", "jumps"];
    let graph = [
        "simulate", &ring, "-n", "100000", "--end", "60", "--books", "jumps",
    ];
    let wells = example("driven-double-well.toml");
    let walkers = ["simulate", &wells, "-n", "2000", "--end", "20"];
    let all = [
        ("counts", &counts[..]),
        ("graph", &graph[..]),
        ("walkers", &walkers[..]),
    ];
    for (kind, arguments) in all {
        let folder = scratch.path().join(kind);
        std::fs::create_dir(&folder).unwrap();
        let whole = folder.join("whole");
        let place = whole.display().to_string();
        let output = irrev(&[arguments, &["--out", &place]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let (kills, resumed) = killed_and_resumed(arguments, &folder, Duration::from_millis(150));
        assert!(kills > 0, "{kind} ended before it could be killed");
        assert!(contents(&whole) == resumed, "{kind}");
    }
}

#[test]
fn a_checkpoint_of_another_question_or_a_damaged_one_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "dimer.toml", DIMER);
    let place = scratch.path().join("c");
    let simulate = |seed: &str| {
        let place = place.display().to_string();
        irrev(&[
            "simulate",
            &model,
            "-n",
            "200",
            "--seed",
            seed,
            "--checkpoint",
            &place,
        ])
    };
    assert_eq!(simulate("1").status.code(), Some(0));
    let other = simulate("2");
    assert_eq!(other.status.code(), Some(74), "{}", text(&other.stderr));
    let file = place.join("ensemble/simulation.checkpoint");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let damaged = simulate("1");
    assert_eq!(damaged.status.code(), Some(74));
    assert!(
        text(&damaged.stderr).contains("simulation.checkpoint"),
        "{}",
        text(&damaged.stderr)
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_with_130_and_leaves_a_checkpoint() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "dimer.toml", DIMER);
    let place = scratch.path().join("c");
    let mut child = Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(["simulate", &model, "-n", "1000000000", "--checkpoint"])
        .arg(&place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(600));
    let begin = Instant::now();
    let pid = child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begin.elapsed().as_secs_f64() < 2.0, "{:?}", begin.elapsed());
    assert!(place.join("ensemble/simulation.checkpoint").is_file());
}

#[test]
fn first_passages_are_reported_where_they_are_asked_for() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "dimer.toml", DIMER);
    let told = document(&[&model, "-n", "500", "--until", "A>=8"]);
    let (share, _) = estimate(&told, "passage_probability A>=8");
    assert!(share > 0.0 && share < 1.0 && estimate(&told, "passage_time A>=8").0 < 3.0);
    let ring = document(&[&example("three-state-ring.toml"), "-n", "500", "--until", "C"]);
    assert!(ring["quantities"]["passage_time"]["value"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_wanted_error_ends_an_ensemble_early_at_the_same_trajectory_for_any_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let dimer = written(scratch.path(), "dimer.toml", DIMER);
    let ring = example("three-state-ring.toml");
    for (model, of) in [(&dimer, "A"), (&ring, "jumps")] {
        let made = |threads: &str| {
            let arguments = [
                model.as_str(),
                "-n",
                "100000",
                "--standard-error",
                "0.05",
                "--of",
                of,
                "--threads",
                threads,
            ];
            let told = document(&arguments);
            told["title"].as_str().unwrap().to_owned()
        };
        let one = made("1");
        assert!(!one.contains("100000"), "{one}");
        assert_eq!(one, made("3"));
    }
}

#[test]
fn requests_without_meaning_exit_with_2_and_say_what_would_be_right() {
    let scratch = tempfile::tempdir().unwrap();
    let dimer = written(scratch.path(), "dimer.toml", DIMER);
    let ring = example("three-state-ring.toml");
    for (arguments, advice) in [
        (&[&dimer[..], "--method", "gilespie"][..], "direct"),
        (&[&dimer, "--books", "entropie"], "did you mean \"entropy\""),
        (&[&dimer, "--until", "Q>=3"], "no counted species"),
        (&[&dimer, "--until", "A"], "SPECIES>="),
        (&[&dimer, "--end", "-1"], "finite time above 0"),
        (&[&dimer, "--end", "inf"], "finite time above 0"),
        (&[&dimer, "--times", "2,1"], "ascending"),
        (&[&dimer, "--points", "1"], "from 2"),
        (&[&dimer, "-n", "0"], "at least 1"),
        (&[&dimer, "--stationary"], "jump processes"),
        (&[&dimer, "--standard-error", "0.1"], "--of"),
        (&[&dimer, "--standard-error", "0.1", "--of", "Q"], "known: A, B"),
        (&[&dimer, "--times", "1", "--end", "2"], "cannot be used with"),
        (&[&dimer, "--out", "../up"], "climbs"),
        (&[&ring, "--method", "direct"], "automatic"),
        (&[&ring, "--until", "nowhere"], "no state"),
    ] {
        let output = irrev(&[&["simulate"], arguments].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(advice), "{arguments:?}: {told}");
    }
}

#[test]
fn memory_is_refused_beforehand_with_the_figure_and_the_option() {
    let scratch = tempfile::tempdir().unwrap();
    let dimer = written(scratch.path(), "dimer.toml", DIMER);
    for model in [&dimer, &example("three-state-ring.toml")] {
        let begin = Instant::now();
        let output = irrev(&[
            "simulate",
            model,
            "-n",
            "1000000000000000",
            "--keep",
            "--max-memory",
            "1GB",
        ]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(69), "{told}");
        assert!(
            told.contains("--max-memory") && told.contains("1.00 GB;"),
            "{told}"
        );
        assert!(begin.elapsed().as_secs_f64() < 2.0);
    }
}

#[test]
fn reactions_without_a_reverse_make_the_entropy_infinite_by_name() {
    let scratch = tempfile::tempdir().unwrap();
    let one_way = DIMER.replace("B <=> 0\", kf = 1.0, kr = 0.5", "B -> 0\", kf = 1.0");
    let model = written(scratch.path(), "one-way.toml", &one_way);
    let told = document(&[&model, "-n", "300"]);
    let medium = &told["quantities"]["simulated_medium_entropy"];
    assert_eq!(medium["value"], "infinity");
    assert!(medium["note"].as_str().unwrap().contains("out"), "{medium}");
    // left out by name, it still drives the counts, and the rest has a finite entropy
    let left_out = document(&[
        &model,
        "-n",
        "300",
        "--set",
        "thermodynamics.irreversible=leave-out",
    ]);
    assert!(estimate(&left_out, "simulated_medium_entropy").0.is_finite());
    assert!(
        left_out["warnings"]
            .to_string()
            .contains("do not hold for a part")
    );
}

#[test]
fn the_counts_section_of_run_shows_the_same_numbers() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(
        scratch.path(),
        "dimer.toml",
        &format!("{DIMER}[stochastic]\ntrajectories = 400\n"),
    );
    let simulated = document(&[&model]);
    let output = irrev(&["run", "--json", "--sections", "counts", &model]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let run: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in [
        "mean_count_A",
        "simulated_entropy_production",
        "count_entropy_production_rate",
    ] {
        assert_eq!(run["quantities"][name], simulated["quantities"][name], "{name}");
    }
}

/// SBML writes a propensity as c·X·(X − 1)/2, which is negative between 0 and 1 and mass action at whole numbers.
#[test]
fn a_combinatorial_law_is_simulated_and_another_net_law_is_not() {
    let scratch = tempfile::tempdir().unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../irrev/tests/data/sbml/dsmts");
    let pair = tests.join("00030-sbml-l3v1.xml").display().to_string();
    let told = document(&[
        &pair, "-n", "4000", "--end", "50", "--points", "51", "--books", "jumps",
    ]);
    let checks = told["checks"].as_array().unwrap();
    assert!(checks.len() == 1 && checks[0]["passed"] == true, "{checks:?}");
    let text_of = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 100.0\nY = 1.0\n[reactions]\n\
        growth = { eq = \"X <=> Y\", net = \"0.01*X*(50 - X)\" }\n";
    let logistic = written(scratch.path(), "logistic.toml", text_of);
    let output = irrev(&["simulate", &logistic]);
    assert_eq!(output.status.code(), Some(65));
    assert!(
        text(&output.stderr).contains("`forward` and `backward`"),
        "{}",
        text(&output.stderr)
    );
}
