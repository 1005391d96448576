//! A flow at a state, edge by edge, with the part that each edge changes and the ratio of its rates.

use irrev_numerics::special::log_ratio;

use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::information::product::ProductSpace;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// A multipartite flow.
pub(super) struct PartedFlow<'a> {
    pub(super) space: ProductSpace,
    pub(super) flow: &'a Flow,
    pub(super) p: &'a [f64],
    /// The part that each edge changes.
    pub(super) part: Vec<usize>,
    /// ln(k⁺/k⁻) of each edge.
    pub(super) medium: Vec<f64>,
}

/// One edge that carries flux.
#[derive(Clone, Copy)]
pub(super) struct Active {
    pub(super) edge: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) part: usize,
    pub(super) forward: f64,
    pub(super) backward: f64,
}

impl Active {
    /// J = j⁺ − j⁻.
    pub(super) fn current(&self) -> f64 {
        self.forward - self.backward
    }

    /// J x, where no current means nothing, of whatever size x.
    pub(super) fn carried(&self, x: f64) -> f64 {
        let current = self.current();
        if current == 0.0 { 0.0 } else { current * x }
    }
}

impl<'a> PartedFlow<'a> {
    /// The flow of a process, whose rates are known even where nothing flows.
    pub(super) fn of_process(process: &MarkovJump, flow: &'a Flow, state: &'a Distribution) -> Result<Self> {
        let space = ProductSpace::of(flow.network())?;
        let part = space.changed_parts(flow.network())?;
        Ok(Self {
            space,
            flow,
            p: state.probabilities(),
            part,
            medium: process.medium_entropy_change(),
        })
    }

    /// A flow alone, whose rates are j/p.
    pub(super) fn of_flow(flow: &'a Flow, state: &'a Distribution) -> Result<Self> {
        let network = flow.network();
        network.check_states("distribution", state.probabilities())?;
        let space = ProductSpace::of(network)?;
        let part = space.changed_parts(network)?;
        let p = state.probabilities();
        let mut medium = Vec::with_capacity(part.len());
        for (edge, (forward, backward)) in network.edges().iter().zip(flow.fluxes()) {
            let rate = |flux: f64, other: f64, x: usize| match (p[x] > 0.0, flux == 0.0 && other == 0.0) {
                (_, true) => Ok(0.0),
                (true, false) => Ok(flux / p[x]),
                // the state is entered and its own rate does not show in the flow
                (false, false) => Err(Error::NotPositive {
                    quantity: "the environment flow of a flow without its process",
                    state: network.states()[x].clone(),
                    value: p[x],
                }),
            };
            medium.push(log_ratio(
                rate(forward, backward, edge.from)?,
                rate(backward, forward, edge.to)?,
            ));
        }
        Ok(Self {
            space,
            flow,
            p,
            part,
            medium,
        })
    }

    /// The edges that carry flux.
    pub(super) fn active(&self) -> impl Iterator<Item = Active> + Clone + '_ {
        let edges = self.flow.network().edges().iter().enumerate();
        edges
            .zip(self.flow.fluxes())
            .filter(|(_, (a, b))| *a > 0.0 || *b > 0.0)
            .map(|((e, edge), (forward, backward))| Active {
                edge: e,
                from: edge.from,
                to: edge.to,
                part: self.part[e],
                forward,
                backward,
            })
    }

    /// # Errors
    /// [`Error::NotPositive`] with an empty state that an edge enters.
    pub(super) fn require_positive_ends(&self, quantity: &'static str) -> Result<()> {
        let empty = |e: Active| [e.from, e.to].into_iter().find(|&x| self.p[x] == 0.0);
        match self.active().find_map(empty) {
            None => Ok(()),
            Some(x) => Err(Error::NotPositive {
                quantity,
                state: self.flow.network().states()[x].clone(),
                value: 0.0,
            }),
        }
    }
}
