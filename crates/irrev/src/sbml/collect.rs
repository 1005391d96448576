//! The components of a model as the file lists them, before any formula is read.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::annotation;
use super::xml::{Attribute, Element};
use crate::model::diagnostic::{Fault, code};

/// A compartment.
pub(super) struct Compartment<'a> {
    pub(super) id: &'a str,
    pub(super) element: Element<'a>,
    pub(super) dimensions: u8,
    pub(super) size: Option<f64>,
}

/// A species.
pub(super) struct Species<'a> {
    pub(super) id: &'a str,
    pub(super) element: Element<'a>,
    /// Index among the compartments.
    pub(super) compartment: usize,
    pub(super) amount: Option<f64>,
    pub(super) concentration: Option<f64>,
    pub(super) is_boundary: bool,
    pub(super) is_constant: bool,
    pub(super) has_only_substance_units: bool,
}

/// A parameter of the model or of a kinetic law.
pub(super) struct Parameter<'a> {
    pub(super) id: &'a str,
    pub(super) element: Element<'a>,
    pub(super) value: Option<f64>,
    pub(super) is_constant: bool,
}

/// A rule for a variable.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) element: Element<'a>,
    pub(super) math: Element<'a>,
    pub(super) is_rate: bool,
}

/// A reactant or product.
pub(super) struct Reference<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) element: Element<'a>,
    /// Index among the species.
    pub(super) species: usize,
    pub(super) stoichiometry: Stoichiometry<'a>,
}

/// How many of the species take part.
#[derive(Clone, Copy)]
pub(super) enum Stoichiometry<'a> {
    Number(f64),
    /// A formula, constant in time.
    Formula(Element<'a>),
}

/// A reaction.
pub(super) struct Reaction<'a> {
    pub(super) id: &'a str,
    pub(super) element: Element<'a>,
    pub(super) reactants: Vec<Reference<'a>>,
    pub(super) products: Vec<Reference<'a>>,
    pub(super) law: Element<'a>,
    /// Whether an annotation says that the law is mass action.
    pub(super) is_mass_action: bool,
    /// The reaction of which an annotation says that this one is its reverse.
    pub(super) reverse_of: Option<&'a str>,
    pub(super) parameters: Vec<Parameter<'a>>,
}

/// Everything that has a value or changes one.
pub(super) struct Components<'a> {
    pub(super) compartments: Vec<Compartment<'a>>,
    pub(super) species: Vec<Species<'a>>,
    pub(super) parameters: Vec<Parameter<'a>>,
    /// By identifier: what the file says at time 0 by a formula.
    pub(super) initial_assignments: BTreeMap<&'a str, Element<'a>>,
    pub(super) rules: BTreeMap<&'a str, Rule<'a>>,
    pub(super) reactions: Vec<Reaction<'a>>,
    /// Every identifier that a formula mentions.
    pub(super) mentioned: HashSet<String>,
}

impl<'a> Components<'a> {
    /// Reads the lists of a model. Faults are reported; what is faulty is left out.
    pub(super) fn of(model: Element<'a>, level: u8) -> Self {
        let compartments: Vec<Compartment> = (model.list("listOfCompartments", &["compartment"]).into_iter())
            .filter_map(compartment)
            .collect();
        let places: HashMap<&str, usize> = index(compartments.iter().map(|compartment| compartment.id));
        let species: Vec<Species> = (model.list("listOfSpecies", &["species"]).into_iter())
            .filter_map(|element| one_species(element, &places))
            .collect();
        let initial_assignments = initial_assignments(model);
        let kinds: HashMap<&str, usize> = index(species.iter().map(|species| species.id));
        let reactions = (model.list("listOfReactions", &["reaction"]).into_iter())
            .filter_map(|element| reaction(element, level, &kinds, &initial_assignments))
            .collect();
        let parameters = model.list("listOfParameters", &["parameter"]);
        let mut mentioned = HashSet::new();
        mention(model, &mut mentioned);
        Components {
            parameters: parameters.into_iter().filter_map(parameter).collect(),
            rules: rules(model),
            compartments,
            species,
            initial_assignments,
            reactions,
            mentioned,
        }
    }
}

