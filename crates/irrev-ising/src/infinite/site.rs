//! One spin of an infinite network at a given magnetisation: what it does on average, at any temperature.

use std::f64::consts::PI;
use std::sync::LazyLock;

use irrev_numerics::quadrature::gauss_legendre;

use super::InfiniteNetwork;
use super::gaussian::{Center, Grid, LocalField};
use crate::ensemble::FieldLaw;
use crate::response::{refreshed_entropy, sech_squared};

/// Points that sum the slope of a pair's mean product to rounding.
static RULE: LazyLock<(Vec<f64>, Vec<f64>)> = LazyLock::new(|| gauss_legendre(32));

/// Intervals towards 0 without temperature: what lies below the last is rounding.
const HALVINGS: usize = 52;

/// A spin in its local field. At β = ∞ the field is measured in units of energy, tanh is a sign and k vanishes as 1/β: what stays finite is βk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    field: LocalField,
    /// β, or 1 at β = ∞.
    scale: f64,
    frozen: bool,
}

impl Site {
    pub(crate) fn new(network: &InfiniteNetwork, magnetization: f64, grid: Grid) -> Self {
        let frozen = network.inverse_temperature == f64::INFINITY;
        let scale = if frozen { 1.0 } else { network.inverse_temperature };
        let shift = network.mean_coupling * magnetization;
        let (low, high, normal) = match network.fields {
            FieldLaw::Constant(field) => (field, field, 0.0),
            FieldLaw::Uniform { low, high } => (low, high, 0.0),
            FieldLaw::Gaussian { mean, spread } => (mean, mean, spread),
        };
        let field = LocalField {
            center: Center {
                low: scale * (low + shift),
                high: scale * (high + shift),
            },
            field_variance: (scale * normal).powi(2),
            coupling_variance: (scale * network.spread).powi(2),
            grid,
        };
        Self { field, scale, frozen }
    }

    pub(crate) fn field(&self) -> &LocalField {
        &self.field
    }

    /// E tanh x.
    pub(crate) fn magnetization(&self) -> f64 {
        let mean = if self.frozen {
            self.field.mean_sign()
        } else {
            self.field.mean_tanh()
        };
        mean.clamp(-1.0, 1.0)
    }

    /// k = E sech²x, which vanishes at β = ∞.
    pub(crate) fn gain(&self) -> f64 {
        if self.frozen {
            0.0
        } else {
            self.field.average(sech_squared)
        }
    }

    /// βk: what a field in units of energy adds to the magnetisation. At β = ∞ twice the density of fields at 0.
    pub(crate) fn susceptibility(&self) -> f64 {
        if self.frozen {
            2.0 * self.field.density_at_zero()
        } else {
            self.scale * self.gain()
        }
    }

    /// E[ln 2cosh x − x tanh x], which vanishes at β = ∞.
    pub(crate) fn entropy(&self) -> f64 {
        if self.frozen {
            0.0
        } else {
            self.field.average(refreshed_entropy)
        }
    }

    /// ∂/∂β of E tanh x at fixed m: E[x sech²x]/β.
    pub(crate) fn thermal_slope(&self, network: &InfiniteNetwork, magnetization: f64) -> f64 {
        if self.frozen {
            return 0.0;
        }
        if self.scale == 0.0 {
            return network.fields.mean() + network.mean_coupling * magnetization;
        }
        self.field.average(|x| x * sech_squared(x)) / self.scale
    }

    /// y G′(1 − y²) for the overlap's map G, where 1 − y² is the correlation of the normal parts of fields at two times.
    ///
    /// G′ = ς² E[sech²x sech²y] (Price's theorem); the factor y keeps it finite at β = ∞, where G has the slope of an arcsine at 1.
    pub(crate) fn overlap_slope(&self, y: f64) -> f64 {
        self.pair_slope(y, 0.0)
    }

    /// The same for two times with mean fields that differ by ±`offset` from those of this spin.
    pub(crate) fn pair_slope(&self, y: f64, offset: f64) -> f64 {
        let variance = self.field.coupling_variance;
        if variance == 0.0 || (y == 0.0 && !self.frozen) {
            return 0.0;
        }
        if self.frozen {
            // E[2δ(x) 2δ(y)] = 2 × the densities of half the sum and half the difference at 0
            let common = self.field.field_variance + variance * (1.0 - 0.5 * y * y);
            let density = self.field.center.density(common.max(0.0).sqrt(), 0.0);
            let apart = if offset == 0.0 {
                1.0
            } else {
                (-(offset / y).powi(2) / variance).exp()
            };
            return 2.0 * (variance / PI).sqrt() * density * apart;
        }
        variance * y * self.field.two_time_gain(y, offset)
    }

