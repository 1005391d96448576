//! Krylov spaces: orthogonal bases, and e^{−iHt} ψ in them.

use num_complex::Complex64;

use irrev_numerics::Run;

use super::coefficients::LanczosCoefficients;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::vector::{add, inner, norm, normalise, scale};

/// Dimension of the Krylov space of a step.
const SPACE: usize = 30;

/// Points of a step at which its residual is looked at.
const POINTS: usize = 8;

/// Subtracts from x its parts along an orthonormal basis, twice, since once leaves what rounding brought; the overlaps.
pub(crate) fn orthogonalise<T: Amplitude>(basis: &[Vec<T>], x: &mut [T]) -> Vec<T> {
    let mut overlaps = vec![T::ZERO; basis.len()];
    for _ in 0..2 {
        for (overlap, vector) in overlaps.iter_mut().zip(basis) {
            let part = inner(vector, x);
            *overlap += part;
            add(-part, vector, x);
        }
    }
    overlaps
}

/// Σ_k w_k v_k.
pub(crate) fn combined<T: Amplitude>(basis: &[Vec<T>], weights: impl Iterator<Item = T>) -> Vec<T> {
    let mut sum = vec![T::ZERO; basis.first().map_or(0, Vec::len)];
    for (vector, weight) in basis.iter().zip(weights) {
        add(weight, vector, &mut sum);
    }
    sum
}

/// ψ(t) by Krylov spaces, with the error that its residuals bound.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KrylovEvolution {
    /// e^{−iHt} ψ.
    pub state: Vec<Complex64>,
    /// Steps taken.
    pub steps: usize,
    /// Products with H.
    pub products: usize,
    /// Bound of the error in norm: the integral of the residual norm over all steps, up to rounding.
    pub error: f64,
}

/// e^{−iHt} ψ in steps of Krylov spaces of dimension 30: a check of Chebyshev's expansion that shares nothing with it but H, and needs no bounds of the spectrum.
///
/// Within a step, u(s) = V e^{−iTs} e_1 ‖ψ‖ has the residual β_m |[e^{−iTs}]_{m1}| ‖ψ‖, whose integral bounds the error. Steps are as long as that stays below their share of
/// the tolerance, which is relative to ‖ψ‖.
///
/// Source: Park and Light, J. Chem. Phys. 85, 5870 (1986); Hochbruck and Lubich, SIAM J. Numer. Anal. 34, 1911 (1997).
///
/// # Errors
/// [`Error::Size`]; [`Error::Domain`] for a time or tolerance without sense; [`irrev_numerics::Error::Memory`], [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian, lanczos};
/// let pair = Lattice::chain(2, Boundary::Open)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&pair, 1.0, 0.0, 0.0)?, Sector::new(2, 1)?)?;
/// let start = [Complex64::ONE, Complex64::ZERO];
/// let found = lanczos::evolve_by_krylov(&h, &start, 0.3, 1e-12, &Run::default())?;
/// assert!((found.state[0].re - 0.3_f64.cos()).abs() < 1e-12);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn evolve_by_krylov(
    h: &SectorHamiltonian,
    start: &[Complex64],
    t: f64,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<KrylovEvolution> {
    run.install(|| {
        Error::require_size("the start", start.len(), h.dimension())?;
        Error::require("the time", t, t.is_finite(), "a finite number")?;
        Error::require("the tolerance", tolerance, tolerance > 0.0, "a positive number")?;
        Error::require_memory(
            run,
            "Krylov vectors",
            16 * (SPACE + 2) as u128 * start.len() as u128,
        )?;
        let mut evolution = KrylovEvolution {
            state: start.to_vec(),
            steps: 0,
            products: 0,
            error: 0.0,
        };
        let length = norm(start);
        let (mut done, total, sign) = (0.0, t.abs(), t.signum());
        while done < total && length > 0.0 {
            run.report(done / total, "evolution in Krylov spaces")?;
            let (basis, coefficients) = krylov_space(h, &evolution.state)?;
            evolution.products += basis.len();
            let ritz = coefficients.ritz()?;
            let m = basis.len();
            let edge = if m < SPACE { 0.0 } else { coefficients.beta[m - 1] };
            let entry = |row: usize, s: f64| -> Complex64 {
                let phases = ritz.values.iter().map(|e| Complex64::cis(-sign * e * s));
                let weights = (0..m).map(|k| ritz.vectors[(row, k)] * ritz.vectors[(0, k)]);
                phases.zip(weights).map(|(phase, weight)| phase * weight).sum()
            };
            let residual = |s: f64| {
                let points = (1..=POINTS).map(|k| entry(m - 1, s * k as f64 / POINTS as f64).norm());
                edge * points.fold(0.0, f64::max)
            };
            let mut step = total - done;
            while residual(step) * total > tolerance && step > f64::EPSILON * total {
                step *= 0.8;
            }
            evolution.error += residual(step) * step * length;
            let mut next = vec![Complex64::ZERO; start.len()];
            let before = norm(&evolution.state);
            for (row, vector) in basis.iter().enumerate() {
                add(entry(row, step) * before, vector, &mut next);
            }
            evolution.state = next;
            evolution.steps += 1;
            done = if step >= total - done { total } else { done + step };
        }
        Ok(evolution)
    })?
}

/// An orthonormal basis of the Krylov space of a vector, and H in it.
fn krylov_space(
    h: &SectorHamiltonian,
    start: &[Complex64],
) -> Result<(Vec<Vec<Complex64>>, LanczosCoefficients)> {
    let mut first = start.to_vec();
    normalise(&mut first);
    let mut basis = vec![first];
    let (mut alpha, mut beta): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut image = vec![Complex64::ZERO; start.len()];
    loop {
        let last = basis.len() - 1;
        h.apply(&basis[last], &mut image)?;
        let overlaps = orthogonalise(&basis, &mut image);
        alpha.push(overlaps[last].re);
        let length = norm(&image);
        beta.push(length);
        let size = alpha
            .iter()
            .zip(&beta)
            .map(|(a, b)| a.abs() + b)
            .fold(0.0, f64::max);
        if basis.len() == SPACE || length <= 64.0 * f64::EPSILON * size {
            return Ok((basis, LanczosCoefficients { alpha, beta }));
        }
        let mut next = image.clone();
        scale(1.0 / length, &mut next);
        basis.push(next);
    }
}
