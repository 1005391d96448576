//! Alternating states: parallel updates with negative mean couplings, whose spins turn over together at every step.
//!
//! Where J₀βk < −1, the stationary state is never reached: m goes to and fro between two values, m_b = F(m_a) and m_a = F(m_b) with F(m) = E tanh x. F falls,
//! and its slope is a density of local fields, which is log-concave for all laws here (sums of normal, uniform and logistic numbers). F has hence a negative
//! Schwarzian derivative, and so has F(F(m)), whose slope then has a single peak: it has at most three fixed points. There is one pair besides the stationary m
//! if that is unstable, one on each side of it and stable, and none otherwise: order sets in continuously, and nothing coexists.
//!
//! Overlaps of times an even number of steps apart are q_a or q_b, with q_b = G_a(q_a) and q_a = G_b(q_b); of times an odd number apart q_ab = G_ab(q_ab), the
//! mean product E tanh x tanh y of fields with means of both phases. |q_ab|² ≤ q_a q_b, and there G_ab contracts. They do not depend on the number of steps, as
//! the limit of the correlations after a quench shows. The step into phase b sends ς²k_b(1 − q_b) + S_b − S_a to the bath. Entropy of the network itself
//! comes back after two steps, so that per step
//!
//! σ = ½ς² [k_a(1 − q_a) + k_b(1 − q_b)], S_c = ½(S_a + S_b), S_r = S_c + σ.
//!
//! Without fields s_i(t) → (−1)^t s_i(t) turns parallel updates with J into those with −J. The network alternates as the one with −J₀ is ordered, and its σ and
//! S_c are the same. As a phase lives exponentially long in N, this is also the state of large finite networks.
//!
//! If a part α < 1 of the spins is refreshed, m_{t+1} = (1 − α) m_t + α F(m_t) need not be monotonic: beyond J₀βk = 1 − 2/α periods may double on, and no
//! state of period two is known to be the one that is reached. Such networks are only told to be unstable ([`OrderParameters::alternates`]).
//!
//! Source: derived here from the effective single-spin process of A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988).
//!
//! [`OrderParameters::alternates`]: super::OrderParameters::alternates

use serde::Serialize;

use super::InfiniteNetwork;
use super::gaussian::Grid;
use super::order_parameters::{Branch, Solution, dissipation};
use super::overlap::Overlap;
use super::roots::{Root, bracketed_newton, bracketed_secant};
use super::site::Site;
use crate::error::Result;

/// Every second step of an alternating state; per spin, entropies in nats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Phase {
    /// m.
    pub magnetization: f64,
    /// Mean product of a spin with itself at two times of this phase.
    pub overlap: f64,
    /// 1 − overlap, with all its digits.
    pub unfrozen: f64,
    /// k = E sech²x of the fields that spins of this phase make.
    pub gain: f64,
    /// βk, in 1/energy; finite at β = ∞.
    pub local_susceptibility: f64,
    /// Entropy of the next state, given one of this phase.
    pub conditional_entropy: f64,
    /// (βΔJ)² k (1 − q). The mean of both phases is the entropy production; the bath takes it, and the change of the conditional entropy, at the step into this
    /// phase.
    pub entropy_production: f64,
    /// Surprise about the state before one of this phase, given that: the sum of both.
    pub reversed_entropy: f64,
}

impl Phase {
    fn at(network: &InfiniteNetwork, site: &Site, m: f64, unfrozen: f64) -> Self {
        let (chi, entropy) = (site.susceptibility(), site.entropy());
        let production = dissipation(network.inverse_temperature, network.spread, chi * unfrozen);
        Self {
            magnetization: m,
            overlap: 1.0 - unfrozen,
            unfrozen,
            gain: site.gain(),
            local_susceptibility: chi,
            conditional_entropy: entropy,
            entropy_production: production,
            reversed_entropy: entropy + production,
        }
    }
}

