//! Newton's method for the discrete geodesic: the saddle point of Σ w [ψ·(ẋ) − ½ Σ L (Sᵀψ)²] in path and potential.
//!
//! With ψ eliminated the action is a convex function of the path alone (for jumps), so that a damped step with a line search always gets
//! there. The step itself comes from a dense system in the path, or from a sparse one in path and potential.

use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run};

use super::action::{Action, Potentials};
use super::blocks::{Blocks, Local};
use super::dense_step;
use super::mesh::TimeMesh;
use super::mobility::Mobility;
use super::path::DiscretePath;
use super::sparse_step::SparseSystem;
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

/// A last step whose decrement is not below this part of the one before is the last.
const GAIN: f64 = 0.1;

/// A decrement below this part of the action, when rounding stops the line search, counts as converged.
const STALLED: f64 = 1e-7;

/// So many steps in a row with as small a decrement, each more than this part of the one before, say that rounding has stopped it.
const IDLE: (usize, f64) = (6, 0.9);

/// A step that had to be halved more often than this crawls, and as many of them in a row stop it, too.
const CRAWLING: usize = 13;

/// A first step shorter than this asks for a stronger barrier,
const SHORT: f64 = 0.3;

/// whose share of the action is at most this part,
const STRONGEST: f64 = 1e-2;

/// and which falls to this part of itself whenever the path has come near enough to its minimiser.
const WEAKER: f64 = 0.1;

/// After so many steps half of a stage counts as done: some ten are usual, but how many there will be is not known.
const USUAL: f64 = 10.0;

/// Up to so many states the step may be computed by dense matrices,
const DENSE: usize = 150;

/// up to so many it always is.
const SMALL: usize = 40;

/// A multiplication of a sparse step takes so many times as long as one of a dense step.
const SPARSE_COST: f64 = 4.0;

/// Elements of the mesh on which both are planned to be compared.
const SAMPLE: usize = 3;

/// Probabilities below this part of an even share ask for the dense step, which minds no scales.
const TINY: f64 = 1e-8;

/// Newton's system on one mesh; what depends on the mesh alone is kept.
pub(crate) struct NewtonSystem<'a> {
    mobility: &'a Mobility,
    mesh: TimeMesh,
    blocks: Blocks,
    method: Method,
}

/// How a step is computed.
enum Method {
    /// From the path alone; the state that balances the others on every element.
    Dense(Vec<usize>),
    /// From path and potential.
    Sparse(Box<SparseSystem>),
}

/// A minimiser at one barrier.
#[derive(Debug)]
pub(crate) struct Minimum {
    pub(crate) path: DiscretePath,
    pub(crate) action: Action,
    pub(crate) steps: usize,
}

/// The part of the action that rounding of the states leaves undetermined: more, the less the ends differ.
fn rounding(path: &DiscretePath) -> f64 {
    let ends = path.nodes[0].iter().zip(&path.nodes[path.nodes.len() - 1]);
    let (largest, change) = ends.fold((0.0_f64, f64::MIN_POSITIVE), |(largest, change), (a, b)| {
        (largest.max(*a), change.max((a - b).abs()))
    });
    let noise = 64.0 * f64::EPSILON * largest / change;
    ROUNDING.max(noise * noise)
}

impl<'a> NewtonSystem<'a> {
    /// Plans steps on a mesh, near the given path.
    pub(crate) fn new(mobility: &'a Mobility, path: &DiscretePath, mesh: &TimeMesh) -> Result<Self> {
        let blocks = Blocks::new(mobility);
        let path = path.on(mesh.clone());
        let dense = || Method::Dense(dense_step::grounds(&path));
        let sparse = || SparseSystem::new(mobility, &blocks, mesh);
        let even = path.nodes[0].iter().sum::<f64>() / mobility.states as f64;
        let method = if !mobility.concave || mobility.states > DENSE {
            Method::Sparse(Box::new(sparse()?))
        } else if mobility.states <= SMALL || path.lowest_at_points() < TINY * even {
            dense()
        } else {
            // a few elements tell which is cheaper: both costs grow with their number
            let sample = TimeMesh::uniform(mesh.elements().min(SAMPLE), mesh.basis.clone());
            let system = SparseSystem::new(mobility, &blocks, &sample)?;
            if SPARSE_COST * system.multiplications() < dense_step::multiplications(mobility.states, &sample)
            {
                Method::Sparse(Box::new(sparse()?))
            } else {
                dense()
            }
        };
        Ok(Self {
            mobility,
            mesh: mesh.clone(),
            blocks,
            method,
        })
    }

