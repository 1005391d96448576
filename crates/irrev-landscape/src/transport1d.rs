//! W₂ in one dimension by quantiles: on a line and on a circle, between samples, weighted points and histograms.
//!
//! On a line the u-quantile goes to the u-quantile, W₂² = ∫₀¹ (F⁻¹(u) − G⁻¹(u))² du. On a circle of length L, with quantiles continued by F⁻¹(u + 1) = F⁻¹(u) + L, the circle may be cut anywhere,
//!
//! ```text
//! W₂² = min_θ ∫₀¹ (F⁻¹(u) − G⁻¹(u + θ))² du,
//! ```
//!
//! which is convex in θ. Quantile functions of points are constant on pieces, those of histograms linear, so that each integral is exact.
//!
//! Conventions: weights are normalised; W₂² has the unit of positions squared. For other orders see [`irrev_network::transport::line`].
//!
//! Sources: C. Villani, Topics in Optimal Transportation (2003), theorem 2.18; J. Delon, J. Salomon and A. Sobolevskii, SIAM J. Appl. Math. 70, 2239 (2010), for the circle.

use std::borrow::Cow;

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use crate::error::{Error, Result};
use crate::record::Period;

/// The bracket of the best cut is narrowed to this part of the circle.
const CUT: f64 = 1e-13;

/// A quantile function in pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles(Shape);

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Positions of equal weight, ascending.
    Sample(Vec<f64>),
    Pieces(Vec<Piece>),
}

/// From the level of the piece before (0 at first) to `to`, positions run from `start` to `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    to: f64,
    start: f64,
    end: f64,
}

impl Quantiles {
    /// Of a sample: n equal weights. O(n log n).
    ///
    /// # Errors
    /// [`Error::Empty`] for no position; [`Error::NotFinite`] for one that is not finite.
    pub fn of_sample(positions: &[f64]) -> Result<Self> {
        require_positions(positions)?;
        // whole numbers in the order of the positions are sorted in a third of the time
        let mut keys: Vec<i64> = positions
            .iter()
            .map(|x| reordered(x.to_bits().cast_signed()))
            .collect();
        keys.sort_unstable();
        let sorted = keys
            .into_iter()
            .map(|key| f64::from_bits(reordered(key).cast_unsigned()));
        Ok(Self(Shape::Sample(sorted.collect())))
    }

    /// Of points with weights, in any order.
    ///
    /// # Errors
    /// As [`Quantiles::of_sample`]; [`Error::Size`] unless there is one weight for each; [`Error::Domain`] for weights that are negative or not finite, or all zero.
    pub fn of_points(positions: &[f64], weights: &[f64]) -> Result<Self> {
        require_positions(positions)?;
        Error::require_size("the weights of points", weights.len(), positions.len())?;
        let mut order: Vec<usize> = (0..positions.len()).collect();
        order.sort_by(|i, j| positions[*i].total_cmp(&positions[*j]));
        let ordered = order.iter().map(|&i| (positions[i], positions[i], weights[i]));
        Self::of_pieces(ordered)
    }

    /// Of a histogram: weights spread evenly between neighbouring edges.
    ///
    /// # Errors
    /// [`Error::Edges`] unless edges are finite and ascend strictly; [`Error::Size`] unless there is one weight fewer; [`Error::Domain`] as for [`Quantiles::of_points`].
    pub fn of_histogram(edges: &[f64], weights: &[f64]) -> Result<Self> {
        Error::require_size("the weights of a histogram", weights.len() + 1, edges.len())?;
        let mut before = f64::NEG_INFINITY;
        for (index, &value) in edges.iter().enumerate() {
            if !(value.is_finite() && value > before) {
                return Err(Error::Edges { index, value, before });
            }
            before = value;
        }
        Self::of_pieces(
            edges
                .windows(2)
                .zip(weights)
                .map(|(pair, &weight)| (pair[0], pair[1], weight)),
        )
    }

    /// From (start, end, weight), ascending.
    fn of_pieces(pieces: impl Iterator<Item = (f64, f64, f64)>) -> Result<Self> {
        let mut level = CompensatedSum::default();
        let mut found = Vec::new();
        for (start, end, weight) in pieces {
            Error::require(
                "a weight",
                weight,
                weight >= 0.0 && weight.is_finite(),
                "zero or a positive number",
            )?;
            if weight > 0.0 {
                level.add(weight);
                found.push(Piece {
                    to: level.value(),
                    start,
                    end,
                });
            }
        }
        let total = level.value();
        Error::require(
            "the sum of the weights",
            total,
            total > 0.0 && total.is_finite(),
            "a positive number",
        )?;
        for piece in &mut found {
            piece.to /= total;
        }
        Ok(Self(Shape::Pieces(found)))
    }

