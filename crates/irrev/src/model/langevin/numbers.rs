//! What each number of a model may be, and the value it has where the file is silent.

use super::super::keyed::{Meaning, Range, meaning};

/// Every number that has a key of its own; the names of coordinates are left out of keys.
const MEANINGS: &[Meaning] = &[
    meaning("coordinates.min", Range::Finite, None),
    meaning("coordinates.max", Range::Finite, None),
    meaning("coordinates.intervals", Range::Whole(4.0, 100_000.0), None),
    meaning("dynamics.temperature", Range::Positive, Some(1.0)),
    meaning("dynamics.mass", Range::Positive, Some(1.0)),
    meaning("dynamics.friction", Range::NonNegative, None),
    meaning("dynamics.memory.amplitude", Range::NonNegative, None),
    meaning("dynamics.memory.rate", Range::NonNegative, None),
    meaning("dynamics.memory.frequency", Range::Finite, Some(0.0)),
    meaning("dynamics.memory.phase", Range::Finite, Some(0.0)),
    meaning("first_passage.from", Range::Finite, None),
    meaning("first_passage.to", Range::Finite, None),
    meaning("first_passage.radius", Range::NonNegative, Some(0.0)),
    meaning("relaxation.from", Range::Finite, None),
    meaning("relaxation.width", Range::Positive, None),
    meaning("relaxation.time", Range::Positive, None),
    meaning("relaxation.points", Range::Whole(2.0, 10_000.0), Some(41.0)),
    meaning("protocol.duration", Range::Positive, None),
    meaning("projections.along", Range::Finite, None),
    meaning("projections.centre", Range::Finite, None),
    meaning("projections.focus", Range::Positive, None),
    meaning("projections.unit", Range::Positive, Some(1.0)),
    meaning("projections.range", Range::Finite, None),
    meaning("projections.points", Range::Whole(5.0, 2_000.0), Some(121.0)),
    meaning("simulate.step", Range::Positive, None),
    meaning("simulate.time", Range::Positive, None),
    meaning("simulate.walkers", Range::Whole(1.0, 1e7), Some(256.0)),
    meaning("simulate.discard", Range::NonNegative, Some(0.0)),
    meaning("simulate.start", Range::Finite, None),
];

/// Tables whose next word is the name of a coordinate: `coordinates.x.min`.
const NAMED_FIRST: &str = "coordinates";

/// Table whose next word may be the name of a coordinate: `dynamics.memory.x[0].rate`.
const NAMED_MIDDLE: &str = "memory";

/// Keys that the name of a coordinate may follow: `dynamics.temperature.x`.
const NAMED_LAST: [&str; 8] = [
    "dynamics.temperature",
    "dynamics.mass",
    "dynamics.friction",
    "first_passage.from",
    "first_passage.to",
    "relaxation.from",
    "relaxation.width",
    "simulate.start",
];

/// The key without names of coordinates and places in lists.
fn plain(key: &str) -> String {
    let without_places: String = {
        let mut depth = 0;
        key.chars()
            .filter(|c| {
                depth += i32::from(*c == '[');
                let kept = depth == 0;
                depth -= i32::from(*c == ']');
                kept
            })
            .collect()
    };
    let words: Vec<&str> = without_places.split('.').collect();
    if let [NAMED_FIRST, _, last] = words[..] {
        return format!("{NAMED_FIRST}.{last}");
    }
    if let [first, NAMED_MIDDLE, _, last] = words[..] {
        return format!("{first}.{NAMED_MIDDLE}.{last}");
    }
    let named = NAMED_LAST.iter().find(|known| {
        without_places
            .strip_prefix(**known)
            .is_some_and(|rest| rest.starts_with('.'))
    });
    named.map_or(without_places.clone(), |known| (*known).to_owned())
}

/// What the number under a key may be; those of a list share one meaning.
pub(super) fn of(key: &str) -> Meaning {
    let name = plain(key);
    let known = MEANINGS.iter().find(|meaning| meaning.key == name);
    known.copied().unwrap_or(meaning("", Range::Finite, None))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn names_of_coordinates_and_places_do_not_matter() {
        for (key, plain) in [
            ("coordinates.x.min", "coordinates.min"),
            ("dynamics.temperature.y", "dynamics.temperature"),
            ("dynamics.temperature", "dynamics.temperature"),
            ("projections[1].along[0]", "projections.along"),
            ("dynamics.memory[0].rate", "dynamics.memory.rate"),
            ("dynamics.memory.y[3].amplitude", "dynamics.memory.amplitude"),
            ("simulate.start.x", "simulate.start"),
            ("dynamics.unknown", ""),
        ] {
            assert_eq!(of(key).key, plain);
        }
    }
}
