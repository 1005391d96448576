//! The generalised Langevin equation.

use irrev_landscape::langevin::{
    DampedCosine, Frame, Generalized, LangevinOptions, MemoryBath, MemoryKernel, Observer, Simulation, Start,
    Underdamped,
};
use irrev_landscape::memory::ContinuedFraction;
use irrev_landscape::{Error, Result};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Estimate, Run};
use irrev_testing::assert_all_close;
use irrev_testing::reference::{self, number, numbers};
use serde_json::Value;

use super::fields::{assert_mean, bath, mean, normals, trap};

/// The kernel of a reference case: modes (c, a, ω), or oscillators (ω, c) of a bath.
fn kernel(inputs: &Value) -> Option<MemoryKernel> {
    let rows = |name: &str| -> Option<Vec<Vec<f64>>> {
        Some(inputs[name].as_array()?.iter().map(numbers).collect())
    };
    let term = |amplitude: f64, rate: f64, frequency: f64| DampedCosine {
        amplitude,
        rate,
        frequency,
        phase: 0.0,
    };
    let terms: Vec<DampedCosine> = if let Some(modes) = rows("modes_(c,a,w)") {
        modes.iter().map(|m| term(m[0], m[1], m[2])).collect()
    } else {
        let bath = rows("bath_(omega,c)")?;
        bath.iter()
            .map(|m| term((m[1] / m[0]).powi(2), 0.0, m[0]))
            .collect()
    };
    Some(MemoryKernel::damped_cosines(&terms).unwrap())
}

/// v(0) v(t) of each walker at the observed times.
struct Products {
    first: Vec<f64>,
    products: Vec<Vec<f64>>,
}

impl Observer for Products {
    fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
        if frame.steps == 0 {
            self.first = frame.velocity(0).to_vec();
        }
        let both = self.first.iter().zip(frame.velocity(0));
        self.products.push(both.map(|(a, b)| a * b).collect());
        Ok(())
    }
}

/// ⟨v(0) v(t)⟩ from a stationary start in a trap of Ω² = 1.
fn correlation(kernel: &MemoryKernel, walkers: usize, (steps, every): (u64, u64), h: f64) -> Vec<Estimate> {
    let field = trap(1.0, 0.0);
    let particle = MemoryBath {
        mass: 1.0,
        temperature: 1.0,
        kernel: kernel.clone(),
    };
    let dynamics = Generalized::new(vec![particle]).unwrap().into();
    let start = Start::of_positions(1, normals(walkers, 8)).unwrap();
    let options = LangevinOptions {
        step: h,
        ..Default::default()
    };
    let run = Run::default();
    let mut motion = Simulation::new(&field, &dynamics, &start, &options, &run).unwrap();
    let mut seen = motion.observers(|_| Products {
        first: Vec::new(),
        products: Vec::new(),
    });
    motion.look(&mut seen).unwrap();
    motion.observe(steps, every, &mut seen, &run).unwrap();
    let frames = seen[0].products.len();
    let at = |k: usize| {
        seen.iter()
            .flat_map(|s| s.products[k].iter().copied())
            .collect::<Vec<f64>>()
    };
    (0..frames).map(|k| mean(&at(k))).collect()
}

#[test]
fn kernels_and_velocity_correlations_are_the_exact_ones() {
    // three kernels: exponential, oscillating, and five undamped oscillators; 41 times each. A step of 0.02 has a bias of h² ω²/4 with ω² up to 4: 4e-4
    let mut cases = 0;
    for case in reference::cases(include_str!("../data/references.json"), "gle") {
        let (Some(kernel), false) = (kernel(&case["inputs"]), case["expected"]["C_vv"].is_null()) else {
            continue;
        };
        let times = numbers(&case["inputs"]["t"]);
        let found: Vec<f64> = times.iter().map(|t| kernel.at(*t)).collect();
        // K is a sum of five terms of order 1 at most, propagated by matrix exponentials
        assert_all_close("K", &found, &numbers(&case["expected"]["K"]), 0.0, 1e-12);
        let every = (times[1] / 0.02).round() as u64;
        let steps = every * (times.len() as u64 - 1);
        let measured = correlation(&kernel, 10_000, (steps, every), 0.02);
        assert!((number(&case["inputs"]["Omega2"]) - 1.0).abs() < 1e-15);
        for ((estimate, exact), t) in measured
            .iter()
            .zip(numbers(&case["expected"]["C_vv"]))
            .zip(&times)
        {
            assert_mean(&format!("C_vv({t})"), estimate, exact, 2e-3);
        }
        cases += 1;
    }
    assert_eq!(cases, 3);
}

