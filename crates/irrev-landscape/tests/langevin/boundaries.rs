//! Walls and circles.

use irrev_landscape::Period;
use irrev_landscape::langevin::{
    Boundary, Dynamics, LangevinOptions, LinearField, Overdamped, PointField, Simulation, Start, Underdamped,
    simulate,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use super::fields::{assert_mean, bath, time_means};

#[test]
fn between_walls_a_constant_force_makes_an_exponential_density() {
    // ρ ∝ e^{F x/T} on [0, 1] with F/T = 2; the mirrored steps have a bias of the order of h = 5e-4 (overdamped) and h² (with inertia)
    let (force, t) = (1.0, 0.5);
    let a: f64 = force / t;
    let exact = 1.0 / -(-a).exp_m1() - 1.0 / a;
    let field = LinearField::new(Matrix::zeros(1, 1), vec![force]).unwrap();
    let wall = Boundary::Reflecting {
        lower: 0.0,
        upper: 1.0,
    };
    let overdamped = Dynamics::from(Overdamped::new(vec![1.0], vec![t]).unwrap());
    let underdamped = Underdamped::new(vec![bath(1.0, t)]).unwrap().into();
    for (dynamics, h) in [(overdamped, 5e-4), (underdamped, 0.02)] {
        let options = LangevinOptions {
            step: h,
            boundaries: vec![wall],
            ..Default::default()
        };
        let run = Run::default();
        let mut motion = Simulation::new(&field, &dynamics, &Start::at(&[0.5], 500), &options, &run).unwrap();
        motion.advance(4000, &run).unwrap();
        let found = time_means(
            &mut motion,
            (8000, 8),
            &[|x, _| x[0], |_, v| v.first().map_or(0.5, |v| v * v)],
        );
        assert_mean("mean position", &found[0], exact, 2e-3);
        // ⟨v²⟩ = T/m at a constant force, exactly so but for the walls
        assert_mean("mean square velocity", &found[1], 0.5, 2e-3);
        assert!(motion.positions().iter().all(|x| (0.0..=1.0).contains(x)));
    }
}

#[test]
fn a_wall_takes_no_energy() {
    // without a bath, energy is that of the first step but for the kicks: a ball on a floor
    let field = LinearField::new(Matrix::zeros(1, 1), vec![-1.0]).unwrap();
    let dynamics = Underdamped::new(vec![bath(0.0, 1.0)]).unwrap().into();
    let floor = Boundary::Reflecting {
        lower: 0.0,
        upper: f64::INFINITY,
    };
    let options = LangevinOptions {
        step: 1e-3,
        steps: 20_000,
        boundaries: vec![floor],
        record_every: 10,
        ..Default::default()
    };
    let start = Start::at(&[1.0], 1).with_velocities(vec![0.0]).unwrap();
    let motion = simulate(&field, &dynamics, &start, &options, &Run::default()).unwrap();
    let books = motion.thermodynamics;
    assert_eq!(books.heat[0], 0.0);
    // seven bounces, each off by h v at most
    assert!(books.residual().unwrap()[0].abs() < 7.0 * 1e-3 * 2_f64.sqrt());
    let frames = motion.trajectories.unwrap();
    let heights = frames.positions(0, 0).unwrap();
    assert!(heights.iter().all(|x| (0.0..1.02).contains(x)));
    // it falls √2 long, so the first bounce is at 1.41 and the top of the next at 2.83
    assert!((heights[283] - 1.0).abs() < 0.01 && heights[141] < 0.01);
}

#[test]
fn turns_are_counted_and_records_know_the_period() {
    let field = PointField::new(2, |_, x, f| (f[0], f[1]) = (3.0, -x[1]));
    let dynamics = Underdamped::new(vec![bath(1.0, 0.01); 2]).unwrap().into();
    let options = LangevinOptions {
        step: 0.01,
        steps: 2000,
        boundaries: vec![
            Boundary::Periodic(Period::new(-1.0, 2.0).unwrap()),
            Boundary::Free,
        ],
        record_every: 4,
        ..Default::default()
    };
    let motion = simulate(
        &field,
        &dynamics,
        &Start::at(&[0.5, 0.0], 70),
        &options,
        &Run::default(),
    )
    .unwrap();
    let frames = motion.trajectories.unwrap();
    let record = frames.record().unwrap();
    record.check().unwrap();
    assert_eq!((record.frames(), record.segments().len()), (70 * 501, 70));
    assert!(record.periods()[0].is_some() && record.periods()[1].is_none());
    // after the start it moves 3 per unit of time: 57 of the way in 20, and 28 turns of 2
    for w in 0..70 {
        let way = motion.positions[2 * w] - 0.5 + 2.0 * motion.turns[2 * w] as f64;
        assert!((way - 57.0).abs() < 5.0, "{way}");
        let x = frames.positions(w, 0).unwrap();
        let unwrapped: f64 = x
            .windows(2)
            .map(|p| Period::new(-1.0, 2.0).unwrap().nearest_image(p[1] - p[0]))
            .sum();
        assert!((unwrapped - way).abs() < 1e-9);
        assert_eq!(motion.turns[2 * w + 1], 0);
        assert_eq!(frames.velocities(w, 1).unwrap().len(), 501);
    }
}
