//! Landscapes of known systems: exact profiles, and samples of which everything is known.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::grid::Component;
use irrev_landscape::landscape::{
    Gauge, Jacobian, Kind, LandscapeOptions, Profile, Surfaces, Verdict, landscape,
};
use irrev_landscape::moments::{Accelerations, MomentOptions, Velocities, conditional_moments};
use irrev_landscape::record::{Clock, Segment};
use irrev_landscape::{Error, Grid, Landscape, Period, Record};
use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::assert_all_close;

fn whole(n: usize, closed: bool) -> Component {
    Component {
        cells: (0..n).collect(),
        closed,
    }
}

#[test]
fn on_a_circle_the_landscapes_agree_although_w_is_not_kt() {
    // a rotor with kT g(φ) = kT + C/ρ
    let n = 400;
    let points: Vec<f64> = (0..n)
        .map(|k| std::f64::consts::TAU * (k as f64 + 0.5) / n as f64)
        .collect();
    let density: Vec<f64> = points.iter().map(|phi| phi.cos().exp()).collect();
    let profile = Profile {
        mean_square_velocity: density.iter().map(|rho| 1.0 + 0.7 / rho).collect(),
        mean_acceleration: points.iter().map(|phi| -phi.sin()).collect(),
        points,
        density,
    };
    let found = Surfaces::new(
        &profile,
        &[(whole(n, true), 17)],
        Some(std::f64::consts::TAU),
        1.0,
        Jacobian::Kept,
    )
    .unwrap();
    // the rule's error: Δ⁴/720-th of a turn, 1e-9
    assert_all_close(
        "G and V_m",
        &found.free_energy,
        &found.mean_force_potential,
        0.0,
        1e-8,
    );
    let composed: Vec<f64> = found
        .normalised_mean_force_potential
        .iter()
        .zip(&found.metric_term)
        .map(|(v, m)| v + m)
        .collect();
    assert_all_close("G and its parts", &found.free_energy, &composed, 0.0, 1e-8);
    let (mean_force, normalised) = found.circulation.unwrap();
    assert!(mean_force.abs() < 1e-12 && normalised.abs() < 1e-8);
}

#[test]
fn a_constant_torque_tilts_and_is_told() {
    let n = 36;
    let points: Vec<f64> = (0..n).map(|k| f64::from(k) / 36.0).collect();
    let profile = Profile {
        density: vec![1.0; 36],
        mean_square_velocity: vec![2.0; 36],
        mean_acceleration: vec![3.0; 36],
        points,
    };
    let found = Surfaces::new(&profile, &[(whole(36, true), 0)], Some(1.0), 2.0, Jacobian::Kept).unwrap();
    let (mean_force, normalised) = found.circulation.unwrap();
    assert!((mean_force - 3.0).abs() < 1e-13 && (normalised - 3.0).abs() < 1e-13);
    assert!((found.mean_force_potential[35] + 3.0 * 35.0 / 36.0).abs() < 1e-13);
}

