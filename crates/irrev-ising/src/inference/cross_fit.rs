//! The cross-fitted flow ½ (⟨A₁, K₂⟩ + ⟨A₂, K₁⟩) of two halves of the data, and how it scatters.
//!
//! A = J − Jᵀ is what a half says of the couplings, K = ⟨s(t+1) s(t)ᵀ⟩ of the correlations. Errors of A and K from the same data are correlated, and their
//! product is biased upward; from different halves they are independent. What is left is the bias of A itself, which is known to first order.
//!
//! Scatter: blocks of transitions are drawn anew with replacement. Couplings need no new fit: to first order they move by A_i⁻¹ times the change of the
//! score. A draw changes the flow by ⟨A, δK⟩ + ⟨δA, K⟩ + ⟨δA, δK⟩. Because A and K are themselves known up to such errors, the first two terms scatter too
//! much, each by the variance v₃ of the third; the deviations are therefore scaled so that their variance is max(v₁₂ − v₃, v₃), where v₁₂ is that of the
//! first two together. Near reversibility, where only the third is real, this is the difference between an interval of the right length and one √3 times too long.

use irrev_numerics::linalg::Matrix;

use super::fisher::{first_order_bias, information, move_by};
use super::likelihood::{Fit, FitOptions, maximum_likelihood};
use super::resampling::{Draws, scaled_deviations, variance};
use super::transitions::Transitions;
use crate::error::Result;

/// One half of the data.
struct Half {
    fit: Fit,
    /// J − Jᵀ.
    asymmetry: Matrix,
    /// ⟨s_i(t+1) s_j(t)⟩.
    delayed: Matrix,
}

/// Flow without its scatter.
pub(super) struct CrossFit {
    /// ½ (⟨A₁, K₂⟩ + ⟨A₂, K₁⟩).
    pub(super) flow: f64,
    /// ½ (A₁ ∘ (K₂ − K₂ᵀ) + A₂ ∘ (K₁ − K₁ᵀ)): flow of each pair, symmetric.
    pub(super) pairs: Matrix,
    /// Σ_j of ½ (A₁ ∘ K₂ + A₂ ∘ K₁): what each unit adds as the later one.
    pub(super) units: Vec<f64>,
    halves: [Half; 2],
}

/// J − Jᵀ.
pub(super) fn asymmetry(j: &Matrix) -> Matrix {
    let n = j.rows();
    Matrix::from_fn(n, n, |a, b| j[(a, b)] - j[(b, a)])
}

/// ⟨A, K⟩ = Σ_ij A_ij K_ij.
pub(super) fn overlap(a: &Matrix, k: &Matrix) -> f64 {
    irrev_numerics::sum::inner_product(a.data(), k.data())
}

/// Fits both halves.
pub(super) fn cross_fit(transitions: &Transitions<'_>, options: &FitOptions) -> Result<CrossFit> {
    let half = |part: &Transitions<'_>| -> Result<Half> {
        let fit = maximum_likelihood(part, options)?;
        Ok(Half {
            asymmetry: asymmetry(&fit.couplings),
            delayed: part.correlations().delayed,
            fit,
        })
    };
    let [first, second] = transitions.halves();
    let halves = [half(&first)?, half(&second)?];
    let n = transitions.units();
    let terms = [(0, 1), (1, 0)].map(|(a, k)| (&halves[a].asymmetry, asymmetry(&halves[k].delayed)));
    let pairs = Matrix::from_fn(n, n, |i, j| {
        terms.iter().map(|(a, k)| 0.5 * a[(i, j)] * k[(i, j)]).sum()
    });
    let [one, two] = &halves;
    let flow = 0.5 * (overlap(&one.asymmetry, &two.delayed) + overlap(&two.asymmetry, &one.delayed));
    let later = |i: usize, j: usize| {
        0.5 * (one.asymmetry[(i, j)] * two.delayed[(i, j)] + two.asymmetry[(i, j)] * one.delayed[(i, j)])
    };
    let units = (0..n).map(|i| (0..n).map(|j| later(i, j)).sum()).collect();
    Ok(CrossFit {
        flow,
        pairs,
        units,
        halves,
    })
}

