//! The game and its solutions.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::sum::{compensated_sum, inner_product};
use irrev_numerics::{Convergence, Tolerance};

use super::minimum::minimum;
use crate::error::{Error, Result};

/// What the current on an edge dissipates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dissipation {
    /// J²/g with the conductance g > 0.
    Linear {
        /// g, in 1/time.
        conductance: f64,
    },
    /// 2J asinh(J/2a): jumps both ways whose fluxes have the geometric mean a > 0, so that J = 2a sinh(F/2) and D = J F.
    Jumps {
        /// a, in 1/time.
        mean_flux: f64,
    },
}

impl Dissipation {
    /// D(J), in nats per time.
    #[must_use]
    pub fn of(self, current: f64) -> f64 {
        match self {
            Self::Linear { conductance } => current * (current / conductance),
            Self::Jumps { mean_flux } => 2.0 * current * (current / (2.0 * mean_flux)).asinh(),
        }
    }

    /// dD/dJ.
    pub(super) fn slope(self, current: f64) -> f64 {
        match self {
            Self::Linear { conductance } => 2.0 * (current / conductance),
            Self::Jumps { mean_flux } => {
                let x = current / (2.0 * mean_flux);
                2.0 * (x.asinh() + x / x.hypot(1.0))
            }
        }
    }

    /// d²D/dJ² > 0.
    pub(super) fn curvature(self, current: f64) -> f64 {
        match self {
            Self::Linear { conductance } => 2.0 / conductance,
            Self::Jumps { mean_flux } => {
                let x = current / (2.0 * mean_flux);
                let root = x.hypot(1.0);
                // (2 + x²)/(1 + x²)^{3/2}
                (1.0 + (1.0 / root) * (1.0 / root)) / root / mean_flux
            }
        }
    }
}

/// Who owns which edge, what it costs, and what all are to achieve together.
#[derive(Debug, Clone, PartialEq)]
pub struct Game {
    pub(super) incidence: Matrix,
    pub(super) dissipation: Vec<Dissipation>,
    pub(super) owner: Vec<usize>,
    pub(super) weights: Vec<f64>,
    pub(super) target: Vec<f64>,
}

impl Game {
    /// A game on the matrix B (states × edges) with the dissipation and the owner (a player, from 0) of every edge, the weight λ_a ≥ 0 of every player, and the
    /// target of B J.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Unknown`] for an owner without a weight; [`Error::Domain`] for numbers that are not finite, a conductance or mean flux that is
    /// not positive, or a negative weight.
    pub fn new(
        incidence: Matrix,
        dissipation: Vec<Dissipation>,
        owner: Vec<usize>,
        weights: Vec<f64>,
        target: Vec<f64>,
    ) -> Result<Self> {
        for (what, found, expected) in [
            ("dissipation of edges", dissipation.len(), incidence.columns()),
            ("owners of edges", owner.len(), incidence.columns()),
            ("target", target.len(), incidence.rows()),
        ] {
            if found != expected {
                return Err(Error::Length {
                    what,
                    found,
                    expected,
                });
            }
        }
        if let Some(player) = owner.iter().find(|a| **a >= weights.len()) {
            return Err(Error::Unknown {
                what: "player",
                name: player.to_string(),
            });
        }
        for &value in incidence.data().iter().chain(&target) {
            crate::require(
                "an entry of B or of the target",
                value,
                value.is_finite(),
                "a finite number",
            )?;
        }
        for (a, &value) in weights.iter().enumerate() {
            crate::require(
                &format!("the weight of player {a}"),
                value,
                value >= 0.0 && value.is_finite(),
                "a finite number ≥ 0",
            )?;
        }
        for (e, law) in dissipation.iter().enumerate() {
            let (what, value) = match *law {
                Dissipation::Linear { conductance } => ("conductance", conductance),
                Dissipation::Jumps { mean_flux } => ("mean flux", mean_flux),
            };
            crate::require(
                &format!("the {what} of edge {e}"),
                value,
                value > 0.0 && value.is_finite(),
                "a finite number above 0",
            )?;
        }
        Ok(Self {
            incidence,
            dissipation,
            owner,
            weights,
            target,
        })
    }

    /// Number of players.
    #[must_use]
    pub fn players(&self) -> usize {
        self.weights.len()
    }

