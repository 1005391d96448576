//! Overdamped motion on a grid, as a Markov jump process.
//!
//! Probability flows as J_i = D_i (F_i/T − ∂_i) p with F = −∇V + f and D_i = μ_i T, V a potential, f a force that need not have one, and μ_i(x) a mobility along each axis. Nodes
//! stand at equal distances h along each axis, each with a volume around it; between neighbours probability jumps at the rates
//!
//! ```text
//! k(i → j) = D/(h w_i) · B(d),   d = (V_j − V_i − f h)/T,   B(d) = d/(e^d − 1)   (Scharfetter–Gummel)   or   e^{−d/2}   (square root),
//! ```
//!
//! with D and f in the middle of the edge and w_i the width of the volume: h, or h/2 for a node on a wall. Both have k(i → j)/k(j → i) = e^{−d} w_j/w_i: for f = 0 detailed balance is exact, with
//! p_i ∝ volume · e^{−V_i/T}. The result is a [`MarkovJump`](irrev_network::MarkovJump), so that currents, entropy production, cycles, spectra, distances and bounds of networks apply as they are. They
//! differ from those of the continuum by O(h²), which [`extrapolated`] takes out.
//!
//! **Conventions.** k_B = 1; the noise has unit variance, dx_i = (μ_i F_i + ∂_i D_i) dt + √(2 D_i) dW_i in the sense of Itô, so that e^{−V/T} is the equilibrium whatever μ(x). A drift b that is meant
//! in the sense of Itô has F_i = (b_i − ∂_i D_i)/μ_i.
//!
//! **What is refused.** A mobility with off-diagonal entries: between neighbours of a rectangular grid it has no non-negative rates; turn the coordinates into its principal axes.
//!
//! Sources: D. L. Scharfetter and H. K. Gummel, IEEE Trans. Electron Devices 16, 64 (1969); M. Heida, Math. Models Methods Appl. Sci. 28, 2599 (2018), for both weights.

mod dynamics;
mod exits;
mod extrapolation;
mod process;

pub use self::dynamics::Overdamped;
pub use self::exits::{Exits, exits};
pub use self::extrapolation::{Extrapolation, extrapolated, on_three_grids};
pub use self::process::{GridProcess, Neighbours, Weights, discretised};
