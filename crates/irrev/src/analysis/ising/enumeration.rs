//! Section: all states of few spins.

use irrev_ising::enumeration::{
    Correlations, ParallelState, PartlyParallelState, SequentialState, parallel_stationary_state,
    partly_parallel_stationary_state, sequential_stationary_state,
};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::linalg::Matrix;
use irrev_report::{Axis, Bars, Check, Figure, Heatmap, Report, Table};

use super::context::{Context, Known};
use super::definitions::{
    EXACT_CONDITIONAL_ENTROPY, EXACT_ENTROPY_PRODUCTION, EXACT_FLIP_RATE, EXACT_MAGNETIZATION,
    EXACT_REVERSED_ENTROPY, EXACT_STATE_ENTROPY,
};
use crate::error::Result;
use crate::spins::are_symmetric;

/// Accepted relative deviation of two ways to the same number.
const AGREEMENT: f64 = 1e-9;

/// Σ |P π − π| of what counts as stationary.
const STATIONARY: f64 = 1e-11;

/// # Errors
/// Those of the enumeration.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(network) = context.network()? else {
        return Ok(());
    };
    match context.values.update {
        Update::Sequential => {
            let state = sequential_stationary_state(&network, context.run).map_err(|e| context.fail(e))?;
            one_at_a_time(context, &network, &state, report);
        }
        Update::PartlyParallel(part) => {
            let state = partly_parallel_stationary_state(&network, part, context.run);
            partly_parallel(context, &network, &state.map_err(|e| context.fail(e))?, report);
        }
        _ => {
            let state = parallel_stationary_state(&network, context.run).map_err(|e| context.fail(e))?;
            parallel(context, &network, &state, report);
        }
    }
    Ok(())
}

fn parallel(context: &mut Context<'_>, network: &KineticIsing, state: &ParallelState, report: &mut Report) {
    let n = network.spins() as f64;
    let m = &state.correlations.magnetizations;
    // a spin turns over with probability (1 − ⟨s'_i s_i⟩)/2
    let kept = |i: usize| state.delayed_correlations[(i, i)] + m[i] * m[i];
    let flip_rate = m
        .iter()
        .enumerate()
        .map(|(i, _)| 0.5 * (1.0 - kept(i)))
        .sum::<f64>()
        / n;
    let known = Known {
        magnetization: m.iter().sum::<f64>() / n,
        entropy_production: state.entropy_production / n,
        conditional_entropy: state.conditional_entropy / n,
        flip_rate,
        alternates: false,
    };
    push_known(context, &known, report);
    report.push_quantity(context.rate(&EXACT_REVERSED_ENTROPY, state.reversed_entropy / n));
    report.push_quantity(context.quantity(&EXACT_STATE_ENTROPY, state.state_entropy / n));
    report.push_table(spin_table(
        context,
        network,
        m,
        &state.entropy_production_of_spins,
    ));
    report.push_table(pair_table(
        network,
        &state.correlations,
        &state.delayed_correlations,
        Some((&state.entropy_production_of_pairs, "nats/step".into())),
    ));
    spin_figures(
        m,
        &state.entropy_production_of_spins,
        &context.per_time("nats"),
        "Parts of β Σ (J_ij − J_ji) ⟨s_i(t+1) s_j(t)⟩ by the later spin. Parts may be negative, and are no heat.",
        report,
    );
    report.push_figure(matrix_figure(
        ("pair_entropy_production", "Entropy production of pairs"),
        "σ_ij = β (J_ij − J_ji)(D_ij − D_ji) of each pair of spins: the sum over pairs is the entropy production.",
        ("entropy production", &context.per_time("nats")),
        &state.entropy_production_of_pairs,
    ));
    report.push_figure(correlation_figure(&state.correlations));
    report.push_figure(delayed_figure(&state.delayed_correlations));
    // parts of both signs cancel: rounding is that of the largest
    let parts: f64 = state
        .entropy_production_of_spins
        .iter()
        .map(|part| part.abs())
        .sum();
    let scale = parts + state.conditional_entropy;
    let pairs: f64 = (0..network.spins())
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .map(|pair| state.entropy_production_of_pairs[pair])
        .sum();
    let of_spins: f64 = state.entropy_production_of_spins.iter().sum();
    let check =
        |name: &str, what: &str, residual: f64| Check::new(name, what, residual.abs(), AGREEMENT * scale);
    report.push_check(check(
        "enumerated_pairs",
        "|Σ over pairs of σ_ij − σ|",
        pairs - state.entropy_production,
    ));
    report.push_check(check(
        "enumerated_spins",
        "|Σ over spins of their parts − σ|",
        of_spins - state.entropy_production,
    ));
    report.push_check(check(
        "enumerated_two_formulas",
        "σ by delayed correlations and by tanh h_i β [(Js)_i − (Jᵀs)_i]",
        state.entropy_production_error,
    ));
    report.push_check(check(
        "enumerated_reversal",
        "|reversed − conditional entropy − σ|",
        state.reversed_entropy - state.conditional_entropy - state.entropy_production,
    ));
    laws(
        network,
        state.entropy_production,
        scale,
        state.convergence.residual,
        are_symmetric(network.couplings()),
        report,
    );
    context.exact_magnetizations = Some(m.clone());
    context.enumerated = Some(known);
}

