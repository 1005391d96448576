//! What moments in cells promise: the same bits however they are computed, errors that hold for correlated frames, and named faults.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::moments::{
    Accelerations, MomentOptions, MomentPass, Outside, Velocities, conditional_moments,
};
use irrev_landscape::record::{Clock, Segment};
use irrev_landscape::{ConditionalMoments, Error, Grid, Period, Record};
use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::{assert_all_close, assert_same_bits};
use proptest::prelude::*;

fn normals(n: usize, index: u64) -> Vec<f64> {
    let mut stream = Stream::new(1, Purpose::Search, index);
    (0..n).map(|_| stream.normal()).collect()
}

/// x_{k+1} = c x_k + √(1 − c²) ξ: unit variance, integrated autocorrelation time (1 + c)/(1 − c).
fn correlated(n: usize, c: f64, index: u64) -> Vec<f64> {
    let mut stream = Stream::new(1, Purpose::Search, index);
    let mut x = stream.normal();
    (0..n)
        .map(|_| {
            x = c * x + (1.0 - c * c).sqrt() * stream.normal();
            x
        })
        .collect()
}

fn all_values(moments: &ConditionalMoments) -> Vec<f64> {
    [
        moments.density(),
        moments.mean_velocity(),
        moments.mean_square_velocity(),
        moments.mean_acceleration(),
        moments.mean_square_acceleration(),
    ]
    .concat()
    .iter()
    .flat_map(|estimate| [estimate.value, estimate.standard_error])
    .collect()
}

#[test]
fn threads_and_chunks_change_no_bit() {
    let columns = [normals(50_000, 0), normals(50_000, 1), normals(50_000, 2)];
    let times: Vec<f64> = normals(50_000, 3)
        .iter()
        .scan(0.0, |t, step| {
            *t += 0.1 + step.abs();
            Some(*t)
        })
        .collect();
    let grid = Grid::uniform(-2.0, 2.0, 13).unwrap();
    for (even, velocities, accelerations) in [
        (true, Velocities::Differences, Accelerations::Differences),
        (false, Velocities::Differences, Accelerations::Given),
        (true, Velocities::Given, Accelerations::Given),
        (true, Velocities::Given, Accelerations::Differences),
        (
            false,
            Velocities::Metrics { temperature: 2.0 },
            Accelerations::NotNeeded,
        ),
    ] {
        let [x, v, a] = columns.each_ref().map(Vec::as_slice);
        let clock = if even {
            Clock::Step(0.1)
        } else {
            Clock::Times(&times)
        };
        let segment = Segment::new(clock, vec![x])
            .and_then(|s| s.with_velocities(vec![v]))
            .and_then(|s| s.with_accelerations(vec![a]))
            .and_then(|s| s.with_metrics(vec![v]))
            .and_then(|s| s.with_weight(1.5))
            .unwrap();
        let segments = vec![segment.part(0..30_001), segment.part(30_001..50_000)];
        let record = Record::new(vec![None], segments.clone()).unwrap();
        let options = MomentOptions {
            velocities,
            accelerations,
            shortest_block: Some(1024),
            ..MomentOptions::default()
        };
        let on = |threads| {
            conditional_moments(
                &record,
                &grid,
                &options,
                &Run {
                    threads,
                    ..Run::default()
                },
            )
            .unwrap()
        };
        let expected = on(1);
        assert_same_bits("two threads", &all_values(&on(2)), &all_values(&expected));
        for chunk in [1, 777, 1024, 30_000] {
            let mut pass = MomentPass::new(grid.clone(), &options, &Run::default()).unwrap();
            for segment in &segments {
                for start in (0..segment.frames()).step_by(chunk) {
                    pass.push(&segment.part(start..start + chunk)).unwrap();
                }
                pass.end_segment().unwrap();
            }
            assert_same_bits(
                &format!("chunks of {chunk}"),
                &all_values(&pass.finish().unwrap()),
                &all_values(&expected),
            );
        }
    }
}

