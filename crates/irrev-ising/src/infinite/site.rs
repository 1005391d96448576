//! One spin of an infinite network at a given magnetisation: what it does on average, at any temperature.

use std::f64::consts::PI;

use super::InfiniteNetwork;
use super::gaussian::{Center, Grid, LocalField};
use crate::ensemble::FieldLaw;
use crate::response::{refreshed_entropy, sech_squared};

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
        let variance = self.field.coupling_variance;
        if variance == 0.0 || (y == 0.0 && !self.frozen) {
            return 0.0;
        }
        if self.frozen {
            // E[2δ(x) 2δ(y)] = 2 × the densities of half the sum and half the difference at 0
            let common = self.field.field_variance + variance * (1.0 - 0.5 * y * y);
            let density = self.field.center.density(common.sqrt(), 0.0);
            return 2.0 * (variance / PI).sqrt() * density;
        }
        variance * y * self.field.two_time_gain(y, 0.0)
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
