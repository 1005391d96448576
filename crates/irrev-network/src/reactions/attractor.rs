//! Where a motion ends up: at rest, or on a limit cycle.

use irrev_numerics::Run;

use super::ReactionSystem;
use super::limit_cycle::{LimitCycle, LimitCycleOptions, limit_cycle, oscillation};
use super::steady_state::{DECADES, Relaxing, SteadyState};
use crate::error::{Error, Result};

/// What a motion settles on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Attractor {
    /// A steady state.
    Steady(SteadyState),
    /// A limit cycle.
    Cycle(Box<LimitCycle>),
}

/// What a start settles on, found by following it over ten times longer spans until it rests or repeats.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, attractor::{Attractor, attractor}};
/// let brusselator = |feed: f64| ReactionSystem::builder().species("X").species("Y")
///     .mass_action("feed", &[], &[("X", 1.0)], 1.0, 1.0)
///     .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], feed, 0.1)
///     .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
///     .build();
/// let found = |feed: f64| attractor(&brusselator(feed)?, &[1.0, 2.0], None, &Default::default());
/// assert!(matches!(found(1.0)?, Attractor::Steady(_)));
/// assert!(matches!(found(3.0)?, Attractor::Cycle(_)));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoSteadyState`] if it does neither, as in chaos or unbounded growth; [`Error::TimeDependent`] for rates that depend on
/// time; whatever the integrator reports.
pub fn attractor(
    system: &ReactionSystem,
    start: &[f64],
    options: Option<&LimitCycleOptions>,
    run: &Run<'_>,
) -> Result<Attractor> {
    if system.depends_on_time() {
        return Err(Error::TimeDependent {
            quantity: "what a motion settles on",
        });
    }
    let default = LimitCycleOptions::default();
    let options = options.unwrap_or(&default);
    let mut relaxation = Relaxing::new(system, start)?;
    for _ in 0..DECADES {
        relaxation.advance(run)?;
        if let Some(found) = relaxation.steady_state() {
            return Ok(Attractor::Steady(found));
        }
        let section = relaxation.path.as_ref().and_then(oscillation);
        if let Some(section) = section {
            let wanted = LimitCycleOptions {
                section: Some(options.section.unwrap_or(section)),
                ..options.clone()
            };
            // a spiral towards rest oscillates too; it is followed further
            if let Ok(cycle) = limit_cycle(system, &relaxation.x, &wanted, run)
                && cycle.is_stable
            {
                return Ok(Attractor::Cycle(Box::new(cycle)));
            }
        }
    }
    Err(Error::NoSteadyState {
        time: relaxation.time,
    })
}
