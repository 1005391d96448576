//! Inputs, clocks and results of one task.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};
use npyz::WriterBuilder;
use serde_json::{Map, Value, json};

/// Whatever stops a benchmark; it is printed and the process fails.
pub(crate) type Problem = Box<dyn Error>;

/// Whose CPU time and memory a phase is charged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Payer {
    ThisProcess,
    Children,
}

/// One run of a task: where its inputs are, what was measured so far, and where results go.
pub(crate) struct Measurement {
    inputs: PathBuf,
    outputs: PathBuf,
    variant: String,
    phases: Map<String, Value>,
    numbers: Map<String, Value>,
    payer: Payer,
}

impl Measurement {
    pub(crate) fn new(inputs: PathBuf, outputs: PathBuf, variant: String) -> Self {
        Self {
            inputs,
            outputs,
            variant,
            phases: Map::new(),
            numbers: Map::new(),
            payer: Payer::ThisProcess,
        }
    }

    /// From now on, CPU time and peak memory are those of the child processes.
    pub(crate) fn measure_children(&mut self) {
        self.payer = Payer::Children;
    }

    /// The way through irrev that is asked for; "" is the usual one.
    pub(crate) fn variant(&self) -> &str {
        &self.variant
    }

    fn array<T: npyz::Deserialize>(&self, name: &str) -> Result<Vec<T>, Problem> {
        let path = self.inputs.join(format!("{name}.npy"));
        let file = File::open(&path).map_err(|problem| format!("{name}.npy: {problem}"))?;
        Ok(npyz::NpyFile::new(BufReader::new(file))?.into_vec()?)
    }

    /// Where an input file is.
    pub(crate) fn input(&self, name: &str) -> PathBuf {
        self.inputs.join(name)
    }

    /// An input array of doubles.
    pub(crate) fn reals(&self, name: &str) -> Result<Vec<f64>, Problem> {
        self.array(name)
    }

    /// An input array of shape (edges, 2) as pairs of states.
    pub(crate) fn pairs(&self, name: &str) -> Result<Vec<(usize, usize)>, Problem> {
        let flat: Vec<i64> = self.array(name)?;
        let pairs = flat.chunks_exact(2);
        pairs
            .map(|pair| Ok((usize::try_from(pair[0])?, usize::try_from(pair[1])?)))
            .collect()
    }

    /// An entry of the inputs' `parameters.json`.
    pub(crate) fn parameter(&self, name: &str) -> Result<Value, Problem> {
        let file = File::open(self.inputs.join("parameters.json"))?;
        let mut parameters: Value = serde_json::from_reader(BufReader::new(file))?;
        match parameters[name].take() {
            Value::Null => Err(format!("parameters.json has no \"{name}\"").into()),
            value => Ok(value),
        }
    }

    /// Does the work once and adds its wall and CPU time to the phase of this name; several times of one phase are a sample.
    pub(crate) fn time<R>(&mut self, phase: &str, work: impl FnOnce() -> R) -> Result<R, Problem> {
        self.time_per_part(phase, 1.0, work)
    }

    /// Does short work `calls` times in a row and adds the time of one call.
    pub(crate) fn time_per_call<R>(
        &mut self,
        phase: &str,
        calls: usize,
        mut work: impl FnMut() -> R,
    ) -> Result<(), Problem> {
        self.time_per_part(phase, calls as f64, || {
            for _ in 0..calls {
                std::hint::black_box(work());
            }
        })
    }

    /// Does work that consists of `parts` equal parts once, and adds the time of one part.
    pub(crate) fn time_per_part<R>(
        &mut self,
        phase: &str,
        parts: f64,
        work: impl FnOnce() -> R,
    ) -> Result<R, Problem> {
        let cpu = self.cpu_seconds()?;
        let start = Instant::now();
        let result = std::hint::black_box(work());
        let wall = start.elapsed().as_secs_f64();
        let cpu = self.cpu_seconds()? - cpu;
        self.add(phase, wall / parts, cpu / parts);
        Ok(result)
    }

    /// Records the sum of phases timed once each under another name.
    pub(crate) fn add_total(&mut self, phase: &str, parts: &[&str]) {
        let sum = |clock: &str| -> f64 {
            let times = parts
                .iter()
                .filter_map(|part| self.phases[*part][clock][0].as_f64());
            times.sum()
        };
        let (wall, cpu) = (sum("wall"), sum("cpu"));
        self.add(phase, wall, cpu);
    }

    /// Records the geometric mean of the medians of other phases.
    pub(crate) fn add_geometric_mean(&mut self, phase: &str, parts: &[&str]) {
        let mean = |clock: &str| -> f64 {
            let logarithms = parts.iter().map(|part| {
                let sample = self.phases[*part][clock].as_array().into_iter().flatten();
                let mut times: Vec<f64> = sample.filter_map(Value::as_f64).collect();
                times.sort_by(f64::total_cmp);
                times[times.len() / 2].ln()
            });
            (logarithms.sum::<f64>() / parts.len() as f64).exp()
        };
        let (wall, cpu) = (mean("wall"), mean("cpu"));
        self.add(phase, wall, cpu);
    }

    fn add(&mut self, phase: &str, wall: f64, cpu: f64) {
        let sample = self
            .phases
            .entry(phase)
            .or_insert_with(|| json!({"wall": [], "cpu": []}));
        for (clock, seconds) in [("wall", wall), ("cpu", cpu)] {
            if let Some(times) = sample[clock].as_array_mut() {
                times.push(seconds.into());
            }
        }
    }

    fn cpu_seconds(&self) -> Result<f64, Problem> {
        Ok(match self.payer {
            Payer::ThisProcess => {
                let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?;
                time.tv_sec() as f64 + 1e-9 * time.tv_nsec() as f64
            }
            Payer::Children => {
                let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
                let parts = [usage.user_time(), usage.system_time()];
                parts
                    .iter()
                    .map(|time| time.tv_sec() as f64 + 1e-6 * time.tv_usec() as f64)
                    .sum()
            }
        })
    }

    /// Largest resident memory so far, in bytes.
    fn peak_memory(&self) -> Result<u64, Problem> {
        if self.payer == Payer::Children {
            return Ok(1024 * u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())?);
        }
        // getrusage would count what the parent process held when it started this one
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(1024
            * kibibytes
                .ok_or("no VmHWM in /proc/self/status")?
                .trim()
                .parse::<u64>()?)
    }

    /// Writes a computed array for the comparison.
    pub(crate) fn save(&self, name: &str, values: &[f64]) -> Result<(), Problem> {
        let file = BufWriter::new(File::create(self.outputs.join(format!("{name}.npy")))?);
        let options = npyz::WriteOptions::new()
            .default_dtype()
            .shape(&[values.len() as u64]);
        let mut writer = options.writer(file).begin_nd()?;
        writer.extend(values.iter().copied())?;
        Ok(writer.finish()?)
    }

    /// Keeps a computed number, or numbers, for the comparison.
    pub(crate) fn number(&mut self, name: &str, value: impl Into<Value>) {
        self.numbers.insert(name.into(), value.into());
    }

    /// Writes the measurements and the numbers.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        let peak_memory = self.peak_memory()?;
        let measured = json!({"phases": self.phases, "peak_memory": peak_memory});
        std::fs::write(self.outputs.join("measured.json"), measured.to_string())?;
        let numbers = Value::Object(self.numbers);
        Ok(std::fs::write(
            self.outputs.join("numbers.json"),
            numbers.to_string(),
        )?)
    }
}
