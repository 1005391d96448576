//! Ensembles as runs: threads, interruptions, early stops, limits of memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use irrev_network::Error;
use irrev_network::counts::CountSystem;
use irrev_network::simulation::{
    Books, HeatReservoir, Keep, LangevinOptions, Method, Passage, Side, SimulationOptions, TauLeapOptions,
    WantedError, Watched, sample_path, simulate,
};
use irrev_numerics::Run;
use irrev_numerics::run::{CheckpointStore, Monitor};

const METHODS: [Method; 8] = [
    Method::Dense,
    Method::Direct,
    Method::SortedDirect,
    Method::NextReaction,
    Method::CompositionRejection,
    Method::Rejection,
    Method::IntegratedHazard,
    Method::TauLeaping(TauLeapOptions {
        epsilon: 0.03,
        rule: irrev_network::simulation::LeapRule::Explicit,
    }),
];

/// Says stop at its n-th question.
struct StopAfter {
    left: AtomicU64,
}

impl Monitor for StopAfter {
    fn progress(&self, fraction: f64, _: &str) {
        assert!((0.0..=1.0).contains(&fraction));
    }
    fn cancelled(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

/// Every kind of book at once.
fn everything() -> Books {
    Books {
        passages: vec![Passage {
            name: "high".into(),
            of: Watched::Counts(vec![(0, 1.0)]),
            threshold: 150.0,
            side: Side::AtLeast,
            stops: false,
        }],
        reservoirs: vec![HeatReservoir {
            name: "bath".into(),
            temperature: 2.0,
        }],
        histograms: vec![1],
        ..Books::full()
    }
}

fn with_reservoir(system: &CountSystem) -> CountSystem {
    let mut reactions = system.reactions().to_vec();
    reactions[0].reservoir = Some(0);
    CountSystem::new(system.species().to_vec(), reactions).unwrap()
}

#[test]
fn results_have_the_same_bits_on_any_number_of_threads() {
    let (system, start) = crate::models::brusselator();
    let system = with_reservoir(&system);
    let langevin = Method::Langevin(LangevinOptions::default());
    for method in METHODS.into_iter().chain([langevin]) {
        let options = SimulationOptions {
            times: vec![0.1, 0.3],
            trajectories: 300,
            books: if method == langevin {
                Books::default()
            } else {
                everything()
            },
            keep: Keep::Trajectories,
            method,
            ..Default::default()
        };
        let on = |threads| {
            let run = Run {
                threads,
                ..Run::default()
            };
            format!("{:?}", simulate(&system, &start, &options, &run).unwrap())
        };
        let one = on(1);
        for threads in [2, 3, 5] {
            assert_eq!(one, on(threads), "{} on {threads}", method.name());
        }
    }
}

#[test]
fn trajectories_are_known_by_seed_and_index_and_paths_are_theirs() {
    let (system, start) = crate::models::brusselator();
    let options = SimulationOptions {
        times: vec![2.0],
        trajectories: 5,
        keep: Keep::Trajectories,
        books: Books {
            jumps: true,
            ..Default::default()
        },
        most_jumps: Some(1_000_000),
        ..Default::default()
    };
    let run = |seed| Run {
        seed,
        ..Run::default()
    };
    let (one, two) = (
        simulate(&system, &start, &options, &run(1)).unwrap(),
        simulate(&system, &start, &options, &run(2)).unwrap(),
    );
    for i in 0..5 {
        let path = sample_path(&system, &start, &options, i, &run(1)).unwrap();
        let forward = path
            .events
            .iter()
            .filter(|e| e.forward && e.reaction == 0)
            .count();
        assert_eq!(forward as u64, one.kept[i as usize].jumps[0].forward);
        for other in &two.kept {
            assert_ne!(one.kept[i as usize].jumps, other.jumps);
        }
    }
}

#[test]
fn a_run_interrupted_anywhere_ends_with_the_bits_of_the_unbroken_one() {
    // two long trajectories and many short ones; stopped at its first, third … question, on changing numbers of threads
    let (system, start) = crate::models::brusselator();
    let system = with_reservoir(&system);
    for method in METHODS {
        for (trajectories, time) in [(2, 150.0), (2000, 0.4)] {
            let slow = !matches!(method, Method::Dense | Method::Direct | Method::TauLeaping(_));
            let options = SimulationOptions {
                times: vec![0.3 * time, if slow { 0.5 * time } else { time }],
                trajectories: if slow && trajectories > 2 {
                    500
                } else {
                    trajectories
                },
                books: everything(),
                keep: Keep::Trajectories,
                method,
                checkpoint_interval: 0.0,
                ..Default::default()
            };
            if method == Method::IntegratedHazard && trajectories == 2 {
                continue;
            }
            let unbroken = format!(
                "{:?}",
                simulate(&system, &start, &options, &Run::default()).unwrap()
            );
            let folder = tempfile::tempdir().unwrap();
            let store = CheckpointStore::new(folder.path());
            let mut interruptions = 0;
            let result = loop {
                let monitor = StopAfter {
                    left: AtomicU64::new(1 + interruptions % 3),
                };
                let run = Run {
                    threads: 1 + interruptions as usize % 3,
                    monitor: &monitor,
                    checkpoints: Some(&store),
                    ..Run::default()
                };
                match simulate(&system, &start, &options, &run) {
                    Ok(ensemble) => break format!("{ensemble:?}"),
                    Err(Error::Numerics(irrev_numerics::Error::Cancelled)) => interruptions += 1,
                    Err(other) => panic!("{other}"),
                }
            };
            assert!(interruptions > 0, "{}", method.name());
            assert_eq!(result, unbroken, "{}", method.name());
        }
    }
}

#[test]
fn a_checkpoint_of_another_question_is_refused() {
    let (system, start) = crate::models::schloegl();
    let folder = tempfile::tempdir().unwrap();
    let store = CheckpointStore::new(folder.path());
    let options = SimulationOptions {
        times: vec![1.0],
        trajectories: 10,
        ..Default::default()
    };
    let run = |seed| Run {
        seed,
        checkpoints: Some(&store),
        ..Run::default()
    };
    let first = simulate(&system, &start, &options, &run(1)).unwrap();
    // the same question again: answered from the checkpoint, though saved at other intervals
    let again = SimulationOptions {
        checkpoint_interval: 3.0,
        ..options.clone()
    };
    assert_eq!(simulate(&system, &start, &again, &run(1)).unwrap(), first);
    let later = SimulationOptions {
        times: vec![1.5],
        ..options.clone()
    };
    for refused in [
        simulate(&system, &start, &options, &run(2)),
        simulate(&system, &[21], &options, &run(1)),
        simulate(&system, &start, &later, &run(1)),
        simulate(
            &crate::models::ring10().0,
            &crate::models::ring10().1,
            &options,
            &run(1),
        ),
    ] {
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("another model"), "{text}");
    }
}

#[test]
fn one_long_trajectory_hears_a_request_to_stop() {
    let (system, start) = crate::models::lattice();
    let monitor = StopAfter {
        left: AtomicU64::new(2),
    };
    let run = Run {
        monitor: &monitor,
        ..Run::default()
    };
    let options = SimulationOptions {
        times: vec![1e9],
        ..Default::default()
    };
    let begin = Instant::now();
    let error = simulate(&system, &start, &options, &run).unwrap_err();
    assert_eq!(error, Error::Numerics(irrev_numerics::Error::Cancelled));
    // two slices of 40 ms; the rest is for a busy machine
    assert!(begin.elapsed().as_secs_f64() < 1.0);
}

#[test]
fn an_ensemble_ends_early_when_it_is_precise_enough_at_the_same_place_on_any_threads() {
    let (system, start) = crate::models::schloegl();
    let options = SimulationOptions {
        times: vec![0.2],
        trajectories: 100_000,
        wanted_error: Some(WantedError {
            quantity: 0,
            time: 0,
            standard_error: 0.05,
        }),
        ..Default::default()
    };
    let on = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        simulate(&system, &start, &options, &run).unwrap()
    };
    let one = on(1);
    assert!(
        one.stopped_early && one.trajectories < 20_000,
        "{}",
        one.trajectories
    );
    assert!(one.mean(0, 0).unwrap().standard_error <= 0.05);
    assert_eq!(one, on(3));
}

