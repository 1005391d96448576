//! What the tests of irrev share: assertions with stated tolerances, random networks, and references in twice the precision.
//!
//! | module | gives |
//! |---|---|
//! | [`assertions`] | comparisons that name what differs, by how much, and what was allowed |
//! | [`random`] | proptest strategies for networks, distributions and currents, far beyond what is comfortable |
//! | [`reference`](mod@reference) | cases of values that were computed elsewhere |
//! | [`extended`] | double-double arithmetic, and the stationary distribution computed in it |
//!
//! Networks are plain data here (states and channels), so that this crate depends on nothing it tests.

pub mod assertions;
pub mod extended;
pub mod random;
pub mod reference;

pub use assertions::{assert_all_close, assert_close, assert_same_bits};
pub use random::RandomNetwork;
