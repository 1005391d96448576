//! Weighted least squares over sparse rational rows: the x that minimises Σ w (a·x − f)² − 2 b·x, with exact knowledge of the null space.
//!
//! The normal equations Σ w a aᵀ x = Σ w f a + b are formed and solved by Cholesky's method, then refined with their residual
//! Σ w (f − a·x) a + b, summed row by row without rounding of the products, which recovers what squaring lost unless the weights spread over
//! more than some twelve decades. Then a QR factorisation with row sorting and column pivoting takes over, which does not square and keeps
//! weak rows apart from strong ones (Cox and Higham, BIT 38, 34 (1998)), refined likewise (corrected seminormal equations, Björck, Linear
//! Algebra Appl. 88/89, 31 (1987)). Rank and null space come from [`integer`](crate::integer), never from a tolerance.

use faer::linalg::solvers::{ColPivQr, Llt, Solve, SolveLstsq};

use super::Matrix;
use super::sparse_cholesky::{CholeskyPattern, SparseCholesky};
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};
use crate::integer::{NullSpace, null_space};
use crate::sum::CompensatedSum;

/// Most refinements; each gains digits until rounding of the row residuals stops it.
const REFINEMENTS: usize = 12;

/// A refinement that gains less than this factor is not converging.
const GAIN: f64 = 0.5;

/// Corrections of every a·x below this part of the largest target or a·x are rounding.
const ROUNDING: f64 = 1e-14;

/// Corrections that stop falling above this part call for the QR factorisation.
const ACCEPTED: f64 = 1e-12;

/// The least-squares problem of fixed rows a, to be solved for many weights, targets and right-hand sides.
///
/// ```
/// use irrev_numerics::linalg::WeightedLeastSquares;
/// // two equations for one unknown: the weighted mean
/// let mean = WeightedLeastSquares::new(vec![vec![(0, 1.0)], vec![(0, 1.0)]], 1)?;
/// let found = mean.solve(&[3.0, 1.0], &[2.0, 6.0], &[0.0])?.unwrap();
/// assert!((found.x[0] - 3.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct WeightedLeastSquares {
    rows: Vec<Vec<(usize, f64)>>,
    columns: usize,
    space: NullSpace,
    /// Pattern of the normal equations, if they are many and sparse.
    pattern: Option<CholeskyPattern>,
}

/// A solution of a least-squares problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    /// x, orthogonal to the null space of the rows with positive weight.
    pub x: Vec<f64>,
    /// Rank of those rows.
    pub rank: usize,
}

/// A right-hand side beyond this part of its size along a null vector cannot be met.
const IMBALANCE: f64 = 1e-9;

impl WeightedLeastSquares {
    /// The problem of these rows, each as (column, entry).
    ///
    /// # Errors
    /// As [`null_space`].
    pub fn new(rows: Vec<Vec<(usize, f64)>>, columns: usize) -> Result<Self> {
        let space = null_space(&rows, columns)?;
        let pattern = sparse_pattern(&rows, columns, &space.independent);
        Ok(Self {
            rows,
            columns,
            space,
            pattern,
        })
    }

    /// Rank and null space of all rows.
    #[must_use]
    pub fn null_space(&self) -> &NullSpace {
        &self.space
    }

    /// Bytes that a solution needs.
    #[must_use]
    pub fn memory(&self) -> u64 {
        8 * (self.rows.len() as u64 + 3 * self.space.rank as u64) * self.space.rank as u64
    }

