//! Memory carried by additional variables: the Markov process whose first variable has a given kernel and its random force.
//!
//! ```text
//! ṙ = v,   v̇ = f(r) + c·z,   ż = −A z − g v + b √⟨v²⟩ η(t),   ⟨η η′⟩ = δ
//! ```
//!
//! has the memory K(t) = c·e^{−At} g and the random force ξ = c·z of v = 0. With A Σ + Σ Aᵀ = b bᵀ and g = Σ c, ⟨ξ(t) ξ(0)⟩ = ⟨v²⟩ K(t), and (v, z) are
//! uncorrelated in the stationary state. One noise is enough: b is the numerator of a spectral factor H with Re K(iω) = |H(iω)|²/2, whose zeros are those roots of
//! the spectrum that lie in the left half of the plane. It exists if and only if the spectrum is nowhere negative.
//!
//! Sources: M. Ceriotti, G. Bussi and M. Parrinello, J. Chem. Theory Comput. 6, 1170 (2010); D. C. Youla, IRE Trans. Inf. Theory 7, 172 (1961).

use irrev_numerics::linalg::{Matrix, lyapunov};
use num_complex::Complex64;

use super::passivity::Passivity;
use super::prony::Mode;
use crate::error::{Error, Result};

/// Two poles closer than this part of their size cannot be told apart in residues.
const DISTINCT: f64 = 1e-7;

/// Simultaneous steps towards all roots, and the step at which they have arrived, relative to their size.
const STEPS: usize = 400;
const ARRIVED: f64 = 1e-14;

/// Most by which the kernel of the variables may differ from the one asked for, relative to its residues.
const ACCURACY: f64 = 1e-8;

/// The linear part of dx = −A x dt + B dW for x = (v, z): the mean force f(r) comes to that of v.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MarkovEmbedding {
    /// A, of 1 + n variables: its first row is (0, −c), its first column (0, g).
    pub drift: Matrix,
    /// B, 1 + n rows and one column: no noise acts on v itself.
    pub noise: Matrix,
    /// Σ of the stationary state, with A Σ + Σ Aᵀ = B Bᵀ: ⟨v²⟩ and that of z, uncorrelated.
    pub covariance: Matrix,
}

impl MarkovEmbedding {
    /// From its matrices, for (v, z) of 1 + n variables.
    ///
    /// # Errors
    /// [`Error::Size`] unless A and Σ are square, B is a column, and all have as many rows, two or more.
    pub fn new(drift: Matrix, noise: Matrix, covariance: Matrix) -> Result<Self> {
        let n = drift.rows().max(2);
        for (what, rows, columns, expected) in [
            ("the drift of an embedding", drift.rows(), drift.columns(), n),
            ("the noise of an embedding", noise.rows(), noise.columns(), 1),
            (
                "the covariance of an embedding",
                covariance.rows(),
                covariance.columns(),
                n,
            ),
        ] {
            Error::require_size(what, rows, n)?;
            Error::require_size(what, columns, expected)?;
        }
        Ok(Self {
            drift,
            noise,
            covariance,
        })
    }

    /// Number n of variables z.
    #[must_use]
    pub fn order(&self) -> usize {
        self.drift.rows() - 1
    }

    /// K(t) = c·e^{−At} g of the variables z.
    #[must_use]
    pub fn kernel(&self, t: f64) -> f64 {
        let n = self.order();
        let inner = Matrix::from_fn(n, n, |i, j| -t * self.drift[(i + 1, j + 1)]);
        let g: Vec<f64> = (0..n).map(|i| self.drift[(i + 1, 0)]).collect();
        let moved = irrev_numerics::linalg::exponential(&inner).apply_to(&g);
        (0..n).map(|j| -self.drift[(0, j + 1)] * moved[j]).sum()
    }
}

