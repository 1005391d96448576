//! The books of one trajectory while it runs.

use super::books::{Books, Level, Passage, Side, Watched};
use super::log_product::{LogProduct, LongSum};
use super::words::{Reader, Writer};
use crate::counts::Channels;

/// Jumps of a channel in the present window, and the sum of their times since its start.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    jumps: u64,
    times: f64,
}

/// When a threshold was first reached, and the medium entropy then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reached {
    pub(crate) time: f64,
    pub(crate) entropy: f64,
}

/// Running books. Times of jumps are relative to the window's start.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) level: Level,
    tally: Vec<Tally>,
    /// Of all windows that are closed.
    jumps: Vec<u64>,
    integral: Vec<LongSum>,
    entropy: LogProduct,
    /// Jumps whose reverse had propensity zero, per channel.
    one_way: Vec<u64>,
    watch: Watch,
    /// Jumps of the window as (time, channel), at the level that records them.
    pub(crate) events: Vec<(f64, u32)>,
}

/// What only the highest level keeps.
#[derive(Debug, Clone, Default)]
struct Watch {
    /// Absolute time of the window's start.
    start: f64,
    /// Reservoir of each channel.
    reservoir: Vec<Option<usize>>,
    heat: Vec<LogProduct>,
    passages: Vec<Passage>,
    /// Weight of each channel, for each passage of a current.
    weights: Vec<Vec<f64>>,
    currents: Vec<f64>,
    reached: Vec<Option<Reached>>,
    histograms: Vec<(usize, Vec<f64>)>,
}

impl Account {
    pub(crate) fn new(books: &Books, channels: &Channels, reservoirs: &[Option<usize>]) -> Self {
        let of_reaction = |w: &[f64]| {
            let signed = channels.reaction.iter().map(|&(k, forward)| {
                let weight = w[k as usize];
                if forward { weight } else { -weight }
            });
            signed.collect::<Vec<f64>>()
        };
        let weights = books.passages.iter().map(|p| match &p.of {
            Watched::Current(w) => of_reaction(w),
            _ => Vec::new(),
        });
        let reservoir = channels.reaction.iter().map(|&(k, _)| reservoirs[k as usize]);
        Self {
            level: books.level(),
            tally: vec![Tally::default(); channels.len()],
            jumps: vec![0; channels.len()],
            integral: vec![LongSum::default(); channels.species],
            entropy: LogProduct::new(),
            one_way: vec![0; channels.len()],
            watch: Watch {
                start: 0.0,
                reservoir: reservoir.collect(),
                heat: vec![LogProduct::new(); books.reservoirs.len()],
                passages: books.passages.clone(),
                weights: weights.collect(),
                currents: vec![0.0; books.passages.len()],
                reached: vec![None; books.passages.len()],
                histograms: books.histograms.iter().map(|&s| (s, Vec::new())).collect(),
            },
            events: Vec::new(),
        }
    }

    /// Back to the start of a trajectory; true if a threshold that ends it is met at once.
    pub(crate) fn begin(&mut self, counts: &[f64], start: f64) -> bool {
        self.tally.fill(Tally::default());
        self.jumps.fill(0);
        self.integral.fill(LongSum::default());
        self.one_way.fill(0);
        self.entropy = LogProduct::new();
        self.watch.start = start;
        self.watch.heat.fill(LogProduct::new());
        self.watch.currents.fill(0.0);
        self.watch.reached.fill(None);
        for (_, times) in &mut self.watch.histograms {
            times.clear();
        }
        self.check_passages(0.0, counts)
    }

    /// Moves the tallies of a window that ends `end` after its start into the totals.
    pub(crate) fn close_window(&mut self, channels: &Channels, counts: &[f64], end: f64, next_start: f64) {
        if self.level != Level::Plain {
            for (sum, n) in self.integral.iter_mut().zip(counts) {
                sum.add(n * end);
            }
            for (r, tally) in self.tally.iter_mut().enumerate() {
                if tally.jumps > 0 {
                    self.jumps[r] += tally.jumps;
                    for &(slot, change) in channels.changes.of(r) {
                        self.integral[slot as usize].add(-change * tally.times);
                    }
                }
                *tally = Tally::default();
            }
        }
        self.watch.start = next_start;
    }

    /// Jumps of a channel so far.
    pub(crate) fn jumps(&self, channel: usize) -> u64 {
        self.jumps[channel] + self.tally[channel].jumps
    }

