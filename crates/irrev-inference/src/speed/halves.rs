//! Fits to all cells and to disjoint halves of them, at every frame.

use irrev_numerics::streams::Stream;

use super::ensemble::CellEnsemble;
use super::family::{Family, Point, Sums};
use crate::error::{Error, Result};

/// Fewest cells of a frame: halves of five have a variance with an error of its own size.
const FEWEST: usize = 10;

/// Cells prepared for fits with weights.
pub(super) struct Cells {
    family: Family,
    frames: usize,
    cells: usize,
    /// Near the mean of each frame.
    origins: Vec<f64>,
    /// Features, frame after frame; weight 0 where a cell is missing.
    features: Vec<(f64, f64)>,
    present: Vec<f64>,
}

/// Coordinates at every frame of all cells, and of the two halves of each split; `None` where a half has too few different cells.
pub(super) struct Tracks {
    family: Family,
    pub(super) whole: Vec<Point>,
    halves: Vec<[Vec<Option<Point>>; 2]>,
}

impl Cells {
    pub(super) fn new(ensemble: &CellEnsemble, family: Family) -> Result<Self> {
        let frames = ensemble.times().len();
        if frames < 2 {
            return Err(Error::TooFew {
                what: "the speed of an ensemble",
                unit: "frames",
                found: frames,
                needed: 2,
            });
        }
        if let Some((found, frame)) = ensemble.emptiest().filter(|&(found, _)| found < FEWEST) {
            return Err(Error::Frame {
                frame,
                time: ensemble.times()[frame],
                found,
                needed: FEWEST,
            });
        }
        let mut out = Self {
            family,
            frames,
            cells: ensemble.cells(),
            origins: Vec::new(),
            features: Vec::new(),
            present: Vec::new(),
        };
        for frame in 0..frames {
            let mut fitted = Vec::with_capacity(out.cells);
            for (cell, &value) in ensemble.frame(frame).iter().enumerate() {
                fitted.push(match value.is_nan() {
                    true => None,
                    false => Some(family.fitted(value, frame * out.cells + cell)?),
                });
            }
            let number = fitted.iter().flatten().count() as f64;
            let origin = fitted.iter().flatten().sum::<f64>() / number;
            out.origins.push(origin);
            for x in fitted {
                out.present.push(f64::from(u8::from(x.is_some())));
                out.features
                    .push(x.map_or((0.0, 0.0), |x| family.features(x, origin)));
            }
        }
        Ok(out)
    }

    /// Number of cells, present or not.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    fn sums(&self, frame: usize, weights: &[f64]) -> Sums {
        let row = frame * self.cells..(frame + 1) * self.cells;
        let mut sums = Sums::default();
        for ((&weight, &present), &features) in weights
            .iter()
            .zip(&self.present[row.clone()])
            .zip(&self.features[row])
        {
            sums.add(weight * present, features);
        }
        sums
    }

    /// Fits with weights of the cells, and `splits` random splits of the cells of positive weight into halves. A cell that was drawn twice stays in one half, so
    /// that the halves remain independent.
    pub(super) fn tracks(&self, weights: &[f64], splits: usize, stream: &mut Stream) -> Result<Tracks> {
        let all: Vec<Sums> = (0..self.frames).map(|frame| self.sums(frame, weights)).collect();
        let mut whole = Vec::with_capacity(self.frames);
        for (frame, sums) in all.iter().enumerate() {
            let point = self.family.point(*sums, self.origins[frame]);
            whole.push(point.ok_or_else(|| Error::Constant {
                what: format!("frame {frame} of the cells"),
                value: self.origins[frame],
            })?);
        }
        let mut drawn: Vec<usize> = (0..self.cells).filter(|&c| weights[c] > 0.0).collect();
        let halves = (0..splits)
            .map(|_| {
                for i in (1..drawn.len()).rev() {
                    drawn.swap(i, stream.below(i as u64 + 1) as usize);
                }
                let mut half = vec![0.0; self.cells];
                for &cell in &drawn[..drawn.len() / 2] {
                    half[cell] = weights[cell];
                }
                let mut points = [Vec::with_capacity(self.frames), Vec::with_capacity(self.frames)];
                for (frame, sums) in all.iter().enumerate() {
                    let first = self.sums(frame, &half);
                    let origin = self.origins[frame];
                    points[0].push(self.family.point(first, origin));
                    points[1].push(self.family.point(sums.minus(first), origin));
                }
                points
            })
            .collect();
        Ok(Tracks {
            family: self.family,
            whole,
            halves,
        })
    }
}

impl Tracks {
    /// Squared step between two frames: of all cells, with what noise adds, and the mean inner product of the steps of two halves, without; NaN if no split has both.
    pub(super) fn squared_step(&self, from: usize, to: usize) -> (f64, f64) {
        let ends = (self.whole[from], self.whole[to]);
        let difference = |a: Point, b: Point| [b[0] - a[0], b[1] - a[1]];
        let step = difference(ends.0, ends.1);
        let (mut sum, mut number) = (0.0, 0.0);
        for [a, b] in &self.halves {
            if let (Some(a0), Some(a1), Some(b0), Some(b1)) = (a[from], a[to], b[from], b[to]) {
                sum += self.family.inner(ends, difference(a0, a1), difference(b0, b1));
                number += 1.0;
            }
        }
        (self.family.inner(ends, step, step), sum / number)
    }

    /// Fisher–Rao distance between two frames of all cells.
    pub(super) fn distance(&self, from: usize, to: usize) -> f64 {
        self.family.distance(self.whole[from], self.whole[to])
    }
}
