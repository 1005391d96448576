//! One trajectory under way: it moves from window to window, and writes a row at each output time.

use irrev_numerics::streams::{BatchedStream, Purpose};

use super::account::Account;
use super::engine::{Clock, Pause, Simulator, engine_for, window_length};
use super::log_product::LongSum;
use super::options::{Method, SimulationOptions};
use super::records::{End, PassageRecord, Quantity, ReactionJumps, Trajectory};
use super::words::{Reader, Writer};
use super::{langevin, tau_leap};
use crate::counts::{Channels, CountSystem, LARGEST_COUNT};
use crate::error::{Error, Result};

/// A question with everything that does not change from trajectory to trajectory.
pub(crate) struct Plan<'a> {
    pub(crate) system: &'a CountSystem,
    pub(crate) options: &'a SimulationOptions,
    pub(crate) channels: Channels,
    pub(crate) initial: Vec<f64>,
    pub(crate) seed: u64,
    pub(crate) window: u64,
    pub(crate) quantities: Vec<Quantity>,
    /// Weights of each current by channel.
    currents: Vec<Vec<f64>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        system: &'a CountSystem,
        initial: &[i64],
        options: &'a SimulationOptions,
        seed: u64,
    ) -> Result<Self> {
        system.check_counts(initial)?;
        options.check(system)?;
        let channels = Channels::new(system);
        let books = &options.books;
        let species = || system.species().iter().cloned();
        let mut quantities: Vec<Quantity> = species().map(Quantity::Count).collect();
        if books.residence {
            quantities.extend(species().map(Quantity::CountIntegral));
        }
        if books.jumps {
            quantities.push(Quantity::Activity);
        }
        if books.entropy {
            use Quantity::{MaximumEntropy, MediumEntropy, MinimumEntropy};
            quantities.extend([MediumEntropy, MaximumEntropy, MinimumEntropy]);
        }
        quantities.extend(books.currents.iter().map(|c| Quantity::Current(c.name.clone())));
        quantities.extend(books.reservoirs.iter().map(|r| Quantity::Heat(r.name.clone())));
        if let Some(wanted) = &options.wanted_error
            && (wanted.quantity >= quantities.len() || wanted.time >= options.times.len())
        {
            return Err(Error::Unknown {
                what: "quantity or time of the wanted error",
                name: format!("{}, {}", wanted.quantity, wanted.time),
            });
        }
        let currents = books.currents.iter().map(|c| {
            let signed = channels.reaction.iter().map(|&(k, forward)| {
                let w = c.weights[k as usize];
                if forward { w } else { -w }
            });
            signed.collect()
        });
        Ok(Self {
            currents: currents.collect(),
            initial: channels.padded(initial),
            window: window_length(&channels, options.method),
            system,
            options,
            channels,
            seed,
            quantities,
        })
    }

    fn end(&self) -> f64 {
        self.options.times.last().copied().unwrap_or(self.options.start)
    }

    pub(crate) fn simulator(&self) -> Result<(&'static str, Box<dyn Simulator>)> {
        match self.options.method {
            Method::TauLeaping(options) => tau_leap::simulator(&self.channels, options),
            Method::Langevin(options) => langevin::simulator(&self.channels, options, &self.options.books),
            exact => engine_for(exact, &self.channels, self.end()),
        }
    }
}

/// A trajectory under way.
pub(crate) struct Walk {
    pub(crate) index: u64,
    counts: Vec<f64>,
    /// Absolute time of the window's start.
    start: LongSum,
    clock: Clock,
    bits: BatchedStream,
    jumps: u64,
    in_window: u64,
    output: usize,
    pub(crate) ended: Option<End>,
    pub(crate) account: Account,
    simulator: Box<dyn Simulator>,
    /// Output times by quantities.
    pub(crate) rows: Vec<f64>,
}

impl Walk {
    pub(crate) fn new(plan: &Plan<'_>) -> Result<Self> {
        let reservoirs: Vec<_> = plan.system.reactions().iter().map(|r| r.reservoir).collect();
        Ok(Self {
            index: 0,
            counts: plan.initial.clone(),
            start: LongSum::default(),
            clock: Clock { now: 0.0, next: 0.0 },
            bits: BatchedStream::new(plan.seed, Purpose::Trajectory, 0),
            jumps: 0,
            in_window: 0,
            output: 0,
            ended: None,
            account: Account::new(&plan.options.books, &plan.channels, &reservoirs),
            simulator: plan.simulator()?.1,
            rows: vec![f64::NAN; plan.options.times.len() * plan.quantities.len()],
        })
    }

