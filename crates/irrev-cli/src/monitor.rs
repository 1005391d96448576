//! Progress on standard error, and Ctrl-C.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use irrev::numerics::{Monitor, Run};

use crate::arguments::{Computing, Progress};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit code of an interrupted command.
const INTERRUPTED_CODE: i32 = 130;

/// A bar appears only for work that lasts longer than this.
const PATIENCE: Duration = Duration::from_secs(1);

/// Time between two lines of JSON progress.
const INTERVAL: Duration = Duration::from_millis(500);

/// Reports progress the way the user asked for, and stops on Ctrl-C or SIGTERM.
pub(crate) struct Terminal {
    mode: Progress,
    visible: bool,
    begin: Instant,
    state: Mutex<State>,
}

struct State {
    bar: Option<ProgressBar>,
    last: Option<Instant>,
}

impl Terminal {
    /// Installs the signal handler (once) and chooses the form of progress.
    pub(crate) fn new(computing: &Computing) -> Self {
        static HANDLER: OnceLock<()> = OnceLock::new();
        HANDLER.get_or_init(|| {
            // without a handler Ctrl-C still ends the program, only less politely
            let _ = ctrlc::set_handler(|| {
                // who asks twice does not want to wait for the next look at the flag; files are renamed into place only when complete
                if INTERRUPTED.swap(true, Ordering::Relaxed) {
                    std::process::exit(INTERRUPTED_CODE);
                }
            });
        });
        let visible = !computing.quiet
            && match computing.progress {
                Progress::Auto => std::io::stderr().is_terminal(),
                Progress::Never => false,
                Progress::Json => true,
            };
        let state = Mutex::new(State {
            bar: None,
            last: None,
        });
        Self {
            mode: computing.progress,
            visible,
            begin: Instant::now(),
            state,
        }
    }

    /// Takes the bar off the screen; whoever reads lines of progress is told the end of what was completed.
    pub(crate) fn finish<T, E>(&self, result: &Result<T, E>) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
        if state.last.is_some() && result.is_ok() {
            tell(1.0, "done");
        }
    }
}

impl Monitor for Terminal {
    fn progress(&self, fraction: f64, what: &str) {
        if !self.visible || self.begin.elapsed() < PATIENCE {
            return;
        }
        // another thread is reporting: one line is enough
        let Ok(mut state) = self.state.try_lock() else {
            return;
        };
        if self.mode == Progress::Json {
            if state.last.is_none_or(|last| last.elapsed() >= INTERVAL) {
                state.last = Some(Instant::now());
                tell(fraction, what);
            }
            return;
        }
        let bar = state.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}  {elapsed}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position((1000.0 * fraction.clamp(0.0, 1.0)) as u64);
        bar.set_message(what.to_owned());
    }

    fn cancelled(&self) -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }
}

/// One line of JSON progress.
fn tell(fraction: f64, what: &str) {
    let line = serde_json::json!({"progress": fraction, "what": what});
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Seed, threads, memory limit and monitor of a command.
pub(crate) fn run_of<'a>(computing: &Computing, model_seed: Option<u64>, monitor: &'a Terminal) -> Run<'a> {
    Run {
        seed: computing.seed.or(model_seed).unwrap_or(1),
        threads: computing.threads,
        memory_limit: computing.max_memory.unwrap_or_else(free_memory),
        monitor,
        checkpoints: None,
    }
}

/// 80 % of the memory that the system calls available; unlimited where it does not say.
pub(crate) fn free_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map_or(u64::MAX, |kib| kib / 10 * 8 * 1024)
}
