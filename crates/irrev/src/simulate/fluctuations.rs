//! Fluctuation theorems on a sample of entropy productions: numbers, warnings, pictures.

use irrev_network::simulation::estimators::{
    DetailedFluctuation, ExponentialAverage, Moments, Reliability, balanced_edges,
    detailed_fluctuation_between, infimum_law, integral_fluctuation, proportion,
    stationary_integral_fluctuation,
};
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Figure, Lines, Mark, Quantity, Report, Table, readable_number,
};

use crate::analysis::definitions::{
    EFFECTIVE_SAMPLE_SIZE, EXPONENTIAL_ENTROPY_AVERAGE, FLUCTUATION_SLOPE, MEAN_INFIMUM,
    NEGATIVE_ENTROPY_PROBABILITY,
};

/// Fewer samples say nothing about rare ones.
const FEWEST: usize = 100;

/// Bins of the histogram.
const BINS: usize = 60;

/// Negative samples that a bin of the detailed theorem expects: with 20 at least it counts, which fewer than one in a thousand bins miss.
const NEGATIVE_PER_BIN: f64 = 40.0;

/// Bins of the detailed theorem at most.
const DETAILED_BINS: usize = 24;

/// Levels of the infimum law.
const LEVELS: usize = 16;

/// Trajectories that e^{−s} must let one expect at a level.
const EXPECTED_AT_LEVEL: f64 = 20.0;

/// Standard errors at which a theorem counts as broken: 6e-7 per comparison, below 1e-5 for all of one report.
const BROKEN: f64 = 5.0;

/// Theorems asked of a sample: ⟨e^{−Σ}⟩ wants short trajectories, the distribution of Σ with its two sides longer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    All,
    Integral,
    Distribution,
}

/// A sample of total entropy productions and what is known of it.
pub(crate) struct Sample<'a> {
    /// Σ of each trajectory, in nats.
    pub(crate) total: &'a [f64],
    /// The smallest Σ of each trajectory.
    pub(crate) minima: Option<&'a [f64]>,
    /// Known weight of reversed trajectories that no forward one undoes.
    pub(crate) missing_weight: f64,
    /// Whether the process is stationary: then the detailed theorem and the infimum law hold, too.
    pub(crate) stationary: bool,
    /// Which theorems are asked of it.
    pub(crate) asked: Asked,
    /// Whether a theorem that fails is a failed check, and not the fault of an approximate method.
    pub(crate) exact: bool,
    /// What the trajectories are, as "in the stationary state over 0.5 s".
    pub(crate) of: String,
}

/// Adds what the sample says.
///
/// # Errors
/// Whatever the estimators report.
pub(crate) fn add(sample: &Sample<'_>, report: &mut Report) -> irrev_network::Result<()> {
    let finite: Vec<f64> = sample.total.iter().copied().filter(|s| s.is_finite()).collect();
    if finite.len() < sample.total.len() {
        report.push_warning(format!(
            "{} of {} trajectories {} produce infinite entropy: the fluctuation theorems say nothing about them.",
            sample.total.len() - finite.len(),
            sample.total.len(),
            sample.of
        ));
        return Ok(());
    }
    if finite.len() < FEWEST {
        report.push_warning(format!(
            "{} trajectories are too few for the fluctuation theorems; take at least {FEWEST}.",
            finite.len()
        ));
        return Ok(());
    }
    if sample.asked != Asked::Distribution {
        integral(sample, &finite, report)?;
    }
    if sample.asked == Asked::Integral {
        return Ok(());
    }
    negative_share(&finite, report);
    histogram(sample, &finite, report);
    if sample.stationary {
        detailed(sample, &finite, report)?;
        if let Some(minima) = sample.minima {
            infimum(sample, minima, report)?;
        }
    }
    Ok(())
}

