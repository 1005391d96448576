//! Methods that only apply the matrix: conjugate gradients, uniformisation, and Krylov exponentials.

mod arnoldi;
mod conjugate_gradients;
mod uniformisation;

pub use arnoldi::{ExponentialAction, exponential_action};
pub use conjugate_gradients::{ConjugateGradients, conjugate_gradients};
pub use uniformisation::{Uniformised, poisson_weights};
