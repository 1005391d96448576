//! Trajectories of a reaction model on molecule counts.

mod books;
mod few;
mod tell;

use irrev_network::counts::TransientMoments;
use irrev_network::simulation::estimators::Moments;
use irrev_network::simulation::{
    self, Ensemble, Keep, Quantity, SimulationOptions, Trajectory, WantedError, simulate,
};
use irrev_numerics::Run;
use irrev_numerics::run::CheckpointStore;
use irrev_report::Report;

use super::request::{Request, refused, suggestion};
use super::{begun, fluctuations, lattice, threshold, told};
use crate::chemistry::{Chemistry, CountModel};
use crate::error::{Error, Result};
use crate::model::{Reactions, ReactionsEnvironment};
pub(super) use books::EntropyBooks;
pub(super) use tell::stationary_sample;

/// Bytes of trajectories that are kept unasked. Beyond, moments alone are kept, and what needs single trajectories is taken from the first ones.
const KEPT: u64 = 256 << 20;

/// Trajectories from which entropies and first passages are taken then.
const SAMPLED: u64 = 100_000;

/// What is asked of a model on counts.
pub(crate) struct CountQuestion<'a> {
    pub(crate) environment: &'a ReactionsEnvironment<'a>,
    pub(crate) chemistry: &'a Chemistry,
    pub(crate) request: &'a Request,
    /// Output times; the last one ends the trajectories.
    pub(crate) times: Vec<f64>,
    pub(crate) trajectories: u64,
    /// Amounts of the dynamic species in the steady state of the rate equations, if they come to rest.
    pub(crate) steady: Option<Vec<f64>>,
    pub(crate) run: &'a Run<'a>,
}

/// How many trajectories were made, and how.
pub(crate) struct Made {
    pub(crate) trajectories: u64,
    pub(crate) algorithm: &'static str,
    pub(crate) streams: &'static str,
    pub(crate) exact: bool,
}

/// The report on trajectories of a reaction model.
pub(super) fn report(spec: &Reactions, request: &Request, run: &Run<'_>) -> Result<Report> {
    if request.stationary {
        let problem = "is for jump processes; reaction models start from their counts, and their fluctuation theorems are tested in the stationary state \
                       without being asked"
            .to_owned();
        return Err(refused("stationary", "yes", problem));
    }
    let environment = ReactionsEnvironment::new(spec, &request.overrides)?;
    environment.check()?;
    let chemistry = Chemistry::new(&environment)?;
    let spec = environment.spec();
    let times = request.times(environment.times()?, || {
        crate::analysis::settling_time(&environment, run)
    })?;
    let mut report = begun(
        spec.title.as_deref(),
        "Chemical reaction network",
        (spec.source.text(), &spec.sources),
        request,
        run,
    );
    crate::analysis::reading(&spec.warnings, &mut report);
    let question = CountQuestion {
        environment: &environment,
        chemistry: &chemistry,
        request,
        trajectories: request.trajectories(spec.trajectories)?,
        times,
        steady: None,
        run,
    };
    let made = add(&question, &mut report)?;
    told::method(&mut report, made.trajectories, made.algorithm, made.exact);
    report.provenance.methods.push(made.streams.to_owned());
    Ok(report)
}

/// Simulates, and adds everything there is to say to a report.
///
/// # Errors
/// As [`super::simulate`].
pub(crate) fn add(question: &CountQuestion<'_>, report: &mut Report) -> Result<Made> {
    let mut model = question.chemistry.counts(question.environment)?;
    told::rounded(report, &model.rounded);
    told::powers(report, &model.powers, question.environment.spec().powers);
    let entropy = EntropyBooks::of(question, &mut model, report)?;
    let simulated = Simulated::new(question, &model, &entropy)?;
    let exact = simulated.ensemble.exact;
    if simulated.ensemble.stopped_early {
        report.push_warning(format!(
            "Stopped after {} of {} trajectories: the wanted error was met.",
            simulated.ensemble.trajectories, question.trajectories
        ));
    }
    let transient = if question.request.until.is_empty() {
        match lattice::transient(&model, &question.times, question.run).map_err(|e| question.fail(e))? {
            Ok(moments) => Some(moments),
            Err(reason) => {
                if entropy.finite() {
                    report.push_warning(format!(
                        "The total entropy production needs the distribution at the end, which is not calculated: {reason}. The entropy delivered to \
                         the medium is reported alone."
                    ));
                }
                None
            }
        }
    } else {
        None
    };
    let tell = tell::Tell {
        question,
        model: &model,
        simulated: &simulated,
        entropy: &entropy,
        transient: transient.as_ref(),
    };
    tell.add(report)?;
    if question.request.until.is_empty() {
        lattice::stationary(question, &model, &entropy, report)?;
    }
    Ok(Made {
        trajectories: simulated.ensemble.trajectories,
        algorithm: simulated.ensemble.algorithm,
        streams: simulated.ensemble.streams,
        exact,
    })
}

