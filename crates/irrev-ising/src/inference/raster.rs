//! Two-valued activity in bins of time, bit by bit: the form in which recordings and simulations are analysed.

use std::ops::Range;

use super::error::DataError;
use crate::error::{Error, Result};

/// Two-valued activity of units in bins of time; one bit each.
///
/// ```
/// use irrev_ising::inference::{Binning, Raster};
/// let binned = Raster::from_spikes(&[0, 1, 0], &[0.01, 0.02, 0.07], &Binning { units: 2, bins: 2, width: 0.05, ..Binning::default() })?;
/// assert_eq!(binned.raster.spins(1), [1, -1]);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    pub(super) units: usize,
    pub(super) bins: usize,
    /// Words per bin.
    pub(super) words: usize,
    pub(super) bits: Vec<u64>,
}

/// The two values of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// 0 silent, 1 active.
    ZeroOne,
    /// −1 silent, +1 active.
    PlusMinus,
}

/// A unit that is in the same state in every bin considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConstantUnit {
    /// Unit, counted from 0.
    pub unit: usize,
    /// Always active, or never.
    pub active: bool,
}

impl Raster {
    pub(crate) fn silent(units: usize, bins: usize) -> Result<Self> {
        if units == 0 {
            return Err(DataError::NoUnits.into());
        }
        let words = units.div_ceil(64);
        Ok(Self {
            units,
            bins,
            words,
            bits: zeros(bins, words)?,
        })
    }

    pub(crate) fn activate(&mut self, bin: usize, unit: usize) {
        self.bits[bin * self.words + unit / 64] |= 1 << (unit % 64);
    }

    /// From an array with the units of bin 0 first, then those of bin 1, and so on.
    ///
    /// # Errors
    /// [`DataError::NoUnits`], [`DataError::Shape`], [`DataError::NotBinary`] with bin and unit.
    pub fn from_array<T: Copy + Into<f64>>(
        values: &[T],
        bins: usize,
        units: usize,
        coding: Coding,
    ) -> Result<Self> {
        let mut raster = Self::silent(units, bins)?;
        if bins.checked_mul(units) != Some(values.len()) {
            return Err(DataError::Shape {
                found: values.len(),
                bins,
                units,
            }
            .into());
        }
        let (inactive, active) = match coding {
            Coding::ZeroOne => (0.0, 1.0),
            Coding::PlusMinus => (-1.0, 1.0),
        };
        for (bin, row) in values.chunks_exact(units).enumerate() {
            for (unit, &value) in row.iter().enumerate() {
                let value: f64 = value.into();
                if value == active {
                    raster.activate(bin, unit);
                } else if value != inactive {
                    return Err(DataError::NotBinary {
                        bin,
                        unit,
                        value,
                        inactive,
                        active,
                    }
                    .into());
                }
            }
        }
        Ok(raster)
    }

    /// Number of units N.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of bins.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// Whether a unit is active in a bin.
    ///
    /// # Panics
    /// If there is no such bin or unit.
    #[must_use]
    #[inline]
    pub fn active(&self, bin: usize, unit: usize) -> bool {
        assert!(unit < self.units, "unit {unit} of {}", self.units);
        self.bits[bin * self.words + unit / 64] >> (unit % 64) & 1 == 1
    }

    /// The spins ±1 of a bin.
    ///
    /// # Panics
    /// If there is no such bin.
    #[must_use]
    pub fn spins(&self, bin: usize) -> Vec<i8> {
        (0..self.units)
            .map(|unit| if self.active(bin, unit) { 1 } else { -1 })
            .collect()
    }

    /// Appends the spins of a bin as numbers ±1.
    #[inline]
    pub(crate) fn push_spins(&self, bin: usize, out: &mut Vec<f64>) {
        let words = &self.bits[bin * self.words..(bin + 1) * self.words];
        let mut left = self.units;
        for &word in words {
            let here = left.min(64);
            // a set bit gives 2 − 1
            out.extend((0..here).map(|k| (word >> k & 1) as u32 as i32 as f64 * 2.0 - 1.0));
            left -= here;
        }
    }

    /// In how many bins each unit is active.
    #[must_use]
    pub fn active_bins(&self) -> Vec<usize> {
        self.active_bins_in(0..self.bins)
    }

    /// In how many bins of a range each unit is active.
    pub(super) fn active_bins_in(&self, bins: Range<usize>) -> Vec<usize> {
        let mut counts = vec![0; self.units];
        for row in self.bits[bins.start * self.words..bins.end * self.words].chunks_exact(self.words) {
            for (word_at, &word) in row.iter().enumerate() {
                let mut left = word;
                while left != 0 {
                    counts[64 * word_at + left.trailing_zeros() as usize] += 1;
                    left &= left - 1;
                }
            }
        }
        counts
    }

    /// Units that are silent in every bin, or active in every bin: no finite field explains them.
    #[must_use]
    pub fn constant_units(&self) -> Vec<ConstantUnit> {
        let counts = self.active_bins().into_iter().enumerate();
        counts
            .filter(|(_, count)| *count == 0 || *count == self.bins)
            .map(|(unit, count)| ConstantUnit {
                unit,
                active: count > 0,
            })
            .collect()
    }

    /// The raster without its constant units, the numbers the remaining ones had, and the units left out.
    ///
    /// # Errors
    /// [`DataError::Constant`] if none is left.
    pub fn without_constant_units(&self) -> Result<(Self, Vec<usize>, Vec<ConstantUnit>)> {
        let constant = self.constant_units();
        let (raster, kept) = self.without(&constant)?;
        Ok((raster, kept, constant))
    }

