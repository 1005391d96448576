//! Propensities: mass action, or any law of time and counts.

use std::fmt::Debug;
use std::sync::Arc;

/// Propensity of one direction of a reaction, in jumps per unit time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Propensity {
    /// c·∏ n(n−1)…(n−ν+1) over the reactants (species, ν): falling factorials, no 1/ν!.
    MassAction {
        /// c, per unit time; finite and not negative. A channel with c = 0 never fires.
        constant: f64,
        /// Species index and multiplicity ν ≥ 1, each species once.
        reactants: Vec<(usize, u32)>,
    },
    /// Any other law.
    Law(Arc<dyn PropensityLaw>),
}

impl Propensity {
    /// Mass action with the given constant and reactants.
    ///
    /// ```
    /// use irrev_network::counts::Propensity;
    /// let pairs = Propensity::mass_action(0.01, &[(0, 2)]);      // 0.01 n(n − 1)
    /// assert_eq!(pairs.value(0.0, &[40.0]), 0.01 * 40.0 * 39.0);
    /// ```
    #[must_use]
    pub fn mass_action(constant: f64, reactants: &[(usize, u32)]) -> Self {
        Self::MassAction {
            constant,
            reactants: reactants.to_vec(),
        }
    }

    /// Value at a time and counts, as the law gives it (see [`CountSystem`](super::CountSystem) for what is done where a count would turn negative).
    ///
    /// NaN if `counts` lacks a reactant of a mass action.
    #[must_use]
    pub fn value(&self, time: f64, counts: &[f64]) -> f64 {
        match self {
            Self::MassAction { constant, reactants } => {
                reactants.iter().fold(*constant, |a, &(species, order)| {
                    let n = counts.get(species).copied().unwrap_or(f64::NAN);
                    (0..order).fold(a, |a, k| a * (n - f64::from(k)))
                })
            }
            Self::Law(law) => law.value(time, counts),
        }
    }

    /// Species whose counts it reads.
    #[must_use]
    pub fn species(&self) -> Vec<usize> {
        match self {
            Self::MassAction { reactants, .. } => reactants.iter().map(|r| r.0).collect(),
            Self::Law(law) => law.species().to_vec(),
        }
    }

    /// Whether it changes in time while the counts stay.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        match self {
            Self::MassAction { .. } => false,
            Self::Law(law) => law.depends_on_time(),
        }
    }

    /// Words that tell it apart in a checkpoint.
    pub(crate) fn fingerprint(&self) -> String {
        match self {
            Self::MassAction { constant, reactants } => {
                format!("mass action {:016x} {reactants:?}", constant.to_bits())
            }
            Self::Law(law) => law.fingerprint(),
        }
    }
}

/// A propensity as a function of time and counts.
///
/// ```
/// use irrev_network::counts::PropensityLaw;
/// /// Michaelis–Menten with a fixed amount of enzyme: v n/(k + n).
/// #[derive(Debug)]
/// struct Saturating { v: f64, k: f64 }
/// impl PropensityLaw for Saturating {
///     fn value(&self, _time: f64, counts: &[f64]) -> f64 { self.v * counts[0] / (self.k + counts[0]) }
///     fn species(&self) -> &[usize] { &[0] }
///     fn depends_on_time(&self) -> bool { false }
/// }
/// assert_eq!(Saturating { v: 2.0, k: 10.0 }.value(0.0, &[10.0]), 1.0);
/// ```
pub trait PropensityLaw: Send + Sync + Debug {
    /// a(n, t) in jumps per unit time; must be finite and not negative wherever the trajectory goes. `counts` holds one
    /// number per species of the system.
    fn value(&self, time: f64, counts: &[f64]) -> f64;
    /// Species whose counts the value depends on; a species left out makes the simulation wrong.
    fn species(&self) -> &[usize];
    /// Whether the value changes in time while the counts stay.
    fn depends_on_time(&self) -> bool;
    /// Smallest and largest value while every count stays between `low` and `high`, at any time; `None` (default) if the law does not know. Bounds that do
    /// not hold make the rejection method wrong.
    fn bounds(&self, low: &[f64], high: &[f64]) -> Option<(f64, f64)> {
        let _ = (low, high);
        None
    }
    /// Words that tell this law from another one in a checkpoint; the debug text unless said otherwise.
    fn fingerprint(&self) -> String {
        format!("{self:?}")
    }
}
