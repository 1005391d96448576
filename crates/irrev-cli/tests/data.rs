//! `irrev infer` on series, states and cells, and `irrev certify`, as a user meets them: what files are taken for, what is told, and what is refused, with its place.

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
    String::from_utf8_lossy(bytes).into_owned()
}

fn written(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/recordings");
    folder.join(name).display().to_string()
}

fn document(arguments: &[&str]) -> serde_json::Value {
    let output = irrev(&[&["infer", "--json", "--quiet"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(document: &serde_json::Value, name: &str, field: &str) -> f64 {
    document["quantities"][name][field]
        .as_f64()
        .unwrap_or_else(|| panic!("{name} in {}", document["quantities"]))
}

fn refused(code: i32, arguments: &[&str], wanted: &[&str]) {
    let output = irrev(&[&["infer"], arguments].concat());
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    for wanted in wanted {
        assert!(message.contains(wanted), "{wanted}: {message}");
    }
    assert!(output.stdout.is_empty());
}

/// Numbers that look random and are the same everywhere, in (−1/2, 1/2).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ seed;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }
}

/// Noise that goes round, with a header and times.
fn rotation(rows: usize, step: f64) -> String {
    let mut draw = noise(1);
    let (mut x, mut y) = (0.0, 0.0);
    let mut text = String::from("time_s,x,y\n");
    for k in 0..rows {
        writeln!(text, "{:.4},{x:.5},{y:.5}", k as f64 * step).unwrap();
        (x, y) = (0.86 * x - 0.27 * y + draw(), 0.27 * x + 0.86 * y + draw());
    }
    text
}

#[test]
fn two_beads_dissipate_what_theory_says_and_the_bound_is_certified() {
    let scratch = tempfile::tempdir().unwrap();
    let (data, certificate) = (example("two-beads.csv"), scratch.path().join("bound.json"));
    let certificate = certificate.to_str().unwrap();
    let found = document(&[&data, "--certificate", certificate]);
    // the truth is 2.025; by 5 standard errors, two-sided 6e-7, and what the step of 0.01 leaves
    let (value, error) = (
        number(&found, "current_entropy_production", "value"),
        number(&found, "current_entropy_production", "error"),
    );
    assert!(
        (value - 2.025).abs() < 5.0 * error && error < 0.6,
        "{value} ± {error}"
    );
    assert!(number(&found, "certified_entropy_production", "value") < 2.025);
    assert_eq!(
        found["quantities"]["certified_entropy_production"]["kind"],
        "lower_bound"
    );
    assert_eq!(found["figures"][0]["name"], "entropy_production_estimates");
    let summary = found["summary"].to_string();
    assert!(
        summary.contains("at even steps of 0.01") && summary.contains("times in `time`"),
        "{summary}"
    );
    let certify = |certificate: &str, data: &str| irrev(&["certify", certificate, data]);
    let holds = certify(certificate, &data);
    assert_eq!(
        holds.status.code(),
        Some(0),
        "{}{}",
        text(&holds.stdout),
        text(&holds.stderr)
    );
    assert!(text(&holds.stdout).contains("byte for byte") && text(&holds.stdout).starts_with("holds: "));
    // forged numbers: the lower end, the bound, a coefficient
    let honest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(certificate).unwrap()).unwrap();
    let forgeries: [fn(&mut serde_json::Value); 3] = [
        |c| c["certificate"]["bound"]["interval"][0] = 1.9.into(),
        |c| c["certificate"]["bound"]["value"] = 3.0.into(),
        |c| c["certificate"]["folds"][0]["coefficients"][0] = 0.5.into(),
    ];
    for forge in forgeries {
        let mut forged = honest.clone();
        forge(&mut forged);
        let forged = written(scratch.path(), "forged.json", &forged.to_string());
        let output = certify(&forged, &data);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        assert!(text(&output.stdout).starts_with("does not hold"));
    }
    // one number of the data changed, then a row too few, then no certificate at all
    let original = std::fs::read_to_string(&data).unwrap();
    let changed = written(
        scratch.path(),
        "changed.csv",
        &original.replacen("-0.7799", "-0.7899", 1),
    );
    assert_eq!(certify(certificate, &changed).status.code(), Some(1));
    let short: Vec<&str> = original.lines().take(5000).collect();
    let short = written(scratch.path(), "short.csv", &short.join("\n"));
    assert_eq!(certify(certificate, &short).status.code(), Some(65));
    let output = certify(&data, &data);
    assert_eq!(output.status.code(), Some(65));
    assert!(text(&output.stderr).contains("is no certificate"));
}

#[test]
fn a_ring_of_states_dissipates_what_its_rates_say() {
    let found = document(&[&example("ring.csv")]);
    let (value, error) = (
        number(&found, "jump_entropy_production", "value"),
        number(&found, "jump_entropy_production", "error"),
    );
    // (2 − 1/2) ln 4; by 5 standard errors, two-sided 6e-7
    assert!(
        (value - 2.0794).abs() < 5.0 * error && error < 0.3,
        "{value} ± {error}"
    );
    assert!(
        found["summary"]
            .to_string()
            .contains("2499 jumps between 3 states")
    );
    assert_eq!(number(&found, "one_way_pairs", "value"), 0.0);
}

#[test]
fn states_step_by_step_have_words_and_those_seen_one_way_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let mut draw = noise(2);
    let (mut state, mut rows) = (0, String::new());
    let mut driven = String::from("state\n");
    for _ in 0..6000 {
        state = (state + if draw() < 0.2 { 1 } else { 2 }) % 3;
        writeln!(driven, "{}", ["rest", "walk", "run"][state]).unwrap();
    }
    let found = document(&[&written(scratch.path(), "words.csv", &driven), "--step", "0.5"]);
    // 0.7 forward, 0.3 back: 0.4 ln(7/3) a step; by 5 standard errors
    let (value, error) = (
        number(&found, "step_entropy_production", "value"),
        number(&found, "step_entropy_production", "error"),
    );
    assert!((value - 2.0 * 0.338_919).abs() < 5.0 * error, "{value} ± {error}");
    assert!(number(&found, "word_entropy_production", "value") > 0.5);
    for k in 0..600 {
        writeln!(rows, "{}", k % 3 + 3).unwrap();
    }
    let found = document(&[&written(scratch.path(), "numbers.csv", &format!("level\n{rows}"))]);
    assert_eq!(number(&found, "one_way_pairs", "value"), 3.0);
    assert!(
        found["summary"].to_string().contains("3 → 4"),
        "{}",
        found["summary"]
    );
}

/// A memory `m` that follows a ligand `l`, with the times of jumps; the ligand does not heed the memory.
fn sensor(jumps: usize) -> String {
    let mut draw = noise(3);
    let (mut ligand, mut memory, mut time) = (0, 0, 0.0);
    let mut text = String::from("time,ligand,memory\n");
    for _ in 0..jumps {
        writeln!(
            text,
            "{time:.6},{},{}",
            ["free", "bound"][ligand],
            ["off", "on"][memory]
        )
        .unwrap();
        let rates = [1.0, if memory == ligand { 0.3 } else { 6.0 }];
        time -= (draw() + 0.5).ln() / (rates[0] + rates[1]);
        if draw() + 0.5 < rates[0] / (rates[0] + rates[1]) {
            ligand = 1 - ligand;
        } else {
            memory = 1 - memory;
        }
    }
    text
}

#[test]
fn parts_of_states_have_their_second_laws_and_a_demon_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let found = document(&[&written(scratch.path(), "sensor.csv", &sensor(4000))]);
    // the memory learns, so that the ligand's own jumps use up what it knows
    assert!(number(&found, "recorded_part_information_flow_memory", "value") > 0.3);
    assert!(number(&found, "recorded_part_information_flow_ligand", "value") < -0.3);
    let sum = number(&found, "recorded_part_information_flow_memory", "value")
        + number(&found, "recorded_part_information_flow_ligand", "value");
    assert!(sum.abs() < 1e-9, "{sum}");
    let even: String = sensor(1500)
        .lines()
        .enumerate()
        .map(|(k, line)| match k {
            0 => "time,ligand,memory\n".to_owned(),
            k => format!("{k},{}\n", line.split_once(',').unwrap().1),
        })
        .collect();
    let found = document(&[&written(scratch.path(), "even.csv", &even)]);
    assert!(number(&found, "transfer_entropy_of_states_ligand_to_memory", "value") > 0.01);
}