impl CountQuestion<'_> {
    pub(super) fn fail(&self, error: irrev_network::Error) -> Error {
        few::explained(self, error)
    }

    pub(super) fn end(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    fn options(&self, entropy: &EntropyBooks) -> SimulationOptions {
        let asked = &self.request.books;
        SimulationOptions {
            times: self.times.clone(),
            trajectories: self.trajectories,
            method: self.request.method,
            books: simulation::Books {
                jumps: asked.jumps,
                residence: asked.residence,
                ..entropy.books()
            },
            checkpoint_interval: self.request.checkpoint_interval,
            ..SimulationOptions::default()
        }
    }

    /// Where in the list of recorded quantities the wanted error looks.
    fn wanted(
        &self,
        model: &CountModel,
        entropy: &EntropyBooks,
        books: &simulation::Books,
    ) -> Result<Option<WantedError>> {
        let Some((name, standard_error)) = &self.request.wanted else {
            return Ok(None);
        };
        let species = model.system.species();
        let before_entropy = species.len() * (1 + usize::from(books.residence)) + usize::from(books.jumps);
        let quantity = match species.iter().position(|s| s == name) {
            Some(index) => index,
            None if name == "medium_entropy" && entropy.finite() => before_entropy,
            None => {
                let mut known: Vec<&str> = species.iter().map(String::as_str).collect();
                if entropy.finite() {
                    known.push("medium_entropy");
                }
                let problem = format!(
                    "is no number of these trajectories whose error is followed{}; known: {}",
                    suggestion(name, &known),
                    known.join(", ")
                );
                return Err(refused("of", name, problem));
            }
        };
        Ok(Some(WantedError {
            quantity,
            time: self.times.len() - 1,
            standard_error: *standard_error,
        }))
    }
}

/// The ensemble, and single trajectories of it.
pub(super) struct Simulated {
    pub(super) ensemble: Ensemble,
    /// All trajectories, or the first ones.
    pub(super) sample: Vec<Trajectory>,
    /// Whether the trajectories of the sample hold all output times, or the last one only.
    pub(super) all_times: bool,
}

impl Simulated {
    fn new(question: &CountQuestion<'_>, model: &CountModel, entropy: &EntropyBooks) -> Result<Self> {
        let mut options = question.options(entropy);
        options.wanted_error = question.wanted(model, entropy, &options.books)?;
        for text in &question.request.until {
            options
                .books
                .passages
                .push(threshold::passage(text, &model.system)?);
        }
        // a bound on what a trajectory records per output time
        let numbers = (2 * model.system.species().len() + 5) as u64;
        let each = 8 * numbers * question.times.len() as u64;
        let fits = question.trajectories.saturating_mul(each) <= KEPT;
        let keeps = question.request.keep || fits;
        options.keep = if keeps { Keep::Trajectories } else { Keep::Moments };
        let mut ensemble = simulated(question, model, &options, "ensemble")?;
        if keeps {
            let sample = std::mem::take(&mut ensemble.kept);
            return Ok(Self {
                ensemble,
                sample,
                all_times: true,
            });
        }
        // the same trajectories again, at their end only: output times change nothing
        let first = SimulationOptions {
            times: vec![question.end()],
            trajectories: ensemble.trajectories.min(SAMPLED),
            keep: Keep::Trajectories,
            wanted_error: None,
            ..options
        };
        let sample = simulated(question, model, &first, "sample")?.kept;
        Ok(Self {
            ensemble,
            sample,
            all_times: false,
        })
    }

    /// Index of a recorded quantity.
    pub(super) fn quantity(&self, quantity: &Quantity) -> Option<usize> {
        self.ensemble.quantity(quantity)
    }

    /// A recorded quantity at the end of every trajectory of the sample that got there.
    pub(super) fn at_end(&self, quantity: usize) -> impl Iterator<Item = (&Trajectory, f64)> + '_ {
        let width = self.ensemble.quantities.len();
        self.sample.iter().filter_map(move |trajectory| {
            let last = trajectory.values.len().checked_sub(width)?;
            let value = *trajectory.values.get(last + quantity)?;
            (!value.is_nan()).then_some((trajectory, value))
        })
    }

    /// Counts at the end of a trajectory.
    pub(super) fn counts_at_end(&self, trajectory: &Trajectory, species: usize) -> Vec<i64> {
        let width = self.ensemble.quantities.len();
        let row = &trajectory.values[trajectory.values.len() - width..];
        row[..species].iter().map(|n| *n as i64).collect()
    }
}

fn simulated(
    question: &CountQuestion<'_>,
    model: &CountModel,
    options: &SimulationOptions,
    place: &str,
) -> Result<Ensemble> {
    let folder = question.request.checkpoints.as_ref();
    let store = folder.map(|folder| CheckpointStore::new(folder.join(place)));
    let run = Run {
        checkpoints: store.as_ref(),
        ..*question.run
    };
    simulate(&model.system, &model.initial, options, &run).map_err(|e| question.fail(e))
}

/// Total entropy production of each trajectory that reached the end, with p₀ at one point: S_medium − ln p_τ(n_τ).
pub(super) fn total_entropy(
    simulated: &Simulated,
    medium: usize,
    species: usize,
    transient: &TransientMoments,
) -> Option<Vec<f64>> {
    let lattice = &transient.lattice;
    let place: std::collections::HashMap<&[i64], usize> =
        (0..lattice.states()).map(|s| (lattice.counts(s), s)).collect();
    simulated
        .at_end(medium)
        .map(|(trajectory, entropy)| {
            let counts = simulated.counts_at_end(trajectory, species);
            let probability = transient.distribution[*place.get(counts.as_slice())?];
            (probability > 0.0).then(|| entropy - probability.ln())
        })
        .collect()
}

/// Mean of numbers, or nothing where there is none or one is infinite.
pub(super) fn finite_mean(values: &[f64]) -> Option<irrev_numerics::Estimate> {
    let usable = values.len() > 1 && values.iter().all(|v| v.is_finite());
    usable.then(|| Moments::of(values).mean())
}

/// Adds the fluctuation theorems of a sample.
pub(super) fn add_theorems(
    question: &CountQuestion<'_>,
    sample: &fluctuations::Sample<'_>,
    report: &mut Report,
) -> Result<()> {
    fluctuations::add(sample, report).map_err(|e| question.fail(e))
}
