//! What an ensemble on counts says: moments over time, jumps, entropies, first passages, paths.

use irrev_network::counts::TransientMoments;
use irrev_network::simulation::estimators::{proportion, survival_function};
use irrev_network::simulation::{End, Quantity as Recorded, SimulationOptions, sample_path};
use irrev_report::{Axis, Curve, Figure, Lines, Report, Table, readable_number};

use super::super::fluctuations::{Asked, Sample};
use super::super::pictures::{self, Course, MOST_CURVES};
use super::super::told::{self, Comparison, estimated};
use super::books::EntropyBooks;
use super::{CountQuestion, Simulated, finite_mean, total_entropy};
use crate::analysis::definitions::{
    COUNT_VARIANCE, MEAN_COUNT, PASSAGE_PROBABILITY, PASSAGE_TIME, SIMULATED_ENTROPY_PRODUCTION,
    SIMULATED_JUMPS, SIMULATED_MEDIUM_ENTROPY,
};
use crate::analysis::units::Units;
use crate::chemistry::CountModel;
use crate::error::Result;

/// Species whose mean and variance are numbers of the report; the rest stands in the table.
const NUMBERED: usize = 24;

/// Jumps of a path up to which it is drawn jump by jump.
const DRAWN_JUMPS: u64 = 3000;

/// Curves of the picture of paths.
const DRAWN_CURVES: usize = 6;

/// Points of the survival function.
const SURVIVAL_POINTS: usize = 101;

/// Trajectories listed at most.
const LISTED: usize = 1_000_000;

pub(super) struct Tell<'a> {
    pub(super) question: &'a CountQuestion<'a>,
    pub(super) model: &'a CountModel,
    pub(super) simulated: &'a Simulated,
    pub(super) entropy: &'a EntropyBooks,
    pub(super) transient: Option<&'a TransientMoments>,
}

