//! Fields of two coordinates from recordings that the library's own simulator makes, against closed forms.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::field::{
    PairMotion, PairSource, RecordedField, RecordedFieldOptions, recorded_field, recorded_time_reversal,
};
use irrev_landscape::langevin::{
    LangevinOptions, LinearField, Overdamped, OverdampedIntegrator, PointField, Start, Trajectories,
    Underdamped, UnderdampedIntegrator, simulate,
};
use irrev_landscape::linear::underdamped::Bath;
use irrev_landscape::linear::{LinearSplit, split};
use irrev_landscape::record::{Clock, Period, Record, Segment};
use irrev_landscape::{Error, Grid};
use irrev_numerics::linalg::{LinearSolver, Matrix, exponential, lyapunov};
use irrev_numerics::{Estimate, Run};

fn overdamped() -> RecordedFieldOptions {
    RecordedFieldOptions {
        motion: PairMotion::Overdamped,
        ..Default::default()
    }
}

/// Within five standard errors (6e-7), and a part of the scale for what cells and steps do.
fn assert_near(what: &str, found: &Estimate, expected: f64, part: f64) {
    let allowed = 5.0 * found.standard_error + part * expected.abs();
    assert!(
        (found.value - expected).abs() < allowed,
        "{what}: {} ± {} and not {expected}",
        found.value,
        found.standard_error
    );
}

/// dx = −(1 + ω J) x dt + √2 dW, exactly, from its stationary density at one point and on.
fn spiral(omega: f64, h: f64, frames: u64) -> Trajectories {
    let force = LinearField::new(
        Matrix::from_columns(2, vec![-1.0, omega, -omega, -1.0]),
        vec![0.0; 2],
    )
    .unwrap();
    let motion = Overdamped::new(vec![1.0; 2], vec![1.0; 2]).unwrap();
    let motion = motion.integrated_by(OverdampedIntegrator::ExactLinear).unwrap();
    let options = LangevinOptions {
        step: h,
        steps: frames,
        record_every: 1,
        ..Default::default()
    };
    let found = simulate(
        &force,
        &motion.into(),
        &Start::at(&[0.5, 0.0], 32),
        &options,
        &Run::default(),
    );
    found.unwrap().trajectories.unwrap()
}

#[test]
fn a_turning_drift_dissipates_at_the_rate_of_its_closed_form() {
    let (omega, h) = (1.0, 0.1_f64);
    let frames = spiral(omega, h, 8_000);
    let record = frames.record().unwrap();
    let cells = Grid::uniform(-3.0, 3.0, 20).unwrap();
    let found = recorded_field(&record, [0, 1], [&cells, &cells], &overdamped(), &Run::default()).unwrap();
    // at a step h the drift is (e^{−(1 + ωJ)h} − 1) x/h, and what of it turns is odd under time reversal
    let kept = (-h).exp();
    let (inward, turning) = ((kept * (omega * h).cos() - 1.0) / h, kept * (omega * h).sin() / h);
    let share = turning * turning / (turning * turning + inward * inward);
    assert_near("share of the flux", &found.squares.flux_share, share, 0.01);
    // all of the flux dissipates: the diffusion tensor is a number
    let whole = found.squares.field.value;
    let ratio = found.squares.rest.value / whole;
    assert!(
        (ratio - share).abs() < 0.02 + 5.0 * found.squares.rest.standard_error / whole,
        "{ratio} {share}"
    );
    assert!(
        found.squares.metric_flux.value.abs() < 5.0 * found.squares.metric_flux.standard_error + 1e-3 * whole
    );
    // the identity of the reversible part and ρ⁻¹∂(Dρ), on cells of 0.3
    assert!(found.squares.identity.value < 0.01 * whole + 5.0 * found.squares.identity.standard_error);
    // ν² ⟨r²⟩/D within the cells that count; the diffusion at this step is (1 − e^{−2h})/2h
    let diffusion = (1.0 - kept * kept) / (2.0 * h);
    let (mut square, mut weight) = (0.0, 0.0);
    let centres = cells.centres();
    for (cell, rho) in found
        .density
        .iter()
        .enumerate()
        .filter(|(cell, _)| found.known[*cell])
    {
        let (x, y) = (centres[cell / 20], centres[cell % 20]);
        square += rho.value * (x * x + y * y);
        weight += rho.value;
    }
    let rate = turning * turning * square / weight / diffusion;
    assert_near("entropy production", &found.squares.flow, rate, 0.02);
    let reversal = recorded_time_reversal(&record, [0, 1], 499, &Run::default()).unwrap();
    assert!(reversal.p_value <= 0.002 && reversal.circulations[0].1.value > 0.0);
    assert_eq!(found.circulation, [None, None]);
    // cells beyond the reach of the recording are open
    assert!(
        found.known.iter().any(|known| !known)
            && found.field[0][0].value.is_nan()
            && found.flux[0][0].is_nan()
    );
}

