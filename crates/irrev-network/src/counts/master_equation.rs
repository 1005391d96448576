//! The chemical master equation on a finite part of the count lattice.
//!
//! A [`CountLattice`] is the set of counts that a start can reach within bounds, as a Markov jump process with one channel per reaction and
//! pair of states: everything known of jump networks holds for it. What leaves the bounds is treated in one of two ways:
//!
//! | question | jumps out of the bounds | error |
//! |---|---|---|
//! | transient (finite state projection) | into a sink that is never left | the probability in the sink: p ≤ p_exact, and Σ(p_exact − p) ≤ sink, but for the error of the evolution in time, which is added |
//! | stationary | left out, with their reverse | the probability on states that could leave is reported; the bounds grow until it is below the tolerance |
//!
//! Source: Munsky and Khammash, J. Chem. Phys. 124, 044104 (2006).

use std::collections::{HashMap, VecDeque};

use irrev_numerics::special::{dissipation, log_ratio};
use irrev_numerics::sum::{CompensatedSum, compensated_sum};
use irrev_numerics::{Run, Tolerance};

use super::{CountSystem, Propensity};
use crate::dynamics::Evolution;
use crate::error::{Error, Result};
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// Bytes per state and channel, for the estimate of memory.
const BYTES: u64 = 200;

/// Counts that are written between two looks at the monitor.
const REPORTED: usize = 4 << 20;

/// Factor by which a bound grows that probability leaves through.
const GROWTH: f64 = 1.6;

/// Growths before a search for bounds gives up.
const GROWTHS: usize = 60;

/// Counts within bounds that a start can reach, and the jumps between them.
#[derive(Debug, Clone)]
pub struct CountLattice {
    species: usize,
    /// Counts of every state, one after the other.
    counts: Vec<i64>,
    kinetics: MarkovJump,
    reaction_of_edge: Vec<usize>,
    /// Rate of leaving the bounds per state.
    leak: Vec<f64>,
    bounds: Vec<i64>,
    start: usize,
}

impl CountLattice {
    /// All states that can be reached from `start` without a count above its bound (inclusive), forward reactions and reverse ones alike.
    ///
    /// ```
    /// use irrev_network::counts::{CountLattice, CountReaction, CountSystem};
    /// let dimerisation = CountSystem::new(
    ///     vec!["A".into(), "B".into()],
    ///     vec![CountReaction::mass_action("2A <-> B", &[(0, 2)], &[(1, 1)], 0.01, 0.3)],
    /// )?;
    /// let lattice = CountLattice::new(&dimerisation, &[40, 0], &[40, 20], &Default::default())?;
    /// assert_eq!(lattice.states(), 21);
    /// let stationary = lattice.kinetics().stationary_distribution()?;
    /// assert!((lattice.means(&stationary)[0] - 18.22163171251103).abs() < 1e-10);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`]; [`Error::TimeDependent`] for propensities that depend on time; memory over the limit of the
    /// run, with the figure; cancelled.
    pub fn new(system: &CountSystem, start: &[i64], bounds: &[i64], run: &Run<'_>) -> Result<Self> {
        Self::at_most(usize::MAX, system, start, bounds, run)
    }

    /// As [`Self::new`], given up as soon as more than `most` states are found.
    ///
    /// # Errors
    /// As [`Self::new`]; [`Error::ManyStates`].
    pub fn at_most(
        most: usize,
        system: &CountSystem,
        start: &[i64],
        bounds: &[i64],
        run: &Run<'_>,
    ) -> Result<Self> {
        system.check_counts(start)?;
        if bounds.len() != start.len() {
            return Err(Error::Length {
                what: "bounds",
                found: bounds.len(),
                expected: start.len(),
            });
        }
        for (k, (&n, &bound)) in start.iter().zip(bounds).enumerate() {
            let what = format!("the bound of {}", system.species()[k]);
            crate::require(&what, bound as f64, bound >= n, "at least the initial count")?;
        }
        if system.depends_on_time() {
            return Err(Error::TimeDependent {
                quantity: "the master equation on a count lattice",
            });
        }
        Exploration::new(most, system, start, bounds).lattice(run)
    }

    /// Number of states.
    #[must_use]
    pub fn states(&self) -> usize {
        self.leak.len()
    }

    /// Counts at a state.
    ///
    /// # Panics
    /// If there is no such state.
    #[must_use]
    pub fn counts(&self, state: usize) -> &[i64] {
        &self.counts[state * self.species..(state + 1) * self.species]
    }

