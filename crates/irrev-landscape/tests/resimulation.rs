//! Fitted memory simulated beside the recording it was fitted to, and the passages between wells, against closed forms.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::langevin::{
    Boundary, ForceField, Generalized, LangevinOptions, MemoryBath, MemoryKernel, PointField, Start,
    Trajectories, simulate,
};
use irrev_landscape::memory::{
    FitOptions, KernelOptions, MeanForce, PassiveFit, Resimulation, ResimulationOptions, TabulatedForce,
    memory_kernel, passive_fit, passive_fit_of_values, resimulated, transitions, two_wells,
};
use irrev_landscape::record::{Clock, Period, Segment};
use irrev_landscape::{Error, Grid, Record};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

/// Steps of the recordings.
const STEP: f64 = 0.1;

/// Walkers with the memory 4 e^{−2t} + 0.5 e^{−0.5t} at kT = 1, unit mass.
fn recorded(field: &dyn ForceField, boundary: Boundary, starts: Vec<f64>, frames: u64) -> Trajectories {
    let bath = MemoryBath {
        mass: 1.0,
        temperature: 1.0,
        kernel: MemoryKernel::exponentials(&[4.0, 0.5], &[2.0, 0.5]).unwrap(),
    };
    let options = LangevinOptions {
        step: STEP / 4.0,
        steps: 4 * frames,
        record_every: 4,
        boundaries: vec![boundary],
        ..Default::default()
    };
    let motion = Generalized::new(vec![bath]).unwrap().into();
    let start = Start::of_positions(1, starts).unwrap();
    simulate(field, &motion, &start, &options, &Run::default())
        .unwrap()
        .trajectories
        .unwrap()
}

fn fit(record: &Record<'_>, mean_force: MeanForce) -> PassiveFit {
    let options = KernelOptions {
        lags: 60,
        mean_force,
        ..Default::default()
    };
    let kernel = memory_kernel(record, &options, &Run::default()).unwrap();
    passive_fit(&kernel, &FitOptions::default(), &Run::default()).unwrap()
}

fn table(grid: &Grid, force: impl Fn(f64) -> f64) -> (MeanForce, TabulatedForce) {
    let values: Vec<f64> = grid.centres().iter().map(|r| force(*r)).collect();
    let edges = grid.edges();
    let reach = (edges[0], edges[edges.len() - 1]);
    let cells = TabulatedForce::of_cells(grid, &values, reach).unwrap();
    // the same force for the kernel, to the ends
    let mut points = grid.centres();
    let mut ends = values.clone();
    points.insert(0, reach.0);
    points.push(reach.1);
    ends.insert(0, force(reach.0));
    ends.push(force(reach.1));
    (MeanForce::Table { points, values: ends }, cells)
}

/// Within five standard errors of either, as for neighbouring lags that are not independent: below 1e-4 for some hundred; or a small part of the scale for what the fit misses.
fn assert_gives_back(found: &Resimulation, grid: &Grid) {
    let (difference, errors) = found.correlation_deviation();
    assert!(
        errors < 5.0 || difference < 0.02,
        "correlation: {difference}, {errors} errors"
    );
    let (difference, errors) = found.density_deviation(grid);
    assert!(
        errors < 5.0 || difference < 0.02,
        "density: {difference}, {errors} errors"
    );
    assert!((found.equipartition.value - 1.0).abs() < 0.01 + 5.0 * found.equipartition.standard_error);
}

#[test]
fn a_linear_equation_with_a_known_kernel_is_given_back() {
    let well = PointField::new(1, |_, x, f| f[0] = -2.0 * x[0]);
    let frames = recorded(&well, Boundary::Free, vec![0.0; 64], 3_000);
    let record = frames.record().unwrap();
    let grid = Grid::uniform(-4.5, 4.5, 60).unwrap();
    let (force, table) = table(&grid, |r| -2.0 * r);
    let fit = fit(&record, force);
    for t in [0.2, 0.5, 1.0, 2.0_f64] {
        let exact = 4.0 * (-2.0 * t).exp() + 0.5 * (-0.5 * t).exp();
        assert!(
            (fit.kernel.at(t) - exact).abs() < 0.3,
            "{t}: {} {exact}",
            fit.kernel.at(t)
        );
    }
    let options = ResimulationOptions {
        lags: 60,
        walkers: 128,
        ..Default::default()
    };
    let of = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        resimulated(&record, &table, &fit, &grid, &options, &run).unwrap()
    };
    let found = of(1);
    assert_gives_back(&found, &grid);
    assert!(found.wells.is_none() && found.compared > 0.98);
    // the exact correlation: (x, v, u, y) with drift A and ⟨v²⟩ = 1
    let drift = Matrix::from_columns(
        4,
        vec![
            0.0,
            2.0,
            0.0,
            0.0, //
            -1.0,
            0.0,
            -2.0,
            -0.5_f64.sqrt(), //
            0.0,
            2.0,
            2.0,
            0.0, //
            0.0,
            0.5_f64.sqrt(),
            0.0,
            0.5,
        ],
    );
    for k in [3, 10, 25, 50] {
        let moved = irrev_numerics::linalg::exponential(&drift.clone().scaled(-STEP * k as f64));
        let simulated = &found.simulated.velocity_correlation[k];
        // the kernel is known to some percent
        assert!(
            (simulated.value - moved[(1, 1)]).abs() < 0.03 + 5.0 * simulated.standard_error,
            "{k}: {} {}",
            simulated.value,
            moved[(1, 1)]
        );
    }
    // the same bits on any number of threads
    assert!(format!("{found:?}") == format!("{:?}", of(2)));
}

