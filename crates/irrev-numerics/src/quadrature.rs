//! Adaptive integration of vector-valued functions over an interval.
//!
//! Gauss–Kronrod (7, 15) on panels, the worst panels bisected until the summed error estimate meets the tolerance. All
//! components share the abscissae, so quantities that must add up (parts of an entropy production) do so exactly.
//!
//! Source: Piessens, de Doncker-Kapenga, Überhuber and Kahaner, QUADPACK (1983).

use crate::error::Error;
use crate::sum::CompensatedSum;
use crate::tolerance::{Convergence, StopReason, Tolerance};

/// Abscissae of the 15-point Kronrod rule on [−1, 1], non-negative half; odd places are Gauss points.
const NODES: [f64; 8] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_4,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_47,
    0.0,
];
const KRONROD: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_55,
    0.104_790_010_322_250_18,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_9,
    0.209_482_141_084_727_82,
];
const GAUSS: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];

/// Nodes and weights of Gauss and Legendre's rule with n points on [0, 1]: exact for polynomials of degree 2n − 1.
///
/// ```
/// use irrev_numerics::quadrature::gauss_legendre;
/// let (nodes, weights) = gauss_legendre(3);
/// let fifth: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x.powi(5)).sum();
/// assert!((fifth - 1.0 / 6.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn gauss_legendre(n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut rule: Vec<(f64, f64)> = (0..n)
        .map(|i| {
            // Newton's method from Tricomi's approximation converges in a few steps
            let mut x = -((4 * i + 3) as f64 / (4 * n + 2) as f64 * std::f64::consts::PI).cos();
            for _ in 0..8 {
                let (value, slope) = legendre(n, x);
                x -= value / slope;
            }
            let slope = legendre(n, x).1;
            (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect();
    if n == 1 {
        rule = vec![(0.5, 1.0)];
    }
    rule.into_iter().unzip()
}

/// Nodes and weights of Gauss and Lobatto's rule with n ≥ 2 points on [0, 1], ends included: exact for polynomials of degree 2n − 3. The integral of
/// a function whose derivative of order 2n − 2 is positive it overestimates, as Gauss and Legendre's rule underestimates one with such a derivative of order 2n.
///
/// ```
/// use irrev_numerics::quadrature::gauss_lobatto;
/// let (nodes, weights) = gauss_lobatto(4);
/// let fifth: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x.powi(5)).sum();
/// assert!((fifth - 1.0 / 6.0).abs() < 1e-15);
/// assert_eq!((nodes[0], nodes[3]), (0.0, 1.0));
/// ```
#[must_use]
pub fn gauss_lobatto(n: usize) -> (Vec<f64>, Vec<f64>) {
    let degree = n - 1;
    // inner nodes are where the slope of Legendre's polynomial vanishes
    let node = |i: usize| {
        let mut x = -(i as f64 / degree as f64 * std::f64::consts::PI).cos();
        if i == 0 || i == degree {
            return x;
        }
        for _ in 0..8 {
            let (value, slope) = legendre(degree, x);
            // his differential equation gives the second derivative
            let bend = (2.0 * x * slope - (degree * n) as f64 * value) / (1.0 - x * x);
            x -= slope / bend;
        }
        x
    };
    (0..n)
        .map(|i| {
            let x = node(i);
            let value = legendre(degree, x).0;
            (0.5 * (1.0 + x), 1.0 / ((degree * n) as f64 * value * value))
        })
        .unzip()
}

/// Legendre's polynomial of degree n ≥ 1 and, inside (−1, 1), its derivative, by recurrence.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut last, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (last, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * last) / k);
    }
    (value, n as f64 * (x * value - last) / (x * x - 1.0))
}

/// The 15 abscissae of one panel mapped to [0, 1], ascending.
#[must_use]
pub fn panel_nodes() -> [f64; 15] {
    std::array::from_fn(|i| {
        let x = if i < 8 { -NODES[i] } else { NODES[14 - i] };
        0.5 * (1.0 + x)
    })
}

