//! Spins refreshed together, all of them or a random part: the kernel P(s'|s) = Π_i P_i(s'_i|s), applied without being stored.
//!
//! Cut the spins into two halves: P(s'|s) = A(s'_A|s) B(s'_B|s), so that Σ_s P(s'|s) p(s) is the product of a matrix of A's, 2^{N/2} × 2^N, and one of p B's. It costs
//! 4^N multiplications at the speed of a matrix product, and the memory of a few blocks of columns.

use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Convergence, Error as NumericsError, Run};
use rayon::prelude::*;

use super::MOST_SPINS;
use super::correlations::{Correlations, entropy, vector_sum};
use super::stationary::stationary;
use super::turns::{Fields, spins};
use crate::error::{Error, Result};
use crate::network::KineticIsing;
use crate::response::{probability_up, refreshed_entropy};

/// Up to so many spins the stationary law comes from an elimination without subtractions.
const DIRECT: usize = 9;

/// Columns of one matrix product.
const COLUMNS: usize = 1 << 9;

/// Partial sums that are added at the end: the same bits on any number of threads.
const GROUPS: usize = 16;

/// The transition kernel of parallel updates on all 2^N states.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing, enumeration::ParallelKernel};
/// use irrev_numerics::Run;
/// let free = KineticIsing::new(Couplings::from_rows(&vec![vec![0.0; 2]; 2])?, vec![0.3, 0.0], 1.0)?;
/// let next = ParallelKernel::new(&free)?.apply(&[1.0, 0.0, 0.0, 0.0], &Run::default())?;
/// let up = 1.0 / (1.0 + (-0.6_f64).exp());                          // spin 0 is +1 in states 1 and 3
/// assert!((next[1] + next[3] - up).abs() < 1e-15);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub struct ParallelKernel {
    pub(super) fields: Fields,
    /// Probability with which each spin is refreshed in a step.
    parts: Vec<f64>,
}

/// A stationary state of parallel updates; entropies of the whole network, in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ParallelState {
    /// π over the 2^N states; bit i of a state's number is set if spin i is +1.
    pub distribution: Vec<f64>,
    /// Magnetisations and equal-time correlations.
    pub correlations: Correlations,
    /// D_ij = ⟨s_i(t+1) s_j(t)⟩ − m_i m_j.
    pub delayed_correlations: Matrix,
    /// σ = β Σ_ij (J_ij − J_ji) ⟨s_i(t+1) s_j(t)⟩ ≥ 0.
    pub entropy_production: f64,
    /// β Σ_j (J_ij − J_ji) ⟨s_i(t+1) s_j(t)⟩ of every spin: parts of σ that may be negative, and are not the heat of a spin.
    pub entropy_production_of_spins: Vec<f64>,
    /// σ_ij = β (J_ij − J_ji)(D_ij − D_ji): symmetric, and the sum over pairs is σ.
    pub entropy_production_of_pairs: Matrix,
    /// Entropy of the next state given this one, Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩.
    pub conditional_entropy: f64,
    /// −Σ π(s) P(s'|s) ln P(s|s') = conditional entropy + σ.
    pub reversed_entropy: f64,
    /// −Σ π ln π.
    pub state_entropy: f64,
    /// Difference of two formulas for σ, by the antisymmetric couplings and by the mean of Σ_i tanh h_i β [(Js)_i − (Jᵀs)_i]: what rounding and the residual leave.
    pub entropy_production_error: f64,
    /// How well π is stationary: Σ |P π − π|.
    pub convergence: Convergence,
}

impl ParallelKernel {
    /// The kernel of a network.
    ///
    /// # Errors
    /// [`Error::TooManySpins`] beyond [`MOST_SPINS`].
    pub fn new(network: &KineticIsing) -> Result<Self> {
        Self::partly(network, 1.0)
    }

    /// The kernel of updates in which each spin is refreshed with probability α: P_i(s'_i|s) = (1 − α) δ(s'_i, s_i) + α (1 + s'_i tanh h_i)/2.
    ///
    /// ```
    /// use irrev_ising::{Couplings, KineticIsing, enumeration::ParallelKernel};
    /// use irrev_numerics::Run;
    /// let free = KineticIsing::new(Couplings::from_rows(&[vec![0.0]])?, vec![0.0], 1.0)?;
    /// let next = ParallelKernel::partly(&free, 0.5)?.apply(&[1.0, 0.0], &Run::default())?;
    /// assert_eq!(next, [0.75, 0.25]);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`ParallelKernel::new`]; [`Error::Domain`] unless 0 < α ≤ 1.
    pub fn partly(network: &KineticIsing, update_probability: f64) -> Result<Self> {
        Error::require(
            "the probability of an update",
            update_probability,
            update_probability > 0.0 && update_probability <= 1.0,
            "more than 0 and at most 1",
        )?;
        if network.spins() > MOST_SPINS {
            return Err(Error::TooManySpins {
                spins: network.spins(),
                quantity: "the kernel of parallel updates",
                most: MOST_SPINS,
            });
        }
        Ok(Self {
            fields: Fields::new(network),
            parts: vec![update_probability; network.spins()],
        })
    }

