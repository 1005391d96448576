//! The cross-fitted flow ½ (⟨A₁, K₂⟩ + ⟨A₂, K₁⟩) of two halves of the data, and how it scatters.
//!
//! A = J − Jᵀ is what a half says of the couplings, K = ⟨s(t+1) s(t)ᵀ⟩ of the correlations. Errors of A and K from the same data are correlated, and their
//! product is biased upward; from different halves they are independent. What is left is the bias of A itself, which a fit without first-order bias takes
//! out ([`reduced`]). What a penalty takes from A is told to first order beside.
//!
//! Scatter: blocks of transitions are drawn anew with replacement. Couplings need no new fit: to first order they move by A_i⁻¹ times the change of the
//! score. A draw changes the flow by ⟨A, δK⟩ + ⟨δA, K⟩ + ⟨δA, δK⟩. Because A and K are themselves known up to such errors, the first two terms scatter too
//! much, each by the variance v₃ of the third; the deviations are therefore scaled so that their variance is max(v₁₂ − v₃, v₃), where v₁₂ is that of the
//! first two together. Near reversibility, where only the third is real, this is the difference between an interval of the right length and one √3 times too long.

use irrev_numerics::linalg::Matrix;

use super::bias_reduction::reduced;
use super::fisher::{Information, move_by};
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
    let flow = crossed([&one.asymmetry, &two.asymmetry], [one, two]);
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
    /// By how much the flow is above that of couplings without their first-order bias.
    pub(super) bias: f64,
    /// By how much the penalty lowers the flow, to first order.
    pub(super) shrinkage: f64,
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

fn influence(
    part: &Transitions<'_>,
    own: &Half,
    information: &[Information],
    other: &Half,
    blocks: usize,
) -> Result<Influence> {
    let n = part.units();
    let total = part.len() as f64;
    let pieces = part.split(blocks);
    let mut asymmetries = Vec::with_capacity(blocks);
    let mut delays = Vec::with_capacity(blocks);
    for piece in &pieces {
        let share = piece.len() as f64 / total;
        asymmetries.push(asymmetry(&move_by(piece, part.len(), &own.fit, information)?));
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
    Ok(Influence {
        linear,
        asymmetries,
        delays,
    })
}

/// What is added to J, to first order, if the penalty goes: A⁻¹ λ J, at most J once more.
fn unshrunk(fit: &Fit, information: &[Information]) -> Matrix {
    let n = fit.units();
    let rows: Vec<Vec<f64>> = information
        .iter()
        .enumerate()
        .map(|(i, unit)| {
            let pull = |j: usize| {
                if j == 0 {
                    0.0
                } else {
                    fit.penalty * fit.couplings[(i, j - 1)]
                }
            };
            unit.inverse.apply_to(&(0..=n).map(pull).collect::<Vec<_>>())
        })
        .collect();
    Matrix::from_fn(n, n, |i, j| rows[i][j + 1])
}

impl Half {
    /// The same half with couplings that have no first-order bias, and the information there.
    fn reduced(&self, part: &Transitions<'_>) -> Result<(Self, Vec<Information>)> {
        let found = reduced(&self.fit, part)?;
        let half = Self {
            asymmetry: asymmetry(&found.fit.couplings),
            delayed: self.delayed.clone(),
            fit: found.fit,
        };
        Ok((half, found.information))
    }
}

/// ½ (⟨A₁, K₂⟩ + ⟨A₂, K₁⟩).
fn crossed(asymmetries: [&Matrix; 2], halves: [&Half; 2]) -> f64 {
    0.5 * (overlap(asymmetries[0], &halves[1].delayed) + overlap(asymmetries[1], &halves[0].delayed))
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
        let [(first, first_information), (second, second_information)] = [
            self.halves[0].reduced(&parts[0])?,
            self.halves[1].reduced(&parts[1])?,
        ];
        let flow = crossed([&first.asymmetry, &second.asymmetry], [&first, &second]);
        let [first_more, second_more] = [(&first, &first_information), (&second, &second_information)]
            .map(|(half, information)| asymmetry(&unshrunk(&half.fit, information)));
        let shrinkage = crossed([&first_more, &second_more], [&first, &second]);
        let one = influence(&parts[0], &first, &first_information, &second, blocks)?;
        let two = influence(&parts[1], &second, &second_information, &first, blocks)?;
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
            bias: self.flow - flow,
            shrinkage,
            standard_error: wanted.sqrt(),
            deviations: scaled_deviations(&total, wanted),
        })
    }
}
