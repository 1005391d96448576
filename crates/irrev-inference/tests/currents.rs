//! Entropy production of continuous motion: reference values, bead chains with known dissipation, laws of the accumulators.
#![allow(clippy::unwrap_used)]

use crate::support::{Linear, noisy};
use irrev_inference::currents::{
    Basis, BoundOptions, Certificate, Currents, Dissipation, HeldOutOptions, MomentOptions, Moments,
    Monomial, Motion, NoisePolicy, RadialOptions, RateOptions, Series, VariationalOptions, WindowOptions,
    dissipation_in_time, entropy_production_rate, held_out_bound, measurement_noise, plug_in, point_estimate,
    radial_currents, recheck, uncertainty_bound, variational_bound,
};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{EstimateKind, Run};
use irrev_testing::{assert_all_close, assert_close};

const SINGLE: &[usize] = &[1];

fn strides(strides: &[usize]) -> MomentOptions {
    MomentOptions {
        strides: strides.to_vec(),
        ..MomentOptions::default()
    }
}

/// σ of two and five beads at 10 : 1.
const TWO: f64 = 2.025;
const FIVE: f64 = 0.629_817_279_494_7;

/// 3000 steps of two beads at temperatures 10 and 1, dt = 0.01. The reference values of this file: damped Newton against BFGS in an independent program.
fn recorded() -> Series<'static> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/two_beads.csv"));
    let text = text.unwrap();
    let rows = text.lines().skip(1).flat_map(|line| line.split(','));
    let points: Vec<f64> = rows.map(|x| x.parse().unwrap()).collect();
    Series::new([points], 2, 0.01).unwrap()
}

#[test]
fn every_form_of_the_bound_on_a_recorded_chain_is_the_reference_value() {
    let series = recorded();
    let run = Run::default();
    let cases = [
        (
            Currents::antisymmetric(2),
            vec![0.049_962_250_208_473_75],
            [
                1.138_596_587_596_114_8,
                1.132_526_641_629_055_4,
                1.132_163_362_913_216_6,
            ],
            [1.131_835_907_723_162_8, 1.131_835_576_054_263],
            vec![0.224_903_615_100_02],
        ),
        (
            Currents::linear(2),
            vec![
                0.002_285_342_956_893_094,
                0.024_689_878_899_237_006,
                -0.025_272_371_309_236_742,
                -0.000_326_532_300_917_798_37,
            ],
            [
                2.419_356_179_096_273,
                2.391_227_104_443_957_7,
                2.390_553_394_079_356,
            ],
            [2.402_266_105_591_664, 2.402_262_414_671_796_4],
            vec![
                0.095_807_386_022_478_96,
                0.620_351_711_140_649_1,
                -0.313_648_181_906_774_07,
                -0.880_240_189_983_250_7,
            ],
        ),
    ];
    for (currents, means, closed, maxima, theta) in cases {
        let moments = Moments::of(&series, currents.clone(), &strides(SINGLE), &run).unwrap();
        assert_all_close("means", &moments.means(0).unwrap(), &means, 1e-9, 1e-14);
        let found = plug_in(&moments).unwrap()[0];
        let forms = [found.central, found.second_moment, found.logarithmic];
        assert_all_close("closed forms", &forms, &closed, 1e-9, 0.0);
        let found = variational_bound(&series, &currents, &VariationalOptions::default(), &run).unwrap();
        let values = [found.maximum_entropy.value, found.neep.value];
        assert_all_close("maxima", &values, &maxima, 1e-9, 0.0);
        assert_all_close(
            "exponents",
            &found.maximum_entropy.coefficients,
            &theta,
            1e-6,
            0.0,
        );
    }
}

