//! Where walkers were.

use irrev_landscape::langevin::{Frame, Kept, Observer, Simulation};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines};

use super::super::context::Context;

/// Cells of the histogram of a coordinate.
const CELLS: usize = 64;

/// Histograms of all coordinates.
#[derive(Clone)]
pub(super) struct Histogram {
    ranges: Vec<(f64, f64)>,
    counts: Vec<u64>,
    looks: u64,
}

impl Histogram {
    /// Nothing seen yet, between the ends of coordinates.
    pub(super) fn new(ranges: &[(f64, f64)]) -> Self {
        Self {
            ranges: ranges.to_vec(),
            counts: vec![0; ranges.len() * CELLS],
            looks: 0,
        }
    }

    /// Those of all blocks together.
    pub(super) fn merged(ranges: &[(f64, f64)], all: Vec<Self>) -> Self {
        let mut whole = Self::new(ranges);
        for other in all {
            whole.looks += other.looks;
            for (sum, count) in whole.counts.iter_mut().zip(other.counts) {
                *sum += count;
            }
        }
        whole
    }

    /// Density in each cell of a coordinate, with the middles of the cells.
    fn density(&self, coordinate: usize) -> (Vec<f64>, Vec<f64>) {
        let (low, high) = self.ranges[coordinate];
        let width = (high - low) / CELLS as f64;
        let counts = &self.counts[coordinate * CELLS..(coordinate + 1) * CELLS];
        (
            (0..CELLS).map(|k| low + (k as f64 + 0.5) * width).collect(),
            counts
                .iter()
                .map(|count| *count as f64 / (self.looks as f64 * width))
                .collect(),
        )
    }

    /// The histograms as a picture.
    pub(super) fn picture(&self, context: &Context<'_>) -> Figure {
        let mut lines = Lines::new(
            Axis::new("coordinate", context.length()),
            Axis::new("density", format!("1/{}", context.length())),
        );
        for (i, name) in context.names().iter().enumerate() {
            let (x, density) = self.density(i);
            lines = lines.curve(Curve::new((*name).to_owned(), x, density).styled(CurveStyle::Line));
        }
        Figure::new(
            "simulated_density",
            "Where the walkers were",
            "Histogram of each coordinate over all walkers and times after what is left out.",
            lines,
        )
    }
}

impl Observer for Histogram {
    fn observe(&mut self, frame: &Frame<'_>) -> irrev_landscape::Result<()> {
        for (i, (low, high)) in self.ranges.iter().enumerate() {
            for x in frame.position(i) {
                let cell = ((x - low) / (high - low) * CELLS as f64).floor();
                if (0.0..CELLS as f64).contains(&cell) {
                    self.counts[i * CELLS + cell as usize] += 1;
                }
            }
        }
        self.looks += frame.lanes as u64;
        Ok(())
    }
}

impl Kept for Histogram {
    fn save(&self) -> Vec<u8> {
        let words = std::iter::once(&self.looks).chain(&self.counts);
        words.flat_map(|word| word.to_le_bytes()).collect()
    }

    fn restore(&mut self, state: &[u8]) -> bool {
        let (words, rest) = state.as_chunks::<8>();
        let [looks, counts @ ..] = words else { return false };
        if !rest.is_empty() || counts.len() != self.counts.len() {
            return false;
        }
        self.looks = u64::from_le_bytes(*looks);
        for (count, word) in self.counts.iter_mut().zip(counts) {
            *count = u64::from_le_bytes(*word);
        }
        true
    }
}

/// Where histograms lie: between the ends of a coordinate, or where the walkers are.
pub(super) fn ranges(context: &Context<'_>, motion: &Simulation<'_>) -> Vec<(f64, f64)> {
    let positions = motion.positions();
    let d = context.values.coordinates.len();
    let of = |i: usize| positions.iter().skip(i).step_by(d);
    let coordinates = context.values.coordinates.iter().enumerate();
    coordinates
        .map(|(i, coordinate)| {
            coordinate.range.unwrap_or_else(|| {
                let (low, high) = (
                    of(i).copied().fold(f64::INFINITY, f64::min),
                    of(i).copied().fold(f64::NEG_INFINITY, f64::max),
                );
                let room = (0.5 * (high - low)).max(1.0);
                (low - room, high + room)
            })
        })
        .collect()
}
