//! Branches of steady states as a parameter changes, round folds and past Hopf points.
//!
//! Pseudo-arclength continuation on the stoichiometric class of the start: the next point of (x, λ) lies on the tangent and is corrected
//! orthogonally to it, so that the branch is followed through a fold, where λ turns. Folds are sign changes of dλ/ds, Hopf points
//! crossings of the imaginary axis by a complex pair; both are narrowed by bisection along the branch.
//!
//! Source: Keller, in Applications of Bifurcation Theory (1977), p. 359.

use irrev_numerics::linalg::{LinearSolver, Matrix, eigenvalues};
use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason};
use num_complex::Complex64;

use super::ReactionSystem;
use super::steady_state::{Stability, stability};
use super::subspace::{Subspace, restricted_jacobian};
use crate::error::Result;
use crate::kinetics::Kinetics as _;

/// How a branch is followed.
#[derive(Debug, Clone, PartialEq)]
pub struct ContinuationOptions {
    /// Range of the parameter.
    pub range: (f64, f64),
    /// Largest step along the branch, in units in which the range and the state at the start have length 1; default 0.02.
    pub largest_step: f64,
    /// Points after which the branch is given up; default 5000.
    pub most_points: usize,
}

impl Default for ContinuationOptions {
    fn default() -> Self {
        Self {
            range: (0.0, 1.0),
            largest_step: 0.02,
            most_points: 5000,
        }
    }
}

/// A point of a branch.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BranchPoint {
    /// The parameter.
    pub parameter: f64,
    /// Steady amounts.
    pub amounts: Vec<f64>,
    /// Σ̇ of the counted reactions there.
    pub entropy_production_rate: f64,
    /// What becomes of small disturbances.
    pub stability: Stability,
    /// Leading eigenvalue of the Jacobian on the class.
    pub leading: Complex64,
    /// Special points carry their kind.
    pub kind: PointKind,
}

/// What happens at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointKind {
    /// Nothing.
    Regular,
    /// The branch turns in the parameter: two states meet.
    Fold,
    /// A complex pair crosses the imaginary axis: oscillations begin or end.
    Hopf,
}

/// A branch of steady states.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Branch {
    /// Points in order along the branch; special points stand between their neighbours.
    pub points: Vec<BranchPoint>,
    /// Points found, and the worst Newton residual (change of the last step, relative).
    pub convergence: Convergence,
}

/// Newton steps of a corrector.
const CORRECTIONS: usize = 12;

/// A corrector ends below this step, relative.
const CORRECTED: f64 = 1e-11;

/// Bisections towards a special point.
const BISECTIONS: usize = 45;

/// Smallest step along the branch.
const SMALLEST: f64 = 1e-8;

/// Follows the steady states of `system_at(λ)` from a steady state at `from`, towards larger λ if `upwards`, through folds, until the
/// parameter leaves its range.
///
/// All systems must have the same species and reactions.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, continuation::*, steady_state::relaxed_steady_state};
/// // Schlögl's model: two folds bound the bistable range of k
/// let system = |k: f64| ReactionSystem::builder().species("X")
///     .mass_action("auto", &[("X", 2.0)], &[("X", 3.0)], 3.0, 1.0)
///     .mass_action("feed", &[], &[("X", 1.0)], k, 2.5)
///     .build();
/// let start = relaxed_steady_state(&system(0.0)?, &[0.0], &Default::default())?;
/// let options = ContinuationOptions { range: (0.0, 1.0), ..Default::default() };
/// let branch = steady_branch(&system, 0.0, &start.amounts, true, &options, &Default::default())?;
/// let folds = branch.points.iter().filter(|p| p.kind == PointKind::Fold).count();
/// assert_eq!(folds, 2);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Whatever `system_at` reports; not converged at the start, or no step along the branch succeeds.
pub fn steady_branch(
    system_at: &dyn Fn(f64) -> Result<ReactionSystem>,
    from: f64,
    start: &[f64],
    upwards: bool,
    options: &ContinuationOptions,
    run: &Run<'_>,
) -> Result<Branch> {
    let (low, high) = options.range;
    crate::require("range of the parameter", high - low, high > low, "an interval")?;
    let system = system_at(from)?;
    system.network().check_states("start", start)?;
    let size = super::bounds::dot(start, start).sqrt();
    let frame = Frame {
        system_at,
        subspace: Subspace::new(&system),
        origin: start.to_vec(),
        state_unit: if size > 0.0 { size } else { 1.0 },
        parameter_unit: high - low,
        worst: std::cell::Cell::new(0.0),
    };
    let r = frame.subspace.dimension();
    let mut y = vec![0.0; r + 1];
    y[r] = from / frame.parameter_unit;
    y = frame.corrected(&y, &unit(r + 1, r))?;
    let mut tangent = frame.tangent(&y, &unit(r + 1, r))?;
    if (tangent[r] > 0.0) != upwards {
        tangent.iter_mut().for_each(|t| *t = -*t);
    }
    let mut points = vec![frame.point(&y)?];
    let mut step = 0.1 * options.largest_step;
    while points.len() < options.most_points {
        run.report(
            points.len() as f64 / options.most_points as f64,
            "branch of steady states",
        )?;
        let Some((next, turned)) = frame.advanced(&y, &tangent, step) else {
            step *= 0.5;
            if step < SMALLEST {
                return Err(frame.stuck(points.len()).into());
            }
            continue;
        };
        let reached = frame.point(&next)?;
        if let Some(kind) = change(points.last(), &reached, tangent[r], turned[r])
            && let Some(special) = frame.narrowed(&y, &tangent, step, kind)?
        {
            points.push(special);
        }
        let parameter = reached.parameter;
        points.push(reached);
        (y, tangent) = (next, turned);
        if parameter < low || parameter > high {
            break;
        }
        step = (1.3 * step).min(options.largest_step);
    }
    Ok(Branch {
        convergence: Convergence {
            iterations: points.len(),
            residual: frame.worst.get(),
            target: CORRECTED,
            reason: StopReason::Converged,
        },
        points,
    })
}

