//! How much finite networks differ from draw to draw, against simulations.

use irrev_ising::ensemble::{CouplingLaw, FieldLaw};
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use irrev_ising::simulation::{EnsembleOptions, Observable, Sampling, ensemble_average};
use irrev_numerics::Run;

/// Variance over draws less that of the thermal error.
fn simulated_spread(network: &InfiniteNetwork, spins: usize, draws: usize, observable: Observable) -> f64 {
    let options = EnsembleOptions {
        couplings: CouplingLaw::Gaussian {
            mean: network.mean_coupling,
            spread: network.spread,
            symmetry: 0.0,
        },
        fields: network.fields,
        inverse_temperature: network.inverse_temperature,
        draws,
        sampling: Sampling {
            replicas: 128,
            burn_in: 60,
            measured: 600,
            every: 2,
            ..Sampling::default()
        },
        ..EnsembleOptions::default()
    };
    let found = ensemble_average(spins, &options, &Run::default()).unwrap();
    let n = draws as f64;
    let total = found.get(observable).standard_error.powi(2) * n;
    let thermal = found.thermal_error(observable).powi(2) * n;
    (total - thermal).max(0.0).sqrt()
}

#[test]
fn draws_spread_as_told_with_and_without_order() {
    // a variance of 48 draws is right to a relative √(2/47) = 0.21, its root to 0.10: 5 σ are a factor of 1.5 to either side, which the next order in 1/N (relative
    // 10/N and less) does not exhaust; false alarm 6e-7 for each of three numbers
    const SPINS: usize = 128;
    for (beta, fields, observables) in [
        (0.8, FieldLaw::Constant(0.0), &[Observable::EntropyProduction][..]),
        (
            1.5,
            FieldLaw::Constant(0.4),
            &[Observable::EntropyProduction, Observable::Magnetization][..],
        ),
    ] {
        let network = InfiniteNetwork {
            inverse_temperature: beta,
            mean_coupling: 1.0,
            spread: 0.5,
            fields,
        };
        let told = network.draw_spread(SPINS, Branch::Up).unwrap();
        for observable in observables {
            let told = match observable {
                Observable::Magnetization => told.magnetization,
                _ => told.entropy_production,
            };
            let found = simulated_spread(&network, SPINS, 48, *observable);
            assert!(
                (found / told).ln().abs() < 1.5_f64.ln(),
                "β={beta} {observable:?}: {found} {told}"
            );
        }
    }
}

#[test]
fn a_spread_without_meaning_is_refused() {
    let network = InfiniteNetwork {
        inverse_temperature: 1.0,
        mean_coupling: 1.0,
        spread: 0.5,
        fields: FieldLaw::Constant(0.0),
    };
    assert!(network.draw_spread(0, Branch::Up).is_err());
    assert!(
        network
            .at_inverse_temperature(f64::INFINITY)
            .draw_spread(10, Branch::Up)
            .is_err()
    );
}
