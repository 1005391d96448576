//! A state that moves by any law, against a steady state of it.

use irrev_numerics::linalg::Matrix;
use num_complex::Complex64;

use super::excess::{Excess, excess_entropy_production};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::information::time::fisher_information_rate;
use crate::reactions::ReactionSystem;
use crate::reactions::steady_state::{Stability, SteadyState};

/// A state against a steady state: excess, the general criterion of speed, and linear stability.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgainstSteadyState {
    /// The steady state in question, of which there may be several.
    pub steady: Vec<f64>,
    /// Sums over channels; with I = Σ ṗ²/p among them.
    pub excess: Excess,
    /// dI/dt with p̈ = (∂ṗ/∂p) ṗ: positive where the motion speeds up, which near a stable steady state it does not do in the long run. Defined for any law.
    pub fisher_information_rate: f64,
    /// Eigenvalues of ∂ṗ/∂p at the steady state, on the states that can be reached, by falling real part, in 1/time.
    pub eigenvalues: Vec<Complex64>,
    /// What becomes of small disturbances of the steady state.
    pub stability: Stability,
}

impl AgainstSteadyState {
    /// Whether small disturbances of the steady state decay: `None` if some neither decay nor grow, to working precision.
    #[must_use]
    pub fn stable(&self) -> Option<bool> {
        match self.stability {
            Stability::Stable => Some(true),
            Stability::Unstable => Some(false),
            Stability::Marginal => None,
        }
    }
}

/// What the kinetics says of a state and of a steady state.
pub(super) struct Side<'a> {
    pub(super) flow: &'a Flow,
    pub(super) state: &'a [f64],
}

pub(super) fn against(
    here: Side<'_>,
    there: Side<'_>,
    jacobian: &Matrix,
    eigenvalues: Vec<Complex64>,
    stability: Stability,
) -> Result<AgainstSteadyState> {
    let excess = excess_entropy_production((here.flow, here.state), (there.flow, there.state))?;
    let acceleration = jacobian.apply_to(&excess.rate);
    Ok(AgainstSteadyState {
        steady: there.state.to_vec(),
        fisher_information_rate: fisher_information_rate(here.state, &excess.rate, &acceleration)?,
        excess,
        eigenvalues,
        stability,
    })
}

/// Amounts x of a reaction system (at time 0) against one of its steady states.
///
/// ```
/// use irrev_network::information::stability::{Motion, reaction_stability};
/// use irrev_network::reactions::{ReactionSystem, steady_state::steady_state_near};
/// let schloegl = ReactionSystem::builder().species("X").chemostat("A", 1.0).chemostat("B", 1.0)
///     .mass_action("auto", &[("A", 1.0), ("X", 2.0)], &[("X", 3.0)], 3.0, 1.0)
///     .mass_action("feed", &[("B", 1.0)], &[("X", 1.0)], 0.25, 2.0)
///     .build()?;
/// let unstable = steady_state_near(&schloegl, &[0.7])?;
/// let found = reaction_stability(&schloegl, &[unstable.amounts[0] + 0.1], &unstable)?;
/// assert_eq!((found.stable(), found.excess.motion()), (Some(false), Ok(Motion::Leaving)));
/// assert!(found.fisher_information_rate > 0.0 && found.excess.parallel == [["auto", "feed"]]);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`excess_entropy_production`] and [`ReactionSystem::flow`]; [`Error::MissingLaw`] if something moves the state that is left out of the thermodynamics.
pub fn reaction_stability(
    system: &ReactionSystem,
    amounts: &[f64],
    steady: &SteadyState,
) -> Result<AgainstSteadyState> {
    let uncounted = system.left_out().into_iter().map(String::from);
    if let Some(reaction) = uncounted.chain(system.drifting().iter().cloned()).next() {
        return Err(Error::MissingLaw {
            reaction,
            reason: "it moves the state but is left out of the thermodynamics, and the excess needs the fluxes of all that moves",
        });
    }
    let (here, there) = (system.flow(0.0, amounts)?, system.flow(0.0, &steady.amounts)?);
    against(
        Side {
            flow: &here,
            state: amounts,
        },
        Side {
            flow: &there,
            state: &steady.amounts,
        },
        &system.jacobian(0.0, amounts)?,
        steady.eigenvalues.clone(),
        steady.stability,
    )
}
