//! Integrated information Φ_G: the divergence of a step from those in which no part is told anything by the others.
//!
//! The manifold holds the steps K(z'|z) in which z'_k depends on z_k only, for every k; what is common to the new states of the parts is free. min D(P‖Q) is
//! then over K alone, with Q = p K, and is convex: the objective −Σ P ln K in K, the constraints linear. In the moments of K(·|z) the constraints are solved:
//! moments of one axis are f_k(z'_k|z_k), shared by all z with that z_k, and moments of several axes are free for each z. Newton's method
//! eliminates the latter state by state.

use std::collections::HashMap;

use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, StopReason};

use super::MarkovChain;
use super::parts::step_of_parts;
use crate::error::{Error, Result};
use crate::information::definite::DefiniteFactor;
use crate::information::joint::{marginal_index, relative_entropy, sums};
use crate::information::moments::Shape;
use crate::state::Distribution;

/// Φ_G of a step, in nats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IntegratedInformation {
    /// Φ_G = min D(P‖Q).
    pub value: f64,
    /// Φ_G is not below `value` − `gap`: a bound from the gradient at the end, as all unknowns are probabilities.
    pub gap: f64,
    /// Bound from above: stochastic interaction Φ_SI, with the new states of the parts independent as well.
    pub stochastic_interaction: f64,
    /// Bound from above: I(z; z'), with past and future independent.
    pub past_future_information: f64,
    /// K[(z', z)] at the minimum, by columns; zero columns where p = 0.
    pub kernel: Vec<f64>,
    /// The residual is the gap.
    pub convergence: Convergence,
}

/// Most states: K has their square as entries.
const MOST_STATES: usize = 256;

/// Gap aimed at, in nats.
const TARGET: f64 = 1e-11;

/// Gap that is accepted where rounding ends the descent.
const ACCEPTED: f64 = 1e-8;

/// Weights given to steps that do not occur, whose K may go to zero: the barrier that is lowered towards the end.
const BARRIERS: [f64; 6] = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12];

/// Newton steps per height of the barrier.
const MOST_STEPS: usize = 60;

/// Part of the target, or of the height of the barrier, that the gradient may add to the gap.
const CENTRED: f64 = 0.1;

/// Newton decrement, squared and relative to the smallest weight that counts, from which on a full step is as good as any and a decrement that no longer falls
/// is rounding.
const NEAR: f64 = 1e-6;

/// Φ_G of one step of a chain, states being row-major in `sizes`, by convex minimisation with a certified gap.
///
/// ```
/// use irrev_network::{Distribution, information::chain::{MarkovChain, integrated_information}};
/// // each part mostly takes the state of the other: alone they see a coin, but with one another they move together
/// let swap = [vec![0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.9], vec![0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9]];
/// let chain = MarkovChain::from_kernels(&[2, 2], &swap)?;
/// let phi = integrated_information(&chain, &[2, 2], &Distribution::uniform(4)?)?;
/// let expected = 2.0 * (0.9 * 0.9_f64.ln() + 0.1 * 0.1_f64.ln()) - 0.82 * 0.41_f64.ln() - 0.18 * 0.09_f64.ln();
/// assert!((phi.value - expected).abs() < 1e-12 && phi.value < phi.stochastic_interaction);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::OverLimit`] for more than 256 states; [`irrev_numerics::Error::NotConverged`] with the gap; as [`super::step_of_parts`].
///
/// Source: Oizumi, Tsuchiya and Amari, Proc. Natl. Acad. Sci. 113, 14817 (2016).
pub fn integrated_information(
    chain: &MarkovChain,
    sizes: &[usize],
    p: &Distribution,
) -> Result<IntegratedInformation> {
    chain.require_product(sizes)?;
    if chain.states() > MOST_STATES {
        return Err(Error::OverLimit {
            what: "states of a step whose integrated information is sought",
            found: chain.states() as f64,
            most: MOST_STATES,
        });
    }
    let bounds = step_of_parts(chain, sizes, p)?;
    let joint = chain.two_time(p)?;
    let mut problem = Problem::new(joint.data(), sizes, p.probabilities());
    let convergence = problem.minimise();
    if !(convergence.residual <= ACCEPTED) {
        let what = "the integrated information";
        return Err(irrev_numerics::Error::NotConverged { what, convergence }.into());
    }
    let n = chain.states();
    let kernel = problem.kernel(n);
    Ok(IntegratedInformation {
        value: relative_entropy(joint.data(), |z| kernel[z] * p.probabilities()[z / n]),
        gap: convergence.residual,
        stochastic_interaction: bounds.stochastic_interaction,
        past_future_information: bounds.past_future_information,
        kernel,
        convergence,
    })
}

