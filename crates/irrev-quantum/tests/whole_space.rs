//! A composite against dense matrices in the space of all 2^L states, and the symmetries of what it computes.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, hermitian_eigen};
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::composite::{Composite, Contact, SystemState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::temperature::{Matching, Reservoir};
use irrev_quantum::thermodynamics::{
    BathEnergies, Fluctuations, ThermalContact, entropy_production, short_time_coefficient,
};
use irrev_quantum::{Bond, Complex64, Error, Hamiltonian};

/// H on all words.
fn dense(h: &Hamiltonian) -> Matrix<Complex64> {
    let size = 1 << h.sites();
    let mut matrix = Matrix::zeros(size, size);
    for word in 0..size {
        matrix[(word, word)] = h.diagonal(word as u64).into();
        for (reached, amplitude) in h.hops(word as u64) {
            matrix[(reached as usize, word)] += amplitude;
        }
    }
    matrix
}

/// f(H) for f of the energy.
fn function(h: &Matrix<Complex64>, f: impl Fn(f64) -> Complex64) -> Matrix<Complex64> {
    let found = hermitian_eigen(h).unwrap();
    let n = h.rows();
    Matrix::from_fn(n, n, |i, j| {
        (0..n)
            .map(|a| found.vectors[(i, a)] * f(found.values[a]) * found.vectors[(j, a)].conj())
            .sum()
    })
}

fn adjoint(a: &Matrix<Complex64>) -> Matrix<Complex64> {
    Matrix::from_fn(a.columns(), a.rows(), |i, j| a[(j, i)].conj())
}

fn trace(a: &Matrix<Complex64>) -> Complex64 {
    (0..a.rows()).map(|i| a[(i, i)]).sum()
}

/// x on the system (low bits) times y on the bath.
fn kronecker(x: &Matrix<Complex64>, y: &Matrix<Complex64>) -> Matrix<Complex64> {
    let m = x.rows();
    Matrix::from_fn(m * y.rows(), m * y.rows(), |i, j| {
        x[(i % m, j % m)] * y[(i / m, j / m)]
    })
}

/// Two sites with a complex hopping beside a chain of four, with both kinds of contacts.
fn two_and_four() -> Composite {
    let bond = |i, j, hopping: Complex64, interaction| Bond {
        i,
        j,
        hopping,
        interaction,
    };
    let system = Hamiltonian::new(&[0.7, -0.2], &[bond(0, 1, Complex64::new(0.4, 0.3), 0.5)]).unwrap();
    let chain = Lattice::chain(4, Boundary::Open).unwrap();
    let bath =
        Hamiltonian::on_lattice(&chain, &[1.0, 0.9, 1.2], &[0.3, 0.1, 0.6], &[1.0, 0.8, 0.9, 1.1]).unwrap();
    let contact = Contact {
        system: 0,
        bath: 1,
        hopping: Complex64::new(0.5, -0.2),
        interaction: 0.4,
    };
    Composite::new(&system, &bath, &[contact, Contact::hopping(1, 3, 0.8)]).unwrap()
}

/// A superposition of zero, one and two particles, mixed with another.
fn coherent() -> SystemState {
    let i = Complex64::I;
    let first = [0.5.into(), 0.5 * i, Complex64::ZERO, 0.5_f64.sqrt().into()];
    let second = [
        0.5.into(),
        0.5 * i,
        Complex64::ZERO,
        Complex64::from(-(0.5_f64.sqrt())),
    ];
    SystemState::new(&[0.7, 0.3], &[first.to_vec(), second.to_vec()]).unwrap()
}

fn all_levels(bath: &Hamiltonian) -> BathSpectrum {
    let none = Symmetries::none(bath);
    BathSpectrum::new(bath, 0..=bath.sites(), &none, Wanted::States, &Run::default()).unwrap()
}

fn tight() -> EvolutionOptions {
    EvolutionOptions {
        tolerance: 1e-14,
        ..EvolutionOptions::default()
    }
}

#[test]
fn a_superposition_of_particle_numbers_agrees_with_dense_matrices() {
    let (composite, state, run, t) = (two_and_four(), coherent(), Run::default(), 1.3);
    let spectrum = all_levels(composite.bath());
    let reservoir = Reservoir {
        beta: 0.4,
        alpha: -0.3,
    };
    let bath = BathState::eigenstate(&spectrum, 2, 3).unwrap();
    let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
    let evolution = contact.evolve(&[t], &tight(), &run).unwrap();
    let books = &entropy_production(&contact, &evolution).unwrap().balances[0];

    let whole = dense(composite.whole());
    let u = function(&whole, |e| Complex64::cis(-e * t));
    let mut vector = vec![Complex64::ZERO; 16];
    let words = (0..16_usize).filter(|word| word.count_ones() == 2);
    for (word, amplitude) in words.zip(&bath.members()[0].state) {
        vector[word] = *amplitude;
    }
    let rho_bath = Matrix::from_fn(16, 16, |i, j| vector[i] * vector[j].conj());
    let start = kronecker(&state.to_matrix(), &rho_bath);
    let rho = u.plain_product(&start).plain_product(&adjoint(&u));
    let reduced: Matrix<Complex64> =
        Matrix::from_fn(4, 4, |i, j| (0..16).map(|b| rho[(i + 4 * b, j + 4 * b)]).sum());
    let found = evolution.reduced(0).unwrap();
    for (x, y) in found.data().iter().zip(reduced.data()) {
        let difference: Complex64 = x - y;
        assert!(difference.norm() < 1e-13);
    }
    let (one_system, one_bath): (Matrix<Complex64>, Matrix<Complex64>) =
        (Matrix::identity(4), Matrix::identity(16));
    let h_system = kronecker(&dense(composite.system()), &one_bath);
    let h_bath = kronecker(&one_system, &dense(composite.bath()));
    let mean = |operator: &Matrix<Complex64>| trace(&rho.plain_product(operator)).re;
    assert!((books.system_energy - mean(&h_system)).abs() < 1e-12);
    assert!((books.bath_energy - mean(&h_bath)).abs() < 1e-12);
    let contact_energy = mean(&whole) - mean(&h_system) - mean(&h_bath);
    assert!((books.contact_energy - contact_energy).abs() < 1e-12);

    // ⟨e^{−σ}⟩ = Tr[(ρ_S(t) ⊗ K) U (Π_S(0) ⊗ |a⟩⟨a|) U†] with K = e^{−β(H_B − E) + α(N − N_a)}
    let number = Matrix::from_fn(16, 16, |i, j| {
        let n = f64::from((i as u32).count_ones()) - 2.0;
        Complex64::from(if i == j { (reservoir.alpha * n).exp() } else { 0.0 })
    });
    let energy = bath.members()[0].energy;
    let cooled = function(&dense(composite.bath()), |e| {
        (-reservoir.beta * (e - energy)).exp().into()
    });
    let support = Matrix::from_fn(4, 4, |i, j| {
        state.vectors().iter().map(|phi| phi[i] * phi[j].conj()).sum()
    });
    let evolved = u
        .plain_product(&kronecker(&support, &rho_bath))
        .plain_product(&adjoint(&u));
    let expected = trace(&kronecker(&reduced, &number.plain_product(&cooled)).plain_product(&evolved)).re;
    for energies in [
        BathEnergies::Exact(&spectrum),
        BathEnergies::MatrixFree { largest: 1.0 },
    ] {
        let found = Fluctuations::forward(&contact, &evolution, 0, energies, &run).unwrap();
        assert!((found.exponential_average().unwrap() - expected).abs() < 1e-12);
        assert!((found.mean() - books.entropy_production).abs() < 1e-12);
    }
}

#[test]
fn theorems_hold_for_a_coherent_system_beside_a_gibbs_bath() {
    let (composite, run) = (two_and_four(), Run::default());
    let spectrum = all_levels(composite.bath());
    let reservoir = Reservoir {
        beta: -0.5,
        alpha: 0.7,
    };
    let bath = BathState::gibbs(&spectrum, reservoir).unwrap();
    for state in [coherent(), coherent().regularised(0.1).unwrap()] {
        let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
        let evolution = contact.evolve(&[0.3, 4.0], &tight(), &run).unwrap();
        let books = entropy_production(&contact, &evolution).unwrap();
        for time in 0..2 {
            let exact = BathEnergies::Exact(&spectrum);
            let forward = Fluctuations::forward(&contact, &evolution, time, exact, &run).unwrap();
            let backward = Fluctuations::backward(&contact, &evolution, time, exact, &tight(), &run).unwrap();
            let sigma = books.balances[time].entropy_production;
            assert!(sigma > 0.0 && (forward.mean() - sigma).abs() < 1e-12);
            assert!((forward.exponential_average().unwrap() - backward.reached()).abs() < 1e-12);
            if state.rank() == 4 {
                assert!((forward.exponential_average().unwrap() - 1.0).abs() < 1e-12);
            } else {
                assert!(forward.exponential_average().unwrap() < 0.99);
            }
            let u = Complex64::new(0.6, 0.3);
            let mirrored = backward.generating_function(Complex64::I - u).unwrap();
            assert!((forward.generating_function(u).unwrap() - mirrored).norm() < 1e-12);
        }
    }
}

#[test]
fn entropy_production_beside_a_gibbs_bath_is_a_relative_entropy() {
    let (composite, run, t) = (two_and_four(), Run::default(), 0.9);
    let state = coherent().regularised(0.1).unwrap();
    let spectrum = all_levels(composite.bath());
    let reservoir = Reservoir {
        beta: 0.6,
        alpha: 0.2,
    };
    let bath = BathState::gibbs(&spectrum, reservoir).unwrap();
    let contact = ThermalContact::new(&composite, &state, &bath, reservoir).unwrap();
    let evolution = contact.evolve(&[t], &tight(), &run).unwrap();
    let sigma = entropy_production(&contact, &evolution).unwrap().balances[0].entropy_production;

    // D(ρ‖ρ_S ⊗ ρ_B) = Tr ρ ln ρ − Tr ρ ln(ρ_S ⊗ ρ_B) with dense logarithms
    let h = dense(composite.bath());
    let weights = Matrix::from_fn(16, 16, |i, j| {
        let number = if i == j {
            f64::from((i as u32).count_ones())
        } else {
            0.0
        };
        reservoir.alpha * number - reservoir.beta * h[(i, j)]
    });
    let gibbs = function(&weights, |x| x.exp().into());
    let partition = trace(&gibbs).re;
    let gibbs = gibbs.scaled((1.0 / partition).into());
    let u = function(&dense(composite.whole()), |e| Complex64::cis(-e * t));
    let start = kronecker(&state.to_matrix(), &gibbs);
    let rho = u.plain_product(&start).plain_product(&adjoint(&u));
    let product = kronecker(&evolution.reduced(0).unwrap(), &gibbs);
    let logarithm = |a: &Matrix<Complex64>| function(a, |p| p.ln().into());
    let mean = |a: &Matrix<Complex64>| trace(&rho.plain_product(a)).re;
    let divergence = mean(&logarithm(&rho)) - mean(&logarithm(&product));
    assert!(
        sigma > 0.0 && (sigma - divergence).abs() < 1e-12,
        "{sigma} {divergence}"
    );
}

/// σ and ⟨e^{−σ}⟩ of a site beside a grid of 3 × 3 with all site energies shifted.
fn shifted(by: f64, matching: Matching) -> (Reservoir, f64, f64) {
    let grid = Lattice::square([3, 3], [Boundary::Open; 2]).unwrap();
    let bath = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0 + by).unwrap();
    let site = Hamiltonian::new(&[1.0 + by], &[]).unwrap();
    let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 1.0)]).unwrap();
    let (spectrum, run) = (all_levels(&bath), Run::default());
    let state = BathState::eigenstate(&spectrum, 4, 46).unwrap();
    let reservoir = spectrum
        .temperature(4, state.mean_energy(), matching)
        .unwrap()
        .finite()
        .unwrap();
    let system = SystemState::diagonal(&[0.01, 0.99]).unwrap();
    let contact = ThermalContact::new(&composite, &system, &state, reservoir).unwrap();
    let evolution = contact.evolve(&[2.0], &tight(), &run).unwrap();
    let books = entropy_production(&contact, &evolution).unwrap();
    let free = BathEnergies::MatrixFree { largest: 1.0 };
    let forward = Fluctuations::forward(&contact, &evolution, 0, free, &run).unwrap();
    let sigma = books.balances[0].entropy_production;
    (reservoir, sigma, forward.exponential_average().unwrap())
}