#[test]
fn a_drift_that_is_a_gradient_has_no_flux_beyond_noise() {
    let frames = spiral(0.0, 0.1, 4_000);
    let record = frames.record().unwrap();
    let cells = Grid::uniform(-3.0, 3.0, 20).unwrap();
    let found = recorded_field(&record, [0, 1], [&cells, &cells], &overdamped(), &Run::default()).unwrap();
    let whole = found.squares.field.value;
    for square in [&found.squares.flux, &found.squares.rest, &found.squares.flow] {
        // noise alone would make some percent of it
        assert!(square.bias_correction > 0.0);
        assert!(
            square.value.abs() < 5.0 * square.standard_error,
            "{square:?} of {whole}"
        );
    }
    assert!(found.squares.flux.bias_correction > 1e-3 * whole);
}

/// Two coupled oscillators with baths at two temperatures, recorded at steps h: frames, and the closed form of their mean force.
fn oscillators(h: f64, frames: u64) -> (Trajectories, LinearSplit, impl Fn(f64) -> f64) {
    let baths = [(3.0, 0.6), (0.5, 0.6)].map(|(temperature, friction)| Bath {
        mass: 1.0,
        friction,
        temperature,
    });
    let stiffness = [-2.0, 1.0, 1.0, -2.0];
    let force = LinearField::new(Matrix::from_columns(2, stiffness.to_vec()), vec![0.0; 2]).unwrap();
    let motion = Underdamped::new(baths.to_vec()).unwrap();
    let motion = motion.integrated_by(UnderdampedIntegrator::ExactLinear);
    let options = LangevinOptions {
        step: h,
        steps: frames,
        record_every: 1,
        ..Default::default()
    };
    let start = Start::at(&[0.0, 0.0], 32);
    let recorded = simulate(&force, &motion.into(), &start, &options, &Run::default())
        .unwrap()
        .trajectories
        .unwrap();
    // (x, v) with drift A and noise 2 γ T: second differences have the mean M x, M = (S(h) + S(h)ᵀ − 2 S(0))/h² S(0)⁻¹
    let drift = Matrix::from_fn(4, 4, |i, j| match (i, j) {
        (0, 2) | (1, 3) => -1.0,
        (2.., ..2) => -stiffness[(i - 2) * 2 + j],
        (2.., 2..) if i == j => 0.6,
        _ => 0.0,
    });
    let noise = Matrix::from_fn(4, 4, |i, j| {
        if i == j && i >= 2 {
            0.6 * baths[i - 2].temperature
        } else {
            0.0
        }
    });
    let covariance = lyapunov(&drift, &noise.scaled(2.0)).unwrap().x;
    let moved = exponential(&drift.clone().scaled(-h)).times(&covariance);
    let s0 = Matrix::from_fn(2, 2, |i, j| covariance[(i, j)]);
    let second = Matrix::from_fn(2, 2, |i, j| {
        (moved[(i, j)] + moved[(j, i)] - 2.0 * s0[(i, j)]) / (h * h)
    });
    // S(0) is symmetric: (S⁻¹ second)ᵀ
    let field = LinearSolver::new(s0.clone())
        .unwrap()
        .solve_matrix(&second.transposed())
        .unwrap()
        .transposed();
    let parts = split(&field, &s0, &Matrix::identity(2)).unwrap();
    // ⟨r₁(t) r₂(t + τ) − r₂(t) r₁(t + τ)⟩/2τ
    let area = move |lag: f64| {
        let moved = exponential(&drift.clone().scaled(-lag)).times(&covariance);
        (moved[(1, 0)] - moved[(0, 1)]) / (2.0 * lag)
    };
    (recorded, parts, area)
}

