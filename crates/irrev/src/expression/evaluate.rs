//! Values of a tree, node by node, and the node to blame when a value is not finite.

use super::compile::Instruction;
use super::{
    BinaryOperator, Comparison, Expression, ExpressionError, NodeId, NodeKind, constant, nearest_name,
};

#[inline(always)]
pub(super) fn binary(operator: BinaryOperator, left: f64, right: f64) -> f64 {
    match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide => left / right,
        // A square is one rounding this way; IEEE would also make 1^NaN and NaN^0 the number 1.
        BinaryOperator::Power if right == 2.0 => left * left,
        BinaryOperator::Power if left.is_nan() || right.is_nan() => f64::NAN,
        BinaryOperator::Power => left.powf(right),
    }
}

pub(super) fn compare(comparison: Comparison, left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        return f64::NAN;
    }
    let holds = match comparison {
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
    };
    f64::from(u8::from(holds))
}

impl Expression {
    /// The value for the variables that `lookup` knows; `pi` and `e` where it does not know them.
    ///
    /// The result may be infinite or NaN, as in `1/x` at 0: see [`evaluate_checked`](Self::evaluate_checked).
    /// For many evaluations, [`compile`](Self::compile) first.
    ///
    /// # Errors
    /// A name that is neither known to `lookup` nor a constant, with its place.
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// let area = Expression::parse("pi*r^2")?;
    /// let value = area.evaluate(&|name| (name == "r").then_some(2.0))?;
    /// assert_eq!(value, 4.0 * std::f64::consts::PI);
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    pub fn evaluate(&self, lookup: &dyn Fn(&str) -> Option<f64>) -> Result<f64, ExpressionError> {
        let values = self.all_values(lookup)?;
        Ok(values.last().copied().unwrap_or(f64::NAN))
    }

    /// As [`evaluate`](Self::evaluate), but an infinite or undefined result is an error.
    ///
    /// # Errors
    /// An unknown name, or the innermost sub-expression that is not finite and on which the result depends. Cases
    /// of `if` and `piecewise` that are not taken do not count.
    pub fn evaluate_checked(&self, lookup: &dyn Fn(&str) -> Option<f64>) -> Result<f64, ExpressionError> {
        let values = self.all_values(lookup)?;
        let value = values.last().copied().unwrap_or(f64::NAN);
        if value.is_finite() {
            Ok(value)
        } else {
            Err(self.blame(&values))
        }
    }

    fn all_values(&self, lookup: &dyn Fn(&str) -> Option<f64>) -> Result<Vec<f64>, ExpressionError> {
        let mut values: Vec<f64> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let value = match &node.kind {
                NodeKind::Variable(name) => lookup(name)
                    .or_else(|| constant(name))
                    .ok_or_else(|| ExpressionError::new(node.span, format!("unknown name `{name}`")))?,
                kind => Instruction::of(kind, &|_| None).value(&values, &[]),
            };
            values.push(value);
        }
        Ok(values)
    }

    /// The innermost node without a finite value that the root depends on. `values` holds one value per node.
    pub(super) fn blame(&self, values: &[f64]) -> ExpressionError {
        let finite = |id: &NodeId| values.get(id.index()).is_some_and(|value| value.is_finite());
        let mut culprit = self.root();
        while let Some(inner) = self
            .active_children(culprit, values)
            .into_iter()
            .find(|id| !finite(id))
        {
            culprit = inner;
        }
        let node = self.node(culprit);
        let written = &self.text()[node.span.start..node.span.end];
        let value = values.get(culprit.index()).copied().unwrap_or(f64::NAN);
        let what = if value.is_nan() {
            "is not a number".to_owned()
        } else {
            format!("is infinite ({value})")
        };
        let error = ExpressionError::new(node.span, format!("`{written}` {what}"));
        let operands: Vec<String> = (node.kind.children().into_iter())
            .filter(|child| !matches!(self.node(*child).kind, NodeKind::Number(_)))
            .filter_map(|child| {
                let span = self.node(child).span;
                Some(format!(
                    "`{}` = {}",
                    &self.text()[span.start..span.end],
                    values.get(child.index())?
                ))
            })
            .collect();
        if operands.is_empty() {
            error
        } else {
            error.with_help(format!("here {}", operands.join(", ")))
        }
    }

    /// The children whose values decide the value of a node: of cases, the conditions tried and the value taken.
    fn active_children(&self, id: NodeId, values: &[f64]) -> Vec<NodeId> {
        let NodeKind::Piecewise { branches, otherwise } = &self.node(id).kind else {
            return self.node(id).kind.children();
        };
        let mut active = Vec::new();
        for branch in branches {
            active.push(branch.condition);
            let condition = values.get(branch.condition.index()).copied().unwrap_or(f64::NAN);
            if condition.is_nan() {
                return active;
            }
            if condition != 0.0 {
                active.push(branch.value);
                return active;
            }
        }
        active.push(*otherwise);
        active
    }
}

/// The error for a name that nobody defines, with the nearest one that is defined.
pub(super) fn unknown_name(span: crate::source::Span, name: &str, known: &[&str]) -> ExpressionError {
    let error = ExpressionError::new(span, format!("unknown name `{name}`"));
    match nearest_name(name, known.iter().copied()) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error,
    }
}
