//! The speed limit of overdamped diffusion: dx = μ f dt + √(2μT) dW, in any dimension, with any force.
//!
//! With the local mean velocity ν, Σ = ∫⟨|ν|²⟩ dt/(μT), and Benamou and Brenier's formula makes W₂ (of Euclidean distance) the least ∫⟨|ν|²⟩ dt between the
//! ends of a path in unit time:
//!
//! ```text
//! Σ ≥ Σ_ex ≥ W₂²/(μ T τ),   with equality on the geodesic at constant speed,
//! ```
//!
//! where Σ_ex is the part by the gradient ν* that moves the density alike (Maes and Netočný's excess). As W₁ ≤ W₂, the same holds with W₁.
//!
//! Conventions: k_B = 1; μ is velocity per force, T an energy, so that μT is the diffusion constant. W₂ has the unit of x:
//! [`transport::line`](crate::transport::line) has it for samples and histograms, [`transport::gaussian`](crate::transport::gaussian) for normal distributions.
//!
//! Sources: Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011); Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021).

use super::bound::{Bound, Cost, Side, Sides};
use crate::error::Result;

/// Overdamped motion with the same mobility and temperature everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diffusion {
    /// μ > 0: velocity per force.
    pub mobility: f64,
    /// T > 0, in units of energy.
    pub temperature: f64,
}

/// Σ ≥ W₂²/(μTτ), and the least time W₂²/(μTΣ).
///
/// `dissipated` in nats is what `cost` names, the entropy production or its excess; a distance that is only bounded enters by its lower bound.
///
/// ```
/// use irrev_network::bounds::{Cost, Diffusion, Side, Verdict, langevin_speed_limit};
/// use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
/// use irrev_numerics::linalg::Matrix;
/// // a normal distribution carried along unchanged, at constant velocity: ν = 3/2 for τ = 2
/// let at = |x: f64| Gaussian::new(vec![x], Matrix::from_fn(1, 1, |_, _| 0.4));
/// let distance = wasserstein2(&at(0.0)?, &at(3.0)?)?.distance();
/// let diffusion = Diffusion { mobility: 0.5, temperature: 2.0 };
/// let limit = langevin_speed_limit(&diffusion, Side::exact(distance), 2.0, Cost::EntropyProduction, Side::exact(4.5))?;
/// assert_eq!(limit.sides().unwrap().verdict(), Verdict::Saturated);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Domain`] unless mobility, temperature and duration are positive and finite, the distance finite and not negative.
pub fn langevin_speed_limit(
    diffusion: &Diffusion,
    distance: Side,
    duration: f64,
    cost: Cost,
    dissipated: Side,
) -> Result<Bound> {
    for (what, value) in [
        ("mobility", diffusion.mobility),
        ("temperature", diffusion.temperature),
        ("duration", duration),
    ] {
        crate::require(
            what,
            value,
            value > 0.0 && value.is_finite(),
            "a finite number above 0",
        )?;
    }
    crate::require(
        "W₂",
        distance.value,
        distance.value >= 0.0 && distance.value.is_finite(),
        "a finite number ≥ 0",
    )?;
    let reach = diffusion.mobility * diffusion.temperature * duration;
    let bound = distance.squared_over(Side::exact(reach));
    Ok(Bound {
        name: "langevin",
        subject: None,
        cost,
        formula: "W₂²/(μTτ)",
        source: "Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021)",
        outcome: Ok(Sides::new(dissipated, bound).within(duration)),
    })
}
