//! The second law of a part of a linear diffusion, and the information that flows into it.
//!
//! Let x = (X, Y) with independent noises. Each part dissipates σ_X = ⟨v_X·D_X⁻¹v_X⟩ ≥ 0, and
//!
//! ```text
//! σ_X = dS_X/dt + (entropy flow into the surroundings of X) − İ_X,   İ_X = ⟨v_X·∇_X ln p/(p_X p_Y)⟩,   dI/dt = İ_X + İ_Y,
//! ```
//!
//! so that a part that gains information about the other may cool its surroundings by as much. In a finite time, ∫σ_X dt ≥ W₂²/t between the marginals in the metric D_X⁻¹.
//!
//! Conventions: nats, per unit time. Sources: J. M. Horowitz and M. Esposito, Phys. Rev. X 4, 031015 (2014); M. Nakazato and S. Ito, Phys. Rev. Res. 3,
//! 043093 (2021).

use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::quadrature::integrate;
use irrev_numerics::sum::inner_product;
use irrev_numerics::{Estimate, Tolerance};

use super::LinearDiffusion;
use super::gaussians::{block, log_determinant, marginal, precision, trace_of_product};
use crate::error::{Error, Result};

/// Terms of the second law of one part, in nats per unit time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PartialEntropyProduction {
    /// σ_X = system + surroundings − information_flow ≥ 0.
    pub rate: f64,
    /// dS_X/dt of the marginal.
    pub system: f64,
    /// ⟨(−A x)_X·D_X⁻¹v_X⟩: entropy that flows into the surroundings of X.
    pub surroundings: f64,
    /// İ_X: positive if the motion of X makes the parts know more of each other.
    pub information_flow: f64,
}

/// A diffusion in two parts at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TwoParts {
    /// The part asked for.
    pub part: PartialEntropyProduction,
    /// All other coordinates.
    pub rest: PartialEntropyProduction,
    /// Mutual information I of the two, in nats.
    pub mutual_information: f64,
}

/// The second laws of the part made of some coordinates and of the rest.
///
/// ```
/// use irrev_landscape::linear::{LinearDiffusion, subsystem::two_parts};
/// use irrev_numerics::linalg::Matrix;
/// let pair = LinearDiffusion::new(Matrix::from_columns(2, vec![2.0, -1.1, 0.7, 1.5]), Matrix::from_columns(2, vec![1.0, 0.0, 0.0, 0.5]))?;
/// let state = pair.stationary()?;
/// let found = two_parts(&pair, &state, &[0])?;
/// assert!((found.part.information_flow + found.rest.information_flow).abs() < 1e-14);        // I stands still
/// assert!((found.part.rate + found.rest.rate - pair.entropy_production(&state)?.rate).abs() < 1e-14);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoCoordinate`]; [`Error::Domain`] for a coordinate named twice, a part that holds none or all of them, or a singular covariance; [`Error::CorrelatedNoise`];
/// [`Error::Size`].
pub fn two_parts(diffusion: &LinearDiffusion, state: &Gaussian, part: &[usize]) -> Result<TwoParts> {
    let (part, rest) = parted(diffusion, part)?;
    let v = diffusion.local_mean_velocity(state)?;
    let second_law = |own: &[usize]| -> Result<PartialEntropyProduction> {
        let all: Vec<usize> = (0..diffusion.dimension()).collect();
        let noise = LinearSolver::new(block(&diffusion.diffusion, own, own))?
            .solve_matrix(&Matrix::identity(own.len()))?;
        let own_velocity = block(&v.matrix, own, &all);
        let own_mean: Vec<f64> = own.iter().map(|&i| v.at_mean[i]).collect();
        let of_mean = inner_product(&own_mean, &noise.apply_to(&own_mean));
        let spread = own_velocity.times(state.covariance());
        let rate = of_mean + trace_of_product(&noise, &spread.times(&own_velocity.transposed()));
        // (−A x)_X = v_X − (D Σ⁻¹ (x − m))_X, and ⟨(D Σ⁻¹ (x − m))_X·D_X⁻¹v_X⟩ = tr V_XX
        let divergence: f64 = own.iter().map(|&i| v.matrix[(i, i)]).sum();
        let with_itself = Matrix::from_fn(own.len(), own.len(), |i, j| spread[(i, own[j])]);
        let system = trace_of_product(&precision(&marginal(state, own)?)?, &with_itself);
        Ok(PartialEntropyProduction {
            rate,
            system,
            surroundings: rate - divergence,
            information_flow: system - divergence,
        })
    };
    let whole = log_determinant(state)?;
    let parts = log_determinant(&marginal(state, &part)?)? + log_determinant(&marginal(state, &rest)?)?;
    Ok(TwoParts {
        part: second_law(&part)?,
        rest: second_law(&rest)?,
        mutual_information: 0.5 * (parts - whole),
    })
}

