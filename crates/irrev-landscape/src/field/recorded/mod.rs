//! The field of two coordinates of a recording: mean force, or drift, in cells; its gradient and its flux, with errors; and what of the flux is metric.
//!
//! | | motion with inertia | overdamped motion |
//! |---|---|---|
//! | field F | mean force ⟨R̈; r⟩ | drift ⟨R₊ − R; r⟩/h |
//! | second moments W | ⟨Ṙ_i Ṙ_j; r⟩ | diffusion tensor D_ij, half the covariance of a step over h |
//! | reversible part F⁰ | ρ⁻¹ Σ_j ∂_j(W_ij ρ) | ⟨R₊ − 2R + R₋; r⟩/2h, which is ρ⁻¹ Σ_j ∂_j(D_ij ρ) |
//! | odd under time reversal | ν = ⟨Ṙ; r⟩ | ν = ⟨R₊ − R₋; r⟩/2h = F − F⁰ |
//!
//! J = ρ ν is the probability current, for overdamped motion F ρ − ∂(D ρ) without a derivative of noisy fields (E. Nelson, Phys. Rev. 150, 1079 (1966)): ν changes sign exactly where the recording is
//! read backwards. ⟨ν·D⁻¹ν⟩ is then the entropy production rate that the two coordinates show.
//!
//! With inertia F = F⁰ in every stationary state, driven or not, since d⟨Ṙ δ(R − r)⟩/dt = 0: the flux of F⁰ is that of the metric only in equilibrium, F − F⁰ tells of steps, cells and noise, and
//! whether the flux dissipates is told by ν and by [`time_reversal`](super::time_reversal) alone.
//!
//! Mean squares of noisy fields are too large by the variance of the noise, all the more in their flux. They are corrected by what drawing blocks anew adds, which is exact for squares: estimates
//! may then be negative.
//!
//! Sources: S. Kawai, Ensemble 16 (2014), equations 14 and 15; B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 10.

mod parts;
mod reversal;
mod sums;

pub use reversal::recorded_time_reversal;

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use self::parts::{Means, Nodes, Parts, means, parts};
use self::sums::{FIELD, PairSums, SECOND, VELOCITY, WEIGHT, WIDTH, weight_of};
use super::Attribution;
use crate::blocks::resampled_total;
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::grid::Grid;
use crate::record::Record;

/// Cells that must be joined for a field to have parts.
const JOINED: usize = 4;

/// Which motion the steps of a recording show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PairMotion {
    /// Velocities exist: F is the mean acceleration.
    #[default]
    Inertial,
    /// They do not: F is the drift.
    Overdamped,
}

/// Where velocities or accelerations of motion with inertia come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PairSource {
    /// Central and second differences of positions.
    #[default]
    Differences,
    /// The columns of the recording.
    Given,
}

/// How the field of two coordinates is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedFieldOptions {
    /// Which motion; default with inertia.
    pub motion: PairMotion,
    /// Where velocities come from; default differences.
    pub velocities: PairSource,
    /// Where accelerations come from; default differences.
    pub accelerations: PairSource,
    /// A of F = −A∇V_m + v, a positive number for each coordinate; default 1 and 1, the Euclidean metric.
    pub metric: [f64; 2],
    /// Independent visits that a cell needs to be known; default 10.
    pub least_count: f64,
    /// Draws of the bootstrap; default 200.
    pub draws: usize,
}

impl Default for RecordedFieldOptions {
    fn default() -> Self {
        Self {
            motion: PairMotion::Inertial,
            velocities: PairSource::Differences,
            accelerations: PairSource::Differences,
            metric: [1.0; 2],
            least_count: 10.0,
            draws: 200,
        }
    }
}

