//! Initial value problems against values known from elsewhere, and against what must hold.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use irrev_numerics::linalg::{Matrix, exponential};
use irrev_numerics::ode::{
    self, Absolute, Direction, End, Event, Failure, JacobianKind, Obstacle, Options, Order, Problem, System,
};
use irrev_numerics::{Error, Monitor, Run};

/// A rate that cannot fail.
fn smooth(n: usize, rate: impl Fn(f64, &[f64], &mut [f64])) -> impl System<Error = Infallible> {
    ode::from_rate(n, move |t, x, dx| {
        rate(t, x, dx);
        Ok(())
    })
}

fn relative(tolerance: f64) -> Options {
    Options {
        relative: tolerance,
        ..Options::default()
    }
}

fn robertson() -> impl System<Error = Infallible> {
    smooth(3, |_, y, dy| {
        let (slow, fast, back) = (0.04 * y[0], 3e7 * y[1] * y[1], 1e4 * y[1] * y[2]);
        dy[0] = back - slow;
        dy[1] = slow - back - fast;
        dy[2] = fast;
    })
}

fn oscillator() -> impl System<Error = Infallible> {
    smooth(2, |_, x, dx| (dx[0], dx[1]) = (x[1], -x[0]))
}

fn brusselator() -> impl System<Error = Infallible> {
    smooth(2, |_, x, dx| {
        let autocatalysis = x[0] * x[0] * x[1];
        dx[0] = 1.0 + autocatalysis - 4.0 * x[0];
        dx[1] = 3.0 * x[0] - autocatalysis;
    })
}

fn assert_close(found: &[f64], wanted: &[f64], tolerance: f64) {
    for (i, (f, w)) in found.iter().zip(wanted).enumerate() {
        assert!(
            (f - w).abs() <= tolerance * w.abs(),
            "component {i}: {f:e}, expected {w:e}, off by {:e}",
            (f - w) / w
        );
    }
}

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

#[test]
fn events_of_an_oscillator_are_located_to_rounding_in_every_direction() {
    let pi = std::f64::consts::PI;
    let position = |_: f64, x: &[f64]| Ok(x[0] - 0.5);
    for order in [Order::Fifth, Order::Ninth, Order::Thirteenth] {
        let path = Problem::new(&oscillator())
            .with_event(Event::new(Direction::Rising, position))
            .with_event(Event::new(Direction::Falling, position))
            .with_event(Event::new(Direction::Either, |t, _| Ok((t - 1.0) * (t - 1.001))))
            .solve(
                0.0,
                &[0.0, 1.0],
                10.0,
                &Options {
                    order,
                    ..relative(1e-12)
                },
                &Run::default(),
            )
            .unwrap();
        let times = |number| {
            path.events()
                .iter()
                .filter(|e| e.event == number)
                .map(|e| e.time)
                .collect::<Vec<_>>()
        };
        let (rising, falling) = (times(0), times(1));
        assert_eq!((rising.len(), falling.len()), (2, 2));
        for (found, wanted) in rising.iter().zip([pi / 6.0, pi / 6.0 + 2.0 * pi]) {
            assert!((found - wanted).abs() < 1e-12, "{order:?} {found} {wanted}");
        }
        for (found, wanted) in falling.iter().zip([5.0 * pi / 6.0, 5.0 * pi / 6.0 + 2.0 * pi]) {
            assert!((found - wanted).abs() < 1e-12, "{order:?} {found} {wanted}");
        }
        for event in path.events().iter().filter(|e| e.event < 2) {
            assert!((event.state[0] - 0.5).abs() < 1e-14);
        }
        assert!(path.events().windows(2).all(|pair| pair[0].time <= pair[1].time));
    }
}

#[test]
fn an_orbit_returns_to_its_start_within_its_first_turn_however_long_the_interval() {
    // the end of the interval must not decide which returns are seen
    for end in [10.0, 1e4, 1e12] {
        let oscillator = oscillator();
        let path = Problem::new(&oscillator)
            .with_event(Event::new(Direction::Rising, |_, x| Ok(x[0])).terminal(1))
            .solve(0.0, &[0.0, 1.0], end, &relative(1e-8), &Run::default())
            .unwrap();
        assert!(
            (path.time() - std::f64::consts::TAU).abs() < 1e-6,
            "{end}: {}",
            path.time()
        );
    }
}

