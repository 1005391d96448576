//! Values computed elsewhere, in `data/references.json`.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::linalg::{Matrix, hermitian_eigenvalues};
use irrev_numerics::operator::{inner, norm};
use irrev_numerics::{Run, Tolerance};
use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
use irrev_quantum::evolution::{EvolutionOptions, evolve, mean_energy};
use irrev_quantum::lanczos::{End, evolve_by_krylov, extremal_levels, lanczos_coefficients};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::reduced::reduced_state;
use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian};
use irrev_testing::reference::{self, number, numbers};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    reference::cases(include_str!("data/references.json"), kind)
}

fn whole(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Integers that may be written as text.
fn word(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn pairs(value: &Value) -> Vec<(usize, usize)> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (whole(&pair[0]), whole(&pair[1])))
        .collect()
}

/// One number for all, or one for each.
fn each(value: &Value, count: usize) -> Vec<f64> {
    value.as_f64().map_or_else(|| numbers(value), |x| vec![x; count])
}

fn model(lattice: &Value, couplings: &Value) -> Hamiltonian {
    let sites = whole(&lattice["sites"]);
    let bonds = pairs(&lattice["bonds"]);
    let lattice = Lattice::from_bonds(sites, &bonds).unwrap();
    Hamiltonian::on_lattice(
        &lattice,
        &each(&couplings["J"], bonds.len()),
        &each(&couplings["V"], bonds.len()),
        &each(&couplings["w"], sites),
    )
    .unwrap()
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} where {expected} is expected"
    );
}

fn all_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
        close(*found, *expected, tolerance, &format!("{what} {k}"));
    }
}

fn all_levels(h: &SectorHamiltonian) -> Vec<f64> {
    let none = Symmetries::none(h.model());
    diagonalise(h, &none, Wanted::Levels, &Run::default())
        .unwrap()
        .energies()
}

#[test]
fn ranks_agree() {
    for case in cases("rank") {
        let sector = Sector::new(whole(&case["inputs"]["L"]), whole(&case["inputs"]["N"])).unwrap();
        assert_eq!(sector.dimension(), word(&case["expected"]["dim"]));
        let states = case["inputs"]["states"].as_array().unwrap();
        for (state, index) in states.iter().zip(case["expected"]["index"].as_array().unwrap()) {
            assert_eq!(sector.rank(word(state)), Some(word(index)));
            assert_eq!(sector.unrank(word(index)), Some(word(state)));
        }
    }
}

#[test]
fn spectra_agree() {
    for case in cases("spec") {
        let id = case["id"].as_str().unwrap();
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let h = model(&inputs["lattice"], &inputs["lattice"]);
        let sector = Sector::new(h.sites(), whole(&inputs["N"])).unwrap();
        let h = SectorHamiltonian::new(&h, sector).unwrap();
        assert_eq!(h.dimension(), whole(&expected["dim"]));
        let levels = all_levels(&h);
        let distinct = 1 + levels.windows(2).filter(|pair| pair[1] - pair[0] > 1e-8).count();
        assert_eq!(distinct, whole(&expected["distinct_levels"]), "{id}");
        for (power, key) in [(1, "tr_H"), (2, "tr_H2"), (3, "tr_H3")] {
            let trace: f64 = levels.iter().map(|e| e.powi(power)).sum();
            let value = number(&expected[key]);
            // 1e-11 relative, and the rounding of a sum of as many levels
            close(trace, value, 1e-11 * value.abs() + 1e-9, &format!("{id} {key}"));
        }
        let partition: f64 = levels.iter().map(|e| (-0.3 * e).exp()).sum();
        close(partition.ln(), number(&expected["log_Z_beta_0p3"]), 1e-10, id);
        if let Some(all) = expected.get("eigenvalues") {
            all_close(&levels, &numbers(all), 1e-10, id);
        } else {
            let (lowest, highest) = (numbers(&expected["lowest"]), numbers(&expected["highest"]));
            all_close(&levels[..lowest.len()], &lowest, 1e-10, id);
            all_close(&levels[levels.len() - highest.len()..], &highest, 1e-10, id);
            let found = extremal_levels::<f64>(
                &h,
                End::Lowest,
                lowest.len(),
                Tolerance::default(),
                &Run::default(),
            );
            all_close(&found.unwrap().energies, &lowest, 1e-9, id);
        }
    }
}

