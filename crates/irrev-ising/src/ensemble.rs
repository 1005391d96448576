//! Networks drawn at random: couplings and fields with given laws.
//!
//! The asymmetric Sherrington–Kirkpatrick model has J_ij = J₀/N + ΔJ z_ij/√N with standard normal z, independent of each other but for a correlation η between
//! z_ij and z_ji: η = 0 is fully asymmetric, η = 1 symmetric (equilibrium), η = −1 antisymmetric disorder.
//!
//! Sources: D. Sherrington and S. Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975); A. Crisanti and H. Sompolinsky, Phys. Rev. A 36, 4922 (1987);
//! M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};

use crate::couplings::Couplings;
use crate::error::{Error, Result};

/// Whether spins act on themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SelfCouplings {
    /// Drawn like all others; they vanish as 1/√N.
    #[default]
    Kept,
    /// Zero, which updates one at a time need.
    Removed,
}

/// How couplings are drawn; all strengths in units of energy.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CouplingLaw {
    /// Asymmetric Sherrington–Kirkpatrick: J₀/N + ΔJ z/√N.
    Gaussian {
        /// J₀.
        mean: f64,
        /// ΔJ ≥ 0.
        spread: f64,
        /// η in [−1, 1]: correlation between z_ij and z_ji.
        symmetry: f64,
    },
    /// Each coupling is there with probability c/N, and then J₀/c + ΔJ z/√c.
    Diluted {
        /// J₀.
        mean: f64,
        /// ΔJ ≥ 0.
        spread: f64,
        /// c in (0, N]: mean number of spins that act on one.
        degree: f64,
    },
    /// P random patterns ξ = ±1: J = Σ_μ (ξ^μ ξ^μᵀ + λ ξ^{μ+1} ξ^μᵀ)/N, the second term cyclic: it recalls them one after the other.
    Patterns {
        /// P ≥ 1.
        patterns: usize,
        /// λ; 0 is the Hopfield model.
        sequence: f64,
    },
    /// Every spin either only excites or only inhibits: J_ij = ±|J/N + ΔJ z/√N| with the sign of the sender.
    Dale {
        /// Part of the spins that excite, in [0, 1].
        excitatory: f64,
        /// J of spins that excite and of spins that inhibit, ≥ 0.
        means: (f64, f64),
        /// ΔJ ≥ 0.
        spread: f64,
    },
}

/// How fields are drawn, in units of energy.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FieldLaw {
    /// The same field everywhere.
    Constant(f64),
    /// Uniform between two values.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal.
    Gaussian {
        /// Mean.
        mean: f64,
        /// Standard deviation ≥ 0.
        spread: f64,
    },
}

/// A number that must be finite and at least 0.
fn require_spread(spread: f64) -> Result<()> {
    Error::require(
        "the spread",
        spread,
        spread >= 0.0 && spread.is_finite(),
        "a number of at least 0",
    )
}

fn require_finite(what: &'static str, value: f64) -> Result<()> {
    Error::require(what, value, value.is_finite(), "a finite number")
}

impl CouplingLaw {
    /// Checks the parameters for networks of N spins.
    ///
    /// # Errors
    /// [`Error::Domain`] that names the parameter.
    pub fn check(&self, spins: usize) -> Result<()> {
        if spins == 0 {
            return Err(Error::NoSpins);
        }
        match *self {
            Self::Gaussian {
                mean,
                spread,
                symmetry,
            } => {
                require_finite("the mean coupling", mean)?;
                require_spread(spread)?;
                Error::require(
                    "the symmetry",
                    symmetry,
                    symmetry.abs() <= 1.0,
                    "a number from -1 to 1",
                )
            }
            Self::Diluted { mean, spread, degree } => {
                require_finite("the mean coupling", mean)?;
                require_spread(spread)?;
                let fits = degree > 0.0 && degree <= spins as f64;
                Error::require(
                    "the degree",
                    degree,
                    fits,
                    "more than 0 and at most the number of spins",
                )
            }
            Self::Patterns { patterns, sequence } => {
                require_finite("the strength of the sequence", sequence)?;
                Error::require(
                    "the number of patterns",
                    patterns as f64,
                    patterns > 0,
                    "at least 1",
                )
            }
            Self::Dale {
                excitatory,
                means,
                spread,
            } => {
                let part = (0.0..=1.0).contains(&excitatory);
                Error::require("the excitatory part", excitatory, part, "a number from 0 to 1")?;
                for mean in [means.0, means.1] {
                    Error::require(
                        "the mean coupling",
                        mean,
                        mean >= 0.0 && mean.is_finite(),
                        "a number of at least 0",
                    )?;
                }
                require_spread(spread)
            }
        }
    }

