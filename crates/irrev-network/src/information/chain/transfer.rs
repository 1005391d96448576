//! Transfer entropy with histories, exactly, by enumerating what two parts may have done.

use super::MarkovChain;
use crate::error::{Error, Result};
use crate::information::joint::{conditional_information, marginal_index, strides, sums};

/// How far back the past of target and source is taken, both ending at the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histories {
    /// k ≥ 1: steps of the target's own past.
    pub target: usize,
    /// l ≥ 1: steps of the source's past.
    pub source: usize,
}

impl Default for Histories {
    /// One step of each.
    fn default() -> Self {
        Self { target: 1, source: 1 }
    }
}

/// Most entries of a table of histories: 128 MiB.
const MOST_ENTRIES: usize = 1 << 24;

/// Transfer entropy I(x_{t+1}; y_{t−l+1…t}|x_{t−k+1…t}) from part y = `source` to part x = `target` of a stationary chain, in nats per step.
///
/// Exact: the distribution over the histories of the two parts, and over what all others are in now, is carried forward step by step. Tables have
/// |x|^{k+1} |y|^l · (states of the others) entries.
///
/// ```
/// use irrev_network::information::chain::{Histories, MarkovChain, transfer_entropy};
/// let x = vec![0.247, 0.405, 0.311, 0.87, 0.753, 0.595, 0.689, 0.13];
/// let y = vec![0.382, 0.067, 0.569, 0.849, 0.618, 0.933, 0.431, 0.151];
/// let chain = MarkovChain::from_kernels(&[2, 2], &[x, y])?;
/// let from_y = transfer_entropy(&chain, &[2, 2], 1, 0, Histories { target: 2, source: 1 })?;
/// assert!((from_y - 0.08301540181326361).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::OverLimit`] with the number of histories if it passes 2²⁴; [`Error::Domain`] for a history of no steps, or a part that is its own source;
/// [`Error::Unknown`] for a part that is not there; [`Error::SeveralClosedClasses`] if the stationary state is not unique.
///
/// Source: Schreiber, Phys. Rev. Lett. 85, 461 (2000).
pub fn transfer_entropy(
    chain: &MarkovChain,
    sizes: &[usize],
    source: usize,
    target: usize,
    histories: Histories,
) -> Result<f64> {
    chain.require_product(sizes)?;
    check(sizes, source, target, histories)?;
    let Histories { target: k, source: l } = histories;
    let (x_size, y_size) = (sizes[target], sizes[source]);
    let rest: Vec<usize> = (0..sizes.len()).filter(|&i| i != target && i != source).collect();
    let present = Present::new(chain, sizes, (target, source), &rest);
    let mut table = Table {
        x: x_size,
        y: y_size,
        rest: present.rest_size,
        p: present.stationary(chain)?,
    };
    for step in 2..=k.max(l) {
        let keep = |length: usize| length.min(step);
        table = table.advanced(&present, (x_size.pow(keep(k) as u32), y_size.pow(keep(l) as u32)));
    }
    // one step more, of which only the target's new state is kept, before its history: axes are (new, x history, y history)
    let last = table.with_next(&present, x_size);
    Ok(conditional_information(
        &last,
        &[table.x, x_size, table.y],
        [&[1], &[2], &[0]],
    ))
}

fn check(sizes: &[usize], source: usize, target: usize, histories: Histories) -> Result<()> {
    for part in [source, target] {
        if part >= sizes.len() {
            let name = part.to_string();
            return Err(Error::Unknown {
                what: "subsystem",
                name,
            });
        }
    }
    crate::require(
        "the source of a transfer entropy",
        source as f64,
        source != target,
        "a part other than the target",
    )?;
    let lengths = [
        ("the target's history", histories.target),
        ("the source's history", histories.source),
    ];
    for (what, length) in lengths {
        crate::require(what, length as f64, length >= 1, "at least one step")?;
    }
    let others: f64 =
        sizes.iter().map(|&s| s as f64).product::<f64>() / (sizes[source] * sizes[target]) as f64;
    let entries = (sizes[target] as f64).powf(histories.target as f64 + 1.0)
        * (sizes[source] as f64).powf(histories.source as f64)
        * others;
    if entries > MOST_ENTRIES as f64 {
        return Err(Error::OverLimit {
            what: "histories of an exact transfer entropy, which enumerates them",
            found: entries,
            most: MOST_ENTRIES,
        });
    }
    Ok(())
}

