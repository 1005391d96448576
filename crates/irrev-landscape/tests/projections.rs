//! Landscapes of two-dimensional systems whose ρ, w and a are integrals over level sets, against values computed elsewhere (`data/references.json`).

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::Error;
use irrev_landscape::grid::Component;
use irrev_landscape::landscape::{Jacobian, Kind, Profile, Surfaces, barrier, wells};
use irrev_landscape::projection::{LevelSets, PlanarSystem};
use irrev_testing::reference::{self, number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    reference::cases(include_str!("data/references.json"), kind)
}

/// V = A (q₁² − 1)² + d q₁ + k (q₂ − b q₁²)²/2 at a temperature, beyond 4.5 negligible in every case.
fn system(inputs: &Value) -> PlanarSystem<'static> {
    let of = |key: &str| number(&inputs["potential"][key]);
    let (a, k, d, b) = (of("A"), of("k"), of("d"), of("b"));
    PlanarSystem::new(
        move |[x, y]| a * (x * x - 1.0).powi(2) + d * x + 0.5 * k * (y - b * x * x).powi(2),
        move |[x, y]| {
            let bent = k * (y - b * x * x);
            [4.0 * a * x * (x * x - 1.0) + d - 2.0 * b * x * bent, bent]
        },
        number(&inputs["kBT"]),
        4.5,
    )
    .unwrap()
}

fn coordinate(inputs: &Value) -> LevelSets<'static> {
    let of = |key: &str| number(&inputs["coordinate"][key]);
    match inputs["coordinate"]["R"].as_str().unwrap() {
        "cx*q1+cy*q2" => LevelSets::linear([of("cx"), of("cy")]).unwrap(),
        "sqrt((q1-ax)^2+(q2-ay)^2)" => LevelSets::distance([of("ax"), of("ay")]),
        "|q-(-f,0)| - |q-(f,0)|" => LevelSets::difference_of_distances(of("f")).unwrap(),
        "c*nu, q1=f cosh(mu)cos(nu), q2=f sinh(mu)sin(nu)" => {
            LevelSets::elliptic_angle(of("f"), of("c")).unwrap()
        }
        other => panic!("{other}"),
    }
}

/// The profile at 4001 points of an interval and some more.
fn profile(system: &PlanarSystem<'_>, coordinate: &LevelSets<'_>, interval: &[f64], more: &[f64]) -> Profile {
    let uniform = (0..=4000).map(|k| interval[0] + (interval[1] - interval[0]) * f64::from(k) / 4000.0);
    let mut points: Vec<f64> = uniform
        .filter(|r| more.iter().all(|other| (r - other).abs() > 1e-9))
        .collect();
    points.extend(more);
    points.sort_by(f64::total_cmp);
    system.profile(coordinate, &points).unwrap()
}

fn surfaces(profile: &Profile, kt: f64) -> Surfaces {
    let n = profile.points.len();
    let whole = Component {
        cells: (0..n).collect(),
        closed: false,
    };
    Surfaces::new(profile, &[(whole, 0)], None, kt, Jacobian::Kept).unwrap()
}

#[test]
fn projections_agree() {
    for case in cases("proj") {
        let (id, inputs, expected) = (case["id"].as_str().unwrap(), &case["inputs"], &case["expected"]);
        let system = system(inputs);
        let (interval, grid) = (numbers(&inputs["interval"]), numbers(&inputs["grid_points_r"]));
        let profile = profile(&system, &coordinate(inputs), &interval, &grid);
        let found = surfaces(&profile, system.temperature());
        let places: Vec<usize> = grid
            .iter()
            .map(|r| profile.points.iter().position(|x| x == r).unwrap())
            .collect();
        let at = |values: &[f64]| -> Vec<f64> { places.iter().map(|k| values[*k]).collect() };
        assert_all_close(id, &at(&profile.density), &numbers(&expected["rho"]), 1e-8, 1e-9);
        assert_all_close(
            id,
            &at(&profile.mean_square_velocity),
            &numbers(&expected["mean_square_velocity"]),
            1e-8,
            1e-9,
        );
        let a = numbers(&expected["mean_acceleration"]);
        let largest = a.iter().fold(0.0, |most: f64, a| most.max(a.abs()));
        assert_all_close(id, &at(&profile.mean_acceleration), &a, 0.0, 1e-7 * largest);
        for (key, landscape) in [
            ("G", &found.free_energy),
            ("Vm", &found.mean_force_potential),
            ("Vstar", &found.normalised_mean_force_potential),
        ] {
            let values = at(landscape);
            let from_first: Vec<f64> = values.iter().map(|v| v - values[0]).collect();
            assert_all_close(
                &format!("{id} {key}"),
                &from_first,
                &numbers(&expected[key]),
                0.0,
                1e-6,
            );
        }
        let difference = found
            .free_energy
            .iter()
            .zip(&found.mean_force_potential)
            .map(|(g, v)| (g - v).abs());
        assert_close(
            id,
            difference.fold(0.0, f64::max),
            number(&expected["max_abs_G_minus_Vm_on_interval"]),
            0.0,
            1e-6,
        );
        let metric = profile
            .mean_square_velocity
            .iter()
            .map(|w| w / system.temperature());
        let range = metric.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), w| {
            (low.min(w), high.max(w))
        });
        assert_all_close(
            id,
            &[range.0, range.1],
            &numbers(&expected["w_over_kT_range_on_interval"]),
            0.0,
            1e-6,
        );
        let negative: Vec<f64> = profile.density.iter().map(|rho| -rho).collect();
        let interior = wells(&negative, 0.0)
            .into_iter()
            .filter(|well| well.place > 0 && well.place + 1 < negative.len());
        let peaks: Vec<f64> = interior.map(|well| profile.points[well.place]).collect();
        assert_all_close(id, &peaks, &numbers(&expected["peaks_of_rho"]), 0.0, 1e-3);
    }
}

