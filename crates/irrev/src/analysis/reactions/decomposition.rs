//! Section: excess and housekeeping at the initial state.

use irrev_network::decomposition::{geometric_decomposition, information_geometric_decomposition};
use irrev_network::reactions::bounds::uncertainty_products;
use irrev_report::{Bound, Check, Report, Table};

use super::super::definitions::{
    GEOMETRIC_EXCESS, GEOMETRIC_HOUSEKEEPING, INFORMATION_GEOMETRIC_EXCESS, INITIAL_ENTROPY_PRODUCTION_RATE,
};
use super::context::{Context, shortened};
use crate::error::Result;

/// Accepted relative deviation of a sum of parts from the whole.
const PARTS: f64 = 1e-9;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let system = &context.chemistry.system;
    let fail = |e| context.fail(e);
    let flow = system.flow(0.0, &context.chemistry.initial).map_err(fail)?;
    let rate = flow.entropy_production_rate();
    let total = context.quantity(&INITIAL_ENTROPY_PRODUCTION_RATE, rate);
    if !rate.is_finite() {
        let one_way = context.counted_names(&flow.one_way_edges());
        report.push_quantity(total.with_note(format!(
            "infinite at the start, because reactions run one way there: {}",
            shortened(&one_way)
        )));
        return Ok(());
    }
    report.push_quantity(total);
    let floor = 64.0 * f64::EPSILON * flow.activity();
    let geometric = geometric_decomposition(&flow).map_err(fail)?;
    let excess = context.quantity(&GEOMETRIC_EXCESS, geometric.excess);
    report.push_quantity(match context.left_out().is_empty() {
        true => excess,
        false => excess.with_note(super::evolution::PARTIAL),
    });
    report.push_quantity(context.quantity(&GEOMETRIC_HOUSEKEEPING, geometric.housekeeping));
    let information = information_geometric_decomposition(&flow).map_err(fail)?;
    report.push_quantity(
        context
            .quantity(&INFORMATION_GEOMETRIC_EXCESS, information.excess)
            .with_note(format!(
                "certified: the primal problem gives at most {} more",
                irrev_report::readable_number(information.gap, 4)
            )),
    );
    report.push_check(Check::new(
        "geometric_split",
        "|excess + housekeeping − entropy production rate|",
        (geometric.excess + geometric.housekeeping - rate).abs(),
        PARTS * rate + floor,
    ));
    report.push_check(Check::new(
        "duality_gap",
        "primal − dual of the information-geometric excess",
        information.gap,
        PARTS * rate + floor,
    ));
    let names = system.state_names();
    let (by_total, by_excess) = (
        uncertainty_products(&flow, rate),
        uncertainty_products(&flow, geometric.excess),
    );
    let nan = |v: &Option<f64>| v.unwrap_or(f64::NAN);
    report.push_table(
        Table::new(
            "uncertainty",
            "Thermodynamic uncertainty of each species at the start: Σ̇ D/ẋ² ≥ 2, with the whole and with the excess",
        )
        .text("species", names.to_vec())
        .numbers("with the total", "1", by_total.iter().map(nan).collect())
        .numbers("with the excess", "1", by_excess.iter().map(nan).collect()),
    );
    let tightest = (0..names.len())
        .filter_map(|k| Some((k, by_excess[k]?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    // the relation speaks of the whole motion of a species
    if let Some((k, product)) = tightest.filter(|_| context.left_out().is_empty()) {
        report.push_bound(
            Bound::at_least(
                "uncertainty_relation",
                format!("excess × D/ẋ² ≥ 2, for {}", names[k]),
                product,
                2.0,
            )
            .assuming("every counted reaction has a reverse (Yoshimura and Ito 2021)"),
        );
    }
    Ok(())
}
