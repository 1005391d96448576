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

/// Unit definitions and the attributes of `<model>` that name them, for the labels of time, amount and volume; and the labels that SBML
/// cannot say.
///
/// A concentration such as mM says both amount and volume, where the model does not label them apart.
pub(super) struct WrittenUnits {
    /// `<unitDefinition>` elements.
    pub(super) definitions: Vec<String>,
    /// Attributes of `<model>`, each with a space before it.
    pub(super) attributes: String,
    /// Dimensions whose labels are left out.
    pub(super) left_out: Vec<String>,
}

impl WrittenUnits {
    pub(super) fn of(labels: &[(String, String)]) -> Self {
        let label = |dimension: &str| {
            labels
                .iter()
                .find(|(known, _)| known == dimension)
                .map(|(_, label)| label.as_str())
        };
        let parts = label("concentration").and_then(concentration_parts);
        let mut written = WrittenUnits {
            definitions: Vec::new(),
            attributes: String::new(),
            left_out: Vec::new(),
        };
        let amount = label("amount").or(parts.as_ref().map(|(amount, _)| amount.as_str()));
        let volume = label("volume").or(parts.as_ref().map(|(_, volume)| volume.as_str()));
        let kinds = [("time", label("time")), ("substance", amount), ("volume", volume)];
        for (kind, label) in kinds {
            let Some(unit) = label.and_then(unit_of) else {
                continue;
            };
            written.definitions.push(format!(
                "<unitDefinition id=\"{kind}\"><listOfUnits><unit {unit}/></listOfUnits></unitDefinition>"
            ));
            written.attributes += &format!(" {kind}Units=\"{kind}\"");
            if kind == "substance" {
                // the extent of a reaction is an amount
                written.attributes += " extentUnits=\"substance\"";
            }
        }
        for (dimension, label) in labels {
            let is_said = match dimension.as_str() {
                "time" | "amount" | "volume" => unit_of(label).is_some(),
                "concentration" => concentration_parts(label).is_some_and(|(own_amount, own_volume)| {
                    amount == Some(own_amount.as_str()) && volume == Some(own_volume.as_str())
                }),
                _ => false,
            };
            if !is_said {
                written.left_out.push(dimension.clone());
            }
        }
        written
    }
}

/// Labels of amount and volume in that of a concentration: `mM` is mmol/l.
fn concentration_parts(label: &str) -> Option<(String, String)> {
    let (amount, volume) = match label.split_once('/') {
        Some((amount, volume)) => (amount.to_owned(), volume.to_owned()),
        None => (format!("{}mol", label.strip_suffix('M')?), "l".to_owned()),
    };
    (unit_of(&amount).is_some() && unit_of(&volume).is_some()).then_some((amount, volume))
}

/// The attributes of the `<unit>` with this label, if it is one unit with a usual prefix.
fn unit_of(label: &str) -> Option<String> {
    let longer = LONGER.iter().find(|(_, name)| *name == label);
    if let Some((seconds, _)) = longer {
        return Some(format!(
            "kind=\"second\" exponent=\"1\" scale=\"0\" multiplier=\"{seconds}\""
        ));
    }
    let usual = label.replace('μ', "µ");
    let symbols = [
        ("second", "s"),
        ("mole", "mol"),
        ("item", "item"),
        ("gram", "g"),
        ("litre", "l"),
        ("litre", "L"),
    ];
    symbols.into_iter().find_map(|(kind, symbol)| {
        let prefix = usual.strip_suffix(symbol)?;
        let (scale, _) = PREFIXES.iter().find(|(_, known)| *known == prefix)?;
        Some(format!(
            "kind=\"{kind}\" exponent=\"1\" scale=\"{scale}\" multiplier=\"1\""
        ))
    })
}

/// Powers of ten with their prefixes.
const PREFIXES: [(i32, &str); 7] = [
    (3, "k"),
    (0, ""),
    (-3, "m"),
    (-6, "µ"),
    (-9, "n"),
    (-12, "p"),
    (-15, "f"),
];

/// Times longer than a second, in seconds.
const LONGER: [(f64, &str); 3] = [(60.0, "min"), (3600.0, "h"), (86400.0, "d")];

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
        return LONGER
            .iter()
            .find(|(seconds, _)| *seconds == multiplier)
            .map(|(_, name)| (*name).to_owned());
    }
    let power = if multiplier == 1.0 {
        scale
    } else {
        scale + multiplier.log10()
    };
    let prefix = PREFIXES.iter().find(|(known, _)| f64::from(*known) == power)?.1;
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