/// The estimates of 20 independent runs, checked as single numbers and in the mean.
///
/// Bands of one run are four standard deviations of the plain estimator wide and hold the bias of its step besides: each fails by chance with less than 6e-5, twenty with 1.3e-3; the mean with 6e-5.
fn accepted(n: usize, truth: f64, slack: f64, deviation: f64, seed: u64) {
    let beads = Linear::beads(n, 10.0, 1.0);
    let mut sum = 0.0;
    for index in 0..20 {
        let points = beads.sampled(0.01, 100_000, seed, index, None);
        let series = Series::new([points], n, 0.01).unwrap();
        let moments = Moments::of(
            &series,
            Currents::affine(vec![0.0; n]),
            &MomentOptions::default(),
            &Run::default(),
        )
        .unwrap();
        let options = BoundOptions {
            draws: 100,
            ..BoundOptions::default()
        };
        let found = uncertainty_bound(&moments, &options, &Run::default()).unwrap();
        let value = found.estimate.value;
        assert!(
            (value - truth).abs() <= slack + 4.0 * deviation,
            "run {index}: {value}"
        );
        sum += value;
    }
    let mean = sum / 20.0;
    assert!(
        (mean - truth).abs() <= slack + 4.0 * deviation / 20.0_f64.sqrt(),
        "mean {mean}"
    );
}

#[test]
fn twenty_chains_of_two_beads_give_the_dissipation_within_its_scatter() {
    accepted(2, TWO, 0.018_75 + 0.069_46, 0.108_46, 2);
}

#[test]
fn twenty_chains_of_five_beads_give_the_dissipation_within_its_scatter() {
    accepted(5, FIVE, 0.027_91 + 0.011_98, 0.091_25, 5);
}

#[test]
fn rotations_alone_lose_half_and_control_variates_bring_it_back() {
    // population values at dt = 0.01: 0.9834 and 1.9555; T = 4000, standard deviation of the second 0.054, of the first less: 5 σ
    let beads = Linear::beads(2, 10.0, 1.0);
    let series = Series::new([beads.sampled(0.01, 400_000, 1, 0, None)], 2, 0.01).unwrap();
    let value = |currents| {
        let moments = Moments::of(&series, currents, &strides(SINGLE), &Run::default()).unwrap();
        plug_in(&moments).unwrap()[0].central
    };
    assert!((value(Currents::antisymmetric(2)) - 0.983_44).abs() < 0.27);
    let all = value(Currents::linear(2));
    assert!((all - 1.955_54).abs() < 0.27, "{all}");
}

#[test]
fn the_coefficients_are_those_of_the_thermodynamic_force() {
    // F(x) = F x with F = D⁻¹(A + D S⁻¹); T = 4000: entries scatter by about 1/√(2 T S_aa D_bb) < 0.02, 5 σ and what the step hides
    let beads = Linear::beads(2, 10.0, 1.0);
    let series = Series::new([beads.sampled(0.005, 800_000, 3, 0, None)], 2, 0.005).unwrap();
    let currents = Currents::affine(vec![0.3, -0.2]);
    let run = Run::default();
    let moments = Moments::of(&series, currents.clone(), &MomentOptions::default(), &run).unwrap();
    let found = uncertainty_bound(&moments, &BoundOptions::default(), &run).unwrap();
    let force = currents.field(&found.coefficients, &[1.0, 2.0]).unwrap();
    assert_close("F_0", force[0], 0.082_157_7 - 2.0 * 0.265_145_2, 0.0, 0.1);
    assert_close("F_1", force[1], 0.634_854_8 - 2.0 * 0.821_576_8, 0.0, 0.15);
    assert_eq!((found.rank, found.currents), (6, 6));
}

#[test]
fn moving_the_origin_or_the_units_changes_nothing() {
    let beads = Linear::beads(2, 10.0, 1.0);
    let points = beads.sampled(0.01, 20_000, 4, 0, None);
    let moved: Vec<f64> = points
        .chunks(2)
        .flat_map(|p| [1e3 + 7.0 * p[0], -50.0 + 0.01 * p[1]])
        .collect();
    let value = |points: &[f64]| {
        let series = Series::new([points], 2, 0.01).unwrap();
        let found = entropy_production_rate(&series, &RateOptions::default(), &Run::default()).unwrap();
        (found.estimate.estimate.value, found.held_out.estimate.value)
    };
    let (one, two) = (value(&points), value(&moved));
    assert_close("estimate", two.0, one.0, 1e-8, 0.0);
    assert_close("bound", two.1, one.1, 1e-8, 0.0);
}

