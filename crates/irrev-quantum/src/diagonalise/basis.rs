//! States of one symmetry: one for every orbit of words.
//!
//! With P = (1/|G|) Σ_g χ(g)* g, the state of an orbit is P|r⟩/‖P r‖, r the least word of the orbit and ‖P r‖² = |stabiliser|/|G|, or nothing if χ is not 1 on the
//! stabiliser. ⟨r'|H|r⟩ = Σ_s ⟨s|H|r⟩ χ(g) ‖P r'‖/‖P r‖ over the words s = g r' that H reaches from r.
//!
//! Source: Sandvik, AIP Conf. Proc. 1297, 135 (2010), section 4.

use num_complex::Complex64;

use irrev_numerics::linalg::Matrix;

use super::permutation::BitMap;
use super::symmetry::Symmetries;
use crate::kernel::Amplitude;
use crate::model::Hamiltonian;
use crate::sector::Sector;

/// Characters summed over a stabiliser give its order or zero; anything below this is zero.
const ZERO: f64 = 1e-6;

/// The states of a sector on which every symmetry is multiplication by its character.
pub(super) struct SymmetricBasis<'a> {
    characters: Vec<(&'a BitMap, Complex64)>,
    /// Least words of the orbits, ascending, and ‖P r‖.
    representatives: Vec<(u64, f64)>,
}

impl<'a> SymmetricBasis<'a> {
    pub(super) fn new(symmetries: &'a Symmetries, label: &[usize], sector: &Sector) -> Self {
        let characters = symmetries.characters(label);
        let representatives = sector
            .words()
            .filter_map(|word| {
                let mut stabiliser = Complex64::ZERO;
                for (element, character) in &characters {
                    let moved = element.apply(word);
                    if moved < word {
                        return None;
                    }
                    if moved == word {
                        stabiliser += character.conj();
                    }
                }
                let weight = stabiliser.re / characters.len() as f64;
                (stabiliser.re > ZERO).then(|| (word, weight.sqrt()))
            })
            .collect();
        Self {
            characters,
            representatives,
        }
    }

    pub(super) fn dimension(&self) -> usize {
        self.representatives.len()
    }

    /// H among these states.
    pub(super) fn matrix<T: Amplitude>(&self, h: &Hamiltonian) -> Matrix<T> {
        let n = self.dimension();
        let mut matrix = Matrix::zeros(n, n);
        for (column, &(word, norm)) in self.representatives.iter().enumerate() {
            matrix[(column, column)] += T::from_real(h.diagonal(word));
            for (reached, amplitude) in h.hops(word) {
                let (least, character) = self.least(reached);
                let place = self.representatives.binary_search_by_key(&least, |known| known.0);
                // an orbit on which the character vanishes has no state
                if let Ok(row) = place {
                    let element = amplitude * character * (self.representatives[row].1 / norm);
                    matrix[(row, column)] += T::nearest(element);
                }
            }
        }
        matrix
    }

    /// The least word r' of an orbit, and χ(g) of a g with g r' = word.
    fn least(&self, word: u64) -> (u64, Complex64) {
        let mut best = (word, Complex64::ONE);
        for (element, character) in &self.characters {
            let moved = element.apply(word);
            if moved < best.0 {
                // the element leads from the word to r', its inverse back
                best = (moved, character.conj());
            }
        }
        best
    }

    /// The vector of the whole sector from its components among these states.
    pub(super) fn expanded<T: Amplitude>(&self, components: &[T], sector: &Sector) -> Vec<Complex64> {
        let mut state = vec![Complex64::ZERO; sector.dimension() as usize];
        for (&(word, norm), component) in self.representatives.iter().zip(components) {
            let scale = 1.0 / (norm * self.characters.len() as f64);
            for (element, character) in &self.characters {
                let place = sector.rank_inside(element.apply(word)) as usize;
                state[place] += component.to_complex() * character.conj() * scale;
            }
        }
        state
    }

    /// The components of a vector of the whole sector among these states.
    pub(super) fn projected<T: Amplitude>(&self, state: &[Complex64], sector: &Sector) -> Vec<T> {
        let component = |&(word, norm): &(u64, f64)| {
            let scale = 1.0 / (norm * self.characters.len() as f64);
            let overlaps = self.characters.iter().map(|(element, character)| {
                let place = sector.rank_inside(element.apply(word)) as usize;
                state[place] * character * scale
            });
            T::nearest(overlaps.sum())
        };
        self.representatives.iter().map(component).collect()
    }
}
