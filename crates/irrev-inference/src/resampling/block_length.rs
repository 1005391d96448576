//! How long blocks of correlated data must be.

/// Correlation time and the lengths of blocks that follow from it, in units of the spacing of the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BlockLength {
    /// Integrated autocorrelation time 1 + 2 Σ ρ_k; 1 for independent numbers.
    pub correlation_time: f64,
    /// Length of blocks for a circular bootstrap that minimises the error of its variance, at least 1.
    pub optimal: f64,
    /// Lag beyond which correlations are taken for noise.
    pub lag: usize,
}

/// The rule of Politis and White: correlations count up to twice the lag after which five in a row (or √log₁₀ N) are within 2 √(log₁₀ N/N) of zero, with a flat-top window;
/// b = (2 G²/D)^{1/3} N^{1/3}, G = Σ |k| R(k), D = 4/3 (Σ R(k))².
///
/// O(N · lag). Fewer than 8 numbers, or constant ones, count as independent.
///
/// ```
/// use irrev_inference::resampling::block_length;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // x' = 0.8 x + ξ: correlation time (1 + 0.8)/(1 − 0.8) = 9
/// let mut stream = Stream::new(1, Purpose::Search, 0);
/// let mut x = 0.0;
/// let numbers: Vec<f64> = (0..100_000).map(|_| { x = 0.8 * x + stream.normal(); x }).collect();
/// let found = block_length(&numbers);
/// assert!((found.correlation_time - 9.0).abs() < 1.5);
/// assert!(found.optimal > 20.0 && found.optimal < 200.0);
/// ```
#[must_use]
pub fn block_length(numbers: &[f64]) -> BlockLength {
    let n = numbers.len();
    let independent = BlockLength {
        correlation_time: 1.0,
        optimal: 1.0,
        lag: 0,
    };
    if n < 8 {
        return independent;
    }
    let mean = numbers.iter().sum::<f64>() / n as f64;
    let covariance = |k: usize| {
        let pairs = numbers[..n - k].iter().zip(&numbers[k..]);
        pairs.map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>() / n as f64
    };
    let variance = covariance(0);
    if !(variance > 0.0 && variance.is_finite()) {
        return independent;
    }
    let log = (n as f64).log10();
    let (threshold, needed) = (2.0 * (log / n as f64).sqrt(), (log.sqrt() as usize).max(5));
    let most = ((n as f64).sqrt().ceil() as usize + needed).min(n / 2);
    let mut covariances = vec![variance];
    let mut last = 0;
    for k in 1..=most {
        covariances.push(covariance(k));
        if covariances[k].abs() > threshold * variance {
            last = k;
        } else if k - last >= needed {
            break;
        }
    }
    // beyond 2 × the last lag that counts the window is zero
    let lag = (2 * last.max(1)).min(n / 2);
    for k in covariances.len()..=lag {
        covariances.push(covariance(k));
    }
    let flat_top = |k: usize| (2.0 * (1.0 - k as f64 / lag as f64)).clamp(0.0, 1.0);
    let (mut sum, mut slope) = (variance, 0.0);
    for (k, covariance) in covariances.iter().enumerate().take(lag + 1).skip(1) {
        sum += 2.0 * flat_top(k) * covariance;
        slope += 2.0 * flat_top(k) * k as f64 * covariance;
    }
    let optimal = if sum > 0.0 {
        (1.5 * (slope / sum) * (slope / sum) * n as f64).cbrt()
    } else {
        1.0
    };
    BlockLength {
        correlation_time: (sum / variance).max(0.0),
        optimal: optimal.clamp(1.0, (3.0 * (n as f64).sqrt()).min(n as f64 / 3.0)),
        lag: last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn independent_numbers_need_no_blocks() {
        let mut stream = Stream::new(2, Purpose::Search, 0);
        let numbers: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        let found = block_length(&numbers);
        // the error of 1 + 2 ρ₁ w is 2 √(1/N) = 0.014: 5 σ, and ρ within 2 √(log N/N) is 0.03
        assert!((found.correlation_time - 1.0).abs() < 0.1, "{found:?}");
        assert!(found.optimal < 8.0, "{found:?}");
        assert_eq!(block_length(&[1.0; 100]).optimal, 1.0);
        assert_eq!(block_length(&[]).correlation_time, 1.0);
    }
}
