//! Sections on the parts of a system, the speed of a relaxation, and spins on a lattice.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::path::Path;

use irrev::analysis::{Options, Section, vocabulary};
use irrev::model::{Environment, Model, Override, load, parse};
use irrev::network::gallery::{Transport, TransporterRates, transporter};
use irrev::numerics::Run;
use irrev::report::{ColumnValues, Report};
use irrev::source::SourceFile;
use irrev::system::System;

fn example(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../examples/models/{name}.toml"));
    load(&path, &vocabulary()).unwrap()
}

fn model(text: &str) -> Model {
    parse(SourceFile::from_text("model.toml", text).unwrap(), &vocabulary()).unwrap()
}

fn sections(model: &Model, sections: &[Section]) -> irrev::Result<Report> {
    let options = Options {
        sections: Some(sections.to_vec()),
        ..Options::default()
    };
    irrev::analysis::run(model, &options, &Run::default())
}

fn numbers(report: &Report, table: &str, column: &str) -> Vec<f64> {
    let table = report
        .tables
        .iter()
        .find(|t| t.name == table)
        .unwrap_or_else(|| panic!("no table {table}"));
    let column = table
        .columns
        .iter()
        .find(|c| c.name == column)
        .unwrap_or_else(|| panic!("no column {column}"));
    match &column.values {
        ColumnValues::Numbers(values) => values.clone(),
        _ => panic!("{} is no column of numbers", column.name),
    }
}

fn value(report: &Report, name: &str) -> f64 {
    report.quantity(name).unwrap_or_else(|| panic!("no {name}")).value
}

fn close(found: f64, wanted: f64, what: &str) {
    assert!(
        (found - wanted).abs() < 1e-11 * (1.0 + wanted.abs()),
        "{what}: {found} is not {wanted}"
    );
}

#[test]
fn the_transporters_of_the_gallery_have_the_flows_of_the_library_and_of_reference_values() {
    // entropy production, environment, information flow and its part beyond pairs of a and b, fluxes
    type Wanted = (f64, [f64; 2], [f64; 2], [f64; 2], [f64; 2]);
    let cases: [(&str, Transport, [f64; 2], Wanted); 3] = [
        (
            "transporter-symport",
            Transport::Symport,
            [1.0, 2.0],
            (
                0.017638112513365493,
                [0.023768768284538236, -0.00613065577117314],
                [0.021569252764512114, -0.007428619253293621],
                [-0.0001585726806335589, 0.002593993471349320],
                [0.010322644907611974, 0.008844666678468668],
            ),
        ),
        (
            "transporter-antiport",
            Transport::Antiport,
            [2.0, 1.0],
            (
                0.019654340093376316,
                [0.02643308096210289, -0.006778740868727141],
                [0.023929853215598096, -0.008337427504148752],
                [0.0005809598309846043, 0.002769227664305882],
                [0.011479741201543183, -0.00977965583478399],
            ),
        ),
        (
            "transporter-uniport",
            Transport::Uniport,
            [1.0, 2.0],
            (
                0.0829869844384529,
                [0.07472117692844693, 0.00826580751000559],
                [0.05709997048274251, 0.0059595749047635024],
                [0.016715128346271314, 0.0013860850435145065],
                [0.032450994821341075, -0.011925039503627825],
            ),
        ),
    ];
    for (name, transport, concentrations_b, (rate, environment, information, many, fluxes)) in cases {
        let given = example(name);
        let Model::Markov(spec) = &given else {
            panic!("{name}")
        };
        let system = System::at(&Environment::new(spec, &[]).unwrap(), 0.0).unwrap();
        let library = transporter(&TransporterRates {
            concentrations_b,
            ..TransporterRates::of(transport)
        })
        .unwrap();
        let of_library = library.stationary_distribution().unwrap();
        let of_file = system.kinetics.stationary_distribution().unwrap();
        for (a, b) in of_library.probabilities().iter().zip(of_file.probabilities()) {
            close(*b, *a, name);
        }
        let report = sections(
            &given,
            &[Section::SteadyState, Section::Counting, Section::Subsystems],
        )
        .unwrap();
        assert!(report.all_verified(), "{name}");
        close(value(&report, "entropy_production_rate"), rate, name);
        close(value(&report, "entropy_from_fluxes"), rate, name);
        for (k, part) in ["a", "b"].into_iter().enumerate() {
            close(
                value(&report, &format!("environment_flow_{part}")),
                environment[k],
                part,
            );
            close(
                value(&report, &format!("information_flow_{part}")),
                information[k],
                part,
            );
            close(value(&report, &format!("many_body_flow_{part}")), many[k], part);
            close(value(&report, &format!("flux_{part}")), fluxes[k], part);
        }
        let is_demon = report.summary.iter().any(|s| s.text.starts_with("b is a demon"));
        assert_eq!(is_demon, environment[1] < 0.0, "{name}");
    }
}

