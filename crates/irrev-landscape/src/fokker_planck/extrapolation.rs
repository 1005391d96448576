//! From grids to the continuum.

use irrev_numerics::Run;

use super::{GridProcess, Overdamped, Weights, discretised};
use crate::axes::Axis;
use crate::error::{Error, Result};

/// A number of the continuum from three grids.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Extrapolation {
    /// The value without its error of order h²: (4 c − b)/3 of the finest two.
    pub value: f64,
    /// How far the same from the coarser two lies from it: an estimate of the error that overstates it where the error is of order h⁴.
    pub error: f64,
    /// log₂ |b − a|/|c − b|: near 2 where all is smooth and resolved. NaN where the grids agree.
    pub order: f64,
    /// a, b, c: the values with 1/4, 1/2 and all of the intervals.
    pub on_grids: [f64; 3],
}

impl Extrapolation {
    /// A number that is known without any grid.
    #[must_use]
    pub fn exact(value: f64) -> Self {
        Self {
            value,
            error: 0.0,
            order: f64::NAN,
            on_grids: [value; 3],
        }
    }

    /// From the values with 1/4, 1/2 and all of the intervals.
    ///
    /// ```
    /// use irrev_landscape::fokker_planck::Extrapolation;
    /// // 3 + h² at h = 4, 2, 1
    /// assert_eq!(Extrapolation::of_grids([19.0, 7.0, 4.0]).value, 3.0);
    /// ```
    #[must_use]
    pub fn of_grids(on_grids: [f64; 3]) -> Self {
        let [a, b, c] = on_grids;
        let without_error = |coarse: f64, fine: f64| fine + (fine - coarse) / 3.0;
        let value = without_error(b, c);
        Self {
            value,
            error: (value - without_error(a, b)).abs(),
            order: ((b - a) / (c - b)).abs().log2(),
            on_grids,
        }
    }

    /// The same number in another unit, or a multiple of it.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self {
            value: factor * self.value,
            error: factor.abs() * self.error,
            order: self.order,
            on_grids: self.on_grids.map(|value| factor * value),
        }
    }
}

/// Numbers of the continuum by Richardson's extrapolation: `quantities` is asked for on grids with 1/4, 1/2 and all of the intervals given.
///
/// Nodes of the coarser grids are nodes of the finer ones, so that values at points may be extrapolated, too.
///
/// ```
/// use irrev_landscape::axes::Axis;
/// use irrev_landscape::fokker_planck::{Overdamped, Weights, extrapolated};
/// use irrev_numerics::Run;
/// let ring = Overdamped::new(0.5, |x: &[f64]| x[0].cos())?.with_force(|_, f| f[0] = 0.8);
/// let circle = [Axis::circle(0.0, std::f64::consts::TAU, 128)?];
/// let rate = extrapolated(&ring, &circle, Weights::default(), &Run::default(), |process| {
///     let kinetics = process.kinetics();
///     Ok(vec![kinetics.flow(&kinetics.stationary_distribution()?)?.entropy_production_rate()])
/// })?[0];
/// assert!((rate.value - 0.6705845444235).abs() < rate.error && rate.error < 1e-4 && (rate.order - 2.0).abs() < 0.05);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// Source: L. F. Richardson, Phil. Trans. R. Soc. A 210, 307 (1911).
///
/// # Errors
/// [`Error::Domain`] for a number of intervals that is no multiple of 4; [`Error::Unlike`] if grids give different numbers of quantities; as [`discretised`]; whatever `quantities` returns.
pub fn extrapolated(
    dynamics: &Overdamped<'_>,
    axes: &[Axis],
    weights: Weights,
    run: &Run<'_>,
    quantities: impl Fn(&GridProcess) -> Result<Vec<f64>>,
) -> Result<Vec<Extrapolation>> {
    on_three_grids(axes, |axes| {
        quantities(&discretised(dynamics, axes, weights, run)?)
    })
}

/// The same for numbers of any kind that a grid gives, in which the length of a cell enters to second order.
///
/// ```
/// use irrev_landscape::axes::Axis;
/// use irrev_landscape::fokker_planck::on_three_grids;
/// let line = [Axis::line(0.0, 1.0, 8)?];
/// let found = on_three_grids(&line, |axes| Ok(vec![5.0 + axes[0].spacing().powi(2)]))?;
/// assert!((found[0].value - 5.0).abs() < 1e-14);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for a number of intervals that is no multiple of 4; [`Error::Unlike`] if grids give different numbers of quantities; whatever `quantities` returns.
pub fn on_three_grids(
    axes: &[Axis],
    quantities: impl Fn(&[Axis]) -> Result<Vec<f64>>,
) -> Result<Vec<Extrapolation>> {
    for axis in axes {
        let intervals = axis.intervals();
        Error::require(
            "the number of intervals to extrapolate from",
            intervals as f64,
            intervals % 4 == 0,
            "a multiple of 4",
        )?;
    }
    let on_grid = |part: usize| -> Result<Vec<f64>> {
        let coarser: Vec<Axis> = axes
            .iter()
            .map(|axis| axis.with_intervals(axis.intervals() / part))
            .collect::<Result<_>>()?;
        quantities(&coarser)
    };
    let (coarse, middle, fine) = (on_grid(4)?, on_grid(2)?, on_grid(1)?);
    if coarse.len() != middle.len() || middle.len() != fine.len() {
        return Err(Error::Unlike {
            what: "numbers of quantities on the grids",
        });
    }
    let grids = coarse.iter().zip(middle.iter().zip(&fine));
    Ok(grids
        .map(|(a, (b, c))| Extrapolation::of_grids([*a, *b, *c]))
        .collect())
}
