//! Linear processes in discrete time, z' = A z + e with normal noise e of covariance Q.

use irrev_numerics::linalg::{LinearSolver, Matrix, eigenvalues};

use super::divergence::{block, conditional_divergence, log_determinant};
use super::riccati::{conjugated, difference, stationary_covariance, sum};
use crate::error::{Error, Result};

/// A stationary process z' = A z + e.
///
/// ```
/// use irrev_network::information::gaussian::VectorAutoregression;
/// use irrev_numerics::linalg::Matrix;
/// let a = Matrix::from_columns(2, vec![0.5, 0.0, 0.3, 0.7]);                 // y drives x
/// let pair = VectorAutoregression::new(a, Matrix::identity(2))?;
/// assert!((pair.transfer_entropy(&[1], &[0], 1, 1)? - 0.07276307813077229).abs() < 1e-14);
/// assert!(pair.transfer_entropy(&[0], &[1], 1, 1)?.abs() < 1e-14);
/// assert!((pair.transfer_entropy_of_all_history(&[1], &[0])? - 0.07256794210799014).abs() < 1e-14);
/// assert!((pair.irreversibility()? - 0.13846153846153886).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VectorAutoregression {
    pub(super) transition: Matrix,
    pub(super) noise: Matrix,
    pub(super) covariance: Matrix,
}

