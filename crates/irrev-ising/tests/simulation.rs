//! Simulations against enumeration, against infinite size, and against themselves.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::reference_cases::numbers;
use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::simulation::{
    Averages, EnsembleOptions, FieldFormat, Observable, PairMoments, ParallelSampler, Sampling,
    SequentialMethod, Start, ensemble_average, finite_size_study, simulate, two_starts,
};
use irrev_ising::{Couplings, Error, KineticIsing, Update};
use irrev_numerics::run::{CheckpointStore, Monitor};
use irrev_numerics::{Estimate, Run};
use serde_json::Value;

/// Enumerated networks and targets for large ones; `README.md` beside it says where from.
fn cases(kind: &str) -> Vec<Value> {
    crate::reference_cases::cases(include_str!("data/simulation.json"), kind)
}

fn network(case: &Value) -> KineticIsing {
    crate::reference_cases::network(&case["inputs"])
}

/// 5 σ, two-sided 6e-7, and the rounding of single precision.
fn require(what: &str, found: Estimate, expected: f64) {
    let allowed = 5.0 * found.standard_error + 2e-6 * (1.0 + expected.abs());
    assert!(
        (found.value - expected).abs() < allowed,
        "{what}: {found:?}, expected {expected}"
    );
    // a check that anything passes would be none
    assert!(
        found.standard_error < 0.03 * (0.2 + expected.abs()),
        "{what}: {found:?}, expected {expected}"
    );
}

fn gaussian(n: usize, mean: f64, spread: f64, symmetry: f64, own: SelfCouplings) -> Couplings {
    let law = CouplingLaw::Gaussian {
        mean,
        spread,
        symmetry,
    };
    law.draw(n, own, 1, 0).unwrap()
}

fn long() -> Sampling {
    Sampling {
        replicas: 256,
        burn_in: 200,
        measured: 1500,
        every: 3,
        start: Start::Random,
        ..Sampling::default()
    }
}

// 5 networks × 4 quantities: a false alarm in 1e-5 of all generators
#[test]
fn parallel_updates_agree_with_enumeration() {
    for case in cases("enum-sync") {
        let (network, expected) = (network(&case), &case["expected"]);
        let n = network.spins() as f64;
        let found = simulate(&network, Update::Parallel, &long(), &Run::default()).unwrap();
        let name = case["what"].as_str().unwrap();
        let per_spin = |key: &str| expected[key].as_f64().unwrap() / n;
        require(name, found.entropy_production(), per_spin("EP"));
        require(name, found.get(Observable::BathEntropyProduction), per_spin("EP"));
        require(name, found.conditional_entropy(), per_spin("S_cond"));
        let m = numbers(&expected["m"]).iter().sum::<f64>() / n;
        require(name, found.magnetization(), m);
    }
}

// 5 networks × 4 quantities × 4 ways: 5e-5
#[test]
fn updates_one_at_a_time_agree_with_enumeration_by_attempts_and_by_flips() {
    for case in cases("enum-async") {
        let (network, expected) = (network(&case), &case["expected"]);
        let n = network.spins() as f64;
        // in a group, each its own way, as clocks ring, and from flip to flip
        for (replicas, measured, sequential) in [
            (256, 1500, SequentialMethod::Lockstep),
            (128, 1500, SequentialMethod::Independent),
            (128, 1500, SequentialMethod::Clocks),
            (128, 1500, SequentialMethod::RejectionFree),
        ] {
            let options = Sampling {
                replicas,
                measured,
                sequential,
                ..long()
            };
            let found = simulate(&network, Update::Sequential, &options, &Run::default()).unwrap();
            let name = format!("{} {sequential:?} {replicas}", case["what"]);
            let per_spin = |key: &str| expected[key].as_f64().unwrap() / n;
            require(&name, found.entropy_production(), per_spin("EP_rate"));
            require(&name, found.conditional_entropy(), per_spin("S_attempt"));
            require(&name, found.activity(), per_spin("activity"));
            let m = numbers(&expected["m"]).iter().sum::<f64>() / n;
            require(&name, found.magnetization(), m);
        }
    }
}

