//! Writing a model as SBML Level 3 Version 2 Core.

use std::collections::HashSet;

use super::annotation;
use super::labels::WrittenUnits;
use super::write_laws::Laws;
use super::write_math::{DEFINED, Identifiers, apply, ci, defined, definition, mathml};
use super::xml::is_identifier;
use crate::expression::{Expression, Function, number_text};
use crate::model::formula::TEMPERATURE;
use crate::model::{Formula, Quantity, Reactions, Role, Treatment, VariableLaw};

/// An SBML file, and what of the model it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The whole file.
    pub text: String,
    /// One sentence for each thing that is left out or said otherwise.
    pub losses: Vec<String>,
}

/// Writes a model as SBML Level 3 Version 2 Core.
///
/// Laws, rules and initial values are all there: reading the file gives the same rates of change. What SBML has no words for (the sweeps, the
/// temperature if no formula uses it, what to do about irreversible reactions, …) is named in [`Written::losses`]. A reversible
/// reaction is one with the law forward − backward if reading it tells the two apart again, and else two one-way reactions.
///
/// ```
/// # let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="m">
/// # <listOfCompartments><compartment id="c" size="1"/></listOfCompartments>
/// # <listOfSpecies><species id="A" compartment="c" initialAmount="1"/></listOfSpecies>
/// # <listOfReactions><reaction id="decay" reversible="false"><listOfReactants><speciesReference species="A"/></listOfReactants>
/// # <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>A</ci></math></kineticLaw></reaction></listOfReactions></model></sbml>"#;
/// # let model = irrev::sbml::read(irrev::source::SourceFile::from_text("model.xml", text)?)?;
/// let written = irrev::sbml::write(&model);
/// let again = irrev::sbml::read(irrev::source::SourceFile::from_text("again.xml", written.text)?)?;
/// assert_eq!(again.reactions[0].name, model.reactions[0].name);
/// assert!(written.losses.is_empty());
/// assert_eq!(again.units, model.units);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn write(model: &Reactions) -> Written {
    let mut losses = losses(model);
    let units = WrittenUnits::of(&model.units);
    if !units.left_out.is_empty() {
        losses.push(format!(
            "left out: the labels of units of {}",
            units.left_out.join(", ")
        ));
    }
    let mut used: HashSet<String> = HashSet::new();
    let mut identifiers = Identifiers::new();
    used.extend(DEFINED.map(|function| defined(function).to_owned()));
    for name in model.symbol_names() {
        let id = free_identifier(&name, &mut used);
        if id != name {
            losses.push(format!(
                "the symbol `{name}` is called `{id}`, since identifiers of SBML are of plain letters"
            ));
        }
        identifiers.insert(name, id);
    }
    let default_compartment = free_identifier("compartment", &mut used);
    let temperature = free_identifier("temperature", &mut used);
    let laws = Laws::new(model, &identifiers, &default_compartment, &temperature);
    let reactions = laws.reactions(&mut used, &mut losses);
    let writer = Writer {
        model,
        identifiers: &identifiers,
        default_compartment: &default_compartment,
    };
    let mut parts = Parts::default();
    writer.compartments(&mut parts);
    writer.species(&mut parts);
    writer.parameters(&mut parts);
    if laws.uses_temperature() {
        writer.temperature(&temperature, &mut parts);
    }
    let content = [parts.initial.concat(), parts.rules.concat(), reactions.concat()].concat();
    let functions: Vec<String> = DEFINED
        .into_iter()
        .filter(|function| content.contains(&ci(defined(*function))))
        .filter_map(function_definition)
        .collect();
    let name = model
        .title
        .as_deref()
        .map(|title| format!(" name=\"{}\"", escaped(title)));
    let lists = [
        ("FunctionDefinitions", &functions),
        ("UnitDefinitions", &units.definitions),
        ("Compartments", &parts.compartments),
        ("Species", &parts.species),
        ("Parameters", &parts.parameters),
        ("InitialAssignments", &parts.initial),
        ("Rules", &parts.rules),
        ("Reactions", &reactions),
    ];
    let lists: String = lists
        .iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(list, items)| format!("<listOf{list}>\n{}\n</listOf{list}>\n", items.join("\n")))
        .collect();
    let annotation = annotation::of_model(model);
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\">\n<model{}{}>\n{annotation}{lists}</model>\n</sbml>\n",
        name.unwrap_or_default(),
        units.attributes
    );
    Written { text, losses }
}

