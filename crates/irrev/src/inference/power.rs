//! Section: whether a recording of this size can show what the fitted network produces.
//!
//! The fitted network is simulated to make recordings with the same number of bins, and each is analysed like the recording itself. What it produces is known
//! from a much longer simulation. It contains the noise of the fit, so that it produces about as much as the plug-in value says: what is tested is the way, not the
//! number.

use irrev_ising::inference::{
    Coding, EntropyProduction, EntropyProductionOptions, Raster, cross_fit_estimate,
};
use irrev_ising::simulation::{FieldFormat, PairMoments, ParallelSampler, Sampling, Start};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::{Estimate, Run};
use irrev_report::{Quantity, Report, Table, readable_estimate, readable_number};

use super::definitions::{
    COVERAGE, POWER, RECOVERED_ENTROPY_PRODUCTION, SIMULATED_NETWORK_ENTROPY_PRODUCTION,
};
use super::production::{mean, spread};
use super::request::InferenceRequest;
use super::stage::Stage;
use super::subject::Subject;
use crate::error::Result;

/// Intervals that hold so rarely by chance are no accident.
const UNLIKELY: f64 = 1e-4;

/// Standard errors by which a mean of simulated recordings misses the truth by no accident.
const MISSED: f64 = 4.0;

/// Steps before the first bin of a simulated recording.
const BURN_IN: u64 = 1000;
/// The long simulation: stretches of states some steps apart, of many replicas.
struct Long {
    replicas: usize,
    stretches: usize,
    states: usize,
    apart: u64,
}
const LONG: Long = Long {
    replicas: 64,
    stretches: 16,
    states: 150,
    apart: 2,
};
/// Bins between two looks at the monitor.
const PATIENCE: usize = 2000;

pub(super) fn add(
    subject: &Subject<'_>,
    request: &InferenceRequest,
    production: &EntropyProduction,
    options: &EntropyProductionOptions,
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| subject.fail(error);
    let network = production.fit.network().map_err(fail)?;
    let stage = Stage::new(run, 0.0, 0.2);
    let (truth, truth_error) = truth(&network, &stage.run(run)).map_err(fail)?;
    let rasters = recordings(subject, &network, request.simulated, run).map_err(fail)?;
    let mut found: Vec<Estimate> = Vec::new();
    let mut failed = 0;
    for (k, raster) in rasters.iter().enumerate() {
        let part = |k: usize| 0.3 + 0.7 * k as f64 / rasters.len() as f64;
        let stage = Stage::new(run, part(k), part(k + 1));
        match cross_fit_estimate(raster, options, &stage.run(run)) {
            Ok(estimate) => found.push(estimate),
            // a unit that the simulated recording never shows, for instance
            Err(irrev_ising::Error::Data(_)) => failed += 1,
            Err(error) => return Err(fail(error)),
        }
    }
    tell(subject, (truth, truth_error), &found, failed, report);
    Ok(())
}

/// What the network produces: Σ_ij (J_ij − J_ji) D_ij with connected correlations D of the next step, as the products of means cancel in a stationary state and
/// only add noise; the error is from the scatter of stretches of time.
fn truth(network: &KineticIsing, run: &Run<'_>) -> irrev_ising::Result<(f64, f64)> {
    let n = network.spins();
    let sampling = Sampling {
        replicas: LONG.replicas,
        start: Start::Random,
        format: FieldFormat::Double,
        ..Sampling::default()
    };
    let mut sampler = ParallelSampler::new(network, Update::Parallel, &sampling, run)?;
    sampler.advance(BURN_IN);
    let couplings = network.couplings().to_matrix();
    let mut found = Vec::with_capacity(LONG.stretches);
    for stretch in 0..LONG.stretches {
        run.report(
            stretch as f64 / LONG.stretches as f64,
            "simulating the fitted network",
        )?;
        let mut pairs = PairMoments::new(n);
        for _ in 0..LONG.states {
            sampler.advance(LONG.apart);
            sampler.add_pairs(&mut pairs)?;
        }
        let delayed = pairs.delayed_correlation();
        let terms = (0..n * n).map(|k| (k / n, k % n));
        found.push(
            terms
                .map(|(i, j)| (couplings[(i, j)] - couplings[(j, i)]) * delayed[(i, j)])
                .sum(),
        );
    }
    Ok((mean(&found), spread(&found) / (LONG.stretches as f64).sqrt()))
}

/// Recordings that the network makes, each with its own random numbers.
fn recordings(
    subject: &Subject<'_>,
    network: &KineticIsing,
    count: usize,
    run: &Run<'_>,
) -> irrev_ising::Result<Vec<Raster>> {
    let (bins, n) = (subject.raster.bins(), network.spins());
    let bytes = (count as u64)
        .saturating_mul(bins as u64)
        .saturating_mul(n as u64);
    run.require_memory("simulated recordings", bytes.saturating_mul(2))?;
    let sampling = Sampling {
        replicas: count,
        start: Start::Random,
        format: FieldFormat::Double,
        // other random numbers than the long simulation has
        draw: 1,
        ..Sampling::default()
    };
    let mut sampler = ParallelSampler::new(network, Update::Parallel, &sampling, run)?;
    sampler.advance(BURN_IN);
    let mut spins: Vec<Vec<i8>> = vec![Vec::with_capacity(bins * n); count];
    for bin in 0..bins {
        if bin % PATIENCE == 0 {
            run.report(0.2 + 0.1 * bin as f64 / bins as f64, "simulating recordings")?;
        }
        sampler.advance(1);
        for (replica, values) in spins.iter_mut().enumerate() {
            values.extend(sampler.spins(replica).unwrap_or_default());
        }
    }
    spins
        .iter()
        .map(|values| Raster::from_array(values, bins, n, Coding::PlusMinus))
        .collect()
}

