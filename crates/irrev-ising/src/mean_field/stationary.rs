//! The state that a mean-field theory does not change any more.

use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason};

use super::step::step;
use super::{Expansion, MeanFieldState};
use crate::error::Result;
use crate::network::KineticIsing;

/// Most steps.
const STEPS: usize = 20_000;

/// Steps after which a new one is mixed with the state before: networks that turn over and over would never rest.
const PATIENCE: usize = 500;

/// Correlations beyond this have diverged.
const DIVERGED: f64 = 1e3;

/// A stationary state of a mean-field theory.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StationaryMeanField {
    /// Means and correlations.
    pub state: MeanFieldState,
    /// σ of the state, in nats per step.
    pub entropy_production: f64,
    /// Largest change of any mean or correlation in the last step.
    pub convergence: Convergence,
}

/// Iterates a theory from independent spins until no mean and no correlation changes by more than a tolerance.
///
/// # Errors
/// Not converged, with the change reached: the theory may have no stationary state, or one whose correlations diverge
/// ([`Expansion::CurrentSecond`] at strong couplings); those of [`step`].
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing, mean_field::{Expansion, stationary_state}};
/// use irrev_numerics::Run;
/// let pair = Couplings::from_rows(&[vec![0.0, 0.3], vec![-0.3, 0.0]])?;
/// let network = KineticIsing::new(pair, vec![0.0; 2], 1.0)?;
/// let found = stationary_state(&network, Expansion::Pairwise, &[0.0; 2], 1e-12, &Run::default())?;
/// assert!((found.entropy_production - 2.0 * 0.6 * 0.3_f64.tanh()).abs() < 1e-3);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn stationary_state(
    network: &KineticIsing,
    expansion: Expansion,
    start: &[f64],
    tolerance: f64,
    run: &Run<'_>,
) -> Result<StationaryMeanField> {
    let mut state = MeanFieldState::independent(start)?;
    let mut change = f64::INFINITY;
    for iterations in 1..=STEPS {
        let mut next = step(network, expansion, &state, run)?;
        change = largest_change(&state, &next);
        run.report((change.ln() / tolerance.ln()).clamp(0.0, 1.0), "mean field")?;
        if change <= tolerance {
            return Ok(StationaryMeanField {
                entropy_production: next.entropy_production(network)?,
                state: next,
                convergence: Convergence {
                    iterations,
                    residual: change,
                    target: tolerance,
                    reason: StopReason::Converged,
                },
            });
        }
        if !(next.excess_correlation() < DIVERGED) {
            break;
        }
        if iterations >= PATIENCE {
            for (new, old) in next.magnetizations.iter_mut().zip(&state.magnetizations) {
                *new = 0.5 * (*new + old);
            }
        }
        state = next;
    }
    Err(NumericsError::NotConverged {
        what: "the stationary state of a mean-field theory",
        convergence: Convergence {
            iterations: STEPS,
            residual: change,
            target: tolerance,
            reason: StopReason::IterationLimit,
        },
    }
    .into())
}

fn largest_change(old: &MeanFieldState, new: &MeanFieldState) -> f64 {
    let means = old.magnetizations.iter().zip(&new.magnetizations);
    let equal = old.equal_time.data().iter().zip(new.equal_time.data());
    let delayed = old.delayed.data().iter().zip(new.delayed.data());
    means.chain(equal).chain(delayed).fold(0.0, |most, (a, b)| {
        if (a - b).is_nan() {
            f64::INFINITY
        } else {
            f64::max(most, (a - b).abs())
        }
    })
}
