//! Model files from outside: what is accepted, what it comes to, and how every kind of mistake is answered.

// A test that cannot make its own input has nothing to say and stops.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::time::{Duration, Instant};

use irrev::model::{
    Environment, InitialDistribution, KindVocabulary, LawValues, Markov, Model, ModelError, Override,
    RuleKind, Snapshot, Vocabulary, code, load, parse, schema, template,
};
use irrev::source::{ExitCategory, Limits, SourceFile, read_regular_file};

const VOCABULARY: Vocabulary = Vocabulary {
    quantities: &["stationary", "entropy_production_rate", "currents"],
    scalars: &["entropy_production_rate", "heat"],
    scalars_per_reservoir: &["heat"],
    scalars_per_subsystem: &[],
    reactions: KindVocabulary {
        quantities: &[],
        scalars: &[],
    },
    ising: KindVocabulary {
        quantities: &[],
        scalars: &[],
    },
    quantum: KindVocabulary {
        quantities: &[],
        scalars: &[],
    },
    langevin: KindVocabulary {
        quantities: &[],
        scalars: &[],
    },
};

const HEAD: &str = "irrev = 1\nkind = \"markov\"\n";

fn read(text: &str) -> Result<Markov, ModelError> {
    let source = SourceFile::from_text("model.toml", text)?;
    match parse(source, &VOCABULARY)? {
        Model::Markov(markov) => Ok(*markov),
        _ => panic!("another kind"),
    }
}

fn model(text: &str) -> Markov {
    read(&format!("{HEAD}{text}")).unwrap_or_else(|error| panic!("{error}"))
}