#[test]
fn barriers_agree() {
    for case in cases("barrier") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let system = system(inputs);
        let profile = profile(
            &system,
            &coordinate(inputs),
            &numbers(&inputs["search_interval"]),
            &[],
        );
        let found = surfaces(&profile, system.temperature());
        for (key, kind) in [
            ("G", Kind::FreeEnergy),
            ("Vm", Kind::MeanForcePotential),
            ("Vstar", Kind::NormalisedMeanForcePotential),
        ] {
            let (found, expected) = (
                barrier(&profile.points, found.of_kind(kind)).unwrap(),
                &expected[key],
            );
            assert_close(key, found.top, number(&expected["r_top"]), 0.0, 2e-3);
            assert_close(
                key,
                found.from_left,
                number(&expected["barrier_from_left"]),
                0.0,
                1e-5,
            );
            assert_close(
                key,
                found.from_right,
                number(&expected["barrier_from_right"]),
                0.0,
                1e-5,
            );
        }
    }
}

#[test]
fn a_coordinate_that_is_not_weighted_by_mass_agrees() {
    for case in cases("mass") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let (a, m, kt) = (number(&inputs["A"]), number(&inputs["m"]), number(&inputs["kBT"]));
        let points: Vec<f64> = (-1500..=1500).map(|k| f64::from(k) / 1000.0).collect();
        let profile = Profile {
            density: points
                .iter()
                .map(|x| (-a * (x * x - 1.0).powi(2) / kt).exp())
                .collect(),
            mean_square_velocity: vec![kt / m; points.len()],
            mean_acceleration: points.iter().map(|x| -4.0 * a * x * (x * x - 1.0) / m).collect(),
            points,
        };
        assert_close(
            "w",
            profile.mean_square_velocity[0],
            number(&expected["mean_square_velocity"]),
            0.0,
            1e-12,
        );
        let found = surfaces(&profile, kt);
        // the force is a cubic, for which the integral is exact; the wells lie on points, and the parabolas there take no account of the fourth derivative:
        // 24 Δ⁴/24 at most
        for (key, kind) in [
            ("G_barrier", Kind::FreeEnergy),
            ("Vm_barrier", Kind::MeanForcePotential),
            ("Vstar_barrier", Kind::NormalisedMeanForcePotential),
        ] {
            let barrier = barrier(&profile.points, found.of_kind(kind)).unwrap();
            assert_close(key, barrier.from_left, number(&expected[key]), 0.0, 5e-12);
        }
        let at = |x: f64| profile.points.iter().position(|p| *p == x).unwrap();
        let height = |kind: Kind| found.of_kind(kind)[at(0.0)] - found.of_kind(kind)[at(-1.0)];
        assert_close(
            "G",
            height(Kind::FreeEnergy),
            number(&expected["G_barrier"]),
            0.0,
            1e-12,
        );
        assert_close(
            "V_m",
            height(Kind::MeanForcePotential),
            number(&expected["Vm_barrier"]),
            0.0,
            1e-12,
        );
        assert_close(
            "V*",
            height(Kind::NormalisedMeanForcePotential),
            number(&expected["Vstar_barrier"]),
            0.0,
            1e-12,
        );
    }
}

#[test]
fn the_identity_of_ching_holds_for_oblique_and_curved_coordinates_in_a_bent_well() {
    let bent = serde_json::json!({"potential": {"A": 1.0, "k": 3.0, "d": 0.2, "b": 0.5}, "kBT": 0.5});
    let system = system(&bent);
    let coordinates = [
        LevelSets::linear([0.3, -1.7]).unwrap(),
        LevelSets::distance([0.4, -0.3]),
        LevelSets::difference_of_distances(0.9).unwrap(),
        LevelSets::elliptic_angle(0.9, 1.3).unwrap(),
        LevelSets::parabola(-0.6).unwrap(),
    ];
    for sets in &coordinates {
        let h = 1e-3;
        for r in [0.5, 0.9] {
            let points: Vec<f64> = (-2..=2).map(|k| r + h * f64::from(k)).collect();
            let found = system.profile(sets, &points).unwrap();
            let u: Vec<f64> = (0..5)
                .map(|k| found.mean_square_velocity[k] * found.density[k])
                .collect();
            let slope = (u[0] - 8.0 * u[1] + 8.0 * u[3] - u[4]) / (12.0 * h);
            let expected = found.mean_acceleration[2] * found.density[2];
            // 1e-12 of rounding over h, and h⁴/30 of a fifth derivative
            assert!(
                (slope - expected).abs() < 1e-8 * (1.0 + expected.abs()),
                "{sets:?} {r}: {slope} {expected}"
            );
        }
    }
}

