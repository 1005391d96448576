//! Kernels that are sums of damped oscillations.

use num_complex::Complex64;

use super::continued_fraction::ContinuedFraction;
use super::embedding::{MarkovEmbedding, embedding_of, realisation};
use super::passivity::{Passivity, passivity};
use crate::error::{Error, Result};

/// c e^{−at} cos(wt + φ).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PronyTerm {
    /// c, in 1/time².
    pub amplitude: f64,
    /// a > 0, in 1/time.
    pub rate: f64,
    /// w ≥ 0, in 1/time; 0 for a plain exponential.
    pub frequency: f64,
    /// φ, in radians.
    pub phase: f64,
}

/// K(t) = Σ c_j e^{−a_j t} cos(w_j t + φ_j).
///
/// ```
/// use irrev_landscape::memory::{PronyKernel, PronyTerm};
/// let kernel = PronyKernel::new(vec![PronyTerm { amplitude: 3.0, rate: 1.5, frequency: 0.0, phase: 0.0 }])?;
/// assert!((kernel.at(2.0) - 3.0 * (-3.0_f64).exp()).abs() < 1e-15);
/// assert!((kernel.spectrum(0.0) - 2.0).abs() < 1e-15);                       // ∫₀^∞ K dt, the friction
/// assert!(kernel.passivity()?.certified());
/// // a negative friction at low frequencies is no memory of an equilibrium bath
/// let active = PronyKernel::new(vec![
///     PronyTerm { amplitude: 2.0, rate: 2.0, frequency: 0.0, phase: 0.0 },
///     PronyTerm { amplitude: -1.0, rate: 0.5, frequency: 0.0, phase: 0.0 },
/// ])?;
/// assert!(active.passivity()?.least.1 < 0.0 && active.embedding(1.0).is_err());
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PronyKernel {
    terms: Vec<PronyTerm>,
}

/// R e^{−λt} and, for an oscillation, its complex conjugate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mode {
    pub(super) pole: Complex64,
    pub(super) residue: Complex64,
}

impl Mode {
    pub(super) fn oscillates(&self) -> bool {
        self.pole.im != 0.0
    }
}

impl PronyKernel {
    /// A sum of these terms.
    ///
    /// # Errors
    /// [`Error::Domain`] for a rate that is not positive, a frequency that is negative, or an amplitude or phase that is no number; [`Error::Empty`] without a
    /// term.
    pub fn new(terms: Vec<PronyTerm>) -> Result<Self> {
        if terms.is_empty() {
            return Err(Error::Empty {
                what: "the list of terms of a kernel",
                way_out: "give at least one",
            });
        }
        for term in &terms {
            let finite = |x: f64| x.is_finite();
            let positive = term.rate > 0.0 && finite(term.rate);
            Error::require("the rate of a term", term.rate, positive, "a positive number")?;
            let frequency = term.frequency >= 0.0 && finite(term.frequency);
            Error::require(
                "the frequency of a term",
                term.frequency,
                frequency,
                "0 or a positive number",
            )?;
            Error::require(
                "the amplitude of a term",
                term.amplitude,
                finite(term.amplitude),
                "a finite number",
            )?;
            Error::require(
                "the phase of a term",
                term.phase,
                finite(term.phase),
                "a finite number",
            )?;
        }
        Ok(Self { terms })
    }

    pub(super) fn from_modes(modes: &[Mode]) -> Result<Self> {
        let term = |mode: &Mode| {
            if mode.oscillates() {
                // 2 Re[R e^{−(a − iw)t}]
                PronyTerm {
                    amplitude: 2.0 * mode.residue.norm(),
                    rate: mode.pole.re,
                    frequency: -mode.pole.im,
                    phase: mode.residue.arg(),
                }
            } else {
                PronyTerm {
                    amplitude: mode.residue.re,
                    rate: mode.pole.re,
                    frequency: 0.0,
                    phase: 0.0,
                }
            }
        };
        Self::new(modes.iter().map(term).collect())
    }

    pub(super) fn modes(&self) -> Vec<Mode> {
        self.terms
            .iter()
            .map(|term| {
                let (a, w) = (term.rate, term.frequency);
                let full = Complex64::from_polar(term.amplitude, term.phase);
                if w > 0.0 {
                    Mode {
                        pole: Complex64::new(a, -w),
                        residue: 0.5 * full,
                    }
                } else {
                    Mode {
                        pole: Complex64::new(a, 0.0),
                        residue: Complex64::new(full.re, 0.0),
                    }
                }
            })
            .collect()
    }

    /// Its terms.
    #[must_use]
    pub fn terms(&self) -> &[PronyTerm] {
        &self.terms
    }

    /// Number of variables that carry the memory: one for an exponential, two for an oscillation.
    #[must_use]
    pub fn order(&self) -> usize {
        self.terms
            .iter()
            .map(|term| 1 + usize::from(term.frequency > 0.0))
            .sum()
    }

