//! Linear Langevin equations in their stationary state, and as a process in discrete time.
//!
//! dx = −A x dt + √(2D) dW has the covariance S, A S + S Aᵀ = 2D, and flows with the local mean velocity D F x, where F = S⁻¹ − D⁻¹A. It dissipates
//! Σ̇ = ⟨(Fx)·D(Fx)⟩ = tr FᵀDFS, and the current (Fx)·dx has the mean Σ̇ itself. (States that are not stationary, and the parts of their dissipation, belong to the
//! linear diffusions of the crate irrev-landscape.)
//!
//! Sources: Li, Horowitz, Gingrich and Fakhri, Nat. Commun. 10, 1666 (2019); Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020).

use irrev_numerics::linalg::{LinearSolver, Matrix, accumulated_noise, lyapunov};
use irrev_numerics::sum::inner_product;

use super::divergence::log_determinant;
use super::riccati::difference;
use super::vector_autoregression::VectorAutoregression;
use crate::error::{Error, Result};

/// A linear Langevin equation in its stationary state.
///
/// ```
/// use irrev_network::information::gaussian::bead_chain;
/// let chain = bead_chain(2, (10.0, 1.0), 1.0, 1.0)?;
/// assert!((chain.entropy_production_rate() - 2.025).abs() < 1e-13);           // k(T_h − T_c)²/(4γ T_h T_c)
/// // what shows in pairs a time 0.01 apart
/// assert!((chain.sampled(0.01)?.irreversibility()? / 0.01 - 1.9846360485540337).abs() < 1e-10);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SampledDiffusion {
    pub(super) drift: Matrix,
    pub(super) diffusion: Matrix,
    pub(super) covariance: Matrix,
    pub(super) force: Matrix,
}

