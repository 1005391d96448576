//! Coordinates of the states that a start can reach: x = x₀ + Q z, Q an orthonormal basis of the space of possible changes.
//!
//! Conservation laws make the Jacobian singular in x; in z it is regular wherever a steady state is isolated. Where species are many, Q would
//! be a dense matrix of millions of entries, and exact conservation laws ℓ take its place: J Δ = v on the class is the sparse system of the
//! independent rows of J together with ℓ·Δ = 0, and the spectrum that of J in the independent species, the others following by ℓ.

use std::cell::OnceCell;

use irrev_numerics::integer::{SparseRow, null_space};
use irrev_numerics::linalg::{LinearSolver, Matrix, SparseSolver, eigenvalues};
use num_complex::Complex64;

use super::ReactionSystem;
use super::bounds::dot;
use crate::error::Result;

/// im S, and what drifts otherwise.
pub(super) struct Subspace {
    states: usize,
    /// Changes that span it, as (state, amount).
    generators: Vec<Vec<(usize, f64)>>,
    /// Conservation laws, where species are many and stoichiometry is rational.
    exact: Option<Laws>,
    basis: OnceCell<Vec<Vec<f64>>>,
}

/// Conserved combinations, each the only one to hold its free state.
struct Laws {
    laws: Vec<SparseRow>,
    /// Free state of each law.
    free: Vec<usize>,
    independent: Vec<usize>,
}

/// From this number of dynamic species on the laws are used in place of an orthonormal basis.
const MANY: usize = 48;

/// A vector that keeps less than this part of its length beside the others is dependent; ranks of stoichiometry are far from it.
const DEPENDENT: f64 = 1e-9;

impl Subspace {
    pub(super) fn new(system: &ReactionSystem) -> Self {
        let states = system.dynamic().len();
        let drifting = system
            .drifting()
            .iter()
            .filter_map(|name| system.state(name).ok());
        let generators: Vec<Vec<(usize, f64)>> = (0..system.reactions().len())
            .map(|r| system.change(r).to_vec())
            .chain(drifting.map(|state| vec![(state, 1.0)]))
            .collect();
        // coefficients that are no fractions have no exact laws
        let exact = if states < MANY {
            None
        } else {
            null_space(&generators, states).ok().map(|space| Laws {
                laws: space.basis,
                free: space.free,
                independent: space.independent,
            })
        };
        Self {
            states,
            generators,
            exact,
            basis: OnceCell::new(),
        }
    }

    /// Orthonormal basis, each vector of the length of the state.
    pub(super) fn basis(&self) -> &[Vec<f64>] {
        self.basis.get_or_init(|| match &self.exact {
            Some(exact) if exact.laws.is_empty() => {
                let unit = |k: usize| (0..self.states).map(|i| f64::from(u8::from(i == k))).collect();
                (0..self.states).map(unit).collect()
            }
            _ => orthonormal(self.states, &self.generators),
        })
    }

    pub(super) fn dimension(&self) -> usize {
        match &self.exact {
            Some(exact) => exact.independent.len(),
            None => self.basis().len(),
        }
    }

    /// Qᵀ v.
    pub(super) fn reduced(&self, v: &[f64]) -> Vec<f64> {
        self.basis().iter().map(|u| dot(u, v)).collect()
    }

    /// Q z.
    pub(super) fn full(&self, z: &[f64], n: usize) -> Vec<f64> {
        let mut v = vec![0.0; n];
        for (u, z) in self.basis().iter().zip(z) {
            v.iter_mut().zip(u).for_each(|(v, u)| *v += z * u);
        }
        v
    }

    /// Orthonormal basis of what no change can reach: the conserved directions.
    pub(super) fn complement(&self, n: usize) -> Vec<Vec<f64>> {
        let mut all = self.basis().to_vec();
        for k in 0..n {
            if all.len() == n {
                break;
            }
            let mut v = vec![0.0; n];
            v[k] = 1.0;
            if let Some(v) = orthogonal(v, 1.0, &all) {
                all.push(v);
            }
        }
        all.split_off(self.dimension())
    }