#[test]
fn threads_and_chunks_change_no_bit_and_merging_only_rounding() {
    let beads = Linear::beads(3, 4.0, 1.0);
    let points = beads.sampled(0.02, 10_000, 1, 0, None);
    let (first, second) = points.split_at(3 * 3001);
    let series = Series::new([first, second], 3, 0.02).unwrap();
    let currents = Currents::affine(vec![0.0; 3]);
    let with = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        Moments::of(&series, currents.clone(), &MomentOptions::default(), &run).unwrap()
    };
    let whole = with(1);
    assert_eq!(whole, with(3));
    for length in [1, 7, 128, 133, 5000] {
        let mut pieces = Moments::new(currents.clone(), 0.02, &MomentOptions::default()).unwrap();
        for segment in [first, second] {
            for piece in segment.chunks(3 * length) {
                pieces.push(piece).unwrap();
            }
            pieces.end_segment().unwrap();
        }
        assert_eq!(pieces, whole, "pieces of {length}");
    }
    let of = |points: &[f64]| {
        let series = Series::new([points], 3, 0.02).unwrap();
        Moments::of(
            &series,
            currents.clone(),
            &MomentOptions::default(),
            &Run::default(),
        )
        .unwrap()
    };
    let mut merged = of(first);
    merged.merge(of(second)).unwrap();
    assert_eq!(merged.steps(), whole.steps());
    for (one, two) in merged.blocks().total().iter().zip(whole.blocks().total()) {
        assert!((one - two).abs() <= 1e-12 * (1.0 + two.abs()));
    }
    let saved: Moments = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
    assert_eq!(saved, whole);
}

#[test]
fn at_equilibrium_the_corrected_estimate_and_the_bound_hold_zero() {
    // plain estimates are pure bias there; 40 chains, an interval misses with 5 % at most: more than 8 misses by chance 1e-4
    let beads = Linear::beads(2, 5.0, 5.0);
    let (mut missed, mut exceeded, mut sum) = (0, 0, 0.0);
    for index in 0..40 {
        let series = Series::new([beads.sampled(0.01, 20_000, 6, index, None)], 2, 0.01).unwrap();
        let found = entropy_production_rate(&series, &RateOptions::default(), &Run::default()).unwrap();
        let interval = found.estimate.estimate.interval;
        missed += usize::from(interval.0 > 0.0 || interval.1 < 0.0);
        exceeded += usize::from(found.held_out.estimate.interval.0 > 0.0);
        sum += found.estimate.estimate.value;
    }
    assert!(missed <= 8 && exceeded <= 8, "{missed} {exceeded}");
    // one rotation: the plain estimate is about χ²₁ · 2/200 too high on average; corrected, its standard deviation is √2 of that: 5 σ of the mean
    assert!(
        (sum / 40.0).abs() < 5.0 * 0.0142 / 40.0_f64.sqrt(),
        "{}",
        sum / 40.0
    );
}

#[test]
fn a_certificate_is_computed_again_from_the_data_and_notices_a_changed_point() {
    let beads = Linear::beads(2, 10.0, 1.0);
    let mut points = beads.sampled(0.01, 30_000, 7, 0, None);
    let series = Series::new([&points[..20_002], &points[20_002..]], 2, 0.01).unwrap();
    let found = held_out_bound(
        &series,
        Currents::affine(series_mean(&points)),
        &HeldOutOptions::default(),
        &Run::default(),
    )
    .unwrap();
    assert_eq!(found.estimate.kind, EstimateKind::LowerBound);
    assert!(found.estimate.value < found.in_sample);
    // T = 300: standard deviation of the bound about 0.2
    assert!((found.estimate.value - TWO).abs() < 1.0 && found.estimate.interval.0 < TWO);
    let text = serde_json::to_string(&found.certificate).unwrap();
    let saved: Certificate = serde_json::from_str(&text).unwrap();
    let again = recheck(&saved, &series).unwrap();
    assert!(again.agrees && again.difference <= again.tolerance, "{again:?}");
    let mut forged = saved.clone();
    forged.folds[1].coefficients[2] *= 1.000_01;
    assert!(!recheck(&forged, &series).unwrap().agrees);
    forged = saved.clone();
    forged.bound.value += 1e-3;
    assert!(!recheck(&forged, &series).unwrap().agrees);
    let broken: Certificate =
        serde_json::from_str(&text.replacen("\"dimension\":2", "\"dimension\":3", 1)).unwrap();
    assert!(recheck(&broken, &series).is_err());
    points[12_345] += 1e-3;
    let changed = Series::new([&points[..20_002], &points[20_002..]], 2, 0.01).unwrap();
    assert!(!recheck(&saved, &changed).unwrap().agrees);
    assert!(recheck(&saved, &Series::new([&points[..]], 2, 0.01).unwrap()).is_err());
    assert!(
        recheck(
            &saved,
            &Series::new([&points[..20_002], &points[20_002..]], 2, 0.02).unwrap()
        )
        .is_err()
    );
}

