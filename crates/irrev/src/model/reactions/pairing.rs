//! Two one-way reactions that undo each other become one reversible reaction.
//!
//! A model that writes A → B and B → A as two reactions states both directions of one process, or two processes: a kinase and a
//! phosphatase undo each other too, each with a reverse rate of its own that the model leaves out. A file cannot say which; one-way
//! reactions have no finite entropy production at all, so the first reading is taken, and each pair is reported.

use std::collections::HashMap;

use super::super::diagnostic::{Fault, code};
use super::super::formula::Formula;
use super::{Backward, Law, Reaction, Reactions, Species};

/// When a pair is right, and how to do without.
const APART: &str = "right only if one process runs both ways; two processes, such as a kinase and a phosphatase, need a reverse rate each: \
                     `--set thermodynamics.pairing=apart` keeps them apart";

/// What becomes of one-way reactions that undo each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pairing {
    /// They are taken as the two directions of one reaction, each pair with a warning.
    Joined,
    /// They are two irreversible reactions.
    Apart,
}

/// Two reactions that were joined, as they were.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pair {
    /// The forward direction.
    pub first: Reaction,
    /// The backward direction, as a reaction of its own.
    pub second: Reaction,
    /// Where among the reactions the second stood.
    position: usize,
}

impl Reactions {
    /// Joins pairs or takes them apart, whatever they were before; the warnings follow.
    pub(super) fn pair_as(&mut self, pairing: Pairing) {
        if self.pairing == pairing {
            return;
        }
        self.pairing = pairing;
        match pairing {
            Pairing::Joined => self.pair_one_way_reactions(),
            Pairing::Apart => self.take_pairs_apart(),
        }
    }

    /// The reactions as they were before [`pair_one_way_reactions`](Self::pair_one_way_reactions).
    fn take_pairs_apart(&mut self) {
        let mut seconds = Vec::new();
        for reaction in &mut self.reactions {
            if let Some(pair) = reaction.paired.take() {
                seconds.push((pair.position, pair.second));
                *reaction = pair.first;
            }
        }
        // In this order everything that stood before a second one is in its place again.
        seconds.sort_by_key(|(position, _)| *position);
        for (position, second) in seconds {
            self.reactions.insert(position.min(self.reactions.len()), second);
        }
        self.warnings.retain(|warning| warning.code != code::PAIR);
    }

    /// The reactions as a file states them: pairs that were guessed as two one-way reactions, with the laws that they have now.
    pub(super) fn stated_reactions(&self) -> Vec<Reaction> {
        let mut stated = self.clone();
        for reaction in &mut stated.reactions {
            if let Some(pair) = &mut reaction.paired {
                (pair.first.law, pair.second.law) = one_way_laws(&reaction.law);
            }
        }
        stated.take_pairs_apart();
        stated.reactions
    }

    /// Joins two reactions of which the file says that they are the directions of one. Nothing if they cannot be.
    pub(crate) fn join_directions(&mut self, first: &str, second: &str) {
        let position = |name: &str| self.reactions.iter().position(|reaction| reaction.name == name);
        let (Some(first), Some(second)) = (position(first), position(second)) else {
            return;
        };
        let [sides, reverse] = [first, second].map(|index| Sides::of(&self.reactions[index], &self.species));
        if first == second || sides.is_none() || sides != reverse.map(|sides| sides.reversed()) {
            return;
        }
        let second = self.reactions[second].clone();
        let joined = joined(self.reactions[first].clone(), second.clone());
        self.reactions[first] = joined;
        self.reactions.retain(|reaction| reaction.name != second.name);
    }

