//! What finite differences of a stationary coordinate with noisy positions show.

/// Moments of finite differences of r + s ξ, with independent noise ξ of unit variance in each frame.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FiniteDifferences {
    /// ⟨v²⟩ with v = (r₊ − r)/h: 2 (C(0) − C(h) + s²)/h².
    pub forward_square: f64,
    /// ⟨v²⟩ with v = (r₊ − r₋)/2h: (C(0) − C(2h) + s²)/2h².
    pub central_square: f64,
    /// ⟨a r⟩/⟨r²⟩ with a = (r₊ − 2r + r₋)/h², both with noise: −2 (C(0) − C(h) + s²)/[h² (C(0) + s²)].
    pub slope: f64,
}

/// Moments of finite differences at a step h, from the autocovariance C(t) = ⟨r(t) r(0)⟩ and the standard deviation s of the noise. They tend to ⟨ṙ²⟩, ⟨ṙ²⟩
/// and C''(0)/C(0) for s = 0, h → 0.
///
/// ```
/// use irrev_landscape::diagnose::finite_differences;
/// let found = finite_differences(|t: f64| t.cos(), 0.1, 0.01);
/// assert!((found.forward_square - 2.0 * (1.0 - 0.1_f64.cos() + 1e-4) / 0.01).abs() < 1e-12);
/// ```
#[must_use]
pub fn finite_differences(autocovariance: impl Fn(f64) -> f64, step: f64, noise: f64) -> FiniteDifferences {
    let (c0, c1, c2) = (
        autocovariance(0.0),
        autocovariance(step),
        autocovariance(2.0 * step),
    );
    let (variance, squared) = (noise * noise, step * step);
    let forward_square = 2.0 * (c0 - c1 + variance) / squared;
    FiniteDifferences {
        forward_square,
        central_square: (c0 - c2 + variance) / (2.0 * squared),
        slope: -forward_square / (c0 + variance),
    }
}