#[test]
fn without_its_volume_element_a_free_distance_is_flat() {
    let points: Vec<f64> = (1..=200).map(|k| 1.0 + 0.01 * f64::from(k)).collect();
    for (dimension, w) in [(3.0, 0.5), (2.0, 2.0)] {
        let profile = Profile {
            density: points.iter().map(|r| r.powf(dimension - 1.0)).collect(),
            mean_square_velocity: vec![w; 200],
            mean_acceleration: points.iter().map(|r| w * (dimension - 1.0) / r).collect(),
            points: points.clone(),
        };
        let of = |jacobian| Surfaces::new(&profile, &[(whole(200, false), 0)], None, 0.5, jacobian).unwrap();
        let kept = of(Jacobian::Kept);
        let expected: Vec<f64> = points
            .iter()
            .map(|r| -0.5 * (dimension - 1.0) * (r / points[0]).ln())
            .collect();
        assert_all_close("G", &kept.free_energy, &expected, 0.0, 1e-13);
        // 11/720 Δ⁴ times the third derivative of 1/r: up to 9e-10
        assert_all_close("V*", &kept.normalised_mean_force_potential, &expected, 0.0, 1e-9);
        let removed = of(Jacobian::Removed { dimension });
        for kind in [
            Kind::FreeEnergy,
            Kind::MeanForcePotential,
            Kind::NormalisedMeanForcePotential,
        ] {
            assert_all_close("flat", removed.of_kind(kind), &[0.0; 200], 0.0, 1e-13);
        }
    }
    let negative = Profile {
        points: vec![-1.0],
        density: vec![1.0],
        mean_square_velocity: vec![1.0],
        mean_acceleration: vec![0.0],
    };
    let refused = Surfaces::new(
        &negative,
        &[(whole(1, false), 0)],
        None,
        1.0,
        Jacobian::Removed { dimension: 3.0 },
    );
    assert!(matches!(refused, Err(Error::Domain { .. })));
}

/// The landscape of independent canonical frames (r, ṙ, r̈), at kT = 1.
fn of_frames(frames: &[[f64; 3]], grid: &Grid, options: &LandscapeOptions) -> Landscape {
    let column = |k: usize| frames.iter().map(|frame| frame[k]).collect::<Vec<f64>>();
    let (x, v, a) = (column(0), column(1), column(2));
    let segment = Segment::new(Clock::Step(1.0), vec![&x])
        .and_then(|s| s.with_velocities(vec![&v]))
        .and_then(|s| s.with_accelerations(vec![&a]))
        .unwrap();
    let record = Record::new(vec![grid.period()], vec![segment]).unwrap();
    let given = MomentOptions {
        velocities: Velocities::Given,
        accelerations: Accelerations::Given,
        ..MomentOptions::default()
    };
    let moments = conditional_moments(&record, grid, &given, &Run::default()).unwrap();
    landscape(&moments, options, &Run::default()).unwrap()
}

/// Frames of an oscillator q̈ = −q with ⟨q²⟩ = ⟨q̇²⟩ = 1, and what a coordinate makes of them.
fn oscillators(n: usize, coordinate: impl Fn(f64, f64) -> [f64; 3]) -> Vec<[f64; 3]> {
    let mut stream = Stream::new(1, Purpose::InitialState, 0);
    let mut frame = || {
        let [r, v, a] = coordinate(stream.normal(), stream.normal());
        // the other degrees of freedom
        [r, v, a + stream.normal()]
    };
    (0..n).map(|_| frame()).collect()
}

/// Tests with a false alarm in 1000 at 2000 draws.
fn strict() -> LandscapeOptions {
    LandscapeOptions {
        draws: 2000,
        significance: 1e-3,
        ..LandscapeOptions::default()
    }
}