    /// Couplings of the draw with a number: the same seed and draw give the same couplings, whatever else is drawn.
    ///
    /// # Errors
    /// [`Error::Domain`], [`Error::NoSpins`].
    ///
    /// ```
    /// use irrev_ising::ensemble::{CouplingLaw, SelfCouplings};
    /// let law = CouplingLaw::Gaussian { mean: 1.0, spread: 0.5, symmetry: 0.0 };
    /// let couplings = law.draw(100, SelfCouplings::Removed, 1, 0)?;
    /// let mean = couplings.apply(&[1.0; 100]).iter().sum::<f64>() / 100.0;
    /// assert!((mean - 0.99).abs() < 0.25);                          // J₀ (1 − 1/N), 5 standard errors of ΔJ/√N
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn draw(&self, spins: usize, own: SelfCouplings, seed: u64, draw: u64) -> Result<Couplings> {
        self.check(spins)?;
        let mut stream = Stream::new(seed, Purpose::Disorder, 2 * draw);
        let n = spins as f64;
        let kept = |i: usize, j: usize| i != j || own == SelfCouplings::Kept;
        match *self {
            Self::Gaussian {
                mean,
                spread,
                symmetry,
            } => {
                let mut z = Matrix::zeros(spins, spins);
                for i in 0..spins {
                    for j in 0..spins {
                        z[(i, j)] = stream.normal();
                    }
                }
                if symmetry != 0.0 {
                    let rest = ((1.0 - symmetry) * (1.0 + symmetry)).sqrt();
                    for i in 0..spins {
                        for j in 0..i {
                            z[(i, j)] = symmetry * z[(j, i)] + rest * z[(i, j)];
                        }
                    }
                }
                Couplings::from_matrix(Matrix::from_fn(spins, spins, |i, j| {
                    if kept(i, j) {
                        mean / n + spread * z[(i, j)] / n.sqrt()
                    } else {
                        0.0
                    }
                }))
            }
            Self::Diluted { mean, spread, degree } => {
                let mut entries = Vec::new();
                for i in 0..spins {
                    for j in 0..spins {
                        if stream.uniform() < degree / n {
                            let value = mean / degree + spread * stream.normal() / degree.sqrt();
                            if kept(i, j) {
                                entries.push((i, j, value));
                            }
                        }
                    }
                }
                Couplings::from_triplets(spins, &entries)
            }
            Self::Patterns { patterns, sequence } => {
                let xi: Vec<Vec<f64>> = (0..patterns)
                    .map(|_| {
                        (0..spins)
                            .map(|_| if stream.uniform() < 0.5 { -1.0 } else { 1.0 })
                            .collect()
                    })
                    .collect();
                Couplings::from_matrix(Matrix::from_fn(spins, spins, |i, j| {
                    if !kept(i, j) {
                        return 0.0;
                    }
                    let terms = (0..patterns)
                        .map(|mu| (xi[mu][i] + sequence * xi[(mu + 1) % patterns][i]) * xi[mu][j]);
                    terms.sum::<f64>() / n
                }))
            }
            Self::Dale {
                excitatory,
                means,
                spread,
            } => {
                let exciting = (excitatory * n).round() as usize;
                let mut rows = vec![vec![0.0; spins]; spins];
                for (i, row) in rows.iter_mut().enumerate() {
                    for (j, value) in row.iter_mut().enumerate() {
                        let z = stream.normal();
                        let (mean, sign) = if j < exciting {
                            (means.0, 1.0)
                        } else {
                            (means.1, -1.0)
                        };
                        if kept(i, j) {
                            *value = sign * (mean / n + spread * z / n.sqrt()).abs();
                        }
                    }
                }
                Couplings::from_rows(&rows)
            }
        }
    }
}