/// ∫₀^t σ_X ds of a part after `start`, in nats, with the error of the quadrature.
///
/// ```
/// use irrev_landscape::linear::{LinearDiffusion, subsystem::{part_of_transport_bound, produced_by_part}};
/// use irrev_network::transport::gaussian::Gaussian;
/// use irrev_numerics::{Tolerance, linalg::Matrix};
/// let pair = LinearDiffusion::new(Matrix::from_columns(2, vec![2.0, -1.1, 0.7, 1.5]), Matrix::identity(2))?;
/// let start = Gaussian::new(vec![1.0, 0.0], Matrix::identity(2))?;
/// let paid = produced_by_part(&pair, &start, &[0], 1.0, Tolerance::relative(1e-10))?;
/// assert!(paid.value >= part_of_transport_bound(&pair, &start, &pair.at(&start, 1.0)?, &[0], 1.0)?);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`two_parts`]; failure of the quadrature.
pub fn produced_by_part(
    diffusion: &LinearDiffusion,
    start: &Gaussian,
    part: &[usize],
    t: f64,
    tolerance: Tolerance,
) -> Result<Estimate> {
    Error::require(
        "the time after the start",
        t,
        t >= 0.0 && t.is_finite(),
        "zero or a positive number",
    )?;
    let integrals = integrate::<Error>(
        &[0.0, t],
        1,
        tolerance,
        |values, k| values[k],
        |s, out| {
            out[0] = two_parts(diffusion, &diffusion.at(start, s)?, part)?.part.rate;
            Ok(())
        },
    )?;
    Ok(Estimate::exact(integrals.values[0], integrals.errors[0]))
}

/// W₂² over t between the marginals of a part, in the metric D_X⁻¹: what ∫σ_X ds is at least.
///
/// # Errors
/// As [`two_parts`] and [`LinearDiffusion::transport_bound`].
pub fn part_of_transport_bound(
    diffusion: &LinearDiffusion,
    from: &Gaussian,
    to: &Gaussian,
    part: &[usize],
    t: f64,
) -> Result<f64> {
    let (part, _) = parted(diffusion, part)?;
    diffusion.require_dimension(from)?;
    diffusion.require_dimension(to)?;
    let alone = LinearDiffusion::new(
        block(&diffusion.drift, &part, &part),
        block(&diffusion.diffusion, &part, &part),
    )?;
    alone.transport_bound(&marginal(from, &part)?, &marginal(to, &part)?, t)
}

/// The coordinates of the part and of the rest, after checks.
fn parted(diffusion: &LinearDiffusion, part: &[usize]) -> Result<(Vec<usize>, Vec<usize>)> {
    let n = diffusion.dimension();
    let mut inside = vec![false; n];
    for &coordinate in part {
        let seen = inside.get_mut(coordinate).ok_or(Error::NoCoordinate {
            coordinate,
            coordinates: n,
        })?;
        Error::require(
            "a coordinate of a part",
            coordinate as f64,
            !std::mem::replace(seen, true),
            "one that is not named twice",
        )?;
    }
    Error::require(
        "the number of coordinates of a part",
        part.len() as f64,
        !part.is_empty() && part.len() < n,
        "at least one, and not all",
    )?;
    let rest: Vec<usize> = (0..n).filter(|&i| !inside[i]).collect();
    for (&i, &j) in part.iter().flat_map(|i| rest.iter().map(move |j| (i, j))) {
        let value = diffusion.diffusion[(i, j)];
        if value != 0.0 {
            return Err(Error::CorrelatedNoise { i, j, value });
        }
    }
    Ok((part.to_vec(), rest))
}