fn index<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    ids.enumerate().map(|(index, id)| (id, index)).collect()
}

/// The identifiers in every `<ci>`; elements nest at most [`super::MAXIMUM_NESTING`] deep.
fn mention(element: Element<'_>, mentioned: &mut HashSet<String>) {
    for child in element.children() {
        match child.name() {
            "ci" => drop(mentioned.insert(child.text())),
            "annotation" | "notes" => {}
            _ => mention(child, mentioned),
        }
    }
}

fn compartment(element: Element<'_>) -> Option<Compartment<'_>> {
    let id = element.id()?.value;
    let size = element.number("size").ok()?;
    let dimensions = match element.number("spatialDimensions").ok()? {
        None => 3,
        Some(value) => match [0, 1, 2, 3].into_iter().find(|whole| f64::from(*whole) == value) {
            Some(dimensions) => dimensions,
            None => {
                let message =
                    format!("compartment `{id}` has {value} spatial dimensions, expected 0, 1, 2 or 3");
                element.fault(code::OUT_OF_RANGE, message);
                return None;
            }
        },
    };
    if dimensions == 0 && size.is_some() {
        let message = format!("compartment `{id}` has no spatial dimensions, so its size is left out");
        element
            .report
            .warn(Fault::warning(code::NO_EFFECT, element.span(), message));
    }
    Some(Compartment {
        id,
        element,
        dimensions,
        size: size.filter(|_| dimensions > 0),
    })
}

fn one_species<'a>(element: Element<'a>, compartments: &HashMap<&str, usize>) -> Option<Species<'a>> {
    let id = element.id()?.value;
    let place = element.required("compartment")?;
    let compartment = known(place, compartments, "compartment", element)?;
    let amount = element.number("initialAmount").ok()?;
    let concentration = element.number("initialConcentration").ok()?;
    if amount.is_some() && concentration.is_some() {
        element.fault(
            code::CONFLICT,
            format!("species `{id}` has both an initial amount and an initial concentration"),
        );
        return None;
    }
    Some(Species {
        id,
        element,
        compartment,
        amount,
        concentration,
        is_boundary: element.boolean("boundaryCondition", false),
        is_constant: element.boolean("constant", false),
        has_only_substance_units: element.boolean("hasOnlySubstanceUnits", false),
    })
}

fn known(
    attribute: Attribute<'_>,
    names: &HashMap<&str, usize>,
    what: &str,
    element: Element<'_>,
) -> Option<usize> {
    let found = names.get(attribute.value).copied();
    if found.is_none() && !element.report.is_full() {
        let mut near: Vec<&str> = names.keys().copied().collect();
        near.sort_unstable();
        let near = crate::expression::nearest_name(attribute.value, near);
        let message = format!("unknown {what} `{}`", attribute.value);
        element
            .report
            .add(Fault::error(code::UNKNOWN_NAME, attribute.span, message).suggest(near));
    }
    found
}

fn parameter(element: Element<'_>) -> Option<Parameter<'_>> {
    Some(Parameter {
        id: element.id()?.value,
        element,
        value: element.number("value").ok()?,
        is_constant: element.boolean("constant", true),
    })
}

/// The formula of an element that should have one.
fn math(element: Element<'_>) -> Option<Element<'_>> {
    let math = element.math();
    if math.is_none() {
        element.fault(
            code::MISSING_KEY,
            format!("`<{}>` has no `<math>`", element.name()),
        );
    }
    math
}

fn initial_assignments<'a>(model: Element<'a>) -> BTreeMap<&'a str, Element<'a>> {
    let mut found = BTreeMap::new();
    for element in model.list("listOfInitialAssignments", &["initialAssignment"]) {
        let (Some(symbol), Some(math)) = (element.required("symbol"), math(element)) else {
            continue;
        };
        if found.insert(symbol.value, math).is_some() {
            let message = format!("`{}` has two initial assignments", symbol.value);
            element
                .report
                .add(Fault::error(code::DUPLICATE_NAME, symbol.span, message));
        }
    }
    found
}

fn rules<'a>(model: Element<'a>) -> BTreeMap<&'a str, Rule<'a>> {
    let mut found = BTreeMap::new();
    for element in model.list("listOfRules", &["assignmentRule", "rateRule", "algebraicRule"]) {
        if element.name() == "algebraicRule" {
            let message = "the model has an algebraic rule, and algebraic rules are not read";
            let fault = Fault::error(code::UNSUPPORTED, element.span(), message);
            element
                .report
                .add(fault.help("solve it for one variable and write an assignment rule"));
            continue;
        }
        let (Some(variable), Some(math)) = (element.required("variable"), math(element)) else {
            continue;
        };
        let rule = Rule {
            element,
            math,
            is_rate: element.name() == "rateRule",
        };
        if found.insert(variable.value, rule).is_some() {
            let message = format!("`{}` has two rules", variable.value);
            element
                .report
                .add(Fault::error(code::DUPLICATE_NAME, variable.span, message));
        }
    }
    found
}

