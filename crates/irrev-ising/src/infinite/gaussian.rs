//! Averages over the local field of a spin in an infinite network.
//!
//! With many weak couplings the field that acts on a spin is normal: x = β(H + J₀ m) + ς z, ς = βΔJ, where H differs between spins. An average is
//! one of f over the density of x, and the average over two times at which the normal parts have correlation c one over the independent variables
//! (x + y)/2 and (x − y)/2. The law of H only enters the first of them: a normal law widens it, a uniform law makes it a box with soft ends, so
//! that no field law costs a further integral.
//!
//! The trapezoid rule converges exponentially: functions of tanh are analytic up to ±iπ/2, so that a step h leaves an error e^{−π²/h} from
//! them and e^{−2π²σ²/h²} from the density. Since everything but tanh itself falls like e^{−2|x|}, wide laws are cut off where nothing is left;
//! tanh is split into an error function, whose average is known, and a rest that falls. Cost and accuracy then do not depend on ς.
//!
//! Sources: L. N. Trefethen and J. A. C. Weideman, SIAM Rev. 56, 385 (2014) for the trapezoid rule.

use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::sync::LazyLock;

use irrev_numerics::quadrature::gauss_legendre;
use irrev_numerics::special::x_ln_x;

use super::normal::{density, erf, erfc};
use crate::response::{probability_up, sech_squared};

/// Under this width a normal part is summed for every value of the field instead of being folded into a box.
const NARROW: f64 = 0.1;

/// ½√π: erf(½√π x) has the slope of tanh at 0 and differs from it by what falls like e^{−2|x|}.
const MATCHING_SLOPE: f64 = 0.886_226_925_452_758;

/// Twelve points resolve functions of tanh on an interval of length 1 to e^{−45}.
static PANEL: LazyLock<(Vec<f64>, Vec<f64>)> = LazyLock::new(|| gauss_legendre(12));

/// How finely integrals are summed; two grids whose results agree certify each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Grid {
    /// Step in units of the step that leaves an error of about e^{−40}.
    step: f64,
    /// Place of the grid, in steps.
    offset: f64,
    /// Standard deviations kept on each side.
    reach: f64,
}

impl Grid {
    /// Errors of about 1e-17 of the integrand's scale.
    pub(crate) const STANDARD: Self = Self {
        step: 1.0,
        offset: 0.0,
        reach: 8.6,
    };

    /// Finer, wider, and at other places.
    pub(crate) const CHECK: Self = Self {
        step: 0.77,
        offset: 0.5,
        reach: 9.2,
    };

    /// Step for a density of this width and functions of tanh.
    fn step(&self, width: f64) -> f64 {
        // a shift by 2πσ²/h in the complex plane is best, unless a pole at π/2 (of order four in sech²x sech²y) comes first
        let step = if width < 0.18 {
            0.7 * width
        } else {
            PI * PI / (44.0 + PI * PI / (8.0 * width * width))
        };
        self.step * step
    }
}

