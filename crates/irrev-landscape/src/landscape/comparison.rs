//! Whether G and V_m are the same, and if not, why.

use irrev_numerics::Estimate;

use crate::estimates::from_draws;
use crate::grid::Component;

use super::surfaces::{Profile, Surfaces};
use super::{LandscapeOptions, Sample};

/// What the tests say about a component.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// No difference is seen: w = kT and G = V_m within errors.
    Equal,
    /// w differs from kT, and G = V_m within errors all the same. On a circle this may be exact (w = kT + C/ρ); on a line the difference of the landscapes is
    /// too small to be seen.
    EqualWithOtherMetric,
    /// w is constant within errors, but not kT: G = ratio · V_m, as for a coordinate that is not weighted by mass.
    Proportional {
        /// kT/w.
        ratio: f64,
    },
    /// G and V_m differ, and w varies along the coordinate.
    Different,
    /// G = V* + kT ln(w/kT) is violated beyond errors, which means that the data are no equilibrium, or that cells or steps are too wide: nothing else can be
    /// said.
    Inconsistent,
    /// Too few blocks for errors.
    Unknown,
}

/// How far the landscapes of a component are apart.
///
/// Each test compares the largest deviation, in standard errors, with what draws show around the value found, so that all cells are tested at once: p-values
/// are (1 + draws beyond)/(1 + draws).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// Smallest and largest w/kT.
    pub metric_range: (f64, f64),
    /// max|w/kT − 1|. A maximum of noise is not zero: judge it by the p-value.
    pub largest_metric_deviation: f64,
    /// p-value of w = kT.
    pub metric_p_value: f64,
    /// Mean of w/kT over frames.
    pub mean_metric: Estimate,
    /// p-value of a constant w.
    pub constant_p_value: f64,
    /// max|G − V_m|, both zero at the reference.
    pub largest_difference: f64,
    /// p-value of G = V_m.
    pub difference_p_value: f64,
    /// max|G − V* − kT ln(w/kT)|, which is noise and the width of cells and steps in equilibrium.
    pub identity_residual: f64,
    /// p-value of the identity.
    pub identity_p_value: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// Compares the landscapes of a component; `widths` are those of all cells.
pub(super) fn comparison(
    found: &Sample,
    drawn: &[Sample],
    (component, reference): (&Component, usize),
    widths: &[f64],
    blocks: usize,
    options: &LandscapeOptions,
) -> Comparison {
    let cells = &component.cells;
    let metric = |p: &Profile| -> Vec<f64> {
        cells
            .iter()
            .map(|cell| p.mean_square_velocity[*cell] / options.temperature)
            .collect()
    };
    let mean_metric = |p: &Profile| {
        let weights = || cells.iter().map(|cell| p.density[*cell] * widths[*cell]);
        let sum: f64 = metric(p)
            .iter()
            .zip(weights())
            .map(|(w, weight)| w * weight)
            .sum();
        sum / weights().sum::<f64>()
    };
    let from = |p: &Profile, centre: f64| -> Vec<f64> { metric(p).iter().map(|w| w - centre).collect() };
    // at the reference all differences are zero by definition
    let others = || cells.iter().copied().filter(|cell| *cell != reference);
    let difference = |s: &Surfaces| -> Vec<f64> {
        others()
            .map(|cell| s.free_energy[cell] - s.mean_force_potential[cell])
            .collect()
    };
    let identity = |s: &Surfaces| -> Vec<f64> {
        others()
            .map(|cell| s.free_energy[cell] - s.normalised_mean_force_potential[cell] - s.metric_term[cell])
            .collect()
    };
    let of_profiles = |of: &dyn Fn(&Profile) -> Vec<f64>| {
        let draws: Vec<Vec<f64>> = drawn.iter().map(|draw| of(&draw.profile)).collect();
        p_value(&of(&found.profile), &draws)
    };
    let of_surfaces = |of: &dyn Fn(&Surfaces) -> Vec<f64>| {
        let draws: Vec<Vec<f64>> = drawn.iter().map(|draw| of(&draw.surfaces)).collect();
        p_value(&of(&found.surfaces), &draws)
    };
    let mean = mean_metric(&found.profile);
    let metric_p_value = of_profiles(&|p| from(p, 1.0));
    let constant_p_value = of_profiles(&|p| from(p, mean_metric(p)));
    let difference_p_value = of_surfaces(&difference);
    let identity_p_value = of_surfaces(&identity);
    let holds = |p: f64| p > options.significance;
    let verdict = match () {
        () if drawn.is_empty() => Verdict::Unknown,
        () if !holds(identity_p_value) => Verdict::Inconsistent,
        () if holds(difference_p_value) && holds(metric_p_value) => Verdict::Equal,
        () if holds(difference_p_value) => Verdict::EqualWithOtherMetric,
        () if holds(constant_p_value) => Verdict::Proportional { ratio: 1.0 / mean },
        () => Verdict::Different,
    };
    let extended = |(low, high): (f64, f64), w: &f64| (low.min(*w), high.max(*w));
    Comparison {
        metric_range: metric(&found.profile)
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), extended),
        largest_metric_deviation: largest(&from(&found.profile, 1.0)),
        metric_p_value,
        mean_metric: from_draws(mean, drawn.iter().map(|draw| mean_metric(&draw.profile)), blocks),
        constant_p_value,
        largest_difference: largest(&difference(&found.surfaces)),
        difference_p_value,
        identity_residual: largest(&identity(&found.surfaces)),
        identity_p_value,
        verdict,
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, x| most.max(x.abs()))
}

/// Probability that all values are zero and draws go as far from the values found as these are from zero, in standard errors; NaN without draws, 1 for no
/// values.
fn p_value(values: &[f64], draws: &[Vec<f64>]) -> f64 {
    if draws.is_empty() {
        return f64::NAN;
    }
    let errors: Vec<f64> = (0..values.len())
        .map(|k| from_draws(values[k], draws.iter().map(|draw| draw[k]), 0).standard_error)
        .collect();
    let furthest = |deviation: &dyn Fn(usize) -> f64| {
        (0..values.len())
            .filter(|k| errors[*k] > 0.0)
            .map(|k| deviation(k).abs() / errors[k])
            .filter(|x| x.is_finite())
            .fold(0.0, f64::max)
    };
    let found = furthest(&|k| values[k]);
    let beyond = draws
        .iter()
        .filter(|draw| furthest(&|k| draw[k] - values[k]) >= found)
        .count();
    (1 + beyond) as f64 / (1 + draws.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_p_value_counts_draws_beyond() {
        let draws: Vec<Vec<f64>> = [0.9, 1.0, 1.1, 1.2, 0.8].iter().map(|x| vec![*x]).collect();
        assert_eq!(p_value(&[1.0], &draws), 1.0 / 6.0);
        assert_eq!(
            p_value(
                &[0.15],
                &draws.iter().map(|x| vec![x[0] - 0.85]).collect::<Vec<_>>()
            ),
            3.0 / 6.0
        );
        assert!(p_value(&[1.0], &[]).is_nan());
        assert_eq!(p_value(&[], &draws), 1.0);
    }
}
