//! Drift and diffusion of an overdamped coordinate, with the finite time step taken into account.
//!
//! dx = D₁(x) dt + √(2 D₂(x)) dW (Itô). At a step h one sees D₁ʰ = ⟨dx; x⟩/h and D₂ʰ = Var(dx; x)/2h. Where the drift is linear with slope −k about a point,
//! D₁ʰ = D₁ (1 − e^{−kh})/(kh) and D₂ʰ = D₂ (1 − e^{−2kh})/(2kh); the slope seen is (e^{−kh} − 1)/h, from which k follows. With the local slope in each cell
//! the correction is exact for Ornstein–Uhlenbeck processes and of second order in h otherwise for a constant D₂.
//!
//! Sources: H. Risken, The Fokker–Planck equation (1989), section 4; R. Friedrich and J. Peinke, Phys. Rev. Lett. 78, 863 (1997); T. Ozaki, Statistica Sinica
//! 2, 113 (1992), for local linearisation.

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::blocks::{Blocks, resampled, resampled_total};
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::grid::Grid;
use crate::record::{Record, require_inside, require_numbers};

use super::sampling::common_step;

/// Columns of a slot: frames, weight, Σ dx, Σ dx².
const WIDTH: usize = 4;
const LEAF: usize = 4096;
const DRAWS: u64 = 200;

/// Drift and diffusion in cells; NaN where fewer than `least_count` frames are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KramersMoyal {
    /// Centres of the cells.
    pub points: Vec<f64>,
    /// Time step h.
    pub step: f64,
    /// Frames in each cell that have a next one.
    pub counts: Vec<u64>,
    /// ⟨dx; x⟩/h, in the unit of the coordinate over time.
    pub drift_at_step: Vec<Estimate>,
    /// Var(dx; x)/2h, in the unit of the coordinate squared over time.
    pub diffusion_at_step: Vec<Estimate>,
    /// D₁ for h → 0; NaN where the drift seen brings the coordinate beyond its fixed point in one step, so that no k fits.
    pub drift: Vec<Estimate>,
    /// D₂ for h → 0, without the noise of positions.
    pub diffusion: Vec<Estimate>,
}

/// What a step h makes of drift and diffusion where the drift has the slope −k: (D₁ʰ, D₂ʰ) from (D₁, D₂).
///
/// ```
/// let (drift, diffusion) = irrev_landscape::diagnose::at_finite_step(-2.0, 0.7, 2.0, 0.1);
/// assert!((drift + 2.0 * (1.0 - (-0.2_f64).exp()) / 0.2).abs() < 1e-14);
/// assert!((diffusion - 0.7 * (1.0 - (-0.4_f64).exp()) / 0.4).abs() < 1e-14);
/// ```
#[must_use]
pub fn at_finite_step(drift: f64, diffusion: f64, k: f64, step: f64) -> (f64, f64) {
    (
        drift * mean_decay(k * step),
        diffusion * mean_decay(2.0 * k * step),
    )
}

/// (1 − e^{−x})/x.
fn mean_decay(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { -(-x).exp_m1() / x }
}

