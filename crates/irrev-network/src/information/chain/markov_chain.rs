//! A Markov chain in discrete time.

use irrev_numerics::linalg::{Matrix, metzler_exponential};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::information::joint::strides;
use crate::information::product::product_size;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Transition probabilities T[(i, j)] = Prob(i|j): non-negative, every column sums to 1 within 1e-9.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkovChain {
    transition: Matrix,
}

/// Most states of a chain made from a process, whose exponential is dense.
const MOST_STATES: usize = 4096;

impl MarkovChain {
    /// Chain with the given transition probabilities, columns being what follows one state.
    ///
    /// ```
    /// use irrev_network::information::chain::MarkovChain;
    /// use irrev_numerics::linalg::Matrix;
    /// let t = [[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]];
    /// let chain = MarkovChain::new(Matrix::from_fn(3, 3, |i, j| t[i][j]))?;
    /// assert!((chain.stationary_distribution()?.probabilities()[0] - 7.0 / 26.0).abs() < 1e-15);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoStates`], [`Error::Length`] unless it is square; [`Error::Distribution`] with the column that is none.
    pub fn new(transition: Matrix) -> Result<Self> {
        let n = transition.rows();
        if n == 0 {
            return Err(Error::NoStates);
        }
        if transition.columns() != n {
            return Err(Error::Length {
                what: "columns of the transition matrix",
                found: transition.columns(),
                expected: n,
            });
        }
        for j in 0..n {
            check_distribution(transition.column(j), &format!("of what follows state {j}"))?;
        }
        Ok(Self { transition })
    }

    /// Chain of parts that step independently given the present: T(z'|z) = Π_k T^k(z'_k|z).
    ///
    /// `kernels[k]` is row-major in (z'_k, z_1, …, z_N): TX[x'][x][y] as one list for the first of two parts.
    ///
    /// ```
    /// use irrev_network::information::chain::MarkovChain;
    /// let copies = vec![vec![0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.9], vec![0.5; 8]];       // x' is mostly the old y, y' a coin
    /// let chain = MarkovChain::from_kernels(&[2, 2], &copies)?;
    /// assert_eq!(chain.transition()[(0, 0)], 0.45);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Length`] for a kernel of the wrong size; [`Error::Distribution`] with the part and state where it is none; [`Error::Domain`] for an empty part.
    pub fn from_kernels(sizes: &[usize], kernels: &[Vec<f64>]) -> Result<Self> {
        let states = product_size(sizes)?;
        let length = |what, found, expected| {
            if found == expected {
                Ok(())
            } else {
                Err(Error::Length {
                    what,
                    found,
                    expected,
                })
            }
        };
        length("the list of kernels", kernels.len(), sizes.len())?;
        for (k, (kernel, &size)) in kernels.iter().zip(sizes).enumerate() {
            length("a kernel", kernel.len(), size * states)?;
            for z in 0..states {
                let follows: Vec<f64> = (0..size).map(|u| kernel[u * states + z]).collect();
                check_distribution(&follows, &format!("of what part {k} does after state {z}"))?;
            }
        }
        let stride = strides(sizes);
        let of_part = |k: usize, next: usize, z: usize| kernels[k][next / stride[k] % sizes[k] * states + z];
        let step = |next, z| (0..sizes.len()).map(|k| of_part(k, next, z)).product();
        Self::new(Matrix::from_fn(states, states, step))
    }

    /// What a jump process does from look to look, every `interval` in time: T = exp(W · interval), to full relative accuracy in every entry.
    ///
    /// ```
    /// use irrev_network::{MarkovJump, information::chain::MarkovChain};
    /// let two_level = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
    /// let chain = MarkovChain::sampled(&two_level, 0.3)?;
    /// assert!((chain.transition()[(0, 0)] - 0.5 * (1.0 + (-0.6_f64).exp())).abs() < 1e-15);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless the interval is finite and not negative; [`Error::OverLimit`] for more than 4096 states.
    pub fn sampled(process: &MarkovJump, interval: f64) -> Result<Self> {
        crate::require(
            "the interval between looks",
            interval,
            interval >= 0.0 && interval.is_finite(),
            "a time, finite and not negative",
        )?;
        let n = process.network().states().len();
        if n > MOST_STATES {
            return Err(Error::OverLimit {
                what: "states of a chain made from a jump process",
                found: n as f64,
                most: MOST_STATES,
            });
        }
        let mut generator = Matrix::zeros(n, n);
        for (from, to, rate) in process.jumps() {
            generator[(to, from)] += rate;
        }
        for j in 0..n {
            generator[(j, j)] = -compensated_sum(generator.column(j).iter().copied());
        }
        Self::new(metzler_exponential(&generator, interval))
    }

    /// Number of states.
    #[must_use]
    pub fn states(&self) -> usize {
        self.transition.rows()
    }

    /// T[(i, j)] = Prob(i|j).
    #[must_use]
    pub fn transition(&self) -> &Matrix {
        &self.transition
    }

    /// The stationary distribution T π = π by elimination without subtraction, accurate in every component. Zero on transient states.
    ///
    /// # Errors
    /// [`Error::SeveralClosedClasses`] if it is not unique.
    pub fn stationary_distribution(&self) -> Result<Distribution> {
        let n = self.states();
        let mut channels = Vec::new();
        for j in 0..n {
            for i in j + 1..n {
                let (f, b) = (self.transition[(i, j)], self.transition[(j, i)]);
                if f > 0.0 || b > 0.0 {
                    channels.push((j, i, f, b));
                }
            }
        }
        MarkovJump::from_rates(n, &channels)?.stationary_distribution()
    }

    /// T p: the distribution one step later.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn step(&self, p: &Distribution) -> Result<Distribution> {
        let joint = self.two_time(p)?;
        let n = self.states();
        let row = |i: usize| compensated_sum((0..n).map(|j| joint[(i, j)]));
        Distribution::new((0..n).map(row).collect())
    }

    /// P[(i, j)] = T[(i, j)] p_j: the probability of j now and i one step later.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn two_time(&self, p: &Distribution) -> Result<Matrix> {
        if p.len() != self.states() {
            return Err(Error::Length {
                what: "distribution",
                found: p.len(),
                expected: self.states(),
            });
        }
        let (n, p) = (self.states(), p.probabilities());
        Ok(Matrix::from_fn(n, n, |i, j| self.transition[(i, j)] * p[j]))
    }

    /// # Errors
    /// [`Error::Length`] unless the states are those of the product; as [`product_size`].
    pub(super) fn require_product(&self, sizes: &[usize]) -> Result<()> {
        let found = product_size(sizes)?;
        if found == self.states() {
            return Ok(());
        }
        Err(Error::Length {
            what: "the product of the parts",
            found,
            expected: self.states(),
        })
    }
}

/// # Errors
/// [`Error::Distribution`], naming what it is of.
fn check_distribution(p: &[f64], of: &str) -> Result<()> {
    Distribution::new(p.to_vec())
        .map(drop)
        .map_err(|error| match error {
            Error::Distribution { problem, tolerance } => Error::Distribution {
                problem: format!("{of} {problem}"),
                tolerance,
            },
            other => other,
        })
}
