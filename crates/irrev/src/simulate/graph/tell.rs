//! What an ensemble on a graph says: means with errors, occupations, theorems, first passages, paths.

use irrev_network::dynamics::DrivenRecord;
use irrev_network::simulation::estimators::survival_function;
use irrev_network::simulation::graph::{Ending, Ensemble, Observable, Simulation, Trajectory};
use irrev_network::{Distribution, Kinetics};
use irrev_numerics::Estimate;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_report::{Axis, Curve, Figure, Lines, Quantity, Report, Table, readable_number};

use super::super::fluctuations::{self, Asked, Sample};
use super::super::pictures::{self, Course, MOST_CURVES};
use super::super::told::{self, Comparison, estimated};
use super::question::Question;
use crate::analysis::definitions::{
    PASSAGE_PROBABILITY, PASSAGE_TIME, SIMULATED_CURRENT, SIMULATED_ENTROPY_PRODUCTION, SIMULATED_HEAT,
    SIMULATED_JUMPS, SIMULATED_MEDIUM_ENTROPY,
};
use crate::error::Result;

/// Paths drawn.
const PATHS: u64 = 3;

/// Trajectories listed at most; their numbers are in the table of the report, 8 bytes each.
const LISTED: usize = 1_000_000;

/// Points of the survival function.
const SURVIVAL_POINTS: usize = 101;

/// An ensemble and what is known beside it.
pub(super) struct Told<'a> {
    pub(super) ensemble: &'a Ensemble,
    pub(super) initial: &'a Distribution,
    pub(super) calculated: Option<&'a DrivenRecord>,
    pub(super) stationary: bool,
    pub(super) missing_weight: f64,
}

pub(super) fn add(question: &Question<'_>, told: &Told<'_>, report: &mut Report) -> Result<()> {
    let ensemble = told.ensemble;
    told::method(report, ensemble.trajectories, &ensemble.algorithm, true);
    if ensemble.trajectories < question.trajectories {
        report.push_warning(format!(
            "Stopped after {} of {} trajectories: the wanted error was met.",
            ensemble.trajectories, question.trajectories
        ));
    }
    let mut comparison = Comparison::default();
    numbers(question, told, &mut comparison, report);
    occupations(question, told, &mut comparison, report);
    comparison.tell(report, true, ensemble.trajectories);
    cumulants(question, ensemble, report);
    theorems(question, told, report)?;
    passages(question, ensemble, report)?;
    if question.request.keep {
        list(question, ensemble, report);
    }
    Ok(())
}

