//! Models of kind `kinetic-ising`: numbers of every section against known ones.

#![allow(clippy::unwrap_used)]

use crate::spins::{GAUSSIAN, PARALLEL, SEQUENTIAL, read, text};
use irrev::analysis::{Options, Section, SweepRequest, possibilities, run};
use irrev::ising::enumeration::sequential_stationary_state;
use irrev::ising::{Couplings, KineticIsing};
use irrev::model::{IsingEnvironment, Model, Override};
use irrev::network::decomposition::geometric_decomposition;
use irrev::numerics::Run;
use irrev::report::{ColumnValues, FigureKind, Report, Table};
use irrev::spins::{independent_spins, jump_process};
use irrev_testing::random::cases;
use proptest::collection::vec;
use proptest::prelude::*;

fn report_of(text: &str, sections: &[Section], set: &[&str]) -> Report {
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

#[test]
fn infinitely_many_spins_have_the_published_values() {
    let critical = text(GAUSSIAN, PARALLEL, "");
    let at = |dynamics: &[&str]| report_of(&critical, &[Section::InfiniteSize], dynamics);
    let found = at(&["dynamics.beta=1.348499961045499"]);
    assert!((value(&found, "critical_inverse_temperature") - 1.348499961).abs() < 5e-10);
    assert!((value(&found, "infinite_entropy_production") - 0.337124990).abs() < 1e-8);
    let found = at(&["dynamics.beta=1.348499961045499", "dynamics.update=sequential"]);
    assert!((value(&found, "infinite_entropy_production") - 0.156345127).abs() < 1e-8);
    assert_eq!(
        found.quantity("infinite_entropy_production").unwrap().unit,
        "nats/time"
    );
    let strong = ["network.couplings.spread=1", "dynamics.beta=4"];
    let found = at(&strong);
    assert!((value(&found, "infinite_entropy_production") - 3.113612).abs() < 5e-7);
    assert!((value(&found, "infinite_conditional_entropy") - 0.158547).abs() < 5e-7);
    assert_eq!(value(&found, "critical_inverse_temperature"), f64::INFINITY);
    let found = at(&[strong[0], strong[1], "dynamics.update=continuous"]);
    assert!((value(&found, "infinite_entropy_production") - 1.167007).abs() < 5e-7);
    assert!((value(&found, "infinite_flip_rate") - 0.284578).abs() < 5e-7);
    // with all spins refreshed partial updates are parallel ones
    let all = at(&[
        strong[0],
        strong[1],
        "dynamics.probability=1",
        "dynamics.update=partial",
    ]);
    assert!((value(&all, "infinite_entropy_production") - 3.113612).abs() < 5e-7);
    assert!(all.all_verified() && found.all_verified());
}

#[test]
fn a_list_of_sizes_extrapolates_to_the_exact_solution_of_infinitely_many_spins() {
    let several = text(
        "size = [32, 64, 128]\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 1.0 }\ndraws = 16",
        PARALLEL,
        "[simulation]\nreplicas = 32\nburn_in = 30\nmeasured = 64",
    );
    let report = report_of(&several, &[Section::FiniteSize], &[]);
    let found = report.quantity("extrapolated_entropy_production").unwrap();
    // 5 σ two-sided: 6e-7; the error is some 0.5 %, so that the difference to N = 32 of 6 % would show
    assert!(
        (found.value - 0.605706).abs() < 5.0 * found.error.unwrap(),
        "{found:?}"
    );
    assert!(report.all_verified(), "{:?}", report.checks);
    let table = report.tables.iter().find(|t| t.name == "finite_size").unwrap();
    let (disorder, thermal) = (
        column(table, "error with disorder"),
        column(table, "thermal part of the error"),
    );
    assert!(
        disorder
            .iter()
            .zip(&thermal)
            .take(3)
            .all(|(d, t)| t < d && *t > 0.0)
    );
}

#[test]
fn simulated_draws_stand_beside_infinitely_many_spins_with_what_sets_them_apart() {
    let sentence = |draws: usize| {
        let model = text(
            &format!(
                "size = 32\ncouplings = {{ type = \"gaussian\", mean = 1.0, spread = 1.0 }}\ndraws = {draws}"
            ),
            PARALLEL,
            "[simulation]\nreplicas = 16\nburn_in = 20\nmeasured = 32",
        );
        let report = report_of(&model, &[Section::InfiniteSize, Section::Simulation], &[]);
        let sentences = report.summary.iter().map(|sentence| sentence.text.clone());
        let found: Vec<String> = sentences
            .filter(|text| text.contains("differs from infinitely many spins"))
            .collect();
        assert_eq!(found.len(), 1);
        found[0].clone()
    };
    let (one, several) = (sentence(1), sentence(3));
    assert!(one.contains("networks of 32 spins spread by about"), "{one}");
    assert!(
        several.contains("mean over 3 draws") && several.contains("order 1/N = 0.031"),
        "{several}"
    );
}

fn column(table: &Table, name: &str) -> Vec<f64> {
    let column = table.columns.iter().find(|c| c.name == name).unwrap();
    match &column.values {
        ColumnValues::Numbers(values) => values.clone(),
        _ => panic!("{name} has words"),
    }
}

const RING: &str = "couplings = { rows = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]] }";

#[test]
fn a_ring_that_is_enumerated_and_simulated_makes_tanh_1_nats_per_spin() {
    let ring = text(
        RING,
        PARALLEL,
        "[simulation]\nreplicas = 64\nmeasured = 400\nlags = 4",
    );
    let report = report_of(&ring, &[], &[]);
    assert!((value(&report, "exact_entropy_production") - 1.0_f64.tanh()).abs() < 1e-14);
    let simulated = report.quantity("simulated_entropy_production_per_spin").unwrap();
    assert!((simulated.value - 1.0_f64.tanh()).abs() < 5.0 * simulated.error.unwrap() + 2e-6);
    for check in [
        "enumerated_pairs",
        "enumerated_reversal",
        "simulated_entropy_production",
        "enumerated_second_law",
    ] {
        assert!(
            report.checks.iter().any(|c| c.name == check && c.passed),
            "{check}: {:?}",
            report.checks
        );
    }
    assert!(report.all_verified());
}

#[test]
fn symmetric_couplings_make_no_entropy_and_the_report_says_so() {
    let symmetric = "couplings = { rows = [[0.0, 0.7, -0.2], [0.7, 0.0, 0.4], [-0.2, 0.4, 0.0]] }\nfields = [0.3, -0.1, 0.2]";
    for dynamics in [PARALLEL, SEQUENTIAL] {
        let report = report_of(&text(symmetric, dynamics, ""), &[Section::Enumeration], &[]);
        assert!(value(&report, "exact_entropy_production").abs() < 1e-14);
        assert!(
            report
                .checks
                .iter()
                .any(|c| c.name == "enumerated_equilibrium" && c.passed)
        );
        assert!(report.summary.iter().any(|s| s.text.contains("equilibrium")));
    }
}

#[test]
fn dropped_self_couplings_are_gone_and_kept_ones_act() {
    let own = "couplings = { rows = [[0.5, 1.0], [-1.0, 0.5]] }";
    let fields_of = |network: &str, set: &[&str]| {
        let Ok(Model::Ising(spec)) = read(&text(network, PARALLEL, "")) else {
            panic!("{network}")
        };
        let overrides: Vec<Override> = set.iter().map(|s| Override::parse(s).unwrap()).collect();
        let values = IsingEnvironment::new(&spec, &overrides)
            .unwrap()
            .values()
            .unwrap();
        irrev::spins::network(&values, 2, 1, 0)
            .unwrap()
            .local_fields(&[1, 1])
    };
    assert_eq!(fields_of(own, &[]), [1.5, -0.5]);
    assert_eq!(fields_of(own, &["network.self_couplings=drop"]), [1.0, -1.0]);
}

#[test]
fn a_seed_in_the_file_fixes_the_network_whatever_the_seed_of_the_run() {
    let drawn = |keys: &str, seed: u64| {
        let network = format!(
            "size = 12\ncouplings = {{ type = \"gaussian\", mean = 1.0, spread = 0.5{keys} }}\nfields = {{ type = \"gaussian\", spread = 0.3{keys} }}"
        );
        let Ok(Model::Ising(spec)) = read(&text(&network, SEQUENTIAL, "")) else {
            panic!("{network}")
        };
        let values = IsingEnvironment::new(&spec, &[]).unwrap().values().unwrap();
        irrev::spins::network(&values, 12, seed, 0).unwrap()
    };
    assert_eq!(drawn(", rng = 7", 1), drawn(", rng = 7", 2));
    assert_ne!(drawn("", 1), drawn("", 2));
    // the seed of a run that is that of the file draws the same network
    assert_eq!(drawn("", 7), drawn(", rng = 7", 1));
    assert_eq!(drawn("", 1).couplings().first_self_coupling(), None);
}

#[test]
fn sections_that_a_model_does_not_allow_have_reasons() {
    let model = read(&text(GAUSSIAN, PARALLEL, "")).unwrap();
    let reason = |set: &[&str], section: Section| {
        let overrides: Vec<Override> = set.iter().map(|s| Override::parse(s).unwrap()).collect();
        let found = possibilities(&model, &overrides).unwrap();
        found.into_iter().find(|p| p.section == section).unwrap().obstacle
    };
    assert_eq!(reason(&[], Section::InfiniteSize), None);
    for (set, section, words) in [
        (
            &["network.couplings.symmetry=0.5"][..],
            Section::InfiniteSize,
            "symmetry",
        ),
        (&[], Section::Enumeration, "infinitely many"),
        (&["network.size=30"], Section::Enumeration, "at most 20"),
        (&["network.size=18"], Section::Enumeration, "asked for"),
        (&["network.size=8"], Section::Decomposition, "one at a time"),
        (
            &["network.size=13", "dynamics.update=sequential"],
            Section::Decomposition,
            "has to be asked for",
        ),
        (
            &["network.size=8", "dynamics.update=sequential"],
            Section::MeanField,
            "parallel",
        ),
        (&["network.size=8"], Section::Simulation, "[simulation]"),
        (&[], Section::PhaseDiagram, "[phase_diagram]"),
        (&[], Section::Quench, "[quench]"),
        (&[], Section::Sweep, "[[sweep]]"),
    ] {
        let told = reason(set, section).unwrap_or_else(|| panic!("{section:?} is possible"));
        assert!(told.contains(words), "{section:?}: {told}");
    }
    let wrong = Override::parse("dynamics.bta=1").unwrap();
    let error = possibilities(&model, &[wrong]).unwrap_err();
    assert!(error.to_string().contains("dynamics.beta"), "{error}");
}

#[test]
fn quench_and_phase_diagram_agree_with_the_stationary_state() {
    let model = text(
        GAUSSIAN,
        "update = \"parallel\"\nbeta = 2.0",
        "[initial]\nmagnetization = 0.9\n[quench]\nsteps = 60\n[phase_diagram]\nx = { key = \"dynamics.beta\", from = 0.0, to = 4.0, points = 9 }\ny = { key = \"network.couplings.spread\", from = 0.0, to = 1.0, points = 5 }",
    );
    let report = report_of(&model, &[], &[]);
    assert!(report.all_verified(), "{:?}", report.checks);
    let m = value(&report, "infinite_magnetization");
    assert!((value(&report, "quench_magnetization") - m).abs() < 1e-6);
    let figure = |name: &str| report.figures.iter().find(|f| f.name == name).unwrap();
    let FigureKind::Heatmap(map) = &figure("phase_diagram_entropy_production_parallel").kind else {
        panic!("no map")
    };
    // β = 2 and ΔJ = 0.5 are on the grid
    assert!((map.values[2][4] - value(&report, "infinite_entropy_production")).abs() < 1e-10);
    assert!(map.curves.iter().any(|line| {
        line.x
            .iter()
            .zip(&line.y)
            .any(|(x, y)| (x - 1.348499961).abs() < 1e-8 && *y == 0.5)
    }));
    let FigureKind::Heatmap(times) = &figure("quench_correlations").kind else {
        panic!("no map")
    };
    // beside the diagonal, C(t, s) tends to q
    assert!(times.values[60][60].is_nan() && times.values[60][59] == times.values[59][60]);
    assert!((times.values[60][59] - value(&report, "infinite_overlap")).abs() < 1e-6);
}

#[test]
fn a_sweep_takes_the_most_exact_way_at_each_point() {
    let model = read(&text(
        GAUSSIAN,
        PARALLEL,
        "[simulation]\nreplicas = 16\nmeasured = 40",
    ))
    .unwrap();
    let swept = |set: &[&str], axis: (&str, Vec<f64>)| {
        let options = Options {
            overrides: set.iter().map(|s| Override::parse(s).unwrap()).collect(),
            sections: Some(vec![Section::Sweep]),
            sweep: Some(SweepRequest {
                axes: vec![(axis.0.into(), axis.1)],
                show: vec!["entropy_production".into()],
            }),
        };
        run(&model, &options, &Run::default())
            .unwrap()
            .tables
            .into_iter()
            .find(|t| t.name == "sweep")
            .unwrap()
    };
    let infinite = swept(&[], ("dynamics.beta", vec![1.0, 2.0]));
    assert!((column(&infinite, "entropy_production")[0] - 0.206621).abs() < 5e-7);
    assert!((column(&infinite, "entropy_production")[1] - 0.129052).abs() < 5e-7);
    let sizes = swept(&[], ("network.size", vec![4.0, 48.0]));
    let ColumnValues::Text(by) = &sizes.columns.last().unwrap().values else {
        panic!("no words")
    };
    assert_eq!(by, &["enumeration", "simulation"]);
    assert_eq!(column(&sizes, "entropy_production_error")[0], 0.0);
    assert!(column(&sizes, "entropy_production_error")[1] > 0.0);
}

#[test]
fn simulations_have_the_same_bits_for_any_number_of_threads() {
    let model = read(&text(
        "size = 70\ncouplings = { type = \"excitatory-inhibitory\", excitatory = 0.8, excitation = 1.0, inhibition = 2.0, spread = 0.5 }\nfields = { type = \"gaussian\", spread = 0.2 }\ndraws = 3",
        "update = \"continuous\"\nbeta = 1.5",
        "[simulation]\nreplicas = 8\nburn_in = 4\nmeasured = 16\nlags = 2",
    ))
    .unwrap();
    let json = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        irrev::analysis::run(&model, &Options::default(), &run)
            .unwrap()
            .to_json()
            .unwrap()
    };
    let one = json(1);
    assert!(one == json(2), "1 and 2 threads");
    assert!(one == json(5), "1 and 5 threads");
}

