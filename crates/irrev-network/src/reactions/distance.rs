//! Distance and length in the metric of the Onsager coefficients.
//!
//! A change v of the amounts costs at least ‖v‖² = min { Σ_r J_r²/L_r : S J = v } = ψ·v with S L Sᵀψ = v. Under the system's own motion this
//! is the geometric excess, so that the length ∫ ‖ẋ‖ dt of a motion is ∫ √excess dt, and τ ∫ excess dt ≥ length² over any time τ.
//!
//! Where all counted reactions change the species along one direction s (one reaction, or parallel channels S_r = c_r s), there is one path only between two
//! states, and its length is the distance: W₂ = ∫ dξ/√L(x(ξ)), L = Σ_r c_r² L_r, x(ξ) = a₀ + s ξ. With more directions the length of a path
//! bounds the distance from above.
//!
//! Near an end at which species vanish, one-way fluxes fall as powers j± ~ d^α± of the extent d to the end, and L ~ d^m/|ln d| or d^m with
//! m = min(α⁺, α⁻): the end is at a finite distance where m < 2, and infinitely far where m ≥ 2.
//!
//! Conventions: no factor 1/2, amounts in a volume of 1; W₂ has the unit √(amount · time).
//!
//! Source: Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).

use irrev_numerics::linalg::WeightedLeastSquares;
use irrev_numerics::quadrature::integrate;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, Tolerance};

use super::ReactionSystem;
use crate::error::{Error, Result};
use crate::kinetics::Kinetics as _;

/// A length with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Length {
    /// The length, in √(amount · time); +∞ where nothing can carry the change.
    pub value: f64,
    /// Estimate of the error of the integration, in the same unit.
    pub error: f64,
    /// Panels of the quadrature, and its largest error relative to the target.
    pub convergence: Convergence,
}

impl Length {
    /// A length that is known without integration.
    fn exactly(value: f64) -> Self {
        Self {
            value,
            error: 0.0,
            convergence: Convergence::direct(0.0, 0.0),
        }
    }
}

/// W₂ between the states at two extents ξ, x(ξ) = origin + s ξ, of a system whose counted reactions change the species along one direction.
///
/// s is the change by the first counted reaction that changes any species; parallel channels, also reversed or multiple ones, add their c² L.
/// Ends may lie on the boundary x_i = 0. The result is +∞ if no channel runs both ways, or an end is infinitely far (see the
/// [module](self)).
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, distance::wasserstein2_one_reaction};
/// let dimerisation = ReactionSystem::builder().species("A").species("A₂")
///     .mass_action("pair", &[("A", 2.0)], &[("A₂", 1.0)], 1.0, 0.5)
///     .build()?;
/// let found = wasserstein2_one_reaction(&dimerisation, 0.0, &[2.0, 0.1], (0.0, 0.9), Default::default())?;
/// assert!((found.value - 1.23981411423603).abs() < 1e-10);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::MissingLaw`] naming a reaction that changes the species along another direction; [`Error::Domain`] if none changes any, or for an amount that
/// becomes negative, or where L vanishes between the ends; [`Error::Length`]; whatever the laws report; not converged.
pub fn wasserstein2_one_reaction(
    system: &ReactionSystem,
    time: f64,
    origin: &[f64],
    extents: (f64, f64),
    tolerance: Tolerance,
) -> Result<Length> {
    system.network().check_states("origin", origin)?;
    for extent in [extents.0, extents.1] {
        crate::require("the extent", extent, extent.is_finite(), "a finite number")?;
    }
    let line = Line::new(system, time)?;
    let ends = [line.end(origin, extents.0)?, line.end(origin, extents.1)?];
    let extent = extents.1 - extents.0;
    if extent == 0.0 {
        return Ok(Length::exactly(0.0));
    }
    if line.onsager(&line.away(&ends[0], 0.5 * extent))? == 0.0 {
        return Ok(Length::exactly(f64::INFINITY));
    }
    let mut power = [0.0; 2];
    for ((power, end), step) in power.iter_mut().zip(&ends).zip([extent, -extent]) {
        let order = line.order(end, step)?;
        if order >= 2.0 - ORDER_ERROR {
            return Ok(Length::exactly(f64::INFINITY));
        }
        *power = SMOOTHNESS / (2.0 - order);
    }
    // |v| = 1 − u counts from the ends at v = ∓1 to the middle at 0; ξ leaves each end as u^p, which smoothes d^(−m/2)
    let found = integrate::<Error>(
        &[-1.0, 0.0, 1.0],
        1,
        tolerance,
        |values, k| values[k],
        |v, out| {
            let (which, towards) = if v < 0.0 { (0, 0.5) } else { (1, -0.5) };
            let (u, p) = (1.0 - v.abs(), power[which]);
            let x = line.away(&ends[which], towards * extent * u.powf(p));
            let onsager = line.onsager(&x)?;
            let what = "the Onsager coefficient between the ends";
            crate::require(what, onsager, onsager > 0.0, "a positive number")?;
            out[0] = 0.5 * extent.abs() * p * u.powf(p - 1.0) / onsager.sqrt();
            Ok(())
        },
    )?;
    Ok(Length {
        value: found.values[0],
        error: found.errors[0],
        convergence: found.convergence,
    })
}

