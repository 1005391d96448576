//! Section: ⟨e^{−σ}⟩ over time, the distribution of σ, and the backward process.

use irrev_quantum::Complex64;
use irrev_quantum::thermodynamics::{
    BathEnergies, Fluctuations, OutcomeDistribution, ThermalContact, short_time_coefficient,
};
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, readable_number,
};

use super::super::Section;
use super::context::Context;
use super::definitions::{
    ABSOLUTE_IRREVERSIBILITY, DETAILED_ERROR, EXPONENTIAL_AVERAGE, LARGEST_DEPARTURE, NEGATIVE_PROBABILITY,
    SHORT_TIME, THEOREM_DEPARTURE,
};
use super::deviation;
use super::history::{History, accuracy, contact};
use crate::error::Result;
use crate::model::BathStart;

/// Points of u in [0, 1] at which forward and backward process are compared.
const POINTS: usize = 21;

/// Bars of the distribution of σ, which has a peak for every level of the bath.
const BARS: usize = 80;

/// Departures below this are rounding, and not shown on a logarithmic axis.
const ROUNDING: f64 = 1e-13;

/// Up to which identities of a Gibbs bath hold, and with a drive, whose evolution is less accurate.
const EXACT: f64 = 1e-11;
const EXACT_DRIVEN: f64 = 1e-9;

/// Entropy production down to minus this is rounding.
const ZERO: f64 = 1e-9;

/// # Errors
/// As [`Fluctuations::forward`] and [`Fluctuations::backward`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    if !context.has_temperature(Section::FluctuationTheorem, report)? {
        return Ok(());
    }
    if matches!(context.values.start, BathStart::Window { .. }) {
        report.push_warning(
            "The bath starts in a window of energy. Of the two measurements of its energy the first is taken to find the mean, so that ⟨e^−σ⟩ differs from 1 at t = 0 already by \
             the effect of the window's width.",
        );
    }
    let histories = context.histories()?;
    let scatters = context.scatters()?;
    let bath = context.bath()?.clone();
    let has_full_rank = context.values.state.rank() == context.values.state.dimension();
    let energies = || match &bath.spectrum {
        Some(spectrum) if crate::lattices::reachable(&context.values).all(|n| spectrum.sector(n).is_ok()) => {
            BathEnergies::Exact(spectrum)
        }
        _ => BathEnergies::MatrixFree { largest: 1.5 },
    };
    let mut coefficients = Vec::new();
    let when = context.units.lasting(readable_number(
        context.values.times[context.values.distribution_at],
        4,
    ));
    for (place, history) in histories.iter().enumerate() {
        let contact = contact(&context.values, &bath, history.coupling).map_err(|e| context.fail(e))?;
        let one = OneTime::of(context, &contact, energies()).map_err(|e| context.fail(e))?;
        let of = |definition: &Definition, value| context.of_coupling(definition, place, value);
        let last = history.averages.last().copied().unwrap_or(f64::NAN);
        let scatter = scatters[place];
        let end = context
            .units
            .lasting(context.values.times.last().copied().unwrap_or(0.0));
        let at_end = of(&EXPONENTIAL_AVERAGE, last).with_error(scatter.and_then(|s| s.exponential_average));
        report.push_quantity(context.noted(at_end, place, &format!("at t = {end}")).key());
        if has_full_rank {
            let departures = history.averages.iter().map(|average| (average - 1.0).abs());
            report.push_quantity(of(&LARGEST_DEPARTURE, departures.fold(0.0, f64::max)));
        } else if place == 0 {
            report.push_left_out(LARGEST_DEPARTURE.name.as_ref(), format!(
                "the system starts in a state that does not fill its space, so that ⟨e^−σ⟩ tends to 1 − λ with a λ that changes with time; it is compared with it at t = {when}"
            ));
        }
        let told = [
            (&THEOREM_DEPARTURE, one.average - (1.0 - one.irreversibility)),
            (&ABSOLUTE_IRREVERSIBILITY, one.irreversibility),
            (&DETAILED_ERROR, one.detailed_error),
        ];
        for (definition, value) in told {
            report.push_quantity(context.noted(of(definition, value), place, &format!("at t = {when}")));
        }
        // the law of short times is known for simple contacts only, and otherwise left out
        let coefficient = short_time_coefficient(&contact, context.run);
        match coefficient {
            Ok(c2) => {
                report.push_quantity(of(&SHORT_TIME, c2));
                coefficients.push(Some(c2));
            }
            Err(error @ irrev_quantum::Error::ShortTime { .. }) => {
                if place == 0 {
                    report.push_left_out(SHORT_TIME.name.as_ref(), error.to_string());
                }
                coefficients.push(None);
            }
            Err(error) => return Err(context.fail(error)),
        }
        deviation::add(context, bath.spectrum.as_ref(), &contact, place, report)?;
        if let Some(distribution) = &one.distribution {
            let below = of(&NEGATIVE_PROBABILITY, distribution.below(ZERO));
            report.push_quantity(context.noted(below, place, &format!("at t = {when}")));
            report.push_figure(outcomes(context, distribution, place));
        }
        if matches!(context.values.start, BathStart::Gibbs { .. }) {
            let exact = if context.values.drive.is_some() {
                EXACT_DRIVEN
            } else {
                EXACT
            };
            report.push_check(Check::new(
                format!("fluctuation_theorem_{}", place + 1),
                "⟨e^−σ⟩ = 1 − λ beside a Gibbs bath",
                (one.average - (1.0 - one.irreversibility)).abs(),
                exact,
            ));
            report.push_check(Check::new(
                format!("detailed_theorem_{}", place + 1),
                "forward and backward process beside a Gibbs bath",
                one.detailed_error,
                exact,
            ));
        }
    }
    report.push_check(Check::new(
        "mean_of_outcomes",
        "the mean of σ over two measurements is ΔS + βΔE − αΔN",
        histories.iter().map(|h| h.mean_residual).fold(0.0, f64::max),
        1e-9,
    ));
    report.push_figure(averages(context, &histories, has_full_rank));
    if has_full_rank {
        report.push_figure(departures(context, &histories, &coefficients));
    }
    Ok(())
}

