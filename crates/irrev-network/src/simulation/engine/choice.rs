//! Which engine for which system: a rule on numbers of the system only, so that equal questions get equal methods.

use super::Simulator;
use super::composition_rejection::CompositionRejection;
use super::dense::Dense;
use super::direct::Direct;
use super::integrated_hazard::IntegratedHazard;
use super::next_reaction::NextReaction;
use super::rejection::Rejection;
use super::sorted_direct::SortedDirect;
use crate::counts::{Channels, General, MassAction};
use crate::error::{Error, Result};
use crate::simulation::Method;

/// Jumps of a window (steps, for an approximate method): enough that rebuilding does not count, few enough that a request to stop is heard soon.
pub(crate) fn window_length(channels: &Channels, method: Method) -> u64 {
    match method {
        Method::TauLeaping(_) => 16,
        _ if channels.depends_on_time => 128,
        _ => (4 * channels.len() as u64).max(2048),
    }
}

/// The engine of a method, and its versioned name. `end` is the last time asked for.
pub(crate) fn engine_for(
    method: Method,
    channels: &Channels,
    end: f64,
) -> Result<(&'static str, Box<dyn Simulator>)> {
    if channels.depends_on_time {
        return match method {
            Method::Automatic | Method::IntegratedHazard => Ok((
                "integrated_hazard/1",
                Box::new(IntegratedHazard::new(channels, end)),
            )),
            other => Err(Error::Method {
                method: other.name(),
                reason: "some propensity depends on time; take integrated_hazard, or automatic",
            }),
        };
    }
    Ok(match method {
        Method::Automatic => match dense(channels) {
            Some(engine) => ("dense/1", engine),
            None => ("direct/1", direct(channels)),
        },
        Method::Dense => match dense(channels) {
            Some(engine) => ("dense/1", engine),
            None => {
                return Err(Error::Method {
                    method: "dense",
                    reason: "it takes up to 8 species and 8 mass-action channels of at most 3 molecules; take direct",
                });
            }
        },
        Method::Direct => ("direct/1", direct(channels)),
        Method::SortedDirect => ("sorted_direct/1", Box::new(SortedDirect::new(channels))),
        Method::NextReaction => ("next_reaction/1", Box::new(NextReaction::new(channels))),
        Method::CompositionRejection => (
            "composition_rejection/1",
            Box::new(CompositionRejection::new(channels)),
        ),
        Method::Rejection => {
            let (low, high) = (channels.padded(&[]), channels.padded(&[]));
            if (0..channels.len()).any(|r| channels.bounds(r, &low, &high).is_none()) {
                return Err(Error::Method {
                    method: "rejection",
                    reason: "some law gives no bounds; implement PropensityLaw::bounds, or take direct",
                });
            }
            ("rejection/1", Box::new(Rejection::new(channels)))
        }
        Method::IntegratedHazard => (
            "integrated_hazard/1",
            Box::new(IntegratedHazard::new(channels, end)),
        ),
        Method::TauLeaping(_) | Method::Langevin(_) => {
            return Err(Error::Method {
                method: method.name(),
                reason: "it is approximate and keeps no single jumps; ask for an exact method here",
            });
        }
    })
}

fn dense(channels: &Channels) -> Option<Box<dyn Simulator>> {
    fn of<const ORDER: usize, const ROWS: usize>(channels: &Channels) -> Option<Box<dyn Simulator>> {
        match channels.len().max(channels.species) {
            0..=4 => Dense::<ORDER, ROWS, 4>::new(channels).map(|e| Box::new(e) as _),
            5..=6 => Dense::<ORDER, ROWS, 6>::new(channels).map(|e| Box::new(e) as _),
            _ => Dense::<ORDER, ROWS, 8>::new(channels).map(|e| Box::new(e) as _),
        }
    }
    match channels.order? {
        1 | 2 => of::<2, 3>(channels),
        _ => of::<3, 4>(channels),
    }
}

fn direct(channels: &Channels) -> Box<dyn Simulator> {
    match channels.order {
        Some(1) => Box::new(Direct::<MassAction<1>>::new(channels)),
        Some(2) => Box::new(Direct::<MassAction<2>>::new(channels)),
        Some(3) => Box::new(Direct::<MassAction<3>>::new(channels)),
        _ => Box::new(Direct::<General>::new(channels)),
    }
}
