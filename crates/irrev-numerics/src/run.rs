//! What a long computation needs from outside: a seed, threads, someone to report to, a place for checkpoints.

use std::io::Write as _;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// More threads than any machine has cores are a mistake, and starting them stalls the system.
const MOST_THREADS: usize = 4096;

/// Listens to progress and may ask a computation to stop.
pub trait Monitor: Sync {
    /// Called now and then with the fraction done in [0, 1] and what is being done.
    fn progress(&self, fraction: f64, what: &str);
    /// Whether the computation should stop; asked at least every 0.1 s or so.
    fn cancelled(&self) -> bool;
}

/// A part of a computation: its own fraction from 0 to 1 is passed on as that of the whole, and what it does under its name.
///
/// ```
/// use irrev_numerics::run::{Monitor, Run, Stage};
/// # #[derive(Default)]
/// # struct Heard(std::sync::Mutex<Vec<(f64, String)>>);
/// # impl Monitor for Heard {
/// #     fn progress(&self, fraction: f64, what: &str) { self.0.lock().unwrap().push((fraction, what.into())); }
/// #     fn cancelled(&self) -> bool { false }
/// # }
/// let heard = Heard::default();
/// let second_half = Stage::new(&heard, (0.5, 1.0), "mesh 2".into());
/// Run { monitor: &second_half, ..Run::default() }.report(0.5, "step 7")?;
/// assert_eq!(*heard.0.lock().unwrap(), [(0.75, "mesh 2, step 7".to_owned())]);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
pub struct Stage<'a> {
    monitor: &'a dyn Monitor,
    from: f64,
    to: f64,
    name: String,
}

impl<'a> Stage<'a> {
    /// The part of a computation between two fractions of it.
    #[must_use]
    pub fn new(monitor: &'a dyn Monitor, (from, to): (f64, f64), name: String) -> Self {
        Self {
            monitor,
            from,
            to,
            name,
        }
    }
}

impl Monitor for Stage<'_> {
    fn progress(&self, fraction: f64, what: &str) {
        let whole = self.from + (self.to - self.from) * fraction;
        self.monitor.progress(whole, &format!("{}, {what}", self.name));
    }

    fn cancelled(&self) -> bool {
        self.monitor.cancelled()
    }
}

/// A monitor that listens to nothing and never cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Monitor for Silent {
    fn progress(&self, _fraction: f64, _what: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}

static SILENT: Silent = Silent;

/// Seed, threads, memory limit, monitor and checkpoint store of a computation.
///
/// Results depend on the seed only, never on the number of threads.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Seed of every random stream; default 1.
    pub seed: u64,
    /// Number of threads; 0 (default) takes all cores.
    pub threads: usize,
    /// Largest memory a computation may plan for, in bytes; default `u64::MAX`.
    pub memory_limit: u64,
    /// Progress and cancellation.
    pub monitor: &'a dyn Monitor,
    /// Where checkpoints go; `None` keeps none.
    pub checkpoints: Option<&'a CheckpointStore>,
}

impl Default for Run<'_> {
    fn default() -> Self {
        Self {
            seed: 1,
            threads: 0,
            memory_limit: u64::MAX,
            monitor: &SILENT,
            checkpoints: None,
        }
    }
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            seed,
            threads,
            memory_limit,
            ..
        } = self;
        write!(
            f,
            "Run {{ seed: {seed}, threads: {threads}, memory_limit: {memory_limit} }}"
        )
    }
}

impl Run<'_> {
    /// Reports progress, and returns [`Error::Cancelled`] if the computation should stop.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn report(&self, fraction: f64, what: &str) -> Result<()> {
        if self.monitor.cancelled() {
            return Err(Error::Cancelled);
        }
        self.monitor.progress(fraction, what);
        Ok(())
    }

    /// Refuses work that would need more memory than allowed.
    ///
    /// # Errors
    /// [`Error::Memory`] with estimate and limit.
    pub fn require_memory(&self, what: &'static str, needed: u64) -> Result<()> {
        if needed > self.memory_limit {
            return Err(Error::Memory {
                what,
                needed,
                limit: self.memory_limit,
            });
        }
        Ok(())
    }

    /// Runs `work` on a pool of the asked number of threads.
    ///
    /// # Errors
    /// [`Error::Threads`] if the system refuses to start them.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> Result<R> {
        if self.threads == 0 || self.threads == rayon::current_num_threads() {
            return Ok(work());
        }
        if self.threads > MOST_THREADS {
            let reason = format!("at most {MOST_THREADS} are allowed");
            return Err(Error::Threads {
                threads: self.threads,
                reason,
            });
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .map_err(|e| Error::Threads {
                threads: self.threads,
                reason: e.to_string(),
            })?;
        Ok(pool.install(work))
    }
}

