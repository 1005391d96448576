//! Where order begins.
//!
//! Without a mean field the disordered state m = 0 loses stability where J₀ β E sech²x = 1, for parallel updates and for those one at a time alike.
//! β E sech²(βx̂) grows with β towards twice the density of fields x̂ at 0, as their law is symmetric with one peak. There is hence at most one
//! critical temperature, and none if J₀ is too weak for the disorder: at β = ∞ order needs ΔJ < √(2/π) J₀ without fields,
//! erf(ΔH/(√2 ΔJ)) > ΔH/J₀ with fields uniform in ±ΔH, and ΔJ² + ΔH² < 2J₀²/π with normal fields. The transition is continuous.
//!
//! Sources: A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988); M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

use std::f64::consts::PI;

use super::InfiniteNetwork;
use super::gaussian::Grid;
use super::phase_diagram::Parameter;
use super::roots::{bracketed_newton, bracketed_secant};
use super::site::Site;
use crate::error::{Error, Result};

/// Largest β that is searched before the difference to β = ∞ is below rounding.
const LAST: f64 = 1e16;

impl InfiniteNetwork {
    /// J₀βk of the state m = 0: it is unstable above 1. At β = ∞, 2J₀ times the density of local fields at 0.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::critical_inverse_temperature`].
    pub fn disordered_feedback(&self) -> Result<f64> {
        self.check()?;
        self.require_balanced_fields()?;
        Ok(self.feedback_at_zero())
    }

    pub(crate) fn feedback_at_zero(&self) -> f64 {
        if self.mean_coupling == 0.0 {
            return 0.0;
        }
        self.mean_coupling * Site::new(self, 0.0, Grid::STANDARD).susceptibility()
    }

    /// `Err` unless fields are symmetric around 0: otherwise there is always some order and nothing is critical.
    fn require_balanced_fields(&self) -> Result<()> {
        let mean = self.fields.mean();
        Error::require(
            "the mean field",
            mean,
            mean == 0.0,
            "0, since a mean field leaves no critical point (solutions() tells how many states there are)",
        )
    }

