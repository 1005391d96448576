//! What depends on the pattern of the graph only.

use super::error::EliminationError;
use super::graph::{Adjacency, Components};
use super::ordering::{Ordering, supernodes};
use super::structure::Structure;
use super::supernodes::Supernodes;
use std::sync::Arc;

/// On how many threads to work. Results do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Threads {
    /// The calling thread only.
    One,
    /// Those of the rayon pool the call is made from, by default one per core.
    #[default]
    Shared,
    /// A pool of this size, started for the call if the work is worth it; 0 and 1 mean the calling thread.
    Count(usize),
}

impl Threads {
    /// Runs `job`, telling it whether several threads are available. `work` in multiply-add pairs or the like.
    pub(super) fn run<R: Send>(
        self,
        work: f64,
        job: impl FnOnce(bool) -> R + Send,
    ) -> Result<R, EliminationError> {
        // Below this a pool costs more than it brings: starting threads takes some 0.1 ms.
        const WORTH_SHARING: f64 = 1e6;
        match self {
            Self::Shared if work > WORTH_SHARING => Ok(job(rayon::current_num_threads() > 1)),
            Self::Count(threads) if threads > 1 && work > WORTH_SHARING => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                let pool = pool.map_err(|error| EliminationError::ThreadPool {
                    threads,
                    reason: error.to_string(),
                })?;
                Ok(pool.install(|| job(true)))
            }
            _ => Ok(job(false)),
        }
    }
}

/// How to plan an elimination.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOptions {
    /// How the elimination order is found (default [`Ordering::Automatic`]).
    pub ordering: Ordering,
    /// Graphs of at most so many nodes are treated as one dense block under [`Ordering::Automatic`]
    /// (default 48): for these planning costs more than it saves.
    pub dense_up_to: usize,
    /// Threads for planning (default [`Threads::Shared`]).
    pub threads: Threads,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            ordering: Ordering::Automatic,
            dense_up_to: 48,
            threads: Threads::Shared,
        }
    }
}

/// The pattern of a graph prepared for elimination: order, storage and work, without any weights.
///
/// Cloning is cheap: factors and clones share one copy.
///
/// ```
/// use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
///
/// // A path of three nodes with conductances 1 and 2; a unit current enters at node 2 and leaves at node 0.
/// let plan = EliminationPlan::new(3, &[(0, 1), (1, 2)], &PlanOptions::default())?;
/// let factor = plan.laplacian(&[1.0, 2.0], Threads::One)?;
/// let solution = factor.solve(&[-1.0, 0.0, 1.0], &SolveOptions::default())?;
/// let psi = &solution.values;
/// assert!((psi[1] - psi[0] - 1.0).abs() < 1e-15 && (psi[2] - psi[1] - 0.5).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::elimination::EliminationError>(())
/// ```
#[derive(Debug, Clone)]
pub struct EliminationPlan {
    pub(super) shared: Arc<Plan>,
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) nodes: usize,
    pub(super) edges: Vec<(u32, u32)>,
    pub(super) components: Components,
    pub(super) structure: Structure,
}

impl EliminationPlan {
    /// Plans the elimination of a graph given by its edges (tail, head).
    ///
    /// Parallel edges are allowed; the graph may be disconnected, have isolated nodes, or be empty.
    ///
    /// # Errors
    /// [`EliminationError::NodeOutOfRange`] and [`EliminationError::SelfLoop`] name the edge;
    /// [`EliminationError::TooLarge`] from 2³¹ nodes or edges on, or when one dense block would exceed 2³²
    /// entries; [`EliminationError::ThreadPool`] if the threads asked for cannot be started.
    pub fn new(
        nodes: usize,
        edges: &[(usize, usize)],
        options: &PlanOptions,
    ) -> Result<Self, EliminationError> {
        let graph = Adjacency::new(nodes, edges)?;
        let edges: Vec<(u32, u32)> = edges
            .iter()
            .map(|&(tail, head)| (tail as u32, head as u32))
            .collect();
        // Ordering costs some hundred operations per node.
        let (structure, components) = options.threads.run(100.0 * nodes as f64, |parallel| {
            let structure = || {
                let dense = options.ordering == Ordering::Automatic && nodes <= options.dense_up_to;
                let supernodes = if dense {
                    Supernodes::single(nodes)
                } else {
                    supernodes(&graph, options.ordering, parallel)
                };
                Structure::new(&graph, &edges, supernodes)
            };
            let components = || Components::new(nodes, &edges, |_| true);
            if parallel {
                rayon::join(structure, components)
            } else {
                (structure(), components())
            }
        })?;
        Ok(Self {
            shared: Arc::new(Plan {
                nodes,
                edges,
                components,
                structure: structure?,
            }),
        })
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.shared.nodes
    }

    /// The nodes in the order of their elimination.
    pub fn order(&self) -> &[u32] {
        &self.shared.structure.order
    }

    /// Number of edges, parallel ones counted each.
    pub fn edges(&self) -> usize {
        self.shared.edges.len()
    }

    /// Number of connected components of the pattern.
    pub fn components(&self) -> usize {
        self.shared.components.count()
    }

    /// Bytes held by the plan.
    pub fn bytes(&self) -> usize {
        let plan = &*self.shared;
        plan.structure.bytes() + 8 * plan.edges.len() + 4 * (plan.nodes + plan.components.count())
    }

    /// Bytes held by a [`LaplacianFactor`](super::LaplacianFactor), beside the plan.
    pub fn laplacian_bytes(&self) -> usize {
        8 * (self.shared.structure.panel_entries() + self.shared.nodes + self.edges())
    }

    /// Bytes needed for a while to compute a [`LaplacianFactor`](super::LaplacianFactor) on one thread, beside the factor. With more
    /// threads up to as much again for each.
    pub fn laplacian_working_bytes(&self) -> usize {
        8 * self.shared.structure.stack_entries()
    }

    /// Bytes held by a [`GeneratorFactor`](super::GeneratorFactor), beside the plan.
    pub fn generator_bytes(&self) -> usize {
        8 * (2 * self.shared.structure.panel_entries() + 3 * self.shared.nodes + 2 * self.edges())
    }

    /// Bytes needed for a while to compute a [`GeneratorFactor`](super::GeneratorFactor) on one thread, beside the factor. With more
    /// threads up to as much again for each.
    pub fn generator_working_bytes(&self) -> usize {
        16 * self.shared.structure.stack_entries()
    }

    /// Floating-point operations (additions and multiplications) of [`EliminationPlan::laplacian`]; those of
    /// [`EliminationPlan::generator`] are twice as many.
    pub fn laplacian_operations(&self) -> f64 {
        2.0 * self.work()
    }

    /// Multiply-add pairs for one triangle.
    pub(super) fn work(&self) -> f64 {
        let structure = &self.shared.structure;
        structure
            .roots()
            .iter()
            .map(|&root| structure.subtree_work[root as usize])
            .sum()
    }
}
