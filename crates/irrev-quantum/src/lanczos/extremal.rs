//! Ground states and other levels at either end of the spectrum.

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::{Convergence, Run, StopReason, Tolerance};

use super::krylov::{combined, orthogonalise};
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::random::random_state;
use crate::vector::{inner, normalise};

/// An end of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Ground state and what lies above.
    Lowest,
    /// The highest levels.
    Highest,
}

/// Levels with their eigenvectors.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExtremalLevels<T> {
    /// Energies, from the end of the spectrum inwards; a degenerate level as often as it is degenerate.
    pub energies: Vec<f64>,
    /// Orthonormal eigenvectors, in the order of the energies.
    pub states: Vec<Vec<T>>,
    /// ‖H v − E v‖ of each, an energy; some level lies within this distance of E.
    pub residuals: Vec<f64>,
    /// Products with H, largest residual, its target.
    pub convergence: Convergence,
}

/// The first `count` levels at one end, each with ‖H v − E v‖ ≤ absolute + relative · max|E|.
///
/// Lanczos' method with full orthogonalisation and thick restarts, which alone would find one vector of a degenerate level: afterwards the complement of what was found is
/// searched in the same way, until it holds nothing further out. Fewer levels are returned if the sector has fewer.
///
/// Memory: 2 · count + 30 vectors.
///
/// Source: Wu and Simon, SIAM J. Matrix Anal. Appl. 22, 602 (2000).
///
/// # Errors
/// [`Error::ComplexHoppings`]; [`irrev_numerics::Error::NotConverged`] after `tolerance.max_iterations` products, [`irrev_numerics::Error::Memory`],
/// [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::{Run, Tolerance};
/// use irrev_quantum::lanczos::{End, extremal_levels};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let ring = Lattice::chain(6, Boundary::Periodic)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&ring, 1.0, 0.0, 0.0)?, Sector::new(6, 1)?)?;
/// let found = extremal_levels::<f64>(&h, End::Lowest, 3, Tolerance::relative(1e-10), &Run::default())?;
/// let expected = [-2.0, -1.0, -1.0];                                     // −2 cos(2πk/6)
/// assert!(found.energies.iter().zip(expected).all(|(e, x)| (e - x).abs() < 1e-9));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn extremal_levels<T: Amplitude>(
    h: &SectorHamiltonian,
    end: End,
    count: usize,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<ExtremalLevels<T>> {
    run.install(|| {
        h.require_closed::<T>()?;
        let count = count.min(h.dimension());
        let vectors = space(count) + count + 2;
        Error::require_memory(
            run,
            "Lanczos vectors",
            (size_of::<T>() * vectors) as u128 * h.dimension() as u128,
        )?;
        let mut search = Search {
            h,
            sign: if end == End::Lowest { 1.0 } else { -1.0 },
            tolerance,
            run,
            products: 0,
            starts: 0,
            target: 0.0,
            found: Vec::new(),
        };
        search.extend(count)?;
        // copies of a degenerate level that one start vector cannot see
        while (1..h.dimension()).contains(&search.found.len()) {
            let furthest = search.found[count - 1].energy;
            search.extend(1)?;
            let settled = search.found[count].energy >= furthest - search.target;
            search.found.sort_by(|a, b| a.energy.total_cmp(&b.energy));
            search.found.truncate(count);
            if settled {
                break;
            }
        }
        let residuals: Vec<f64> = search.found.iter().map(|level| level.residual).collect();
        Ok(ExtremalLevels {
            energies: search
                .found
                .iter()
                .map(|level| search.sign * level.energy)
                .collect(),
            convergence: Convergence {
                iterations: search.products,
                residual: residuals.iter().copied().fold(0.0, f64::max),
                target: search.target,
                reason: StopReason::Converged,
            },
            residuals,
            states: search.found.into_iter().map(|level| level.state).collect(),
        })
    })?
}

/// Dimension of the Krylov space for a number of levels.
fn space(count: usize) -> usize {
    2 * count + 28
}

/// A level of ±H.
struct Found<T> {
    energy: f64,
    state: Vec<T>,
    residual: f64,
}

