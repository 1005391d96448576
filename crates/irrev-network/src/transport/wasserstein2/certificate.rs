//! Bounds on W₂² from both sides, computed from any path and any potential, on steps far finer than the elements.
//!
//! **From above**: a path that is straight on each step with constant currents J. As 1/L is convex along it, its action is at most
//! h Σ J² (1/L(p) + 1/L(p'))/2 with p, p' the ends of the step.
//!
//! Where its polynomials dip, the path is held by straight lines.
//!
//! **From below**: W₂² = 2 sup [ψ₁·p₁ − ψ₀·p₀] over ψ with ψ̇·q + ½ Σ L(q) (Bᵀψ)² ≤ 0 for all q ≥ 0. As L is concave and homogeneous,
//! L(q) ≤ s·q for every slope s = ∂L(x), and for every mean of such slopes. So for any ψ
//!
//! ```text
//! W₂² ≥ 2 [ψ₁·p₁ − ψ₀·p₀ − ∫ c dt],   c(t) = maxᵢ fᵢ(t),   fᵢ = ψ̇ᵢ + ½ Σ s (Bᵀψ)².
//! ```
//!
//! With cubic ψ and linear s on a step, fᵢ is a polynomial of degree 7, and c is at most the polynomial whose Bernstein coefficients are the
//! largest ones over i: its integral is their mean. Neither bound rests on an estimate; both close like the square of the step.
//!
//! Sources: J.-D. Benamou and Y. Brenier, Numer. Math. 84, 375 (2000), for the dual; the bounds are elementary.

use irrev_numerics::sum::CompensatedSum;

use super::action::{Action, differences};
use super::mobility::{Conductances, Mobility};
use super::path::DiscretePath;
use super::positivity::{Held, held};
use super::potential::{PotentialPath, rate};

/// Degree of fᵢ on a step.
const DEGREE: usize = 7;

/// Bounds on the action of one element, and their difference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementBounds {
    /// Action of the path on the element, at least.
    pub(crate) upper: f64,
    /// What the element adds to the dual value.
    pub(crate) lower: f64,
}

impl ElementBounds {
    pub(crate) fn gap(&self) -> f64 {
        (self.upper - self.lower).max(0.0)
    }
}

/// State, potential and slopes at the ends of steps.
struct Sample {
    state: Vec<f64>,
    /// What held states gained over the path.
    gained: Vec<f64>,
    potential: Vec<f64>,
    potential_rate: Vec<f64>,
    across: Vec<f64>,
    across_rate: Vec<f64>,
    at: Conductances,
}

/// What bounds are computed from.
pub(crate) struct Certified<'a> {
    pub(crate) mobility: &'a Mobility,
    pub(crate) path: &'a DiscretePath,
    pub(crate) potential: &'a PotentialPath,
    /// Currents at the points.
    currents: Vec<Vec<f64>>,
}

impl<'a> Certified<'a> {
    pub(crate) fn new(
        mobility: &'a Mobility,
        path: &'a DiscretePath,
        potential: &'a PotentialPath,
        action: &Action,
    ) -> Self {
        let (mut values, mut across) = (Vec::new(), Vec::new());
        let currents = action
            .slices
            .iter()
            .map(|slice| {
                mobility.values(&slice.state, &mut values);
                differences(mobility, &slice.potential, &mut across);
                values.iter().zip(&across).map(|(l, v)| l * v).collect()
            })
            .collect();
        Self {
            mobility,
            path,
            potential,
            currents,
        }
    }

