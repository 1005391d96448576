//! The undirected pattern of the graph: who touches whom, without multiplicities.

use super::error::EliminationError;

/// Largest number of nodes or edges: positions are stored in 31 bits, one bit marks orientation.
pub(super) const INDEX_LIMIT: usize = (1 << 31) - 1;

/// Neighbour lists in compressed form: the neighbours of `i` are `neighbours[offsets[i]..offsets[i + 1]]`,
/// without repetition.
#[derive(Debug, Clone, Default)]
pub(super) struct Adjacency {
    pub(super) offsets: Vec<u32>,
    pub(super) neighbours: Vec<u32>,
}

impl Adjacency {
    /// Checks the edges and gathers each node's neighbours. O(nodes + edges).
    pub(super) fn new(nodes: usize, edges: &[(usize, usize)]) -> Result<Self, EliminationError> {
        check_size("nodes", nodes, INDEX_LIMIT)?;
        check_size("edges", edges.len(), INDEX_LIMIT)?;
        let mut offsets = vec![0u32; nodes + 1];
        for (edge, &(tail, head)) in edges.iter().enumerate() {
            if tail >= nodes || head >= nodes {
                let node = if tail >= nodes { tail } else { head };
                return Err(EliminationError::NodeOutOfRange { edge, node, nodes });
            }
            if tail == head {
                return Err(EliminationError::SelfLoop { edge, node: tail });
            }
            offsets[tail] += 1;
            offsets[head] += 1;
        }
        let mut total = 0u32;
        for offset in &mut offsets {
            total += std::mem::replace(offset, total);
        }
        let mut neighbours = vec![0u32; 2 * edges.len()];
        for &(tail, head) in edges {
            neighbours[offsets[tail] as usize] = head as u32;
            offsets[tail] += 1;
            neighbours[offsets[head] as usize] = tail as u32;
            offsets[head] += 1;
        }
        // Filling has moved every offset to the end of its list; sort, drop repetitions, close the gaps.
        let (mut start, mut kept) = (0usize, 0usize);
        for offset in &mut offsets[..nodes] {
            let end = std::mem::replace(offset, kept as u32) as usize;
            neighbours[start..end].sort_unstable();
            let first = kept;
            for at in start..end {
                let neighbour = neighbours[at];
                if kept == first || neighbours[kept - 1] != neighbour {
                    neighbours[kept] = neighbour;
                    kept += 1;
                }
            }
            start = end;
        }
        offsets[nodes] = kept as u32;
        neighbours.truncate(kept);
        Ok(Self { offsets, neighbours })
    }

    pub(super) fn nodes(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    pub(super) fn of(&self, node: usize) -> &[u32] {
        &self.neighbours[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }
}

pub(super) fn check_size(what: &'static str, count: usize, limit: usize) -> Result<(), EliminationError> {
    if count > limit {
        Err(EliminationError::TooLarge { what, count, limit })
    } else {
        Ok(())
    }
}

/// Connected components: a label per node, numbered by first appearance, and a first node per component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Components {
    pub(super) label: Vec<u32>,
    pub(super) representative: Vec<u32>,
}

impl Components {
    /// Components of the graph of the edges that are kept. O((nodes + edges) α).
    pub(super) fn new(nodes: usize, edges: &[(u32, u32)], kept: impl Fn(usize) -> bool) -> Self {
        // Union-find with the smaller node as root, halving paths on the way.
        let mut root: Vec<u32> = (0..nodes as u32).collect();
        let find = |root: &mut [u32], mut node: u32| {
            while root[node as usize] != node {
                let above = root[root[node as usize] as usize];
                root[node as usize] = above;
                node = above;
            }
            node
        };
        for (edge, &(tail, head)) in edges.iter().enumerate() {
            if kept(edge) {
                let (a, b) = (find(&mut root, tail), find(&mut root, head));
                root[a.max(b) as usize] = a.min(b);
            }
        }
        let mut label = vec![0u32; nodes];
        let mut representative = Vec::new();
        for node in 0..nodes {
            let above = root[node] as usize;
            if above == node {
                label[node] = representative.len() as u32;
                representative.push(node as u32);
            } else {
                // A root is the smallest node of its set, and links point to smaller nodes: `above` is labelled.
                label[node] = label[above];
            }
        }
        Self {
            label,
            representative,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.representative.len()
    }
}
