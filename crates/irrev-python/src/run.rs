//! Long computations: in a thread of their own, while the calling thread listens to Ctrl-C and reports progress.
//!
//! The calling thread wakes every 25 ms, runs Python's signal handlers and the progress callback, and gives up at once when either
//! raises; the computation is told to stop and is not waited for longer than it takes to be polite. Results do not depend on any of this.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use irrev_numerics::run::CheckpointStore;
use irrev_numerics::{Monitor, Run};
use pyo3::prelude::*;

use crate::errors::{Exception, OrRaise, general_error};

/// How often the calling thread looks for signals.
const WATCH: Duration = Duration::from_millis(25);

/// How long a computation that was told to stop is waited for.
const GRACE: Duration = Duration::from_millis(50);

/// The same, if it saves how far it came.
const SAVING: Duration = Duration::from_secs(2);

/// Work below this many channels is done in the calling thread.
const SMALL: usize = 5_000;

/// Stack of the thread of a computation: that of a main thread, so that none fails here that would not fail there.
const STACK: usize = 8 << 20;

/// Options of a long computation as `irrev._run.options` packs them: seed, threads, memory limit in bytes, progress callback.
pub(crate) type Options = (u64, usize, u64, Option<Py<PyAny>>);

/// What the computation and the calling thread tell each other.
#[derive(Default)]
pub(crate) struct Watch {
    cancelled: AtomicBool,
    latest: Mutex<Option<(f64, String)>>,
    raised: Mutex<Option<PyErr>>,
}

impl Watch {
    /// Keeps an exception that Python code raised inside the computation, for the calling thread to raise.
    pub(crate) fn keep(&self, error: PyErr) {
        if let Ok(mut raised) = self.raised.lock() {
            raised.get_or_insert(error);
        }
    }

    /// Forgets what was kept, where the computation could do without.
    pub(crate) fn forget(&self) {
        if let Ok(mut raised) = self.raised.lock() {
            *raised = None;
        }
    }

    /// Raises what was kept.
    pub(crate) fn raise(&self) -> PyResult<()> {
        match self.raised.lock().ok().and_then(|mut raised| raised.take()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn latest(&self) -> Option<(f64, String)> {
        self.latest.lock().ok().and_then(|mut latest| latest.take())
    }
}

impl Monitor for Watch {
    fn progress(&self, fraction: f64, what: &str) {
        if let Ok(mut latest) = self.latest.try_lock() {
            match latest.as_mut() {
                Some((old, text)) if text == what => *old = fraction,
                _ => *latest = Some((fraction, what.to_owned())),
            }
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Runs `work` on the asked number of threads; see [`watched`].
pub(crate) fn supervised<T, E>(
    py: Python<'_>,
    options: Options,
    work: impl FnOnce(&Run<'_>, &Watch) -> Result<T, E> + Send + 'static,
) -> PyResult<T>
where
    T: Send + 'static,
    E: Exception + From<irrev_numerics::Error> + Send + 'static,
{
    watched(py, options, |run, watch| {
        run.install(|| work(run, watch)).map_err(E::from).flatten()
    })
}

/// As [`supervised`], with a folder for checkpoints; an interrupted call is waited for until it has saved how far it came.
pub(crate) fn resumable<T, E>(
    py: Python<'_>,
    options: Options,
    folder: Option<PathBuf>,
    work: impl FnOnce(&Run<'_>, &Watch) -> Result<T, E> + Send + 'static,
) -> PyResult<T>
where
    T: Send + 'static,
    E: Exception + From<irrev_numerics::Error> + Send + 'static,
{
    kept(py, options, folder, |run, watch| {
        run.install(|| work(run, watch)).map_err(E::from).flatten()
    })
}

/// Runs `work` with its monitor; `KeyboardInterrupt` and exceptions of the callback are raised within about 0.1 s.
pub(crate) fn watched<T: Send + 'static, E: Exception + Send + 'static>(
    py: Python<'_>,
    options: Options,
    work: impl FnOnce(&Run<'_>, &Watch) -> Result<T, E> + Send + 'static,
) -> PyResult<T> {
    kept(py, options, None, work)
}

fn kept<T: Send + 'static, E: Exception + Send + 'static>(
    py: Python<'_>,
    (seed, threads, memory_limit, callback): Options,
    folder: Option<PathBuf>,
    work: impl FnOnce(&Run<'_>, &Watch) -> Result<T, E> + Send + 'static,
) -> PyResult<T> {
    // a checkpoint takes a moment to be written
    let grace = if folder.is_some() { SAVING } else { GRACE };
    let watch = Arc::new(Watch::default());
    let (send, receive) = sync_channel(1);
    let receive = Mutex::new(receive);
    let theirs = Arc::clone(&watch);
    let computation = move || {
        let store = folder.map(CheckpointStore::new);
        let run = Run {
            seed,
            threads,
            memory_limit,
            monitor: &*theirs,
            checkpoints: store.as_ref(),
        };
        // the receiver is gone if the calling thread gave up: nobody is left to tell
        let _ = send.send(work(&run, &theirs));
    };
    std::thread::Builder::new()
        .name("irrev".into())
        .stack_size(STACK)
        .spawn(computation)
        .map_err(|error| general_error(py, format!("cannot start a thread: {error}")))?;
    let wait = |time: Duration| {
        py.detach(|| match receive.lock() {
            Ok(receive) => receive.recv_timeout(time),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        })
    };
    let mut last = String::new();
    loop {
        let answer = wait(WATCH);
        let listened = py
            .check_signals()
            .and_then(|()| match (&callback, watch.latest()) {
                (Some(callback), Some((fraction, what))) => {
                    callback.call1(py, (fraction, &what))?;
                    last = what;
                    Ok(())
                }
                _ => Ok(()),
            });
        if let Err(error) = listened {
            watch.cancelled.store(true, Ordering::Relaxed);
            if answer.is_err() {
                let _ = wait(grace);
            }
            return Err(error);
        }
        match answer {
            Ok(result) => {
                watch.raise()?;
                if let (Some(callback), true) = (&callback, result.is_ok()) {
                    callback.call1(py, (1.0, &last))?;
                }
                return result.or_raise();
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(general_error(
                    py,
                    "the computation stopped by an internal error; please report it".into(),
                ));
            }
        }
    }
}

/// Refuses work in the calling thread that would need more than the default limit of memory.
pub(crate) fn require_memory(py: Python<'_>, what: &'static str, needed: u64) -> PyResult<()> {
    let memory_limit: u64 = py.import("irrev._run")?.call_method0("memory_limit")?.extract()?;
    let run = Run {
        memory_limit,
        ..Run::default()
    };
    run.require_memory(what, needed)
        .map_err(irrev_network::Error::from)
        .or_raise()
}

/// Runs work that has no monitor: at once if the network is small, else so that Ctrl-C returns to the prompt.
pub(crate) fn unmonitored<T: Send + 'static>(
    py: Python<'_>,
    channels: usize,
    work: impl FnOnce() -> irrev_network::Result<T> + Send + 'static,
) -> PyResult<T> {
    if channels <= SMALL {
        return py.detach(work).or_raise();
    }
    supervised(py, (0, 0, u64::MAX, None), move |_, _| work())
}
