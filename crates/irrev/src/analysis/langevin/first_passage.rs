//! Section: the mean time from one place to another.

use irrev_landscape::fokker_planck::{GridProcess, exits};
use irrev_report::Report;

use super::context::Context;
use super::definitions::FIRST_PASSAGE_TIME;
use crate::error::Result;
use crate::model::PassageValues;

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

/// # Errors
/// As [`exits`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (Some(passage), Some(axes)) = (context.values.passage.clone(), context.axes.clone()) else {
        return Ok(());
    };
    let found = context.extrapolated(&axes, |process| {
        let start = process.state_at(&passage.from)?;
        Ok(vec![
            exits(process.kinetics(), start, &target(process, &passage)?)?.mean_time,
        ])
    })?;
    let point = |x: &[f64]| {
        let parts: Vec<String> = x.iter().map(|x| irrev_report::readable_number(*x, 6)).collect();
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
