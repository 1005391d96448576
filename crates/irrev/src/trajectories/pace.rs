//! How times go on: at equal steps to their rounding, or not; and what is a gap.
//!
//! Times are written to some decimal place, or in single precision, and a clock that adds up steps drifts by rounding. Steps are even if each of them
//! agrees with their mean within what that explains, and none is off by more than three tenths. A step of the mean then serves better than the times.

/// How far a step may be off its mean, by rounding of times, before it is another step.
const LARGEST_ROUNDING: f64 = 0.3;

/// Of a step, what adding up steps may do to times over a long run.
const DRIFT: f64 = 1e-9;

/// A step that is longer than the even ones before by this factor is a gap.
const GAP: f64 = 1.5;

/// To what times are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rounding {
    /// The last decimal place, as a number; 0 for none.
    pub(super) absolute: f64,
    /// Relative spacing; 0 for double precision.
    pub(super) relative: f64,
}

impl Rounding {
    /// Times in single precision.
    pub(super) const SINGLE: Self = Self {
        absolute: 0.0,
        relative: f32::EPSILON as f64,
    };

    /// What rounding of two neighbouring times may do to their difference.
    fn of_difference(self, time: f64) -> f64 {
        self.absolute * (1.0 + 1e-6) + (self.relative + 8.0 * f64::EPSILON) * time.abs()
    }
}

/// The steps of one segment so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    first: f64,
    last: f64,
    frames: u64,
    shortest: f64,
    longest: f64,
    /// Bounds within which the mean must lie.
    above: f64,
    below: f64,
    rounding: f64,
}

impl Pace {
    pub(super) fn from(time: f64) -> Self {
        Self {
            first: time,
            last: time,
            frames: 1,
            shortest: f64::INFINITY,
            longest: 0.0,
            above: 0.0,
            below: f64::INFINITY,
            rounding: 0.0,
        }
    }

    pub(super) fn last(&self) -> f64 {
        self.last
    }

    /// The next time, which is later than the last.
    #[inline]
    pub(super) fn push(&mut self, time: f64, rounding: Rounding) {
        let step = time - self.last;
        let margin = rounding.of_difference(time);
        self.shortest = self.shortest.min(step);
        self.longest = self.longest.max(step);
        self.above = self.above.max(step - margin);
        self.below = self.below.min(step + margin);
        self.rounding = self.rounding.max(margin);
        self.last = time;
        self.frames += 1;
    }

    fn mean(&self) -> f64 {
        (self.last - self.first) / (self.frames - 1) as f64
    }

    /// Whether the steps so far are even; at least one.
    fn is_even(&self) -> bool {
        let mean = self.mean();
        let drift = DRIFT * mean;
        self.above - drift <= mean
            && mean <= self.below + drift
            && self.longest - mean <= LARGEST_ROUNDING * mean
            && mean - self.shortest <= LARGEST_ROUNDING * mean
    }

    /// Whether the time of the next frame is further away than frames of one trajectory are: than `longest_step`, or, if that is not told, than the
    /// steps before where two or more of them were even.
    pub(super) fn is_gap(&self, time: f64, longest_step: Option<f64>, rounding: Rounding) -> bool {
        let step = time - self.last;
        if let Some(longest) = longest_step {
            let floating = Rounding {
                absolute: 0.0,
                ..rounding
            };
            return step > longest * (1.0 + DRIFT) + floating.of_difference(time);
        }
        let is_long = || {
            let mean = self.mean();
            step > GAP * mean + rounding.of_difference(time).min(LARGEST_ROUNDING * mean)
        };
        self.frames >= 3 && is_long() && self.is_even()
    }

    /// The step before the next frame, for messages.
    pub(super) fn usual(&self) -> f64 {
        if self.frames < 2 { 0.0 } else { self.mean() }
    }

