//! Nested dissection: separators first found are eliminated last.
//!
//! A part of the graph is split by a small set of nodes, the separator; its two sides are independent, and are
//! split again. Separators come from the levels of a breadth-first search that starts at the rim, thinned and
//! smoothed by moving single nodes. Parts are renumbered by that search, which keeps the next one in cache and
//! hands it a node on the rim for nothing: the last one. Small parts, and parts without a good separator, are
//! ordered by minimum degree.
//!
//! Sources: A. George, SIAM J. Numer. Anal. 10, 345 (1973); A. George and J. W. H. Liu, SIAM J. Numer. Anal.
//! 15, 1053 (1978), for separators from levels.

use super::graph::Adjacency;
use super::ordering::minimum_degree;
use super::supernodes::{Fundamental, Supernodes};

/// Parts up to this size go to minimum degree: below it dissection no longer saves work.
pub(super) const LEAF: usize = 250;
/// Parts from this size on are treated in parallel.
const PARALLEL_PART: usize = 10_000;
/// Neither side of a separator may hold less than this fraction of the part, if a level allows it,
const SMALLEST_SIDE: f64 = 0.3;
/// and in no case less than this one, which bounds the depth of the recursion.
const WORST_SIDE: f64 = 0.05;
/// A separator above this fraction of its part does not separate: minimum degree is better.
const LARGEST_SEPARATOR: f64 = 0.25;

/// A part of the graph with its own node numbers, and each node's label in the whole graph.
pub(super) struct Part {
    pub(super) graph: Adjacency,
    label: Vec<u32>,
}

/// A breadth-first search: nodes in order of visit, and where each level starts in that order.
struct Search {
    visited: Vec<u32>,
    level_start: Vec<u32>,
}

/// The number of a node that is not in the part.
const ELSEWHERE: u32 = u32::MAX;

/// Sides of a separator, as kept per node.
const BELOW: u8 = 0;
const ABOVE: u8 = 1;
const SEPARATOR: u8 = 2;

impl Part {
    /// The whole graph, renumbered by a search from the rim so that neighbours are close in memory.
    pub(super) fn searched(graph: &Adjacency) -> Self {
        let nodes = graph.nodes();
        let whole = Self {
            graph: graph.clone(),
            label: (0..nodes as u32).collect(),
        };
        let mut seen = vec![false; nodes];
        let (mut visited, mut levels) = (Vec::with_capacity(nodes), Vec::new());
        let far = whole.search_from(0).visited.last().copied();
        for start in far.into_iter().chain(0..nodes as u32) {
            if !seen[start as usize] {
                whole.search(start, &mut seen, &mut visited, &mut levels);
            }
        }
        whole.extract(&visited)
    }

    /// This part's own numbers in the order of nested dissection.
    pub(super) fn dissected(&self, parallel: bool) -> Vec<u32> {
        let nodes = self.nodes();
        let mut order = vec![0u32; nodes];
        let whole = Self {
            graph: self.graph.clone(),
            label: (0..nodes as u32).collect(),
        };
        whole.dissect(nodes as u32 - 1, &mut order, parallel);
        order
    }

    /// Supernodes of this part in terms of its labels.
    pub(super) fn grouped(&self, supernodes: Fundamental) -> Supernodes {
        supernodes.merged().relabelled(&self.label)
    }

    fn nodes(&self) -> usize {
        self.label.len()
    }

    fn of(&self, node: u32) -> &[u32] {
        self.graph.of(node as usize)
    }

    /// Appends the nodes reachable from `start` to `visited`; `seen` guards against visiting twice.
    fn search(&self, start: u32, seen: &mut [bool], visited: &mut Vec<u32>, level_start: &mut Vec<u32>) {
        level_start.clear();
        let mut level = visited.len();
        visited.push(start);
        seen[start as usize] = true;
        while level < visited.len() {
            level_start.push(level as u32);
            let end = visited.len();
            for at in level..end {
                for &neighbour in self.of(visited[at]) {
                    if !seen[neighbour as usize] {
                        seen[neighbour as usize] = true;
                        visited.push(neighbour);
                    }
                }
            }
            level = end;
        }
        level_start.push(visited.len() as u32);
    }

