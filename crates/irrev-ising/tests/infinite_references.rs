//! Infinite networks against reference values that were computed on other grids, in another language, and checked by simulation.

#![allow(clippy::unwrap_used, clippy::panic)]

use crate::reference_cases::number;
use irrev_ising::ensemble::FieldLaw;
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    crate::reference_cases::cases(include_str!("data/infinite.json"), kind)
}

fn fields(law: &Value) -> FieldLaw {
    match law[0].as_str().unwrap() {
        "const" => FieldLaw::Constant(number(&law[1])),
        "uniform" => FieldLaw::Uniform {
            low: number(&law[1]),
            high: number(&law[2]),
        },
        other => panic!("unknown law of fields {other}"),
    }
}

fn network(inputs: &Value) -> InfiniteNetwork {
    InfiniteNetwork {
        inverse_temperature: inputs.get("beta").map_or(1.0, number),
        mean_coupling: number(&inputs["J0"]),
        spread: number(&inputs["delta_J"]),
        fields: fields(&inputs["field"]),
    }
}

#[test]
fn stationary_states_agree_with_the_reference() {
    let cases = cases("sk");
    assert_eq!(cases.len(), 24);
    for case in cases {
        let state = network(&case["inputs"]).sequential(Branch::Up).unwrap();
        let order = &state.order;
        let found = [
            ("m", order.magnetization),
            ("q", order.overlap),
            ("k", order.gain),
            ("S_cond", order.conditional_entropy),
            ("EP_sync", order.entropy_production),
            ("S_rev", order.reversed_entropy),
            ("EP_async", state.entropy_production_rate),
            ("overlap_1mC", state.forgotten),
            ("C_slope0", -2.0 * state.flip_rate),
        ];
        // the reference is given to 1e-8 and was computed to about 1e-13
        for (name, value) in found {
            let expected = number(&case["expected"][name]);
            assert!(
                (value - expected).abs() < 1e-11,
                "{} {name}: {value} {expected}",
                case["id"]
            );
        }
        assert!(
            state.numerical_error < 1e-12,
            "{} {:e}",
            case["id"],
            state.numerical_error
        );
    }
}

#[test]
fn critical_temperatures_agree_with_the_reference() {
    let cases = cases("crit");
    assert_eq!(cases.len(), 11);
    for case in cases {
        let found = network(&case["inputs"]).critical_inverse_temperature().unwrap();
        match case["expected"]["beta_c"].as_f64() {
            None => assert_eq!(found, None, "{}", case["id"]),
            // bisection on another quadrature: 1e-9 is promised
            Some(expected) => assert!(
                (found.unwrap() / expected - 1.0).abs() < 1e-11,
                "{} {found:?}",
                case["id"]
            ),
        }
    }
}
