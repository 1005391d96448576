//! The potential of a discrete geodesic as a continuous function of time.

use super::action::{Action, differences};
use super::mesh::TimeMesh;
use super::mobility::{Conductances, Mobility};

/// ψ(t): on each element the integral of a polynomial through its rates of change at Gauss points.
#[derive(Debug, Clone)]
pub(crate) struct PotentialPath {
    mesh: TimeMesh,
    barrier: f64,
    /// ψ at the start of each element.
    starts: Vec<Vec<f64>>,
    /// ψ̇ at the Gauss points.
    rates: Vec<Vec<f64>>,
}

impl PotentialPath {
    /// ψ of a minimiser: ψ̇ = −½ (Sᵀψ)² ∂L − μ/x at the Gauss points.
    pub(crate) fn of(mobility: &Mobility, mesh: &TimeMesh, action: &Action, barrier: f64) -> Self {
        let (mut conductances, mut across) = (Conductances::default(), Vec::new());
        let rates: Vec<Vec<f64>> = action
            .slices
            .iter()
            .map(|slice| {
                mobility.evaluate(&slice.state, false, &mut conductances);
                differences(mobility, &slice.potential, &mut across);
                rate(mobility, &conductances, &across, &slice.state, barrier)
            })
            .collect();
        let mut path = Self {
            mesh: mesh.clone(),
            barrier,
            starts: vec![vec![0.0; mobility.states]],
            rates,
        };
        // the first start is what the potentials at the first element's points say, less what has changed since
        let basis = &mesh.basis;
        let mut start = vec![0.0; mobility.states];
        for (point, weight) in basis.points.iter().zip(&basis.weights) {
            let since = path.inside(0, *point);
            let slice = &action.slices[basis.points.iter().position(|p| p == point).unwrap_or(0)];
            for ((s, psi), change) in start.iter_mut().zip(&slice.potential).zip(&since) {
                *s += weight * (psi - change);
            }
        }
        path.starts[0] = start;
        for element in 0..mesh.elements() {
            let end = path.inside(element, 1.0);
            path.starts.push(end);
        }
        path
    }

    /// ψ at a place in an element.
    pub(crate) fn inside(&self, element: usize, s: f64) -> Vec<f64> {
        let (degree, width) = (self.mesh.basis.degree, self.mesh.width(element));
        let mut value = self.starts[element].clone();
        let rates = &self.rates[element * degree..][..degree];
        for (weight, rate) in self.mesh.basis.integral(s).iter().zip(rates) {
            for (v, r) in value.iter_mut().zip(rate) {
                *v += width * weight * r;
            }
        }
        value
    }

    /// ψ at a time.
    pub(crate) fn at(&self, time: f64) -> Vec<f64> {
        let (element, s) = self.mesh.locate(time);
        self.inside(element, s)
    }

    /// ψ at the first and the last time.
    pub(crate) fn ends(&self) -> (&[f64], &[f64]) {
        (&self.starts[0], &self.starts[self.starts.len() - 1])
    }

    pub(crate) fn barrier(&self) -> f64 {
        self.barrier
    }
}

/// ψ̇ = −½ Σ (Sᵀψ)² ∂L − μ/x.
pub(crate) fn rate(
    mobility: &Mobility,
    at: &Conductances,
    across: &[f64],
    state: &[f64],
    barrier: f64,
) -> Vec<f64> {
    let mut rate: Vec<f64> = state.iter().map(|x| -barrier / x).collect();
    for (k, bundle) in mobility.bundles.iter().enumerate() {
        let slope = &at.slope[mobility.slope_start[k]..mobility.slope_start[k + 1]];
        for (&i, s) in bundle.depends.iter().zip(slope) {
            rate[i] -= 0.5 * across[k] * across[k] * s;
        }
    }
    rate
}