proptest! {
    #[test]
    fn sums_agree_with_a_plain_loop(
        x in prop::collection::vec(-2.0..2.0_f64, 3..200),
        cells in 1..40_usize,
        h in 0.01..10.0_f64,
    ) {
        let grid = Grid::uniform(-1.5, 1.0, cells).unwrap();
        let record = Record::of_positions(h, [&x[..]]).unwrap();
        let found = conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
        let mut sums = vec![[0.0; 3]; cells];
        for t in 1..x.len() - 1 {
            if let Some(cell) = grid.edges().windows(2).position(|e| x[t] >= e[0] && x[t] < e[1]) {
                let (v, a) = ((x[t + 1] - x[t - 1]) / (2.0 * h), (x[t + 1] - 2.0 * x[t] + x[t - 1]) / (h * h));
                sums[cell][0] += 1.0;
                sums[cell][1] += v * v;
                sums[cell][2] += a;
            }
        }
        let (w, a) = (found.mean_square_velocity(), found.mean_acceleration());
        for (cell, [n, v2, sum]) in sums.into_iter().enumerate() {
            prop_assert_eq!(found.counts()[cell], n as u64);
            if n > 0.0 {
                // differences of numbers up to 2, divided by h or h²: some 10 roundings each
                prop_assert!((w[cell].value - v2 / n).abs() < 1e-13 * (4.0 / h).powi(2));
                prop_assert!((a[cell].value - sum / n).abs() < 1e-13 * 8.0 / (h * h));
            } else {
                prop_assert!(w[cell].value.is_nan() && a[cell].value.is_nan());
            }
        }
        let (below, above) = found.outside();
        prop_assert_eq!(found.counts().iter().sum::<u64>() + below + above, found.frames());
        prop_assert_eq!(found.frames(), x.len() as u64 - 2);
    }
}

#[test]
fn merged_passes_are_one_pass_up_to_rounding() {
    let parts = [normals(5000, 0), normals(777, 1), normals(20_000, 2)];
    let grid = Grid::uniform(-2.0, 2.0, 8).unwrap();
    let options = MomentOptions {
        shortest_block: Some(64),
        ..MomentOptions::default()
    };
    let of = |parts: &[Vec<f64>]| {
        let record = Record::of_positions(0.5, parts.iter().map(Vec::as_slice)).unwrap();
        conditional_moments(&record, &grid, &options, &Run::default()).unwrap()
    };
    let whole = of(&parts);
    let mut merged = of(&parts[..1]);
    merged.merge(of(&parts[1..])).unwrap();
    let values = |moments: &ConditionalMoments| {
        moments
            .mean_square_velocity()
            .iter()
            .map(|w| w.value)
            .collect::<Vec<_>>()
    };
    assert_eq!(merged.counts(), whole.counts());
    assert_all_close("w", &values(&merged), &values(&whole), 1e-13, 0.0);
    let other = MomentOptions {
        shortest_block: Some(128),
        ..options.clone()
    };
    let record = Record::of_positions(0.5, [&parts[0][..]]).unwrap();
    let unlike = conditional_moments(&record, &grid, &other, &Run::default()).unwrap();
    assert!(matches!(merged.merge(unlike), Err(Error::Unlike { .. })));
}

#[test]
fn errors_hold_for_correlated_frames() {
    // The part of frames above 0 and the mean of v² in a cell, from many independent records: 100 values in units of their errors have a mean square of 1,
    // standard deviation √(2/100) = 0.14, and the errors, from some 100 blocks, add 0.02: 5 σ is 0.75, a false alarm in 2e6 for each of three numbers. Naive
    // errors would give (1 + c)/(1 − c) = 19 for the part.
    let grid = Grid::from_edges(vec![-9.0, 0.0, 9.0]).unwrap();
    let options = MomentOptions {
        velocities: Velocities::Given,
        accelerations: Accelerations::Given,
        ..MomentOptions::default()
    };
    let mut squares = [0.0; 3];
    let records = 100;
    for index in 0..records {
        let x = correlated(100_000, 0.9, index);
        let segment = Segment::new(Clock::Step(1.0), vec![&x[..]])
            .and_then(|s| s.with_velocities(vec![&x]))
            .and_then(|s| s.with_accelerations(vec![&x]))
            .unwrap();
        let record = Record::new(vec![None], vec![segment]).unwrap();
        let found = conditional_moments(&record, &grid, &options, &Run::default()).unwrap();
        // half of the frames lie above 0, where r² is 1 on average and r is √(2/π)
        let exact = [0.5 / 9.0, 1.0, std::f64::consts::FRAC_2_PI.sqrt()];
        let estimates = [
            found.density()[1],
            found.mean_square_velocity()[1],
            found.mean_acceleration()[1],
        ];
        for (square, (estimate, exact)) in squares.iter_mut().zip(estimates.iter().zip(exact)) {
            *square += ((estimate.value - exact) / estimate.standard_error).powi(2) / records as f64;
        }
        let errors = found.errors();
        assert!((64..128).contains(&errors.blocks()));
        assert_eq!(errors.frames_per_block() * errors.blocks() as f64, 100_000.0);
    }
    assert!(
        squares.iter().all(|square| (square - 1.0).abs() < 0.75),
        "{squares:?}"
    );
}

