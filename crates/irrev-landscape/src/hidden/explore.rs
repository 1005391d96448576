//! Everything about hidden dimensions at once, and what it cannot show.

use irrev_numerics::{Estimate, Run};

use super::density::{DensityOptions, JointDensity, joint_density};
use super::hierarchy::{Hierarchy, HierarchyOptions, Stop, hierarchy};
use crate::error::{Error, Result};
use crate::record::Record;

/// How hidden dimensions are explored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExploreOptions {
    /// The hierarchy.
    pub hierarchy: HierarchyOptions,
    /// The joint density of two of its levels.
    pub density: DensityOptions,
}

/// What the number of peaks does not say.
///
/// r₂ is the part of the force along r₁ that r₁ does not explain. Two wells that coincide in r₁ have no force in either, so that r₂ is zero in both: their peaks
/// of ρ(r₁, r₂) fall on one another. With V = A(q₁² − 1)² + k(q₂ + b q₁)²/2, seen along q₂ + b q₁, r₂ ∝ q₁(q₁² − 1). What is left at the next level, ⟨r₃²⟩,
/// shows that there is more; only an ⟨r_{n+1}²⟩ of zero shows that there is not.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BlindSpot {
    /// The last level n.
    pub level: usize,
    /// What it leaves, ⟨r_{n+1}²⟩/⟨r̈_n²⟩.
    pub closure: Estimate,
    /// Whether more is left than noise: further dimensions exist, and may separate what these do not.
    pub open: bool,
}

/// A hierarchy, a joint density of it, and what they cannot show.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Exploration {
    /// r₁, r₂, ….
    pub hierarchy: Hierarchy,
    /// Density of two levels, with its peaks.
    pub density: JointDensity,
    /// What the number of peaks does not say.
    pub blind_spot: BlindSpot,
}

impl Exploration {
    /// Sentences for a reader: peaks, how much is explained, why it ends, and the blind spot.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let (i, j) = self.density.levels;
        let peaks = self.density.significant_peaks().count();
        let [first, second] = self.density.bandwidths;
        let mut sentences = vec![format!(
            "ρ(r{i}, r{j}), smoothed by {first:.3} and {second:.3}, has {peaks} {} above noise",
            if peaks == 1 { "peak" } else { "peaks" }
        )];
        for level in &self.hierarchy.levels {
            sentences.push(format!(
                "{} {:.1} ± {:.1} % of the acceleration of r{} (windows of {:.2} standard deviations, frames left out of their own prediction)",
                match level.number {
                    1 => "r1 explains".to_owned(),
                    n => format!("r1 to r{n} explain"),
                },
                100.0 * level.explained().value,
                100.0 * level.closure.standard_error,
                level.number,
                level.mean_force.relative_bandwidth(),
            ));
        }
        sentences.push(
            match self.hierarchy.stop {
                Stop::Asked => "no more levels were asked for",
                Stop::Noise => "what is left is no more than noise: the levels are a closed equation of motion as far as this recording can tell",
                Stop::Thin => "a further level would need more data: too few visits to most values of the levels so far",
                Stop::Closed => "nothing is left: the levels are a closed equation of motion",
                Stop::Short => "a further level would need longer trajectories",
            }
            .to_owned(),
        );
        if self.blind_spot.open {
            sentences.push(format!(
                "r{} is not zero: wells that coincide in these levels, as two wells with the same r1 do in r2, would count as one peak",
                self.blind_spot.level + 1
            ));
        }
        sentences
    }
}

/// The hierarchy of a recording, its joint density with peaks, and the blind spot.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::hidden::{ExploreOptions, explore};
/// use irrev_numerics::Run;
/// let trajectories: Vec<Vec<f64>> = (0..200)
///     .map(|j| (0..60).map(|k| (f64::from(j) + 0.05 * f64::from(k)).sin() + (1.7 * f64::from(j) + 0.1 * f64::from(k)).sin()).collect())
///     .collect();
/// let record = Record::of_positions(0.05, trajectories.iter().map(Vec::as_slice))?;
/// let found = explore(&record, &ExploreOptions::default(), &Run::default())?;
/// assert!(found.sentences()[0].starts_with("ρ(r1, r2), smoothed by"));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`hierarchy`] and [`joint_density`].
pub fn explore(record: &Record<'_>, options: &ExploreOptions, run: &Run<'_>) -> Result<Exploration> {
    let hierarchy = hierarchy(record, &options.hierarchy, run)?;
    let density = joint_density(&hierarchy, &options.density, run)?;
    let last = hierarchy.levels.last().ok_or(Error::Empty {
        what: "the hierarchy",
        way_out: "give longer trajectories",
    })?;
    let blind_spot = BlindSpot {
        level: last.number,
        closure: last.closure,
        open: hierarchy.stop != Stop::Closed && !last.below_noise(),
    };
    Ok(Exploration {
        hierarchy,
        density,
        blind_spot,
    })
}