/// p (2 − m) for d ∝ u^p: the integrand d^(−m/2) d′(u) is then u³ near an end, but for the root of a logarithm.
const SMOOTHNESS: f64 = 8.0;

/// Orders are differences of logarithms of fluxes, good to rounding; those of chemistry are halves at the finest.
const ORDER_ERROR: f64 = 1e-9;

/// The one direction in which the counted reactions of a system change its species.
struct Line<'a> {
    system: &'a ReactionSystem,
    time: f64,
    /// s: (state, coefficient).
    direction: &'a [(usize, f64)],
    /// (edge, c) with S_r = c s.
    channels: Vec<(usize, f64)>,
}

impl<'a> Line<'a> {
    fn new(system: &'a ReactionSystem, time: f64) -> Result<Self> {
        let mut direction: &[(usize, f64)] = &[];
        let mut channels = Vec::new();
        for (edge, &r) in system.counted().iter().enumerate() {
            let change = system.change(r);
            if change.is_empty() {
                continue;
            }
            if direction.is_empty() {
                direction = change;
            }
            let multiple = change[0].1 / direction[0].1;
            let parallel = change.len() == direction.len()
                && change
                    .iter()
                    .zip(direction)
                    .all(|(a, b)| a.0 == b.0 && a.1 == multiple * b.1);
            if !parallel {
                return Err(Error::MissingLaw {
                    reaction: system.reactions()[r].name.clone(),
                    reason: "it changes the species along another direction than those before it, so the distance is not an integral over one extent",
                });
            }
            channels.push((edge, multiple));
        }
        crate::require(
            "the number of counted reactions that change a species",
            channels.len() as f64,
            !channels.is_empty(),
            "at least one",
        )?;
        Ok(Self {
            system,
            time,
            direction,
            channels,
        })
    }

    /// The state at an extent; amounts that rounding alone made negative are zero.
    fn end(&self, origin: &[f64], extent: f64) -> Result<Vec<f64>> {
        let mut x = origin.to_vec();
        for &(state, c) in self.direction {
            let rounding = 2.0 * f64::EPSILON * (x[state].abs() + (c * extent).abs());
            x[state] += c * extent;
            if x[state].abs() <= rounding {
                x[state] = 0.0;
            }
        }
        for (name, &value) in self.system.state_names().iter().zip(&x) {
            let fits = value >= 0.0 && value.is_finite();
            crate::require(
                &format!("the amount of {name} at extent {extent}"),
                value,
                fits,
                "a non-negative number",
            )?;
        }
        Ok(x)
    }

    /// end + s d: near a boundary the small amounts are products, not differences.
    fn away(&self, end: &[f64], d: f64) -> Vec<f64> {
        let mut x = end.to_vec();
        for &(state, c) in self.direction {
            x[state] += c * d;
        }
        x
    }

    /// L = Σ c² L_r.
    fn onsager(&self, x: &[f64]) -> Result<f64> {
        let coefficients = self.system.flow(self.time, x)?.onsager_coefficient();
        Ok(compensated_sum(
            self.channels.iter().map(|&(e, c)| c * c * coefficients[e]),
        ))
    }

