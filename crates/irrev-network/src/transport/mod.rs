//! Optimal transport.
mod wasserstein2;
pub use wasserstein2::{Geodesic, Moment, Wasserstein2, Wasserstein2Options, wasserstein2};
