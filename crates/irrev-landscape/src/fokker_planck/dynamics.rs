//! What moves: temperature, potential, force and mobility.

use irrev_numerics::linalg::Matrix;

use crate::error::{Error, Result};

type Scalar<'a> = Box<dyn Fn(&[f64]) -> f64 + Sync + 'a>;
type Vector<'a> = Box<dyn Fn(&[f64], &mut [f64]) + Sync + 'a>;

/// Overdamped motion at a temperature in a potential, with an optional force that has none and a mobility along each axis (default 1).
///
/// ```
/// use irrev_landscape::fokker_planck::Overdamped;
/// // a tilted ring
/// let ring = Overdamped::new(0.5, |x: &[f64]| x[0].cos())?.with_force(|_, f| f[0] = 0.8);
/// assert_eq!(ring.temperature(), 0.5);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
pub struct Overdamped<'a> {
    temperature: f64,
    potential: Scalar<'a>,
    force: Option<Vector<'a>>,
    mobility: Option<Vector<'a>>,
    /// Axes of a mobility matrix, if one was given.
    dimension: Option<usize>,
}

impl std::fmt::Debug for Overdamped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Overdamped")
            .field("temperature", &self.temperature)
            .finish_non_exhaustive()
    }
}

impl<'a> Overdamped<'a> {
    /// T and V(x), both in the unit of energy.
    ///
    /// # Errors
    /// [`Error::Domain`] unless T is positive.
    pub fn new(temperature: f64, potential: impl Fn(&[f64]) -> f64 + Sync + 'a) -> Result<Self> {
        Error::require(
            "T",
            temperature,
            temperature > 0.0 && temperature.is_finite(),
            "a positive number",
        )?;
        Ok(Self {
            temperature,
            potential: Box::new(potential),
            force: None,
            mobility: None,
            dimension: None,
        })
    }

    /// Adds a force f(x) that is no gradient, in energy over length; the function writes one component for each axis.
    #[must_use]
    pub fn with_force(mut self, force: impl Fn(&[f64], &mut [f64]) + Sync + 'a) -> Self {
        self.force = Some(Box::new(force));
        self
    }

    /// A mobility μ_i(x) along each axis, D_i = μ_i T; the function writes one positive component for each axis.
    #[must_use]
    pub fn with_mobility(mut self, mobility: impl Fn(&[f64], &mut [f64]) + Sync + 'a) -> Self {
        self.dimension = None;
        self.mobility = Some(Box::new(mobility));
        self
    }

    /// A constant mobility matrix, which must be diagonal.
    ///
    /// # Errors
    /// [`Error::Size`] for a matrix that is not square; [`Error::ObliqueMobility`] names an entry off the diagonal that is not zero.
    pub fn with_mobility_matrix(mut self, mobility: &Matrix) -> Result<Self> {
        Error::require_size(
            "the rows of a mobility matrix",
            mobility.rows(),
            mobility.columns(),
        )?;
        for j in 0..mobility.columns() {
            for (i, &value) in mobility.column(j).iter().enumerate() {
                if i != j && value != 0.0 {
                    return Err(Error::ObliqueMobility { i, j, value });
                }
            }
        }
        let diagonal: Vec<f64> = (0..mobility.columns()).map(|i| mobility[(i, i)]).collect();
        self.dimension = Some(diagonal.len());
        self.mobility = Some(Box::new(move |_, mu| mu.copy_from_slice(&diagonal)));
        Ok(self)
    }

    /// T.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// Axes of the mobility matrix, if one was given.
    pub(super) fn dimension(&self) -> Option<usize> {
        self.dimension
    }

    /// V(x).
    pub(super) fn potential(&self, x: &[f64]) -> f64 {
        (self.potential)(x)
    }

    /// f and μ along an axis; `work` has one place for each axis.
    pub(super) fn force_and_mobility(&self, x: &[f64], axis: usize, work: &mut [f64]) -> (f64, f64) {
        let mut along = |function: &Option<Vector<'a>>, default: f64| {
            function.as_ref().map_or(default, |function| {
                work.fill(default);
                function(x, work);
                work[axis]
            })
        };
        (along(&self.force, 0.0), along(&self.mobility, 1.0))
    }
}
