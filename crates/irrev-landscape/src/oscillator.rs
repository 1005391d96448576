//! The damped oscillator in a bath, of which every correlation is known: a yardstick for what sampling and filtering do.
//!
//! ẍ = −ω² x − γ ẋ + noise at kT, mass 1: C(t) = ⟨x(t) x(0)⟩ = (kT/ω²) e^{−γt/2} [cos Ωt + (γ/2Ω) sin Ωt], Ω² = ω² − γ²/4, with hyperbolic functions where Ω²
//! < 0.
//!
//! Source: S. Chandrasekhar, Rev. Mod. Phys. 15, 1 (1943).

use crate::error::{Error, Result};

/// A harmonic oscillator of mass 1 with friction, in equilibrium.
///
/// ```
/// use irrev_landscape::oscillator::DampedOscillator;
/// let free = DampedOscillator::new(4.0, 0.0, 1.0)?;
/// assert!((free.autocovariance(1.0) - 0.25 * 2.0_f64.cos()).abs() < 1e-15);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DampedOscillator {
    omega_squared: f64,
    friction: f64,
    temperature: f64,
}

impl DampedOscillator {
    /// ω² in 1/time², γ in 1/time, and kT.
    ///
    /// # Errors
    /// [`Error::Domain`] unless ω² and kT are positive and γ is not negative.
    pub fn new(omega_squared: f64, friction: f64, temperature: f64) -> Result<Self> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        Error::require("ω²", omega_squared, positive(omega_squared), "a positive number")?;
        Error::require(
            "the friction",
            friction,
            friction >= 0.0 && friction.is_finite(),
            "zero or a positive number",
        )?;
        Error::require("kT", temperature, positive(temperature), "a positive number")?;
        Ok(Self {
            omega_squared,
            friction,
            temperature,
        })
    }

    /// C(t) = ⟨x(t) x(0)⟩.
    #[must_use]
    pub fn autocovariance(&self, t: f64) -> f64 {
        let (t, half) = (t.abs(), 0.5 * self.friction);
        let squared = self.omega_squared - half * half;
        let frequency = squared.abs().sqrt();
        let angle = frequency * t;
        let scaled = match () {
            // sin(Ωt)/Ω → t
            () if angle < 1e-8 => (-half * t).exp() * (1.0 + half * t),
            () if squared > 0.0 => (-half * t).exp() * (angle.cos() + half / frequency * angle.sin()),
            // cosh and sinh would overflow before the exponential brings them down
            () => {
                let (slow, fast) = ((frequency - half) * t, -(frequency + half) * t);
                0.5 * (slow.exp() + fast.exp()) + 0.5 * half / frequency * (slow.exp() - fast.exp())
            }
        };
        self.temperature / self.omega_squared * scaled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equation_of_motion_holds_below_at_and_above_critical_damping() {
        // C'' = −ω² C − γ C' for t > 0, by differences with an error of h² times the fourth derivative, and of rounding over h²
        let h = 1e-3;
        for friction in [0.0, 0.5, 2.0, 2.0 + 1e-12, 2.1, 40.0] {
            let c = DampedOscillator::new(1.0, friction, 0.7).unwrap();
            for t in [0.5, 1.0, 3.0] {
                let [before, at, after] = [t - h, t, t + h].map(|t| c.autocovariance(t));
                let (first, second) = (
                    (after - before) / (2.0 * h),
                    (after - 2.0 * at + before) / (h * h),
                );
                assert!((second + at + friction * first).abs() < 1e-4, "{friction} {t}");
            }
            assert!((c.autocovariance(0.0) - 0.7).abs() < 1e-15);
        }
        // overdamped and long: the slow mode remains, and nothing overflows
        let slow = DampedOscillator::new(1.0, 100.0, 1.0).unwrap();
        assert!((slow.autocovariance(1e3).ln() + 1e3 * 0.010_001_000_2).abs() < 1e-3);
        assert_eq!(slow.autocovariance(1e7), 0.0);
    }
}
