//! From axes and dynamics to rates.

use irrev_network::{Distribution, Flow, MarkovJump};
use irrev_numerics::Run;

use super::Overdamped;
use crate::axes::{self, Axis};
use crate::error::{Error, Result};

/// Beyond this work against an edge, in units of T, a backward rate would leave the range of numbers.
const STEEPEST: f64 = 600.0;

/// How rates follow from the work against an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Weights {
    /// B(d) = d/(e^d − 1): exact where force and mobility are constant along an edge, and right also where the force dominates (default).
    #[default]
    ScharfetterGummel,
    /// e^{−d/2}: the square-root approximation; its error is some 2.4 times larger, and it needs |d| below 2.
    SquareRoot,
}

impl Weights {
    /// Weights of the jumps along and against an edge with the work d against it.
    fn both_ways(self, d: f64) -> (f64, f64) {
        match self {
            Self::ScharfetterGummel if d == 0.0 => (1.0, 1.0),
            // d/(1 − e^{−d}) = B(−d)
            Self::ScharfetterGummel => (d / d.exp_m1(), -d / (-d).exp_m1()),
            Self::SquareRoot => ((-0.5 * d).exp(), (0.5 * d).exp()),
        }
    }
}

/// Which nodes an edge of the network joins.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Neighbours {
    /// Along which axis, upwards.
    pub axis: usize,
    /// Area of the face between the volumes: the product of their widths along the other axes, 1 in one dimension.
    pub face: f64,
    /// (V_j − V_i − f h)/T.
    pub work: f64,
}

/// Overdamped motion on the nodes of a grid.
///
/// States are the nodes that absorb nothing, the last axis running fastest, followed by one state for each absorbing wall.
#[derive(Debug, Clone)]
pub struct GridProcess {
    axes: Vec<Axis>,
    kinetics: MarkovJump,
    /// State of each node, absorbing ones being those of their walls.
    state_of: Vec<usize>,
    /// Node of each state that is one.
    node_of: Vec<usize>,
    volumes: Vec<f64>,
    edges: Vec<Neighbours>,
    /// (axis, 0 or 1 for low or high, state).
    walls: Vec<(usize, usize, usize)>,
}

/// The jump process of a motion on a grid of one to three dimensions, O(nodes).
///
/// ```
/// use irrev_landscape::axes::Axis;
/// use irrev_landscape::fokker_planck::{Overdamped, Weights, discretised};
/// use irrev_numerics::Run;
/// let (length, tilt) = (std::f64::consts::TAU, 0.8);
/// let ring = Overdamped::new(0.5, |x: &[f64]| x[0].cos())?.with_force(|_, f| f[0] = tilt);
/// let process = discretised(&ring, &[Axis::circle(0.0, length, 128)?], Weights::default(), &Run::default())?;
/// let flow = process.kinetics().flow(&process.kinetics().stationary_distribution()?)?;
/// // every edge carries the same current, and each turn dissipates f L/T
/// let current = flow.current()[0];
/// assert!((flow.entropy_production_rate() - current * tilt * length / 0.5).abs() < 1e-12);
/// assert!((current - 0.06670428).abs() < 1e-5);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] for a mobility matrix of another dimension; [`Error::Domain`] unless there are one to three axes; for a potential or force that is not finite, a mobility that is not positive, or a grid so coarse that the work against an edge exceeds
/// 600 T; memory over the limit of `run`; cancelled.
pub fn discretised(
    dynamics: &Overdamped<'_>,
    axes: &[Axis],
    weights: Weights,
    run: &Run<'_>,
) -> Result<GridProcess> {
    let dimension = axes.len();
    // names, edges, rates and what is kept for each node
    let bytes = 100 + 200 * dimension as u64;
    let nodes = axes::nodes(axes, "a Fokker–Planck equation on a grid", bytes, run)?;
    if let Some(of_matrix) = dynamics.dimension() {
        Error::require_size("a mobility matrix", of_matrix, dimension)?;
    }
    let States {
        state_of,
        node_of,
        walls,
    } = States::new(axes, nodes);
    let free = node_of.len();
    let potential: Vec<f64> = (0..nodes)
        .map(|node| dynamics.potential(&axes::point(axes, node)))
        .collect();
    axes::require_finite(axes, &potential)?;
    let (mut channels, mut edges) = (
        Vec::with_capacity(dimension * nodes),
        Vec::with_capacity(dimension * nodes),
    );
    let mut components = vec![0.0; dimension];
    for node in 0..nodes {
        if node % (1 << 16) == 0 {
            run.report(node as f64 / nodes as f64, "Fokker–Planck equation: rates")?;
        }
        for (axis, of_axis) in axes.iter().enumerate() {
            let Some(neighbour) = axes::next(axes, node, axis) else {
                continue;
            };
            let (from, to) = (state_of[node], state_of[neighbour]);
            // nothing happens within walls
            if from >= free && to >= free {
                continue;
            }
            let h = of_axis.spacing();
            let mut middle = axes::point(axes, node);
            middle[axis] += 0.5 * h;
            let (force, mobility) = dynamics.force_and_mobility(&middle, axis, &mut components);
            Error::require("a force", force, force.is_finite(), "a finite number")?;
            Error::require(
                "a mobility",
                mobility,
                mobility > 0.0 && mobility.is_finite(),
                "a positive number",
            )?;
            let work = (potential[neighbour] - potential[node] - force * h) / dynamics.temperature();
            Error::require(
                "the work against an edge of the grid in units of T",
                work,
                work.abs() <= STEEPEST,
                "at most 600 either way: take more intervals, or end the grid earlier",
            )?;
            let (along, against) = weights.both_ways(work);
            let conductance = mobility * dynamics.temperature() / h;
            // absorbing states let nothing out
            let rate = |state: usize, node: usize, weight: f64| {
                if state < free {
                    conductance * weight / axes::width(axes, node, axis)
                } else {
                    0.0
                }
            };
            channels.push((from, to, rate(from, node, along), rate(to, neighbour, against)));
            let face = axes::face(axes, node, axis);
            edges.push(Neighbours { axis, face, work });
        }
    }
    Ok(GridProcess {
        kinetics: MarkovJump::from_rates(free + walls.len(), &channels)?,
        axes: axes.to_vec(),
        volumes: node_of.iter().map(|&node| axes::volume(axes, node)).collect(),
        state_of,
        node_of,
        edges,
        walls,
    })
}