    /// Currents along every bundle at a place in an element, from those at its points.
    pub(crate) fn current(&self, element: usize, weights: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.mobility.bundles.len(), 0.0);
        let stages = self.path.mesh.basis.stages();
        for (weight, current) in weights.iter().zip(&self.currents[element * stages..][..stages]) {
            for (o, j) in out.iter_mut().zip(current) {
                *o += weight * j;
            }
        }
    }

    fn sample(&self, element: usize, s: f64, held: &[Held]) -> Option<Sample> {
        let mut state = self.path.inside(element, s);
        let gained = held
            .iter()
            .map(|held| held.apply(self.path, element, s, &mut state))
            .collect();
        if !state.iter().all(|x| *x > 0.0) {
            return None;
        }
        let mut at = Conductances::default();
        self.mobility.evaluate(&state, false, &mut at);
        let potential = self.potential.inside(element, s);
        let (mut across, mut across_rate) = (Vec::new(), Vec::new());
        differences(self.mobility, &potential, &mut across);
        let potential_rate = rate(
            self.mobility,
            &at,
            &across,
            &state,
            self.potential.barrier(element),
        );
        differences(self.mobility, &potential_rate, &mut across_rate);
        Some(Sample {
            state,
            gained,
            potential,
            potential_rate,
            across,
            across_rate,
            at,
        })
    }

    /// Bounds on one element with the given number of steps; `None` if the path leaves the positive states.
    pub(crate) fn bounds(&self, element: usize, steps: usize) -> Option<ElementBounds> {
        let basis = &self.path.mesh.basis;
        let width = self.path.mesh.width(element);
        let (mut upper, mut shift) = (CompensatedSum::default(), CompensatedSum::default());
        let held = held(self.mobility, self.path, element);
        let mut left = self.sample(element, 0.0, &held)?;
        let first = dot(&left.potential, &left.state);
        let mut integral_left = basis.integral(0.0);
        let (mut current, mut coefficients) = (Vec::new(), Vec::new());
        for step in 1..=steps {
            let s = step as f64 / steps as f64;
            let right = self.sample(element, s, &held)?;
            let integral_right = basis.integral(s);
            let weights: Vec<f64> = integral_right
                .iter()
                .zip(&integral_left)
                .map(|(r, l)| (r - l) * steps as f64)
                .collect();
            self.current(element, &weights, &mut current);
            let duration = width / steps as f64;
            for (held, (new, old)) in held.iter().zip(right.gained.iter().zip(&left.gained)) {
                current[held.bundle] += (new - old) / (duration * held.gain);
            }
            let resistances = left.at.value.iter().zip(&right.at.value);
            let power: f64 = current
                .iter()
                .zip(resistances)
                .map(|(j, (l, r))| 0.5 * j * j * (1.0 / l + 1.0 / r))
                .sum();
            upper.add(duration * power);
            shift.add(duration * self.largest(&left, &right, duration, &mut coefficients));
            (left, integral_left) = (right, integral_right);
        }
        let lower = 2.0 * (dot(&left.potential, &left.state) - first - shift.value());
        Some(ElementBounds {
            upper: upper.value(),
            lower,
        })
    }

    /// Bound on the mean of maxᵢ fᵢ over one step.
    fn largest(&self, left: &Sample, right: &Sample, duration: f64, coefficients: &mut Vec<f64>) -> f64 {
        let states = self.mobility.states;
        coefficients.clear();
        coefficients.resize(states * (DEGREE + 1), 0.0);
        for (i, f) in coefficients.chunks_exact_mut(DEGREE + 1).enumerate() {
            // ψ̇ of the cubic with these values and slopes has Bernstein coefficients (ψ̇₀, 3 mean − ψ̇₀ − ψ̇₁, ψ̇₁)
            let (start, end) = (left.potential_rate[i], right.potential_rate[i]);
            let mean = (right.potential[i] - left.potential[i]) / duration;
            let middle = 3.0 * mean - start - end;
            for (j, value) in f.iter_mut().enumerate() {
                *value = ELEVATED[j][0] * start + ELEVATED[j][1] * middle + ELEVATED[j][2] * end;
            }
        }
        for (k, bundle) in self.mobility.bundles.iter().enumerate() {
            let third = duration / 3.0;
            let cubic = [
                left.across[k],
                left.across[k] + third * left.across_rate[k],
                right.across[k] - third * right.across_rate[k],
                right.across[k],
            ];
            let square = bernstein_square(&cubic);
            let start = self.mobility.slope_start[k];
            for (place, &i) in bundle.depends.iter().enumerate() {
                let (from, to) = (left.at.slope[start + place], right.at.slope[start + place]);
                let f = &mut coefficients[i * (DEGREE + 1)..][..DEGREE + 1];
                // product of degree 6 and a linear function: coefficient j mixes j of 7 parts of the end with 7 − j of the start
                for (j, value) in f.iter_mut().enumerate() {
                    let part = j as f64 / DEGREE as f64;
                    let low = if j < DEGREE { square[j] } else { 0.0 };
                    let high = if j > 0 { square[j - 1] } else { 0.0 };
                    *value += 0.5 * ((1.0 - part) * from * low + part * to * high);
                }
            }
        }
        let mut sum = 0.0;
        for j in 0..=DEGREE {
            let column = coefficients.chunks_exact(DEGREE + 1).map(|f| f[j]);
            sum += column.fold(f64::NEG_INFINITY, f64::max);
        }
        sum / (DEGREE + 1) as f64
    }
}

/// Degree elevation from 2 to 7: coefficient j is Σ C(2, k) C(5, j − k)/C(7, j) b_k.
const ELEVATED: [[f64; 3]; DEGREE + 1] = [
    [1.0, 0.0, 0.0],
    [5.0 / 7.0, 2.0 / 7.0, 0.0],
    [10.0 / 21.0, 10.0 / 21.0, 1.0 / 21.0],
    [10.0 / 35.0, 20.0 / 35.0, 5.0 / 35.0],
    [5.0 / 35.0, 20.0 / 35.0, 10.0 / 35.0],
    [1.0 / 21.0, 10.0 / 21.0, 10.0 / 21.0],
    [0.0, 2.0 / 7.0, 5.0 / 7.0],
    [0.0, 0.0, 1.0],
];

/// Bernstein coefficients of the square of a cubic.
fn bernstein_square(b: &[f64; 4]) -> [f64; 7] {
    let [p, q, r, s] = *b;
    [
        p * p,
        p * q,
        (3.0 * q * q + 2.0 * p * r) / 5.0,
        (p * s + 9.0 * q * r) / 10.0,
        (3.0 * r * r + 2.0 * q * s) / 5.0,
        r * s,
        s * s,
    ]
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    irrev_numerics::sum::compensated_sum(a.iter().zip(b).map(|(x, y)| x * y))
}
