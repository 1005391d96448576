//! Recordings as files: what is written is read back, in whatever order and form, and no text makes the reader panic.

use irrev::recordings::{Activity, Format, Reading, Recording, Spikes, parse};
use irrev::source::SourceFile;
use proptest::prelude::*;

fn read(text: &str, reading: &Reading) -> Result<Recording, String> {
    let source = SourceFile::from_text("recording.txt", text).map_err(|error| error.to_string())?;
    parse(&source, reading).map_err(|error| error.to_string())
}

fn spikes(recording: &Recording) -> &Spikes {
    match &recording.activity {
        Activity::Spikes(spikes) => spikes,
        other => panic!("expected spikes, found {other:?}"),
    }
}

#[test]
fn labels_are_in_the_order_of_numbers_or_of_letters() {
    let by_number = read("10,0.1\n2,0.2\n1,0.3\n", &Reading::default()).unwrap();
    assert_eq!(by_number.labels, ["1", "2", "10"]);
    let by_letter = read("unit,time\ntt10,0.1\ntt2,0.2\n\"a b\",0.3\n", &Reading::default()).unwrap();
    assert_eq!(by_letter.labels, ["a b", "tt10", "tt2"]);
}

#[test]
fn two_columns_are_bins_only_if_all_values_are_binary() {
    let bins = read("0 1\n1 1\n0 0\n", &Reading::default()).unwrap();
    assert!(matches!(bins.activity, Activity::Bins(_)));
    assert!(bins.notes[0].contains("3 bins of 2 units"));
    let listed = read("0 1\n1 1\n0 2\n", &Reading::default()).unwrap();
    assert_eq!(spikes(&listed).times, [1.0, 1.0, 2.0]);
    let told = Reading {
        format: Format::Spikes,
        ..Reading::default()
    };
    assert_eq!(spikes(&read("0 1\n1 1\n0 0\n", &told).unwrap()).units, [0, 0, 1]);
    // zeros and minus ones do not belong to one coding
    let neither = read("0 1\n-1 1\n", &Reading::default());
    assert_eq!(neither.unwrap().labels, ["-1", "0"]);
}

#[test]
fn one_column_of_two_values_is_refused_until_it_is_told_what_it_is() {
    for text in ["0\n1\n1\n0\n", "1\n-1\n1\n", "a\n0\n1\n"] {
        let refused = read(text, &Reading::default()).unwrap_err();
        assert!(refused.contains("--format bins or --format spikes"), "{refused}");
        assert!(refused.contains("recording.txt:"), "{refused}");
    }
    let told = |format| Reading {
        format,
        ..Reading::default()
    };
    let bins = read("0\n1\n1\n0\n", &told(Format::Bins)).unwrap();
    assert!(bins.notes[0].contains("4 bins of 1 unit"), "{:?}", bins.notes);
    let times = read("0\n1\n", &told(Format::Spikes)).unwrap();
    assert_eq!(spikes(&times).times, [0.0, 1.0]);
    // a header that says what it is, and any other value, leave no doubt
    for text in ["time_s\n0\n1\n", "0\n1\n1.5\n"] {
        assert_eq!(spikes(&read(text, &Reading::default()).unwrap()).times[1], 1.0);
    }
}

#[test]
fn headers_with_units_of_time_are_understood_in_any_case() {
    for header in [
        "Time (s),Unit",
        "time_s,unit_id",
        "t [s],Neuron",
        "Timestamps,cluster",
    ] {
        let found = read(&format!("{header}\n0.25,3\n"), &Reading::default()).unwrap();
        assert_eq!(
            (&found.labels[..], spikes(&found).times[0]),
            (&["3".to_owned()][..], 0.25),
            "{header}"
        );
    }
}

#[test]
fn a_trial_of_a_file_that_has_none_is_refused_with_the_reason() {
    let first = Reading {
        trial: Some(0),
        ..Reading::default()
    };
    for (text, what) in [
        ("3,0.1\n4,0.2\n\n3,0.3\n", "a list of units and times"),
        ("0 1 1\n1 0 0\n", "a table of bins"),
    ] {
        let refused = read(text, &first).unwrap_err();
        assert!(
            refused.contains("--trial 0") && refused.contains(what),
            "{refused}"
        );
    }
}

