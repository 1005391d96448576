//! Baths and starts of `quantum-lattice` models: phases and flux, superpositions, symmetry blocks, several sizes.

#![allow(clippy::unwrap_used)]

use irrev::analysis::{Options, Section, possibilities, possibilities_within, run, vocabulary};
use irrev::model::{Model, ModelError, Override, QuantumEnvironment, QuantumValues, Severity, parse};
use irrev::numerics::Run;
use irrev::quantum::bath::{BathSpectrum, BathState};
use irrev::quantum::diagonalise::{Symmetries, Wanted};
use irrev::quantum::temperature::Matching;
use irrev::quantum::thermodynamics::{ThermalContact, short_time_coefficient};
use irrev::report::{ColumnValues, Report};
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
points = 9
"#;

fn read(text: &str) -> Result<Model, ModelError> {
    parse(SourceFile::from_text("m.toml", text).unwrap(), &vocabulary())
}

fn values(text: &str) -> QuantumValues {
    let Model::Quantum(spec) = read(text).unwrap() else {
        panic!("another kind")
    };
    QuantumEnvironment::new(&spec, &[]).unwrap().values().unwrap()
}

/// The one fault of a text that is no model, and the text it points at.
fn fault(text: &str) -> (String, String) {
    let error = read(text).unwrap_err();
    let [one] = error.diagnostics.as_slice() else {
        panic!("{error}")
    };
    let place = one.place.as_ref().unwrap().span;
    (one.message.clone(), text[place.start..place.end].to_owned())
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

fn column(report: &Report, table: &str, column: &str) -> Vec<f64> {
    let table = report.tables.iter().find(|found| found.name == table).unwrap();
    let column = table.columns.iter().find(|found| found.name == column).unwrap();
    let ColumnValues::Numbers(numbers) = &column.values else {
        panic!("no numbers")
    };
    numbers.clone()
}

/// Levels of one particle.
fn levels(values: &QuantumValues) -> Vec<f64> {
    let symmetries = Symmetries::none(&values.bath);
    let found = BathSpectrum::new(&values.bath, 1..=1, &symmetries, Wanted::Levels, &Run::default()).unwrap();
    found.sector(1).unwrap().energies()
}

#[test]
fn phases_that_a_gauge_removes_change_no_level_and_no_entropy_production() {
    let angles = [0.3, -1.1, 2.0, 0.7, -0.4, 1.6];
    let lattice = values(SMALL).lattice;
    let phases: Vec<String> = lattice
        .bonds()
        .iter()
        .map(|&(i, j)| format!("{:?}", angles[i] - angles[j]))
        .collect();
    let turned = SMALL.replace(
        "energy = 1.0\neig",
        &format!("energy = 1.0\nphase = [{}]\neig", phases.join(", ")),
    );
    assert!(!values(&turned).bath.is_real());
    // the mirror images of the lattice do not leave these phases as they are
    let blocks = |values: &QuantumValues| {
        Symmetries::of_lattice(&values.bath, &values.lattice)
            .unwrap()
            .labels()
            .len()
    };
    assert_eq!((blocks(&values(SMALL)), blocks(&values(&turned))), (4, 1));
    let (plain, turned) = (report(SMALL, &[], &[]), report(&turned, &[], &[]));
    for name in [
        "bath_energy",
        "level_gap",
        "bath_inverse_temperature",
        "bath_chemical_affinity",
        "quantum_entropy_production",
        "lowest_entropy_production",
        "heat_into_bath",
        "contact_energy",
        "exponential_average",
        "detailed_theorem_error",
        "lieb_robinson_time",
    ] {
        let (a, b) = (value(&plain, name), value(&turned, name));
        assert!((a - b).abs() < 1e-8, "{name}: {a} and {b}");
    }
    assert!(turned.all_verified(), "{:?}", turned.checks);
    // the law of short times is left out, and says why
    let why = turned.left_out_by_reason();
    assert!(
        why.iter()
            .any(|(what, why)| what.contains("short_time") && why.contains("real hoppings")),
        "{why:?}"
    );
}

#[test]
fn a_flux_of_a_third_gives_the_levels_of_hofstadter() {
    let alone = |shape: &str, boundary: &str| {
        SMALL
            .replace(
                "shape = [3, 2]",
                &format!("shape = {shape}\nboundary = \"{boundary}\""),
            )
            .replace(
                "particles = 3\ninteraction = 0.1\nenergy = 1.0",
                "particles = 1\nflux = \"1/3\"",
            )
            .replace("eigenstate = 7", "eigenstate = 0")
    };
    // one plaquette is a ring of four sites: -2 cos((2πk + 2πφ)/4)
    let turn = std::f64::consts::TAU / 4.0;
    let mut ring: Vec<f64> = (0..4)
        .map(|k| -2.0 * (turn * (f64::from(k) + 1.0 / 3.0)).cos())
        .collect();
    ring.sort_by(f64::total_cmp);
    for (a, b) in levels(&values(&alone("[2, 2]", "open"))).iter().zip(&ring) {
        assert!((a - b).abs() < 1e-13, "{a} and {b}");
    }
    // a torus of 3 × 3: the roots of E³ - 6E = -4, each three times
    let root = 3f64.sqrt();
    let torus = [-1.0 - root, root - 1.0, 2.0].map(|level| [level; 3]).concat();
    for (a, b) in levels(&values(&alone("[3, 3]", "periodic"))).iter().zip(&torus) {
        assert!((a - b).abs() < 1e-13, "{a} and {b}");
    }
}

#[test]
fn energy_is_conserved_and_the_theorems_hold_in_a_flux() {
    for boundary in ["open", "periodic"] {
        let ladder = SMALL
            .replace(
                "type = \"square\"\nshape = [3, 2]",
                &format!("type = \"ladder\"\nshape = [3, 2]\nboundary = \"{boundary}\""),
            )
            .replace(
                "energy = 1.0\neigenstate = 7",
                "energy = 1.0\nflux = \"1/3\"\nnext_hopping = 0.3\nstate = \"gibbs\"\nbeta = 0.4",
            );
        assert!(!values(&ladder).bath.is_real());
        let found = report(&ladder, &[], &[]);
        assert!(found.all_verified(), "{boundary}: {:?}", found.checks);
        assert!(found.checks.iter().any(|check| check.name == "energy_balance"));
    }
    let eigenstate = SMALL.replace("eigenstate = 7", "flux = 0.2\ntemperature = 4.0");
    assert!(report(&eigenstate, &[], &[]).all_verified());
    let window = SMALL.replace("shape = [3, 2]", "shape = [4, 3]").replace(
        "eigenstate = 7",
        "flux = 0.2\nstate = \"window\"\ntemperature = 8.0\nwidth = 0.5",
    );
    assert!(report(&window, &[Section::Bath, Section::SecondLaw], &[]).all_verified());
}

#[test]
fn what_a_flux_cannot_be_is_refused_at_its_place() {
    let flux = |lattice: &str, flux: &str| {
        let text = SMALL.replace("type = \"square\"\nshape = [3, 2]", lattice);
        text.replace("eigenstate = 7", &format!("flux = {flux}\neigenstate = 7"))
    };
    let (said, place) = fault(&flux(
        "type = \"square\"\nshape = [3, 3]\nboundary = \"periodic\"",
        "0.25",
    ));
    assert!(said.contains("2.25") && said.contains("an integer"), "{said}");
    assert_eq!(place, "0.25");
    let (said, place) = fault(&flux("type = \"chain\"\nshape = 6", "0.5"));
    assert!(
        said.contains("\"chain\"") && said.contains("bath.phase"),
        "{said}"
    );
    assert_eq!(place, "0.5");
    let (said, _) = fault(&flux("type = \"square\"\nshape = [6, 1]", "0.5"));
    assert!(said.contains("has none"), "{said}");
}

#[test]
fn faults_of_lists_point_at_the_list_or_at_the_value() {
    for (from, to, words, at) in [
        (
            "energy = 1.0\neig",
            "energy = [1.0, 2.0]\neig",
            "lists 2 numbers",
            "1.0, 2.0",
        ),
        (
            "energy = 1.0\neig",
            "energy = 1.0\nphase = [0.1, 0.2]\neig",
            "7 bonds",
            "0.1, 0.2",
        ),
        (
            "populations = [0.2, 0.8]",
            "populations = [0.2, 0.9]",
            "the sum",
            "0.2, 0.9",
        ),
        (
            "populations = [0.2, 0.8]",
            "populations = [0.2, 1.8]",
            "from 0 to 1",
            "1.8",
        ),
        (
            "hopping = 1.0",
            "hopping = 1.0\nsites = [[0, 1], [0, 9]]",
            "site 9",
            "[0, 9]",
        ),
        (
            "type = \"square\"\nshape = [3, 2]",
            "sites = 4\nbonds = [[0, 1], [2, 2]]",
            "itself",
            "[2, 2]",
        ),
        (
            "type = \"square\"\nshape = [3, 2]",
            "sites = 4\nbonds = [[0, 1], [2, 5]]",
            "site 5",
            "[2, 5]",
        ),
        ("shape = [3, 2]", "shape = [9, 9]", "at most 64", "9, 9"),
        ("particles = 3", "particles = 9", "9 hard-core particles", "9"),
        ("hopping = 1.0", "hopping = []", "an empty list", "[]"),
    ] {
        let (said, place) = fault(&SMALL.replace(from, to));
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(place, at, "{said}");
    }
}

#[test]
fn a_superposition_starts_as_its_amplitudes_say() {
    let with = |state: &str| SMALL.replace("populations = [0.2, 0.8]", state);
    let full = report(&with("amplitudes = [[0.0, 0.0], [0.0, -1.0]]"), &[], &[]);
    let occupied = report(&with("populations = [0.0, 1.0]"), &[], &[]);
    for name in [
        "quantum_entropy_production",
        "exponential_average",
        "absolute_irreversibility",
    ] {
        let (a, b) = (value(&full, name), value(&occupied, name));
        assert!((a - b).abs() < 1e-10, "{name}: {a} and {b}");
    }
    let gibbs =
        |state: &str| with(state).replace("eigenstate = 7", "state = \"gibbs\"\nbeta = 0.3\nalpha = 0.2");
    let pure = report(&gibbs("amplitudes = [[0.6, 0.0], [0.0, \"4/5\"]]"), &[], &[]);
    assert!(pure.all_verified(), "{:?}", pure.checks);
    assert!(value(&pure, "absolute_irreversibility") > 0.01);
    let mixed = report(
        &gibbs("amplitudes = [[0.6, 0.0], [0.0, 0.8]]\nregularise = 0.05"),
        &[],
        &[],
    );
    assert!(mixed.all_verified(), "{:?}", mixed.checks);
    assert!(value(&mixed, "absolute_irreversibility").abs() < 1e-12);
    assert!((value(&mixed, "exponential_average") - 1.0).abs() < 1e-11);
    // the orthogonal state has the probability ε, so that the entropy at the start is known
    let state = values(&gibbs("amplitudes = [[0.6, 0.0], [0.0, 0.8]]\nregularise = 0.05")).state;
    assert!((state.entropy() + 0.05 * 0.05f64.ln() + 0.95 * 0.95f64.ln()).abs() < 1e-14);
    for (state, words, at) in [
        (
            "amplitudes = [[0.7071, 0.0], [0.7071, 0.0]]",
            "1/sqrt(2)",
            "0.7071, 0.0], [0.7071, 0.0",
        ),
        ("amplitudes = [[1.0, 0.0]]", "expected 2^1 = 2", "1.0, 0.0"),
        (
            "amplitudes = [[1.0], [0.0, 0.0]]",
            "the real and the imaginary part",
            "[1.0]",
        ),
        (
            "populations = [0.0, 1.0]\namplitudes = [[1.0, 0.0], [0.0, 0.0]]",
            "found beside",
            "[[1.0, 0.0], [0.0, 0.0]]",
        ),
        ("populations = [0.0, 1.0]\nregularise = 1", "between 0 and 1", "1"),
    ] {
        let (said, place) = fault(&with(state));
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(place, at, "{said}");
    }
    assert!(read(&with("")).unwrap_err().to_string().contains("amplitudes"));
}

#[test]
fn degenerate_levels_have_names_by_symmetry_block() {
    // four sites in a square: two levels of one particle between the lowest and the highest
    let square = SMALL
        .replace("[3, 2]", "[2, 2]")
        .replace("particles = 3", "particles = 1");
    let index = |text: &str| square.replace("eigenstate = 7", text);
    let refused = run(
        &read(&index("eigenstate = 1")).unwrap(),
        &Options::default(),
        &Run::default(),
    );
    let said = refused.unwrap_err().to_string();
    let label = ["[1, 0]", "[0, 1]"]
        .into_iter()
        .find(|label| said.contains(&format!("`bath.block = {label}` with `bath.eigenstate = 0`")));
    assert!(label.is_some(), "{said}");
    // both of them, which a mirror image turns into each other
    let energies = ["[1, 0]", "[0, 1]"].map(|label| {
        let found = report(
            &index(&format!("block = {label}\neigenstate = 0")),
            &[Section::Bath, Section::SecondLaw],
            &[],
        );
        assert!(found.all_verified());
        value(&found, "bath_energy")
    });
    assert!((energies[0] - 1.0).abs() < 1e-12 && (energies[1] - 1.0).abs() < 1e-12);
    let (said, place) = fault(&index("block = [1, 0]\neigenstate = 1"));
    assert!(
        said.contains("from 0 to 0") && said.contains("in this block"),
        "{said}"
    );
    assert_eq!(place, "1");
    let (said, place) = fault(&index("block = [1]\neigenstate = 0"));
    assert!(said.contains("lists 1 number, expected 2"), "{said}");
    assert_eq!(place, "1");
    let (said, _) = fault(&index("block = [1, 0]\ntemperature = 3.0"));
    assert!(said.contains("has no meaning without it"), "{said}");
    let (said, _) = fault(
        &index("energy = [0.1, 0.2, 0.4, 0.8]\nblock = 0\neigenstate = 0").replace("energy = 1.0\n", ""),
    );
    assert!(said.contains("leave it out"), "{said}");
}

#[test]
fn what_a_run_would_refuse_is_told_before_it() {
    let square = SMALL
        .replace("[3, 2]", "[2, 2]")
        .replace("particles = 3", "particles = 1")
        .replace("eigenstate = 7", "eigenstate = 1");
    for found in possibilities(&read(&square).unwrap(), &[]).unwrap() {
        assert!(found.obstacle.is_some(), "{:?}", found.section);
    }
    let large = SMALL
        .replace("[3, 2]", "[5, 4]")
        .replace("particles = 3", "particles = 10");
    let limited = Run {
        memory_limit: 1 << 30,
        ..Run::default()
    };
    let begin = std::time::Instant::now();
    for found in possibilities_within(&read(&large).unwrap(), &[], &limited).unwrap() {
        assert!(found.obstacle.is_some(), "{:?}", found.section);
    }
    assert!(begin.elapsed().as_secs() < 5);
    let middle = SMALL
        .replace("[3, 2]", "[4, 3]")
        .replace("particles = 3", "particles = 4");
    let found = possibilities(&read(&middle).unwrap(), &[]).unwrap();
    let open: Vec<Section> = found
        .iter()
        .filter(|p| p.note.as_ref().is_some_and(|note| note.contains("degenerate")))
        .map(|p| p.section)
        .collect();
    assert_eq!(open, [Section::Bath]);
    let sound = possibilities(&read(SMALL).unwrap(), &[]).unwrap();
    assert!(
        sound
            .iter()
            .all(|p| p.note.as_ref().is_none_or(|note| !note.contains("degenerate")))
    );
}

#[test]
fn bonds_given_twice_and_separate_parts_are_warned_of() {
    let twice = SMALL.replace(
        "type = \"square\"\nshape = [3, 2]",
        "sites = 6\nbonds = [[0, 1], [1, 2], [1, 0], [3, 4], [4, 5]]",
    );
    let twice = twice.replace("eigenstate = 7", "state = \"gibbs\"\nbeta = 0.2");
    let Model::Quantum(spec) = read(&twice).unwrap() else {
        panic!("another kind")
    };
    let warnings = QuantumEnvironment::new(&spec, &[]).unwrap().warnings().unwrap();
    assert!(
        warnings
            .iter()
            .all(|warning| warning.severity == Severity::Warning)
    );
    let said: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("`lattice.bonds[2]` joins the sites of `lattice.bonds[0]` again"),
        "{said:?}"
    );
    assert!(
        said[1].contains("2 parts") && said[1].contains("the sites 3, 4, 5"),
        "{said:?}"
    );
    assert!(
        report(&twice, &[Section::Bath], &[])
            .warnings
            .iter()
            .any(|warning| warning.contains("add up"))
    );
    let Model::Quantum(sound) = read(SMALL).unwrap() else {
        panic!("another kind")
    };
    assert!(
        QuantumEnvironment::new(&sound, &[])
            .unwrap()
            .warnings()
            .unwrap()
            .is_empty()
    );
}

