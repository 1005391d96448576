//! What a trajectory is asked: how long, when it stops, and which books it keeps.

use irrev_numerics::special::log_ratio;

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;
use crate::state::Distribution;

/// ln p_t(x) at a time and a state, −∞ where p vanishes.
pub type LogProbability<'a> = dyn Fn(f64, usize) -> f64 + Sync + 'a;

/// Where the system part −ln p of the total entropy Σ = S_medium + ln p₀(x₀) − ln p_t(x_t) comes from.
#[derive(Default)]
pub enum SystemEntropy<'a> {
    /// Σ is not kept.
    #[default]
    Ignored,
    /// p₀ and the exact p_τ at the horizon: Σ is known at the end only, and only for trajectories that reach the horizon.
    Ends {
        /// p₀, from which the trajectories start.
        initial: Distribution,
        /// p_τ at the horizon.
        end: Distribution,
    },
    /// The process is stationary: Σ is known all the time, at no cost, also at first passages. The distribution must be stationary; the
    /// trajectories may start from part of it (one state, say), which conditions their Σ on that start.
    Stationary(Distribution),
    /// ln p_t(x) as a law: Σ is known all the time, at the price of two evaluations a jump. Between jumps Σ moves with p_t; extremes and
    /// thresholds are looked for at both sides of every jump and at the end.
    Law(&'a LogProbability<'a>),
}

/// A quantity that is followed jump by jump, with its minimum and maximum; thresholds refer to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Running {
    /// Entropy delivered to the medium, Σ ±ln(k⁺/k⁻), in nats.
    MediumEntropy,
    /// Total entropy production, in nats; needs [`SystemEntropy::Stationary`] or [`SystemEntropy::Law`].
    TotalEntropy,
    /// A current: the weight of every forward jump, its negative for every backward one.
    Current(Vec<f64>),
}

/// When a trajectory ends before its horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// It stops on entering one of these states (or at once if it starts there). Default: none.
    pub states: Vec<usize>,
    /// It stops when the running quantity reaches this value from below. Reached means within 10⁻¹² of the largest step,
    /// so that ten steps of ln 2 reach 10 ln 2. Default: none.
    pub upper: Option<f64>,
    /// It stops when the running quantity reaches this value from above. Default: none.
    pub lower: Option<f64>,
    /// It stops after this many jumps. Default: `u64::MAX`.
    pub jumps: u64,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            upper: None,
            lower: None,
            jumps: u64::MAX,
        }
    }
}

impl Stop {
    /// Whether a trajectory may end before its horizon.
    pub(super) fn is_possible(&self) -> bool {
        self != &Self::default()
    }
}

/// Options of a trajectory; the defaults keep counts and residence times and nothing that costs more.
pub struct TrajectoryOptions<'a> {
    /// Duration, > 0; may be infinite if a stop condition ends the trajectory. Default 1.
    pub horizon: f64,
    /// Ascending times in [0, horizon] at which the state is noted; at a jump it is the state before the jump. Default: none.
    pub times: Vec<f64>,
    /// Stop conditions. Default: none.
    pub stop: Stop,
    /// Count jumps per channel and direction and the time spent in each state; entropies, currents and heat need them. Default true.
    pub counts: bool,
    /// Weights per forward jump of each edge, one list per current; multiplied with the counts at the end, so they cost nothing. Default: none.
    pub currents: Vec<Vec<f64>>,
    /// Temperatures of the network's reservoirs: the heat into each is T Σ ±ln(k⁺/k⁻) over its channels. Default: none.
    pub temperatures: Option<Vec<f64>>,
    /// The system part of the total entropy production. Default: ignored.
    pub system_entropy: SystemEntropy<'a>,
    /// The quantity followed jump by jump. Default: none.
    pub running: Option<Running>,
}

impl Default for TrajectoryOptions<'_> {
    fn default() -> Self {
        Self {
            horizon: 1.0,
            times: Vec::new(),
            stop: Stop::default(),
            counts: true,
            currents: Vec::new(),
            temperatures: None,
            system_entropy: SystemEntropy::Ignored,
            running: None,
        }
    }
}

/// Largest relative change of a distribution that passes as stationary.
const NOT_STATIONARY: f64 = 1e-8;

