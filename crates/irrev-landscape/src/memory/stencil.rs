//! Derivatives of a series from its nearest points, from one side at its ends.

/// First or second derivative at equal steps, of the fourth order everywhere; fewer points than seven give the order that they allow.
pub(super) fn derivative(values: &[f64], step: f64, order: usize) -> Vec<f64> {
    let n = values.len();
    let scale = step.powi(order as i32);
    let central = weights(&[-2.0, -1.0, 0.0, 1.0, 2.0], order);
    (0..n)
        .map(|k| {
            if k >= 2 && k + 2 < n {
                return weighted(&central, &values[k - 2..]) / scale;
            }
            let width = n.min(4 + order);
            let start = k.saturating_sub(2).min(n - width);
            let offsets: Vec<f64> = (start..start + width).map(|j| j as f64 - k as f64).collect();
            weighted(&weights(&offsets, order), &values[start..]) / scale
        })
        .collect()
}

fn weighted(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(w, x)| w * x).sum()
}

/// Weights of the values at `offsets` in the derivative at 0.
///
/// Source: B. Fornberg, Math. Comput. 51, 699 (1988).
fn weights(offsets: &[f64], order: usize) -> Vec<f64> {
    let n = offsets.len();
    let mut delta = vec![vec![0.0; n]; order + 1];
    delta[0][0] = 1.0;
    let mut product = 1.0;
    for i in 1..n {
        let mut next = 1.0;
        for j in 0..i {
            let distance = offsets[i] - offsets[j];
            next *= distance;
            for m in (0..=order.min(i)).rev() {
                let lower = if m > 0 { m as f64 * delta[m - 1][j] } else { 0.0 };
                if j + 1 == i {
                    let before = if m > 0 {
                        m as f64 * delta[m - 1][i - 1]
                    } else {
                        0.0
                    };
                    delta[m][i] = product / next * (before - offsets[i - 1] * delta[m][i - 1]);
                }
                delta[m][j] = (offsets[i] * delta[m][j] - lower) / distance;
            }
        }
        product = next;
    }
    delta.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_the_fourth_degree_are_differentiated_exactly_everywhere() {
        let (h, n) = (0.5, 9);
        let at = |f: &dyn Fn(f64) -> f64| -> Vec<f64> { (0..n).map(|k| f(h * f64::from(k))).collect() };
        let values = at(&|t| 1.0 + t * (2.0 + t * (-3.0 + t * (0.5 + 0.25 * t))));
        let first = at(&|t| 2.0 + t * (-6.0 + t * (1.5 + t)));
        let second = at(&|t| -6.0 + t * (3.0 + 3.0 * t));
        for (order, exact) in [(1, first), (2, second)] {
            for (found, exact) in derivative(&values, h, order).iter().zip(exact) {
                assert!((found - exact).abs() < 1e-11, "{order}: {found} {exact}");
            }
        }
    }

    #[test]
    fn few_points_are_enough() {
        assert_eq!(derivative(&[], 1.0, 1), Vec::<f64>::new());
        assert_eq!(derivative(&[3.0], 1.0, 1), [0.0]);
        assert_eq!(derivative(&[1.0, 3.0], 0.5, 1), [4.0, 4.0]);
    }
}
