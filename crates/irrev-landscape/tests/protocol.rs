//! Protocols of least work against values computed elsewhere (`data/models.json`) and against each other.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::Error;
use irrev_landscape::protocol::{DisplacementProtocol, gaussian_ends, moved_trap, stiffened_trap};
use irrev_testing::assert_close;
use irrev_testing::reference::number;
use serde_json::Value;

/// A quantile function with a closed form: x = m + s ln(u/(1 − u)), the logistic distribution of mean m and variance (π s)²/3.
fn logistic(m: f64, s: f64) -> impl Fn(f64) -> f64 {
    move |u: f64| m + s * (u / (1.0 - u)).ln()
}

#[test]
fn closed_forms_agree() {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/models.json")).unwrap();
    let mut seen = 0;
    for case in all.iter().filter(|case| case["kind"] == "protocol") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let of = |key: &str| number(&inputs[key]);
        let close = |key: &str, found: f64| assert_close(key, found, number(&expected[key]), 1e-9, 1e-12);
        if inputs.get("lf").is_some() {
            let best = moved_trap(of("k"), of("lf"), of("tau"), of("mu")).unwrap();
            close("W", best.work);
            close("jump", best.jump);
            close("lam_slope", best.speed);
            close("mean_slope", best.speed);
        } else if inputs.get("kf").is_some() {
            let best = stiffened_trap(of("k0"), of("kf"), of("tau"), of("T"), of("mu")).unwrap();
            close("W", best.work);
            close("dF", best.free_energy_difference);
            close("Wdiss", best.work - best.free_energy_difference);
            close("s_f", best.standard_deviation.1);
            close("k_after_first_jump", best.inner_stiffness.0);
            close("k_before_last_jump", best.inner_stiffness.1);
        } else {
            let (t, mu, tau) = (of("T"), of("mu"), of("tau"));
            let best = gaussian_ends((of("m0"), of("s0")), (of("m1"), of("s1")), tau, t, mu).unwrap();
            close("W2sq", best.squared_distance);
            close("sigma_min", best.entropy_production);
            for (time, k, centre) in [
                (0.0, "k0", "center0"),
                (0.5 * tau, "k_mid", "center_mid"),
                (tau, "k1", "center1"),
            ] {
                let trap = best.at(time).unwrap();
                close(k, trap.stiffness);
                close(centre, trap.centre);
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn the_general_protocol_has_the_closed_form_where_one_end_is_the_other_scaled() {
    // logistic ends, scaled and shifted: the map is linear, v = ṁ + (x − m) ṡ/s, and p stays logistic
    let (t, mu, tau) = (0.7, 2.0, 1.5);
    let best = DisplacementProtocol::new(logistic(0.0, 1.0), logistic(2.0, 0.5), 4000, tau, t, mu).unwrap();
    // W₂² = Δm² + (Δs)² π²/3; the midpoint rule loses (1/n) ln² n at the logarithmic ends
    let exact = 4.0 + 0.25 * std::f64::consts::PI.powi(2) / 3.0;
    assert!((best.squared_distance() - exact).abs() < 5e-3);
    assert!((best.entropy_production() - best.squared_distance() / (mu * t * tau)).abs() < 1e-15);
    for time in [0.0, 0.6, tau] {
        let (m, s) = (2.0 * time / tau, 1.0 - 0.5 * time / tau);
        let (m_rate, s_rate) = (2.0 / tau, -0.5 / tau);
        let now = best.at(time).unwrap();
        let potential = |x: f64| {
            let y = (x - m) / s;
            let density = (-y).exp() / (s * (1.0 + (-y).exp()).powi(2));
            -t * density.ln() - (m_rate * (x - m) + 0.5 * s_rate * s * y * y) / mu
        };
        // away from the tails, where a step in u is a small step in x
        let middle = 400..3600;
        let shift = now.potential[2000] - potential(now.points[2000]);
        for k in middle {
            assert!(
                (now.potential[k] - potential(now.points[k]) - shift).abs() < 1e-5,
                "{time} {k}"
            );
        }
    }
}

#[test]
fn slow_protocols_are_free_and_bad_ones_refused() {
    for duration in [1e2, 1e4] {
        assert!(moved_trap(2.0, 1.0, duration, 1.0).unwrap().work < 1.01 / duration);
        let best = stiffened_trap(3.0, 0.5, duration, 0.4, 1.0).unwrap();
        let lost = best.work - best.free_energy_difference;
        // (Δs)²/(μτ) to leading order
        let least = ((0.4_f64 / 3.0).sqrt() - (0.4_f64 / 0.5).sqrt()).powi(2) / duration;
        assert!(lost > 0.0 && (lost / least - 1.0).abs() < 10.0 / duration);
    }
    // at once, the work is that of a sudden change: ½ (k₁ − k₀) T/k₀
    assert!((stiffened_trap(1.0, 4.0, 1e-12, 1.0, 1.0).unwrap().work - 1.5).abs() < 1e-10);
    assert!(matches!(
        moved_trap(0.0, 1.0, 1.0, 1.0),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        stiffened_trap(1.0, -1.0, 1.0, 1.0, 1.0),
        Err(Error::Domain { .. })
    ));
    let uniform = |u: f64| u;
    assert!(matches!(
        DisplacementProtocol::new(uniform, |_| 0.0, 10, 1.0, 1.0, 1.0),
        Err(Error::Edges { .. })
    ));
    assert!(matches!(
        DisplacementProtocol::new(uniform, uniform, 2, 1.0, 1.0, 1.0),
        Err(Error::Domain { .. })
    ));
    assert!(
        DisplacementProtocol::new(uniform, uniform, 9, 1.0, 1.0, 1.0)
            .unwrap()
            .at(1.1)
            .is_err()
    );
}
