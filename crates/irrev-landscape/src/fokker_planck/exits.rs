//! When and where a motion first arrives.

use irrev_network::{Kinetics, MarkovJump};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};

/// Mean time of first passage, and where it ends.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Exits {
    /// ⟨t⟩, in units of time.
    pub mean_time: f64,
    /// Probability that each target is the first reached, in the order given.
    pub fractions: Vec<f64>,
}

/// First passage from one state to any of some others, by sparse elimination without a subtraction.
///
/// Whoever arrives is put back to the start at a rate r. In the stationary state of this renewal process, targets hold π_t with ⟨t⟩ = Σ_{others} π/(r Σ_t π_t), and the share of each is that of its
/// arrivals. Each has a relative error of a few n ε, however rare the passage. Moments and distributions of the time: [`irrev_network::dynamics::first_passage`], which is dense.
///
/// ```
/// use irrev_landscape::axes::{Axis, Wall};
/// use irrev_landscape::fokker_planck::{Overdamped, Weights, discretised, exits};
/// use irrev_numerics::Run;
/// // free diffusion between absorbing walls: ⟨t⟩ = x (L − x)/(2D), and the walls are reached as 1 − x/L to x/L
/// let free = Overdamped::new(0.5, |_| 0.0)?;
/// let process = discretised(&free, &[Axis::between(0.0, Wall::Absorbing, 1.0, Wall::Absorbing, 20)?], Weights::default(), &Run::default())?;
/// let walls: Vec<usize> = process.absorbing_walls().iter().map(|wall| wall.2).collect();
/// let found = exits(process.kinetics(), process.state_at(&[0.3])?, &walls)?;
/// assert!((found.mean_time - 0.21).abs() < 1e-14 && (found.fractions[1] - 0.3).abs() < 1e-14);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`] without a target; [`Error::Domain`] for a state that does not exist, or if from some state on the way no target is reached; [`Error::Network`] if there are several such traps.
pub fn exits(kinetics: &MarkovJump, start: usize, targets: &[usize]) -> Result<Exits> {
    let n = kinetics.network().states().len();
    if targets.is_empty() {
        return Err(Error::Empty {
            what: "the list of targets",
            way_out: "name at least one state",
        });
    }
    for &state in targets.iter().chain([&start]) {
        Error::require("a state", state as f64, state < n, "one of the network")?;
    }
    let mut target = vec![false; n];
    for &state in targets {
        target[state] = true;
    }
    if target[start] {
        let fractions = targets
            .iter()
            .map(|&t| if t == start { 1.0 } else { 0.0 })
            .collect();
        return Ok(Exits {
            mean_time: 0.0,
            fractions,
        });
    }
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let mut channels: Vec<(usize, usize, f64, f64)> = Vec::with_capacity(rates.len() + targets.len());
    for (edge, (&forward, &backward)) in kinetics.network().edges().iter().zip(rates) {
        let [forward, backward] = [(edge.from, forward), (edge.to, backward)]
            .map(|(origin, rate)| if target[origin] { 0.0 } else { rate });
        if forward > 0.0 || backward > 0.0 {
            channels.push((edge.from, edge.to, forward, backward));
        }
    }
    let again = kinetics.exit_rates()[start];
    channels.extend(
        (0..n)
            .filter(|state| target[*state])
            .map(|state| (state, start, again, 0.0)),
    );
    let stationary = MarkovJump::from_rates(n, &channels)?.stationary_distribution()?;
    let p = stationary.probabilities();
    let on_the_way = compensated_sum((0..n).filter(|state| !target[*state]).map(|state| p[state]));
    let arrived = compensated_sum((0..n).filter(|state| target[*state]).map(|state| p[state]));
    // whoever is trapped elsewhere on the way never comes back, and holds everything in the end
    Error::require(
        "the share of time that targets hold when arrivals are put back to the start",
        arrived,
        arrived > 0.0,
        "a positive number: the motion may end in a state from which no target is reached; name that state as a target, too",
    )?;
    Ok(Exits {
        mean_time: on_the_way / (again * arrived),
        fractions: targets.iter().map(|&state| p[state] / arrived).collect(),
    })
}
