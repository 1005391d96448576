//! Transfer entropy.

use irrev_inference::Error;
use irrev_inference::transfer::{
    DiscreteOptions, DiscretePair, GaussianOptions, KsgNote, KsgOptions, VectorAutoregression,
    discrete_transfer_entropy, gaussian_transfer_entropy, ksg_transfer_entropy, plugin_transfer_entropy,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::{assert_close, assert_same_bits};

use crate::systems::{binary_pair, binary_truth, cases, linear_pair, numbers, stream};

fn file() -> (Vec<f64>, Vec<f64>) {
    include_str!("../data/ar_public.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let (x, y) = line.split_once(',').unwrap();
            (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap())
        })
        .unzip()
}

fn ksg(target: &[f64], source: &[f64], neighbours: usize) -> f64 {
    let options = KsgOptions {
        neighbours,
        blocks: 0,
        ..Default::default()
    };
    ksg_transfer_entropy(target, source, &options, &Run::default())
        .unwrap()
        .estimate
        .value
}

#[test]
fn the_reference_file_has_its_transfer_entropies() {
    let (x, y) = file();
    for case in cases("te_file") {
        let expected = &case["expected"];
        let close = |what: &str, got: f64, value: &serde_json::Value| {
            assert_close(what, got, value.as_f64().unwrap(), 1e-9, 1e-10)
        };
        for (k, both) in expected["ksg"].as_object().unwrap() {
            let neighbours = k.parse().unwrap();
            close("KSG y → x", ksg(&x, &y, neighbours), &both["TE_Y_to_X"]);
            close("KSG x → y", ksg(&y, &x, neighbours), &both["TE_X_to_Y"]);
        }
        let gaussian = |target: &[f64], source: &[f64]| {
            gaussian_transfer_entropy(target, source, &GaussianOptions::default(), &Run::default())
                .unwrap()
                .plugin
        };
        close(
            "Gaussian y → x",
            gaussian(&x, &y),
            &expected["gaussian"]["TE_Y_to_X"],
        );
        close(
            "Gaussian x → y",
            gaussian(&y, &x),
            &expected["gaussian"]["TE_X_to_Y"],
        );
        let sign = |series: &[f64]| series.iter().map(|&v| u32::from(v > 0.0)).collect::<Vec<_>>();
        let (target, source) = (sign(&x), sign(&y));
        let pair = DiscretePair {
            target: &target,
            source: &source,
        };
        let found = plugin_transfer_entropy(&[pair], &DiscreteOptions::default()).unwrap();
        close("signs", found.plugin, &expected["sign_plugin_TE_Y_to_X"]);
        close(
            "Miller and Madow",
            found.miller_madow,
            &expected["miller_madow_TE_Y_to_X"],
        );
    }
}

#[test]
fn autoregressions_have_their_transfer_entropies() {
    for case in cases("te_ar1") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let matrix = |key: &str| {
            let rows: Vec<Vec<f64>> = inputs[key].as_array().unwrap().iter().map(numbers).collect();
            Matrix::from_fn(2, 2, |i, j| rows[i][j])
        };
        let pair = VectorAutoregression::new(vec![matrix("A")], matrix("Q")).unwrap();
        let close = |what: &str, got: f64, value: &serde_json::Value| {
            assert_close(what, got, value.as_f64().unwrap(), 1e-8, 1e-11)
        };
        for row in expected["rows"].as_array().unwrap() {
            let (k, l) = (
                row["k"].as_u64().unwrap() as usize,
                row["l"].as_u64().unwrap() as usize,
            );
            close(
                "y → x",
                pair.transfer_entropy(0, 1, k, l).unwrap(),
                &row["TE_Y_to_X"],
            );
            close(
                "x → y",
                pair.transfer_entropy(1, 0, k, l).unwrap(),
                &row["TE_X_to_Y"],
            );
        }
        let endless = &expected["infinite_history"];
        close(
            "y → x",
            pair.full_history_transfer_entropy(0, 1).unwrap(),
            &endless["TE_Y_to_X"],
        );
        close(
            "x → y",
            pair.full_history_transfer_entropy(1, 0).unwrap(),
            &endless["TE_X_to_Y"],
        );
    }
}

#[test]
fn a_process_that_does_not_forget_is_refused() {
    let refused = VectorAutoregression::new(vec![Matrix::identity(2)], Matrix::identity(2));
    assert!(matches!(refused, Err(Error::Domain { .. })));
}

