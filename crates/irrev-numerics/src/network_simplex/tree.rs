//! A rooted spanning tree with the flow on its edges and the potentials they fix.
//!
//! Every node but the root knows its parent and the flow to it, positive upwards. The tree is *strongly feasible*: an edge without flow counts as
//! pointing up, so that some mass could be sent from every node to the root. The sign of the flow is then all there is to know of the
//! orientation, and degenerate pivots cannot cycle.
//!
//! The nodes are threaded in preorder, in a ring, so that a subtree is `size` consecutive nodes of the thread; taking a subtree out and hanging
//! it elsewhere by another of its nodes costs the length of the path between the two, and no walk through the subtree.
//!
//! Sources: Cunningham, Math. Program. 11, 105 (1976), for strong feasibility; Barr, Glover and Klingman, INFOR 17, 16 (1979), for the
//! thread.

/// No node or no edge.
pub(super) const NONE: u32 = u32::MAX;

/// What a node knows of its place in the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The node above; `NONE` for the root.
    pub(super) parent: u32,
    /// The edge to it; `NONE` for the root and for the nodes that hang on it.
    pub(super) edge: u32,
    /// Number of nodes in the subtree of this one.
    size: u32,
    /// The last of them in the thread.
    last: u32,
    /// Flow to the parent, positive upwards.
    pub(super) flow: f64,
}

/// A spanning tree; its root is the node after the last one of the graph, and one node of every component hangs on it without an edge.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) node: Vec<Node>,
    /// Next node in preorder.
    thread: Vec<u32>,
    /// Previous node in preorder.
    reverse: Vec<u32>,
    pub(super) potential: Vec<f64>,
}

/// The cycle that an edge x → y closes with the tree, and what can be sent round it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cycle {
    /// The highest node of the cycle.
    apex: u32,
    /// The most that can be sent round; infinite if no edge of the cycle loses flow.
    pub(super) mass: f64,
    /// The lower node of the edge that blocks.
    blocking: u32,
    /// Whether the blocking edge lies between the start of the entering edge and the apex.
    before: bool,
}

impl Tree {
    /// Tree from (parent, edge) per node of the graph, all nodes from the top down (every parent before its children), and the flow from every
    /// node to its parent. The parent of nodes that hang on the root is the number of nodes.
    pub(super) fn new(above: &[(u32, u32)], downwards: &[u32], flow: &[f64]) -> Self {
        let nodes = above.len();
        let root = nodes as u32;
        let mut node: Vec<Node> = (0..=root)
            .map(|x| {
                let (parent, edge) = above.get(x as usize).copied().unwrap_or((NONE, NONE));
                let flow = flow.get(x as usize).copied().unwrap_or(0.0);
                Node {
                    parent,
                    edge,
                    size: 1,
                    last: x,
                    flow,
                }
            })
            .collect();
        for &x in downwards.iter().rev() {
            let Node { parent, size, .. } = node[x as usize];
            node[parent as usize].size += size;
        }
        // a child takes the next free places of its parent's stretch of the preorder
        let mut place = vec![0_u32; nodes + 1];
        let mut free = vec![1_u32; nodes + 1];
        let mut order = vec![root; nodes + 1];
        for &x in downwards {
            let Node { parent, size, .. } = node[x as usize];
            let at = free[parent as usize];
            free[parent as usize] += size;
            (place[x as usize], free[x as usize]) = (at, at + 1);
            order[at as usize] = x;
        }
        let mut thread = vec![root; nodes + 1];
        let mut reverse = vec![root; nodes + 1];
        for (k, &x) in order.iter().enumerate() {
            let next = order[(k + 1) % (nodes + 1)];
            thread[x as usize] = next;
            reverse[next as usize] = x;
            node[x as usize].last = order[(place[x as usize] + node[x as usize].size - 1) as usize];
        }
        Self {
            node,
            thread,
            reverse,
            potential: vec![0.0; nodes + 1],
        }
    }

    /// (parent, edge) of the nodes of the graph, and these nodes from the top down.
    pub(super) fn forest(&self) -> (Vec<(u32, u32)>, Vec<u32>) {
        let nodes = self.node.len() - 1;
        let above = self.node[..nodes]
            .iter()
            .map(|node| (node.parent, node.edge))
            .collect();
        let next = |x: &u32| Some(self.thread[*x as usize]);
        let ring = std::iter::successors(Some(self.thread[nodes]), next);
        (above, ring.take(nodes).collect())
    }

    /// All potentials anew from the costs of the tree's edges: `cost(edge, from)` of sending along an edge away from a node. Nodes that hang on
    /// the root get 0, but keep an infinite potential, which keeps them out of every cycle.
    pub(super) fn renew_potentials(&mut self, cost: impl Fn(u32, u32) -> f64) {
        let root = self.node.len() as u32 - 1;
        let mut x = self.thread[root as usize];
        while x != root {
            let Node {
                parent, edge, flow, ..
            } = self.node[x as usize];
            let above = self.potential[parent as usize];
            self.potential[x as usize] = if edge == NONE {
                let own = self.potential[x as usize];
                if own.is_finite() { 0.0 } else { own }
            } else if flow >= 0.0 {
                above - cost(edge, x)
            } else {
                above + cost(edge, parent)
            };
            x = self.thread[x as usize];
        }
    }

