//! Distribution of entropy production over its outcomes.

/// Outcomes closer than this, in nats, are the same.
const SAME: f64 = 1e-9;

/// A value of σ and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// σ, in nats.
    pub sigma: f64,
    /// Its probability.
    pub probability: f64,
}

/// P(σ) as a sum of peaks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutcomeDistribution {
    /// Peaks in ascending σ.
    pub outcomes: Vec<Outcome>,
}

impl OutcomeDistribution {
    pub(super) fn new(outcomes: impl Iterator<Item = Outcome>) -> Self {
        let mut all: Vec<Outcome> = outcomes.filter(|outcome| outcome.probability > 0.0).collect();
        all.sort_by(|a, b| a.sigma.total_cmp(&b.sigma));
        let mut peaks: Vec<Outcome> = Vec::new();
        for outcome in all {
            match peaks.last_mut() {
                Some(peak) if outcome.sigma - peak.sigma <= SAME => peak.probability += outcome.probability,
                _ => peaks.push(outcome),
            }
        }
        Self { outcomes: peaks }
    }

    /// Σ P, which is 1 for the forward process.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.outcomes.iter().map(|outcome| outcome.probability).sum()
    }

    /// Σ P σ.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let terms = self.outcomes.iter();
        terms.map(|outcome| outcome.probability * outcome.sigma).sum()
    }

    /// Probability of σ < −ε.
    #[must_use]
    pub fn below(&self, epsilon: f64) -> f64 {
        let negative = self.outcomes.iter().filter(|outcome| outcome.sigma < -epsilon);
        negative.map(|outcome| outcome.probability).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_that_rounding_tells_apart_share_a_peak() {
        let outcome = |sigma, probability| Outcome { sigma, probability };
        let all = [
            outcome(1.0, 0.25),
            outcome(-2.0, 0.5),
            outcome(1.0 + 1e-13, 0.25),
            outcome(3.0, 0.0),
        ];
        let found = OutcomeDistribution::new(all.into_iter());
        assert_eq!(found.outcomes, [outcome(-2.0, 0.5), outcome(1.0, 0.5)]);
        assert_eq!((found.total(), found.mean(), found.below(0.1)), (1.0, -0.5, 0.5));
    }
}