impl VectorAutoregression {
    /// The process with the matrices A and Q, n × n.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Domain`] unless all is finite, Q symmetric to rounding and positive definite, and every eigenvalue of A inside the unit circle.
    pub fn new(transition: Matrix, noise: Matrix) -> Result<Self> {
        let n = transition.rows();
        for (what, found) in [
            ("columns of A", transition.columns()),
            ("rows of Q", noise.rows()),
            ("columns of Q", noise.columns()),
        ] {
            if found != n {
                return Err(Error::Length {
                    what,
                    found,
                    expected: n,
                });
            }
        }
        for &value in transition.data().iter().chain(noise.data()) {
            crate::require("an entry of A or Q", value, value.is_finite(), "a finite number")?;
        }
        let rounding = 64.0 * f64::EPSILON * noise.norm_one();
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let asymmetry = (noise[(i, j)] - noise[(j, i)]).abs();
            crate::require(
                &format!("the asymmetry of Q at ({i}, {j})"),
                asymmetry,
                asymmetry <= rounding,
                "zero: covariances are symmetric",
            )?;
        }
        let noise = noise.symmetrised();
        log_determinant("the least variance of the noise Q", &noise)?;
        let radius = eigenvalues(&transition)?
            .values
            .iter()
            .fold(0.0_f64, |most, v| most.max(v.norm()));
        crate::require(
            "the largest eigenvalue of A, in modulus,",
            radius,
            radius < 1.0,
            "a number below 1, for a process that becomes stationary",
        )?;
        Ok(Self {
            covariance: stationary_covariance(&transition, &noise)?,
            transition,
            noise,
        })
    }

    /// Number of variables.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.transition.rows()
    }

    /// A.
    #[must_use]
    pub fn transition(&self) -> &Matrix {
        &self.transition
    }

    /// Q.
    #[must_use]
    pub fn noise(&self) -> &Matrix {
        &self.noise
    }

    /// S = ⟨z zᵀ⟩ = A S Aᵀ + Q.
    #[must_use]
    pub fn covariance(&self) -> &Matrix {
        &self.covariance
    }

    /// Mutual information of some variables with others at one time, −½ ln(1 − ρ²) for two, in nats.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Duplicate`] for indices that are not variables or named twice.
    pub fn instantaneous_information(&self, one: &[usize], other: &[usize]) -> Result<f64> {
        self.check_groups(&[one, other])?;
        let both: Vec<usize> = one.iter().chain(other).copied().collect();
        let half_log = |of: &[usize]| -> Result<f64> {
            Ok(0.5 * log_determinant("the least variance", &block(&self.covariance, of, of))?)
        };
        Ok(half_log(one)? + half_log(other)? - half_log(&both)?)
    }

    /// Mutual information ½ ln(det S/det Q) of one step and the next, in nats: with the Markov property, of all the past and all the future.
    ///
    /// # Errors
    /// Failure of the eigenvalues.
    pub fn past_future_information(&self) -> Result<f64> {
        let s = log_determinant("the least variance", &self.covariance)?;
        Ok(0.5 * (s - log_determinant("the least variance of the noise Q", &self.noise)?))
    }

    /// Kullback–Leibler divergence of (z_t, z_{t+1}) from the same reversed, in nats per step: the entropy production as far as pairs show it.
    ///
    /// Reversed, the process steps by S Aᵀ S⁻¹ with noise (S⁻¹ + Aᵀ Q⁻¹ A)⁻¹, in which nothing is subtracted.
    ///
    /// # Errors
    /// Failure of a solve.
    pub fn irreversibility(&self) -> Result<f64> {
        let one = Matrix::identity(self.dimension());
        let inverse = LinearSolver::new(self.covariance.clone())?
            .solve_matrix(&one)?
            .symmetrised();
        let of_noise = LinearSolver::new(self.noise.clone())?.solve_matrix(&self.transition)?;
        let precision = sum(&inverse, &self.transition.transposed().times(&of_noise)).symmetrised();
        let noise = LinearSolver::new(precision)?.solve_matrix(&one)?.symmetrised();
        let reversed = self
            .covariance
            .times(&self.transition.transposed())
            .times(&inverse);
        let apart = difference(&self.transition, &reversed);
        conditional_divergence(&self.noise, &noise, &apart, &self.covariance)
    }

    /// Stochastic interaction Σ_k H(z_k'|z_k) − H(z'|z) of the parts, in nats per step: zero if the parts step independently.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Duplicate`] for parts that overlap; [`Error::Length`] unless they cover all variables.
    pub fn stochastic_interaction(&self, parts: &[Vec<usize>]) -> Result<f64> {
        let groups: Vec<&[usize]> = parts.iter().map(Vec::as_slice).collect();
        self.check_groups(&groups)?;
        let covered = parts.iter().map(Vec::len).sum();
        if covered != self.dimension() {
            return Err(Error::Length {
                what: "variables in parts",
                found: covered,
                expected: self.dimension(),
            });
        }
        let mut total = -0.5 * log_determinant("the least variance of the noise Q", &self.noise)?;
        for part in &groups {
            // z_k' − (A restricted) z_k: what the others do to it and what the noise does
            let own = block(&self.covariance, part, part);
            let forward = block(&self.transition.times(&self.covariance), part, part);
            let explained = LinearSolver::new(own.clone())?.solve_matrix(&forward.transposed())?;
            let left = difference(&own, &forward.times(&explained)).symmetrised();
            total += 0.5 * log_determinant("the variance left of a part", &left)?;
        }
        Ok(total)
    }

    /// ⟨z_{t+h} z_tᵀ⟩ for h = 0 … steps.
    pub(super) fn lagged_covariances(&self, steps: usize) -> Vec<Matrix> {
        let mut lagged = vec![self.covariance.clone()];
        for h in 0..steps {
            lagged.push(self.transition.times(&lagged[h]));
        }
        lagged
    }

    /// ‖S − A S Aᵀ − Q‖₁/‖S‖₁, which is rounding.
    #[must_use]
    pub fn residual(&self) -> f64 {
        let again = sum(&conjugated(&self.transition, &self.covariance), &self.noise);
        difference(&self.covariance, &again).norm_one() / self.covariance.norm_one()
    }

    /// # Errors
    /// [`Error::Unknown`], [`Error::Duplicate`].
    pub(super) fn check_groups(&self, groups: &[&[usize]]) -> Result<()> {
        let mut seen = vec![false; self.dimension()];
        for &variable in groups.iter().copied().flatten() {
            match seen.get_mut(variable) {
                Some(seen) if !*seen => *seen = true,
                Some(_) => {
                    return Err(Error::Duplicate {
                        what: "variable",
                        name: variable.to_string(),
                    });
                }
                None => {
                    return Err(Error::Unknown {
                        what: "variable",
                        name: variable.to_string(),
                    });
                }
            }
        }
        Ok(())
    }
}
