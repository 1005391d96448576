//! I = Σ ṗ²/p and its derivative.

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use crate::error::{Error, Result};

/// Fisher information of time, I = Σ ṗ²/p, of probabilities or of amounts with their rates of change, in 1/time² (times amount).
///
/// `f64::INFINITY` where something that is empty is being filled; an entry with p = ṗ = 0 contributes nothing.
///
/// Source: Ito, Phys. Rev. Lett. 121, 030605 (2018), Eq. (5).
///
/// ```
/// use irrev_network::information::time::fisher_information;
/// assert_eq!(fisher_information(&[0.5, 0.25, 0.25], &[0.5, -0.5, 0.0])?, 1.5);
/// assert_eq!(fisher_information(&[1.0, 0.0], &[-1.0, 1.0])?, f64::INFINITY);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] for an entry that is not finite, or a state that is negative.
pub fn fisher_information(state: &[f64], rate: &[f64]) -> Result<f64> {
    check(state, &[("rates of change", rate)])?;
    Ok(compensated_sum(
        state
            .iter()
            .zip(rate)
            .map(|(&p, &v)| if v == 0.0 { 0.0 } else { v * (v / p) }),
    ))
}

/// dI/dt = Σ (ṗ/p)(2p̈ − ṗ²/p), in 1/time³ (times amount).
///
/// For a motion ṗ = f(p) the acceleration is p̈ = (∂f/∂p) ṗ. `-f64::INFINITY` where something that is empty is being filled; an entry with p = ṗ = 0
/// contributes nothing.
///
/// ```
/// use irrev_network::information::time::fisher_information_rate;
/// // x = e^{−2t}: I = 4x
/// assert_eq!(fisher_information_rate(&[1.0], &[-2.0], &[4.0])?, -8.0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`fisher_information`].
pub fn fisher_information_rate(state: &[f64], rate: &[f64], acceleration: &[f64]) -> Result<f64> {
    check(
        state,
        &[("rates of change", rate), ("accelerations", acceleration)],
    )?;
    let terms = state.iter().zip(rate).zip(acceleration);
    Ok(compensated_sum(terms.map(|((&p, &v), &a)| {
        if v == 0.0 {
            0.0
        } else if p == 0.0 {
            f64::NEG_INFINITY
        } else {
            v / p * (2.0 * a - v * (v / p))
        }
    })))
}

/// I and dI/dt of a state that moves smoothly, with the limits of entries that begin to fill: an entry p ≈ a t²/2 + b t³/6 has ṗ²/p → 2a + 4bt/3, and
/// with a = 0 it is 3bt/2.
pub(super) fn with_limits(p: &[f64], v: &[f64], a: &[f64], b: &[f64]) -> (f64, f64) {
    let (mut information, mut rate) = (CompensatedSum::default(), CompensatedSum::default());
    for i in 0..p.len() {
        let (value, slope) = if p[i] > 0.0 {
            let u = v[i] / p[i];
            (v[i] * u, u * (2.0 * a[i] - v[i] * u))
        } else if v[i] != 0.0 {
            (f64::INFINITY, f64::NEG_INFINITY)
        } else if a[i] != 0.0 {
            (2.0 * a[i], 4.0 / 3.0 * b[i])
        } else {
            (0.0, 1.5 * b[i])
        };
        information.add(value);
        rate.add(slope);
    }
    (information.value(), rate.value())
}

fn check(state: &[f64], derivatives: &[(&'static str, &[f64])]) -> Result<()> {
    for (what, values) in derivatives {
        if values.len() != state.len() {
            return Err(Error::Length {
                what,
                found: values.len(),
                expected: state.len(),
            });
        }
        for (i, &value) in values.iter().enumerate() {
            crate::require(
                &format!("entry {i} of the {what}"),
                value,
                value.is_finite(),
                "a finite number",
            )?;
        }
    }
    for (i, &value) in state.iter().enumerate() {
        crate::require(
            &format!("entry {i} of the state"),
            value,
            value >= 0.0 && value.is_finite(),
            "a finite number ≥ 0",
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_begins_to_fill_has_the_limits_of_its_powers_of_time() {
        let (a, b, t) = (0.7, -0.4, 1e-5);
        let at = |t: f64| {
            let p = a * t * t / 2.0 + b * t.powi(3) / 6.0;
            let v = a * t + b * t * t / 2.0;
            fisher_information(&[p], &[v]).unwrap()
        };
        let (value, slope) = with_limits(&[0.0], &[0.0], &[a], &[b]);
        assert!((at(t) - value - slope * t).abs() < 1e-9);
        let (value, slope) = with_limits(&[0.0], &[0.0], &[0.0], &[0.6]);
        let exact = fisher_information(&[0.1 * t.powi(3)], &[0.3 * t * t]).unwrap();
        assert!(value == 0.0 && (exact / t - slope).abs() < 1e-12);
    }

    #[test]
    fn wrong_input_is_refused_with_its_place() {
        let shape = fisher_information(&[0.5, 0.5], &[0.1]).unwrap_err();
        assert!(shape.to_string().contains("1 entries, expected 2"));
        let negative = fisher_information(&[1.5, -0.5], &[0.0, 0.0]).unwrap_err();
        assert!(negative.to_string().contains("entry 1 of the state is -0.5"));
        assert!(fisher_information(&[0.5, 0.5], &[f64::NAN, 0.0]).is_err());
    }
}