    /// Minimises Σ w (a·x − f)² − 2 b·x over rows with w > 0; `None` if b has a part along their null space, where no x can meet it.
    ///
    /// Targets of rows with zero weight are not read. O(rows · row length²) and a sparse factorisation, or O(rank³) where the normal equations
    /// are dense; O(rows · rank²) when QR is needed.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::NotFinite`] for a weight or target; as [`null_space`] where weights vanish.
    pub fn solve(&self, weights: &[f64], targets: &[f64], b: &[f64]) -> Result<Option<Projected>> {
        self.check(weights, targets, b)?;
        let reduced;
        let (space, pattern) = if weights.iter().all(|w| *w > 0.0) {
            (&self.space, &self.pattern)
        } else {
            let kept = self.rows.iter().zip(weights).filter(|(_, w)| **w > 0.0);
            let kept: Vec<_> = kept.map(|(row, _)| row.clone()).collect();
            let space = null_space(&kept, self.columns)?;
            let pattern = sparse_pattern(&kept, self.columns, &space.independent);
            reduced = (space, pattern);
            (&reduced.0, &reduced.1)
        };
        if !is_balanced(space, b) {
            return Ok(None);
        }
        let problem = Problem {
            rows: &self.rows,
            weights,
            targets,
            b,
            unknowns: &space.independent,
            columns: self.columns,
            pattern: pattern.as_ref(),
        };
        let mut x = match problem.by_cholesky() {
            Some(x) => x,
            None => problem.by_qr()?,
        };
        remove_null_part(&mut x, space);
        Ok(Some(Projected { x, rank: space.rank }))
    }

    fn check(&self, weights: &[f64], targets: &[f64], b: &[f64]) -> Result<()> {
        for (what, values, expected) in [
            ("weights", weights, self.rows.len()),
            ("targets", targets, self.rows.len()),
            ("right-hand side", b, self.columns),
        ] {
            if values.len() != expected {
                return Err(Error::Length {
                    what,
                    found: values.len(),
                    expected,
                });
            }
        }
        for (what, values) in [("weights", weights), ("right-hand side", b)] {
            if let Some(index) = values.iter().position(|v| !v.is_finite()) {
                return Err(Error::NotFinite {
                    what,
                    index,
                    value: values[index],
                });
            }
        }
        match targets
            .iter()
            .zip(weights)
            .position(|(f, w)| *w > 0.0 && !f.is_finite())
        {
            Some(index) => Err(Error::NotFinite {
                what: "targets",
                index,
                value: targets[index],
            }),
            None => Ok(()),
        }
    }
}

/// Fewer unknowns than this are solved for as a dense matrix.
const SPARSE: usize = 64;

/// So are those whose normal equations fill more than this part of it.
const FILLED: f64 = 0.1;

/// Pattern of Σ w a aᵀ on the unknowns, if they are many and it is sparse.
fn sparse_pattern(rows: &[Vec<(usize, f64)>], columns: usize, unknowns: &[usize]) -> Option<CholeskyPattern> {
    let n = unknowns.len();
    let products: usize = rows.iter().map(|row| row.len() * (row.len() + 1) / 2).sum();
    if n < SPARSE || products as f64 > FILLED * (n * n) as f64 {
        return None;
    }
    let places = places(columns, unknowns);
    let lower = rows.iter().flat_map(|row| lower_places(row, &places));
    CholeskyPattern::new(n, lower.map(|(i, j, _)| (i, j)))
}

/// Position of every column among the unknowns.
fn places(columns: usize, unknowns: &[usize]) -> Vec<Option<usize>> {
    let mut places = vec![None; columns];
    for (k, &column) in unknowns.iter().enumerate() {
        places[column] = Some(k);
    }
    places
}

/// (i, j, a_i a_j) of a row on the unknowns, i ≥ j.
fn lower_places<'a>(
    row: &'a [(usize, f64)],
    places: &'a [Option<usize>],
) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
    let known = move |&(c, a): &(usize, f64)| Some((places[c]?, a));
    let pairs = row
        .iter()
        .filter_map(known)
        .flat_map(move |(i, a)| row.iter().filter_map(known).map(move |(j, e)| (i, j, a * e)));
    pairs.filter(|(i, j, _)| i >= j)
}

/// Factors of the normal equations.
enum NormalFactor {
    Dense(Llt<f64>),
    Sparse(SparseCholesky),
}

impl NormalFactor {
    /// Overwrites b by the solution.
    fn solve(&self, b: &mut [f64]) {
        match self {
            Self::Dense(factor) => {
                let n = b.len();
                let _kernels = DenseKernels::on_this_thread();
                factor.solve_in_place(faer::MatMut::from_column_major_slice_mut(b, n, 1));
            }
            Self::Sparse(factor) => factor.solve(b),
        }
    }
}

