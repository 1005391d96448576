//! Work of protocols: distributions, Jarzynski, Crooks.

use irrev_landscape::langevin::{
    Boundary, Dynamics, LangevinOptions, Overdamped, PointField, Reversed, Start, Thermodynamics,
    Underdamped, simulate,
};
use irrev_landscape::protocol::{moved_trap, stiffened_trap};
use irrev_network::simulation::estimators::{
    ExponentialAverage, Moments, bennett_acceptance_ratio, crooks, jarzynski,
};
use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};

use super::fields::{assert_mean, bath, mean, normals};

const WALKERS: usize = 20_000;

/// Whole steps of a power of two, so that protocols end at their end to the last bit.
fn options(steps: u64, duration: f64) -> LangevinOptions {
    LangevinOptions {
        step: duration / steps as f64,
        steps,
        boundaries: vec![Boundary::Free],
        ..Default::default()
    }
}

/// A trap k (x − λ)²/2 with its stiffness and centre in time.
fn moving<'a>(
    k: impl Fn(f64) -> f64 + Sync + Copy + 'a,
    centre: impl Fn(f64) -> f64 + Sync + Copy + 'a,
) -> PointField<'a> {
    PointField::new(1, move |t, x, f| f[0] = -k(t) * (x[0] - centre(t)))
        .with_potential(move |t, x| 0.5 * k(t) * (x[0] - centre(t)).powi(2))
        .depending_on_time()
}

fn in_equilibrium(width: f64, centre: f64, index: u64) -> Start {
    let positions = normals(WALKERS, index)
        .iter()
        .map(|x| centre + width * x)
        .collect();
    Start::of_positions(1, positions).unwrap()
}

fn books(
    field: &dyn irrev_landscape::langevin::ForceField,
    dynamics: &Dynamics<'_>,
    start: &Start,
    steps: u64,
    seed: u64,
) -> Thermodynamics {
    let run = Run {
        seed,
        ..Run::default()
    };
    simulate(field, dynamics, start, &options(steps, 1.0), &run)
        .unwrap()
        .thermodynamics
}

#[test]
fn a_dragged_trap_has_normal_works_with_the_exact_mean_and_variance() {
    // k = 2, T = 0.8, μ = 1, λ = t for a time 1: W is linear in a normal path, so it is normal at any step
    let (k, t, steps) = (2.0, 0.8, 512);
    let field = moving(move |_| k, |t| t);
    let dynamics = Overdamped::new(vec![1.0], vec![t]).unwrap().into();
    let works = books(
        &field,
        &dynamics,
        &in_equilibrium((t / k).sqrt(), 0.0, 0),
        steps,
        3,
    )
    .work()
    .unwrap();
    // the mean of the scheme: V changes by k (λ'² − λ²)/2 − k m (λ' − λ)
    let h = 1.0 / steps as f64;
    let (mut m, mut expected) = (0.0, 0.0);
    let switch = |m: f64, from: f64, to: f64| 0.5 * k * (to * to - from * from) - k * m * (to - from);
    for step in 0..steps {
        let (from, middle, to) = (step as f64 * h, (step as f64 + 0.5) * h, (step + 1) as f64 * h);
        expected += switch(m, from, middle);
        m += h * k * (middle - m);
        expected += switch(m, middle, to);
    }
    let continuous = 1.0 - (1.0 - f64::exp(-k)) / k;
    assert!((expected - continuous).abs() < 2e-3);
    let moments = Moments::of(&works);
    assert_mean("W", &moments.mean(), expected, 0.0);
    // σ² = 2 T ⟨W⟩ to the order of h k = 4e-3
    assert_mean("variance of W", &moments.variance(), 2.0 * t * continuous, 8e-3);
    let n = WALKERS as f64;
    let sigma = moments.central(2).sqrt();
    // skewness and excess of n normal numbers have the variances 6/n and 24/n
    assert!((moments.central(3) / sigma.powi(3)).abs() < 5.0 * (6.0 / n).sqrt());
    assert!((moments.central(4) / sigma.powi(4) - 3.0).abs() < 5.0 * (24.0 / n).sqrt());
    // the free energy does not change; σ/T = 1.2, so that the average has a spread of 1.8
    let average = ExponentialAverage::of(works.iter().map(|w| -w / t));
    assert!(average.effective_sample_size() > 0.1 * n);
    assert_mean("⟨e^{−W/T}⟩", &average.mean(), 1.0, 5e-3);
}

