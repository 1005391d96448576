//! Rates and entropy production of visited states.

use irrev_inference::Error;
use irrev_inference::states::{
    JumpTrajectory, RatePosterior, RatePrior, RateSupport, Transition, TransitionSeries, WaitingOptions,
    WordOptions, jump_counts, jump_entropy_production, network_entropy_production_rate,
    network_stationary_distribution, step_entropy_production, transition_counts, visits_as_transitions,
    waiting_time_divergence, word_divergences,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::{assert_all_close, assert_close, assert_same_bits};
use proptest::prelude::*;

use crate::systems::{cases, numbers, ring, ring_dissipation, ring_steps, stream};

fn rows(matrix: &Matrix) -> Vec<f64> {
    matrix.transposed().data().to_vec()
}

#[test]
fn the_reference_trajectory_has_its_rates_and_entropy_production() {
    for case in cases("ml_rates") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let states: Vec<u32> = numbers(&inputs["states"]).iter().map(|&s| s as u32).collect();
        let times = numbers(&inputs["entry_times"]);
        let seen = JumpTrajectory {
            states: &states,
            entry_times: &times,
            end: inputs["t_end"].as_f64().unwrap(),
        };
        let counts = jump_counts(inputs["n"].as_u64().unwrap() as usize, &[seen]).unwrap();
        let matrix = |key: &str| -> Vec<f64> {
            expected[key]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(numbers)
                .collect()
        };
        let close =
            |what: &str, got: &[f64], expected: &[f64]| assert_all_close(what, got, expected, 1e-10, 1e-12);
        close("counts", &rows(counts.counts()), &matrix("counts"));
        close("dwell", counts.dwell(), &numbers(&expected["dwell"]));
        close("rates", &rows(&counts.rates()), &matrix("rates"));
        close(
            "errors",
            &rows(&counts.standard_errors()),
            &matrix("standard_error"),
        );
        let number = |key: &str| expected[key].as_f64().unwrap();
        let sigma = jump_entropy_production(&counts, 100, 0.95, &Run::default()).unwrap();
        for (key, got) in [
            ("log_likelihood", counts.log_likelihood()),
            ("ep_rate_plugin", sigma.plugin),
            ("ep_rate_pseudocount_half", sigma.pseudocount_half),
            ("epr_of_fitted_stationary", sigma.fitted_stationary),
        ] {
            assert_close(key, got, number(key), 1e-10, 1e-12);
        }
    }
}

#[test]
fn a_pair_seen_one_way_is_named_and_infinite() {
    let seen = JumpTrajectory {
        states: &[0, 1, 2, 0, 1],
        entry_times: &[0.0, 1.0, 2.0, 3.0, 4.0],
        end: 5.0,
    };
    let counts = jump_counts(3, &[seen]).unwrap();
    let sigma = jump_entropy_production(&counts, 100, 0.95, &Run::default()).unwrap();
    assert_eq!(
        (sigma.plugin, sigma.fitted_stationary),
        (f64::INFINITY, f64::INFINITY)
    );
    assert_eq!(sigma.one_way, [(0, 1), (1, 2), (2, 0)]);
    assert!(sigma.pseudocount_half.is_finite() && sigma.corrected.value.is_finite());
    let steps = step_entropy_production(&transition_counts(3, &[&[0, 1, 2].repeat(30)]).unwrap());
    assert_eq!(
        (steps.plugin, steps.one_way),
        (f64::INFINITY, vec![(0, 1), (1, 2), (2, 0)])
    );
    assert!(steps.corrected.standard_error.is_nan() && steps.pseudocount_half.is_finite());
}

#[test]
fn trajectories_add_up_in_any_order() {
    let (a, b) = (
        ring(4, (2.0, 1.0), 50.0, &mut stream(1)),
        ring(4, (2.0, 1.0), 30.0, &mut stream(2)),
    );
    let both = jump_counts(4, &[a.seen(), b.seen()]).unwrap();
    let mut merged = jump_counts(4, &[b.seen()]).unwrap();
    merged.merge(&jump_counts(4, &[a.seen()]).unwrap()).unwrap();
    assert_eq!(both.counts(), merged.counts());
    assert_all_close("dwell", both.dwell(), merged.dwell(), 1e-14, 0.0);
    assert_eq!(both.duration(), 80.0);
}

