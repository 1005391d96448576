//! Symbolic derivatives, simplified while they are built.
//!
//! One pass from the leaves to the root: the derivative of a node is made of its children and their derivatives
//! by the chain rule. Sub-expressions are shared, not copied, so a derivative has O(nodes) nodes.
//!
//! Conventions: functions with corners have the derivative that holds almost everywhere: `abs` → `sign`; `floor`,
//! `ceil`, `sign`, `heaviside` and comparisons → 0; `min`, `max`, `if` and `piecewise` → that of the case taken.

use super::tree::TreeBuilder;
use super::{BinaryOperator, Branch, Comparison, Expression, Function, NodeId, NodeKind};
use crate::source::Span;

impl Expression {
    /// The derivative with respect to `name`, simplified. Zero if the name does not occur.
    ///
    /// Exact wherever the expression is differentiable; see the module for corners. The result keeps the text of
    /// this expression, and its spans point to the sub-expressions they come from.
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// let potential = Expression::parse("h*(x^2 - 1)^2")?;
    /// assert_eq!(potential.derivative("x").to_string(), "h*(2*(x^2 - 1)*(2*x))");
    /// assert_eq!(potential.derivative("y").to_string(), "0");
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    #[must_use]
    pub fn derivative(&self, name: &str) -> Expression {
        let mut algebra = Algebra {
            tree: TreeBuilder::default(),
        };
        // Per node of this expression: its copy in the new tree and its derivative there.
        let mut copies: Vec<NodeId> = Vec::with_capacity(self.nodes().len());
        let mut slopes: Vec<NodeId> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let copy = algebra
                .tree
                .push(node.kind.renamed(|child| copies[child.index()]), node.span);
            let slope = |id: NodeId| (copies[id.index()], slopes[id.index()]);
            let derivative = match &node.kind {
                NodeKind::Variable(known) if known == name => algebra.tree.number(1.0, node.span),
                NodeKind::Number(_) | NodeKind::Variable(_) | NodeKind::Compare { .. } => {
                    algebra.tree.number(0.0, node.span)
                }
                NodeKind::Negate(operand) => algebra.negate(slope(*operand).1, node.span),
                NodeKind::Binary {
                    operator,
                    left,
                    right,
                } => algebra.of_operator(*operator, copy, slope(*left), slope(*right), node.span),
                NodeKind::Call { function, arguments } => {
                    let arguments: Vec<_> = arguments.iter().map(|id| slope(*id)).collect();
                    algebra.of_call(*function, copy, &arguments, node.span)
                }
                NodeKind::Piecewise { branches, otherwise } => {
                    let branches: Vec<Branch> = (branches.iter())
                        .map(|branch| Branch {
                            value: slope(branch.value).1,
                            condition: slope(branch.condition).0,
                        })
                        .collect();
                    algebra.cases(branches, slope(*otherwise).1, node.span)
                }
            };
            copies.push(copy);
            slopes.push(derivative);
        }
        let root = slopes[self.root().index()];
        algebra.tree.finish(self.text(), root)
    }
}

/// A node and its derivative.
type Slope = (NodeId, NodeId);

/// Builds sums, products and so on, leaving out what does nothing.
pub(super) struct Algebra {
    pub(super) tree: TreeBuilder,
}

impl Algebra {
    pub(super) fn constant(&self, id: NodeId) -> Option<f64> {
        match self.tree.kind(id) {
            NodeKind::Number(value) => Some(*value),
            NodeKind::Negate(operand) => match self.tree.kind(*operand) {
                NodeKind::Number(value) => Some(-value),
                _ => None,
            },
            _ => None,
        }
    }

    fn is(&self, id: NodeId, value: f64) -> bool {
        self.constant(id) == Some(value)
    }

    pub(super) fn negate(&mut self, operand: NodeId, span: Span) -> NodeId {
        match self.tree.kind(operand) {
            NodeKind::Negate(inner) => *inner,
            NodeKind::Number(0.0) => operand,
            _ => self.tree.push(NodeKind::Negate(operand), span),
        }
    }

