//! Eigenstate thermalisation, light cones and echoes against values computed elsewhere, in `data/thermodynamics.json`.

#![allow(clippy::unwrap_used, missing_docs)]

use crate::thermal::*;
use irrev_numerics::Run;
use irrev_quantum::bath::BathState;
use irrev_quantum::composite::SystemState;
use irrev_quantum::diagonalise::{Spectrum, Symmetries, Wanted, diagonalise};
use irrev_quantum::evolution::{EvolutionOptions, echoes, evolve, mean_energy};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::light_cone::{LiebRobinson, compare_with_cut_bath};
use irrev_quantum::temperature::canonical_state;
use irrev_quantum::thermalisation::{Elements, density, gap_ratio, hopping, pair_density};
use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian};
use serde_json::Value;

fn observable(name: &str, sites: usize, i: usize, j: &Value) -> Hamiltonian {
    match name {
        "n" => density(sites, i),
        "nn" => pair_density(sites, i, whole(j)),
        _ => hopping(sites, i, whole(j)),
    }
    .unwrap()
}

fn all_states(model: &Hamiltonian, particles: usize) -> Spectrum {
    let sector = Sector::new(model.sites(), particles).unwrap();
    let h = SectorHamiltonian::new(model, sector).unwrap();
    diagonalise(&h, &Symmetries::none(model), Wanted::States, &Run::default()).unwrap()
}

#[test]
fn eigenstate_thermalisation_agrees() {
    for case in cases("eth") {
        let inputs = &case["inputs"];
        for (row, expected) in list(&inputs["rows"]).iter().zip(list(&case["expected"])) {
            let model = lattice_model(&row["lattice"], &row["lattice"]);
            let id = format!("{} of {} sites", case["id"], model.sites());
            let spectrum = all_states(&model, whole(&row["N"]));
            let observable = observable(
                row["op"].as_str().unwrap(),
                model.sites(),
                whole(&row["i"]),
                &row["j"],
            );
            let run = Run::default();
            let elements = Elements::new(&spectrum, &observable, None, &run).unwrap();
            let half_width = number(&inputs["half_width_per_site"]) * model.sites() as f64;
            let found = elements
                .thermalisation(number(&inputs["beta_c"]), half_width, &run)
                .unwrap();
            assert_eq!(found.count, whole(&expected["n_window"]), "{id}");
            let gaps = gap_ratio(elements.energies()).unwrap();
            for (value, key) in [
                (found.smallest_gap, "min_gap"),
                (found.centre, "E_center"),
                (found.mean, "mean_mc"),
                (found.variance, "var_weak"),
                (found.largest_deviation, "max_dev_strong"),
                (found.canonical_mean, "canonical_mean"),
                (found.canonical_variance, "canonical_var_of_diag"),
                (gaps.mean, "mean_gap_ratio_middle_half"),
                (found.off_diagonal.unwrap(), "offdiag_var_window"),
            ] {
                let expected = number(&expected[key]);
                close(
                    value,
                    expected,
                    1e-7 * expected.abs() + 1e-9,
                    &format!("{id} {key}"),
                );
            }
        }
    }
}

#[test]
fn canonical_averages_of_observables_agree() {
    for case in cases("ensemble") {
        let inputs = &case["inputs"];
        let model = lattice_model(&inputs["lattice"], &inputs["lattice"]);
        let spectrum = all_states(&model, whole(&inputs["N"]));
        let op = &inputs["op"];
        let observable = observable(op[0].as_str().unwrap(), model.sites(), whole(&op[1]), &op[2]);
        let elements = Elements::new(&spectrum, &observable, None, &Run::default()).unwrap();
        for row in list(&case["expected"]) {
            let state = canonical_state(elements.energies(), number(&row["beta"])).unwrap();
            close(
                state.mean(elements.diagonal()).unwrap(),
                number(&row["O"]),
                1e-9,
                "O",
            );
        }
    }
}

#[test]
fn large_deviations_are_rarer_than_small_ones() {
    let model = lattice_model(
        &cases("eth")[0]["inputs"]["rows"][0]["lattice"],
        &cases("eth")[0]["inputs"]["rows"][0]["lattice"],
    );
    let spectrum = all_states(&model, 3);
    let elements = Elements::new(&spectrum, &density(9, 3).unwrap(), None, &Run::default()).unwrap();
    let [all, some, none] = [-1.0, 0.1, 1.0].map(|epsilon| elements.violating_fraction(epsilon).unwrap());
    // the two extremal levels have no finite temperature
    assert!((all - 82.0 / 84.0).abs() < 1e-15 && none == 0.0);
    assert!(some > 0.0 && some < all);
}