#[test]
fn excess_and_housekeeping_of_spins_that_turn_one_at_a_time_are_reported() {
    let model = text(
        "size = 5\ncouplings = { type = \"gaussian\", mean = 0.5, spread = 1.0, rng = 3 }",
        SEQUENTIAL,
        "[initial]\nmagnetization = 0.4",
    );
    let report = report_of(&model, &[Section::Enumeration, Section::Decomposition], &[]);
    let rate = value(&report, "initial_entropy_production_rate");
    assert!(
        (value(&report, "geometric_excess") + value(&report, "geometric_housekeeping") - rate).abs()
            < 1e-9 * rate
    );
    assert!((value(&report, "adiabatic") + value(&report, "nonadiabatic") - rate).abs() < 1e-9 * rate);
    assert!(
        report
            .checks
            .iter()
            .any(|c| c.name == "network_and_spins" && c.passed)
    );
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_jump_process_of_a_network_has_its_entropy_production(
        numbers in vec(-1.0..1.0_f64, 42),
        spins in 1_usize..6,
        beta in 0.0..3.0_f64,
    ) {
        let coupling = |i: usize, j: usize| if i == j { 0.0 } else { numbers[6 * i + j] };
        let rows: Vec<Vec<f64>> = (0..spins).map(|i| (0..spins).map(|j| coupling(i, j)).collect()).collect();
        let fields = numbers[36..36 + spins].to_vec();
        let network = KineticIsing::new(Couplings::from_rows(&rows).unwrap(), fields, beta).unwrap();
        let process = jump_process(&network).unwrap();
        let flow = process.flow(&process.stationary_distribution().unwrap()).unwrap();
        let state = sequential_stationary_state(&network, &Run::default()).unwrap();
        let scale = flow.activity();
        prop_assert!((flow.entropy_production_rate() - state.entropy_production_rate).abs() < 1e-11 * scale);
        prop_assert!((scale - state.activity).abs() < 1e-11 * scale);
        // nothing moves in the stationary state: all of it is housekeeping
        let split = geometric_decomposition(&flow).unwrap();
        prop_assert!(split.excess.abs() < 1e-10 * (scale + split.housekeeping));
        let start = process.flow(&independent_spins(spins, 0.5).unwrap()).unwrap();
        let split = geometric_decomposition(&start).unwrap();
        let whole = start.entropy_production_rate();
        prop_assert!((split.excess + split.housekeeping - whole).abs() < 1e-9 * (whole + start.activity()));
    }
}
