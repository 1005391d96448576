//! The corpus of malformed inputs: `cases.json` lists them, and this file makes those that are huge, binary or no
//! files at all. Used by the tests of the library and, through `#[path]`, of the command.

// A test that cannot make its own input has nothing to say and stops.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// One input and the answer it deserves.
#[derive(Debug)]
pub(crate) struct Case {
    /// What is wrong with it.
    pub(crate) name: String,
    /// The exit code it must give.
    pub(crate) exit: i64,
    /// A piece of text the message must have.
    pub(crate) fragment: String,
    /// Whether the message must name line and column.
    pub(crate) place: bool,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    File(String),
    Generator(String),
}

fn folder() -> PathBuf {
    // Both users of this file are crates beside each other.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../irrev/tests/malformed")
}

/// Every case of `cases.json`.
pub(crate) fn cases() -> Vec<Case> {
    let text = fs::read_to_string(folder().join("cases.json")).unwrap();
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    let word = |case: &serde_json::Value, key: &str| case[key].as_str().map(str::to_owned);
    let case = |case: &serde_json::Value| Case {
        name: word(case, "name").unwrap(),
        exit: case["exit"].as_i64().unwrap(),
        fragment: word(case, "fragment").unwrap(),
        place: case["place"].as_bool().unwrap(),
        origin: match word(case, "generator") {
            Some(generator) => Origin::Generator(generator),
            None => Origin::File(word(case, "file").unwrap()),
        },
    };
    list.as_array().unwrap().iter().map(case).collect()
}

impl Case {
    /// The path of the input; generated ones are made in `scratch`, an empty folder.
    pub(crate) fn path(&self, scratch: &Path) -> PathBuf {
        match &self.origin {
            Origin::File(file) => folder().join(file),
            Origin::Generator(generator) => generated(generator, scratch),
        }
    }
}

const HEAD: &str = "irrev = 1\nkind = \"markov\"\n";

fn written(path: PathBuf, content: impl AsRef<[u8]>) -> PathBuf {
    fs::write(&path, content).unwrap();
    path
}

/// A model with a matrix file of this content.
fn with_matrix(scratch: &Path, extension: &str, content: &[u8]) -> PathBuf {
    written(scratch.join(format!("rates.{extension}")), content);
    written(scratch.join("model.toml"), matrix_model(extension))
}

fn matrix_model(extension: &str) -> String {
    format!("{HEAD}[matrix]\nfile = \"rates.{extension}\"\norientation = \"from-row-to-column\"\n")
}

fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn named_pipe(path: PathBuf) -> PathBuf {
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    path
}

fn generated(generator: &str, scratch: &Path) -> PathBuf {
    let model = scratch.join("model.toml");
    let nested = |open: &str, count: usize, close: &str| {
        format!("{HEAD}x = {}1{}\n", open.repeat(count), close.repeat(count))
    };
    match generator {
        "directory" => scratch.to_path_buf(),
        "named-pipe" => named_pipe(model),
        "socket" => {
            std::os::unix::net::UnixListener::bind(&model).unwrap();
            model
        }
        "device" => PathBuf::from("/dev/zero"),
        "link-loop" => {
            std::os::unix::fs::symlink("model.toml", &model).unwrap();
            model
        }
        "link-to-nothing" => {
            std::os::unix::fs::symlink("absent.toml", &model).unwrap();
            model
        }
        "missing" => model,
        "empty" => written(model, ""),
        "only-byte-order-mark" => written(model, "\u{feff}"),
        "invalid-utf8" => written(model, b"irrev = 1\n\xff\xfe\n"),
        "utf16" => written(model, b"\xff\xfei\x00r\x00r\x00e\x00v\x00"),
        "nul-byte" => written(model, b"irrev = 1\n\x00\n"),
        "binary" => written(model, (0..=255).collect::<Vec<u8>>().repeat(1000)),
        "zip" => written(model, b"PK\x03\x04\x14\x00\x00\x00\x08\x00model.toml"),
        "gzip" => written(model, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
        "long-line" => written(model, format!("{HEAD}title = \"{}\"\n", "a".repeat(2 << 20))),
        "huge-file" => {
            let mut file = fs::File::create(&model).unwrap();
            file.write_all(HEAD.as_bytes()).unwrap();
            // One line of 100 MB.
            let megabyte = vec![b'a'; 1 << 20];
            (0..100).for_each(|_| file.write_all(&megabyte).unwrap());
            model
        }
        "sparse-terabyte" => {
            fs::File::create(&model).unwrap().set_len(1 << 40).unwrap();
            model
        }
        "many-values" => written(model, format!("{HEAD}x = [\n{}]\n", "1,\n".repeat(600_000))),
        "many-lines" => written(model, format!("{HEAD}{}", "\n".repeat(60 << 20))),
        "many-dots" => written(model, format!("{HEAD}{}", "a.a.a.a.a.a.a.a\n".repeat(2 << 20))),
        "deep-arrays" => written(model, nested("[", 100_000, "]")),
        "deep-tables" => written(model, nested("{ a = ", 50_000, " }")),
        "deep-dotted-key" => written(model, format!("{HEAD}a{} = 1\n", ".a".repeat(100_000))),
        "deep-unclosed" => written(model, "[".repeat(100_000)),
        "deep-headers" => written(model, format!("{HEAD}[a{}]\nx = 1\n", ".a".repeat(500))),
        "byte-order-mark-and-fault" => written(model, "\u{feff}irrev = 1\nkind = \"markow\"\n"),
        "carriage-returns-and-fault" => written(model, "irrev = 1\r\nkind = \"markow\"\r\n"),
        "many-parameters-in-a-chain" => {
            let count = 50_000;
            let lines: String = (0..count)
                .map(|index| format!("x{index} = \"x{} + 1\"\n", (index + 1) % count))
                .collect();
            let rest = "states = [\"a\", \"b\"]\ntransitions = []\n";
            written(model, format!("{HEAD}{rest}[parameters]\n{lines}"))
        }
        "many-states-and-a-fault" => {
            let names: String = (0..100_000).map(|index| format!("\"s{index}\",\n")).collect();
            let transition =
                "[[transitions]]\nbetween = [\"s0\", \"s100000\"]\nrates = { forward = 1, backward = 1 }\n";
            written(model, format!("{HEAD}states = [\n{names}]\n{transition}"))
        }
        "matrix-named-pipe" => {
            named_pipe(scratch.join("rates.csv"));
            written(model, matrix_model("csv"))
        }
        "matrix-objects" => {
            let header = "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }\n";
            with_matrix(scratch, "npy", &npy(header, b"\x80\x04cos\nsystem\n"))
        }
        "matrix-huge-shape" => {
            let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n";
            with_matrix(scratch, "npy", &npy(header, &[]))
        }
        "matrix-truncated" => {
            let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n";
            with_matrix(scratch, "npy", &npy(header, &[0; 31]))
        }
        "matrix-not-npy" => with_matrix(scratch, "npy", b"PK\x03\x04"),
        "matrix-too-many-rows" => with_matrix(scratch, "csv", "0\n".repeat(3_000).as_bytes()),
        unknown => panic!("cases.json names the generator {unknown}, which is not there"),
    }
}