#[test]
fn two_wells_are_crossed_as_often_as_in_the_recording() {
    let well = PointField::new(1, |_, x, f| f[0] = -6.0 * x[0] * (x[0] * x[0] - 1.0) - 0.2);
    let frames = recorded(&well, Boundary::Free, [1.0, -1.0].repeat(32), 3_000);
    let record = frames.record().unwrap();
    let grid = Grid::uniform(-2.6, 2.6, 40).unwrap();
    let (force, table) = table(&grid, |r| -6.0 * r * (r * r - 1.0) - 0.2);
    let fit = fit(&record, force);
    let options = ResimulationOptions {
        lags: 60,
        walkers: 128,
        ..Default::default()
    };
    let found = resimulated(&record, &table, &fit, &grid, &options, &Run::default()).unwrap();
    assert_gives_back(&found, &grid);
    let (recorded, simulated) = (
        found.recorded.transitions.unwrap(),
        found.simulated.transitions.unwrap(),
    );
    // the deepest well is on the left
    let [deepest, _] = found.wells.unwrap();
    assert!(grid.centres()[deepest[0]] < 0.0);
    for way in [0, 1] {
        let (a, b) = (recorded.times[way], simulated.times[way]);
        assert!(recorded.counts[way] > 100 && simulated.counts[way] > 100);
        // 5 σ, and some percent for the kernel
        let allowed = 5.0 * a.standard_error.hypot(b.standard_error) + 0.05 * a.value;
        assert!((a.value - b.value).abs() < allowed, "{a:?} {b:?}");
    }
    // detailed balance: both directions are passed as often, but for the ends of paths
    assert!(recorded.counts[0].abs_diff(recorded.counts[1]) <= 64);
    assert!(recorded.times[0].value > recorded.times[1].value);
}

#[test]
fn a_circle_stays_one_and_a_gap_becomes_walls() {
    let circle = Boundary::Periodic(Period::radians());
    let ring = PointField::new(1, |_, x, f| f[0] = 1.5 * x[0].sin());
    let frames = recorded(&ring, circle, vec![3.0; 64], 2_000);
    let record = frames.record().unwrap();
    let grid = Grid::circle(Period::radians(), 32).unwrap();
    let values: Vec<f64> = grid.centres().iter().map(|r| 1.5 * r.sin()).collect();
    let table = TabulatedForce::of_cells(&grid, &values, (0.0, 1.0)).unwrap();
    assert_eq!(table.boundary(), circle);
    // across the end of the period the table goes on
    let mut at_ends = [0.0; 2];
    table
        .forces(
            0.0,
            &[-std::f64::consts::PI, std::f64::consts::PI],
            2,
            &mut at_ends,
        )
        .unwrap();
    assert!((at_ends[0] - at_ends[1]).abs() < 1e-12 && at_ends[0].abs() < 1e-12);
    let points = (0..=64).map(|k| -std::f64::consts::PI + std::f64::consts::TAU * f64::from(k) / 64.0);
    let points: Vec<f64> = points.collect();
    let fit = fit(
        &record,
        MeanForce::Table {
            values: points.iter().map(|r| 1.5 * r.sin()).collect(),
            points,
        },
    );
    let options = ResimulationOptions {
        lags: 60,
        walkers: 64,
        ..Default::default()
    };
    let found = resimulated(&record, &table, &fit, &grid, &options, &Run::default()).unwrap();
    assert_gives_back(&found, &grid);
    // cells about 0 left open: positions go on beyond π, between walls
    let mut open = values;
    open[14..18].fill(f64::NAN);
    let table = TabulatedForce::of_cells(&grid, &open, (0.0, 1.0)).unwrap();
    let Boundary::Reflecting { lower, upper } = table.boundary() else {
        panic!("{:?}", table.boundary())
    };
    let width = std::f64::consts::TAU / 32.0;
    assert!((lower - grid.edges()[18]).abs() < 1e-12 && (upper - lower - 28.0 * width).abs() < 1e-12);
    let found = resimulated(&record, &table, &fit, &grid, &options, &Run::default()).unwrap();
    assert!(found.simulated.density[15].value.is_nan() && found.compared < 1.0);
    // walls turn velocities round, the density is that of the recording where walkers may go
    let (difference, errors) = found.density_deviation(&grid);
    assert!(errors < 5.0 || difference < 0.02, "{difference}, {errors} errors");
}

