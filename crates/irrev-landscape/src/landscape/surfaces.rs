//! The landscapes that follow from ρ, w and a at points of a coordinate.

use crate::error::{Error, Result};
use crate::grid::Component;

use super::integral::cumulative_integral;

/// ρ(r), w(r) = ⟨Ṙ²; r⟩ and a(r) = ⟨R̈; r⟩ at points of a coordinate: exact ones of a model, or averages in cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Points r, ascending.
    pub points: Vec<f64>,
    /// ρ at each, normalised over all values of the coordinate.
    pub density: Vec<f64>,
    /// w at each, in the unit of the coordinate over time, squared.
    pub mean_square_velocity: Vec<f64>,
    /// a at each, in the unit of the coordinate over time².
    pub mean_acceleration: Vec<f64>,
}

/// What becomes of the volume element r^{d−1} of a distance in d dimensions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Jacobian {
    /// Landscapes contain it, as ρ does (default).
    Kept,
    /// ρ is divided by r^{d−1}, and the force (d − 1) w/r that goes with it is taken from a, so that the identities between landscapes still hold.
    Removed {
        /// d.
        dimension: f64,
    },
}

/// The four landscapes at the points of a profile, each zero at the reference point; NaN where they are not defined.
///
/// ```
/// use irrev_landscape::grid::Component;
/// use irrev_landscape::landscape::{Jacobian, Profile, Surfaces};
/// // a particle of mass 4 in x²/2, its coordinate not weighted by mass: w = kT/m, a = −x/m
/// let points: Vec<f64> = (-10..=10).map(|k| 0.1 * f64::from(k)).collect();
/// let profile = Profile {
///     density: points.iter().map(|x| (-0.5 * x * x).exp()).collect(),
///     mean_square_velocity: vec![0.25; 21],
///     mean_acceleration: points.iter().map(|x| -0.25 * x).collect(),
///     points,
/// };
/// let whole = Component { cells: (0..21).collect(), closed: false };
/// let found = Surfaces::new(&profile, &[(whole, 10)], None, 1.0, Jacobian::Kept)?;
/// assert!((found.free_energy[0] - 0.5).abs() < 1e-12);
/// assert!((found.mean_force_potential[0] - 0.125).abs() < 1e-12);            // no energy: the coordinate is not weighted
/// assert!((found.normalised_mean_force_potential[0] - 0.5).abs() < 1e-12);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Surfaces {
    /// G = −kT ln ρ, in the unit of kT.
    pub free_energy: Vec<f64>,
    /// V_m = −∫ a dr, in the unit of the coordinate over time, squared: an energy where the coordinate is a mass-weighted length.
    pub mean_force_potential: Vec<f64>,
    /// V* = −kT ∫ (a/w) dr, in the unit of kT.
    pub normalised_mean_force_potential: Vec<f64>,
    /// kT ln(w/kT), less its value at the reference point: G = V* + this.
    pub metric_term: Vec<f64>,
    /// ∮ a dr and kT ∮ (a/w) dr of a component that is the whole circle.
    pub circulation: Option<(f64, f64)>,
}

impl Surfaces {
    /// Landscapes on components of a profile, each with the index of its reference point; `circle` is the length of the period of a coordinate on a circle.
    ///
    /// # Errors
    /// [`Error::Size`] if the columns of the profile differ in length, [`Error::Domain`] if kT or the dimension is not positive, or a point is not if a
    /// Jacobian is to be removed.
    pub fn new(
        profile: &Profile,
        components: &[(Component, usize)],
        circle: Option<f64>,
        temperature: f64,
        jacobian: Jacobian,
    ) -> Result<Self> {
        let n = profile.points.len();
        Error::require_size("the density of a profile", profile.density.len(), n)?;
        Error::require_size(
            "the mean square velocity of a profile",
            profile.mean_square_velocity.len(),
            n,
        )?;
        Error::require_size(
            "the mean acceleration of a profile",
            profile.mean_acceleration.len(),
            n,
        )?;
        Error::require(
            "kT",
            temperature,
            temperature > 0.0 && temperature.is_finite(),
            "a positive number",
        )?;
        let mut surfaces = Self {
            free_energy: vec![f64::NAN; n],
            mean_force_potential: vec![f64::NAN; n],
            normalised_mean_force_potential: vec![f64::NAN; n],
            metric_term: vec![f64::NAN; n],
            circulation: None,
        };
        for (component, reference) in components {
            surfaces.fill(profile, component, *reference, circle, temperature, jacobian)?;
        }
        Ok(surfaces)
    }

