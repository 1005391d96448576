//! Polynomials on [0, 1] in Chebyshev's basis: as many terms as a smooth function needs.

use std::f64::consts::PI;

/// Σ_k c_k T_k(2x − 1) on [0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polynomial {
    coefficients: Vec<f64>,
}

/// Coefficients below this part of the largest one are rounding.
const NEGLIGIBLE: f64 = 4e-16;

/// Degrees tried by [`Polynomial::fitted`], each twice the one before so that values are used again.
const DEGREES: std::ops::RangeInclusive<u32> = 4..=11;

/// Extrema of T_n mapped to [0, 1], descending from 1 to 0.
fn nodes(degree: usize) -> impl Iterator<Item = f64> {
    // sin² of half the angle keeps the digits of points near 0
    (0..=degree).map(move |j| (0.5 * PI * (degree - j) as f64 / degree as f64).sin().powi(2))
}

impl Polynomial {
    /// Interpolates f, with the degree doubled until the last coefficients are negligible (or at 2048).
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

    /// Interpolates f with a given degree.
    pub(crate) fn of_degree(degree: usize, f: impl Fn(f64) -> f64) -> Self {
        let values: Vec<f64> = nodes(degree.max(1)).map(f).collect();
        Self::through(&values)
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
        let bound = 16.0 * NEGLIGIBLE * self.largest();
        self.coefficients[tail..].iter().all(|c| c.abs() <= bound)
    }

    fn trimmed(mut self) -> Self {
        let bound = 0.1 * NEGLIGIBLE * self.largest();
        while self.coefficients.len() > 2 && self.coefficients.last().is_some_and(|c| c.abs() <= bound) {
            self.coefficients.pop();
        }
        self
    }

    /// Degree.
    pub(crate) fn degree(&self) -> usize {
        self.coefficients.len() - 1
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

    /// The derivative.
    pub(crate) fn derivative(&self) -> Self {
        let n = self.coefficients.len();
        let mut d = vec![0.0; n + 1];
        for k in (0..n - 1).rev() {
            d[k] = d[k + 2] + 4.0 * (k + 1) as f64 * self.coefficients[k + 1];
        }
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
        let (integral, slope) = (p.integral(), p.derivative());
        for x in [0.0, 0.1, 0.77, 1.0] {
            let exact = f64::exp(3.0 * x);
            assert!((p.at(x) / exact - 1.0).abs() < 2e-14);
            assert!((integral.at(x) - (exact - 1.0) / 3.0).abs() < 1e-14);
            assert!((slope.at(x) / (3.0 * exact) - 1.0).abs() < 1e-12);
        }
        let narrow = Polynomial::fitted(|x| x / (x * x + 1e-3).sqrt());
        assert!((narrow.at(0.02) - 0.02 / (4e-4_f64 + 1e-3).sqrt()).abs() < 1e-14);
        assert_eq!(Polynomial::fitted(|_| 0.0).at(0.3), 0.0);
    }
}