    /// The same with one spin refreshed for sure.
    pub(super) fn with_refreshed(&self, spin: usize) -> Self {
        let mut parts = self.parts.clone();
        parts[spin] = 1.0;
        Self {
            fields: self.fields.clone(),
            parts,
        }
    }

    fn states(&self) -> usize {
        1 << self.fields.spins()
    }

    /// Probabilities of all next values of spins from `first` on in these fields, times a weight; lowest bit first.
    fn expand(&self, state: usize, first: usize, h: &[f64], weight: f64, out: &mut [f64]) {
        out[0] = weight;
        for (k, h) in h.iter().enumerate() {
            let part = self.parts[first + k];
            let is_up = state >> (first + k) & 1 == 1;
            let kept = |here: bool| if here { 1.0 - part } else { 0.0 };
            let up = kept(is_up) + part * probability_up(*h);
            let down = kept(!is_up) + part * probability_up(-*h);
            let (low, high) = out.split_at_mut(1 << k);
            for (a, b) in low.iter_mut().zip(&mut high[..1 << k]) {
                *b = *a * up;
                *a *= down;
            }
        }
    }

    /// Σ_s P(s'|s) p(s) for every s': the distribution one step later.
    ///
    /// # Errors
    /// [`Error::Size`] unless p has 2^N entries; too little memory; cancellation.
    pub fn apply(&self, p: &[f64], run: &Run<'_>) -> Result<Vec<f64>> {
        let (n, states) = (self.fields.spins(), self.states());
        if p.len() != states {
            return Err(Error::Size {
                what: "a distribution over all states",
                found: p.len(),
                expected: states,
            });
        }
        let first = n / 2;
        let (rows, columns) = (1 << first, 1 << (n - first));
        let block = COLUMNS.min(states);
        let blocks = states / block;
        let groups = GROUPS.min(blocks);
        run.require_memory(
            "the kernel of parallel updates",
            8 * (groups * states + 4 * block * (rows + columns)) as u64,
        )?;
        let sums: Result<Vec<Vec<f64>>> = (0..groups)
            .into_par_iter()
            .map(|group| {
                let mut sum = vec![0.0; states];
                let mut h = vec![0.0; n];
                for b in (group * blocks / groups)..((group + 1) * blocks / groups) {
                    run.report(0.0, "stationary law")?;
                    let (mut low, mut high) = (vec![0.0; rows * block], vec![0.0; columns * block]);
                    for s in 0..block {
                        let state = b * block + s;
                        self.fields.of(state, &mut h);
                        self.expand(state, 0, &h[..first], 1.0, &mut low[s * rows..][..rows]);
                        self.expand(
                            state,
                            first,
                            &h[first..],
                            p[state],
                            &mut high[s * columns..][..columns],
                        );
                    }
                    let low = Matrix::from_fn(rows, block, |i, s| low[s * rows + i]);
                    let high = Matrix::from_fn(block, columns, |s, j| high[s * columns + j]);
                    for (total, part) in sum.iter_mut().zip(low.times(&high).data()) {
                        *total += part;
                    }
                }
                Ok(sum)
            })
            .collect();
        let mut next = vec![0.0; states];
        for sum in sums? {
            for (total, part) in next.iter_mut().zip(sum) {
                *total += part;
            }
        }
        Ok(next)
    }

    /// Means and correlations between one step and the next: ⟨s_i(t+1) s_j(t)⟩ − ⟨s_i(t+1)⟩⟨s_j(t)⟩, row i the later spin.
    #[must_use]
    pub fn delayed_correlations(&self, p: &[f64]) -> Matrix {
        let n = self.fields.spins();
        let sums = self.delayed_sums(p);
        Matrix::from_fn(n, n, |i, j| {
            sums[j * n + i] - sums[n * n + i] * sums[n * n + n + j]
        })
    }

    /// ⟨s'_i s_j⟩ at j N + i, then ⟨s'_i⟩ and ⟨s_j⟩.
    pub(super) fn delayed_sums(&self, p: &[f64]) -> Vec<f64> {
        let n = self.fields.spins();
        vector_sum(p.len(), n * (n + 2), |state, sum| {
            let mut h = vec![0.0; n];
            self.fields.of(state, &mut h);
            let next = spins(state, n).zip(&h).zip(&self.parts);
            let weighted: Vec<f64> = next
                .map(|((s, h), part)| p[state] * ((1.0 - part) * s + part * h.tanh()))
                .collect();
            for (j, s) in spins(state, n).enumerate() {
                for (total, t) in sum[j * n..][..n].iter_mut().zip(&weighted) {
                    *total += t * s;
                }
                sum[n * n + n + j] += p[state] * s;
            }
            for (total, t) in sum[n * n..][..n].iter_mut().zip(&weighted) {
                *total += t;
            }
        })
    }

