//! The command as a user meets it: verbs, exit codes, files, messages.

use std::path::{Path, PathBuf};
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

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path))
        } else {
            files.push(path)
        }
    }
    files.sort();
    files
}

#[test]
fn run_leaves_a_report_and_does_not_overwrite_it_unasked() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("report");
    let out = out.to_str().unwrap();
    let first = irrev(&["run", &model("kinesin.toml"), "--out", out]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("1037.12 nats/s"));
    for file in [
        "result.json",
        "report.html",
        "run.log.json",
        "tables/transitions.csv",
        "figures/network.svg",
    ] {
        assert!(Path::new(out).join(file).is_file(), "{file}");
    }
    let second = irrev(&["run", &model("kinesin.toml"), "--out", out]);
    assert_eq!(second.status.code(), Some(74));
    assert!(
        text(&second.stderr).contains("--force"),
        "{}",
        text(&second.stderr)
    );
    assert_eq!(
        irrev(&["run", &model("kinesin.toml"), "--out", out, "--force"])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn equal_runs_leave_equal_bytes_for_any_number_of_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = |threads: &str| {
        let out = scratch.path().join(threads);
        let arguments = [
            "run",
            &model("hopfield-proofreading.toml"),
            "--threads",
            threads,
            "--out",
            out.to_str().unwrap(),
        ];
        assert_eq!(irrev(&arguments).status.code(), Some(0));
        out
    };
    let one = folder("1");
    for other in [folder("2"), folder("5")] {
        for file in files_below(&one) {
            let name = file.strip_prefix(&one).unwrap();
            // the log holds clock and threads, and nothing else may
            if name != Path::new("run.log.json") {
                assert!(
                    std::fs::read(&file).unwrap() == std::fs::read(other.join(name)).unwrap(),
                    "{}",
                    name.display()
                );
            }
        }
    }
}

