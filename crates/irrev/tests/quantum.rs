//! Models of kind `quantum-lattice`: numbers of every section against known ones, and what is refused.

#![allow(clippy::unwrap_used)]

use irrev::analysis::{Options, Section, SweepRequest, possibilities, run, vocabulary};
use irrev::model::{KINDS_WITH_SCHEMA, Model, ModelError, Override, load, parse, schema, template};
use irrev::numerics::Run;
use irrev::report::Report;
use irrev::source::SourceFile;

/// A bath of six sites beside one, in words that tests replace.
const SMALL: &str = r#"irrev = 1
kind = "quantum-lattice"
[lattice]
type = "square"
shape = [3, 2]
[bath]
particles = 3
interaction = 0.1
energy = 1.0
eigenstate = 7
[system]
energy = [1.0]
populations = [0.2, 0.8]
[contact]
hopping = 1.0
[time]
end = 4.0
points = 21
"#;

/// The same with the bath in a Gibbs state.
fn gibbs() -> String {
    SMALL.replace("eigenstate = 7", "state = \"gibbs\"\nbeta = 0.3\nalpha = 0.2")
}

fn read(text: &str) -> Result<Model, ModelError> {
    parse(SourceFile::from_text("m.toml", text).unwrap(), &vocabulary())
}

fn report(text: &str, sections: &[Section], set: &[&str]) -> Report {
    let options = Options {
        overrides: set.iter().map(|s| Override::parse(s).unwrap()).collect(),
        sections: (!sections.is_empty()).then(|| sections.to_vec()),
        sweep: None,
    };
    run(&read(text).unwrap(), &options, &Run::default()).unwrap()
}

fn value(report: &Report, name: &str) -> f64 {
    report.quantity(name).unwrap_or_else(|| panic!("no {name}")).value
}

fn error(text: &str, sections: &[Section]) -> irrev::Error {
    let options = Options {
        sections: Some(sections.to_vec()),
        ..Options::default()
    };
    run(&read(text).unwrap(), &options, &Run::default()).unwrap_err()
}

#[test]
fn sixteen_sites_have_the_independent_values() {
    // β and α: 4 × 4, N = 4, eigenstate 696; σ and ⟨e^−σ⟩ at t = 10 and 30 by an independent program
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/models/one-wave-function.toml");
    let model = load(&file, &vocabulary()).unwrap();
    let options = Options {
        sections: Some(vec![
            Section::Bath,
            Section::SecondLaw,
            Section::FluctuationTheorem,
        ]),
        overrides: vec![Override::parse("time.points=4").unwrap()],
        sweep: None,
    };
    let found = run(&model, &options, &Run::default()).unwrap();
    let near = |name: &str, expected: f64, tolerance: f64| {
        let value = value(&found, name);
        assert!(
            (value - expected).abs() < tolerance,
            "{name}: {value}, expected {expected}"
        );
    };
    near("bath_energy", 3.166294, 1e-6);
    near("bath_inverse_temperature", 0.10908, 5e-6);
    near("bath_chemical_affinity", -0.99033, 5e-6);
    near("level_gap", 1.7e-4, 1e-5);
    near("quantum_entropy_production_1", 1.0362, 1e-4);
    near("exponential_average_1", 0.91203, 1e-5);
    near("quantum_entropy_production_2", 1.3178, 1e-4);
    near("exponential_average_2", 1.00349, 1e-5);
    near("quantum_entropy_production_3", 1.361, 1e-3);
    near("exponential_average_3", 0.9792, 1e-4);
    let books = found.tables.iter().find(|table| table.name == "books_2").unwrap();
    let irrev::report::ColumnValues::Numbers(values) = &books.columns[1].values else {
        panic!("no numbers")
    };
    assert!((values[1] - 1.3219).abs() < 1e-4, "{values:?}");
    assert!(found.all_verified());
}

#[test]
fn beside_a_gibbs_bath_both_theorems_hold_to_rounding() {
    for populations in ["[0.2, 0.8]", "[0.0, 1.0]"] {
        let text = gibbs().replace("[0.2, 0.8]", populations);
        let found = report(&text, &[], &[]);
        assert!(found.all_verified(), "{:?}", found.checks);
        for name in ["second_law", "fluctuation_theorem_1", "detailed_theorem_1"] {
            assert!(found.checks.iter().any(|check| check.name == name), "{name}");
        }
        let irreversibility = value(&found, "absolute_irreversibility");
        assert_eq!(
            irreversibility > 0.01,
            populations == "[0.0, 1.0]",
            "{irreversibility}"
        );
        assert!(value(&found, "lowest_entropy_production") > -1e-12);
    }
    // c₂ is the failure of the bath to be thermal
    assert!(value(&report(&gibbs(), &[], &[]), "short_time_coefficient").abs() < 1e-12);
}