    /// Bytes that a step needs.
    pub(crate) fn memory(&self) -> u64 {
        match &self.method {
            Method::Dense(_) => {
                let order = ((self.mesh.basis.degree + 1) * self.mobility.states) as u64;
                8 * 4 * order * order * self.mesh.elements() as u64
            }
            Method::Sparse(system) => system.memory(),
        }
    }

    /// Minimises the action with a barrier, from a path on this system's mesh.
    ///
    /// Where the barrier is too weak for the path to be moved by more than a little at a time it is raised, and lowered again as the path follows.
    ///
    /// # Errors
    /// [`irrev_numerics::Error::NotConverged`]; [`irrev_numerics::Error::Cancelled`].
    pub(crate) fn minimise(
        &mut self,
        potentials: &Potentials,
        path: DiscretePath,
        target: f64,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Minimum> {
        let found = self.descend(potentials, path.clone(), target, tolerance, run);
        match found {
            Err(error) if error.is_of_arithmetic() && self.may_turn_dense() => {
                self.method = Method::Dense(dense_step::grounds(&path));
                self.descend(potentials, path, target, tolerance, run)
            }
            found => found,
        }
    }

    /// Whether the step is a sparse one that a dense one could replace.
    fn may_turn_dense(&self) -> bool {
        self.mobility.states <= DENSE && matches!(self.method, Method::Sparse(_))
    }

    fn descend(
        &mut self,
        potentials: &Potentials,
        mut path: DiscretePath,
        target: f64,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Minimum> {
        let not_positive = NumericsError::Domain {
            what: "the lowest component of a path",
            value: path.lowest_at_points(),
            expected: "a positive path to start from",
        };
        let mut action = Action::of(self.mobility, potentials, &path)?.ok_or(not_positive)?;
        let (mut decrement, mut polished) = (f64::INFINITY, f64::INFINITY);
        let (mut last, mut idle, mut crawls) = (f64::INFINITY, 0, 0);
        let rounding = rounding(&path);
        let mut barrier = target;
        let mut raised = false;
        for steps in 0..STEPS {
            run.report(progress(steps), &format!("step {}", steps + 1))?;
            let (gradient, step) = self.step(&action, barrier)?;
            decrement = -gradient.iter().zip(&step).map(|(g, s)| g * s).sum::<f64>();
            let mut length = self.largest_length(&action, &step);
            let guarded = barrier * self.mobility.states as f64;
            if !raised && length < SHORT {
                raised = true;
                barrier = f64::max(
                    barrier,
                    f64::min(decrement, STRONGEST * action.kinetic) / self.mobility.states as f64,
                );
                continue;
            }
            if barrier > target && decrement <= guarded {
                barrier = f64::max(target, WEAKER * barrier);
            }
            if barrier == target && decrement.abs() <= tolerance.max(rounding) * action.kinetic {
                // the action no longer tells, but the potentials gain from each further step the square of what they lack
                let last = path.moved(&step, length);
                let Some(new) = Action::of(self.mobility, potentials, &last)? else {
                    return Ok(Minimum { path, action, steps });
                };
                (path, action) = (last, new);
                if decrement.abs() <= tolerance * action.kinetic || decrement.abs() > GAIN * polished {
                    return Ok(Minimum { path, action, steps });
                }
                polished = decrement.abs();
                continue;
            }
            let little_left = barrier == target && decrement <= STALLED * action.kinetic;
            idle = if little_left && decrement > IDLE.1 * last {
                idle + 1
            } else {
                0
            };
            last = decrement;
            if decrement <= 0.0 || idle == IDLE.0 {
                // no descent: the rounding of the step is larger than what is left to gain
                if barrier == target && decrement.abs() <= STALLED * action.kinetic && !self.may_turn_dense()
                {
                    return Ok(Minimum { path, action, steps });
                }
                break;
            }
            let mut better = None;
            for halvings in 0..HALVINGS {
                let candidate = path.moved(&step, length);
                if let Some(new) = Action::of(self.mobility, potentials, &candidate)?
                    && new.value(barrier) <= action.value(barrier) - DECREASE * length * decrement
                {
                    better = Some((candidate, new));
                    crawls = if halvings > CRAWLING { crawls + 1 } else { 0 };
                    break;
                }
                length *= 0.5;
            }
            if crawls == IDLE.0 {
                break;
            }
            match better {
                Some(next) => (path, action) = next,
                // the action no longer resolves the decrease: as good as it gets
                None if barrier == target && decrement.abs() <= STALLED * action.kinetic => {
                    return Ok(Minimum { path, action, steps });
                }
                None if barrier > target => barrier = f64::max(target, WEAKER * barrier),
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

    /// The longest step, at most 1, that leaves every state at every point positive.
    fn largest_length(&self, action: &Action, step: &[f64]) -> f64 {
        let (n, basis) = (self.mobility.states, &self.mesh.basis);
        let mut length = 1.0;
        let mut change = vec![0.0; n];
        for (k, slice) in action.slices.iter().enumerate() {
            change.fill(0.0);
            let first = k / basis.stages() * basis.degree;
            for (j, weight) in basis.value[k % basis.stages()].iter().enumerate() {
                let node = first + j;
                if node > 0 && node + 1 < self.mesh.nodes() {
                    for (c, s) in change.iter_mut().zip(&step[(node - 1) * n..][..n]) {
                        *c += weight * s;
                    }
                }
            }
            for (x, c) in slice.state.iter().zip(&change) {
                if *c < 0.0 {
                    length = f64::min(length, -BOUNDARY * x / c);
                }
            }
        }
        length
    }

    /// Gradient of the action in the inner nodes.
    fn gradient(&self, action: &Action, local: &[Local]) -> Vec<f64> {
        let (n, basis) = (self.mobility.states, &self.mesh.basis);
        let mut gradient = vec![0.0; (self.mesh.nodes() - 2) * n];
        for (k, (slice, l)) in action.slices.iter().zip(local).enumerate() {
            let (element, point) = (k / basis.stages(), k % basis.stages());
            for j in 0..=basis.degree {
                let node = element * basis.degree + j;
                if node == 0 || node + 1 == self.mesh.nodes() {
                    continue;
                }
                let value = basis.value[point][j];
                let derivative = basis.derivative[point][j] / self.mesh.width(element);
                for (i, g) in gradient[(node - 1) * n..][..n].iter_mut().enumerate() {
                    *g += slice.weight * (derivative * slice.potential[i] - value * l.descent[i]);
                }
            }
        }
        gradient
    }

    /// Gradient of the action in the inner nodes, and Newton's step.
    fn step(&mut self, action: &Action, barrier: f64) -> Result<(Vec<f64>, Vec<f64>)> {
        let (n, mesh) = (self.mobility.states, &self.mesh);
        let local = self.blocks.at(self.mobility, action, barrier);
        let gradient = self.gradient(action, &local);
        let step = match &mut self.method {
            Method::Dense(grounds) => {
                dense_step::step(n, grounds, &self.blocks, mesh, action, &local, &gradient)?
            }
            Method::Sparse(system) => {
                system.step(self.mobility, &self.blocks, mesh, action, &local, &gradient)?
            }
        };
        Ok((gradient, step))
    }
}

/// Of a number of steps that is not known before, the part that counts as done after some of them.
pub(super) fn progress(steps: usize) -> f64 {
    steps as f64 / (steps as f64 + USUAL)
}
