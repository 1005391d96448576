//! Newton's method for the discrete geodesic: the saddle point of Σ w [ψ·(ẋ) − ½ Σ L (Sᵀψ)²] in path and potential.
//!
//! With ψ eliminated the action is a convex function of the path alone (for jumps), so that a damped step with a line search always gets
//! there. The step itself comes from the system in both, which is quasidefinite and as sparse as the graph times a few nodes of time:
//!
//! ```text
//! ( Σ w I Iᵀ H   Σ w (D − I Cᵀ) )   H = −½ Σ (Sᵀψ)² ∂²L + μ/x²,   C = S diag(Sᵀψ) ∂L,   K = S L Sᵀ,
//! (     …            −w K       )   I, D: value and derivative at a point from the nodes.
//! ```

use std::collections::BTreeMap;

use irrev_numerics::elimination::{EliminationPlan, Ordering, PlanOptions, Threads};
use irrev_numerics::linalg::Quasidefinite;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run};

use super::action::{Action, Potentials, differences};
use super::mesh::TimeMesh;
use super::mobility::{Conductances, Mobility};
use super::path::DiscretePath;
use crate::error::Result;

/// Most steps at one barrier.
const STEPS: usize = 200;

/// A step keeps this part of the way to the boundary.
const BOUNDARY: f64 = 0.95;

/// The part of the predicted decrease that a step must bring.
const DECREASE: f64 = 1e-4;

/// Halvings of a step before it is given up.
const HALVINGS: usize = 50;

/// Decrements below this part of the action are rounding.
const ROUNDING: f64 = 1e-13;

/// A decrement below this part of the action, when rounding stops the line search, counts as converged.
const STALLED: f64 = 1e-7;

/// From so many states times elements on, dissection of both is worth trying.
const DISSECTED: usize = 2000;

/// Pairs of states that interact, and where each bundle's contribution goes.
struct Pattern {
    /// (row, column) of every entry.
    pairs: Vec<(usize, usize)>,
    /// Place of every contribution, bundle by bundle; `usize::MAX` for none.
    places: Vec<usize>,
    /// Place of the diagonal entry of every state, if the pattern has one.
    diagonal: Vec<usize>,
}

impl Pattern {
    fn new(states: usize, contributions: impl Iterator<Item = (usize, usize)> + Clone, lower: bool) -> Self {
        let kept = |pair: &(usize, usize)| !lower || pair.0 >= pair.1;
        let mut place: BTreeMap<(usize, usize), usize> = (0..states).map(|i| ((i, i), 0)).collect();
        place.extend(contributions.clone().filter(kept).map(|pair| (pair, 0)));
        let pairs: Vec<(usize, usize)> = place.keys().copied().collect();
        for (k, slot) in place.values_mut().enumerate() {
            *slot = k;
        }
        Self {
            places: contributions
                .map(|pair| place.get(&pair).copied().unwrap_or(usize::MAX))
                .collect(),
            diagonal: (0..states).map(|i| place[&(i, i)]).collect(),
            pairs,
        }
    }
}

/// Newton's system on one mesh; its pattern and order of elimination are kept.
pub(crate) struct NewtonSystem<'a> {
    mobility: &'a Mobility,
    mesh: TimeMesh,
    hessian: Pattern,
    coupling: Pattern,
    laplacian: Pattern,
    matrix: Quasidefinite,
    values: Vec<f64>,
}

impl std::fmt::Debug for NewtonSystem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.matrix)
    }
}

/// A minimiser at one barrier.
#[derive(Debug)]
pub(crate) struct Minimum {
    pub(crate) path: DiscretePath,
    pub(crate) action: Action,
    pub(crate) steps: usize,
}

