//! Relaxation of a normal distribution in a harmonic trap.
//!
//! For dx = −k(x − μ) dt + √(2D) dW with y = e^{−2kt}, Δ = m₀ − μ, V∞ = D/k and δ = V₀ − V∞,
//!
//! ```text
//! m = μ + Δ√y,   V = V∞ + δ y,   I = ṁ²/V + V̇²/(2V²),
//! 𝒞 = ∫I dt = kΔ²(1 − y)/(2Λ(V₀, V)) + k [h(V∞/V₀) − h(V∞/V)],    h(q) = q − 1 − ln q,
//! Σ = ∫Σ̇ dt = D(p₀‖p∞) − D(p_t‖p∞) = kΔ²(1 − y)/(2D) + ½ [h(V₀/V∞) − h(V/V∞)],
//! ```
//!
//! with the logarithmic mean Λ. The length is ∫ √(Δ²V∞ + (Δ²δ + 2δ²) z²)/(V∞ + δz²) dz over z = √y, whose integrand is smooth.
//!
//! Source: Ito and Dechant, Phys. Rev. X 10, 021056 (2020).

use irrev_numerics::Tolerance;
use irrev_numerics::quadrature::integrate;
use irrev_numerics::special::{logarithmic_mean, relative_entropy_term};

use super::normal::{normal_distance, normal_fisher_information, require_variance};
use crate::bounds::Side;
use crate::error::Result;
use crate::information::time::StatisticalLength;

/// Accuracy of the length, relative.
const LENGTH: f64 = 1e-13;

/// dx = −k(x − μ) dt + √(2D) dW.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrnsteinUhlenbeck {
    /// k > 0, in 1/time.
    pub stiffness: f64,
    /// D > 0, in x² per time.
    pub diffusion: f64,
    /// μ, where the trap stands.
    pub centre: f64,
}

/// A normal distribution at one time and how fast it changes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TrapSpeedAt {
    /// Time from the start.
    pub time: f64,
    /// m.
    pub mean: f64,
    /// V.
    pub variance: f64,
    /// I, in 1/time².
    pub fisher_information: f64,
    /// √I.
    pub speed: f64,
    /// Σ̇ = [ṁ² + (D/V − k)² V]/D, in nats per time.
    pub entropy_production_rate: f64,
    /// I V − ṁ² = V̇²/(2V): the slack of the Cramér–Rao inequality for x.
    pub slack: f64,
}

/// A relaxation in the geometry of normal distributions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TrapSpeed {
    /// The times asked for.
    pub at: Vec<TrapSpeedAt>,
    /// Length, action and the Fisher–Rao distance of the ends.
    pub path: StatisticalLength,
    /// Σ over the duration, in nats.
    pub entropy_production: f64,
}

impl OrnsteinUhlenbeck {
    /// The relaxation from N(m₀, V₀) over [0, duration].
    ///
    /// ```
    /// use irrev_network::information::gaussian::OrnsteinUhlenbeck;
    /// let trap = OrnsteinUhlenbeck { stiffness: 1.0, diffusion: 0.5, centre: 2.0 };
    /// let speed = trap.speed((0.0, 0.25), 2.0, &[0.0])?;
    /// assert!((speed.at[0].fisher_information - 18.0).abs() < 1e-14);
    /// assert!((speed.path.length.value - 2.81090672922488).abs() < 1e-12);
    /// assert!((speed.entropy_production - 4.023289939420697).abs() < 1e-13);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::Error::Domain`] unless k, D, V₀ and the duration are positive and all is finite; not converged.
    pub fn speed(&self, (mean, variance): (f64, f64), duration: f64, times: &[f64]) -> Result<TrapSpeed> {
        for (what, value) in [
            ("the stiffness", self.stiffness),
            ("the diffusion coefficient", self.diffusion),
            ("the duration", duration),
        ] {
            let fits = value > 0.0 && value.is_finite();
            crate::require(what, value, fits, "a finite number above 0")?;
        }
        require_variance(variance)?;
        let shift = mean - self.centre;
        crate::require("m₀ − μ", shift, shift.is_finite(), "a finite number")?;
        let (k, d) = (self.stiffness, self.diffusion);
        let rest = d / k;
        let state = |t: f64| {
            let y = (-2.0 * k * t).exp();
            (self.centre + shift * (-k * t).exp(), rest + (variance - rest) * y)
        };
        let mut at = Vec::with_capacity(times.len());
        for &time in times {
            crate::require("time", time, time >= 0.0 && time.is_finite(), "a finite time ≥ 0")?;
            let (m, v) = state(time);
            let mean_rate = -k * shift * (-k * time).exp();
            let variance_rate = -2.0 * k * (variance - rest) * (-2.0 * k * time).exp();
            let fisher_information = normal_fisher_information(v, mean_rate, variance_rate)?;
            let spreading = 0.5 * variance_rate / v;
            at.push(TrapSpeedAt {
                time,
                mean: m,
                variance: v,
                fisher_information,
                speed: fisher_information.sqrt(),
                // D/V − k = V̇/(2V)
                entropy_production_rate: (mean_rate * mean_rate + spreading * spreading * v) / d,
                slack: 0.5 * variance_rate * (variance_rate / v),
            });
        }
        let (end_mean, end) = state(duration);
        let faded = -(-2.0 * k * duration).exp_m1();
        let h = |q: f64| relative_entropy_term(1.0, q);
        let moved = k * shift * shift * faded;
        let action =
            moved / (2.0 * logarithmic_mean(variance, end)) + k * (h(rest / variance) - h(rest / end));
        Ok(TrapSpeed {
            at,
            path: StatisticalLength {
                duration,
                length: self.length(shift, variance, duration)?,
                action: Side::exact(action),
                geodesic: normal_distance((mean, variance), (end_mean, end))?,
            },
            entropy_production: moved / (2.0 * d) + 0.5 * (h(variance / rest) - h(end / rest)),
        })
    }

