//! Reactions on molecule counts: species, reactions, and the propensity of each direction.
//!
//! A reaction is a pair of one-way channels, n → n + Δ and n + Δ → n, each with its own propensity a(n, t): the probability per unit time of the
//! jump. The reverse of a jump n → n' is the backward channel of the *same* reaction at n'; reactions with the same Δ are never merged, for
//! merging hides entropy production.
//!
//! | for 2A → B with constant c | propensity |
//! |---|---|
//! | right here | c·n(n−1) |
//! | not meant | c·n(n−1)/2, c·n² |
//!
//! Conventions: mass action is c·∏ n(n−1)…(n−ν+1), falling factorials without 1/ν!. A channel whose jump would make a count negative has
//! propensity zero there, whatever its law says. k_B = 1, entropies in nats.
//!
//! Sources: Gillespie, J. Comput. Phys. 22, 403 (1976); Schmiedl and Seifert, J. Chem. Phys. 126, 044101 (2007).

mod channels;
mod master_equation;
mod propensity;
mod system;

pub(crate) use channels::{Channels, General, Lists, MassAction, NO_CHANNEL, Rates};
pub use master_equation::{
    CountLattice, MasterEquationOptions, StationaryCounts, TransientMoments, stationary_counts,
    transient_moments,
};
pub use propensity::{Propensity, PropensityLaw};
pub use system::{CountReaction, CountSystem};

/// Largest count: whole numbers up to here are exact in `f64`.
pub const LARGEST_COUNT: i64 = 1 << 53;
