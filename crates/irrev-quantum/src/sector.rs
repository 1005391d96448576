//! Sectors of N hard-core particles on L sites: the words with N of L bits set, in ascending order.
//!
//! A word with occupied sites p_0 < p_1 < … has index Σ_k C(p_k, k + 1), the combinatorial number system. The words are never listed. Up to 40 sites the sum is cut
//! into a low and a high half, each looked up in a table of 2^{L/2} numbers; beyond, it is added particle by particle from Pascal's triangle.
//!
//! Sources: Lehmer, Proc. Symp. Appl. Math. 10, 179 (1960); Lin, Phys. Rev. B 42, 6561 (1990).

use crate::error::{Error, Result};
use crate::lattice::require_sites;

/// Up to this number of sites ranks are looked up: two tables of 2²⁰ numbers at most.
const TABULATED_SITES: usize = 40;

/// Pascal's triangle up to 64; C(64, 32) = 1.83e18 still fits.
static BINOMIALS: [[u64; 65]; 65] = pascal();

const fn pascal() -> [[u64; 65]; 65] {
    let mut rows = [[0; 65]; 65];
    let mut n = 0;
    while n < 65 {
        rows[n][0] = 1;
        let mut k = 1;
        while k <= n {
            rows[n][k] = rows[n - 1][k - 1] + rows[n - 1][k];
            k += 1;
        }
        n += 1;
    }
    rows
}

/// C(n, k) for n ≤ 64, zero for k > n.
///
/// ```
/// assert_eq!(irrev_quantum::sector::binomial(64, 32), 1_832_624_140_942_590_534);
/// ```
///
/// # Panics
/// If n or k exceeds 64.
#[must_use]
#[inline]
pub fn binomial(n: usize, k: usize) -> u64 {
    BINOMIALS[n][k]
}

/// Index of a word among the words with as many bits set.
#[inline]
pub(crate) fn rank_of_word(word: u64) -> u64 {
    let (mut left, mut count, mut rank) = (word, 1, 0);
    while left != 0 {
        rank += BINOMIALS[left.trailing_zeros() as usize][count];
        left &= left - 1;
        count += 1;
    }
    rank
}

/// The word that follows among those with as many bits set (Gosper, HAKMEM item 175, 1972); `None` after the last of 64 bits. Not for 0.
#[inline]
fn following(word: u64) -> Option<u64> {
    let lowest = word & word.wrapping_neg();
    let carried = word.checked_add(lowest)?;
    Some(carried | ((word ^ carried) >> 2) >> lowest.trailing_zeros())
}

/// Words of `bits` bits with `ones` of them set, ascending.
pub(crate) fn words(bits: usize, ones: usize) -> Words {
    let count = if ones > bits { 0 } else { binomial(bits, ones) };
    Words {
        next: if ones == 64 { u64::MAX } else { (1 << ones) - 1 },
        left: count,
    }
}

/// As [`words`], from an index on.
pub(crate) fn words_from(bits: usize, ones: usize, index: u64) -> Words {
    Words {
        next: word_of_rank(bits, ones, index).unwrap_or(0),
        left: binomial(bits, ones).saturating_sub(index),
    }
}

/// The word of an index; `None` if there are not that many.
fn word_of_rank(bits: usize, ones: usize, index: u64) -> Option<u64> {
    if index >= binomial(bits, ones) {
        return None;
    }
    let (mut left, mut site, mut word) = (index, bits, 0);
    for count in (1..=ones).rev() {
        // the largest site p with C(p, count) ≤ what is left
        site -= 1;
        while BINOMIALS[site][count] > left {
            site -= 1;
        }
        left -= BINOMIALS[site][count];
        word |= 1 << site;
    }
    Some(word)
}

/// Iterator over the words of a sector, ascending.
#[derive(Debug, Clone)]
pub struct Words {
    next: u64,
    left: u64,
}

impl Iterator for Words {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.left == 0 {
            return None;
        }
        let word = self.next;
        self.left -= 1;
        if self.left > 0 {
            self.next = following(word)?;
        }
        Some(word)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left);
        (*left.as_ref().unwrap_or(&usize::MAX), left.ok())
    }
}

/// The states of N particles on L ≤ 64 sites.
///
/// ```
/// use irrev_quantum::Sector;
/// let sector = Sector::new(6, 3)?;
/// assert_eq!(sector.dimension(), 20);
/// assert_eq!(sector.rank(0b100110), Some(12));
/// assert_eq!(sector.unrank(12), Some(0b100110));
/// assert_eq!(sector.rank(0b11), None);                                   // two particles
/// assert_eq!(sector.words().nth(1), Some(0b1011));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sector {
    sites: usize,
    particles: usize,
    /// Ranks of the low half and of the high half; empty beyond the sites that are tabulated.
    low: Vec<u64>,
    high: Vec<u64>,
}

