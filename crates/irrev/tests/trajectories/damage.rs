//! No damage makes a reader panic, ask for memory that is not there, or read on for ever.

use irrev::numerics::Run;
use irrev::trajectories::{Definition, Reading, Time, survey};
use proptest::prelude::*;

use super::{Folder, data};

const FILES: [&str; 9] = [
    "water.xtc",
    "skew.xtc",
    "few.xtc",
    "wide.xtc",
    "open.dcd",
    "cell.dcd",
    "stored.npz",
    "packed.npz",
    "water.csv",
];

fn reading(name: &str) -> Reading {
    let of_atoms = name.ends_with("xtc") || name.ends_with("dcd");
    Reading {
        definitions: if of_atoms {
            vec![Definition::Dihedral([0, 1, 2, 3])]
        } else {
            vec![]
        },
        time: Time::Step(1.0),
        ..Reading::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn damaged_files_are_errors_or_numbers(
        file in prop::sample::select(FILES.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![0_u8, 1, 0x7f, 0x80, 0xff, 9, b','])), 0..4),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = std::fs::read(data(file)).unwrap();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        let folder = Folder::new();
        let path = folder.file(file, bytes);
        if let Err(error) = survey(&[path], &reading(file), &Run::default()) {
            prop_assert!(error.to_string().contains(file), "{}", error);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "[-+0-9eE.,;\t \n\"#!@&%nax]{0,80}", name in prop::sample::select(vec!["x.csv", "x.xvg"])) {
        let folder = Folder::new();
        let path = folder.file(name, text);
        let _ = survey(&[path], &reading(name), &Run::default());
    }
}
