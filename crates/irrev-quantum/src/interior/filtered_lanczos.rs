//! Eigenstates near a target energy: block Lanczos on a polynomial of H that is large there and small elsewhere.
//!
//! P(H) = (1/D) Σ_{n ≤ K} c_n T_n(H̃), c_0 = 1 and c_n = 2 cos(n arccos σ), is Dirichlet's kernel around the target σ: levels nearest to it become the largest eigenvalues of P, well apart from the
//! others, where Lanczos converges in a few steps. K follows from the density of levels. The levels themselves, their vectors and residuals come from H in the space that was found.
//!
//! Source: Sierant, Lewenstein and Zakrzewski, Phys. Rev. Lett. 125, 156601 (2020) (POLFED).

use irrev_numerics::linalg::{Matrix, hermitian_eigen};
use irrev_numerics::{Convergence, Run, StopReason, Tolerance};

use super::density::level_density;
use crate::chebyshev;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::lanczos::{SpectralBounds, combined, orthogonalise, spectral_bounds};
use crate::random::random_state;
use crate::vector::{add, inner, norm, normalise};

/// Vectors side by side in a block.
const BLOCK: usize = 4;

/// Levels that the main peak of the polynomial holds, in units of those wanted, and beyond: neighbours are needed for the gaps.
const ROOM: (f64, f64) = (1.5, 6.0);

/// Half width of the main peak in units of 1/K, where it has fallen to 0.17.
const PEAK: f64 = 2.65;

/// Eigenvalue of the polynomial above which a level belongs to the peak; side lobes stay below 0.22 in modulus and are negative where they are largest.
const INSIDE: f64 = 0.17;

/// First index of the random vectors used here.
const INDEX: u32 = 1 << 21;

/// How levels inside the spectrum are searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InteriorOptions {
    /// Residual ‖H v − E v‖ aimed at, absolute + relative · half width of the spectrum; default relative 1e-10. The iteration gives up after `max_iterations` applications of the
    /// polynomial to a block, default 400.
    pub tolerance: Tolerance,
}

impl Default for InteriorOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance {
                absolute: 0.0,
                relative: 1e-10,
                max_iterations: 400,
            },
        }
    }
}

/// Levels near a target energy.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InteriorLevels<T> {
    /// Energies, ascending.
    pub energies: Vec<f64>,
    /// Orthonormal eigenvectors, in the order of the energies.
    pub states: Vec<Vec<T>>,
    /// ‖H v − E v‖ of each, an energy.
    pub residuals: Vec<f64>,
    /// Distance of each to the nearest other level, an energy; rounding if degenerate, infinite if there is no other.
    pub gaps: Vec<f64>,
    /// Degree K of the polynomial.
    pub degree: usize,
    /// Products of H with a vector.
    pub products: usize,
    /// Applications of the polynomial to a block, largest residual, its target.
    pub convergence: Convergence,
}

