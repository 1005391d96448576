//! A stream hands out what reading keeps, whatever the format.

use std::path::PathBuf;

use irrev::landscape::record::{Clock, Segment};
use irrev::numerics::Run;
use irrev::trajectories::{Column, Definition, Gaps, Reading, Time, read, stream, survey};

use super::{Folder, data, doubles, npy};

/// Bits of everything that a trajectory holds.
#[derive(Debug, PartialEq, Default)]
struct Whole {
    step: Option<u64>,
    times: Vec<u64>,
    columns: Vec<Vec<u64>>,
}

impl Whole {
    fn add(&mut self, segment: &Segment<'_>) {
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        match segment.clock() {
            Clock::Step(step) => self.step = Some(step.to_bits()),
            Clock::Times(times) => self.times.extend(bits(times)),
        }
        let each = 0..segment.coordinates();
        let mut columns: Vec<&[f64]> = each.clone().map(|k| segment.positions(k).unwrap()).collect();
        columns.extend(each.filter_map(|k| segment.velocities(k).ok()));
        self.columns.resize(columns.len(), Vec::new());
        for (target, column) in self.columns.iter_mut().zip(columns) {
            target.extend(bits(column));
        }
    }
}

fn assert_agree(files: &[PathBuf], reading: &Reading) -> usize {
    let run = Run::default();
    let kept = read(files, reading, &run).unwrap();
    let record = kept.record().unwrap();
    record.check().unwrap();
    let mut of_stream = vec![Whole::default()];
    let found = stream(files, reading, &run, &mut |chunk| -> Result<(), irrev::Error> {
        let open = of_stream.last_mut().unwrap();
        assert_eq!(chunk.first as usize, open.columns.first().map_or(0, Vec::len));
        assert!(chunk.segment.frames() <= 65_536);
        open.add(&chunk.segment);
        if chunk.ends {
            of_stream.push(Whole::default());
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(of_stream.pop(), Some(Whole::default()));
    let of_record: Vec<Whole> = record
        .segments()
        .iter()
        .map(|segment| {
            let mut whole = Whole::default();
            whole.add(segment);
            whole
        })
        .collect();
    assert_eq!(of_stream, of_record);
    assert_eq!(
        (&found, &survey(files, reading, &run).unwrap()),
        (kept.found(), kept.found())
    );
    of_record.len()
}

#[test]
fn a_stream_hands_out_what_reading_keeps() {
    let folder = Folder::new();
    // longer than a chunk, with a gap, a missing value, and uneven times at the end
    let mut text = String::from("t,x,v\n");
    for k in 0..150_000_u32 {
        let time = f64::from(k) * 0.01
            + if k > 70_000 { 3.0 } else { 0.0 }
            + if k > 149_990 { f64::from(k % 7) * 1e-3 } else { 0.0 };
        let x = if k == 100_000 {
            "nan".to_owned()
        } else {
            format!("{:.5}", f64::from(k).sin())
        };
        text += &format!("{time:.3},{x},{}\n", k % 10);
    }
    let reading = Reading {
        coordinates: vec!["x".into()],
        velocities: vec!["v".into()],
        gaps: Gaps::Split,
        ..Reading::default()
    };
    let long = folder.file("long.csv", &text);
    let short = folder.file("short.csv", "t,x,v\n0,1,2\n0.5,2,3\n");
    assert_eq!(assert_agree(&[long, short], &reading), 4);

    let even = folder.file(
        "COLVAR",
        format!(
            "#! FIELDS time x\n{}",
            (0..70_000).map(|k| format!("{}.5 {k}\n", k)).collect::<String>()
        ),
    );
    assert_eq!(assert_agree(&[even], &Reading::default()), 1);

    let stepped = Reading {
        time: Time::Step(0.1),
        ..Reading::default()
    };
    let cube = folder.file(
        "cube.npy",
        npy(
            "<f8",
            false,
            "(2, 100000, 2)",
            &doubles((0..400_000).map(f64::from)),
        ),
    );
    let flat = folder.file(
        "flat.npy",
        npy("<f8", true, "(100000, 2)", &doubles((0..200_000).map(f64::from))),
    );
    assert_eq!(assert_agree(&[cube.clone(), flat, cube], &stepped), 5);

    let timed = Reading {
        time: Time::Column(Column::Number(0)),
        ..Reading::default()
    };
    let single: Vec<u8> = (0..100_000)
        .flat_map(|k| [k as f32 * 0.02, (k as f32).cos()])
        .flat_map(f32::to_le_bytes)
        .collect();
    let single = folder.file("single.npy", npy("<f4", false, "(100000, 2)", &single));
    assert_eq!(assert_agree(&[single], &timed), 1);

    let of_atoms = Reading {
        definitions: vec![Definition::Dihedral([0, 1, 2, 3])],
        ..Reading::default()
    };
    assert_eq!(assert_agree(&[data("water.xtc"), data("few.xtc")], &of_atoms), 2);
    assert_eq!(assert_agree(&[data("cell.dcd")], &of_atoms), 1);
}

#[test]
fn an_error_of_the_visitor_ends_the_stream() {
    let folder = Folder::new();
    let path = folder.file("x.csv", "1\n2\n");
    let reading = Reading {
        time: Time::Step(1.0),
        ..Reading::default()
    };
    let stopped: Result<_, Box<dyn std::error::Error>> =
        stream(&[path], &reading, &Run::default(), &mut |_| Err("enough".into()));
    assert_eq!(stopped.unwrap_err().to_string(), "enough");
}

#[test]
fn memory_is_refused_with_the_figure_and_cancelling_is_heard() {
    struct Cancelled;
    impl irrev::numerics::run::Monitor for Cancelled {
        fn progress(&self, _: f64, _: &str) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let folder = Folder::new();
    let path = folder.file("x.npy", npy("<f8", false, "(1000, 2)", &[0; 16_000]));
    let reading = Reading {
        time: Time::Step(1.0),
        ..Reading::default()
    };
    let run = Run {
        memory_limit: 10_000,
        ..Run::default()
    };
    let error = read(std::slice::from_ref(&path), &reading, &run).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("16,000 bytes of memory, more than the limit of 10,000 bytes"),
        "{error}"
    );
    assert_eq!(error.exit_code(), 69);
    stream(std::slice::from_ref(&path), &reading, &run, &mut |_| {
        Ok::<(), irrev::Error>(())
    })
    .unwrap();
    let run = Run {
        monitor: &Cancelled,
        ..Run::default()
    };
    assert_eq!(read(&[path], &reading, &run).unwrap_err().exit_code(), 130);
}
