//! Volterra equations of convolution type.

use irrev_numerics::fourier::RealFourier;
use irrev_numerics::linalg::{LinearSolver, Matrix};
use num_complex::Complex64;

use crate::error::{Error, Result};

/// Solves c₀ K(t) + ∫₀ᵗ K(s) g(t − s) ds = f(t) at t = 0, h, 2h, … by the trapezoid rule; the error is of order h².
///
/// The sums Σ K_j g_{n−j} are made by halves, O(L log² L).
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
/// [`Error::Size`] if g and f differ in length, [`Error::Domain`] for a step that is not positive or if c₀ or c₀ + h g(0)/2 vanishes.
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
    Error::require(
        "c₀ of a Volterra equation of the second kind",
        c0,
        c0 != 0.0 && c0.is_finite(),
        "a number other than 0",
    )?;
    let pivot = c0 + 0.5 * step * g0;
    Error::require(
        "c₀ + h g(0)/2 of a Volterra equation",
        pivot,
        pivot != 0.0 && pivot.is_finite(),
        "a number other than 0",
    )?;
    let number = |x: f64| Matrix::from_fn(1, 1, |_, _| x);
    let mut solution =
        Equation::new(number(1.0 / c0), number(1.0 / pivot), step, vec![g], vec![f]).solved()?;
    Ok(solution.swap_remove(0))
}

/// Solves K(t) C₀ + ∫₀ᵗ K(s) G(t − s) ds = F(t) for a matrix K of m rows and n columns, as [`second_kind`] does for numbers: by the trapezoid rule, an error of
/// order h², O(m n² L + (m n + n²) L log² L).
///
/// Series of entries are given row by row: `g[a n + b]` holds G_ab at t = 0, h, 2h, …, and `f[i n + a]` holds F_ia; so is the result.
///
/// ```
/// use irrev_landscape::memory::second_kind_matrix;
/// use irrev_numerics::linalg::Matrix;
/// // K + ∫ K(s) G ds = 1 with G = ((1, 1), (0, 2)) has the solution e^{−Gt}
/// let series = |x: f64| vec![x; 201];
/// let g = [series(1.0), series(1.0), series(0.0), series(2.0)];
/// let one = [series(1.0), series(0.0), series(0.0), series(1.0)];
/// let found = second_kind_matrix(&Matrix::identity(2), &g, &one, 0.005)?;
/// assert!((found[0][200] - (-1.0_f64).exp()).abs() < 1e-5 && (found[1][200] - ((-2.0_f64).exp() - (-1.0_f64).exp())).abs() < 1e-5);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] if numbers or lengths of series do not agree, [`Error::Domain`] for a step that is not positive, [`Error::Numerics`] if C₀ or C₀ + h G(0)/2 is
/// singular.
pub fn second_kind_matrix(c0: &Matrix, g: &[Vec<f64>], f: &[Vec<f64>], step: f64) -> Result<Vec<Vec<f64>>> {
    let n = c0.rows();
    Error::require_size("the columns of C₀", c0.columns(), n)?;
    Error::require_size("the entries of the kernel of a Volterra equation", g.len(), n * n)?;
    let rows = f.len() / n.max(1);
    Error::require_size(
        "the entries of the right-hand side of a Volterra equation",
        f.len(),
        rows * n,
    )?;
    let length = f.first().map_or(0, Vec::len);
    for series in g.iter().chain(f) {
        Error::require_size("a series of a Volterra equation", series.len(), length)?;
    }
    Error::require(
        "the time step",
        step,
        step > 0.0 && step.is_finite(),
        "a positive number",
    )?;
    if length == 0 {
        return Ok(vec![Vec::new(); f.len()]);
    }
    let inverse = |matrix: Matrix| -> Result<Matrix> {
        Ok(LinearSolver::new(matrix)?.solve_matrix(&Matrix::identity(n))?)
    };
    let pivot = Matrix::from_fn(n, n, |a, b| c0[(a, b)] + 0.5 * step * g[a * n + b][0]);
    let [g, f] = [g, f].map(|series| series.iter().map(Vec::as_slice).collect());
    Equation::new(inverse(c0.clone())?, inverse(pivot)?, step, g, f).solved()
}

/// The equation at the points of time, with what is known of its solution so far.
///
/// An interval is solved by halves: what its first half adds to its second is one convolution with the start of the kernel. Intervals have lengths 32, 64, 128, …,
/// so that all of one length share the transform of that start.
struct Equation<'a> {
    /// C₀⁻¹.
    first: Matrix,
    /// (C₀ + h G(0)/2)⁻¹.
    pivot: Matrix,
    step: f64,
    /// Columns of the kernel.
    n: usize,
    g: Vec<&'a [f64]>,
    f: Vec<&'a [f64]>,
    /// Σ_j K_j G_{k−j} over the solved j, with j = 0 counted half.
    sums: Vec<Vec<f64>>,
    solution: Vec<Vec<f64>>,
}

/// Transforms as long as an interval, and that of the kernel's start. What wraps around falls before the middle.
struct Level {
    transform: RealFourier,
    kernels: Vec<Vec<Complex64>>,
}

impl<'a> Equation<'a> {
    /// Intervals of this length are solved point by point.
    const DIRECT: usize = 32;

