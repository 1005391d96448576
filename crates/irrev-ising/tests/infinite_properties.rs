//! What holds for every infinite network.

use irrev_ising::ensemble::FieldLaw;
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use proptest::prelude::*;

fn fields() -> impl Strategy<Value = FieldLaw> {
    prop_oneof![
        (-2.0..2.0).prop_map(FieldLaw::Constant),
        (-2.0..2.0, 0.0..3.0).prop_map(|(low, width): (f64, f64)| FieldLaw::Uniform {
            low,
            high: low + width
        }),
        (-2.0..2.0, 0.0..1.5).prop_map(|(mean, spread)| FieldLaw::Gaussian { mean, spread }),
        Just(FieldLaw::Constant(0.0)),
    ]
}

fn networks() -> impl Strategy<Value = InfiniteNetwork> {
    // β over five decades
    (-2.5..2.5, -1.5..1.5, prop_oneof![Just(0.0), 0.0..2.0], fields()).prop_map(
        |(decade, mean_coupling, spread, fields): (f64, f64, f64, FieldLaw)| InfiniteNetwork {
            inverse_temperature: 10f64.powf(decade),
            mean_coupling,
            spread,
            fields,
        },
    )
}

fn mirrored(network: &InfiniteNetwork) -> InfiniteNetwork {
    let fields = match network.fields {
        FieldLaw::Constant(field) => FieldLaw::Constant(-field),
        FieldLaw::Uniform { low, high } => FieldLaw::Uniform {
            low: -high,
            high: -low,
        },
        FieldLaw::Gaussian { mean, spread } => FieldLaw::Gaussian { mean: -mean, spread },
        other => other,
    };
    InfiniteNetwork { fields, ..*network }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn stationary_states_obey_the_second_law_and_their_bounds(network in networks()) {
        let state = network.sequential(Branch::Up).unwrap();
        let order = &state.order;
        prop_assert!(order.residuals.0 < 1e-13 && order.residuals.1 < 1e-13, "{order:?}");
        prop_assert!(state.numerical_error < 1e-10, "{}", state.numerical_error);
        prop_assert!(order.entropy_production >= 0.0 && state.entropy_production_rate >= 0.0);
        // a spin forgets at most as fast as a free one
        prop_assert!(state.forgotten <= 0.5 * order.unfrozen * (1.0 + 1e-10));
        prop_assert!(order.overlap >= order.magnetization.powi(2) - 1e-12);
        prop_assert!(order.unfrozen >= order.gain * (1.0 - 1e-9) - 1e-300, "G(q) ≤ G(1): {order:?}");
        prop_assert!((-1e-15..=2f64.ln() + 1e-14).contains(&order.conditional_entropy));
        prop_assert!((0.0..=0.5 + 1e-13).contains(&state.flip_rate));
        // it is remembered at least as long as a free one, and until q is left
        let mut last = 1.0;
        for step in 0..12 {
            let lag = 0.5 * f64::from(step);
            let c = state.autocorrelation.at(lag);
            prop_assert!(c <= last + 1e-14 && c >= order.overlap - 1e-14);
            prop_assert!(c >= order.overlap + order.unfrozen * (-lag).exp() - 1e-13);
            last = c;
        }
    }

    #[test]
    fn turning_all_spins_and_fields_changes_the_sign_of_m_only(network in networks()) {
        let up = network.sequential(Branch::Up).unwrap();
        let down = mirrored(&network).sequential(Branch::Down).unwrap();
        // states at a fold lose half of the digits
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs()) / (1.0 - up.order.feedback).abs().min(1.0);
        prop_assert!(close(up.order.magnetization, -down.order.magnetization));
        prop_assert!(close(up.order.overlap, down.order.overlap));
        prop_assert!(close(up.order.entropy_production, down.order.entropy_production));
        prop_assert!(close(up.entropy_production_rate, down.entropy_production_rate));
    }

    #[test]
    fn energies_and_temperature_scale_together(network in networks(), scale in 0.1..10.0_f64) {
        let fields = match network.fields {
            FieldLaw::Constant(field) => FieldLaw::Constant(scale * field),
            FieldLaw::Uniform { low, high } => FieldLaw::Uniform { low: scale * low, high: scale * high },
            FieldLaw::Gaussian { mean, spread } => FieldLaw::Gaussian { mean: scale * mean, spread: scale * spread },
            other => other,
        };
        let scaled = InfiniteNetwork {
            inverse_temperature: network.inverse_temperature / scale,
            mean_coupling: network.mean_coupling * scale,
            spread: network.spread * scale,
            fields,
        };
        let (a, b) = (network.order_parameters(Branch::Up).unwrap(), scaled.order_parameters(Branch::Up).unwrap());
        let allowed = 1e-9 * (1.0 + a.entropy_production) / (1.0 - a.feedback).abs().min(1.0);
        prop_assert!((a.magnetization - b.magnetization).abs() < allowed);
        prop_assert!((a.entropy_production - b.entropy_production).abs() < allowed);
    }

    #[test]
    fn without_order_the_mean_coupling_does_not_matter(beta in 0.1..20.0_f64, spread in 0.8..2.0_f64, j0 in -1.0..1.0_f64) {
        let with = |mean_coupling| {
            let network = InfiniteNetwork { inverse_temperature: beta, mean_coupling, spread, fields: FieldLaw::Constant(0.0) };
            network.sequential(Branch::Up).unwrap()
        };
        let (a, b) = (with(0.0), with(j0));
        prop_assert_eq!(a.order.magnetization, 0.0);
        prop_assert_eq!(b.order.magnetization, 0.0);
        prop_assert_eq!(a.order.entropy_production, b.order.entropy_production);
        prop_assert_eq!(a.entropy_production_rate, b.entropy_production_rate);
    }

    #[test]
    fn solutions_alternate_between_stable_and_unstable(network in networks()) {
        let states = network.solutions().unwrap();
        prop_assert!(states.len() == 1 || states.len() == 3);
        for (place, state) in states.iter().enumerate() {
            prop_assert!(state.is_stable() == (place % 2 == 0) || (state.feedback - 1.0).abs() < 1e-6);
        }
        let largest = network.order_parameters(Branch::Up).unwrap();
        prop_assert_eq!(states.last().unwrap().magnetization, largest.magnetization);
    }
}
