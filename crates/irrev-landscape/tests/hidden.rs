//! Hidden dimensions of recordings of systems that are known exactly, against values computed elsewhere (`data/references.json`).

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::hidden::{
    DensityOptions, ExploreOptions, Hierarchy, HierarchyOptions, Stop, explore, hierarchy, joint_density,
};
use irrev_landscape::moments::Accelerations;
use irrev_landscape::record::{Clock, Segment};
use irrev_landscape::{Error, Grid, Period, Record};
use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::assert_close;
use irrev_testing::reference::{self, number, numbers};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    reference::cases(include_str!("data/references.json"), kind)
}

fn record(h: f64, trajectories: &[Vec<f64>]) -> Record<'_> {
    Record::of_positions(h, trajectories.iter().map(Vec::as_slice)).unwrap()
}

/// V = A(q₁² − 1)² + d q₁ + k q₂²/2 at kT, seen along r₁ = cos θ q₁ + sin θ q₂.
struct DoubleWell {
    a: f64,
    k: f64,
    d: f64,
    kt: f64,
    theta: f64,
}

impl DoubleWell {
    fn of(inputs: &Value) -> Self {
        let of = |key: &str| number(&inputs[key]);
        Self {
            a: of("A"),
            k: of("k"),
            d: of("d"),
            kt: of("kBT"),
            theta: of("theta_deg").to_radians(),
        }
    }

    fn force(&self, q: f64) -> f64 {
        -4.0 * self.a * q * (q * q - 1.0) - self.d
    }

    /// r̈₁ + k r₁, a function of q₁ only.
    fn g(&self, q: f64) -> f64 {
        self.theta.cos() * (self.k * q + self.force(q))
    }

    /// Positions r₁ and the sign of q₁ along one trajectory: canonical start, velocity Verlet.
    fn trajectory(&self, index: u64, steps: usize, h: f64) -> (Vec<f64>, Vec<f64>) {
        let mut stream = Stream::new(1, Purpose::Trajectory, index);
        let q1 = loop {
            // proposals on a range beyond which e^{−V/kT} < 1e−40
            let q = 6.0 * stream.uniform() - 3.0;
            let energy = self.a * (q * q - 1.0).powi(2) + self.d * q + self.d.abs();
            if stream.uniform() < (-energy / self.kt).exp() {
                break q;
            }
        };
        let mut q = [q1, (self.kt / self.k).sqrt() * stream.normal()];
        let mut p = [0.0; 2].map(|_: f64| self.kt.sqrt() * stream.normal());
        let force = |q: [f64; 2]| [self.force(q[0]), -self.k * q[1]];
        let mut f = force(q);
        let mut track = (Vec::new(), Vec::new());
        for _ in 0..steps {
            track.0.push(self.theta.cos() * q[0] + self.theta.sin() * q[1]);
            track.1.push(q[0].signum());
            for i in 0..2 {
                p[i] += 0.5 * h * f[i];
                q[i] += h * p[i];
            }
            f = force(q);
            for i in 0..2 {
                p[i] += 0.5 * h * f[i];
            }
        }
        track
    }

    /// Points (q₁, r₁) with their probabilities, on a fine grid, and ⟨g; r₁⟩ at each r₁.
    fn exact(&self) -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>, Vec<f64>) {
        let n = 1200;
        let at = |k: usize, range: f64| range * (2.0 * (k as f64 + 0.5) / n as f64 - 1.0);
        let q: Vec<f64> = (0..n).map(|k| at(k, 2.5)).collect();
        let r: Vec<f64> = (0..n).map(|k| at(k, 2.0)).collect();
        let variance = self.theta.sin().powi(2) * self.kt / self.k;
        let mut weight: Vec<Vec<f64>> = q
            .iter()
            .map(|q| {
                let well = (-(self.a * (q * q - 1.0).powi(2) + self.d * q) / self.kt).exp();
                r.iter()
                    .map(|r| well * (-(r - self.theta.cos() * q).powi(2) / (2.0 * variance)).exp())
                    .collect()
            })
            .collect();
        let total: f64 = weight.iter().flatten().sum();
        weight.iter_mut().flatten().for_each(|w| *w /= total);
        let mean = (0..n)
            .map(|k| {
                let (top, bottom) = q.iter().zip(&weight).fold((0.0, 0.0), |(top, bottom), (q, w)| {
                    (top + w[k] * self.g(*q), bottom + w[k])
                });
                top / bottom
            })
            .collect();
        (q, r, weight, mean)
    }
}

