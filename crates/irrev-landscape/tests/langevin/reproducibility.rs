//! The same bits on any number of threads, in any stretches, before and after an interruption.

use std::sync::atomic::{AtomicU32, Ordering};

use irrev_landscape::langevin::{
    Boundary, Dynamics, Generalized, LangevinOptions, MemoryBath, MemoryKernel, Motion, Overdamped,
    OverdampedIntegrator, PointField, Simulation, Start, Underdamped, simulate,
};
use irrev_landscape::{Error, Period};
use irrev_numerics::Run;
use irrev_numerics::run::{CheckpointStore, Monitor};

use super::fields::bath;

/// A rotating and rocking force in a corrugated trap.
fn field() -> PointField<'static> {
    PointField::new(2, |t, x, f| {
        f[0] = -x[0].sin() + 0.4 * x[1] + t.cos();
        f[1] = -2.0 * x[1] - 0.4 * x[0].sin();
    })
    .with_potential(|t, x| -x[0].cos() + x[1] * x[1] - t.cos() * x[0].sin())
    .with_drive(|_, x, f| (f[0], f[1]) = (0.4 * x[1], -0.4 * x[0].sin()))
    .depending_on_time()
    .named("rocked")
}

fn all() -> Vec<Dynamics<'static>> {
    let overdamped = Overdamped::new(vec![1.0, 0.5], vec![0.5, 0.8]).unwrap();
    let averaged = overdamped
        .clone()
        .integrated_by(OverdampedIntegrator::LeimkuhlerMatthews)
        .unwrap();
    let remembering = |c| MemoryBath {
        mass: 1.0,
        temperature: 0.6,
        kernel: MemoryKernel::exponentials(&[c], &[1.0]).unwrap(),
    };
    vec![
        overdamped.into(),
        averaged.into(),
        Underdamped::new(vec![bath(0.5, 0.5), bath(1.0, 0.8)])
            .unwrap()
            .into(),
        Generalized::new(vec![remembering(1.0), remembering(2.0)])
            .unwrap()
            .into(),
    ]
}

fn options() -> LangevinOptions {
    LangevinOptions {
        step: 0.02,
        steps: 1500,
        boundaries: vec![
            Boundary::Periodic(Period::radians()),
            Boundary::Reflecting {
                lower: -2.0,
                upper: 9.0,
            },
        ],
        record_every: 50,
        checkpoint_interval: 0.0,
        ..Default::default()
    }
}

fn start() -> Start {
    // three blocks, the last of them not full
    Start::at(&[0.1, 0.0], 150)
}

fn motion(dynamics: &Dynamics<'_>, run: &Run<'_>) -> Result<Motion, Error> {
    simulate(&field(), dynamics, &start(), &options(), run)
}

#[test]
fn threads_leave_no_trace() {
    for dynamics in all() {
        let on = |threads| {
            motion(
                &dynamics,
                &Run {
                    threads,
                    ..Run::default()
                },
            )
            .unwrap()
        };
        let one = on(1);
        assert_eq!(one, on(2));
        assert_eq!(one, on(3));
        let other = motion(
            &dynamics,
            &Run {
                seed: 2,
                ..Run::default()
            },
        )
        .unwrap();
        assert_ne!(one.positions, other.positions);
    }
}

#[test]
fn walkers_do_not_know_of_each_other() {
    for dynamics in all() {
        let run = Run::default();
        let field = field();
        let end = |walkers: usize| {
            let mut motion = Simulation::new(
                &field,
                &dynamics,
                &Start::at(&[0.1, 0.0], walkers),
                &options(),
                &run,
            )
            .unwrap();
            motion.advance(200, &run).unwrap();
            motion.positions()
        };
        assert_eq!(end(150)[..2 * 67], end(67));
    }
}

#[test]
fn stretches_leave_no_trace() {
    for dynamics in all() {
        let run = Run::default();
        let field = field();
        let make = || Simulation::new(&field, &dynamics, &start(), &options(), &run).unwrap();
        let (mut whole, mut pieces) = (make(), make());
        whole.advance(301, &run).unwrap();
        for steps in [1, 2, 3, 60, 100, 135] {
            pieces.advance(steps, &run).unwrap();
        }
        assert_eq!(whole.checkpoint(), pieces.checkpoint());
        assert_eq!(whole.thermodynamics().unwrap(), pieces.thermodynamics().unwrap());
        // and from the checkpoint of another simulation
        let mut restored = make();
        restored.restore(&whole.checkpoint()).unwrap();
        restored.advance(99, &run).unwrap();
        whole.advance(99, &run).unwrap();
        assert_eq!(whole.checkpoint(), restored.checkpoint());
    }
}

/// Asks to stop at the third look.
#[derive(Default)]
struct Impatient(AtomicU32);

impl Monitor for Impatient {
    fn progress(&self, fraction: f64, _: &str) {
        assert!((0.0..=1.0).contains(&fraction));
    }

    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) == 2
    }
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_result() {
    for dynamics in all() {
        let folder = tempfile::tempdir().unwrap();
        let store = CheckpointStore::new(folder.path());
        let whole = motion(&dynamics, &Run::default()).unwrap();
        let impatient = Impatient::default();
        let run = Run {
            threads: 2,
            monitor: &impatient,
            checkpoints: Some(&store),
            ..Run::default()
        };
        let stopped = motion(&dynamics, &run).unwrap_err();
        assert_eq!(stopped, Error::Numerics(irrev_numerics::Error::Cancelled));
        let run = Run {
            checkpoints: Some(&store),
            ..Run::default()
        };
        assert_eq!(motion(&dynamics, &run).unwrap(), whole);
        // a finished run is read, not repeated, and another question is not answered with it
        assert_eq!(motion(&dynamics, &run).unwrap(), whole);
        let other = motion(&dynamics, &Run { seed: 9, ..run }).unwrap_err();
        assert!(
            other.to_string().contains("another field, start, seed"),
            "{other}"
        );
    }
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let dynamics = &all()[2];
    let (run, field) = (Run::default(), field());
    let mut motion = Simulation::new(&field, dynamics, &start(), &options(), &run).unwrap();
    let bytes = motion.checkpoint();
    for cut in [0, 7, 100, bytes.len() - 8] {
        assert!(motion.restore(&bytes[..cut]).is_err());
    }
}
