//! Ends at which species are absent: a state of the class beside the end at which all are present, and the exact length of the straight way there.
//!
//! On x(d) = end + d (inner − end) the Onsager coefficients fall as powers of d, and the squared speed grows as d⁻ᵐ: the way is finite for m < 2. It is
//! part of the path, so that the whole length stays that of a path.

use irrev_numerics::quadrature::integrate;
use irrev_numerics::tolerance::Tolerance;

use super::super::action::Potentials;
use super::problem::Problem;
use crate::error::{Error, Result};

/// Part of the way to the inner state at which the power m is read off.
const PROBE: f64 = 1e-18;

/// Logarithms beside the powers shift m by less than this there.
const LOGARITHMS: f64 = 0.1;

/// p (2 − m) for d ∝ uᵖ, which makes the integrand smooth at the end.
const SMOOTHNESS: f64 = 6.0;

/// Accuracy of the length, relative.
const ACCURACY: f64 = 1e-9;

/// Nearer than this part of the way to the inner state the interior would not be resolved.
const NEAREST: f64 = 1e-12;

/// A state at which every species is present, and the way from it to an end.
pub(super) struct Beside {
    pub(super) state: Vec<f64>,
    /// Length of the way.
    pub(super) length: f64,
    /// Error of that length.
    pub(super) error: f64,
}

/// A positive state whose way to the end is at most `allowed` long, or as near as is resolved; the end itself if it is positive.
///
/// # Errors
/// [`Error::NoReactionGeodesic`] if the end is infinitely far along the straight way.
pub(super) fn beside(
    problem: &Problem,
    potentials: &Potentials,
    end: &[f64],
    allowed: f64,
) -> Result<Beside> {
    let lowest = end.iter().copied().fold(f64::INFINITY, f64::min);
    if lowest > 0.0 {
        return Ok(Beside {
            state: end.to_vec(),
            length: 0.0,
            error: 0.0,
        });
    }
    let way: Vec<f64> = problem.inner.iter().zip(end).map(|(x, e)| x - e).collect();
    let at = |d: f64| -> Vec<f64> { end.iter().zip(&way).map(|(e, w)| e + d * w).collect() };
    let mut conductances = Vec::new();
    let mut squared_speed = |d: f64| -> Result<f64> {
        problem.mobility.values(&at(d), &mut conductances);
        let psi = potentials.solve(&conductances, &way)?;
        Ok(psi.map_or(f64::INFINITY, |psi| {
            psi.iter().zip(&way).map(|(psi, v)| psi * v).sum::<f64>().max(0.0)
        }))
    };
    let m = (squared_speed(0.5 * PROBE)? / squared_speed(PROBE)?).log2();
    if !(m < 2.0 - LOGARITHMS) {
        return Err(Error::NoReactionGeodesic {
            lowest,
            reason: "reactions that make the absent species stop too fast where these vanish, so that the end is infinitely far along a straight way"
                .into(),
        });
    }
    let p = SMOOTHNESS / (2.0 - m);
    let mut part = 0.1;
    loop {
        let found = integrate::<Error>(
            &[0.0, 1.0],
            1,
            Tolerance::relative(ACCURACY),
            |values, k| values[k],
            |u, out| {
                let d = part * u.powf(p);
                // towards the end the way is so short that it no longer counts
                out[0] = if d < f64::MIN_POSITIVE {
                    0.0
                } else {
                    part * p * u.powf(p - 1.0) * squared_speed(d)?.sqrt()
                };
                Ok(())
            },
        )?;
        let length = found.values[0];
        if length <= allowed || part <= NEAREST {
            return Ok(Beside {
                state: at(part),
                length,
                error: found.errors[0],
            });
        }
        // the length falls as d^(1 − m/2)
        part = (part * (0.5 * allowed / length).powf(2.0 / (2.0 - m))).clamp(NEAREST, 0.5 * part);
    }
}
