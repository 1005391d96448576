//! irrev's side of the benchmarks: one task on one set of inputs, measured, in one process.
//!
//! `irrev-benchmarks TASK INPUTS OUTPUTS [VARIANT]` reads the arrays that the peers read as well from the folder INPUTS, and writes to the folder
//! OUTPUTS the arrays it computed, `numbers.json`, and `measured.json` with the times of each phase and the peak memory. A variant is another way
//! through irrev, which the task knows. `benchmarks/run` calls it.

#[cfg(unix)]
mod measure;
#[cfg(unix)]
mod problem;
#[cfg(unix)]
mod tasks;

/// As in the command and in the Python package.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, inputs, outputs, variant) = match arguments.as_slice() {
        [task, inputs, outputs] => (task, inputs, outputs, ""),
        [task, inputs, outputs, variant] => (task, inputs, outputs, variant.as_str()),
        _ => {
            eprintln!("usage: irrev-benchmarks TASK INPUTS OUTPUTS [VARIANT]");
            return std::process::ExitCode::from(2);
        }
    };
    let mut measurement = measure::Measurement::new(inputs.into(), outputs.into(), variant.into());
    let done = tasks::run(task, &mut measurement).and_then(|()| measurement.finish());
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{task}: {problem}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn main() {
    eprintln!("the benchmarks run on Unix only");
}
