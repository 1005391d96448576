//! Whether eigenstates look thermal: averages of local observables, their scatter from level to level, elements between levels, and the statistics of gaps.
//!
//! Weakly, the variance of O_aa in a window of energy goes to zero with the size of the lattice, for almost all lattices; strongly, every O_aa goes to the mean, unless the lattice is
//! integrable. Gaps of one symmetry are Poisson's in integrable lattices and repel each other in others.
//!
//! Inside a degenerate level O_aa depends on the basis: take one block of the symmetries, or couplings that break them.
//!
//! Sources: Deutsch, Phys. Rev. A 43, 2046 (1991); Srednicki, Phys. Rev. E 50, 888 (1994); Biroli, Kollath and Läuchli, Phys. Rev. Lett. 105, 250401 (2010); Rigol, Dunjko and Olshanii,
//! Nature 452, 854 (2008).

mod eigenstates;
mod gaps;
mod observable;

pub use eigenstates::{EigenstateThermalisation, Elements};
pub use gaps::{GapRatio, ORTHOGONAL_GAP_RATIO, POISSON_GAP_RATIO, gap_ratio};
pub use observable::{density, hopping, pair_density};
