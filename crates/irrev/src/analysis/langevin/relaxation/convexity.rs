//! What a convex potential says of a relaxation: decay, logarithmic Sobolev, Talagrand and HWI, each with its slack or the assumption that is not met.
//!
//! Distances are in the metric D⁻¹, in which W₂² is a time and λ a rate.
//!
//! Sources: D. Bakry and M. Émery, Sém. Probab. XIX, 177 (1985); F. Otto and C. Villani, J. Funct. Anal. 173, 361 (2000).

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_report::{Bound, Report};

use super::super::context::Context;
use super::super::definitions::CONVEXITY;
use super::Numbers;
use crate::error::Result;
use crate::model::{Ends, RelaxationValues};

const OTTO: &str = "λ-convex potential, one temperature, mobilities that are the same everywhere; Otto and Villani, J. Funct. Anal. 173, 361 (2000)";

/// The inequalities; λ, where there is one.
///
/// # Errors
/// Failure of an eigenproblem.
pub(super) fn add(
    context: &Context<'_>,
    asked: &RelaxationValues,
    numbers: &Numbers,
    report: &mut Report,
) -> Result<Option<f64>> {
    let all = [
        ("exponential_decay", "exp(−2λτ) D(p₀‖π) ≥ D(p_τ‖π)"),
        (
            "logarithmic_sobolev",
            "entropy production rate/(2λ) ≥ D(p‖π) at the start",
        ),
        (
            "talagrand",
            "2 D(p‖π)/λ ≥ W₂(p, π)² at the start, in the metric D⁻¹",
        ),
        (
            "hwi",
            "W₂ (entropy production rate)^½ − λ W₂²/2 ≥ D(p‖π) at the start, in the metric D⁻¹",
        ),
    ];
    if let Some(reason) = unmet(context) {
        for (name, statement) in all {
            report.push_bound(Bound::not_applicable(name, statement, reason));
        }
        return Ok(None);
    }
    let (convexity, place) = least(context).map_err(|error| context.fail(error))?;
    report.push_quantity(context.quantity(&CONVEXITY, convexity));
    let [first, last] = &numbers.relative_entropy;
    let rate = &numbers.first_rate;
    let [decay, sobolev, talagrand, hwi] = all;
    let bounds = if convexity > 0.0 {
        let decayed = (-2.0 * convexity * asked.time).exp();
        let mut bounds = vec![
            Bound::at_least(decay.0, decay.1, first.value * decayed, last.value)
                .with_errors(first.error * decayed, last.error),
            Bound::at_least(sobolev.0, sobolev.1, 0.5 * rate.value / convexity, first.value)
                .with_errors(0.5 * rate.error / convexity, first.error),
        ];
        if let Some([_, distance]) = &numbers.squared_distance {
            // a lower bound of W₂ serves here, too
            bounds.push(
                Bound::at_least(
                    talagrand.0,
                    talagrand.1,
                    2.0 * first.value / convexity,
                    distance.value,
                )
                .with_errors(2.0 * first.error / convexity, distance.error),
            );
        }
        bounds
    } else {
        let reason = format!(
            "needs a convex potential, but at ({}) λ is {}",
            place
                .iter()
                .map(|x| irrev_report::readable_number(*x, 3))
                .collect::<Vec<_>>()
                .join(", "),
            irrev_report::readable_number(convexity, 3)
        );
        [decay, sobolev, talagrand]
            .map(|(name, statement)| Bound::not_applicable(name, statement, &reason))
            .to_vec()
    };
    for bound in bounds {
        report.push_bound(bound.assuming(OTTO));
    }
    // this one holds for any λ, but needs W₂ itself
    report.push_bound(match &numbers.squared_distance {
        Some([_, distance]) if context.values.coordinates.len() == 1 => {
            let root = (distance.value * rate.value).sqrt();
            let relative = 0.5 * (distance.error / distance.value + rate.error / rate.value);
            let side = root - 0.5 * convexity * distance.value;
            Bound::at_least(hwi.0, hwi.1, side, first.value)
                .with_errors(
                    root * relative + 0.5 * convexity.abs() * distance.error,
                    first.error,
                )
                .assuming(OTTO)
        }
        _ => Bound::not_applicable(
            hwi.0,
            hwi.1,
            "needs W₂ itself, which is known along one coordinate",
        ),
    });
    Ok(Some(convexity))
}

/// Which assumption of all of them is not met.
fn unmet(context: &Context<'_>) -> Option<&'static str> {
    let values = &context.values;
    if values.fields.has_force() {
        return Some("needs forces of a potential alone");
    }
    if values.temperature().is_none() {
        return Some("needs baths of one temperature");
    }
    if values.fields.has_mobility_of_place() {
        return Some("needs mobilities that are the same everywhere");
    }
    if values.fields.has_corners() {
        return Some("needs a potential without corners, whose second derivatives tell all");
    }
    let circle = values.coordinates.iter().any(|c| c.ends == Ends::Periodic);
    circle.then_some("needs a convex potential, which no periodic one is")
}

/// λ and where it is found, over the nodes of the grid.
fn least(context: &Context<'_>) -> irrev_landscape::Result<(f64, Vec<f64>)> {
    let values = &context.values;
    let curvature = values.fields.curvature();
    let d = values.coordinates.len();
    let roots: Vec<f64> = (0..d)
        .map(|i| values.fields.mobility(i, 0.0, &vec![0.0; d]).sqrt())
        .collect();
    let axes = context.axes.as_deref().unwrap_or_default();
    let mut found = (f64::INFINITY, Vec::new());
    let nodes: usize = axes.iter().map(irrev_landscape::axes::Axis::nodes).product();
    for node in 0..nodes {
        let x = irrev_landscape::axes::point_of(axes, node);
        let bent = curvature.at(0.0, &x);
        let scaled = Matrix::from_fn(d, d, |i, j| roots[i] * bent[(i, j)] * roots[j]);
        let lowest = if d == 1 {
            scaled[(0, 0)]
        } else {
            symmetric_eigen(&scaled)?
                .values
                .first()
                .copied()
                .unwrap_or(f64::NAN)
        };
        if lowest < found.0 {
            found = (lowest, x);
        }
    }
    Ok(found)
}
