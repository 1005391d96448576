//! Tests of the thermodynamics of networks, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

#[path = "bounds/main.rs"]
mod bounds;
mod cases;
mod curvature;
mod edge_cases;
mod estimator_calibration;
mod gradient_flows;
#[path = "information_geometry/main.rs"]
mod information_geometry;
#[path = "information_parts/main.rs"]
mod information_parts;
mod laws;
mod limits;
#[path = "simulation/models.rs"]
mod models;
#[path = "simulation/oracles.rs"]
mod oracles;
mod properties;
mod protocols;
mod reaction_geodesic;
#[path = "reaction_properties/main.rs"]
mod reaction_properties;
mod reactions;
mod references;
mod simulation;
mod simulation_runs;
mod threads;
mod trajectories;
mod trajectory_laws;
mod transport;
mod uncertainty_relations;
mod verdicts;
mod wasserstein2;
