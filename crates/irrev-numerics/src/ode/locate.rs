//! Where exactly an event happens on a step.

use super::event::{Curve, Event, zero};
use super::options::Scale;
use super::problem::Point;
use super::pulse::Pulse;
use super::step::{Attempt, Piece, Stepper};
use super::{Failure, Obstacle, System};

/// Repetitions of a step up to an event; each gains the accuracy of the interpolation's slope, three digits or more.
const MOST_REPETITIONS: usize = 8;

/// Fraction of the step over which the slope of g is taken.
const SLOPE_WIDTH: f64 = 1e-4;

/// An event known to happen between two fractions of a step that is solved.
pub(super) struct Search<'a, E> {
    pub(super) event: &'a Event<'a, E>,
    pub(super) number: usize,
    pub(super) from: &'a Point,
    pub(super) end: f64,
    /// Displacements of the whole step at its nodes.
    pub(super) z: &'a [f64],
    pub(super) bracket: [f64; 2],
}

/// The step up to the event.
pub(super) fn locate<S: System>(
    search: &Search<'_, S::Error>,
    stepper: &mut Stepper<'_, S>,
    scale: &Scale<'_>,
    magnitudes: &[f64],
    pulse: &mut Pulse<'_>,
) -> Result<Piece, Failure<S::Error>> {
    let Search {
        event,
        number,
        from,
        end,
        z,
        bracket,
    } = *search;
    let width = end - from.time;
    let method = stepper.method.clone();
    let curve = Curve {
        method: &method,
        start: from.time,
        width,
        state: &from.state,
        stages: z,
    };
    let value = |theta: f64| {
        let (time, x) = curve.at(theta);
        event.value(number, time, &x)
    };
    let mut theta = zero(bracket, value)?;
    let (below, above) = ((theta - SLOPE_WIDTH).max(0.0), (theta + SLOPE_WIDTH).min(1.0));
    let slope = (value(above)? - value(below)?) / (above - below);
    let mut best: Option<(f64, Piece)> = None;
    for _ in 0..MOST_REPETITIONS {
        let time = (from.time + theta * width).min(end);
        if time <= from.time {
            // closer to the start of the step than times can be told apart
            return Ok(best.map_or_else(|| stepper.nothing(from), |(_, piece)| piece));
        }
        stepper.predict(z, 0.0, theta);
        match stepper.attempt(from, time, scale, magnitudes, pulse)? {
            Attempt::Solved { .. } => {}
            Attempt::Undefined(failure) => return Err(failure),
            Attempt::Unsolved(_) => {
                let step = time - from.time;
                return Err(Failure::NotConverged {
                    time: from.time,
                    step,
                    obstacle: Obstacle::Iteration,
                });
            }
        }
        let piece = stepper.piece(from, time);
        let residual = event.value(number, time, &piece.state)?;
        if best.as_ref().is_none_or(|(least, _)| residual.abs() < *least) {
            best = Some((residual.abs(), piece));
        } else {
            break;
        }
        let next = (theta - residual / slope).clamp(0.0, 1.0);
        if residual == 0.0 || !next.is_finite() || next == theta {
            break;
        }
        theta = next;
    }
    Ok(best.map_or_else(|| stepper.nothing(from), |(_, piece)| piece))
}
