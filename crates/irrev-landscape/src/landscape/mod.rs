//! G, V_m and V* of one coordinate, where they differ, and their barriers, with errors.
//!
//! The free energy G = −kT ln ρ says where the coordinate is found; the mean-force potential V_m = −∫⟨R̈; r⟩dr says how it is accelerated on average. Since
//! d(wρ)/dr = aρ in equilibrium, with w = ⟨Ṙ²; r⟩ and a = ⟨R̈; r⟩,
//!
//! G = V* + kT ln(w/kT) + const,  V* = −kT ∫ (a/w) dr,
//!
//! whatever the coordinate. If w = kT everywhere, G = V_m. The converse holds on a line, where wρ vanishes at an end; on a circle w = kT + C/ρ leaves G = V_m
//! as well. A constant w ≠ kT (a coordinate not weighted by mass) means G = (kT/w) V_m and no more than that.
//!
//! Averages over cells are turned into values at their centres, with an error of the fourth order in their width; landscapes are defined on each component of
//! neighbouring cells with enough independent visits, and nowhere else: what is not there is NaN, and no constant joins two components. Errors are from
//! blocks of frames drawn anew, everything derived being computed from each draw.
//!
//! Sources: S. Kawai, Ensemble 16 (2014), equations 9 to 21; E. S. C. Ching, Phys. Rev. Lett. 70, 283 (1993).

mod barrier;
mod centres;
mod comparison;
mod integral;
mod surfaces;

pub use barrier::{Barrier, Well, barrier, wells};
use centres::at_centres;
use comparison::comparison;
pub use comparison::{Comparison, Verdict};
pub use surfaces::{Jacobian, Profile, Surfaces};

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::blocks::{resampled, resampled_total};
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::grid::{Component, Grid};
use crate::moments::{ACCELERATION, ConditionalMoments, SQUARED_VELOCITY, WEIGHT, WIDTH};

/// One of the landscapes of a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// G = −kT ln ρ.
    FreeEnergy,
    /// V_m = −∫ a dr.
    MeanForcePotential,
    /// V* = −kT ∫ (a/w) dr.
    NormalisedMeanForcePotential,
}

/// Where the landscapes of a component are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Gauge {
    /// In the cell with the largest density (default).
    MostPopulated,
    /// In the lowest cell of each component.
    First,
    /// In the cell of each component whose centre is nearest to a value.
    Near(f64),
}

/// How landscapes are made of moments.
#[derive(Debug, Clone, PartialEq)]
pub struct LandscapeOptions {
    /// kT, in the unit in which G, V* and their errors are wanted; default 1.
    pub temperature: f64,
    /// Cells with fewer independent visits are left out; default 10.
    pub least_count: f64,
    /// The volume element of a distance; default kept.
    pub jacobian: Jacobian,
    /// Where landscapes are zero; default the most populated cell.
    pub gauge: Gauge,
    /// Draws of the bootstrap; default 200. Intervals are at 95 %.
    pub draws: usize,
    /// Probability of a false alarm of the tests in [`Comparison`]; default 0.01.
    pub significance: f64,
}

impl Default for LandscapeOptions {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            least_count: 10.0,
            jacobian: Jacobian::Kept,
            gauge: Gauge::MostPopulated,
            draws: 200,
            significance: 0.01,
        }
    }
}

/// The landscapes of one coordinate, cell by cell.
///
/// ```
/// use irrev_landscape::landscape::{Kind, LandscapeOptions, landscape};
/// use irrev_landscape::moments::{MomentOptions, conditional_moments};
/// use irrev_landscape::{Grid, Record};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // oscillators with ω = 1 at kT = 1, each from a canonical start: G = V_m = r²/2
/// let mut stream = Stream::new(1, Purpose::InitialState, 0);
/// let trajectories: Vec<Vec<f64>> = (0..4000)
///     .map(|_| {
///         let (x, v) = (stream.normal(), stream.normal());
///         (0..40).map(|k| 0.1 * f64::from(k)).map(|t| x * t.cos() + v * t.sin()).collect()
///     })
///     .collect();
/// let record = Record::of_positions(0.1, trajectories.iter().map(Vec::as_slice))?;
/// let grid = Grid::uniform(-1.5, 1.5, 15)?;
/// let run = Run::default();
/// let found = landscape(&conditional_moments(&record, &grid, &MomentOptions::default(), &run)?, &LandscapeOptions::default(), &run)?;
/// let difference = found.free_energy[14].value - found.free_energy[7].value;
/// assert!((difference - 0.98).abs() < 0.1);                               // at r = 1.4 above r = 0
/// assert!(found.barrier(Kind::FreeEnergy, (-1.5, 1.5)).is_none_or(|barrier| barrier.from_left.value < 0.2));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Landscape {
    /// Centres of the cells, in the unit of the coordinate.
    pub points: Vec<f64>,
    /// Components with enough independent visits.
    pub components: Vec<Component>,
    /// The cell in which the landscapes of each component are zero, with no error.
    pub references: Vec<usize>,
    /// G, in the unit of kT.
    pub free_energy: Vec<Estimate>,
    /// V_m, in the unit of the coordinate over time, squared: an energy where the coordinate is a mass-weighted length. On a circle V_m is cut at the ends of
    /// the grid if the component is the whole circle.
    pub mean_force_potential: Vec<Estimate>,
    /// V*, in the unit of kT.
    pub normalised_mean_force_potential: Vec<Estimate>,
    /// kT ln(w/kT) less its value at the reference, in the unit of kT.
    pub metric_term: Vec<Estimate>,
    /// Where the landscapes of each component differ.
    pub comparisons: Vec<Comparison>,
    /// The loop integral of the mean force of a component that is the whole circle: V_m has many values unless it vanishes.
    pub circulation: Option<Circulation>,
    circle: Option<f64>,
    blocks: usize,
    surfaces: Surfaces,
    draws: Vec<Surfaces>,
}

