//! Where trajectories end: gaps in time, rows without numbers, numbers of trajectories.

use irrev::landscape::record::Clock;
use irrev::trajectories::{Gaps, Reading, Time};

use super::{one, positions};

fn split() -> Reading {
    Reading {
        gaps: Gaps::Split,
        ..Reading::default()
    }
}

#[test]
fn trajectories_are_cut_at_gaps_if_that_is_said() {
    let text = "t,x\n0,1\n0.1,2\n0.2,3\n5,4\n5.1,5\n5.2,nan\n5.3,6\n5.4,7\n5.5,8\n1,9\n1.5,10\n";
    let read = one("x.csv", text, &split()).unwrap();
    assert_eq!(
        positions(&read, 0),
        [
            vec![1.0, 2.0, 3.0],
            vec![4.0, 5.0],
            vec![6.0, 7.0, 8.0],
            vec![9.0, 10.0]
        ]
    );
    let record = read.record().unwrap();
    let clocks: Vec<Clock<'_>> = record.segments().iter().map(|segment| segment.clock()).collect();
    assert_eq!(clocks, [0.1, 0.1, 0.1, 0.5].map(Clock::Step));
    assert_eq!(
        read.found().sentences()[0],
        "4 trajectories of 3, 2, 3, 2 frames, steps 0.1 to 0.5, from 1 file (text)"
    );
}

#[test]
fn missing_values_cut_where_there_are_no_times_either() {
    let reading = Reading {
        time: Time::Step(1.0),
        ..split()
    };
    let read = one("x.csv", "x,y\n1,1\n,2\n3,NA\n4,4\n5,5\n", &reading).unwrap();
    assert_eq!(positions(&read, 0), [vec![1.0], vec![4.0, 5.0]]);
}

#[test]
fn the_longest_step_may_be_told() {
    let text = "t,x\n0,1\n1,2\n2,3\n4,4\n";
    let refused = one("x.csv", text, &Reading::default()).unwrap_err();
    assert!(
        refused.contains("line 5, column 0 (`t`): the time 4 follows 2, a gap of 2 after steps of 1"),
        "{refused}"
    );
    let told = Reading {
        longest_step: Some(2.0),
        ..Reading::default()
    };
    let read = one("x.csv", text, &told).unwrap();
    assert_eq!(
        read.record().unwrap().segments()[0].clock(),
        Clock::Times(&[0.0, 1.0, 2.0, 4.0])
    );
    let shorter = Reading {
        longest_step: Some(1.5),
        ..split()
    };
    assert_eq!(
        positions(&one("x.csv", text, &shorter).unwrap(), 0),
        [vec![1.0, 2.0, 3.0], vec![4.0]]
    );
}
