//! The short-time thermodynamic uncertainty bound in closed form.
//!
//! For currents with mean m and covariance C per step dt, 2 (θ·m)²/(θᵀCθ dt) ≤ σ as dt → 0, and the best combination θ ∝ C⁻¹m gives
//!
//! ```text
//! σ ≥ 2 mᵀC⁻¹m/dt
//! ```
//!
//! with equality for overdamped Langevin motion when the thermodynamic force F = D⁻¹ν is among the fields d; then 2 C⁻¹m are its coefficients. The number from data
//! (plug-in) is **no certified bound**: θ was fitted to the same data, which biases it upward by 2 tr(C⁻¹ Cov m)/dt ≈ 2 K_odd/(N dt), and a step of finite length biases it
//! downward. Both are taken out here, by the jackknife over blocks and by extrapolation from dt, 2 dt and 4 dt, so that the result is an estimate of the best bound of the
//! currents; what is certified is [`held_out_bound`](super::held_out_bound).
//!
//! Sources: S. Otsubo, S. Ito, A. Dechant and T. Sagawa, Phys. Rev. E 101, 062106 (2020); A. Dechant, J. Phys. A 52, 035001 (2019), several currents; M. Aguilera, S. Ito and
//! A. Kolchinsky, arXiv:2505.10444, second-moment and logarithmic forms; J. Li, J. M. Horowitz, T. R. Gingrich and N. Fakhri, Nat. Commun. 10, 1666 (2019), bead chains.

use irrev_numerics::{Estimate, Run};
use serde::{Deserialize, Serialize};

use super::family::Currents;
use super::moments::{Moments, Products, StrideSums};
use super::optimum::{Independent, Optimum, RANK_TOLERANCE, independent, optimum, quotient};
use crate::error::{Error, Result};
use crate::resampling::{Bootstrap, IntervalKind, block_length, bootstrap, interval, jackknife};

/// What is known of the means of total derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// Stationary and confined: dx_b and x_a dx_b + x_b dx_a have mean zero, which is put in; what data leave of them is from their ends. They still act as control variates.
    #[default]
    StationaryConfined,
    /// Nothing is put in: relaxation, drift, or the plain formula.
    Any,
}

/// How the bound is evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoundOptions {
    /// Default [`Motion::StationaryConfined`].
    pub motion: Motion,
    /// Draws of blocks behind the interval; default 1000.
    pub draws: usize,
    /// Confidence level; default 0.95.
    pub level: f64,
    /// How the interval follows from the draws; default [`IntervalKind::Recentred`].
    pub interval: IntervalKind,
    /// Pivots relative to their diagonal entry below which a current counts as dependent; default 1e-10.
    pub rank_tolerance: f64,
}

impl Default for BoundOptions {
    fn default() -> Self {
        Self {
            motion: Motion::default(),
            draws: 1000,
            level: 0.95,
            interval: IntervalKind::default(),
            rank_tolerance: RANK_TOLERANCE,
        }
    }
}

impl BoundOptions {
    pub(super) fn require(&self) -> Result<()> {
        let (draws, level, tolerance) = (self.draws, self.level, self.rank_tolerance);
        Error::require("the number of draws", draws as f64, draws >= 100, "at least 100")?;
        let inside = level > 0.0 && level < 1.0;
        Error::require("the confidence level", level, inside, "a number between 0 and 1")?;
        let small = (0.0..1.0).contains(&tolerance);
        Error::require(
            "the tolerance of the rank",
            tolerance,
            small,
            "a number from 0 to below 1",
        )
    }
}

/// The plain numbers of one step length, in nats per unit time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlugIn {
    /// Length of the step.
    pub step: f64,
    /// Number of steps.
    pub steps: u64,
    /// 2 mᵀC⁻¹m/dt with the unbiased covariance.
    pub central: f64,
    /// 2 mᵀ⟨ggᵀ⟩⁻¹m/dt: of any fixed θ a bound at any step.
    pub second_moment: f64,
    /// ln(1 + 2 mᵀC⁻¹m)/dt: of any fixed θ a bound at any step.
    pub logarithmic: f64,
}

