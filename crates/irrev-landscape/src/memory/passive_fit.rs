//! Sums of damped oscillations that fit a kernel and are passive whatever their parameters.
//!
//! Noise with the amplitudes b_j that drives modes with the poles λ_j has the correlation Σ_j e^{−λ_j t} Σ_k b_j b_k*/(λ_j + λ_k*). Every passive kernel with these
//! poles is of this form, and every such sum is passive: least squares over λ and b need no constraint. The steps are those of Levenberg and Marquardt. Fits of n
//! variables start from those of fewer, with a mode added, and from rates at equal ratios.
//!
//! Source of the representation: D. C. Youla, IRE Trans. Inf. Theory 7, 172 (1961).

use irrev_numerics::Run;
use irrev_numerics::linalg::{LinearSolver, Matrix};
use num_complex::Complex64;
use rayon::prelude::*;

use super::embedding::{MarkovEmbedding, driven, residues};
use super::kernel::MemoryKernel;
use super::passivity::Passivity;
use super::prony::{Mode, PronyKernel};
use crate::error::{Error, Result};

/// Most variables that may be asked for.
const MOST: usize = 12;

/// Times at which a kernel is compared, at most; more are thinned.
const TIMES: usize = 256;

/// Steps of a fit, and the relative change of the squares at which it ends.
const STEPS: usize = 200;
const LEVEL: f64 = 1e-10;

/// A number of variables is preferred to a larger one unless that predicts better by more than this part.
const WORTH: f64 = 0.02;

/// How a kernel is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// Number of variables, one for an exponential and two for an oscillation, 1 to 12; default `None` takes the one that best predicts the kernel of the other half
    /// of the data.
    pub order: Option<usize>,
    /// Most variables that are tried where none are given; default 6.
    pub most: usize,
    /// Largest accepted root mean square deviation, over that of the kernel; default 0.2. Kernels that are not passive end here.
    pub misfit: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            order: None,
            most: 6,
            misfit: 0.2,
        }
    }
}

/// A passive kernel fitted to another.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PassiveFit {
    /// Σ c_j e^{−a_j t} cos(w_j t + φ_j).
    pub kernel: PronyKernel,
    /// Bounds on the least value of its spectrum. By construction it is not negative; the lower bound may be by what bounds are apart.
    pub passivity: Passivity,
    /// Root mean square deviation over the root mean square of the kernel.
    pub misfit: f64,
    /// For 1, 2, … variables: root mean square deviation of the fits of either half of the data from the kernel of the other half; empty if the number was given.
    pub held_out: Vec<f64>,
    modes: Vec<Mode>,
    loads: Vec<Complex64>,
}

impl PassiveFit {
    /// Variables that carry this memory and make its random force at a given ⟨ṙ²⟩.
    ///
    /// # Errors
    /// [`Error::Domain`] if ⟨ṙ²⟩ is not positive, [`Error::Numerics`] if the covariance cannot be computed.
    pub fn embedding(&self, mean_square_velocity: f64) -> Result<MarkovEmbedding> {
        driven(&self.modes, &self.loads, mean_square_velocity)
    }
}

/// The passive sum of damped oscillations nearest to a kernel from a recording, in the mean square over its lags.
///
/// Without a given order, both halves of the data (every other block) are fitted with 1, 2, … variables, and the smallest number wins that predicts the other half
/// nearly as well as any. Then all data are fitted.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::memory::{FitOptions, KernelOptions, memory_kernel, passive_fit};
/// use irrev_landscape::record::{Clock, Segment};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // v' = z, z' = −2z − v + noise: K = e^{−2t}
/// let (mut stream, h) = (Stream::new(1, Purpose::Search, 0), 0.02_f64);
/// let (mut v, mut z, mut columns) = (0.0, 0.0, (Vec::new(), Vec::new()));
/// for _ in 0..200_000 {
///     columns.0.push(0.0);
///     columns.1.push(v);
///     v += h * z;
///     z += h * (-2.0 * z - v) + 2.0 * h.sqrt() * stream.normal();
/// }
/// let segment = Segment::new(Clock::Step(h), vec![&columns.0])?.with_velocities(vec![&columns.1])?;
/// let kernel = memory_kernel(&Record::new(vec![None], vec![segment])?, &KernelOptions::default(), &Run::default())?;
/// let fit = passive_fit(&kernel, &FitOptions { most: 2, misfit: 0.5, ..Default::default() }, &Run::default())?;
/// assert!((fit.kernel.at(0.0) - 1.0).abs() < 0.3 && fit.held_out.len() == 2);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for an order out of range, [`Error::Empty`] for a choice of the order from a single block of data, or for fewer lags than parameters,
/// [`Error::Misfit`] if the kernel is not met, [`Error::Numerics`].
pub fn passive_fit(kernel: &MemoryKernel, options: &FitOptions, run: &Run<'_>) -> Result<PassiveFit> {
    let values: Vec<f64> = kernel.kernel.iter().map(|k| k.value).collect();
    passive_fit_of_halves(&kernel.times, &values, kernel.halves.as_ref(), options, run)
}

