//! The best combination of currents: max over θ of 2(θ·m)²/(θᵀCθ), by Cholesky's factor with pivots.

/// Pivots below this part of their diagonal entry count as rounding: what the sums of products of some hundred currents leave.
pub(super) const RANK_TOLERANCE: f64 = 1e-10;

/// Currents that are independent on the data, in the order in which they were found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Independent {
    pub(super) order: Vec<usize>,
}

/// A covariance, packed as a lower triangle by rows.
#[inline(always)]
fn entry(packed: &[f64], k: usize, l: usize) -> f64 {
    let (k, l) = if k >= l { (k, l) } else { (l, k) };
    packed[k * (k + 1) / 2 + l]
}

/// Cholesky's factor with diagonal pivots of the covariance scaled to unit diagonal; stops where the largest pivot left is below the tolerance. O(K r²).
pub(super) fn independent(covariance: &[f64], number: usize, tolerance: f64) -> Independent {
    let diagonal: Vec<f64> = (0..number).map(|k| entry(covariance, k, k)).collect();
    let mut left: Vec<f64> = diagonal.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    let mut order = Vec::new();
    while order.len() < number {
        let largest = (0..number)
            .filter(|k| !order.contains(k))
            .max_by(|a, b| left[*a].total_cmp(&left[*b]));
        let Some(pivot) = largest.filter(|k| left[*k] > tolerance) else {
            break;
        };
        let root = left[pivot].sqrt();
        let column: Vec<f64> = (0..number)
            .map(|k| {
                let scaled = entry(covariance, k, pivot) / (diagonal[k] * diagonal[pivot]).sqrt();
                let known: f64 = columns.iter().map(|c| c[k] * c[pivot]).sum();
                (scaled - known) / root
            })
            .collect();
        for (left, x) in left.iter_mut().zip(&column) {
            *left -= x * x;
        }
        order.push(pivot);
        columns.push(column);
    }
    Independent { order }
}

/// mᵀC⁻¹m, and C⁻¹m with zeros for currents that depend on others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Optimum {
    pub(super) quotient: f64,
    pub(super) direction: Vec<f64>,
}

/// `None` if the covariance of the independent currents is not positive definite.
pub(super) fn optimum(means: &[f64], covariance: &[f64], of: &Independent) -> Option<Optimum> {
    let order = &of.order;
    let factor = factorised(covariance, order)?;
    let half = half_solved(&factor, means, order);
    let rank = order.len();
    let mut x = half.clone();
    for k in (0..rank).rev() {
        x[k] /= factor[k * rank + k];
        let known = x[k];
        for l in 0..k {
            x[l] -= factor[k * rank + l] * known;
        }
    }
    let mut direction = vec![0.0; means.len()];
    for (k, x) in order.iter().zip(&x) {
        direction[*k] = *x;
    }
    Some(Optimum {
        quotient: half.iter().map(|h| h * h).sum(),
        direction,
    })
}

/// mᵀC⁻¹m alone; NaN if the covariance of the independent currents is not positive definite.
pub(super) fn quotient(means: &[f64], covariance: &[f64], of: &Independent) -> f64 {
    factorised(covariance, &of.order).map_or(f64::NAN, |factor| {
        half_solved(&factor, means, &of.order).iter().map(|h| h * h).sum()
    })
}

/// L by rows.
fn factorised(covariance: &[f64], order: &[usize]) -> Option<Vec<f64>> {
    let rank = order.len();
    let mut factor = vec![0.0; rank * rank];
    for i in 0..rank {
        let (above, row) = factor.split_at_mut(i * rank);
        for j in 0..=i {
            let known: f64 = if j == i {
                row[..j].iter().map(|x| x * x).sum()
            } else {
                let other = &above[j * rank..j * rank + j];
                row[..j].iter().zip(other).map(|(x, y)| x * y).sum()
            };
            let rest = entry(covariance, order[i], order[j]) - known;
            if j < i {
                row[j] = rest / above[j * rank + j];
            } else if rest > 0.0 && rest.is_finite() {
                row[j] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

fn half_solved(factor: &[f64], means: &[f64], order: &[usize]) -> Vec<f64> {
    let rank = order.len();
    let mut half: Vec<f64> = Vec::with_capacity(rank);
    for (i, current) in order.iter().enumerate() {
        let row = &factor[i * rank..i * rank + i];
        let known: f64 = row.iter().zip(&half).map(|(l, h)| l * h).sum();
        half.push((means[*current] - known) / factor[i * rank + i]);
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(rows: &[[f64; 3]; 3]) -> Vec<f64> {
        (0..3).flat_map(|k| rows[k][..=k].to_vec()).collect()
    }

    #[test]
    fn the_optimum_solves_and_dependent_currents_are_left_out() {
        let c = packed(&[[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 2.0]]);
        let of = independent(&c, 3, RANK_TOLERANCE);
        assert_eq!(of.order.len(), 3);
        let x = [1.0, -2.0, 3.0];
        let m: Vec<f64> = (0..3)
            .map(|k| (0..3).map(|l| entry(&c, k, l) * x[l]).sum())
            .collect();
        let found = optimum(&m, &c, &of).unwrap();
        for (found, x) in found.direction.iter().zip(x) {
            assert!((found - x).abs() < 1e-14);
        }
        let expected: f64 = m.iter().zip(x).map(|(m, x)| m * x).sum();
        assert!((found.quotient / expected - 1.0).abs() < 1e-14);
        assert!((quotient(&m, &c, &of) / expected - 1.0).abs() < 1e-14);
        // the third is the sum of the others, and a fourth never moves
        let dependent = [4.0, 1.0, 3.0, 5.0, 4.0, 9.0, 0.0, 0.0, 0.0, 0.0];
        let of = independent(&dependent, 4, RANK_TOLERANCE);
        assert_eq!(of.order.len(), 2);
        let found = optimum(&[1.0, 2.0, 3.0, 0.0], &dependent, &of).unwrap();
        let all = quotient(&[1.0, 2.0], &[4.0, 1.0, 3.0], &Independent { order: vec![0, 1] });
        assert!((found.quotient / all - 1.0).abs() < 1e-13);
        assert_eq!(found.direction[3], 0.0);
        let wrong = Independent { order: vec![0, 1, 2] };
        assert!(
            optimum(
                &[1.0; 3],
                &packed(&[[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0; 3]]),
                &wrong
            )
            .is_none()
        );
    }
}