/// Which node is which state.
struct States {
    state_of: Vec<usize>,
    node_of: Vec<usize>,
    walls: Vec<(usize, usize, usize)>,
}

impl States {
    fn new(axes: &[Axis], nodes: usize) -> Self {
        // where axes end in absorbing walls together, the first axis has the corner; no free node jumps there
        let absorbing = |node: usize| {
            axes.iter()
                .enumerate()
                .find_map(|(axis, of_axis)| Some((axis, of_axis.absorbs(axes::index(axes, node, axis))?)))
        };
        let node_of: Vec<usize> = (0..nodes).filter(|node| absorbing(*node).is_none()).collect();
        let mut walls: Vec<(usize, usize, usize)> = Vec::new();
        let mut state_of = vec![usize::MAX; nodes];
        for (state, &node) in node_of.iter().enumerate() {
            state_of[node] = state;
        }
        for node in 0..nodes {
            let Some((axis, side)) = absorbing(node) else {
                continue;
            };
            let known = walls
                .iter()
                .find(|wall| (wall.0, wall.1) == (axis, side))
                .map(|wall| wall.2);
            state_of[node] = known.unwrap_or_else(|| {
                let state = node_of.len() + walls.len();
                walls.push((axis, side, state));
                state
            });
        }
        Self {
            state_of,
            node_of,
            walls,
        }
    }
}

impl GridProcess {
    /// The jump process; rates in 1/time.
    #[must_use]
    pub fn kinetics(&self) -> &MarkovJump {
        &self.kinetics
    }

    /// The axes.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// What each edge of the network joins, in its order.
    #[must_use]
    pub fn edges(&self) -> &[Neighbours] {
        &self.edges
    }

    /// Volume around the node of each state; absorbing walls have none and are left out.
    #[must_use]
    pub fn volumes(&self) -> &[f64] {
        &self.volumes
    }

    /// Largest |V_j − V_i − f h|/T of an edge: below 2 the grid resolves the force.
    #[must_use]
    pub fn steepest(&self) -> f64 {
        self.edges.iter().map(|edge| edge.work.abs()).fold(0.0, f64::max)
    }

    /// Where the node of a state stands; `None` for an absorbing wall.
    #[must_use]
    pub fn point(&self, state: usize) -> Option<Vec<f64>> {
        self.node_of.get(state).map(|&node| axes::point(&self.axes, node))
    }

    /// The state of the node nearest to a point, or of the absorbing wall that it lies on.
    ///
    /// # Errors
    /// [`Error::Size`] unless there is one coordinate for each axis; [`Error::Domain`] outside of the grid.
    pub fn state_at(&self, x: &[f64]) -> Result<usize> {
        Error::require_size("a point", x.len(), self.axes.len())?;
        let mut node = 0;
        for (axis, x) in self.axes.iter().zip(x) {
            node = node * axis.nodes() + axis.nearest(*x)?;
        }
        Ok(self.state_of[node])
    }

    /// States of the absorbing walls: (axis, 0 for its low and 1 for its high end, state).
    #[must_use]
    pub fn absorbing_walls(&self) -> &[(usize, usize, usize)] {
        &self.walls
    }

    /// p_i over volume at each node, in 1/volume; absorbing walls are left out.
    ///
    /// # Errors
    /// [`Error::Size`] unless there is one probability for each state.
    pub fn density(&self, distribution: &Distribution) -> Result<Vec<f64>> {
        let p = distribution.probabilities();
        Error::require_size(
            "a distribution on the grid",
            p.len(),
            self.node_of.len() + self.walls.len(),
        )?;
        Ok(p.iter()
            .zip(&self.volumes)
            .map(|(p, volume)| p / volume)
            .collect())
    }

    /// Probability current through each edge over its face, in probability over area and time, upwards along its axis.
    ///
    /// # Errors
    /// [`Error::Size`] unless the flow has as many edges.
    pub fn current_density(&self, flow: &Flow) -> Result<Vec<f64>> {
        let current = flow.current();
        Error::require_size("the current on the grid", current.len(), self.edges.len())?;
        Ok(current
            .iter()
            .zip(&self.edges)
            .map(|(j, edge)| j / edge.face)
            .collect())
    }
}
