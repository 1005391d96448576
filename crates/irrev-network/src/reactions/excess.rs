//! Glansdorff–Prigogine excess entropy production, and what it says about stability.
//!
//! Against a steady state with currents J° and forces F°, the excess is Σ_r (J_r − J°_r)(F_r − F°_r), summed over *channels*. For
//! channel-resolved mass action it equals −d/dt D(x‖x°) exactly at any distance, D = Σ x ln(x/x°) − x + x°; where it is negative the
//! state moves away. Sums over lumped channels are not this quantity and judge nothing; [`crate::information::stability`] tells them apart.
//!
//! The Fisher information of time, I = Σ ẋ²/x, and its derivative give the general criterion: dI/dt > 0 means speeding up.
//!
//! Sources: Glansdorff and Prigogine, Thermodynamic Theory of Structure, Stability and Fluctuations (1971); Ito, J. Phys. A 55,
//! 054001 (2022).

use super::ReactionSystem;
use super::bounds::dot;
use crate::error::{Error, Result};
pub use crate::information::stability::glansdorff_prigogine_excess;
use crate::information::time::{fisher_information, fisher_information_rate};

/// −d/dt D(x‖x°) = −Σ ẋ ln(x/x°), in nats per time.
///
/// # Errors
/// [`Error::Length`], [`Error::NotPositive`].
pub fn divergence_decay(system: &ReactionSystem, time: f64, x: &[f64], steady: &[f64]) -> Result<f64> {
    positive(system, "the decay of D(x‖x°)", x)?;
    positive(system, "the decay of D(x‖x°)", steady)?;
    let mut rate = vec![0.0; x.len()];
    system.rate_of_change(time, x, &mut rate)?;
    let logarithms: Vec<f64> = x.iter().zip(steady).map(|(x, s)| (x / s).ln()).collect();
    Ok(-dot(&rate, &logarithms))
}

/// Speed of a state in the information geometry of positive measures.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FisherSpeed {
    /// I = Σ ẋ²/x, in amount per time².
    pub information: f64,
    /// dI/dt = Σ 2 ẋ ẍ/x − ẋ³/x², with ẍ = (∂ẋ/∂x) ẋ.
    pub rate_of_change: f64,
}

/// Fisher information of time and its time derivative, for laws without explicit time.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, excess::fisher_speed};
/// let decay = ReactionSystem::builder().species("X").mass_action("r", &[("X", 1.0)], &[], 2.0, 0.0).build()?;
/// let speed = fisher_speed(&decay, 0.0, &[3.0])?;
/// assert!((speed.information - 12.0).abs() < 1e-14);                 // (2·3)²/3
/// assert!((speed.rate_of_change + 24.0).abs() < 1e-13);              // x decays at 2, so I does
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::NotPositive`].
pub fn fisher_speed(system: &ReactionSystem, time: f64, x: &[f64]) -> Result<FisherSpeed> {
    positive(system, "the Fisher information of time", x)?;
    let mut rate = vec![0.0; x.len()];
    system.rate_of_change(time, x, &mut rate)?;
    let acceleration = system.jacobian(time, x)?.apply_to(&rate);
    Ok(FisherSpeed {
        information: fisher_information(x, &rate)?,
        rate_of_change: fisher_information_rate(x, &rate, &acceleration)?,
    })
}

/// # Errors
/// [`Error::Length`], or [`Error::NotPositive`] naming the species.
pub(crate) fn positive(system: &ReactionSystem, quantity: &'static str, x: &[f64]) -> Result<()> {
    use crate::kinetics::Kinetics as _;
    system.network().check_states("state", x)?;
    for (name, &value) in system.state_names().iter().zip(x) {
        if !(value > 0.0) {
            return Err(Error::NotPositive {
                quantity,
                state: name.clone(),
                value,
            });
        }
    }
    Ok(())
}