/// A folder of checkpoints, written to a new file, synced, renamed, and guarded by a SHA-256 checksum.
///
/// A damaged file is refused by name; it never yields another state.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// use irrev_numerics::run::CheckpointStore;
/// let store = CheckpointStore::new(folder.path());
/// store.save("sampler", b"state after 10 steps")?;
/// assert_eq!(store.load("sampler")?.as_deref(), Some(&b"state after 10 steps"[..]));
/// assert_eq!(store.load("other")?, None);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CheckpointStore {
    folder: PathBuf,
}

impl CheckpointStore {
    const MAGIC: &'static [u8] = b"irrev checkpoint 1\n";
    const DIGEST: usize = 32;

    /// Store in the given folder, which is created with the first checkpoint.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.checkpoint"))
    }

    /// Saves a state under a name (letters, digits, `-` and `_`), replacing the earlier one at once or not at all.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] with the path and the system's reason.
    pub fn save(&self, name: &str, state: &[u8]) -> Result<()> {
        let path = self.path(name);
        let failed = |reason: String| Error::Checkpoint {
            path: path.display().to_string(),
            reason,
        };
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            return Err(failed(
                "the name may hold letters, digits, '-' and '_' only".into(),
            ));
        }
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(&self.folder)?;
            let unfinished = self.folder.join(format!(".{name}.unfinished"));
            let mut file = std::fs::File::create(&unfinished)?;
            file.write_all(Self::MAGIC)?;
            file.write_all(&Sha256::digest(state))?;
            file.write_all(state)?;
            file.sync_all()?;
            std::fs::rename(&unfinished, &path)
        };
        write().map_err(|e| failed(e.to_string()))
    }

    /// The state saved under a name, or `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the file cannot be read or its checksum does not match.
    pub fn load(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path(name);
        let failed = |reason: &str| Error::Checkpoint {
            path: path.display().to_string(),
            reason: reason.into(),
        };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed(&e.to_string())),
        };
        let body = bytes
            .strip_prefix(Self::MAGIC)
            .ok_or_else(|| failed("it is not an irrev checkpoint"))?;
        let (digest, state) = body
            .split_at_checked(Self::DIGEST)
            .ok_or_else(|| failed("it is cut short"))?;
        if Sha256::digest(state).as_slice() != digest {
            return Err(failed("its checksum does not match: the file is damaged"));
        }
        Ok(Some(state.to_vec()))
    }
}

impl CheckpointStore {
    /// Saves anything that can be serialised, floating-point numbers to the last bit; otherwise as [`Self::save`].
    ///
    /// # Errors
    /// [`Error::Checkpoint`].
    pub fn save_value<T: serde::Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let state = serde_json::to_vec(value).map_err(|e| self.failed(name, &e))?;
        self.save(name, &state)
    }

    /// What [`Self::save_value`] saved under a name, or `None`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the file is damaged or holds something else.
    pub fn load_value<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let Some(state) = self.load(name)? else {
            return Ok(None);
        };
        serde_json::from_slice(&state)
            .map(Some)
            .map_err(|e| self.failed(name, &e))
    }

    fn failed(&self, name: &str, reason: &serde_json::Error) -> Error {
        Error::Checkpoint {
            path: self.path(name).display().to_string(),
            reason: reason.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_checkpoint_is_refused_wherever_a_byte_is_flipped_or_cut() {
        let folder = tempfile::tempdir().unwrap();
        let store = CheckpointStore::new(folder.path());
        store.save("state", b"0123456789").unwrap();
        let path = folder.path().join("state.checkpoint");
        let good = std::fs::read(&path).unwrap();
        for i in 0..good.len() {
            let mut bad = good.clone();
            bad[i] ^= 1;
            std::fs::write(&path, &bad).unwrap();
            assert!(store.load("state").is_err(), "flipped byte {i}");
            std::fs::write(&path, &good[..i]).unwrap();
            assert!(store.load("state").is_err(), "cut at {i}");
        }
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        assert!(CheckpointStore::new("x").save("../escape", b"").is_err());
    }

    #[test]
    fn memory_over_the_limit_is_refused_with_the_figure() {
        let run = Run {
            memory_limit: 1000,
            ..Run::default()
        };
        let message = run.require_memory("dense matrix", 8000).unwrap_err().to_string();
        assert!(message.contains("8.00 kB") && message.contains("1.00 kB"));
    }
}