#[test]
fn blocks_shorter_than_the_correlation_are_told() {
    // 1e4 frames with a correlation time of 2000: blocks of some 100 are far too short, and growth is near 2; the smallest value that counts as resolved is
    // 1.35
    let x = correlated(10_000, 0.999, 0);
    let record = Record::of_positions(1.0, [&x[..]]).unwrap();
    let grid = Grid::uniform(-4.0, 4.0, 4).unwrap();
    let found = conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
    assert!(
        !found.errors().resolved() && found.errors().growth() > 1.5,
        "{}",
        found.errors().growth()
    );
    // independent frames: growth is 1 within √(2/blocks) = 0.18, 2 of which count as resolved; here 4 cells share the chance
    let x = normals(100_000, 0);
    let record = Record::of_positions(1.0, [&x[..]]).unwrap();
    let found = conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
    assert!((found.errors().growth() - 1.0).abs() < 0.9);
    let counts = found.effective_counts();
    for (effective, count) in counts.iter().zip(found.counts()) {
        // never more than the frames, and at least as many as 5 σ of the variance, (1 + 5 √(2/64)) = 1.9 times too large, leave
        assert!(
            *effective <= count as f64 && *effective > 0.4 * count as f64,
            "{effective} of {count}"
        );
    }
}

#[test]
fn steps_of_a_circle_are_counted() {
    let period = Period::radians();
    let x = [3.0, -3.0, -0.3, 2.5, 3.1, -3.1];
    let record = Record::new(
        vec![Some(period)],
        vec![Segment::new(Clock::Step(1.0), vec![&x]).unwrap()],
    )
    .unwrap();
    let grid = Grid::circle(period, 4).unwrap();
    let options = |velocities| MomentOptions {
        velocities,
        ..MomentOptions::default()
    };
    let steps = conditional_moments(&record, &grid, &options(Velocities::Differences), &Run::default())
        .unwrap()
        .periodic_steps();
    // 2.7 and 2.8 are more than 0.4 · 2π = 2.51
    assert_eq!((steps.wraps, steps.doubtful), (2, 2));
    assert!((steps.largest - 2.8).abs() < 1e-15);
    // the same with leaves that end anywhere
    let mut pass = MomentPass::new(grid, &options(Velocities::Differences), &Run::default()).unwrap();
    for x in &x {
        pass.push(&Segment::new(Clock::Step(1.0), vec![std::slice::from_ref(x)]).unwrap())
            .unwrap();
    }
    assert_eq!(pass.finish().unwrap().periodic_steps(), steps);
}

#[test]
fn faults_are_named() {
    let grid = Grid::uniform(-1.0, 1.0, 2).unwrap();
    let run = Run::default();
    let of = |x: &[f64], options: &MomentOptions| {
        conditional_moments(&Record::of_positions(1.0, [x]).unwrap(), &grid, options, &run)
    };
    let plain = MomentOptions::default();
    assert!(matches!(of(&[0.0, 0.1], &plain), Err(Error::Empty { .. })));
    assert!(matches!(of(&[], &plain), Err(Error::Empty { .. })));
    assert!(matches!(
        of(&[0.0, 0.1, f64::NAN, 0.2], &plain),
        Err(Error::NotFinite { row: 2, .. })
    ));
    let given = MomentOptions {
        velocities: Velocities::Given,
        ..plain.clone()
    };
    assert!(matches!(
        of(&[0.0; 3], &given),
        Err(Error::Missing { what: "velocities" })
    ));
    let refused = MomentOptions {
        outside: Outside::Refused,
        ..plain.clone()
    };
    assert!(matches!(
        of(&[0.0, 1.0, -3.0, 0.0], &refused),
        Err(Error::OutsideGrid {
            below: 1,
            above: 1,
            ..
        })
    ));
    let short = MomentOptions {
        shortest_block: Some(1),
        ..plain.clone()
    };
    assert!(matches!(of(&[0.0; 3], &short), Err(Error::Domain { .. })));
    let other = MomentOptions {
        coordinate: 1,
        ..plain.clone()
    };
    assert!(matches!(
        of(&[0.0; 3], &other),
        Err(Error::NoCoordinate {
            coordinate: 1,
            coordinates: 1
        })
    ));
    // rows are counted from the start of the segment, whatever the chunks
    let mut pass = MomentPass::new(grid.clone(), &plain, &run).unwrap();
    let mut push = |x: &[f64]| pass.push(&Segment::new(Clock::Step(1.0), vec![x]).unwrap());
    push(&vec![0.0; 5000]).unwrap();
    assert!(matches!(
        push(&vec![f64::INFINITY; 5000]),
        Err(Error::NotFinite { row: 5000, .. })
    ));
    let mut pass = MomentPass::new(grid.clone(), &plain, &run).unwrap();
    pass.push(&Segment::new(Clock::Times(&[0.0, 1.0]), vec![&[0.0, 0.0]]).unwrap())
        .unwrap();
    let again = Segment::new(Clock::Times(&[1.0, 2.0]), vec![&[0.0, 0.0]]).unwrap();
    assert!(matches!(pass.push(&again), Err(Error::Times { row: 2, .. })));
    let small = Run {
        memory_limit: 1000,
        ..Run::default()
    };
    assert!(MomentPass::new(grid, &plain, &small).is_err());
}
