//! Bonds between the halves: a particle enters or leaves the low half.
//!
//! Low words with site i empty, and the same words with it occupied, correspond to each other in ascending order, and as long as the bits above i stay the same both
//! are contiguous. A site high up in the low half therefore moves long runs, one far below single entries.

use crate::sector::{rank_of_word, words};

use super::tables::Coefficient;

/// Runs shorter than this on average are listed entry by entry.
const SHORT: usize = 6;

/// Where the words with a site empty stand among those with n particles, and where those with it occupied stand among those with n + 1.
pub(super) enum Correspondence {
    /// (empty, occupied, length).
    Runs(Vec<(u16, u16, u16)>),
    /// (empty, occupied).
    Entries(Vec<(u16, u16)>),
}

impl Correspondence {
    fn new(bits: usize, site: usize, ones: usize) -> Self {
        let bit = 1_u64 << site;
        let mut runs: Vec<(u16, u16, u16)> = Vec::new();
        let mut entries = Vec::new();
        for (empty, word) in words(bits, ones).enumerate().filter(|(_, word)| word & bit == 0) {
            let (empty, occupied) = (empty as u16, rank_of_word(word | bit) as u16);
            entries.push((empty, occupied));
            match runs.last_mut() {
                Some((e, o, length)) if *e + *length == empty && *o + *length == occupied => *length += 1,
                _ => runs.push((empty, occupied, 1)),
            }
        }
        if runs.len() * SHORT <= entries.len() {
            Self::Runs(runs)
        } else {
            Self::Entries(entries)
        }
    }
}

/// A low site that has bonds into the high half.
pub(super) struct BorderSite<C> {
    pub(super) bonds: Vec<MixedBond<C>>,
    /// By number of particles in the low half with the site empty.
    pub(super) correspondences: Vec<Correspondence>,
    /// Occupation of the site, 0 or 1, by number of particles and low word; empty if nothing interacts across.
    pub(super) occupations: Vec<Vec<f64>>,
}

/// A bond from a low site to a high one, counted from the first of the high half.
pub(super) struct MixedBond<C> {
    pub(super) high: u32,
    /// Amplitude of a particle to come from the high site into the low one.
    pub(super) into_low: C,
    /// Amplitude of a particle to leave.
    pub(super) into_high: C,
    pub(super) interaction: f64,
}

impl<C: Coefficient> BorderSite<C> {
    /// A border site of a low half of `bits` bits that holds between `fewest` and `most` particles.
    pub(super) fn new(
        site: usize,
        bonds: Vec<MixedBond<C>>,
        bits: usize,
        (fewest, most): (usize, usize),
    ) -> Self {
        let correspondences = (0..most)
            .map(|ones| match ones {
                _ if ones < fewest => Correspondence::Entries(Vec::new()),
                _ => Correspondence::new(bits, site, ones),
            })
            .collect();
        let occupation = |ones: usize| -> Vec<f64> {
            let occupied = words(bits, ones).map(|word| (word >> site & 1) as f64);
            if ones < fewest {
                Vec::new()
            } else {
                occupied.collect()
            }
        };
        let interacts = bonds.iter().any(|bond| bond.interaction != 0.0);
        let occupations = if interacts {
            (0..=most).map(occupation).collect()
        } else {
            Vec::new()
        };
        Self {
            bonds,
            correspondences,
            occupations,
        }
    }

    /// Energy of a particle on the site among the particles of a high word.
    #[inline(always)]
    pub(super) fn field(&self, word: u64) -> f64 {
        self.bonds
            .iter()
            .map(|bond| bond.interaction * (word >> bond.high & 1) as f64)
            .sum()
    }
}
