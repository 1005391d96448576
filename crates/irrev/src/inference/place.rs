//! Section: which scenario — where the fitted network lies between criticality and determinism.

use irrev_ising::inference::{EntropyProduction, Scenario, ScenarioOptions, scenario};
use irrev_ising::infinite::Branch;
use irrev_numerics::{Estimate, Run};
use irrev_report::{
    Axis, Curve, CurveStyle, Definition, Figure, Heatmap, Quantity, QuantityKind, Report, Table,
    readable_estimate, readable_number,
};

use super::WHICH_SCENARIO;
use super::definitions::{
    CONDITIONAL_ENTROPY, COUPLING_SPREAD, CRITICAL_MEAN_COUPLING, CRITICAL_WITHOUT_FIELDS, DETERMINED_SHARE,
    DISTANCE_TO_CRITICALITY, FEEDBACK, FIELD_SPREAD, INFINITE_CONDITIONAL_ENTROPY,
    INFINITE_ENTROPY_PRODUCTION, MEAN_COUPLING, MEAN_FIELD, MEAN_SELF_COUPLING, SPECTRAL_RADIUS, UNCERTAINTY,
};
use super::fit::independent_log_likelihood;
use super::plane::{Plane, branch, critical_without_fields, network_at, outline};
use super::request::InferenceRequest;
use super::subject::Subject;
use crate::error::Result;

/// A feedback beyond which a network is called near critical, and a determined share beyond which it is called near deterministic.
const NEAR: (f64, f64) = (0.8, 0.5);

/// The place, and what stands beside it.
struct Place<'a> {
    subject: &'a Subject<'a>,
    scenario: Scenario,
    /// Entropy production per unit and bin.
    entropy_production: Estimate,
    /// 1 − S_c/S_0.
    determined: f64,
    /// ⟨k⟩.
    response: f64,
    branch: Branch,
}

pub(super) fn add(
    subject: &Subject<'_>,
    request: &InferenceRequest,
    production: &EntropyProduction,
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| subject.fail(error);
    let fit = &production.fit;
    let transitions = subject.raster.transitions().map_err(fail)?;
    let options = ScenarioOptions {
        blocks: (transitions.len() / 10).clamp(10, ScenarioOptions::default().blocks),
        level: request.level,
        ..ScenarioOptions::default()
    };
    let found = scenario(fit, &transitions, &options, run).map_err(fail)?;
    let n = fit.units() as f64;
    let activity: f64 = transitions.correlations().means_after.iter().sum();
    let estimate = &production.estimate;
    let place = Place {
        subject,
        entropy_production: Estimate {
            value: estimate.value / n,
            standard_error: estimate.standard_error / n,
            interval: (estimate.interval.0 / n, estimate.interval.1 / n),
            ..*estimate
        },
        determined: 1.0 + fit.conditional_entropy / independent_log_likelihood(&transitions),
        response: fit.response.iter().sum::<f64>() / n,
        branch: branch(activity),
        scenario: found,
    };
    place.quantities(report);
    place.in_words(report);
    place.infinite(report).map_err(fail)?;
    place.figures(run, report).map_err(fail)
}