/// Slack of a threshold, in units of the largest step.
const REACHED: f64 = 1e-12;

impl TrajectoryOptions<'_> {
    /// Refuses a distribution as stationary that the process would change.
    ///
    /// # Errors
    /// [`Error::Domain`] with the relative change.
    pub(super) fn check_stationary(&self, kinetics: &MarkovJump) -> Result<()> {
        let SystemEntropy::Stationary(p) = &self.system_entropy else {
            return Ok(());
        };
        let flow = kinetics.flow(p)?;
        let change = kinetics.network().divergence(&flow.current())?;
        let size = change.iter().map(|x| x.abs()).sum::<f64>();
        // p is known to the tolerance of its sum at best
        let relative = size / flow.activity().max(f64::MIN_POSITIVE);
        crate::require(
            "change of the distribution given as stationary, relative to the activity,",
            relative,
            relative <= NOT_STATIONARY,
            "a stationary distribution; for a relaxing process give the ends or a law",
        )
    }

    /// Checks the options against a network.
    pub(super) fn check(&self, network: &Network) -> Result<()> {
        let ends = self.horizon.is_finite() || self.stop.is_possible();
        crate::require(
            "horizon",
            self.horizon,
            self.horizon > 0.0 && ends,
            "a time above 0, finite unless a stop condition is given",
        )?;
        let mut earlier = 0.0;
        for &time in &self.times {
            let good = time >= earlier && time <= self.horizon && time.is_finite();
            crate::require(
                "output time",
                time,
                good,
                "ascending finite times from 0 to the horizon",
            )?;
            earlier = time;
        }
        for &state in &self.stop.states {
            if state >= network.states().len() {
                return Err(Error::Unknown {
                    what: "target state",
                    name: state.to_string(),
                });
            }
        }
        for weights in &self.currents {
            network.check_weights(weights)?;
        }
        self.check_thresholds(network)?;
        self.check_books(network)
    }

    fn check_thresholds(&self, network: &Network) -> Result<()> {
        if let Some(Running::Current(weights)) = &self.running {
            network.check_weights(weights)?;
        }
        for (what, threshold, sign) in [
            ("upper threshold", self.stop.upper, 1.0),
            ("lower threshold", self.stop.lower, -1.0),
        ] {
            let Some(value) = threshold else { continue };
            crate::require(
                what,
                value,
                value.is_finite() && sign * value > 0.0,
                "upper above 0, lower below 0",
            )?;
            if self.running.is_none() {
                return Err(Error::Domain {
                    what: format!("{what} without a running quantity"),
                    value,
                    expected: "a running quantity, to which the threshold refers",
                });
            }
        }
        Ok(())
    }

    fn check_books(&self, network: &Network) -> Result<()> {
        let needs_counts = !self.currents.is_empty() || self.temperatures.is_some();
        if !self.counts && (needs_counts || !matches!(self.system_entropy, SystemEntropy::Ignored)) {
            return Err(Error::Domain {
                what: "counts".into(),
                value: 0.0,
                expected: "counts switched on where currents, heat or entropies are asked for",
            });
        }
        if let Some(temperatures) = &self.temperatures {
            if temperatures.len() != network.reservoirs().len() {
                return Err(Error::Length {
                    what: "temperatures",
                    found: temperatures.len(),
                    expected: network.reservoirs().len(),
                });
            }
            for (name, &value) in network.reservoirs().iter().zip(temperatures) {
                let good = value.is_finite() && value > 0.0;
                crate::require(
                    &format!("temperature of \"{name}\""),
                    value,
                    good,
                    "a finite number above 0",
                )?;
            }
        }
        match &self.system_entropy {
            SystemEntropy::Ends { initial, end } => {
                network.check_states("initial distribution", initial.probabilities())?;
                network.check_states("distribution at the horizon", end.probabilities())?;
                if self.stop.is_possible() {
                    return Err(Error::Domain {
                        what: "stop condition with the system entropy known at the horizon only".into(),
                        value: self.horizon,
                        expected: "a stationary process or a law of ln p for trajectories that stop early",
                    });
                }
            }
            SystemEntropy::Stationary(p) => {
                network.check_states("stationary distribution", p.probabilities())?
            }
            SystemEntropy::Ignored | SystemEntropy::Law(_) => {}
        }
        let known = matches!(
            self.system_entropy,
            SystemEntropy::Stationary(_) | SystemEntropy::Law(_)
        );
        if self.running == Some(Running::TotalEntropy) && !known {
            return Err(Error::Unknown {
                what: "system entropy during the trajectory; give a stationary distribution or a law for",
                name: "running total entropy".into(),
            });
        }
        Ok(())
    }

    /// Change of the running quantity per jump (2e along edge e, 2e + 1 against it) for constant rates; empty if nothing runs.
    ///
    /// # Errors
    /// [`Error::OneWay`] for an entropy, since a running infinity has no minimum; [`Error::NotPositive`] for a stationary state with zeros.
    pub(super) fn running_steps(&self, kinetics: &MarkovJump) -> Result<Vec<f64>> {
        let forward: Vec<f64> = match (&self.running, &self.system_entropy) {
            (None, _) => return Ok(Vec::new()),
            (Some(Running::Current(weights)), _) => weights.clone(),
            (Some(Running::TotalEntropy), SystemEntropy::Stationary(p)) => {
                kinetics.require_both_ways("a running entropy")?;
                let p = p.probabilities();
                if let Some(i) = p.iter().position(|p| *p == 0.0) {
                    return Err(Error::NotPositive {
                        quantity: "a running total entropy",
                        state: kinetics.network().states()[i].clone(),
                        value: 0.0,
                    });
                }
                let edges = kinetics.network().edges().iter();
                edges
                    .zip(kinetics.medium_entropy_change())
                    .map(|(edge, medium)| medium + log_ratio(p[edge.from], p[edge.to]))
                    .map(without_rounding)
                    .collect()
            }
            (Some(_), _) => {
                kinetics.require_both_ways("a running entropy")?;
                kinetics.medium_entropy_change()
            }
        };
        Ok(forward
            .into_iter()
            .zip(kinetics.forward_rate().iter().zip(kinetics.backward_rate()))
            .flat_map(|(w, (f, b))| if *f == 0.0 && *b == 0.0 { [0.0; 2] } else { [w, -w] })
            .collect())
    }

    /// Thresholds (upper, lower) with their slack.
    pub(super) fn thresholds(&self, steps: &[f64]) -> (f64, f64) {
        let slack = REACHED * steps.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        (
            self.stop.upper.map_or(f64::INFINITY, |u| u - slack),
            self.stop.lower.map_or(f64::NEG_INFINITY, |l| l + slack),
        )
    }
}