/// A row with positive weight: (weight, row, target).
type Active<'a> = (f64, &'a [(usize, f64)], f64);

/// One set of weights and targets, with the columns that carry the rank.
struct Problem<'a> {
    rows: &'a [Vec<(usize, f64)>],
    weights: &'a [f64],
    targets: &'a [f64],
    b: &'a [f64],
    unknowns: &'a [usize],
    columns: usize,
    pattern: Option<&'a CholeskyPattern>,
}

impl Problem<'_> {
    fn active(&self) -> impl Iterator<Item = Active<'_>> + '_ {
        let all = self.weights.iter().zip(self.rows).zip(self.targets);
        all.filter(|((w, _), _)| **w > 0.0)
            .map(|((w, row), f)| (*w, row.as_slice(), *f))
    }

    /// Position of every column among the unknowns.
    fn places(&self) -> Vec<Option<usize>> {
        places(self.columns, self.unknowns)
    }

    /// Σ w (f − a·x) a + b on the unknowns: the gradient of what is maximised.
    fn gradient(&self, x: &[f64], places: &[Option<usize>]) -> Vec<f64> {
        let mut sums: Vec<CompensatedSum> = vec![CompensatedSum::default(); self.unknowns.len()];
        for (sum, &column) in sums.iter_mut().zip(self.unknowns) {
            sum.add(self.b[column]);
        }
        for (w, row, f) in self.active() {
            let missing = w * (f - row.iter().map(|&(c, a)| a * x[c]).sum::<f64>());
            for &(c, a) in row {
                if let Some(k) = places[c] {
                    // strong rows cancel in the directions that weak ones decide: exactly so if one rounded residual
                    // enters every column through exact products
                    let product = a * missing;
                    sums[k].add(product);
                    sums[k].add(a.mul_add(missing, -product));
                }
            }
        }
        sums.iter().map(CompensatedSum::value).collect()
    }

    /// Largest |a·x| of a row: a norm of x in which weak rows count as much as strong ones.
    fn size(&self, x: &[f64]) -> f64 {
        let along = |row: &[(usize, f64)]| row.iter().map(|&(c, a)| a * x[c]).sum::<f64>().abs();
        self.active().map(|(_, row, _)| along(row)).fold(0.0, f64::max)
    }

    fn largest_target(&self) -> f64 {
        self.active().map(|(_, _, f)| f.abs()).fold(0.0, f64::max)
    }

    fn by_cholesky(&self) -> Option<Vec<f64>> {
        let _kernels = DenseKernels::on_this_thread();
        let n = self.unknowns.len();
        let start = vec![0.0; self.columns];
        if n == 0 {
            return Some(start);
        }
        let places = self.places();
        let mut diagonal = vec![0.0; n];
        for (w, row, _) in self.active() {
            for &(c, a) in row {
                if let Some(i) = places[c] {
                    diagonal[i] += w * a * a;
                }
            }
        }
        let scale: Vec<f64> = diagonal.iter().map(|d| 1.0 / d.sqrt()).collect();
        if !scale.iter().all(|s| s.is_finite()) {
            return None;
        }
        let factor = self.factor(&places, &scale)?;
        let (x, settled) = self.refined(start, f64::INFINITY, &places, |gradient| {
            let mut solved: Vec<f64> = gradient.iter().zip(&scale).map(|(g, s)| s * g).collect();
            factor.solve(&mut solved);
            solved.iter().zip(&scale).map(|(z, s)| s * z).collect()
        });
        settled.then_some(x)
    }

    /// Cholesky factors of the normal equations, with unit diagonal; `None` if rounding left them not positive definite.
    fn factor(&self, places: &[Option<usize>], scale: &[f64]) -> Option<NormalFactor> {
        let n = scale.len();
        let products = self.active().flat_map(|(w, row, _)| {
            lower_places(row, places).map(move |(i, j, product)| (i, j, scale[i] * (w * product) * scale[j]))
        });
        if let Some(pattern) = self.pattern {
            return pattern.factor(products).map(NormalFactor::Sparse);
        }
        let mut normal: Matrix = Matrix::zeros(n, n);
        for (i, j, value) in products {
            normal[(i, j)] += value;
        }
        // only the lower triangle is read
        let factor = Llt::new(normal.as_faer(), faer::Side::Lower).ok()?;
        Some(NormalFactor::Dense(factor))
    }

    /// Repeats x ← x + correction(gradient), first of a size below `before` and then ever smaller, until it is rounding; also whether it
    /// settled there.
    fn refined(
        &self,
        mut x: Vec<f64>,
        mut before: f64,
        places: &[Option<usize>],
        correction: impl Fn(&[f64]) -> Vec<f64>,
    ) -> (Vec<f64>, bool) {
        let largest_target = self.largest_target();
        for _ in 0..REFINEMENTS {
            let mut step = vec![0.0; self.columns];
            for (&column, value) in self.unknowns.iter().zip(correction(&self.gradient(&x, places))) {
                step[column] = value;
            }
            let size = self.size(&step);
            let total = largest_target.max(self.size(&x));
            if !step.iter().all(|d| d.is_finite()) {
                return (x, false);
            }
            if size > GAIN * before {
                // rounding stopped it, or the weights spread too far for the factor
                return (x, before <= ACCEPTED * total);
            }
            before = size;
            x.iter_mut().zip(&step).for_each(|(x, d)| *x += d);
            if size <= ROUNDING * total {
                return (x, true);
            }
        }
        (x, false)
    }

    fn by_qr(&self) -> Result<Vec<f64>> {
        let _kernels = DenseKernels::on_this_thread();
        let n = self.unknowns.len();
        let places = self.places();
        let mut rows: Vec<Active<'_>> = self.active().filter(|(_, row, _)| !row.is_empty()).collect();
        // strong rows first, so that no reflection mixes a strong row into a weak one
        let strength = |(w, row, _): &Active<'_>| w * row.iter().map(|(_, a)| a * a).fold(0.0, f64::max);
        rows.sort_by(|x, y| strength(y).total_cmp(&strength(x)));
        let m = rows.len();
        let mut weighted: Matrix = Matrix::zeros(m, n);
        for (i, (w, row, _)) in rows.iter().enumerate() {
            for &(c, a) in *row {
                if let Some(k) = places[c] {
                    weighted[(i, k)] += w.sqrt() * a;
                }
            }
        }
        let scale: Vec<f64> = (0..n)
            .map(|k| 1.0 / weighted.column(k).iter().map(|a| a * a).sum::<f64>().sqrt())
            .collect();
        let scaled = Matrix::from_fn(m, n, |i, k| weighted[(i, k)] * scale[k]);
        let factor = ColPivQr::new(scaled.as_faer());
        let mut x = vec![0.0; self.columns];
        let right = faer::Mat::from_fn(m, 1, |i, _| rows[i].0.sqrt() * rows[i].2);
        let solved = factor.solve_lstsq(right);
        for (k, &column) in self.unknowns.iter().enumerate() {
            x[column] = scale[k] * solved[(k, 0)];
        }
        // reflections perturb strong rows that contradict each other by rounding, which weak directions feel; the exact gradient through
        // the factor mends that, and brings in b
        let first = if self.b.iter().all(|b| *b == 0.0) {
            self.largest_target().max(self.size(&x))
        } else {
            f64::INFINITY
        };
        let (x, _) = self.refined(x, first, &places, |gradient| {
            let scaled: Vec<f64> = gradient.iter().zip(&scale).map(|(g, s)| g * s).collect();
            let z = solve_normal(&factor, &scaled);
            z.iter().zip(&scale).map(|(z, s)| z * s).collect()
        });
        if x.iter().all(|v| v.is_finite()) {
            Ok(x)
        } else {
            Err(Error::Singular {
                what: "weighted least squares",
                residual: f64::INFINITY,
            })
        }
    }
}