    /// Means and correlations of a distribution.
    #[must_use]
    pub fn correlations(&self, p: &[f64]) -> Correlations {
        Correlations::of(p, self.fields.spins())
    }

    /// π = P π: by elimination without subtractions for few spins, by an accelerated power method for more.
    pub(super) fn stationary(&self, run: &Run<'_>) -> Result<(Vec<f64>, Convergence)> {
        let (n, states) = (self.fields.spins(), self.states());
        if n > DIRECT {
            return stationary(states, run, |p| self.apply(p, run));
        }
        let mut kernel = vec![vec![0.0; states]; states];
        let mut h = vec![0.0; n];
        for (state, column) in kernel.iter_mut().enumerate() {
            self.fields.of(state, &mut h);
            self.expand(state, 0, &h, 1.0, column);
        }
        let rest = states - 1;
        let rates = Matrix::from_fn(rest, rest, |to, from| kernel[from + 1][to + 1]);
        let leak = kernel[1..].iter().map(|column| column[0]).collect();
        let factor = AbsorbingFactor::new(rates, leak).map_err(|error| match error {
            NumericsError::Singular { .. } => Error::Frozen,
            other => other.into(),
        })?;
        let ratios = factor.solve(&kernel[0][1..]);
        let total = 1.0 + compensated_sum(ratios.iter().copied());
        let p: Vec<f64> = std::iter::once(1.0).chain(ratios).map(|r| r / total).collect();
        let next = self.apply(&p, run)?;
        let residual = compensated_sum(p.iter().zip(&next).map(|(a, b)| (a - b).abs()));
        Ok((p, Convergence::direct(residual, 1e-12)))
    }
}

/// Stationary state of parallel updates, with its thermodynamics.
///
/// 4^N multiplications a step of the power method beyond 9 spins: 14 spins take seconds, 20 spins (the most) an hour or two. Memory: 16 · 2^N numbers.
///
/// # Errors
/// [`Error::TooManySpins`]; [`Error::Frozen`] or not converged, at very low temperatures; too little memory; cancellation.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing, enumeration::parallel_stationary_state};
/// use irrev_numerics::Run;
/// // one spin follows another that avoids it
/// let pair = Couplings::from_rows(&[vec![0.0, 1.0], vec![-1.0, 0.0]])?;
/// let state = parallel_stationary_state(&KineticIsing::new(pair, vec![0.0; 2], 1.0)?, &Run::default())?;
/// // each step both obey a field of size 1, so that ⟨s'_i s_j⟩ = ±tanh 1, and σ = 4 tanh 1
/// assert!((state.entropy_production - 4.0 * 1.0_f64.tanh()).abs() < 1e-14);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn parallel_stationary_state(network: &KineticIsing, run: &Run<'_>) -> Result<ParallelState> {
    let kernel = ParallelKernel::new(network)?;
    let (distribution, convergence) = kernel.stationary(run)?;
    let n = network.spins();
    let correlations = kernel.correlations(&distribution);
    let sums = kernel.delayed_sums(&distribution);
    let m = &correlations.magnetizations;
    let delayed_correlations = Matrix::from_fn(n, n, |i, j| sums[j * n + i] - m[i] * m[j]);
    let antisymmetric = |i: usize, j: usize| kernel.fields.coupling(i, j) - kernel.fields.coupling(j, i);
    let entropy_production_of_spins: Vec<f64> = (0..n)
        .map(|i| compensated_sum((0..n).map(|j| antisymmetric(i, j) * sums[j * n + i])))
        .collect();
    let entropy_production = compensated_sum(entropy_production_of_spins.iter().copied());
    let d = &delayed_correlations;
    let entropy_production_of_pairs =
        Matrix::from_fn(n, n, |i, j| antisymmetric(i, j) * (d[(i, j)] - d[(j, i)]));
    let means = vector_sum(distribution.len(), 2, |state, sum| {
        let mut h = vec![0.0; n];
        let mut returned = vec![0.0; n];
        kernel.fields.of(state, &mut h);
        let s: Vec<f64> = spins(state, n).collect();
        kernel.fields.returned(&s, &mut returned);
        let p = distribution[state];
        for i in 0..n {
            let received: f64 = h[i] - network.inverse_temperature() * network.fields()[i];
            sum[0] += p * h[i].tanh() * (received - returned[i]);
            sum[1] += p * refreshed_entropy(h[i]);
        }
    });
    Ok(ParallelState {
        state_entropy: entropy(&distribution),
        entropy_production,
        entropy_production_of_spins,
        entropy_production_of_pairs,
        conditional_entropy: means[1],
        reversed_entropy: means[1] + entropy_production,
        entropy_production_error: (means[0] - entropy_production).abs(),
        delayed_correlations,
        correlations,
        distribution,
        convergence,
    })
}