    /// Begins trajectory `index`.
    pub(crate) fn begin(&mut self, plan: &Plan<'_>, index: u64) {
        self.index = index;
        self.counts.copy_from_slice(&plan.initial);
        self.start = LongSum::default();
        self.start.add(plan.options.start);
        self.bits = BatchedStream::new(plan.seed, Purpose::Trajectory, index);
        (self.jumps, self.in_window, self.output) = (0, 0, 0);
        self.rows.fill(f64::NAN);
        self.simulator.forget();
        self.simulator
            .rebuild(&plan.channels, &self.counts, plan.options.start, &mut self.bits);
        let next = self
            .simulator
            .first_time(&plan.channels, &self.counts, &mut self.bits);
        self.clock = Clock { now: 0.0, next };
        let met = self.account.begin(&self.counts, plan.options.start);
        self.ended = met.then_some(End::Passage);
    }

    /// Runs to the end of the window or of the trajectory.
    ///
    /// # Errors
    /// [`Error::Propensity`] where a law has no valid value, [`Error::Domain`] where a count or a total propensity leaves its range.
    pub(crate) fn advance(&mut self, plan: &Plan<'_>) -> Result<()> {
        while self.ended.is_none() {
            let until = self.start.until(plan.options.times[self.output]);
            let left = plan.options.most_jumps.map_or(u64::MAX, |most| most - self.jumps);
            if left == 0 {
                self.ended = Some(End::Jumps);
                break;
            }
            let (pause, done) = self.simulator.run(
                &plan.channels,
                &mut self.counts,
                &mut self.clock,
                &mut self.account,
                &mut self.bits,
                until,
                left.min(plan.window - self.in_window),
            );
            self.jumps += done;
            self.in_window += done;
            match pause {
                Pause::Time if self.clock.next.is_nan() => return Err(self.fault(plan)),
                Pause::Time => {
                    self.account.stay(self.clock.now, until, &self.counts);
                    self.clock.now = until;
                    self.record(plan, until);
                    self.output += 1;
                    if self.output == plan.options.times.len() {
                        self.ended = Some(End::Time);
                    }
                }
                Pause::Passage => self.ended = Some(End::Passage),
                Pause::Jumps if self.in_window == plan.window => {
                    self.close_window(plan)?;
                    return Ok(());
                }
                Pause::Jumps => {}
            }
        }
        Ok(())
    }

    fn fault(&self, plan: &Plan<'_>) -> Error {
        let time = self.time();
        let fault = plan.channels.fault(plan.system, &self.counts, time);
        fault.unwrap_or_else(|| Error::Domain {
            what: format!("total propensity at time {time}"),
            value: f64::NAN,
            expected: "finite propensities with a finite sum, within the bounds their laws give",
        })
    }

    /// Moves the origin of time to the last jump, and derives everything afresh.
    fn close_window(&mut self, plan: &Plan<'_>) -> Result<()> {
        for (name, &n) in plan.system.species().iter().zip(&self.counts) {
            crate::require(
                &format!("count of \"{name}\" at time {}", self.time()),
                n,
                n < LARGEST_COUNT as f64,
                "fewer than 2^53 molecules",
            )?;
        }
        let by = self.clock.now;
        self.start.add(by);
        self.account
            .close_window(&plan.channels, &self.counts, by, self.start.value());
        self.clock = Clock {
            now: 0.0,
            next: self.clock.next - by,
        };
        self.in_window = 0;
        self.simulator.shift(by);
        self.simulator
            .rebuild(&plan.channels, &self.counts, self.start.value(), &mut self.bits);
        Ok(())
    }

    /// Absolute time reached.
    pub(crate) fn time(&self) -> f64 {
        let mut time = self.start;
        time.add(self.clock.now);
        time.value()
    }