/// Solves (AᵀA) z = b from A P = Q R.
fn solve_normal(factor: &ColPivQr<f64>, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let r = factor.R();
    let order = factor.P().arrays().0;
    let mut y: Vec<f64> = order.iter().map(|&i| b[i]).collect();
    for i in 0..n {
        for j in 0..i {
            y[i] -= r[(j, i)] * y[j];
        }
        y[i] /= r[(i, i)];
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            y[i] -= r[(i, j)] * y[j];
        }
        y[i] /= r[(i, i)];
    }
    let mut z = vec![0.0; n];
    for (k, &i) in order.iter().enumerate() {
        z[i] = y[k];
    }
    z
}

/// Whether b is orthogonal to every null vector, up to rounding.
fn is_balanced(space: &NullSpace, b: &[f64]) -> bool {
    space.basis.iter().all(|vector| {
        let along: f64 = vector.iter().map(|&(c, a)| a as f64 * b[c]).sum();
        let size: f64 = vector.iter().map(|&(c, a)| (a as f64 * b[c]).abs()).sum();
        along.abs() <= IMBALANCE * size
    })
}

/// Makes x orthogonal to the null space, by Gram and Schmidt.
fn remove_null_part(x: &mut [f64], space: &NullSpace) {
    let mut orthonormal: Vec<Vec<f64>> = Vec::with_capacity(space.basis.len());
    for vector in &space.basis {
        let mut v = vec![0.0; x.len()];
        for &(c, a) in vector {
            v[c] = a as f64;
        }
        // twice is enough (Kahan and Parlett)
        for _ in 0..2 {
            for u in &orthonormal {
                let along = dot(u, &v);
                v.iter_mut().zip(u).for_each(|(v, u)| *v -= along * u);
            }
        }
        let norm = dot(&v, &v).sqrt();
        v.iter_mut().for_each(|v| *v /= norm);
        let along = dot(&v, x);
        x.iter_mut().zip(&v).for_each(|(x, v)| *x -= along * v);
        orthonormal.push(v);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of differences whose weights fall over 24 decades: x_k − x_{k−1} is met exactly whatever its weight.
    fn chain(n: usize, spread: f64) -> (WeightedLeastSquares, Vec<f64>, Vec<f64>) {
        let rows = (0..n).map(|k| vec![(k, -1.0), (k + 1, 1.0)]).collect();
        let weights = (0..n)
            .map(|k| 10.0_f64.powf(-spread * ((k * 7) % n) as f64 / n as f64))
            .collect();
        let targets = (0..n).map(|k| (k as f64).sin()).collect();
        (WeightedLeastSquares::new(rows, n + 1).unwrap(), weights, targets)
    }

    #[test]
    fn targets_that_can_be_met_are_met_over_any_spread_of_weights() {
        for spread in [0.0, 6.0, 12.0, 24.0] {
            let (problem, weights, targets) = chain(12, spread);
            let x = problem.solve(&weights, &targets, &[0.0; 13]).unwrap().unwrap().x;
            for (k, f) in targets.iter().enumerate() {
                assert!((x[k + 1] - x[k] - f).abs() < 1e-12, "spread {spread}, row {k}");
            }
            assert!(x.iter().sum::<f64>().abs() < 1e-12);
        }
    }

    #[test]
    fn a_large_sparse_problem_has_the_solution_of_the_dense_one() {
        // a ring of 300 with chords and contradicting targets: the two factorisations against each other
        let n = 300;
        let mut rows: Vec<Vec<(usize, f64)>> = (0..n).map(|k| vec![(k, -1.0), ((k + 1) % n, 1.0)]).collect();
        rows.extend(
            (0..n)
                .step_by(7)
                .map(|k| vec![(k, -2.0), ((k + 31) % n, 1.0), ((k + 5) % n, 1.0)]),
        );
        let weights: Vec<f64> = (0..rows.len()).map(|r| (3.0 * (r as f64).sin()).exp()).collect();
        let targets: Vec<f64> = (0..rows.len()).map(|r| (r as f64).cos()).collect();
        let sparse = WeightedLeastSquares::new(rows, n).unwrap();
        assert!(sparse.pattern.is_some());
        let dense = WeightedLeastSquares {
            pattern: None,
            ..sparse.clone()
        };
        let solve = |p: &WeightedLeastSquares| p.solve(&weights, &targets, &vec![0.0; n]).unwrap().unwrap().x;
        // both are refined with the exact gradient: condition n² times a few ε at most
        for (s, d) in solve(&sparse).iter().zip(solve(&dense)) {
            assert!((s - d).abs() < 1e-11, "{s} {d}");
        }
    }

    #[test]
    fn weak_rows_decide_what_strong_ones_leave_open() {
        // (rows, weights, targets, solution): strong rows whose gradients must cancel exactly, and a weight that the normal equations lose
        let contradicting = (
            vec![
                vec![(0, -3.0), (1, 2.0)],
                vec![(0, -3.0), (1, 2.0)],
                vec![(0, -1.0)],
            ],
            [1.0, 1.0, 1.7e-9],
            [1.7, 7.8, 0.0],
            [0.0, 2.375],
        );
        let rounded_away = (
            vec![vec![(1, -1.0)], vec![], vec![(0, 1.0), (1, 1.0)]],
            [6.3e-9, 2.4e8, 1.05e9],
            [4.2, 0.9, 0.0],
            [4.2, -4.2],
        );
        for (rows, weights, targets, expected) in [contradicting, rounded_away] {
            let problem = WeightedLeastSquares::new(rows, 2).unwrap();
            let x = problem.solve(&weights, &targets, &[0.0; 2]).unwrap().unwrap().x;
            for (x, e) in x.iter().zip(expected) {
                assert!((x - e).abs() < 1e-14, "{x} {e}");
            }
        }
    }

    #[test]
    fn both_methods_agree_on_an_overdetermined_problem() {
        let rows: Vec<Vec<(usize, f64)>> = (0..30)
            .map(|k| vec![(k % 7, 1.0), ((k * 3 + 1) % 7, -2.0), ((k * 5 + 2) % 7, 1.0)])
            .collect();
        let weights: Vec<f64> = (0..30).map(|k| 1.0 + (k as f64).cos().abs()).collect();
        let targets: Vec<f64> = (0..30).map(|k| (k as f64 * 0.7).sin()).collect();
        let space = null_space(&rows, 7).unwrap();
        let b: Vec<f64> = {
            // anything in the row space
            let mut b = vec![0.0; 7];
            for (k, row) in rows.iter().enumerate() {
                for &(c, a) in row {
                    b[c] += a * (k as f64 * 0.3).cos();
                }
            }
            b
        };
        let problem = Problem {
            rows: &rows,
            weights: &weights,
            targets: &targets,
            b: &b,
            unknowns: &space.independent,
            columns: 7,
            pattern: None,
        };
        let (mut x, mut y) = (problem.by_cholesky().unwrap(), problem.by_qr().unwrap());
        remove_null_part(&mut x, &space);
        remove_null_part(&mut y, &space);
        for (x, y) in x.iter().zip(&y) {
            assert!((x - y).abs() < 1e-12, "{x} {y}");
        }
    }

    #[test]
    fn a_right_hand_side_along_the_null_space_cannot_be_met() {
        let (problem, weights, targets) = chain(3, 0.0);
        assert_eq!(
            problem.solve(&weights, &targets, &[1.0, 0.0, 0.0, 0.0]).unwrap(),
            None
        );
        // with the middle row gone the two halves keep their own balance
        let split = [1.0, 0.0, 1.0];
        assert_eq!(
            problem.solve(&split, &targets, &[0.0, 1.0, -1.0, 0.0]).unwrap(),
            None
        );
        assert_eq!(
            problem
                .solve(&split, &targets, &[1.0, -1.0, 2.0, -2.0])
                .unwrap()
                .unwrap()
                .rank,
            2
        );
    }
}
