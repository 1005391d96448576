//! Initial value problems against values known from elsewhere, and against what must hold.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::convert::Infallible;

use crate::systems::*;
use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, exponential};
use irrev_numerics::ode::{self, Direction, End, Event, JacobianKind, Options, Order, Problem, System};

#[test]
fn robertson_s_reaction_reaches_the_published_states() {
    // both by scipy 1.17 (Radau, rtol 1e-12, atol 1e-18), which is right to some 1e-11; the first also as in the manual
    // of CVODE to its eight digits
    let system = robertson();
    let options = Options {
        landings: vec![40.0],
        ..relative(1e-10)
    };
    let path = ode::solve(&system, 0.0, &[1.0, 0.0, 0.0], 4e5, &options, &Run::default()).unwrap();
    let early = [0.7158270687194057, 9.18553476455793e-6, 0.2841637457458298];
    assert_close(&path.at(40.0).unwrap(), &early, 1e-10);
    let late = [0.004938274521001258, 1.984994087962838e-8, 0.9950617056290612];
    assert_close(path.state(), &late, 1e-10);
    for k in 0..path.times().len() {
        // every step adds three roundings of numbers below one
        let total: f64 = path.state_after(k).iter().sum();
        assert!(
            (total - 1.0).abs() < (2 * k + 4) as f64 * f64::EPSILON,
            "step {k}: {total}"
        );
    }
}

