//! Linear diffusions, whose thermodynamics is known in closed form.
//!
//! dx = −A x dt + √(2D) dW carries a normal distribution N(m, Σ) to a normal distribution,
//!
//! ```text
//! ṁ = −A m,   Σ̇ = −A Σ − Σ Aᵀ + 2D,
//! ```
//!
//! and probability flows with the local mean velocity v(x) = −A x + D Σ⁻¹ (x − m). The entropy production rate ⟨v·D⁻¹v⟩ is the sum of the excess, that of the gradient D∇φ
//! which moves the distribution in the same way, and of the housekeeping rate, that of the rest, which moves nothing.
//!
//! | question | item |
//! |---|---|
//! | stationary state, relaxation | [`LinearDiffusion`] |
//! | dissipation and its two parts, entropy balance | [`EntropyProduction`] |
//! | gradient and flux part of a linear field | [`LinearSplit`] |
//! | second law of a part, information flow | [`subsystem`] |
//! | relative entropy, its decay and its bounds | [`convexity`] |
//! | oscillators with a bath each | [`underdamped`] |
//!
//! Conventions: k_B = 1; the noise has ⟨ξ ξᵀ⟩ = 2D δ, so that D = μ T; nats per unit time.
//!
//! Sources: H. Risken, The Fokker–Planck Equation (1989), chapter 6; M. Nakazato and S. Ito, Phys. Rev. Res. 3, 043093 (2021), for the excess.

pub mod convexity;
mod entropy_production;
mod gaussians;
mod split;
pub mod subsystem;
pub mod underdamped;

use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
use irrev_numerics::linalg::{Matrix, accumulated_noise, eigenvalues, lyapunov, symmetric_eigen};

pub use self::entropy_production::{EntropyProduction, LocalMeanVelocity};
use self::gaussians::{log_determinant, mapped, trace_of_product};
pub use self::split::{LinearSplit, split};
use crate::error::{Error, Result};

/// dx = −A x dt + √(2D) dW with a positive definite D.
///
/// ```
/// use irrev_landscape::linear::LinearDiffusion;
/// use irrev_numerics::linalg::Matrix;
/// // a trap of stiffness 1.5 that also turns, at temperature 0.6
/// let a = Matrix::from_columns(2, vec![1.5, -0.8, 0.8, 1.5]);
/// let turning = LinearDiffusion::new(a, Matrix::identity(2).scaled(0.6))?;
/// let stationary = turning.stationary()?;
/// assert!((stationary.covariance()[(0, 0)] - 0.4).abs() < 1e-14);                  // T/k
/// let dissipation = turning.entropy_production(&stationary)?;
/// assert!((dissipation.rate - 2.0 * 0.64 / 1.5).abs() < 1e-13);                    // 2 ω²/k
/// assert!(dissipation.excess.abs() < 1e-13);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearDiffusion {
    drift: Matrix,
    diffusion: Matrix,
    /// D⁻¹.
    inverse_diffusion: Matrix,
    /// D^{−½}.
    inverse_root: Matrix,
}

