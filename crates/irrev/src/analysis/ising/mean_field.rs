//! Section: mean-field theories of parallel updates, stationary and in time, beside what is exact.

use irrev_ising::KineticIsing;
use irrev_ising::enumeration::ParallelKernel;
use irrev_ising::mean_field::{Expansion, MeanFieldState, StationaryMeanField, stationary_state, step};
use irrev_report::{Axis, Citation, Curve, CurveStyle, Figure, Lines, Report, Table, readable_number};

use super::context::Context;
use super::definitions::MEAN_FIELD_ENTROPY_PRODUCTION;
use crate::error::Result;
use crate::spins::independent_spins;

/// Entropy production below zero by no more than this is rounding, in nats.
const ROUNDING: f64 = 1e-10;

/// Most spins whose distribution is followed exactly, step by step.
const FOLLOWED: usize = 10;

/// What a theory says of one network in time.
struct Path {
    name: &'static str,
    /// Mean magnetisation, step by step, until it diverges.
    magnetizations: Vec<f64>,
    /// Root mean square deviation from the exact means, where they are known.
    errors: Vec<f64>,
    /// Largest |C_ik| − 1 on the way.
    excess: f64,
}

/// # Errors
/// Those of the theories other than that they do not converge.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(network) = context.network()? else {
        return Ok(());
    };
    let start = vec![context.values.initial_magnetization; network.spins()];
    stationary(context, &network, &start, report)?;
    let exact = exact_means(context, &network)?;
    let mut paths = Vec::new();
    for (k, expansion) in Expansion::ALL.into_iter().enumerate() {
        context
            .run
            .report(
                k as f64 / Expansion::ALL.len() as f64,
                "following mean-field theories",
            )
            .map_err(|e| context.fail(e.into()))?;
        paths.push(path(context, &network, expansion, &start, exact.as_deref())?);
    }
    in_time(context, &paths, exact.as_deref(), report);
    report.push_citation(
        Citation::new(
            "aguilera2021",
            "M. Aguilera, S. A. Moosavi and H. Shimazaki, Nat. Commun. 12, 1197 (2021)",
            "10.1038/s41467-021-20890-5",
        )
        .for_use("mean-field theories of spins under parallel updates"),
    );
    Ok(())
}

/// The stationary state of a theory, or in words why it has none.
fn settled(
    context: &Context<'_>,
    network: &KineticIsing,
    expansion: Expansion,
    start: &[f64],
) -> Result<std::result::Result<StationaryMeanField, String>> {
    let tolerance = context.values.mean_field_tolerance;
    match stationary_state(network, expansion, start, tolerance, context.run) {
        Ok(found) => Ok(Ok(found)),
        Err(irrev_ising::Error::Numerics(irrev_numerics::Error::Cancelled)) => {
            Err(context.fail(irrev_numerics::Error::Cancelled.into()))
        }
        Err(irrev_ising::Error::Numerics(error @ irrev_numerics::Error::NotConverged { .. })) => {
            Ok(Err(error.to_string()))
        }
        Err(error @ irrev_ising::Error::Domain { .. }) => Ok(Err(error.to_string())),
        Err(error) => Err(context.fail(error)),
    }
}