    /// The cycle that an entering edge x → y closes. Mass sent along it returns from y up to the apex and down to x.
    ///
    /// Of several edges that block, the last one met on the way from the apex round to the apex is taken: this keeps the tree strongly feasible.
    pub(super) fn cycle(&self, x: u32, y: u32) -> Cycle {
        let (mut x, mut y) = (x, y);
        let (mut least_x, mut least_y) = (f64::INFINITY, f64::INFINITY);
        let (mut at_x, mut at_y) = (NONE, NONE);
        while x != y {
            // the smaller of two subtrees cannot hold the other one
            let (node_x, node_y) = (&self.node[x as usize], &self.node[y as usize]);
            if node_x.size < node_y.size {
                if node_x.flow >= 0.0 && node_x.flow < least_x {
                    (least_x, at_x) = (node_x.flow, x);
                }
                x = node_x.parent;
            } else {
                if node_y.flow < 0.0 && -node_y.flow <= least_y {
                    (least_y, at_y) = (-node_y.flow, y);
                }
                y = node_y.parent;
            }
        }
        let before = least_x < least_y;
        let (mass, blocking) = if before { (least_x, at_x) } else { (least_y, at_y) };
        Cycle {
            apex: x,
            mass,
            blocking,
            before,
        }
    }

    /// Sends the cycle's mass round, takes the blocking edge out and the entering edge x → y in, and lowers its violation φ_y − φ_x − cost to
    /// zero. Returns the number of nodes whose potential changed.
    pub(super) fn exchange(&mut self, edge: u32, x: u32, y: u32, violation: f64, cycle: &Cycle) -> usize {
        let mass = cycle.mass;
        if mass > 0.0 {
            for (start, change) in [(x, -mass), (y, mass)] {
                let mut z = start;
                while z != cycle.apex {
                    let node = &mut self.node[z as usize];
                    node.flow += change;
                    z = node.parent;
                }
            }
        }
        let (inner, outer, flow, shift) = if cycle.before {
            (x, y, mass, violation)
        } else {
            (y, x, -mass, -violation)
        };
        let end = self.rehang(inner, outer, cycle.blocking, cycle.apex, edge, flow);
        self.shift_potentials(inner, end, shift)
    }

    /// Cuts the subtree of `cut` off, makes its node `inner` the top and hangs that on `outer`. Returns the last node of the subtree in the thread.
    fn rehang(&mut self, inner: u32, outer: u32, cut: u32, apex: u32, edge: u32, flow: f64) -> u32 {
        let (old_parent, whole, old_last) = {
            let node = &self.node[cut as usize];
            (node.parent, node.size, node.last)
        };
        let before_cut = self.reverse[cut as usize];
        // symbols: the path inner = s₀, s₁, …, s_k = cut. In the new preorder the subtree of s₀ comes first, then what s₁ held besides it (a stretch
        // before and a stretch after), then what s₂ held besides that, and so on
        let mut s = inner;
        let mut below = Node {
            parent: outer,
            edge,
            size: 0,
            last: NONE,
            flow,
        };
        let mut end = self.node[s as usize].last;
        let mut after = self.thread[end as usize];
        let mut head = self.reverse[s as usize];
        loop {
            let old = self.node[s as usize];
            if below.last != NONE {
                // s has just lost the subtree of the path's previous node
                let before = self.reverse[s as usize];
                self.link(end, s);
                end = head;
                head = before;
                if old.last != below.last {
                    self.link(end, after);
                    end = old.last;
                    after = self.thread[end as usize];
                }
            }
            self.node[s as usize] = Node {
                parent: below.parent,
                edge: below.edge,
                size: whole - below.size,
                last: NONE,
                flow: below.flow,
            };
            below = Node {
                parent: s,
                edge: old.edge,
                size: old.size,
                last: old.last,
                flow: -old.flow,
            };
            if s == cut {
                break;
            }
            s = old.parent;
        }
        // every node of the path now ends where the subtree ends
        let mut z = cut;
        loop {
            self.node[z as usize].last = end;
            if z == inner {
                break;
            }
            z = self.node[z as usize].parent;
        }
        self.link(before_cut, after);
        let mut z = old_parent;
        while z != NONE && self.node[z as usize].last == old_last {
            self.node[z as usize].last = before_cut;
            z = self.node[z as usize].parent;
        }
        let next = self.thread[outer as usize];
        self.link(outer, inner);
        self.link(end, next);
        let mut z = outer;
        while z != NONE && self.node[z as usize].last == outer {
            self.node[z as usize].last = end;
            z = self.node[z as usize].parent;
        }
        let mut z = old_parent;
        while z != apex {
            let node = &mut self.node[z as usize];
            node.size -= whole;
            z = node.parent;
        }
        let mut z = outer;
        while z != apex {
            let node = &mut self.node[z as usize];
            node.size += whole;
            z = node.parent;
        }
        end
    }

    fn link(&mut self, x: u32, y: u32) {
        self.thread[x as usize] = y;
        self.reverse[y as usize] = x;
    }

    /// Adds a constant to the potentials of a subtree, or subtracts it from all others if they are fewer: only differences count.
    fn shift_potentials(&mut self, top: u32, end: u32, shift: f64) -> usize {
        let (size, nodes) = (self.node[top as usize].size as usize, self.node.len());
        let (mut x, count, shift) = if 2 * size <= nodes {
            (top, size, shift)
        } else {
            (self.thread[end as usize], nodes - size, -shift)
        };
        for _ in 0..count {
            self.potential[x as usize] += shift;
            x = self.thread[x as usize];
        }
        count
    }
}
