//! One-way channels of a system, laid out for the inner loops.
//!
//! A mass-action channel of up to three molecules is c·n₀·(n₁ − o₁)·(n₂ − o₂) with three slots and two offsets; missing factors read a slot that
//! always holds 1. No branch, no dynamic call, and falling factorials vanish by themselves where molecules are missing. Channels are
//! sorted by their first reactant, so that those which a jump touches lie together. Everything else is a law, called through its trait.

use super::{CountSystem, Propensity};
use crate::error::Error;

/// Stands for "no such channel".
pub(crate) const NO_CHANNEL: u32 = u32::MAX;

/// Mass action of up to three molecules.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FastRate {
    pub(crate) constant: f64,
    pub(crate) slot: [u32; 3],
    pub(crate) offset: [f32; 2],
}

impl FastRate {
    /// The propensity; `ORDER` is the largest number of molecules of any channel of the system.
    #[inline(always)]
    pub(crate) fn value<const ORDER: usize>(&self, counts: &[f64]) -> f64 {
        let mut a = self.constant;
        if ORDER >= 1 {
            a *= counts[self.slot[0] as usize];
        }
        if ORDER >= 2 {
            a *= counts[self.slot[1] as usize] - f64::from(self.offset[0]);
        }
        if ORDER >= 3 {
            a *= counts[self.slot[2] as usize] - f64::from(self.offset[1]);
        }
        a
    }
}

/// How the propensities of a system are evaluated, fixed at compile time of a loop.
pub(crate) trait Rates: Send + Sync {
    fn rate(channels: &Channels, channel: usize, counts: &[f64]) -> f64;
}

/// All channels are mass action of at most `ORDER` molecules.
pub(crate) struct MassAction<const ORDER: usize>;

impl<const ORDER: usize> Rates for MassAction<ORDER> {
    #[inline(always)]
    fn rate(channels: &Channels, channel: usize, counts: &[f64]) -> f64 {
        channels.fast[channel].value::<ORDER>(counts)
    }
}

/// Some channels are laws.
pub(crate) struct General;

impl Rates for General {
    #[inline(always)]
    fn rate(channels: &Channels, channel: usize, counts: &[f64]) -> f64 {
        match &channels.laws[channel] {
            None => channels.fast[channel].value::<3>(counts),
            Some(law) => channels.law_value(channel, law, counts, 0.0),
        }
    }
}

/// Lists of different lengths in one array.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists<T> {
    start: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    pub(crate) fn new(lists: impl IntoIterator<Item = Vec<T>>) -> Self {
        let (mut start, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            start.push(items.len() as u32);
        }
        Self { start, items }
    }

    #[inline(always)]
    pub(crate) fn of(&self, i: usize) -> &[T] {
        &self.items[self.start[i] as usize..self.start[i + 1] as usize]
    }
}

/// The one-way channels of a system.
#[derive(Debug, Clone)]
pub(crate) struct Channels {
    /// Number of species.
    pub(crate) species: usize,
    /// Length of a counts vector: species, the slot that holds 1, scratch.
    pub(crate) slots: usize,
    /// Reaction and direction (true: forward) of each channel.
    pub(crate) reaction: Vec<(u32, bool)>,
    /// The other direction of the same reaction, or [`NO_CHANNEL`].
    pub(crate) reverse: Vec<u32>,
    pub(crate) fast: Vec<FastRate>,
    /// Propensities that are not fast mass action.
    laws: Vec<Option<Propensity>>,
    /// Changes of the counts as (slot, Δ).
    pub(crate) changes: Lists<(u32, f64)>,
    /// The same, padded to `width` entries each with changes of 0 of the scratch slot, the last one.
    padded_changes: Vec<(u32, f64)>,
    width: usize,
    /// Channels whose propensity a jump may change, ascending.
    pub(crate) dependents: Lists<u32>,
    /// Channels that read each species.
    pub(crate) readers: Lists<u32>,
    /// Largest number of molecules of a channel, at least 1; `None` if some channel is a law.
    pub(crate) order: Option<usize>,
    pub(crate) depends_on_time: bool,
}

