//! The distribution of largest entropy with given marginals, by Newton's method in natural parameters or in moments.

use irrev_numerics::special::log_sum_exp;
use irrev_numerics::tolerance::{Convergence, StopReason};

use crate::error::{Error, Result};
use crate::information::definite::DefiniteFactor;
use crate::information::joint::{marginal_index, sums};
use crate::information::moments::Shape;

/// Most unknowns of a dense Hessian: 128 MiB.
const MOST_UNKNOWNS: usize = 4096;

/// Newton decrement aimed at; half of its square is the divergence still to go, and no marginal is off by more.
const TARGET: f64 = 1e-13;

/// Decrement that is accepted where rounding ends the descent: 5e-17 in divergence.
const ACCEPTED: f64 = 1e-8;

/// Cells that marginals force to zero lose a factor e per iteration, so that 40 bring them below rounding; the rest is for damped steps.
const MOST_ITERATIONS: usize = 200;

/// Decrement below which a full step is taken unasked: the objective no longer resolves its gain.
const UNASKED: f64 = 1e-6;

/// A table without the labels that never occur, the likeliest label of every axis first, and the last projection of it.
pub(super) struct Table {
    shape: Shape,
    axes: usize,
    /// Cell of the table as given, for every cell of this one.
    place: Vec<usize>,
    given: usize,
    p: Vec<f64>,
    moments: Vec<f64>,
    order: Vec<usize>,
    /// Natural parameters of the last projection; θ(0) is not kept.
    natural: Vec<f64>,
    sizes: Vec<usize>,
}

impl Table {
    pub(super) fn new(p: &[f64], sizes: &[usize]) -> Self {
        let labels: Vec<Vec<usize>> = (0..sizes.len())
            .map(|k| {
                let (index, many) = marginal_index(sizes, &[k]);
                let weight = sums(&index, p, many);
                let mut shown: Vec<usize> = (0..many).filter(|&u| weight[u] > 0.0).collect();
                shown.sort_by(|&a, &b| weight[b].total_cmp(&weight[a]).then(a.cmp(&b)));
                shown
            })
            .collect();
        let reduced: Vec<usize> = labels.iter().map(Vec::len).collect();
        let (shape, given) = (Shape::new(&reduced), Shape::new(sizes));
        let place: Vec<usize> = (0..shape.cells())
            .map(|z| {
                let along = |k: usize| labels[k][shape.label(z, k)] * given.stride(k);
                (0..sizes.len()).map(along).sum()
            })
            .collect();
        let p: Vec<f64> = place.iter().map(|&z| p[z]).collect();
        let mut moments = p.clone();
        shape.moments(&mut moments);
        Self {
            axes: sizes.len(),
            order: (0..shape.cells()).map(|u| shape.order(u)).collect(),
            natural: vec![0.0; shape.cells()],
            given: given.cells(),
            sizes: reduced,
            shape,
            place,
            p,
            moments,
        }
    }

    /// q of the given order in the cells of the table as given; orders are asked for one after the other from 1 on.
    pub(super) fn project(&mut self, order: usize) -> Result<(Vec<f64>, Convergence)> {
        let (q, convergence) = if order == 1 {
            (self.product(), Convergence::direct(0.0, TARGET))
        } else if order == self.axes {
            (self.p.clone(), Convergence::direct(0.0, TARGET))
        } else {
            self.by_newton(order)?
        };
        let mut whole = vec![0.0; self.given];
        for (&z, q) in self.place.iter().zip(q) {
            whole[z] = q;
        }
        Ok((whole, convergence))
    }

    /// Σ_k θ_k(u) = ln p_k(u)/p_k(0).
    fn product(&mut self) -> Vec<f64> {
        let single = |k: usize| {
            let (index, many) = marginal_index(&self.sizes, &[k]);
            sums(&index, &self.p, many)
        };
        let marginals: Vec<Vec<f64>> = (0..self.axes).map(single).collect();
        let total = self.moments[0];
        let q: Vec<f64> = (0..self.shape.cells())
            .map(|z| {
                let of_axis = |k: usize| marginals[k][self.shape.label(z, k)] / total;
                total * (0..self.axes).map(of_axis).product::<f64>()
            })
            .collect();
        for (k, marginal) in marginals.iter().enumerate() {
            for u in 1..self.sizes[k] {
                self.natural[u * self.shape.stride(k)] = (marginal[u] / marginal[0]).ln();
            }
        }
        q
    }

