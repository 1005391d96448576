//! Which of the known names a misspelt one was meant to be.

/// Longest name that is compared; longer ones are nobody's slip of the finger.
const LONGEST_COMPARED: usize = 64;

/// The candidate nearest to `name`, if it is near enough to be a likely slip.
///
/// Near enough means at most one third of the letters (at least one) inserted, deleted, replaced or swapped with
/// a neighbour; differing only in case always counts. Ties go to the earlier candidate.
pub(crate) fn nearest_name<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    if wanted.is_empty() || wanted.len() > LONGEST_COMPARED {
        return None;
    }
    let allowed = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate
            .chars()
            .flat_map(char::to_lowercase)
            .take(LONGEST_COMPARED + 1)
            .collect();
        if candidate == name || letters.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = edit_distance(&wanted, &letters);
        if distance <= allowed && distance < wanted.len() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether `text` can stand in an expression as a name: a letter or underscore, then letters, digits, underscores.
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(starts_name) && characters.all(continues_name)
}

pub(crate) fn starts_name(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

pub(crate) fn continues_name(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, &to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["temperature", "chemical_potential", "rates", "rule"];
        assert_eq!(nearest_name("temprature", known), Some("temperature"));
        assert_eq!(nearest_name("Temperature", known), Some("temperature"));
        assert_eq!(nearest_name("ruel", known), Some("rule"));
        assert_eq!(nearest_name("colour", known), None);
        assert_eq!(nearest_name("x", ["y"]), None);
        assert_eq!(nearest_name(&"a".repeat(10_000), known), None);
    }

    #[test]
    fn names_are_words_of_any_script() {
        assert!(["k", "_x", "ε1", "温度", "k_on2"].into_iter().all(is_name));
        assert!(
            ["", "2k", "a.b", "a b", "a-b"]
                .into_iter()
                .all(|text| !is_name(text))
        );
    }
}
