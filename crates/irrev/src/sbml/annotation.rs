//! What irrev says of a model in the annotations of SBML, and reads back.
//!
//! | on | element | says |
//! |---|---|---|
//! | `<kineticLaw>` | `massAction` | the law is V k ∏ c^ν, or the difference of two such, and on counts k VΩ ∏ n(n−1)…/(VΩ)^ν |
//! | `<reaction>` | `reverse of="r"` | it is the reverse direction of r |
//! | `<model>` | `model omega="…" powers="…" pairing="…"` | system size, and the choices of `[stochastic]` and `[thermodynamics]` |
//!
//! Other programs pass over annotations. The numbers stay in the formulas: where somebody has changed a law so that it is no mass
//! action any more, the formula counts, with a warning.

use super::collect::Components;
use super::xml::Element;
use crate::model::diagnostic::{Fault, code};
use crate::model::formula::Formula;
use crate::model::{Pairing, Powers, Reactions};

/// The XML namespace of irrev's annotations.
pub const NAMESPACE: &str = "urn:irrev:sbml:1";

/// How the words of the annotation are written.
const PAIRING: [(Pairing, &str); 2] = [(Pairing::Joined, "joined"), (Pairing::Apart, "apart")];
const POWERS: [(Powers, &str); 2] = [
    (Powers::AsWritten, "as-written"),
    (Powers::FallingFactorials, "falling-factorials"),
];

/// The annotation of this name, if irrev wrote one.
fn own<'a>(element: Element<'a>, name: &str) -> Option<Element<'a>> {
    let annotations = element.children().filter(|child| child.name() == "annotation");
    annotations
        .flat_map(Element::children)
        .find(|child| child.namespace() == NAMESPACE && child.name() == name)
}

/// Whether a kinetic law is said to be mass action.
pub(super) fn says_mass_action(law: Element<'_>) -> bool {
    own(law, "massAction").is_some()
}

/// The reaction whose reverse this one is said to be.
pub(super) fn reverse_of(reaction: Element<'_>) -> Option<&str> {
    Some(own(reaction, "reverse")?.attribute("of")?.value)
}

/// What is said of reactions, by their names.
pub(super) struct Stated {
    /// Reactions whose law is mass action.
    pub(super) mass_action: Vec<String>,
    /// Forward and backward direction of one reaction.
    pub(super) directions: Vec<(String, String)>,
}

impl Stated {
    pub(super) fn of(components: &Components<'_>) -> Self {
        let reactions = &components.reactions;
        let mass_action = reactions.iter().filter(|reaction| reaction.is_mass_action);
        let directions = reactions.iter().filter_map(|reaction| {
            let forward = reaction.reverse_of?;
            Some((forward.to_owned(), reaction.id.to_owned()))
        });
        Stated {
            mass_action: mass_action.map(|reaction| reaction.id.to_owned()).collect(),
            directions: directions.collect(),
        }
    }
}

/// What is said of the model as a whole.
pub(super) struct OfModel {
    pub(super) system_size: Option<Formula>,
    pub(super) powers: Powers,
    pub(super) pairing: Pairing,
}

impl OfModel {
    /// From the annotation of `<model>`; without one, what SBML means. A value that says nothing is left out with a warning.
    pub(super) fn read(model: Element<'_>) -> Self {
        let mut said = OfModel {
            system_size: None,
            powers: Powers::default(),
            pairing: Pairing::Joined,
        };
        let Some(element) = own(model, "model") else {
            return said;
        };
        let left_out = |name: &str, expected: &str| {
            let span = element.attribute(name).map_or(element.span(), |found| found.span);
            let message = format!("`{name}` in irrev's annotation is no {expected}, and is left out");
            element.report.warn(Fault::warning(code::CHANGED, span, message));
        };
        if let Some(size) = element.attribute("omega") {
            match size.value.trim().parse::<f64>() {
                Ok(value) if value > 0.0 && value.is_finite() => {
                    said.system_size = Some(Formula::literal("volume.omega", size.span, value));
                }
                _ => left_out("omega", "positive number"),
            }
        }
        if let Some(word) = element.attribute("powers") {
            match POWERS.iter().find(|(_, known)| *known == word.value) {
                Some((powers, _)) => said.powers = *powers,
                None => left_out("powers", "known word"),
            }
        }
        if let Some(word) = element.attribute("pairing") {
            match PAIRING.iter().find(|(_, known)| *known == word.value) {
                Some((pairing, _)) => said.pairing = *pairing,
                None => left_out("pairing", "known word"),
            }
        }
        said
    }
}

/// An `<annotation>` with one element of irrev's.
fn annotation(element: &str) -> String {
    format!("<annotation><irrev:{element} xmlns:irrev=\"{NAMESPACE}\"/></annotation>")
}

/// The annotation of a mass-action law.
pub(super) fn mass_action() -> String {
    annotation("massAction")
}

/// The annotation of the reverse direction of the reaction with this identifier.
pub(super) fn reverse(of: &str) -> String {
    annotation(&format!("reverse of=\"{of}\""))
}

/// The annotation of a model, where there is anything to say that SBML means otherwise.
pub(super) fn of_model(model: &Reactions) -> String {
    let mut said = String::new();
    if let Some(size) = model.system_size.as_ref().and_then(Formula::number) {
        said += &format!(" omega=\"{size:?}\"");
    }
    if let Some((_, word)) = POWERS
        .iter()
        .find(|(powers, _)| *powers == model.powers && *powers != Powers::default())
    {
        said += &format!(" powers=\"{word}\"");
    }
    if model.pairing == Pairing::Apart {
        said += " pairing=\"apart\"";
    }
    match said.as_str() {
        "" => said,
        said => format!("{}\n", annotation(&format!("model{said}"))),
    }
}
