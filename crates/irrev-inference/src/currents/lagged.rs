//! Second moments of currents from points that do not share measurement noise.
//!
//! Where y = x + η is recorded, with η independent from point to point, the mean of y_mid dy is that of the motion, but its square is not: dy² has 2⟨η²⟩ in it, whatever the step. With
//!
//! ```text
//! ⟨g_ab g_cd⟩ ≈ ½ ⟨(u_a v_c + u_c v_a) · ½ (dy_b w_d + dy_d w_b)⟩,   u = y(t − 2Δ), v = y(t + 3Δ), w = y(t + 2Δ) − y(t − Δ)
//! ```
//!
//! each noise is met by none of the same point but where it cancels: ⟨dy (dy₋ + dy + dy₊)⟩ = 2D Δ + O(Δ²), which is Vestergaard's estimator of the diffusion coefficient. Positions are three steps apart at
//! the outside, which costs a bias of first order in Δ.
//!
//! Source: C. L. Vestergaard, P. C. Blainey and H. Flyvbjerg, Phys. Rev. E 89, 022726 (2014), for the diffusion coefficient.

use super::family::{Currents, Family};
use super::tile::{LENGTH, Tile, add_sums};
use crate::error::{Error, Result};

impl Currents {
    /// Products without noise exist where a current is linear in the position.
    pub(super) fn require_lagged_products(&self) -> Result<()> {
        let linear = matches!(self.family, Family::Linear | Family::Affine { .. });
        Error::require(
            "the number of currents whose noise is to be taken out",
            self.len() as f64,
            linear,
            "linear or affine currents: of others the noise does not cancel",
        )
    }

    /// The factors of position of linear currents at a point: x_a, or 1 and x_a − origin_a.
    fn factors(&self, point: &[f64], factors: &mut Vec<f64>) {
        factors.clear();
        match &self.family {
            Family::Affine { origin } => {
                factors.push(1.0);
                factors.extend(point.iter().zip(origin).map(|(x, o)| x - o));
            }
            _ => factors.extend_from_slice(point),
        }
    }
}

/// Adds the steps that begin at 128 points from `first` on and have two steps before them and two after.
pub(super) fn add_lagged_products(
    currents: &Currents,
    points: &[f64],
    first: usize,
    stride: usize,
    tile: &mut Tile,
    part: &mut [f64],
) {
    let d = currents.dimension();
    let number = points.len() / d;
    let begin = first.max(2 * stride);
    let end = (first + LENGTH).min(number.saturating_sub(3 * stride));
    if begin >= end {
        return;
    }
    let count = end - begin;
    tile.load(points, d, begin, stride, count);
    currents.fill(tile, count);
    part[0] += count as f64;
    let (sums, products) = part[1..].split_at_mut(currents.len());
    add_sums(&tile.values, sums);
    let point = |t: usize| &points[t * d..(t + 1) * d];
    let (mut u, mut v) = (Vec::new(), Vec::new());
    let mut increments = vec![0.0; d * d];
    for t in begin..end {
        currents.factors(point(t - 2 * stride), &mut u);
        currents.factors(point(t + 3 * stride), &mut v);
        let (before, now) = (point(t - stride), point(t));
        let (next, after) = (point(t + stride), point(t + 2 * stride));
        for b in 0..d {
            for e in 0..d {
                increments[b * d + e] = 0.5
                    * ((next[b] - now[b]) * (after[e] - before[e])
                        + (next[e] - now[e]) * (after[b] - before[b]));
            }
        }
        let mut place = 0;
        for a in 0..u.len() {
            for b in 0..d {
                for c in 0..=a {
                    let positions = 0.5 * (u[a] * v[c] + u[c] * v[a]);
                    let most = if c == a { b + 1 } else { d };
                    for increment in &increments[b * d..b * d + most] {
                        products[place] += positions * increment;
                        place += 1;
                    }
                }
            }
        }
    }
}
