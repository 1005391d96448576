//! Dissipation behind observed transitions: their order and the times between them.
//!
//! Of a larger network only some transitions I are seen, each with its reverse Ĩ, and their times. After I, the next one is J after a time t with density
//! ψ(J, t | I). Read backwards, J̃ is followed by Ĩ after the same time, so that
//!
//! ```text
//! σ ≥ Σ_{I,J} ν_I ∫ dt ψ(J, t | I) ln [ψ(J, t | I)/ψ(Ĩ, t | J̃)]
//! ```
//!
//! per time, with ν_I the rate at which I occurs. The part of the order alone is Σ ν_I p(J | I) ln [p(J | I)/p(Ĩ | J̃)], the rest that of the waiting times; the
//! latter can be positive where no net current is seen. Densities are compared in bins of equal numbers, which only lowers the divergence.
//!
//! Sources: van der Meer, Ertel and Seifert, Phys. Rev. X 12, 031025 (2022), for transitions between single states; Martínez, Bisker, Horowitz and Parrondo, Nat. Commun. 10, 3542 (2019),
//! for visits of lumped states, where the transition i → j is I and waiting in j belongs to i → j → k.

use irrev_numerics::run::Run;
use irrev_numerics::{Estimate, EstimateKind};

use super::trajectory::JumpTrajectory;
use crate::error::{Error, Result};
use crate::packing::require_symbols;
use crate::replicas::{Task, replicas, require_level, shifted};

/// Blocks of the bootstrap.
const BLOCKS: usize = 64;
/// Waiting times that a bin holds at least, on average of both directions.
const PER_BIN: usize = 25;
/// Most kinds of transitions.
const KINDS: usize = 2048;

const LINKS: &[&str] = &[
    "the process is stationary",
    "each kind of transition joins the same two single states, so that nothing before it matters",
    "correlations end within a 64th of the data (for the interval)",
];

const LUMPED: &[&str] = &[
    "the process is stationary",
    "visits depend on the one before only (a semi-Markov process of second order); where they do not, this is an estimate, not a bound",
    "correlations end within a 64th of the data (for the interval)",
];

/// What a kind of transition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transition {
    /// Between two single states of the network (default): the result is a lower bound.
    #[default]
    Link,
    /// Between lumped states: the result is an estimate.
    Lumped,
}

/// Transitions seen in one stretch of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TransitionSeries {
    /// Kind of each transition.
    pub kinds: Vec<u32>,
    /// When it happened; rising.
    pub times: Vec<f64>,
}

/// How waiting times are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaitingOptions {
    /// What the transitions are; default links.
    pub transition: Transition,
    /// Most bins of waiting times for each pair of transitions; fewer where there are fewer than 25 a bin. Default 20.
    pub bins: usize,
    /// Replicas of the block bootstrap, at least 20; default 400.
    pub replicas: usize,
    /// Level of the interval; default 0.95.
    pub level: f64,
}

impl Default for WaitingOptions {
    fn default() -> Self {
        Self {
            transition: Transition::Link,
            bins: 20,
            replicas: 400,
            level: 0.95,
        }
    }
}

/// Entropy production that transitions and waiting times betray, in nats per time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WaitingTimes {
    /// Part of the order of the transitions, plug-in with 1/2 added to the counts inside of the logarithm.
    pub order: f64,
    /// Part of the waiting times, likewise.
    pub waiting: f64,
    /// Their sum less its bias, with an interval by the bootstrap of 64 blocks of transitions.
    pub rate: Estimate,
    /// Pairs (I, J) seen although (J̃, Ĩ) was not: without the added 1/2 the result would be infinite.
    pub one_way: Vec<(u32, u32)>,
    /// Pairs of successive transitions.
    pub pairs: usize,
    /// Total waiting time.
    pub duration: f64,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Divergence of successive transitions and their waiting times from their reverses. `reverse[I]` is the kind of the transition back, Ĩ.
