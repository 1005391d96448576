//! What walkers do in equilibrium and in stationary states, at finite steps.

use irrev_landscape::Result;
use irrev_landscape::langevin::{
    Dynamics, LangevinOptions, LinearField, MobilityField, Overdamped, OverdampedIntegrator, PointField,
    Simulation, Start, Underdamped, UnderdampedIntegrator,
};
use irrev_landscape::linear::LinearDiffusion;
use irrev_landscape::linear::underdamped::Oscillators;
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::assert_close;
use irrev_testing::reference::{self, number, numbers};

use super::fields::{assert_mean, bath, time_means, trap};

fn options(step: f64) -> LangevinOptions {
    LangevinOptions {
        step,
        ..Default::default()
    }
}

#[test]
fn moments_in_a_trap_are_those_of_each_integrator_at_its_step() {
    // 1024 walkers and at least 100 correlation times: moments known to 0.5 %, while Euler's bias is 5 % to 100 % and that of ⟨v²⟩ up to 25 %
    for case in reference::cases(include_str!("../data/models.json"), "integrator") {
        let (omega, gamma) = (number(&case["inputs"]["omega"]), number(&case["inputs"]["gamma"]));
        let temperature = number(&case["inputs"]["kBT"]);
        let field = trap(omega * omega, 0.0);
        for row in case["expected"]["rows"].as_array().unwrap() {
            let h = number(&row["h"]);
            let start = Start::at(&[0.0], 1024);
            let settled = (60.0 / h) as u64;
            let moments = |dynamics: &Dynamics<'_>| {
                let run = Run::default();
                let mut motion = Simulation::new(&field, dynamics, &start, &options(h), &run).unwrap();
                motion.advance(settled, &run).unwrap();
                let square_of_velocity = |_: &[f64], v: &[f64]| v.first().map_or(0.0, |v| v * v);
                time_means(
                    &mut motion,
                    (2 * settled, 1),
                    &[|x, _| x[0] * x[0], square_of_velocity],
                )
            };
            let exact = |name: &str| number(&row[name]);
            let baoab = moments(&Underdamped::new(vec![bath(gamma, temperature)]).unwrap().into());
            assert_mean("BAOAB x²", &baoab[0], exact("BAOAB_x2"), 0.0);
            assert_mean("BAOAB v²", &baoab[1], exact("BAOAB_v2"), 0.0);
            let overdamped = Overdamped::new(vec![1.0], vec![temperature]).unwrap();
            let euler = moments(&overdamped.clone().into());
            assert_mean("Euler x²", &euler[0], exact("EulerMaruyama_overdamped_x2"), 0.0);
            let by = |integrator| moments(&overdamped.clone().integrated_by(integrator).unwrap().into());
            let true_value = temperature / (omega * omega);
            // at h = 1 Leimkuhler and Matthews forget the start in one step
            let leimkuhler = by(OverdampedIntegrator::LeimkuhlerMatthews);
            assert_mean("Leimkuhler–Matthews x²", &leimkuhler[0], true_value, 0.0);
            let exactly = by(OverdampedIntegrator::ExactLinear);
            assert_mean("exact x²", &exactly[0], true_value, 0.0);
        }
    }
}

#[test]
fn exact_steps_have_the_covariance_of_a_driven_linear_diffusion_at_any_length() {
    // a force that turns, two temperatures, steps longer than the relaxation
    let force = Matrix::from_columns(2, vec![-1.5, 0.8, -0.8, -1.2]);
    let (mobility, temperature) = ([1.0, 0.7], [0.6, 1.4]);
    let field = LinearField::new(force.clone(), vec![0.3, -0.2]).unwrap();
    let drift = Matrix::from_fn(2, 2, |i, j| -mobility[i] * force[(i, j)]);
    let diffusion = Matrix::from_fn(2, 2, |i, j| {
        f64::from(u8::from(i == j)) * mobility[i] * temperature[i]
    });
    let stationary = LinearDiffusion::new(drift, diffusion)
        .unwrap()
        .stationary()
        .unwrap();
    let dynamics = Overdamped::new(mobility.to_vec(), temperature.to_vec())
        .unwrap()
        .integrated_by(OverdampedIntegrator::ExactLinear)
        .unwrap()
        .into();
    let run = Run::default();
    let start = Start::at(&[0.0, 0.0], 2000);
    let mut motion = Simulation::new(&field, &dynamics, &start, &options(0.9), &run).unwrap();
    motion.advance(60, &run).unwrap();
    // the mean solves A x + b = 0
    let det = 1.5 * 1.2 + 0.8 * 0.8;
    let centre = [(1.2 * 0.3 + 0.8 * 0.2) / det, (0.8 * 0.3 - 1.5 * 0.2) / det];
    let found = time_means(
        &mut motion,
        (200, 1),
        &[
            |x, _| x[0],
            |x, _| x[1],
            |x, _| x[0] * x[0],
            |x, _| x[0] * x[1],
            |x, _| x[1] * x[1],
        ],
    );
    assert_mean("x", &found[0], centre[0], 0.0);
    assert_mean("y", &found[1], centre[1], 0.0);
    for (k, (i, j)) in [(0, 0), (0, 1), (1, 1)].into_iter().enumerate() {
        let second = stationary.covariance()[(i, j)] + centre[i] * centre[j];
        assert_mean("second moment", &found[2 + k], second, 0.0);
    }
}

