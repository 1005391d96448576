//! Chemical equations as on paper: `2 X + Y <=> 3 X`.
//!
//! A side is a sum of species, each with a coefficient before it (`2 X`, `2X`, `1.5 X`; 1 where none is written), or nothing: `0`, `∅` or an
//! empty text. `<=>`, `<->`, `⇌` and `=` run both ways, `->` and `→` one way. A species written twice on one side counts twice; one
//! that stands on both sides stays on both, because a catalyst enters the rate though it is not consumed.

use std::collections::HashSet;

use crate::expression::{continues_name, starts_name};
use crate::source::Span;

/// Which ways a reaction runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrow {
    BothWays,
    OneWay,
}

/// A species on one side of an equation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term<'a> {
    pub(crate) coefficient: f64,
    pub(crate) name: &'a str,
    /// Where the name is written.
    pub(crate) span: Span,
}

/// An equation in names; each species once per side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Equation<'a> {
    pub(crate) reactants: Vec<Term<'a>>,
    pub(crate) products: Vec<Term<'a>>,
    pub(crate) arrow: Arrow,
    /// Where the arrow is written.
    pub(crate) arrow_span: Span,
}

/// What is wrong with an equation, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EquationError {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

const ARROWS: [(&str, Arrow); 6] = [
    ("<=>", Arrow::BothWays),
    ("<->", Arrow::BothWays),
    ("->", Arrow::OneWay),
    ("⇌", Arrow::BothWays),
    ("→", Arrow::OneWay),
    ("=", Arrow::BothWays),
];

/// Signs that look like arrows and could be meant either way.
const NO_ARROWS: [&str; 8] = ["=>", "<=", "<-", "==", "⇒", "←", "↔", "⇄"];

const ARROW_HELP: &str = "write `<=>` for a reaction that runs both ways, `->` for one that runs one way";
const TERM_HELP: &str = "a side is a sum such as `2 X + Y`, or `0` for nothing";

impl<'a> Equation<'a> {
    /// Reads an equation. Linear in the length of the text.
    pub(crate) fn parse(text: &'a str) -> Result<Self, EquationError> {
        let (arrow_span, arrow) = the_arrow(text)?;
        let reactants = side(text, Span::new(0, arrow_span.start))?;
        let products = side(text, Span::new(arrow_span.end, text.len()))?;
        let equation = Equation {
            reactants,
            products,
            arrow,
            arrow_span,
        };
        if equation.changes_nothing() {
            return Err(error(
                Span::new(0, text.len()),
                "both sides are the same: nothing reacts",
                "leave the reaction out, or correct its coefficients",
            ));
        }
        Ok(equation)
    }

    /// Whether both sides are the same, in whatever order.
    fn changes_nothing(&self) -> bool {
        self.reactants.len() == self.products.len()
            && (self.reactants.iter()).all(|left| {
                let same = |right: &Term| right.name == left.name && right.coefficient == left.coefficient;
                self.products.iter().any(same)
            })
    }
}

fn error(span: Span, message: impl Into<String>, help: &'static str) -> EquationError {
    EquationError {
        span,
        message: message.into(),
        help,
    }
}

/// The only arrow of the text.
fn the_arrow(text: &str) -> Result<(Span, Arrow), EquationError> {
    let mut found = None;
    let mut position = 0;
    while let Some(character) = text[position..].chars().next() {
        let rest = &text[position..];
        let arrow = ARROWS.iter().find(|(sign, _)| rest.starts_with(sign));
        let stranger = NO_ARROWS.iter().find(|sign| rest.starts_with(**sign));
        let (length, arrow) = match (arrow, stranger) {
            // `<=` begins `<=>`, and `=` begins `=>`: the longer sign is the one that was written.
            (Some((sign, arrow)), other) if other.is_none_or(|other| other.len() < sign.len()) => {
                (sign.len(), *arrow)
            }
            (_, Some(sign)) => {
                let span = Span::new(position, position + sign.len());
                return Err(error(span, format!("`{sign}` is no arrow"), ARROW_HELP));
            }
            _ => {
                position += character.len_utf8();
                continue;
            }
        };
        let span = Span::new(position, position + length);
        if found.is_some() {
            let help = "write each step as a reaction of its own";
            return Err(error(span, "the equation has a second arrow", help));
        }
        found = Some((span, arrow));
        position += length;
    }
    found.ok_or_else(|| error(Span::new(0, text.len()), "the equation has no arrow", ARROW_HELP))
}

