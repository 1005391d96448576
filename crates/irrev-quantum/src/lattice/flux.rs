//! Phases of hopping in a magnetic field.

use std::f64::consts::TAU;

use super::{Boundary, require_bonds, require_sites};
use crate::error::{Error, Result};

/// Flux through a torus that still counts as whole: rounding of a fraction times 64.
const WHOLE: f64 = 1e-9;

/// Phases θ_ij of the hoppings J_ij = J e^{iθ_ij} of pairs (i, j) of neighbours on the square lattice of [`super::Lattice::square`], with which a particle that
/// goes counterclockwise round a plaquette collects the phase 2π · flux (Peierls); in radians.
///
/// Landau's gauge A = (0, 2π flux · x). A bond that closes the first direction, from the last column to the first, carries −2π flux n_x y besides. Neighbours are sites at most one step
/// apart in each direction, diagonals included, with the phase of the straight way between them. A periodic direction of length 1 or 2 does not close on itself: its bonds are those of
/// an open one.
///
/// # Errors
/// [`Error::Domain`] for a flux that is not finite, and on a torus, which closes in both directions, unless flux · n_x · n_y is an integer: what flows out of a closed surface is
/// whole. [`Error::NoSites`], [`Error::TooManySites`], [`Error::SelfBond`], [`Error::Site`].
///
/// Source: Hofstadter, Phys. Rev. B 14, 2239 (1976).
///
/// ```
/// use irrev_quantum::lattice::{Boundary, landau_phases};
/// let plaquette = [(0, 1), (1, 3), (2, 3), (0, 2)];                     // 2 × 2 sites
/// let phases = landau_phases([2, 2], [Boundary::Open; 2], 0.25, &plaquette)?;
/// let around = -(phases[0] + phases[1] - phases[2] - phases[3]);        // J_ij takes a particle from j to i
/// assert!((around - 0.25 * std::f64::consts::TAU).abs() < 1e-15);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn landau_phases(
    shape: [usize; 2],
    boundaries: [Boundary; 2],
    flux: f64,
    pairs: &[(usize, usize)],
) -> Result<Vec<f64>> {
    let [nx, ny] = shape;
    let sites = nx
        .checked_mul(ny)
        .ok_or(Error::TooManySites { sites: usize::MAX })?;
    require_sites(sites)?;
    require_bonds(sites, pairs)?;
    Error::require(
        "the flux of a plaquette",
        flux,
        flux.is_finite(),
        "a finite number",
    )?;
    let closes = |along: usize| boundaries[along] == Boundary::Periodic && shape[along] > 2;
    let through = flux * sites as f64;
    Error::require(
        "the flux of a plaquette times the sites of a lattice that is periodic in both directions",
        through,
        !(closes(0) && closes(1)) || (through - through.round()).abs() <= WHOLE,
        "an integer, as the flux out of a closed surface is; change the flux, or open one direction",
    )?;
    // the shorter way round
    let step = |from: usize, to: usize, along: usize| {
        let (direct, length) = (to as f64 - from as f64, shape[along] as f64);
        match closes(along) {
            true => direct - length * (direct / length).round(),
            false => direct,
        }
    };
    let phase = |&(i, j): &(usize, usize)| {
        let (x, y) = (i % nx, i / nx);
        let (dx, dy) = (step(x, j % nx, 0), step(y, j / nx, 1));
        let (x, y) = (x as f64, y as f64);
        // how often the way leaves the lattice on the right
        let turns = ((x + dx) / nx as f64).floor();
        let along = flux * ((x + 0.5 * dx) * dy - turns * nx as f64 * (y + dy));
        // J_ij is the way from j to i
        -TAU * along
    };
    Ok(pairs.iter().map(phase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::Boundary::{Open, Periodic};
    use crate::lattice::Lattice;

    /// Phase that a particle collects on a closed way over neighbours.
    fn collected(shape: [usize; 2], boundaries: [Boundary; 2], flux: f64, way: &[usize]) -> f64 {
        let pairs: Vec<(usize, usize)> = way.windows(2).map(|step| (step[1], step[0])).collect();
        landau_phases(shape, boundaries, flux, &pairs)
            .unwrap()
            .iter()
            .sum()
    }

    #[test]
    fn every_plaquette_has_the_same_flux() {
        for (shape, boundaries, flux) in [
            ([4, 3], [Open, Open], 0.37),
            ([4, 3], [Periodic, Open], 0.37),
            ([4, 3], [Open, Periodic], 0.37),
            ([3, 4], [Periodic, Periodic], 5.0 / 12.0),
        ] {
            let [nx, ny] = shape;
            let at = |x: usize, y: usize| x % nx + nx * (y % ny);
            let last = |along: usize| shape[along] - usize::from(boundaries[along] == Open);
            for y in 0..last(1) {
                for x in 0..last(0) {
                    let corners = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
                    let mut way = corners.to_vec();
                    way.push(corners[0]);
                    let turns = collected(shape, boundaries, flux, &way) / TAU - flux;
                    assert!(
                        (turns - turns.round()).abs() < 1e-13,
                        "{shape:?} {x} {y}: {turns}"
                    );
                    // half of it within a diagonal
                    let half = [corners[0], corners[1], corners[2], corners[0]];
                    let turns = collected(shape, boundaries, flux, &half) / TAU - 0.5 * flux;
                    assert!(
                        (turns - turns.round()).abs() < 1e-13,
                        "{shape:?} {x} {y}: {turns}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_closed_surface_lets_whole_fluxes_out_only() {
        let torus = |flux| landau_phases([3, 3], [Periodic; 2], flux, &[]);
        assert!(torus(2.0 / 9.0).is_ok());
        let told = torus(0.25).unwrap_err().to_string();
        assert!(told.contains("2.25") && told.contains("an integer"), "{told}");
        // two rows that close on each other are a ladder
        let grid = Lattice::square([3, 2], [Periodic; 2]).unwrap();
        assert!(landau_phases([3, 2], [Periodic; 2], 0.1, grid.bonds()).is_ok());
        assert!(landau_phases([3, 3], [Open; 2], f64::NAN, &[]).is_err());
    }
}
