//! Coupled oscillators, each with a bath of its own.
//!
//! m_i q̈_i = −(K q)_i − m_i γ_i q̇_i + √(2 m_i γ_i T_i) ξ_i. Velocities are odd under time reversal, so that only the current due to friction and noise dissipates. A bath gives the heat
//!
//! ```text
//! Q_i = γ_i (T_i − m_i ⟨q̇_i²⟩),   Σ̇ = dS/dt − Σ_i Q_i/T_i = Σ_i ⟨(γ_i v_i + (γ_i T_i/m_i) ∂_{v_i} ln p)²⟩ m_i/(γ_i T_i) ≥ 0.
//! ```
//!
//! Conventions: state (q₁ … q_n, q̇₁ … q̇_n); γ in 1/time; heat is positive into the system; k_B = 1. Sources: U. Seifert, Rep. Prog. Phys. 75, 126001 (2012); R. E. Spinney
//! and I. J. Ford, Phys. Rev. E 85, 051113 (2012).

use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::{Matrix, accumulated_noise};
use irrev_numerics::sum::compensated_sum;

use super::gaussians::{mapped, precision};
use super::stationary_covariance;
use crate::error::{Error, Result};

/// An oscillator's mass and its bath.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bath {
    /// m.
    pub mass: f64,
    /// γ ≥ 0, in 1/time; 0 for an oscillator without a bath.
    pub friction: f64,
    /// T of the bath, in the unit of energy.
    pub temperature: f64,
}

/// Oscillators with potential q·K q/2 and baths.
#[derive(Debug, Clone, PartialEq)]
pub struct Oscillators {
    stiffness: Matrix,
    baths: Vec<Bath>,
}

/// What baths give and what is lost, per unit time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HeatFlows {
    /// Q_i, positive into the system, in energy per time.
    pub heat: Vec<f64>,
    /// Σ̇ = ⟨v_irr·D⁻¹v_irr⟩, in nats per time.
    pub entropy_production_rate: f64,
    /// dS/dt, in nats per time.
    pub system: f64,
}