#[test]
fn trials_are_chosen_by_number() {
    let text = "# repetition 0\n100\n200\n\n# repetition 1\n50\n\n\n70\n90\n";
    let of = |trial| {
        let reading = Reading {
            trial: Some(trial),
            ..Reading::default()
        };
        spikes(&read(text, &reading).unwrap()).times.clone()
    };
    assert_eq!(
        (of(0), of(1), of(2)),
        (vec![100.0, 200.0], vec![50.0], vec![70.0, 90.0])
    );
    assert!(
        read(text, &Reading::default())
            .unwrap_err()
            .contains("second trial")
    );
}

#[test]
fn coincidences_and_short_intervals_are_counted() {
    let found = read(
        "unit,time\n0,0.1\n1,0.1\n0,0.1005\n1,0.2\n1,0.2\n0,0.2\n",
        &Reading::default(),
    )
    .unwrap();
    // 0.1 in units 0 and 1; 0.2 in units 0, 1 and 1, of which one pair of neighbours differs
    assert_eq!(spikes(&found).coincidences(), 2);
    // 0.1005 after 0.1 in unit 0, and the second 0.2 in unit 1
    assert_eq!(spikes(&found).refractory_violations(), 2);
}

proptest! {
    #[test]
    fn spikes_are_read_back_in_any_order_and_form(
        mut rows in prop::collection::vec((0_usize..5, 0.0_f64..1e4), 1..60),
        separator in prop::sample::select(vec![",", ";", "\t", " ", "   ", " , "]),
        header in any::<bool>(),
        windows in any::<bool>(),
        turn in 0_usize..60,
    ) {
        let end = if windows { "\r\n" } else { "\n" };
        let written = |rows: &[(usize, f64)]| {
            let mut text = if header { format!("unit{separator}time{end}") } else { String::new() };
            for (unit, time) in rows {
                text += &format!("u{unit}{separator}{time}{end}");
            }
            text
        };
        let first = read(&written(&rows), &Reading::default()).unwrap();
        let count = rows.len();
        rows.rotate_left(turn % count);
        let second = read(&written(&rows), &Reading::default()).unwrap();
        prop_assert_eq!(&first.labels, &second.labels);
        prop_assert_eq!(&first.activity, &second.activity);
        let mut wanted: Vec<f64> = rows.iter().map(|row| row.1).collect();
        wanted.sort_by(f64::total_cmp);
        prop_assert_eq!(&spikes(&first).times, &wanted);
        for (unit, time) in spikes(&first).units.iter().zip(&spikes(&first).times) {
            let label = &first.labels[*unit];
            let written = rows.iter().any(|row| format!("u{}", row.0) == *label && row.1 == *time);
            prop_assert!(written, "{} at {}", label, time);
        }
    }

    #[test]
    fn tables_are_read_back_and_their_transposes_are_the_same(
        rows in prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 1..40),
        signed in any::<bool>(),
    ) {
        let word = |active: &bool| match (active, signed) {
            (true, _) => "1",
            (false, true) => "-1",
            (false, false) => "0",
        };
        let text: String = rows.iter().map(|row| row.iter().map(word).collect::<Vec<_>>().join(",") + "\n").collect();
        let found = read(&text, &Reading::default()).unwrap();
        let Activity::Bins(raster) = &found.activity else { panic!("a table") };
        for (bin, row) in rows.iter().enumerate() {
            for (unit, active) in row.iter().enumerate() {
                prop_assert_eq!(raster.active(bin, unit), *active);
            }
        }
        let turned: String = (0..3)
            .map(|unit| rows.iter().map(|row| word(&row[unit])).collect::<Vec<_>>().join(",") + "\n")
            .collect();
        let reading = Reading { format: Format::Bins, transpose: true, ..Reading::default() };
        prop_assert_eq!(read(&turned, &reading).unwrap().activity, found.activity);
    }

    #[test]
    fn no_text_makes_the_reader_panic(
        text in "[0-9a-z,;\\-. #\"\n\t]{0,80}",
        format in prop::sample::select(vec![Format::Automatic, Format::Spikes, Format::Bins]),
        trial in prop::option::of(0_usize..3),
        transpose in any::<bool>(),
        column in prop::option::of(prop::sample::select(vec!["1", "2", "unit", "0"])),
    ) {
        let reading = Reading {
            format,
            trial,
            transpose,
            time_column: column.map(str::to_owned),
            ..Reading::default()
        };
        if let Err(message) = read(&text, &reading) {
            prop_assert!(message.contains("recording.txt"), "{}", message);
        }
    }
}
