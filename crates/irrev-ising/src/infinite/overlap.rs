//! The overlap q of a network with itself at two times: q = G(q).
//!
//! G(c) = E tanh x tanh y over local fields whose normal parts have correlation c. It is convex with G(1) = 1 − k < 1, so that there is exactly
//! one solution, and G′(q) < 1. With c = 1 − y² and F(y) = y G′(1 − y²), 1 − G = k + 2∫₀^y F: one polynomial F on [0, 1] gives G for all c, and
//! since every term of 1 − G is positive, 1 − q keeps its digits when nearly all spins are frozen. The variable y takes away the square root
//! with which G approaches 1 at low temperature.

use super::chebyshev::{Polynomial, Stretch};
use super::roots::{Root, bracketed_newton};
use super::site::Site;

/// q, and the polynomial that gives G between q and 1.
#[derive(Debug, Clone)]
pub(crate) struct Overlap {
    /// F(y) = y G′(1 − y²) as a polynomial of the stretched y, as it changes within 1/ς of 0.
    slope: Polynomial,
    /// ∫₀^y F.
    integral: Polynomial,
    /// k = 1 − G(1).
    gain: f64,
    stretch: Stretch,
    /// 1/distance within which F changes near 0: ς, or 0 at β = ∞, where it is smooth.
    pub(crate) sharpness: f64,
    /// √(1 − q).
    pub(crate) root_of_unfrozen: f64,
    pub(crate) residual: f64,
    pub(crate) iterations: usize,
}

impl Overlap {
    pub(crate) fn of(site: &Site) -> Self {
        let sharpness = site.sharpness();
        let stretch = Stretch::for_sharpness(sharpness);
        let slope = Polynomial::fitted(|zeta| site.overlap_slope(stretch.at(zeta)));
        let integral = Polynomial::fitted(|zeta| slope.at(zeta) * stretch.slope(zeta)).integral();
        let k = site.gain();
        // 1 − c − (1 − G(c)), and its derivative with respect to y
        let excess = |y: f64| {
            let zeta = stretch.inverse(y);
            let value = y * y - k - 2.0 * integral.at(zeta);
            (value, 2.0 * y - 2.0 * slope.at(zeta))
        };
        let found = if site.is_certain() {
            // G = 1 − k whatever c: no iteration, and no solution of 0 = 0 where k is 0
            Root {
                at: k.sqrt(),
                residual: 0.0,
                iterations: 0,
            }
        } else if site.is_unbiased() || excess(1.0).0 <= 0.0 {
            Root {
                at: 1.0,
                residual: excess(1.0).0.abs(),
                iterations: 0,
            }
        } else {
            // q = 1 solves it, too, at β = ∞, and is left out
            bracketed_newton(excess, (f64::MIN_POSITIVE, 1.0), 1.0)
        };
        Self {
            slope,
            integral,
            gain: k,
            stretch,
            sharpness,
            root_of_unfrozen: found.at,
            residual: found.residual,
            iterations: found.iterations,
        }
    }

    /// F(y).
    pub(crate) fn slope(&self, y: f64) -> f64 {
        self.slope.at(self.stretch.inverse(y))
    }

    /// G(c) and G′(c) for c in [0, 1).
    pub(crate) fn map(&self, correlation: f64) -> (f64, f64) {
        let y = (1.0 - correlation).max(0.0).sqrt();
        let zeta = self.stretch.inverse(y);
        let value = 1.0 - self.gain - 2.0 * self.integral.at(zeta);
        (
            value,
            if y == 0.0 {
                f64::INFINITY
            } else {
                self.slope.at(zeta) / y
            },
        )
    }

    /// 1 − G(1 − y²), with all its digits, and its derivative with respect to y.
    pub(crate) fn forgotten(&self, y: f64) -> (f64, f64) {
        let zeta = self.stretch.inverse(y);
        (
            self.gain + 2.0 * self.integral.at(zeta),
            2.0 * self.slope.at(zeta),
        )
    }

    /// 1 − q.
    pub(crate) fn unfrozen(&self) -> f64 {
        self.root_of_unfrozen * self.root_of_unfrozen
    }

    /// q.
    pub(crate) fn overlap(&self) -> f64 {
        (1.0 - self.root_of_unfrozen) * (1.0 + self.root_of_unfrozen)
    }
}