/// What the mean force adds up to once round a circle.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Circulation {
    /// ∮ a dr, in the unit of V_m.
    pub mean_force: Estimate,
    /// Its part per unit of the coordinate, the tilt of V_m.
    pub tilt: Estimate,
    /// kT ∮ (a/w) dr, which vanishes in equilibrium, where w ρ has one value.
    pub normalised: Estimate,
}

/// Landscapes with errors from the moments of a record.
///
/// Cost: draws · (blocks + cells) · cells.
///
/// # Errors
/// [`Error::Missing`] if the moments were taken without accelerations, [`Error::Domain`] for options out of range, or a Jacobian to be removed where r ≤ 0,
/// [`Error::Empty`] if no cell has enough visits, [`Error::Numerics`] if draws would need more memory than allowed or the run is cancelled.
pub fn landscape(
    moments: &ConditionalMoments,
    options: &LandscapeOptions,
    run: &Run<'_>,
) -> Result<Landscape> {
    let LandscapeOptions {
        temperature,
        jacobian,
        draws,
        significance,
        ..
    } = *options;
    if !moments.knows_accelerations() {
        return Err(Error::Missing {
            what: "accelerations",
        });
    }
    let fraction = significance > 0.0 && significance < 1.0;
    Error::require(
        "the probability of a false alarm",
        significance,
        fraction,
        "a number between 0 and 1",
    )?;
    // no p-value is smaller than 1/(draws + 1)
    let enough = (draws + 1) as f64 * significance > 1.0 && draws >= 2;
    Error::require(
        "the number of draws",
        draws as f64,
        enough,
        "at least one over the probability of a false alarm",
    )?;
    let grid = moments.grid();
    // four landscapes and a profile of each draw
    run.require_memory(
        "draws of landscapes",
        (draws * grid.cells() * 7 * size_of::<f64>()) as u64,
    )?;
    // one block tells no correlation: frames are then counted as they are
    let counts = moments.effective_counts().into_iter().zip(moments.counts());
    let populated: Vec<bool> = counts
        .map(|(effective, count)| if effective.is_nan() { count as f64 } else { effective } >= options.least_count)
        .collect();
    let components = grid.components(&populated);
    if components.is_empty() {
        let way_out = "take wider cells, more data, or ask for fewer visits (`--least-count`, `least_count`)";
        return Err(Error::Empty {
            what: "the set of cells with enough independent visits",
            way_out,
        });
    }
    let (circle, widths) = (grid.period().map(|period| period.length()), grid.widths());
    let profile_of = |total: &[f64]| at_centres(&averages(grid, total), &components, &widths, circle);
    let profile = profile_of(moments.total());
    let references: Vec<usize> = components
        .iter()
        .map(|component| reference(&profile, component, options.gauge))
        .collect();
    let parts: Vec<(Component, usize)> = components
        .iter()
        .cloned()
        .zip(references.iter().copied())
        .collect();
    let sample = |profile: Profile| -> Result<Sample> {
        let surfaces = Surfaces::new(&profile, &parts, circle, temperature, jacobian)?;
        Ok(Sample { profile, surfaces })
    };
    let found = sample(profile)?;
    let blocks = resampled(moments.blocks());
    let drawn: Vec<Sample> = run.install(|| {
        (0..draws as u64)
            .into_par_iter()
            .map(|draw| {
                run.report(draw as f64 / draws as f64, "draws of landscapes")?;
                sample(profile_of(&resampled_total(&blocks, run.seed, draw)))
            })
            .collect::<Result<_>>()
    })??;
    // a single block has no spread
    let (drawn, blocks) = (if blocks.len() < 2 { Vec::new() } else { drawn }, blocks.len());
    let estimates = |of: &dyn Fn(&Surfaces) -> &[f64]| -> Vec<Estimate> {
        let draws = |cell: usize| drawn.iter().map(move |draw| of(&draw.surfaces)[cell]);
        (0..grid.cells())
            .map(|cell| from_draws(of(&found.surfaces)[cell], draws(cell), blocks))
            .collect()
    };
    let comparisons = parts
        .iter()
        .map(|(component, reference)| {
            comparison(&found, &drawn, (component, *reference), &widths, blocks, options)
        })
        .collect();
    let circulation = found
        .surfaces
        .circulation
        .zip(circle)
        .map(|((mean_force, normalised), length)| {
            let of = |value: f64, part: &dyn Fn((f64, f64)) -> f64| {
                from_draws(
                    value,
                    drawn
                        .iter()
                        .filter_map(|draw| draw.surfaces.circulation)
                        .map(part),
                    blocks,
                )
            };
            Circulation {
                mean_force: of(mean_force, &|(a, _)| a),
                tilt: of(mean_force / length, &|(a, _)| a / length),
                normalised: of(normalised, &|(_, b)| b),
            }
        });
    Ok(Landscape {
        points: found.profile.points,
        free_energy: estimates(&|s| &s.free_energy),
        mean_force_potential: estimates(&|s| &s.mean_force_potential),
        normalised_mean_force_potential: estimates(&|s| &s.normalised_mean_force_potential),
        metric_term: estimates(&|s| &s.metric_term),
        comparisons,
        circulation,
        components,
        references,
        circle,
        blocks,
        surfaces: found.surfaces,
        draws: drawn.into_iter().map(|draw| draw.surfaces).collect(),
    })
}

