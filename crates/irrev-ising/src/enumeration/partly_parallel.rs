//! Each spin refreshed with probability α at every step, between updates together and one at a time.
//!
//! The kernel is a product over spins of (1 − α) δ(s'_i, s_i) + α (1 + s'_i tanh h_i)/2. Entropies are given which spins were refreshed, c_i = 1: the reverse of a step
//! refreshes the same ones. With l = ln 2cosh,
//!
//! σ = Σ_i ⟨c_i [s'_i h_i(s) − l(h_i(s)) − s_i h_i(s') + l(h_i(s'))]⟩.
//!
//! The first two terms are minus the conditional entropy. Of the others ⟨c_i s_i h_i(s')⟩ is a sum of products of two spins, and ⟨c_i l(h_i(s'))⟩ the mean after a
//! step in which spin i is refreshed for sure: one more application of a kernel for each spin. For α = 1 σ is that of parallel updates, and σ/α tends to the rate
//! of updates one at a time. Couplings that are symmetric dissipate in between.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::sum::{blocked_sum, compensated_sum};
use irrev_numerics::{Convergence, Run};

use super::correlations::{Correlations, entropy, vector_sum};
use super::parallel::ParallelKernel;
use super::turns::spins;
use crate::error::Result;
use crate::network::KineticIsing;
use crate::response::{log_two_cosh, refreshed_entropy};

/// A stationary state of partly parallel updates; of the whole network, entropies in nats per step and given which spins were refreshed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartlyParallelState {
    /// π over the 2^N states; bit i of a state's number is set if spin i is +1.
    pub distribution: Vec<f64>,
    /// Magnetisations and equal-time correlations.
    pub correlations: Correlations,
    /// D_ij = ⟨s_i(t+1) s_j(t)⟩ − m_i m_j.
    pub delayed_correlations: Matrix,
    /// σ ≥ 0.
    pub entropy_production: f64,
    /// Terms of σ, one per spin: each is that of the steps in which the spin is refreshed.
    pub entropy_production_of_spins: Vec<f64>,
    /// Entropy of the refreshed spins given the state before, α Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩.
    pub conditional_entropy: f64,
    /// The same of the reversed steps: conditional entropy + σ.
    pub reversed_entropy: f64,
    /// −Σ π ln π.
    pub state_entropy: f64,
    /// Flips per step, Σ_i (1 − ⟨s_i(t+1) s_i(t)⟩)/2.
    pub activity: f64,
    /// How well π is stationary: Σ |P π − π|.
    pub convergence: Convergence,
}

/// Stationary state of updates in which each spin is refreshed with probability α, with its thermodynamics.
///
/// As [`super::parallel_stationary_state`], and N more steps.
///
/// # Errors
/// As [`super::parallel_stationary_state`]; [`crate::Error::Domain`] unless 0 < α ≤ 1.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing};
/// use irrev_ising::enumeration::{parallel_stationary_state, partly_parallel_stationary_state};
/// use irrev_numerics::Run;
/// let pair = Couplings::from_rows(&[vec![0.0, 1.0], vec![-1.0, 0.0]])?;
/// let network = KineticIsing::new(pair, vec![0.0; 2], 1.0)?;
/// let all = partly_parallel_stationary_state(&network, 1.0, &Run::default())?;
/// let together = parallel_stationary_state(&network, &Run::default())?;
/// assert!((all.entropy_production - together.entropy_production).abs() < 1e-14);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn partly_parallel_stationary_state(
    network: &KineticIsing,
    update_probability: f64,
    run: &Run<'_>,
) -> Result<PartlyParallelState> {
    let kernel = ParallelKernel::partly(network, update_probability)?;
    let (distribution, convergence) = kernel.stationary(run)?;
    let (n, alpha) = (network.spins(), update_probability);
    let correlations = kernel.correlations(&distribution);
    let sums = kernel.delayed_sums(&distribution);
    let m = &correlations.magnetizations;
    let delayed_correlations = Matrix::from_fn(n, n, |i, j| sums[j * n + i] - m[i] * m[j]);
    let conditional = vector_sum(distribution.len(), 2 * n, |state, sum| {
        let mut h = vec![0.0; n];
        kernel.fields.of(state, &mut h);
        for (i, (h, s)) in h.iter().zip(spins(state, n)).enumerate() {
            sum[i] += distribution[state] * refreshed_entropy(*h);
            // ⟨s_i tanh h_i⟩
            sum[n + i] += distribution[state] * s * h.tanh();
        }
    });
    let mut terms = Vec::with_capacity(n);
    for i in 0..n {
        let after = kernel.with_refreshed(i).apply(&distribution, run)?;
        let returned = blocked_sum(after.len(), |state| {
            let mut h = vec![0.0; n];
            kernel.fields.of(state, &mut h);
            after[state] * log_two_cosh(h[i])
        });
        // ⟨s_i h_i(s')⟩ of the steps that refresh spin i
        let own = network.inverse_temperature() * network.fields()[i] * m[i];
        let received = (0..n).map(|k| {
            let product = if k == i {
                conditional[n + i]
            } else {
                sums[i * n + k]
            };
            kernel.fields.coupling(i, k) * product
        });
        let aligned = compensated_sum(received.chain([own]));
        terms.push(alpha * (returned - aligned - conditional[i]));
    }
    let entropy_production = compensated_sum(terms.iter().copied());
    let conditional_entropy = alpha * compensated_sum(conditional[..n].iter().copied());
    Ok(PartlyParallelState {
        state_entropy: entropy(&distribution),
        activity: compensated_sum((0..n).map(|i| 0.5 * (1.0 - sums[i * n + i]))),
        entropy_production,
        entropy_production_of_spins: terms,
        conditional_entropy,
        reversed_entropy: conditional_entropy + entropy_production,
        delayed_correlations,
        correlations,
        distribution,
        convergence,
    })
}