/// What follows one state z: a table over the labels that its parts can go to.
struct Local {
    state: usize,
    shape: Shape,
    /// Next state of every cell.
    place: Vec<usize>,
    /// P(z', z) of every cell.
    weight: Vec<f64>,
    /// K(·|z) of every cell, kept as such since the moments do not resolve small ones.
    kernel: Vec<f64>,
    /// (moment of one axis, index among the shared ones).
    shared: Vec<(usize, usize)>,
    /// Moments of several axes.
    own: Vec<usize>,
}

struct Problem {
    locals: Vec<Local>,
    /// Number of shared moments.
    shared: usize,
    /// Number of cells whose step does not occur.
    unused: usize,
}

/// A Newton step with what it promises.
struct Step {
    /// Change of each local table.
    kernels: Vec<Vec<f64>>,
    /// Squared Newton decrement.
    squared: f64,
    /// Σ |gradient|: no unknown can change by more than 1.
    gradient: f64,
}

impl Problem {
    fn new(joint: &[f64], sizes: &[usize], p: &[f64]) -> Self {
        let n = p.len();
        let axes: Vec<Axis> = (0..sizes.len()).map(|k| Axis::new(joint, sizes, k, n)).collect();
        let whole = Shape::new(sizes);
        let mut numbers: HashMap<(usize, usize, usize), usize> = HashMap::new();
        let mut locals = Vec::new();
        for z in (0..n).filter(|&z| p[z] > 0.0) {
            let reach: Vec<&[usize]> = axes
                .iter()
                .enumerate()
                .map(|(k, a)| a.reach[whole.label(z, k)].as_slice())
                .collect();
            let shape = Shape::new(&reach.iter().map(|r| r.len()).collect::<Vec<_>>());
            let place: Vec<usize> = (0..shape.cells())
                .map(|c| {
                    (0..sizes.len())
                        .map(|k| reach[k][shape.label(c, k)] * whole.stride(k))
                        .sum()
                })
                .collect();
            // to begin with, parts step independently
            let alone = |c: usize, k: usize| axes[k].alone(reach[k][shape.label(c, k)], whole.label(z, k));
            let kernel = (0..shape.cells())
                .map(|c| (0..sizes.len()).map(|k| alone(c, k)).product())
                .collect();
            let mut shared = Vec::new();
            for (k, reach) in reach.iter().enumerate() {
                for i in 1..reach.len() {
                    let next = numbers.len();
                    let number = *numbers.entry((k, whole.label(z, k), i)).or_insert(next);
                    shared.push((i * shape.stride(k), number));
                }
            }
            locals.push(Local {
                state: z,
                weight: place.iter().map(|&next| joint[z * n + next]).collect(),
                own: (1..shape.cells()).filter(|&u| shape.order(u) > 1).collect(),
                shape,
                place,
                kernel,
                shared,
            });
        }
        let unused = |local: &Local| local.weight.iter().filter(|w| **w == 0.0).count();
        Self {
            unused: locals.iter().map(unused).sum(),
            shared: numbers.len(),
            locals,
        }
    }

    /// Descends through the heights of the barrier; the residual returned is the gap that was reached.
    fn minimise(&mut self) -> Convergence {
        let heights: &[f64] = if self.unused == 0 { &[0.0] } else { &BARRIERS };
        let (mut best, mut kept, mut iterations) = (f64::INFINITY, Vec::new(), 0);
        for &height in heights {
            let barrier = height / self.unused.max(1) as f64;
            let scale = if self.unused == 0 { 1.0 } else { barrier };
            let mut last = f64::INFINITY;
            for _ in 0..MOST_STEPS {
                let step = self.newton(barrier);
                let gap = step.gradient + height;
                if gap < best {
                    best = gap;
                    kept = self.locals.iter().map(|local| local.kernel.clone()).collect();
                }
                // once the decrement no longer falls, what is left of it is rounding
                let rounding = step.squared < NEAR * scale && step.squared > 0.25 * last;
                if !(step.gradient > CENTRED * height.max(TARGET)) || rounding {
                    break;
                }
                last = step.squared;
                iterations += 1;
                self.advance(&step, barrier, NEAR * scale);
            }
        }
        for (local, kernel) in self.locals.iter_mut().zip(kept) {
            local.kernel = kernel;
        }
        Convergence {
            iterations,
            residual: best,
            target: TARGET,
            reason: if best <= TARGET {
                StopReason::Converged
            } else {
                StopReason::Rounding
            },
        }
    }