    /// Joins each pair of one-way reactions whose stoichiometries are each other's reverse into one reversible reaction, named
    /// `first/second`, at the place of the first, and says so in [`warnings`](Reactions::warnings).
    ///
    /// Every species counts, chemostats too; modifiers do not. Where several reactions could be the partner, they pair in the order
    /// of the file, and the warning says so. Net and reversible laws are never paired, nor a mass-action law with a formula, nor
    /// mass-action laws of different compartments. O(reactions).
    pub fn pair_one_way_reactions(&mut self) {
        let mut waiting: HashMap<Sides, Vec<usize>> = HashMap::new();
        for (index, reaction) in self.reactions.iter().enumerate() {
            if let Some(sides) = Sides::of(reaction, &self.species) {
                waiting.entry(sides).or_default().push(index);
            }
        }
        let mut partner: Vec<Option<usize>> = vec![None; self.reactions.len()];
        let mut ambiguous = vec![false; self.reactions.len()];
        for first in 0..self.reactions.len() {
            let Some(sides) = Sides::of(&self.reactions[first], &self.species) else {
                continue;
            };
            let reverse = sides.reversed();
            if partner[first].is_some() || reverse == sides {
                continue;
            }
            let choice = waiting.get(&reverse).map_or(&[][..], Vec::as_slice);
            let rivals = waiting.get(&sides).map_or(0, Vec::len);
            ambiguous[first] = choice.len() > 1 || rivals > 1;
            if let Some(&second) = choice.iter().find(|second| partner[**second].is_none()) {
                (partner[first], partner[second]) = (Some(second), Some(first));
            }
        }
        let mut reactions: Vec<Option<Reaction>> = std::mem::take(&mut self.reactions)
            .into_iter()
            .map(Some)
            .collect();
        for first in 0..reactions.len() {
            let Some(mut reaction) = reactions[first].take() else {
                continue;
            };
            if let Some(second) = partner[first].and_then(|index| reactions[index].take()) {
                let names = (reaction.name.clone(), second.name.clone());
                let pair = Pair {
                    first: reaction.clone(),
                    second: second.clone(),
                    position: partner[first].unwrap_or(first),
                };
                reaction = joined(reaction, second);
                reaction.paired = Some(Box::new(pair));
                let mut message = format!(
                    "reactions `{}` and `{}` undo each other and are taken as the two directions of one",
                    names.0, names.1
                );
                if ambiguous[first] {
                    message.push_str("; others would do as well, and these pair in the order of the file");
                }
                let fault = Fault::warning(code::PAIR, reaction.span, message).help(APART);
                self.warnings.push(fault.in_file(&self.source));
            }
            self.reactions.push(reaction);
        }
    }
}

/// What a one-way reaction consumes and makes, and which laws may join it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sides {
    reactants: Vec<(usize, u64)>,
    products: Vec<(usize, u64)>,
    /// Compartment that a mass-action law runs in; `None` for a formula.
    mass_action: Option<Option<usize>>,
}

impl Sides {
    /// `None` unless the reaction runs one way and changes something.
    fn of(reaction: &Reaction, species: &[Species]) -> Option<Self> {
        let first = reaction.reactants.first().or(reaction.products.first());
        let of_first = first.and_then(|(index, _)| species[*index].compartment);
        let mass_action = match &reaction.law {
            Law::MassAction {
                backward: Backward::None,
                ..
            } => Some(reaction.compartment.or(of_first)),
            Law::Flux {
                backward: Backward::None,
                ..
            } => None,
            _ => return None,
        };
        let sorted = |side: &[(usize, f64)]| {
            let mut side: Vec<(usize, u64)> = side
                .iter()
                .map(|(species, count)| (*species, count.to_bits()))
                .collect();
            side.sort_unstable();
            side
        };
        Some(Sides {
            reactants: sorted(&reaction.reactants),
            products: sorted(&reaction.products),
            mass_action,
        })
    }

    fn reversed(&self) -> Self {
        Sides {
            reactants: self.products.clone(),
            products: self.reactants.clone(),
            mass_action: self.mass_action,
        }
    }
}

/// The first reaction with the second as its backward direction.
fn joined(first: Reaction, second: Reaction) -> Reaction {
    let law = match (first.law, second.law) {
        (
            Law::MassAction { forward, .. },
            Law::MassAction {
                forward: backward, ..
            },
        ) => Law::MassAction {
            forward,
            backward: Backward::Rate(backward),
        },
        (
            Law::Flux { forward, .. },
            Law::Flux {
                forward: backward, ..
            },
        ) => Law::Flux {
            forward,
            backward: Backward::Rate(backward),
        },
        // Sides tell the kinds apart.
        (law, _) => law,
    };
    Reaction {
        name: format!("{}/{}", first.name, second.name),
        law,
        irreversible: None,
        stated_one_way: false,
        paired: None,
        doc: first.doc.or(second.doc),
        ..first
    }
}

