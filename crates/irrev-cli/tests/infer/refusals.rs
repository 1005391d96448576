//! What `irrev infer` refuses, in which words and with which exit code.

use super::{SHORT, activity, irrev, npy, spikes, table, text, written};

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_place() {
    let scratch = tempfile::tempdir().unwrap();
    let cases: [(&str, &str, &[&str], &str); 14] = [
        (
            "2.csv",
            "0,1,1\n0,2,1\n",
            &[],
            "2.csv:2:3: error[IRV0141]: row 2, column 2: `2` is not binary, expected 0 or 1",
        ),
        (
            "mixed.csv",
            "0,1,1\n0,-1,1\n",
            &[],
            "mixed.csv:2:3: error[IRV0141]: row 2, column 2: `-1` is not binary",
        ),
        ("word.csv", "0,1,1\n0,one,1\n", &[], "word.csv:2:3:"),
        (
            "ragged.csv",
            "0,1,1\n0,1\n",
            &[],
            "ragged.csv:2:1: error[IRV0141]: the row has 2 cells, expected 3",
        ),
        (
            "nan.csv",
            "unit,time\n0,0.5\n1,nan\n",
            &[],
            "nan.csv:3:3: error[IRV0141]: the time is `nan`",
        ),
        (
            "negative.csv",
            "unit,time\n0,-0.5\n",
            &[],
            "negative.csv:2:3: error[IRV0141]: the time -0.5 is negative",
        ),
        (
            "text.csv",
            "unit,time\n0,soon\n",
            &[],
            "text.csv:2:3: error[IRV0141]: `soon` is no time",
        ),
        (
            "nobody.csv",
            "unit,time\n0,0.5\n,0.7\n",
            &[],
            "nobody.csv:3:1: error[IRV0141]: the row names no unit",
        ),
        (
            "header.csv",
            "unit,time\n",
            &[],
            "header.csv:1:1: error[IRV0141]: the file has a header and no rows",
        ),
        ("comment.csv", "# nothing\n", &[], "the file has no rows"),
        (
            "columns.csv",
            "unit,tme,x\n0,1,2\n",
            &["--time-column", "time"],
            "did you mean `tme`?",
        ),
        (
            "three.csv",
            "a,b,c\n0.1,2,3\n",
            &["--format", "spikes"],
            "which of 3 columns holds the times is not clear",
        ),
        (
            "trials.txt",
            "# a\n0.1\n0.2\n# b\n0.1\n",
            &[],
            "trials.txt:5:1: error[IRV0141]: a second trial begins here",
        ),
        (
            "trial.txt",
            "# a\n0.1\n0.2\n# b\n0.1\n",
            &["--trial", "2"],
            "the file has 2 trials and no trial 2",
        ),
    ];
    for (name, content, options, wanted) in cases {
        let file = written(scratch.path(), name, content);
        let output = irrev(&[&["infer", &file, "--bin", "0.1"], options].concat());
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(65), "{name}: {message}");
        assert!(message.contains(wanted), "{name}: {message}");
        assert!(output.stdout.is_empty());
    }
    for (name, content, wanted) in [
        ("object.npy", npy("|O", "(2, 2)", false, &[]), "Python objects"),
        (
            "short.npy",
            npy("|u1", "(2, 2)", false, &[0, 1]),
            "2 bytes follow the header",
        ),
        (
            "value.npy",
            npy("|u1", "(2, 2)", false, &[0, 1, 1, 3]),
            "[1, 1]: 3 is not binary",
        ),
        (
            "time.npy",
            npy("<f8", "(1,)", false, &f64::NAN.to_le_bytes()),
            "[0]: the time is NaN",
        ),
        ("packed.csv.gz", vec![0x1f, 0x8b, 8, 0], "gunzip"),
        ("old.mat", b"MATLAB 5.0 MAT-file".to_vec(), "scipy.io.loadmat"),
        ("new.mat", b"\x89HDF\r\n\x1a\n".to_vec(), "h5py"),
    ] {
        let file = written(scratch.path(), name, content);
        let output = irrev(&["infer", &file, "--bin", "0.1"]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(65), "{name}: {message}");
        assert!(
            message.contains(name) && message.contains(wanted),
            "{name}: {message}"
        );
    }
}

