//! Trajectories of a process with constant rates, and what every kind of simulation shares.

use std::sync::Arc;

use irrev_numerics::Run;
use irrev_numerics::streams::{self, Purpose, Stream};
use irrev_numerics::sum::compensated_sum;

use super::checkpoint::network_words;
use super::options::{SystemEntropy, TrajectoryOptions};
use super::table::{self, JumpTable};
use super::trajectory::Trajectory;
use super::waiting;
use super::walk::{Walk, Watch};
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;

/// A kind of trajectory of which an ensemble can be made.
///
/// Trajectory i of a seed is a function of seed, i and start alone, whatever the thread and the order.
pub trait Simulation: Sync {
    /// The network on which the trajectories move.
    fn network(&self) -> &Network;

    /// The options they follow.
    fn options(&self) -> &TrajectoryOptions<'_>;

    /// Names with versions of generator and samplers, recorded with the results.
    fn algorithm(&self) -> String;

    /// Whether work is part of the books.
    fn keeps_work(&self) -> bool {
        false
    }

    /// Whether trajectories carry likelihood ratios.
    fn is_weighted(&self) -> bool {
        false
    }

    /// Probabilities from which the starting state is drawn when the process asked about starts from p.
    fn proposal(&self, start: &[f64]) -> Vec<f64> {
        start.to_vec()
    }

    /// Everything that decides the numbers, as words: a checkpoint of another simulation is told apart by them.
    fn description(&self) -> Vec<u64>;

    /// Trajectory `index` from a state, written over the record.
    ///
    /// # Errors
    /// Cancelled; whatever a rate law returns.
    fn sample(&self, start: usize, index: u64, record: &mut Trajectory, run: &Run<'_>) -> Result<()>;
}

/// Trajectories of a [`MarkovJump`].
///
/// ```
/// use irrev_network::MarkovJump;
/// use irrev_network::simulation::graph::{Simulator, TrajectoryOptions};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])?;
/// let simulator = Simulator::new(&ring, TrajectoryOptions { horizon: 1000.0, ..Default::default() })?;
/// let path = simulator.trajectory(0, 0, &Default::default())?;
/// let steps: f64 = (0..3).map(|e| path.net_jumps(e)).sum();          // mean 1000, standard deviation √3000
/// assert!((steps - 1000.0).abs() < 5.0 * 3000_f64.sqrt());
/// assert!((path.medium_entropy - steps * 2_f64.ln()).abs() < 1e-9);
/// # Ok::<(), irrev_network::Error>(())
/// ```
pub struct Simulator<'a> {
    network: Arc<Network>,
    options: TrajectoryOptions<'a>,
    watch: Watch<'a>,
    table: JumpTable,
    medium: Vec<f64>,
    rates: Vec<f64>,
}

