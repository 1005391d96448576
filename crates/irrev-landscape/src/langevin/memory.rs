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

    /// The kernel of an embedding, such as that of a kernel fitted to a recording: its variables in coordinates in which their covariance is ⟨v²⟩ times the unit matrix.
    ///
    /// ```
    /// use irrev_landscape::langevin::MemoryKernel;
    /// use irrev_landscape::memory::{PronyKernel, PronyTerm};
    /// let term = PronyTerm { amplitude: 2.0, rate: 0.4, frequency: 3.0, phase: 0.1 };
    /// let found = PronyKernel::new(vec![term])?;
    /// let kernel = MemoryKernel::embedded(&found.embedding(0.7)?)?;
    /// assert!((kernel.at(0.5) - found.at(0.5)).abs() < 1e-12);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Numerics`] for a covariance that is not positive definite, [`Error::ActiveMemory`] if rounding leaves no noise.
    pub fn embedded(embedding: &MarkovEmbedding) -> Result<Self> {
        let n = embedding.order();
        let unit = embedding.covariance[(0, 0)];
        let covariance = Matrix::from_fn(n, n, |i, j| embedding.covariance[(i + 1, j + 1)] / unit);
        // Σ = R Rᵀ with R = U √D: z = R s
        let spectrum = symmetric_eigen(&covariance)?;
        let lengths: Vec<f64> = spectrum
            .values
            .iter()
            .map(|value| value.max(0.0).sqrt())
            .collect();
        for &length in &lengths {
            Error::require(
                "the root of an eigenvalue of the covariance of an embedding",
                length,
                length > 0.0 && length.is_finite(),
                "a positive number: variables that move independently",
            )?;
        }
        let inner = Matrix::from_fn(n, n, |i, j| embedding.drift[(i + 1, j + 1)]);
        let vectors = &spectrum.vectors;
        let turned: Vec<Vec<f64>> = (0..n)
            .map(|b| inner.apply_to(&(0..n).map(|i| vectors[(i, b)]).collect::<Vec<_>>()))
            .collect();
        let along = |a: usize, column: &[f64]| -> f64 { (0..n).map(|i| vectors[(i, a)] * column[i]).sum() };
        let scaled = |a: usize, b: usize| along(a, &turned[b]) * lengths[b] / lengths[a];
        // A + Aᵀ = B Bᵀ there: rounding must not leave less noise than none
        let noise: Vec<f64> = (0..n)
            .map(|i| embedding.noise[(i + 1, 0)] / unit.sqrt())
            .collect();
        let load: Vec<f64> = (0..n).map(|a| along(a, &noise) / lengths[a]).collect();
        let drift = Matrix::from_fn(n, n, |a, b| {
            0.5 * (load[a] * load[b] + scaled(a, b) - scaled(b, a))
        });
        // ξ = c·z = (Rᵀ c)·s, and Σ c drives z: the same a drives s
        let out: Vec<f64> = (0..n).map(|j| -embedding.drift[(0, j + 1)]).collect();
        Self::general((0..n).map(|a| along(a, &out) * lengths[a]).collect(), drift)
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