#[test]
fn symmetry_blocks_agree() {
    for case in cases("sym") {
        let id = case["id"].as_str().unwrap();
        let inputs = &case["inputs"];
        let (h, generators) = if let Some(length) = inputs.get("L") {
            let ring = Lattice::chain(whole(length), Boundary::Periodic).unwrap();
            let h = Hamiltonian::uniform(
                &ring,
                number(&inputs["J"]),
                number(&inputs["V"]),
                number(&inputs["w"]),
            );
            let shift: Vec<usize> = (0..ring.sites()).map(|i| (i + 1) % ring.sites()).collect();
            (h.unwrap(), vec![shift])
        } else {
            let (nx, ny) = (whole(&inputs["nx"]), whole(&inputs["ny"]));
            let across = (0..nx * ny).map(|i| nx - 1 - i % nx + nx * (i / nx)).collect();
            let along = (0..nx * ny).map(|i| i % nx + nx * (ny - 1 - i / nx)).collect();
            (model(&inputs["lattice"], &inputs["lattice"]), vec![across, along])
        };
        let symmetries = Symmetries::new(&h, &generators).unwrap();
        let sector = Sector::new(h.sites(), whole(&inputs["N"])).unwrap();
        let h = SectorHamiltonian::new(&h, sector).unwrap();
        let found = diagonalise(&h, &symmetries, Wanted::States, &Run::default()).unwrap();
        for block in &found.blocks {
            let key = match block.label.as_slice() {
                [q] => q.to_string(),
                parities => {
                    let sign = |q: &usize| if *q == 0 { "+1" } else { "-1" };
                    parities.iter().map(sign).collect::<Vec<_>>().join(",")
                }
            };
            let expected = &case["expected"][&key];
            assert_eq!(block.energies.len(), whole(&expected["dim"]), "{id} {key}");
            if let Some(all) = expected.get("eigenvalues") {
                all_close(&block.energies, &numbers(all), 1e-10, id);
            } else {
                let (lowest, highest) = (numbers(&expected["lowest"]), numbers(&expected["highest"]));
                all_close(&block.energies[..lowest.len()], &lowest, 1e-10, id);
                all_close(
                    &block.energies[block.energies.len() - highest.len()..],
                    &highest,
                    1e-10,
                    id,
                );
                close(block.energies.iter().sum(), number(&expected["sum"]), 1e-9, id);
            }
        }
        all_close(&found.energies(), &all_levels(&h), 1e-10, id);
        // every vector is an eigenvector of the whole sector
        for level in (0..h.dimension()).step_by(7) {
            let state = found.state(level).unwrap();
            let mut image = vec![Complex64::ZERO; state.len()];
            h.apply(&state, &mut image).unwrap();
            let residual: Vec<Complex64> = image
                .iter()
                .zip(&state)
                .map(|(y, x)| y - x * found.levels[level].energy)
                .collect();
            assert!(norm(&residual) < 1e-11, "{id} {level}");
        }
    }
}

#[test]
fn lanczos_coefficients_agree() {
    for case in cases("lanczos") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let h = model(&inputs["lattice"], &inputs["lattice"]);
        let h = SectorHamiltonian::new(&h, Sector::new(h.sites(), whole(&inputs["N"])).unwrap()).unwrap();
        let mut start = vec![0.0; h.dimension()];
        start[h.sector().rank(word(&inputs["psi0"])).unwrap() as usize] = 1.0;
        let steps = whole(&inputs["steps"]);
        let found = lanczos_coefficients(&h, &start, steps, &Run::default()).unwrap();
        let moments = numbers(&expected["moments"]);
        for (found, key) in [
            (&found.alpha, "alpha"),
            (&found.beta, "beta"),
            (&found.moments()[..moments.len()].to_vec(), "moments"),
        ] {
            for (found, expected) in found.iter().zip(numbers(&expected[key])) {
                close(*found, expected, 1e-9 * expected.abs(), key);
            }
        }
    }
}

#[test]
fn reduced_states_agree() {
    for case in cases("rdm") {
        let id = case["id"].as_str().unwrap();
        let inputs = &case["inputs"];
        let h = model(&inputs["lattice"], &inputs["lattice"]);
        let h = SectorHamiltonian::new(&h, Sector::new(h.sites(), whole(&inputs["N"])).unwrap()).unwrap();
        let none = Symmetries::none(h.model());
        let spectrum = diagonalise(&h, &none, Wanted::States, &Run::default()).unwrap();
        let state = spectrum.real_state(whole(&inputs["eigen_index"])).unwrap();
        for expected in case["expected"].as_array().unwrap() {
            let sites: Vec<usize> = numbers(&expected["subsystem"])
                .iter()
                .map(|x| *x as usize)
                .collect();
            let rho = reduced_state(h.sector(), &state, &sites).unwrap();
            let mut listed = numbers(&expected["eigenvalues_desc"]);
            let mut values = rho.eigenvalues().unwrap();
            values.reverse();
            listed.resize(values.len(), 0.0);
            all_close(&values, &listed, 1e-9, id);
            close(rho.entropy().unwrap(), number(&expected["entropy"]), 1e-9, id);
            close(rho.purity(), number(&expected["purity"]), 1e-9, id);
            all_close(&rho.probabilities(), &numbers(&expected["diag"]), 1e-9, id);
        }
    }
}

