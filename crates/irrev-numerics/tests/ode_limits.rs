//! Where an initial value problem ends early, is refused, or stands still: rates that fail, infinities, jumps, cancellation, memory.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::systems::*;
use irrev_numerics::ode::{self, Absolute, Direction, End, Event, Failure, Obstacle, Options, Problem};
use irrev_numerics::{Error, Monitor, Run};

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
fn memory_over_the_limit_is_refused() {
    let run = Run {
        memory_limit: 10_000,
        ..Run::default()
    };
    let refused = ode::solve(&oscillator(), 0.0, &[1.0, 0.0], 1e3, &relative(1e-9), &run);
    assert!(matches!(refused, Err(Failure::Numerics(Error::Memory { .. }))));
}
