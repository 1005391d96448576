//! Entropy from numbers of occurrences.
//!
//! Sources: Miller, in *Information Theory in Psychology* (1955), for the first-order correction; Grassberger, arXiv physics/0307138 (2003), eqs. (28)–(35).

use irrev_numerics::special::x_ln_x;
use irrev_numerics::sum::compensated_sum;

use crate::special::digamma;

/// How an entropy is freed of its bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntropyCorrection {
    /// −Σ p̂ ln p̂: too low by about (cells − 1)/2N.
    #[default]
    PlugIn,
    /// Plus (occupied cells − 1)/2N: valid where every occupied cell was seen often; assumes independent samples.
    MillerMadow,
    /// Grassberger's Ĥ = ln N − (1/N) Σ n G(n): valid for cells seen a few times each; assumes independent samples.
    Grassberger,
}

/// Entropy in nats of a law from which each of several things was drawn n times; 0 without draws.
///
/// ```
/// use irrev_inference::states::{EntropyCorrection, entropy_of_counts};
/// let plugin = entropy_of_counts(&[30, 10], EntropyCorrection::PlugIn);
/// assert!((plugin - (0.75 * (4.0_f64 / 3.0).ln() + 0.25 * 4.0_f64.ln())).abs() < 1e-15);
/// assert!((entropy_of_counts(&[30, 10], EntropyCorrection::MillerMadow) - plugin - 1.0 / 80.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn entropy_of_counts(counts: &[u64], correction: EntropyCorrection) -> f64 {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return 0.0;
    }
    let n = total as f64;
    let occupied = || counts.iter().copied().filter(|&c| c > 0);
    let plugin = || n.ln() - compensated_sum(occupied().map(|c| x_ln_x(c as f64))) / n;
    match correction {
        EntropyCorrection::PlugIn => plugin(),
        EntropyCorrection::MillerMadow => plugin() + (occupied().count() as f64 - 1.0) / (2.0 * n),
        EntropyCorrection::Grassberger => {
            n.ln() - compensated_sum(occupied().map(|c| c as f64 * grassberger(c))) / n
        }
    }
}

/// G(n) = ψ(n) + (−1)ⁿ [ψ((n + 1)/2) − ψ(n/2)]/2.
fn grassberger(n: u64) -> f64 {
    let x = n as f64;
    let half = 0.5 * (digamma(0.5 * (x + 1.0)) - digamma(0.5 * x));
    digamma(x) + if n.is_multiple_of(2) { half } else { -half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn grassbergers_numbers_are_those_of_his_paper() {
        // G(1) = −γ − ln 2, G(2) = 2 − γ − ln 2, G(2n + 1) = G(2n)
        const EULER: f64 = 0.577_215_664_901_532_9;
        let first = -EULER - 2.0_f64.ln();
        assert!((grassberger(1) - first).abs() < 1e-15);
        assert!((grassberger(2) - first - 2.0).abs() < 4e-15);
        assert!((grassberger(7) - grassberger(6)).abs() < 4e-15);
    }

    #[test]
    fn corrections_take_the_bias_out() {
        // 20 equal cells, 60 draws, 4000 repetitions: plug-in too low by about 19/120 = 0.158, Miller and Madow by some 0.01, Grassberger by some 0.001; the
        // deviation of one repetition is 0.06, so 5 σ of the mean are 0.005 (two-sided 6e-7)
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let mut mean = [0.0; 3];
        for _ in 0..4000 {
            let mut counts = [0_u64; 20];
            for _ in 0..60 {
                counts[stream.below(20) as usize] += 1;
            }
            for (sum, correction) in mean.iter_mut().zip([
                EntropyCorrection::PlugIn,
                EntropyCorrection::MillerMadow,
                EntropyCorrection::Grassberger,
            ]) {
                *sum += entropy_of_counts(&counts, correction) / 4000.0;
            }
        }
        let truth = 20.0_f64.ln();
        assert!(truth - mean[0] > 0.12 && truth - mean[0] < 0.2, "{mean:?}");
        assert!((truth - mean[1]).abs() < 0.03, "{mean:?}");
        assert!((truth - mean[2]).abs() < 0.01, "{mean:?}");
    }
}
