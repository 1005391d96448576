//! The deviation from the fluctuation theorem, split at a cut of the bath.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::composite::{Composite, Contact, SystemState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::temperature::Matching;
use irrev_quantum::thermodynamics::{BathEnergies, Fluctuations, ThermalContact, deviation};
use irrev_quantum::{Error, Hamiltonian};

/// A site at the end of a chain of eight in an eigenstate.
fn contacts(populations: &[f64]) -> (ThermalContact, BathSpectrum) {
    let run = Run::default();
    let chain = Lattice::chain(8, Boundary::Open).unwrap();
    let bath = Hamiltonian::on_lattice(
        &chain,
        &[1.0; 7],
        &[0.7; 7],
        &[1.0, 1.0, 1.2, 1.0, 0.9, 1.0, 1.0, 1.1],
    )
    .unwrap();
    let site = Hamiltonian::new(&[1.0], &[]).unwrap();
    let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 0.8)]).unwrap();
    let spectrum = BathSpectrum::new(&bath, 0..=8, &Symmetries::none(&bath), Wanted::States, &run).unwrap();
    let state = BathState::eigenstate(&spectrum, 4, 20).unwrap();
    let matched = spectrum
        .temperature(4, state.mean_energy(), Matching::Grand)
        .unwrap();
    let reservoir = matched.finite().unwrap();
    let system = SystemState::diagonal(populations).unwrap();
    (
        ThermalContact::new(&composite, &system, &state, reservoir).unwrap(),
        spectrum,
    )
}

#[test]
fn the_whole_is_the_departure_of_the_exponential_average() {
    let (run, options) = (Run::default(), EvolutionOptions::default());
    for populations in [[0.2, 0.8], [0.0, 1.0]] {
        let (contact, spectrum) = contacts(&populations);
        let all: Vec<usize> = (0..8).collect();
        let found = deviation(&contact, &spectrum, &all, 2.0, &options, &run).unwrap();
        // nothing is cut
        assert_eq!((found.thermalisation, found.finite_size), (found.total, 0.0));
        let evolution = contact.evolve(&[2.0], &options, &run).unwrap();
        let exact = BathEnergies::Exact(&spectrum);
        let average = Fluctuations::forward(&contact, &evolution, 0, exact, &run)
            .unwrap()
            .exponential_average()
            .unwrap();
        // beside a Gibbs bath with the q_l of this one the average is 1 for a state of full rank, whatever they are
        if populations[0] > 0.0 {
            assert!(
                (found.total - (average - 1.0)).abs() < 1e-11,
                "{found:?} {average}"
            );
        } else {
            let exact = BathEnergies::Exact(&spectrum);
            let gibbs = BathState::gibbs(&spectrum, contact.reservoir()).unwrap();
            let thermal =
                ThermalContact::new(contact.composite(), contact.system(), &gibbs, contact.reservoir());
            let thermal = thermal.unwrap();
            // λ depends on the q_l by little only, and is what is missing to 1 beside the Gibbs state
            let evolution = thermal.evolve(&[2.0], &options, &run).unwrap();
            let reached = Fluctuations::backward(&thermal, &evolution, 0, exact, &options, &run)
                .unwrap()
                .reached();
            assert!(
                reached < 0.99 && (average - found.total - reached).abs() < 0.1,
                "{reached} {found:?}"
            );
        }
    }
}

#[test]
fn the_far_part_comes_with_time_and_goes_with_the_radius() {
    let (contact, spectrum) = contacts(&[0.2, 0.8]);
    let at = |radius: usize, time: f64| {
        let near = contact.composite().bath_sites_within(radius).unwrap();
        let found = deviation(
            &contact,
            &spectrum,
            &near,
            time,
            &EvolutionOptions::default(),
            &Run::default(),
        )
        .unwrap();
        assert!((found.total - found.thermalisation - found.finite_size).abs() < 1e-15);
        found
    };
    // a front moves at 2J: with four bonds kept it is at the cut at t = 2
    let (early, late) = (at(4, 0.3), at(4, 4.0));
    assert!(early.finite_size.abs() < 1e-2 * early.total.abs(), "{early:?}");
    assert!(
        late.finite_size.abs() > 10.0 * early.finite_size.abs(),
        "{early:?} {late:?}"
    );
    let narrow = at(1, 0.8);
    let wide = at(5, 0.8);
    assert!(
        wide.finite_size.abs() < 0.1 * narrow.finite_size.abs(),
        "{narrow:?} {wide:?}"
    );
}

#[test]
fn a_spectrum_of_another_bath_is_refused() {
    let (contact, _) = contacts(&[0.2, 0.8]);
    let other = Hamiltonian::new(&[0.0; 8], &[]).unwrap();
    let run = Run::default();
    let spectrum = BathSpectrum::new(&other, 0..=8, &Symmetries::none(&other), Wanted::States, &run).unwrap();
    let refused = deviation(&contact, &spectrum, &[0], 1.0, &EvolutionOptions::default(), &run);
    assert_eq!(refused, Err(Error::OtherBath));
}