#[test]
fn exact_steps_without_noise_are_the_solution_of_the_equation() {
    // T = 1e-40: x(t) of the damped oscillator to rounding, whatever the steps
    let field = trap(2.0, 0.5);
    let dynamics = Underdamped::new(vec![bath(0.4, 1e-40)])
        .unwrap()
        .integrated_by(UnderdampedIntegrator::ExactLinear)
        .into();
    let start = Start::at(&[1.5], 1).with_velocities(vec![0.0]).unwrap();
    let run = Run::default();
    let mut motion = Simulation::new(&field, &dynamics, &start, &options(0.75), &run).unwrap();
    motion.advance(4, &run).unwrap();
    let (t, omega) = (3.0_f64, (2.0_f64 - 0.04).sqrt());
    let exact = 0.5 + (-0.2 * t).exp() * ((omega * t).cos() + 0.2 / omega * (omega * t).sin());
    assert_close("x(3)", motion.positions()[0], exact, 0.0, 1e-14);
}

#[test]
fn two_baths_have_the_reference_covariance() {
    for case in reference::cases(include_str!("../data/models.json"), "underdamped") {
        let (gamma, t) = (numbers(&case["inputs"]["gamma"]), numbers(&case["inputs"]["T"]));
        let rows: Vec<Vec<f64>> = case["expected"]["covariance"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let field =
            LinearField::new(Matrix::from_columns(2, vec![-2.0, 1.0, 1.0, -2.0]), vec![0.0; 2]).unwrap();
        let baths = vec![bath(gamma[0], t[0]), bath(gamma[1], t[1])];
        let dynamics = Underdamped::new(baths)
            .unwrap()
            .integrated_by(UnderdampedIntegrator::ExactLinear)
            .into();
        let run = Run::default();
        let start = Start::at(&[0.0, 0.0], 2000);
        let mut motion = Simulation::new(&field, &dynamics, &start, &options(0.5), &run).unwrap();
        motion.advance(100, &run).unwrap();
        let functions = [
            (|x: &[f64], _: &[f64]| x[0] * x[0]) as super::fields::Seen,
            |x, _| x[0] * x[1],
            |x, v| x[0] * v[1],
            |x, v| x[1] * v[0],
            |_, v| v[0] * v[0],
            |_, v| v[1] * v[1],
        ];
        let found = time_means(&mut motion, (400, 1), &functions);
        for (estimate, (i, j)) in found.iter().zip([(0, 0), (0, 1), (0, 3), (1, 2), (2, 2), (3, 3)]) {
            assert_mean("covariance", estimate, rows[i][j], 0.0);
        }
    }
}

#[test]
fn relaxation_of_two_baths_is_that_of_the_normal_distribution() {
    // mean and covariance after t = 1.5 from a fixed point, in exact steps
    let stiffness = Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 2.0]);
    let baths = vec![bath(0.5, 2.0), bath(1.2, 1.0)];
    let pair = Oscillators::new(stiffness.clone(), baths.clone()).unwrap();
    let narrow = Matrix::identity(4).scaled(1e-12);
    let start = irrev_network::transport::gaussian::Gaussian::new(vec![1.0, 0.0, 0.0, -1.0], narrow).unwrap();
    let exact = pair.at(&start, 1.5).unwrap();
    let field = LinearField::new(stiffness.scaled(-1.0), vec![0.0; 2]).unwrap();
    let dynamics = Underdamped::new(baths)
        .unwrap()
        .integrated_by(UnderdampedIntegrator::ExactLinear)
        .into();
    let n = 20_000;
    let start = Start::at(&[1.0, 0.0], n)
        .with_velocities([0.0, -1.0].repeat(n))
        .unwrap();
    let run = Run::default();
    let mut motion = Simulation::new(&field, &dynamics, &start, &options(0.75), &run).unwrap();
    motion.advance(1, &run).unwrap();
    let functions = [
        (|x: &[f64], _: &[f64]| x[0]) as super::fields::Seen,
        |_, v| v[1],
        |x, v| x[1] * v[0],
        |_, v| v[0] * v[0],
    ];
    let found = time_means(&mut motion, (1, 1), &functions);
    let second = |i: usize, j: usize| exact.covariance()[(i, j)] + exact.mean()[i] * exact.mean()[j];
    assert_mean("x₀", &found[0], exact.mean()[0], 0.0);
    assert_mean("v₁", &found[1], exact.mean()[3], 0.0);
    assert_mean("x₁ v₀", &found[2], second(1, 2), 0.0);
    assert_mean("v₀²", &found[3], second(2, 2), 0.0);
}