#[test]
fn two_temperatures_make_a_flux_that_the_spread_of_velocities_explains_and_a_direction_of_time() {
    let (frames, parts, area) = oscillators(0.1, 8_000);
    let record = frames.record().unwrap();
    let cells = Grid::uniform(-4.0, 4.0, 20).unwrap();
    let options = RecordedFieldOptions {
        velocities: PairSource::Given,
        ..Default::default()
    };
    let found = recorded_field(&record, [0, 1], [&cells, &cells], &options, &Run::default()).unwrap();
    let share = parts.mean_square_flux / (parts.mean_square_flux + parts.mean_square_gradient);
    assert!(share > 0.01, "{share}");
    assert_near("share of the flux", &found.squares.flux_share, share, 0.05);
    // stationary motion with inertia: F = ρ⁻¹∂(Wρ), driven or not
    let whole = found.squares.field.value;
    assert!(found.squares.identity.value < 0.02 * whole + 5.0 * found.squares.identity.standard_error);
    // what dissipates is told by the direction of time
    let reversal = recorded_time_reversal(&record, [0, 1], 499, &Run::default()).unwrap();
    assert!(reversal.p_value <= 0.01, "{}", reversal.p_value);
    assert_near("area", &reversal.circulations[0].1, area(reversal.lag), 0.0);
    assert!(found.squares.flow.value > 5.0 * found.squares.flow.standard_error);
}

#[test]
fn in_polar_coordinates_an_equilibrium_has_a_flux_that_is_metric_only() {
    // the reference `hodge-polar-equilibrium`: ⟨v²⟩/⟨F²⟩ = 0.0376 on 0.3 ≤ r ≤ 1.7
    let force = PointField::new(2, |_, x, f| {
        f[0] = -4.0 * x[0] * (x[0] * x[0] - 1.0);
        f[1] = -4.0 * x[1];
    });
    let bath = Bath {
        mass: 1.0,
        friction: 2.0,
        temperature: 1.0 / 3.0,
    };
    let options = LangevinOptions {
        step: 0.025,
        steps: 20_000,
        record_every: 2,
        ..Default::default()
    };
    let start = Start::of_positions(2, [1.0, 0.0, -1.0, 0.0].repeat(32)).unwrap();
    let motion = Underdamped::new(vec![bath; 2]).unwrap().into();
    let motion = simulate(&force, &motion, &start, &options, &Run::default()).unwrap();
    let frames = motion.trajectories.unwrap();
    let polar: Vec<[Vec<f64>; 2]> = (0..64)
        .map(|walker| {
            let (x, y) = (
                frames.positions(walker, 0).unwrap(),
                frames.positions(walker, 1).unwrap(),
            );
            let both = || x.iter().zip(y);
            [
                both().map(|(x, y)| x.hypot(*y)).collect(),
                both().map(|(x, y)| y.atan2(*x)).collect(),
            ]
        })
        .collect();
    let segments = polar
        .iter()
        .map(|[r, phi]| Segment::new(Clock::Step(0.05), vec![r, phi]).unwrap());
    let record = Record::new(vec![None, Some(Period::radians())], segments.collect()).unwrap();
    let grids = [
        Grid::uniform(0.3, 1.7, 20).unwrap(),
        Grid::circle(Period::radians(), 32).unwrap(),
    ];
    let found = recorded_field(
        &record,
        [0, 1],
        [&grids[0], &grids[1]],
        &RecordedFieldOptions::default(),
        &Run::default(),
    );
    let found = found.unwrap();
    // cells of 0.07 and 0.2 and a step of 0.05 change it by some percent, and the walls of the reference by a few
    assert_near("share of the flux", &found.squares.flux_share, 0.0376, 0.15);
    let share = found.squares.metric_flux.value / found.squares.field.value;
    let error = found.squares.metric_flux.standard_error / found.squares.field.value;
    assert!(
        (share - 0.0376).abs() < 0.2 * 0.0376 + 5.0 * error,
        "{share} ± {error}"
    );
    // p values of recordings without a direction are uniform: below 1e-3 once in a thousand
    let reversal = recorded_time_reversal(&record, [0, 1], 999, &Run::default()).unwrap();
    assert!(reversal.p_value > 0.001, "{}", reversal.p_value);
    // a potential of the angle: the force has no circulation
    let circulation = found.circulation[1].unwrap();
    assert!(
        circulation.value.abs() < 5.0 * circulation.standard_error,
        "{circulation:?}"
    );
    assert!(found.circulation[0].is_none());
}