fn at(spec: &Markov, overrides: &[&str], time: f64) -> Snapshot {
    let overrides: Vec<Override> = overrides
        .iter()
        .map(|text| Override::parse(text).unwrap())
        .collect();
    Environment::new(spec, &overrides)
        .and_then(|environment| environment.evaluate(time))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn fault(spec: &Markov, set: &str) -> String {
    let overrides = Override::parse(set).map(|set| vec![set]);
    overrides
        .and_then(|overrides| Environment::new(spec, &overrides)?.evaluate(0.0))
        .map(|_| String::new())
        .unwrap_or_else(|error| error.to_string())
}

fn rates(snapshot: &Snapshot, index: usize) -> (f64, f64) {
    match snapshot.transitions[index].law {
        LawValues::Rates { forward, backward } => (forward, backward),
        LawValues::Rule { .. } => panic!("not given by rates"),
    }
}

const DRIVEN: &str = r#"
title = "Driven switch"
[parameters]
amplitude = { value = 0.5, min = 0.0, max = 1.0, unit = "kT", doc = "of the drive" }
level = "amplitude*cos(2*pi*t)"
k = 3
[[states]]
name = "off"
labels = { switch = "0" }
[[states]]
name = "on"
energy = "level"
degeneracy = 2
labels = { switch = "1" }
[reservoirs.room]
temperature = "1 + t"
[[transitions]]
between = ["off", "on"]
reservoir = "room"
rates = { forward = "k*exp(-level/T)", backward = "k/2" }
[[transitions]]
between = ["off", "on"]
reservoir = "room"
rule = { type = "arrhenius", prefactor = "k", barrier = "level + 2" }
force = "amplitude"
[initial]
distribution = { off = "1/3", on = "2/3" }
[time]
end = "2*k"
points = 4
[protocol]
period = 1
[[observables]]
name = "flux"
weights = { "off→on (room)" = 1, "off→on (room) #2" = "-level" }
[[derived]]
name = "dissipation_per_flux"
value = "entropy_production_rate/flux + heat_room*k"
[[cycles]]
name = "both ways"
transitions = ["off→on (room)", "-off→on (room) #2"]
[[sweep]]
key = "parameters.amplitude"
from = 0.01
to = 1.0
points = 3
spacing = "log"
show = ["dissipation_per_flux", "heat_room"]
[report]
quantities = ["currents"]
[random]
seed = 7
"#;

#[test]
fn every_malformed_input_is_answered_at_once_with_its_place_and_exit_code() {
    let mut failures = Vec::new();
    let cases = crate::corpus::cases();
    assert!(cases.len() >= 80);
    for case in &cases {
        let scratch = tempfile::tempdir().unwrap();
        let path = case.path(scratch.path());
        let begin = Instant::now();
        let answer = load(&path, &VOCABULARY);
        let elapsed = begin.elapsed();
        let name = &case.name;
        match answer {
            Ok(_) => failures.push(format!("{name}: accepted")),
            Err(error) => {
                let text = error.to_string();
                let exit = i64::from(error.category.exit_code());
                if exit != case.exit {
                    failures.push(format!(
                        "{name}: exit code {exit}, expected {}\n{text}",
                        case.exit
                    ));
                }
                if !text.contains(&case.fragment) {
                    failures.push(format!("{name}: no {:?} in\n{text}", case.fragment));
                }
                if case.place
                    && error
                        .diagnostics
                        .iter()
                        .any(|diagnostic| diagnostic.place.is_none())
                {
                    failures.push(format!("{name}: no place in\n{text}"));
                }
                if text.len() > 20_000 || text.contains('\u{1b}') {
                    failures.push(format!(
                        "{name}: {} bytes of message, or control characters",
                        text.len()
                    ));
                }
            }
        }
        if elapsed > Duration::from_secs(1) {
            failures.push(format!("{name}: took {elapsed:?}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

#[test]
fn a_whole_model_comes_to_the_numbers_it_states() {
    let spec = model(DRIVEN);
    assert!(spec.is_driven() && spec.has_energies() && spec.warnings.is_empty());
    assert_eq!(spec.transitions[1].name, "off→on (room) #2");
    let environment = Environment::new(&spec, &[]).unwrap();
    let mut snapshot = environment.evaluate(0.0).unwrap();
    assert_eq!(snapshot.energies, [0.0, 0.5]);
    assert_eq!(snapshot.degeneracies, [1.0, 2.0]);
    assert_eq!(rates(&snapshot, 0), (3.0 * (-0.5_f64).exp(), 1.5));
    let expected = LawValues::Rule {
        kind: RuleKind::Arrhenius,
        prefactor: 3.0,
        barrier: Some(2.5),
        load: None,
    };
    assert_eq!(snapshot.transitions[1].law, expected);
    assert_eq!(snapshot.transitions[1].force, 0.5);
    assert_eq!(
        environment.initial_probabilities().unwrap(),
        Some(vec![1.0 / 3.0, 2.0 / 3.0])
    );
    assert_eq!(environment.times().unwrap(), Some(vec![0.0, 2.0, 4.0, 6.0]));
    assert_eq!(environment.period().unwrap(), Some(1.0));
    assert_eq!(environment.observable_weights(0, &snapshot).unwrap(), [1.0, -0.5]);
    let results = |name: &str| {
        [
            ("entropy_production_rate", 6.0),
            ("flux", 2.0),
            ("heat_room", 0.5),
        ]
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
    };
    assert_eq!(environment.derived(0, &snapshot, &results).unwrap(), 4.5);
    // Middle of a logarithmic range: exp of the mean logarithm, right to a few roundings of ln 0.01.
    let sweep = environment.sweep_values(0).unwrap();
    assert_eq!((sweep[0], sweep[2]), (0.01, 1.0));
    assert!((sweep[1] - 0.1).abs() < 0.1 * 8.0 * 4.6 * f64::EPSILON);
    // Half a period later the level is turned and the reservoir is warmer; only T makes the rule's rate change.
    environment.advance(&mut snapshot, 0.5).unwrap();
    assert_eq!(snapshot, environment.evaluate(0.5).unwrap());
    assert_eq!(snapshot.temperatures, [1.5]);
    assert_eq!(rates(&snapshot, 0).0, 3.0 * (0.5_f64 / 1.5).exp());
}

#[test]
fn overrides_change_numbers_by_their_keys_and_are_checked_like_the_file() {
    let spec = model(DRIVEN);
    assert_eq!(rates(&at(&spec, &["parameters.k=2*amplitude"], 0.0), 0).1, 0.5);
    assert_eq!(
        at(&spec, &["reservoirs.room.temperature=2"], 0.0).temperatures,
        [2.0]
    );
    assert_eq!(
        at(&spec, &["baths.room.chemical_potential=0.25"], 0.0).chemical_potentials,
        [0.25]
    );
    assert_eq!(
        at(&spec, &["states.off.energy=-1", "states[1].energy=4"], 0.0).energies,
        [-1.0, 4.0]
    );
    assert_eq!(
        rates(
            &at(&spec, &["transitions.off→on (room).rates.backward=T"], 1.0),
            0
        )
        .1,
        2.0
    );
    assert_eq!(
        at(&spec, &["transitions[1].force=9"], 0.0).transitions[1].force,
        9.0
    );
    assert_eq!(
        spec.parameters
            .get("k")
            .and_then(|parameter| parameter.value.number()),
        Some(3.0)
    );
    for (set, message) in [
        ("k=1", "did you mean `parameters.k`?"),
        ("parameters.amplitud=1", "did you mean `parameters.amplitude`?"),
        ("parameters.amplitude=2", "above its `max` = 1"),
        ("parameters.k=0", "must be positive"),
        ("parameters.k=level*", "end of the expression"),
        ("parameters.k=amplitude/0", "is infinite"),
        (
            "parameters.amplitude=level",
            "defined by each other: amplitude → level → amplitude",
        ),
        ("parameters.k=t", "`time.end` may not depend on time"),
        ("reservoirs.room.temperature=-1", "a temperature must be positive"),
        ("states.on.degeneracy=t", "may not depend on the time"),
        ("transitions[1].rates.forward=1", "no number of the model"),
        ("nonsense", "is not KEY=VALUE"),
        ("=3", "is not KEY=VALUE"),
        ("", "is not KEY=VALUE"),
    ] {
        let text = fault(&spec, set);
        assert!(text.contains(message), "{set}:\n{text}");
    }
    let sweep = Override::number("parameters.k", 0.1 + 0.2);
    assert_eq!(
        Environment::new(&spec, &[sweep])
            .unwrap()
            .evaluate(0.0)
            .unwrap()
            .parameters[2],
        0.1 + 0.2
    );
}

#[test]
fn time_dependence_follows_the_overrides() {
    let spec = model(DRIVEN);
    let still =
        ["parameters.level=1", "reservoirs.room.temperature=1"].map(|set| Override::parse(set).unwrap());
    assert!(!Environment::new(&spec, &still).unwrap().spec().is_driven());
    let plain = model(
        "states = [\"a\", \"b\"]\n[parameters]\nk = 1\n[[transitions]]\nbetween = [\"a\", \"b\"]\nrates = { forward = \"k\", backward = 1 }\n",
    );
    assert!(!plain.is_driven());
    let moved = Override::parse("parameters.k=1 + t").unwrap();
    let environment = Environment::new(&plain, &[moved]).unwrap();
    assert!(environment.spec().is_driven());
    let mut snapshot = environment.evaluate(0.0).unwrap();
    environment.advance(&mut snapshot, 4.0).unwrap();
    assert_eq!(rates(&snapshot, 0), (5.0, 1.0));
}

#[test]
fn one_way_transitions_must_say_so() {
    let text = "states = [\"a\", \"b\"]\n[[transitions]]\nbetween = [\"a\", \"b\"]\none_way = true\nrates = { forward = 2 }\n";
    assert_eq!(rates(&at(&model(text), &[], 0.0), 0), (2.0, 0.0));
    let explicit = text.replace("forward = 2", "forward = 2, backward = 0");
    assert_eq!(rates(&at(&model(&explicit), &[], 0.0), 0), (2.0, 0.0));
    let error = read(&format!("{HEAD}{}", text.replace("one_way = true\n", ""))).unwrap_err();
    assert_eq!(error.diagnostics[0].code, code::ONE_WAY);
}

#[test]
fn the_message_points_into_the_expression() {
    let text = format!(
        "{HEAD}states = [\"a\", \"b\"]\n[parameters]\n\"α\" = 1.0\n[[transitions]]\nbetween = [\"a\", \"b\"]\nrates = {{ forward = \"2*α/(α - 1)\", backward = 1 }}\n"
    );
    let expected =
        "model.toml:8:22: error[IRV0123]: `transitions[0].rates.forward`: `2*α/(α - 1)` is infinite (inf)";
    let shown = read(&text).unwrap_err().to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], expected);
    assert_eq!(
        lines[1],
        "  8 | rates = { forward = \"2*α/(α - 1)\", backward = 1 }"
    );
    assert_eq!(lines[2].find('^').map(|start| lines[2].len() - start), Some(11));
    assert!(lines[3].contains("= 0"), "{shown}");
}

#[test]
fn several_faults_are_told_at_once_in_the_order_of_the_file() {
    let text = format!(
        "{HEAD}states = [\"a\", \"b\"]\nttle = \"x\"\n[parameters]\nx = \"1 +\"\ny = {{ vale = 3 }}\n[[transitions]]\nbetween = [\"a\", \"z\"]\nrates = {{ forward = 1, backward = 1 }}\n"
    );
    let error = read(&text).unwrap_err();
    let lines: Vec<usize> = error
        .diagnostics
        .iter()
        .filter_map(|found| found.place.as_ref())
        .map(|place| place.line)
        .collect();
    assert_eq!(lines, [4, 6, 7, 7, 9]);
    assert!(!error.truncated);
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("model.toml");
    std::fs::write(&path, format!("\u{feff}{HEAD}{DRIVEN}").replace('\n', "\r\n")).unwrap();
    let Model::Markov(spec) = load(&path, &VOCABULARY).unwrap() else {
        unreachable!()
    };
    assert_eq!(at(&spec, &[], 0.3), at(&model(DRIVEN), &[], 0.3));
}

#[test]
fn links_to_regular_files_are_read() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("real.toml"), "text").unwrap();
    let link = scratch.path().join("link.toml");
    std::os::unix::fs::symlink("real.toml", &link).unwrap();
    assert_eq!(
        read_regular_file(&link, &Limits::default()).unwrap().text(),
        "text"
    );
}

#[test]
fn both_orientations_of_a_matrix_give_the_same_model() {
    let scratch = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(scratch.path().join(name), content).unwrap();
    write(
        "rows.csv",
        b"# rates per second\na, b, c\n-3, 1, 2\n0.5, -0.5, 0\n4, 0, -4\n",
    );
    write("columns.csv", b"0,0.5,4\n1,0,0\n2,0,0\n");
    let values: [f64; 9] = [0.0, 1.0, 2.0, 0.5, 0.0, 0.0, 4.0, 0.0, 0.0];
    let mut npy =
        b"\x93NUMPY\x01\x00\x3c\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }\n".to_vec();
    npy[8] = u8::try_from(npy.len() - 10).unwrap();
    npy.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    write("rows.npy", &npy);
    for (file, orientation, first) in [
        ("rows.csv", "from-row-to-column", "a→b"),
        ("columns.csv", "from-column-to-row", "0→1"),
        ("rows.npy", "from-row-to-column", "0→1"),
    ] {
        write(
            "model.toml",
            format!("{HEAD}[matrix]\nfile = \"{file}\"\norientation = \"{orientation}\"\n").as_bytes(),
        );
        let Model::Markov(spec) = load(&scratch.path().join("model.toml"), &VOCABULARY).unwrap() else {
            unreachable!()
        };
        assert_eq!(spec.transitions[0].name, first);
        let snapshot = at(&spec, &[], 0.0);
        assert_eq!(
            (
                snapshot.transitions.len(),
                rates(&snapshot, 0),
                rates(&snapshot, 1)
            ),
            (2, (1.0, 0.5), (2.0, 4.0))
        );
    }
}

#[test]
fn a_matrix_with_one_way_rates_is_read_if_it_says_so() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("w.csv"), "0,0\n3,0\n").unwrap();
    let text =
        format!("{HEAD}[matrix]\nfile = \"w.csv\"\norientation = \"from-row-to-column\"\none_way = true\n");
    std::fs::write(scratch.path().join("model.toml"), text).unwrap();
    let Model::Markov(spec) = load(&scratch.path().join("model.toml"), &VOCABULARY).unwrap() else {
        unreachable!()
    };
    let transition = &spec.transitions[0];
    assert_eq!((transition.from, transition.to, transition.one_way), (1, 0, true));
    assert_eq!(rates(&at(&spec, &[], 0.0), 0), (3.0, 0.0));
}

