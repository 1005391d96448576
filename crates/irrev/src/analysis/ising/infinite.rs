//! Section: infinitely many spins, exactly.

use std::f64::consts::PI;

use irrev_ising::Update;
use irrev_ising::infinite::{AlternatingState, InfiniteNetwork, OrderParameters, Phase};
use irrev_report::{
    Axis, Check, Citation, Curve, CurveStyle, Definition, Figure, Lines, Mark, Quantity, Report, Table,
    readable_number,
};

use super::context::{Context, Known};
use super::definitions::{
    ALTERNATION_INVERSE_TEMPERATURE, CRITICAL_INVERSE_TEMPERATURE, CRITICAL_SPREAD, DISTANCE_TO_CRITICALITY,
    INFINITE_CONDITIONAL_ENTROPY, INFINITE_ENTROPY_PRODUCTION, INFINITE_EVEN_MAGNETIZATION,
    INFINITE_FEEDBACK, INFINITE_FLIP_RATE, INFINITE_GAIN, INFINITE_MAGNETIZATION, INFINITE_ODD_MAGNETIZATION,
    INFINITE_OVERLAP, INFINITE_REVERSED_ENTROPY, INFINITE_SUCCESSIVE_OVERLAP, INFINITE_SUSCEPTIBILITY,
    ZERO_TEMPERATURE_CONDITIONAL_ENTROPY, ZERO_TEMPERATURE_ENTROPY_PRODUCTION,
    ZERO_TEMPERATURE_MAGNETIZATION,
};
use crate::error::{Error, Result};

/// Residual of the equations for m and q, and error of all integrals, below which a solution is right.
const RESIDUAL: f64 = 1e-10;

/// Points of the curve of C(τ), and lags in units of its decay time.
const POINTS: usize = 161;
const DECAY_TIMES: f64 = 6.0;

/// What the updates of the model reach; means over both steps where they alternate.
struct State {
    /// The stationary state, which is not reached where updates alternate.
    order: OrderParameters,
    alternating: Option<AlternatingState>,
    magnetization: f64,
    overlap: f64,
    gain: f64,
    conditional_entropy: f64,
    /// Of parallel updates; NaN of others.
    reversed_entropy: f64,
    entropy_production: f64,
    flip_rate: f64,
    /// Residual of the equations.
    residual: f64,
    error: f64,
    /// C at lags, and whether they are steps.
    autocorrelation: Vec<(f64, f64)>,
}

