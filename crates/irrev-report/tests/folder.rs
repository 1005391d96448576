//! Writing folders: what is refused, what is replaced, and that equal reports are equal bytes.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use crate::common::{HOSTILE, full};
use irrev_report::{
    Axis, Curve, Error, Figure, Lines, Provenance, Report, RunLog, Series, Table, WriteOptions, write_folder,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const FRESH: WriteOptions = WriteOptions {
    force: false,
    static_page: true,
};
const FORCED: WriteOptions = WriteOptions {
    force: true,
    static_page: true,
};

fn log() -> RunLog {
    RunLog::begin(1)
}

/// Relative path and content of every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn equal_reports_are_equal_bytes_but_for_the_run_log() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for static_page in [true, false] {
        let options = WriteOptions {
            force: true,
            static_page,
        };
        write_folder(&full(HOSTILE), &log(), one.path(), &options).unwrap();
        let later = log().lasting(std::time::Duration::from_secs(5));
        write_folder(&full(HOSTILE), &later, other.path(), &options).unwrap();
        let (mut one, mut other) = (files(one.path()), files(other.path()));
        assert_ne!(one.remove("run.log.json"), other.remove("run.log.json"));
        assert_eq!(one, other);
    }
}

#[test]
fn the_folder_holds_a_file_for_each_part_and_no_leftovers() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new/deep");
    let written = write_folder(&full("x"), &log(), &target, &FRESH).unwrap();
    let names: Vec<String> = files(&target).into_keys().collect();
    let expected = [
        "figures/bars.csv",
        "figures/bars.svg",
        "figures/heatmap.csv",
        "figures/heatmap.svg",
        "figures/lines.csv",
        "figures/lines.svg",
        "figures/network.csv",
        "figures/network.svg",
        "report.html",
        "result.json",
        "run.log.json",
        "tables/series.csv",
        "tables/table.csv",
    ];
    assert_eq!(names, expected);
    assert_eq!(written.len(), expected.len());
    assert!(written.last().unwrap().ends_with("result.json"));
}

#[test]
fn an_earlier_result_is_replaced_only_by_force_and_its_extra_files_go() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&full("x"), &log(), folder.path(), &FRESH).unwrap();
    let before = files(folder.path());
    let smaller = Report::new("k", "smaller", Provenance::new("0"));
    let refused = write_folder(&smaller, &log(), folder.path(), &FRESH);
    assert!(matches!(refused, Err(Error::ResultExists { .. })), "{refused:?}");
    assert_eq!(files(folder.path()), before);
    fs::write(folder.path().join("figures/mine.txt"), "kept").unwrap();
    write_folder(&smaller, &log(), folder.path(), &FORCED).unwrap();
    let names: Vec<String> = files(folder.path()).into_keys().collect();
    assert_eq!(
        names,
        ["figures/mine.txt", "report.html", "result.json", "run.log.json"]
    );
}

#[test]
fn a_folder_with_other_files_is_left_alone_even_by_force() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
    for options in [FRESH, FORCED] {
        let refused = write_folder(&full("x"), &log(), folder.path(), &options);
        assert!(
            matches!(refused, Err(Error::ForeignDirectory { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn a_file_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for target in [file.clone(), file.join("below")] {
        let refused = write_folder(&full("x"), &log(), &target, &FORCED);
        assert!(matches!(refused, Err(Error::NotADirectory { .. })), "{refused:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_where_a_file_goes_is_replaced_and_not_followed() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let victim = outside.path().join("victim");
    fs::write(&victim, "untouched").unwrap();
    write_folder(&full("x"), &log(), folder.path(), &FRESH).unwrap();
    fs::remove_file(folder.path().join("report.html")).unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join("report.html")).unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join(".result.json.partial")).unwrap();
    write_folder(&full("x"), &log(), folder.path(), &FORCED).unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    assert!(
        !folder
            .path()
            .join("report.html")
            .symlink_metadata()
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_folder_left_unfinished_is_finished_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    // as a process leaves it that is killed between the first file and the last
    fs::create_dir(folder.path().join("tables")).unwrap();
    fs::write(folder.path().join("tables/old.csv"), "1").unwrap();
    fs::write(folder.path().join(".unfinished"), "").unwrap();
    write_folder(&full("x"), &log(), folder.path(), &FRESH).unwrap();
    assert!(folder.path().join("result.json").is_file());
    assert!(!folder.path().join(".unfinished").exists());
    // without the mark the same files are somebody else's
    let foreign = tempfile::tempdir().unwrap();
    fs::create_dir(foreign.path().join("tables")).unwrap();
    assert!(write_folder(&full("x"), &log(), foreign.path(), &FORCED).is_err());
}

#[test]
fn names_that_are_no_file_names_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let long = "a".repeat(101);
    for name in [
        "",
        "..",
        "../up",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "A",
        "é",
        "a b",
        "a.b",
        "con",
        "lpt9",
        "nul",
        "a\0b",
        &long,
    ] {
        let mut figure = Report::new("k", "t", Provenance::new("0"));
        figure.push_figure(Figure::new(name, "t", "c", Lines::default()));
        let mut table = Report::new("k", "t", Provenance::new("0"));
        table.push_table(Table::new(name, "c"));
        let mut series = Report::new("k", "t", Provenance::new("0"));
        series.push_series(Series::new(name, "", "x", "", vec![], vec![]));
        for report in [figure, table, series] {
            let target = folder.path().join("result");
            let refused = write_folder(&report, &log(), &target, &FRESH);
            assert!(matches!(refused, Err(Error::Name { .. })), "{name:?} {refused:?}");
            assert!(!target.exists());
            assert!(matches!(report.to_json(), Err(Error::Name { .. })));
        }
    }
}

#[test]
fn a_table_and_a_series_cannot_share_a_file() {
    let mut report = Report::new("k", "t", Provenance::new("0"));
    report.push_table(Table::new("same", ""));
    report.push_series(Series::new("same", "", "x", "", vec![], vec![]));
    assert!(matches!(report.validate(), Err(Error::DuplicateName { name, .. }) if name == "same"));
}

#[test]
fn lists_of_different_length_are_named() {
    let curve = Curve::new("measured", vec![0.0, 1.0], vec![0.0]);
    let mut report = Report::new("k", "t", Provenance::new("0"));
    report.push_figure(Figure::new(
        "f",
        "t",
        "c",
        Lines::new(Axis::new("x", ""), Axis::new("y", "")).curve(curve),
    ));
    let message = report.validate().unwrap_err().to_string();
    assert_eq!(
        message,
        "figure \"f\", curve \"measured\": x has 2 values but y has 1; they must be equally long"
    );
}

#[test]
fn tables_carry_units_and_quote_where_needed() {
    let table = Table::new("t", "")
        .text("state", vec!["a,\"b\"".to_owned(), "c".to_owned()])
        .numbers("rate", "1/s", vec![1.0 / 3.0, f64::NEG_INFINITY]);
    let expected = "state,rate [1/s]\n\"a,\"\"b\"\"\",0.3333333333333333\nc,-inf\n";
    assert_eq!(irrev_report::table_csv(&table).unwrap(), expected);
}