#[test]
fn a_model_from_standard_input_names_no_files() {
    let text = format!("{HEAD}[matrix]\nfile = \"w.csv\"\norientation = \"from-row-to-column\"\n");
    assert!(
        read(&text)
            .unwrap_err()
            .to_string()
            .contains("does not stay in the model's folder")
    );
}

#[test]
fn initial_distributions_are_resolved() {
    let with = |word: &str| {
        let text = format!(
            "states = [\"a\", \"b\"]\n[reservoirs.cold]\ntemperature = 1\n[[transitions]]\nbetween = [\"a\", \"b\"]\nrates = {{ forward = 1, backward = 1 }}\n[initial]\ndistribution = {word}\n"
        );
        model(&text).initial.unwrap().distribution
    };
    assert!(matches!(with("\"uniform\""), InitialDistribution::Uniform));
    assert!(matches!(with("\"stationary\""), InitialDistribution::Stationary));
    assert!(matches!(with("\"gibbs:cold\""), InitialDistribution::Gibbs(0)));
    assert!(
        matches!(with("{ b = 1 }"), InitialDistribution::Table(table) if table.len() == 1 && table[0].0 == 1)
    );
}

#[test]
fn a_section_without_effect_is_a_warning() {
    let spec = model(
        "states = [\"a\", \"b\"]\n[[transitions]]\nbetween = [\"a\", \"b\"]\nrates = { forward = 1, backward = 1 }\n[protocol]\nperiod = 1\n",
    );
    assert_eq!(spec.warnings.len(), 1);
    assert_eq!(spec.warnings[0].code, code::NO_EFFECT);
}