#[test]
fn a_continued_fraction_is_the_sum_of_exponentials_it_was_made_of() {
    let (amplitudes, rates) = ([1.0, 2.0, 0.5], [0.5, 3.0, 1.2]);
    let fraction = ContinuedFraction::from_exponentials(&amplitudes, &rates).unwrap();
    let chain = MemoryKernel::continued_fraction(&fraction).unwrap();
    let sum = MemoryKernel::exponentials(&amplitudes, &rates).unwrap();
    assert_eq!(chain.auxiliaries(), 3);
    for t in [0.0, 0.3, 1.0, 4.0] {
        assert!((chain.at(t) - sum.at(t)).abs() < 1e-13);
    }
}

#[test]
fn memory_without_auxiliary_variables_is_the_white_bath() {
    let field = trap(1.0, 0.0);
    let particle = MemoryBath {
        mass: 1.0,
        temperature: 1.0,
        kernel: MemoryKernel::white(0.8).unwrap(),
    };
    let start = Start::at(&[0.3], 70);
    let run = Run::default();
    let end = |dynamics| {
        let mut motion =
            Simulation::new(&field, &dynamics, &start, &LangevinOptions::default(), &run).unwrap();
        motion.advance(300, &run).unwrap();
        motion.positions()
    };
    let white = end(Underdamped::new(vec![bath(0.8, 1.0)]).unwrap().into());
    assert_eq!(end(Generalized::new(vec![particle]).unwrap().into()), white);
}

#[test]
fn memory_and_white_friction_together_keep_the_equilibrium_and_exchange_no_net_heat() {
    // two coordinates with different kernels; moments of BAOAB at h = 0.05 within h² ω²/4 = 4e-3
    let field = irrev_landscape::langevin::LinearField::new(
        Matrix::from_columns(2, vec![-2.0, 0.5, 0.5, -1.0]),
        vec![0.0; 2],
    )
    .unwrap();
    let oscillating = DampedCosine {
        amplitude: 2.0,
        rate: 0.5,
        frequency: 2.0,
        phase: 0.2,
    };
    let first = MemoryKernel::damped_cosines(&[oscillating]).unwrap();
    let second = MemoryKernel::exponentials(&[1.5], &[0.7])
        .unwrap()
        .plus(&MemoryKernel::white(0.3).unwrap());
    let particle = |mass, kernel| MemoryBath {
        mass,
        temperature: 0.8,
        kernel,
    };
    let dynamics = Generalized::new(vec![particle(1.0, first), particle(2.0, second)])
        .unwrap()
        .into();
    let run = Run::default();
    let options = LangevinOptions {
        step: 0.05,
        ..Default::default()
    };
    let mut motion =
        Simulation::new(&field, &dynamics, &Start::at(&[0.0, 0.0], 1000), &options, &run).unwrap();
    motion.advance(1000, &run).unwrap();
    let functions = [
        (|x: &[f64], _: &[f64]| x[0] * x[0]) as super::fields::Seen,
        |x, _| x[0] * x[1],
        |_, v| v[0] * v[0],
        |_, v| v[1] * v[1],
    ];
    let found = super::fields::time_means(&mut motion, (2000, 2), &functions);
    // K⁻¹ T of the stiffness [[2, −½], [−½, 1]]
    let det = 2.0 - 0.25;
    assert_mean("x²", &found[0], 0.8 / det, 4e-3);
    assert_mean("x y", &found[1], 0.8 * 0.5 / det, 4e-3);
    assert_mean("v²", &found[2], 0.8, 4e-3);
    assert_mean("w²", &found[3], 0.4, 4e-3);
    // heat is what the energy lost since the start at the bottom
    let books = motion.thermodynamics().unwrap();
    let residual = irrev_network::simulation::estimators::Moments::of(&books.residual().unwrap());
    assert!(residual.central(2).sqrt() < 0.05, "{residual:?}");
    // two coordinates at the bottom of a quadratic well take up T/2 each: Σ Q = −T
    assert_mean("heat", &mean(&books.total_heat()), -0.8, 0.01);
}

#[test]
fn kernels_whose_noise_does_not_exist_are_refused() {
    let not_passive = |kernel: Result<MemoryKernel>| matches!(kernel, Err(Error::ActiveMemory { .. }));
    assert!(not_passive(MemoryKernel::exponentials(&[1.0], &[-0.1])));
    assert!(not_passive(MemoryKernel::general(
        vec![1.0, 0.0],
        Matrix::from_columns(2, vec![1.0, 0.0, 3.0, 1.0])
    )));
    let leaning = DampedCosine {
        amplitude: 1.0,
        rate: 0.1,
        frequency: 2.0,
        phase: -0.3,
    };
    assert!(not_passive(MemoryKernel::damped_cosines(&[leaning])));
    assert!(matches!(
        MemoryKernel::exponentials(&[-1.0], &[1.0]),
        Err(Error::Domain { .. })
    ));
    assert!(MemoryKernel::white(-1.0).is_err());
}
