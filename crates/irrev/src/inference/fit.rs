//! Section: the most likely network.

use irrev_ising::inference::{
    CrossValidation, EntropyProduction, FitOptions, MeanFieldInversion, PenaltyKind, SparseOptions,
    Transitions, cross_validation, mean_field_inversion, sparse_path,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Figure, Lines, Mark, Quantity, Report, Table, readable_number,
};

use super::definitions::{
    AKAIKE, INDEPENDENT_LOG_LIKELIHOOD, LOG_LIKELIHOOD, PENALTY, SCHWARZ, SEPARATED_PAIRS,
};
use super::request::InferenceRequest;
use super::subject::Subject;
use super::{FOLDS, WHICH_NETWORK, pictures};
use crate::error::Result;

/// Pairs that are named.
const MOST_NAMED: usize = 3;

pub(super) fn add(
    subject: &Subject<'_>,
    request: &InferenceRequest,
    production: &EntropyProduction,
    validated: Option<&CrossValidation>,
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| subject.fail(error);
    let fit = &production.fit;
    let transitions = subject.raster.transitions().map_err(fail)?;
    let independent = independent_log_likelihood(&transitions);
    let (n, total) = (fit.units() as f64, fit.transitions as f64);
    let gain = 2.0 * total * (fit.log_likelihood - independent);
    let chosen = match validated {
        Some(found) if found.penalties[found.best] == fit.penalty => {
            "the best for held-out stretches of time".to_owned()
        }
        Some(found) => format!(
            "held-out stretches of time are predicted best by {}, which would bias the entropy production",
            readable_number(found.penalties[found.best], 4)
        ),
        None => "given".to_owned(),
    };
    report.push_quantity(Quantity::new(LOG_LIKELIHOOD, fit.log_likelihood));
    report.push_quantity(Quantity::new(INDEPENDENT_LOG_LIKELIHOOD, independent));
    report.push_quantity(Quantity::new(PENALTY, fit.penalty).with_note(chosen.clone()));
    report.push_quantity(Quantity::new(AKAIKE, 2.0 * n * n - gain));
    report.push_quantity(Quantity::new(SCHWARZ, n * n * total.ln() - gain));
    report.push_check(Check::new(
        "fit_converged",
        "largest step that Newton's method would still take in a coupling or field",
        fit.convergence.residual,
        FitOptions::default().tolerance,
    ));
    report.push_summary(
        WHICH_NETWORK,
        format!(
            "The most likely network with parallel updates has a log-likelihood of {} nats per bin, {} more than independent units; the penalty is {} ({chosen}).",
            readable_number(fit.log_likelihood, 6),
            readable_number(fit.log_likelihood - independent, 3),
            readable_number(fit.penalty, 4),
        ),
    );
    separated(subject, &transitions, fit.penalty, report);
    if let Some(found) = validated {
        validation(found, report);
    }
    let errors = fit.standard_errors(&transitions).map_err(fail)?;
    let inversion = |which| mean_field_inversion(&transitions, which);
    let (naive, tap) = (
        inversion(MeanFieldInversion::Naive),
        inversion(MeanFieldInversion::ThoulessAndersonPalmer),
    );
    let (to, from) = pictures::pairs(&subject.labels);
    let mut couplings = Table::new(
        "couplings",
        "Couplings βJ with standard errors, from a unit to the one that it acts on",
    )
    .text("to", to)
    .text("from", from)
    .numbers("coupling", "1", pictures::entries(&fit.couplings))
    .numbers("standard_error", "1", pictures::entries(&errors.couplings));
    let mut fields = Table::new("fields", "Fields βH with standard errors")
        .text("unit", subject.labels.clone())
        .numbers("field", "1", fit.fields.clone())
        .numbers("standard_error", "1", errors.fields.clone())
        .numbers("response", "1", fit.response.clone());
    match (&naive, &tap) {
        (Ok(naive), Ok(tap)) => {
            couplings = couplings
                .numbers("naive_mean_field", "1", pictures::entries(&naive.couplings))
                .numbers("tap_mean_field", "1", pictures::entries(&tap.couplings));
            fields = fields
                .numbers("naive_mean_field", "1", naive.fields.clone())
                .numbers("tap_mean_field", "1", tap.fields.clone());
            report.push_summary(
                WHICH_NETWORK,
                format!(
                    "Mean-field inversion differs from it by {} (naive) and {} (TAP) root mean square; its standard errors are {} root mean square.",
                    readable_number(distance(&naive.couplings, &fit.couplings), 3),
                    readable_number(distance(&tap.couplings, &fit.couplings), 3),
                    readable_number(distance(&errors.couplings, &Matrix::zeros(n as usize, n as usize)), 3)
                ),
            );
            if !tap.without_root.is_empty() {
                let named: Vec<&str> = tap
                    .without_root
                    .iter()
                    .map(|k| subject.labels[*k].as_str())
                    .collect();
                report.push_warning(format!(
                    "The TAP inversion has no solution for {}: couplings to them are those at the edge of its range.",
                    named.join(", ")
                ));
            }
        }
        (Err(error), _) | (_, Err(error)) => {
            report.push_warning(format!("No mean-field inversion: {error}."));
        }
    }
    report.push_table(couplings);
    report.push_table(fields);
    figures(subject, &fit.couplings, &errors.couplings, report);
    if request.sparse {
        sparse(subject, &transitions, run, report)?;
    }
    Ok(())
}

