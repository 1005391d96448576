//! Lanczos' method against closed forms, and Krylov spaces against Chebyshev's polynomials.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::operator::norm;
use irrev_numerics::{Run, Tolerance};
use irrev_quantum::evolution::{EvolutionOptions, evolve};
use irrev_quantum::lanczos::{End, evolve_by_krylov, extremal_levels, spectral_bounds};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::random::random_state;
use irrev_quantum::{Bond, Complex64, Hamiltonian, Sector, SectorHamiltonian};

/// Levels of free fermions on an open chain, which are those of hard-core bosons there: sums of −2 cos(πk/(L + 1)).
fn open_chain_levels(sites: usize, particles: usize) -> Vec<f64> {
    let modes: Vec<f64> = (1..=sites)
        .map(|k| -2.0 * (std::f64::consts::PI * k as f64 / (sites + 1) as f64).cos())
        .collect();
    let sector = Sector::new(sites, particles).unwrap();
    let energy = |word: u64| (0..sites).filter(|i| word >> i & 1 == 1).map(|i| modes[i]).sum();
    let mut levels: Vec<f64> = sector.words().map(energy).collect();
    levels.sort_by(f64::total_cmp);
    levels
}

fn chain(sites: usize, particles: usize) -> SectorHamiltonian {
    let h = Hamiltonian::uniform(&Lattice::chain(sites, Boundary::Open).unwrap(), 1.0, 0.0, 0.0).unwrap();
    SectorHamiltonian::new(&h, Sector::new(sites, particles).unwrap()).unwrap()
}

#[test]
fn both_ends_of_a_free_chain_are_found() {
    let h = chain(14, 6);
    let levels = open_chain_levels(14, 6);
    let lowest = extremal_levels::<f64>(&h, End::Lowest, 5, Tolerance::default(), &Run::default()).unwrap();
    let highest = extremal_levels::<f64>(&h, End::Highest, 5, Tolerance::default(), &Run::default()).unwrap();
    for k in 0..5 {
        assert!((lowest.energies[k] - levels[k]).abs() < 1e-10);
        assert!((highest.energies[k] - levels[levels.len() - 1 - k]).abs() < 1e-10);
        assert!(lowest.residuals[k] <= 2.0 * lowest.convergence.target);
        for other in 0..k {
            let overlap: f64 = lowest.states[k]
                .iter()
                .zip(&lowest.states[other])
                .map(|(x, y)| x * y)
                .sum();
            assert!(overlap.abs() < 1e-10);
        }
    }
    let bounds = spectral_bounds(&h, &Run::default()).unwrap();
    assert!(bounds.lowest() < levels[0] && levels[levels.len() - 1] < bounds.highest());
    let width = levels[levels.len() - 1] - levels[0];
    assert!(2.0 * bounds.half_width() < 1.05 * width);
}

#[test]
fn every_copy_of_a_degenerate_level_is_found() {
    // isolated sites: C(3, 1) positions of the second particle for each level of the pair
    let lattice = Lattice::from_bonds(8, &[(0, 1), (1, 2), (2, 3), (3, 4)]).unwrap();
    let h = Hamiltonian::uniform(&lattice, 1.0, 0.0, 0.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(8, 2).unwrap()).unwrap();
    let found = extremal_levels::<f64>(&h, End::Lowest, 5, Tolerance::default(), &Run::default()).unwrap();
    let one = open_chain_levels(5, 1);
    let pair = open_chain_levels(5, 2);
    let expected = [pair[0], one[0], one[0], one[0], pair[1]];
    for (found, expected) in found.energies.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
    // without any hopping all levels are one
    let flat = Hamiltonian::uniform(&lattice, 0.0, 0.0, 1.0).unwrap();
    let flat = SectorHamiltonian::new(&flat, Sector::new(8, 3).unwrap()).unwrap();
    let found = extremal_levels::<f64>(&flat, End::Lowest, 4, Tolerance::default(), &Run::default()).unwrap();
    assert!(found.energies.iter().all(|e| (e - 3.0).abs() < 1e-12));
}

#[test]
fn sectors_smaller_than_the_question_give_all_they_have() {
    let h = chain(5, 1);
    let found = extremal_levels::<f64>(&h, End::Lowest, 99, Tolerance::default(), &Run::default()).unwrap();
    let levels = open_chain_levels(5, 1);
    assert_eq!(found.energies.len(), 5);
    for (found, expected) in found.energies.iter().zip(&levels) {
        assert!((found - expected).abs() < 1e-12);
    }
    let single = chain(5, 5);
    let found =
        extremal_levels::<f64>(&single, End::Highest, 1, Tolerance::default(), &Run::default()).unwrap();
    assert_eq!(found.energies, [0.0]);
}

#[test]
fn complex_hoppings_have_the_levels_of_a_threaded_ring() {
    let flux = 0.3;
    let bonds: Vec<Bond> = (0..9)
        .map(|i| Bond {
            i,
            j: (i + 1) % 9,
            hopping: Complex64::cis(flux),
            interaction: 0.0,
        })
        .collect();
    let h = Hamiltonian::new(&[0.0; 9], &bonds).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(9, 1).unwrap()).unwrap();
    let mut expected: Vec<f64> = (0..9)
        .map(|k| -2.0 * (std::f64::consts::TAU * f64::from(k) / 9.0 + flux).cos())
        .collect();
    expected.sort_by(f64::total_cmp);
    let found =
        extremal_levels::<Complex64>(&h, End::Lowest, 4, Tolerance::default(), &Run::default()).unwrap();
    for (found, expected) in found.energies.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-10);
    }
    assert!(extremal_levels::<f64>(&h, End::Lowest, 1, Tolerance::default(), &Run::default()).is_err());
}

#[test]
fn krylov_spaces_and_chebyshev_polynomials_agree() {
    let lattice = Lattice::square([4, 3], [Boundary::Open, Boundary::Periodic]).unwrap();
    let h = Hamiltonian::uniform(&lattice, 1.0, 0.8, 0.1).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(12, 6).unwrap()).unwrap();
    let start: Vec<Complex64> = random_state(h.dimension(), 1, 0);
    for t in [0.0, 0.2, -7.0, 25.0] {
        let krylov = evolve_by_krylov(&h, &start, t, 1e-11, &Run::default()).unwrap();
        let chebyshev = evolve(&h, &start, &[t], &EvolutionOptions::default(), &Run::default()).unwrap();
        let difference: Vec<Complex64> = krylov
            .state
            .iter()
            .zip(&chebyshev.states[0])
            .map(|(x, y)| x - y)
            .collect();
        assert!(krylov.error <= 1e-11);
        assert!(norm(&difference) < 2e-11, "{t}: {}", norm(&difference));
    }
}
