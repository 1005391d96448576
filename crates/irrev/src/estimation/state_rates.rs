//! Counts of jumps and rates with the intervals of their posterior, or the transition matrix of steps.

use irrev_inference::states::{JumpCounts, RatePosterior, RatePrior, RateSupport, TransitionCounts};
use irrev_report::{Axis, Figure, Heatmap, Positions, Report, Table, readable_number};

use super::definitions::ONE_WAY;
use super::states::StateData;
use super::told::{RECORDED, Tell, per};
use crate::error::Result;

/// Draws of the posterior.
pub(super) const DRAWS: usize = 400;
/// Most states of which a picture and every rate is told.
const DRAWN: usize = 40;
/// Most pairs that are named.
const NAMED: usize = 4;

/// Table of rates, each with its interval.
///
/// # Errors
/// What the posterior refuses; cancellation.
pub(super) fn jumps(data: &StateData, counts: &JumpCounts, tell: &mut Tell<'_>) -> Result<()> {
    let n = data.states();
    tell.report.push_summary(
        RECORDED,
        format!(
            "{} jumps between {n} states in {} {}.",
            counts.jumps(),
            readable_number(counts.duration(), 6),
            data.unit
        ),
    );
    let pairs: Vec<(usize, usize)> = (0..n)
        .flat_map(|j| (0..n).map(move |i| (j, i)))
        .filter(|(j, i)| counts.counts()[(*i, *j)] > 0.0 || counts.counts()[(*j, *i)] > 0.0)
        .filter(|(j, i)| j != i)
        .collect();
    let posterior = RatePosterior::new(counts, RatePrior::default(), RateSupport::SeenEitherWay)
        .map_err(|e| tell.fail(e))?;
    let samples = posterior
        .samples(DRAWS, tell.run, |rates| {
            Ok(pairs.iter().map(|(j, i)| rates[(*i, *j)]).collect())
        })
        .map_err(|e| tell.fail(e))?;
    let level = tell.request.level;
    let estimates = (0..pairs.len()).map(|k| samples.estimate(k, level));
    let estimates: Vec<_> = estimates.collect::<Result<_, _>>().map_err(|e| tell.fail(e))?;
    let unit = per("1", &data.unit);
    let rates = counts.rates();
    tell.report.push_table(
        Table::new(
            "rates",
            format!(
                "Jumps seen, rates N/T, and mean and {} % interval of their posterior under Jeffreys' prior",
                readable_number(100.0 * level, 4)
            ),
        )
        .text("from", pairs.iter().map(|(j, _)| data.name(*j)).collect())
        .text("to", pairs.iter().map(|(_, i)| data.name(*i)).collect())
        .numbers(
            "jumps",
            "",
            pairs.iter().map(|(j, i)| counts.counts()[(*i, *j)]).collect(),
        )
        .numbers(
            "rate",
            unit.clone(),
            pairs.iter().map(|(j, i)| rates[(*i, *j)]).collect(),
        )
        .numbers(
            "posterior mean",
            unit.clone(),
            estimates.iter().map(|e| e.value).collect(),
        )
        .numbers(
            "low",
            unit.clone(),
            estimates.iter().map(|e| e.interval.0).collect(),
        )
        .numbers(
            "high",
            unit.clone(),
            estimates.iter().map(|e| e.interval.1).collect(),
        ),
    );
    tell.report.push_table(
        Table::new("states", "Time spent in each state")
            .text("state", (0..n).map(|k| data.name(k)).collect())
            .numbers("time", data.unit.clone(), counts.dwell().to_vec())
            .numbers(
                "share",
                "",
                counts.dwell().iter().map(|t| t / counts.duration()).collect(),
            ),
    );
    if n <= DRAWN {
        let values = |i: usize| {
            (0..n)
                .map(|j| if i == j { f64::NAN } else { rates[(i, j)] })
                .collect()
        };
        picture(
            data,
            "rates",
            "Rates",
            Axis::new("rate", unit),
            (0..n).map(values).collect(),
            tell,
        );
    }
    one_way(data, &counts.one_way_pairs(), tell);
    Ok(())
}

/// Table of transition probabilities.
pub(super) fn steps(
    data: &StateData,
    counts: &TransitionCounts,
    one_way_pairs: &[(usize, usize)],
    tell: &mut Tell<'_>,
) {
    let n = data.states();
    let (seen, matrix) = (counts.matrix(), counts.transition_matrix());
    tell.report
        .push_summary(RECORDED, format!("{} steps between {n} states.", counts.steps()));
    let pairs: Vec<(usize, usize)> = (0..n)
        .flat_map(|j| (0..n).map(move |i| (j, i)))
        .filter(|(j, i)| seen[(*i, *j)] > 0.0)
        .collect();
    // of a share of N trials, the standard error of Bernoulli's law
    let error = |(j, i): &(usize, usize)| {
        let p = matrix[(*i, *j)];
        let left: f64 = seen.column(*j).iter().sum();
        (p * (1.0 - p) / left).sqrt()
    };
    tell.report.push_table(
        Table::new("transitions", "Steps seen and transition probabilities")
            .text("from", pairs.iter().map(|(j, _)| data.name(*j)).collect())
            .text("to", pairs.iter().map(|(_, i)| data.name(*i)).collect())
            .numbers("steps", "", pairs.iter().map(|(j, i)| seen[(*i, *j)]).collect())
            .numbers(
                "probability",
                "",
                pairs.iter().map(|(j, i)| matrix[(*i, *j)]).collect(),
            )
            .numbers("standard error", "", pairs.iter().map(error).collect()),
    );
    if n <= DRAWN {
        let values = |i: usize| (0..n).map(|j| matrix[(i, j)]).collect();
        let axis = Axis::new("transition probability", "");
        picture(
            data,
            "transitions",
            "Transition probabilities",
            axis,
            (0..n).map(values).collect(),
            tell,
        );
    }
    one_way(data, one_way_pairs, tell);
}

fn picture(
    data: &StateData,
    name: &str,
    title: &str,
    axis: Axis,
    values: Vec<Vec<f64>>,
    tell: &mut Tell<'_>,
) {
    let names = || Positions::Labels((0..data.states()).map(|k| data.name(k)).collect());
    let map = Heatmap::new(
        Axis::new("from", ""),
        names(),
        Axis::new("to", ""),
        names(),
        axis,
        values,
    );
    tell.report.push_figure(Figure::new(
        name,
        title,
        "From each state (across) to each other (up).",
        map,
    ));
}

/// Pairs that were seen one way only, by name.
fn one_way(data: &StateData, pairs: &[(usize, usize)], tell: &mut Tell<'_>) {
    tell.number(&ONE_WAY, "", pairs.len() as f64, "1");
    if pairs.is_empty() {
        return;
    }
    let named: Vec<String> = pairs
        .iter()
        .take(NAMED)
        .map(|(from, to)| format!("{} → {}", data.name(*from), data.name(*to)))
        .collect();
    let more = pairs.len() - named.len();
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    tell.report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Seen one way only: {}{rest}. Their reverses may be rare or impossible, which would make the entropy production infinite; the plug-in number cannot be told.",
            named.join(", ")
        ),
    );
}
