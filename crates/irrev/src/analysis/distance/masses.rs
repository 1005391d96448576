//! W₁ between masses that are no probabilities: numbers of molecules, cells or people on the states of a model.
//!
//! W₂, protocols and speed limits belong to probabilities; of masses there is W₁, in units of mass times length.

use irrev_network::Kinetics;
use irrev_network::transport::{Masses, Wasserstein1, wasserstein1};
use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;
use irrev_report::{Quantity, Report, Table, readable_number};

use super::ends::{Heap, wrong};
use super::{DistanceRequest, HOW_FAR, begun, ends_table, first_checks, unreachable};
use crate::analysis::definitions::{TOTAL_MASS, WASSERSTEIN1};
use crate::error::{Error, Result};
use crate::model::Markov;
use crate::system::System;

/// Why a report of masses has no more.
const OF_PROBABILITIES: &str = "the numbers given are masses, which do not sum to 1; divide each by the sum for what holds of probabilities";

/// W₁ between two families of masses, as a report.
pub(super) fn report(
    spec: &Markov,
    request: &DistanceRequest,
    system: &System,
    (from, to): (Heap, Heap),
    run: &Run<'_>,
) -> Result<Report> {
    equal_totals(request, (&from.masses, &to.masses))?;
    let network = system.kinetics.network();
    let lengths = request.lengths.as_deref();
    let found = wasserstein1(network, lengths, &from.masses, &to.masses, run)
        .map_err(|error| Error::network(spec.source.name(), error))?;
    let total = from.masses.total();
    let mut report = begun(spec, request, (&from.label, &to.label), None, run);
    let distance = Quantity::new(WASSERSTEIN1, found.distance()).in_unit("mass·length");
    report.push_quantity(distance.key());
    report.push_quantity(Quantity::new(TOTAL_MASS, total).key());
    let ends = (from.masses.values(), to.masses.values());
    report.push_table(ends_table(system, ends, found.finite()));
    if let Some(transport) = found.finite() {
        let pairs = ends.0.iter().zip(ends.1);
        let moved = 0.5 * compensated_sum(pairs.map(|(p, q)| (p - q).abs()));
        first_checks(transport, network.states().len(), lengths, moved, &mut report);
        let names = network.edges().iter().map(|edge| edge.name.clone()).collect();
        report.push_table(
            Table::new("transport", "What each transition carries")
                .text("transition", names)
                .numbers("wasserstein1_flow", "mass", transport.flow.clone()),
        );
        report.push_summary(
            HOW_FAR,
            format!(
                "W₁ from {} to {} is {} (mass times length), of a total mass of {}; per unit of mass it is {}.",
                from.label,
                to.label,
                readable_number(found.distance(), 10),
                readable_number(total, 10),
                readable_number(if total > 0.0 { found.distance() / total } else { 0.0 }, 10)
            ),
        );
    }
    if let Wasserstein1::Infinite { component, surplus } = &found {
        let ends = (from.label.as_str(), to.label.as_str());
        report.push_summary(HOW_FAR, unreachable(("W₁", "mass"), component, *surplus, ends));
    }
    for section in ["wasserstein2", "speed_limits", "protocol", "curvature"] {
        report.push_left_out(section, OF_PROBABILITIES);
    }
    Ok(report)
}

/// Transport is between equal totals.
fn equal_totals(request: &DistanceRequest, (from, to): (&Masses, &Masses)) -> Result<()> {
    let (given, wanted) = (from.total(), to.total());
    if (given - wanted).abs() <= Masses::TOTAL_TOLERANCE * given.max(wanted) {
        return Ok(());
    }
    let problem = format!(
        "sums to {wanted}, and --from to {given}: distances are between equal totals; for distributions divide each number by the sum"
    );
    Err(wrong("--to", &request.to, problem))
}