#[test]
fn echoes_agree() {
    for case in cases("echo") {
        let id = case["id"].as_str().unwrap();
        let inputs = &case["inputs"];
        let (h, other) = (
            model(&inputs["lattice"], &inputs["lattice"]),
            model(&inputs["lattice"], &inputs["H_prime"]),
        );
        let sector = Sector::new(h.sites(), whole(&inputs["N"])).unwrap();
        let other = SectorHamiltonian::new(&other, sector.clone()).unwrap();
        let h = SectorHamiltonian::new(&h, sector.clone()).unwrap();
        let place = sector.rank(word(&inputs["psi0"])).unwrap() as usize;
        let mut start = vec![0.0; h.dimension()];
        start[place] = 1.0;
        let times = numbers(&inputs["times"]);
        let found = evolve(&h, &start, &times, &EvolutionOptions::default(), &Run::default()).unwrap();
        let half: Vec<usize> = (0..sector.sites() / 2).collect();
        for ((t, state), expected) in times
            .iter()
            .zip(&found.states)
            .zip(case["expected"].as_array().unwrap())
        {
            close(state[place].re, number(&expected["amplitude"][0]), 1e-9, id);
            close(state[place].im, number(&expected["amplitude"][1]), 1e-9, id);
            close(norm(state), number(&expected["norm"]), 1e-9, id);
            close(
                mean_energy(&h, state).unwrap(),
                number(&expected["energy"]),
                1e-9,
                id,
            );
            let back = evolve(
                &other,
                state,
                &[-t],
                &EvolutionOptions::default(),
                &Run::default(),
            )
            .unwrap();
            close(
                back.states[0][place].norm_sqr(),
                number(&expected["loschmidt_echo"]),
                1e-9,
                id,
            );
            let krylov = evolve_by_krylov(&other, state, -t, 1e-11, &Run::default()).unwrap();
            close(
                krylov.state[place].norm_sqr(),
                number(&expected["loschmidt_echo"]),
                1e-9,
                id,
            );
            let rho = reduced_state(&sector, state, &half).unwrap();
            close(
                rho.entropy().unwrap(),
                number(&expected["half_entropy"]),
                1e-9,
                id,
            );
            for (site, density) in numbers(&expected["density"]).iter().enumerate() {
                let rho = reduced_state(&sector, state, &[site]).unwrap();
                close(rho.probabilities()[1], *density, 1e-9, id);
            }
        }
    }
}

/// Bonds and sites of one part, shifted by as many sites.
fn part(model: &Value, prefix: &str, pairs: &[(usize, usize)], energies: &[f64]) -> Hamiltonian {
    let lattice = Lattice::from_bonds(energies.len(), pairs).unwrap();
    let couplings = |key: &str| numbers(&model[format!("{prefix}_{key}")]);
    Hamiltonian::on_lattice(&lattice, &couplings("J"), &couplings("V"), energies).unwrap()
}

