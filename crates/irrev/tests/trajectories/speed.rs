//! How fast files are read; run with `--ignored --nocapture`.

use std::time::Instant;

use irrev::numerics::Run;
use irrev::trajectories::{Reading, Time, read, survey};

use crate::{Folder, doubles, npy};

#[test]
#[ignore = "measures times, and is no check"]
fn a_million_rows() {
    const ROWS: u32 = 1_000_000;
    let folder = Folder::new();
    let row = |k: u32| (f64::from(k) * 0.002, f64::from(k).sin(), f64::from(k).cos());
    let short: String = (0..ROWS)
        .map(|k| {
            let (t, x, y) = row(k);
            format!("{t:.3},{x:.6},{y:.6}\n")
        })
        .collect();
    let colvar: String = (0..ROWS)
        .map(|k| {
            let (t, x, y) = row(k);
            format!(" {t:.6} {x:.6} {y:.6}\n")
        })
        .collect();
    let long: String = (0..ROWS)
        .map(|k| {
            let (t, x, y) = row(k);
            format!("{t:.18e} {x:.18e} {y:.18e}\n")
        })
        .collect();
    let c = doubles((0..8 * ROWS).flat_map(|k| [f64::from(k), f64::from(k)]));
    let cases = [
        ("short.csv", format!("t,x,y\n{short}").into_bytes()),
        ("COLVAR", format!("#! FIELDS time x y\n{colvar}").into_bytes()),
        ("long.txt", format!("# t x y\n{long}").into_bytes()),
        ("c.npy", npy("<f8", false, "(8000000, 2)", &c)),
        ("fortran.npy", npy("<f8", true, "(8000000, 2)", &c)),
        ("single.npy", npy("<f4", false, "(16000000, 2)", &c)),
    ];
    for (name, content) in cases {
        let path = folder.file(name, &content);
        let mega = content.len() as f64 / 1e6;
        let reading = Reading {
            time: if name.ends_with("npy") {
                Time::Step(1.0)
            } else {
                Time::Automatic
            },
            ..Reading::default()
        };
        for _ in 0..2 {
            let start = Instant::now();
            let kept = read(&[path.clone()], &reading, &Run::default()).unwrap();
            let reading_time = start.elapsed().as_secs_f64();
            let start = Instant::now();
            survey(&[path.clone()], &reading, &Run::default()).unwrap();
            let survey_time = start.elapsed().as_secs_f64();
            println!(
                "{name}: {mega:.0} MB, {} frames: read {:.0} MB/s, survey {:.0} MB/s",
                kept.frames(),
                mega / reading_time,
                mega / survey_time
            );
        }
    }
}