#[test]
fn what_is_no_trajectory_is_refused() {
    let try_it = |states: &[u32], times: &[f64], end: f64| {
        let seen = JumpTrajectory {
            states,
            entry_times: times,
            end,
        };
        jump_counts(2, &[seen]).unwrap_err()
    };
    assert!(matches!(try_it(&[], &[], 1.0), Error::TooFew { .. }));
    assert!(matches!(try_it(&[0, 1], &[0.0], 1.0), Error::Size { .. }));
    assert!(matches!(
        try_it(&[0, 2], &[0.0, 1.0], 2.0),
        Error::State {
            index: 1,
            state: 2,
            ..
        }
    ));
    assert!(matches!(
        try_it(&[0, 0], &[0.0, 1.0], 2.0),
        Error::Stay { index: 1, .. }
    ));
    assert!(matches!(
        try_it(&[0, 1], &[0.0, 0.0], 2.0),
        Error::Times { index: 1, .. }
    ));
    assert!(matches!(
        try_it(&[0, 1], &[0.0, 1.0], 1.0),
        Error::Times { index: 2, .. }
    ));
    assert!(matches!(
        try_it(&[0, 1], &[0.0, f64::NAN], 2.0),
        Error::Entry { index: 1, .. }
    ));
    assert!(matches!(
        transition_counts(2, &[&[0, 1, 0]]),
        Err(Error::TooFew { .. })
    ));
    assert!(matches!(
        transition_counts(0, &[&[]]),
        Err(Error::State { .. } | Error::Domain { .. })
    ));
    assert!(matches!(
        word_divergences(
            3,
            &[&[0; 500]],
            &WordOptions {
                longest: 80,
                ..Default::default()
            }
        ),
        Err(Error::Histories { .. })
    ));
}

#[test]
fn the_posterior_gives_the_same_bits_on_any_number_of_threads() {
    let counts = jump_counts(4, &[ring(4, (2.0, 1.0), 60.0, &mut stream(1)).seen()]).unwrap();
    let of = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        let posterior = RatePosterior::new(&counts, RatePrior::default(), RateSupport::All).unwrap();
        let samples = posterior
            .samples(100, &run, |w| Ok(vec![network_entropy_production_rate(w)?]))
            .unwrap();
        samples.of(0).unwrap()
    };
    assert_same_bits("σ", &of(1), &of(3));
}

proptest! {
    #![proptest_config(irrev_testing::random::cases(64))]

    #[test]
    fn stationary_laws_are_those_of_extended_precision(network in irrev_testing::random::networks(8, 12.0)) {
        let n = network.states;
        let mut rates = Matrix::zeros(n, n);
        for &(x, y, forward, backward) in &network.channels {
            rates[(y, x)] += forward;
            rates[(x, y)] += backward;
        }
        let exact = irrev_testing::extended::stationary_distribution(n, &network.channels);
        assert_all_close("p", &network_stationary_distribution(&rates).unwrap(), &exact, 1e-13, 0.0);
        prop_assert!(network_entropy_production_rate(&rates).unwrap() >= 0.0);
    }

    #[test]
    fn reading_a_sequence_backwards_keeps_a_symmetric_sum(states in proptest::collection::vec(0_u32..4, 80..300)) {
        // Σ over pairs is even under reversal of time
        let backwards: Vec<u32> = states.iter().rev().copied().collect();
        let of = |s: &[u32]| step_entropy_production(&transition_counts(4, &[s]).unwrap());
        let (a, b) = (of(&states), of(&backwards));
        prop_assert!(a.pseudocount_half >= 0.0);
        assert_close("σ", a.pseudocount_half, b.pseudocount_half, 1e-13, 1e-15);
    }

    #[test]
    fn counting_side_by_side_is_counting(states in proptest::collection::vec(0_u32..5, 65..2000)) {
        let counts = transition_counts(5, &[&states]).unwrap().matrix();
        let mut plain = Matrix::zeros(5, 5);
        for pair in states.windows(2) {
            plain[(pair[1] as usize, pair[0] as usize)] += 1.0;
        }
        prop_assert_eq!(counts, plain);
    }
}

