//! Jump tables: which jump leaves a state next, in constant time.
//!
//! Per state an alias table over its outgoing jumps: one 64-bit draw is multiplied by their number; the upper half picks a column, the
//! lower half decides between the two jumps that share it. Probabilities are resolved to (number of jumps) · 2⁻⁶⁴, so a
//! channel 10⁻¹⁰ times as fast as its neighbours keeps its share. Two jumps cost what two hundred do.
//!
//! Sources: Walker, ACM Trans. Math. Softw. 3, 253 (1977); Vose, IEEE Trans. Softw. Eng. 17, 972 (1991).

use irrev_numerics::streams::Stream;

use super::waiting::Ziggurat;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};

/// Name of the selection rule, recorded with every result that used it.
pub(super) const ALGORITHM: &str = "alias/1";

/// What leaving a state needs: its columns and its mean waiting time (+∞ for an absorbing state).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    first: u32,
    degree: u32,
    mean_wait: f64,
}

/// Two jumps share a column: the first below the threshold, the second from there on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    threshold: u64,
    jump: [u32; 2],
    to: [u32; 2],
}

/// The jumps of a process, ready to be drawn. Jump 2e runs along edge e, jump 2e + 1 against it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JumpTable {
    places: Vec<Place>,
    columns: Vec<Column>,
}

impl JumpTable {
    /// Tables of a process. O(edges).
    pub(super) fn new(kinetics: &MarkovJump) -> Result<Self> {
        let states = kinetics.network().states().len();
        let edges = kinetics.network().edges();
        let most = u32::MAX as usize / 2;
        for (what, count) in [("number of states", states), ("number of edges", edges.len())] {
            crate::require(what, count as f64, count <= most, "at most 2³¹ − 1")?;
        }
        let mut leaving: Vec<Vec<(u32, u32, f64)>> = vec![Vec::new(); states];
        let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
        for (e, (edge, (&f, &b))) in edges.iter().zip(rates).enumerate() {
            for (jump, from, to, rate) in [(2 * e, edge.from, edge.to, f), (2 * e + 1, edge.to, edge.from, b)]
            {
                if rate > 0.0 {
                    leaving[from].push((jump as u32, to as u32, rate));
                }
            }
        }
        let mut table = Self {
            places: Vec::with_capacity(states),
            columns: Vec::new(),
        };
        for (state, jumps) in leaving.iter().enumerate() {
            // an empty float sum is −0, whose inverse is −∞
            let exit = jumps.iter().fold(0.0, |sum, j| sum + j.2);
            let name = &kinetics.network().states()[state];
            let in_range = exit == 0.0 || (exit.is_normal() && (1.0 / exit).is_finite());
            if !in_range {
                return Err(Error::Domain {
                    what: format!("rate of leaving \"{name}\""),
                    value: exit,
                    expected: "0 or a number whose inverse is within range; change the unit of time",
                });
            }
            table.places.push(Place {
                first: table.columns.len() as u32,
                degree: jumps.len() as u32,
                mean_wait: 1.0 / exit,
            });
            table.columns.extend(columns(jumps, exit));
        }
        Ok(table)
    }

    /// Waiting time in a state; +∞ in an absorbing one.
    #[inline]
    pub(super) fn wait(&self, state: u32, ziggurat: &Ziggurat, stream: &mut Stream) -> f64 {
        ziggurat.exponential(stream) * self.places[state as usize].mean_wait
    }

    /// The jump that leaves a state, and where it leads. The state must not be absorbing.
    #[inline]
    pub(super) fn next(&self, state: u32, stream: &mut Stream) -> (usize, u32) {
        let place = self.places[state as usize];
        let product = u128::from(stream.bits()) * u128::from(place.degree);
        let column = &self.columns[place.first as usize + (product >> 64) as usize];
        let second = usize::from(product as u64 >= column.threshold);
        (column.jump[second] as usize, column.to[second])
    }
}

/// Vose's construction: columns below the mean are filled up from columns above it.
fn columns(jumps: &[(u32, u32, f64)], exit: f64) -> Vec<Column> {
    let n = jumps.len();
    let mut share: Vec<f64> = jumps.iter().map(|j| j.2 / exit * n as f64).collect();
    let mut made: Vec<Column> = jumps
        .iter()
        .map(|j| Column {
            threshold: u64::MAX,
            jump: [j.0; 2],
            to: [j.1; 2],
        })
        .collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| share[i] < 1.0);
    while let (Some(&s), Some(&l)) = (small.last(), large.last()) {
        small.pop();
        // 2⁶⁴ as a double; the conversion saturates
        made[s].threshold = (share[s] * 18_446_744_073_709_551_616.0) as u64;
        made[s].jump[1] = jumps[l].0;
        made[s].to[1] = jumps[l].1;
        share[l] -= 1.0 - share[s];
        if share[l] < 1.0 {
            large.pop();
            small.push(l);
        }
    }
    // what is left is full but for rounding: both jumps of its column are its own
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Probability of every jump that a table gives a state, exactly from its thresholds.
    fn probabilities(table: &JumpTable, state: usize, jumps: usize) -> Vec<f64> {
        let place = table.places[state];
        let mut p = vec![0.0; jumps];
        for c in &table.columns[place.first as usize..(place.first + place.degree) as usize] {
            let below = c.threshold as f64 / 2f64.powi(64);
            p[c.jump[0] as usize] += below / f64::from(place.degree);
            p[c.jump[1] as usize] += (1.0 - below) / f64::from(place.degree);
        }
        p
    }

    #[test]
    fn thresholds_reproduce_the_rates_over_many_decades() {
        let channels: Vec<_> = (1..40)
            .map(|i| (0, i, 10f64.powi(i as i32 % 13 - 10) * i as f64, 0.5))
            .collect();
        let star = MarkovJump::from_rates(40, &channels).unwrap();
        let table = JumpTable::new(&star).unwrap();
        let exit = star.exit_rates()[0];
        for (e, p) in probabilities(&table, 0, 78).iter().step_by(2).enumerate() {
            let expected = star.forward_rate()[e] / exit;
            // a column's remainder is known to one rounding of 1, hence of 1/40
            assert!(
                (p - expected).abs() < 8.0 * f64::EPSILON * expected + f64::EPSILON / 8.0,
                "{e}: {p} {expected}"
            );
        }
    }

    #[test]
    fn an_absorbing_state_waits_for_ever_and_rates_out_of_range_are_refused_by_name() {
        let decay = MarkovJump::from_rates(2, &[(0, 1, 1.0, 0.0)]).unwrap();
        let table = JumpTable::new(&decay).unwrap();
        assert_eq!(table.places[1].mean_wait, f64::INFINITY);
        let slow = MarkovJump::from_rates(2, &[(0, 1, 1e-310, 1.0)]).unwrap();
        assert!(
            JumpTable::new(&slow)
                .unwrap_err()
                .to_string()
                .contains("leaving \"0\"")
        );
    }
}
