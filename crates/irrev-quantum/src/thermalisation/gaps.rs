//! Ratios of neighbouring gaps.

/// Mean ratio of Poisson's independent levels, 2 ln 2 − 1.
pub const POISSON_GAP_RATIO: f64 = 2.0 * std::f64::consts::LN_2 - 1.0;

/// Mean ratio of the Gaussian orthogonal ensemble, 4 − 2√3 by the surmise and 0.5307 for large matrices.
pub const ORTHOGONAL_GAP_RATIO: f64 = 0.5307;

/// Mean of r = min/max of neighbouring gaps in the middle half of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GapRatio {
    /// Mean of r, between 0 and 1.
    pub mean: f64,
    /// Ratios that were averaged.
    pub count: usize,
    /// Standard error of the mean as if the ratios were independent, which neighbouring ones are not quite; NaN of a single one.
    pub standard_error: f64,
}

/// Mean ratio of neighbouring gaps r_n = min(δ_n, δ_{n+1})/max(δ_n, δ_{n+1}) of levels in any order, without a quarter of the ratios at either end. `None` for fewer than three levels.
///
/// Levels must belong to one symmetry: of independent spectra put together the gaps look like Poisson's. Two gaps of zero have the ratio 0.
///
/// Source: Oganesyan and Huse, Phys. Rev. B 75, 155111 (2007); Atas, Bogomolny, Giraud and Roux, Phys. Rev. Lett. 110, 084101 (2013).
///
/// ```
/// use irrev_quantum::thermalisation::gap_ratio;
/// let found = gap_ratio(&[3.0, 0.0, 1.0]).unwrap();
/// assert_eq!((found.mean, found.count), (0.5, 1));
/// ```
#[must_use]
pub fn gap_ratio(energies: &[f64]) -> Option<GapRatio> {
    let mut energies = energies.to_vec();
    energies.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = energies.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let ratios: Vec<f64> = gaps
        .windows(2)
        .map(|pair| {
            let (small, large) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            if large > 0.0 { small / large } else { 0.0 }
        })
        .collect();
    let end = ratios.len() / 4;
    let middle = &ratios[end..ratios.len() - end];
    let count = middle.len() as f64;
    let mean = middle.iter().sum::<f64>() / count;
    let squares: f64 = middle.iter().map(|r| (r - mean).powi(2)).sum();
    (!middle.is_empty()).then_some(GapRatio {
        mean,
        count: middle.len(),
        standard_error: (squares / (count * (count - 1.0))).sqrt(),
    })
}
