//! Rectangular grids of nodes: axes, and what happens at their ends.
//!
//! A grid is a list of axes. Its nodes are numbered with the last axis running fastest, and each has a volume around it, which a wall cuts in half.

use irrev_numerics::Run;

use crate::error::{Error, Result};

/// What a wall does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// No flux passes.
    Reflecting,
    /// What arrives does not return.
    Absorbing,
}

/// Nodes at equal distances along one coordinate, from one end to the other, both included (on a circle the end is the start).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    start: f64,
    end: f64,
    intervals: usize,
    /// `None` on a circle.
    walls: Option<(Wall, Wall)>,
}

impl Axis {
    /// A circle: x and x + (end − start) are the same point.
    ///
    /// # Errors
    /// [`Error::Domain`] unless the ends are finite and ascend and there are at least three intervals.
    pub fn circle(start: f64, end: f64, intervals: usize) -> Result<Self> {
        Error::require(
            "the number of intervals round a circle",
            intervals as f64,
            intervals >= 3,
            "at least 3",
        )?;
        Self::new(start, end, intervals, None)
    }

    /// A line between two reflecting walls, `intervals` + 1 nodes.
    ///
    /// # Errors
    /// As [`Axis::between`].
    pub fn line(start: f64, end: f64, intervals: usize) -> Result<Self> {
        Self::between(start, Wall::Reflecting, end, Wall::Reflecting, intervals)
    }

    /// A line between two walls.
    ///
    /// ```
    /// use irrev_landscape::axes::{Axis, Wall};
    /// let axis = Axis::between(-3.0, Wall::Reflecting, 1.0, Wall::Absorbing, 4)?;
    /// assert_eq!((axis.spacing(), axis.nodes(), axis.node(4)), (1.0, 5, 1.0));
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless the ends are finite and ascend and there are at least two intervals.
    pub fn between(start: f64, low: Wall, end: f64, high: Wall, intervals: usize) -> Result<Self> {
        Error::require(
            "the number of intervals of an axis",
            intervals as f64,
            intervals >= 2,
            "at least 2",
        )?;
        Self::new(start, end, intervals, Some((low, high)))
    }

    fn new(start: f64, end: f64, intervals: usize, walls: Option<(Wall, Wall)>) -> Result<Self> {
        let length = end - start;
        Error::require(
            "the length of an axis",
            length,
            length > 0.0 && length.is_finite(),
            "a positive number",
        )?;
        Ok(Self {
            start,
            end,
            intervals,
            walls,
        })
    }

    /// The same axis with other intervals.
    ///
    /// # Errors
    /// [`Error::Domain`] for too few.
    pub fn with_intervals(self, intervals: usize) -> Result<Self> {
        match self.walls {
            None => Self::circle(self.start, self.end, intervals),
            Some((low, high)) => Self::between(self.start, low, self.end, high, intervals),
        }
    }

    /// Number of intervals.
    #[must_use]
    pub fn intervals(&self) -> usize {
        self.intervals
    }

    /// Whether the end is the start.
    #[must_use]
    pub fn is_circle(&self) -> bool {
        self.walls.is_none()
    }

