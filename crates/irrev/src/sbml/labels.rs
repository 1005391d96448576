//! What a file says for people: labels of its units, and the publications that describe it.
//!
//! Numbers are never rescaled; a unit becomes a label if it is one unit with a usual prefix, and nothing otherwise.

use super::xml::Element;

/// Labels of the units of time, amount, volume and concentration, as far as the file has them.
pub(super) fn units(model: Element<'_>, level: u8) -> Vec<(String, String)> {
    let definitions = model.list("listOfUnitDefinitions", &["unitDefinition"]);
    let label = |unit: &str| {
        let defined = definitions
            .iter()
            .find(|definition| definition.attribute("id").is_some_and(|id| id.value == unit));
        match defined {
            Some(definition) => defined_label(*definition),
            None => symbol(unit).map(str::to_owned),
        }
    };
    // Level 2 predefines three units, which a file may redefine; Level 3 names its own.
    let of = |predefined: &str, kind: &str, attribute: &str| match level {
        2 => {
            let is_redefined = |definition: &Element| {
                definition
                    .attribute("id")
                    .is_some_and(|id| id.value == predefined)
            };
            label(if definitions.iter().any(is_redefined) {
                predefined
            } else {
                kind
            })
        }
        _ => model.attribute(attribute).and_then(|unit| label(unit.value)),
    };
    let time = of("time", "second", "timeUnits");
    let amount = of("substance", "mole", "substanceUnits");
    let volume = of("volume", "litre", "volumeUnits");
    let concentration = amount
        .as_ref()
        .zip(volume.as_ref())
        .map(|(amount, volume)| format!("{amount}/{volume}"));
    [
        ("time", time),
        ("amount", amount),
        ("volume", volume),
        ("concentration", concentration),
    ]
    .into_iter()
    .filter_map(|(dimension, label)| Some((dimension.to_owned(), label?)))
    .collect()
}

/// The label of a unit definition that is one unit with a usual prefix.
fn defined_label(definition: Element<'_>) -> Option<String> {
    let [unit] = *definition.list("listOfUnits", &["unit"]) else {
        return None;
    };
    let number = |name: &str, default: f64| match unit.attribute(name) {
        None => Some(default),
        Some(attribute) => attribute.value.trim().parse::<f64>().ok(),
    };
    let symbol = symbol(unit.attribute("kind")?.value)?;
    let (exponent, scale, multiplier) = (
        number("exponent", 1.0)?,
        number("scale", 0.0)?,
        number("multiplier", 1.0)?,
    );
    if exponent != 1.0 {
        return None;
    }
    if scale == 0.0 && symbol == "s" && multiplier != 1.0 {
        let longer = [(60.0, "min"), (3600.0, "h"), (86400.0, "d")];
        return longer
            .iter()
            .find(|(seconds, _)| *seconds == multiplier)
            .map(|(_, name)| (*name).to_owned());
    }
    let prefixes = [
        (3, "k"),
        (0, ""),
        (-3, "m"),
        (-6, "µ"),
        (-9, "n"),
        (-12, "p"),
        (-15, "f"),
    ];
    let power = if multiplier == 1.0 {
        scale
    } else {
        scale + multiplier.log10()
    };
    let prefix = prefixes.iter().find(|(known, _)| f64::from(*known) == power)?.1;
    Some(format!("{prefix}{symbol}"))
}

fn symbol(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "second" => "s",
        "mole" => "mol",
        "item" => "item",
        "gram" => "g",
        "litre" | "liter" => "l",
        _ => return None,
    })
}

/// The publications that the annotation says describe the model, as it names them.
pub(super) fn sources(model: Element<'_>) -> Vec<String> {
    let mut sources = Vec::new();
    let annotations = model.children().filter(|child| child.name() == "annotation");
    annotations.for_each(|annotation| described_by(annotation, false, &mut sources));
    sources
}

/// Elements nest at most [`super::MAXIMUM_NESTING`] deep.
fn described_by(element: Element<'_>, is_inside: bool, sources: &mut Vec<String>) {
    for child in element.children() {
        if is_inside && child.name() == "li" {
            let resource = child
                .package_attributes()
                .find(|(_, name, ..)| *name == "resource");
            sources.extend(resource.map(|(_, _, value, _)| value.to_owned()));
        }
        described_by(child, is_inside || child.name() == "isDescribedBy", sources);
    }
}
