//! Families of distributions with two parameters, and their Fisher metric.
//!
//! | family | coordinates | ds² |
//! |---|---|---|
//! | normal | mean m, ln V | dm²/V + (d ln V)²/2 |
//! | log-normal | the same of ln x | the same |
//! | gamma | ln mean, ln shape a | a (d ln μ)² + (a² ψ′(a) − a)(d ln a)² |
//!
//! Source: Atkinson and Mitchell, Sankhyā A 43, 345 (1981), for normal laws.

use crate::error::{Error, Result};
use crate::special::{digamma, trigamma};

/// Nodes and weights of Gauss's rule with three points on [0, 1].
const GAUSS: [(f64, f64); 3] = [
    (0.112_701_665_379_258_3, 5.0 / 18.0),
    (0.5, 4.0 / 9.0),
    (0.887_298_334_620_741_7, 5.0 / 18.0),
];

/// Steps of Newton's method for the shape; it doubles its digits each time.
const NEWTON: usize = 12;

/// Family of distributions that stands for the cells of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Family {
    /// Normal, with mean and unbiased variance (default).
    #[default]
    Normal,
    /// Log-normal: normal in ln x. Values must be positive.
    LogNormal,
    /// Gamma, by maximum likelihood. Values must be positive.
    Gamma,
}

/// Coordinates of a distribution in its family.
pub(super) type Point = [f64; 2];

/// Sums over cells that a fit needs: weights, and two features.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) weight: f64,
    pub(super) first: f64,
    pub(super) second: f64,
}

impl Sums {
    pub(super) fn add(&mut self, weight: f64, (first, second): (f64, f64)) {
        self.weight += weight;
        self.first += weight * first;
        self.second += weight * second;
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            weight: self.weight - other.weight,
            first: self.first - other.first,
            second: self.second - other.second,
        }
    }
}

impl Family {
    /// x or ln x, whichever is fitted.
    pub(super) fn fitted(self, value: f64, index: usize) -> Result<f64> {
        let law = match self {
            Self::Normal => return Ok(value),
            Self::LogNormal => "log-normal",
            Self::Gamma => "gamma",
        };
        if !(value > 0.0) {
            return Err(Error::NotPositive {
                what: "values of cells".into(),
                index,
                value,
                law,
            });
        }
        Ok(if self == Self::LogNormal {
            value.ln()
        } else {
            value
        })
    }

    /// Features whose sums determine the fit; `origin` is near the mean, so that no digits cancel.
    pub(super) fn features(self, x: f64, origin: f64) -> (f64, f64) {
        match self {
            Self::Normal | Self::LogNormal => (x - origin, (x - origin) * (x - origin)),
            Self::Gamma => (x / origin, (x / origin).ln()),
        }
    }

    /// Coordinates of the fit; `None` where there are too few different cells.
    pub(super) fn point(self, sums: Sums, origin: f64) -> Option<Point> {
        let Sums {
            weight,
            first,
            second,
        } = sums;
        if !(weight > 1.0) {
            return None;
        }
        let mean = first / weight;
        match self {
            Self::Normal | Self::LogNormal => {
                let variance = (second - weight * mean * mean) / (weight - 1.0);
                (variance > 0.0).then(|| [origin + mean, variance.ln()])
            }
            Self::Gamma => {
                let contrast = mean.ln() - second / weight;
                (contrast > 0.0).then(|| [(origin * mean).ln(), gamma_shape(contrast).ln()])
            }
        }
    }

    /// Diagonal of the metric at a point.
    fn metric(self, point: Point) -> [f64; 2] {
        match self {
            Self::Normal | Self::LogNormal => [(-point[1]).exp(), 0.5],
            Self::Gamma => {
                let a = point[1].exp();
                [a, a * (a * trigamma(a) - 1.0)]
            }
        }
    }

    /// Inner product of two steps in the metric half-way between two points.
    pub(super) fn inner(self, (from, to): (Point, Point), a: Point, b: Point) -> f64 {
        let [g, h] = self.metric([0.5 * (from[0] + to[0]), 0.5 * (from[1] + to[1])]);
        g * a[0] * b[0] + h * a[1] * b[1]
    }

    /// Fisher–Rao distance; for gamma laws the length of the straight line in (ln μ, ln a), which is at least as long.
    pub(super) fn distance(self, from: Point, to: Point) -> f64 {
        let step = [to[0] - from[0], to[1] - from[1]];
        match self {
            Self::Normal | Self::LogNormal => {
                // √2 arccosh(1 + z) = √2 · 2 arsinh √(z/2), which keeps the digits of small steps
                let (s, t) = ((0.5 * from[1]).exp(), (0.5 * to[1]).exp());
                let z = (0.5 * step[0] * step[0] + (t - s) * (t - s)) / (2.0 * s * t);
                2.0 * std::f64::consts::SQRT_2 * (0.5 * z).sqrt().asinh()
            }
            Self::Gamma => GAUSS
                .iter()
                .map(|&(node, weight)| {
                    let [g, h] = self.metric([from[0] + node * step[0], from[1] + node * step[1]]);
                    weight * (g * step[0] * step[0] + h * step[1] * step[1]).sqrt()
                })
                .sum(),
        }
    }
}

/// The a with ln a − ψ(a) = contrast > 0.
fn gamma_shape(contrast: f64) -> f64 {
    let s = contrast;
    let mut a = (3.0 - s + ((s - 3.0) * (s - 3.0) + 24.0 * s).sqrt()) / (12.0 * s);
    for _ in 0..NEWTON {
        // Newton's step in 1/a, along which the function is nearly straight (Minka 2002)
        let next = (a.recip() + (a.ln() - digamma(a) - s) / (a * a * (a.recip() - trigamma(a)))).recip();
        if !(next > 0.0) || (next - a).abs() <= 1e-14 * a {
            break;
        }
        a = next;
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_testing::assert_close;

    #[test]
    fn the_shape_of_a_gamma_law_is_found_from_its_means() {
        for a in [0.05, 0.7, 3.0, 80.0, 1e4_f64] {
            assert_close("shape", gamma_shape(a.ln() - digamma(a)), a, 1e-8, 0.0);
        }
    }

    #[test]
    fn small_steps_have_the_length_that_the_metric_gives() {
        for family in [Family::Normal, Family::Gamma] {
            let (from, to) = ([0.3, 0.7], [0.3 + 1e-5, 0.7 - 2e-5]);
            let step = [to[0] - from[0], to[1] - from[1]];
            let square = family.inner((from, to), step, step);
            assert_close("distance", family.distance(from, to), square.sqrt(), 1e-9, 0.0);
        }
    }

    #[test]
    fn the_distance_of_normal_laws_is_the_published_one() {
        // pure change of the width: √2 ln(s₁/s₀)
        let d = Family::Normal.distance([1.0, 0.0], [1.0, 2.0 * 3.0_f64.ln()]);
        assert_close("distance", d, 2.0_f64.sqrt() * 3.0_f64.ln(), 1e-14, 0.0);
    }
}
