//! Reactions of a file: stoichiometry, kinetic laws, and what the file claims about their directions.

use std::collections::HashMap;

use super::build::{Builder, description};
use super::collect::{Reference, Stoichiometry};
use crate::model::diagnostic::{Fault, code};
use crate::model::{Backward, Law, Reaction, Reactions};
use crate::source::Span;

/// Whether the file calls a reaction reversible, where it says so.
pub(super) struct Claim {
    reaction: String,
    is_reversible: bool,
    span: Span,
}

impl<'a> Builder<'a> {
    /// Adds the reactions, each with its law as a net flux; gives the claims of the file.
    pub(super) fn network(&self, reactions: &mut Reactions) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (index, item) in self.components.reactions.iter().enumerate() {
            if let Some(claim) = item.element.attribute("reversible") {
                claims.push(Claim {
                    reaction: item.id.to_owned(),
                    is_reversible: item.element.boolean("reversible", true),
                    span: claim.span,
                });
            }
            let key = format!("reactions.{}.law", item.id);
            let law = self.translator.law(index);
            let Some(law) = law.and_then(|text| self.formula(&key, &text, item.law)) else {
                continue;
            };
            reactions.reactions.push(Reaction {
                name: item.id.to_owned(),
                reactants: Vec::new(),
                products: Vec::new(),
                law: Law::Net(law),
                compartment: None,
                irreversible: None,
                stated_one_way: false,
                paired: None,
                doc: description(item.element, item.id),
                span: item.element.span(),
            });
        }
        if self.components.reactions.is_empty() && self.components.rules.values().all(|rule| !rule.is_rate) {
            self.model.fault(code::MISSING_KEY, "the model has no reactions");
        }
        claims
    }

    /// Fills in the stoichiometric coefficients, given the values of all symbols at time 0.
    pub(super) fn stoichiometries(&self, reactions: &mut Reactions, slots: &[f64]) {
        for (item, reaction) in self.components.reactions.iter().zip(&mut reactions.reactions) {
            // Each species stands once on a side.
            let mut sides: [Vec<(usize, f64)>; 2] = Default::default();
            let mut places: [HashMap<usize, usize>; 2] = Default::default();
            for (own, references) in [&item.reactants, &item.products].into_iter().enumerate() {
                for reference in references {
                    let Some(count) = self.count(reference, slots) else {
                        continue;
                    };
                    let side = if count < 0.0 { 1 - own } else { own };
                    if count < 0.0 {
                        let name = &self.components.species[reference.species].id;
                        let message = format!(
                            "reaction `{}` has the stoichiometry {count} for `{name}`, which stands on its other side here",
                            item.id
                        );
                        self.model.report.warn(Fault::warning(
                            code::CHANGED,
                            reference.element.span(),
                            message,
                        ));
                    }
                    if count == 0.0 {
                        continue;
                    }
                    let next = sides[side].len();
                    let place = *places[side].entry(reference.species).or_insert(next);
                    match sides[side].get_mut(place) {
                        Some((_, sum)) => *sum += count.abs(),
                        None => sides[side].push((reference.species, count.abs())),
                    }
                }
            }
            [reaction.reactants, reaction.products] = sides;
        }
    }

    /// How many of a species take part. An initial assignment is evaluated once; `stoichiometryMath` holds at all times, and is read
    /// only if it is a number.
    fn count(&self, reference: &Reference<'a>, slots: &[f64]) -> Option<f64> {
        let math = match reference.stoichiometry {
            Stoichiometry::Number(count) => return Some(count),
            Stoichiometry::Formula(math) => math,
        };
        let id = self.components.species[reference.species].id;
        let text = self.translator.formula(math)?;
        let formula = self.formula(&format!("stoichiometry of {id}"), &text, math)?;
        let changes = formula
            .expression()
            .is_some_and(|expression| !expression.variables().is_empty());
        if changes && reference.element.child("stoichiometryMath").is_some() {
            let message = format!(
                "the stoichiometry of `{id}` is a formula, and stoichiometries that change are not read"
            );
            math.fault(code::UNSUPPORTED, message);
            return None;
        }
        formula.value(slots).map_err(|fault| math.report.add(*fault)).ok()
    }
}

/// Notes which reactions the file calls irreversible.
pub(super) fn mark_one_way(reactions: &mut Reactions, claims: &[Claim]) {
    let one_way: std::collections::HashSet<&str> = claims
        .iter()
        .filter(|c| !c.is_reversible)
        .map(|c| c.reaction.as_str())
        .collect();
    for reaction in &mut reactions.reactions {
        reaction.stated_one_way = one_way.contains(reaction.name.as_str());
    }
}

/// Warns where the file calls a reaction reversible and its law runs one way only, or the other way round.
pub(super) fn warn_about_reversibility(reactions: &mut Reactions, claims: &[Claim]) {
    let by_name: HashMap<&str, &Reaction> = (reactions.reactions.iter())
        .map(|reaction| (reaction.name.as_str(), reaction))
        .collect();
    for claim in claims {
        let Some(reaction) = by_name.get(claim.reaction.as_str()) else {
            continue;
        };
        let message = match (&reaction.law, claim.is_reversible) {
            (
                Law::Flux {
                    backward: Backward::None,
                    ..
                },
                true,
            ) => {
                format!(
                    "reaction `{}` is called reversible, but its law has no reverse rate",
                    claim.reaction
                )
            }
            (
                Law::Flux {
                    backward: Backward::Rate(_),
                    ..
                },
                false,
            ) => format!(
                "reaction `{}` is called irreversible, but its law has a reverse rate, and counts",
                claim.reaction
            ),
            _ => continue,
        };
        let fault = Fault::warning(code::LAW, claim.span, message);
        reactions.warnings.push(fault.in_file(&reactions.source));
    }
}
