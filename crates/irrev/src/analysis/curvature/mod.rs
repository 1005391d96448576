//! Section: relaxation and curvature — spectral gap, entropic curvature, modified log-Sobolev constant, and what they say of the decay beside the
//! decay itself.
//!
//! It needs detailed balance; where that fails, [`obstacle`] names the transition that carries the largest stationary current for its activity. Gap,
//! curvature at single states and decay are dense linear algebra and left out above [`MOST_STATES`] states; the search for the infimum of the curvature
//! costs O(states³) for each of thousands of states looked at, and is left out above [`MOST_SEARCHED`], which the report then says.

mod decay;
mod figures;

use irrev_network::transport::curvature::{
    CurvatureAt, CurvatureOptions, EntropicCurvature, ModifiedLogSobolev, curvature_at, entropic_curvature,
    modified_log_sobolev,
};
use irrev_network::{Distribution, Flow, Kinetics, MarkovJump};
use irrev_numerics::Run;
use irrev_report::{
    Check, Definition, Quantity, QuantityKind, Report, readable_lower_bound, readable_number,
    readable_upper_bound,
};

use super::context::Context;
use super::definitions::{
    CURVATURE_AT_EQUILIBRIUM, CURVATURE_AT_START, ENTROPIC_CURVATURE, ENTROPIC_CURVATURE_LOWER_BOUND,
    MODIFIED_LOG_SOBOLEV, MODIFIED_LOG_SOBOLEV_LOWER_BOUND, SPECTRAL_GAP,
};
use super::units::Units;
use crate::error::Result;
use decay::Decay;

/// Most states with a section.
pub(super) const MOST_STATES: usize = 100;

/// Most states for which the infimum of the curvature is searched: some seconds on one core.
const MOST_SEARCHED: usize = 12;

/// Starts of the search beside the structured ones, and how many are followed: a quarter of what the library does unasked.
const SEARCH: (usize, usize) = (64, 12);

/// A stationary current above this part of its activity breaks detailed balance.
const BALANCED: f64 = 1e-9;

/// Heading of the summary.
const HOW_FAST: &str = "How fast it relaxes";

/// Which process relaxes, and from where.
pub(super) struct Subject<'a> {
    pub(super) kinetics: &'a MarkovJump,
    pub(super) stationary: &'a Distribution,
    pub(super) start: &'a Distribution,
    /// What the start is called in sentences.
    pub(super) start_name: &'a str,
    pub(super) units: &'a Units,
    pub(super) run: &'a Run<'a>,
}

/// What was found by search, where the states are few.
struct Searched {
    curvature: EntropicCurvature,
    log_sobolev: ModifiedLogSobolev,
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (stationary, _) = context.steady()?;
    let subject = Subject {
        kinetics: &context.system.kinetics,
        stationary,
        start: &context.initial,
        start_name: "the initial distribution",
        units: &context.units,
        run: context.run,
    };
    subject.add(report).map_err(|e| context.fail(e))
}

/// Why curvature says nothing about a process with this stationary state and flow, or `None`.
pub(super) fn obstacle(stationary: &Distribution, stationary_flow: &Flow) -> Option<String> {
    let names = stationary_flow.network().states();
    let states = names.len();
    if states < 2 {
        return Some("a single state cannot relax".into());
    }
    if states > MOST_STATES {
        return Some(format!(
            "{states} states are too many for the curvature of dense forms (limit {MOST_STATES})"
        ));
    }
    if let Some(empty) = stationary.probabilities().iter().position(|p| *p == 0.0) {
        return Some(format!(
            "it needs a stationary state with probability everywhere, and \"{}\" has none",
            names[empty]
        ));
    }
    let edges = stationary_flow.network().edges().iter();
    let share = |(a, b): (f64, f64)| if a + b > 0.0 { (a - b).abs() / (a + b) } else { 0.0 };
    let (edge, defect) = edges
        .zip(stationary_flow.fluxes().map(share))
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    (defect > BALANCED).then(|| {
        format!(
            "it needs detailed balance, which fails in the stationary state: the current of {} is {} % of its activity",
            edge.name,
            readable_number(100.0 * defect, 3)
        )
    })
}

