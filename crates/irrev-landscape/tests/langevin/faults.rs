//! Questions that make no sense are answered with what is wrong and what helps.

use irrev_landscape::langevin::{
    Boundary, Dynamics, LangevinOptions, LinearField, Overdamped, OverdampedIntegrator, PointField, Start,
    Underdamped, UnderdampedIntegrator, simulate,
};
use irrev_landscape::{Error, Period};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use super::fields::{bath, trap};

fn options(step: f64, steps: u64) -> LangevinOptions {
    LangevinOptions {
        step,
        steps,
        ..Default::default()
    }
}

fn overdamped() -> Dynamics<'static> {
    Overdamped::new(vec![1.0], vec![0.5]).unwrap().into()
}

fn underdamped() -> Dynamics<'static> {
    Underdamped::new(vec![bath(1.0, 0.5)]).unwrap().into()
}

fn quartic() -> PointField<'static> {
    PointField::new(1, |_, x, f| f[0] = -4.0 * x[0].powi(3))
}

#[test]
fn steps_that_are_too_long_are_named_with_walker_time_and_remedy() {
    let start = Start::at(&[3.0], 100);
    let failure = simulate(
        &quartic(),
        &overdamped(),
        &start,
        &options(0.2, 100),
        &Run::default(),
    )
    .unwrap_err();
    let Error::StepTooLong {
        walker: 0,
        coordinate: 0,
        time,
        step: 0.2,
        ..
    } = failure
    else {
        panic!("{failure}");
    };
    assert!((time - 0.2).abs() < 1e-12);
    assert!(failure.to_string().contains("try h = 0.02"), "{failure}");
    // in a trap, Euler's steps diverge beyond h μ k = 2, and slowly at first
    let failure = simulate(
        &trap(1.0, 0.0),
        &overdamped(),
        &Start::at(&[1.0], 5),
        &options(2.2, 10_000),
        &Run::default(),
    );
    assert!(matches!(failure, Err(Error::StepTooLong { .. })), "{failure:?}");
    // with inertia beyond h ω = 2
    let failure = simulate(
        &trap(1.0, 0.0),
        &underdamped(),
        &Start::at(&[1.0], 5),
        &options(4.0, 10_000),
        &Run::default(),
    );
    assert!(
        matches!(failure, Err(Error::Diverged { .. } | Error::Force { .. })),
        "{failure:?}"
    );
    let failure = simulate(
        &quartic(),
        &underdamped(),
        &start,
        &options(0.5, 1000),
        &Run::default(),
    );
    assert!(
        matches!(failure, Err(Error::Diverged { .. } | Error::Force { .. })),
        "{failure:?}"
    );
}

#[test]
fn long_steps_that_are_sound_are_not_refused() {
    // an exact step may be as long as it likes, and Euler's may take half of what it can
    let exact = Overdamped::new(vec![1.0], vec![0.5])
        .unwrap()
        .integrated_by(OverdampedIntegrator::ExactLinear)
        .unwrap()
        .into();
    let far = Start::at(&[1000.0], 64);
    simulate(
        &trap(1.0, 0.0),
        &exact,
        &far,
        &options(50.0, 100),
        &Run::default(),
    )
    .unwrap();
    simulate(
        &trap(1.0, 0.0),
        &overdamped(),
        &far,
        &options(1.0, 1000),
        &Run::default(),
    )
    .unwrap();
    // close to motion without noise, where only rounding is left of the force
    let cold = Overdamped::new(vec![1.0], vec![1e-60]).unwrap().into();
    simulate(&trap(1.0, 0.3), &cold, &far, &options(0.5, 1000), &Run::default()).unwrap();
}

#[test]
fn the_first_failure_in_time_is_named_on_any_number_of_threads() {
    // walkers start at different heights of a quartic wall
    let positions: Vec<f64> = (0..300).map(|w| 0.5 + f64::from(w) * 0.01).collect();
    let start = Start::of_positions(1, positions).unwrap();
    let fail = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        simulate(&quartic(), &overdamped(), &start, &options(0.08, 1000), &run).unwrap_err()
    };
    assert_eq!(fail(1), fail(2));
}

