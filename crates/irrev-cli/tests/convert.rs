//! `irrev convert`, and `check` and `explain` for reaction models.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/models")
        .join(name);
    path.display().to_string()
}

#[test]
fn a_model_goes_to_sbml_and_back_with_the_same_steady_state() {
    let scratch = tempfile::tempdir().unwrap();
    let place = |name: &str| scratch.path().join(name).display().to_string();
    let (xml, toml) = (place("brusselator.xml"), place("brusselator.toml"));
    let there = irrev(&["convert", &example("brusselator.toml"), &xml]);
    assert_eq!(there.status.code(), Some(0), "{}", text(&there.stderr));
    // what is lost is said, a line each
    let told = text(&there.stderr);
    assert!(
        told.lines().filter(|l| l.starts_with("lost: ")).count() >= 3,
        "{told}"
    );
    assert_eq!(irrev(&["convert", &xml, &toml, "--quiet"]).status.code(), Some(0));
    let rate = |model: &str| {
        let output = irrev(&["run", "--json", "--sections", "limit_cycle", model]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["quantities"]["entropy_production_rate"]["value"]
            .as_f64()
            .unwrap()
    };
    let exact = rate(&example("brusselator.toml"));
    for model in [&xml, &toml] {
        assert!((rate(model) - exact).abs() < 1e-10 * exact, "{model}");
    }
}

#[test]
fn files_are_not_overwritten_unasked_and_pipes_need_a_format() {
    let scratch = tempfile::tempdir().unwrap();
    let xml = scratch.path().join("b.xml");
    let place = xml.display().to_string();
    let model = example("brusselator.toml");
    assert_eq!(irrev(&["convert", &model, &place]).status.code(), Some(0));
    let before = std::fs::read(&xml).unwrap();
    let again = irrev(&["convert", &model, &place]);
    assert_eq!(again.status.code(), Some(74));
    assert!(text(&again.stderr).contains("--force"));
    assert_eq!(
        irrev(&["convert", &model, &place, "--force"]).status.code(),
        Some(0)
    );
    assert_eq!(std::fs::read(&xml).unwrap(), before);
    assert_eq!(irrev(&["convert", &model]).status.code(), Some(2));
    let mut child = Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(["convert", "-", "-", "--to", "sbml", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(&std::fs::read(&model).unwrap())
        .unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(piped.status.code(), Some(0));
    assert!(piped.stdout == before, "the same text through a pipe");
    let folder = irrev(&[
        "convert",
        &model,
        &scratch.path().display().to_string(),
        "--to",
        "toml",
        "--force",
    ]);
    assert_eq!(folder.status.code(), Some(74));
    assert!(
        std::fs::read_dir(scratch.path()).unwrap().count() == 1,
        "nothing half-written is left"
    );
}

#[test]
fn jump_processes_and_broken_files_are_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let target = scratch.path().join("k.xml").display().to_string();
    let markov = irrev(&["convert", &example("kinesin.toml"), &target]);
    assert_eq!(markov.status.code(), Some(65));
    assert!(
        text(&markov.stderr).contains("reaction models can be converted"),
        "{}",
        text(&markov.stderr)
    );
    assert_eq!(irrev(&["convert", "absent.xml", &target]).status.code(), Some(66));
    let broken = scratch.path().join("broken.xml");
    std::fs::write(&broken, "<sbml><model>").unwrap();
    assert_eq!(
        irrev(&["convert", &broken.display().to_string(), &target])
            .status
            .code(),
        Some(65)
    );
    assert!(!Path::new(&target).exists());
}

#[test]
fn check_and_explain_know_reaction_models() {
    let model = example("brusselator.toml");
    let told = text(&irrev(&["check", &model]).stdout);
    assert!(told.contains("4 species, 3 reactions"), "{told}");
    let json = irrev(&["check", "--json", &model]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["kind"], "reactions");
    assert_eq!(document["sections"]["limit_cycle"]["possible"], true);
    let told = text(&irrev(&["explain", &model, "--set", "reactions.feed.kr=2"]).stdout);
    assert!(
        told.contains("2 X + Y ⇌ 3 X") && told.contains("k⁺ = 1, k⁻ = 0.1"),
        "{told}"
    );
    let json = irrev(&["explain", "--json", &model]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["reactions"][1]["equation"], "B + X ⇌ Y + A");
    assert_eq!(document["species"][3]["role"], "held from outside");
}

#[test]
fn decisions_about_one_way_reactions_are_told() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("decay.toml");
    let model = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\ndecay = { eq = \"X -> 0\", kf = 1.0 }\n";
    std::fs::write(&file, model).unwrap();
    let file = file.display().to_string();
    for verb in ["check", "explain"] {
        let told = text(&irrev(&[verb, &file]).stdout);
        assert!(
            told.contains("\"decay\"") && told.contains("infinite"),
            "{verb}: {told}"
        );
    }
    let json = irrev(&["check", "--json", &file]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["decisions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_section_of_another_kind_is_refused_with_those_there_are() {
    let foreign = irrev(&["run", &example("brusselator.toml"), "--sections", "cycles"]);
    assert_eq!(foreign.status.code(), Some(65));
    assert!(
        text(&foreign.stderr).contains("limit_cycle"),
        "{}",
        text(&foreign.stderr)
    );
    let foreign = irrev(&[
        "run",
        &example("kinesin.toml"),
        "--sections",
        "stationary,structure",
    ]);
    assert_eq!(foreign.status.code(), Some(65));
    assert!(
        text(&foreign.stderr).contains("relaxation"),
        "{}",
        text(&foreign.stderr)
    );
}

#[test]
fn an_end_of_time_can_be_set_where_the_file_gives_none() {
    let scratch = tempfile::tempdir().unwrap();
    let xml = scratch.path().join("b.xml").display().to_string();
    assert_eq!(
        irrev(&["convert", &example("brusselator.toml"), &xml, "--quiet"])
            .status
            .code(),
        Some(0)
    );
    let output = irrev(&[
        "run",
        "--json",
        "--sections",
        "evolution",
        &xml,
        "--set",
        "time.end=2.5",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let evolution = document["figures"].as_array().unwrap();
    let last = |figure: &serde_json::Value| figure["kind"]["curves"][0]["x"].as_array()?.last()?.as_f64();
    assert!(
        evolution.iter().any(|f| last(f) == Some(2.5)),
        "no curve ends at 2.5"
    );
}

/// A published model of each level of SBML, and units that SBML names.
#[test]
fn published_models_go_to_model_files_that_are_read_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../irrev/tests/data/sbml/biomodels");
    let scratch = tempfile::tempdir().unwrap();
    let mut converted = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "xml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (toml, back) = (
            scratch.path().join(format!("{name}.toml")).display().to_string(),
            scratch.path().join(format!("{name}.xml")).display().to_string(),
        );
        for (from, to) in [(&path.display().to_string(), &toml), (&toml, &back)] {
            let output = irrev(&["convert", from, to, "--quiet"]);
            assert_eq!(output.status.code(), Some(0), "{from}: {}", text(&output.stderr));
        }
        converted += 1;
    }
    assert!(converted >= 5, "{converted} models");
}

#[test]
fn explain_tells_what_is_in_a_result() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("result");
    let out = folder.display().to_string();
    let made = irrev(&[
        "simulate",
        &example("schloegl.toml"),
        "--trajectories",
        "20",
        "--end",
        "0.5",
        "--out",
        &out,
    ]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let result = folder.join("result.json");
    for path in [&out, &result.display().to_string()] {
        let told = text(&irrev(&["explain", path]).stdout);
        assert!(
            told.contains("mean_count_X") && told.contains("Mean number of molecules"),
            "{told}"
        );
    }
    for name in [
        "mean_count_X",
        "wasserstein_length_of_cycle",
        "speed_limit",
        "heat_hot",
    ] {
        let told = irrev(&["explain", name]);
        assert!(told.status.success(), "{name}: {}", text(&told.stderr));
    }
}

#[test]
fn check_sums_up_how_a_large_file_was_read() {
    let file = format!(
        "{}/../../examples/biomodels/BIOMD0000000064.xml",
        env!("CARGO_MANIFEST_DIR")
    );
    let short = text(&irrev(&["check", &file]).stdout);
    assert!(
        short.contains("laws split into directions") && short.contains("--verbose shows all"),
        "{short}"
    );
    let long = text(&irrev(&["check", "--verbose", &file]).stdout);
    assert!(long.len() > short.len() && !long.contains("more notes"), "{long}");
    let one = scratch_model("[species]\nX = 1.0\n[reactions]\nr = { eq = \"X -> 0\", kf = 1.0 }");
    let told = text(&irrev(&["check", &one.1]).stdout);
    assert!(told.contains("1 species, 1 reaction, 0 compartments"), "{told}");
}

/// A folder with a reaction model in it, and the path of that.
fn scratch_model(content: &str) -> (tempfile::TempDir, String) {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("model.toml");
    std::fs::write(&file, format!("irrev = 1\nkind = \"reactions\"\n{content}\n")).unwrap();
    let path = file.display().to_string();
    (scratch, path)
}

#[test]
fn a_converted_model_rests_on_the_same_sentences() {
    let scratch = tempfile::tempdir().unwrap();
    let (toml, out) = (scratch.path().join("b10.toml"), scratch.path().join("out"));
    let xml = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../irrev/tests/data/sbml/biomodels/BIOMD0000000010.xml")
        .display()
        .to_string();
    let toml = toml.display().to_string();
    let done = irrev(&["convert", &xml, &toml]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let warnings = |model: &str| -> Vec<String> {
        let output = irrev(&["check", "--json", model]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let warnings = document["warnings"].as_array().unwrap().iter();
        // without the place, which is another file's
        warnings
            .map(|w| {
                w.as_str()
                    .unwrap()
                    .split_once("warning[")
                    .unwrap()
                    .1
                    .lines()
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(warnings(&xml).len(), 5);
    assert_eq!(warnings(&xml), warnings(&toml));
    let run = irrev(&[
        "run",
        "--sections",
        "limit_cycle",
        &toml,
        "--out",
        &out.display().to_string(),
    ]);
    assert!(
        text(&run.stdout).contains("The number holds only if 5 pairs"),
        "{}",
        text(&run.stdout)
    );
}

#[test]
fn what_has_run_dry_is_no_equilibrium_and_what_grows_is_no_steady_state() {
    let scratch = tempfile::tempdir().unwrap();
    let told = |name: &str, content: &str| {
        let model = scratch.path().join(name);
        std::fs::write(&model, format!("irrev = 1\nkind = \"reactions\"\n{content}")).unwrap();
        let out = scratch.path().join("out").display().to_string();
        let run = irrev(&["run", &model.display().to_string(), "--out", &out, "--force"]);
        let told = text(&run.stdout);
        // lines are broken to the width of a terminal
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let dry = told(
        "dry.toml",
        "[species]\nA = 1.0\nB = 0.0\n[reactions]\nr = { eq = \"A -> B\", kf = 1.0 }\n",
    );
    assert!(dry.contains("1 one-way reaction has run dry (r)"), "{dry}");
    assert!(!dry.contains("it is an equilibrium"), "{dry}");
    assert!(
        dry.contains("infinite, because of reactions that run one way only: r"),
        "{dry}"
    );
    let fed = told(
        "fed.toml",
        "[species]\nX = 1.0\nY = 0.5\n[reactions]\nin = { eq = \"0 -> X\", kf = 0.1, irreversible = \"leave-out\" }\n\
         r = { eq = \"X <=> Y\", kf = 1.0, kr = 2.0 }\n",
    );
    assert!(
        fed.contains("there is no steady state") && fed.contains("X grows by 6.667e-2"),
        "{fed}"
    );
    let explosive = told(
        "explosive.toml",
        "[species]\nX = 1.0\n[reactions]\nr = { eq = \"2 X <=> 3 X\", kf = 1.0, kr = 1e-300 }\n",
    );
    assert!(
        explosive.contains("In the long run the amount of X grows without bound"),
        "{explosive}"
    );
}

#[test]
fn continuous_motion_becomes_the_network_of_its_grid_with_the_same_dissipation() {
    let scratch = tempfile::tempdir().unwrap();
    let place = |name: &str| scratch.path().join(name).display().to_string();
    let text_of_ring = std::fs::read_to_string(example("tilted-ring.toml")).unwrap();
    let (model, network) = (place("ring.toml"), place("network.toml"));
    std::fs::write(&model, text_of_ring.replace("intervals = 512", "intervals = 64")).unwrap();
    let done = irrev(&["convert", &model, &network]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(
        text(&done.stderr).contains("64 states, 1 loss"),
        "{}",
        text(&done.stderr)
    );
    let document = |file: &str, sections: &str| {
        let output = irrev(&["run", "--json", "--sections", sections, file]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let value = |document: &serde_json::Value, name: &str| {
        document["quantities"][name]["value"]
            .as_f64()
            .unwrap_or_else(|| panic!("{name}"))
    };
    let continuous = document(&model, "stationary");
    let jumps = document(&network, "stationary,counting");
    let of_grid = value(&jumps, "entropy_production_rate");
    // the grid has an error of second order in its spacing
    let of_continuum = value(&continuous, "continuum_entropy_production_rate");
    assert!(
        (of_grid / of_continuum - 1.0).abs() < 1e-3,
        "{of_grid} {of_continuum}"
    );
    // every turn costs f L/T = 0.8 · 2π/0.5
    let velocity = value(&jumps, "velocity_x");
    assert!(
        (of_grid - 0.8 * velocity / 0.5).abs() < 1e-9 * of_grid,
        "{of_grid} {velocity}"
    );
    let inertia = irrev(&[
        "convert",
        &example("colloid-that-remembers.toml"),
        &place("no.toml"),
    ]);
    assert_eq!(inertia.status.code(), Some(65));
    assert!(
        text(&inertia.stderr).contains("inertia"),
        "{}",
        text(&inertia.stderr)
    );
}
