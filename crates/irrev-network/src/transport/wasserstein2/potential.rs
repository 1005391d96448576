//! The potential of a discrete geodesic as a continuous function of time.

use super::action::{Action, differences};
use super::mesh::TimeMesh;
use super::mobility::{Conductances, Mobility};

/// ψ(t): on each element the integral of a polynomial through its rates of change at points.
#[derive(Debug, Clone)]
pub(crate) struct PotentialPath {
    mesh: TimeMesh,
    barrier: f64,
    /// ψ at the start of each element.
    starts: Vec<Vec<f64>>,
    /// ψ̇ at the points.
    rates: Vec<Vec<f64>>,
}

impl PotentialPath {
    /// ψ of a minimiser: ψ̇ = −½ (Sᵀψ)² ∂L − μρ/x at the points.
    pub(crate) fn of(mobility: &Mobility, mesh: &TimeMesh, action: &Action, barrier: f64) -> Self {
        let (mut conductances, mut across) = (Conductances::default(), Vec::new());
        let rates: Vec<Vec<f64>> = action
            .slices
            .iter()
            .map(|slice| {
                mobility.evaluate(&slice.state, false, &mut conductances);
                differences(mobility, &slice.potential, &mut across);
                rate(
                    mobility,
                    &conductances,
                    &across,
                    &slice.state,
                    barrier * slice.guard,
                )
            })
            .collect();
        let elements = mesh.elements();
        let mut path = Self {
            mesh: mesh.clone(),
            barrier,
            starts: vec![vec![0.0; mobility.states]; elements + 1],
            rates,
        };
        // half way ψ is what the potentials at the points of an element say, less what has changed since its start; from there it is integrated
        // towards both ends, so that what is badly resolved near an end stays there
        let basis = &mesh.basis;
        let (middle, _) = mesh.locate(0.5);
        let mut start = vec![0.0; mobility.states];
        for (point, weight) in basis.weights.iter().enumerate() {
            let since = path.inside(middle, basis.points[point]);
            let slice = &action.slices[middle * basis.stages() + point];
            for ((s, psi), change) in start.iter_mut().zip(&slice.potential).zip(&since) {
                *s += weight * (psi - change);
            }
        }
        path.starts[middle] = start;
        for element in middle..elements {
            path.starts[element + 1] = path.inside(element, 1.0);
        }
        for element in (0..middle).rev() {
            let change = path.inside(element, 1.0);
            let end = &path.starts[element + 1];
            path.starts[element] = end.iter().zip(&change).map(|(end, c)| end - c).collect();
        }
        path
    }

    /// ψ at a place in an element.
    pub(crate) fn inside(&self, element: usize, s: f64) -> Vec<f64> {
        let (stages, width) = (self.mesh.basis.stages(), self.mesh.width(element));
        let mut value = self.starts[element].clone();
        let rates = &self.rates[element * stages..][..stages];
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

    /// The barrier with its density on an element.
    pub(crate) fn barrier(&self, element: usize) -> f64 {
        self.barrier * self.mesh.guard(element)
    }
}

/// ψ̇ = −½ Σ (Sᵀψ)² ∂L − μρ/x.
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
