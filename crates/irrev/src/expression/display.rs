//! Writing a tree so that reading it back gives the same tree.

use super::parse::power;
use super::{BinaryOperator, Comparison, Expression, NodeId, NodeKind};

/// The least work left to do: text, or a node that must bind at least so tightly.
enum Task {
    Text(&'static str),
    Node(NodeId, u8),
}

impl std::fmt::Display for Expression {
    /// Writes the expression with the brackets it needs and no others.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut tasks = vec![Task::Node(self.root(), 0)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Text(text) => formatter.write_str(text)?,
                Task::Node(id, least) => {
                    let kind = &self.node(id).kind;
                    if binding(kind) < least {
                        tasks.extend([Task::Text(")"), Task::Node(id, 0), Task::Text("(")]);
                        continue;
                    }
                    match kind {
                        NodeKind::Number(value) => formatter.write_str(&number_text(*value))?,
                        NodeKind::Variable(name) => formatter.write_str(name)?,
                        // The tasks are done last to first, so they are listed backwards.
                        _ => tasks.extend(pieces(kind).into_iter().rev()),
                    }
                }
            }
        }
        Ok(())
    }
}

/// How tightly a node binds what it is made of.
fn binding(kind: &NodeKind) -> u8 {
    match kind {
        NodeKind::Number(_) | NodeKind::Variable(_) | NodeKind::Call { .. } | NodeKind::Piecewise { .. } => {
            u8::MAX
        }
        NodeKind::Negate(_) => power::SIGN,
        NodeKind::Compare { .. } => power::COMPARE,
        NodeKind::Binary { operator, .. } => operator_binding(*operator),
    }
}

fn operator_binding(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::Add | BinaryOperator::Subtract => power::SUM,
        BinaryOperator::Multiply | BinaryOperator::Divide => power::PRODUCT,
        BinaryOperator::Power => power::POWER,
    }
}

fn pieces(kind: &NodeKind) -> Vec<Task> {
    match kind {
        NodeKind::Number(_) | NodeKind::Variable(_) => Vec::new(),
        NodeKind::Negate(operand) => vec![Task::Text("-"), Task::Node(*operand, power::SIGN)],
        NodeKind::Binary {
            operator,
            left,
            right,
        } => {
            let own = operator_binding(*operator);
            // All but powers group to the left: an equal on the right needs brackets, and for powers on the left.
            let (left_least, right_least) = match operator {
                BinaryOperator::Power => (own + 1, own),
                _ => (own, own + 1),
            };
            vec![
                Task::Node(*left, left_least),
                Task::Text(operator_text(*operator)),
                Task::Node(*right, right_least),
            ]
        }
        NodeKind::Compare {
            comparison,
            left,
            right,
        } => vec![
            Task::Node(*left, power::SUM),
            Task::Text(comparison_text(*comparison)),
            Task::Node(*right, power::SUM),
        ],
        NodeKind::Call { function, arguments } => call(function.name(), arguments.iter().copied()),
        NodeKind::Piecewise { branches, otherwise } => match branches.as_slice() {
            [only] => call("if", [only.condition, only.value, *otherwise]),
            _ => {
                let cases = branches
                    .iter()
                    .flat_map(|branch| [branch.value, branch.condition]);
                call("piecewise", cases.chain([*otherwise]))
            }
        },
    }
}

fn call(name: &'static str, arguments: impl IntoIterator<Item = NodeId>) -> Vec<Task> {
    let mut tasks = vec![Task::Text(name), Task::Text("(")];
    for (index, argument) in arguments.into_iter().enumerate() {
        if index > 0 {
            tasks.push(Task::Text(", "));
        }
        tasks.push(Task::Node(argument, 0));
    }
    tasks.push(Task::Text(")"));
    tasks
}

fn operator_text(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => " + ",
        BinaryOperator::Subtract => " - ",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Power => "^",
    }
}

fn comparison_text(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
        Comparison::Equal => " == ",
        Comparison::NotEqual => " != ",
    }
}

