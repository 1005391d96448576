//! Information-geometric excess/housekeeping split.
//!
//! The excess is the least relative entropy D(j′‖j̃) = Σ [j′ ln(j′/j̃) − j′ + j̃] from the reversed one-way fluxes j̃ (forward
//! jumps at the backward flux, and vice versa) to any fluxes j′ that move the state equally, B(j′⁺ − j′⁻) = ẋ. Its dual is the
//! concave maximum over potentials φ of φ·ẋ − Σₑ [jₑ⁻(e^d − 1) + jₑ⁺(e^{−d} − 1)] with d = Bᵀφ; the optimal fluxes are
//! j′⁺ = j⁻e^d and j′⁻ = j⁺e^{−d}. At φ = 0 the dual is 0, at the true reversal it is Σ̇.
//!
//! Newton's method on the dual; its Hessian is the Laplacian with weights j⁻e^d + j⁺e^{−d}. The primal value is computed from
//! fluxes repaired to satisfy the constraint exactly, so primal − dual bounds the error.
//!
//! Source: Kolchinsky, Dechant, Yoshimura and Ito, arXiv:2206.14599 (2022).

use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Tolerance};

use crate::error::Result;
use crate::flow::Flow;
use crate::laplacian::Laplacian;

/// Information-geometric excess and housekeeping parts, with certificate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InformationGeometricDecomposition {
    /// Excess entropy production rate (the dual value, a lower bound up to rounding), in nats per time.
    pub excess: f64,
    /// Housekeeping entropy production rate Σ̇ − excess ≥ 0, in nats per time.
    pub housekeeping: f64,
    /// Maximising potential φ per state, in nats, zero mean on each component.
    pub potential: Vec<f64>,
    /// Relative entropy of feasible fluxes: an upper bound on the excess.
    pub primal: f64,
    /// Certified gap primal − dual ≥ 0, in nats per time.
    pub gap: f64,
    /// Newton steps and the gap against its target.
    pub convergence: Convergence,
}

/// Information-geometric split of the entropy production rate of a flow.
///
/// Default target: gap ≤ 1e-12 · Σ̇ (and 1e-10 of the excess where that is larger).
///
/// # Errors
/// [`crate::Error::OneWay`] if a flux is one way only (the dual is then not bounded by finite potentials in general);
/// not converged.
pub fn information_geometric_decomposition(flow: &Flow) -> Result<InformationGeometricDecomposition> {
    decompose(flow, &Laplacian::new(flow.network())?)
}

pub(crate) fn decompose(flow: &Flow, laplacian: &Laplacian<'_>) -> Result<InformationGeometricDecomposition> {
    // symbols: a, b one-way fluxes j⁺, j⁻; w = ẋ; φ potential, d = Bᵀφ; h Hessian weights
    flow.require_both_ways("the information-geometric split")?;
    let tolerance = Tolerance {
        relative: 1e-12,
        max_iterations: 200,
        ..Tolerance::default()
    };
    let network = flow.network();
    let w = flow.rate_of_change();
    let scale = flow.activity();
    let total = flow.entropy_production_rate();
    let dual = |phi: &[f64], d: &[f64]| {
        let linear = phi.iter().zip(&w).map(|(p, w)| p * w);
        let cost = flow
            .fluxes()
            .zip(d)
            .map(|((a, b), d)| -(b * d.exp_m1() + a * (-d).exp_m1()));
        compensated_sum(linear.chain(cost))
    };
    let mut phi = vec![0.0; w.len()];
    let mut d: Vec<f64> = vec![0.0; network.edges().len()];
    let mut value: f64 = 0.0;
    let mut best: Option<InformationGeometricDecomposition> = None;
    for iterations in 0..tolerance.max_iterations {
        let moved: Vec<f64> = flow
            .fluxes()
            .zip(&d)
            .map(|((a, b), d)| b * d.exp() - a * (-d).exp())
            .collect();
        let gradient: Vec<f64> = network
            .divergence(&moved)?
            .iter()
            .zip(&w)
            .map(|(moved, wanted)| wanted - moved)
            .collect();
        let weight: Vec<f64> = flow
            .fluxes()
            .zip(&d)
            .map(|((a, b), d)| b * d.exp() + a * (-d).exp())
            .collect();
        let Some(step) = laplacian.solve(&weight, &gradient, scale)? else {
            // cannot happen with both fluxes positive on every active edge: w is a divergence of these edges
            break;
        };
        let direction = network.gradient(&step.psi)?;
        let primal = primal_value(flow, &d, &weight, &direction);
        let target = tolerance.target(total).max(1e-10 * value).max(f64::MIN_POSITIVE);
        let gap = (primal - value).max(0.0);
        if best.as_ref().is_none_or(|b| gap < b.gap) {
            best = Some(InformationGeometricDecomposition {
                excess: value.clamp(0.0, total),
                housekeeping: (total - value).max(0.0),
                potential: phi.clone(),
                primal,
                gap,
                convergence: Convergence {
                    iterations,
                    residual: gap,
                    target,
                    reason: StopReason::Converged,
                },
            });
        }
        let decrement = compensated_sum(step.psi.iter().zip(&gradient).map(|(p, g)| p * g));
        // once a full step can gain less than rounding, the value is final
        if decrement <= 4.0 * f64::EPSILON * value.abs() || decrement <= 0.0 {
            break;
        }
        // the dual is concave and Newton's direction ascends: halve until it gains a quarter of the promise
        let mut length = 1.0;
        loop {
            let trial: Vec<f64> = phi.iter().zip(&step.psi).map(|(p, s)| p + length * s).collect();
            let trial_d = network.gradient(&trial)?;
            let trial_value = dual(&trial, &trial_d);
            let rounding = 8.0 * f64::EPSILON * (total + value.abs());
            if trial_value >= value + 0.25 * length * decrement - rounding {
                (phi, d, value) = (trial, trial_d, trial_value);
                break;
            }
            length *= 0.5;
            if length < 1e-12 {
                break;
            }
        }
        if length < 1e-12 {
            break;
        }
    }
    let failed = |residual: f64| NumericsError::NotConverged {
        what: "information-geometric excess",
        convergence: Convergence {
            iterations: tolerance.max_iterations,
            residual,
            target: tolerance.target(total),
            reason: StopReason::IterationLimit,
        },
    };
    match best {
        Some(best) if best.convergence.converged() || best.gap <= 1e-9 * total => Ok(best),
        Some(best) => Err(failed(best.gap).into()),
        None => Err(failed(f64::INFINITY).into()),
    }
}

/// D(j′‖j̃) of the fluxes at φ, repaired by the current h·(Bᵀ step) so that they move the state exactly.
fn primal_value(flow: &Flow, d: &[f64], weight: &[f64], direction: &[f64]) -> f64 {
    let terms = flow
        .fluxes()
        .zip(d)
        .zip(weight.iter().zip(direction))
        .flat_map(|(((a, b), d), (h, s))| {
            let (mut forward, mut backward) = (b * d.exp(), a * (-d).exp());
            // split the missing current so that neither flux changes by more than its relative share
            let missing = h * s;
            let share = forward / (forward + backward).max(f64::MIN_POSITIVE);
            if share * missing > -forward && (1.0 - share) * missing < backward {
                forward += share * missing;
                backward -= (1.0 - share) * missing;
            } else if missing >= 0.0 {
                forward += missing;
            } else {
                backward -= missing;
            }
            [
                relative_entropy_term(forward, b),
                relative_entropy_term(backward, a),
            ]
        });
    compensated_sum(terms)
}
