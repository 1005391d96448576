//! A field as the gradient of a potential and a flux, on a grid.
//!
//! A mean force F(r) = ⟨R̈; r⟩ in several coordinates need not be a gradient. Its projection in L²(ρ),
//!
//! ```text
//! F = −A∇V_m + v,   ∇·(ρ v) = 0,   n·v ρ = 0 on walls,   ⟨F·A⁻¹F⟩ = ⟨∇V_m·A∇V_m⟩ + ⟨v·A⁻¹v⟩,
//! ```
//!
//! defines the mean-force potential V_m and the flux v. The metric A says how the coordinates compare; without it, the split would change with their units.
//!
//! **A flux is not yet irreversible.** In equilibrium F_i = ρ⁻¹ Σ_j ∂_j(W_ij ρ) with W_ij = ⟨Ṙ_i Ṙ_j; r⟩, and where W depends on r this has a flux part of its own. Where W is known,
//! [`attributed`] tells that metric part from the rest, and [`time_reversal`] tests whether a recording has a direction of time at all. [`recorded_field`] does all of this for two coordinates of a recording.
//!
//! On the grid F lives on edges, ρ weighs them, and the projection is exact: Pythagoras' theorem holds to rounding. V_m differs from that of the continuum by O(h²).
//!
//! Conventions: V_m has mean zero in ρ on each component; nodes with no neighbour of positive ρ have none (NaN). Source: S. Kawai, Ensemble 16 (2014), equations 14 and 15.

mod attribution;
mod grid_field;
mod recorded;
mod split;
mod time_reversal;

pub use self::attribution::{Attribution, attributed};
pub use self::grid_field::GridField;
pub use self::recorded::{
    PairMotion, PairSource, PartSquares, RecordedField, RecordedFieldOptions, recorded_field,
    recorded_time_reversal,
};
pub use self::split::{FieldSplit, split};
pub use self::time_reversal::{TimeReversal, time_reversal};
