//! Formulas put together as text, with the brackets they need and no others.

use crate::expression::{binding, number_text};

/// A formula and how tightly its outermost operator binds.
#[derive(Clone, Debug)]
pub(super) struct Infix {
    pub(super) text: String,
    binding: u8,
    /// Whether its value is 0 or 1 by construction.
    pub(super) is_condition: bool,
    /// The value, if it is a literal number.
    pub(super) number: Option<f64>,
}

impl Infix {
    /// A name, or a call.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Infix {
            text: text.into(),
            binding: u8::MAX,
            is_condition: false,
            number: None,
        }
    }

    pub(super) fn number(value: f64) -> Self {
        let binding = if value.is_sign_negative() {
            binding::SIGN
        } else {
            u8::MAX
        };
        Infix {
            text: number_text(value),
            binding,
            is_condition: value == 0.0 || value == 1.0,
            number: Some(value),
        }
    }

    fn compound(text: String, binding: u8) -> Self {
        Infix {
            binding,
            ..Infix::atom(text)
        }
    }

    /// Says that the value is 0 or 1.
    pub(super) fn condition(mut self) -> Self {
        self.is_condition = true;
        self
    }

    /// The text, in brackets unless it binds so tightly.
    fn operand(&self, least: u8) -> String {
        if self.binding < least {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }

    pub(super) fn negated(&self) -> Self {
        Infix::compound(format!("-{}", self.operand(binding::SIGN)), binding::SIGN)
    }

    /// The sum; of nothing 0.
    pub(super) fn sum(terms: &[Infix]) -> Self {
        Self::chain(terms, " + ", binding::SUM).unwrap_or(Infix::number(0.0))
    }

    /// The product, of nothing 1; of conditions it says whether all hold.
    pub(super) fn product(factors: &[Infix]) -> Self {
        let product = Self::chain(factors, "*", binding::PRODUCT).unwrap_or(Infix::number(1.0));
        if factors.iter().all(|factor| factor.is_condition) {
            product.condition()
        } else {
            product
        }
    }

    /// Operands from left to right, written in one go. `None` if there are none.
    fn chain(operands: &[Infix], operator: &str, own: u8) -> Option<Self> {
        let (first, rest) = operands.split_first()?;
        if rest.is_empty() {
            return Some(first.clone());
        }
        let mut text = first.operand(own);
        for operand in rest {
            text.push_str(operator);
            text.push_str(&operand.operand(own + 1));
        }
        Some(Infix::compound(text, own))
    }

    pub(super) fn minus(&self, other: &Infix) -> Self {
        self.joined(" - ", other, binding::SUM)
    }

    pub(super) fn times(&self, other: &Infix) -> Self {
        Self::product(&[self.clone(), other.clone()])
    }

    pub(super) fn over(&self, other: &Infix) -> Self {
        self.joined("/", other, binding::PRODUCT)
    }

    /// Groups to the left: an equal on the right needs brackets.
    fn joined(&self, operator: &str, other: &Infix, own: u8) -> Self {
        let text = format!("{}{operator}{}", self.operand(own), other.operand(own + 1));
        Infix::compound(text, own)
    }

    pub(super) fn power(&self, exponent: &Infix) -> Self {
        let text = format!(
            "{}^{}",
            self.operand(binding::POWER + 1),
            exponent.operand(binding::POWER)
        );
        Infix::compound(text, binding::POWER)
    }

    pub(super) fn compared(&self, comparison: &str, other: &Infix) -> Self {
        let text = format!(
            "{} {comparison} {}",
            self.operand(binding::SUM),
            other.operand(binding::SUM)
        );
        Infix::compound(text, binding::COMPARE).condition()
    }

    /// 1 where the value is not 0.
    pub(super) fn truth(&self) -> Self {
        if self.is_condition {
            self.clone()
        } else {
            self.compared("!=", &Infix::number(0.0))
        }
    }

    pub(super) fn call(function: &str, arguments: &[Infix]) -> Self {
        let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        Infix::atom(format!("{function}({})", texts.join(", ")))
    }
}