/// A state of parallel updates with period two; per spin and step, entropies in nats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AlternatingState {
    /// After even steps, and after odd ones: the first has the larger m on the branch [`Branch::Up`], as from all spins up.
    pub phases: [Phase; 2],
    /// Mean product of a spin with itself an odd number of steps apart.
    pub successive_overlap: f64,
    /// S_c: mean of both phases.
    pub conditional_entropy: f64,
    /// σ: mean of both phases; infinite at β = ∞ unless all spins are frozen.
    pub entropy_production: f64,
    /// S_c + σ.
    pub reversed_entropy: f64,
    /// Flips per step, (1 − successive overlap)/2.
    pub flips: f64,
    /// (J₀β)² k_a k_b: by which two steps multiply a small deviation of m; below 1.
    pub multiplier: f64,
    /// Largest of |F(F(m)) − m| and of the residuals of the three overlaps.
    pub residual: f64,
    /// Largest change of m, q, k, S_c, the successive overlap or (relative to 1 + σ) σ when all integrals are repeated on a second grid.
    pub numerical_error: f64,
}

impl AlternatingState {
    /// Mean of m over both phases.
    #[must_use]
    pub fn magnetization(&self) -> f64 {
        0.5 * (self.phases[0].magnetization + self.phases[1].magnetization)
    }

    /// Half the difference of m, first phase less second: positive on the branch [`Branch::Up`].
    #[must_use]
    pub fn staggered_magnetization(&self) -> f64 {
        0.5 * (self.phases[0].magnetization - self.phases[1].magnetization)
    }

    fn solved(network: &InfiniteNetwork, branch: Branch, grid: Grid) -> Result<Option<Self>> {
        let settled = Solution::on_branch(network, branch, grid)?.order;
        if !settled.alternates(1.0) {
            return Ok(None);
        }
        let cycle = Cycle::around(network, settled.magnetization, branch, grid);
        let successive = cycle.successive_overlap();
        let [a, b] = cycle.phases;
        let mean = |of: fn(&Phase) -> f64| 0.5 * (of(&a) + of(&b));
        let j0 = network.mean_coupling;
        Ok(Some(Self {
            phases: [a, b],
            successive_overlap: successive.at,
            conditional_entropy: mean(|p| p.conditional_entropy),
            entropy_production: mean(|p| p.entropy_production),
            reversed_entropy: mean(|p| p.reversed_entropy),
            flips: 0.5 * (1.0 - successive.at),
            multiplier: (j0 * a.local_susceptibility) * (j0 * b.local_susceptibility),
            residual: cycle.residual.max(successive.residual),
            numerical_error: f64::NAN,
        }))
    }

    /// Largest difference between two computations of a state.
    fn difference(&self, other: &Self) -> f64 {
        let relative = |a: f64, b: f64| if a == b { 0.0 } else { (a - b) / (1.0 + a) };
        let pairs = self.phases.iter().zip(&other.phases);
        let of_phases = pairs.flat_map(|(a, b)| {
            [
                a.magnetization - b.magnetization,
                a.unfrozen - b.unfrozen,
                a.gain - b.gain,
                a.conditional_entropy - b.conditional_entropy,
                relative(a.entropy_production, b.entropy_production),
            ]
        });
        let successive = self.successive_overlap - other.successive_overlap;
        of_phases
            .chain([successive])
            .fold(0.0, |most: f64, x| most.max(x.abs()))
    }
}

/// The two magnetisations with the overlaps of each.
pub(crate) struct Cycle<'a> {
    network: &'a InfiniteNetwork,
    grid: Grid,
    pub(crate) phases: [Phase; 2],
    /// Of m and of both overlaps.
    residual: f64,
}

