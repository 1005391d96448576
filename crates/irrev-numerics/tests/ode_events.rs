//! Events, integrals and values along the way of an initial value problem.

#![allow(clippy::unwrap_used, clippy::panic)]

use crate::systems::*;
use irrev_numerics::Run;
use irrev_numerics::ode::{self, Direction, End, Event, Options, Order, Problem};

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