fn series_mean(points: &[f64]) -> Vec<f64> {
    let n = (points.len() / 2) as f64;
    (0..2)
        .map(|a| points.iter().skip(a).step_by(2).sum::<f64>() / n)
        .collect()
}

#[test]
fn noise_of_measurement_is_seen_said_and_taken_out() {
    let beads = Linear::beads(2, 10.0, 1.0);
    let clean = beads.sampled(0.01, 400_000, 8, 0, None);
    let run = Run::default();
    let of = |points: &[f64], noise| {
        let series = Series::new([points], 2, 0.01).unwrap();
        let options = RateOptions {
            noise,
            ..RateOptions::default()
        };
        entropy_production_rate(&series, &options, &run).unwrap()
    };
    let without = of(&clean, NoisePolicy::TakeOutOrRefuse);
    assert!(!without.noise_taken_out && without.noise.iter().all(|found| !found.smooth));
    // variance 0.01 beside mean square steps of 0.2 and 0.02
    let seen = noisy(&clean, 0.1, 1);
    let kept = of(&seen, NoisePolicy::Keep);
    let taken_out = of(&seen, NoisePolicy::TakeOutOrRefuse);
    assert!(taken_out.noise_taken_out && taken_out.assumptions.iter().any(|s| s.contains("taken out")));
    let found = &taken_out.noise[1];
    assert!((found.variance - 0.01).abs() < 5.0 * found.standard_error && found.seen);
    assert!((found.diffusion - 1.0).abs() < 0.05);
    // T = 4000: standard deviation 0.055; the noise halves what is kept at the step of the data
    let plain = kept.estimate.plug_in[0].central;
    assert!(plain < 1.4, "{plain}");
    let estimate = &taken_out.estimate.estimate;
    assert!(
        (estimate.value - TWO).abs() < 5.0 * estimate.standard_error + 0.05,
        "{estimate:?}"
    );
    // rotations are no family of which noise cancels
    let refused = RateOptions {
        basis: Basis::Antisymmetric,
        ..RateOptions::default()
    };
    let series = Series::new([&seen[..]], 2, 0.01).unwrap();
    let message = entropy_production_rate(&series, &refused, &run)
        .unwrap_err()
        .to_string();
    assert!(message.contains("noise"), "{message}");
}

#[test]
fn inertia_is_told_from_overdamped_motion() {
    // ẍ = −x − ẋ + noise, position only: increments of neighbours go the same way
    let inertial = Linear::new(
        Matrix::from_fn(2, 2, |i, j| [[0.0, 1.0], [-1.0, -1.0]][i][j]),
        Matrix::from_fn(2, 2, |i, j| {
            if i == 1 && j == 1 {
                1.0
            } else {
                1e-12 * f64::from(u8::from(i == j))
            }
        }),
    );
    let points = inertial.sampled(0.05, 20_000, 1, 0, None);
    let position: Vec<f64> = points.iter().step_by(2).copied().collect();
    let series = Series::new([position], 1, 0.05).unwrap();
    let found = measurement_noise(&series, &Run::default()).unwrap();
    let overdamped = Linear::beads(2, 3.0, 1.0).sampled(0.05, 20_000, 1, 0, None);
    let other = measurement_noise(&Series::new([overdamped], 2, 0.05).unwrap(), &Run::default()).unwrap();
    assert!(!other.iter().any(|found| found.smooth || found.seen), "{other:?}");
    assert!(found[0].smooth, "{found:?}");
}