/// What belongs to a part of the spins at a time; σ has terms of spins, and none of pairs.
fn partly_parallel(
    context: &mut Context<'_>,
    network: &KineticIsing,
    state: &PartlyParallelState,
    report: &mut Report,
) {
    let n = network.spins() as f64;
    let m = &state.correlations.magnetizations;
    let known = Known {
        magnetization: m.iter().sum::<f64>() / n,
        entropy_production: state.entropy_production / n,
        conditional_entropy: state.conditional_entropy / n,
        flip_rate: state.activity / n,
        alternates: false,
    };
    push_known(context, &known, report);
    report.push_quantity(context.rate(&EXACT_REVERSED_ENTROPY, state.reversed_entropy / n));
    report.push_quantity(context.quantity(&EXACT_STATE_ENTROPY, state.state_entropy / n));
    let terms = &state.entropy_production_of_spins;
    report.push_table(spin_table(context, network, m, terms));
    report.push_table(pair_table(
        network,
        &state.correlations,
        &state.delayed_correlations,
        None,
    ));
    spin_figures(
        m,
        terms,
        &context.per_time("nats"),
        "Entropy production of the steps that refresh each spin, given which spins are refreshed.",
        report,
    );
    report.push_figure(correlation_figure(&state.correlations));
    report.push_figure(delayed_figure(&state.delayed_correlations));
    let scale = state.conditional_entropy + terms.iter().map(|term| term.abs()).sum::<f64>();
    laws(
        network,
        state.entropy_production,
        scale,
        state.convergence.residual,
        false,
        report,
    );
    context.enumerated = Some(known);
}

fn one_at_a_time(
    context: &mut Context<'_>,
    network: &KineticIsing,
    state: &SequentialState,
    report: &mut Report,
) {
    let n = network.spins() as f64;
    let m = &state.correlations.magnetizations;
    let known = Known {
        magnetization: m.iter().sum::<f64>() / n,
        entropy_production: state.entropy_production_rate / n,
        conditional_entropy: state.attempt_entropy / n,
        flip_rate: state.activity / n,
        alternates: false,
    };
    push_known(context, &known, report);
    report.push_quantity(context.quantity(&EXACT_STATE_ENTROPY, state.state_entropy / n));
    report.push_table(spin_table(
        context,
        network,
        m,
        &state.entropy_production_rate_of_spins,
    ));
    report.push_quantity(context.rate(&EXACT_REVERSED_ENTROPY, state.reversed_attempt_entropy / n));
    report.push_table(pair_table(
        network,
        &state.correlations,
        &state.delayed_correlations,
        Some((&state.entropy_production_rate_of_pairs, context.per_time("nats"))),
    ));
    report.push_figure(matrix_figure(
        ("pair_entropy_production", "Entropy production of pairs"),
        "σ_ij = ½ β (J_ij − J_ji)(D_ij − D_ji) of each pair of spins, and on the diagonal what self-couplings add: the sum over pairs and over the diagonal is the entropy production.",
        ("entropy production", &context.per_time("nats")),
        &state.entropy_production_rate_of_pairs,
    ));
    report.push_figure(matrix_figure(
        ("delayed_correlations", "Correlations of a spin just refreshed"),
        "D_ij = ⟨tanh h_i s_j⟩ − m_i m_j, the spin just refreshed in the row. What differs from its mirror image is what makes the network irreversible.",
        ("correlation", "1"),
        &state.delayed_correlations,
    ));
    spin_figures(
        m,
        &state.entropy_production_rate_of_spins,
        &context.per_time("nats"),
        "Entropy production rate of the turns of each spin, ⟨w_i ln w_i(s)/w_i(F_i s)⟩.",
        report,
    );
    report.push_figure(correlation_figure(&state.correlations));
    let scale = state.entropy_production_rate.abs() + state.activity;
    let of_spins: f64 = state.entropy_production_rate_of_spins.iter().sum();
    report.push_check(Check::new(
        "enumerated_spins",
        "|Σ over spins of their entropy production rates − σ̇|",
        (of_spins - state.entropy_production_rate).abs(),
        AGREEMENT * scale,
    ));
    let is_equilibrium =
        are_symmetric(network.couplings()) && network.couplings().first_self_coupling().is_none();
    laws(
        network,
        state.entropy_production_rate,
        scale,
        state.convergence.residual,
        is_equilibrium,
        report,
    );
    context.stationary_law = Some(state.distribution.clone());
    context.enumerated = Some(known);
}

fn push_known(context: &Context<'_>, known: &Known, report: &mut Report) {
    report.push_quantity(
        context
            .rate(&EXACT_ENTROPY_PRODUCTION, known.entropy_production)
            .key(),
    );
    report.push_quantity(context.quantity(&EXACT_MAGNETIZATION, known.magnetization).key());
    report.push_quantity(
        context
            .rate(&EXACT_CONDITIONAL_ENTROPY, known.conditional_entropy)
            .key(),
    );
    report.push_quantity(context.rate(&EXACT_FLIP_RATE, known.flip_rate));
}