    /// The step if all are even, with as few digits as the times allow.
    pub(super) fn step(&self) -> Option<f64> {
        (self.frames >= 2 && self.is_even()).then(|| {
            // a clock that adds up steps rounds each time, and may do it in one direction
            let margin = self.rounding / (self.frames - 1) as f64 + f64::EPSILON * self.last.abs();
            shortest_decimal(self.mean(), margin)
        })
    }

    /// Whether steps that are not even could be so, were times written to more digits.
    pub(super) fn is_coarse(&self) -> bool {
        self.frames >= 3 && self.longest - self.shortest <= 2.0 * self.rounding && !self.is_even()
    }
}

/// The number of fewest digits within a margin; the value itself if it takes more than nine of them.
fn shortest_decimal(value: f64, margin: f64) -> f64 {
    (0..9)
        .filter_map(|digits| format!("{value:.digits$e}").parse::<f64>().ok())
        .find(|rounded| (rounded - value).abs() <= margin)
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(times: impl IntoIterator<Item = f64>, rounding: Rounding) -> Pace {
        let mut times = times.into_iter();
        let mut pace = Pace::from(times.next().unwrap());
        times.for_each(|time| pace.push(time, rounding));
        pace
    }

    #[test]
    fn steps_are_even_to_the_rounding_of_times() {
        let exact = Rounding::default();
        assert_eq!(
            pace((0..1000).map(|k| f64::from(k) * 0.004), exact).step(),
            Some(0.004)
        );
        // a clock that adds up its steps
        let mut time = 0.0;
        let added = (0..1_000_000).map(|_| {
            time += 0.002;
            time
        });
        assert_eq!(pace(added, exact).step(), Some(0.002));
        let single = (0..1000)
            .map(|k| f64::from(1e4 + f64::from(k) * 0.01_f64) as f32)
            .map(f64::from);
        assert_eq!(pace(single.clone(), exact).step(), None);
        assert_eq!(pace(single, Rounding::SINGLE).step(), Some(0.01));
        // thirds written to three decimal places
        let thirds = |k: i32| (f64::from(k) / 3.0 * 1e3).round() / 1e3;
        let to_thousandths = Rounding {
            absolute: 1e-3,
            relative: 0.0,
        };
        let step = pace((0..3000).map(thirds), to_thousandths).step().unwrap();
        assert!((step - 1.0 / 3.0).abs() < 1e-6, "{step}");
    }

    #[test]
    fn steps_that_differ_are_not_even() {
        let to_tenths = Rounding {
            absolute: 0.1,
            relative: 0.0,
        };
        assert_eq!(pace([0.0, 1.0, 2.0, 3.5], Rounding::default()).step(), None);
        // a tenth is half of the step: nobody can tell
        let coarse = pace([0.0, 0.1, 0.3, 0.4, 0.6], to_tenths);
        assert!(coarse.step().is_none() && coarse.is_coarse());
        assert_eq!(pace([1.0], Rounding::default()).step(), None);
    }

    #[test]
    fn a_gap_is_a_long_step_after_even_ones() {
        let exact = Rounding::default();
        let even = pace([0.0, 0.1, 0.2], exact);
        assert!(even.is_gap(0.4, None, exact) && !even.is_gap(0.3, None, exact));
        assert!(!even.is_gap(0.4, Some(1.0), exact) && even.is_gap(0.4, Some(0.1), exact));
        assert!(!even.is_gap(0.2 + 0.1, Some(0.1), exact));
        // frames that are counted in whole numbers
        let whole = Rounding {
            absolute: 1.0,
            relative: 0.0,
        };
        let counted = pace([0.0, 1.0, 2.0], whole);
        assert!(counted.is_gap(4.0, None, whole) && counted.is_gap(4.0, Some(1.5), whole));
        assert!(!counted.is_gap(3.0, None, whole));
        let uneven = pace([0.0, 0.1, 0.3], exact);
        assert!(!uneven.is_gap(9.0, None, exact));
    }
}
