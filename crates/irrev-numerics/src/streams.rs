//! Counter-based random streams and fixed samplers.
//!
//! A stream is the sequence Philox4x64-10(key = (seed, purpose), counter = (block, 0, index, 0)): a pure function of seed,
//! purpose and index, so trajectory 7 draws the same numbers on any thread, in any batch, in any order. Samplers
//! are our own and fixed: changing one changes results, and comes with a new [`ALGORITHM`] name.
//!
//! Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).

use serde::{Deserialize, Serialize};

mod batch;
mod normal_ziggurat;
mod normals;
mod samplers;
mod ziggurat;

pub use batch::{BatchedStream, fill_words};
pub use normals::fill_normals;
pub use samplers::RandomBits;

/// Name of generator and samplers, recorded with every result that used them.
pub const ALGORITHM: &str = "philox4x64-10/1";

const MULTIPLIER: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
const ROUNDS: usize = 10;

/// The Philox4x64-10 block function: 256 bits of counter and 128 bits of key to 256 random bits.
#[must_use]
pub fn philox4x64(counter: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let (mut c, mut k) = (counter, key);
    for round in 0..ROUNDS {
        if round > 0 {
            k = [k[0].wrapping_add(WEYL[0]), k[1].wrapping_add(WEYL[1])];
        }
        let p0 = u128::from(MULTIPLIER[0]) * u128::from(c[0]);
        let p1 = u128::from(MULTIPLIER[1]) * u128::from(c[2]);
        c = [
            (p1 >> 64) as u64 ^ c[1] ^ k[0],
            p1 as u64,
            (p0 >> 64) as u64 ^ c[3] ^ k[1],
            p0 as u64,
        ];
    }
    c
}

/// (k + 1/2)/2⁵² with k the 52 highest bits.
#[inline(always)]
fn open_uniform(bits: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * SCALE
}

/// What the numbers of a stream are for; streams of different purposes never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Purpose {
    /// Jumps of a simulated trajectory.
    Trajectory,
    /// Draws of an initial condition.
    InitialState,
    /// Quenched disorder of a model.
    Disorder,
    /// Resampling of data.
    Bootstrap,
    /// Random inputs of searches and tests.
    Search,
}

impl Purpose {
    fn key(self) -> u64 {
        match self {
            Self::Trajectory => 1,
            Self::InitialState => 2,
            Self::Disorder => 3,
            Self::Bootstrap => 4,
            Self::Search => 5,
        }
    }
}

/// One random stream; a small serialisable value, so that a checkpoint can hold it.
///
/// ```
/// use irrev_numerics::streams::{Purpose, Stream};
/// let mut a = Stream::new(1, Purpose::Trajectory, 7);
/// let mut b = Stream::new(1, Purpose::Trajectory, 7);
/// assert_eq!(a.uniform(), b.uniform());
/// let x = a.exponential(2.0);                                   // mean 1/2
/// assert!(x > 0.0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    key: [u64; 2],
    index: u64,
    block: u64,
    buffer: [u64; 4],
    used: usize,
}

impl Stream {
    /// The stream of a seed, a purpose and an index (trajectory, replica, bootstrap sample …).
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        Self {
            key: [seed, purpose.key()],
            index,
            block: 0,
            buffer: [0; 4],
            used: 4,
        }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.used == 4 {
            self.buffer = philox4x64([self.block, 0, self.index, 0], self.key);
            self.block += 1;
            self.used = 0;
        }
        let bits = self.buffer[self.used];
        self.used += 1;
        bits
    }

    /// Uniform number in the open interval (0, 1): (k + 1/2)/2⁵² with k of 52 bits, so its logarithm is finite.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_uniform(self.bits())
    }

    /// Exponential waiting time −ln(u)/rate; `rate` > 0, mean 1/rate.
    #[inline]
    pub fn exponential(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }

    /// Standard normal number: cosine branch of Box and Muller, Ann. Math. Stat. 29, 610 (1958); two uniforms a draw.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Uniform integer in 0..n without bias (Lemire, ACM Trans. Model. Comput. Simul. 29, 3 (2019)); n ≥ 1.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.bits()) * u128::from(n);
        if (product as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u64) < threshold {
                product = u128::from(self.bits()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// Index drawn with probability weightᵢ/Σ weights, by inversion of the cumulative sum; weights ≥ 0, not all zero.
    #[inline]
    pub fn categorical(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.uniform() * total;
        let mut last = 0;
        for (i, &w) in weights.iter().enumerate() {
            if w > 0.0 {
                last = i;
                if left < w {
                    return i;
                }
                left -= w;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_function_gives_the_published_known_answers() {
        // kat_vectors of the Random123 distribution, philox4x64 with 10 rounds
        let all = u64::MAX;
        assert_eq!(
            philox4x64([0; 4], [0; 2]),
            [
                0x16554d9eca36314c,
                0xdb20fe9d672d0fdc,
                0xd7e772cee186176b,
                0x7e68b68aec7ba23b
            ]
        );
        assert_eq!(
            philox4x64([all; 4], [all; 2]),
            [
                0x87b092c3013fe90b,
                0x438c3c67be8d0224,
                0x9cc7d7c69cd777b6,
                0xa09caebf594f0ba0
            ]
        );
        assert_eq!(
            philox4x64(
                [
                    0x243f6a8885a308d3,
                    0x13198a2e03707344,
                    0xa4093822299f31d0,
                    0x082efa98ec4e6c89
                ],
                [0x452821e638d01377, 0xbe5466cf34e90c6c]
            ),
            [
                0xa528f45403e61d95,
                0x38c72dbd566e9788,
                0xa5a1610e72fd18b5,
                0x57bd43b5e52b7fe6
            ]
        );
    }

    #[test]
    fn samplers_have_the_moments_they_promise() {
        // n = 1e5, means of unit-variance variables: 5 σ is 0.0158 (two-sided false alarm 6e-7 each, three checks)
        let n = 100_000;
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let five_sigma = 5.0 / f64::from(n).sqrt();
        let mean = |draw: &mut dyn FnMut() -> f64| (0..n).map(|_| draw()).sum::<f64>() / f64::from(n);
        assert!((mean(&mut || stream.exponential(1.0)) - 1.0).abs() < five_sigma);
        assert!(mean(&mut || stream.normal()).abs() < five_sigma);
        let uniform_sd = (1.0 / 12.0_f64).sqrt();
        assert!((mean(&mut || stream.uniform()) - 0.5).abs() < five_sigma * uniform_sd);
    }

    #[test]
    fn bounded_integers_and_categories_fall_in_range() {
        let mut stream = Stream::new(3, Purpose::Search, 0);
        for _ in 0..1000 {
            assert!(stream.below(7) < 7);
            assert_ne!(stream.categorical(&[1.0, 0.0, 2.0]), 1);
        }
    }

    #[test]
    fn a_stream_restored_from_its_state_continues_with_the_same_bits() {
        let mut stream = Stream::new(5, Purpose::Trajectory, 3);
        for _ in 0..5 {
            stream.bits();
        }
        let saved = serde_json::to_string(&stream).unwrap();
        let mut restored: Stream = serde_json::from_str(&saved).unwrap();
        for _ in 0..9 {
            assert_eq!(stream.bits(), restored.bits());
        }
    }
}
