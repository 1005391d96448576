//! Heat, entropy, and the balance of energy.

use irrev_landscape::langevin::{
    Boundary, Dynamics, LangevinOptions, LinearField, Overdamped, PointField, Simulation, Start,
    Thermodynamics, Underdamped, UnderdampedIntegrator,
};
use irrev_landscape::linear::underdamped::Oscillators;
use irrev_landscape::{Error, Period};
use irrev_network::simulation::estimators::Moments;
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::assert_close;

use super::fields::{assert_mean, bath, mean};

/// Books over some steps after others in which the start is forgotten.
fn stationary(
    field: &dyn irrev_landscape::langevin::ForceField,
    dynamics: &Dynamics<'_>,
    options: &LangevinOptions,
    walkers: usize,
    (before, steps): (u64, u64),
) -> Thermodynamics {
    let run = Run::default();
    let d = field.dimension();
    let mut motion =
        Simulation::new(field, dynamics, &Start::at(&vec![0.0; d], walkers), options, &run).unwrap();
    motion.advance(before, &run).unwrap();
    let mut next = Start::of_positions(d, motion.positions()).unwrap();
    if !motion.velocities().is_empty() {
        next = next.with_velocities(motion.velocities()).unwrap();
    }
    let run = Run { seed: 2, ..run };
    let mut motion = Simulation::new(field, dynamics, &next, options, &run).unwrap();
    motion.advance(steps, &run).unwrap();
    motion.thermodynamics().unwrap()
}

#[test]
fn heat_flows_between_two_baths_as_it_should() {
    let stiffness = Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 2.0]);
    let baths = vec![bath(0.5, 2.0), bath(1.2, 1.0)];
    let pair = Oscillators::new(stiffness.clone(), baths.clone()).unwrap();
    let flows = pair.heat_flows(&pair.stationary().unwrap()).unwrap();
    let field = LinearField::new(stiffness.scaled(-1.0), vec![0.0; 2]).unwrap();
    let baoab = Underdamped::new(baths).unwrap();
    let exact = baoab.clone().integrated_by(UnderdampedIntegrator::ExactLinear);
    // steps of 0.04: a bias of h² ω²/4 = 1e-3 of the flow, against a standard error of 2 %
    for dynamics in [Dynamics::from(baoab), exact.into()] {
        let options = LangevinOptions {
            step: 0.04,
            ..Default::default()
        };
        let books = stationary(&field, &dynamics, &options, 2000, (1000, 2500));
        let duration = 100.0;
        // `HeatFlows` count into the system, books into the baths
        for i in 0..2 {
            let found = books.mean_heat(i).unwrap();
            assert_mean(
                "heat",
                &found,
                -flows.heat[i] * duration,
                2e-3 * flows.heat[0] * duration,
            );
        }
        let entropy = books.mean_medium_entropy();
        let bias = 2e-3 * flows.entropy_production_rate * duration;
        assert_mean(
            "entropy",
            &entropy,
            flows.entropy_production_rate * duration,
            bias,
        );
        let residual = Moments::of(&books.residual().unwrap());
        assert!(
            residual.mean().value.abs() < 0.05 && residual.central(2).sqrt() < 0.05,
            "{residual:?}"
        );
    }
}

#[test]
fn exact_steps_in_a_potential_balance_energy_to_rounding() {
    // the trapezoidal rule is exact for the gradient of a quadratic potential
    let field = LinearField::new(
        Matrix::from_columns(2, vec![-2.0, 1.0, 1.0, -2.0]),
        vec![0.4, 0.0],
    )
    .unwrap();
    let dynamics = Underdamped::new(vec![bath(0.5, 2.0), bath(1.2, 1.0)])
        .unwrap()
        .integrated_by(UnderdampedIntegrator::ExactLinear)
        .into();
    let options = LangevinOptions {
        step: 0.7,
        ..Default::default()
    };
    let books = stationary(&field, &dynamics, &options, 100, (10, 1000));
    // a thousand terms of the order of 10
    assert!(books.residual().unwrap().iter().all(|r| r.abs() < 1e-10));
    let overdamped = Overdamped::new(vec![1.0; 2], vec![1.0; 2]).unwrap().into();
    let options = LangevinOptions {
        step: 0.05,
        ..Default::default()
    };
    let books = stationary(&field, &overdamped, &options, 100, (10, 1000));
    assert!(books.residual().unwrap().iter().all(|r| r.abs() < 1e-10));
}

#[test]
fn a_force_that_turns_dissipates_its_work_at_the_rate_of_the_scheme() {
    // F = −k x + ω (y, −x): a step of Euler has the mean drive work h ω² ⟨|x|²⟩, and ⟨|x|²⟩ = 4 T h/(1 − (1 − h k)² − h² ω²)
    let (k, omega, t, h) = (1.5, 0.8, 0.6, 0.1);
    let field = LinearField::new(Matrix::from_columns(2, vec![-k, -omega, omega, -k]), vec![0.0; 2]).unwrap();
    let dynamics = Overdamped::new(vec![1.0; 2], vec![t; 2]).unwrap().into();
    let options = LangevinOptions {
        step: h,
        ..Default::default()
    };
    let books = stationary(&field, &dynamics, &options, 2000, (300, 1000));
    let square = 4.0 * t * h / (1.0 - (1.0 - h * k).powi(2) - (h * omega).powi(2));
    let work = 1000.0 * h * omega * omega * square;
    assert_mean("work of the drive", &mean(&books.drive_work), work, 0.0);
    // what is put in goes out as heat: V is stationary, and quadratic
    assert_mean("heat", &mean(&books.total_heat()), work, 0.0);
    assert!(books.residual().unwrap().iter().all(|r| r.abs() < 1e-10));
}

