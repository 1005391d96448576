//! From tokens to the tree, by binding powers (V. Pratt, "Top down operator precedence", POPL 1973).

use super::token::{Token, next_token};
use super::tree::{TreeBuilder, arity_checked};
use super::{
    Arity, BinaryOperator, Branch, Comparison, Expression, ExpressionError, Function, NodeId, NodeKind,
    nearest_name,
};
use crate::source::Span;

/// How deep brackets, signs and powers may nest.
pub const MAXIMUM_DEPTH: usize = 64;

/// How many numbers, names, operators and calls an expression may have.
pub const MAXIMUM_NODES: usize = 10_000;

/// Binding powers: an operator takes operands that bind at least as tightly.
pub(crate) mod power {
    pub(crate) const COMPARE: u8 = 1;
    pub(crate) const SUM: u8 = 3;
    pub(crate) const PRODUCT: u8 = 5;
    pub(crate) const SIGN: u8 = 7;
    pub(crate) const POWER: u8 = 9;
}

impl Expression {
    /// Parses a formula.
    ///
    /// # Errors
    /// [`ExpressionError`] with the place, what was found and what was expected, also for an expression that
    /// exceeds [`MAXIMUM_DEPTH`] or [`MAXIMUM_NODES`]. Linear in the length of the text.
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// assert_eq!(Expression::parse("-x^2")?, Expression::parse("-(x^2)")?);
    /// let error = Expression::parse("2 + * x").unwrap_err();
    /// assert_eq!(error.message, "found `*`, expected a number, a name or `(`");
    /// assert_eq!(error.span.start, 4);
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Expression, ExpressionError> {
        Self::parse_nested(text, MAXIMUM_DEPTH)
    }

    /// As [`parse`](Self::parse) with another limit on nesting, for formulas that no hand has written.
    pub(crate) fn parse_nested(text: &str, deepest: usize) -> Result<Expression, ExpressionError> {
        let (token, span) = next_token(text, 0)?;
        let mut parser = Parser {
            text,
            token,
            span,
            last_end: 0,
            depth: 0,
            deepest,
            tree: TreeBuilder::default(),
        };
        if parser.token == Token::End {
            return Err(ExpressionError::new(span, "the expression is empty"));
        }
        let root = parser.expression(0)?;
        if parser.token != Token::End {
            return Err(parser.trailing());
        }
        Ok(parser.tree.finish(text, root))
    }
}

struct Parser<'a> {
    text: &'a str,
    token: Token<'a>,
    span: Span,
    /// End of the token before the current one.
    last_end: usize,
    depth: usize,
    deepest: usize,
    tree: TreeBuilder,
}

impl<'a> Parser<'a> {
    fn advance(&mut self) -> Result<(), ExpressionError> {
        self.last_end = self.span.end;
        (self.token, self.span) = next_token(self.text, self.span.end)?;
        Ok(())
    }

    fn found(&self) -> String {
        self.token.description(&self.text[self.span.start..self.span.end])
    }

    fn expected(&self, what: &str) -> ExpressionError {
        ExpressionError::new(self.span, format!("found {}, expected {what}", self.found()))
    }

    fn trailing(&self) -> ExpressionError {
        let error = self.expected("an operator");
        match self.token {
            Token::Close => ExpressionError::new(self.span, "found `)` that closes nothing"),
            Token::Comma => error.with_help("the decimal point is a point; arguments stand in brackets"),
            Token::Number(_) | Token::Name(_) | Token::Open => error.with_help("write a product with `*`"),
            _ => error,
        }
    }

    fn push(&mut self, kind: NodeKind, span: Span) -> Result<NodeId, ExpressionError> {
        self.room(span)?;
        Ok(self.tree.push(kind, span))
    }