#[test]
fn json_goes_to_standard_output_as_one_document() {
    let output = irrev(&["run", "--json", &model("three-state-ring.toml")]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], "irrev.result/1");
    assert!(document["quantities"]["entropy_production_rate"]["value"].is_f64());
    let both = irrev(&[
        "run",
        "--json",
        &model("three-state-ring.toml"),
        &model("kinesin.toml"),
    ]);
    let list: serde_json::Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!(list.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_model_is_read_from_standard_input() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(["run", "-", "--json"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let text = std::fs::read(model("three-state-ring.toml")).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn set_changes_a_number_and_unknown_keys_are_answered_with_the_nearest() {
    let value = |arguments: &[&str]| {
        let output = irrev(&[&["run", "--json", &model("kinesin.toml")], arguments].concat());
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["quantities"]["velocity"]["value"].as_f64().unwrap()
    };
    let loaded = value(&["--set", "parameters.load=5"]);
    assert!((loaded - 120.949_620_562_377_26).abs() < 1e-9 * loaded);
    let wrong = irrev(&["run", &model("kinesin.toml"), "--set", "parameters.laod=5"]);
    assert_eq!(wrong.status.code(), Some(65));
    assert!(
        text(&wrong.stderr).contains("parameters.load"),
        "{}",
        text(&wrong.stderr)
    );
}

#[test]
fn sweep_prints_a_table() {
    let output = irrev(&[
        "sweep",
        &model("kinesin.toml"),
        "--over",
        "parameters.load=0:8:5",
        "--show",
        "velocity,efficiency",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    assert_eq!(table.lines().count(), 6, "{table}");
    assert!(table.lines().next().unwrap().contains("velocity"));
    let unknown = irrev(&[
        "sweep",
        &model("kinesin.toml"),
        "--over",
        "parameters.load=0,1",
        "--show",
        "velocty",
    ]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean \"velocity\""));
}

#[test]
fn check_says_what_is_possible_and_why_the_rest_is_not() {
    let output = irrev(&["check", &model("kinesin.toml")]);
    assert_eq!(output.status.code(), Some(0));
    let told = text(&output.stdout);
    assert!(told.contains("sound; 6 states, 7 transitions"), "{told}");
    assert!(told.contains("no   the model has no [reservoirs]"), "{told}");
    let json = irrev(&["check", "--json", &model("kinesin.toml")]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["sections"]["energetics"]["possible"], false);
}

#[test]
fn explain_knows_quantities_and_models() {
    assert!(text(&irrev(&["explain", "entropy_production_rate"]).stdout).contains("Schnakenberg"));
    assert!(text(&irrev(&["explain", &model("kinesin.toml")]).stdout).contains("kappa_16"));
    let wrong = irrev(&["explain", "entropy_production_rat"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("entropy_production_rate"));
}

#[test]
fn init_writes_a_model_that_runs_and_keeps_what_is_there() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("mine.toml");
    let file = file.to_str().unwrap();
    assert_eq!(irrev(&["init", "--out", file]).status.code(), Some(0));
    assert_eq!(irrev(&["run", file]).status.code(), Some(0));
    assert_eq!(irrev(&["init", "--out", file]).status.code(), Some(74));
    assert_eq!(irrev(&["init", "--out", file, "--force"]).status.code(), Some(0));
    assert_eq!(irrev(&["init", "analysis"]).status.code(), Some(2));
}

#[test]
fn every_gallery_entry_is_printed_and_sound() {
    let scratch = tempfile::tempdir().unwrap();
    let list = text(&irrev(&["gallery"]).stdout);
    assert!(list.lines().count() >= 10);
    for name in list.lines().filter_map(|l| l.split_whitespace().next()) {
        let file = scratch.path().join(format!("{name}.toml"));
        std::fs::write(&file, irrev(&["gallery", name]).stdout).unwrap();
        assert_eq!(
            irrev(&["check", file.to_str().unwrap()]).status.code(),
            Some(0),
            "{name}"
        );
    }
    assert!(text(&irrev(&["gallery", "kinesine"]).stderr).contains("did you mean \"kinesin\""));
}

#[test]
fn schema_completions_cite_and_doctor_answer() {
    let schema: serde_json::Value = serde_json::from_slice(&irrev(&["schema"]).stdout).unwrap();
    assert!(schema["$schema"].is_string());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(!irrev(&["completions", shell]).stdout.is_empty(), "{shell}");
    }
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("r");
    irrev(&["run", &model("kinesin.toml"), "--out", out.to_str().unwrap()]);
    let cited = text(&irrev(&["cite", out.join("result.json").to_str().unwrap()]).stdout);
    assert!(
        cited.contains("Liepelt") && cited.contains("Schnakenberg"),
        "{cited}"
    );
    let doctor: serde_json::Value = serde_json::from_slice(&irrev(&["doctor", "--json"]).stdout).unwrap();
    assert_eq!(doctor["self_test"]["passed"], true);
    assert!(doctor["self_test"]["fluctuation_theorem"].as_f64().unwrap() < 1e-12);
}

#[test]
fn usage_errors_exit_with_2() {
    for arguments in [
        &["frobnicate"][..],
        &["run"],
        &["run", "x.toml", "--threads", "many"],
        &["run", "x.toml", "--threads", "100000"],
        &["run", "x.toml", "--max-memory", "lots"],
        &["run", "x.toml", "--sections", "nonsense"],
        &["run", "x.toml", "--out", "../escape"],
        &["run", "x.toml", "--out", "a/../../escape"],
        &["completions", "tcsh"],
    ] {
        let output = irrev(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn a_memory_limit_that_is_too_small_is_answered_with_the_figure() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("ring.toml");
    let states: Vec<String> = (0..400).map(|i| format!("\"s{i}\"")).collect();
    let edges: Vec<String> = (0..400)
        .map(|i| {
            format!(
                "  {{ between = [\"s{i}\", \"s{}\"], rates = {{ forward = 2, backward = 1 }} }},\n",
                (i + 1) % 400
            )
        })
        .collect();
    let model = format!(
        "irrev = 1\nkind = \"markov\"\nstates = [{}]\ntransitions = [\n{}]\n",
        states.join(", "),
        edges.concat()
    );
    std::fs::write(&file, model).unwrap();
    let output = irrev(&[
        "run",
        file.to_str().unwrap(),
        "--max-memory",
        "1MB",
        "--sections",
        "spectrum",
    ]);
    assert_eq!(output.status.code(), Some(69), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("3.84 MB"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn one_way_transitions_give_infinite_entropy_production_by_name() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("one-way.toml");
    let text_of = "irrev = 1\nkind = \"markov\"\nstates = [\"a\", \"b\", \"c\"]\ntransitions = [\n\
        { name = \"x\", between = [\"a\", \"b\"], rates = { forward = 1 }, one_way = true },\n\
        { name = \"y\", between = [\"b\", \"c\"], rates = { forward = 1, backward = 1 } },\n\
        { name = \"z\", between = [\"c\", \"a\"], rates = { forward = 1, backward = 1 } },\n]\n";
    std::fs::write(&file, text_of).unwrap();
    let output = irrev(&["run", "--json", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rate = &document["quantities"]["entropy_production_rate"];
    assert_eq!(rate["value"], "infinity");
    assert!(rate["note"].as_str().unwrap().contains('x'), "{rate}");
}

#[test]
fn several_closed_classes_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("split.toml");
    let text_of = "irrev = 1\nkind = \"markov\"\nstates = [\"a\", \"b\", \"c\", \"d\"]\ntransitions = [\n\
        { between = [\"a\", \"b\"], rates = { forward = 1, backward = 2 } },\n\
        { between = [\"c\", \"d\"], rates = { forward = 1, backward = 2 } },\n]\n";
    std::fs::write(&file, text_of).unwrap();
    let told = text(&irrev(&["check", file.to_str().unwrap()]).stdout);
    assert!(told.contains("{a, b}") && told.contains("{c, d}"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error_and_ctrl_c_stops_with_130() {
    let head = format!("{} gallery kinesin | head -1", env!("CARGO_BIN_EXE_irrev"));
    let output = Command::new("sh").args(["-c", &head]).output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        text(&output.stderr)
    );

    // a sweep that lasts many seconds, interrupted after one
    let mut child = Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args([
            "sweep",
            &model("kinesin.toml"),
            "--over",
            "parameters.load=0:9:1000",
            "--over",
            "parameters.atp=1:1000:1000",
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(800));
    let begin = std::time::Instant::now();
    Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begin.elapsed().as_secs_f64() < 2.0, "{:?}", begin.elapsed());
}