#[test]
fn a_site_coupled_to_a_bath_in_an_eigenstate_agrees() {
    for case in cases("dyn") {
        let id = case["id"].as_str().unwrap();
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let input = &inputs["model"];
        let (m, bath_sites) = (whole(&input["S_sites"]), whole(&input["B_sites"]));
        let sites = m + bath_sites;
        let bath_pairs = pairs(&input["B_bonds"]);
        let bath_energies = numbers(&input["B_w"]);
        let bath = part(input, "B", &bath_pairs, &bath_energies);
        let particles = whole(&inputs["N_B"]);
        let bath = SectorHamiltonian::new(&bath, Sector::new(bath_sites, particles).unwrap()).unwrap();
        let spectrum = diagonalise(
            &bath,
            &Symmetries::none(bath.model()),
            Wanted::States,
            &Run::default(),
        )
        .unwrap();
        let level = whole(&inputs["bath_eigen_index"]);
        close(spectrum.levels[level].energy, number(&expected["E_a"]), 1e-9, id);
        close(
            spectrum.levels[level].gap,
            number(&expected["gap_to_neighbours"]),
            1e-9,
            id,
        );
        let eigenstate = spectrum.real_state(level).unwrap();

        let shifted: Vec<_> = bath_pairs.iter().map(|(i, j)| (i + m, j + m)).collect();
        let contacts: Vec<_> = pairs(&input["I_bonds_S_B"])
            .iter()
            .map(|(s, b)| (*s, b + m))
            .collect();
        let nothing = vec![0.0; sites];
        let mut on_bath = nothing.clone();
        on_bath[m..].copy_from_slice(&bath_energies);
        let mut on_system = nothing.clone();
        on_system[..m].copy_from_slice(&numbers(&input["S_w"]));
        let parts = [
            part(input, "S", &pairs(&input["S_bonds"]), &on_system),
            part(input, "I", &contacts, &nothing),
            part(input, "B", &shifted, &on_bath),
        ];
        let bonds: Vec<_> = parts.iter().flat_map(|h| h.bonds().to_vec()).collect();
        let energies: Vec<f64> = on_system.iter().zip(&on_bath).map(|(a, b)| a + b).collect();
        let h = Hamiltonian::new(&energies, &bonds).unwrap();

        let times = numbers(&inputs["times"]);
        let table = expected["table"].as_array().unwrap();
        let mut rho = vec![Matrix::<Complex64>::zeros(1 << m, 1 << m); times.len()];
        let mut means = vec![[0.0; 3]; times.len()];
        let weights = numbers(&inputs["rho_S0"]["p"]);
        for (p, phi) in weights.iter().zip(inputs["rho_S0"]["phi"].as_array().unwrap()) {
            let occupied: Vec<usize> = (0..1 << m).filter(|s| number(&phi[*s][0]) != 0.0).collect();
            let &[s] = occupied.as_slice() else {
                panic!("{id}: a superposition in S")
            };
            let sector = Sector::new(sites, particles + s.count_ones() as usize).unwrap();
            let whole_h = SectorHamiltonian::new(&h, sector.clone()).unwrap();
            let mut start = vec![0.0; whole_h.dimension()];
            for (word, amplitude) in bath.sector().words().zip(&eigenstate) {
                start[sector.rank(word << m | s as u64).unwrap() as usize] = *amplitude;
            }
            let found = evolve(
                &whole_h,
                &start,
                &times,
                &EvolutionOptions::default(),
                &Run::default(),
            )
            .unwrap();
            let inside: Vec<usize> = (0..m).collect();
            for (k, state) in found.states.iter().enumerate() {
                let reduced = reduced_state(&sector, state, &inside).unwrap().to_matrix();
                for (sum, x) in rho[k].data_mut().iter_mut().zip(reduced.data()) {
                    *sum += x * p;
                }
                for (mean, part) in means[k].iter_mut().zip(&parts) {
                    let part = SectorHamiltonian::new(part, sector.clone()).unwrap();
                    *mean += p * mean_energy(&part, state).unwrap();
                }
            }
        }
        for (k, row) in table.iter().enumerate() {
            let eigenvalues = hermitian_eigenvalues(&rho[k]).unwrap();
            all_close(&eigenvalues, &numbers(&row["rhoS_eigs"]), 1e-9, id);
            close(means[k][0], number(&row["E_S"]), 1e-9, id);
            close(means[k][1], number(&row["E_I"]), 1e-9, id);
            close(
                means[k][2] - number(&expected["E_a"]),
                number(&row["dE_B"]),
                1e-9,
                id,
            );
        }
    }
}

#[test]
fn reduced_states_of_a_whole_and_of_nothing_are_pure() {
    let sector = Sector::new(5, 2).unwrap();
    let state: Vec<Complex64> = irrev_quantum::random::random_state(10, 1, 0);
    let rho = reduced_state(&sector, &state, &[3, 0, 4, 1, 2]).unwrap();
    assert!(rho.entropy().unwrap().abs() < 1e-13 && (rho.purity() - 1.0).abs() < 1e-14);
    let rho = reduced_state(&sector, &state, &[]).unwrap();
    assert!((rho.blocks[0][(0, 0)].re - inner(&state, &state).re).abs() < 1e-15);
    // a subsystem and its complement share their spectrum
    let one = reduced_state(&sector, &state, &[0, 3])
        .unwrap()
        .entropy()
        .unwrap();
    let other = reduced_state(&sector, &state, &[1, 2, 4])
        .unwrap()
        .entropy()
        .unwrap();
    assert!((one - other).abs() < 1e-13);
    assert!(reduced_state(&sector, &state, &[5]).is_err());
    assert!(reduced_state(&sector, &state, &[1, 1]).is_err());
    assert!(reduced_state(&sector, &state[1..], &[1]).is_err());
}
