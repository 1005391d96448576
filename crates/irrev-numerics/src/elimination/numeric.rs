//! Multifrontal elimination: every front gathers its edges and what its children left, eliminates its pivots,
//! and hands the couplings among its border to its parent.
//!
//! Subtrees of the elimination tree are independent. Those with much work are split further, the others are
//! run through in one go with two stacks for the borders: one for even depths, one for odd, so that a front
//! can push its result while it still reads those of its children. The division depends on the tree only,
//! every front adds its children in a fixed order, and hence the result does not depend on the threads.
//!
//! Sources: Duff and Reid, ACM Trans. Math. Softw. 9, 302 (1983); J. W. H. Liu, SIAM Rev. 34, 82 (1992).

use super::front::Front;
use super::structure::{Structure, TOWARDS_PIVOT};
use rayon::prelude::*;

/// What is eliminated: a weighted graph or a Markov chain.
pub(super) trait Weights: Sync {
    /// Triangles kept per front: 1 for a graph, 2 for a chain.
    const CHANNELS: usize;

    /// Adds an edge to the panel, which holds `CHANNELS` triangles of equal size.
    fn add_edge(&self, entry: u32, place: usize, panel: &mut [f64]);

    /// Eliminates the pivots. `inflow` is left alone by graphs.
    fn eliminate(front: Front<'_>, panel: &mut [f64], border: &mut [f64], inflow: &mut [f64]);
}

/// Conductances, to be multiplied by a power of two.
pub(super) struct GraphWeights<'a> {
    pub(super) conductances: &'a [f64],
    pub(super) scale: f64,
}

impl Weights for GraphWeights<'_> {
    const CHANNELS: usize = 1;

    #[inline]
    fn add_edge(&self, entry: u32, place: usize, panel: &mut [f64]) {
        panel[place] += self.conductances[(entry & !TOWARDS_PIVOT) as usize] * self.scale;
    }

    fn eliminate(mut front: Front<'_>, panel: &mut [f64], border: &mut [f64], _: &mut [f64]) {
        front.eliminate_graph(panel, border);
    }
}

/// Rates, to be multiplied by a power of two. The first triangle holds rates towards the earlier node.
pub(super) struct ChainWeights<'a> {
    pub(super) forward: &'a [f64],
    pub(super) backward: &'a [f64],
    pub(super) scale: f64,
}

impl Weights for ChainWeights<'_> {
    const CHANNELS: usize = 2;

    #[inline]
    fn add_edge(&self, entry: u32, place: usize, panel: &mut [f64]) {
        let edge = (entry & !TOWARDS_PIVOT) as usize;
        let (forward, backward) = (self.forward[edge] * self.scale, self.backward[edge] * self.scale);
        let (towards, away) = if entry & TOWARDS_PIVOT == 0 {
            (backward, forward)
        } else {
            (forward, backward)
        };
        let half = panel.len() / 2;
        panel[place] += towards;
        panel[half + place] += away;
    }

    fn eliminate(mut front: Front<'_>, panel: &mut [f64], border: &mut [f64], inflow: &mut [f64]) {
        let panels = panel.split_at_mut(panel.len() / 2);
        let borders = border.split_at_mut(border.len() / 2);
        front.eliminate_chain(panels.into(), borders.into(), inflow);
    }
}

/// The numbers of a factor.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// Panels of the supernodes one after the other, each with its channels.
    pub(super) panels: Vec<f64>,
    /// Outflow d per position; zero at the last node of each component.
    pub(super) outflow: Vec<f64>,
    /// For a chain, the sum of the rates towards each position when its turn came.
    pub(super) inflow: Vec<f64>,
}

/// Subtrees below this fraction of all the work, or below this work, are not split.
const SPLIT_FRACTION: f64 = 1.0 / 48.0;
const SPLIT_WORK: f64 = 1e6;

/// Fills `values` with the factor of the weights; its storage is used again.
pub(super) fn eliminate<W: Weights>(structure: &Structure, weights: &W, values: &mut Values, parallel: bool) {
    let nodes = structure.order.len();
    let entries = W::CHANNELS * structure.panel_entries();
    // Panels are cleared one by one where they are used: the thread that fills a page is then the first to touch it
    if values.panels.len() != entries {
        values.panels = vec![0.0; entries];
    }
    values.outflow.resize(nodes, 0.0);
    values
        .inflow
        .resize(if W::CHANNELS == 2 { nodes } else { 0 }, 0.0);
    let count = structure.supernodes();
    let roots: Vec<u32> = structure.roots();
    let total: f64 = roots
        .iter()
        .map(|&root| structure.subtree_work[root as usize])
        .sum();
    let elimination = Elimination {
        structure,
        weights,
        parallel,
        split: SPLIT_WORK.max(total * SPLIT_FRACTION),
    };
    let storage = Storage {
        first: 0,
        end: count,
        panels: &mut values.panels,
        outflow: &mut values.outflow,
        inflow: &mut values.inflow,
    };
    elimination.forest(&roots, storage);
}

