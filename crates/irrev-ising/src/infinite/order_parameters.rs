//! Stationary states of an infinite network: magnetisation, overlap, entropies and entropy production per spin.
//!
//! m = E tanh x, q = G(q), k = E sech²x over the local field x, normal with mean β(H + J₀ m) and variance ς² = (βΔJ)². Per spin and parallel step
//! the conditional entropy is S_c = E[ln 2cosh x − x tanh x], and the entropy production σ = ς² k (1 − q): what a coupling does to the spin that it
//! acts on (k), as far as the spin that it comes from has forgotten (1 − q). The reversed entropy is S_c + σ.
//!
//! m ↦ E tanh x has a slope J₀ βk that is largest where the mean field is 0 and falls on both sides, for all laws of fields here. There are hence at
//! most three solutions, separated by the two places with J₀ βk = 1, and each is found in a bracket of its own: no slowing down near criticality
//! and no solution overlooked.
//!
//! Source: M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

use serde::Serialize;

use super::InfiniteNetwork;
use super::gaussian::Grid;
use super::overlap::Overlap;
use super::roots::{Root, bracketed_newton, bracketed_secant};
use super::site::Site;
use crate::error::{Error, Result};

/// Residual of a solution; beyond it there is a jump and no solution.
const SOLVED: f64 = 1e-8;

/// Which stationary state, where there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Branch {
    /// The one with the largest m: reached from all spins up if J₀ > 0.
    #[default]
    Up,
    /// The one with the smallest m: reached from all spins down if J₀ > 0.
    Down,
}

/// A stationary state; entropies in nats per spin, and per step if all spins are updated in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OrderParameters {
    /// m.
    pub magnetization: f64,
    /// q: mean product of a spin with itself at two distant times; for parallel updates at any two times.
    pub overlap: f64,
    /// 1 − q, with all its digits.
    pub unfrozen: f64,
    /// k = E sech²x in (0, 1]: mean response of a spin to its local field; 0 at β = ∞.
    pub gain: f64,
    /// βk, in 1/energy; finite at β = ∞.
    pub local_susceptibility: f64,
    /// S_c: entropy of a spin given the state before it was refreshed.
    pub conditional_entropy: f64,
    /// σ = (βΔJ)² k (1 − q) per parallel step; infinite at β = ∞ unless all spins are frozen.
    pub entropy_production: f64,
    /// S_c + σ.
    pub reversed_entropy: f64,
    /// J₀βk, the slope of the map m ↦ E tanh x: below 1 the state is stable for updates one at a time, and above −1, too, for parallel ones.
    pub feedback: f64,
    /// dm/dH = βk/(1 − J₀βk), in 1/energy; diverges at criticality.
    pub susceptibility: f64,
    /// dm/dβ along the branch, in units of energy; diverges at criticality.
    pub magnetization_slope: f64,
    /// |E tanh x − m| and |G(q) − q|.
    pub residuals: (f64, f64),
    /// Newton steps for m and for q.
    pub iterations: (usize, usize),
    /// Largest change of m, q, k, S_c or σ (relative to 1 + σ) when all integrals are repeated on a second grid; NaN if that was not asked for.
    pub numerical_error: f64,
}

impl OrderParameters {
    /// Whether a small deviation of m dies out under updates one at a time.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.feedback < 1.0
    }

    /// Whether it also dies out under parallel updates, which may alternate for J₀ < 0.
    #[must_use]
    pub fn is_stable_in_parallel(&self) -> bool {
        self.is_stable() && !self.alternates(1.0)
    }

    /// Whether a small deviation grows with alternating sign where a part α of the spins is refreshed at every step: J₀βk < 1 − 2/α, since a step multiplies
    /// it by 1 − α + αJ₀βk. Such a state is stationary, but spins never settle in it; for α = 1 [`InfiniteNetwork::alternating`] is what they reach.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: -2.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let state = network.order_parameters(Branch::Up)?;
    /// assert!(state.alternates(1.0) && !state.alternates(0.5));             // J₀βk = −1.65
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    #[must_use]
    pub fn alternates(&self, part: f64) -> bool {
        self.feedback < 1.0 - 2.0 / part
    }
}

/// A stationary state with what further results are made from.
pub(crate) struct Solution {
    pub(crate) order: OrderParameters,
    pub(crate) overlap: Overlap,
}

