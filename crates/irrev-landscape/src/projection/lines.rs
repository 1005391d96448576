//! Coordinates given as functions, in one to three dimensions: level sets as the lines of a grid cut them.
//!
//! ```text
//! δ(R − r) = Σ_j ω_j δ(R − r),   ω_j = (L_j ∂_jR)⁶/Σ_k (L_k ∂_kR)⁶,   ∫ ω_j δ(R − r) g dq_j = Σ_{roots} ω_j g/|∂_jR|
//! ```
//!
//! with L_j the length of axis j. Along the lines of each axis only what it cuts steeply counts, so that nothing diverges where a line touches a level set. The sums over lines are trapezoid rules, whose error falls like
//! h^{3.5} at such points and faster elsewhere; on two grids it can be told. Of a coordinate that jumps, as an angle does at its cut, what lies within a cell of the jump is missed.
//!
//! With masses m_i, w(r) = kT ⟨Σ (∂_iR)²/m_i; r⟩ and a(r) = ⟨Σ (kT ∂_i²R − ∂_iR ∂_iV)/m_i; r⟩.

use irrev_numerics::Run;
use irrev_numerics::sum::CompensatedSum;
use rayon::prelude::*;

use super::require_ascending;
use crate::axes::{self, Axis};
use crate::error::{Error, Result};
use crate::landscape::Profile;

/// Half the power of slopes by which axes share a level set.
const SHARE: i32 = 3;

/// Steps that a root takes at most; halving alone needs as many.
const STEPS: usize = 60;

/// How near to its level a root is, relative to the change of R across its cell.
const NEAR: f64 = 1e-12;

/// Memory for each node.
const BYTES: u64 = 16;

type Scalar<'a> = Box<dyn Fn(&[f64]) -> f64 + Sync + 'a>;
type Vector<'a> = Box<dyn Fn(&[f64], &mut [f64]) + Sync + 'a>;

/// A coordinate R(q) with its derivatives.
pub struct CoordinateFunction<'a> {
    value: Scalar<'a>,
    gradient: Vector<'a>,
    second: Vector<'a>,
}

impl<'a> CoordinateFunction<'a> {
    /// R, a function that writes ∂R/∂q_i, and one that writes ∂²R/∂q_i².
    #[must_use]
    pub fn new(
        value: impl Fn(&[f64]) -> f64 + Sync + 'a,
        gradient: impl Fn(&[f64], &mut [f64]) + Sync + 'a,
        second: impl Fn(&[f64], &mut [f64]) + Sync + 'a,
    ) -> Self {
        Self {
            value: Box::new(value),
            gradient: Box::new(gradient),
            second: Box::new(second),
        }
    }
}

/// Particles in a potential at a temperature, on a grid over one to three coordinates.
pub struct GridSystem<'a> {
    axes: Vec<Axis>,
    potential: Scalar<'a>,
    gradient: Vector<'a>,
    temperature: f64,
    masses: Vec<f64>,
    /// V₀, the least V at a node.
    floor: f64,
    /// Z = ∫ e^{−(V − V₀)/kT} dq.
    partition_function: f64,
}

/// What lines of one axis contribute at each level.
#[derive(Clone, Copy, Default)]
struct Sums {
    measure: CompensatedSum,
    square: CompensatedSum,
    acceleration: CompensatedSum,
}