#[test]
fn a_shift_of_all_site_energies_changes_nothing_but_alpha() {
    let plain = report(SMALL, &[], &[]);
    let shifted = report(SMALL, &[], &["bath.energy=1.7", "system.energy=1.7"]);
    let (beta, alpha) = (
        value(&plain, "bath_inverse_temperature"),
        value(&plain, "bath_chemical_affinity"),
    );
    assert!((value(&shifted, "bath_inverse_temperature") - beta).abs() < 1e-10);
    assert!((value(&shifted, "bath_chemical_affinity") - alpha - 0.7 * beta).abs() < 1e-10);
    for name in [
        "quantum_entropy_production",
        "exponential_average",
        "largest_departure",
    ] {
        assert!(
            (value(&plain, name) - value(&shifted, name)).abs() < 1e-9,
            "{name}"
        );
    }
    // energy alone is not enough where particles flow
    let sector = |set: &[&str]| value(&report(SMALL, &[], set), "quantum_entropy_production");
    let (one, other) = (
        sector(&["bath.matching=sector"]),
        sector(&["bath.matching=sector", "bath.energy=1.7", "system.energy=1.7"]),
    );
    assert!((one - other).abs() > 1e-3);
    let told = report(SMALL, &[], &["bath.matching=sector"]);
    assert!(
        told.warnings
            .iter()
            .any(|warning| warning.contains("\"grand\" matches both"))
    );
}

#[test]
fn all_sections_of_the_template_hold() {
    let text = template("quantum-lattice").unwrap();
    let found = report(text, &[], &["scan.eigenstates=5", "time.points=11"]);
    assert!(found.all_verified(), "{:?}", found.checks);
    for name in [
        "violating_fraction_1",
        "gap_ratio",
        "lieb_robinson_time_2",
        "eth_variance",
    ] {
        value(&found, name);
    }
    assert!(KINDS_WITH_SCHEMA.contains(&"quantum-lattice"));
    assert_eq!(
        schema("quantum-lattice").unwrap()["properties"]["kind"]["const"],
        "quantum-lattice"
    );
    for possibility in possibilities(&read(text).unwrap(), &[]).unwrap() {
        let impossible = [Section::Sweep, Section::Sizes].contains(&possibility.section);
        assert_eq!(
            possibility.obstacle.is_some(),
            impossible,
            "{:?}",
            possibility.section
        );
    }
}

#[test]
fn windows_and_sweeps_go_through() {
    let window = SMALL.replace("shape = [3, 2]", "shape = [4, 3]").replace(
        "eigenstate = 7",
        "state = \"window\"\ntemperature = 8.0\nwidth = 0.5",
    );
    let found = report(&window, &[Section::Bath, Section::SecondLaw], &[]);
    assert!(found.all_verified());
    assert!((value(&found, "bath_inverse_temperature") - 0.125).abs() < 0.1);
    let request = SweepRequest {
        axes: vec![("contact.hopping".into(), vec![0.1, 0.5])],
        show: vec!["entropy_production".into(), "short_time_coefficient".into()],
    };
    let options = Options {
        sections: Some(vec![Section::Sweep]),
        sweep: Some(request),
        ..Options::default()
    };
    let found = run(&read(SMALL).unwrap(), &options, &Run::default()).unwrap();
    let irrev::report::ColumnValues::Numbers(values) = &found.tables[0].columns[2].values else {
        panic!("no numbers")
    };
    // c₂ grows like the square of the coupling
    assert!((values[1] / values[0] - 25.0).abs() < 1e-6, "{values:?}");
}

