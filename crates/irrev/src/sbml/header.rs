//! The outermost elements: which SBML it is, which packages it needs, and where the model is.

use super::xml::{Element, Report};
use crate::model::diagnostic::{Fault, code};

/// Level and version of the file.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Edition {
    pub(super) level: u8,
    pub(super) version: u8,
}

/// What is read.
const EDITIONS: &str = "irrev reads Level 2 Versions 1 to 5 and Level 3 Versions 1 and 2";

/// The edition and the model element.
pub(super) fn opened(root: Element<'_>) -> Option<(Edition, Element<'_>)> {
    if root.name() != "sbml" {
        let message = format!("the outermost element is `<{}>`, expected `<sbml>`", root.name());
        root.fault(code::SBML, message);
        return None;
    }
    let edition = edition(root)?;
    refuse_required_packages(root)?;
    let mut models = root.own_children().filter(|child| child.name() == "model");
    let Some(model) = models.next() else {
        root.fault(code::SBML, "the file has no `<model>`");
        return None;
    };
    if let Some(second) = models.next() {
        second.fault(code::SBML, "the file has a second `<model>`; a file holds one");
        return None;
    }
    Some((edition, model))
}

fn edition(root: Element<'_>) -> Option<Edition> {
    let namespace = root.namespace();
    let refused = |message: String| {
        root.report
            .add(Fault::error(code::SBML, root.span(), message).help(EDITIONS));
    };
    let whole = |name: &str| -> Option<u8> {
        let attribute = root.required(name)?;
        let value = attribute.value.trim().parse::<u8>().ok();
        if value.is_none() {
            let message = format!(
                "`{name}` of `<sbml>` is `{}`, expected a whole number",
                attribute.value
            );
            root.report.add(Fault::error(code::SBML, attribute.span, message));
        }
        value
    };
    let (level, version) = (whole("level")?, whole("version")?);
    let expected = match (level, version) {
        (2, 1) => "http://www.sbml.org/sbml/level2".to_owned(),
        (2, 2..=5) => format!("http://www.sbml.org/sbml/level2/version{version}"),
        (3, 1 | 2) => format!("http://www.sbml.org/sbml/level3/version{version}/core"),
        _ => {
            refused(format!("SBML Level {level} Version {version} is not read"));
            return None;
        }
    };
    if namespace != expected {
        refused(format!(
            "the namespace of `<sbml>` is `{namespace}`, but Level {level} Version {version} has `{expected}`"
        ));
        return None;
    }
    Some(Edition { level, version })
}

/// A package that is required changes what the model means; one that is not may be left out, with a warning.
fn refuse_required_packages(root: Element<'_>) -> Option<()> {
    let mut readable = Some(());
    for (namespace, name, value, span) in root.package_attributes() {
        if name != "required" {
            continue;
        }
        let package = namespace
            .rsplit('/')
            .find(|part| !part.is_empty() && !part.starts_with("version"))
            .unwrap_or(namespace);
        if matches!(value.trim(), "true" | "1") {
            let message = format!("the file requires the package `{package}`, which is not read");
            root.report
                .add(Fault::error(code::UNSUPPORTED, span, message).help("export the model in SBML Core"));
            readable = None;
        } else {
            let message = format!("what the package `{package}` adds to the model is left out");
            root.report.warn(Fault::warning(code::UNSUPPORTED, span, message));
        }
    }
    readable
}

/// Everything in the model that cannot be ignored and is not read.
pub(super) fn refuse_what_is_not_read(model: Element<'_>, report: &Report) {
    const KNOWN: &[&str] = &[
        "notes",
        "annotation",
        "listOfFunctionDefinitions",
        "listOfUnitDefinitions",
        "listOfCompartmentTypes",
        "listOfSpeciesTypes",
        "listOfCompartments",
        "listOfSpecies",
        "listOfParameters",
        "listOfInitialAssignments",
        "listOfRules",
        "listOfConstraints",
        "listOfReactions",
        "listOfEvents",
    ];
    let unsupported = |element: Element, message: String, help: &str| {
        report.add(Fault::error(code::UNSUPPORTED, element.span(), message).help(help));
    };
    let mut seen: Vec<&str> = Vec::new();
    for child in model.own_children() {
        let name = child.name();
        if !KNOWN.contains(&name) {
            let near = crate::expression::nearest_name(name, KNOWN.iter().copied());
            let fault = Fault::error(
                code::UNKNOWN_KEY,
                child.span(),
                format!("unexpected `<{name}>` in `<model>`"),
            );
            report.add(fault.suggest(near));
        } else if seen.contains(&name) {
            child.fault(
                code::DUPLICATE_KEY,
                format!("`<{name}>` stands in the model twice"),
            );
        }
        seen.push(name);
    }
    for event in model.list("listOfEvents", &["event"]) {
        let name = event.attribute("id").or(event.attribute("name"));
        let named = name.map_or(String::new(), |name| format!(" `{}`", name.value));
        unsupported(
            event,
            format!("the model has the event{named}, and events are not read"),
            "an event changes the model by a jump; leave it out, or split the model at its time",
        );
    }
    if let Some(constraint) = model.list("listOfConstraints", &["constraint"]).first() {
        let message = "constraints are left out; they change no value";
        report.warn(Fault::warning(code::UNSUPPORTED, constraint.span(), message));
    }
    for element in std::iter::once(model).chain(model.list("listOfSpecies", &["species"])) {
        if let Some(factor) = element.attribute("conversionFactor") {
            let message = format!(
                "`<{}>` has the conversion factor `{}`, and conversion factors are not read",
                element.name(),
                factor.value
            );
            let fault = Fault::error(code::UNSUPPORTED, factor.span, message);
            report.add(fault.help("multiply the stoichiometric coefficients by it"));
        }
    }
}
