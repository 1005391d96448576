//! The high halves in their order, where their blocks begin, and how H joins them.

use crate::model::Hamiltonian;
use crate::sector::rank_of_word;

use super::tables::Coefficient;

/// Up to this number of high sites the beginnings of blocks are looked up by word.
const TABULATED_BITS: usize = 20;

/// A bond between two high sites: ⟨i occupied|H|j occupied⟩ is `into_i`.
pub(super) struct HighBond<C> {
    i: u32,
    j: u32,
    into_i: C,
    into_j: C,
}

/// High words that occur, ascending, each with its block.
pub(super) struct HighWords<C> {
    low_bits: usize,
    particles: usize,
    pub(super) words: Vec<u64>,
    /// Where each block begins, and the end of the last.
    pub(super) starts: Vec<usize>,
    /// Energies and interactions of the high sites alone, by word.
    pub(super) diagonal: Vec<f64>,
    bonds: Vec<HighBond<C>>,
    /// Beginning of a block by word; empty beyond the bits that are tabulated.
    table: Vec<usize>,
}

impl<C: Coefficient> HighWords<C> {
    /// The high words of a sector, under the part of H that acts on these sites only, counted from the first of them.
    pub(super) fn new(high: &Hamiltonian, high_bits: usize, low_bits: usize, particles: usize) -> Self {
        let mut words = Vec::new();
        let fewest = particles.saturating_sub(low_bits);
        list_words(high_bits, fewest, particles.min(high_bits), 0, &mut words);
        let length =
            |word: u64| crate::sector::binomial(low_bits, particles - word.count_ones() as usize) as usize;
        let mut starts = vec![0];
        let mut end = 0;
        for &word in &words {
            end += length(word);
            starts.push(end);
        }
        let mut table = Vec::new();
        if high_bits <= TABULATED_BITS {
            table = vec![0; 1 << high_bits];
            for (&word, &start) in words.iter().zip(&starts) {
                table[word as usize] = start;
            }
        }
        let bonds = high.bonds().iter().filter(|bond| bond.hopping.norm() > 0.0);
        let bonds = bonds.map(|bond| HighBond {
            i: bond.i as u32,
            j: bond.j as u32,
            into_i: C::from_complex(-bond.hopping),
            into_j: C::from_complex(-bond.hopping.conj()),
        });
        Self {
            low_bits,
            particles,
            diagonal: words.iter().map(|&word| high.diagonal(word)).collect(),
            words,
            starts,
            bonds: bonds.collect(),
            table,
        }
    }

    /// Where the block of a high word begins.
    #[inline(always)]
    pub(super) fn start(&self, word: u64) -> usize {
        match self.table.get(word as usize) {
            Some(start) => *start,
            None => {
                let low = self.particles - word.count_ones() as usize;
                rank_of_word(word << self.low_bits | ((1 << low) - 1)) as usize
            }
        }
    }

    /// The blocks that H adds to that of a high word: (beginning, amplitude).
    #[inline(always)]
    pub(super) fn sources(&self, word: u64) -> impl Iterator<Item = (usize, C)> + '_ {
        self.bonds.iter().filter_map(move |bond| {
            let (at_i, at_j) = (word >> bond.i & 1, word >> bond.j & 1);
            (at_i != at_j).then(|| {
                let amplitude = if at_i == 1 { bond.into_i } else { bond.into_j };
                (self.start(word ^ (1 << bond.i | 1 << bond.j)), amplitude)
            })
        })
    }
}

/// Words of `bits` bits below a prefix with `fewest` to `most` of them set, ascending.
fn list_words(bits: usize, fewest: usize, most: usize, prefix: u64, words: &mut Vec<u64>) {
    if bits == 0 {
        words.push(prefix);
        return;
    }
    if fewest < bits {
        list_words(bits - 1, fewest, most.min(bits - 1), prefix << 1, words);
    }
    if most > 0 {
        list_words(
            bits - 1,
            fewest.saturating_sub(1),
            most - 1,
            prefix << 1 | 1,
            words,
        );
    }
}