/// A in real blocks and c, with ξ = c·z: a pair of complex variables z, z* is that of its real and imaginary part.
pub(super) fn realisation(modes: &[Mode]) -> (Matrix, Vec<f64>) {
    let n = modes.iter().map(|mode| 1 + usize::from(mode.oscillates())).sum();
    let (mut drift, mut out) = (Matrix::zeros(n, n), Vec::with_capacity(n));
    for mode in modes {
        let k = out.len();
        drift[(k, k)] = mode.pole.re;
        if mode.oscillates() {
            let w = -mode.pole.im;
            drift[(k + 1, k + 1)] = mode.pole.re;
            (drift[(k, k + 1)], drift[(k + 1, k)]) = (w, -w);
            out.extend([2.0, 0.0]);
        } else {
            out.push(1.0);
        }
    }
    (drift, out)
}

/// The variables that noise with these complex amplitudes, one for each mode, makes.
pub(super) fn driven(
    modes: &[Mode],
    loads: &[Complex64],
    mean_square_velocity: f64,
) -> Result<MarkovEmbedding> {
    let positive = mean_square_velocity > 0.0 && mean_square_velocity.is_finite();
    Error::require("⟨ṙ²⟩", mean_square_velocity, positive, "a positive number")?;
    let (inner, out) = realisation(modes);
    let n = out.len();
    let load: Vec<f64> = modes
        .iter()
        .zip(loads)
        .flat_map(|(mode, load)| std::iter::once(load.re).chain(mode.oscillates().then_some(load.im)))
        .collect();
    let covariance = lyapunov(&inner, &Matrix::from_fn(n, n, |i, j| load[i] * load[j]))?.x;
    let coupling = covariance.apply_to(&out);
    Ok(MarkovEmbedding {
        drift: Matrix::from_fn(n + 1, n + 1, |i, j| match (i, j) {
            (0, 0) => 0.0,
            (0, j) => -out[j - 1],
            (i, 0) => coupling[i - 1],
            (i, j) => inner[(i - 1, j - 1)],
        }),
        noise: Matrix::from_fn(n + 1, 1, |i, _| {
            if i == 0 {
                0.0
            } else {
                mean_square_velocity.sqrt() * load[i - 1]
            }
        }),
        covariance: Matrix::from_fn(n + 1, n + 1, |i, j| match (i, j) {
            (0, 0) => mean_square_velocity,
            (0, _) | (_, 0) => 0.0,
            (i, j) => mean_square_velocity * covariance[(i - 1, j - 1)],
        }),
    })
}

/// Residues R_j = Σ_k b_j b_k*/(λ_j + λ_k*) of the kernel, k running over modes and their conjugates.
pub(super) fn residues(poles: &[Complex64], loads: &[Complex64]) -> Vec<Complex64> {
    let both: Vec<(Complex64, Complex64)> = poles
        .iter()
        .zip(loads)
        .flat_map(|(pole, load)| {
            let conjugate = (pole.im != 0.0).then(|| (pole.conj(), load.conj()));
            std::iter::once((*pole, *load)).chain(conjugate)
        })
        .collect();
    poles
        .iter()
        .zip(loads)
        .map(|(pole, load)| {
            both.iter()
                .map(|(other, other_load)| load * other_load.conj() / (pole + other.conj()))
                .sum()
        })
        .collect()
}

/// The variables of a kernel, by its spectral factor.
pub(super) fn embedding_of(
    modes: &[Mode],
    passivity: &Passivity,
    mean_square_velocity: f64,
) -> Result<MarkovEmbedding> {
    if !passivity.certified() {
        return Err(Error::NotPassive {
            least: passivity.least.1,
            frequency: passivity.frequency,
        });
    }
    for (k, mode) in modes.iter().enumerate() {
        for other in &modes[..k] {
            let distance = (mode.pole - other.pole).norm() / mode.pole.norm();
            Error::require(
                "the distance of two poles of a kernel over their size",
                distance,
                distance > DISTINCT,
                "different poles: join terms with the same rate and frequency",
            )?;
        }
    }
    let loads = spectral_factor(modes)?;
    let poles: Vec<Complex64> = modes.iter().map(|mode| mode.pole).collect();
    let size = modes
        .iter()
        .fold(0.0, |most: f64, mode| most.max(mode.residue.norm()));
    let off = residues(&poles, &loads)
        .iter()
        .zip(modes)
        .fold(0.0, |most: f64, (found, mode)| {
            most.max((found - mode.residue).norm())
        });
    Error::require(
        "the error of the kernel of the additional variables over its largest residue",
        off / size,
        off <= ACCURACY * size,
        "1e-8 or less: terms whose rates and frequencies are further apart",
    )?;
    driven(modes, &loads, mean_square_velocity)
}

