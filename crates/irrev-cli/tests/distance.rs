//! `irrev distance` as a user meets it: numbers, certificates, refusals, infinite distances.

use std::path::Path;
use std::process::{Command, Output};

/// Three states with equal rates, and thus the simplest W₂ that is no closed form.
const TRIANGLE: &str = r#"irrev = 1
kind = "markov"
title = "triangle"
states = ["a", "b", "c"]
transitions = [
  { name = "ab", between = ["a", "b"], rates = { forward = 1.0, backward = 1.0 } },
  { name = "bc", between = ["b", "c"], rates = { forward = 1.0, backward = 1.0 } },
  { name = "ca", between = ["c", "a"], rates = { forward = 1.0, backward = 1.0 } },
]
"#;

/// Two pairs of states without a way between them.
const ISLANDS: &str = r#"irrev = 1
kind = "markov"
states = ["a", "b", "c", "d"]
transitions = [
  { name = "ab", between = ["a", "b"], rates = { forward = 1.0, backward = 2.0 } },
  { name = "cd", between = ["c", "d"], rates = { forward = 1.0, backward = 1.0 } },
]
"#;

const ONE_WAY: &str = r#"irrev = 1
kind = "markov"
states = ["a", "b"]
transitions = [
  { name = "leak", between = ["a", "b"], rates = { forward = 1.0, backward = 0.0 }, one_way = true },
]
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

