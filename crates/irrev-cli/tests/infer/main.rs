//! `irrev infer` as a user meets it: numbers of a published recording, every kind of file, and (in `refusals`) what is refused, with its place.

mod refusals;

use std::path::Path;
use std::process::{Command, Output};

/// Options that leave out what a test does not look at.
const SHORT: [&str; 6] = ["--penalty", "1e-3", "--shuffles", "2", "--simulate", "0"];

fn irrev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irrev"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn written(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

fn hippocampus() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/recordings/hippocampus.csv")
        .display()
        .to_string()
}

fn document(arguments: &[&str]) -> serde_json::Value {
    let output = irrev(&[&["infer", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn value(document: &serde_json::Value, name: &str) -> f64 {
    document["quantities"][name]["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("{name} in {}", document["quantities"]))
}

fn warnings(document: &serde_json::Value) -> String {
    document["warnings"].to_string()
}

/// A column of a table.
fn column(document: &serde_json::Value, table: &str, column: &str) -> Vec<serde_json::Value> {
    let tables = document["tables"].as_array().unwrap();
    let table = tables.iter().find(|t| t["name"] == table).unwrap();
    let columns = table["columns"].as_array().unwrap();
    let values = &columns.iter().find(|c| c["name"] == column).unwrap()["values"];
    let values = values.get("numbers").or(values.get("text")).unwrap();
    values.as_array().unwrap().clone()
}

fn numbers(document: &serde_json::Value, table: &str, name: &str) -> Vec<f64> {
    let values = column(document, table, name);
    values.iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Activity of four units in bins: unit 1 follows unit 0, unit 2 follows unit 1 and avoids unit 3, with noise.
fn activity(bins: usize) -> Vec<[u8; 4]> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut coin = |percent: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) % 100 < percent
    };
    let mut now = [0_u8; 4];
    (0..bins)
        .map(|_| {
            now = [
                coin(30),
                coin(if now[0] == 1 { 70 } else { 20 }),
                coin(if now[1] == 1 { 60 } else { 15 }),
                coin(if now[2] == 1 { 10 } else { 40 }),
            ]
            .map(u8::from);
            now
        })
        .collect()
}

fn table(rows: &[[u8; 4]], separator: &str) -> String {
    let line = |row: &[u8; 4]| row.map(|x| x.to_string()).join(separator) + "\n";
    rows.iter().map(line).collect()
}

/// The same activity as spikes, one in the middle of each active bin of 20 ms.
fn spikes(rows: &[[u8; 4]]) -> Vec<(usize, f64)> {
    let bins = rows.iter().enumerate();
    bins.flat_map(|(bin, row)| {
        (0..4)
            .filter(|unit| row[*unit] == 1)
            .map(move |unit| (unit, (bin as f64 + 0.5) * 0.02))
    })
    .collect()
}

fn npy(descr: &str, shape: &str, fortran: bool, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

#[test]
fn the_hippocampus_gives_the_numbers_that_were_computed_apart() {
    // by an independent program, with edges of bins in whole numbers: cross-fit 0.0147, plug-in 0.02726, three plug-in values of shifted units 0.0068 to 0.0101 nats per bin
    let told = document(&[
        &hippocampus(),
        "--bin",
        "0.05",
        "--until",
        "998",
        "--penalty",
        "1e-4",
        "--simulate",
        "0",
    ]);
    assert!((value(&told, "cross_fit_entropy_production") - 0.0147).abs() < 5e-5);
    let plug_in = value(&told, "plug_in_bias") + value(&told, "entropy_production_per_bin");
    assert!((plug_in - 0.02726).abs() < 1e-5, "{plug_in}");
    let nulls = numbers(&told, "nulls", "plug_in");
    assert_eq!(nulls.len(), 40);
    let mean = nulls[..20].iter().sum::<f64>() / 20.0;
    assert!((0.006..0.011).contains(&mean), "{mean}");
    assert_eq!(value(&told, "coincident_spikes"), 4766.0);
    assert!((value(&told, "recorded_time") - 998.0).abs() < 1e-9);
    assert_eq!(column(&told, "units", "unit").len(), 16);
    // no draw of 20 is as large as the recording: of p nothing more is known than the smallest value that they can give
    let p = &told["quantities"]["p_value_shifted_units"];
    assert_eq!(p["value"], 1.0 / 21.0);
    assert_eq!(p["kind"], "upper_bound");
    assert_eq!(p["note"], "the smallest that 20 draws can give");
    assert!(
        told["summary"]
            .to_string()
            .contains("p ≤ 0.048, the smallest that 20 draws can give")
    );
    // per second and per spike are the same number
    let bin = value(&told, "entropy_production_per_bin");
    assert!((value(&told, "entropy_production_per_second") / bin - 20.0).abs() < 1e-9);
    let spikes: f64 = numbers(&told, "units", "spikes").iter().sum();
    assert!((bin * 19960.0 / spikes - value(&told, "entropy_production_per_spike")).abs() < 1e-12);
    assert!(value(&told, "correlation_lower_bound") < bin);
    let figures = told["figures"].as_array().unwrap();
    let nulls = figures.iter().find(|f| f["name"] == "nulls").unwrap();
    let bars = nulls["kind"]["category_label"].as_str().unwrap();
    assert!(
        bars.contains("mean ± spread of 20 draws") && bars.contains("standard error"),
        "{bars}"
    );
    let scenario = figures.iter().find(|f| f["name"] == "scenario").unwrap();
    assert_eq!(scenario["kind"]["type"], "heatmap");
    let curves = scenario["kind"]["curves"].as_array().unwrap();
    let dot = curves.iter().find(|curve| curve["name"] == "recording").unwrap();
    assert_eq!(dot["x"][0].as_f64().unwrap(), value(&told, "coupling_spread"));
    // values of contours have no rings
    let marks = scenario["kind"]["marks"].as_array().unwrap();
    assert!(
        !marks.is_empty() && marks.iter().all(|mark| mark["label_only"] == true),
        "{marks:?}"
    );
    assert!(warnings(&told).contains("same time in two units"));
    // far below criticality as its feedback says, it lies far below the critical line, which is in the picture
    let caption = scenario["caption"].as_str().unwrap();
    assert!(caption.contains("feedback 0.22"), "{caption}");
    let line = curves
        .iter()
        .find(|curve| curve["name"] == "critical line at the response found")
        .unwrap();
    let of = |key: &str| -> Vec<f64> {
        let list = line[key].as_array().unwrap().iter();
        list.map(|x| x.as_f64().unwrap()).collect()
    };
    let spread = value(&told, "coupling_spread");
    let near = of("x").iter().position(|x| *x > spread).unwrap();
    let gain = value(&told, "mean_coupling") / of("y")[near];
    // between two points of the line
    assert!((gain - value(&told, "feedback")).abs() < 0.01, "{gain}");
    let top = scenario["kind"]["y"]["numbers"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert!(of("y")[near] < top.as_f64().unwrap());
}

#[test]
fn the_same_bytes_whatever_the_number_of_threads() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "table.csv", table(&activity(3000), ","));
    let told = |threads: &str| {
        let output = irrev(&[
            "infer",
            "--json",
            &file,
            "--shuffles",
            "3",
            "--simulate",
            "2",
            "--threads",
            threads,
            "--l1",
        ]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        output.stdout
    };
    assert_eq!(told("1"), told("2"));
}

#[test]
fn every_way_to_write_a_recording_gives_the_same_numbers() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    let rows = activity(2000);
    let of = |arguments: &[&str]| {
        value(
            &document(&[arguments, &SHORT].concat()),
            "cross_fit_entropy_production",
        )
    };
    let wanted = of(&[&written(here, "table.csv", table(&rows, ","))]);
    let same =
        |found: f64, what: &str| assert!((found - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{what}");
    same(of(&[&written(here, "tabs.tsv", table(&rows, "\t"))]), "tabs");
    same(of(&[&written(here, "spaces.txt", table(&rows, "  "))]), "spaces");
    let headed = format!("# four units\na,b,c,\"d\"\n{}", table(&rows, ","));
    same(of(&[&written(here, "header.csv", headed)]), "header");
    let signed = table(&rows, ";").replace('0', "-1");
    same(of(&[&written(here, "signed.csv", signed)]), "plus and minus one");
    let columns: Vec<String> = (0..4)
        .map(|unit| {
            rows.iter()
                .map(|row| row[unit].to_string())
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    let rows_of_units = written(here, "transposed.csv", columns.join("\n"));
    same(of(&[&rows_of_units, "--transpose"]), "transposed");
    let bytes: Vec<u8> = rows.iter().flatten().copied().collect();
    same(
        of(&[&written(here, "bool.npy", npy("|b1", "(2000, 4)", false, &bytes))]),
        "booleans",
    );
    let by_columns: Vec<u8> = (0..4)
        .flat_map(|unit| rows.iter().map(move |row| row[unit]))
        .collect();
    same(
        of(&[&written(
            here,
            "f.npy",
            npy("|u1", "(2000, 4)", true, &by_columns),
        )]),
        "Fortran order",
    );
    let reals: Vec<u8> = rows
        .iter()
        .flatten()
        .flat_map(|x| (2.0 * f32::from(*x) - 1.0).to_le_bytes())
        .collect();
    same(
        of(&[&written(here, "f4.npy", npy("<f4", "(2000, 4)", false, &reals))]),
        "reals",
    );
    let spikes = spikes(&rows);
    let window = ["--bin", "0.02", "--until", "40"];
    let listed: String = spikes
        .iter()
        .map(|(unit, time)| format!("{unit},{time}\n"))
        .collect();
    let list = written(here, "list.csv", format!("unit,time\n{listed}"));
    same(
        of(&[&[list.as_str()], window.as_slice()].concat()),
        "list of spikes",
    );
    let bare = written(here, "bare.csv", &listed);
    same(
        of(&[&[bare.as_str()], window.as_slice()].concat()),
        "list without header",
    );
    let named: String = spikes
        .iter()
        .map(|(unit, time)| format!("{:.3}\tx\tcell {unit}\n", 1e3 * time))
        .collect();
    let named = written(here, "named.tsv", format!("when\tnote\twho\n{named}"));
    let columns = ["--time-column", "when", "--unit-column", "3", "--time-unit", "ms"];
    same(
        of(&[&[named.as_str()], columns.as_slice(), window.as_slice()].concat()),
        "named columns",
    );
    let files: Vec<String> = (0..4)
        .map(|unit| {
            let own = spikes.iter().filter(|spike| spike.0 == unit);
            let times: String = own.map(|spike| format!("{:.0}\n", 1e6 * spike.1)).collect();
            written(
                here,
                &format!("unit{unit}.txt"),
                format!("# microseconds\n{times}"),
            )
        })
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    same(
        of(&[files.as_slice(), &["--time-unit", "us"], window.as_slice()].concat()),
        "a file per unit",
    );
}

#[test]
fn permuted_units_give_permuted_rows_and_the_same_numbers() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(
        scratch.path(),
        "table.csv",
        format!("a,b,c,d\n{}", table(&activity(2000), ",")),
    );
    let told = document(&[&[file.as_str()], SHORT.as_slice()].concat());
    let permuted = document(&[&[file.as_str(), "--units", "c,a,d,b"], SHORT.as_slice()].concat());
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-8 * x.abs().max(1e-3), "{x} and {y}");
    for name in [
        "cross_fit_entropy_production",
        "entropy_production_per_bin",
        "log_likelihood_per_bin",
        "mean_coupling",
        "coupling_spread",
        "backwards_entropy_production",
    ] {
        near(value(&told, name), value(&permuted, name));
    }
    let find = |document: &serde_json::Value, to: &str, from: &str| {
        let (tos, froms) = (
            column(document, "couplings", "to"),
            column(document, "couplings", "from"),
        );
        let at = (0..tos.len())
            .find(|k| tos[*k] == to && froms[*k] == from)
            .unwrap();
        numbers(document, "couplings", "coupling")[at]
    };
    for to in ["a", "b", "c", "d"] {
        for from in ["a", "b", "c", "d"] {
            near(find(&told, to, from), find(&permuted, to, from));
        }
    }
    assert_eq!(column(&permuted, "fields", "unit"), ["c", "a", "d", "b"]);
    let units = numbers(&told, "entropy_production_of_units", "entropy_production");
    let moved = numbers(&permuted, "entropy_production_of_units", "entropy_production");
    for (place, unit) in [2, 0, 3, 1].into_iter().enumerate() {
        near(units[unit], moved[place]);
    }
}

#[test]
fn a_recording_played_backwards_has_the_backwards_value() {
    let scratch = tempfile::tempdir().unwrap();
    let mut rows = activity(2000);
    let forward = written(scratch.path(), "forward.csv", table(&rows, ","));
    rows.reverse();
    let backward = written(scratch.path(), "backward.csv", table(&rows, ","));
    let [forward, backward] =
        [forward, backward].map(|file| document(&[&[file.as_str()], SHORT.as_slice()].concat()));
    let (one, other) = ("cross_fit_entropy_production", "backwards_entropy_production");
    // the halves change places and no bin changes its half; σ is even under reversal of the data, not odd
    for (a, b) in [(one, other), (other, one)] {
        let (x, y) = (value(&forward, a), value(&backward, b));
        assert!((x - y).abs() < 1e-9, "{x} and {y}");
    }
    assert!(value(&backward, one) > 0.0);
}

#[test]
fn units_that_never_change_are_left_out_by_name() {
    let scratch = tempfile::tempdir().unwrap();
    let rows: String = activity(1500)
        .iter()
        .map(|row| format!("{},0,{},1,{}\n", row[0], row[1], row[2]))
        .collect();
    let file = written(scratch.path(), "table.csv", format!("a,dead,b,stuck,c\n{rows}"));
    let told = document(&[&[file.as_str()], SHORT.as_slice()].concat());
    let said = warnings(&told);
    assert!(
        said.contains("Unit dead is left out: silent in every bin"),
        "{said}"
    );
    assert!(
        said.contains("Unit stuck is left out: active in every bin"),
        "{said}"
    );
    assert_eq!(column(&told, "fields", "unit"), ["a", "b", "c"]);
    assert_eq!(column(&told, "units", "role")[1], "left out: always silent");
    // a table without --bin has no seconds
    assert!(told["quantities"].get("entropy_production_per_second").is_none());
    // one that wakes up in the second half cannot be fitted to the first
    let rows: String = activity(1500)
        .iter()
        .enumerate()
        .map(|(bin, row)| {
            format!(
                "{},{},{},{}\n",
                row[0],
                u8::from(bin > 800 && bin % 3 == 0),
                row[1],
                row[2]
            )
        })
        .collect();
    let waking = written(scratch.path(), "waking.csv", format!("a,late,b,c\n{rows}"));
    let told = document(&[&[waking.as_str()], SHORT.as_slice()].concat());
    let said = warnings(&told);
    assert!(
        said.contains("Unit late is left out: never changing in a half of the recording"),
        "{said}"
    );
    assert_eq!(column(&told, "fields", "unit"), ["a", "b", "c"]);
    assert_eq!(column(&told, "units", "role")[1], "left out: constant in a half");
    // a single unit has a fit and no entropy production
    let alone = document(&[&[file.as_str(), "--units", "a"], SHORT.as_slice()].concat());
    assert!(warnings(&alone).contains("single unit"));
    assert!(alone["quantities"].get("entropy_production_per_bin").is_none());
}

#[test]
fn several_widths_are_compared() {
    let scratch = tempfile::tempdir().unwrap();
    let listed: String = spikes(&activity(4000))
        .iter()
        .map(|(unit, time)| format!("{unit} {time}\n"))
        .collect();
    let file = written(scratch.path(), "spikes.txt", listed);
    let widths = ["--bin", "0.02,0.01,0.04,50"];
    let told = document(&[&[file.as_str()], widths.as_slice(), SHORT.as_slice()].concat());
    assert_eq!(numbers(&told, "bin_widths", "width"), [0.01, 0.02, 0.04]);
    let rates = numbers(&told, "bin_widths", "entropy_production_per_second");
    assert_eq!(rates[1], value(&told, "entropy_production_per_second"));
    // in bins of half the width nothing follows in the next bin what follows one period later
    assert!(rates[1] > rates[0]);
    assert!(warnings(&told).contains("No result for bins of 50 s"));
}

#[test]
fn a_report_folder_holds_the_scenario_figure_and_explain_knows_its_quantities() {
    let scratch = tempfile::tempdir().unwrap();
    let file = written(scratch.path(), "table.csv", table(&activity(1500), ","));
    let out = scratch.path().join("report");
    let folder = out.display().to_string();
    let output = irrev(&[&["infer", &file, "--out", &folder, "--quiet"], SHORT.as_slice()].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let figure = std::fs::read_to_string(out.join("figures/scenario.svg")).unwrap();
    assert!(figure.contains("critical line") && figure.contains("error ellipse"));
    for name in [
        "figures/nulls.svg",
        "tables/couplings.csv",
        "report.html",
        "result.json",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let told = document(&[&[file.as_str()], SHORT.as_slice()].concat());
    for (name, _) in told["quantities"].as_object().unwrap() {
        let explained = irrev(&["explain", name]);
        assert_eq!(explained.status.code(), Some(0), "{name}");
    }
    assert!(irrev(&["infer", &file, "--out", &folder]).status.code() == Some(74));
}
