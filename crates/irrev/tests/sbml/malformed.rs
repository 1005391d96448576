//! Malformed and hostile files: each is refused with the message, the line and the exit code of `malformed-sbml/cases.json`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use super::read;

const MATHML: &str = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";
const HEAD: &str = "<?xml version=\"1.0\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\">\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed-sbml")
}

/// A model whose only law is this content of a `<math>`, in line 25.
fn with_law(functions: &str, law: &str) -> String {
    format!(
        "{HEAD}<model>{functions}\n<listOfCompartments><compartment id=\"c\" size=\"1\" constant=\"true\"/></listOfCompartments>\n\
         <listOfSpecies><species id=\"A\" compartment=\"c\" initialAmount=\"1\"/></listOfSpecies>{}\
         <listOfReactions><reaction id=\"r\"><listOfReactants><speciesReference species=\"A\" stoichiometry=\"1\"/></listOfReactants>\n\
         <kineticLaw><math {MATHML}>{law}</math></kineticLaw></reaction></listOfReactions></model></sbml>\n",
        "\n".repeat(19)
    )
}

/// Functions f0, f1, … of which each is made of two calls of the one before.
fn doubling(count: usize, body: &dyn Fn(&str) -> String) -> String {
    let mut functions = String::from("<listOfFunctionDefinitions>");
    for index in 0..count {
        let inside = match index {
            0 => "<ci>x</ci>".to_owned(),
            _ => body(&format!("<ci>f{}</ci>", index - 1)),
        };
        write!(functions, "<functionDefinition id=\"f{index}\"><math {MATHML}><lambda><bvar><ci>x</ci></bvar>{inside}</lambda></math></functionDefinition>").unwrap();
    }
    functions + "</listOfFunctionDefinitions>"
}

fn generated(generator: &str) -> String {
    match generator {
        "quadratic-blowup" => {
            let (long, many) = ("a".repeat(100_000), "&a;".repeat(100_000));
            format!("<?xml version=\"1.0\"?>\n<!DOCTYPE sbml [<!ENTITY a \"{long}\">]>\n<sbml>{many}</sbml>")
        }
        "deep-mathml" => {
            let depth = 10_000;
            let law = format!(
                "{}<ci>A</ci>{}",
                "<apply><minus/>".repeat(depth),
                "</apply>".repeat(depth)
            );
            with_law("", &law)
        }
        "deep-elements" => format!(
            "{HEAD}<model>\n{}{}</model></sbml>",
            "<a>".repeat(100_000),
            "</a>".repeat(100_000)
        ),
        "many-elements" => format!("{HEAD}<model>{}</model></sbml>", "<a/>\n".repeat(1_100_000)),
        "wide-sum" => with_law(
            "",
            &format!("<apply><plus/>{}</apply>", "<ci>A</ci>\n".repeat(500_000)),
        ),
        "wide-xor" => with_law(
            "",
            &format!("<apply><xor/>{}</apply>", "<ci>A</ci>\n".repeat(100_000)),
        ),
        "many-unknown-names" => with_law(
            "",
            &format!("<apply><plus/>{}</apply>", "<ci>nobody</ci>\n".repeat(500_000)),
        ),
        // Each value stays short, and the work doubles from one to the next.
        "function-bomb" => {
            let functions = doubling(60, &|before| {
                format!("<apply>{before}<apply>{before}<ci>x</ci></apply></apply>")
            });
            with_law(&functions, "<apply><ci>f59</ci><ci>A</ci></apply>")
        }
        "function-doubling" => {
            let functions = doubling(60, &|before| {
                let call = format!("<apply>{before}<ci>x</ci></apply>");
                format!("<apply><plus/>{call}{call}</apply>")
            });
            with_law(&functions, "<apply><ci>f59</ci><ci>A</ci></apply>")
        }
        unknown => panic!("cases.json names the generator {unknown}, which is not there"),
    }
}

#[test]
fn every_malformed_file_is_refused_with_its_place() {
    let list: Value =
        serde_json::from_str(&std::fs::read_to_string(folder().join("cases.json")).unwrap()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for case in list.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let path = match case["generator"].as_str() {
            None => folder().join(case["file"].as_str().unwrap()),
            Some(generator) => {
                let path = scratch.path().join(format!("{name}.xml"));
                std::fs::write(&path, generated(generator)).unwrap();
                path
            }
        };
        let start = Instant::now();
        let outcome = read(&path);
        let elapsed = start.elapsed();
        if elapsed.as_secs() >= 10 {
            wrong.push(format!("{name} took {elapsed:?}"));
        }
        let Err(error) = outcome else {
            wrong.push(format!("{name} was read"));
            continue;
        };
        let fragment = case["fragment"].as_str().unwrap();
        let found = error
            .diagnostics
            .iter()
            .find(|diagnostic| diagnostic.to_string().contains(fragment));
        let Some(found) = found else {
            wrong.push(format!("{name}: expected {fragment:?} in\n{error}"));
            continue;
        };
        let line = found.place.as_ref().map(|place| place.line as u64);
        if case["line"].as_u64().is_some() && case["line"].as_u64() != line {
            wrong.push(format!("{name}: expected line {}, found\n{found}", case["line"]));
        }
        if i64::from(error.category.exit_code()) != case["exit"].as_i64().unwrap() {
            wrong.push(format!(
                "{name}: exit code {}, expected {}",
                error.category.exit_code(),
                case["exit"]
            ));
        }
        if !found.file.ends_with(&format!("{name}.xml")) {
            wrong.push(format!("{name}: names the file {}", found.file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