#[test]
fn each_kind_of_coordinate_gets_its_verdict() {
    // each verdict needs up to three tests not to alarm: 3e-3; the deviations that must be seen are many standard errors large
    let n = 100_000;
    let line = Grid::uniform(-2.0, 2.0, 20).unwrap();
    let comparison =
        |frames: &[[f64; 3]], grid: &Grid| of_frames(frames, grid, &strict()).comparisons[0].clone();
    let weighted = comparison(&oscillators(n, |q, v| [q, v, -q]), &line);
    assert_eq!(weighted.verdict, Verdict::Equal, "{weighted:?}");
    // x = q/2 is the coordinate of a particle of mass 4
    let light = comparison(
        &oscillators(n, |q, v| [0.5 * q, 0.5 * v, -0.5 * q]),
        &Grid::uniform(-1.0, 1.0, 20).unwrap(),
    );
    let Verdict::Proportional { ratio } = light.verdict else {
        panic!("{light:?}")
    };
    // w = 1/4 from 95 % of the frames: relative error √(2/n) = 0.0046, 5 σ
    assert!((ratio - 4.0).abs() < 4.0 * 5.0 * 0.0046);
    // R = e^{q/2}: w = R²/4, between 0.06 and 0.8 here
    let curved = |q: f64, v: f64| {
        let r = (0.5 * q).exp();
        [r, 0.5 * v * r, 0.5 * r * (-q + 0.5 * v * v)]
    };
    let curved = comparison(&oscillators(n, curved), &Grid::uniform(0.5, 1.8, 20).unwrap());
    assert_eq!(curved.verdict, Verdict::Different, "{curved:?}");
    assert!(curved.metric_range.0 < 0.1 && curved.metric_range.1 > 0.6);
    // forces that do not belong to the distribution
    let wrong = comparison(&oscillators(n, |q, v| [q, v, -2.0 * q]), &line);
    assert_eq!(wrong.verdict, Verdict::Inconsistent, "{wrong:?}");
    // a single block has no errors
    let few = LandscapeOptions {
        least_count: 1.0,
        ..LandscapeOptions::default()
    };
    let unknown = of_frames(
        &oscillators(12, |q, v| [q, v, -q]),
        &Grid::uniform(-9.0, 9.0, 1).unwrap(),
        &few,
    );
    assert_eq!(unknown.comparisons[0].verdict, Verdict::Unknown);
    assert!(unknown.free_energy[0].standard_error.is_nan());
}

#[test]
fn landscapes_and_their_errors_fit_a_known_potential() {
    // 19 values other than the reference, for each of three landscapes: the mean square of correlated deviations in units of their errors is 1 on average; it
    // exceeds 4 with a probability below 1e-4 even if all cells moved together (χ² with one degree of freedom beyond 16)
    let found = of_frames(
        &oscillators(200_000, |q, v| [q, v, -q]),
        &Grid::uniform(-2.0, 2.0, 20).unwrap(),
        &strict(),
    );
    let exact = |r: f64| 0.5 * r * r;
    let reference = found.references[0];
    for kind in [
        Kind::FreeEnergy,
        Kind::MeanForcePotential,
        Kind::NormalisedMeanForcePotential,
    ] {
        let values = found.of_kind(kind);
        let square: f64 = (0..20)
            .filter(|cell| *cell != reference)
            .map(|cell| {
                let expected = exact(found.points[cell]) - exact(found.points[reference]);
                ((values[cell].value - expected) / values[cell].standard_error).powi(2) / 19.0
            })
            .sum();
        assert!(square < 16.0 && square > 0.02, "{kind:?}: {square}");
        assert_eq!(
            (values[reference].value, values[reference].standard_error),
            (0.0, 0.0)
        );
    }
}

#[test]
fn what_is_thin_is_not_there_and_components_are_not_joined() {
    // two clusters, and a cell between them with three frames
    let mut stream = Stream::new(1, Purpose::Search, 0);
    let mut frames: Vec<[f64; 3]> = (0..4000)
        .map(|k| {
            [
                if k % 2 == 0 { 0.1 } else { 0.9 } + 0.05 * stream.uniform(),
                stream.normal(),
                stream.normal(),
            ]
        })
        .collect();
    frames.extend([[0.55, 0.0, 0.0]; 3]);
    let found = of_frames(
        &frames,
        &Grid::uniform(0.0, 1.0, 10).unwrap(),
        &LandscapeOptions::default(),
    );
    let cells: Vec<Vec<usize>> = found
        .components
        .iter()
        .map(|component| component.cells.clone())
        .collect();
    assert_eq!(cells, [[1], [9]]);
    assert_eq!(found.references, [1, 9]);
    for cell in [0, 2, 5, 8] {
        assert!(found.free_energy[cell].value.is_nan() && found.mean_force_potential[cell].value.is_nan());
    }
    assert!(found.barrier(Kind::FreeEnergy, (0.0, 1.0)).is_none());
}

