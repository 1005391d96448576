//! Pictures of the decay, on logarithmic axes, beside the decays that are implied.

use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, readable_number};

use super::Subject;
use super::decay::Decay;

/// Below this part of its first value a distance is rounding of the state.
const ROUNDING: f64 = 1e-12;

pub(super) fn add(subject: &Subject<'_>, decay: &Decay, report: &mut Report) {
    let times: Vec<f64> = decay.moments.iter().map(|m| m.time).collect();
    let time = || Axis::new("time", subject.units.time());
    let column = |of: fn(&irrev_network::transport::curvature::RelaxationBound) -> f64| {
        decay.moments.iter().map(of).collect::<Vec<f64>>()
    };
    let bound = |name: String, values| Curve::new(name, times.clone(), values).styled(CurveStyle::Dashed);
    let mut entropy = Lines::new(time(), Axis::new("relative entropy", "nats").logarithmic())
        .curve(Curve::new(
            "D(p(t)‖π)",
            times.clone(),
            column(|m| m.relative_entropy),
        ))
        .curve(bound(
            "bound by the gap: ln(1 + χ²(0) e^(−2γt))".into(),
            column(|m| m.by_gap),
        ));
    if decay.proven.is_some() {
        entropy = entropy.curve(bound(
            "bound by the proven curvature: e^(−2κt) D(0)".into(),
            column(|m| m.by_curvature),
        ));
    }
    if decay.found.is_some_and(|found| found > 0.0) && decay.proven != decay.found {
        entropy = entropy.curve(bound(
            "with the curvature by search: e^(−2κt) D(0)".into(),
            column(|m| m.by_curvature_estimate),
        ));
    }
    report.push_figure(Figure::new(
        "relaxation_entropy",
        "Relaxation of relative entropy",
        format!(
            "Relative entropy to equilibrium from {} over six relaxation times 1/γ, and what gap and curvature allow (dashed).",
            subject.start_name
        ),
        entropy,
    ));
    shares(subject, decay, &times, time(), report);
}

/// Every distance as a part of its first value.
fn shares(subject: &Subject<'_>, decay: &Decay, times: &[f64], time: Axis, report: &mut Report) {
    let share = |times: Vec<f64>, values: Vec<f64>, name: &str, style| {
        let first = values[0];
        let (x, y) = times
            .into_iter()
            .zip(values.into_iter().map(|v| v / first))
            .filter(|(_, share)| *share > ROUNDING)
            .unzip();
        Curve::new(name, x, y).styled(style)
    };
    let variation = decay.moments.iter().map(|m| m.total_variation).collect();
    let spread = decay.moments.iter().map(|m| m.chi_squared.sqrt()).collect();
    let mut lines = Lines::new(time, Axis::new("part of its first value", "1").logarithmic())
        .curve(share(
            times.to_vec(),
            variation,
            "total variation (and L₁)",
            CurveStyle::Line,
        ))
        .curve(share(times.to_vec(), spread, "√χ²", CurveStyle::Line));
    if decay.distances.len() > 1 {
        lines = lines.curve(share(
            decay.distances.iter().map(|d| d.time).collect(),
            decay.distances.iter().map(|d| d.upper).collect(),
            "W₂(p(t), π)",
            CurveStyle::LineAndMarkers,
        ));
    }
    let decaying = |rate: f64| times.iter().map(|t| (-rate * t).exp()).collect::<Vec<f64>>();
    let implied = |name, rate| Curve::new(name, times.to_vec(), decaying(rate)).styled(CurveStyle::Dashed);
    lines = lines.curve(implied("e^(−γt), which √χ² stays below", decay.gap));
    if let Some(rate) = decay.proven {
        lines = lines.curve(implied("e^(−κt), κ proven, which W₂ stays below", rate));
    } else if let Some(rate) = decay.found.filter(|rate| *rate > 0.0) {
        lines = lines.curve(implied("e^(−κt), κ by search, for W₂", rate));
    }
    let unresolved = match decay.distances.last() {
        Some(last) if last.time < times[times.len() - 1] => {
            format!(
                " W₂ is shown up to the time {}: beyond, double precision does not resolve it.",
                readable_number(last.time, 3)
            )
        }
        _ => String::new(),
    };
    report.push_figure(Figure::new(
        "relaxation_distances",
        "Relaxation of distances",
        format!(
            "Distances to equilibrium from {}, each as a part of its first value, and the decays that gap and curvature imply (dashed).{unresolved}",
            subject.start_name
        ),
        lines,
    ));
}
