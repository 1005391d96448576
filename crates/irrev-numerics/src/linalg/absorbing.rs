//! Dense factorisation of an absorbing generator without a subtraction.
//!
//! M = diag(leak + outflow) − R, with jump rates R ≥ 0 (row: to, column: from) and leaks ≥ 0 into the outside, is −W on
//! the transient states of a Markov process. Eliminating state k sends its visitors on: R_ij += R_ik R_kj/pivot,
//! leak_j += leak_k R_kj/pivot, with the pivot summed afresh from leak and rates. Only non-negative numbers are added, so for
//! a non-negative right-hand side every component of the solution is accurate to a few n ε, whatever the condition.
//!
//! Sources: Grassmann, Taksar and Heyman, Oper. Res. 33, 1107 (1985); Alfa, Xue and Ye, Math. Comput. 71, 217 (2002).

use super::Matrix;
use crate::error::{Error, Result};

/// Factors of M = diag(leak + outflow) − R.
///
/// ```
/// use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
/// // two states in a row: 0 → 1 at rate 2, 1 → outside at rate 4
/// let rates = Matrix::from_fn(2, 2, |to, from| if (to, from) == (1, 0) { 2.0 } else { 0.0 });
/// let factor = AbsorbingFactor::new(rates, vec![0.0, 4.0])?;
/// assert_eq!(factor.solve(&[1.0, 0.0]), [0.5, 0.25]);            // mean times spent in each state
/// assert_eq!(factor.solve_transpose(&[1.0, 1.0]), [0.75, 0.25]); // mean times until absorption
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AbsorbingFactor {
    /// Column k: below the diagonal R_ik/pivot_k; row k: right of the diagonal R_kj; diagonal: pivots.
    factor: Matrix,
}