/// The storage of a contiguous range of supernodes.
struct Storage<'a> {
    first: usize,
    end: usize,
    panels: &'a mut [f64],
    outflow: &'a mut [f64],
    inflow: &'a mut [f64],
}

struct Elimination<'a, W> {
    structure: &'a Structure,
    weights: &'a W,
    parallel: bool,
    split: f64,
}

/// Either one large subtree or a run of small ones.
enum Job {
    Subtree(usize),
    Batch,
}

/// A front on the way from a root down to where the tree branches, its side branches already cut off.
struct Step<'a> {
    supernode: usize,
    before: Storage<'a>,
    after: Storage<'a>,
    own: Storage<'a>,
}

impl<'s, W: Weights> Elimination<'s, W> {
    /// Splits off the supernodes before `at`.
    fn split_storage<'a>(&self, storage: Storage<'a>, at: usize) -> (Storage<'a>, Storage<'a>) {
        let Storage {
            first,
            end,
            panels,
            outflow,
            inflow,
        } = storage;
        let s = self.structure;
        let panel = W::CHANNELS * (s.panel_start[at] - s.panel_start[first]);
        let position = (s.start[at] - s.start[first]) as usize;
        let (panels_low, panels_high) = panels.split_at_mut(panel);
        let (outflow_low, outflow_high) = outflow.split_at_mut(position);
        let (inflow_low, inflow_high) = inflow.split_at_mut(position.min(inflow.len()));
        (
            Storage {
                first,
                end: at,
                panels: panels_low,
                outflow: outflow_low,
                inflow: inflow_low,
            },
            Storage {
                first: at,
                end,
                panels: panels_high,
                outflow: outflow_high,
                inflow: inflow_high,
            },
        )
    }

    /// Eliminates the subtrees of the given siblings, which together are the storage's range. Returns the
    /// borders they leave, in several pieces that follow the order of the siblings.
    fn forest(&self, siblings: &[u32], storage: Storage<'_>) -> Vec<Vec<f64>> {
        let mut jobs = Vec::new();
        let mut rest = storage;
        let mut batch_work = 0.0;
        for (index, &sibling) in siblings.iter().enumerate() {
            let root = sibling as usize;
            let work = self.structure.subtree_work[root];
            if work > self.split {
                let (subtree, later) = self.split_storage(rest, root + 1);
                jobs.push((Job::Subtree(root), subtree));
                rest = later;
                continue;
            }
            batch_work += work;
            let next_is_large = siblings
                .get(index + 1)
                .is_none_or(|&next| self.structure.subtree_work[next as usize] > self.split);
            if next_is_large || batch_work > self.split {
                let (batch, later) = self.split_storage(rest, root + 1);
                jobs.push((Job::Batch, batch));
                rest = later;
                batch_work = 0.0;
            }
        }
        let run = |(job, storage): (Job, Storage<'_>)| match job {
            Job::Subtree(root) => self.subtree(root, storage),
            Job::Batch => self.batch(storage),
        };
        if self.parallel && jobs.len() > 1 {
            jobs.into_par_iter().with_max_len(1).map(run).collect()
        } else {
            jobs.into_iter().map(run).collect()
        }
    }

    /// Eliminates a large subtree: down along large only children, then up again.
    fn subtree(&self, root: usize, storage: Storage<'_>) -> Vec<f64> {
        let mut way = Vec::new();
        let mut supernode = root;
        let mut storage = storage;
        let mut border = loop {
            let (below, own) = self.split_storage(storage, supernode);
            let children = self.structure.children(supernode);
            let mut large = children
                .iter()
                .filter(|&&child| self.structure.subtree_work[child as usize] > self.split);
            if let (Some(&only), None) = (large.next(), large.next()) {
                let only = only as usize;
                let (below, after) = self.split_storage(below, only + 1);
                let first = self.structure.subtree_first[only] as usize;
                let (before, inside) = self.split_storage(below, first);
                way.push(Step {
                    supernode,
                    before,
                    after,
                    own,
                });
                supernode = only;
                storage = inside;
                continue;
            }
            let borders = self.forest(children, below);
            break self.front_of(supernode, &borders, own);
        };
        for Step {
            supernode,
            before,
            after,
            own,
        } in way.into_iter().rev()
        {
            let children = self.structure.children(supernode);
            let cut = children.partition_point(|&child| (child as usize) < before.end);
            let mut borders = self.forest(&children[..cut], before);
            borders.push(border);
            borders.extend(self.forest(&children[cut + 1..], after));
            border = self.front_of(supernode, &borders, own);
        }
        border
    }

    /// Eliminates one front whose children's borders are given piecewise.
    fn front_of(&self, supernode: usize, borders: &[Vec<f64>], own: Storage<'_>) -> Vec<f64> {
        let (pivots, rows) = self.structure.shape(supernode);
        let mut border = vec![0.0; W::CHANNELS * (rows - pivots).pow(2)];
        let children = self.structure.children(supernode).iter();
        let mut pieces = borders.iter();
        let (mut piece, mut at): (&[f64], usize) = (&[], 0);
        self.gather(supernode, own.panels);
        for &child in children {
            let length = W::CHANNELS * self.structure.border(child as usize).len().pow(2);
            while at == piece.len() && length > 0 {
                let Some(next) = pieces.next() else { break };
                (piece, at) = (next, 0);
            }
            self.add_child(
                supernode,
                child as usize,
                &piece[at..at + length],
                own.panels,
                &mut border,
            );
            at += length;
        }
        let front = Front {
            rows,
            pivots,
            parallel: self.parallel,
            outflow: own.outflow,
        };
        W::eliminate(front, own.panels, &mut border, own.inflow);
        border
    }

    /// Eliminates a range of supernodes one after the other.
    fn batch(&self, storage: Storage<'_>) -> Vec<f64> {
        let structure = self.structure;
        let Storage {
            first,
            end,
            mut panels,
            mut outflow,
            mut inflow,
        } = storage;
        let mut stacks = [Vec::new(), Vec::new()];
        for supernode in first..end {
            let (pivots, rows) = structure.shape(supernode);
            let panel;
            (panel, panels) = panels.split_at_mut(W::CHANNELS * pivots * rows);
            let outflow_here;
            (outflow_here, outflow) = outflow.split_at_mut(pivots);
            let inflow_here;
            (inflow_here, inflow) = inflow.split_at_mut(pivots.min(inflow.len()));

            let [even, odd] = &mut stacks;
            let (own_stack, child_stack) = if structure.depth[supernode].is_multiple_of(2) {
                (even, odd)
            } else {
                (odd, even)
            };
            let length = |s: usize| W::CHANNELS * structure.border(s).len().pow(2);
            let bottom = own_stack.len();
            own_stack.resize(bottom + length(supernode), 0.0);
            let border: &mut [f64] = &mut own_stack[bottom..];

            self.gather(supernode, panel);
            let children = structure.children(supernode);
            let total: usize = children.iter().map(|&child| length(child as usize)).sum();
            let mut at = child_stack.len() - total;
            for &child in children {
                let child = child as usize;
                self.add_child(
                    supernode,
                    child,
                    &child_stack[at..at + length(child)],
                    panel,
                    border,
                );
                at += length(child);
            }
            child_stack.truncate(child_stack.len() - total);
            let front = Front {
                rows,
                pivots,
                parallel: false,
                outflow: outflow_here,
            };
            W::eliminate(front, panel, border, inflow_here);
        }
        // The last supernode is a root of the batch, and all roots have its depth.
        let parity = end.checked_sub(1).map_or(0, |last| structure.depth[last] % 2);
        std::mem::take(&mut stacks[parity as usize])
    }

    /// Enters the edges of a front.
    fn gather(&self, supernode: usize, panel: &mut [f64]) {
        panel.fill(0.0);
        for (entry, place) in self.structure.entries(supernode) {
            self.weights.add_edge(entry, place, panel);
        }
    }

    /// Adds the border a child left to the front of its parent, channel by channel.
    fn add_child(
        &self,
        supernode: usize,
        child: usize,
        update: &[f64],
        panel: &mut [f64],
        border: &mut [f64],
    ) {
        let (pivots, rows) = self.structure.shape(supernode);
        let relative = self.structure.relative(child);
        let size = relative.len();
        if size == 0 {
            return;
        }
        let area = pivots * rows;
        let width = rows - pivots;
        for channel in 0..W::CHANNELS {
            let update = &update[channel * size * size..][..size * size];
            let panel = &mut panel[channel * area..][..area];
            let border = &mut border[channel * width * width..][..width * width];
            add_triangle(update, relative, panel, border, pivots, rows);
        }
    }
}

/// Adds a child's lower triangle at the places `relative` of the parent's front.
fn add_triangle(
    update: &[f64],
    relative: &[u32],
    panel: &mut [f64],
    border: &mut [f64],
    pivots: usize,
    rows: usize,
) {
    let size = relative.len();
    let width = rows - pivots;
    let last = relative[size - 1] as usize;
    for (index, &column) in relative.iter().enumerate() {
        let column = column as usize;
        let source = &update[index * size + index..(index + 1) * size];
        let (target, offset) = if column < pivots {
            (&mut panel[column * rows..(column + 1) * rows], 0)
        } else {
            (&mut border[(column - pivots) * width..][..width], pivots)
        };
        if last - column == size - 1 - index {
            for (into, value) in target[column - offset..].iter_mut().zip(source) {
                *into += value;
            }
        } else {
            for (&place, value) in relative[index..].iter().zip(source) {
                target[place as usize - offset] += value;
            }
        }
    }
}
