//! Substitution with the factor, for vectors in elimination order.
//!
//! The factors of D − C (graph) and of the transposed negative generator are products of unit triangles with
//! the outflows between them; `towards` and `away` are the triangles kept by the fronts:
//!
//! ```text
//! graph: (I − N) D (I − N)ᵀ,      N = away
//! chain: (I − T D⁻¹) D (I − A),   T = towards,  Aᵀ = away
//! ```
//!
//! The last node of each component has outflow zero: it is grounded, and its entry of the solution is zero.

use super::front::vectorised;
use super::numeric::Values;
use super::structure::Structure;

/// What is done with the outflow on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outflow {
    Ignored,
    Divides,
}

/// A triangle of the factor: one channel of the panels.
#[derive(Clone, Copy)]
pub(super) struct Triangle<'a> {
    pub(super) structure: &'a Structure,
    pub(super) values: &'a Values,
    pub(super) channel: usize,
    pub(super) channels: usize,
}

/// x / d, and zero for the grounded node with d = 0.
#[inline(always)]
fn quotient(value: f64, outflow: f64) -> f64 {
    if outflow > 0.0 { value / outflow } else { 0.0 }
}

impl<'a> Triangle<'a> {
    fn panel(&self, supernode: usize) -> &'a [f64] {
        let start = self.structure.panel_start[supernode];
        let size = self.structure.panel_start[supernode + 1] - start;
        &self.values.panels[self.channels * start + self.channel * size..][..size]
    }

    /// Forward: each entry, divided by its outflow if asked, flows on to all later ones.
    pub(super) fn forward(self, vector: &mut [f64], outflow: Outflow) {
        let mut spill = Vec::new();
        for s in 0..self.structure.supernodes() {
            let (pivots, rows) = self.structure.shape(s);
            let first = self.structure.start[s] as usize;
            let panel = self.panel(s);
            let border = self.structure.border(s);
            let own = &mut vector[first..first + pivots];
            spill.clear();
            spill.resize(rows, 0.0);
            vectorised(|| {
                for j in 0..pivots {
                    let mut value = own[j] + spill[j];
                    if outflow == Outflow::Divides {
                        value = quotient(value, self.values.outflow[first + j]);
                    }
                    own[j] = value;
                    let column = &panel[j * rows + j + 1..(j + 1) * rows];
                    for (to, entry) in spill[j + 1..].iter_mut().zip(column) {
                        *to += entry * value;
                    }
                }
            });
            for (&position, value) in border.iter().zip(&spill[pivots..]) {
                vector[position as usize] += value;
            }
        }
    }

    /// Backward: each entry gains what the triangle takes from the later ones, and is then divided by its
    /// outflow if asked.
    pub(super) fn backward(self, vector: &mut [f64], outflow: Outflow) {
        let mut later = Vec::new();
        for s in (0..self.structure.supernodes()).rev() {
            self.backward_at(s, vector, &mut later, outflow);
        }
    }

    #[inline]
    fn backward_at(self, s: usize, vector: &mut [f64], later: &mut Vec<f64>, outflow: Outflow) {
        let (pivots, rows) = self.structure.shape(s);
        let first = self.structure.start[s] as usize;
        let panel = self.panel(s);
        later.clear();
        later.resize(pivots, 0.0);
        later.extend(
            self.structure
                .border(s)
                .iter()
                .map(|&position| vector[position as usize]),
        );
        vectorised(|| {
            for j in (0..pivots).rev() {
                let column = &panel[j * rows + j + 1..(j + 1) * rows];
                let mut value = vector[first + j] + product(column, &later[j + 1..]);
                if outflow == Outflow::Divides {
                    value = quotient(value, self.values.outflow[first + j]);
                }
                later[j] = value;
            }
        });
        vector[first..first + pivots].copy_from_slice(&later[..pivots]);
    }

    /// The vector with πᵀ (I − T D⁻¹) D = 0 and largest entries near one: π_s = Σ_u π_u T_us / d_s from the
    /// last node backwards, without subtractions.
    ///
    /// All entries so far are shrunk by a power of two whenever one would leave the safe range; what then
    /// underflows is below 1e-300 of the largest.
    pub(super) fn null_vector(self, vector: &mut [f64]) {
        const LARGE: f64 = 1.157_920_892_373_162e77; // 2^256
        let mut later = Vec::new();
        vector.fill(0.0);
        let Some(last) = vector.len().checked_sub(1) else {
            return;
        };
        vector[last] = 1.0;
        for s in (0..self.structure.supernodes()).rev() {
            let (pivots, rows) = self.structure.shape(s);
            let first = self.structure.start[s] as usize;
            let panel = self.panel(s);
            let border = self.structure.border(s);
            later.clear();
            later.extend_from_slice(&vector[first..first + pivots]);
            later.extend(border.iter().map(|&position| vector[position as usize]));
            for j in (0..pivots).rev() {
                let outflow = self.values.outflow[first + j];
                if outflow == 0.0 {
                    continue;
                }
                let column = &panel[j * rows + j + 1..(j + 1) * rows];
                let mut value = vectorised(|| product(column, &later[j + 1..])) / outflow;
                while value > LARGE {
                    for entry in later.iter_mut().chain(vector.iter_mut()) {
                        *entry /= LARGE;
                    }
                    value = vectorised(|| product(column, &later[j + 1..])) / outflow;
                }
                later[j] = value;
            }
            vector[first..first + pivots].copy_from_slice(&later[..pivots]);
        }
    }
}

/// Σ a b in eight interleaved partial sums.
#[inline(always)]
fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut partial = [0.0; 8];
    let (a_blocks, a_rest) = a.as_chunks::<8>();
    let (b_blocks, b_rest) = b.as_chunks::<8>();
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for i in 0..8 {
            partial[i] += x[i] * y[i];
        }
    }
    let tail: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    let [a, b, c, d, e, f, g, h] = partial;
    (((a + e) + (c + g)) + ((b + f) + (d + h))) + tail
}