impl Channels {
    pub(crate) fn new(system: &CountSystem) -> Self {
        let species = system.species().len();
        let mut one_way = Vec::new();
        for (k, r) in system.reactions().iter().enumerate() {
            one_way.push((k as u32, true, &r.forward));
            if let Some(backward) = &r.backward {
                one_way.push((k as u32, false, backward));
            }
        }
        one_way.sort_by_key(|c| (c.2.species().first().copied().unwrap_or(species), c.0, !c.1));
        let reaction: Vec<(u32, bool)> = one_way.iter().map(|c| (c.0, c.1)).collect();
        let mut place = vec![[NO_CHANNEL; 2]; system.reactions().len()];
        for (i, &(k, forward)) in reaction.iter().enumerate() {
            place[k as usize][usize::from(forward)] = i as u32;
        }
        let reverse = reaction.iter().map(|&(k, f)| place[k as usize][usize::from(!f)]);
        let changes: Vec<Vec<(u32, f64)>> = reaction
            .iter()
            .map(|&(k, forward)| {
                let sign = if forward { 1 } else { -1 };
                let change = &system.reactions()[k as usize].change;
                change
                    .iter()
                    .map(|&(s, d)| (s as u32, (sign * d) as f64))
                    .collect()
            })
            .collect();
        let width = changes.iter().map(Vec::len).max().unwrap_or(0);
        let scratch = (species as u32 + 1, 0.0);
        let padded = changes.iter().flat_map(|change| {
            let padding = std::iter::repeat_n(scratch, width - change.len());
            change.iter().copied().chain(padding)
        });
        let padded_changes = padded.collect();
        let compiled: Vec<Option<FastRate>> = one_way
            .iter()
            .zip(&changes)
            .map(|(c, change)| fast_rate(c.2, change, species))
            .collect();
        let laws = one_way.iter().zip(&compiled);
        let laws = laws.map(|(c, f)| f.is_none().then(|| c.2.clone())).collect();
        let mut readers = vec![Vec::new(); species];
        for (i, (_, _, propensity)) in one_way.iter().enumerate() {
            // a channel that is switched off where a count would turn negative reads that count too
            let consumed = changes[i].iter().filter(|c| c.1 < 0.0).map(|c| c.0 as usize);
            let mut reads: Vec<usize> = propensity.species().into_iter().chain(consumed).collect();
            reads.sort_unstable();
            reads.dedup();
            for s in reads {
                readers[s].push(i as u32);
            }
        }
        let dependents = changes.iter().map(|change| {
            let mut all: Vec<u32> = change
                .iter()
                .flat_map(|c| readers[c.0 as usize].iter().copied())
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        let dependents = Lists::new(dependents.collect::<Vec<_>>());
        let order = compiled.iter().try_fold(1, |order, f| {
            f.as_ref().map(|f| {
                let factors = f.slot.iter().rposition(|&s| s as usize != species);
                order.max(factors.map_or(0, |last| last + 1))
            })
        });
        let idle = FastRate {
            constant: 0.0,
            slot: [species as u32; 3],
            offset: [0.0; 2],
        };
        Self {
            species,
            slots: species + 2,
            padded_changes,
            width,
            reverse: reverse.collect(),
            reaction,
            fast: compiled.into_iter().map(|f| f.unwrap_or(idle)).collect(),
            laws,
            changes: Lists::new(changes),
            dependents,
            readers: Lists::new(readers),
            order,
            depends_on_time: system.depends_on_time(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.reaction.len()
    }

    /// Whether a channel is a law, or mass action that has no fast form.
    pub(crate) fn is_law(&self, channel: usize) -> bool {
        self.laws[channel].is_some()
    }

    /// Counts with the slot that holds 1 and scratch.
    pub(crate) fn padded(&self, counts: &[i64]) -> Vec<f64> {
        let mut padded = vec![0.0; self.slots];
        for (slot, &n) in padded.iter_mut().zip(counts) {
            *slot = n as f64;
        }
        padded[self.species] = 1.0;
        padded
    }

    /// Changes the counts by one jump.
    #[inline(always)]
    pub(crate) fn apply(&self, channel: usize, counts: &mut [f64]) {
        // as many entries for every channel, so that the processor can foresee the loop
        let first = channel * self.width;
        for &(slot, change) in &self.padded_changes[first..first + self.width] {
            counts[slot as usize] += change;
        }
    }

    /// Propensity of any channel at any time.
    pub(crate) fn rate_at(&self, channel: usize, counts: &[f64], time: f64) -> f64 {
        match &self.laws[channel] {
            None => self.fast[channel].value::<3>(counts),
            Some(law) => self.law_value(channel, law, counts, time),
        }
    }

    /// Lower and upper bound of a propensity in a box of counts; `None` if its law gives none.
    pub(crate) fn bounds(&self, channel: usize, low: &[f64], high: &[f64]) -> Option<(f64, f64)> {
        match &self.laws[channel] {
            // falling factorials grow with the count from n = ν − 1 on, and are zero below
            None | Some(Propensity::MassAction { .. }) => {
                Some((self.rate_at(channel, low, 0.0), self.rate_at(channel, high, 0.0)))
            }
            Some(Propensity::Law(law)) => {
                let (lower, upper) = law.bounds(&low[..self.species], &high[..self.species])?;
                if !(lower <= upper && upper.is_finite()) {
                    return None;
                }
                let switched_off = self.turns_negative(channel, low);
                Some((if switched_off { 0.0 } else { lower.max(0.0) }, upper.max(0.0)))
            }
        }
    }

    fn turns_negative(&self, channel: usize, counts: &[f64]) -> bool {
        let changes = self.changes.of(channel).iter();
        changes.into_iter().any(|&(s, d)| counts[s as usize] + d < 0.0)
    }

    /// A law's value, zero where the jump would make a count negative, and NaN if the value is not a propensity.
    fn law_value(&self, channel: usize, law: &Propensity, counts: &[f64], time: f64) -> f64 {
        if self.turns_negative(channel, counts) {
            return 0.0;
        }
        let value = law.value(time, &counts[..self.species]);
        if value >= 0.0 && value.is_finite() {
            value
        } else {
            f64::NAN
        }
    }

    /// The error of the first channel without a valid propensity, if there is one.
    pub(crate) fn fault(&self, system: &CountSystem, counts: &[f64], time: f64) -> Option<Error> {
        for (channel, &(k, forward)) in self.reaction.iter().enumerate() {
            let raw = match &self.laws[channel] {
                None => self.fast[channel].value::<3>(counts),
                Some(_) if self.turns_negative(channel, counts) => 0.0,
                Some(law) => law.value(time, &counts[..self.species]),
            };
            if !(raw >= 0.0 && raw.is_finite()) {
                let state = system.species().iter().zip(counts);
                return Some(Error::Propensity {
                    reaction: system.reactions()[k as usize].name.clone(),
                    direction: if forward { "forward" } else { "backward" },
                    value: raw,
                    time,
                    state: state.map(|(s, n)| format!("{s} = {n}")).collect(),
                });
            }
        }
        None
    }
}

/// The fast form, if the propensity is mass action of up to three molecules and vanishes by itself where its jump cannot happen.
fn fast_rate(propensity: &Propensity, change: &[(u32, f64)], species: usize) -> Option<FastRate> {
    let Propensity::MassAction { constant, reactants } = propensity else {
        return None;
    };
    let covered = change.iter().all(|&(slot, d)| {
        d > 0.0
            || reactants
                .iter()
                .any(|&(s, n)| s == slot as usize && f64::from(n) >= -d)
    });
    let molecules: u32 = reactants.iter().map(|r| r.1).sum();
    if !covered || molecules > 3 {
        return None;
    }
    let mut slot = [species as u32; 3];
    let mut offset = [0.0_f32; 3];
    let factors = reactants.iter().flat_map(|&(s, n)| (0..n).map(move |k| (s, k)));
    for (place, (s, k)) in factors.enumerate() {
        slot[place] = s as u32;
        offset[place] = k as f32;
    }
    Some(FastRate {
        constant: *constant,
        slot,
        offset: [offset[1], offset[2]],
    })
}
