//! A block of walkers: their state, row by row, and the books of their paths.

use std::ops::Range;

use irrev_numerics::linalg::vectorised;

use super::boundary::Boundary;
use super::field::{ForceField, Parts};
use super::rows::rows;
use super::words::{Reader, Writer};
use crate::error::{Error, Result};

/// Walkers in a block: rows of 64 numbers fill vector registers and leave a two-dimensional block in the first cache.
pub(super) const LANES: usize = 64;

/// State and books of some walkers; rows of `lanes` numbers, a row for each coordinate.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// First walker.
    pub(super) first: u64,
    pub(super) lanes: usize,
    pub(super) positions: Vec<f64>,
    /// Empty for overdamped motion.
    pub(super) velocities: Vec<f64>,
    /// Auxiliary variables of the memory, a row each.
    pub(super) auxiliaries: Vec<f64>,
    /// Whole turns of periodic coordinates.
    pub(super) turns: Vec<i64>,
    /// Heat into the bath of each coordinate.
    pub(super) heat: Vec<f64>,
    /// Work of the protocol, ∂V/∂t along the path.
    pub(super) protocol_work: Vec<f64>,
    /// Work of the non-gradient forces.
    pub(super) drive_work: Vec<f64>,
    /// V at the last moment that a protocol moved; empty if it is not known.
    pub(super) potential: Vec<f64>,
    /// V and kinetic energy at the start; empty if V is not known.
    pub(super) first_energy: Vec<f64>,
    /// F at the present positions; of the last step's time, if forces depend on it.
    pub(super) forces: Vec<f64>,
    /// f likewise; empty if there is none.
    pub(super) drive: Vec<f64>,
}

/// Where and when a block is, and what it is in.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) field: &'a dyn ForceField,
    pub(super) parts: Parts,
    pub(super) boundaries: &'a [Boundary],
    /// h.
    pub(super) step: f64,
    /// t₀.
    pub(super) start: f64,
}

impl Setting<'_> {
    /// Time after a number of steps; not a sum, so that it does not drift.
    pub(super) fn time(&self, steps: f64) -> f64 {
        self.start + steps * self.step
    }
}

/// Rows that a step needs and nobody keeps.
pub(super) struct Scratch {
    /// Normal numbers of several steps.
    pub(super) noise: Vec<f64>,
    /// Those of one walker.
    pub(super) of_walker: Vec<f64>,
    pub(super) before: Vec<f64>,
    pub(super) moves: Vec<f64>,
    pub(super) forces: Vec<f64>,
    pub(super) drive: Vec<f64>,
    pub(super) energies: Vec<f64>,
    /// As many rows as a stepper asks for.
    pub(super) rows: Vec<f64>,
}

impl Scratch {
    pub(super) fn new(dimension: usize, noise: usize, rows: usize) -> Self {
        let row = |rows: usize| vec![0.0; rows * LANES];
        Self {
            noise: row(noise),
            of_walker: vec![0.0; noise],
            before: row(dimension),
            moves: row(dimension),
            forces: row(dimension),
            drive: row(dimension),
            energies: row(1),
            rows: row(rows),
        }
    }
}

impl Block {
    /// Walkers of the block.
    pub(super) fn walkers(&self) -> Range<u64> {
        self.first..self.first + self.lanes as u64
    }

    fn dimension(&self) -> usize {
        self.positions.len() / self.lanes
    }

    /// Forces, drive and energy at the present positions, for a start or after a checkpoint.
    pub(super) fn settle(&mut self, setting: &Setting<'_>, steps: u64) -> Result<()> {
        let (now, parts) = (setting.time(steps as f64), setting.parts);
        // the time is that at which a protocol first acts, or of no importance
        let acting = if parts.time {
            setting.time(steps as f64 + 0.5)
        } else {
            now
        };
        self.forces.resize(self.positions.len(), 0.0);
        setting
            .field
            .forces(acting, &self.positions, self.lanes, &mut self.forces)?;
        self.require_forces(setting, acting)?;
        if parts.drive {
            self.drive.resize(self.positions.len(), 0.0);
            setting
                .field
                .drive(acting, &self.positions, self.lanes, &mut self.drive)?;
        }
        if parts.potential {
            self.potential.resize(self.lanes, 0.0);
            setting
                .field
                .potential(now, &self.positions, self.lanes, &mut self.potential)?;
            self.require_potential(now)?;
        }
        Ok(())
    }

