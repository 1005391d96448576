//! Lanczos' method: tridiagonal images of H, bounds of its spectrum, extremal levels, and exponentials in Krylov spaces.
//!
//! From a normalised v_0, H v_j = β_{j+1} v_{j+1} + α_j v_j + β_j v_{j−1}. In exact arithmetic the v_j are orthonormal, and H is the tridiagonal matrix of α and β among
//! them. Rounding destroys their orthogonality once an eigenvalue has converged; where that matters, vectors are orthogonalised against all before.
//!
//! Source: Lanczos, J. Res. Natl. Bur. Stand. 45, 255 (1950); Paige, J. Inst. Math. Appl. 18, 341 (1976).

mod bounds;
mod coefficients;
mod extremal;
mod krylov;
mod side_by_side;

pub use bounds::{SpectralBounds, spectral_bounds};
pub use coefficients::{LanczosCoefficients, lanczos_coefficients};
pub use extremal::{End, ExtremalLevels, extremal_levels};
pub use krylov::{KrylovEvolution, evolve_by_krylov};
pub(crate) use krylov::{combined, orthogonalise};
pub(crate) use side_by_side::{LANES, lanczos_coefficients_of_occupations};