impl<'a> GridSystem<'a> {
    /// The axes, V, a function that writes ∂V/∂q_i, kT, and a mass for each coordinate.
    ///
    /// ```
    /// use irrev_landscape::axes::Axis;
    /// use irrev_landscape::projection::{CoordinateFunction, GridSystem};
    /// use irrev_numerics::Run;
    /// // the distance from the centre of a round trap in space: ρ = √(2/π) r² e^{−r²/2}, w = 1, a = 2/r − r
    /// let axis = Axis::line(-6.0, 6.0, 80)?;
    /// let square = |q: &[f64]| q.iter().map(|x| x * x).sum::<f64>();
    /// let trap = GridSystem::new(&[axis; 3], move |q| 0.5 * square(q), |q, g| g.copy_from_slice(q), 1.0, &[1.0; 3], &Run::default())?;
    /// let distance = CoordinateFunction::new(
    ///     move |q| square(q).sqrt(),
    ///     move |q, g| g.iter_mut().zip(q).for_each(|(g, x)| *g = x / square(q).sqrt()),
    ///     move |q, s| s.iter_mut().zip(q).for_each(|(s, x)| *s = (1.0 - x * x / square(q)) / square(q).sqrt()),
    /// );
    /// let found = trap.profile(&distance, &[0.8, 1.5], &Run::default())?;
    /// let exact = |r: f64| (2.0 / std::f64::consts::PI).sqrt() * r * r * (-0.5 * r * r).exp();
    /// assert!((found.density[1] / exact(1.5) - 1.0).abs() < 1e-3 && (found.mean_square_velocity[0] - 1.0).abs() < 1e-12);
    /// assert!((found.mean_acceleration[0] - (2.0 / 0.8 - 0.8)).abs() < 1e-3);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless there are one to three axes, kT and masses are positive and V is finite on the grid; [`Error::Size`] unless there is a mass for each; memory over the limit of `run`.
    pub fn new(
        axes: &[Axis],
        potential: impl Fn(&[f64]) -> f64 + Sync + 'a,
        gradient: impl Fn(&[f64], &mut [f64]) + Sync + 'a,
        temperature: f64,
        masses: &[f64],
        run: &Run<'_>,
    ) -> Result<Self> {
        let nodes = axes::nodes(axes, "a projection on a grid", BYTES, run)?;
        let positive = |x: f64| x > 0.0 && x.is_finite();
        Error::require("kT", temperature, positive(temperature), "a positive number")?;
        Error::require_size("the masses of coordinates", masses.len(), axes.len())?;
        for &m in masses {
            Error::require("a mass", m, positive(m), "a positive number")?;
        }
        let values: Vec<f64> = run.install(|| {
            (0..nodes)
                .into_par_iter()
                .map(|node| potential(&axes::point(axes, node)))
                .collect()
        })?;
        axes::require_finite(axes, &values)?;
        let floor = values.iter().copied().fold(f64::INFINITY, f64::min);
        let weights = values
            .iter()
            .enumerate()
            .map(|(node, v)| axes::volume(axes, node) * (-(v - floor) / temperature).exp());
        Ok(Self {
            axes: axes.to_vec(),
            partition_function: irrev_numerics::sum::compensated_sum(weights),
            potential: Box::new(potential),
            gradient: Box::new(gradient),
            temperature,
            masses: masses.to_vec(),
            floor,
        })
    }

    /// ρ, w and a of a coordinate at ascending points.
    ///
    /// # Errors
    /// [`Error::Edges`] unless points ascend; [`Error::Domain`] for a point that the coordinate does not take on the grid; cancelled.
    pub fn profile(
        &self,
        coordinate: &CoordinateFunction<'_>,
        points: &[f64],
        run: &Run<'_>,
    ) -> Result<Profile> {
        require_ascending(points)?;
        let nodes: usize = self.axes.iter().map(Axis::nodes).product();
        let value = |node: usize| (coordinate.value)(&axes::point(&self.axes, node));
        let mut sums = vec![Sums::default(); points.len()];
        run.install(|| -> Result<()> {
            let values: Vec<f64> = (0..nodes).into_par_iter().map(value).collect();
            let slab = nodes / self.axes[0].nodes();
            for axis in 0..self.axes.len() {
                run.report(axis as f64 / self.axes.len() as f64, "level sets")?;
                // slabs are added in their order, so that threads are not seen
                let of_slabs: Vec<Vec<Sums>> = (0..self.axes[0].nodes())
                    .into_par_iter()
                    .map(|k| self.cut(coordinate, points, &values, axis, k * slab..(k + 1) * slab))
                    .collect();
                for of_slab in of_slabs {
                    for (sum, part) in sums.iter_mut().zip(of_slab) {
                        sum.measure.add(part.measure.value());
                        sum.square.add(part.square.value());
                        sum.acceleration.add(part.acceleration.value());
                    }
                }
            }
            Ok(())
        })??;
        let mut profile = Profile {
            points: points.to_vec(),
            density: Vec::new(),
            mean_square_velocity: Vec::new(),
            mean_acceleration: Vec::new(),
        };
        for sum in &sums {
            let measure = sum.measure.value();
            Error::require(
                "the weight of a level set",
                measure,
                measure > 0.0,
                "a positive number: the coordinate has a value there that does not occur on the grid",
            )?;
            profile.density.push(measure / self.partition_function);
            profile.mean_square_velocity.push(sum.square.value() / measure);
            profile.mean_acceleration.push(sum.acceleration.value() / measure);
        }
        Ok(profile)
    }