impl Solution {
    /// The state at a magnetisation that solves m = E tanh x.
    fn at(network: &InfiniteNetwork, magnetization: Root, grid: Grid) -> Self {
        let m = magnetization.at;
        let site = Site::new(network, m, grid);
        let overlap = Overlap::of(&site);
        let (gain, chi, entropy) = (site.gain(), site.susceptibility(), site.entropy());
        let unfrozen = overlap.unfrozen();
        let beta = network.inverse_temperature;
        let sigma = dissipation(beta, network.spread, chi * unfrozen);
        let feedback = if network.mean_coupling == 0.0 {
            0.0
        } else {
            network.mean_coupling * chi
        };
        let order = OrderParameters {
            magnetization: m,
            overlap: overlap.overlap(),
            unfrozen,
            gain,
            local_susceptibility: chi,
            conditional_entropy: entropy,
            entropy_production: sigma,
            reversed_entropy: entropy + sigma,
            feedback,
            susceptibility: chi / (1.0 - feedback),
            magnetization_slope: site.thermal_slope(network, m) / (1.0 - feedback),
            residuals: (magnetization.residual, overlap.residual),
            iterations: (magnetization.iterations, overlap.iterations),
            numerical_error: f64::NAN,
        };
        Self { order, overlap }
    }

    /// J₀βk of the stationary state with negative mean coupling, of which there is one; 0 otherwise.
    pub(crate) fn negative_feedback(network: &InfiniteNetwork) -> f64 {
        let j0 = network.mean_coupling;
        if j0 >= 0.0 {
            return 0.0;
        }
        let roots = Roots::new(network, Grid::STANDARD);
        j0 * roots.site(roots.single().at).susceptibility()
    }

    pub(crate) fn on_branch(network: &InfiniteNetwork, branch: Branch, grid: Grid) -> Result<Self> {
        let roots = Roots::new(network, grid);
        let root = match branch {
            Branch::Up => roots.largest(),
            Branch::Down => roots.smallest(),
        };
        require_solved(network, root)?;
        Ok(Self::at(network, root, grid))
    }
}

/// β² ΔJ² k (1 − q) from (βk)(1 − q), also at β = ∞.
pub(crate) fn dissipation(beta: f64, spread: f64, chi_unfrozen: f64) -> f64 {
    let per_beta = spread * spread * chi_unfrozen;
    if per_beta == 0.0 || spread == 0.0 {
        0.0
    } else {
        beta * per_beta
    }
}

fn require_solved(network: &InfiniteNetwork, root: Root) -> Result<()> {
    // only a jump of E sign x has no solution: no disorder, no temperature, and J₀ < 0
    Error::require(
        "the spread of couplings",
        network.spread,
        root.residual <= SOLVED,
        "more than 0 for negative mean couplings without temperature, where no magnetisation is stationary otherwise",
    )
}

/// Solutions of m = E tanh x, one by one.
struct Roots<'a> {
    network: &'a InfiniteNetwork,
    grid: Grid,
    /// Where the mean field is 0, clamped to what m can be.
    center: f64,
    /// Where the slope J₀βk passes 1 below and above the center, if it does.
    turns: Option<(f64, f64)>,
}

impl<'a> Roots<'a> {
    fn new(network: &'a InfiniteNetwork, grid: Grid) -> Self {
        let mut roots = Self {
            network,
            grid,
            center: 0.0,
            turns: None,
        };
        let j0 = network.mean_coupling;
        if j0 <= 0.0 {
            return roots;
        }
        roots.center = -network.fields.mean() / j0;
        let growth = |m: f64| j0 * roots.site(m).susceptibility() - 1.0;
        if growth(roots.center) > 0.0 {
            // beyond this distance m leaves [−1, 1] on either side
            let far = 1.0 + roots.center.abs();
            let turn = if growth(roots.center + far) >= 0.0 {
                far
            } else {
                bracketed_secant(|d| growth(roots.center + d), (0.0, far), 0.5 * far).at
            };
            roots.turns = Some((roots.center - turn, roots.center + turn));
        }
        roots
    }

    fn site(&self, m: f64) -> Site {
        Site::new(self.network, m, self.grid)
    }

    /// E tanh x − m and its slope.
    fn excess(&self, m: f64) -> (f64, f64) {
        let site = self.site(m);
        let slope = if self.network.mean_coupling == 0.0 {
            -1.0
        } else {
            self.network.mean_coupling * site.susceptibility() - 1.0
        };
        (site.magnetization() - m, slope)
    }

    fn between(&self, low: f64, high: f64) -> Root {
        // without a mean field the disordered state is exact
        if self.network.fields.mean() == 0.0 && self.turns.is_none() {
            return self.disordered();
        }
        if self.network.mean_coupling == 0.0 {
            return Root {
                at: self.site(0.0).magnetization(),
                residual: 0.0,
                iterations: 0,
            };
        }
        let nearest = if high == 1.0 { high } else { low };
        bracketed_newton(|m| self.excess(m), (low, high), nearest)
    }