fn reaction<'a>(
    element: Element<'a>,
    level: u8,
    species: &HashMap<&str, usize>,
    initial: &BTreeMap<&'a str, Element<'a>>,
) -> Option<Reaction<'a>> {
    let id = element.id()?.value;
    if element.boolean("fast", false) {
        let message = format!("reaction `{id}` is marked fast, and fast reactions are not read");
        let span = element.attribute("fast").map_or(element.span(), |fast| fast.span);
        let fault = Fault::error(code::UNSUPPORTED, span, message);
        element
            .report
            .add(fault.help("give it rate constants large enough to equilibrate"));
        return None;
    }
    let side = |list: &str| -> Option<Vec<Reference<'a>>> {
        let references = element.list(list, &["speciesReference"]).into_iter();
        references
            .map(|element| reference(element, level, species, initial))
            .collect()
    };
    let (reactants, products) = (side("listOfReactants"), side("listOfProducts"));
    for modifier in element.list("listOfModifiers", &["modifierSpeciesReference"]) {
        known(modifier.required("species")?, species, "species", modifier)?;
    }
    let Some(law) = element.child("kineticLaw") else {
        let fault = Fault::error(
            code::MISSING_KEY,
            element.span(),
            format!("reaction `{id}` has no kinetic law"),
        );
        element
            .report
            .add(fault.help("say how fast it runs in `<kineticLaw>`"));
        return None;
    };
    let mut parameters = law.list("listOfParameters", &["parameter"]);
    parameters.extend(law.list("listOfLocalParameters", &["localParameter"]));
    let Some(math) = law.math() else {
        law.fault(
            code::MISSING_KEY,
            format!("the kinetic law of reaction `{id}` has no `<math>`"),
        );
        return None;
    };
    Some(Reaction {
        id,
        element,
        reactants: reactants?,
        products: products?,
        law: math,
        is_mass_action: annotation::says_mass_action(law),
        reverse_of: annotation::reverse_of(element),
        parameters: parameters.into_iter().filter_map(parameter).collect(),
    })
}

fn reference<'a>(
    element: Element<'a>,
    level: u8,
    species: &HashMap<&str, usize>,
    initial: &BTreeMap<&'a str, Element<'a>>,
) -> Option<Reference<'a>> {
    let attribute = element.required("species")?;
    let species = known(attribute, species, "species", element)?;
    let id = element.attribute("id").map(|id| id.value);
    let formula = id.and_then(|id| initial.get(id).copied());
    let formula = formula.or(element
        .child("stoichiometryMath")
        .and_then(|inside| inside.math()));
    let number = element.number("stoichiometry").ok()?;
    let stoichiometry = match (formula, number) {
        (Some(formula), _) => Stoichiometry::Formula(formula),
        (None, Some(number)) => Stoichiometry::Number(number),
        (None, None) if level == 2 => Stoichiometry::Number(1.0),
        (None, None) => {
            element.fault(
                code::MISSING_KEY,
                format!("the reference to `{}` has no stoichiometry", attribute.value),
            );
            return None;
        }
    };
    Some(Reference {
        id,
        element,
        species,
        stoichiometry,
    })
}
