//! Each fault is told with file, place, what was found, and what was expected.

use irrev::landscape::Period;
use irrev::numerics::Run;
use irrev::trajectories::{Column, Definition, Format, Reading, Time, read};

use super::{Folder, data, doubles, npy, zip};

fn stepped() -> Reading {
    Reading {
        time: Time::Step(1.0),
        ..Reading::default()
    }
}

fn told(format: Format) -> Reading {
    Reading { format, ..stepped() }
}

fn assert_refused(name: &str, content: &[u8], reading: &Reading, parts: &[&str]) {
    let folder = Folder::new();
    let path = folder.file(name, content);
    let error = match read(&[path], reading, &Run::default()) {
        Err(error) => error.to_string(),
        Ok(read) => panic!(
            "{name} was read: {:?}, expected {parts:?}",
            read.found().sentences()
        ),
    };
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in:\n{error}");
    }
    assert!(error.contains(name) || parts.is_empty(), "{error}");
}

#[test]
fn faults_of_text_name_line_and_column() {
    let timed = Reading::default();
    for (text, reading, parts) in [
        (
            "t,x\n0,1\n1,abc\n",
            &timed,
            vec![
                "x.csv:3:3: error[IRV0142]",
                "column 1 (`x`) holds `abc`, expected a number",
                "^^^",
            ],
        ),
        (
            "t,x\n0,1\n1,2,3\n2,3\n",
            &timed,
            vec!["x.csv:3:1", "the row has 3 cells, expected 2 as in the header"],
        ),
        (
            "0 1\n1 2\n2\n",
            &stepped(),
            vec![
                "x.csv:3:1",
                "the row has 1 cell, expected 2 as in the first row",
                "it is the last row",
            ],
        ),
        (
            "t,x\n0,1\n0,2\n",
            &timed,
            vec![
                "line 3, column 0 (`t`): the time 0 is that of the frame before",
                "give the step",
            ],
        ),
        (
            "t,x\n\n0,1\n2,2\n1,2\n",
            &timed,
            vec!["line 5, column 0 (`t`): the time 1 follows 2, expected a later one"],
        ),
        (
            "t,x\n0,1\n1,2\n2,3\n9,4\n",
            &timed,
            vec![
                "line 5",
                "the time 9 follows 2, a gap of 7 after steps of 1",
                "split at gaps",
            ],
        ),
        (
            "t,x\n0,1\n1,nan\n",
            &timed,
            vec!["line 3, column 1 (`x`): the value is NaN, expected a finite number"],
        ),
        (
            "t,x\n0,1\n1,\n",
            &timed,
            vec!["line 3, column 1 (`x`): the value is NaN"],
        ),
        (
            "t,x\n0,1\n1,1e999\n",
            &timed,
            vec!["line 3, column 1 (`x`): the value is inf"],
        ),
        (
            "0;1,5\n1;2,5\n",
            &stepped(),
            vec!["x.csv:1:3", "holds `1,5`, expected a number", "decimal commas"],
        ),
        ("x\n", &stepped(), vec!["no rows of numbers"]),
        ("# nothing\n\n", &stepped(), vec!["no rows of numbers"]),
        ("", &stepped(), vec!["the file is empty"]),
        (
            "1 2\n3 4\n",
            &timed,
            vec![
                "nothing tells when the frames were taken: the file has 2 columns without names, 0 to 1",
                "give the step",
            ],
        ),
        (
            "t\n1\n2\n",
            &timed,
            vec!["no column is left for a coordinate: the columns are 0 t"],
        ),
        (
            "t,x,v\n0,1,2\n",
            &timed,
            vec![
                "column 2 (`v`) is named as something that is no coordinate",
                "say which columns",
            ],
        ),
        (
            "1 2 3 4 5 6 7 8 9\n",
            &stepped(),
            vec!["9 columns may be coordinates", "say which"],
        ),
        ("a\0b\n", &stepped(), vec!["the file is no text"]),
    ] {
        assert_refused("x.csv", text.as_bytes(), reading, &parts);
    }
}

