//! Relaxation over an interval: the state on a grid of times, and integrals of what it costs.
//!
//! Integrals run over the panels of the path, each refined until its Gauss–Kronrod error is below the tolerance. A state that starts on the
//! boundary of the simplex has an entropy production rate that diverges as −ln t, which is integrable.

use irrev_numerics::quadrature::{integrate, panel_integral_of_magnitude, panel_nodes};
use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use super::master_path::MasterPath;
use crate::decomposition::{geometric, hatano_sasa_decomposition};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::projection::Projection;
use crate::state::Distribution;

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
    let path = MasterPath::new(
        kinetics,
        start,
        duration,
        (options.tolerance.relative * 1e-2).max(1e-15),
        run,
    )?;
    let mut before = 0.0;
    for &time in &options.times {
        let ascending = time >= before && time <= duration * (1.0 + 1e-12);
        crate::require("time", time, ascending, "ascending times within the interval")?;
        before = time;
    }
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
    // parts are judged by their whole: splits by Σ̇, currents by the activity
    let scale = |values: &[f64], k: usize| match k {
        0..5 => values[0],
        7 => values[7],
        _ => values[5],
    };
    let integrals = integrate(
        path.breaks(),
        PARTS + edges,
        options.tolerance,
        scale,
        |t, out| {
            run.report(0.3 + 0.6 * t / duration, "entropy production of the relaxation")?;
            budget(&path.filled_at(t, run)?, out)
        },
    )?;
    let flow = integrated_flow(kinetics, &integrals.breaks, |t| path.at(t, run))?;
    let distributions = options
        .times
        .iter()
        .map(|&t| path.at(t.min(duration), run))
        .collect::<Result<Vec<_>>>()?;
    let v = &integrals.values;
    let or_infinite = |x: f64| if one_way { f64::INFINITY } else { x };
    Ok(Relaxation {
        times: options.times.clone(),
        distributions,
        final_distribution: path.end().clone(),
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
