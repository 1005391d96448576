//! Errors and intervals of correlated data: blocks, jackknife, bootstrap.
//!
//! A number from data is a function f(ΣS) of sums over the data. The data are cut into consecutive blocks, and the sums of each block are a row; what f would be on
//! other data is asked of the rows alone, never of the data again:
//!
//! ```text
//! jackknife    f without block b, for each b: bias (B − 1)(mean − f), variance (B − 1)/B Σ (f_b − mean)²
//! bootstrap    f of blocks drawn with replacement, ℓ neighbours at a time round a circle
//! ```
//!
//! Both hold for blocks that are long beside the correlation time τ = 1 + 2 Σ_k ρ_k; [`block_length`] measures how long they must be.
//!
//! Sources: H. R. Künsch, Ann. Stat. 17, 1217 (1989); D. N. Politis and J. P. Romano, in *Exploring the Limits of Bootstrap* (1992), circular blocks; D. N. Politis and H. White,
//! Econometric Reviews 23, 53 (2004), corrected by A. Patton, Politis and White, ibid. 28, 372 (2009), block length; B. Efron, J. Am. Stat. Assoc. 82, 171 (1987), BCa.

mod block_length;
mod bootstrap;
mod interval;
mod jackknife;

pub use block_length::{BlockLength, block_length};
pub use bootstrap::{Bootstrap, bootstrap};
pub use interval::{IntervalKind, interval};
pub(crate) use interval::{normal_quantile, student_quantile};
pub use irrev_numerics::blocks::Blocks;
pub use jackknife::{Jackknife, jackknife};