/// # Errors
/// [`Error::NotPossible`] if the model has no such solution, and those of the solver.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let network = solvable(context)?;
    let state = state(context, &network)?;
    let order = state.order;
    let per_time = context.per_time("nats");
    let exact = |definition: &Definition, value| context.quantity(definition, value);
    let rate = |definition: &Definition, value| context.rate(definition, value);
    let note = format!(
        "all integrals of this state change by at most {} on a second grid",
        readable_number(state.error, 2)
    );
    report.push_quantity(
        rate(&INFINITE_ENTROPY_PRODUCTION, state.entropy_production)
            .with_note(note)
            .key(),
    );
    let reversed = state.conditional_entropy + state.entropy_production;
    report.push_quantity(
        state
            .noted(exact(&INFINITE_MAGNETIZATION, state.magnetization))
            .key(),
    );
    if let Some(alternating) = &state.alternating {
        let [even, odd] = alternating.phases.map(|phase| phase.magnetization);
        report.push_quantity(exact(&INFINITE_EVEN_MAGNETIZATION, even).key());
        report.push_quantity(exact(&INFINITE_ODD_MAGNETIZATION, odd).key());
    }
    report.push_quantity(state.noted(exact(&INFINITE_OVERLAP, state.overlap)));
    if let Some(alternating) = &state.alternating {
        report.push_quantity(exact(
            &INFINITE_SUCCESSIVE_OVERLAP,
            alternating.successive_overlap,
        ));
    }
    report.push_quantity(state.noted(exact(&INFINITE_GAIN, state.gain)));
    report.push_quantity(rate(&INFINITE_CONDITIONAL_ENTROPY, state.conditional_entropy).key());
    if context.values.update == Update::Parallel {
        report.push_quantity(rate(&INFINITE_REVERSED_ENTROPY, reversed));
    }
    report.push_quantity(rate(&INFINITE_FLIP_RATE, state.flip_rate));
    let unreached = |quantity: Quantity| match state.alternating {
        Some(_) => quantity.with_note("of the stationary state, which is unstable and never reached"),
        None => quantity,
    };
    report.push_quantity(unreached(exact(&INFINITE_FEEDBACK, order.feedback)));
    report.push_quantity(unreached(exact(&INFINITE_SUSCEPTIBILITY, order.susceptibility)));
    criticality(context, &network, report)?;
    zero_temperature(context, &network, report)?;
    branches(context, &network, report)?;
    if let Some(alternating) = &state.alternating {
        report.push_table(phases(alternating));
    }
    if !state.autocorrelation.is_empty() {
        report.push_figure(autocorrelation(context, &state));
    }
    report.push_check(Check::new(
        "infinite_residuals",
        match state.alternating {
            Some(_) => "residuals of the equations for m and the overlaps of the alternating state of the infinite network",
            None => "|E tanh h − m| and |G(q) − q| of the infinite network",
        },
        state.residual,
        RESIDUAL,
    ));
    report.push_check(Check::new(
        "infinite_second_grid",
        "change of all results of the infinite network on a second grid",
        state.error,
        RESIDUAL,
    ));
    if context.values.update == Update::Parallel {
        report.push_check(Check::new(
            "infinite_reversal",
            "|reversed − conditional entropy − σ| of the infinite network",
            (state.reversed_entropy - reversed).abs(),
            RESIDUAL * reversed.max(1.0),
        ));
    }
    report.push_check(Check::new(
        "infinite_second_law",
        format!("entropy production of the infinite network is not negative: max(0, −σ) in {per_time}"),
        (-state.entropy_production).max(0.0),
        RESIDUAL,
    ));
    match (&state.alternating, context.values.update) {
        (Some(alternating), _) => report.push_check(Check::new(
            "infinite_stability",
            "(J₀β)² k k' of the alternating state of the infinite network: by which two steps multiply a small deviation",
            alternating.multiplier,
            1.0,
        )),
        (None, Update::Sequential) => {}
        _ => {
            let (pull, limit) = ((-order.feedback).max(0.0), 2.0 / context.part() - 1.0);
            if pull > limit {
                report.push_warning(format!(
                    "The stationary state of the infinite network is not stable: −J₀βk = {} is above {}, and spins alternate from step to step. What is shown of it is not what a network does.",
                    readable_number(pull, 4),
                    readable_number(limit, 4)
                ));
            }
            report.push_check(Check::new(
                "infinite_stability",
                "max(0, −J₀βk) of the infinite network; beyond the limit spins alternate from step to step and never settle in this stationary state",
                pull,
                limit,
            ));
        }
    }
    context.infinite = state.known(context);
    report.push_citation(
        Citation::new(
            "aguilera2023",
            "M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023)",
            "10.1038/s41467-023-39107-y",
        )
        .for_use("entropy production of infinitely many spins"),
    );
    Ok(())
}

/// S_c per step: of partly parallel updates only the refreshed part counts.
fn per_refreshment(context: &Context<'_>, order: &OrderParameters) -> f64 {
    match context.values.update {
        Update::PartlyParallel(probability) => probability * order.conditional_entropy,
        _ => order.conditional_entropy,
    }
}

pub(super) fn solvable(context: &Context<'_>) -> Result<InfiniteNetwork> {
    context.infinite_network().map_err(|reason| Error::NotPossible {
        model: context.environment.spec().source.name().into(),
        what: "the exact solution".into(),
        reason: reason.into(),
    })
}

/// The stationary state of the model's updates, per spin: what is compared with simulations; `None` without one that they reach.
pub(super) fn known(context: &Context<'_>) -> Result<Option<Known>> {
    let Ok(network) = context.infinite_network() else {
        return Ok(None);
    };
    Ok(state(context, &network)?.known(context))
}

impl State {
    /// What simulations are compared with; nothing where no state that they reach is known.
    fn known(&self, context: &Context<'_>) -> Option<Known> {
        (self.alternating.is_some() || !self.order.alternates(context.part())).then_some(Known {
            magnetization: self.magnetization,
            entropy_production: self.entropy_production,
            conditional_entropy: self.conditional_entropy,
            flip_rate: self.flip_rate,
            alternates: self.alternating.is_some(),
        })
    }

    /// A quantity that is a mean over both steps of an alternating state.
    fn noted(&self, quantity: Quantity) -> Quantity {
        match self.alternating {
            Some(_) => {
                quantity.with_note("alternating: the mean of even and odd steps, which the table lists")
            }
            None => quantity,
        }
    }

    /// What a stationary state gives; the rest follows from the updates.
    fn settled(context: &Context<'_>, order: OrderParameters) -> Self {
        Self {
            order,
            alternating: None,
            magnetization: order.magnetization,
            overlap: order.overlap,
            gain: order.gain,
            conditional_entropy: per_refreshment(context, &order),
            reversed_entropy: f64::NAN,
            entropy_production: f64::NAN,
            flip_rate: f64::NAN,
            residual: order.residuals.0.max(order.residuals.1),
            error: order.numerical_error,
            autocorrelation: Vec::new(),
        }
    }
}

