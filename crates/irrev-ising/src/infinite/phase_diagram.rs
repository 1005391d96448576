//! Maps of an infinite network over two of its parameters, with the critical line.

use irrev_numerics::Run;
use rayon::prelude::*;
use serde::Serialize;

use super::InfiniteNetwork;
use super::alternating::Cycle;
use super::asynchronous::SequentialState;
use super::gaussian::Grid;
use super::order_parameters::{Branch, OrderParameters, Solution};
use super::roots::bracketed_secant;
use crate::ensemble::FieldLaw;
use crate::error::{Error, Result};

/// A parameter that a map varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Parameter {
    /// β, in 1/energy.
    InverseTemperature,
    /// J₀, in units of energy.
    MeanCoupling,
    /// ΔJ ≥ 0, in units of energy.
    Spread,
    /// Mean of the fields, in units of energy; their width stays.
    MeanField,
    /// ΔH ≥ 0 around the mean: standard deviation of normal fields, half the width of others, which become uniform; in units of energy.
    FieldWidth,
}

/// Values of a parameter, at equal distances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Axis {
    /// What is varied.
    pub parameter: Parameter,
    /// First value, and the only one of an axis with a single point.
    pub from: f64,
    /// Last value, included.
    pub to: f64,
    /// Number of values, at least 1.
    pub points: usize,
}

/// A quantity of a map; entropies per spin in nats.
///
/// What is said to be of parallel updates is of the state that they reach: the alternating one ([`InfiniteNetwork::alternating`]) where [`Quantity::Feedback`] is
/// below −1, the stationary one elsewhere. All others are those of the stationary state, which updates one at a time reach everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quantity {
    /// m.
    Magnetization,
    /// q.
    Overlap,
    /// k.
    Gain,
    /// S_c.
    ConditionalEntropy,
    /// S_c + σ of parallel updates.
    ReversedEntropy,
    /// σ per step of parallel updates.
    EntropyProduction,
    /// σ̇ per unit of time, for updates one at a time.
    EntropyProductionRate,
    /// Flips per unit of time, for updates one at a time.
    FlipRate,
    /// λ, with which the autocorrelation dies out.
    DecayRate,
    /// J₀βk: 1 at criticality, below 1 elsewhere.
    Feedback,
    /// dm/dH.
    Susceptibility,
    /// dm/dβ.
    MagnetizationSlope,
    /// S_c of parallel updates.
    ParallelConditionalEntropy,
    /// m after even steps of parallel updates, at which it is the larger one on [`Branch::Up`].
    EvenMagnetization,
    /// m after odd steps of parallel updates.
    OddMagnetization,
}

impl Quantity {
    /// All, in the order in which a [`MapPoint`] is written.
    pub const ALL: [Self; 15] = [
        Self::Magnetization,
        Self::Overlap,
        Self::Gain,
        Self::ConditionalEntropy,
        Self::ReversedEntropy,
        Self::EntropyProduction,
        Self::EntropyProductionRate,
        Self::FlipRate,
        Self::DecayRate,
        Self::Feedback,
        Self::Susceptibility,
        Self::MagnetizationSlope,
        Self::ParallelConditionalEntropy,
        Self::EvenMagnetization,
        Self::OddMagnetization,
    ];
}

/// All quantities at one point of a map, written as a list in the order of [`Quantity::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MapPoint {
    values: [f64; 15],
}

/// What parallel updates reach.
struct Reached {
    magnetizations: [f64; 2],
    conditional_entropy: f64,
    entropy_production: f64,
}

impl Reached {
    fn of(network: &InfiniteNetwork, order: &OrderParameters, branch: Branch) -> Self {
        if !order.alternates(1.0) {
            return Self {
                magnetizations: [order.magnetization; 2],
                conditional_entropy: order.conditional_entropy,
                entropy_production: order.entropy_production,
            };
        }
        let [a, b] = Cycle::around(network, order.magnetization, branch, Grid::STANDARD).phases;
        Self {
            magnetizations: [a.magnetization, b.magnetization],
            conditional_entropy: 0.5 * (a.conditional_entropy + b.conditional_entropy),
            entropy_production: 0.5 * (a.entropy_production + b.entropy_production),
        }
    }
}