#[test]
fn a_terminal_event_ends_at_its_kth_occurrence_and_a_start_on_the_surface_is_none() {
    for offset in [0.0, 1e-17, -1e-17] {
        let path = Problem::new(&oscillator())
            .with_event(Event::new(Direction::Rising, |_, x| Ok(x[0])).terminal(2))
            .solve(0.0, &[offset, 1.0], 100.0, &relative(1e-11), &Run::default())
            .unwrap();
        assert_eq!(path.end(), End::Event(0));
        assert_eq!(path.events().len(), 2);
        assert!(
            (path.time() - 4.0 * std::f64::consts::PI).abs() < 1e-10,
            "{offset:e}: {}",
            path.time()
        );
        assert_eq!(path.at(path.time()).unwrap(), path.state());
        assert!(path.at(path.time() + 1e-9).is_err());
    }
}

#[test]
fn integrals_along_the_way_have_the_accuracy_of_the_tolerance_and_an_estimate_that_covers_the_error() {
    let (pi, end) = (std::f64::consts::PI, 2.0 * std::f64::consts::PI);
    let options = Options {
        error_estimate: true,
        ..relative(1e-10)
    };
    let integrand = |t: f64, x: &[f64], q: &mut [f64]| {
        (q[0], q[1], q[2]) = (x[0] * x[0], x[0], t * t);
        Ok(())
    };
    let system = oscillator();
    let path = ode::solve_with_quadratures(
        &system,
        3,
        integrand,
        0.0,
        &[1.0, 0.0],
        end,
        &options,
        &Run::default(),
    )
    .unwrap();
    let wanted = [pi, 0.0, end.powi(3) / 3.0];
    for (k, wanted) in wanted.iter().enumerate() {
        let error = (path.quadratures()[k] - wanted).abs();
        assert!(error < 1e-10, "integral {k}: {error:e}");
        assert!(error <= path.quadrature_errors()[k] + 1e-13, "integral {k}");
    }
    let part = path.quadratures_at(1.0).unwrap();
    assert!((part[1] - 1_f64.sin()).abs() < 1e-9 && (part[2] - 1.0 / 3.0).abs() < 1e-9);
    let global = path.global_error().unwrap();
    assert!(global.scaled < 10.0 && global.quadratures.iter().all(|e| *e < 1e-9));
}

#[test]
fn the_polynomial_between_steps_is_as_accurate_as_the_tolerance() {
    for (order, tolerance) in [
        (Order::Fifth, 1e-6),
        (Order::Ninth, 1e-9),
        (Order::Thirteenth, 1e-11),
    ] {
        let options = Options {
            order,
            ..relative(tolerance)
        };
        let path = ode::solve(&oscillator(), 0.0, &[0.0, 1.0], 6.0, &options, &Run::default()).unwrap();
        for k in 0..=997 {
            let t = 6.0 * k as f64 / 997.0;
            let error = (path.at(t).unwrap()[0] - t.sin()).abs();
            assert!(error < 10.0 * tolerance, "{order:?} at {t}: {error:e}");
        }
    }
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("concentration {index} is {value}")]
struct Negative {
    index: usize,
    value: f64,
}

fn refuse_negative(x: &[f64]) -> Result<(), Negative> {
    match x.iter().position(|v| *v < 0.0) {
        Some(index) => Err(Negative {
            index,
            value: x[index],
        }),
        None => Ok(()),
    }
}

#[test]
fn a_rate_that_refuses_negative_numbers_makes_the_step_shorter() {
    let decay = ode::from_rate(2, |_, x: &[f64], dx: &mut [f64]| {
        refuse_negative(x)?;
        (dx[0], dx[1]) = (-x[0], x[0] - 1e4 * x[1] * x[1]);
        Ok::<(), Negative>(())
    });
    let options = Options {
        first_step: Some(50.0),
        ..relative(1e-8)
    };
    let path = ode::solve(&decay, 0.0, &[1.0, 0.0], 20.0, &options, &Run::default()).unwrap();
    assert!((path.state()[0] / (-20.0_f64).exp() - 1.0).abs() < 1e-6);
}

