//! The tightest bound of a family of currents at a step length: variational forms of the relative entropy.
//!
//! With y = θ·g odd under reversal of a step, and s its entropy production, ⟨e^{−y}⟩ averages over reversed steps, so that for every θ
//!
//! ```text
//! ⟨y⟩ − ln⟨e^{−y}⟩ ≤ ⟨s⟩        Donsker and Varadhan; at its maximum the family with exponents θ that is nearest by maximum entropy
//! ⟨y⟩ − ⟨e^{−y}⟩ + 1 ≤ ⟨s⟩       exponential form of NEEP, below the first for the same θ
//! ```
//!
//! Both are concave; Newton's method with backtracking starts at the solution of the quadratic bound. In-sample maxima are biased upward. Held-out: for each contiguous fold, θ comes from
//! the others except the next one, which tells when to stop; ⟨y + 1 − e^{−y}/a − ln a⟩ with a from the training data is then unbiased for a bound on the fold. Exponents are cut at ±ln N there, since
//! averages of e^{−y} over N steps tell nothing of rarer ones.
//!
//! Sources: M. D. Donsker and S. R. S. Varadhan, Commun. Pure Appl. Math. 36, 183 (1983); D.-K. Kim, Y. Bae, S. Lee and H. Jeong, Phys. Rev. Lett. 125, 140604 (2020);
//! M. Aguilera, S. Ito and A. Kolchinsky, arXiv:2505.10444.

use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Estimate, Run};
use serde::{Deserialize, Serialize};

use super::ascent::{Ascent, Problem, Start};
use super::family::Currents;
use super::held_out::{HeldOutOptions, certified};
use super::passes::{project, summed};
use super::series::Series;
use super::tile::Tile;
use crate::error::{Error, Result};

/// Which variational form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// ⟨y⟩ − ln⟨e^{−y}⟩.
    MaximumEntropy,
    /// ⟨y⟩ − ⟨e^{−y}⟩ + 1.
    Neep,
}

/// How the maxima are sought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariationalOptions {
    /// Folds, level and tolerance of the rank; `motion` is not used, since exponentials know no means that could be put in.
    pub held_out: HeldOutOptions,
    /// Steps of Newton's method after which it gives up; default 50.
    pub iterations: usize,
}

impl Default for VariationalOptions {
    fn default() -> Self {
        Self {
            held_out: HeldOutOptions::default(),
            iterations: 50,
        }
    }
}

/// A maximum over the data that chose it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Maximum {
    /// Nats per unit time.
    pub value: f64,
    /// θ.
    pub coefficients: Vec<f64>,
    /// Newton's decrement, half of which is the distance to the maximum, relative to the value per step.
    pub convergence: Convergence,
}

/// Variational bounds of a family at the step of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Variational {
    /// Donsker–Varadhan maximum in sample: biased upward, no bound.
    pub maximum_entropy: Maximum,
    /// NEEP maximum in sample.
    pub neep: Maximum,
    /// The bound by data that chose neither θ nor when to stop, nats per unit time.
    pub held_out: Estimate,
    /// ln N/dt: averages of e^{−y} over N steps support no more.
    pub cap: f64,
    /// Number of independent currents.
    pub rank: usize,
}

/// Maxima in sample of both forms, and the bound with data held out.
///
/// ```
/// use irrev_inference::currents::{Currents, Series, VariationalOptions, variational_bound};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// let (mut stream, mut x, mut y) = (Stream::new(1, Purpose::Trajectory, 0), 0.0, 0.0);
/// let mut points = Vec::new();
/// for _ in 0..4000 {
///     points.extend([x, y]);
///     (x, y) = (0.86 * x - 0.27 * y + stream.normal(), 0.27 * x + 0.86 * y + stream.normal());
/// }
/// let series = Series::new([points], 2, 1.0)?;
/// let found = variational_bound(&series, &Currents::antisymmetric(2), &VariationalOptions::default(), &Run::default())?;
/// assert!(found.maximum_entropy.value >= found.neep.value && found.maximum_entropy.value < found.cap);
/// assert!(found.held_out.value > 0.0 && found.held_out.value < found.maximum_entropy.value);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for folds of fewer steps than ten for each current; [`Error::Domain`] for options;
/// [`irrev_numerics::Error::NotConverged`] if a maximum is not found; cancellation.
pub fn variational_bound(
    series: &Series<'_>,
    currents: &Currents,
    options: &VariationalOptions,
    run: &Run<'_>,
) -> Result<Variational> {
    let held_out = &options.held_out;
    held_out.require()?;
    Error::require(
        "the number of folds",
        held_out.folds as f64,
        held_out.folds >= 3,
        "at least 3: one stops, one evaluates",
    )?;
    series.require_steps(
        "a variational bound with data held out",
        10 * currents.len() * held_out.folds + held_out.folds,
    )?;
    let of = |objective| variational_maximum(series, currents, objective, options, run);
    let (maximum_entropy, rank) = of(Objective::MaximumEntropy)?;
    let (neep, _) = of(Objective::Neep)?;
    Ok(Variational {
        held_out: run.install(|| held_out_maximum(series, currents, options, run))??,
        maximum_entropy,
        neep,
        cap: (series.steps() as f64).ln() / series.step(),
        rank,
    })
}

