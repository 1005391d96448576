//! Relaxation over an interval: the state on a grid of times, and integrals of what it costs.
//!
//! Integrals run over panels that grow geometrically from the shortest time scale, each refined until its Gauss–Kronrod error is
//! below the tolerance. A state that starts on the boundary of the simplex has an entropy production rate that diverges as
//! −ln t; the panels then begin at 10⁻¹⁴ of the shortest time scale, where the integrable singularity has no weight left, and the
//! state is evolved to relative accuracy in every component.

use irrev_numerics::quadrature::{integrate, panel_integral_of_magnitude, panel_nodes};
use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use super::evolution::Evolution;
use super::spectrum::relaxation_spectrum;
use crate::decomposition::{geometric, hatano_sasa_decomposition};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::projection::Projection;
use crate::state::Distribution;

/// First panel in units of 1/(fastest rate) when the state starts on the boundary.
const FROM_BOUNDARY: f64 = 1e-14;

/// Below this probability a state is still being filled, and the evolution keeps every component.
const BEING_FILLED: f64 = 1e-30;

/// What stands for a probability too small to matter at t > 0, over the number of jumps in the interval: its share of any integral is
/// below 10⁻¹⁹⁰, and products of two such numbers vanish instead of becoming subnormal, which is slow.
const UNDERFLOW: f64 = 1e-200;

/// Relaxation times after which the state is stationary to rounding, and the rest of the interval is one panel.
const STATIONARY: f64 = 200.0;

/// Largest number of states for which the slowest relaxation time is computed to find that point.
const DENSE_SPECTRUM: usize = 200;

/// Asks the evolution for relative accuracy in every component.
const EVERY_COMPONENT: Tolerance = Tolerance {
    absolute: 0.0,
    relative: 1e-289,
    max_iterations: 0,
};

/// First panel in units of 1/(fastest rate) otherwise.
const FIRST_PANEL: f64 = 0.5;

/// How a relaxation is followed.
#[derive(Debug, Clone, PartialEq)]
pub struct RelaxationOptions {
    /// Times at which the state is returned, ascending, within (0, end]; default none.
    pub times: Vec<f64>,
    /// Accuracy of integrals (relative) and of the state (‖error‖₁, a hundredth of it); default 1e-9; gives up after 4000
    /// panels.
    pub tolerance: Tolerance,
}

impl Default for RelaxationOptions {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            tolerance: Tolerance {
                relative: 1e-9,
                absolute: 1e-13,
                max_iterations: 4000,
            },
        }
    }
}

/// State, entropy budget and integrals of a relaxation over [0, duration].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Relaxation {
    /// The times asked for.
    pub times: Vec<f64>,
    /// The state at those times.
    pub distributions: Vec<Distribution>,
    /// The state at the end.
    pub final_distribution: Distribution,
    /// Entropy production Σ = ∫ Σ̇ dt, in nats; +∞ if a flux is one way.
    pub entropy_production: f64,
    /// ∫ geometric excess dt, in nats.
    pub excess: f64,
    /// ∫ geometric housekeeping dt, in nats.
    pub housekeeping: f64,
    /// ∫ adiabatic dt, in nats; `None` if the Hatano–Sasa split does not exist.
    pub adiabatic: Option<f64>,
    /// ∫ nonadiabatic dt = D(p₀‖π) − D(p_τ‖π), in nats; `None` if the split does not exist.
    pub nonadiabatic: Option<f64>,
    /// ∫ Σ(j⁺ + j⁻) dt: expected number of jumps.
    pub activity: f64,
    /// ∫ Σ L dt.
    pub mobility: f64,
    /// ∫ √excess dt: length of the path in the Wasserstein metric of L, in √nats·√time.
    pub wasserstein_length: f64,
    /// ∫ Σ|J| dt.
    pub flow: f64,
    /// ∫ J_e dt per edge: net number of jumps along each edge.
    pub net_jumps: Vec<f64>,
    /// Error estimate of the entropy production, in nats.
    pub error: f64,
    /// Panels used and the worst error relative to its target.
    pub convergence: Convergence,
}

