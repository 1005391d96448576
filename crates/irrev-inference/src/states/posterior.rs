//! What is known of the rates after the data: independent Gamma laws, and samples of anything that follows from rates.
//!
//! With a prior k^{a−1} e^{−bk} the posterior of k_ij is Gamma with shape N_ij + a and rate T_j + b. Jeffreys' prior is a = 1/2, b = 0.
//!
//! Source: Marsaglia and Tsang, ACM Trans. Math. Softw. 26, 363 (2000), for the sampler.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::run::Run;
use irrev_numerics::streams::Stream;
use irrev_numerics::{Estimate, EstimateKind};

use super::trajectory::JumpCounts;
use crate::error::{Error, Result};
use crate::replicas::{Task, mean_and_deviation, middle, replicas, require_level};

/// Prior law of every rate, proportional to k^{shape−1} e^{−rate·k}.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatePrior {
    /// Shape a > 0; default 1/2 (Jeffreys).
    pub shape: f64,
    /// Rate b ≥ 0, a time; default 0 (Jeffreys).
    pub rate: f64,
}

impl Default for RatePrior {
    fn default() -> Self {
        Self {
            shape: 0.5,
            rate: 0.0,
        }
    }
}

/// Which jumps can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RateSupport {
    /// Between states with a jump seen in either direction (default); all others are impossible.
    #[default]
    SeenEitherWay,
    /// Between any two states.
    All,
}

/// Posterior of the rates behind counts.
///
/// ```
/// use irrev_inference::states::{JumpTrajectory, RatePosterior, RatePrior, RateSupport, jump_counts};
/// use irrev_numerics::Run;
/// let times: Vec<f64> = (0..100).map(f64::from).collect();
/// let states: Vec<u32> = (0..100).map(|k| k % 2).collect();
/// let counts = jump_counts(2, &[JumpTrajectory { states: &states, entry_times: &times, end: 100.0 }])?;
/// let posterior = RatePosterior::new(&counts, RatePrior::default(), RateSupport::SeenEitherWay)?;
/// let samples = posterior.samples(400, &Run::default(), |rates| Ok(vec![rates[(1, 0)], rates[(0, 1)] / rates[(1, 0)]]))?;
/// let ratio = samples.estimate(1, 0.95)?;
/// assert!(ratio.interval.0 < 1.0 && ratio.interval.1 > 1.0);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RatePosterior {
    /// Shapes; 0 where no jump can happen.
    shapes: Matrix,
    /// T_j + b.
    times: Vec<f64>,
    jumps: usize,
}

/// Samples of functions of the rates, one row a draw.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorSamples {
    rows: Vec<Vec<f64>>,
    jumps: usize,
}

impl RatePosterior {
    /// Posterior after the counts.
    ///
    /// # Errors
    /// [`Error::Domain`] for a prior without a meaning, or if the prior leaves a possible rate out of a state never visited without any scale.
    pub fn new(counts: &JumpCounts, prior: RatePrior, support: RateSupport) -> Result<Self> {
        let RatePrior { shape, rate } = prior;
        Error::require(
            "shape of the prior",
            shape,
            shape > 0.0 && shape.is_finite(),
            "a positive number",
        )?;
        Error::require(
            "rate of the prior",
            rate,
            rate >= 0.0 && rate.is_finite(),
            "a number not below 0",
        )?;
        let n = counts.dwell().len();
        let seen = counts.counts();
        let shapes = Matrix::from_fn(n, n, |i, j| {
            let possible = i != j && (support == RateSupport::All || seen[(i, j)] + seen[(j, i)] > 0.0);
            if possible { seen[(i, j)] + shape } else { 0.0 }
        });
        let times: Vec<f64> = counts.dwell().iter().map(|t| t + rate).collect();
        for (j, &time) in times.iter().enumerate() {
            let possible = shapes.column(j).iter().any(|&a| a > 0.0);
            Error::require(
                "time spent in a state, plus the rate of the prior",
                time,
                time > 0.0 || !possible,
                "a positive number: states never visited need a prior with a positive rate",
            )?;
        }
        Ok(Self {
            shapes,
            times,
            jumps: counts.jumps(),
        })
    }

    /// Mean of the posterior, (N_ij + a)/(T_j + b).
    #[must_use]
    pub fn mean(&self) -> Matrix {
        let n = self.times.len();
        Matrix::from_fn(n, n, |i, j| match self.shapes[(i, j)] {
            0.0 => 0.0,
            shape => shape / self.times[j],
        })
    }

