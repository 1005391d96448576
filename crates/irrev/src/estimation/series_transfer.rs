//! Transfer entropies between all pairs of coordinates of a series.

use irrev_inference::transfer::{
    FullHistoryOptions, KsgOptions, full_history_transfer_entropy, ksg_transfer_entropy,
};
use irrev_numerics::Estimate;
use irrev_report::{Axis, Bars, Figure};

use super::definitions::{TRANSFER_FULL, TRANSFER_NEIGHBOURS};
use super::recorded::SeriesData;
use super::told::{Tell, WHO_INFORMS_WHOM, with_interval};
use crate::error::Result;

/// Most pairs that are told.
const PAIRS: usize = 30;
/// Rows up to which nearest neighbours are looked for without being asked.
const NEIGHBOURS: usize = 20_000;
/// Surrogates beside them.
const SURROGATES: usize = 19;

/// # Errors
/// Cancellation; a pair that an estimator refuses is left out, with the reason.
pub(super) fn add(data: &SeriesData, tell: &mut Tell<'_>) -> Result<()> {
    let dimension = data.names.len();
    if dimension < 2 {
        return Ok(());
    }
    if dimension * (dimension - 1) > PAIRS {
        let reason = format!("{dimension} coordinates have more than {PAIRS} pairs; name fewer (--columns)");
        tell.report.push_left_out("transfer_entropy", reason);
        return Ok(());
    }
    let longest = (0..data.series.segments()).max_by_key(|k| (data.series.segment(*k).len(), usize::MAX - k));
    let points = longest.map_or(&[][..], |k| data.series.segment(k));
    let columns: Vec<Vec<f64>> = (0..dimension)
        .map(|k| points.iter().skip(k).step_by(dimension).copied().collect())
        .collect();
    if data.series.segments() > 1 {
        tell.report.push_summary(
            WHO_INFORMS_WHOM,
            format!(
                "From the longest of {} trajectories, {} rows.",
                data.series.segments(),
                columns[0].len()
            ),
        );
    }
    let neighbours = tell.request.neighbours || columns[0].len() <= NEIGHBOURS;
    let mut linear = Vec::new();
    for source in 0..dimension {
        for target in (0..dimension).filter(|target| *target != source) {
            let pair = format!("{} → {}", data.names[source], data.names[target]);
            let of = (&columns[target][..], &columns[source][..]);
            let options = FullHistoryOptions {
                level: tell.request.level,
                ..FullHistoryOptions::default()
            };
            match full_history_transfer_entropy(of.0, of.1, &options, tell.run) {
                Ok(found) => {
                    tell.estimate(
                        &TRANSFER_FULL,
                        &pair,
                        &found.estimate,
                        "nats/step",
                        found.assumptions,
                    );
                    linear.push((pair.clone(), found.estimate));
                }
                Err(error) => refused(tell, &format!("transfer_entropy of {pair}"), error)?,
            }
            if neighbours {
                by_neighbours(of, &pair, tell)?;
            }
        }
    }
    if !neighbours {
        tell.report.push_left_out(
            "nearest_neighbours",
            format!(
                "{} rows are more than {NEIGHBOURS}, and take long; ask for it (--neighbours)",
                columns[0].len()
            ),
        );
    }
    told(&linear, tell);
    Ok(())
}

fn by_neighbours((target, source): (&[f64], &[f64]), pair: &str, tell: &mut Tell<'_>) -> Result<()> {
    let options = KsgOptions {
        surrogates: SURROGATES,
        ..KsgOptions::default()
    };
    match ksg_transfer_entropy(target, source, &options, tell.run) {
        Ok(found) => {
            tell.estimate(
                &TRANSFER_NEIGHBOURS,
                pair,
                &found.estimate,
                "nats/step",
                found.assumptions,
            );
            if let Some(test) = found.surrogates {
                tell.report.push_summary(
                    WHO_INFORMS_WHOM,
                    format!(
                        "{pair}: {} nats a step by nearest neighbours; surrogates show {} on average, p = {}.",
                        irrev_report::readable_number(found.estimate.value, 3),
                        irrev_report::readable_number(test.mean, 2),
                        irrev_report::readable_number(test.p_value, 2)
                    ),
                );
            }
            for note in found.notes {
                tell.report
                    .push_warning(format!("{pair}, nearest neighbours: {note}"));
            }
            Ok(())
        }
        Err(error) => refused(tell, &format!("nearest_neighbours of {pair}"), error),
    }
}

/// Leaves out what an estimator refuses.
///
/// # Errors
/// What is no refusal of data, such as cancellation.
pub(super) fn refused(tell: &mut Tell<'_>, what: &str, error: irrev_inference::Error) -> Result<()> {
    if error.kind() == irrev_numerics::ErrorKind::Cancelled {
        return Err(tell.fail(error));
    }
    tell.report.push_left_out(what, error.to_string());
    Ok(())
}

fn told(pairs: &[(String, Estimate)], tell: &mut Tell<'_>) {
    if pairs.is_empty() {
        return;
    }
    for (pair, found) in pairs {
        tell.report.push_summary(
            WHO_INFORMS_WHOM,
            format!(
                "{pair}: {} nats a step beyond the target's whole past, as far as it is linear.",
                with_interval(found)
            ),
        );
    }
    let bars = Bars::new(
        "source → target",
        Axis::new("transfer entropy", "nats/step"),
        pairs.iter().map(|(pair, _)| pair.clone()).collect(),
    )
    .group_with_errors(
        "linear, whole past",
        pairs.iter().map(|(_, found)| found.value).collect(),
        pairs.iter().map(|(_, found)| found.standard_error).collect(),
    );
    tell.report.push_figure(Figure::new(
        "transfer_entropy",
        "Who informs whom",
        "Transfer entropy of each pair given the whole past, of the linear and normal part; bars of error are standard errors.",
        bars,
    ));
}
