//! Models whose rates depend on time, from the file to the report.

use irrev::analysis::{Options, run, vocabulary};
use irrev::model::parse;
use irrev::numerics::Run;
use irrev::report::Report;
use irrev::source::SourceFile;

fn report(text: &str) -> Report {
    let model = parse(SourceFile::from_text("driven.toml", text).unwrap(), &vocabulary()).unwrap();
    run(&model, &Options::default(), &Run::default()).unwrap()
}

#[test]
fn a_lifted_level_obeys_jarzynski_and_the_second_law() {
    let report = report(
        r#"
irrev = 1
kind = "markov"
[parameters]
tau = 1.0
[[states]]
name = "0"
[[states]]
name = "1"
energy = "2*t/tau"
[reservoirs.bath]
temperature = 1.0
[[transitions]]
between = ["0", "1"]
reservoir = "bath"
rule = { type = "symmetric", prefactor = 1.0 }
[initial]
distribution = "gibbs:bath"
[protocol]
duration = "tau"
"#,
    );
    let value = |name: &str| report.quantity(name).unwrap().value;
    // values of a reference integration in double precision, relative 1e-6
    for (name, expected) in [
        ("work", 0.788_366_621_439_841_3),
        ("work_variance", 0.508_709_156_211_824_7),
        ("free_energy_change", 0.566_219_169_516_972_7),
        ("jarzynski_average", 0.567_667_641_618_306_4),
        ("entropy_production", 0.172_764_253_119_170_26),
    ] {
        assert!(
            (value(name) / expected - 1.0).abs() < 1e-6,
            "{name}: {} against {expected}",
            value(name)
        );
    }
    assert!(report.all_verified());
}

#[test]
fn a_periodic_drive_reaches_its_cyclic_state() {
    let report = report(
        r#"
irrev = 1
kind = "markov"
states = ["0", "1"]
[parameters]
A = 2.0
w = 1.0
[[transitions]]
between = ["0", "1"]
rates = { forward = "exp(A*cos(w*t)/2)", backward = "exp(-A*cos(w*t)/2)" }
[protocol]
period = "2*pi/w"
"#,
    );
    let value = |name: &str| report.quantity(name).unwrap().value;
    assert!((value("mean_entropy_production_rate") / 0.155_769_863_159_578_6 - 1.0).abs() < 1e-7);
    assert!((value("mean_activity") / 0.873_133_913_634_639_2 - 1.0).abs() < 1e-7);
    assert!(report.all_verified());
}

#[test]
fn quantities_named_like_built_in_ones_are_refused_with_their_place() {
    let text = "irrev = 1\nkind = \"markov\"\nstates = [\"a\", \"b\"]\n[[transitions]]\nname = \"e\"\nbetween = [\"a\", \"b\"]\n\
                rates = { forward = 1, backward = 1 }\n[[observables]]\nname = \"activity\"\nweights = { e = 1 }\n";
    let model = parse(SourceFile::from_text("clash.toml", text).unwrap(), &vocabulary()).unwrap();
    let error = run(&model, &Options::default(), &Run::default()).unwrap_err();
    assert_eq!(error.exit_code(), 65);
    assert!(error.to_string().contains("clash.toml:8:1"), "{error}");
}