    fn length(&self, shift: f64, variance: f64, duration: f64) -> Result<Side> {
        let rest = self.diffusion / self.stiffness;
        let excess = variance - rest;
        let constant = shift * shift * rest;
        let quadratic = shift * shift * excess + 2.0 * excess * excess;
        let last = (-self.stiffness * duration).exp();
        let tolerance = Tolerance {
            relative: LENGTH,
            absolute: f64::MIN_POSITIVE,
            max_iterations: 4000,
        };
        let found = integrate(
            &[last, 1.0],
            1,
            tolerance,
            |values, _| values[0],
            |z, out| -> Result<()> {
                let y = z * z;
                // Δ²V∞ + Δ²δy is Δ² V > 0, and rounding must not make it less than 0
                out[0] = (constant + quadratic * y).max(0.0).sqrt() / (rest + excess * y);
                Ok(())
            },
        )?;
        Ok(Side {
            value: found.values[0],
            error: found.errors[0],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_that_moves_alone_is_slower_than_its_geodesic_only_by_its_spread() {
        // V = V∞: I = k²Δ²y/V, so that the length is |Δ|(1 − e^{−kτ})/√V and the action kΔ²(1 − y)/(2V)
        let trap = OrnsteinUhlenbeck {
            stiffness: 1.3,
            diffusion: 0.65,
            centre: -1.0,
        };
        let speed = trap.speed((1.0, 0.5), 0.7, &[]).unwrap();
        let moved = 2.0 * -(-1.3 * 0.7_f64).exp_m1();
        assert!((speed.path.length.value - moved / 0.5_f64.sqrt()).abs() < 1e-13);
        let action = 1.3 * 4.0 * -(-2.0 * 1.3 * 0.7_f64).exp_m1() / (2.0 * 0.5);
        assert!((speed.path.action.value - action).abs() < 1e-13);
        assert!(speed.path.geodesic_slack() > 0.0 && speed.path.action_slack() > 0.0);
    }

    #[test]
    fn a_variance_that_moves_alone_moves_on_a_geodesic() {
        let trap = OrnsteinUhlenbeck {
            stiffness: 1.0,
            diffusion: 1.0,
            centre: 0.0,
        };
        let speed = trap.speed((0.0, 9.0), 3.0, &[]).unwrap();
        assert!(speed.path.geodesic_slack().abs() < 1e-12);
        let at_rest = trap.speed((0.0, 1.0), 3.0, &[1.0]).unwrap();
        assert_eq!((at_rest.path.length.value, at_rest.path.action.value), (0.0, 0.0));
        assert_eq!(at_rest.path.least_time(), None);
        assert!(trap.speed((0.0, 0.0), 1.0, &[]).is_err() && trap.speed((0.0, 1.0), -1.0, &[]).is_err());
    }
}