/// What holds whatever the updates.
fn laws(
    network: &KineticIsing,
    production: f64,
    scale: f64,
    residual: f64,
    is_equilibrium: bool,
    report: &mut Report,
) {
    report.push_check(Check::new(
        "enumerated_stationary",
        "how far the stationary law is from its image",
        residual,
        STATIONARY,
    ));
    report.push_check(Check::new(
        "enumerated_second_law",
        "the entropy production is not negative: max(0, −σ)",
        (-production).max(0.0),
        AGREEMENT * scale,
    ));
    if is_equilibrium {
        report.push_check(Check::new(
            "enumerated_equilibrium",
            "symmetric couplings make no entropy: |σ|",
            production.abs(),
            AGREEMENT * scale * network.inverse_temperature().max(1.0),
        ));
    }
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|spin| spin.to_string()).collect()
}

fn spin_table(context: &Context<'_>, network: &KineticIsing, m: &[f64], parts: &[f64]) -> Table {
    Table::new("spins", "Spins of the enumerated network")
        .text("spin", names(m.len()))
        .numbers("field", context.units.energy(), network.fields().to_vec())
        .numbers("magnetisation", "", m.to_vec())
        .numbers(
            "part of the entropy production",
            context.per_time("nats"),
            parts.to_vec(),
        )
}

/// Couplings and correlations of every pair, and its part of the entropy production where there is one.
fn pair_table(
    network: &KineticIsing,
    correlations: &Correlations,
    delayed: &Matrix,
    production: Option<(&Matrix, String)>,
) -> Table {
    let n = network.spins();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (j, i))).collect();
    let j = network.couplings().to_matrix();
    let column =
        |of: &dyn Fn(usize, usize) -> f64| pairs.iter().map(|&(a, b)| of(a, b)).collect::<Vec<f64>>();
    let c = &correlations.equal_time;
    let table = Table::new("pairs", "Pairs of spins of the enumerated network")
        .text("pair", pairs.iter().map(|(a, b)| format!("{a}, {b}")).collect())
        .numbers("coupling from second to first", "", column(&|a, b| j[(a, b)]))
        .numbers("coupling from first to second", "", column(&|a, b| j[(b, a)]))
        .numbers("equal-time correlation", "", column(&|a, b| c[(a, b)]))
        .numbers("correlation, first later", "", column(&|a, b| delayed[(a, b)]))
        .numbers("correlation, second later", "", column(&|a, b| delayed[(b, a)]));
    match production {
        Some((parts, unit)) => table.numbers("entropy production", unit, column(&|a, b| parts[(a, b)])),
        None => table,
    }
}

fn spin_figures(m: &[f64], parts: &[f64], unit: &str, caption: &str, report: &mut Report) {
    let bars = |axis: Axis, name: &str, values: &[f64]| {
        Bars::new("spin", axis, names(m.len())).group(name, values.to_vec())
    };
    report.push_figure(Figure::new(
        "spin_entropy_production",
        "Entropy production by spin",
        caption,
        bars(
            Axis::new("part of the entropy production", unit),
            "entropy production",
            parts,
        ),
    ));
    report.push_figure(Figure::new(
        "spin_magnetizations",
        "Magnetisation by spin",
        "⟨s_i⟩ in the stationary state.",
        bars(Axis::new("magnetisation", "1"), "magnetisation", m),
    ));
}

fn correlation_figure(correlations: &Correlations) -> Figure {
    matrix_figure(
        ("equal_time_correlations", "Correlations at equal times"),
        "C_ij = ⟨s_i s_j⟩ − m_i m_j in the stationary state, with 1 − m_i² on the diagonal.",
        ("correlation", "1"),
        &correlations.equal_time,
    )
}

fn delayed_figure(delayed: &Matrix) -> Figure {
    matrix_figure(
        ("delayed_correlations", "Correlations from one step to the next"),
        "D_ij = ⟨s_i(t+1) s_j(t)⟩ − m_i m_j, the later spin in the row. What differs from its mirror image is what makes the network irreversible.",
        ("correlation", "1"),
        delayed,
    )
}

fn matrix_figure(
    (name, title): (&str, &str),
    caption: &str,
    (label, unit): (&str, &str),
    matrix: &Matrix,
) -> Figure {
    let n = matrix.rows();
    // row 0 on top, as matrices are written
    let rows = (0..n)
        .rev()
        .map(|i| (0..n).map(|j| matrix[(i, j)]).collect())
        .collect();
    let downwards: Vec<String> = names(n).into_iter().rev().collect();
    Figure::new(
        name,
        title,
        caption,
        Heatmap::new(
            Axis::new("spin j", ""),
            names(n),
            Axis::new("spin i", ""),
            downwards,
            Axis::new(label, unit),
            rows,
        )
        .diverging(),
    )
}
