//! Polynomials on [0, 1] in Chebyshev's basis: as many terms as a smooth function needs.

use std::f64::consts::PI;

/// Σ_k c_k T_k(2x − 1) on [0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polynomial {
    coefficients: Vec<f64>,
}

/// The last coefficients of a resolved function are below this part of the largest one, which values with a relative error of 1e-14 reach.
const RESOLVED: f64 = 4e-14;

/// Coefficients below this part of the largest one are not worth keeping.
const NEGLIGIBLE: f64 = 1e-16;

/// Degrees tried by [`Polynomial::fitted`], each twice the one before so that values are used again.
const DEGREES: std::ops::RangeInclusive<u32> = 4..=9;

/// Extrema of T_n mapped to [0, 1], descending from 1 to 0.
fn nodes(degree: usize) -> impl Iterator<Item = f64> {
    // sin² of half the angle keeps the digits of points near 0
    (0..=degree).map(move |j| (0.5 * PI * (degree - j) as f64 / degree as f64).sin().powi(2))
}

/// η = sinh(bζ)/sinh b from [0, 1] to itself: places for what changes within a short distance of 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    b: f64,
}

impl Stretch {
    /// For functions of η with poles at about ±i/sharpness.
    pub(crate) fn for_sharpness(sharpness: f64) -> Self {
        Self {
            b: sharpness.asinh().max(0.5),
        }
    }

    /// η.
    pub(crate) fn at(&self, zeta: f64) -> f64 {
        (self.b * zeta).sinh() / self.b.sinh()
    }

    /// dη/dζ.
    pub(crate) fn slope(&self, zeta: f64) -> f64 {
        self.b * (self.b * zeta).cosh() / self.b.sinh()
    }

    /// (1 − η)/(1 − ζ), without cancellation at 1.
    pub(crate) fn secant(&self, zeta: f64) -> f64 {
        let rest = 1.0 - zeta;
        if rest == 0.0 {
            return self.slope(1.0);
        }
        let half = 0.5 * self.b;
        2.0 * (half * (1.0 + zeta)).cosh() * (half * rest).sinh() / (rest * self.b.sinh())
    }

    /// ζ of η.
    pub(crate) fn inverse(&self, eta: f64) -> f64 {
        ((eta * self.b.sinh()).asinh() / self.b).min(1.0)
    }
}

impl Polynomial {
    /// Interpolates f, with the degree doubled until the last coefficients are negligible (or at 512).
    pub(crate) fn fitted(f: impl Fn(f64) -> f64) -> Self {
        let mut degree = 1 << DEGREES.start();
        let mut values: Vec<f64> = nodes(degree).map(&f).collect();
        loop {
            let polynomial = Self::through(&values);
            if polynomial.resolved() || degree >= 1 << DEGREES.end() {
                return polynomial.trimmed();
            }
            degree *= 2;
            let known = values;
            values = nodes(degree)
                .enumerate()
                .map(|(j, x)| if j % 2 == 0 { known[j / 2] } else { f(x) })
                .collect();
        }
    }

    /// The same everywhere.
    pub(crate) fn constant(value: f64) -> Self {
        Self {
            coefficients: vec![value],
        }
    }

    /// From values at the nodes of degree `values.len() − 1`.
    fn through(values: &[f64]) -> Self {
        let degree = values.len() - 1;
        let cosines: Vec<f64> = (0..2 * degree)
            .map(|j| (PI * j as f64 / degree as f64).cos())
            .collect();
        let end = |j: usize| if j == 0 || j == degree { 0.5 } else { 1.0 };
        let coefficients = (0..=degree)
            .map(|k| {
                let terms = values.iter().enumerate();
                let sum: f64 = terms
                    .map(|(j, v)| end(j) * v * cosines[j * k % (2 * degree)])
                    .sum();
                2.0 / degree as f64 * end(k) * sum
            })
            .collect();
        Self { coefficients }
    }