/// Drift and diffusion of one coordinate of a record with equal steps; `noise` is the variance s² of the noise of positions (0 if there is none), which adds
/// s²/h to D₂ʰ.
///
/// Slopes are differences between neighbouring cells with enough frames. Errors are from blocks drawn anew.
///
/// ```
/// use irrev_landscape::diagnose::kramers_moyal;
/// use irrev_landscape::{Grid, Record};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // dx = −x dt + √2 dW, exactly at steps of 0.2
/// let mut stream = Stream::new(1, Purpose::Trajectory, 0);
/// let (kept, mut x) = ((-0.2_f64).exp(), 0.0);
/// let path: Vec<f64> = (0..100_000)
///     .map(|_| {
///         x = kept * x + (1.0 - kept * kept).sqrt() * stream.normal();
///         x
///     })
///     .collect();
/// let found = kramers_moyal(&Record::of_positions(0.2, [&path[..]])?, 0, &Grid::uniform(-1.0, 1.0, 4)?, 0.0, 10, &Run::default())?;
/// assert!((found.drift[3].value + 0.75).abs() < 5.0 * found.drift[3].standard_error + 0.01);
/// assert!((found.diffusion[1].value - 1.0).abs() < 5.0 * found.diffusion[1].standard_error + 0.01);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unlike`] for different steps, or different periods of coordinate and cells, [`Error::Domain`] for a negative noise, [`Error::Empty`] without any
/// step, what is wrong with the values, [`Error::Numerics`] if too much memory would be needed or the run is cancelled.
pub fn kramers_moyal(
    record: &Record<'_>,
    coordinate: usize,
    grid: &Grid,
    noise: f64,
    least_count: u64,
    run: &Run<'_>,
) -> Result<KramersMoyal> {
    let step = common_step(record)?;
    grid.require_period(record.period(coordinate)?)?;
    Error::require(
        "the variance of the noise",
        noise,
        noise >= 0.0 && noise.is_finite(),
        "zero or a positive number",
    )?;
    let width = WIDTH * grid.slots();
    run.require_memory("drift and diffusion in cells", 3 * Blocks::memory(width))?;
    let mut leaves = Vec::new();
    for segment in record.segments() {
        let last = segment.frames().saturating_sub(1);
        leaves.extend(
            (0..last)
                .step_by(LEAF)
                .map(|start| (segment, start..(start + LEAF).min(last))),
        );
    }
    if leaves.is_empty() {
        return Err(Error::Empty {
            what: "the set of steps",
            way_out: "give trajectories of at least two frames",
        });
    }
    run.report(0.0, "drift and diffusion")?;
    let mut blocks = Blocks::new(width);
    for some in leaves.chunks(1024) {
        let sums: Vec<Result<Vec<f64>>> = run.install(|| {
            let sums = some.par_iter().map(|(segment, core)| {
                let x = segment.positions(coordinate)?;
                let read = &x[core.start..core.end + 1];
                require_numbers("a position", read, core.start as u64)?;
                require_inside(grid.period(), coordinate, read, core.start as u64)?;
                let (mut leaf, w) = (vec![0.0; width], segment.weight());
                for pair in read.windows(2) {
                    let d = grid.period().map_or(pair[1] - pair[0], |period| {
                        period.nearest_image(pair[1] - pair[0])
                    });
                    let slot = grid.slot(pair[0]) as usize * WIDTH;
                    for (sum, term) in leaf[slot..slot + WIDTH]
                        .iter_mut()
                        .zip([1.0, w, w * d, w * d * d])
                    {
                        *sum += term;
                    }
                }
                Ok(leaf)
            });
            sums.collect()
        })?;
        sums.into_iter()
            .try_for_each(|leaf| leaf.and_then(|leaf| Ok(blocks.add(leaf)?)))?;
        run.report(0.0, "drift and diffusion")?;
    }
    let total = blocks.total();
    let counts: Vec<u64> = total[WIDTH..]
        .iter()
        .step_by(WIDTH)
        .take(grid.cells())
        .map(|n| *n as u64)
        .collect();
    let populated: Vec<bool> = counts.iter().map(|n| *n >= least_count.max(2)).collect();
    let of = |total: &[f64]| coefficients(grid, &populated, total, step, noise);
    let found = of(&total);
    let coarse = resampled(&blocks);
    let draws: Vec<[Vec<f64>; 4]> = match coarse.len() {
        0 | 1 => Vec::new(),
        _ => (0..DRAWS)
            .map(|draw| of(&resampled_total(&coarse, run.seed, draw)))
            .collect(),
    };
    let [drift_at_step, diffusion_at_step, drift, diffusion] = std::array::from_fn(|which| {
        let estimate = |cell: usize| {
            from_draws(
                found[which][cell],
                draws.iter().map(|draw| draw[which][cell]),
                coarse.len(),
            )
        };
        (0..grid.cells()).map(estimate).collect()
    });
    Ok(KramersMoyal {
        points: grid.centres(),
        step,
        counts,
        drift_at_step,
        diffusion_at_step,
        drift,
        diffusion,
    })
}

