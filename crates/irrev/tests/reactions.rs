//! Models of kind `reactions` from outside: what is accepted, the numbers it comes to, and that writing and reading are inverse.

// A test that cannot make its own input has nothing to say and stops.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use irrev::model::{
    Backward, Formula, KindVocabulary, Law, Model, ModelError, Override, Quantity, Reactions,
    ReactionsEnvironment, Role, Treatment, VariableLaw, Vocabulary, code, load, parse, schema, template,
    write,
};
use irrev::source::SourceFile;
use proptest::prelude::*;

const VOCABULARY: Vocabulary = Vocabulary {
    quantities: &["stationary"],
    scalars: &[],
    scalars_per_reservoir: &[],
    scalars_per_subsystem: &[],
    reactions: KindVocabulary {
        quantities: &["steady_state", "trajectory"],
        scalars: &["entropy_production_rate", "period", "geometric_excess"],
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

const HEAD: &str = "irrev = 1\nkind = \"reactions\"\n";

fn read(text: &str) -> Result<Reactions, ModelError> {
    match parse(SourceFile::from_text("model.toml", text)?, &VOCABULARY)? {
        Model::Reactions(reactions) => Ok(*reactions),
        _ => panic!("another kind"),
    }
}

fn model(text: &str) -> Reactions {
    read(&format!("{HEAD}{text}")).unwrap_or_else(|error| panic!("{error}"))
}

fn overrides(sets: &[&str]) -> Vec<Override> {
    sets.iter().map(|set| Override::parse(set).unwrap()).collect()
}

/// The value of a symbol at time 0.
fn initial(spec: &Reactions, sets: &[&str], name: &str) -> f64 {
    let sets = overrides(sets);
    let environment = ReactionsEnvironment::new(spec, &sets).unwrap_or_else(|error| panic!("{error}"));
    environment.check().unwrap_or_else(|error| panic!("{error}"));
    let slots = environment.initial_slots().unwrap();
    let slot = match name {
        "T" => spec.temperature_slot(),
        name => spec
            .symbol_names()
            .iter()
            .position(|known| known == name)
            .unwrap(),
    };
    slots[slot]
}

/// Everything that a file can say.
const WHOLE: &str = r#"
title = "Everything \"at\" once"
doc = """Two lines,
one back\\slash."""
sources = ["A. Author, J. Irrepr. Results 1, 1 (2026)"]
[units]
concentration = "mM"
[parameters]
k1 = { value = 2.0, unit = "1/s", doc = "rate", min = 0.0, max = 1e300 }
K = "exp(2*k1/T)"
size = "3/k1"
drive = { value = "1 + 0.5*sin(t*k1)", unit = "mM" }
[compartments]
cell = "size"
membrane = { size = 0.25, dimensions = 2 }
[species]
X = { initial = "total0/2", compartment = "cell", doc = "first" }
Y = { initial_amount = 3.0, compartment = "cell" }
A = { chemostat = "k1", compartment = "cell", standard_potential = 0.5 }
B = { chemostat_amount = 0.75, compartment = "cell", standard_potential = "k1*T" }
Z = { assigned = "X + drive*Y", compartment = "cell" }
M = { initial = 1.0, rate = "-0.1*M*Z", compartment = "membrane", symbol = "amount" }
[variables]
total = "X + Y"
total0 = { initial = "2*k1", rate = "-total0*drive" }
sum = "Z + total"
[reactions]
feed = { eq = "A <=> X", kf = "k1*drive", kr = "k1/K" }
auto = { eq = "2 X + Y <=> 3 X", kf = 1.0, keq = 20.0, compartment = "cell", doc = "autocatalysis" }
swap = { eq = "B + X ⇌ A + X", kf = 1e-3, standard_potentials = true }
bind = { eq = "1.5 X -> M", kf = 0.25, irreversible = "leave-out" }
"Michaelis–Menten" = { eq = "X <=> Y", forward = "k1*X/(1 + X)", dG0 = "-ln(K)" }
fluxes = { eq = "X = Y", forward = "if(X > Y, 2*sum, sum)", backward = "Y" }
lumped = { eq = "X <=> Y", net = "k1*(X - Y/K)/(1 + X + Y)" }
decay = { eq = "Y -> 0", forward = "Y^2/sum" }
[thermodynamics]
temperature = 2.0
irreversible = "refuse"
unsplit = "refuse"
[volume]
omega = "100*k1"
[time]
end = "50*k1"
points = 11
spacing = "log"
start = 0.1
[stochastic]
trajectories = 20
[limit_cycle]
species = "X"
value = "1.2*size"
[[sweep]]
key = "parameters.drive"
values = [1, "k1", 3.5]
show = ["entropy_production_rate", "X", "sum"]
[[sweep]]
key = "reactions.auto.keq"
from = 1.0
to = 100.0
points = 3
spacing = "log"
[report]
quantities = ["trajectory"]
[random]
seed = 7
"#;

#[test]
fn a_whole_model_is_read_as_it_is_written() {
    let spec = model(WHOLE);
    // the net law is split, and that is said
    let notes: Vec<&str> = spec.warnings.iter().map(|w| w.message.as_str()).collect();
    assert_eq!(
        notes,
        ["the law of reaction `lumped` is split into forward and backward flux"]
    );
    let names = [
        "k1", "K", "size", "cell", "membrane", "X", "Y", "A", "B", "Z", "M", "drive", "total", "total0",
        "sum",
    ];
    assert_eq!(spec.symbol_names(), names);
    let reaction = |name: &str| {
        spec.reactions
            .iter()
            .find(|reaction| reaction.name == name)
            .unwrap()
    };
    assert_eq!(reaction("auto").reactants, [(0, 2.0), (1, 1.0)]);
    assert_eq!(reaction("auto").products, [(0, 3.0)]);
    assert_eq!(reaction("bind").irreversible, Some(Treatment::LeaveOut));
    assert_eq!(reaction("decay").products, []);
    assert!(matches!(
        reaction("swap").law,
        Law::MassAction {
            backward: Backward::StandardPotentials,
            ..
        }
    ));
    assert!(matches!(
        &reaction("lumped").law,
        Law::Flux {
            backward: Backward::Rate(_),
            ..
        }
    ));
    assert!(matches!(spec.species[5].role, Role::Rate(_)));
    assert_eq!(spec.species[1].initial_quantity, Quantity::Amount);
    // A parameter that uses the time is a variable, and rate constants may follow it.
    assert!(matches!(&spec.variables[0].law, VariableLaw::Assigned(formula) if formula.depends_on_time()));
    let Law::MassAction { forward, .. } = &reaction("feed").law else {
        panic!("mass action")
    };
    assert!(forward.depends_on_time());
    assert_eq!(spec.sweeps[0].values, [1.0, 2.0, 3.5]);
    assert_eq!((spec.seed, spec.trajectories), (Some(7), Some(20)));
}

#[test]
fn symbols_come_to_their_values_in_whatever_order_they_follow_from_each_other() {
    let spec = model(WHOLE);
    let at = |name| initial(&spec, &[], name);
    // k1 = 2, T = 2, K = e², size = 3/2; total0 = 4 makes X = 2; Y is 3 in amount, hence 2 in a volume of 3/2.
    assert_eq!((at("T"), at("K"), at("cell")), (2.0, 2.0_f64.exp(), 1.5));
    assert_eq!((at("X"), at("Y"), at("A"), at("B")), (2.0, 2.0, 2.0, 0.5));
    // The concentration 1 of M in an area of 1/4 is the amount 1/4, which its symbol means.
    assert_eq!(at("M"), 0.25);
    assert_eq!(
        (at("drive"), at("Z"), at("total"), at("sum")),
        (1.0, 4.0, 4.0, 8.0)
    );
    let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
    assert_eq!(environment.system_size().unwrap(), 200.0);
    assert_eq!(environment.temperature().unwrap(), 2.0);
    assert_eq!(environment.section().unwrap(), Some((0, 1.2 * 1.5)));
    let times = environment.times().unwrap().unwrap();
    assert_eq!((times.len(), times[0], times[10]), (11, 0.1, 100.0));
    let slots = environment.initial_slots().unwrap();
    assert_eq!(
        environment.amounts_per_symbol(&slots),
        [1.5, 1.5, 1.5, 1.5, 1.5, 1.0]
    );
}

#[test]
fn overrides_change_numbers_by_their_keys_and_are_checked_like_the_file() {
    let spec = model(WHOLE);
    assert_eq!(initial(&spec, &["species.X.initial=7"], "total"), 9.0);
    assert_eq!(initial(&spec, &["species.Y.initial_amount=0.75*k1"], "Y"), 1.0);
    assert_eq!(initial(&spec, &["species.A.chemostat=5"], "A"), 5.0);
    assert_eq!(initial(&spec, &["compartments.cell=3"], "Y"), 1.0);
    assert_eq!(initial(&spec, &["parameters.drive=3"], "Z"), 8.0);
    assert_eq!(initial(&spec, &["variables.total0.initial=10"], "X"), 5.0);
    assert_eq!(
        initial(&spec, &["thermodynamics.temperature=4"], "K"),
        1.0_f64.exp()
    );
    let changed = |sets: &[&str]| {
        let sets = overrides(sets);
        ReactionsEnvironment::new(&spec, &sets).unwrap().spec().clone()
    };
    assert_eq!(
        changed(&["thermodynamics.irreversible=leave-out"]).irreversible,
        Treatment::LeaveOut
    );
    assert_eq!(changed(&["stochastic.trajectories=3"]).trajectories, Some(3));
    // A rate constant that followed the time through a parameter no longer does.
    let still = changed(&["parameters.drive=1"]);
    let Law::MassAction { forward, .. } = &still.reactions[0].law else {
        panic!("mass action")
    };
    assert!(!forward.depends_on_time());
    for (set, message) in [
        ("k1=1", "did you mean `parameters.k1`?"),
        ("X=1", "did you mean `species.X.initial`?"),
        ("species.Y.initial=1", "did you mean `species.Y.initial_amount`?"),
        ("reactions.feed.keq=1", "no number of the model"),
        ("reactions.auto.keq=0", "an equilibrium constant must be positive"),
        ("reactions.feed.kf=X", "write `forward = …`"),
        ("parameters.k1=t", "may not depend on the time"),
        ("parameters.k1=2*X", "put it under [variables]"),
        ("parameters.k1=-1", "below its `min` = 0"),
        ("parameters.k1=K", "k1 → K → k1"),
        ("species.X.initial=Z", "X → Z → X"),
        ("thermodynamics.unsplit=infinite", "is one of leave-out, refuse"),
        ("thermodynamics.irreversible=refus", "did you mean `refuse`?"),
        ("stochastic.trajectories=0", "a whole number from 1"),
        ("volume.omega=-1", "a system size must be positive"),
        ("time.start=1e9", "must be positive and before the end"),
    ] {
        let sets = overrides(&[set]);
        let answer = ReactionsEnvironment::new(&spec, &sets).and_then(|environment| environment.check());
        let text = answer
            .map(|()| String::new())
            .unwrap_or_else(|error| error.to_string());
        assert!(text.contains(message), "{set}:\n{text}");
    }
}

/// The formulas of all laws.
fn formulas(spec: &Reactions) -> Vec<&Formula> {
    let mut formulas = Vec::new();
    for reaction in &spec.reactions {
        match &reaction.law {
            Law::MassAction { forward, backward } | Law::Flux { forward, backward } => {
                formulas.push(forward);
                if let Backward::Rate(backward) = backward {
                    formulas.push(backward);
                }
            }
            Law::Net(net) => formulas.push(net),
            _ => {}
        }
    }
    formulas
}

#[test]
fn programs_follow_the_state_and_their_slopes_are_those_of_differences() {
    let spec = model(WHOLE);
    let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
    let formulas = formulas(&spec);
    let by = [spec.species_slot(0), spec.species_slot(1), spec.variable_slot(1)];
    let program = environment.program_with_slopes(&formulas, &by);
    let mut state = environment.initial_slots().unwrap();
    (state[by[0]], state[by[1]]) = (2.5, 0.8);
    state[spec.time_slot()] = 0.3;
    let values = |state: &[f64]| {
        let mut registers = program.registers();
        registers[..program.slots()].copy_from_slice(state);
        program.run(&mut registers);
        registers
    };
    let registers = values(&state);
    let drive = 1.0 + 0.5 * (0.3 * 2.0_f64).sin();
    assert_eq!(registers[spec.variable_slot(0)], drive);
    assert_eq!(registers[spec.species_slot(4)], 2.5 + drive * 0.8);
    // With the assigned symbols in their slots, each output is the value of its formula, bit for bit.
    for (index, formula) in formulas.iter().enumerate() {
        let direct = environment.value(formula, &registers[..program.slots()]).unwrap();
        assert_eq!(program.output(&registers, index), direct, "{}", formula.text());
    }
    let mut seen = 0;
    for (index, formula) in formulas.iter().enumerate() {
        for &slot in &by {
            // Central difference with step h = ε^(1/3): truncation h²f‴/6 and rounding ε/h are both about 4e-11.
            let step = 6e-6;
            let at = |shift: f64| {
                let mut moved = state.clone();
                moved[slot] += shift;
                program.output(&values(&moved), index)
            };
            let expected = (at(step) - at(-step)) / (2.0 * step);
            let found = (program.slopes().iter()).find(|slope| (slope.output, slope.slot) == (index, slot));
            let value = found.map_or(0.0, |slope| program.slope(&registers, slope));
            seen += usize::from(found.is_some());
            // 100 times the estimate leaves room for third derivatives up to about 100.
            assert!(
                (value - expected).abs() < 4e-9 * expected.abs().max(1.0),
                "{} by {slot}: {value}, {expected}",
                formula.text()
            );
        }
    }
    // Michaelis–Menten by X; the fluxes by X and Y, the backward one by Y; both parts of the net law and the decay by both.
    assert_eq!(seen, 10);
}

fn round_trip(spec: &Reactions) {
    let written = write(spec);
    assert_eq!(written.losses, Vec::<String>::new());
    let again = read(&written.text).unwrap_or_else(|error| panic!("{error}\n{}", written.text));
    assert_eq!(write(&again), written);
    assert_eq!(again.symbol_names(), spec.symbol_names());
    let slots = |spec: &Reactions| {
        ReactionsEnvironment::new(spec, &[])
            .unwrap()
            .initial_slots()
            .unwrap()
    };
    assert_eq!(slots(&again), slots(spec));
    for (one, other) in again.reactions.iter().zip(&spec.reactions) {
        assert_eq!(
            (&one.name, &one.reactants, &one.products),
            (&other.name, &other.reactants, &other.products)
        );
        assert_eq!(
            (one.irreversible, one.compartment, &one.doc),
            (other.irreversible, other.compartment, &other.doc)
        );
    }
    for (one, other) in formulas(&again).into_iter().zip(formulas(spec)) {
        assert_eq!(
            (one.number(), one.expression()),
            (other.number(), other.expression())
        );
    }
    let plain = |spec: &Reactions| {
        let sweeps: Vec<(String, Vec<f64>)> = spec
            .sweeps
            .iter()
            .map(|sweep| (sweep.key.clone(), sweep.values.clone()))
            .collect();
        (
            sweeps,
            spec.seed,
            spec.trajectories,
            spec.title.clone(),
            spec.doc.clone(),
            spec.units.clone(),
        )
    };
    assert_eq!(plain(&again), plain(spec));
    assert_eq!(
        (again.irreversible, again.unsplit),
        (spec.irreversible, spec.unsplit)
    );
}

#[test]
fn what_is_written_reads_back_as_the_same_model() {
    round_trip(&model(WHOLE));
    round_trip(&read(template("reactions").unwrap()).unwrap());
    let brusselator = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/models/brusselator.toml");
    let Model::Reactions(brusselator) = load(&brusselator, &VOCABULARY).unwrap() else {
        panic!("another kind")
    };
    round_trip(&brusselator);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_network_of_mass_action_survives_writing(
        values in prop::collection::vec(0.0..1e9_f64, 3),
        equations in prop::collection::vec((prop::collection::vec(0..4_u32, 3), prop::collection::vec(0..4_u32, 3), 1e-12..1e12_f64, any::<bool>()), 1..6),
    ) {
        let names = ["A", "β", "C_2"];
        let mut text = String::from("[species]\n");
        for (name, value) in names.iter().zip(&values) {
            text.push_str(&format!("\"{name}\" = {value:?}\n"));
        }
        text.push_str("[reactions]\n");
        for (index, (left, right, rate, both)) in equations.iter().enumerate() {
            prop_assume!(left != right);
            let side = |counts: &[u32]| {
                let terms: Vec<String> = counts.iter().zip(names).filter(|(count, _)| **count > 0).map(|(count, name)| format!("{count} {name}")).collect();
                terms.join(" + ")
            };
            let (arrow, reverse) = if *both { ("<=>", format!(", kr = {:?}", rate / 3.0)) } else { ("->", String::new()) };
            text.push_str(&format!("r{index} = {{ eq = \"{} {arrow} {}\", kf = {rate:?}{reverse} }}\n", side(left), side(right)));
        }
        round_trip(&model(&text));
    }
}

#[test]
fn the_shortest_useful_model_is_read() {
    let spec = model(
        "[species]\nA = { chemostat = 2.0 }\nB = { chemostat = 1.0 }\nX = { initial = 1.0 }\n[reactions]\nin  = { eq = \"A <=> X\", kf = 1.0, kr = 1.0 }\nout = { eq = \"X <=> B\", kf = 1.0, kr = 1.0 }\n",
    );
    assert_eq!(spec.species.len() + spec.reactions.len(), 5);
    assert_eq!(
        (spec.irreversible, spec.unsplit),
        (Treatment::Infinite, Treatment::LeaveOut)
    );
}

#[test]
fn what_follows_the_time_may_pass_through_zero_and_constants_may_not() {
    let with =
        |kf: &str| format!("{HEAD}[species]\nX = 1\n[reactions]\nr = {{ eq = \"X -> 0\", kf = {kf} }}\n");
    assert!(read(&with("\"sin(t)^2\"")).is_ok());
    for kf in ["0", "\"sin(0)\"", "\"-1 + t\""] {
        let error = read(&with(kf)).unwrap_err();
        assert_eq!(error.diagnostics[0].code, code::BAD_VALUE, "{kf}");
    }
}

#[test]
fn faults_point_into_the_equation_and_several_are_told_at_once() {
    let text = format!(
        "{HEAD}[species]\nX = 1.0\nYacht = -1.0\n[reactions]\na = {{ eq = \"X + 2 Yahct -> 0\", kf = 1.0 }}\nb = {{ eq = \"X => 0\", kf = 1.0 }}\n"
    );
    let error = read(&text).unwrap_err();
    let shown = error.to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].contains("unknown species `Yahct`"), "{shown}");
    assert_eq!(
        lines[2].find('^').map(|start| &lines[1][start..start + 5]),
        Some("Yahct"),
        "{shown}"
    );
    assert!(
        shown.contains("did you mean `Yacht`?") && shown.contains("`=>` is no arrow"),
        "{shown}"
    );
    let numbers = read(&format!(
        "{HEAD}[species]\nX = -1.0\nY = -2.0\nZ = \"X + 1\"\n[reactions]\na = {{ eq = \"X -> 0\", kf = 1.0 }}\n"
    ))
    .unwrap_err();
    assert_eq!(numbers.diagnostics.len(), 2, "{numbers}");
}

