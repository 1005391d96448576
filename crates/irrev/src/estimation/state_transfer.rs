//! Transfer entropies between columns of states.

use irrev_inference::transfer::{DiscreteOptions, DiscretePair, discrete_transfer_entropy};
use irrev_report::readable_number;

use super::definitions::TRANSFER_SYMBOLS;
use super::series_transfer::refused;
use super::states::StateData;
use super::told::{Tell, WHO_INFORMS_WHOM, with_interval};
use crate::error::Result;

/// Surrogates beside each.
const SURROGATES: usize = 99;

/// # Errors
/// Cancellation; a pair that the estimator refuses is left out, with the reason.
pub(super) fn add(data: &StateData, tell: &mut Tell<'_>) -> Result<()> {
    let columns: Vec<Vec<Vec<u32>>> = (0..data.names.len()).map(|k| data.of_column(k)).collect();
    for source in 0..columns.len() {
        for target in (0..columns.len()).filter(|target| *target != source) {
            let pair = format!("{} → {}", data.names[source], data.names[target]);
            let stretches = columns[target].iter().zip(&columns[source]);
            let pairs: Vec<DiscretePair<'_>> = stretches
                .map(|(target, source)| DiscretePair { target, source })
                .collect();
            let options = DiscreteOptions {
                target_symbols: data.labels[target].len(),
                source_symbols: data.labels[source].len(),
                surrogates: SURROGATES,
                ..DiscreteOptions::default()
            };
            match discrete_transfer_entropy(&pairs, &options, tell.run) {
                Ok(found) => {
                    tell.estimate(
                        &TRANSFER_SYMBOLS,
                        &pair,
                        &found.estimate,
                        "nats/step",
                        found.assumptions,
                    );
                    let p = found.surrogates.map_or(f64::NAN, |test| test.p_value);
                    tell.report.push_summary(
                        WHO_INFORMS_WHOM,
                        format!(
                            "{pair}: {} nats a step, p = {}.",
                            with_interval(&found.estimate),
                            readable_number(p, 2)
                        ),
                    );
                }
                Err(error) => refused(tell, &format!("transfer_entropy of {pair}"), error)?,
            }
        }
    }
    Ok(())
}