    fn disordered(&self) -> Root {
        Root {
            at: 0.0,
            residual: 0.0,
            iterations: 0,
        }
    }

    fn above(&self) -> Option<Root> {
        let (_, turn) = self.turns?;
        (turn < 1.0 && self.excess(turn).0 >= 0.0).then(|| self.between(turn, 1.0))
    }

    fn below(&self) -> Option<Root> {
        let (turn, _) = self.turns?;
        (turn > -1.0 && self.excess(turn).0 <= 0.0).then(|| self.between(-1.0, turn))
    }

    /// The single solution where there are not three.
    fn single(&self) -> Root {
        match self.turns {
            None => self.between(-1.0, 1.0),
            // only one side has a solution
            Some(_) => self
                .above()
                .or_else(|| self.below())
                .unwrap_or_else(|| self.between(-1.0, 1.0)),
        }
    }

    fn largest(&self) -> Root {
        self.above().unwrap_or_else(|| self.single())
    }

    fn smallest(&self) -> Root {
        self.below().unwrap_or_else(|| self.single())
    }

    /// All, ascending.
    fn all(&self) -> Vec<Root> {
        let (Some(below), Some(above), Some(turns)) = (self.below(), self.above(), self.turns) else {
            return vec![self.single()];
        };
        let unstable = if self.network.fields.mean() == 0.0 {
            self.disordered()
        } else {
            bracketed_newton(|m| self.excess(m), turns, self.center)
        };
        if unstable.residual > SOLVED {
            // a jump between frozen states, without disorder and temperature
            return vec![below, above];
        }
        vec![below, unstable, above]
    }
}

impl InfiniteNetwork {
    /// The stationary state on a branch, with a second computation on another grid as error estimate.
    ///
    /// # Errors
    /// [`Error::Domain`] for parameters that have no meaning, and where no magnetisation is stationary (J₀ < 0 without disorder and temperature).
    ///
    /// Below a millisecond. Source: Aguilera, Igarashi and Shimazaki (2023), equations for the infinite asymmetric network.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork {
    ///     inverse_temperature: 2.0,
    ///     mean_coupling: 1.0,
    ///     spread: 0.5,
    ///     fields: FieldLaw::Constant(0.0),
    /// };
    /// let state = network.order_parameters(Branch::Up)?;
    /// assert!((state.magnetization - 0.7246827025).abs() < 1e-10);
    /// assert!((state.entropy_production - 0.1290520323).abs() < 1e-10 && state.numerical_error < 1e-13);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn order_parameters(&self, branch: Branch) -> Result<OrderParameters> {
        self.check()?;
        let mut order = Solution::on_branch(self, branch, Grid::STANDARD)?.order;
        let check = Solution::on_branch(self, branch, Grid::CHECK)?.order;
        order.numerical_error = difference(&order, &check);
        Ok(order)
    }

    /// All stationary states, stable or not, by ascending m: one, or three (two frozen ones without disorder and temperature).
    ///
    /// # Errors
    /// As [`InfiniteNetwork::order_parameters`].
    pub fn solutions(&self) -> Result<Vec<OrderParameters>> {
        self.check()?;
        let solve = |root: &Root, grid| -> Result<OrderParameters> {
            require_solved(self, *root)?;
            Ok(Solution::at(self, *root, grid).order)
        };
        let first = Roots::new(self, Grid::STANDARD).all();
        let second = Roots::new(self, Grid::CHECK).all();
        let mut states = Vec::with_capacity(first.len());
        for (place, root) in first.iter().enumerate() {
            let mut order = solve(root, Grid::STANDARD)?;
            // where two states are about to merge, one grid may see them and the other not
            order.numerical_error = match second.get(place) {
                Some(other) if second.len() == first.len() => difference(&order, &solve(other, Grid::CHECK)?),
                _ => f64::INFINITY,
            };
            states.push(order);
        }
        Ok(states)
    }
}

/// Largest difference between two computations of a state.
pub(crate) fn difference(a: &OrderParameters, b: &OrderParameters) -> f64 {
    let sigma = if a.entropy_production == b.entropy_production {
        0.0
    } else {
        (a.entropy_production - b.entropy_production) / (1.0 + a.entropy_production)
    };
    let changes = [
        a.magnetization - b.magnetization,
        a.unfrozen - b.unfrozen,
        a.gain - b.gain,
        a.conditional_entropy - b.conditional_entropy,
        sigma,
    ];
    changes.iter().fold(0.0, |m: f64, x| m.max(x.abs()))
}