fn levels(found: &Hierarchy, n: usize) -> Vec<f64> {
    found.series(n).unwrap().concat()
}

#[test]
fn a_hidden_well_is_found_from_one_oblique_coordinate() {
    for case in cases("hierarchy") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let (system, recipe) = (DoubleWell::of(inputs), &inputs["trajectory_recipe"]);
        let of = |key: &str| number(&recipe[key]);
        let h = of("h");
        let tracks: Vec<(Vec<f64>, Vec<f64>)> = (0..of("n_trajectories") as u64)
            .map(|index| system.trajectory(index, of("steps") as usize, h))
            .collect();
        let (positions, signs): (Vec<Vec<f64>>, Vec<Vec<f64>>) = tracks.into_iter().unzip();
        let grid = |key: &str| {
            let edges = numbers(&inputs[key]);
            Grid::uniform(edges[0], edges[1], edges[2] as usize - 1).unwrap()
        };
        let cells = (grid("hist_r1_edges"), grid("hist_r2_edges"));
        let options = ExploreOptions {
            hierarchy: HierarchyOptions {
                levels: 1,
                ..HierarchyOptions::default()
            },
            density: DensityOptions {
                cells: Some(cells.clone()),
                ..DensityOptions::default()
            },
        };
        let found = explore(&record(h, &positions), &options, &Run::default()).unwrap();
        // ⟨r̈₁; r₁⟩ within the populated range: a frame in 40 says something new, so that errors are some 0.01 to 0.03 near the middle
        let level = &found.hierarchy.levels[0];
        for (r, exact) in numbers(&inputs["r1_points"])
            .iter()
            .zip(numbers(&expected["mean_force_r1"]))
        {
            if r.abs() < 0.8 {
                assert_close(
                    "mean force",
                    level.mean_force.at(&[*r]).unwrap(),
                    exact,
                    0.0,
                    0.15,
                );
            }
        }
        // P(sign r₂ = sign q₁): the reference allows 0.02, and 4e4 trajectories scatter by 0.0013 (15 σ)
        let r2 = levels(&found.hierarchy, 2);
        let (mut same, mut all) = (0.0, 0.0);
        for (r2, sign) in r2.iter().zip(signs.concat()).filter(|(r2, _)| r2.is_finite()) {
            same += f64::from(r2.signum() == sign);
            all += 1.0;
        }
        assert_close(
            "P(sign)",
            same / all,
            number(&expected["P(sign r2 = sign q1)"]),
            0.0,
            0.02,
        );
        let (q, r, weight, mean) = system.exact();
        // the same with the exact mean: trajectories alone, which scatter by 0.0009 (5 σ: 6e-7)
        let (mut with_exact, mut counted) = (0.0, 0.0);
        for ((track, sign), r2) in positions
            .iter()
            .zip(&signs)
            .zip(found.hierarchy.series(2).unwrap())
        {
            for (frame, r2) in r2.iter().enumerate().filter(|(_, r2)| r2.is_finite()) {
                let place = ((track[frame] + 2.0) / 4.0 * mean.len() as f64) as usize;
                let rest = r2 + level.mean_force.at(&[track[frame]]).unwrap() + system.k * track[frame];
                with_exact += f64::from((rest - mean[place]).signum() == sign[frame]);
                counted += 1.0;
            }
        }
        let exact_sign = number(&expected["P(sign r2 = sign q1)"]);
        assert!(
            (with_exact / counted - exact_sign).abs() < 0.0045,
            "{} {}",
            with_exact / counted,
            same / all
        );
        // total variation of the cells: 0.03 to 0.04 in the reference, twice that allowed
        let mut exact = vec![0.0; cells.0.cells() * cells.1.cells()];
        for (q, weight) in q.iter().zip(&weight) {
            for ((r, mean), w) in r.iter().zip(&mean).zip(weight) {
                if let Some((a, b)) = cells.0.cell(*r).zip(cells.1.cell(system.g(*q) - mean)) {
                    exact[a * cells.1.cells() + b] += w;
                }
            }
        }
        assert_close(
            "cells",
            exact.iter().sum(),
            number(&expected["cell_probability_sum"]),
            0.0,
            1e-4,
        );
        let density = &found.density;
        let variation: f64 = density
            .probability
            .iter()
            .zip(&exact)
            .map(|(a, b)| 0.5 * (a - b).abs())
            .sum();
        assert!(variation <= 0.08, "{variation}");
        // exactly two peaks that are no noise, within two cells of the exact ones
        let mut places: Vec<[f64; 2]> = density
            .significant_peaks()
            .map(|peak| density.place(peak))
            .collect();
        places.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let exact = expected["peaks_r1_r2_smoothed"].as_array().unwrap();
        assert_eq!((places.len(), exact.len()), (2, 2), "{:?}", density.peaks);
        for (place, exact) in places.iter().zip(exact) {
            let exact = numbers(exact);
            assert!(
                (place[0] - exact[0]).abs() < 2.5 * 0.06 && (place[1] - exact[1]).abs() < 2.5 * 0.1,
                "{place:?}"
            );
        }
        // r₁ alone has one
        assert_eq!(expected["n_peaks_r1"], 1);
        // what is left is dynamics, not noise, and the reader is told
        assert!(
            found.blind_spot.open
                && found
                    .sentences()
                    .iter()
                    .any(|sentence| sentence.contains("2 peaks"))
        );
        assert!(
            (level.explained().value - 0.69).abs() < 0.02,
            "{:?}",
            level.closure
        );
    }
}

