//! Section: infinitely many spins over two of their numbers, with the line where order begins.

use irrev_ising::Update;
use irrev_ising::infinite::{Axis as Range, Parameter, PhaseDiagram, Quantity};
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Heatmap, Report, Table};

use super::context::Context;
use super::infinite::solvable;
use crate::error::{Error, Result};

/// Neighbours on the critical line are at most so many cells apart.
const REACH: f64 = 2.5;

/// Largest negative entropy production that is rounding.
const ROUNDING: f64 = 1e-12;

/// # Errors
/// As [`PhaseDiagram::of`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let network = solvable(context)?;
    let Some(axes) = context.values.phase_diagram else {
        return Ok(());
    };
    let name = context.environment.spec().source.name();
    let map = PhaseDiagram::of(&network, axes.x, axes.y, context.branch(), context.run)
        .map_err(|error| Error::ising(name, error))?;
    let chained = |points: &[(f64, f64)]| chains(points, cell(&map.x), cell(&map.y));
    let lines = [chained(&map.critical_line), chained(&map.alternation_line)];
    for shown in shown(context) {
        report.push_figure(figure(context, &map, &shown, &lines));
    }
    for (lines, name, title) in [
        (&lines[0], "critical_line", "Where order begins, N → ∞"),
        (
            &lines[1],
            "alternation_line",
            "Where parallel updates begin to alternate from step to step, N → ∞",
        ),
    ] {
        if !lines.is_empty() {
            let (x, y): (Vec<f64>, Vec<f64>) = lines.iter().flatten().copied().unzip();
            report.push_table(
                Table::new(name, title)
                    .numbers(words(map.x.parameter).0, words(map.x.parameter).1, x)
                    .numbers(words(map.y.parameter).0, words(map.y.parameter).1, y),
            );
        }
    }
    extremes(context, &map, report);
    let negative = [Quantity::EntropyProduction, Quantity::EntropyProductionRate]
        .into_iter()
        .flat_map(|quantity| map.values(quantity))
        .map(|value| {
            if value.is_nan() {
                f64::NAN
            } else {
                (-value).max(0.0)
            }
        });
    report.push_check(Check::new(
        "phase_diagram_second_law",
        "no entropy production of the map is negative or missing: max(0, −σ)",
        // a NaN anywhere must not be lost in the maximum
        negative.fold(0.0, |worst: f64, value| {
            if value.is_nan() || worst.is_nan() {
                f64::NAN
            } else {
                worst.max(value)
            }
        }),
        ROUNDING,
    ));
    // parallel updates are shown as they alternate, and one at a time nothing does
    if let Update::PartlyParallel(part) = context.values.update {
        report.push_check(Check::new(
            "phase_diagram_stability",
            "−J₀βk, largest of the map; beyond the limit spins alternate from step to step and never settle in the stationary states shown",
            map.values(Quantity::Feedback).into_iter().fold(0.0, |most, f| f64::max(most, -f)),
            2.0 / part - 1.0,
        ));
    }
    Ok(())
}

/// A map to draw.
struct Shown {
    quantity: Quantity,
    /// Whether it is of parallel updates, which alternate beyond a line.
    is_parallel: bool,
    name: &'static str,
    title: &'static str,
    label: &'static str,
    caption: &'static str,
    unit: String,
}

fn shown(context: &Context<'_>) -> Vec<Shown> {
    let production = "Entropy production per spin. Along the dashed line, where order begins, it has a cusp; for strong disorder it grows without bound as the \
                      temperature falls. Beyond the alternation line, where there is one, parallel updates turn the magnetisation over at every step, and their values are means over two.";
    let is_parallel = context.values.update == Update::Parallel;
    vec![
        Shown {
            quantity: Quantity::EntropyProduction,
            is_parallel: true,
            name: "phase_diagram_entropy_production_parallel",
            title: "Entropy production of parallel updates, N → ∞",
            label: "entropy production",
            caption: production,
            unit: "nats/step".into(),
        },
        Shown {
            quantity: Quantity::EntropyProductionRate,
            is_parallel: false,
            name: "phase_diagram_entropy_production_sequential",
            title: "Entropy production of updates one at a time, N → ∞",
            label: "entropy production",
            caption: production,
            unit: context.units.apply("nats/time"),
        },
        Shown {
            quantity: if is_parallel {
                Quantity::ParallelConditionalEntropy
            } else {
                Quantity::ConditionalEntropy
            },
            is_parallel,
            name: "phase_diagram_conditional_entropy",
            title: "Conditional entropy, N → ∞",
            label: "conditional entropy",
            caption: "Entropy per spin that is refreshed, given the state before, the same for both updates unless parallel ones alternate: it tells critical fluctuations from \
                      strong but nearly deterministic disorder.",
            unit: "nats".into(),
        },
        Shown {
            quantity: if is_parallel {
                Quantity::EvenMagnetization
            } else {
                Quantity::Magnetization
            },
            is_parallel,
            name: "phase_diagram_magnetization",
            title: "Magnetisation, N → ∞",
            label: "magnetisation",
            caption: "The order parameter on the chosen branch, the same for both updates unless parallel ones alternate: there it is shown after even steps.",
            unit: "1".into(),
        },
    ]
}

