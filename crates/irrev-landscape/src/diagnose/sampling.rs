//! The structure function at three lags, and what follows from it.

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::blocks::{Blocks, resampled, resampled_total};
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::landscape::Profile;
use crate::record::{Clock, Record, Segment, require_inside, require_numbers};

/// Lags in frames.
const LAGS: [usize; 3] = [1, 2, 4];
/// Columns: weight and sum of squares of each lag.
const WIDTH: usize = 2 * LAGS.len();
const LEAF: usize = 4096;
const DRAWS: u64 = 200;

/// A correction by more than this part of a moment deserves a warning.
const LARGE: f64 = 0.2;

/// What kind of motion the steps show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regime {
    /// D(k) ∝ k² beside noise, exponent above 1.75: velocities exist.
    Inertial,
    /// D(k) ∝ k beside noise, exponent below 1.25: no velocities exist at this step; V_m is refused, drift and diffusion are what there is.
    Overdamped,
    /// Between the two, or not known for lack of data: the step is about the time in which velocities forget; record more often.
    Between,
}

/// What the steps of a recording say about its step and its noise.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sampling {
    /// Time step h.
    pub step: f64,
    /// D(1), D(2) and D(4), in the unit of the coordinate squared.
    pub structure: [Estimate; 3],
    /// α of D(k) = 2 s² + B k^α, log₂{[D(4) − D(2)]/[D(2) − D(1)]}: 2 with inertia, 1 without.
    pub exponent: Estimate,
    /// What kind of motion that is.
    pub regime: Regime,
    /// s², the variance of the noise of a position, in the unit of the coordinate squared; NaN between the regimes. For a smooth motion it contains h⁴⟨r̈²⟩/6
    /// or less.
    pub noise: Estimate,
    /// s²/2h² over the mean of central (r₊ − r₋)²/4h², which it is a part of: the noise of w.
    pub noise_of_velocity: f64,
    /// How much a step twice as long lowers w, over w, after the noise is taken out: the step itself lowers it by about as much (or a third of it if
    /// velocities are smooth).
    pub step_of_velocity: f64,
}

impl Sampling {
    /// Sentences for what should be known before w, a or V_m of this recording are believed; none if all is well.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        match self.regime {
            Regime::Overdamped => warnings.push(format!(
                "steps grow like t^{:.2}: at this time step the motion is diffusive, ⟨Ṙ²; r⟩ diverges \
                 like 1/h and a mean-force potential does not exist; use drift and diffusion",
                self.exponent.value / 2.0
            )),
            Regime::Between => warnings.push(format!(
                "steps grow like t^{:.2}: the time step is about as long as velocities last, so that ⟨Ṙ²; r⟩ depends on it; record more often",
                self.exponent.value / 2.0
            )),
            Regime::Inertial => {}
        }
        if self.noise_of_velocity > LARGE {
            warnings.push(format!(
                "noise of positions makes {:.0} % of ⟨Ṙ²; r⟩ from differences; correct for it, use recorded velocities, or filter",
                100.0 * self.noise_of_velocity
            ));
        }
        if self.regime == Regime::Inertial && self.step_of_velocity > LARGE {
            warnings.push(format!(
                "a step twice as long lowers ⟨Ṙ²; r⟩ from differences by {:.0} %: the time step is too long for it",
                100.0 * self.step_of_velocity
            ));
        }
        warnings
    }

    /// Refuses what needs velocities where there are none.
    ///
    /// # Errors
    /// [`Error::Overdamped`] with the exponent.
    pub fn require_velocities(&self) -> Result<()> {
        match self.regime {
            Regime::Overdamped => Err(Error::Overdamped {
                exponent: self.exponent.value,
                step: self.step,
            }),
            Regime::Inertial | Regime::Between => Ok(()),
        }
    }

    /// A profile from central differences without what noise adds: w − s²/2h² and a − 2 s² (ln ρ)'/h², with (ln ρ)' by differences of neighbouring points
    /// (NaN where one has no density).
    ///
    /// ρ itself stays blurred by s.
    #[must_use]
    pub fn corrected(&self, profile: &Profile) -> Profile {
        let part = self.noise.value / (self.step * self.step);
        let mut corrected = profile.clone();
        let log: Vec<f64> = profile
            .density
            .iter()
            .map(|rho| if *rho > 0.0 { rho.ln() } else { f64::NAN })
            .collect();
        let n = log.len();
        for k in 0..n {
            let (low, high) = (k.saturating_sub(1), (k + 1).min(n - 1));
            let slope = if low < high {
                (log[high] - log[low]) / (profile.points[high] - profile.points[low])
            } else {
                f64::NAN
            };
            corrected.mean_square_velocity[k] -= 0.5 * part;
            corrected.mean_acceleration[k] -= 2.0 * part * slope;
        }
        corrected
    }
}