/// As [`passive_fit`], from the values of a kernel at ascending times from 0, and those from either half of the data, which tell the number of variables if it is not given.
///
/// ```
/// use irrev_landscape::memory::{FitOptions, passive_fit_of_halves};
/// use irrev_numerics::Run;
/// let times: Vec<f64> = (0..60).map(|k| 0.05 * f64::from(k)).collect();
/// let kernel: Vec<f64> = times.iter().map(|t| 2.0 * (-0.4 * t).exp()).collect();
/// let halves = [kernel.clone(), kernel.clone()];
/// let fit = passive_fit_of_halves(&times, &kernel, Some(&halves), &FitOptions::default(), &Run::default())?;
/// assert_eq!(fit.kernel.order(), 1);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`passive_fit`].
pub fn passive_fit_of_halves(
    times: &[f64],
    values: &[f64],
    halves: Option<&[Vec<f64>; 2]>,
    options: &FitOptions,
    run: &Run<'_>,
) -> Result<PassiveFit> {
    if let Some(order) = options.order {
        return passive_fit_of_values(times, values, order, options.misfit, run);
    }
    let most = options.most;
    Error::require(
        "the most variables",
        most as f64,
        (1..=MOST).contains(&most),
        "1 to 12",
    )?;
    let halves = halves.ok_or(Error::Empty {
        what: "one of the two halves of the data that tell the number of variables",
        way_out: "give the number of variables, or longer or more trajectories",
    })?;
    let [first, second] = [0, 1].map(|half: usize| Target::new(times, &halves[half]));
    let (first, second) = (first?, second?);
    let mut held_out = Vec::new();
    let (mut of_first, mut of_second): (Vec<Parameters>, Vec<Parameters>) = (Vec::new(), Vec::new());
    for order in 1..=most {
        run.report((order - 1) as f64 / most as f64, "order of a kernel")?;
        if first.times.len() < 2 * order + 1 {
            break;
        }
        let (a, b) = (
            best(&first, order, &of_first, run)?,
            best(&second, order, &of_second, run)?,
        );
        let error =
            |target: &Target, fit: &Parameters| target.residual(fit).iter().map(|r| r * r).sum::<f64>();
        let (ab, ba) = (error(&second, &a), error(&first, &b));
        held_out.push(((ab + ba) / (2 * first.times.len()) as f64).sqrt() * first.scale.max(second.scale));
        of_first.push(a);
        of_second.push(b);
    }
    let least = held_out.iter().copied().fold(f64::INFINITY, f64::min);
    let order = held_out
        .iter()
        .position(|error| *error <= (1.0 + WORTH) * least)
        .map(|place| place + 1)
        .ok_or(Error::Empty {
            what: "the set of lags",
            way_out: "give at least three",
        })?;
    let mut fitted = passive_fit_of_values(times, values, order, options.misfit, run)?;
    fitted.held_out = held_out;
    Ok(fitted)
}