/// The shortest decimal that reads back to the same number; exponents where zeros would be many.
pub(crate) fn number_text(value: f64) -> String {
    if value == 0.0 || (1e-4..1e15).contains(&value.abs()) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text of a random expression, with and without needless brackets and spaces.
    fn any_text() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("x".to_owned()),
            Just("ε_1".to_owned()),
            Just("pi".to_owned()),
            (0.0..1e3_f64).prop_map(number_text),
            any::<f64>()
                .prop_filter("finite", |value| value.is_finite())
                .prop_map(|value| number_text(value.abs())),
        ];
        leaf.prop_recursive(6, 60, 4, |inner| {
            let operator = prop::sample::select(vec!["+", " - ", "*", "/ ", "^", "<", ">=", "!="]);
            prop_oneof![
                (inner.clone(), operator, inner.clone())
                    .prop_map(|(a, operator, b)| format!("({a}){operator}({b})")),
                (
                    inner.clone(),
                    prop::sample::select(vec!["+", "-", "*", "/"]),
                    "[a-z]"
                )
                    .prop_map(|(a, operator, b)| format!("({a}){operator}{b}")),
                inner.clone().prop_map(|a| format!("-({a})")),
                (
                    prop::sample::select(vec!["exp", "ln", "cbrt", "step"]),
                    inner.clone()
                )
                    .prop_map(|(name, a)| format!("{name}({a})")),
                (
                    prop::sample::select(vec!["min", "max"]),
                    inner.clone(),
                    inner.clone(),
                    inner.clone()
                )
                    .prop_map(|(name, a, b, c)| format!("{name}({a}, {b}, {c})")),
                (inner.clone(), inner.clone(), inner.clone())
                    .prop_map(|(a, b, c)| format!("if({a}, {b}, {c})")),
                (inner.clone(), inner.clone(), inner.clone(), inner)
                    .prop_map(|(a, b, c, d)| format!("piecewise({a}, {b}, {c}, {d}, {a})")),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_the_same_tree(text in any_text()) {
            let expression = Expression::parse(&text).unwrap();
            let written = expression.to_string();
            prop_assert_eq!(&Expression::parse(&written).unwrap(), &expression, "{}", written);
            let derivative = expression.derivative("x");
            prop_assert_eq!(&Expression::parse(&derivative.to_string()).unwrap(), &derivative);
        }

        #[test]
        fn brackets_are_written_only_where_the_tree_needs_them_or_around_an_exponent(text in any_text()) {
            let expression = Expression::parse(&text).unwrap();
            let written = expression.to_string();
            for (open, _) in written.match_indices('(') {
                let Some(close) = matching(&written, open) else { continue };
                let is_call = written[..open].ends_with(char::is_alphanumeric);
                // `x^-y` would do, but is easily misread.
                let is_exponent = written[..open].ends_with('^');
                let without = format!("{}{}{}", &written[..open], &written[open + 1..close], &written[close + 1..]);
                let same = Expression::parse(&without).is_ok_and(|other| other == expression);
                prop_assert!(is_call || is_exponent || !same, "{} needs no bracket at {}", written, open);
            }
        }

        #[test]
        fn spans_lie_in_the_text_and_no_text_makes_the_parser_panic(text in "[-+*/^()<>=!,. 0-9a-eπ]{0,40}") {
            match Expression::parse(&text) {
                Ok(expression) => {
                    for node in expression.nodes() {
                        prop_assert!(text.get(node.span.start..node.span.end).is_some());
                    }
                    let _ = expression.evaluate_checked(&|_| Some(0.0));
                }
                Err(error) => prop_assert!(text.get(error.span.start..error.span.end).is_some()),
            }
        }
    }

    fn matching(text: &str, open: usize) -> Option<usize> {
        let mut depth = 0;
        text[open..].char_indices().find_map(|(offset, character)| {
            depth += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            (depth == 0).then_some(open + offset)
        })
    }
}
