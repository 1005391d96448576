//! Anything that maps vectors to vectors linearly: the one type parameter of the house is its scalar.

use num_complex::Complex64;

/// Real or complex double-precision scalar.
pub trait Scalar:
    Copy
    + Send
    + Sync
    + PartialEq
    + std::fmt::Debug
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + std::ops::Neg<Output = Self>
    + std::ops::AddAssign
    + std::iter::Sum
    + 'static
{
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;
    /// A real number as this scalar.
    fn from_real(x: f64) -> Self;
    /// Complex conjugate.
    fn conjugate(self) -> Self;
    /// Modulus.
    fn modulus(self) -> f64;
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    fn from_real(x: f64) -> Self {
        x
    }
    fn conjugate(self) -> Self {
        self
    }
    fn modulus(self) -> f64 {
        self.abs()
    }
}

impl Scalar for Complex64 {
    const ZERO: Self = Self::new(0.0, 0.0);
    const ONE: Self = Self::new(1.0, 0.0);
    fn from_real(x: f64) -> Self {
        Self::new(x, 0.0)
    }
    fn conjugate(self) -> Self {
        self.conj()
    }
    fn modulus(self) -> f64 {
        self.norm()
    }
}

/// A square linear map x ↦ A x on vectors of a fixed length.
pub trait LinearOperator<T: Scalar = f64>: Sync {
    /// Length of the vectors.
    fn dimension(&self) -> usize;
    /// Writes A x into y. Both have length [`Self::dimension`]; the old contents of y do not matter.
    fn apply(&self, x: &[T], y: &mut [T]);
}

/// Euclidean norm.
#[must_use]
pub fn norm<T: Scalar>(x: &[T]) -> f64 {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.modulus()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest
        * x.iter()
            .map(|v| (v.modulus() / largest).powi(2))
            .sum::<f64>()
            .sqrt()
}

/// Inner product ⟨x, y⟩ = Σ conj(xᵢ) yᵢ.
#[must_use]
pub fn inner<T: Scalar>(x: &[T], y: &[T]) -> T {
    x.iter().zip(y).map(|(a, b)| a.conjugate() * *b).sum()
}