    fn pieces(&self) -> Cow<'_, [Piece]> {
        match &self.0 {
            Shape::Pieces(pieces) => Cow::Borrowed(pieces),
            Shape::Sample(sorted) => {
                let n = sorted.len() as f64;
                let pieces = sorted.iter().enumerate().map(|(i, &x)| Piece {
                    to: (i + 1) as f64 / n,
                    start: x,
                    end: x,
                });
                Cow::Owned(pieces.collect())
            }
        }
    }

    /// W₂² to another distribution on the line. O(pieces).
    ///
    /// ```
    /// use irrev_landscape::transport1d::Quantiles;
    /// let narrow = Quantiles::of_histogram(&[0.0, 1.0], &[1.0])?;
    /// let wide = Quantiles::of_histogram(&[2.0, 5.0], &[1.0])?;
    /// // y = 2 + 3u against x = u: ∫ (2 + 2u)² du
    /// assert!((narrow.squared_distance(&wide) - 28.0 / 3.0).abs() < 1e-14);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    #[must_use]
    pub fn squared_distance(&self, other: &Self) -> f64 {
        match (&self.0, &other.0) {
            (Shape::Sample(a), Shape::Sample(b)) if a.len() == b.len() => {
                compensated_sum(a.iter().zip(b).map(|(x, y)| (x - y) * (x - y))) / a.len() as f64
            }
            _ => squared_distance(&self.pieces(), &other.pieces()),
        }
    }

    /// W₂² to another distribution on a circle. O(pieces) for each of some 65 cuts.
    ///
    /// ```
    /// use irrev_landscape::{Period, transport1d::Quantiles};
    /// let point = |x: f64| Quantiles::of_sample(&[x]);
    /// let circle = Period::new(0.0, 1.0)?;
    /// assert!((point(0.1)?.squared_distance_on_circle(&point(0.9)?, circle)? - 0.04).abs() < 1e-12);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutsidePeriod`] for a position outside of the period.
    pub fn squared_distance_on_circle(&self, other: &Self, circle: Period) -> Result<f64> {
        let (pieces, others) = (self.pieces(), other.pieces());
        require_within(&pieces, circle)?;
        require_within(&others, circle)?;
        let cost = |cut: f64| squared_distance(&pieces, &advanced(&others, cut, circle.length()));
        // golden sections of a convex function
        let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
        let (mut low, mut high) = (-1.0, 1.0);
        let mut inner = (high - golden * (high - low), low + golden * (high - low));
        let mut costs = (cost(inner.0), cost(inner.1));
        while high - low > CUT {
            if costs.0 <= costs.1 {
                high = inner.1;
                inner = (high - golden * (high - low), inner.0);
                costs = (cost(inner.0), costs.0);
            } else {
                low = inner.0;
                inner = (inner.1, low + golden * (high - low));
                costs = (costs.1, cost(inner.1));
            }
        }
        Ok(costs.0.min(costs.1))
    }
}

/// Bits of floating-point numbers as whole numbers in their order, and back.
fn reordered(bits: i64) -> i64 {
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

/// ∫₀¹ (F⁻¹ − G⁻¹)² du.
fn squared_distance(pieces: &[Piece], others: &[Piece]) -> f64 {
    let mut sum = CompensatedSum::default();
    let (mut level, mut i, mut j) = (0.0, 0, 0);
    let (mut x, mut y) = (pieces[0].start, others[0].start);
    while i < pieces.len() && j < others.len() {
        let (a, b) = (pieces[i], others[j]);
        let next = a.to.min(b.to);
        let (x_next, y_next) = (a.at(next, level, x), b.at(next, level, y));
        let (before, after) = (x - y, x_next - y_next);
        sum.add((next - level) * (before * before + before * after + after * after) / 3.0);
        level = next;
        (x, y) = (x_next, y_next);
        if a.to <= next {
            i += 1;
            x = pieces.get(i).map_or(x, |piece| piece.start);
        }
        if b.to <= next {
            j += 1;
            y = others.get(j).map_or(y, |piece| piece.start);
        }
    }
    sum.value().max(0.0)
}

fn require_within(pieces: &[Piece], circle: Period) -> Result<()> {
    let (start, end) = (circle.start(), circle.end());
    let ends = pieces
        .iter()
        .enumerate()
        .flat_map(|(row, piece)| [(row, piece.start), (row, piece.end)]);
    for (row, value) in ends {
        if !(start..=end).contains(&value) {
            return Err(Error::OutsidePeriod {
                coordinate: 0,
                row: row as u64,
                value,
                start,
                end,
            });
        }
    }
    Ok(())
}

/// u ↦ G⁻¹(u + θ) for −1 ≤ θ ≤ 1, with G⁻¹(u + 1) = G⁻¹(u) + L.
fn advanced(pieces: &[Piece], cut: f64, length: f64) -> Vec<Piece> {
    let turns = cut.floor();
    let cut = cut - turns;
    let shifted = |piece: &Piece, turns: f64, to: f64| Piece {
        to,
        start: piece.start + turns * length,
        end: piece.end + turns * length,
    };
    let first = pieces.partition_point(|piece| piece.to <= cut);
    let Some(divided) = pieces.get(first) else {
        let all = pieces.iter().map(|piece| shifted(piece, turns + 1.0, piece.to));
        return all.collect();
    };
    let before = if first > 0 { pieces[first - 1].to } else { 0.0 };
    let place = divided.at(cut, before, divided.start);
    let head = Piece {
        start: place,
        ..*divided
    };
    let tail = Piece {
        end: place,
        ..*divided
    };
    let after = pieces[first + 1..]
        .iter()
        .map(|piece| shifted(piece, turns, piece.to - cut));
    let ahead = pieces[..first]
        .iter()
        .map(|piece| shifted(piece, turns + 1.0, 1.0 - cut + piece.to));
    std::iter::once(shifted(&head, turns, head.to - cut))
        .chain(after)
        .chain(ahead)
        .chain(std::iter::once(shifted(&tail, turns + 1.0, 1.0)))
        .collect()
}

impl Piece {
    /// The position at a level, from that at an earlier level of the same piece.
    fn at(&self, level: f64, earlier: f64, position: f64) -> f64 {
        if level >= self.to || self.to <= earlier {
            self.end
        } else {
            position + (self.end - position) * ((level - earlier) / (self.to - earlier))
        }
    }
}

fn require_positions(positions: &[f64]) -> Result<()> {
    if positions.is_empty() {
        return Err(Error::Empty {
            what: "a sample",
            way_out: "give at least one position",
        });
    }
    match positions.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::NotFinite {
            what: "a position",
            row: row as u64,
            value: positions[row],
        }),
    }
}
