//! Averages over draws of a random ensemble: thermal error and disorder error apart, with the magnetisation as control variate.
//!
//! In ordered phases most of what differs between draws follows m: regressing a quantity on the m of each draw, and evaluating the line at the m
//! of infinite size, takes that part out. Near an asymmetric network's critical line this cuts errors several times.

use irrev_numerics::run::{Monitor, Run};
use irrev_numerics::{Error as NumericsError, Estimate};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::options::Sampling;
use super::record::{Averages, Observable};
use super::simulate::simulate;
use super::statistics::{jackknife, mean_of_draws};
use crate::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use crate::error::{Error, Result};
use crate::network::{KineticIsing, Update};

/// A random ensemble and how it is sampled.
#[derive(Debug, Clone, PartialEq)]
pub struct EnsembleOptions {
    /// How couplings are drawn.
    pub couplings: CouplingLaw,
    /// How fields are drawn; default none.
    pub fields: FieldLaw,
    /// β; default 1.
    pub inverse_temperature: f64,
    /// Which spins are refreshed together; default parallel.
    pub update: Update,
    /// Draws, each a network of its own; default 12. Two are needed for a disorder error, three for a control variate.
    pub draws: usize,
    /// m of infinite size; with it the magnetisation serves as control variate; default none.
    pub exact_magnetization: Option<f64>,
    /// How each network is simulated; its number of the draw is set here.
    pub sampling: Sampling,
}

impl Default for EnsembleOptions {
    fn default() -> Self {
        Self {
            couplings: CouplingLaw::Gaussian {
                mean: 1.0,
                spread: 0.5,
                symmetry: 0.0,
            },
            fields: FieldLaw::Constant(0.0),
            inverse_temperature: 1.0,
            update: Update::Parallel,
            draws: 12,
            exact_magnetization: None,
            sampling: Sampling::default(),
        }
    }
}

/// How the disorder of an ensemble is drawn, where that is not left to updates and to the seed of the run.
///
/// ```
/// use irrev_ising::simulation::Disorder;
/// let fixed = Disorder { couplings_seed: Some(7), ..Disorder::default() };
/// assert_eq!(fixed.self_couplings, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disorder {
    /// Whether spins act on themselves; default as updates need it: kept for parallel updates, removed for updates one at a time.
    pub self_couplings: Option<SelfCouplings>,
    /// Seed of the couplings; default that of the run, which always is the seed of what spins do.
    pub couplings_seed: Option<u64>,
    /// Seed of the fields; default that of the run.
    pub fields_seed: Option<u64>,
}

/// Averages over draws of networks of one size.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EnsembleAverage {
    /// Number of spins N.
    pub spins: usize,
    /// Averages of each draw with their thermal errors.
    pub draws: Vec<Averages>,
    exact_magnetization: Option<f64>,
}

impl EnsembleAverage {
    /// Mean over draws; its error is that of the disorder, which contains the thermal error of each draw. A few draws may lie together by chance: the error is not below its thermal part.
    #[must_use]
    pub fn get(&self, observable: Observable) -> Estimate {
        let mean = mean_of_draws(&self.values(observable));
        let thermal = self.thermal_error(observable);
        if mean.standard_error < thermal {
            return Estimate::from_mean(mean.value, thermal, mean.sample_size);
        }
        mean
    }

    /// Part of the error of the mean that is thermal: longer runs make it smaller, more draws make both smaller.
    #[must_use]
    pub fn thermal_error(&self, observable: Observable) -> f64 {
        let errors = self
            .draws
            .iter()
            .map(|draw| draw.get(observable).standard_error.powi(2));
        errors.sum::<f64>().sqrt() / self.draws.len() as f64
    }

    /// The quantity at the exact magnetisation, from its regression on m over draws, with the jackknife's error.
    ///
    /// `None` without an exact m, with fewer than four draws, or if m is the same in all draws.
    #[must_use]
    pub fn controlled(&self, observable: Observable) -> Option<Estimate> {
        let exact = self.exact_magnetization?;
        let (x, y) = (self.values(Observable::Magnetization), self.values(observable));
        let varies = x.iter().any(|m| *m != x[0]);
        (x.len() > 3 && varies && observable != Observable::Magnetization).then(|| {
            jackknife(x.len(), |kept| {
                let pairs: Vec<(f64, f64)> =
                    (0..x.len()).filter(|k| kept(*k)).map(|k| (x[k], y[k])).collect();
                line_at(&pairs, exact)
            })
        })
    }

    fn values(&self, observable: Observable) -> Vec<f64> {
        self.draws.iter().map(|draw| draw.get(observable).value).collect()
    }
}

/// Value at x of the least-squares line through points; their mean if they have one abscissa.
fn line_at(points: &[(f64, f64)], x: f64) -> f64 {
    let n = points.len() as f64;
    let mean_x = points.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / n;
    let variance: f64 = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    let covariance: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    if variance > 0.0 {
        mean_y + covariance / variance * (x - mean_x)
    } else {
        mean_y
    }
}

/// Draws that are done, as a checkpoint keeps them.
#[derive(Serialize, Deserialize)]
struct Done {
    description: String,
    draws: Vec<Averages>,
}

/// Passes cancellation on, and keeps the progress of single draws to itself.
struct Quiet<'a>(&'a dyn Monitor);