    /// Books could not be kept of an energy that is no number, although its forces may be.
    fn require_potential(&self, time: f64) -> Result<()> {
        match self.potential.iter().position(|v| !v.is_finite()) {
            None => Ok(()),
            Some(lane) => Err(Error::Field {
                time,
                reason: format!(
                    "the potential of walker {} is {}, where its first coordinate is {}; start it where the potential is finite",
                    self.first + lane as u64,
                    self.potential[lane],
                    self.positions[lane]
                ),
            }),
        }
    }

    /// The protocol moves on while the walkers stand: V(x, t) − V(x, t₋) is work.
    ///
    /// A difference, not an integral of ∂V/∂t: a protocol may jump.
    pub(super) fn switch(&mut self, setting: &Setting<'_>, time: f64, scratch: &mut Scratch) -> Result<()> {
        if !(setting.parts.potential && setting.parts.time) {
            return Ok(());
        }
        let energies = &mut scratch.energies[..self.lanes];
        setting
            .field
            .potential(time, &self.positions, self.lanes, energies)?;
        let works = self.protocol_work.iter_mut().zip(&mut self.potential);
        for ((work, before), now) in works.zip(energies) {
            *work += *now - *before;
            *before = *now;
        }
        Ok(())
    }

    /// V at new positions and the old protocol, whose change is no work.
    pub(super) fn carry_potential(&mut self, setting: &Setting<'_>, time: f64) -> Result<()> {
        if setting.parts.potential && setting.parts.time {
            setting
                .field
                .potential(time, &self.positions, self.lanes, &mut self.potential)?;
        }
        Ok(())
    }

    /// Forces that act in the step about the given time, if they depend on it.
    pub(super) fn update_forces(&mut self, setting: &Setting<'_>, time: f64) -> Result<()> {
        if setting.parts.time {
            setting
                .field
                .forces(time, &self.positions, self.lanes, &mut self.forces)?;
            if setting.parts.drive {
                setting
                    .field
                    .drive(time, &self.positions, self.lanes, &mut self.drive)?;
            }
        }
        Ok(())
    }

    /// Forces (and drive) where the walkers have come to, into the scratch rows.
    pub(super) fn next_forces(&self, setting: &Setting<'_>, time: f64, scratch: &mut Scratch) -> Result<()> {
        let n = self.positions.len();
        let forces = &mut scratch.forces[..n];
        setting.field.forces(time, &self.positions, self.lanes, forces)?;
        if setting.parts.drive {
            let drive = &mut scratch.drive[..n];
            setting.field.drive(time, &self.positions, self.lanes, drive)?;
        }
        Ok(())
    }

    /// Takes over the forces of the scratch rows, with the work of the drive f∘dx over the moves, and looks for what is no number or out of place.
    pub(super) fn take_forces(
        &mut self,
        setting: &Setting<'_>,
        time: f64,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let (n, lanes) = (self.positions.len(), self.lanes);
        if setting.parts.drive {
            let both = rows(&self.drive, lanes).zip(rows(&scratch.drive, lanes));
            for ((old, new), moves) in both.zip(rows(&scratch.moves, lanes)) {
                for (((work, f), g), dx) in self.drive_work.iter_mut().zip(old).zip(new).zip(moves) {
                    *work += 0.5 * (f + g) * dx;
                }
            }
            self.drive.copy_from_slice(&scratch.drive[..n]);
        }
        self.forces.copy_from_slice(&scratch.forces[..n]);
        let sound = vectorised(
            #[inline(always)]
            || {
                let coordinates = rows(&self.positions, lanes).zip(setting.boundaries);
                // 0·x is 0, or NaN for what is no number; without branches
                let numbers = self.positions.iter().zip(&self.forces);
                let zero = numbers.fold(true, |all, (x, f)| all & ((x + f) * 0.0 == 0.0));
                zero & coordinates.fold(true, |all, (row, boundary)| {
                    all & (matches!(boundary, Boundary::Free)
                        || row.iter().fold(true, |all, x| all & boundary.holds(*x)))
                })
            },
        );
        if sound {
            Ok(())
        } else {
            self.unsound(setting, time)
        }
    }