fn integral(sample: &Sample<'_>, total: &[f64], report: &mut Report) -> irrev_network::Result<()> {
    let theorem = if sample.stationary {
        stationary_integral_fluctuation(total)
    } else {
        let average = ExponentialAverage::of(total.iter().map(|s| -s));
        integral_fluctuation(&average, sample.missing_weight)?
    };
    let number = |x: f64| readable_number(x, 3);
    let resolved = matches!(
        theorem.reliability,
        Reliability::Sound | Reliability::Contradiction
    );
    report.push_quantity(
        Quantity::new(EXPONENTIAL_ENTROPY_AVERAGE, theorem.mean.value)
            .estimate(theorem.mean.standard_error)
            .with_note(format!(
                "{}: {}expected {}; 95 % interval {} to {}; {} effective samples, the largest weight holds {} %",
                sample.of,
                if resolved { "" } else { "not resolved; " },
                number(theorem.expected),
                number(theorem.mean.interval.0),
                number(theorem.mean.interval.1),
                number(theorem.effective_sample_size),
                number(100.0 * theorem.largest_share)
            )),
    );
    report.push_quantity(Quantity::new(
        EFFECTIVE_SAMPLE_SIZE,
        theorem.effective_sample_size,
    ));
    let reason = match theorem.reliability {
        Reliability::Sound => return Ok(()),
        Reliability::RuledByOne => format!(
            "one trajectory holds {} % of it",
            number(100.0 * theorem.largest_share)
        ),
        Reliability::FewEffectiveSamples => format!(
            "it rests on {} effective samples",
            number(theorem.effective_sample_size)
        ),
        Reliability::TailNotSampled => format!(
            "from the rest of its distribution {} effective samples are foreseen for {} trajectories, which do not reach the most negative Σ that matter",
            number(theorem.predicted_effective_sample_size),
            total.len()
        ),
        _ => format!(
            "it is {} standard errors from {}, so the trajectories that matter were never drawn",
            number(theorem.deviation.abs()),
            number(theorem.expected)
        ),
    };
    report.push_warning(format!(
        "Rare trajectories rule the exponential average ⟨e^−Σ⟩ {}: {reason}. Do not trust its value or its error; take a shorter interval, in which \
         a few nats are produced, or more trajectories.",
        sample.of
    ));
    Ok(())
}

/// How often Σ < 0.
fn negative_share(total: &[f64], report: &mut Report) {
    let negative = total.iter().filter(|s| **s < 0.0).count() as u64;
    let share = proportion(negative, total.len() as u64);
    report.push_quantity(
        Quantity::new(NEGATIVE_ENTROPY_PROBABILITY, share.value).estimate(share.standard_error),
    );
}

/// Share of the samples per nat.
fn histogram(sample: &Sample<'_>, total: &[f64], report: &mut Report) {
    let mut sorted = total.to_vec();
    sorted.sort_by(f64::total_cmp);
    // a few far away must not squeeze the rest into one bin
    let rank = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let (low, high) = (rank(0.001), rank(0.999));
    if high - low < 1e-9 * high.abs().max(1e-9) {
        return;
    }
    let width = (high - low) / BINS as f64;
    let mut counts = vec![0_u64; BINS];
    for s in &sorted {
        let bin = ((s - low) / width).floor();
        if (0.0..BINS as f64).contains(&bin) {
            counts[bin as usize] += 1;
        }
    }
    let per_nat = |count: u64| count as f64 / (total.len() as f64 * width);
    let edges: Vec<f64> = (0..BINS).map(|k| low + width * k as f64).collect();
    let heights: Vec<f64> = counts.iter().map(|c| per_nat(*c)).collect();
    let (x, y) = super::pictures::steps(&edges, &heights, high);
    let mean = Moments::of(total).mean().value;
    report.push_figure(Figure::new(
        "entropy_histogram",
        "Distribution of the entropy production",
        format!(
            "Total entropy production of {} trajectories {}. What lies left of zero is what the second law forbids on average only.",
            total.len(),
            sample.of
        ),
        Lines::new(
            Axis::new("entropy production", "nats"),
            Axis::new("probability density", "1/nats"),
        )
        .curve(Curve::new("trajectories", x, y))
        .mark(Mark::vertical(0.0, "0"))
        .mark(Mark::vertical(mean, "mean")),
    ));
}

fn detailed(sample: &Sample<'_>, total: &[f64], report: &mut Report) -> irrev_network::Result<()> {
    let edges = balanced_edges(total, NEGATIVE_PER_BIN, DETAILED_BINS);
    let theorem = match edges[..] {
        [] => None,
        _ => detailed_fluctuation_between(total, &edges).ok(),
    };
    let Some(theorem) = theorem else {
        report.push_warning(format!(
            "The detailed fluctuation theorem {} is left out: of {} trajectories {} have Σ < 0, fewer than the {NEGATIVE_PER_BIN} that one bin needs. Take \
             more trajectories.",
            sample.of,
            total.len(),
            total.iter().filter(|s| **s < 0.0).count()
        ));
        return Ok(());
    };
    let slope = theorem.slope;
    let fit = match theorem.degrees_of_freedom {
        0 => "from one pair of bins, so that its shape is not tested".to_owned(),
        freedom => format!(
            "χ² = {} for {freedom} degrees of freedom",
            readable_number(theorem.chi_squared, 3)
        ),
    };
    report.push_quantity(
        Quantity::new(FLUCTUATION_SLOPE, slope.value)
            .estimate(slope.standard_error)
            .with_note(format!("{}; {fit}", sample.of)),
    );
    if sample.exact {
        report.push_check(Check::new(
            "detailed_fluctuation_theorem",
            "|slope of ln P(Σ)/P(−Σ) − 1| in standard errors",
            ((slope.value - 1.0) / slope.standard_error).abs(),
            BROKEN,
        ));
    }
    report.push_figure(detailed_figure(&theorem, &sample.of));
    Ok(())
}