impl<'a> NewtonSystem<'a> {
    pub(crate) fn new(mobility: &'a Mobility, mesh: &TimeMesh) -> Result<Self> {
        let bundles = &mobility.bundles;
        let hessian = Pattern::new(
            mobility.states,
            bundles
                .iter()
                .flat_map(|b| b.depends.iter().flat_map(|&i| b.depends.iter().map(move |&j| (i, j)))),
            false,
        );
        let coupling = Pattern::new(
            mobility.states,
            bundles
                .iter()
                .flat_map(|b| b.change.iter().flat_map(|c| b.depends.iter().map(move |&j| (c.0, j)))),
            false,
        );
        let laplacian = Pattern::new(
            mobility.states,
            bundles
                .iter()
                .flat_map(|b| b.change.iter().flat_map(|c| b.change.iter().map(move |d| (c.0, d.0)))),
            true,
        );
        let mut entries = Vec::new();
        let layout = Layout::new(mobility.states, mesh);
        layout.each_pair(|later, earlier, _, _, _| {
            for &(s, t) in &hessian.pairs {
                if later != earlier || s >= t {
                    entries.push((later + s, earlier + t));
                }
            }
        });
        layout.each_point(|potential, node, _, _| {
            if let Some(node) = node {
                entries.extend(coupling.pairs.iter().map(|&(s, t)| (potential + s, node + t)));
            } else {
                entries.extend(laplacian.pairs.iter().map(|&(s, t)| (potential + s, potential + t)));
            }
        });
        let positive: Vec<bool> = (0..layout.unknowns()).map(|i| i < layout.first_potential()).collect();
        let matrix = Quasidefinite::new(&entries, &positive, &layout.orders(mobility)?)?;
        Ok(Self {
            mobility,
            mesh: mesh.clone(),
            hessian,
            coupling,
            laplacian,
            matrix,
            values: Vec::new(),
        })
    }

    /// Bytes of the factors.
    pub(crate) fn memory(&self) -> u64 {
        self.matrix.memory()
    }

