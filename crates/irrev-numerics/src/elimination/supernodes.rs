//! Elimination tree and supernodes: which columns of the factor are treated together.
//!
//! The parent of a node in the elimination tree is the first later node it is coupled to when its turn comes.
//! Nodes in a chain whose couplings coincide form a supernode and are eliminated as one dense block. Small
//! supernodes are merged with their parents where that adds few zeros, because dense blocks are fast.
//!
//! Sources: J. W. H. Liu, SIAM J. Matrix Anal. Appl. 11, 134 (1990), for the tree; C. Ashcraft and R. Grimes,
//! ACM Trans. Math. Softw. 15, 291 (1989), for merging.

use super::graph::Adjacency;

pub(super) const NONE: u32 = u32::MAX;

/// Parents in the elimination tree of the nodes at positions 0, 1, ...; [`NONE`] at the roots.
fn elimination_tree(graph: &Adjacency, order: &[u32], position: &[u32]) -> Vec<u32> {
    let mut parent = vec![NONE; order.len()];
    let mut shortcut = vec![NONE; order.len()];
    for (at, &node) in order.iter().enumerate() {
        for &neighbour in graph.of(node as usize) {
            let mut below = position[neighbour as usize];
            // Climb from the earlier neighbour to its present root, leaving shortcuts to `at` behind.
            while (below as usize) < at {
                let next = std::mem::replace(&mut shortcut[below as usize], at as u32);
                if next == NONE {
                    parent[below as usize] = at as u32;
                    break;
                }
                below = next;
            }
        }
    }
    parent
}

/// First children and next siblings of a forest whose parents have larger numbers than their children.
/// Children appear in ascending order.
pub(super) struct Children {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Children {
    pub(super) fn new(parent: &[u32]) -> Self {
        let mut first = vec![NONE; parent.len()];
        let mut next = vec![NONE; parent.len()];
        for (child, &above) in parent.iter().enumerate().rev() {
            if above != NONE {
                next[child] = std::mem::replace(&mut first[above as usize], child as u32);
            }
        }
        Self { first, next }
    }

    pub(super) fn of(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let step = |child: u32| (child != NONE).then_some(child as usize);
        std::iter::successors(step(self.first[node]), move |&child| step(self.next[child]))
    }
}

/// The forest's nodes, children before parents and every subtree contiguous.
fn postorder(parent: &[u32], children: &Children) -> Vec<u32> {
    let mut order = Vec::with_capacity(parent.len());
    // Parents first with the last child leading, then reversed: the first child's subtree comes first.
    let mut pending = Vec::new();
    for root in (0..parent.len()).rev().filter(|&node| parent[node] == NONE) {
        pending.push(root);
        while let Some(node) = pending.pop() {
            order.push(node as u32);
            pending.extend(children.of(node));
        }
    }
    order.reverse();
    order
}

/// Groups of nodes to be eliminated together, children before parents.
pub(super) struct Supernodes {
    /// The nodes in elimination order; supernode `s` owns positions `start[s]..start[s + 1]`.
    pub(super) order: Vec<u32>,
    /// The inverse of `order`.
    pub(super) position: Vec<u32>,
    pub(super) start: Vec<u32>,
    /// The parent supernode, or [`NONE`].
    pub(super) parent: Vec<u32>,
}

impl Supernodes {
    /// All nodes in one dense supernode: the choice for tiny graphs.
    pub(super) fn single(nodes: usize) -> Self {
        Self {
            order: (0..nodes as u32).collect(),
            position: (0..nodes as u32).collect(),
            start: if nodes == 0 {
                vec![0]
            } else {
                vec![0, nodes as u32]
            },
            parent: if nodes == 0 { Vec::new() } else { vec![NONE] },
        }
    }