fn cells(doses: &[(&str, f64)]) -> String {
    let mut draw = noise(4);
    let mut text = String::from("dose,fov,track_id,time [min],ratio\n");
    for (dose, drift) in doses {
        for cell in 0..60 {
            for frame in 0..12 {
                let value = drift * f64::from(frame) + 3.0 * (draw() + draw() + draw() + draw());
                writeln!(text, "{dose},{},{},{},{value:.4}", cell % 3, cell / 3, 2 * frame).unwrap();
            }
        }
    }
    text
}

#[test]
fn doses_of_cells_are_compared_with_the_noise_of_few_cells_taken_out() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(
        scratch.path(),
        "cells.csv",
        &cells(&[("10 ng", 0.6), ("1 ng", 0.0)]),
    );
    let found = document(&[&file]);
    let summary = found["summary"].to_string();
    assert!(
        summary.contains("cells by `fov`, `track_id`") && summary.contains("60 cells at 12 times"),
        "{summary}"
    );
    let length = |dose: &str| number(&found, &format!("cell_length_{dose}"), "value");
    let naive = |dose: &str| number(&found, &format!("naive_cell_length_{dose}"), "value");
    // width √3, 11 steps of 0.6: a way of 3.8; where nothing moves noise alone makes one of about 2
    assert!((length("10_ng") - 3.8).abs() < 1.5, "{}", length("10_ng"));
    assert!(
        length("1_ng") < 1.0 && naive("1_ng") > 1.0,
        "{} {}",
        length("1_ng"),
        naive("1_ng")
    );
    let conditions = &found["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["name"] == "conditions")
        .unwrap()["columns"][0];
    assert_eq!(conditions["values"]["text"], serde_json::json!(["1 ng", "10 ng"]));
}