    /// Minimises the action with a barrier, from a path on this system's mesh.
    ///
    /// # Errors
    /// [`irrev_numerics::Error::NotConverged`]; [`irrev_numerics::Error::Cancelled`].
    pub(crate) fn minimise(
        &mut self,
        potentials: &Potentials,
        mut path: DiscretePath,
        barrier: f64,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Minimum> {
        let not_positive = NumericsError::Domain {
            what: "the lowest component of a path",
            value: path.lowest_at_points(),
            expected: "a positive path to start from",
        };
        let mut action = Action::of(self.mobility, potentials, &path, barrier)?.ok_or(not_positive)?;
        let mut decrement = f64::INFINITY;
        for steps in 0..STEPS {
            if run.monitor.cancelled() {
                return Err(NumericsError::Cancelled.into());
            }
            let (gradient, step) = self.step(&action, barrier)?;
            decrement = -gradient.iter().zip(&step).map(|(g, s)| g * s).sum::<f64>();
            let mut length = self.largest_length(&action, &step);
            if decrement.abs() <= tolerance.max(ROUNDING) * action.kinetic {
                // the action no longer tells, but the potentials gain from the last step the square of what they lack
                let last = path.moved(&step, length);
                if let Some(new) = Action::of(self.mobility, potentials, &last, barrier)? {
                    (path, action) = (last, new);
                }
                return Ok(Minimum { path, action, steps });
            }
            let mut better = None;
            for _ in 0..HALVINGS {
                let candidate = path.moved(&step, length);
                if let Some(new) = Action::of(self.mobility, potentials, &candidate, barrier)?
                    && new.value <= action.value - DECREASE * length * decrement
                {
                    better = Some((candidate, new));
                    break;
                }
                length *= 0.5;
            }
            match better {
                Some(next) => (path, action) = next,
                // the action no longer resolves the decrease: as good as it gets
                None if decrement.abs() <= STALLED * action.kinetic => {
                    return Ok(Minimum { path, action, steps });
                }
                None => break,
            }
        }
        Err(NumericsError::NotConverged {
            what: "Newton's method for a geodesic",
            convergence: Convergence {
                iterations: STEPS,
                residual: decrement,
                target: tolerance * action.kinetic,
                reason: StopReason::Rounding,
            },
        }
        .into())
    }

    /// The longest step, at most 1, that leaves every state at every Gauss point positive.
    fn largest_length(&self, action: &Action, step: &[f64]) -> f64 {
        let n = self.mobility.states;
        let layout = Layout::new(n, &self.mesh);
        let mut changes = vec![0.0; n * action.slices.len()];
        layout.each_point(|potential, node, (element, point), j| {
            if let (Some(node), Some(j)) = (node, j) {
                let weight = self.mesh.basis.value[point][j];
                let slice = element * self.mesh.basis.degree + point;
                debug_assert_eq!(potential, layout.first_potential() + slice * n);
                for (change, s) in changes[slice * n..][..n].iter_mut().zip(&step[node..node + n]) {
                    *change += weight * s;
                }
            }
        });
        let states = action.slices.iter().flat_map(|slice| &slice.state);
        states
            .zip(&changes)
            .filter(|(_, c)| **c < 0.0)
            .fold(1.0, |length, (x, c)| f64::min(length, -BOUNDARY * x / c))
    }

    /// Gradient of the action in the inner nodes, and Newton's step.
    fn step(&mut self, action: &Action, barrier: f64) -> Result<(Vec<f64>, Vec<f64>)> {
        let n = self.mobility.states;
        let layout = Layout::new(n, &self.mesh);
        let mut gradient = vec![0.0; layout.first_potential()];
        let mut local = Vec::with_capacity(action.slices.len());
        let (mut conductances, mut across) = (Conductances::default(), Vec::new());
        for slice in &action.slices {
            self.mobility.evaluate(&slice.state, true, &mut conductances);
            differences(self.mobility, &slice.potential, &mut across);
            local.push(self.local(slice, barrier, &conductances, &across));
        }
        self.values.clear();
        let (values, mesh) = (&mut self.values, &self.mesh);
        let degree = mesh.basis.degree;
        let hessian_pairs = &self.hessian.pairs;
        layout.each_pair(|later, earlier, element, i, j| {
            let weights: Vec<f64> = (0..degree)
                .map(|q| {
                    let value = &mesh.basis.value[q];
                    action.slices[element * degree + q].weight * value[i] * value[j]
                })
                .collect();
            for (k, &(s, t)) in hessian_pairs.iter().enumerate() {
                if later != earlier || s >= t {
                    let points = &local[element * degree..][..degree];
                    values.push(points.iter().zip(&weights).map(|(l, w)| w * l.hessian[k]).sum());
                }
            }
        });
        let (coupling_pairs, states) = (&self.coupling.pairs, n);
        layout.each_point(|_, node, (element, point), j| {
            let g = element * degree + point;
            let (slice, l) = (&action.slices[g], &local[g]);
            let Some(j) = j else {
                values.extend(l.laplacian.iter().map(|k| -slice.weight * k));
                return;
            };
            let value = mesh.basis.value[point][j];
            let derivative = mesh.basis.derivative[point][j] / mesh.width(element);
            let Some(node) = node else { return };
            for (&(s, t), c) in coupling_pairs.iter().zip(&l.coupling) {
                let change = if s == t { derivative } else { 0.0 };
                values.push(slice.weight * (change - value * c));
            }
            for i in 0..states {
                gradient[node + i] +=
                    slice.weight * (derivative * slice.potential[i] - value * l.descent[i]);
            }
        });
        self.matrix.factorise(&self.values)?;
        let mut right = vec![0.0; layout.unknowns()];
        for (r, g) in right.iter_mut().zip(&gradient) {
            *r = -g;
        }
        let mut step = self.matrix.solve(&right)?.x;
        step.truncate(gradient.len());
        if self.mobility.concave {
            // probability is conserved to the last bit, not to the accuracy of the solution
            for node in step.chunks_exact_mut(n) {
                let mean = node.iter().sum::<f64>() / n as f64;
                node.iter_mut().for_each(|s| *s -= mean);
            }
        }
        Ok((gradient, step))
    }

    /// The blocks of one Gauss point.
    fn local(&self, slice: &super::action::Slice, barrier: f64, at: &Conductances, across: &[f64]) -> Local {
        let mobility = self.mobility;
        let mut hessian = vec![0.0; self.hessian.pairs.len()];
        let mut coupling = vec![0.0; self.coupling.pairs.len()];
        let mut laplacian = vec![0.0; self.laplacian.pairs.len()];
        let mut descent: Vec<f64> = slice.state.iter().map(|x| barrier / x).collect();
        let (mut in_coupling, mut in_laplacian) = (0, 0);
        for (k, bundle) in mobility.bundles.iter().enumerate() {
            let v = across[k];
            let slope = &at.slope[mobility.slope_start[k]..mobility.slope_start[k + 1]];
            let range = mobility.curvature_start[k]..mobility.curvature_start[k + 1];
            for (place, c) in self.hessian.places[range.clone()].iter().zip(&at.curvature[range]) {
                hessian[*place] -= 0.5 * v * v * c;
            }
            for &(_, c) in &bundle.change {
                for s in slope {
                    coupling[self.coupling.places[in_coupling]] += c * v * s;
                    in_coupling += 1;
                }
                for &(_, d) in &bundle.change {
                    let place = self.laplacian.places[in_laplacian];
                    if place != usize::MAX {
                        laplacian[place] += c * d * at.value[k];
                    }
                    in_laplacian += 1;
                }
            }
            for (&i, s) in bundle.depends.iter().zip(slope) {
                descent[i] += 0.5 * v * v * s;
            }
        }
        for (place, x) in self.hessian.diagonal.iter().zip(&slice.state) {
            hessian[*place] += barrier / (x * x);
        }
        Local {
            hessian,
            coupling,
            laplacian,
            descent,
        }
    }
}

/// The blocks of one Gauss point, over the pairs of their patterns.
struct Local {
    hessian: Vec<f64>,
    coupling: Vec<f64>,
    laplacian: Vec<f64>,
    /// ½ Σ (Sᵀψ)² ∂L + μ/x: minus the rate of change of ψ.
    descent: Vec<f64>,
}

/// Where unknowns stand: inner nodes first, then potentials at Gauss points.
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

