//! Updates one at a time: how spins forget, how often they flip, and what that dissipates.
//!
//! The stationary m, q, k are those of parallel updates, but a spin remembers its state until it is refreshed. Its autocorrelation
//! C(τ) = E s_i(t + τ) s_i(t) obeys C″ = C − G(C) with C(0) = 1 and C(∞) = q: a fall in a potential, with the first integral
//! C′² = v(C)² = 2∫_q^C (x − G(x)) dx. The entropy production rate per spin is σ̇ = ς² k [1 − ∫₀^∞ e^{−τ} C dτ], since what a coupling does to a
//! spin was done when that spin was last refreshed, an exponential time ago.
//!
//! With C = q + (1 − q)(1 − η²) the fall is v² = (C − q)² R(η) with a smooth R between 1 and λ² = 1 − G′(q), so that
//! τ(η) = −λ⁻¹ ln(1 − η²) + ∫₀^η (R^{−1/2} − λ⁻¹) 2η/(1 − η²) dη is known by one integral of a polynomial.
//!
//! Source: derived from the two-time cavity equations of A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988); a time-stepped solution of the
//! same quantity is in M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

use std::sync::LazyLock;

use irrev_numerics::quadrature::gauss_legendre;
use serde::Serialize;

use super::InfiniteNetwork;
use super::chebyshev::{Polynomial, Stretch};
use super::gaussian::Grid;
use super::order_parameters::{Branch, OrderParameters, Solution, difference};
use super::overlap::Overlap;
use super::roots::bracketed_newton;
use crate::error::Result;

static RULE: LazyLock<(Vec<f64>, Vec<f64>)> = LazyLock::new(|| gauss_legendre(100));

/// A stationary state of updates one at a time, each spin refreshed at rate 1; per spin and unit of time, in nats.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SequentialState {
    /// m, q, k and the entropies of the state; its entropy production is that of parallel updates.
    pub order: OrderParameters,
    /// σ̇ = (βΔJ)² k [1 − ∫e^{−τ}C dτ]; infinite at β = ∞ unless all spins are frozen.
    pub entropy_production_rate: f64,
    /// 1 − ∫₀^∞ e^{−τ} C(τ) dτ.
    pub forgotten: f64,
    /// Flips per unit of time, −C′(0)/2.
    pub flip_rate: f64,
    /// S_c: entropy of the outcome of a refreshment, per unit of time. The entropy of paths in continuous time diverges with the resolution of time.
    pub entropy_per_attempt: f64,
    /// C(τ).
    pub autocorrelation: Autocorrelation,
    /// Largest change of m, q, k, S_c, forgotten part, flip rate or (relative to 1 + σ̇) entropy production rate on a second grid; NaN if not asked for.
    pub numerical_error: f64,
}

/// C(τ) = E s_i(t + τ) s_i(t), from 1 at τ = 0 to q.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Autocorrelation {
    unfrozen: f64,
    /// λ, with which C − q dies out.
    decay_rate: f64,
    /// R^{−1/2} as a function of the stretched η.
    #[serde(skip)]
    slowness: Polynomial,
    /// τ(η) + ln(1 − η²)/λ.
    #[serde(skip)]
    delay: Polynomial,
    #[serde(skip)]
    stretch: Stretch,
}

