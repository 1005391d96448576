//! A reaction system as an initial value problem, and the budget of its dissipation as integrals along the way.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use irrev_numerics::linalg::Matrix;
use irrev_numerics::ode::{Failure, JacobianKind, Problem, System, Trajectory};
use irrev_numerics::sum::compensated_sum;

use super::ReactionSystem;
use super::bounds::scaled_diffusion;
use super::system::Workspace;
use crate::decomposition::geometric;
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::Kinetics as _;
use crate::projection::Projection;

/// From this number of species on the Jacobian is handed over as a sparse matrix.
const SPARSE: usize = 48;

/// What stands for an amount that rounding made negative, in units of the largest amount: its share of any integral vanishes, and its
/// products do not become subnormal.
const UNDERFLOW: f64 = 1e-140;

/// dx/dt of the dynamic species.
pub(super) struct Motion<'a> {
    pub(super) system: &'a ReactionSystem,
    workspace: RefCell<Workspace>,
}

impl<'a> Motion<'a> {
    pub(super) fn new(system: &'a ReactionSystem) -> Self {
        Self {
            system,
            workspace: RefCell::new(Workspace::new(system)),
        }
    }
}

impl System for Motion<'_> {
    type Error = Error;

    fn dimension(&self) -> usize {
        self.system.dynamic().len()
    }

    fn rate(&self, t: f64, x: &[f64], dx: &mut [f64]) -> Result<()> {
        self.system.rate_with(t, x, &mut self.workspace.borrow_mut(), dx)
    }

    fn jacobian_kind(&self) -> JacobianKind {
        if self.dimension() < SPARSE {
            JacobianKind::Dense
        } else {
            JacobianKind::Sparse
        }
    }

    fn jacobian(&self, t: f64, x: &[f64], jacobian: &mut Matrix) -> Result<()> {
        self.system
            .jacobian_entries(t, x, &mut |row, column, value| jacobian[(row, column)] += value)
    }

    fn sparse_jacobian(&self, t: f64, x: &[f64], entries: &mut Vec<(usize, usize, f64)>) -> Result<()> {
        self.system
            .jacobian_entries(t, x, &mut |row, column, value| entries.push((row, column, value)))
    }
}

/// An integrator's failure in the words of this crate.
pub(super) fn failed(failure: Failure<Error>) -> Error {
    match failure {
        Failure::System { time, error } => Error::AtTime {
            time,
            error: Box::new(error),
        },
        Failure::Numerics(error) => Error::Numerics(error),
        other => Error::Evolution {
            reason: other.to_string(),
        },
    }
}

/// Integrals of what a motion costs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Budget {
    /// Entropy production Σ = ∫ Σ̇ dt of the counted reactions; +∞ if a counted reaction runs one way only.
    pub entropy_production: f64,
    /// ∫ geometric excess dt.
    pub excess: f64,
    /// ∫ geometric housekeeping dt.
    pub housekeeping: f64,
    /// ∫ √excess dt: length of the path in the metric of L.
    pub wasserstein_length: f64,
    /// ∫ Σ(j⁺ + j⁻) dt over the counted reactions.
    pub activity: f64,
    /// ∫ D_i dt per dynamic species, D_i the scaled diffusion.
    pub diffusion: Vec<f64>,
    /// ∫ J_r dt per counted reaction: extents of reaction.
    pub extents: Vec<f64>,
    /// Estimates of the numerical errors of the integrals above, in the order entropy production, excess, housekeeping, length; never below
    /// the rounding of their sums.
    pub errors: [f64; 4],
    /// Counted reactions (positions among them) that ran one way only somewhere, which makes the entropy production infinite.
    pub one_way: Vec<usize>,
}

/// Rounding of the sum over the steps of an integral: this many ulps of its value a step, added up as a random walk.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// The integrands of a [`Budget`].
pub(super) struct BudgetIntegrand<'a> {
    system: &'a ReactionSystem,
    projection: Option<Projection<'a>>,
    one_way: RefCell<BTreeSet<usize>>,
    infinite_excess: Cell<bool>,
}