/// μ = 1 + 0.6 sin 2x.
struct Wavy;

impl MobilityField for Wavy {
    fn dimension(&self) -> usize {
        1
    }

    fn mobilities(&self, x: &[f64], _: usize, mu: &mut [f64], gradient: &mut [f64]) -> Result<()> {
        for ((x, mu), g) in x.iter().zip(mu).zip(gradient) {
            (*mu, *g) = (1.0 + 0.6 * (2.0 * x).sin(), 1.2 * (2.0 * x).cos());
        }
        Ok(())
    }
}

#[test]
fn a_mobility_that_depends_on_position_keeps_the_equilibrium() {
    // without T ∂μ the density would be e^{−V/T}/μ, with ⟨x⟩ = −0.25; the bias of a step of 0.004 is of the order of h
    let field = trap(1.0, 0.0);
    let dynamics = Overdamped::with_mobility_field(&Wavy, vec![0.5]).unwrap().into();
    let run = Run::default();
    let start = Start::at(&[0.0], 512);
    let mut motion = Simulation::new(&field, &dynamics, &start, &options(0.004), &run).unwrap();
    motion.advance(3000, &run).unwrap();
    let found = time_means(&mut motion, (10_000, 10), &[|x, _| x[0], |x, _| x[0] * x[0]]);
    assert_mean("x", &found[0], 0.0, 0.004);
    assert_mean("x²", &found[1], 0.5, 0.004);
}

#[test]
fn averages_in_a_double_well_are_those_of_the_boltzmann_distribution() {
    // ⟨x²⟩ by the trapezoidal rule on a range where the density has fallen to e^{−100}
    let density = |x: f64| (-(x * x - 1.0).powi(2) / 0.5).exp();
    let nodes = (-4000..=4000).map(|k| f64::from(k) * 1e-3);
    let (total, square) = nodes.fold((0.0, 0.0), |(total, square), x| {
        (total + density(x), square + x * x * density(x))
    });
    let field = PointField::new(1, |_, x, f| f[0] = -4.0 * x[0] * (x[0] * x[0] - 1.0));
    let run = Run::default();
    let start = Start::of_positions(
        1,
        (0..1000).map(|w| if w % 2 == 0 { 1.0 } else { -1.0 }).collect(),
    )
    .unwrap();
    // bias of second order in h for the position, a few h²
    let underdamped = Underdamped::new(vec![bath(1.0, 0.5)]).unwrap();
    let overdamped = Overdamped::new(vec![1.0], vec![0.5])
        .unwrap()
        .integrated_by(OverdampedIntegrator::LeimkuhlerMatthews)
        .unwrap();
    for (dynamics, h) in [(underdamped.into(), 0.05), (Dynamics::from(overdamped), 0.01)] {
        let mut motion = Simulation::new(&field, &dynamics, &start, &options(h), &run).unwrap();
        motion.advance(1000, &run).unwrap();
        let found = time_means(&mut motion, (4000, 4), &[|x, _| x[0] * x[0]]);
        assert_mean(dynamics.algorithm(), &found[0], square / total, 0.003);
    }
}