/// What two measurements find at one time, forward and backward.
struct OneTime {
    average: f64,
    irreversibility: f64,
    detailed_error: f64,
    distribution: Option<OutcomeDistribution>,
}

impl OneTime {
    fn of(
        context: &Context<'_>,
        contact: &ThermalContact,
        energies: BathEnergies<'_>,
    ) -> irrev_quantum::Result<Self> {
        let (values, run) = (&context.values, context.run);
        let options = accuracy(values);
        let evolution = contact.evolve(&[values.times[values.distribution_at]], &options, run)?;
        let forward = Fluctuations::forward(contact, &evolution, 0, energies, run)?;
        let backward = Fluctuations::backward(contact, &evolution, 0, energies, &options, run)?;
        let mut detailed_error = 0.0_f64;
        for point in 0..POINTS {
            let u = Complex64::from(point as f64 / (POINTS - 1) as f64);
            let difference =
                forward.generating_function(u)? - backward.generating_function(Complex64::I - u)?;
            detailed_error = detailed_error.max(difference.norm());
        }
        Ok(Self {
            average: forward.exponential_average()?,
            irreversibility: Some(1.0 - backward.reached())
                .filter(|lambda| *lambda > EXACT)
                .unwrap_or(0.0),
            detailed_error,
            distribution: match energies {
                BathEnergies::Exact(_) => Some(forward.distribution()?),
                _ => None,
            },
        })
    }
}