    /// Qᵀ A Q.
    pub(super) fn restricted(&self, a: &Matrix) -> Matrix {
        let basis = self.basis();
        let images: Vec<Vec<f64>> = basis.iter().map(|u| self.reduced(&a.apply_to(u))).collect();
        Matrix::from_fn(basis.len(), basis.len(), |i, j| images[j][i])
    }

    /// Factors of the Jacobian on the class, for many right-hand sides.
    ///
    /// # Errors
    /// Whatever the laws report; a singular matrix, here or when solving.
    pub(super) fn solver(&self, system: &ReactionSystem, x: &[f64]) -> Result<ClassSolver<'_>> {
        let Some(exact) = &self.exact else {
            let restricted = self.restricted(&system.jacobian(0.0, x)?);
            return Ok(ClassSolver::Reduced(self, LinearSolver::new(restricted)?));
        };
        let law_of_state = exact.law_of_state(self.states);
        let mut entries = Vec::new();
        let mut largest = 0.0_f64;
        system.jacobian_entries(0.0, x, &mut |row, column, value| {
            if law_of_state[row].is_none() {
                largest = largest.max(value.abs());
                entries.push((row, column, value));
            }
        })?;
        // laws of the size of the rates, so that neither is rounding beside the other
        let unit = if largest > 0.0 { largest } else { 1.0 };
        for (law, &free) in exact.laws.iter().zip(&exact.free) {
            entries.extend(law.iter().map(|&(state, a)| (free, state, unit * a as f64)));
        }
        let solver = Box::new(SparseSolver::new(self.states, &entries)?);
        Ok(ClassSolver::Bordered(law_of_state, solver))
    }

    /// Eigenvalues of the Jacobian on the class, by falling real part. O(species³).
    ///
    /// # Errors
    /// Whatever the laws report; as [`eigenvalues`].
    pub(super) fn eigenvalues(&self, system: &ReactionSystem, x: &[f64]) -> Result<Vec<Complex64>> {
        let Some(exact) = &self.exact else {
            let restricted = self.restricted(&system.jacobian(0.0, x)?);
            return Ok(eigenvalues(&restricted)?.values);
        };
        let law_of_state = exact.law_of_state(self.states);
        let mut place = vec![0; self.states];
        for (k, &state) in exact.independent.iter().enumerate() {
            place[state] = k;
        }
        let r = exact.independent.len();
        let mut matrix: Matrix = Matrix::zeros(r, r);
        system.jacobian_entries(0.0, x, &mut |row, column, value| {
            if law_of_state[row].is_some() {
                return;
            }
            let Some(law) = law_of_state[column] else {
                matrix[(place[row], place[column])] += value;
                return;
            };
            // ℓ·Δ = 0 gives the free state by the independent ones
            let law = &exact.laws[law];
            let of_free = law.iter().find(|(s, _)| *s == column).map_or(1, |(_, a)| *a) as f64;
            for &(state, a) in law.iter().filter(|(s, _)| *s != column) {
                matrix[(place[row], place[state])] -= value * a as f64 / of_free;
            }
        })?;
        Ok(eigenvalues(&matrix)?.values)
    }
}

impl Laws {
    fn law_of_state(&self, states: usize) -> Vec<Option<usize>> {
        let mut law_of_state = vec![None; states];
        for (law, &state) in self.free.iter().enumerate() {
            law_of_state[state] = Some(law);
        }
        law_of_state
    }
}

/// The Jacobian on a stoichiometric class, factorised.
pub(super) enum ClassSolver<'a> {
    /// Qᵀ J Q.
    Reduced(&'a Subspace, LinearSolver),
    /// The independent rows of J, and a law in place of each other one.
    Bordered(Vec<Option<usize>>, Box<SparseSolver>),
}

