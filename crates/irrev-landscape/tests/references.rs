//! Values computed elsewhere, in `data/references.json`.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::ching::crossings;
use irrev_landscape::diagnose::{at_finite_step, finite_differences};
use irrev_landscape::filter::box_filtered;
use irrev_landscape::hidden::linear_hierarchy;
use irrev_landscape::moments::{Accelerations, MomentOptions, Velocities, conditional_moments};
use irrev_landscape::oscillator::DampedOscillator;
use irrev_landscape::record::{Clock, Segment};
use irrev_landscape::{Grid, Period, Record};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Estimate, Run};
use irrev_testing::assert_all_close;
use irrev_testing::reference::{self, number, numbers};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    reference::cases(include_str!("data/references.json"), kind)
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

/// Sums over frames from means and counts.
fn sums(means: &[Estimate], counts: &[u64]) -> Vec<f64> {
    means
        .iter()
        .zip(counts)
        .map(|(mean, count)| mean.value * *count as f64)
        .collect()
}

#[test]
fn tiny_series_agree() {
    for case in cases("estimator") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let trajectories: Vec<Vec<f64>> = inputs["trajectories"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let h = number(&inputs["h"]);
        let record = Record::of_positions(h, trajectories.iter().map(Vec::as_slice)).unwrap();
        let grid = Grid::from_edges(numbers(&inputs["edges"])).unwrap();
        let moments =
            conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
        let counts = moments.counts();
        assert_eq!(Value::from(counts.clone()), expected["counts"]);
        let (below, above) = moments.outside();
        assert_eq!(Value::from(below + above), expected["outside"]);
        let close =
            |what: &str, found: &[f64]| assert_all_close(what, found, &numbers(&expected[what]), 0.0, 1e-9);
        close("sum_v2", &sums(&moments.mean_square_velocity(), &counts));
        close("sum_a", &sums(&moments.mean_acceleration(), &counts));
        // the reference sums over frames and divides by h² only
        let found = crossings(&record, 0, &grid, &Run::default()).unwrap();
        let unscaled = |x: &[f64]| x.iter().map(|x| x * found.duration / h).collect::<Vec<_>>();
        close(
            "crossing_sum_per_edge (sum dx*dstep/h^2)",
            &unscaled(&values(&found.at_edges)),
        );
        close("boundary_per_edge", &unscaled(&found.ends_above().unwrap()));
        let below_zero: Vec<f64> = found.from_accelerations().unwrap().iter().map(|w| -w).collect();
        close("sum_a_above_edge", &unscaled(&below_zero));
    }
}

/// ṙ and r̈ of each frame with neighbours: a cell for every frame would mix equal positions, so that each frame is a record of its own with its neighbours.
fn derivatives(x: &[f64], times: Option<&[f64]>, period: Option<Period>) -> (Vec<f64>, Vec<f64>) {
    let grid = period
        .map_or_else(|| Grid::uniform(-10.0, 10.0, 1), |period| Grid::circle(period, 1))
        .unwrap();
    (0..x.len() - 2)
        .map(|k| {
            let clock = times.map_or(Clock::Step(0.1), |times| Clock::Times(&times[k..k + 3]));
            let record = Record::new(
                vec![period],
                vec![Segment::new(clock, vec![&x[k..k + 3]]).unwrap()],
            )
            .unwrap();
            let moments =
                conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
            (
                moments.mean_velocity()[0].value,
                moments.mean_acceleration()[0].value,
            )
        })
        .unzip()
}

