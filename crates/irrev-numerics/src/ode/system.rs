//! What is integrated: dx/dt = f(t, x).

use crate::linalg::Matrix;

use super::Failure;

/// What a system knows of its Jacobian ∂fᵢ/∂xⱼ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum JacobianKind {
    /// Nothing: it is found by one-sided differences, n rates each time.
    #[default]
    Differences,
    /// [`System::jacobian`] fills a dense matrix.
    Dense,
    /// [`System::sparse_jacobian`] lists its entries; the linear systems are then solved by sparse factors.
    Sparse,
}

/// A system of ordinary differential equations dx/dt = f(t, x).
///
/// The rate may refuse a point, for example a negative concentration: the step is then tried again with a quarter of
/// its width, and the error is returned, with its time, if that does not help.
pub trait System {
    /// The error of the rate; [`std::convert::Infallible`] if it has none.
    type Error: std::error::Error + 'static;

    /// Number n of components.
    fn dimension(&self) -> usize;

    /// Writes f(t, x) to `dx`, in the unit of x per unit of time; every entry must be written.
    ///
    /// # Errors
    /// Whatever makes the rate undefined at this point.
    fn rate(&self, t: f64, x: &[f64], dx: &mut [f64]) -> Result<(), Self::Error>;

    /// Which of the two methods below is implemented. Default: none.
    fn jacobian_kind(&self) -> JacobianKind {
        JacobianKind::Differences
    }

    /// Writes ∂fᵢ/∂xⱼ to entry (i, j) of `jacobian`, which arrives filled with zeros.
    ///
    /// # Errors
    /// Whatever makes the rate undefined at this point.
    fn jacobian(&self, _t: f64, _x: &[f64], _jacobian: &mut Matrix) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Appends (i, j, ∂fᵢ/∂xⱼ) to `entries`, which arrives empty; places named twice are added.
    ///
    /// A pattern that does not change from call to call, with explicit zeros, saves its reordering.
    ///
    /// # Errors
    /// Whatever makes the rate undefined at this point.
    fn sparse_jacobian(
        &self,
        _t: f64,
        _x: &[f64],
        _entries: &mut Vec<(usize, usize, f64)>,
    ) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// A system given by a closure for its rate, without a Jacobian: see [`from_rate`].
#[derive(Debug, Clone, Copy)]
pub struct RateFunction<F> {
    dimension: usize,
    rate: F,
}

/// The system of n components whose rate is the closure `rate(t, x, dx)`.
///
/// ```
/// use irrev_numerics::ode;
/// let decay = ode::from_rate(1, |_, x, dx| -> Result<(), std::convert::Infallible> {
///     dx[0] = -x[0];
///     Ok(())
/// });
/// let path = ode::solve(&decay, 0.0, &[1.0], 1.0, &Default::default(), &Default::default())?;
/// assert!((path.state()[0] - (-1.0_f64).exp()).abs() < 1e-9);
/// # Ok::<(), ode::Failure<std::convert::Infallible>>(())
/// ```
pub fn from_rate<E, F>(dimension: usize, rate: F) -> RateFunction<F>
where
    E: std::error::Error + 'static,
    F: Fn(f64, &[f64], &mut [f64]) -> Result<(), E>,
{
    RateFunction { dimension, rate }
}

impl<E, F> System for RateFunction<F>
where
    E: std::error::Error + 'static,
    F: Fn(f64, &[f64], &mut [f64]) -> Result<(), E>,
{
    type Error = E;

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn rate(&self, t: f64, x: &[f64], dx: &mut [f64]) -> Result<(), E> {
        (self.rate)(t, x, dx)
    }
}

/// f(t, x), refused if an entry is not finite.
pub(super) fn finite_rate<S: System>(
    system: &S,
    time: f64,
    x: &[f64],
    dx: &mut [f64],
) -> Result<(), Failure<S::Error>> {
    system
        .rate(time, x, dx)
        .map_err(|error| Failure::System { time, error })?;
    all_finite("rate", time, dx)
}

/// Refuses values of which one is not finite, with its place.
pub(super) fn all_finite<E: std::error::Error + 'static>(
    what: &'static str,
    time: f64,
    values: &[f64],
) -> Result<(), Failure<E>> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(component) => Err(Failure::NotFinite {
            what,
            time,
            component,
            value: values[component],
        }),
    }
}
