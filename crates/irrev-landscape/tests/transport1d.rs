//! W₂ in one dimension against values computed elsewhere (`data/models.json`), closed forms and its own metric axioms.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::transport1d::Quantiles;
use irrev_landscape::{Error, Period};
use irrev_testing::assert_close;
use irrev_testing::reference::{number, numbers};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn points_on_a_line_and_on_a_circle_agree() {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/models.json")).unwrap();
    let cases: Vec<&Value> = all
        .iter()
        .filter(|case| case["inputs"].get("q").is_some() && case["kind"] == "w2")
        .collect();
    assert!(!cases.is_empty());
    for case in cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let x = numbers(&inputs["x"]);
        let of = |key: &str| Quantiles::of_points(&x, &numbers(&inputs[key])).unwrap();
        let (p, q) = (of("p"), of("q"));
        assert_close(
            "line",
            p.squared_distance(&q),
            number(&expected["W2sq_line"]),
            0.0,
            1e-10,
        );
        let circle = Period::new(0.0, number(&inputs["period"])).unwrap();
        for found in [
            p.squared_distance_on_circle(&q, circle),
            q.squared_distance_on_circle(&p, circle),
        ] {
            assert_close(
                "circle",
                found.unwrap(),
                number(&expected["W2sq_circle"]),
                0.0,
                1e-10,
            );
        }
    }
}

#[test]
fn histograms_are_exact_and_samples_are_points() {
    // two equal halves against one: x = u, y = 2u − ½ on the middle
    let flat = Quantiles::of_histogram(&[0.0, 0.5, 1.0], &[1.0, 1.0]).unwrap();
    assert!(flat.squared_distance(&Quantiles::of_histogram(&[0.0, 1.0], &[3.0]).unwrap()) < 1e-30);
    let wide = Quantiles::of_histogram(&[-0.5, 1.5], &[1.0]).unwrap();
    assert!((flat.squared_distance(&wide) - 1.0 / 12.0).abs() < 1e-15);
    // to a point, the second moment about it; an empty cell changes nothing
    let gap = Quantiles::of_histogram(&[0.0, 1.0, 2.0, 3.0], &[1.0, 0.0, 1.0]).unwrap();
    let point = Quantiles::of_sample(&[1.5]).unwrap();
    assert!((gap.squared_distance(&point) - (1.0 + 1.0 / 12.0)).abs() < 1e-15);
    // on a circle every cut of a full turn is as good
    let circle = Period::new(0.0, 1.0).unwrap();
    let start = Quantiles::of_sample(&[0.0]).unwrap();
    let elsewhere = Quantiles::of_sample(&[0.37]).unwrap();
    for target in [start, elsewhere] {
        assert!((flat.squared_distance_on_circle(&target, circle).unwrap() - 1.0 / 12.0).abs() < 1e-12);
    }
    assert!(matches!(Quantiles::of_sample(&[]), Err(Error::Empty { .. })));
    assert!(matches!(
        Quantiles::of_sample(&[0.0, f64::NAN]),
        Err(Error::NotFinite { row: 1, .. })
    ));
    assert!(matches!(
        Quantiles::of_points(&[0.0], &[-1.0]),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        Quantiles::of_points(&[0.0], &[0.0]),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        Quantiles::of_points(&[0.0], &[]),
        Err(Error::Size { .. })
    ));
    assert!(matches!(
        Quantiles::of_histogram(&[0.0, 0.0], &[1.0]),
        Err(Error::Edges { index: 1, .. })
    ));
    assert!(matches!(
        point.squared_distance_on_circle(&flat, circle),
        Err(Error::OutsidePeriod { .. })
    ));
}

fn samples(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1.0_f64, n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_circle_is_never_farther_than_the_line_and_forgets_where_it_is_cut(a in samples(7), b in samples(5), turn in 0.0..1.0_f64) {
        let circle = Period::new(0.0, 1.0).unwrap();
        let of = |x: &[f64]| Quantiles::of_sample(x).unwrap();
        let found = of(&a).squared_distance_on_circle(&of(&b), circle).unwrap();
        prop_assert!(found <= of(&a).squared_distance(&of(&b)) + 1e-12);
        prop_assert!((of(&b).squared_distance_on_circle(&of(&a), circle).unwrap() - found).abs() <= 1e-11);
        let turned = |x: &[f64]| of(&x.iter().map(|x| circle.wrapped(x + turn)).collect::<Vec<_>>());
        prop_assert!((turned(&a).squared_distance_on_circle(&turned(&b), circle).unwrap() - found).abs() <= 1e-11);
        // no pair is farther apart than half a turn
        prop_assert!(found <= 0.25 + 1e-12);
    }

    #[test]
    fn equal_samples_are_matched_in_order(a in samples(9), b in samples(9)) {
        let (mut x, mut y) = (a.clone(), b.clone());
        x.sort_by(f64::total_cmp);
        y.sort_by(f64::total_cmp);
        let expected = x.iter().zip(&y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>() / 9.0;
        let found = Quantiles::of_sample(&a).unwrap().squared_distance(&Quantiles::of_sample(&b).unwrap());
        prop_assert!((found - expected).abs() <= 1e-14);
    }
}
