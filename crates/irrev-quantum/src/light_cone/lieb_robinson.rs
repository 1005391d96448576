//! A bound on commutators that can be computed: sums over chains of bonds.
//!
//! ‖[A(t), B]‖ ≤ 2 ‖A‖ ‖B‖ Σ_n (2|t|)^n/n! W_n with W_n = Σ Π_k ‖h_{Z_k}‖ over chains Z_1 … Z_n of bonds, the first of which touches A, each the next, and the last B. ‖h‖ = max(|J|, |V|) for
//! the spectrum {0, ±|J|, V} of a bond; site energies are removed by the interaction picture, in which only phases of J change. The first chain has as many bonds as A is away
//! from B, so that the bound grows like (t/τ)^d until τ.
//!
//! Sources: Lieb and Robinson, Commun. Math. Phys. 28, 251 (1972); Hastings and Koma, Commun. Math. Phys. 265, 781 (2006).

use crate::error::{Error, Result};
use crate::lattice::Lattice;
use crate::model::{Bond, Hamiltonian};

/// Terms are summed until what is left is smaller than this part of the sum; it is added as a bound.
const TAIL: f64 = 1e-3;

/// Relative width at which a time counts as found.
const RESOLUTION: f64 = 1e-12;

/// The bound between two sets of sites.
///
/// ```
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::light_cone::LiebRobinson;
/// use irrev_quantum::Hamiltonian;
/// let chain = Hamiltonian::uniform(&Lattice::chain(10, Boundary::Open)?, 1.0, 0.5, 0.3)?;
/// let near = LiebRobinson::new(&chain, &[0], &[4])?;
/// let far = LiebRobinson::new(&chain, &[0], &[9])?;
/// assert_eq!((near.distance(), far.distance()), (Some(4), Some(9)));
/// assert!(far.time(1.0)? > near.time(1.0)?);
/// assert!((far.bound(far.time(1.0)?) - 1.0).abs() < 1e-6);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LiebRobinson {
    norms: Vec<f64>,
    /// Bonds that share a site with a bond, itself among them.
    touching: Vec<Vec<usize>>,
    first: Vec<bool>,
    last: Vec<bool>,
    distance: Option<usize>,
}

impl LiebRobinson {
    /// The bound for operators on two disjoint sets of sites.
    ///
    /// # Errors
    /// [`Error::Site`] for a site that does not exist; [`Error::RepeatedSite`] for one in both sets; [`Error::Size`] for an empty set.
    pub fn new(h: &Hamiltonian, from: &[usize], to: &[usize]) -> Result<Self> {
        let norm = |bond: &Bond| bond.hopping.norm().max(bond.interaction.abs());
        let bonds: Vec<&Bond> = h.bonds().iter().filter(|bond| norm(bond) > 0.0).collect();
        let pairs: Vec<(usize, usize)> = bonds.iter().map(|bond| (bond.i, bond.j)).collect();
        let lattice = Lattice::from_bonds(h.sites(), &pairs)?;
        let distances = lattice.distances(from)?;
        lattice.distances(to)?;
        for (what, sites) in [("sites of A", from), ("sites of B", to)] {
            if sites.is_empty() {
                Error::require_size(what, 0, 1)?;
            }
        }
        if let Some(&site) = from.iter().find(|site| to.contains(site)) {
            return Err(Error::RepeatedSite {
                what: "the pair of sets A and B",
                site,
            });
        }
        let touches = |(i, j): (usize, usize), sites: &[usize]| sites.contains(&i) || sites.contains(&j);
        let shares = |a: (usize, usize), b: (usize, usize)| touches(a, &[b.0, b.1]);
        Ok(Self {
            norms: bonds.iter().map(|bond| norm(bond)).collect(),
            touching: pairs
                .iter()
                .map(|&a| (0..pairs.len()).filter(|&b| shares(a, pairs[b])).collect())
                .collect(),
            first: pairs.iter().map(|&pair| touches(pair, from)).collect(),
            last: pairs.iter().map(|&pair| touches(pair, to)).collect(),
            distance: to.iter().filter_map(|&site| distances[site]).min(),
        })
    }

    /// Fewest bonds with a coupling from A to B; `None` if no path leads there.
    #[must_use]
    pub fn distance(&self) -> Option<usize> {
        self.distance
    }

    /// A bound of ‖[A(t), B]‖/(‖A‖ ‖B‖): the smaller of the sum and of 2, which always holds.
    #[must_use]
    pub fn bound(&self, t: f64) -> f64 {
        self.sum(t).min(2.0)
    }

    /// The time until which the bound stays below δ: no operator on B can disturb A by more before. Infinite if A and B are not connected.
    ///
    /// # Errors
    /// [`Error::Domain`] unless 0 < δ ≤ 2.
    pub fn time(&self, delta: f64) -> Result<f64> {
        Error::require(
            "the disturbance δ",
            delta,
            delta > 0.0 && delta <= 2.0,
            "a number above 0, at most 2",
        )?;
        if self.distance.is_none() {
            return Ok(f64::INFINITY);
        }
        let strongest = self.norms.iter().copied().fold(0.0, f64::max);
        let mut late = 1.0 / strongest;
        let mut early = 0.0;
        while self.sum(late) < delta {
            early = late;
            late *= 2.0;
        }
        while late - early > RESOLUTION * late {
            let middle = 0.5 * (early + late);
            if self.sum(middle) < delta {
                early = middle;
            } else {
                late = middle;
            }
        }
        Ok(early)
    }

    /// 2 Σ_n (2|t|)^n/n! W_n with a bound for what is left out; infinite beyond the largest number.
    fn sum(&self, t: f64) -> f64 {
        let Some(distance) = self.distance else {
            return 0.0;
        };
        let growth = self
            .touching
            .iter()
            .map(|near| near.iter().map(|&b| self.norms[b]).sum::<f64>())
            .fold(0.0, f64::max);
        let x = 2.0 * t.abs();
        // chains by their last bond, with the factor x^n/n!
        let mut chains: Vec<f64> = (0..self.norms.len())
            .map(|b| if self.first[b] { x * self.norms[b] } else { 0.0 })
            .collect();
        let mut sum = 0.0;
        let mut n = 1.0;
        loop {
            let arrived = (0..chains.len()).filter(|&b| self.last[b]).map(|b| chains[b]);
            sum += 2.0 * arrived.sum::<f64>();
            let all: f64 = chains.iter().sum();
            if all == 0.0 || sum >= f64::MAX || sum.is_nan() {
                return if sum.is_nan() { f64::INFINITY } else { sum };
            }
            // later terms fall by at least this factor each
            let ratio = x * growth / (n + 1.0);
            let left = 2.0 * all * ratio / (1.0 - ratio);
            if ratio < 0.5 && n > distance as f64 && left <= TAIL * RESOLUTION * sum {
                return sum + left;
            }
            n += 1.0;
            chains = (0..chains.len())
                .map(|b| {
                    let before: f64 = self.touching[b].iter().map(|&a| chains[a]).sum();
                    x / n * self.norms[b] * before
                })
                .collect();
        }
    }
}