    /// The raster without some units, and the numbers that the remaining ones had.
    ///
    /// # Errors
    /// [`DataError::Constant`] if none is left.
    pub fn without(&self, constant: &[ConstantUnit]) -> Result<(Self, Vec<usize>)> {
        let kept: Vec<usize> = (0..self.units)
            .filter(|unit| constant.iter().all(|c| c.unit != *unit))
            .collect();
        match (kept.is_empty(), constant.first()) {
            (true, Some(&ConstantUnit { unit, active })) => Err(DataError::Constant { unit, active }.into()),
            _ => Ok((self.select(&kept)?, kept)),
        }
    }

    /// The raster of some units, in the order given.
    ///
    /// # Errors
    /// [`DataError::NoUnits`]; [`Error::Domain`] for a unit that does not exist.
    pub fn select(&self, units: &[usize]) -> Result<Self> {
        if let Some(&unit) = units.iter().find(|unit| **unit >= self.units) {
            Error::require(
                "a selected unit",
                unit as f64,
                false,
                "a unit of the raster, counted from 0",
            )?;
        }
        self.rearranged(units.len(), |bin, place| self.active(bin, units[place]))
    }

    /// Each unit moved later by its own number of bins, the end continuing at the beginning: what one unit does is kept, what units have to do with each
    /// other is lost.
    ///
    /// # Errors
    /// [`Error::Size`] if there is not one shift per unit.
    pub fn circularly_shifted(&self, shifts: &[usize]) -> Result<Self> {
        if shifts.len() != self.units {
            return Err(Error::Size {
                what: "the list of shifts",
                found: shifts.len(),
                expected: self.units,
            });
        }
        self.rearranged(self.units, |bin, unit| {
            let shift = shifts[unit] % self.bins.max(1);
            self.active((bin + self.bins - shift) % self.bins, unit)
        })
    }

    /// The rows in another order; `source(bin)` is the bin from which a row is taken.
    pub(crate) fn reordered(&self, source: impl Fn(usize) -> usize) -> Self {
        let mut bits = Vec::with_capacity(self.bits.len());
        for bin in 0..self.bins {
            let from = source(bin) * self.words;
            bits.extend_from_slice(&self.bits[from..from + self.words]);
        }
        Self { bits, ..*self }
    }

    /// The recording played backwards.
    #[must_use]
    pub fn reversed(&self) -> Self {
        self.reordered(|bin| self.bins - 1 - bin)
    }

    fn rearranged(&self, units: usize, active: impl Fn(usize, usize) -> bool) -> Result<Self> {
        let mut raster = Self::silent(units, self.bins)?;
        for bin in 0..self.bins {
            for unit in 0..units {
                if active(bin, unit) {
                    raster.activate(bin, unit);
                }
            }
        }
        Ok(raster)
    }
}

/// Room for rows of words; an error where the machine has not that much.
pub(super) fn zeros(rows: usize, words: usize) -> Result<Vec<u64>> {
    let count = rows.saturating_mul(words);
    let mut bits = Vec::new();
    bits.try_reserve_exact(count)
        .map_err(|_| irrev_numerics::Error::Memory {
            what: "the raster of units and bins",
            needed: 8_u64.saturating_mul(count as u64),
            limit: isize::MAX as u64,
        })?;
    bits.resize(count, 0);
    Ok(bits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn wrong_values_are_named_with_bin_and_unit() {
        let wrong = Raster::from_array(&[0_u8, 1, 1, 2], 2, 2, Coding::ZeroOne).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "bin 1, unit 1 (counted from 0): 2 is neither 0 nor 1"
        );
        let wrong = Raster::from_array(&[1.0, f64::NAN], 1, 2, Coding::PlusMinus).unwrap_err();
        assert!(wrong.to_string().contains("NaN is neither -1 nor 1"));
        assert!(Raster::from_array(&[1_i8], 2, 2, Coding::PlusMinus).is_err());
    }

    #[test]
    fn constant_units_are_named_and_left_out() {
        let values = [1_i8, -1, -1, 1, 1, -1, 1, -1, -1];
        let raster = Raster::from_array(&values, 3, 3, Coding::PlusMinus).unwrap();
        let (kept, numbers, left_out) = raster.without_constant_units().unwrap();
        assert_eq!(numbers, [1]);
        assert_eq!(
            left_out,
            [
                ConstantUnit {
                    unit: 0,
                    active: true
                },
                ConstantUnit {
                    unit: 2,
                    active: false
                }
            ]
        );
        assert_eq!(kept.active_bins(), [1]);
        let all_silent = Raster::from_array(&[0_u8; 4], 2, 2, Coding::ZeroOne).unwrap();
        assert!(
            all_silent
                .without_constant_units()
                .unwrap_err()
                .to_string()
                .contains("unit 0 is silent")
        );
    }

    #[test]
    fn shifts_and_reversal_move_what_they_say() {
        let values = [1_u8, 0, 0, 1, 0, 0];
        let raster = Raster::from_array(&values, 3, 2, Coding::ZeroOne).unwrap();
        let shifted = raster.circularly_shifted(&[1, 2]).unwrap();
        assert_eq!((shifted.spins(0), shifted.spins(1)), (vec![-1, 1], vec![1, -1]));
        assert_eq!(raster.reversed().spins(2), [1, -1]);
        assert_eq!(raster.reversed().reversed(), raster);
    }
}