#[test]
fn what_a_file_holds_is_found_and_may_be_said_otherwise() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    let series = rotation(1500, 0.1);
    let file = written(here, "series.csv", &series);
    assert!(
        document(&[&file])["summary"]
            .to_string()
            .contains("Series of numbers")
    );
    // the same without a header, with tabs; the first column rises evenly
    let bare = series.split_once('\n').unwrap().1.replace(',', "\t");
    let found = document(&[&written(here, "bare.tsv", &bare)]);
    assert!(
        found["summary"].to_string().contains("times in `column 0`"),
        "{}",
        found["summary"]
    );
    // two trajectories, a gap, and a row without a number
    let mut lines: Vec<&str> = series.lines().collect();
    lines.drain(400..450);
    let gap = lines.join("\n");
    let file = written(here, "gap.csv", &gap);
    refused(65, &[&file], &["gap.csv:401:1", "row 400", "--split"]);
    assert!(
        document(&[&file, "--split"])["summary"]
            .to_string()
            .contains("2 uninterrupted stretches")
    );
    // options of the one way with files of the other
    refused(
        2,
        &[&file, "--penalty", "1", "--step", "1"],
        &["--step", "--format"],
    );
    refused(
        2,
        &[&file, "--format", "series", "--penalty", "1"],
        &["--penalty", "--format"],
    );
    refused(
        2,
        &[&example("hippocampus.csv"), "--bin", "0.05", "--split"],
        &["--split"],
    );
    refused(2, &[&example("hippocampus.csv")], &["--bin"]);
    refused(
        2,
        &[&file, "--split", "--columns", "z"],
        &["no column", "time, x, y"],
    );
}