#[test]
fn what_an_observer_of_two_parts_sees_and_misses() {
    let report = sections(&example("transporter-symport"), &[Section::Subsystems]).unwrap();
    close(
        value(&report, "apparent_entropy_production_a_b"),
        0.00045585226586738006,
        "a and b",
    );
    let seen = numbers(&report, "views", "apparent_entropy_production");
    let unseen = numbers(&report, "views", "unseen_of_the_whole");
    assert_eq!(seen.len(), 4 + 6);
    for (seen, unseen) in seen.iter().zip(&unseen) {
        close(seen + unseen, 0.017638112513365493, "views");
    }
}

#[test]
fn looks_at_intervals_approach_the_rates() {
    let text = "irrev = 1\nkind = \"markov\"\n[[states]]\nname = \"00\"\nlabels = { x = \"0\", y = \"0\" }\n[[states]]\nname = \"10\"\nlabels = { x = \"1\", y = \"0\" }\n\
        [[states]]\nname = \"01\"\nlabels = { x = \"0\", y = \"1\" }\n[[states]]\nname = \"11\"\nlabels = { x = \"1\", y = \"1\" }\n\
        [[transitions]]\nbetween = [\"00\", \"01\"]\nrates = { forward = 0.8, backward = 0.5 }\n[[transitions]]\nbetween = [\"00\", \"10\"]\nrates = { forward = 1.0, backward = 0.3 }\n\
        [[transitions]]\nbetween = [\"01\", \"11\"]\nrates = { forward = 0.2, backward = 1.5 }\n[[transitions]]\nbetween = [\"10\", \"11\"]\nrates = { forward = 2.0, backward = 0.1 }\n\
        [subsystems]\ninterval = 1e-4\n";
    let report = sections(&model(text), &[Section::Subsystems]).unwrap();
    assert!(report.all_verified());
    // the two-part chain of the documentation of second_laws, with states in another order
    close(
        value(&report, "part_entropy_production_x"),
        0.40870621086055386,
        "x",
    );
    close(value(&report, "information_flow_x"), 0.06621614293290735, "x");
    let rates = numbers(&report, "subsystems_from_time_to_time", "entropy_production_rate");
    let between = numbers(
        &report,
        "subsystems_from_time_to_time",
        "entropy_production_between_looks",
    );
    for (rate, looked) in rates.iter().zip(&between) {
        assert!((looked / rate - 1.0).abs() < 2e-3, "{looked} is not {rate}");
    }
    let whole = value(&report, "sampled_entropy_production");
    close(
        whole,
        between.iter().sum::<f64>() + value(&report, "nonadditivity"),
        "sum over the parts",
    );
    assert!(value(&report, "integrated_information") <= value(&report, "stochastic_interaction") + 1e-10);
}

#[test]
fn a_jump_of_two_parts_leaves_the_section_out_by_name() {
    let text = "irrev = 1\nkind = \"markov\"\n[[states]]\nname = \"A\"\nlabels = { x = \"0\", y = \"0\" }\n[[states]]\nname = \"B\"\nlabels = { x = \"1\", y = \"1\" }\n\
        [[transitions]]\nname = \"both\"\nbetween = [\"A\", \"B\"]\nrates = { forward = 2.0, backward = 1.0 }\n";
    let report = irrev::analysis::run(&model(text), &Options::default(), &Run::default()).unwrap();
    let reason = report
        .left_out
        .iter()
        .find(|l| l.section == "subsystems")
        .unwrap();
    assert!(
        reason
            .reason
            .contains("edge \"both\" from \"A\" to \"B\" changes x and y at once"),
        "{}",
        reason.reason
    );
    // one of the labels is enough to tell them apart
    let alone = format!("{text}[subsystems]\ninclude = [\"x\"]\n");
    let refusal = sections(&model(&alone), &[Section::Subsystems])
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("one label only"), "{refusal}");
}