#[test]
fn hires_reaches_the_values_of_the_test_set() {
    // Mazzia and Magherini, Test Set for Initial Value Problem Solvers 2.4 (2008), II.1
    let system = smooth(8, |_, y, dy| {
        let binding = 280.0 * y[5] * y[7];
        dy[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
        dy[1] = 1.71 * y[0] - 8.75 * y[1];
        dy[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        dy[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
        dy[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
        dy[5] = -binding + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
        dy[6] = binding - 1.81 * y[6];
        dy[7] = -binding + 1.81 * y[6];
    });
    let start = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057];
    let wanted = [
        0.7371312573325668e-3,
        0.1442485726316185e-3,
        0.5888729740967575e-4,
        0.1175651343283149e-2,
        0.2386356198831331e-2,
        0.6238968252742796e-2,
        0.2849998395185769e-2,
        0.2850001604814231e-2,
    ];
    for (order, tolerance) in [
        (Order::Fifth, 1e-8),
        (Order::Ninth, 1e-9),
        (Order::Thirteenth, 1e-10),
    ] {
        let options = Options {
            order,
            ..relative(tolerance)
        };
        let path = ode::solve(&system, 0.0, &start, 321.8122, &options, &Run::default()).unwrap();
        assert_close(path.state(), &wanted, 10.0 * tolerance);
    }
}

/// Van der Pol's oscillator at μ = 1000.
struct VanDerPol;

impl System for VanDerPol {
    type Error = Infallible;
    fn dimension(&self) -> usize {
        2
    }
    fn rate(&self, _: f64, x: &[f64], dx: &mut [f64]) -> Result<(), Infallible> {
        (dx[0], dx[1]) = (x[1], 1e3 * (1.0 - x[0] * x[0]) * x[1] - x[0]);
        Ok(())
    }
    fn jacobian_kind(&self) -> JacobianKind {
        JacobianKind::Dense
    }
    fn jacobian(&self, _: f64, x: &[f64], jacobian: &mut Matrix) -> Result<(), Infallible> {
        jacobian[(0, 1)] = 1.0;
        jacobian[(1, 0)] = -2e3 * x[0] * x[1] - 1.0;
        jacobian[(1, 1)] = 1e3 * (1.0 - x[0] * x[0]);
        Ok(())
    }
}

#[test]
fn van_der_pol_keeps_its_period_at_mu_1000() {
    // the state at 2000 is that of the Test Set for Initial Value Problem Solvers (2008), II.22, with x₂ divided by μ;
    // the period was measured with scipy 1.17 (Radau, rtol 1e-12)
    let path = Problem::new(&VanDerPol)
        .with_event(Event::new(Direction::Rising, |_, x| Ok(x[0])).terminal(2))
        .solve(0.0, &[2.0, 0.0], 5000.0, &relative(1e-10), &Run::default())
        .unwrap();
    assert_eq!(path.end(), End::Event(0));
    assert_close(
        &path.at(2000.0).unwrap(),
        &[1.706167732170483, -0.8928097010247975e-3],
        1e-8,
    );
    let period = path.events()[1].time - path.events()[0].time;
    assert!((period - 1_614.401_125_81).abs() < 1e-7, "{period}");
}

/// Decay along a chain with rates over eight decades; the Jacobian as triplets.
struct Chain {
    n: usize,
    kind: JacobianKind,
    speed: f64,
}

impl Chain {
    fn entries(&self) -> Vec<(usize, usize, f64)> {
        let rate = |i: usize| self.speed * 10_f64.powf(4.0 - 8.0 * i as f64 / self.n as f64);
        let mut entries = Vec::new();
        for i in 0..self.n {
            let next = (i + 1) % self.n;
            entries.extend([(i, i, -rate(i)), (next, i, rate(i))]);
        }
        entries
    }
}

impl System for Chain {
    type Error = Infallible;
    fn dimension(&self) -> usize {
        self.n
    }
    fn rate(&self, _: f64, x: &[f64], dx: &mut [f64]) -> Result<(), Infallible> {
        dx.fill(0.0);
        for (i, j, v) in self.entries() {
            dx[i] += v * x[j];
        }
        Ok(())
    }
    fn jacobian_kind(&self) -> JacobianKind {
        self.kind
    }
    fn jacobian(&self, _: f64, _: &[f64], jacobian: &mut Matrix) -> Result<(), Infallible> {
        for (i, j, v) in self.entries() {
            jacobian[(i, j)] += v;
        }
        Ok(())
    }
    fn sparse_jacobian(
        &self,
        _: f64,
        _: &[f64],
        entries: &mut Vec<(usize, usize, f64)>,
    ) -> Result<(), Infallible> {
        entries.extend(self.entries());
        Ok(())
    }
}

#[test]
fn a_stiff_linear_system_follows_its_exponential_whatever_is_known_of_the_jacobian() {
    for (n, time) in [(3, 1.0), (12, 30.0), (60, 2.0)] {
        let mut start = vec![0.0; n];
        start[0] = 1.0;
        let mut generator = Matrix::zeros(n, n);
        let mut chain = Chain {
            n,
            kind: JacobianKind::Differences,
            speed: 1.0,
        };
        for (i, j, v) in chain.entries() {
            generator[(i, j)] += v;
        }
        let wanted = exponential(&generator.scaled(time)).apply_to(&start);
        for kind in [
            JacobianKind::Differences,
            JacobianKind::Dense,
            JacobianKind::Sparse,
        ] {
            chain.kind = kind;
            let path = ode::solve(&chain, 0.0, &start, time, &relative(1e-10), &Run::default()).unwrap();
            for (i, (x, w)) in path.state().iter().zip(&wanted).enumerate() {
                // components below 1e-6 of the largest are followed absolutely; the exponential squares its rounding
                assert!(
                    (x - w).abs() < 1e-10 * w.abs() + 1e-13,
                    "n {n} {kind:?} component {i}: {x:e} {w:e}"
                );
            }
        }
    }
}

#[test]
fn scales_of_time_and_state_of_any_size_give_the_same_numbers() {
    let solution = |speed: f64, size: f64| {
        let chain = Chain {
            n: 4,
            kind: JacobianKind::Dense,
            speed,
        };
        let path = ode::solve(
            &chain,
            0.0,
            &[size, 0.0, 0.0, 0.0],
            1.0 / speed,
            &relative(1e-9),
            &Run::default(),
        )
        .unwrap();
        path.state().iter().map(|x| x / size).collect::<Vec<_>>()
    };
    let plain = solution(1.0, 1.0);
    for (speed, size) in [
        (1e150, 1.0),
        (1e-150, 1.0),
        (1.0, 1e150),
        (1.0, 1e-150),
        (1e100, 1e-100),
    ] {
        for (x, w) in solution(speed, size).iter().zip(&plain) {
            // two paths of steps, each of which is right to the tolerance
            assert!(
                (x - w).abs() < 1e-9 * w.abs() + 1e-14,
                "{speed:e} {size:e}: {x:e} {w:e}"
            );
        }
    }
}

/// A closed network of n species with cooperative reactions, rates over ten decades.
fn network(n: usize) -> impl System<Error = Infallible> {
    smooth(n, move |_, x, dx| {
        dx.fill(0.0);
        for r in 0..5 * n / 4 {
            let (a, b, c) = (r % n, (7 * r + 3) % n, (11 * r + 5) % n);
            let speed = 10_f64.powf(5.0 - 10.0 * ((13 * r) % n) as f64 / n as f64);
            // a + b ⇌ c + b
            let flux = speed * (x[a] * x[b] - 0.3 * x[c] * x[b]);
            dx[a] -= flux;
            dx[c] += flux;
        }
    })
}

#[test]
fn a_stiff_network_of_a_hundred_species_takes_less_than_a_second() {
    let start: Vec<f64> = (0..100).map(|i| 1.0 + 0.5 * (i as f64).sin()).collect();
    let clock = std::time::Instant::now();
    let path = ode::solve(&network(100), 0.0, &start, 1e3, &relative(1e-9), &Run::default()).unwrap();
    let seconds = clock.elapsed().as_secs_f64();
    println!("100 species: {seconds:.3} s, {:?}", path.statistics());
    let (before, after): (f64, f64) = (start.iter().sum(), path.state().iter().sum());
    // sums of a hundred numbers over some hundred steps
    assert!((after / before - 1.0).abs() < 1e-12, "{:e}", after / before - 1.0);
    // the aim is one second; shared machines are allowed more
    assert!(seconds < 10.0);
}

#[test]
fn a_slow_drive_is_followed_however_stiff_the_relaxation() {
    // Prothero and Robinson's problem: x = cos t for every stiffness
    for stiffness in [1.0, 1e3, 1e6, 1e12] {
        let system = smooth(1, move |t, x, dx| dx[0] = -stiffness * (x[0] - t.cos()) - t.sin());
        let path = ode::solve(&system, 0.0, &[1.0], 10.0, &relative(1e-9), &Run::default()).unwrap();
        for k in 0..=100 {
            let t = 0.1 * k as f64;
            let error = (path.at(t).unwrap()[0] - t.cos()).abs();
            assert!(error < 1e-8, "stiffness {stiffness:e} at {t}: {error:e}");
        }
    }
}

#[test]
fn the_tightest_tolerance_is_reached_without_stagnation() {
    for tolerance in [1e-12, 1e-13, 1e-14] {
        let path = ode::solve(
            &robertson(),
            0.0,
            &[1.0, 0.0, 0.0],
            40.0,
            &relative(tolerance),
            &Run::default(),
        )
        .unwrap();
        // the reference is right to some 1e-11
        assert_close(
            path.state(),
            &[0.7158270687194057, 9.18553476455793e-6, 0.2841637457458298],
            1e-10,
        );
        assert!(path.statistics().steps < 2000, "{:?}", path.statistics());
        let path = ode::solve(
            &oscillator(),
            0.0,
            &[0.0, 1.0],
            10.0,
            &relative(tolerance),
            &Run::default(),
        )
        .unwrap();
        assert!(
            (path.state()[0] - 10_f64.sin()).abs() < 1e-13,
            "{tolerance:e}: {:?}",
            path.statistics()
        );
    }
}

#[test]
fn the_integral_over_a_limit_cycle_is_the_same_over_every_period() {
    // the Brusselator settles on its cycle within 60 units of time to 1e-10
    let system = brusselator();
    let path = Problem::new(&system)
        .with_integrand(2, |_, x, q| {
            (q[0], q[1]) = (x[0], (x[0] * x[0] * x[1] - 3.0 * x[0]) * (x[1] / x[0]).ln());
            Ok(())
        })
        .with_event(Event::new(Direction::Rising, |_, x| Ok(x[0] - 1.5)))
        .solve(0.0, &[1.0, 3.1], 120.0, &relative(1e-10), &Run::default())
        .unwrap();
    let late: Vec<_> = path.events().iter().filter(|e| e.time > 60.0).collect();
    let period = late[1].time - late[0].time;
    let first: Vec<f64> = (0..2)
        .map(|k| late[1].quadratures[k] - late[0].quadratures[k])
        .collect();
    for pair in late.windows(2) {
        assert!((pair[1].time - pair[0].time - period).abs() < 1e-9);
        for (k, first) in first.iter().enumerate() {
            let integral = pair[1].quadratures[k] - pair[0].quadratures[k];
            assert!((integral - first).abs() < 1e-9, "{k}: {integral} {first}");
        }
    }
    // d(x + y)/dt = 1 − x integrates to zero over a period
    assert!((first[0] - period).abs() < 1e-9, "{} {period}", first[0]);
}

/// A ring of cells with a cubic reaction and diffusion.
struct Ring(usize);

impl System for Ring {
    type Error = Infallible;
    fn dimension(&self) -> usize {
        self.0
    }
    fn rate(&self, _: f64, x: &[f64], dx: &mut [f64]) -> Result<(), Infallible> {
        let n = self.0;
        for i in 0..n {
            let (left, right) = (x[(i + n - 1) % n], x[(i + 1) % n]);
            dx[i] = 1e4 * (left - 2.0 * x[i] + right) + x[i] * (1.0 - x[i] * x[i]);
        }
        Ok(())
    }
    fn jacobian_kind(&self) -> JacobianKind {
        JacobianKind::Sparse
    }
    fn sparse_jacobian(
        &self,
        _: f64,
        x: &[f64],
        entries: &mut Vec<(usize, usize, f64)>,
    ) -> Result<(), Infallible> {
        let n = self.0;
        for (i, x) in x.iter().enumerate() {
            entries.push((i, i, -2e4 + 1.0 - 3.0 * x * x));
            entries.extend([(i, (i + n - 1) % n, 1e4), (i, (i + 1) % n, 1e4)]);
        }
        Ok(())
    }
}

#[test]
fn a_large_sparse_system_is_solved_by_sparse_factors() {
    let n = 4000;
    let start: Vec<f64> = (0..n)
        .map(|i| 0.5 + 0.4 * (2.0 * std::f64::consts::PI * i as f64 / n as f64).sin())
        .collect();
    let path = ode::solve(&Ring(n), 0.0, &start, 10.0, &relative(1e-7), &Run::default()).unwrap();
    println!("{n} cells: {:?}", path.statistics());
    // every cell comes to the stable state 1, with what e^{-2t} leaves
    assert!(path.state().iter().all(|x| (x - 1.0).abs() < 1e-6));
    let error = path.at(5.0).unwrap();
    assert!(error.iter().all(|x| x.is_finite()));
}

#[test]
fn the_bits_are_those_of_one_thread_on_any_number_of_threads() {
    let chain = Chain {
        n: 90,
        kind: JacobianKind::Dense,
        speed: 1.0,
    };
    let mut start = vec![0.0; 90];
    start[0] = 1.0;
    let solution = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        run.install(|| {
            ode::solve(&chain, 0.0, &start, 1.0, &relative(1e-9), &run)
                .unwrap()
                .state()
                .to_vec()
        })
        .unwrap()
    };
    assert_eq!(solution(1), solution(5));
}
