//! e^{−βH} ψ at many β, without overflow.

use irrev_numerics::Run;

use super::bessel::scaled_bessel_i;
use super::{EvolutionOptions, truncation};
use crate::chebyshev;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::lanczos::{SpectralBounds, spectral_bounds};
use crate::vector::{norm, normalise};

/// e^{−β(H − E)} ψ as a vector and a logarithm.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ImaginaryEvolution<T> {
    /// The inverse energies β, as asked.
    pub betas: Vec<f64>,
    /// Vectors of at most the norm of the start or of 1, by β.
    pub states: Vec<Vec<T>>,
    /// e^{−β(H − E)} ψ = e^{logarithm} · vector, by β.
    pub logarithms: Vec<f64>,
    /// Products with H.
    pub terms: usize,
    /// Bound of the error of the vectors by truncation in norm, the largest over β.
    pub truncation: f64,
}

/// e^{−β(H − E)} ψ for each β of either sign, with E a reference energy; from one pass for each sign while |β| · width is moderate, and in renormalised steps beyond.
///
/// The operator is scaled so that its largest eigenvalue is at most 1; what is left is told as a logarithm, which alone knows E. Nothing overflows, at any β. The
/// error is one in norm: of a start without any weight near the end of the spectrum that β prefers, small parts are lost.
///
/// # Errors
/// [`Error::Size`], [`Error::ComplexHoppings`] for a real start; [`Error::Domain`] for a β or E that is not finite; [`irrev_numerics::Error::Memory`],
/// [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::evolution::{EvolutionOptions, evolve_in_imaginary_time};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let pair = Lattice::chain(2, Boundary::Open)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&pair, 1.0, 0.0, 0.0)?, Sector::new(2, 1)?)?;
/// let cooled = evolve_in_imaginary_time(&h, &[1.0, 0.0], &[0.7], 0.0, &EvolutionOptions::default(), &Run::default())?;
/// let factor = cooled.logarithms[0].exp();
/// assert!((factor * cooled.states[0][0] - 0.7_f64.cosh()).abs() < 1e-11);
/// assert!((factor * cooled.states[0][1] - 0.7_f64.sinh()).abs() < 1e-11);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn evolve_in_imaginary_time<T: Amplitude>(
    h: &SectorHamiltonian,
    start: &[T],
    betas: &[f64],
    reference: f64,
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<ImaginaryEvolution<T>> {
    run.install(|| {
        h.require_closed::<T>()?;
        Error::require_size("the start", start.len(), h.dimension())?;
        Error::require(
            "the reference energy",
            reference,
            reference.is_finite(),
            "a finite number",
        )?;
        for &beta in betas {
            Error::require("an inverse energy β", beta, beta.is_finite(), "a finite number")?;
        }
        let vectors = chebyshev::kept(betas.len()) + betas.len();
        Error::require_memory(
            run,
            "evolution in imaginary time",
            (size_of::<T>() * vectors) as u128 * start.len() as u128,
        )?;

        let bounds = match options.bounds {
            Some(bounds) => bounds,
            None => spectral_bounds(h, run)?,
        };
        let mut order: Vec<usize> = (0..betas.len()).collect();
        order.sort_by(|&a, &b| betas[a].abs().total_cmp(&betas[b].abs()));
        let mut found = ImaginaryEvolution {
            betas: betas.to_vec(),
            states: vec![Vec::new(); betas.len()],
            logarithms: vec![0.0; betas.len()],
            terms: 0,
            truncation: 0.0,
        };
        for sign in [1.0, -1.0] {
            let side: Vec<usize> = order
                .iter()
                .copied()
                .filter(|&k| (betas[k] < 0.0) == (sign < 0.0))
                .collect();
            let mut pass = Pass {
                h,
                bounds,
                sign,
                reference,
                base: start.to_vec(),
                reached: 0.0,
                logarithm: 0.0,
                error: 0.0,
            };
            let mut waiting = side.as_slice();
            while let Some(&furthest) = waiting.last() {
                let end = (pass.reached + STEP / bounds.half_width()).min(betas[furthest].abs());
                let served = waiting.partition_point(|&k| betas[k].abs() <= end);
                let (now, later) = waiting.split_at(served);
                pass.advance(
                    &mut found,
                    now,
                    (!later.is_empty()).then_some(end),
                    options.tolerance,
                    run,
                )?;
                waiting = later;
            }
        }
        Ok(found)
    })?
}

/// Longest step in units of the inverse half width. With a margin of 1 % around the spectrum the vector shrinks by e at least, and does not sink into rounding.
const STEP: f64 = 100.0;

/// One sign of β, followed outwards in steps.
struct Pass<'a, T> {
    h: &'a SectorHamiltonian,
    bounds: SpectralBounds,
    sign: f64,
    reference: f64,
    /// e^{−β(H − E)} ψ = e^{logarithm} · base at the |β| reached.
    base: Vec<T>,
    reached: f64,
    logarithm: f64,
    error: f64,
}

impl<T: Amplitude> Pass<'_, T> {
    /// Fills in the results of the given places, and goes on to `end` if there are later ones.
    fn advance(
        &mut self,
        found: &mut ImaginaryEvolution<T>,
        places: &[usize],
        end: Option<f64>,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<()> {
        let goals: Vec<f64> = places.iter().map(|&k| found.betas[k].abs()).chain(end).collect();
        let mut lost = 0.0_f64;
        let weights: Vec<Vec<f64>> = goals
            .iter()
            .map(|goal| {
                let mut weights = scaled_bessel_i(self.bounds.half_width() * (goal - self.reached));
                weights[1..].iter_mut().for_each(|w| *w *= 2.0);
                let (terms, rest) = truncation(&weights, tolerance);
                lost = lost.max(rest);
                weights.truncate(terms);
                let alternating = weights.iter_mut().skip(1).step_by(2);
                alternating.for_each(|w| *w *= -self.sign);
                weights
            })
            .collect();
        let states = chebyshev::sums(
            self.h,
            self.bounds,
            (&self.base, 1),
            (&weights, T::ZERO),
            #[inline(always)]
            |weight: f64, x: T| x.times_real(weight),
            run,
        )?;
        found.terms += weights.iter().map(Vec::len).max().unwrap_or(1) - 1;
        let error = self.error + lost * norm(&self.base);
        let extreme = if self.sign > 0.0 {
            self.bounds.lowest()
        } else {
            self.bounds.highest()
        };
        let logarithm =
            |goal: f64| self.logarithm - self.sign * (goal - self.reached) * (extreme - self.reference);
        let logarithms: Vec<f64> = goals.iter().map(|&goal| logarithm(goal)).collect();
        let mut states = states.into_iter().zip(logarithms);
        for (&place, (state, logarithm)) in places.iter().zip(&mut states) {
            found.states[place] = state;
            found.logarithms[place] = logarithm;
            found.truncation = found.truncation.max(error);
        }
        if let (Some(end), Some((state, logarithm))) = (end, states.next()) {
            self.base = state;
            let length = normalise(&mut self.base);
            Error::require(
                "the norm of a state in imaginary time",
                length,
                length > 0.0,
                "a positive number",
            )?;
            self.error = error / length;
            self.logarithm = logarithm + length.ln();
            self.reached = end;
        }
        Ok(())
    }
}
