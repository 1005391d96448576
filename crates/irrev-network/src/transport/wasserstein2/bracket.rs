//! Bounds on W₂ that need no geodesic: what remains proven where none is resolved.
//!
//! ```text
//! W₂(p, q)² ≥ W₁(p, q)²/C            with lengths d of the edges, C = max_x ½ Σ k(x→y) d², as L ≤ ½ (k⁺ p_x + k⁻ p_y) (Cauchy–Schwarz)
//! W₂(p, m)² ≤ Σ J²/Λ(L(p), L(m))     along the straight line, J any flow from p to m, as L is concave
//! W₂(p, m)² ≤ 4 Σ J²/L(m)            the same line where L(p) = 0; edges of both kinds: the roots of both add
//! ```
//!
//! The first is the inequality of W₁ and W₂ that optimal transport on the line has with C = 1; the lengths d = (largest rate of escape of both
//! states)^(−½) make it independent of how rates are spread. The other two are used with m half way between the ends, mixed with more or less of the uniform distribution.

use irrev_numerics::Run;
use irrev_numerics::network_simplex::{Channel, MinimumCost, minimum_cost_flow};
use irrev_numerics::special::logarithmic_mean;

use super::ROUNDING;
use super::action::{Potentials, differences};
use super::mobility::Mobility;
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};

/// Parts of the uniform distribution that are tried half way.
const MIXTURES: [f64; 8] = [1.0, 0.1, 1e-2, 1e-4, 1e-8, 1e-12, 1e-16, 1e-20];

/// Lower and upper bound on W₂² between two states of a component.
pub(super) fn bracket(
    kinetics: &MarkovJump,
    states: &[usize],
    mobility: &Mobility,
    (start, end): (&[f64], &[f64]),
    run: &Run<'_>,
) -> Result<(f64, f64)> {
    let mass: f64 = start.iter().sum();
    Ok((
        from_below(kinetics, states, (start, end), run)? / mass,
        from_above(mobility, (start, end))?,
    ))
}

/// W₁²/C.
fn from_below(
    kinetics: &MarkovJump,
    states: &[usize],
    (start, end): (&[f64], &[f64]),
    run: &Run<'_>,
) -> Result<f64> {
    let mut number = vec![usize::MAX; kinetics.network().states().len()];
    for (new, old) in states.iter().enumerate() {
        number[*old] = new;
    }
    let jumps: Vec<(usize, usize, f64)> = kinetics
        .jumps()
        .filter(|&(from, _, _)| number[from] != usize::MAX)
        .map(|(from, to, rate)| (number[from], number[to], rate))
        .collect();
    let mut escape = vec![0.0; states.len()];
    for &(from, _, rate) in &jumps {
        escape[from] += rate;
    }
    let length = |x: usize, y: usize| 1.0 / f64::max(escape[x], escape[y]).sqrt();
    let mut spread = vec![0.0; states.len()];
    for &(from, to, rate) in &jumps {
        spread[from] += 0.5 * rate * length(from, to).powi(2);
    }
    let channels: Vec<Channel> = jumps
        .iter()
        .filter(|(from, to, _)| from < to)
        .map(|&(x, y, _)| Channel::both_ways(x, y, length(x, y)))
        .collect();
    let supply: Vec<f64> = start.iter().zip(end).map(|(p, q)| p - q).collect();
    Ok(
        match minimum_cost_flow(states.len(), &channels, &supply, ROUNDING, run)? {
            MinimumCost::Finite(best) => {
                let largest = spread.into_iter().fold(0.0, f64::max);
                best.lower_bound.max(0.0).powi(2) / largest
            }
            // the probability of a component differs at its ends by rounding only
            MinimumCost::Infinite(_) => 0.0,
        },
    )
}

/// The squared length of the shortest way over a state half way that was tried.
fn from_above(mobility: &Mobility, (start, end): (&[f64], &[f64])) -> Result<f64> {
    let potentials = Potentials::new(mobility)?;
    let even = start.iter().sum::<f64>() / start.len() as f64;
    let mut shortest = f64::INFINITY;
    for part in MIXTURES {
        let middle: Vec<f64> = start
            .iter()
            .zip(end)
            .map(|(p, q)| (1.0 - part) * 0.5 * (p + q) + part * even)
            .collect();
        let legs = (
            straight(mobility, &potentials, start, &middle)?,
            straight(mobility, &potentials, end, &middle)?,
        );
        shortest = shortest.min(legs.0 + legs.1);
    }
    Ok(shortest * shortest)
}