impl Autocorrelation {
    pub(crate) fn of(overlap: &Overlap) -> Self {
        let y = overlap.root_of_unfrozen;
        if y == 0.0 {
            // every spin is frozen
            return Self {
                unfrozen: 0.0,
                decay_rate: 1.0,
                slowness: Polynomial::constant(1.0),
                delay: Polynomial::constant(0.0),
                stretch: Stretch::for_sharpness(0.0),
            };
        }
        let stretch = Stretch::for_sharpness(overlap.sharpness * y);
        let (eta, secant) = (|zeta| stretch.at(zeta), |zeta| stretch.secant(zeta));
        // 1 − [G(C) − G(q)]/(C − q) = 1 − 2∫_η^1 F(Yη) dη/(Y (1 − η²))
        let slope = Polynomial::fitted(|zeta| overlap.slope(y * eta(zeta)) * stretch.slope(zeta));
        let above = slope.integral().divided_at_one();
        let pull = |zeta: f64| 1.0 + 2.0 * above.at(zeta) / (secant(zeta) * y * (1.0 + eta(zeta)));
        // R = 4∫_η^1 (1 − η²) η pull dη/(1 − η²)², two zeros over two zeros (integrals from 0 leave a minus)
        let force = Polynomial::fitted(|zeta| {
            (1.0 - zeta) * secant(zeta) * (1.0 + eta(zeta)) * eta(zeta) * pull(zeta) * stretch.slope(zeta)
        });
        let fallen = force.integral().divided_at_one().divided_at_one();
        let slowness =
            Polynomial::fitted(|zeta| (1.0 + eta(zeta)) * secant(zeta) / (-4.0 * fallen.at(zeta)).sqrt());
        // (R^{−1/2} − λ⁻¹) 2η/(1 − η²)
        let change = slowness.divided_at_one();
        let delay = Polynomial::fitted(|zeta| {
            change.at(zeta) / secant(zeta) * 2.0 * eta(zeta) / (1.0 + eta(zeta)) * stretch.slope(zeta)
        });
        Self {
            unfrozen: overlap.unfrozen(),
            decay_rate: 1.0 / slowness.at(1.0),
            slowness,
            delay: delay.integral(),
            stretch,
        }
    }

    /// C(τ) for τ ≥ 0 (and for −τ, since it is even), to about 1e-13.
    ///
    /// ```
    /// # use irrev_ising::ensemble::FieldLaw;
    /// # use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// // without couplings a spin only remembers until it is refreshed
    /// let free = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 0.0, spread: 0.0, fields: FieldLaw::Constant(0.0) };
    /// let c = free.sequential(Branch::Up)?.autocorrelation;
    /// assert!((c.at(1.5) - f64::exp(-1.5)).abs() < 1e-14);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self, lag: f64) -> f64 {
        let lag = lag.abs();
        // u = −ln(1 − η²) grows from 0 to ∞ with slope 1/R^{−1/2} ≤ 1 in τ
        let zeta = |u: f64| self.stretch.inverse((-(-u).exp_m1()).max(0.0).sqrt());
        let late = 1.0 / self.decay_rate;
        let excess = |u: f64| {
            let zeta = zeta(u);
            (self.delay.at(zeta) + late * u - lag, self.slowness.at(zeta))
        };
        if lag == 0.0 {
            return 1.0;
        }
        let u = if lag == f64::INFINITY {
            f64::INFINITY
        } else {
            bracketed_newton(excess, (0.0, lag * (1.0 + 1e-12)), lag * self.decay_rate).at
        };
        // 1 − (1 − q)(1 − e^{−u}) keeps the digits near both ends
        1.0 + self.unfrozen * (-u).exp_m1()
    }

    /// λ = √(1 − G′(q)) ≤ 1: rate with which C − q dies out at late times.
    #[must_use]
    pub fn decay_rate(&self) -> f64 {
        self.decay_rate
    }

    /// −C′(0).
    fn initial_fall(&self) -> f64 {
        self.unfrozen / self.slowness.at(0.0)
    }

    /// 1 − ∫e^{−τ}C dτ = (1 − q) ∫₀¹ e^{−τ} dt over t = 1 − η².
    fn forgotten(&self) -> f64 {
        // (1 − η)^{1/λ} is smooth enough after 1 − ζ = ξ⁴
        let (nodes, weights) = &*RULE;
        let late = 1.0 / self.decay_rate;
        let terms = nodes.iter().zip(weights).map(|(xi, weight)| {
            let rest = xi.powi(4);
            let zeta = 1.0 - rest;
            let eta = self.stretch.at(zeta);
            let left = rest * self.stretch.secant(zeta) * (1.0 + eta);
            let kept = (late * left.ln() - self.delay.at(zeta)).exp();
            weight * kept * 2.0 * eta * self.stretch.slope(zeta) * 4.0 * xi.powi(3)
        });
        self.unfrozen * terms.sum::<f64>()
    }
}

