//! Master equations whose jump rates depend on the distribution itself.

use std::sync::Arc;

use irrev_numerics::linalg::{Matrix, eigenvalues};

use super::against::{AgainstSteadyState, Side, against};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::network::Network;
use crate::reactions::steady_state::stability;

/// Step of the differences, relative to the distribution's entries: the two extrapolations leave an error of its sixth power.
const STEP: f64 = 1e-2;

/// The rates of jumping at one distribution, and how they change with it: flux along an edge x → y is k⁺(p) p_x, back k⁻(p) p_y.
#[derive(Debug, Clone, PartialEq)]
pub struct StateDependentRates {
    /// k⁺ per edge.
    pub forward: Vec<f64>,
    /// k⁻ per edge.
    pub backward: Vec<f64>,
    /// ∂k⁺/∂p, edges × states.
    pub forward_derivative: Matrix,
    /// ∂k⁻/∂p, edges × states.
    pub backward_derivative: Matrix,
}

impl StateDependentRates {
    fn flow(&self, network: &Arc<Network>, p: &[f64]) -> Result<Flow> {
        network.require_jump_network("a nonlinear master equation")?;
        network.check_states("state", p)?;
        network.check_edges("forward rates", &self.forward)?;
        network.check_edges("backward rates", &self.backward)?;
        let edges = network.edges();
        for derivative in [&self.forward_derivative, &self.backward_derivative] {
            for (what, found, expected) in [
                ("derivatives of rates by edge", derivative.rows(), edges.len()),
                ("derivatives of rates by state", derivative.columns(), p.len()),
            ] {
                if found != expected {
                    return Err(Error::Length {
                        what,
                        found,
                        expected,
                    });
                }
            }
            for &value in derivative.data() {
                crate::require(
                    "a derivative of a rate",
                    value,
                    value.is_finite(),
                    "a finite number",
                )?;
            }
        }
        let times = |rates: &[f64], end: &dyn Fn(usize) -> usize| {
            rates.iter().enumerate().map(|(e, k)| k * p[end(e)]).collect()
        };
        Flow::new(
            Arc::clone(network),
            times(&self.forward, &|e| edges[e].from),
            times(&self.backward, &|e| edges[e].to),
        )
    }

    /// ∂ṗ/∂p.
    fn jacobian(&self, network: &Network, p: &[f64]) -> Matrix {
        let n = p.len();
        let mut jacobian: Matrix = Matrix::zeros(n, n);
        for (e, edge) in network.edges().iter().enumerate() {
            for by in 0..n {
                let own = |end: usize, rate: f64| if end == by { rate } else { 0.0 };
                let forward =
                    own(edge.from, self.forward[e]) + self.forward_derivative[(e, by)] * p[edge.from];
                let backward =
                    own(edge.to, self.backward[e]) + self.backward_derivative[(e, by)] * p[edge.to];
                jacobian[(edge.to, by)] += forward - backward;
                jacobian[(edge.from, by)] -= forward - backward;
            }
        }
        jacobian
    }
}

/// Rates given by a law (p, k⁺, k⁻) that writes them, differentiated by central differences with two extrapolations.
///
/// The law is evaluated at distributions that are off by a hundredth of each entry and not normalised; its derivatives are accurate to some 1e-12 if it is
/// smooth on that scale.
///
/// ```
/// use irrev_network::information::stability::differentiated_rates;
/// let law = |p: &[f64], forward: &mut [f64], backward: &mut [f64]| { forward[0] = 1.0 + p[1] * p[1]; backward[0] = 0.5; Ok(()) };
/// let rates = differentiated_rates(&[0.6, 0.4], 1, law)?;
/// assert!((rates.forward_derivative[(0, 1)] - 0.8).abs() < 1e-12 && rates.backward_derivative[(0, 1)] == 0.0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Whatever the law returns.
pub fn differentiated_rates(
    state: &[f64],
    edges: usize,
    law: impl Fn(&[f64], &mut [f64], &mut [f64]) -> Result<()>,
) -> Result<StateDependentRates> {
    let at = |p: &[f64]| -> Result<Vec<f64>> {
        let mut rates = vec![0.0; 2 * edges];
        let (forward, backward) = rates.split_at_mut(edges);
        law(p, forward, backward)?;
        Ok(rates)
    };
    let here = at(state)?;
    let mut derivatives: Matrix = Matrix::zeros(2 * edges, state.len());
    for by in 0..state.len() {
        let slope = |step: f64| -> Result<Vec<f64>> {
            let moved = |by_much: f64| {
                let mut p = state.to_vec();
                p[by] += by_much;
                at(&p)
            };
            let (up, down) = (moved(step)?, moved(-step)?);
            Ok(up
                .iter()
                .zip(&down)
                .map(|(u, d)| (u - d) / (2.0 * step))
                .collect())
        };
        let step = STEP * if state[by] == 0.0 { 1.0 } else { state[by] };
        let [coarse, middle, fine] = [slope(step)?, slope(0.5 * step)?, slope(0.25 * step)?];
        for (r, out) in derivatives.column_mut(by).iter_mut().enumerate() {
            let first = [
                (4.0 * middle[r] - coarse[r]) / 3.0,
                (4.0 * fine[r] - middle[r]) / 3.0,
            ];
            *out = (16.0 * first[1] - first[0]) / 15.0;
        }
    }
    let part = |from: usize| Matrix::from_fn(edges, state.len(), |e, i| derivatives[(from + e, i)]);
    Ok(StateDependentRates {
        forward_derivative: part(0),
        backward_derivative: part(edges),
        forward: here[..edges].to_vec(),
        backward: here[edges..].to_vec(),
    })
}