// 4 quantities × 3 parts: 7e-6
#[test]
fn partly_parallel_updates_agree_with_enumeration() {
    let case = &cases("enum-sync")[1];
    let network = network(case);
    for part in [0.1, 0.5, 1.0] {
        let [m, heat, entropy, flips] = crate::enumeration::stationary(&network, part);
        let found = simulate(&network, Update::PartlyParallel(part), &long(), &Run::default()).unwrap();
        require("m", found.magnetization(), m);
        require("entropy production", found.entropy_production(), heat);
        require("conditional entropy", found.conditional_entropy(), entropy);
        require("activity", found.activity(), flips);
    }
}

#[test]
fn pairs_of_spins_are_correlated_as_enumeration_says() {
    // 32 entries, each a mean of 1e5 nearly independent products of spread ≤ 1: 5 σ is 0.016, 2e-5 for all
    let case = &cases("enum-sync")[1];
    let network = network(case);
    let options = Sampling {
        replicas: 512,
        ..Sampling::default()
    };
    let mut sampler = ParallelSampler::new(&network, Update::Parallel, &options, &Run::default()).unwrap();
    let mut pairs = PairMoments::new(4);
    for _ in 0..200 {
        sampler.advance(20);
        sampler.add_pairs(&mut pairs).unwrap();
    }
    let (equal, delayed) = (pairs.equal_time_correlation(), pairs.delayed_correlation());
    for i in 0..4 {
        for k in 0..4 {
            let expected = &case["expected"];
            let (c, d) = (&expected["C"][i][k], &expected["D_delayed"][i][k]);
            assert!((equal[(i, k)] - c.as_f64().unwrap()).abs() < 0.016, "C {i} {k}");
            assert!((delayed[(i, k)] - d.as_f64().unwrap()).abs() < 0.016, "D {i} {k}");
        }
    }
}

// 3 quantities × 8 steps: 2e-5
#[test]
fn a_quench_and_a_driving_field_follow_the_evolution_of_the_distribution() {
    let hot = network(&cases("enum-sync")[0]);
    let cold = hot.at_inverse_temperature(2.5).unwrap();
    let options = Sampling {
        replicas: 20_000,
        ..Sampling::default()
    };
    for part in [0.4, 1.0] {
        let update = Update::PartlyParallel(part);
        let mut sampler = ParallelSampler::new(&hot, update, &options, &Run::default()).unwrap();
        let mut records = sampler.follow(&[(hot.clone(), 3), (cold.clone(), 3)]).unwrap();
        records.extend(sampler.driven(2, |step| vec![0.3 * step as f64; 3]).unwrap());
        let mut p = vec![0.0; 8];
        p[7] = 1.0;
        for record in records {
            let then = match record.step {
                0..3 => hot.clone(),
                3..6 => cold.clone(),
                step => {
                    let fields = vec![0.3 * step as f64; 3];
                    KineticIsing::new(cold.couplings().clone(), fields, 2.5).unwrap()
                }
            };
            let (next, [m, heat, entropy, flips]) = crate::enumeration::step(&then, part, &p);
            require("m", record.magnetization, m);
            require("bath", record.bath_entropy_production, heat);
            require("conditional entropy", record.conditional_entropy, entropy);
            require("flips", record.activity, flips);
            p = next;
        }
        assert_eq!(sampler.steps(), 8);
        assert!(sampler.spins(19_999).is_some() && sampler.spins(20_000).is_none());
    }
}