/// D₁ʰ, D₂ʰ, D₁ and D₂ of each cell.
fn coefficients(grid: &Grid, populated: &[bool], total: &[f64], step: f64, noise: f64) -> [Vec<f64>; 4] {
    let centres = grid.centres();
    let mut found = std::array::from_fn(|_| vec![f64::NAN; grid.cells()]);
    for component in grid.components(populated) {
        let cells = &component.cells;
        for cell in cells {
            let slot = &total[(cell + 1) * WIDTH..(cell + 2) * WIDTH];
            let (mean, square) = (slot[2] / slot[1], slot[3] / slot[1]);
            found[0][*cell] = mean / step;
            found[1][*cell] = (square - mean * mean) / (2.0 * step);
        }
        for (k, cell) in cells.iter().enumerate() {
            let (low, high) = match component.closed {
                true => ((k + cells.len() - 1) % cells.len(), (k + 1) % cells.len()),
                false => (k.saturating_sub(1), (k + 1).min(cells.len() - 1)),
            };
            let difference = centres[cells[high]] - centres[cells[low]];
            let run = grid
                .period()
                .map_or(difference, |period| period.nearest_image(difference));
            // a single cell has no slope: what is seen is what is told
            let slope = if low == high {
                0.0
            } else {
                (found[0][cells[high]] - found[0][cells[low]]) / run
            };
            let k = -(step * slope).ln_1p() / step;
            found[2][*cell] = found[0][*cell] / mean_decay(k * step);
            found[3][*cell] = (found[1][*cell] - noise / step) / mean_decay(2.0 * k * step);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn a_long_step_and_noise_are_taken_out_of_an_ornstein_uhlenbeck_process() {
        // kh = 0.5: D₁ʰ is 21 % too small, D₂ʰ 37 %; noise of s² = 0.01 adds s²/h = 0.02 to D₂ʰ, and blurs x, whose variance is 1, by 1 %
        let (kept, h) = ((-0.5_f64).exp(), 0.5);
        let mut stream = Stream::new(1, Purpose::Trajectory, 0);
        let mut x = stream.normal();
        let path: Vec<f64> = (0..400_000)
            .map(|_| {
                x = kept * x + (1.0 - kept * kept).sqrt() * stream.normal();
                x
            })
            .collect();
        let grid = Grid::uniform(-1.5, 1.5, 6).unwrap();
        let of = |path: &[f64], noise| {
            kramers_moyal(
                &Record::of_positions(h, [path]).unwrap(),
                0,
                &grid,
                noise,
                10,
                &Run::default(),
            )
            .unwrap()
        };
        let found = of(&path, 0.0);
        // 24 numbers at 5 σ: 1.4e-5; cells of 0.5 let the mean position in a cell be off its centre by Δ²/12 x = 0.02 x, and add the variance Δ²/12 (1 −
        // kept)² / 2h = 0.003 to D₂ʰ
        for cell in 0..6 {
            let (drift, diffusion, r) = (found.drift[cell], found.diffusion[cell], found.points[cell]);
            assert!(
                (drift.value + r).abs() < 5.0 * drift.standard_error + 0.022 * r.abs(),
                "{drift:?}"
            );
            assert!(
                (diffusion.value - 1.0).abs() < 5.0 * diffusion.standard_error + 0.006,
                "{diffusion:?}"
            );
            assert!(
                (found.drift_at_step[cell].value + 0.787 * r).abs()
                    < 5.0 * drift.standard_error + 0.022 * r.abs()
            );
        }
        let noisy: Vec<f64> = path.iter().map(|x| x + 0.1 * stream.normal()).collect();
        let [without, with] = [0.01, 0.0].map(|noise| of(&noisy, noise).diffusion[2].value);
        // the correction divides s²/h by (1 − e^{−1})
        assert!((with - without - 0.02 / 0.632).abs() < 0.002);
    }

    #[test]
    fn circles_wrap_and_thin_cells_are_left_out() {
        let period = crate::Period::new(0.0, 1.0).unwrap();
        let x = [0.9, 0.0, 0.1, 0.2, 0.3];
        let segment = crate::record::Segment::new(crate::record::Clock::Step(1.0), vec![&x]).unwrap();
        let record = Record::new(vec![Some(period)], vec![segment]).unwrap();
        let grid = Grid::circle(period, 2).unwrap();
        let found = kramers_moyal(&record, 0, &grid, 0.0, 2, &Run::default()).unwrap();
        assert_eq!(found.counts, [3, 1]);
        assert!((found.drift_at_step[0].value - 0.1).abs() < 1e-15 && found.drift_at_step[1].value.is_nan());
        assert!(kramers_moyal(&record, 0, &grid, -1.0, 2, &Run::default()).is_err());
        let line = Grid::uniform(0.0, 1.0, 2).unwrap();
        assert!(matches!(
            kramers_moyal(&record, 0, &line, 0.0, 2, &Run::default()),
            Err(Error::Unlike { .. })
        ));
    }
}
