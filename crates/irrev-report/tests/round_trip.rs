//! The result document gives back what was put in, bit for bit.

use crate::common::{HOSTILE, RATE, full};
use irrev_report::{Error, Provenance, Quantity, Report, RunLog};
use proptest::prelude::*;

/// Equal to the bit, or both NaN.
fn same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
}

#[test]
fn a_full_report_reads_back_and_writes_the_same_bytes_again() {
    let report = full(HOSTILE);
    let json = report.to_json().unwrap();
    let read = Report::from_json(&json).unwrap();
    assert_eq!(read.to_json().unwrap(), json);
    // NaN differs from itself, so the comparison of values is made on a report without it.
    let finite = {
        let mut report = report;
        report.quantities.retain(|quantity| !quantity.value.is_nan());
        report.tables.clear();
        report.figures.clear();
        report.checks.retain(|check| !check.residual.is_nan());
        report.bounds.retain(|bound| !bound.left.is_nan());
        report
    };
    assert_eq!(Report::from_json(&finite.to_json().unwrap()).unwrap(), finite);
}

#[test]
fn quantities_are_a_map_with_infinite_values_as_words() {
    let json: serde_json::Value = serde_json::from_str(&full("x").to_json().unwrap()).unwrap();
    assert_eq!(json["schema"], "irrev.result/1");
    assert_eq!(json["quantities"]["infinite"]["value"], "infinity");
    assert_eq!(json["quantities"]["undefined"]["value"], "nan");
    assert_eq!(json["quantities"]["undefined"]["error"], "infinity");
    assert_eq!(json["quantities"]["undefined"]["kind"], "estimate");
    assert_eq!(json["quantities"]["entropy_production_rate"]["unit"], "nats/time");
    assert_eq!(
        json["quantities"]["entropy_production_rate"]["definition"]["label"],
        "entropy production rate"
    );
    assert_eq!(json["series"][0]["values"][0], "-infinity");
    assert_eq!(json["bounds"][2]["status"], "not_applicable");
    assert_eq!(json["figures"][2]["kind"]["type"], "network");
}

#[test]
fn quantities_keep_their_order() {
    let mut report = Report::new("k", "t", Provenance::new("0"));
    for name in ["zeta", "alpha", "mu"] {
        report.push_quantity(Quantity::new(RATE, 1.0).named(name));
    }
    let read = Report::from_json(&report.to_json().unwrap()).unwrap();
    let names: Vec<&str> = read
        .quantities
        .iter()
        .map(|quantity| quantity.name.as_str())
        .collect();
    assert_eq!(names, ["zeta", "alpha", "mu"]);
}

#[test]
fn other_documents_are_refused_by_name() {
    let json = full("x").to_json().unwrap();
    let newer = json.replace("irrev.result/1", "irrev.result/2");
    assert!(
        matches!(Report::from_json(&newer), Err(Error::Schema { found }) if found == "\"irrev.result/2\"")
    );
    assert!(matches!(Report::from_json("{}"), Err(Error::Schema { found }) if found == "missing"));
    assert!(matches!(Report::from_json("not json"), Err(Error::Json { .. })));
    assert!(matches!(
        Report::from_json(&"[".repeat(100_000)),
        Err(Error::Json { .. })
    ));
    let twice = r#"{"schema":"irrev.result/1","kind":"","title":"","provenance":{"irrev_version":"0"},
        "quantities":{"a":{"value":1,"unit":"","kind":"exact","definition":{"name":"","label":"","symbol":"","unit":"","formula":"","explanation":"","source":""}},
        "a":{"value":1,"unit":"","kind":"exact","definition":{"name":"","label":"","symbol":"","unit":"","formula":"","explanation":"","source":""}}}}"#;
    let error = Report::from_json(twice).unwrap_err().to_string();
    assert!(error.contains("\"a\" occurs twice"), "{error}");
}

#[test]
fn unknown_fields_of_later_versions_are_ignored() {
    let json = full("x")
        .to_json()
        .unwrap()
        .replacen('{', "{\"novelty\": [1, {\"a\": null}],", 1);
    assert!(Report::from_json(&json).is_ok());
}

#[test]
fn the_run_log_holds_clock_and_host_and_the_result_does_not() {
    let log = RunLog::begin(3).lasting(std::time::Duration::from_millis(1500));
    let json: serde_json::Value = serde_json::from_str(&log.to_json().unwrap()).unwrap();
    assert_eq!(json["schema"], "irrev.run-log/1");
    assert_eq!(json["elapsed_seconds"], 1.5);
    assert_eq!(json["threads"], 3);
    assert_eq!(
        json["started"].as_str().map(str::len),
        Some("2026-01-31T12:00:00Z".len())
    );
    let result: serde_json::Value = serde_json::from_str(&full("x").to_json().unwrap()).unwrap();
    for key in [
        "started",
        "host",
        "elapsed_seconds",
        "threads",
        "command",
        "files",
    ] {
        assert!(result["provenance"].get(key).is_none(), "{key}");
    }
}

proptest! {
    #[test]
    fn any_number_survives_to_the_bit(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        let mut report = Report::new("k", "t", Provenance::new("0"));
        report.push_quantity(Quantity::new(RATE, value).with_error(Some(value)));
        let read = Report::from_json(&report.to_json().unwrap()).unwrap();
        prop_assert!(same(read.quantities[0].value, value));
        prop_assert!(same(read.quantities[0].error.unwrap(), value));
    }

    #[test]
    fn any_text_survives(title in any::<String>(), warning in any::<String>()) {
        let mut report = Report::new("k", title, Provenance::new("0"));
        report.push_warning(warning);
        prop_assert_eq!(Report::from_json(&report.to_json().unwrap()).unwrap(), report);
    }
}