impl Sector {
    /// The sector of N particles on L sites. Memory: two tables of 2^{L/2} numbers up to 40 sites, nothing beyond.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`], [`Error::Particles`].
    pub fn new(sites: usize, particles: usize) -> Result<Self> {
        require_sites(sites)?;
        if particles > sites {
            return Err(Error::Particles { particles, sites });
        }
        let (mut low, mut high) = (Vec::new(), Vec::new());
        if sites <= TABULATED_SITES {
            let half = sites / 2;
            low = (0..1_u64 << half).map(rank_of_word).collect();
            high = (0..1_u64 << (sites - half))
                .map(|word| {
                    // ones of the low half stand below; a word with too many ones belongs to no state
                    let below = particles.saturating_sub(word.count_ones() as usize);
                    let ones = below.min(half);
                    rank_of_word(word << half | ((1 << ones) - 1))
                })
                .collect();
        }
        Ok(Self {
            sites,
            particles,
            low,
            high,
        })
    }

    /// Number of sites L.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Number of particles N.
    #[must_use]
    pub fn particles(&self) -> usize {
        self.particles
    }

    /// Number of states C(L, N).
    #[must_use]
    pub fn dimension(&self) -> u64 {
        binomial(self.sites, self.particles)
    }

    /// Index of a word, bit i for site i; `None` if it does not belong to the sector.
    #[must_use]
    pub fn rank(&self, word: u64) -> Option<u64> {
        let fits =
            word.count_ones() as usize == self.particles && self.sites as u32 >= 64 - word.leading_zeros();
        fits.then(|| self.rank_inside(word))
    }

    /// Index of a word of the sector.
    #[inline]
    pub(crate) fn rank_inside(&self, word: u64) -> u64 {
        if self.low.is_empty() {
            return rank_of_word(word);
        }
        let half = self.sites / 2;
        self.low[(word & ((1 << half) - 1)) as usize] + self.high[(word >> half) as usize]
    }

    /// The word with an index; `None` if there are not that many.
    #[must_use]
    pub fn unrank(&self, index: u64) -> Option<u64> {
        word_of_rank(self.sites, self.particles, index)
    }

    /// All words, ascending: the basis in its order.
    #[must_use]
    pub fn words(&self) -> Words {
        words(self.sites, self.particles)
    }

    /// The words from an index on; none if there are not that many.
    #[must_use]
    pub fn words_from(&self, index: u64) -> Words {
        words_from(self.sites, self.particles, index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_ascending_words() {
        for sites in [1, 2, 5, 9, 12] {
            for particles in 0..=sites {
                let sector = Sector::new(sites, particles).unwrap();
                let listed: Vec<u64> = (0..1_u64 << sites)
                    .filter(|w| w.count_ones() as usize == particles)
                    .collect();
                assert_eq!(sector.words().collect::<Vec<_>>(), listed);
                assert_eq!(sector.dimension(), listed.len() as u64);
                for (index, &word) in listed.iter().enumerate() {
                    assert_eq!(sector.rank(word), Some(index as u64));
                    assert_eq!(sector.unrank(index as u64), Some(word));
                    assert_eq!(rank_of_word(word), index as u64);
                    assert_eq!(sector.words_from(index as u64).next(), Some(word));
                }
                assert_eq!(sector.unrank(sector.dimension()), None);
                assert_eq!(sector.words_from(sector.dimension()).next(), None);
            }
        }
    }

    #[test]
    fn the_largest_sectors_neither_overflow_nor_take_memory() {
        for (sites, particles) in [(64, 32), (64, 0), (64, 64), (64, 1), (63, 31), (41, 20), (40, 20)] {
            let sector = Sector::new(sites, particles).unwrap();
            let last = sector.dimension() - 1;
            for index in [0, last / 3, last / 2, last] {
                let word = sector.unrank(index).unwrap();
                assert_eq!(word.count_ones() as usize, particles);
                assert_eq!(sector.rank(word), Some(index), "{sites} {particles} {index}");
            }
            assert_eq!(sector.words_from(last).count(), 1);
        }
    }

    #[test]
    fn words_of_another_sector_have_no_rank() {
        let sector = Sector::new(5, 2).unwrap();
        assert_eq!(sector.rank(0b100001), None);
        assert_eq!(sector.rank(0b111), None);
        assert_eq!(
            Sector::new(3, 4),
            Err(Error::Particles {
                particles: 4,
                sites: 3
            })
        );
    }
}
