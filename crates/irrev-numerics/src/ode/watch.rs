//! Which events happen on a step, in which order, and whether one ends the integration.

use super::integrate::Course;
use super::locate::{Search, locate};
use super::step::Piece;
use super::trajectory::{End, Occurrence};
use super::{Failure, System};

impl<S: System> Course<'_, S> {
    /// Whether a point cannot be told from the start: neither time nor state has moved by the relative tolerance, on the way there either. An
    /// orbit that comes back to its start has moved.
    fn is_start(&self, piece: &Piece) -> bool {
        let start = self.path.times[0];
        let unmoved = |state: &[f64]| {
            let moves = self.path.state_after(0).iter().zip(state);
            let moved = moves.map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
            moved <= self.options.relative * self.scale.largest()
        };
        piece.time - start <= self.options.relative * (self.end - start)
            && unmoved(&self.here.state)
            && unmoved(&piece.state)
    }

    /// Looks for events on the step just solved, from the present point to `end`; true if one ends the integration.
    pub(super) fn watch(&mut self, end: f64) -> Result<bool, Failure<S::Error>> {
        let problem = self.problem;
        let mut found = Vec::new();
        let curve = self.stepper.curve(&self.here, end);
        for (number, event) in problem.events.iter().enumerate() {
            let values = curve.values(event, number)?;
            let before = self.signs[number];
            found.extend(
                curve
                    .brackets(event, before, &values)
                    .into_iter()
                    .map(|bracket| (number, bracket)),
            );
            self.signs[number] = values[values.len() - 1];
        }
        if found.is_empty() {
            return Ok(false);
        }
        let step = self.stepper.solution();
        let mut pieces = Vec::with_capacity(found.len());
        for (number, bracket) in found {
            let event = &problem.events[number];
            let search = Search {
                event,
                number,
                from: &self.here,
                end,
                z: &step.z,
                bracket,
            };
            let piece = locate(
                &search,
                &mut self.stepper,
                &self.scale,
                &self.magnitudes,
                &mut self.pulse,
            )?;
            pieces.push((number, piece));
        }
        pieces.sort_by(|a, b| a.1.time.total_cmp(&b.1.time));
        for (number, piece) in pieces {
            if self.is_start(&piece) {
                continue;
            }
            let m = self.path.integrals;
            let gained = &piece.q[piece.q.len() - m..];
            self.path.events.push(Occurrence {
                event: number,
                time: piece.time,
                state: piece.state.clone(),
                quadratures: self
                    .quadratures
                    .iter()
                    .zip(gained)
                    .map(|(total, q)| total + q)
                    .collect(),
            });
            self.counts[number] += 1;
            if problem.events[number]
                .terminal
                .is_some_and(|count| self.counts[number] >= count)
            {
                if piece.time > self.here.time {
                    self.record(&piece);
                }
                self.path.end = End::Event(number);
                return Ok(true);
            }
        }
        self.stepper.restore(step);
        Ok(false)
    }
}
