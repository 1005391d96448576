//! What the acceleration of a coordinate knows of others: the levels r₁, r₂, … and the density of the first two.

use irrev_landscape::diagnose::Regime;
use irrev_landscape::hidden::{Exploration, ExploreOptions, explore};
use irrev_report::{Axis, Figure, Heatmap, Mark, Report, Table};

use super::subject::Subject;
use crate::error::Result;

/// Heading of the summary.
const WHAT_IS_HIDDEN: &str = "What is hidden";

/// Growth of ⟨r̈²⟩ at half the step beyond which accelerations are more noise than motion.
const GROWS: f64 = 1.3;

/// Levels where none are asked for.
const LEVELS: usize = 2;

/// # Errors
/// As [`explore`].
pub(super) fn add(subject: &Subject<'_>, regime: Option<Regime>, report: &mut Report) -> Result<()> {
    let name = subject.name();
    let growth = growth(subject)?;
    if growth > GROWS && subject.request.levels.is_none() {
        report.push_left_out(
            "hidden",
            format!(
                "{name}: half the time step would make ⟨r̈²⟩ {growth:.1} times as large, as white noise of a thermostat or of the recording does, of which levels of hidden dimensions would be made; filter the recording, or take stretches without a thermostat (--levels asks for them all the same)"
            ),
        );
        return Ok(());
    }
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
    if growth > GROWS {
        report.push_warning(format!(
            "{name}: half the time step would make ⟨r̈²⟩ {growth:.1} times as large: accelerations are mostly white noise, and so are the levels of hidden dimensions."
        ));
    }
    for sentence in found.sentences() {
        report.push_summary(WHAT_IS_HIDDEN, format!("{name}: {sentence}."));
    }
    report.push_figure(picture(subject, &found));
    report.push_table(table(subject, &found));
    Ok(())
}

/// By how much ⟨r̈²⟩ from second differences grows where the step is halved: 1 for smooth motion, 2 where noise is white in the force, 16 where it is in positions. 1 where it
/// cannot be told.
fn growth(subject: &Subject<'_>) -> Result<f64> {
    let period = subject
        .record
        .period(subject.coordinate)
        .map_err(|error| subject.fail(error))?;
    let near = |difference: f64| period.map_or(difference, |period| period.nearest_image(difference));
    let (mut short, mut long, mut frames) = (0.0, 0.0, 0_u64);
    for segment in subject.record.segments() {
        let x = segment
            .positions(subject.coordinate)
            .map_err(|error| subject.fail(error))?;
        for w in x.windows(5) {
            short += (near(w[3] - w[2]) - near(w[2] - w[1])).powi(2);
            long += (near(w[4] - w[2]) - near(w[2] - w[0])).powi(2) / 16.0;
            frames += 1;
        }
    }
    Ok(if frames > 0 && long > 0.0 {
        short / long
    } else {
        1.0
    })
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
