//! The books of a driven trajectory: entropy jump by jump at the rates of that time, work as differences of energies in between.

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use super::driven::DrivenSimulator;
use super::options::{Running, SystemEntropy};
use super::simulator::settle_system_entropy;
use super::trajectory::{Ending, Extremes, Trajectory};
use crate::error::{Error, Result};
use crate::kinetics::Kinetics;

/// What accumulates along a driven trajectory besides counts and residence times.
pub(super) struct Ledger<'s> {
    simulator: &'s DrivenSimulator<'s>,
    medium: CompensatedSum,
    /// Entropy delivered to each reservoir.
    reservoirs: Vec<CompensatedSum>,
    work: CompensatedSum,
    energies: Vec<f64>,
    /// Energy of the present state when it was entered.
    entered: f64,
    running: CompensatedSum,
    extremes: Extremes,
    thresholds: (f64, f64),
    reference: f64,
}

impl<'s> Ledger<'s> {
    pub(super) fn new(simulator: &'s DrivenSimulator<'s>, start: usize) -> Result<Self> {
        let options = &simulator.options;
        let reservoirs = simulator.process.network().reservoirs().len();
        let steps = match &options.running {
            Some(Running::Current(weights)) => weights.clone(),
            _ => Vec::new(),
        };
        let mut ledger = Self {
            simulator,
            medium: CompensatedSum::default(),
            reservoirs: vec![CompensatedSum::default(); reservoirs],
            work: CompensatedSum::default(),
            energies: vec![0.0; simulator.process.network().states().len()],
            entered: 0.0,
            running: CompensatedSum::default(),
            extremes: Extremes::default(),
            thresholds: options.thresholds(&steps),
            reference: 0.0,
        };
        ledger.entered = ledger.energy(start, 0.0)?;
        ledger.reference = ledger.system(0.0, start);
        Ok(ledger)
    }

    /// Energy of a state; the energies of all others at that time stay in the buffer.
    fn energy(&mut self, state: usize, time: f64) -> Result<f64> {
        let Some(law) = self.simulator.energies else {
            return Ok(0.0);
        };
        law(time, &mut self.energies)?;
        let energy = self.energies[state];
        let name = &self.simulator.process.network().states()[state];
        crate::require(
            &format!("energy of \"{name}\" at t = {time}"),
            energy,
            energy.is_finite(),
            "a finite number",
        )?;
        Ok(energy)
    }

    /// −ln p_t(x) as far as it is part of the running quantity.
    fn system(&self, time: f64, state: usize) -> f64 {
        match (
            &self.simulator.options.running,
            &self.simulator.options.system_entropy,
        ) {
            (Some(Running::TotalEntropy), SystemEntropy::Law(law)) => -law(time, state),
            _ => 0.0,
        }
    }

    fn note(&mut self, time: f64, state: usize) {
        let value = self.running.value() + self.system(time, state) - self.reference;
        self.extremes = Extremes {
            value,
            minimum: self.extremes.minimum.min(value),
            maximum: self.extremes.maximum.max(value),
        };
    }

    pub(super) fn jump(
        &mut self,
        jump: usize,
        from: usize,
        to: usize,
        time: f64,
        entropy: f64,
    ) -> Result<()> {
        let left = self.energy(from, time)?;
        self.work.add(left - self.entered);
        self.entered = self.energies[to];
        self.medium.add(entropy);
        let edge = &self.simulator.process.network().edges()[jump / 2];
        if let Some(r) = edge.reservoir {
            self.reservoirs[r].add(entropy);
        }
        let Some(running) = &self.simulator.options.running else {
            return Ok(());
        };
        let step = match running {
            Running::Current(weights) if jump.is_multiple_of(2) => weights[jump / 2],
            Running::Current(weights) => -weights[jump / 2],
            Running::MediumEntropy | Running::TotalEntropy if entropy.is_finite() => entropy,
            Running::MediumEntropy | Running::TotalEntropy => {
                return Err(Error::OneWay {
                    quantity: "a running entropy",
                    edges: vec![edge.name.clone()],
                });
            }
        };
        self.note(time, from);
        self.running.add(step);
        self.note(time, to);
        Ok(())
    }

    pub(super) fn threshold(&self) -> Option<Ending> {
        if self.extremes.value >= self.thresholds.0 {
            return Some(Ending::Upper);
        }
        (self.extremes.value <= self.thresholds.1).then_some(Ending::Lower)
    }

    pub(super) fn close(mut self, record: &mut Trajectory) -> Result<()> {
        let options = &self.simulator.options;
        if self.simulator.energies.is_some() {
            let last = self.energy(record.end, record.duration)?;
            self.work.add(last - self.entered);
            record.work = Some(self.work.value());
        }
        record.medium_entropy = self.medium.value();
        let weighted = |weights: &Vec<f64>| {
            let terms = weights.iter().enumerate().map(|(e, w)| w * record.net_jumps(e));
            compensated_sum(terms)
        };
        record.currents = options.currents.iter().map(weighted).collect();
        if let Some(temperatures) = &options.temperatures {
            let heat = self.reservoirs.iter().zip(temperatures);
            record.heat = heat.map(|(entropy, t)| t * entropy.value()).collect();
        }
        if options.running.is_some() {
            self.note(record.duration, record.end);
            record.running = Some(self.extremes);
        }
        settle_system_entropy(record, options);
        Ok(())
    }
}
