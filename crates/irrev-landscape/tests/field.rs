//! Fields on grids: values computed elsewhere (`data/models.json`), closed forms, and what holds on every grid.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::Error;
use irrev_landscape::axes::Axis;
use irrev_landscape::field::{GridField, attributed, split};
use irrev_numerics::Run;
use irrev_testing::assert_close;
use irrev_testing::reference::number;
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn the_mean_force_of_polar_coordinates_agrees() {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/models.json")).unwrap();
    let cases: Vec<&Value> = all
        .iter()
        .filter(|case| case["inputs"].get("r_interval").is_some())
        .collect();
    assert!(!cases.is_empty());
    for case in cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let of = |key: &str| number(&inputs["potential"][key]);
        let (a, k, d, b, kt) = (of("A"), of("k"), of("d"), of("b"), number(&inputs["kBT"]));
        let cartesian = |x: &[f64]| [x[0] * x[1].cos(), x[0] * x[1].sin()];
        let density = |x: &[f64]| {
            let [q, p] = cartesian(x);
            let v = a * (q * q - 1.0).powi(2) + d * q + 0.5 * k * (p - b * q * q).powi(2);
            x[0] * (-v / kt).exp()
        };
        let force = |x: &[f64], f: &mut [f64]| {
            let [q, p] = cartesian(x);
            let bent = k * (p - b * q * q);
            let (v1, v2) = (4.0 * a * q * (q * q - 1.0) + d - 2.0 * b * q * bent, bent);
            f[0] = kt / x[0] - (v1 * x[1].cos() + v2 * x[1].sin());
            f[1] = -(v2 * x[1].cos() - v1 * x[1].sin()) / x[0];
        };
        let ends = &inputs["r_interval"];
        let on = |n: usize| {
            let axes = [
                Axis::line(number(&ends[0]), number(&ends[1]), n).unwrap(),
                Axis::circle(0.0, std::f64::consts::TAU, n).unwrap(),
            ];
            split(
                &GridField::from_functions(&axes, density, force, &Run::default()).unwrap(),
                &[1.0, 1.0],
                &Run::default(),
            )
            .unwrap()
        };
        let (coarse, fine) = (on(80), on(160));
        for found in [&coarse, &fine] {
            assert!(
                (found.mean_square - found.mean_square_gradient - found.mean_square_flux).abs()
                    < 1e-11 * found.mean_square
            );
        }
        // on the finer grid as it is, and without its error of second order
        for (key, coarse, fine) in [
            ("<F^2>", coarse.mean_square, fine.mean_square),
            (
                "<|grad Vm|^2>",
                coarse.mean_square_gradient,
                fine.mean_square_gradient,
            ),
            ("<v^2>", coarse.mean_square_flux, fine.mean_square_flux),
        ] {
            assert_close(
                key,
                fine + (fine - coarse) / 3.0,
                number(&expected[key]),
                2e-3,
                0.0,
            );
            assert_close(key, fine, number(&expected[key]), 2e-3, 0.0);
        }
    }
}

#[test]
fn in_equilibrium_the_flux_is_metric_and_a_torque_adds_what_dissipates() {
    // F⁰ = ρ⁻¹ ∂(W ρ) with W = diag(1 + sin²x/2, 1) and ρ = e^{−V} on a torus; F = F⁰ + J/ρ with a divergence-free J
    let turn = std::f64::consts::TAU;
    let axes = [
        Axis::circle(0.0, turn, 48).unwrap(),
        Axis::circle(0.0, turn, 48).unwrap(),
    ];
    let v = |x: &[f64]| x[0].cos() * x[1].sin();
    let density = |x: &[f64]| (-v(x)).exp();
    let reversible = |x: &[f64], f: &mut [f64]| {
        let w = 1.0 + 0.5 * x[0].sin().powi(2);
        f[0] = x[0].sin() * x[0].cos() + w * x[0].sin() * x[1].sin();
        f[1] = -x[0].cos() * x[1].cos();
    };
    let driven = |x: &[f64], f: &mut [f64]| {
        reversible(x, f);
        f[0] += 0.3 / density(x);
    };
    let run = Run::default();
    let at_rest = GridField::from_functions(&axes, density, reversible, &run).unwrap();
    let moved = GridField::from_functions(&axes, density, driven, &run).unwrap();
    let found = attributed(&moved, &at_rest, &[1.0, 1.0], &run).unwrap();
    assert!(
        found.metric.mean_square_flux > 1e-3,
        "{}",
        found.metric.mean_square_flux
    );
    // J/ρ is a flux on the grid to second order, and ⟨|J/ρ|²⟩ = 0.09 ⟨1/ρ²⟩
    assert!(found.dissipative.mean_square_gradient < 1e-4 * found.dissipative.mean_square_flux);
    let sums = (found
        .whole
        .flux
        .iter()
        .zip(&found.metric.flux)
        .zip(&found.dissipative.flux))
    .map(|((w, m), d)| (w - m - d).abs());
    assert!(sums.fold(0.0, f64::max) < 1e-12);
    let none = attributed(&at_rest, &at_rest, &[1.0, 1.0], &run).unwrap();
    assert_eq!(none.dissipative.mean_square, 0.0);
    // a torque cannot be a gradient: its circulation says so
    let constant =
        GridField::from_functions(&axes, |_| 1.0, |_, f| f.copy_from_slice(&[0.5, 0.0]), &run).unwrap();
    let round = constant.circulation(0).unwrap();
    assert_eq!(round.len(), 48);
    assert!(round.iter().all(|c| (c - 0.5 * turn).abs() < 1e-12));
    assert!(constant.circulation(1).unwrap().iter().all(|c| *c == 0.0));
    let other = GridField::from_functions(&axes, |_| 1.0, reversible, &run).unwrap();
    assert!(matches!(
        attributed(&moved, &other, &[1.0, 1.0], &run),
        Err(Error::Unlike { .. })
    ));
}

