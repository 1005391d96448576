//! Intervals for the mean of a skew sample.
//!
//! The studentised mean T of n numbers of skewness γ leans to one side by about γ/√n: where large values are rare, samples that lack
//! them have both a low mean and a short error bar. With a = γ/√n the cubic y = T + aT²/3 + a²T³/27 + a/6 is normal to the next order and
//! rises everywhere, so it can be inverted: an interval that reaches farther up than down.
//!
//! Source: Hall, J. R. Stat. Soc. B 54, 221 (1992).

/// Below this part of a standard error the correction is rounding.
const SYMMETRIC: f64 = 1e-8;

/// The normal deviate of a studentised mean, for skewness over √n `lean`.
pub(super) fn deviate(studentised: f64, lean: f64) -> f64 {
    let bend = lean * studentised / 3.0;
    studentised * (1.0 + bend + bend * bend / 3.0) + lean / 6.0
}

/// The studentised mean of a normal deviate: the inverse of [`deviate`].
pub(super) fn studentised(deviate: f64, lean: f64) -> f64 {
    if lean.abs() < SYMMETRIC {
        return deviate;
    }
    3.0 / lean * ((1.0 + lean * (deviate - lean / 6.0)).cbrt() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::{deviate, studentised};

    #[test]
    fn the_two_maps_undo_each_other_and_lean_as_the_skewness_does() {
        for lean in [-0.4, 0.0, 1e-9, 0.1, 0.7] {
            for y in [-5.0, -1.96, 0.0, 1.96, 5.0] {
                assert!((deviate(studentised(y, lean), lean) - y).abs() < 1e-6);
            }
        }
        // T below −1.96 is no surprise for numbers with rare large values
        assert!(studentised(-1.96, 0.3) < -2.5 && studentised(1.96, 0.3) < 1.96);
    }
}