/// Step and noise of one coordinate of a record with equal steps.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::diagnose::{Regime, sampling};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// let mut stream = Stream::new(1, Purpose::Search, 0);
/// let noisy: Vec<f64> = (0..20_000).map(|k| (0.1 * f64::from(k)).sin() + 0.02 * stream.normal()).collect();
/// let found = sampling(&Record::of_positions(0.1, [&noisy[..]])?, 0, &Run::default())?;
/// assert_eq!(found.regime, Regime::Inertial);
/// assert!((found.noise.value.sqrt() - 0.02).abs() < 0.001);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unlike`] if segments have different steps or times instead of steps, [`Error::Empty`] if no segment has five frames, what is wrong with the
/// values, [`Error::Numerics`] if cancelled.
pub fn sampling(record: &Record<'_>, coordinate: usize, run: &Run<'_>) -> Result<Sampling> {
    let step = common_step(record)?;
    let period = record.period(coordinate)?;
    let mut leaves = Vec::new();
    for segment in record.segments() {
        // frames that have all lags ahead of them
        let last = segment.frames().saturating_sub(LAGS[2]);
        leaves.extend(
            (0..last)
                .step_by(LEAF)
                .map(|start| (segment, start..(start + LEAF).min(last))),
        );
    }
    if leaves.is_empty() {
        return Err(Error::Empty {
            what: "the set of frames with four more after them",
            way_out: "give trajectories of at least five frames",
        });
    }
    run.report(0.0, "steps of a recording")?;
    let sums: Vec<Result<Vec<f64>>> = run.install(|| {
        let sums = leaves.par_iter().map(|(segment, core)| {
            let x = segment.positions(coordinate)?;
            let read = &x[core.start..core.end + LAGS[2]];
            require_numbers("a position", read, core.start as u64)?;
            require_inside(period, coordinate, read, core.start as u64)?;
            let mut leaf = vec![0.0; WIDTH];
            // on a circle a longer step is the sum of short ones
            let step =
                |k: usize| period.map_or(x[k + 1] - x[k], |period| period.nearest_image(x[k + 1] - x[k]));
            for k in core.clone() {
                let (one, two) = (step(k), step(k) + step(k + 1));
                let four = two + step(k + 2) + step(k + 3);
                for (lag, d) in [one, two, four].into_iter().enumerate() {
                    leaf[2 * lag] += segment.weight();
                    leaf[2 * lag + 1] += segment.weight() * d * d;
                }
            }
            Ok(leaf)
        });
        sums.collect()
    })?;
    let mut blocks = Blocks::new(WIDTH);
    sums.into_iter()
        .try_for_each(|leaf| leaf.and_then(|leaf| Ok(blocks.add(leaf)?)))?;
    Ok(from_blocks(&blocks, step, run.seed))
}

pub(crate) fn common_step(record: &Record<'_>) -> Result<f64> {
    let step = |segment: &Segment<'_>| match segment.clock() {
        Clock::Step(step) => Ok(step),
        Clock::Times(_) => Err(Error::Unlike {
            what: "time steps within a segment",
        }),
    };
    let mut steps = record.segments().iter().map(step);
    let way_out = "give at least one trajectory";
    let first = steps.next().ok_or(Error::Empty {
        what: "the record",
        way_out,
    })??;
    for other in steps {
        if other? != first {
            return Err(Error::Unlike {
                what: "time steps of segments",
            });
        }
    }
    Ok(first)
}

