//! What each number of a model may be, and the value it has where the file is silent.

use super::super::keyed::{Meaning, Range, meaning};

/// Largest seed that a floating-point number holds exactly.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;

/// Every number that has a key of its own.
const MEANINGS: &[Meaning] = &[
    meaning("lattice.shape", Range::Whole(1.0, 64.0), None),
    meaning("lattice.sites", Range::Whole(1.0, 64.0), None),
    meaning("bath.particles", Range::Whole(0.0, 64.0), None),
    meaning("bath.hopping", Range::Finite, Some(1.0)),
    meaning("bath.interaction", Range::Finite, Some(0.0)),
    meaning("bath.energy", Range::Finite, Some(0.0)),
    meaning("bath.phase", Range::Finite, Some(0.0)),
    meaning("bath.flux", Range::Finite, Some(0.0)),
    meaning("bath.disorder", Range::NonNegative, Some(0.0)),
    meaning("bath.rng", Range::Whole(0.0, LARGEST_SEED), None),
    meaning("bath.next_hopping", Range::Finite, Some(0.0)),
    meaning("bath.next_interaction", Range::Finite, Some(0.0)),
    meaning("bath.eigenstate", Range::Whole(0.0, 1e9), None),
    meaning("bath.block", Range::Whole(0.0, 1.0), None),
    meaning("bath.temperature", Range::NonZero, None),
    meaning("bath.width", Range::Positive, None),
    meaning("bath.beta", Range::Finite, None),
    meaning("bath.alpha", Range::Finite, None),
    meaning("system.energy", Range::Finite, None),
    meaning("system.hopping", Range::Finite, Some(0.0)),
    meaning("system.interaction", Range::Finite, Some(0.0)),
    meaning("system.populations", Range::Between(0.0, 1.0), None),
    meaning("system.amplitudes", Range::Finite, None),
    meaning("system.regularise", Range::Between(0.0, 1.0), Some(0.0)),
    meaning("contact.hopping", Range::Finite, None),
    meaning("contact.interaction", Range::Finite, Some(0.0)),
    meaning("drive.times", Range::Finite, None),
    meaning("drive.system", Range::Finite, None),
    meaning("drive.contact", Range::Finite, None),
    meaning("time.end", Range::Positive, None),
    meaning("time.points", Range::Whole(2.0, 100_000.0), Some(200.0)),
    meaning("time.distribution_at", Range::NonNegative, None),
    meaning("light_cone.radius", Range::Whole(1.0, 64.0), None),
    meaning("light_cone.threshold", Range::Positive, Some(1e-3)),
    meaning("scan.eigenstates", Range::Whole(1.0, 10_000.0), Some(40.0)),
    meaning("scan.time", Range::Positive, None),
    meaning("scan.threshold", Range::NonNegative, Some(0.01)),
    meaning("sizes.particles", Range::Whole(0.0, 64.0), None),
    meaning("sizes.filling", Range::Between(0.0, 1.0), None),
    meaning("sizes.eigenstates", Range::Whole(1.0, 10_000.0), Some(20.0)),
    meaning("sizes.window", Range::Between(0.001, 0.5), Some(0.05)),
    meaning("sizes.times", Range::NonNegative, None),
];

/// Keys of numbers that a model may go without, and that can still be set.
pub(super) const OPTIONAL: [&str; 10] = [
    "bath.rng",
    "bath.eigenstate",
    "bath.block",
    "bath.temperature",
    "bath.width",
    "bath.beta",
    "bath.alpha",
    "time.distribution_at",
    "light_cone.radius",
    "scan.time",
];

/// What the number under a key may be; those of a list share one meaning.
pub(super) fn of(key: &str) -> Meaning {
    let name = key.split('[').next().unwrap_or(key);
    let known = MEANINGS.iter().find(|meaning| meaning.key == name);
    known.copied().unwrap_or(meaning("", Range::Finite, None))
}