#[test]
fn an_error_of_the_rate_comes_back_unchanged_with_its_time() {
    let sinking = ode::from_rate(1, |_, x: &[f64], dx: &mut [f64]| {
        refuse_negative(x)?;
        dx[0] = -1.0;
        Ok::<(), Negative>(())
    });
    match ode::solve(&sinking, 0.0, &[0.5], 2.0, &Options::default(), &Run::default()) {
        Err(Failure::System { time, error }) => {
            assert!((time - 0.5).abs() < 1e-6, "{time}");
            assert_eq!(error.index, 0);
            assert!(error.value < 0.0);
        }
        other => panic!("{other:?}"),
    }
    let refused = ode::solve(&sinking, 3.0, &[-1.0], 4.0, &Options::default(), &Run::default());
    let error = Negative {
        index: 0,
        value: -1.0,
    };
    assert_eq!(refused.unwrap_err(), Failure::System { time: 3.0, error });
}

#[test]
fn what_is_not_finite_is_named_with_time_and_component() {
    let broken = smooth(2, |t, _, dx| {
        (dx[0], dx[1]) = (1.0, if t > 1.0 { f64::NAN } else { 0.0 })
    });
    match ode::solve(
        &broken,
        0.0,
        &[0.0, 0.0],
        2.0,
        &Options::default(),
        &Run::default(),
    ) {
        Err(Failure::NotFinite {
            what: "rate",
            time,
            component: 1,
            ..
        }) => assert!((time - 1.0).abs() < 1e-6),
        other => panic!("{other:?}"),
    }
    let path = Problem::new(&oscillator())
        .with_event(Event::new(Direction::Either, |_, x| Ok(x[0].ln())))
        .solve(0.0, &[1.0, 0.0], 4.0, &Options::default(), &Run::default());
    assert!(matches!(
        path,
        Err(Failure::NotFinite {
            what: "event function",
            ..
        })
    ));
}

#[test]
fn a_solution_that_becomes_infinite_ends_with_the_time_where_it_does() {
    let explosion = smooth(1, |_, x, dx| dx[0] = x[0] * x[0]);
    match ode::solve(&explosion, 0.0, &[1.0], 2.0, &Options::default(), &Run::default()) {
        Err(Failure::NotConverged { time, .. } | Failure::NotFinite { time, .. }) => {
            assert!((time - 1.0).abs() < 1e-3, "{time}");
        }
        other => panic!("{other:?}"),
    }
    let options = Options {
        max_steps: 10,
        ..relative(1e-10)
    };
    let stopped = ode::solve(&oscillator(), 0.0, &[1.0, 0.0], 1e3, &options, &Run::default());
    assert!(matches!(
        stopped,
        Err(Failure::NotConverged {
            obstacle: Obstacle::Steps,
            ..
        })
    ));
}

#[test]
fn a_jump_of_the_rate_is_passed_by_landing_on_it_and_found_without() {
    let jump = smooth(1, |t, x, dx| dx[0] = if t <= 1.0 { 1.0 } else { -x[0] });
    let wanted = (-1.0_f64).exp();
    for landings in [vec![1.0], Vec::new()] {
        let options = Options {
            landings,
            ..relative(1e-9)
        };
        let path = ode::solve(&jump, 0.0, &[0.0], 2.0, &options, &Run::default()).unwrap();
        assert!(
            (path.state()[0] / wanted - 1.0).abs() < 1e-7,
            "{:e}",
            path.state()[0]
        );
    }
}

struct Impatient(AtomicUsize);

impl Monitor for Impatient {
    fn progress(&self, fraction: f64, _: &str) {
        assert!((0.0..=1.0).contains(&fraction));
    }
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= 2
    }
}

#[test]
fn a_cancelled_run_stops_within_a_tenth_of_a_second_or_so() {
    let monitor = Impatient(AtomicUsize::new(0));
    let run = Run {
        monitor: &monitor,
        ..Run::default()
    };
    let options = Options {
        max_steps: usize::MAX,
        ..relative(1e-12)
    };
    let clock = std::time::Instant::now();
    let stopped = ode::solve(&oscillator(), 0.0, &[1.0, 0.0], 1e12, &options, &run);
    assert_eq!(stopped.unwrap_err(), Failure::Numerics(Error::Cancelled));
    // three questions a twentieth of a second apart, and room for a busy machine
    assert!(clock.elapsed().as_secs_f64() < 2.0);
}

