//! Landscapes of a model: ρ, w and a of a coordinate R(q) as integrals over its level sets.
//!
//! For H = |p|²/2 + V(q) in mass-weighted coordinates at kT,
//!
//! ```text
//! ρ(r) = Z⁻¹ ∫ δ(R − r) e^{−V/kT} dq,   w(r) = ⟨Ṙ²; r⟩ = kT ⟨|∇R|²; r⟩,   a(r) = ⟨R̈; r⟩ = ⟨kT ΔR − ∇R·∇V; r⟩.
//! ```
//!
//! In a chart q(r, s) of the level sets with area element J dr ds, the average at r is one integral over s, done adaptively. The result is a [`Profile`], from which
//! [`Surfaces`](crate::landscape::Surfaces) and barriers follow.
//!
//! Any other function of one to three coordinates, with masses, is projected by [`GridSystem`].
//!
//! Conventions: k_B = 1; two coordinates. Source: S. Kawai, Ensemble 16 (2014), equations 5 to 24.

mod level_sets;
mod lines;

use irrev_numerics::Tolerance;
use irrev_numerics::quadrature::integrate;

pub use self::level_sets::{LevelPoint, LevelSets};
pub use self::lines::{CoordinateFunction, GridSystem};
use crate::error::{Error, Result};
use crate::landscape::Profile;

/// Relative error that integrals aim at.
const RELATIVE: f64 = 1e-12;

/// Panels that an integral starts from, so that no well is missed.
const FIRST_PANELS: usize = 16;

/// Points at which landscapes are asked for.
fn require_ascending(points: &[f64]) -> Result<()> {
    for (index, pair) in points.windows(2).enumerate() {
        if pair[1].partial_cmp(&pair[0]) != Some(std::cmp::Ordering::Greater) {
            return Err(Error::Edges {
                index: index + 1,
                value: pair[1],
                before: pair[0],
            });
        }
    }
    Ok(())
}

type Scalar<'a> = Box<dyn Fn([f64; 2]) -> f64 + 'a>;
type Vector<'a> = Box<dyn Fn([f64; 2]) -> [f64; 2] + 'a>;

/// A particle in a plane, in mass-weighted coordinates, at a temperature.
pub struct PlanarSystem<'a> {
    potential: Scalar<'a>,
    gradient: Vector<'a>,
    temperature: f64,
    reach: f64,
    /// Z = ∫ e^{−(V − V₀)/kT} dq.
    partition_function: f64,
    /// V₀, the least V seen on a coarse grid, so that no exponential overflows.
    floor: f64,
}

