//! Protocols of least work and least dissipation for overdamped motion on a line, in closed form.
//!
//! dx = −μ V'(x, t) dt + √(2 μ T) dW. Between two distributions in a time τ, no potential dissipates less than W₂²/(μ T τ), and one does just that: it moves every quantile at constant speed,
//! with p(x, t) the displacement interpolation and v(x, t) its velocity,
//!
//! ```text
//! V(x, t) = −T ln p(x, t) − μ⁻¹ ∫ v(x, t) dx.
//! ```
//!
//! It is not the equilibrium potential of either end: V jumps at both by μ⁻¹ ∫ v dx, which a smooth ansatz misses.
//!
//! Conventions: k_B = 1, work in the unit of T. Sources: T. Schmiedl and U. Seifert, Phys. Rev. Lett. 98, 108301 (2007); E. Aurell, C. Mejía-Monasterio and P. Muratore-Ginanneschi,
//! Phys. Rev. Lett. 106, 250601 (2011).

use crate::error::{Error, Result};

fn require_positive(what: &'static str, value: f64) -> Result<()> {
    Error::require(what, value, value > 0.0 && value.is_finite(), "a positive number")
}

/// The centre λ of a harmonic trap k (x − λ)²/2 on its best way over a distance, from equilibrium.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MovedTrap {
    /// Least mean work k L²/(2 + μ k τ).
    pub work: f64,
    /// Jump of λ at the start, and again at the end: L/(2 + μ k τ).
    pub jump: f64,
    /// dλ/dt in between, which is also d⟨x⟩/dt.
    pub speed: f64,
}

/// The best way to move a trap of stiffness k over a distance L in a time τ, at a mobility μ.
///
/// ```
/// use irrev_landscape::protocol::moved_trap;
/// let best = moved_trap(1.0, 2.0, 3.0, 1.0)?;
/// assert!((best.work - 0.8).abs() < 1e-15 && (2.0 * best.jump + 3.0 * best.speed - 2.0).abs() < 1e-15);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless k, τ and μ are positive and L is finite.
pub fn moved_trap(stiffness: f64, distance: f64, duration: f64, mobility: f64) -> Result<MovedTrap> {
    require_positive("the stiffness of a trap", stiffness)?;
    require_positive("the duration of a protocol", duration)?;
    require_positive("a mobility", mobility)?;
    Error::require("a distance", distance, distance.is_finite(), "a finite number")?;
    let rate = mobility * stiffness;
    let share = distance / (2.0 + rate * duration);
    Ok(MovedTrap {
        work: stiffness * distance * share,
        jump: share,
        speed: rate * share,
    })
}

/// A harmonic trap k x²/2 whose stiffness is changed in the best way, from equilibrium.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StiffenedTrap {
    /// Least mean work.
    pub work: f64,
    /// ΔF = (T/2) ln(k₁/k₀).
    pub free_energy_difference: f64,
    /// Standard deviation at the start, √(T/k₀), and at the end of the protocol; it changes linearly in between.
    pub standard_deviation: (f64, f64),
    /// Stiffness after the jump at the start, and before the jump at the end.
    pub inner_stiffness: (f64, f64),
}

/// The best way to change the stiffness of a trap from k₀ to k₁ in a time τ, at T and μ.
///
/// The final width s minimises k₁ s²/2 − T ln s + (s − s₀)²/(μ τ).
///
/// ```
/// use irrev_landscape::protocol::stiffened_trap;
/// let best = stiffened_trap(1.0, 4.0, 1.0, 1.0, 1.0)?;
/// assert!((best.work - 0.8905717854913).abs() < 1e-12 && best.work > best.free_energy_difference);
/// // slowly, nothing is lost
/// let slow = stiffened_trap(1.0, 4.0, 1e9, 1.0, 1.0)?;
/// assert!((slow.work - slow.free_energy_difference).abs() < 1e-9);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless all five are positive.
pub fn stiffened_trap(
    from: f64,
    to: f64,
    duration: f64,
    temperature: f64,
    mobility: f64,
) -> Result<StiffenedTrap> {
    require_positive("the stiffness of a trap", from)?;
    require_positive("the stiffness of a trap", to)?;
    require_positive("the duration of a protocol", duration)?;
    require_positive("T", temperature)?;
    require_positive("a mobility", mobility)?;
    let start = (temperature / from).sqrt();
    let drag = 2.0 / (mobility * duration);
    // (k₁ + c) s² − c s₀ s − T = 0
    let held = drag * start;
    let end = (held + held.hypot(2.0 * (temperature * (to + drag)).sqrt())) / (2.0 * (to + drag));
    let speed = (end - start) / duration;
    let stiffness = |s: f64| temperature / (s * s) - speed / (mobility * s);
    let dissipated = (end - start) * speed / mobility;
    Ok(StiffenedTrap {
        work: 0.5 * (to * end * end - temperature) - temperature * (end / start).ln() + dissipated,
        free_energy_difference: 0.5 * temperature * (to / from).ln(),
        standard_deviation: (start, end),
        inner_stiffness: (stiffness(start), stiffness(end)),
    })
}

