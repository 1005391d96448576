//! Special functions and streams against values computed elsewhere.

#![allow(clippy::unwrap_used)]

use irrev_numerics::special::{logarithmic_mean, logarithmic_mean_gradient};
use irrev_numerics::streams::{ALGORITHM, Purpose, Stream};
use sha2::{Digest, Sha256};

#[test]
fn the_logarithmic_mean_and_its_derivatives_are_right_to_1e_14_over_the_range_of_doubles() {
    // 60-digit values at exact doubles, made by tests/data/logarithmic_mean.py; null where a double overflows
    let rows: Vec<[Option<f64>; 5]> =
        serde_json::from_str(include_str!("data/logarithmic_mean.json")).unwrap();
    assert!(rows.len() > 300);
    for row in rows {
        let (a, b) = (row[0].unwrap(), row[1].unwrap());
        let (da, db) = logarithmic_mean_gradient(a, b);
        for (name, found, wanted) in [
            ("Λ", logarithmic_mean(a, b), row[2]),
            ("∂a", da, row[3]),
            ("∂b", db, row[4]),
        ] {
            match wanted {
                // the smallest normal number is where relative accuracy ends
                Some(wanted) => assert!(
                    (found - wanted).abs() <= 1e-14 * wanted.abs() + f64::MIN_POSITIVE,
                    "{name}({a:e}, {b:e}) = {found:e}, expected {wanted:e}"
                ),
                None => assert_eq!(found, f64::INFINITY, "{name}({a:e}, {b:e})"),
            }
        }
    }
}

/// SHA-256 of the bits of 1,000 draws.
fn fingerprint(mut draw: impl FnMut() -> u64) -> String {
    let mut hash = Sha256::new();
    for _ in 0..1000 {
        hash.update(draw().to_le_bytes());
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn streams_and_samplers_are_frozen() {
    // these numbers never change under this name: another sampler comes with another name; raw bits and uniforms agree with
    // NumPy's Philox for key (1, 1) and counter (0, 0, index, 0)
    assert_eq!(ALGORITHM, "philox4x64-10/1");
    let stream = |index| Stream::new(1, Purpose::Trajectory, index);
    let mut s = stream(0);
    let raw = fingerprint(|| s.bits());
    let mut s = stream(7);
    let uniform = fingerprint(|| s.uniform().to_bits());
    let mut s = stream(0);
    let integer = fingerprint(|| s.below(1_000_003));
    let mut s = stream(0);
    let category = fingerprint(|| s.categorical(&[0.1, 0.0, 2.0, 1.0]) as u64);
    assert_eq!([raw, uniform, integer, category], GOLDEN);
    let mut s = stream(3);
    let first: Vec<f64> = (0..3).map(|_| s.uniform()).collect();
    assert_eq!(first, FIRST);
}

const GOLDEN: [&str; 4] = [
    "8cb93acccb317ec9",
    "1ad3bba004d46890",
    "6b8947aa093a7cc3",
    "317ad36ca119579b",
];
const FIRST: [f64; 3] = [0.8422190383266311, 0.3676972975615155, 0.8370337219729346];

#[test]
fn neighbouring_streams_are_not_correlated() {
    // 200 pairs of streams, 2,000 uniforms each: a correlation has sd 1/√2000 = 0.0224. The largest of 200 exceeds 5 sd with
    // probability 200 · 5.7e-7 = 1.1e-4
    let n = 2000;
    for index in 0..200 {
        let draws = |i| {
            let mut s = Stream::new(1, Purpose::Trajectory, i);
            (0..n).map(|_| s.uniform() - 0.5).collect::<Vec<f64>>()
        };
        let (x, y) = (draws(index), draws(index + 1));
        let correlation = 12.0 / n as f64 * x.iter().zip(&y).map(|(a, b)| a * b).sum::<f64>();
        assert!(
            correlation.abs() < 5.0 / (n as f64).sqrt(),
            "streams {index} and {}",
            index + 1
        );
    }
}