    /// K(t), t ≥ 0.
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        self.terms
            .iter()
            .map(|term| term.amplitude * (-term.rate * t).exp() * (term.frequency * t + term.phase).cos())
            .sum()
    }

    /// Re ∫₀^∞ K e^{−iωt} dt, half the spectrum of the random force over ⟨ṙ²⟩; the friction at ω = 0.
    #[must_use]
    pub fn spectrum(&self, frequency: f64) -> f64 {
        let s = Complex64::new(0.0, frequency);
        self.modes()
            .iter()
            .map(|mode| {
                let one = mode.residue / (s + mode.pole);
                if mode.oscillates() {
                    (one + mode.residue.conj() / (s + mode.pole.conj())).re
                } else {
                    one.re
                }
            })
            .sum()
    }

    /// K(s) = ∫₀^∞ K e^{−st} dt, s ≥ 0.
    #[must_use]
    pub fn transform(&self, s: f64) -> f64 {
        self.terms
            .iter()
            .map(|term| {
                let (a, w, (sin, cos)) = (term.rate + s, term.frequency, term.phase.sin_cos());
                term.amplitude * (cos * a - sin * w) / (a * a + w * w)
            })
            .sum()
    }

    /// Whether the spectrum is nowhere negative, with bounds on its least value over all frequencies.
    ///
    /// # Errors
    /// [`Error::Numerics`] if the bounds do not meet.
    pub fn passivity(&self) -> Result<Passivity> {
        passivity(&self.modes())
    }

    /// Variables that carry this memory and make its random force at a given ⟨ṙ²⟩.
    ///
    /// # Errors
    /// [`Error::NotPassive`] unless the spectrum is positive at all frequencies, also relative to its decay at high ones; [`Error::Domain`] if ⟨ṙ²⟩ is not
    /// positive or two terms have the same rate and frequency.
    pub fn embedding(&self, mean_square_velocity: f64) -> Result<MarkovEmbedding> {
        embedding_of(&self.modes(), &self.passivity()?, mean_square_velocity)
    }

    /// K(s) = D₁/(s + g₁ − D₂/(s + g₂ − …)), by Lanczos' recurrence from both sides. Strengths may be negative where the kernel oscillates.
    ///
    /// ```
    /// use irrev_landscape::memory::{PronyKernel, PronyTerm};
    /// let kernel = PronyKernel::new(vec![PronyTerm { amplitude: 2.0, rate: 0.4, frequency: 3.0, phase: 0.0 }])?;
    /// let fraction = kernel.continued_fraction()?;
    /// // 2 (s + 0.4)/((s + 0.4)² + 9)
    /// assert!((fraction.transform(1.0) - 2.0 * 1.4 / (1.96 + 9.0)).abs() < 1e-14 && fraction.strengths[1] < 0.0);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BreaksOff`] where a strength so nearly vanishes that less than some eight digits of K(s) are left.
    pub fn continued_fraction(&self) -> Result<ContinuedFraction> {
        /// Largest deviation of the transform relative to Σ|c_j|/s.
        const ALLOWED: f64 = 1e-8;
        let modes = self.modes();
        let fraction = fraction_of(&modes);
        let speeds = || modes.iter().map(|mode| mode.pole.norm());
        let (slowest, fastest) = (
            speeds().fold(f64::INFINITY, f64::min),
            speeds().fold(0.0, f64::max),
        );
        let size: f64 = modes.iter().map(|mode| 2.0 * mode.residue.norm()).sum();
        // K(s) is smooth between its poles, which are at −a_j ± iω_j
        let points = 24;
        for k in 0..=points {
            let s = 0.1 * slowest * (100.0 * fastest / slowest).powf(f64::from(k) / f64::from(points));
            let error = (fraction.transform(s) - self.transform(s)).abs() * s / size;
            if !(error <= ALLOWED) {
                return Err(Error::BreaksOff { s, error });
            }
        }
        Ok(fraction)
    }
}

/// Lanczos' recurrence from both sides.
fn fraction_of(modes: &[Mode]) -> ContinuedFraction {
    /// A next strength below this part of the squared fastest pole is rounding: the fraction ends.
    const ENDED: f64 = 1e-13;
    let (drift, mut left) = realisation(modes);
    let transposed = drift.transposed();
    let mut right: Vec<f64> = modes
        .iter()
        .flat_map(|mode| {
            let second = mode.oscillates().then_some(mode.residue.im);
            std::iter::once(mode.residue.re).chain(second)
        })
        .collect();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let fastest = modes
        .iter()
        .fold(0.0, |most: f64, mode| most.max(mode.pole.norm()));
    let mut fraction = ContinuedFraction {
        strengths: Vec::new(),
        rates: Vec::new(),
    };
    let mut pairs: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut strength = dot(&left, &right);
    for _ in 0..right.len() {
        let size = dot(&left, &left).sqrt() * dot(&right, &right).sqrt();
        let least = if pairs.is_empty() {
            0.0
        } else {
            ENDED * fastest * fastest
        };
        if !(strength.abs() > least) || strength.abs() <= f64::EPSILON * size {
            break;
        }
        left.iter_mut().for_each(|x| *x /= strength);
        let ahead = drift.apply_to(&right);
        fraction.strengths.push(strength);
        fraction.rates.push(dot(&left, &ahead));
        let behind = transposed.apply_to(&left);
        pairs.push((left, right));
        (left, right) = (behind, ahead);
        // twice: the second time takes out what rounding left
        for _ in 0..2 {
            for (dual, vector) in &pairs {
                let part = dot(dual, &right);
                right.iter_mut().zip(vector).for_each(|(x, v)| *x -= part * v);
                let part = dot(vector, &left);
                left.iter_mut().zip(dual).for_each(|(x, v)| *x -= part * v);
            }
        }
        strength = dot(&left, &right);
    }
    fraction
}
