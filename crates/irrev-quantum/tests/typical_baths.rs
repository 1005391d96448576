//! Typical thermal states of a bath against its Gibbs state.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState, typical_state};
use irrev_quantum::composite::{Composite, Contact, SystemState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::lattice::Boundary;
use irrev_quantum::lattice::Lattice;
use irrev_quantum::temperature::Reservoir;
use irrev_quantum::thermodynamics::{ThermalContact, entropy_production};
use irrev_quantum::{Bond, Complex64, Hamiltonian};

const RESERVOIR: Reservoir = Reservoir {
    beta: 0.3,
    alpha: -0.2,
};

fn twelve_sites() -> (Lattice, Hamiltonian) {
    let lattice = Lattice::square([4, 3], [Boundary::Open; 2]).unwrap();
    let bath = Hamiltonian::uniform(&lattice, 1.0, 0.3, 0.5).unwrap();
    (lattice, bath)
}

fn spectrum(bath: &Hamiltonian, symmetries: &Symmetries, wanted: Wanted) -> BathSpectrum {
    BathSpectrum::new(bath, 0..=bath.sites(), symmetries, wanted, &Run::default()).unwrap()
}

/// Weights of Gibbs with energy and number of every level.
fn levels(spectrum: &BathSpectrum, reservoir: Reservoir) -> Vec<(f64, f64, f64)> {
    let energies = spectrum.all_energies().unwrap();
    let of = |(n, sector): (usize, &Vec<f64>)| sector.iter().map(|&e| (n as f64, e)).collect::<Vec<_>>();
    let all: Vec<(f64, f64)> = energies.iter().enumerate().flat_map(of).collect();
    let weight = |&(n, e): &(f64, f64)| (-reservoir.beta * e + reservoir.alpha * n).exp();
    let partition: f64 = all.iter().map(weight).sum();
    all.iter()
        .map(|level| (weight(level) / partition, level.0, level.1))
        .collect()
}

#[test]
fn energy_number_and_dimension_are_those_of_the_ensemble() {
    let (lattice, bath) = twelve_sites();
    let symmetries = Symmetries::of_lattice(&bath, &lattice).unwrap();
    let levels = levels(&spectrum(&bath, &symmetries, Wanted::Levels), RESERVOIR);
    let found = typical_state(&bath, RESERVOIR, 0, &Run::default()).unwrap();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| levels.iter().map(|level| level.0 * of(level)).sum::<f64>();
    // Var = 2 Tr[ρ ΔO ρ ΔO] of real vectors, to leading order in 1/D_eff = 1e-3; 6 σ two-sided: 2e-9, and 5 % for the next order
    let bound = |of: fn(&(f64, f64, f64)) -> f64| {
        let centre = mean(of);
        let terms = levels
            .iter()
            .map(|level| (level.0 * (of(level) - centre)).powi(2));
        6.3 * (2.0 * terms.sum::<f64>()).sqrt()
    };
    let energy = (found.state.mean_energy() - mean(|level| level.2)).abs();
    let number = (found.state.mean_number() - mean(|level| level.1)).abs();
    let (most_energy, most_number) = (bound(|level| level.2), bound(|level| level.1));
    assert!(
        energy < most_energy && number < most_number,
        "{energy} {most_energy} {number} {most_number}"
    );
    // and this is no wide interval: deviations of energies by 4 and of numbers by 2 are common
    assert!(most_energy < 1.0 && most_number < 0.5);
    let exact = 1.0 / levels.iter().map(|level| level.0.powi(2)).sum::<f64>();
    // ln Ξ and ln Ξ₂ scatter by √(2/D_eff) and √(2/D_eff(2β)), some 5 and 10 % here: 6 σ of both
    assert!(
        (found.effective_dimension / exact).ln().abs() < 6.0 * (2.0 * 0.05 + 0.1),
        "{exact}"
    );
    assert!(found.left_out.is_empty());
}

#[test]
fn entropy_production_is_that_beside_the_gibbs_state() {
    let (lattice, bath) = twelve_sites();
    let symmetries = Symmetries::of_lattice(&bath, &lattice).unwrap();
    let gibbs = BathState::gibbs(&spectrum(&bath, &symmetries, Wanted::States), RESERVOIR).unwrap();
    let site = Hamiltonian::new(&[0.8], &[]).unwrap();
    let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 1.0)]).unwrap();
    let system = SystemState::diagonal(&[0.1, 0.9]).unwrap();
    let run = Run::default();
    let sigma = |state: &BathState| {
        let contact = ThermalContact::new(&composite, &system, state, RESERVOIR).unwrap();
        let options = EvolutionOptions {
            tolerance: 1e-9,
            ..EvolutionOptions::default()
        };
        let evolution = contact.evolve(&[1.5], &options, &run).unwrap();
        entropy_production(&contact, &evolution).unwrap().balances[0].entropy_production
    };
    let exact = sigma(&gibbs);
    let found: Vec<f64> = (0..24)
        .map(|index| sigma(&typical_state(&bath, RESERVOIR, index, &run).unwrap().state))
        .collect();
    let count = found.len() as f64;
    let mean = found.iter().sum::<f64>() / count;
    let spread = (found.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    // Student's t with 23 degrees of freedom beyond 7: 4e-7. The entropy's curvature biases the mean by some Var = 1/D_eff = 1e-3
    assert!(
        (mean - exact).abs() < 7.0 * spread / count.sqrt() + 1e-3,
        "{mean} {exact} {spread}"
    );
    assert!(exact > 0.3 && spread < 0.1);
}

