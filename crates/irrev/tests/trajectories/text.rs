//! Text: CSV, COLVAR and XVG.

use irrev::landscape::Period;
use irrev::landscape::record::Clock;
use irrev::trajectories::{Column, Format, OutsidePeriod, Reading, Time};
use proptest::prelude::*;

use super::{one, positions};

fn stepped(step: f64) -> Reading {
    Reading {
        time: Time::Step(step),
        ..Reading::default()
    }
}

#[test]
fn cells_may_be_parted_by_anything_usual() {
    for text in [
        "t,x,y\n0,1,2\n0.5,3,4\n1,5,6\n",
        "t;x;y\r\n0;1;2\r\n0.5;3;4\r\n1;5;6\r\n",
        "t\tx\ty\n0\t1\t2\n0.5\t3\t4\n1\t5\t6",
        "# made by a program\n t   x y\n  0 1   2\n.5 3 4\n\n1 5 6\n",
        "# t x y\n0 1 2\n5e-1 3 4\n1 5 6\n",
        "\u{feff}\"t\", \"x\", \"y\"\n0, 1, 2\n0.5, \"3\", 4\n1, 5, 6\n",
    ] {
        let read = one("x.csv", text, &Reading::default()).unwrap();
        assert_eq!(read.names(), ["x", "y"], "{text}");
        assert_eq!(positions(&read, 0), [[1.0, 3.0, 5.0]]);
        assert_eq!(positions(&read, 1), [[2.0, 4.0, 6.0]]);
        assert_eq!(read.step(), Some(0.5));
    }
}

#[test]
fn columns_are_chosen_by_name_or_number() {
    let text = "run,time (ps),label,\"x (nm)\",v\n1,0,a,0.25,1\n1,2,\"b,c\",0.5,2\n2,0,,0.75,3\n2,2,d,1,4\n";
    let reading = Reading {
        coordinates: vec!["x".into()],
        velocities: vec![Column::from("4")],
        trajectory: Some(Column::from(0)),
        ..Reading::default()
    };
    let read = one("x.csv", text, &reading).unwrap();
    assert_eq!(positions(&read, 0), [[0.25, 0.5], [0.75, 1.0]]);
    let record = read.record().unwrap();
    assert_eq!(record.segments()[1].velocities(0).unwrap(), [3.0, 4.0]);
    assert_eq!(record.segments()[1].clock(), Clock::Step(2.0));
    assert_eq!(
        read.found().sentences()[..2],
        [
            "2 trajectories of 2 frames, step 2 ps, from 1 file (text)",
            "coordinates: x from 0.250000 to 1.000000 nm"
        ]
    );
}

#[test]
fn uneven_times_are_kept_and_even_ones_become_a_step() {
    let read = one("x.csv", "t,x\n0,1\n0.1,2\n0.3,3\n", &Reading::default()).unwrap();
    let record = read.record().unwrap();
    assert_eq!(record.segments()[0].clock(), Clock::Times(&[0.0, 0.1, 0.3]));
    // to the last digit they are even
    let rounded = one(
        "x.csv",
        "t,x\n0.00,1\n0.33,2\n0.67,3\n1.00,4\n",
        &Reading::default(),
    )
    .unwrap();
    let step = rounded.step().unwrap();
    assert!((step - 1.0 / 3.0).abs() < 0.004, "{step}");
    assert!(read.found().sentences()[0].contains("uneven steps"));
}

#[test]
fn plumed_tells_names_and_periods() {
    let text = "#! FIELDS time phi psi metad.bias\n#! SET min_phi -pi\n#! SET max_phi pi\n#! SET min_psi 0\n#! SET max_psi 2*pi\n\
                 0.000000 -3.141593 0.1 0\n 0.002000 3.1 6.2 0\n#! FIELDS time phi psi metad.bias\n 0.004000 3.0 6.1 1\n";
    let chosen = Reading {
        coordinates: vec!["phi".into(), "psi".into()],
        ..Reading::default()
    };
    let read = one("COLVAR", text, &chosen).unwrap();
    assert_eq!((read.frames(), read.step()), (3, Some(0.002)));
    let periods = &read.found().periods;
    assert_eq!(periods[0], Some(Period::radians()));
    assert_eq!(periods[1].unwrap().start(), 0.0);
    let told = Reading {
        periods: vec![None, None],
        ..chosen
    };
    assert_eq!(one("COLVAR", text, &told).unwrap().found().periods, [None, None]);
    let refused = one("COLVAR", text, &Reading::default()).unwrap_err();
    assert!(
        refused.contains("column 3 (`metad.bias`) is named as something that is no coordinate"),
        "{refused}"
    );
}

