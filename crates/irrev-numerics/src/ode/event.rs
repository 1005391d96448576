//! Events: times at which a function g(t, x) of the solution changes its sign.
//!
//! The sign is watched at the nodes of every step. A change is bracketed on the collocation polynomial and narrowed
//! by the Illinois rule; then the step itself is repeated up to the event, whose time is corrected until g vanishes to
//! rounding there: a time as accurate as the end of a step, not only as its interpolation.

use super::Failure;
use super::collocation::Collocation;

/// Which changes of sign count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Direction {
    /// From negative to positive (or zero).
    Rising,
    /// From positive to negative (or zero).
    Falling,
    /// Both.
    #[default]
    Either,
}

type Function<'a, E> = Box<dyn Fn(f64, &[f64]) -> Result<f64, E> + 'a>;

/// A function g(t, x) whose zeros are located, and perhaps end the integration.
///
/// A start on the surface g = 0 is no event, nor is a zero so close to the start that neither time (relative to the
/// interval) nor state (relative to its largest component) has moved by the relative tolerance; the return of an orbit
/// to its start is one.
pub struct Event<'a, E> {
    function: Function<'a, E>,
    direction: Direction,
    pub(super) terminal: Option<usize>,
}

impl<'a, E: std::error::Error + 'static> Event<'a, E> {
    /// The event that g changes sign in the given direction.
    pub fn new(direction: Direction, function: impl Fn(f64, &[f64]) -> Result<f64, E> + 'a) -> Self {
        Self {
            function: Box::new(function),
            direction,
            terminal: None,
        }
    }

    /// Ends the integration when the event happens for the `count`-th time (0 counts as 1).
    #[must_use]
    pub fn terminal(mut self, count: usize) -> Self {
        self.terminal = Some(count.max(1));
        self
    }

    /// g(t, x), finite; `number` names the event in an error.
    pub(super) fn value(&self, number: usize, time: f64, x: &[f64]) -> Result<f64, Failure<E>> {
        let value = (self.function)(time, x).map_err(|error| Failure::System { time, error })?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Failure::NotFinite {
                what: "event function",
                time,
                component: number,
                value,
            })
        }
    }

    /// Whether going from one value to the next is the event.
    pub(super) fn happens(&self, before: f64, after: f64) -> bool {
        let rising = before < 0.0 && after >= 0.0;
        let falling = before > 0.0 && after <= 0.0;
        match self.direction {
            Direction::Rising => rising,
            Direction::Falling => falling,
            Direction::Either => rising || falling,
        }
    }
}

/// A step as a curve: start, width, state there, displacements at the nodes.
pub(super) struct Curve<'a> {
    pub(super) method: &'a Collocation,
    pub(super) start: f64,
    pub(super) width: f64,
    pub(super) state: &'a [f64],
    pub(super) stages: &'a [f64],
}

impl Curve<'_> {
    /// Time and state at the fraction θ of the step.
    pub(super) fn at(&self, theta: f64) -> (f64, Vec<f64>) {
        let mut basis = vec![0.0; self.method.stages()];
        self.method.basis(theta, &mut basis);
        let mut x = self.state.to_vec();
        for (b, stage) in basis.iter().zip(self.stages.chunks_exact(x.len())) {
            for (x, z) in x.iter_mut().zip(stage) {
                *x += b * z;
            }
        }
        (self.start + theta * self.width, x)
    }

    /// g at every node.
    pub(super) fn values<E: std::error::Error + 'static>(
        &self,
        event: &Event<'_, E>,
        number: usize,
    ) -> Result<Vec<f64>, Failure<E>> {
        let value = |&node: &f64| {
            let (time, x) = self.at(node);
            event.value(number, time, &x)
        };
        self.method.nodes.iter().map(value).collect()
    }

    /// Fractions between which the event happens; several if g oscillates within the step.
    pub(super) fn brackets<E: std::error::Error + 'static>(
        &self,
        event: &Event<'_, E>,
        at_start: f64,
        values: &[f64],
    ) -> Vec<[f64; 2]> {
        let (mut from, mut before) = (0.0, at_start);
        let mut found = Vec::new();
        for (&node, &after) in self.method.nodes.iter().zip(values) {
            if event.happens(before, after) {
                found.push([from, node]);
            }
            (from, before) = (node, after);
        }
        found
    }
}

/// Zero of a function with a change of sign in [low, high], to rounding; secants that halve the weight of an end that
/// stays (the Illinois rule), and bisection where they are slow.
///
/// Source: Dowell and Jarratt, BIT 11, 168 (1971).
pub(super) fn zero<E>(
    [mut low, mut high]: [f64; 2],
    mut g: impl FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    let (mut at_low, mut at_high) = (g(low)?, g(high)?);
    if at_low == 0.0 {
        return Ok(low);
    }
    if at_high == 0.0 {
        return Ok(high);
    }
    // +1: the upper end moved last, −1: the lower one
    let mut side = 0;
    let (mut checked, mut patience) = (high - low, 3);
    for _ in 0..200 {
        let width = high - low;
        if width <= 2.0 * f64::EPSILON * high.abs().max(low.abs()) {
            break;
        }
        let secant = high - at_high * width / (at_high - at_low);
        let middle = low + 0.5 * width;
        patience -= 1;
        // three secants should halve the bracket at least
        let slow = patience == 0 && width > 0.5 * checked;
        if patience == 0 {
            (checked, patience) = (width, 3);
        }
        let next = if slow || !(secant > low && secant < high) {
            middle
        } else {
            secant
        };
        let value = g(next)?;
        if value == 0.0 {
            return Ok(next);
        }
        if (value > 0.0) == (at_high > 0.0) {
            (high, at_high) = (next, value);
            at_low *= if side == 1 { 0.5 } else { 1.0 };
            side = 1;
        } else {
            (low, at_low) = (next, value);
            at_high *= if side == -1 { 0.5 } else { 1.0 };
            side = -1;
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_is_found_to_rounding_where_the_function_is_flat_and_where_it_is_steep() {
        let cube = zero([0.0, 1.0], |x: f64| Ok::<_, ()>((x - 0.3).powi(3))).unwrap();
        // secants creep toward a zero of third order: bisection sees them through
        assert!((cube - 0.3).abs() < 1e-12);
        let steep = zero([0.0, 1.0], |x: f64| Ok::<_, ()>((1e3 * (x - 0.7)).tanh())).unwrap();
        assert!((steep - 0.7).abs() < 4.0 * f64::EPSILON);
    }
}
