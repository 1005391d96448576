//! Tilted dynamics: make the trajectories that rule an exponential average common, and know exactly by how much.
//!
//! Asked is an average ruled by e^{χX + a(x₀) + b(x_T)}, X a current. With h(x, s) = [e^{sW(χ)ᵀ} e^b](x), the mean of that exponential over
//! what is still to come, the rates k̃_xy = k_xy e^{χ w_xy} h_y/h_x (Doob's transform) produce each trajectory in proportion to its
//! contribution. Here h is taken at the middle of each of a number of intervals, or, for long times, once as the dominant left
//! eigenvector of W(χ).
//!
//! Whatever h is, every trajectory carries the exact likelihood ratio of the two processes,
//!
//! ln dP/dP̃ = ln p₀/p̃₀ + Σ_jumps ln(k/k̃) + ∫ (r̃ − r) dt,   r the rate of leaving the state,
//!
//! computed from counts and residence times. A poor h costs effective samples, never correctness: ⟨likelihood ratio⟩ = 1 is reported.
//!
//! Conventions: a forward jump of edge e counts +w_e, a backward one −w_e.
//!
//! Sources: Chetrite and Touchette, Phys. Rev. Lett. 111, 120601 (2013); Jack and Sollich, Prog. Theor. Phys. Suppl. 184, 304 (2010).

use std::sync::Arc;

use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use super::guide::{Backward, SMALLEST_GUIDE, weighted_jumps};
use super::options::TrajectoryOptions;
use super::simulator::{Simulation, Simulator, ask, settle_counts, watch};
use super::table::JumpTable;
use super::trajectory::Trajectory;
use super::walk::{Walk, Watch};
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;
use crate::state::Distribution;

/// How the guide h depends on the time left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    /// The dominant left eigenvector of W(χ), the same at all times: right for long times.
    LongTime,
    /// The backward exponential at the middle of each of this many intervals: right for any time, the better the more intervals.
    Intervals(usize),
}

/// The exponential e^{χX + a(x₀) + b(x_T)} towards which trajectories are tilted.
#[derive(Debug, Clone, PartialEq)]
pub struct Tilt {
    /// Weight w per forward jump of each edge.
    pub weights: Vec<f64>,
    /// χ.
    pub chi: f64,
    /// a per starting state.
    pub initial: Vec<f64>,
    /// b per final state; −∞ for a final state that does not contribute.
    pub end: Vec<f64>,
    /// How the guide is made. [`Tilt::current`] and [`Tilt::total_entropy`] take 32 intervals.
    pub guide: Guide,
}

impl Tilt {
    /// Tilt towards e^{χX} of a current.
    #[must_use]
    pub fn current(kinetics: &MarkovJump, weights: Vec<f64>, chi: f64) -> Self {
        let n = kinetics.network().states().len();
        Self {
            weights,
            chi,
            initial: vec![0.0; n],
            end: vec![0.0; n],
            guide: Guide::Intervals(32),
        }
    }

    /// Tilt towards e^{χΣ} with Σ = S_medium + ln p₀(x₀) − ln p_τ(x_τ): χ = −1 for ⟨e^{−Σ}⟩, χ = −1/2 for P(Σ < 0).
    #[must_use]
    pub fn total_entropy(
        kinetics: &MarkovJump,
        initial: &Distribution,
        end: &Distribution,
        chi: f64,
    ) -> Self {
        // a starting state without probability is never drawn, whatever its a
        let log = |p: &f64| if *p > 0.0 { p.ln() } else { 0.0 };
        let boundary = |p: &f64| {
            if *p > 0.0 {
                -chi * p.ln()
            } else {
                f64::NEG_INFINITY
            }
        };
        Self {
            weights: kinetics.medium_entropy_change(),
            chi,
            initial: initial.probabilities().iter().map(|p| chi * log(p)).collect(),
            end: end.probabilities().iter().map(boundary).collect(),
            guide: Guide::Intervals(32),
        }
    }
}

