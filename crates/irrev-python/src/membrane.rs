//! Transport through a membrane, from the gallery of the library.

use std::sync::Arc;

use irrev_network::gallery::{self, MembraneChannelRates, Transport, TransporterRates};
use pyo3::prelude::*;

use crate::arrays::named;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;

type Pair = (f64, f64);

fn array((first, second): Pair) -> [f64; 2] {
    [first, second]
}

/// What is not given is that of the library.
#[pyfunction]
pub(crate) fn membrane_channel(
    binding: Option<f64>,
    dissociation: Option<f64>,
    concentrations: Option<Pair>,
    turning: Option<Pair>,
) -> PyResult<MarkovJump> {
    let usual = MembraneChannelRates::default();
    let rates = MembraneChannelRates {
        binding: binding.unwrap_or(usual.binding),
        dissociation: dissociation.unwrap_or(usual.dissociation),
        concentrations: concentrations.map_or(usual.concentrations, array),
        turning: turning.map_or(usual.turning, array),
    };
    Ok(MarkovJump(Arc::new(
        gallery::membrane_channel(&rates).or_raise()?,
    )))
}

/// binding, dissociation, concentrations of a and of b, turning, gating, leak.
type Asked = (
    Option<Pair>,
    Option<Pair>,
    Option<Pair>,
    Option<Pair>,
    Option<(Pair, Pair)>,
    Option<f64>,
    Option<f64>,
);

/// What is not given is that of the kind of transport.
#[pyfunction]
pub(crate) fn transporter(py: Python<'_>, kind: &str, asked: Asked) -> PyResult<MarkovJump> {
    let known = [
        ("symport", Transport::Symport),
        ("antiport", Transport::Antiport),
        ("uniport", Transport::Uniport),
    ];
    let usual = TransporterRates::of(named(py, "kind", kind, &known)?);
    let (binding, dissociation, concentrations_a, concentrations_b, turning, gating, leak) = asked;
    let rates = TransporterRates {
        binding: binding.map_or(usual.binding, array),
        dissociation: dissociation.map_or(usual.dissociation, array),
        concentrations_a: concentrations_a.map_or(usual.concentrations_a, array),
        concentrations_b: concentrations_b.map_or(usual.concentrations_b, array),
        turning: turning.map_or(usual.turning, |(empty, bound)| [array(empty), array(bound)]),
        gating: gating.unwrap_or(usual.gating),
        leak: leak.unwrap_or(usual.leak),
    };
    Ok(MarkovJump(Arc::new(gallery::transporter(&rates).or_raise()?)))
}

/// Net currents of a and b from outside.
#[pyfunction]
pub(crate) fn transported(flow: &Flow) -> PyResult<(f64, f64)> {
    let [a, b] = gallery::transported(&flow.0).or_raise()?;
    Ok((a, b))
}
