//! What must hold for trajectories whatever the model: the same bits on any number of threads and across interruptions, exact
//! likelihood ratios, the theorems where plain sampling fails, and edge cases.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use irrev_network::dynamics::{DrivenJump, count_distribution, evolve};
use irrev_network::simulation::estimators::{ExponentialAverage, Reliability, integral_fluctuation};
use irrev_network::simulation::graph::{
    DrivenSimulator, Ending, Ensemble, EnsembleOptions, Guide, JumpTimes, Keep, LongRunOptions, Observable,
    Running, Simulation, Simulator, Stop, SystemEntropy, Tilt, TiltedSimulator, TrajectoryOptions, ensemble,
    long_run,
};
use irrev_network::{Distribution, Error, MarkovJump, Network};
use irrev_numerics::run::CheckpointStore;
use irrev_numerics::{Error as NumericsError, Monitor, Run, Tolerance};

const SIGMAS: f64 = 5.0;

fn ring(n: usize, forward: f64, backward: f64) -> MarkovJump {
    let channels: Vec<_> = (0..n).map(|i| (i, (i + 1) % n, forward, backward)).collect();
    MarkovJump::from_rates(n, &channels).unwrap()
}

/// A three-state motor that is not uniform, away from its stationary state.
fn motor() -> (MarkovJump, Distribution) {
    let process =
        MarkovJump::from_rates(3, &[(0, 1, 3.0, 0.5), (1, 2, 1.5, 1.0), (2, 0, 2.0, 0.25)]).unwrap();
    (process, Distribution::new(vec![0.2, 0.5, 0.3]).unwrap())
}

fn full_books(stationary: Distribution) -> TrajectoryOptions<'static> {
    TrajectoryOptions {
        horizon: 3.0,
        times: vec![0.5, 2.0],
        currents: vec![vec![1.0, 0.0, -1.0]],
        system_entropy: SystemEntropy::Stationary(stationary),
        running: Some(Running::TotalEntropy),
        ..Default::default()
    }
}

fn samples(trajectories: u64) -> EnsembleOptions {
    EnsembleOptions {
        trajectories,
        keep: Keep::Samples,
        ..EnsembleOptions::default()
    }
}

/// A time-dependent process on three states.
fn pumped() -> DrivenJump<'static> {
    let network = Network::from_edges(3, &[(0, 1), (1, 2), (2, 0)]).unwrap();
    DrivenJump::new(
        network,
        Box::new(|t, forward, backward| {
            for (k, (f, b)) in forward.iter_mut().zip(backward).enumerate() {
                *f = (1.2 * (2.0 * t + k as f64).sin()).exp();
                *b = 1.0 + 0.5 * (t - k as f64).cos();
            }
            Ok(())
        }),
    )
}

/// Cancels after a number of questions.
struct Impatient {
    left: AtomicU64,
}

impl Impatient {
    fn after(questions: u64) -> Self {
        Self {
            left: AtomicU64::new(questions),
        }
    }
}

impl Monitor for Impatient {
    fn progress(&self, _fraction: f64, _what: &str) {}

    fn cancelled(&self) -> bool {
        let taken = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        taken.is_err()
    }
}

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn cancelled<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Numerics(NumericsError::Cancelled)))
}

fn same_on_any_threads(simulation: &impl Simulation, start: &Distribution) {
    let on = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        ensemble(simulation, start, &samples(3001), &run).unwrap()
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
}

/// Cancels an ensemble after various numbers of questions and resumes it until it is done; the bits must be those of an unbroken run.
fn same_after_interruptions(name: &str, simulation: &impl Simulation, start: &Distribution) {
    let unbroken = ensemble(simulation, start, &samples(2000), &Run::default()).unwrap();
    for patience in [3, 20, 47] {
        let path = folder(&format!("{name}-{patience}"));
        let store = CheckpointStore::new(&path);
        let mut interruptions = 0;
        let resumed: Ensemble = loop {
            let monitor = Impatient::after(patience);
            let run = Run {
                monitor: &monitor,
                checkpoints: Some(&store),
                threads: 1,
                ..Run::default()
            };
            match ensemble(simulation, start, &samples(2000), &run) {
                Ok(sum) => break sum,
                stopped => assert!(cancelled(&stopped)),
            }
            interruptions += 1;
            assert!(interruptions < 1000, "{name}: no progress between interruptions");
        };
        assert!(interruptions >= 1, "{name}: never interrupted");
        assert_eq!(resumed, unbroken, "{name}, patience {patience}");
        std::fs::remove_dir_all(path).unwrap();
    }
}