/// One stretch of time with constant tilted rates.
struct Interval {
    until: f64,
    table: JumpTable,
    /// ln(k/k̃) per jump.
    jump_weight: Vec<f64>,
    /// r̃ − r per state.
    exit_difference: Vec<f64>,
}

/// Trajectories of tilted dynamics with their likelihood ratios.
///
/// ```
/// use irrev_network::MarkovJump;
/// use irrev_network::simulation::graph::{EnsembleOptions, SystemEntropy, Tilt, TiltedSimulator, TrajectoryOptions, ensemble};
/// let strong: Vec<_> = (0..5).map(|i| (i, (i + 1) % 5, 10.0, 0.1)).collect();
/// let ring = MarkovJump::from_rates(5, &strong)?;
/// let steady = ring.stationary_distribution()?;
/// let options = TrajectoryOptions { system_entropy: SystemEntropy::Stationary(steady.clone()), ..Default::default() };
/// let tilt = Tilt::total_entropy(&ring, &steady, &steady, -1.0);
/// let simulator = TiltedSimulator::new(&ring, &tilt, options, &Default::default())?;
/// let sum = ensemble(&simulator, &steady, &EnsembleOptions { trajectories: 1000, ..Default::default() }, &Default::default())?;
/// assert!((sum.exponential_entropy.mean().value - 1.0).abs() < 1e-9);      // plain sampling would need e^{46} trajectories
/// # Ok::<(), irrev_network::Error>(())
/// ```
pub struct TiltedSimulator<'a> {
    network: Arc<Network>,
    options: TrajectoryOptions<'a>,
    watch: Watch<'a>,
    medium: Vec<f64>,
    intervals: Vec<Interval>,
    /// ln of e^{a} h(x, T), up to a constant.
    start_weight: Vec<f64>,
    description: Vec<u64>,
}

impl<'a> TiltedSimulator<'a> {
    /// Prepares tilted rates over the horizon of the options.
    ///
    /// # Errors
    /// As [`Simulator::new`]; [`crate::Error::Domain`] for an infinite horizon, counts switched off, no intervals, a tilt out of range; [`crate::Error::Length`].
    pub fn new(
        kinetics: &MarkovJump,
        tilt: &Tilt,
        options: TrajectoryOptions<'a>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let network = Arc::clone(kinetics.network());
        options.check(&network)?;
        options.check_stationary(kinetics)?;
        network.check_weights(&tilt.weights)?;
        network.check_states("initial tilt", &tilt.initial)?;
        network.check_states("final tilt", &tilt.end)?;
        crate::require("tilt χ", tilt.chi, tilt.chi.is_finite(), "a finite number")?;
        crate::require(
            "horizon of tilted dynamics",
            options.horizon,
            options.horizon.is_finite(),
            "a finite time",
        )?;
        crate::require(
            "counts of tilted dynamics",
            0.0,
            options.counts,
            "counts switched on: likelihood ratios need them",
        )?;
        let backward = Backward::new(kinetics, tilt)?;
        let (guides, first) = backward.guides(tilt, options.horizon, run)?;
        let count = guides.len() as f64;
        let mut intervals = Vec::with_capacity(guides.len());
        for (j, guide) in guides.iter().enumerate() {
            let until = options.horizon * ((j + 1) as f64 / count);
            intervals.push(Interval::new(kinetics, tilt, guide, until)?);
        }
        let plain = Simulator::new(kinetics, TrajectoryOptions::default())?;
        let mut description = plain.description();
        description.extend(options.description());
        let numbers = tilt.weights.iter().chain(&tilt.initial).chain(&tilt.end);
        description.extend(numbers.chain([&tilt.chi, &count]).map(|x| x.to_bits()));
        let steps = options.running_steps(kinetics)?;
        Ok(Self {
            watch: watch(&options, network.states().len(), steps),
            medium: kinetics.medium_entropy_change(),
            start_weight: first.iter().zip(&tilt.initial).map(|(h, a)| h.ln() + a).collect(),
            intervals,
            description,
            network,
            options,
        })
    }
}