#[test]
fn no_mutation_of_a_model_makes_the_reader_panic() {
    // A fixed sequence (xorshift, G. Marsaglia, J. Stat. Softw. 8, 14 (2003)): the same mutations in every run.
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let original = format!("{HEAD}{DRIVEN}").into_bytes();
    let (mut accepted, mut codes) = (0, std::collections::BTreeSet::new());
    for _ in 0..3_000 {
        let mut bytes = original.clone();
        for _ in 0..=random(4) {
            let (at, other) = (random(bytes.len()), random(bytes.len()));
            match random(4) {
                0 => bytes[at] ^= 1 << random(7),
                1 => drop(bytes.drain(at..(at + random(64)).min(bytes.len()))),
                2 => bytes.swap(at, other),
                _ => {
                    let piece = bytes[at..(at + random(64)).min(bytes.len())].to_vec();
                    drop(bytes.splice(other..other, piece));
                }
            }
        }
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        match read(&text) {
            Ok(_) => accepted += 1,
            Err(error) => {
                assert!(error.to_string().contains("error[IRV"));
                codes.extend(error.diagnostics.iter().map(|diagnostic| diagnostic.code));
            }
        }
    }
    // Mutations that only broke the TOML would test little: some are harmless, and many kinds of fault appear.
    assert!(
        accepted > 0 && codes.len() >= 10,
        "{accepted} accepted, {codes:?}"
    );
}