/// Integral of a panel of the given width from the function's values at [`panel_nodes`], and its error estimate.
///
/// The estimate is QUADPACK's: with d = |Kronrod − Gauss| and s = ∫|f − mean|, s · min(1, (200 d/s)^{3/2}), which follows the true
/// error of the Kronrod value instead of that of the Gauss value.
#[must_use]
pub fn panel_integral(width: f64, values: &[f64; 15]) -> (f64, f64) {
    let weight = |i: usize| KRONROD[if i < 8 { i } else { 14 - i }];
    let (mut kronrod, mut gauss) = (CompensatedSum::default(), CompensatedSum::default());
    for (i, &value) in values.iter().enumerate() {
        kronrod.add(weight(i) * value);
        let j = if i < 8 { i } else { 14 - i };
        if j % 2 == 1 {
            gauss.add(GAUSS[j / 2] * value);
        }
    }
    let half = 0.5 * width;
    let mean = 0.5 * kronrod.value();
    let spread: f64 = half
        * values
            .iter()
            .enumerate()
            .map(|(i, v)| weight(i) * (v - mean).abs())
            .sum::<f64>();
    let difference = half * (kronrod.value() - gauss.value()).abs();
    let error = if spread > 0.0 {
        spread * (200.0 * difference / spread).powf(1.5).min(1.0)
    } else {
        difference
    };
    (half * kronrod.value(), error)
}

/// ∫|f| over a panel of the given width from the values of a smooth f at [`panel_nodes`].
///
/// |f| has a kink where f changes sign, which no rule resolves; here each zero is found on the polynomial through the values, and f
/// is integrated between zeros. As accurate as the interpolation of f.
#[must_use]
pub fn panel_integral_of_magnitude(width: f64, values: &[f64; 15]) -> f64 {
    let nodes = panel_nodes();
    if values.iter().all(|v| *v >= 0.0) || values.iter().all(|v| *v <= 0.0) {
        return panel_integral(width, values).0.abs();
    }
    let weights = barycentric_weights(&nodes);
    let at = |x: f64| {
        let (mut above, mut below) = (0.0, 0.0);
        for ((node, value), weight) in nodes.iter().zip(values).zip(&weights) {
            if x == *node {
                return *value;
            }
            let share = weight / (x - node);
            above += share * value;
            below += share;
        }
        above / below
    };
    let mut cuts = vec![0.0];
    for k in 1..15 {
        let (mut low, mut high) = (nodes[k - 1], nodes[k]);
        let sign = values[k - 1].signum();
        if values[k - 1] * values[k] >= 0.0 {
            continue;
        }
        for _ in 0..52 {
            let middle = 0.5 * (low + high);
            if at(middle).signum() == sign {
                low = middle
            } else {
                high = middle
            }
        }
        cuts.push(0.5 * (low + high));
    }
    cuts.push(1.0);
    let piece = |pair: &[f64]| {
        let length = pair[1] - pair[0];
        panel_integral(width * length, &nodes.map(|x| at(pair[0] + length * x)))
            .0
            .abs()
    };
    cuts.windows(2).map(piece).collect::<CompensatedSum>().value()
}

/// Weights 1/Π_{j ≠ i}(xᵢ − xⱼ) of barycentric interpolation, up to a common factor.
fn barycentric_weights(nodes: &[f64; 15]) -> [f64; 15] {
    std::array::from_fn(|i| {
        let others = nodes.iter().enumerate().filter(|(j, _)| *j != i);
        // 4 is one over the capacity of the interval: the products stay near 1
        others.map(|(_, x)| 1.0 / (4.0 * (nodes[i] - x))).product()
    })
}

/// Integrals of several functions over one interval, each with its error estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrals {
    /// One integral per component.
    pub values: Vec<f64>,
    /// Error estimate per component (see [`panel_integral`], summed over panels).
    pub errors: Vec<f64>,
    /// Ends of the panels used, ascending.
    pub breaks: Vec<f64>,
    /// Panels used, largest error relative to its target, and why it stopped.
    pub convergence: Convergence,
}