    /// E tanh x tanh y for two times with mean fields that differ by ±`offset` from those of this spin and normal parts of correlation c.
    ///
    /// From its value at c = 1, since its slope is summed at any temperature by few points.
    pub(crate) fn pair_product(&self, offset: f64, correlation: f64) -> f64 {
        let top = if self.frozen {
            self.field.sign_product_at_equal_noise(offset)
        } else {
            self.field.product_at_equal_noise(offset)
        };
        if self.is_certain() {
            return top;
        }
        let integral = |from: f64, to: f64, f: &dyn Fn(f64) -> f64| {
            if self.frozen {
                halved(from, to, f)
            } else {
                stretched(from, to, 1.0 / self.sharpness().max(1.0), f)
            }
        };
        // c = 1 − y² down to the correlation or 0, and from there c = −1 + v²
        let last = (1.0 - correlation.max(0.0)).max(0.0).sqrt();
        let mut product = top - integral(0.0, last, &|y| 2.0 * self.pair_slope(y, offset));
        if correlation < 0.0 {
            let first = (1.0 + correlation).max(0.0).sqrt();
            product -= integral(first, 1.0, &|v| {
                let y = (2.0 - v * v).sqrt();
                2.0 * v * self.pair_slope(y, offset) / y
            });
        }
        product
    }

    /// Half the difference of the mean fields at two magnetisations, in the units of this spin's field.
    pub(crate) fn half_difference(&self, network: &InfiniteNetwork, m: f64, other: f64) -> f64 {
        0.5 * self.scale * network.mean_coupling * (m - other)
    }

    /// ς, in which the overlap's map changes near 1; 0 at β = ∞, where its slope is an arcsine's and smooth in y.
    pub(crate) fn sharpness(&self) -> f64 {
        if self.frozen {
            0.0
        } else {
            self.field.coupling_variance.sqrt()
        }
    }

    /// Whether couplings have no disorder, so that fields do not vary in time.
    pub(crate) fn is_certain(&self) -> bool {
        self.field.coupling_variance == 0.0
    }

    /// Whether no spin feels a mean field.
    pub(crate) fn is_unbiased(&self) -> bool {
        self.field.center == Center::at(0.0) && self.field.field_variance == 0.0
    }
}

/// ∫ f(y) dy for f that may vanish towards 0 as e^{−(d/y)²}: by intervals that become shorter by halves.
fn halved(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (nodes, weights) = &*RULE;
    let (mut sum, mut high) = (0.0, to);
    for halving in 1..=HALVINGS {
        let low = if halving == HALVINGS {
            from
        } else {
            (0.5 * high).max(from)
        };
        let terms = nodes.iter().zip(weights);
        sum += terms
            .map(|(t, weight)| weight * (high - low) * f(low + t * (high - low)))
            .sum::<f64>();
        high = low;
    }
    sum
}

/// ∫ f(y) dy for f that changes within a distance of 0: y = w sinh θ.
fn stretched(from: f64, to: f64, scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (first, last) = ((from / scale).asinh(), (to / scale).asinh());
    let (nodes, weights) = &*RULE;
    let terms = nodes.iter().zip(weights).map(|(t, weight)| {
        let theta = first + t * (last - first);
        weight * (last - first) * scale * theta.cosh() * f(scale * theta.sinh())
    });
    terms.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ensemble::FieldLaw;

    /// Without fields tanh is odd: G_ab(c) of opposite means is −G_aa(−c) of equal ones.
    #[test]
    fn products_of_opposite_means_are_those_of_equal_means_at_opposite_correlations() {
        for (beta, j0, spread) in [
            (8.0, 1.5, 0.3),
            (3.0, 1.0, 0.7),
            (1.0, 2.0, 0.5),
            (30.0, 1.0, 0.5),
            (f64::INFINITY, 1.0, 0.6),
        ] {
            let network = InfiniteNetwork {
                inverse_temperature: beta,
                mean_coupling: j0,
                spread,
                fields: FieldLaw::Constant(0.0),
            };
            for m in [0.2, 0.9, 0.99999] {
                let (equal, opposite) = (
                    Site::new(&network, m, Grid::STANDARD),
                    Site::new(&network, 0.0, Grid::STANDARD),
                );
                let offset = opposite.half_difference(&network, m, -m);
                for c in [-0.999_99, -0.5, 0.0, 0.7, 0.999_99] {
                    let (a, b) = (opposite.pair_product(offset, c), -equal.pair_product(0.0, -c));
                    let case = format!("β={beta} J₀={j0} ΔJ={spread} m={m} c={c}: {a} {b}");
                    // some hundred terms of size 1 at most
                    assert!((a - b).abs() < 4e-14, "{case}");
                }
            }
        }
    }
}