fn from_blocks(blocks: &Blocks, step: f64, seed: u64) -> Sampling {
    let coarse = resampled(blocks);
    let of = |total: &[f64]| [0, 1, 2].map(|lag| total[2 * lag + 1] / total[2 * lag]);
    let found = of(&blocks.total());
    let draws: Vec<[f64; 3]> = if coarse.len() < 2 {
        Vec::new()
    } else {
        (0..DRAWS)
            .map(|draw| of(&resampled_total(&coarse, seed, draw)))
            .collect()
    };
    let estimate =
        |f: &dyn Fn([f64; 3]) -> f64| from_draws(f(found), draws.iter().map(|d| f(*d)), coarse.len());
    let exponent = estimate(&|[one, two, four]| ((four - two) / (two - one)).log2());
    let regime = match exponent.value {
        alpha if alpha > 1.75 => Regime::Inertial,
        alpha if alpha < 1.25 => Regime::Overdamped,
        _ => Regime::Between,
    };
    let noise = match regime {
        Regime::Inertial => estimate(&|[one, two, _]| (4.0 * one - two) / 6.0),
        Regime::Overdamped => estimate(&|[one, two, _]| one - 0.5 * two),
        Regime::Between => from_draws(f64::NAN, [].into_iter(), coarse.len()),
    };
    let [_, two, four] = found;
    let motion = |structure: f64, lag: f64| (structure - 2.0 * noise.value) / (lag * lag);
    Sampling {
        step,
        structure: [estimate(&|d| d[0]), estimate(&|d| d[1]), estimate(&|d| d[2])],
        exponent,
        regime,
        noise,
        noise_of_velocity: 2.0 * noise.value / two,
        step_of_velocity: 1.0 - motion(four, 4.0) / motion(two, 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    fn of(x: &[f64], step: f64) -> Sampling {
        sampling(&Record::of_positions(step, [x]).unwrap(), 0, &Run::default()).unwrap()
    }

    /// Free diffusion with 2 D h = 1, and noise of positions.
    fn diffusion(n: usize, noise: f64) -> Vec<f64> {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let mut x = 0.0;
        (0..n)
            .map(|_| {
                x += stream.normal();
                x + noise * stream.normal()
            })
            .collect()
    }

    #[test]
    fn diffusion_is_told_from_inertia_whatever_the_noise() {
        for noise in [0.0, 1.0] {
            let found = of(&diffusion(200_000, noise), 0.01);
            // the exponent scatters by 0.01 to 0.04, so that 1.25 is 6 σ away
            assert_eq!(found.regime, Regime::Overdamped, "{:?}", found.exponent);
            assert!(
                (found.noise.value - noise * noise).abs() < 5.0 * found.noise.standard_error + 1e-12,
                "{:?}",
                found.noise
            );
            assert!(matches!(
                found.require_velocities(),
                Err(Error::Overdamped { .. })
            ));
            assert!(found.warnings()[0].contains("diffusive"));
        }
        let smooth: Vec<f64> = (0..10_000).map(|k| (0.05 * f64::from(k)).sin()).collect();
        let found = of(&smooth, 0.05);
        assert_eq!(found.regime, Regime::Inertial);
        found.require_velocities().unwrap();
        assert!(found.warnings().is_empty() && found.exponent.value > 1.99);
        // h⁴⟨r̈²⟩/6, up to the part of a period at the end: h/500 of D(1), 4 % of this
        assert!(found.noise.value < 0.05_f64.powi(4) * 0.5 / 6.0 * 1.1);
    }

    #[test]
    fn noise_that_makes_a_fifth_of_the_moment_is_warned_of_and_taken_out() {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let h = 0.05;
        let x: Vec<f64> = (0..200_000)
            .map(|k| (h * f64::from(k)).sin() + 0.03 * stream.normal())
            .collect();
        let found = of(&x, h);
        // ⟨v²⟩ = 1/2 and s²/2h² = 0.18
        assert!((found.noise_of_velocity - 0.18 / 0.68).abs() < 0.02 && found.warnings().len() == 1);
        let profile = Profile {
            points: vec![-1.0, 0.0, 1.0],
            density: vec![1.0, 1.0, 1.0],
            mean_square_velocity: vec![0.68; 3],
            mean_acceleration: vec![0.0; 3],
        };
        let corrected = found.corrected(&profile);
        // s² from 2e5 frames scatters by some 0.5 %
        assert!((corrected.mean_square_velocity[1] - 0.5).abs() < 0.006);
        assert_eq!(corrected.mean_acceleration, [0.0; 3]);
    }

    #[test]
    fn the_correction_of_a_mean_force_is_exact_for_normal_densities() {
        // slope of a on r: with noise −2 (C(0) − C(h) + s²)/[h² (C(0) + s²)], without −2 (C(0) − C(h))/(h² (C(0) + s²)): the rest is the blur of ρ
        let (c, s2, h) = (1.0, 0.3, 0.5);
        let found = Sampling {
            noise: Estimate::exact(s2, 0.0),
            ..of(&diffusion(100, 0.0), h)
        };
        let points: Vec<f64> = (-3..=3).map(f64::from).collect();
        let noisy = Profile {
            density: points.iter().map(|r| (-0.5 * r * r / (c + s2)).exp()).collect(),
            mean_square_velocity: vec![1.0; 7],
            mean_acceleration: points
                .iter()
                .map(|r| -2.0 * (0.1 + s2) / (h * h * (c + s2)) * r)
                .collect(),
            points: points.clone(),
        };
        let corrected = found.corrected(&noisy);
        for k in 1..6 {
            assert!(
                (corrected.mean_acceleration[k] + 2.0 * 0.1 / (h * h * (c + s2)) * points[k]).abs() < 1e-12
            );
        }
    }

    #[test]
    fn what_has_no_common_step_is_refused() {
        let x = [0.0; 9];
        let times: Vec<f64> = (0..9).map(f64::from).collect();
        let even = |h| Segment::new(Clock::Step(h), vec![&x]).unwrap();
        let uneven = Segment::new(Clock::Times(&times), vec![&x]).unwrap();
        for segments in [vec![even(1.0), even(2.0)], vec![uneven]] {
            let record = Record::new(vec![None], segments).unwrap();
            assert!(matches!(
                sampling(&record, 0, &Run::default()),
                Err(Error::Unlike { .. })
            ));
        }
        let short = Record::of_positions(1.0, [&x[..4]]).unwrap();
        assert!(matches!(
            sampling(&short, 0, &Run::default()),
            Err(Error::Empty { .. })
        ));
    }
}
