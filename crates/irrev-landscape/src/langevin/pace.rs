//! How many steps fit between two looks at the monitor.

use std::time::{Duration, Instant};

/// How long the blocks run before the monitor is asked.
const STRETCH: Duration = Duration::from_millis(40);

/// Steps of the next stretch.
pub(super) struct Pace {
    pub(super) steps: u64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { steps: 8 }
    }

    /// Work, and more of it the next time if it was done quickly.
    pub(super) fn timed<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let begun = Instant::now();
        let result = work();
        let spent = begun.elapsed().as_secs_f64().max(1e-9);
        let change = (STRETCH.as_secs_f64() / spent).clamp(0.25, 4.0);
        self.steps = ((self.steps as f64 * change) as u64).max(1);
        result
    }
}
