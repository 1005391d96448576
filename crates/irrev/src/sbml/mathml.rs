//! MathML of SBML into the formulas of model files, functions inlined.
//!
//! One tree for both: a `<math>` becomes the text that one would have written in a model file, and is parsed as such. Functions of
//! the model are put in place of their calls. Conditions are numbers, 1 if true: `and` is a product, `or` a maximum.
//!
//! Walking is by recursion, and a file must not make it long or deep: elements nest at most [`MAXIMUM_DEPTH`] deep with functions in
//! place, and all formulas of a model together have at most [`MAXIMUM_STEPS`] elements, functions counted at each call.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use super::infix::Infix;
use super::operators;
use super::xml::{Element, Report, number};
use crate::expression::nearest_name;
use crate::model::diagnostic::{Fault, code};

/// How deep the elements of a formula may nest, functions in place.
const MAXIMUM_DEPTH: usize = 200;

/// How many elements the formulas of a model may have together, functions counted at each call.
const MAXIMUM_STEPS: usize = 2_000_000;

/// Longest formula in bytes, functions inlined.
const MAXIMUM_TEXT: usize = 200_000;

/// How many bytes all formulas and their parts may have together.
const MAXIMUM_TOTAL_TEXT: usize = 1 << 30;

/// The number of Avogadro in the standard (SBML Level 3 Version 1 Core, section 3.4.6), in 1/mol; not the one of today.
const AVOGADRO: f64 = 6.022_141_79e23;

/// What an identifier means in formulas.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A symbol of the model, by its name there.
    Symbol(String),
    /// A constant number: the stoichiometry of a species reference.
    Number(f64),
    /// The rate of a reaction: index among the rate laws.
    Reaction(usize),
    /// Something that has no value in formulas, and why.
    Nothing(&'static str),
}

/// A function definition.
pub(super) struct Definition<'a> {
    pub(super) arguments: Vec<String>,
    pub(super) body: Element<'a>,
}

/// A kinetic law, with the names of its own parameters.
pub(super) struct RateLaw<'a> {
    pub(super) id: String,
    pub(super) math: Element<'a>,
    pub(super) parameters: HashMap<String, String>,
}

/// Everything a formula may refer to.
pub(super) struct Translator<'a> {
    pub(super) report: &'a Report,
    pub(super) meanings: HashMap<String, Meaning>,
    pub(super) functions: BTreeMap<String, Definition<'a>>,
    pub(super) laws: Vec<RateLaw<'a>>,
    pub(super) steps: Cell<usize>,
    pub(super) depth: Cell<usize>,
    pub(super) written: Cell<usize>,
}

/// What the identifiers of one formula mean besides those of the model.
struct Surroundings<'s> {
    /// Arguments of the function, or parameters of the kinetic law.
    local: HashMap<&'s str, Infix>,
    /// The function being inlined; its body sees nothing of the model.
    function: Option<&'s str>,
    /// The functions and laws being inlined, outermost first.
    calls: Vec<&'s str>,
}

impl<'a> Translator<'a> {
    /// Reads every function once by itself, so that one that nothing calls is checked too; stops at the first fault.
    pub(super) fn check_functions(&self) -> Option<()> {
        for (id, function) in &self.functions {
            let arguments = function.arguments.iter();
            let surroundings = Surroundings {
                local: arguments
                    .map(|name| (name.as_str(), Infix::atom(name.as_str())))
                    .collect(),
                function: Some(id),
                calls: vec![id],
            };
            self.expression(function.body, &surroundings)?;
        }
        Some(())
    }

    /// The text of a `<math>`; `None` if it was refused.
    pub(super) fn formula(&self, math: Element<'a>) -> Option<String> {
        let surroundings = Surroundings {
            local: HashMap::new(),
            function: None,
            calls: Vec::new(),
        };
        self.content(math, &surroundings).map(|infix| infix.text)
    }

    /// The text of the kinetic law of this index.
    pub(super) fn law(&self, index: usize) -> Option<String> {
        self.inlined_law(&self.laws[index], Vec::new())
            .map(|infix| infix.text)
    }