#[test]
fn a_torque_on_a_torus_has_a_circulation_and_turns() {
    // dφ = (0.7 − sin φ cos ψ) dt + √2 dW, dψ = … : both coordinates are circles
    let force = PointField::new(2, |_, x, f| {
        f[0] = 0.7 + x[0].sin() * x[1].cos();
        f[1] = x[0].cos() * x[1].sin();
    });
    let motion = Overdamped::new(vec![1.0; 2], vec![1.0; 2]).unwrap().into();
    let round = irrev_landscape::langevin::Boundary::Periodic(Period::radians());
    let options = LangevinOptions {
        step: 0.02,
        steps: 20_000,
        record_every: 2,
        boundaries: vec![round; 2],
        ..Default::default()
    };
    let motion = simulate(
        &force,
        &motion,
        &Start::at(&[0.0, 0.0], 32),
        &options,
        &Run::default(),
    )
    .unwrap();
    let frames = motion.trajectories.unwrap();
    let record = frames.record().unwrap();
    let cells = Grid::circle(Period::radians(), 16).unwrap();
    let of = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        recorded_field(&record, [0, 1], [&cells, &cells], &overdamped(), &run).unwrap()
    };
    let found = of(1);
    assert!(found.known.iter().all(|known| *known));
    let whole = |found: &RecordedField| found.circulation[0].unwrap();
    // steps of 0.04 turn a drift of slope 1 by 2 %
    assert_near("circulation", &whole(&found), 0.7 * std::f64::consts::TAU, 0.03);
    let other = found.circulation[1].unwrap();
    assert!(other.value.abs() < 5.0 * other.standard_error);
    assert!(found.mean_velocity[0].value > 5.0 * found.mean_velocity[0].standard_error);
    // the same bits on any number of threads
    assert_eq!(format!("{found:?}"), format!("{:?}", of(2)));
}

#[test]
fn the_split_does_not_depend_on_units_if_the_metric_follows_them() {
    let (frames, _, _) = oscillators(0.1, 2_000);
    // the first in another unit by a power of two, so that nothing is rounded
    let columns = |unit: f64| -> Vec<[Vec<f64>; 2]> {
        let of = |walker: usize| {
            let x = frames.positions(walker, 0).unwrap();
            let y = frames.positions(walker, 1).unwrap();
            [x.iter().map(|x| unit * x).collect(), y.to_vec()]
        };
        (0..frames.walkers()).map(of).collect()
    };
    let run = Run::default();
    let split = |unit: f64, metric: [f64; 2]| {
        let columns = columns(unit);
        let segments = columns
            .iter()
            .map(|[x, y]| Segment::new(Clock::Step(0.1), vec![x, y]).unwrap());
        let record = Record::new(vec![None; 2], segments.collect()).unwrap();
        let cells = [2.0 * unit, 2.0].map(|end| Grid::uniform(-end, end, 8).unwrap());
        let options = RecordedFieldOptions {
            metric,
            ..Default::default()
        };
        recorded_field(&record, [0, 1], [&cells[0], &cells[1]], &options, &run).unwrap()
    };
    let (here, there) = (split(1.0, [1.0, 2.0]), split(64.0, [4096.0, 2.0]));
    assert!(
        (here.squares.flux.value - there.squares.flux.value).abs() < 1e-9 * here.squares.field.value,
        "{:?} {:?}",
        here.squares.flux,
        there.squares.flux
    );
    let blind = split(64.0, [1.0, 2.0]).squares.flux_share.value / here.squares.flux_share.value;
    assert!((blind - 1.0).abs() > 0.1, "{blind}");
}