///
/// ```
/// use irrev_inference::states::{TransitionSeries, WaitingOptions, waiting_time_divergence};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// // a ring seen at one link only: forward (0) with probability 3/4, backward (1) otherwise
/// let mut stream = Stream::new(1, Purpose::Search, 0);
/// let (mut kinds, mut times, mut t) = (vec![], vec![], 0.0);
/// for _ in 0..2000 { t += stream.exponential(1.0); times.push(t); kinds.push(u32::from(stream.uniform() < 0.25)); }
/// let seen = waiting_time_divergence(&[TransitionSeries { kinds, times }], &[1, 0], &WaitingOptions::default(), &Run::default())?;
/// let exact = 0.5 * 3.0_f64.ln();
/// assert!((seen.rate.value - exact).abs() < 5.0 * seen.rate.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::State`], [`Error::Entry`], [`Error::Times`] for series that do not fit; [`Error::Domain`] if `reverse` is no pairing or an option has no
/// meaning; [`Error::TooFew`] for fewer than 128 pairs of transitions; cancellation.
pub fn waiting_time_divergence(
    series: &[TransitionSeries],
    reverse: &[u32],
    options: &WaitingOptions,
    run: &Run,
) -> Result<WaitingTimes> {
    require_level(options.level)?;
    Error::require(
        "number of bins",
        options.bins as f64,
        options.bins > 0,
        "at least 1",
    )?;
    Error::require(
        "replicas",
        options.replicas as f64,
        options.replicas >= 20,
        "at least 20",
    )?;
    require_pairing(reverse)?;
    let pairs = pairs_of(series, reverse.len())?;
    if pairs.len() < 2 * BLOCKS {
        return Err(Error::TooFew {
            what: "comparing waiting times with their reverses",
            unit: "pairs of transitions",
            found: pairs.len(),
            needed: 2 * BLOCKS,
        });
    }
    let cells = Cells::new(&pairs, reverse, options.bins);
    let per_block = pairs.len().div_ceil(BLOCKS);
    let blocks: Vec<Tally> = pairs.chunks(per_block).map(|chunk| cells.tally(chunk)).collect();
    let whole = Tally::sum(blocks.iter());
    let (order, waiting) = cells.divergence(&whole);
    let draws = replicas(Task::Waiting, options.replicas, run, |stream| {
        let number = blocks.len() as u64;
        let chosen = (0..number).map(|_| &blocks[stream.below(number) as usize]);
        let (order, waiting) = cells.divergence(&Tally::sum(chosen));
        Ok(order + waiting)
    })?;
    let (kind, assumptions) = match options.transition {
        Transition::Link => (EstimateKind::LowerBound, LINKS),
        Transition::Lumped => (EstimateKind::Estimate, LUMPED),
    };
    Ok(WaitingTimes {
        order,
        waiting,
        rate: Estimate {
            kind,
            ..shifted(order + waiting, &draws, options.level, pairs.len())
        },
        one_way: cells.one_way(&whole),
        pairs: pairs.len(),
        duration: whole.duration,
        assumptions,
    })
}

/// Visits of (lumped) states as transitions i → j: series, pairing, and the states (i, j) of each kind.
///
/// ```
/// use irrev_inference::states::{JumpTrajectory, visits_as_transitions};
/// let seen = JumpTrajectory { states: &[0, 1, 0], entry_times: &[0.0, 2.0, 3.0], end: 4.0 };
/// let (series, reverse, states) = visits_as_transitions(&[seen]);
/// assert_eq!((&series[0].kinds[..], &series[0].times[..]), (&[0, 1][..], &[2.0, 3.0][..]));
/// assert_eq!((reverse, states), (vec![1, 0], vec![(0, 1), (1, 0)]));
/// ```
#[must_use]
pub fn visits_as_transitions(
    trajectories: &[JumpTrajectory],
) -> (Vec<TransitionSeries>, Vec<u32>, Vec<(u32, u32)>) {
    let jumps = || {
        trajectories
            .iter()
            .flat_map(|t| t.states.windows(2))
            .map(|w| (w[0], w[1]))
    };
    let mut kinds: Vec<(u32, u32)> = jumps().chain(jumps().map(|(i, j)| (j, i))).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let place = |pair: (u32, u32)| kinds.binary_search(&pair).unwrap_or(0) as u32;
    let series = trajectories
        .iter()
        .map(|trajectory| TransitionSeries {
            kinds: trajectory
                .states
                .windows(2)
                .map(|w| place((w[0], w[1])))
                .collect(),
            times: trajectory.entry_times.iter().skip(1).copied().collect(),
        })
        .collect();
    let reverse = kinds.iter().map(|&(i, j)| place((j, i))).collect();
    (series, reverse, kinds)
}

fn require_pairing(reverse: &[u32]) -> Result<()> {
    let kinds = reverse.len();
    Error::require(
        "kinds of transitions",
        kinds as f64,
        (1..=KINDS).contains(&kinds),
        "1 to 2048",
    )?;
    for (kind, &back) in reverse.iter().enumerate() {
        Error::require(
            "reverse of the reverse of a transition",
            f64::from(back),
            reverse.get(back as usize) == Some(&(kind as u32)),
            "the transition itself: each kind and its reverse name each other",
        )?;
    }
    Ok(())
}

/// One transition, the next, and the time between.
type Pair = (u32, u32, f64);

fn pairs_of(series: &[TransitionSeries], kinds: usize) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (place, TransitionSeries { kinds: seen, times }) in series.iter().enumerate() {
        let what = format!("series of transitions {place}");
        if times.len() != seen.len() {
            return Err(Error::Size {
                what: "times of a series of transitions",
                found: times.len(),
                expected: seen.len(),
            });
        }
        require_symbols(&what, seen, kinds)?;
        for (index, &value) in times.iter().enumerate() {
            if !value.is_finite() {
                return Err(Error::Entry { what, index, value });
            }
            if index == 0 {
                continue;
            }
            let before = times[index - 1];
            if value <= before {
                return Err(Error::Times {
                    what,
                    index,
                    value,
                    before,
                });
            }
            pairs.push((seen[index - 1], seen[index], value - before));
        }
    }
    Ok(pairs)
}

