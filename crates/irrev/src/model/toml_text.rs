//! Numbers, strings and keys as TOML writes them.

use std::fmt::Write;

/// A number with the digits that tell it from its neighbours, always with a point or an exponent.
pub(super) fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A basic string of TOML.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => {
                // writing to a String cannot fail
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A key of TOML, in quotes where it must be.
pub(super) fn key(name: &str) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => string(name),
    }
}
