//! Dissipation of a linear diffusion in a normal state.

use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::Matrix;
use irrev_numerics::sum::inner_product;

use super::gaussians::{precision, trace_of_product};
use super::{LinearDiffusion, split};
use crate::error::Result;

/// The local mean velocity v(x) = V (x − m) + v(m) of a normal distribution.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LocalMeanVelocity {
    /// V = −A + D Σ⁻¹, in 1/time.
    pub matrix: Matrix,
    /// m.
    pub mean: Vec<f64>,
    /// v(m) = −A m = ṁ.
    pub at_mean: Vec<f64>,
}

impl LocalMeanVelocity {
    /// v(x).
    ///
    /// # Panics
    /// If x has not as many entries as there are coordinates.
    #[must_use]
    pub fn at(&self, x: &[f64]) -> Vec<f64> {
        let from_mean: Vec<f64> = x.iter().zip(&self.mean).map(|(x, m)| x - m).collect();
        let turned = self.matrix.apply_to(&from_mean);
        turned.iter().zip(&self.at_mean).map(|(v, c)| v + c).collect()
    }
}

/// Rates of entropy production in nats per unit time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct EntropyProduction {
    /// Σ̇ = ⟨v·D⁻¹v⟩ ≥ 0.
    pub rate: f64,
    /// ⟨v*·D⁻¹v*⟩ of the gradient v* = D∇φ that moves the distribution as v does: the square of its speed in the metric of W₂. Zero in a stationary state.
    pub excess: f64,
    /// ⟨(v − v*)·D⁻¹(v − v*)⟩, the rest. Zero if A = D K with a symmetric K.
    pub housekeeping: f64,
    /// Ṡ of the system, d/dt ½ ln det Σ.
    pub system: f64,
    /// Entropy that flows into the surroundings, ⟨−A x · D⁻¹ v⟩ (Stratonovich): rate = system + surroundings.
    pub surroundings: f64,
}

impl LinearDiffusion {
    /// How probability flows in a normal state.
    ///
    /// ```
    /// use irrev_landscape::linear::LinearDiffusion;
    /// use irrev_numerics::linalg::Matrix;
    /// let turning = LinearDiffusion::new(Matrix::from_columns(2, vec![1.5, -0.8, 0.8, 1.5]), Matrix::identity(2).scaled(0.6))?;
    /// let v = turning.local_mean_velocity(&turning.stationary()?)?.at(&[1.0, 0.5]);
    /// assert!((v[0] + 0.4).abs() < 1e-14 && (v[1] - 0.8).abs() < 1e-14);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`](crate::Error::Size) if the dimensions differ, [`Error::Domain`](crate::Error::Domain) for a singular covariance.
    pub fn local_mean_velocity(&self, state: &Gaussian) -> Result<LocalMeanVelocity> {
        self.require_dimension(state)?;
        let spreading = self.diffusion.times(&precision(state)?);
        Ok(LocalMeanVelocity {
            matrix: Matrix::from_fn(self.dimension(), self.dimension(), |i, j| {
                spreading[(i, j)] - self.drift[(i, j)]
            }),
            at_mean: self.drift.apply_to(state.mean()).iter().map(|x| -x).collect(),
            mean: state.mean().to_vec(),
        })
    }

    /// Entropy production rate and its parts in a normal state.
    ///
    /// The constant part of v, that of a moving mean, is a gradient and belongs to the excess.
    ///
    /// # Errors
    /// As [`LinearDiffusion::local_mean_velocity`]; failure of the projection.
    pub fn entropy_production(&self, state: &Gaussian) -> Result<EntropyProduction> {
        let v = self.local_mean_velocity(state)?;
        let parts = split(&v.matrix, state.covariance(), &self.diffusion)?;
        let of_mean = inner_product(&v.at_mean, &self.inverse_diffusion.apply_to(&v.at_mean));
        let excess = of_mean + self.dissipation(&parts.gradient, state);
        let housekeeping = self.dissipation(&parts.flux, state);
        let system: f64 = (0..self.dimension()).map(|i| v.matrix[(i, i)]).sum();
        let rate = excess + housekeeping;
        Ok(EntropyProduction {
            rate,
            excess,
            housekeeping,
            system,
            surroundings: rate - system,
        })
    }

    /// ⟨u·D⁻¹u⟩ of u = U (x − m): tr D⁻¹ U Σ Uᵀ.
    fn dissipation(&self, u: &Matrix, state: &Gaussian) -> f64 {
        let spread = u.times(state.covariance()).times(&u.transposed());
        trace_of_product(&self.inverse_diffusion, &spread)
    }
}