#[test]
fn gaps_make_components_and_nothing_is_filled() {
    // two populated stretches of a line, and a lone node between them
    let axis = Axis::line(0.0, 8.0, 8).unwrap();
    let density = [1.0, 1.0, 1.0, f64::NAN, 1.0, 0.0, 2.0, 2.0, 2.0];
    let force: Vec<f64> = (0..9)
        .map(|k| if k == 3 { f64::NAN } else { -f64::from(k) })
        .collect();
    let field = GridField::from_nodes(&[axis], &density, &[force], &Run::default()).unwrap();
    let found = split(&field, &[1.0], &Run::default()).unwrap();
    let known = [
        Some(0),
        Some(0),
        Some(0),
        None,
        None,
        None,
        Some(1),
        Some(1),
        Some(1),
    ];
    assert_eq!(found.component, known);
    for (node, potential) in found.potential.iter().enumerate() {
        assert_eq!(potential.is_nan(), known[node].is_none());
    }
    // the trapezoid rule is exact for a linear force: V = x²/2 on each stretch
    assert!((found.potential[2] - found.potential[0] - 2.0).abs() < 1e-14);
    assert!((found.potential[8] - found.potential[6] - 14.0).abs() < 1e-13);
    assert!(found.mean_square_flux < 1e-25);
    let refused = |density: &[f64], force: f64| {
        GridField::from_nodes(&[axis], density, &[vec![force; 9]], &Run::default())
    };
    assert!(matches!(refused(&[0.0; 9], 1.0), Err(Error::Domain { .. })));
    assert!(matches!(refused(&[-1.0; 9], 1.0), Err(Error::Domain { .. })));
    assert!(matches!(refused(&[1.0; 9], f64::NAN), Err(Error::Domain { .. })));
    assert!(matches!(refused(&[1.0; 8], 1.0), Err(Error::Size { .. })));
    assert!(matches!(
        split(&field, &[0.0], &Run::default()),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        split(&field, &[1.0; 2], &Run::default()),
        Err(Error::Size { .. })
    ));
    assert!(matches!(field.circulation(1), Err(Error::NoCoordinate { .. })));
    assert!(field.circulation(0).unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn fluxes_are_orthogonal_to_gradients_and_do_not_depend_on_units(c in prop::collection::vec(-1.0..1.0_f64, 6), scale in 0.1..10.0_f64) {
        let run = Run::default();
        let field = |x: &[f64], f: &mut [f64]| {
            f[0] = c[0] + c[1] * x[1] + c[2] * x[0] * x[1];
            f[1] = c[3] * x[0] + c[4] * x[1] * x[1];
        };
        let density = |x: &[f64]| (c[5] * x[0] - x[1] * x[1]).exp();
        let axes = [Axis::line(-1.0, 1.0, 7).unwrap(), Axis::line(-1.5, 1.0, 6).unwrap()];
        let found = split(&GridField::from_functions(&axes, density, field, &run).unwrap(), &[1.0, 2.0], &run).unwrap();
        prop_assert!((found.mean_square - found.mean_square_gradient - found.mean_square_flux).abs() <= 1e-12 * found.mean_square);
        // the first coordinate in another unit: y = s x, so that F and A change with it
        let stretched = [Axis::line(-scale, scale, 7).unwrap(), axes[1]];
        let elsewhere = GridField::from_functions(
            &stretched,
            |y| density(&[y[0] / scale, y[1]]),
            |y, f| { field(&[y[0] / scale, y[1]], f); f[0] *= scale; },
            &run,
        ).unwrap();
        let again = split(&elsewhere, &[scale * scale, 2.0], &run).unwrap();
        prop_assert!((again.mean_square_flux - found.mean_square_flux).abs() <= 1e-11 * found.mean_square);
        for (a, b) in found.potential.iter().zip(&again.potential) {
            prop_assert!((a - b).abs() <= 1e-11);
        }
    }
}
