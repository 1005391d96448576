//! What the baths of generalised motion remember: K(t) = 2γ δ(t) + Σ c e^{−a t} cos(ω t + φ) for each coordinate.

use irrev_landscape::langevin::{DampedCosine, MemoryKernel};

use super::super::keyed::{Reader, Values};
use super::super::reader::Item;
use super::Langevin;

/// The keys of a term.
pub(super) const KEYS: &[&str] = &["amplitude", "rate", "frequency", "phase"];

/// A list of terms, whose numbers stand under its key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryTerms {
    /// `dynamics.memory` for all coordinates, or `dynamics.memory.NAME` for one.
    pub key: String,
    /// How many there are.
    pub count: usize,
}

/// Reads `memory`: a list of terms for all coordinates, or a table with one for some of them by name.
pub(super) fn read(item: &Item, names: &[String], reader: &mut Reader) -> Option<Vec<MemoryTerms>> {
    if !item.is_table() {
        return Some(vec![terms(item, "dynamics.memory", reader)?]);
    }
    let table = item.table()?;
    table.only(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let known = table
        .entries()
        .filter(|entry| names.iter().any(|name| name == entry.key));
    known
        .map(|entry| terms(&entry.item, &format!("dynamics.memory.{}", entry.key), reader))
        .collect()
}

fn terms(item: &Item, key: &str, reader: &mut Reader) -> Option<MemoryTerms> {
    if !item.is_array() {
        item.refuse("expected a list of terms, as in `[{ amplitude = 3, rate = 1.5 }]`");
        return None;
    }
    let elements = item.array()?;
    for (place, element) in elements.iter().enumerate() {
        let table = element.table()?;
        table.only(KEYS);
        for key in ["amplitude", "rate"] {
            reader.required(&table, key);
        }
        for word in ["frequency", "phase"] {
            reader.optional(Some(&table), word, &format!("{key}[{place}].{word}"));
        }
    }
    Some(MemoryTerms {
        key: key.to_owned(),
        count: elements.len(),
    })
}

/// The kernel of each coordinate, its white part among them; `Err` with the key of the terms that are none, and why.
pub(super) fn kernels(
    spec: &Langevin,
    frictions: &[f64],
    reader: &mut Values<'_>,
) -> Result<Vec<MemoryKernel>, (String, irrev_landscape::Error)> {
    let terms = |name: &str| {
        let own = format!("dynamics.memory.{name}");
        let found = |key: &str| spec.memory.iter().find(|terms| terms.key == key);
        found(&own).or_else(|| found("dynamics.memory"))
    };
    let mut kernel = |name: &str, friction: f64| {
        let white = MemoryKernel::white(friction).map_err(|error| ("dynamics.friction".to_owned(), error))?;
        let Some(terms) = terms(name) else {
            return Ok(white);
        };
        let kernel = (0..terms.count).try_fold(white, |kernel, place| {
            let mut at = |word: &str| reader.at(&format!("{}[{place}].{word}", terms.key));
            let term = DampedCosine {
                amplitude: at("amplitude"),
                rate: at("rate"),
                frequency: at("frequency"),
                phase: at("phase"),
            };
            let of_term = if term.frequency == 0.0 && term.phase == 0.0 {
                MemoryKernel::exponentials(&[term.amplitude], &[term.rate])
            } else {
                MemoryKernel::damped_cosines(&[term])
            };
            let of_term = of_term.map_err(|error| (format!("{}[{place}]", terms.key), error))?;
            Ok(kernel.plus(&of_term))
        });
        kernel
    };
    spec.coordinates
        .iter()
        .zip(frictions)
        .map(|(coordinate, friction)| kernel(&coordinate.name, *friction))
        .collect()
}
