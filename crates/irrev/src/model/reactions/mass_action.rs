//! Laws that are mass action, recognised by their form: k V ∏ c^ν, or the difference of two such.
//!
//! By amounts the formula and the law are the same flux; on molecule counts the law is a product of falling factorials and the
//! formula one of powers. A formula alone does not say which is meant, so only laws that are said to be mass action are taken so.

use std::collections::HashSet;

use super::super::diagnostic::{Fault, code};
use super::super::formula::Formula;
use super::symbols::{Admit, Symbols};
use super::{Backward, Law, Quantity, Reaction, Reactions};
use crate::expression::{BinaryOperator, Expression, NodeKind};

impl Reactions {
    /// Takes the net laws of the named reactions as mass action. One that is not k V ∏ c^ν, with a constant k, stays as it is, with
    /// a warning.
    pub(crate) fn take_as_mass_action(&mut self, named: &[String]) {
        if named.is_empty() {
            return;
        }
        let named: HashSet<&str> = named.iter().map(String::as_str).collect();
        let symbols = Symbols::of(self);
        let laws: Vec<(usize, Option<Law>)> = self
            .reactions
            .iter()
            .enumerate()
            .filter(|(_, reaction)| named.contains(reaction.name.as_str()))
            .map(|(index, reaction)| (index, self.mass_action_of(reaction, &symbols)))
            .collect();
        for (index, law) in laws {
            let reaction = &mut self.reactions[index];
            match law {
                Some(law) => reaction.law = law,
                None => {
                    let message = format!(
                        "reaction `{}` is annotated as mass action, but its law is not k V ∏ c^ν, and counts as it is written",
                        reaction.name
                    );
                    let fault = Fault::warning(code::LAW, reaction.span, message)
                        .help("somebody has changed the law: take the annotation out, or write the law as mass action again");
                    self.warnings.push(fault.in_file(&self.source));
                }
            }
        }
    }

    /// The mass-action law that a net law is, if it is one.
    fn mass_action_of(&self, reaction: &Reaction, symbols: &Symbols) -> Option<Law> {
        let Law::Net(net) = &reaction.law else {
            return None;
        };
        let expression = net.expression()?;
        let constant = |flux: &Expression, side: &[(usize, f64)], name: &str| -> Option<Formula> {
            let factors = self.mass_action_factors(reaction, side);
            let powers: Vec<(&str, f64)> = factors
                .iter()
                .map(|(name, power)| (name.as_str(), *power))
                .collect();
            let rest = flux.without_factors(&powers)?.to_string();
            let key = format!("reactions.{}.{name}", reaction.name);
            symbols
                .formula(&key, &rest, net.span(), None, Admit::RateConstant)
                .ok()
        };
        if let NodeKind::Binary {
            operator: BinaryOperator::Subtract,
            left,
            right,
        } = expression.node(expression.root()).kind
        {
            let forward = constant(&expression.part(left), &reaction.reactants, "kf");
            let backward = constant(&expression.part(right), &reaction.products, "kr");
            if let (Some(forward), Some(backward)) = (forward, backward) {
                let backward = Backward::Rate(backward);
                return Some(Law::MassAction { forward, backward });
            }
        }
        Some(Law::MassAction {
            forward: constant(expression, &reaction.reactants, "kf")?,
            backward: Backward::None,
        })
    }

    /// The symbols in V ∏ c^ν with their powers, each once: a species that is an amount stands over the size of its compartment.
    fn mass_action_factors(&self, reaction: &Reaction, side: &[(usize, f64)]) -> Vec<(String, f64)> {
        let mut factors: Vec<(String, f64)> = Vec::new();
        let mut multiply = |name: &str, power: f64| match factors.iter_mut().find(|(known, _)| known == name)
        {
            Some((_, sum)) => *sum += power,
            None => factors.push((name.to_owned(), power)),
        };
        let first = reaction.reactants.first().or(reaction.products.first());
        let of_first = first.and_then(|(species, _)| self.species[*species].compartment);
        if let Some(place) = reaction.compartment.or(of_first) {
            multiply(&self.compartments[place].name, 1.0);
        }
        for &(index, count) in side {
            let species = &self.species[index];
            multiply(&species.name, count);
            if let (Quantity::Amount, Some(place)) = (species.symbol, species.compartment) {
                multiply(&self.compartments[place].name, -count);
            }
        }
        factors
    }
}