/// Means of the books, beside what was calculated.
fn numbers(question: &Question<'_>, told: &Told<'_>, comparison: &mut Comparison, report: &mut Report) {
    let (ensemble, units) = (told.ensemble, &question.units);
    let mean = |observable| ensemble.mean(observable);
    let calculated = told.calculated;
    let entropy = question.request.books.entropy;
    if let Some(total) = mean(Observable::TotalEntropy) {
        report.push_quantity(estimated(&SIMULATED_ENTROPY_PRODUCTION, units, &total).key());
        if let Some(record) = calculated {
            comparison.add("entropy production", total, record.entropy_production);
        }
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "A trajectory of {} {} produces {} ± {} nats on average.",
                readable_number(question.horizon, 4),
                units.time(),
                readable_number(total.value, 4),
                readable_number(total.standard_error, 2)
            ),
        );
    }
    let one_way = question.system.kinetics.one_way_edges();
    if let Some(medium) = mean(Observable::MediumEntropy).filter(|_| entropy) {
        let infinite = infinite_share(question, ensemble) > 0;
        let medium = if infinite {
            Estimate {
                value: f64::INFINITY,
                standard_error: f64::INFINITY,
                ..medium
            }
        } else {
            medium
        };
        let mut quantity = estimated(&SIMULATED_MEDIUM_ENTROPY, units, &medium).key();
        if infinite {
            quantity = quantity.with_note(format!(
                "infinite because of jumps without a reverse: {}",
                one_way.join(", ")
            ));
        } else if let Some(record) = calculated {
            comparison.add("medium entropy", medium, record.medium_entropy.iter().sum());
        }
        report.push_quantity(quantity);
    }
    if let Some(jumps) = mean(Observable::Jumps) {
        report.push_quantity(estimated(&SIMULATED_JUMPS, units, &jumps));
        if let Some(record) = calculated {
            comparison.add("jumps", jumps, record.activity);
        }
    }
    let currents: Vec<(usize, Estimate)> = (0..question.currents.len())
        .filter_map(|k| Some((k, mean(Observable::Current(k))?)))
        .collect();
    for (k, current) in currents.iter().filter(|(k, _)| *k < question.observables) {
        let observable = &question.environment.spec().observables[*k];
        let unit = observable.unit.as_deref().unwrap_or("1/time");
        report.push_quantity(
            estimated(&SIMULATED_CURRENT, units, current)
                .named(format!("simulated_{}", observable.name))
                .in_unit(over_interval(unit, units.time()))
                .key(),
        );
    }
    let per_edge: Vec<&(usize, Estimate)> = currents.iter().filter(|c| c.0 >= question.observables).collect();
    if !per_edge.is_empty() {
        let column = |of: &dyn Fn(&(usize, Estimate)) -> f64| per_edge.iter().map(|c| of(c)).collect();
        let names = per_edge.iter().map(|c| question.currents[c.0].0.clone());
        let n = ensemble.trajectories as f64;
        let direction = |offset: usize| {
            let counts = ensemble.jump_counts.iter().skip(offset).step_by(2);
            counts.map(|c| *c as f64 / n).collect::<Vec<f64>>()
        };
        report.push_table(
            Table::new(
                "simulated_transitions",
                "Mean number of jumps per trajectory by transition, and the error of the net number",
            )
            .text("transition", names.collect())
            .numbers("forward", "1", direction(0))
            .numbers("backward", "1", direction(1))
            .numbers("net", "1", column(&|c| c.1.value))
            .numbers("net_error", "1", column(&|c| c.1.standard_error)),
        );
        if let Some(record) = calculated {
            for ((_, net), (edge, expected)) in per_edge.iter().zip(
                question.currents[question.observables..]
                    .iter()
                    .zip(&record.net_jumps),
            ) {
                comparison.add(format!("net jumps of {}", edge.0), *net, *expected);
            }
        }
    }
    for (r, name) in question.environment.spec().reservoirs.iter().enumerate() {
        if let Some(heat) = mean(Observable::Heat(r)).filter(|h| h.value.is_finite()) {
            report.push_quantity(
                estimated(&SIMULATED_HEAT, units, &heat).named(format!("simulated_heat_{}", name.name)),
            );
        }
    }
}

/// The unit of a rate times that of time.
fn over_interval(rate: &str, time: &str) -> String {
    let per = [format!("/{time}"), "/time".to_owned()];
    if let Some(numerator) = per.iter().find_map(|suffix| rate.strip_suffix(suffix.as_str())) {
        return numerator.to_owned();
    }
    match time.strip_prefix("1/") {
        Some(frequency) if rate == frequency => "1".to_owned(),
        Some(frequency) => match rate.strip_suffix(&format!("·{frequency}")) {
            Some(numerator) => numerator.to_owned(),
            None => format!("{rate}·{time}"),
        },
        None => format!("{rate}·{time}"),
    }
}

/// Jumps through channels that have no reverse.
fn infinite_share(question: &Question<'_>, ensemble: &Ensemble) -> u64 {
    let kinetics = &question.system.kinetics;
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let one_way = rates.zip(ensemble.jump_counts.chunks_exact(2));
    one_way
        .filter(|((f, b), _)| (**f == 0.0) != (**b == 0.0))
        .map(|(_, counts)| counts[0] + counts[1])
        .sum()
}

/// Shares of the states over time.
fn occupations(question: &Question<'_>, told: &Told<'_>, comparison: &mut Comparison, report: &mut Report) {
    let (ensemble, times) = (told.ensemble, &question.times);
    if !question.request.books.residence {
        return;
    }
    let network = question.system.kinetics.network();
    let shares: Vec<Vec<Estimate>> = (0..times.len()).map(|t| ensemble.occupation(t)).collect();
    let calculated = |state: usize| -> Option<Vec<f64>> {
        let record = told.calculated?;
        let values = record.distributions.iter().map(|p| p.probabilities()[state]);
        Some(values.collect())
    };
    let mut table = Table::new(
        "occupation",
        "Share of the trajectories in each state at the output times, with binomial errors",
    )
    .numbers("time", question.units.time(), times.clone());
    let mut courses = Vec::new();
    for (i, name) in network.states().iter().enumerate().take(MOST_CURVES) {
        let mean: Vec<f64> = shares.iter().map(|s| s[i].value).collect();
        let error: Vec<f64> = shares.iter().map(|s| s[i].standard_error).collect();
        table = table.numbers(name.clone(), "1", mean.clone()).numbers(
            format!("{name} error"),
            "1",
            error.clone(),
        );
        if let (Some(exact), Some(last)) = (calculated(i), shares.last()) {
            comparison.add(
                format!("share of {name} at the end"),
                last[i],
                exact.last().copied().unwrap_or(f64::NAN),
            );
        }
        courses.push(Course {
            name: name.clone(),
            exact: calculated(i),
            spread: error,
            mean,
        });
    }
    report.push_table(table);
    report.push_figure(pictures::bands(
        ("occupation", "States over time"),
        "Share of the trajectories in each state, with one standard error; dashed, the distribution calculated without sampling.".into(),
        (
            Axis::new("time", question.units.time()),
            Axis::new("probability", "1"),
        ),
        times,
        &courses,
    ));
    let total: f64 = ensemble.residence.iter().sum();
    report.push_table(
        Table::new(
            "residence",
            "Share of time spent in each state, over all trajectories",
        )
        .text("state", network.states().to_vec())
        .numbers(
            "share",
            "1",
            ensemble.residence.iter().map(|t| t / total).collect(),
        ),
    );
}

