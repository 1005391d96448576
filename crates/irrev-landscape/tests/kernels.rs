//! Passive kernels, the variables that carry them, kernels of several coordinates and of positions, and random forces.

#![allow(clippy::unwrap_used, missing_docs)]

use crate::gle::Extended;
use irrev_landscape::memory::{
    Basis, ContinuedFraction, FitOptions, KernelOptions, MarkovEmbedding, MeanForce, ProjectedOptions,
    PronyKernel, PronyTerm, fluctuation_dissipation, memory_kernel, passive_fit, passive_fit_of_values,
    projected_kernel, random_force,
};
use irrev_landscape::record::{Clock, Segment};
use irrev_landscape::{Error, Record};
use irrev_numerics::linalg::{Matrix, exponential};
use irrev_numerics::{Estimate, Run};
use irrev_testing::assert_all_close;
use proptest::prelude::*;

fn term([amplitude, rate, frequency, phase]: [f64; 4]) -> PronyTerm {
    PronyTerm {
        amplitude,
        rate,
        frequency,
        phase,
    }
}

fn kernel(terms: &[[f64; 4]]) -> PronyKernel {
    PronyKernel::new(terms.iter().copied().map(term).collect()).unwrap()
}

/// A Σ + Σ Aᵀ = B Bᵀ, v and z uncorrelated, and the kernel.
fn assert_embeds(variables: &MarkovEmbedding, kernel: &PronyKernel, w0: f64) {
    let (a, s, b) = (&variables.drift, &variables.covariance, &variables.noise);
    let n = a.rows();
    let left = a.plain_product(s);
    let right = b.plain_product(&b.transposed());
    let scale = left.norm_one();
    for i in 0..n {
        for j in 0..n {
            let residual = left[(i, j)] + left[(j, i)] - right[(i, j)];
            assert!(residual.abs() < 1e-9 * scale, "{i} {j} {residual}");
        }
    }
    assert_eq!((s[(0, 0)], s[(0, 1)]), (w0, 0.0));
    let size = kernel
        .terms()
        .iter()
        .map(|term| term.amplitude.abs())
        .sum::<f64>();
    for t in [0.0, 0.3, 1.0, 4.0] {
        assert!((variables.kernel(t) - kernel.at(t)).abs() < 1e-7 * size, "{t}");
    }
}

