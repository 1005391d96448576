//! The value without each block in turn.

use crate::error::{Error, Result};

/// What leaving out each block in turn tells of f.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Jackknife {
    /// f of all blocks.
    pub value: f64,
    /// Bias of f to first order, (B − 1)(mean of `without` − f): what must be subtracted.
    pub bias: f64,
    /// Standard error √((B − 1)/B Σ (f_b − mean)²).
    pub standard_error: f64,
    /// Acceleration Σ u³/(6 (Σ u²)^{3/2}) with u = mean − f_b: a sixth of the skewness of the influence of blocks.
    pub acceleration: f64,
    /// f without block b, for each b.
    pub without: Vec<f64>,
}

/// The jackknife of f(Σ rows).
///
/// ```
/// use irrev_inference::resampling::jackknife;
/// // the square of a mean of 1, 2, 3, 6 is biased by its variance, s²/4 = 7/6
/// let rows: Vec<Vec<f64>> = [1.0, 2.0, 3.0, 6.0].iter().map(|x| vec![1.0, *x]).collect();
/// let found = jackknife(&rows, |sums| (sums[1] / sums[0]).powi(2))?;
/// assert_eq!(found.value, 9.0);
/// assert!((found.bias - 7.0 / 6.0).abs() < 0.4);                 // to first order in 1/4
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for fewer than two blocks; [`Error::Size`] for rows of different widths.
pub fn jackknife(rows: &[Vec<f64>], f: impl Fn(&[f64]) -> f64) -> Result<Jackknife> {
    let b = rows.len();
    if b < 2 {
        return Err(Error::TooFew {
            what: "a jackknife",
            unit: "blocks",
            found: b,
            needed: 2,
        });
    }
    let width = rows[0].len();
    if let Some(other) = rows.iter().find(|row| row.len() != width) {
        return Err(Error::Size {
            what: "a row of sums",
            found: other.len(),
            expected: width,
        });
    }
    let mut total = vec![0.0; width];
    for row in rows {
        total.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
    }
    let value = f(&total);
    let mut rest = vec![0.0; width];
    let without: Vec<f64> = rows
        .iter()
        .map(|row| {
            for ((rest, all), own) in rest.iter_mut().zip(&total).zip(row) {
                *rest = all - own;
            }
            f(&rest)
        })
        .collect();
    let count = b as f64;
    let mean = without.iter().sum::<f64>() / count;
    let moment = |power: i32| without.iter().map(|x| (mean - x).powi(power)).sum::<f64>();
    let squares = moment(2);
    Ok(Jackknife {
        value,
        bias: (count - 1.0) * (mean - value),
        standard_error: ((count - 1.0) / count * squares).sqrt(),
        acceleration: if squares > 0.0 {
            moment(3) / (6.0 * squares.powf(1.5))
        } else {
            0.0
        },
        without,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jackknife_of_a_mean_is_its_textbook_error() {
        let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let rows: Vec<Vec<f64>> = x.iter().map(|x| vec![1.0, *x]).collect();
        let found = jackknife(&rows, |s| s[1] / s[0]).unwrap();
        let mean = x.iter().sum::<f64>() / 8.0;
        let s2 = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 7.0;
        assert!((found.standard_error - (s2 / 8.0).sqrt()).abs() < 1e-14);
        assert!(found.bias.abs() < 1e-13);
        // a square is biased by exactly the variance of the mean, which the jackknife finds for quadratic functions
        let square = jackknife(&rows, |s| (s[1] / s[0]).powi(2)).unwrap();
        assert!((square.bias - s2 / 8.0 * (8.0 / 7.0)).abs() < s2 / 8.0 / 7.0 + 1e-12);
        assert!(jackknife(&rows[..1], |s| s[0]).is_err());
    }
}