#[test]
fn a_force_that_is_no_linear_one_needs_radial_or_chosen_currents() {
    // dx = −r² x dt + ω(r) (−y, x) dt + √2 dW: the density is ∝ e^{−r⁴/4} whatever ω, the force is ω(r) (−y, x), and σ = ⟨ω² r²⟩
    let dt: f64 = 0.005;
    let omega = |x: f64, y: f64| 2.0 * (1.0 - (x * x + y * y));
    let (mut stream, mut x, mut y) = (Stream::new(2, Purpose::Trajectory, 0), 0.0_f64, 0.0_f64);
    let (mut points, mut truth) = (Vec::new(), 0.0);
    let steps = 200_000;
    for _ in 0..steps {
        points.extend([x, y]);
        truth += omega(x, y).powi(2) * (x * x + y * y) / f64::from(steps);
        // small steps inside of one, so that the record is that of continuous motion
        for _ in 0..4 {
            let h = 0.25 * dt;
            let (r2, w) = (x * x + y * y, omega(x, y));
            let kick = (2.0 * h).sqrt();
            (x, y) = (
                x + (-r2 * x - w * y) * h + kick * stream.normal(),
                y + (-r2 * y + w * x) * h + kick * stream.normal(),
            );
        }
    }
    let series = Series::new([points], 2, dt).unwrap();
    let run = Run::default();
    let estimate = |basis| {
        let options = RateOptions {
            basis,
            bound: BoundOptions {
                draws: 200,
                ..BoundOptions::default()
            },
            ..RateOptions::default()
        };
        entropy_production_rate(&series, &options, &run).unwrap()
    };
    let linear = estimate(Basis::Affine);
    let radial = estimate(Basis::Radial(RadialOptions {
        centres: vec![0, 6, 12],
        ..RadialOptions::default()
    }));
    let mut chosen = Vec::new();
    for component in 0..2 {
        for degree in 0..4_u32 {
            for power in 0..=degree {
                chosen.push(Monomial {
                    exponents: vec![power, degree - power],
                    component,
                });
            }
        }
    }
    let cubic = estimate(Basis::Chosen(Currents::monomials(2, chosen).unwrap()));
    let value = |found: &Dissipation| found.estimate.estimate.value;
    assert!(value(&linear) < 0.5 * truth);
    assert!((value(&cubic) / truth - 1.0).abs() < 0.15);
    assert!(radial.radial.as_ref().unwrap().centres > 0);
    assert!(value(&radial) > 0.7 * truth && value(&radial) < 1.15 * truth);
    assert!(radial.held_out.certificate.folds[0].first >= 99_999);
}

#[test]
fn an_ensemble_that_relaxes_dissipates_what_its_moments_say() {
    // dx = −x dt + √2 dW from x = 4: σ(t) = ṁ² + (1/V − 1)² V with m = 4 e^{−t}, V = 1 − e^{−2t}; a start of width zero is left out
    let one = Linear::new(Matrix::from_fn(1, 1, |_, _| -1.0), Matrix::identity(1));
    let (dt, skipped) = (0.01, 20);
    let trajectories: Vec<Vec<f64>> = (0..2000)
        .map(|k| one.sampled(dt, 100, 1, k, Some(&[4.0]))[skipped..].to_vec())
        .collect();
    let series = Series::new(trajectories, 1, dt).unwrap();
    let options = WindowOptions::default();
    let found =
        dissipation_in_time(&series, &Currents::affine(vec![1.0]), &options, &Run::default()).unwrap();
    assert_eq!(found.len(), 10);
    let mut missed = 0;
    for window in &found {
        let middle = 0.5 * (window.from + window.to) + dt * skipped as f64;
        let (mean, variance) = (4.0 * (-middle).exp(), 1.0 - (-2.0 * middle).exp());
        let truth = mean * mean + (1.0 / variance - 1.0).powi(2) * variance;
        let (low, high) = window.bound.estimate.interval;
        missed += usize::from(!(low <= truth && truth <= high));
        let error = window.bound.estimate.standard_error;
        assert!(
            (window.bound.estimate.value - truth).abs() < 5.0 * error + 0.02 * truth,
            "{middle}: {:?} of {truth}",
            window.bound.estimate
        );
    }
    // windows overlap in nothing, each misses with 5 %: four of ten by chance 1e-3
    assert!(missed < 4, "{missed}");
    let early = Series::new(vec![vec![0.0, 1.0]; 3], 1, dt).unwrap();
    assert!(dissipation_in_time(&early, &Currents::affine(vec![0.0]), &options, &Run::default()).is_err());
}

