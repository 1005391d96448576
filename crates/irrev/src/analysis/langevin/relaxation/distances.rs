//! Wasserstein distances of distributions on a grid, in the metric in which diffusion is the same along all axes.

use irrev_landscape::fokker_planck::GridProcess;
use irrev_landscape::record::Period;
use irrev_landscape::transport1d::Quantiles;
use irrev_network::Distribution;
use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
use irrev_numerics::linalg::Matrix;

use super::super::cells::edges;
use crate::model::{Ends, LangevinValues};

/// Scales of the axes.
pub(super) struct Metric {
    /// 1/√D_i.
    scales: Vec<f64>,
    /// Whether some axis is a circle, where means and covariances say nothing.
    has_circle: bool,
}

/// Lower bounds of W₂²; along one coordinate the first is W₂² itself.
pub(super) struct Distances {
    /// Sum of W₂² of the marginals.
    pub(super) of_marginals: f64,
    /// That of normal distributions of the same means and covariances (Gelbrich, Math. Nachr. 147, 185 (1990)); none on circles.
    pub(super) of_moments: Option<f64>,
}

impl Metric {
    /// None where mobilities change from place to place.
    pub(super) fn new(values: &LangevinValues) -> Option<Self> {
        if values.fields.has_mobility_of_place() {
            return None;
        }
        let origin = vec![0.0; values.coordinates.len()];
        let diffusion = |i: usize| values.fields.mobility(i, 0.0, &origin) * values.temperatures[i];
        Some(Self {
            scales: (0..origin.len()).map(|i| diffusion(i).sqrt().recip()).collect(),
            has_circle: values.coordinates.iter().any(|c| c.ends == Ends::Periodic),
        })
    }

    /// Whether [`Self::between`] gives W₂ itself.
    pub(super) fn is_exact(&self) -> bool {
        self.scales.len() == 1
    }

    /// # Errors
    /// As [`Quantiles::of_histogram`] and [`wasserstein2`].
    pub(super) fn between(
        &self,
        process: &GridProcess,
        from: &Distribution,
        to: &Distribution,
    ) -> irrev_landscape::Result<Distances> {
        let mut of_marginals = 0.0;
        for (axis, of_axis) in process.axes().iter().enumerate() {
            let edges: Vec<f64> = edges(of_axis).iter().map(|x| x * self.scales[axis]).collect();
            let quantiles = |p: &Distribution| Quantiles::of_histogram(&edges, &marginal(process, p, axis));
            let (from, to) = (quantiles(from)?, quantiles(to)?);
            of_marginals += if of_axis.is_circle() {
                let circle = Period::new(edges[0], edges[edges.len() - 1] - edges[0])?;
                from.squared_distance_on_circle(&to, circle)?
            } else {
                from.squared_distance(&to)
            };
        }
        let of_moments = if self.has_circle || self.is_exact() {
            None
        } else {
            let normal = |p: &Distribution| self.normal(process, p);
            Some(wasserstein2(&normal(from)?, &normal(to)?)?.distance().powi(2))
        };
        Ok(Distances {
            of_marginals,
            of_moments,
        })
    }

    /// The normal distribution of the same mean and covariance.
    fn normal(
        &self,
        process: &GridProcess,
        distribution: &Distribution,
    ) -> irrev_landscape::Result<Gaussian> {
        let d = self.scales.len();
        let points: Vec<(Vec<f64>, f64)> = distribution
            .probabilities()
            .iter()
            .enumerate()
            .filter_map(|(state, p)| {
                let point = process.point(state)?;
                Some((point.iter().zip(&self.scales).map(|(x, s)| x * s).collect(), *p))
            })
            .collect();
        let mean: Vec<f64> = (0..d)
            .map(|i| points.iter().map(|(x, p)| p * x[i]).sum())
            .collect();
        let covariance = Matrix::from_fn(d, d, |i, j| {
            points
                .iter()
                .map(|(x, p)| p * (x[i] - mean[i]) * (x[j] - mean[j]))
                .sum()
        });
        Ok(Gaussian::new(mean, covariance.symmetrised())?)
    }
}

/// Probability at each node of an axis.
fn marginal(process: &GridProcess, distribution: &Distribution, axis: usize) -> Vec<f64> {
    let of_axis = &process.axes()[axis];
    let mut found = vec![0.0; of_axis.nodes()];
    for (state, p) in distribution.probabilities().iter().enumerate() {
        let node = process.point(state).and_then(|x| of_axis.nearest(x[axis]).ok());
        if let Some(node) = node {
            found[node] += p;
        }
    }
    found
}