    fn search_from(&self, start: u32) -> Search {
        let mut search = Search {
            visited: Vec::with_capacity(self.nodes()),
            level_start: Vec::new(),
        };
        self.search(
            start,
            &mut vec![false; self.nodes()],
            &mut search.visited,
            &mut search.level_start,
        );
        search
    }

    /// Writes the elimination order of this part, starting the search for a separator at `start`.
    fn dissect(self, start: u32, order: &mut [u32], parallel: bool) {
        if self.nodes() <= LEAF {
            return self.order_by_degree(order);
        }
        let search = self.search_from(start);
        if search.visited.len() < self.nodes() {
            return self.dissect_components(order, parallel);
        }
        let Some(side) = self.separator(&search) else {
            return self.order_by_degree(order);
        };
        let [below, above, separator] = self.split(&search.visited, &side);
        let parallel_here = parallel && self.nodes() > PARALLEL_PART;
        drop((self, search, side));
        let (sides, last) = order.split_at_mut(below.nodes() + above.nodes());
        last.copy_from_slice(&separator.label);
        let (first, second) = sides.split_at_mut(below.nodes());
        // Both sides are numbered by the search, so the last node of either lies on its rim.
        let descend = |part: Part, order: &mut [u32]| {
            let start = part.nodes().saturating_sub(1) as u32;
            part.dissect(start, order, parallel);
        };
        if parallel_here {
            rayon::join(|| descend(below, first), || descend(above, second));
        } else {
            descend(below, first);
            descend(above, second);
        }
    }

    fn order_by_degree(self, order: &mut [u32]) {
        for (to, node) in order.iter_mut().zip(minimum_degree(&self.graph).0) {
            *to = self.label[node as usize];
        }
    }

    /// Dissects the large components one by one and orders all small ones together.
    fn dissect_components(self, order: &mut [u32], parallel: bool) {
        let nodes = self.nodes();
        let mut seen = vec![false; nodes];
        let mut number = vec![0u32; nodes];
        let (mut visited, mut levels) = (Vec::with_capacity(nodes), Vec::new());
        let mut small = Vec::new();
        let mut at = 0usize;
        for node in 0..nodes as u32 {
            if seen[node as usize] {
                continue;
            }
            let start = visited.len();
            self.search(node, &mut seen, &mut visited, &mut levels);
            let component = &visited[start..];
            if component.len() <= LEAF {
                small.extend_from_slice(component);
            } else {
                // A component has no neighbours outside, so `number` need not be reset between components.
                enumerate(component, &mut number);
                let part = self.numbered(component, &number);
                let last = part.nodes() as u32 - 1;
                part.dissect(last, &mut order[at..at + component.len()], parallel);
                at += component.len();
            }
        }
        enumerate(&small, &mut number);
        self.numbered(&small, &number).order_by_degree(&mut order[at..]);
    }