/// At least the length of the straight line from a state to a positive one; +∞ if arithmetic does not carry the flow.
fn straight(mobility: &Mobility, potentials: &Potentials, from: &[f64], middle: &[f64]) -> Result<f64> {
    let (mut at_start, mut at_middle) = (Vec::new(), Vec::new());
    mobility.values(from, &mut at_start);
    mobility.values(middle, &mut at_middle);
    let velocity: Vec<f64> = middle.iter().zip(from).map(|(m, p)| m - p).collect();
    let Some(potential) = potentials.solve(&at_middle, &velocity)? else {
        return Ok(f64::INFINITY);
    };
    let mut force = Vec::new();
    differences(mobility, &potential, &mut force);
    let (mut concave, mut rooted) = (0.0, 0.0);
    for ((force, early), late) in force.iter().zip(&at_start).zip(&at_middle) {
        let square = (late * force).powi(2);
        if square > 0.0 {
            let (level, rising) = (square / logarithmic_mean(*early, *late), 4.0 * square / late);
            if level < rising {
                concave += level;
            } else {
                rooted += rising;
            }
        }
    }
    // lengths of parts of the flow add up at most (Minkowski's inequality)
    Ok(concave.sqrt() + rooted.sqrt())
}

#[cfg(test)]
mod tests {
    use irrev_testing::assert_close;
    use irrev_testing::random::{boundary_distributions, cases, networks};
    use proptest::prelude::*;

    use super::*;
    use crate::state::Distribution;
    use crate::transport::{Wasserstein2Options, wasserstein2};

    fn of_all(kinetics: &MarkovJump, p: &[f64], q: &[f64]) -> (f64, f64) {
        let states: Vec<usize> = (0..p.len()).collect();
        let mobility = Mobility::of_jumps(kinetics, &states).unwrap();
        let (lower, upper) = bracket(kinetics, &states, &mobility, (p, q), &Run::default()).unwrap();
        (lower.sqrt(), upper.sqrt())
    }

    fn chain(states: usize) -> MarkovJump {
        let channels: Vec<_> = (1..states).map(|i| (i - 1, i, 1.0, 1.0)).collect();
        MarkovJump::from_rates(states, &channels).unwrap()
    }

    proptest! {
        #![proptest_config(cases(30))]
        #[test]
        fn holds_the_interval_of_the_geodesic(
            (network, p, q) in networks(7, 2.0).prop_flat_map(|network| {
                let n = network.states;
                (Just(network), boundary_distributions(n), boundary_distributions(n))
            })
        ) {
            let kinetics = MarkovJump::from_rates(network.states, &network.channels).unwrap();
            let ends = (Distribution::new(p.clone()).unwrap(), Distribution::new(q.clone()).unwrap());
            let found = wasserstein2(&kinetics, &ends.0, &ends.1, &Wasserstein2Options::within(1e-2), &Run::default()).unwrap();
            let (lower, upper) = of_all(&kinetics, &p, &q);
            let (geodesic, slack) = (found.geodesic().unwrap(), 1.0 + 1e-9);
            prop_assert!(lower <= geodesic.upper_bound() * slack && upper * slack >= geodesic.lower_bound());
        }
    }

    #[test]
    fn a_chain_is_at_least_as_long_as_its_edges_are_many() {
        // C = 1 for unit rates, and W₂ of the ends of 60 states is 60.4665
        let mut ends = (vec![0.0; 60], vec![0.0; 60]);
        (ends.0[0], ends.1[59]) = (1.0, 1.0);
        let (lower, upper) = of_all(&chain(60), &ends.0, &ends.1);
        assert_close("lower bound", lower, 59.0, 1e-12, 0.0);
        assert!((60.4665..2.5 * 60.4665).contains(&upper), "{upper}");
    }

    #[test]
    fn neighbours_on_a_face_are_as_near_as_their_edge_conducts() {
        // W₂ → δ/√L for a step δ over one edge with L = ½
        let (lower, upper) = of_all(
            &chain(5),
            &[0.5, 0.5, 0.0, 0.0, 0.0],
            &[0.5 + 1e-6, 0.5 - 1e-6, 0.0, 0.0, 0.0],
        );
        assert_close("lower bound", lower, 1e-6, 1e-6, 0.0);
        assert_close("upper bound", upper, 1e-6 * 2f64.sqrt(), 0.1, 0.0);
    }
}