/// r₁ = a·q of q̈ = −K q at kT, exactly: normal modes with canonical starts.
fn linear_trajectories(k: &Matrix, a: &[f64], kt: f64, count: u64, steps: usize, h: f64) -> Vec<Vec<f64>> {
    let modes = symmetric_eigen(k).unwrap();
    (0..count)
        .map(|index| {
            let mut stream = Stream::new(1, Purpose::Trajectory, index);
            let amplitudes: Vec<[f64; 2]> =
                (0..a.len()).map(|_| [stream.normal(), stream.normal()]).collect();
            (0..steps)
                .map(|step| {
                    let t = h * step as f64;
                    (0..a.len())
                        .map(|mode| {
                            let weight: f64 =
                                modes.vectors.column(mode).iter().zip(a).map(|(v, a)| v * a).sum();
                            let w = modes.values[mode].sqrt();
                            let [x, v] = amplitudes[mode];
                            weight * kt.sqrt() / w * (x * (w * t).cos() + v * (w * t).sin())
                        })
                        .sum()
                })
                .collect()
        })
        .collect()
}

#[test]
fn the_hierarchy_of_a_linear_system_is_its_continued_fraction() {
    for case in cases("hierarchy_linear") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let rows: Vec<Vec<f64>> = inputs["K"].as_array().unwrap().iter().map(numbers).collect();
        let k = Matrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j]);
        let (a, kt, h) = (numbers(&inputs["a"]), number(&inputs["kBT"]), 0.02);
        let trajectories = linear_trajectories(&k, &a, kt, 20_000, 16, h);
        let options = HierarchyOptions {
            levels: 4,
            ..HierarchyOptions::default()
        };
        let found = hierarchy(&record(h, &trajectories), &options, &Run::default()).unwrap();
        // it ends by itself at the third level, of which nothing is left but what steps of this length leave
        let seen: Vec<_> = found
            .levels
            .iter()
            .map(|level| {
                (
                    level.closure.value,
                    level.noise,
                    level.known,
                    level.mean_force.relative_bandwidth(),
                )
            })
            .collect();
        assert_eq!((found.levels.len(), found.stop), (3, Stop::Noise), "{seen:?}");
        // 2e4 independent trajectories, squares of normal numbers: relative errors of some 1 % each, 5 σ; a value outside has a probability of 6e-7
        for (n, level) in found.levels.iter().enumerate() {
            let (w, v) = (number(&expected["W"][n]), number(&expected["variances"][n]));
            assert!(
                (level.variance.value - v).abs() < 5.0 * level.variance.standard_error,
                "{n} {:?} {v}",
                level.variance
            );
            if n < 2 {
                let d = number(&expected["D"][n]);
                assert!(
                    (level.frequency_squared.value / w - 1.0).abs() < 0.05,
                    "{n} {:?} {w}",
                    level.frequency_squared
                );
                assert!(
                    (level.strength.value / d - 1.0).abs() < 0.08,
                    "{n} {:?} {d}",
                    level.strength
                );
            }
        }
    }
}

