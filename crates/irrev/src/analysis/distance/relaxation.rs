//! How the process itself relaxes from the first distribution: curvature, where detailed balance holds.

use irrev_numerics::Run;
use irrev_report::{Bound, Report};

use super::ends::End;
use crate::analysis::curvature::{Subject, obstacle};
use crate::analysis::units::Units;
use crate::system::System;

/// Adds the section on curvature, or says which assumption fails.
pub(super) fn add(
    system: &System,
    from: &End,
    units: &Units,
    run: &Run<'_>,
    report: &mut Report,
) -> irrev_network::Result<()> {
    let kinetics = &system.kinetics;
    let reason = match kinetics.stationary_distribution() {
        Err(error) => error.to_string(),
        Ok(stationary) => match obstacle(&stationary, &kinetics.flow(&stationary)?) {
            Some(reason) => reason,
            None => {
                let subject = Subject {
                    kinetics,
                    stationary: &stationary,
                    start: &from.distribution,
                    start_name: &from.label,
                    units,
                    run,
                };
                return subject.add(report);
            }
        },
    };
    report.push_bound(Bound::not_applicable(
        "decay_curvature",
        "e^(−2κt) D(p(0)‖π) ≥ D(p(t)‖π)",
        reason,
    ));
    Ok(())
}
