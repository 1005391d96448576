//! Kernels that depend on position, and kernels of several coordinates.
//!
//! r̈_i = f_i(r) − Σ_j ∫₀ᵗ K_ij(s, q(t − s)) ṙ_j(t − s) ds + ξ_i, with K_ij(t, q) = Σ_k φ_k(q) K_{i,jk}(t) and q one of the coordinates. With u = (φ_k(q) ṙ_j) over all j and k,
//! G_ab(t) = ⟨u_a(t) u_b(0)⟩ and F_ia(t) = ⟨f_i(t) u_a(0)⟩ − d/dt ⟨ṙ_i(t) u_a(0)⟩,
//!
//! F(t) = ∫₀ᵗ K(s) G(t − s) ds,   F'(t) = K(t) G(0) + ∫₀ᵗ K(s) G'(t − s) ds:
//!
//! ξ is uncorrelated with all u at the start. The functions are first made orthonormal, G(0) = 1. One function of one coordinate is the plain kernel.
//!
//! Sources: H. Vroylandt and P. Monmarché, J. Chem. Phys. 156, 244105 (2022); R. Zwanzig, Phys. Rev. 124, 983 (1961).

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use super::basis::Basis;
use super::kernel::MeanForce;
use super::stencil::derivative;
use super::volterra::second_kind_matrix;
use crate::correlation::correlations;
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::record::Record;

/// Least eigenvalue of the correlations of the functions over the largest: below, the data do not tell functions apart.
const DISTINCT: f64 = 1e-8;

/// How a projected kernel is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectedOptions {
    /// The coordinates r_i; default the first alone.
    pub coordinates: Vec<usize>,
    /// f_i of each; default none for one.
    pub mean_forces: Vec<MeanForce>,
    /// Number of lags, in frames; default 200.
    pub lags: usize,
    /// φ_k; default constant, which makes a kernel that does not depend on position.
    pub basis: Basis,
    /// The coordinate q; default 0.
    pub position: usize,
    /// Values of q at which the kernel is wanted; default 0 alone, which does for a constant.
    pub points: Vec<f64>,
    /// Draws of the bootstrap that gives the bands; default 100.
    pub draws: usize,
}

impl Default for ProjectedOptions {
    fn default() -> Self {
        Self {
            coordinates: vec![0],
            mean_forces: vec![MeanForce::None],
            lags: 200,
            basis: Basis::Constant,
            position: 0,
            points: vec![0.0],
            draws: 100,
        }
    }
}

/// A kernel that depends on position, or a matrix of kernels, with confidence bands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProjectedKernel {
    /// Times 0, h, 2h, ….
    pub times: Vec<f64>,
    /// Values of q.
    pub points: Vec<f64>,
    /// Number of coordinates.
    pub coordinates: usize,
    /// φ_k.
    pub basis: Basis,
    /// Least eigenvalue of ⟨u_a u_b⟩ over the largest.
    pub conditioning: f64,
    /// K_ij at each point and time, the point varying slowest, then i, j, and time fastest.
    kernel: Vec<Estimate>,
    /// K_{i,jk}(t) of the functions, i slowest, then j, k, and time.
    coefficients: Vec<f64>,
}

impl ProjectedKernel {
    /// K_ij(t, q) at one of the points, in 1/time², for all times.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`] for a row, a column or a point that is not there.
    pub fn kernel(&self, row: usize, column: usize, point: usize) -> Result<&[Estimate]> {
        let d = self.coordinates;
        for (index, count) in [(row, d), (column, d), (point, self.points.len())] {
            if index >= count {
                return Err(Error::NoCoordinate {
                    coordinate: index,
                    coordinates: count,
                });
            }
        }
        let (place, lags) = ((point * d + row) * d + column, self.times.len());
        Ok(&self.kernel[place * lags..(place + 1) * lags])
    }

    /// K_{i,jk}(t) of K_ij(t, q) = Σ_k φ_k(q) K_{i,jk}(t): i slowest, then j, k, and time fastest.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// K_ij(t, q) at any q, without band.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`].
    pub fn at(&self, row: usize, column: usize, q: f64) -> Result<Vec<f64>> {
        let d = self.coordinates;
        for index in [row, column] {
            if index >= d {
                return Err(Error::NoCoordinate {
                    coordinate: index,
                    coordinates: d,
                });
            }
        }
        let phi = self.basis.at(q);
        Ok(expanded(
            &self.coefficients,
            &phi,
            row * d + column,
            self.times.len(),
        ))
    }
}