    /// Largest counts admitted.
    #[must_use]
    pub fn bounds(&self) -> &[i64] {
        &self.bounds
    }

    /// The state of the initial counts.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }

    /// The jump process within the bounds; jumps out of them are left out with their reverse.
    #[must_use]
    pub fn kinetics(&self) -> &MarkovJump {
        &self.kinetics
    }

    /// Reaction of every edge of the process.
    #[must_use]
    pub fn reaction_of_edge(&self) -> &[usize] {
        &self.reaction_of_edge
    }

    /// Rate of leaving the bounds, per state.
    #[must_use]
    pub fn leak(&self) -> &[f64] {
        &self.leak
    }

    /// Mean count of every species.
    #[must_use]
    pub fn means(&self, p: &Distribution) -> Vec<f64> {
        self.sums(p.probabilities(), |_, n| n)
    }

    /// Variance of the count of every species.
    #[must_use]
    pub fn variances(&self, p: &Distribution) -> Vec<f64> {
        let means = self.means(p);
        self.sums(p.probabilities(), |k, n| (n - means[k]) * (n - means[k]))
    }

    fn sums(&self, p: &[f64], of: impl Fn(usize, f64) -> f64) -> Vec<f64> {
        let mut sums = vec![CompensatedSum::default(); self.species];
        for (state, p) in p.iter().enumerate() {
            for (k, n) in self.counts(state).iter().enumerate() {
                sums[k].add(p * of(k, *n as f64));
            }
        }
        sums.iter().map(CompensatedSum::value).collect()
    }

    /// Probability of states with a count at its bound from which reactions leave the bounds.
    #[must_use]
    pub fn edge_mass(&self, p: &Distribution) -> f64 {
        let at_edge = self
            .leak
            .iter()
            .zip(p.probabilities())
            .filter(|(leak, _)| **leak > 0.0);
        compensated_sum(at_edge.map(|(_, p)| *p))
    }

    /// The process with a sink for what leaves the bounds, as the last state.
    fn with_sink(&self) -> Result<MarkovJump> {
        use crate::kinetics::Kinetics as _;
        let sink = self.states();
        let edges = self.kinetics.network().edges().iter();
        let rates = self
            .kinetics
            .forward_rate()
            .iter()
            .zip(self.kinetics.backward_rate());
        let mut channels: Vec<(usize, usize, f64, f64)> = edges
            .zip(rates)
            .map(|(e, (f, b))| (e.from, e.to, *f, *b))
            .collect();
        let leaking = self.leak.iter().enumerate().filter(|(_, rate)| **rate > 0.0);
        channels.extend(leaking.map(|(state, rate)| (state, sink, *rate, 0.0)));
        MarkovJump::from_rates(sink + 1, &channels)
    }
}

/// Breadth-first search of the reachable counts.
struct Exploration<'a> {
    most: usize,
    system: &'a CountSystem,
    bounds: &'a [i64],
    counts: Vec<i64>,
    index: HashMap<Vec<i64>, usize>,
    queue: VecDeque<usize>,
}

impl<'a> Exploration<'a> {
    fn new(most: usize, system: &'a CountSystem, start: &[i64], bounds: &'a [i64]) -> Self {
        Self {
            most,
            system,
            bounds,
            counts: start.to_vec(),
            index: HashMap::from([(start.to_vec(), 0)]),
            queue: VecDeque::from([0]),
        }
    }

    /// The state of some counts, new or known; `None` outside the bounds.
    fn place(&mut self, counts: Vec<i64>) -> Result<Option<usize>> {
        if counts.iter().zip(self.bounds).any(|(n, bound)| n > bound) {
            return Ok(None);
        }
        if let Some(&known) = self.index.get(&counts) {
            return Ok(Some(known));
        }
        let next = self.index.len();
        if next >= self.most {
            return Err(Error::ManyStates { most: self.most });
        }
        self.counts.extend(&counts);
        self.index.insert(counts, next);
        self.queue.push_back(next);
        Ok(Some(next))
    }

