//! Equations of motion: overdamped, underdamped, and with memory.

use irrev_numerics::linalg::Matrix;

use super::field::ForceField;
use super::memory::MemoryKernel;
use crate::error::{Error, Result};
use crate::linear::underdamped::Bath;

fn require_temperatures(temperatures: impl IntoIterator<Item = f64>) -> Result<()> {
    temperatures.into_iter().try_for_each(|t| {
        Error::require(
            "the temperature of a bath",
            t,
            t > 0.0 && t.is_finite(),
            "a positive number",
        )
    })
}

/// A mobility μᵢ(x) of each coordinate that depends on the positions.
pub trait MobilityField: Sync {
    /// Number of coordinates d.
    fn dimension(&self) -> usize;

    /// μᵢ(x) and ∂μᵢ/∂xᵢ, d rows of `lanes` each, arranged as in [`ForceField::forces`]; mobilities must be positive.
    ///
    /// # Errors
    /// What goes wrong in the evaluation.
    fn mobilities(
        &self,
        positions: &[f64],
        lanes: usize,
        mobilities: &mut [f64],
        gradients: &mut [f64],
    ) -> Result<()>;

    /// Words that tell this field from others.
    fn fingerprint(&self) -> String {
        String::new()
    }
}

/// How overdamped motion is integrated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OverdampedIntegrator {
    /// x' = x + h (μ F + T ∂μ) + √(2 μ T h) ξ. Averages have an error of first order in h: the variance in a trap of stiffness k is T/(k (1 − h μ k/2)).
    ///
    /// Source: Maruyama, Rend. Circ. Mat. Palermo 4, 48 (1955).
    #[default]
    EulerMaruyama,
    /// x' = x + h μ F + √(2 μ T h) (ξ + ξ₊)/2, where ξ₊ is the noise of the next step. Averages of positions in equilibrium have an error of second order, none in a trap; constant mobility only. What is
    /// sampled well is the position, not the path: for relaxation and for heat over few steps take Euler and Maruyama.
    ///
    /// Source: Leimkuhler and Matthews, Appl. Math. Res. Express 2013, 34 (2013).
    LeimkuhlerMatthews,
    /// The exact transition of a linear force and a constant mobility, for any h.
    ExactLinear,
}

/// Mobility of the coordinates.
#[derive(Clone)]
enum Mobility<'a> {
    Constant(Vec<f64>),
    Field(&'a dyn MobilityField),
}

/// dxᵢ = (μᵢ Fᵢ + Tᵢ ∂μᵢ/∂xᵢ) dt + √(2 μᵢ Tᵢ) dWᵢ (Itô), a bath for each coordinate.
///
/// The drift Tᵢ ∂μᵢ/∂xᵢ, zero for constant mobilities, is what makes e^{−V/T} the equilibrium of a mobility that depends on position.
///
/// The heat into bath i is ∫ Fᵢ∘dxᵢ (Stratonovich), summed as (F + F')/2·Δx; the entropy Σᵢ Qᵢ/Tᵢ is the logarithm of the ratio of the probabilities of the path and of its reverse.
/// Source: K. Sekimoto, Stochastic Energetics (2010); U. Seifert, Rep. Prog. Phys. 75, 126001 (2012).
#[derive(Clone)]
pub struct Overdamped<'a> {
    mobility: Mobility<'a>,
    pub(super) temperatures: Vec<f64>,
    pub(super) integrator: OverdampedIntegrator,
}