    /// Number of nodes: one more than intervals, but as many on a circle.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.intervals + usize::from(self.walls.is_some())
    }

    /// h, in the unit of the coordinate.
    #[must_use]
    pub fn spacing(&self) -> f64 {
        (self.end - self.start) / self.intervals as f64
    }

    /// Where a node stands.
    #[must_use]
    pub fn node(&self, index: usize) -> f64 {
        let part = index as f64 / self.intervals as f64;
        (1.0 - part) * self.start + part * self.end
    }

    /// The node nearest to a coordinate.
    ///
    /// # Errors
    /// [`Error::Domain`] for a coordinate that is outside, or not finite on a circle.
    pub fn nearest(&self, x: f64) -> Result<usize> {
        let steps = (x - self.start) / self.spacing();
        let nearest = if self.walls.is_none() {
            steps.rem_euclid(self.intervals as f64).round()
        } else {
            steps.round()
        };
        Error::require(
            "a coordinate on an axis",
            x,
            nearest >= 0.0 && nearest <= self.intervals as f64,
            "one between its ends",
        )?;
        Ok(nearest as usize % self.nodes())
    }

    /// Width of the volume around a node.
    fn width(&self, index: usize) -> f64 {
        let on_wall = self.walls.is_some() && (index == 0 || index == self.intervals);
        self.spacing() * if on_wall { 0.5 } else { 1.0 }
    }

    /// The wall, 0 for the low and 1 for the high one, on which a node is absorbed.
    pub(crate) fn absorbs(&self, index: usize) -> Option<usize> {
        let (low, high) = self.walls?;
        match index {
            0 if low == Wall::Absorbing => Some(0),
            i if i == self.intervals && high == Wall::Absorbing => Some(1),
            _ => None,
        }
    }

    /// The node after this one, if an interval leads there.
    fn next(&self, index: usize) -> Option<usize> {
        match self.walls {
            None => Some((index + 1) % self.intervals),
            Some(_) => (index < self.intervals).then_some(index + 1),
        }
    }
}

/// Nodes between neighbours along an axis.
pub(crate) fn stride(axes: &[Axis], axis: usize) -> usize {
    axes[axis + 1..].iter().map(Axis::nodes).product()
}

/// Place of a node along an axis.
pub(crate) fn index(axes: &[Axis], node: usize, axis: usize) -> usize {
    node / stride(axes, axis) % axes[axis].nodes()
}

/// Where a node of a grid stands, the last axis running fastest.
///
/// ```
/// use irrev_landscape::axes::{Axis, point_of};
/// let axis = Axis::line(0.0, 2.0, 2)?;
/// assert_eq!(point_of(&[axis, axis], 5), [1.0, 2.0]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[must_use]
pub fn point_of(axes: &[Axis], node: usize) -> Vec<f64> {
    point(axes, node)
}

/// Where a node stands.
pub(crate) fn point(axes: &[Axis], node: usize) -> Vec<f64> {
    (0..axes.len())
        .map(|axis| axes[axis].node(index(axes, node, axis)))
        .collect()
}

/// The next node along an axis, if an interval leads there.
pub(crate) fn next(axes: &[Axis], node: usize, axis: usize) -> Option<usize> {
    let (here, stride) = (index(axes, node, axis), stride(axes, axis));
    axes[axis]
        .next(here)
        .map(|next| node + next * stride - here * stride)
}

/// Width of the volume around a node along an axis.
pub(crate) fn width(axes: &[Axis], node: usize, axis: usize) -> f64 {
    axes[axis].width(index(axes, node, axis))
}

/// Area of the face between the volumes of a node and of its neighbour along an axis: the product of the widths along the others.
pub(crate) fn face(axes: &[Axis], node: usize, axis: usize) -> f64 {
    (0..axes.len())
        .filter(|other| *other != axis)
        .map(|other| width(axes, node, other))
        .product()
}

/// Volume around a node.
pub(crate) fn volume(axes: &[Axis], node: usize) -> f64 {
    (0..axes.len()).map(|axis| width(axes, node, axis)).product()
}

/// Number of nodes of one to three axes, for which `bytes` each must be had.
pub(crate) fn nodes(axes: &[Axis], what: &'static str, bytes: u64, run: &Run<'_>) -> Result<usize> {
    let dimension = axes.len();
    Error::require(
        "the number of axes",
        dimension as f64,
        (1..=3).contains(&dimension),
        "1, 2 or 3",
    )?;
    let nodes = axes
        .iter()
        .fold(1_u64, |nodes, axis| nodes.saturating_mul(axis.nodes() as u64));
    run.require_memory(what, nodes.saturating_mul(bytes))?;
    Ok(nodes as usize)
}
/// That a potential is finite on all nodes.
///
/// # Errors
/// [`Error::Potential`] with the first node where it is not.
pub(crate) fn require_finite(axes: &[Axis], potential: &[f64]) -> Result<()> {
    match potential.iter().position(|v| !v.is_finite()) {
        Some(node) => Err(Error::Potential {
            point: point(axes, node),
            value: potential[node],
        }),
        None => Ok(()),
    }
}
