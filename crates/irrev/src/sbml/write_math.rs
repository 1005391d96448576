//! Expressions as MathML.
//!
//! Sums and products of many terms become one element with many children, so that long formulas do not nest deep; a − b + c is
//! written a + (−b) + c, which is the same number.

use std::collections::HashMap;

use crate::expression::{BinaryOperator, Comparison, Expression, Function, NodeId, NodeKind, number_text};

/// What each name of the model is called in the file.
pub(super) type Identifiers = HashMap<String, String>;

/// A reference to a symbol.
pub(super) fn ci(id: &str) -> String {
    format!("<ci>{id}</ci>")
}

/// A number; SBML has a notation of its own for powers of ten.
pub(super) fn cn(value: f64) -> String {
    let text = number_text(value);
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("<cn type=\"e-notation\">{mantissa}<sep/>{exponent}</cn>"),
        None => format!("<cn>{text}</cn>"),
    }
}

/// An operator applied to arguments.
pub(super) fn apply(operator: &str, arguments: &[String]) -> String {
    format!("<apply><{operator}/>{}</apply>", arguments.concat())
}

/// The product; of nothing 1.
pub(super) fn product(factors: &[String]) -> String {
    match factors {
        [] => cn(1.0),
        [only] => only.clone(),
        many => apply("times", many),
    }
}

/// Pieces of value and condition, and the value otherwise.
fn piecewise(pieces: &[(String, String)], otherwise: &str) -> String {
    let pieces: String = pieces
        .iter()
        .map(|(value, condition)| format!("<piece>{value}{condition}</piece>"))
        .collect();
    format!("<piecewise>{pieces}<otherwise>{otherwise}</otherwise></piecewise>")
}

/// The MathML of an expression. Children come before parents, so one pass builds it.
pub(super) fn mathml(expression: &Expression, identifiers: &Identifiers) -> String {
    let mut written: Vec<String> = Vec::with_capacity(expression.nodes().len());
    // The terms of a sum or the factors of a product that begins on the left of the node.
    let mut spines: Vec<Option<Spine>> = Vec::with_capacity(expression.nodes().len());
    for node in expression.nodes() {
        let at = |id: &NodeId| written[id.index()].clone();
        let mut spine = None;
        let text = match &node.kind {
            NodeKind::Number(value) => cn(*value),
            NodeKind::Variable(name) => variable(name, identifiers),
            NodeKind::Negate(operand) => apply("minus", &[at(operand)]),
            NodeKind::Binary {
                operator,
                left,
                right,
            } => {
                let grown = Spine::grown(*operator, spines[left.index()].as_ref(), at(left), at(right));
                let text = match (&grown, operator) {
                    (Some(spine), _) => spine.text(),
                    (None, BinaryOperator::Divide) => apply("divide", &[at(left), at(right)]),
                    (None, _) => apply("power", &[at(left), at(right)]),
                };
                spine = grown;
                text
            }
            NodeKind::Compare {
                comparison,
                left,
                right,
            } => apply(relation(*comparison), &[at(left), at(right)]),
            NodeKind::Call { function, arguments } => {
                call(*function, &arguments.iter().map(at).collect::<Vec<_>>())
            }
            NodeKind::Piecewise { branches, otherwise } => {
                let pieces: Vec<(String, String)> = branches
                    .iter()
                    .map(|branch| (at(&branch.value), at(&branch.condition)))
                    .collect();
                piecewise(&pieces, &at(otherwise))
            }
        };
        written.push(text);
        spines.push(spine);
    }
    written.pop().unwrap_or_default()
}

/// The operands of a chain of additions, or of one of multiplications.
struct Spine {
    is_sum: bool,
    operands: Vec<String>,
    /// Whether it is a plain difference of two.
    difference: Option<String>,
}