impl FieldLaw {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`Error::Domain`] that names the parameter.
    pub fn check(&self) -> Result<()> {
        match *self {
            Self::Constant(field) => require_finite("the field", field),
            Self::Uniform { low, high } => {
                require_finite("the lowest field", low)?;
                Error::require(
                    "the highest field",
                    high,
                    high >= low && high.is_finite(),
                    "not less than the lowest",
                )
            }
            Self::Gaussian { mean, spread } => {
                require_finite("the mean field", mean)?;
                require_spread(spread)
            }
        }
    }

    /// Mean of the fields.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Constant(field) => field,
            Self::Uniform { low, high } => 0.5 * (low + high),
            Self::Gaussian { mean, .. } => mean,
        }
    }

    /// Fields of the draw with a number.
    ///
    /// # Errors
    /// [`Error::Domain`].
    pub fn draw(&self, spins: usize, seed: u64, draw: u64) -> Result<Vec<f64>> {
        self.check()?;
        let mut stream = Stream::new(seed, Purpose::Disorder, 2 * draw + 1);
        let mut one = || match *self {
            Self::Constant(field) => field,
            Self::Uniform { low, high } => low + (high - low) * stream.uniform(),
            Self::Gaussian { mean, spread } => mean + spread * stream.normal(),
        };
        Ok((0..spins).map(|_| one()).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn symmetry_one_gives_symmetric_couplings_and_minus_one_antisymmetric_disorder() {
        for (symmetry, sign) in [(1.0, 1.0), (-1.0, -1.0)] {
            let law = CouplingLaw::Gaussian {
                mean: 0.0,
                spread: 1.0,
                symmetry,
            };
            let j = law.draw(12, SelfCouplings::Removed, 3, 0).unwrap().to_matrix();
            for i in 0..12 {
                for k in 0..i {
                    assert_eq!(j[(i, k)], sign * j[(k, i)]);
                }
            }
        }
    }

    #[test]
    fn draws_have_the_variance_of_their_law() {
        // 5 σ: variance of a sample of 40,000 normal numbers is known to √(2/40000) = 0.7 %
        for law in [
            CouplingLaw::Gaussian {
                mean: 0.0,
                spread: 0.7,
                symmetry: 0.4,
            },
            CouplingLaw::Diluted {
                mean: 0.0,
                spread: 0.7,
                degree: 100.0,
            },
        ] {
            let j = law.draw(200, SelfCouplings::Kept, 1, 5).unwrap();
            let squares: f64 = (0..200)
                .flat_map(|i| j.received(i).collect::<Vec<_>>())
                .map(|(_, x)| x * x)
                .sum();
            // Σ J² = N ΔJ²
            assert!((squares / (200.0 * 0.49) - 1.0).abs() < 0.05, "{law:?} {squares}");
        }
    }

    #[test]
    fn a_spin_that_excites_never_inhibits() {
        let law = CouplingLaw::Dale {
            excitatory: 0.8,
            means: (1.0, 4.0),
            spread: 0.3,
        };
        let j = law.draw(50, SelfCouplings::Removed, 2, 0).unwrap();
        for from in 0..50 {
            let sign = if from < 40 { 1.0 } else { -1.0 };
            assert!(j.sent(from).all(|(_, value)| sign * value >= 0.0));
        }
    }

    #[test]
    fn wrong_parameters_are_named() {
        let law = CouplingLaw::Gaussian {
            mean: 1.0,
            spread: -0.5,
            symmetry: 0.0,
        };
        assert!(
            law.draw(3, SelfCouplings::Kept, 1, 0)
                .unwrap_err()
                .to_string()
                .contains("spread is -0.5")
        );
        assert!(FieldLaw::Uniform { low: 1.0, high: 0.0 }.check().is_err());
    }
}
