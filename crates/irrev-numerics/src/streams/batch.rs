//! The same stream, several blocks at a time.
//!
//! One Philox block is a chain of ten rounds, each waiting for the multiplication before it. Blocks of a stream do not depend on each other,
//! so two computed side by side fill the gaps of the processor; a simulator of small networks does a tenth more jumps than with one after the other.

use super::{MULTIPLIER, Purpose, ROUNDS, RandomBits, Stream, WEYL};

/// Blocks computed side by side; two chains of two products each keep one multiplier busy without spilling registers.
const LANES: usize = 2;
/// Words drawn ahead.
const AHEAD: usize = 64;

/// A [`Stream`] that draws its blocks ahead in batches; the bits are those of the stream, one by one.
///
/// ```
/// use irrev_numerics::streams::{BatchedStream, Purpose, RandomBits, Stream};
/// let mut one_by_one = Stream::new(1, Purpose::Trajectory, 7);
/// let mut batched = BatchedStream::new(1, Purpose::Trajectory, 7);
/// assert!((0..1000).all(|_| one_by_one.bits() == batched.bits()));
/// assert_eq!(batched.position(), 1000);
/// ```
#[derive(Debug, Clone)]
pub struct BatchedStream {
    seed: u64,
    purpose: Purpose,
    index: u64,
    /// First block that has not been drawn.
    block: u64,
    ahead: [u64; AHEAD],
    used: usize,
}

impl BatchedStream {
    /// The stream of a seed, a purpose and an index, at its beginning.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        Self::at(seed, purpose, index, 0)
    }

    /// The stream after `position` words have been drawn from it: what a checkpoint restores.
    #[must_use]
    pub fn at(seed: u64, purpose: Purpose, index: u64, position: u64) -> Self {
        let mut stream = Self {
            seed,
            purpose,
            index,
            block: position / 4,
            ahead: [0; AHEAD],
            used: AHEAD,
        };
        for _ in 0..position % 4 {
            stream.bits();
        }
        stream
    }

    /// How many words have been drawn.
    #[must_use]
    pub fn position(&self) -> u64 {
        4 * self.block - (AHEAD - self.used) as u64
    }

    /// The one-block stream at the same position.
    #[must_use]
    pub fn to_stream(&self) -> Stream {
        let position = self.position();
        let mut stream = Stream::new(self.seed, self.purpose, self.index);
        stream.block = position / 4;
        for _ in 0..position % 4 {
            stream.bits();
        }
        stream
    }

    #[inline(never)]
    fn draw_ahead(&mut self) {
        let key = [self.seed, self.purpose.key()];
        for words in self.ahead.chunks_exact_mut(4 * LANES) {
            philox_lanes(self.block, self.index, key, words);
            self.block = self.block.wrapping_add(LANES as u64);
        }
        self.used = 0;
    }
}

impl RandomBits for BatchedStream {
    #[inline(always)]
    fn bits(&mut self) -> u64 {
        if self.used >= AHEAD {
            self.draw_ahead();
        }
        let bits = self.ahead[self.used];
        self.used += 1;
        bits
    }
}

/// [`super::philox4x64`] of the counters (block + lane, 0, index, 0), lane after lane.
#[inline(always)]
fn philox_lanes(block: u64, index: u64, key: [u64; 2], words: &mut [u64]) {
    let mut c = [[0_u64; 4]; LANES];
    for (lane, counter) in c.iter_mut().enumerate() {
        *counter = [block.wrapping_add(lane as u64), 0, index, 0];
    }
    let mut k = key;
    for round in 0..ROUNDS {
        if round > 0 {
            k = [k[0].wrapping_add(WEYL[0]), k[1].wrapping_add(WEYL[1])];
        }
        for counter in &mut c {
            let p0 = u128::from(MULTIPLIER[0]) * u128::from(counter[0]);
            let p1 = u128::from(MULTIPLIER[1]) * u128::from(counter[2]);
            *counter = [
                (p1 >> 64) as u64 ^ counter[1] ^ k[0],
                p1 as u64,
                (p0 >> 64) as u64 ^ counter[3] ^ k[1],
                p0 as u64,
            ];
        }
    }
    for (out, counter) in words.chunks_exact_mut(4).zip(&c) {
        out.copy_from_slice(counter);
    }
}

/// Fills `words` with those of a stream from a position on: the bits of [`Stream`], without one.
///
/// `position` is a multiple of 4 (whole blocks); so is what a caller reserves for one step of a simulation.
///
/// ```
/// use irrev_numerics::streams::{BatchedStream, Purpose, RandomBits, fill_words};
/// let mut words = [0; 13];
/// fill_words(1, Purpose::Trajectory, 7, 40, &mut words);
/// let mut stream = BatchedStream::at(1, Purpose::Trajectory, 7, 40);
/// assert!(words.iter().all(|word| *word == stream.bits()));
/// ```
pub fn fill_words(seed: u64, purpose: Purpose, index: u64, position: u64, words: &mut [u64]) {
    debug_assert!(position.is_multiple_of(4), "whole blocks only");
    let key = [seed, purpose.key()];
    let mut block = position / 4;
    let mut chunks = words.chunks_exact_mut(4 * LANES);
    for chunk in &mut chunks {
        philox_lanes(block, index, key, chunk);
        block = block.wrapping_add(LANES as u64);
    }
    let rest = chunks.into_remainder();
    let mut last = [0; 4 * LANES];
    philox_lanes(block, index, key, &mut last);
    rest.copy_from_slice(&last[..rest.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batched_stream_has_the_bits_of_the_stream_from_every_position() {
        let draws: Vec<u64> = {
            let mut stream = Stream::new(3, Purpose::Trajectory, 41);
            (0..300).map(|_| stream.bits()).collect()
        };
        for start in 0..200 {
            let mut batched = BatchedStream::at(3, Purpose::Trajectory, 41, start as u64);
            for (k, &expected) in draws[start..start + 90].iter().enumerate() {
                assert_eq!(batched.position(), (start + k) as u64);
                assert_eq!(batched.bits(), expected);
            }
            assert_eq!(batched.to_stream().bits(), draws[start + 90]);
        }
    }
}