#[test]
fn wrong_tables_of_subsystems_are_refused_with_their_place() {
    let head = "irrev = 1\nkind = \"markov\"\n[[states]]\nname = \"A\"\nlabels = { ligand = \"0\", receptor = \"0\" }\n[[states]]\nname = \"B\"\nlabels = { ligand = \"1\", receptor = \"0\" }\n\
        [[transitions]]\nbetween = [\"A\", \"B\"]\nrates = { forward = 2.0, backward = 1.0 }\n[subsystems]\n";
    for (line, said) in [
        ("include = [\"ligant\"]", "ligand"),
        ("views = [[\"ligand\", \"ligand\"]]", "named twice"),
        ("views = [[]]", "empty list"),
        ("interval = -1.0", "must be positive"),
        ("every = 1.0", "every"),
    ] {
        let text = format!("{head}{line}\n");
        let error = parse(SourceFile::from_text("wrong.toml", &text).unwrap(), &vocabulary())
            .unwrap_err()
            .to_string();
        assert!(error.contains(said) && error.contains("wrong.toml:13"), "{error}");
    }
}

#[test]
fn sweeps_show_where_transport_becomes_active() {
    let options = Options {
        sections: Some(vec![Section::Sweep]),
        ..Options::default()
    };
    let report = irrev::analysis::run(&example("transporter-symport"), &options, &Run::default()).unwrap();
    let (flux, environment) = (
        numbers(&report, "sweep", "flux_b"),
        numbers(&report, "sweep", "environment_flow_b"),
    );
    let inside = numbers(&report, "sweep", "parameters.b_inside");
    let active = |k: &usize| flux[*k] > 0.0 && inside[*k] > 1.0;
    for k in (0..flux.len()).filter(|k| (inside[*k] - 1.0).abs() > 1e-9) {
        assert_eq!(active(&k), environment[k] < 0.0, "{}", inside[k]);
    }
    let many = numbers(&report, "sweep", "many_body_flow_a");
    assert!(many.iter().any(|x| *x < -5e-4) && many.iter().any(|x| *x > 5e-4));
}

#[test]
fn a_part_that_hides_its_drive_speeds_up_and_the_whole_does_not() {
    let report = sections(&example("membrane-channel"), &[Section::Speed]).unwrap();
    assert!(report.all_verified());
    let whole = numbers(&report, "speed", "fisher_information");
    assert!(whole.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-12)));
    for part in ["site", "side"] {
        let own = numbers(&report, "speed", &format!("fisher_information of {part}"));
        assert!(
            own.iter()
                .zip(&whole)
                .all(|(own, whole)| *own <= whole * (1.0 + 1e-12) + 1e-20)
        );
    }
    assert!(value(&report, "statistical_length") >= value(&report, "statistical_distance"));
    let two_states = "irrev = 1\nkind = \"markov\"\nstates = [\"a\", \"b\"]\ntransitions = [{ between = [\"a\", \"b\"], rates = { forward = 1.0, backward = 1.0 } }]\n\
        [initial]\ndistribution = { a = 0.9, b = 0.1 }\n[time]\nend = 1.0\n";
    let report = sections(&model(two_states), &[Section::Speed]).unwrap();
    // of two states p − ½ decays as e^{−2t}, and any path is a geodesic
    let p = 0.5 + 0.4 * (-2.0_f64).exp();
    let length = 2.0 * (0.9_f64.sqrt().asin() - p.sqrt().asin());
    assert!((value(&report, "statistical_length") - length).abs() < 1e-8);
    assert!((value(&report, "statistical_distance") - length).abs() < 1e-12);
}

