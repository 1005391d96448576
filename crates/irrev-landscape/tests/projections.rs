//! Landscapes of two-dimensional systems whose ρ, w and a are integrals over level sets, against values computed elsewhere (`data/references.json`).

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::grid::Component;
use irrev_landscape::landscape::{Jacobian, Kind, Profile, Surfaces, barrier, wells};
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/references.json")).unwrap();
    let found: Vec<Value> = all.into_iter().filter(|case| case["kind"] == kind).collect();
    assert!(!found.is_empty());
    found
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// V = A (q₁² − 1)² + d q₁ + k (q₂ − b q₁²)²/2 at a temperature.
struct System {
    a: f64,
    k: f64,
    d: f64,
    b: f64,
    kt: f64,
}

impl System {
    fn of(inputs: &Value) -> Self {
        let of = |key: &str| number(&inputs["potential"][key]);
        Self {
            a: of("A"),
            k: of("k"),
            d: of("d"),
            b: of("b"),
            kt: number(&inputs["kBT"]),
        }
    }

    fn boltzmann(&self, [x, y]: [f64; 2]) -> f64 {
        let v = self.a * (x * x - 1.0).powi(2) + self.d * x + 0.5 * self.k * (y - self.b * x * x).powi(2);
        (-v / self.kt).exp()
    }

    fn gradient(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let bent = self.k * (y - self.b * x * x);
        [
            4.0 * self.a * x * (x * x - 1.0) + self.d - 2.0 * self.b * x * bent,
            bent,
        ]
    }

    fn partition_function(&self) -> f64 {
        trapezoid(-4.0, 4.0, |x| [self.boltzmann([x, self.b * x * x]), 0.0, 0.0])[0]
            * (std::f64::consts::TAU * self.kt / self.k).sqrt()
    }
}

/// ∫ f over an interval outside of which f vanishes, or one period: the error is below rounding for analytic f.
fn trapezoid(low: f64, high: f64, f: impl Fn(f64) -> [f64; 3]) -> [f64; 3] {
    let n = 1000;
    let h = (high - low) / f64::from(n);
    (0..n)
        .map(|k| f(low + h * f64::from(k)))
        .fold([0.0; 3], |sum, f| std::array::from_fn(|j| sum[j] + h * f[j]))
}

/// ρ, w and a from the measure of a level set and its means of Ṙ² and R̈.
fn from_level_set([measure, square, acceleration]: [f64; 3], z: f64) -> [f64; 3] {
    [measure / z, square / measure, acceleration / measure]
}

fn exact(system: &System, z: f64, coordinate: &Value, r: f64) -> [f64; 3] {
    let kt = system.kt;
    let of = |key: &str| number(&coordinate[key]);
    let sums = match coordinate["R"].as_str().unwrap() {
        "cx*q1+cy*q2" => {
            let (cx, cy) = (of("cx"), of("cy"));
            trapezoid(-8.0, 8.0, |s| {
                let q = [cx * r - cy * s, cy * r + cx * s];
                let (weight, g) = (system.boltzmann(q), system.gradient(q));
                [weight, weight * kt, -weight * (cx * g[0] + cy * g[1])]
            })
        }
        "sqrt((q1-ax)^2+(q2-ay)^2)" => {
            let pi = std::f64::consts::PI;
            trapezoid(-pi, pi, |s| {
                let q = [of("ax") + r * s.cos(), of("ay") + r * s.sin()];
                let (weight, g) = (r * system.boltzmann(q), system.gradient(q));
                [
                    weight,
                    weight * kt,
                    weight * (kt / r - s.cos() * g[0] - s.sin() * g[1]),
                ]
            })
        }
        // q = f (cosh μ cos ν, sinh μ sin ν), area element J dμ dν, R a function of ν
        "|q-(-f,0)| - |q-(f,0)|" => {
            let nu = (r / (2.0 * of("f"))).acos();
            elliptic(
                system,
                of("f"),
                nu,
                -2.0 * of("f") * nu.sin(),
                -2.0 * of("f") * nu.cos(),
            )
        }
        // the upper half plane is half of the line of μ
        "c*nu, q1=f cosh(mu)cos(nu), q2=f sinh(mu)sin(nu)" => {
            elliptic(system, of("f"), r / of("c"), of("c"), 0.0).map(|x| 0.5 * x)
        }
        other => panic!("{other}"),
    };
    from_level_set(sums, z)
}

/// Level sets of R(ν), with R' and R'': measure J/|R'|, |∇R|² = R'²/J, ΔR = R''/J, ∇R·∇V = R' ∂V/∂ν/J.
fn elliptic(system: &System, f: f64, nu: f64, first: f64, second: f64) -> [f64; 3] {
    trapezoid(-3.5, 3.5, |mu| {
        let q = [f * mu.cosh() * nu.cos(), f * mu.sinh() * nu.sin()];
        let along = [-f * mu.cosh() * nu.sin(), f * mu.sinh() * nu.cos()];
        let area = f * f * (mu.cosh().powi(2) - nu.cos().powi(2));
        let (weight, g) = (system.boltzmann(q) / first.abs(), system.gradient(q));
        let slope = along[0] * g[0] + along[1] * g[1];
        [
            weight * area,
            weight * system.kt * first * first,
            weight * (system.kt * second - first * slope),
        ]
    })
}

/// The profile at 4001 points of an interval and some more.
fn profile(system: &System, coordinate: &Value, interval: &[f64], more: &[f64]) -> Profile {
    let uniform = (0..=4000).map(|k| interval[0] + (interval[1] - interval[0]) * f64::from(k) / 4000.0);
    let mut points: Vec<f64> = uniform
        .filter(|r| more.iter().all(|other| (r - other).abs() > 1e-9))
        .collect();
    points.extend(more);
    points.sort_by(f64::total_cmp);
    let z = system.partition_function();
    let values: Vec<[f64; 3]> = points.iter().map(|r| exact(system, z, coordinate, *r)).collect();
    let column = |k: usize| values.iter().map(|value| value[k]).collect();
    Profile {
        density: column(0),
        mean_square_velocity: column(1),
        mean_acceleration: column(2),
        points,
    }
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
        let system = System::of(inputs);
        let (interval, grid) = (numbers(&inputs["interval"]), numbers(&inputs["grid_points_r"]));
        let profile = profile(&system, &inputs["coordinate"], &interval, &grid);
        let found = surfaces(&profile, system.kt);
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
        let metric = profile.mean_square_velocity.iter().map(|w| w / system.kt);
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
        let system = System::of(inputs);
        let profile = profile(
            &system,
            &inputs["coordinate"],
            &numbers(&inputs["search_interval"]),
            &[],
        );
        let found = surfaces(&profile, system.kt);
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