/// The laws of the two directions of a joined pair, each of a reaction of its own.
fn one_way_laws(joined: &Law) -> (Law, Law) {
    let backward = Backward::None;
    match joined {
        Law::MassAction {
            forward,
            backward: Backward::Rate(reverse),
        } => {
            let law = |forward: &Formula| Law::MassAction {
                forward: forward.clone(),
                backward: backward.clone(),
            };
            (law(forward), law(reverse))
        }
        Law::Flux {
            forward,
            backward: Backward::Rate(reverse),
        } => {
            let law = |forward: &Formula| Law::Flux {
                forward: forward.clone(),
                backward: backward.clone(),
            };
            (law(forward), law(reverse))
        }
        // `joined` makes no other
        law => (law.clone(), law.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    /// One-way reactions between A and B, each with a number as its flux.
    fn model(reactions: &[(&str, &str, &str)]) -> Reactions {
        let one = |(name, from, to): &(&str, &str, &str)| {
            format!(
                "<reaction id=\"{name}\"><listOfReactants><speciesReference species=\"{from}\"/></listOfReactants>\
                 <listOfProducts><speciesReference species=\"{to}\"/></listOfProducts>\
                 <kineticLaw><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><ci>{from}</ci></math></kineticLaw></reaction>"
            )
        };
        let reactions: String = reactions.iter().map(one).collect();
        let text = format!(
            "<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\" version=\"4\"><model>\
             <listOfCompartments><compartment id=\"c\" size=\"1\"/><compartment id=\"d\" size=\"1\"/></listOfCompartments>\
             <listOfSpecies><species id=\"A\" compartment=\"c\" initialAmount=\"1\"/><species id=\"B\" compartment=\"d\" initialAmount=\"1\"/></listOfSpecies>\
             <listOfReactions>{reactions}</listOfReactions></model></sbml>"
        );
        crate::sbml::read(SourceFile::from_text("pairs.xml", text).unwrap()).unwrap()
    }

    fn names(model: &Reactions) -> Vec<&str> {
        model
            .reactions
            .iter()
            .map(|reaction| reaction.name.as_str())
            .collect()
    }

    #[test]
    fn reactions_pair_in_the_order_of_the_file_and_say_where_others_would_do() {
        let plain = model(&[("f", "A", "B"), ("b", "B", "A")]);
        assert_eq!(names(&plain), ["f/b"]);
        let message = "reactions `f` and `b` undo each other and are taken as the two directions of one";
        assert_eq!(plain.warnings[0].message, message);
        let crowded = model(&[("f", "A", "B"), ("g", "A", "B"), ("b", "B", "A")]);
        assert_eq!(names(&crowded), ["f/b", "g"]);
        assert_eq!(
            crowded.warnings[0].message,
            format!("{message}; others would do as well, and these pair in the order of the file")
        );
        let backward_first = model(&[
            ("b", "B", "A"),
            ("x", "A", "A"),
            ("f", "A", "B"),
            ("f2", "A", "B"),
            ("b2", "B", "A"),
        ]);
        assert_eq!(names(&backward_first), ["b/f", "x", "f2/b2"]);
    }

    #[test]
    fn mass_action_pairs_within_its_compartment_only_and_never_with_a_formula() {
        let law = |rate: f64| Law::MassAction {
            forward: Formula::literal("k", Span::default(), rate),
            backward: Backward::None,
        };
        let with = |compartments: [Option<usize>; 2], laws: [Option<Law>; 2]| {
            let mut model = model(&[("f", "A", "B"), ("b", "A", "A")]);
            // Read apart, so that reading has not paired them.
            model.reactions[1].reactants = vec![(1, 1.0)];
            model.reactions[1].products = vec![(0, 1.0)];
            for ((reaction, compartment), law) in model.reactions.iter_mut().zip(compartments).zip(laws) {
                reaction.compartment = compartment;
                reaction.law = law.unwrap_or(reaction.law.clone());
            }
            model.pair_one_way_reactions();
            model
        };
        let paired = with([Some(0), Some(0)], [Some(law(2.0)), Some(law(3.0))]);
        let Law::MassAction {
            forward,
            backward: Backward::Rate(backward),
        } = &paired.reactions[0].law
        else {
            panic!("{:?}", paired.reactions[0].law)
        };
        assert_eq!((forward.number(), backward.number()), (Some(2.0), Some(3.0)));
        // Without a word each runs in the compartment of its own first reactant.
        assert_eq!(
            with([None, None], [Some(law(2.0)), Some(law(3.0))])
                .reactions
                .len(),
            2
        );
        assert_eq!(
            with([None, Some(0)], [Some(law(2.0)), Some(law(3.0))])
                .reactions
                .len(),
            1
        );
        assert_eq!(
            with([Some(0), Some(0)], [Some(law(2.0)), None]).reactions.len(),
            2
        );
    }
}
