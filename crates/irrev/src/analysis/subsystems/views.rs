//! What an observer of some of the subsystems sees: apparent second laws, and what they miss.

use irrev_network::information::parts::{Resolution, SecondLaws, coarse_grained};
use irrev_network::{Distribution, Flow};
use irrev_numerics::sum::compensated_sum;
use irrev_report::{Check, Report, Table};

use super::MOST_PARTS;
use super::definitions::APPARENT_ENTROPY_PRODUCTION;
use super::laws::rounding;
use crate::analysis::context::Context;
use crate::error::Result;

pub(super) fn add(
    context: &Context<'_>,
    (flow, pi): (&Flow, &Distribution),
    laws: &SecondLaws,
    report: &mut Report,
) -> Result<()> {
    let views = views(context, laws);
    if views.is_empty() {
        return Ok(());
    }
    let whole = laws.entropy_production_rate;
    let (mut names, mut columns) = (Vec::new(), [const { Vec::new() }; 4]);
    let mut defect = 0.0_f64;
    for kept in &views {
        let seen = coarse_grained(flow, pi, kept, Resolution::States).map_err(|e| context.fail(e))?;
        let name: Vec<&str> = kept.iter().map(|&k| laws.parts[k].name.as_str()).collect();
        let apparent = seen.laws.entropy_production_rate;
        let true_one = compensated_sum(kept.iter().map(|&k| laws.parts[k].entropy_production_rate));
        let loss = compensated_sum(seen.loss.iter().copied());
        let row = [
            apparent,
            loss,
            seen.total_loss,
            // of two parts, what flows into the first is what flows out of the second
            if kept.len() == 2 {
                seen.laws.parts[0].information_flow
            } else {
                f64::NAN
            },
        ];
        columns
            .iter_mut()
            .zip(row)
            .for_each(|(column, value)| column.push(value));
        let quantity = context.quantity(&APPARENT_ENTROPY_PRODUCTION, apparent);
        report.push_quantity(quantity.named(format!(
            "{}_{}",
            APPARENT_ENTROPY_PRODUCTION.name,
            name.join("_")
        )));
        names.push(name.join(", "));
        if whole.is_finite() {
            defect = defect
                .max((apparent + loss - true_one).abs())
                .max((apparent + seen.total_loss - whole).abs());
        }
    }
    let unit = context.units.entropy_rate();
    let [apparent, loss, total_loss, between] = columns;
    let mut table = Table::new(
        "views",
        "What an observer of some subsystems sees in the stationary state, all others summed over",
    )
    .text("seen", names)
    .numbers("apparent_entropy_production", unit.clone(), apparent)
    .numbers("unseen_of_these", unit.clone(), loss)
    .numbers("unseen_of_the_whole", unit.clone(), total_loss);
    if between.iter().any(|x: &f64| !x.is_nan()) {
        table = table.numbers("apparent_information_flow_of_the_first", unit, between);
    }
    report.push_table(table);
    if whole.is_finite() {
        report.push_check(Check::new(
            "views",
            "largest |seen + unseen − entropy production|, of the parts seen and of the whole",
            defect,
            4.0 * rounding(laws),
        ));
    }
    Ok(())
}

/// The views that the model asks for, or every single part and every pair of three and more.
fn views(context: &Context<'_>, laws: &SecondLaws) -> Vec<Vec<usize>> {
    let number = laws.parts.len();
    let place = |name: &String| laws.parts.iter().position(|part| part.name == *name);
    let asked = context.environment.spec().subsystems.as_ref();
    if let Some(views) = asked.and_then(|asked| asked.views.as_ref()) {
        return views
            .iter()
            .map(|view| view.iter().filter_map(place).collect())
            .collect();
    }
    if !(3..=MOST_PARTS).contains(&number) {
        return Vec::new();
    }
    let pairs = (0..number).flat_map(|i| (i + 1..number).map(move |j| vec![i, j]));
    (0..number).map(|k| vec![k]).chain(pairs).collect()
}
