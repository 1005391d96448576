//! Ensembles of cells.

use irrev_inference::Error;
use irrev_inference::speed::{
    CellEnsemble, Family, SpeedOptions, chord_length, ensemble_speed, hellinger_steps,
};
use irrev_numerics::Run;
use irrev_testing::{assert_close, assert_same_bits};

use crate::systems::{Relaxation, stream};

fn quick() -> SpeedOptions {
    SpeedOptions {
        replicas: 20,
        splits: 16,
        ..Default::default()
    }
}

#[test]
fn the_length_of_relaxing_cells_is_found_where_neighbouring_frames_see_noise() {
    let model = Relaxation::LIKE_ERK;
    let (length, action) = model.length_and_action();
    assert_close("length", length, 3.589_919_044_436_012, 1e-8, 0.0);
    for index in 0..3 {
        let cells = model.cells(300, &mut stream(60 + index));
        let found = ensemble_speed(&cells, &quick(), &Run::default()).unwrap();
        // the deviation of the naive length at stride 20 is 0.107 over data sets; four of them (6e-5 each)
        assert!(
            (found.length.value - length).abs() < 4.0 * 0.107,
            "{:?}",
            found.length
        );
        assert!(
            (found.action.value - action).abs() < 0.15 * action,
            "{:?} {action}",
            found.action
        );
        // noise makes the length of neighbouring frames too large by half
        assert!(found.strides[0].naive_length > 1.4 * length);
        assert_close(
            "chord",
            chord_length(&cells, Family::Normal, 1).unwrap(),
            found.strides[0].naive_length,
            1e-12,
            0.0,
        );
    }
}

