//! From characters to tokens.

use super::spelling::{continues_name, starts_name};
use super::{Comparison, ExpressionError};
use crate::source::Span;

/// The smallest pieces of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    Name(&'a str),
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Comma,
    Open,
    Close,
    Compare(Comparison),
    End,
}

impl Token<'_> {
    /// How an error speaks of it.
    pub(super) fn description(self, text: &str) -> String {
        match self {
            Token::End => "the end of the expression".to_owned(),
            _ => format!("`{text}`"),
        }
    }
}

/// Reads the token at or after byte `from`, with its place.
pub(super) fn next_token(text: &str, from: usize) -> Result<(Token<'_>, Span), ExpressionError> {
    let rest = &text[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = &text[start..];
    let mut characters = rest.chars();
    let Some(first) = characters.next() else {
        return Ok((Token::End, Span::new(start, start)));
    };
    let second = characters.next();
    let of_width = |token, width| Ok((token, Span::new(start, start + width)));
    match (first, second) {
        ('0'..='9', _) | ('.', Some('0'..='9')) => number(text, start),
        (character, _) if starts_name(character) => {
            let width = rest
                .find(|character| !continues_name(character))
                .unwrap_or(rest.len());
            of_width(Token::Name(&rest[..width]), width)
        }
        ('*', Some('*')) => Err(ExpressionError::new(Span::new(start, start + 2), "found `**`")
            .with_help("powers are written with `^`")),
        ('<', Some('=')) => of_width(Token::Compare(Comparison::LessOrEqual), 2),
        ('>', Some('=')) => of_width(Token::Compare(Comparison::GreaterOrEqual), 2),
        ('=', Some('=')) => of_width(Token::Compare(Comparison::Equal), 2),
        ('!', Some('=')) => of_width(Token::Compare(Comparison::NotEqual), 2),
        ('<', _) => of_width(Token::Compare(Comparison::Less), 1),
        ('>', _) => of_width(Token::Compare(Comparison::Greater), 1),
        ('+', _) => of_width(Token::Plus, 1),
        ('-', _) => of_width(Token::Minus, 1),
        ('*', _) => of_width(Token::Star, 1),
        ('/', _) => of_width(Token::Slash, 1),
        ('^', _) => of_width(Token::Caret, 1),
        (',', _) => of_width(Token::Comma, 1),
        ('(', _) => of_width(Token::Open, 1),
        (')', _) => of_width(Token::Close, 1),
        _ => Err(unknown_character(first, start)),
    }
}

fn unknown_character(character: char, start: usize) -> ExpressionError {
    let span = Span::new(start, start + character.len_utf8());
    let error = ExpressionError::new(
        span,
        format!("unexpected character `{}`", character.escape_debug()),
    );
    match character {
        '=' => error.with_help("equality is written `==`"),
        '−' | '–' | '—' => error.with_help("the minus sign of expressions is the ASCII hyphen `-`"),
        '·' | '×' => error.with_help("products are written with `*`"),
        '²' | '³' => error.with_help("powers are written with `^`"),
        '[' | ']' | '{' | '}' => error.with_help("group with round brackets `( )`"),
        '&' | '|' => error.with_help("combine conditions by nesting `if`, or by `*` and `max`"),
        '.' => error.with_help("names have no dots; write a parameter by its own name"),
        _ => error,
    }
}

fn number(text: &str, start: usize) -> Result<(Token<'_>, Span), ExpressionError> {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(start);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent_end = digits(signed);
        if exponent_end > signed {
            end = exponent_end;
        }
    }
    let span = Span::new(start, end);
    let literal = &text[start..end];
    if let Some(next) = text[end..]
        .chars()
        .next()
        .filter(|next| continues_name(*next) || *next == '.')
    {
        let whole = Span::new(start, end + next.len_utf8());
        let error = ExpressionError::new(
            whole,
            format!("found `{next}` directly after the number `{literal}`"),
        );
        return Err(match next {
            '.' => error.with_help("a number has one decimal point"),
            _ => error.with_help(format!("write a product with `*`, as in `{literal}*{next}`")),
        });
    }
    let value: f64 = literal
        .parse()
        .map_err(|_| ExpressionError::new(span, format!("`{literal}` is not a number")))?;
    if value.is_infinite() {
        return Err(
            ExpressionError::new(span, format!("the number `{literal}` overflows"))
                .with_help("the largest number is about 1.8e308"),
        );
    }
    let mantissa = literal.split(['e', 'E']).next().unwrap_or(literal);
    if value == 0.0 && mantissa.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        return Err(
            ExpressionError::new(span, format!("the number `{literal}` underflows to zero"))
                .with_help("the smallest positive number is about 4.9e-324"),
        );
    }
    Ok((Token::Number(value), span))
}
