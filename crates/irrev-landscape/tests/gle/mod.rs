//! A particle with memory as a linear system with more variables, of which everything is known.

#![allow(dead_code, clippy::unwrap_used, missing_docs, unreachable_pub)]

use irrev_numerics::linalg::{Matrix, exponential};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{number, numbers};
use serde_json::Value;

/// x' = v, v' = −Ω²x − Σ u, and for each mode (c, a, w) of the kernel u' = c v − a u + w y, y' = −w u − a y, with noise that makes the covariance diagonal.
pub struct Extended {
    pub drift: Matrix,
    pub covariance: Vec<f64>,
    pub omega_squared: f64,
    pub modes: Vec<[f64; 3]>,
}

impl Extended {
    pub fn of(inputs: &Value) -> Self {
        let modes = inputs["modes_(c,a,w)"].as_array().unwrap().iter();
        let modes = modes.map(|mode| numbers(mode).try_into().unwrap()).collect();
        Self::new(number(&inputs["Omega2"]), number(&inputs["kBT"]), modes)
    }

    pub fn new(omega_squared: f64, kt: f64, modes: Vec<[f64; 3]>) -> Self {
        let n = 2 + 2 * modes.len();
        let mut drift = vec![vec![0.0; n]; n];
        let mut covariance = vec![kt / omega_squared, kt];
        drift[0][1] = 1.0;
        drift[1][0] = -omega_squared;
        for (k, [c, a, w]) in modes.iter().enumerate() {
            let (u, y) = (2 + 2 * k, 3 + 2 * k);
            drift[1][u] = -1.0;
            (drift[u][1], drift[u][u], drift[u][y]) = (*c, -a, *w);
            (drift[y][u], drift[y][y]) = (-w, -a);
            covariance.extend([kt * c, kt * c]);
        }
        Self {
            drift: Matrix::from_fn(n, n, |i, j| drift[i][j]),
            covariance,
            omega_squared,
            modes,
        }
    }

    pub fn kernel(&self, t: f64) -> f64 {
        self.modes
            .iter()
            .map(|[c, a, w]| c * (-a * t).exp() * (w * t).cos())
            .sum()
    }

    /// ∫ K from t on.
    pub fn integral_beyond(&self, t: f64) -> f64 {
        let of = |[c, a, w]: &[f64; 3]| {
            c * (-a * t).exp() * (a * (w * t).cos() - w * (w * t).sin()) / (a * a + w * w)
        };
        self.modes.iter().map(of).sum()
    }

    pub fn propagator(&self, step: f64) -> Matrix {
        exponential(&self.drift.clone().scaled(step))
    }

    /// ⟨x(t)x(0)⟩, ⟨v(t)v(0)⟩ and ⟨x(t)v(0)⟩ at 0, h, 2h, ….
    pub fn correlations(&self, step: f64, n: usize) -> [Vec<f64>; 3] {
        let propagator = self.propagator(step);
        let from = |start: usize| -> Vec<Vec<f64>> {
            let mut state = vec![0.0; self.covariance.len()];
            state[start] = self.covariance[start];
            (0..n)
                .map(|_| {
                    let here = state.clone();
                    state = propagator.apply_to(&state);
                    here
                })
                .collect()
        };
        let (x, v) = (from(0), from(1));
        [
            x.iter().map(|state| state[0]).collect(),
            v.iter().map(|state| state[1]).collect(),
            v.iter().map(|state| state[0]).collect(),
        ]
    }

    /// Positions, velocities and accelerations of stationary trajectories, exactly.
    pub fn trajectories(&self, step: f64, count: usize, steps: usize, seed: u64) -> Vec<[Vec<f64>; 3]> {
        let propagator = self.propagator(step);
        let n = self.covariance.len();
        // what the noise of a step adds: S − E S Eᵀ
        let added = Matrix::from_fn(n, n, |i, j| {
            let kept: f64 = (0..n)
                .map(|k| propagator.column(k)[i] * self.covariance[k] * propagator.column(k)[j])
                .sum();
            if i == j { self.covariance[i] - kept } else { -kept }
        });
        let root = cholesky(&added);
        (0..count as u64)
            .map(|index| {
                let mut stream = Stream::new(seed, Purpose::Trajectory, index);
                let mut state: Vec<f64> = self
                    .covariance
                    .iter()
                    .map(|s| s.sqrt() * stream.normal())
                    .collect();
                let mut columns = [Vec::new(), Vec::new(), Vec::new()];
                for _ in 0..steps {
                    columns[0].push(state[0]);
                    columns[1].push(state[1]);
                    columns[2].push((0..n).map(|j| self.drift.column(j)[1] * state[j]).sum());
                    let noise: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
                    let kicks = root
                        .iter()
                        .map(|row| row.iter().zip(&noise).map(|(r, x)| r * x).sum::<f64>());
                    state = propagator
                        .apply_to(&state)
                        .iter()
                        .zip(kicks)
                        .map(|(x, kick)| x + kick)
                        .collect();
                }
                columns
            })
            .collect()
    }
}

/// Lower triangular root of a small covariance; rows without variance are zero.
fn cholesky(q: &Matrix) -> Vec<Vec<f64>> {
    let n = q.rows();
    let mut root = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = q.column(j)[i] - (0..j).map(|k| root[i][k] * root[j][k]).sum::<f64>();
            root[i][j] = match i == j {
                true => rest.max(0.0).sqrt(),
                false if root[j][j] > 0.0 => rest / root[j][j],
                false => 0.0,
            };
        }
    }
    root
}