    /// The least power m of d with which L falls towards an end, over all channels that run both ways.
    fn order(&self, end: &[f64], extent: f64) -> Result<f64> {
        // so near that only what vanishes at the end changes by much
        let room = self
            .direction
            .iter()
            .map(|&(state, c)| end[state] / c.abs())
            .filter(|room| *room > 0.0)
            .fold(extent.abs(), f64::min);
        let d = (PROBE * room).copysign(extent);
        let [near, nearer] = [d, 0.5 * d].map(|d| self.system.flow(self.time, &self.away(end, d)));
        let (near, nearer) = (near?, nearer?);
        let order = |flux: &[f64], half: &[f64], e: usize| (flux[e] / half[e]).log2();
        let least = |e: usize| {
            f64::min(
                order(near.forward_flux(), nearer.forward_flux(), e),
                order(near.backward_flux(), nearer.backward_flux(), e),
            )
        };
        let coefficients = near.onsager_coefficient();
        let carrying = self.channels.iter().filter(|(e, _)| coefficients[*e] > 0.0);
        Ok(carrying.map(|(e, _)| least(*e)).fold(f64::INFINITY, f64::min))
    }
}

/// Part of the room beside an end at which powers are read off: corrections are of this size.
const PROBE: f64 = 1e-18;

/// ‖v‖ of a change of the amounts at a state: √(ψ·v) with S L Sᵀψ = v, in √(amount/time) · unit of v per amount.
///
/// For v = ẋ of the counted reactions this is √excess. It is +∞ if the reactions that run both ways cannot carry v, that is if v breaks one of their
/// conservation laws by more than 1e-9 of its terms. Close to a steady state ẋ is little but rounding, and may; the excess of a
/// [`geometric_decomposition`](crate::decomposition::geometric_decomposition) is posed in forces and has no such limit.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, distance::wasserstein_speed};
/// let system = ReactionSystem::builder().species("A").species("B")
///     .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 2.0, 2.0)
///     .build()?;
/// // L = 2 where the fluxes agree, and J = 3 carries v: 3/√2
/// let speed = wasserstein_speed(&system, 0.0, &[1.0, 1.0], &[-3.0, 3.0])?;
/// assert!((speed - 3.0 / 2.0_f64.sqrt()).abs() < 1e-14);
/// assert_eq!(wasserstein_speed(&system, 0.0, &[1.0, 1.0], &[1.0, 1.0])?, f64::INFINITY);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`] for a negative amount; whatever the laws report; coefficients that are no fractions.
pub fn wasserstein_speed(system: &ReactionSystem, time: f64, x: &[f64], change: &[f64]) -> Result<f64> {
    system.network().check_states("change", change)?;
    Metric::new(system)?.speed(time, x, change)
}

/// Length ∫ ‖ẋ‖ dt of a given path from `times.0` to `times.1`, an upper bound on the distance of its ends.
///
/// `path(t, x, v)` writes the amounts and their time derivative; it need not follow the motion of the system. Integrated to `tolerance`
/// relative to the length. For the system's own motion see `wasserstein_length` of [`Budget`](super::Budget).
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, distance::wasserstein_path_length};
/// let system = ReactionSystem::builder().species("A").species("B")
///     .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 1.0)
///     .build()?;
/// let path = |t: f64, x: &mut [f64], v: &mut [f64]| {
///     x.copy_from_slice(&[1.0 + t, 1.0 - t]);
///     v.copy_from_slice(&[1.0, -1.0]);
/// };
/// let length = wasserstein_path_length(&system, (0.0, 0.5), path, Default::default())?;
/// // L = Λ(1 + t, 1 − t) = t/artanh t
/// assert!((length.value - 0.507557332506).abs() < 1e-10);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`wasserstein_speed`], at any time of the path; [`Error::Domain`] for times out of order; not converged.
pub fn wasserstein_path_length(
    system: &ReactionSystem,
    times: (f64, f64),
    mut path: impl FnMut(f64, &mut [f64], &mut [f64]),
    tolerance: Tolerance,
) -> Result<Length> {
    let (from, to) = times;
    let fits = from <= to && from.is_finite() && to.is_finite();
    crate::require(
        "the duration of the path",
        to - from,
        fits,
        "a finite time from 0 on",
    )?;
    let metric = Metric::new(system)?;
    let n = system.dynamic().len();
    let (mut x, mut v) = (vec![0.0; n], vec![0.0; n]);
    let mut carried = true;
    let found = integrate::<Error>(
        &[from, to],
        1,
        tolerance,
        |values, k| values[k],
        |t, out| {
            path(t, &mut x, &mut v);
            let speed = metric.speed(t, &x, &v)?;
            carried &= speed.is_finite();
            out[0] = if carried { speed } else { 0.0 };
            Ok(())
        },
    )?;
    if !carried {
        return Ok(Length::exactly(f64::INFINITY));
    }
    Ok(Length {
        value: found.values[0],
        error: found.errors[0],
        convergence: found.convergence,
    })
}