fn theorems(question: &Question<'_>, told: &Told<'_>, report: &mut Report) -> Result<()> {
    let ensemble = told.ensemble;
    if ensemble.mean(Observable::TotalEntropy).is_none() {
        return Ok(());
    }
    if infinite_share(question, ensemble) > 0 || !question.system.kinetics.one_way_edges().is_empty() {
        report.push_warning(
            "Jumps without a reverse make the entropy production infinite: no fluctuation theorem applies.",
        );
        return Ok(());
    }
    let Some(total) = ensemble.samples_of(Observable::TotalEntropy) else {
        report.push_warning(
            "Single trajectories were not kept, for they are too many: the fluctuation theorems are left out (--keep keeps them).",
        );
        return Ok(());
    };
    let start = if told.stationary {
        "from the stationary state"
    } else {
        "from the initial distribution"
    };
    let sample = Sample {
        total,
        minima: ensemble.samples_of(Observable::Minimum),
        missing_weight: told.missing_weight.clamp(0.0, 1.0 - f64::EPSILON),
        // trajectories that end at a target of their own choice obey the integral theorem, not the detailed one
        stationary: told.stationary && question.targets.is_empty(),
        asked: Asked::All,
        exact: true,
        of: format!(
            "{start} over {} {}",
            readable_number(question.horizon, 4),
            question.units.time()
        ),
    };
    fluctuations::add(&sample, report).map_err(|e| question.fail(e))
}

/// First passages to the targets.
fn passages(question: &Question<'_>, ensemble: &Ensemble, report: &mut Report) -> Result<()> {
    if question.targets.is_empty() {
        return Ok(());
    }
    let names = question.system.kinetics.network().states();
    let targets: Vec<&str> = question.targets.iter().map(|&i| names[i].as_str()).collect();
    for (target, share) in targets.iter().zip(ensemble.splitting_probabilities()) {
        report.push_quantity(
            estimated(&PASSAGE_PROBABILITY, &question.units, &share)
                .named(format!("passage_probability_{target}"))
                .key(),
        );
    }
    let Some(durations) = ensemble.samples_of(Observable::Duration) else {
        return Ok(());
    };
    let passed: Vec<bool> = ensemble
        .sample_endings
        .iter()
        .map(|e| matches!(e, Ending::Target(_)))
        .collect();
    let arrived: Vec<f64> = durations
        .iter()
        .zip(&passed)
        .filter(|(_, passed)| **passed)
        .map(|(d, _)| *d)
        .collect();
    let time = irrev_network::simulation::estimators::Moments::of(&arrived).mean();
    report.push_quantity(estimated(&PASSAGE_TIME, &question.units, &time).key());
    let grid: Vec<f64> = (0..SURVIVAL_POINTS)
        .map(|k| question.horizon * k as f64 / (SURVIVAL_POINTS - 1) as f64)
        .collect();
    let record = survival_function(durations, &passed, &grid).map_err(|e| question.fail(e))?;
    let axis = Axis::new("time", question.units.time());
    report.push_figure(pictures::survival(&record, axis, &targets.join(" or ")));
    Ok(())
}

/// Name of a number in tables.
fn name(question: &Question<'_>, observable: Observable) -> Option<String> {
    Some(match observable {
        Observable::Current(k) => format!("current {}", question.currents[k].0),
        Observable::Heat(r) => format!("heat {}", question.environment.spec().reservoirs[r].name),
        Observable::Duration => "duration".into(),
        Observable::Jumps => "jumps".into(),
        Observable::MediumEntropy => "medium_entropy".into(),
        Observable::TotalEntropy => "total_entropy".into(),
        Observable::Work => "work".into(),
        Observable::Running => "running".into(),
        Observable::Minimum => "minimum".into(),
        Observable::Maximum => "maximum".into(),
        _ => return None,
    })
}