/// Where the mean of x lies, over spins: everywhere in [low, high] alike, or at one place if both are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Center {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Center {
    pub(crate) fn at(place: f64) -> Self {
        Self {
            low: place,
            high: place,
        }
    }

    fn extent(&self) -> f64 {
        self.high - self.low
    }

    /// Average of an odd step: f(x) = −1 below 0 and 1 above, over the places.
    fn mean_sign(&self) -> f64 {
        if self.extent() == 0.0 {
            if self.low == 0.0 { 0.0 } else { self.low.signum() }
        } else {
            ((self.low + self.high) / self.extent()).clamp(-1.0, 1.0)
        }
    }

    /// Average of erf(b g) over the places g.
    fn mean_erf(&self, b: f64) -> f64 {
        if self.extent() * b < 0.5 {
            return self.average(|g| erf(b * g));
        }
        // antiderivative g erf(bg) + e^{−b²g²}/(b√π)
        let f = |g: f64| g * erf(b * g) + (-(b * g).powi(2)).exp() / (b * PI.sqrt());
        (f(self.high) - f(self.low)) / self.extent()
    }

    /// Average of a function that twelve points resolve.
    fn average(&self, f: impl Fn(f64) -> f64) -> f64 {
        if self.extent() == 0.0 {
            return f(self.low);
        }
        let (nodes, weights) = &*PANEL;
        let terms = nodes.iter().zip(weights);
        terms.map(|(t, w)| w * f(self.low + t * self.extent())).sum()
    }

    /// Density at x of the places plus a normal number of a width.
    pub(crate) fn density(&self, width: f64, x: f64) -> f64 {
        if width == 0.0 {
            let inside = (self.low..=self.high).contains(&x);
            return if inside { 1.0 / self.extent() } else { 0.0 };
        }
        if self.extent() < 0.5 * width {
            return self.average(|g| density((x - g) / width) / width);
        }
        let scale = FRAC_1_SQRT_2 / width;
        let (a, b) = ((x - self.high) * scale, (x - self.low) * scale);
        // Φ(b) − Φ(a) from the side on which it does not cancel
        let difference = if a > 0.0 {
            erfc(a) - erfc(b)
        } else {
            erfc(-b) - erfc(-a)
        };
        0.5 * difference / self.extent()
    }

    /// Points and weights for the average of a function that falls like e^{−decay |x|}, over the places plus a normal number of a width.
    pub(crate) fn nodes(&self, width: f64, decay: f64, grid: Grid) -> Vec<(f64, f64)> {
        // the product of the density and what falls has its peak nearer to 0 by decay · σ²
        let towards_zero = |g: f64| g.signum() * (g.abs() - decay * width * width).max(0.0);
        let (low, high) = (towards_zero(self.low), towards_zero(self.high));
        let kept = if decay == 0.0 { f64::INFINITY } else { 42.0 / decay };
        let from = (low - grid.reach * width).max(high.min(0.0) - kept);
        let to = (high + grid.reach * width).min(low.max(0.0) + kept);
        if width == 0.0 && self.extent() == 0.0 {
            return vec![(self.low, 1.0)];
        }
        if self.extent() > 0.0 && width < NARROW {
            return self.panels(width, from, to, grid);
        }
        let h = grid.step(width);
        // counted from the center, so that a narrow law far from 0 keeps its digits
        let origin = if self.extent() == 0.0 { self.low } else { 0.0 };
        let first = ((from - origin) / h - grid.offset).ceil() as i64;
        let last = ((to - origin) / h - grid.offset).floor() as i64;
        let relative = Self {
            low: self.low - origin,
            high: self.high - origin,
        };
        (first..=last)
            .map(|j| {
                let place = (j as f64 + grid.offset) * h;
                (origin + place, h * relative.density(width, place))
            })
            .collect()
    }

    /// Panels of Gauss and Legendre over the places, and for each the trapezoid rule for the narrow normal part.
    fn panels(&self, width: f64, from: f64, to: f64, grid: Grid) -> Vec<(f64, f64)> {
        let (low, high) = (self.low.max(from), self.high.min(to));
        if high <= low {
            return Vec::new();
        }
        let count = ((high - low) / grid.step).ceil().max(1.0);
        let length = (high - low) / count;
        let normal = Self::at(0.0).nodes(width, 0.0, grid);
        let (nodes, weights) = &*PANEL;
        let mut all = Vec::with_capacity(count as usize * nodes.len() * normal.len());
        for panel in 0..count as usize {
            for (t, w) in nodes.iter().zip(weights) {
                let center = low + (panel as f64 + t) * length;
                let weight = w * length / self.extent();
                all.extend(normal.iter().map(|(x, v)| (center + x, weight * v)));
            }
        }
        all
    }
}

