//! Formulas in the words of a model file: parsed, differentiated and evaluated with their places kept.
//!
//! An [`Expression`] is a tree over numbers and names. Every node knows which bytes of the text it came from, so
//! that "is not a number" can point at the logarithm that failed. The nodes lie in one vector, children before
//! parents and the root last: evaluation, differentiation and destruction are loops, and no input, however
//! nested, can exhaust the stack.
//!
//! Grammar, from loose to tight: comparison `< <= > >= == !=` (not chained; 1 if true, 0 if false), `+ -`, `* /`,
//! unary `-`, `^` (right associative). As in mathematics `-x^2` is −(x²) and `2^-x` is 2⁻ˣ. Functions: see
//! [`Function`]; `if(condition, a, b)` and `piecewise(a, condition, …, otherwise)`, values before conditions as in
//! SBML. `pi` and `e` are constants unless the caller defines those names.
//!
//! Conventions: IEEE double precision; a NaN in any operand makes the result NaN, in comparisons, `min` and `max`
//! too, so that no undefined value is lost on the way; `heaviside(0) = 1` (alias `step`), `sign(0) = 0`. A literal
//! that overflows, or that is not zero but underflows to zero, is an error.
//!
//! ```
//! use irrev::expression::Expression;
//!
//! let rate = Expression::parse("k * exp(-barrier / T)")?;
//! assert_eq!(rate.variables(), ["k", "barrier", "T"]);
//!
//! let compiled = rate.compile(&["k", "barrier", "T"])?;
//! assert_eq!(compiled.evaluate(&[2.0, 0.0, 1.0]), 2.0);
//!
//! let slope = rate.derivative("barrier");
//! assert_eq!(slope.to_string(), "k*(exp(-barrier/T)*(-1/T))");
//! # Ok::<(), irrev::expression::ExpressionError>(())
//! ```

mod builder;
mod compile;
mod derivative;
mod display;
mod evaluate;
mod factor;
mod function;
mod parse;
mod program;
mod slope;
mod spelling;
mod split;
mod token;
mod tree;

pub use compile::Compiled;
pub use function::{Arity, Function};
pub use parse::{MAXIMUM_DEPTH, MAXIMUM_NODES};
pub use program::{Program, Slope};
pub use split::Split;
pub use tree::{BinaryOperator, Branch, Comparison, Expression, Node, NodeId, NodeKind};

pub(crate) use builder::ProgramBuilder;
pub(crate) use display::number_text;
pub(crate) use parse::power as binding;
pub(crate) use spelling::{continues_name, is_name, nearest_name, starts_name};

use crate::source::Span;

/// What is wrong with an expression and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// The bytes of the expression's text that the message is about.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ExpressionError {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        ExpressionError {
            span,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The value of a name that is a constant of mathematics: `pi` or `e`.
#[must_use]
pub fn constant(name: &str) -> Option<f64> {
    match name {
        "pi" => Some(std::f64::consts::PI),
        "e" => Some(std::f64::consts::E),
        _ => None,
    }
}
