//! How an integration is done.

use crate::error::{Error, Result};

/// Smallest relative tolerance that a step in double precision can be checked against.
pub(super) const LEAST_TOLERANCE: f64 = 1e-14;

/// The absolute part of the tolerance, below which a component's error does not matter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Absolute {
    /// Relative tolerance × this share × largest component so far: free of units. A component smaller than this
    /// share of the largest is followed with less than the relative accuracy.
    Share(f64),
    /// The same number for every component, in the unit of x.
    Same(f64),
    /// One number per component.
    Each(Vec<f64>),
}

/// Order of the method in the width of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Order {
    /// Fifth for relative tolerances from 1e-4 on, thirteenth below 1e-8, otherwise ninth.
    #[default]
    Automatic,
    /// Three stages.
    Fifth,
    /// Five stages.
    Ninth,
    /// Seven stages.
    Thirteenth,
}

/// Options of an integration.
///
/// ```
/// use irrev_numerics::ode::{Absolute, Options};
/// let options = Options { relative: 1e-10, absolute: Absolute::Same(1e-14), ..Options::default() };
/// # assert_eq!(options.max_steps, 100_000);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Local error of each component per step, relative to its size; default 1e-9, at least 1e-14.
    pub relative: f64,
    /// Absolute part of the same; default [`Absolute::Share`] of 1e-6.
    pub absolute: Absolute,
    /// Absolute tolerance of the integrals of [`super::Problem::with_integrand`], next to the relative one of ∫|q| dt;
    /// default 0.
    pub integral: f64,
    /// Order of the method; default automatic.
    pub order: Order,
    /// Steps, failed ones included, after which the integration gives up; default 100 000.
    pub max_steps: usize,
    /// Width of the first step tried, in the unit of time; default chosen from the rate.
    pub first_step: Option<f64>,
    /// Largest width of a step; default the whole interval.
    pub largest_step: Option<f64>,
    /// Times at which a step ends, ascending, so that the state there has the full order of the method. Name here the
    /// times at which the rate jumps. Default none.
    pub landings: Vec<f64>,
    /// Ends the integration once no |dxᵢ/dt| exceeds this, in the unit of x per time; default never.
    pub steady_rate: Option<f64>,
    /// Repeats the integration a hundred times more tightly and records the difference; default no. Needs a relative
    /// tolerance of at least 1e-12.
    pub error_estimate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            relative: 1e-9,
            absolute: Absolute::Share(1e-6),
            integral: 0.0,
            order: Order::Automatic,
            max_steps: 100_000,
            first_step: None,
            largest_step: None,
            landings: Vec::new(),
            steady_rate: None,
            error_estimate: false,
        }
    }
}

impl Options {
    /// Refuses what cannot be meant, for a state of n components and the interval from `start` to `end`.
    pub(super) fn check(&self, n: usize, start: f64, end: f64) -> Result<()> {
        let require = |holds: bool, what, value, expected| {
            if holds {
                Ok(())
            } else {
                Err(Error::Domain {
                    what,
                    value,
                    expected,
                })
            }
        };
        let least = if self.error_estimate {
            1e-12
        } else {
            LEAST_TOLERANCE
        };
        require(
            self.relative >= least && self.relative < 1.0,
            "relative tolerance",
            self.relative,
            "a number from 1e-14 (1e-12 with an error estimate) to 1",
        )?;
        let positive = |v: f64| v > 0.0 && v.is_finite();
        match &self.absolute {
            Absolute::Share(share) => {
                require(
                    positive(*share),
                    "share of the absolute tolerance",
                    *share,
                    "a positive number",
                )?;
            }
            Absolute::Same(value) => {
                require(
                    positive(*value),
                    "absolute tolerance",
                    *value,
                    "a positive number",
                )?;
            }
            Absolute::Each(values) => {
                if values.len() != n {
                    return Err(Error::Length {
                        what: "absolute tolerances",
                        found: values.len(),
                        expected: n,
                    });
                }
                for &value in values {
                    require(positive(value), "absolute tolerance", value, "a positive number")?;
                }
            }
        }
        let integral = self.integral;
        require(
            integral >= 0.0 && integral.is_finite(),
            "absolute tolerance of integrals",
            integral,
            "a number from 0 on",
        )?;
        for (what, step) in [
            ("first step", self.first_step),
            ("largest step", self.largest_step),
        ] {
            if let Some(step) = step {
                require(positive(step), what, step, "a positive number")?;
            }
        }
        if let Some(rate) = self.steady_rate {
            require(rate >= 0.0, "steady rate", rate, "a number from 0 on")?;
        }
        require(start.is_finite(), "start time", start, "a finite number")?;
        require(
            end.is_finite() && end >= start && (end - start).is_finite(),
            "end time",
            end,
            "a finite number not before the start: integrate backward by reversing the sign of time and rate",
        )?;
        let mut last = start;
        for &time in &self.landings {
            require(
                time >= last && time <= end,
                "landing time",
                time,
                "a time of the interval, in ascending order",
            )?;
            last = time;
        }
        Ok(())
    }

    /// Number of stages of the method.
    pub(super) fn stages(&self) -> usize {
        match self.order {
            Order::Fifth => 3,
            Order::Ninth => 5,
            Order::Thirteenth => 7,
            Order::Automatic if self.relative >= 1e-4 => 3,
            Order::Automatic if self.relative < 1e-8 => 7,
            Order::Automatic => 5,
        }
    }
}

/// Weights of the error norm: a component's accepted local error.
pub(super) struct Scale<'a> {
    options: &'a Options,
    largest: f64,
}

impl<'a> Scale<'a> {
    pub(super) fn new(options: &'a Options, x: &[f64]) -> Self {
        let mut scale = Self {
            options,
            largest: 0.0,
        };
        scale.admit(x);
        scale
    }

    /// Lets an accepted state count for the largest component so far.
    pub(super) fn admit(&mut self, x: &[f64]) {
        self.largest = x.iter().fold(self.largest, |m, v| m.max(v.abs()));
    }

    /// Largest component so far.
    pub(super) fn largest(&self) -> f64 {
        self.largest
    }

    /// Typical size of component i below which it counts as small.
    pub(super) fn floor(&self, i: usize) -> f64 {
        match &self.options.absolute {
            Absolute::Share(share) => share * self.largest,
            Absolute::Same(value) => value / self.options.relative,
            Absolute::Each(values) => values[i] / self.options.relative,
        }
    }

    /// Accepted error per component for a step from x that moves by `move`.
    pub(super) fn write(&self, x: &[f64], step: &[f64], out: &mut [f64]) {
        let moved = |i: usize| x[i].abs().max((x[i] + step[i]).abs());
        let largest = (0..x.len()).map(moved).fold(self.largest, f64::max);
        let widened = Scale {
            options: self.options,
            largest,
        };
        for (i, out) in out.iter_mut().enumerate() {
            let target = self.options.relative * (widened.floor(i) + moved(i));
            // a state of zeros that does not move has no scale of its own
            *out = target.max(f64::MIN_POSITIVE);
        }
    }
}
