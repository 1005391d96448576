//! Entropy production of continuous motion from its currents.
//!
//! A current g = d(x_mid)·dx is odd under reversal of time, and what is known of many such currents bounds the entropy production from below. Everything here needs of the data
//! only the mean and the covariance of a family of currents, which one pass over the points gives ([`Moments`]), or the points themselves once more where exponentials are averaged
//! ([`variational_bound`]).
//!
//! | question | answer |
//! |---|---|
//! | the whole answer for a series | [`entropy_production_rate`] |
//! | how much, bias and step length taken out, with interval | [`uncertainty_bound`], an estimate |
//! | how much at least, by data that did not choose the current | [`held_out_bound`], certified; [`recheck`]; of a given current [`bound_of_current`] |
//! | the tightest bound of a family at this step length | [`variational_bound`] |
//! | when, in an ensemble of trajectories | [`dissipation_in_time`] |
//! | with how much measurement noise | [`measurement_noise`] |
//! | fields that are not linear | [`radial_currents`], [`Currents::monomials`] |
//!
//! Conventions: midpoint (Stratonovich) products, since the left-point rule is not odd in time; k_B = 1; nats per unit of the data's time. Rotations x_a dx_b − x_b dx_a alone
//! lose half of the dissipation of two beads at temperatures 10 : 1; all linear currents lose nothing.

mod ascent;
mod bound;
mod family;
mod held_out;
mod lagged;
mod moments;
mod noise;
mod optimum;
mod passes;
mod radial;
mod rate;
mod series;
mod tile;
mod variational;
mod windows;

pub use bound::{BoundOptions, Motion, PlugIn, UncertaintyBound, plug_in, point_estimate, uncertainty_bound};
pub use family::{Currents, Monomial};
pub use held_out::{
    Certificate, HeldOut, HeldOutFold, HeldOutOptions, Recheck, bound_of_current, held_out_bound, recheck,
};
pub use moments::{MomentOptions, Moments, Products};
pub use noise::{MeasurementNoise, measurement_noise};
pub use radial::{RadialChoice, RadialOptions, radial_currents};
pub use rate::{Basis, Dissipation, NoisePolicy, RateOptions, entropy_production_rate};
pub use series::Series;
pub use variational::{
    Maximum, Objective, Variational, VariationalOptions, variational_bound, variational_maximum,
};
pub use windows::{WindowDissipation, WindowOptions, dissipation_in_time};