impl<'a> Overdamped<'a> {
    /// Constant mobilities μᵢ (x² per energy and time) and temperatures Tᵢ, one of each for every coordinate.
    ///
    /// ```
    /// use irrev_landscape::langevin::{Dynamics, Overdamped, OverdampedIntegrator};
    /// // two coordinates, each with a bath of its own
    /// let motion = Overdamped::new(vec![1.0, 0.5], vec![2.0, 1.0])?.integrated_by(OverdampedIntegrator::LeimkuhlerMatthews)?;
    /// assert_eq!(Dynamics::from(motion).algorithm(), "leimkuhler-matthews/1");
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`] unless there are as many of both, [`Error::Domain`] unless all are positive.
    pub fn new(mobilities: Vec<f64>, temperatures: Vec<f64>) -> Result<Self> {
        Error::require_size("the temperatures", temperatures.len(), mobilities.len())?;
        for &mu in &mobilities {
            Error::require("a mobility", mu, mu > 0.0 && mu.is_finite(), "a positive number")?;
        }
        require_temperatures(temperatures.iter().copied())?;
        Ok(Self {
            mobility: Mobility::Constant(mobilities),
            temperatures,
            integrator: OverdampedIntegrator::EulerMaruyama,
        })
    }

    /// Mobilities that depend on the positions.
    ///
    /// # Errors
    /// [`Error::Size`] unless there are as many temperatures as mobilities, [`Error::Domain`] unless they are positive.
    pub fn with_mobility_field(mobility: &'a dyn MobilityField, temperatures: Vec<f64>) -> Result<Self> {
        Error::require_size("the temperatures", temperatures.len(), mobility.dimension())?;
        require_temperatures(temperatures.iter().copied())?;
        Ok(Self {
            mobility: Mobility::Field(mobility),
            temperatures,
            integrator: OverdampedIntegrator::EulerMaruyama,
        })
    }

    /// The same with another integrator.
    ///
    /// # Errors
    /// [`Error::Missing`] for a method that needs constant mobilities, if they depend on position.
    pub fn integrated_by(mut self, integrator: OverdampedIntegrator) -> Result<Self> {
        if integrator != OverdampedIntegrator::EulerMaruyama && matches!(self.mobility, Mobility::Field(_)) {
            return Err(Error::Missing {
                what: "constant mobilities (or the integrator of Euler and Maruyama)",
            });
        }
        self.integrator = integrator;
        Ok(self)
    }

    /// Constant mobilities, or the field of those that are not.
    pub(super) fn mobility(&self) -> std::result::Result<&[f64], &'a dyn MobilityField> {
        match &self.mobility {
            Mobility::Constant(mobilities) => Ok(mobilities),
            Mobility::Field(field) => Err(*field),
        }
    }
}

/// How underdamped motion is integrated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnderdampedIntegrator {
    /// Half a kick, half a drift, friction and noise exactly, half a drift, half a kick. Averages of positions have an error of second order, none in a trap, where ⟨m v²⟩ = T (1 − h² ω²/4).
    ///
    /// Source: Leimkuhler and Matthews, Appl. Math. Res. Express 2013, 34 (2013).
    #[default]
    Baoab,
    /// The exact transition of a linear force, for any h.
    ExactLinear,
}

/// mᵢ v̇ᵢ = Fᵢ − mᵢ γᵢ vᵢ + √(2 mᵢ γᵢ Tᵢ) ξᵢ, a bath for each coordinate.
///
/// The heat into bath i is what friction and noise take from the kinetic energy mᵢ vᵢ²/2, exactly so in each step of BAOAB; a step of the exact integrator has ∫ Fᵢ dxᵢ minus the change of kinetic energy, with
/// an error of order h³. A coordinate with γ = 0 has no bath.
#[derive(Debug, Clone, PartialEq)]
pub struct Underdamped {
    pub(super) baths: Vec<Bath>,
    pub(super) integrator: UnderdampedIntegrator,
}

impl Underdamped {
    /// Mass, friction and temperature of each coordinate.
    ///
    /// ```
    /// use irrev_landscape::langevin::{Dynamics, Underdamped};
    /// use irrev_landscape::linear::underdamped::Bath;
    /// let motion = Underdamped::new(vec![Bath { mass: 1.0, friction: 0.5, temperature: 2.0 }])?;
    /// assert_eq!(Dynamics::from(motion).algorithm(), "baoab/1");
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless masses and temperatures are positive and frictions not negative.
    pub fn new(baths: Vec<Bath>) -> Result<Self> {
        for bath in &baths {
            require_mass(bath.mass)?;
            MemoryKernel::white(bath.friction)?;
        }
        require_temperatures(baths.iter().map(|bath| bath.temperature))?;
        Ok(Self {
            baths,
            integrator: UnderdampedIntegrator::Baoab,
        })
    }

    /// The same with another integrator.
    #[must_use]
    pub fn integrated_by(mut self, integrator: UnderdampedIntegrator) -> Self {
        self.integrator = integrator;
        self
    }
}

fn require_mass(m: f64) -> Result<()> {
    Error::require("a mass", m, m > 0.0 && m.is_finite(), "a positive number")
}

/// A coordinate with memory: mass, kernel and temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryBath {
    /// m.
    pub mass: f64,
    /// T, in the unit of energy.
    pub temperature: f64,
    /// K.
    pub kernel: MemoryKernel,
}

/// mᵢ v̇ᵢ = Fᵢ − mᵢ ∫ Kᵢ(t − s) vᵢ(s) ds + ξᵢ with ⟨ξᵢ(t) ξᵢ(0)⟩ = mᵢ Tᵢ Kᵢ(|t|), a bath with memory for each coordinate.
///
/// Integrated as BAOAB with the exact transition of velocity and auxiliary variables in place of friction and noise. The bath, auxiliary variables included, starts in equilibrium, independently of the
/// velocity; the heat is what it takes from the kinetic energy.
///
/// Source: A. D. Baczewski and S. D. Bond, J. Chem. Phys. 139, 044107 (2013).
#[derive(Debug, Clone, PartialEq)]
pub struct Generalized {
    pub(super) baths: Vec<MemoryBath>,
}