    fn newton(&self, barrier: f64) -> Step {
        let m = self.shared;
        let (mut matrix, mut right) = (vec![0.0; m * m], vec![0.0; m]);
        let (mut gradient, mut slope) = (0.0, vec![0.0; m]);
        let mut eliminated = Vec::with_capacity(self.locals.len());
        for local in &self.locals {
            let elimination = local.eliminated(barrier);
            gradient += elimination.own_gradient.iter().map(|g| g.abs()).sum::<f64>();
            for (i, &(_, u)) in local.shared.iter().enumerate() {
                slope[u] += elimination.shared_gradient[i];
                right[u] -= elimination.reduced_gradient[i];
                for (j, &(_, v)) in local.shared.iter().enumerate() {
                    matrix[v * m + u] += elimination.reduced[j * local.shared.len() + i];
                }
            }
            eliminated.push(elimination);
        }
        gradient += slope.iter().map(|g| g.abs()).sum::<f64>();
        let mut shared = right;
        DefiniteFactor::new(m, matrix).solve(&mut shared);
        let mut squared = -slope.iter().zip(&shared).map(|(g, s)| g * s).sum::<f64>();
        let mut kernels = Vec::with_capacity(self.locals.len());
        for (local, elimination) in self.locals.iter().zip(eliminated) {
            let mut change = vec![0.0; local.kernel.len()];
            for (i, &u) in local.own.iter().enumerate() {
                let along = |(j, s): (usize, &(usize, usize))| {
                    elimination.response[j * local.own.len() + i] * shared[s.1]
                };
                change[u] =
                    -elimination.own_step[i] - local.shared.iter().enumerate().map(along).sum::<f64>();
                squared -= elimination.own_gradient[i] * change[u];
            }
            for &(u, s) in &local.shared {
                change[u] = shared[s];
            }
            local.shape.cells_of_moments(&mut change);
            kernels.push(change);
        }
        Step {
            kernels,
            squared,
            gradient,
        }
    }

    /// Moves along the step as far as all of K stays positive and the objective falls.
    fn advance(&mut self, step: &Step, barrier: f64, near: f64) {
        let tables = || self.locals.iter().zip(&step.kernels);
        let cells = || tables().flat_map(|(local, change)| local.kernel.iter().zip(change));
        let reach = cells().filter(|(_, d)| **d < 0.0).map(|(k, d)| -k / d);
        let mut length = (0.95 * reach.fold(f64::INFINITY, f64::min)).min(1.0);
        let change = |length: f64| {
            let of_cell =
                |((w, k), d): ((&f64, &f64), &f64)| -barriered(*w, barrier) * (length * d / k).ln_1p();
            let of_local = |(local, change): (&Local, &Vec<f64>)| {
                compensated_sum(local.weight.iter().zip(&local.kernel).zip(change).map(of_cell))
            };
            compensated_sum(tables().map(of_local))
        };
        while step.squared > near && length > f64::EPSILON && change(length) > -1e-4 * length * step.squared {
            length *= 0.5;
        }
        for (local, change) in self.locals.iter_mut().zip(&step.kernels) {
            for (k, d) in local.kernel.iter_mut().zip(change) {
                *k += length * d;
            }
        }
    }

    fn kernel(&self, n: usize) -> Vec<f64> {
        let mut kernel = vec![0.0; n * n];
        for local in &self.locals {
            for (&next, k) in local.place.iter().zip(&local.kernel) {
                kernel[local.state * n + next] = *k;
            }
        }
        kernel
    }
}

fn barriered(weight: f64, barrier: f64) -> f64 {
    if weight == 0.0 { barrier } else { weight }
}

