//! Trajectories of a Markov jump process on its graph of states, with constant rates or under a protocol.

mod question;
mod tell;
mod work;

use irrev_network::MarkovJump;
use irrev_network::dynamics::{DrivenJump, DrivenRecord, driven_process, evolve, periodic_state};
use irrev_network::simulation::graph::{
    DrivenSimulator, JumpTimes, Running, Simulator, SystemEntropy, TrajectoryOptions,
};
use irrev_network::{Distribution, Kinetics};
use irrev_numerics::{Run, Tolerance};
use irrev_report::Report;

use super::begun;
use super::request::Request;
use crate::error::{Error, Result};
use crate::model::{Environment, Markov};
use question::Question;

/// Accuracy of what is calculated beside the trajectories.
const ACCURACY: Tolerance = Tolerance {
    absolute: 0.0,
    relative: 1e-9,
    max_iterations: 1_000_000,
};

/// Most states for which means over time are calculated, too.
const CALCULATED_STATES: usize = 400;

/// The report on trajectories of a Markov jump process.
pub(super) fn report(spec: &Markov, request: &Request, run: &Run<'_>) -> Result<Report> {
    let environment = Environment::new(spec, &request.overrides)?;
    let spec = environment.spec();
    let mut report = begun(
        spec.title.as_deref(),
        "Markov jump process",
        (spec.source.text(), &spec.sources),
        request,
        run,
    );
    for warning in &spec.warnings {
        report.push_warning(warning.sentence());
    }
    let question = Question::new(&environment, request, run)?;
    if spec.is_driven() {
        driven(&question, &mut report)?;
    } else {
        constant(&question, &mut report)?;
    }
    Ok(report)
}

fn constant(question: &Question<'_>, report: &mut Report) -> Result<()> {
    let kinetics = &question.system.kinetics;
    let fail = |e| question.fail(e);
    let options = |times: Vec<f64>| TrajectoryOptions {
        horizon: question.horizon,
        times,
        ..question.options()
    };
    let stationary = question.stationary_start();
    let mut asked = options(question.times.clone());
    if question.request.books.entropy {
        asked.system_entropy = match stationary {
            Some(pi) => SystemEntropy::Stationary(pi.clone()),
            None if question.targets.is_empty() => SystemEntropy::Ends {
                initial: question.initial.clone(),
                end: evolve(
                    kinetics,
                    &question.initial,
                    question.horizon,
                    ACCURACY,
                    question.run,
                )
                .map_err(fail)?
                .distribution,
            },
            None => {
                report.push_warning(
                    "The total entropy production of trajectories that end early needs a stationary start; the entropy delivered to the medium is \
                     reported alone.",
                );
                SystemEntropy::Ignored
            }
        };
        let positive = stationary.is_some_and(|pi| pi.probabilities().iter().all(|p| *p > 0.0));
        if positive && kinetics.one_way_edges().is_empty() {
            asked.running = Some(Running::TotalEntropy);
        }
    }
    let calculated = calculated(question, &unchanging(kinetics), &question.initial)?;
    let missing = match &asked.system_entropy {
        SystemEntropy::Ends { initial, end } => {
            let back = || evolve(kinetics, end, question.horizon, ACCURACY, question.run);
            missing_weight(initial, || Ok(back().map_err(fail)?.distribution))?
        }
        _ => 0.0,
    };
    let simulator = Simulator::new(kinetics, asked).map_err(fail)?;
    let ensemble = question.ensemble(&simulator, &question.initial)?;
    let paths = Simulator::new(kinetics, options(question.fine_times())).map_err(fail)?;
    let told = tell::Told {
        ensemble: &ensemble,
        initial: &question.initial,
        calculated: calculated.as_ref(),
        stationary: stationary.is_some(),
        missing_weight: missing,
    };
    tell::add(question, &told, report)?;
    tell::paths(question, &paths, &question.initial, report)
}