/// Label and unit of a parameter.
fn words(parameter: Parameter) -> (&'static str, &'static str) {
    match parameter {
        Parameter::InverseTemperature => ("inverse temperature β", "1/energy"),
        Parameter::MeanCoupling => ("mean coupling J₀", "energy"),
        Parameter::Spread => ("spread of couplings ΔJ", "energy"),
        Parameter::MeanField => ("mean field", "energy"),
        _ => ("width of fields ΔH", "energy"),
    }
}

fn axis(context: &Context<'_>, range: &Range) -> Axis {
    let (label, unit) = words(range.parameter);
    Axis::new(label, context.units.apply(unit))
}

fn figure(
    context: &Context<'_>,
    map: &PhaseDiagram,
    shown: &Shown,
    lines: &[Vec<Vec<(f64, f64)>>; 2],
) -> Figure {
    let values = map.values(shown.quantity);
    let mut heatmap = Heatmap::new(
        axis(context, &map.x),
        map.x.values(),
        axis(context, &map.y),
        map.y.values(),
        Axis::new(shown.label, shown.unit.clone()),
        values.chunks(map.x.points).map(<[f64]>::to_vec).collect(),
    );
    let curves = [
        ("critical line", CurveStyle::Dashed),
        ("alternation line", CurveStyle::Line),
    ];
    for (k, (name, style)) in curves.into_iter().enumerate() {
        let is_there = k == 0 || shown.is_parallel;
        if is_there && !lines[k].is_empty() {
            // one curve, its pieces parted by gaps, and one entry of the legend
            let (x, y) = lines[k].join(&(f64::NAN, f64::NAN)).into_iter().unzip();
            heatmap = heatmap.curve(Curve::new(name, x, y).styled(style));
        }
    }
    Figure::new(shown.name, shown.title, shown.caption, heatmap)
}

/// Where on the map the entropy productions are largest.
fn extremes(context: &Context<'_>, map: &PhaseDiagram, report: &mut Report) {
    let (xs, ys) = (map.x.values(), map.y.values());
    let rows: Vec<(Shown, usize, f64)> = shown(context)
        .into_iter()
        .filter_map(|shown| {
            let values = map.values(shown.quantity);
            let largest = values
                .iter()
                .copied()
                .enumerate()
                .max_by(|a, b| a.1.total_cmp(&b.1));
            largest.map(|(place, value)| (shown, place, value))
        })
        .collect();
    let place = |of: &dyn Fn(usize) -> f64| rows.iter().map(|(_, place, _)| of(*place)).collect::<Vec<f64>>();
    report.push_table(
        Table::new("phase_diagram_maxima", "Largest values on the map")
            .text(
                "quantity",
                rows.iter().map(|(shown, ..)| shown.title.to_owned()).collect(),
            )
            .numbers(
                "largest value",
                "",
                rows.iter().map(|(_, _, value)| *value).collect(),
            )
            .text(
                "unit",
                rows.iter().map(|(shown, ..)| shown.unit.clone()).collect(),
            )
            .numbers(words(map.x.parameter).0, "", place(&|p| xs[p % map.x.points]))
            .numbers(words(map.y.parameter).0, "", place(&|p| ys[p / map.x.points])),
    );
}

fn cell(range: &Range) -> f64 {
    (range.to - range.from).abs() / (range.points.max(2) - 1) as f64
}

/// Points joined to lines: each goes on with the nearest that is left, at both of its ends, as long as that is near.
fn chains(points: &[(f64, f64)], dx: f64, dy: f64) -> Vec<Vec<(f64, f64)>> {
    let distance = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0) / dx).hypot((a.1 - b.1) / dy);
    let mut left: Vec<(f64, f64)> = points.to_vec();
    let mut lines = Vec::new();
    while let Some(first) = left.pop() {
        let mut line = vec![first];
        for _ in 0..2 {
            while let Some(&end) = line.last() {
                let near = (0..left.len())
                    .min_by(|&a, &b| distance(end, left[a]).total_cmp(&distance(end, left[b])));
                match near {
                    Some(k) if distance(end, left[k]) <= REACH => line.push(left.swap_remove(k)),
                    _ => break,
                }
            }
            line.reverse();
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::chains;

    #[test]
    fn scattered_points_of_two_lines_become_two_lines_in_order() {
        let point = |k: usize| (k as f64, 0.5 * k as f64);
        let far = |k: usize| (k as f64, 100.0);
        let order = [3, 0, 4, 1, 2];
        let points: Vec<(f64, f64)> = order
            .iter()
            .map(|&k| point(k))
            .chain(order.iter().map(|&k| far(k)))
            .collect();
        let lines = chains(&points, 1.0, 1.0);
        assert_eq!(lines.len(), 2);
        for line in lines {
            assert_eq!(line.len(), 5);
            assert!(
                line.windows(2).all(|pair| (pair[0].0 - pair[1].0).abs() == 1.0),
                "{line:?}"
            );
        }
    }
}