#[test]
fn grace_tells_legends_and_units_and_parts_sets() {
    let text = "# gmx distance\n@    title \"d\"\n@    xaxis  label \"Time (ps)\"\n@    yaxis  label \"(nm)\"\n@TYPE xy\n\
                @ s0 legend \"d 1\"\n@ s1 legend \"d 2\"\n   0.000    0.5   0.6\n  10.000    0.7   0.8\n&\n0 1 2\n10 3 4\n";
    let read = one("d.xvg", text, &Reading::default()).unwrap();
    assert_eq!(read.names(), ["d 1", "d 2"]);
    assert_eq!(read.found().units, [Some("nm".to_owned()), Some("nm".to_owned())]);
    assert_eq!(positions(&read, 1), [[0.6, 0.8], [2.0, 4.0]]);
    assert!(
        read.found().sentences()[0].contains("step 10 ps"),
        "{:?}",
        read.found().sentences()
    );
    // two columns without a legend are named by the axis
    let plain = one(
        "d.xvg",
        "@ yaxis label \"r (nm)\"\n0 1\n1 2\n",
        &Reading::default(),
    )
    .unwrap();
    assert_eq!(
        (plain.names()[0].as_str(), plain.found().units[0].as_deref()),
        ("r", Some("nm"))
    );
}

#[test]
fn values_outside_of_a_period_are_brought_back_if_that_is_said() {
    let reading = Reading {
        periods: vec![Some(Period::new(-180.0, 360.0).unwrap())],
        outside: OutsidePeriod::Wrap,
        ..stepped(1.0)
    };
    let read = one("x.csv", "350\n-170\n540\n", &reading).unwrap();
    assert_eq!(positions(&read, 0), [[-10.0, -170.0, -180.0]]);
    let in_radians = one("x.csv", "3\n-3\n", &reading).unwrap();
    assert!(
        in_radians
            .found()
            .notes
            .iter()
            .any(|note| note.contains("are they radians?"))
    );
}

#[test]
fn weights_are_those_of_files() {
    let folder = super::Folder::new();
    let files = ["1\n2\n", "3\n4\n"].map(|text| {
        folder.file(
            &format!("{}.csv", text.len() + usize::from(text.starts_with('1'))),
            text,
        )
    });
    let reading = Reading {
        weights: vec![1.0, 2.5],
        format: Format::Csv,
        ..stepped(1.0)
    };
    let read = irrev::trajectories::read(&files, &reading, &Default::default()).unwrap();
    let record = read.record().unwrap();
    let weights: Vec<f64> = record.segments().iter().map(|segment| segment.weight()).collect();
    assert_eq!(weights, [1.0, 2.5]);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec((proptest::num::f64::NORMAL, -1e3..1e3_f64), 1..40),
        separator in prop::sample::select(vec![",", ";", "\t", "  ", " , "]),
        has_header: bool,
        style in 0..3,
    ) {
        let number = |value: f64| match style {
            0 => format!("{value}"),
            1 => format!("{value:e}"),
            _ => format!("{value:.18e}"),
        };
        let mut text = if has_header { format!("x{separator}y\n") } else { String::new() };
        for (x, y) in &rows {
            text += &format!("{}{separator}{}\n", number(*x), number(*y));
        }
        let read = one("x.csv", text, &stepped(0.5)).unwrap();
        let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        prop_assert_eq!(positions(&read, 0), [x]);
        prop_assert_eq!(positions(&read, 1), [y]);
    }
}