#[test]
fn values_that_do_not_occur_are_refused() {
    let trap = PlanarSystem::new(|q| 0.5 * (q[0] * q[0] + q[1] * q[1]), |q| q, 1.0, 9.0).unwrap();
    let domain = |sets: &LevelSets<'_>, points: &[f64]| {
        matches!(trap.profile(sets, points), Err(Error::Domain { .. }))
    };
    assert!(domain(&LevelSets::distance([0.0, 0.0]), &[0.0]));
    assert!(domain(&LevelSets::difference_of_distances(1.0).unwrap(), &[2.0]));
    assert!(domain(&LevelSets::elliptic_angle(1.0, 1.0).unwrap(), &[3.2]));
    assert!(domain(&LevelSets::distance([0.0, 0.0]), &[1e3]));
    assert!(matches!(
        trap.profile(&LevelSets::distance([0.0, 0.0]), &[1.0, 1.0]),
        Err(Error::Edges { .. })
    ));
    assert!(LevelSets::linear([0.0, 0.0]).is_err() && LevelSets::parabola(f64::NAN).is_err());
    assert!(
        LevelSets::elliptic_angle(0.0, 1.0).is_err() && LevelSets::difference_of_distances(-1.0).is_err()
    );
    assert!(PlanarSystem::new(|_| 0.0, |q| q, 0.0, 1.0).is_err());
    assert!(PlanarSystem::new(|_| f64::NAN, |q| q, 1.0, 1.0).is_err());
}

/// The lines of a grid cut level sets as charts integrate over them; masses are scales of coordinates, and an angle may jump.
#[test]
fn lines_of_a_grid_agree_with_charts_and_closed_forms() {
    use irrev_landscape::axes::Axis;
    use irrev_landscape::projection::{CoordinateFunction, GridSystem};
    use irrev_numerics::Run;
    let run = Run::default();
    // the angle about the origin of a trap that is steeper along y, away from its cut
    let axis = Axis::line(-6.0, 6.0, 400).unwrap();
    let (k, l, t) = (1.0, 2.5, 0.7);
    let trap = |masses: &[f64]| {
        GridSystem::new(
            &[axis, axis],
            move |q| 0.5 * (k * q[0] * q[0] + l * q[1] * q[1]),
            move |q, g| g.copy_from_slice(&[k * q[0], l * q[1]]),
            t,
            masses,
            &run,
        )
        .unwrap()
    };
    let square = |q: &[f64]| q[0] * q[0] + q[1] * q[1];
    let angle = CoordinateFunction::new(
        |q| q[1].atan2(q[0]),
        move |q, g| g.copy_from_slice(&[-q[1] / square(q), q[0] / square(q)]),
        move |q, s| {
            let twice = 2.0 * q[0] * q[1] / square(q).powi(2);
            s.copy_from_slice(&[twice, -twice]);
        },
    );
    let points = [-2.3, -2.0, -0.5, 0.4, 1.3, 2.3];
    let found = trap(&[1.0, 1.0]).profile(&angle, &points, &run).unwrap();
    for (density, phi) in found.density.iter().zip(points) {
        // ∫ e^{−κ r²/2T} r dr = T/κ with κ = k cos² φ + l sin² φ
        let kappa = k * phi.cos().powi(2) + l * phi.sin().powi(2);
        let exact = (k * l).sqrt() / (std::f64::consts::TAU * kappa);
        assert!((density / exact - 1.0).abs() < 2e-3, "{phi} {density} {exact}");
    }
    // with masses m the motion is that of √m q at masses of 1
    let (m, n) = (2.0, 0.5);
    let linear = |a: f64, b: f64| {
        CoordinateFunction::new(
            move |q| a * q[0] + b * q[1],
            move |_, g| g.copy_from_slice(&[a, b]),
            |_, s| s.fill(0.0),
        )
    };
    let heavy = trap(&[m, n])
        .profile(&linear(0.6, 0.8), &[-1.0, 0.2, 0.9], &run)
        .unwrap();
    let variance = t * (0.36 / k + 0.64 / l);
    for ((r, density), w) in heavy
        .points
        .iter()
        .zip(&heavy.density)
        .zip(&heavy.mean_square_velocity)
    {
        let exact = (-0.5 * r * r / variance).exp() / (std::f64::consts::TAU * variance).sqrt();
        assert!((density / exact - 1.0).abs() < 1e-9, "{r} {density} {exact}");
        assert!((w - t * (0.36 / m + 0.64 / n)).abs() < 1e-12);
    }
    // a level that does not occur is refused
    assert!(
        trap(&[1.0, 1.0])
            .profile(&linear(0.6, 0.8), &[100.0], &run)
            .is_err()
    );
}