/// Mean squares in the metric A⁻¹ over known cells, without what noise adds; errors from blocks drawn anew.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartSquares {
    /// ⟨F·A⁻¹F⟩.
    pub field: Estimate,
    /// ⟨∇V_m·A∇V_m⟩.
    pub gradient: Estimate,
    /// ⟨v·A⁻¹v⟩ of the flux v of F.
    pub flux: Estimate,
    /// ⟨v·A⁻¹v⟩ of the flux of the reversible part F⁰.
    pub metric_flux: Estimate,
    /// Mean square of F − F⁰: of ν for overdamped motion, and 0 in every stationary state for motion with inertia.
    pub rest: Estimate,
    /// ⟨v·A⁻¹v⟩ of the flux of F − F⁰.
    pub rest_flux: Estimate,
    /// Mean square of the difference of F (overdamped: of its reversible part) and ρ⁻¹ Σ_j ∂_j(W_ij ρ): an identity of stationary motion, of which cells and steps leave something.
    pub identity: Estimate,
    /// flux/field.
    pub flux_share: Estimate,
    /// ⟨ν·W⁻¹ν⟩ over cells: for overdamped motion the entropy production rate that two coordinates show, otherwise the part of the flow in ⟨Ṙ·W⁻¹Ṙ⟩ = 2.
    pub flow: Estimate,
}

/// The field of two coordinates of a recording; lists go over cells, the second coordinate running fastest, and are NaN in cells with too few visits.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedField {
    /// Cells of each coordinate.
    pub grids: [Grid; 2],
    /// Which motion.
    pub motion: PairMotion,
    /// Frames.
    pub counts: Vec<u64>,
    /// Independent visits.
    pub effective_counts: Vec<f64>,
    /// Whether a cell has enough of them, and a neighbour that has.
    pub known: Vec<bool>,
    /// ρ.
    pub density: Vec<Estimate>,
    /// F: ⟨R̈; r⟩, or the drift.
    pub field: [Vec<Estimate>; 2],
    /// ν, which vanishes in equilibrium.
    pub velocity: [Vec<Estimate>; 2],
    /// W₁₁, W₁₂, W₂₂, or those of D.
    pub second: [Vec<Estimate>; 3],
    /// V_m, of mean zero in ρ on each component.
    pub potential: Vec<Estimate>,
    /// Component of each cell; potentials of different ones do not compare.
    pub component: Vec<Option<usize>>,
    /// v of F = −A∇V_m + v, at cells: the mean of the edges on either side.
    pub flux: [Vec<f64>; 2],
    /// The mean squares.
    pub squares: PartSquares,
    /// ∮ F dr along the grid lines of a periodic coordinate all of whose cells are known, in the mean over lines; `None` where there are none.
    pub circulation: [Option<Estimate>; 2],
    /// ⟨Ṙ⟩ over all frames: for a periodic coordinate, turns per time are this over the period.
    pub mean_velocity: [Estimate; 2],
    /// The split of the values as they are, on the nodes of a grid that has an empty node beyond either end of a line.
    pub attribution: Attribution,
    /// Blocks that errors come from.
    pub blocks: usize,
}