#[test]
fn faults_of_choices_name_the_columns() {
    let text = b"time,phi,psi,phi2\n0,1,2,3\n1,2,3,4\n";
    let of = |change: &dyn Fn(&mut Reading)| {
        let mut reading = Reading::default();
        change(&mut reading);
        reading
    };
    let name = |name: &str| vec![Column::from(name)];
    for (reading, parts) in [
        (
            of(&|r| r.coordinates = name("pih")),
            vec![
                "there is no column `pih`: the columns are 0 time, 1 phi, 2 psi, 3 phi2",
                "did you mean `phi`?",
            ],
        ),
        (
            of(&|r| r.coordinates = vec![4.into()]),
            vec!["there is no column 4"],
        ),
        (
            of(&|r| r.velocities = name("phi2")),
            vec!["1 column of velocities for 2 coordinates, expected one for each"],
        ),
        (
            of(&|r| r.coordinates = vec!["phi".into(), 1.into()]),
            vec!["column 1 (`phi`) is asked for twice"],
        ),
        (
            of(&|r| r.periods = vec![None]),
            vec!["1 period for 3 coordinates"],
        ),
        (
            of(&|r| r.definitions = vec![Definition::Distance([0, 1])]),
            vec!["defined by atoms, but the file is text"],
        ),
    ] {
        assert_refused("x.csv", text, &reading, &parts);
    }
    let run = Run::default();
    let path = data("water.csv");
    let refused = |reading: &Reading, part: &str| {
        let error = read(std::slice::from_ref(&path), reading, &run).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.exit_code(), 2);
    };
    refused(&of(&|r| r.time = Time::Step(0.0)), "step \"0\" is not possible");
    refused(
        &of(&|r| r.longest_step = Some(f64::NAN)),
        "the longest step \"NaN\"",
    );
    refused(
        &of(&|r| r.weights = vec![1.0, 2.0]),
        "not one for each of 1 files",
    );
    refused(&of(&|r| r.weights = vec![-1.0]), "the weight of a file \"-1\"");
    assert!(
        read(&[], &Reading::default(), &run)
            .unwrap_err()
            .to_string()
            .contains("give at least one")
    );
}

#[test]
fn a_value_outside_of_its_period_may_be_in_degrees() {
    let reading = Reading {
        periods: vec![Some(Period::radians())],
        ..stepped()
    };
    let parts = [
        "line 2, column 0: the value 179.5 lies outside of its period, from -3.14159",
        "degrees",
    ];
    assert_refused("x.csv", b"1\n179.5\n", &reading, &parts);
    let colvar = b"#! FIELDS time phi\n#! SET min_phi pi\n#! SET max_phi -pi\n0 1\n";
    assert_refused(
        "COLVAR",
        colvar,
        &Reading::default(),
        &["`phi` has a period from 3.14", "expected an end above its start"],
    );
    let colvar = b"#! FIELDS time phi\n#! SET min_phi pie\n0 1\n";
    assert_refused(
        "COLVAR",
        colvar,
        &Reading::default(),
        &["COLVAR:2:1", "`min_phi` is `pie`, expected a number"],
    );
    let colvar = b"#! FIELDS time phi\n0 1\n#! FIELDS time psi\n1 2\n";
    assert_refused(
        "COLVAR",
        colvar,
        &Reading::default(),
        &["COLVAR:3:1", "the columns change from time phi to time psi"],
    );
    assert_refused(
        "COLVAR",
        b"#! FIELDS time phi\n0 1 2\n",
        &Reading::default(),
        &["COLVAR:2:1", "expected 2 as in `#! FIELDS`"],
    );
    assert_refused(
        "COLVAR",
        b"0 1\n",
        &told(Format::Colvar),
        &["no line `#! FIELDS`"],
    );
    assert_refused(
        "r.xvg",
        b"@ xaxis label \"r (nm)\"\n0 1\n",
        &Reading::default(),
        &["nothing tells when"],
    );
}

#[test]
fn faults_of_arrays_name_the_row() {
    let two = doubles([1.0, f64::NAN]);
    for (name, file, parts) in [
        (
            "x.npy",
            npy("<f8", false, "(2,)", &two),
            vec!["row 1, column 0: the value is NaN"],
        ),
        (
            "x.npy",
            npy("<f8", false, "(2, 1, 1)", &two),
            vec!["row 0 of trajectory 1, column 0: the value is NaN"],
        ),
        (
            "x.npy",
            npy("<f8", false, "(3,)", &two),
            vec![
                "16 bytes follow the header, expected 24 for an array of shape [3] of 8-byte numbers",
                "cut",
            ],
        ),
        (
            "x.npy",
            npy("<f8", false, "(1,)", &two),
            vec!["16 bytes follow the header, expected 8"],
        ),
        (
            "x.npy",
            npy("<f8", false, "(4611686018427387904, 4)", &two),
            vec!["more than there can be"],
        ),
        (
            "x.npy",
            npy("<f8", false, "(1, 1, 1, 2)", &two),
            vec!["4 dimensions"],
        ),
        ("x.npy", npy("<f8", false, "(0, 3)", &[]), vec!["holds no number"]),
        (
            "x.npy",
            npy("<c16", false, "(1,)", &two),
            vec!["`<c16`; float32, float64 and integers"],
        ),
        ("x.npy", npy("|O", false, "(1,)", &two), vec!["Python objects"]),
        (
            "x.npy",
            npy("<f8", false, "(1, 100)", &[0; 800]),
            vec!["100 columns may be coordinates"],
        ),
        ("x.npy", b"\x93NUMPY\x01".to_vec(), vec!["ends inside its header"]),
        (
            "x.npz",
            zip(&[("x.txt", b"1", false)]),
            vec!["the member `x.txt` is no array"],
        ),
        ("x.npz", zip(&[]), vec!["the archive holds no array"]),
        (
            "x.npz",
            zip(&[
                ("x.npy", &npy("<f8", false, "(2,)", &two), false),
                ("y.npy", &npy("<f8", false, "(1,)", &two[..8]), false),
            ]),
            vec!["`y` has 1 frames, expected 2 as in `x`"],
        ),
        (
            "x.npz",
            zip(&[("x.npy", &npy("<f8", false, "(3,)", &two), true)]),
            vec!["x.npz[x]", "16 bytes follow the header"],
        ),
        (
            "x.npz",
            b"PK\x03\x04 and no more".to_vec(),
            vec!["no list of its members"],
        ),
    ] {
        assert_refused(name, &file, &stepped(), &parts);
    }
}