/// V = A(q₁² − 1)² + k(q₂ + b q₁)²/2 along r₁ ∝ q₂ + b q₁, in which both wells coincide: r₂ ∝ q₁(q₁² − 1) vanishes in both.
#[test]
fn wells_that_coincide_are_told_to_be_a_blind_spot() {
    let (a, k, b, kt, h) = (1.0, 4.0, 0.5_f64, 0.2_f64, 0.02);
    let force = |q: [f64; 2]| {
        let u = q[1] + b * q[0];
        [-4.0 * a * q[0] * (q[0] * q[0] - 1.0) - k * b * u, -k * u]
    };
    let norm = (1.0 + b * b).sqrt();
    let tracks: Vec<Vec<f64>> = (0..4000)
        .map(|index| {
            let mut stream = Stream::new(1, Purpose::Trajectory, index);
            let q1 = loop {
                let q = 4.0 * stream.uniform() - 2.0;
                if stream.uniform() < (-a * (q * q - 1.0).powi(2) / kt).exp() {
                    break q;
                }
            };
            let mut q = [q1, (kt / k).sqrt() * stream.normal() - b * q1];
            let mut p = [0.0; 2].map(|_: f64| kt.sqrt() * stream.normal());
            let mut f = force(q);
            (0..30)
                .map(|_| {
                    let r = (q[1] + b * q[0]) / norm;
                    for i in 0..2 {
                        p[i] += 0.5 * h * f[i];
                        q[i] += h * p[i];
                    }
                    f = force(q);
                    for i in 0..2 {
                        p[i] += 0.5 * h * f[i];
                    }
                    r
                })
                .collect()
        })
        .collect();
    let found = explore(&record(h, &tracks), &ExploreOptions::default(), &Run::default()).unwrap();
    // wells are ±1, r₂ there is 0: the peaks of ρ(r₁, r₂) do not separate ±1, and something is left
    assert!(
        found.blind_spot.open && found.blind_spot.level == 2,
        "{:?}",
        found.blind_spot
    );
    assert!(
        found
            .sentences()
            .iter()
            .any(|sentence| sentence.contains("coincide"))
    );
    let top = found.density.place(&found.density.peaks[0]);
    assert!(top[0].abs() < 0.2, "{top:?}");
}

#[test]
fn results_do_not_depend_on_threads_and_given_accelerations_are_used() {
    let k = Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 2.0]);
    let h = 0.05;
    let tracks = linear_trajectories(&k, &[1.0, 0.0], 1.0, 500, 20, h);
    let on = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        let found = hierarchy(&record(h, &tracks), &HierarchyOptions::default(), &run).unwrap();
        (
            levels(&found, 2),
            levels(&found, 3),
            found.levels[1].closure.value,
        )
    };
    let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let (one, two) = (on(1), on(2));
    assert_eq!((bits(&one.0), bits(&one.1)), (bits(&two.0), bits(&two.1)));
    assert_eq!(one.2.to_bits(), two.2.to_bits());
    // second differences given as accelerations, at the frames that have them
    let given: Vec<Vec<f64>> = tracks
        .iter()
        .map(|x| {
            x.windows(3)
                .map(|x| (x[2] - 2.0 * x[1] + x[0]) / (h * h))
                .collect()
        })
        .collect();
    let segments = tracks.iter().zip(&given).map(|(x, a)| {
        Segment::new(Clock::Step(h), vec![&x[1..x.len() - 1]])
            .unwrap()
            .with_accelerations(vec![a])
            .unwrap()
    });
    let inner = Record::new(vec![None], segments.collect()).unwrap();
    let options = HierarchyOptions {
        accelerations: Accelerations::Given,
        levels: 1,
        ..HierarchyOptions::default()
    };
    let found = hierarchy(&inner, &options, &Run::default()).unwrap();
    let differences = hierarchy(
        &record(h, &tracks),
        &HierarchyOptions {
            levels: 1,
            ..HierarchyOptions::default()
        },
        &Run::default(),
    )
    .unwrap();
    assert_close(
        "closure",
        found.levels[0].closure.value,
        differences.levels[0].closure.value,
        0.01,
        0.0,
    );
    assert_eq!((found.dimensions(), found.stop), (2, Stop::Asked));
    // one level only has no third series
    assert!(matches!(found.series(3), Err(Error::NoCoordinate { .. })));
    let third = DensityOptions {
        levels: (1, 3),
        ..DensityOptions::default()
    };
    assert!(matches!(
        joint_density(&found, &third, &Run::default()),
        Err(Error::NoCoordinate { .. })
    ));
}

