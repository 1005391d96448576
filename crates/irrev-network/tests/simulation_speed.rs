//! Jumps per second of the simulators; `cargo test --release -p irrev-network --test simulation_speed -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "simulation/models.rs"]
mod models;

use irrev_network::simulation::{Books, Method, SimulationOptions, simulate};
use irrev_numerics::Run;

/// Seconds of the processor that this process has used: steadier than the clock on a shared machine; 10 ms resolution.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap()..].split(' ').collect();
    (fields[12].parse::<f64>().unwrap() + fields[13].parse::<f64>().unwrap()) / 100.0
}

/// Enough for a second or so.
const TRAJECTORIES: u64 = 6;

/// Million jumps per processor second of one trajectory with 50 output points, best of three; the number of jumps comes from the books.
fn speed((system, start): &models::Model, end: f64, method: Method, books: &Books) -> f64 {
    let options = |books: Books, jumps| SimulationOptions {
        times: (1..=50).map(|k| end * f64::from(k) / 50.0).collect(),
        method,
        trajectories: TRAJECTORIES,
        books: Books { jumps, ..books },
        ..Default::default()
    };
    let run = Run {
        threads: 1,
        ..Run::default()
    };
    let counted = simulate(system, start, &options(Books::default(), true), &run).unwrap();
    let jumps: f64 = counted
        .reactions
        .iter()
        .map(|r| r.forward.mean() + r.backward.mean())
        .sum();
    if !books.jumps {
        println!("  {:.3} jumps per unit time", jumps / end);
    }
    let options = options(books.clone(), books.jumps);
    let times = (0..3).map(|_| {
        let begin = processor_seconds();
        simulate(system, start, &options, &run).unwrap();
        processor_seconds() - begin
    });
    TRAJECTORIES as f64 * jumps / times.fold(f64::INFINITY, f64::min) / 1e6
}

#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_an_ensemble_of_short_trajectories() {
    for (name, (system, start), end, trajectories) in [
        ("schloegl", models::schloegl(), 0.1, 200_000),
        ("schloegl", models::schloegl(), 10.0, 50_000),
        ("multisite", models::multisite(), 0.01, 5000),
    ] {
        let options = SimulationOptions {
            times: vec![0.5 * end, end],
            trajectories,
            books: Books::full(),
            ..Default::default()
        };
        let begin = processor_seconds();
        let e = simulate(&system, &start, &options, &Run::default()).unwrap();
        let seconds = processor_seconds() - begin;
        let jumps: f64 = e
            .reactions
            .iter()
            .map(|r| r.forward.mean() + r.backward.mean())
            .sum();
        let each = 1e6 * seconds / trajectories as f64;
        println!("{name}: {jumps:.1} jumps a trajectory, {each:.2} µs of a processor each");
    }
}

#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_one_trajectory() {
    let small: [(&str, models::Model, f64); 8] = [
        ("ring10", models::ring10(), 4e5),
        ("schloegl", models::schloegl(), 6e4),
        ("michaelis_menten", models::michaelis_menten(), 2e4),
        ("vilar", models::vilar(), 3e3),
        ("brusselator", models::brusselator(), 2e4),
        ("dimerisation", models::dimerisation(), 10.0),
        ("multisite", models::multisite(), 300.0),
        ("lattice", models::lattice(), 500.0),
    ];
    println!("million jumps per processor second: plain, jumps and residence, full books");
    for (name, model, end) in &small {
        let counting = Books {
            jumps: true,
            residence: true,
            ..Books::default()
        };
        if std::env::var("MODEL").is_ok_and(|m| m != *name) {
            continue;
        }
        let of = |books: &Books| speed(model, *end, Method::Automatic, books);
        let (plain, counted, full) = (of(&Books::default()), of(&counting), of(&Books::full()));
        println!(
            "{name:18} {plain:7.2} {counted:7.2} {full:7.2}   full/plain {:.3}",
            full / plain
        );
    }
    if std::env::var_os("ALL_METHODS").is_none() {
        return;
    }
    println!("million jumps per processor second by method");
    for (name, model, end) in &small {
        for method in [
            Method::Direct,
            Method::SortedDirect,
            Method::NextReaction,
            Method::CompositionRejection,
            Method::Rejection,
        ] {
            let plain = speed(model, *end * 0.1, method, &Books::default());
            println!("{name:18} {:24} {plain:7.2}", method.name());
        }
    }
}