/// The passive sum of damped oscillations with a given number of variables nearest to values of a kernel at ascending times from 0.
///
/// ```
/// use irrev_landscape::memory::passive_fit_of_values;
/// use irrev_numerics::Run;
/// let times: Vec<f64> = (0..100).map(|k| 0.05 * f64::from(k)).collect();
/// let kernel: Vec<f64> = times.iter().map(|t| 2.0 * (-0.4 * t).exp() * (3.0 * t).cos()).collect();
/// let fit = passive_fit_of_values(&times, &kernel, 2, 1e-3, &Run::default())?;
/// let term = fit.kernel.terms()[0];
/// assert!((term.rate - 0.4).abs() < 1e-4 && (term.frequency - 3.0).abs() < 1e-4);
/// let variables = fit.embedding(1.0)?;
/// assert!((variables.kernel(1.0) - kernel[20]).abs() < 1e-3);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`passive_fit`]; [`Error::Size`], [`Error::NotFinite`].
pub fn passive_fit_of_values(
    times: &[f64],
    values: &[f64],
    order: usize,
    largest_misfit: f64,
    run: &Run<'_>,
) -> Result<PassiveFit> {
    Error::require(
        "the number of variables",
        order as f64,
        (1..=MOST).contains(&order),
        "1 to 12",
    )?;
    let target = Target::new(times, values)?;
    if target.times.len() < 2 * order + 1 {
        return Err(Error::Empty {
            what: "the set of lags beyond the number of parameters",
            way_out: "give more lags, or ask for fewer variables",
        });
    }
    let mut fits: Vec<Parameters> = Vec::new();
    for smaller in 1..=order {
        run.report((smaller - 1) as f64 / order as f64, "fit of a kernel")?;
        fits.push(best(&target, smaller, &fits, run)?);
    }
    let Some(found) = fits.pop() else {
        return Err(Error::Domain {
            what: "the number of variables",
            value: 0.0,
            expected: "1 to 12",
        });
    };
    let squares = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
    let misfit = (squares(&target.residual(&found)) / squares(&target.values)).sqrt();
    if !(misfit <= largest_misfit) {
        return Err(Error::Misfit {
            order,
            misfit,
            allowed: largest_misfit,
        });
    }
    // back to the units of the kernel: time in units of `unit`, amplitudes of noise with √(K/time)
    let (unit, scale) = (target.unit, target.scale);
    let poles: Vec<Complex64> = found.poles().iter().map(|pole| pole / unit).collect();
    let loads: Vec<Complex64> = found
        .loads
        .iter()
        .map(|load| load * (scale / unit).sqrt())
        .collect();
    let modes: Vec<Mode> = poles
        .iter()
        .zip(residues(&poles, &loads))
        .map(|(pole, residue)| Mode { pole: *pole, residue })
        .collect();
    let kernel = PronyKernel::from_modes(&modes)?;
    Ok(PassiveFit {
        passivity: kernel.passivity()?,
        kernel,
        misfit,
        held_out: Vec::new(),
        modes,
        loads,
    })
}

/// What is fitted: times in units of the last one, values in units of the largest.
struct Target {
    times: Vec<f64>,
    values: Vec<f64>,
    unit: f64,
    scale: f64,
}

impl Target {
    fn new(times: &[f64], values: &[f64]) -> Result<Self> {
        Error::require_size("the values of a kernel", values.len(), times.len())?;
        crate::record::require_numbers("a time of a kernel", times, 0)?;
        crate::record::require_numbers("a value of a kernel", values, 0)?;
        let unit = times.last().copied().unwrap_or(0.0);
        Error::require("the last time of a kernel", unit, unit > 0.0, "a positive number")?;
        let scale = values.iter().fold(0.0, |most: f64, k| most.max(k.abs()));
        Error::require(
            "the largest value of a kernel",
            scale,
            scale > 0.0,
            "a number other than 0",
        )?;
        let every = times.len().div_ceil(TIMES);
        Ok(Self {
            times: times.iter().step_by(every).map(|t| t / unit).collect(),
            values: values.iter().step_by(every).map(|k| k / scale).collect(),
            unit,
            scale,
        })
    }

    fn residual(&self, parameters: &Parameters) -> Vec<f64> {
        let poles = parameters.poles();
        let residues = residues(&poles, &parameters.loads);
        self.times
            .iter()
            .zip(&self.values)
            .map(|(t, value)| {
                let terms = poles.iter().zip(&residues).map(|(pole, residue)| {
                    let twice = if pole.im == 0.0 { 1.0 } else { 2.0 };
                    twice * (residue * (-pole * t).exp()).re
                });
                terms.sum::<f64>() - value
            })
            .collect()
    }
}

/// Logarithms of rates and of frequencies, and the amplitudes of noise of each mode.
#[derive(Clone)]
struct Parameters {
    rates: Vec<f64>,
    /// `None` for an exponential.
    frequencies: Vec<Option<f64>>,
    loads: Vec<Complex64>,
}

impl Parameters {
    fn poles(&self) -> Vec<Complex64> {
        self.rates
            .iter()
            .zip(&self.frequencies)
            .map(|(rate, frequency)| Complex64::new(rate.exp(), frequency.map_or(0.0, |w| -w.exp())))
            .collect()
    }

    fn with(&self, rate: f64, frequency: Option<f64>, load: f64) -> Self {
        let mut grown = self.clone();
        grown.rates.push(rate.ln());
        grown.frequencies.push(frequency.map(f64::ln));
        grown.loads.push(Complex64::new(load, 0.0));
        grown
    }

    fn empty() -> Self {
        Self {
            rates: Vec::new(),
            frequencies: Vec::new(),
            loads: Vec::new(),
        }
    }

    /// All as one list, and back.
    fn list(&self) -> Vec<f64> {
        let mut list = Vec::new();
        for ((rate, frequency), load) in self.rates.iter().zip(&self.frequencies).zip(&self.loads) {
            list.extend([*rate, load.re]);
            list.extend(frequency.iter().flat_map(|w| [*w, load.im]));
        }
        list
    }