    /// The same groups, nodes named by their labels.
    pub(super) fn relabelled(mut self, label: &[u32]) -> Self {
        for node in &mut self.order {
            *node = label[*node as usize];
        }
        self.position = inverse(&self.order);
        self
    }
}

/// Multiply-add pairs of the elimination of the pivots of a front: Σ (r² + r)/2 over the rows r below each.
pub(super) fn multiply_adds(pivots: usize, rows: usize) -> f64 {
    let pairs = |n: f64| (n - 1.0) * n * (n + 1.0) / 6.0;
    pairs(rows as f64) - pairs((rows - pivots) as f64)
}

pub(super) fn inverse(order: &[u32]) -> Vec<u32> {
    let mut position = vec![0u32; order.len()];
    for (at, &node) in order.iter().enumerate() {
        position[node as usize] = at as u32;
    }
    position
}

/// Maximal chains of nodes with the same later couplings.
pub(super) struct Fundamental {
    order: Vec<u32>,
    start: Vec<u32>,
    parent: Vec<u32>,
    /// Number of later nodes coupled to the supernode.
    border: Vec<u32>,
}

fn fundamental_supernodes(graph: &Adjacency, order: Vec<u32>, parent: &[u32]) -> Fundamental {
    let position = inverse(&order);
    let nodes = order.len();
    let mut child_count = vec![0u32; nodes];
    for &above in parent.iter().filter(|&&above| above != NONE) {
        child_count[above as usize] += 1;
    }
    let mut start: Vec<u32> = Vec::new();
    let mut supernode_of = vec![0u32; nodes];
    // The later nodes coupled to the first node of each supernode, one list after the other.
    let mut couplings: Vec<u32> = Vec::new();
    let mut couplings_start = vec![0usize];
    // `mark[u]` is the last supernode whose couplings include `u`.
    let mut mark = vec![NONE; nodes];
    // Finished supernodes, listed under the parent of their last node.
    let mut waiting = vec![NONE; nodes];
    let mut next_waiting: Vec<u32> = Vec::new();
    for at in 0..nodes {
        let later = graph
            .of(order[at] as usize)
            .iter()
            .map(|&neighbour| position[neighbour as usize])
            .filter(|&p| p as usize > at);
        let current = start.len() as u32;
        let extends = at > 0
            && parent[at - 1] == at as u32
            && child_count[at] == 1
            && later.clone().all(|p| mark[p as usize] == current - 1);
        if !extends {
            if at > 0 && parent[at - 1] != NONE {
                let above = parent[at - 1] as usize;
                next_waiting[current as usize - 1] = std::mem::replace(&mut waiting[above], current - 1);
            }
            start.push(at as u32);
            next_waiting.push(NONE);
            for p in later {
                mark[p as usize] = current;
                couplings.push(p);
            }
            let mut below = waiting[at];
            while below != NONE {
                for index in couplings_start[below as usize]..couplings_start[below as usize + 1] {
                    let p = couplings[index];
                    if p as usize > at && mark[p as usize] != current {
                        mark[p as usize] = current;
                        couplings.push(p);
                    }
                }
                below = next_waiting[below as usize];
            }
            couplings_start.push(couplings.len());
        }
        supernode_of[at] = start.len() as u32 - 1;
    }
    let count = start.len();
    start.push(nodes as u32);
    let mut border = Vec::with_capacity(count);
    let mut above = Vec::with_capacity(count);
    for s in 0..count {
        let pivots = start[s + 1] - start[s];
        border.push((couplings_start[s + 1] - couplings_start[s]) as u32 + 1 - pivots);
        let next = parent[start[s + 1] as usize - 1];
        above.push(if next == NONE {
            NONE
        } else {
            supernode_of[next as usize]
        });
    }
    Fundamental {
        order,
        start,
        parent: above,
        border,
    }
}

/// Merged supernodes of at most so many pivots may hold the fraction of zeros beside it.
const MERGE_RULE: [(u32, f64); 4] = [(8, 0.5), (16, 0.3), (64, 0.1), (u32::MAX, 0.02)];

impl Fundamental {
    /// Supernodes for the given order, up to a renumbering that changes neither fill nor work.
    pub(super) fn new(graph: &Adjacency, order: Vec<u32>) -> Self {
        let tree = elimination_tree(graph, &order, &inverse(&order));
        let post = postorder(&tree, &Children::new(&tree));
        let order: Vec<u32> = post.iter().map(|&at| order[at as usize]).collect();
        let renumber = inverse(&post);
        let mut parent = vec![NONE; tree.len()];
        for (old, &above) in tree.iter().enumerate() {
            if above != NONE {
                parent[renumber[old] as usize] = renumber[above as usize];
            }
        }
        fundamental_supernodes(graph, order, &parent)
    }