#[test]
fn a_barrier_may_pass_the_end_of_the_period() {
    // ρ ∝ e^{−2 cos 2φ} on a circle cut at the top of a barrier: wells at ±π/2, barriers of 4 at 0 and π
    let mut stream = Stream::new(1, Purpose::InitialState, 0);
    let mut frames = Vec::new();
    while frames.len() < 400_000 {
        let phi = std::f64::consts::TAU * (stream.uniform() - 0.5);
        if stream.uniform() < (-2.0 * ((2.0 * phi).cos() + 1.0)).exp() {
            frames.push([phi, stream.normal(), 4.0 * (2.0 * phi).sin()]);
        }
    }
    let grid = Grid::circle(Period::radians(), 72).unwrap();
    let options = LandscapeOptions {
        gauge: Gauge::Near(0.01),
        ..LandscapeOptions::default()
    };
    let found = of_frames(&frames, &grid, &options);
    assert_eq!(found.references, [36]);
    for kind in [
        Kind::FreeEnergy,
        Kind::MeanForcePotential,
        Kind::NormalisedMeanForcePotential,
    ] {
        for (low, high, top) in [(-2.0, 2.0, 0.0), (1.2, 5.1, std::f64::consts::PI)] {
            let barrier = found.barrier(kind, (low, high)).unwrap();
            // cells of 5° flatten a top of curvature 8 by 8 Δ²/24 = 0.0025; noise adds 0.07 for G, whose top is a maximum over cells of some 200 frames, and
            // so looks higher by 1 to 2 σ
            for height in [barrier.from_left, barrier.from_right] {
                assert!(
                    (height.value - 4.0).abs() < 6.0 * height.standard_error + 0.003,
                    "{kind:?} {height:?}"
                );
                assert!(height.standard_error < 0.15);
            }
            assert!(
                (barrier.top.value - top).abs() < 0.35,
                "{kind:?} {:?}",
                barrier.top
            );
        }
    }
    let circulation = found.circulation.unwrap();
    assert!(circulation.mean_force.value.abs() < 5.0 * circulation.mean_force.standard_error + 1e-12);
    assert_eq!(
        circulation.tilt.value,
        circulation.mean_force.value / std::f64::consts::TAU
    );
}

#[test]
fn threads_change_no_bit_and_options_are_checked() {
    let x: Vec<f64> = oscillators(20_000, |q, v| [q, v, -q])
        .iter()
        .map(|frame| frame[0])
        .collect();
    let record = Record::of_positions(1.0, [&x[..]]).unwrap();
    let grid = Grid::uniform(-2.0, 2.0, 10).unwrap();
    let moments = conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).unwrap();
    let of = |options: &LandscapeOptions, threads| {
        landscape(
            &moments,
            options,
            &Run {
                threads,
                ..Run::default()
            },
        )
    };
    let plain = LandscapeOptions::default();
    assert_eq!(of(&plain, 1).unwrap(), of(&plain, 2).unwrap());
    let wrong = [
        LandscapeOptions {
            temperature: 0.0,
            ..plain.clone()
        },
        LandscapeOptions {
            draws: 50,
            ..plain.clone()
        },
        LandscapeOptions {
            significance: 1.0,
            ..plain.clone()
        },
    ];
    assert!(
        wrong
            .iter()
            .all(|options| matches!(of(options, 1), Err(Error::Domain { .. })))
    );
    assert!(matches!(
        of(
            &LandscapeOptions {
                least_count: 1e9,
                ..plain.clone()
            },
            1
        ),
        Err(Error::Empty { .. })
    ));
    let without = MomentOptions {
        accelerations: Accelerations::NotNeeded,
        ..MomentOptions::default()
    };
    let moments = conditional_moments(&record, &grid, &without, &Run::default()).unwrap();
    assert!(matches!(
        landscape(&moments, &plain, &Run::default()),
        Err(Error::Missing { .. })
    ));
}
