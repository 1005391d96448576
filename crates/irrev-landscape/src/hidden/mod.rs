//! Hidden dimensions of one coordinate: what its acceleration knows of the others.
//!
//! From r₁ follow r₂ = r̈₁ − ⟨r̈₁; r₁⟩, r₃ = r̈₂ − ⟨r̈₂; r₁, r₂⟩, …: each level is what its predecessors do not explain of an acceleration. Nothing but a
//! recording of r₁ is needed, and (r₁, r₂) may show wells that r₁ alone hides.
//!
//! | question | item |
//! |---|---|
//! | r₁, r₂, … of a recording, how much each explains, and where that ends | [`hierarchy`] |
//! | ρ(r₁, r₂), its peaks and which of them are noise | [`joint_density`] |
//! | both, and what they cannot show | [`explore`] |
//! | ⟨y; r₁, …, r_n⟩ as a smooth function | [`ConditionalMean`] |
//! | peaks of any density on a grid | [`peaks`] |
//! | the hierarchy of a linear system, exactly | [`linear_hierarchy`] |
//!
//! Each level costs two derivatives, so that noise grows like 1/h² with each; where it ends what can be known is estimated and told. A level may be blind: if
//! two wells coincide in r₁ and the force along r₁ vanishes in both, as it does at minima, r₂ is zero in both, and only r₃ may tell them apart.
//!
//! Sources: S. Kawai, Ensemble 16 (2014), equations 26 to 31 and figures 1 to 3; H. Mori, Prog. Theor. Phys. 34, 399 (1965).

mod conditional_mean;
mod density;
mod explore;
mod hierarchy;
mod linear;
mod noise;
mod peaks;
mod planes;

pub use conditional_mean::ConditionalMean;
pub use density::{DensityOptions, JointDensity, joint_density};
pub use explore::{BlindSpot, Exploration, ExploreOptions, explore};
pub use hierarchy::{Hierarchy, HierarchyOptions, Level, Stop, hierarchy};
pub use linear::{LinearHierarchy, linear_hierarchy};
pub use noise::NoiseFloor;
pub use peaks::{Peak, Topology, peaks};