/// Large networks against infinite size: within four standard errors of a run of the same length plus the shift of 1/N; checked at 16 places, each with
/// a margin of more than 4.5 σ: 1e-4 of all generators fail.
#[test]
fn large_networks_agree_with_infinite_size() {
    for case in cases("sim") {
        let inputs = &case["inputs"];
        let number = |key: &str| inputs[key].as_f64().unwrap();
        let parallel = inputs["update"] == "sync";
        let options = EnsembleOptions {
            couplings: CouplingLaw::Gaussian {
                mean: number("J0"),
                spread: number("delta_J"),
                symmetry: 0.0,
            },
            fields: FieldLaw::Constant(inputs["field"][1].as_f64().unwrap()),
            inverse_temperature: number("beta"),
            update: if parallel {
                Update::Parallel
            } else {
                Update::Sequential
            },
            draws: number("draws") as usize,
            sampling: Sampling {
                replicas: if parallel { 48 } else { 1 },
                burn_in: number("burn_in") as u64,
                measured: number("measured") as u64,
                every: if parallel { 4 } else { 1 },
                ..Sampling::default()
            },
            ..EnsembleOptions::default()
        };
        let found = ensemble_average(number("N") as usize, &options, &Run::default()).unwrap();
        for (key, target) in case["expected"].as_object().unwrap() {
            let observable = match key.as_str() {
                "EP_sync" | "EP_async" => Observable::EntropyProduction,
                "S_cond" => Observable::ConditionalEntropy,
                _ => Observable::Activity,
            };
            let value = found.get(observable).value;
            let infinite = target["infinite"].as_f64().unwrap();
            let error = target["own_se"].as_f64().unwrap();
            let allowed = 4.0 * error + case["tolerance"]["rel"].as_f64().unwrap() * infinite;
            assert!(
                (value - infinite).abs() < allowed,
                "{} {key}: {value}, infinite {infinite}, allowed {allowed}",
                case["id"]
            );
        }
    }
}

#[test]
fn symmetric_couplings_produce_no_entropy() {
    let n = 100;
    let couplings = gaussian(n, 0.5, 1.0, 1.0, SelfCouplings::Removed);
    let network = KineticIsing::new(couplings, vec![0.2; n], 0.7).unwrap();
    let options = Sampling {
        measured: 400,
        replicas: 64,
        ..Sampling::default()
    };
    let parallel = simulate(&network, Update::Parallel, &options, &Run::default()).unwrap();
    assert_eq!(parallel.entropy_production().value, 0.0);
    let bath = parallel.get(Observable::BathEntropyProduction);
    assert!(bath.value.abs() < 5.0 * bath.standard_error && bath.standard_error < 1e-3);
    for sequential in [
        SequentialMethod::Automatic,
        SequentialMethod::Lockstep,
        SequentialMethod::RejectionFree,
    ] {
        let options = Sampling {
            sequential,
            ..options.clone()
        };
        let found = simulate(&network, Update::Sequential, &options, &Run::default()).unwrap();
        require("sequential", found.entropy_production(), 0.0);
    }
}

#[test]
fn without_temperature_scale_spins_are_coins_and_without_noise_they_follow() {
    let n = 60;
    let couplings = gaussian(n, -1.0, 0.1, 0.0, SelfCouplings::Removed);
    let options = Sampling {
        every: 1,
        ..Sampling::default()
    };
    for update in [Update::Parallel, Update::Sequential] {
        let hot = KineticIsing::new(couplings.clone(), vec![1.0; n], 0.0).unwrap();
        let coins = simulate(&hot, update, &options, &Run::default()).unwrap();
        assert_eq!(coins.entropy_production().value, 0.0);
        assert!((coins.conditional_entropy().value - 2.0_f64.ln()).abs() < 1e-6);
        require("activity of coins", coins.activity(), 0.5);
        require("m of coins", coins.magnetization(), 0.0);
    }
    // J₀ < 0 without noise: all spins turn at every step, an orbit of period 2
    let cold = KineticIsing::new(couplings, vec![0.0; n], 1e6).unwrap();
    let orbit = simulate(&cold, Update::Parallel, &options, &Run::default()).unwrap();
    assert_eq!(orbit.activity().value, 1.0);
    assert_eq!(
        (
            orbit.get(Observable::Magnitude).value,
            orbit.magnetization().value
        ),
        (1.0, 0.0)
    );
    assert!(orbit.conditional_entropy().value < 1e-30);
}

