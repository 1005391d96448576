//! Memory of a bath as auxiliary variables: K(t) = 2γ δ(t) + a·e^{−A t} a.
//!
//! The generalised Langevin equation m v̇ = F − m ∫ K(t − s) v(s) ds + ξ with ⟨ξ(t) ξ(0)⟩ = m T K(|t|) is the motion of v with auxiliary variables s,
//!
//! ```text
//! dv = (F/m − γ v − a·s) dt + √(2γ T/m) dW,    ds = (a v − A s) dt + √(T/m) B dW,    B Bᵀ = A + Aᵀ.
//! ```
//!
//! In equilibrium s is normal with covariance T/m, independent of v. Noise with this covariance exists if and only if A + Aᵀ has no negative eigenvalue, which makes the kernel passive: the bath never
//! gives work in a cycle. Then A is also stable, or at the edge of it like a bath of oscillators without damping, whose kernel does not decay.
//!
//! K is in 1/time², γ in 1/time, a in 1/time, A in 1/time; the convention is that of [`crate::memory`], ⟨ξξ⟩ = ⟨v²⟩ K.
//!
//! Sources: H. Mori, Prog. Theor. Phys. 34, 399 (1965); M. Ceriotti, G. Bussi and M. Parrinello, J. Chem. Theory Comput. 6, 1170 (2010).

use irrev_numerics::linalg::{Matrix, exponential, symmetric_eigen};

use crate::error::{Error, Result};
use crate::memory::{ContinuedFraction, MarkovEmbedding};

/// Variables with less than this part of the largest variance are not driven.
const DRIVEN: f64 = 1e-14;

/// A damped cosine c e^{−a t} cos(ω t + φ) of a kernel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DampedCosine {
    /// c, in 1/time².
    pub amplitude: f64,
    /// a, in 1/time.
    pub rate: f64,
    /// ω, in radians per time.
    pub frequency: f64,
    /// φ, in radians; |ω tan φ| ≤ a for a passive term.
    pub phase: f64,
}

/// The kernel of one coordinate's bath: white friction γ and auxiliary variables.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryKernel {
    friction: f64,
    coupling: Vec<f64>,
    drift: Matrix,
}

impl MemoryKernel {
    /// White friction alone: K = 2γ δ(t).
    ///
    /// # Errors
    /// [`Error::Domain`] unless γ is zero or positive.
    pub fn white(friction: f64) -> Result<Self> {
        Error::require(
            "the white friction of a memory",
            friction,
            friction >= 0.0 && friction.is_finite(),
            "zero or a positive number",
        )?;
        Ok(Self {
            friction,
            coupling: Vec::new(),
            drift: Matrix::zeros(0, 0),
        })
    }