/// Σ_i p ln p + (1 − p) ln (1 − p) over the bins in which transitions end.
pub(super) fn independent_log_likelihood(transitions: &Transitions<'_>) -> f64 {
    let means = transitions.correlations().means_after;
    let term = |p: f64| if p > 0.0 { p * p.ln() } else { 0.0 };
    means
        .iter()
        .map(|m| term(0.5 * (1.0 + m)) + term(0.5 * (1.0 - m)))
        .sum()
}

/// Root of the mean squared difference.
fn distance(a: &Matrix, b: &Matrix) -> f64 {
    let squares: f64 = a
        .data()
        .iter()
        .zip(b.data())
        .map(|(x, y)| (x - y) * (x - y))
        .sum();
    (squares / a.data().len() as f64).sqrt()
}

/// Pairs of which one state is never followed by another.
fn separated(subject: &Subject<'_>, transitions: &Transitions<'_>, penalty: f64, report: &mut Report) {
    let found = transitions.correlations();
    let n = subject.labels.len();
    let mut named = Vec::new();
    let mut count = 0;
    for unit in 0..n {
        for by in 0..n {
            let cases = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
            // 4/T for each transition of a kind
            let never = |&(then, when): &(f64, f64)| {
                let part = 1.0
                    + then * found.means_after[unit]
                    + when * found.means_before[by]
                    + then * when * found.delayed[(unit, by)];
                part * (found.transitions as f64) < 2.0
            };
            if cases.iter().any(never) {
                count += 1;
                if named.len() < MOST_NAMED {
                    named.push(format!("{} → {}", subject.labels[by], subject.labels[unit]));
                }
            }
        }
    }
    report.push_quantity(Quantity::new(SEPARATED_PAIRS, f64::from(count)));
    if count > 0 {
        let more = if count > MOST_NAMED as i32 {
            " and others"
        } else {
            ""
        };
        report.push_warning(format!(
            "{count} of {} couplings are bounded by the penalty {} alone, since one state is never followed by another: {}{more}. Their size says no more than their sign.",
            n * n,
            readable_number(penalty, 3),
            named.join(", ")
        ));
    }
}

fn validation(found: &CrossValidation, report: &mut Report) {
    let scores: Vec<f64> = found.scores.iter().map(|s| s.value).collect();
    let errors: Vec<f64> = found.scores.iter().map(|s| s.standard_error).collect();
    report.push_table(
        Table::new(
            "cross_validation",
            format!(
                "Log-likelihood per bin of held-out stretches of time, {FOLDS} of them, over the penalty"
            ),
        )
        .numbers("penalty", "1", found.penalties.clone())
        .numbers("log_likelihood_per_bin", "nats/bin", scores.clone())
        .numbers("standard_error", "nats/bin", errors),
    );
    if found.best == 0 || found.best + 1 == found.penalties.len() {
        report.push_warning(format!(
            "Cross-validation chose {}, the end of its range: give a penalty beyond it to see whether it is better (--penalty VALUE).",
            readable_number(found.penalties[found.best], 3)
        ));
    }
    let curve = Curve::new("held-out likelihood", found.penalties.clone(), scores);
    report.push_figure(Figure::new(
        "cross_validation",
        "Penalty by cross-validation",
        "Log-likelihood per bin of stretches of time that were not fitted, over the penalty on couplings. Stretches differ by more than penalties do, so the curve is drawn without their spread, which the table holds.",
        Lines::new(
            Axis::new("penalty", "").logarithmic(),
            Axis::new("log-likelihood per bin, held out", "nats/bin"),
        )
        .curve(curve.styled(CurveStyle::LineAndMarkers))
        .mark(Mark::vertical(found.penalties[found.best], "chosen")),
    ));
}

