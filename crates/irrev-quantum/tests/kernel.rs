//! The kernel against matrices written down state by state, and the laws it must obey.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::operator::{inner, norm};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::{Bond, Combination, Complex64, Error, Hamiltonian, Sector, SectorHamiltonian};
use irrev_testing::random::cases;
use proptest::collection::vec;
use proptest::prelude::*;

/// H x state by state, from the definition.
fn naive(h: &Hamiltonian, sector: &Sector, x: &[Complex64]) -> Vec<Complex64> {
    let mut y = vec![Complex64::ZERO; x.len()];
    for (state, &amplitude) in sector.words().zip(x) {
        y[sector.rank(state).unwrap() as usize] += h.diagonal(state) * amplitude;
        for (reached, element) in h.hops(state) {
            y[sector.rank(reached).unwrap() as usize] += element * amplitude;
        }
    }
    y
}

fn numbers(count: usize, seed: f64) -> Vec<Complex64> {
    (0..count)
        .map(|i| Complex64::new((seed + 1.7 * i as f64).sin(), (seed - 0.9 * i as f64).cos()))
        .collect()
}

/// Random bonds, some of them twice, on up to 12 sites.
fn models(complex: bool) -> impl Strategy<Value = (Hamiltonian, usize)> {
    (1_usize..=12).prop_flat_map(move |sites| {
        let bond = (0..sites, 1..sites.max(2), -2.0..2.0, -2.0..2.0, -2.0..2.0_f64);
        let bonds = vec(bond, 0..=2 * sites);
        (bonds, vec(-1.0..1.0_f64, sites), 0..=sites).prop_map(move |(bonds, energies, particles)| {
            let bonds: Vec<Bond> = bonds
                .into_iter()
                .filter(|_| sites > 1)
                .map(|(i, away, re, im, interaction)| Bond {
                    i,
                    j: (i + away) % sites,
                    hopping: Complex64::new(re, if complex { im } else { 0.0 }),
                    interaction,
                })
                .collect();
            (Hamiltonian::new(&energies, &bonds).unwrap(), particles)
        })
    })
}

fn agrees(h: &Hamiltonian, particles: usize) {
    let sector = Sector::new(h.sites(), particles).unwrap();
    let kernel = SectorHamiltonian::new(h, sector.clone()).unwrap();
    let x = numbers(kernel.dimension(), 0.3);
    let mut y = vec![Complex64::new(f64::NAN, 0.0); x.len()];
    kernel.apply(&x, &mut y).unwrap();
    let expected = naive(h, &sector, &x);
    // a sum of at most 3 L + 1 terms of at most 2.8 · 1.5
    let tolerance = 64.0 * f64::EPSILON * (3 * h.sites() + 1) as f64 * 4.0;
    for (found, expected) in y.iter().zip(&expected) {
        assert!((found - expected).norm() < tolerance, "{found} {expected}");
    }

    let mut z = numbers(x.len(), 2.0);
    let combined: Vec<_> = z
        .iter()
        .zip(&x)
        .zip(&expected)
        .map(|((z, x), hx)| -0.5 * hx + 2.0 * x + 0.25 * z)
        .collect();
    let combination = Combination {
        h: -0.5,
        x: 2.0,
        y: 0.25,
    };
    kernel.combine(combination, 1, &x, &mut z).unwrap();
    for (found, expected) in z.iter().zip(&combined) {
        assert!((found - expected).norm() < tolerance);
    }

    for lanes in [2, 4, 8] {
        let many: Vec<_> = (0..lanes).map(|lane| numbers(x.len(), lane as f64)).collect();
        let together: Vec<_> = (0..lanes * x.len()).map(|k| many[k % lanes][k / lanes]).collect();
        let mut y = vec![Complex64::ZERO; together.len()];
        kernel
            .combine(Combination::default(), lanes, &together, &mut y)
            .unwrap();
        for (lane, x) in many.iter().enumerate() {
            let mut alone = vec![Complex64::ZERO; x.len()];
            kernel.apply(x, &mut alone).unwrap();
            for (k, alone) in alone.iter().enumerate() {
                assert_eq!(y[lanes * k + lane], *alone);
            }
        }
    }

    // ⟨x, H z⟩ = ⟨z, H x⟩*
    let mut hz = vec![Complex64::ZERO; x.len()];
    kernel.apply(&z, &mut hz).unwrap();
    let (one, other) = (inner(&x, &hz), inner(&z, &y).conj());
    assert!((one - other).norm() <= tolerance * norm(&x) * norm(&z));
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_kernel_agrees_with_its_definition_on_random_lattices((h, particles) in models(false)) {
        agrees(&h, particles);
        let sector = Sector::new(h.sites(), particles).unwrap();
        let kernel = SectorHamiltonian::new(&h, sector).unwrap();
        let x = numbers(kernel.dimension(), 0.7);
        let real: Vec<f64> = x.iter().map(|x| x.re).collect();
        let (mut y, mut real_y) = (x.clone(), real.clone());
        kernel.apply(&x, &mut y).unwrap();
        kernel.apply(&real, &mut real_y).unwrap();
        for (complex, real) in y.iter().zip(&real_y) {
            prop_assert_eq!(complex.re, *real);
        }
    }

    #[test]
    fn complex_hoppings_agree_with_their_definition((h, particles) in models(true)) {
        agrees(&h, particles);
    }
}

