//! Trajectories of a process whose rates depend on time, with the work of its protocol.
//!
//! When to leave a state is decided by the integrated hazard (see the module `hazard`), or by thinning below an upper bound that the user
//! gives; the channel is chosen by the rates at that very time. Entropy is delivered to the medium jump by jump, ln(k⁺/k⁻) at the time of
//! the jump. Work is done between jumps, W = ∫ Ė_x dt = Σ E_x(leaving) − E_x(entering): a difference of energies, exact for any protocol,
//! sudden changes included.
//!
//! First law along every trajectory, where T ln(k⁺/k⁻) = E_x − E_y: E_end − E_start = W − Σ heat.
//!
//! Sources: Jarzynski, Phys. Rev. E 56, 5018 (1997) for the work; Lewis and Shedler, Nav. Res. Logist. Q. 26, 403 (1979) for thinning.

use irrev_numerics::Run;
use irrev_numerics::special::log_ratio;
use irrev_numerics::streams::{self, Purpose, Stream};

use super::checkpoint::network_words;
use super::hazard::Hazards;
use super::ledger::Ledger;
use super::options::{SystemEntropy, TrajectoryOptions};
use super::simulator::{Simulation, ask};
use super::trajectory::{Ending, Trajectory};
use super::walk::Watch;
use crate::dynamics::{DrivenJump, StateLaw};
use crate::error::{Error, Result};
use crate::kinetics::Kinetics;
use crate::network::Network;

/// An upper bound on the rate of leaving a state from a time on, and until when it holds.
pub type BoundLaw<'a> = dyn Fn(f64, usize) -> (f64, f64) + Sync + 'a;

/// How the times of jumps are found. Both are exact.
pub enum JumpTimes<'a> {
    /// Integrated hazards, prepared once for the whole protocol; `breaks` are the times at which rates jump (may be empty).
    Integrated {
        /// Ascending times within the protocol.
        breaks: Vec<f64>,
    },
    /// Thinning: proposals at the rate of the bound, accepted with probability rate/bound. Right for many states or short trajectories.
    Thinning(&'a BoundLaw<'a>),
}

enum Prepared<'a> {
    Integrated(Hazards),
    Thinning(&'a BoundLaw<'a>),
}

/// Trajectories of a [`DrivenJump`] from time 0 on.
///
/// ```
/// use irrev_network::{Distribution, Network, dynamics::DrivenJump};
/// use irrev_network::simulation::graph::{DrivenSimulator, EnsembleOptions, JumpTimes, Observable, TrajectoryOptions, ensemble};
/// // a two-level system whose gap opens from 0 to 2 within one unit of time, T = 1
/// let process = DrivenJump::new(Network::from_edges(2, &[(0, 1)])?, Box::new(|t, up, down| {
///     up[0] = (-t).exp();
///     down[0] = t.exp();
///     Ok(())
/// }));
/// let energies = |t: f64, e: &mut [f64]| { e[0] = 0.0; e[1] = 2.0 * t; Ok(()) };
/// let times = JumpTimes::Integrated { breaks: vec![] };
/// let run = Default::default();
/// let simulator = DrivenSimulator::new(&process, Some(&energies), times, TrajectoryOptions::default(), &run)?;
/// let sum = ensemble(&simulator, &Distribution::uniform(2)?, &EnsembleOptions { trajectories: 4000, ..Default::default() }, &run)?;
/// let work = sum.mean(Observable::Work).unwrap();
/// assert!((work.value - 0.788_366_621_4).abs() < 5.0 * work.standard_error);
/// # Ok::<(), irrev_network::Error>(())
/// ```
pub struct DrivenSimulator<'a> {
    pub(super) process: &'a DrivenJump<'a>,
    pub(super) energies: Option<&'a StateLaw<'a>>,
    pub(super) options: TrajectoryOptions<'a>,
    times: Prepared<'a>,
    /// Jumps that leave each state, and where they lead.
    leaving: Vec<Vec<(usize, usize)>>,
    targets: Vec<u32>,
    description: Vec<u64>,
}

