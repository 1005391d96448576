//! The information flow by the number of subsystems that share the information.

use irrev_network::information::parts::{SecondLaws, multibody_information_flow};
use irrev_network::{Distribution, Flow};
use irrev_numerics::sum::compensated_sum;
use irrev_report::{Axis, Bars, Check, Figure, Report, Table};

use super::definitions::MANY_BODY_FLOW;
use super::laws::rounding;
use crate::analysis::context::Context;
use crate::error::Result;

pub(super) fn add(
    context: &Context<'_>,
    (flow, pi): (&Flow, &Distribution),
    laws: &SecondLaws,
    report: &mut Report,
) -> Result<()> {
    let split = multibody_information_flow(flow, pi).map_err(|e| context.fail(e))?;
    let unit = context.units.entropy_rate();
    let names: Vec<String> = laws.parts.iter().map(|part| part.name.clone()).collect();
    let mut table = Table::new(
        "information_flow_by_order",
        "Information flow of each subsystem by the number of subsystems that share the information",
    )
    .text("subsystem", names.clone());
    let mut bars = Bars::new(
        "subsystem",
        Axis::new("information flow", unit.clone()),
        names.clone(),
    );
    for (k, order) in split.orders.iter().enumerate() {
        table = table.numbers(format!("order {}", k + 2), unit.clone(), order.clone());
        bars = bars.group(
            format!(
                "shared by {}",
                ["two", "three"]
                    .get(k)
                    .map_or_else(|| (k + 2).to_string(), |word| (*word).to_owned())
            ),
            order.clone(),
        );
    }
    report.push_table(table);
    report.push_figure(Figure::new(
        "information_flow_by_order",
        "Information flow of each subsystem, by how many share it",
        "Flows between pairs, triples and so on; the bars of a subsystem add up to its information flow.",
        bars.stacked(),
    ));
    let mut defect = 0.0_f64;
    for (k, part) in laws.parts.iter().enumerate() {
        let all = compensated_sum(split.orders.iter().map(|order| order[k]));
        let beyond_pairs = compensated_sum(split.orders[1..].iter().map(|order| order[k]));
        defect = defect.max((all - part.information_flow).abs());
        let quantity = context.quantity(&MANY_BODY_FLOW, beyond_pairs);
        report.push_quantity(quantity.named(format!("{}_{}", MANY_BODY_FLOW.name, part.name)));
    }
    let amplification: f64 = split.amplification.iter().sum();
    report.push_check(Check::new(
        "orders_of_information_flow",
        "largest |sum over the orders − information flow|",
        defect,
        amplification * rounding(laws),
    ));
    Ok(())
}