/// The bound from data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UncertaintyBound {
    /// Best bound of the currents as dt → 0 with bias and interval, nats per unit time; an *estimate*, see [the module](self). May be negative where there is little to find.
    pub estimate: Estimate,
    /// Plain numbers of each step length.
    pub plug_in: Vec<PlugIn>,
    /// How much the last order of the extrapolation in dt changed; 0 with one step length, whose bias is then not taken out.
    pub step_error: f64,
    /// First-order bias of the plain number, from the jackknife; `2 K_odd/(N dt)` for independent steps.
    pub bias: f64,
    /// Number of independent currents, and of all.
    pub rank: usize,
    /// Number of currents.
    pub currents: usize,
    /// θ = 2C⁻¹m of the shortest step: coefficients of the thermodynamic force, see [`Currents::field`].
    pub coefficients: Vec<f64>,
    /// Blocks behind interval and bias.
    pub blocks: usize,
    /// Integrated correlation time of the entropy production along the data, in units of time.
    pub correlation_time: f64,
    /// Draws that gave no number.
    pub undefined_draws: usize,
    /// ln N/dt: no estimate from N steps can be trusted above.
    pub cap: f64,
}

/// Fewest blocks of an interval.
const FEWEST_BLOCKS: usize = 8;
/// Blocks for the jackknife and the bootstrap, if blocks are long enough.
const BLOCKS: (usize, usize) = (20, 64);

/// The bound and its interval from moments that were summed before, in one pass or several.
///
/// ```
/// use irrev_inference::currents::{BoundOptions, Currents, MomentOptions, Moments, Series, uncertainty_bound};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// // dx = −x dt + 2 (−y, x) dt + √2 dW by small steps: σ = 2 · 2² = 8
/// let (dt, mut stream, mut x, mut y) = (0.01, Stream::new(1, Purpose::Trajectory, 0), 0.0, 0.0);
/// let mut points = Vec::new();
/// for _ in 0..40_000 {
///     points.extend([x, y]);
///     let noise = [(2.0_f64 * dt).sqrt() * stream.normal(), (2.0_f64 * dt).sqrt() * stream.normal()];
///     (x, y) = (x + (-x - 2.0 * y) * dt + noise[0], y + (2.0 * x - y) * dt + noise[1]);
/// }
/// let series = Series::new([points], 2, dt)?;
/// let run = Run::default();
/// let moments = Moments::of(&series, Currents::affine(vec![0.0; 2]), &MomentOptions::default(), &run)?;
/// let bound = uncertainty_bound(&moments, &BoundOptions::default(), &run)?;
/// assert!((bound.estimate.value - 8.0).abs() < 5.0 * bound.estimate.standard_error + 0.4);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for fewer steps than ten for each current, or fewer than eight blocks (of 128 steps, or of one segment); [`Error::Domain`] for options; [`Error::Numerics`] where second moments without
/// noise are not positive definite (too few data for so much noise); cancellation.
pub fn uncertainty_bound(
    moments: &Moments,
    options: &BoundOptions,
    run: &Run<'_>,
) -> Result<UncertaintyBound> {
    options.require()?;
    let reading = Reading::of(moments, options)?;
    run.report(0.0, "bounding the entropy production")?;
    let total = moments.blocks().total();
    let found = reading.optimum(&total)?;
    let theta: Vec<f64> = found.direction.iter().map(|x| 2.0 * x).collect();
    let rows = moments.blocks().rows();
    let influences: Vec<f64> = rows.iter().map(|row| reading.influence(row, &theta)).collect();
    let length = block_length(&influences);
    let most = (rows.len() as f64 / length.optimal).ceil() as usize;
    let blocks = moments.blocks().joined(most.clamp(BLOCKS.0, BLOCKS.1));
    if blocks.len() < FEWEST_BLOCKS {
        return Err(Error::TooFew {
            what: "an interval",
            unit: "blocks of 128 steps or of a segment",
            found: blocks.len(),
            needed: FEWEST_BLOCKS,
        });
    }
    let value = |sums: &[f64]| reading.value(sums);
    let knife = jackknife(&blocks, value)?;
    let mut drawn = bootstrap(&blocks, 1, options.draws, value, run)?;
    require_numbers(&drawn, knife.standard_error)?;
    shorten(&mut drawn, knife.bias, reading.odd());
    let mut estimate = interval(&knife, &drawn, options.interval, options.level);
    estimate.standard_error = drawn.standard_error();
    let plug_in = reading.plug_in(&total);
    let steps_of_row = moments.steps() as f64 / rows.len() as f64;
    Ok(UncertaintyBound {
        estimate,
        step_error: reading.step_error(&total),
        bias: knife.bias,
        rank: reading.independent.order.len(),
        currents: reading.number,
        coefficients: theta,
        blocks: blocks.len(),
        correlation_time: length.correlation_time * steps_of_row * moments.step(),
        undefined_draws: drawn.undefined,
        cap: (moments.steps() as f64).ln() / moments.step(),
        plug_in,
    })
}

/// The bound without interval and bias: one solution, for where only speed counts. Extrapolated over the strides of the moments.
///
/// # Errors
/// As [`uncertainty_bound`], except for the number of blocks.
pub fn point_estimate(moments: &Moments, motion: Motion) -> Result<f64> {
    let options = BoundOptions {
        motion,
        ..BoundOptions::default()
    };
    let reading = Reading::of(moments, &options)?;
    Ok(reading.value(&moments.blocks().total()))
}