/// Integrates f: [a, b] → ℝᵏ, starting from the given break points (ascending; first is a, last is b).
///
/// `f(t, out)` writes the k components. Stops when every component's error meets `tolerance` with the scale that
/// `scale(integrals, component)` gives: |integral| itself, or that of a whole of which the component is a part.
///
/// # Errors
/// [`Error::NotConverged`] when the limit of panels (`tolerance.max_iterations`) is reached; whatever `f` returns.
pub fn integrate<E: From<Error>>(
    breaks: &[f64],
    components: usize,
    tolerance: Tolerance,
    scale: impl Fn(&[f64], usize) -> f64,
    mut f: impl FnMut(f64, &mut [f64]) -> std::result::Result<(), E>,
) -> std::result::Result<Integrals, E> {
    struct Panel {
        from: f64,
        to: f64,
        values: Vec<f64>,
        errors: Vec<f64>,
    }
    let nodes = panel_nodes();
    let mut out = vec![0.0; components];
    let mut panel = |from: f64, to: f64| -> std::result::Result<Panel, E> {
        let mut samples = vec![[0.0; 15]; components];
        for (i, node) in nodes.iter().enumerate() {
            f(from + (to - from) * node, &mut out)?;
            for (sample, value) in samples.iter_mut().zip(&out) {
                sample[i] = *value;
            }
        }
        let (values, errors) = samples.iter().map(|s| panel_integral(to - from, s)).unzip();
        Ok(Panel {
            from,
            to,
            values,
            errors,
        })
    };
    let mut panels = Vec::new();
    for pair in breaks.windows(2) {
        panels.push(panel(pair[0], pair[1])?);
    }
    loop {
        let total =
            |pick: &dyn Fn(&Panel) -> f64| panels.iter().map(pick).collect::<CompensatedSum>().value();
        let values: Vec<f64> = (0..components).map(|k| total(&|p| p.values[k])).collect();
        let errors: Vec<f64> = (0..components).map(|k| total(&|p| p.errors[k])).collect();
        // an error below the rounding level of the integral cannot be reduced
        let target = |k: usize| {
            tolerance
                .target(scale(&values, k).abs())
                .max(1e-15 * values[k].abs())
        };
        let excess = |k: usize| {
            if errors[k] == 0.0 {
                0.0
            } else {
                errors[k] / target(k).max(f64::MIN_POSITIVE)
            }
        };
        let worst = (0..components).map(excess).fold(0.0, f64::max);
        let mut convergence = Convergence {
            iterations: panels.len(),
            residual: worst,
            target: 1.0,
            reason: StopReason::Converged,
        };
        if worst <= 1.0 || components == 0 {
            let ends = panels.iter().map(|p| p.to);
            let breaks = breaks.first().copied().into_iter().chain(ends).collect();
            return Ok(Integrals {
                values,
                errors,
                breaks,
                convergence,
            });
        }
        if panels.len() >= tolerance.max_iterations {
            convergence.reason = StopReason::IterationLimit;
            return Err(Error::NotConverged {
                what: "adaptive quadrature",
                convergence,
            }
            .into());
        }
        let share = |p: &Panel| {
            (0..components)
                .map(|k| p.errors[k] / target(k).max(f64::MIN_POSITIVE))
                .fold(0.0, f64::max)
        };
        // every panel with more than half its fair share of the error is bisected
        let fair = 0.5 / panels.len() as f64;
        let mut refined = Vec::with_capacity(2 * panels.len());
        for p in std::mem::take(&mut panels) {
            if share(&p) > fair {
                let middle = 0.5 * (p.from + p.to);
                refined.push(panel(p.from, middle)?);
                refined.push(panel(middle, p.to)?);
            } else {
                refined.push(p);
            }
        }
        panels = refined;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_up_to_degree_22_are_exact_on_one_panel() {
        let nodes = panel_nodes();
        for degree in 0..=22 {
            let (value, _) = panel_integral(1.0, &nodes.map(|x| x.powi(degree)));
            assert!(
                (value - 1.0 / f64::from(degree + 1)).abs() < 4e-16,
                "degree {degree}"
            );
        }
    }

    #[test]
    fn the_magnitude_of_a_function_with_two_zeros_is_integrated_between_them() {
        let nodes = panel_nodes();
        // sin on [0, 5/2 π] has ∫|sin| = 5
        let width = 2.5 * std::f64::consts::PI;
        let value = panel_integral_of_magnitude(width, &nodes.map(|x| (width * x).sin()));
        assert!((value - 5.0).abs() < 1e-7, "{value}");
        let width = 1.5 * std::f64::consts::PI;
        let value = panel_integral_of_magnitude(width, &nodes.map(|x| (width * x).sin()));
        assert!((value - 3.0).abs() < 1e-11, "{value}");
    }

    #[test]
    fn an_integrable_logarithm_is_reached_by_bisection() {
        let tolerance = Tolerance::relative(1e-10);
        let result = integrate::<Error>(
            &[0.0, 1.0],
            1,
            tolerance,
            |values, k| values[k],
            |t, out| {
                out[0] = -t.ln();
                Ok(())
            },
        )
        .unwrap();
        assert!((result.values[0] - 1.0).abs() < 1e-10);
    }

    #[test]
    fn too_few_panels_are_an_error_with_the_residual() {
        let tolerance = Tolerance {
            relative: 1e-12,
            max_iterations: 3,
            ..Tolerance::default()
        };
        let result = integrate::<Error>(
            &[0.0, 1.0],
            1,
            tolerance,
            |values, k| values[k],
            |t, out| {
                out[0] = (200.0 * t).sin().abs();
                Ok(())
            },
        );
        assert!(matches!(result, Err(Error::NotConverged { .. })));
    }
}
