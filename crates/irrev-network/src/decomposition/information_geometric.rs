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
use crate::projection::Projection;

const QUANTITY: &str = "the information-geometric split";

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
/// Target: gap ≤ 1e-12 · Σ̇, or 1e-10 of the excess, or what rounding of the fluxes dissipates by itself (16 ε² · activity),
/// whichever is largest.
///
/// # Errors
/// [`crate::Error::OneWay`] if a flux is one way only (the dual is then not bounded by finite potentials in general);
/// not converged.
pub fn information_geometric_decomposition(flow: &Flow) -> Result<InformationGeometricDecomposition> {
    flow.require_both_ways(QUANTITY)?;
    let projection = Projection::new(flow.network())?;
    let geometric = projection.potential(&flow.onsager_coefficient(), &flow.force(), &[])?;
    decompose(flow, &projection, geometric.as_deref().unwrap_or(&[]))
}

/// As [`information_geometric_decomposition`], starting from the geometric potential (empty if there is none).
pub(crate) fn decompose(
    flow: &Flow,
    projection: &Projection<'_>,
    geometric: &[f64],
) -> Result<InformationGeometricDecomposition> {
    // symbols: a, b one-way fluxes j⁺, j⁻; φ potential, d = Bᵀφ; h Hessian weights; m current at φ
    flow.require_both_ways(QUANTITY)?;
    let tolerance = Tolerance {
        relative: 1e-12,
        max_iterations: 200,
        ..Tolerance::default()
    };
    let network = flow.network();
    let total = flow.entropy_production_rate();
    // fluxes rounded by ε produce this much entropy by themselves
    let floor = 16.0 * f64::EPSILON * f64::EPSILON * flow.activity();
    // φ·ẋ is summed edge by edge: ẋ has lost what weak edges carry between strongly driven parts
    let dual = |d: &[f64]| {
        let terms = flow.fluxes().zip(d).map(|((a, b), d)| {
            if a == 0.0 {
                0.0
            } else {
                let e = Exponentials::new(*d);
                (a - b) * d - (b * e.up_m1 + a * e.down_m1)
            }
        });
        compensated_sum(terms)
    };
    // two starts: no potential, and the geometric one, which is the answer under detailed balance
    let mut phi = vec![0.0; network.states().len()];
    let mut d = vec![0.0; network.edges().len()];
    let mut value = 0.0;
    if !geometric.is_empty() {
        let geometric_d = network.gradient(geometric)?;
        let geometric_value = dual(&geometric_d);
        if geometric_value > value {
            (phi, d, value) = (geometric.to_vec(), geometric_d, geometric_value);
        }
    }
    for start in limited_steps(flow, projection, &d)? {
        let start_d = network.gradient(&start)?;
        let start_value = dual(&start_d);
        if start_value > value {
            (phi, d, value) = (start, start_d, start_value);
        }
    }
    let mut best: Option<InformationGeometricDecomposition> = None;
    for iterations in 0..tolerance.max_iterations {
        let (weight, missing) = linearised(flow, &d);
        let Some(step) = projection.potential(&weight, &missing, &[])? else {
            break;
        };
        let direction = network.gradient(&step)?;
        let primal = primal_value(flow, &d, &weight, &direction);
        let target = tolerance.target(total).max(1e-10 * value).max(floor);
        let gap = (primal - value).max(0.0);
        if best.as_ref().is_none_or(|b| gap < b.gap) {
            let reason = if gap <= target {
                StopReason::Converged
            } else {
                StopReason::Rounding
            };
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
                    reason,
                },
            });
        }
        let decrement = compensated_sum(weight.iter().zip(&direction).map(|(h, s)| h * s * s));
        // once a full step can gain less than rounding, the value is final
        if decrement <= 4.0 * f64::EPSILON * value.abs() || decrement <= floor {
            break;
        }
        // the dual is concave and Newton's direction ascends: halve until it gains a quarter of the promise
        let mut length = 1.0;
        loop {
            let trial: Vec<f64> = phi.iter().zip(&step).map(|(p, s)| p + length * s).collect();
            let trial_d = network.gradient(&trial)?;
            let trial_value = dual(&trial_d);
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

/// e^d, e^{−d}, e^d − 1 and e^{−d} − 1 from one exponential, each to full relative accuracy.
struct Exponentials {
    up: f64,
    down: f64,
    up_m1: f64,
    down_m1: f64,
}

impl Exponentials {
    #[inline]
    fn new(d: f64) -> Self {
        let large_m1 = d.abs().exp_m1();
        let large = 1.0 + large_m1;
        let (small, small_m1) = (1.0 / large, -1.0 / (1.0 + 1.0 / large_m1));
        if d >= 0.0 {
            Self {
                up: large,
                down: small,
                up_m1: large_m1,
                down_m1: small_m1,
            }
        } else {
            Self {
                up: small,
                down: large,
                up_m1: small_m1,
                down_m1: large_m1,
            }
        }
    }
}

/// Newton's model at d, edge by edge: the weights h = b e^d + a e^{−d} and the forces (J − m)/h that would mend the currents.
fn linearised(flow: &Flow, d: &[f64]) -> (Vec<f64>, Vec<f64>) {
    flow.fluxes()
        .zip(d)
        .map(|((a, b), d)| {
            if a == 0.0 {
                return (0.0, 0.0);
            }
            // J − m from a − b and e^{±d} − 1, which are small together
            let e = Exponentials::new(*d);
            let h = b * e.up + a * e.down;
            (h, (2.0 * (a - b) - (b * e.up_m1 - a * e.down_m1)) / h)
        })
        .unzip()
}

/// Potentials on the way from d to the neighbourhood in which Newton's method takes full steps.
///
/// The current b e^d − a e^{−d} = 2√(ab) sinh(d − F/2) is that of a diode pair, and Newton's method overshoots as it does for
/// diodes. The cure is theirs too: every edge keeps its own point of linearisation, which moves outwards by the logarithm of the step
/// asked for (Nagel, SPICE2, Univ. of California, Berkeley, memorandum ERL-M520 (1975)).
fn limited_steps(flow: &Flow, projection: &Projection<'_>, d: &[f64]) -> Result<Vec<Vec<f64>>> {
    const MOST: usize = 100;
    const FULL_STEP: f64 = 1.0;
    let network = flow.network();
    let half: Vec<f64> = flow.force().iter().map(|f| 0.5 * f).collect();
    // between the two currents ±J of the flow and its reversal, d lies in [0, F]
    let mut at: Vec<f64> = d
        .iter()
        .zip(&half)
        .map(|(d, f)| f + (d - f).clamp(-f.abs() - 1.0, f.abs() + 1.0))
        .collect();
    let mut potentials = Vec::new();
    for _ in 0..MOST {
        let (weight, missing) = linearised(flow, &at);
        let wanted: Vec<f64> = at.iter().zip(&missing).map(|(d, f)| d + f).collect();
        let Some(found) = projection.potential(&weight, &wanted, &[])? else {
            break;
        };
        let moved = network.gradient(&found)?;
        let mut longest = 0.0_f64;
        for ((at, to), (f, h)) in at.iter_mut().zip(&moved).zip(half.iter().zip(&weight)) {
            if *h == 0.0 {
                continue;
            }
            let (x, y) = (*at - f, to - f);
            longest = longest.max((y - x).abs());
            // outwards from x, or from 0 if the step crosses it
            let from = if x * y > 0.0 { x.abs() } else { 0.0 };
            if y.abs() > from {
                *at = f + (from + (y.abs() - from).ln_1p()).copysign(y);
            } else {
                *at = *to;
            }
        }
        potentials.push(found);
        if longest <= FULL_STEP {
            break;
        }
    }
    Ok(potentials)
}

/// D(j′‖j̃) of the fluxes at φ, repaired by the current h·(Bᵀ step) so that they move the state exactly.
fn primal_value(flow: &Flow, d: &[f64], weight: &[f64], direction: &[f64]) -> f64 {
    let terms = flow
        .fluxes()
        .zip(d)
        .zip(weight.iter().zip(direction))
        .flat_map(|(((a, b), d), (h, s))| {
            let e = Exponentials::new(*d);
            let (mut forward, mut backward) = (b * e.up, a * e.down);
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