/// The species of one side, equal ones added up.
fn side(text: &str, whole: Span) -> Result<Vec<Term<'_>>, EquationError> {
    let written = trimmed(text, whole);
    if matches!(&text[written.start..written.end], "" | "0" | "∅") {
        return Ok(Vec::new());
    }
    let mut terms: Vec<Term> = Vec::new();
    let mut seen = HashSet::new();
    let mut start = whole.start;
    for piece in text[whole.start..whole.end].split('+') {
        let term = term(text, Span::new(start, start + piece.len()))?;
        start += piece.len() + 1;
        if seen.insert(term.name) {
            terms.push(term);
        } else if let Some(earlier) = terms.iter_mut().find(|earlier| earlier.name == term.name) {
            earlier.coefficient += term.coefficient;
        }
    }
    Ok(terms)
}

/// Whole numbers up to this one, and their products, are exact where conservation laws are sought.
const LARGEST_COEFFICIENT: f64 = 1e9;

/// A species with the coefficient before it.
fn term(text: &str, whole: Span) -> Result<Term<'_>, EquationError> {
    let span = trimmed(text, whole);
    let written = &text[span.start..span.end];
    if written.is_empty() {
        // A caret needs a place: the sign beside which the species is missing.
        let next = text[whole.end..].chars().next();
        let end = whole.end + next.map_or(0, char::len_utf8);
        return Err(error(
            Span::new(whole.start, end),
            "a species is missing beside `+`",
            TERM_HELP,
        ));
    }
    if written.starts_with('-') {
        return Err(error(
            span,
            format!("`{written}` has a negative coefficient"),
            "write the species on the other side",
        ));
    }
    let digits = written
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(written.len());
    let name = written[digits..].trim_start();
    let coefficient = match &written[..digits] {
        "" => 1.0,
        number => match number.parse::<f64>() {
            Ok(value) if value > LARGEST_COEFFICIENT => {
                return Err(error(
                    Span::new(span.start, span.start + digits),
                    format!("`{number}` is more than a coefficient may be, {LARGEST_COEFFICIENT:e}"),
                    "coefficients are positive numbers such as `2` or `1.5`",
                ));
            }
            Ok(value) if value > 0.0 => value,
            _ => {
                return Err(error(
                    Span::new(span.start, span.start + digits),
                    format!("`{number}` is no coefficient"),
                    "coefficients are positive numbers such as `2` or `1.5`; `0` alone is the empty side",
                ));
            }
        },
    };
    let name_span = Span::new(span.end - name.len(), span.end);
    if name.is_empty() {
        return Err(error(
            span,
            format!("`{written}` is a number without a species"),
            TERM_HELP,
        ));
    }
    let mut characters = name.chars();
    let is_name = characters.next().is_some_and(starts_name) && characters.all(continues_name);
    if !is_name {
        let help = match name.starts_with('*') {
            true => "write `2 X` or `2X`, without `*`",
            false => TERM_HELP,
        };
        return Err(error(
            name_span,
            format!("`{name}` is not the name of a species"),
            help,
        ));
    }
    Ok(Term {
        coefficient,
        name,
        span: name_span,
    })
}

