//! States step by step: transition counts in one fast pass, and the irreversibility of a step.
//!
//! The divergence of (x_t, x_{t+1}) from (x_{t+1}, x_t) is the entropy production per step of a stationary Markov chain that is fully seen, and a lower bound
//! on it for whatever is seen of a larger one.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Estimate, EstimateKind};

use super::reversal::{reversal, totals};
use crate::error::{Error, Result};
use crate::packing::{bits_of, require_symbols};
use crate::replicas::student;

/// Blocks of time behind errors.
pub(super) const BLOCKS: usize = 32;
/// Sequences counted side by side, so that one increment does not wait for the one before.
const LANES: usize = 4;
/// Most cells of all tables together.
const CELLS: usize = 1 << 27;

/// What is assumed.
const ASSUMPTIONS: &[&str] = &[
    "the sequence is stationary",
    "correlations end within a 32nd of the data (for the interval)",
    "a lower bound on the entropy production of the whole system; equal to it for a Markov chain that is fully seen",
];

/// Transitions between states seen step by step, in blocks of time.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionCounts {
    states: usize,
    shift: u32,
    /// One table a block, of 2^shift columns; cell from · 2^shift + to.
    blocks: Vec<Vec<u32>>,
    steps: u64,
}

/// Counts transitions of one or several sequences of states 0 … `states` − 1; nothing is counted across their ends. About a nanosecond a step for small numbers of states.
///
/// ```
/// use irrev_inference::states::transition_counts;
/// let counts = transition_counts(2, &[&[0, 1, 1, 0].repeat(20)])?;
/// assert_eq!(counts.matrix()[(1, 0)], 20.0);                       // 0 → 1
/// assert_eq!(counts.transition_matrix()[(1, 1)], 0.5);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::State`] for a state that is not there; [`Error::TooFew`] for fewer than 64 steps; [`Error::Domain`] for no state or more than 2896.
pub fn transition_counts(states: usize, sequences: &[&[u32]]) -> Result<TransitionCounts> {
    let shift = bits_of(states);
    let cells = 1_usize.checked_shl(2 * shift).unwrap_or(usize::MAX);
    Error::require(
        "number of states",
        states as f64,
        states > 0 && cells <= CELLS / 8,
        "1 to 2896",
    )?;
    for (place, sequence) in sequences.iter().enumerate() {
        require_symbols(&format!("sequence {place}"), sequence, states)?;
    }
    let steps: usize = sequences.iter().map(|s| s.len().saturating_sub(1)).sum();
    if steps < 2 * BLOCKS {
        return Err(Error::TooFew {
            what: "counting transitions",
            unit: "steps",
            found: steps,
            needed: 2 * BLOCKS,
        });
    }
    // large tables take fewer blocks, so that they do not outgrow memory
    let number = (CELLS / cells).clamp(8, BLOCKS);
    let mut blocks = vec![vec![0_u32; cells]; number];
    let length = steps.div_ceil(number);
    let mut place = 0;
    for sequence in sequences {
        let mut rest = *sequence;
        while rest.len() > 1 {
            let room = length - place % length;
            // four whole blocks of one sequence at a time
            let block = place / length;
            if room == length && rest.len() > LANES * length && block + LANES <= number {
                let lanes: [&[u32]; LANES] =
                    std::array::from_fn(|lane| &rest[lane * length..=(lane + 1) * length]);
                if let [a, b, c, d, ..] = &mut blocks[block..] {
                    count_side_by_side([a, b, c, d], lanes, shift);
                }
                place += LANES * length;
                rest = &rest[LANES * length..];
            } else {
                let taken = room.min(rest.len() - 1);
                for pair in rest[..=taken].windows(2) {
                    blocks[block][cell(pair[0], pair[1], shift)] += 1;
                }
                place += taken;
                rest = &rest[taken..];
            }
        }
    }
    Ok(TransitionCounts {
        states,
        shift,
        blocks,
        steps: steps as u64,
    })
}

#[inline(always)]
fn cell(from: u32, to: u32, shift: u32) -> usize {
    ((from as usize) << shift) | to as usize
}

