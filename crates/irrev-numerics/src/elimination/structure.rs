//! The shape of the factor: fronts, where children's borders and the edges go, storage and work.

use super::error::EliminationError;
use super::graph::{Adjacency, check_size};
use super::supernodes::{Children, NONE, Supernodes, multiply_adds};

/// Marks an entry whose edge points from the later-eliminated end to the earlier one.
pub(super) const TOWARDS_PIVOT: u32 = 1 << 31;

/// Everything about the factor that does not depend on the weights.
#[derive(Debug, Clone)]
pub(super) struct Structure {
    /// Nodes in elimination order, and the inverse.
    pub(super) order: Vec<u32>,
    pub(super) position: Vec<u32>,
    /// Supernode `s` eliminates positions `start[s]..start[s + 1]`.
    pub(super) start: Vec<u32>,
    pub(super) parent: Vec<u32>,
    /// The first supernode of the subtree that ends with `s`.
    pub(super) subtree_first: Vec<u32>,
    /// Distance from the root, of which the parity is used.
    pub(super) depth: Vec<u32>,
    children: Vec<u32>,
    children_start: Vec<u32>,
    /// Border of each front: later positions it is coupled to, ascending.
    border_start: Vec<usize>,
    border: Vec<u32>,
    /// Where these appear in the parent's front (pivots first, then its border).
    relative: Vec<u32>,
    /// Per supernode the edges that enter its panel: edge number with orientation bit, and place.
    entry_start: Vec<u32>,
    entry_edge: Vec<u32>,
    entry_place: Vec<u32>,
    /// Where the panel of a supernode starts, for one channel.
    pub(super) panel_start: Vec<usize>,
    /// Multiply-add pairs of the subtree that ends with `s`, for one channel.
    pub(super) subtree_work: Vec<f64>,
}

impl Structure {
    pub(super) fn new(
        graph: &Adjacency,
        edges: &[(u32, u32)],
        supernodes: Supernodes,
    ) -> Result<Self, EliminationError> {
        let Supernodes {
            order,
            position,
            start,
            parent,
        } = supernodes;
        let count = parent.len();
        let tree = Children::new(&parent);
        let (children_start, children) = gather_children(&tree, count);
        let (border_start, border) = borders(graph, &order, &position, &start, &children_start, &children);
        let relative = relative_places(&start, &parent, &border_start, &border);

        let mut subtree_first: Vec<u32> = (0..count as u32).collect();
        let mut depth = vec![0u32; count];
        let mut panel_start = Vec::with_capacity(count + 1);
        let mut subtree_work = vec![0.0; count];
        let mut panels = 0usize;
        for s in 0..count {
            let (pivots, rows) = front_shape(s, &start, &border_start);
            panel_start.push(panels);
            check_size(
                "entries of one front",
                pivots.saturating_mul(rows),
                u32::MAX as usize,
            )?;
            panels = panels.saturating_add(pivots * rows);
            subtree_work[s] += multiply_adds(pivots, rows);
            if parent[s] != NONE {
                let above = parent[s] as usize;
                subtree_first[above] = subtree_first[above].min(subtree_first[s]);
                subtree_work[above] += subtree_work[s];
            }
        }
        panel_start.push(panels);
        check_size("entries of the factor", panels, isize::MAX as usize / 32)?;
        for s in (0..count).rev() {
            if parent[s] != NONE {
                depth[s] = depth[parent[s] as usize] + 1;
            }
        }
        let mut structure = Self {
            order,
            position,
            start,
            parent,
            subtree_first,
            depth,
            children,
            children_start,
            border_start,
            border,
            relative,
            entry_start: Vec::new(),
            entry_edge: Vec::new(),
            entry_place: Vec::new(),
            panel_start,
            subtree_work,
        };
        structure.place_edges(edges);
        Ok(structure)
    }

    pub(super) fn supernodes(&self) -> usize {
        self.parent.len()
    }

    /// The supernodes without parent, ascending.
    pub(super) fn roots(&self) -> Vec<u32> {
        (0..self.supernodes() as u32)
            .filter(|&s| self.parent[s as usize] == NONE)
            .collect()
    }

    /// Number of pivots and of rows (pivots and border) of a front.
    #[inline]
    pub(super) fn shape(&self, s: usize) -> (usize, usize) {
        front_shape(s, &self.start, &self.border_start)
    }

    pub(super) fn border(&self, s: usize) -> &[u32] {
        &self.border[self.border_start[s]..self.border_start[s + 1]]
    }

    pub(super) fn relative(&self, s: usize) -> &[u32] {
        &self.relative[self.border_start[s]..self.border_start[s + 1]]
    }

    pub(super) fn children(&self, s: usize) -> &[u32] {
        &self.children[self.children_start[s] as usize..self.children_start[s + 1] as usize]
    }

    /// Edges of the panel of `s`: edge number with orientation bit, and place in the panel.
    pub(super) fn entries(&self, s: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        let range = self.entry_start[s] as usize..self.entry_start[s + 1] as usize;
        let places = self.entry_place[range.clone()]
            .iter()
            .map(|&place| place as usize);
        self.entry_edge[range].iter().copied().zip(places)
    }

    /// Entries of all panels, for one channel.
    pub(super) fn panel_entries(&self) -> usize {
        self.panel_start.last().copied().unwrap_or(0)
    }

    /// Entries of the borders' squares that exist at once when fronts are treated one after the other.
    pub(super) fn stack_entries(&self) -> usize {
        let square = |s: usize| self.border(s).len().pow(2);
        let (mut now, mut peak) = (0usize, 0usize);
        for s in 0..self.supernodes() {
            now += square(s);
            peak = peak.max(now);
            now -= self
                .children(s)
                .iter()
                .map(|&child| square(child as usize))
                .sum::<usize>();
        }
        peak
    }

