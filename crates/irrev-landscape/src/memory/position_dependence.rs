//! Whether ⟨ṙ²; r⟩ varies so much that one kernel for all positions is not enough.

use irrev_numerics::Estimate;

use crate::moments::ConditionalMoments;

/// Variation beyond which a kernel that depends on position is advised.
const CONSIDERABLE: f64 = 0.1;

/// Fewest independent visits to a cell that counts.
const VISITS: f64 = 10.0;

/// How much w(r) = ⟨ṙ²; r⟩ varies.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PositionDependence {
    /// The cell with the least w.
    pub lowest: Estimate,
    /// The cell with the largest w.
    pub highest: Estimate,
    /// Standard deviation of w over its mean, over frames, less what the errors of cells make of it.
    pub spread: f64,
    /// (highest − lowest)/mean.
    pub range: f64,
    /// Whether the two differ by more than 10 % of the mean, and by more than three standard errors of the difference.
    pub advised: bool,
}

impl PositionDependence {
    /// What follows, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let range = 100.0 * self.range;
        if self.advised {
            format!(
                "⟨ṙ²; r⟩ varies by {range:.0} % between positions: a kernel that does not depend on position mixes metric with memory; take `projected_kernel` with a basis, and ⟨r̈; r⟩ as the mean force rather than −(w/kT) dG/dr"
            )
        } else {
            format!(
                "⟨ṙ²; r⟩ varies by {range:.0} % between positions, which calls for no kernel that depends on position"
            )
        }
    }
}

/// How much w varies over the cells with ten or more independent visits; `None` for fewer than two of these.
///
/// ```
/// use irrev_landscape::memory::position_dependence;
/// use irrev_landscape::moments::{MomentOptions, conditional_moments};
/// use irrev_landscape::{Grid, Record};
/// use irrev_numerics::Run;
/// // one oscillation: w = 1 − r²
/// let x: Vec<f64> = (0..100_000).map(|k| (0.01 * f64::from(k)).sin()).collect();
/// let record = Record::of_positions(0.01, [&x[..]])?;
/// let moments = conditional_moments(&record, &Grid::uniform(-1.0, 1.0, 5)?, &MomentOptions::default(), &Run::default())?;
/// let found = position_dependence(&moments).unwrap();
/// assert!(found.advised && found.sentence().contains("projected_kernel"));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[must_use]
pub fn position_dependence(moments: &ConditionalMoments) -> Option<PositionDependence> {
    let visits = moments.effective_counts();
    let counts = moments.counts();
    let cells: Vec<(Estimate, f64)> = moments
        .mean_square_velocity()
        .into_iter()
        .zip(visits)
        .zip(counts)
        .filter(|((w, visits), _)| w.value.is_finite() && *visits >= VISITS)
        .map(|((w, _), count)| (w, count as f64))
        .collect();
    if cells.len() < 2 {
        return None;
    }
    let by_value = |a: &&(Estimate, f64), b: &&(Estimate, f64)| a.0.value.total_cmp(&b.0.value);
    let lowest = cells.iter().min_by(by_value)?.0;
    let highest = cells.iter().max_by(by_value)?.0;
    let frames: f64 = cells.iter().map(|(_, count)| count).sum();
    let over_frames =
        |f: &dyn Fn(&Estimate) -> f64| cells.iter().map(|(w, count)| count * f(w)).sum::<f64>() / frames;
    let mean = over_frames(&|w| w.value);
    let variance = over_frames(&|w| (w.value - mean).powi(2) - w.standard_error.powi(2)).max(0.0);
    let difference = highest.value - lowest.value;
    let error = highest.standard_error.hypot(lowest.standard_error);
    Some(PositionDependence {
        lowest,
        highest,
        spread: variance.sqrt() / mean,
        range: difference / mean,
        advised: difference > CONSIDERABLE * mean && difference > 3.0 * error,
    })
}