    fn inlined_law<'s>(&'s self, law: &'s RateLaw<'a>, mut calls: Vec<&'s str>) -> Option<Infix> {
        calls.push(&law.id);
        let parameters = law.parameters.iter();
        let surroundings = Surroundings {
            local: parameters
                .map(|(id, name)| (id.as_str(), Infix::atom(name.as_str())))
                .collect(),
            function: None,
            calls,
        };
        self.content(law.math, &surroundings)
    }

    /// The one expression inside a `<math>`.
    fn content(&self, math: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        let mut inside = math.children();
        let (Some(only), None) = (inside.next(), inside.next()) else {
            return refuse(math, "expected one expression in `<math>`");
        };
        self.expression(only, surroundings)
    }

    fn expression(&self, element: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAXIMUM_STEPS {
            let message = format!(
                "the formulas of the model have more than {MAXIMUM_STEPS} elements, functions inlined"
            );
            element.fault(code::OVER_LIMIT, message);
            return None;
        }
        if self.depth.get() >= MAXIMUM_DEPTH {
            let message = format!("the formula nests deeper than {MAXIMUM_DEPTH} levels, functions inlined");
            element.fault(code::OVER_LIMIT, message);
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let infix = self.of_element(element, surroundings);
        self.depth.set(self.depth.get() - 1);
        let infix = infix?;
        if infix.text.len() > MAXIMUM_TEXT {
            let message = format!("the formula is longer than {MAXIMUM_TEXT} bytes, functions inlined");
            element.fault(code::OVER_LIMIT, message);
            return None;
        }
        self.written.set(self.written.get() + infix.text.len());
        if self.written.get() > MAXIMUM_TOTAL_TEXT {
            let message =
                format!("the formulas of the model are longer than {MAXIMUM_TOTAL_TEXT} bytes together");
            element.fault(code::OVER_LIMIT, message);
            return None;
        }
        Some(infix)
    }

    fn of_element(&self, element: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        match element.name() {
            "cn" => constant(element).map(Infix::number),
            "ci" => self.identifier(element, surroundings),
            "csymbol" => symbol(element),
            "apply" => self.application(element, surroundings),
            "piecewise" => self.cases(element, surroundings),
            "semantics" => match element.children().next() {
                Some(inside) => self.expression(inside, surroundings),
                None => refuse(element, "`<semantics>` is empty"),
            },
            "pi" => Some(Infix::atom("pi")),
            "exponentiale" => Some(Infix::atom("e")),
            "true" => Some(Infix::number(1.0)),
            "false" => Some(Infix::number(0.0)),
            "infinity" | "notanumber" => {
                refuse(element, &format!("`<{}/>` is no finite number", element.name()))
            }
            "lambda" => refuse(element, "`<lambda>` may stand in function definitions only"),
            other => refuse(
                element,
                &format!("`<{other}>` is no expression of MathML in SBML"),
            ),
        }
    }

    fn all(&self, elements: &[Element<'a>], surroundings: &Surroundings) -> Option<Vec<Infix>> {
        elements
            .iter()
            .map(|element| self.expression(*element, surroundings))
            .collect()
    }

    fn identifier(&self, element: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        let id = element.text();
        if let Some(infix) = surroundings.local.get(id.as_str()) {
            return Some(infix.clone());
        }
        if let Some(function) = surroundings.function {
            let message = format!("`{id}` is no argument of the function `{function}`");
            let near = nearest_name(&id, surroundings.local.keys().copied());
            let fault = Fault::error(code::UNKNOWN_NAME, element.span(), message);
            self.report.add(fault.suggest(near));
            return None;
        }
        match self.meanings.get(&id) {
            Some(Meaning::Symbol(name)) => Some(Infix::atom(name.as_str())),
            Some(Meaning::Number(value)) => Some(Infix::number(*value)),
            Some(Meaning::Reaction(index)) => {
                let law = &self.laws[*index];
                self.check_calls(element, &law.id, surroundings)?;
                self.inlined_law(law, surroundings.calls.clone())
            }
            Some(Meaning::Nothing(reason)) => {
                element.fault(code::UNKNOWN_NAME, format!("`{id}` has no value: {reason}"));
                None
            }
            None if self.report.is_full() => None,
            None => {
                let fault = Fault::error(code::UNKNOWN_NAME, element.span(), format!("unknown name `{id}`"));
                let known = self.meanings.keys().map(String::as_str);
                // The map has no order; the nearest of equals must not depend on it.
                let mut known: Vec<&str> = known.chain(surroundings.local.keys().copied()).collect();
                known.sort_unstable();
                self.report.add(fault.suggest(nearest_name(&id, known)));
                None
            }
        }
    }

    fn application(&self, element: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        let children: Vec<Element> = element.children().collect();
        let Some((head, rest)) = children.split_first() else {
            return refuse(element, "`<apply>` is empty");
        };
        match head.name() {
            "ci" => self.call(*head, rest, surroundings),
            "csymbol" => {
                let what = head.attribute("definitionURL").map_or("", |url| url.value);
                let name = what.rsplit('/').next().unwrap_or("");
                let message = format!(
                    "the function `{name}` is not read: {}",
                    operators::refused_symbol(name)
                );
                head.fault(code::UNSUPPORTED, message);
                None
            }
            operator => {
                let is_qualifier = |child: &&Element| matches!(child.name(), "degree" | "logbase");
                let qualifier = match rest.iter().find(is_qualifier) {
                    Some(qualifier) => Some(self.content(*qualifier, surroundings)?),
                    None => None,
                };
                let plain: Vec<Element> = rest
                    .iter()
                    .filter(|child| !is_qualifier(child))
                    .copied()
                    .collect();
                let arguments = self.all(&plain, surroundings)?;
                operators::applied(operator, qualifier.as_ref(), &arguments)
                    .map_err(|message| head.fault(code::MATHML, message))
                    .ok()
            }
        }
    }

    fn check_calls(&self, element: Element, id: &str, surroundings: &Surroundings) -> Option<()> {
        if surroundings.calls.contains(&id) {
            let calls = surroundings.calls.iter().copied();
            let mut names: Vec<&str> = calls.skip_while(|call| *call != id).collect();
            names.push(id);
            let message = format!("`{id}` is defined by itself: {}", names.join(" → "));
            element.fault(code::CYCLIC_PARAMETERS, message);
            return None;
        }
        Some(())
    }

    /// The body of a function with the arguments in their places.
    fn call(
        &self,
        head: Element<'a>,
        arguments: &[Element<'a>],
        surroundings: &Surroundings,
    ) -> Option<Infix> {
        let id = head.text();
        let Some((id, function)) = self.functions.get_key_value(&id) else {
            let known = self.functions.keys().map(String::as_str);
            let fault = Fault::error(
                code::UNKNOWN_NAME,
                head.span(),
                format!("unknown function `{id}`"),
            );
            self.report.add(fault.suggest(nearest_name(&id, known)));
            return None;
        };
        self.check_calls(head, id, surroundings)?;
        let (wanted, found) = (function.arguments.len(), arguments.len());
        if wanted != found {
            let message = format!("the function `{id}` takes {wanted} arguments, found {found}");
            head.fault(code::MATHML, message);
            return None;
        }
        let values = self.all(arguments, surroundings)?;
        let mut calls = surroundings.calls.clone();
        calls.push(id);
        let inside = Surroundings {
            local: function
                .arguments
                .iter()
                .map(String::as_str)
                .zip(values)
                .collect(),
            function: Some(id),
            calls,
        };
        self.expression(function.body, &inside)
    }

    fn cases(&self, element: Element<'a>, surroundings: &Surroundings) -> Option<Infix> {
        let mut arguments = Vec::new();
        let mut otherwise = None;
        for child in element.children() {
            let parts = self.all(&child.children().collect::<Vec<_>>(), surroundings)?;
            match (
                child.name(),
                <[Infix; 2]>::try_from(parts.clone()),
                parts.as_slice(),
            ) {
                ("piece", Ok(piece), _) => arguments.extend(piece),
                ("otherwise", _, [value]) if otherwise.is_none() => otherwise = Some(value.clone()),
                (name, ..) => {
                    return refuse(
                        child,
                        &format!(
                            "`<{name}>` does not fit here: a piecewise has pieces of value and condition, and one otherwise"
                        ),
                    );
                }
            }
        }
        // Without an otherwise the value is undefined where no condition holds, and an undefined value says so when it is used.
        let otherwise = otherwise.unwrap_or_else(|| Infix::number(0.0).over(&Infix::number(0.0)));
        Some(match arguments.as_slice() {
            [] => otherwise,
            [value, condition] => Infix::call("if", &[condition.clone(), value.clone(), otherwise]),
            _ => {
                arguments.push(otherwise);
                Infix::call("piecewise", &arguments)
            }
        })
    }
}

fn refuse<T>(element: Element, message: &str) -> Option<T> {
    element.fault(code::MATHML, message);
    None
}

/// The time, or the number of Avogadro.
fn symbol(element: Element) -> Option<Infix> {
    let url = element
        .attribute("definitionURL")
        .map_or("", |url| url.value.trim());
    match url.rsplit('/').next().unwrap_or("") {
        "time" => Some(Infix::atom("t")),
        "avogadro" => Some(Infix::number(AVOGADRO)),
        name => {
            let message = format!(
                "the symbol `{name}` is not read: {}",
                operators::refused_symbol(name)
            );
            element.fault(code::UNSUPPORTED, message);
            None
        }
    }
}

/// The value of a `<cn>`.
fn constant(element: Element) -> Option<f64> {
    let kind = element.attribute("type").map_or("real", |kind| kind.value);
    let texts = element.separated_texts();
    let value = match (kind, texts.as_slice()) {
        ("real" | "double", [text]) => number(text),
        ("integer", [text]) => match element.attribute("base").map(|base| base.value.trim()) {
            None | Some("10") => number(text),
            Some(base) => Err(format!("has base {base}, expected 10")),
        },
        ("e-notation", [mantissa, exponent]) => number(&format!("{mantissa}e{exponent}")),
        ("rational", [numerator, denominator]) => {
            let parts = number(numerator).and_then(|above| Ok((above, number(denominator)?)));
            parts.and_then(|(above, below)| match above / below {
                value if value.is_finite() => Ok(value),
                _ => Err(format!("is {above}/{below}, which is not finite")),
            })
        }
        _ => Err(format!("of type `{kind}` has {} parts", texts.len())),
    };
    match value {
        Ok(value) => Some(value),
        Err(reason) => refuse(element, &format!("`<cn>` {reason}")),
    }
}
