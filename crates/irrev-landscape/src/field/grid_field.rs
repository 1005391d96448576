//! A field and a density on the edges of a grid.

use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;

use crate::axes::{self, Axis};
use crate::error::{Error, Result};

/// Memory for each node: edges along three axes, and values.
const BYTES: u64 = 200;

/// Part of the probability below which an edge is left out: it changes no average, but what rounding sends across it (some 1e-17, against next to no resistance elsewhere) would.
const NEGLIGIBLE: f64 = 1e-20;

/// Two neighbouring nodes, what the field is between them, and how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) axis: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    /// F along the axis.
    pub(super) field: f64,
    /// ρ times the volume of the edge: its length times the face between the volumes of its nodes.
    pub(super) weight: f64,
}

/// A field F and a density ρ on a grid of one to three dimensions; walls reflect.
#[derive(Debug, Clone, PartialEq)]
pub struct GridField {
    axes: Vec<Axis>,
    pub(super) edges: Vec<Edge>,
    /// ρ times volume at nodes, summing to 1.
    pub(super) probability: Vec<f64>,
}

impl GridField {
    /// From functions: F is asked for in the middle of edges, ρ there and at nodes; ρ need not be normalised.
    ///
    /// # Errors
    /// [`Error::Domain`] unless there are one to three axes; for a density that is negative or not finite, or zero everywhere, or a field that is not finite where the density is not zero; memory
    /// over the limit of `run`; cancelled.
    pub fn from_functions(
        axes: &[Axis],
        density: impl Fn(&[f64]) -> f64,
        field: impl Fn(&[f64], &mut [f64]),
        run: &Run<'_>,
    ) -> Result<Self> {
        let nodes = axes::nodes(axes, "a field on a grid", BYTES, run)?;
        let at_nodes: Vec<f64> = (0..nodes).map(|node| density(&axes::point(axes, node))).collect();
        let mut components = vec![0.0; axes.len()];
        Self::assembled(axes, &at_nodes, run, |axis, from, _| {
            let mut middle = axes::point(axes, from);
            middle[axis] += 0.5 * axes[axis].spacing();
            field(&middle, &mut components);
            (density(&middle), components[axis])
        })
    }

    /// From values at nodes, the last axis running fastest: `density` (not negative, NaN or 0 where nothing is known) and one list for each component of the field. Edges take the means of their ends.
    ///
    /// # Errors
    /// As [`GridField::from_functions`]; [`Error::Size`] for a list that has not one value for each node.
    pub fn from_nodes(axes: &[Axis], density: &[f64], field: &[Vec<f64>], run: &Run<'_>) -> Result<Self> {
        let nodes = axes::nodes(axes, "a field on a grid", BYTES, run)?;
        Error::require_size("the density on the grid", density.len(), nodes)?;
        Error::require_size("the components of a field", field.len(), axes.len())?;
        for component in field {
            Error::require_size("a component of a field", component.len(), nodes)?;
        }
        let known: Vec<f64> = density
            .iter()
            .map(|rho| if rho.is_nan() { 0.0 } else { *rho })
            .collect();
        Self::assembled(axes, &known, run, |axis, from, to| {
            let both = known[from] > 0.0 && known[to] > 0.0;
            let weight = if both {
                0.5 * (known[from] + known[to])
            } else {
                0.0
            };
            (weight, 0.5 * (field[axis][from] + field[axis][to]))
        })
    }

    /// `between` gives ρ and F on the edge from a node to its neighbour along an axis.
    pub(super) fn assembled(
        axes: &[Axis],
        density: &[f64],
        run: &Run<'_>,
        mut between: impl FnMut(usize, usize, usize) -> (f64, f64),
    ) -> Result<Self> {
        let require_density = |rho: f64| {
            Error::require(
                "a density",
                rho,
                rho >= 0.0 && rho.is_finite(),
                "zero or a positive number",
            )
        };
        let mut probability = Vec::with_capacity(density.len());
        for (node, &rho) in density.iter().enumerate() {
            require_density(rho)?;
            probability.push(rho * axes::volume(axes, node));
        }
        let mut edges = Vec::with_capacity(axes.len() * density.len());
        for from in 0..density.len() {
            if from % (1 << 16) == 0 {
                run.report(from as f64 / density.len() as f64, "field on a grid")?;
            }
            for axis in 0..axes.len() {
                let Some(to) = axes::next(axes, from, axis) else {
                    continue;
                };
                let (rho, field) = between(axis, from, to);
                require_density(rho)?;
                Error::require(
                    "a field where the density is not zero",
                    field,
                    rho == 0.0 || field.is_finite(),
                    "a finite number",
                )?;
                let weight = rho * axes::face(axes, from, axis) * axes[axis].spacing();
                edges.push(Edge {
                    axis,
                    from,
                    to,
                    field: if rho == 0.0 { 0.0 } else { field },
                    weight,
                });
            }
        }
        let total = compensated_sum(probability.iter().copied());
        Error::require(
            "the integral of the density over the grid",
            total,
            total > 0.0,
            "a positive number",
        )?;
        for p in &mut probability {
            *p /= total;
        }
        for edge in &mut edges {
            edge.weight /= total;
            if edge.weight < NEGLIGIBLE {
                (edge.weight, edge.field) = (0.0, 0.0);
            }
        }
        Ok(Self {
            axes: axes.to_vec(),
            edges,
            probability,
        })
    }

    /// The axes.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Where a node stands.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn point(&self, node: usize) -> Vec<f64> {
        assert!(
            node < self.probability.len(),
            "node {node} of {}",
            self.probability.len()
        );
        axes::point(&self.axes, node)
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.probability.len()
    }

    /// ∮ F dr along each grid line of a circle that ρ fills, in the order of their first nodes; empty if the axis is none. A potential exists only if all are zero.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`].
    pub fn circulation(&self, axis: usize) -> Result<Vec<f64>> {
        let circle = self.axes.get(axis).ok_or(Error::NoCoordinate {
            coordinate: axis,
            coordinates: self.axes.len(),
        })?;
        if !circle.is_circle() {
            return Ok(Vec::new());
        }
        let stride = axes::stride(&self.axes, axis);
        let mut round = vec![(0.0, true); self.probability.len()];
        for edge in self.edges.iter().filter(|edge| edge.axis == axis) {
            let first = edge.from - axes::index(&self.axes, edge.from, axis) * stride;
            round[first].0 += edge.field * circle.spacing();
            round[first].1 &= edge.weight > 0.0;
        }
        let starts = (0..round.len()).filter(|node| axes::index(&self.axes, *node, axis) == 0);
        Ok(starts
            .filter(|node| round[*node].1)
            .map(|node| round[node].0)
            .collect())
    }
}
