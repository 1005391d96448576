//! Simulations that are kept on disk while they run.

use std::time::Instant;

use irrev_numerics::Run;

use super::observer::Observer;
use super::pace::Pace;
use super::simulation::Simulation;
use super::words::{Reader, Writer};
use crate::error::{Error, Result};

/// An observer whose state goes into checkpoints beside that of its walkers.
///
/// ```
/// use irrev_landscape::Result;
/// use irrev_landscape::langevin::{Frame, Kept, Observer};
/// /// How often a walker was seen.
/// struct Looks(u64);
/// impl Observer for Looks {
///     fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
///         self.0 += frame.lanes as u64;
///         Ok(())
///     }
/// }
/// impl Kept for Looks {
///     fn save(&self) -> Vec<u8> {
///         self.0.to_le_bytes().to_vec()
///     }
///     fn restore(&mut self, state: &[u8]) -> bool {
///         state.try_into().map(|bytes| self.0 = u64::from_le_bytes(bytes)).is_ok()
///     }
/// }
/// let mut again = Looks(0);
/// assert!(again.restore(&Looks(12).save()) && again.0 == 12 && !again.restore(&[1]));
/// ```
pub trait Kept: Observer {
    /// The state as bytes.
    fn save(&self) -> Vec<u8>;

    /// Takes a state up; `false` for bytes that are none.
    fn restore(&mut self, state: &[u8]) -> bool;
}

impl Kept for () {
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn restore(&mut self, state: &[u8]) -> bool {
        state.is_empty()
    }
}

/// Under which name a simulation is kept in the run's store, and how often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keeping<'a> {
    /// Letters, digits, `-` and `_`.
    pub name: &'a str,
    /// Seconds between two checkpoints.
    pub interval: f64,
}

impl Simulation<'_> {
    /// Goes on until so many steps were made since the start, and shows the walkers at the start and whenever the number of steps is a multiple of `every` (never for 0).
    ///
    /// If the run has a store, a checkpoint of the name is taken up first, and others are left there as time goes by, when the run is cancelled, and at the end. The result has the same bits wherever it was
    /// interrupted.
    ///
    /// ```
    /// use irrev_landscape::langevin::{Keeping, LangevinOptions, LinearField, Overdamped, Simulation, Start};
    /// use irrev_numerics::{Run, linalg::Matrix, run::CheckpointStore};
    /// let trap = LinearField::new(Matrix::from_columns(1, vec![-1.0]), vec![0.0])?;
    /// let dynamics = Overdamped::new(vec![1.0], vec![1.0])?.into();
    /// let folder = tempfile::tempdir().unwrap();
    /// let store = CheckpointStore::new(folder.path());
    /// let kept = Run { checkpoints: Some(&store), ..Run::default() };
    /// let keeping = Keeping { name: "trap", interval: 10.0 };
    /// let begin = || Simulation::new(&trap, &dynamics, &Start::at(&[2.0], 70), &LangevinOptions::default(), &kept);
    /// let mut first = begin()?;
    /// first.observe_to(300, 0, &mut first.observers(|_| ()), keeping, &kept)?;
    /// let mut second = begin()?;                                      // another process, later
    /// second.observe_to(500, 0, &mut second.observers(|_| ()), keeping, &kept)?;
    /// let mut whole = begin()?;
    /// whole.advance(500, &Run::default())?;
    /// assert_eq!(second.positions(), whole.positions());
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Simulation::advance`]; [`Error::Size`] unless there is an observer for each block; [`Error::Numerics`] for a checkpoint that belongs to another question, is damaged, or cannot be written.
    pub fn observe_to<O: Kept>(
        &mut self,
        goal: u64,
        every: u64,
        observers: &mut [O],
        keeping: Keeping<'_>,
        run: &Run<'_>,
    ) -> Result<()> {
        Error::require_size("the observers", observers.len(), self.blocks())?;
        if !self.taken_up(goal, every, observers, keeping, run)? && every > 0 {
            self.look(observers)?;
        }
        let mut pace = Pace::new();
        let mut saved = Instant::now();
        run.install(|| {
            while self.steps() < goal {
                let to = goal.min(self.steps() + pace.steps);
                pace.timed(|| self.stretch(to, every, observers))?;
                let reported = run.report(self.steps() as f64 / goal as f64, "Langevin steps");
                let due = saved.elapsed().as_secs_f64() >= keeping.interval;
                if let Some(store) = run.checkpoints
                    && (due || reported.is_err() || self.steps() == goal)
                {
                    let mut out = Writer::default();
                    self.write(&mut out);
                    out.word(every);
                    observers.iter().for_each(|observer| out.bytes(&observer.save()));
                    store.save(keeping.name, &out.finish())?;
                    saved = Instant::now();
                }
                reported?;
            }
            Ok(())
        })?
    }

    /// Takes up a checkpoint of the same question, if there is one; more steps than before may be asked for.
    fn taken_up<O: Kept>(
        &mut self,
        goal: u64,
        every: u64,
        observers: &mut [O],
        keeping: Keeping<'_>,
        run: &Run<'_>,
    ) -> Result<bool> {
        let bytes = run
            .checkpoints
            .map(|store| store.load(keeping.name))
            .transpose()?;
        let Some(bytes) = bytes.flatten() else {
            return Ok(false);
        };
        let mut input = Reader(&bytes);
        self.read(&mut input)?;
        if input.word() != Some(every) || self.steps() > goal {
            return Err(refused(
                "it has gone further than asked, or keeps other frames; remove it or use another folder",
            ));
        }
        let fits = observers.iter_mut().all(|observer| {
            let state = input.owned_bytes();
            state.is_some_and(|state| observer.restore(&state))
        });
        if fits {
            Ok(true)
        } else {
            Err(refused("its frames do not fit; remove it"))
        }
    }
}

/// Why a checkpoint of another question is refused.
pub(super) const OF_ANOTHER: &str =
    "it belongs to another field, start, seed, method or options; remove it or use another folder";

/// A checkpoint that cannot be taken up.
pub(super) fn refused(reason: &str) -> Error {
    Error::Numerics(irrev_numerics::Error::Checkpoint {
        path: "langevin".into(),
        reason: reason.into(),
    })
}