impl MapPoint {
    fn of(network: &InfiniteNetwork, branch: Branch) -> Result<Self> {
        let state = SequentialState::on_branch(network, branch, Grid::STANDARD)?;
        let order = &state.order;
        let reached = Reached::of(network, order, branch);
        // in the order of Quantity::ALL
        Ok(Self {
            values: [
                order.magnetization,
                order.overlap,
                order.gain,
                order.conditional_entropy,
                reached.conditional_entropy + reached.entropy_production,
                reached.entropy_production,
                state.entropy_production_rate,
                state.flip_rate,
                state.autocorrelation.decay_rate(),
                order.feedback,
                order.susceptibility,
                order.magnetization_slope,
                reached.conditional_entropy,
                reached.magnetizations[0],
                reached.magnetizations[1],
            ],
        })
    }

    /// Value of a quantity.
    #[must_use]
    pub fn value(&self, quantity: Quantity) -> f64 {
        self.values[quantity as usize]
    }
}

/// Stationary states on a branch over a rectangle of parameters, and where order begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PhaseDiagram {
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Points row by row: the one of x_i and y_j is at j · x.points + i.
    pub points: Vec<MapPoint>,
    /// Points (x, y) where m = 0 is critical, from the columns and rows of the map, by x and then by y; empty where fields have a mean.
    pub critical_line: Vec<(f64, f64)>,
    /// Points (x, y) where J₀βk = −1, beyond which parallel updates alternate, in the same order; fields may have a mean.
    pub alternation_line: Vec<(f64, f64)>,
}

impl Axis {
    /// The values.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let last = self.points.saturating_sub(1);
        let at = |i: usize| {
            if i == last && i > 0 {
                self.to
            } else {
                self.from + (self.to - self.from) * i as f64 / last.max(1) as f64
            }
        };
        (0..self.points).map(at).collect()
    }

    fn check(&self) -> Result<()> {
        let points = self.points as f64;
        Error::require(
            "the number of points of an axis",
            points,
            self.points > 0,
            "at least 1",
        )?;
        for end in [self.from, self.to] {
            Error::require("the end of an axis", end, end.is_finite(), "a finite number")?;
        }
        Ok(())
    }
}

impl InfiniteNetwork {
    /// The same network with one parameter changed.
    ///
    /// ```
    /// # use irrev_ising::ensemble::FieldLaw;
    /// # use irrev_ising::infinite::{InfiniteNetwork, Parameter};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.1) };
    /// let wide = network.with(Parameter::FieldWidth, 0.5);
    /// assert_eq!(wide.fields, FieldLaw::Uniform { low: -0.4, high: 0.6 });
    /// ```
    #[must_use]
    pub fn with(&self, parameter: Parameter, value: f64) -> Self {
        let mut changed = *self;
        match parameter {
            Parameter::InverseTemperature => changed.inverse_temperature = value,
            Parameter::MeanCoupling => changed.mean_coupling = value,
            Parameter::Spread => changed.spread = value,
            Parameter::MeanField => {
                changed.fields = match self.fields {
                    FieldLaw::Constant(_) => FieldLaw::Constant(value),
                    FieldLaw::Uniform { low, high } => {
                        let half = 0.5 * (high - low);
                        FieldLaw::Uniform {
                            low: value - half,
                            high: value + half,
                        }
                    }
                    FieldLaw::Gaussian { spread, .. } => FieldLaw::Gaussian { mean: value, spread },
                };
            }
            Parameter::FieldWidth => {
                let mean = self.fields.mean();
                changed.fields = match self.fields {
                    FieldLaw::Gaussian { .. } => FieldLaw::Gaussian { mean, spread: value },
                    FieldLaw::Constant(_) | FieldLaw::Uniform { .. } => FieldLaw::Uniform {
                        low: mean - value,
                        high: mean + value,
                    },
                };
            }
        }
        changed
    }
}