fn written(folder: &Path, name: &str, text: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn document(arguments: &[&str]) -> serde_json::Value {
    let output = irrev(&[&["distance", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn value(document: &serde_json::Value, name: &str) -> f64 {
    document["quantities"][name]["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("{name} in {}", document["quantities"]))
}

/// Standard error of a command that must fail with a code.
fn refusal(code: i32, arguments: &[&str]) -> String {
    let output = irrev(&[&["distance"], arguments].concat());
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(output.stdout.is_empty());
    message
}

#[test]
fn a_known_distance_is_told_with_its_proof() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let told = document(&[&model, "--from", "0.6,0.3,0.1", "--to", "0.1,0.2,0.7"]);
    // the value of the library's documentation, known to ten digits
    let (lower, distance, upper) = (
        value(&told, "wasserstein2_lower_bound"),
        value(&told, "wasserstein2"),
        value(&told, "wasserstein2_upper_bound"),
    );
    assert!((distance - 0.791_613_735_344_857_3).abs() < 1e-9);
    assert!(lower <= distance && distance <= upper && upper / lower < 1.0 + 1e-6);
    assert!(value(&told, "wasserstein2_gap") <= 1e-6);
    assert!((value(&told, "wasserstein1") - 0.6).abs() < 1e-12);
    assert!((value(&told, "total_variation") - 0.6).abs() < 1e-12);
    assert!(told["quantities"].get("least_entropy_production").is_none());
    // the way back is as long
    let back = document(&[&model, "--to", "0.6,0.3,0.1", "--from", "0.1,0.2,0.7"]);
    assert!((value(&back, "wasserstein2") - distance).abs() < 1e-9);
}

#[test]
fn lists_and_files_are_the_same_distribution() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let column = written(scratch.path(), "p.csv", b"# a, b, c\n0.6\n0.3\n0.1\n");
    let mut array = b"\x93NUMPY\x01\x00".to_vec();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n";
    array.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    array.extend(header.as_bytes());
    array.extend([0.6_f64, 0.3, 0.1].iter().flat_map(|p| p.to_le_bytes()));
    let array = written(scratch.path(), "p.npy", &array);
    let of = |from: &str| value(&document(&[&model, "--from", from, "--to", "c"]), "wasserstein2");
    let listed = of("0.6,0.3,0.1");
    assert_eq!(of(&column).to_bits(), listed.to_bits());
    assert_eq!(of(&array).to_bits(), listed.to_bits());
    let stationary = document(&[&model, "--from", "stationary", "--to", "uniform"]);
    assert!(value(&stationary, "total_variation") < 1e-15);
}

#[test]
fn a_report_holds_the_geodesic_and_the_bounds() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("report");
    let arguments = |threads: &'static str, out: &Path| {
        let out = out.display().to_string();
        let output = irrev(&[
            "distance",
            &example("three-state-ring.toml"),
            "--from",
            "A",
            "--to",
            "0.2,0.3,0.5",
            "--duration",
            "0.5",
            "--threads",
            threads,
            "--static",
            "--out",
            &out,
        ]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let summary = arguments("1", &out);
    assert!(summary.contains("certainly between"), "{summary}");
    assert!(summary.contains("speed_limit_wasserstein2"), "{summary}");
    for file in [
        "report.html",
        "tables/speed_limits.csv",
        "tables/transport.csv",
        "figures/geodesic_states.svg",
        "figures/geodesic_snapshots.svg",
        "figures/geodesic_network.svg",
        "figures/geodesic_currents.svg",
        "figures/geodesic_potentials.svg",
        "figures/protocol_rates.svg",
        "tables/protocol.csv",
        "tables/protocol_costs.csv",
    ] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let again = scratch.path().join("again");
    arguments("2", &again);
    let result = |folder: &Path| std::fs::read(folder.join("result.json")).unwrap();
    assert_eq!(result(&out), result(&again));
    let told: serde_json::Value = serde_json::from_slice(&result(&out)).unwrap();
    let least = value(&told, "least_entropy_production");
    let distance = value(&told, "wasserstein2");
    assert!((least - distance * distance / 0.5).abs() < 1e-12 * least);
    // the master equation under the protocol arrives, and pays no more
    for name in ["protocol_end", "protocol_cost"] {
        let checks = told["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name).unwrap();
        assert_eq!(check["passed"], true, "{check}");
    }
    // what `irrev explain` knows is all that a report names
    let explained = irrev(&["explain", &out.display().to_string()]);
    assert_eq!(explained.status.code(), Some(0), "{}", text(&explained.stderr));
    for bound in told["bounds"].as_array().unwrap() {
        let name = bound["name"].as_str().unwrap();
        let found = irrev(&["explain", name]);
        assert_eq!(found.status.code(), Some(0), "{name}: {}", text(&found.stderr));
    }
}

#[test]
fn an_infinite_distance_is_an_answer() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "islands.toml", ISLANDS.as_bytes());
    let output = irrev(&[
        "distance",
        &model,
        "--from",
        "0.5,0.2,0.2,0.1",
        "--to",
        "0.2,0.2,0.3,0.3",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.contains("W₂ is infinite") && told.contains("a, b") && told.contains("lose the probability 0.3"),
        "{told}"
    );
    // the same probability on each island: finite
    let told = document(&[&model, "--from", "0.5,0.2,0.2,0.1", "--to", "0.2,0.5,0.1,0.2"]);
    assert!(value(&told, "wasserstein2").is_finite());
}

#[test]
fn what_is_no_distribution_is_refused_by_its_place() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let from = |code, p: &str| refusal(code, &[&model, "--from", p, "--to", "uniform"]);
    // a wrong value of an option is a wrong use, whatever is wrong with it
    assert!(from(2, "0.6,-0.1,0.5").contains("-0.1 as number 2 (state \"b\")"));
    assert!(from(2, "0.6,NaN,0.4").contains("NaN as number 2 (state \"b\")"));
    assert!(from(2, "0.6,x,0.4").contains("`x` as number 2"));
    assert!(from(2, "0.6,0.4").contains("2 numbers, expected 3"));
    assert!(from(2, "0.6,0.2,0.1").contains("--from to 0.9"));
    assert!(from(2, "uniforn").contains("did you mean \"uniform\""));
    assert!(from(2, "gibbs:bath").contains("no reservoir"));
    assert!(from(66, "absent.csv").contains("absent.csv"));
    let file = written(scratch.path(), "bad.csv", b"0.5\n0.2, half\n");
    assert!(from(65, &file).contains("bad.csv:2:6"));
    // and a wrong value in a file is a wrong input
    let negative = written(scratch.path(), "negative.csv", b"0.7,0.5,-0.2\n");
    assert!(from(65, &negative).contains("state \"c\""));
    let amounts = written(scratch.path(), "amounts.csv", b"1,-2\n");
    let brusselator = example("brusselator.toml");
    assert!(refusal(65, &[&brusselator, "--from", &amounts, "--to", "initial"]).contains("Y"));
}

#[test]
fn what_has_no_distance_is_refused_with_the_reason() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let leak = written(scratch.path(), "leak.toml", ONE_WAY.as_bytes());
    assert!(refusal(65, &[&leak, "--from", "a", "--to", "b"]).contains("leak"));
    let ends = ["--from", "a", "--to", "b"];
    let with = |code, more: &[&str]| refusal(code, &[&[model.as_str()], &ends[..], more].concat());
    assert!(with(2, &["--duration", "-1"]).contains("positive"));
    assert!(with(2, &["--tol", "1e-20"]).contains("1e-10"));
    assert!(with(2, &["--lengths", "1,2"]).contains("expected 3"));
    assert!(with(2, &["--lengths", "1,-2,1"]).contains("bc"));
    assert!(with(2, &["--lengths", "metre"]).contains("metre"));
    assert!(with(69, &["--max-memory", "1kB"]).contains("--max-memory"));
}

#[test]
fn lengths_change_the_first_distance_only() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let ends = [model.as_str(), "--from", "a", "--to", "b"];
    let unit = document(&ends);
    let long = document(&[&ends[..], &["--lengths", "5,1,1"]].concat());
    assert_eq!(value(&unit, "wasserstein1"), 1.0);
    assert_eq!(value(&long, "wasserstein1"), 2.0);
    assert_eq!(value(&unit, "wasserstein2"), value(&long, "wasserstein2"));
}

#[test]
fn masses_that_are_no_probabilities_have_a_first_distance_and_a_total() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let molecules = written(scratch.path(), "molecules.csv", b"5\n1\n2\n");
    let told = document(&[
        &model,
        "--from",
        &molecules,
        "--to",
        "1,1,6",
        "--lengths",
        "1,2,5",
    ]);
    // four units go the way a, b, c of length 3
    assert_eq!(value(&told, "wasserstein1"), 12.0);
    assert_eq!(value(&told, "total_mass"), 8.0);
    assert_eq!(told["quantities"]["wasserstein1"]["unit"], "mass·length");
    assert!(told["quantities"].get("wasserstein2").is_none());
    assert!(
        told["left_out"].to_string().contains("wasserstein2"),
        "{}",
        told["left_out"]
    );
    let islands = written(scratch.path(), "islands.toml", ISLANDS.as_bytes());
    let apart = irrev(&["distance", &islands, "--from", "3,0,1,0", "--to", "1,1,1,1"]);
    let words = text(&apart.stdout);
    assert_eq!(apart.status.code(), Some(0), "{words}");
    assert!(
        words.contains("W₁ is infinite") && words.contains("the mass 1"),
        "{words}"
    );
    let unequal = refusal(2, &[&model, "--from", "5,1,2", "--to", "1,1,5"]);
    assert!(unequal.contains("sums to 7, and --from to 8"), "{unequal}");
    assert!(refusal(2, &[&model, "--from", "5,1,2", "--to", "uniform"]).contains("equal totals"));
}