/// Σ_k φ_k K_{i,jk}(t) of one pair (i, j).
fn expanded(coefficients: &[f64], phi: &[f64], pair: usize, lags: usize) -> Vec<f64> {
    let of_pair = &coefficients[pair * phi.len() * lags..(pair + 1) * phi.len() * lags];
    let mut kernel = vec![0.0; lags];
    for (phi, coefficient) in phi.iter().zip(of_pair.chunks(lags)) {
        kernel
            .iter_mut()
            .zip(coefficient)
            .for_each(|(k, c)| *k += phi * c);
    }
    kernel
}

/// The kernel of some coordinates of a record with velocities, with a band from blocks drawn anew.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::memory::{MeanForce, ProjectedOptions, projected_kernel};
/// use irrev_landscape::record::{Clock, Segment};
/// use irrev_numerics::Run;
/// // an oscillator without a bath has no memory
/// let t = |k: i32| 0.05 * f64::from(k);
/// let (x, v): (Vec<f64>, Vec<f64>) = (0..20_000).map(|k| (t(k).sin(), t(k).cos())).unzip();
/// let segment = Segment::new(Clock::Step(0.05), vec![&x])?.with_velocities(vec![&v])?;
/// let record = Record::new(vec![None], vec![segment])?;
/// let options = ProjectedOptions { mean_forces: vec![MeanForce::Linear { omega_squared: 1.0 }], lags: 20, ..Default::default() };
/// let found = projected_kernel(&record, &options, &Run::default())?;
/// assert!(found.kernel(0, 0, 0)?.iter().all(|k| k.value.abs() < 0.01));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// Cost: correlations of (d b)² + 2 d² b pairs of signals for d coordinates and b functions, and for each draw a Volterra equation of d b columns.
///
/// # Errors
/// [`Error::Missing`] without velocities, [`Error::Unlike`] for different steps, [`Error::Domain`] for options out of range or functions that the data do not tell
/// apart, [`Error::Size`] unless there is a force for each coordinate, [`Error::Edges`] for points of hat functions that do not ascend, [`Error::NoCoordinate`],
/// [`Error::Empty`] if no segment has all lags, [`Error::Numerics`] if too much memory would be needed or the run is cancelled.
pub fn projected_kernel(
    record: &Record<'_>,
    options: &ProjectedOptions,
    run: &Run<'_>,
) -> Result<ProjectedKernel> {
    let (draws, lags) = (options.draws, options.lags);
    let (d, functions) = (options.coordinates.len(), options.basis.functions());
    Error::require("the number of draws", draws as f64, draws >= 2, "at least 2")?;
    Error::require("the number of coordinates", d as f64, d >= 1, "at least 1")?;
    Error::require_size("the list of mean forces", options.mean_forces.len(), d)?;
    options.basis.check()?;
    let step = common_step(record)?;
    let n = d * functions;
    run.require_memory(
        "signals along a record",
        record.frames() * ((n + 2 * d) * size_of::<f64>()) as u64,
    )?;
    // u, then f, then v
    let mut signals: Vec<Vec<Vec<f64>>> = vec![Vec::new(); n + 2 * d];
    for segment in record.segments() {
        let phi: Vec<Vec<f64>> = segment
            .positions(options.position)?
            .iter()
            .map(|q| options.basis.at(*q))
            .collect();
        for (j, coordinate) in options.coordinates.iter().enumerate() {
            let velocity = segment.velocities(*coordinate)?;
            for k in 0..functions {
                let product = velocity.iter().zip(&phi).map(|(v, phi)| v * phi[k]);
                signals[j * functions + k].push(product.collect());
            }
            signals[n + j].push(options.mean_forces[j].along(segment, *coordinate)?);
            signals[n + d + j].push(velocity.to_vec());
        }
    }
    let columns: Vec<Vec<&[f64]>> = signals
        .iter()
        .map(|signal| signal.iter().map(Vec::as_slice).collect())
        .collect();
    let mut pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).collect();
    pairs.extend((0..2 * d).flat_map(|i| (0..n).map(move |a| (n + i, a))));
    let found = correlations(&columns, &pairs, lags, run)?;
    let all: Vec<Vec<f64>> = (0..pairs.len()).map(|pair| found.values(pair)).collect();
    let (frame, conditioning) = orthonormal(&all, n)?;
    let phi: Vec<Vec<f64>> = options.points.iter().map(|q| options.basis.at(*q)).collect();
    let at_points = |coefficients: &[f64]| -> Vec<f64> {
        phi.iter()
            .flat_map(|phi| (0..d * d).flat_map(|pair| expanded(coefficients, phi, pair, lags)))
            .collect()
    };
    let coefficients = solved(&all, &frame, d, step)?;
    let value = at_points(&coefficients);
    let drawn: Vec<Vec<f64>> = if found.blocks() < 2 {
        Vec::new()
    } else {
        run.install(|| {
            (0..draws as u64)
                .into_par_iter()
                .map(|draw| {
                    run.report(draw as f64 / draws as f64, "band of a memory kernel")?;
                    Ok(at_points(&solved(&found.draw(run.seed, draw), &frame, d, step)?))
                })
                .collect::<Result<_>>()
        })??
    };
    let kernel = value
        .iter()
        .enumerate()
        .map(|(place, value)| from_draws(*value, drawn.iter().map(|draw| draw[place]), found.blocks()))
        .collect();
    Ok(ProjectedKernel {
        times: (0..lags).map(|k| step * k as f64).collect(),
        points: options.points.clone(),
        coordinates: d,
        basis: options.basis.clone(),
        conditioning,
        kernel,
        coefficients,
    })
}