impl<'a> DrivenSimulator<'a> {
    /// Prepares trajectories under a protocol; with `energies` per state, work is kept.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`], [`Error::Unknown`] for options that do not fit; an infinite horizon; a stationary system entropy, which
    /// driven processes do not have; rates that cannot be evaluated or integrated.
    pub fn new(
        process: &'a DrivenJump<'a>,
        energies: Option<&'a StateLaw<'a>>,
        times: JumpTimes<'a>,
        options: TrajectoryOptions<'a>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let network = process.network();
        options.check(network)?;
        let horizon = options.horizon;
        crate::require(
            "horizon of a protocol",
            horizon,
            horizon.is_finite(),
            "a finite time",
        )?;
        if matches!(options.system_entropy, SystemEntropy::Stationary(_)) {
            return Err(Error::Unknown {
                what: "stationary system entropy of a driven process; give its ends or a law instead of",
                name: "Stationary".into(),
            });
        }
        let states = network.states().len();
        let mut leaving = vec![Vec::new(); states];
        for (e, edge) in network.edges().iter().enumerate() {
            leaving[edge.from].push((2 * e, edge.to));
            leaving[edge.to].push((2 * e + 1, edge.from));
        }
        let mut description = options.description();
        description.extend(network_words(network));
        // a law is told apart by its values at a few times
        for k in 0..=8 {
            let time = horizon * f64::from(k) / 8.0;
            let (forward, backward) = process.rates_at(time)?;
            description.extend(forward.iter().chain(&backward).map(|r| r.to_bits()));
            if let Some(law) = energies {
                let mut e = vec![0.0; states];
                law(time, &mut e)?;
                description.extend(e.iter().map(|e| e.to_bits()));
            }
        }
        description.push(u64::from(matches!(times, JumpTimes::Thinning(_))));
        let times = match times {
            JumpTimes::Thinning(bound) => Prepared::Thinning(bound),
            JumpTimes::Integrated { breaks } => {
                let mut ends = vec![0.0];
                for time in breaks {
                    let last = ends[ends.len() - 1];
                    crate::require(
                        "break",
                        time,
                        time > last && time < horizon,
                        "ascending times within the protocol",
                    )?;
                    ends.push(time);
                }
                ends.push(horizon);
                let edges = network.edges();
                Prepared::Integrated(Hazards::new(&ends, states, run, |t, exit| {
                    let (forward, backward) = process.rates_at(t)?;
                    exit.fill(0.0);
                    for (edge, (f, b)) in edges.iter().zip(forward.iter().zip(&backward)) {
                        exit[edge.from] += f;
                        exit[edge.to] += b;
                    }
                    Ok(())
                })?)
            }
        };
        Ok(Self {
            process,
            energies,
            times,
            leaving,
            targets: Watch::target_places(states, &options.stop.states),
            description,
            options,
        })
    }

    /// Rates of the jumps that leave a state at a time, into `rates`; returns all rates (forward, backward).
    fn rates(&self, state: usize, time: f64, rates: &mut Vec<f64>) -> Result<(Vec<f64>, Vec<f64>)> {
        let (forward, backward) = self.process.rates_at(time)?;
        rates.clear();
        rates.extend(self.leaving[state].iter().map(|(jump, _)| {
            let along = if jump.is_multiple_of(2) {
                &forward
            } else {
                &backward
            };
            along[jump / 2]
        }));
        Ok((forward, backward))
    }

    /// The next time at which a jump is made, `None` beyond the horizon.
    fn next_time(&self, state: usize, now: f64, stream: &mut Stream, run: &Run<'_>) -> Result<Option<f64>> {
        match &self.times {
            Prepared::Integrated(hazards) => Ok(hazards.leaving(state, now, stream.exponential(1.0))),
            Prepared::Thinning(bound) => self.thinned(*bound, state, now, stream, run),
        }
    }