/// The plain closed-form numbers of each stride, with nothing put in and nothing taken out.
///
/// ```
/// use irrev_inference::currents::{Currents, MomentOptions, Moments, plug_in};
/// let mut moments = Moments::new(Currents::antisymmetric(2), 1.0, &MomentOptions { strides: vec![1], ..Default::default() })?;
/// // round the unit square, with a step back now and then
/// for corner in [0, 1, 2, 3, 0, 1, 0, 1, 2, 3, 0, 3, 0, 1, 2] {
///     moments.push(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]][corner])?;
/// }
/// moments.end_segment()?;
/// let found = plug_in(&moments)?[0];
/// let q = 0.5 * found.central;                                   // m²/C
/// assert!((found.logarithmic - (1.0 + 2.0 * q).ln()).abs() < 1e-15 && found.second_moment < found.central);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for fewer steps than currents and two.
pub fn plug_in(moments: &Moments) -> Result<Vec<PlugIn>> {
    let options = BoundOptions {
        motion: Motion::Any,
        ..BoundOptions::default()
    };
    require_steps(moments, 1)?;
    Ok(Reading::new(moments, &options)?.plug_in(&moments.blocks().total()))
}

/// Brings draws to the variance of the bound over other data.
///
/// The bound is a square |μ + δ|² with δ of a covariance S: its variance is 4 μSμ + v with v = 2 tr S². A draw starts from data that have a δ already, so that draws scatter by 4 μSμ + 3v. The bias is
/// tr S, which over κ combinations of currents makes v at least 2 bias²/κ.
fn shorten(drawn: &mut Bootstrap, bias: f64, combinations: usize) {
    let square = 2.0 * bias * bias / combinations.max(1) as f64;
    let found = drawn.standard_error().powi(2);
    let wanted = (found - 2.0 * square).max(square).min(found);
    if !(wanted < found) {
        return;
    }
    let scale = (wanted / found).sqrt();
    let mean = drawn.draws.iter().sum::<f64>() / drawn.draws.len() as f64;
    drawn
        .draws
        .iter_mut()
        .for_each(|x| *x = mean + scale * (*x - mean));
}

fn require_steps(moments: &Moments, for_each_current: usize) -> Result<()> {
    let needed = for_each_current * moments.currents().len() + 2;
    if (moments.steps() as usize) < needed {
        return Err(Error::TooFew {
            what: "a bound from this many currents",
            unit: "steps",
            found: moments.steps() as usize,
            needed,
        });
    }
    Ok(())
}

fn require_numbers(drawn: &Bootstrap, standard_error: f64) -> Result<()> {
    if drawn.draws.len() > drawn.undefined && standard_error.is_finite() {
        return Ok(());
    }
    Err(not_definite())
}

fn not_definite() -> Error {
    Error::Numerics(irrev_numerics::Error::Singular {
        what: "covariance of currents, which is not positive definite: more data, fewer currents or second moments of plain products are needed",
        residual: f64::INFINITY,
    })
}

/// How numbers are read from rows of sums.
pub(super) struct Reading<'a> {
    currents: &'a Currents,
    number: usize,
    step: f64,
    strides: &'a [usize],
    motion: Motion,
    products: Products,
    pub(super) independent: Independent,
}

impl<'a> Reading<'a> {
    pub(super) fn of(moments: &'a Moments, options: &BoundOptions) -> Result<Self> {
        require_steps(moments, 10)?;
        Self::new(moments, options)
    }

    fn new(moments: &'a Moments, options: &BoundOptions) -> Result<Self> {
        Self::over(moments, &moments.blocks().total(), options)
    }

    /// Of rows of the kind that the moments have.
    pub(super) fn over(moments: &'a Moments, total: &[f64], options: &BoundOptions) -> Result<Self> {
        let currents = moments.currents();
        let number = currents.len();
        let sums = StrideSums::of(total, 0, number).filter(|sums| sums.count > 1.0);
        let sums = sums.ok_or(Error::TooFew {
            what: "a bound",
            unit: "steps inside of segments long enough for them",
            found: 0,
            needed: 2,
        })?;
        let covariance = sums.covariance(&sums.means());
        Ok(Self {
            currents,
            number,
            step: moments.step(),
            strides: &moments.options().strides,
            motion: options.motion,
            products: moments.options().products,
            independent: independent(&covariance, number, options.rank_tolerance),
        })
    }

    /// Combinations of currents whose means come from the data.
    fn odd(&self) -> usize {
        match self.motion {
            Motion::StationaryConfined => self.currents.odd(),
            Motion::Any => self.number,
        }
    }