/// T with Tᵀ G(0) T = 1, and the least eigenvalue of G(0) over the largest.
fn orthonormal(all: &[Vec<f64>], n: usize) -> Result<(Matrix, f64)> {
    let start = Matrix::from_fn(n, n, |a, b| 0.5 * (all[a * n + b][0] + all[b * n + a][0]));
    let spectrum = symmetric_eigen(&start)?;
    let largest = spectrum.values.last().copied().unwrap_or(0.0);
    let conditioning = spectrum.values.first().copied().unwrap_or(0.0) / largest;
    Error::require(
        "the least eigenvalue of ⟨φ_j ṙ φ_k ṙ⟩ over the largest",
        conditioning,
        conditioning >= DISTINCT,
        "1e-8 or more: functions that the visited positions tell apart, and coordinates that move",
    )?;
    let frame = Matrix::from_fn(n, n, |a, c| spectrum.vectors[(a, c)] / spectrum.values[c].sqrt());
    Ok((frame, conditioning))
}

/// K_{i,jk}(t), one after the other, from the correlations of u with u, of f with u and of v with u.
fn solved(all: &[Vec<f64>], frame: &Matrix, d: usize, step: f64) -> Result<Vec<f64>> {
    let n = frame.rows();
    let lags = all[0].len();
    let (grams, rest) = all.split_at(n * n);
    let (forces, velocities) = rest.split_at(d * n);
    // Tᵀ G T, from the left and from the right
    let turned = turned_right(&turned_left(grams, frame, n), frame, n);
    let mut slopes: Vec<Vec<f64>> = turned.iter().map(|g| derivative(g, step, 1)).collect();
    // ⟨u̇_a u_b⟩ = −⟨u_a u̇_b⟩ in a stationary state
    for a in 0..n {
        for b in 0..=a {
            let odd = 0.5 * (slopes[a * n + b][0] - slopes[b * n + a][0]);
            (slopes[a * n + b][0], slopes[b * n + a][0]) = (odd, -odd);
        }
    }
    let right: Vec<Vec<f64>> = turned_right(forces, frame, d)
        .iter()
        .zip(turned_right(velocities, frame, d))
        .map(|(force, velocity)| {
            let (force, velocity) = (derivative(force, step, 1), derivative(&velocity, step, 2));
            force.iter().zip(velocity).map(|(f, v)| f - v).collect()
        })
        .collect();
    let start = Matrix::from_fn(n, n, |a, b| turned[a * n + b][0]);
    let kernel = second_kind_matrix(&start, &slopes, &right, step)?;
    // K u = K̃ Tᵀ u
    let mut found = vec![0.0; d * n * lags];
    for (place, series) in found.chunks_mut(lags.max(1)).enumerate() {
        let (i, a) = (place / n, place % n);
        for c in 0..n {
            let weight = frame[(a, c)];
            series
                .iter_mut()
                .zip(&kernel[i * n + c])
                .for_each(|(x, k)| *x += weight * k);
        }
    }
    Ok(found)
}

/// Entries of X T for a matrix X of series with some rows.
fn turned_right(entries: &[Vec<f64>], frame: &Matrix, rows: usize) -> Vec<Vec<f64>> {
    let n = frame.rows();
    (0..rows * n)
        .map(|place| {
            let (i, c) = (place / n, place % n);
            combination((0..n).map(|a| (frame[(a, c)], entries[i * n + a].as_slice())))
        })
        .collect()
}

/// Entries of Tᵀ X.
fn turned_left(entries: &[Vec<f64>], frame: &Matrix, columns: usize) -> Vec<Vec<f64>> {
    let n = frame.rows();
    (0..n * columns)
        .map(|place| {
            let (c, b) = (place / columns, place % columns);
            combination((0..n).map(|a| (frame[(a, c)], entries[a * columns + b].as_slice())))
        })
        .collect()
}

fn combination<'a>(terms: impl Iterator<Item = (f64, &'a [f64])>) -> Vec<f64> {
    let mut sum: Vec<f64> = Vec::new();
    for (weight, series) in terms {
        sum.resize(series.len(), 0.0);
        sum.iter_mut().zip(series).for_each(|(sum, x)| *sum += weight * x);
    }
    sum
}
