//! Section: what stoichiometry alone decides.

use irrev_network::reactions::structure;
use irrev_report::{Check, Report, Table};

use super::context::Context;
use crate::error::Result;

/// Conservation laws and cycles listed; of more, the first.
const LISTED: usize = 60;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let system = &context.chemistry.system;
    let found = structure(system).map_err(|e| context.fail(e))?;
    let reactions = system.reactions();
    report.push_table(
        Table::new("reactions", "The reactions")
            .text("reaction", reactions.iter().map(|r| r.name.clone()).collect())
            .text("equation", reactions.iter().map(|r| system.equation(r)).collect())
            .text(
                "thermodynamics",
                reactions
                    .iter()
                    .map(|r| if r.counted { "counted" } else { "left out" }.to_owned())
                    .collect(),
            ),
    );
    let species = system.species().len();
    let held = (0..species).filter(|s| system.is_external(*s)).count();
    report.push_table(
        Table::new(
            "structure",
            "Counts of the reaction network, with its chemostats and as if nothing were held",
        )
        .text(
            "count",
            [
                "species",
                "reactions",
                "rank of S",
                "conservation laws",
                "cycles",
                "complexes",
                "linkage classes",
                "deficiency",
            ]
            .map(String::from)
            .to_vec(),
        )
        .numbers(
            "with chemostats",
            "1",
            [
                species - held,
                reactions.len(),
                found.rank,
                found.conservation_laws.len(),
                found.cycles.len(),
                found.open.complexes,
                found.open.linkage_classes,
                found.open.deficiency,
            ]
            .map(|n| n as f64)
            .to_vec(),
        )
        .numbers(
            "closed",
            "1",
            [
                species,
                reactions.len(),
                found.closed_rank,
                found.closed_conservation_laws.len(),
                reactions.len() - found.closed_rank,
                found.closed.complexes,
                found.closed.linkage_classes,
                found.closed.deficiency,
            ]
            .map(|n| n as f64)
            .to_vec(),
        ),
    );
    let initial = &context.chemistry.initial;
    let state_names = system.state_names();
    let laws: Vec<String> = found
        .conservation_laws
        .iter()
        .take(LISTED)
        .map(|law| combination(law, |k| state_names[k].clone()))
        .collect();
    let values: Vec<f64> = found
        .conservation_laws
        .iter()
        .take(LISTED)
        .map(|law| law.iter().map(|&(k, a)| a as f64 * initial[k]).sum())
        .collect();
    if !laws.is_empty() {
        report.push_table(
            Table::new(
                "conserved_quantities",
                "Conserved combinations of the dynamic species",
            )
            .text("combination", laws)
            .numbers("amount", context.units.amount(), values),
        );
    }
    let cycles: Vec<String> = found
        .cycles
        .iter()
        .take(LISTED)
        .map(|c| combination(c, |r| reactions[r].name.clone()))
        .collect();
    if !cycles.is_empty() {
        let kind = found
            .cycles
            .iter()
            .take(LISTED)
            .map(|c| {
                if found.emergent_cycles.contains(c) {
                    "emergent"
                } else {
                    "internal"
                }
                .to_owned()
            })
            .collect();
        report.push_table(
            Table::new(
                "cycles",
                "Cycles: combinations of reactions that leave every dynamic species as it was; emergent ones turn over what is held",
            )
            .text("cycle", cycles)
            .text("kind", kind),
        );
    }
    report.push_check(Check::new(
        "chemostats",
        "|held species − broken conservation laws − emergent cycles|",
        (held as f64 - (found.broken_conservation_laws.len() + found.emergent_cycles.len()) as f64).abs(),
        0.0,
    ));
    Ok(())
}

/// "A + 2 B − C".
fn combination(vector: &[(usize, i64)], name: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for (place, &(k, a)) in vector.iter().enumerate() {
        text += match (place, a < 0) {
            (0, false) => "",
            (0, true) => "−",
            (_, false) => " + ",
            (_, true) => " − ",
        };
        if a.abs() != 1 {
            text += &format!("{} ", a.abs());
        }
        text += &name(k);
    }
    text
}
