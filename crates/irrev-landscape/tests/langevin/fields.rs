//! Fields and measurements that several tests need.

use irrev_landscape::Result;
use irrev_landscape::langevin::{Frame, LinearField, Observer, Simulation};
use irrev_landscape::linear::underdamped::Bath;
use irrev_network::simulation::estimators::Moments;
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, fill_normals};
use irrev_numerics::{Estimate, Run};

/// −k (x − centre).
pub(crate) fn trap(k: f64, centre: f64) -> LinearField {
    LinearField::new(Matrix::from_columns(1, vec![-k]), vec![k * centre]).unwrap()
}

pub(crate) fn bath(friction: f64, temperature: f64) -> Bath {
    Bath {
        mass: 1.0,
        friction,
        temperature,
    }
}

/// Normal numbers that no simulation draws.
pub(crate) fn normals(n: usize, index: u64) -> Vec<f64> {
    let mut numbers = vec![0.0; n];
    fill_normals(1, Purpose::Search, index, 0, &mut numbers);
    numbers
}

/// A function of position and velocity of a walker.
pub(crate) type Seen = fn(&[f64], &[f64]) -> f64;

/// Sums of functions over time, for each walker.
struct TimeSums<'s> {
    functions: &'s [Seen],
    sums: Vec<f64>,
    frames: u64,
}

impl Observer for TimeSums<'_> {
    fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
        let of_lane = |rows: &[f64], lane: usize| -> Vec<f64> {
            rows.iter().skip(lane).step_by(frame.lanes).copied().collect()
        };
        for lane in 0..frame.lanes {
            let (x, v) = (of_lane(frame.positions, lane), of_lane(frame.velocities, lane));
            for (k, f) in self.functions.iter().enumerate() {
                self.sums[lane * self.functions.len() + k] += f(&x, &v);
            }
        }
        self.frames += 1;
        Ok(())
    }
}

/// Means over time and walkers; errors from the walkers, which are independent.
pub(crate) fn time_means(
    simulation: &mut Simulation<'_>,
    (steps, every): (u64, u64),
    functions: &[Seen],
) -> Vec<Estimate> {
    let n = functions.len();
    let mut sums = simulation.observers(|walkers| TimeSums {
        functions,
        sums: vec![0.0; n * (walkers.end - walkers.start) as usize],
        frames: 0,
    });
    simulation
        .observe(steps, every, &mut sums, &Run::default())
        .unwrap();
    let of_function = |k: usize| -> Estimate {
        let of_block = |s: &TimeSums<'_>| -> Vec<f64> {
            let own = s.sums.iter().skip(k).step_by(n);
            own.map(|sum| sum / s.frames as f64).collect()
        };
        mean(&sums.iter().flat_map(of_block).collect::<Vec<f64>>())
    };
    (0..n).map(of_function).collect()
}

pub(crate) fn mean(values: &[f64]) -> Estimate {
    Moments::of(values).mean()
}

/// Five standard errors, and a bias that is known to be there.
#[track_caller]
pub(crate) fn assert_mean(what: &str, found: &Estimate, exact: f64, bias: f64) {
    let (difference, error) = (found.value - exact, found.standard_error);
    assert!(
        difference.abs() < 5.0 * error + bias && error.is_finite(),
        "{what}: {} ± {error} is {:.1} standard errors from {exact}",
        found.value,
        difference / error
    );
}