#[test]
fn questions_without_an_answer_are_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    let rows = activity(600);
    let listed: String = spikes(&rows)
        .iter()
        .map(|(unit, time)| format!("{unit},{time}\n"))
        .collect();
    let list = written(here, "list.csv", format!("unit,time\n{listed}"));
    let bins = written(here, "bins.csv", table(&rows, ","));
    let silent = written(here, "silent.csv", "0,0\n0,0\n0,0\n");
    let one = written(here, "one.csv", "0,1\n");
    let twins: String = rows
        .iter()
        .map(|row| format!("{0},{0},{1}\n", row[0], row[1]))
        .collect();
    let twins = written(here, "twins.csv", twins);
    let refused = |code: i32, arguments: &[&str], wanted: &str| {
        let output = irrev(&[&["infer"], arguments].concat());
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(wanted), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty());
    };
    refused(2, &[&list], "--bin");
    refused(2, &[&list, "--bin", "-1"], "is no width of a bin");
    refused(2, &[&list, "--bin", "0.1,0.1"], "is given twice");
    refused(2, &[&list, "--bin", "100"], "is wider than the time");
    refused(2, &[&list, "--bin", "0.1", "--until", "-1"], "leaves no time");
    refused(
        2,
        &[&list, "--bin", "0.1", "--units", "0,7"],
        "\"7\" is no unit of the recording",
    );
    refused(2, &[&list, "--bin", "0.1", "--units", "0,0"], "is given twice");
    refused(2, &[&bins, "--from", "1"], "needs spikes");
    refused(2, &[&bins, "--bin", "0.1,0.2"], "needs spikes");
    refused(2, &[&bins, "--penalty", "much"], "is no number");
    refused(2, &[&bins, "--penalty", "-1"], "is no penalty");
    refused(2, &[&bins, "--confidence", "1"], "between 0 and 1");
    refused(2, &[&bins, "--shuffles", "0"], "1 to 100000");
    refused(2, &[&bins, "--set", "a=1"], "no numbers to set");
    refused(65, &[&silent], "silent in every bin");
    refused(65, &[&one, "--penalty", "1"], "too few");
    refused(
        65,
        &[&written(here, "short.csv", table(&activity(30), ","))],
        "too few",
    );
    refused(65, &[&twins, "--penalty", "0"], "the same unit twice?");
    refused(65, &[&bins, &list], "each must hold the spike times of one unit");
    refused(66, &["nothing-here.csv"], "nothing-here.csv");
    refused(
        69,
        &[&list, "--bin", "0.1", "--max-memory", "1kB"],
        "--max-memory",
    );
    refused(69, &[&list, "--bin", "1e-9"], "memory");
}

#[test]
fn what_is_to_blame_is_blamed_in_the_words_of_the_command() {
    let scratch = tempfile::tempdir().unwrap();
    let rows = activity(1000);
    let listed: String = spikes(&rows)
        .iter()
        .map(|(unit, time)| format!("{unit},{time}\n"))
        .collect();
    let list = written(scratch.path(), "list.csv", format!("unit,time\n{listed}"));
    // the recording lasts 20 s, and no width of a bin would help
    for late in [&["--from", "30"][..], &["--from", "30", "--until", "40"]] {
        let output = irrev(&[&["infer", &list, "--bin", "0.02"], late].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains("--from \"30\" leaves no spike") && !told.contains("--bin"),
            "{told}"
        );
    }
    let output = irrev(&["infer", &list, "--bin", "0.02", "--trial", "0"]);
    let told = text(&output.stderr);
    assert!(
        output.status.code() == Some(65)
            && told.contains("--trial 0: the file was taken for a list of units and times"),
        "{told}"
    );
    let one = written(
        scratch.path(),
        "one.npy",
        npy("|u1", "(4,)", false, &[0, 1, 1, 0]),
    );
    let output = irrev(&["infer", &one, "--bin", "0.02"]);
    let told = text(&output.stderr);
    assert!(
        output.status.code() == Some(65) && told.contains("say which: --format bins or --format spikes"),
        "{told}"
    );
    // units that all fall silent half-way leave none with a field in the second half
    let mut rows = rows;
    for row in &mut rows[500..] {
        row.fill(0);
    }
    let file = written(scratch.path(), "silent.csv", table(&rows, ","));
    let output = irrev(&[&["infer", &file], SHORT.as_slice()].concat());
    let told = text(&output.stderr);
    assert!(
        told.contains("unit 0 is silent in every bin considered"),
        "{told}"
    );
    assert!(
        told.contains("(--units names the units to analyse") && !told.contains('_'),
        "{told}"
    );
}