#[test]
fn squared_speed_is_right_on_average() {
    // cells that stand still: the sum of the squared steps is zero up to noise. Over 40 data sets of 50 frames the mean of the action has a deviation of a few per cent of the naive one
    let still = Relaxation {
        start: (0.0, 1.0),
        target: 0.0,
        k: 1.0,
        d: 1.0,
        noise: 0.0,
        dt: 0.2,
        frames: 50,
    };
    let actions: Vec<(f64, f64)> = (0..40)
        .map(|index| {
            let found = ensemble_speed(
                &still.cells(60, &mut stream(100 + index)),
                &quick(),
                &Run::default(),
            )
            .unwrap();
            (found.strides[0].action, found.strides[0].naive_action)
        })
        .collect();
    let n = actions.len() as f64;
    let mean = actions.iter().map(|a| a.0).sum::<f64>() / n;
    let deviation = (actions.iter().map(|a| (a.0 - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let naive = actions.iter().map(|a| a.1).sum::<f64>() / n;
    // 5 standard errors, 6e-7
    assert!(
        mean.abs() < 5.0 * deviation / n.sqrt() && 10.0 * mean.abs() < naive,
        "{mean} {deviation} {naive}"
    );
}

#[test]
fn long_and_wide_tables_are_one() {
    let wide = CellEnsemble::from_wide(&[0.0, 1.0], 2, &[1.0, f64::NAN, 3.0, 4.0]).unwrap();
    let long = CellEnsemble::from_long(&[1.0, 0.0, 1.0], &[5, 2, 2], &[4.0, 1.0, 3.0]).unwrap();
    assert_eq!(wide.times(), long.times());
    for frame in 0..2 {
        assert_same_bits("frame", wide.frame(frame), long.frame(frame));
    }
    assert!(matches!(
        CellEnsemble::from_long(&[0.0, 0.0], &[1, 1], &[1.0, 2.0]),
        Err(Error::Twice { cell: 1, .. })
    ));
    assert!(matches!(
        CellEnsemble::from_wide(&[0.0, 0.0], 1, &[1.0, 2.0]),
        Err(Error::Times { index: 1, .. })
    ));
}

#[test]
fn missing_cells_are_left_out_and_empty_frames_refused() {
    let model = Relaxation {
        frames: 9,
        dt: 4.0,
        ..Relaxation::LIKE_ERK
    };
    let whole = model.cells(200, &mut stream(61));
    let mut values: Vec<f64> = (0..9).flat_map(|f| whole.frame(f).to_vec()).collect();
    for k in (0..values.len()).step_by(7) {
        values[k] = f64::NAN;
    }
    let part = CellEnsemble::from_wide(whole.times(), 200, &values).unwrap();
    let of = |cells: &CellEnsemble| ensemble_speed(cells, &quick(), &Run::default()).unwrap().length;
    let (a, b) = (of(&whole), of(&part));
    assert!((a.value - b.value).abs() < 5.0 * (a.standard_error + b.standard_error));
    for value in &mut values[200..395] {
        *value = f64::NAN;
    }
    let empty = CellEnsemble::from_wide(whole.times(), 200, &values).unwrap();
    let refused = ensemble_speed(&empty, &quick(), &Run::default());
    assert!(
        matches!(refused, Err(Error::Frame { frame: 1, .. })),
        "{refused:?}"
    );
}

#[test]
fn scales_and_families_agree() {
    let cells = Relaxation {
        frames: 13,
        dt: 5.0,
        ..Relaxation::LIKE_ERK
    }
    .cells(300, &mut stream(62));
    let values: Vec<f64> = (0..13).flat_map(|f| cells.frame(f).to_vec()).collect();
    let mapped = |f: fn(f64) -> f64| {
        let values: Vec<f64> = values.iter().map(|&x| f(x)).collect();
        CellEnsemble::from_wide(cells.times(), 300, &values).unwrap()
    };
    let length = |cells: &CellEnsemble, family| chord_length(cells, family, 2).unwrap();
    // a change of units changes no length; ln x normal is x log-normal; a gamma law of large shape is nearly normal in its mean
    let plain = length(&cells, Family::Normal);
    assert_close(
        "units",
        length(&mapped(|x| 1e3 * x + 7.0), Family::Normal),
        plain,
        1e-10,
        0.0,
    );
    assert_close(
        "log-normal",
        length(&mapped(f64::exp), Family::LogNormal),
        plain,
        1e-10,
        0.0,
    );
    let gamma = length(&mapped(|x| x + 3.0), Family::Gamma);
    assert_close(
        "gamma",
        gamma,
        length(&mapped(|x| x + 3.0), Family::Normal),
        0.1,
        0.0,
    );
    assert_close(
        "gamma units",
        length(&mapped(|x| 1e3 * (x + 3.0)), Family::Gamma),
        gamma,
        1e-7,
        0.0,
    );
    assert!(matches!(
        chord_length(&mapped(|x| x - 1.0), Family::Gamma, 1),
        Err(Error::NotPositive { .. })
    ));
}

#[test]
fn results_have_the_same_bits_on_any_number_of_threads() {
    let cells = Relaxation {
        frames: 20,
        ..Relaxation::LIKE_ERK
    }
    .cells(50, &mut stream(63));
    let of = |threads| {
        let found = ensemble_speed(
            &cells,
            &quick(),
            &Run {
                threads,
                ..Run::default()
            },
        )
        .unwrap();
        [
            found.length.value,
            found.length.standard_error,
            found.cost.value,
            found.geodesic_efficiency.interval.0,
        ]
    };
    assert_same_bits("speed", &of(1), &of(3));
}

#[test]
fn histograms_see_the_step_that_the_metric_gives() {
    // mean moves by 0.5 a frame at width 1: ds² = 0.25, of histograms with 12 bins about a twentieth less; 5 deviations of 0.006 at 4000 cells drawn afresh
    let mut stream = stream(64);
    let values: Vec<f64> = (0..2)
        .flat_map(|f| {
            (0..4000)
                .map(|_| 0.5 * f64::from(f) + stream.normal())
                .collect::<Vec<_>>()
        })
        .collect();
    let steps = hellinger_steps(
        &CellEnsemble::from_wide(&[0.0, 1.0], 4000, &values).unwrap(),
        1,
        12,
    )
    .unwrap();
    assert_close("ds²", 2.0 * steps[0].corrected, 0.24, 0.0, 0.04);
    assert!(steps[0].corrected < steps[0].naive);
}
