//! ψ with B L Bᵀ ψ = w, the potential of the excess force, on a large grid: from nothing, and again with other conductances.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let edges = measurement.pairs("edges")?;
    let conductances = measurement.reals("conductances")?;
    let other_conductances = measurement.reals("other_conductances")?;
    let rate_of_change = measurement.reals("rate_of_change")?;
    let (options, nodes) = (SolveOptions::default(), rate_of_change.len());

    let plan = measurement.time("plan", || {
        EliminationPlan::new(nodes, &edges, &PlanOptions::default())
    })??;
    let mut factor = measurement.time("factor", || plan.laplacian(&conductances, Threads::Shared))??;
    let first = measurement.time("solve", || factor.solve(&rate_of_change, &options))??;
    measurement.add_total("first", &["plan", "factor", "solve"]);
    let again = measurement.time("repeat", || {
        factor.update(&other_conductances, Threads::Shared)?;
        factor.solve(&rate_of_change, &options)
    })??;
    measurement.save("potential", &first.values)?;
    measurement.save("other_potential", &again.values)
}
