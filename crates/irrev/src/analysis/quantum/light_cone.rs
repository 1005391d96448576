//! Section: when the far end of the bath is felt.

use irrev_quantum::light_cone::{LiebRobinson, Truncation, compare_with_cut_bath};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report};

use super::context::Context;
use super::definitions::{CUT_LIEB_ROBINSON_TIME, FELT_TIME, LIEB_ROBINSON_TIME};
use super::history::accuracy;
use crate::error::Result;
use crate::model::counted;

/// The disturbance that counts: as large as operators of norm 1 may have, halved.
const DISTURBANCE: f64 = 1.0;

/// Distances below this are rounding.
const ROUNDING: f64 = 1e-14;

/// # Errors
/// As [`compare_with_cut_bath`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let bath = context.bath()?.state.clone();
    let fail = |e| context.fail(e);
    let values = &context.values;
    let m = values.system.sites();
    let steps = context.steps_from_contact().map_err(fail)?;
    let Some(farthest) = steps.iter().flatten().max().copied().filter(|d| *d > 0) else {
        report.push_warning("Every site of the bath touches the system: there is no far end.");
        return Ok(());
    };
    let far: Vec<usize> = (0..steps.len())
        .filter(|site| steps[*site] == Some(farthest))
        .map(|site| m + site)
        .collect();
    let own: Vec<usize> = (0..m).collect();
    let radius = values.radius.unwrap_or(farthest.div_ceil(2)).min(farthest);
    // bonds are cut that have a site farther than the radius, or both at it
    let cut: Vec<usize> = match radius == farthest {
        true => Vec::new(),
        false => (0..steps.len())
            .filter(|site| steps[*site].is_some_and(|d| d >= radius))
            .map(|site| m + site)
            .collect(),
    };
    let (mut times, mut cut_times) = (Vec::new(), Vec::new());
    for place in 0..values.couplings.len() {
        let composite = values.composite(values.couplings[place]).map_err(fail)?;
        // the norms of driven bonds are bounded by their largest
        let strongest = match &values.drive {
            Some(drive) => composite.with_factors(drive.largest()).map_err(fail)?,
            None => composite.whole().clone(),
        };
        let within = |sites: &[usize]| LiebRobinson::new(&strongest, &own, sites)?.time(DISTURBANCE);
        let time = within(&far).map_err(fail)?;
        report.push_quantity(context.of_coupling(&LIEB_ROBINSON_TIME, place, time));
        times.push(time);
        if !cut.is_empty() {
            let time = within(&cut).map_err(fail)?;
            report.push_quantity(context.of_coupling(&CUT_LIEB_ROBINSON_TIME, place, time));
            cut_times.push(time);
        }
    }
    if radius == farthest {
        report.push_left_out(
            "felt_time",
            format!("all bonds of the bath lie within {farthest} of the contact, so that none is cut"),
        );
        return Ok(());
    }
    let mut figure = Lines::new(
        Axis::new("time", context.units.time()),
        Axis::new("difference of the system's state", "1").logarithmic(),
    )
    .mark(Mark::horizontal(values.threshold, "felt"));
    for place in 0..values.couplings.len() {
        let composite = values.composite(values.couplings[place]).map_err(fail)?;
        let keep = composite.bath_sites_within(radius).map_err(fail)?;
        let found = compare_with_cut_bath(
            &composite,
            &values.state,
            &bath,
            &keep,
            &values.times,
            &accuracy(values),
            context.run,
        )
        .map_err(fail)?;
        if let Some((_, after)) = found.felt(values.threshold) {
            let quantity = context.of_coupling(&FELT_TIME, place, after);
            report.push_quantity(quantity.with_note(format!(
                "hopping {}: bonds farther than {radius} from the contact are cut, and at this one of the times first the state differs by more than {}",
                context.coupling(place),
                values.threshold
            )));
        }
        figure = figure.curve(curve(&found, format!("hopping {}", context.coupling(place))));
    }
    let time = times.into_iter().fold(f64::INFINITY, f64::min);
    context.lieb_robinson_time = time.is_finite().then_some(time);
    let of_cut = cut_times.into_iter().fold(f64::INFINITY, f64::min);
    if of_cut.is_finite() {
        figure = figure.mark(Mark::vertical(of_cut, "τ_LR of the cut"));
    }
    report.push_figure(Figure::new(
        "light_cone",
        "When the far bath is felt",
        format!(
            "Trace distance between the states of the system beside the whole bath and beside one whose bonds farther than {radius} from the contact are cut. Before the \
             Lieb–Robinson time of the cut (for the strongest contact) nothing done there can disturb the system by more than 1: that is proven, and mostly far too cautious. The far end is {} away.",
            counted(farthest, "bond")
        ),
        figure,
    ));
    Ok(())
}

fn curve(found: &Truncation, name: String) -> Curve {
    let shown = found
        .distances
        .iter()
        .map(|d| if *d > ROUNDING { *d } else { f64::NAN });
    Curve::new(name, found.times.clone(), shown.collect()).styled(CurveStyle::Line)
}
