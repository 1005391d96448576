//! Adaptive integration of vector-valued functions over an interval.
//!
//! Gauss–Kronrod (7, 15) on panels, the worst panel bisected until the summed error estimate meets the tolerance. All
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

/// The 15 abscissae of one panel mapped to [0, 1], ascending.
#[must_use]
pub fn panel_nodes() -> [f64; 15] {
    std::array::from_fn(|i| {
        let x = if i < 8 { -NODES[i] } else { NODES[14 - i] };
        0.5 * (1.0 + x)
    })
}

/// Integral of a panel of the given width from the function's values at [`panel_nodes`]: (Kronrod value, |Kronrod − Gauss|).
#[must_use]
pub fn panel_integral(width: f64, values: &[f64; 15]) -> (f64, f64) {
    let (mut kronrod, mut gauss) = (CompensatedSum::default(), CompensatedSum::default());
    for (i, &value) in values.iter().enumerate() {
        let j = if i < 8 { i } else { 14 - i };
        kronrod.add(KRONROD[j] * value);
        if j % 2 == 1 {
            gauss.add(GAUSS[j / 2] * value);
        }
    }
    let half = 0.5 * width;
    (
        half * kronrod.value(),
        half * (kronrod.value() - gauss.value()).abs(),
    )
}

/// Integrals of several functions over one interval, each with its error estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrals {
    /// One integral per component.
    pub values: Vec<f64>,
    /// Error estimate per component (Kronrod against Gauss, summed over panels; usually far above the true error).
    pub errors: Vec<f64>,
    /// Panels used, largest error relative to its target, and why it stopped.
    pub convergence: Convergence,
}

/// Integrates f: [a, b] → ℝᵏ, starting from the given break points (ascending; first is a, last is b).
///
/// `f(t, out)` writes the k components. Stops when every component's error meets `tolerance` with scale |integral|.
///
/// # Errors
/// [`Error::NotConverged`] when the limit of panels (`tolerance.max_iterations`) is reached; whatever `f` returns.
pub fn integrate<E: From<Error>>(
    breaks: &[f64],
    components: usize,
    tolerance: Tolerance,
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
        let target = |k: usize| tolerance.target(values[k].abs()).max(1e-15 * values[k].abs());
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
            return Ok(Integrals {
                values,
                errors,
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
        let mut worst_panel = 0;
        let mut worst_share = -1.0;
        for (i, p) in panels.iter().enumerate() {
            if share(p) > worst_share {
                (worst_panel, worst_share) = (i, share(p));
            }
        }
        let Panel { from, to, .. } = panels[worst_panel];
        let middle = 0.5 * (from + to);
        panels[worst_panel] = panel(from, middle)?;
        panels.insert(worst_panel + 1, panel(middle, to)?);
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
    fn an_integrable_logarithm_is_reached_by_bisection() {
        let tolerance = Tolerance::relative(1e-10);
        let result = integrate::<Error>(&[0.0, 1.0], 1, tolerance, |t, out| {
            out[0] = -t.ln();
            Ok(())
        })
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
        let result = integrate::<Error>(&[0.0, 1.0], 1, tolerance, |t, out| {
            out[0] = (200.0 * t).sin().abs();
            Ok(())
        });
        assert!(matches!(result, Err(Error::NotConverged { .. })));
    }
}
