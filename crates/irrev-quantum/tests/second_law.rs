//! Temperatures, entropy production and the fluctuation theorem against values computed elsewhere, in `data/thermodynamics.json`.

#![allow(clippy::unwrap_used, missing_docs)]

use crate::thermal::*;
use irrev_numerics::Run;
use irrev_quantum::Complex64;
use irrev_quantum::Hamiltonian;
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::composite::{Composite, Contact, SystemState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::temperature::{Matching, Reservoir, canonical_state};
use irrev_quantum::thermodynamics::{
    BathEnergies, Fluctuations, ThermalContact, entropy_production, short_time_coefficient,
};
use serde_json::Value;

/// What the cases are given with.
const TOLERANCE: f64 = 1e-9;

fn tight() -> EvolutionOptions {
    EvolutionOptions {
        tolerance: 1e-14,
        ..EvolutionOptions::default()
    }
}

#[test]
fn temperatures_of_eigenstates_agree() {
    for case in cases("beta") {
        let bath = lattice_model(&case["inputs"]["lattice"], &case["inputs"]["lattice"]);
        let n = whole(&case["inputs"]["N"]);
        let all = 0..=bath.sites();
        let none = Symmetries::none(&bath);
        let spectrum = BathSpectrum::new(&bath, all, &none, Wanted::Levels, &Run::default()).unwrap();
        for row in list(&case["expected"]) {
            let energy = spectrum.sector(n).unwrap().levels[whole(&row["k"])].energy;
            close(energy, number(&row["E"]), TOLERANCE, "E");
            let find = |matching| {
                spectrum
                    .temperature(n, energy, matching)
                    .unwrap()
                    .finite()
                    .unwrap()
            };
            close(
                find(Matching::Sector).beta,
                number(&row["beta_sector"]),
                TOLERANCE,
                "sector",
            );
            close(
                find(Matching::Fock).beta,
                number(&row["beta_fock"]),
                TOLERANCE,
                "fock",
            );
            let grand = find(Matching::Grand);
            close(grand.beta, number(&row["beta_grand"]), TOLERANCE, "grand");
            close(grand.alpha, number(&row["alpha_grand"]), TOLERANCE, "grand α");
            let mu = number(&row["mu_grand"]);
            // a quotient by β loses digits as 1/β
            let tolerance = TOLERANCE * (1.0 + mu.abs()) / grand.beta.abs();
            close(grand.chemical_potential().unwrap(), mu, tolerance, "μ");
        }
    }
}

#[test]
fn canonical_averages_agree() {
    for case in cases("ensemble") {
        let inputs = &case["inputs"];
        let model = lattice_model(&inputs["lattice"], &inputs["lattice"]);
        let n = whole(&inputs["N"]);
        let spectrum = BathSpectrum::new(
            &model,
            n..=n,
            &Symmetries::none(&model),
            Wanted::Levels,
            &Run::default(),
        )
        .unwrap();
        let energies = spectrum.sector(n).unwrap().energies();
        for row in list(&case["expected"]) {
            let state = canonical_state(&energies, number(&row["beta"])).unwrap();
            close(state.log_partition, number(&row["logZ"]), TOLERANCE, "ln Z");
            close(state.energy, number(&row["energy"]), TOLERANCE, "energy");
            close(
                state.heat_capacity,
                number(&row["heat_capacity"]),
                TOLERANCE,
                "heat capacity",
            );
            close(state.entropy, number(&row["entropy"]), TOLERANCE, "entropy");
            close(
                state.effective_dimension,
                number(&row["D_eff"]),
                TOLERANCE * state.effective_dimension,
                "effective dimension",
            );
        }
    }
}

/// G and G_R at all u of a row, by exact energies and without diagonalisation.
fn generating_functions_agree(
    contact: &ThermalContact,
    spectrum: &BathSpectrum,
    (inputs, row): (&Value, &Value),
    (evolution, time): (&irrev_quantum::composite::JointEvolution, usize),
    id: &str,
) {
    let run = Run::default();
    for energies in [
        BathEnergies::Exact(spectrum),
        BathEnergies::MatrixFree { largest: 1.0 },
    ] {
        let forward = Fluctuations::forward(contact, evolution, time, energies, &run).unwrap();
        for (u, expected) in list(&inputs["u"]).iter().zip(list(&row["G"])) {
            let found = forward.generating_function(complex(u)).unwrap();
            complex_close(found, complex(expected), TOLERANCE, &format!("{id} G"));
        }
        if let Some(expected) = row.get("G_R") {
            let backward =
                Fluctuations::backward(contact, evolution, time, energies, &tight(), &run).unwrap();
            for (u, expected) in list(&inputs["u"]).iter().zip(list(expected)) {
                let found = backward.generating_function(complex(u)).unwrap();
                complex_close(found, complex(expected), TOLERANCE, &format!("{id} G_R"));
            }
        }
        close(
            forward.mean(),
            number(&row["sigma"]),
            TOLERANCE,
            &format!("{id} mean"),
        );
    }
}

#[test]
fn an_eigenstate_as_bath_agrees() {
    for case in cases("dyn") {
        let id = case["id"].as_str().unwrap();
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let composite = composite(&inputs["model"]);
        let spectrum = full_spectrum(composite.bath());
        let bath = eigenstate(&spectrum, inputs);
        let member = &bath.members()[0];
        close(member.energy, number(&expected["E_a"]), TOLERANCE, id);
        let reservoir = spectrum
            .temperature(member.particles, member.energy, matching(inputs))
            .unwrap()
            .finite()
            .unwrap();
        close(reservoir.beta, number(&expected["beta"]), TOLERANCE, id);
        close(reservoir.alpha, number(&expected["alpha"]), TOLERANCE, id);
        let state = system_state(&inputs["rho_S0"]);
        let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
        let evolution = contact
            .evolve(&numbers(&inputs["times"]), &tight(), &Run::default())
            .unwrap();
        let books = entropy_production(&contact, &evolution).unwrap();
        assert!(
            books.energy_residual < 1e-10 && books.number_residual < 1e-11,
            "{id}"
        );
        for (time, row) in list(&expected["table"]).iter().enumerate() {
            let found = &books.balances[time];
            for (q, value) in found.populations.iter().zip(numbers(&row["rhoS_eigs"])) {
                close(*q, value, TOLERANCE, id);
            }
            for (value, key) in [
                (found.entropy_change, "dS"),
                (found.bath_energy_change, "dE_B"),
                (found.bath_number_change, "dN_B"),
                (found.system_energy, "E_S"),
                (found.contact_energy, "E_I"),
                (found.entropy_production, "sigma"),
            ] {
                close(
                    value,
                    number(&row[key]),
                    TOLERANCE,
                    &format!("{id} {key} at {}", found.time),
                );
            }
            generating_functions_agree(&contact, &spectrum, (inputs, row), (&evolution, time), id);
        }
    }
}

#[test]
fn a_gibbs_state_as_bath_agrees_and_keeps_the_theorems() {
    for case in cases("gibbs") {
        let id = case["id"].as_str().unwrap();
        let inputs = &case["inputs"];
        let composite = composite(&inputs["model"]);
        let spectrum = full_spectrum(composite.bath());
        let reservoir = Reservoir {
            beta: number(&inputs["beta"]),
            alpha: number(&inputs["alpha"]),
        };
        let bath = BathState::gibbs(&spectrum, reservoir).unwrap();
        let state = system_state(&inputs["rho_S0"]);
        let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
        let (run, times) = (Run::default(), numbers(&inputs["times"]));
        let evolution = contact.evolve(&times, &tight(), &run).unwrap();
        let books = entropy_production(&contact, &evolution).unwrap();
        for (time, row) in list(&case["expected"]).iter().enumerate() {
            let found = &books.balances[time];
            for (value, key) in [
                (found.entropy_change, "dS"),
                (found.bath_energy_change, "dE_B"),
                (found.bath_number_change, "dN_B"),
                (found.entropy_production, "sigma"),
            ] {
                close(value, number(&row[key]), TOLERANCE, &format!("{id} {key}"));
            }
            generating_functions_agree(&contact, &spectrum, (inputs, row), (&evolution, time), id);

            let exact = BathEnergies::Exact(&spectrum);
            let forward = Fluctuations::forward(&contact, &evolution, time, exact, &run).unwrap();
            let backward = Fluctuations::backward(&contact, &evolution, time, exact, &tight(), &run).unwrap();
            assert!(found.entropy_production >= 0.0);
            // ⟨e^{−σ}⟩ = 1 − λ and the detailed theorem; rounding of some 1e3 terms and of the evolution
            close(
                forward.exponential_average().unwrap(),
                backward.reached(),
                1e-12,
                id,
            );
            for u in [0.0, 0.3, 1.0].map(|x| Complex64::new(x, 0.4 * x)) {
                let mirrored = backward.generating_function(Complex64::I - u).unwrap();
                complex_close(forward.generating_function(u).unwrap(), mirrored, 1e-12, id);
            }
            let distribution = forward.distribution().unwrap();
            close(distribution.total(), 1.0, 1e-12, id);
            close(distribution.mean(), found.entropy_production, 1e-12, id);
        }
    }
}

#[test]
fn short_time_coefficients_agree_and_rule_the_dynamics() {
    for case in cases("c2") {
        let (id, inputs) = (case["id"].as_str().unwrap(), &case["inputs"]);
        let composite = composite(&inputs["model"]);
        let spectrum = full_spectrum(composite.bath());
        let bath = eigenstate(&spectrum, inputs);
        let member = &bath.members()[0];
        let found = spectrum.temperature(member.particles, member.energy, matching(inputs));
        let state = SystemState::diagonal(&numbers(&inputs["rho_S0_diag"])).unwrap();
        let contact =
            ThermalContact::new(&composite, &state, &bath, found.unwrap().finite().unwrap()).unwrap();
        let run = Run::default();
        let coefficient = short_time_coefficient(&contact, &run).unwrap();
        close(coefficient, number(&case["expected"]["c2"]), TOLERANCE, id);
        let t = 1e-3;
        let evolution = contact.evolve(&[t], &tight(), &run).unwrap();
        let exact = BathEnergies::Exact(&spectrum);
        let forward = Fluctuations::forward(&contact, &evolution, 0, exact, &run).unwrap();
        // the next term is of relative order (J t)² = 1e-6, rounding of 1e-15 counts 1e-9 here
        let ratio = (forward.exponential_average().unwrap() - 1.0) / (t * t);
        close(ratio, coefficient, 1e-4 * coefficient + 1e-8, id);
    }
}

fn seed_model(inputs: &Value) -> (Composite, Symmetries) {
    let grid = &inputs["bath"];
    let (nx, ny) = (whole(&grid["nx"]), whole(&grid["ny"]));
    let boundary = if grid["periodic"].as_bool().unwrap() {
        Boundary::Periodic
    } else {
        Boundary::Open
    };
    let lattice = Lattice::square([nx, ny], [boundary; 2]).unwrap();
    let bath = Hamiltonian::uniform(
        &lattice,
        number(&grid["J"]),
        number(&grid["V"]),
        number(&grid["w"]),
    )
    .unwrap();
    let across = (0..nx * ny).map(|i| nx - 1 - i % nx + nx * (i / nx)).collect();
    let along = (0..nx * ny).map(|i| i % nx + nx * (ny - 1 - i / nx)).collect();
    let symmetries = Symmetries::new(&bath, &[across, along]).unwrap();
    let contacts: Vec<Contact> = list(&inputs["contacts"])
        .iter()
        .map(|site| Contact::hopping(0, whole(site), number(&inputs["J_contact"])))
        .collect();
    let site = Hamiltonian::new(&[number(&inputs["w_S"])], &[]).unwrap();
    (Composite::new(&site, &bath, &contacts).unwrap(), symmetries)
}

#[test]
fn a_grid_of_sixteen_sites_as_bath_agrees() {
    let run = Run::default();
    for case in cases("seed44") {
        let (id, inputs, expected) = (case["id"].as_str().unwrap(), &case["inputs"], &case["expected"]);
        let (composite, symmetries) = seed_model(inputs);
        let n = whole(&inputs["N_B"]);
        let spectrum = BathSpectrum::new(composite.bath(), n..=n, &symmetries, Wanted::States, &run).unwrap();
        let bath = eigenstate(&spectrum, inputs);
        close(bath.mean_energy(), number(&expected["E_a"]), TOLERANCE, id);
        let sector = spectrum
            .temperature(n, bath.mean_energy(), Matching::Sector)
            .unwrap()
            .finite()
            .unwrap();
        close(sector.beta, number(&expected["beta_sector"]), TOLERANCE, id);
        let grand = Reservoir {
            beta: number(&expected["beta"]),
            alpha: number(&expected["alpha"]),
        };
        let table = list(&expected["table"]);
        let times: Vec<f64> = table.iter().map(|row| number(&row["t"])).collect();
        let state = SystemState::diagonal(&numbers(&inputs["rho_S0_diag"])).unwrap();
        for (reservoir, ensemble) in [(grand, "grand"), (sector, "sector")] {
            let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
            let evolution = contact.evolve(&times, &tight(), &run).unwrap();
            let books = entropy_production(&contact, &evolution).unwrap();
            for (time, row) in table.iter().enumerate() {
                let found = &books.balances[time];
                let free = BathEnergies::MatrixFree { largest: 1.0 };
                let forward = Fluctuations::forward(&contact, &evolution, time, free, &run).unwrap();
                let sigma = format!("sigma_{ensemble}");
                let average = format!("expm_sigma_{ensemble}");
                for (value, key) in [
                    (found.system_number, "n_S"),
                    (found.entropy_change, "dS"),
                    (found.bath_energy_change, "dE_B"),
                    (found.bath_number_change, "dN_B"),
                    (found.entropy_production, sigma.as_str()),
                    (forward.exponential_average().unwrap(), average.as_str()),
                ] {
                    close(value, number(&row[key]), 1e-8, &format!("{id} {key}"));
                }
            }
        }
    }
}

#[test]
fn the_temperature_of_a_grid_of_sixteen_sites_agrees() {
    let case = &cases("seed44")[0];
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let (composite, symmetries) = seed_model(inputs);
    let spectrum = BathSpectrum::new(
        composite.bath(),
        0..=16,
        &symmetries,
        Wanted::Levels,
        &Run::default(),
    )
    .unwrap();
    let found = spectrum
        .temperature(whole(&inputs["N_B"]), number(&expected["E_a"]), Matching::Grand)
        .unwrap()
        .finite()
        .unwrap();
    close(found.beta, number(&expected["beta"]), 1e-9, "β");
    close(found.alpha, number(&expected["alpha"]), 1e-9, "α");
}

#[test]
fn outcomes_that_do_not_fit_into_memory_are_refused_beforehand() {
    let chain = Lattice::chain(4, Boundary::Open).unwrap();
    let bath = Hamiltonian::uniform(&chain, 1.0, 0.5, 0.0).unwrap();
    let site = Hamiltonian::new(&[0.0], &[]).unwrap();
    let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 1.0)]).unwrap();
    let spectrum = full_spectrum(&bath);
    let reservoir = Reservoir {
        beta: 0.1,
        alpha: 0.0,
    };
    let gibbs = BathState::gibbs(&spectrum, reservoir).unwrap();
    let state = SystemState::diagonal(&[0.5, 0.5]).unwrap();
    let contact = ThermalContact::new(&composite, &state, &gibbs, reservoir).unwrap();
    let evolution = contact.evolve(&[1.0], &tight(), &Run::default()).unwrap();
    let exact = BathEnergies::Exact(&spectrum);
    // beside each of 2 vectors, branches of 16 members see n and n + 1 particles if S starts full, n and n − 1 if empty:
    // 2 Σ C(4, n) (2 C(4, n) + C(4, n + 1) + C(4, n − 1)) = 2 (2 · 70 + 2 · 56) outcomes
    let run = |memory_limit| Run {
        memory_limit,
        ..Run::default()
    };
    let needed = 16 * 2 * (2 * 70 + 2 * 56);
    assert!(Fluctuations::forward(&contact, &evolution, 0, exact, &run(needed)).is_ok());
    let refused = Fluctuations::forward(&contact, &evolution, 0, exact, &run(needed - 1));
    assert!(matches!(
        refused,
        Err(irrev_quantum::Error::Numerics(
            irrev_numerics::Error::Memory { .. }
        ))
    ));
}