/// Follows dp/dt = W p from p over [0, duration] and integrates its entropy budget.
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for a duration or a time out of range; not converged; cancelled.
pub fn relaxation(
    kinetics: &MarkovJump,
    start: &Distribution,
    duration: f64,
    options: &RelaxationOptions,
    run: &Run<'_>,
) -> Result<Relaxation> {
    let network = kinetics.network();
    network.check_states("initial distribution", start.probabilities())?;
    crate::require(
        "duration",
        duration,
        duration.is_finite() && duration > 0.0,
        "a finite time above 0",
    )?;
    let mut before = 0.0;
    for &time in &options.times {
        let ascending = time >= before && time <= duration * (1.0 + 1e-12);
        crate::require("time", time, ascending, "ascending times within the interval")?;
        before = time;
    }
    let evolution = Evolution::new(kinetics)?;
    let fine = Tolerance {
        absolute: 0.0,
        relative: (options.tolerance.relative * 1e-2).max(1e-15),
        max_iterations: 0,
    };
    let stationary = kinetics.stationary_distribution().ok();
    let hatano_sasa = stationary.filter(|pi| hatano_sasa_decomposition(kinetics, pi, pi).is_ok());
    let projection = Projection::new(network)?;
    let edges = network.edges().len();
    // components: Σ̇, excess, housekeeping, adiabatic, nonadiabatic, activity, mobility, √excess, then J per edge
    const PARTS: usize = 8;
    let one_way = !kinetics.one_way_edges().is_empty();
    let budget = |p: &Distribution, out: &mut [f64]| -> Result<()> {
        let flow = Flow::evaluate(kinetics, 0.0, p.probabilities())?;
        out.fill(0.0);
        if !one_way {
            let split = geometric::decompose(&flow, &projection)?;
            (out[0], out[1], out[2]) = (flow.entropy_production_rate(), split.excess, split.housekeeping);
            out[7] = split.excess.max(0.0).sqrt();
        }
        if let Some(pi) = &hatano_sasa {
            let split = hatano_sasa_decomposition(kinetics, p, pi)?;
            (out[3], out[4]) = (split.adiabatic, split.nonadiabatic);
        }
        out[5] = flow.activity();
        out[6] = compensated_sum(flow.fluxes().map(|(a, b)| logarithmic_mean(a, b)));
        for (out, (a, b)) in out[PARTS..].iter_mut().zip(flow.fluxes()) {
            *out = a - b;
        }
        Ok(())
    };
    let boundary = start.probabilities().contains(&0.0);
    let shortest = 1.0 / evolution.fastest_rate().max(f64::MIN_POSITIVE);
    let first = if boundary {
        FROM_BOUNDARY * shortest
    } else {
        FIRST_PANEL * shortest
    }
    .min(duration);
    let jumps = (evolution.fastest_rate() * duration).max(1.0);
    let negligible = (UNDERFLOW / jumps).max(1e-300);
    let gap = match network.states().len() <= DENSE_SPECTRUM {
        true => relaxation_spectrum(kinetics, run).map_or(0.0, |s| s.spectral_gap),
        false => 0.0,
    };
    let still = if gap > 0.0 {
        STATIONARY / gap
    } else {
        f64::INFINITY
    };
    let mut breaks = vec![0.0, first];
    while let Some(&last) = breaks.last().filter(|t| **t < duration) {
        breaks.push(if 2.0 * last >= 0.9 * duration || last > still {
            duration
        } else {
            2.0 * last
        });
    }
    // anchors: the state at each break; p at any time is evolved from the nearest one before it
    let advance = |p: &Distribution, t: f64| -> Result<Distribution> {
        let filling = p.probabilities().iter().any(|p| *p < BEING_FILLED);
        let tolerance = if filling { EVERY_COMPONENT } else { fine };
        Ok(evolution.advance(p, t, tolerance, run)?.distribution)
    };
    let mut anchors = vec![start.clone()];
    for (k, pair) in breaks.windows(2).enumerate() {
        run.report(0.3 * k as f64 / breaks.len() as f64, "relaxation")?;
        anchors.push(advance(&anchors[k], pair[1] - pair[0])?);
    }
    let at = |t: f64| -> Result<Distribution> {
        let k = breaks.partition_point(|b| *b <= t).max(1) - 1;
        advance(&anchors[k], t - breaks[k])
    };
    // parts are judged by their whole: splits by Σ̇, currents by the activity
    let scale = |values: &[f64], k: usize| match k {
        0..5 => values[0],
        7 => values[7],
        _ => values[5],
    };
    let integrals = integrate(&breaks, PARTS + edges, options.tolerance, scale, |t, out| {
        run.report(0.3 + 0.6 * t / duration, "entropy production of the relaxation")?;
        // a reachable state is never empty at t > 0
        let lifted = at(t)?.probabilities().iter().map(|p| p.max(negligible)).collect();
        budget(&Distribution::from_weights(lifted), out)
    })?;
    let flow = integrated_flow(kinetics, &integrals.breaks, at)?;
    let distributions = options
        .times
        .iter()
        .map(|&t| at(t.min(duration)))
        .collect::<Result<Vec<_>>>()?;
    let v = &integrals.values;
    let or_infinite = |x: f64| if one_way { f64::INFINITY } else { x };
    Ok(Relaxation {
        times: options.times.clone(),
        distributions,
        final_distribution: anchors.last().unwrap_or(start).clone(),
        entropy_production: or_infinite(v[0]),
        excess: or_infinite(v[1]),
        housekeeping: or_infinite(v[2]),
        adiabatic: hatano_sasa.is_some().then_some(v[3]),
        nonadiabatic: hatano_sasa.is_some().then_some(v[4]),
        activity: v[5],
        mobility: v[6],
        wasserstein_length: or_infinite(v[7]),
        flow,
        net_jumps: v[PARTS..].to_vec(),
        error: integrals.errors[0],
        convergence: integrals.convergence,
    })
}

/// ∫ Σ|J| dt on the panels found for the other integrals: currents that change sign are cut where they do.
fn integrated_flow(
    kinetics: &MarkovJump,
    breaks: &[f64],
    at: impl Fn(f64) -> Result<Distribution>,
) -> Result<f64> {
    let mut total = irrev_numerics::sum::CompensatedSum::default();
    let mut samples = vec![[0.0; 15]; kinetics.network().edges().len()];
    for pair in breaks.windows(2) {
        let width = pair[1] - pair[0];
        for (i, node) in panel_nodes().iter().enumerate() {
            let current = kinetics.flow(&at(pair[0] + width * node)?)?.current();
            for (sample, j) in samples.iter_mut().zip(current) {
                sample[i] = j;
            }
        }
        for sample in &samples {
            total.add(panel_integral_of_magnitude(width, sample));
        }
    }
    Ok(total.value())
}
