//! How often 95 % intervals hold the truth: of 40 at least 31, which fails for a coverage of 95 % with probability 3e-5, of 92 % with 6e-4. The table is of 200 data sets each
//! (`SETS`), of which a share of 95 % has a deviation of 1.5 %.
//!
//! | estimate | data | coverage in % |
//! |---|---|---|
//! | rate, posterior | ring of four states, force 0.7, 1.8, 0.2 on each edge, some 700 jumps | 93.5, 94.5, 94.0 |
//! | entropy production of jumps | the same | 93.0, 96.0, 92.0 |
//! | entropy production of steps | ring of three states, p = 0.55, 0.7, 5000 steps | 94.5, 97.0 |
//! | increment of words of three | the same | 94.5, 97.5 |
//! | waiting times at one link | ring of three states, rates (2, 0.8), (1.3, 1), time 3000 | 92.5, 93.5 |
//! | transfer entropy of symbols | binary pair, 3000 steps | 95.5 |
//! | of normal series | coupling 0.3, 0.1, 2000 steps | 93.0, 92.5 |
//! | the same, endless past | coupling 0.3, 1000 steps | 95.5 |
//! | by nearest neighbours | coupling 0.3, 1000 and 4000 steps | 98.0, 99.5: the jackknife's errors are a third too wide |
//! | length, action, efficiency | 300 relaxing cells, 121 frames | 93.0, 96.0, 93.0; the length is 3 % too long on average |

use irrev_inference::speed::{SpeedOptions, ensemble_speed};
use irrev_inference::states::{
    RatePosterior, RatePrior, RateSupport, TransitionSeries, WaitingOptions, WordOptions, jump_counts,
    jump_entropy_production, step_entropy_production, transition_counts, waiting_time_divergence,
    word_divergences,
};
use irrev_inference::transfer::{
    DiscreteOptions, DiscretePair, FullHistoryOptions, GaussianOptions, KsgOptions,
    discrete_transfer_entropy, full_history_transfer_entropy, gaussian_transfer_entropy,
    ksg_transfer_entropy,
};
use irrev_numerics::{Estimate, Run};

use crate::systems::{
    Relaxation, binary_pair, binary_truth, linear_pair, ring, ring_dissipation, ring_steps, stream,
};

const SETS: u64 = 40;
/// Of 40.
const LEAST: f64 = 31.0 / 40.0;