fn unit(n: usize, k: usize) -> Vec<f64> {
    let mut v = vec![0.0; n];
    v[k] = 1.0;
    v
}

/// What happens between two points: λ turns, or a complex pair crosses the axis.
fn change(
    before: Option<&BranchPoint>,
    after: &BranchPoint,
    slope_before: f64,
    slope_after: f64,
) -> Option<PointKind> {
    if slope_before * slope_after < 0.0 {
        return Some(PointKind::Fold);
    }
    let before = before?;
    let crosses = (before.leading.re > 0.0) != (after.leading.re > 0.0);
    let complex = before.leading.im != 0.0 && after.leading.im != 0.0;
    (crosses && complex).then_some(PointKind::Hopf)
}

/// Scaled coordinates y = (z/|x₀|, λ/range) of a branch, x = x₀ + Q z.
struct Frame<'a> {
    system_at: &'a dyn Fn(f64) -> Result<ReactionSystem>,
    subspace: Subspace,
    origin: Vec<f64>,
    state_unit: f64,
    parameter_unit: f64,
    worst: std::cell::Cell<f64>,
}

impl Frame<'_> {
    fn place(&self, y: &[f64]) -> (Vec<f64>, f64) {
        let r = self.subspace.dimension();
        let moved = self.subspace.full(&y[..r], self.origin.len());
        let x = self
            .origin
            .iter()
            .zip(&moved)
            .map(|(x, d)| x + self.state_unit * d)
            .collect();
        (x, y[r] * self.parameter_unit)
    }

    /// Qᵀ ẋ at y.
    fn residual(&self, y: &[f64]) -> Result<Vec<f64>> {
        let (x, parameter) = self.place(y);
        let mut rate = vec![0.0; x.len()];
        (self.system_at)(parameter)?.rate_of_change(0.0, &x, &mut rate)?;
        Ok(self.subspace.reduced(&rate))
    }

    /// The r × (r + 1) derivative of the residual.
    fn derivative(&self, y: &[f64]) -> Result<Vec<Vec<f64>>> {
        let r = self.subspace.dimension();
        let (x, parameter) = self.place(y);
        let system = (self.system_at)(parameter)?;
        let jacobian = restricted_jacobian(&system, &self.subspace, 0.0, &x)?;
        // central differences in the parameter, of which fluxes are mostly linear functions
        let h = 1e-6;
        let (mut up, mut down) = (y.to_vec(), y.to_vec());
        up[r] += h;
        down[r] -= h;
        let by_parameter: Vec<f64> = match (self.residual(&up), self.residual(&down)) {
            (Ok(up), Ok(down)) => up.iter().zip(&down).map(|(a, b)| (a - b) / (2.0 * h)).collect(),
            // at the edge of what the parameter may be
            (Ok(up), Err(_)) => difference(&up, &self.residual(y)?, h),
            (Err(_), Ok(down)) => difference(&self.residual(y)?, &down, h),
            (Err(error), Err(_)) => return Err(error),
        };
        let row = |i: usize| {
            let mut row: Vec<f64> = (0..r).map(|j| self.state_unit * jacobian[(i, j)]).collect();
            row.push(by_parameter[i]);
            row
        };
        Ok((0..r).map(row).collect())
    }

    fn bordered(rows: &[Vec<f64>], last: &[f64]) -> Matrix {
        let n = last.len();
        Matrix::from_fn(n, n, |i, j| if i + 1 < n { rows[i][j] } else { last[j] })
    }

    /// Unit tangent with a positive component along `along`.
    fn tangent(&self, y: &[f64], along: &[f64]) -> Result<Vec<f64>> {
        let n = y.len();
        let matrix = Self::bordered(&self.derivative(y)?, along);
        let mut t = LinearSolver::new(matrix)?.solve(&unit(n, n - 1))?.x;
        let norm = super::bounds::dot(&t, &t).sqrt();
        t.iter_mut().for_each(|t| *t /= norm);
        Ok(t)
    }

    /// The point of the branch in the plane through y across `normal`.
    fn corrected(&self, y: &[f64], normal: &[f64]) -> Result<Vec<f64>> {
        let mut at = y.to_vec();
        let mut last = f64::INFINITY;
        for _ in 0..CORRECTIONS {
            let matrix = Self::bordered(&self.derivative(&at)?, normal);
            let mut right: Vec<f64> = self.residual(&at)?.iter().map(|v| -v).collect();
            right.push(0.0);
            let step = LinearSolver::new(matrix)?.solve(&right)?.x;
            at.iter_mut().zip(&step).for_each(|(y, d)| *y += d);
            let size = super::bounds::dot(&step, &step).sqrt();
            if size <= CORRECTED || (size < 1e-9 && size >= last) {
                self.worst.set(self.worst.get().max(size));
                return Ok(at);
            }
            last = size;
        }
        Err(NumericsError::NotConverged {
            what: "the corrector of a branch",
            convergence: Convergence {
                iterations: CORRECTIONS,
                residual: last,
                target: CORRECTED,
                reason: StopReason::IterationLimit,
            },
        }
        .into())
    }

    /// The next point and its tangent; `None` if the step is too long.
    fn advanced(&self, y: &[f64], tangent: &[f64], step: f64) -> Option<(Vec<f64>, Vec<f64>)> {
        let predicted: Vec<f64> = y.iter().zip(tangent).map(|(y, t)| y + step * t).collect();
        let next = self.corrected(&predicted, tangent).ok()?;
        let turned = self.tangent(&next, tangent).ok()?;
        let (x, _) = self.place(&next);
        // the branch may turn by some 25 degrees a step, and amounts stay positive
        let straight = super::bounds::dot(tangent, &turned) > 0.9;
        let apart: f64 = next
            .iter()
            .zip(&predicted)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>()
            .sqrt();
        (straight && apart <= step && x.iter().all(|x| *x >= 0.0)).then_some((next, turned))
    }

    fn point(&self, y: &[f64]) -> Result<BranchPoint> {
        let (x, parameter) = self.place(y);
        let system = (self.system_at)(parameter)?;
        let values = eigenvalues(&restricted_jacobian(&system, &self.subspace, 0.0, &x)?)?.values;
        let amounts: Vec<f64> = x.iter().map(|x| x.max(0.0)).collect();
        Ok(BranchPoint {
            parameter,
            entropy_production_rate: system.flow(0.0, &amounts)?.entropy_production_rate(),
            amounts,
            stability: stability(&values),
            leading: values.first().copied().unwrap_or_default(),
            kind: PointKind::Regular,
        })
    }

    /// Bisection for the special point within a step.
    fn narrowed(
        &self,
        y: &[f64],
        tangent: &[f64],
        step: f64,
        kind: PointKind,
    ) -> Result<Option<BranchPoint>> {
        let r = self.subspace.dimension();
        let before = self.point(y)?;
        let (mut low, mut high) = (0.0, step);
        let mut found = None;
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            let Some((at, turned)) = self.advanced(y, tangent, middle) else {
                break;
            };
            let point = self.point(&at)?;
            let beyond = match kind {
                PointKind::Fold => tangent[r] * turned[r] < 0.0,
                _ => (before.leading.re > 0.0) != (point.leading.re > 0.0),
            };
            if beyond {
                high = middle;
            } else {
                low = middle;
            }
            found = Some(BranchPoint { kind, ..point });
        }
        Ok(found)
    }

    fn stuck(&self, points: usize) -> NumericsError {
        NumericsError::NotConverged {
            what: "a branch of steady states (no step succeeds; it may end at zero amounts or meet another branch)",
            convergence: Convergence {
                iterations: points,
                residual: self.worst.get(),
                target: CORRECTED,
                reason: StopReason::Breakdown,
            },
        }
    }
}

fn difference(a: &[f64], b: &[f64], h: f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| (a - b) / h).collect()
}
