//! Dense linear algebra: the only place, with [`elimination`](crate::elimination), that names faer.
//!
//! Each result is checked by its residual before it is returned; where the first method fails the check a second,
//! slower one takes over, and an error follows if that fails too. Products run on one thread, so that bits never
//! depend on the number of threads.

mod absorbing;
mod balance;
mod chain;
mod exponential;
mod factor;
mod gram;
mod hermitian;
mod least_norm;
mod least_squares;
mod lyapunov;
mod matrix;
mod polar;
mod product;
mod quasidefinite;
mod solve;
mod sparse_cholesky;
mod sparse_solver;
mod spectrum;

pub use absorbing::AbsorbingFactor;
pub use chain::{ChainElement, solve_chain, solve_definite_chain};
pub use exponential::{exponential, metzler_exponential};
pub(crate) use factor::{Factor, Field, SparseOrdering};
pub use gram::GramFactor;
pub use hermitian::{DenseScalar, HermitianSpectrum, hermitian_eigen, hermitian_eigenvalues};
pub use least_norm::{LeastNorm, least_norm};
pub use least_squares::{Projected, WeightedLeastSquares};
pub use lyapunov::{Lyapunov, accumulated_noise, lyapunov};
pub use matrix::Matrix;
pub use polar::polar_factor;
pub use product::{Earlier, Precision, product_into, product_with_transpose_into, vectorised};
pub use quasidefinite::{Quasidefinite, QuasidefiniteSolution};
pub use solve::{LinearSolver, Solution};
pub use sparse_solver::SparseSolver;
pub use spectrum::{Spectrum, SymmetricSpectrum, eigenvalues, symmetric_eigen};