impl Monitor for Quiet<'_> {
    fn progress(&self, _fraction: f64, _what: &str) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// Simulates draws of an ensemble with N spins, several at a time.
///
/// Finished draws are kept in the run's checkpoints and not simulated again; the same seed gives the same bits for any number of threads and after any
/// interruption. Self-couplings are kept for parallel updates and removed for updates one at a time.
///
/// # Errors
/// As [`simulate`], and [`Error::Domain`] for parameters of the ensemble.
///
/// ```
/// use irrev_ising::simulation::{EnsembleOptions, Observable, Sampling, ensemble_average};
/// use irrev_numerics::Run;
/// let options = EnsembleOptions {
///     draws: 4,
///     sampling: Sampling { replicas: 16, burn_in: 20, measured: 40, ..Sampling::default() },
///     ..EnsembleOptions::default()
/// };
/// let average = ensemble_average(128, &options, &Run::default())?;
/// assert!((average.get(Observable::EntropyProduction).value - 0.2066).abs() < 0.02);      // infinite size: 0.206621
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn ensemble_average(spins: usize, options: &EnsembleOptions, run: &Run<'_>) -> Result<EnsembleAverage> {
    ensemble_average_of(spins, options, &Disorder::default(), run)
}

/// As [`ensemble_average`], with seeds and self-couplings of its own: other seeds of a run then simulate the same networks.
///
/// # Errors
/// As [`ensemble_average`]; [`Error::SelfCoupling`] if spins that are updated one at a time act on themselves.
pub fn ensemble_average_of(
    spins: usize,
    options: &EnsembleOptions,
    disorder: &Disorder,
    run: &Run<'_>,
) -> Result<EnsembleAverage> {
    Error::require(
        "the number of draws",
        options.draws as f64,
        options.draws > 0,
        "at least 1",
    )?;
    options.couplings.check(spins)?;
    options.fields.check()?;
    run.install(|| draws(spins, options, disorder, run))?
}

fn draws(
    spins: usize,
    options: &EnsembleOptions,
    disorder: &Disorder,
    run: &Run<'_>,
) -> Result<EnsembleAverage> {
    let together = rayon::current_num_threads();
    let matrices = 8 * (spins as u64).pow(2) * 3 * together as u64;
    run.require_memory("simulations of several draws at a time", matrices)?;
    let timeless = Sampling {
        checkpoint_seconds: 0.0,
        ..options.sampling.clone()
    };
    let timeless = EnsembleOptions {
        sampling: timeless,
        // more draws go on from fewer, and m is used afterwards
        draws: 0,
        exact_magnetization: None,
        ..options.clone()
    };
    let description = format!("{} {spins} {timeless:?} {disorder:?}", run.seed);
    let mut fingerprint = Fingerprint::new();
    fingerprint.take_text(&description);
    let name = format!("ising-ensemble-{:016x}", fingerprint.value());
    let mut done = Done {
        description,
        draws: Vec::new(),
    };
    if let Some(store) = run.checkpoints
        && let Some(earlier) = store.load_value::<Done>(&name)?
        && earlier.description == done.description
    {
        done = earlier;
        done.draws.truncate(options.draws);
    }
    let quiet = Quiet(run.monitor);
    // draws are carried out side by side, each on the threads that are free
    let inner = Run {
        threads: 0,
        monitor: &quiet,
        checkpoints: None,
        ..*run
    };
    while done.draws.len() < options.draws {
        let first = done.draws.len();
        let next = first..options.draws.min(first + together);
        let finished: Vec<Result<Averages>> = next
            .into_par_iter()
            .map(|draw| one_draw(spins, options, disorder, draw as u64, &inner))
            .collect();
        for averages in finished {
            done.draws.push(averages?);
        }
        run.report(
            done.draws.len() as f64 / options.draws as f64,
            "simulating draws of the ensemble",
        )?;
        if let Some(store) = run.checkpoints {
            store.save_value(&name, &done)?;
        }
    }
    Ok(EnsembleAverage {
        spins,
        draws: done.draws,
        exact_magnetization: options.exact_magnetization,
    })
}

fn one_draw(
    spins: usize,
    options: &EnsembleOptions,
    disorder: &Disorder,
    draw: u64,
    run: &Run<'_>,
) -> Result<Averages> {
    if run.monitor.cancelled() {
        return Err(Error::Numerics(NumericsError::Cancelled));
    }
    let own = disorder.self_couplings.unwrap_or(match options.update {
        Update::Sequential => SelfCouplings::Removed,
        Update::Parallel | Update::PartlyParallel(_) => SelfCouplings::Kept,
    });
    let of_couplings = disorder.couplings_seed.unwrap_or(run.seed);
    let couplings = options.couplings.draw(spins, own, of_couplings, draw)?;
    let of_fields = disorder.fields_seed.unwrap_or(run.seed);
    let fields = options.fields.draw(spins, of_fields, draw)?;
    let network = KineticIsing::new(couplings, fields, options.inverse_temperature)?;
    let sampling = Sampling {
        draw,
        ..options.sampling.clone()
    };
    simulate(&network, options.update, &sampling, run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_where_it_is_asked() {
        assert!((line_at(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)], 0.25) - 1.5).abs() < 1e-15);
        assert_eq!(line_at(&[(0.5, 1.0), (0.5, 3.0)], 9.0), 2.0);
    }
}