impl std::fmt::Debug for PlanarSystem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanarSystem")
            .field("temperature", &self.temperature)
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl<'a> PlanarSystem<'a> {
    /// V with its gradient, kT, and a distance from the origin beyond which e^{−V/kT} is negligible.
    ///
    /// # Errors
    /// [`Error::Domain`] unless kT and the reach are positive and V is finite within it, [`Error::Numerics`] if ∫ e^{−V/kT} dq does not converge to 1e-12.
    pub fn new(
        potential: impl Fn([f64; 2]) -> f64 + 'a,
        gradient: impl Fn([f64; 2]) -> [f64; 2] + 'a,
        temperature: f64,
        reach: f64,
    ) -> Result<Self> {
        for (what, value) in [("kT", temperature), ("the reach of a system", reach)] {
            Error::require(what, value, value > 0.0 && value.is_finite(), "a positive number")?;
        }
        let mut system = Self {
            potential: Box::new(potential),
            gradient: Box::new(gradient),
            temperature,
            reach,
            partition_function: 1.0,
            floor: 0.0,
        };
        let coarse = |k: i32| reach * f64::from(k) / 50.0;
        let seen = (-50..=50).flat_map(|i| (-50..=50).map(move |j| [coarse(i), coarse(j)]));
        let floor = seen.map(|q| (system.potential)(q)).fold(f64::INFINITY, f64::min);
        Error::require(
            "the least potential within reach",
            floor,
            floor.is_finite(),
            "a finite number",
        )?;
        system.floor = floor;
        let line = |x: f64| system.over(-reach, reach, |y| [system.boltzmann([x, y]), 0.0, 0.0]);
        let mut failure = None;
        let whole = system.over(-reach, reach, |x| match line(x) {
            Ok(sums) => sums,
            Err(error) => {
                failure = Some(error);
                [f64::NAN; 3]
            }
        });
        if let Some(error) = failure {
            return Err(error);
        }
        let z = whole?[0];
        system.partition_function = z;
        Ok(system)
    }

    /// kT.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    fn boltzmann(&self, q: [f64; 2]) -> f64 {
        (-((self.potential)(q) - self.floor) / self.temperature).exp()
    }

    /// Three integrals at once, the first two to 1e-12 of themselves, the third of the integral of its modulus.
    fn over(&self, low: f64, high: f64, mut f: impl FnMut(f64) -> [f64; 3]) -> Result<[f64; 3]> {
        let breaks: Vec<f64> = (0..=FIRST_PANELS)
            .map(|k| low + (high - low) * (k as f64 / FIRST_PANELS as f64))
            .collect();
        let tolerance = Tolerance {
            absolute: f64::MIN_POSITIVE,
            ..Tolerance::relative(RELATIVE)
        };
        let found = integrate::<Error>(
            &breaks,
            4,
            tolerance,
            // the third may cancel: the modulus, of which no accuracy is asked, is its scale
            |values, k| match k {
                2 => values[3],
                3 => f64::MAX,
                k => values[k],
            },
            |x, out| {
                let values = f(x);
                out[..3].copy_from_slice(&values);
                out[3] = values[2].abs();
                Ok(())
            },
        )?;
        Ok([found.values[0], found.values[1], found.values[2]])
    }

    /// ρ, w and a of a coordinate at ascending points.
    ///
    /// ```
    /// use irrev_landscape::projection::{LevelSets, PlanarSystem};
    /// // a round trap: the distance from its centre has ρ = (r/kT) e^{−r²/2kT}, w = kT, a = kT/r − r
    /// let trap = PlanarSystem::new(|q| 0.5 * (q[0] * q[0] + q[1] * q[1]), |q| q, 0.5, 7.0)?;
    /// let profile = trap.profile(&LevelSets::distance([0.0, 0.0]), &[0.5, 1.0, 2.0])?;
    /// assert!((profile.density[1] - 2.0 * (-1.0_f64).exp()).abs() < 1e-11);
    /// assert!((profile.mean_square_velocity[2] - 0.5).abs() < 1e-11 && (profile.mean_acceleration[0] - 0.5).abs() < 1e-11);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Edges`] unless points ascend; [`Error::Domain`] for a point that the coordinate does not take, or where the level set has no weight; [`Error::Numerics`] where a mean does not
    /// converge, as ⟨|∇R|²; r⟩ does not if ∇R diverges on the level set.
    pub fn profile(&self, coordinate: &LevelSets<'_>, points: &[f64]) -> Result<Profile> {
        require_ascending(points)?;
        let mut profile = Profile {
            points: points.to_vec(),
            density: Vec::with_capacity(points.len()),
            mean_square_velocity: Vec::with_capacity(points.len()),
            mean_acceleration: Vec::with_capacity(points.len()),
        };
        for &r in points {
            let (low, high) = coordinate.parameters(r, self.reach)?;
            let [measure, square, acceleration] = self.over(low, high, |s| {
                let at = coordinate.at(r, s);
                let weight = at.area * self.boltzmann(at.point);
                let ([x, y], [gx, gy]) = (at.gradient, (self.gradient)(at.point));
                [
                    weight,
                    weight * self.temperature * (x * x + y * y),
                    weight * (self.temperature * at.laplacian - x * gx - y * gy),
                ]
            })?;
            Error::require(
                "the weight of a level set",
                measure,
                measure > 0.0,
                "a positive number: the coordinate has a value there that does not occur",
            )?;
            profile.density.push(measure / self.partition_function);
            profile.mean_square_velocity.push(square / measure);
            profile.mean_acceleration.push(acceleration / measure);
        }
        Ok(profile)
    }
}