impl<'a> Simulator<'a> {
    /// Compiles the jump tables of a process. O(edges).
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`], [`Error::Unknown`] for options that do not fit the network; [`Error::OneWay`] for a running
    /// entropy where a channel has no reverse; [`Error::NotPositive`] for a stationary distribution with zeros under a running total entropy.
    pub fn new(kinetics: &MarkovJump, options: TrajectoryOptions<'a>) -> Result<Self> {
        let network = Arc::clone(kinetics.network());
        options.check(&network)?;
        options.check_stationary(kinetics)?;
        let watch = watch(&options, network.states().len(), options.running_steps(kinetics)?);
        let rates = kinetics.forward_rate().iter().chain(kinetics.backward_rate());
        Ok(Self {
            watch,
            table: JumpTable::new(kinetics)?,
            medium: kinetics.medium_entropy_change(),
            rates: rates.copied().collect(),
            network,
            options,
        })
    }

    /// Trajectory `index` from a state: the one that an ensemble with the same seed contains if it starts there.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a state out of range; cancelled.
    pub fn trajectory(&self, start: usize, index: u64, run: &Run<'_>) -> Result<Trajectory> {
        if start >= self.network.states().len() {
            return Err(Error::Unknown {
                what: "state",
                name: start.to_string(),
            });
        }
        let mut record = Trajectory::default();
        self.sample(start, index, &mut record, run)?;
        Ok(record)
    }
}

impl Simulation for Simulator<'_> {
    fn network(&self) -> &Network {
        &self.network
    }

    fn options(&self) -> &TrajectoryOptions<'_> {
        &self.options
    }

    fn algorithm(&self) -> String {
        format!(
            "{} {} {}",
            table::ALGORITHM,
            waiting::ALGORITHM,
            streams::ALGORITHM
        )
    }

    fn description(&self) -> Vec<u64> {
        let rates = self.rates.iter().map(|r| r.to_bits());
        network_words(&self.network)
            .chain(rates)
            .chain(self.options.description())
            .collect()
    }

    fn sample(&self, start: usize, index: u64, record: &mut Trajectory, run: &Run<'_>) -> Result<()> {
        record.cleared(self.network.states().len(), self.network.edges().len(), start);
        let stream = Stream::new(run.seed, Purpose::Trajectory, index);
        let mut walk = Walk::new(&self.table, &self.watch, stream, start);
        let pause = |_: f64| ask(run);
        walk.advance(
            &self.table,
            self.options.horizon,
            &self.options.times,
            record,
            &pause,
        )?;
        settle_counts(record, &self.medium, &self.options, &self.network);
        Ok(())
    }
}

/// Names of selection, waiting times and generator.
pub(super) fn algorithm() -> String {
    format!(
        "{} {} {}",
        table::ALGORITHM,
        waiting::ALGORITHM,
        streams::ALGORITHM
    )
}

/// Only asks whether to stop: progress is the ensemble's to tell.
pub(super) fn ask(run: &Run<'_>) -> Result<()> {
    if run.monitor.cancelled() {
        return Err(irrev_numerics::Error::Cancelled.into());
    }
    Ok(())
}

/// What a walk with constant rates must look at.
pub(super) fn watch<'a>(options: &TrajectoryOptions<'a>, states: usize, steps: Vec<f64>) -> Watch<'a> {
    let law = match (&options.running, &options.system_entropy) {
        (Some(super::options::Running::TotalEntropy), SystemEntropy::Law(law)) => Some(*law),
        _ => None,
    };
    Watch {
        counts: options.counts || options.running.is_some(),
        law,
        thresholds: options.thresholds(&steps),
        targets: Watch::target_places(states, &options.stop.states),
        jumps: options.stop.jumps,
        steps,
    }
}

/// Books that follow from counts alone: integers times constants, so nothing has drifted.
pub(super) fn settle_counts(
    record: &mut Trajectory,
    medium: &[f64],
    options: &TrajectoryOptions<'_>,
    network: &Network,
) {
    if !options.counts {
        return;
    }
    let weighted = |weights: &[f64], counts: &Trajectory| {
        compensated_sum(
            weights
                .iter()
                .enumerate()
                .map(|(e, w)| product(*w, counts.net_jumps(e))),
        )
    };
    record.medium_entropy = weighted(medium, record);
    let currents: Vec<f64> = options.currents.iter().map(|w| weighted(w, record)).collect();
    record.currents.extend(currents);
    if let Some(temperatures) = &options.temperatures {
        let mut heat = vec![0.0; temperatures.len()];
        for (e, edge) in network.edges().iter().enumerate() {
            if let Some(r) = edge.reservoir {
                heat[r] += temperatures[r] * product(medium[e], record.net_jumps(e));
            }
        }
        record.heat = heat;
    }
    settle_system_entropy(record, options);
}

/// Adds ln p₀(x₀) − ln p_t(x_t) to the medium entropy.
pub(super) fn settle_system_entropy(record: &mut Trajectory, options: &TrajectoryOptions<'_>) {
    let log = |p: &crate::state::Distribution, x: usize| p.probabilities()[x].ln();
    let change = match &options.system_entropy {
        SystemEntropy::Ignored => return,
        SystemEntropy::Ends { initial, end } => log(initial, record.start) - log(end, record.end),
        SystemEntropy::Stationary(p) => log(p, record.start) - log(p, record.end),
        SystemEntropy::Law(law) => law(0.0, record.start) - law(record.duration, record.end),
    };
    record.total_entropy = Some(record.medium_entropy + change);
}

/// 0 where nothing was counted, even if the weight is infinite.
fn product(weight: f64, count: f64) -> f64 {
    if count == 0.0 { 0.0 } else { weight * count }
}
