//! Functions of a coordinate in which a kernel that depends on it is expanded.

use crate::error::{Error, Result};
use crate::record::Period;

/// Functions φ_k(r).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Basis {
    /// φ = 1: the kernel does not depend on position.
    Constant,
    /// Hat functions, 1 at one of these ascending points and 0 at the others, linear between; beyond the first and the last point constant.
    Hats {
        /// Two or more points.
        points: Vec<f64>,
    },
    /// Legendre polynomials of (r − centre)/half width.
    Polynomials {
        /// Middle of the range.
        centre: f64,
        /// Half its width.
        half_width: f64,
        /// Highest degree.
        degree: usize,
    },
    /// 1, cos and sin of multiples of the angle of a periodic coordinate.
    Fourier {
        /// Its period.
        period: Period,
        /// Highest multiple.
        order: usize,
    },
}

impl Basis {
    /// Number of functions.
    #[must_use]
    pub fn functions(&self) -> usize {
        match self {
            Self::Constant => 1,
            Self::Hats { points } => points.len(),
            Self::Polynomials { degree, .. } => degree + 1,
            Self::Fourier { order, .. } => 2 * order + 1,
        }
    }

    /// φ_k(r) for all k.
    ///
    /// ```
    /// use irrev_landscape::memory::Basis;
    /// let hats = Basis::Hats { points: vec![0.0, 1.0, 3.0] };
    /// assert_eq!(hats.at(1.5), [0.0, 0.75, 0.25]);
    /// assert_eq!(hats.at(-1.0), [1.0, 0.0, 0.0]);
    /// ```
    #[must_use]
    pub fn at(&self, r: f64) -> Vec<f64> {
        match self {
            Self::Constant => vec![1.0],
            Self::Hats { points } => {
                let mut values = vec![0.0; points.len()];
                let upper = points.partition_point(|point| *point <= r);
                match upper {
                    0 => values[0] = 1.0,
                    n if n == points.len() => values[n - 1] = 1.0,
                    n => {
                        let part = (r - points[n - 1]) / (points[n] - points[n - 1]);
                        (values[n - 1], values[n]) = (1.0 - part, part);
                    }
                }
                values
            }
            Self::Polynomials {
                centre,
                half_width,
                degree,
            } => {
                let x = (r - centre) / half_width;
                let mut values = vec![1.0, x];
                for k in 2..=*degree {
                    let n = k as f64;
                    values.push(((2.0 * n - 1.0) * x * values[k - 1] - (n - 1.0) * values[k - 2]) / n);
                }
                values.truncate(degree + 1);
                values
            }
            Self::Fourier { period, order } => {
                let angle = std::f64::consts::TAU * (r - period.start()) / period.length();
                let waves = (1..=*order).flat_map(|k| {
                    let (sin, cos) = (k as f64 * angle).sin_cos();
                    [cos, sin]
                });
                std::iter::once(1.0).chain(waves).collect()
            }
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Constant | Self::Fourier { .. } => Ok(()),
            Self::Hats { points } => {
                let n = points.len();
                Error::require(
                    "the number of points of hat functions",
                    n as f64,
                    n >= 2,
                    "at least 2",
                )?;
                for (index, pair) in points.windows(2).enumerate() {
                    if !(pair[1] > pair[0]) {
                        return Err(Error::Edges {
                            index: index + 1,
                            value: pair[1],
                            before: pair[0],
                        });
                    }
                }
                Ok(())
            }
            Self::Polynomials { half_width, .. } => Error::require(
                "half the width of the range of polynomials",
                *half_width,
                *half_width > 0.0 && half_width.is_finite(),
                "a positive number",
            ),
        }
    }
}
