//! Comparisons of floating-point numbers that say what differs and what was allowed.

/// Panics unless |got − expected| ≤ relative · |expected| + absolute; equal infinities agree, NaN never does.
///
/// ```
/// irrev_testing::assert_close("half", 0.5 + 1e-16, 0.5, 1e-15, 0.0);
/// ```
///
/// # Panics
/// If the numbers differ by more.
#[track_caller]
pub fn assert_close(what: &str, got: f64, expected: f64, relative: f64, absolute: f64) {
    if got == expected {
        return;
    }
    let difference = (got - expected).abs();
    let allowed = relative * expected.abs() + absolute;
    assert!(
        difference <= allowed,
        "{what}: got {got:e}, expected {expected:e}; they differ by {difference:.3e}, allowed {allowed:.3e}"
    );
}

/// [`assert_close`] for every element of two arrays of the same length.
///
/// # Panics
/// If the lengths or any element differ by more than allowed.
#[track_caller]
pub fn assert_all_close(what: &str, got: &[f64], expected: &[f64], relative: f64, absolute: f64) {
    assert_eq!(got.len(), expected.len(), "{what}: number of elements");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert_close(&format!("{what}[{i}]"), *g, *e, relative, absolute);
    }
}

/// Panics unless both arrays hold the same bits.
///
/// # Panics
/// If a length or a bit differs.
#[track_caller]
pub fn assert_same_bits(what: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}: number of elements");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert_eq!(g.to_bits(), e.to_bits(), "{what}[{i}]: {g:e} and {e:e}");
    }
}
