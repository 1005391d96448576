//! `irrev.transport`: distances with certificates, geodesics, steepest descent, protocols, curvature, and speed limits.

mod curvature;
mod descent;
mod geodesic;
mod limits;
mod on_network;
mod plain_space;
mod protocol;
mod reactions;

pub(crate) use curvature::{
    curvature_at, entropic_curvature, modified_log_sobolev, product_curvature, relaxation_bounds,
};
pub(crate) use descent::{gradient_flow, minimising_movement};
pub(crate) use geodesic::{Geodesic, wasserstein2};
pub(crate) use limits::{driven_speed_limits, langevin_speed_limit, speed_limits};
pub(crate) use on_network::{wasserstein1, wasserstein1_with_cost};
pub(crate) use plain_space::{gaussian_geodesic, gaussian_wasserstein2, line_wasserstein};
pub(crate) use protocol::{left_alone, protocol_at, protocol_cost, simulated_protocol, straight_path};
pub(crate) use reactions::{ReactionGeodesic, reaction_geodesic};
