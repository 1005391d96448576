//! Systems and comparisons that the tests of initial value problems share.

#![allow(dead_code)] // no test needs all of it

use std::convert::Infallible;

use irrev_numerics::ode::{self, Options, System};

/// A rate that cannot fail.
pub(crate) fn smooth(n: usize, rate: impl Fn(f64, &[f64], &mut [f64])) -> impl System<Error = Infallible> {
    ode::from_rate(n, move |t, x, dx| {
        rate(t, x, dx);
        Ok(())
    })
}

pub(crate) fn relative(tolerance: f64) -> Options {
    Options {
        relative: tolerance,
        ..Options::default()
    }
}

pub(crate) fn robertson() -> impl System<Error = Infallible> {
    smooth(3, |_, y, dy| {
        let (slow, fast, back) = (0.04 * y[0], 3e7 * y[1] * y[1], 1e4 * y[1] * y[2]);
        dy[0] = back - slow;
        dy[1] = slow - back - fast;
        dy[2] = fast;
    })
}

pub(crate) fn oscillator() -> impl System<Error = Infallible> {
    smooth(2, |_, x, dx| (dx[0], dx[1]) = (x[1], -x[0]))
}

pub(crate) fn brusselator() -> impl System<Error = Infallible> {
    smooth(2, |_, x, dx| {
        let autocatalysis = x[0] * x[0] * x[1];
        dx[0] = 1.0 + autocatalysis - 4.0 * x[0];
        dx[1] = 3.0 * x[0] - autocatalysis;
    })
}

pub(crate) fn assert_close(found: &[f64], wanted: &[f64], tolerance: f64) {
    for (i, (f, w)) in found.iter().zip(wanted).enumerate() {
        assert!(
            (f - w).abs() <= tolerance * w.abs(),
            "component {i}: {f:e}, expected {w:e}, off by {:e}",
            (f - w) / w
        );
    }
}