/// Bins of waiting times of every pair of transitions, and where each pair's counters begin.
struct Cells {
    kinds: usize,
    /// (J̃, Ĩ) of (I, J), at I · kinds + J.
    image: Vec<usize>,
    /// Inner edges of the bins, the same for a pair and its image.
    edges: Vec<Vec<f64>>,
    first: Vec<usize>,
    size: usize,
}

/// Numbers in all cells, and the time they took.
#[derive(Clone)]
struct Tally {
    counts: Vec<f64>,
    duration: f64,
}

impl Tally {
    fn sum<'a>(tallies: impl Iterator<Item = &'a Self>) -> Self {
        let mut sum = Self {
            counts: Vec::new(),
            duration: 0.0,
        };
        for tally in tallies {
            sum.counts.resize(tally.counts.len(), 0.0);
            for (s, n) in sum.counts.iter_mut().zip(&tally.counts) {
                *s += n;
            }
            sum.duration += tally.duration;
        }
        sum
    }
}

impl Cells {
    fn new(pairs: &[Pair], reverse: &[u32], most: usize) -> Self {
        let kinds = reverse.len();
        let image: Vec<usize> = (0..kinds * kinds)
            .map(|at| reverse[at % kinds] as usize * kinds + reverse[at / kinds] as usize)
            .collect();
        let mut waits = vec![Vec::new(); kinds * kinds];
        for &(i, j, wait) in pairs {
            waits[i as usize * kinds + j as usize].push(wait);
        }
        let mut edges = vec![Vec::new(); kinds * kinds];
        for at in 0..kinds * kinds {
            let back = image[at];
            if back < at {
                edges[at] = edges[back].clone();
                continue;
            }
            let fewest = waits[at].len().min(waits[back].len());
            let bins = (fewest / PER_BIN).clamp(1, most);
            let mut both: Vec<f64> = waits[at].iter().chain(&waits[back]).copied().collect();
            both.sort_by(f64::total_cmp);
            edges[at] = (1..bins).map(|b| both[b * both.len() / bins]).collect();
            edges[at].dedup();
        }
        let mut size = 0;
        let first = edges
            .iter()
            .map(|inner| {
                size += inner.len() + 1;
                size - inner.len() - 1
            })
            .collect();
        Self {
            kinds,
            image,
            edges,
            first,
            size,
        }
    }

    fn tally(&self, pairs: &[Pair]) -> Tally {
        let mut tally = Tally {
            counts: vec![0.0; self.size],
            duration: 0.0,
        };
        for &(i, j, wait) in pairs {
            let at = i as usize * self.kinds + j as usize;
            let bin = self.edges[at].partition_point(|&edge| edge <= wait);
            tally.counts[self.first[at] + bin] += 1.0;
            tally.duration += wait;
        }
        tally
    }

    fn bins<'a>(&self, tally: &'a Tally, at: usize) -> &'a [f64] {
        &tally.counts[self.first[at]..=self.first[at] + self.edges[at].len()]
    }

    /// Parts of the order and of the waiting times, per time.
    fn divergence(&self, tally: &Tally) -> (f64, f64) {
        let number: Vec<f64> = (0..self.image.len())
            .map(|at| self.bins(tally, at).iter().sum())
            .collect();
        let after: Vec<f64> = number.chunks(self.kinds).map(|row| row.iter().sum()).collect();
        let (mut order, mut waiting) = (0.0, 0.0);
        for (at, &n) in number.iter().enumerate() {
            let back = self.image[at];
            if n == 0.0 || back == at {
                continue;
            }
            let m = number[back];
            let share = ((n + 0.5) / (m + 0.5)).ln();
            order += n * (share - (after[at / self.kinds] / after[back / self.kinds].max(0.5)).ln());
            let bins = self.bins(tally, at);
            if bins.len() > 1 {
                // each bin may lose the half that was added; the pair as a whole is compared with the same number of halves
                let halves = 0.5 * bins.len() as f64;
                let whole = ((n + halves) / (m + halves)).ln();
                for (a, b) in bins.iter().zip(self.bins(tally, back)) {
                    waiting += a * (((a + 0.5) / (b + 0.5)).ln() - whole);
                }
            }
        }
        (order / tally.duration, waiting / tally.duration)
    }

    fn one_way(&self, tally: &Tally) -> Vec<(u32, u32)> {
        let number = |at: usize| self.bins(tally, at).iter().sum::<f64>();
        (0..self.image.len())
            .filter(|&at| number(at) > 0.0 && number(self.image[at]) == 0.0)
            .map(|at| ((at / self.kinds) as u32, (at % self.kinds) as u32))
            .collect()
    }
}