fn state(context: &Context<'_>, network: &InfiniteNetwork) -> Result<State> {
    let (branch, fail) = (context.branch(), |e| context.fail(e));
    match context.values.update {
        Update::Sequential => {
            let state = network.sequential(branch).map_err(fail)?;
            let end = DECAY_TIMES / state.autocorrelation.decay_rate().max(0.05);
            let lag = |k: usize| end * k as f64 / (POINTS - 1) as f64;
            Ok(State {
                entropy_production: state.entropy_production_rate,
                flip_rate: state.flip_rate,
                error: state.numerical_error,
                autocorrelation: (0..POINTS)
                    .map(|k| (lag(k), state.autocorrelation.at(lag(k))))
                    .collect(),
                ..State::settled(context, state.order)
            })
        }
        Update::PartlyParallel(probability) => {
            let state = network.partly_parallel(probability, branch).map_err(fail)?;
            let steps = state.autocorrelation.len().div_ceil(4 * POINTS).max(1);
            let series = state.autocorrelation.iter().enumerate().step_by(steps);
            Ok(State {
                entropy_production: state.entropy_production,
                flip_rate: state.flips,
                error: state.numerical_error,
                autocorrelation: series.map(|(n, c)| (n as f64, *c)).collect(),
                ..State::settled(context, state.order)
            })
        }
        _ => {
            let order = network.order_parameters(branch).map_err(fail)?;
            let settled = State {
                entropy_production: order.entropy_production,
                reversed_entropy: order.reversed_entropy,
                flip_rate: 0.5 * order.unfrozen,
                ..State::settled(context, order)
            };
            let Some(alternating) = network.alternating(branch).map_err(fail)? else {
                return Ok(settled);
            };
            let [even, odd] = alternating.phases;
            Ok(State {
                alternating: Some(alternating),
                magnetization: alternating.magnetization(),
                overlap: 0.5 * (even.overlap + odd.overlap),
                gain: 0.5 * (even.gain + odd.gain),
                conditional_entropy: alternating.conditional_entropy,
                entropy_production: alternating.entropy_production,
                reversed_entropy: alternating.reversed_entropy,
                flip_rate: alternating.flips,
                residual: alternating.residual,
                error: alternating.numerical_error,
                ..settled
            })
        }
    }
}

/// The two steps of an alternating state.
fn phases(state: &AlternatingState) -> Table {
    let column = |of: fn(&Phase) -> f64| state.phases.iter().map(of).collect::<Vec<f64>>();
    Table::new(
        "alternating",
        "Alternating state of infinitely many spins under parallel updates: m after even and after odd steps, and what belongs to each",
    )
    .text("steps", vec!["even".into(), "odd".into()])
    .numbers("m", "", column(|p| p.magnetization))
    .numbers("q, even number of steps apart", "", column(|p| p.overlap))
    .numbers("k", "", column(|p| p.gain))
    .numbers("conditional entropy", "nats", column(|p| p.conditional_entropy))
    .numbers("entropy production", "nats/step", column(|p| p.entropy_production))
    .numbers("reversed entropy", "nats", column(|p| p.reversed_entropy))
}

fn criticality(context: &Context<'_>, network: &InfiniteNetwork, report: &mut Report) -> Result<()> {
    if network.fields.mean() != 0.0 {
        report.push_quantity(
            context
                .quantity(&CRITICAL_INVERSE_TEMPERATURE, f64::INFINITY)
                .with_note(
                    "fields with a mean leave no transition: there is some order at every temperature",
                ),
        );
        return Ok(());
    }
    let fail = |e| context.fail(e);
    let beta = network.critical_inverse_temperature().map_err(fail)?;
    let quantity = context.quantity(&CRITICAL_INVERSE_TEMPERATURE, beta.unwrap_or(f64::INFINITY));
    report.push_quantity(match beta {
        Some(_) => quantity.key(),
        None if network.mean_coupling <= 0.0 => {
            quantity.with_note("couplings without a positive mean never make spins agree")
        }
        None => {
            quantity.with_note("no order at any temperature: the spread of couplings or fields is too large")
        }
    });
    if context.values.update == Update::Parallel
        && let Some(beta) = network.inverse_temperature_of_alternation().map_err(fail)?
    {
        report.push_quantity(context.quantity(&ALTERNATION_INVERSE_TEMPERATURE, beta).key());
    }
    if let Some(distance) = network.distance_to_criticality().map_err(fail)? {
        report.push_quantity(context.quantity(&DISTANCE_TO_CRITICALITY, distance));
    }
    if let Some(spread) = network.critical_spread().map_err(fail)? {
        report.push_quantity(context.quantity(&CRITICAL_SPREAD, spread));
    }
    Ok(())
}