impl<'a> Cycle<'a> {
    /// The cycle around an unstable stationary magnetisation.
    pub(crate) fn around(network: &'a InfiniteNetwork, unstable: f64, branch: Branch, grid: Grid) -> Self {
        let site = |m: f64| Site::new(network, m, grid);
        // F(F(m)) − m and its slope
        let excess = |m: f64| {
            let here = site(m);
            let there = site(here.magnetization());
            let slope = network.mean_coupling * here.susceptibility() * network.mean_coupling;
            (there.magnetization() - m, slope * there.susceptibility() - 1.0)
        };
        // the slope falls through 0 once on the way from the unstable state up, and the excess only behind that
        let turn = if excess(1.0).1 < 0.0 {
            bracketed_secant(|m| excess(m).1, (unstable, 1.0), 0.5 * (unstable + 1.0)).at
        } else {
            unstable
        };
        let upper = bracketed_newton(excess, (turn, 1.0), 1.0);
        let sites = [site(upper.at), site(site(upper.at).magnetization())];
        // F is odd without a mean field, and m_b = −m_a to the last digit
        let lower = if network.fields.mean() == 0.0 {
            -upper.at
        } else {
            sites[0].magnetization()
        };
        let (unfrozen, residual) = unfrozen(&sites);
        let mut phases = [
            Phase::at(network, &sites[0], upper.at, unfrozen[0]),
            Phase::at(network, &sites[1], lower, unfrozen[1]),
        ];
        if branch == Branch::Down {
            phases.reverse();
        }
        Self {
            network,
            grid,
            phases,
            residual: residual.max(upper.residual),
        }
    }

    /// q_ab = G_ab(q_ab), between ±√(q_a q_b).
    fn successive_overlap(&self) -> Root {
        let [a, b] = &self.phases;
        let (m, other) = (a.magnetization, b.magnetization);
        let site = Site::new(self.network, 0.5 * (m + other), self.grid);
        let offset = site.half_difference(self.network, m, other);
        let most = (a.overlap.max(0.0) * b.overlap.max(0.0)).sqrt();
        // a little more, as without fields it is the end of the range
        let most = (most + 1e-3 * (1.0 - most)).min(1.0);
        let excess = |c: f64| {
            let y = (1.0 - c).max(0.0).sqrt();
            let slope = if y == 0.0 {
                0.0
            } else {
                site.pair_slope(y, offset) / y
            };
            (site.pair_product(offset, c) - c, slope - 1.0)
        };
        bracketed_newton(excess, (-most, most), m * other)
    }
}

/// 1 − q of two phases that follow one another, and the residual of the equations for both.
fn unfrozen(sites: &[Site; 2]) -> ([f64; 2], f64) {
    let [a, b] = sites;
    if a.is_certain() {
        // G = 1 − k whatever q
        return ([b.gain(), a.gain()], 0.0);
    }
    let maps = [Overlap::of(a), Overlap::of(b)];
    // with y = √(1 − q_a): once round, and its derivative
    let round = |y: f64| {
        let (there, slope) = maps[0].forgotten(y);
        let y_there = there.max(f64::MIN_POSITIVE).sqrt();
        let (back, slope_back) = maps[1].forgotten(y_there);
        (back, slope_back * slope / (2.0 * y_there), there)
    };
    let excess = |y: f64| {
        let (back, slope, _) = round(y);
        (y * y - back, 2.0 * y - slope)
    };
    let root = bracketed_newton(excess, (f64::MIN_POSITIVE, 1.0), 1.0);
    ([root.at * root.at, round(root.at).2], root.residual)
}

impl InfiniteNetwork {
    /// The state of period two that parallel updates reach where the stationary one is unstable, J₀βk < −1; `None` where that is stable. A second computation on
    /// another grid is its error estimate.
    ///
    /// A few milliseconds.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::order_parameters`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: -2.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let state = network.alternating(Branch::Up)?.expect("J₀βk = −1.65");
    /// let [even, odd] = state.phases;
    /// assert!((even.magnetization + odd.magnetization).abs() < 1e-14);
    /// // the network with the opposite J₀ is ordered, and as irreversible
    /// let ordered = InfiniteNetwork { mean_coupling: 2.0, ..network }.order_parameters(Branch::Up)?;
    /// assert!((even.magnetization - ordered.magnetization).abs() < 1e-14);
    /// assert!((state.entropy_production - ordered.entropy_production).abs() < 1e-14);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn alternating(&self, branch: Branch) -> Result<Option<AlternatingState>> {
        self.check()?;
        let Some(mut state) = AlternatingState::solved(self, branch, Grid::STANDARD)? else {
            return Ok(None);
        };
        // where both phases are about to merge, one grid may see them and the other not
        state.numerical_error = match AlternatingState::solved(self, branch, Grid::CHECK)? {
            Some(other) => state.difference(&other),
            None => f64::INFINITY,
        };
        Ok(Some(state))
    }
}
