//! What is asked of data.

use irrev_inference::speed::Family;

use crate::error::{Error, Result};

/// What the data are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Form {
    /// What the columns say; the report tells how they were taken.
    #[default]
    Automatic,
    /// Numbers that change continuously, at even steps.
    Series,
    /// States, step by step or with the times at which they were entered.
    States,
    /// One quantity of many cells at common times.
    Cells,
}

/// Which currents are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CurrentBasis {
    /// All dx_b and x_a dx_b: exact where forces are linear.
    #[default]
    Affine,
    /// Gaussians besides, as many as the first half of the data chooses.
    Radial,
}

/// A family of distributions in a word.
pub(super) fn family_word(family: Family) -> &'static str {
    match family {
        Family::LogNormal => "log_normal",
        Family::Gamma => "gamma",
        _ => "normal",
    }
}

impl CurrentBasis {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Affine => "affine",
            Self::Radial => "radial",
        }
    }
}

/// How data are read, and what is asked of them; the default finds out what it can and refuses what may be meant in two ways.
///
/// Columns are given by name, or by number counted from 0.
///
/// ```
/// use irrev::estimation::{EstimationRequest, Form};
/// let request = EstimationRequest { form: Form::States, step: Some(0.1), ..EstimationRequest::default() };
/// assert!(request.check().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EstimationRequest {
    /// What the data are; default automatic.
    pub form: Form,
    /// Column of times; default the one whose name says so.
    pub time: Option<String>,
    /// Time between rows, where no column has the times; default none: numbers are per step then.
    pub step: Option<f64>,
    /// Column that tells trajectories apart; default the one whose name says so.
    pub trajectory: Option<String>,
    /// Columns of values; default all that nothing else is said of.
    pub columns: Vec<String>,
    /// Columns of states, which may hold words; several are the parts of one system. Default none named.
    pub states: Vec<String>,
    /// Columns that together name a cell; default those whose names say so.
    pub cells: Vec<String>,
    /// Column of a dose or condition of cells; default the one whose name says so.
    pub condition: Option<String>,
    /// Whether trajectories are cut at gaps in time and at rows without numbers; default false: both are refused.
    pub split: bool,
    /// Currents; default affine.
    pub basis: CurrentBasis,
    /// Steps of a window of time in which dissipation of many trajectories is told; default none.
    pub window: Option<usize>,
    /// Whether transfer entropies by nearest neighbours are told of long series, too; default false: up to 20,000 rows.
    pub neighbours: bool,
    /// Confidence level of intervals; default 0.95.
    pub level: f64,
    /// Family of distributions of cells; default normal.
    pub family: Family,
}

impl Default for EstimationRequest {
    fn default() -> Self {
        Self {
            form: Form::Automatic,
            time: None,
            step: None,
            trajectory: None,
            columns: Vec::new(),
            states: Vec::new(),
            cells: Vec::new(),
            condition: None,
            split: false,
            basis: CurrentBasis::Affine,
            window: None,
            neighbours: false,
            level: 0.95,
            family: Family::Normal,
        }
    }
}

impl EstimationRequest {
    /// # Errors
    /// [`Error::Request`] for a value that means nothing, and for options that contradict each other.
    pub fn check(&self) -> Result<()> {
        let refuse = |option, given: String, problem: &str| {
            Err(Error::Request {
                option,
                given,
                problem: problem.into(),
            })
        };
        if let Some(step) = self.step
            && !(step > 0.0 && step.is_finite())
        {
            return refuse(
                "step",
                step.to_string(),
                "is no time step; give a positive number",
            );
        }
        if self.step.is_some() && self.time.is_some() {
            return refuse(
                "step",
                String::new(),
                "and a column of times say the same; give one",
            );
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return refuse(
                "confidence",
                self.level.to_string(),
                "is no level; give one between 0 and 1",
            );
        }
        if self.window == Some(0) {
            return refuse("window", "0".into(), "is no window; give its number of steps");
        }
        if !self.states.is_empty() && !matches!(self.form, Form::Automatic | Form::States) {
            return refuse("states", self.states.join(","), "needs data of states");
        }
        Ok(())
    }
}
