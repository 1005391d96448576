//! Expressions as MathML.
//!
//! Sums and products of many terms become one element with many children, so that long formulas do not nest deep; a − b + c is
//! written a + (−b) + c, which is the same number.

use std::borrow::Cow;
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

/// What is left to write: text, or a node.
enum Task {
    Text(Cow<'static, str>),
    Node(NodeId),
}

impl Task {
    fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Task::Text(text.into())
    }
}

/// The MathML of an expression. O(its nodes).
pub(super) fn mathml(expression: &Expression, identifiers: &Identifiers) -> String {
    let mut written = String::new();
    let mut tasks = vec![Task::Node(expression.root())];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Text(text) => written.push_str(&text),
            Task::Node(id) => match &expression.node(id).kind {
                NodeKind::Number(value) => written.push_str(&cn(*value)),
                NodeKind::Variable(name) => written.push_str(&variable(name, identifiers)),
                // The tasks are done last to first, so they are listed backwards.
                kind => tasks.extend(pieces(expression, kind).into_iter().rev()),
            },
        }
    }
    written
}

fn pieces(expression: &Expression, kind: &NodeKind) -> Vec<Task> {
    match kind {
        NodeKind::Number(_) | NodeKind::Variable(_) => Vec::new(),
        NodeKind::Negate(operand) => applied("<minus/>", [Task::Node(*operand)]),
        NodeKind::Binary {
            operator,
            left,
            right,
        } => {
            let both = [Task::Node(*left), Task::Node(*right)];
            match operator {
                BinaryOperator::Divide => applied("<divide/>", both),
                BinaryOperator::Power => applied("<power/>", both),
                BinaryOperator::Multiply => {
                    let factors = chain(expression, kind, |operator| operator == BinaryOperator::Multiply);
                    applied("<times/>", factors.into_iter().map(|(_, id)| Task::Node(id)))
                }
                BinaryOperator::Add | BinaryOperator::Subtract => {
                    let is_sum =
                        |operator| matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
                    match chain(expression, kind, is_sum).as_slice() {
                        [_, (BinaryOperator::Subtract, _)] => applied("<minus/>", both),
                        terms => applied("<plus/>", terms.iter().flat_map(|term| signed(*term))),
                    }
                }
            }
        }
        NodeKind::Compare {
            comparison,
            left,
            right,
        } => applied(relation(*comparison), [Task::Node(*left), Task::Node(*right)]),
        NodeKind::Call { function, arguments } => {
            applied(head(*function), arguments.iter().map(|id| Task::Node(*id)))
        }
        NodeKind::Piecewise { branches, otherwise } => {
            let mut tasks = vec![Task::text("<piecewise>")];
            for branch in branches {
                tasks.extend([
                    Task::text("<piece>"),
                    Task::Node(branch.value),
                    Task::Node(branch.condition),
                    Task::text("</piece>"),
                ]);
            }
            tasks.extend([
                Task::text("<otherwise>"),
                Task::Node(*otherwise),
                Task::text("</otherwise></piecewise>"),
            ]);
            tasks
        }
    }
}

/// An operator, with its qualifier if it has one, applied to arguments.
fn applied(head: impl Into<Cow<'static, str>>, arguments: impl IntoIterator<Item = Task>) -> Vec<Task> {
    let mut tasks = vec![Task::text("<apply>"), Task::text(head)];
    tasks.extend(arguments);
    tasks.push(Task::text("</apply>"));
    tasks
}

/// The operands of operators of one kind that group to the left, each with the operator before it.
fn chain(
    expression: &Expression,
    kind: &NodeKind,
    is_one: impl Fn(BinaryOperator) -> bool,
) -> Vec<(BinaryOperator, NodeId)> {
    let mut operands = Vec::new();
    let mut kind = kind;
    while let NodeKind::Binary {
        operator,
        left,
        right,
    } = kind
    {
        operands.push((*operator, *right));
        kind = &expression.node(*left).kind;
        if !matches!(kind, NodeKind::Binary { operator, .. } if is_one(*operator)) {
            operands.push((BinaryOperator::Add, *left));
            break;
        }
    }
    operands.reverse();
    operands
}