/// Transitions of four stretches of equal length, each into its own table.
fn count_side_by_side(tables: [&mut Vec<u32>; LANES], lanes: [&[u32]; LANES], shift: u32) {
    let steps = lanes[0].len() - 1;
    let mask = (1_usize << (2 * shift)) - 1;
    let [a, b, c, d] = tables.map(|table| &mut table[..=mask]);
    let [p, q, r, s] = lanes.map(|lane| &lane[..=steps]);
    let width = 1_usize << shift;
    let mut rows = [p[0], q[0], r[0], s[0]].map(|from| from as usize * width);
    for (((&p, &q), &r), &s) in p[1..].iter().zip(&q[1..]).zip(&r[1..]).zip(&s[1..]) {
        let to = [p, q, r, s].map(|to| to as usize);
        // states are below 2^shift, so the mask changes nothing but the bounds check
        a[(rows[0] + to[0]) & mask] += 1;
        b[(rows[1] + to[1]) & mask] += 1;
        c[(rows[2] + to[2]) & mask] += 1;
        d[(rows[3] + to[3]) & mask] += 1;
        rows = to.map(|to| to * width);
    }
}

impl TransitionCounts {
    /// Number of steps counted.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// N_ij, the number of steps j → i, staying included.
    #[must_use]
    pub fn matrix(&self) -> Matrix {
        let total = totals(&self.blocks);
        Matrix::from_fn(self.states, self.states, |i, j| {
            total[cell(j as u32, i as u32, self.shift)] as f64
        })
    }

    /// Transition probabilities T_ij = N_ij/Σ_i N_ij (j → i); a column of zeros where a state was never left.
    #[must_use]
    pub fn transition_matrix(&self) -> Matrix {
        let counts = self.matrix();
        let left: Vec<f64> = (0..self.states).map(|j| counts.column(j).iter().sum()).collect();
        Matrix::from_fn(self.states, self.states, |i, j| {
            if left[j] > 0.0 {
                counts[(i, j)] / left[j]
            } else {
                0.0
            }
        })
    }
}

/// Irreversibility of a step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StepEntropyProduction {
    /// Σ p_ij ln(p_ij/p_ji) of the shares of steps, in nats per step; infinite if a step was seen whose reverse was not.
    pub plugin: f64,
    /// The same with 1/2 added to the counts inside of the logarithm.
    pub pseudocount_half: f64,
    /// Steps (from, to) seen in that direction only.
    pub one_way: Vec<(usize, usize)>,
    /// Plug-in less its bias to first order, with a 95 % interval from blocks of time; both NaN where the plug-in is infinite. Noise may take it below zero.
    pub corrected: Estimate,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Divergence of steps from their reverses, in nats per step. O(states²).
///
/// ```
/// use irrev_inference::states::{step_entropy_production, transition_counts};
/// let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let mut state = 0;
/// let ring: Vec<u32> = (0..20_000).map(|_| { state = (state + if stream.uniform() < 0.7 { 1 } else { 2 }) % 3; state }).collect();
/// let sigma = step_entropy_production(&transition_counts(3, &[&ring])?);
/// let exact = 0.4 * (0.7_f64 / 0.3).ln();
/// assert!((sigma.corrected.value - exact).abs() < 5.0 * sigma.corrected.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[must_use]
pub fn step_entropy_production(counts: &TransitionCounts) -> StepEntropyProduction {
    let (shift, low) = (counts.shift, (1_usize << counts.shift) - 1);
    let found = reversal(&counts.blocks, |cell| ((cell & low) << shift) | (cell >> shift));
    let blocks = counts.blocks.len();
    StepEntropyProduction {
        plugin: found.plugin,
        pseudocount_half: found.pseudocount_half,
        one_way: found
            .one_way
            .iter()
            .map(|cell| (cell >> shift, cell & low))
            .collect(),
        corrected: Estimate {
            kind: EstimateKind::LowerBound,
            ..student(
                found.plugin,
                found.standard_error,
                found.bias,
                blocks - 1,
                counts.steps as usize,
            )
        },
        assumptions: ASSUMPTIONS,
    }
}
