//! Model files of kind `kinetic-ising`: what is read, and what is refused with its place.

#![allow(clippy::unwrap_used)]

use crate::spins::{GAUSSIAN, PARALLEL, SEQUENTIAL, read, text};
use irrev::analysis::vocabulary;
use irrev::model::{IsingEnvironment, Model, SizeValues, load};

/// What is wrong, the code of the fault, and words of its message.
fn refused() -> Vec<(&'static str, String, &'static str, &'static str)> {
    let of = |network: &str, dynamics: &str, rest: &str| text(network, dynamics, rest);
    let pair = |rows: &str| of(&format!("couplings = {{ rows = {rows} }}"), PARALLEL, "");
    vec![
        (
            "no square",
            pair("[[0.0, 1.0], [1.0]]"),
            "IRV0140",
            "network.couplings.rows[1]",
        ),
        (
            "no number",
            pair("[[0.0, nan], [1.0, 0.0]]"),
            "IRV0114",
            "nan is not a number",
        ),
        (
            "infinite",
            pair("[[0.0, inf], [1.0, 0.0]]"),
            "IRV0114",
            "expected a finite number",
        ),
        ("no rows", pair("[]"), "IRV0114", "N spins has N"),
        (
            "as many fields as spins",
            of(
                "couplings = { rows = [[0.0, 1.0], [1.0, 0.0]] }\nfields = [0.1, 0.2, 0.3]",
                PARALLEL,
                "",
            ),
            "IRV0140",
            "3 fields for 2 spins",
        ),
        (
            "a size twice",
            of(
                "size = [64, 128, 64]\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "m.toml:4:18",
        ),
        (
            "more lags than measurements",
            of(
                GAUSSIAN,
                PARALLEL,
                "[simulation]\nmeasured = 40\nevery = 4\nlags = 10",
            ),
            "IRV0124",
            "`simulation.lags` is 10; expected fewer lags than the 10 measurements",
        ),
        (
            "an axis that runs backwards",
            of(
                GAUSSIAN,
                PARALLEL,
                "[phase_diagram]\nx = { key = \"dynamics.beta\", from = 2.0, to = 1.0 }\n\
                 y = { key = \"network.couplings.spread\", from = 0.0, to = 1.0 }",
            ),
            "IRV0124",
            "m.toml:10:",
        ),
        (
            "an axis over what cannot be",
            of(
                GAUSSIAN,
                PARALLEL,
                "[phase_diagram]\nx = { key = \"dynamics.beta\", from = -2.0, to = 1.0 }\n\
                 y = { key = \"network.couplings.spread\", from = 0.0, to = 1.0 }",
            ),
            "IRV0124",
            "`phase_diagram.x.from` is -2; expected a number of at least 0",
        ),
        (
            "a misspelt word for infinitely many",
            of(
                "size = \"infinit\"\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }",
                PARALLEL,
                "",
            ),
            "IRV0114",
            "did you mean `infinite`?",
        ),
        (
            "size of couplings",
            of(
                "size = 3\ncouplings = { rows = [[0.0, 1.0], [1.0, 0.0]] }",
                PARALLEL,
                "",
            ),
            "IRV0140",
            "join 2 spins, and `network.size` is 3",
        ),
        (
            "self-coupling one at a time",
            of("couplings = { rows = [[0.5, 1.0], [1.0, 0.0]] }", SEQUENTIAL, ""),
            "IRV0140",
            "spin 0 acts on itself",
        ),
        (
            "self-couplings kept one at a time",
            of(&format!("{GAUSSIAN}\nself_couplings = \"keep\""), SEQUENTIAL, ""),
            "IRV0113",
            "even symmetric couplings would dissipate",
        ),
        (
            "refusal of what is drawn",
            of(&format!("{GAUSSIAN}\nself_couplings = \"refuse\""), PARALLEL, ""),
            "IRV0113",
            "drawn at random",
        ),
        (
            "unknown key",
            of(&format!("{GAUSSIAN}\nsizes = 3"), PARALLEL, ""),
            "IRV0110",
            "`sizes`",
        ),
        (
            "key of another type",
            of(
                "size = 5\ncouplings = { type = \"diluted\", mean = 1.0, spread = 0.0, degree = 2, symmetry = 0.0 }",
                PARALLEL,
                "",
            ),
            "IRV0110",
            "`symmetry`",
        ),
        (
            "unknown type",
            of(
                "size = 5\ncouplings = { type = \"gausian\", mean = 1.0, spread = 0.0 }",
                PARALLEL,
                "",
            ),
            "IRV0114",
            "expected one of",
        ),
        (
            "missing spread",
            of(
                "size = 5\ncouplings = { type = \"gaussian\", mean = 1.0 }",
                PARALLEL,
                "",
            ),
            "IRV0111",
            "`spread`",
        ),
        (
            "missing size",
            of(
                "couplings = { type = \"gaussian\", mean = 1.0, spread = 0.0 }",
                PARALLEL,
                "",
            ),
            "IRV0111",
            "`size`",
        ),
        (
            "infinite and given",
            of(
                "size = \"infinite\"\ncouplings = { rows = [[0.0]] }",
                PARALLEL,
                "",
            ),
            "IRV0114",
            "finite number of spins",
        ),
        (
            "no spin of an entry",
            of("size = 2\ncouplings = { entries = [[2, 0, 1.0]] }", PARALLEL, ""),
            "IRV0140",
            "spins are counted from 0",
        ),
        (
            "two matrices",
            of(
                "size = 1\ncouplings = { rows = [[0.0]], entries = [[0, 0, 1.0]] }",
                PARALLEL,
                "",
            ),
            "IRV0113",
            "several",
        ),
        (
            "degree beyond the size",
            of(
                "size = 5\ncouplings = { type = \"diluted\", mean = 1.0, spread = 0.0, degree = 8 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "the degree is 8",
        ),
        (
            "no whole size",
            of(
                "size = 2.5\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "whole number",
        ),
        (
            "no size",
            of(
                "size = 0\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "whole number",
        ),
        (
            "negative spread",
            of(
                "size = 5\ncouplings = { type = \"gaussian\", mean = 1.0, spread = -0.5 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "at least 0",
        ),
        (
            "symmetry",
            of(
                "size = 5\ncouplings = { type = \"gaussian\", mean = 1.0, spread = 0.5, symmetry = 2 }",
                PARALLEL,
                "",
            ),
            "IRV0124",
            "from -1 to 1",
        ),
        (
            "negative beta",
            of(GAUSSIAN, "update = \"parallel\"\nbeta = -1.0", ""),
            "IRV0124",
            "dynamics.beta",
        ),
        ("no update", of(GAUSSIAN, "beta = 1.0", ""), "IRV0111", "`update`"),
        (
            "unknown update",
            of(GAUSSIAN, "update = \"paralel\"\nbeta = 1.0", ""),
            "IRV0114",
            "expected one of",
        ),
        (
            "partial without probability",
            of(GAUSSIAN, "update = \"partial\"\nbeta = 1.0", ""),
            "IRV0113",
            "dynamics.probability",
        ),
        (
            "time in a formula",
            of(GAUSSIAN, "update = \"parallel\"\nbeta = \"1 + t\"", ""),
            "IRV0121",
            "may not depend on the time",
        ),
        (
            "draws of what is given",
            of("couplings = { rows = [[0.0]] }\ndraws = 3", PARALLEL, ""),
            "IRV0113",
            "given and not drawn",
        ),
        (
            "an axis that varies nothing",
            of(
                GAUSSIAN,
                PARALLEL,
                "[phase_diagram]\nx = { key = \"dynamics.gamma\", from = 0.0, to = 1.0 }\ny = { key = \"dynamics.beta\", from = 0.0, to = 1.0 }",
            ),
            "IRV0114",
            "expected one of",
        ),
        (
            "the same axis twice",
            of(
                GAUSSIAN,
                PARALLEL,
                "[phase_diagram]\nx = { key = \"dynamics.beta\", from = 0.0, to = 1.0 }\ny = { key = \"dynamics.beta\", from = 0.0, to = 1.0 }",
            ),
            "IRV0113",
            "vary the same number",
        ),
        (
            "an axis backwards",
            of(
                GAUSSIAN,
                PARALLEL,
                "[phase_diagram]\nx = { key = \"dynamics.beta\", from = 2.0, to = 1.0 }\ny = { key = \"network.couplings.spread\", from = 0.0, to = 1.0 }",
            ),
            "IRV0124",
            "an end above the beginning",
        ),
        (
            "unknown sweep",
            of(
                GAUSSIAN,
                PARALLEL,
                "[[sweep]]\nkey = \"dynamics.bet\"\nvalues = [1.0]",
            ),
            "IRV0116",
            "dynamics.bet",
        ),
        (
            "unknown result",
            of(
                GAUSSIAN,
                PARALLEL,
                "[[sweep]]\nkey = \"dynamics.beta\"\nvalues = [1.0]\nshow = [\"overlp\"]",
            ),
            "IRV0116",
            "overlp",
        ),
        (
            "unknown section",
            of(GAUSSIAN, PARALLEL, "[report]\nquantities = [\"infinte_size\"]"),
            "IRV0116",
            "infinte_size",
        ),
    ]
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (what, text, code, words) in refused() {
        let error = read(&text).expect_err(what);
        let first = &error.diagnostics[0];
        assert_eq!(first.code, code, "{what}: {error}");
        assert!(error.to_string().contains(words), "{what}: {error}");
        let place = first.place.as_ref().unwrap_or_else(|| panic!("{what}: no place"));
        assert!(place.line > 2, "{what}: {error}");
        assert_eq!(error.category.exit_code(), 65, "{what}");
    }
}

#[test]
fn files_of_couplings_and_fields_are_read_and_their_faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let load_with = |network: &str| {
        write("model.toml", &text(network, PARALLEL, ""));
        load(&folder.path().join("model.toml"), &vocabulary())
    };
    write("J.csv", "0.0, 1.0\n-1.0, 0.0\n");
    write("H.csv", "0.25\n-0.5\n");
    write("entries.csv", "# to, from, J\n1, 0, -1.0\n0, 1, 1.0\n");
    let from = |network: &str| {
        let Ok(Model::Ising(spec)) = load_with(network) else {
            panic!("{network}")
        };
        let values = IsingEnvironment::new(&spec, &[]).unwrap().values().unwrap();
        assert_eq!(values.sizes, SizeValues::Finite(vec![2]));
        irrev::spins::network(&values, 2, 1, 0)
            .unwrap()
            .local_fields(&[1, 1])
    };
    // J acts from column to row: spin 0 receives +1 from spin 1
    assert_eq!(
        from("couplings = { file = \"J.csv\" }\nfields = { file = \"H.csv\" }"),
        [1.25, -1.5]
    );
    assert_eq!(
        from("size = 2\ncouplings = { entries_file = \"entries.csv\" }"),
        [1.0, -1.0]
    );
    assert_eq!(
        from("size = 2\ncouplings = { entries = [[0, 1, 1.0], [1, 0, -1.0]] }"),
        [1.0, -1.0]
    );

    write("wide.csv", "0.0, 1.0, 2.0\n-1.0, 0.0, 1.0\n");
    write("holes.csv", "0.0, nan\n-1.0, 0.0\n");
    write("short.csv", "0.25\n");
    write("odd.csv", "1, 0\n");
    write("nan.csv", "0.25\nnan\n");
    // a file that is not there has no place; where the model names it has one
    for network in [
        "couplings = { file = \"absent.csv\" }",
        "size = 2\ncouplings = { entries_file = \"absent.csv\" }",
        "couplings = { file = \"J.csv\" }\nfields = { file = \"absent.csv\" }",
    ] {
        let error = load_with(network).expect_err(network);
        assert_eq!(error.category.exit_code(), 66, "{network}: {error}");
        let place = error.diagnostics[0].place.as_ref().expect(network);
        assert_eq!(place.line, 3 + network.lines().count(), "{network}: {error}");
    }
    for (network, words) in [
        ("couplings = { file = \"wide.csv\" }", "wide.csv"),
        ("couplings = { file = \"holes.csv\" }", "holes.csv"),
        ("couplings = { file = \"absent.csv\" }", "absent.csv"),
        (
            "couplings = { file = \"../J.csv\" }",
            "does not stay in the model's folder",
        ),
        (
            "size = 2\ncouplings = { entries_file = \"odd.csv\" }",
            "three for each entry",
        ),
        (
            "couplings = { file = \"J.csv\" }\nfields = { file = \"short.csv\" }",
            "1 fields for 2 spins",
        ),
        (
            "couplings = { file = \"J.csv\" }\nfields = { file = \"nan.csv\" }",
            "the field of spin 1",
        ),
    ] {
        let error = load_with(network).expect_err(network);
        assert!(error.to_string().contains(words), "{network}: {error}");
    }
}
