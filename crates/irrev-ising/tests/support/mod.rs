//! The portable generator of the reference cases: the same numbers in any language.

#![allow(dead_code, unreachable_pub)]

use irrev_ising::inference::{Coding, Raster};

/// splitmix64, with uniforms of 53 bits and the cosine branch of Box and Muller.
pub struct SplitMix(pub u64);

impl SplitMix {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * 2.0_f64.powi(-53)
    }

    pub fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

/// Couplings and fields of an asymmetric Sherrington–Kirkpatrick network.
pub struct Instance {
    pub couplings: Vec<Vec<f64>>,
    pub fields: Vec<f64>,
}

impl Instance {
    /// Fields first, uniform in ±field, then couplings row by row.
    pub fn new(n: usize, mean: f64, spread: f64, field: f64, seed: u64) -> Self {
        let mut draws = SplitMix(seed);
        let fields = (0..n).map(|_| field * (2.0 * draws.uniform() - 1.0)).collect();
        let size = n as f64;
        let mut row = || {
            (0..n)
                .map(|_| mean / size + spread * draws.normal() / size.sqrt())
                .collect()
        };
        let couplings = (0..n).map(|_| row()).collect();
        Self { couplings, fields }
    }

    /// (J + Jᵀ)/2.
    pub fn symmetrised(mut self) -> Self {
        let n = self.fields.len();
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * (self.couplings[i][j] + self.couplings[j][i]);
                self.couplings[i][j] = mean;
                self.couplings[j][i] = mean;
            }
        }
        self
    }

    /// Bins of parallel updates from a fair start, after `burn` dropped ones.
    pub fn simulate(&self, beta: f64, bins: usize, burn: usize, seed: u64) -> Raster {
        let n = self.fields.len();
        let mut draws = SplitMix(seed);
        let mut spins: Vec<i8> = (0..n)
            .map(|_| if draws.uniform() < 0.5 { 1 } else { -1 })
            .collect();
        let mut kept = Vec::with_capacity(n * bins);
        for step in 0..burn + bins {
            if step >= burn {
                kept.extend_from_slice(&spins);
            }
            let next = (0..n).map(|i| {
                let terms = self.couplings[i].iter().zip(&spins);
                let received: f64 = terms.map(|(j, s)| beta * j * f64::from(*s)).sum();
                let h = beta * self.fields[i] + received;
                if draws.uniform() < 1.0 / (1.0 + (-2.0 * h).exp()) {
                    1
                } else {
                    -1
                }
            });
            spins = next.collect();
        }
        Raster::from_array(&kept, bins, n, Coding::PlusMinus).unwrap()
    }
}

/// FNV-1a with 64 bits over one byte per spin: 1 for +1, 0 for −1.
pub fn fingerprint(raster: &Raster) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for bin in 0..raster.bins() {
        for spin in raster.spins(bin) {
            hash = (hash ^ u64::from(spin > 0)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

impl Instance {
    /// Σ_ij β (J_ij − J_ji) ⟨s_i(t+1) s_j(t)⟩ in the stationary state, by enumeration of the 2^N states.
    pub fn entropy_production(&self, beta: f64) -> f64 {
        let n = self.fields.len();
        let states = 1_usize << n;
        let spin = |state: usize, i: usize| if state >> i & 1 == 1 { 1.0 } else { -1.0 };
        let means: Vec<Vec<f64>> = (0..states)
            .map(|state| {
                let field = |i: usize| -> f64 { (0..n).map(|j| self.couplings[i][j] * spin(state, j)).sum() };
                (0..n)
                    .map(|i| (beta * (self.fields[i] + field(i))).tanh())
                    .collect()
            })
            .collect();
        let mut law = vec![1.0 / states as f64; states];
        for _ in 0..10_000 {
            let mut next = vec![0.0; states];
            for (state, p) in law.iter().enumerate() {
                // the product law of the next state, one spin after the other
                let mut product = vec![*p];
                for m in &means[state] {
                    let down: Vec<f64> = product.iter().map(|x| x * 0.5 * (1.0 - m)).collect();
                    let up = product.iter().map(|x| x * 0.5 * (1.0 + m));
                    product = down.into_iter().chain(up).collect();
                }
                next.iter_mut().zip(&product).for_each(|(a, b)| *a += b);
            }
            let change: f64 = law.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
            law = next;
            if change < 1e-12 {
                break;
            }
        }
        let mut total = 0.0;
        for (state, p) in law.iter().enumerate() {
            for (i, mean) in means[state].iter().enumerate() {
                for j in 0..n {
                    let a = self.couplings[i][j] - self.couplings[j][i];
                    total += beta * a * p * mean * spin(state, j);
                }
            }
        }
        total
    }
}