/// The field of coordinates `i` and `j` of a record with equal steps, in the cells of two grids, with its parts.
///
/// Thin cells are left open: they are part of no edge. Same frames, same seed, same bits on any number of threads.
///
/// ```
/// use irrev_landscape::field::{PairMotion, RecordedFieldOptions, recorded_field};
/// use irrev_landscape::record::{Clock, Record, Segment};
/// use irrev_landscape::Grid;
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // dx = −(1 + ω J) x dt + √2 dW in steps of 0.05, ω = 1: entropy is produced at a rate of 2 ω² = 2
/// let (mut stream, h) = (Stream::new(1, Purpose::Search, 0), 0.05_f64);
/// let (mut x, mut y) = (vec![0.0], vec![0.0]);
/// for k in 0..100_000 {
///     let (a, b): (f64, f64) = (x[k], y[k]);
///     x.push(a + h * (-a - b) + (2.0 * h).sqrt() * stream.normal());
///     y.push(b + h * (a - b) + (2.0 * h).sqrt() * stream.normal());
/// }
/// let record = Record::new(vec![None; 2], vec![Segment::new(Clock::Step(h), vec![&x, &y])?])?;
/// let cells = Grid::uniform(-3.0, 3.0, 12)?;
/// let options = RecordedFieldOptions { motion: PairMotion::Overdamped, ..Default::default() };
/// let found = recorded_field(&record, [0, 1], [&cells, &cells], &options, &Run::default())?;
/// // steps take some of it, and cells, which average
/// let rate = found.squares.flow;
/// assert!((rate.value - 2.0).abs() < 0.3 + 5.0 * rate.standard_error);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for a coordinate given twice, a metric that is not positive, fewer than 2 draws; [`Error::Unlike`] for different steps or a grid with another period;
/// [`Error::TooFewVisits`] unless four joined cells are known; [`Error::Missing`], [`Error::NoCoordinate`], what is wrong with the values, [`Error::Numerics`].
pub fn recorded_field(
    record: &Record<'_>,
    coordinates: [usize; 2],
    grids: [&Grid; 2],
    options: &RecordedFieldOptions,
    run: &Run<'_>,
) -> Result<RecordedField> {
    let [i, j] = coordinates;
    Error::require(
        "the second coordinate of a pair",
        j as f64,
        i != j,
        "another one than the first",
    )?;
    for (grid, coordinate) in grids.into_iter().zip(coordinates) {
        grid.require_period(record.period(coordinate)?)?;
    }
    Error::require(
        "the number of draws",
        options.draws as f64,
        options.draws >= 2,
        "at least 2",
    )?;
    let sums = PairSums::of(record, coordinates, grids, options, run)?;
    let nodes = Nodes::of(grids)?;
    let effective_counts: Vec<f64> = (0..sums.cells).map(|cell| sums.effective_count(cell)).collect();
    let known: Vec<bool> = effective_counts
        .iter()
        .map(|visits| *visits >= options.least_count)
        .collect();
    let of = |total: &[f64]| {
        parts(
            total,
            (&nodes, &known),
            (sums.motion, sums.step),
            &options.metric,
            run,
        )
    };
    let too_few = || Error::TooFewVisits {
        enough: known.iter().filter(|known| **known).count(),
        needed: JOINED,
        cells: sums.cells,
        least: options.least_count,
        most: effective_counts.iter().copied().fold(0.0, f64::max),
    };
    if known.iter().filter(|known| **known).count() < JOINED {
        return Err(too_few());
    }
    let found = of(&sums.total)?;
    let whole = &found.attribution.whole;
    let joined: Vec<bool> = (0..sums.cells)
        .map(|cell| whole.component[nodes.node(cell)].is_some())
        .collect();
    if joined.iter().filter(|joined| **joined).count() < JOINED {
        return Err(too_few());
    }
    let drawn = draws(&sums, &nodes, &of, options.draws, run)?;
    Ok(assembled(
        grids,
        &sums,
        (&nodes, &joined),
        (found, &drawn),
        effective_counts,
    ))
}

/// What is kept of a draw.
struct Drawn {
    numbers: [f64; 9],
    circulation: [f64; 2],
    potential: Vec<f64>,
}

fn kept(parts: &Parts, nodes: &Nodes, cells: usize) -> Drawn {
    let Attribution {
        whole,
        metric,
        dissipative,
    } = &parts.attribution;
    Drawn {
        numbers: [
            whole.mean_square,
            whole.mean_square_gradient,
            whole.mean_square_flux,
            metric.mean_square_flux,
            dissipative.mean_square,
            dissipative.mean_square_flux,
            parts.identity,
            whole.mean_square_flux / whole.mean_square,
            parts.flow,
        ],
        circulation: [0, 1].map(|axis: usize| mean(&parts.circulation[axis])),
        potential: (0..cells).map(|cell| whole.potential[nodes.node(cell)]).collect(),
    }
}

/// NaN for none.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn draws(
    sums: &PairSums,
    nodes: &Nodes,
    of: &(impl Fn(&[f64]) -> Result<Parts> + Sync),
    draws: usize,
    run: &Run<'_>,
) -> Result<Vec<Drawn>> {
    if sums.blocks.len() < 2 {
        return Ok(Vec::new());
    }
    run.install(|| {
        (0..draws as u64)
            .into_par_iter()
            .map(|draw| {
                run.report(draw as f64 / draws as f64, "errors of a field")?;
                let found = of(&resampled_total(&sums.blocks, run.seed, draw))?;
                Ok(kept(&found, nodes, sums.cells))
            })
            .collect::<Result<_>>()
    })?
}

/// Twice the value less the mean of the draws, which takes off what noise adds to a square.
fn corrected(value: f64, drawn: &[f64], blocks: usize) -> Estimate {
    let excess = mean(drawn) - value;
    let mut estimate = from_draws(value, drawn.iter().copied(), blocks);
    if excess.is_finite() {
        let error = estimate.standard_error;
        estimate = Estimate::from_mean(value - excess, error, blocks);
        estimate.bias_correction = excess;
    }
    estimate
}

