//! How the energies of the system and of the contact depend on time.

use crate::error::{Error, Result};

/// Factors of H_S and H_I.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// a, of H_S.
    pub system: f64,
    /// g, of H_I.
    pub contact: f64,
}

impl Factors {
    /// Both 1: H as it was given.
    pub const ONE: Self = Self {
        system: 1.0,
        contact: 1.0,
    };

    /// The factors a part of the way from these to others, linearly.
    fn towards(self, other: Self, part: f64) -> Self {
        let between = |from: f64, to: f64| from + part * (to - from);
        Self {
            system: between(self.system, other.system),
            contact: between(self.contact, other.contact),
        }
    }
}

/// A drive H(t) = a(t) H_S + g(t) H_I + H_B, with a and g linear between knots and constant before the first and after the last.
///
/// Two knots at one time are a jump, a quench: at that time itself what stands after it holds. The bath is never driven, so that heat keeps its meaning.
///
/// ```
/// use irrev_quantum::composite::Drive;
/// let off = Drive::new(&[0.0, 2.0, 5.0], &[1.0, 1.0, 1.0], &[1.0, 1.0, 0.0])?;   // the contact fades from t = 2 to 5
/// assert_eq!(off.after(3.5).contact, 0.5);
/// let quench = Drive::new(&[1.0, 1.0], &[1.0, -2.0], &[1.0, 1.0])?;
/// assert_eq!((quench.before(1.0).system, quench.after(1.0).system), (1.0, -2.0));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Drive {
    times: Vec<f64>,
    factors: Vec<Factors>,
}

impl Drive {
    /// Knots in ascending times, with the factors a of the system and g of the contact there.
    ///
    /// # Errors
    /// [`Error::Size`] unless there are as many factors as times; [`Error::Domain`] without knots; [`Error::NotFinite`]; [`Error::Knot`] for times that descend, and for
    /// three knots at one time.
    pub fn new(times: &[f64], system: &[f64], contact: &[f64]) -> Result<Self> {
        Error::require(
            "the number of knots of a drive",
            times.len() as f64,
            !times.is_empty(),
            "at least one",
        )?;
        Error::require_size("the list of factors of the system", system.len(), times.len())?;
        Error::require_size("the list of factors of the contact", contact.len(), times.len())?;
        let names = [
            "time of knot",
            "factor of the system at knot",
            "factor of the contact at knot",
        ];
        for (what, values) in names.into_iter().zip([times, system, contact]) {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                let value = values[index];
                return Err(Error::NotFinite { what, index, value });
            }
        }
        for index in 1..times.len() {
            let (before, time) = (times[index - 1], times[index]);
            if time < before || (index > 1 && time == times[index - 2]) {
                return Err(Error::Knot { index, time, before });
            }
        }
        let factors = system.iter().zip(contact);
        Ok(Self {
            times: times.to_vec(),
            factors: factors
                .map(|(&system, &contact)| Factors { system, contact })
                .collect(),
        })
    }

    /// Times of the knots.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Factors at the knots.
    #[must_use]
    pub fn factors(&self) -> &[Factors] {
        &self.factors
    }

    /// Factors at t, and after the jump if there is one at t.
    #[must_use]
    pub fn after(&self, t: f64) -> Factors {
        self.between(self.times.partition_point(|knot| *knot <= t), t)
    }

    /// Factors just before t.
    #[must_use]
    pub fn before(&self, t: f64) -> Factors {
        self.between(self.times.partition_point(|knot| *knot < t), t)
    }

    /// Factors at t as the knots say of which `next` is the first one later on.
    fn between(&self, next: usize, t: f64) -> Factors {
        let last = self.times.len() - 1;
        match next {
            0 => self.factors[0],
            next if next > last => self.factors[last],
            next => {
                let (from, to) = (self.times[next - 1], self.times[next]);
                self.factors[next - 1].towards(self.factors[next], (t - from) / (to - from))
            }
        }
    }

    /// Largest moduli of the factors at any time: bounds for norms.
    #[must_use]
    pub fn largest(&self) -> Factors {
        let largest = |of: fn(&Factors) -> f64| self.factors.iter().map(|f| of(f).abs()).fold(0.0, f64::max);
        Factors {
            system: largest(|f| f.system),
            contact: largest(|f| f.contact),
        }
    }
}

