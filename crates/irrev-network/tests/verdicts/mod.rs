//! What the records of bounds have to say, whichever they are.

use irrev_network::bounds::{Bound, Unmet, Verdict};

/// Fails if a bound is violated, or fails an assumption that is not expected to fail.
pub(crate) fn all_hold(bounds: &[Bound], excused: impl Fn(&Unmet) -> bool) {
    for bound in bounds {
        match &bound.outcome {
            Ok(sides) => {
                assert_ne!(sides.verdict(), Verdict::Violated, "{bound}");
                let known =
                    [sides.cost, sides.bound].map(|side| side.value.is_finite() && side.error.is_finite());
                assert_eq!(known, [true, true], "{bound}");
                if let Some(time) = sides.least_time {
                    assert!(time.value >= 0.0 && time.error.is_finite(), "{bound}");
                }
            }
            Err(unmet) => assert!(excused(unmet), "{bound}"),
        }
    }
}