#[test]
fn a_shift_of_all_energies_moves_only_the_chemical_potential() {
    let (before, sigma, average) = shifted(0.0, Matching::Grand);
    let (after, shifted_sigma, shifted_average) = shifted(0.8, Matching::Grand);
    assert!((after.beta - before.beta).abs() < 1e-11);
    assert!((after.alpha - before.alpha - 0.8 * before.beta).abs() < 1e-11);
    assert!((sigma - shifted_sigma).abs() < 1e-10 && (average - shifted_average).abs() < 1e-10);
    // with one number only, σ depends on where energies are counted from
    let [(_, one, _), (_, other, _)] = [0.0, 0.8].map(|by| shifted(by, Matching::Sector));
    assert!((one - other).abs() > 1e-3);
}

#[test]
fn numbers_of_threads_leave_no_trace() {
    let of = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        let found = run.install(|| shifted(0.3, Matching::Grand)).unwrap();
        (found.0.beta.to_bits(), found.1.to_bits(), found.2.to_bits())
    };
    assert_eq!(of(1), of(2));
    assert_eq!(of(1), of(5));
}

#[test]
fn an_index_inside_a_degenerate_level_is_refused_unless_a_symmetry_tells() {
    let grid = Lattice::square([3, 3], [Boundary::Open; 2]).unwrap();
    let bath = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0).unwrap();
    let (run, across) = (Run::default(), (0..9).map(|i| 2 - i % 3 + 3 * (i / 3)).collect());
    let along = (0..9).map(|i| i % 3 + 3 * (2 - i / 3)).collect();
    let symmetries = Symmetries::new(&bath, &[across, along]).unwrap();
    let spectrum = BathSpectrum::new(&bath, 4..=4, &symmetries, Wanted::States, &run).unwrap();
    let error = BathState::eigenstate(&spectrum, 4, 1).unwrap_err();
    assert!(matches!(error, Error::DegenerateLevel { index: 1, .. }));
    assert!(
        error.to_string().contains("block of lattice symmetries"),
        "{error}"
    );
    // the doublet is even in one direction and odd in the other
    let of = |label: &[usize]| BathState::eigenstate_of_block(&spectrum, 4, label, 0);
    let (one, other) = (of(&[0, 1]).unwrap(), of(&[1, 0]).unwrap());
    assert!((one.mean_energy() - other.mean_energy()).abs() < 1e-12);
    assert!(matches!(
        BathState::eigenstate(&spectrum, 4, 126),
        Err(Error::NoLevel { levels: 126, .. })
    ));
    assert!(matches!(
        BathState::eigenstate(&spectrum, 3, 0),
        Err(Error::MissingSector { particles: 3 })
    ));
}