/// All pairs compared, for histories of any length.
fn all_pairs(target: &[f64], source: &[f64], (k, l): (usize, usize), neighbours: usize) -> f64 {
    let digamma = |n: usize| -0.577_215_664_901_532_9 + (1..n).map(|i| 1.0 / i as f64).sum::<f64>();
    let times: Vec<usize> = (k.max(l) - 1..target.len() - 1).collect();
    let own = |a: usize, b: usize| (0..k).fold(0.0_f64, |m, h| m.max((target[a - h] - target[b - h]).abs()));
    let past = |a: usize, b: usize| (0..l).fold(0.0_f64, |m, h| m.max((source[a - h] - source[b - h]).abs()));
    let next = |a: usize, b: usize| (target[a + 1] - target[b + 1]).abs();
    let term = |&a: &usize| {
        let others = || times.iter().copied().filter(move |&b| b != a);
        let mut distances: Vec<f64> = others()
            .map(|b| own(a, b).max(past(a, b)).max(next(a, b)))
            .collect();
        distances.sort_by(f64::total_cmp);
        let e = distances[neighbours - 1];
        let (mut x, mut xn, mut xs) = (0, 0, 0);
        for b in others() {
            let o = own(a, b);
            x += usize::from(o < e);
            xn += usize::from(o.max(next(a, b)) < e);
            xs += usize::from(o.max(past(a, b)) < e);
        }
        digamma(x + 1) - digamma(xn + 1) - digamma(xs + 1)
    };
    digamma(neighbours) + times.iter().map(term).sum::<f64>() / times.len() as f64
}

#[test]
fn nearest_neighbours_are_those_of_comparing_all_pairs() {
    let (x, y) = linear_pair(0.3, 400, &mut stream(20));
    // a lattice with many ties, beside numbers without
    let (coarse_x, coarse_y): (Vec<f64>, Vec<f64>) = x
        .iter()
        .zip(&y)
        .map(|(a, b)| (a.round(), (2.0 * b).round()))
        .unzip();
    for (x, y) in [(&x, &y), (&coarse_x, &coarse_y)] {
        for (k, l) in [(1, 1), (2, 1), (1, 3), (3, 2)] {
            for neighbours in [1, 4] {
                let options = KsgOptions {
                    neighbours,
                    target_history: k,
                    source_history: l,
                    blocks: 0,
                    ..Default::default()
                };
                let found = ksg_transfer_entropy(x, y, &options, &Run::default()).unwrap();
                assert_close(
                    "KSG",
                    found.estimate.value,
                    all_pairs(x, y, (k, l), neighbours),
                    1e-9,
                    1e-12,
                );
            }
        }
    }
}

#[test]
fn ties_and_negative_values_are_explained() {
    let (x, y) = linear_pair(0.0, 500, &mut stream(21));
    let rounded: Vec<f64> = x.iter().map(|v| v.round()).collect();
    let coarse: Vec<f64> = y.iter().map(|v| v.round()).collect();
    let options = KsgOptions {
        blocks: 0,
        ..Default::default()
    };
    let found = ksg_transfer_entropy(&rounded, &coarse, &options, &Run::default()).unwrap();
    assert!(
        found
            .notes
            .iter()
            .any(|n| matches!(n, KsgNote::Ties { samples } if *samples > 100))
    );
    let jittered = KsgOptions {
        jitter: Some(1e-6),
        ..options
    };
    let found = ksg_transfer_entropy(&rounded, &coarse, &jittered, &Run::default()).unwrap();
    assert!(!found.notes.iter().any(|n| matches!(n, KsgNote::Ties { .. })));
    // without a link, some of ten data sets have a negative value
    let noted = (0..10).any(|i| {
        let (x, y) = linear_pair(0.0, 200, &mut stream(30 + i));
        let found = ksg_transfer_entropy(&x, &y, &options, &Run::default()).unwrap();
        assert_eq!(
            found.estimate.value < 0.0,
            found.notes.contains(&KsgNote::Negative)
        );
        found.estimate.value < 0.0
    });
    assert!(noted && KsgNote::Negative.to_string().contains("negative"));
}

#[test]
fn results_have_the_same_bits_on_any_number_of_threads() {
    let (x, y) = linear_pair(0.3, 600, &mut stream(22));
    let options = KsgOptions {
        surrogates: 8,
        blocks: 5,
        jitter: Some(1e-9),
        ..Default::default()
    };
    let of = |threads| {
        let found = ksg_transfer_entropy(
            &x,
            &y,
            &options,
            &Run {
                threads,
                ..Run::default()
            },
        )
        .unwrap();
        [
            found.estimate.value,
            found.estimate.standard_error,
            found.surrogates.unwrap().mean,
        ]
    };
    assert_same_bits("KSG", &of(1), &of(3));
}