#[test]
fn words_of_a_markov_chain_add_nothing_and_of_a_hidden_one_they_do() {
    // 5 standard errors each, two-sided 6e-7
    let p: f64 = 0.7;
    let exact = (2.0 * p - 1.0) * (p / (1.0 - p)).ln();
    let chain = ring_steps(p, 100_000, &mut stream(3));
    let words = word_divergences(
        3,
        &[&chain],
        &WordOptions {
            longest: 5,
            ..Default::default()
        },
    )
    .unwrap();
    assert_eq!(words.longest, Some(4));
    for word in &words.lengths[1..] {
        for estimate in [word.rate, word.increment] {
            assert!(
                (estimate.value - exact).abs() < 5.0 * estimate.standard_error,
                "{word:?}"
            );
        }
        assert!(
            (word.extrapolated - (word.length - 1) as f64 * exact).abs()
                < 10.0 * word.length as f64 * word.rate.standard_error
        );
    }
    // two of the three states look alike: words of two show nothing, longer ones do, never more than there is
    let lumped: Vec<u32> = chain.iter().map(|&s| u32::from(s == 0)).collect();
    let words = word_divergences(
        2,
        &[&lumped],
        &WordOptions {
            longest: 6,
            ..Default::default()
        },
    )
    .unwrap();
    assert!(words.lengths[1].divergence < 1e-6);
    let last = &words.lengths[words.longest.unwrap()];
    assert!(last.rate.value <= exact + 5.0 * last.rate.standard_error);
}

#[test]
fn too_few_data_for_long_words_are_told() {
    let short = ring_steps(0.9, 400, &mut stream(4));
    let words = word_divergences(
        3,
        &[&short],
        &WordOptions {
            longest: 12,
            ..Default::default()
        },
    )
    .unwrap();
    assert!(words.lengths.last().unwrap().undersampled && words.lengths.len() < 12);
}

/// Transitions over the link 0 ↔ 1 of a ring of three states.
fn one_link(rates: (f64, f64), end: f64, index: u64) -> TransitionSeries {
    let visits = ring(3, rates, end, &mut stream(index));
    let mut series = TransitionSeries::default();
    for (pair, &time) in visits.states.windows(2).zip(&visits.times[1..]) {
        match (pair[0], pair[1]) {
            (0, 1) => series.kinds.push(0),
            (1, 0) => series.kinds.push(1),
            _ => continue,
        }
        series.times.push(time);
    }
    series
}

#[test]
fn one_link_of_a_ring_tells_its_whole_dissipation() {
    // a ring with one cycle: the bound is tight (van der Meer, Ertel and Seifert 2022); 5 standard errors
    let rates = (2.0, 0.8);
    let seen = waiting_time_divergence(
        &[one_link(rates, 30_000.0, 5)],
        &[1, 0],
        &WaitingOptions::default(),
        &Run::default(),
    )
    .unwrap();
    let exact = ring_dissipation(rates);
    assert!(
        (seen.rate.value - exact).abs() < 5.0 * seen.rate.standard_error,
        "{seen:?} {exact}"
    );
    assert!(seen.one_way.is_empty());
}

#[test]
fn an_equilibrium_ring_shows_nothing_and_lumped_visits_show_no_more_than_there_is() {
    let seen = waiting_time_divergence(
        &[one_link((1.0, 1.0), 20_000.0, 6)],
        &[1, 0],
        &WaitingOptions::default(),
        &Run::default(),
    )
    .unwrap();
    assert!(seen.rate.value.abs() < 5.0 * seen.rate.standard_error);
    // six states of a ring lumped in pairs
    let rates = (3.0, 1.0);
    let visits = ring(6, rates, 20_000.0, &mut stream(7));
    let (mut states, mut times) = (vec![visits.states[0] / 2], vec![0.0]);
    for (&state, &time) in visits.states.iter().zip(&visits.times).skip(1) {
        if state / 2 != states[states.len() - 1] {
            states.push(state / 2);
            times.push(time);
        }
    }
    let lumped = JumpTrajectory {
        states: &states,
        entry_times: &times,
        end: visits.end,
    };
    let (series, reverse, _) = visits_as_transitions(&[lumped]);
    let options = WaitingOptions {
        transition: Transition::Lumped,
        ..Default::default()
    };
    let seen = waiting_time_divergence(&series, &reverse, &options, &Run::default()).unwrap();
    let exact = ring_dissipation(rates);
    assert!(
        seen.rate.value > 0.3 * exact && seen.rate.value < exact + 5.0 * seen.rate.standard_error,
        "{seen:?} {exact}"
    );
}