    fn room(&self, span: Span) -> Result<(), ExpressionError> {
        if self.tree.len() < MAXIMUM_NODES {
            return Ok(());
        }
        Err(ExpressionError::new(
            span,
            format!("the expression has more than {MAXIMUM_NODES} numbers, names and operators"),
        )
        .with_help("split it into several parameters"))
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<NodeId, ExpressionError> {
        self.depth += 1;
        if self.depth > self.deepest {
            let message = format!("the expression nests deeper than {} levels", self.deepest);
            return Err(
                ExpressionError::new(self.span, message).with_help("split it into several parameters")
            );
        }
        let mut left = self.operand()?;
        loop {
            let operator_span = self.span;
            let (operator, binding, right_least) = match self.token {
                Token::Compare(_) => (None, power::COMPARE, power::SUM),
                Token::Plus => (Some(BinaryOperator::Add), power::SUM, power::PRODUCT),
                Token::Minus => (Some(BinaryOperator::Subtract), power::SUM, power::PRODUCT),
                Token::Star => (Some(BinaryOperator::Multiply), power::PRODUCT, power::SIGN),
                Token::Slash => (Some(BinaryOperator::Divide), power::PRODUCT, power::SIGN),
                // Right associative: the exponent may itself be a power.
                Token::Caret => (Some(BinaryOperator::Power), power::POWER, power::POWER),
                _ => break,
            };
            if binding < least {
                break;
            }
            let comparison = match self.token {
                Token::Compare(comparison) => Some(comparison),
                _ => None,
            };
            self.advance()?;
            let right = self.expression(right_least)?;
            let span = self.tree.span(left).union(self.tree.span(right));
            left = match (operator, comparison) {
                (Some(operator), _) => self.push(
                    NodeKind::Binary {
                        operator,
                        left,
                        right,
                    },
                    span,
                )?,
                (None, Some(comparison)) => self.comparison(comparison, left, right, operator_span)?,
                (None, None) => break,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        left: NodeId,
        right: NodeId,
        operator_span: Span,
    ) -> Result<NodeId, ExpressionError> {
        if let Token::Compare(_) = self.token {
            return Err(ExpressionError::new(
                operator_span.union(self.span),
                "comparisons cannot be chained",
            )
            .with_help("write `(a < b)*(b < c)` where both must hold"));
        }
        let span = self.tree.span(left).union(self.tree.span(right));
        self.push(
            NodeKind::Compare {
                comparison,
                left,
                right,
            },
            span,
        )
    }

    /// A number, name, call, bracket or signed operand.
    fn operand(&mut self) -> Result<NodeId, ExpressionError> {
        let start = self.span;
        match self.token {
            Token::Number(value) => {
                self.advance()?;
                self.push(NodeKind::Number(value), start)
            }
            Token::Name(name) => {
                self.advance()?;
                match self.token {
                    Token::Open => self.call(name, start),
                    _ => self.push(NodeKind::Variable(name.to_owned()), start),
                }
            }
            Token::Minus => {
                self.advance()?;
                let operand = self.expression(power::SIGN)?;
                let span = start.union(self.tree.span(operand));
                self.push(NodeKind::Negate(operand), span)
            }
            Token::Plus => {
                self.advance()?;
                self.expression(power::SIGN)
            }
            Token::Open => {
                self.advance()?;
                let inner = self.expression(0)?;
                self.close(start)?;
                // The brackets belong to what they hold, so that a message shows both or neither.
                self.tree.set_span(inner, Span::new(start.start, self.last_end));
                Ok(inner)
            }
            _ => Err(self.expected("a number, a name or `(`")),
        }
    }

    fn close(&mut self, open: Span) -> Result<(), ExpressionError> {
        match self.token {
            Token::Close => self.advance(),
            Token::End => Err(ExpressionError::new(open, "found `(` that is never closed")),
            _ => Err(self.trailing()),
        }
    }

    fn call(&mut self, name: &'a str, name_span: Span) -> Result<NodeId, ExpressionError> {
        let open = self.span;
        self.advance()?;
        let mut arguments = Vec::new();
        if self.token != Token::Close {
            loop {
                arguments.push(self.expression(0)?);
                if self.token != Token::Comma {
                    break;
                }
                self.advance()?;
            }
        }
        self.close(open)?;
        let span = name_span.union(Span::new(open.start, self.last_end));
        self.room(span)?;
        let count = arguments.len();
        match (name, arguments.as_slice()) {
            ("pow", &[left, right]) => self.push(
                NodeKind::Binary {
                    operator: BinaryOperator::Power,
                    left,
                    right,
                },
                span,
            ),
            ("pow", _) => arity_checked(name, Arity::Exactly(2), count, span)
                .and(Err(unknown_function(name, name_span))),
            ("if", &[condition, value, otherwise]) => self.push(
                NodeKind::Piecewise {
                    branches: vec![Branch { value, condition }],
                    otherwise,
                },
                span,
            ),
            ("if", _) => arity_checked(name, Arity::Exactly(3), count, span)
                .and(Err(unknown_function(name, name_span))),
            ("piecewise", [cases @ .., otherwise]) if count >= 3 && count % 2 == 1 => {
                let branches = cases
                    .chunks_exact(2)
                    .map(|pair| Branch {
                        value: pair[0],
                        condition: pair[1],
                    })
                    .collect();
                self.push(
                    NodeKind::Piecewise {
                        branches,
                        otherwise: *otherwise,
                    },
                    span,
                )
            }
            ("piecewise", _) => Err(ExpressionError::new(
                span,
                format!(
                    "`piecewise` takes pairs of value and condition and a last value, found {count} arguments"
                ),
            )
            .with_help("as in `piecewise(a, x < 0, b, x < 1, c)`")),
            _ => {
                let function = Function::from_name(name).ok_or_else(|| unknown_function(name, name_span))?;
                self.tree.call(function, arguments, span)
            }
        }
    }
}

fn unknown_function(name: &str, span: Span) -> ExpressionError {
    let error = ExpressionError::new(span, format!("unknown function `{name}`"));
    match (name, nearest_name(name, Function::all_names())) {
        ("log", _) => error.with_help("write `ln` for the natural logarithm, or `log10`, `log2`"),
        (_, Some(near)) => error.with_help(format!("did you mean `{near}`?")),
        _ => error.with_help("if a product is meant, write it with `*`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Expression {
        Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn value(text: &str) -> f64 {
        parsed(text)
            .evaluate(&|name| (name == "x").then_some(3.0))
            .unwrap()
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        assert_eq!(value("-x^2"), -9.0);
        assert_eq!(value("2^3^2"), 512.0);
        assert_eq!(value("2^-1"), 0.5);
        assert_eq!(value("2^-x^2"), 2f64.powi(-9));
        assert_eq!(value("1 - 2 - 3"), -4.0);
        assert_eq!(value("12/2/3"), 2.0);
        assert_eq!(value("2*-x*4"), -24.0);
        assert_eq!(value("--x"), 3.0);
        assert_eq!(value("1 + 2 < 4"), 1.0);
        assert_eq!(value("(1 < 2) + (2 <= 1) + (3 != 3) + (2 == 2)"), 2.0);
    }

    #[test]
    fn functions_and_cases_take_their_arguments_in_order() {
        assert_eq!(value("atan2(1, 0)"), std::f64::consts::FRAC_PI_2);
        assert_eq!(value("max(1, x, 2) - min(4, x, 5)"), 0.0);
        assert_eq!(value("pow(2, x)"), 8.0);
        assert_eq!(value("if(x > 2, 10, 20)"), 10.0);
        assert_eq!(value("piecewise(1, x < 1, 2, x < 4, 3)"), 2.0);
        assert_eq!(value("piecewise(1, x < 1, 2, x < 2, 3)"), 3.0);
        assert_eq!(value("step(x) + heaviside(-x)"), 1.0);
        assert_eq!(value("cos(pi) + ln(e)"), 0.0);
    }

    #[test]
    fn every_mistake_names_its_place() {
        for (text, start, end, message) in [
            ("", 0, 0, "the expression is empty"),
            ("2 +", 3, 3, "found the end of the expression, expected a number"),
            ("2 x", 2, 3, "found `x`, expected an operator"),
            ("2x", 0, 2, "found `x` directly after the number `2`"),
            ("1e400", 0, 5, "overflows"),
            ("x + 1e-400", 4, 10, "underflows"),
            ("(1 + 2", 0, 1, "never closed"),
            ("1 + 2)", 5, 6, "closes nothing"),
            ("expp(1)", 0, 4, "unknown function `expp`"),
            ("log(1)", 0, 3, "unknown function `log`"),
            ("min(1)", 0, 6, "`min` takes 2 or more arguments, found 1"),
            ("sin()", 0, 5, "`sin` takes 1 argument, found 0"),
            ("if(1, 2)", 0, 8, "`if` takes 3 arguments, found 2"),
            ("pow(2)", 0, 6, "`pow` takes 2 arguments, found 1"),
            ("piecewise(1, 2)", 0, 15, "found 2 arguments"),
            ("1 < 2 < 3", 2, 7, "comparisons cannot be chained"),
            ("x ** 2", 2, 4, "found `**`"),
            ("a = b", 2, 3, "unexpected character `=`"),
            ("1,5", 1, 2, "found `,`"),
            ("1.2.3", 0, 4, "directly after the number"),
            ("a.b", 1, 2, "unexpected character `.`"),
            ("x − 1", 2, 5, "unexpected character"),
        ] {
            let error = Expression::parse(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {}", error.message);
            assert_eq!((error.span.start, error.span.end), (start, end), "{text}");
        }
    }

    #[test]
    fn nesting_and_size_are_limited_without_exhausting_the_stack() {
        let nested = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Expression::parse(&nested(MAXIMUM_DEPTH - 1)).is_ok());
        assert!(
            Expression::parse(&nested(100_000))
                .unwrap_err()
                .message
                .contains("nests deeper")
        );
        assert!(
            Expression::parse(&"-".repeat(100_000))
                .unwrap_err()
                .message
                .contains("nests deeper")
        );
        assert!(
            Expression::parse(&"sin(".repeat(100_000))
                .unwrap_err()
                .message
                .contains("nests deeper")
        );
        let sum = |terms: usize| vec!["x"; terms].join("+");
        assert_eq!(value(&sum(5_000)), 15_000.0);
        assert!(
            Expression::parse(&sum(5_001))
                .unwrap_err()
                .message
                .contains("more than 10000")
        );
    }
}