    /// Bytes held by the structure itself.
    pub(super) fn bytes(&self) -> usize {
        let words = self.order.len()
            + self.position.len()
            + self.start.len()
            + self.parent.len()
            + self.subtree_first.len()
            + self.depth.len()
            + self.children.len()
            + self.children_start.len()
            + self.border.len()
            + self.relative.len()
            + self.entry_start.len()
            + self.entry_edge.len()
            + self.entry_place.len();
        let long = self.border_start.len() + self.panel_start.len() + self.subtree_work.len();
        4 * words + 8 * long
    }

    /// Decides for every edge which panel it enters, and where.
    fn place_edges(&mut self, edges: &[(u32, u32)]) {
        let count = self.supernodes();
        let mut supernode_of = vec![0u32; self.order.len()];
        for s in 0..count {
            supernode_of[self.start[s] as usize..self.start[s + 1] as usize].fill(s as u32);
        }
        let mut entry_start = vec![0u32; count + 1];
        let earlier = |&(tail, head): &(u32, u32)| {
            self.position[tail as usize].min(self.position[head as usize]) as usize
        };
        for edge in edges {
            entry_start[supernode_of[earlier(edge)] as usize] += 1;
        }
        let mut total = 0u32;
        for entry in &mut entry_start {
            total += std::mem::replace(entry, total);
        }
        let mut entry_edge = vec![0u32; edges.len()];
        for (number, edge) in edges.iter().enumerate() {
            let slot = &mut entry_start[supernode_of[earlier(edge)] as usize];
            entry_edge[*slot as usize] = number as u32;
            *slot += 1;
        }
        // Filling has moved every start to its end.
        entry_start.rotate_right(1);
        entry_start[0] = 0;
        let mut entry_place = vec![0u32; edges.len()];
        let mut local = vec![0u32; self.order.len()];
        for s in 0..count {
            let (pivots, rows) = self.shape(s);
            let first = self.start[s];
            for (index, &position) in self.border(s).iter().enumerate() {
                local[position as usize] = (pivots + index) as u32;
            }
            for at in entry_start[s] as usize..entry_start[s + 1] as usize {
                let (tail, head) = edges[entry_edge[at] as usize];
                let (tail, head) = (self.position[tail as usize], self.position[head as usize]);
                let (pivot, later) = (tail.min(head), tail.max(head));
                if head == pivot {
                    entry_edge[at] |= TOWARDS_PIVOT;
                }
                let inside = later < first + pivots as u32;
                let row = if inside {
                    later - first
                } else {
                    local[later as usize]
                };
                entry_place[at] = (pivot - first) * rows as u32 + row;
            }
        }
        self.entry_start = entry_start;
        self.entry_edge = entry_edge;
        self.entry_place = entry_place;
    }
}

fn front_shape(s: usize, start: &[u32], border_start: &[usize]) -> (usize, usize) {
    let pivots = (start[s + 1] - start[s]) as usize;
    (pivots, pivots + border_start[s + 1] - border_start[s])
}

fn gather_children(tree: &Children, count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut start = Vec::with_capacity(count + 1);
    let mut children = Vec::with_capacity(count);
    start.push(0);
    for s in 0..count {
        children.extend(tree.of(s).map(|child| child as u32));
        start.push(children.len() as u32);
    }
    (start, children)
}

/// For every supernode the later positions coupled to it: by an edge, or through a child.
fn borders(
    graph: &Adjacency,
    order: &[u32],
    position: &[u32],
    start: &[u32],
    children_start: &[u32],
    children: &[u32],
) -> (Vec<usize>, Vec<u32>) {
    let count = start.len() - 1;
    let mut border_start = Vec::with_capacity(count + 1);
    let mut border: Vec<u32> = Vec::new();
    let mut mark = vec![NONE; order.len()];
    border_start.push(0);
    for s in 0..count {
        let own = border.len();
        let end = start[s + 1];
        for &node in &order[start[s] as usize..end as usize] {
            for &neighbour in graph.of(node as usize) {
                let p = position[neighbour as usize];
                if p >= end && mark[p as usize] != s as u32 {
                    mark[p as usize] = s as u32;
                    border.push(p);
                }
            }
        }
        for &child in &children[children_start[s] as usize..children_start[s + 1] as usize] {
            for index in border_start[child as usize]..border_start[child as usize + 1] {
                let p = border[index];
                if p >= end && mark[p as usize] != s as u32 {
                    mark[p as usize] = s as u32;
                    border.push(p);
                }
            }
        }
        border[own..].sort_unstable();
        border_start.push(border.len());
    }
    (border_start, border)
}

/// Where each border position appears in the parent's front.
fn relative_places(start: &[u32], parent: &[u32], border_start: &[usize], border: &[u32]) -> Vec<u32> {
    let mut relative = Vec::with_capacity(border.len());
    for (s, &above) in parent.iter().enumerate() {
        if above == NONE {
            continue;
        }
        let above = above as usize;
        let (first, end) = (start[above], start[above + 1]);
        let target = &border[border_start[above]..border_start[above + 1]];
        let mut at = 0usize;
        for &p in &border[border_start[s]..border_start[s + 1]] {
            if p < end {
                relative.push(p - first);
            } else {
                // Both lists ascend and the child's is contained in the parent's.
                while target[at] != p {
                    at += 1;
                }
                relative.push(end - first + at as u32);
            }
        }
    }
    relative
}
