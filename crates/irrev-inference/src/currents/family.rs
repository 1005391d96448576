//! Families of currents: what is multiplied with dx at the midpoint.

use serde::{Deserialize, Serialize};

use super::tile::{LENGTH, Tile};
use crate::error::{Error, Result};

/// Largest number of currents of a family: their covariance then has 4 million entries.
const MOST: usize = 2048;

/// A power product x₀^{e₀} x₁^{e₁} … dx_b.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monomial {
    /// Exponent of each coordinate.
    pub exponents: Vec<u32>,
    /// b.
    pub component: usize,
}

/// Currents g_k = d_k(x_mid)·dx, with x_mid the midpoint of a step and dx the step: odd under its reversal.
///
/// ```
/// use irrev_inference::currents::Currents;
/// assert_eq!(Currents::linear(2).len(), 4);                               // x_a dx_b, row-major (a, b)
/// assert_eq!(Currents::affine(vec![0.5, 0.5]).len(), 6);                  // dx_b, then (x_a − 1/2) dx_b
/// assert_eq!(Currents::antisymmetric(3).len(), 3);                        // x_a dx_b − x_b dx_a, a < b
/// assert_eq!(Currents::linear(2).labels(), ["x0 dx0", "x0 dx1", "x1 dx0", "x1 dx1"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Currents {
    pub(super) dimension: usize,
    pub(super) family: Family,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Family {
    Linear,
    Affine {
        origin: Vec<f64>,
    },
    Antisymmetric,
    /// The affine currents, then exp(−|(x − c)/s|²/2w²) dx_b for each centre c, in units s of each coordinate.
    Radial {
        origin: Vec<f64>,
        scales: Vec<f64>,
        /// In units of the scales, one centre after the other.
        centres: Vec<f64>,
        width: f64,
    },
    Monomials(Vec<Monomial>),
}

impl Currents {
    /// All x_a dx_b, row-major in (a, b): d² currents.
    #[must_use]
    pub fn linear(dimension: usize) -> Self {
        Self {
            dimension,
            family: Family::Linear,
        }
    }

    /// dx_b, then (x_a − origin_a) dx_b row-major in (a, b): d² + d currents, whose span does not depend on the origin. An origin near the data's mean keeps digits.
    #[must_use]
    pub fn affine(origin: Vec<f64>) -> Self {
        Self {
            dimension: origin.len(),
            family: Family::Affine { origin },
        }
    }

    /// x_a dx_b − x_b dx_a for a < b: d(d − 1)/2 rotations. They alone do **not** saturate the bound where temperatures differ; the gradients among all linear currents are
    /// control variates that make it tight.
    #[must_use]
    pub fn antisymmetric(dimension: usize) -> Self {
        Self {
            dimension,
            family: Family::Antisymmetric,
        }
    }

    /// The affine currents and exp(−|(x − c)/s|²/2w²) dx_b for each centre: `centres` in units of the `scales` s, one after the other.
    ///
    /// # Errors
    /// [`Error::Size`] for arrays that do not fit, [`Error::Domain`] for scales or a width that are not positive.
    pub fn radial(origin: Vec<f64>, scales: Vec<f64>, centres: Vec<f64>, width: f64) -> Result<Self> {
        let d = origin.len();
        for (what, found, expected) in [
            ("the scales of radial currents", scales.len(), d),
            (
                "the centres of radial currents",
                centres.len(),
                centres.len().next_multiple_of(d.max(1)),
            ),
        ] {
            if found != expected {
                return Err(Error::Size {
                    what,
                    found,
                    expected,
                });
            }
        }
        for x in scales.iter().chain([&width]) {
            let positive = *x > 0.0 && x.is_finite();
            Error::require("a width of radial currents", *x, positive, "a positive number")?;
        }
        let currents = Self {
            dimension: d,
            family: Family::Radial {
                origin,
                scales,
                centres,
                width,
            },
        };
        currents.require_number()
    }