#[test]
fn data_too_short_for_their_currents_are_refused_with_the_number_needed() {
    let beads = Linear::beads(5, 10.0, 1.0);
    let series = Series::new([beads.sampled(0.01, 250, 1, 0, None)], 5, 0.01).unwrap();
    let run = Run::default();
    let message = entropy_production_rate(&series, &RateOptions::default(), &run)
        .unwrap_err()
        .to_string();
    assert!(message.contains("302") && message.contains("250"), "{message}");
    assert!(Moments::of(&series, Currents::linear(2), &MomentOptions::default(), &run).is_err());
    assert!(Moments::new(Currents::linear(2), 0.0, &MomentOptions::default()).is_err());
    assert!(Moments::new(Currents::linear(2), 1.0, &strides(&[2, 1])).is_err());
    assert!(Moments::new(Currents::antisymmetric(1), 1.0, &strides(SINGLE)).is_err());
    let mut moments = Moments::new(Currents::linear(2), 1.0, &strides(SINGLE)).unwrap();
    assert!(moments.push(&[1.0]).is_err() && moments.push(&[1.0, f64::NAN]).is_err());
    assert!(plug_in(&moments).is_err() && moments.means(0).is_none());
    assert!(
        radial_currents(
            &series,
            &RadialOptions {
                centres: vec![],
                ..Default::default()
            },
            &run
        )
        .is_err()
    );
    let folds = HeldOutOptions {
        folds: 1,
        ..HeldOutOptions::default()
    };
    assert!(held_out_bound(&series, Currents::linear(5), &folds, &run).is_err());
}

#[test]
fn a_point_estimate_is_the_value_before_its_bias_is_taken_out() {
    let beads = Linear::beads(2, 10.0, 1.0);
    let series = Series::new([beads.sampled(0.01, 20_000, 9, 0, None)], 2, 0.01).unwrap();
    let run = Run::default();
    let moments = Moments::of(
        &series,
        Currents::affine(vec![0.0; 2]),
        &MomentOptions::default(),
        &run,
    )
    .unwrap();
    let point = point_estimate(&moments, Motion::StationaryConfined).unwrap();
    let found = uncertainty_bound(&moments, &BoundOptions::default(), &run).unwrap();
    assert_close("bias", point - found.bias, found.estimate.value, 1e-9, 0.0);
    assert!(found.estimate.bias_correction == found.bias && found.cap > 900.0);
}

#[test]
fn reversing_time_or_mixing_coordinates_changes_no_plain_number() {
    let mut stream = Stream::new(4, Purpose::Search, 0);
    for dimension in [1, 2, 4] {
        for _ in 0..10 {
            let n = 400;
            let mut x = vec![0.0; dimension];
            let mix = Matrix::from_fn(dimension, dimension, |_, _| 0.3 * stream.normal());
            let mut points = Vec::new();
            for _ in 0..n {
                points.extend_from_slice(&x);
                x = mix
                    .apply_to(&x)
                    .iter()
                    .map(|x| x.clamp(-3.0, 3.0) + stream.normal())
                    .collect();
            }
            let found = |points: Vec<f64>| {
                let series = Series::new([points], dimension, 0.5).unwrap();
                let moments = Moments::of(
                    &series,
                    Currents::affine(vec![0.1; dimension]),
                    &MomentOptions::default(),
                    &Run::default(),
                );
                plug_in(&moments.unwrap()).unwrap()
            };
            let plain = found(points.clone());
            let reversed = found(points.chunks(dimension).rev().flatten().copied().collect());
            let other = Matrix::from_fn(dimension, dimension, |i, j| {
                stream.normal() + 3.0 * f64::from(u8::from(i == j))
            });
            let mixed = found(points.chunks(dimension).flat_map(|x| other.apply_to(x)).collect());
            for (k, plain) in plain.iter().enumerate() {
                // rounding times the condition of the covariance, which the mixing squares
                assert_close("reversed", reversed[k].central, plain.central, 1e-9, 1e-12);
                assert_close("mixed", mixed[k].central, plain.central, 1e-6, 1e-9);
                // ⟨ggᵀ⟩ has N under it, the covariance N − 1
                let most = plain.central * (1.0 + 1.0 / (plain.steps as f64 - 1.0));
                assert!(plain.second_moment <= most && plain.logarithmic <= plain.central);
            }
        }
    }
}

