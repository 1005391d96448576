//! Hatano–Sasa split: adiabatic and nonadiabatic entropy production rates.
//!
//! Adiabatic: Σ J ln(k⁺π_x/(k⁻π_y)), the cost of staying out of equilibrium; nonadiabatic: Σ J ln(p_x π_y/(p_y π_x))
//! = −dD(p‖π)/dt, the cost of relaxing. Both are non-negative and sum to Σ̇.
//!
//! Conventions: nats per time; needs a unique, positive stationary state π.
//!
//! Sources: Hatano and Sasa, Phys. Rev. Lett. 86, 3463 (2001); Esposito and Van den Broeck, Phys. Rev. Lett. 104, 090601
//! (2010).

use irrev_numerics::special::{log_ratio, relative_entropy_term};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Adiabatic and nonadiabatic entropy production rates.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HatanoSasaDecomposition {
    /// Adiabatic (housekeeping) entropy production rate ≥ 0, in nats per time.
    pub adiabatic: f64,
    /// Nonadiabatic (excess) entropy production rate −dD(p‖π)/dt ≥ 0, in nats per time.
    pub nonadiabatic: f64,
}

/// Hatano–Sasa split at a distribution, given the stationary distribution. O(edges).
///
/// Both parts are summed from non-negative terms: relative entropies between the jumps out of each state and those of the
/// adjoint process, so neither loses its sign near equilibrium.
///
/// # Errors
/// [`Error::OneWay`] if an edge has exactly one zero rate; [`Error::NotPositive`] if π vanishes somewhere;
/// [`Error::Length`].
pub fn hatano_sasa_decomposition(
    kinetics: &MarkovJump,
    distribution: &Distribution,
    stationary: &Distribution,
) -> Result<HatanoSasaDecomposition> {
    const QUANTITY: &str = "the Hatano–Sasa split";
    kinetics.require_both_ways(QUANTITY)?;
    let network = kinetics.network();
    network.check_states("distribution", distribution.probabilities())?;
    network.check_states("stationary distribution", stationary.probabilities())?;
    let (p, pi) = (distribution.probabilities(), stationary.probabilities());
    if let Some(state) = pi.iter().position(|&v| v == 0.0) {
        return Err(Error::NotPositive {
            quantity: QUANTITY,
            state: network.states()[state].clone(),
            value: 0.0,
        });
    }
    let edges = || {
        network
            .edges()
            .iter()
            .zip(kinetics.forward_rate().iter().zip(kinetics.backward_rate()))
    };
    // Σ_jumps p k ln(k π_from/(k_reverse π_to)) = Σ_jumps [p k ln(k/k̃) − p k + p k̃], k̃ = k_reverse π_to/π_from: the added
    // terms vanish in sum because the adjoint rates k̃ leave each state as often as k do
    let adiabatic = compensated_sum(edges().flat_map(|(e, (&f, &b))| {
        let forward_adjoint = b * pi[e.to] / pi[e.from];
        let backward_adjoint = f * pi[e.from] / pi[e.to];
        [
            p[e.from] * relative_entropy_term(f, forward_adjoint),
            p[e.to] * relative_entropy_term(b, backward_adjoint),
        ]
    }));
    // with x = p/π: Σ_jumps k π_from x_from ln(x_from/x_to) = Σ_jumps k π_from [x_from ln(x_from/x_to) − x_from + x_to], as
    // the added terms vanish in sum by stationarity
    let x: Vec<f64> = p.iter().zip(pi).map(|(p, pi)| p / pi).collect();
    let nonadiabatic = compensated_sum(edges().flat_map(|(e, (&f, &b))| {
        [
            f * pi[e.from] * relative_entropy_term(x[e.from], x[e.to]),
            b * pi[e.to] * relative_entropy_term(x[e.to], x[e.from]),
        ]
    }));
    Ok(HatanoSasaDecomposition {
        adiabatic,
        nonadiabatic,
    })
}

/// −dD(p‖π)/dt = −Σᵢ ṗᵢ ln(pᵢ/πᵢ) by its definition, in nats per time; for comparison with the nonadiabatic part.
///
/// # Errors
/// [`Error::Length`].
pub(crate) fn relative_entropy_decay(
    kinetics: &MarkovJump,
    distribution: &Distribution,
    stationary: &Distribution,
) -> Result<f64> {
    let rate = kinetics.flow(distribution)?.rate_of_change();
    let (p, pi) = (distribution.probabilities(), stationary.probabilities());
    Ok(-compensated_sum(
        rate.iter()
            .zip(p.iter().zip(pi))
            .map(|(r, (&p, &pi))| r * log_ratio(p, pi)),
    ))
}
