//! κ: the infimum of κ(p) over all positive states, by search from above and by couplings from below.

use irrev_numerics::Run;
use rayon::prelude::*;

use super::at_state::at_state;
use super::couplings::coupling_bound;
use super::descent::{Descent, Limits, descend, norm};
use super::pencil::Pencil;
use super::reversible::Reversible;
use super::starts::{neighbours, starts};
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Eigenvalues within this share of the scale of the smallest take part in the test for a stationary point.
const CLUSTER: f64 = 1e-6;

/// A neighbour counts as lower if it is so by more than this share of the scale.
const LOWER: f64 = 1e-10;

/// Neighbours looked at, and the larger of the two standard deviations of their ln p.
const NEIGHBOURS: (usize, f64) = (64, 0.1);

/// Times that a search goes on from a lower neighbour of what seemed a minimum.
const RENEWALS: usize = 8;

/// Starts whose curvatures agree to this share are taken to be images of each other under a symmetry, and one of them is followed.
const ALIKE: f64 = 1e-9;

/// How hard to search for the infimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvatureOptions {
    /// Random starts beside π, its mixtures with states and pairs, and states near faces (default 128).
    pub random_starts: usize,
    /// Starts that are followed downhill, those with the lowest values first (default 48, at least 1).
    pub descents: usize,
    /// Largest ln of one p/π over another that the search may reach (default 40, from 1 to 500). An infimum on the boundary is approached up to
    /// there, and only like one over this number.
    pub largest_log_ratio: f64,
    /// Norm of ∂κ(p)/∂ ln p, relative to the scale max(|κ|, gap), below which a state is stationary (default 1e-8, from 1e-13 to 1e-2).
    pub stationarity: f64,
}

impl Default for CurvatureOptions {
    fn default() -> Self {
        Self {
            random_starts: 128,
            descents: 48,
            largest_log_ratio: 40.0,
            stationarity: 1e-8,
        }
    }
}

impl CurvatureOptions {
    /// # Errors
    /// [`crate::Error::Domain`] for an option out of range.
    pub(super) fn check(&self) -> Result<()> {
        let descents = self.descents as f64;
        crate::require(
            "the number of descents",
            descents,
            self.descents >= 1,
            "at least 1",
        )?;
        let spread = self.largest_log_ratio;
        crate::require(
            "the largest ln ratio of p/π in a search",
            spread,
            (1.0..=500.0).contains(&spread),
            "a number from 1 to 500",
        )?;
        let slope = self.stationarity;
        crate::require(
            "the slope at which a state is stationary",
            slope,
            (1e-13..=1e-2).contains(&slope),
            "a number from 1e-13 to 1e-2",
        )
    }

    /// When a descent on values of the given size stops.
    pub(super) fn limits(&self, scale: f64) -> Limits {
        Limits {
            spread: self.largest_log_ratio,
            slope: self.stationarity * scale,
            scale,
        }
    }
}

/// What was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurvatureSearch {
    /// States at which the search began.
    pub starts: usize,
    /// Of these, followed downhill.
    pub descents: usize,
    /// Evaluations of κ(p) or of Σ̇/D in all.
    pub evaluations: usize,
    /// Descents that ended within 1e-6 of the lowest value, relative to the scale: a value that is found once may not be the last.
    pub descents_to_the_lowest: usize,
}

/// What was verified about the witness: that it is a local minimum, as far as numbers tell.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalMinimum {
    /// Norm of ∂κ(p)/∂ ln p over all eigenvectors that attain κ(p), in 1/time: zero at a local minimum inside.
    pub slope: f64,
    /// Number of eigenvectors that attain κ(p), to six digits.
    pub multiplicity: usize,
    /// Lowest κ(p') − κ(p) among the neighbours p', in 1/time: not negative at a local minimum.
    pub lowest_rise: f64,
    /// Number of neighbours.
    pub neighbours: usize,
    /// Their ln p' differ from ln p by normal numbers of this standard deviation, and a hundredth of it, by turns.
    pub radius: f64,
    /// Whether the witness lies at [`CurvatureOptions::largest_log_ratio`]: where the slope does not vanish, the infimum lies beyond, on the boundary.
    pub at_the_boundary: bool,
}