    /// Currents that are power products of the coordinates, chosen by the user.
    ///
    /// ```
    /// use irrev_inference::currents::{Currents, Monomial};
    /// // x³ dx, y dx and x dy
    /// let of = |exponents: [u32; 2], component| Monomial { exponents: exponents.to_vec(), component };
    /// let chosen = Currents::monomials(2, vec![of([3, 0], 0), of([0, 1], 0), of([1, 0], 1)])?;
    /// assert_eq!(chosen.labels(), ["x0^3 dx0", "x1 dx0", "x0 dx1"]);
    /// # Ok::<(), irrev_inference::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`] for exponents that do not fit the dimension, [`Error::Domain`] for a component beyond it or an empty list.
    pub fn monomials(dimension: usize, monomials: Vec<Monomial>) -> Result<Self> {
        for monomial in &monomials {
            if monomial.exponents.len() != dimension {
                return Err(Error::Size {
                    what: "the exponents of a monomial current",
                    found: monomial.exponents.len(),
                    expected: dimension,
                });
            }
            let component = monomial.component;
            Error::require(
                "the component of a monomial current",
                component as f64,
                component < dimension,
                "one below the dimension",
            )?;
        }
        let currents = Self {
            dimension,
            family: Family::Monomials(monomials),
        };
        currents.require_number()
    }

    /// What constructors cannot promise of a family that was read from a file, or of an origin that is no number.
    pub(super) fn require_consistent(&self) -> Result<()> {
        let d = self.dimension;
        let rebuilt = match self.family.clone() {
            Family::Linear | Family::Antisymmetric => self.clone(),
            Family::Affine { origin } => Self::affine(origin),
            Family::Radial {
                origin,
                scales,
                centres,
                width,
            } => Self::radial(origin, scales, centres, width)?,
            Family::Monomials(monomials) => Self::monomials(d, monomials)?,
        };
        if rebuilt.dimension != d {
            return Err(Error::Size {
                what: "the origin of currents",
                found: rebuilt.dimension,
                expected: d,
            });
        }
        if let Family::Affine { origin } | Family::Radial { origin, .. } = &self.family {
            if let Some(index) = origin.iter().position(|x| !x.is_finite()) {
                return Err(Error::Entry {
                    what: "the origin of currents".to_owned(),
                    index,
                    value: origin[index],
                });
            }
        }
        rebuilt.require_number().map(|_| ())
    }

    fn require_number(self) -> Result<Self> {
        let within = (1..=MOST).contains(&self.len());
        Error::require("the number of currents", self.len() as f64, within, "1 to 2048")?;
        Ok(self)
    }

    /// d of the points that they are currents of.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of currents.
    #[must_use]
    pub fn len(&self) -> usize {
        let d = self.dimension;
        match &self.family {
            Family::Linear => d * d,
            Family::Affine { .. } => d * d + d,
            Family::Antisymmetric => d * (d - d.min(1)) / 2,
            Family::Radial { centres, .. } => d * d + d + centres.len(),
            Family::Monomials(monomials) => monomials.len(),
        }
    }