    fn by_newton(&mut self, order: usize) -> Result<(Vec<f64>, Convergence)> {
        let few = |low: bool| -> Vec<usize> {
            let cells = 1..self.shape.cells();
            cells.filter(|&u| (self.order[u] <= order) == low).collect()
        };
        let (low, high) = (few(true), few(false));
        let in_moments = high.len() < low.len() && self.p.iter().all(|&p| p > 0.0);
        let unknowns = if in_moments { high.len() } else { low.len() };
        if unknowns > MOST_UNKNOWNS {
            return Err(Error::OverLimit {
                what: "unknowns of a log-linear projection",
                found: unknowns as f64,
                most: MOST_UNKNOWNS,
            });
        }
        if in_moments {
            self.in_moments(&high)
        } else {
            self.in_natural(order, &low)
        }
    }

    /// Largest entropy over the moments that are free, from p itself, which has all that are not.
    fn in_moments(&mut self, free: &[usize]) -> Result<(Vec<f64>, Convergence)> {
        let shape = &self.shape;
        let mut q = self.p.clone();
        let mut progress = Progress::default();
        loop {
            let mut gradient: Vec<f64> = q.iter().map(|q| q.ln()).collect();
            shape.natural(&mut gradient);
            let slope: Vec<f64> = free.iter().map(|&u| gradient[u]).collect();
            let curvature = shape.curvature(free, q.iter().map(|q| 1.0 / q).collect());
            let mut step: Vec<f64> = slope.iter().map(|g| -g).collect();
            DefiniteFactor::new(free.len(), curvature).solve(&mut step);
            let squared = -dot(&slope, &step);
            if progress.ended(squared) {
                self.natural = gradient;
                for &u in free {
                    self.natural[u] = 0.0;
                }
                return progress.result(q);
            }
            let mut direction = vec![0.0; q.len()];
            for (&u, s) in free.iter().zip(&step) {
                direction[u] = *s;
            }
            shape.cells_of_moments(&mut direction);
            let reach = q
                .iter()
                .zip(&direction)
                .filter(|(_, d)| **d < 0.0)
                .map(|(q, d)| -q / d);
            let mut length = (0.95 * reach.fold(f64::INFINITY, f64::min)).min(1.0);
            let moved =
                |length: f64| -> Vec<f64> { q.iter().zip(&direction).map(|(q, d)| q + length * d).collect() };
            let objective = |q: &[f64]| irrev_numerics::sum::compensated_sum(q.iter().map(|&q| q * q.ln()));
            let start = objective(&q);
            while squared > UNASKED * UNASKED
                && length > f64::EPSILON
                && objective(&moved(length)) > start - 1e-4 * length * squared
            {
                length *= 0.5;
            }
            q = moved(length);
        }
    }