impl Tell<'_> {
    pub(super) fn add(&self, report: &mut Report) -> Result<()> {
        let mut comparison = Comparison::default();
        self.moments(&mut comparison, report)?;
        self.jumps(report);
        self.entropies(report)?;
        let ensemble = &self.simulated.ensemble;
        comparison.tell(report, ensemble.exact, ensemble.trajectories);
        self.passages(report)?;
        self.paths(report)?;
        if self.question.request.keep {
            self.list(report);
        }
        Ok(())
    }

    fn units(&self) -> Units {
        Units::of_trajectories(&self.question.environment.spec().units)
    }

    fn time_axis(&self) -> Axis {
        Axis::new("time", self.units().time())
    }

    fn species(&self) -> &[String] {
        self.model.system.species()
    }

    /// Means and variances of the counts over time.
    fn moments(&self, comparison: &mut Comparison, report: &mut Report) -> Result<()> {
        let (ensemble, units) = (&self.simulated.ensemble, self.units());
        let times = &ensemble.times;
        let last = times.len() - 1;
        let fail = |e| self.question.fail(e);
        let mut table = Table::new(
            "counts_over_time",
            "Mean number of molecules over the trajectories that got there, its standard error, and the variance",
        )
        .numbers("time", units.time(), times.clone());
        let mut courses = Vec::new();
        for (s, name) in self.species().iter().enumerate() {
            let (mut mean, mut error, mut variance) = (Vec::new(), Vec::new(), Vec::new());
            for t in 0..times.len() {
                let estimate = ensemble.mean(t, s).map_err(fail)?;
                mean.push(estimate.value);
                error.push(estimate.standard_error);
                variance.push(ensemble.variance(t, s).map_err(fail)?.value);
            }
            if s < NUMBERED {
                let (end, spread) = (
                    ensemble.mean(last, s).map_err(fail)?,
                    ensemble.variance(last, s).map_err(fail)?,
                );
                report
                    .push_quantity(estimated(&MEAN_COUNT, &units, &end).named(format!("mean_count_{name}")));
                if spread.value.is_finite() {
                    report.push_quantity(
                        estimated(&COUNT_VARIANCE, &units, &spread).named(format!("count_variance_{name}")),
                    );
                }
                if let Some(exact) = self.transient {
                    comparison.add(format!("mean of {name}"), end, exact.means[last][s]);
                    comparison.add(format!("variance of {name}"), spread, exact.variances[last][s]);
                }
            }
            courses.push(Course {
                name: name.clone(),
                spread: variance.iter().map(|v: &f64| v.max(0.0).sqrt()).collect(),
                exact: self.transient.map(|m| m.means.iter().map(|row| row[s]).collect()),
                mean: mean.clone(),
            });
            table = table
                .numbers(name.clone(), "1", mean)
                .numbers(format!("{name} error"), "1", error)
                .numbers(format!("{name} variance"), "1", variance);
        }
        if let Some(medium) = self.entropy.quantity().and_then(|q| self.simulated.quantity(&q)) {
            let (mut mean, mut error) = (Vec::new(), Vec::new());
            for t in 0..times.len() {
                let estimate = ensemble.mean(t, medium).map_err(fail)?;
                mean.push(estimate.value);
                error.push(estimate.standard_error);
            }
            table =
                table
                    .numbers("medium entropy", "nats", mean)
                    .numbers("medium entropy error", "nats", error);
        }
        report.push_table(table);
        report.push_figure(pictures::bands(
            ("counts_over_time", "Counts over time"),
            format!(
                "Mean number of molecules over {} trajectories, with bands of one standard deviation{}.",
                ensemble.trajectories,
                if self.transient.is_some() {
                    "; dashed, the means calculated from the master equation"
                } else {
                    ""
                }
            ),
            (self.time_axis(), Axis::new("molecules", "1")),
            times,
            &courses,
        ));
        Ok(())
    }

    fn jumps(&self, report: &mut Report) {
        let ensemble = &self.simulated.ensemble;
        if ensemble.reactions.is_empty() || !self.question.request.books.jumps {
            return;
        }
        let column = |of: &dyn Fn(&irrev_network::simulation::ReactionSummary) -> f64| -> Vec<f64> {
            ensemble.reactions.iter().map(of).collect()
        };
        report.push_table(
            Table::new("simulated_reactions", "Jumps of each reaction per trajectory")
                .text(
                    "reaction",
                    ensemble.reactions.iter().map(|r| r.name.clone()).collect(),
                )
                .numbers("forward", "1", column(&|r| r.forward.mean()))
                .numbers(
                    "forward_error",
                    "1",
                    column(&|r| r.forward.mean_estimate().standard_error),
                )
                .numbers("backward", "1", column(&|r| r.backward.mean()))
                .numbers(
                    "backward_error",
                    "1",
                    column(&|r| r.backward.mean_estimate().standard_error),
                )
                .numbers("one_way", "1", column(&|r| r.one_way as f64)),
        );
        let last = ensemble.times.len() - 1;
        if let Some(activity) = self.simulated.quantity(&Recorded::Activity)
            && let Ok(mean) = ensemble.mean(last, activity)
        {
            report.push_quantity(estimated(&SIMULATED_JUMPS, &self.units(), &mean));
        }
    }

    fn entropies(&self, report: &mut Report) -> Result<()> {
        let (ensemble, units) = (&self.simulated.ensemble, self.units());
        let Some(medium) = self.entropy.quantity().and_then(|q| self.simulated.quantity(&q)) else {
            return Ok(());
        };
        let last = ensemble.times.len() - 1;
        let mean = ensemble.mean(last, medium).map_err(|e| self.question.fail(e))?;
        let mut quantity = estimated(&SIMULATED_MEDIUM_ENTROPY, &units, &mean).key();
        if mean.value.is_infinite() {
            let named: Vec<&str> = ensemble
                .reactions
                .iter()
                .filter(|r| r.one_way > 0)
                .map(|r| r.name.as_str())
                .collect();
            quantity = quantity.with_note(format!(
                "infinite because of jumps without a reverse: {}",
                named.join(", ")
            ));
        }
        report.push_quantity(quantity);
        let Some(transient) = self.transient.filter(|_| self.entropy.finite()) else {
            return Ok(());
        };
        let Some(total) = total_entropy(self.simulated, medium, self.species().len(), transient) else {
            report.push_warning(
                "A trajectory ended where the calculated distribution has no weight: the total entropy production is left out.",
            );
            return Ok(());
        };
        if let Some(mean) = finite_mean(&total) {
            report.push_quantity(estimated(&SIMULATED_ENTROPY_PRODUCTION, &units, &mean).key());
            report.push_summary(
                Report::HOW_IRREVERSIBLE,
                format!(
                    "From its initial counts a trajectory of {} {} produces {} ± {} nats on average.",
                    readable_number(self.question.end(), 4),
                    units.time(),
                    readable_number(mean.value, 4),
                    readable_number(mean.standard_error, 2)
                ),
            );
        }
        Ok(())
    }

    fn passages(&self, report: &mut Report) -> Result<()> {
        let (ensemble, units) = (&self.simulated.ensemble, self.units());
        for passage in &ensemble.passages {
            let share = proportion(passage.time.count(), ensemble.trajectories);
            report.push_quantity(
                estimated(&PASSAGE_PROBABILITY, &units, &share)
                    .named(format!("passage_probability {}", passage.name))
                    .key(),
            );
            if passage.time.count() > 0 {
                report.push_quantity(
                    estimated(&PASSAGE_TIME, &units, &passage.time.mean_estimate())
                        .named(format!("passage_time {}", passage.name))
                        .key(),
                );
            }
        }
        if ensemble.passages.is_empty() {
            return Ok(());
        }
        let durations: Vec<f64> = self.simulated.sample.iter().map(|t| t.end_time).collect();
        let passed: Vec<bool> = self
            .simulated
            .sample
            .iter()
            .map(|t| t.end == End::Passage)
            .collect();
        let grid: Vec<f64> = (0..SURVIVAL_POINTS)
            .map(|k| self.question.end() * k as f64 / (SURVIVAL_POINTS - 1) as f64)
            .collect();
        let record = survival_function(&durations, &passed, &grid).map_err(|e| self.question.fail(e))?;
        let what: Vec<&str> = ensemble.passages.iter().map(|p| p.name.as_str()).collect();
        report.push_figure(pictures::survival(&record, self.time_axis(), &what.join(" or ")));
        Ok(())
    }

    /// The first trajectories as paths: jump by jump where they are short, at the output times where they are not.
    fn paths(&self, report: &mut Report) -> Result<()> {
        let species = self.species();
        let shown = species.len().min(MOST_CURVES);
        let paths = (DRAWN_CURVES / shown).clamp(1, 3) as u64;
        let mut lines = Lines::new(self.time_axis(), Axis::new("molecules", "1"));
        let mut by_jumps = true;
        for index in 0..paths.min(self.simulated.ensemble.trajectories) {
            let (times, rows, end) = match self.path_by_jumps(index)? {
                Some(path) => path,
                None => {
                    by_jumps = false;
                    match self.path_by_times(index) {
                        Some(path) => path,
                        None => return Ok(()),
                    }
                }
            };
            for (s, name) in species.iter().enumerate().take(shown) {
                let values: Vec<f64> = rows.iter().map(|row| row[s]).collect();
                let (x, y) = pictures::steps(&times, &values, end);
                let name = if paths == 1 {
                    name.clone()
                } else {
                    format!("{name}, trajectory {index}")
                };
                lines = lines.curve(Curve::new(name, x, y));
            }
        }
        let caption = if by_jumps {
            "The first trajectories of the ensemble, jump by jump."
        } else {
            "The first trajectories of the ensemble at the output times; between two of them there are many jumps."
        };
        report.push_figure(Figure::new("trajectories", "Trajectories", caption, lines));
        Ok(())
    }

    /// A trajectory with every jump, unless it has too many or its method has none.
    fn path_by_jumps(&self, index: u64) -> Result<Option<DrawnPath>> {
        if self.question.request.is_approximate() || !self.question.request.until.is_empty() {
            return Ok(None);
        }
        let options = SimulationOptions {
            times: vec![self.question.end()],
            method: self.question.request.method,
            most_jumps: Some(DRAWN_JUMPS),
            ..SimulationOptions::default()
        };
        let (system, initial) = (&self.model.system, &self.model.initial);
        let path = sample_path(system, initial, &options, index, self.question.run)
            .map_err(|e| self.question.fail(e))?;
        if path.end != End::Time {
            return Ok(None);
        }
        let mut counts: Vec<f64> = path.initial.iter().map(|n| *n as f64).collect();
        let (mut times, mut rows) = (vec![0.0], vec![counts.clone()]);
        for event in &path.events {
            let sign = if event.forward { 1.0 } else { -1.0 };
            for &(s, change) in &system.reactions()[event.reaction].change {
                counts[s] += sign * change as f64;
            }
            times.push(event.time);
            rows.push(counts.clone());
        }
        Ok(Some((times, rows, path.end_time)))
    }

    /// A trajectory of the sample at the output times.
    fn path_by_times(&self, index: u64) -> Option<DrawnPath> {
        let trajectory = self
            .simulated
            .sample
            .get(usize::try_from(index).ok()?)
            .filter(|_| self.simulated.all_times)?;
        let rows = trajectory
            .values
            .chunks_exact(self.simulated.ensemble.quantities.len());
        let reached = rows.take_while(|row| !row[0].is_nan()).map(<[f64]>::to_vec);
        let rows: Vec<Vec<f64>> = reached.collect();
        let times = self.simulated.ensemble.times[..rows.len()].to_vec();
        Some((times, rows, trajectory.end_time))
    }

    /// Every trajectory with its numbers at the end.
    fn list(&self, report: &mut Report) {
        let sample = &self.simulated.sample[..self.simulated.sample.len().min(LISTED)];
        let ensemble = &self.simulated.ensemble;
        let width = ensemble.quantities.len();
        let last = |t: &irrev_network::simulation::Trajectory, q: usize| t.values[t.values.len() - width + q];
        let mut table = Table::new(
            "trajectories",
            "Every trajectory at the last output time; empty if it ended before",
        )
        .numbers("trajectory", "", sample.iter().map(|t| t.index as f64).collect())
        .numbers(
            "end time",
            self.units().time(),
            sample.iter().map(|t| t.end_time).collect(),
        );
        for (q, quantity) in ensemble.quantities.iter().enumerate() {
            let values = sample.iter().map(|t| last(t, q)).collect();
            table = table.numbers(quantity.name(), "", values);
        }
        report.push_table(table);
        told::warn_if_cut(report, ensemble.trajectories, sample.len());
    }
}

/// Times, counts at each of them, and the end.
type DrawnPath = (Vec<f64>, Vec<Vec<f64>>, f64);

/// The fluctuation theorems of trajectories on the lattice of counts.
pub(in crate::simulate) fn stationary_sample<'a>(
    total: &'a [f64],
    minima: Option<&'a [f64]>,
    asked: Asked,
    interval: f64,
    time_unit: &str,
) -> Sample<'a> {
    Sample {
        total,
        minima,
        missing_weight: 0.0,
        stationary: true,
        asked,
        exact: true,
        of: format!(
            "in the stationary state over {} {time_unit}",
            readable_number(interval, 4)
        ),
    }
}
