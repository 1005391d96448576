//! What the distance costs in a given time, and the speed limits of the model's own relaxation.

use irrev_network::bounds::{Bound, Cost, PathIntegrals, SpeedLimitOptions, Verdict, speed_limits};
use irrev_network::transport::{Geodesic, Wasserstein2Options};
use irrev_numerics::Run;
use irrev_report::{Report, Table, readable_number};

use super::ends::End;
use crate::analysis::definitions::LEAST_ENTROPY_PRODUCTION;
use crate::analysis::units::Units;
use crate::error::Result;
use crate::system::System;

/// Which process, for how long, and how well.
pub(super) struct Question<'a> {
    pub(super) system: &'a System,
    pub(super) from: &'a End,
    pub(super) to: &'a End,
    pub(super) duration: f64,
    pub(super) tolerance: f64,
    pub(super) lengths: Option<&'a [f64]>,
    pub(super) units: &'a Units,
}

impl Question<'_> {
    /// Adds W₂²/τ.
    pub(super) fn least_dissipation(&self, geodesic: &Geodesic, report: &mut Report) {
        let in_time = |distance: f64| distance * distance / self.duration;
        let least = in_time(geodesic.distance());
        let unit = self.units.apply(&LEAST_ENTROPY_PRODUCTION.unit);
        report.push_quantity(
            irrev_report::Quantity::new(LEAST_ENTROPY_PRODUCTION, least)
                .in_unit(unit)
                .certified(super::half_width(geodesic, in_time))
                .key()
                .with_note(format!("in the time {}", self.units.lasting(self.duration))),
        );
        report.push_summary(
            super::HOW_FAR,
            format!(
                "To go from {} to {} in the time {} with these mobilities costs at least {} nats; it is in inverse proportion to the time.",
                self.from.label,
                self.to.label,
                self.units.lasting(readable_number(self.duration, 4)),
                readable_number(least, 4)
            ),
        );
    }

    /// Adds the table of speed limits of the relaxation that begins in the first distribution, and returns what that costs.
    pub(super) fn relaxation(
        &self,
        fail: &dyn Fn(irrev_network::Error) -> crate::Error,
        run: &Run<'_>,
        report: &mut Report,
    ) -> Result<PathIntegrals> {
        let options = SpeedLimitOptions {
            wasserstein2: Some(Wasserstein2Options::within(self.tolerance)),
            lengths: self.lengths.map(<[f64]>::to_vec),
            ..SpeedLimitOptions::default()
        };
        let limits = speed_limits(
            &self.system.kinetics,
            &self.from.distribution,
            self.duration,
            &options,
            run,
        )
        .map_err(fail)?;
        let left = limits
            .path
            .end
            .total_variation(&self.to.distribution)
            .map_err(fail)?;
        report.push_summary(
            "What bounds it",
            format!(
                "Left alone from {} for that time, the process produces {} nats and ends {} (total variation) from {}. The bounds are on this path{}.",
                self.from.label,
                readable_number(limits.path.entropy_production.value, 4),
                readable_number(left, 3),
                self.to.label,
                limits.length_ratio().map_or_else(String::new, |ratio| {
                    format!(", which is {} times as long as the geodesic between its ends", readable_number(ratio.value, 6))
                })
            ),
        );
        report.push_table(self.table(&limits.bounds));
        for bound in &limits.bounds {
            report.push_bound(self.row(bound));
        }
        Ok(limits.path)
    }

    fn table(&self, bounds: &[Bound]) -> Table {
        let number = |of: &dyn Fn(&irrev_network::bounds::Sides) -> f64| {
            bounds
                .iter()
                .map(|b| b.sides().map_or(f64::NAN, of))
                .collect::<Vec<f64>>()
        };
        let time = self.units.time().to_owned();
        Table::new(
            "speed_limits",
            "Speed limits of the relaxation from the first distribution: what was paid, what had to be paid at least, and the least time at that cost",
        )
        .text("bound", bounds.iter().map(name).collect())
        .text("statement", bounds.iter().map(Bound::statement).collect())
        .numbers("paid", "1", number(&|s| s.cost.value))
        .numbers("bound_value", "1", number(&|s| s.bound.value))
        .numbers("slack", "1", number(&|s| s.slack()))
        .numbers("tightness", "1", number(&|s| s.tightness().unwrap_or(f64::NAN)))
        .numbers("least_time", time, number(&|s| s.least_time.map_or(f64::NAN, |t| t.value)))
        .text("verdict", bounds.iter().map(verdict).collect())
        .text("source", bounds.iter().map(|b| b.source.to_owned()).collect())
    }

    fn row(&self, bound: &Bound) -> irrev_report::Bound {
        let statement = format!(
            "{} (τ = {})",
            bound.statement(),
            readable_number(self.duration, 4)
        );
        match &bound.outcome {
            Err(unmet) => irrev_report::Bound::not_applicable(name(bound), statement, unmet.to_string()),
            Ok(sides) => {
                let row = irrev_report::Bound::at_least(
                    name(bound),
                    statement,
                    sides.cost.value,
                    sides.bound.value,
                )
                .with_errors(sides.cost.error, sides.bound.error)
                .in_unit(if bound.cost == Cost::Jumps { "" } else { "nats" })
                .assuming(format!(
                    "the model's own relaxation from the first distribution; {}",
                    bound.source
                ));
                match sides.least_time {
                    Some(time) => row.with_note(format!(
                        "needs at least {} {}",
                        readable_number(time.value, 4),
                        self.units.time()
                    )),
                    None => row,
                }
            }
        }
    }
}

/// The name of a bound in reports: that of the speed limit, with what it is a bound on where it stands twice.
fn name(bound: &Bound) -> String {
    let paid = if bound.cost == Cost::Excess { "_excess" } else { "" };
    format!("speed_limit_{}{paid}", bound.name)
}

fn verdict(bound: &Bound) -> String {
    match &bound.outcome {
        Err(unmet) => unmet.to_string(),
        Ok(sides) => match sides.verdict() {
            Verdict::Saturated => "saturated".into(),
            Verdict::Violated => "violated".into(),
            _ => "holds".into(),
        },
    }
}