    fn means(&self, sums: &StrideSums<'_>) -> Vec<f64> {
        let mut means = sums.means();
        if self.motion == Motion::StationaryConfined {
            self.currents.stationary_means(&mut means);
        }
        means
    }

    /// mᵀC⁻¹m for a stride; NaN without steps.
    fn quotient(&self, row: &[f64], place: usize) -> f64 {
        let Some(sums) = StrideSums::of(row, place, self.number) else {
            return f64::NAN;
        };
        let means = self.means(&sums);
        quotient(&means, &sums.covariance(&means), &self.independent)
    }

    pub(super) fn optimum(&self, row: &[f64]) -> Result<Optimum> {
        let sums = StrideSums::of(row, 0, self.number).ok_or_else(not_definite)?;
        let means = self.means(&sums);
        optimum(&means, &sums.covariance(&means), &self.independent).ok_or_else(not_definite)
    }

    /// 2 mᵀC⁻¹m/dt for each stride.
    fn centrals(&self, row: &[f64]) -> Vec<f64> {
        let one =
            |(place, stride): (usize, &usize)| 2.0 * self.quotient(row, place) / (*stride as f64 * self.step);
        self.strides.iter().enumerate().map(one).collect()
    }

    /// The bound, extrapolated to dt = 0 over all strides that have steps.
    pub(super) fn value(&self, row: &[f64]) -> f64 {
        let centrals = self.centrals(row);
        extrapolated(self.strides, &centrals)
    }

    fn step_error(&self, row: &[f64]) -> f64 {
        let centrals = self.centrals(row);
        let fewer = self.strides.len().saturating_sub(1).max(1);
        let lower = extrapolated(&self.strides[..fewer], &centrals[..fewer]);
        (extrapolated(self.strides, &centrals) - lower).abs()
    }

    fn plug_in(&self, row: &[f64]) -> Vec<PlugIn> {
        let mut found = Vec::with_capacity(self.strides.len());
        for (place, stride) in self.strides.iter().enumerate() {
            let Some(sums) = StrideSums::of(row, place, self.number) else {
                continue;
            };
            let step = *stride as f64 * self.step;
            let q = self.quotient(row, place);
            // ⟨ggᵀ⟩ = (1 − 1/N) C + m mᵀ, inverted by Sherman and Morrison
            let biased = match self.products {
                Products::Plain => q * sums.count / (sums.count - 1.0),
                Products::WithoutNoise => q,
            };
            found.push(PlugIn {
                step,
                steps: sums.count as u64,
                central: 2.0 * q / step,
                second_moment: 2.0 * biased / (1.0 + biased) / step,
                logarithmic: (2.0 * q).ln_1p() / step,
            });
        }
        found
    }

    /// Σ over a block of 2θ·g − ½ (θ·(g − m))², less its mean: what the block does to the bound of the shortest step.
    fn influence(&self, row: &[f64], theta: &[f64]) -> f64 {
        let Some(sums) = StrideSums::of(row, 0, self.number) else {
            return 0.0;
        };
        let (linear, square) = tilted(&sums, theta);
        2.0 * linear / sums.count - 0.5 * square / sums.count
    }
}

/// Σ θ·g and Σ (θ·g)².
pub(super) fn tilted(sums: &StrideSums<'_>, theta: &[f64]) -> (f64, f64) {
    let linear = sums.sums.iter().zip(theta).map(|(s, t)| s * t).sum();
    let mut square = 0.0;
    let mut place = 0;
    for k in 0..theta.len() {
        let row = &sums.products[place..place + k];
        let off: f64 = row.iter().zip(theta).map(|(p, t)| p * t).sum();
        square += theta[k] * (2.0 * off + theta[k] * sums.products[place + k]);
        place += k + 1;
    }
    (linear, square)
}

/// The value at 0 of the polynomial through (stride, value), by Lagrange.
fn extrapolated(strides: &[usize], values: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (k, (stride, value)) in strides.iter().zip(values).enumerate() {
        let others = strides.iter().enumerate().filter(|(l, _)| *l != k);
        let weight: f64 = others
            .map(|(_, other)| *other as f64 / (*other as f64 - *stride as f64))
            .product();
        sum += weight * value;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extrapolation_takes_out_two_orders() {
        let of = |dt: f64| 3.0 - 0.7 * dt + 0.2 * dt * dt;
        let values = [of(1.0), of(2.0), of(4.0)];
        assert!((extrapolated(&[1, 2, 4], &values) - 3.0).abs() < 1e-14);
        assert_eq!(extrapolated(&[1], &values[..1]), values[0]);
    }
}