/// A function that SBML lacks, in those it has.
fn function_definition(function: Function) -> Option<String> {
    let (arguments, body) = definition(function);
    let bound: String = arguments
        .iter()
        .map(|name| format!("<bvar>{}</bvar>", ci(name)))
        .collect();
    let body = mathml(&Expression::parse(body).ok()?, &Identifiers::new());
    let lambda = math(&format!("<lambda>{bound}{body}</lambda>"));
    Some(format!(
        "<functionDefinition id=\"{}\">{lambda}</functionDefinition>",
        defined(function)
    ))
}

/// What SBML has no words for.
fn losses(model: &Reactions) -> Vec<String> {
    let treated = model
        .reactions
        .iter()
        .filter(|reaction| reaction.irreversible.is_some());
    let bounded = model
        .parameters
        .iter()
        .filter(|parameter| parameter.minimum.or(parameter.maximum).is_some());
    let potentials = model
        .species
        .iter()
        .filter(|species| species.standard_potential.is_some());
    let said = [
        (model.doc.is_some(), "the description"),
        (!model.sources.is_empty(), "the references"),
        (bounded.count() > 0, "the bounds of parameters"),
        (
            potentials.count() > 0,
            "the standard potentials, but for the reverse rates that follow from them",
        ),
        (
            model
                .system_size
                .as_ref()
                .is_some_and(|size| size.number().is_none()),
            "the system size, which is a formula",
        ),
        (
            model.temperature.is_some(),
            "the temperature, but for the rates that use it",
        ),
        (
            model.irreversible != Treatment::Infinite
                || model.unsplit != Treatment::LeaveOut
                || treated.count() > 0,
            "what to do about reactions without a reverse rate",
        ),
        (model.time.is_some(), "the times"),
        (model.trajectories.is_some(), "the number of trajectories"),
        (model.section.is_some(), "the section of the limit cycle"),
        (!model.sweeps.is_empty(), "the sweeps"),
        (model.report.is_some(), "the quantities to report"),
        (model.seed.is_some(), "the seed"),
    ];
    let lost = said.into_iter().filter(|(is_there, _)| *is_there);
    lost.map(|(_, what)| format!("left out: {what}")).collect()
}

/// The name if it is an identifier that nobody has, and else the nearest that is.
pub(super) fn free_identifier(name: &str, used: &mut HashSet<String>) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    let mut id: String = name.chars().map(plain).collect();
    if !is_identifier(&id) {
        id.insert(0, '_');
    }
    while !used.insert(id.clone()) {
        id.push('_');
    }
    id
}

/// Text that may stand in an attribute; what XML cannot hold at all becomes a space.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A `<math>` with this content.
pub(super) fn math(content: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{content}</math>")
}

/// The items of each list.
#[derive(Default)]
struct Parts {
    compartments: Vec<String>,
    species: Vec<String>,
    parameters: Vec<String>,
    initial: Vec<String>,
    rules: Vec<String>,
}

impl Parts {
    fn rule(&mut self, kind: &str, id: &str, content: &str) {
        self.rules.push(format!(
            "<{kind}Rule variable=\"{id}\">{}</{kind}Rule>",
            math(content)
        ));
    }

    /// A number as an attribute, or else a formula as an initial assignment.
    fn initial(
        &mut self,
        id: &str,
        attribute: &str,
        formula: &Formula,
        content: impl Fn(String) -> String,
        identifiers: &Identifiers,
    ) -> String {
        match formula.expression() {
            None => format!(
                " {attribute}=\"{}\"",
                number_text(formula.number().unwrap_or(0.0))
            ),
            Some(expression) => {
                let content = math(&content(mathml(expression, identifiers)));
                self.initial.push(format!(
                    "<initialAssignment symbol=\"{id}\">{content}</initialAssignment>"
                ));
                String::new()
            }
        }
    }
}

struct Writer<'a> {
    model: &'a Reactions,
    identifiers: &'a Identifiers,
    default_compartment: &'a str,
}

