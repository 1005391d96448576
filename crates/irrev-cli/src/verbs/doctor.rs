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

/// Up to which ⟨e^−σ⟩ beside a Gibbs bath is 1.
const THEOREM: f64 = 1e-12;

/// Entropy production rate of kinesin at its default settings in nats per second, evaluated independently in 60 digits.
const KINESIN: f64 = 1_037.120_330_960_549_6;

pub(crate) fn doctor(arguments: &Doctor) -> Result<ExitCode, Failure> {
    let begin = Instant::now();
    let value = self_test()?;
    let deviation = (value / KINESIN - 1.0).abs();
    let departure = fluctuation_theorem()?;
    let good = deviation < 1e-9 && departure < THEOREM;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
    let report = serde_json::json!({
        "irrev": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "threads": threads,
        "memory_to_plan_for": free_memory(),
        "random_streams": irrev::numerics::streams::ALGORITHM,
        "self_test": { "passed": good, "relative_deviation": deviation, "fluctuation_theorem": departure, "milliseconds": milliseconds },
    });
    if arguments.json {
        output::data(&format!("{report:#}\n"))?;
    } else {
        output::data(&format!(
            "irrev            {}\nsystem           {} {}\nthreads          {threads}\nmemory           {:.1} GB may be planned for\n\
             random streams   {}\nself-test        {} (kinesin: relative deviation {deviation:.1e}; fluctuation theorem beside a quantum Gibbs bath: {departure:.1e}; \
             {milliseconds:.0} ms)\n",
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

/// |⟨e^−σ⟩ − 1| of a site beside a bath of six sites in a Gibbs state, where the theorem is exact.
fn fluctuation_theorem() -> Result<f64, Failure> {
    let failed = |error: irrev::quantum::Error| {
        Failure::new(70, format!("error: the self-test of quantum states: {error}"))
    };
    departure().map_err(failed)
}

fn departure() -> irrev::quantum::Result<f64> {
    use irrev::quantum::Hamiltonian;
    use irrev::quantum::bath::{BathSpectrum, BathState};
    use irrev::quantum::composite::{Composite, Contact, SystemState};
    use irrev::quantum::diagonalise::{Symmetries, Wanted};
    use irrev::quantum::evolution::EvolutionOptions;
    use irrev::quantum::lattice::{Boundary, Lattice};
    use irrev::quantum::temperature::Reservoir;
    use irrev::quantum::thermodynamics::{BathEnergies, Fluctuations, ThermalContact};

    let run = Run::default();
    let grid = Lattice::square([3, 2], [Boundary::Open; 2])?;
    let bath = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0)?;
    let site = Hamiltonian::new(&[1.0], &[])?;
    let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 1.0)])?;
    let spectrum = BathSpectrum::new(&bath, 0..=6, &Symmetries::none(&bath), Wanted::States, &run)?;
    let reservoir = Reservoir {
        beta: 0.1,
        alpha: -1.0,
    };
    let gibbs = BathState::gibbs(&spectrum, reservoir)?;
    let contact = ThermalContact::new(
        &composite,
        &SystemState::diagonal(&[0.01, 0.99])?,
        &gibbs,
        reservoir,
    )?;
    let options = EvolutionOptions {
        tolerance: 1e-14,
        ..EvolutionOptions::default()
    };
    let evolution = contact.evolve(&[2.0], &options, &run)?;
    let found = Fluctuations::forward(&contact, &evolution, 0, BathEnergies::Exact(&spectrum), &run)?;
    Ok((found.exponential_average()? - 1.0).abs())
}