fn terms() -> impl Strategy<Value = Vec<[f64; 4]>> {
    let one = (
        0.2..2.0_f64,
        0.3..2.0_f64,
        prop_oneof![Just(0.0), 0.5..4.0_f64],
        -0.6..0.6_f64,
    );
    prop::collection::vec(one, 1..5).prop_map(|terms| {
        let mut rate = 0.0;
        terms
            .into_iter()
            .map(|(c, gap, w, phase)| {
                rate += gap;
                [c, rate, w, phase]
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_frequency_lies_below_the_bound_and_what_is_certified_can_be_simulated(terms in terms()) {
        let kernel = kernel(&terms);
        let found = kernel.passivity().unwrap();
        let weighted = |w: f64| (1.0 + w * w / found.scale) * kernel.spectrum(w);
        let size: f64 = terms.iter().map(|[c, a, ..]| c / a).sum::<f64>() * 100.0;
        for k in 0..2000 {
            let w = 1e-3 * 1.01_f64.powi(k);
            prop_assert!(weighted(w) >= found.least.0 - 1e-9 * size);
        }
        if found.frequency.is_finite() {
            prop_assert!((weighted(found.frequency) - found.least.1).abs() < 1e-9 * size);
        }
        prop_assert!(found.least.1 - found.least.0 < 1e-6 * size);
        if found.least.0 > 1e-3 {
            assert_embeds(&kernel.embedding(0.7).unwrap(), &kernel, 0.7);
        } else if found.least.1 < 0.0 {
            let refused = matches!(kernel.embedding(0.7), Err(Error::NotPassive { .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn continued_fractions_have_the_transform_of_the_kernel(terms in terms()) {
        let kernel = kernel(&terms);
        let fraction = match kernel.continued_fraction() {
            Ok(fraction) => fraction,
            // a strength that nearly vanishes: rare
            Err(Error::BreaksOff { error, .. }) => {
                prop_assert!(error > 1e-8);
                return Ok(());
            }
            Err(other) => panic!("{other}"),
        };
        for s in [0.3, 1.0, 5.0] {
            // ∫ c e^{−(a+s)t} cos(wt + φ) dt
            let exact: f64 = terms
                .iter()
                .map(|[c, a, w, phase]| c * (phase.cos() * (a + s) - phase.sin() * w) / ((a + s).powi(2) + w * w))
                .sum();
            let size: f64 = terms.iter().map(|[c, ..]| c).sum();
            prop_assert!((kernel.transform(s) - exact).abs() < 1e-13 * size);
            prop_assert!((fraction.transform(s) - exact).abs() < 1e-6 * size, "{} {exact}", fraction.transform(s));
        }
    }
}

#[test]
fn a_fraction_that_nearly_breaks_off_is_refused_and_others_are_not() {
    // the second strength, (K'/K)² − K''/K at 0, is positive for exponentials and negative for fast oscillations
    let broken = |w: f64| kernel(&[[1.0, 0.3, w, 0.0], [1.0, 1.5, 0.0, 0.0]]).continued_fraction();
    let strength = |w: f64| broken(w).map_or(0.0, |fraction| fraction.strengths[1]);
    let (mut low, mut high) = (0.1_f64, 4.0_f64);
    assert!(strength(low) > 0.0 && strength(high) < 0.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match strength(middle) * strength(low) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    assert!(
        matches!(broken(low), Err(Error::BreaksOff { .. }))
            || matches!(broken(high), Err(Error::BreaksOff { .. }))
    );
    assert!(broken(low - 0.01).is_ok());
}

#[test]
fn exponentials_have_the_continued_fraction_of_their_jacobi_matrix() {
    let terms = [[1.0, 0.5, 0.0, 0.0], [2.0, 3.0, 0.0, 0.0], [0.7, 8.0, 0.0, 0.0]];
    let found = kernel(&terms).continued_fraction().unwrap();
    let exact = ContinuedFraction::from_exponentials(&[1.0, 2.0, 0.7], &[0.5, 3.0, 8.0]).unwrap();
    assert_all_close("D", &found.strengths, &exact.strengths, 1e-11, 1e-11);
    assert_all_close("g", &found.rates, &exact.rates, 1e-11, 1e-11);
}

#[test]
fn a_single_exponential_has_its_friction_as_least_value_and_faults_are_named() {
    let found = kernel(&[[3.0, 1.5, 0.0, 0.0]]).passivity().unwrap();
    assert!((found.least.0 - 2.0).abs() < 1e-7 && (found.least.1 - 2.0).abs() < 1e-12);
    // K(0) = 0: no noise has that
    let sine = kernel(&[[1.0, 1.0, 2.0, 0.5 * std::f64::consts::PI]]);
    assert!(matches!(sine.embedding(1.0), Err(Error::NotPassive { .. })));
    let twice = kernel(&[[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]]);
    assert!(matches!(twice.embedding(1.0), Err(Error::Domain { .. })));
    assert!(matches!(PronyKernel::new(vec![]), Err(Error::Empty { .. })));
    assert!(matches!(
        PronyKernel::new(vec![term([1.0, 0.0, 0.0, 0.0])]),
        Err(Error::Domain { .. })
    ));
    // the kernel of a motor, not of a bath: refused with what is left
    let times: Vec<f64> = (0..50).map(|k| 0.1 * f64::from(k)).collect();
    let active: Vec<f64> = times.iter().map(|t| -(-t).exp()).collect();
    let refused = passive_fit_of_values(&times, &active, 2, 0.2, &Run::default());
    assert!(
        matches!(refused, Err(Error::Misfit { order: 2, .. })),
        "{refused:?}"
    );
    assert!(matches!(
        passive_fit_of_values(&times[..4], &active[..4], 2, 0.2, &Run::default()),
        Err(Error::Empty { .. })
    ));
}

#[test]
fn sums_of_several_terms_are_found_from_their_values() {
    let times: Vec<f64> = (0..300).map(|k| 0.03 * f64::from(k)).collect();
    for (terms, order) in [
        (vec![[3.0, 1.5, 0.0, 0.0]], 1),
        (vec![[2.0, 0.4, 3.0, 0.0]], 2),
        (vec![[2.0, 0.5, 3.0, 0.1], [4.0, 4.0, 0.0, 0.0]], 3),
        (vec![[1.0, 0.3, 0.0, 0.0], [4.0, 6.0, 0.0, 0.0]], 2),
    ] {
        let exact = kernel(&terms);
        let values: Vec<f64> = times.iter().map(|t| exact.at(*t)).collect();
        let fit = passive_fit_of_values(&times, &values, order, 1e-3, &Run::default()).unwrap();
        assert!(
            fit.misfit < 1e-4 && fit.kernel.order() == order,
            "{terms:?} {fit:?}"
        );
        assert!(fit.passivity.least.0 > -1e-6, "{fit:?}");
        assert_embeds(&fit.embedding(2.0).unwrap(), &fit.kernel, 2.0);
        // the particle simulated with these variables moves as the one with the kernel
        let system = Extended::new(1.0, 1.0, vec![[3.0, 1.5, 0.0]]);
        if terms == [[3.0, 1.5, 0.0, 0.0]] {
            let variables = fit.embedding(1.0).unwrap();
            let n = variables.drift.rows() + 1;
            let whole = Matrix::from_fn(n, n, |i, j| match (i, j) {
                (0, 1) => 1.0,
                (1, 0) => -1.0,
                (0, _) | (_, 0) => 0.0,
                (i, j) => -variables.drift[(i - 1, j - 1)],
            });
            let [_, vv, _] = system.correlations(0.5, 10);
            for (k, vv) in vv.iter().enumerate() {
                let moved = exponential(&whole.clone().scaled(0.5 * k as f64));
                assert!((moved[(1, 1)] - vv).abs() < 1e-3, "{k}");
            }
        }
    }
}

/// A particle with an oscillating kernel, with accelerations.
fn record(trajectories: &[[Vec<f64>; 3]], step: f64) -> Record<'_> {
    let segments = trajectories.iter().map(|[x, v, a]| {
        Segment::new(Clock::Step(step), vec![x])
            .and_then(|segment| segment.with_velocities(vec![v]))
            .and_then(|segment| segment.with_accelerations(vec![a]))
            .unwrap()
    });
    Record::new(vec![None], segments.collect()).unwrap()
}

/// Mean square of (value − exact)/error.
fn reduced_square(found: &[Estimate], exact: impl Fn(usize) -> f64) -> f64 {
    let terms = found.iter().enumerate().filter(|(_, k)| k.standard_error > 0.0);
    let (sum, count) = terms.fold((0.0, 0.0), |(sum, count), (k, found)| {
        (
            sum + ((found.value - exact(k)) / found.standard_error).powi(2),
            count + 1.0,
        )
    });
    sum / count
}

#[test]
fn a_kernel_of_a_recording_is_fitted_by_a_passive_one_with_the_order_it_has() {
    let (system, step, lags) = (Extended::new(1.0, 1.0, vec![[2.0, 0.4, 3.0]]), 0.05, 150);
    let trajectories = system.trajectories(step, 128, 2000, 1);
    let record = record(&trajectories, step);
    let options = KernelOptions {
        lags,
        mean_force: MeanForce::Linear { omega_squared: 1.0 },
        draws: 40,
        ..KernelOptions::default()
    };
    let found = memory_kernel(&record, &options, &Run::default()).unwrap();
    let fit = passive_fit(
        &found,
        &FitOptions {
            most: 4,
            ..FitOptions::default()
        },
        &Run::default(),
    )
    .unwrap();
    let rms = |values: &dyn Fn(usize) -> f64| {
        ((0..lags)
            .map(|k| (values(k) - system.kernel(found.times[k])).powi(2))
            .sum::<f64>()
            / lags as f64)
            .sqrt()
    };
    let (raw, fitted) = (
        rms(&|k| found.kernel[k].value),
        rms(&|k| fit.kernel.at(found.times[k])),
    );
    // one or no exponential cannot oscillate; two variables can
    assert!(fit.kernel.order() >= 2 && fit.held_out[1] < 0.3 * fit.held_out[0]);
    // four numbers for 150 lags: what is left of the noise is a part of it
    assert!(fitted < raw, "{fitted} {raw}");
    // w0 K beside ⟨ξ ξ⟩
    let check = fluctuation_dissipation(&record, &options, &Run::default()).unwrap();
    // differences over 150 lags are correlated over some ten: as in the test of bands, 3 is beyond 3 standard deviations in 1e-6 of all seeds
    let square = reduced_square(&check.noise, |k| system.kernel(check.times[k]));
    assert!(square < 3.0, "{square}");
    // the trapezoid rule and stencils are off by h², which is no noise: 5 % of K(0) at this step
    for (noise, kernel) in check.noise.iter().zip(&check.kernel) {
        assert!((noise.value - kernel.value).abs() < 0.1, "{noise:?} {kernel:?}");
    }
    // the force along each trajectory has the same correlation
    let exact: Vec<f64> = found.times.iter().map(|t| system.kernel(*t)).collect();
    let forces = random_force(&record, 0, &options.mean_force, &exact).unwrap();
    assert_eq!(forces[0].len(), 2000 - lags + 1);
    let (mut sum, mut count) = (0.0, 0.0);
    for force in &forces {
        sum += force.iter().map(|x| x * x).sum::<f64>();
        count += force.len() as f64;
    }
    // ⟨ξ²⟩ = 2; a correlation time of 2 and 128 × 92: some 6e3 independent squares, 2 %, and the kernel beyond 7.5 is 5 % of its start
    assert!((sum / count / 2.0 - 1.0).abs() < 0.1, "{}", sum / count);
}

#[test]
fn one_function_of_one_coordinate_is_the_plain_kernel_and_hats_see_no_position_where_there_is_none() {
    let (system, step, lags) = (Extended::new(1.0, 1.0, vec![[3.0, 1.5, 0.0]]), 0.05, 60);
    let trajectories = system.trajectories(step, 128, 1500, 1);
    let record = record(&trajectories, step);
    let force = MeanForce::Linear { omega_squared: 1.0 };
    let plain = memory_kernel(
        &record,
        &KernelOptions {
            lags,
            mean_force: force.clone(),
            draws: 20,
            ..KernelOptions::default()
        },
        &Run::default(),
    )
    .unwrap();
    let options = ProjectedOptions {
        mean_forces: vec![force],
        lags,
        draws: 40,
        ..ProjectedOptions::default()
    };
    let of = |basis: Basis, points: Vec<f64>| {
        let options = ProjectedOptions {
            basis,
            points,
            ..options.clone()
        };
        projected_kernel(&record, &options, &Run::default()).unwrap()
    };
    let constant = of(Basis::Constant, vec![0.0]);
    let values = |kernel: &[Estimate]| kernel.iter().map(|k| k.value).collect::<Vec<_>>();
    assert_all_close(
        "constant",
        &values(constant.kernel(0, 0, 0).unwrap()),
        &values(&plain.kernel),
        0.0,
        1e-9,
    );
    let hats = of(
        Basis::Hats {
            points: vec![-1.0, 0.0, 1.0],
        },
        vec![-1.0, 0.0, 1.0],
    );
    for point in 0..3 {
        let found = hats.kernel(0, 0, point).unwrap();
        let square = reduced_square(found, |k| system.kernel(hats.times[k]));
        // 60 lags, correlated over some ten: six degrees of freedom; beyond 6 in 3e-6
        assert!(square < 6.0, "{point} {square}");
        assert_all_close(
            "at",
            &values(found),
            &hats.at(0, 0, hats.points[point]).unwrap(),
            0.0,
            1e-12,
        );
    }
    // the same space, other functions
    let straight = of(
        Basis::Polynomials {
            centre: 0.3,
            half_width: 2.0,
            degree: 1,
        },
        vec![0.4],
    );
    let turned = of(
        Basis::Polynomials {
            centre: -1.0,
            half_width: 0.5,
            degree: 1,
        },
        vec![0.4],
    );
    assert_all_close(
        "span",
        &values(straight.kernel(0, 0, 0).unwrap()),
        &values(turned.kernel(0, 0, 0).unwrap()),
        0.0,
        1e-8,
    );
    // functions that are never visited
    let far = ProjectedOptions {
        basis: Basis::Hats {
            points: vec![0.0, 50.0, 60.0],
        },
        ..options.clone()
    };
    assert!(matches!(
        projected_kernel(&record, &far, &Run::default()),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(hats.kernel(0, 1, 0), Err(Error::NoCoordinate { .. })));
}

#[test]
fn turned_coordinates_have_the_turned_matrix_of_kernels() {
    let step = 0.05;
    let systems = [
        Extended::new(1.0, 1.0, vec![[3.0, 1.5, 0.0]]),
        Extended::new(4.0, 1.0, vec![[1.0, 0.6, 2.0]]),
    ];
    let [first, second] = [0, 1].map(|k: usize| systems[k].trajectories(step, 128, 1500, 1 + k as u64));
    let (c, s) = (0.8, 0.6);
    let turned: Vec<[[Vec<f64>; 2]; 2]> = first
        .iter()
        .zip(&second)
        .map(|(a, b)| {
            [0, 1].map(|which: usize| {
                let mix = |x: f64, y: f64| {
                    a[which]
                        .iter()
                        .zip(&b[which])
                        .map(|(a, b)| x * a + y * b)
                        .collect()
                };
                [mix(c, -s), mix(s, c)]
            })
        })
        .collect();
    let segments = turned.iter().map(|[x, v]| {
        Segment::new(Clock::Step(step), vec![&x[0], &x[1]])
            .unwrap()
            .with_velocities(vec![&v[0], &v[1]])
            .unwrap()
    });
    let record = Record::new(vec![None; 2], segments.collect()).unwrap();
    // R diag(1, 4) Rᵀ
    let stiffness = |a: f64, b: f64| {
        [
            [c * c * a + s * s * b, c * s * (a - b)],
            [c * s * (a - b), s * s * a + c * c * b],
        ]
    };
    let k = stiffness(1.0, 4.0);
    let options = ProjectedOptions {
        coordinates: vec![0, 1],
        mean_forces: k
            .iter()
            .map(|row| MeanForce::Coupled {
                stiffness: row.to_vec(),
            })
            .collect(),
        lags: 60,
        draws: 40,
        ..ProjectedOptions::default()
    };
    let found = projected_kernel(&record, &options, &Run::default()).unwrap();
    for i in 0..2 {
        for j in 0..2 {
            let exact = |k: usize| {
                let [a, b] = [0, 1].map(|which: usize| systems[which].kernel(found.times[k]));
                stiffness(a, b)[i][j]
            };
            let square = reduced_square(found.kernel(i, j, 0).unwrap(), exact);
            // as above
            assert!(square < 6.0, "{i} {j} {square}");
        }
    }
}
