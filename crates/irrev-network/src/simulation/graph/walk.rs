//! The walk itself: the loop over jumps, compiled once for every set of books.
//!
//! A walk draws the waiting time when it enters a state and the jump when the time has come, so asking for the state at some time does
//! not change the trajectory. Time is kept as a compensated sum over stretches of at most 65,536 jumps: after 10⁹ jumps
//! it is still right to the last digits. The running quantity is a compensated sum too.

use irrev_numerics::streams::Stream;
use irrev_numerics::sum::CompensatedSum;

use super::options::LogProbability;
use super::table::JumpTable;
use super::trajectory::{Ending, Trajectory};
use super::waiting::{Ziggurat, ziggurat};
use crate::error::Result;

/// Jumps between two looks at the monitor: about 2 ms.
const STRETCH: u64 = 1 << 16;

/// Marks a state that is no target.
const NO_TARGET: u32 = u32::MAX;

/// What a walk must look at besides the jumps.
pub(super) struct Watch<'a> {
    /// Count jumps and residence times; always where a quantity runs.
    pub(super) counts: bool,
    /// Change of the running quantity per jump; empty if there is none.
    pub(super) steps: Vec<f64>,
    /// ln p_t(x), part of the running quantity if there is one and the law is given.
    pub(super) law: Option<&'a LogProbability<'a>>,
    /// Upper and lower threshold.
    pub(super) thresholds: (f64, f64),
    /// Place of each state in the list of targets; empty if there are none.
    pub(super) targets: Vec<u32>,
    /// Largest number of jumps.
    pub(super) jumps: u64,
}

impl Watch<'_> {
    /// Places of the states in a list of targets.
    pub(super) fn target_places(states: usize, targets: &[usize]) -> Vec<u32> {
        if targets.is_empty() {
            return Vec::new();
        }
        let mut places = vec![NO_TARGET; states];
        for (k, &target) in targets.iter().enumerate().rev() {
            places[target] = k as u32;
        }
        places
    }

    fn target(&self, state: u32) -> Option<Ending> {
        let place = *self.targets.get(state as usize)?;
        (place != NO_TARGET).then_some(Ending::Target(place as usize))
    }

    fn has_stops(&self) -> bool {
        !self.targets.is_empty() || self.thresholds != (f64::INFINITY, f64::NEG_INFINITY)
    }
}

/// A sum with Kahan's compensation, whose value is read at every step: half the work of Neumaier's and no branch. A term larger
/// than the sum itself loses one rounding of the term, so the error grows with the returns to 0 only.
#[derive(Debug, Clone, Copy, Default)]
struct RunningSum {
    sum: f64,
    lost: f64,
    minimum: f64,
    maximum: f64,
}

impl RunningSum {
    #[inline]
    fn add(&mut self, x: f64) {
        let t = self.sum + x;
        self.lost += x - (t - self.sum);
        self.sum = t;
    }

    #[inline]
    fn value(&self) -> f64 {
        self.sum + self.lost
    }

    #[inline]
    fn note(&mut self, value: f64) {
        // comparisons with one outcome for equal numbers; faster than f64::min, which also treats NaN
        self.minimum = if value < self.minimum { value } else { self.minimum };
        self.maximum = if value > self.maximum { value } else { self.maximum };
    }
}

/// Why a stretch of a walk came to its end.
enum Halt {
    /// The time asked for was reached.
    Time,
    /// The stretch is used up.
    Stretch,
    /// A target or a threshold was reached.
    Stopped(Ending),
}

/// A walk under way. The time of the next jump is known; everything else is in the record.
pub(super) struct Walk<'a> {
    watch: &'a Watch<'a>,
    ziggurat: &'static Ziggurat,
    stream: Stream,
    state: u32,
    elapsed: CompensatedSum,
    /// Time from now to the next jump.
    left: f64,
    running: RunningSum,
    /// ln p₀(x₀) if a law is part of the running quantity.
    reference: f64,
}

impl<'a> Walk<'a> {
    /// A walk at time 0 in the state where the record starts.
    pub(super) fn new(table: &JumpTable, watch: &'a Watch<'a>, mut stream: Stream, start: usize) -> Self {
        let ziggurat = ziggurat();
        let state = start as u32;
        let left = table.wait(state, ziggurat, &mut stream);
        Self {
            watch,
            ziggurat,
            stream,
            state,
            elapsed: CompensatedSum::default(),
            left,
            running: RunningSum::default(),
            reference: watch.law.map_or(0.0, |law| law(0.0, start)),
        }
    }

    /// Continues with other rates from now on: the waiting time has no memory and is drawn anew.
    pub(super) fn change_rates(&mut self, table: &JumpTable) {
        self.left = table.wait(self.state, self.ziggurat, &mut self.stream);
    }

    /// Goes on until a time, noting the state at the `times` on the way; returns the ending if it comes earlier.
    ///
    /// `pause` is asked between stretches and may interrupt.
    pub(super) fn advance(
        &mut self,
        table: &JumpTable,
        until: f64,
        times: &[f64],
        record: &mut Trajectory,
        pause: &dyn Fn(f64) -> Result<()>,
    ) -> Result<Option<Ending>> {
        if let Some(ending) = self.watch.target(self.state) {
            return Ok(Some(self.close(ending, record)));
        }
        for &time in times[record.states.len()..].iter().take_while(|t| **t <= until) {
            if let Some(ending) = self.go(table, time, record, pause)? {
                return Ok(Some(self.close(ending, record)));
            }
            record.states.push(self.state as usize);
        }
        let ending = self.go(table, until, record, pause)?;
        let reported = ending.unwrap_or_default();
        self.close(reported, record);
        Ok(ending)
    }