fn driven(question: &Question<'_>, report: &mut Report) -> Result<()> {
    let fail = |e| question.fail(e);
    let process = crate::system::driven(question.environment)?;
    let initial = start(question, &process)?;
    let calculated = calculated(question, &process, &initial)?;
    let options = |times: Vec<f64>| TrajectoryOptions {
        horizon: question.horizon,
        times,
        ..question.options()
    };
    let mut asked = options(question.times.clone());
    let mut missing = 0.0;
    if question.request.books.entropy {
        match &calculated {
            Some(record) if question.targets.is_empty() => {
                asked.system_entropy = SystemEntropy::Ends {
                    initial: initial.clone(),
                    end: record.final_distribution.clone(),
                };
                missing = missing_weight(&initial, || {
                    reversed_end(question, &process, &record.final_distribution)
                })?;
            }
            _ => report.push_warning(
                "The distribution at the end is not known, for trajectories end early or states are too many: the entropy delivered to the \
                 medium is reported alone.",
            ),
        }
    }
    let energies = work::energies(question);
    let law = energies
        .as_ref()
        .map(|law| law as &irrev_network::dynamics::StateLaw<'_>);
    let integrated = || JumpTimes::Integrated { breaks: Vec::new() };
    let simulator = DrivenSimulator::new(&process, law, integrated(), asked, question.run).map_err(fail)?;
    let ensemble = question.ensemble(&simulator, &initial)?;
    let fine = options(question.fine_times());
    let paths = DrivenSimulator::new(&process, None, integrated(), fine, question.run).map_err(fail)?;
    let told = tell::Told {
        ensemble: &ensemble,
        initial: &initial,
        calculated: calculated.as_ref(),
        stationary: false,
        missing_weight: missing,
    };
    tell::add(question, &told, report)?;
    work::add(question, &told, report)?;
    tell::paths(question, &paths, &initial, report)
}

/// Where driven trajectories start: the model's initial distribution, or, where it gives none and the driving repeats, the state that repeats.
fn start(question: &Question<'_>, process: &DrivenJump<'_>) -> Result<Distribution> {
    let environment = question.environment;
    let repeats = environment.spec().initial.is_none() || question.request.stationary;
    match environment.period()? {
        Some(period) if repeats => {
            let state = periodic_state(process, period, &[], ACCURACY, question.run);
            Ok(state.map_err(|e| question.fail(e))?.distribution)
        }
        None if question.request.stationary => Err(Error::NotPossible {
            model: environment.spec().source.name().to_owned(),
            what: "a stationary start".into(),
            reason: "its rates depend on time and do not repeat; give `[protocol] period`, or start from the initial distribution".into(),
        }),
        _ => Ok(question.initial.clone()),
    }
}

/// The process as one under a protocol that does nothing.
fn unchanging(kinetics: &MarkovJump) -> DrivenJump<'_> {
    DrivenJump::new(
        kinetics.network().clone(),
        Box::new(|_, forward, backward| {
            forward.copy_from_slice(kinetics.forward_rate());
            backward.copy_from_slice(kinetics.backward_rate());
            Ok(())
        }),
    )
}

/// Means without sampling; `None` where there are too many states or the equations do not yield.
fn calculated(
    question: &Question<'_>,
    process: &DrivenJump<'_>,
    start: &Distribution,
) -> Result<Option<DrivenRecord>> {
    if start.len() > CALCULATED_STATES || !question.targets.is_empty() {
        return Ok(None);
    }
    let (end, times) = (question.horizon, &question.times);
    match driven_process(process, start, 0.0, end, times, ACCURACY, question.run) {
        Ok(record) => Ok(Some(record)),
        Err(error) => {
            let error = question.fail(error);
            // a comparison that cannot be had is no reason to refuse the trajectories
            if error.exit_code() == 75 {
                Ok(None)
            } else {
                Err(error)
            }
        }
    }
}

/// Weight of the reversed process on states where the forward one cannot have begun.
fn missing_weight(
    initial: &Distribution,
    reversed_end: impl FnOnce() -> Result<Distribution>,
) -> Result<f64> {
    let empty = |p: &f64| *p == 0.0;
    if !initial.probabilities().iter().any(empty) {
        return Ok(0.0);
    }
    let back = reversed_end()?;
    let pairs = initial.probabilities().iter().zip(back.probabilities());
    Ok(pairs.filter(|(p, _)| empty(p)).map(|(_, q)| q).sum())
}

/// Where the reversed protocol leads from the end of the forward one.
fn reversed_end(
    question: &Question<'_>,
    process: &DrivenJump<'_>,
    end: &Distribution,
) -> Result<Distribution> {
    let horizon = question.horizon;
    let reversed = DrivenJump::new(
        process.network().clone(),
        Box::new(move |t, forward, backward| {
            let (f, b) = process.rates_at((horizon - t).max(0.0))?;
            forward.copy_from_slice(&f);
            backward.copy_from_slice(&b);
            Ok(())
        }),
    );
    let record = driven_process(&reversed, end, 0.0, horizon, &[], ACCURACY, question.run);
    Ok(record
        .map_err(|e: irrev_network::Error| -> Error { question.fail(e) })?
        .final_distribution)
}