#[test]
fn memory_is_refused_beforehand_and_means_alone_need_little() {
    let (system, start) = crate::models::schloegl();
    let run = Run {
        memory_limit: 100_000_000,
        ..Run::default()
    };
    let kept = SimulationOptions {
        times: vec![1.0],
        trajectories: 1_000_000_000_000_000_000,
        keep: Keep::Trajectories,
        ..Default::default()
    };
    let error = simulate(&system, &start, &kept, &run).unwrap_err();
    assert!(matches!(
        error,
        Error::Numerics(irrev_numerics::Error::Memory { .. })
    ));
    let path = SimulationOptions {
        most_jumps: Some(1_000_000_000_000),
        ..kept.clone()
    };
    assert!(sample_path(&system, &start, &path, 0, &run).is_err());
    let means = SimulationOptions {
        keep: Keep::Moments,
        wanted_error: Some(WantedError {
            quantity: 0,
            time: 0,
            standard_error: 0.5,
        }),
        ..kept
    };
    assert!(simulate(&system, &start, &means, &run).is_ok());
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let (system, start) = crate::models::schloegl();
    let good = SimulationOptions {
        times: vec![1.0],
        ..Default::default()
    };
    let refused = |change: &dyn Fn(&mut SimulationOptions)| {
        let mut options = good.clone();
        change(&mut options);
        assert!(
            simulate(&system, &start, &options, &Run::default()).is_err(),
            "{options:?}"
        );
    };
    refused(&|o| o.times = vec![]);
    refused(&|o| o.times = vec![2.0, 1.0]);
    refused(&|o| o.times = vec![-1.0]);
    refused(&|o| o.times = vec![f64::NAN]);
    refused(&|o| o.start = 2.0);
    refused(&|o| o.trajectories = 0);
    refused(&|o| o.books.histograms = vec![7]);
    refused(&|o| o.method = Method::Langevin(LangevinOptions { epsilon: 2.0 }));
    refused(&|o| {
        o.method = Method::Langevin(LangevinOptions::default());
        o.books = Books::full();
    });
    refused(&|o| {
        o.wanted_error = Some(WantedError {
            quantity: 1,
            time: 0,
            standard_error: 1.0,
        });
    });
}
