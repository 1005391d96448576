//! From the equilibrium law of a neighbourhood to transfer entropies.

use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;

use super::geometry::{check, up_probabilities};
use crate::error::{Error, Result};

/// Joint law of one neighbour and of how many of the four are up: `joint[s][u]`, s = 1 for an up neighbour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbourhood {
    /// Probabilities, which sum to 1.
    pub joint: [[f64; 5]; 2],
}

/// What a step of one random site of a lattice tells, in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalTransfer {
    /// I(s_i'; s_j|s_i) per step, from one neighbour.
    pub pair_per_step: f64,
    /// I(s_i'; all|s_i) per step, from the whole lattice.
    pub global_per_step: f64,
    /// I(s_i; s_j) of neighbours at one time.
    pub neighbour_information: f64,
    /// Steps of a sweep.
    pub sites: usize,
}

impl LocalTransfer {
    /// Transfer entropy from one neighbour per sweep, `sites` times that of a step.
    #[must_use]
    pub fn pair_per_sweep(&self) -> f64 {
        self.pair_per_step * self.sites as f64
    }

    /// Transfer entropy from the whole lattice per sweep.
    #[must_use]
    pub fn global_per_sweep(&self) -> f64 {
        self.global_per_step * self.sites as f64
    }
}

impl Neighbourhood {
    /// The law of a lattice on which the four neighbours are alike, from that of the number of them that are up: P(s_j = +1|u) = u/4.
    #[must_use]
    pub fn of_equals(up: [f64; 5]) -> Self {
        let part = |u: usize| u as f64 / 4.0;
        Self {
            joint: [
                std::array::from_fn(|u| up[u] * (1.0 - part(u))),
                std::array::from_fn(|u| up[u] * part(u)),
            ],
        }
    }

    /// Transfer entropies of a site whose neighbourhood has this law in equilibrium, on a lattice of `sites`.
    ///
    /// ```
    /// use irrev_ising::lattice::Neighbourhood;
    /// let far_above = Neighbourhood::of_equals([1.0, 4.0, 6.0, 4.0, 1.0].map(|k| k / 16.0));
    /// let free = far_above.transfer(0.0, 1.0, 16)?;
    /// assert!(free.global_per_step.abs() < 1e-17 && free.pair_per_step.abs() < 1e-17);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] for a coupling or temperature out of range, probabilities that are negative or miss 1 in sum by more than 1e-9, or no sites.
    pub fn transfer(&self, coupling: f64, temperature: f64, sites: usize) -> Result<LocalTransfer> {
        check(coupling, temperature)?;
        Error::require("the number of sites", sites as f64, sites > 0, "at least 1")?;
        let all = || self.joint.iter().flatten();
        let sum = compensated_sum(all().copied());
        let fine = all().all(|p| *p >= 0.0) && (sum - 1.0).abs() <= 1e-9;
        Error::require(
            "the sum of the probabilities",
            sum,
            fine,
            "probabilities with sum 1",
        )?;
        let up = up_probabilities(coupling, temperature);
        let n = sites as f64;
        let mut contexts = Vec::with_capacity(20);
        for (neighbour, law) in self.joint.iter().enumerate() {
            for (u, &p) in law.iter().enumerate() {
                let down = 1.0 - up[u];
                // an up spin flips where it is refreshed to −1, a down spin where to +1
                contexts.push(Context {
                    spin: 1,
                    neighbour,
                    up: u,
                    weight: p * up[u],
                    flips: down / n,
                });
                contexts.push(Context {
                    spin: 0,
                    neighbour,
                    up: u,
                    weight: p * down,
                    flips: up[u] / n,
                });
            }
        }
        Ok(LocalTransfer {
            pair_per_step: transfer(&contexts, |c| c.neighbour),
            global_per_step: transfer(&contexts, |c| c.up),
            neighbour_information: mutual_information(&contexts),
            sites,
        })
    }
}

/// A spin with what it sees.
struct Context {
    spin: usize,
    neighbour: usize,
    /// How many neighbours are up.
    up: usize,
    weight: f64,
    flips: f64,
}

/// Σ P(s, class) D(flips given both ‖ flips given s): what the class tells beyond the spin itself.
fn transfer(contexts: &[Context], class: impl Fn(&Context) -> usize) -> f64 {
    let known = |of: &dyn Fn(&Context) -> bool| {
        let chosen = || contexts.iter().filter(|c| of(c));
        let weight = compensated_sum(chosen().map(|c| c.weight));
        let flips = compensated_sum(chosen().map(|c| c.weight * c.flips));
        (weight, if weight > 0.0 { flips / weight } else { 0.0 })
    };
    let mut classes: Vec<(usize, usize)> = contexts.iter().map(|c| (c.spin, class(c))).collect();
    classes.sort_unstable();
    classes.dedup();
    compensated_sum(classes.into_iter().map(|(spin, this)| {
        let (weight, flips) = known(&|c| c.spin == spin && class(c) == this);
        let (_, mean) = known(&|c| c.spin == spin);
        weight * (relative_entropy_term(flips, mean) + relative_entropy_term(1.0 - flips, 1.0 - mean))
    }))
}

/// I(s_i; s_j).
fn mutual_information(contexts: &[Context]) -> f64 {
    let sum =
        |of: &dyn Fn(&Context) -> bool| compensated_sum(contexts.iter().filter(|c| of(c)).map(|c| c.weight));
    let pairs = [(0, 0), (0, 1), (1, 0), (1, 1)];
    compensated_sum(pairs.into_iter().map(|(s, j)| {
        let joint = sum(&|c| c.spin == s && c.neighbour == j);
        relative_entropy_term(joint, sum(&|c| c.spin == s) * sum(&|c| c.neighbour == j))
    }))
}
