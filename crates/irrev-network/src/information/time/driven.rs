//! Speed and length where the rates change in time.

use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use super::fisher::fisher_information;
use super::length::{StatisticalLength, geodesic_between_distributions, integrated};
use super::relaxation::balanced_rate;
use crate::bounds::Unmet;
use crate::dynamics::{DrivenJump, DrivenPath};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::Kinetics;
use crate::state::Distribution;

/// The path of a driven process in the geometry of its distributions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrivenSpeed {
    /// The times asked for.
    pub times: Vec<f64>,
    /// The state at those times.
    pub distributions: Vec<Distribution>,
    /// I at those times, in 1/time².
    pub fisher_information: Vec<f64>,
    /// Length, action and geodesic.
    pub path: StatisticalLength,
    /// Names of the states that are empty at the beginning and filled at once, which makes the action infinite.
    pub filling: Vec<String>,
    /// Why dI/dt ≤ 0 is not claimed: driving may speed a process up again.
    pub monotone_relaxation: Unmet,
    /// Panels used for the length, and the worst error relative to its target.
    pub convergence: Convergence,
}

/// Follows a driven process over the protocol's (from, to), and measures its path; `times` are where the state and its speed are returned.
///
/// ```
/// use irrev_network::{Distribution, Kinetics, MarkovJump, bounds::Unmet, dynamics::DrivenJump};
/// use irrev_network::information::time::speed_of_driven_process;
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let rates = |t: f64, forward: &mut [f64], backward: &mut [f64]| { (forward[0], backward[0]) = (t.exp(), 1.0); Ok(()) };
/// let driven = DrivenJump::new(pair.network().clone(), Box::new(rates));
/// let tolerance = irrev_numerics::Tolerance { relative: 1e-8, absolute: 1e-12, max_iterations: 4000 };
/// let speed = speed_of_driven_process(&driven, &Distribution::uniform(2)?, (0.0, 1.0), &[0.0], tolerance, &Default::default())?;
/// assert_eq!(speed.fisher_information, [0.0]);                               // at rest, until the rates change
/// assert!(speed.path.geodesic_slack() > -1e-8 && speed.monotone_relaxation == Unmet::ConstantRates);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for times outside the protocol; [`crate::Error::Rate`]; not converged; cancelled.
pub fn speed_of_driven_process(
    process: &DrivenJump<'_>,
    start: &Distribution,
    (from, to): (f64, f64),
    times: &[f64],
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<DrivenSpeed> {
    let of_state = Tolerance {
        relative: 1e-2 * tolerance.relative,
        ..tolerance
    };
    let path = DrivenPath::new(process, start, from, to, of_state, run)?;
    let information = |time: f64, state: &Distribution| -> Result<f64> {
        let flow = Flow::evaluate(process, time, state.probabilities())?;
        fisher_information(state.probabilities(), &balanced_rate(&flow))
    };
    let mut distributions = Vec::with_capacity(times.len());
    let mut found = Vec::with_capacity(times.len());
    for &time in times {
        crate::require(
            "time",
            time,
            time >= from && time <= to,
            "a time within the protocol",
        )?;
        let state = path.at(time)?;
        found.push(information(time, &state)?);
        distributions.push(state);
    }
    let first = balanced_rate(&Flow::evaluate(process, from, start.probabilities())?);
    let filling: Vec<String> = (0..start.len())
        .filter(|&i| start.probabilities()[i] == 0.0 && first[i] != 0.0)
        .map(|i| process.network().states()[i].clone())
        .collect();
    let breaks: Vec<f64> = path.breaks().iter().map(|t| t - from).collect();
    let infinite = !filling.is_empty();
    let ([length, action], integrals) = integrated(&breaks, tolerance, infinite, |t| {
        run.report(t / (to - from), "length of the path")?;
        let time = (from + t).min(to);
        information(time, &path.at(time)?)
    })?;
    Ok(DrivenSpeed {
        times: times.to_vec(),
        distributions,
        fisher_information: found,
        path: StatisticalLength {
            duration: to - from,
            length,
            action,
            geodesic: geodesic_between_distributions(start.probabilities(), path.end().probabilities())?,
        },
        filling,
        monotone_relaxation: Unmet::ConstantRates,
        convergence: integrals.convergence,
    })
}
