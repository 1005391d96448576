//! One pass over the transitions: what the likelihood and its slope are at given couplings and fields.
//!
//! With x = (1, s(t)) and h_i = w_i·x, the log-likelihood of s_i' = s_i(t + 1) is s_i' h_i − ln 2cosh h_i, its slope (s_i' − tanh h_i) x, and its curvature
//! −sech²h_i x xᵀ. All of them follow from e^{−2|h|}.

use irrev_numerics::linalg::{Matrix, vectorised};

use super::exponential::decay;
use super::transitions::{Block, Blocks, accumulate};

/// Factors between 1 and 2 multiplied before a logarithm is taken: their product stays below 2⁵¹².
const FACTORS: usize = 512;

/// What a pass is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Slopes and responses; the rest stays 0.
    Slope,
    /// Everything.
    Full,
}

/// Averages over transitions, one entry or row per unit.
pub(super) struct Scores {
    /// ⟨(s' − tanh h) x⟩, (field, couplings) in a row.
    pub(super) gradient: Matrix,
    /// ⟨sech²h⟩.
    pub(super) response: Vec<f64>,
    /// ⟨s' h − ln 2cosh h⟩.
    pub(super) log_likelihood: Vec<f64>,
    /// ⟨ln 2cosh h − h tanh h⟩.
    pub(super) entropy: Vec<f64>,
}

/// Running sums of one part.
struct Sums {
    gradient: Matrix,
    response: Vec<f64>,
    /// Σ s' h − |h|.
    linear: Vec<f64>,
    /// Σ ln(1 + e), and the product of the factors whose logarithm is not in it yet.
    logarithm: Vec<f64>,
    product: Vec<f64>,
    factors: usize,
    /// Σ 2|h| e/(1 + e).
    loss: Vec<f64>,
}

impl Sums {
    fn new(units: usize, columns: usize) -> Self {
        let zeros = || vec![0.0; units];
        Self {
            gradient: Matrix::zeros(units, columns),
            response: zeros(),
            linear: zeros(),
            logarithm: zeros(),
            product: vec![1.0; units],
            factors: 0,
            loss: zeros(),
        }
    }

    fn take_logarithms(&mut self) {
        for (sum, product) in self.logarithm.iter_mut().zip(&mut self.product) {
            *sum += product.ln();
            *product = 1.0;
        }
        self.factors = 0;
    }

    fn join(&mut self, mut other: Self) {
        other.take_logarithms();
        self.take_logarithms();
        accumulate(&mut self.gradient, &other.gradient);
        let pairs = [
            (&mut self.response, &other.response),
            (&mut self.linear, &other.linear),
            (&mut self.logarithm, &other.logarithm),
            (&mut self.loss, &other.loss),
        ];
        for (total, part) in pairs {
            for (sum, x) in total.iter_mut().zip(part) {
                *sum += x;
            }
        }
    }

    /// Adds a block; the rows of `weights` belong to `units`.
    fn add(&mut self, block: &Block, weights: &Matrix, units: &[usize], depth: Depth) {
        let mut fields = block.fields(weights);
        vectorised(
            #[inline(always)]
            || self.take(block, fields.data_mut(), units, depth),
        );
        // what were fields are residuals now
        block.add_products(&mut self.gradient, fields.data());
    }

    /// Turns the fields at all transitions of a block into residuals, and adds what else is asked for.
    #[inline(always)]
    fn take(&mut self, block: &Block, fields: &mut [f64], units: &[usize], depth: Depth) {
        let mut some = vec![0.0; units.len()];
        for (t, h) in fields.chunks_exact_mut(units.len()).enumerate() {
            let all = block.after(t);
            let after = if units.len() == all.len() {
                all
            } else {
                some.iter_mut().zip(units).for_each(|(s, unit)| *s = all[*unit]);
                &some
            };
            if depth == Depth::Full {
                self.add_likelihood(h, after);
            }
            self.add_slopes(h, after);
        }
    }

    /// Turns the fields of one transition into residuals r = s' − tanh h, and adds sech²h = r (2 s' − r), since s'² = 1.
    #[inline(always)]
    fn add_slopes(&mut self, fields: &mut [f64], after: &[f64]) {
        for ((h, s), sum) in fields.iter_mut().zip(after).zip(&mut self.response) {
            let e = decay(2.0 * h.abs());
            *h = s - ((1.0 - e) / (1.0 + e)).copysign(*h);
            *sum += *h * (2.0 * s - *h);
        }
    }

    /// Likelihood and entropy of one transition.
    #[inline(always)]
    fn add_likelihood(&mut self, fields: &[f64], after: &[f64]) {
        let sums = self.linear.iter_mut().zip(&mut self.product).zip(&mut self.loss);
        for ((h, s), ((linear, product), loss)) in fields.iter().zip(after).zip(sums) {
            let e = decay(2.0 * h.abs());
            *linear += s * h - h.abs();
            *product *= 1.0 + e;
            *loss += 2.0 * h.abs() * e / (1.0 + e);
        }
        self.factors += 1;
        if self.factors == FACTORS {
            self.take_logarithms();
        }
    }
}

/// The scores of some units; row k of `weights` is (field, couplings) of unit `units[k]`. O(T N · units).
pub(super) fn scores(blocks: &Blocks<'_>, weights: &Matrix, units: &[usize], depth: Depth) -> Scores {
    let mut sums = blocks.sum(
        || Sums::new(units.len(), weights.columns()),
        |sums, block| sums.add(block, weights, units, depth),
        Sums::join,
    );
    sums.take_logarithms();
    let mean = |x: f64| x / blocks.transitions() as f64;
    let lists = sums.linear.iter().zip(&sums.logarithm).zip(&sums.loss);
    let (log_likelihood, entropy) = lists.map(|((l, g), loss)| (mean(l - g), mean(g + loss))).unzip();
    Scores {
        gradient: sums.gradient.scaled(1.0 / blocks.transitions() as f64),
        response: sums.response.into_iter().map(mean).collect(),
        log_likelihood,
        entropy,
    }
}
