//! Everything that states tell.

use irrev_inference::states::{JumpTrajectory, jump_counts, step_entropy_production, transition_counts};

use super::states::{StateData, When};
use super::told::Tell;
use super::{state_parts, state_production, state_rates, state_transfer};
use crate::error::Result;

/// # Errors
/// Too few steps or visits, with the number needed; cancellation.
pub(super) fn add(data: &StateData, tell: &mut Tell<'_>) -> Result<()> {
    match &data.when {
        When::Steps(step) => {
            let counts = transition_counts(data.states(), &data.sequences()).map_err(|e| tell.fail(e))?;
            let found = step_entropy_production(&counts);
            state_rates::steps(data, &counts, &found.one_way, tell);
            state_production::of_steps(data, &found, *step, tell);
            state_production::of_words(data, *step, tell)?;
            if data.names.len() > 1 {
                state_transfer::add(data, tell)?;
                let reason = "states are looked at at even steps, between which several parts may change; times of every jump are needed";
                tell.report.push_left_out("second_laws_of_parts", reason);
            }
        }
        When::Visits(visits) => {
            let trajectories: Vec<JumpTrajectory<'_>> =
                visits.iter().map(super::states::Visits::trajectory).collect();
            let counts = jump_counts(data.states(), &trajectories).map_err(|e| tell.fail(e))?;
            state_rates::jumps(data, &counts, tell)?;
            state_production::of_jumps(data, &counts, tell)?;
            state_production::of_waiting_times(data, &trajectories, tell)?;
            if data.names.len() > 1 {
                state_parts::add(data, &counts, tell)?;
                let reason = "states have times of their own, no even steps";
                tell.report.push_left_out("transfer_entropy", reason);
            }
        }
    }
    Ok(())
}