impl Landscape {
    /// The landscape of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> &[Estimate] {
        match kind {
            Kind::FreeEnergy => &self.free_energy,
            Kind::MeanForcePotential => &self.mean_force_potential,
            Kind::NormalisedMeanForcePotential => &self.normalised_mean_force_potential,
        }
    }

    /// The barrier of a landscape between two values of the coordinate: place and heights with errors, the barrier being searched for in each draw anew.
    ///
    /// On a circle the interval may pass the end of the period. `None` if the cells with centres in the interval have no interior maximum, or do not belong
    /// to one component. A draw without a barrier is left out; the sample size is the number of blocks.
    #[must_use]
    pub fn barrier(&self, kind: Kind, interval: (f64, f64)) -> Option<Barrier<Estimate>> {
        let path = self.path(interval)?;
        let points: Vec<f64> = path.iter().map(|(point, _, _)| *point).collect();
        let along = |surfaces: &Surfaces| -> Vec<f64> {
            let round = surfaces.change_round(kind);
            path.iter()
                .map(|(_, cell, turns)| surfaces.of_kind(kind)[*cell] + turns * round)
                .collect()
        };
        let found = barrier(&points, &along(&self.surfaces))?;
        let draws: Vec<Barrier> = self
            .draws
            .iter()
            .filter_map(|surfaces| barrier(&points, &along(surfaces)))
            .collect();
        let of = |value: f64, part: &dyn Fn(&Barrier) -> f64| {
            from_draws(value, draws.iter().map(part), self.blocks)
        };
        Some(Barrier {
            top: of(found.top, &|b| b.top),
            from_left: of(found.from_left, &|b| b.from_left),
            from_right: of(found.from_right, &|b| b.from_right),
        })
    }

    /// Point, cell and full turns of the cells of an interval in ascending order, if all belong to one component.
    fn path(&self, (low, high): (f64, f64)) -> Option<Vec<(f64, usize, f64)>> {
        let turns: &[f64] = if self.circle.is_some() {
            &[-1.0, 0.0, 1.0]
        } else {
            &[0.0]
        };
        let length = self.circle.unwrap_or(0.0);
        let path: Vec<(f64, usize, f64)> = turns
            .iter()
            .flat_map(|turn| {
                self.points
                    .iter()
                    .enumerate()
                    .map(move |(cell, r)| (r + turn * length, cell, *turn))
            })
            .filter(|(r, _, _)| (low..=high).contains(r))
            .collect();
        // cells of an interval are neighbours, so that populated ones are of one component
        let defined = path
            .iter()
            .all(|(_, cell, _)| self.surfaces.free_energy[*cell].is_finite());
        defined.then_some(path)
    }
}

/// What is found, or one draw of it.
struct Sample {
    profile: Profile,
    surfaces: Surfaces,
}

/// Averages in cells from sums.
fn averages(grid: &Grid, total: &[f64]) -> Profile {
    let all: f64 = total.chunks(WIDTH).map(|slot| slot[WEIGHT]).sum();
    let cells = || total.chunks(WIDTH).skip(1).take(grid.cells());
    Profile {
        points: grid.centres(),
        density: cells()
            .zip(grid.widths())
            .map(|(slot, width)| slot[WEIGHT] / all / width)
            .collect(),
        mean_square_velocity: cells()
            .map(|slot| slot[SQUARED_VELOCITY] / slot[WEIGHT])
            .collect(),
        mean_acceleration: cells().map(|slot| slot[ACCELERATION] / slot[WEIGHT]).collect(),
    }
}

fn reference(profile: &Profile, component: &Component, gauge: Gauge) -> usize {
    let cells = component.cells.iter().copied();
    let first = component.cells[0];
    match gauge {
        Gauge::First => first,
        Gauge::MostPopulated => cells
            .max_by(|i, j| profile.density[*i].total_cmp(&profile.density[*j]))
            .unwrap_or(first),
        Gauge::Near(value) => {
            let distance = |cell: usize| (profile.points[cell] - value).abs();
            cells
                .min_by(|i, j| distance(*i).total_cmp(&distance(*j)))
                .unwrap_or(first)
        }
    }
}