/// A local table with its own moments eliminated: what it says about the shared ones.
struct Elimination {
    own_gradient: Vec<f64>,
    shared_gradient: Vec<f64>,
    /// H_oo⁻¹ g_o.
    own_step: Vec<f64>,
    /// H_oo⁻¹ H_os, by columns.
    response: Vec<f64>,
    /// H_ss − H_so H_oo⁻¹ H_os, by columns.
    reduced: Vec<f64>,
    /// g_s − H_so H_oo⁻¹ g_o.
    reduced_gradient: Vec<f64>,
}

impl Local {
    fn eliminated(&self, barrier: f64) -> Elimination {
        let cells = || {
            let weights = self.weight.iter().map(|&w| barriered(w, barrier));
            weights.zip(&self.kernel)
        };
        let mut gradient: Vec<f64> = cells().map(|(w, k)| -w / k).collect();
        self.shape.natural(&mut gradient);
        let (own, shared) = (self.own.len(), self.shared.len());
        let features: Vec<usize> = self
            .own
            .iter()
            .copied()
            .chain(self.shared.iter().map(|s| s.0))
            .collect();
        let size = own + shared;
        let whole = self
            .shape
            .curvature(&features, cells().map(|(w, k)| w / (k * k)).collect());
        let entry = |i: usize, j: usize| whole[i.min(j) * size + i.max(j)];
        let mut of_own = vec![0.0; own * own];
        for j in 0..own {
            for i in j..own {
                of_own[j * own + i] = entry(i, j);
            }
        }
        let factor = DefiniteFactor::new(own, of_own);
        let own_gradient: Vec<f64> = self.own.iter().map(|&u| gradient[u]).collect();
        let shared_gradient: Vec<f64> = self.shared.iter().map(|s| gradient[s.0]).collect();
        let mut own_step = own_gradient.clone();
        factor.solve(&mut own_step);
        let mut response = Vec::with_capacity(own * shared);
        for j in 0..shared {
            let mut column: Vec<f64> = (0..own).map(|i| entry(i, own + j)).collect();
            factor.solve(&mut column);
            response.extend(column);
        }
        let through =
            |i: usize, x: &[f64]| -> f64 { x.iter().enumerate().map(|(o, x)| entry(o, own + i) * x).sum() };
        let reduced = (0..shared * shared)
            .map(|z| {
                let (i, j) = (z % shared, z / shared);
                entry(own + i, own + j) - through(i, &response[j * own..(j + 1) * own])
            })
            .collect();
        let reduced_gradient = (0..shared)
            .map(|i| shared_gradient[i] - through(i, &own_step))
            .collect();
        Elimination {
            own_gradient,
            shared_gradient,
            own_step,
            response,
            reduced,
            reduced_gradient,
        }
    }
}

/// What one part does by itself.
struct Axis {
    size: usize,
    /// P(u|v), row-major in (u, v).
    alone: Vec<f64>,
    /// The labels that follow v, the likeliest first.
    reach: Vec<Vec<usize>>,
}

impl Axis {
    fn new(joint: &[f64], sizes: &[usize], k: usize, n: usize) -> Self {
        let size = sizes[k];
        let (label, _) = marginal_index(sizes, &[k]);
        let index: Vec<usize> = (0..n * n).map(|z| label[z % n] * size + label[z / n]).collect();
        let pairs = sums(&index, joint, size * size);
        let own: Vec<f64> = (0..size)
            .map(|v| compensated_sum((0..size).map(|u| pairs[u * size + v])))
            .collect();
        let reach = (0..size)
            .map(|v| {
                let mut reach: Vec<usize> = (0..size).filter(|u| pairs[u * size + v] > 0.0).collect();
                reach.sort_by(|a, b| pairs[b * size + v].total_cmp(&pairs[a * size + v]).then(a.cmp(b)));
                reach
            })
            .collect();
        let alone = (0..size * size).map(|z| {
            if own[z % size] > 0.0 {
                pairs[z] / own[z % size]
            } else {
                0.0
            }
        });
        Self {
            size,
            alone: alone.collect(),
            reach,
        }
    }

    fn alone(&self, next: usize, now: usize) -> f64 {
        self.alone[next * self.size + now]
    }
}