    /// Everything that follows from the currents.
    pub(super) fn outcome(&self, currents: Vec<f64>, convergence: Convergence) -> Outcome {
        let mut partial = vec![0.0; self.players()];
        for ((law, &owner), &j) in self.dissipation.iter().zip(&self.owner).zip(&currents) {
            partial[owner] += law.of(j);
        }
        let achieved = self.incidence.apply_to(&currents);
        let missed: Vec<f64> = achieved.iter().zip(&self.target).map(|(a, t)| a - t).collect();
        let penalty = inner_product(&missed, &missed);
        // symbols: ∂C_a/∂J_e = D' + 2λ_a (Bᵀ missed)_e on own edges
        let gradients: Vec<f64> = (0..currents.len())
            .map(|e| {
                let pull = inner_product(self.incidence.column(e), &missed);
                self.dissipation[e].slope(currents[e]) + 2.0 * self.weights[self.owner[e]] * pull
            })
            .collect();
        let of_player = |a: usize| {
            let own = (0..currents.len()).filter(|&e| self.owner[e] == a);
            own.map(|e| gradients[e].abs()).fold(0.0, f64::max)
        };
        Outcome {
            total: compensated_sum(partial.iter().copied()),
            costs: partial
                .iter()
                .zip(&self.weights)
                .map(|(d, weight)| d + weight * penalty)
                .collect(),
            own_gradients: (0..self.players()).map(of_player).collect(),
            partial_entropy_production: partial,
            achieved,
            penalty,
            currents,
            convergence,
        }
    }
}

/// How a convex function of the currents is minimised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GameOptions {
    /// Accepted last Newton step relative to the largest current (default 1e-12); `max_iterations` Newton steps (default 200).
    pub tolerance: Tolerance,
}

impl Default for GameOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance {
                relative: 1e-12,
                absolute: 0.0,
                max_iterations: 200,
            },
        }
    }
}

/// Currents and what they cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// J per edge, in 1/time.
    pub currents: Vec<f64>,
    /// Σ D over the edges of every player, in nats per time.
    pub partial_entropy_production: Vec<f64>,
    /// Their sum.
    pub total: f64,
    /// B J.
    pub achieved: Vec<f64>,
    /// |B J − target|².
    pub penalty: f64,
    /// C_a of every player.
    pub costs: Vec<f64>,
    /// The largest |∂C_a/∂J_e| on a player's own edges: 0, up to the rounding of λ_a times the penalty's terms, where it cannot do better alone.
    pub own_gradients: Vec<f64>,
    /// Newton steps, and the last of them relative to the largest current.
    pub convergence: Convergence,
}

/// The Nash equilibrium, which exists and is unique.
///
/// ```
/// use irrev_network::information::game::{Dissipation, Game, nash_equilibrium};
/// use irrev_numerics::linalg::Matrix;
/// // two players feed one state, and both want it to gain 1
/// let edge = Dissipation::Linear { conductance: 1.0 };
/// let game = Game::new(Matrix::from_columns(1, vec![1.0, 1.0]), vec![edge; 2], vec![0, 1], vec![2.0, 1.0], vec![1.0])?;
/// let nash = nash_equilibrium(&game, &Default::default())?;
/// assert!((nash.currents[0] - 0.5).abs() < 1e-14 && (nash.currents[1] - 0.25).abs() < 1e-14);   // J_a = λ_a (1 − ΣJ)
/// assert!(nash.own_gradients.iter().all(|gradient| *gradient < 1e-13));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Not converged.
pub fn nash_equilibrium(game: &Game, options: &GameOptions) -> Result<Outcome> {
    let factors: Vec<f64> = game.owner.iter().map(|&a| game.weights[a]).collect();
    minimum(game, &factors, options)
}

/// The minimum of Σ_e D_e + λ̄ |B J − target|² with the mean λ̄ of the weights: what all would choose together.
///
/// With equal weights it is the Nash equilibrium.
///
/// # Errors
/// Not converged.
pub fn cooperative_optimum(game: &Game, options: &GameOptions) -> Result<Outcome> {
    let mean = compensated_sum(game.weights.iter().copied()) / game.players().max(1) as f64;
    minimum(game, &vec![mean; game.owner.len()], options)
}