#[test]
fn large_lattices_agree_with_the_definition_whatever_their_halves() {
    let lattices = [
        (Lattice::square([4, 4], [Boundary::Periodic; 2]).unwrap(), 8),
        (Lattice::ladder(20, 2, Boundary::Periodic).unwrap(), 3),
        (Lattice::square([8, 8], [Boundary::Periodic; 2]).unwrap(), 3),
        (Lattice::chain(64, Boundary::Periodic).unwrap(), 62),
        (Lattice::hexagonal([4, 3], [Boundary::Open; 2]).unwrap(), 4),
    ];
    for (lattice, particles) in lattices {
        let h = Hamiltonian::uniform(&lattice, 1.0, 0.1, 0.7).unwrap();
        agrees(&h, particles);
    }
}

#[test]
fn no_particle_and_no_hole_leave_one_state() {
    for lattice in [
        Lattice::chain(1, Boundary::Periodic).unwrap(),
        Lattice::chain(7, Boundary::Open).unwrap(),
        Lattice::chain(64, Boundary::Periodic).unwrap(),
    ] {
        let h = Hamiltonian::uniform(&lattice, 1.0, 0.5, 0.25).unwrap();
        for particles in [0, lattice.sites()] {
            let sector = Sector::new(lattice.sites(), particles).unwrap();
            let kernel = SectorHamiltonian::new(&h, sector).unwrap();
            let mut y = [0.0];
            kernel.apply(&[1.0], &mut y).unwrap();
            let full = 0.25 * lattice.sites() as f64 + 0.5 * lattice.bonds().len() as f64;
            assert_eq!(y[0], if particles == 0 { 0.0 } else { full });
        }
    }
}

#[test]
fn holes_move_like_particles() {
    // without site energies and interactions, exchanging particles and holes maps H on itself for real J
    let lattice = Lattice::square([4, 3], [Boundary::Periodic, Boundary::Open]).unwrap();
    let h = Hamiltonian::uniform(&lattice, 0.8, 0.0, 0.0).unwrap();
    let (few, many) = (Sector::new(12, 4).unwrap(), Sector::new(12, 8).unwrap());
    let mirror = |word: u64| many.rank(!word & 0xfff).unwrap() as usize;
    let x: Vec<f64> = numbers(few.dimension() as usize, 0.1)
        .iter()
        .map(|z| z.re)
        .collect();
    let mut mirrored = vec![0.0; x.len()];
    for (word, x) in few.words().zip(&x) {
        mirrored[mirror(word)] = *x;
    }
    let (mut y, mut y_mirrored) = (x.clone(), x.clone());
    SectorHamiltonian::new(&h, few.clone())
        .unwrap()
        .apply(&x, &mut y)
        .unwrap();
    SectorHamiltonian::new(&h, many.clone())
        .unwrap()
        .apply(&mirrored, &mut y_mirrored)
        .unwrap();
    for (word, y) in few.words().zip(&y) {
        assert!((y - y_mirrored[mirror(word)]).abs() < 1e-13);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let lattice = Lattice::square([6, 3], [Boundary::Periodic; 2]).unwrap();
    let h = Hamiltonian::uniform(&lattice, 1.0, 0.3, 0.1).unwrap();
    let kernel = SectorHamiltonian::new(&h, Sector::new(18, 9).unwrap()).unwrap();
    let x = numbers(kernel.dimension(), 0.5);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut y = numbers(x.len(), 1.5);
        let combination = Combination {
            h: 0.3,
            x: -0.2,
            y: -1.0,
        };
        pool.install(|| kernel.combine(combination, 1, &x, &mut y))
            .unwrap();
        y
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(1), on(3));
}

#[test]
fn vectors_that_do_not_fit_are_refused() {
    let bond = Bond {
        i: 0,
        j: 1,
        hopping: Complex64::I,
        interaction: 0.0,
    };
    let h = Hamiltonian::new(&[0.0; 2], &[bond]).unwrap();
    let kernel = SectorHamiltonian::new(&h, Sector::new(2, 1).unwrap()).unwrap();
    assert_eq!(
        kernel.apply(&[1.0; 2], &mut [0.0; 2]),
        Err(Error::ComplexHoppings)
    );
    assert!(matches!(
        kernel.apply(&[Complex64::ONE; 3], &mut [Complex64::ZERO; 2]),
        Err(Error::Size { .. })
    ));
    let combination = Combination::default();
    assert_eq!(
        kernel.combine(combination, 3, &[Complex64::ONE; 6], &mut [Complex64::ZERO; 6]),
        Err(Error::Lanes { lanes: 3 })
    );
    assert!(SectorHamiltonian::new(&h, Sector::new(3, 1).unwrap()).is_err());
    let huge = Hamiltonian::new(&[0.0; 64], &[]).unwrap();
    let error = SectorHamiltonian::new(&huge, Sector::new(64, 32).unwrap()).unwrap_err();
    assert!(matches!(error, Error::TooManyStates { .. }));
}
