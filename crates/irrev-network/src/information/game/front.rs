//! What no player can better without another's loss.

use irrev_numerics::sum::compensated_sum;

use super::minimum::minimum;
use super::play::{Game, GameOptions, Outcome, nash_equilibrium};
use crate::error::{Error, Result};

/// A point of the Pareto front: the minimum of Σ_a w_a C_a.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ParetoPoint {
    /// w_a > 0, one per player, with the sum 1.
    pub shares: Vec<f64>,
    /// What comes of it; `costs` are the coordinates of the front.
    pub outcome: Outcome,
}

/// Points of the Pareto front beside the Nash equilibrium.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ParetoFront {
    /// The points, in the order of the shares asked for.
    pub points: Vec<ParetoPoint>,
    /// The Nash equilibrium.
    pub nash: Outcome,
    /// Indices of points at which every player pays less than in the Nash equilibrium.
    pub better_for_all: Vec<usize>,
}

/// The Pareto front at given shares: each w_a > 0, normalised here. For two players, shares (w, 1 − w) trace it as a curve.
///
/// C_a are convex, so that every point of the front, but for its ends, is such a minimum.
///
/// ```
/// use irrev_network::information::game::{Dissipation, Game, pareto_front};
/// use irrev_numerics::linalg::Matrix;
/// let edge = Dissipation::Linear { conductance: 1.0 };
/// let game = Game::new(Matrix::from_columns(1, vec![1.0, 1.0]), vec![edge; 2], vec![0, 1], vec![2.0, 2.0], vec![1.0])?;
/// let front = pareto_front(&game, &[vec![0.3, 0.7], vec![0.5, 0.5], vec![0.7, 0.3]], &Default::default())?;
/// let costs: Vec<f64> = front.points.iter().map(|point| point.outcome.costs[0]).collect();
/// assert!(costs[0] > costs[1] && costs[1] > costs[2]);                        // who counts more pays less
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] for a share that is not positive; not converged.
pub fn pareto_front(game: &Game, shares: &[Vec<f64>], options: &GameOptions) -> Result<ParetoFront> {
    let nash = nash_equilibrium(game, options)?;
    let mut points = Vec::with_capacity(shares.len());
    for weights in shares {
        if weights.len() != game.players() {
            return Err(Error::Length {
                what: "shares of the players",
                found: weights.len(),
                expected: game.players(),
            });
        }
        for (a, &share) in weights.iter().enumerate() {
            crate::require(
                &format!("the share of player {a}"),
                share,
                share > 0.0 && share.is_finite(),
                "a finite number above 0: at 0 nothing keeps a player from dissipating without end",
            )?;
        }
        let total = compensated_sum(weights.iter().copied());
        let shares: Vec<f64> = weights.iter().map(|w| w / total).collect();
        // Σ w_a C_a = Σ_e w_{a(e)} D_e + (Σ w_a λ_a)|B J − target|²
        let common = compensated_sum(shares.iter().zip(&game.weights).map(|(w, l)| w * l));
        let factors: Vec<f64> = game.owner.iter().map(|&a| common / shares[a]).collect();
        points.push(ParetoPoint {
            outcome: minimum(game, &factors, options)?,
            shares,
        });
    }
    let better = |point: &ParetoPoint| {
        let pairs = point.outcome.costs.iter().zip(&nash.costs);
        pairs.into_iter().all(|(here, nash)| here < nash)
    };
    let better_for_all = (0..points.len()).filter(|&k| better(&points[k])).collect();
    Ok(ParetoFront {
        points,
        nash,
        better_for_all,
    })
}
