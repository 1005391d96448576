//! What H does in a sector, in tables by half.

use num_complex::Complex64;

use irrev_numerics::Scalar;

use crate::error::Result;
use crate::model::{Bond, Hamiltonian};
use crate::sector::{Sector, binomial};

use super::high::HighWords;
use super::low::LowWords;
use super::mixed::{BorderSite, MixedBond};

/// Longest mean block: a few vectors of them stay in a processor's nearest caches.
const LONGEST_MEAN: u64 = 1000;

/// Longest block: its places are numbers of 16 bits.
const LONGEST: u64 = 1 << 16;

/// Matrix elements: real while every hopping is.
pub(super) trait Coefficient: Scalar {
    fn from_complex(z: Complex64) -> Self;
    fn scaled(self, by: f64) -> Self;
}

impl Coefficient for f64 {
    #[inline(always)]
    fn from_complex(z: Complex64) -> Self {
        z.re
    }
    #[inline(always)]
    fn scaled(self, by: f64) -> Self {
        self * by
    }
}

impl Coefficient for Complex64 {
    #[inline(always)]
    fn from_complex(z: Complex64) -> Self {
        z
    }
    #[inline(always)]
    fn scaled(self, by: f64) -> Self {
        self * by
    }
}

/// H in a sector: both halves, and what joins them.
pub(super) struct Tables<C> {
    pub(super) particles: usize,
    /// By number of particles.
    pub(super) low: Vec<LowWords<C>>,
    pub(super) high: HighWords<C>,
    pub(super) border: Vec<BorderSite<C>>,
    pub(super) longest_block: usize,
    /// Fewest and most particles in the low half.
    pub(super) low_particles: (usize, usize),
}

impl<C: Coefficient> Tables<C> {
    pub(super) fn new(h: &Hamiltonian, sector: &Sector) -> Result<Self> {
        let (sites, particles) = (sector.sites(), sector.particles());
        let low_bits = low_half(sites, particles);
        let high_bits = sites - low_bits;
        let (fewest, most) = low_particles(sites, particles, low_bits);
        let inside = |bond: &&Bond, from: usize, to: usize| {
            let inside = |site: usize| (from..to).contains(&site);
            inside(bond.i) && inside(bond.j)
        };
        let half = |from: usize, to: usize| -> Result<Hamiltonian> {
            let bonds: Vec<Bond> = h
                .bonds()
                .iter()
                .filter(|bond| inside(bond, from, to))
                .copied()
                .collect();
            let moved: Vec<Bond> = bonds
                .iter()
                .map(|bond| Bond {
                    i: bond.i - from,
                    j: bond.j - from,
                    ..*bond
                })
                .collect();
            Hamiltonian::new(&h.energies()[from..to], &moved)
        };
        let low = (0..=most).map(|ones| -> Result<LowWords<C>> {
            match ones {
                _ if ones < fewest => Ok(LowWords::none()),
                // a single site is a high half alone
                _ if low_bits == 0 => Ok(LowWords::of_no_sites()),
                _ => Ok(LowWords::new(&half(0, low_bits)?, low_bits, ones)),
            }
        });
        let low = low.collect::<Result<Vec<_>>>()?;
        let high = HighWords::new(&half(low_bits, sites)?, high_bits, low_bits, particles);
        let border = (0..low_bits).filter_map(|site| {
            let bonds: Vec<MixedBond<C>> = h
                .bonds()
                .iter()
                .filter_map(|bond| MixedBond::new(bond, site, low_bits))
                .collect();
            (!bonds.is_empty()).then(|| BorderSite::new(site, bonds, low_bits, (fewest, most)))
        });
        Ok(Self {
            particles,
            border: border.collect(),
            longest_block: low.iter().map(|words| words.diagonal.len()).max().unwrap_or(0),
            low_particles: (fewest, most),
            low,
            high,
        })
    }
}

impl<C: Coefficient> MixedBond<C> {
    /// The bond as seen from a low site, if it leads from there into the high half.
    fn new(bond: &Bond, site: usize, low_bits: usize) -> Option<Self> {
        let (other, into_low) = if bond.i == site {
            (bond.j, -bond.hopping)
        } else {
            (bond.i, -bond.hopping.conj())
        };
        let leads = (bond.i == site || bond.j == site) && other >= low_bits;
        leads.then(|| Self {
            high: (other - low_bits) as u32,
            into_low: C::from_complex(into_low),
            into_high: C::from_complex(into_low.conj()),
            interaction: bond.interaction,
        })
    }
}

/// Fewest and most particles that the low half can hold.
fn low_particles(sites: usize, particles: usize, low_bits: usize) -> (usize, usize) {
    (
        particles.saturating_sub(sites - low_bits),
        particles.min(low_bits),
    )
}

/// Sites of the low half: as many as keep blocks short, at most half of all.
fn low_half(sites: usize, particles: usize) -> usize {
    let fits = |low_bits: &usize| {
        let (fewest, most) = low_particles(sites, particles, *low_bits);
        let blocks: u64 = (fewest..=most)
            .map(|low| binomial(sites - low_bits, particles - low))
            .sum();
        let longest = (fewest..=most).map(|low| binomial(*low_bits, low)).max();
        binomial(sites, particles) / blocks <= LONGEST_MEAN && longest <= Some(LONGEST)
    };
    (0..=sites / 2).rev().find(fits).unwrap_or(0)
}
