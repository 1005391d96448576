//! What the distance costs in a given time, and the speed limits of the model's own relaxation.

use irrev_network::bounds::{PathIntegrals, SpeedLimitOptions, speed_limits};
use irrev_network::transport::{Geodesic, Wasserstein2Options};
use irrev_numerics::Run;
use irrev_report::{Report, readable_number};

use super::bounds_table::BoundsTable;
use super::ends::End;
use super::times_as;
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
                match limits.length_ratio() {
                    Some(ratio) => format!(
                        ", which is {} the geodesic between its ends",
                        times_as("long", ratio.value)
                    ),
                    None if limits.path.is_at_rest() => ", on which nothing moves".into(),
                    None => String::new(),
                }
            ),
        );
        BoundsTable {
            bounds: &limits.bounds,
            motion: "the model's own relaxation from the first distribution",
            duration: self.duration,
            nats: "nats",
            units: self.units,
        }
        .add(report);
        Ok(limits.path)
    }
}