    /// Largest likelihood over the natural parameters up to an order, on the cells where no marginal of that order vanishes.
    fn in_natural(&mut self, order: usize, low: &[usize]) -> Result<(Vec<f64>, Convergence)> {
        let support = self.support(order);
        let shape = &self.shape;
        let features: Vec<usize> = low.iter().copied().filter(|&u| self.moments[u] > 0.0).collect();
        let total = self.moments[0];
        let evaluate = |natural: &[f64]| {
            let mut log = natural.to_vec();
            log[0] = 0.0;
            shape.cells_of_natural(&mut log);
            for (log, on) in log.iter_mut().zip(&support) {
                if !on {
                    *log = f64::NEG_INFINITY;
                }
            }
            let partition = log_sum_exp(&log);
            let q: Vec<f64> = log.iter().map(|l| (l - partition).exp()).collect();
            (q, partition)
        };
        let target: Vec<f64> = features.iter().map(|&u| self.moments[u] / total).collect();
        let likelihood = |natural: &[f64], partition: f64| {
            irrev_numerics::sum::compensated_sum(features.iter().zip(&target).map(|(&u, t)| natural[u] * t))
                - partition
        };
        let mut natural = vec![0.0; shape.cells()];
        for &u in &features {
            natural[u] = self.natural[u];
        }
        let (mut q, mut partition) = evaluate(&natural);
        let mut progress = Progress::default();
        loop {
            let mut moments = q.clone();
            shape.moments(&mut moments);
            let slope: Vec<f64> = features
                .iter()
                .zip(&target)
                .map(|(&u, t)| t - moments[u])
                .collect();
            let mut step = slope.clone();
            DefiniteFactor::new(features.len(), shape.covariance(&features, &moments)).solve(&mut step);
            let squared = dot(&slope, &step);
            if progress.ended(squared) {
                self.natural = natural;
                return progress.result(q);
            }
            let start = likelihood(&natural, partition);
            let mut length = 1.0;
            loop {
                let mut next = natural.clone();
                for (&u, s) in features.iter().zip(&step) {
                    next[u] += length * s;
                }
                (q, partition) = evaluate(&next);
                let gain = likelihood(&next, partition) - start;
                if squared <= UNASKED * UNASKED || gain >= 1e-4 * length * squared || length < f64::EPSILON {
                    natural = next;
                    break;
                }
                length *= 0.5;
            }
        }
    }

    /// Cells where no marginal on `order` axes vanishes.
    fn support(&self, order: usize) -> Vec<bool> {
        let mut support = vec![true; self.shape.cells()];
        if self.p.iter().all(|&p| p > 0.0) {
            return support;
        }
        let mut axes: Vec<usize> = (0..order).collect();
        loop {
            let (index, many) = marginal_index(&self.sizes, &axes);
            let marginal = sums(&index, &self.p, many);
            for (on, &i) in support.iter_mut().zip(&index) {
                *on &= marginal[i] > 0.0;
            }
            if !next_subset(&mut axes, self.axes) {
                return support;
            }
        }
    }
}

/// The next subset of 0 … n−1 of the same size in lexicographic order.
pub(super) fn next_subset(subset: &mut [usize], n: usize) -> bool {
    let size = subset.len();
    let Some(i) = (0..size).rev().find(|&i| subset[i] < n - size + i) else {
        return false;
    };
    subset[i] += 1;
    for j in i + 1..size {
        subset[j] = subset[j - 1] + 1;
    }
    true
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// Follows the Newton decrement until it meets the target, or rounding keeps it from falling.
#[derive(Default)]
struct Progress {
    iterations: usize,
    decrement: f64,
    least: Option<f64>,
    reason: Option<StopReason>,
}

impl Progress {
    fn ended(&mut self, squared: f64) -> bool {
        self.decrement = squared.max(0.0).sqrt();
        let stands = self.least.is_some_and(|least| self.decrement > 0.5 * least);
        self.least = Some(
            self.least
                .map_or(self.decrement, |least| least.min(self.decrement)),
        );
        self.reason = if !squared.is_finite() {
            Some(StopReason::Breakdown)
        } else if self.decrement <= TARGET {
            Some(StopReason::Converged)
        } else if stands && self.decrement <= ACCEPTED {
            Some(StopReason::Rounding)
        } else if self.iterations == MOST_ITERATIONS {
            Some(StopReason::IterationLimit)
        } else {
            self.iterations += 1;
            None
        };
        self.reason.is_some()
    }

    fn result(self, mut q: Vec<f64>) -> Result<(Vec<f64>, Convergence)> {
        let reason = self.reason.unwrap_or(StopReason::Breakdown);
        let convergence = Convergence {
            iterations: self.iterations,
            residual: self.decrement,
            target: TARGET,
            reason,
        };
        if !(self.decrement <= ACCEPTED) || reason == StopReason::Breakdown {
            return Err(irrev_numerics::Error::NotConverged {
                what: "the log-linear projection",
                convergence,
            }
            .into());
        }
        // rounding of a cell that is all but empty is none of its business
        for q in &mut q {
            *q = q.max(0.0);
        }
        Ok((q, convergence))
    }
}
