//! From a model to trajectories: an ensemble, what it says with error bars, and what theory says beside it.
//!
//! | model | trajectories of | made by |
//! |---|---|---|
//! | `reactions`, SBML | molecule counts | [`irrev_network::simulation::simulate`]: exact, or approximate and labelled so |
//! | `markov` | the explicit graph of states | [`irrev_network::simulation::graph`]: exact |
//! | `kinetic-ising` | spins, many replicas at once | [`irrev_ising::simulation`]: averages of the stationary state |
//! | `langevin` | walkers in continuous space, as `[simulate]` says | [`irrev_landscape::langevin`] |
//! | `markov`, driven | the graph under its protocol | the same, by integrated hazards |
//!
//! Σ = S_medium + ln p₀(x₀) − ln p_τ(x_τ) needs the distribution at the end: it is calculated without sampling where the state space is small
//! enough, and left out with the reason where it is not. The fluctuation theorems are evaluated on the same trajectories; for counts, on
//! trajectories of the stationary state, whose lattice must be small.
//!
//! Same seed, same bits, whatever the number of threads and interruptions.

mod counts;
pub(crate) mod fluctuations;
mod graph;
mod lattice;
mod pictures;
mod request;
mod spins;
mod threshold;
mod told;
mod walkers;

pub use request::{Books, Request, method_named};

pub(crate) use counts::{CountQuestion, add as add_counts};

use irrev_numerics::Run;
use irrev_report::{Provenance, Report};

use crate::analysis::{cite, provenance};
use crate::error::{Error, Result};
use crate::model::Model;

/// Simulates a model and reports on it.
///
/// ```
/// use irrev::analysis::vocabulary;
/// use irrev::simulate::{Request, simulate};
/// use irrev::source::SourceFile;
///
/// let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\nbirth = { eq = \"0 <=> X\", kf = 10.0, kr = 0.5 }\n";
/// let model = irrev::model::parse(SourceFile::from_text("birth.toml", text)?, &vocabulary())?;
/// let request = Request { trajectories: Some(2000), times: vec![1.7], ..Request::default() };
/// let report = simulate(&model, &request, &Default::default())?;
/// let mean = report.quantity("mean_count_X").unwrap();
/// assert!((mean.value - 12.733_946).abs() < 5.0 * mean.error.unwrap());        // 20 − 17 e^{−0.85}
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Model`] for numbers that are not allowed; [`Error::Request`] for an option that means nothing here; [`Error::NotPossible`] for a model
/// that cannot be simulated; [`Error::Network`] for memory over the limit (with the figure), a cancelled run, a checkpoint of another question.
pub fn simulate(model: &Model, request: &Request, run: &Run<'_>) -> Result<Report> {
    let work = || match model {
        Model::Markov(spec) => graph::report(spec, request, run),
        Model::Reactions(spec) => counts::report(spec, request, run),
        Model::Ising(spec) => spins::report(spec, request, run),
        Model::Quantum(spec) => Err(Error::NotPossible {
            model: spec.source.name().into(),
            what: "a simulation".into(),
            reason: "a quantum lattice is evolved exactly, by `irrev run`, and not sampled".into(),
        }),
        Model::Langevin(spec) => walkers::report(spec, request, run),
    };
    run.install(work)
        .map_err(|error| Error::network(model.source().name(), error.into()))?
}

/// An empty report of a simulation, with what determines it.
fn begun(
    title: Option<&str>,
    kind: &str,
    (source, citations): (&str, &[String]),
    request: &Request,
    run: &Run<'_>,
) -> Report {
    let mut origin: Provenance = provenance(source, &request.overrides).with_seed(run.seed);
    if let Some((of, error)) = &request.wanted {
        origin = origin
            .with_option("standard error", error)
            .with_option("standard error of", of);
    }
    if request.stationary {
        origin = origin.with_option("start", "stationary");
    }
    for place in &request.until {
        origin = origin.with_option(format!("until {place}"), "yes");
    }
    let mut report = Report::new("simulation", title.unwrap_or(kind), origin);
    cite(citations, &mut report);
    report
}