#[test]
fn uneven_and_periodic_differences_agree() {
    for case in cases("estimator") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let uneven: Vec<Vec<f64>> = inputs["nonuniform_(x,t)"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let (v, a) = derivatives(&uneven[0], Some(&uneven[1]), None);
        assert_all_close("uneven v", &v, &numbers(&expected["nonuniform_v"]), 0.0, 1e-9);
        assert_all_close("uneven a", &a, &numbers(&expected["nonuniform_a"]), 0.0, 1e-9);
        let period = Period::radians();
        assert_eq!(number(&inputs["period"]), period.length());
        let (v, a) = derivatives(&numbers(&inputs["periodic_series"]), None, Some(period));
        assert_all_close("periodic v", &v, &numbers(&expected["periodic_v"]), 0.0, 1e-9);
        assert_all_close("periodic a", &a, &numbers(&expected["periodic_a"]), 0.0, 1e-9);
    }
}

#[test]
fn biases_of_finite_differences_agree() {
    for case in cases("sampling") {
        let inputs = &case["inputs"];
        let of = |key: &str| number(&inputs[key]);
        let oscillator = DampedOscillator::new(of("omega2"), of("gamma"), of("kBT")).unwrap();
        for row in case["expected"]["rows"].as_array().unwrap() {
            let found = finite_differences(
                |t| oscillator.autocovariance(t),
                number(&row["h"]),
                number(&row["noise"]),
            );
            let close = |key: &str, found: f64| {
                irrev_testing::assert_close(key, found, number(&row[key]), 1e-10, 1e-9)
            };
            close("v2_forward", found.forward_square);
            close("v2_central", found.central_square);
            close("slope_a", found.slope);
        }
    }
}

#[test]
fn kramers_moyal_coefficients_of_an_ornstein_uhlenbeck_process_agree() {
    for case in cases("kramers") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let of = |key: &str| number(&inputs[key]);
        let (k, h) = (of("k"), of("h"));
        let (exact_drift, exact_diffusion) = (numbers(&expected["exact_D1"]), numbers(&expected["exact_D2"]));
        let seen: Vec<(f64, f64)> = exact_drift
            .iter()
            .zip(&exact_diffusion)
            .map(|(drift, diffusion)| at_finite_step(*drift, *diffusion, k, h))
            .collect();
        let (drift, diffusion): (Vec<f64>, Vec<f64>) = seen.into_iter().unzip();
        assert_all_close("D1_h", &drift, &numbers(&expected["D1_h=<dx;x>/h"]), 1e-12, 1e-12);
        assert_all_close(
            "D2_h",
            &diffusion,
            &numbers(&expected["D2_h_centred=var(dx;x)/(2h)"]),
            1e-12,
            1e-12,
        );
        let about_zero: Vec<f64> = drift
            .iter()
            .zip(&diffusion)
            .map(|(d1, d2)| d2 + 0.5 * h * d1 * d1)
            .collect();
        assert_all_close(
            "D2_h about 0",
            &about_zero,
            &numbers(&expected["D2_h=<dx^2;x>/(2h)"]),
            1e-12,
            1e-12,
        );
    }
}

#[test]
fn filtered_oscillators_agree() {
    for case in cases("timescale") {
        let inputs = &case["inputs"];
        let of = |key: &str| number(&inputs[key]);
        for (key, friction) in [("damped", of("gamma")), ("undamped", 0.0)] {
            let oscillator = DampedOscillator::new(of("omega2"), friction, of("kBT")).unwrap();
            for row in case["expected"][key].as_array().unwrap() {
                let found =
                    box_filtered(|t| oscillator.autocovariance(t), of("kBT"), number(&row["tau"])).unwrap();
                let close = |what: &str, found: f64| {
                    irrev_testing::assert_close(what, found, number(&row[what]), 1e-8, 1e-9)
                };
                close("var", found.variance);
                close("w", found.mean_square_velocity);
                close("kG", found.free_energy_curvature);
                close("kVm", found.mean_force_curvature);
                close("ratio", found.ratio);
            }
        }
    }
}

