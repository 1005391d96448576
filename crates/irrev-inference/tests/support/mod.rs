//! Linear diffusions dx = A x dt + √(2D) dW, sampled exactly at equal steps.

use irrev_numerics::linalg::{Matrix, accumulated_noise, lyapunov};
use irrev_numerics::streams::{Purpose, Stream, fill_normals};

/// Drift, diffusion and stationary covariance.
pub(crate) struct Linear {
    pub(crate) a: Matrix,
    pub(crate) d: Matrix,
    pub(crate) covariance: Matrix,
}

/// Lower Cholesky factor of a positive definite matrix.
fn root(c: &Matrix) -> Matrix {
    let n = c.rows();
    let mut l = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| l[(i, k)] * l[(j, k)]).sum();
            l[(i, j)] = if i == j {
                (c[(i, i)] - known).sqrt()
            } else {
                (c[(i, j)] - known) / l[(j, j)]
            };
        }
    }
    l
}

impl Linear {
    pub(crate) fn new(a: Matrix, d: Matrix) -> Self {
        let covariance = lyapunov(&a.clone().scaled(-1.0), &d.clone().scaled(2.0))
            .unwrap()
            .x;
        Self { a, d, covariance }
    }

    /// Beads between walls, springs and friction 1, temperatures linear from `hot` at bead 0 to `cold`.
    pub(crate) fn beads(n: usize, hot: f64, cold: f64) -> Self {
        let a = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => -2.0,
            1 => 1.0,
            _ => 0.0,
        });
        let temperature = |i: usize| hot + (cold - hot) * i as f64 / (n - 1) as f64;
        Self::new(
            a,
            Matrix::from_fn(n, n, |i, j| if i == j { temperature(i) } else { 0.0 }),
        )
    }

    /// `steps` steps from a stationary start (or from `start`), d numbers each.
    pub(crate) fn sampled(
        &self,
        dt: f64,
        steps: usize,
        seed: u64,
        index: u64,
        start: Option<&[f64]>,
    ) -> Vec<f64> {
        let n = self.a.rows();
        let (noise, propagator) =
            accumulated_noise(&self.a.clone().scaled(-1.0), &self.d.clone().scaled(2.0), dt);
        let kick = root(&noise);
        let mut normals = vec![0.0; n * (steps + 1)];
        fill_normals(seed, Purpose::Trajectory, index, 0, &mut normals);
        let mut x = match start {
            Some(start) => start.to_vec(),
            None => root(&self.covariance).apply_to(&normals[..n]),
        };
        let mut points = Vec::with_capacity(n * (steps + 1));
        points.extend_from_slice(&x);
        for t in 1..=steps {
            let (moved, kicked) = (
                propagator.apply_to(&x),
                kick.apply_to(&normals[t * n..(t + 1) * n]),
            );
            x = moved.iter().zip(&kicked).map(|(a, b)| a + b).collect();
            points.extend_from_slice(&x);
        }
        points
    }
}

/// Points with independent normal noise of a standard deviation.
pub(crate) fn noisy(points: &[f64], deviation: f64, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Disorder, 0);
    points.iter().map(|x| x + deviation * stream.normal()).collect()
}