    /// A side per node, or nothing where no level separates the part well.
    fn separator(&self, search: &Search) -> Option<Vec<u8>> {
        let nodes = self.nodes() as f64;
        let levels = search.level_start.len() - 1;
        if levels < 3 {
            return None;
        }
        // A level of a tenth fewer nodes is not worth sides as unequal as 1 to 2; sides more unequal than
        // that are taken only if there is nothing else.
        let mut best: Option<(f64, usize)> = None;
        for level in 1..levels - 1 {
            let below = f64::from(search.level_start[level]);
            let size = f64::from(search.level_start[level + 1]) - below;
            let above = nodes - below - size;
            let missing = (SMALLEST_SIDE * nodes - below.min(above)).max(0.0);
            let imbalance = (below - above) / (below + above);
            let cost = size * (1.0 + imbalance * imbalance) + missing;
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, level));
            }
        }
        let (_, level) = best?;
        let (start, end) = (
            search.level_start[level] as usize,
            search.level_start[level + 1] as usize,
        );
        let mut side = vec![ABOVE; self.nodes()];
        for &node in &search.visited[..start] {
            side[node as usize] = BELOW;
        }
        let mut members = search.visited[start..end].to_vec();
        for &node in &members {
            side[node as usize] = SEPARATOR;
        }
        self.smooth(&mut side, &mut members, start, self.nodes() - end);
        let above = side.iter().filter(|&&side| side == ABOVE).count();
        let below = self.nodes() - above - members.len();
        let small = (members.len() as f64) < LARGEST_SEPARATOR * nodes;
        let halves = (below.min(above) as f64) > WORST_SIDE * nodes;
        (small && halves).then_some(side)
    }

    /// Moves nodes out of the separator while that shrinks it, or keeps its size and evens the sides.
    fn smooth(&self, side: &mut [u8], members: &mut Vec<u32>, mut below: usize, mut above: usize) {
        const PASSES: usize = 4;
        for _ in 0..PASSES {
            let mut moved = false;
            let mut at = 0;
            while at < members.len() {
                let node = members[at];
                let count = |wanted: u8, side: &[u8]| {
                    self.of(node)
                        .iter()
                        .filter(|&&neighbour| side[neighbour as usize] == wanted)
                        .count()
                };
                let (touching_below, touching_above) = (count(BELOW, side), count(ABOVE, side));
                // Moving the node below pulls its neighbours above into the separator, and the reverse.
                let down = touching_above == 0 || (touching_above == 1 && below + 1 < above);
                let up = touching_below == 0 || (touching_below == 1 && above + 1 < below);
                let smaller_is_below = below <= above;
                let to = match (down, up) {
                    (true, true) if smaller_is_below || touching_above < touching_below => BELOW,
                    (true, false) => BELOW,
                    (_, true) => ABOVE,
                    (false, false) => {
                        at += 1;
                        continue;
                    }
                };
                let (gaining, losing) = if to == BELOW {
                    (&mut below, &mut above)
                } else {
                    (&mut above, &mut below)
                };
                side[node as usize] = to;
                *gaining += 1;
                members.swap_remove(at);
                for &neighbour in self.of(node) {
                    if side[neighbour as usize] == 1 - to {
                        side[neighbour as usize] = SEPARATOR;
                        members.push(neighbour);
                        *losing -= 1;
                    }
                }
                moved = true;
            }
            if !moved {
                break;
            }
        }
    }

    /// The two sides and the separator, each renumbered in the order given.
    fn split(&self, visited: &[u32], side: &[u8]) -> [Self; 3] {
        [BELOW, ABOVE, SEPARATOR].map(|wanted| {
            let chosen: Vec<u32> = visited
                .iter()
                .copied()
                .filter(|&node| side[node as usize] == wanted)
                .collect();
            if wanted == SEPARATOR {
                let label = chosen.iter().map(|&node| self.label[node as usize]).collect();
                return Self {
                    graph: Adjacency::default(),
                    label,
                };
            }
            self.extract(&chosen)
        })
    }

    /// The part spanned by the chosen nodes, renumbered in the order given.
    fn extract(&self, chosen: &[u32]) -> Self {
        let mut number = vec![ELSEWHERE; self.nodes()];
        enumerate(chosen, &mut number);
        self.numbered(chosen, &number)
    }

    /// The part spanned by the chosen nodes with these numbers; neighbours elsewhere are left out.
    fn numbered(&self, chosen: &[u32], number: &[u32]) -> Self {
        let mut offsets = Vec::with_capacity(chosen.len() + 1);
        let expected = self.graph.neighbours.len() as f64 / self.nodes().max(1) as f64 * chosen.len() as f64;
        let mut neighbours = Vec::with_capacity(expected as usize);
        offsets.push(0u32);
        for &node in chosen {
            let numbers = self.of(node).iter().map(|&neighbour| number[neighbour as usize]);
            neighbours.extend(numbers.filter(|&new| new != ELSEWHERE));
            offsets.push(neighbours.len() as u32);
        }
        let label = chosen.iter().map(|&node| self.label[node as usize]).collect();
        Self {
            graph: Adjacency { offsets, neighbours },
            label,
        }
    }
}

/// Numbers the nodes in the order given.
fn enumerate(chosen: &[u32], number: &mut [u32]) {
    for (new, &node) in chosen.iter().enumerate() {
        number[node as usize] = new as u32;
    }
}