/// A term of a sum: what is subtracted is added with the other sign.
fn signed((operator, id): (BinaryOperator, NodeId)) -> Vec<Task> {
    match operator {
        BinaryOperator::Subtract => applied("<minus/>", [Task::Node(id)]),
        _ => vec![Task::Node(id)],
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
        Comparison::Less => "<lt/>",
        Comparison::LessOrEqual => "<leq/>",
        Comparison::Greater => "<gt/>",
        Comparison::GreaterOrEqual => "<geq/>",
        Comparison::Equal => "<eq/>",
        Comparison::NotEqual => "<neq/>",
    }
}

/// What stands in front of the arguments of a function.
fn head(function: Function) -> String {
    let name = match function {
        Function::Log2 => return "<log/><logbase><cn>2</cn></logbase>".to_owned(),
        Function::Log10 => return "<log/><logbase><cn>10</cn></logbase>".to_owned(),
        Function::Sqrt => return "<root/>".to_owned(),
        Function::Cbrt => return "<root/><degree><cn>3</cn></degree>".to_owned(),
        Function::Sign | Function::Heaviside | Function::Atan2 => return ci(defined(function)),
        Function::Ceil => "ceiling",
        Function::Asin => "arcsin",
        Function::Acos => "arccos",
        Function::Atan => "arctan",
        Function::Asinh => "arcsinh",
        Function::Acosh => "arccosh",
        Function::Atanh => "arctanh",
        other => other.name(),
    };
    format!("<{name}/>")
}

/// Functions that MathML in SBML lacks, under the identifiers of their definitions.
pub(super) const DEFINED: [Function; 3] = [Function::Sign, Function::Heaviside, Function::Atan2];

/// The identifier of a function that the file defines.
pub(super) fn defined(function: Function) -> &'static str {
    match function {
        Function::Sign => "irrev_sign",
        Function::Heaviside => "irrev_heaviside",
        _ => "irrev_atan2",
    }
}

/// The body of such a function, in the words of expressions, and its arguments.
pub(super) fn definition(function: Function) -> (&'static [&'static str], &'static str) {
    match function {
        Function::Sign => (&["x"], "piecewise(1, x > 0, 0, x == 0, -1)"),
        Function::Heaviside => (&["x"], "if(x >= 0, 1, 0)"),
        _ => (
            &["y", "x"],
            "piecewise(atan(y/x), x > 0, atan(y/x) + pi, (x < 0)*(y >= 0), atan(y/x) - pi, x < 0, pi/2, y > 0, -pi/2, y < 0, 0)",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        mathml(&Expression::parse(text).unwrap(), &Identifiers::new())
    }

    #[test]
    fn chains_become_one_element_and_differences_stay() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(ci);
        assert_eq!(written("a - b"), format!("<apply><minus/>{a}{b}</apply>"));
        assert_eq!(written("a + b + c"), format!("<apply><plus/>{a}{b}{c}</apply>"));
        assert_eq!(
            written("a - b + c"),
            format!("<apply><plus/>{a}<apply><minus/>{b}</apply>{c}</apply>")
        );
        assert_eq!(
            written("a*b/c*d"),
            format!("<apply><times/><apply><divide/><apply><times/>{a}{b}</apply>{c}</apply>{d}</apply>")
        );
        assert_eq!(
            written("a - (b - c)"),
            format!("<apply><minus/>{a}<apply><minus/>{b}{c}</apply></apply>")
        );
        assert_eq!(
            written("2e-9*a"),
            format!("<apply><times/><cn type=\"e-notation\">2<sep/>-9</cn>{a}</apply>")
        );
    }

    #[test]
    fn long_formulas_are_written_flat_and_nested_ones_once() {
        let sum = written(&vec!["x"; 4000].join(" + "));
        assert_eq!(sum.matches("<apply>").count(), 1);
        let nested = written(&format!("{}x{}", "sign(".repeat(50), ")".repeat(50)));
        assert!(nested.len() < 5000);
    }
}