#[test]
fn ensembles_of_every_kind_have_the_same_bits_on_any_threads_and_across_interruptions() {
    let run = Run::default();
    let (process, start) = motor();
    let stationary = process.stationary_distribution().unwrap();
    let plain = Simulator::new(&process, full_books(stationary.clone())).unwrap();
    same_on_any_threads(&plain, &start);
    same_after_interruptions("plain", &plain, &start);
    let tilt = Tilt::total_entropy(&process, &stationary, &stationary, -0.5);
    let tilted = TiltedSimulator::new(&process, &tilt, full_books(stationary), &run).unwrap();
    same_on_any_threads(&tilted, &start);
    same_after_interruptions("tilted", &tilted, &start);
    let pumped = pumped();
    let options = TrajectoryOptions {
        horizon: 3.0,
        times: vec![1.0],
        running: Some(Running::MediumEntropy),
        ..Default::default()
    };
    let driven = DrivenSimulator::new(
        &pumped,
        None,
        JumpTimes::Integrated { breaks: vec![] },
        options,
        &run,
    )
    .unwrap();
    same_on_any_threads(&driven, &start);
    same_after_interruptions("driven", &driven, &start);
}

#[test]
fn a_long_run_resumes_to_the_same_bits() {
    let (process, start) = motor();
    let options = LongRunOptions {
        currents: vec![vec![1.0; 3], process.forward_rate().to_vec()],
        increments: 1000,
        ..Default::default()
    };
    let unbroken = long_run(&process, &start, &options, &Run::default()).unwrap();
    let path = folder("long-run");
    let store = CheckpointStore::new(&path);
    // 16 groups of increments
    for patience in [2, 5, 3] {
        let monitor = Impatient::after(patience);
        let run = Run {
            monitor: &monitor,
            checkpoints: Some(&store),
            ..Run::default()
        };
        assert!(cancelled(&long_run(&process, &start, &options, &run)));
    }
    let run = Run {
        checkpoints: Some(&store),
        ..Run::default()
    };
    assert_eq!(long_run(&process, &start, &options, &run).unwrap(), unbroken);
    // another seed finds no checkpoint of its own
    let other = Run { seed: 2, ..run };
    assert_ne!(long_run(&process, &start, &options, &other).unwrap(), unbroken);
    std::fs::remove_dir_all(path).unwrap();
}

#[test]
fn the_first_trajectory_of_seed_one_is_what_it_was() {
    // selection, waiting times and streams are frozen under their names: other numbers here ask for a new name
    let simulator = Simulator::new(
        &ring(10, 2.0, 1.0),
        TrajectoryOptions {
            horizon: 20.0,
            ..Default::default()
        },
    )
    .unwrap();
    assert_eq!(
        simulator.algorithm(),
        "alias/1 ziggurat-exponential-256/1 philox4x64-10/1"
    );
    let path = simulator.trajectory(0, 0, &Run::default()).unwrap();
    let forward: Vec<u64> = path.jump_counts.iter().step_by(2).copied().collect();
    assert_eq!((path.end, path.jumps), (6, 58));
    assert_eq!(forward, [5, 3, 3, 4, 3, 3, 2, 4, 5, 5]);
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let (process, start) = motor();
    let simulator = Simulator::new(&process, TrajectoryOptions::default()).unwrap();
    let path = folder("damaged");
    let store = CheckpointStore::new(&path);
    let monitor = Impatient::after(10);
    let stopped = Run {
        monitor: &monitor,
        checkpoints: Some(&store),
        ..Run::default()
    };
    assert!(cancelled(&ensemble(&simulator, &start, &samples(5000), &stopped)));
    let file = std::fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let run = Run {
        checkpoints: Some(&store),
        ..Run::default()
    };
    let refused = ensemble(&simulator, &start, &samples(5000), &run)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("damaged"), "{refused}");
    std::fs::remove_dir_all(path).unwrap();
}

