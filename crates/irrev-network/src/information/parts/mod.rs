//! The second law of each part of a system.
//!
//! In a multipartite network every jump changes one part k of the state z = (z₁, …, z_N). Its current J and force then belong to k, and the
//! entropy production rate splits into terms that are non-negative one by one,
//!
//! σ_k = Σ_{k-edges} J ln(j⁺/j⁻) = env_k + dS_k/dt − İ_k ≥ 0, Σ_k σ_k = σ,
//!
//! | flow of part k | formula over the edges z → z' of k | unit |
//! |---|---|---|
//! | environment flow env_k | Σ J ln(k⁺/k⁻) | nats/time |
//! | rate of its own entropy dS_k/dt | −Σ J ln[p_k(z'_k)/p_k(z_k)] | nats/time |
//! | information flow (learning rate) İ_k | Σ J ln[p(z_{−k}∣z'_k)/p(z_{−k}∣z_k)] | nats/time |
//!
//! Conventions: İ_k > 0 where the jumps of k create correlation with the rest, İ_k < 0 where they use it up; Σ_k İ_k = d/dt (Σ_k S_k − S), which
//! vanishes in a stationary state. A part is called a demon here if env_k + dS_k/dt < 0, in a stationary state env_k < 0: alone it would
//! break the second law, and does so on information (İ_k < 0) that other parts pay for. A flux one way only makes σ_k = +∞, with the channel
//! named; where an empty state is entered, the limits of dS_k/dt and İ_k are taken, and nothing is NaN.
//!
//! Channels are never merged in [`second_laws`]; [`coarse_grained`] says which ones an observer of some of the parts cannot tell apart.
//!
//! Sources: Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014); Hartich, Barato and Seifert, J. Stat. Mech. P02016 (2014); Horowitz, J. Stat.
//! Mech. P03006 (2015) for many parts; Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020).

mod coarse;
mod edges;
mod multibody;
mod second_law;
mod transport;

pub use coarse::{CoarseGrained, Resolution, coarse_grained};
pub use multibody::{MultibodyFlow, multibody_information_flow};
pub use second_law::{PartLaw, SecondLaws, second_laws, second_laws_of_flow};
pub use transport::conditional_current;