    fn fill(
        &mut self,
        profile: &Profile,
        component: &Component,
        reference: usize,
        circle: Option<f64>,
        temperature: f64,
        jacobian: Jacobian,
    ) -> Result<()> {
        let cells = &component.cells;
        let at = |column: &[f64]| -> Vec<f64> { cells.iter().map(|cell| column[*cell]).collect() };
        let zero = cells
            .iter()
            .position(|cell| *cell == reference)
            .ok_or(Error::Empty {
                what: "the intersection of a component and its reference point",
                way_out: "take a reference inside",
            })?;
        let points = unwrapped(&at(&profile.points), circle);
        let (mut density, w) = (at(&profile.density), at(&profile.mean_square_velocity));
        let mut a = at(&profile.mean_acceleration);
        if let Jacobian::Removed { dimension } = jacobian {
            Error::require(
                "the dimension of a distance",
                dimension,
                dimension > 0.0 && dimension.is_finite(),
                "a positive number",
            )?;
            for (k, r) in points.iter().enumerate() {
                Error::require(
                    "a distance whose volume element is removed",
                    *r,
                    *r > 0.0,
                    "a positive number",
                )?;
                density[k] /= r.powf(dimension - 1.0);
                a[k] -= (dimension - 1.0) * w[k] / r;
            }
        }
        let circle = circle.filter(|_| component.closed);
        let (mean_force, round) = cumulative_integral(&points, &a, circle);
        let normalised: Vec<f64> = a.iter().zip(&w).map(|(a, w)| temperature * a / w).collect();
        let (normalised, round_normalised) = cumulative_integral(&points, &normalised, circle);
        for (k, cell) in cells.iter().enumerate() {
            self.free_energy[*cell] = -temperature * (density[k] / density[zero]).ln();
            self.mean_force_potential[*cell] = mean_force[zero] - mean_force[k];
            self.normalised_mean_force_potential[*cell] = normalised[zero] - normalised[k];
            self.metric_term[*cell] = temperature * (w[k] / w[zero]).ln();
        }
        if let (Some(round), Some(normalised)) = (round, round_normalised) {
            self.circulation = Some((round, normalised));
        }
        Ok(())
    }

    /// By how much a landscape changes over one turn of a circle.
    pub(super) fn change_round(&self, kind: super::Kind) -> f64 {
        match (kind, self.circulation) {
            (super::Kind::FreeEnergy, _) | (_, None) => 0.0,
            (super::Kind::MeanForcePotential, Some((mean_force, _))) => -mean_force,
            (super::Kind::NormalisedMeanForcePotential, Some((_, normalised))) => -normalised,
        }
    }

    /// The landscape of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: super::Kind) -> &[f64] {
        match kind {
            super::Kind::FreeEnergy => &self.free_energy,
            super::Kind::MeanForcePotential => &self.mean_force_potential,
            super::Kind::NormalisedMeanForcePotential => &self.normalised_mean_force_potential,
        }
    }
}

/// Points of a run that passes the end of the circle, made to ascend.
pub(super) fn unwrapped(points: &[f64], circle: Option<f64>) -> Vec<f64> {
    let Some(length) = circle else {
        return points.to_vec();
    };
    let first = points.first().copied().unwrap_or(0.0);
    points
        .iter()
        .map(|r| if *r < first { r + length } else { *r })
        .collect()
}