/// The `count` levels nearest to a target energy, with eigenvectors, residuals and gaps; all of them if the sector has fewer.
///
/// Products with H are 10 to 25 times the dimension in number, whatever the count, since a narrower peak holds fewer levels. Memory: 6 · count + 60 vectors or so.
///
/// # Errors
/// [`Error::ComplexHoppings`]; [`Error::Domain`] for a target outside of the spectrum; [`irrev_numerics::Error::NotConverged`],
/// [`irrev_numerics::Error::Memory`], [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::interior::{InteriorOptions, levels_near};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let chain = Lattice::chain(12, Boundary::Open)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&chain, 1.0, 0.6, 0.0)?, Sector::new(12, 5)?)?;
/// let found = levels_near::<f64>(&h, 0.5, 3, &InteriorOptions::default(), &Run::default())?;
/// assert!(found.residuals.iter().all(|r| *r < 1e-8));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn levels_near<T: Amplitude>(
    h: &SectorHamiltonian,
    target: f64,
    count: usize,
    options: &InteriorOptions,
    run: &Run<'_>,
) -> Result<InteriorLevels<T>> {
    run.install(|| {
        h.require_closed::<T>()?;
        let count = count.min(h.dimension());
        let bounds = spectral_bounds(h, run)?;
        let x = (target - bounds.centre()) / bounds.half_width();
        Error::require(
            "the target energy",
            target,
            x.abs() < 1.0,
            "an energy inside the spectrum",
        )?;
        let held = (ROOM.0 * count as f64 + ROOM.1).min(h.dimension() as f64);
        let vectors = 4 * held as usize + 8 * BLOCK;
        Error::require_memory(
            run,
            "vectors of a filtered Lanczos iteration",
            (size_of::<T>() * vectors.min(h.dimension())) as u128 * h.dimension() as u128,
        )?;
        let density = level_density::<T>(h, bounds, x, run)?;
        let sine = (1.0 - x * x).sqrt();
        let mut degree = ((2.0 * PEAK * sine * density / held).ceil() as usize).max(8);
        let mut search = Search {
            h,
            bounds,
            run,
            weights: dirichlet(x, degree),
            basis: Vec::new(),
            projected: Vec::new(),
            products: 0,
            starts: 0,
        };
        let goal = options.tolerance.target(bounds.half_width());
        let mut best = f64::INFINITY;
        for applications in 1..=options.tolerance.max_iterations {
            run.report(
                (search.basis.len() as f64 / vectors as f64).min(1.0),
                "levels inside the spectrum",
            )?;
            search.grow()?;
            let complete = search.basis.len() == h.dimension();
            if !complete && (search.projected.len() as f64) < 1.5 * held {
                continue;
            }
            let Some(found) = search.levels(target, count, complete)? else {
                // the peak is too narrow: fewer levels lie there than their density promised
                if search.projected.len() as f64 > 3.0 * held {
                    degree = (2 * degree / 3).max(2);
                    search.restart(dirichlet(x, degree));
                }
                continue;
            };
            let worst = found.residuals.iter().copied().fold(0.0, f64::max);
            best = best.min(worst);
            if worst <= goal || complete {
                return Ok(InteriorLevels {
                    degree,
                    products: search.products,
                    convergence: Convergence {
                        iterations: applications,
                        residual: worst,
                        target: goal,
                        reason: if worst <= goal {
                            StopReason::Converged
                        } else {
                            StopReason::Rounding
                        },
                    },
                    ..found
                });
            }
        }
        Err(irrev_numerics::Error::NotConverged {
            what: "filtered Lanczos iteration",
            convergence: Convergence {
                iterations: options.tolerance.max_iterations,
                residual: best,
                target: goal,
                reason: StopReason::IterationLimit,
            },
        }
        .into())
    })?
}

/// Weights of the polynomial of a degree that is 1 at x.
fn dirichlet(x: f64, degree: usize) -> Vec<f64> {
    let angle = x.acos();
    let cosine = |n: usize| (n as f64 * angle).cos();
    let weight = |n: usize| if n == 0 { 1.0 } else { 2.0 * cosine(n) };
    let value: f64 = (0..=degree).map(|n| weight(n) * cosine(n)).sum();
    (0..=degree).map(|n| weight(n) / value).collect()
}

/// Block Lanczos with full orthogonalisation on the polynomial.
struct Search<'a, T> {
    h: &'a SectorHamiltonian,
    bounds: SpectralBounds,
    run: &'a Run<'a>,
    weights: Vec<f64>,
    basis: Vec<Vec<T>>,
    /// ⟨v_i|P|v_j⟩ for the vectors whose images are known: column j down to what was the basis then.
    projected: Vec<Vec<T>>,
    products: usize,
    starts: u32,
}