fn detailed_figure(theorem: &DetailedFluctuation, of: &str) -> Figure {
    let bins = &theorem.bins;
    let x: Vec<f64> = bins.iter().map(|b| b.entropy).collect();
    let y: Vec<f64> = bins.iter().map(|b| b.log_ratio).collect();
    let end = |sign: f64| -> Vec<f64> {
        let values = bins.iter().map(|b| b.log_ratio + sign * b.standard_error);
        values.collect()
    };
    let last = x.last().copied().unwrap_or(1.0);
    Figure::new(
        "fluctuation_theorem",
        "Detailed fluctuation theorem",
        format!(
            "Logarithm of how much more often Σ is produced than −Σ, {of}, with standard errors; the theorem demands the dashed line."
        ),
        Lines::new(
            Axis::new("entropy production s", "nats"),
            Axis::new("ln P(s)/P(−s)", "1"),
        )
        .curve(
            Curve::new("trajectories", x, y)
                .styled(CurveStyle::Markers)
                .with_band(end(-1.0), end(1.0)),
        )
        .curve(Curve::new("theorem", vec![0.0, last], vec![0.0, last]).styled(CurveStyle::Dashed)),
    )
}

fn infimum(sample: &Sample<'_>, minima: &[f64], report: &mut Report) -> irrev_network::Result<()> {
    let deepest = (minima.len() as f64 / EXPECTED_AT_LEVEL).ln();
    if deepest <= 0.0 {
        return Ok(());
    }
    let levels: Vec<f64> = (1..=LEVELS).map(|k| deepest * k as f64 / LEVELS as f64).collect();
    let law = infimum_law(minima, &levels)?;
    report.push_quantity(
        Quantity::new(MEAN_INFIMUM, law.mean.value)
            .estimate(law.mean.standard_error)
            .with_note(sample.of.clone()),
    );
    let worst = law
        .levels
        .iter()
        .map(|l| l.excess)
        .fold(law.mean_excess, f64::max);
    if sample.exact {
        report.push_check(Check::new(
            "infimum_law",
            "largest excess of P(inf Σ ≤ −s) over e^−s, or of −1 over ⟨inf Σ⟩, in standard errors",
            worst.max(0.0),
            BROKEN,
        ));
    }
    let column = |of: &dyn Fn(&irrev_network::simulation::estimators::InfimumLevel) -> f64| -> Vec<f64> {
        law.levels.iter().map(of).collect()
    };
    let probability = column(&|l| l.probability.value);
    let (lower, upper) = (
        column(&|l| l.probability.interval.0),
        column(&|l| l.probability.interval.1),
    );
    let bound = column(&|l| l.bound);
    report.push_table(
        Table::new(
            "infimum",
            "How often the entropy production has fallen to −s, against the law e^−s",
        )
        .numbers("s", "nats", levels.clone())
        .numbers("probability", "1", probability.clone())
        .numbers("error", "1", column(&|l| l.probability.standard_error))
        .numbers("bound", "1", bound.clone()),
    );
    report.push_figure(Figure::new(
        "infimum",
        "Infimum law",
        format!(
            "Probability that the entropy production falls to −s at some time, {}, with the 95 % interval; it may not exceed the dashed line.",
            sample.of
        ),
        Lines::new(
            Axis::new("s", "nats"),
            Axis::new("P(inf Σ ≤ −s)", "1").logarithmic(),
        )
        .curve(
            Curve::new("trajectories", levels.clone(), probability)
                .styled(CurveStyle::Markers)
                .with_band(lower, upper),
        )
        .curve(Curve::new("e^−s", levels, bound).styled(CurveStyle::Dashed)),
    ));
    Ok(())
}