fn stationary(
    context: &Context<'_>,
    network: &KineticIsing,
    start: &[f64],
    report: &mut Report,
) -> Result<()> {
    let n = network.spins() as f64;
    let mut names: Vec<String> = Vec::new();
    let (mut means, mut productions, mut deviations, mut excesses) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut verdicts = Vec::new();
    // theories whose state is a possible one, with σ/N
    let mut lawful: Vec<(Expansion, f64)> = Vec::new();
    for (k, expansion) in Expansion::ALL.into_iter().enumerate() {
        context
            .run
            .report(
                k as f64 / Expansion::ALL.len() as f64,
                "stationary mean-field theories",
            )
            .map_err(|e| context.fail(e.into()))?;
        names.push(expansion.name().to_owned());
        match settled(context, network, expansion, start)? {
            Ok(found) => {
                let m = &found.state.magnetizations;
                let excess = found.state.excess_correlation();
                means.push(m.iter().sum::<f64>() / n);
                productions.push(found.entropy_production / n);
                deviations.push(
                    (context.exact_magnetizations.as_deref())
                        .map_or(f64::NAN, |exact| root_mean_square(m, exact)),
                );
                excesses.push(excess);
                // whatever else a stationary state is, its entropy production is not negative
                let is_lawful = found.entropy_production >= -ROUNDING;
                verdicts.push(if excess <= 0.0 && !is_lawful {
                    "fails: its entropy production is negative, which the second law forbids".into()
                } else {
                    verdict(excess).to_owned()
                });
                if excess <= 0.0 && is_lawful {
                    lawful.push((expansion, found.entropy_production / n));
                }
            }
            Err(reason) => {
                means.push(f64::NAN);
                productions.push(f64::NAN);
                deviations.push(f64::NAN);
                excesses.push(f64::NAN);
                verdicts.push(format!("no stationary state: {reason}"));
            }
        }
    }
    let known = Reference::of(context);
    if let Some((_, value)) = lawful
        .iter()
        .find(|(expansion, _)| *expansion == Expansion::Pairwise)
    {
        report.push_quantity(
            context
                .rate(&MEAN_FIELD_ENTROPY_PRODUCTION, *value)
                .with_note(compared(&lawful, known.as_ref())),
        );
    }
    if let Some(known) = &known {
        names.push(known.name.into());
        means.push(known.magnetization);
        productions.push(known.entropy_production);
        deviations.push(0.0);
        // correlations of spins never exceed 1
        excesses.push(0.0);
        verdicts.push(known.verdict.clone());
    }
    let mut table =
        Table::new("mean_field", "Stationary states of mean-field theories, per spin").text("theory", names);
    table = table.numbers("magnetisation", "", means).numbers(
        "entropy production",
        context.per_time("nats"),
        productions.clone(),
    );
    if let Some(known) = &known {
        let off = productions.iter().map(|p| p - known.entropy_production).collect();
        table = table.numbers(
            format!("deviation from {}", known.what),
            context.per_time("nats"),
            off,
        );
    }
    if context.exact_magnetizations.is_some() {
        table = table.numbers("error of the means", "", deviations);
    }
    report.push_table(
        table
            .numbers("excess correlation", "", excesses)
            .text("verdict", verdicts),
    );
    Ok(())
}

/// What theories are compared with: all states, or a simulation.
struct Reference {
    name: &'static str,
    /// Behind "deviation from".
    what: &'static str,
    magnetization: f64,
    entropy_production: f64,
    error: f64,
    verdict: String,
}

impl Reference {
    fn of(context: &Context<'_>) -> Option<Self> {
        if let Some(exact) = &context.enumerated {
            return Some(Self {
                name: "exact (enumeration)",
                what: "the exact one",
                magnetization: exact.magnetization,
                entropy_production: exact.entropy_production,
                error: 0.0,
                verdict: "exact".into(),
            });
        }
        let simulated = context.simulated.filter(|simulated| simulated.is_of_one)?;
        Some(Self {
            name: "simulated",
            what: "the simulated one",
            magnetization: simulated.magnetization.value,
            entropy_production: simulated.entropy_production.value,
            error: simulated.entropy_production.standard_error,
            verdict: format!(
                "standard errors {} and {}",
                readable_number(simulated.magnetization.standard_error, 2),
                readable_number(simulated.entropy_production.standard_error, 2)
            ),
        })
    }
}

/// How Plefka2[t] does among the theories of this very network, where that can be told.
fn compared(lawful: &[(Expansion, f64)], known: Option<&Reference>) -> String {
    let Some(known) = known else {
        return "an approximation without an error bar; nothing that it could be compared with was computed"
            .into();
    };
    let off = |value: f64| (value - known.entropy_production).abs();
    let nearest = lawful.iter().min_by(|a, b| off(a.1).total_cmp(&off(b.1)));
    let error = if known.error > 0.0 {
        format!(" (standard error {})", readable_number(known.error, 2))
    } else {
        String::new()
    };
    let own = lawful
        .iter()
        .find(|(expansion, _)| *expansion == Expansion::Pairwise);
    match (nearest, own) {
        (Some((nearest, value)), Some((_, own))) if *nearest != Expansion::Pairwise => format!(
            "off by {} from {}{error}; of the theories in the table {} comes nearest, off by {}",
            readable_number(off(*own), 2),
            known.what,
            nearest.name(),
            readable_number(off(*value), 2)
        ),
        (_, Some((_, own))) => format!(
            "off by {} from {}{error}, the least of the theories in the table",
            readable_number(off(*own), 2),
            known.what
        ),
        _ => String::new(),
    }
}