/// The metric of a system, with the rank and null space of S found once.
struct Metric<'a> {
    system: &'a ReactionSystem,
    problem: WeightedLeastSquares,
}

impl<'a> Metric<'a> {
    fn new(system: &'a ReactionSystem) -> Result<Self> {
        let columns = system
            .counted()
            .iter()
            .map(|r| system.change(*r).to_vec())
            .collect();
        Ok(Self {
            system,
            problem: WeightedLeastSquares::new(columns, system.dynamic().len())?,
        })
    }

    fn speed(&self, time: f64, x: &[f64], change: &[f64]) -> Result<f64> {
        let onsager = self.system.flow(time, x)?.onsager_coefficient();
        let Some(found) = self.problem.solve(&onsager, &vec![0.0; onsager.len()], change)? else {
            return Ok(f64::INFINITY);
        };
        let force = self.system.network().gradient(&found.x)?;
        // Σ L (Sᵀψ)² = ψ·v has no negative terms
        Ok(compensated_sum(onsager.iter().zip(&force).map(|(l, f)| l * f * f)).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn isomerisation(forward: f64, backward: f64) -> ReactionSystem {
        ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], forward, backward)
            .build()
            .unwrap()
    }

    fn distance(system: &ReactionSystem, origin: &[f64], extents: (f64, f64)) -> Result<Length> {
        wasserstein2_one_reaction(system, 0.0, origin, extents, Tolerance::relative(1e-11))
    }

    #[test]
    fn both_ends_may_lie_on_the_boundary() {
        let system = isomerisation(1.0, 1.0);
        let whole = distance(&system, &[1.0, 0.0], (0.0, 1.0)).unwrap();
        // with x = (1 + tanh y)/2: Λ = tanh y/(2y), dx = dy/(2 cosh² y), so W = ∫ √(y/(2 tanh y))/cosh² y dy, a smooth integrand
        let h = 1e-3;
        let sum: f64 = (-40_000..40_000)
            .map(|k| (f64::from(k) + 0.5) * h)
            .map(|y| (y / (2.0 * y.tanh())).sqrt() / y.cosh().powi(2))
            .sum();
        // the midpoint rule converges exponentially for a function analytic around the real axis
        assert!(
            (whole.value - h * sum).abs() < 1e-11,
            "{} {}",
            whole.value,
            h * sum
        );
        assert!((whole.value - h * sum).abs() <= whole.error.max(1e-13));
        // the same from a state within, and back
        let parts = [(0.0, 0.3), (0.3, 1.0)].map(|e| distance(&system, &[1.0, 0.0], e).unwrap().value);
        assert!((parts[0] + parts[1] - whole.value).abs() < 1e-10);
        let back = distance(&system, &[1.0, 0.0], (1.0, 0.0)).unwrap();
        assert!((back.value - whole.value).abs() < 1e-11);
    }

    #[test]
    fn an_end_where_both_fluxes_vanish_is_near_or_infinitely_far_by_their_order() {
        // A + X ⇌ 2X with a held A: order 1 at X = 0, a finite distance ∫ dx/√Λ(x, x²)
        let first = |nu: f64| {
            ReactionSystem::builder()
                .species("X")
                .chemostat("A", 1.0)
                .mass_action("auto", &[("A", 1.0), ("X", nu)], &[("X", nu + 1.0)], 1.0, 1.0)
                .build()
                .unwrap()
        };
        let near = distance(&first(1.0), &[0.0], (0.0, 0.5)).unwrap();
        // with x = e^{−w}: Λ = x (1 − x)/w and W = ∫ √(w x/(1 − x)) dw from ln 2 on; w = ln 2 + s² makes it a Gaussian integral
        let h = 1e-4;
        let sum: f64 = (0..120_000)
            .map(|k| (f64::from(k) + 0.5) * h)
            .map(|s| {
                let w = 2.0_f64.ln() + s * s;
                let x = (-w).exp();
                2.0 * s * (w * x / (1.0 - x)).sqrt()
            })
            .sum();
        // midpoint rule, h²/24 times the slope at the ends: 1e-9
        assert!((near.value - h * sum).abs() < 3e-9, "{} {}", near.value, h * sum);
        assert_eq!(
            distance(&first(2.0), &[0.0], (0.0, 0.5)).unwrap().value,
            f64::INFINITY
        );
        assert!(
            distance(&first(2.0), &[0.0], (1e-9, 0.5))
                .unwrap()
                .value
                .is_finite()
        );
    }