    fn operator(&mut self, operator: BinaryOperator, left: NodeId, right: NodeId, span: Span) -> NodeId {
        if let (Some(a), Some(b)) = (self.constant(left), self.constant(right)) {
            let value = super::evaluate::binary(operator, a, b);
            // Quotients and powers stay as written unless they are whole: 1/3 is clearer, and exact.
            let exact =
                !matches!(operator, BinaryOperator::Divide | BinaryOperator::Power) || value.fract() == 0.0;
            if value.is_finite() && exact {
                return self.tree.number(value, span);
            }
        }
        match operator {
            BinaryOperator::Add if self.is(left, 0.0) => right,
            BinaryOperator::Add | BinaryOperator::Subtract if self.is(right, 0.0) => left,
            BinaryOperator::Subtract if self.is(left, 0.0) => self.negate(right, span),
            BinaryOperator::Multiply if self.is(left, 0.0) || self.is(right, 1.0) => left,
            BinaryOperator::Multiply if self.is(right, 0.0) || self.is(left, 1.0) => right,
            BinaryOperator::Multiply if self.is(left, -1.0) => self.negate(right, span),
            BinaryOperator::Multiply if self.is(right, -1.0) => self.negate(left, span),
            BinaryOperator::Divide if self.is(left, 0.0) || self.is(right, 1.0) => left,
            BinaryOperator::Power if self.is(right, 1.0) => left,
            BinaryOperator::Power if self.is(right, 0.0) => self.tree.number(1.0, span),
            _ => self.tree.binary(operator, left, right, span),
        }
    }

    pub(super) fn add(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.operator(BinaryOperator::Add, left, right, span)
    }

    fn subtract(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.operator(BinaryOperator::Subtract, left, right, span)
    }

    pub(super) fn multiply(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.operator(BinaryOperator::Multiply, left, right, span)
    }

    pub(super) fn divide(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.operator(BinaryOperator::Divide, left, right, span)
    }

    pub(super) fn power(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        self.operator(BinaryOperator::Power, left, right, span)
    }

    fn call(&mut self, function: Function, argument: NodeId, span: Span) -> NodeId {
        self.tree.push(
            NodeKind::Call {
                function,
                arguments: vec![argument],
            },
            span,
        )
    }

    pub(super) fn cases(&mut self, branches: Vec<Branch>, otherwise: NodeId, span: Span) -> NodeId {
        if self.is(otherwise, 0.0) && branches.iter().all(|branch| self.is(branch.value, 0.0)) {
            return otherwise;
        }
        self.tree.push(NodeKind::Piecewise { branches, otherwise }, span)
    }

    /// Sum, product, quotient and power rule; `copy` is the node itself in the new tree.
    fn of_operator(
        &mut self,
        operator: BinaryOperator,
        copy: NodeId,
        left: Slope,
        right: Slope,
        span: Span,
    ) -> NodeId {
        let ((f, df), (g, dg)) = (left, right);
        match operator {
            BinaryOperator::Add => self.add(df, dg, span),
            BinaryOperator::Subtract => self.subtract(df, dg, span),
            BinaryOperator::Multiply => {
                let first = self.multiply(df, g, span);
                let second = self.multiply(f, dg, span);
                self.add(first, second, span)
            }
            BinaryOperator::Divide => {
                // f′/g − (f/g)·g′/g, which needs no square that could overflow.
                let first = self.divide(df, g, span);
                let ratio = self.multiply(copy, dg, span);
                let second = self.divide(ratio, g, span);
                self.subtract(first, second, span)
            }
            BinaryOperator::Power if self.is(dg, 0.0) => {
                // g·f^(g−1)·f′
                let one = self.tree.number(1.0, span);
                let exponent = self.subtract(g, one, span);
                let power = self.power(f, exponent, span);
                let outer = self.multiply(g, power, span);
                self.multiply(outer, df, span)
            }
            BinaryOperator::Power => {
                // f^g·(g′·ln f + g·f′/f)
                let logarithm = self.call(Function::Ln, f, span);
                let first = self.multiply(dg, logarithm, span);
                let scaled = self.multiply(g, df, span);
                let second = self.divide(scaled, f, span);
                let sum = self.add(first, second, span);
                self.multiply(copy, sum, span)
            }
        }
    }