impl LinearDiffusion {
    /// A (in 1/time) and D (in the units of x² over time), both n × n.
    ///
    /// # Errors
    /// [`Error::Size`] for shapes that do not fit; [`Error::Domain`] unless all entries are finite and D is symmetric to rounding and positive definite.
    pub fn new(drift: Matrix, diffusion: Matrix) -> Result<Self> {
        let n = drift.rows();
        Error::require_size("the columns of a drift matrix", drift.columns(), n)?;
        Error::require_size("the rows of a diffusion matrix", diffusion.rows(), n)?;
        Error::require_size("the columns of a diffusion matrix", diffusion.columns(), n)?;
        for (what, matrix) in [
            ("an entry of the drift matrix", &drift),
            ("an entry of the diffusion matrix", &diffusion),
        ] {
            for &entry in matrix.data() {
                Error::require(what, entry, entry.is_finite(), "a finite number")?;
            }
        }
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let asymmetry = (diffusion[(i, j)] - diffusion[(j, i)]).abs();
            let rounding = 64.0 * f64::EPSILON * diffusion.norm_one();
            Error::require(
                "the asymmetry of a diffusion matrix",
                asymmetry,
                asymmetry <= rounding,
                "zero",
            )?;
        }
        let diffusion = diffusion.symmetrised();
        let spectrum = symmetric_eigen(&diffusion)?;
        let least = spectrum.values.first().copied().unwrap_or(1.0);
        let floor = n as f64 * f64::EPSILON * spectrum.values.last().copied().unwrap_or(0.0);
        Error::require(
            "the least eigenvalue of a diffusion matrix",
            least,
            least > floor,
            "a positive number: without noise in some direction the dissipation has no finite value (see `linear::underdamped` for velocities)",
        )?;
        let of_eigenvalues = |f: &dyn Fn(f64) -> f64| {
            let scaled = Matrix::from_fn(n, n, |i, k| spectrum.vectors[(i, k)] * f(spectrum.values[k]));
            scaled.times(&spectrum.vectors.transposed()).symmetrised()
        };
        Ok(Self {
            inverse_diffusion: of_eigenvalues(&f64::recip),
            inverse_root: of_eigenvalues(&|d| d.sqrt().recip()),
            drift,
            diffusion,
        })
    }

    /// Number of coordinates n.
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

    /// The stationary state N(0, Σ), A Σ + Σ Aᵀ = 2D.
    ///
    /// # Errors
    /// [`Error::Unstable`] if an eigenvalue of A has no positive real part; failure of the solve.
    pub fn stationary(&self) -> Result<Gaussian> {
        Ok(Gaussian::new(
            vec![0.0; self.dimension()],
            stationary_covariance(&self.drift, &self.diffusion)?,
        )?)
    }

    /// The distribution a time t ≥ 0 after `start`: m = e^{−At} m₀, Σ = e^{−At} Σ₀ e^{−Aᵀt} + 2 ∫₀^t e^{−As} D e^{−Aᵀs} ds, stable or not.
    ///
    /// ```
    /// use irrev_landscape::linear::LinearDiffusion;
    /// use irrev_network::transport::gaussian::Gaussian;
    /// use irrev_numerics::linalg::Matrix;
    /// let free = LinearDiffusion::new(Matrix::zeros(1, 1), Matrix::identity(1))?;
    /// let start = Gaussian::new(vec![3.0], Matrix::identity(1))?;
    /// assert_eq!(free.at(&start, 2.0)?.covariance()[(0, 0)], 5.0);                 // 1 + 2 D t
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`] if the dimensions differ, [`Error::Domain`] for a time that is negative or not finite.
    pub fn at(&self, start: &Gaussian, t: f64) -> Result<Gaussian> {
        self.require_dimension(start)?;
        Error::require(
            "the time after the start",
            t,
            t >= 0.0 && t.is_finite(),
            "zero or a positive number",
        )?;
        let (noise, propagator) = accumulated_noise(&self.drift, &self.diffusion.clone().scaled(2.0), t);
        let carried = mapped(start, &propagator)?;
        let n = self.dimension();
        let covariance = Matrix::from_fn(n, n, |i, j| carried.covariance()[(i, j)] + noise[(i, j)]);
        Ok(Gaussian::new(carried.mean().to_vec(), covariance)?)
    }

    /// Entropy production between `start` and a time t later, ∫₀^t Σ̇ ds, in nats: the entropy gained by the system and by the surroundings,
    ///
    /// ½ ln det Σ(t)/det Σ(0) − t tr A + tr D⁻¹ A ∫₀^t ⟨x xᵀ⟩ ds Aᵀ,
    ///
    /// with the integral of ⟨x xᵀ⟩ from its own equation of motion.
    ///
    /// # Errors
    /// As [`LinearDiffusion::at`]; [`Error::Domain`] for a singular covariance, from which the entropy production diverges.
    pub fn produced(&self, start: &Gaussian, t: f64) -> Result<f64> {
        let end = self.at(start, t)?;
        let system = 0.5 * (log_determinant(&end)? - log_determinant(start)?);
        Ok(system + self.into_surroundings(start, t))
    }

    /// W₂² in the metric D⁻¹ over t: no motion between the two distributions in that time dissipates less.
    ///
    /// For an isotropic D this is W₂²/(D t).
    ///
    /// Source: M. Nakazato and S. Ito, Phys. Rev. Res. 3, 043093 (2021).
    ///
    /// # Errors
    /// [`Error::Size`] if the dimensions differ; [`Error::Domain`] for a time that is not positive; failure of the distance.
    pub fn transport_bound(&self, from: &Gaussian, to: &Gaussian, t: f64) -> Result<f64> {
        self.require_dimension(from)?;
        self.require_dimension(to)?;
        Error::require("a duration", t, t > 0.0 && t.is_finite(), "a positive number")?;
        let distance = wasserstein2(
            &mapped(from, &self.inverse_root)?,
            &mapped(to, &self.inverse_root)?,
        )?
        .distance();
        Ok(distance * distance / t)
    }

    fn require_dimension(&self, state: &Gaussian) -> Result<()> {
        Error::require_size("a normal distribution", state.mean().len(), self.dimension())
    }

    /// −t tr A + tr D⁻¹ A ∫⟨x xᵀ⟩ Aᵀ, where ∫₀^t ⟨x xᵀ⟩ ds = ∫₀^t E M₀ Eᵀ ds + ∫₀^t (t − s) E 2D Eᵀ ds with E = e^{−As}.
    fn into_surroundings(&self, start: &Gaussian, t: f64) -> f64 {
        let n = self.dimension();
        if t == 0.0 {
            return 0.0;
        }
        let second_moment = Matrix::from_fn(n, n, |i, j| {
            start.covariance()[(i, j)] + start.mean()[i] * start.mean()[j]
        });
        let (carried, _) = accumulated_noise(&self.drift, &second_moment, t);
        // [[A, −1/t], [0, A]] has the exponential [[E, (s/t) E], [0, E]], so that noise in the lower half leaves ∫ (s/t) E 2D Eᵀ beside ∫ E 2D Eᵀ
        let drift = Matrix::from_fn(2 * n, 2 * n, |i, j| match (i < n, j < n) {
            (true, true) => self.drift[(i, j)],
            (false, false) => self.drift[(i - n, j - n)],
            (true, false) if i == j - n => -t.recip(),
            _ => 0.0,
        });
        let noise = Matrix::from_fn(2 * n, 2 * n, |i, j| {
            if i < n || j < n {
                0.0
            } else {
                2.0 * self.diffusion[(i - n, j - n)]
            }
        });
        let (both, _) = accumulated_noise(&drift, &noise, t);
        let whole = Matrix::from_fn(n, n, |i, j| {
            carried[(i, j)] + t * (both[(i + n, j + n)] - both[(i, j + n)])
        });
        let heat = self.drift.times(&whole).times(&self.drift.transposed());
        let trace: f64 = (0..n).map(|i| self.drift[(i, i)]).sum();
        trace_of_product(&self.inverse_diffusion, &heat) - t * trace
    }
}

/// Σ with A Σ + Σ Aᵀ = 2D, for a D that may be singular.
fn stationary_covariance(drift: &Matrix, diffusion: &Matrix) -> Result<Matrix> {
    let real_part = eigenvalues(drift)?
        .values
        .iter()
        .map(|value| value.re)
        .fold(f64::INFINITY, f64::min);
    // a real part that rounding could have made
    let rounding = f64::EPSILON * drift.rows() as f64 * drift.norm_one();
    if drift.rows() > 0 && real_part <= rounding {
        return Err(Error::Unstable { real_part });
    }
    Ok(lyapunov(drift, &diffusion.clone().scaled(2.0))?.x)
}