    fn largest(&self) -> f64 {
        self.coefficients.iter().fold(0.0, |m: f64, c| m.max(c.abs()))
    }

    fn resolved(&self) -> bool {
        let tail = self.coefficients.len() - self.coefficients.len() / 6 - 2;
        let bound = RESOLVED * self.largest();
        self.coefficients[tail..].iter().all(|c| c.abs() <= bound)
    }

    fn trimmed(mut self) -> Self {
        let bound = NEGLIGIBLE * self.largest();
        while self.coefficients.len() > 2 && self.coefficients.last().is_some_and(|c| c.abs() <= bound) {
            self.coefficients.pop();
        }
        self
    }

    /// Value at x in [0, 1], by Clenshaw's recurrence.
    #[inline]
    pub(crate) fn at(&self, x: f64) -> f64 {
        let u = 2.0 * (2.0 * x - 1.0);
        let (mut b1, mut b2) = (0.0, 0.0);
        for c in self.coefficients.iter().skip(1).rev() {
            (b1, b2) = (c + u * b1 - b2, b1);
        }
        self.coefficients[0] + 0.5 * u * b1 - b2
    }

    /// ∫₀ˣ as a polynomial.
    pub(crate) fn integral(&self) -> Self {
        let n = self.coefficients.len();
        let c = |k: usize| self.coefficients.get(k).copied().unwrap_or(0.0);
        let mut coefficients = vec![0.0; n + 1];
        // dx = dt/2 for t = 2x − 1
        coefficients[1] = 0.5 * (c(0) - 0.5 * c(2));
        for (k, b) in coefficients.iter_mut().enumerate().skip(2) {
            *b = 0.25 * (c(k - 1) - c(k + 1)) / k as f64;
        }
        let alternating = coefficients.iter().enumerate().skip(1);
        coefficients[0] = -alternating
            .map(|(k, b)| if k % 2 == 0 { *b } else { -b })
            .sum::<f64>();
        Self { coefficients }
    }

    /// [p(x) − p(1)]/(1 − x), the quotient that stays smooth where both vanish.
    pub(crate) fn divided_at_one(&self) -> Self {
        let n = self.coefficients.len();
        // with 1 − x = (1 − t)/2: 2c_k = d_k − (d_{k−1} + d_{k+1})/2, from the highest term down
        let mut d = vec![0.0; n + 1];
        for k in (1..n).rev() {
            d[k - 1] = 2.0 * d[k] - d[k + 1] - 4.0 * self.coefficients[k];
        }
        // the constant stands once, not twice, in what multiplies by t
        d[0] *= 0.5;
        d.truncate((n - 1).max(1));
        Self { coefficients: d }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_function_is_fitted_integrated_and_differentiated() {
        let p = Polynomial::fitted(|x| (3.0 * x).exp());
        let (integral, quotient) = (p.integral(), p.divided_at_one());
        for x in [0.0, 0.1, 0.77, 1.0] {
            let exact = f64::exp(3.0 * x);
            assert!((p.at(x) / exact - 1.0).abs() < 2e-14);
            assert!((integral.at(x) - (exact - 1.0) / 3.0).abs() < 1e-14);
            let expected = (exact - f64::exp(3.0)) / (1.0 - x);
            assert!(x == 1.0 || (quotient.at(x) - expected).abs() < 1e-12, "{x}");
        }
        assert!(
            (quotient.at(1.0) + 3.0 * f64::exp(3.0)).abs() < 1e-10,
            "{}",
            quotient.at(1.0) + 3.0 * f64::exp(3.0)
        );
        let narrow = Polynomial::fitted(|x| x / (x * x + 1e-3).sqrt());
        assert!((narrow.at(0.02) - 0.02 / (4e-4_f64 + 1e-3).sqrt()).abs() < 1e-14);
        assert_eq!(Polynomial::fitted(|_| 0.0).at(0.3), 0.0);
    }
}