    fn of_call(&mut self, function: Function, copy: NodeId, arguments: &[Slope], span: Span) -> NodeId {
        match (function, arguments) {
            (Function::Min | Function::Max, [first, rest @ ..]) => {
                self.of_extreme(function, *first, rest, span)
            }
            (Function::Atan2, &[(y, dy), (x, dx)]) => {
                // (y′·x − y·x′)/(x² + y²)
                let first = self.multiply(dy, x, span);
                let second = self.multiply(y, dx, span);
                let numerator = self.subtract(first, second, span);
                let (x_square, y_square) = (self.square(x, span), self.square(y, span));
                let denominator = self.add(x_square, y_square, span);
                self.divide(numerator, denominator, span)
            }
            (_, &[(_, slope)]) if self.is(slope, 0.0) => slope,
            (_, &[(argument, slope)]) => {
                let outer = self.of_function(function, copy, argument, span);
                match outer {
                    Outer::Factor(factor) => self.multiply(factor, slope, span),
                    Outer::Divisor(divisor) => self.divide(slope, divisor, span),
                }
            }
            _ => self.tree.number(0.0, span),
        }
    }

    fn of_extreme(&mut self, function: Function, first: Slope, rest: &[Slope], span: Span) -> NodeId {
        let comparison = if function == Function::Min {
            Comparison::LessOrEqual
        } else {
            Comparison::GreaterOrEqual
        };
        rest.iter()
            .fold(first, |(best, best_slope), &(next, next_slope)| {
                let both = self.tree.push(
                    NodeKind::Call {
                        function,
                        arguments: vec![best, next],
                    },
                    span,
                );
                let condition = self.tree.push(
                    NodeKind::Compare {
                        comparison,
                        left: best,
                        right: next,
                    },
                    span,
                );
                (
                    both,
                    self.cases(
                        vec![Branch {
                            value: best_slope,
                            condition,
                        }],
                        next_slope,
                        span,
                    ),
                )
            })
            .1
    }

    fn square(&mut self, x: NodeId, span: Span) -> NodeId {
        let two = self.tree.number(2.0, span);
        self.power(x, two, span)
    }

    /// The derivative of a function of one argument `x`; `value` is the function's own node.
    fn of_function(&mut self, function: Function, value: NodeId, x: NodeId, span: Span) -> Outer {
        let number = |algebra: &mut Algebra, value: f64| algebra.tree.number(value, span);
        match function {
            Function::Exp => Outer::Factor(value),
            Function::Ln => Outer::Divisor(x),
            Function::Log10 | Function::Log2 => {
                let base = number(self, if function == Function::Log2 { 2.0 } else { 10.0 });
                let logarithm = self.call(Function::Ln, base, span);
                Outer::Divisor(self.multiply(x, logarithm, span))
            }
            Function::Sqrt => {
                let two = number(self, 2.0);
                Outer::Divisor(self.multiply(two, value, span))
            }
            Function::Cbrt => {
                let (three, square) = (number(self, 3.0), self.square(value, span));
                Outer::Divisor(self.multiply(three, square, span))
            }
            Function::Sin => Outer::Factor(self.call(Function::Cos, x, span)),
            Function::Cos => {
                let sine = self.call(Function::Sin, x, span);
                Outer::Factor(self.negate(sine, span))
            }
            Function::Tan => {
                let cosine = self.call(Function::Cos, x, span);
                Outer::Divisor(self.square(cosine, span))
            }
            Function::Sinh => Outer::Factor(self.call(Function::Cosh, x, span)),
            Function::Cosh => Outer::Factor(self.call(Function::Sinh, x, span)),
            Function::Tanh => {
                let cosine = self.call(Function::Cosh, x, span);
                Outer::Divisor(self.square(cosine, span))
            }
            Function::Asin
            | Function::Acos
            | Function::Atan
            | Function::Asinh
            | Function::Acosh
            | Function::Atanh => self.of_inverse(function, x, span),
            Function::Abs => Outer::Factor(self.call(Function::Sign, x, span)),
            // The steps; and the functions of several arguments, which `of_call` has dealt with.
            Function::Floor
            | Function::Ceil
            | Function::Sign
            | Function::Heaviside
            | Function::Atan2
            | Function::Min
            | Function::Max => Outer::Factor(number(self, 0.0)),
        }
    }

