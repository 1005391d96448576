//! Which ensemble has the energy and the particle number of an eigenstate.

use super::newton::{Level, matched};
use crate::error::{Error, Result};

/// Distances from an extremal energy below this part of the width are rounding.
const ROUNDING: f64 = 1e-11;

/// Which ensemble is matched to an eigenstate of energy E and N particles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// exp(−βH + αN) over all sectors with ⟨H⟩ = E and ⟨N⟩ = N: right where particles are exchanged.
    #[default]
    Grand,
    /// exp(−βH) in the sector of N particles with ⟨H⟩ = E; α = 0.
    Sector,
    /// exp(−βH) over all sectors with ⟨H⟩ = E only; α = 0.
    Fock,
}

/// Weights exp(−βH + αN).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reservoir {
    /// β, an inverse energy, of either sign.
    pub beta: f64,
    /// α = βμ.
    pub alpha: f64,
}

/// Sign of a temperature 1/β.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemperatureSign {
    /// β > 0.
    Positive,
    /// β = 0.
    Infinite,
    /// β < 0: high energies are more probable.
    Negative,
}

impl Reservoir {
    /// Sign of 1/β.
    #[must_use]
    pub fn sign(&self) -> TemperatureSign {
        match self.beta.total_cmp(&0.0) {
            _ if self.beta == 0.0 => TemperatureSign::Infinite,
            std::cmp::Ordering::Less => TemperatureSign::Negative,
            _ => TemperatureSign::Positive,
        }
    }

    /// μ = α/β, an energy; `None` at β = 0, where it means nothing.
    #[must_use]
    pub fn chemical_potential(&self) -> Option<f64> {
        (self.beta != 0.0).then(|| self.alpha / self.beta)
    }
}

/// What matching found.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Matched {
    /// Finite β and α.
    Finite(Reservoir),
    /// No state has less energy: β = +∞, temperature +0.
    Lowest,
    /// No state has more energy: β = −∞, temperature −0.
    Highest,
    /// No particles: α = −∞, and β is free.
    Empty,
    /// A particle on every site: α = +∞, and β is free.
    Full,
}

impl Matched {
    /// The finite numbers.
    ///
    /// # Errors
    /// [`Error::InfiniteReservoir`] with what is infinite.
    pub fn finite(self) -> Result<Reservoir> {
        match self {
            Self::Finite(reservoir) => Ok(reservoir),
            Self::Lowest => Err(Error::InfiniteReservoir { what: "β = +∞" }),
            Self::Highest => Err(Error::InfiniteReservoir { what: "β = −∞" }),
            Self::Empty => Err(Error::InfiniteReservoir { what: "α = −∞" }),
            Self::Full => Err(Error::InfiniteReservoir { what: "α = +∞" }),
        }
    }
}

/// β and α of a level of energy E with N particles, from all energies by particle number: `energies[n]` lists those with n = 0 … M particles. For
/// [`Matching::Sector`] only `energies[N]` is read.
///
/// By Newton's method on the convex ln Ξ + βE − αN, to rounding.
///
/// # Errors
/// [`Error::Particles`] if there is no sector of N particles; [`Error::FlatSpectrum`] if all levels that matter are equal; [`Error::Domain`] for an energy outside of
/// the spectrum; [`irrev_numerics::Error::NotConverged`].
///
/// ```
/// use irrev_quantum::temperature::{Matched, Matching, match_temperature};
/// // one particle on two sites of energies ±1: ⟨H⟩ = −tanh β
/// let energies = [vec![0.0], vec![-1.0, 1.0], vec![0.0]];
/// let found = match_temperature(&energies, 1, -0.5, Matching::Sector)?.finite()?;
/// assert!((found.beta - 0.5_f64.atanh()).abs() < 1e-14);
/// assert_eq!(match_temperature(&energies, 1, 1.0, Matching::Grand)?, Matched::Highest);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn match_temperature(
    energies: &[Vec<f64>],
    particles: usize,
    energy: f64,
    matching: Matching,
) -> Result<Matched> {
    let sites = energies.len().saturating_sub(1);
    if particles > sites || energies[particles].is_empty() {
        return Err(Error::Particles { particles, sites });
    }
    if matching == Matching::Grand && particles == 0 {
        return Ok(Matched::Empty);
    }
    if matching == Matching::Grand && particles == sites {
        return Ok(Matched::Full);
    }
    let sectors = if matching == Matching::Sector {
        particles..=particles
    } else {
        0..=sites
    };
    let mut levels = Vec::new();
    for n in sectors {
        levels.extend(energies[n].iter().map(|e| Level {
            energy: e - energy,
            number: n as f64 - particles as f64,
            logarithm: 0.0,
        }));
    }
    let [lowest, highest] = match matching {
        Matching::Grand => hull(energies, particles),
        Matching::Sector | Matching::Fock => {
            let [low, high] = ends(levels.iter().map(|level| level.energy));
            [low + energy, high + energy]
        }
    };
    let size = energies.iter().flatten().fold(0.0_f64, |m, e| m.max(e.abs()));
    let width = highest - lowest;
    if width <= ROUNDING * size {
        return Err(Error::FlatSpectrum);
    }
    Error::require(
        "the energy to match",
        energy,
        energy >= lowest - ROUNDING * width.max(size) && energy <= highest + ROUNDING * width.max(size),
        "an energy inside the spectrum",
    )?;
    if energy - lowest <= ROUNDING * width {
        return Ok(Matched::Lowest);
    }
    if highest - energy <= ROUNDING * width {
        return Ok(Matched::Highest);
    }
    let filling = particles as f64 / (sites - particles).max(1) as f64;
    let start = match matching {
        Matching::Grand => Some(filling.ln()),
        Matching::Sector | Matching::Fock => None,
    };
    matched(&levels, start).map(Matched::Finite)
}

/// Least and greatest of some numbers.
fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], e| {
        [low.min(e), high.max(e)]
    })
}

/// Least and greatest mean energy at a mean number N, over mixtures of any two sectors around it.
fn hull(energies: &[Vec<f64>], particles: usize) -> [f64; 2] {
    let extremes: Vec<[f64; 2]> = energies
        .iter()
        .map(|energies| ends(energies.iter().copied()))
        .collect();
    let [mut lowest, mut highest] = extremes[particles];
    for below in 0..particles {
        for above in particles + 1..energies.len() {
            let share = (particles - below) as f64 / (above - below) as f64;
            let between = |end: usize| (1.0 - share) * extremes[below][end] + share * extremes[above][end];
            lowest = lowest.min(between(0));
            highest = highest.max(between(1));
        }
    }
    [lowest, highest]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_temperature_is_named() {
        let flat = [vec![0.0], vec![1.0; 3], vec![2.0; 3], vec![3.0]];
        let find = |n, e, matching| match_temperature(&flat, n, e, matching);
        assert_eq!(find(1, 1.0, Matching::Grand), Err(Error::FlatSpectrum));
        assert_eq!(find(1, 1.0, Matching::Sector), Err(Error::FlatSpectrum));
        assert_eq!(find(0, 0.0, Matching::Grand), Ok(Matched::Empty));
        assert_eq!(find(3, 3.0, Matching::Grand), Ok(Matched::Full));
        assert_eq!(find(0, 0.0, Matching::Fock), Ok(Matched::Lowest));
        assert!(find(1, 1.0, Matching::Fock).unwrap().finite().unwrap().beta > 0.0);
        assert!(matches!(
            find(4, 0.0, Matching::Grand),
            Err(Error::Particles { .. })
        ));
        assert!(Matched::Lowest.finite().is_err());
    }
}
