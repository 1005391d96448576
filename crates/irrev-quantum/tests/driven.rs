//! Systems and contacts driven in time: closed forms, work, and the theorems of a Gibbs bath.

#![allow(clippy::unwrap_used, missing_docs)]

use std::f64::consts::TAU;

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::composite::{Composite, Contact, Drive, SystemState, return_error};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::temperature::Reservoir;
use irrev_quantum::thermodynamics::{
    BathEnergies, EntropyProduction, Fluctuations, ThermalContact, entropy_production,
};
use irrev_quantum::{Bond, Complex64, Hamiltonian};

fn within(tolerance: f64) -> EvolutionOptions {
    EvolutionOptions {
        tolerance,
        ..EvolutionOptions::default()
    }
}

fn site(energy: f64) -> Hamiltonian {
    Hamiltonian::new(&[energy], &[]).unwrap()
}

/// Two sites side by side, a particle on the first, which is the system.
fn pair(energy: f64, hopping: f64, drive: Drive) -> ThermalContact {
    let composite = Composite::new(&site(energy), &site(0.0), &[Contact::hopping(0, 0, hopping)]).unwrap();
    let system = SystemState::diagonal(&[0.0, 1.0]).unwrap();
    let empty = BathState::occupation(&site(0.0), 0).unwrap();
    let reservoir = Reservoir {
        beta: 1.0,
        alpha: 0.0,
    };
    ThermalContact::new(&composite.driven(drive), &system, &empty, reservoir).unwrap()
}

/// Occupation of the first of two sites, and the books.
fn occupations(contact: &ThermalContact, times: &[f64], tolerance: f64) -> (Vec<f64>, EntropyProduction) {
    let evolution = contact
        .evolve(times, &within(tolerance), &Run::default())
        .unwrap();
    let occupied = (0..times.len()).map(|k| evolution.reduced(k).unwrap()[(1, 1)].re);
    (
        occupied.collect(),
        entropy_production(contact, &evolution).unwrap(),
    )
}

/// Two sites with a bond beside an open chain of five with an odd end.
fn composite() -> Composite {
    let system = Bond {
        i: 0,
        j: 1,
        hopping: Complex64::new(0.4, 0.0),
        interaction: 0.3,
    };
    let system = Hamiltonian::new(&[1.0, 0.6], &[system]).unwrap();
    let chain = Lattice::chain(5, Boundary::Open).unwrap();
    let bath = Hamiltonian::on_lattice(&chain, &[1.0; 4], &[0.5; 4], &[0.9, 1.0, 1.0, 1.0, 1.3]).unwrap();
    let contact = Contact {
        interaction: 0.4,
        ..Contact::hopping(1, 0, 0.8)
    };
    Composite::new(&system, &bath, &[contact]).unwrap()
}

const RESERVOIR: Reservoir = Reservoir {
    beta: 0.7,
    alpha: 0.3,
};

fn levels() -> BathSpectrum {
    let bath = composite().bath().clone();
    BathSpectrum::new(
        &bath,
        0..=5,
        &Symmetries::none(&bath),
        Wanted::States,
        &Run::default(),
    )
    .unwrap()
}

fn beside_gibbs(composite: &Composite) -> ThermalContact {
    let system = SystemState::diagonal(&[0.4, 0.3, 0.2, 0.1]).unwrap();
    let gibbs = BathState::gibbs(&levels(), RESERVOIR).unwrap();
    ThermalContact::new(composite, &system, &gibbs, RESERVOIR).unwrap()
}

/// A contact that is switched on, a quench, and a ramp of the system.
fn protocol() -> Drive {
    let times = [0.0, 0.5, 0.8, 0.8, 1.6];
    Drive::new(&times, &[1.0, 1.0, 1.0, -0.5, 1.5], &[0.0, 1.0, 1.0, 1.0, 0.4]).unwrap()
}