    fn lattice(mut self, run: &Run<'_>) -> Result<CountLattice> {
        let n = self.system.species().len();
        let mut channels = Vec::new();
        let mut reaction_of_edge = Vec::new();
        let mut leak = Vec::new();
        // the neighbours of a state are as many as the reactions, and each is a list of all counts
        let work = self.system.reactions().len() * n;
        let pause = (REPORTED / work.max(1)).clamp(1, 1024);
        while let Some(state) = self.queue.pop_front() {
            if state % pause == 0 {
                run.report(0.0, "states of the count lattice")?;
                // the counts of a state are kept in the list and as its key
                let planned =
                    BYTES * (self.index.len() + channels.len()) as u64 + 16 * self.counts.len() as u64;
                run.require_memory("the states of the count lattice", planned)?;
            }
            let here = self.counts[state * n..(state + 1) * n].to_vec();
            let mut out = 0.0;
            for (r, reaction) in self.system.reactions().iter().enumerate() {
                if reaction.change.is_empty() {
                    continue;
                }
                let (up, down) = (
                    moved(&here, &reaction.change, 1),
                    moved(&here, &reaction.change, -1),
                );
                let forward = propensity(self.system, r, &reaction.forward, &here, up.is_some())?;
                let backward = match &reaction.backward {
                    Some(law) => propensity(self.system, r, law, &here, down.is_some())?,
                    None => 0.0,
                };
                for (target, rate, direction) in [(up, forward, 1), (down, backward, -1)] {
                    if rate == 0.0 {
                        continue;
                    }
                    let place = target.map(|counts| self.place(counts)).transpose()?;
                    let Some(to) = place.flatten() else {
                        out += rate;
                        continue;
                    };
                    let there = self.counts[to * n..(to + 1) * n].to_vec();
                    // each pair once: from its lower end, or from here if nothing leads up from there
                    if direction == 1 {
                        let back = match &reaction.backward {
                            Some(law) => propensity(self.system, r, law, &there, true)?,
                            None => 0.0,
                        };
                        channels.push((state, to, rate, back));
                        reaction_of_edge.push(r);
                    } else if propensity(self.system, r, &reaction.forward, &there, true)? == 0.0 {
                        channels.push((to, state, 0.0, rate));
                        reaction_of_edge.push(r);
                    }
                }
            }
            leak.push(out);
        }
        Ok(CountLattice {
            species: n,
            kinetics: MarkovJump::from_rates(leak.len(), &channels)?,
            counts: self.counts,
            reaction_of_edge,
            leak,
            bounds: self.bounds.to_vec(),
            start: 0,
        })
    }
}

/// Counts after a reaction, `None` if one would be negative.
fn moved(counts: &[i64], change: &[(usize, i64)], sign: i64) -> Option<Vec<i64>> {
    let mut next = counts.to_vec();
    for &(species, amount) in change {
        next[species] += sign * amount;
        if next[species] < 0 {
            return None;
        }
    }
    Some(next)
}

/// Value of a law at counts, checked; 0 where the jump would make a count negative.
fn propensity(
    system: &CountSystem,
    reaction: usize,
    law: &Propensity,
    counts: &[i64],
    possible: bool,
) -> Result<f64> {
    if !possible {
        return Ok(0.0);
    }
    let real: Vec<f64> = counts.iter().map(|n| *n as f64).collect();
    let value = law.value(0.0, &real);
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(Error::Domain {
        what: format!(
            "the propensity of \"{}\" at counts {counts:?}",
            system.reactions()[reaction].name
        ),
        value,
        expected: "a finite number from 0 on",
    })
}

/// How far the lattice may grow, and how exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct MasterEquationOptions {
    /// Largest counts to begin with; default `None` begins at twice the initial counts and ten more, and grows.
    pub bounds: Option<Vec<i64>>,
    /// Whether bounds may grow; default yes.
    pub grow: bool,
    /// Accepted probability outside the bounds; default 1e-10.
    pub tolerance: f64,
    /// Most states of a lattice; more are given up as [`Error::ManyStates`]. Default: as many as memory allows.
    pub states: usize,
}

impl Default for MasterEquationOptions {
    fn default() -> Self {
        Self {
            bounds: None,
            grow: true,
            tolerance: 1e-10,
            states: usize::MAX,
        }
    }
}

/// Moments over time with a rigorous error.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TransientMoments {
    /// The times.
    pub times: Vec<f64>,
    /// Mean counts at every time.
    pub means: Vec<Vec<f64>>,
    /// Variances at every time.
    pub variances: Vec<Vec<f64>>,
    /// Probability that has left the bounds by each time, and the error of the evolution in time: Σ |p − p_exact| over the states
    /// within the bounds is not larger, and neither is the probability beyond them.
    pub outside: Vec<f64>,
    /// The distribution within the bounds at the last time; what it lacks to 1 has left them.
    pub distribution: Vec<f64>,
    /// The lattice that was needed.
    pub lattice: CountLattice,
}

