//! Newton's step in path and potential together, for networks of many states.
//!
//! ```text
//! ( Σ w I Iᵀ H   Σ w (D − I Cᵀ) )   I, D: value and derivative at a point from the nodes; H, C, K as in the blocks.
//! (     …            −w K       )
//! ```
//!
//! The matrix is quasidefinite, and as sparse as the graph times a few nodes of time.

use irrev_numerics::elimination::{EliminationPlan, Ordering, PlanOptions, Threads};
use irrev_numerics::linalg::Quasidefinite;
use irrev_numerics::sum::compensated_sum;

use super::action::Action;
use super::blocks::{Blocks, Local};
use super::mesh::TimeMesh;
use super::mobility::Mobility;
use crate::error::Result;

/// From so many states times elements on, dissection of both is worth trying.
const DISSECTED: usize = 2000;

/// The system on one mesh; its pattern and order of elimination are kept.
pub(super) struct SparseSystem {
    matrix: Quasidefinite,
    values: Vec<f64>,
}

impl SparseSystem {
    pub(super) fn new(mobility: &Mobility, blocks: &Blocks, mesh: &TimeMesh) -> Result<Self> {
        let Blocks {
            hessian,
            coupling,
            laplacian,
        } = blocks;
        let mut entries = Vec::new();
        let layout = Layout::new(mobility.states, mesh);
        let itself: Vec<(usize, usize)> = (0..mobility.states).map(|i| (i, i)).collect();
        layout.each_pair(|later, earlier, _, _, _| {
            for &(s, t) in &hessian.pairs {
                if later != earlier || s >= t {
                    entries.push((later + s, earlier + t));
                }
            }
        });
        layout.each_point(|potential, node, (_, point), j| {
            let pairs = match j {
                None => &laplacian.pairs,
                Some(j) if mesh.basis.value[point][j] != 0.0 => &coupling.pairs,
                Some(_) => &itself,
            };
            let first = node.unwrap_or(potential);
            entries.extend(pairs.iter().map(|&(s, t)| (potential + s, first + t)));
        });
        let positive: Vec<bool> = (0..layout.unknowns())
            .map(|i| i < layout.first_potential())
            .collect();
        let matrix = Quasidefinite::new(&entries, &positive, &layout.orders(mobility)?)?;
        Ok(Self {
            matrix,
            values: Vec::new(),
        })
    }

    /// Bytes of the factors.
    pub(super) fn memory(&self) -> u64 {
        self.matrix.memory()
    }

    /// About how many multiplications a step takes.
    pub(super) fn multiplications(&self) -> f64 {
        self.matrix.multiplications()
    }

    /// The step of the inner nodes against their gradient.
    pub(super) fn step(
        &mut self,
        mobility: &Mobility,
        blocks: &Blocks,
        mesh: &TimeMesh,
        action: &Action,
        local: &[Local],
        gradient: &[f64],
    ) -> Result<Vec<f64>> {
        let layout = Layout::new(mobility.states, mesh);
        self.values.clear();
        let values = &mut self.values;
        let stages = mesh.basis.stages();
        let hessian_pairs = &blocks.hessian.pairs;
        layout.each_pair(|later, earlier, element, i, j| {
            let weights: Vec<f64> = (0..stages)
                .map(|q| {
                    let value = &mesh.basis.value[q];
                    action.slices[element * stages + q].weight * value[i] * value[j]
                })
                .collect();
            for (k, &(s, t)) in hessian_pairs.iter().enumerate() {
                if later != earlier || s >= t {
                    let points = &local[element * stages..][..stages];
                    values.push(points.iter().zip(&weights).map(|(l, w)| w * l.hessian[k]).sum());
                }
            }
        });
        let coupling_pairs = &blocks.coupling.pairs;
        let (gauge, diagonal) = (&mobility.gauge, &blocks.laplacian.diagonal);
        layout.each_point(|_, _, (element, point), j| {
            let g = element * stages + point;
            let (slice, l) = (&action.slices[g], &local[g]);
            let Some(j) = j else {
                let first = values.len();
                values.extend(l.laplacian.iter().map(|k| -slice.weight * k));
                if g == 0 {
                    // only differences of potentials act: some are tied down once, which changes nothing else
                    for &state in gauge {
                        values[first + diagonal[state]] *= 2.0;
                    }
                }
                return;
            };
            let value = mesh.basis.value[point][j];
            let derivative = mesh.basis.derivative[point][j] / mesh.width(element);
            if value == 0.0 {
                values.extend(std::iter::repeat_n(slice.weight * derivative, mobility.states));
                return;
            }
            for (&(s, t), c) in coupling_pairs.iter().zip(&l.coupling) {
                let change = if s == t { derivative } else { 0.0 };
                values.push(slice.weight * (change - value * c));
            }
        });
        self.matrix.factorise(&self.values)?;
        let mut right = vec![0.0; layout.unknowns()];
        for (r, g) in right.iter_mut().zip(gradient) {
            *r = -g;
        }
        let mut step = self.matrix.solve(&right)?.x;
        step.truncate(gradient.len());
        if mobility.concave {
            // probability is conserved to the last bit, not to the accuracy of the solution: the state that holds most on the element minds least
            for (k, node) in step.chunks_exact_mut(mobility.states).enumerate() {
                let point = k / mesh.basis.degree * stages + stages / 2;
                let most = largest(&action.slices[point].state);
                node[most] -= compensated_sum(node.iter().copied());
            }
        }
        Ok(step)
    }
}

/// The place of the largest component.
fn largest(state: &[f64]) -> usize {
    let most = state.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    most.map_or(0, |(place, _)| place)
}

/// Where unknowns stand: inner nodes first, then potentials at points.
struct Layout<'a> {
    states: usize,
    mesh: &'a TimeMesh,
}