/// κ = inf κ(p) with everything that is known about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EntropicCurvature {
    /// Upper estimate of κ, in 1/time: the curvature at the witness, lowest of all that the search saw. κ is not above it; whether it is below
    /// no search can tell.
    pub value: f64,
    /// The state with that curvature.
    pub witness: Distribution,
    /// The potential of the geodesic from there, as in [`CurvatureAt::potential`](super::CurvatureAt::potential).
    pub potential: Vec<f64>,
    /// Proven lower bound of κ by couplings of neighbouring states, in 1/time; `None` if the criterion does not apply. Equal to κ for two states.
    pub lower_bound: Option<f64>,
    /// κ(π), the smallest non-zero eigenvalue of −W, in 1/time; not below κ.
    pub spectral_gap: f64,
    /// The test of the witness.
    pub local_minimum: LocalMinimum,
    /// What was searched.
    pub search: CurvatureSearch,
}

impl EntropicCurvature {
    /// Whether the witness passed the test of a local minimum: stationary to 1e-6 of the gap, and no neighbour lower by 1e-9 of it.
    #[must_use]
    pub fn is_local_minimum(&self) -> bool {
        let scale = self.spectral_gap.max(self.value.abs());
        let test = &self.local_minimum;
        test.slope <= 1e-6 * scale && test.lowest_rise >= -1e-9 * scale
    }
}

/// Entropic curvature κ: the largest number with D̈ ≥ κ ‖ṗ‖² along all geodesics, in 1/time.
///
/// Starts at π, at mixtures of π with single states and joined pairs, near faces, and at seeded random states; the lowest are followed
/// downhill by a quasi-Newton method in ln p with the analytic slope of the smallest eigenvalue. The result does not depend on the number of threads.
/// The lower bound comes from couplings: it is κ itself for two states, 2k for hypercubes, (n + 2)k/2 for complete graphs at rate k, and holds
/// for birth–death chains whose birth rates fall and death rates rise. O(evaluations · states³): about a second for twelve states.
///
/// Sources: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012); Mielke, Calc. Var. 48, 1 (2013), for κ > −∞ and chains; Fathi and Maas, Ann.
/// Appl. Probab. 26, 1774 (2016), for couplings of jumps.
///
/// ```
/// use irrev_network::{MarkovJump, transport::curvature::{curvature_at, entropic_curvature}};
/// let triangle = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (0, 2, 1.0, 1.0), (1, 2, 1.0, 1.0)])?;
/// let found = entropic_curvature(&triangle, &Default::default(), &Default::default())?;
/// assert!((found.value - 2.88813296986).abs() < 1e-8 && found.value < found.spectral_gap);
/// assert!(found.is_local_minimum());
/// assert!((curvature_at(&triangle, &found.witness)?.value - found.value).abs() < 1e-13);
/// assert!((found.lower_bound.unwrap() - 2.5).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`curvature_at`](super::curvature_at) for the process; [`Error::Domain`](crate::Error::Domain) for an option out of range; memory over the
/// limit of `run`; cancelled.
pub fn entropic_curvature(
    kinetics: &MarkovJump,
    options: &CurvatureOptions,
    run: &Run<'_>,
) -> Result<EntropicCurvature> {
    options.check()?;
    let states = kinetics.network().states().len() as u64;
    run.require_memory(
        "the curvature of dense forms",
        64 * states * states * rayon::current_num_threads() as u64,
    )?;
    let chain = Reversible::of(kinetics, "the entropic curvature")?;
    run.install(|| search(&chain, options, run))?
}

fn search(chain: &Reversible, options: &CurvatureOptions, run: &Run<'_>) -> Result<EntropicCurvature> {
    let gap = chain.spectral_gap;
    let limits = options.limits(gap);
    let curvature = |theta: &[f64]| -> Result<(f64, Vec<f64>)> {
        let pencil = Pencil::new(chain, theta)?;
        let found = pencil.eigenpairs()?;
        let (value, psi) = (found.values[0], &found.potentials[0]);
        Ok((value, pencil.slope(value, psi, psi)))
    };
    let (mut lowest, mut record) = lowest_of_many(chain, options, &limits, run, curvature)?;
    let mut renewals = 0;
    loop {
        let witness = chain.distribution(&lowest.log_density);
        let found = at_state(chain, &witness)?;
        let theta = chain.log_density(&witness);
        let (local_minimum, lower) = test(chain, &theta, options, run)?;
        record.evaluations += 1 + local_minimum.neighbours;
        if local_minimum.lowest_rise < -LOWER * gap.max(found.value.abs()) && renewals < RENEWALS {
            lowest = descend_from(chain, lower, &limits, curvature)?;
            record.evaluations += lowest.evaluations;
            renewals += 1;
            continue;
        }
        return Ok(EntropicCurvature {
            value: found.value,
            witness,
            potential: found.potential,
            lower_bound: coupling_bound(chain),
            spectral_gap: gap,
            local_minimum,
            search: record,
        });
    }
}