#[test]
fn losses_are_told() {
    let mut spec = model("[species]\nX = 2.0\n[reactions]\nr = { eq = \"X -> 0\", kf = 1.0 }\n");
    // What a model file cannot hold comes from elsewhere: here, a reaction whose sides are the same.
    spec.reactions[0].products = vec![(0, 1.0)];
    let written = write(&spec);
    assert_eq!(written.losses.len(), 1);
    assert!(written.losses[0].contains("equal sides"));
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
    let original = format!("{HEAD}{WHOLE}").into_bytes();
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
    assert!(
        accepted > 0 && codes.len() >= 10,
        "{accepted} accepted, {codes:?}"
    );
}

#[test]
fn the_schema_names_every_key_that_a_file_may_have() {
    let schema = schema("reactions").unwrap();
    let spec: toml::Table = toml::from_str(&format!("{HEAD}{WHOLE}")).unwrap();
    for key in spec.keys() {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
    for (section, entries) in [("species", &spec["species"]), ("reactions", &spec["reactions"])] {
        let rule = &schema["properties"][section]["additionalProperties"];
        let rule = if rule["anyOf"].is_array() {
            &rule["anyOf"][1]
        } else {
            rule
        };
        assert_eq!(rule["additionalProperties"], false);
        for (_, entry) in entries.as_table().unwrap() {
            for key in entry.as_table().unwrap().keys() {
                assert!(rule["properties"].get(key).is_some(), "{section}: {key}");
            }
        }
    }
}

#[test]
fn a_fault_of_a_species_is_told_once_and_both_constants_of_a_law_are_judged() {
    let twice = format!(
        "{HEAD}[species]\nA = {{ initial = 1, chemostat = 2 }}\n[reactions]\nr = {{ eq = \"A -> 0\", kf = 1.0 }}\n"
    );
    let told = read(&twice).unwrap_err();
    assert_eq!(told.diagnostics.len(), 1, "{told}");
    let both = read(&format!(
        "{HEAD}[species]\nA = 1.0\n[reactions]\nr = {{ eq = \"A <=> 0\", kf = nan, kr = inf }}\n"
    ))
    .unwrap_err();
    assert_eq!(both.diagnostics.len(), 2, "{both}");
}

#[test]
fn an_override_is_placed_in_its_own_text_and_a_thing_leads_to_its_field() {
    let spec = model("[species]\nX = 2.0\n[reactions]\nr = { eq = \"X -> 0\", kf = 1.0 }\n");
    let told = |set: &str| {
        ReactionsEnvironment::new(&spec, &overrides(&[set]))
            .and_then(|environment| environment.check())
            .unwrap_err()
            .to_string()
    };
    let missing = told("species.X=3");
    assert!(missing.starts_with("--set species.X=3: error"), "{missing}");
    assert!(missing.contains("did you mean `species.X.initial`?"), "{missing}");
    let wrong = told("reactions.r.kf=2*q");
    assert!(wrong.starts_with("--set reactions.r.kf=2*q:"), "{wrong}");
}

#[test]
fn what_has_no_motion_or_no_number_is_refused_where_it_stands() {
    let chemistry = |text: &str| {
        let spec = model(text);
        let environment = ReactionsEnvironment::new(&spec, &[])?;
        irrev::chemistry::Chemistry::new(&environment).map(drop)
    };
    let held = "[species]\nA = { chemostat = 1.0 }\nB = { chemostat = 2.0 }\n[reactions]\nr = { eq = \"A <=> B\", kf = 1.0, kr = 1.0 }\n";
    let told = chemistry(held).unwrap_err().to_string();
    assert!(
        told.starts_with("model.toml:4:") && told.contains("no species of the model changes"),
        "{told}"
    );
    for energy in [5000.0, -5000.0] {
        let far = format!(
            "[species]\nA = 1.0\nB = 1.0\n[reactions]\nr = {{ eq = \"A <=> B\", kf = 1.0, dG0 = {energy:?} }}\n"
        );
        let told = chemistry(&far).unwrap_err().to_string();
        assert!(
            told.starts_with("model.toml:7:") && told.contains("the reverse of reaction `r` is out of range"),
            "{told}"
        );
    }
    let huge = "[species]\nA = 1.0\n[reactions]\nr = { eq = \"99999999999999999999 A -> 0\", kf = 1.0 }\n";
    let told = read(&format!("{HEAD}{huge}")).unwrap_err().to_string();
    assert!(told.contains("more than a coefficient may be"), "{told}");
}