impl SampledDiffusion {
    /// A (in 1/time) and D (in x² over time), both n × n.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Domain`] unless all is finite and D symmetric to rounding and positive definite; failure of the Lyapunov equation if an eigenvalue of
    /// A has no positive real part.
    pub fn new(drift: Matrix, diffusion: Matrix) -> Result<Self> {
        let n = drift.rows();
        for (what, found) in [
            ("columns of the drift matrix", drift.columns()),
            ("rows of the diffusion matrix", diffusion.rows()),
            ("columns of the diffusion matrix", diffusion.columns()),
        ] {
            if found != n {
                return Err(Error::Length {
                    what,
                    found,
                    expected: n,
                });
            }
        }
        for &value in drift.data().iter().chain(diffusion.data()) {
            crate::require(
                "an entry of the drift or diffusion matrix",
                value,
                value.is_finite(),
                "a finite number",
            )?;
        }
        let rounding = 64.0 * f64::EPSILON * diffusion.norm_one();
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let asymmetry = (diffusion[(i, j)] - diffusion[(j, i)]).abs();
            crate::require(
                &format!("the asymmetry of the diffusion matrix at ({i}, {j})"),
                asymmetry,
                asymmetry <= rounding,
                "zero",
            )?;
        }
        let diffusion = diffusion.symmetrised();
        log_determinant("the least eigenvalue of the diffusion matrix", &diffusion)?;
        let covariance = lyapunov(&drift, &diffusion.clone().scaled(2.0))?.x;
        let precision = LinearSolver::new(covariance.clone())?
            .solve_matrix(&Matrix::identity(n))?
            .symmetrised();
        let pull = LinearSolver::new(diffusion.clone())?.solve_matrix(&drift)?;
        Ok(Self {
            force: difference(&precision, &pull),
            drift,
            diffusion,
            covariance,
        })
    }

    /// Number of coordinates.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.drift.rows()
    }

    /// A.
    #[must_use]
    pub fn drift(&self) -> &Matrix {
        &self.drift
    }

    /// D.
    #[must_use]
    pub fn diffusion(&self) -> &Matrix {
        &self.diffusion
    }

    /// S.
    #[must_use]
    pub fn covariance(&self) -> &Matrix {
        &self.covariance
    }

    /// F: the current (F x)·dx is the one whose uncertainty shows all of the dissipation in the shortest time.
    #[must_use]
    pub fn optimal_force(&self) -> &Matrix {
        &self.force
    }

    /// Σ̇ = tr FᵀDFS, in nats per time.
    #[must_use]
    pub fn entropy_production_rate(&self) -> f64 {
        self.spread_rate(&self.force)
    }

    /// ⟨(Kx)·D(Kx)⟩ = tr KᵀDKS: half the rate at which the variance of the current (Kx)·dx grows.
    fn spread_rate(&self, coefficients: &Matrix) -> f64 {
        let pushed = self.diffusion.times(coefficients).times(&self.covariance);
        inner_product(pushed.data(), coefficients.data())
    }

    /// What the uncertainty of the current (Kx)·dx (Stratonovich) shows of Σ̇ in the limit of short times, ⟨(Kx)·DFx⟩²/⟨(Kx)·D(Kx)⟩ ≤ Σ̇, in nats per time.
    ///
    /// ```
    /// use irrev_network::information::gaussian::bead_chain;
    /// use irrev_numerics::linalg::Matrix;
    /// let chain = bead_chain(2, (10.0, 1.0), 1.0, 1.0)?;
    /// let rotation = Matrix::from_columns(2, vec![0.0, 1.0, -1.0, 0.0]);         // x₀ dx₁ − x₁ dx₀
    /// assert!((chain.short_time_bound(&rotation)? - 1.008298755186722).abs() < 1e-13);
    /// assert!((chain.short_time_bound(chain.optimal_force())? - 2.025).abs() < 1e-12);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Domain`] for a coefficient that is not finite.
    pub fn short_time_bound(&self, coefficients: &Matrix) -> Result<f64> {
        self.check_current(coefficients)?;
        let flow = self.diffusion.times(&self.force).times(&self.covariance);
        let mean = inner_product(flow.data(), coefficients.data());
        let spread = self.spread_rate(coefficients);
        Ok(if spread > 0.0 { mean * (mean / spread) } else { 0.0 })
    }

    /// The process looked at every dt: z' = e^{−A dt} z + e.
    ///
    /// # Errors
    /// [`Error::Domain`] unless dt > 0 is finite.
    pub fn sampled(&self, dt: f64) -> Result<VectorAutoregression> {
        crate::require("dt", dt, dt > 0.0 && dt.is_finite(), "a finite time above 0")?;
        let (noise, transition) = accumulated_noise(&self.drift, &self.diffusion.clone().scaled(2.0), dt);
        Ok(VectorAutoregression {
            transition,
            noise: noise.symmetrised(),
            covariance: self.covariance.clone(),
        })
    }

    pub(super) fn check_current(&self, coefficients: &Matrix) -> Result<()> {
        let n = self.dimension();
        for (what, found) in [
            ("rows of the coefficients", coefficients.rows()),
            ("columns of the coefficients", coefficients.columns()),
        ] {
            if found != n {
                return Err(Error::Length {
                    what,
                    found,
                    expected: n,
                });
            }
        }
        for &value in coefficients.data() {
            crate::require(
                "a coefficient of a current",
                value,
                value.is_finite(),
                "a finite number",
            )?;
        }
        Ok(())
    }
}

/// A chain of n beads joined by springs, its ends tied to walls, at temperatures that fall linearly from bead 0 to bead n − 1: A = (k/γ) tridiag(−1, 2, −1), D = T/γ.
///
/// # Errors
/// [`Error::NoStates`] for n = 0; [`Error::Domain`] for a stiffness, friction or temperature that is not positive.
pub fn bead_chain(
    beads: usize,
    (hot, cold): (f64, f64),
    stiffness: f64,
    friction: f64,
) -> Result<SampledDiffusion> {
    if beads == 0 {
        return Err(Error::NoStates);
    }
    for (what, value) in [
        ("the temperature of the first bead", hot),
        ("the temperature of the last bead", cold),
        ("the stiffness", stiffness),
        ("the friction", friction),
    ] {
        let fits = value > 0.0 && value.is_finite();
        crate::require(what, value, fits, "a finite number above 0")?;
    }
    let rate = stiffness / friction;
    let drift = Matrix::from_fn(beads, beads, |i, j| match i.abs_diff(j) {
        0 => 2.0 * rate,
        1 => -rate,
        _ => 0.0,
    });
    let temperature = |i: usize| {
        let along = i as f64 / (beads.max(2) - 1) as f64;
        hot + (cold - hot) * along
    };
    let diffusion = Matrix::from_fn(
        beads,
        beads,
        |i, j| if i == j { temperature(i) / friction } else { 0.0 },
    );
    SampledDiffusion::new(drift, diffusion)
}