/// Three sizes; eigenstate 7 is one of the second.
fn of_sizes() -> String {
    format!(
        "{SMALL}[sizes]\nshapes = [[2, 2], [3, 2], [3, 3]]\nparticles = [2, 3, 4]\neigenstates = 4\nwindow = 0.2\ntimes = [1.0, 4.0]\n"
    )
}

#[test]
fn sizes_are_averages_over_the_eigenstates_around_one_temperature() {
    let text = of_sizes();
    let found = report(&text, &[Section::Sizes], &[]);
    assert_eq!(column(&found, "sizes", "sites"), [4.0, 6.0, 9.0]);
    assert_eq!(
        column(&found, "sizes", "states of the sector"),
        [6.0, 20.0, 126.0]
    );
    // the size of the model itself, from the library alone
    let values = values(&text);
    let run = Run::default();
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice).unwrap();
    let all = BathSpectrum::new(&values.bath, 0..=6, &symmetries, Wanted::States, &run).unwrap();
    let energies = all.sector(3).unwrap().energies();
    let centre = energies[7];
    let half_width = 0.2 * (energies[19] - energies[0]);
    let mut near: Vec<usize> = (0..20)
        .filter(|&a| (energies[a] - centre).abs() <= half_width)
        .collect();
    near.retain(|&a| BathState::eigenstate(&all, 3, a).is_ok());
    near.sort_by(|a, b| {
        (energies[*a] - centre)
            .abs()
            .total_cmp(&(energies[*b] - centre).abs())
    });
    near.truncate(4);
    let squares: Vec<f64> = near
        .iter()
        .map(|&a| {
            let reservoir = all
                .temperature(3, energies[a], Matching::Grand)
                .unwrap()
                .finite()
                .unwrap();
            let state = BathState::eigenstate(&all, 3, a).unwrap();
            let composite = values.composite(1.0).unwrap();
            let contact = ThermalContact::new(&composite, &values.state, &state, reservoir).unwrap();
            short_time_coefficient(&contact, &run).unwrap().powi(2)
        })
        .collect();
    let expected = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    let c2 = column(&found, "sizes_departure", "root mean square of c₂");
    assert!((c2[1] - expected).abs() < 1e-9, "{c2:?}, expected {expected}");
    assert_eq!(
        column(&found, "sizes_departure", "eigenstates")[1],
        near.len() as f64
    );
    for name in ["sizes", "sizes_departure"] {
        assert!(found.figures.iter().any(|figure| figure.name == name), "{name}");
    }
    // one or two threads: the same bits
    let with = |threads: usize| {
        let options = Options {
            sections: Some(vec![Section::Sizes]),
            ..Options::default()
        };
        let run_with = Run {
            threads,
            ..Run::default()
        };
        irrev::analysis::run(&read(&text).unwrap(), &options, &run_with).unwrap()
    };
    // as text, in which what is not known (NaN) equals itself
    assert_eq!(format!("{:?}", with(1).tables), format!("{:?}", with(2).tables));
}