impl SequentialState {
    pub(crate) fn on_branch(network: &InfiniteNetwork, branch: Branch, grid: Grid) -> Result<Self> {
        let Solution { order, overlap } = Solution::on_branch(network, branch, grid)?;
        let autocorrelation = Autocorrelation::of(&overlap);
        let forgotten = autocorrelation.forgotten();
        // σ̇ shares with σ all but the memory
        let entropy_production_rate = if order.unfrozen == 0.0 {
            0.0
        } else {
            order.entropy_production * (forgotten / order.unfrozen)
        };
        Ok(Self {
            entropy_production_rate,
            forgotten,
            flip_rate: 0.5 * autocorrelation.initial_fall(),
            entropy_per_attempt: order.conditional_entropy,
            order,
            autocorrelation,
            numerical_error: f64::NAN,
        })
    }
}

impl InfiniteNetwork {
    /// The stationary state of updates one at a time, with a second computation on another grid as error estimate.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::order_parameters`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let state = network.sequential(Branch::Up)?;
    /// assert!((state.entropy_production_rate - 0.0984564433).abs() < 1e-10);
    /// assert!((state.flip_rate - 0.4549406515).abs() < 1e-10 && state.numerical_error < 1e-13);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn sequential(&self, branch: Branch) -> Result<SequentialState> {
        self.check()?;
        let mut state = SequentialState::on_branch(self, branch, Grid::STANDARD)?;
        let check = SequentialState::on_branch(self, branch, Grid::CHECK)?;
        state.order.numerical_error = difference(&state.order, &check.order);
        let (rate, other) = (state.entropy_production_rate, check.entropy_production_rate);
        let sigma = if rate == other {
            0.0
        } else {
            (rate - other).abs() / (1.0 + rate)
        };
        state.numerical_error = state
            .order
            .numerical_error
            .max((state.forgotten - check.forgotten).abs())
            .max((state.flip_rate - check.flip_rate).abs())
            .max(sigma);
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::quench::pair_map;
    use super::*;
    use crate::ensemble::FieldLaw;

    #[test]
    fn the_autocorrelation_obeys_its_equation_of_motion() {
        // C″ = C − G(C) by central differences, error h²/12 C⁗ plus 4 × 1e-14/h²
        let network = InfiniteNetwork {
            inverse_temperature: 2.0,
            mean_coupling: 1.0,
            spread: 0.5,
            fields: FieldLaw::Constant(0.1),
        };
        let Solution { order, overlap } = Solution::on_branch(&network, Branch::Up, Grid::STANDARD).unwrap();
        let c = Autocorrelation::of(&overlap);
        let h = 1e-3;
        for lag in [0.05, 0.4, 1.0, 3.0] {
            let second = (c.at(lag + h) - 2.0 * c.at(lag) + c.at(lag - h)) / (h * h);
            let map = pair_map(&network, order.magnetization, order.magnetization, c.at(lag));
            assert!((second - (c.at(lag) - map)).abs() < 2e-7, "{lag}");
        }
        assert_eq!(c.at(0.0), 1.0);
        assert!((c.at(1e3) - order.overlap).abs() < 1e-15);
    }

    #[test]
    fn what_is_forgotten_is_the_laplace_transform_of_the_autocorrelation() {
        let network = InfiniteNetwork {
            inverse_temperature: 3.0,
            mean_coupling: 1.0,
            spread: 0.9,
            fields: FieldLaw::Uniform { low: -0.3, high: 0.5 },
        };
        let state = network.sequential(Branch::Up).unwrap();
        let (nodes, weights) = gauss_legendre(24);
        // e^{−40} is left out at the end
        let integral: f64 = (0..40)
            .flat_map(|panel| {
                nodes
                    .iter()
                    .zip(&weights)
                    .map(move |(t, w)| (f64::from(panel) + t, w))
            })
            .map(|(lag, w)| w * (-lag).exp() * (1.0 - state.autocorrelation.at(lag)))
            .sum();
        assert!(
            (integral - state.forgotten).abs() < 1e-13,
            "{integral} {}",
            state.forgotten
        );
    }
}