/// Plug-in by maps, for any histories.
fn by_maps(pair: DiscretePair, (k, l, delay): (usize, usize, usize)) -> f64 {
    use std::collections::BTreeMap;
    type Word = (Option<u32>, Vec<u32>, Vec<u32>);
    let first = (k - 1).max(l - 1 + delay);
    let mut counts: [BTreeMap<Word, f64>; 4] = Default::default();
    let n = (pair.target.len() - 1 - first) as f64;
    for t in first..pair.target.len() - 1 {
        let own = pair.target[t + 1 - k..=t].to_vec();
        let past = pair.source[t - delay + 1 - l..=t - delay].to_vec();
        let next = Some(pair.target[t + 1]);
        for (map, word) in counts.iter_mut().zip([
            (next, own.clone(), past.clone()),
            (None, own.clone(), vec![]),
            (next, own.clone(), vec![]),
            (None, own, past),
        ]) {
            *map.entry(word).or_default() += 1.0;
        }
    }
    let sums = counts.map(|map| map.values().map(|c| c * c.ln()).sum::<f64>());
    (sums[0] + sums[1] - sums[2] - sums[3]) / n
}

#[test]
fn packed_histories_count_what_maps_count() {
    let mut stream = stream(23);
    let target: Vec<u32> = (0..1003).map(|_| stream.below(3) as u32).collect();
    let source: Vec<u32> = target.iter().map(|&t| (t + stream.below(4) as u32) % 5).collect();
    let pair = DiscretePair {
        target: &target,
        source: &source,
    };
    // small tables side by side, one large table, and sorted words
    for (k, l, delay) in [(1, 1, 0), (2, 1, 1), (3, 2, 0), (4, 3, 2), (9, 8, 0)] {
        let options = DiscreteOptions {
            target_symbols: 3,
            source_symbols: 5,
            target_history: k,
            source_history: l,
            delay,
            ..Default::default()
        };
        let found = plugin_transfer_entropy(&[pair], &options).unwrap();
        assert_close(
            "plug-in",
            found.plugin,
            by_maps(pair, (k, l, delay)),
            1e-11,
            1e-12,
        );
    }
    let long = DiscreteOptions {
        target_history: 90,
        source_history: 60,
        ..Default::default()
    };
    assert!(matches!(
        plugin_transfer_entropy(&[pair], &long),
        Err(Error::Histories { .. })
    ));
    let state = plugin_transfer_entropy(&[pair], &DiscreteOptions::default());
    assert!(matches!(state, Err(Error::State { .. })));
}

#[test]
fn surrogates_tell_a_link_from_none() {
    let options = DiscreteOptions {
        surrogates: 99,
        ..Default::default()
    };
    let (x, y) = binary_pair(2000, &mut stream(24));
    let of = |target: &[u32], source: &[u32]| {
        discrete_transfer_entropy(&[DiscretePair { target, source }], &options, &Run::default()).unwrap()
    };
    let linked = of(&x, &y);
    assert_eq!(linked.surrogates.unwrap().p_value, 0.01);
    // 5 standard errors, 6e-7
    assert!((linked.estimate.value - binary_truth()).abs() < 5.0 * linked.estimate.standard_error);
    // y does not listen to x; 12 data sets, each p below 1/100 with probability 1/100: three or more with 2e-4
    let found = (0..12)
        .filter(|&i| {
            let (x, y) = binary_pair(500, &mut stream(40 + i));
            of(&y, &x).surrogates.unwrap().p_value <= 0.01
        })
        .count();
    assert!(found < 3, "{found}");
}

#[test]
fn series_that_cannot_be_used_are_refused() {
    let run = Run::default();
    let (x, y) = linear_pair(0.3, 300, &mut stream(25));
    let gaussian = |x: &[f64], y: &[f64]| {
        gaussian_transfer_entropy(x, y, &GaussianOptions::default(), &run).unwrap_err()
    };
    assert!(matches!(gaussian(&x, &y[1..]), Error::Size { .. }));
    assert!(matches!(gaussian(&x, &[1.0; 300]), Error::Constant { .. }));
    assert!(matches!(gaussian(&x[..50], &y[..50]), Error::TooFew { .. }));
    let mut gap = x.clone();
    gap[7] = f64::NAN;
    assert!(matches!(gaussian(&gap, &y), Error::Entry { index: 7, .. }));
    // a source that is the target says nothing new
    assert!(matches!(gaussian(&x, &x), Error::Domain { .. }));
    let none = KsgOptions {
        neighbours: 0,
        ..Default::default()
    };
    assert!(matches!(
        ksg_transfer_entropy(&x, &y, &none, &run),
        Err(Error::Domain { .. })
    ));
}