/// A distribution that moves by a nonlinear master equation, against a steady state: each with the rates there.
///
/// ```
/// use irrev_network::{Network, information::stability::{differentiated_rates, nonlinear_stability}};
/// // i → i+1 is catalysed by what is already in i+1
/// let law = |p: &[f64], forward: &mut [f64], backward: &mut [f64]| {
///     for i in 0..3 { forward[i] = 0.1 + 6.0 * p[(i + 1) % 3].powi(2); backward[i] = 0.2; }
///     Ok(())
/// };
/// let ring = Network::from_edges(3, &[(0, 1), (1, 2), (2, 0)])?.into();
/// let (p, uniform) = ([0.36, 0.33, 0.31], [1.0 / 3.0; 3]);
/// let found = nonlinear_stability(&ring, (&p, &differentiated_rates(&p, 3, law)?), (&uniform, &differentiated_rates(&uniform, 3, law)?))?;
/// assert_eq!(found.stable(), Some(false));
/// assert!((found.eigenvalues[0].re - 0.55).abs() < 1e-10);
/// // the sum over these channels is positive though the state is left, and says that it is no test
/// assert!(found.excess.resolved.excess > 0.0 && found.excess.divergence_decay < 0.0 && found.excess.motion().is_err());
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Rate`], [`Error::Domain`] for derivatives that are not finite; as [`super::excess_entropy_production`]; failure of the eigenvalues.
pub fn nonlinear_stability(
    network: &Arc<Network>,
    (state, rates): (&[f64], &StateDependentRates),
    (steady, steady_rates): (&[f64], &StateDependentRates),
) -> Result<AgainstSteadyState> {
    let (here, there) = (rates.flow(network, state)?, steady_rates.flow(network, steady)?);
    let linear = steady_rates.jacobian(network, steady);
    // probability is conserved: the last entry follows from the others
    let last = steady.len() - 1;
    let reduced = Matrix::from_fn(last, last, |i, j| linear[(i, j)] - linear[(i, last)]);
    let values = eigenvalues(&reduced)?.values;
    let judged = stability(&values);
    against(
        Side { flow: &here, state },
        Side {
            flow: &there,
            state: steady,
        },
        &rates.jacobian(network, state),
        values,
        judged,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_rates_are_the_linear_master_equation() {
        let network = Arc::new(Network::from_edges(2, &[(0, 1)]).unwrap());
        let law = |_: &[f64], forward: &mut [f64], backward: &mut [f64]| {
            (forward[0], backward[0]) = (2.0, 1.0);
            Ok(())
        };
        let (p, steady) = ([0.8, 0.2], [1.0 / 3.0, 2.0 / 3.0]);
        let rates = differentiated_rates(&p, 1, law).unwrap();
        let found = nonlinear_stability(&network, (&p, &rates), (&steady, &rates)).unwrap();
        assert!((found.eigenvalues[0].re + 3.0).abs() < 1e-13);
        assert_eq!(found.stable(), Some(true));
        assert!(found.excess.motion().is_ok());
        assert!(found.fisher_information_rate < 0.0);
    }

    #[test]
    fn what_is_not_steady_is_refused_by_name() {
        let network = Arc::new(Network::from_edges(2, &[(0, 1)]).unwrap());
        let law = |_: &[f64], forward: &mut [f64], backward: &mut [f64]| {
            (forward[0], backward[0]) = (2.0, 1.0);
            Ok(())
        };
        let p = [0.8, 0.2];
        let rates = differentiated_rates(&p, 1, law).unwrap();
        let refused = nonlinear_stability(&network, (&p, &rates), (&[0.5, 0.5], &rates)).unwrap_err();
        assert!(refused.to_string().contains("imbalance of \"0\""), "{refused}");
    }
}