    /// One draw of all rates.
    #[must_use]
    pub fn draw(&self, stream: &mut Stream) -> Matrix {
        let n = self.times.len();
        Matrix::from_fn(n, n, |i, j| match self.shapes[(i, j)] {
            0.0 => 0.0,
            shape => gamma(shape, stream) / self.times[j],
        })
    }

    /// Draws of a function of the rates (rate matrix W_ij = rate j → i, diagonal 0): any number of quantities at once.
    ///
    /// # Errors
    /// [`Error::Domain`] for fewer than 20 draws; [`Error::Size`] if the function returns different numbers of quantities; errors of the function; cancellation.
    pub fn samples(
        &self,
        number: usize,
        run: &Run,
        function: impl Fn(&Matrix) -> Result<Vec<f64>> + Sync,
    ) -> Result<PosteriorSamples> {
        Error::require(
            "number of posterior draws",
            number as f64,
            number >= 20,
            "at least 20",
        )?;
        let rows = replicas(Task::Posterior, number, run, |stream| {
            function(&self.draw(stream))
        })?;
        let width = rows[0].len();
        if let Some(row) = rows.iter().find(|row| row.len() != width) {
            return Err(Error::Size {
                what: "quantities of a posterior draw",
                found: row.len(),
                expected: width,
            });
        }
        Ok(PosteriorSamples {
            rows,
            jumps: self.jumps,
        })
    }
}

impl PosteriorSamples {
    /// Number of quantities.
    #[must_use]
    pub fn quantities(&self) -> usize {
        self.rows[0].len()
    }

    /// Draws of one quantity.
    ///
    /// # Errors
    /// [`Error::Domain`] if there is no such quantity.
    pub fn of(&self, quantity: usize) -> Result<Vec<f64>> {
        Error::require(
            "place of a quantity",
            quantity as f64,
            quantity < self.quantities(),
            "a place below the number of quantities",
        )?;
        Ok(self.rows.iter().map(|row| row[quantity]).collect())
    }

    /// Posterior mean, standard deviation and central interval of one quantity; `sample_size` is the number of jumps.
    ///
    /// # Errors
    /// [`Error::Domain`] if there is no such quantity or level.
    pub fn estimate(&self, quantity: usize, level: f64) -> Result<Estimate> {
        require_level(level)?;
        let draws = self.of(quantity)?;
        let (value, standard_error) = mean_and_deviation(&draws);
        Ok(Estimate {
            value,
            standard_error,
            interval: middle(&draws, level),
            level,
            sample_size: self.jumps,
            bias_correction: 0.0,
            kind: EstimateKind::Estimate,
        })
    }

    /// Share of draws of one quantity for which something holds, such as a negative flow to the surroundings.
    ///
    /// # Errors
    /// [`Error::Domain`] if there is no such quantity.
    pub fn probability(&self, quantity: usize, holds: impl Fn(f64) -> bool) -> Result<f64> {
        let draws = self.of(quantity)?;
        Ok(draws.iter().filter(|&&x| holds(x)).count() as f64 / draws.len() as f64)
    }
}

/// Gamma number with the given shape and rate 1. Below shape 1: Γ(a) = Γ(a + 1) u^{1/a}.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = stream.uniform().powf(shape.recip());
        return gamma(shape + 1.0, stream) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = (9.0 * d).sqrt().recip();
    loop {
        let x = stream.normal();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && stream.uniform().ln() < 0.5 * x * x + d * (1.0 - v + v.ln()) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::Purpose;
    use irrev_testing::assert_close;

    #[test]
    fn gamma_numbers_have_their_mean_and_variance() {
        // n = 1e5: 5 σ of the mean √(a/n), of the variance √((2a² + 6a)/n); two-sided 6e-7 each, eight checks
        let n = 100_000;
        for shape in [0.5, 1.0, 4.5, 300.0] {
            let mut stream = Stream::new(1, Purpose::Search, 0);
            let draws: Vec<f64> = (0..n).map(|_| gamma(shape, &mut stream)).collect();
            let (mean, deviation) = mean_and_deviation(&draws);
            let scale = 5.0 / f64::from(n).sqrt();
            assert_close("mean", mean, shape, 0.0, scale * shape.sqrt());
            assert_close(
                "variance",
                deviation.powi(2),
                shape,
                0.0,
                scale * (2.0 * shape * shape + 6.0 * shape).sqrt(),
            );
        }
    }
}