#[test]
fn the_template_is_a_model_with_every_name_resolved() {
    let spec = read(template("markov").unwrap()).unwrap();
    assert_eq!(
        (
            spec.states.len(),
            spec.reservoirs.len(),
            spec.transitions.len(),
            spec.cycles.len()
        ),
        (3, 2, 3, 1)
    );
    assert!(template("analysis").is_none() && schema("analysis").is_none());
}

/// Whether a value conforms to the parts of JSON Schema that `schema()` uses.
fn conforms(value: &serde_json::Value, schema: &serde_json::Value, root: &serde_json::Value) -> bool {
    use serde_json::Value;
    let Value::Object(rules) = schema else {
        return schema == &Value::Bool(true);
    };
    let list = |rule: &Value| rule.as_array().cloned().unwrap_or_default();
    let named = |value: &Value, name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    };
    rules.iter().all(|(key, rule)| match key.as_str() {
        "type" if rule.is_array() => list(rule).iter().any(|name| named(value, name.as_str().unwrap())),
        "type" => named(value, rule.as_str().unwrap()),
        "const" => value == rule,
        "enum" => list(rule).contains(value),
        "required" => list(rule)
            .iter()
            .all(|key| value.get(key.as_str().unwrap()).is_some()),
        "anyOf" => list(rule).iter().any(|option| conforms(value, option, root)),
        "oneOf" => {
            list(rule)
                .iter()
                .filter(|option| conforms(value, option, root))
                .count()
                == 1
        }
        "not" => !conforms(value, rule, root),
        "items" => value
            .as_array()
            .is_none_or(|items| items.iter().all(|item| conforms(item, rule, root))),
        "properties" => value.as_object().is_none_or(|entries| {
            entries
                .iter()
                .all(|(key, entry)| rule.get(key).is_none_or(|rule| conforms(entry, rule, root)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|entries| {
            let known = |key: &String| {
                rules
                    .get("properties")
                    .is_some_and(|known| known.get(key).is_some())
            };
            entries
                .iter()
                .filter(|(key, _)| !known(key))
                .all(|(_, entry)| conforms(entry, rule, root))
        }),
        "$ref" => conforms(value, &root["$defs"]["formula"], root),
        "minItems" => value
            .as_array()
            .is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
        "maxItems" => value
            .as_array()
            .is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
        "minimum" => value
            .as_f64()
            .is_none_or(|number| number >= rule.as_f64().unwrap()),
        "maximum" => value
            .as_f64()
            .is_none_or(|number| number <= rule.as_f64().unwrap()),
        "minProperties" => value
            .as_object()
            .is_none_or(|entries| entries.len() as u64 >= rule.as_u64().unwrap()),
        "maxProperties" => value
            .as_object()
            .is_none_or(|entries| entries.len() as u64 <= rule.as_u64().unwrap()),
        "$schema" | "$defs" | "title" | "description" | "default" | "pattern" => true,
        other => panic!("the schema uses {other}, which this test does not know"),
    })
}

#[test]
fn the_schema_accepts_what_the_reader_accepts_and_refuses_unknown_keys() {
    let schema = schema("markov").unwrap();
    for text in [format!("{HEAD}{DRIVEN}"), template("markov").unwrap().to_owned()] {
        let value: serde_json::Value = toml::from_str(&text).unwrap();
        assert!(conforms(&value, &schema, &schema));
    }
    let reactions = irrev::model::schema("reactions").unwrap();
    let text = template("reactions").unwrap();
    let value: serde_json::Value = toml::from_str(text).unwrap();
    assert!(conforms(&value, &reactions, &reactions));
    for (right, wrong) in [
        ("kf = ", "kff = "),
        ("chemostat = 2.0", "chemostat = 2.0, initial = 1.0"),
        ("eq = \"E", "eqn = \"E"),
    ] {
        let value: serde_json::Value = toml::from_str(&text.replace(right, wrong)).unwrap();
        assert!(!conforms(&value, &reactions, &reactions), "{wrong}");
    }
    for text in ["tilte = \"x\"\n", "[time]\nends = 1\n"] {
        let value: serde_json::Value =
            toml::from_str(&format!("{HEAD}{}{text}", "states = [\"a\"]\ntransitions = []\n")).unwrap();
        assert!(!conforms(&value, &schema, &schema), "{text}");
    }
}

#[test]
fn an_unreadable_file_is_told_by_its_category() {
    let error = load(Path::new("absent/model.toml"), &VOCABULARY).unwrap_err();
    assert_eq!(error.category, ExitCategory::Unreadable);
    assert_eq!(
        error.to_string(),
        "absent/model.toml: error[IRV0001]: cannot read the file: no such file or directory"
    );
}