/// What the largest correlation says of an expansion.
fn verdict(excess: f64) -> &'static str {
    if excess > 0.0 {
        "diverged: a correlation exceeds 1"
    } else {
        "correlations are possible ones"
    }
}

fn root_mean_square(a: &[f64], b: &[f64]) -> f64 {
    let squares: f64 = a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum();
    (squares / a.len() as f64).sqrt()
}

/// Exact means of every spin at each step, for few spins.
fn exact_means(context: &Context<'_>, network: &KineticIsing) -> Result<Option<Vec<Vec<f64>>>> {
    if network.spins() > FOLLOWED {
        return Ok(None);
    }
    let fail = |e| context.fail(e);
    let kernel = ParallelKernel::new(network).map_err(fail)?;
    let mut p = independent_spins(network.spins(), context.values.initial_magnetization)?
        .probabilities()
        .to_vec();
    let mut means = vec![kernel.correlations(&p).magnetizations];
    for _ in 0..context.values.mean_field_steps {
        p = kernel.apply(&p, context.run).map_err(fail)?;
        means.push(kernel.correlations(&p).magnetizations);
    }
    Ok(Some(means))
}

fn path(
    context: &Context<'_>,
    network: &KineticIsing,
    expansion: Expansion,
    start: &[f64],
    exact: Option<&[Vec<f64>]>,
) -> Result<Path> {
    let fail = |e| context.fail(e);
    let mut state = MeanFieldState::independent(start).map_err(fail)?;
    let mut path = Path {
        name: expansion.name(),
        magnetizations: Vec::new(),
        errors: Vec::new(),
        excess: f64::NEG_INFINITY,
    };
    for t in 0..=context.values.mean_field_steps {
        if t > 0 {
            state = match step(network, expansion, &state, context.run) {
                Ok(state) => state,
                // the table says why a theory ends here
                Err(irrev_ising::Error::Domain { .. }) => break,
                Err(error) => return Err(fail(error)),
            };
        }
        let m = &state.magnetizations;
        path.magnetizations.push(m.iter().sum::<f64>() / m.len() as f64);
        path.excess = path.excess.max(state.excess_correlation());
        if let Some(means) = exact.and_then(|exact| exact.get(t)) {
            path.errors.push(root_mean_square(m, means));
        }
        if !m.iter().all(|m| m.is_finite()) {
            break;
        }
    }
    Ok(path)
}

fn in_time(context: &Context<'_>, paths: &[Path], exact: Option<&[Vec<f64>]>, report: &mut Report) {
    let steps = |count: usize| (0..count).map(|t| t as f64).collect::<Vec<f64>>();
    let mut lines = Lines::new(Axis::new("step", ""), Axis::new("magnetisation", "1"));
    for path in paths {
        let values = path.magnetizations.clone();
        lines = lines.curve(Curve::new(path.name, steps(values.len()), values));
    }
    if let Some(exact) = exact {
        let means: Vec<f64> = exact
            .iter()
            .map(|m| m.iter().sum::<f64>() / m.len() as f64)
            .collect();
        lines = lines.curve(Curve::new("exact", steps(means.len()), means).styled(CurveStyle::Markers));
    }
    report.push_figure(Figure::new(
        "mean_field_path",
        "Magnetisation by mean-field theories, step by step",
        format!(
            "Mean over all spins, from independent spins with magnetisation {}; exact values where all states can be followed.",
            context.values.initial_magnetization
        ),
        lines,
    ));
    let at_end = |of: &dyn Fn(&Path) -> Option<f64>| {
        paths
            .iter()
            .map(|p| of(p).unwrap_or(f64::NAN))
            .collect::<Vec<f64>>()
    };
    let mut table = Table::new("mean_field_path", "Mean-field theories in time")
        .text("theory", paths.iter().map(|p| p.name.to_owned()).collect())
        .numbers(
            "magnetisation at the end",
            "",
            at_end(&|p| p.magnetizations.last().copied()),
        );
    if exact.is_some() {
        table = table
            .numbers(
                "error of the means at the end",
                "",
                at_end(&|p| p.errors.last().copied()),
            )
            .numbers(
                "largest error of the means",
                "",
                at_end(&|p| p.errors.iter().copied().reduce(f64::max)),
            );
    }
    report.push_table(
        table
            .numbers("largest excess correlation", "", at_end(&|p| Some(p.excess)))
            .text(
                "verdict",
                paths.iter().map(|p| verdict(p.excess).to_owned()).collect(),
            ),
    );
}