impl PhaseDiagram {
    /// Solves the network at all points of two axes, in parallel; the same bits for any number of threads.
    ///
    /// 100 × 100 points with both updates take a few seconds on two cores. Every point is solved from scratch on the standard grid;
    /// [`InfiniteNetwork::sequential`] adds the error estimate, about 1e-13 everywhere.
    ///
    /// # Errors
    /// [`Error::Domain`] for axes or points without meaning; cancellation by the run's monitor.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Axis, Branch, InfiniteNetwork, Parameter, PhaseDiagram, Quantity};
    /// use irrev_numerics::Run;
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.0, fields: FieldLaw::Constant(0.0) };
    /// let beta = Axis { parameter: Parameter::InverseTemperature, from: 0.0, to: 4.0, points: 9 };
    /// let spread = Axis { parameter: Parameter::Spread, from: 0.0, to: 1.0, points: 5 };
    /// let map = PhaseDiagram::of(&network, beta, spread, Branch::Up, &Run::default())?;
    /// assert_eq!(map.values(Quantity::Magnetization)[2 * 9 + 2], 0.0);          // β = 1, ΔJ = 0.5
    /// assert!(map.critical_line.iter().any(|(beta, spread)| *spread == 0.5 && (beta - 1.348499961).abs() < 1e-9));
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn of(network: &InfiniteNetwork, x: Axis, y: Axis, branch: Branch, run: &Run<'_>) -> Result<Self> {
        x.check()?;
        y.check()?;
        Error::require(
            "the number of axes with the same parameter",
            2.0,
            x.parameter != y.parameter,
            "two different parameters",
        )?;
        let (columns, rows) = (x.values(), y.values());
        let at = |x_value: f64, y_value: f64| network.with(x.parameter, x_value).with(y.parameter, y_value);
        let row = |j: usize| -> Result<Vec<MapPoint>> {
            run.report(j as f64 / rows.len() as f64, "stationary states")?;
            let point = |value: &f64| {
                let here = at(*value, rows[j]);
                here.check()?;
                MapPoint::of(&here, branch)
            };
            columns.iter().map(point).collect()
        };
        let line = |f: fn(&InfiniteNetwork) -> f64| -> Vec<(f64, f64)> {
            let vertical: Vec<Vec<f64>> = columns
                .par_iter()
                .map(|v| crossings(&rows, |other| f(&at(*v, other))))
                .collect();
            let horizontal: Vec<Vec<f64>> = rows
                .par_iter()
                .map(|v| crossings(&columns, |other| f(&at(other, *v))))
                .collect();
            let along_columns = columns.iter().zip(&vertical);
            let along_rows = rows.iter().zip(&horizontal);
            let mut points: Vec<(f64, f64)> = along_columns
                .flat_map(|(x, found)| found.iter().map(move |y| (*x, *y)))
                .chain(along_rows.flat_map(|(y, found)| found.iter().map(move |x| (*x, *y))))
                .collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            points
        };
        let (points, critical_line, alternation_line) = run.install(|| {
            let points: Result<Vec<_>> = (0..rows.len()).into_par_iter().map(row).collect();
            (points, line(criticality), line(alternation))
        })?;
        Ok(Self {
            x,
            y,
            points: points?.into_iter().flatten().collect(),
            critical_line,
            alternation_line,
        })
    }

    /// A quantity at all points, row by row.
    #[must_use]
    pub fn values(&self, quantity: Quantity) -> Vec<f64> {
        self.points.iter().map(|point| point.value(quantity)).collect()
    }
}

/// J₀βk − 1 of m = 0; NaN where fields have a mean, so that nothing is critical.
fn criticality(network: &InfiniteNetwork) -> f64 {
    if network.fields.mean() == 0.0 {
        network.feedback_at_zero() - 1.0
    } else {
        f64::NAN
    }
}

/// −1 − J₀βk of the stationary state, positive where parallel updates alternate.
fn alternation(network: &InfiniteNetwork) -> f64 {
    -1.0 - Solution::negative_feedback(network)
}

/// Places where f changes sign between neighbours of a list, each solved for.
fn crossings(values: &[f64], f: impl Fn(f64) -> f64) -> Vec<f64> {
    let at: Vec<f64> = values.iter().map(|v| f(*v)).collect();
    let pairs = values.windows(2).zip(at.windows(2));
    let mut found: Vec<f64> = pairs
        .filter(|(_, f)| f[0] * f[1] < 0.0)
        .map(|(v, _)| {
            let bracket = (v[0].min(v[1]), v[0].max(v[1]));
            bracketed_secant(&f, bracket, 0.5 * (v[0] + v[1])).at
        })
        .collect();
    found.extend(
        values
            .iter()
            .zip(&at)
            .filter(|(_, f)| **f == 0.0)
            .map(|(v, _)| *v),
    );
    found.sort_by(f64::total_cmp);
    found
}