    fn new(first: Matrix, pivot: Matrix, step: f64, g: Vec<&'a [f64]>, f: Vec<&'a [f64]>) -> Self {
        let zeros = vec![vec![0.0; f[0].len()]; f.len()];
        Self {
            n: first.rows(),
            first,
            pivot,
            step,
            g,
            f,
            sums: zeros.clone(),
            solution: zeros,
        }
    }

    fn solved(mut self) -> Result<Vec<Vec<f64>>> {
        let mut levels = Vec::new();
        let mut length = Self::DIRECT;
        while length < self.points() {
            length *= 2;
            levels.push(self.level(length)?);
        }
        self.solve(0, &levels)?;
        Ok(self.solution)
    }

    fn points(&self) -> usize {
        self.f[0].len()
    }

    fn level(&self, length: usize) -> Result<Level> {
        let transform = RealFourier::new(length)?;
        let kernels = self
            .g
            .iter()
            .map(|g| spectrum(&transform, &g[..length.min(g.len())], false))
            .collect::<Result<_>>()?;
        Ok(Level { transform, kernels })
    }

    /// Solves an interval as long as the last of the levels.
    fn solve(&mut self, start: usize, levels: &[Level]) -> Result<()> {
        let Some((level, lower)) = levels.split_last() else {
            self.solve_directly(start, self.points().min(start + Self::DIRECT));
            return Ok(());
        };
        self.solve(start, lower)?;
        let middle = start + level.transform.length() / 2;
        if middle < self.points() {
            self.add_solved(start, middle, level)?;
            self.solve(middle, lower)?;
        }
        Ok(())
    }

    /// What the solution between start and middle adds to the sums after it.
    fn add_solved(&mut self, start: usize, middle: usize, level: &Level) -> Result<()> {
        let solved = self
            .solution
            .iter()
            .map(|k| spectrum(&level.transform, &k[start..middle], start == 0))
            .collect::<Result<Vec<_>>>()?;
        for (entry, sums) in self.sums.iter_mut().enumerate() {
            let (row, b) = (entry / self.n, entry % self.n);
            let mut product = vec![Complex64::ZERO; level.transform.length() / 2 + 1];
            for a in 0..self.n {
                let factors = solved[row * self.n + a]
                    .iter()
                    .zip(&level.kernels[a * self.n + b]);
                for (product, (x, y)) in product.iter_mut().zip(factors) {
                    *product += x * y;
                }
            }
            let added = level.transform.inverse(&mut product)?;
            for (sum, added) in sums[middle..].iter_mut().zip(&added[middle - start..]) {
                *sum += added;
            }
        }
        Ok(())
    }

    fn solve_directly(&mut self, start: usize, end: usize) {
        let n = self.n;
        let mut rest = vec![0.0; n];
        for k in start..end {
            for row in 0..self.f.len() / n {
                for (b, rest) in rest.iter_mut().enumerate() {
                    let mut sum = self.sums[row * n + b][k];
                    for a in 0..n {
                        let (solved, g) = (&self.solution[row * n + a], self.g[a * n + b]);
                        sum += (start..k)
                            .map(|j| if j == 0 { 0.5 } else { 1.0 } * solved[j] * g[k - j])
                            .sum::<f64>();
                    }
                    *rest = self.f[row * n + b][k] - self.step * sum;
                }
                // at the first point there is no integral
                let inverse = if k == 0 { &self.first } else { &self.pivot };
                for b in 0..n {
                    self.solution[row * n + b][k] =
                        rest.iter().zip(inverse.column(b)).map(|(x, y)| x * y).sum();
                }
            }
        }
    }
}

/// The transform of a series continued by zeros.
fn spectrum(transform: &RealFourier, series: &[f64], half_of_first: bool) -> Result<Vec<Complex64>> {
    let mut padded = vec![0.0; transform.length()];
    padded[..series.len()].copy_from_slice(series);
    if half_of_first {
        padded[0] *= 0.5;
    }
    Ok(transform.forward(&mut padded)?)
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
    fn matrices_of_one_entry_are_numbers_and_diagonal_ones_are_several() {
        let n = 700;
        let g: Vec<f64> = (0..n).map(|k| (0.02 * k as f64).cos() - 0.3).collect();
        let f: Vec<f64> = (0..n).map(|k| (0.005 * (k * k) as f64).sin()).collect();
        let h = 0.02;
        let plain = second_kind(1.3, &g, &f, h).unwrap();
        let zero = vec![0.0; n];
        let c0 = Matrix::from_fn(2, 2, |i, j| if i == j { 1.3 } else { 0.0 });
        let one = Matrix::from_fn(1, 1, |_, _| 1.3);
        let single = second_kind_matrix(&one, std::slice::from_ref(&g), std::slice::from_ref(&f), h).unwrap();
        let double = second_kind_matrix(
            &c0,
            &[g.clone(), zero.clone(), zero.clone(), g],
            &[zero.clone(), f],
            h,
        )
        .unwrap();
        for k in 0..n {
            assert!((single[0][k] - plain[k]).abs() < 1e-12 && (double[1][k] - plain[k]).abs() < 1e-12);
            assert_eq!(double[0][k], 0.0);
        }
        assert!(matches!(
            second_kind_matrix(&c0, std::slice::from_ref(&zero), &[zero.clone(), zero.clone()], h),
            Err(Error::Size { .. })
        ));
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
            second_kind(0.0, &[1.0], &[1.0], 1.0),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            second_kind(1.0, &[1.0], &[1.0], 0.0),
            Err(Error::Domain { .. })
        ));
    }
}
