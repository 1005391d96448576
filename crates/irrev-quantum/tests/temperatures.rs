//! Matched temperatures put back into the ensembles they belong to, level by level.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_numerics::Run;
use irrev_quantum::Hamiltonian;
use irrev_quantum::bath::BathSpectrum;
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::temperature::{Matched, Matching, Reservoir, TemperatureSign, match_temperature};

fn energies(bath: &Hamiltonian) -> Vec<Vec<f64>> {
    let none = Symmetries::none(bath);
    let all = BathSpectrum::new(bath, 0..=bath.sites(), &none, Wanted::Levels, &Run::default());
    all.unwrap().all_energies().unwrap()
}

/// Mean energy and number at weights exp(−βE + αN), by plain sums from the largest weight.
fn means(levels: &[(f64, f64)], reservoir: Reservoir) -> (f64, f64) {
    let logit = |&(energy, number): &(f64, f64)| -reservoir.beta * energy + reservoir.alpha * number;
    let largest = levels.iter().map(logit).fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = levels
        .iter()
        .map(|level| (logit(level) - largest).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    let mean = |value: &dyn Fn(&(f64, f64)) -> f64| {
        weights
            .iter()
            .zip(levels)
            .map(|(w, level)| w * value(level))
            .sum::<f64>()
            / total
    };
    (mean(&|level| level.0), mean(&|level| level.1))
}

#[test]
fn every_level_has_a_temperature_or_a_name() {
    let chain = Lattice::chain(7, Boundary::Open).unwrap();
    let grid = Lattice::square([3, 3], [Boundary::Open; 2]).unwrap();
    for bath in [
        Hamiltonian::uniform(&chain, 1.0, 0.5, 1.0).unwrap(),
        Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0).unwrap(),
        Hamiltonian::uniform(&grid, -0.3, 4.0, -20.0).unwrap(),
        Hamiltonian::uniform(&chain, 1e-6, 1e-6, 1e-5).unwrap(),
    ] {
        let all = energies(&bath);
        let size = all.iter().flatten().fold(0.0_f64, |m, e| m.max(e.abs()));
        for (n, sector) in all.iter().enumerate() {
            for matching in [Matching::Grand, Matching::Sector, Matching::Fock] {
                let numbers = if matching == Matching::Sector {
                    n..=n
                } else {
                    0..=bath.sites()
                };
                let levels: Vec<(f64, f64)> = numbers
                    .flat_map(|m| all[m].iter().map(move |&e| (e, m as f64)))
                    .collect();
                for (a, &energy) in sector.iter().enumerate() {
                    let found = match_temperature(&all, n, energy, matching);
                    if sector.len() == 1 && matching == Matching::Sector {
                        assert!(found.is_err());
                        continue;
                    }
                    match found.unwrap() {
                        Matched::Finite(reservoir) => {
                            let (e, number) = means(&levels, reservoir);
                            assert!((e - energy).abs() < 1e-11 * size, "{matching:?} {n} {a}");
                            if matching == Matching::Grand {
                                assert!((number - n as f64).abs() < 1e-11, "{n} {a}");
                            } else {
                                assert_eq!(reservoir.alpha, 0.0);
                            }
                        }
                        Matched::Lowest => assert!(energy - sector[0] < 1e-9 * size),
                        Matched::Highest => assert!(sector[sector.len() - 1] - energy < 1e-9 * size),
                        Matched::Empty => assert_eq!(n, 0),
                        Matched::Full => assert_eq!(n, bath.sites()),
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    }
}

#[test]
fn high_levels_have_negative_temperatures() {
    let ring = Lattice::chain(6, Boundary::Periodic).unwrap();
    let all = energies(&Hamiltonian::uniform(&ring, 1.0, 0.0, 0.0).unwrap());
    let find = |energy| {
        let found = match_temperature(&all, 3, energy, Matching::Grand).unwrap();
        found.finite().unwrap()
    };
    // hopping on a bipartite ring at half filling: E and −E come in pairs, and α = 0
    let (low, high) = (find(-2.0), find(2.0));
    assert_eq!(
        (low.sign(), high.sign()),
        (TemperatureSign::Positive, TemperatureSign::Negative)
    );
    assert!((low.beta + high.beta).abs() < 1e-12 && low.alpha.abs() < 1e-12);
    let middle = Reservoir {
        beta: 0.0,
        alpha: 0.0,
    };
    assert_eq!(
        (middle.sign(), middle.chemical_potential()),
        (TemperatureSign::Infinite, None)
    );
}