#[test]
fn from_a_stationary_state_no_bound_is_told_of_rounding() {
    let scratch = tempfile::tempdir().unwrap();
    let model = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let ring = example("three-state-ring.toml");
    for (model, to) in [(model.as_str(), "a"), (ring.as_str(), "A")] {
        let told = document(&[model, "--from", "stationary", "--to", to, "--duration", "0.5"]);
        let bounds = told["bounds"].as_array().unwrap();
        let limits: Vec<_> = bounds
            .iter()
            .filter(|bound| bound["name"].as_str().unwrap().starts_with("speed_limit"))
            .collect();
        assert!(limits.len() > 10);
        for limit in limits {
            let note = limit["note"].as_str().unwrap_or_default();
            let said = note.contains("nothing moves") || note.contains("detailed balance");
            assert!(limit["status"] == "not_applicable" && said, "{limit}");
        }
    }
}

#[test]
fn from_a_stationary_state_of_reactions_no_bound_is_told_of_rounding() {
    let model = example("schloegl.toml");
    let told = document(&[&model, "--from", "stationary", "--to", "X=1", "--duration", "1"]);
    for limit in told["bounds"].as_array().unwrap() {
        assert_eq!(limit["status"], "not_applicable", "{limit}");
    }
}

/// Turned into a jump process the same problem has a certified distance: it lies within what the path through amounts claims.
#[test]
fn beside_an_absent_species_no_more_digits_are_told_than_are_known() {
    let scratch = tempfile::tempdir().unwrap();
    let reactions = "irrev = 1\nkind = \"reactions\"\n[species]\nA = 1.0\nB = 0.5\nC = 0.2\n[reactions]\n\
        r = { eq = \"A <=> B\", kf = 1.0, kr = 0.5 }\nq = { eq = \"B <=> C\", kf = 1.0, kr = 0.5 }\n";
    let jumps = r#"irrev = 1
kind = "markov"
states = ["a", "b", "c"]
transitions = [
  { name = "r", between = ["a", "b"], rates = { forward = 1.0, backward = 0.5 } },
  { name = "q", between = ["b", "c"], rates = { forward = 1.0, backward = 0.5 } },
]
"#;
    let (reactions, jumps) = (
        written(scratch.path(), "reactions.toml", reactions.as_bytes()),
        written(scratch.path(), "jumps.toml", jumps.as_bytes()),
    );
    let ends = |from| ["--from", from, "--to", "0.2,0.3,0.5", "--tol", "1e-8"];
    let certified = value(
        &document(&[&[jumps.as_str()], &ends("a")[..]].concat()),
        "wasserstein2",
    );
    // what was asked for is missed, which a check says
    let output = irrev(&[&["distance", "--json", reactions.as_str()], &ends("1,0,0")[..]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let failed: Vec<&serde_json::Value> = told["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["passed"] == false)
        .map(|check| &check["name"])
        .collect();
    assert_eq!(failed, ["resolution"]);
    let length = &told["quantities"]["geodesic_length"];
    let (found, error) = (
        length["value"].as_f64().unwrap(),
        length["error"].as_f64().unwrap(),
    );
    assert!(
        (found - certified).abs() < error,
        "{found} ± {error}, {certified}"
    );
    let summary = told["summary"].to_string();
    assert!(
        summary.contains("nearly the distance") && summary.contains("No path is shorter by more than about"),
        "{summary}"
    );
}

#[test]
fn reactions_have_speed_limits_with_what_they_need() {
    let told = |model: &str, ends: [&str; 2]| {
        let ends = ["--from", ends[0], "--to", ends[1], "--duration", "0.5"];
        document(&[&[example(model).as_str()], &ends[..]].concat())
    };
    let status = |told: &serde_json::Value, name: &str| {
        let bounds = told["bounds"].as_array().unwrap();
        let bound = bounds.iter().find(|bound| bound["name"] == name);
        bound.unwrap_or_else(|| panic!("{name}"))["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let several = told("brusselator.toml", ["X=0.5,Y=3", "3,0.6"]);
    for name in [
        "excess_part",
        "constant_speed_excess",
        "species_change_X",
        "species_change_excess_Y",
    ] {
        assert_eq!(
            status(&several, &format!("speed_limit_{name}")),
            "holds",
            "{name}"
        );
    }
    // the shortest path found is no distance
    assert_eq!(
        status(&several, "speed_limit_wasserstein2_excess"),
        "not_applicable"
    );
    assert!(
        several["summary"].to_string().contains("there are 2 directions"),
        "{}",
        several["summary"]
    );
    let one = told("schloegl.toml", ["initial", "stationary"]);
    assert_eq!(status(&one, "speed_limit_wasserstein2_excess"), "holds");
    assert!(
        one["summary"].to_string().contains("along one direction"),
        "{}",
        one["summary"]
    );
    for bound in several["bounds"].as_array().unwrap() {
        let name = bound["name"].as_str().unwrap();
        let found = irrev(&["explain", name]);
        assert_eq!(found.status.code(), Some(0), "{name}: {}", text(&found.stderr));
    }
}

#[test]
fn states_of_reactions_are_joined_by_a_path_that_is_no_certificate() {
    let brusselator = example("brusselator.toml");
    let ends = ["--from", "X=0.5,Y=3", "--to", "3,0.6"];
    let found = document(&[&[brusselator.as_str()], &ends[..], &["--duration", "2"]].concat());
    let length = value(&found, "geodesic_length");
    let cost = value(&found, "geodesic_entropy_production");
    assert!((cost - length * length / 2.0).abs() < 1e-12 * cost);
    assert!(value(&found, "geodesic_excess") < 1e-6 * length);
    assert!(value(&found, "wasserstein_length") > 0.0);
    let told = found["summary"].to_string();
    assert!(
        told.contains("locally optimal; not a certified distance"),
        "{told}"
    );
    let back = document(&[brusselator.as_str(), "--from", "3,0.6", "--to", "0.5,3"]);
    assert!((value(&back, "geodesic_length") / length - 1.0).abs() < 1e-6);
    assert!(refusal(2, &[&brusselator, "--from", "uniform", "--to", "initial"]).contains("initial"));
    assert!(refusal(2, &[&brusselator, "--from", "Z=1", "--to", "initial"]).contains("dynamic species"));
    assert!(refusal(2, &[&brusselator, "--from", "1,2,3", "--to", "initial"]).contains("X, Y"));
    assert!(refusal(2, &[&brusselator, "--from", "1,-2", "--to", "initial"]).contains("Y"));
    let closed = example("michaelis-menten.toml");
    let report = tempfile::tempdir().unwrap();
    let out = report.path().join("geodesic").display().to_string();
    let output = irrev(&[
        "distance",
        &closed,
        "--from",
        "initial",
        "--to",
        "stationary",
        "--out",
        &out,
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        report
            .path()
            .join("geodesic/figures/geodesic_states.svg")
            .exists()
    );
}

#[test]
fn relaxation_is_told_by_curvature_or_by_what_stands_in_its_way() {
    let scratch = tempfile::tempdir().unwrap();
    let triangle = written(scratch.path(), "triangle.toml", TRIANGLE.as_bytes());
    let found = document(&[&triangle, "--from", "0.6,0.3,0.1", "--to", "uniform"]);
    // Erbar and Maas: (n + 2)/2 for a complete graph of n states at rate 1 is proven, the infimum lies higher
    assert!((value(&found, "entropic_curvature_lower_bound") - 2.5).abs() < 1e-12);
    assert!((value(&found, "entropic_curvature") - 2.888_132_969_86).abs() < 1e-8);
    assert_eq!(found["quantities"]["entropic_curvature"]["kind"], "upper_bound");
    assert!((value(&found, "curvature_at_equilibrium") - 3.0).abs() < 1e-12);
    assert!(value(&found, "curvature_at_start") >= value(&found, "entropic_curvature"));
    let bounds = found["bounds"].as_array().unwrap();
    for name in [
        "decay_gap",
        "decay_curvature",
        "decay_wasserstein",
        "decay_total_variation",
        "log_sobolev",
    ] {
        let bound = bounds.iter().find(|b| b["name"] == name).unwrap();
        assert_eq!(bound["status"], "holds", "{bound}");
    }
    let figures = found["figures"].as_array().unwrap();
    for name in ["relaxation_entropy", "relaxation_distances"] {
        assert!(figures.iter().any(|f| f["name"] == name), "{name}");
    }
    // from equilibrium there is nothing to follow
    let still = document(&[&triangle, "--from", "uniform", "--to", "0.6,0.3,0.1"]);
    assert!(value(&still, "curvature_at_start") > 0.0);
    assert!(
        still["bounds"]
            .as_array()
            .unwrap()
            .iter()
            .all(|b| b["name"] != "decay_gap")
    );

    let driven = document(&[
        &example("three-state-ring.toml"),
        "--from",
        "0.6,0.3,0.1",
        "--to",
        "uniform",
    ]);
    let bounds = driven["bounds"].as_array().unwrap();
    let unmet = bounds.iter().find(|b| b["name"] == "decay_curvature").unwrap();
    assert_eq!(unmet["status"], "not_applicable");
    let note = unmet["note"].as_str().unwrap();
    assert!(
        note.contains("detailed balance") && note.contains("the current of"),
        "{note}"
    );
}
