//! Progress of a part of a computation as progress of the whole.

use irrev_numerics::{Monitor, Run};

/// A monitor that hears of a part, from one fraction of the whole to another.
pub(super) struct Stage<'a> {
    whole: &'a dyn Monitor,
    from: f64,
    to: f64,
}

impl<'a> Stage<'a> {
    pub(super) fn new(run: &Run<'a>, from: f64, to: f64) -> Self {
        Self {
            whole: run.monitor,
            from,
            to,
        }
    }

    /// The same run with this monitor.
    pub(super) fn run<'b>(&'b self, run: &Run<'b>) -> Run<'b> {
        Run {
            monitor: self,
            ..*run
        }
    }
}

impl Monitor for Stage<'_> {
    fn progress(&self, fraction: f64, what: &str) {
        self.whole
            .progress(self.from + (self.to - self.from) * fraction, what);
    }

    fn cancelled(&self) -> bool {
        self.whole.cancelled()
    }
}