#[test]
fn the_variables_of_a_fit_have_its_kernel_whatever_its_order() {
    let times: Vec<f64> = (0..120).map(|k| 0.05 * f64::from(k)).collect();
    let values: Vec<f64> = times
        .iter()
        .map(|t| 2.0 * (-0.4 * t).exp() * (3.0 * t).cos() + 5.0 * (-4.0 * t).exp() + 0.3 * (-0.2 * t).exp())
        .collect();
    for order in 1..=6 {
        let fit = passive_fit_of_values(&times, &values, order, 1.0, &Run::default()).unwrap();
        let kernel = MemoryKernel::embedded(&fit.embedding(3.7).unwrap()).unwrap();
        for t in [0.0, 0.1, 1.0, 4.0] {
            let expected = fit.kernel.at(t);
            assert!(
                (kernel.at(t) - expected).abs() < 1e-6 * fit.kernel.at(0.0),
                "{order} {t}"
            );
        }
    }
}

#[test]
fn wells_and_passages_have_their_limits() {
    let grid = Grid::circle(Period::new(0.0, 1.0).unwrap(), 10).unwrap();
    // wells at 0 (round the end) and at 5
    let g = [0.0, 1.0, 3.0, 3.0, 1.0, 0.5, 1.0, 3.0, 3.0, 1.0];
    let [first, second] = two_wells(&grid, &g, 1.0).unwrap();
    assert_eq!((first, second), (vec![0], vec![5]));
    assert!(two_wells(&grid, &g, 2.6).is_none());
    assert!(two_wells(&grid, &[f64::NAN; 10], 1.0).is_none());
    // parts that do not meet are no two wells
    let line = Grid::uniform(0.0, 5.0, 5).unwrap();
    assert!(two_wells(&line, &[0.0, 3.0, f64::NAN, 3.0, 0.0], 1.0).is_none());
    // none seen: infinite, without an error
    let x = [0.05; 40];
    let record = Record::new(
        vec![Some(Period::new(0.0, 1.0).unwrap())],
        vec![Segment::new(Clock::Step(1.0), vec![&x]).unwrap()],
    )
    .unwrap();
    let none = transitions(&record, 0, &grid, &[vec![0], vec![5]]).unwrap();
    assert!(
        none.counts == [0, 0] && none.times[0].value.is_infinite() && none.times[0].standard_error.is_nan()
    );
    assert!(matches!(
        transitions(&record, 0, &grid, &[vec![10], vec![5]]),
        Err(Error::Domain { .. })
    ));
}

#[test]
fn faults_are_named() {
    let well = PointField::new(1, |_, x, f| f[0] = -2.0 * x[0]);
    let frames = recorded(&well, Boundary::Free, vec![0.0; 32], 600);
    let record = frames.record().unwrap();
    let grid = Grid::uniform(-4.0, 4.0, 16).unwrap();
    let (force, soft) = table(&grid, |r| -2.0 * r);
    let fit = fit(&record, force);
    let run = Run::default();
    let of = |table: &TabulatedForce, options: &ResimulationOptions| {
        resimulated(&record, table, &fit, &grid, options, &run).unwrap_err()
    };
    let with = |walkers, lags| ResimulationOptions {
        walkers,
        lags,
        ..Default::default()
    };
    assert!(matches!(of(&soft, &with(0, 20)), Error::Domain { .. }));
    assert!(matches!(of(&soft, &with(8, 0)), Error::Domain { .. }));
    assert!(matches!(of(&soft, &with(8, 10_000)), Error::Empty { .. }));
    let (_, stiff) = table(&grid, |r| -1e9 * r);
    assert!(
        of(&stiff, &with(8, 20))
            .to_string()
            .contains("steps that the simulation needs")
    );
    assert!(matches!(
        TabulatedForce::of_cells(&grid, &[f64::NAN; 16], (-4.0, 4.0)),
        Err(Error::Empty { .. })
    ));
    assert!(matches!(
        TabulatedForce::of_cells(&grid, &[1.0; 16], (4.0, -4.0)),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        TabulatedForce::of_cells(&grid, &[1.0; 4], (-4.0, 4.0)),
        Err(Error::Size { .. })
    ));
    let uneven = Grid::from_edges(vec![0.0, 1.0, 10.0]).unwrap();
    assert!(matches!(
        TabulatedForce::of_cells(&uneven, &[1.0; 2], (0.0, 10.0)),
        Err(Error::Unlike { .. })
    ));
}
