//! Systems whose truth is known, simulated.

use irrev_inference::speed::CellEnsemble;
use irrev_inference::states::JumpTrajectory;
use irrev_numerics::streams::{Purpose, Stream};

/// The cases of a kind among the reference values.
pub(crate) fn cases(kind: &str) -> Vec<serde_json::Value> {
    let all: Vec<serde_json::Value> = serde_json::from_str(include_str!("../data/discrete.json")).unwrap();
    all.into_iter().filter(|case| case["kind"] == kind).collect()
}

pub(crate) fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

pub(crate) fn stream(index: u64) -> Stream {
    Stream::new(11, Purpose::Search, index)
}

/// Visits of a jump process.
pub(crate) struct Visits {
    pub(crate) states: Vec<u32>,
    pub(crate) times: Vec<f64>,
    pub(crate) end: f64,
}

impl Visits {
    pub(crate) fn seen(&self) -> JumpTrajectory<'_> {
        JumpTrajectory {
            states: &self.states,
            entry_times: &self.times,
            end: self.end,
        }
    }
}

/// A ring of n states with rate `forward` onwards and `backward` back, seen for a time; stationary at any state.
pub(crate) fn ring(n: u32, (forward, backward): (f64, f64), end: f64, stream: &mut Stream) -> Visits {
    let (mut state, mut t) = (stream.below(u64::from(n)) as u32, 0.0);
    let (mut states, mut times) = (Vec::new(), Vec::new());
    while t < end {
        states.push(state);
        times.push(t);
        t += stream.exponential(forward + backward);
        let onwards = stream.uniform() * (forward + backward) < forward;
        state = (state + if onwards { 1 } else { n - 1 }) % n;
    }
    Visits { states, times, end }
}

/// Its entropy production rate.
pub(crate) fn ring_dissipation((forward, backward): (f64, f64)) -> f64 {
    (forward - backward) * (forward / backward).ln()
}

/// A ring of three states step by step: onwards with probability p, back otherwise.
pub(crate) fn ring_steps(p: f64, steps: usize, stream: &mut Stream) -> Vec<u32> {
    let mut state = 0;
    (0..steps)
        .map(|_| {
            state = (state + if stream.uniform() < p { 1 } else { 2 }) % 3;
            state
        })
        .collect()
}

/// x' = 0.5 x + c y + e, y' = 0.7 y + f, settled.
pub(crate) fn linear_pair(c: f64, steps: usize, stream: &mut Stream) -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut y) = (0.0, 0.0);
    let pairs: Vec<(f64, f64)> = (0..steps + 200)
        .map(|_| {
            (x, y) = (0.5 * x + c * y + stream.normal(), 0.7 * y + stream.normal());
            (x, y)
        })
        .collect();
    pairs[200..].iter().copied().unzip()
}

/// P(x' = 1 | x, y) and P(y' = 1 | y).
const BINARY: ([[f64; 2]; 2], [f64; 2]) = ([[0.2, 0.7], [0.4, 0.9]], [0.3, 0.8]);

pub(crate) fn binary_pair(steps: usize, stream: &mut Stream) -> (Vec<u32>, Vec<u32>) {
    let (mut x, mut y) = (0_usize, 0_usize);
    let pairs: Vec<(u32, u32)> = (0..steps + 50)
        .map(|_| {
            let (p, q) = (BINARY.0[x][y], BINARY.1[y]);
            (x, y) = (
                usize::from(stream.uniform() < p),
                usize::from(stream.uniform() < q),
            );
            (x as u32, y as u32)
        })
        .collect();
    pairs[50..].iter().copied().unzip()
}

/// Its transfer entropy y → x with pasts of one step, from the stationary law of (x, y).
pub(crate) fn binary_truth() -> f64 {
    let mut p = [[0.25; 2]; 2];
    for _ in 0..500 {
        let mut next = [[0.0; 2]; 2];
        for (x, row) in p.iter().enumerate() {
            for (y, mass) in row.iter().enumerate() {
                let (up, vp) = (BINARY.0[x][y], BINARY.1[y]);
                for (a, u) in [1.0 - up, up].into_iter().enumerate() {
                    for (b, v) in [1.0 - vp, vp].into_iter().enumerate() {
                        next[a][b] += mass * u * v;
                    }
                }
            }
        }
        p = next;
    }
    let entropy = |q: f64| -q * q.ln() - (1.0 - q) * (1.0 - q).ln();
    (0..2)
        .map(|x| {
            let own = p[x][0] + p[x][1];
            let mixed = (p[x][0] * BINARY.0[x][0] + p[x][1] * BINARY.0[x][1]) / own;
            own * entropy(mixed) - (0..2).map(|y| p[x][y] * entropy(BINARY.0[x][y])).sum::<f64>()
        })
        .sum()
}

/// Independent cells relaxing as dx = −k (x − m) dt + √(2D) dW from a normal law, with noise of measurement.
pub(crate) struct Relaxation {
    pub(crate) start: (f64, f64),
    pub(crate) target: f64,
    pub(crate) k: f64,
    pub(crate) d: f64,
    pub(crate) noise: f64,
    pub(crate) dt: f64,
    pub(crate) frames: usize,
}

impl Relaxation {
    pub(crate) const LIKE_ERK: Self = Self {
        start: (0.9, 0.02),
        target: 1.6,
        k: 0.08,
        d: 0.004,
        noise: 0.03,
        dt: 0.5,
        frames: 121,
    };

    pub(crate) fn cells(&self, cells: usize, stream: &mut Stream) -> CellEnsemble {
        let decay = (-self.k * self.dt).exp();
        let kick = (self.d / self.k * (1.0 - decay * decay)).sqrt();
        let mut x: Vec<f64> = (0..cells)
            .map(|_| self.start.0 + self.start.1.sqrt() * stream.normal())
            .collect();
        let mut values = Vec::new();
        for _ in 0..self.frames {
            for x in &mut x {
                values.push(*x + self.noise * stream.normal());
                *x = self.target + decay * (*x - self.target) + kick * stream.normal();
            }
        }
        let times: Vec<f64> = (0..self.frames).map(|f| self.dt * f as f64).collect();
        CellEnsemble::from_wide(&times, cells, &values).unwrap()
    }

    /// Fisher information of time with the noise of measurement.
    pub(crate) fn fisher(&self, t: f64) -> f64 {
        let e = (-self.k * t).exp();
        let bare = self.d / self.k + (self.start.1 - self.d / self.k) * e * e;
        let v = bare + self.noise * self.noise;
        let (dm, dv) = (
            self.k * (self.target - self.start.0) * e,
            -2.0 * self.k * (bare - self.d / self.k),
        );
        dm * dm / v + dv * dv / (2.0 * v * v)
    }

    /// Length and action by Simpson's rule.
    pub(crate) fn length_and_action(&self) -> (f64, f64) {
        let (n, tau) = (4000, self.dt * (self.frames - 1) as f64);
        let (mut length, mut action) = (0.0, 0.0);
        for i in 0..=n {
            let weight = if i == 0 || i == n { 1.0 } else { [2.0, 4.0][i % 2] };
            let fisher = self.fisher(tau * i as f64 / n as f64);
            length += weight * fisher.sqrt();
            action += weight * fisher;
        }
        let h = tau / n as f64 / 3.0;
        (length * h, action * h)
    }
}