/// Mean, variance and third cumulant of every number, over the trajectories where it is finite.
fn cumulants(question: &Question<'_>, ensemble: &Ensemble, report: &mut Report) {
    let rows: Vec<(String, [Estimate; 3])> = ensemble
        .observables
        .iter()
        .zip(&ensemble.moments)
        .filter_map(|(observable, m)| {
            let name = name(question, *observable)?;
            let [mean, variance, third, _] = m.cumulants();
            Some((name, [mean, variance, third]))
        })
        .collect();
    let mut table = Table::new(
        "cumulants",
        "Cumulants of what the trajectories bring home, with standard errors; a mean is infinite if one value is",
    )
    .text("number", rows.iter().map(|r| r.0.clone()).collect());
    for (k, cumulant) in ["mean", "variance", "third_cumulant"].into_iter().enumerate() {
        let column = |of: fn(&Estimate) -> f64| rows.iter().map(|r| of(&r.1[k])).collect();
        table = table.numbers(cumulant, "", column(|e| e.value)).numbers(
            format!("{cumulant}_error"),
            "",
            column(|e| e.standard_error),
        );
    }
    report.push_table(table);
}

/// Every trajectory with its numbers.
fn list(question: &Question<'_>, ensemble: &Ensemble, report: &mut Report) {
    let Some(samples) = &ensemble.samples else { return };
    let rows = samples.first().map_or(0, Vec::len).min(LISTED);
    let mut table = Table::new("trajectories", "Every trajectory").numbers(
        "trajectory",
        "",
        (0..rows).map(|i| i as f64).collect(),
    );
    for (observable, values) in ensemble.observables.iter().zip(samples) {
        let Some(name) = name(question, *observable) else {
            continue;
        };
        table = table.numbers(name, "", values[..rows].to_vec());
    }
    report.push_table(table);
    told::warn_if_cut(report, ensemble.trajectories, rows);
}

/// The first trajectories of the ensemble as paths through the states.
pub(super) fn paths(
    question: &Question<'_>,
    simulation: &impl Simulation,
    initial: &Distribution,
    report: &mut Report,
) -> Result<()> {
    let times = &simulation.options().times;
    let mut lines = Lines::new(
        Axis::new("time", question.units.time()),
        Axis::new("state, counted from 0", "1"),
    );
    for index in 0..PATHS.min(question.trajectories) {
        let mut stream = Stream::new(question.run.seed, Purpose::InitialState, index);
        let state = stream.categorical(initial.probabilities());
        let mut record = Trajectory::default();
        simulation
            .sample(state, index, &mut record, question.run)
            .map_err(|e| question.fail(e))?;
        let states: Vec<f64> = record.states.iter().map(|s| *s as f64).collect();
        let (x, y) = pictures::steps(&times[..states.len()], &states, record.duration);
        lines = lines.curve(Curve::new(format!("trajectory {index}"), x, y));
    }
    let network = simulation.network();
    let names: Vec<String> = network
        .states()
        .iter()
        .take(MOST_CURVES)
        .enumerate()
        .map(|(i, name)| format!("{i} = {name}"))
        .collect();
    report.push_figure(Figure::new(
        "trajectories",
        "Trajectories",
        format!(
            "The first trajectories of the ensemble, looked at {} times: {}{}.",
            times.len(),
            names.join(", "),
            if network.states().len() > MOST_CURVES {
                " and so on"
            } else {
                ""
            }
        ),
        lines,
    ));
    Ok(())
}

/// A number of the report that is calculated, not sampled.
pub(super) fn exact(question: &Question<'_>, definition: &irrev_report::Definition, value: f64) -> Quantity {
    Quantity::new(definition.clone(), value).in_unit(question.units.apply(&definition.unit))
}

#[cfg(test)]
mod tests {
    use super::over_interval;

    #[test]
    fn a_rate_over_an_interval_loses_its_time() {
        assert_eq!(over_interval("nm/s", "s"), "nm");
        assert_eq!(over_interval("1/time", "1/k"), "1");
        assert_eq!(over_interval("kT·gamma", "1/gamma"), "kT");
        assert_eq!(over_interval("nm", "s"), "nm·s");
    }
}