fn figures(subject: &Subject<'_>, couplings: &Matrix, errors: &Matrix, report: &mut Report) {
    report.push_figure(Figure::new(
        "couplings",
        "Couplings",
        "βJ from the unit of a column to the unit of a row; the diagonal is memory or refractoriness of a unit.",
        pictures::matrix(&subject.labels, Axis::new("coupling βJ", ""), |i, j| {
            couplings[(i, j)]
        }),
    ));
    report.push_figure(Figure::new(
        "coupling_significance",
        "Couplings in units of their standard errors",
        "Beyond ±2 a coupling differs from zero by more than chance would make one in twenty do; of many couplings some are expected there.",
        pictures::matrix(
            &subject.labels,
            Axis::new("coupling / standard error", ""),
            |i, j| couplings[(i, j)] / errors[(i, j)],
        ),
    ));
}

/// A path of networks with few couplings.
fn sparse(
    subject: &Subject<'_>,
    transitions: &Transitions<'_>,
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| subject.fail(error);
    let options = SparseOptions::default();
    let kind = PenaltyKind::Absolute(options);
    let penalties = kind.penalties(transitions).map_err(fail)?;
    let held_out = cross_validation(transitions, &penalties, kind, FOLDS, run).map_err(fail)?;
    let path = sparse_path(transitions, &penalties, &options).map_err(fail)?;
    let counts: Vec<f64> = path.iter().map(|fit| fit.couplings as f64).collect();
    let scores: Vec<f64> = held_out.scores.iter().map(|s| s.value).collect();
    report.push_table(
        Table::new(
            "sparse_path",
            "Networks with the penalty λ Σ |J_ij| per unit and bin: how many couplings remain, and the likelihood of held-out stretches of time",
        )
        .numbers("penalty", "1", penalties.clone())
        .numbers("couplings", "1", counts.clone())
        .numbers(
            "log_likelihood_per_bin",
            "nats/bin",
            path.iter().map(|fit| fit.fit.log_likelihood).collect(),
        )
        .numbers("held_out_log_likelihood_per_bin", "nats/bin", scores)
        .numbers(
            "standard_error",
            "nats/bin",
            held_out.scores.iter().map(|s| s.standard_error).collect(),
        ),
    );
    let best = &path[held_out.best];
    let (to, from) = pictures::pairs(&subject.labels);
    report.push_table(
        Table::new(
            "sparse_couplings",
            format!(
                "Couplings βJ at the penalty {} that is best for held-out stretches",
                readable_number(best.penalty, 4)
            ),
        )
        .text("to", to)
        .text("from", from)
        .numbers("coupling", "1", pictures::entries(&best.fit.couplings)),
    );
    report.push_figure(Figure::new(
        "sparse_path",
        "How many couplings are needed",
        "Number of couplings that are not zero, those of units to themselves included, over the penalty λ Σ |J_ij|.",
        Lines::new(
            Axis::new("penalty", "").logarithmic(),
            Axis::new("couplings that are not zero", ""),
        )
        .curve(Curve::new("couplings", penalties.clone(), counts).styled(CurveStyle::LineAndMarkers))
        .mark(Mark::vertical(penalties[held_out.best], "best for held-out stretches"))
        .mark(Mark::vertical(
            penalties[held_out.simplest],
            "simplest within one error of the best",
        )),
    ));
    report.push_summary(
        WHICH_NETWORK,
        format!(
            "Of {} couplings {} remain at the penalty that is best for held-out stretches of time, and {} at the largest within one error of it.",
            subject.labels.len().pow(2),
            best.couplings,
            path[held_out.simplest].couplings
        ),
    );
    Ok(())
}
