//! Wells of a landscape, and the mean time that a coordinate takes from one to another.
//!
//! A well is a minimum of G that a barrier parts from every lower one; its core is what lies near the bottom. A path belongs to the core it visited last. The time that belongs to a core over the number of
//! passages from it to the other is the mean time of a passage, whatever the lengths of trajectories; paths between cores that turn back count for nothing.
//!
//! Source: C. Schütte, F. Noé, J. Lu, M. Sarich and E. Vanden-Eijnden, J. Chem. Phys. 134, 204105 (2011), for cores ("milestones").

use irrev_numerics::Estimate;

use crate::blocks::{Blocks, resampled, variance_of_ratio};
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::record::{Record, Segment, require_numbers};

/// Leaves that a record is cut into.
const LEAVES: usize = 128;

/// Mean times from the core of one well to that of the other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Transitions {
    /// From the first to the second, and back; infinite without an error where none was seen.
    pub times: [Estimate; 2],
    /// How many were seen.
    pub counts: [u64; 2],
}

/// The cells of the cores of the two deepest wells of G, the deepest first; `None` unless a barrier of at least `barrier` parts two.
///
/// G is given in cells, NaN where it is not known, where no path leads. A core is what is joined to the bottom below half the barrier that parts it, but at most half of `barrier` above.
///
/// ```
/// use irrev_landscape::Grid;
/// use irrev_landscape::memory::two_wells;
/// let grid = Grid::uniform(-1.5, 1.5, 31)?;
/// let g: Vec<f64> = grid.centres().iter().map(|x| 4.0 * (x * x - 1.0).powi(2) + 0.3 * x).collect();
/// let [left, right] = two_wells(&grid, &g, 1.0).ok_or("no wells")?;
/// assert!(left.contains(&5) && right.contains(&25));
/// assert!(two_wells(&grid, &g, 10.0).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn two_wells(grid: &Grid, free_energy: &[f64], barrier: f64) -> Option<[Vec<usize>; 2]> {
    let n = grid.cells().min(free_energy.len());
    let known = |cell: usize| free_energy[cell].is_finite();
    let neighbours = |cell: usize| -> Vec<usize> {
        let circle = grid.period().is_some();
        let before = cell.checked_sub(1).or_else(|| circle.then(|| n - 1));
        let after = if cell + 1 < n {
            Some(cell + 1)
        } else {
            circle.then_some(0)
        };
        let both = before.into_iter().chain(after);
        both.filter(|other| known(*other)).collect()
    };
    let mut order: Vec<usize> = (0..n).filter(|cell| known(*cell)).collect();
    order.sort_by(|a, b| free_energy[*a].total_cmp(&free_energy[*b]).then(a.cmp(b)));
    // water rises: each cell belongs to the basin of a neighbour under water, and where two basins meet the shallower one ends
    let mut basin: Vec<Option<usize>> = vec![None; n];
    let mut parted: Vec<(usize, f64)> = Vec::new();
    for &cell in &order {
        let mut touched: Vec<usize> = neighbours(cell)
            .iter()
            .filter_map(|other| basin[*other])
            .collect();
        touched.sort_by(|a, b| free_energy[*a].total_cmp(&free_energy[*b]).then(a.cmp(b)));
        touched.dedup();
        let deepest = touched.first().copied().unwrap_or(cell);
        basin[cell] = Some(deepest);
        for &ends in touched.iter().skip(1) {
            let depth = free_energy[cell] - free_energy[ends];
            if depth >= barrier {
                parted.push((ends, depth));
            }
            for owner in basin.iter_mut().filter(|owner| **owner == Some(ends)) {
                *owner = Some(deepest);
            }
        }
    }
    let (&first, _) = order.split_first()?;
    // parts that never meet are no wells of one landscape
    let (second, depth) = parted
        .into_iter()
        .filter(|(well, _)| basin[*well] == basin[first])
        .min_by(|a, b| free_energy[a.0].total_cmp(&free_energy[b.0]))?;
    let core = |bottom: usize| {
        let top = free_energy[bottom] + 0.5 * depth.min(barrier);
        let mut cells = vec![bottom];
        let mut next = 0;
        while next < cells.len() {
            for other in neighbours(cells[next]) {
                if free_energy[other] < top && !cells.contains(&other) {
                    cells.push(other);
                }
            }
            next += 1;
        }
        cells.sort_unstable();
        cells
    };
    Some([core(first), core(second)])
}

/// Mean times of passage between two cores, lists of cells, of one coordinate of a record with equal steps; errors from blocks, and at least those of independent passages.
///
/// ```
/// use irrev_landscape::memory::transitions;
/// use irrev_landscape::{Grid, Record};
/// // two steps in each core, and one between that belongs to the core before
/// let x: Vec<f64> = [0.1, 0.1, 0.5, 0.9, 0.9, 0.5].repeat(100);
/// let found = transitions(&Record::of_positions(2.0, [&x[..]])?, 0, &Grid::uniform(0.0, 1.0, 3)?, &[vec![0], vec![2]])?;
/// assert_eq!(found.counts, [100, 99]);
/// assert!((found.times[0].value - 6.0).abs() < 0.1);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unlike`] for different steps or periods, [`Error::Domain`] for a cell that does not exist, what is wrong with the values.
pub fn transitions(
    record: &Record<'_>,
    coordinate: usize,
    grid: &Grid,
    cores: &[Vec<usize>; 2],
) -> Result<Transitions> {
    let step = common_step(record)?;
    grid.require_period(record.period(coordinate)?)?;
    let mut core_of: Vec<Option<usize>> = vec![None; grid.cells()];
    for (which, core) in cores.iter().enumerate() {
        for &cell in core {
            Error::require(
                "a cell of a core",
                cell as f64,
                cell < grid.cells(),
                "the index of a cell",
            )?;
            core_of[cell] = Some(which);
        }
    }
    let frames: usize = record.segments().iter().map(Segment::frames).sum();
    let length = (frames / LEAVES).max(1);
    // of each block: time and passages from the first core, and from the second
    let mut blocks = Blocks::new(4);
    for segment in record.segments() {
        let x = segment.positions(coordinate)?;
        require_numbers("a position", x, 0)?;
        let mut last: Option<usize> = None;
        for some in x.chunks(length) {
            let mut leaf = vec![0.0; 4];
            for r in some {
                let here = grid.cell(*r).and_then(|cell| core_of[cell]);
                if let (Some(before), Some(now)) = (last, here)
                    && before != now
                {
                    leaf[2 * before + 1] += 1.0;
                }
                last = here.or(last);
                if let Some(core) = last {
                    leaf[2 * core] += step;
                }
            }
            blocks.add(leaf)?;
        }
    }
    let (total, resampled) = (blocks.total(), resampled(&blocks));
    let counts = [1, 3].map(|column: usize| total.get(column).map_or(0, |n| *n as u64));
    let times = [0, 1].map(|core: usize| {
        let (time, n) = (total[2 * core], total[2 * core + 1]);
        if n == 0.0 {
            return Estimate::from_mean(f64::INFINITY, f64::NAN, 0);
        }
        let parts = resampled
            .iter()
            .map(|block| (block[2 * core], block[2 * core + 1]));
        let independent = time / n / n.sqrt();
        let error = variance_of_ratio(parts).sqrt();
        let error = if error.is_nan() {
            independent
        } else {
            error.max(independent)
        };
        Estimate::from_mean(time / n, error, n as usize)
    });
    Ok(Transitions { times, counts })
}