    fn moved_to(&self, list: &[f64]) -> Self {
        let mut found = self.clone();
        let mut rest = list.iter().copied();
        let mut next = || rest.next().unwrap_or(0.0);
        for k in 0..found.rates.len() {
            found.rates[k] = next();
            found.loads[k].re = next();
            if let Some(w) = &mut found.frequencies[k] {
                *w = next();
                found.loads[k].im = next();
            }
        }
        found
    }
}

/// The best fit of this order that is found from several starts; `smaller` are those of lower orders.
fn best(target: &Target, order: usize, smaller: &[Parameters], run: &Run<'_>) -> Result<Parameters> {
    /// Rates that are tried, in units of the inverse range of times.
    const RATES: [f64; 4] = [0.5, 3.0, 12.0, 50.0];
    let mut starts = Vec::new();
    // one more exponential, or one more oscillation
    let before = |fewer: usize| match order.checked_sub(fewer) {
        Some(0) => Some(Parameters::empty()),
        Some(n) => smaller.get(n - 1).cloned(),
        None => None,
    };
    if let Some(before) = before(1) {
        starts.extend(RATES.map(|rate| before.with(rate, None, 0.3 * rate.sqrt())));
    }
    if let Some(before) = before(2) {
        let left = if before.rates.is_empty() {
            target.values.clone()
        } else {
            target.residual(&before).iter().map(|r| -r).collect()
        };
        let frequency = dominant_frequency(&target.times, &left);
        for rate in RATES {
            starts.push(before.with(rate, Some(frequency), 0.3 * rate.sqrt()));
            starts.push(before.with(rate, Some(0.3 * frequency), 0.3 * rate.sqrt()));
        }
    }
    let mut spread = Parameters::empty();
    for k in 0..order {
        let rate = 100.0_f64.powf((k as f64 + 0.5) / order as f64);
        spread = spread.with(rate, None, rate.sqrt() / order as f64);
    }
    starts.push(spread);
    let fits: Vec<(f64, Parameters)> = run.install(|| {
        starts
            .par_iter()
            .map(|start| levenberg_marquardt(target, start))
            .collect::<Result<_>>()
    })??;
    fits.into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, fit)| fit)
        .ok_or(Error::Empty {
            what: "the list of starts of a fit",
            way_out: "ask for at least one variable",
        })
}

/// The frequency at which the cosine transform is largest.
fn dominant_frequency(times: &[f64], values: &[f64]) -> f64 {
    let n = times.len();
    (1..n)
        .map(|k| {
            let w = 0.5 * std::f64::consts::PI * k as f64;
            let part: f64 = times.iter().zip(values).map(|(t, x)| x * (w * t).cos()).sum();
            (w, part)
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(1.0, |(w, _)| w)
}

/// Least squares from a start; returns the sum of squares.
fn levenberg_marquardt(target: &Target, start: &Parameters) -> Result<(f64, Parameters)> {
    /// Change of a parameter for differences.
    const CHANGE: f64 = 1e-6;
    let squares = |r: &[f64]| r.iter().map(|x| x * x).sum::<f64>();
    let mut list = start.list();
    let mut residual = target.residual(start);
    let mut sum = squares(&residual);
    let mut damping = 1e-2;
    let m = list.len();
    for _ in 0..STEPS {
        let columns: Vec<Vec<f64>> = (0..m)
            .map(|k| {
                let mut moved = list.clone();
                moved[k] += CHANGE;
                let ahead = target.residual(&start.moved_to(&moved));
                ahead
                    .iter()
                    .zip(&residual)
                    .map(|(a, r)| (a - r) / CHANGE)
                    .collect()
            })
            .collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let normal = Matrix::from_fn(m, m, |i, j| dot(&columns[i], &columns[j]));
        let gradient: Vec<f64> = columns.iter().map(|column| -dot(column, &residual)).collect();
        let mut improved = false;
        while damping < 1e10 {
            let damped = Matrix::from_fn(m, m, |i, j| {
                normal[(i, j)]
                    + if i == j {
                        damping * (normal[(i, i)] + 1e-9)
                    } else {
                        0.0
                    }
            });
            let step = LinearSolver::new(damped).and_then(|solver| solver.solve(&gradient));
            if let Ok(step) = step {
                let moved: Vec<f64> = list.iter().zip(&step.x).map(|(a, d)| a + d).collect();
                let ahead = target.residual(&start.moved_to(&moved));
                let after = squares(&ahead);
                if after < sum {
                    improved = sum - after > LEVEL * sum;
                    (list, residual, sum) = (moved, ahead, after);
                    damping = (0.3 * damping).max(1e-12);
                    break;
                }
            }
            damping *= 4.0;
        }
        if !improved {
            break;
        }
    }
    Ok((sum, start.moved_to(&list)))
}
