//! Checks on conductances and rates, and the power of two they are scaled by.

use super::error::EliminationError;

/// Largest scaled weight: sums over all edges must not overflow.
const LARGEST_EXPONENT: i32 = 300;
/// Smallest scaled weight: products with transition probabilities need room below.
const SMALLEST: f64 = 1.026_342_344_396_844_5e-289; // 2^-959

/// Power of two with x / 2^e in [1, 2); -1023 below the smallest normal number.
pub(super) fn exponent(x: f64) -> i32 {
    ((x.to_bits() >> 52) & 0x7ff) as i32 - 1023
}

/// 2^e for -1022 ≤ e ≤ 1023.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// Checks the weights of all edges, a list for each kind, and returns the power of two that brings them into
/// the safe range.
pub(super) fn checked_scale(kinds: &[(&'static str, &[f64])], edges: usize) -> Result<f64, EliminationError> {
    let mut largest = 0.0f64;
    let mut smallest = f64::INFINITY;
    for &(what, values) in kinds {
        if values.len() != edges {
            return Err(EliminationError::Length {
                what,
                expected: edges,
                found: values.len(),
            });
        }
        for (edge, &value) in values.iter().enumerate() {
            if !(value.is_finite() && value >= 0.0) {
                return Err(EliminationError::InvalidWeight { edge, what, value });
            }
            largest = largest.max(value);
            if value > 0.0 {
                smallest = smallest.min(value);
            }
        }
    }
    if largest == 0.0 {
        return Ok(1.0);
    }
    let scale = power_of_two((LARGEST_EXPONENT - exponent(largest)).min(1023));
    if smallest * scale < SMALLEST {
        for &(what, values) in kinds {
            if let Some(edge) = values.iter().position(|&value| value == smallest) {
                return Err(EliminationError::RangeTooWide {
                    edge,
                    what,
                    value: smallest,
                    largest,
                });
            }
        }
    }
    Ok(scale)
}