fn assembled(
    grids: [&Grid; 2],
    sums: &PairSums,
    (nodes, known): (&Nodes, &[bool]),
    (found, drawn): (Parts, &[Drawn]),
    effective_counts: Vec<f64>,
) -> RecordedField {
    let (cells, blocks) = (sums.cells, sums.blocks.len());
    let volume = (0..2).map(|axis| nodes.axes[axis].spacing()).product::<f64>();
    let all = weight_of(&sums.total);
    let nothing = Estimate::from_mean(f64::NAN, f64::NAN, 0);
    let sample = |cell: usize| effective_counts[cell].round() as usize;
    let by_cell = |value: &dyn Fn(usize) -> Estimate| -> Vec<Estimate> {
        (0..cells)
            .map(|cell| if known[cell] { value(cell) } else { nothing })
            .collect()
    };
    let of_column = |column: usize, value: &dyn Fn(&Means) -> f64| {
        by_cell(&|cell| {
            let means = means(&sums.total, cell, sums.motion, sums.step);
            Estimate::from_mean(value(&means), sums.error_of_mean(cell, column), sample(cell))
        })
    };
    let kept = kept(&found, nodes, cells);
    let number = |which: usize| {
        let draws: Vec<f64> = drawn.iter().map(|draw| draw.numbers[which]).collect();
        corrected(kept.numbers[which], &draws, blocks)
    };
    let squares = PartSquares {
        field: number(0),
        gradient: number(1),
        flux: number(2),
        metric_flux: number(3),
        rest: number(4),
        rest_flux: number(5),
        identity: number(6),
        flux_share: share(&number(2), &number(0), number(7)),
        flow: number(8),
    };
    let circulation = [0, 1].map(|axis: usize| {
        let draws = drawn.iter().map(|draw| draw.circulation[axis]);
        let value = kept.circulation[axis];
        value.is_finite().then(|| from_draws(value, draws, blocks))
    });
    RecordedField {
        grids: grids.map(Clone::clone),
        motion: sums.motion,
        counts: (0..cells).map(|cell| sums.count(cell) as u64).collect(),
        density: by_cell(&|cell| {
            let part = sums.total[cell * WIDTH + WEIGHT] / all;
            Estimate::from_mean(part / volume, sums.error_of_part(cell) / volume, sample(cell))
        }),
        field: [0, 1].map(|axis: usize| of_column(FIELD[axis], &|means| means.field[axis])),
        velocity: [0, 1].map(|axis: usize| of_column(VELOCITY[axis], &|means| means.velocity[axis])),
        second: [0, 1, 2].map(|entry: usize| of_column(SECOND[entry], &|means| means.second[entry])),
        potential: by_cell(&|cell| {
            let draws = drawn.iter().map(|draw| draw.potential[cell]);
            from_draws(kept.potential[cell], draws, blocks)
        }),
        component: (0..cells)
            .map(|cell| found.attribution.whole.component[nodes.node(cell)])
            .collect(),
        flux: flux_at_cells(&found, nodes, known),
        squares,
        circulation,
        mean_velocity: VELOCITY.map(|column| {
            let (value, error) = sums.mean_over_all(column);
            Estimate::from_mean(value, error, blocks)
        }),
        known: known.to_vec(),
        effective_counts,
        attribution: found.attribution,
        blocks,
    }
}

/// The ratio of two corrected squares; its error is that of the ratio as it is.
fn share(part: &Estimate, whole: &Estimate, as_it_is: Estimate) -> Estimate {
    let mut estimate = Estimate::from_mean(
        part.value / whole.value,
        as_it_is.standard_error,
        as_it_is.sample_size,
    );
    estimate.bias_correction = as_it_is.value + as_it_is.bias_correction - estimate.value;
    estimate
}

/// v at cells.
fn flux_at_cells(found: &Parts, nodes: &Nodes, known: &[bool]) -> [Vec<f64>; 2] {
    let of_nodes = found.attribution.whole.flux_at_nodes(&nodes.axes);
    [0, 1].map(|axis: usize| {
        let at = |cell: usize| of_nodes[axis][nodes.node(cell)];
        (0..known.len())
            .map(|cell| if known[cell] { at(cell) } else { f64::NAN })
            .collect()
    })
}