    /// Writes where the walk is into the record.
    fn close(&mut self, ending: Ending, record: &mut Trajectory) -> Ending {
        record.end = self.state as usize;
        record.duration = self.elapsed.value();
        record.ending = ending;
        if !self.watch.steps.is_empty() {
            let mut value = self.running.value();
            if let Some(law) = self.watch.law {
                value += self.reference - law(record.duration, record.end);
                self.running.note(value);
            }
            record.running = Some(super::trajectory::Extremes {
                value,
                minimum: self.running.minimum,
                maximum: self.running.maximum,
            });
        }
        ending
    }

    fn go(
        &mut self,
        table: &JumpTable,
        until: f64,
        record: &mut Trajectory,
        pause: &dyn Fn(f64) -> Result<()>,
    ) -> Result<Option<Ending>> {
        loop {
            let most = STRETCH.min(self.watch.jumps - record.jumps);
            match self.stretch(table, until, most, record) {
                Halt::Time => return Ok(None),
                Halt::Stopped(ending) => return Ok(Some(ending)),
                Halt::Stretch if record.jumps == self.watch.jumps => return Ok(Some(Ending::Jumps)),
                Halt::Stretch => pause(self.elapsed.value())?,
            }
        }
    }

    fn stretch(&mut self, table: &JumpTable, until: f64, most: u64, record: &mut Trajectory) -> Halt {
        let running = !self.watch.steps.is_empty();
        let law = running && self.watch.law.is_some();
        match (self.watch.counts, running, law, self.watch.has_stops()) {
            (false, _, _, false) => self.jumps::<false, false, false, false>(table, until, most, record),
            (false, _, _, true) => self.jumps::<false, false, false, true>(table, until, most, record),
            (true, false, _, false) => self.jumps::<true, false, false, false>(table, until, most, record),
            (true, false, _, true) => self.jumps::<true, false, false, true>(table, until, most, record),
            (true, true, false, false) => self.jumps::<true, true, false, false>(table, until, most, record),
            (true, true, false, true) => self.jumps::<true, true, false, true>(table, until, most, record),
            (true, true, true, false) => self.jumps::<true, true, true, false>(table, until, most, record),
            (true, true, true, true) => self.jumps::<true, true, true, true>(table, until, most, record),
        }
    }

    /// The hot loop: at most `most` jumps, on a clock that starts at 0.
    fn jumps<const COUNTS: bool, const RUNNING: bool, const LAW: bool, const STOPS: bool>(
        &mut self,
        table: &JumpTable,
        until: f64,
        most: u64,
        record: &mut Trajectory,
    ) -> Halt {
        let began = self.elapsed.value();
        // without a horizon, an infinite waiting time still lies beyond the end
        let end = (until - began).min(f64::MAX);
        let (watch, ziggurat) = (self.watch, self.ziggurat);
        // slices in registers: through the record their places would be looked up again at every jump
        let (counts, residence) = (record.jump_counts.as_mut_slice(), record.residence.as_mut_slice());
        let steps = watch.steps.as_slice();
        let (mut stream, mut state, mut running) = (self.stream.clone(), self.state, self.running);
        let (mut now, mut next) = (0.0, self.left);
        let mut made = 0;
        let halt = loop {
            if made == most {
                break Halt::Stretch;
            }
            if next > end {
                if end == f64::MAX {
                    break Halt::Stopped(Ending::Absorbed);
                }
                if COUNTS {
                    residence[state as usize] += end - now;
                }
                now = end;
                break Halt::Time;
            }
            if COUNTS {
                residence[state as usize] += next - now;
            }
            now = next;
            let (jump, to) = table.next(state, &mut stream);
            if COUNTS {
                counts[jump] += 1;
            }
            let mut value = 0.0;
            if RUNNING {
                let law = if LAW {
                    watch.law.map(|law| (law, began + now))
                } else {
                    None
                };
                if let Some((law, time)) = law {
                    running.note(running.value() + self.reference - law(time, state as usize));
                }
                running.add(steps[jump]);
                value = running.value();
                if let Some((law, time)) = law {
                    value += self.reference - law(time, to as usize);
                }
                running.note(value);
            }
            state = to;
            made += 1;
            next = now + table.wait(state, ziggurat, &mut stream);
            if STOPS {
                if let Some(ending) = watch.target(state) {
                    break Halt::Stopped(ending);
                }
                if RUNNING && value >= watch.thresholds.0 {
                    break Halt::Stopped(Ending::Upper);
                }
                if RUNNING && value <= watch.thresholds.1 {
                    break Halt::Stopped(Ending::Lower);
                }
            }
        };
        self.stream = stream;
        self.state = state;
        self.running = running;
        self.left = next - now;
        self.elapsed.add(now);
        record.jumps += made;
        halt
    }
}