#[test]
fn cancellation_reaches_inside_one_endless_trajectory() {
    let process = ring(4, 2.0, 1.0);
    let options = TrajectoryOptions {
        horizon: 1e15,
        ..Default::default()
    };
    let simulator = Simulator::new(&process, options).unwrap();
    let monitor = Impatient::after(20);
    let run = Run {
        monitor: &monitor,
        ..Run::default()
    };
    let began = std::time::Instant::now();
    assert!(cancelled(&simulator.trajectory(0, 0, &run)));
    assert!(began.elapsed().as_secs_f64() < 5.0);
}

#[test]
fn books_and_output_times_do_not_change_the_trajectory() {
    let (process, start) = motor();
    let stationary = process.stationary_distribution().unwrap();
    let plain = TrajectoryOptions {
        horizon: 3.0,
        ..Default::default()
    };
    let plain = Simulator::new(&process, plain).unwrap();
    let full = Simulator::new(&process, full_books(stationary)).unwrap();
    let run = Run::default();
    let sum = ensemble(&full, &start, &samples(200), &run).unwrap();
    for index in 0..200 {
        let state = sum.samples_of(Observable::Jumps).unwrap()[index as usize];
        let paths: Vec<_> = (0..3)
            .map(|x| {
                (
                    plain.trajectory(x, index, &run).unwrap(),
                    full.trajectory(x, index, &run).unwrap(),
                )
            })
            .collect();
        for (a, b) in &paths {
            assert_eq!((a.end, a.jumps, &a.jump_counts), (b.end, b.jumps, &b.jump_counts));
            assert!((a.residence.iter().sum::<f64>() - 3.0).abs() < 1e-12);
        }
        assert!(
            paths.iter().any(|(a, _)| a.jumps as f64 == state),
            "the ensemble contains its own trajectories"
        );
    }
}

#[test]
fn plain_sampling_of_a_strong_ring_warns_and_tilted_dynamics_repair_it() {
    // Σ grows by ln 100 per step, about 50 steps: e^{−Σ} is ruled by trajectories of probability e^{−230}
    let run = Run::default();
    let process = ring(5, 10.0, 0.1);
    let steady = Distribution::uniform(5).unwrap();
    let options = || TrajectoryOptions {
        horizon: 5.0,
        currents: vec![vec![1.0; 5]],
        system_entropy: SystemEntropy::Stationary(steady.clone()),
        ..Default::default()
    };
    let size = samples(20_000);
    let plain = Simulator::new(&process, options()).unwrap();
    let sum = ensemble(&plain, &steady, &size, &run).unwrap();
    let judged = integral_fluctuation(&sum.exponential_entropy, 0.0).unwrap();
    assert!(
        judged.reliability != Reliability::Sound && judged.mean.value < 1e-6,
        "{judged:?}"
    );

    for guide in [Guide::LongTime, Guide::Intervals(8)] {
        let tilt = Tilt {
            guide,
            ..Tilt::total_entropy(&process, &steady, &steady, -1.0)
        };
        let tilted = TiltedSimulator::new(&process, &tilt, options(), &run).unwrap();
        let sum = ensemble(&tilted, &steady, &size, &run).unwrap();
        let judged = integral_fluctuation(&sum.exponential_entropy, 0.0).unwrap();
        assert_eq!(judged.reliability, Reliability::Sound, "{judged:?}");
        // here the guide is exact, so every weight is 1 up to the rounding of some 50 jumps
        assert!(
            (judged.mean.value - 1.0).abs() < 1e-10 && judged.effective_sample_size > 19_999.0,
            "{judged:?}"
        );
    }

    // P(Σ < 0) = P(N < 0), tilted to where Σ is about 0, against the exact law of the number of steps
    let exact = count_distribution(&process, &[1; 5], &steady, 5.0, 400, &run).unwrap();
    let negative: f64 = (-400..0).map(|n| exact.probability(n)).sum();
    assert!(negative < 1e-16);
    let tilt = Tilt::total_entropy(&process, &steady, &steady, -0.5);
    let tilted = TiltedSimulator::new(&process, &tilt, options(), &run).unwrap();
    let sum = ensemble(&tilted, &steady, &size, &run).unwrap();
    let found = sum.negative_entropy.mean();
    assert!(
        (found.value - negative).abs() < SIGMAS * found.standard_error,
        "{found:?}, exact {negative}"
    );
    assert!(found.standard_error < 0.03 * negative, "{found:?}");
    // single probabilities far in the tail from the same trajectories
    let steps = sum.samples_of(Observable::Current(0)).unwrap();
    let weights = sum.samples_of(Observable::LogWeight).unwrap();
    for n in [-2, 0, 3] {
        let logs = steps
            .iter()
            .zip(weights)
            .map(|(s, w)| if *s == f64::from(n) { *w } else { f64::NEG_INFINITY });
        let p = ExponentialAverage::of(logs).mean();
        let exact = exact.probability(n.into());
        assert!(
            (p.value - exact).abs() < SIGMAS * p.standard_error && p.standard_error < 0.1 * exact,
            "{n}: {p:?} {exact}"
        );
    }
}

