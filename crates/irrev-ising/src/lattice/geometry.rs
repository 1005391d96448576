//! A periodic lattice with four neighbours to a site.

use crate::error::{Error, Result};

/// Periodic square lattice; site = row · columns + column.
///
/// ```
/// use irrev_ising::lattice::Lattice;
/// let lattice = Lattice::new(4, 3)?;
/// assert_eq!(lattice.neighbours(0), [1, 4, 3, 8]);           // right, below, left, above
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lattice {
    columns: usize,
    rows: usize,
}

impl Lattice {
    /// # Errors
    /// [`Error::Domain`] for a lattice less than two sites wide or high, whose sites would be their own neighbours.
    pub fn new(columns: usize, rows: usize) -> Result<Self> {
        for (what, size) in [("the number of columns", columns), ("the number of rows", rows)] {
            Error::require(what, size as f64, (2..=4096).contains(&size), "2 to 4096")?;
        }
        Ok(Self { columns, rows })
    }

    /// Sites in a row.
    #[must_use]
    pub fn columns(self) -> usize {
        self.columns
    }

    /// Sites in a column.
    #[must_use]
    pub fn rows(self) -> usize {
        self.rows
    }

    /// Number of sites.
    #[must_use]
    pub fn sites(self) -> usize {
        self.columns * self.rows
    }

    /// The neighbours to the right, below, to the left and above; the same site twice where two sites go round.
    #[must_use]
    pub fn neighbours(self, site: usize) -> [usize; 4] {
        let (row, column) = (site / self.columns, site % self.columns);
        let at = |row: usize, column: usize| (row % self.rows) * self.columns + column % self.columns;
        [
            at(row, column + 1),
            at(row + 1, column),
            at(row, column + self.columns - 1),
            at(row + self.rows - 1, column),
        ]
    }
}

/// Temperature 2J/ln(1 + √2) of the infinite lattice's transition.
///
/// ```
/// assert!((irrev_ising::lattice::critical_temperature(1.0) - 2.269185314213022).abs() < 1e-15);
/// ```
///
/// Source: Onsager, Phys. Rev. 65, 117 (1944).
#[must_use]
pub fn critical_temperature(coupling: f64) -> f64 {
    2.0 * coupling / 2.0_f64.sqrt().ln_1p()
}

/// # Errors
/// [`Error::Domain`] for a coupling that is not finite or a temperature that is not positive.
pub(super) fn check(coupling: f64, temperature: f64) -> Result<()> {
    Error::require("the coupling", coupling, coupling.is_finite(), "a finite number")?;
    Error::require(
        "the temperature",
        temperature,
        temperature > 0.0 && temperature.is_finite(),
        "a finite number above 0",
    )
}

/// Probability g(u) that a spin with u of its four neighbours up is refreshed to +1.
pub(super) fn up_probabilities(coupling: f64, temperature: f64) -> [f64; 5] {
    [0, 1, 2, 3, 4]
        .map(|up| crate::response::probability_up(coupling * (2.0 * f64::from(up) - 4.0) / temperature))
}