    /// Whether there is no current: of rotations in one dimension.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A name for each current.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let d = self.dimension;
        let pairs = |name: fn(usize, usize) -> String| (0..d * d).map(move |k| name(k / d, k % d));
        let constants = || (0..d).map(|b| format!("dx{b}"));
        let shifted = || pairs(|a, b| format!("(x{a}-c{a}) dx{b}"));
        match &self.family {
            Family::Linear => pairs(|a, b| format!("x{a} dx{b}")).collect(),
            Family::Affine { .. } => constants().chain(shifted()).collect(),
            Family::Antisymmetric => rotations(d)
                .map(|(a, b)| format!("x{a} dx{b} - x{b} dx{a}"))
                .collect(),
            Family::Radial { centres, .. } => {
                let radial = (0..centres.len()).map(|k| format!("phi{} dx{}", k / d, k % d));
                constants().chain(shifted()).chain(radial).collect()
            }
            Family::Monomials(monomials) => monomials.iter().map(monomial_label).collect(),
        }
    }

    /// Σ_k θ_k d_k(x): the field that coefficients stand for, d components.
    ///
    /// # Errors
    /// [`Error::Size`] for coefficients or a point that do not fit.
    pub fn field(&self, coefficients: &[f64], point: &[f64]) -> Result<Vec<f64>> {
        for (what, found, expected) in [
            ("the coefficients", coefficients.len(), self.len()),
            ("the point", point.len(), self.dimension),
        ] {
            if found != expected {
                return Err(Error::Size {
                    what,
                    found,
                    expected,
                });
            }
        }
        let d = self.dimension;
        let mut tile = Tile::new(self);
        let field = (0..d).map(|b| {
            let unit: Vec<f64> = (0..d).map(|c| f64::from(u8::from(c == b))).collect();
            tile.place(point, &unit);
            self.fill(&mut tile, 1);
            coefficients
                .iter()
                .enumerate()
                .map(|(k, theta)| theta * tile.values[k * LENGTH])
                .sum()
        });
        Ok(field.collect())
    }

    /// The means with what stationarity of a confined motion fixes put in: total derivatives, dx_b and x_a dx_b + x_b dx_a among them, have mean zero.
    pub(super) fn stationary_means(&self, means: &mut [f64]) {
        let d = self.dimension;
        let first = match self.family {
            Family::Linear => 0,
            Family::Affine { .. } | Family::Radial { .. } => d,
            Family::Antisymmetric | Family::Monomials(_) => return,
        };
        means[..first].fill(0.0);
        for a in 0..d {
            for b in 0..=a {
                let (one, two) = (first + a * d + b, first + b * d + a);
                let rotation = 0.5 * (means[one] - means[two]);
                means[one] = rotation;
                means[two] = -rotation;
            }
        }
    }

    /// At most how many independent combinations have means that stationarity does not fix.
    pub(super) fn odd(&self) -> usize {
        let d = self.dimension;
        match &self.family {
            Family::Linear | Family::Affine { .. } | Family::Antisymmetric => d * (d - d.min(1)) / 2,
            Family::Radial { centres, .. } => d * (d - 1) / 2 + centres.len(),
            Family::Monomials(monomials) => monomials.len(),
        }
    }

    /// Values of all currents on the first `count` steps of a tile, whose midpoints and differences are filled.
    #[inline(always)]
    pub(super) fn fill(&self, tile: &mut Tile, count: usize) {
        let d = self.dimension;
        let Tile {
            middles,
            differences,
            values,
            weights,
        } = tile;
        match &self.family {
            Family::Linear => linear(middles, differences, values, d),
            Family::Affine { origin } => affine(origin, middles, differences, values, d),
            Family::Antisymmetric => {
                for (k, (a, b)) in rotations(d).enumerate() {
                    let (xa, xb) = (column(middles, a), column(middles, b));
                    let (da, db) = (column(differences, a), column(differences, b));
                    let out = &mut values[k * LENGTH..(k + 1) * LENGTH];
                    for t in 0..LENGTH {
                        out[t] = xa[t] * db[t] - xb[t] * da[t];
                    }
                }
            }
            Family::Radial {
                origin,
                scales,
                centres,
                width,
            } => {
                affine(origin, middles, differences, values, d);
                let radial = &mut values[(d * d + d) * LENGTH..];
                for (c, centre) in centres.chunks_exact(d).enumerate() {
                    let heights = &mut weights[..count];
                    heights.fill(0.0);
                    for a in 0..d {
                        let (per_scale, at, x) = (1.0 / scales[a], centre[a], column(middles, a));
                        for (height, x) in heights.iter_mut().zip(x) {
                            let off = x * per_scale - at;
                            *height += off * off;
                        }
                    }
                    let exponent = -0.5 / (width * width);
                    heights
                        .iter_mut()
                        .for_each(|height| *height = (exponent * *height).exp());
                    for b in 0..d {
                        let out = &mut radial[(c * d + b) * LENGTH..][..LENGTH];
                        let difference = column(differences, b);
                        for t in 0..count {
                            out[t] = weights[t] * difference[t];
                        }
                        out[count..].fill(0.0);
                    }
                }
            }
            Family::Monomials(monomials) => {
                for (k, monomial) in monomials.iter().enumerate() {
                    let out = &mut values[k * LENGTH..(k + 1) * LENGTH];
                    out.copy_from_slice(column(differences, monomial.component));
                    for (a, power) in monomial.exponents.iter().enumerate().filter(|(_, p)| **p > 0) {
                        let x = column(middles, a);
                        for t in 0..LENGTH {
                            out[t] *= x[t].powi(*power as i32);
                        }
                    }
                }
            }
        }
    }
}