    /// Multiply-add pairs of the elimination.
    pub(super) fn work(&self) -> f64 {
        (0..self.parent.len())
            .map(|s| {
                let pivots = (self.start[s + 1] - self.start[s]) as usize;
                multiply_adds(pivots, pivots + self.border[s] as usize)
            })
            .sum()
    }

    /// Merges children into parents where few zeros arise, and renumbers so that supernodes stay contiguous.
    pub(super) fn merged(self) -> Supernodes {
        let count = self.parent.len();
        let mut pivots: Vec<u32> = (0..count).map(|s| self.start[s + 1] - self.start[s]).collect();
        // Zeros stored by the supernode as merged so far; `absorbed[s]`: the supernode that took `s` in.
        let mut zeros = vec![0u64; count];
        let mut absorbed = vec![NONE; count];
        let entries = |pivots: u64, border: u64| pivots * (pivots + 1) / 2 + pivots * border;
        let children = Children::new(&self.parent);
        let mut last_first = Vec::new();
        for s in 0..count {
            last_first.clear();
            last_first.extend(children.of(s));
            for &child in last_first.iter().rev() {
                let border = u64::from(self.border[s]);
                let front = u64::from(pivots[s]) + border;
                let child_pivots = u64::from(pivots[child]);
                let merged_pivots = child_pivots + u64::from(pivots[s]);
                let new_zeros = child_pivots * (front - u64::from(self.border[child]));
                let merged_zeros = new_zeros + zeros[child] + zeros[s];
                let fraction = merged_zeros as f64 / entries(merged_pivots, border) as f64;
                let allowed = MERGE_RULE.iter().find(|rule| merged_pivots <= u64::from(rule.0));
                if allowed.is_some_and(|rule| fraction <= rule.1) {
                    absorbed[child] = s as u32;
                    zeros[s] = merged_zeros;
                    pivots[s] += pivots[child];
                }
            }
        }
        self.renumber(&absorbed)
    }

    fn renumber(self, absorbed: &[u32]) -> Supernodes {
        let order = &self.order;
        let count = absorbed.len();
        // The final supernode of each; absorbers have larger numbers.
        let mut host: Vec<u32> = (0..count as u32).collect();
        for s in (0..count).rev() {
            if absorbed[s] != NONE {
                host[s] = host[absorbed[s] as usize];
            }
        }
        let mut parent = vec![NONE; count];
        for s in 0..count {
            if absorbed[s] == NONE && self.parent[s] != NONE {
                parent[s] = host[self.parent[s] as usize];
            }
        }
        // Members of a host in ascending order; hosts only in the forest, as absorbed ones have no parent.
        let mut first_member = vec![NONE; count];
        let mut next_member = vec![NONE; count];
        for s in (0..count).rev() {
            let host = host[s] as usize;
            next_member[s] = std::mem::replace(&mut first_member[host], s as u32);
        }
        let children = Children::new(&parent);
        let hosts = postorder(&parent, &children)
            .into_iter()
            .filter(|&s| absorbed[s as usize] == NONE);
        let mut number = vec![NONE; count];
        let mut merged_order = Vec::with_capacity(order.len());
        let mut start = Vec::with_capacity(count + 1);
        let mut old_parent = Vec::with_capacity(count);
        for (new, s) in hosts.enumerate() {
            number[s as usize] = new as u32;
            old_parent.push(parent[s as usize]);
            start.push(merged_order.len() as u32);
            let mut member = first_member[s as usize];
            while member != NONE {
                let range = self.start[member as usize] as usize..self.start[member as usize + 1] as usize;
                merged_order.extend_from_slice(&order[range]);
                member = next_member[member as usize];
            }
        }
        start.push(merged_order.len() as u32);
        let renamed = |s: u32| if s == NONE { NONE } else { number[s as usize] };
        let parent = old_parent.into_iter().map(renamed).collect();
        let position = inverse(&merged_order);
        Supernodes {
            order: merged_order,
            position,
            start,
            parent,
        }
    }
}