    fn record(&mut self, plan: &Plan<'_>, at: f64) {
        let (books, channels) = (&plan.options.books, &plan.channels);
        let width = plan.quantities.len();
        let mut row = self.counts[..channels.species].to_vec();
        if books.residence {
            row.extend(self.account.integrals(channels, &self.counts, at));
        }
        if books.jumps {
            row.push((0..channels.len()).map(|r| self.account.jumps(r)).sum::<u64>() as f64);
        }
        if books.entropy {
            let (value, maximum, minimum) = self.account.entropy();
            row.extend([value, maximum, minimum]);
        }
        for weights in &plan.currents {
            let terms = weights.iter().enumerate();
            row.push(terms.map(|(r, w)| w * self.account.jumps(r) as f64).sum());
        }
        for (k, reservoir) in books.reservoirs.iter().enumerate() {
            row.push(reservoir.temperature * self.account.reservoir_entropy(k));
        }
        self.rows[self.output * width..(self.output + 1) * width].copy_from_slice(&row);
    }

    /// Jumps of each reaction so far.
    pub(crate) fn reaction_jumps(&self, plan: &Plan<'_>) -> Vec<ReactionJumps> {
        let mut all = vec![ReactionJumps::default(); plan.system.reactions().len()];
        for (r, &(k, forward)) in plan.channels.reaction.iter().enumerate() {
            let entry = &mut all[k as usize];
            let n = self.account.jumps(r);
            if forward {
                entry.forward = n;
            } else {
                entry.backward = n;
            }
            entry.one_way += self.account.one_way(r);
        }
        all
    }

    /// The trajectory as it is handed out.
    pub(crate) fn finished(&self, plan: &Plan<'_>, end: End) -> Trajectory {
        let books = &plan.options.books;
        let passages = self.account.reached().iter().map(|r| {
            r.map(|r| PassageRecord {
                time: r.time,
                entropy: r.entropy,
            })
        });
        Trajectory {
            index: self.index,
            values: self.rows.clone(),
            end_time: self.time(),
            end,
            jumps: if books.jumps {
                self.reaction_jumps(plan)
            } else {
                Vec::new()
            },
            passages: passages.collect(),
            histograms: self.account.histograms().iter().map(|h| h.1.clone()).collect(),
        }
    }

    /// Draws one window with its jumps noted; for [`sample_path`](super::sample_path).
    pub(crate) fn events(&mut self) -> &mut Vec<(f64, u32)> {
        &mut self.account.events
    }

    /// Absolute time of the present window's start.
    pub(crate) fn window_start(&self) -> LongSum {
        self.start
    }

    /// State at a window's end or before the first window.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.word(self.index);
        out.numbers(&self.counts);
        for x in [self.start.high, self.start.low, self.clock.now, self.clock.next] {
            out.number(x);
        }
        for x in [
            self.bits.position(),
            self.jumps,
            self.in_window,
            self.output as u64,
        ] {
            out.word(x);
        }
        out.word(u64::from(self.ended.is_some()));
        self.account.write(out);
        out.numbers(&self.simulator.memory());
        out.numbers(&self.rows);
    }

    /// Takes a state back; `None` if the words do not fit the plan.
    pub(crate) fn read(&mut self, plan: &Plan<'_>, input: &mut Reader<'_>) -> Option<()> {
        self.index = input.word()?;
        let counts = input.numbers()?;
        (counts.len() == self.counts.len()).then_some(())?;
        self.counts = counts;
        self.start = LongSum {
            high: input.number()?,
            low: input.number()?,
        };
        self.clock = Clock {
            now: input.number()?,
            next: input.number()?,
        };
        self.bits = BatchedStream::at(plan.seed, Purpose::Trajectory, self.index, input.word()?);
        (self.jumps, self.in_window) = (input.word()?, input.word()?);
        self.output = input.word()? as usize;
        self.ended = (input.word()? == 1).then_some(End::Passage);
        self.account.read(input, self.start.value())?;
        self.simulator.recall(&input.numbers()?);
        let rows = input.numbers()?;
        (rows.len() == self.rows.len() && self.output < plan.options.times.len()).then_some(())?;
        self.rows = rows;
        self.simulator
            .rebuild(&plan.channels, &self.counts, self.start.value(), &mut self.bits);
        Some(())
    }
}