#[test]
fn what_is_wrong_is_told_with_row_and_column() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    let series = rotation(300, 0.1);
    let with = |name: &str, line: usize, new: &str| {
        let mut lines: Vec<&str> = series.lines().collect();
        lines[line] = new;
        written(here, name, &lines.join("\n"))
    };
    refused(
        65,
        &[&with("mixed.csv", 7, "0.6,high,1")],
        &["mixed.csv:8:5", "row 7, column `x`: `high`"],
    );
    refused(
        65,
        &[&with("ragged.csv", 7, "0.6,1")],
        &["ragged.csv:8:1", "row 7 has 2 cells, expected 3"],
    );
    refused(
        65,
        &[&with("nan.csv", 7, "0.6,nan,1")],
        &["nan.csv:8:5", "row 7, column `x`", "--split"],
    );
    refused(
        65,
        &[&with("twice.csv", 7, "0.5,1,1")],
        &["twice.csv:8:1", "duplicate times", "row 6"],
    );
    refused(
        65,
        &[&with("back.csv", 7, "0.1,1,1")],
        &["the time goes back from 0.5 to 0.1"],
    );
    let constant: String = (0..300_u32)
        .map(|k| format!("{},{},1.5\n", f64::from(k) * 0.1, noise(k.into())()))
        .collect();
    let constant = written(here, "constant.csv", &format!("time,x,y\n{constant}"));
    refused(65, &[&constant], &["column `y`", "constant channel"]);
    let few: Vec<&str> = series.lines().take(40).collect();
    refused(
        65,
        &[&written(here, "few.csv", &few.join("\n"))],
        &["needs at least", "38"],
    );
    let mut twice = cells(&[("1", 0.0)]);
    twice.push_str("1,0,0,0,2.5\n");
    refused(
        65,
        &[&written(here, "cells.csv", &twice)],
        &["duplicate times", "row 721"],
    );
    let both: String = (0..400).map(|k| format!("{},{}\n", k % 3, noise(k)())).collect();
    refused(
        65,
        &[&written(here, "both.csv", &format!("state,x\n{both}"))],
        &["--states state", "--columns x"],
    );
    refused(66, &["nothing-here.csv", "--step", "1"], &["nothing-here.csv"]);
    refused(
        69,
        &[
            &with("large.csv", 1, "0.0,0,0"),
            "--step",
            "0.1",
            "--max-memory",
            "1kB",
        ],
        &["memory"],
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    let files = [
        written(here, "series.csv", &rotation(1200, 0.1)),
        written(here, "sensor.csv", &sensor(1500)),
        written(here, "cells.csv", &cells(&[("1", 0.3)])),
    ];
    for file in &files {
        let of =
            |threads: &str| irrev(&["infer", "--json", "--seed", "5", "--threads", threads, file]).stdout;
        let one = of("1");
        assert!(!one.is_empty() && one == of("2"), "{file}");
    }
}

#[test]
fn a_stimulus_and_its_spikes_have_an_information_rate() {
    let scratch = tempfile::tempdir().unwrap();
    let mut draw = noise(6);
    let (mut stimulus, mut spikes) = (String::new(), String::new());
    for k in 0..4000 {
        let level = draw();
        writeln!(stimulus, "{} {level:.5}", 1000 * k).unwrap();
        if level > 0.2 {
            writeln!(spikes, "{}", 1000 * (k + 1) + 500).unwrap();
        }
    }
    let (stimulus, spikes) = (
        written(scratch.path(), "stimulus.txt", &stimulus),
        written(scratch.path(), "spikes.txt", &spikes),
    );
    let found = document(&[
        &spikes,
        "--stimulus",
        &stimulus,
        "--bin",
        "0.001",
        "--time-unit",
        "us",
    ]);
    // quarters of the levels: one of them always, one with 0.2 of its 0.25, fires: H = 0.611 nats less 0.25·0.5 (share 0.3)
    let rate = number(&found, "stimulus_information_rate", "value");
    assert!(rate > 300.0 && rate < 611.0, "{rate}");
    refused(2, &[&spikes, "--stimulus", &stimulus], &["--bin"]);
    refused(
        2,
        &[&spikes, "--stimulus", &stimulus, "--bin", "0.001", "--trial", "1"],
        &["--trial"],
    );
}
