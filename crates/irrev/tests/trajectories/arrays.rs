//! Arrays of NumPy, alone and in archives.

use irrev::landscape::record::Clock;
use irrev::numerics::Run;
use irrev::trajectories::{Column, Reading, Time, read};
use proptest::prelude::*;

use super::{data, doubles, npy, one, positions, zip};

fn stepped() -> Reading {
    Reading {
        time: Time::Step(0.1),
        ..Reading::default()
    }
}

#[test]
fn types_and_orders_are_understood() {
    let numbers = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0];
    let by_column = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
    let of = |values: [f64; 6], bytes: &dyn Fn(f64) -> Vec<u8>| -> Vec<u8> {
        values.iter().flat_map(|x| bytes(*x)).collect()
    };
    for (descr, bytes) in [
        (
            "<f8",
            &(|x: f64| x.to_le_bytes().to_vec()) as &dyn Fn(f64) -> Vec<u8>,
        ),
        (">f8", &|x| x.to_be_bytes().to_vec()),
        ("<f4", &|x| (x as f32).to_le_bytes().to_vec()),
        ("<i8", &|x| (x as i64).to_le_bytes().to_vec()),
        (">i4", &|x| (x as i32).to_be_bytes().to_vec()),
        ("|u1", &|x| vec![x as u8]),
    ] {
        for file in [
            npy(descr, false, "(3, 2)", &of(numbers, bytes)),
            npy(descr, true, "(3, 2)", &of(by_column, bytes)),
        ] {
            let read = one("x.npy", file, &stepped()).unwrap();
            assert_eq!(positions(&read, 0), [[1.0, 2.0, 3.0]], "{descr}");
            assert_eq!(positions(&read, 1), [[10.0, 20.0, 30.0]], "{descr}");
        }
    }
    let list = one("x.npy", npy("<f8", false, "(6,)", &doubles(numbers)), &stepped()).unwrap();
    assert_eq!(positions(&list, 0), [numbers]);
    assert_eq!(list.names(), ["column 0"]);
}

#[test]
fn three_dimensions_are_trajectories_in_either_order() {
    // trajectory i, frame j, column k: 100 i + 10 j + k
    let value = |i: usize, j: usize, k: usize| (100 * i + 10 * j + k) as f64;
    let (trajectories, frames, columns) = (3, 4, 2);
    let rows = (0..trajectories)
        .flat_map(|i| (0..frames).flat_map(move |j| (0..columns).map(move |k| value(i, j, k))));
    let fortran = (0..columns)
        .flat_map(|k| (0..frames).flat_map(move |j| (0..trajectories).map(move |i| value(i, j, k))));
    let only_second = Reading {
        coordinates: vec![Column::Number(1)],
        ..stepped()
    };
    for file in [
        npy("<f8", false, "(3, 4, 2)", &doubles(rows)),
        npy("<f8", true, "(3, 4, 2)", &doubles(fortran)),
    ] {
        let all = one("x.npy", &file, &stepped()).unwrap();
        let expected: Vec<Vec<f64>> = (0..3).map(|i| (0..4).map(|j| value(i, j, 1)).collect()).collect();
        assert_eq!(positions(&all, 1), expected);
        assert_eq!(
            positions(&one("x.npy", &file, &only_second).unwrap(), 0),
            expected
        );
        assert!(all.found().sentences()[0].starts_with("3 trajectories of 4 frames, step 0.1"));
    }
}

#[test]
fn archives_of_numpy_hold_columns_under_names() {
    let reading = Reading {
        coordinates: vec!["q.0".into()],
        velocities: vec!["v".into()],
        ..Reading::default()
    };
    for name in ["stored.npz", "packed.npz"] {
        let read = read(&[data(name)], &reading, &Run::default()).unwrap();
        let record = read.record().unwrap();
        let segment = &record.segments()[0];
        assert_eq!(segment.clock(), Clock::Step(0.1), "{name}");
        for (frame, x) in segment.positions(0).unwrap().iter().enumerate() {
            let t = 0.1 * frame as f64;
            assert_eq!(*x, t.sin());
            assert!((segment.velocities(0).unwrap()[frame] - t.cos()).abs() < 1e-7);
        }
    }
    // arrays of different chunks, and one of three dimensions alone
    let long: Vec<f64> = (0..700_000).map(f64::from).collect();
    let members = [
        (
            "x.npy",
            npy("<f8", false, "(700000,)", &doubles(long.iter().copied())),
            true,
        ),
        (
            "y.npy",
            npy("<f4", false, "(700000, 2)", &vec![0; 5_600_000]),
            false,
        ),
    ];
    let members: Vec<(&str, &[u8], bool)> = members
        .iter()
        .map(|(name, bytes, packed)| (*name, bytes.as_slice(), *packed))
        .collect();
    let both = one("x.npz", zip(&members), &stepped()).unwrap();
    assert_eq!(both.names(), ["x", "y.0", "y.1"]);
    assert_eq!(positions(&both, 0), [long]);
    let cube = npy("|i1", false, "(2, 2, 1)", &[1, 2, 3, 4]);
    let alone = one("x.npz", zip(&[("q.npy", &cube, true)]), &stepped()).unwrap();
    assert_eq!(positions(&alone, 0), [[1.0, 2.0], [3.0, 4.0]]);
}

proptest! {
    #[test]
    fn arrays_come_back_from_any_shape(
        rows in 1_usize..50, columns in 1_usize..5, is_fortran: bool, compressed: bool, is_archive: bool, seed in 0_u64..1000,
    ) {
        let value = |row: usize, column: usize| ((row * 7 + column * 13) as f64 + seed as f64 * 0.37).sin();
        let numbers: Vec<f64> = match is_fortran {
            false => (0..rows * columns).map(|k| value(k / columns, k % columns)).collect(),
            true => (0..rows * columns).map(|k| value(k % rows, k / rows)).collect(),
        };
        let array = npy("<f8", is_fortran, &format!("({rows}, {columns})"), &doubles(numbers));
        let found = match is_archive {
            false => one("x.npy", array, &stepped()),
            true => one("x.npz", zip(&[("q.npy", &array, compressed)]), &stepped()),
        }.unwrap();
        for column in 0..columns {
            let expected: Vec<f64> = (0..rows).map(|row| value(row, column)).collect();
            prop_assert_eq!(positions(&found, column), [expected]);
        }
    }
}
