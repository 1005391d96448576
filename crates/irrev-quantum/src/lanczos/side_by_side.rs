//! Lanczos' recurrence from several real vectors at once, which share the passes over the tables of H.

use irrev_numerics::Run;
use irrev_numerics::linalg::vectorised;

use super::coefficients::{EXHAUSTED, LanczosCoefficients};
use crate::error::{Error, Result};
use crate::kernel::{Combination, SectorHamiltonian};

/// Vectors side by side: a product then takes a third of the time that four take one by one, and more vectors no less each.
pub(crate) const LANES: usize = 4;

type Lanes = [f64; LANES];

/// Lanczos coefficients of up to `steps` steps from each of up to [`LANES`] occupations, given by their places in the sector, of a real H; as
/// [`super::lanczos_coefficients`] from each alone, but for the order of sums.
///
/// # Errors
/// [`Error::ComplexHoppings`]; [`Error::Size`] for more places; [`irrev_numerics::Error::Cancelled`].
pub(crate) fn lanczos_coefficients_of_occupations(
    h: &SectorHamiltonian,
    places: &[usize],
    steps: usize,
    run: &Run<'_>,
) -> Result<Vec<LanczosCoefficients>> {
    h.require_closed::<f64>()?;
    Error::require_size(
        "the occupations side by side",
        places.len(),
        places.len().min(LANES),
    )?;
    let mut current = vec![[0.0; LANES]; h.dimension()];
    for (lane, &place) in places.iter().enumerate() {
        current[place][lane] = 1.0;
    }
    let mut previous = vec![[0.0; LANES]; h.dimension()];
    let mut found = vec![LanczosCoefficients::default(); places.len()];
    let mut open: Vec<usize> = (0..places.len()).collect();
    let mut size = [0.0_f64; LANES];
    // v_{j−1} is multiplied with β_j when v_j is normalised
    let combination = Combination {
        y: -1.0,
        ..Combination::default()
    };
    for step in 0..steps.min(h.dimension()) {
        run.report(step as f64 / steps as f64, "Lanczos steps")?;
        let (x, y) = (current.as_flattened(), previous.as_flattened_mut());
        h.combine(combination, LANES, x, y)?;
        let alpha = inner(&current, &previous);
        let beta = orthogonalised(&alpha, &current, &mut previous).map(f64::sqrt);
        for &lane in &open {
            found[lane].alpha.push(alpha[lane]);
            found[lane].beta.push(beta[lane]);
            size[lane] = size[lane].max(alpha[lane].abs() + beta[lane]);
        }
        open.retain(|&lane| beta[lane] > EXHAUSTED * size[lane]);
        if open.is_empty() {
            break;
        }
        normalised(&beta, &mut current, &mut previous);
        std::mem::swap(&mut current, &mut previous);
    }
    Ok(found)
}

/// ⟨x, y⟩ of every lane.
fn inner(x: &[Lanes], y: &[Lanes]) -> Lanes {
    vectorised(
        #[inline(always)]
        || {
            let mut sum = [0.0; LANES];
            for (x, y) in x.iter().zip(y) {
                for lane in 0..LANES {
                    sum[lane] += x[lane] * y[lane];
                }
            }
            sum
        },
    )
}

/// y ← y − a x; ⟨y, y⟩ of what remains.
fn orthogonalised(a: &Lanes, x: &[Lanes], y: &mut [Lanes]) -> Lanes {
    vectorised(
        #[inline(always)]
        || {
            let mut sum = [0.0; LANES];
            for (x, y) in x.iter().zip(y) {
                for lane in 0..LANES {
                    y[lane] -= a[lane] * x[lane];
                    sum[lane] += y[lane] * y[lane];
                }
            }
            sum
        },
    )
}

/// r ← r/β, v ← β v; both 0 where β is 0.
fn normalised(beta: &Lanes, v: &mut [Lanes], r: &mut [Lanes]) {
    let inverse = beta.map(|beta| if beta > 0.0 { 1.0 / beta } else { 0.0 });
    vectorised(
        #[inline(always)]
        || {
            for (v, r) in v.iter_mut().zip(r) {
                for lane in 0..LANES {
                    v[lane] *= beta[lane];
                    r[lane] *= inverse[lane];
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanczos::lanczos_coefficients;
    use crate::lattice::{Boundary, Lattice};
    use crate::{Hamiltonian, Sector};

    #[test]
    fn occupations_side_by_side_are_those_one_by_one() {
        let grid = Lattice::square([3, 2], [Boundary::Open; 2]).unwrap();
        let model = Hamiltonian::uniform(&grid, 1.0, 0.4, 0.0).unwrap();
        let h = SectorHamiltonian::new(&model, Sector::new(6, 3).unwrap()).unwrap();
        let run = Run::default();
        let places = [0, 3, 7, 19];
        // more steps than some occupations reach: they end on their own
        for steps in [4, 9] {
            let together = lanczos_coefficients_of_occupations(&h, &places, steps, &run).unwrap();
            for (place, together) in places.iter().zip(&together) {
                let mut start = vec![0.0; h.dimension()];
                start[*place] = 1.0;
                let alone = lanczos_coefficients(&h, &start, steps, &run).unwrap();
                for (a, b) in [(&alone.alpha, &together.alpha), (&alone.beta, &together.beta)] {
                    assert!(a.len().abs_diff(b.len()) <= 1);
                    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-10), "{a:?} {b:?}");
                }
            }
        }
        assert!(lanczos_coefficients_of_occupations(&h, &[0; 9], 2, &run).is_err());
    }
}
