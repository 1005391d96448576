//! How long the far part of a bath cannot be felt: a proven time from Lieb–Robinson's bound, and the time at which it is felt in fact.
//!
//! Until then the second law cannot depend on whether the whole bath is thermal.

mod lieb_robinson;
mod truncation;

pub use lieb_robinson::LiebRobinson;
pub use truncation::{Truncation, compare_with_cut_bath};
