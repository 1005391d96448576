//! The model on lattices of other sizes.

use super::super::diagnostic::ModelError;
use super::super::formula::Formula;
use super::values::{QuantumEnvironment, QuantumValues};
use super::{Quantum, StateKind};
use crate::source::Span;

/// Numbers that say what one bath starts in, and mean nothing in another.
const OF_ONE_BATH: [&str; 6] = [
    "bath.eigenstate",
    "bath.block",
    "bath.temperature",
    "bath.width",
    "bath.beta",
    "bath.alpha",
];

impl QuantumEnvironment<'_> {
    /// Every number of the model with the lattice of a place in `sizes.shapes`, with the particles that go with it, and with a Gibbs state at β in place of the
    /// state of its bath; `None` for a place that is not there.
    ///
    /// # Errors
    /// As [`QuantumEnvironment::values`]: what the model says of sites or bonds one by one does not fit a lattice of another size.
    pub fn sized(&self, place: usize, beta: f64) -> Result<Option<QuantumValues>, ModelError> {
        let spec = self.spec();
        let Some(sizes) = &spec.sizes else { return Ok(None) };
        let particles = self
            .values()?
            .sizes
            .and_then(|sizes| sizes.particles.get(place).copied());
        let (Some(shape), Some(particles)) = (sizes.shapes.get(place), particles) else {
            return Ok(None);
        };
        let span = sizes.spans.get(place).copied().unwrap_or_default();
        let changed = resized(spec, shape, particles, (span, beta));
        QuantumEnvironment::new(&changed, &[])?.values().map(Some)
    }
}

fn resized(spec: &Quantum, shape: &[usize], particles: usize, (span, beta): (Span, f64)) -> Quantum {
    let mut changed = spec.clone();
    changed.sizes = None;
    changed.state = StateKind::Gibbs;
    let is_replaced = |key: &str| {
        let name = key.split('[').next().unwrap_or(key);
        OF_ONE_BATH.contains(&name)
            || name == "lattice.shape"
            || name == "bath.particles"
            || name.starts_with("sizes.")
    };
    changed.numbers.retain(|formula| !is_replaced(formula.key()));
    let lengths = shape.iter().enumerate().map(|(along, length)| {
        let key = format!("lattice.shape[{along}]");
        Formula::literal(key, span, *length as f64)
    });
    changed.numbers.extend(lengths);
    changed.numbers.extend([
        Formula::literal("bath.particles", span, particles as f64),
        Formula::literal("bath.beta", Span::default(), beta),
    ]);
    changed
}