    /// Where the cells along an axis, from some of the nodes on, cut the level sets.
    fn cut(
        &self,
        coordinate: &CoordinateFunction<'_>,
        points: &[f64],
        values: &[f64],
        axis: usize,
        nodes: std::ops::Range<usize>,
    ) -> Vec<Sums> {
        let d = self.axes.len();
        let mut sums = vec![Sums::default(); points.len()];
        let mut slopes = vec![0.0; d];
        let (mut forces, mut second) = (vec![0.0; d], vec![0.0; d]);
        for node in nodes {
            let Some(next) = axes::next(&self.axes, node, axis) else {
                continue;
            };
            let (low, high) = (values[node].min(values[next]), values[node].max(values[next]));
            let levels = points.partition_point(|r| *r <= low)..points.partition_point(|r| *r <= high);
            if levels.is_empty() {
                continue;
            }
            let from = axes::point(&self.axes, node);
            let face = axes::face(&self.axes, node, axis);
            for level in levels {
                let ends = (values[node], values[next]);
                let Some(q) = self.root(coordinate, (&from, axis), ends, points[level], &mut slopes) else {
                    continue;
                };
                let scaled = |j: usize| (slopes[j] * self.length(j)).powi(2);
                let most = (0..d).map(scaled).fold(0.0, f64::max);
                let share = |j: usize| (scaled(j) / most).powi(SHARE);
                let part = share(axis) / (0..d).map(share).sum::<f64>();
                let boltzmann = (-((self.potential)(&q) - self.floor) / self.temperature).exp();
                let weight = face * boltzmann * part / slopes[axis].abs();
                if !(weight.is_finite() && weight > 0.0) {
                    continue;
                }
                (self.gradient)(&q, &mut forces);
                (coordinate.second)(&q, &mut second);
                let (mut square, mut acceleration) = (0.0, 0.0);
                for j in 0..d {
                    square += slopes[j] * slopes[j] / self.masses[j];
                    acceleration += (self.temperature * second[j] - slopes[j] * forces[j]) / self.masses[j];
                }
                sums[level].measure.add(weight);
                sums[level].square.add(weight * self.temperature * square);
                sums[level].acceleration.add(weight * acceleration);
            }
        }
        sums
    }

    /// Where R = r between a node and the next one along an axis, with ∂R/∂q there; none where R jumps across r.
    fn root(
        &self,
        coordinate: &CoordinateFunction<'_>,
        (from, axis): (&[f64], usize),
        (first, last): (f64, f64),
        level: f64,
        slopes: &mut [f64],
    ) -> Option<Vec<f64>> {
        let h = self.axes[axis].spacing();
        let mut q = from.to_vec();
        let (mut low, mut high) = (0.0, 1.0);
        let rises = last > first;
        let mut part = (level - first) / (last - first);
        for _ in 0..STEPS {
            q[axis] = from[axis] + part * h;
            let beyond = (coordinate.value)(&q) - level;
            (coordinate.gradient)(&q, slopes);
            if beyond.abs() <= NEAR * (last - first).abs() {
                return Some(q);
            }
            if (beyond > 0.0) == rises {
                high = part;
            } else {
                low = part;
            }
            let newton = part - beyond / (slopes[axis] * h);
            part = if newton > low && newton < high {
                newton
            } else {
                0.5 * (low + high)
            };
        }
        None
    }

    fn length(&self, axis: usize) -> f64 {
        self.axes[axis].spacing() * self.axes[axis].intervals() as f64
    }
}
