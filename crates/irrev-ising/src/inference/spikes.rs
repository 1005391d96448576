//! Recorded activity as spins: in each bin of time a unit is active (+1, at least one spike) or silent (−1).
//!
//! Bin k covers [start + k w, start + (k + 1) w). A spike goes to bin ⌊(t − start)/w⌋ with the quotient rounded once to a double. Where t and w are
//! decimal fractions, a spike *on* an edge may so fall into the bin before it (0.15/0.05 is 2.9999999999999996); [`Edges::Snapped`] sends a quotient
//! within 1e-9 below a whole number to the later bin. Either way the spikes concerned are counted. Every spike is accounted for: in a bin, or
//! before the first one, or after the last one.

use super::error::DataError;
use super::raster::{Raster, zeros};
use crate::error::{Error, Result};

/// What happens to a spike so close to the edge of two bins that rounding decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edges {
    /// The rounded quotient decides.
    #[default]
    Quotient,
    /// It belongs to the later bin, which the edge opens.
    Snapped,
}

/// Relative distance from an edge below which a spike counts as being on it; times in decimal fractions of a second are off by 1e-16 of themselves.
const ON_EDGE: f64 = 1e-9;

/// How spike times become bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Binning {
    /// Number of units; spikes name units 0 to `units` − 1.
    pub units: usize,
    /// Number of bins.
    pub bins: usize,
    /// Width w of a bin, > 0, in the unit of the times; default 0.01.
    pub width: f64,
    /// Where bin 0 starts; default 0.
    pub start: f64,
    /// Spikes on edges.
    pub edges: Edges,
}

impl Default for Binning {
    fn default() -> Self {
        Self {
            units: 1,
            bins: 1,
            width: 0.01,
            start: 0.0,
            edges: Edges::Quotient,
        }
    }
}

impl Binning {
    /// (t − start)/w as the rule for edges takes it, and whether t is on an edge.
    fn place(&self, time: f64) -> (f64, bool) {
        let quotient = (time - self.start) / self.width;
        let whole = quotient.clamp(-1e15, 1e15) as i64 as f64;
        let fraction = (quotient - whole).abs();
        let near = ON_EDGE * whole.abs().max(1.0);
        let on_edge = fraction <= near || fraction >= 1.0 - near;
        if on_edge && self.edges == Edges::Snapped {
            ((quotient + near).floor(), true)
        } else {
            (quotient, on_edge)
        }
    }

    /// Whether one of the bins holds a time.
    #[must_use]
    pub fn holds(&self, time: f64) -> bool {
        let (place, _) = self.place(time);
        place >= 0.0 && place < self.bins as f64
    }
}

/// A raster and where every spike went: `in_bins + before + after` is the number of spikes given.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Binned {
    /// The activity.
    pub raster: Raster,
    /// Spikes that fell into a bin.
    pub in_bins: usize,
    /// Of these, spikes that shared unit and bin with an earlier one: the bin was active already.
    pub repeated: usize,
    /// Spikes before the first bin.
    pub before: usize,
    /// Spikes after the last bin.
    pub after: usize,
    /// Spikes within 1e-9 (relative) of an edge, whose bin rounding or [`Edges::Snapped`] decided.
    pub on_edge: usize,
}

impl Raster {
    /// Bins spikes given as two lists, the unit and the time of each. O(spikes).
    ///
    /// # Errors
    /// [`DataError::NoUnits`], [`DataError::SpikeLists`], [`DataError::UnknownUnit`], [`DataError::SpikeTime`]; [`Error::Domain`] for a width that is not
    /// positive or a start that is not finite.
    pub fn from_spikes(units: &[usize], times: &[f64], binning: &Binning) -> Result<Binned> {
        let Binning { width, start, .. } = *binning;
        Error::require(
            "the width of a bin",
            width,
            width > 0.0 && width.is_finite(),
            "a positive number",
        )?;
        Error::require(
            "the start of the bins",
            start,
            start.is_finite(),
            "a finite number",
        )?;
        if units.len() != times.len() {
            return Err(DataError::SpikeLists {
                units: units.len(),
                times: times.len(),
            }
            .into());
        }
        let mut planes = Planes::silent(binning.units, binning.bins)?;
        let (mut before, mut after, mut on_edge, mut repeated) = (0, 0, 0, 0);
        let last = binning.bins as f64;
        for (spike, (&unit, &time)) in units.iter().zip(times).enumerate() {
            if unit >= binning.units {
                return Err(DataError::UnknownUnit {
                    spike,
                    unit,
                    units: binning.units,
                }
                .into());
            }
            if !time.is_finite() {
                return Err(DataError::SpikeTime { spike, time }.into());
            }
            let (quotient, is_on_edge) = binning.place(time);
            on_edge += usize::from(is_on_edge);
            if quotient < 0.0 {
                before += 1;
            } else if quotient >= last {
                after += 1;
            } else {
                // 0 ≤ quotient < bins: the cast takes the floor
                repeated += usize::from(planes.activate(unit, quotient as usize));
            }
        }
        Ok(Binned {
            raster: planes.into_raster()?,
            in_bins: times.len() - before - after,
            repeated,
            before,
            after,
            on_edge,
        })
    }
}