#[test]
fn free_spins_forget_at_rate_one() {
    // 64 × 64 spins over 1000 times; 5 σ from the spread of replicas
    let n = 64;
    let free = Couplings::from_triplets(n, &[]).unwrap();
    let network = KineticIsing::new(free, vec![0.0; n], 1.0).unwrap();
    let methods = [
        SequentialMethod::Independent,
        SequentialMethod::Clocks,
        SequentialMethod::RejectionFree,
    ];
    for sequential in methods {
        let options = Sampling {
            replicas: 64,
            measured: 1000,
            every: 1,
            lags: 2,
            sequential,
            ..Sampling::default()
        };
        let found = simulate(&network, Update::Sequential, &options, &Run::default()).unwrap();
        let once = match sequential {
            SequentialMethod::Independent | SequentialMethod::Lockstep => {
                (1.0 - 1.0 / n as f64).powi(n as i32)
            }
            _ => (-1.0_f64).exp(),
        };
        assert_eq!(found.autocorrelation[0].1.value, 1.0);
        for (lag, c) in &found.autocorrelation {
            require("C", *c, once.powf(*lag));
        }
    }
}

/// One of each sampler, in both formats.
fn samplers() -> Vec<(Update, Sampling)> {
    let mut all = Vec::new();
    for format in [FieldFormat::Single, FieldFormat::Double] {
        let options = Sampling {
            replicas: 140,
            burn_in: 7,
            measured: 40,
            every: 2,
            lags: 3,
            start: Start::Random,
            format,
            checkpoint_seconds: 0.0,
            ..Sampling::default()
        };
        let by = |sequential| Sampling {
            sequential,
            ..options.clone()
        };
        let (lockstep, by_clocks, by_flips) = (
            by(SequentialMethod::Lockstep),
            by(SequentialMethod::Clocks),
            by(SequentialMethod::RejectionFree),
        );
        all.extend([
            (Update::Parallel, options.clone()),
            (Update::PartlyParallel(0.3), options.clone()),
            (Update::Sequential, options.clone()),
            (Update::Sequential, lockstep),
            (Update::Sequential, by_clocks),
            (Update::Sequential, by_flips),
        ]);
    }
    all
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let couplings = gaussian(40, 1.0, 0.5, 0.0, SelfCouplings::Removed);
    let network = KineticIsing::new(couplings, vec![0.1; 40], 1.2).unwrap();
    for (update, options) in samplers() {
        let with = |threads| {
            let run = Run {
                threads,
                ..Run::default()
            };
            simulate(&network, update, &options, &run).unwrap()
        };
        let one = with(1);
        assert_eq!(one, with(2), "{update:?} {options:?}");
        assert_eq!(one, with(5), "{update:?} {options:?}");
    }
}

/// Cancels after some reports of progress.
struct Impatient {
    reports: AtomicUsize,
    most: usize,
}

impl Monitor for Impatient {
    fn progress(&self, _fraction: f64, _what: &str) {
        self.reports.fetch_add(1, Ordering::SeqCst);
    }
    fn cancelled(&self) -> bool {
        self.reports.load(Ordering::SeqCst) >= self.most
    }
}