/// Scalars that come before the diffusions and the extents.
const SCALARS: usize = 5;

impl<'a> BudgetIntegrand<'a> {
    pub(super) fn new(system: &'a ReactionSystem) -> Result<Self> {
        let projection = match system.counted() {
            [] => None,
            _ => Some(Projection::new(system.network())?),
        };
        Ok(Self {
            system,
            projection,
            one_way: RefCell::default(),
            infinite_excess: Cell::new(false),
        })
    }

    pub(super) fn count(&self) -> usize {
        SCALARS + self.system.dynamic().len() + self.system.counted().len()
    }

    /// The problem of a motion together with this budget.
    pub(super) fn problem<'p>(&'p self, motion: &'p Motion<'p>) -> Problem<'p, Motion<'p>> {
        Problem::new(motion).with_integrand(self.count(), move |t, x, out| self.write(t, x, out))
    }

    fn write(&self, t: f64, x: &[f64], out: &mut [f64]) -> Result<()> {
        let Some(projection) = &self.projection else {
            out.fill(0.0);
            return Ok(());
        };
        let flow = floored_flow(self.system, t, x)?;
        let split = geometric::decompose(&flow, projection)?;
        let or_zero = |value: f64| if value.is_finite() { value } else { 0.0 };
        let rate = flow.entropy_production_rate();
        if !rate.is_finite() {
            self.one_way.borrow_mut().extend(flow.one_way_edges());
        }
        if !split.excess.is_finite() {
            self.infinite_excess.set(true);
        }
        out[0] = or_zero(rate);
        out[1] = or_zero(split.excess);
        out[2] = or_zero(split.housekeeping);
        out[3] = out[1].sqrt();
        out[4] = flow.activity();
        let n = x.len();
        out[SCALARS..SCALARS + n].copy_from_slice(&scaled_diffusion(&flow));
        out[SCALARS + n..].copy_from_slice(&flow.current());
        Ok(())
    }

    /// The budget of a path; `relative` is what is known otherwise of the relative error of every integral, such as that of a period.
    pub(super) fn budget(&self, path: &Trajectory, relative: f64) -> Budget {
        let integrals = path.quadratures();
        let errors = match path.global_error() {
            Some(global) => &global.quadratures,
            None => path.quadrature_errors(),
        };
        let floor = relative + ROUNDING * (path.statistics().steps as f64).sqrt();
        let error = |k: usize| errors[k].max(floor * integrals[k].abs());
        let n = self.system.dynamic().len();
        let one_way: Vec<usize> = self.one_way.borrow().iter().copied().collect();
        let or_infinite = |value: f64, is_infinite: bool| if is_infinite { f64::INFINITY } else { value };
        let (no_total, no_excess) = (!one_way.is_empty(), self.infinite_excess.get());
        Budget {
            entropy_production: or_infinite(integrals[0], no_total),
            excess: or_infinite(integrals[1], no_excess),
            housekeeping: or_infinite(integrals[2], no_total),
            wasserstein_length: or_infinite(integrals[3], no_excess),
            activity: integrals[4],
            diffusion: integrals[SCALARS..SCALARS + n].to_vec(),
            extents: integrals[SCALARS + n..].to_vec(),
            errors: [error(0), error(1), error(2), error(3)],
            one_way,
        }
    }
}

/// The flow at a state from an integrator, in which amounts may be negative by rounding.
pub(super) fn floored_flow(system: &ReactionSystem, time: f64, x: &[f64]) -> Result<Flow> {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let floor = UNDERFLOW * largest.max(f64::MIN_POSITIVE / UNDERFLOW);
    let floored: Vec<f64> = x.iter().map(|v| v.max(floor)).collect();
    system.flow(time, &floored)
}

/// ‖x − y‖/‖x‖.
pub(super) fn relative_distance(x: &[f64], y: &[f64]) -> f64 {
    let scale = compensated_sum(x.iter().map(|v| v * v)).sqrt();
    let apart = compensated_sum(x.iter().zip(y).map(|(a, b)| (a - b) * (a - b))).sqrt();
    if scale == 0.0 { apart } else { apart / scale }
}