#[test]
fn hierarchies_of_linear_systems_agree() {
    for case in cases("hierarchy_linear") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let rows: Vec<Vec<f64>> = inputs["K"].as_array().unwrap().iter().map(numbers).collect();
        let stiffness = Matrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j]);
        let found = linear_hierarchy(&stiffness, &numbers(&inputs["a"]), number(&inputs["kBT"])).unwrap();
        assert_eq!(Value::from(found.levels.len()), expected["levels"]);
        let close = |what: &str, found: &[f64], expected: &Value| {
            assert_all_close(what, found, &numbers(expected), 1e-9, 1e-9)
        };
        close("W", &found.frequencies_squared, &expected["W"]);
        close("D", &found.strengths, &expected["D"]);
        close("variances", &found.variances, &expected["variances"]);
        for (level, forces) in found.mean_forces().iter().enumerate() {
            close(
                "level",
                &found.levels[level],
                &expected["r_n_as_vectors_in_q"][level],
            );
            close(
                "mean force",
                forces,
                &expected["mean_force_coefficients_of_r1..rn"][level],
            );
        }
    }
}

/// Columns of a two-dimensional NPY file of single precision in C order.
fn columns(path: &str, wanted: &[usize]) -> Vec<Vec<f64>> {
    let bytes = std::fs::read(path).unwrap();
    let data = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let width = 8;
    let frames = bytes[data..].chunks_exact(4 * width);
    let entry =
        |frame: &[u8], k: usize| f64::from(f32::from_le_bytes(frame[4 * k..4 * k + 4].try_into().unwrap()));
    wanted
        .iter()
        .map(|k| frames.clone().map(|frame| entry(frame, *k)).collect())
        .collect()
}

#[test]
fn a_dihedral_of_alanine_dipeptide_agrees() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/recordings/alanine-dipeptide.npy"
    );
    for case in cases("ala2") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let which = ["r", "rdot", "g"].map(|key| inputs["columns"][key].as_u64().unwrap() as usize);
        let data = columns(path, &which);
        let (x, v, g) = (&data[0], &data[1], &data[2]);
        let segment = Segment::new(Clock::Step(number(&inputs["dt_ps"])), vec![x])
            .and_then(|segment| segment.with_velocities(vec![v]))
            .and_then(|segment| segment.with_metrics(vec![g]))
            .unwrap();
        let period = Period::radians();
        let record = Record::new(vec![Some(period)], vec![segment]).unwrap();
        let grid = Grid::circle(period, 24).unwrap();
        let moments = |velocities, accelerations| {
            let options = MomentOptions {
                velocities,
                accelerations,
                ..MomentOptions::default()
            };
            conditional_moments(&record, &grid, &options, &Run::default()).unwrap()
        };
        let close = |what: &str, found: &[Estimate]| {
            for (cell, (found, expected)) in found.iter().zip(expected[what].as_array().unwrap()).enumerate()
            {
                match expected.as_f64() {
                    Some(e) => {
                        irrev_testing::assert_close(&format!("{what} {cell}"), found.value, e, 1e-9, 0.0)
                    }
                    None => assert!(found.value.is_nan(), "{what} {cell}"),
                }
            }
        };
        let given = moments(Velocities::Given, Accelerations::NotNeeded);
        assert_eq!(Value::from(given.counts()), expected["counts"]);
        close("mean_v2", &given.mean_square_velocity());
        let temperature = number(&inputs["kT_Da_nm2_ps2"]);
        let metric = moments(Velocities::Metrics { temperature }, Accelerations::NotNeeded);
        close("kT_mean_g", &metric.mean_square_velocity());
        let interior = moments(Velocities::Differences, Accelerations::Differences);
        assert_eq!(Value::from(interior.counts()), expected["counts_interior"]);
        close("mean_v2_central_difference", &interior.mean_square_velocity());
        close(
            "mean_acceleration_second_difference",
            &interior.mean_acceleration(),
        );
        let steps = interior.periodic_steps();
        assert_eq!(Value::from(steps.wraps), expected["wraps"]);
        let largest = number(&expected["largest_abs_step_after_wrap"]);
        irrev_testing::assert_close("largest step", steps.largest, largest, 1e-9, 0.0);
    }
}