    pub(crate) fn one_way(&self, channel: usize) -> u64 {
        self.one_way[channel]
    }

    /// ∫ n dt of every species up to `at` after the window's start.
    pub(crate) fn integrals(&self, channels: &Channels, counts: &[f64], at: f64) -> Vec<f64> {
        let mut integral = self.integral.clone();
        for (sum, n) in integral.iter_mut().zip(counts) {
            sum.add(n * at);
        }
        for (r, tally) in self.tally.iter().enumerate().filter(|t| t.1.jumps > 0) {
            for &(slot, change) in channels.changes.of(r) {
                integral[slot as usize].add(-change * tally.times);
            }
        }
        integral.into_iter().map(LongSum::value).collect()
    }

    /// Medium entropy (value, maximum, minimum); +∞ after a jump without a reverse, with the maximum.
    pub(crate) fn entropy(&self) -> (f64, f64, f64) {
        if self.one_way.iter().any(|&n| n > 0) {
            return (f64::INFINITY, f64::INFINITY, self.entropy.minimum());
        }
        (
            self.entropy.value(),
            self.entropy.maximum(),
            self.entropy.minimum(),
        )
    }

    /// Medium entropy of the jumps of each reservoir; +∞ after a jump without a reverse.
    pub(crate) fn reservoir_entropy(&self, reservoir: usize) -> f64 {
        let infinite = |r: &Option<usize>, n: &u64| *r == Some(reservoir) && *n > 0;
        let mut channels = self.watch.reservoir.iter().zip(&self.one_way);
        if channels.any(|(r, n)| infinite(r, n)) {
            f64::INFINITY
        } else {
            self.watch.heat[reservoir].value()
        }
    }

    pub(crate) fn reached(&self) -> &[Option<Reached>] {
        &self.watch.reached
    }

    /// Time at each count of the watched species.
    pub(crate) fn histograms(&self) -> &[(usize, Vec<f64>)] {
        &self.watch.histograms
    }

    /// Adds the time from `from` to `to` to the histograms.
    #[inline]
    pub(crate) fn stay(&mut self, from: f64, to: f64, counts: &[f64]) {
        for (species, times) in &mut self.watch.histograms {
            let n = counts[*species] as usize;
            if n >= times.len() {
                times.resize(n + 1, 0.0);
            }
            times[n] += to - from;
        }
    }

    /// Notes `k` jumps of a channel at once, in the middle of a leap.
    pub(crate) fn leap(&mut self, (channel, k): (usize, f64), at: f64, forward: f64, backward: f64) {
        if self.level == Level::Plain {
            return;
        }
        let tally = &mut self.tally[channel];
        tally.jumps += k as u64;
        tally.times += k * at;
        if !self.entropy.add_many(k, forward, backward) {
            self.one_way[channel] += k as u64;
        }
        if let Some(reservoir) = self.watch.reservoir[channel]
            && let Some(heat) = self.watch.heat.get_mut(reservoir)
        {
            heat.add_many(k, forward, backward);
        }
        for (current, weights) in self.watch.currents.iter_mut().zip(&self.watch.weights) {
            if let Some(w) = weights.get(channel) {
                *current += k * w;
            }
        }
    }

    pub(crate) fn check_passages(&mut self, at: f64, counts: &[f64]) -> bool {
        let mut stop = false;
        for k in 0..self.watch.passages.len() {
            if self.watch.reached[k].is_some() {
                continue;
            }
            let passage = &self.watch.passages[k];
            let value = match &passage.of {
                Watched::Counts(list) => list.iter().map(|&(s, w)| w * counts[s]).sum(),
                Watched::Current(_) => self.watch.currents[k],
                Watched::MediumEntropy => self.entropy().0,
            };
            let there = match passage.side {
                Side::AtLeast => value >= passage.threshold,
                Side::AtMost => value <= passage.threshold,
            };
            if there {
                stop |= passage.stops;
                self.watch.reached[k] = Some(Reached {
                    time: self.watch.start + at,
                    entropy: self.entropy().0,
                });
            }
        }
        stop
    }
}

/// What a jump writes, at one level.
pub(crate) trait Ledger {
    /// Whether the propensities of the jump and of its reverse are wanted.
    const RATES: bool;
    /// Whether the counts are looked at.
    const COUNTS: bool = false;
    /// Notes a stay between two jumps.
    #[inline(always)]
    fn dwell(account: &mut Account, from: f64, to: f64, counts: &[f64]) {
        let _ = (account, from, to, counts);
    }
    /// Notes a jump; true if the trajectory ends with it.
    fn jump(
        account: &mut Account,
        channel: usize,
        at: f64,
        forward: f64,
        backward: f64,
        counts: &[f64],
    ) -> bool;
}

