//! How fast files are read; run with `--ignored --nocapture`.

use irrev::numerics::Run;
use irrev::trajectories::{Definition, Reading, Time, read, survey};

use super::{Folder, data, doubles, npy};

/// Seconds of processor time of this thread so far, where the system tells them; on a loaded machine the clock on the wall tells nothing.
fn processor_time() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = told.split_whitespace().next().and_then(|word| word.parse().ok());
    nanoseconds.map_or(f64::NAN, |nanoseconds| nanoseconds * 1e-9)
}

/// Numbers of a row: its time and two coordinates.
fn row(k: u32) -> [f64; 3] {
    [f64::from(k) * 0.002, f64::from(k).sin(), f64::from(k).cos()]
}

#[test]
#[ignore = "measures times, and is no check"]
fn a_million_rows() {
    const ROWS: u32 = 1_000_000;
    let folder = Folder::new();
    let text = |line: &dyn Fn([f64; 3]) -> String| (0..ROWS).map(|k| line(row(k))).collect::<String>();
    let short = text(&|[t, x, y]| format!("{t:.3},{x:.6},{y:.6}\n"));
    let colvar = text(&|[t, x, y]| format!(" {t:.6} {x:.6} {y:.6}\n"));
    let long = text(&|[t, x, y]| format!("{t:.18e} {x:.18e} {y:.18e}\n"));
    let numbers = doubles((0..8 * ROWS).flat_map(|k| [f64::from(k), f64::from(k)]));
    let atoms = std::fs::read(data("water.xtc")).unwrap().repeat(5000);
    let cases = [
        ("short.csv", format!("t,x,y\n{short}").into_bytes()),
        ("COLVAR", format!("#! FIELDS time x y\n{colvar}").into_bytes()),
        ("long.txt", format!("# t x y\n{long}").into_bytes()),
        ("c.npy", npy("<f8", false, "(8000000, 2)", &numbers)),
        ("fortran.npy", npy("<f8", true, "(8000000, 2)", &numbers)),
        ("single.npy", npy("<f4", false, "(16000000, 2)", &numbers)),
        ("water.xtc", atoms),
    ];
    for (name, content) in cases {
        let path = folder.file(name, &content);
        let mega = content.len() as f64 / 1e6;
        let is_text = !name.ends_with("npy") && !name.ends_with("xtc");
        let reading = Reading {
            time: if is_text { Time::Automatic } else { Time::Step(1.0) },
            definitions: if name.ends_with("xtc") {
                vec![Definition::Distance([0, 47])]
            } else {
                vec![]
            },
            ..Reading::default()
        };
        for _ in 0..2 {
            let start = processor_time();
            let kept = read(std::slice::from_ref(&path), &reading, &Run::default()).unwrap();
            let middle = processor_time();
            survey(std::slice::from_ref(&path), &reading, &Run::default()).unwrap();
            let end = processor_time();
            println!(
                "{name}: {mega:.0} MB, {} frames: read {:.0} MB/s, survey {:.0} MB/s",
                kept.frames(),
                mega / (middle - start),
                mega / (end - middle)
            );
        }
    }
}
