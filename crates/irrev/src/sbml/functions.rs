//! Function definitions: names of arguments and a body, put in place of calls by [`Translator`](super::mathml::Translator).

use std::collections::BTreeMap;

use super::mathml::Definition;
use super::xml::Element;
use crate::model::diagnostic::{Fault, code};

/// The function definitions by identifier, with the element that declares each.
pub(super) type Functions<'a> = BTreeMap<String, (Element<'a>, Definition<'a>)>;

/// Reads the function definitions of a model; faults are reported.
pub(super) fn definitions(model: Element<'_>) -> Functions<'_> {
    let mut functions = Functions::new();
    for element in model.list("listOfFunctionDefinitions", &["functionDefinition"]) {
        let Some(id) = element.id() else { continue };
        let inside = element.math().and_then(|math| math.children().next());
        let inside = inside.map(|first| match first.name() {
            "semantics" => first.children().next().unwrap_or(first),
            _ => first,
        });
        let Some(lambda) = inside.filter(|lambda| lambda.name() == "lambda") else {
            element.fault(
                code::MATHML,
                format!("the function `{}` has no `<lambda>`", id.value),
            );
            continue;
        };
        let arguments = lambda.children().filter(|child| child.name() == "bvar");
        let arguments: Vec<String> = arguments
            .filter_map(|bound| bound.children().next().map(Element::text))
            .collect();
        let bodies: Vec<Element> = lambda.children().filter(|child| child.name() != "bvar").collect();
        let [body] = bodies.as_slice() else {
            lambda.fault(
                code::MATHML,
                format!("the function `{}` has no single body", id.value),
            );
            continue;
        };
        let definition = Definition {
            arguments,
            body: *body,
        };
        if functions
            .insert(id.value.to_owned(), (element, definition))
            .is_some()
        {
            let message = format!("the function `{}` is defined twice", id.value);
            element
                .report
                .add(Fault::error(code::DUPLICATE_NAME, id.span, message));
        }
    }
    functions
}
