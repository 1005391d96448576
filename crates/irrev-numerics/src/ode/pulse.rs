//! Progress and cancellation, seldom enough to cost nothing.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::run::Run;

/// Reports progress now and then, and asks whether to go on.
pub(super) struct Pulse<'a> {
    run: &'a Run<'a>,
    start: f64,
    end: f64,
    last: Option<Instant>,
}

impl<'a> Pulse<'a> {
    /// Over an interval of time.
    pub(super) fn new(run: &'a Run<'a>, start: f64, end: f64) -> Self {
        Self {
            run,
            start,
            end,
            last: None,
        }
    }

    /// Reports if a twentieth of a second has passed since the last time.
    pub(super) fn beat(&mut self, time: f64) -> Result<(), Error> {
        let due = self
            .last
            .is_none_or(|last| last.elapsed() >= Duration::from_millis(50));
        if due {
            let fraction = if self.end > self.start {
                (time - self.start) / (self.end - self.start)
            } else {
                1.0
            };
            self.run
                .report(fraction.clamp(0.0, 1.0), "initial value problem")?;
            self.last = Some(Instant::now());
        }
        Ok(())
    }
}
