//! Flows of the parts by name, for derived quantities and sweeps.

use irrev_network::information::parts::{MultibodyFlow, SecondLaws, multibody_information_flow, second_laws};
use irrev_network::{Distribution, Flow, MarkovJump};
use irrev_numerics::sum::compensated_sum;

use super::MOST_PARTS;

/// Names of the flows that sweeps may show, each followed by `_` and the name of a subsystem.
pub(in crate::analysis) const SCALARS: [&str; 4] = [
    "part_entropy_production",
    "information_flow",
    "environment_flow",
    "many_body_flow",
];

/// Flows of all parts at one stationary state.
#[derive(Debug)]
pub(in crate::analysis) struct Flows {
    laws: SecondLaws,
    orders: Option<MultibodyFlow>,
}

impl Flows {
    /// `None` for a process that has no parts.
    pub(in crate::analysis) fn of(process: &MarkovJump, flow: &Flow, state: &Distribution) -> Option<Self> {
        let number = flow.network().subsystems().len();
        if number < 2 {
            return None;
        }
        let laws = second_laws(process, state).ok()?;
        let orders = match number {
            ..=MOST_PARTS => multibody_information_flow(flow, state).ok(),
            _ => None,
        };
        Some(Self { laws, orders })
    }

    /// The flow behind a name such as `information_flow_ligand`.
    pub(in crate::analysis) fn named(&self, name: &str) -> Option<f64> {
        self.laws.parts.iter().enumerate().find_map(|(k, part)| {
            let flow = name.strip_suffix(part.name.as_str())?.strip_suffix('_')?;
            match flow {
                "part_entropy_production" => Some(part.entropy_production_rate),
                "information_flow" => Some(part.information_flow),
                "environment_flow" => Some(part.environment_flow),
                "many_body_flow" => {
                    let orders = self.orders.as_ref()?.orders.get(1..)?;
                    Some(compensated_sum(orders.iter().map(|order| order[k])))
                }
                _ => None,
            }
        })
    }
}