/// The maximum of one form over the data that choose it, and the number of independent currents.
///
/// ```
/// use irrev_inference::currents::{Currents, Objective, Series, VariationalOptions, variational_maximum};
/// use irrev_numerics::Run;
/// // steps of +1 and −1, three to one: θ = ln 3, ⟨y⟩ − ln⟨e^{−y}⟩ = ½ ln 3
/// let steps = [1.0, 1.0, -1.0, 1.0];
/// let points: Vec<f64> = (0..401).scan(0.0, |x, t| { let now = *x; *x += steps[t % 4]; Some(now) }).collect();
/// let series = Series::new([points], 1, 1.0)?;
/// let only_dx = Currents::monomials(1, vec![irrev_inference::currents::Monomial { exponents: vec![0], component: 0 }])?;
/// let (found, rank) = variational_maximum(&series, &only_dx, Objective::MaximumEntropy, &VariationalOptions::default(), &Run::default())?;
/// assert!((found.coefficients[0] - 3.0_f64.ln()).abs() < 1e-9 && (found.value - 0.5 * 3.0_f64.ln()).abs() < 1e-12 && rank == 1);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for fewer steps than currents and two; [`Error::Domain`] for options; [`irrev_numerics::Error::NotConverged`] if the maximum is not found, as where all steps go one way and it
/// is infinite; cancellation.
pub fn variational_maximum(
    series: &Series<'_>,
    currents: &Currents,
    objective: Objective,
    options: &VariationalOptions,
    run: &Run<'_>,
) -> Result<(Maximum, usize)> {
    options.held_out.require()?;
    series.require_steps("a variational bound", currents.len() + 2)?;
    run.report(0.0, "maximising the variational bound")?;
    run.install(|| {
        let whole = [series.part(0..series.steps())];
        let start = Start::over(&whole, currents, options.held_out.rank_tolerance, run)?;
        let problem = Problem {
            parts: whole.into(),
            currents,
            independent: &start.independent,
        };
        let mut ascent = Ascent::new(&problem, objective, start.theta.clone());
        while ascent.unfinished(options.iterations) {
            ascent.advance(&problem);
        }
        let rank = start.independent.order.len();
        Ok((ascent.into_maximum(series.step())?, rank))
    })?
}

/// θ fitted to training data, with ⟨e^{−y}⟩ there.
struct Witness {
    theta: Vec<f64>,
    partition: f64,
    cutoff: f64,
}

impl Witness {
    fn of(problem: &Problem<'_>, theta: Vec<f64>, cutoff: f64) -> Self {
        let mut steps = 0.0;
        let mut partition = 0.0;
        for part in &problem.parts {
            let rows = exponentials(part, problem.currents, &theta, cutoff, |y| (-y).exp());
            steps += rows.iter().map(|row| row[0]).sum::<f64>();
            partition += rows.iter().map(|row| row[1]).sum::<f64>();
        }
        Self {
            theta,
            partition: partition / steps,
            cutoff,
        }
    }

    /// Σ (y + 1 − e^{−y}/a − ln a) over consecutive parts of other data, with the number of steps of each.
    fn evaluated(&self, series: &Series<'_>, currents: &Currents) -> Vec<[f64; 2]> {
        let offset = 1.0 - self.partition.ln();
        let each = 1.0 / self.partition;
        exponentials(series, currents, &self.theta, self.cutoff, |y| {
            y + offset - each * (-y).exp()
        })
    }
}

/// Steps and Σ f(y), y = θ·g cut at ±cutoff, of consecutive parts.
fn exponentials(
    series: &Series<'_>,
    currents: &Currents,
    theta: &[f64],
    cutoff: f64,
    f: impl Fn(f64) -> f64 + Sync,
) -> Vec<[f64; 2]> {
    let add = |sum: &mut [f64; 2], tile: &mut Tile, count: usize| {
        project(tile, theta);
        sum[0] += count as f64;
        for y in &tile.weights[..count] {
            sum[1] += f(y.clamp(-cutoff, cutoff));
        }
    };
    summed(series, currents, || [0.0; 2], add)
}

/// Each fold by θ from the others, stopped by the fold that follows it.
fn held_out_maximum(
    series: &Series<'_>,
    currents: &Currents,
    options: &VariationalOptions,
    run: &Run<'_>,
) -> Result<Estimate> {
    let held_out = &options.held_out;
    let steps = series.steps();
    let (before, ranges) = held_out.ranges(steps);
    let cutoff = (steps as f64).ln();
    let mut folds = Vec::with_capacity(ranges.len());
    for (k, range) in ranges.iter().enumerate() {
        run.report(
            0.3 + 0.7 * k as f64 / ranges.len() as f64,
            "bounding by data held out",
        )?;
        let stops = (k + 1) % ranges.len();
        let kept = ranges.iter().enumerate().filter(|(l, _)| *l != k && *l != stops);
        let kept = kept.map(|(_, range)| range.clone()).chain([before.clone()]);
        let parts: Vec<Series<'_>> = kept
            .filter(|range| !range.is_empty())
            .map(|range| series.part(range))
            .collect();
        let start = Start::over(&parts, currents, held_out.rank_tolerance, run)?;
        let problem = Problem {
            parts,
            currents,
            independent: &start.independent,
        };
        let judge = series.part(ranges[stops].clone());
        let judged =
            |witness: &Witness| -> f64 { witness.evaluated(&judge, currents).iter().map(|row| row[1]).sum() };
        let mut ascent = Ascent::new(&problem, Objective::MaximumEntropy, start.theta.clone());
        let mut best = Witness::of(&problem, ascent.theta().to_vec(), cutoff);
        let mut value = judged(&best);
        while ascent.unfinished(options.iterations) {
            ascent.advance(&problem);
            let next = Witness::of(&problem, ascent.theta().to_vec(), cutoff);
            let found = judged(&next);
            if !(found > value) {
                break;
            }
            (best, value) = (next, found);
        }
        folds.push(if value > 0.0 {
            best.evaluated(&series.part(range.clone()), currents)
        } else {
            // θ = 0 says nothing: exactly zero
            vec![[range.len() as f64, 0.0]]
        });
    }
    Ok(certified(&folds, held_out.level, series.step()))
}