fn averages(context: &Context<'_>, histories: &[History], has_full_rank: bool) -> Figure {
    let mut lines = Lines::new(Axis::new("time", context.units.time()), Axis::new("⟨e^−σ⟩", "1"));
    if has_full_rank {
        lines = lines.mark(Mark::horizontal(1.0, "fluctuation theorem"));
    }
    for (place, history) in histories.iter().enumerate() {
        lines = lines.curve(Curve::new(
            format!("hopping {}", context.coupling(place)),
            context.values.times.clone(),
            history.averages.clone(),
        ));
    }
    if let Some(time) = context.lieb_robinson_time {
        lines = lines.mark(Mark::vertical(time, "τ_LR"));
    }
    Figure::new(
        "fluctuation_theorem",
        "The integral fluctuation theorem from one pure state",
        "⟨e^−σ⟩ over two measurements of −ln ρ + βH − αN, for every hopping of the contact. For a Gibbs bath it is 1 at all times, or less where the system starts in a state that does not fill its space. τ_LR: the Lieb–Robinson time of the strongest contact.",
        lines,
    )
}

/// |⟨e^{−σ}⟩ − 1| on logarithmic axes, with the law of short times.
fn departures(context: &Context<'_>, histories: &[History], coefficients: &[Option<f64>]) -> Figure {
    let mut lines = Lines::new(
        Axis::new("time", context.units.time()).logarithmic(),
        Axis::new("|⟨e^−σ⟩ − 1|", "1").logarithmic(),
    );
    let times: Vec<f64> = context
        .values
        .times
        .iter()
        .copied()
        .filter(|t| *t > 0.0)
        .collect();
    for (place, history) in histories.iter().enumerate() {
        let shown = |average: &f64| match (average - 1.0).abs() {
            departure if departure > ROUNDING => departure,
            _ => f64::NAN,
        };
        let values: Vec<f64> = history.averages.iter().map(shown).collect();
        let skipped = values.len() - times.len();
        lines = lines.curve(Curve::new(
            format!("hopping {}", context.coupling(place)),
            times.clone(),
            values[skipped..].to_vec(),
        ));
    }
    // after the curves, so that these have the colours of the other figures
    for (place, c2) in coefficients.iter().enumerate() {
        if let Some(c2) = c2.filter(|c2| *c2 != 0.0) {
            // drawn where it may hold
            let early: Vec<f64> = times.iter().copied().filter(|t| c2.abs() * t * t < 1.0).collect();
            let law = early.iter().map(|t| c2.abs() * t * t).collect();
            lines = lines.curve(
                Curve::new(format!("c₂t², {}", context.coupling(place)), early, law)
                    .styled(CurveStyle::Dashed),
            );
        }
    }
    Figure::new(
        "departure",
        "How the fluctuation theorem is left",
        "Departure of ⟨e^−σ⟩ from 1. Dashed: the coefficient of t², computed without dynamics from the bath's state alone.",
        lines,
    )
}

/// P(σ), in bars where peaks are many.
fn outcomes(context: &Context<'_>, distribution: &OutcomeDistribution, place: usize) -> Figure {
    let all = &distribution.outcomes;
    let (low, high) = (
        all.first().map_or(0.0, |outcome| outcome.sigma),
        all.last().map_or(0.0, |outcome| outcome.sigma),
    );
    let width = ((high - low) / BARS as f64).max(f64::MIN_POSITIVE);
    let mut bars = vec![0.0; BARS];
    for outcome in all {
        bars[(((outcome.sigma - low) / width) as usize).min(BARS - 1)] += outcome.probability;
    }
    let middles: Vec<f64> = (0..BARS).map(|k| low + (k as f64 + 0.5) * width).collect();
    let time = readable_number(context.values.times[context.values.distribution_at], 4);
    let time = context.units.lasting(time);
    Figure::new(
        format!("outcomes{}", context.suffix(place)),
        format!(
            "Distribution of entropy production at t = {time}, hopping {}",
            context.coupling(place)
        ),
        "Probability of the outcomes of two measurements, summed over bins of equal width; there is a peak for every pair of states of the system and every level of the bath.",
        Lines::new(
            Axis::new("entropy production", "nats"),
            Axis::new("probability of the bin", "1"),
        )
        .curve(Curve::new("P(σ)", middles, bars).styled(CurveStyle::Sticks))
        .mark(Mark::vertical(0.0, "0"))
        .mark(Mark::vertical(distribution.mean(), "mean")),
    )
}