/// Asks that enough intervals hold the truth; tells their share, and the scatter beside the mean standard error.
fn coverage(what: &str, truth: f64, estimate: impl Fn(u64) -> Estimate) {
    let all: Vec<Estimate> = (0..SETS).map(estimate).collect();
    let n = SETS as f64;
    let held = all
        .iter()
        .filter(|e| e.interval.0 <= truth && truth <= e.interval.1)
        .count() as f64
        / n;
    let mean = all.iter().map(|e| e.value).sum::<f64>() / n;
    let scatter = (all.iter().map(|e| (e.value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let error = all.iter().map(|e| e.standard_error).sum::<f64>() / n;
    assert!(
        held >= LEAST,
        "{what}: {:.1} %, truth {truth:.5}, mean {mean:.5}, scatter {scatter:.5}, error {error:.5}",
        100.0 * held
    );
}

#[test]
fn rates_and_dissipation_of_rings() {
    let run = Run::default();
    for (rates, end) in [((2.0, 1.0), 200.0), ((3.0, 0.5), 200.0), ((1.2, 1.0), 200.0)] {
        let counts = |i| jump_counts(4, &[ring(4, rates, end, &mut stream(1000 + i)).seen()]).unwrap();
        coverage(&format!("rate {rates:?}"), rates.0, |i| {
            let posterior =
                RatePosterior::new(&counts(i), RatePrior::default(), RateSupport::SeenEitherWay).unwrap();
            posterior
                .samples(400, &run, |w| Ok(vec![w[(1, 0)]]))
                .unwrap()
                .estimate(0, 0.95)
                .unwrap()
        });
        coverage(&format!("σ of jumps {rates:?}"), ring_dissipation(rates), |i| {
            jump_entropy_production(&counts(i), 400, 0.95, &run)
                .unwrap()
                .corrected
        });
    }
    for p in [0.55_f64, 0.7] {
        let truth = (2.0 * p - 1.0) * (p / (1.0 - p)).ln();
        coverage(&format!("σ of steps {p}"), truth, |i| {
            let steps = ring_steps(p, 5000, &mut stream(2000 + i));
            step_entropy_production(&transition_counts(3, &[&steps]).unwrap()).corrected
        });
        coverage(&format!("increment of words of 3 {p}"), truth, |i| {
            let steps = ring_steps(p, 5000, &mut stream(2000 + i));
            let options = WordOptions {
                longest: 3,
                ..Default::default()
            };
            word_divergences(3, &[&steps], &options).unwrap().lengths[2].increment
        });
    }
}

#[test]
fn waiting_times_of_a_ring() {
    for rates in [(2.0, 0.8), (1.3, 1.0)] {
        coverage(
            &format!("σ of one link {rates:?}"),
            ring_dissipation(rates),
            |i| {
                let visits = ring(3, rates, 3000.0, &mut stream(3000 + i));
                let mut series = TransitionSeries::default();
                for (pair, &time) in visits.states.windows(2).zip(&visits.times[1..]) {
                    let kind = match (pair[0], pair[1]) {
                        (0, 1) => 0,
                        (1, 0) => 1,
                        _ => continue,
                    };
                    series.kinds.push(kind);
                    series.times.push(time);
                }
                waiting_time_divergence(&[series], &[1, 0], &WaitingOptions::default(), &Run::default())
                    .unwrap()
                    .rate
            },
        );
    }
}

#[test]
fn transfer_entropies() {
    let run = Run::default();
    coverage("symbols", binary_truth(), |i| {
        let (x, y) = binary_pair(3000, &mut stream(4000 + i));
        let pair = DiscretePair {
            target: &x,
            source: &y,
        };
        discrete_transfer_entropy(&[pair], &DiscreteOptions::default(), &run)
            .unwrap()
            .estimate
    });
    for (c, steps, truth) in [(0.3, 2000, 0.072_763_078_130_772), (0.1, 2000, 0.0)] {
        // without a closed form here: the truth of the second pair from the process itself
        let truth = if truth > 0.0 { truth } else { truth_of(c) };
        let pair = |i| linear_pair(c, steps, &mut stream(5000 + i));
        coverage(&format!("Gaussian {c}"), truth, |i| {
            let (x, y) = pair(i);
            gaussian_transfer_entropy(&x, &y, &GaussianOptions::default(), &run)
                .unwrap()
                .estimate
        });
    }
    coverage("Gaussian, endless past", 0.072_567_942_107_99, |i| {
        let (x, y) = linear_pair(0.3, 1000, &mut stream(6000 + i));
        full_history_transfer_entropy(&x, &y, &FullHistoryOptions::default(), &run)
            .unwrap()
            .estimate
    });
    for steps in [1000, 4000] {
        coverage(&format!("KSG {steps}"), 0.072_763_078_130_772, |i| {
            let (x, y) = linear_pair(0.3, steps, &mut stream(7000 + i));
            ksg_transfer_entropy(&x, &y, &KsgOptions::default(), &run)
                .unwrap()
                .estimate
        });
    }
}

fn truth_of(c: f64) -> f64 {
    let a = irrev_numerics::linalg::Matrix::from_columns(2, vec![0.5, 0.0, c, 0.7]);
    irrev_inference::transfer::VectorAutoregression::new(vec![a], irrev_numerics::linalg::Matrix::identity(2))
        .unwrap()
        .transfer_entropy(0, 1, 1, 1)
        .unwrap()
}

#[test]
fn speed_of_cells() {
    let model = Relaxation::LIKE_ERK;
    let (length, action) = model.length_and_action();
    let found: Vec<_> = (0..SETS)
        .map(|i| {
            let cells = model.cells(300, &mut stream(8000 + i));
            let options = SpeedOptions {
                replicas: 100,
                splits: 32,
                ..Default::default()
            };
            ensemble_speed(&cells, &options, &Run::default()).unwrap()
        })
        .collect();
    let tau = 60.0;
    coverage("length", length, |i| found[i as usize].length);
    coverage("action", action, |i| found[i as usize].action);
    coverage("efficiency", length * length / (tau * action), |i| {
        found[i as usize].efficiency
    });
}