#[test]
fn exponential_bounds_held_out_stay_below_and_the_maximum_above_the_quadratic_one() {
    let beads = Linear::beads(2, 10.0, 1.0);
    let series = Series::new([beads.sampled(0.01, 50_000, 10, 0, None)], 2, 0.01).unwrap();
    let run = Run::default();
    let currents = Currents::affine(vec![0.0; 2]);
    let found = variational_bound(&series, &currents, &VariationalOptions::default(), &run).unwrap();
    let closed = plug_in(&Moments::of(&series, currents, &strides(SINGLE), &run).unwrap()).unwrap()[0];
    assert!(found.maximum_entropy.value >= found.neep.value);
    // the logarithmic form is a bound of the same kind, whose optimum the exponential one contains to third order
    assert_close("forms", found.maximum_entropy.value, closed.central, 0.05, 0.0);
    // T = 500: standard deviation 0.15
    assert!(found.held_out.value < found.maximum_entropy.value && (found.held_out.value - TWO).abs() < 0.9);
    assert!(found.held_out.kind == EstimateKind::LowerBound && found.cap > 1000.0);
    let with = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        variational_bound(
            &series,
            &Currents::linear(2),
            &VariationalOptions::default(),
            &run,
        )
        .unwrap()
    };
    assert_eq!(with(1), with(3));
}

/// How often 95 % intervals hold the truth, for chains of beads (20,000 steps of 0.01, 200 time units) and relaxing ensembles: of 40 at least 31, which fails for a coverage of 95 %
/// with probability 3e-5; and how often the certified lower end is below it, which at 97.5 % fails with 7e-8.
///
/// Of 200 data sets, where a share of 95 % has a deviation of 1.5 %, and of 1000 with other seeds (covered | too low | too high | lower ends of certified bounds below σ):
///
/// | chain | 200 chains | 1000 chains of other seeds |
/// |---|---|---|
/// | 2 beads, 10 : 1 | 186, 8, 6, 199 | 945, 33, 22, 993 |
/// | 5 beads, 10 : 1 | 192, 3, 5, 200 | 940, 40, 20, 998 |
/// | 2 beads, 1.01 : 1 (σ = 2.5e-5 is 0.2 % of the scatter) | 199, 0, 1, 200 | 999, 0, 1, 999 |
/// | relaxing ensembles of 200 trajectories | 188, 5, 7 | 933, 50, 17 |
#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    const SETS: u64 = 40;
    let holds = |(low, high): (f64, f64), truth: f64| u32::from(low <= truth && truth <= high);
    for (n, hot, truth) in [(2, 10.0, TWO), (5, 10.0, FIVE), (2, 1.01, 0.01 * 0.01 / 4.04)] {
        let beads = Linear::beads(n, hot, 1.0);
        let (mut covered, mut certified) = (0, 0);
        for index in 0..SETS {
            let points = beads.sampled(0.01, 20_000, 77, index, None);
            let series = Series::new([points], n, 0.01).unwrap();
            let found = entropy_production_rate(&series, &RateOptions::default(), &Run::default()).unwrap();
            covered += holds(found.estimate.estimate.interval, truth);
            certified += u32::from(found.held_out.estimate.interval.0 <= truth);
        }
        assert!(covered >= 31, "{n} beads, {hot} : 1: {covered} of {SETS}");
        assert!(
            certified >= 31,
            "{n} beads, {hot} : 1: {certified} of {SETS} certified bounds"
        );
    }
    // ensembles of 200 trajectories of 8 steps, x = 4 at the start, seen from t = 0.2 on: σ of the middle of the window
    let one = Linear::new(Matrix::from_fn(1, 1, |_, _| -1.0), Matrix::identity(1));
    let variance = 1.0 - (-0.48_f64).exp();
    let truth = 16.0 * (-0.48_f64).exp() + (1.0 / variance - 1.0).powi(2) * variance;
    let mut covered = 0;
    for ensemble in 0..SETS {
        let trajectories: Vec<Vec<f64>> = (0..200)
            .map(|k| one.sampled(0.01, 28, 91, 1000 * ensemble + k, Some(&[4.0]))[20..].to_vec())
            .collect();
        let series = Series::new(trajectories, 1, 0.01).unwrap();
        let currents = Currents::affine(vec![3.0]);
        let found =
            dissipation_in_time(&series, &currents, &WindowOptions::default(), &Run::default()).unwrap();
        covered += holds(found[0].bound.estimate.interval, truth);
    }
    assert!(covered >= 31, "relaxing ensembles: {covered} of {SETS}");
}