/// Overdamped motion between two normal distributions, by a harmonic trap that is moved and stiffened.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GaussianProtocol {
    /// W₂² = (m₁ − m₀)² + (s₁ − s₀)².
    pub squared_distance: f64,
    /// W₂²/(μ T τ), in nats.
    pub entropy_production: f64,
    from: (f64, f64),
    to: (f64, f64),
    duration: f64,
    temperature: f64,
    mobility: f64,
}

/// A harmonic trap k (x − c)²/2 and the distribution in it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TrapAt {
    /// Mean of x.
    pub mean: f64,
    /// Standard deviation of x.
    pub standard_deviation: f64,
    /// k = T/s² − ṡ/(μ s); negative where the distribution is to spread faster than it does by itself.
    pub stiffness: f64,
    /// c = m + ṁ/(μ k); infinite at the moment at which k = 0, where the trap is a constant force.
    pub centre: f64,
}

/// The protocol of least dissipation between N(m₀, s₀²) and N(m₁, s₁²), each given as (m, s), in a time τ at T and μ.
///
/// ```
/// use irrev_landscape::protocol::gaussian_ends;
/// let best = gaussian_ends((0.0, 1.0), (2.0, 0.5), 1.5, 1.0, 1.0)?;
/// assert!((best.entropy_production - 4.25 / 1.5).abs() < 1e-14);
/// assert!((best.at(0.0)?.stiffness - 4.0 / 3.0).abs() < 1e-14);                  // after a jump from 1
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless widths, duration, T and μ are positive and means are finite.
pub fn gaussian_ends(
    from: (f64, f64),
    to: (f64, f64),
    duration: f64,
    temperature: f64,
    mobility: f64,
) -> Result<GaussianProtocol> {
    for (mean, width) in [from, to] {
        Error::require("a mean", mean, mean.is_finite(), "a finite number")?;
        require_positive("a standard deviation", width)?;
    }
    require_positive("the duration of a protocol", duration)?;
    require_positive("T", temperature)?;
    require_positive("a mobility", mobility)?;
    let squared_distance = (to.0 - from.0).powi(2) + (to.1 - from.1).powi(2);
    Ok(GaussianProtocol {
        squared_distance,
        entropy_production: squared_distance / (mobility * temperature * duration),
        from,
        to,
        duration,
        temperature,
        mobility,
    })
}

impl GaussianProtocol {
    /// The trap at a time from 0 (just after the first jump) to τ (just before the last).
    ///
    /// # Errors
    /// [`Error::Domain`] for a time outside.
    pub fn at(&self, time: f64) -> Result<TrapAt> {
        require_time(time, self.duration)?;
        let part = time / self.duration;
        let between = |a: f64, b: f64| (1.0 - part) * a + part * b;
        let (mean, width) = (between(self.from.0, self.to.0), between(self.from.1, self.to.1));
        let [speed, spreading] =
            [self.to.0 - self.from.0, self.to.1 - self.from.1].map(|change| change / self.duration);
        let stiffness = self.temperature / (width * width) - spreading / (self.mobility * width);
        Ok(TrapAt {
            mean,
            standard_deviation: width,
            stiffness,
            centre: if speed == 0.0 {
                mean
            } else {
                mean + speed / (self.mobility * stiffness)
            },
        })
    }
}

fn require_time(time: f64, duration: f64) -> Result<()> {
    Error::require(
        "the time of a protocol",
        time,
        (0.0..=duration).contains(&time),
        "one from 0 to its duration",
    )
}

/// Overdamped motion between two distributions on a line in a given time with the least dissipation.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplacementProtocol {
    /// Quantiles at the levels (i + ½)/n of both ends, ascending.
    from: Vec<f64>,
    to: Vec<f64>,
    duration: f64,
    temperature: f64,
    mobility: f64,
}

/// The protocol at one time, between neighbouring quantiles.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProtocolAt {
    /// Midpoints x between neighbouring quantiles.
    pub points: Vec<f64>,
    /// p(x, t).
    pub density: Vec<f64>,
    /// v(x, t).
    pub velocity: Vec<f64>,
    /// V(x, t), zero at the first point.
    pub potential: Vec<f64>,
    /// −T ln p(x, t), zero at the first point: the potential in which p would be in equilibrium. V less this is the jump at either end.
    pub equilibrium_potential: Vec<f64>,
}