impl Place<'_> {
    fn quantities(&self, report: &mut Report) {
        let found = &self.scenario;
        let estimated = |definition: Definition, estimate: &Estimate| {
            Quantity::new(definition, estimate.value).estimate(estimate.standard_error)
        };
        let fitted =
            |definition: Definition, value| Quantity::new(definition, value).of_kind(QuantityKind::Estimate);
        report.push_quantity(estimated(MEAN_COUPLING, &found.mean_coupling).key());
        report.push_quantity(estimated(COUPLING_SPREAD, &found.coupling_spread).key());
        let feedback_error = self.response * found.mean_coupling.standard_error;
        report.push_quantity(Quantity::new(FEEDBACK, found.feedback).estimate(feedback_error));
        report.push_quantity(
            Quantity::new(DISTANCE_TO_CRITICALITY, found.distance_to_criticality())
                .estimate(feedback_error)
                .key(),
        );
        for (definition, value) in [
            (CRITICAL_MEAN_COUPLING, 1.0 / self.response),
            (MEAN_FIELD, found.fields.0),
            (FIELD_SPREAD, found.fields.1),
            (MEAN_SELF_COUPLING, found.mean_self_coupling),
            (SPECTRAL_RADIUS, found.spectral_radius),
            (CONDITIONAL_ENTROPY, found.conditional_entropy_per_unit),
            (UNCERTAINTY, found.uncertainty),
        ] {
            report.push_quantity(fitted(definition, value));
        }
        report.push_quantity(fitted(DETERMINED_SHARE, self.determined).key());
        let estimate = |e: &Estimate| vec![e.value, e.standard_error, e.interval.0, e.interval.1];
        let (mean, spread) = (estimate(&found.mean_coupling), estimate(&found.coupling_spread));
        let both = |k: usize| vec![mean[k], spread[k]];
        report.push_table(
            Table::new(
                "scenario",
                format!(
                    "Place in the plane of the phase diagram, {} % intervals; the ellipse has half-axes {} and {} and its longer axis {} radians from βJ₀ towards βΔJ",
                    readable_number(100.0 * found.ellipse.level, 4),
                    readable_number(found.ellipse.half_axes.0, 3),
                    readable_number(found.ellipse.half_axes.1, 3),
                    readable_number(found.ellipse.angle, 3),
                ),
            )
            .text("parameter", vec!["mean_coupling".into(), "coupling_spread".into()])
            .numbers("value", "", both(0))
            .numbers("standard_error", "", both(1))
            .numbers("lower", "", both(2))
            .numbers("upper", "", both(3)),
        );
    }

    fn in_words(&self, report: &mut Report) {
        let found = &self.scenario;
        let number = |x: f64| readable_number(x, 3);
        let estimate = |e: &Estimate| readable_estimate(e.value, Some(e.standard_error));
        report.push_summary(
            WHICH_SCENARIO,
            format!(
                "The network lies at βJ₀ = {}, βΔJ = {}. A common activation is multiplied by {} in a step (1 is critical); the present state determines {} % of the entropy that \
                 units with this activity would have, and the next state has {} % of the entropy of fair coins.",
                estimate(&found.mean_coupling),
                estimate(&found.coupling_spread),
                readable_estimate(found.feedback, Some(self.response * found.mean_coupling.standard_error)),
                number(100.0 * self.determined),
                number(100.0 * found.uncertainty)
            ),
        );
        let critical = found.feedback >= NEAR.0;
        let determined = self.determined >= NEAR.1;
        let verdict = match (critical, determined) {
            (true, false) => "near criticality rather than near determinism".to_owned(),
            (false, true) => "near determinism rather than near criticality".to_owned(),
            (true, true) => {
                "near both criticality and determinism, which this place does not tell apart".to_owned()
            }
            (false, false) => format!(
                "on neither: a common activation dies out (feedback below {}), and most of the next state is random (determined share below {})",
                NEAR.0, NEAR.1
            ),
        };
        report.push_summary(
            WHICH_SCENARIO,
            format!("Of the two ways to a high entropy production it is {verdict}."),
        );
    }

    /// The infinite network at the same place.
    fn infinite(&self, report: &mut Report) -> irrev_ising::Result<()> {
        let state = network_at(&self.scenario).order_parameters(self.branch)?;
        let critical = critical_without_fields(self.scenario.coupling_spread.value)?;
        report.push_quantity(Quantity::new(CRITICAL_WITHOUT_FIELDS, critical));
        report.push_summary(
            WHICH_SCENARIO,
            format!(
                "Without fields the critical mean coupling at this spread would be {}; with the response that fields leave (k = {}) it is {}.",
                readable_number(critical, 3),
                readable_number(self.response, 3),
                readable_number(1.0 / self.response, 3)
            ),
        );
        let own = (
            self.entropy_production,
            self.scenario.conditional_entropy_per_unit,
        );
        let alternating = network_at(&self.scenario).alternating(self.branch)?;
        let (production, entropy) = match &alternating {
            Some(state) => (state.entropy_production, state.conditional_entropy),
            None => (state.entropy_production, state.conditional_entropy),
        };
        let label = |quantity: Quantity| match alternating {
            Some(_) => quantity.with_note("alternating: the mean of even and odd bins"),
            None => quantity,
        };
        report.push_quantity(label(Quantity::new(INFINITE_ENTROPY_PRODUCTION, production)));
        report.push_quantity(label(Quantity::new(INFINITE_CONDITIONAL_ENTROPY, entropy)));
        if let Some(state) = &alternating {
            let [even, odd] = state.phases.map(|phase| readable_number(phase.magnetization, 3));
            report.push_summary(
                WHICH_SCENARIO,
                format!(
                    "With these negative couplings the infinite network alternates from bin to bin between m = {even} and m = {odd}; its numbers are means over both."
                ),
            );
        }
        report.push_summary(
            WHICH_SCENARIO,
            format!(
                "Per unit and bin the recording has σ/N = {} and S_c/N = {} nats; the infinite network at its place, with fields of the same mean and spread, has {} and {}.",
                readable_estimate(own.0.value, Some(own.0.standard_error)),
                readable_number(own.1, 3),
                readable_number(production, 3),
                readable_number(entropy, 3)
            ),
        );
        Ok(())
    }

    fn figures(&self, run: &Run<'_>, report: &mut Report) -> irrev_ising::Result<()> {
        let plane = Plane::around(&self.scenario, self.branch, self.response, run)?;
        let own = format!(
            "feedback {}, σ/N = {}, S_c/N = {}",
            readable_number(self.scenario.feedback, 2),
            readable_number(self.entropy_production.value, 2),
            readable_number(self.scenario.conditional_entropy_per_unit, 2)
        );
        let levels: Vec<f64> = (1..7).map(|k| 0.1 * f64::from(k)).collect();
        let (drawn, labels) = plane.contours(
            &plane.conditional_entropy,
            &levels,
            "equal S_c/N of the infinite network, nats".into(),
        );
        let dressed = |map: Heatmap| -> irrev_ising::Result<Heatmap> {
            let level = readable_number(100.0 * self.scenario.ellipse.level, 4);
            let map = map
                .curve(plane.critical_line()?)
                .curve(outline(
                    &self.scenario.ellipse,
                    format!("{level} % error ellipse"),
                ))
                .curve(plane.line_without_fields()?);
            // a ring would lie over a small ellipse
            let (x, y) = (
                self.scenario.coupling_spread.value,
                self.scenario.mean_coupling.value,
            );
            let map = map.curve(Curve::new("recording", vec![x], vec![y]).styled(CurveStyle::Markers));
            Ok(match plane.alternation_line() {
                Some(line) => map.curve(line),
                None => map,
            })
        };
        let map = |axis: Axis, values: &Vec<Vec<f64>>| {
            Heatmap::new(
                Axis::new("spread of couplings βΔJ", ""),
                plane.x.clone(),
                Axis::new("mean coupling βJ₀", ""),
                plane.y.clone(),
                axis,
                values.clone(),
            )
        };
        let width = self.subject.width_in_words();
        let fields = format!(
            "fields of mean {} and spread {}",
            readable_number(self.scenario.fields.0, 2),
            readable_number(self.scenario.fields.1, 2)
        );
        let position = format!(
            "The dot is the recording (bins of {width}; {own}), with the error ellipse of its couplings alone. How high it lies relative to the critical line at the response found is its feedback, by which \
             a common activation is multiplied in a step: {}. At its spread of couplings that line is at βJ₀ = {}, which may lie above the picture. The dashed \
             line, at which networks without fields become critical, is not that of this recording.",
            readable_number(self.scenario.feedback, 2),
            readable_number(1.0 / self.response, 3)
        );
        // over decades, as the recording is often far below the largest value of the map
        let axis = Axis::new("σ/N of the infinite network", "nats/bin").logarithmic();
        let (held, floor) = plane.entropy_production_above_floor(self.entropy_production.value);
        let mut entropy = dressed(map(axis, &held))?.curve(drawn);
        for label in labels {
            entropy = entropy.mark(label);
        }
        report.push_figure(Figure::new(
            "scenario",
            "Which scenario",
            format!(
                "Colours: entropy production per unit of the infinite network with {fields}, {} where it is less; lines of equal conditional entropy S_c/N with its value, ln 2 for fair coins and 0 for a deterministic network. {position}",
                readable_number(floor, 2)
            ),
            entropy,
        ));
        report.push_figure(Figure::new(
            "scenario_conditional_entropy",
            "Which scenario: conditional entropy",
            format!(
                "Conditional entropy per unit of the infinite network with {fields}, on the same plane: ln 2 for fair coins, 0 in the deterministic corner. {position}"
            ),
            dressed(map(
                Axis::new("S_c/N of the infinite network", "nats/bin"),
                &plane.conditional_entropy,
            ))?,
        ));
        Ok(())
    }
}