fn trimmed(text: &str, span: Span) -> Span {
    let slice = &text[span.start..span.end];
    let start = span.start + (slice.len() - slice.trim_start().len());
    Span::new(start, start + slice.trim().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Plain<'a> = Vec<(f64, &'a str)>;

    fn sides(text: &str) -> (Plain<'_>, Plain<'_>, Arrow) {
        let equation = Equation::parse(text).unwrap();
        (
            plain(equation.reactants),
            plain(equation.products),
            equation.arrow,
        )
    }

    fn plain(terms: Vec<Term<'_>>) -> Plain<'_> {
        terms
            .into_iter()
            .map(|term| (term.coefficient, term.name))
            .collect()
    }

    #[test]
    fn equations_are_read_as_on_paper() {
        use Arrow::{BothWays, OneWay};
        let autocatalysis = (vec![(2.0, "X"), (1.0, "Y")], vec![(3.0, "X")], BothWays);
        for text in ["2 X + Y <=> 3 X", "2X+Y<->3X", "X + Y + X ⇌ 3.0 X", " 2  X+Y=3X "] {
            assert_eq!(sides(text), autocatalysis, "{text}");
        }
        for text in ["X -> 0", "X → ∅", "X->"] {
            assert_eq!(sides(text), (vec![(1.0, "X")], vec![], OneWay), "{text}");
        }
        assert_eq!(sides("-> 1.5 Ca_2").1, [(1.5, "Ca_2")]);
        // A catalyst stays on both sides.
        assert_eq!(sides("E + S -> E + P").1, [(1.0, "E"), (1.0, "P")]);
        // Exponents are no part of a coefficient: `e3` is a name.
        assert_eq!(sides("2e3 -> 0").0, [(2.0, "e3")]);
    }

    #[test]
    fn faults_point_at_what_is_wrong() {
        for (text, message, marked) in [
            ("X Y", "no arrow", "X Y"),
            ("X => Y", "`=>` is no arrow", "=>"),
            ("X <= Y", "`<=` is no arrow", "<="),
            ("X <- Y", "`<-` is no arrow", "<-"),
            ("X -> Y -> Z", "second arrow", "->"),
            ("0 X -> Y", "no coefficient", "0"),
            ("1.2.3 X -> Y", "no coefficient", "1.2.3"),
            ("-2 X -> Y", "negative", "-2 X"),
            ("2*X -> Y", "not the name", "*X"),
            ("X + 3 -> Y", "number without a species", "3"),
            ("X Y -> Z", "not the name", "X Y"),
            ("X + Y <=> Y + X", "both sides are the same", "X + Y <=> Y + X"),
            ("0 -> ∅", "both sides are the same", "0 -> ∅"),
        ] {
            let error = Equation::parse(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {}", error.message);
            assert_eq!(&text[error.span.start..error.span.end], marked, "{text}");
        }
        assert!(
            Equation::parse("X + -> Y")
                .unwrap_err()
                .message
                .contains("missing beside")
        );
    }

    fn any_side() -> impl Strategy<Value = Vec<(u32, String)>> {
        let name = "[A-Zα-ω_][A-Za-z0-9_]{0,3}";
        prop::collection::btree_map(name, 1..9_u32, 0..4)
            .prop_map(|map| map.into_iter().map(|(name, count)| (count, name)).collect())
    }

    fn written(side: &[(u32, String)], spaced: bool) -> String {
        let gap = if spaced { " " } else { "" };
        let term = |(count, name): &(u32, String)| match count {
            1 => name.clone(),
            _ => format!("{count}{gap}{name}"),
        };
        side.iter()
            .map(term)
            .collect::<Vec<_>>()
            .join(&format!("{gap}+{gap}"))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(left in any_side(), right in any_side(), spaced: bool, index in 0..ARROWS.len()) {
            prop_assume!(left != right);
            let (sign, arrow) = ARROWS[index];
            let text = format!("{}{sign}{}", written(&left, spaced), written(&right, spaced));
            let equation = Equation::parse(&text).unwrap();
            let plain = |terms: &[Term]| -> Vec<(u32, String)> {
                terms.iter().map(|term| (term.coefficient as u32, term.name.to_owned())).collect()
            };
            prop_assert_eq!(plain(&equation.reactants), left);
            prop_assert_eq!(plain(&equation.products), right);
            prop_assert_eq!(equation.arrow, arrow);
            for term in equation.reactants.iter().chain(&equation.products) {
                prop_assert_eq!(&text[term.span.start..term.span.end], term.name);
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "[-<>=⇌→∅+*. 0-3XYé]{0,24}") {
            if let Err(error) = Equation::parse(&text) {
                prop_assert!(text.get(error.span.start..error.span.end).is_some());
            }
        }
    }
}
