//! Evolution in time against closed forms, against itself, and the laws it must keep.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_numerics::operator::{inner, norm};
use irrev_quantum::evolution::{EvolutionOptions, evolve, evolve_in_imaginary_time, mean_energy};
use irrev_quantum::lanczos::SpectralBounds;
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::random::random_state;
use irrev_quantum::{Bond, Complex64, Error, Hamiltonian, Sector, SectorHamiltonian};

fn grid(particles: usize) -> SectorHamiltonian {
    let lattice = Lattice::square([4, 3], [Boundary::Open; 2]).unwrap();
    let h = Hamiltonian::uniform(&lattice, 1.0, 0.4, 0.2).unwrap();
    SectorHamiltonian::new(&h, Sector::new(12, particles).unwrap()).unwrap()
}

/// A ring threaded by a flux, so that hoppings are complex.
fn flux_ring(sites: usize, particles: usize) -> SectorHamiltonian {
    let bonds: Vec<Bond> = (0..sites)
        .map(|i| Bond {
            i,
            j: (i + 1) % sites,
            hopping: Complex64::cis(0.4),
            interaction: 0.7,
        })
        .collect();
    let h = Hamiltonian::new(&vec![0.1; sites], &bonds).unwrap();
    SectorHamiltonian::new(&h, Sector::new(sites, particles).unwrap()).unwrap()
}

fn distance(x: &[Complex64], y: &[Complex64]) -> f64 {
    norm(&x.iter().zip(y).map(|(x, y)| x - y).collect::<Vec<_>>())
}

#[test]
fn a_particle_on_a_ring_spreads_as_bessel_functions() {
    // one particle, J = 1: amplitude at distance d is Σ over windings of i^d J_d(2t)
    let ring = Lattice::chain(40, Boundary::Periodic).unwrap();
    let h = Hamiltonian::uniform(&ring, 1.0, 0.0, 0.0).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(40, 1).unwrap()).unwrap();
    let mut start = vec![0.0; 40];
    start[7] = 1.0;
    let found = evolve(
        &h,
        &start,
        &[0.5, 50.0],
        &EvolutionOptions::default(),
        &Run::default(),
    )
    .unwrap();
    for (t, state) in found.times.iter().zip(&found.states) {
        for (site, amplitude) in state.iter().enumerate() {
            let wave = |k: usize| {
                let momentum = std::f64::consts::TAU * k as f64 / 40.0;
                let distance = site as f64 - 7.0;
                Complex64::cis(momentum * distance + 2.0 * momentum.cos() * t) / 40.0
            };
            let expected: Complex64 = (0..40).map(wave).sum();
            assert!((amplitude - expected).norm() < 1e-11, "{t} {site}");
        }
    }
}

#[test]
fn forward_and_backward_evolution_returns_to_the_start() {
    for h in [grid(5), flux_ring(11, 4)] {
        let start: Vec<Complex64> = random_state(h.dimension(), 3, 0);
        let options = EvolutionOptions::default();
        let there = evolve(&h, &start, &[30.0], &options, &Run::default()).unwrap();
        let back = evolve(&h, &there.states[0], &[-30.0], &options, &Run::default()).unwrap();
        assert!(distance(&back.states[0], &start) < 1e-10);
    }
}

#[test]
fn norm_and_energy_are_conserved() {
    for h in [grid(6), flux_ring(10, 5)] {
        let start: Vec<Complex64> = random_state(h.dimension(), 1, 0);
        let times = [-3.0, 0.0, 0.1, 7.0, 100.0];
        let found = evolve(&h, &start, &times, &EvolutionOptions::default(), &Run::default()).unwrap();
        assert!(found.norm_drift < 1e-11, "{}", found.norm_drift);
        assert!(found.energy_drift < 1e-10, "{}", found.energy_drift);
        assert!(found.truncation <= 1e-12);
        assert!(distance(&found.states[1], &start) < 1e-14);
    }
}

#[test]
fn many_times_in_one_pass_are_each_time_alone_and_steps_compose() {
    let h = grid(4);
    let start: Vec<f64> = random_state(h.dimension(), 2, 0);
    let options = EvolutionOptions::default();
    let times: Vec<f64> = (0..11).map(|k| 0.7 * f64::from(k)).collect();
    let together = evolve(&h, &start, &times, &options, &Run::default()).unwrap();
    for (k, t) in times.iter().enumerate() {
        let alone = evolve(&h, &start, &[*t], &options, &Run::default()).unwrap();
        assert!(distance(&alone.states[0], &together.states[k]) < 1e-12);
    }
    let step = evolve(&h, &together.states[4], &[times[3]], &options, &Run::default()).unwrap();
    assert!(distance(&step.states[0], &together.states[7]) < 1e-11);
}

