//! Section: the mean time from one place to another.

use irrev_landscape::axes::{Axis, Wall};
use irrev_landscape::fokker_planck::{Extrapolation, GridProcess, exits};
use irrev_report::{Report, readable_number};

use super::context::Context;
use super::definitions::FIRST_PASSAGE_TIME;
use crate::error::{Error, Result};
use crate::model::{CoordinateValues, Ends, PassageValues, WallKind};

/// # Errors
/// As [`exits`]; a start or a target outside of the coordinates.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (Some(passage), Some(axes)) = (context.values.passage.clone(), context.axes.clone()) else {
        return Ok(());
    };
    inside(context, &passage)?;
    let found = match &context.values.coordinates[..] {
        [coordinate] => along_a_line(context, &coordinate.clone(), &axes[0], &passage)?,
        _ => context.extrapolated(&axes, |process| {
            let start = process.state_at(&passage.from)?;
            Ok(vec![
                exits(process.kinetics(), start, &target(process, &passage)?)?.mean_time,
            ])
        })?,
    };
    let point = |x: &[f64]| {
        let parts: Vec<String> = x.iter().map(|x| readable_number(*x, 6)).collect();
        parts.join(", ")
    };
    let time = context.of_grids(&FIRST_PASSAGE_TIME, &found[0]);
    let note = format!(
        "from ({}) to within {} of ({})",
        point(&passage.from),
        passage.radius,
        point(&passage.to)
    );
    report.push_quantity(time.with_note(note).key());
    Ok(())
}

/// Refuses a place outside of its coordinate.
fn inside(context: &Context<'_>, passage: &PassageValues) -> Result<()> {
    for (key, place) in [("from", &passage.from), ("to", &passage.to)] {
        for (coordinate, x) in context.values.coordinates.iter().zip(place) {
            let Some((low, high)) = coordinate.range else {
                continue;
            };
            if !(low..=high).contains(x) {
                return Err(Error::NotPossible {
                    model: context.environment.spec().source.name().into(),
                    what: "the first passage".into(),
                    reason: format!(
                        "`first_passage.{key}` is {x} for `{}`, which goes from {low} to {high}",
                        coordinate.name
                    ),
                });
            }
        }
    }
    Ok(())
}

/// On a line or a circle the nearer edge of the target ends the grid, so that it is a node of every grid, and the time is read between nodes.
fn along_a_line(
    context: &Context<'_>,
    coordinate: &CoordinateValues,
    axis: &Axis,
    passage: &PassageValues,
) -> Result<Vec<Extrapolation>> {
    let (from, to, radius) = (passage.from[0], passage.to[0], passage.radius);
    let (low, high) = coordinate.range.unwrap_or((f64::NAN, f64::NAN));
    let wall = |kind| match kind {
        WallKind::Reflecting => Wall::Reflecting,
        WallKind::Absorbing => Wall::Absorbing,
    };
    let (below, above) = match coordinate.ends {
        Ends::Walls(below, above) => (wall(below), wall(above)),
        Ends::Open | Ends::Periodic => (Wall::Reflecting, Wall::Reflecting),
    };
    let line = if (from - to).abs() <= radius {
        None
    } else if coordinate.ends == Ends::Periodic {
        // round the circle the target is met from both sides
        let length = high - low;
        let begin = to + radius;
        let turns = ((from - begin) / length).floor();
        let begin = begin + turns * length;
        Some((
            begin,
            Wall::Absorbing,
            begin + length - 2.0 * radius,
            Wall::Absorbing,
        ))
    } else if from < to {
        Some((low, below, to - radius, Wall::Absorbing))
    } else {
        Some((to + radius, Wall::Absorbing, high, above))
    };
    let Some((start, first, end, last)) = line else {
        return Ok(vec![Extrapolation::exact(0.0)]);
    };
    // what lies beyond the target is never met
    let behind = if from < to { below } else { above };
    if behind == Wall::Absorbing {
        return Err(Error::NotPossible {
            model: context.environment.spec().source.name().into(),
            what: "the first passage".into(),
            reason: "an absorbing end of the coordinate may be met before the target".into(),
        });
    }
    let grid =
        Axis::between(start, first, end, last, axis.intervals()).map_err(|error| context.fail(error))?;
    context.extrapolated(&[grid], |process| Ok(vec![time_from(process, from)?]))
}

/// The mean time from a place to the absorbing ends, by the parabola through the three nodes around it.
fn time_from(process: &GridProcess, from: f64) -> irrev_landscape::Result<f64> {
    let targets: Vec<usize> = process.absorbing_walls().iter().map(|wall| wall.2).collect();
    let axis = &process.axes()[0];
    let middle = axis.nearest(from)?.clamp(1, axis.intervals() - 1);
    let mut time = 0.0;
    for node in middle - 1..=middle + 1 {
        let x = axis.node(node);
        let weight: f64 = (middle - 1..=middle + 1)
            .filter(|other| *other != node)
            .map(|other| (from - axis.node(other)) / (x - axis.node(other)))
            .product();
        let state = process.state_at(&[x])?;
        let own = if targets.contains(&state) {
            0.0
        } else {
            exits(process.kinetics(), state, &targets)?.mean_time
        };
        time += weight * own;
    }
    Ok(time)
}

/// States of the target: all nodes within the radius of its point, or the node nearest to it.
fn target(process: &GridProcess, passage: &PassageValues) -> irrev_landscape::Result<Vec<usize>> {
    let distance = |x: &[f64]| {
        let squares = x.iter().zip(&passage.to).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let states = 0..process.volumes().len();
    let inside: Vec<usize> = states
        .filter(|state| {
            process
                .point(*state)
                .is_some_and(|x| distance(&x) <= passage.radius)
        })
        .collect();
    match inside.is_empty() {
        true => Ok(vec![process.state_at(&passage.to)?]),
        false => Ok(inside),
    }
}
