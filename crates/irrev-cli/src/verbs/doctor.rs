//! `irrev doctor`: what is installed, and does it compute what it should?

use std::process::ExitCode;
use std::time::Instant;

use irrev::analysis::{Options, Section};
use irrev::numerics::Run;
use irrev::source::SourceFile;

use crate::arguments::Doctor;
use crate::failure::Failure;
use crate::monitor::free_memory;
use crate::output;

/// Entropy production rate of kinesin at its default settings in nats per second, evaluated independently in 60 digits.
const KINESIN: f64 = 1_037.120_330_960_549_6;

pub(crate) fn doctor(arguments: &Doctor) -> Result<ExitCode, Failure> {
    let begin = Instant::now();
    let value = self_test()?;
    let deviation = (value / KINESIN - 1.0).abs();
    let good = deviation < 1e-9;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
    let report = serde_json::json!({
        "irrev": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "threads": threads,
        "memory_to_plan_for": free_memory(),
        "random_streams": irrev::numerics::streams::ALGORITHM,
        "self_test": { "passed": good, "relative_deviation": deviation, "milliseconds": milliseconds },
    });
    if arguments.json {
        output::data(&format!("{report:#}\n"))?;
    } else {
        output::data(&format!(
            "irrev            {}\nsystem           {} {}\nthreads          {threads}\nmemory           {:.1} GB may be planned for\n\
             random streams   {}\nself-test        {} (kinesin: relative deviation {deviation:.1e}, {milliseconds:.0} ms)\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            free_memory() as f64 / 1e9,
            irrev::numerics::streams::ALGORITHM,
            if good { "passed" } else { "FAILED" },
        ))?;
    }
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn self_test() -> Result<f64, Failure> {
    let missing = || Failure::new(70, "error: the report lacks the entropy production rate");
    let entry = irrev::gallery::entry("kinesin")?;
    let source = SourceFile::from_text("kinesin.toml", entry.text)
        .map_err(|e| Failure::new(70, format!("error: the built-in model cannot be read: {e}")))?;
    let model = irrev::model::parse(source, &irrev::analysis::vocabulary())?;
    let options = Options {
        sections: Some(vec![Section::SteadyState]),
        ..Options::default()
    };
    let report = irrev::analysis::run(&model, &options, &Run::default())?;
    report
        .quantity("entropy_production_rate")
        .map(|q| q.value)
        .ok_or_else(missing)
}