impl Subject<'_> {
    /// Adds quantities, bounds, figures and sentences.
    pub(super) fn add(&self, report: &mut Report) -> irrev_network::Result<()> {
        let at_equilibrium = curvature_at(self.kinetics, self.stationary)?;
        let gap = at_equilibrium.value;
        if report.quantity(&SPECTRAL_GAP.name).is_none() {
            report.push_quantity(self.quantity(SPECTRAL_GAP, gap));
        }
        report.push_summary(
            HOW_FAST,
            format!(
                "Small deviations decay at the rate {} {} (the spectral gap) or faster, and relative entropy in the end at twice that.",
                readable_number(gap, 4),
                self.units.per_time()
            ),
        );
        let at_start = self.at_start(report)?;
        report.push_quantity(self.quantity(CURVATURE_AT_EQUILIBRIUM, gap));
        let searched = self.searched()?;
        match &searched {
            Some(found) => self.found(found, at_start.as_ref(), report),
            None => report.push_summary(
                HOW_FAST,
                format!(
                    "The infimum of the entropic curvature is not searched for: {} states are more than the {MOST_SEARCHED} for which that takes seconds.",
                    self.start.len()
                ),
            ),
        }
        // from equilibrium there is nothing to follow
        if self.start.total_variation(self.stationary)? <= BALANCED {
            return Ok(());
        }
        let decay = Decay::of(self, gap, searched.as_ref().map(|s| &s.curvature))?;
        decay.bounds(self, searched.as_ref(), report)?;
        figures::add(self, &decay, report);
        Ok(())
    }

    fn quantity(&self, definition: Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition, value).in_unit(unit)
    }

    fn at_start(&self, report: &mut Report) -> irrev_network::Result<Option<CurvatureAt>> {
        let empty = self.start.probabilities().iter().position(|p| *p == 0.0);
        if let Some(state) = empty {
            report.push_summary(
                HOW_FAST,
                format!(
                    "The curvature at the start is not defined: {} has no probability on \"{}\".",
                    self.start_name,
                    self.kinetics.network().states()[state]
                ),
            );
            return Ok(None);
        }
        let found = curvature_at(self.kinetics, self.start)?;
        report.push_quantity(self.quantity(CURVATURE_AT_START, found.value));
        Ok(Some(found))
    }

    fn searched(&self) -> irrev_network::Result<Option<Searched>> {
        if self.start.len() > MOST_SEARCHED {
            return Ok(None);
        }
        let options = CurvatureOptions {
            random_starts: SEARCH.0,
            descents: SEARCH.1,
            ..CurvatureOptions::default()
        };
        let curvature = entropic_curvature(self.kinetics, &options, self.run)?;
        let log_sobolev = modified_log_sobolev(self.kinetics, &curvature, &options, self.run)?;
        Ok(Some(Searched {
            curvature,
            log_sobolev,
        }))
    }

    fn found(&self, found: &Searched, at_start: Option<&CurvatureAt>, report: &mut Report) {
        let (curvature, log_sobolev) = (&found.curvature, &found.log_sobolev);
        let kind = certificate(curvature);
        report.push_quantity(
            self.quantity(ENTROPIC_CURVATURE, curvature.value)
                .of_kind(QuantityKind::UpperBound)
                .with_note(format!("upper estimate by search: {kind}")),
        );
        if let Some(proven) = curvature.lower_bound {
            report.push_quantity(
                self.quantity(ENTROPIC_CURVATURE_LOWER_BOUND, proven)
                    .of_kind(QuantityKind::LowerBound),
            );
        }
        report.push_quantity(
            self.quantity(MODIFIED_LOG_SOBOLEV, log_sobolev.value)
                .of_kind(QuantityKind::UpperBound)
                .with_note(match log_sobolev.witness {
                    Some(_) => "the lowest ratio that the search met",
                    None => "the limit at the stationary state: the search met no lower ratio",
                }),
        );
        if let Some(proven) = log_sobolev.lower_bound {
            report.push_quantity(
                self.quantity(MODIFIED_LOG_SOBOLEV_LOWER_BOUND, proven)
                    .of_kind(QuantityKind::LowerBound),
            );
        }
        let at_start = at_start.map_or(f64::INFINITY, |c| c.value);
        let lowest = curvature.spectral_gap.min(at_start);
        report.push_check(Check::new(
            "curvature_order",
            "what breaks lower bound ≤ κ ≤ κ(p₀), gap, and κ's lower bound ≤ α ≤ gap, relative to the gap",
            [
                curvature.value - lowest,
                log_sobolev.value - curvature.spectral_gap,
                curvature
                    .lower_bound
                    .map_or(f64::NEG_INFINITY, |b| b - curvature.value),
                log_sobolev
                    .lower_bound
                    .map_or(f64::NEG_INFINITY, |b| b - log_sobolev.value),
            ]
            .into_iter()
            .fold(0.0, f64::max)
                / curvature.spectral_gap,
            BALANCED,
        ));
        self.in_words(found, &kind, report);
    }

    fn in_words(&self, found: &Searched, kind: &str, report: &mut Report) {
        let (curvature, log_sobolev) = (&found.curvature, &found.log_sobolev);
        let number = |x: f64| readable_number(x, 4);
        let unit = self.units.per_time();
        let proven = match curvature.lower_bound {
            Some(bound) => format!("couplings prove that it is not below {}", number(bound)),
            None => "couplings give no lower bound".into(),
        };
        report.push_summary(
            HOW_FAST,
            format!(
                "Entropic curvature: at most {} {unit}, an upper estimate by search ({kind}); {proven}.",
                number(curvature.value)
            ),
        );
        let (least, ground) = match (log_sobolev.lower_bound, log_sobolev.conditional_lower_bound) {
            (Some(bound), _) => (readable_lower_bound(bound, 4), "proven"),
            (None, Some(bound)) => (
                readable_lower_bound(bound, 4),
                "if the search has found the curvature's infimum",
            ),
            (None, None) => ("0".into(), "no positive curvature"),
        };
        report.push_summary(
            HOW_FAST,
            format!(
                "From whatever start, relative entropy falls at least like e^(−2αt) with the modified log-Sobolev constant α between {least} ({ground}) and {} {unit}.",
                readable_upper_bound(log_sobolev.value, 4)
            ),
        );
    }
}

/// What is known about the state at which a search ended.
fn certificate(curvature: &EntropicCurvature) -> String {
    let search = &curvature.search;
    let minimum = if curvature.local_minimum.at_the_boundary {
        "it ended at the edge of what was searched, so that the infimum may lie beyond"
    } else if curvature.is_local_minimum() {
        "its end is a local minimum to rounding"
    } else {
        "its end is not verified to be a local minimum"
    };
    format!(
        "{} of {} descents from {} starts met it, and {minimum}",
        search.descents_to_the_lowest, search.descents, search.starts
    )
}
