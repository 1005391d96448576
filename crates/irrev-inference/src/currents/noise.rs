//! Noise of measurement, told from motion by neighbouring increments.
//!
//! If y = x + η is recorded with η independent from point to point, the covariance R_k of increments k steps apart is that of the motion plus 2⟨η²⟩, −⟨η²⟩, 0, 0 … for
//! k = 0, 1, 2, 3 …. Relaxation makes R_1 negative, too, but it changes little from one lag to the next, so that
//!
//! ```text
//! ⟨η²⟩ ≈ −(R_1 − 2R_2 + R_3),    D ≈ (R_0 + 2R_1)/(2dt).
//! ```
//!
//! What motion leaves in the first is of fourth order in dt. The mean of a linear current at midpoints is not changed by such noise, its square is: bounds from below stay bounds and become loose.
//! Where R_1 is a clearly positive part of R_0, neighbouring increments go the same way: inertia, or averaging by the recorder.
//!
//! Source: C. L. Vestergaard, P. C. Blainey and H. Flyvbjerg, Phys. Rev. E 89, 022726 (2014).

use irrev_numerics::Run;
use serde::{Deserialize, Serialize};

use super::series::Series;
use crate::error::{Error, Result};
use crate::resampling::{Blocks, jackknife};

/// Noise that is this many standard errors from none counts as seen: 6e-7, two-sided.
const SEEN: f64 = 5.0;
/// Correlation of neighbouring increments that drift at a short step does not reach.
const SMOOTH: f64 = 0.1;
/// Steps of a leaf.
const LEAF: usize = 256;
/// Blocks behind the errors.
const BLOCKS: usize = 64;

/// What increments of one coordinate tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MeasurementNoise {
    /// Which coordinate.
    pub coordinate: usize,
    /// ⟨η²⟩; may be below zero by chance.
    pub variance: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// 2⟨η²⟩/R_0: part of the mean square increment that is noise.
    pub share: f64,
    /// D without noise, (R_0 + 2R_1)/(2dt).
    pub diffusion: f64,
    /// Noise is clearly there: by more than five standard errors.
    pub seen: bool,
    /// Neighbouring increments clearly go the same way, R_1 > R_0/10: inertia or averaging, which overdamped motion at a short step has not.
    pub smooth: bool,
}

/// Noise of measurement of each coordinate.
///
/// ```
/// use irrev_inference::currents::{Series, measurement_noise};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// // steps of variance 0.02, seen with noise of variance 0.01
/// let (mut stream, mut x) = (Stream::new(1, Purpose::Trajectory, 0), 0.0);
/// let seen: Vec<f64> = (0..20_000).map(|_| { x += 0.02_f64.sqrt() * stream.normal(); x + 0.1 * stream.normal() }).collect();
/// let found = measurement_noise(&Series::new([seen], 1, 0.01)?, &Run::default())?;
/// assert!(found[0].seen && (found[0].variance - 0.01).abs() < 5.0 * found[0].standard_error);
/// assert!((found[0].diffusion - 1.0).abs() < 0.1);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for fewer than 64 quadruples of steps; cancellation.
pub fn measurement_noise(series: &Series<'_>, run: &Run<'_>) -> Result<Vec<MeasurementNoise>> {
    let d = series.dimension();
    let leaf = (series.steps() / (4 * BLOCKS)).clamp(1, LEAF);
    run.report(0.0, "looking for noise of measurement")?;
    // for each coordinate: Σ dx(t) dx(t + k), k = 0 to 3; then how many
    let mut blocks = Blocks::new(4 * d + 1);
    let mut number = 0;
    for points in series.each() {
        let quadruples = (points.len() / d).saturating_sub(4);
        number += quadruples;
        for first in (0..quadruples).step_by(leaf) {
            let these = first..(first + leaf).min(quadruples);
            let mut row = vec![0.0; 4 * d + 1];
            row[4 * d] = these.len() as f64;
            for a in 0..d {
                let at = |t: usize| points[t * d + a];
                let mut steps = [0, 1, 2].map(|k| at(these.start + k + 1) - at(these.start + k));
                let mut sums = [0.0; 4];
                for t in these.clone() {
                    let last = at(t + 4) - at(t + 3);
                    let [first, second, third] = steps;
                    sums[0] += first * first;
                    sums[1] += first * second;
                    sums[2] += first * third;
                    sums[3] += first * last;
                    steps = [second, third, last];
                }
                row[4 * a..4 * a + 4].copy_from_slice(&sums);
            }
            blocks.add(row)?;
        }
    }
    if number < BLOCKS {
        return Err(Error::TooFew {
            what: "an estimate of the noise of measurement",
            unit: "runs of four steps",
            found: number,
            needed: BLOCKS,
        });
    }
    let rows = blocks.joined(BLOCKS);
    let total = blocks.total();
    let each = (0..d).map(|a| {
        let variance = |sums: &[f64]| {
            let r = &sums[4 * a..4 * a + 4];
            -(r[1] - 2.0 * r[2] + r[3]) / sums[4 * d]
        };
        let knife = jackknife(&rows, variance)?;
        let persistent = jackknife(&rows, |sums| sums[4 * a + 1] / sums[4 * a])?;
        let lag = |k: usize| total[4 * a + k] / total[4 * d];
        let deviation = knife.value / knife.standard_error;
        Ok(MeasurementNoise {
            coordinate: a,
            variance: knife.value,
            standard_error: knife.standard_error,
            share: 2.0 * knife.value / lag(0),
            diffusion: (lag(0) + 2.0 * lag(1)) / (2.0 * series.step()),
            seen: deviation > SEEN,
            smooth: persistent.value - SMOOTH > SEEN * persistent.standard_error,
        })
    });
    each.collect()
}