impl Simulation for TiltedSimulator<'_> {
    fn network(&self) -> &Network {
        &self.network
    }

    fn options(&self) -> &TrajectoryOptions<'_> {
        &self.options
    }

    fn algorithm(&self) -> String {
        format!(
            "Doob transform on {} intervals, {}",
            self.intervals.len(),
            super::simulator::algorithm()
        )
    }

    fn is_weighted(&self) -> bool {
        true
    }

    fn proposal(&self, start: &[f64]) -> Vec<f64> {
        let largest = self
            .start_weight
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let weights = start.iter().zip(&self.start_weight);
        let tilted: Vec<f64> = weights
            .map(|(p, w)| p * (w - largest).exp().max(SMALLEST_GUIDE))
            .collect();
        let sum = compensated_sum(tilted.iter().copied());
        tilted.iter().map(|p| p / sum).collect()
    }

    fn description(&self) -> Vec<u64> {
        self.description.clone()
    }

    fn sample(&self, start: usize, index: u64, record: &mut Trajectory, run: &Run<'_>) -> Result<()> {
        record.cleared(self.network.states().len(), self.network.edges().len(), start);
        let stream = Stream::new(run.seed, Purpose::Trajectory, index);
        let mut walk = Walk::new(&self.intervals[0].table, &self.watch, stream, start);
        let mut log_weight = CompensatedSum::default();
        let (mut counted, mut resided) = (record.jump_counts.clone(), record.residence.clone());
        for (j, interval) in self.intervals.iter().enumerate() {
            if j > 0 {
                walk.change_rates(&interval.table);
            }
            let pause = |_: f64| ask(run);
            let ending = walk.advance(
                &interval.table,
                interval.until,
                &self.options.times,
                record,
                &pause,
            )?;
            interval.add_log_weight(record, &counted, &resided, &mut log_weight);
            if ending.is_some() {
                break;
            }
            counted.copy_from_slice(&record.jump_counts);
            resided.copy_from_slice(&record.residence);
        }
        record.log_weight = log_weight.value();
        settle_counts(record, &self.medium, &self.options, &self.network);
        Ok(())
    }
}

impl Interval {
    fn new(kinetics: &MarkovJump, tilt: &Tilt, guide: &[f64], until: f64) -> Result<Self> {
        let edges = kinetics.network().edges().len();
        let (mut forward, mut backward) = (vec![0.0; edges], vec![0.0; edges]);
        let mut jump_weight = vec![0.0; 2 * edges];
        let mut change = vec![CompensatedSum::default(); guide.len()];
        for (jump, from, to, rate, weight) in weighted_jumps(kinetics, &tilt.weights) {
            let log = tilt.chi * weight + (guide[to] / guide[from]).ln();
            let tilted = rate * log.exp();
            if jump.is_multiple_of(2) {
                forward[jump / 2] = tilted;
            } else {
                backward[jump / 2] = tilted;
            }
            jump_weight[jump] = -log;
            change[from].add(tilted);
            change[from].add(-rate);
        }
        let tilted = MarkovJump::new(Arc::clone(kinetics.network()), forward, backward)?;
        Ok(Self {
            until,
            table: JumpTable::new(&tilted)?,
            jump_weight,
            exit_difference: change.iter().map(CompensatedSum::value).collect(),
        })
    }

    /// Adds Σ_jumps ln(k/k̃) + ∫ (r̃ − r) dt of what the record gained since the given counts and residence times.
    fn add_log_weight(
        &self,
        record: &Trajectory,
        counted: &[u64],
        resided: &[f64],
        sum: &mut CompensatedSum,
    ) {
        for ((now, before), weight) in record.jump_counts.iter().zip(counted).zip(&self.jump_weight) {
            sum.add((now - before) as f64 * weight);
        }
        for ((now, before), difference) in record.residence.iter().zip(resided).zip(&self.exit_difference) {
            sum.add((now - before) * difference);
        }
    }
}