impl<T: Amplitude> Search<'_, T> {
    /// Applies the polynomial to the newest vectors and adds what is new in the images to the basis.
    fn grow(&mut self) -> Result<()> {
        let dimension = self.h.dimension();
        if self.basis.is_empty() {
            for _ in 0..BLOCK.min(dimension) {
                let start = self.fresh();
                self.basis.push(start);
            }
        }
        let newest: Vec<usize> = (self.projected.len()..self.basis.len()).take(BLOCK).collect();
        let mut together = vec![T::ZERO; BLOCK * dimension];
        for (lane, &place) in newest.iter().enumerate() {
            for (state, x) in self.basis[place].iter().enumerate() {
                together[BLOCK * state + lane] = *x;
            }
        }
        let images = chebyshev::sums(
            self.h,
            self.bounds,
            (&together, BLOCK),
            (std::slice::from_ref(&self.weights), T::ZERO),
            #[inline(always)]
            |weight: f64, x: T| x.times_real(weight),
            self.run,
        )?;
        self.products += newest.len() * (self.weights.len() - 1);
        let images = images.into_iter().next().unwrap_or_default();
        for lane in 0..newest.len() {
            let mut image: Vec<T> = images.iter().skip(lane).step_by(BLOCK).copied().collect();
            let before = norm(&image);
            let mut column = orthogonalise(&self.basis, &mut image);
            let length = normalise(&mut image);
            if self.basis.len() < dimension {
                if length <= 1e3 * f64::EPSILON * before.max(INSIDE) {
                    image = self.fresh();
                } else {
                    column.push(T::from_real(length));
                }
                self.basis.push(image);
            }
            self.projected.push(column);
        }
        Ok(())
    }

    /// Begins anew with another polynomial.
    fn restart(&mut self, weights: Vec<f64>) {
        self.weights = weights;
        self.basis.clear();
        self.projected.clear();
    }

    /// A random vector orthogonal to the basis.
    fn fresh(&mut self) -> Vec<T> {
        let mut vector = random_state(self.h.dimension(), self.run.seed, INDEX + self.starts);
        self.starts += 1;
        orthogonalise(&self.basis, &mut vector);
        normalise(&mut vector);
        vector
    }

    /// The levels nearest to the target in the space of the peak; `None` while that space does not hold them and a neighbour.
    fn levels(&self, target: f64, count: usize, complete: bool) -> Result<Option<InteriorLevels<T>>> {
        let known = self.projected.len();
        let entry = |i: usize, j: usize| {
            let overlap = self.projected[i.max(j)][i.min(j)];
            if i <= j { overlap } else { overlap.conjugate() }
        };
        let space = if complete {
            self.basis.clone()
        } else {
            let ritz = hermitian_eigen(&Matrix::from_fn(known, known, entry))?;
            let inside = (0..known).filter(|&k| ritz.values[k] >= INSIDE);
            inside
                .map(|k| combined(&self.basis, ritz.vectors.column(k).iter().copied()))
                .collect()
        };
        if !complete && space.len() <= count {
            return Ok(None);
        }
        Ok(Some(rayleigh_ritz(self.h, &space, target, count)?))
    }
}

/// H in the span of orthonormal vectors: its levels nearest to a target.
fn rayleigh_ritz<T: Amplitude>(
    h: &SectorHamiltonian,
    space: &[Vec<T>],
    target: f64,
    count: usize,
) -> Result<InteriorLevels<T>> {
    let mut images = Vec::with_capacity(space.len());
    for vector in space {
        let mut image = vec![T::ZERO; vector.len()];
        h.apply(vector, &mut image)?;
        images.push(image);
    }
    let found = hermitian_eigen(&Matrix::from_fn(space.len(), space.len(), |i, j| {
        inner(&space[i], &images[j])
    }))?;
    let mut order: Vec<usize> = (0..space.len()).collect();
    order.sort_by(|&a, &b| {
        (found.values[a] - target)
            .abs()
            .total_cmp(&(found.values[b] - target).abs())
    });
    order.truncate(count);
    order.sort_unstable();
    let mut levels = InteriorLevels {
        energies: Vec::new(),
        states: Vec::new(),
        residuals: Vec::new(),
        gaps: Vec::new(),
        degree: 0,
        products: 0,
        convergence: Convergence::direct(0.0, 0.0),
    };
    for k in order {
        let energy = found.values[k];
        let mut state = vec![T::ZERO; h.dimension()];
        let mut image = vec![T::ZERO; h.dimension()];
        for (j, (vector, applied)) in space.iter().zip(&images).enumerate() {
            add(found.vectors[(j, k)], vector, &mut state);
            add(found.vectors[(j, k)], applied, &mut image);
        }
        add(T::from_real(-energy), &state, &mut image);
        let others = (0..space.len())
            .filter(|&j| j != k)
            .map(|j| (found.values[j] - energy).abs());
        levels.energies.push(energy);
        levels.residuals.push(norm(&image));
        levels.gaps.push(others.fold(f64::INFINITY, f64::min));
        levels.states.push(state);
    }
    Ok(levels)
}
