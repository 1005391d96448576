//! `irrev landscape` on recordings, and `irrev run` on Langevin models, as a user meets them.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn written(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Two hundred oscillators with ω = 1 at kT = 1 from canonical starts, as text with the number of each.
fn oscillators(step: f64) -> String {
    let mut rows = String::from("run,t,x,v\n");
    for k in 0..200_u32 {
        // starts spread evenly in probability: amplitudes by their quantiles, phases by an irrational step
        let amplitude = (-2.0 * ((f64::from(k) + 0.5) / 200.0).ln()).sqrt();
        let phase = 2.399_963_229_728_653 * f64::from(k);
        for frame in 0..60_u32 {
            let t = step * f64::from(frame);
            let (sin, cos) = (t + phase).sin_cos();
            writeln!(rows, "{k},{t},{},{}", amplitude * sin, amplitude * cos).unwrap();
        }
    }
    rows
}

fn document(arguments: &[&str]) -> serde_json::Value {
    let output = irrev(&[&["landscape", "--json", "--quiet"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(code: i32, arguments: &[&str]) -> String {
    let output = irrev(&[&["landscape"], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    text(&output.stderr)
}

#[test]
fn a_recording_has_its_landscapes_by_one_command() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "swing.csv", &oscillators(0.1));
    let columns = [
        "--coordinate",
        "x",
        "--velocity",
        "v",
        "--time",
        "t",
        "--trajectory",
        "run",
    ];
    let found = document(
        &[
            &[file.as_str()],
            &columns[..],
            &["--range", "-2,2", "--cells", "20"],
        ]
        .concat(),
    );
    let value = |name: &str| {
        found["quantities"][name]["value"]
            .as_f64()
            .unwrap_or_else(|| panic!("no {name}"))
    };
    // G = V_m = r²/2, w = kT, and no memory; starts are even and not drawn, so that nothing here is chance
    assert!(
        (value("recorded_lowest_metric") - 1.0).abs() < 0.2
            && (value("recorded_highest_metric") - 1.0).abs() < 0.2
    );
    assert!(
        value("recorded_landscape_difference") < 0.35,
        "{}",
        value("recorded_landscape_difference")
    );
    assert!((value("step_exponent") - 2.0).abs() < 0.05);
    // central differences of sin t: (sin h/h)² = 1 − h²/3
    assert!((value("sampling_bias_of_velocity") - 0.01 / 3.0).abs() < 1e-3);
    assert!(value("crossing_identity_residual") < 1e-10);
    let figures: Vec<&str> = found["figures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    for name in ["landscapes", "metric", "hidden"] {
        assert!(figures.contains(&name), "{name} in {figures:?}");
    }
}

#[test]
fn a_report_is_written_and_says_what_was_read() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "swing.csv", &oscillators(0.1));
    let out = scratch.path().join("report");
    let arguments = [
        "landscape",
        &file,
        "--coordinate",
        "x",
        "--time",
        "t",
        "--trajectory",
        "run",
        "--out",
        out.to_str().unwrap(),
    ];
    let output = irrev(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.contains("200 trajectories of 60 frames") && told.contains("step 0.1"),
        "{told}"
    );
    for name in [
        "report.html",
        "result.json",
        "tables/landscapes.csv",
        "figures/landscapes.svg",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
}

#[test]
fn diffusion_has_drift_and_no_mean_force_potential() {
    let scratch = tempfile::tempdir().unwrap();
    // dx = −x dt + √2 dW, exactly at steps of 0.05, with normal numbers from quantiles in a mixed order
    let (mut x, mut state, mut rows) = (0.0_f64, 12_345_u64, String::from("x\n"));
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let kept = (-0.05_f64).exp();
    for _ in 0..40_000 {
        let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        x = kept * x + (1.0 - kept * kept).sqrt() * normal;
        writeln!(rows, "{x}").unwrap();
    }
    let file = written(scratch.path(), "walk.csv", &rows);
    let found = document(&[&file, "--step", "0.05"]);
    let names: Vec<&str> = found["figures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"drift") && !names.contains(&"landscapes"),
        "{names:?}"
    );
    assert!((found["quantities"]["step_exponent"]["value"].as_f64().unwrap() - 1.0).abs() < 0.25);
}

#[test]
fn what_cannot_be_read_or_means_nothing_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "swing.csv", &oscillators(0.1));
    let broken = written(scratch.path(), "broken.csv", "t,x\n0,1\n0.1,oops\n");
    let backwards = written(scratch.path(), "backwards.csv", "t,x\n0,1\n0.2,2\n0.1,3\n");
    assert!(refusal(65, &[&broken, "--time", "t"]).contains("oops"));
    assert!(refusal(65, &[&backwards, "--time", "t"]).contains("backwards.csv"));
    assert!(refusal(2, &[&file, "--coordinate", "x", "--kt", "-1"]).contains("--kt"));
    assert!(refusal(2, &[&file, "--coordinate", "x", "--period", "round"]).contains("--period"));
    assert!(refusal(2, &[&file, "--coordinate", "x", "--range", "2,1"]).contains("--range"));
    assert!(refusal(2, &[&file, "--coordinate", "x", "--cells", "2"]).contains("--cells"));
    assert!(refusal(65, &[&file, "--coordinate", "y", "--time", "t"]).contains('y'));
    assert!(refusal(66, &["no-such-file.csv"]).contains("no-such-file.csv"));
    assert!(
        refusal(
            2,
            &[
                &file,
                "--coordinate",
                "x",
                "--time",
                "t",
                "--trajectory",
                "run",
                "--velocities",
                "metrics"
            ]
        )
        .contains("--metric")
    );
}

#[test]
fn a_langevin_model_is_made_checked_explained_and_run() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("well.toml");
    let file = file.to_str().unwrap();
    for arguments in [
        vec!["init", "langevin", "--out", file],
        vec!["check", file],
        vec!["explain", file],
        vec!["run", file, "--quiet"],
        vec![
            "sweep",
            file,
            "--over",
            "parameters.w=0:1:3",
            "--set",
            "coordinates.x.intervals=24",
            "--set",
            "coordinates.y.intervals=24",
        ],
        vec!["explain", "continuum_entropy_production_rate"],
        vec!["schema", "langevin"],
    ] {
        let output = irrev(&arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
    let told = text(&irrev(&["explain", file]).stdout);
    assert!(
        told.contains("-∂V/∂x") && told.contains("dynamics.force.x"),
        "{told}"
    );
    let output = irrev(&["simulate", file]);
    assert_eq!(output.status.code(), Some(65));
    assert!(text(&output.stderr).contains("[simulate]"));
}

/// Walkers on a turning spiral, dx = −(1 + J) x dt + √2 dW in steps of 0.05, as text.
fn spiral(frames: u32) -> String {
    let mut state = 99_u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut normal = || (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
    let (h, mut x, mut y) = (0.05_f64, 0.0_f64, 0.0_f64);
    let mut rows = String::from("x,y,z\n");
    for _ in 0..frames {
        let (dx, dy) = (-x - y, x - y);
        x += h * dx + (2.0 * h).sqrt() * normal();
        y += h * dy + (2.0 * h).sqrt() * normal();
        writeln!(rows, "{x},{y},{}", x + y).unwrap();
    }
    rows
}

#[test]
fn two_coordinates_have_a_field_with_a_flux_that_dissipates() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "spiral.csv", &spiral(60_000));
    let found = document(&[
        &file,
        "--coordinate",
        "x,y",
        "--step",
        "0.05",
        "--field",
        "x,y",
        "--field-cells",
        "14",
    ]);
    let quantity = |name: &str| &found["quantities"][name];
    let near = |name: &str, expected: f64, part: f64| {
        let (value, error) = (
            quantity(name)["value"].as_f64().unwrap(),
            quantity(name)["error"].as_f64().unwrap(),
        );
        // five standard errors, and what steps and cells do
        assert!(
            (value - expected).abs() < 5.0 * error + part * expected,
            "{name}: {value} ± {error}"
        );
    };
    // half of the drift turns; entropy production 2 ω²
    near("recorded_flux_share", 0.5, 0.05);
    near("recorded_pair_entropy_production", 2.0, 0.25);
    assert!(quantity("time_reversal_p_value")["value"].as_f64().unwrap() <= 0.01);
    let figures = found["figures"].as_array().unwrap();
    for name in ["field_free_energy", "field_potential"] {
        let figure = figures.iter().find(|figure| figure["name"] == name).unwrap();
        assert_eq!(
            figure["kind"]["curves"].as_array().map_or(0, Vec::len),
            1,
            "{name}"
        );
    }
    assert!(found["summary"].to_string().contains("the motion dissipates"));
}

#[test]
fn a_field_that_means_nothing_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "spiral.csv", &spiral(500));
    let with = |code: i32, more: &[&str]| {
        refusal(
            code,
            &[&[file.as_str(), "--coordinate", "x,y", "--step", "0.05"], more].concat(),
        )
    };
    assert!(with(2, &["--field", "x,x"]).contains("twice"));
    assert!(with(2, &["--field", "x"]).contains("give two"));
    let unknown = with(2, &["--field", "x,phi"]);
    assert!(unknown.contains("phi") && unknown.contains("x, y"), "{unknown}");
    assert!(with(2, &["--field", "x,y", "--field-cells", "2"]).contains("--field-cells"));
    assert!(with(2, &["--field", "x,y", "--metric-weights", "1,-1"]).contains("--metric-weights"));
    assert!(with(2, &["--field", "x,y", "--metric-weights", "1"]).contains("give two"));
    assert!(with(2, &["--resimulate", "1000000"]).contains("--resimulate"));
    // 500 frames are some 25 independent ones
    let few = with(65, &["--field", "x,y", "--field-cells", "40"]);
    assert!(
        few.contains("10 independent visits") && few.contains("--field-cells"),
        "{few}"
    );
}