    fn of_inverse(&mut self, function: Function, x: NodeId, span: Span) -> Outer {
        let (one, square) = (self.tree.number(1.0, span), self.square(x, span));
        let radicand = match function {
            Function::Asin | Function::Acos | Function::Atanh => self.subtract(one, square, span),
            Function::Acosh => self.subtract(square, one, span),
            _ => self.add(one, square, span),
        };
        match function {
            Function::Atan | Function::Atanh => Outer::Divisor(radicand),
            Function::Acos => {
                let root = self.call(Function::Sqrt, radicand, span);
                Outer::Divisor(self.negate(root, span))
            }
            _ => Outer::Divisor(self.call(Function::Sqrt, radicand, span)),
        }
    }
}

/// What the inner derivative is multiplied with, or divided by.
enum Outer {
    Factor(NodeId),
    Divisor(NodeId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slope_error(text: &str, x: f64) -> f64 {
        let expression = Expression::parse(text).unwrap();
        let at = |expression: &Expression, x: f64| {
            expression
                .evaluate(&|name| Some(if name == "x" { x } else { 1.7 }))
                .unwrap()
        };
        // Central difference with step h = ε^(1/3): truncation h²f‴/6 and rounding ε/h are both about 4e-11.
        let step = 6e-6;
        let difference = (at(&expression, x + step) - at(&expression, x - step)) / (2.0 * step);
        (at(&expression.derivative("x"), x) - difference).abs() / difference.abs().max(1.0)
    }

    #[test]
    fn derivatives_agree_with_central_differences() {
        for text in [
            "x^3 - 2*x + a",
            "a^x",
            "x^x",
            "x/a - a/x",
            "1/(1 + exp(x))",
            "-x*exp(-x^2/a)",
            "ln(x)*log10(x)/log2(x + 1)",
            "sqrt(x) + cbrt(x)",
            "sin(x)*cos(2*x) + tan(x)",
            "asin(x) + acos(x/2) + atan(x)",
            "sinh(x) + cosh(x) - tanh(x)",
            "asinh(x) + acosh(x + 1) + atanh(x)",
            "abs(x - 2)",
            "min(x, 2*x, a)",
            "max(x, 2*x, 0)",
            "atan2(x, 1 + x)",
            "if(x > 0.2, x^2, x)",
            "piecewise(x, x > 1, 2*x, x > 0.1, 3)",
            "floor(x) + x*heaviside(x)",
            "pow(x, a) - e^x",
            "x*x*x*x",
            "(x + a)^2*(x - a)^3",
        ] {
            // 100 times the estimate leaves room for third derivatives up to about 100.
            assert!(
                slope_error(text, 0.4) < 4e-9,
                "{text}: {}",
                slope_error(text, 0.4)
            );
        }
    }

    #[test]
    fn simplification_leaves_no_noise() {
        for (text, expected) in [
            ("3*x + 2", "3"),
            ("x^2", "2*x"),
            ("a*b", "0"),
            ("-x", "-1"),
            ("exp(-x)", "-exp(-x)"),
            ("ln(x)", "1/x"),
            ("if(x > 0, 1, 2)", "0"),
            ("sin(a) + x", "1"),
        ] {
            assert_eq!(
                Expression::parse(text).unwrap().derivative("x").to_string(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn long_expressions_have_derivatives_of_proportional_size() {
        let product = Expression::parse(&vec!["x"; 3000].join("*")).unwrap();
        let derivative = product.derivative("x");
        assert!(derivative.nodes().len() < 4 * product.nodes().len());
        assert_eq!(derivative.evaluate(&|_| Some(1.0)), Ok(3000.0));
    }
}