#[test]
fn two_sites_exchange_particles_with_a_ring() {
    let text = r#"irrev = 1
kind = "quantum-lattice"
[lattice]
sites = 4
bonds = [[0, 1], [1, 2], [2, 3], [3, 0]]
[bath]
particles = 2
energy = [0.0, 0.3, 0.1, -0.2]
state = "gibbs"
beta = 0.4
[system]
energy = [0.5, 0.2]
populations = [0.1, 0.2, 0.3, 0.4]
bonds = [[0, 1]]
hopping = 0.5
[contact]
hopping = 0.7
interaction = 0.2
sites = [[0, 0], [1, 2]]
[time]
end = 3.0
points = 5
"#;
    let found = report(text, &[], &[]);
    assert!(found.all_verified(), "{:?}", found.checks);
    assert!(found.quantity("short_time_coefficient").is_none());
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let cases: Vec<(String, &str)> = vec![
        (SMALL.replace("[3, 2]", "[3, 2, 1]"), "expected 2"),
        (SMALL.replace("[3, 2]", "[9, 9]"), "at most 64"),
        (SMALL.replace("\"square\"", "\"sqare\""), "square"),
        (
            SMALL.replace("particles = 3", "particles = 7"),
            "7 hard-core particles do not fit on 6 sites",
        ),
        (SMALL.replace("[0.2, 0.8]", "[0.2, 0.9]"), "system.populations"),
        (SMALL.replace("[0.2, 0.8]", "[0.2, 0.3, 0.5]"), "expected 2^1 = 2"),
        (SMALL.replace("end = 4.0", "end = nan"), "nan is not a number"),
        (
            SMALL.replace("end = 4.0", "end = -1.0"),
            "expected a number above 0",
        ),
        (SMALL.replace("hopping = 1.0", "hopping = []"), "empty list"),
        (
            SMALL.replace("hopping = 1.0", "hopping = 1.0\nsites = [[0, 9]]"),
            "site 9",
        ),
        (SMALL.replace("eigenstate = 7", ""), "exactly one of"),
        (
            SMALL.replace("eigenstate = 7", "eigenstate = 7\ntemperature = 3.0"),
            "exactly one of",
        ),
        (
            SMALL.replace("energy = 1.0\neig", "energy = [1.0, 2.0]\neig"),
            "the lattice has 6 sites",
        ),
        (
            SMALL.replace("type = \"square\"\nshape = [3, 2]", "sites = 6\nbonds = [[0, 0]]"),
            "joins site 0 with itself",
        ),
        (SMALL.replace("points = 21", "distribution_at = 9.0"), "ends at 4"),
        (SMALL.replace("points", "pionts"), "points"),
    ];
    for (text, words) in cases {
        let Err(error) = read(&text) else {
            panic!("{words}: {text}")
        };
        let said = error
            .diagnostics
            .iter()
            .map(|d| format!("{} {}", d.message, d.help.as_deref().unwrap_or("")))
            .collect::<Vec<_>>()
            .join("\n");
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn levels_that_name_no_state_are_refused_with_the_remedy() {
    let degenerate = SMALL
        .replace("[3, 2]", "[2, 2]")
        .replace("particles = 3", "particles = 1");
    let told = error(
        &degenerate.replace("eigenstate = 7", "eigenstate = 1"),
        &[Section::Bath],
    );
    assert!(told.to_string().contains("level 1 is degenerate"), "{told}");
    assert_eq!(told.exit_code(), 65);
    // 3 × 2 sites with one particle: the doublets of other lattices are not there
    assert!(told.to_string().contains("not degenerate are 0 and 3"), "{told}");
    let told = error(SMALL, &[Section::Eigenstates]);
    assert!(told.to_string().contains("no [scan]"), "{told}");
}

#[test]
fn a_state_in_the_middle_of_the_spectrum_has_no_temperature_and_no_potential() {
    // one particle on three sites: the middle level is that of the site in the middle of all energies
    let middle = SMALL
        .replace("type = \"square\"\nshape = [3, 2]", "type = \"chain\"\nshape = 3")
        .replace(
            "particles = 3\ninteraction = 0.1\nenergy = 1.0\neigenstate = 7",
            "particles = 1\nenergy = 0.5\neigenstate = 1",
        );
    let found = report(&middle, &[], &[]);
    assert_eq!(value(&found, "bath_inverse_temperature"), 0.0);
    assert!((value(&found, "bath_chemical_affinity") + 2f64.ln()).abs() < 1e-12);
    assert!(value(&found, "heat_into_bath").abs() < 10.0);
    assert!(found.warnings.iter().any(|warning| warning.contains("infinite")));
    // three levels say nothing about eigenstates, and nothing is far enough away to be cut
    assert!(found.quantity("eth_variance").is_none() && found.quantity("gap_ratio").is_none());
}

#[test]
fn what_a_contact_cannot_have_is_said() {
    let two = SMALL
        .replace(
            "energy = [1.0]\npopulations = [0.2, 0.8]",
            "energy = [1.0, 0.5]\npopulations = [0.1, 0.2, 0.3, 0.4]",
        )
        .replace("hopping = 1.0", "hopping = 1.0\nsites = [[0, 0], [1, 3]]");
    let found = report(&two, &[Section::FluctuationTheorem], &[]);
    assert!(found.quantity("short_time_coefficient").is_none());
    assert!(
        found
            .left_out_by_reason()
            .iter()
            .any(|(what, _)| what.contains("short_time_coefficient"))
    );
}

#[test]
fn memory_is_refused_before_anything_is_diagonalised() {
    let large = gibbs().replace("shape = [3, 2]", "shape = [5, 4]");
    let run_with = Run {
        memory_limit: 1 << 30,
        ..Run::default()
    };
    let begin = std::time::Instant::now();
    let refused = run(&read(&large).unwrap(), &Options::default(), &run_with).unwrap_err();
    assert_eq!(refused.exit_code(), 69);
    assert!(begin.elapsed().as_secs() < 5, "{refused}");
}

#[test]
fn what_has_no_temperature_is_named_and_loses_nothing_else() {
    let lowest = SMALL
        .replace("particles = 3", "particles = 1")
        .replace("eigenstate = 7", "eigenstate = 0\nmatching = \"sector\"");
    let found = report(&lowest, &[], &[]);
    assert_eq!(value(&found, "bath_inverse_temperature"), f64::INFINITY);
    assert!(
        found
            .warnings
            .iter()
            .any(|warning| warning.contains("lowest energy"))
    );
    let left_out: Vec<String> = found
        .left_out_by_reason()
        .into_iter()
        .map(|(what, _)| what)
        .collect();
    assert!(
        left_out.iter().any(|what| what.contains("second_law")),
        "{left_out:?}"
    );
    value(&found, "lieb_robinson_time");
    let told = error(&lowest, &[Section::SecondLaw]);
    assert!(told.to_string().contains("β = +∞"), "{told}");
    let full = report(
        SMALL,
        &[Section::Bath],
        &["bath.particles=6", "bath.eigenstate=0"],
    );
    assert_eq!(value(&full, "bath_chemical_affinity"), f64::INFINITY);
    assert!(full.quantity("bath_inverse_temperature").is_none());
    // a sweep goes on behind such a point
    let options = Options {
        sections: Some(vec![Section::Sweep]),
        sweep: Some(SweepRequest {
            axes: vec![("bath.eigenstate".into(), vec![0.0, 2.0])],
            show: vec!["entropy_production".into()],
        }),
        ..Options::default()
    };
    let found = run(&read(&lowest).unwrap(), &options, &Run::default()).unwrap();
    let irrev::report::ColumnValues::Numbers(values) = &found.tables[0].columns[1].values else {
        panic!("no numbers")
    };
    assert!(values[0].is_nan() && values[1].is_finite(), "{values:?}");
}

#[test]
fn sites_that_no_bonds_reach_are_named() {
    let apart = SMALL
        .replace(
            "type = \"square\"\nshape = [3, 2]",
            "sites = 6\nbonds = [[0, 1], [1, 2], [2, 3]]",
        )
        .replace("eigenstate = 7", "state = \"gibbs\"\nbeta = 0.2");
    let found = report(&apart, &[Section::Bath], &[]);
    assert!(
        found
            .warnings
            .iter()
            .any(|warning| warning.contains("the sites 4, 5 of the bath")),
        "{:?}",
        found.warnings
    );
}

/// A contact that is switched on and off, a quench of the system between.
const DRIVE: &str = "[drive]\ntimes = [0.5, 1.0, 1.0, 2.0]\ncontact = [0.0, 1.0, 1.0, 0.0]\nsystem = [1.0, 1.0, 1.5, 1.5]\n[time]";

#[test]
fn a_drive_does_work_that_the_books_hold() {
    let found = report(&gibbs().replace("[time]", DRIVE), &[], &[]);
    assert!(found.all_verified(), "{:?}", found.checks);
    // the contact is off again, so that system and bath hold all of the work
    assert!(value(&found, "contact_energy").abs() < 1e-14);
    let books = found.tables.iter().find(|table| table.name == "books").unwrap();
    let column = |name: &str| {
        let column = books.columns.iter().find(|column| column.name == name).unwrap();
        match &column.values {
            irrev::report::ColumnValues::Numbers(values) => values.clone(),
            other => panic!("{other:?}"),
        }
    };
    let (work, system, bath) = (
        column("work"),
        column("energy of the system"),
        column("change of the bath's energy"),
    );
    let last = work.len() - 1;
    assert!((work[last] - (system[last] - system[0]) - bath[last]).abs() < 1e-9);
    assert_eq!((work[0], work[last]), (0.0, value(&found, "drive_work")));
    assert!(work[last].abs() > 0.01);
    assert!(found.figures.iter().any(|figure| figure.name == "drive"));
    // without a drive nothing speaks of work
    let plain = report(&gibbs(), &[], &[]);
    assert!(plain.quantity("drive_work").is_none());
}

#[test]
fn knots_of_a_drive_are_numbers_like_any_other() {
    let driven = SMALL.replace("[time]", DRIVE);
    let slower = report(&driven, &[Section::SecondLaw], &["drive.times[3]=3.0"]);
    let faster = report(&driven, &[Section::SecondLaw], &[]);
    assert!((value(&slower, "drive_work") - value(&faster, "drive_work")).abs() > 1e-3);
    for (wrong, message) in [
        ("[drive]\ntimes = [1.0]\n[time]", "found `times` alone"),
        (
            "[drive]\ntimes = [1.0, 0.5]\ncontact = [1.0, 0.0]\n[time]",
            "knot 1 of the drive is at 0.5",
        ),
        (
            "[drive]\ntimes = [1.0, 2.0]\ncontact = [1.0]\n[time]",
            "`drive.contact` lists 1 factors for 2 times",
        ),
        ("[drive]\ncontact = [1.0]\n[time]", "times"),
        ("[drive]\ntimes = [0.0]\nbath = [1.0]\n[time]", "bath"),
    ] {
        let refused = read(&SMALL.replace("[time]", wrong)).unwrap_err().to_string();
        assert!(refused.contains(message), "{refused}");
    }
}

/// The same bath in a typical state in place of a Gibbs state.
fn typical() -> String {
    gibbs().replace("\"gibbs\"", "\"typical\"")
}

#[test]
fn a_typical_state_stands_for_a_gibbs_state() {
    let (exact, found) = (report(&gibbs(), &[], &[]), report(&typical(), &[], &[]));
    assert!(found.all_verified(), "{:?}", found.checks);
    assert_eq!(value(&found, "bath_inverse_temperature"), 0.3);
    // six sites have some 50 states, and averages scatter by √(2/50) of their largest deviations: 6 standard deviations are no narrow interval here, and the
    // library's tests of twelve sites decide. This one tells a wrong β or α.
    let effective = value(&found, "effective_dimension");
    assert!((30.0..70.0).contains(&effective), "{effective}");
    for (name, largest) in [("bath_energy", 6.0), ("quantum_entropy_production", 2.0)] {
        let difference = (value(&exact, name) - value(&found, name)).abs();
        assert!(
            difference < 6.0 * largest * (2.0 / effective).sqrt(),
            "{name} {difference}"
        );
    }
    // energies are spread, so that there is no first of two measurements
    assert!(found.quantity("exponential_average").is_none());
    let obstacles = possibilities(&read(&typical()).unwrap(), &[]).unwrap();
    let theorem = obstacles
        .iter()
        .find(|possibility| possibility.section == Section::FluctuationTheorem)
        .unwrap();
    assert!(theorem.obstacle.as_deref().unwrap().contains("typical"));
    // the same seed, the same bits
    let again = report(&typical(), &[], &[]);
    assert_eq!(
        value(&again, "quantum_entropy_production"),
        value(&found, "quantum_entropy_production")
    );
}

#[test]
fn a_gibbs_bath_that_does_not_fit_names_the_typical_state() {
    let large = |text: String| {
        text.replace("shape = [3, 2]", "shape = [5, 3]")
            .replace("points = 21", "points = 3")
    };
    let limit = Run {
        memory_limit: 1 << 28,
        ..Run::default()
    };
    let options = Options {
        sections: Some(vec![Section::Bath]),
        ..Options::default()
    };
    let refused = run(&read(&large(gibbs())).unwrap(), &options, &limit).unwrap_err();
    assert_eq!(refused.exit_code(), 69);
    assert!(
        refused.to_string().contains("`bath.state = \"typical\"`"),
        "{refused}"
    );
    let found = run(&read(&large(typical())).unwrap(), &options, &limit).unwrap();
    assert!(value(&found, "effective_dimension") > 1000.0);
}
