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

/// What a start settles on, found by following it over ten times longer spans until it rests or repeats. A start that stands exactly on an
/// unstable steady state stays there.
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
/// [`Error::NoSteadyState`] if it does neither, as in chaos or unbounded growth; [`Error::Accumulation`] if all rests but what piles up
/// without end; [`Error::Unbounded`] for growth that cannot be followed; [`Error::TimeDependent`] for rates that depend on
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
        relaxation.require_no_accumulation()?;
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
    Err(relaxation.unsettled())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reactions::steady_state::Stability;

    fn brusselator(feed: f64, reverse: f64) -> ReactionSystem {
        ReactionSystem::builder()
            .species("X")
            .species("Y")
            .mass_action("feed", &[], &[("X", 1.0)], 1.0, 1.0)
            .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], feed, reverse)
            .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, reverse)
            .build()
            .unwrap()
    }

    #[test]
    fn a_limit_cycle_is_found_from_every_start_within_some_turns_of_the_way_there() {
        for (feed, reverse) in [(2.2, 1e-3), (3.1, 0.1), (4.0, 1e-3), (6.0, 0.1)] {
            let system = brusselator(feed, reverse);
            let begin = std::time::Instant::now();
            let periods: Vec<f64> = [[1.0, 1.0], [1.0, 2.0], [0.0, 0.0], [1.0, feed]]
                .iter()
                .map(
                    |start| match attractor(&system, start, None, &Run::default()).unwrap() {
                        Attractor::Cycle(cycle) => cycle.period,
                        Attractor::Steady(steady) => panic!("{steady:?}"),
                    },
                )
                .collect();
            println!(
                "{feed} {reverse}: {:.3} s for four",
                begin.elapsed().as_secs_f64()
            );
            for period in &periods {
                assert!((period - periods[0]).abs() < 1e-9 * periods[0], "{periods:?}");
            }
        }
    }

    #[test]
    fn a_start_exactly_on_an_unstable_state_stays_there_and_is_called_unstable() {
        let found = attractor(&brusselator(2.5, 0.0), &[1.0, 2.5], None, &Run::default()).unwrap();
        assert!(matches!(found, Attractor::Steady(s) if s.stability == Stability::Unstable));
    }
}
