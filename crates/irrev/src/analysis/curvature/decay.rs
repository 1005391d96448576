//! The decay towards equilibrium beside the bounds on it.

use irrev_network::Distribution;
use irrev_network::dynamics::Evolution;
use irrev_network::transport::curvature::{EntropicCurvature, RelaxationBound, relaxation_bounds};
use irrev_network::transport::{Wasserstein2Options, wasserstein2};
use irrev_numerics::Tolerance;
use irrev_report::{Bound, Report};

use super::{MOST_SEARCHED, Searched, Subject};

/// The decay is followed for this many relaxation times 1/gap.
const RELAXATION_TIMES: usize = 6;

/// Moments of each relaxation time.
const MOMENTS: usize = 16;

/// W₂ is known to this, relative to its square.
const DISTANCE: f64 = 1e-4;

/// ‖error‖₁ of the states that W₂ is measured from.
const STATE: f64 = 1e-14;

const ERBAR: &str = "Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012)";

/// Relaxation at even times.
pub(super) struct Decay {
    pub(super) gap: f64,
    pub(super) moments: Vec<RelaxationBound>,
    /// W₂ to the stationary distribution at every whole relaxation time, where the states are few; up to the first that is not resolved.
    pub(super) distances: Vec<Measured>,
    /// κ as proven, if it is positive, and as found.
    pub(super) proven: Option<f64>,
    pub(super) found: Option<f64>,
}

/// W₂(p(t), π), as a proven interval, in √time.
pub(super) struct Measured {
    pub(super) time: f64,
    pub(super) lower: f64,
    pub(super) upper: f64,
}

impl Decay {
    pub(super) fn of(
        subject: &Subject<'_>,
        gap: f64,
        curvature: Option<&EntropicCurvature>,
    ) -> irrev_network::Result<Self> {
        let times: Vec<f64> = (0..=RELAXATION_TIMES * MOMENTS)
            .map(|k| k as f64 / (MOMENTS as f64 * gap))
            .collect();
        let moments = relaxation_bounds(
            subject.kinetics,
            subject.start,
            &times,
            curvature.map(Into::into),
            subject.run,
        )?;
        Ok(Self {
            gap,
            distances: measured(subject, &times)?,
            moments,
            proven: curvature.and_then(|c| c.lower_bound).filter(|bound| *bound > 0.0),
            found: curvature.map(|c| c.value),
        })
    }

    /// Adds what was proven of the decay, after one relaxation time.
    pub(super) fn bounds(
        &self,
        subject: &Subject<'_>,
        searched: Option<&Searched>,
        report: &mut Report,
    ) -> irrev_network::Result<()> {
        let after = &self.moments[MOMENTS];
        let from = format!(
            "detailed balance; after one relaxation time from {}",
            subject.start_name
        );
        report.push_bound(
            Bound::at_least(
                "decay_gap",
                "ln(1 + χ²(0) e^(−2γt)) ≥ D(p(t)‖π), t = 1/γ",
                after.by_gap,
                after.relative_entropy,
            )
            .in_unit("nats")
            .assuming(&from),
        );
        report.push_bound(
            Bound::at_least(
                "decay_total_variation",
                "smallest bound by gap and curvature ≥ TV(p(t), π), t = 1/γ",
                after.total_variation_bound,
                after.total_variation,
            )
            .assuming(&from),
        );
        let by_curvature = [
            ("decay_curvature", "e^(−2κt) D(p(0)‖π) ≥ D(p(t)‖π), t = 1/γ"),
            ("decay_wasserstein", "e^(−κt) W₂(p(0), π) ≥ W₂(p(t), π), t = 1/γ"),
            ("log_sobolev", "Σ̇(p(0)) ≥ 2α D(p(0)‖π)"),
        ];
        let Some(rate) = self.proven else {
            for (name, statement) in by_curvature {
                report.push_bound(Bound::not_applicable(name, statement, self.why_not()));
            }
            return Ok(());
        };
        let [
            (curvature, fall),
            (wasserstein, contraction),
            (log_sobolev, production),
        ] = by_curvature;
        report.push_bound(
            Bound::at_least(curvature, fall, after.by_curvature, after.relative_entropy)
                .in_unit("nats")
                .assuming(format!("{from}; {ERBAR}")),
        );
        if let [start, later, ..] = self.distances.as_slice() {
            // the larger side by its upper end, the smaller one by its lower end: an interval can not break what is proven
            let allowed = start.upper * (-rate * later.time).exp();
            report.push_bound(
                Bound::at_least(wasserstein, contraction, allowed, later.lower)
                    .in_unit(subject.units.apply("√(nats·time)"))
                    .assuming(format!("{from}; {ERBAR}")),
            );
        } else {
            let reason = "needs W₂ to equilibrium, which double precision does not resolve here";
            report.push_bound(Bound::not_applicable(wasserstein, contraction, reason));
        }
        let least = searched.and_then(|s| s.log_sobolev.lower_bound).unwrap_or(rate);
        let flow = subject.kinetics.flow(subject.start)?;
        report.push_bound(
            Bound::at_least(
                log_sobolev,
                production,
                flow.entropy_production_rate(),
                2.0 * least * self.moments[0].relative_entropy,
            )
            .in_unit(subject.units.entropy_rate())
            .assuming("detailed balance; Bobkov and Tetali, J. Theor. Probab. 19, 289 (2006)"),
        );
        Ok(())
    }

    fn why_not(&self) -> String {
        match self.found {
            None => "needs a lower bound of the curvature, which is not searched for with so many states".into(),
            Some(found) if found <= 0.0 => "needs a positive curvature, and there are states where it is not".into(),
            Some(_) => {
                "needs a positive lower bound of the curvature, and couplings give none; with the value that the search found it would rest on the search"
                    .into()
            }
        }
    }
}

/// W₂(p(t), π) at every whole relaxation time, up to the first that is not resolved.
fn measured(subject: &Subject<'_>, times: &[f64]) -> irrev_network::Result<Vec<Measured>> {
    if subject.start.len() > MOST_SEARCHED {
        return Ok(Vec::new());
    }
    let evolution = Evolution::new(subject.kinetics)?;
    let how = Wasserstein2Options::within(DISTANCE);
    let mut found = Vec::new();
    for &time in times.iter().step_by(MOMENTS) {
        let state: Distribution = evolution
            .advance(subject.start, time, Tolerance::relative(STATE), subject.run)?
            .distribution;
        let distance = match wasserstein2(subject.kinetics, &state, subject.stationary, &how, subject.run) {
            // the rest of the section stands without the distances that arithmetic does not resolve
            Err(irrev_network::Error::NoGeodesic { .. }) => break,
            answer => answer?,
        };
        if let Some(geodesic) = distance.geodesic() {
            found.push(Measured {
                time,
                lower: geodesic.lower_bound(),
                upper: geodesic.upper_bound(),
            });
        }
    }
    Ok(found)
}
