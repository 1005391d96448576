//! What each number of a model may be: its range in words, and the value it has where the file is silent.

use super::super::keyed::{Meaning, Range, meaning};

/// Largest seed that a floating-point number holds exactly.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;

/// Most spins of a network: couplings in double precision would fill 8 TB.
const MOST_SPINS: f64 = 1e6;

/// Largest side of a lattice.
const MOST_SIDE: f64 = 1000.0;

/// Every number that has a key of its own.
const MEANINGS: &[Meaning] = &[
    meaning("network.draws", Range::Whole(1.0, 1e9), None),
    meaning("network.couplings.mean", Range::Finite, None),
    meaning("network.couplings.spread", Range::NonNegative, None),
    meaning("network.couplings.symmetry", Range::Between(-1.0, 1.0), Some(0.0)),
    meaning("network.couplings.degree", Range::Positive, None),
    meaning("network.couplings.patterns", Range::Whole(1.0, MOST_SPINS), None),
    meaning("network.couplings.sequence", Range::Finite, Some(0.0)),
    meaning("network.couplings.excitatory", Range::Between(0.0, 1.0), None),
    meaning("network.couplings.excitation", Range::NonNegative, None),
    meaning("network.couplings.inhibition", Range::NonNegative, None),
    meaning("network.couplings.columns", Range::Whole(2.0, MOST_SIDE), None),
    meaning("network.couplings.rows", Range::Whole(2.0, MOST_SIDE), None),
    meaning("network.couplings.coupling", Range::Finite, None),
    meaning("network.couplings.rng", Range::Whole(0.0, LARGEST_SEED), None),
    meaning("network.fields", Range::Finite, Some(0.0)),
    meaning("network.fields.value", Range::Finite, None),
    meaning("network.fields.mean", Range::Finite, Some(0.0)),
    meaning("network.fields.half_width", Range::NonNegative, None),
    meaning("network.fields.spread", Range::NonNegative, None),
    meaning("network.fields.rng", Range::Whole(0.0, LARGEST_SEED), None),
    meaning("dynamics.beta", Range::NonNegative, None),
    meaning("dynamics.probability", Range::Probability, None),
    meaning("initial.magnetization", Range::Between(-1.0, 1.0), Some(0.0)),
    meaning("quench.steps", Range::Whole(1.0, 500.0), Some(50.0)),
    meaning("phase_diagram.x.from", Range::Finite, None),
    meaning("phase_diagram.x.to", Range::Finite, None),
    meaning("phase_diagram.x.points", Range::Whole(2.0, 1000.0), Some(100.0)),
    meaning("phase_diagram.y.from", Range::Finite, None),
    meaning("phase_diagram.y.to", Range::Finite, None),
    meaning("phase_diagram.y.points", Range::Whole(2.0, 1000.0), Some(100.0)),
    meaning("mean_field.steps", Range::Whole(1.0, 10_000.0), Some(20.0)),
    meaning("mean_field.tolerance", Range::Positive, Some(1e-9)),
    meaning(
        "simulation.replicas",
        Range::Whole(1.0, 4_294_967_296.0),
        Some(128.0),
    ),
    meaning("simulation.burn_in", Range::Whole(0.0, 1e12), Some(100.0)),
    meaning("simulation.measured", Range::Whole(2.0, 1e12), Some(400.0)),
    meaning("simulation.every", Range::Whole(1.0, 1e9), Some(4.0)),
    meaning("simulation.lags", Range::Whole(0.0, 10_000.0), Some(0.0)),
    meaning("transfer.from", Range::Positive, None),
    meaning("transfer.to", Range::Positive, None),
    meaning("transfer.points", Range::Whole(3.0, 1000.0), Some(25.0)),
    meaning("transfer.replicas", Range::Whole(4.0, 1e6), Some(12.0)),
    meaning("transfer.burn_in", Range::Whole(0.0, 1e9), Some(500.0)),
    meaning("transfer.measured", Range::Whole(1.0, 1e9), Some(2000.0)),
    meaning("transfer.input_rate", Range::Positive, None),
];

/// Keys of numbers that a model may go without, and that can still be set.
pub(super) const OPTIONAL: [&str; 4] = [
    "network.draws",
    "network.couplings.rng",
    "network.fields.rng",
    "dynamics.probability",
];

/// What the number under a key may be. Sizes, and entries of given couplings and fields, share one meaning each.
pub(super) fn of(key: &str) -> Meaning {
    let known = MEANINGS.iter().find(|meaning| meaning.key == key);
    known.copied().unwrap_or(if key.starts_with("network.size") {
        meaning("network.size", Range::Whole(1.0, MOST_SPINS), None)
    } else {
        meaning("", Range::Finite, None)
    })
}