/// Solves the chemical master equation from initial counts at the given times (ascending, from 0 on).
///
/// # Errors
/// As [`CountLattice::new`]; [`Error::Domain`] for times out of order; [`Error::Truncation`] if the bounds may not grow far enough.
pub fn transient_moments(
    system: &CountSystem,
    start: &[i64],
    times: &[f64],
    options: &MasterEquationOptions,
    run: &Run<'_>,
) -> Result<TransientMoments> {
    let mut before = 0.0;
    for &time in times {
        let fits = time >= before && time.is_finite();
        crate::require("time", time, fits, "finite times in ascending order, from 0 on")?;
        before = time;
    }
    let mut bounds = first_bounds(start, options);
    for _ in 0..GROWTHS {
        let lattice = CountLattice::at_most(options.states, system, start, &bounds, run)?;
        let (moments, last) = projected(&lattice, times, options.tolerance, run)?;
        let outside = moments.outside.last().copied().unwrap_or(0.0);
        if outside <= options.tolerance {
            return Ok(moments);
        }
        if !options.grow {
            return Err(Error::Truncation {
                outside,
                tolerance: options.tolerance,
            });
        }
        grow(system, &lattice, &last, &mut bounds)?;
    }
    Err(Error::Truncation {
        outside: 1.0,
        tolerance: options.tolerance,
    })
}

fn first_bounds(start: &[i64], options: &MasterEquationOptions) -> Vec<i64> {
    match &options.bounds {
        Some(bounds) => bounds.clone(),
        None => start.iter().map(|n| 2 * n + 10).collect(),
    }
}

/// Moments on a lattice with a sink, and the last distribution.
fn projected(
    lattice: &CountLattice,
    times: &[f64],
    tolerance: f64,
    run: &Run<'_>,
) -> Result<(TransientMoments, Vec<f64>)> {
    let open = lattice.with_sink()?;
    let evolution = Evolution::new(&open)?;
    let fine = Tolerance {
        absolute: 0.01 * tolerance / times.len().max(1) as f64,
        relative: 0.0,
        max_iterations: 0,
    };
    let sink = lattice.states();
    let mut p = Distribution::point(sink + 1, lattice.start())?;
    let mut now = 0.0;
    let mut evolution_error = 0.0;
    let mut moments = TransientMoments {
        times: times.to_vec(),
        means: Vec::new(),
        variances: Vec::new(),
        outside: Vec::new(),
        distribution: Vec::new(),
        lattice: lattice.clone(),
    };
    for &time in times {
        if time > now {
            let evolved = evolution.advance(&p, time - now, fine, run)?;
            evolution_error += evolved.convergence.residual;
            p = evolved.distribution;
            now = time;
        }
        let inside = &p.probabilities()[..sink];
        let means = lattice.sums(inside, |_, n| n);
        let total = compensated_sum(inside.iter().copied());
        // moments of what is inside, as a distribution of its own
        let means: Vec<f64> = means.iter().map(|m| m / total).collect();
        let variances = lattice.sums(inside, |k, n| (n - means[k]) * (n - means[k]) / total);
        moments.means.push(means);
        moments.variances.push(variances);
        moments.outside.push(p.probabilities()[sink] + evolution_error);
    }
    moments.distribution = p.probabilities()[..sink].to_vec();
    let last = moments.distribution.clone();
    Ok((moments, last))
}

/// Widens the bounds of the species through which probability leaves.
fn grow(system: &CountSystem, lattice: &CountLattice, p: &[f64], bounds: &mut [i64]) -> Result<()> {
    let mut through = vec![0.0; bounds.len()];
    for (state, weight) in p.iter().enumerate().filter(|(s, _)| lattice.leak[*s] > 0.0) {
        let here = lattice.counts(state);
        for (r, reaction) in system.reactions().iter().enumerate() {
            for (law, sign) in [(Some(&reaction.forward), 1), (reaction.backward.as_ref(), -1)] {
                let target = moved(here, &reaction.change, sign);
                let (Some(law), Some(next)) = (law, target) else {
                    continue;
                };
                for (k, n) in next.iter().enumerate().filter(|(k, n)| **n > bounds[*k]) {
                    let _ = n;
                    through[k] += (weight + f64::MIN_POSITIVE) * propensity(system, r, law, here, true)?;
                }
            }
        }
    }
    let largest = through.iter().fold(0.0_f64, |m, v| m.max(*v));
    for (bound, through) in bounds.iter_mut().zip(&through) {
        if *through > 1e-3 * largest {
            *bound = (*bound as f64 * GROWTH).ceil() as i64 + 2;
        }
    }
    Ok(())
}