    /// K = a·e^{−A t} a from the coupling a and the drift A of the auxiliary variables, in coordinates in which their covariance in equilibrium is T/m times the unit matrix.
    ///
    /// ```
    /// use irrev_landscape::langevin::MemoryKernel;
    /// use irrev_numerics::linalg::Matrix;
    /// // one auxiliary variable, and white friction beside it
    /// let kernel = MemoryKernel::general(vec![2.0], Matrix::from_columns(1, vec![0.5]))?.plus(&MemoryKernel::white(0.1)?);
    /// assert!((kernel.at(1.0) - 4.0 * (-0.5_f64).exp()).abs() < 1e-14 && kernel.friction() == 0.1);
    /// // a negative rate has no noise
    /// assert!(MemoryKernel::general(vec![2.0], Matrix::from_columns(1, vec![-0.5])).is_err());
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::ActiveMemory`] if A + Aᵀ has a negative eigenvalue; [`Error::Domain`] for entries that are not finite.
    pub fn general(coupling: Vec<f64>, drift: Matrix) -> Result<Self> {
        let k = coupling.len();
        Error::require_size("the rows of an auxiliary drift", drift.rows(), k)?;
        Error::require_size("the columns of an auxiliary drift", drift.columns(), k)?;
        for &entry in drift.data().iter().chain(&coupling) {
            Error::require(
                "an entry of a memory",
                entry,
                entry.is_finite(),
                "a finite number",
            )?;
        }
        if k == 0 {
            return Self::white(0.0);
        }
        let noise = Matrix::from_fn(k, k, |i, j| drift[(i, j)] + drift[(j, i)]);
        let least = symmetric_eigen(&noise)?.values.first().copied().unwrap_or(0.0);
        if least < -64.0 * f64::EPSILON * k as f64 * drift.norm_one() {
            return Err(Error::ActiveMemory { eigenvalue: least });
        }
        Ok(Self {
            friction: 0.0,
            coupling,
            drift,
        })
    }

    /// K = Σ c_j e^{−a_j t}, an auxiliary variable each.
    ///
    /// ```
    /// use irrev_landscape::langevin::MemoryKernel;
    /// let kernel = MemoryKernel::exponentials(&[3.0, 0.5], &[1.5, 0.2])?;
    /// assert!((kernel.at(0.7) - (3.0 * (-1.05_f64).exp() + 0.5 * (-0.14_f64).exp())).abs() < 1e-14);
    /// assert!(MemoryKernel::exponentials(&[-1.0], &[1.0]).is_err());
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::Domain`] for an amplitude that is negative; [`Error::ActiveMemory`] for a rate that is.
    pub fn exponentials(amplitudes: &[f64], rates: &[f64]) -> Result<Self> {
        Error::require_size("the rates of exponentials", rates.len(), amplitudes.len())?;
        for &c in amplitudes {
            require_amplitude(c)?;
        }
        let drift = Matrix::from_fn(
            rates.len(),
            rates.len(),
            |i, j| if i == j { rates[i] } else { 0.0 },
        );
        Self::general(amplitudes.iter().map(|c| c.sqrt()).collect(), drift)
    }

    /// K = Σ c_j e^{−a_j t} cos(ω_j t + φ_j), two auxiliary variables each.
    ///
    /// A term is the continued fraction D/(s + g₁ + E/(s + g₂)) with g₁ = a + ω tan φ, g₂ = a − ω tan φ, E = ω²/cos² φ and D = c cos φ, passive if and only if D, g₁ and g₂ are not negative. A sum may be
    /// passive although some term is not; bring such a sum into the form of [`Self::general`].
    ///
    /// ```
    /// use irrev_landscape::langevin::{DampedCosine, MemoryKernel};
    /// let term = DampedCosine { amplitude: 2.0, rate: 0.4, frequency: 3.0, phase: 0.1 };
    /// let kernel = MemoryKernel::damped_cosines(&[term])?;
    /// assert!((kernel.at(0.5) - 2.0 * (-0.2_f64).exp() * 1.6_f64.cos()).abs() < 1e-14);
    /// assert!(MemoryKernel::damped_cosines(&[DampedCosine { phase: 0.2, ..term }]).is_err());        // 3 tan 0.2 > 0.4
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] for c cos φ < 0, [`Error::ActiveMemory`] for |ω tan φ| > a.
    pub fn damped_cosines(terms: &[DampedCosine]) -> Result<Self> {
        let mut kernel = Self::white(0.0)?;
        for term in terms {
            let strength = term.amplitude * term.phase.cos();
            require_amplitude(strength)?;
            let (lean, inner) = (
                term.frequency * term.phase.tan(),
                term.frequency / term.phase.cos(),
            );
            let drift = Matrix::from_columns(2, vec![term.rate + lean, -inner, inner, term.rate - lean]);
            kernel = kernel.plus(&Self::general(vec![strength.sqrt(), 0.0], drift)?);
        }
        Ok(kernel)
    }

    /// The kernel of a continued fraction, as [`crate::memory::ContinuedFraction`] writes it: A is its Jacobi matrix, a = (√D₁, 0, …).
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Domain`] for a negative strength, [`Error::ActiveMemory`] for a kernel with a growing term.
    pub fn continued_fraction(fraction: &ContinuedFraction) -> Result<Self> {
        let n = fraction.strengths.len();
        Error::require_size("the rates of a continued fraction", fraction.rates.len(), n)?;
        for &strength in &fraction.strengths {
            require_amplitude(strength)?;
        }
        let drift = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => fraction.rates[i],
            1 => -fraction.strengths[i.max(j)].sqrt(),
            _ => 0.0,
        });
        let first = |i: usize| if i == 0 { fraction.strengths[0].sqrt() } else { 0.0 };
        Self::general((0..n).map(first).collect(), drift)
    }

    /// The kernel of the variables of a [`MarkovEmbedding`], as of a passive fit, in coordinates in which they are independent; those that nothing drives are left out.
    ///
    /// ```
    /// use irrev_landscape::langevin::MemoryKernel;
    /// use irrev_landscape::memory::passive_fit_of_values;
    /// use irrev_numerics::Run;
    /// let times: Vec<f64> = (0..100).map(|k| 0.05 * f64::from(k)).collect();
    /// let values: Vec<f64> = times.iter().map(|t| 2.0 * (-0.4 * t).exp() * (3.0 * t).cos()).collect();
    /// let fit = passive_fit_of_values(&times, &values, 2, 1e-3, &Run::default())?;
    /// let kernel = MemoryKernel::embedded(&fit.embedding(0.7)?)?;
    /// assert!((kernel.at(1.0) - fit.kernel.at(1.0)).abs() < 1e-6);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Numerics`] if the covariance cannot be diagonalised; [`Error::Domain`] for entries that are not finite.
    pub fn embedded(embedding: &MarkovEmbedding) -> Result<Self> {
        let n = embedding.order();
        let scale = embedding.covariance[(0, 0)];
        // ⟨z zᵀ⟩/⟨v²⟩ = L Lᵀ and z = −L s
        let covariance = Matrix::from_fn(n, n, |i, j| embedding.covariance[(i + 1, j + 1)] / scale);
        let spectrum = symmetric_eigen(&covariance)?;
        let largest = spectrum.values.last().copied().unwrap_or(0.0);
        let driven: Vec<usize> = (0..n)
            .filter(|k| spectrum.values[*k] > DRIVEN * largest)
            .collect();
        let root = |k: usize| spectrum.values[k].sqrt();
        let load = |k: usize| -> f64 {
            let along = (0..n).map(|i| spectrum.vectors[(i, k)] * embedding.noise[(i + 1, 0)]);
            along.sum::<f64>() / (root(k) * scale.sqrt())
        };
        let turned = |k: usize, l: usize| -> f64 {
            let through = |i: usize| -> f64 {
                let row = (0..n).map(|j| embedding.drift[(i + 1, j + 1)] * spectrum.vectors[(j, l)]);
                row.sum()
            };
            let along = (0..n).map(|i| spectrum.vectors[(i, k)] * through(i));
            along.sum::<f64>() * root(l) / root(k)
        };
        let m = driven.len();
        let loads: Vec<f64> = driven.iter().map(|k| load(*k)).collect();
        let whole = Matrix::from_fn(m, m, |i, j| turned(driven[i], driven[j]));
        // A + Aᵀ = b bᵀ holds up to rounding, and must not fail by it
        let drift = Matrix::from_fn(m, m, |i, j| {
            0.5 * (whole[(i, j)] - whole[(j, i)] + loads[i] * loads[j])
        });
        let coupling = driven.iter().map(|k| {
            let along = (0..n).map(|i| spectrum.vectors[(i, *k)] * -embedding.drift[(0, i + 1)]);
            root(*k) * along.sum::<f64>()
        });
        Self::general(coupling.collect(), drift)
    }

    /// The sum of two kernels: of both baths at once.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let (k, n) = (self.coupling.len(), self.coupling.len() + other.coupling.len());
        Self {
            friction: self.friction + other.friction,
            coupling: self.coupling.iter().chain(&other.coupling).copied().collect(),
            drift: Matrix::from_fn(n, n, |i, j| match (i < k, j < k) {
                (true, true) => self.drift[(i, j)],
                (false, false) => other.drift[(i - k, j - k)],
                _ => 0.0,
            }),
        }
    }

    /// Number of auxiliary variables.
    #[must_use]
    pub fn auxiliaries(&self) -> usize {
        self.coupling.len()
    }

    /// a, the coupling of the auxiliary variables to the velocity, in 1/time.
    #[must_use]
    pub fn coupling(&self) -> &[f64] {
        &self.coupling
    }

    /// A, the drift of the auxiliary variables, in 1/time.
    #[must_use]
    pub fn drift(&self) -> &Matrix {
        &self.drift
    }

    /// γ of the white part.
    #[must_use]
    pub fn friction(&self) -> f64 {
        self.friction
    }

    /// K(t) at t > 0, without the white part.
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        if self.coupling.is_empty() {
            return 0.0;
        }
        let decayed = exponential(&self.drift.clone().scaled(-t)).apply_to(&self.coupling);
        self.coupling.iter().zip(&decayed).map(|(a, s)| a * s).sum()
    }

    /// The drift of (v, s): d(v, s) = −A' (v, s) dt + noise.
    pub(super) fn whole_drift(&self) -> Matrix {
        let n = self.coupling.len() + 1;
        Matrix::from_fn(n, n, |i, j| match (i, j) {
            (0, 0) => self.friction,
            (0, j) => self.coupling[j - 1],
            (i, 0) => -self.coupling[i - 1],
            (i, j) => self.drift[(i - 1, j - 1)],
        })
    }
}

fn require_amplitude(c: f64) -> Result<()> {
    Error::require(
        "the amplitude of a memory term",
        c,
        c >= 0.0 && c.is_finite(),
        "zero or a positive number: with another the term is not passive, and noise of its covariance does not exist",
    )
}