#[test]
fn faults_are_named() {
    let frames = spiral(0.5, 0.1, 300);
    let record = frames.record().unwrap();
    let (cells, run) = (Grid::uniform(-2.0, 2.0, 8).unwrap(), Run::default());
    let of = |coordinates, grids: [&Grid; 2], options: &RecordedFieldOptions| {
        recorded_field(&record, coordinates, grids, options, &run).unwrap_err()
    };
    let both = [&cells, &cells];
    assert!(matches!(of([1, 1], both, &overdamped()), Error::Domain { .. }));
    assert!(matches!(
        of([0, 2], both, &overdamped()),
        Error::NoCoordinate { .. }
    ));
    let circle = Grid::circle(Period::radians(), 8).unwrap();
    assert!(matches!(
        of([0, 1], [&cells, &circle], &overdamped()),
        Error::Unlike { .. }
    ));
    let far = Grid::uniform(50.0, 60.0, 8).unwrap();
    let few = of([0, 1], [&far, &cells], &overdamped());
    assert!(
        few.to_string()
            .contains("0 of 64 cells have the 10 independent visits"),
        "{few}"
    );
    let metric = RecordedFieldOptions {
        metric: [1.0, -1.0],
        ..overdamped()
    };
    assert!(matches!(of([0, 1], both, &metric), Error::Domain { .. }));
    let draws = RecordedFieldOptions {
        draws: 1,
        ..overdamped()
    };
    assert!(matches!(of([0, 1], both, &draws), Error::Domain { .. }));
    let given = RecordedFieldOptions {
        velocities: PairSource::Given,
        ..Default::default()
    };
    assert!(matches!(of([0, 1], both, &given), Error::Missing { .. }));
    let short = [0.0, 1.0];
    let segment = Segment::new(Clock::Step(1.0), vec![&short, &short]).unwrap();
    let short = Record::new(vec![None; 2], vec![segment]).unwrap();
    assert!(matches!(
        recorded_field(&short, [0, 1], both, &overdamped(), &run),
        Err(Error::Empty { .. })
    ));
}

/// Cells that a drawing of blocks leaves with a step or two have no spread to judge their flow by, and are not counted with it.
#[test]
fn thin_cells_do_not_blow_the_entropy_production_up() {
    use irrev_landscape::field::{PairMotion, RecordedFieldOptions, recorded_field};
    use irrev_landscape::record::{Clock, Record, Segment};
    use irrev_numerics::Run;
    use irrev_numerics::streams::{Purpose, Stream};
    let h = 0.05_f64;
    let paths: Vec<[Vec<f64>; 2]> = (0..10)
        .map(|walker| {
            let mut stream = Stream::new(3, Purpose::Search, walker);
            let (mut x, mut y) = (vec![0.0], vec![0.0]);
            for k in 0..20_000 {
                let (a, b): (f64, f64) = (x[k], y[k]);
                x.push(a + h * (-a - b) + (2.0 * h).sqrt() * stream.normal());
                y.push(b + h * (a - b) + (2.0 * h).sqrt() * stream.normal());
            }
            [x, y]
        })
        .collect();
    let segments = paths
        .iter()
        .map(|[x, y]| Segment::new(Clock::Step(h), vec![x, y]));
    let record = Record::new(vec![None; 2], segments.collect::<Result<_, _>>().unwrap()).unwrap();
    let cells = irrev_landscape::Grid::uniform(-3.6, 3.6, 24).unwrap();
    let options = RecordedFieldOptions {
        motion: PairMotion::Overdamped,
        ..RecordedFieldOptions::default()
    };
    let found = recorded_field(&record, [0, 1], [&cells, &cells], &options, &Run::default()).unwrap();
    let rate = found.squares.flow;
    // 2 in the continuum, less what steps and cells take
    assert!(
        (rate.value - 1.9).abs() < 0.15 + 5.0 * rate.standard_error,
        "{rate:?}"
    );
    assert!(rate.standard_error < 0.2, "{rate:?}");
}