/// Activity with the bins of each unit side by side. Spikes come sorted by unit or by time; in both orders neighbours in the list then touch memory that is
/// still in the cache.
struct Planes {
    units: usize,
    bins: usize,
    /// Words per unit.
    words: usize,
    bits: Vec<u64>,
}

impl Planes {
    fn silent(units: usize, bins: usize) -> Result<Self> {
        if units == 0 {
            return Err(DataError::NoUnits.into());
        }
        let words = bins.div_ceil(64);
        Ok(Self {
            units,
            bins,
            words,
            bits: zeros(units, words)?,
        })
    }

    /// Marks a unit active; returns whether it was already.
    #[inline]
    fn activate(&mut self, unit: usize, bin: usize) -> bool {
        let word = &mut self.bits[unit * self.words + bin / 64];
        let bit = 1 << (bin % 64);
        let was = *word & bit != 0;
        *word |= bit;
        was
    }

    /// The same with the units of each bin side by side.
    fn into_raster(self) -> Result<Raster> {
        let words = self.units.div_ceil(64);
        let mut bits = zeros(self.bins, words)?;
        let mut square = [0_u64; 64];
        for block in 0..self.words {
            for word in 0..words {
                for (k, row) in square.iter_mut().enumerate() {
                    let unit = 64 * word + k;
                    *row = if unit < self.units {
                        self.bits[unit * self.words + block]
                    } else {
                        0
                    };
                }
                transpose(&mut square);
                let bins = (64 * block..self.bins).take(64);
                for (bin, row) in bins.zip(&square) {
                    bits[bin * words + word] = *row;
                }
            }
        }
        Ok(Raster {
            units: self.units,
            bins: self.bins,
            words,
            bits,
        })
    }
}

/// Exchanges rows and columns of 64 × 64 bits: halves, then quarters, down to single bits (H. S. Warren, Hacker's Delight, 7-3).
fn transpose(rows: &mut [u64; 64]) {
    let mut width = 32;
    let mut low_bits = u64::from(u32::MAX);
    while width > 0 {
        let mut k = 0;
        while k < 64 {
            let moved = ((rows[k] >> width) ^ rows[k + width]) & low_bits;
            rows[k + width] ^= moved;
            rows[k] ^= moved << width;
            k = (k + width + 1) & !width;
        }
        width >>= 1;
        low_bits ^= low_bits << width;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_spike_is_accounted_for() {
        let times = [-0.01, 0.0, 0.049, 0.05, 0.15, 0.151, 0.2, 7.0];
        let units = [0, 0, 0, 1, 1, 1, 0, 1];
        let binning = Binning {
            units: 2,
            bins: 4,
            width: 0.05,
            ..Binning::default()
        };
        let found = Raster::from_spikes(&units, &times, &binning).unwrap();
        assert_eq!((found.before, found.after, found.in_bins), (1, 2, 5));
        // 0.15/0.05 rounds below 3
        assert_eq!(
            (found.raster.spins(2), found.raster.spins(3)),
            (vec![-1, 1], vec![-1, 1])
        );
        assert_eq!(found.on_edge, 5);
        let snapped = Binning {
            edges: Edges::Snapped,
            ..binning
        };
        let found = Raster::from_spikes(&units, &times, &snapped).unwrap();
        assert_eq!(
            (found.raster.spins(2), found.raster.spins(3)),
            (vec![-1, -1], vec![-1, 1])
        );
        assert_eq!(found.repeated, 2);
    }

    #[test]
    fn spikes_of_many_units_and_bins_stay_where_they_were() {
        let (units, bins) = (131, 200);
        let spikes: Vec<(usize, usize)> = (0..5000_usize)
            .map(|k| (k * k % units, (7 * k + k / 3) % bins))
            .collect();
        let (numbers, times): (Vec<usize>, Vec<f64>) =
            spikes.iter().map(|(u, b)| (*u, *b as f64 + 0.5)).unzip();
        let binning = Binning {
            units,
            bins,
            width: 1.0,
            ..Binning::default()
        };
        let found = Raster::from_spikes(&numbers, &times, &binning).unwrap();
        for bin in 0..bins {
            for unit in 0..units {
                assert_eq!(found.raster.active(bin, unit), spikes.contains(&(unit, bin)));
            }
        }
        let active: usize = found.raster.active_bins().iter().sum();
        assert_eq!(active + found.repeated, 5000);
    }

    #[test]
    fn wrong_spikes_are_named() {
        let binning = Binning::default();
        assert!(
            Raster::from_spikes(&[1], &[0.0], &binning)
                .unwrap_err()
                .to_string()
                .contains("unit 1")
        );
        assert!(Raster::from_spikes(&[0], &[f64::NAN], &binning).is_err());
        assert!(Raster::from_spikes(&[0], &[], &binning).is_err());
        let endless = Binning {
            bins: usize::MAX,
            ..binning
        };
        let message = Raster::from_spikes(&[], &[], &endless).unwrap_err().to_string();
        assert!(message.contains("memory"), "{message}");
        assert!(
            Raster::from_spikes(
                &[],
                &[],
                &Binning {
                    width: 0.0,
                    ..binning
                }
            )
            .is_err()
        );
        assert!(Raster::from_spikes(&[], &[], &Binning { units: 0, ..binning }).is_err());
    }
}