/// Residues of H(s) at the poles −λ_j: noise with these amplitudes has the spectrum 2 Re K(iω).
fn spectral_factor(modes: &[Mode]) -> Result<Vec<Complex64>> {
    let all: Vec<Mode> = modes
        .iter()
        .flat_map(|mode| {
            let conjugate = Mode {
                pole: mode.pole.conj(),
                residue: mode.residue.conj(),
            };
            std::iter::once(*mode).chain(mode.oscillates().then_some(conjugate))
        })
        .collect();
    // S(x) = Σ R λ/(x + λ²) with x = ω², which falls like (Σ R λ)/x
    let lead: f64 = all.iter().map(|mode| (mode.residue * mode.pole).re).sum();
    let zeros = zeros(&all)?;
    let gain = (2.0 * lead).sqrt();
    Ok(modes
        .iter()
        .map(|mode| {
            let top: Complex64 = zeros.iter().map(|zero| zero - mode.pole).product();
            let bottom: Complex64 = all
                .iter()
                .filter(|other| other.pole != mode.pole)
                .map(|other| other.pole - mode.pole)
                .product();
            gain * top / bottom
        })
        .collect())
}

/// √(−x) in the right half of the plane for the roots x of S(x) Π (x + λ²), one fewer than there are poles, all at once.
///
/// Source: O. Aberth, Math. Comput. 27, 339 (1973).
fn zeros(all: &[Mode]) -> Result<Vec<Complex64>> {
    let count = all.len() - 1;
    let scale = (all.iter().map(|mode| mode.pole.norm_sqr().ln()).sum::<f64>() / all.len() as f64).exp();
    // on a circle, none on the axis of real numbers nor opposite to another
    let mut roots: Vec<Complex64> = (0..count)
        .map(|k| {
            Complex64::from_polar(
                scale,
                std::f64::consts::TAU * (k as f64 + 0.3) / count as f64 + 0.1,
            )
        })
        .collect();
    let newton = |x: Complex64| {
        let (mut value, mut slope, mut poles) = (Complex64::ZERO, Complex64::ZERO, Complex64::ZERO);
        for mode in all {
            let square = x + mode.pole * mode.pole;
            let term = mode.residue * mode.pole / square;
            value += term;
            slope -= term / square;
            poles += square.inv();
        }
        (slope / value + poles).inv()
    };
    let mut worst = 0.0;
    for _ in 0..STEPS {
        worst = 0.0;
        for k in 0..count {
            let here = roots[k];
            let step = newton(here);
            if !step.is_finite() {
                // at a root, or at a pole: the first is where it should be, the second is left aside
                roots[k] += Complex64::from_polar(1e-12 * here.norm(), 1.0);
                continue;
            }
            let others: Complex64 = (0..count)
                .filter(|other| *other != k)
                .map(|other| (here - roots[other]).inv())
                .sum();
            let step = step / (1.0 - step * others);
            roots[k] -= step;
            worst = f64::max(worst, step.norm() / here.norm());
        }
        if worst <= ARRIVED {
            break;
        }
    }
    Error::require(
        "the last step towards the zeros of a spectrum over their size",
        worst,
        worst <= 1e6 * ARRIVED,
        "1e-8 or less: terms whose rates and frequencies are further apart",
    )?;
    Ok(roots.iter().map(|x| (-x).sqrt()).collect())
}