impl ClassSolver<'_> {
    /// The Δ on the class with J Δ = v, for v on the class.
    ///
    /// # Errors
    /// A singular matrix.
    pub(super) fn solve(&self, v: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Reduced(subspace, solver) => {
                Ok(subspace.full(&solver.solve(&subspace.reduced(v))?.x, v.len()))
            }
            Self::Bordered(law_of_state, solver) => {
                let kept = |(v, law): (&f64, &Option<usize>)| if law.is_some() { 0.0 } else { *v };
                let right: Vec<f64> = v.iter().zip(law_of_state).map(kept).collect();
                Ok(solver.solve(&right)?.x)
            }
        }
    }
}

/// Orthonormal basis of what the generators span.
fn orthonormal(n: usize, generators: &[Vec<(usize, f64)>]) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for generator in generators {
        if basis.len() == n {
            break;
        }
        let mut v = vec![0.0; n];
        for &(state, c) in generator {
            v[state] = c;
        }
        let length = dot(&v, &v).sqrt();
        if let Some(v) = orthogonal(v, length, &basis) {
            basis.push(v);
        }
    }
    basis
}

/// The unit vector of what v holds beside an orthonormal set; `None` if that is next to nothing of its length.
fn orthogonal(mut v: Vec<f64>, length: f64, set: &[Vec<f64>]) -> Option<Vec<f64>> {
    // twice is enough (Kahan and Parlett)
    for _ in 0..2 {
        for u in set {
            let along = dot(u, &v);
            v.iter_mut().zip(u).for_each(|(v, u)| *v -= along * u);
        }
    }
    let rest = dot(&v, &v).sqrt();
    if !(rest > DEPENDENT * length) {
        return None;
    }
    v.iter_mut().for_each(|v| *v /= rest);
    Some(v)
}

/// The Jacobian in the orthonormal coordinates of the class.
pub(super) fn restricted_jacobian(
    system: &ReactionSystem,
    subspace: &Subspace,
    time: f64,
    x: &[f64],
) -> Result<Matrix> {
    Ok(subspace.restricted(&system.jacobian(time, x)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A closed ring of n species with a dimer of the first, so that one weighted sum is conserved.
    fn ring(n: usize) -> ReactionSystem {
        let names: Vec<String> = (0..n).map(|k| format!("X{k}")).collect();
        let mut builder = ReactionSystem::builder();
        for name in &names {
            builder = builder.species(name);
        }
        builder = builder.species("D");
        for k in 0..n {
            let (from, to) = (names[k].as_str(), names[(k + 1) % n].as_str());
            builder = builder.mass_action(&format!("r{k}"), &[(from, 1.0)], &[(to, 1.0)], 1.0, 0.7);
        }
        let dimer = builder.mass_action("dimer", &[("X0", 2.0)], &[("D", 1.0)], 0.4, 0.3);
        dimer.build().unwrap()
    }

    #[test]
    fn exact_laws_and_an_orthonormal_basis_give_the_same_steps_and_the_same_spectrum() {
        let system = ring(60);
        let by_laws = Subspace::new(&system);
        assert!(by_laws.exact.is_some());
        let by_basis = Subspace {
            exact: None,
            ..Subspace::new(&system)
        };
        assert_eq!(by_laws.dimension(), by_basis.dimension());
        let x: Vec<f64> = (0..61).map(|k| 1.0 + 0.3 * f64::from(k).sin()).collect();
        let mut rate = vec![0.0; 61];
        system.rate_of_change(0.0, &x, &mut rate).unwrap();
        let step = |s: &Subspace| s.solver(&system, &x).unwrap().solve(&rate).unwrap();
        // the condition on the class is some n² = 4e3
        for (a, b) in step(&by_laws).iter().zip(step(&by_basis)) {
            assert!((a - b).abs() < 1e-10, "{a} {b}");
        }
        let spectrum = |s: &Subspace| s.eigenvalues(&system, &x).unwrap();
        for (a, b) in spectrum(&by_laws).iter().zip(spectrum(&by_basis)) {
            assert!((a.re - b.re).abs() < 1e-10, "{a} {b}");
        }
    }
}