impl Spine {
    fn grown(
        operator: BinaryOperator,
        left: Option<&Spine>,
        left_text: String,
        right: String,
    ) -> Option<Spine> {
        let is_sum = match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => true,
            BinaryOperator::Multiply => false,
            BinaryOperator::Divide | BinaryOperator::Power => return None,
        };
        let before = left.filter(|spine| spine.is_sum == is_sum);
        let is_difference = operator == BinaryOperator::Subtract;
        let difference = (before.is_none() && is_difference).then(|| right.clone());
        let mut operands = before.map_or_else(|| vec![left_text], |spine| spine.operands.clone());
        operands.push(if is_difference {
            apply("minus", &[right])
        } else {
            right
        });
        Some(Spine {
            is_sum,
            operands,
            difference,
        })
    }

    fn text(&self) -> String {
        match (&self.difference, self.operands.first()) {
            (Some(right), Some(left)) => apply("minus", &[left.clone(), right.clone()]),
            _ => apply(if self.is_sum { "plus" } else { "times" }, &self.operands),
        }
    }
}

fn variable(name: &str, identifiers: &Identifiers) -> String {
    match (identifiers.get(name), name) {
        (Some(id), _) => ci(id),
        (None, "t") => {
            "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>"
                .to_owned()
        }
        (None, "e") => "<exponentiale/>".to_owned(),
        (None, "pi") => "<pi/>".to_owned(),
        (None, other) => ci(other),
    }
}

fn relation(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "lt",
        Comparison::LessOrEqual => "leq",
        Comparison::Greater => "gt",
        Comparison::GreaterOrEqual => "geq",
        Comparison::Equal => "eq",
        Comparison::NotEqual => "neq",
    }
}

fn call(function: Function, arguments: &[String]) -> String {
    let qualified = |operator: &str, qualifier: &str, value: f64| {
        let qualifier = format!("<{qualifier}>{}</{qualifier}>", cn(value));
        apply(operator, &[vec![qualifier], arguments.to_vec()].concat())
    };
    let compared = |relation: &str, value: &String, with: f64| apply(relation, &[value.clone(), cn(with)]);
    match (function, arguments) {
        (Function::Log2, _) => qualified("log", "logbase", 2.0),
        (Function::Log10, _) => qualified("log", "logbase", 10.0),
        (Function::Sqrt, _) => qualified("root", "degree", 2.0),
        (Function::Cbrt, _) => qualified("root", "degree", 3.0),
        (Function::Sign, [x]) => {
            let signs = [
                (cn(1.0), compared("gt", x, 0.0)),
                (cn(0.0), compared("eq", x, 0.0)),
            ];
            piecewise(&signs, &cn(-1.0))
        }
        (Function::Heaviside, [x]) => piecewise(&[(cn(1.0), compared("geq", x, 0.0))], &cn(0.0)),
        (Function::Atan2, [y, x]) => {
            let pi = || "<pi/>".to_owned();
            let angle = apply("arctan", &[apply("divide", &[y.clone(), x.clone()])]);
            let half = apply("divide", &[pi(), cn(2.0)]);
            let left = |relation: &str| apply("and", &[compared("lt", x, 0.0), compared(relation, y, 0.0)]);
            let quadrants = [
                (angle.clone(), compared("gt", x, 0.0)),
                (apply("plus", &[angle.clone(), pi()]), left("geq")),
                (apply("minus", &[angle, pi()]), left("lt")),
                (half.clone(), compared("gt", y, 0.0)),
                (apply("minus", &[half]), compared("lt", y, 0.0)),
            ];
            piecewise(&quadrants, &cn(0.0))
        }
        _ => apply(operator(function), arguments),
    }
}

fn operator(function: Function) -> &'static str {
    match function {
        Function::Ceil => "ceiling",
        Function::Asin => "arcsin",
        Function::Acos => "arccos",
        Function::Atan => "arctan",
        Function::Asinh => "arcsinh",
        Function::Acosh => "arccosh",
        Function::Atanh => "arctanh",
        other => other.name(),
    }
}