/// The law of the local field x at one time, and of pairs of it at two times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LocalField {
    /// β(H + J₀ m) over a uniform or constant law of H.
    pub(crate) center: Center,
    /// Variance from normal fields H: the same number at all times.
    pub(crate) field_variance: f64,
    /// ς².
    pub(crate) coupling_variance: f64,
    pub(crate) grid: Grid,
}

impl LocalField {
    /// Standard deviation of x around its center.
    pub(crate) fn width(&self) -> f64 {
        (self.field_variance + self.coupling_variance).sqrt()
    }

    /// Length of the interval in which x lies.
    pub(crate) fn reach(&self) -> f64 {
        self.center.extent() + 18.0 * self.width()
    }

    /// Average of f over x, for f that falls like e^{−2|x|}.
    pub(crate) fn average(&self, f: impl Fn(f64) -> f64) -> f64 {
        let nodes = self.center.nodes(self.width(), 2.0, self.grid);
        nodes.iter().map(|(x, w)| w * f(*x)).sum()
    }

    /// Average of tanh x.
    pub(crate) fn mean_tanh(&self) -> f64 {
        let width = self.width();
        if self.reach() <= 50.0 {
            let nodes = self.center.nodes(width, 0.0, self.grid);
            return nodes.iter().map(|(x, w)| w * x.tanh()).sum();
        }
        let slope = MATCHING_SLOPE / (1.0 + 2.0 * (MATCHING_SLOPE * width).powi(2)).sqrt();
        let rest = self.average(|x| x.tanh() - erf(MATCHING_SLOPE * x));
        self.center.mean_erf(slope) + rest
    }

    /// Average of sign x, what tanh becomes without temperature.
    pub(crate) fn mean_sign(&self) -> f64 {
        let width = self.width();
        if width == 0.0 {
            self.center.mean_sign()
        } else {
            self.center.mean_erf(FRAC_1_SQRT_2 / width)
        }
    }

    /// Density of x at 0; infinite if x is 0 for all spins.
    pub(crate) fn density_at_zero(&self) -> f64 {
        if self.width() == 0.0 && self.center.extent() == 0.0 {
            return if self.center.low == 0.0 {
                f64::INFINITY
            } else {
                0.0
            };
        }
        self.center.density(self.width(), 0.0)
    }

    /// Average of sech²x sech²y over fields at two times, with correlation 1 − y² between their normal parts from couplings and means that differ by
    /// ±`offset` from the center.
    pub(crate) fn two_time_gain(&self, y: f64, offset: f64) -> f64 {
        let half = 0.5 * self.coupling_variance * y * y;
        let common = (self.field_variance + self.coupling_variance - half)
            .max(0.0)
            .sqrt();
        // sech²(s + d) sech²(s − d) = [2/(cosh 2s + cosh 2d)]²
        let cosh = |(x, weight): &(f64, f64)| ((2.0 * x).cosh(), *weight);
        let sums = self.center.nodes(common, 4.0, self.grid);
        let sums: Vec<(f64, f64)> = sums.iter().map(cosh).collect();
        let differences = Center::at(offset).nodes(half.sqrt(), 4.0, self.grid);
        let even = |&&(x, _): &&(f64, f64)| offset != 0.0 || x >= 0.0;
        let folded = |&(x, w): &(f64, f64)| (x, if offset == 0.0 && x > 0.0 { 2.0 * w } else { w });
        let outer = differences.iter().filter(even).map(folded);
        outer
            .map(|pair| {
                let (cosh_d, weight) = cosh(&pair);
                let inner: f64 = sums
                    .iter()
                    .map(|(cosh_s, w)| {
                        let sech = 2.0 / (cosh_s + cosh_d);
                        w * sech * sech
                    })
                    .sum();
                weight * inner
            })
            .sum()
    }