/// Where detailed balance holds the total entropy does not change; what rounding leaves would accumulate as noise.
fn without_rounding(step: f64) -> f64 {
    if step.abs() < 4.0 * f64::EPSILON {
        0.0
    } else {
        step
    }
}

impl TrajectoryOptions<'_> {
    /// Everything that decides the numbers, as words. A law of ln p is told apart by its values at time 0 only: it has no other description.
    pub(super) fn description(&self) -> Vec<u64> {
        let mut words = vec![self.horizon.to_bits(), u64::from(self.counts), self.stop.jumps];
        let mut list = |values: &[f64]| {
            words.push(values.len() as u64);
            words.extend(values.iter().map(|v| v.to_bits()));
        };
        list(&self.times);
        list(&[
            self.stop.upper.unwrap_or(f64::INFINITY),
            self.stop.lower.unwrap_or(f64::NEG_INFINITY),
        ]);
        list(&self.stop.states.iter().map(|s| *s as f64).collect::<Vec<_>>());
        for weights in &self.currents {
            list(weights);
        }
        list(self.temperatures.as_deref().unwrap_or_default());
        match &self.system_entropy {
            SystemEntropy::Ignored => list(&[0.0]),
            SystemEntropy::Ends { initial, end } => {
                list(initial.probabilities());
                list(end.probabilities());
            }
            SystemEntropy::Stationary(p) => list(p.probabilities()),
            SystemEntropy::Law(law) => list(&[2.0, law(0.0, 0)]),
        }
        match &self.running {
            None => list(&[0.0]),
            Some(Running::MediumEntropy) => list(&[1.0]),
            Some(Running::TotalEntropy) => list(&[2.0]),
            Some(Running::Current(weights)) => list(weights),
        }
        words
    }
}