fn interrupted<T: PartialEq + std::fmt::Debug>(work: impl Fn(&Run<'_>) -> Result<T, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let store = CheckpointStore::new(folder.path());
    let whole = work(&Run::default()).unwrap();
    let impatient = Impatient {
        reports: AtomicUsize::new(0),
        most: 2,
    };
    let run = Run {
        monitor: &impatient,
        checkpoints: Some(&store),
        ..Run::default()
    };
    let stopped = work(&run).unwrap_err();
    assert_eq!(stopped.to_string(), "interrupted");
    assert!(std::fs::read_dir(folder.path()).unwrap().count() > 0);
    let run = Run {
        checkpoints: Some(&store),
        ..Run::default()
    };
    assert_eq!(work(&run).unwrap(), whole);
}

#[test]
fn an_interrupted_simulation_goes_on_with_the_same_bits() {
    let couplings = gaussian(24, 1.0, 0.5, 0.0, SelfCouplings::Removed);
    let network = KineticIsing::new(couplings, vec![0.1; 24], 1.2).unwrap();
    for (update, mut options) in samplers() {
        options.measured = 2500;
        options.replicas = 3;
        interrupted(|run| simulate(&network, update, &options, run));
    }
}

/// A checkpoint of another request in the same folder is neither taken up nor lost.
#[test]
fn checkpoints_of_different_requests_lie_side_by_side() {
    let couplings = gaussian(24, 1.0, 0.5, 0.0, SelfCouplings::Removed);
    let network = KineticIsing::new(couplings, vec![0.1; 24], 1.2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = CheckpointStore::new(folder.path());
    let options = Sampling {
        measured: 2500,
        checkpoint_seconds: 0.0,
        ..Sampling::default()
    };
    let of = |seed: u64, measured: u64| {
        let run = Run {
            seed,
            checkpoints: Some(&store),
            ..Run::default()
        };
        let options = Sampling {
            measured,
            ..options.clone()
        };
        simulate(&network, Update::Parallel, &options, &run).unwrap();
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mut found: Vec<_> = files
            .map(|file| {
                let path = file.unwrap().path();
                (path.clone(), std::fs::read(path).unwrap())
            })
            .collect();
        found.sort();
        found
    };
    let first = of(1, 2500);
    assert_eq!(first.len(), 1);
    for (files, (seed, measured)) in [(2, (2, 2500)), (3, (1, 3000))] {
        let found = of(seed, measured);
        assert_eq!(found.len(), files);
        assert!(found.contains(&first[0]));
    }
}

#[test]
fn an_interrupted_ensemble_goes_on_with_the_same_bits() {
    let options = EnsembleOptions {
        draws: 9,
        sampling: Sampling {
            replicas: 4,
            burn_in: 5,
            measured: 20,
            ..Sampling::default()
        },
        ..EnsembleOptions::default()
    };
    interrupted(|run| {
        let run = Run { threads: 2, ..*run };
        ensemble_average(20, &options, &run)
    });
}

#[test]
fn sparse_and_dense_couplings_give_the_same_spins() {
    // couplings ±1 in double precision add up without rounding
    let n = 80;
    let mut entries = Vec::new();
    for i in 0..n {
        for k in 1..4 {
            let sign = if (i * k) % 3 == 0 { -1.0 } else { 1.0 };
            entries.push((i, (i + k * k) % n, sign));
        }
    }
    let sparse = Couplings::from_triplets(n, &entries).unwrap();
    let dense = Couplings::from_matrix(sparse.to_matrix()).unwrap();
    let options = Sampling {
        replicas: 6,
        format: FieldFormat::Double,
        lags: 1,
        ..Sampling::default()
    };
    let with = |couplings: &Couplings, update| {
        let network = KineticIsing::new(couplings.clone(), vec![0.0; n], 0.5).unwrap();
        simulate(&network, update, &options, &Run::default()).unwrap()
    };
    for update in [Update::Parallel, Update::PartlyParallel(0.5), Update::Sequential] {
        assert_eq!(with(&sparse, update), with(&dense, update));
    }
    // from flip to flip sums are kept in another order: 5 σ, and the same law
    let by_flips = |couplings: &Couplings| -> Averages {
        let options = Sampling {
            sequential: SequentialMethod::RejectionFree,
            measured: 4000,
            ..options.clone()
        };
        let network = KineticIsing::new(couplings.clone(), vec![0.0; n], 0.5).unwrap();
        simulate(&network, Update::Sequential, &options, &Run::default()).unwrap()
    };
    let exact = with(&dense, Update::Sequential);
    for found in [by_flips(&sparse), by_flips(&dense)] {
        for observable in [Observable::EntropyProduction, Observable::Activity] {
            let (a, b) = (found.get(observable), exact.get(observable));
            let error = a.standard_error.hypot(b.standard_error);
            assert!((a.value - b.value).abs() < 5.0 * error, "{observable:?}");
        }
    }
}

#[test]
fn two_starts_tell_one_phase_from_two() {
    let n = 200;
    let couplings = gaussian(n, 1.0, 0.2, 0.0, SelfCouplings::Kept);
    let at = |beta| {
        let network = KineticIsing::new(couplings.clone(), vec![0.0; n], beta).unwrap();
        two_starts(&network, Update::Parallel, &Sampling::default(), &Run::default()).unwrap()
    };
    let disordered = at(0.5);
    assert!(disordered.agree(), "{:?}", disordered.deviations);
    let ordered = at(2.0);
    assert!(!ordered.agree());
    let (worst, _) = ordered.deviations[0];
    assert_eq!(worst, Observable::Magnetization);
}

#[test]
fn the_magnetisation_as_control_variate_shrinks_the_error_of_an_ordered_phase() {
    // exact m and entropy production of infinite size at β = 2, ΔJ = ½
    let options = EnsembleOptions {
        inverse_temperature: 2.0,
        draws: 24,
        exact_magnetization: Some(0.724_682_7),
        sampling: Sampling {
            replicas: 32,
            ..Sampling::default()
        },
        ..EnsembleOptions::default()
    };
    let average = ensemble_average(256, &options, &Run::default()).unwrap();
    let raw = average.get(Observable::EntropyProduction);
    let controlled = average.controlled(Observable::EntropyProduction).unwrap();
    assert!(
        controlled.standard_error < 0.5 * raw.standard_error,
        "{raw:?} {controlled:?}"
    );
    // what is left is of order 1/N
    assert!((controlled.value - 0.129_052).abs() < 5.0 * controlled.standard_error + 2.0 / 256.0);
    assert!(average.thermal_error(Observable::EntropyProduction) < raw.standard_error);
}

#[test]
fn finite_sizes_extrapolate_to_the_infinite_one() {
    let options = EnsembleOptions {
        draws: 12,
        sampling: Sampling {
            replicas: 32,
            burn_in: 60,
            measured: 200,
            ..Sampling::default()
        },
        ..EnsembleOptions::default()
    };
    let study = finite_size_study(&[64, 128, 256, 512], &options, &Run::default()).unwrap();
    let found = study.infinite(Observable::ConditionalEntropy).unwrap();
    // 5 σ of the fit
    let error = found.infinite.standard_error;
    assert!(
        (found.infinite.value - 0.599_438).abs() < 5.0 * error,
        "{found:?}"
    );
    assert!(error < 0.003 && found.fits(), "{found:?}");
}

#[test]
fn wrong_requests_are_named() {
    let own = Couplings::from_rows(&[vec![0.5, 0.0], vec![0.0, 0.0]]).unwrap();
    let network = KineticIsing::new(own, vec![0.0; 2], 1.0).unwrap();
    let run = Run::default();
    let options = Sampling::default();
    let refused = simulate(&network, Update::Sequential, &options, &run).unwrap_err();
    assert!(matches!(refused, Error::SelfCoupling { spin: 0, .. }));
    let message = |update, options: &Sampling, run: &Run<'_>| {
        simulate(&network, update, options, run).unwrap_err().to_string()
    };
    let none = Sampling {
        replicas: 0,
        ..options.clone()
    };
    assert!(message(Update::Parallel, &none, &run).contains("replicas is 0"));
    assert!(message(Update::PartlyParallel(1.5), &options, &run).contains("1.5"));
    let sparse = Couplings::from_triplets(20, &[(0, 1, 1.0)]).unwrap();
    let loose = KineticIsing::new(sparse, vec![0.0; 20], 1.0).unwrap();
    let lockstep = Sampling {
        sequential: SequentialMethod::Lockstep,
        ..options.clone()
    };
    let refused = simulate(&loose, Update::Sequential, &lockstep, &run).unwrap_err();
    assert!(refused.to_string().contains("simulate them independently"));
    let poor = Run {
        memory_limit: 1000,
        ..Run::default()
    };
    assert!(message(Update::Parallel, &options, &poor).contains("limit is 1.00 kB"));
    let huge = network.at_inverse_temperature(1e35).unwrap();
    assert!(simulate(&huge, Update::Parallel, &options, &run).is_err());
    let double = Sampling {
        format: FieldFormat::Double,
        ..options
    };
    assert!(simulate(&huge, Update::Parallel, &double, &run).is_ok());
}

#[test]
fn lags_without_pairs_of_measurements_and_sizes_that_are_there_twice_are_refused() {
    let sampling = |lags| Sampling {
        measured: 40,
        every: 4,
        lags,
        ..Sampling::default()
    };
    assert!(sampling(9).check().is_ok());
    let refused = sampling(10).check().unwrap_err().to_string();
    assert!(refused.contains("the number of lags is 10"), "{refused}");
    let twice = finite_size_study(&[16, 32, 16], &EnsembleOptions::default(), &Run::default());
    let refused = twice.unwrap_err().to_string();
    assert!(refused.contains("already is 16"), "{refused}");
}