#[test]
fn forces_that_are_no_numbers_are_named() {
    let field = PointField::new(1, |_, x, f| f[0] = if x[0] > 0.5 { f64::NAN } else { 1.0 });
    for dynamics in [overdamped(), underdamped()] {
        let failure = simulate(
            &field,
            &dynamics,
            &Start::at(&[0.0], 3),
            &options(0.01, 10_000),
            &Run::default(),
        );
        let Err(Error::Force { position, value, .. }) = failure else {
            panic!("{failure:?}");
        };
        assert!(position > 0.5 && value.is_nan());
    }
    let failure = simulate(
        &field,
        &overdamped(),
        &Start::at(&[0.7], 3),
        &options(0.01, 10),
        &Run::default(),
    );
    assert!(matches!(
        failure,
        Err(Error::Force {
            walker: 0,
            coordinate: 0,
            ..
        })
    ));
}

#[test]
fn wrong_numbers_and_shapes_are_refused() {
    let (field, run) = (trap(1.0, 0.0), Run::default());
    let one = Start::at(&[0.0], 1);
    for step in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        let failure = simulate(&field, &overdamped(), &one, &options(step, 1), &run);
        assert!(matches!(
            failure,
            Err(Error::Domain {
                what: "the time step h",
                ..
            })
        ));
    }
    assert!(Overdamped::new(vec![1.0], vec![0.0]).is_err());
    assert!(Overdamped::new(vec![-1.0], vec![1.0]).is_err());
    assert!(Overdamped::new(vec![1.0, 1.0], vec![1.0]).is_err());
    assert!(Underdamped::new(vec![bath(-0.1, 1.0)]).is_err());
    assert!(
        simulate(
            &field,
            &overdamped(),
            &Start::at(&[0.0, 0.0], 1),
            &options(0.1, 1),
            &run
        )
        .is_err()
    );
    assert!(matches!(
        simulate(
            &field,
            &overdamped(),
            &Start::at(&[0.0], 0),
            &options(0.1, 1),
            &run
        ),
        Err(Error::Empty { .. })
    ));
    assert!(
        simulate(
            &field,
            &overdamped(),
            &Start::at(&[f64::NAN], 1),
            &options(0.1, 1),
            &run
        )
        .is_err()
    );
    assert!(Start::of_positions(2, vec![0.0; 3]).is_err());
    assert!(Start::at(&[0.0], 2).with_velocities(vec![0.0]).is_err());
    assert!(LinearField::new(Matrix::identity(2), vec![0.0]).is_err());
    let walled = |lower, upper| LangevinOptions {
        boundaries: vec![Boundary::Reflecting { lower, upper }],
        ..options(0.1, 1)
    };
    assert!(simulate(&field, &overdamped(), &one, &walled(1.0, -1.0), &run).is_err());
    assert!(simulate(&field, &overdamped(), &one, &walled(1.0, 2.0), &run).is_err());
}

#[test]
fn methods_say_what_they_cannot_do() {
    let run = Run::default();
    let one = Start::at(&[0.0], 1);
    let exact = Underdamped::new(vec![bath(1.0, 1.0)])
        .unwrap()
        .integrated_by(UnderdampedIntegrator::ExactLinear)
        .into();
    assert!(matches!(
        simulate(&quartic(), &exact, &one, &options(0.1, 1), &run),
        Err(Error::Missing { .. })
    ));
    let circle = LangevinOptions {
        boundaries: vec![Boundary::Periodic(Period::radians())],
        ..options(0.1, 1)
    };
    assert!(matches!(
        simulate(&trap(1.0, 0.0), &exact, &one, &circle, &run),
        Err(Error::Method { .. })
    ));
    // a step across the whole circle
    let fast = LinearField::new(Matrix::zeros(1, 1), vec![200.0]).unwrap();
    let failure = simulate(&fast, &overdamped(), &one, &circle, &run);
    assert!(matches!(failure, Err(Error::StepTooLong { .. })), "{failure:?}");
}

#[test]
fn memory_is_estimated_before_it_is_taken() {
    let run = Run {
        memory_limit: 1_000_000,
        ..Run::default()
    };
    let recorded = LangevinOptions {
        record_every: 1,
        ..options(0.1, 1_000_000_000)
    };
    let failure = simulate(
        &trap(1.0, 0.0),
        &overdamped(),
        &Start::at(&[0.0], 10),
        &recorded,
        &run,
    )
    .unwrap_err();
    assert!(failure.to_string().contains("recorded frames"), "{failure}");
    let failure = simulate(
        &trap(1.0, 0.0),
        &overdamped(),
        &Start::at(&[0.0], 100_000),
        &options(0.1, 1),
        &run,
    )
    .unwrap_err();
    assert!(failure.to_string().contains("walkers"), "{failure}");
}