/// Evaluates a function of θ at all starts, follows the lowest, and returns the lowest end.
pub(super) fn lowest_of_many(
    chain: &Reversible,
    options: &CurvatureOptions,
    limits: &Limits,
    run: &Run<'_>,
    function: impl Fn(&[f64]) -> Result<(f64, Vec<f64>)> + Sync,
) -> Result<(Descent, CurvatureSearch)> {
    let all = starts(chain, options.random_starts, run.seed);
    let values: Vec<f64> = all
        .par_iter()
        .map(|theta| {
            run.report(0.0, "curvature: starts")?;
            Ok(function(theta)?.0)
        })
        .collect::<Result<_>>()?;
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    order.dedup_by(|i, j| (values[*i] - values[*j]).abs() <= ALIKE * limits.scale);
    order.truncate(options.descents);
    let ends: Vec<Descent> = order
        .par_iter()
        .map(|&start| {
            run.report(0.5, "curvature: descents")?;
            descend_from(chain, all[start].clone(), limits, &function)
        })
        .collect::<Result<_>>()?;
    let evaluations = all.len() + ends.iter().map(|d| d.evaluations).sum::<usize>();
    let lowest = ends.iter().map(|d| d.value).fold(f64::INFINITY, f64::min);
    let record = CurvatureSearch {
        starts: all.len(),
        descents: ends.len(),
        evaluations,
        descents_to_the_lowest: ends
            .iter()
            .filter(|d| d.value <= lowest + 1e-6 * limits.scale)
            .count(),
    };
    // of equals the first, whatever thread found it
    let mut ends = ends.into_iter();
    let Some(first) = ends.next() else {
        return Err(crate::Error::NoStates);
    };
    let best = ends.fold(first, |best, end| if end.value < best.value { end } else { best });
    Ok((best, record))
}

/// A descent whose value is that of the normalised distribution where it ends, so that it can be reproduced from there.
fn descend_from(
    chain: &Reversible,
    start: Vec<f64>,
    limits: &Limits,
    function: impl Fn(&[f64]) -> Result<(f64, Vec<f64>)>,
) -> Result<Descent> {
    let end = descend(start, limits, &function)?;
    let log_density = chain.log_density(&chain.distribution(&end.log_density));
    Ok(Descent {
        value: function(&log_density)?.0,
        log_density,
        evaluations: end.evaluations + 1,
    })
}

/// Tests whether a state is a local minimum; also returns its lowest neighbour.
fn test(
    chain: &Reversible,
    theta: &[f64],
    options: &CurvatureOptions,
    run: &Run<'_>,
) -> Result<(LocalMinimum, Vec<f64>)> {
    let pencil = Pencil::new(chain, theta)?;
    let found = pencil.eigenpairs()?;
    let value = found.values[0];
    let multiplicity = found.multiplicity(CLUSTER * chain.spectral_gap.max(value.abs()));
    let attaining = &found.potentials[..multiplicity];
    // the slope along every ψ of the eigenspace vanishes if it does so as a quadratic form
    let mut slope = 0.0;
    for psi in attaining {
        for phi in attaining {
            slope += norm(&pencil.slope(value, psi, phi)).powi(2);
        }
    }
    let around = neighbours(theta, NEIGHBOURS.1, NEIGHBOURS.0, run.seed);
    let values: Vec<f64> = around
        .par_iter()
        .map(|theta| Ok(Pencil::new(chain, theta)?.eigenpairs()?.values[0]))
        .collect::<Result<_>>()?;
    let lowest = (0..values.len()).fold(0, |best, i| if values[i] < values[best] { i } else { best });
    let spread = theta.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - theta.iter().copied().fold(f64::INFINITY, f64::min);
    let verdict = LocalMinimum {
        slope: slope.sqrt(),
        multiplicity,
        lowest_rise: values[lowest] - value,
        neighbours: values.len(),
        radius: NEIGHBOURS.1,
        at_the_boundary: spread >= options.largest_log_ratio - 1e-6,
    };
    Ok((verdict, around[lowest].clone()))
}
