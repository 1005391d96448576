//! The metric of a reaction network between two states of one class: what is present, how it is coordinated, and the action of a path.

use irrev_numerics::linalg::{GramFactor, Matrix};
use rayon::prelude::*;

use super::super::action::{Action, Slice, differences};
use super::super::blocks::Blocks;
use super::super::mobility::Mobility;
use super::super::path::DiscretePath;
use super::class::Class;
use super::geodesic::GlobalProof;
use crate::error::{Error, Result};
use crate::reactions::{Law, ReactionSystem};

/// Part of what a reaction can move that is moved to make absent species present.
const FILLING: f64 = 0.1;

/// Weight of the inner state in the abundance at an end, where species are absent.
const SMALL_SHARE: f64 = 1e-3;

/// Relative difference of fluxes from mass action that is rounding.
const SAME_FLUX: f64 = 1e-12;

/// A network restricted to the species that are present or can be made.
pub(super) struct Problem {
    /// States of the system that take part.
    pub(super) kept: Vec<usize>,
    pub(super) mobility: Mobility,
    pub(super) blocks: Blocks,
    /// Coordinates of the path.
    pub(super) class: Class,
    /// Coordinates for one instant, of which those serve whose dependent species are most abundant then.
    local: Vec<Class>,
    /// A state of the class in which every species is present.
    pub(super) inner: Vec<f64>,
}

impl Problem {
    /// The problem between two states, both of all dynamic species.
    ///
    /// # Errors
    /// [`Error::OneWay`], [`Error::MissingLaw`], [`Error::TimeDependent`]; coefficients that are no fractions.
    pub(super) fn new(system: &ReactionSystem, from: &[f64], to: &[f64]) -> Result<Self> {
        if system.depends_on_time() {
            return Err(Error::TimeDependent {
                quantity: "a geodesic between amounts",
            });
        }
        let middle: Vec<f64> = from.iter().zip(to).map(|(a, b)| 0.5 * (a + b)).collect();
        let filled = filled(system, middle);
        let kept: Vec<usize> = (0..filled.len()).filter(|i| filled[*i] > 0.0).collect();
        let mobility = Mobility::of_reactions(system, &kept)?;
        require_mass_action(system, &mobility, &kept, &filled)?;
        let sizes = |part: f64| -> Vec<f64> {
            kept.iter()
                .map(|&i| (1.0 - part) * from[i] + part * to[i] + SMALL_SHARE * filled[i])
                .collect()
        };
        let local = [0.0, 0.5, 1.0].map(|part| Class::new(&mobility, &sizes(part)));
        Ok(Self {
            blocks: Blocks::new(&mobility),
            class: Class::new(&mobility, &sizes(0.5))?,
            local: local.into_iter().collect::<Result<_>>()?,
            inner: kept.iter().map(|&i| filled[i]).collect(),
            mobility,
            kept,
        })
    }

    /// Why every minimiser is a global one, where it is.
    pub(super) fn global_proof(&self) -> Option<GlobalProof> {
        if self.class.dimension() == 1 {
            Some(GlobalProof::OneDirection)
        } else if self.mobility.of_order_one() {
            Some(GlobalProof::FirstOrder)
        } else {
            None
        }
    }

    /// The entries of the states that take part.
    pub(super) fn restricted(&self, x: &[f64]) -> Vec<f64> {
        self.kept.iter().map(|i| x[*i]).collect()
    }

    /// The root of K = S L Sᵀ, in the coordinates in which it is given; `None` where a state is not positive.
    ///
    /// Rare species are independent there: their velocities are known to relative accuracy, those of abundant ones only to that of the sum.
    pub(super) fn metric(&self, state: &[f64]) -> Option<(&Class, GramFactor)> {
        if !state.iter().all(|x| *x > 0.0) {
            return None;
        }
        let rarest_dependent = |class: &Class| {
            let dependent = class
                .places
                .iter()
                .zip(state)
                .filter(|(place, _)| place.is_none());
            dependent.map(|(_, x)| *x).fold(f64::INFINITY, f64::min)
        };
        let judged = self.local.iter().map(|class| (class, rarest_dependent(class)));
        let (class, _) = judged.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let mut conductances = Vec::new();
        self.mobility.values(state, &mut conductances);
        let mut rows = Matrix::zeros(conductances.len(), class.dimension());
        for (k, (bundle, l)) in self.mobility.bundles.iter().zip(&conductances).enumerate() {
            for &(i, c) in &bundle.change {
                if let Some(i) = class.places[i] {
                    rows[(k, i)] = c * l.sqrt();
                }
            }
        }
        Some((class, GramFactor::new(rows)?))
    }

    /// What happens at one instant; `None` as for [`Self::metric`].
    pub(super) fn slice(&self, weight: f64, state: Vec<f64>, velocity: Vec<f64>) -> Option<Slice> {
        let (class, factor) = self.metric(&state)?;
        let independent = factor.solve(&class.restricted(&velocity));
        let mut potential = vec![0.0; state.len()];
        for (&state, psi) in class.independent.iter().zip(independent) {
            potential[state] = psi;
        }
        Some(Slice {
            weight,
            guard: 1.0,
            state,
            velocity,
            potential,
        })
    }

