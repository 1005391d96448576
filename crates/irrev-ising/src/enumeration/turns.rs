//! Local fields of all states, one after the other.

use crate::network::KineticIsing;

/// Spins ±1 of a state's number.
pub(super) fn spins(state: usize, n: usize) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| if state >> i & 1 == 1 { 1.0 } else { -1.0 })
}

/// β J column by column and β H: what local fields are summed from.
#[derive(Clone)]
pub(super) struct Fields {
    /// β J_ij at `from * n + to`.
    sent: Vec<f64>,
    own: Vec<f64>,
}

impl Fields {
    pub(super) fn new(network: &KineticIsing) -> Self {
        let beta = network.inverse_temperature();
        Self {
            sent: network
                .couplings()
                .to_matrix()
                .data()
                .iter()
                .map(|j| beta * j)
                .collect(),
            own: network.fields().iter().map(|h| beta * h).collect(),
        }
    }

    pub(super) fn spins(&self) -> usize {
        self.own.len()
    }

    /// β J_ij.
    pub(super) fn coupling(&self, to: usize, from: usize) -> f64 {
        self.sent[from * self.own.len() + to]
    }

    /// h_i of a state, into a slice.
    pub(super) fn of(&self, state: usize, h: &mut [f64]) {
        let n = self.own.len();
        h.copy_from_slice(&self.own);
        for (s, sent) in spins(state, n).zip(self.sent.chunks_exact(n)) {
            for (h, j) in h.iter_mut().zip(sent) {
                *h += s * j;
            }
        }
    }

    /// Σ_i β J_ij x_i for every j.
    pub(super) fn returned(&self, x: &[f64], out: &mut [f64]) {
        for (out, sent) in out.iter_mut().zip(self.sent.chunks_exact(x.len())) {
            *out = sent.iter().zip(x).map(|(j, x)| j * x).sum();
        }
    }
}