    /// The first walker that is out of place.
    #[cold]
    fn unsound(&self, setting: &Setting<'_>, time: f64) -> Result<()> {
        let step = setting.step;
        let time = time + 0.5 * step;
        for (lane, walker) in self.walkers().enumerate() {
            for (coordinate, boundary) in setting.boundaries.iter().enumerate() {
                let value = self.positions[coordinate * self.lanes + lane];
                if !value.is_finite() {
                    return Err(Error::Diverged {
                        walker,
                        coordinate,
                        time,
                        value,
                        step,
                    });
                }
                if !boundary.holds(value) {
                    return Err(Error::StepTooLong {
                        walker,
                        coordinate,
                        time,
                        step,
                        happened: "passed the whole period, or the whole room between its walls,",
                    });
                }
            }
        }
        self.require_forces(setting, time)
    }

    /// All forces are numbers.
    pub(super) fn require_forces(&self, setting: &Setting<'_>, time: f64) -> Result<()> {
        match self.forces.iter().position(|f| !f.is_finite()) {
            None => Ok(()),
            Some(place) => Err(Error::Force {
                walker: self.first + (place % self.lanes) as u64,
                coordinate: place / self.lanes,
                time,
                position: self.positions[place],
                value: self.forces[place],
                step: setting.step,
            }),
        }
    }

    /// State and books as words; forces and energies follow from them.
    pub(super) fn write(&self, out: &mut Writer) {
        for row in self.kept() {
            out.numbers(row);
        }
        for turns in &self.turns {
            out.word(*turns as u64);
        }
    }

    fn kept(&self) -> [&Vec<f64>; 7] {
        [
            &self.positions,
            &self.velocities,
            &self.auxiliaries,
            &self.heat,
            &self.protocol_work,
            &self.drive_work,
            &self.first_energy,
        ]
    }

    /// Takes back what [`Self::write`] wrote of a block of the same shape.
    pub(super) fn read(&mut self, input: &mut Reader<'_>) -> Option<()> {
        let rows = [
            &mut self.positions,
            &mut self.velocities,
            &mut self.auxiliaries,
            &mut self.heat,
            &mut self.protocol_work,
            &mut self.drive_work,
            &mut self.first_energy,
        ];
        for row in rows {
            let found = input.numbers()?;
            if found.len() != row.len() {
                return None;
            }
            *row = found;
        }
        for turns in &mut self.turns {
            *turns = input.word()? as i64;
        }
        Some(())
    }

    /// Bytes for one walker of d coordinates and a number of auxiliaries.
    pub(super) fn memory(dimension: usize, auxiliaries: usize) -> u64 {
        // positions, velocities, turns, heat, forces, drive of each coordinate; four books
        8 * (6 * dimension + auxiliaries + 4) as u64
    }

    /// Kinetic energy m v²/2 of each walker, added.
    pub(super) fn add_kinetic(&self, masses: &[f64], energies: &mut [f64]) {
        let coordinates = rows(&self.velocities, self.lanes).zip(masses);
        for (row, m) in coordinates {
            for (energy, v) in energies.iter_mut().zip(row) {
                *energy += 0.5 * m * v * v;
            }
        }
    }

    /// Walker by walker what is kept row by row.
    pub(super) fn by_walker<T: Copy>(&self, rows: &[T], out: &mut Vec<T>) {
        for lane in 0..self.lanes {
            out.extend((0..self.dimension()).map(|i| rows[i * self.lanes + lane]));
        }
    }
}
