//! Looking at walkers while they move, without keeping what was seen.

use super::block::Block;
use crate::error::Result;

/// A block of walkers at a moment; rows of as many numbers as there are walkers in the block, a row for each coordinate.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Frame<'a> {
    /// When.
    pub time: f64,
    /// Steps since the start.
    pub steps: u64,
    /// First walker of the block.
    pub first_walker: u64,
    /// Walkers in the block.
    pub lanes: usize,
    /// Positions, d rows; in the period where there is one.
    pub positions: &'a [f64],
    /// Velocities, d rows; empty for motion without inertia.
    pub velocities: &'a [f64],
    /// Auxiliary variables of the memory, a row each.
    pub auxiliaries: &'a [f64],
    /// Whole turns of periodic coordinates, d rows.
    pub turns: &'a [i64],
    /// Heat into the bath of each coordinate since the start, d rows.
    pub heat: &'a [f64],
    /// Work of the protocol since the start, one row; zero while V is not known.
    pub protocol_work: &'a [f64],
    /// Work of the non-gradient forces since the start, one row.
    pub drive_work: &'a [f64],
}

impl<'a> Frame<'a> {
    pub(super) fn of(block: &'a Block, time: f64, steps: u64) -> Self {
        Self {
            time,
            steps,
            first_walker: block.first,
            lanes: block.lanes,
            positions: &block.positions,
            velocities: &block.velocities,
            auxiliaries: &block.auxiliaries,
            turns: &block.turns,
            heat: &block.heat,
            protocol_work: &block.protocol_work,
            drive_work: &block.drive_work,
        }
    }

    /// The row of a coordinate's positions.
    #[must_use]
    pub fn position(&self, coordinate: usize) -> &'a [f64] {
        &self.positions[coordinate * self.lanes..(coordinate + 1) * self.lanes]
    }

    /// The row of a coordinate's velocities; empty for motion without inertia.
    #[must_use]
    pub fn velocity(&self, coordinate: usize) -> &'a [f64] {
        let end = (coordinate + 1) * self.lanes;
        self.velocities
            .get(coordinate * self.lanes..end)
            .unwrap_or_default()
    }
}

/// Something that looks at frames of one block: a histogram, a sum, a recorder.
///
/// There is one for each block of walkers, because blocks move in parallel; merged in the order of blocks they give the same bits on any number of threads.
///
/// ```
/// use irrev_landscape::Result;
/// use irrev_landscape::langevin::{Frame, LangevinOptions, LinearField, Observer, Overdamped, Simulation, Start};
/// use irrev_numerics::{Run, linalg::Matrix};
/// #[derive(Default)]
/// struct Squares { sum: f64, count: u64 }
/// impl Observer for Squares {
///     fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
///         self.sum += frame.position(0).iter().map(|x| x * x).sum::<f64>();
///         self.count += frame.lanes as u64;
///         Ok(())
///     }
/// }
/// let trap = LinearField::new(Matrix::from_columns(1, vec![-2.0]), vec![0.0])?;
/// let dynamics = Overdamped::new(vec![1.0], vec![1.0])?.into();
/// let options = LangevinOptions { step: 0.01, ..Default::default() };
/// let run = Run::default();
/// let mut motion = Simulation::new(&trap, &dynamics, &Start::at(&[0.0], 1000), &options, &run)?;
/// motion.advance(500, &run)?;                                          // ten relaxation times
/// let mut squares = motion.observers(|_| Squares::default());
/// motion.observe(2000, 10, &mut squares, &run)?;
/// let total = squares.iter().fold((0.0, 0), |t, s| (t.0 + s.sum, t.1 + s.count));
/// let variance = total.0 / total.1 as f64;
/// // 1000 walkers × 20 time units at a correlation time 1/4 of squares: 4e4 independent values; 5 σ
/// assert!((variance - 0.5 / (1.0 - 0.01)).abs() < 5.0 * 0.5 * (2.0 / 4e4_f64).sqrt());
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
pub trait Observer: Send {
    /// Takes a frame.
    ///
    /// # Errors
    /// Anything that should end the simulation.
    fn observe(&mut self, frame: &Frame<'_>) -> Result<()>;
}

/// The observer that sees nothing.
impl Observer for () {
    fn observe(&mut self, _: &Frame<'_>) -> Result<()> {
        Ok(())
    }
}