#[test]
fn faults_of_atoms_name_frame_and_atom() {
    let reading = Reading {
        definitions: vec![Definition::Distance([0, 1])],
        ..Reading::default()
    };
    let far = Reading {
        definitions: vec![Definition::Distance([0, 99])],
        ..Reading::default()
    };
    let [water, few, open, cell] =
        ["water.xtc", "few.xtc", "open.dcd", "cell.dcd"].map(|name| std::fs::read(data(name)).unwrap());
    let changed = |bytes: &[u8], place: usize, word: [u8; 4]| {
        let mut bytes = bytes.to_vec();
        bytes[place..place + 4].copy_from_slice(&word);
        bytes
    };
    let a_frame = few.len() / 6;
    for (name, file, reading, parts) in [
        (
            "x.xtc",
            water.clone(),
            &far,
            vec!["names atom 99, but the file has 48 atoms, 0 to 47"],
        ),
        (
            "x.xtc",
            water.clone(),
            &Reading::default(),
            vec!["no coordinate is defined", "distance(i, j)"],
        ),
        (
            "x.xtc",
            water[..water.len() - 5].to_vec(),
            &reading,
            vec!["the file ends inside of frame 5"],
        ),
        (
            "x.xtc",
            changed(&few, a_frame, [0; 4]),
            &reading,
            vec!["frame 1 is damaged: it begins with 0, expected 1995"],
        ),
        (
            "x.xtc",
            changed(&few, a_frame + 4, [0, 0, 0, 7]),
            &reading,
            vec!["frame 1 is damaged: it has 7 atoms, expected 6"],
        ),
        (
            "x.xtc",
            changed(&few, a_frame + 12, [0; 4]),
            &reading,
            vec!["frame 1, column 0 (`time`): the time 0 is that of the frame before"],
        ),
        (
            "x.xtc",
            changed(&water, 56, [0; 4]),
            &reading,
            vec!["frame 0 is damaged: its precision is 0"],
        ),
        (
            "x.xtc",
            changed(&water, 84, [0, 0, 0, 3]),
            &reading,
            vec!["frame 0 is damaged: its positions are damaged"],
        ),
        (
            "x.dcd",
            open[..open.len() - 4].to_vec(),
            &reading,
            vec!["the file ends inside of frame 4"],
        ),
        (
            "x.dcd",
            changed(&cell, 40, [3, 0, 0, 0]),
            &reading,
            vec!["3 atoms are fixed"],
        ),
        (
            "x.dcd",
            changed(&open, 0, [84, 1, 0, 0]),
            &reading,
            vec!["the first record is not one of 84 bytes"],
        ),
        (
            "x.dcd",
            changed(&open, 4, *b"VELD"),
            &told_of(&reading, Format::Dcd),
            vec!["does not begin with `CORD`"],
        ),
    ] {
        assert_refused(name, &file, reading, &parts);
    }
}

fn told_of(reading: &Reading, format: Format) -> Reading {
    Reading {
        format,
        ..reading.clone()
    }
}

#[test]
fn known_formats_that_are_not_read_tell_the_way_out() {
    for (magic, parts) in [
        (b"\x1f\x8b\x08\0".as_slice(), ["gzip", "gunzip"]),
        (b"\x89HDF\r\n\x1a\n", ["HDF5", "h5py"]),
        (b"PAR1", ["Parquet", "read_parquet"]),
        (b"CDF\x01", ["NetCDF", "mdtraj"]),
        (b"\x00\x00\x07\xc9\0", ["TRR", "trjconv"]),
    ] {
        assert_refused("x.dat", magic, &stepped(), &parts);
    }
}

#[test]
fn files_must_be_regular_and_alike() {
    let folder = Folder::new();
    let run = Run::default();
    let refused = |files: &[std::path::PathBuf], reading: &Reading, part: &str, code: i32| {
        let error = read(files, reading, &run).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.exit_code(), code, "{error}");
    };
    let missing = folder.0.path().join("missing.csv");
    refused(&[missing], &stepped(), "cannot read the file", 66);
    refused(
        &[folder.0.path().to_owned()],
        &stepped(),
        "not a regular file but a directory",
        66,
    );
    let files = [
        folder.file("a.csv", "t,x\n0,1\n"),
        folder.file("b.csv", "t,y\n0,1\n"),
    ];
    refused(
        &files,
        &Reading::default(),
        "b.csv: error[IRV0142]: the coordinates are y, expected x as in the first file",
        65,
    );
}
