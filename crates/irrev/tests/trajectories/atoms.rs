//! Coordinates from positions of atoms, against values that were computed in Python from what other libraries read (`data/make.py`).

use irrev::landscape::Period;
use irrev::numerics::Run;
use irrev::trajectories::{Column, Definition, Reading, Time, Trajectories, read};

use super::{Folder, data, positions};

fn definitions() -> Vec<Definition> {
    [
        "distance(0, 4)",
        "angle(0, 1, 2)",
        "dihedral(0, 1, 2, 3)",
        "difference(0, 1, 1, 2)",
        "linear(1 x3, -0.5 z2)",
    ]
    .map(|text| text.parse().unwrap())
    .to_vec()
}

fn of_atoms(name: &str) -> Trajectories {
    let reading = Reading {
        definitions: definitions(),
        time: if name == "open.dcd" {
            Time::Step(1.0)
        } else {
            Time::Automatic
        },
        ..Reading::default()
    };
    read(&[data(name)], &reading, &Run::default()).unwrap()
}

#[test]
fn values_agree_with_those_of_other_libraries() {
    for (name, step) in [
        ("water.xtc", 0.5),
        ("skew.xtc", 0.5),
        ("few.xtc", 0.5),
        ("wide.xtc", 0.5),
        ("open.dcd", 1.0),
        ("cell.dcd", 0.25),
    ] {
        let found = of_atoms(name);
        let stem = name.split('.').next().unwrap();
        let table = read(
            &[data(&format!("{stem}.csv"))],
            &Reading::default(),
            &Run::default(),
        )
        .unwrap();
        assert_eq!(found.frames(), table.frames(), "{name}");
        assert!(
            (found.step().unwrap() - step).abs() < 1e-6,
            "{name}: {:?}",
            found.step()
        );
        for coordinate in 0..5 {
            for (x, y) in positions(&found, coordinate)
                .concat()
                .iter()
                .zip(positions(&table, coordinate).concat())
            {
                // positions in single precision, of which the largest are 3e4 and molecules are a part
                let margin = if name == "wide.xtc" { 4e-3 } else { 2e-5 };
                assert!((x - y).abs() < margin, "{name}, coordinate {coordinate}: {x} {y}");
            }
        }
        let periods = &found.found().periods;
        assert_eq!((periods[0], periods[2]), (None, Some(Period::radians())));
    }
}

#[test]
fn coordinates_are_chosen_among_those_that_are_defined() {
    let reading = Reading {
        definitions: definitions(),
        coordinates: vec!["dihedral(0, 1, 2, 3)".into(), Column::Number(1)],
        ..Reading::default()
    };
    let chosen = read(&[data("water.xtc")], &reading, &Run::default()).unwrap();
    assert_eq!(chosen.names(), ["dihedral(0, 1, 2, 3)", "distance(0, 4)"]);
    let all = of_atoms("water.xtc");
    assert_eq!(positions(&chosen, 0), positions(&all, 2));
    assert_eq!(positions(&chosen, 1), positions(&all, 0));
    assert_eq!(
        chosen.found().units,
        [Some("rad".to_owned()), Some("nm".to_owned())]
    );
    assert_eq!(chosen.found().time_unit.as_deref(), Some("ps"));
}

/// The words of a DCD file in the other order of bytes.
fn turned(bytes: &[u8]) -> Vec<u8> {
    let mut turned: Vec<u8> = Vec::new();
    for (index, word) in bytes.chunks(4).enumerate() {
        // CORD, and the titles, are no numbers
        match index {
            1 => turned.extend(word),
            _ => turned.extend(word.iter().rev()),
        }
    }
    turned
}

#[test]
fn dcd_is_read_in_either_order_of_bytes() {
    let folder = Folder::new();
    let bytes = std::fs::read(data("open.dcd")).unwrap();
    let reading = Reading {
        definitions: definitions(),
        time: Time::Step(1.0),
        ..Reading::default()
    };
    let other = read(
        &[folder.file("big.dcd", turned(&bytes))],
        &reading,
        &Run::default(),
    )
    .unwrap();
    for coordinate in 0..5 {
        assert_eq!(
            positions(&other, coordinate),
            positions(&of_atoms("open.dcd"), coordinate)
        );
    }
}