impl Generalized {
    /// Mass, kernel and temperature of each coordinate.
    ///
    /// ```
    /// use irrev_landscape::langevin::{Generalized, LangevinOptions, LinearField, MemoryBath, MemoryKernel, Start, simulate};
    /// use irrev_numerics::{Run, linalg::Matrix};
    /// // K = 3 e^{−1.5 t} in a trap: released at x = 2, the walkers relax towards 0
    /// let kernel = MemoryKernel::exponentials(&[3.0], &[1.5])?;
    /// let motion = Generalized::new(vec![MemoryBath { mass: 1.0, temperature: 0.01, kernel }])?.into();
    /// let trap = LinearField::new(Matrix::from_columns(1, vec![-1.0]), vec![0.0])?;
    /// let options = LangevinOptions { step: 0.02, steps: 1000, ..Default::default() };
    /// let end = simulate(&trap, &motion, &Start::at(&[2.0], 64), &options, &Run::default())?;
    /// assert!(end.positions.iter().all(|x| x.abs() < 0.6));                 // six standard deviations
    /// // each walker gave its bath about the energy 2 that it had
    /// assert!((end.thermodynamics.mean_heat(0)?.value - 2.0).abs() < 0.05);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless masses and temperatures are positive.
    pub fn new(baths: Vec<MemoryBath>) -> Result<Self> {
        baths.iter().try_for_each(|bath| require_mass(bath.mass))?;
        require_temperatures(baths.iter().map(|bath| bath.temperature))?;
        Ok(Self { baths })
    }
}

/// An equation of motion with its integrator.
#[derive(Clone)]
#[non_exhaustive]
pub enum Dynamics<'a> {
    /// Without inertia.
    Overdamped(Overdamped<'a>),
    /// With inertia and white noise.
    Underdamped(Underdamped),
    /// With inertia and memory.
    Generalized(Generalized),
}

impl<'a> From<Overdamped<'a>> for Dynamics<'a> {
    fn from(dynamics: Overdamped<'a>) -> Self {
        Self::Overdamped(dynamics)
    }
}

impl From<Underdamped> for Dynamics<'_> {
    fn from(dynamics: Underdamped) -> Self {
        Self::Underdamped(dynamics)
    }
}

impl From<Generalized> for Dynamics<'_> {
    fn from(dynamics: Generalized) -> Self {
        Self::Generalized(dynamics)
    }
}

impl Dynamics<'_> {
    /// Versioned name of the method; a result is reproduced by the same name, seed and inputs.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Overdamped(motion) => match motion.integrator {
                OverdampedIntegrator::EulerMaruyama => "euler-maruyama/1",
                OverdampedIntegrator::LeimkuhlerMatthews => "leimkuhler-matthews/1",
                OverdampedIntegrator::ExactLinear => "exact-linear-overdamped/1",
            },
            Self::Underdamped(motion) => match motion.integrator {
                UnderdampedIntegrator::Baoab => "baoab/1",
                UnderdampedIntegrator::ExactLinear => "exact-linear-underdamped/1",
            },
            Self::Generalized(_) => "baoab-memory/1",
        }
    }

    /// Tᵢ.
    #[must_use]
    pub fn temperatures(&self) -> Vec<f64> {
        match self {
            Self::Overdamped(motion) => motion.temperatures.clone(),
            Self::Underdamped(motion) => motion.baths.iter().map(|bath| bath.temperature).collect(),
            Self::Generalized(motion) => motion.baths.iter().map(|bath| bath.temperature).collect(),
        }
    }

    /// mᵢ; empty for motion without inertia.
    #[must_use]
    pub fn masses(&self) -> Vec<f64> {
        match self {
            Self::Overdamped(_) => Vec::new(),
            Self::Underdamped(motion) => motion.baths.iter().map(|bath| bath.mass).collect(),
            Self::Generalized(motion) => motion.baths.iter().map(|bath| bath.mass).collect(),
        }
    }

    /// Auxiliary variables of each coordinate.
    pub(super) fn auxiliaries(&self) -> Vec<usize> {
        match self {
            Self::Generalized(motion) => motion.baths.iter().map(|b| b.kernel.auxiliaries()).collect(),
            _ => vec![0; self.temperatures().len()],
        }
    }

    /// Words that tell one equation of motion from another.
    pub(super) fn fingerprint(&self) -> String {
        match self {
            Self::Overdamped(motion) => {
                let mobility = match motion.mobility() {
                    Ok(constant) => format!("{constant:?}"),
                    Err(field) => field.fingerprint(),
                };
                format!("{mobility} {:?}", motion.temperatures)
            }
            Self::Underdamped(motion) => format!("{motion:?}"),
            Self::Generalized(motion) => format!("{motion:?}"),
        }
    }

    /// The linear force that an exact integrator needs.
    pub(super) fn require_linear(field: &dyn ForceField) -> Result<(&Matrix, &[f64])> {
        field.linear().ok_or(Error::Missing {
            what: "the matrix and the offset of a linear force (`ForceField::linear`), or another integrator",
        })
    }
}