#[test]
fn real_and_complex_starts_evolve_alike_on_any_number_of_threads() {
    let h = grid(6);
    let start: Vec<f64> = random_state(h.dimension(), 5, 0);
    let complex: Vec<Complex64> = start.iter().map(|&x| x.into()).collect();
    let options = EvolutionOptions::default();
    let run = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        evolve(&h, &start, &[0.3, 9.0], &options, &run).unwrap()
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one, two);
    let other = evolve(&h, &complex, &[0.3, 9.0], &options, &Run::default()).unwrap();
    assert!(distance(&one.states[1], &other.states[1]) < 1e-12);
}

#[test]
fn cooling_composes_and_lowers_the_energy() {
    let h = grid(5);
    let start: Vec<f64> = random_state(h.dimension(), 4, 0);
    let options = EvolutionOptions::default();
    let betas = [-0.4, 0.0, 0.2, 0.5, 0.7, 400.0];
    let found = evolve_in_imaginary_time(&h, &start, &betas, 0.3, &options, &Run::default()).unwrap();
    let energy = |state: &Vec<f64>| mean_energy(&h, state).unwrap() / inner(state, state);
    for pair in found.states.windows(2) {
        assert!(energy(&pair[0]) > energy(&pair[1]));
    }
    assert_eq!(found.logarithms[1], 0.0);
    let again =
        evolve_in_imaginary_time(&h, &found.states[2], &[0.5], 0.3, &options, &Run::default()).unwrap();
    let total = found.logarithms[2] + again.logarithms[0];
    for (x, y) in again.states[0].iter().zip(&found.states[4]) {
        assert!(((total - found.logarithms[4]).exp() * x - y).abs() < 1e-11);
    }
    // only the ground state is left at β = 400
    let ground = energy(&found.states[5]);
    let mut image = vec![0.0; h.dimension()];
    h.apply(&found.states[5], &mut image).unwrap();
    let residual: Vec<f64> = image
        .iter()
        .zip(&found.states[5])
        .map(|(y, x)| y - ground * x)
        .collect();
    assert!(norm(&residual) < 1e-10 * norm(&found.states[5]));
}

#[test]
fn states_without_hopping_and_single_states_evolve() {
    let lattice = Lattice::from_bonds(3, &[]).unwrap();
    let h = Hamiltonian::on_lattice(&lattice, &[], &[], &[0.0, 1.0, 2.5]).unwrap();
    let h = SectorHamiltonian::new(&h, Sector::new(3, 1).unwrap()).unwrap();
    let found = evolve(
        &h,
        &[0.6, 0.0, 0.8],
        &[2.0],
        &EvolutionOptions::default(),
        &Run::default(),
    )
    .unwrap();
    assert!((found.states[0][2] - Complex64::cis(-5.0) * 0.8).norm() < 1e-12);
    for particles in [0, 12] {
        let h = grid(particles);
        let energy = mean_energy(&h, &[1.0]).unwrap();
        let found = evolve(&h, &[1.0], &[3.0], &EvolutionOptions::default(), &Run::default()).unwrap();
        assert!((found.states[0][0] - Complex64::cis(-3.0 * energy)).norm() < 1e-12);
    }
}

#[test]
fn bounds_that_do_not_hold_are_betrayed() {
    let h = grid(6);
    let start: Vec<f64> = random_state(h.dimension(), 1, 0);
    let options = EvolutionOptions {
        bounds: Some(SpectralBounds::new(-3.0, 3.0).unwrap()),
        ..Default::default()
    };
    let found = evolve(&h, &start, &[20.0], &options, &Run::default());
    assert!(matches!(found, Err(Error::Diverged { .. })), "{found:?}");
    let run = Run {
        memory_limit: 1000,
        ..Run::default()
    };
    let refused = evolve(&h, &start, &[20.0], &EvolutionOptions::default(), &run);
    assert!(refused.unwrap_err().to_string().contains("memory"));
    assert!(
        evolve(
            &h,
            &start,
            &[f64::NAN],
            &EvolutionOptions::default(),
            &Run::default()
        )
        .is_err()
    );
}