/// Nothing.
pub(crate) struct Plain;
/// Jumps and times.
pub(crate) struct Counting;
/// Jumps, times, medium entropy.
pub(crate) struct Entropy;
/// Everything.
pub(crate) struct Watching;
/// Each jump with its time.
pub(crate) struct Recording;

impl Ledger for Plain {
    const RATES: bool = false;
    #[inline(always)]
    fn jump(_: &mut Account, _: usize, _: f64, _: f64, _: f64, _: &[f64]) -> bool {
        false
    }
}

impl Ledger for Counting {
    const RATES: bool = false;
    #[inline(always)]
    fn jump(account: &mut Account, channel: usize, at: f64, _: f64, _: f64, _: &[f64]) -> bool {
        let tally = &mut account.tally[channel];
        tally.jumps += 1;
        tally.times += at;
        false
    }
}

impl Ledger for Entropy {
    const RATES: bool = true;
    #[inline(always)]
    fn jump(a: &mut Account, channel: usize, at: f64, forward: f64, backward: f64, n: &[f64]) -> bool {
        if !a.entropy.add(forward, backward) {
            a.one_way[channel] += 1;
        }
        Counting::jump(a, channel, at, forward, backward, n)
    }
}

impl Ledger for Watching {
    const RATES: bool = true;
    const COUNTS: bool = true;
    #[inline(always)]
    fn dwell(account: &mut Account, from: f64, to: f64, counts: &[f64]) {
        account.stay(from, to, counts);
    }
    #[inline(always)]
    fn jump(a: &mut Account, channel: usize, at: f64, forward: f64, backward: f64, n: &[f64]) -> bool {
        Entropy::jump(a, channel, at, forward, backward, n);
        if let Some(reservoir) = a.watch.reservoir[channel]
            && let Some(heat) = a.watch.heat.get_mut(reservoir)
        {
            heat.add(forward, backward);
        }
        for (current, weights) in a.watch.currents.iter_mut().zip(&a.watch.weights) {
            if let Some(w) = weights.get(channel) {
                *current += w;
            }
        }
        a.check_passages(at, n)
    }
}

impl Ledger for Recording {
    const RATES: bool = false;
    #[inline(always)]
    fn jump(account: &mut Account, channel: usize, at: f64, _: f64, _: f64, _: &[f64]) -> bool {
        account.events.push((at, channel as u32));
        false
    }
}

impl Account {
    /// State at a window's end, where the tallies are empty.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.words(&self.jumps);
        out.words(&self.one_way);
        for sum in &self.integral {
            out.number(sum.high);
            out.number(sum.low);
        }
        for product in std::iter::once(&self.entropy).chain(&self.watch.heat) {
            out.numbers(&product.words());
        }
        out.numbers(&self.watch.currents);
        for reached in &self.watch.reached {
            let (time, entropy) = reached.map_or((f64::NAN, f64::NAN), |r| (r.time, r.entropy));
            out.number(time);
            out.number(entropy);
        }
        for (_, times) in &self.watch.histograms {
            out.numbers(times);
        }
    }

    /// Takes it back; `None` if the words do not fit.
    pub(crate) fn read(&mut self, input: &mut Reader<'_>, start: f64) -> Option<()> {
        self.tally.fill(Tally::default());
        for list in [&mut self.jumps, &mut self.one_way] {
            let words = input.words()?;
            (words.len() == list.len()).then_some(())?;
            *list = words;
        }
        for sum in &mut self.integral {
            *sum = LongSum {
                high: input.number()?,
                low: input.number()?,
            };
        }
        for product in std::iter::once(&mut self.entropy).chain(&mut self.watch.heat) {
            *product = LogProduct::from_words(input.numbers()?.try_into().ok()?);
        }
        let currents = input.numbers()?;
        (currents.len() == self.watch.currents.len()).then_some(())?;
        self.watch.currents = currents;
        for reached in &mut self.watch.reached {
            let (time, entropy) = (input.number()?, input.number()?);
            *reached = (!time.is_nan()).then_some(Reached { time, entropy });
        }
        for (_, times) in &mut self.watch.histograms {
            *times = input.numbers()?;
        }
        self.watch.start = start;
        Some(())
    }
}