/// Chance that at most k of n intervals hold, if each does in 95 % of cases: Σ_{j ≤ k} C(n, j) 0.95^j 0.05^(n−j).
fn chance_of_so_few(k: usize, n: usize) -> f64 {
    let mut term = 0.05_f64.powi(n as i32);
    let mut sum = term;
    for j in 1..=k {
        term *= 0.95 / 0.05 * (n + 1 - j) as f64 / j as f64;
        sum += term;
    }
    sum
}

fn tell(
    subject: &Subject<'_>,
    (truth, truth_error): (f64, f64),
    found: &[Estimate],
    failed: usize,
    report: &mut Report,
) {
    report.push_quantity(Quantity::new(SIMULATED_NETWORK_ENTROPY_PRODUCTION, truth).estimate(truth_error));
    if failed > 0 {
        report.push_warning(format!(
            "{failed} of {} simulated recordings could not be analysed, since a unit never changed in them or in a half of them: the recording is too short for its rarest units.",
            failed + found.len()
        ));
    }
    if found.is_empty() {
        return;
    }
    let count = found.len() as f64;
    let values: Vec<f64> = found.iter().map(|e| e.value).collect();
    let (centre, error) = (mean(&values), spread(&values) / count.sqrt());
    let share = |holds: &dyn Fn(&Estimate) -> bool| {
        let part = found.iter().filter(|e| holds(e)).count() as f64 / count;
        // the error of a share, from one that is never quite 0 or 1
        let steady = (part * count + 1.0) / (count + 2.0);
        (part, (steady * (1.0 - steady) / count).sqrt())
    };
    let power = share(&|e| e.interval.0 > 0.0);
    let coverage = share(&|e| e.interval.0 <= truth && truth <= e.interval.1);
    report.push_quantity(Quantity::new(RECOVERED_ENTROPY_PRODUCTION, centre).estimate(error));
    report.push_quantity(Quantity::new(POWER, power.0).estimate(power.1));
    report.push_quantity(Quantity::new(COVERAGE, coverage.0).estimate(coverage.1));
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "The fitted network itself, simulated, produces {} nats per bin; from {} recordings of {} bins that it made the same analysis finds {}, \
             irreversible in {} % of them, and its interval holds the truth in {} %.",
            readable_estimate(truth, Some(truth_error)),
            found.len(),
            subject.raster.bins(),
            readable_estimate(centre, Some(error)),
            readable_number(100.0 * power.0, 3),
            readable_number(100.0 * coverage.0, 3),
        ),
    );
    let missed = (centre - truth).abs();
    let own = mean(&found.iter().map(|e| e.standard_error).collect::<Vec<_>>());
    if missed > MISSED * error.hypot(truth_error) && missed > 0.5 * own {
        report.push_warning(format!(
            "From recordings that the fitted network made the analysis finds {} nats per bin on average, where that network produces {}: the estimate of this recording is off by as much, more than \
             its error allows for. A smaller penalty, wider bins or a longer recording help.",
            readable_estimate(centre, Some(error)),
            readable_estimate(truth, Some(truth_error)),
        ));
    }
    let holding = (coverage.0 * count).round() as usize;
    if chance_of_so_few(holding, found.len()) < UNLIKELY {
        report.push_warning(format!(
            "In recordings that the fitted network made the interval holds the truth {holding} times of {}, where 95 % of times are expected: the interval of this recording \
             is not to be trusted either. A penalty that is too large for the data, or too few bins, do this.",
            found.len()
        ));
    }
    report.push_table(
        Table::new(
            "simulated_recordings",
            "Entropy production found in recordings that the fitted network made",
        )
        .numbers("entropy_production", "nats/bin", values)
        .numbers(
            "standard_error",
            "nats/bin",
            found.iter().map(|e| e.standard_error).collect(),
        )
        .numbers("lower", "nats/bin", found.iter().map(|e| e.interval.0).collect())
        .numbers("upper", "nats/bin", found.iter().map(|e| e.interval.1).collect()),
    );
}

#[cfg(test)]
mod tests {
    use super::chance_of_so_few;

    #[test]
    fn chances_are_those_of_a_binomial_law() {
        assert!((chance_of_so_few(20, 20) - 1.0).abs() < 1e-12);
        assert!((chance_of_so_few(0, 3) - 0.05_f64.powi(3)).abs() < 1e-18);
        // 1 − 0.95² for at most one of two
        assert!((chance_of_so_few(1, 2) - 0.0975).abs() < 1e-15);
    }
}