#[test]
fn sizes_that_cannot_be_are_refused_before_anything_is_computed() {
    for (from, to, words, at) in [
        (
            "particles = [2, 3, 4]",
            "particles = [2, 3]",
            "expected 3",
            "[2, 3]",
        ),
        ("[3, 3]]", "[9, 9]]", "at most 64", "[9, 9]"),
        ("[3, 3]]", "[3, 3, 3]]", "expected 2", "[3, 3, 3]"),
        (
            "particles = [2, 3, 4]",
            "filling = 0.5\nparticles = [2, 3, 4]",
            "which say the same",
            "0.5",
        ),
        (
            "energy = 1.0\neig",
            "energy = [1, 2, 3, 4, 5, 6]\neig",
            "has 4 sites",
            "1, 2, 3, 4, 5, 6",
        ),
    ] {
        let (said, place) = fault(&of_sizes().replace(from, to));
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(place, at, "{said}");
    }
    let filled = of_sizes().replace("particles = [2, 3, 4]", "filling = 0.5");
    assert_eq!(values(&filled).sizes.unwrap().particles, [2, 3, 5]);
    let large = of_sizes()
        .replace("[3, 3]]", "[5, 4]]")
        .replace("[2, 3, 4]", "[2, 3, 10]");
    let options = Options {
        sections: Some(vec![Section::Sizes]),
        ..Options::default()
    };
    let limited = Run {
        memory_limit: 1 << 30,
        ..Run::default()
    };
    let begin = std::time::Instant::now();
    let refused = run(&read(&large).unwrap(), &options, &limited).unwrap_err();
    assert_eq!(refused.exit_code(), 69, "{refused}");
    assert!(begin.elapsed().as_secs() < 5, "{refused}");
}