/// A site beside a chain of four; the hopping between them may be complex.
fn site_and_chain(hopping: Complex64) -> (ThermalContact, BathSpectrum) {
    let bath = Hamiltonian::uniform(&Lattice::chain(4, Boundary::Open).unwrap(), 1.0, 0.5, 1.0).unwrap();
    let contact = Contact {
        hopping,
        ..Contact::hopping(0, 0, 1.0)
    };
    let composite = Composite::new(&Hamiltonian::new(&[1.0], &[]).unwrap(), &bath, &[contact]).unwrap();
    let spectrum = all_levels(&bath);
    let state = BathState::eigenstate(&spectrum, 2, 3).unwrap();
    let reservoir = Reservoir {
        beta: 0.3,
        alpha: 0.2,
    };
    let system = SystemState::diagonal(&[0.1, 0.9]).unwrap();
    (
        ThermalContact::new(&composite, &system, &state, reservoir).unwrap(),
        spectrum,
    )
}

#[test]
fn energies_measured_without_diagonalisation_say_no_more_than_they_know() {
    let (contact, spectrum) = site_and_chain(Complex64::new(0.8, 0.0));
    let run = Run::default();
    let evolution = contact.evolve(&[1.0], &tight(), &run).unwrap();
    let of = |energies| Fluctuations::forward(&contact, &evolution, 0, energies, &run).unwrap();
    let (exact, free) = (
        of(BathEnergies::Exact(&spectrum)),
        of(BathEnergies::MatrixFree { largest: 0.5 }),
    );
    let inside = Complex64::new(0.3, 0.4);
    let difference = free.generating_function(inside).unwrap() - exact.generating_function(inside).unwrap();
    assert!(difference.norm() < 1e-12);
    assert!((free.mean() - exact.mean()).abs() < 1e-12);
    let beyond = free.exponential_average().unwrap_err();
    assert!(matches!(beyond, Error::Domain { what: "|u|", .. }), "{beyond}");
    assert!(matches!(free.distribution(), Err(Error::NoOutcomes)));
    assert!(exact.distribution().unwrap().outcomes.len() > 1);
    assert!(exact.generating_function(Complex64::new(f64::NAN, 0.0)).is_err());
}

#[test]
fn the_law_of_short_times_is_refused_for_complex_hoppings() {
    let run = Run::default();
    let (real, _) = site_and_chain(Complex64::new(0.8, 0.0));
    assert!(short_time_coefficient(&real, &run).unwrap().is_finite());
    let (complex, _) = site_and_chain(Complex64::new(0.0, 0.8));
    let refusal = short_time_coefficient(&complex, &run).unwrap_err();
    assert!(refusal.to_string().contains("complex hoppings"), "{refusal}");
}