/// How the flow scatters.
pub(super) struct Scatter {
    /// First-order bias of the flow that the bias of the couplings causes.
    pub(super) bias: f64,
    /// Root of the variance of the flow.
    pub(super) standard_error: f64,
    /// Deviations of the draws, scaled and sorted.
    pub(super) deviations: Vec<f64>,
}

/// What the blocks of a half do to the flow when they are drawn once more: linear terms, and the matrices of the product.
struct Influence {
    linear: Vec<f64>,
    asymmetries: Vec<Matrix>,
    delays: Vec<Matrix>,
}

fn influence(part: &Transitions<'_>, own: &Half, other: &Half, blocks: usize) -> Result<(Influence, f64)> {
    let n = part.units();
    let total = part.len() as f64;
    let information = information(&own.fit, part)?;
    let shift = first_order_bias(&own.fit, part, &information);
    let shift = asymmetry(&Matrix::from_fn(n, n, |i, j| shift[(i, j + 1)]));
    let bias = 0.5 * overlap(&shift, &other.delayed);
    let pieces = part.split(blocks);
    let mut asymmetries = Vec::with_capacity(blocks);
    let mut delays = Vec::with_capacity(blocks);
    for piece in &pieces {
        let share = piece.len() as f64 / total;
        asymmetries.push(asymmetry(&move_by(piece, part.len(), &own.fit, &information)?));
        let delayed = piece.correlations().delayed;
        delays.push(Matrix::from_fn(n, n, |i, j| {
            share * (delayed[(i, j)] - own.delayed[(i, j)])
        }));
    }
    let linear = asymmetries
        .iter()
        .zip(&delays)
        .map(|(a, k)| 0.5 * (overlap(a, &other.delayed) + overlap(&other.asymmetry, k)))
        .collect();
    Ok((
        Influence {
            linear,
            asymmetries,
            delays,
        },
        bias,
    ))
}

impl CrossFit {
    /// Draws blocks anew: `blocks` per half, `draws` times.
    pub(super) fn scatter(
        &self,
        transitions: &Transitions<'_>,
        blocks: usize,
        draws: usize,
        seed: u64,
    ) -> Result<Scatter> {
        let parts = transitions.halves();
        let [first, second] = &self.halves;
        let (one, bias_one) = influence(&parts[0], first, second, blocks)?;
        let (two, bias_two) = influence(&parts[1], second, first, blocks)?;
        let product = Matrix::from_fn(blocks, blocks, |b, c| {
            0.5 * (overlap(&one.asymmetries[b], &two.delays[c])
                + overlap(&two.asymmetries[c], &one.delays[b]))
        });
        let mut linear = Vec::with_capacity(draws);
        let mut bilinear = Vec::with_capacity(draws);
        for draw in 0..draws {
            let mut counts = Draws::new(seed, draw);
            let [w, v] = [(); 2].map(|()| counts.excess_counts(blocks));
            let along = |influence: &Influence, w: &[f64]| -> f64 {
                influence.linear.iter().zip(w).map(|(l, w)| l * w).sum()
            };
            linear.push(along(&one, &w) + along(&two, &v));
            let rows = product.apply_to(&v);
            bilinear.push(rows.iter().zip(&w).map(|(r, w)| r * w).sum::<f64>());
        }
        let (v12, v3) = (variance(&linear), variance(&bilinear));
        let total: Vec<f64> = linear.iter().zip(&bilinear).map(|(l, b)| l + b).collect();
        // a variance from B blocks is low by (B − 1)/B
        let few = blocks as f64 / (blocks as f64 - 1.0);
        let wanted = few * (v12 - v3).max(v3);
        Ok(Scatter {
            bias: bias_one + bias_two,
            standard_error: wanted.sqrt(),
            deviations: scaled_deviations(&total, wanted),
        })
    }
}