#[test]
fn a_relaxing_motor_obeys_the_theorem_when_tilted_and_its_likelihood_ratio_has_mean_one() {
    // plain sampling has a spread of e^{−Σ} of 452 here and is skipped in the reference test
    let run = Run::default();
    let (process, start) = motor();
    let t = 2.0;
    let end = evolve(&process, &start, t, Tolerance::relative(1e-13), &run)
        .unwrap()
        .distribution;
    let options = || TrajectoryOptions {
        horizon: t,
        system_entropy: SystemEntropy::Ends {
            initial: start.clone(),
            end: end.clone(),
        },
        ..Default::default()
    };
    let tilt = Tilt::total_entropy(&process, &start, &end, -1.0);
    let tilted = TiltedSimulator::new(&process, &tilt, options(), &run).unwrap();
    let sum = ensemble(&tilted, &start, &samples(20_000), &run).unwrap();
    let judged = integral_fluctuation(&sum.exponential_entropy, 0.0).unwrap();
    assert_eq!(judged.reliability, Reliability::Sound);
    assert!(
        judged.deviation.abs() < SIGMAS && judged.mean.standard_error < 1e-3,
        "{judged:?}"
    );
    // a weak tilt keeps weights near 1, so that their mean is known well
    for guide in [Guide::LongTime, Guide::Intervals(3), Guide::Intervals(32)] {
        let weak = Tilt {
            guide,
            ..Tilt::current(&process, vec![1.0, -0.5, 0.3], 0.2)
        };
        let tilted = TiltedSimulator::new(&process, &weak, options(), &run).unwrap();
        let sum = ensemble(&tilted, &start, &samples(20_000), &run).unwrap();
        let one = sum.normalisation.mean();
        assert!(
            (one.value - 1.0).abs() < SIGMAS * one.standard_error && one.standard_error < 0.01,
            "{one:?}"
        );
    }
}

#[test]
fn a_guide_from_a_krylov_space_serves_a_large_ring() {
    // X is a biased walk: ⟨e^{χX}⟩ = exp t(k⁺(e^χ − 1) + k⁻(e^{−χ} − 1)), and its guide is constant, so every contribution is the same
    let run = Run::default();
    let (n, chi, t) = (500, 0.7_f64, 2.0);
    let process = ring(n, 2.0, 1.0);
    let start = Distribution::uniform(n).unwrap();
    for guide in [Guide::Intervals(2), Guide::LongTime] {
        let options = TrajectoryOptions {
            horizon: t,
            currents: vec![vec![1.0; n]],
            ..Default::default()
        };
        let tilt = Tilt {
            guide,
            ..Tilt::current(&process, vec![1.0; n], chi)
        };
        let simulator = TiltedSimulator::new(&process, &tilt, options, &run).unwrap();
        let sum = ensemble(&simulator, &start, &samples(500), &run).unwrap();
        let steps = sum.samples_of(Observable::Current(0)).unwrap();
        let weights = sum.samples_of(Observable::LogWeight).unwrap();
        let average = ExponentialAverage::of(steps.iter().zip(weights).map(|(x, w)| chi * x + w));
        let exact = t * (2.0 * chi.exp_m1() + (-chi).exp_m1());
        // the Krylov space is accurate to 1e-10
        assert!(
            (average.log_mean().value - exact).abs() < 1e-7,
            "{} {exact}",
            average.log_mean().value
        );
        assert!(average.effective_sample_size() > 499.99);
    }
}