/// Lanczos' method on ±H in the complement of what was found.
struct Search<'a, T> {
    h: &'a SectorHamiltonian,
    sign: f64,
    tolerance: Tolerance,
    run: &'a Run<'a>,
    products: usize,
    starts: u32,
    target: f64,
    found: Vec<Found<T>>,
}

impl<T: Amplitude> Search<'_, T> {
    /// A random vector in the complement of the given ones, never the same twice: what one start misses, the next one sees.
    fn fresh_start(&mut self, known: &[&[Vec<T>]]) -> Vec<T> {
        self.starts += 1;
        let mut start = random_state(self.h.dimension(), self.run.seed, self.starts);
        for vectors in known {
            orthogonalise(vectors, &mut start);
        }
        normalise(&mut start);
        start
    }

    /// Finds `count` more levels, the lowest of ±H in the complement.
    fn extend(&mut self, count: usize) -> Result<()> {
        let locked: Vec<Vec<T>> = self.found.iter().map(|level| level.state.clone()).collect();
        let room = self.h.dimension() - locked.len();
        let count = count.min(room);
        let most = space(count).min(room);
        let start = self.fresh_start(&[&locked]);
        let mut basis = vec![start];
        let mut projected = Matrix::zeros(most, most);
        let mut image = vec![T::ZERO; self.h.dimension()];
        loop {
            // the last vector is the only one without its column
            let mut edge = 0.0;
            while basis.len() <= most {
                let last = basis.len() - 1;
                self.run.report(
                    (self.products as f64 / self.tolerance.max_iterations as f64).min(1.0),
                    "Lanczos iteration",
                )?;
                self.h.apply(&basis[last], &mut image)?;
                self.products += 1;
                orthogonalise(&locked, &mut image);
                for (i, overlap) in orthogonalise(&basis, &mut image).into_iter().enumerate() {
                    projected[(i, last)] = self.sign * overlap.to_complex().re;
                    projected[(last, i)] = projected[(i, last)];
                }
                edge = normalise(&mut image);
                if basis.len() == most {
                    break;
                }
                if edge <= 64.0 * f64::EPSILON * projected.norm_one() {
                    // an invariant subspace: what is missing lies outside of it
                    image = self.fresh_start(&[&locked, &basis]);
                }
                basis.push(image.clone());
            }
            let ritz = symmetric_eigen(&projected)?;
            let residual = |k: usize| {
                if most == room {
                    0.0
                } else {
                    edge * ritz.vectors[(most - 1, k)].abs()
                }
            };
            let size = ritz.values[0].abs().max(ritz.values[most - 1].abs());
            self.target = self.tolerance.target(size).max(4.0 * f64::EPSILON * size);
            let vector = |k: usize| combined(&basis, ritz.vectors.column(k).iter().map(|&x| T::from_real(x)));
            let worst = (0..count).map(residual).fold(0.0, f64::max);
            if worst <= self.target {
                for k in 0..count {
                    let state = vector(k);
                    self.verify(ritz.values[k], state, &mut image)?;
                }
                return Ok(());
            }
            if self.products >= self.tolerance.max_iterations {
                return Err(irrev_numerics::Error::NotConverged {
                    what: "Lanczos iteration for extremal levels",
                    convergence: Convergence {
                        iterations: self.products,
                        residual: worst,
                        target: self.target,
                        reason: StopReason::IterationLimit,
                    },
                }
                .into());
            }
            // thick restart: the best Ritz vectors, and the direction in which the space would have grown
            let kept = (count + (most - count) / 3).min(most - 1);
            let mut next: Vec<Vec<T>> = (0..kept).map(vector).collect();
            projected = Matrix::zeros(most, most);
            for k in 0..kept {
                projected[(k, k)] = ritz.values[k];
            }
            next.push(image.clone());
            basis = next;
        }
    }

    /// Adds a level with its residual as measured.
    fn verify(&mut self, energy: f64, mut state: Vec<T>, image: &mut [T]) -> Result<()> {
        normalise(&mut state);
        self.h.apply(&state, image)?;
        self.products += 1;
        crate::vector::add(T::from_real(-self.sign * energy), &state, image);
        self.found.push(Found {
            energy,
            residual: inner(image, image).to_complex().re.max(0.0).sqrt(),
            state,
        });
        Ok(())
    }
}