#[test]
fn a_drive_that_changes_nothing_is_none() {
    let times = [0.0, 0.7, 1.0, 2.5];
    let plain = beside_gibbs(&composite());
    let knots = Drive::new(&[0.3, 1.0, 1.0, 2.0], &[1.0; 4], &[1.0; 4]).unwrap();
    let driven = beside_gibbs(&composite().driven(knots));
    let books = |contact: &ThermalContact| {
        let evolution = contact
            .evolve(&times, &EvolutionOptions::default(), &Run::default())
            .unwrap();
        entropy_production(contact, &evolution).unwrap()
    };
    for (a, b) in books(&plain).balances.iter().zip(&books(&driven).balances) {
        assert!((a.entropy_production - b.entropy_production).abs() < 1e-10);
        assert!((a.contact_energy - b.contact_energy).abs() < 1e-10);
        assert_eq!(a.work, 0.0);
        assert!(b.work.abs() < 1e-10);
    }
}

#[test]
fn two_resonant_sites_swing_with_the_area_under_the_contact() {
    // H(t) = −g(t) J (c† b + b† c) commutes with itself at all times: the occupation is cos²(J ∫ g dt)
    let ramp = Drive::new(&[0.0, 2.0, 3.0, 3.0], &[1.0; 4], &[0.0, 1.0, -0.5, 0.8]).unwrap();
    let times = [0.0, 1.0, 2.0, 2.5, 3.0, 4.0];
    let areas = [0.0, 0.25, 1.0, 1.3125, 1.25, 2.05];
    let (occupied, books) = occupations(&pair(0.0, 1.3, ramp), &times, 1e-12);
    for (found, area) in occupied.iter().zip(areas) {
        assert!(
            (found - (1.3_f64 * area).cos().powi(2)).abs() < 1e-11,
            "{found} {area}"
        );
    }
    assert!(books.energy_residual < 1e-11);
}

#[test]
fn a_long_sweep_leaves_landau_and_zeners_probability() {
    // levels cross with the velocity v: P = exp(−2πJ²/v) after a sweep from −∞ to ∞. At the distance x the states are mixed by the angle J/x, which at two ends changes P
    // by at most 2 √(P(1 − P)) · 2J/x ≤ 2J/x
    let (velocity, far) = (4.0, 40.0);
    let end = 2.0 * far / velocity;
    let sweep = Drive::new(&[0.0, end], &[-far, far], &[1.0, 1.0]).unwrap();
    let (occupied, books) = occupations(&pair(1.0, 1.0, sweep), &[end], 1e-9);
    let expected = (-TAU / velocity).exp();
    assert!(
        (occupied[0] - expected).abs() < 2.0 / far,
        "{} {expected}",
        occupied[0]
    );
    // from −x to x if it stayed, to 0 if it left; the contact adds at most J
    assert!((books.balances[0].work - far * (1.0 + occupied[0])).abs() <= 1.0);
    assert!(books.energy_residual < 1e-7 * far);
}

#[test]
fn the_work_of_a_quench_is_the_jump_of_the_mean() {
    let plain = beside_gibbs(&composite());
    let (run, tight) = (Run::default(), within(1e-13));
    let before = plain.evolve(&[0.0, 1.0], &tight, &run).unwrap();
    let before = entropy_production(&plain, &before).unwrap().balances;
    let quench = Drive::new(
        &[0.0, 0.0, 1.0, 1.0],
        &[1.0, 1.0, 1.0, -2.0],
        &[0.0, 1.0, 1.0, 1.0],
    )
    .unwrap();
    let driven = beside_gibbs(&composite().driven(quench));
    let evolution = driven.evolve(&[0.0, 0.9, 1.0, 3.0], &tight, &run).unwrap();
    let books = entropy_production(&driven, &evolution).unwrap();
    let work: Vec<f64> = books.balances.iter().map(|b| b.work).collect();
    // densities at both ends of the contact are known at t = 0, and interact
    let (first, second) = (before[0].contact_energy, -3.0 * before[1].system_energy);
    assert!(first.abs() > 0.01);
    for (found, expected) in work.iter().zip([first, first, first + second, first + second]) {
        assert!((found - expected).abs() < 1e-11, "{work:?}");
    }
    assert!((books.balances[2].system_energy + 2.0 * before[1].system_energy).abs() < 1e-11);
    assert!(books.energy_residual < 1e-11);
}

