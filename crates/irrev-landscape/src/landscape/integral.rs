//! Integrals along a coordinate of what is known at points.

/// Points on either side of an interval that its cubic passes through.
const STENCIL: usize = 4;

/// ∫ f dx from the first point to each, and once round if the points lie on a circle of the given length.
///
/// Between two points f is the cubic through the four nearest (fewer if there are fewer): exact for cubics, error of order Δ⁴ for smooth f.
pub(super) fn cumulative_integral(
    points: &[f64],
    values: &[f64],
    circle: Option<f64>,
) -> (Vec<f64>, Option<f64>) {
    let n = points.len();
    let mut integral = vec![0.0; n];
    for i in 1..n {
        integral[i] = integral[i - 1] + between(points, values, i - 1, circle);
    }
    let round = circle
        .filter(|_| n > 0)
        .map(|_| integral[n - 1] + between(points, values, n - 1, circle));
    (integral, round)
}

/// The integral from point i to the next.
fn between(points: &[f64], values: &[f64], i: usize, circle: Option<f64>) -> f64 {
    let n = points.len();
    // on a circle the point k + n is the point k, a period further
    let at = |k: isize| {
        let turns = k.div_euclid(n as isize);
        let place = k.rem_euclid(n as isize) as usize;
        (
            points[place] + circle.unwrap_or(0.0) * turns as f64,
            values[place],
        )
    };
    let size = STENCIL.min(n) as isize;
    let centred = i as isize - (size / 2 - 1);
    let start = if circle.is_some() {
        centred
    } else {
        centred.clamp(0, n as isize - size)
    };
    let nodes: Vec<(f64, f64)> = (start..start + size).map(at).collect();
    let ((x0, f0), (x1, f1)) = (at(i as isize), at(i as isize + 1));
    // Simpson's rule is exact for the cubic
    (x1 - x0) / 6.0 * (f0 + 4.0 * interpolated(&nodes, 0.5 * (x0 + x1)) + f1)
}

/// Lagrange's polynomial through the nodes.
fn interpolated(nodes: &[(f64, f64)], x: f64) -> f64 {
    let basis = |i: usize| -> f64 {
        let others = nodes.iter().enumerate().filter(|(j, _)| *j != i);
        others
            .map(|(_, (other, _))| (x - other) / (nodes[i].0 - other))
            .product()
    };
    (0..nodes.len()).map(|i| nodes[i].1 * basis(i)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cubics_are_integrated_exactly_at_uneven_points() {
        let points = [-1.0, -0.2, 0.1, 0.9, 2.0, 2.1];
        let f = |x: f64| 1.0 + x * (2.0 + x * (-3.0 + 4.0 * x));
        let primitive = |x: f64| x * (1.0 + x * (1.0 + x * (-1.0 + x)));
        let (found, round) = cumulative_integral(&points, &points.map(f), None);
        for (x, integral) in points.iter().zip(found) {
            assert!((integral - primitive(*x) + primitive(-1.0)).abs() < 1e-13);
        }
        assert_eq!(round, None);
    }

    #[test]
    fn a_full_turn_of_a_harmonic_vanishes_and_of_a_constant_is_the_length() {
        let points: Vec<f64> = (0..12).map(|k| f64::from(k) / 12.0).collect();
        let values: Vec<f64> = points
            .iter()
            .map(|x| 1.0 + (std::f64::consts::TAU * x).sin())
            .collect();
        let (_, round) = cumulative_integral(&points, &values, Some(1.0));
        assert!((round.unwrap() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn few_points_are_enough() {
        assert_eq!(cumulative_integral(&[], &[], None).0, Vec::<f64>::new());
        assert_eq!(cumulative_integral(&[1.0], &[3.0], None).0, [0.0]);
        assert_eq!(cumulative_integral(&[1.0, 3.0], &[3.0, 5.0], None).0, [0.0, 8.0]);
    }
}
