//! The gradient nearest to a field.

use irrev_numerics::Run;
use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::sum::compensated_sum;

use super::GridField;
use crate::axes::{self, Axis};
use crate::error::{Error, Result};

/// F = −A∇V_m + v with its squares, averaged over ρ in the metric A⁻¹.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FieldSplit {
    /// V_m at nodes, of mean zero in ρ on each component; NaN where ρ vanishes on all edges of a node.
    pub potential: Vec<f64>,
    /// Component of each node, numbered from 0; `None` where V_m is NaN. Potentials of different components do not compare.
    pub component: Vec<Option<usize>>,
    /// v on edges, along their axes: node after node, and for each the axes on which it has a next neighbour.
    pub flux: Vec<f64>,
    /// ⟨F·A⁻¹F⟩.
    pub mean_square: f64,
    /// ⟨∇V_m·A∇V_m⟩.
    pub mean_square_gradient: f64,
    /// ⟨v·A⁻¹v⟩.
    pub mean_square_flux: f64,
    /// Residual of the linear system, relative to its right-hand side.
    pub residual: f64,
}

impl FieldSplit {
    /// v at the nodes of the axes it was split on, one list for each axis: the mean of the edges on either side, those with no density left out; NaN without one.
    ///
    /// # Panics
    /// If the axes are not those of the field.
    #[must_use]
    pub fn flux_at_nodes(&self, axes: &[Axis]) -> Vec<Vec<f64>> {
        let nodes = self.potential.len();
        let mut sums = vec![vec![(0.0, 0.0); nodes]; axes.len()];
        let mut edge = 0;
        for from in 0..nodes {
            for (axis, sums) in sums.iter_mut().enumerate() {
                let Some(to) = axes::next(axes, from, axis) else {
                    continue;
                };
                let v = self.flux[edge];
                edge += 1;
                if self.component[from].is_some() && self.component[from] == self.component[to] {
                    for node in [from, to] {
                        sums[node].0 += v;
                        sums[node].1 += 1.0;
                    }
                }
            }
        }
        let mean = |sums: &Vec<(f64, f64)>| sums.iter().map(|(sum, count)| sum / count).collect();
        sums.iter().map(mean).collect()
    }
}

/// The projection of a field onto gradients, with a metric A of one positive number for each axis. Sparse elimination without a subtraction.
///
/// ```
/// use irrev_landscape::field::{GridField, split};
/// use irrev_landscape::axes::Axis;
/// use irrev_numerics::Run;
/// // −(k + ω J) x in its stationary density: V_m = k x²/2, v = −ω J x, ⟨v²⟩ = 2 ω² T/k
/// let (k, omega, t) = (1.5, 0.8, 0.6);
/// let axis = Axis::line(-4.0, 4.0, 80)?;
/// let density = |x: &[f64]| (-0.5 * k * (x[0] * x[0] + x[1] * x[1]) / t).exp();
/// let turning = |x: &[f64], f: &mut [f64]| f.copy_from_slice(&[-k * x[0] - omega * x[1], omega * x[0] - k * x[1]]);
/// let found = split(&GridField::from_functions(&[axis, axis], density, turning, &Run::default())?, &[1.0, 1.0], &Run::default())?;
/// assert!((found.mean_square_flux - 0.512).abs() < 2e-3);
/// assert!((found.mean_square - found.mean_square_gradient - found.mean_square_flux).abs() < 1e-12);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] unless the metric has one entry for each axis, [`Error::Domain`] unless they are positive; failure of the elimination; memory over the limit of `run`.
pub fn split(field: &GridField, metric: &[f64], run: &Run<'_>) -> Result<FieldSplit> {
    Error::require_size("a metric", metric.len(), field.axes().len())?;
    for &a in metric {
        Error::require(
            "an entry of a metric",
            a,
            a > 0.0 && a.is_finite(),
            "a positive number",
        )?;
    }
    let nodes = field.nodes();
    let length: Vec<f64> = field.axes().iter().map(|axis| axis.spacing()).collect();
    let pairs: Vec<(usize, usize)> = field.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let plan =
        EliminationPlan::new(nodes, &pairs, &PlanOptions::default()).map_err(irrev_numerics::Error::from)?;
    run.require_memory(
        "the projection of a field",
        (plan.bytes() + plan.laplacian_bytes() + plan.laplacian_working_bytes()) as u64,
    )?;
    // Σ w A⁻¹ (F + A (V_j − V_i)/h)² → min: B L Bᵀ V = −B w F/h with L = w A/h²
    let conductances: Vec<f64> = field
        .edges
        .iter()
        .map(|edge| edge.weight * metric[edge.axis] / length[edge.axis].powi(2))
        .collect();
    let mut source = vec![0.0; nodes];
    for edge in &field.edges {
        let flow = edge.weight * edge.field / length[edge.axis];
        source[edge.from] += flow;
        source[edge.to] -= flow;
    }
    let factor = plan
        .laplacian(&conductances, Threads::Shared)
        .map_err(irrev_numerics::Error::from)?;
    let solution = factor
        .solve(&source, &SolveOptions::default())
        .map_err(irrev_numerics::Error::from)?;
    let (potential, component) = centred(field, solution.values, factor.component_labels());
    let gradient: Vec<f64> = field
        .edges
        .iter()
        .map(|edge| {
            if edge.weight > 0.0 {
                -metric[edge.axis] * (potential[edge.to] - potential[edge.from]) / length[edge.axis]
            } else {
                0.0
            }
        })
        .collect();
    let flux: Vec<f64> = field
        .edges
        .iter()
        .zip(&gradient)
        .map(|(edge, g)| edge.field - g)
        .collect();
    let mean_square = |values: &dyn Fn(usize) -> f64| {
        compensated_sum(
            field
                .edges
                .iter()
                .enumerate()
                .map(|(k, edge)| edge.weight * values(k).powi(2) / metric[edge.axis]),
        )
    };
    Ok(FieldSplit {
        mean_square: mean_square(&|k| field.edges[k].field),
        mean_square_gradient: mean_square(&|k| gradient[k]),
        mean_square_flux: mean_square(&|k| flux[k]),
        residual: solution.relative_residual,
        potential,
        component,
        flux,
    })
}

/// Potentials less their means in ρ on each component, and the components, of nodes that have a neighbour.
fn centred(field: &GridField, mut potential: Vec<f64>, labels: &[u32]) -> (Vec<f64>, Vec<Option<usize>>) {
    let mut joined = vec![false; potential.len()];
    for edge in field.edges.iter().filter(|edge| edge.weight > 0.0) {
        joined[edge.from] = true;
        joined[edge.to] = true;
    }
    let parts = labels.iter().map(|label| *label as usize + 1).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); parts];
    for (node, label) in labels.iter().enumerate() {
        let (weight, sum) = &mut sums[*label as usize];
        *weight += field.probability[node];
        *sum += field.probability[node] * potential[node];
    }
    let mut number = vec![None; parts];
    let mut found = 0;
    let mut component = vec![None; potential.len()];
    for (node, label) in labels.iter().enumerate() {
        if !joined[node] {
            potential[node] = f64::NAN;
            continue;
        }
        let part = *label as usize;
        component[node] = *number[part].get_or_insert_with(|| {
            found += 1;
            Some(found - 1)
        });
        let (weight, sum) = sums[part];
        if weight > 0.0 {
            potential[node] -= sum / weight;
        }
    }
    (potential, component)
}