#[test]
fn beside_a_gibbs_bath_the_theorems_hold_under_any_drive() {
    let contact = beside_gibbs(&composite().driven(protocol()));
    let (run, options, spectrum) = (Run::default(), EvolutionOptions::default(), levels());
    let times = [0.4, 0.8, 1.3, 3.0];
    let evolution = contact.evolve(&times, &options, &run).unwrap();
    assert!(evolution.truncation < 2e-12 && evolution.norm_drift < 1e-12);
    let books = entropy_production(&contact, &evolution).unwrap();
    assert!(books.energy_residual < 1e-9, "{}", books.energy_residual);
    assert!(books.number_residual < 1e-11);
    assert!(books.balances.iter().all(|b| b.entropy_production > 0.0));
    assert!(books.balances[3].work.abs() > 0.1);
    for time in 0..times.len() {
        let exact = BathEnergies::Exact(&spectrum);
        let forward = Fluctuations::forward(&contact, &evolution, time, exact, &run).unwrap();
        let backward = Fluctuations::backward(&contact, &evolution, time, exact, &options, &run).unwrap();
        assert!((forward.exponential_average().unwrap() - 1.0).abs() < 1e-10);
        assert!((forward.mean() - books.balances[time].entropy_production).abs() < 1e-10);
        for u in [0.0, 0.4, 1.0].map(|x| Complex64::new(x, 0.3 * x)) {
            let mirrored = backward.generating_function(Complex64::I - u).unwrap();
            assert!((forward.generating_function(u).unwrap() - mirrored).norm() < 1e-10);
        }
    }
}

#[test]
fn once_the_contact_is_off_work_is_what_system_and_bath_gained() {
    let pulse = Drive::new(&[0.0, 0.6, 1.4, 2.0], &[1.0; 4], &[0.0, 1.0, 1.0, 0.0]).unwrap();
    let contact = beside_gibbs(&composite().driven(pulse));
    let evolution = contact
        .evolve(&[2.0, 5.0], &EvolutionOptions::default(), &Run::default())
        .unwrap();
    let books = entropy_production(&contact, &evolution).unwrap().balances;
    let energy = |s: usize| composite().system().diagonal(s as u64);
    let start: f64 = [0.4, 0.3, 0.2, 0.1]
        .iter()
        .enumerate()
        .map(|(s, p)| p * energy(s))
        .sum();
    for b in &books {
        assert_eq!(b.contact_energy, 0.0);
        assert!((b.work - (b.system_energy - start) - b.bath_energy_change).abs() < 1e-11);
    }
    // two parts that no longer touch exchange nothing
    assert!((books[0].heat - books[1].heat).abs() < 1e-10 && books[0].heat.abs() > 1e-3);
    assert!((books[0].entropy_production - books[1].entropy_production).abs() < 1e-10);
}

#[test]
fn an_even_drive_makes_past_and_future_alike() {
    let even = Drive::new(&[-1.0, 0.0, 1.0], &[2.0, 0.5, 2.0], &[0.2, 1.0, 0.2]).unwrap();
    let contact = beside_gibbs(&composite().driven(even));
    let times = [-1.5, 0.6, 1.5, -0.6];
    let evolution = contact.evolve(&times, &within(1e-11), &Run::default()).unwrap();
    let books = entropy_production(&contact, &evolution).unwrap();
    // H is real and so are the states at t = 0
    for (past, future) in [(0, 2), (3, 1)] {
        let (a, b) = (&books.balances[past], &books.balances[future]);
        assert!((a.work - b.work).abs() < 1e-9 && b.work.abs() > 1e-3);
        assert!((a.entropy_production - b.entropy_production).abs() < 1e-9);
    }
    assert!(books.energy_residual < 1e-8);
}

#[test]
fn drives_give_the_same_bits_on_any_number_of_threads() {
    let contact = beside_gibbs(&composite().driven(protocol()));
    let on = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        contact.evolve(&[1.2, 2.0], &within(1e-8), &run).unwrap()
    };
    assert_eq!(on(1), on(5));
}

#[test]
fn states_return_when_a_drive_is_run_backwards() {
    let composite = composite().driven(protocol());
    let system = SystemState::diagonal(&[0.4, 0.3, 0.2, 0.1]).unwrap();
    let bath = BathState::occupation(composite.bath(), 0b01101).unwrap();
    let error = |tolerance| {
        return_error(
            &composite,
            &system,
            &bath,
            2.0,
            &within(tolerance),
            &Run::default(),
        )
        .unwrap()
    };
    // twice the errors of the way there, which are told to be within the tolerance
    assert!(error(1e-11) < 2.2e-11);
    assert!(error(1e-6) > 1e-11, "steps of another tolerance are others");
}