/// The stationary state of a count lattice and its thermodynamics.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StationaryCounts {
    /// The stationary distribution on the lattice.
    pub distribution: Distribution,
    /// Mean count per species.
    pub means: Vec<f64>,
    /// Variance per species.
    pub variances: Vec<f64>,
    /// Entropy production rate, in nats per time; +∞ if a reaction runs one way.
    pub entropy_production_rate: f64,
    /// The same by reaction.
    pub entropy_production_rate_by_reaction: Vec<f64>,
    /// Mean net rate of every reaction.
    pub currents: Vec<f64>,
    /// Entropy that flows to the medium, Σ J ln(a⁺/a⁻): equal to the entropy production rate in the stationary state.
    pub entropy_flow_to_medium: f64,
    /// Probability of states from which reactions would leave the bounds: what the truncation cuts through.
    pub edge_mass: f64,
    /// The lattice.
    pub lattice: CountLattice,
}

/// Stationary distribution of the chemical master equation, with bounds that grow until the edge holds less than the tolerance.
///
/// # Errors
/// As [`CountLattice::new`]; several closed classes; [`Error::Truncation`].
pub fn stationary_counts(
    system: &CountSystem,
    start: &[i64],
    options: &MasterEquationOptions,
    run: &Run<'_>,
) -> Result<StationaryCounts> {
    let mut bounds = first_bounds(start, options);
    for _ in 0..GROWTHS {
        let lattice = CountLattice::at_most(options.states, system, start, &bounds, run)?;
        run.require_memory(
            "the stationary distribution",
            lattice.kinetics.stationary_memory()?,
        )?;
        let distribution = lattice.kinetics.stationary_distribution()?;
        let edge_mass = lattice.edge_mass(&distribution);
        if edge_mass <= options.tolerance {
            return thermodynamics(system, lattice, distribution, edge_mass);
        }
        if !options.grow {
            return Err(Error::Truncation {
                outside: edge_mass,
                tolerance: options.tolerance,
            });
        }
        grow(system, &lattice, distribution.probabilities(), &mut bounds)?;
    }
    Err(Error::Truncation {
        outside: 1.0,
        tolerance: options.tolerance,
    })
}

fn thermodynamics(
    system: &CountSystem,
    lattice: CountLattice,
    distribution: Distribution,
    edge_mass: f64,
) -> Result<StationaryCounts> {
    let flow = lattice.kinetics.flow(&distribution)?;
    let reactions = system.reactions().len();
    let mut rates = vec![CompensatedSum::default(); reactions];
    let mut currents = vec![CompensatedSum::default(); reactions];
    let mut medium = CompensatedSum::default();
    let constants = lattice
        .kinetics
        .forward_rate()
        .iter()
        .zip(lattice.kinetics.backward_rate());
    for ((&r, (a, b)), (f, k)) in lattice.reaction_of_edge.iter().zip(flow.fluxes()).zip(constants) {
        rates[r].add(dissipation(a, b));
        currents[r].add(a);
        currents[r].add(-b);
        if a != b {
            medium.add((a - b) * log_ratio(*f, *k));
        }
    }
    // reactions that change no count turn over at every state
    for (r, reaction) in system
        .reactions()
        .iter()
        .enumerate()
        .filter(|(_, r)| r.change.is_empty())
    {
        for (state, p) in distribution.probabilities().iter().enumerate() {
            let here = lattice.counts(state);
            let forward = propensity(system, r, &reaction.forward, here, true)?;
            let backward = match &reaction.backward {
                Some(law) => propensity(system, r, law, here, true)?,
                None => 0.0,
            };
            rates[r].add(p * dissipation(forward, backward));
            currents[r].add(p * (forward - backward));
            medium.add(p * dissipation(forward, backward));
        }
    }
    let values = |sums: &[CompensatedSum]| sums.iter().map(CompensatedSum::value).collect::<Vec<_>>();
    let by_reaction = values(&rates);
    Ok(StationaryCounts {
        means: lattice.means(&distribution),
        variances: lattice.variances(&distribution),
        entropy_production_rate: compensated_sum(by_reaction.iter().copied()),
        entropy_production_rate_by_reaction: by_reaction,
        currents: values(&currents),
        entropy_flow_to_medium: medium.value(),
        edge_mass,
        distribution,
        lattice,
    })
}