/// ⟨φ̇⟩ on a circle: 2π μ T (1 − e^{−2π f/T})/∫∫ e^{(V(x) − V(x − y) − f y)/T} dy dx. Source: R. L. Stratonovich (1958); Risken, chapter 11.
fn mean_velocity(amplitude: f64, f: f64, t: f64) -> f64 {
    let turn = std::f64::consts::TAU;
    let n = 400;
    let cell = turn / f64::from(n);
    let potential = |x: f64| -amplitude * x.cos();
    let inner = |x: f64| -> f64 {
        // Simpson's rule: the integrand is not periodic in y
        let weight = |j: i32| match j {
            0 => 1.0,
            j if j == n => 1.0,
            j if j % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let at = |j: i32| {
            ((potential(x) - potential(x - f64::from(j) * cell) - f * f64::from(j) * cell) / t).exp()
        };
        (0..=n).map(|j| weight(j) * at(j)).sum::<f64>() * cell / 3.0
    };
    let outer = (0..n).map(|i| inner(f64::from(i) * cell)).sum::<f64>() * cell;
    turn * t * -(-turn * f / t).exp_m1() / outer
}

#[test]
fn a_tilted_circle_has_the_exact_velocity_and_entropy_production() {
    let (f, t, h, steps) = (1.0, 0.7, 0.005, 10_000);
    for amplitude in [0.0, 1.0] {
        let field = PointField::new(1, move |_, x, force| force[0] = f - amplitude * x[0].sin())
            .with_potential(move |_, x| -amplitude * x[0].cos())
            .with_drive(move |_, _, drive| drive[0] = f);
        let dynamics = Overdamped::new(vec![1.0], vec![t]).unwrap().into();
        let options = LangevinOptions {
            step: h,
            boundaries: vec![Boundary::Periodic(Period::radians())],
            ..Default::default()
        };
        let run = Run::default();
        let start = Start::at(&[0.0], 600);
        let mut motion = Simulation::new(&field, &dynamics, &start, &options, &run).unwrap();
        motion.advance(2000, &run).unwrap();
        let (before, first) = (motion.positions(), motion.turns());
        let entropy_before = motion.thermodynamics().unwrap().medium_entropy();
        motion.advance(steps, &run).unwrap();
        let books = motion.thermodynamics().unwrap();
        let (after, last) = (motion.positions(), motion.turns());
        let travelled: Vec<f64> = (0..600)
            .map(|w| after[w] - before[w] + (last[w] - first[w]) as f64 * std::f64::consts::TAU)
            .collect();
        let duration = h * steps as f64;
        let velocity = mean_velocity(amplitude, f, t);
        // the free circle is exact at any step; a step of 0.005 in the cosine changes the velocity by some h
        let bias = amplitude * 0.01 * velocity * duration;
        assert_mean("velocity", &mean(&travelled), velocity * duration, bias);
        let entropy = books.medium_entropy();
        let produced: Vec<f64> = entropy.iter().zip(&entropy_before).map(|(a, b)| a - b).collect();
        assert_mean("entropy", &mean(&produced), velocity * f / t * duration, bias / t);
        // pathwise: the drive's work is f times the way
        for w in 0..600 {
            let way = after[w] + last[w] as f64 * std::f64::consts::TAU;
            assert_close("work of the drive", books.drive_work[w], f * way, 0.0, 1e-9);
        }
    }
}

#[test]
fn the_residual_of_the_first_law_falls_as_the_square_of_the_step() {
    let field = PointField::new(1, |_, x, f| f[0] = -4.0 * x[0] * (x[0] * x[0] - 1.0))
        .with_potential(|_, x| (x[0] * x[0] - 1.0).powi(2));
    let dynamics = Underdamped::new(vec![bath(1.0, 0.3)]).unwrap().into();
    let spread = |h: f64| {
        let options = LangevinOptions {
            step: h,
            ..Default::default()
        };
        let books = stationary(
            &field,
            &dynamics,
            &options,
            4000,
            ((10.0 / h) as u64, (10.0 / h) as u64),
        );
        Moments::of(&books.residual().unwrap()).central(2).sqrt()
    };
    // spreads are known to 3 %, so a ratio of 4 is seen within 20 %, also where the next order adds to it
    let ratio = spread(0.04) / spread(0.02);
    assert!((3.2..5.0).contains(&ratio), "{ratio}");
}

#[test]
fn a_field_without_a_potential_has_heat_but_no_work() {
    let field = PointField::new(1, |_, x, f| f[0] = -x[0]);
    let dynamics = Overdamped::new(vec![1.0], vec![1.0]).unwrap().into();
    let books = stationary(&field, &dynamics, &LangevinOptions::default(), 10, (1, 10));
    assert!(books.energies.is_none() && books.total_heat().iter().all(|q| q.is_finite()));
    assert!(matches!(books.work(), Err(Error::Missing { .. })));
}