/// A stretch of time without knots inside, run through in either direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub(super) from: f64,
    pub(super) to: f64,
    start: Factors,
    end: Factors,
}

impl Stretch {
    /// The way between two times in stretches; without a drive, one of constant factors.
    pub(super) fn all(drive: Option<&Drive>, from: f64, to: f64) -> Vec<Self> {
        let Some(drive) = drive else {
            let (start, end) = (Factors::ONE, Factors::ONE);
            return vec![Self { from, to, start, end }];
        };
        let (low, high) = (from.min(to), from.max(to));
        let mut stops: Vec<f64> = drive.times.clone();
        stops.retain(|knot| low < *knot && *knot < high);
        stops.dedup();
        stops.insert(0, low);
        stops.push(high);
        let forward = stops.windows(2).map(|ends| Self {
            from: ends[0],
            to: ends[1],
            start: drive.after(ends[0]),
            end: drive.before(ends[1]),
        });
        if from <= to {
            forward.collect()
        } else {
            forward.rev().map(Self::reversed).collect()
        }
    }

    fn reversed(self) -> Self {
        Self {
            from: self.to,
            to: self.from,
            start: self.end,
            end: self.start,
        }
    }

    /// The factors, if they stand still.
    pub(super) fn constant(&self) -> Option<Factors> {
        (self.start == self.end).then_some(self.start)
    }

    /// Factors at a time of the stretch.
    pub(super) fn at(&self, t: f64) -> Factors {
        self.start
            .towards(self.end, (t - self.from) / (self.to - self.from))
    }

    /// Rates of change of the factors.
    pub(super) fn slope(&self) -> Factors {
        let span = self.to - self.from;
        Factors {
            system: (self.end.system - self.start.system) / span,
            contact: (self.end.contact - self.start.contact) / span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_that_make_no_function_are_named() {
        let message = |times: &[f64]| {
            let ones = vec![1.0; times.len()];
            Drive::new(times, &ones, &ones).unwrap_err().to_string()
        };
        assert_eq!(
            message(&[0.0, 2.0, 1.0]),
            "knot 2 of the drive is at 1 after one at 2; times ascend, and at most two knots share one, which is a jump"
        );
        assert!(message(&[0.0, 0.0, 0.0]).contains("knot 2"));
        assert_eq!(
            message(&[0.0, f64::NAN]),
            "time of knot 1 is NaN; it must be finite"
        );
        assert!(message(&[]).contains("number of knots"));
        assert!(Drive::new(&[0.0], &[1.0, 2.0], &[1.0]).is_err());
    }

    #[test]
    fn a_way_back_meets_the_stretches_of_the_way_there() {
        let drive = Drive::new(&[0.0, 1.0, 1.0, 3.0], &[1.0, 2.0, 5.0, 4.0], &[1.0; 4]).unwrap();
        let there = Stretch::all(Some(&drive), -1.0, 2.0);
        let ends: Vec<(f64, f64)> = there.iter().map(|s| (s.from, s.to)).collect();
        assert_eq!(ends, [(-1.0, 0.0), (0.0, 1.0), (1.0, 2.0)]);
        assert_eq!(there[0].constant(), Some(Factors::ONE));
        assert_eq!((there[1].at(0.5).system, there[1].slope().system), (1.5, 1.0));
        assert_eq!((there[2].at(1.0).system, there[2].at(2.0).system), (5.0, 4.5));
        let mut back = Stretch::all(Some(&drive), 2.0, -1.0);
        back.reverse();
        let reversed: Vec<Stretch> = there.into_iter().map(Stretch::reversed).collect();
        assert_eq!(back, reversed);
    }
}