#[test]
fn hot_cold_and_negative_temperatures_and_numbers_without_weight() {
    let (_, bath) = twelve_sites();
    let run = Run::default();
    let typical = |beta, alpha| typical_state(&bath, Reservoir { beta, alpha }, 3, &run).unwrap();
    // at β = 0 weights are binomial whatever the vectors: C(12, n)/4096
    let hot = typical(0.0, 0.0);
    assert!((hot.state.members()[3].weight - 220.0 / 4096.0).abs() < 1e-14);
    assert!((hot.effective_dimension / 4096.0 - 1.0).abs() < 1e-12);
    // deep in the cold one state is left, the lowest of H − μN, and nothing scatters
    let cold = typical(300.0, 0.0);
    let symmetries = Symmetries::none(&bath);
    let levels = spectrum(&bath, &symmetries, Wanted::Levels)
        .all_energies()
        .unwrap();
    let lowest = levels.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let highest = levels.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!((cold.state.mean_energy() - lowest).abs() < 1e-3);
    assert!(cold.left_out.len() > 3);
    let sum: f64 = cold.state.members().iter().map(|member| member.weight).sum();
    assert!((sum - 1.0).abs() < 1e-14);
    assert!((typical(-300.0, 0.0).state.mean_energy() - highest).abs() < 1e-3);
    assert!(
        typical_state(
            &bath,
            Reservoir {
                beta: f64::NAN,
                alpha: 0.0
            },
            0,
            &run
        )
        .is_err()
    );
    assert!(typical_state(&bath, RESERVOIR, 300_000, &run).is_err());
}

#[test]
fn complex_hoppings_and_any_number_of_threads() {
    let bond = |i, phase: f64| Bond {
        i,
        j: i + 1,
        hopping: Complex64::cis(phase),
        interaction: 0.4,
    };
    let bonds: Vec<Bond> = (0..9).map(|i| bond(i, 0.3 * i as f64)).collect();
    let bath = Hamiltonian::new(&[0.3; 10], &bonds).unwrap();
    let on = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        typical_state(&bath, RESERVOIR, 7, &run).unwrap()
    };
    let found = on(1);
    assert_eq!(found, on(3));
    assert_ne!(
        found.state,
        typical_state(&bath, RESERVOIR, 8, &Run::default()).unwrap().state
    );
    assert!((found.scatter - found.effective_dimension.sqrt().recip()).abs() < 1e-15);
}

#[test]
fn what_does_not_fit_is_refused_beforehand() {
    let chain = Lattice::chain(30, Boundary::Open).unwrap();
    let bath = Hamiltonian::uniform(&chain, 1.0, 0.0, 0.0).unwrap();
    let run = Run {
        memory_limit: 1 << 30,
        ..Run::default()
    };
    let refused = typical_state(&bath, RESERVOIR, 0, &run).unwrap_err();
    assert!(refused.to_string().contains("typical state"), "{refused}");
}
