//! Where searches begin: states from which the minima of κ(p) and of Σ̇/D have been reached, in θ = ln(p/π).

use irrev_numerics::streams::{Purpose, Stream};

use super::reversible::Reversible;

/// Shares of π in mixtures with point masses and pairs.
const SHARES: [f64; 3] = [0.5, 0.1, 0.01];

/// Factors by which a state is depleted, towards the face where it is empty.
const DEPLETIONS: [f64; 3] = [0.3, 0.03, 0.003];

/// Standard deviations of ln(p/π) in random starts, by turns.
const SPREADS: [f64; 3] = [0.5, 1.5, 4.0];

/// Pairs of states that are mixed with π; a larger network takes its first ones.
const PAIRS: usize = 200;

/// π; mixtures of π with every state and with the pairs that are joined by a jump; π with one state depleted; seeded random states, of which every
/// fourth is uniform on the simplex and the others log-normal about π.
pub(super) fn starts(chain: &Reversible, random: usize, seed: u64) -> Vec<Vec<f64>> {
    let n = chain.states();
    let pi = chain.stationary.probabilities();
    let mut starts = vec![vec![0.0; n]];
    for share in SHARES {
        // (1 − s) 1[x]/|x| + s π, over π
        let mut mixed = |members: &[usize]| {
            let mut theta = vec![share.ln(); n];
            for &x in members {
                theta[x] = (share + (1.0 - share) / (members.len() as f64 * pi[x])).ln();
            }
            starts.push(theta);
        };
        (0..n).for_each(|x| mixed(&[x]));
        chain
            .pairs
            .iter()
            .take(PAIRS)
            .for_each(|pair| mixed(&[pair.from, pair.to]));
    }
    for x in 0..n {
        for factor in DEPLETIONS {
            let mut theta = vec![0.0; n];
            theta[x] = f64::ln(factor);
            starts.push(theta);
        }
    }
    for index in 0..random {
        let mut stream = Stream::new(seed, Purpose::Search, index as u64);
        starts.push(match index % 4 {
            0 => (0..n).map(|x| (stream.exponential(1.0) / pi[x]).ln()).collect(),
            kind => (0..n).map(|_| SPREADS[kind - 1] * stream.normal()).collect(),
        });
    }
    starts
}

/// Seeded states around one: θ moved by normal steps, by turns of the given and a hundredth of the given standard deviation.
pub(super) fn neighbours(theta: &[f64], radius: f64, number: usize, seed: u64) -> Vec<Vec<f64>> {
    (0..number)
        .map(|index| {
            // indices beyond those of random starts
            let mut stream = Stream::new(seed, Purpose::Search, (1 << 32) + index as u64);
            let size = if index % 2 == 0 { radius } else { 0.01 * radius };
            theta.iter().map(|t| t + size * stream.normal()).collect()
        })
        .collect()
}