/// States of the chain as (x, y, rest), and its steps in that order.
struct Present {
    x_size: usize,
    y_size: usize,
    rest_size: usize,
    /// Index in (x, y, rest) of every state of the chain.
    place: Vec<usize>,
    /// T(next|now), row-major in (now, next), both as (x, y, rest).
    step: Vec<f64>,
}

impl Present {
    fn new(chain: &MarkovChain, sizes: &[usize], (target, source): (usize, usize), rest: &[usize]) -> Self {
        let axes = [&[target, source], rest].concat();
        let (place, n) = marginal_index(sizes, &axes);
        let mut step = vec![0.0; n * n];
        for now in 0..n {
            for (next, &t) in chain.transition().column(now).iter().enumerate() {
                step[place[now] * n + place[next]] = t;
            }
        }
        Self {
            x_size: sizes[target],
            y_size: sizes[source],
            rest_size: rest.iter().map(|&i| sizes[i]).product(),
            place,
            step,
        }
    }

    fn stationary(&self, chain: &MarkovChain) -> Result<Vec<f64>> {
        let p = chain.stationary_distribution()?;
        Ok(sums(&self.place, p.probabilities(), p.len()))
    }

    /// What follows (x, y, rest).
    fn follows(&self, x: usize, y: usize, rest: usize) -> &[f64] {
        let n = self.place.len();
        let now = (x * self.y_size + y) * self.rest_size + rest;
        &self.step[now * n..(now + 1) * n]
    }
}

/// Probabilities of (history of x, history of y, rest now), row-major; the newest step of a history varies fastest.
struct Table {
    x: usize,
    y: usize,
    rest: usize,
    p: Vec<f64>,
}

impl Table {
    /// Calls with (x history, y history, x', y', rest', probability) for every step from every entry.
    fn steps(&self, present: &Present, mut each: impl FnMut(usize, usize, [usize; 3], f64)) {
        let stride = strides(&[self.x, self.y, self.rest]);
        for (i, &p) in self.p.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            let (x, y, rest) = (i / stride[0], i / stride[1] % self.y, i % self.rest);
            let follows = present.follows(x % present.x_size, y % present.y_size, rest);
            for (next, &t) in follows.iter().enumerate().filter(|(_, t)| **t > 0.0) {
                let (pair, rest) = (next / self.rest, next % self.rest);
                each(x, y, [pair / present.y_size, pair % present.y_size, rest], p * t);
            }
        }
    }

    /// One step later, with histories of the given numbers of possibilities: the oldest step is forgotten where a history is full.
    fn advanced(&self, present: &Present, (x_many, y_many): (usize, usize)) -> Self {
        let mut p = vec![0.0; x_many * y_many * self.rest];
        self.steps(present, |x, y, [u, v, rest], weight| {
            let x = (x * present.x_size + u) % x_many;
            let y = (y * present.y_size + v) % y_many;
            p[(x * y_many + y) * self.rest + rest] += weight;
        });
        Self {
            x: x_many,
            y: y_many,
            rest: self.rest,
            p,
        }
    }

    /// Probabilities of (x history, next x, y history).
    fn with_next(&self, present: &Present, x_size: usize) -> Vec<f64> {
        let mut p = vec![0.0; self.x * x_size * self.y];
        self.steps(present, |x, y, [u, ..], weight| {
            p[(x * x_size + u) * self.y + y] += weight;
        });
        p
    }
}
