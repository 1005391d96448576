//! What the acceleration of a coordinate knows of others: the levels r₁, r₂, … and the density of the first two.

use irrev_landscape::diagnose::Regime;
use irrev_landscape::hidden::{Exploration, ExploreOptions, explore};
use irrev_report::{Axis, Figure, Heatmap, Mark, Report, Table};

use super::subject::Subject;
use crate::error::Result;

/// Heading of the summary.
const WHAT_IS_HIDDEN: &str = "What is hidden";

/// Levels where none are asked for.
const LEVELS: usize = 2;

/// # Errors
/// As [`explore`].
pub(super) fn add(subject: &Subject<'_>, regime: Option<Regime>, report: &mut Report) -> Result<()> {
    let name = subject.name();
    let levels = match subject.request.levels {
        Some(levels) => levels,
        None if regime == Some(Regime::Inertial) => LEVELS,
        None => {
            report.push_left_out(
                "hidden",
                format!("{name}: accelerations from this time step are more step or noise than motion; --levels asks for them all the same"),
            );
            0
        }
    };
    if levels == 0 {
        return Ok(());
    }
    let mut options = ExploreOptions::default();
    options.hierarchy.coordinate = subject.coordinate;
    options.hierarchy.accelerations = subject.moments()?.accelerations;
    options.hierarchy.levels = levels;
    let found = match explore(subject.record, &options, subject.run) {
        Ok(found) => found,
        Err(
            error @ (irrev_landscape::Error::Unlike { .. }
            | irrev_landscape::Error::Empty { .. }
            | irrev_landscape::Error::Domain { .. }),
        ) => {
            report.push_left_out("hidden", format!("{name}: {error}"));
            return Ok(());
        }
        Err(error) => return Err(subject.fail(error)),
    };
    for sentence in found.sentences() {
        report.push_summary(WHAT_IS_HIDDEN, format!("{name}: {sentence}."));
    }
    report.push_figure(picture(subject, &found));
    report.push_table(table(subject, &found));
    Ok(())
}

fn picture(subject: &Subject<'_>, found: &Exploration) -> Figure {
    let density = &found.density;
    let (first, second) = &density.cells;
    let values = density.density();
    let (n, m) = (first.cells(), second.cells());
    let rows = (0..m)
        .map(|j| (0..n).map(|i| values[i * m + j]).collect())
        .collect();
    let mut map = Heatmap::new(
        Axis::new(format!("r₁: {}", subject.name()), subject.unit()),
        first.centres(),
        Axis::new("r₂: what r₁ does not explain of its acceleration", ""),
        second.centres(),
        Axis::new("density", ""),
        rows,
    );
    for peak in density.significant_peaks() {
        let [x, y] = density.place(peak);
        map = map.mark(Mark::point(x, y, "peak"));
    }
    Figure::new(
        format!("hidden{}", subject.suffix()),
        format!("Density of {} and its first hidden dimension", subject.name()),
        "From the recording of r₁ alone: r₂ = r̈₁ − ⟨r̈₁; r₁⟩. Marked are peaks that stand out of noise.",
        map,
    )
}

fn table(subject: &Subject<'_>, found: &Exploration) -> Table {
    let levels = &found.hierarchy.levels;
    let column =
        |of: &dyn Fn(&irrev_landscape::hidden::Level) -> f64| levels.iter().map(of).collect::<Vec<f64>>();
    Table::new(
        format!("hidden{}", subject.suffix()),
        format!("Levels of hidden dimensions of {}", subject.name()),
    )
    .numbers("level", "1", column(&|level| level.number as f64))
    .numbers("⟨r²⟩", "", column(&|level| level.variance.value))
    .numbers("W", "1/time²", column(&|level| level.frequency_squared.value))
    .numbers("what is left", "1", column(&|level| level.closure.value))
    .numbers(
        "error of what is left",
        "1",
        column(&|level| level.closure.standard_error),
    )
    .numbers("noise", "1", column(&|level| level.noise.total()))
}