    /// β_c, where m = 0 loses stability; `None` if it is stable at all temperatures. The network's own β does not matter.
    ///
    /// # Errors
    /// [`Error::Domain`] for parameters without meaning, and for fields that are not symmetric around 0.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::InfiniteNetwork;
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let critical = network.critical_inverse_temperature()?.unwrap();
    /// assert!((critical - 1.348499961045499).abs() < 1e-12);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn critical_inverse_temperature(&self) -> Result<Option<f64>> {
        self.check()?;
        self.require_balanced_fields()?;
        let feedback = |beta: f64| self.at_inverse_temperature(beta).feedback_at_zero() - 1.0;
        if !(self.mean_coupling > 0.0 && feedback(f64::INFINITY) > 0.0) {
            return Ok(None);
        }
        // k ≤ 1
        let hottest = 1.0 / self.mean_coupling;
        if feedback(hottest) >= 0.0 {
            return Ok(Some(hottest));
        }
        let mut cold = 2.0 * hottest;
        while feedback(cold) < 0.0 {
            cold *= 2.0;
            if cold > LAST * hottest {
                return Ok(None);
            }
        }
        Ok(Some(
            bracketed_secant(feedback, (0.5 * cold, cold), 0.75 * cold).at,
        ))
    }

    /// β beyond which parallel updates alternate, for J₀ < 0: β_c of the network with the opposite J₀, as J₀βk of m = 0 only changes its sign. `None` if m = 0 is
    /// stable at all temperatures.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::critical_inverse_temperature`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::InfiniteNetwork;
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: -1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let critical = network.inverse_temperature_of_alternation()?.unwrap();
    /// assert!((critical - 1.348499961045499).abs() < 1e-12);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn inverse_temperature_of_alternation(&self) -> Result<Option<f64>> {
        Self {
            mean_coupling: -self.mean_coupling,
            ..*self
        }
        .critical_inverse_temperature()
    }

    /// Largest ΔJ with order at the network's temperature (β = ∞ included) and fields; `None` if there is no order even with equal couplings. The
    /// network's own ΔJ does not matter.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::critical_inverse_temperature`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::InfiniteNetwork;
    /// let cold = InfiniteNetwork { inverse_temperature: f64::INFINITY, mean_coupling: 1.0, spread: 0.0, fields: FieldLaw::Constant(0.0) };
    /// let critical = cold.critical_spread()?.unwrap();
    /// assert!((critical - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-14);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn critical_spread(&self) -> Result<Option<f64>> {
        self.check()?;
        self.require_balanced_fields()?;
        let feedback = |spread: f64| Self { spread, ..*self }.feedback_at_zero() - 1.0;
        if !(self.mean_coupling > 0.0 && feedback(0.0) > 0.0) {
            return Ok(None);
        }
        // at any temperature the density at 0 is at most that of the couplings' part
        let most = (2.0 / PI).sqrt() * self.mean_coupling;
        Ok(Some(
            bracketed_secant(feedback, (0.0, 1.01 * most), 0.5 * most).at,
        ))
    }

    /// The J₀ at which a network is critical whose spins have this mean, J₀βk = 1, if a mean field holds them there; J₀ of the network itself and the mean of
    /// its fields do not matter. For m = 0 without fields it is where order begins; spins that a field keeps silent respond less and need more.
    ///
    /// # Errors
    /// [`Error::Domain`] for parameters without meaning, β = 0 or ∞, or a magnetisation that is not between −1 and 1.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::InfiniteNetwork;
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.0, fields: FieldLaw::Constant(0.0) };
    /// // without disorder k = 1 − m²
    /// assert!((network.critical_mean_coupling(0.0)? - 1.0).abs() < 1e-14);
    /// assert!((network.critical_mean_coupling(-0.6)? - 1.0 / 0.64).abs() < 1e-12);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn critical_mean_coupling(&self, magnetization: f64) -> Result<f64> {
        self.check()?;
        let beta = self.inverse_temperature;
        Error::require(
            "the inverse temperature",
            beta,
            beta > 0.0 && beta.is_finite(),
            "a number above 0",
        )?;
        Error::require(
            "the magnetisation",
            magnetization,
            magnetization.abs() < 1.0,
            "a number between -1 and 1",
        )?;
        let held = |field: f64| {
            let free = Self {
                mean_coupling: 0.0,
                ..self.with(Parameter::MeanField, field)
            };
            Site::new(&free, 0.0, Grid::STANDARD)
        };
        let mut most = 1.0 / beta;
        while held(most).magnetization() < magnetization.abs() {
            most *= 2.0;
        }
        let deviation = |field: f64| {
            let site = held(field);
            (site.magnetization() - magnetization, site.susceptibility())
        };
        let field = bracketed_newton(deviation, (-most, most), 0.0).at;
        Ok(1.0 / held(field).susceptibility())
    }

    /// β/β_c − 1: negative in the disordered phase; `None` if there is no order at any temperature.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::critical_inverse_temperature`].
    pub fn distance_to_criticality(&self) -> Result<Option<f64>> {
        let critical = self.critical_inverse_temperature()?;
        Ok(critical.map(|beta| self.inverse_temperature / beta - 1.0))
    }

    /// β_c along the values of another parameter: a critical line as a curve.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::critical_inverse_temperature`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{InfiniteNetwork, Parameter};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.0, fields: FieldLaw::Constant(0.0) };
    /// let line = network.critical_line(Parameter::Spread, &[0.0, 0.5, 0.8])?;
    /// assert!(line[0] == Some(1.0) && line[1].is_some_and(|beta| beta > 1.3) && line[2].is_none());
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn critical_line(&self, parameter: Parameter, values: &[f64]) -> Result<Vec<Option<f64>>> {
        let at = |value: &f64| self.with(parameter, *value).critical_inverse_temperature();
        values.iter().map(at).collect()
    }
}