impl Writer<'_> {
    fn id(&self, name: &str) -> &str {
        self.identifiers.get(name).map_or("", String::as_str)
    }

    fn content(&self, formula: &Formula) -> String {
        formula_content(formula, self.identifiers)
    }

    fn compartments(&self, parts: &mut Parts) {
        for compartment in &self.model.compartments {
            let id = self.id(&compartment.name);
            let size = match compartment.dimensions {
                0 => String::new(),
                _ => parts.initial(id, "size", &compartment.size, |content| content, self.identifiers),
            };
            let dimensions = compartment.dimensions;
            parts.compartments.push(format!(
                "<compartment id=\"{id}\" spatialDimensions=\"{dimensions}\"{size} constant=\"true\"/>"
            ));
        }
        if self.model.compartments.is_empty() {
            let id = self.default_compartment;
            parts.compartments.push(format!(
                "<compartment id=\"{id}\" spatialDimensions=\"3\" size=\"1\" constant=\"true\"/>"
            ));
        }
    }

    fn species(&self, parts: &mut Parts) {
        for species in &self.model.species {
            let id = self.id(&species.name);
            let place = species.compartment.map(|index| &self.model.compartments[index]);
            let compartment = place.map_or(self.default_compartment, |place| self.id(&place.name));
            let attribute = match species.initial_quantity {
                Quantity::Amount => "initialAmount",
                Quantity::Concentration => "initialConcentration",
            };
            // An initial assignment gives the value of the symbol.
            let converted = |content: String| match (species.initial_quantity, species.symbol) {
                (Quantity::Amount, Quantity::Concentration) => apply("divide", &[content, ci(compartment)]),
                (Quantity::Concentration, Quantity::Amount) => apply("times", &[content, ci(compartment)]),
                _ => content,
            };
            let (initial, boundary, constant) = match &species.role {
                Role::Assigned(formula) => {
                    parts.rule("assignment", id, &self.content(formula));
                    (String::new(), true, false)
                }
                role => {
                    let initial = parts.initial(id, attribute, &species.initial, converted, self.identifiers);
                    if let Role::Rate(formula) = role {
                        parts.rule("rate", id, &self.content(formula));
                    }
                    let is_chemostat = matches!(role, Role::Chemostat);
                    (initial, !matches!(role, Role::Dynamic), is_chemostat)
                }
            };
            let name = species
                .doc
                .as_deref()
                .map(|doc| format!(" name=\"{}\"", escaped(doc)));
            parts.species.push(format!(
                "<species id=\"{id}\"{} compartment=\"{compartment}\"{initial} hasOnlySubstanceUnits=\"{}\" boundaryCondition=\"{boundary}\" constant=\"{constant}\"/>",
                name.unwrap_or_default(),
                species.symbol == Quantity::Amount,
            ));
        }
    }

    fn parameters(&self, parts: &mut Parts) {
        for parameter in &self.model.parameters {
            let id = self.id(&parameter.name);
            let value = parts.initial(id, "value", &parameter.value, |content| content, self.identifiers);
            let name = parameter
                .doc
                .as_deref()
                .map(|doc| format!(" name=\"{}\"", escaped(doc)));
            parts.parameters.push(format!(
                "<parameter id=\"{id}\"{}{value} constant=\"true\"/>",
                name.unwrap_or_default()
            ));
        }
        for variable in &self.model.variables {
            let id = self.id(&variable.name);
            let value = match &variable.law {
                VariableLaw::Assigned(formula) => {
                    parts.rule("assignment", id, &self.content(formula));
                    String::new()
                }
                VariableLaw::Rate { initial, rate } => {
                    parts.rule("rate", id, &self.content(rate));
                    parts.initial(id, "value", initial, |content| content, self.identifiers)
                }
            };
            parts
                .parameters
                .push(format!("<parameter id=\"{id}\"{value} constant=\"false\"/>"));
        }
    }

    /// The temperature as a parameter, since some law uses it.
    fn temperature(&self, id: &str, parts: &mut Parts) {
        let (value, constant) = match &self.model.temperature {
            None => (" value=\"1\"".to_owned(), true),
            Some(formula) if formula.depends_on_time() => {
                parts.rule("assignment", id, &self.content(formula));
                (String::new(), false)
            }
            Some(formula) => (
                parts.initial(id, "value", formula, |content| content, self.identifiers),
                true,
            ),
        };
        parts
            .parameters
            .push(format!("<parameter id=\"{id}\"{value} constant=\"{constant}\"/>"));
    }
}

/// The MathML of a formula.
pub(super) fn formula_content(formula: &Formula, identifiers: &Identifiers) -> String {
    match formula.expression() {
        Some(expression) => mathml(expression, identifiers),
        None => super::write_math::cn(formula.number().unwrap_or(0.0)),
    }
}

/// Whether a formula uses the temperature.
pub(super) fn uses_temperature(formula: &Formula) -> bool {
    formula
        .expression()
        .is_some_and(|expression| expression.span_of(TEMPERATURE).is_some())
}