#[test]
fn thinning_and_integrated_hazards_agree_with_the_master_equation() {
    let run = Run::default();
    let process = pumped();
    let start = Distribution::point(3, 0).unwrap();
    let times = vec![0.3, 1.0, 2.5];
    let exact = irrev_network::dynamics::driven_process(
        &process,
        &start,
        0.0,
        2.5,
        &times,
        Tolerance::relative(1e-9),
        &run,
    )
    .unwrap();
    // rates: at most e^{1.2} and 1.5 per channel, two channels a state
    let bound = |_: f64, _: usize| (1.2_f64.exp() + 1.5, f64::INFINITY);
    for thinning in [false, true] {
        let method = if thinning {
            JumpTimes::Thinning(&bound)
        } else {
            JumpTimes::Integrated { breaks: vec![] }
        };
        let options = TrajectoryOptions {
            horizon: 2.5,
            times: times.clone(),
            ..Default::default()
        };
        let simulator = DrivenSimulator::new(&process, None, method, options, &run).unwrap();
        let sum = ensemble(&simulator, &start, &samples(20_000), &run).unwrap();
        for (k, p) in exact.distributions.iter().enumerate() {
            for (state, p) in p.probabilities().iter().enumerate() {
                // 5 binomial standard deviations, 18 comparisons: 1e-5
                let difference = (sum.occupations[k][state] as f64 / 20_000.0 - p).abs();
                assert!(
                    difference < SIGMAS * (p * (1.0 - p) / 20_000.0).sqrt(),
                    "{k} {state}"
                );
            }
        }
        let activity = sum.mean(Observable::Jumps).unwrap();
        assert!(
            (activity.value - exact.activity).abs() < SIGMAS * activity.standard_error,
            "{activity:?} {}",
            exact.activity
        );
        let medium: f64 = exact.medium_entropy.iter().sum();
        let entropy = sum.mean(Observable::MediumEntropy).unwrap();
        assert!(
            (entropy.value - medium).abs() < SIGMAS * entropy.standard_error,
            "{entropy:?} {medium}"
        );
    }
    let low = |_: f64, _: usize| (1.0, f64::INFINITY);
    let simulator = DrivenSimulator::new(
        &process,
        None,
        JumpTimes::Thinning(&low),
        TrajectoryOptions::default(),
        &run,
    )
    .unwrap();
    let refused = ensemble(&simulator, &start, &samples(100), &run)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("where the bound is 1") && refused.contains("rate of leaving"),
        "{refused}"
    );
}

#[test]
fn a_law_of_the_system_entropy_gives_what_its_ends_give() {
    let run = Run::default();
    let process = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)]).unwrap();
    let start = Distribution::new(vec![0.9, 0.1]).unwrap();
    let law = |t: f64, x: usize| {
        let p0 = 0.2 + 0.7 * (-2.5 * t).exp();
        if x == 0 { p0.ln() } else { (-p0).ln_1p() }
    };
    let end = evolve(&process, &start, 1.5, Tolerance::relative(1e-14), &run)
        .unwrap()
        .distribution;
    let with = |system_entropy, running| {
        let options = TrajectoryOptions {
            horizon: 1.5,
            system_entropy,
            running,
            ..Default::default()
        };
        let simulator = Simulator::new(&process, options).unwrap();
        ensemble(&simulator, &start, &samples(2000), &run).unwrap()
    };
    let by_law = with(SystemEntropy::Law(&law), Some(Running::TotalEntropy));
    let by_ends = with(
        SystemEntropy::Ends {
            initial: start.clone(),
            end,
        },
        None,
    );
    let sigma = |sum: &Ensemble, o| sum.samples_of(o).unwrap().to_vec();
    let ends = sigma(&by_ends, Observable::TotalEntropy);
    let (total, running) = (
        sigma(&by_law, Observable::TotalEntropy),
        sigma(&by_law, Observable::Running),
    );
    let (low, high) = (
        sigma(&by_law, Observable::Minimum),
        sigma(&by_law, Observable::Maximum),
    );
    for i in 0..ends.len() {
        assert!((ends[i] - total[i]).abs() < 1e-12 && (total[i] - running[i]).abs() < 1e-12);
        assert!(low[i] <= running[i] && running[i] <= high[i] && low[i] <= 0.0 && high[i] >= 0.0);
    }
}