    /// Calls with (later unknown, earlier unknown, element, earlier place, later place) for every pair of free nodes of an element.
    fn each_pair(&self, mut call: impl FnMut(usize, usize, usize, usize, usize)) {
        let degree = self.mesh.basis.degree;
        for element in 0..self.mesh.elements() {
            for j in 0..=degree {
                for i in 0..=j {
                    let nodes = (self.node(element * degree + j), self.node(element * degree + i));
                    if let (Some(later), Some(earlier)) = nodes {
                        call(later, earlier, element, i, j);
                    }
                }
            }
        }
    }

    /// Calls with (potential's unknown, node's unknown, (element, point), place of the node) for every Gauss point and free node of its
    /// element, and once per point without a node.
    fn each_point(&self, mut call: impl FnMut(usize, Option<usize>, (usize, usize), Option<usize>)) {
        let degree = self.mesh.basis.degree;
        for element in 0..self.mesh.elements() {
            for point in 0..degree {
                let potential = self.first_potential() + (element * degree + point) * self.states;
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

    /// Unknowns of one state inside one element: its inner nodes and the potentials at its points.
    fn cell(&self, element: usize, state: usize) -> Vec<usize> {
        let degree = self.mesh.basis.degree;
        let nodes = (1..degree).map(|j| (element * degree + j - 1) * self.states + state);
        let potentials =
            (0..degree).map(|q| self.first_potential() + (element * degree + q) * self.states + state);
        nodes.chain(potentials).collect()
    }

    /// The unknown of one state at the inner end `end` of elements.
    fn end(&self, end: usize, state: usize) -> usize {
        (end * self.mesh.basis.degree - 1) * self.states + state
    }
}