#[test]
fn a_lattice_gives_transfer_entropies_over_temperature_by_one_command() {
    let text = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\ncouplings = { type = \"lattice\", columns = 3, rows = 3, coupling = 1.0 }\n\
        [dynamics]\nupdate = \"continuous\"\nbeta = 0.4\n[transfer]\nfrom = 1.5\nto = 4.0\npoints = 6\ninput_rate = 0.05\n";
    let report = sections(&model(text), &[Section::Transfer]).unwrap();
    assert!(report.all_verified());
    let pair = numbers(&report, "transfer", "pair_per_step");
    let global = numbers(&report, "transfer", "global_per_step");
    close(pair[0], 0.0022555455919239797, "pair");
    close(global[0], 0.003167498500945637, "global");
    close(
        value(&report, "input_information_flow"),
        0.03576110771775158,
        "input",
    );
    assert!(value(&report, "pair_transfer_temperature") < value(&report, "global_transfer_temperature"));
    assert!(report.figures.iter().any(|f| f.name == "input_over_temperature"));
}

#[test]
fn transfer_without_a_lattice_and_lattices_that_cannot_be_simulated_are_refused() {
    let wrong = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\ncouplings = { rows = [[0.0, 1.0], [1.0, 0.0]] }\n[dynamics]\nupdate = \"sequential\"\nbeta = 0.4\n[transfer]\nfrom = 1.0\nto = 2.0\n";
    let error = parse(SourceFile::from_text("wrong.toml", wrong).unwrap(), &vocabulary())
        .unwrap_err()
        .to_string();
    assert!(error.contains("not those of a lattice"), "{error}");
    let odd = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\ncouplings = { type = \"lattice\", columns = 7, rows = 6, coupling = 1.0 }\n[dynamics]\nupdate = \"sequential\"\nbeta = 0.4\n[transfer]\nfrom = 1.0\nto = 2.0\n";
    let error = sections(&model(odd), &[Section::Transfer])
        .unwrap_err()
        .to_string();
    assert!(error.contains("as many rows as columns"), "{error}");
    let reversed = odd.replace("from = 1.0", "from = 3.0");
    let error = parse(
        SourceFile::from_text("wrong.toml", &reversed).unwrap(),
        &vocabulary(),
    )
    .unwrap_err()
    .to_string();
    assert!(error.contains("above the beginning"), "{error}");
}

#[test]
fn an_override_changes_the_time_between_looks() {
    let options = Options {
        overrides: vec![Override::number("subsystems.interval", 0.5)],
        sections: Some(vec![Section::Subsystems]),
        ..Options::default()
    };
    let given = example("membrane-channel");
    let longer = irrev::analysis::run(&given, &options, &Run::default()).unwrap();
    let shorter = sections(&given, &[Section::Subsystems]).unwrap();
    let of = |report: &Report| value(report, "stochastic_interaction");
    assert!(of(&longer) > of(&shorter) && of(&shorter) > 0.0);
}

#[test]
fn the_start_of_a_reaction_is_held_against_its_steady_state() {
    let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\nleak = { eq = \"X <=> 0\", kf = 2.0, keq = 4.0 }\n";
    let report = sections(&model(text), &[Section::Stability]).unwrap();
    assert!(report.all_verified());
    // J = 2 x − ½ and F = ln(2 x/½), both 0 in the steady state
    close(value(&report, "stability_excess"), 5.5 * 12.0_f64.ln(), "excess");
    assert!(
        report
            .summary
            .iter()
            .any(|s| s.text.contains("approaches its steady state"))
    );
    // two channels that change X alike: only the sum over each of them is a test
    let options = Options {
        overrides: vec![Override::number("species.X.initial", 0.9)],
        sections: Some(vec![Section::Stability]),
        ..Options::default()
    };
    let schloegl = irrev::analysis::run(&example("schloegl"), &options, &Run::default()).unwrap();
    let sums = numbers(&schloegl, "parallel_reactions", "excess");
    close(sums[0], value(&schloegl, "divergence_decay"), "resolved");
    assert!((sums[1] - sums[0]).abs() > 1e-3 * sums[0].abs());
}
