//! Numerics under irrev: what thermodynamics on networks asks of floating-point arithmetic, and no physics.
//!
//! | module | believes |
//! |---|---|
//! | [`special`] | a logarithmic mean and a dissipation keep every digit, near equilibrium and over 600 decades |
//! | [`sum`] | sums that decide a sign are compensated, and added in a fixed order |
//! | [`tolerance`] | every iterative number carries its [`Convergence`] |
//! | [`blocks`] | errors of correlated data come from sums over blocks, which need no more memory for longer data |
//! | [`estimate`] | every statistical number carries its error bar |
//! | [`sparse`], [`operator`] | matrices as compressed rows; anything that can be applied is a [`LinearOperator`] |
//! | [`linalg`] | dense factorisations and spectra; each result is checked by its residual |
//! | [`elimination`] | graph Laplacians and Markov generators are eliminated without a subtraction |
//! | [`fourier`] | transforms of real series, and convolutions by them |
//! | [`integer`] | conservation laws and cycles are whole numbers: null spaces are found exactly |
//! | [`krylov`] | conjugate gradients, and the action of the exponential of a generator or of any operator |
//! | [`network_simplex`] | flows and transport of least cost carry potentials that prove it |
//! | [`quadrature`] | adaptive integrals of vectors, with error estimates |
//! | [`ode`] | stiff and non-stiff initial value problems, with integrals and events along the way |
//! | [`streams`] | random numbers are a function of (seed, purpose, index), never of a thread |
//! | [`run`] | seed, threads, progress, cancellation and checkpoints of a long run |
//!
//! Conventions: `f64` throughout, natural logarithms, errors as values.

pub mod blocks;
mod dense_kernels;
pub mod elimination;
pub mod error;
pub mod estimate;
pub mod fourier;
pub mod integer;
pub mod krylov;
pub mod linalg;
pub mod network_simplex;
pub mod ode;
pub mod operator;
pub mod quadrature;
pub mod run;
pub mod sparse;
pub mod special;
pub mod streams;
pub mod sum;
pub mod tolerance;

pub use error::{Error, ErrorKind, Result};
pub use estimate::{Estimate, EstimateKind};
pub use operator::{LinearOperator, Scalar};
pub use run::{Monitor, Run};
pub use sparse::SparseMatrix;
pub use tolerance::{Convergence, StopReason, Tolerance};