    /// Average of tanh x tanh y for means that differ by ±`offset` from the center and correlation 1 between the normal parts.
    pub(crate) fn product_at_equal_noise(&self, offset: f64) -> f64 {
        // tanh(s + d) tanh(s − d) = 1 − 2 cosh 2d/(cosh 2s + cosh 2d), which falls once |s| exceeds |d|
        if offset == 0.0 {
            return 1.0 - self.average(sech_squared);
        }
        let nodes = self.center.nodes(self.width(), 0.0, self.grid);
        let rest = |s: f64| {
            // both terms divided by the larger exponential
            let largest = s.abs().max(offset.abs());
            let cosh = |x: f64| (2.0 * (x.abs() - largest)).exp() + (-2.0 * (x.abs() + largest)).exp();
            2.0 * cosh(offset) / (cosh(s) + cosh(offset))
        };
        1.0 - nodes.iter().map(|(s, w)| w * rest(*s)).sum::<f64>()
    }

    /// The same for signs: −1 where the two means lie on different sides of 0, 1 elsewhere.
    pub(crate) fn sign_product_at_equal_noise(&self, offset: f64) -> f64 {
        let shifted = |by: f64| {
            let center = Center {
                low: self.center.low + by,
                high: self.center.high + by,
            };
            Self { center, ..*self }.mean_sign()
        };
        1.0 - (shifted(offset) - shifted(-offset)).abs()
    }

    /// Average of tanh x times what does not come from the couplings' disorder: center and normal field.
    pub(crate) fn alignment_with_mean(&self) -> f64 {
        // a normal number z of the field gives E z tanh x = σ_H² E sech²x
        let from_normal = if self.field_variance == 0.0 {
            0.0
        } else {
            self.field_variance * self.average(sech_squared)
        };
        let Center { low, high } = self.center;
        if low == high {
            return low * self.mean_tanh() + from_normal;
        }
        // beyond this distance tanh is a sign
        let far = 21.0 + 9.0 * self.width();
        let (from, to) = (low.clamp(-far, far), high.clamp(-far, far));
        let saturated = 0.5 * ((high * high - to * to).abs() + (low * low - from * from).abs());
        let count = ((to - from) / (0.5 * self.width()).max(1.0)).ceil();
        let at = |g: f64| {
            let center = Center::at(g);
            g * Self { center, ..*self }.mean_tanh()
        };
        let panels = (0..count as usize).map(|p| {
            let length = (to - from) / count;
            let low = from + p as f64 * length;
            let high = low + length;
            length * Center { low, high }.average(at)
        });
        (panels.sum::<f64>() + saturated) / (high - low) + from_normal
    }

