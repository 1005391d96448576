//! Splits of the entropy production rate into a part that moves the state and a part that keeps it driven.
//!
//! Three definitions are in use, and they differ away from stationarity. At every state
//! nonadiabatic ≤ information-geometric excess ≤ geometric excess was found on all networks tried; only the ends of each chain
//! are theorems.
//!
//! | split | excess | needs |
//! |---|---|---|
//! | [`geometric_decomposition`] | ‖projection of F on gradients‖² in ⟨·,·⟩_L | the flow |
//! | [`information_geometric_decomposition`] | least relative entropy of fluxes that move the state equally | the flow |
//! | [`hatano_sasa_decomposition`] | −dD(p‖π)/dt | the stationary state |

pub(crate) mod geometric;
pub(crate) mod hatano_sasa;
pub(crate) mod information_geometric;

pub use geometric::{GeometricDecomposition, geometric_decomposition};
pub use hatano_sasa::{HatanoSasaDecomposition, hatano_sasa_decomposition};
pub use information_geometric::{InformationGeometricDecomposition, information_geometric_decomposition};