impl DisplacementProtocol {
    /// From the quantile functions of both ends, at n levels (i + ½)/n. Errors are of order n⁻², where the quantile functions are smooth.
    ///
    /// # Errors
    /// [`Error::Domain`] for fewer than 3 levels, or a duration, T or μ that is not positive; [`Error::Edges`] unless quantiles are finite and ascend strictly (a distribution with atoms or gaps has no
    /// potential that carries it).
    pub fn new(
        from: impl Fn(f64) -> f64,
        to: impl Fn(f64) -> f64,
        levels: usize,
        duration: f64,
        temperature: f64,
        mobility: f64,
    ) -> Result<Self> {
        Error::require("the number of levels", levels as f64, levels >= 3, "at least 3")?;
        require_positive("the duration of a protocol", duration)?;
        require_positive("T", temperature)?;
        require_positive("a mobility", mobility)?;
        let level = |i: usize| (i as f64 + 0.5) / levels as f64;
        let quantiles = |of: &dyn Fn(f64) -> f64| -> Result<Vec<f64>> {
            let values: Vec<f64> = (0..levels).map(|i| of(level(i))).collect();
            let mut before = f64::NEG_INFINITY;
            for (index, &value) in values.iter().enumerate() {
                if !(value.is_finite() && value > before) {
                    return Err(Error::Edges { index, value, before });
                }
                before = value;
            }
            Ok(values)
        };
        Ok(Self {
            from: quantiles(&from)?,
            to: quantiles(&to)?,
            duration,
            temperature,
            mobility,
        })
    }

    /// W₂² = ∫ (X₁(u) − X₀(u))² du by the midpoint rule, in the unit of x².
    #[must_use]
    pub fn squared_distance(&self) -> f64 {
        let squares = self.from.iter().zip(&self.to).map(|(a, b)| (b - a).powi(2));
        irrev_numerics::sum::compensated_sum(squares) / self.from.len() as f64
    }

    /// Least entropy production W₂²/(μ T τ), in nats.
    #[must_use]
    pub fn entropy_production(&self) -> f64 {
        self.squared_distance() / (self.mobility * self.temperature * self.duration)
    }

    /// Density, velocity and potential at a time from 0 (just after the first jump) to τ (just before the last).
    ///
    /// ```
    /// use irrev_landscape::protocol::DisplacementProtocol;
    /// // a uniform distribution that is shifted: every point moves at the same speed, and the potential is a slope
    /// let shifted = DisplacementProtocol::new(|u| u, |u| u + 2.0, 100, 4.0, 1.0, 0.5)?;
    /// assert!((shifted.entropy_production() - 4.0 / (0.5 * 4.0)).abs() < 1e-13);
    /// let now = shifted.at(1.0)?;
    /// assert!((now.potential[98] - -(0.5 / 0.5) * (now.points[98] - now.points[0])).abs() < 1e-13);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] for a time outside.
    pub fn at(&self, time: f64) -> Result<ProtocolAt> {
        require_time(time, self.duration)?;
        let part = time / self.duration;
        let quantiles: Vec<f64> = self
            .from
            .iter()
            .zip(&self.to)
            .map(|(a, b)| (1.0 - part) * a + part * b)
            .collect();
        let speeds: Vec<f64> = self
            .from
            .iter()
            .zip(&self.to)
            .map(|(a, b)| (b - a) / self.duration)
            .collect();
        let level = (self.from.len() as f64).recip();
        let density: Vec<f64> = quantiles
            .windows(2)
            .map(|pair| level / (pair[1] - pair[0]))
            .collect();
        let velocity: Vec<f64> = speeds.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
        let points: Vec<f64> = quantiles
            .windows(2)
            .map(|pair| 0.5 * (pair[0] + pair[1]))
            .collect();
        let equilibrium_potential: Vec<f64> = density
            .iter()
            .map(|p| -self.temperature * (p / density[0]).ln())
            .collect();
        // ∫ v dx between midpoints passes the quantile in between, where v is known
        let mut carried = 0.0;
        let mut potential = Vec::with_capacity(points.len());
        for (k, equilibrium) in equilibrium_potential.iter().enumerate() {
            if k > 0 {
                carried += speeds[k] * (points[k] - points[k - 1]);
            }
            potential.push(equilibrium - carried / self.mobility);
        }
        Ok(ProtocolAt {
            points,
            density,
            velocity,
            potential,
            equilibrium_potential,
        })
    }
}
