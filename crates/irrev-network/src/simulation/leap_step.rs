//! How long propensities stay nearly constant: the step choice of Cao, Gillespie and Petzold, J. Chem. Phys. 124, 044109 (2006).
//!
//! With μ_i = Σ Δ_ir a_r and σ²_i = Σ Δ²_ir a_r, the step is min over the reactants of max(ε n_i/g_i, 1)/|μ_i| and max(ε n_i/g_i, 1)²/σ²_i: no
//! propensity is expected to change by more than about the part ε of it. g_i is the order of the highest reaction that reads the species, corrected
//! for several equal molecules; a law counts as order 3.

use crate::counts::{Channels, General, Rates};

/// Which reactions read a species: highest order, and the most equal molecules in it.
#[derive(Debug, Clone, Copy, Default)]
struct Reader {
    order: u32,
    equal: u32,
}

pub(crate) struct LeapStep {
    readers: Vec<Reader>,
    mean: Vec<f64>,
    spread: Vec<f64>,
}

impl LeapStep {
    pub(crate) fn new(channels: &Channels) -> Self {
        let mut readers = vec![Reader::default(); channels.species];
        for r in 0..channels.len() {
            let slots = channels.fast[r].slot;
            let reads = |s: usize| slots.iter().filter(|&&slot| slot as usize == s).count() as u32;
            let order = slots.iter().filter(|&&s| (s as usize) < channels.species).count() as u32;
            for (s, reader) in readers.iter_mut().enumerate() {
                let found = if channels.is_law(r) {
                    let listed = channels.readers.of(s).contains(&(r as u32));
                    if listed {
                        Reader { order: 3, equal: 1 }
                    } else {
                        continue;
                    }
                } else {
                    Reader {
                        order,
                        equal: reads(s),
                    }
                };
                if found.equal > 0 && (found.order, found.equal) > (reader.order, reader.equal) {
                    *reader = found;
                }
            }
        }
        Self {
            readers,
            mean: vec![0.0; channels.species],
            spread: vec![0.0; channels.species],
        }
    }

    fn g(reader: Reader, n: f64) -> f64 {
        let one = 1.0 / (n - 1.0).max(1.0);
        match (reader.order, reader.equal) {
            (2, 2) => 2.0 + one,
            (3, 2) => 1.5 * (2.0 + one),
            (3, 3) => 3.0 + one + 2.0 / (n - 2.0).max(1.0),
            (order, _) => f64::from(order),
        }
    }

    /// The longest step for the given propensities; channels for which `skip` holds are left out. `least` is the smallest change of a count that matters.
    pub(crate) fn longest(
        &mut self,
        channels: &Channels,
        counts: &[f64],
        rates: &[f64],
        skip: &[bool],
        (epsilon, least): (f64, f64),
    ) -> f64 {
        self.mean.fill(0.0);
        self.spread.fill(0.0);
        for (r, &a) in rates.iter().enumerate().filter(|(r, _)| !skip[*r]) {
            for &(slot, d) in channels.changes.of(r) {
                self.mean[slot as usize] += d * a;
                self.spread[slot as usize] += d * d * a;
            }
        }
        let mut step = f64::INFINITY;
        for (s, reader) in self.readers.iter().enumerate().filter(|r| r.1.order > 0) {
            let change = (epsilon * counts[s] / Self::g(*reader, counts[s])).max(least);
            step = step
                .min(change / self.mean[s].abs())
                .min(change * change / self.spread[s]);
        }
        step
    }
}

/// Propensities of all channels; false if one is not valid.
pub(crate) fn evaluate(channels: &Channels, counts: &[f64], rates: &mut [f64]) -> bool {
    for (r, a) in rates.iter_mut().enumerate() {
        // falling factorials of numbers that are not whole dip below zero next to it
        let value = General::rate(channels, r, counts);
        *a = if value < 0.0 { 0.0 } else { value };
    }
    rates.iter().all(|a| a.is_finite())
}