#[test]
fn the_best_protocol_with_its_jumps_costs_the_least_work() {
    // Schmiedl and Seifert: λ jumps at both ends by 2/3 and W = 4/3, where the straight way costs 2 (1 + 1/e) = 1.47
    let best = moved_trap(1.0, 2.0, 1.0, 1.0).unwrap();
    let centre = move |t: f64| {
        if t <= 0.0 {
            0.0
        } else if t >= 1.0 {
            2.0
        } else {
            best.jump + best.speed * t
        }
    };
    let dynamics = Overdamped::new(vec![1.0], vec![1.0]).unwrap().into();
    let start = in_equilibrium(1.0, 0.0, 1);
    let works = books(&moving(|_| 1.0, centre), &dynamics, &start, 256, 4)
        .work()
        .unwrap();
    // the mean lags behind by half a step: a bias of h/2 of the work
    assert_mean("least work", &mean(&works), best.work, 3e-3);
    let straight = books(&moving(|_| 1.0, |t| 2.0 * t), &dynamics, &start, 256, 4)
        .work()
        .unwrap();
    assert!(mean(&straight).value > best.work + 0.05);
}

#[test]
fn stiffening_a_trap_gives_its_free_energy_both_ways() {
    let best = stiffened_trap(1.0, 4.0, 1.0, 1.0, 1.0).unwrap();
    let (from, to) = best.standard_deviation;
    let stiffness = move |t: f64| {
        if t <= 0.0 {
            1.0
        } else if t >= 1.0 {
            4.0
        } else {
            let s = from + (to - from) * t;
            1.0 / (s * s) - (to - from) / s
        }
    };
    let field = moving(stiffness, |_| 0.0);
    let dynamics = Overdamped::new(vec![1.0], vec![1.0]).unwrap().into();
    let forward = books(&field, &dynamics, &in_equilibrium(1.0, 0.0, 2), 1024, 5)
        .work()
        .unwrap();
    // a step of 1/1024 changes the work by some 1e-3
    assert_mean("least work", &mean(&forward), best.work, 3e-3);
    let difference = jarzynski(&forward, 1.0).unwrap();
    assert_mean("ΔF by Jarzynski", &difference, best.free_energy_difference, 3e-3);
    let reversed = Reversed::new(&field, 1.0).unwrap();
    let backward = books(&reversed, &dynamics, &in_equilibrium(0.5, 0.0, 3), 1024, 6)
        .work()
        .unwrap();
    let both = bennett_acceptance_ratio(&forward, &backward, 1.0).unwrap();
    assert_mean("ΔF by Bennett", &both, best.free_energy_difference, 3e-3);
    let fit = crooks(&forward, &backward, 1.0, 0.25).unwrap();
    assert_mean("slope of Crooks' line", &fit.slope, 1.0, 0.01);
}

#[test]
fn works_with_inertia_obey_jarzynski_and_the_first_law() {
    // a trap with an anharmonic part is moved and stiffened in one period
    let field = PointField::new(1, |t, x, f| {
        let y = x[0] - 0.5 * t;
        f[0] = -(1.0 + t) * y - y.powi(3);
    })
    .with_potential(|t, x| {
        let y = x[0] - 0.5 * t;
        0.5 * (1.0 + t) * y * y + 0.25 * y.powi(4)
    })
    .depending_on_time();
    // equilibrium by rejection from the harmonic part, and ΔF by the trapezoidal rule
    let mut coins = Stream::new(1, Purpose::Search, 5);
    let candidates = normals(4 * WALKERS, 4);
    let accepted = candidates
        .iter()
        .filter(|x| coins.uniform() < (-0.25 * x.powi(4)).exp());
    let start: Vec<f64> = accepted.copied().take(WALKERS).collect();
    assert_eq!(start.len(), WALKERS);
    let partition = |t: f64| -> f64 {
        let nodes = (-6000..=6000).map(|k| f64::from(k) * 1e-3);
        nodes
            .map(|y| (-0.5 * (1.0 + t) * y * y - 0.25 * y.powi(4)).exp())
            .sum()
    };
    let free_energy = (partition(0.0) / partition(1.0)).ln();
    let dynamics = Underdamped::new(vec![bath(0.7, 1.0)]).unwrap().into();
    let books = books(&field, &dynamics, &Start::of_positions(1, start).unwrap(), 128, 7);
    let found = jarzynski(&books.work().unwrap(), 1.0).unwrap();
    assert_mean("ΔF", &found, free_energy, 1e-4);
    let residual = Moments::of(&books.residual().unwrap());
    assert!(residual.central(2).sqrt() < 1e-3 && residual.mean().value.abs() < 1e-4);
}