    /// Entropy of a spin, averaged over spins, where a part `common` of the couplings' variance differs between spins and the rest between
    /// repetitions.
    pub(crate) fn marginal_entropy(&self, common: f64) -> f64 {
        let noise = (self.coupling_variance - common).max(0.0).sqrt();
        let outer = self
            .center
            .nodes((self.field_variance + common).sqrt(), 0.0, self.grid);
        let inner = Center::at(0.0).nodes(noise, 0.0, self.grid);
        let entropy = |x: f64| {
            let up: f64 = inner.iter().map(|(z, w)| w * probability_up(x + z)).sum();
            let down: f64 = inner.iter().map(|(z, w)| w * probability_up(-x - z)).sum();
            -x_ln_x(up) - x_ln_x(down)
        };
        outer.iter().map(|(x, w)| w * entropy(*x)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::refreshed_entropy;

    fn field(low: f64, high: f64, field_variance: f64, coupling_variance: f64, grid: Grid) -> LocalField {
        LocalField {
            center: Center { low, high },
            field_variance,
            coupling_variance,
            grid,
        }
    }

    /// Average over x by brute force: Gauss and Legendre's panels over z and over the box.
    fn brute(f: impl Fn(f64) -> f64, low: f64, high: f64, width: f64) -> f64 {
        let (nodes, weights) = gauss_legendre(32);
        let panels = (8.0 * width).ceil().max(8.0) as usize;
        let over_z = |g: f64| -> f64 {
            (0..panels)
                .flat_map(|p| nodes.iter().zip(&weights).map(move |(t, w)| (p, t, w)))
                .map(|(p, t, w)| {
                    let length = 20.0 / panels as f64;
                    let z = -10.0 + (p as f64 + t) * length;
                    w * length * density(z) * f(g + width * z)
                })
                .sum()
        };
        let boxes = (0.5 * (high - low)).ceil() as usize;
        if boxes == 0 {
            return over_z(low);
        }
        let length = 1.0 / boxes as f64;
        (0..boxes)
            .flat_map(|p| nodes.iter().zip(&weights).map(move |(t, w)| (p, t, w)))
            .map(|(p, t, w)| w * length * over_z(low + (p as f64 + t) * length * (high - low)))
            .sum()
    }

    #[test]
    fn averages_agree_with_brute_force_for_narrow_and_wide_laws() {
        for (low, high) in [(0.0, 0.0), (0.7, 0.7), (-1.3, 0.4), (-6.0, 7.5), (0.3, 0.300_001)] {
            for width in [0.0, 0.03, 0.15, 0.5, 1.0, 2.5, 7.0] {
                let tanh = brute(f64::tanh, low, high, width);
                let k = brute(sech_squared, low, high, width);
                let s = brute(refreshed_entropy, low, high, width);
                for grid in [Grid::STANDARD, Grid::CHECK] {
                    let law = field(low, high, 0.25 * width * width, 0.75 * width * width, grid);
                    let case = format!("[{low}, {high}] {width} {grid:?}");
                    assert!((law.mean_tanh() - tanh).abs() < 2e-14, "tanh {case}");
                    assert!((law.average(sech_squared) - k).abs() < 2e-14, "sech² {case}");
                    assert!((law.average(refreshed_entropy) - s).abs() < 2e-14, "S {case}");
                }
            }
        }
    }

    #[test]
    fn far_from_zero_what_is_left_keeps_its_digits() {
        // E sech²x → 4 E e^{−2x} = 4 e^{−2g + 2σ²}
        for width in [0.0, 0.1, 1.0, 2.0] {
            let law = field(40.0, 40.0, 0.0, width * width, Grid::STANDARD);
            let exact = 4.0 * f64::exp(-80.0 + 2.0 * width * width);
            assert!((law.average(sech_squared) / exact - 1.0).abs() < 1e-12, "{width}");
        }
    }

    #[test]
    fn two_time_gains_agree_with_nested_averages() {
        let (low, high, f, v) = (-0.4, 1.1, 0.3, 1.7_f64);
        let law = field(low, high, f, v, Grid::STANDARD);
        for (y, offset) in [(0.0, 0.0), (0.5, 0.0), (0.9, 0.6), (1.3, -0.4)] {
            // s and d are independent normal numbers
            let (common, own) = ((f + v * (1.0 - 0.5 * y * y)).sqrt(), (0.5 * v).sqrt() * y);
            let product = |s: f64| brute(|d| sech_squared(s + d) * sech_squared(s - d), offset, offset, own);
            let point = LocalField {
                center: Center::at(0.7),
                ..law
            };
            let exact = brute(product, 0.7, 0.7, common);
            assert!(
                (point.two_time_gain(y, offset) - exact).abs() < 1e-13,
                "{y} {offset}"
            );
            let at = |g: f64| {
                let center = Center::at(g);
                LocalField { center, ..law }.two_time_gain(y, offset)
            };
            let middle = 0.5 * (low + high);
            let halves = [(low, middle), (middle, high)].map(|(low, high)| Center { low, high }.average(at));
            let over_box = 0.5 * (halves[0] + halves[1]);
            assert!(
                (law.two_time_gain(y, offset) - over_box).abs() < 1e-14,
                "{y} {offset} {:e}",
                law.two_time_gain(y, offset) - over_box
            );
        }
        let exact = brute(|s| (s + 0.8).tanh() * (s - 0.8).tanh(), low, high, (f + v).sqrt());
        assert!((law.product_at_equal_noise(0.8) - exact).abs() < 1e-13);
    }
}
