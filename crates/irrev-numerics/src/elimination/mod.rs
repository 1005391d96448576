//! Sparse elimination without subtractions for weighted graphs and Markov generators.
//!
//! Two matrices of nonequilibrium physics are singular by nature and have the same shape: the Laplacian
//! A = B L Bᵀ of a graph with conductances L ≥ 0, and the generator W of dp/dt = W p with rates k ≥ 0 both
//! ways along each edge. Eliminating a node of either leaves a smaller matrix of the same kind, whose
//! conductances or rates are sums of products of non-negative numbers (star-mesh transformation, censored
//! chain). Diagonals are never stored: the outflow of a node is summed from what is left when its turn comes.
//! Hence no digits cancel: the factor is accurate in every entry, and so is the stationary distribution, even
//! where rates span tens of decades. An ordinary LU factorisation has neither property.
//!
//! The elimination is multifrontal, with nested dissection for the order, dense blocks for the arithmetic and
//! independent subtrees for the threads. Results are the same bits for any number of threads.
//!
//! * [`EliminationPlan`]: order and storage, from the pattern alone; reused when only the weights change.
//! * [`LaplacianFactor`]: solves A ψ = w with ψ of zero mean on each component.
//! * [`GeneratorFactor`]: stationary distribution π, and solutions of W y = r and Wᵀ z = s.
//!
//! Conventions: an edge is a pair (tail, head); its forward rate leads from tail to head; parallel edges add;
//! a weight of zero is an absent edge. Weights are scaled by one power of two so that neither 1e300 nor 1e-300
//! overflows; the ratio of the largest to the smallest may be up to about 1e379.
//!
//! Sources: W. Grassmann, M. Taksar and D. Heyman, Oper. Res. 33, 1107 (1985); C. O'Cinneide, Numer. Math. 65,
//! 109 (1993), for the error bound; F. Dörfler and F. Bullo, IEEE Trans. Circuits Syst. I 60, 150 (2013), for
//! Kron reduction; J. W. H. Liu, SIAM Rev. 34, 82 (1992), for the multifrontal method.

mod dissection;
mod error;
mod front;
mod generator;
mod graph;
mod laplacian;
mod numeric;
mod ordering;
mod plan;
mod residual;
mod solve;
mod structure;
mod supernodes;
mod weights;

pub use error::{EliminationError, ReducibleDefect};
pub use generator::GeneratorFactor;
pub use laplacian::LaplacianFactor;
pub use ordering::Ordering;
pub use plan::{EliminationPlan, PlanOptions, Threads};
pub use residual::{Solution, SolveOptions};