#[test]
fn an_interval_of_no_length_returns_the_start_and_time_does_not_run_backward() {
    let system = oscillator();
    let path = ode::solve(
        &system,
        1.0,
        &[0.3, 0.4],
        1.0,
        &Options::default(),
        &Run::default(),
    )
    .unwrap();
    assert_eq!((path.times(), path.state()), (&[1.0][..], &[0.3, 0.4][..]));
    assert_eq!(path.at(1.0).unwrap(), [0.3, 0.4]);
    let refused = [
        ode::solve(
            &system,
            1.0,
            &[0.3, 0.4],
            0.0,
            &Options::default(),
            &Run::default(),
        ),
        ode::solve(&system, 0.0, &[0.3], 1.0, &Options::default(), &Run::default()),
        ode::solve(
            &system,
            0.0,
            &[0.3, f64::NAN],
            1.0,
            &Options::default(),
            &Run::default(),
        ),
        ode::solve(
            &system,
            0.0,
            &[0.3, 0.4],
            f64::NAN,
            &Options::default(),
            &Run::default(),
        ),
        ode::solve(&system, 0.0, &[0.3, 0.4], 1.0, &relative(1e-15), &Run::default()),
        ode::solve(
            &system,
            0.0,
            &[0.3, 0.4],
            1.0,
            &relative(f64::NAN),
            &Run::default(),
        ),
    ];
    for result in refused {
        assert!(matches!(result, Err(Failure::Numerics(_))));
    }
}

#[test]
fn a_state_of_zeros_is_left_or_kept_as_the_rate_says() {
    let filling = smooth(1, |_, x, dx| dx[0] = 1.0 - x[0]);
    let path = ode::solve(&filling, 0.0, &[0.0], 3.0, &relative(1e-10), &Run::default()).unwrap();
    assert!((path.state()[0] - (1.0 - (-3.0_f64).exp())).abs() < 1e-10);
    let empty = smooth(2, |_, x, dx| (dx[0], dx[1]) = (-x[0], x[0]));
    let path = ode::solve(&empty, 0.0, &[0.0, 0.0], 3.0, &relative(1e-10), &Run::default()).unwrap();
    assert_eq!(path.state(), [0.0, 0.0]);
}

#[test]
fn a_steady_state_ends_the_integration() {
    let options = Options {
        steady_rate: Some(1e-8),
        ..relative(1e-9)
    };
    let filling = smooth(1, |_, x, dx| dx[0] = 1.0 - x[0]);
    let path = ode::solve(&filling, 0.0, &[0.0], 1e9, &options, &Run::default()).unwrap();
    assert_eq!(path.end(), End::Steady);
    assert!(path.time() < 100.0 && (path.state()[0] - 1.0).abs() < 1e-7);
}

#[test]
fn a_tolerance_per_component_is_kept_and_checked() {
    let system = robertson();
    let absolute = Absolute::Each(vec![1e-10, 1e-16, 1e-10]);
    let options = Options {
        absolute,
        ..relative(1e-8)
    };
    let path = ode::solve(&system, 0.0, &[1.0, 0.0, 0.0], 40.0, &options, &Run::default()).unwrap();
    assert_close(
        path.state(),
        &[0.7158270687194057, 9.18553476455793e-6, 0.2841637457458298],
        1e-8,
    );
    let options = Options {
        absolute: Absolute::Each(vec![1e-10]),
        ..relative(1e-8)
    };
    assert!(ode::solve(&system, 0.0, &[1.0, 0.0, 0.0], 40.0, &options, &Run::default()).is_err());
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

#[test]
fn memory_over_the_limit_is_refused() {
    let run = Run {
        memory_limit: 10_000,
        ..Run::default()
    };
    let refused = ode::solve(&oscillator(), 0.0, &[1.0, 0.0], 1e3, &relative(1e-9), &run);
    assert!(matches!(refused, Err(Failure::Numerics(Error::Memory { .. }))));
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