impl AbsorbingFactor {
    /// Factorises, given the rates (diagonal ignored) and the leaks. O(n³).
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Domain`] for a negative or non-finite rate; [`Error::Singular`] if some set of states has no
    /// way out.
    pub fn new(mut rates: Matrix, mut leak: Vec<f64>) -> Result<Self> {
        let n = rates.rows();
        if rates.columns() != n || leak.len() != n {
            return Err(Error::Length {
                what: "leaks of an absorbing generator",
                found: leak.len(),
                expected: n,
            });
        }
        for k in 0..n {
            rates[(k, k)] = 0.0;
        }
        for &value in rates.data().iter().chain(&leak) {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::Domain {
                    what: "rate",
                    value,
                    expected: "a finite number, not negative",
                });
            }
        }
        for k in 0..n {
            let pivot = rates.column(k)[k + 1..].iter().fold(leak[k], |sum, r| sum + r);
            if pivot == 0.0 {
                return Err(Error::Singular {
                    what: "absorbing generator",
                    residual: f64::INFINITY,
                });
            }
            rates[(k, k)] = pivot;
            for rate in &mut rates.column_mut(k)[k + 1..] {
                *rate /= pivot;
            }
            let escape = leak[k] / pivot;
            let onward = rates.column(k)[k + 1..].to_vec();
            for j in k + 1..n {
                let visits = rates[(k, j)];
                if visits == 0.0 {
                    continue;
                }
                leak[j] += escape * visits;
                // what returns to j itself is written over its diagonal entry, which its own pivot replaces
                for (rate, share) in rates.column_mut(j)[k + 1..].iter_mut().zip(&onward) {
                    *rate += share * visits;
                }
            }
        }
        Ok(Self { factor: rates })
    }

    /// x with M x = b: for b an initial distribution, the mean time spent in each state before absorption.
    ///
    /// # Panics
    /// If the length of b is not n.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.factor.rows();
        assert_eq!(b.len(), n, "length of the right-hand side");
        let mut x = b.to_vec();
        for k in 0..n {
            let xk = x[k];
            if xk != 0.0 {
                for (xi, f) in x[k + 1..].iter_mut().zip(&self.factor.column(k)[k + 1..]) {
                    *xi += f * xk;
                }
            }
        }
        for k in (0..n).rev() {
            x[k] /= self.factor[(k, k)];
            let xk = x[k];
            for (xi, r) in x[..k].iter_mut().zip(&self.factor.column(k)[..k]) {
                *xi += r * xk;
            }
        }
        x
    }

    /// R with RᵀR = M⁻¹ for symmetric rates, lower triangular and without a negative entry: half of the way to [`AbsorbingFactor::solve`].
    #[must_use]
    pub fn half_inverse(&self) -> Matrix {
        let n = self.factor.rows();
        let roots: Vec<f64> = (0..n).map(|k| self.factor[(k, k)].sqrt()).collect();
        let mut half = Matrix::zeros(n, n);
        for j in 0..n {
            let z = half.column_mut(j);
            z[j] = 1.0;
            for k in j..n {
                let zk = z[k];
                if zk != 0.0 {
                    for (zi, f) in z[k + 1..].iter_mut().zip(&self.factor.column(k)[k + 1..]) {
                        *zi += f * zk;
                    }
                }
                z[k] = zk / roots[k];
            }
        }
        half
    }

    /// y with Mᵀ y = c: for c = 1, the mean time until absorption from each state.
    ///
    /// # Panics
    /// If the length of c is not n.
    #[must_use]
    pub fn solve_transpose(&self, c: &[f64]) -> Vec<f64> {
        let n = self.factor.rows();
        assert_eq!(c.len(), n, "length of the right-hand side");
        let mut y = c.to_vec();
        for k in 0..n {
            let column = self.factor.column(k);
            let gain: f64 = column[..k].iter().zip(&y[..k]).map(|(r, y)| r * y).sum();
            y[k] = (y[k] + gain) / column[k];
        }
        for k in (0..n).rev() {
            let column = self.factor.column(k);
            let gain: f64 = column[k + 1..].iter().zip(&y[k + 1..]).map(|(f, y)| f * y).sum();
            y[k] += gain;
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_satisfy_the_equations() {
        let n = 7;
        let rates = Matrix::from_fn(
            n,
            n,
            |i, j| if i == j { 0.0 } else { ((3 * i + 5 * j) % 7) as f64 },
        );
        let leak: Vec<f64> = (0..n).map(|i| if i == 3 { 0.25 } else { 0.0 }).collect();
        let m = Matrix::from_fn(n, n, |i, j| {
            if i == j {
                leak[j] + (0..n).map(|k| rates[(k, j)]).sum::<f64>()
            } else {
                -rates[(i, j)]
            }
        });
        let factor = AbsorbingFactor::new(rates, leak).unwrap();
        let b: Vec<f64> = (0..n).map(|i| 1.0 + i as f64).collect();
        for (r, b) in m.apply_to(&factor.solve(&b)).iter().zip(&b) {
            assert!((r - b).abs() < 1e-10);
        }
        let y = factor.solve_transpose(&b);
        for j in 0..n {
            let r: f64 = (0..n).map(|i| m[(i, j)] * y[i]).sum();
            assert!((r - b[j]).abs() < 1e-10);
        }
    }

    #[test]
    fn the_half_inverse_is_a_root_of_the_inverse() {
        let n = 5;
        let rates = Matrix::from_fn(n, n, |i, j| if i == j { 0.0 } else { (1 + (i * j) % 3) as f64 });
        let factor = AbsorbingFactor::new(rates, vec![0.0, 0.5, 0.0, 2.0, 0.0]).unwrap();
        let half = factor.half_inverse();
        for j in 0..n {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            for (i, x) in factor.solve(&unit).into_iter().enumerate() {
                let product: f64 = half
                    .column(i)
                    .iter()
                    .zip(half.column(j))
                    .map(|(a, b)| a * b)
                    .sum();
                assert!((product - x).abs() < 1e-14 * x);
            }
        }
    }

    #[test]
    fn a_closed_set_of_states_is_refused() {
        assert!(AbsorbingFactor::new(Matrix::zeros(2, 2), vec![1.0, 0.0]).is_err());
    }
}
