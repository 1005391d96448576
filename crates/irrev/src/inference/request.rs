//! What is asked of a recording.

use crate::error::{Error, Result};

/// How large couplings are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Penalty {
    /// λ ≥ 0 of λ/2 Σ_j J_ij² per bin and unit.
    Given(f64),
    /// The λ between 1e-6 and 1e-1 with the largest likelihood of held-out stretches of time.
    CrossValidated,
}

/// Questions to a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceRequest {
    /// Widths of a bin in seconds. The report is about the first; further ones make a study of the width. Spikes need one; of a table of bins it is what a bin
    /// lasts, and without it nothing is given per second. Default none.
    pub bin_widths: Vec<f64>,
    /// Where bins of spikes begin, seconds; default 0.
    pub from: Option<f64>,
    /// Where they end, seconds; default the last spike. An incomplete last bin is left out.
    pub until: Option<f64>,
    /// Labels of the units to analyse, in this order; default all.
    pub units: Vec<String>,
    /// Penalty on couplings; default cross-validated.
    pub penalty: Penalty,
    /// Whether a path of sparse networks is computed; default false.
    pub sparse: bool,
    /// Confidence level of intervals and ellipse; default 0.95.
    pub level: f64,
    /// Draws of each null; default 20.
    pub nulls: usize,
    /// Recordings that the fitted network is simulated to make, for the power check; default 8, 0 leaves it out.
    pub simulated: usize,
}

impl Default for InferenceRequest {
    fn default() -> Self {
        Self {
            bin_widths: Vec::new(),
            from: None,
            until: None,
            units: Vec::new(),
            penalty: Penalty::CrossValidated,
            sparse: false,
            level: 0.95,
            nulls: 20,
            simulated: 8,
        }
    }
}

impl InferenceRequest {
    /// Most draws of a null, and most simulated recordings.
    const MOST: usize = 100_000;

    pub(super) fn check(&self) -> Result<()> {
        let refuse = |option, given: String, problem: &str| {
            Err(Error::Request {
                option,
                given,
                problem: problem.into(),
            })
        };
        if let Some(width) = self.bin_widths.iter().find(|w| !(**w > 0.0 && w.is_finite())) {
            return refuse(
                "--bin",
                width.to_string(),
                "is no width of a bin; give a positive number of seconds",
            );
        }
        for (k, width) in self.bin_widths.iter().enumerate() {
            if self.bin_widths[..k].contains(width) {
                return refuse("--bin", width.to_string(), "is given twice");
            }
        }
        for (option, value) in [("--from", self.from), ("--until", self.until)] {
            if let Some(value) = value.filter(|value| !value.is_finite()) {
                return refuse(
                    option,
                    value.to_string(),
                    "is no time; give a finite number of seconds",
                );
            }
        }
        if let (from, Some(until)) = (self.from.unwrap_or(0.0), self.until)
            && until <= from
        {
            let problem = format!("leaves no time; bins begin at {from} s, give a later end");
            return refuse("--until", until.to_string(), &problem);
        }
        if let Penalty::Given(penalty) = self.penalty
            && !(penalty >= 0.0 && penalty.is_finite())
        {
            return refuse(
                "--penalty",
                penalty.to_string(),
                "is no penalty; give cv or a number of at least 0",
            );
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return refuse(
                "--confidence",
                self.level.to_string(),
                "is no confidence level; give a number between 0 and 1",
            );
        }
        if !(1..=Self::MOST).contains(&self.nulls) {
            return refuse(
                "--shuffles",
                self.nulls.to_string(),
                "is out of range; give 1 to 100000 draws of each null",
            );
        }
        if self.simulated > Self::MOST {
            return refuse(
                "--simulate",
                self.simulated.to_string(),
                "is out of range; give at most 100000 simulated recordings",
            );
        }
        Ok(())
    }
}