    #[test]
    fn parallel_channels_add_their_coefficients() {
        // two equal channels, one of them written backwards, halve the cost
        let two = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("one", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.5)
            .mass_action("other", &[("B", 1.0)], &[("A", 1.0)], 0.5, 1.0)
            .build()
            .unwrap();
        let single = distance(&isomerisation(1.0, 0.5), &[1.0, 0.2], (0.0, 0.7)).unwrap();
        let double = distance(&two, &[1.0, 0.2], (0.0, 0.7)).unwrap();
        assert!((double.value * 2.0_f64.sqrt() - single.value).abs() < 1e-11);
    }

    #[test]
    fn what_has_no_distance_is_said() {
        let one_way = isomerisation(1.0, 0.0);
        assert_eq!(
            distance(&one_way, &[1.0, 0.0], (0.0, 0.5)).unwrap().value,
            f64::INFINITY
        );
        assert_eq!(distance(&one_way, &[1.0, 0.0], (0.5, 0.5)).unwrap().value, 0.0);
        let system = isomerisation(1.0, 1.0);
        assert!(matches!(
            distance(&system, &[1.0, 0.0], (0.0, 1.5)),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            distance(&system, &[1.0, 0.0], (0.0, f64::NAN)),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            distance(&system, &[1.0], (0.0, 0.1)),
            Err(Error::Length { .. })
        ));
        let two = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 1.0)
            .mass_action("out", &[("B", 1.0)], &[], 1.0, 1.0)
            .build()
            .unwrap();
        let refused = distance(&two, &[1.0, 1.0], (0.0, 0.1)).unwrap_err();
        assert!(refused.to_string().contains("\"out\""), "{refused}");
        let none = ReactionSystem::builder().species("A").build().unwrap();
        assert!(matches!(
            distance(&none, &[1.0], (0.0, 0.1)),
            Err(Error::Domain { .. })
        ));
    }

    #[test]
    fn rounding_at_an_end_does_not_make_an_amount_negative() {
        // 0.3 − 3 · 0.1 is −5.6e-17
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("r", &[("A", 3.0)], &[("B", 1.0)], 1.0, 1.0)
            .build()
            .unwrap();
        assert!(
            distance(&system, &[0.3, 1.0], (0.0, 0.1))
                .unwrap()
                .value
                .is_finite()
        );
    }

    #[test]
    fn the_length_of_the_straight_path_is_the_distance_of_one_reaction() {
        let system = ReactionSystem::builder()
            .species("A")
            .species("D")
            .mass_action("pair", &[("A", 2.0)], &[("D", 1.0)], 1.0, 0.5)
            .build()
            .unwrap();
        let path = |t: f64, x: &mut [f64], v: &mut [f64]| {
            x.copy_from_slice(&[2.0 - 2.0 * t * t, 0.1 + t * t]);
            v.copy_from_slice(&[-4.0 * t, 2.0 * t]);
        };
        let end = 0.9_f64.sqrt();
        let length = wasserstein_path_length(&system, (0.0, end), path, Tolerance::relative(1e-11)).unwrap();
        let expected = distance(&system, &[2.0, 0.1], (0.0, end * end)).unwrap();
        assert!((length.value - expected.value).abs() < 1e-10);
        // a path that breaks the conservation law A + 2D cannot be carried
        let off = |_: f64, x: &mut [f64], v: &mut [f64]| {
            x.fill(1.0);
            v.fill(1.0);
        };
        let length = wasserstein_path_length(&system, (0.0, 1.0), off, Tolerance::default()).unwrap();
        assert_eq!(length.value, f64::INFINITY);
    }
}
