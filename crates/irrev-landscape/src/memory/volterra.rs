//! Volterra equations of convolution type.

use irrev_numerics::fourier::convolution;

use crate::error::{Error, Result};

/// Solves c₀ K(t) + ∫₀ᵗ K(s) g(t − s) ds = f(t) at t = 0, h, 2h, … by the trapezoid rule; the error is of order h².
///
/// The sums Σ K_j g_{n−j} are made by halves: what the first half of an interval adds to its second half is one convolution, O(L log² L) altogether.
///
/// Sources: P. Linz (1985), section 7; E. Hairer, C. Lubich and M. Schlichte, SIAM J. Sci. Stat. Comput. 6, 532 (1985).
///
/// ```
/// use irrev_landscape::memory::second_kind;
/// // K + ∫ K ds = 1 has the solution e^{−t}
/// let found = second_kind(1.0, &[1.0; 101], &[1.0; 101], 0.01)?;
/// assert!((found[100] - (-1.0_f64).exp()).abs() < 1e-5);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] if g and f differ in length, [`Error::Domain`] for a step that is not positive or if c₀ + h g(0)/2 vanishes.
pub fn second_kind(c0: f64, g: &[f64], f: &[f64], step: f64) -> Result<Vec<f64>> {
    Error::require_size("the kernel of a Volterra equation", g.len(), f.len())?;
    Error::require(
        "the time step",
        step,
        step > 0.0 && step.is_finite(),
        "a positive number",
    )?;
    let Some(g0) = g.first() else {
        return Ok(Vec::new());
    };
    let pivot = c0 + 0.5 * step * g0;
    Error::require(
        "c₀ + h g(0)/2 of a Volterra equation",
        pivot,
        pivot != 0.0 && pivot.is_finite(),
        "a number other than 0",
    )?;
    let mut equation = Equation {
        c0,
        pivot,
        step,
        g,
        f,
        sums: vec![0.0; f.len()],
        solution: vec![0.0; f.len()],
    };
    equation.solve(0, f.len())?;
    Ok(equation.solution)
}

struct Equation<'a> {
    c0: f64,
    pivot: f64,
    step: f64,
    g: &'a [f64],
    f: &'a [f64],
    /// Σ_j K_j g_{n−j} over the solved j, with j = 0 counted half.
    sums: Vec<f64>,
    solution: Vec<f64>,
}

impl Equation<'_> {
    /// Intervals of this length are solved point by point.
    const DIRECT: usize = 64;

    fn solve(&mut self, start: usize, end: usize) -> Result<()> {
        if end - start <= Self::DIRECT {
            self.solve_directly(start, end);
            return Ok(());
        }
        let middle = start + (end - start) / 2;
        self.solve(start, middle)?;
        let mut solved = self.solution[start..middle].to_vec();
        if start == 0 {
            solved[0] *= 0.5;
        }
        let added = convolution(&solved, &self.g[..end - start], middle - start, end - start)?;
        for (sum, added) in self.sums[middle..end].iter_mut().zip(added) {
            *sum += added;
        }
        self.solve(middle, end)
    }

    fn solve_directly(&mut self, start: usize, end: usize) {
        for n in start..end {
            let near: f64 = (start..n)
                .map(|j| if j == 0 { 0.5 } else { 1.0 } * self.solution[j] * self.g[n - j])
                .sum();
            // at n = 0 there is no integral
            let pivot = if n == 0 { self.c0 } else { self.pivot };
            self.solution[n] = (self.f[n] - self.step * (self.sums[n] + near)) / pivot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_give_what_the_plain_recursion_gives() {
        let n = 1000;
        let g: Vec<f64> = (0..n).map(|k| (0.02 * k as f64).cos() - 0.3).collect();
        let f: Vec<f64> = (0..n).map(|k| (0.005 * (k * k) as f64).sin()).collect();
        let (c0, h) = (1.3, 0.02);
        let found = second_kind(c0, &g, &f, h).unwrap();
        let mut plain = vec![f[0] / c0];
        for n in 1..n {
            let sum: f64 = 0.5 * plain[0] * g[n] + (1..n).map(|j| plain[j] * g[n - j]).sum::<f64>();
            plain.push((f[n] - h * sum) / (c0 + 0.5 * h * g[0]));
        }
        let worst = found
            .iter()
            .zip(&plain)
            .fold(0.0, |worst: f64, (a, b)| worst.max((a - b).abs()));
        assert!(worst < 1e-12, "{worst}");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(second_kind(1.0, &[], &[], 1.0).unwrap(), Vec::<f64>::new());
        assert!(matches!(
            second_kind(1.0, &[1.0], &[], 1.0),
            Err(Error::Size { .. })
        ));
        assert!(matches!(
            second_kind(-0.5, &[1.0], &[1.0], 1.0),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            second_kind(1.0, &[1.0], &[1.0], 0.0),
            Err(Error::Domain { .. })
        ));
    }
}
