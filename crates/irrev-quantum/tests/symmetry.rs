//! Blocks of lattice symmetries against whole sectors.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::{Bond, Complex64, Hamiltonian, Sector, SectorHamiltonian};

fn torus_translations(nx: usize, ny: usize) -> Vec<Vec<usize>> {
    vec![
        (0..nx * ny).map(|i| (i % nx + 1) % nx + nx * (i / nx)).collect(),
        (0..nx * ny).map(|i| (i + nx) % (nx * ny)).collect(),
    ]
}

fn same_levels(h: &Hamiltonian, particles: usize, generators: &[Vec<usize>]) {
    let sector = Sector::new(h.sites(), particles).unwrap();
    let h = SectorHamiltonian::new(h, sector).unwrap();
    let whole = diagonalise(&h, &Symmetries::none(h.model()), Wanted::Levels, &Run::default()).unwrap();
    let symmetries = Symmetries::new(h.model(), generators).unwrap();
    let blocks = diagonalise(&h, &symmetries, Wanted::Levels, &Run::default()).unwrap();
    assert_eq!(blocks.levels.len(), h.dimension());
    for (a, b) in whole.energies().iter().zip(blocks.energies()) {
        assert!((a - b).abs() < 1e-11, "{a} {b}");
    }
}

#[test]
fn translations_and_a_reflection_give_all_levels() {
    let torus = Lattice::square([4, 3], [Boundary::Periodic; 2]).unwrap();
    let h = Hamiltonian::uniform(&torus, 1.0, -0.7, 0.4).unwrap();
    for particles in [0, 1, 5, 12] {
        same_levels(&h, particles, &torus_translations(4, 3));
    }
    let reflection = (0..12).map(|i| 3 - i % 4 + 4 * (i / 4)).collect();
    same_levels(&h, 4, &[torus_translations(4, 3).swap_remove(1), reflection]);
}

#[test]
fn generators_that_depend_on_each_other_leave_empty_blocks_out() {
    let ring = Lattice::chain(8, Boundary::Periodic).unwrap();
    let h = Hamiltonian::uniform(&ring, 1.0, 0.9, 0.0).unwrap();
    let by = |step: usize| (0..8).map(|i| (i + step) % 8).collect::<Vec<usize>>();
    same_levels(&h, 3, &[by(1), by(2)]);
    same_levels(&h, 3, &[by(0)]);
    let symmetries = Symmetries::new(&h, &[by(1), by(2)]).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(8, 3).unwrap()).unwrap();
    let found = diagonalise(&h, &symmetries, Wanted::Levels, &Run::default()).unwrap();
    assert_eq!(found.blocks.len(), 8);
    assert!(
        found
            .blocks
            .iter()
            .all(|block| block.label[1] == block.label[0] % 4)
    );
}

#[test]
fn a_flux_moves_levels_between_momenta() {
    let bonds: Vec<Bond> = (0..9)
        .map(|i| Bond {
            i,
            j: (i + 1) % 9,
            hopping: Complex64::cis(0.25),
            interaction: 0.6,
        })
        .collect();
    let h = Hamiltonian::new(&[0.0; 9], &bonds).unwrap();
    let shift: Vec<usize> = (0..9).map(|i| (i + 1) % 9).collect();
    same_levels(&h, 4, std::slice::from_ref(&shift));
    // the reflection turns the flux round
    let reflection: Vec<usize> = (0..9).map(|i| 8 - i).collect();
    assert!(Symmetries::new(&h, &[reflection]).is_err());
    // one particle: −2 cos(2πq/9 ± φ), each in its block
    let symmetries = Symmetries::new(&h, &[shift]).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(9, 1).unwrap()).unwrap();
    let found = diagonalise(&h, &symmetries, Wanted::Levels, &Run::default()).unwrap();
    for block in &found.blocks {
        let momentum = std::f64::consts::TAU * block.label[0] as f64 / 9.0;
        assert!((block.energies[0] + 2.0 * (momentum - 0.25).cos()).abs() < 1e-13);
    }
}

#[test]
fn degenerate_levels_have_no_gap() {
    let ring = Lattice::chain(6, Boundary::Periodic).unwrap();
    let h = Hamiltonian::uniform(&ring, 1.0, 0.0, 0.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(6, 1).unwrap()).unwrap();
    let shift: Vec<usize> = (0..6).map(|i| (i + 1) % 6).collect();
    let symmetries = Symmetries::new(h.model(), &[shift]).unwrap();
    let found = diagonalise(&h, &symmetries, Wanted::States, &Run::default()).unwrap();
    let gaps: Vec<f64> = found.levels.iter().map(|level| level.gap).collect();
    for (gap, expected) in gaps.iter().zip([1.0, 0.0, 0.0, 0.0, 0.0, 1.0]) {
        assert!((gap - expected).abs() < 1e-13);
    }
    assert!(found.real_state(0).is_some() && found.real_state(1).is_none());
    assert!(found.state(6).is_none());
    let single = SectorHamiltonian::new(h.model(), Sector::new(6, 0).unwrap()).unwrap();
    let found = diagonalise(&single, &symmetries, Wanted::States, &Run::default()).unwrap();
    assert_eq!(found.levels[0].gap, f64::INFINITY);
    assert_eq!(found.state(0), Some(vec![Complex64::ONE]));
}

#[test]
fn a_sector_that_is_too_large_is_refused_with_the_figure() {
    let grid = Lattice::square([6, 4], [Boundary::Open; 2]).unwrap();
    let h = Hamiltonian::uniform(&grid, 1.0, 0.1, 0.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(24, 12).unwrap()).unwrap();
    let run = Run {
        memory_limit: 16_000_000_000,
        ..Run::default()
    };
    let error = diagonalise(&h, &Symmetries::none(h.model()), Wanted::States, &run).unwrap_err();
    assert!(error.to_string().contains("TB"), "{error}");
}
