//! Levels inside the spectrum against full diagonalisation, and window states.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_numerics::operator::{inner, norm};
use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
use irrev_quantum::interior::{InteriorOptions, levels_near, window_state};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::{Amplitude, Bond, Complex64, Hamiltonian, Sector, SectorHamiltonian};

fn nearest(levels: &[f64], target: f64, count: usize) -> Vec<f64> {
    let mut sorted = levels.to_vec();
    sorted.sort_by(|a, b| (a - target).abs().total_cmp(&(b - target).abs()));
    sorted.truncate(count);
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn agrees<T: Amplitude>(h: &SectorHamiltonian, targets: &[f64], count: usize) {
    let all = diagonalise(h, &Symmetries::none(h.model()), Wanted::Levels, &Run::default()).unwrap();
    let levels = all.energies();
    for &target in targets {
        let found = levels_near::<T>(h, target, count, &InteriorOptions::default(), &Run::default()).unwrap();
        let expected = nearest(&levels, target, count);
        assert_eq!(found.energies.len(), expected.len());
        for (k, (energy, expected)) in found.energies.iter().zip(&expected).enumerate() {
            assert!((energy - expected).abs() < 1e-8, "{target}: {energy} {expected}");
            let place = levels.iter().position(|e| (e - expected).abs() < 1e-12).unwrap();
            assert!(
                (found.gaps[k] - all.levels[place].gap).abs() < 1e-7,
                "{target} {k}"
            );
            let mut image = vec![T::ZERO; h.dimension()];
            h.apply(&found.states[k], &mut image).unwrap();
            let residual: Vec<T> = image
                .iter()
                .zip(&found.states[k])
                .map(|(y, x)| *y - x.times_real(*energy))
                .collect();
            assert!(norm(&residual) < 1e-8);
            for other in &found.states[..k] {
                assert!(inner(other, &found.states[k]).modulus() < 1e-9);
            }
        }
    }
}

#[test]
fn levels_of_a_chaotic_chain_are_found_wherever_they_are() {
    let chain = Lattice::chain(13, Boundary::Open).unwrap();
    let chain = chain.with_bonds(&chain.shell(2).unwrap()).unwrap();
    let bonds = chain.bonds().len();
    let mut energies = vec![0.0; 13];
    energies[0] = 0.3;
    let h = Hamiltonian::on_lattice(&chain, &vec![1.0; bonds], &vec![0.7; bonds], &energies).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(13, 5).unwrap()).unwrap();
    agrees::<f64>(&h, &[-4.0, 0.3, 2.0, 5.0], 6);
    agrees::<f64>(&h, &[1.0], 1);
}

#[test]
fn degenerate_levels_and_complex_hoppings_are_found() {
    let torus = Lattice::square([3, 3], [Boundary::Periodic; 2]).unwrap();
    let h = Hamiltonian::uniform(&torus, 1.0, 0.4, 0.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(9, 4).unwrap()).unwrap();
    let found = levels_near::<f64>(&h, 0.0, 126, &InteriorOptions::default(), &Run::default()).unwrap();
    let all = diagonalise(&h, &Symmetries::none(h.model()), Wanted::Levels, &Run::default()).unwrap();
    for (found, expected) in found.energies.iter().zip(all.energies()) {
        assert!((found - expected).abs() < 1e-10);
    }
    let mut bonds: Vec<Bond> = (0..11)
        .map(|i| Bond {
            i,
            j: (i + 1) % 11,
            hopping: Complex64::cis(0.3),
            interaction: 0.8,
        })
        .collect();
    bonds.push(Bond {
        i: 2,
        j: 7,
        hopping: Complex64::new(0.2, 0.5),
        interaction: 0.1,
    });
    let energies: Vec<f64> = (0..11).map(|i| 0.1 * f64::from(i * i % 7)).collect();
    let h = Hamiltonian::new(&energies, &bonds).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(11, 4).unwrap()).unwrap();
    agrees::<Complex64>(&h, &[-1.0, 1.5], 4);
    assert!(levels_near::<f64>(&h, 0.0, 1, &InteriorOptions::default(), &Run::default()).is_err());
}

#[test]
fn windows_are_as_narrow_as_asked() {
    let grid = Lattice::square([4, 4], [Boundary::Open; 2]).unwrap();
    let h = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(16, 7).unwrap()).unwrap();
    for (energy, width) in [(5.0, 0.5), (7.0, 0.1), (8.5, 0.03)] {
        let found = window_state::<f64>(&h, energy, width, 3, &Run::default()).unwrap();
        // the density of levels changes little over a window; D = 11 440 levels, of which some 50 at least lie inside
        assert!(
            (found.mean_energy - energy).abs() < 0.3 * width,
            "{energy} {width}"
        );
        let relative = found.energy_variance / (0.5 * width * width);
        assert!((0.5..1.5).contains(&relative), "{energy} {width} {relative}");
        assert!((norm(&found.state) - 1.0).abs() < 1e-14);
    }
    assert!(window_state::<f64>(&h, 100.0, 0.1, 0, &Run::default()).is_err());
    assert!(window_state::<f64>(&h, 5.0, 1e-9, 0, &Run::default()).is_err());
    assert!(window_state::<f64>(&h, 5.0, -1.0, 0, &Run::default()).is_err());
}