impl<'a> Layout<'a> {
    fn new(states: usize, mesh: &'a TimeMesh) -> Self {
        Self { states, mesh }
    }

    fn first_potential(&self) -> usize {
        (self.mesh.nodes() - 2) * self.states
    }

    fn unknowns(&self) -> usize {
        self.first_potential() + self.mesh.points() * self.states
    }

    /// First unknown of a node, none for the fixed ends.
    fn node(&self, node: usize) -> Option<usize> {
        (node > 0 && node + 1 < self.mesh.nodes()).then(|| (node - 1) * self.states)
    }

    /// Calls with (later unknown, earlier unknown, element, earlier place, later place) for every pair of free nodes of an element that take part in
    /// the state at one point.
    fn each_pair(&self, mut call: impl FnMut(usize, usize, usize, usize, usize)) {
        let degree = self.mesh.basis.degree;
        for element in 0..self.mesh.elements() {
            for j in 0..=degree {
                for i in 0..=j {
                    let nodes = (self.node(element * degree + j), self.node(element * degree + i));
                    if let (Some(later), Some(earlier)) = nodes
                        && self.mesh.basis.share_a_point(i, j)
                    {
                        call(later, earlier, element, i, j);
                    }
                }
            }
        }
    }

    /// Calls with (potential's unknown, node's unknown, (element, point), place of the node) for every point and free node of its
    /// element, and once per point without a node.
    fn each_point(&self, mut call: impl FnMut(usize, Option<usize>, (usize, usize), Option<usize>)) {
        let (degree, stages) = (self.mesh.basis.degree, self.mesh.basis.stages());
        for element in 0..self.mesh.elements() {
            for point in 0..stages {
                let potential = self.first_potential() + (element * stages + point) * self.states;
                for j in 0..=degree {
                    if let Some(node) = self.node(element * degree + j) {
                        call(potential, Some(node), (element, point), Some(j));
                    }
                }
                call(potential, None, (element, point), None);
            }
        }
    }

    /// Orders of elimination that suit a network of few states and long times, and one large in both.
    ///
    /// In the first the inside of every element goes first, state by state, and the states at the ends of elements last: these alone join
    /// elements. The second dissects the graph of cells, a cell being what one state has inside one element, or at one end of elements.
    fn orders(&self, mobility: &Mobility) -> Result<Vec<Vec<usize>>> {
        let (elements, states) = (self.mesh.elements(), self.states);
        let pairs: Vec<(usize, usize)> = mobility
            .bundles
            .iter()
            .flat_map(|b| {
                let joined = b.depends.iter().chain(b.change.iter().map(|c| &c.0));
                let joined: Vec<usize> = joined.copied().collect();
                let all = joined.clone();
                joined
                    .into_iter()
                    .flat_map(move |i| all.clone().into_iter().map(move |j| (i, j)))
                    .filter(|(i, j)| i < j)
            })
            .collect();
        let options = |ordering| PlanOptions {
            ordering,
            threads: Threads::One,
            ..PlanOptions::default()
        };
        let space = EliminationPlan::new(states, &pairs, &options(Ordering::MinimumDegree))?;
        let inside = (0..elements)
            .flat_map(|element| space.order().iter().map(move |&state| (element, state as usize)))
            .flat_map(|(element, state)| self.cell(element, state));
        let ends = (1..elements)
            .flat_map(|end| space.order().iter().map(move |&state| (end, state as usize)))
            .map(|(end, state)| self.end(end, state));
        let mut orders = vec![inside.chain(ends).collect()];
        if elements > 1 && states * elements > DISSECTED {
            let number = |element: usize, state: usize| element * states + state;
            let end_number = |end: usize, state: usize| (elements + end - 1) * states + state;
            let mut joined = Vec::new();
            for element in 0..elements {
                for state in 0..states {
                    for end in [element, element + 1] {
                        if end > 0 && end < elements {
                            joined.push((number(element, state), end_number(end, state)));
                        }
                    }
                }
                for &(i, j) in &pairs {
                    joined.push((number(element, i), number(element, j)));
                    for end in [element, element + 1] {
                        if end > 0 && end < elements {
                            joined.push((number(element, i), end_number(end, j)));
                            joined.push((number(element, j), end_number(end, i)));
                            joined.push((end_number(end, i), end_number(end, j)));
                        }
                    }
                }
            }
            let cells = (2 * elements - 1) * states;
            let plan = EliminationPlan::new(cells, &joined, &options(Ordering::NestedDissection))?;
            let order = plan.order().iter().flat_map(|&cell| {
                let (layer, state) = (cell as usize / states, cell as usize % states);
                if layer < elements {
                    self.cell(layer, state)
                } else {
                    vec![self.end(layer - elements + 1, state)]
                }
            });
            orders.push(order.collect());
        }
        Ok(orders)
    }

    /// Unknowns of one state inside one element: the potentials at its points, then its inner nodes.
    ///
    /// In this order: the changes in time are by far the largest entries where an element is short or a state nearly empty. Elimination then rounds
    /// H away, without which they still determine the path; in the other order it would round K away, without which there is no potential.
    fn cell(&self, element: usize, state: usize) -> Vec<usize> {
        let (degree, stages) = (self.mesh.basis.degree, self.mesh.basis.stages());
        let nodes = (1..degree).map(|j| (element * degree + j - 1) * self.states + state);
        let potentials =
            (0..stages).map(|q| self.first_potential() + (element * stages + q) * self.states + state);
        potentials.chain(nodes).collect()
    }

    /// The unknown of one state at the inner end `end` of elements.
    fn end(&self, end: usize, state: usize) -> usize {
        (end * self.mesh.basis.degree - 1) * self.states + state
    }
}