impl Oscillators {
    /// Stiffness K (n × n, symmetric) and one bath for each oscillator.
    ///
    /// ```
    /// use irrev_landscape::linear::underdamped::{Bath, Oscillators};
    /// use irrev_numerics::linalg::Matrix;
    /// let bath = |friction, temperature| Bath { mass: 1.0, friction, temperature };
    /// let pair = Oscillators::new(Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 2.0]), vec![bath(0.5, 2.0), bath(1.2, 1.0)])?;
    /// let flows = pair.heat_flows(&pair.stationary()?)?;
    /// assert!((flows.heat[0] - 0.16042780748663).abs() < 1e-13 && (flows.heat[0] + flows.heat[1]).abs() < 1e-14);
    /// assert!((flows.entropy_production_rate - flows.heat[0] * (1.0 - 0.5)).abs() < 1e-14);                 // Q (1/T₂ − 1/T₁)
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::Domain`] for a K that is not finite or not symmetric, a mass or temperature that is not positive, or a negative friction.
    pub fn new(stiffness: Matrix, baths: Vec<Bath>) -> Result<Self> {
        let n = baths.len();
        Error::require_size("the rows of a stiffness matrix", stiffness.rows(), n)?;
        Error::require_size("the columns of a stiffness matrix", stiffness.columns(), n)?;
        for &k in stiffness.data() {
            Error::require(
                "an entry of the stiffness matrix",
                k,
                k.is_finite(),
                "a finite number",
            )?;
        }
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let asymmetry = (stiffness[(i, j)] - stiffness[(j, i)]).abs();
            let rounding = 64.0 * f64::EPSILON * stiffness.norm_one();
            Error::require(
                "the asymmetry of a stiffness matrix",
                asymmetry,
                asymmetry <= rounding,
                "zero",
            )?;
        }
        let positive = |x: f64| x > 0.0 && x.is_finite();
        for bath in &baths {
            Error::require("a mass", bath.mass, positive(bath.mass), "a positive number")?;
            Error::require(
                "the temperature of a bath",
                bath.temperature,
                positive(bath.temperature),
                "a positive number",
            )?;
            let friction = bath.friction;
            Error::require(
                "the friction of a bath",
                friction,
                friction >= 0.0 && friction.is_finite(),
                "zero or a positive number",
            )?;
        }
        Ok(Self {
            stiffness: stiffness.symmetrised(),
            baths,
        })
    }

    /// A of d(q, v) = −A (q, v) dt + noise.
    fn drift(&self) -> Matrix {
        let n = self.baths.len();
        Matrix::from_fn(2 * n, 2 * n, |i, j| match (i < n, j < n) {
            (true, _) => {
                if j == i + n {
                    -1.0
                } else {
                    0.0
                }
            }
            (false, true) => self.stiffness[(i - n, j)] / self.baths[i - n].mass,
            (false, false) => {
                if i == j {
                    self.baths[i - n].friction
                } else {
                    0.0
                }
            }
        })
    }

    /// D of ⟨noise noiseᵀ⟩ = 2D, γ_i T_i/m_i on the velocities.
    fn diffusion(&self) -> Matrix {
        let n = self.baths.len();
        Matrix::from_fn(2 * n, 2 * n, |i, j| {
            if i == j && i >= n {
                let bath = self.baths[i - n];
                bath.friction * bath.temperature / bath.mass
            } else {
                0.0
            }
        })
    }

    /// The stationary normal distribution of (q, q̇).
    ///
    /// # Errors
    /// [`Error::Unstable`] if there is none: K is not positive definite, or a motion meets no friction.
    pub fn stationary(&self) -> Result<Gaussian> {
        let covariance = stationary_covariance(&self.drift(), &self.diffusion())?;
        Ok(Gaussian::new(vec![0.0; covariance.rows()], covariance)?)
    }

    /// The distribution of (q, q̇) a time t ≥ 0 after `start`.
    ///
    /// # Errors
    /// [`Error::Size`] unless `start` has 2n coordinates, [`Error::Domain`] for a time that is negative or not finite.
    pub fn at(&self, start: &Gaussian, t: f64) -> Result<Gaussian> {
        self.require_dimension(start)?;
        Error::require(
            "the time after the start",
            t,
            t >= 0.0 && t.is_finite(),
            "zero or a positive number",
        )?;
        let (noise, propagator) = accumulated_noise(&self.drift(), &self.diffusion().scaled(2.0), t);
        let carried = mapped(start, &propagator)?;
        let n = noise.rows();
        let covariance = Matrix::from_fn(n, n, |i, j| carried.covariance()[(i, j)] + noise[(i, j)]);
        Ok(Gaussian::new(carried.mean().to_vec(), covariance)?)
    }

    /// Heat flows and entropy production in a normal state of (q, q̇).
    ///
    /// # Errors
    /// [`Error::Size`] unless the state has 2n coordinates, [`Error::Domain`] for a singular covariance.
    pub fn heat_flows(&self, state: &Gaussian) -> Result<HeatFlows> {
        self.require_dimension(state)?;
        let n = self.baths.len();
        let precision = precision(state)?;
        let of_bath = |i: usize| -> (f64, f64, f64) {
            let Bath {
                mass,
                friction,
                temperature,
            } = self.baths[i];
            let v = i + n;
            let mean = state.mean()[v];
            let square = state.covariance()[(v, v)] + mean * mean;
            // ⟨(v + (T/m) ∂_v ln p)²⟩ with ⟨v ∂_v ln p⟩ = −1 and ⟨(∂_v ln p)²⟩ = (Σ⁻¹)_vv
            let thermal = temperature / mass;
            let irreversible = square - 2.0 * thermal + thermal * thermal * precision[(v, v)];
            (
                friction * (temperature - mass * square),
                friction * irreversible / thermal,
                friction * (thermal * precision[(v, v)] - 1.0),
            )
        };
        let flows: Vec<(f64, f64, f64)> = (0..n).map(of_bath).collect();
        Ok(HeatFlows {
            heat: flows.iter().map(|flow| flow.0).collect(),
            entropy_production_rate: compensated_sum(flows.iter().map(|flow| flow.1)),
            system: compensated_sum(flows.iter().map(|flow| flow.2)),
        })
    }

    fn require_dimension(&self, state: &Gaussian) -> Result<()> {
        Error::require_size(
            "a normal distribution of positions and velocities",
            state.mean().len(),
            2 * self.baths.len(),
        )
    }
}