#[test]
fn short_constant_and_thin_recordings_say_so() {
    let of = |trajectories: &[Vec<f64>], options: &HierarchyOptions| {
        hierarchy(&record(0.1, trajectories), options, &Run::default())
    };
    let options = HierarchyOptions::default();
    assert!(matches!(
        of(&[vec![1.0, 2.0]], &options),
        Err(Error::Empty { .. })
    ));
    assert!(matches!(
        of(&[vec![0.3; 50]], &options),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        of(&[vec![0.3, f64::NAN, 1.0]], &options),
        Err(Error::NotFinite { row: 1, .. })
    ));
    let one: Vec<f64> = (0..40).map(|k| (0.1 * f64::from(k)).sin()).collect();
    assert!(matches!(
        of(
            std::slice::from_ref(&one),
            &HierarchyOptions {
                levels: 5,
                ..options.clone()
            }
        ),
        Err(Error::Domain { .. })
    ));
    // a single short trajectory: fewer than ten visits to any place, and nothing is made up
    let found = of(std::slice::from_ref(&one), &options).unwrap();
    assert_eq!(found.stop, Stop::Thin);
    assert!(levels(&found, 2).iter().all(|r| r.is_nan()) && found.levels[0].known == 0.0);
    assert!(found.levels[0].mean_force.at(&[0.0]).unwrap().is_nan());
    assert!(matches!(
        joint_density(&found, &DensityOptions::default(), &Run::default()),
        Err(Error::Empty { .. })
    ));
    // segments of three frames have an r₂ but no r̈₂
    let mut stream = Stream::new(1, Purpose::Search, 0);
    let short: Vec<Vec<f64>> = (0..2000)
        .map(|_| {
            let (phase, size) = (6.0 * stream.uniform(), stream.normal());
            (0..3)
                .map(|k| size * (phase + 0.1 * f64::from(k)).sin() + 0.1 * stream.normal())
                .collect()
        })
        .collect();
    let found = of(&short, &options).unwrap();
    assert_eq!((found.stop, found.levels.len()), (Stop::Short, 1));
    assert!(matches!(
        of(
            &short,
            &HierarchyOptions {
                accelerations: Accelerations::Given,
                ..options
            }
        ),
        Err(Error::Missing { .. })
    ));
}

/// A rotor, φ̈ = −sin φ and a hidden oscillator that pushes it: the mean force is periodic, whatever the cut.
#[test]
fn angles_are_followed_around_the_circle() {
    let h = 0.05;
    let period = Period::radians();
    let tracks: Vec<Vec<f64>> = (0..3000)
        .map(|index| {
            let mut stream = Stream::new(1, Purpose::Trajectory, index);
            let (mut x, mut v) = (
                period.length() * stream.uniform() + period.start(),
                stream.normal(),
            );
            (0..20)
                .map(|_| {
                    v += 0.5 * h * -x.sin();
                    x += h * v;
                    v += 0.5 * h * -x.sin();
                    period.wrapped(x)
                })
                .collect()
        })
        .collect();
    let segments = tracks
        .iter()
        .map(|x| Segment::new(Clock::Step(h), vec![x]).unwrap());
    let record = Record::new(vec![Some(period)], segments.collect()).unwrap();
    let options = HierarchyOptions {
        levels: 1,
        ..HierarchyOptions::default()
    };
    let found = hierarchy(&record, &options, &Run::default()).unwrap();
    let level = &found.levels[0];
    for phi in [-3.1, -1.5, 0.0, 1.5, 3.1] {
        // smoothed with b = 0.03 to 0.1 radians: off by b²/2 of sin φ; no noise, since nothing is hidden
        let force = level.mean_force.at(&[phi]).unwrap();
        assert!((force + phi.sin()).abs() < 0.02, "{phi} {force}");
    }
    assert!(
        level.variance.value.is_nan() && level.closure.value < 1e-3,
        "{level:?}"
    );
}
