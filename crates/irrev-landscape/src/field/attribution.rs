//! Which part of a flux is a matter of coordinates, and which dissipates.

use irrev_numerics::Run;

use super::{FieldSplit, GridField, split};
use crate::error::{Error, Result};

/// The flux part of a field, told apart by the reversible field F⁰_i = ρ⁻¹ Σ_j ∂_j(W_ij ρ), which is the whole field in equilibrium.
///
/// For overdamped motion W = D is the diffusion matrix, and F − F⁰ = J/ρ is the local mean velocity.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Attribution {
    /// F = −A∇V_m + v.
    pub whole: FieldSplit,
    /// The split of F⁰: its flux is metric, and no irreversibility.
    pub metric: FieldSplit,
    /// The split of F − F⁰, which vanishes in equilibrium.
    pub dissipative: FieldSplit,
}

/// Splits a field, its reversible part and what is left of it, on the same grid with the same ρ; potentials and fluxes of the parts add up to those of the whole.
///
/// ```
/// use irrev_landscape::field::{GridField, attributed};
/// use irrev_landscape::axes::Axis;
/// use irrev_numerics::Run;
/// let axis = Axis::line(-4.0, 4.0, 40)?;
/// let density = |x: &[f64]| (-0.5 * (x[0] * x[0] + x[1] * x[1])).exp();
/// let on_grid = |turn: f64| GridField::from_functions(&[axis, axis], density, move |x, f| f.copy_from_slice(&[-x[0] - turn * x[1], turn * x[0] - x[1]]), &Run::default());
/// let found = attributed(&on_grid(0.3)?, &on_grid(0.0)?, &[1.0, 1.0], &Run::default())?;
/// assert!(found.metric.mean_square_flux < 1e-12);                          // all of the flux dissipates
/// assert!((found.dissipative.mean_square_flux / found.whole.mean_square_flux - 1.0).abs() < 1e-9);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unlike`] if the fields are not on the same grid with the same density; as [`split`].
pub fn attributed(
    field: &GridField,
    reversible: &GridField,
    metric: &[f64],
    run: &Run<'_>,
) -> Result<Attribution> {
    let same = field.axes() == reversible.axes()
        && field.probability == reversible.probability
        && field
            .edges
            .iter()
            .zip(&reversible.edges)
            .all(|(a, b)| a.weight == b.weight);
    if !same {
        return Err(Error::Unlike {
            what: "grids or densities of a field and of its reversible part",
        });
    }
    let mut rest = field.clone();
    for (edge, reversible) in rest.edges.iter_mut().zip(&reversible.edges) {
        edge.field -= reversible.field;
    }
    Ok(Attribution {
        whole: split(field, metric, run)?,
        metric: split(reversible, metric, run)?,
        dissipative: split(&rest, metric, run)?,
    })
}