#[test]
fn a_cut_bath_is_felt_as_expected() {
    for case in cases("lightcone") {
        let inputs = &case["inputs"];
        let composite = composite(&inputs["model"]);
        let p = number(&inputs["p1"]);
        let system = SystemState::diagonal(&[1.0 - p, p]).unwrap();
        let word = inputs["bath_state"]
            .as_u64()
            .unwrap_or_else(|| inputs["bath_state"].as_str().unwrap().parse().unwrap());
        let bath = BathState::occupation(composite.bath(), word).unwrap();
        let keep: Vec<usize> = list(&inputs["keep"]).iter().map(whole).collect();
        let options = EvolutionOptions {
            tolerance: 1e-14,
            ..EvolutionOptions::default()
        };
        let times = numbers(&inputs["times"]);
        let run = Run::default();
        let found = compare_with_cut_bath(&composite, &system, &bath, &keep, &times, &options, &run).unwrap();
        for (k, row) in list(&case["expected"]).iter().enumerate() {
            close(found.whole[k][(1, 1)].re, number(&row["nS_full"]), 1e-10, "whole");
            close(found.cut[k][(1, 1)].re, number(&row["nS_cut"]), 1e-10, "cut");
            close(found.distances[k], number(&row["diff"]), 1e-10, "difference");
        }
        // the bound holds for each of them: S is site 0, what was cut off begins at the last kept site
        let far: Vec<usize> = (0..composite.bath().sites())
            .filter(|j| !keep.contains(j))
            .collect();
        let to: Vec<usize> = far.iter().map(|j| j + 1).collect();
        let proven = LiebRobinson::new(composite.whole(), &[0], &to)
            .unwrap()
            .time(1e-3)
            .unwrap();
        let (_, felt) = found.felt(1e-3).unwrap();
        assert!(proven < felt, "{proven} {felt}");
    }
}

#[test]
fn the_bound_holds_for_commutators_of_densities() {
    // [n_0(t), n_3] in the one-particle sector of a chain: n_0(t) = |u⟩⟨u| with u = e^{iHt}|0⟩
    let chain = Lattice::chain(4, Boundary::Open).unwrap();
    let h = Hamiltonian::uniform(&chain, 1.0, 0.3, 0.7).unwrap();
    let sector = SectorHamiltonian::new(&h, Sector::new(4, 1).unwrap()).unwrap();
    let bound = LiebRobinson::new(&h, &[0], &[3]).unwrap();
    for t in [0.05, 0.1, 0.2, 0.3] {
        let start = [1.0, 0.0, 0.0, 0.0];
        let evolution = evolve(
            &sector,
            &start,
            &[-t],
            &EvolutionOptions::default(),
            &Run::default(),
        )
        .unwrap();
        let u = &evolution.states[0];
        // ‖[|u⟩⟨u|, |3⟩⟨3|]‖ = |⟨u|3⟩| √(1 − |⟨u|3⟩|²)
        let overlap = u[3].norm();
        let commutator = overlap * (1.0 - overlap * overlap).sqrt();
        assert!(commutator <= bound.bound(t), "{t}");
        // the leading terms: (Jt)³/3! of the state and 2 (2t)³/3! of the bound
        assert!(commutator > 0.05 * bound.bound(t) * (1.0 - 4.0 * t), "{t}");
    }
}

#[test]
fn parts_that_are_not_connected_never_meet() {
    let two = Lattice::from_bonds(4, &[(0, 1), (2, 3)]).unwrap();
    let h = Hamiltonian::uniform(&two, 1.0, 0.0, 0.0).unwrap();
    let bound = LiebRobinson::new(&h, &[0], &[3]).unwrap();
    assert_eq!((bound.distance(), bound.bound(5.0)), (None, 0.0));
    assert_eq!(bound.time(1.0).unwrap(), f64::INFINITY);
    assert!(LiebRobinson::new(&h, &[0], &[0]).is_err());
}

#[test]
fn echoes_agree() {
    for case in cases("echo") {
        let (inputs, id) = (&case["inputs"], case["id"].as_str().unwrap());
        let sector = |couplings: &Value| {
            let model = lattice_model(&inputs["lattice"], couplings);
            let sector = Sector::new(model.sites(), whole(&inputs["N"])).unwrap();
            SectorHamiltonian::new(&model, sector).unwrap()
        };
        let (h, back) = (sector(&inputs["lattice"]), sector(&inputs["H_prime"]));
        let mut start = vec![Complex64::ZERO; h.dimension()];
        let word = inputs["psi0"]
            .as_u64()
            .unwrap_or_else(|| inputs["psi0"].as_str().unwrap().parse().unwrap());
        start[h.sector().rank(word).unwrap() as usize] = Complex64::ONE;
        let (times, options, run) = (
            numbers(&inputs["times"]),
            EvolutionOptions::default(),
            Run::default(),
        );
        let found = echoes(&h, &back, &start, &times, &options, &run).unwrap();
        let evolution = evolve(&h, &start, &times, &options, &run).unwrap();
        for (k, row) in list(&case["expected"]).iter().enumerate() {
            complex_close(found[k].amplitude, complex(&row["amplitude"]), 1e-9, id);
            close(
                found[k].return_probability,
                number(&row["return_probability"]),
                1e-9,
                id,
            );
            close(found[k].loschmidt_echo, number(&row["loschmidt_echo"]), 1e-9, id);
            assert!(found[k].reversal_error < 1e-10);
            let state = &evolution.states[k];
            close(mean_energy(&h, state).unwrap(), number(&row["energy"]), 1e-9, id);
            for (i, expected) in numbers(&row["density"]).into_iter().enumerate() {
                let n = density(h.sector().sites(), i).unwrap();
                let n = SectorHamiltonian::new(&n, h.sector().clone()).unwrap();
                close(mean_energy(&n, state).unwrap(), expected, 1e-9, id);
            }
        }
    }
}
