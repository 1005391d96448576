//! What H does to the low half: the same in every block with as many low particles.

use crate::model::Hamiltonian;
use crate::sector::{rank_of_word, words};

use super::tables::Coefficient;

/// The low words with one number of particles, and H among them.
pub(super) struct LowWords<C> {
    /// Energies and interactions of the low sites alone, by word.
    pub(super) diagonal: Vec<f64>,
    /// Hops, by their amplitude.
    pub(super) hops: Vec<LowHops<C>>,
}

/// All hops of one amplitude: y[row] += amplitude · Σ x[source].
pub(super) struct LowHops<C> {
    pub(super) amplitude: C,
    pub(super) rows: Vec<RowsOfOneLength>,
}

/// Rows with the same number of sources, so that loops over sources have one length and are foreseen by the processor.
pub(super) struct RowsOfOneLength {
    pub(super) sources_each: usize,
    pub(super) rows: Vec<u16>,
    /// `sources_each` for every row.
    pub(super) sources: Vec<u16>,
}

impl<C: Coefficient> LowWords<C> {
    /// Nothing, for a number of particles that no state has.
    pub(super) fn none() -> Self {
        Self {
            diagonal: Vec::new(),
            hops: Vec::new(),
        }
    }

    /// The one state of a half without sites.
    pub(super) fn of_no_sites() -> Self {
        Self {
            diagonal: vec![0.0],
            hops: Vec::new(),
        }
    }

    /// Words of `bits` bits with `ones` set, under the part of H that acts on these sites only.
    pub(super) fn new(low: &Hamiltonian, bits: usize, ones: usize) -> Self {
        let words: Vec<u64> = words(bits, ones).collect();
        let mut hops = Vec::<LowHops<C>>::new();
        for (row, &word) in words.iter().enumerate() {
            // ⟨word|H|source⟩ is the conjugate of ⟨source|H|word⟩
            let mut sources: Vec<(C, u16)> = low
                .hops(word)
                .map(|(source, amplitude)| (C::from_complex(amplitude.conj()), rank_of_word(source) as u16))
                .collect();
            while let Some(&(amplitude, _)) = sources.first() {
                let alike = sources.iter().filter(|hop| hop.0 == amplitude).map(|hop| hop.1);
                let place = hops.iter().position(|known| known.amplitude == amplitude);
                let place = place.unwrap_or_else(|| {
                    hops.push(LowHops {
                        amplitude,
                        rows: Vec::new(),
                    });
                    hops.len() - 1
                });
                hops[place].add_row(row as u16, &alike.collect::<Vec<_>>());
                sources.retain(|hop| hop.0 != amplitude);
            }
        }
        Self {
            diagonal: words.iter().map(|&word| low.diagonal(word)).collect(),
            hops,
        }
    }
}

impl<C> LowHops<C> {
    fn add_row(&mut self, row: u16, sources: &[u16]) {
        let known = self
            .rows
            .iter()
            .position(|rows| rows.sources_each == sources.len());
        let place = known.unwrap_or_else(|| {
            self.rows.push(RowsOfOneLength {
                sources_each: sources.len(),
                rows: Vec::new(),
                sources: Vec::new(),
            });
            self.rows.len() - 1
        });
        self.rows[place].rows.push(row);
        self.rows[place].sources.extend_from_slice(sources);
    }
}
