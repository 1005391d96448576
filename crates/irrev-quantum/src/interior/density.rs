//! How densely levels lie, from traces of Chebyshev polynomials.

use irrev_numerics::Run;

use crate::error::Result;
use crate::kernel::{Amplitude, Combination, SectorHamiltonian};
use crate::lanczos::SpectralBounds;
use crate::random::random_state;
use crate::vector::inner;

/// Moments: levels are resolved to about a hundredth of the width.
const MOMENTS: usize = 96;

/// Random vectors over which a trace is averaged.
const VECTORS: u32 = 4;

/// First index of the random vectors used here, apart from those of other purposes.
const INDEX: u32 = 1 << 20;

/// Levels per unit of x = (E − c)/h at one x, by the kernel polynomial method with Jackson's kernel.
///
/// Source: Weiße, Wellein, Alvermann and Fehske, Rev. Mod. Phys. 78, 275 (2006), equations 70, 71 and 86.
pub(super) fn level_density<T: Amplitude>(
    h: &SectorHamiltonian,
    bounds: SpectralBounds,
    x: f64,
    run: &Run<'_>,
) -> Result<f64> {
    let mut moments = vec![0.0; MOMENTS];
    for vector in 0..VECTORS {
        let start: Vec<T> = random_state(h.dimension(), run.seed, INDEX + vector);
        let (mut previous, mut current) = (start.clone(), start.clone());
        for (n, moment) in moments.iter_mut().enumerate() {
            if n > 0 {
                run.report(n as f64 / MOMENTS as f64, "density of levels")?;
                let factor = if n == 1 { 1.0 } else { 2.0 };
                let combination = Combination {
                    h: factor / bounds.half_width(),
                    x: -factor * bounds.centre() / bounds.half_width(),
                    y: if n == 1 { 0.0 } else { -1.0 },
                };
                h.combine(combination, 1, &current, &mut previous)?;
                std::mem::swap(&mut previous, &mut current);
            }
            *moment += inner(&start, &current).to_complex().re / f64::from(VECTORS);
        }
    }
    let angle = x.clamp(-1.0, 1.0).acos();
    let terms = moments.iter().enumerate().map(|(n, moment)| {
        let weight = if n == 0 { 1.0 } else { 2.0 };
        weight * jackson(n) * moment * (n as f64 * angle).cos()
    });
    let sine = angle.sin().max(1.0 / MOMENTS as f64);
    Ok(h.dimension() as f64 * terms.sum::<f64>().max(0.0) / (std::f64::consts::PI * sine))
}

/// Damping of the n-th moment.
fn jackson(n: usize) -> f64 {
    let step = std::f64::consts::PI / (MOMENTS + 1) as f64;
    let angle = step * n as f64;
    ((MOMENTS - n + 1) as f64 * angle.cos() + angle.sin() / step.tan()) / (MOMENTS + 1) as f64
}