fn zero_temperature(context: &Context<'_>, network: &InfiniteNetwork, report: &mut Report) -> Result<()> {
    let branch = context.branch();
    let zero = network.zero_temperature(branch).map_err(|e| context.fail(e))?;
    if context.values.update == Update::Parallel && zero.feedback < -1.0 {
        let cold = network.at_inverse_temperature(f64::INFINITY);
        if let Some(state) = cold.alternating(branch).map_err(|e| context.fail(e))? {
            return Ok(alternating_without_temperature(context, network, &state, report));
        }
    }
    report.push_quantity(context.quantity(&ZERO_TEMPERATURE_MAGNETIZATION, zero.magnetization));
    if matches!(context.values.update, Update::PartlyParallel(_)) {
        return Ok(());
    }
    let production = if context.is_one_at_a_time() {
        zero.entropy_production_rate_per_beta
    } else {
        zero.entropy_production_per_beta
    };
    report.push_quantity(context.rate(&ZERO_TEMPERATURE_ENTROPY_PRODUCTION, production));
    report.push_quantity(context.quantity(
        &ZERO_TEMPERATURE_CONDITIONAL_ENTROPY,
        zero.conditional_entropy_times_beta,
    ));
    Ok(())
}

/// Means over both steps: σ/β → ΔJ² βk (1 − q), and β S_c → (π²/6) βk/2, with βk twice the density of fields at 0.
fn alternating_without_temperature(
    context: &Context<'_>,
    network: &InfiniteNetwork,
    state: &AlternatingState,
    report: &mut Report,
) {
    let mean = |of: &dyn Fn(&Phase) -> f64| 0.5 * (of(&state.phases[0]) + of(&state.phases[1]));
    let [even, odd] = state.phases.map(|phase| readable_number(phase.magnetization, 4));
    let note = format!("alternating: the mean of even steps, m = {even}, and odd ones, m = {odd}");
    let noted = |quantity: Quantity| quantity.with_note(note.clone());
    let production = mean(&|p| network.spread.powi(2) * p.local_susceptibility * p.unfrozen);
    let entropy = PI * PI / 12.0 * mean(&|p| p.local_susceptibility);
    report.push_quantity(noted(
        context.quantity(&ZERO_TEMPERATURE_MAGNETIZATION, state.magnetization()),
    ));
    report.push_quantity(noted(
        context.rate(&ZERO_TEMPERATURE_ENTROPY_PRODUCTION, production),
    ));
    report.push_quantity(noted(
        context.quantity(&ZERO_TEMPERATURE_CONDITIONAL_ENTROPY, entropy),
    ));
}

/// All stationary states, stable or not.
fn branches(context: &Context<'_>, network: &InfiniteNetwork, report: &mut Report) -> Result<()> {
    let states = network.solutions().map_err(|e| context.fail(e))?;
    let column = |of: fn(&OrderParameters) -> f64| states.iter().map(of).collect::<Vec<f64>>();
    let is_stable = |state: &OrderParameters| state.is_stable() && !state.alternates(context.part());
    let stable = states.iter().map(|s| if is_stable(s) { "yes" } else { "no" });
    report.push_table(
        Table::new(
            "branches",
            "Stationary states of infinitely many spins; the entropy production is that of parallel updates",
        )
        .numbers("m", "", column(|s| s.magnetization))
        .numbers("q", "", column(|s| s.overlap))
        .numbers("k", "", column(|s| s.gain))
        .numbers("conditional entropy", "nats", column(|s| s.conditional_entropy))
        .numbers(
            "entropy production",
            "nats/step",
            column(|s| s.entropy_production),
        )
        .numbers("feedback", "", column(|s| s.feedback))
        .numbers(
            "dm/dbeta",
            context.units.energy(),
            column(|s| s.magnetization_slope),
        )
        .text("stable", stable.map(str::to_owned).collect()),
    );
    Ok(())
}

fn autocorrelation(context: &Context<'_>, state: &State) -> Figure {
    let (lags, values): (Vec<f64>, Vec<f64>) = state.autocorrelation.iter().copied().unzip();
    let axis = if context.is_one_at_a_time() {
        Axis::new("lag", context.units.time())
    } else {
        Axis::new("lag", "steps")
    };
    Figure::new(
        "infinite_autocorrelation",
        "Autocorrelation of a spin, N → ∞",
        "C(τ), the mean product of a spin with itself a lag later. It falls from 1 to the overlap q, the part that is frozen; what is left of it after \
         one refreshment decides how irreversible updates one at a time are.",
        Lines::new(axis, Axis::new("autocorrelation", "1"))
            .curve(Curve::new("C(τ)", lags, values).styled(CurveStyle::Line))
            .mark(Mark::horizontal(state.order.overlap, "q")),
    )
}