    /// Squared speed ψ·ẋ = Σ L (Sᵀψ)² of a slice.
    pub(super) fn squared_speed(&self, slice: &Slice) -> f64 {
        let pairs = slice.velocity.iter().zip(&slice.potential);
        pairs.map(|(v, psi)| v * psi).sum::<f64>().max(0.0)
    }

    /// Σ L (Sᵀψ)² of any potential.
    pub(super) fn power(&self, state: &[f64], potential: &[f64]) -> f64 {
        let (mut conductances, mut across) = (Vec::new(), Vec::new());
        self.mobility.values(state, &mut conductances);
        differences(&self.mobility, potential, &mut across);
        conductances.iter().zip(&across).map(|(l, f)| l * f * f).sum()
    }

    /// The action ½ ∫ ψ·ẋ dt of a path by its points; `None` if a state there is not positive.
    pub(super) fn action(&self, path: &DiscretePath) -> Option<Action> {
        let stages = path.mesh.basis.stages();
        let slices: Option<Vec<Slice>> = (0..path.mesh.points())
            .into_par_iter()
            .map(|k| {
                let (element, point) = (k / stages, k % stages);
                let (mut state, mut velocity) = (vec![0.0; self.kept.len()], vec![0.0; self.kept.len()]);
                path.at_point(element, point, &mut state, &mut velocity);
                let weight = path.mesh.width(element) * path.mesh.basis.weights[point];
                self.slice(weight, state, velocity).map(|slice| Slice {
                    guard: path.mesh.guard(element),
                    ..slice
                })
            })
            .collect();
        Action::of_slices(slices?, |slice| self.squared_speed(slice))
    }
}

/// Adds little of every species that counted reactions can make of what is present, one reaction after the other; what stays at zero cannot be made.
fn filled(system: &ReactionSystem, mut x: Vec<f64>) -> Vec<f64> {
    let present = |x: &[f64], side: &[(usize, f64)]| {
        side.iter().all(|(species, _)| match system.state_of(*species) {
            Some(state) => x[state] > 0.0,
            None => system.species()[*species].held.is_some_and(|held| held > 0.0),
        })
    };
    loop {
        let mut moved = false;
        for &r in system.counted() {
            let reaction = &system.reactions()[r];
            for (side, other, sign) in [
                (&reaction.reactants, &reaction.products, 1.0),
                (&reaction.products, &reaction.reactants, -1.0),
            ] {
                let (able, complete) = (present(&x, side), present(&x, other));
                let makes = system
                    .change(r)
                    .iter()
                    .any(|&(i, c)| sign * c > 0.0 && x[i] == 0.0);
                if !able || complete || !makes {
                    continue;
                }
                let sizes = system.change(r).iter().filter(|(i, _)| x[*i] > 0.0);
                let least = sizes.map(|&(i, c)| x[i] / c.abs()).fold(f64::INFINITY, f64::min);
                // made of reservoirs alone: as much as there is of the others, or one
                let scale = x.iter().copied().fold(0.0, f64::max);
                let extent = FILLING * least.min(if scale > 0.0 { scale } else { 1.0 });
                for &(i, c) in system.change(r) {
                    x[i] += sign * c * extent;
                }
                moved = true;
            }
        }
        if !moved {
            return x;
        }
    }
}

/// Refuses laws that are no mass action in the amounts alone: with formulas for held amounts, or laws of another kind.
fn require_mass_action(
    system: &ReactionSystem,
    mobility: &Mobility,
    kept: &[usize],
    state: &[f64],
) -> Result<()> {
    for factor in [1.0, 1.3] {
        let state: Vec<f64> = state.iter().map(|x| factor * x).collect();
        let reduced: Vec<f64> = kept.iter().map(|i| state[*i]).collect();
        let flow = system.flow(0.0, &state)?;
        let coefficients = flow.onsager_coefficient();
        // one unit of force on every bundle makes the currents of its edges their coefficients
        let mut currents = vec![0.0; coefficients.len()];
        mobility.add_edge_currents(&reduced, &vec![1.0; mobility.bundles.len()], &mut currents);
        for bundle in &mobility.bundles {
            for &(edge, _) in &bundle.edges {
                if (currents[edge].abs() - coefficients[edge]).abs() > SAME_FLUX * coefficients[edge] {
                    let reaction = &system.reactions()[system.counted()[edge]];
                    debug_assert!(matches!(reaction.law, Law::MassAction { .. }));
                    return Err(Error::MissingLaw {
                        reaction: reaction.name.clone(),
                        reason: "an amount in its rate follows a formula, and geodesics are computed for mass action with constant reservoirs",
                    });
                }
            }
        }
    }
    Ok(())
}