fn rotations(d: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..d).flat_map(move |a| (a + 1..d).map(move |b| (a, b)))
}

fn monomial_label(monomial: &Monomial) -> String {
    let mut label = String::new();
    for (a, power) in monomial.exponents.iter().enumerate() {
        match power {
            0 => {}
            1 => label += &format!("x{a} "),
            _ => label += &format!("x{a}^{power} "),
        }
    }
    label + &format!("dx{}", monomial.component)
}

#[inline(always)]
fn column(columns: &[f64], k: usize) -> &[f64; LENGTH] {
    match columns[k * LENGTH..(k + 1) * LENGTH].first_chunk() {
        Some(column) => column,
        // a slice of this length always holds the chunk
        None => &[0.0; LENGTH],
    }
}

#[inline(always)]
fn linear(middles: &[f64], differences: &[f64], values: &mut [f64], d: usize) {
    for a in 0..d {
        let x = column(middles, a);
        for b in 0..d {
            let difference = column(differences, b);
            let out = &mut values[(a * d + b) * LENGTH..][..LENGTH];
            for t in 0..LENGTH {
                out[t] = x[t] * difference[t];
            }
        }
    }
}

#[inline(always)]
fn affine(origin: &[f64], middles: &[f64], differences: &[f64], values: &mut [f64], d: usize) {
    values[..d * LENGTH].copy_from_slice(&differences[..d * LENGTH]);
    for (a, origin) in origin.iter().enumerate() {
        let x = column(middles, a);
        for b in 0..d {
            let difference = column(differences, b);
            let out = &mut values[(d + a * d + b) * LENGTH..][..LENGTH];
            for t in 0..LENGTH {
                out[t] = (x[t] - origin) * difference[t];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_the_labels_say() {
        let of = |exponents: [u32; 2], component| Monomial {
            exponents: exponents.to_vec(),
            component,
        };
        let x = [2.0, -3.0];
        let linear = Currents::linear(2)
            .field(&[1.0, 10.0, 100.0, 1000.0], &x)
            .unwrap();
        assert_eq!(linear, [2.0 - 300.0, 20.0 - 3000.0]);
        let affine = Currents::affine(vec![1.0, 1.0]);
        assert_eq!(
            affine.field(&[5.0, 7.0, 1.0, 10.0, 100.0, 1000.0], &x).unwrap(),
            [5.0 + 1.0 - 400.0, 7.0 + 10.0 - 4000.0]
        );
        assert_eq!(Currents::antisymmetric(2).field(&[1.0], &x).unwrap(), [3.0, 2.0]);
        let chosen = Currents::monomials(2, vec![of([2, 1], 1)]).unwrap();
        assert_eq!(chosen.field(&[2.0], &x).unwrap(), [0.0, -24.0]);
        let radial = Currents::radial(vec![0.0; 2], vec![2.0, 3.0], vec![1.0, -1.0], 0.5).unwrap();
        let mut coefficients = vec![0.0; 8];
        coefficients[7] = 4.0;
        assert_eq!(radial.field(&coefficients, &x).unwrap(), [0.0, 4.0]);
        assert!(linear.len() == 2 && chosen.field(&[], &x).is_err());
    }

    #[test]
    fn families_that_cannot_be_are_refused() {
        assert!(Currents::monomials(2, vec![]).is_err());
        assert!(
            Currents::monomials(
                1,
                vec![Monomial {
                    exponents: vec![1],
                    component: 1
                }]
            )
            .is_err()
        );
        assert!(Currents::radial(vec![0.0], vec![0.0], vec![], 1.0).is_err());
        assert!(Currents::radial(vec![0.0; 2], vec![1.0; 2], vec![1.0], 1.0).is_err());
        assert!(Currents::antisymmetric(1).is_empty());
    }
}
