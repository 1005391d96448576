//! The tasks, one file each. A peer file of the same name in `benchmarks/peers` makes the inputs and judges the results.

use crate::measure::{Measurement, Problem};

/// Declares the modules and finds a task by its name.
macro_rules! tasks {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Runs the task of this name.
        pub(crate) fn run(task: &str, measurement: &mut Measurement) -> Result<(), Problem> {
            match task {
                $(stringify!($name) => $name::run(measurement),)*
                _ => Err(format!("no such task; there are: {}", [$(stringify!($name)),*].join(", ")).into()),
            }
        }
    };
}

tasks!(
    command,
    conditional_moments,
    excess_projection,
    fokker_planck,
    langevin_dynamics,
    large_networks,
    learnt_dissipation,
    memory_kernel,
    network_overview,
    quantum_states,
    reaction_networks,
    relaxation,
    spike_coverage,
    spikes,
    stationary_state,
    stochastic_simulation,
    transport_campaign,
    transport_cost,
    transport_w1,
    transport_w2,
    transport_w2_large,
    wasserstein_line
);
