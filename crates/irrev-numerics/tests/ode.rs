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

/// Prints the cost of each order: `cargo test --release -p irrev-numerics --test ode -- --ignored --nocapture cost`.
#[test]
#[ignore = "a measurement, not a check"]
fn cost_of_each_order() {
    let silent = Run::default();
    for order in [Order::Fifth, Order::Ninth, Order::Thirteenth] {
        for tolerance in [1e-4, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12] {
            let options = Options {
                order,
                ..relative(tolerance)
            };
            let clock = std::time::Instant::now();
            let limit_cycle = ode::solve(&brusselator(), 0.0, &[1.0, 3.1], 20.0, &options, &silent).unwrap();
            let first = clock.elapsed().as_secs_f64() * 1e3;
            let clock = std::time::Instant::now();
            let stiff = ode::solve(&robertson(), 0.0, &[1.0, 0.0, 0.0], 4e5, &options, &silent).unwrap();
            let second = clock.elapsed().as_secs_f64() * 1e3;
            println!(
                "{order:?} {tolerance:e}: {first:.2} ms {:?} x {:?}",
                limit_cycle.statistics(),
                limit_cycle.state()
            );
            println!(
                "     Robertson {second:.2} ms {:?} x {:?}",
                stiff.statistics(),
                stiff.state()
            );
        }
    }
}
