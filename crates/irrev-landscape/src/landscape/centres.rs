//! From averages over cells to values at their centres.
//!
//! A cell of width Δ has ρ̄ = ρ + Δ²ρ''/24 and, averaged over its frames, f̄ = f + Δ² (f'' + 2 f' ℓ')/24, with ℓ = ln ρ at the centre and an error of order
//! Δ⁴. Both are undone with derivatives by differences inside of a component, ρ by its logarithm, ℓ̄ = ℓ + Δ² (ℓ'' + ℓ'²)/24, so that it stays positive
//! beside a steep wall. What is left of the width of cells is then smaller than the noise for any data that fill them.

use crate::grid::Component;

use super::surfaces::{Profile, unwrapped};

/// The profile at the centres of its cells.
pub(super) fn at_centres(
    averages: &Profile,
    components: &[Component],
    widths: &[f64],
    circle: Option<f64>,
) -> Profile {
    let mut centred = averages.clone();
    for component in components {
        let cells = &component.cells;
        let at = |column: &[f64]| -> Vec<f64> { cells.iter().map(|cell| column[*cell]).collect() };
        let points = unwrapped(&at(&averages.points), circle);
        let log_density: Vec<f64> = at(&averages.density).iter().map(|rho| rho.ln()).collect();
        let (w, a) = (
            at(&averages.mean_square_velocity),
            at(&averages.mean_acceleration),
        );
        let round = circle.filter(|_| component.closed);
        for (k, cell) in cells.iter().enumerate() {
            let part = widths[*cell] * widths[*cell] / 24.0;
            let (slope, curvature) = derivatives(&points, &log_density, k, round);
            let correction = |values: &[f64]| {
                let (first, second) = derivatives(&points, values, k, round);
                part * (second + 2.0 * first * slope)
            };
            centred.density[*cell] = (log_density[k] - part * (curvature + slope * slope)).exp();
            centred.mean_square_velocity[*cell] -= correction(&w);
            centred.mean_acceleration[*cell] -= correction(&a);
        }
    }
    centred
}

/// First and second derivative at a point, of the parabola through it and its neighbours (at an end, through the last three); of a straight line for two
/// points, 0 for one.
fn derivatives(points: &[f64], values: &[f64], k: usize, round: Option<f64>) -> (f64, f64) {
    let n = points.len();
    if n < 2 {
        return (0.0, 0.0);
    }
    let slope = |i: usize, j: usize| {
        let turn = if j < i { round.unwrap_or(0.0) } else { 0.0 };
        let h = points[j] + turn - points[i];
        ((values[j] - values[i]) / h, h)
    };
    if n == 2 {
        return (slope(0, 1).0, 0.0);
    }
    let middle = if round.is_some() { k } else { k.clamp(1, n - 2) };
    let ((s1, h1), (s2, h2)) = (
        slope((middle + n - 1) % n, middle),
        slope(middle, (middle + 1) % n),
    );
    let second = 2.0 * (s2 - s1) / (h1 + h2);
    let first = (h1 * s2 + h2 * s1) / (h1 + h2);
    (first + second * (points[k] - points[middle]), second)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of a normal density with w = 1 + r² and a = −r³, averaged by Gauss's rule with three nodes, whose error is of order Δ⁶.
    fn averages(edges: &[f64]) -> (Profile, Vec<f64>) {
        let rho = |r: f64| (-0.5 * r * r).exp();
        let mean = |f: &dyn Fn(f64) -> f64| -> Vec<f64> {
            let cell = |e: &[f64]| {
                let (c, h, s) = (0.5 * (e[0] + e[1]), 0.5 * (e[1] - e[0]), 0.6_f64.sqrt());
                (5.0 * f(c - s * h) + 8.0 * f(c) + 5.0 * f(c + s * h)) / 18.0
            };
            edges.windows(2).map(cell).collect()
        };
        let density = mean(&rho);
        let over =
            |sums: Vec<f64>| -> Vec<f64> { sums.iter().zip(&density).map(|(sum, rho)| sum / rho).collect() };
        let profile = Profile {
            points: edges.windows(2).map(|e| 0.5 * (e[0] + e[1])).collect(),
            mean_square_velocity: over(mean(&|r| (1.0 + r * r) * rho(r))),
            mean_acceleration: over(mean(&|r| -r * r * r * rho(r))),
            density,
        };
        (profile, edges.windows(2).map(|e| e[1] - e[0]).collect())
    }

    #[test]
    fn the_error_of_wide_cells_falls_with_their_fourth_power() {
        let error = |cells: u32| {
            // even cells, and a grid that is stretched smoothly
            let edges: Vec<f64> = (0..=cells)
                .map(|k| 4.0 * f64::from(k) / f64::from(cells) - 2.0)
                .map(|x| x + 0.1 * x.sin())
                .collect();
            let (profile, widths) = averages(&edges);
            let whole = Component {
                cells: (0..cells as usize).collect(),
                closed: false,
            };
            let found = at_centres(&profile, &[whole], &widths, None);
            // the outermost cells, with differences to one side, are of third order
            (1..cells as usize - 1)
                .map(|k| {
                    let r = found.points[k];
                    let density = (found.density[k] / (-0.5 * r * r).exp() - 1.0).abs();
                    density
                        .max((found.mean_square_velocity[k] - 1.0 - r * r).abs())
                        .max((found.mean_acceleration[k] + r * r * r).abs())
                })
                .fold(0.0, f64::max)
        };
        let (coarse, fine) = (error(16), error(32));
        // 2^{3.5}: the stretched grid lowers the order of the differences a little
        assert!(coarse < 2e-3 && coarse / fine > 11.0, "{coarse} {fine}");
    }

    #[test]
    fn a_circle_has_neighbours_everywhere() {
        let points: Vec<f64> = (0..8).map(|k| f64::from(k) / 8.0).collect();
        let values: Vec<f64> = points.iter().map(|x| (std::f64::consts::TAU * x).sin()).collect();
        let (first, second) = derivatives(&points, &values, 0, Some(1.0));
        assert!((first - (values[1] - values[7]) / 0.25).abs() < 1e-14 && second.abs() < 1e-12);
        assert_eq!(derivatives(&points[..1], &values[..1], 0, None), (0.0, 0.0));
        assert_eq!(derivatives(&[0.0, 2.0], &[1.0, 5.0], 1, None), (2.0, 0.0));
    }
}