#[test]
fn absorbing_states_end_exactly_and_one_way_jumps_cost_infinite_entropy() {
    let run = Run::default();
    let decay = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.0), (1, 2, 1.0, 0.0)]).unwrap();
    let simulator = |horizon| {
        let options = TrajectoryOptions {
            horizon,
            ..Default::default()
        };
        Simulator::new(&decay, options)
    };
    let long = simulator(1e300).unwrap().trajectory(0, 0, &run).unwrap();
    assert_eq!(
        (long.end, long.jumps, long.duration, long.ending),
        (2, 2, 1e300, Ending::Horizon)
    );
    assert_eq!(long.medium_entropy, f64::INFINITY);
    assert!(
        simulator(f64::INFINITY).is_err(),
        "no stop condition would end it"
    );
    let options = TrajectoryOptions {
        horizon: f64::INFINITY,
        stop: Stop {
            jumps: 10,
            ..Default::default()
        },
        ..Default::default()
    };
    let caught = Simulator::new(&decay, options)
        .unwrap()
        .trajectory(0, 0, &run)
        .unwrap();
    assert_eq!((caught.ending, caught.jumps), (Ending::Absorbed, 2));
    assert!((caught.duration - caught.residence[0] - caught.residence[1]).abs() < 1e-14);
    let running = TrajectoryOptions {
        running: Some(Running::MediumEntropy),
        ..Default::default()
    };
    assert!(matches!(
        Simulator::new(&decay, running),
        Err(Error::OneWay { .. })
    ));
}

#[test]
fn questions_without_an_answer_are_refused_by_name() {
    let (process, start) = motor();
    let refused =
        |options: TrajectoryOptions<'static>| Simulator::new(&process, options).err().unwrap().to_string();
    let stop = Stop {
        upper: Some(1.0),
        ..Default::default()
    };
    let message = refused(TrajectoryOptions {
        stop: stop.clone(),
        ..Default::default()
    });
    assert!(message.contains("running quantity"), "{message}");
    let message = refused(TrajectoryOptions {
        running: Some(Running::TotalEntropy),
        ..Default::default()
    });
    assert!(message.contains("stationary distribution"), "{message}");
    let message = refused(TrajectoryOptions {
        times: vec![0.5, 0.2],
        ..Default::default()
    });
    assert!(message.contains("ascending"), "{message}");
    let message = refused(TrajectoryOptions {
        horizon: f64::NAN,
        ..Default::default()
    });
    assert!(message.contains("horizon is NaN"), "{message}");
    let message = refused(TrajectoryOptions {
        system_entropy: SystemEntropy::Stationary(start.clone()),
        ..Default::default()
    });
    assert!(message.contains("given as stationary"), "{message}");
    let early = refused(TrajectoryOptions {
        running: Some(Running::MediumEntropy),
        stop,
        system_entropy: SystemEntropy::Ends {
            initial: start.clone(),
            end: start.clone(),
        },
        ..Default::default()
    });
    assert!(early.contains("stop condition"), "{early}");
    let simulator = Simulator::new(&process, TrajectoryOptions::default()).unwrap();
    assert!(matches!(
        simulator.trajectory(3, 0, &Run::default()),
        Err(Error::Unknown { .. })
    ));
    let tight = Run {
        memory_limit: 1000,
        ..Run::default()
    };
    assert!(ensemble(&simulator, &start, &samples(1_000_000), &tight).is_err());
}
