//! Entropy production of states: steps, words, jumps, waiting times.

use irrev_inference::states::{
    JumpCounts, JumpTrajectory, StepEntropyProduction, Transition, WaitingOptions, WordOptions,
    jump_entropy_production, visits_as_transitions, waiting_time_divergence, word_divergences,
};
use irrev_numerics::Estimate;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, Table, readable_number};

use super::definitions::{JUMP_PRODUCTION, STEP_BOUND, WAITING, WORD_BOUND, WORD_INCREMENT};
use super::series_transfer::refused;
use super::state_rates::DRAWS;
use super::states::StateData;
use super::told::{Tell, over, per, with_interval};
use crate::error::Result;

/// Divergence of steps, per time.
pub(super) fn of_steps(data: &StateData, found: &StepEntropyProduction, step: f64, tell: &mut Tell<'_>) {
    if found.one_way.is_empty() {
        let estimate = over(&found.corrected, step);
        tell.production(&STEP_BOUND, &estimate, &data.unit, found.assumptions);
        said(&estimate, &data.unit, "Steps and their reverses", tell);
    } else {
        let reason = format!(
            "steps were seen one way only ({} pairs), which makes the plug-in infinite; with 1/2 added to each count it is {} nats a step",
            found.one_way.len(),
            readable_number(found.pseudocount_half, 3)
        );
        tell.report.push_left_out("step_entropy_production", reason);
    }
}

/// Divergence of words by their length, and its trend.
///
/// # Errors
/// Cancellation.
pub(super) fn of_words(data: &StateData, step: f64, tell: &mut Tell<'_>) -> Result<()> {
    let found = match word_divergences(data.states(), &data.sequences(), &WordOptions::default()) {
        Ok(found) => found,
        Err(error) => return refused(tell, "word_entropy_production", error),
    };
    let words = &found.lengths[1..];
    let numbers = |of: &dyn Fn(&irrev_inference::states::WordDivergence) -> f64| {
        words.iter().map(of).collect::<Vec<f64>>()
    };
    let unit = per("nats", &data.unit);
    tell.report.push_table(
        Table::new("words", "Divergence of words from their mirror images, by length")
            .numbers("states in a word", "", numbers(&|w| w.length as f64))
            .numbers("rate", unit.clone(), numbers(&|w| w.rate.value / step))
            .numbers("low", unit.clone(), numbers(&|w| w.rate.interval.0 / step))
            .numbers("high", unit.clone(), numbers(&|w| w.rate.interval.1 / step))
            .numbers("increment", unit.clone(), numbers(&|w| w.increment.value / step))
            .numbers(
                "with 1/2 added",
                unit.clone(),
                numbers(&|w| w.pseudocount_half / (w.length as f64 - 1.0) / step),
            )
            .numbers("different words", "", numbers(&|w| w.distinct as f64))
            .numbers("without mirror image", "", numbers(&|w| w.without_image as f64))
            .text(
                "enough data",
                words.iter().map(|w| enough(w.undersampled).to_owned()).collect(),
            ),
    );
    let Some(longest) = found.longest else {
        let reason = "too few data for words of two states: some lack their mirror images, or were seen once";
        tell.report.push_left_out("word_entropy_production", reason);
        return Ok(());
    };
    let enough: Vec<_> = found.lengths[1..=longest]
        .iter()
        .filter(|w| !w.undersampled)
        .collect();
    let column =
        |of: &dyn Fn(&Estimate) -> f64| enough.iter().map(|w| of(&w.rate) / step).collect::<Vec<f64>>();
    tell.report.push_figure(Figure::new(
        "words",
        "Entropy production of words",
        "Divergence of words from their mirror images per time against the number of states in a word, with 95 % intervals: a lower bound that grows until the memory of the sequence is exhausted.",
        Lines::new(Axis::new("states in a word", ""), Axis::new("entropy production rate", unit)).curve(
            Curve::new("D_k/(k − 1)", enough.iter().map(|w| w.length as f64).collect(), column(&|e| e.value))
                .styled(CurveStyle::LineAndMarkers)
                .with_band(column(&|e| e.interval.0), column(&|e| e.interval.1)),
        ),
    ));
    let best = &found.lengths[longest];
    let (bound, growth) = (over(&best.rate, step), over(&best.increment, step));
    tell.production(&WORD_BOUND, &bound, &data.unit, found.assumptions);
    if best.length > 2 {
        tell.production(&WORD_INCREMENT, &growth, &data.unit, found.assumptions);
    }
    let trend = if found.settled {
        "longer words add no more: the memory is exhausted, as of a Markov chain that is seen"
    } else {
        "the trend has not settled: longer words would add to it, or data are too few to tell"
    };
    tell.report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Words of {} states are told from their mirror images at {} {}; {trend}.",
            best.length,
            with_interval(&bound),
            per("nats", &data.unit)
        ),
    );
    Ok(())
}

/// Of the rates behind jumps.
///
/// # Errors
/// Cancellation.
pub(super) fn of_jumps(data: &StateData, counts: &JumpCounts, tell: &mut Tell<'_>) -> Result<()> {
    match jump_entropy_production(counts, DRAWS, tell.request.level, tell.run) {
        Ok(found) => {
            tell.production(&JUMP_PRODUCTION, &found.corrected, &data.unit, found.assumptions);
            said(&found.corrected, &data.unit, "Rates behind the jumps", tell);
            Ok(())
        }
        Err(error) => refused(tell, "jump_entropy_production", error),
    }
}

/// Of the times between jumps, which betray hidden states.
///
/// # Errors
/// Cancellation.
pub(super) fn of_waiting_times(
    data: &StateData,
    visits: &[JumpTrajectory<'_>],
    tell: &mut Tell<'_>,
) -> Result<()> {
    let (series, reverse, _) = visits_as_transitions(visits);
    let options = WaitingOptions {
        transition: Transition::Lumped,
        level: tell.request.level,
        ..WaitingOptions::default()
    };
    match waiting_time_divergence(&series, &reverse, &options, tell.run) {
        Ok(found) => {
            tell.production(&WAITING, &found.rate, &data.unit, found.assumptions);
            tell.report.push_summary(
                Report::HOW_IRREVERSIBLE,
                format!(
                    "Of order and waiting times together {} {}; the times alone betray {}, more than noise only where states are hidden in those seen.",
                    with_interval(&found.rate),
                    per("nats", &data.unit),
                    readable_number(found.waiting, 2)
                ),
            );
            Ok(())
        }
        Err(error) => refused(tell, "waiting_times", error),
    }
}

fn enough(undersampled: bool) -> &'static str {
    if undersampled { "no" } else { "yes" }
}

fn said(found: &Estimate, unit: &str, what: &str, tell: &mut Tell<'_>) {
    let unit = per("nats", unit);
    let level = readable_number(100.0 * found.level, 4);
    let verdict = if found.interval.0 > 0.0 {
        format!(
            "{what} show {} {unit} of entropy production.",
            with_interval(found)
        )
    } else {
        format!(
            "{what} show no dissipation beyond noise at {level} % confidence: {} {unit}.",
            with_interval(found)
        )
    };
    tell.report.push_summary(Report::HOW_IRREVERSIBLE, verdict);
}
