//! Fokker–Planck equations on grids against values computed elsewhere (`data/models.json`), closed forms, and what must hold on every grid.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::Error;
use irrev_landscape::axes::{Axis, Wall};
use irrev_landscape::fokker_planck::{GridProcess, Overdamped, Weights, discretised, exits, extrapolated};
use irrev_landscape::linear::LinearDiffusion;
use irrev_network::dynamics::{counting_statistics, first_passage, relaxation_spectrum};
use irrev_network::{Distribution, Flow, Kinetics};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::reference::{number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use proptest::prelude::*;
use serde_json::Value;

fn cases() -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/models.json")).unwrap();
    let found: Vec<Value> = all.into_iter().filter(|case| case["kind"] == "fp").collect();
    assert!(!found.is_empty());
    found
}

fn stationary_flow(process: &GridProcess) -> Flow {
    let kinetics = process.kinetics();
    kinetics
        .flow(&kinetics.stationary_distribution().unwrap())
        .unwrap()
}

#[test]
fn the_tilted_ring_agrees_on_grids_and_in_the_continuum() {
    for case in cases() {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        if inputs.get("f").is_none() {
            continue;
        }
        let of = |key: &str| number(&inputs[key]);
        let (tilt, t, mu, length) = (of("f"), of("T"), of("mu"), of("L"));
        let coefficients: Vec<Vec<f64>> = inputs["coefficients_(m,a,b)"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let potential = move |x: &[f64]| {
            coefficients
                .iter()
                .map(|c| (std::f64::consts::TAU * c[0] * x[0] / length).sin_cos())
                .zip(&coefficients)
                .map(|((s, co), c)| c[1] * co + c[2] * s)
                .sum()
        };
        let ring = Overdamped::new(t, potential)
            .unwrap()
            .with_force(|_, f| f[0] = tilt)
            .with_mobility(|_, m| m[0] = mu);
        let circle = |n: usize| [Axis::circle(0.0, length, n).unwrap()];
        for (name, grid) in expected["network_exact_values"].as_object().unwrap() {
            let (weights, n) = name.split_once('_').unwrap();
            let weights = if weights == "sg" {
                Weights::ScharfetterGummel
            } else {
                Weights::SquareRoot
            };
            let process = discretised(&ring, &circle(n.parse().unwrap()), weights, &Run::default()).unwrap();
            let flow = stationary_flow(&process);
            assert_close(name, flow.current()[0], number(&grid["J"]), 1e-9, 1e-9);
            assert_close(
                name,
                flow.entropy_production_rate(),
                number(&grid["epr"]),
                1e-9,
                1e-9,
            );
        }
        let places = numbers(&inputs["x"]);
        for weights in [Weights::ScharfetterGummel, Weights::SquareRoot] {
            let found = extrapolated(&ring, &circle(2048), weights, &Run::default(), |process| {
                let kinetics = process.kinetics();
                let stationary = kinetics.stationary_distribution()?;
                let flow = kinetics.flow(&stationary)?;
                let displacement = vec![process.axes()[0].spacing(); flow.network().edges().len()];
                let mut values = vec![
                    flow.current()[0],
                    flow.weighted_current(&displacement)?,
                    flow.entropy_production_rate(),
                    0.5 * counting_statistics(kinetics)?
                        .scaled_cumulants(&displacement, 2)?
                        .values[1],
                ];
                let density = process.density(&stationary)?;
                for x in &places {
                    values.push(density[process.state_at(&[*x])?]);
                }
                Ok(values)
            })
            .unwrap();
            let values: Vec<f64> = found.iter().map(|x| x.value).collect();
            for (k, key) in ["J", "mean_velocity", "epr_rate"].into_iter().enumerate() {
                assert_close(key, values[k], number(&expected[key]), 1e-8, 1e-9);
            }
            assert_close(
                "D_eff",
                values[3],
                number(&expected["effective_diffusion"]),
                1e-7,
                1e-9,
            );
            assert_all_close(
                "density",
                &values[4..],
                &numbers(&expected["density"]),
                1e-7,
                1e-9,
            );
            for x in &found {
                assert!((x.order - 2.0).abs() < 0.05, "{x:?}");
            }
        }
    }
}

#[test]
fn the_double_well_agrees() {
    for case in cases() {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let Some(h) = inputs.get("h").map(number) else {
            continue;
        };
        let t = number(&inputs["T"]);
        let well = Overdamped::new(t, move |x: &[f64]| h * (x[0] * x[0] - 1.0).powi(2)).unwrap();
        // beyond ±2.5 the density is below e^{−137}
        let line = [Axis::line(-2.5, 2.5, 640).unwrap()];
        let rates = extrapolated(&well, &line, Weights::default(), &Run::default(), |process| {
            let spectrum = relaxation_spectrum(process.kinetics(), &Run::default())?;
            Ok(spectrum.eigenvalues[..4].iter().map(|value| -value.re).collect())
        })
        .unwrap();
        let values: Vec<f64> = rates.iter().map(|rate| rate.value).collect();
        assert_all_close(
            "eigenvalues",
            &values,
            &numbers(&expected["eigenvalues"]),
            1e-7,
            1e-9,
        );
        for (end, key) in [(1.0, "mfpt_-1_to_1"), (0.0, "mfpt_-1_to_0")] {
            let half_line = [Axis::between(-3.0, Wall::Reflecting, end, Wall::Absorbing, 1920).unwrap()];
            let found = extrapolated(
                &well,
                &half_line,
                Weights::default(),
                &Run::default(),
                |process| {
                    let wall = process.absorbing_walls()[0].2;
                    Ok(vec![
                        exits(process.kinetics(), process.state_at(&[-1.0])?, &[wall])?.mean_time,
                    ])
                },
            )
            .unwrap()[0];
            assert_close(key, found.value, number(&expected[key]), 1e-7, 0.0);
            assert!((found.order - 2.0).abs() < 0.05);
        }
        let kramers = (8.0 * h * 4.0 * h).sqrt() / std::f64::consts::TAU * (-h / t).exp();
        assert_close(
            "Kramers",
            2.0 * kramers / values[1],
            number(&expected["2*kramers/lambda1"]),
            1e-7,
            0.0,
        );
    }
}

#[test]
fn equilibrium_is_exact_on_every_grid_with_any_mobility() {
    let potential = |x: &[f64]| {
        (x[0] * x[0] - 1.0).powi(2) + x[0] * x[1] + x[1] * x[1] + (std::f64::consts::TAU * x[2]).cos()
    };
    let motion = Overdamped::new(0.4, potential).unwrap().with_mobility(|x, mu| {
        mu.copy_from_slice(&[1.0 + x[1] * x[1], 0.3, 2.0 + (std::f64::consts::TAU * x[2]).sin()]);
    });
    let axes = [
        Axis::line(-1.7, 1.6, 9).unwrap(),
        Axis::line(-1.5, 1.5, 5).unwrap(),
        Axis::circle(0.0, 1.0, 4).unwrap(),
    ];
    for weights in [Weights::ScharfetterGummel, Weights::SquareRoot] {
        let process = discretised(&motion, &axes, weights, &Run::default()).unwrap();
        let stationary = process.kinetics().stationary_distribution().unwrap();
        let boltzmann: Vec<f64> = (0..stationary.len())
            .map(|k| (-potential(&process.point(k).unwrap()) / 0.4).exp())
            .collect();
        let z: f64 = boltzmann.iter().zip(process.volumes()).map(|(b, v)| b * v).sum();
        let expected: Vec<f64> = boltzmann.iter().map(|b| b / z).collect();
        assert_all_close(
            "density",
            &process.density(&stationary).unwrap(),
            &expected,
            1e-11,
            0.0,
        );
        assert!(process.kinetics().detailed_balance_defect().unwrap() < 1e-11);
        // volumes fill the box: the circle has the length 1
        assert!((process.volumes().iter().sum::<f64>() - 3.3 * 3.0).abs() < 1e-12);
    }
}

#[test]
fn the_linear_diffusion_in_two_dimensions_has_the_dissipation_of_its_closed_form() {
    // −(1 + ω J) x: the potential x²/2 and a force that turns
    let omega = 0.7;
    let turning = Overdamped::new(0.5, |x: &[f64]| 0.5 * (x[0] * x[0] + x[1] * x[1]))
        .unwrap()
        .with_force(|x, f| f.copy_from_slice(&[-omega * x[1], omega * x[0]]));
    // the walls, six standard deviations away, are felt as e^{−18}
    let end = 6.0 * 0.5_f64.sqrt();
    let axis = Axis::line(-end, end, 96).unwrap();
    let found = extrapolated(
        &turning,
        &[axis, axis],
        Weights::default(),
        &Run::default(),
        |process| Ok(vec![stationary_flow(process).entropy_production_rate()]),
    )
    .unwrap()[0];
    let linear = LinearDiffusion::new(
        Matrix::from_columns(2, vec![1.0, -omega, omega, 1.0]),
        Matrix::identity(2).scaled(0.5),
    )
    .unwrap();
    let exact = linear
        .entropy_production(&linear.stationary().unwrap())
        .unwrap()
        .rate;
    assert!(
        (found.value - exact).abs() < found.error.max(1e-6) && found.error < 1e-2 * exact,
        "{found:?} {exact}"
    );
    // the current turns as v = ω J x ρ
    let process = discretised(&turning, &[axis, axis], Weights::default(), &Run::default()).unwrap();
    let current = process.current_density(&stationary_flow(&process)).unwrap();
    let here = process.state_at(&[end * 0.25, 0.0]).unwrap();
    let edges = process.kinetics().network().edges();
    let upwards: Vec<usize> = (0..edges.len())
        .filter(|&e| process.edges()[e].axis == 1 && (edges[e].from == here || edges[e].to == here))
        .collect();
    let mean = upwards.iter().map(|&e| current[e]).sum::<f64>() / 2.0;
    let x = end * 0.25;
    let density = (-x * x).exp() / std::f64::consts::PI;
    assert!((mean / (omega * x * density) - 1.0).abs() < 0.02, "{mean}");
}

#[test]
fn exits_agree_with_the_dense_moments_and_closed_forms() {
    // from the middle of a square with one absorbing side at each end of x only: as in one dimension
    let free = Overdamped::new(1.0, |_: &[f64]| 0.0).unwrap();
    let axes = [
        Axis::between(0.0, Wall::Absorbing, 2.0, Wall::Absorbing, 16).unwrap(),
        Axis::line(0.0, 1.0, 4).unwrap(),
    ];
    let process = discretised(&free, &axes, Weights::default(), &Run::default()).unwrap();
    let walls: Vec<usize> = process.absorbing_walls().iter().map(|wall| wall.2).collect();
    let start = process.state_at(&[0.5, 0.5]).unwrap();
    let found = exits(process.kinetics(), start, &walls).unwrap();
    assert!((found.mean_time - 0.5 * 1.5 / 2.0).abs() < 1e-13);
    assert_all_close("fractions", &found.fractions, &[0.75, 0.25], 1e-13, 0.0);
    let n = process.kinetics().exit_rates().len();
    let dense = first_passage(
        process.kinetics(),
        &Distribution::point(n, start).unwrap(),
        &walls,
        &[],
        &Run::default(),
    )
    .unwrap();
    assert!((dense.mean / found.mean_time - 1.0).abs() < 1e-12);
    // on a wall there is nothing to wait for; a target that cannot be reached is an error
    let arrived = exits(process.kinetics(), walls[1], &walls).unwrap();
    assert_eq!((arrived.mean_time, arrived.fractions), (0.0, vec![0.0, 1.0]));
    assert!(matches!(
        exits(process.kinetics(), start, &[]),
        Err(Error::Empty { .. })
    ));
    assert!(matches!(
        exits(process.kinetics(), n, &walls),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        exits(process.kinetics(), start, &walls[..1]),
        Err(Error::Domain { .. })
    ));
    // a barrier of 60 T: Kramers' formula has its corrections of order T/h only, and no digit is lost
    let well = Overdamped::new(1.0, |x: &[f64]| 60.0 * (x[0] * x[0] - 1.0).powi(2)).unwrap();
    let line = [Axis::between(-2.0, Wall::Reflecting, 1.0, Wall::Absorbing, 3000).unwrap()];
    let process = discretised(&well, &line, Weights::default(), &Run::default()).unwrap();
    let over = exits(
        process.kinetics(),
        process.state_at(&[-1.0]).unwrap(),
        &[process.absorbing_walls()[0].2],
    )
    .unwrap();
    let kramers = std::f64::consts::TAU / (480.0_f64 * 240.0).sqrt() * 60.0_f64.exp();
    assert!(
        (over.mean_time / kramers - 1.0).abs() < 0.02,
        "{}",
        over.mean_time / kramers
    );
}

#[test]
fn what_a_grid_cannot_hold_is_refused() {
    let flat = || Overdamped::new(1.0, |_: &[f64]| 0.0).unwrap();
    let axis = Axis::line(0.0, 1.0, 4).unwrap();
    let run = Run::default();
    let tilted = Matrix::from_columns(2, vec![1.0, 0.1, 0.1, 1.0]);
    assert!(matches!(
        flat().with_mobility_matrix(&tilted),
        Err(Error::ObliqueMobility { i: 1, j: 0, .. })
    ));
    let square = flat().with_mobility_matrix(&Matrix::identity(2)).unwrap();
    assert!(matches!(
        discretised(&square, &[axis], Weights::default(), &run),
        Err(Error::Size { .. })
    ));
    assert!(discretised(&square, &[axis, axis], Weights::default(), &run).is_ok());
    let domain = |motion: &Overdamped<'_>, axes: &[Axis]| {
        matches!(
            discretised(motion, axes, Weights::default(), &run),
            Err(Error::Domain { .. })
        )
    };
    assert!(domain(&flat(), &[]) && domain(&flat(), &[axis; 4]));
    let pole = Overdamped::new(1.0, |x: &[f64]| x[0].recip()).unwrap();
    assert!(matches!(
        discretised(&pole, &[axis], Weights::default(), &run),
        Err(Error::Potential { point, .. }) if point == [0.0]
    ));
    assert!(domain(
        &Overdamped::new(1.0, |x: &[f64]| 1e4 * x[0]).unwrap(),
        &[axis]
    ));
    assert!(domain(&flat().with_mobility(|_, mu| mu[0] = 0.0), &[axis]));
    assert!(domain(&flat().with_force(|_, f| f[0] = f64::NAN), &[axis]));
    assert!(Overdamped::new(0.0, |_: &[f64]| 0.0).is_err());
    assert!(
        Axis::line(1.0, 1.0, 4).is_err()
            && Axis::line(0.0, 1.0, 1).is_err()
            && Axis::circle(0.0, 1.0, 2).is_err()
    );
    assert!(axis.nearest(1.2).is_err() && axis.nearest(f64::NAN).is_err() && axis.nearest(1.1).unwrap() == 4);
    assert_eq!(Axis::circle(0.0, 1.0, 4).unwrap().nearest(-0.26).unwrap(), 3);
    let small = Run {
        memory_limit: 1000,
        ..Run::default()
    };
    assert!(matches!(
        discretised(&flat(), &[axis, axis], Weights::default(), &small),
        Err(Error::Numerics(_))
    ));
    let odd = [Axis::line(0.0, 1.0, 6).unwrap()];
    assert!(matches!(
        extrapolated(&flat(), &odd, Weights::default(), &run, |_| Ok(vec![])),
        Err(Error::Domain { .. })
    ));
    // a square with one node within its walls
    let thin = Axis::between(0.0, Wall::Absorbing, 1.0, Wall::Absorbing, 2).unwrap();
    assert_eq!(
        discretised(&flat(), &[thin, thin], Weights::default(), &run)
            .unwrap()
            .volumes()
            .len(),
        1
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_ring_carries_one_current_and_dissipates_its_work(a in -2.0..2.0_f64, b in -2.0..2.0_f64, tilt in -3.0..3.0_f64, t in 0.2..3.0_f64, n in 3_usize..60) {
        let turn = std::f64::consts::TAU;
        let ring = Overdamped::new(t, |x: &[f64]| a * (turn * x[0]).cos() + b * (2.0 * turn * x[0]).sin()).unwrap().with_force(|_, f| f[0] = tilt);
        for weights in [Weights::ScharfetterGummel, Weights::SquareRoot] {
            let process = discretised(&ring, &[Axis::circle(0.0, 1.0, n).unwrap()], weights, &Run::default()).unwrap();
            let flow = stationary_flow(&process);
            let current = flow.current();
            let traffic = flow.fluxes().map(|(j, k)| j + k).fold(0.0, f64::max);
            for j in &current {
                prop_assert!((j - current[0]).abs() <= 1e-11 * traffic);
            }
            prop_assert!((flow.entropy_production_rate() - current[0] * tilt / t).abs() <= 1e-10 * traffic);
            prop_assert!(current[0] * tilt >= -1e-11 * traffic);
        }
    }
}