    fn thinned(
        &self,
        bound: &BoundLaw<'_>,
        state: usize,
        now: f64,
        stream: &mut Stream,
        run: &Run<'_>,
    ) -> Result<Option<f64>> {
        let (mut t, mut rates) = (now, Vec::new());
        for proposals in 1_u64.. {
            if proposals % 4096 == 0 {
                ask(run)?;
            }
            let (highest, until) = bound(t, state);
            let name = || &self.process.network().states()[state];
            let good = highest.is_finite() && highest >= 0.0 && until > t;
            crate::require(
                &format!("bound on the rate of leaving \"{}\" at t = {t}", name()),
                highest,
                good,
                "a finite number, not negative, that holds for some time",
            )?;
            let proposed = if highest > 0.0 {
                t + stream.exponential(highest)
            } else {
                f64::INFINITY
            };
            if proposed > until {
                t = until;
                if t >= self.options.horizon {
                    break;
                }
                continue;
            }
            if proposed > self.options.horizon {
                break;
            }
            t = proposed;
            self.rates(state, t, &mut rates)?;
            let rate: f64 = rates.iter().fold(0.0, |sum, r| sum + r);
            // a bound that equals the rate may fall short of it by rounding
            crate::require(
                &format!(
                    "rate of leaving \"{}\" at t = {t}, where the bound is {highest}",
                    name()
                ),
                rate,
                rate <= highest * (1.0 + 1e-12),
                "a rate within its bound",
            )?;
            if stream.uniform() * highest < rate {
                return Ok(Some(t));
            }
        }
        Ok(None)
    }
}

impl Simulation for DrivenSimulator<'_> {
    fn network(&self) -> &Network {
        self.process.network()
    }

    fn options(&self) -> &TrajectoryOptions<'_> {
        &self.options
    }

    fn algorithm(&self) -> String {
        let times = match self.times {
            Prepared::Integrated(_) => "integrated-hazard/1",
            Prepared::Thinning(_) => "thinning/1",
        };
        format!("{times} {}", streams::ALGORITHM)
    }

    fn keeps_work(&self) -> bool {
        self.energies.is_some()
    }

    fn description(&self) -> Vec<u64> {
        self.description.clone()
    }

    fn sample(&self, start: usize, index: u64, record: &mut Trajectory, run: &Run<'_>) -> Result<()> {
        let network = self.process.network();
        record.cleared(network.states().len(), network.edges().len(), start);
        let mut stream = Stream::new(run.seed, Purpose::Trajectory, index);
        let mut books = Ledger::new(self, start)?;
        let mut rates = Vec::new();
        let mut now = 0.0;
        record.ending = loop {
            let state = record.end;
            if let Some(&place) = self.targets.get(state).filter(|p| **p != u32::MAX) {
                break Ending::Target(place as usize);
            }
            if let Some(ending) = books.threshold() {
                break ending;
            }
            if record.jumps == self.options.stop.jumps {
                break Ending::Jumps;
            }
            if record.jumps % 1024 == 1023 {
                ask(run)?;
            }
            let next = self.next_time(state, now, &mut stream, run)?;
            let until = next.unwrap_or(self.options.horizon);
            let passed = self.options.times[record.states.len()..]
                .iter()
                .take_while(|t| **t <= until);
            let passed = passed.count();
            record.states.extend(std::iter::repeat_n(state, passed));
            record.residence[state] += until - now;
            now = until;
            if next.is_none() {
                break Ending::Horizon;
            }
            let (forward, backward) = self.rates(state, now, &mut rates)?;
            let (jump, to) = self.leaving[state][stream.categorical(&rates)];
            let (f, b) = (forward[jump / 2], backward[jump / 2]);
            let entropy = if jump.is_multiple_of(2) {
                log_ratio(f, b)
            } else {
                log_ratio(b, f)
            };
            books.jump(jump, state, to, now, entropy)?;
            record.jump_counts[jump] += 1;
            record.jumps += 1;
            record.end = to;
        };
        record.duration = now;
        books.close(record)
    }
}
