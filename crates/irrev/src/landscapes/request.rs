//! What is asked of a recording.

use crate::error::{Error, Result};

/// Where the velocities come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VelocitySource {
    /// Those of the recording if it has any, else differences of positions.
    #[default]
    Automatic,
    /// Differences of positions.
    Differences,
    /// kT times the recorded metric.
    Metrics,
}

impl VelocitySource {
    /// The word of the option.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Automatic => "auto",
            Self::Differences => "differences",
            Self::Metrics => "metrics",
        }
    }
}

/// Questions to a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct LandscapeRequest {
    /// kT, in the unit in which G is wanted; default 1.
    pub temperature: f64,
    /// Whether the user said of each coordinate whether it has a period; otherwise steps across a whole range are taken for a period that was forgotten, and refused.
    pub periods_told: bool,
    /// Cells of a coordinate; default 48.
    pub cells: usize,
    /// Where cells begin and end on a line; default where all but a thousandth of the frames lie.
    pub range: Option<(f64, f64)>,
    /// Cells with fewer independent visits are left out; default 10.
    pub least_count: f64,
    /// Draws of the bootstrap; default 200.
    pub draws: usize,
    /// Where velocities come from.
    pub velocities: VelocitySource,
    /// Lags of the memory kernel, in frames; 0 leaves it out, `None` takes a tenth of the shortest trajectory, at most 400.
    pub lags: Option<usize>,
    /// Levels of hidden dimensions; 0 leaves them out, `None` takes 2 where the time step resolves accelerations.
    pub levels: Option<usize>,
    /// Widths of box filters, in frames, for the study of time scales; default none.
    pub scales: Vec<usize>,
    /// Two coordinates, by name, whose mean force (or drift) is taken apart into a gradient and a flux; default none.
    pub field: Option<[String; 2]>,
    /// Cells of each of these two; default 24.
    pub field_cells: usize,
    /// A of F = −A∇V_m + v, one positive number for each of these two; default 1 and 1.
    pub metric_weights: [f64; 2],
    /// Walkers that follow the fitted memory, beside the recording; 0 leaves them out, `None` takes 256.
    pub resimulate: Option<usize>,
}

impl Default for LandscapeRequest {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            periods_told: false,
            cells: 48,
            range: None,
            least_count: 10.0,
            draws: 200,
            velocities: VelocitySource::Automatic,
            lags: None,
            levels: None,
            scales: Vec::new(),
            field: None,
            field_cells: 24,
            metric_weights: [1.0; 2],
            resimulate: None,
        }
    }
}

impl LandscapeRequest {
    /// Most cells, draws and lags.
    const MOST: usize = 1_000_000;

    /// Most cells along either coordinate of a field.
    const MOST_OF_FIELD: usize = 300;

    /// Most walkers.
    const MOST_WALKERS: usize = 100_000;

    /// Whether its numbers are possible; [`report`](super::report) refuses others, but only once a recording is read.
    ///
    /// ```
    /// use irrev::landscapes::LandscapeRequest;
    /// let request = LandscapeRequest { temperature: -1.0, ..LandscapeRequest::default() };
    /// assert!(request.check().unwrap_err().to_string().contains("temperature"));
    /// ```
    ///
    /// # Errors
    /// [`Error::Request`] with the first number that is not.
    pub fn check(&self) -> Result<()> {
        let refuse = |option, given: String, problem: &str| {
            Err(Error::Request {
                option,
                given,
                problem: problem.into(),
            })
        };
        if !(self.temperature > 0.0 && self.temperature.is_finite()) {
            return refuse(
                "kt",
                format!("{:?}", self.temperature),
                "is no temperature; give a positive number",
            );
        }
        if !(5..=Self::MOST).contains(&self.cells) {
            return refuse(
                "cells",
                self.cells.to_string(),
                "is out of range; give a whole number from 5 to 1000000",
            );
        }
        if let Some((low, high)) = self.range
            && !(low < high && low.is_finite() && high.is_finite())
        {
            return refuse(
                "range",
                format!("{low:?},{high:?}"),
                "is no range; give two ascending numbers",
            );
        }
        if !(self.least_count >= 1.0 && self.least_count.is_finite()) {
            return refuse(
                "least-count",
                format!("{:?}", self.least_count),
                "is no number of visits; give one of at least 1",
            );
        }
        // tests at a level of 1 % need a hundred draws
        if !(100..=Self::MOST).contains(&self.draws) {
            return refuse(
                "draws",
                self.draws.to_string(),
                "is out of range; give a whole number from 100 to 1000000",
            );
        }
        if let Some(width) = self
            .scales
            .iter()
            .find(|width| !(1..=Self::MOST).contains(*width))
        {
            return refuse(
                "scales",
                width.to_string(),
                "is no width; give whole numbers of frames from 1 to 1000000",
            );
        }
        if let Some([first, second]) = &self.field
            && first == second
        {
            return refuse(
                "field",
                format!("{first},{second}"),
                "is one coordinate twice; give two",
            );
        }
        if !(4..=Self::MOST_OF_FIELD).contains(&self.field_cells) {
            return refuse(
                "field-cells",
                self.field_cells.to_string(),
                "is out of range; give a whole number from 4 to 300",
            );
        }
        let [a, b] = self.metric_weights;
        if !(a > 0.0 && a.is_finite() && b > 0.0 && b.is_finite()) {
            return refuse(
                "metric-weights",
                format!("{a:?},{b:?}"),
                "is no metric; give two positive numbers",
            );
        }
        if self
            .resimulate
            .is_some_and(|walkers| walkers > Self::MOST_WALKERS)
        {
            return refuse(
                "resimulate",
                format!("{:?}", self.resimulate.unwrap_or(0)),
                "is out of range; give a whole number of walkers up to 100000, or 0 for none",
            );
        }
        Ok(())
    }
}
