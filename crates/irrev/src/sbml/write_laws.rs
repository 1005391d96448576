//! Reactions of a model as SBML: laws of every kind written out as formulas.

use std::collections::HashSet;

use super::annotation;
use super::write::{escaped, formula_content, free_identifier, math, uses_temperature};
use super::write_math::{Identifiers, apply, ci, cn, product};
use crate::model::formula::{Formula, TEMPERATURE};
use crate::model::reactions::splitting::Splits;
use crate::model::reactions::values::scope;
use crate::model::{Backward, Law, Quantity, Reaction, Reactions};

/// The laws of a model, with what its names are called in the file.
pub(super) struct Laws<'a> {
    model: &'a Reactions,
    identifiers: Identifiers,
    default_compartment: &'a str,
    temperature: &'a str,
}

/// The content of a `<math>` for each direction, or for their difference.
enum Directions {
    Net(String),
    OneWay(String),
    Both(String, String),
}

/// Which direction of a reaction an element is.
enum Side {
    /// Forward, or the whole reaction.
    Forward,
    /// Backward, with the identifier of the forward one if the model says that they belong together.
    Backward(Option<String>),
}

/// Whether the powers of a mass-action law are not falling factorials: it takes two of one species.
fn is_bent(reaction: &Reaction) -> bool {
    let Law::MassAction { backward, .. } = &reaction.law else {
        return false;
    };
    let takes_two = |side: &[(usize, f64)]| side.iter().any(|(_, count)| *count > 1.0);
    takes_two(&reaction.reactants) || (takes_two(&reaction.products) && !matches!(backward, Backward::None))
}

impl<'a> Laws<'a> {
    pub(super) fn new(
        model: &'a Reactions,
        identifiers: &Identifiers,
        default_compartment: &'a str,
        temperature: &'a str,
    ) -> Self {
        let mut identifiers = identifiers.clone();
        identifiers.insert(TEMPERATURE.to_owned(), temperature.to_owned());
        Laws {
            model,
            identifiers,
            default_compartment,
            temperature,
        }
    }

    /// Whether any law uses the temperature.
    pub(super) fn uses_temperature(&self) -> bool {
        self.model.reactions.iter().any(|reaction| match &reaction.law {
            Law::Net(net) => uses_temperature(net),
            Law::MassAction { forward, backward } | Law::Flux { forward, backward } => {
                uses_temperature(forward)
                    || match backward {
                        Backward::None => false,
                        Backward::Rate(formula) | Backward::EquilibriumConstant(formula) => {
                            uses_temperature(formula)
                        }
                        Backward::GibbsEnergy(_) | Backward::StandardPotentials => true,
                    }
            }
        })
    }

    /// The `<reaction>` elements; `used` holds the identifiers taken so far.
    pub(super) fn reactions(&self, used: &mut HashSet<String>, losses: &mut Vec<String>) -> Vec<String> {
        let scope = scope(self.model);
        let mut splits = Splits::new(self.model, &scope);
        let mut elements = Vec::new();
        let mut bent = Vec::new();
        for reaction in &self.model.reactions {
            if is_bent(reaction) {
                bent.push(reaction.name.as_str());
            }
            let mut element = |name: &str, side: Side, content: &str, is_reversible: bool| {
                let id = free_identifier(name, used);
                elements.push(self.element(reaction, &id, name, &side, content, is_reversible));
                id
            };
            match self.directions(reaction) {
                Directions::Net(net) => drop(element(&reaction.name, Side::Forward, &net, true)),
                Directions::OneWay(forward) => {
                    element(&reaction.name, Side::Forward, &forward, false);
                }
                Directions::Both(forward, backward) if splits.is_told_apart(reaction) => {
                    let net = apply("minus", &[forward, backward]);
                    element(&reaction.name, Side::Forward, &net, true);
                }
                Directions::Both(forward, backward) => {
                    let reverse = format!("{}_reverse", reaction.name);
                    let (first, second) = reaction
                        .name
                        .split_once('/')
                        .unwrap_or((&reaction.name, &reverse));
                    let id = element(first, Side::Forward, &forward, false);
                    // a pair that was guessed is guessed again, with its warning
                    let of = reaction.paired.is_none().then_some(id);
                    element(second, Side::Backward(of), &backward, false);
                }
            }
        }
        if !bent.is_empty() {
            losses.push(format!(
                "on molecule counts other programs fire n^2, not n(n-1), where mass action is written as x^2; irrev reads it back by an \
                 annotation: {}",
                bent.join(", ")
            ));
        }
        elements
    }

    fn element(
        &self,
        reaction: &Reaction,
        id: &str,
        name: &str,
        direction: &Side,
        content: &str,
        is_reversible: bool,
    ) -> String {
        let side = |list: &str, species: &[(usize, f64)]| {
            let references: String = species
                .iter()
                .map(|(index, count)| {
                    let species = self.species_id(*index);
                    format!("<speciesReference species=\"{species}\" stoichiometry=\"{count}\" constant=\"true\"/>")
                })
                .collect();
            if references.is_empty() {
                references
            } else {
                format!("<listOf{list}>{references}</listOf{list}>")
            }
        };
        let (reactants, products) = match direction {
            Side::Forward => (&reaction.reactants, &reaction.products),
            Side::Backward(_) => (&reaction.products, &reaction.reactants),
        };
        let reverse = match direction {
            Side::Backward(Some(forward)) => annotation::reverse(forward),
            _ => String::new(),
        };
        let mass_action = match reaction.law {
            Law::MassAction { .. } => annotation::mass_action(),
            _ => String::new(),
        };
        let label = reaction.doc.as_deref().or((id != name).then_some(name));
        let label = label
            .map(|label| format!(" name=\"{}\"", escaped(label)))
            .unwrap_or_default();
        format!(
            "<reaction id=\"{id}\"{label} reversible=\"{is_reversible}\">{reverse}{}{}{}<kineticLaw>{mass_action}{}</kineticLaw></reaction>",
            side("Reactants", reactants),
            side("Products", products),
            self.modifiers(reaction),
            math(content)
        )
    }

    /// Species that the law uses and the reaction leaves as they are.
    fn modifiers(&self, reaction: &Reaction) -> String {
        let formulas: Vec<&Formula> = match &reaction.law {
            Law::Net(net) => vec![net],
            Law::MassAction { forward, backward } | Law::Flux { forward, backward } => {
                let backward = match backward {
                    Backward::Rate(formula)
                    | Backward::EquilibriumConstant(formula)
                    | Backward::GibbsEnergy(formula) => Some(formula),
                    Backward::None | Backward::StandardPotentials => None,
                };
                std::iter::once(forward).chain(backward).collect()
            }
        };
        let takes_part = |index: usize| {
            reaction
                .reactants
                .iter()
                .chain(&reaction.products)
                .any(|(species, _)| *species == index)
        };
        let is_used = |name: &str| {
            let uses = |formula: &&Formula| {
                formula
                    .expression()
                    .is_some_and(|expression| expression.span_of(name).is_some())
            };
            formulas.iter().any(uses)
        };
        let modifiers = self.model.species.iter().enumerate();
        let modifiers = modifiers.filter(|(index, species)| !takes_part(*index) && is_used(&species.name));
        let references: String = modifiers
            .map(|(index, _)| {
                format!(
                    "<modifierSpeciesReference species=\"{}\"/>",
                    self.species_id(index)
                )
            })
            .collect();
        match references.as_str() {
            "" => references,
            _ => format!("<listOfModifiers>{references}</listOfModifiers>"),
        }
    }

    fn species_id(&self, index: usize) -> &str {
        self.identifiers
            .get(&self.model.species[index].name)
            .map_or("", String::as_str)
    }

    fn compartment_id(&self, index: Option<usize>) -> &str {
        let name = index.map(|index| &self.model.compartments[index].name);
        name.and_then(|name| self.identifiers.get(name))
            .map_or(self.default_compartment, String::as_str)
    }

    /// ∏ c^ν over one side of a reaction.
    fn concentrations(&self, side: &[(usize, f64)]) -> Vec<String> {
        let factor = |&(index, count): &(usize, f64)| {
            let species = &self.model.species[index];
            let symbol = ci(self.species_id(index));
            let concentration = match species.symbol {
                Quantity::Concentration => symbol,
                Quantity::Amount => apply("divide", &[symbol, ci(self.compartment_id(species.compartment))]),
            };
            if count == 1.0 {
                concentration
            } else {
                apply("power", &[concentration, cn(count)])
            }
        };
        side.iter().map(factor).collect()
    }

    fn directions(&self, reaction: &Reaction) -> Directions {
        let content = |formula: &Formula| formula_content(formula, &self.identifiers);
        match &reaction.law {
            Law::Net(net) => Directions::Net(content(net)),
            Law::MassAction { forward, backward } => {
                let first = reaction.reactants.first().or(reaction.products.first());
                let of_first = first.and_then(|(species, _)| self.model.species[*species].compartment);
                let place = ci(self.compartment_id(reaction.compartment.or(of_first)));
                let flux = |rate: String, side: &[(usize, f64)]| {
                    product(&[vec![place.clone(), rate], self.concentrations(side)].concat())
                };
                let backward = match backward {
                    Backward::None => None,
                    Backward::Rate(rate) => Some(content(rate)),
                    other => Some(apply(
                        "divide",
                        &[content(forward), self.equilibrium_constant(reaction, other)],
                    )),
                };
                let forward = flux(content(forward), &reaction.reactants);
                match backward {
                    Some(rate) => Directions::Both(forward, flux(rate, &reaction.products)),
                    None => Directions::OneWay(forward),
                }
            }
            Law::Flux { forward, backward } => match backward {
                Backward::None => Directions::OneWay(content(forward)),
                Backward::Rate(backward) => Directions::Both(content(forward), content(backward)),
                other => {
                    let made = [vec![content(forward)], self.concentrations(&reaction.products)].concat();
                    let constant = self.equilibrium_constant(reaction, other);
                    let consumed = [vec![constant], self.concentrations(&reaction.reactants)].concat();
                    let backward = apply("divide", &[product(&made), product(&consumed)]);
                    Directions::Both(content(forward), backward)
                }
            },
        }
    }

    /// K, from itself or from exp(−ΔG°/T).
    fn equilibrium_constant(&self, reaction: &Reaction, backward: &Backward) -> String {
        let energy = match backward {
            Backward::EquilibriumConstant(constant) => return formula_content(constant, &self.identifiers),
            Backward::GibbsEnergy(energy) => formula_content(energy, &self.identifiers),
            _ => {
                let potentials = |side: &[(usize, f64)]| -> Vec<String> {
                    let terms = side.iter().filter_map(|(index, count)| {
                        let potential = self.model.species[*index].standard_potential.as_ref()?;
                        let potential = formula_content(potential, &self.identifiers);
                        Some(apply("times", &[cn(*count), potential]))
                    });
                    terms.collect()
                };
                let sides =
                    [&reaction.products, &reaction.reactants].map(|side| apply("plus", &potentials(side)));
                apply("minus", &sides)
            }
        };
        let ratio = apply("divide", &[energy, ci(self.temperature)]);
        apply("exp", &[apply("minus", &[ratio])])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::formula::Admit;
    use crate::source::{SourceFile, Span};

    /// A + 2 B ⇌ C with parameters k and q; A is an amount.
    const TEXT: &str = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
<listOfCompartments><compartment id="c" size="4" constant="true"/></listOfCompartments>
<listOfSpecies><species id="A" compartment="c" initialAmount="8" hasOnlySubstanceUnits="true"/>
<species id="B" compartment="c" initialConcentration="3"/><species id="C" compartment="c" initialConcentration="5"/></listOfSpecies>
<listOfParameters><parameter id="k" value="0.5"/><parameter id="q" value="7"/></listOfParameters>
<listOfReactions><reaction id="r"><listOfReactants><speciesReference species="A" stoichiometry="1"/><speciesReference species="B" stoichiometry="2"/></listOfReactants>
<listOfProducts><speciesReference species="C" stoichiometry="1"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>A</ci><ci>B</ci></apply></math></kineticLaw></reaction></listOfReactions></model></sbml>"#;

    /// Forward and backward flux at time 0 after writing and reading, with the losses.
    fn written(law: impl Fn(&dyn Fn(&str) -> Formula) -> Law) -> (f64, f64, Vec<String>) {
        let read = |text: &str| crate::sbml::read(SourceFile::from_text("law.xml", text).unwrap()).unwrap();
        let mut model = read(TEXT);
        let names = scope(&model);
        let formula = |text: &str| {
            names
                .formula("law", text, Span::default(), None, Admit::TimeAndTemperature)
                .unwrap()
        };
        model.reactions[0].law = law(&formula);
        model.temperature = Some(formula("2"));
        model.species[2].standard_potential = Some(formula("ln(k)"));
        model.species[0].standard_potential = Some(formula("q"));
        model.species[1].standard_potential = Some(formula("0.25"));
        let written = crate::sbml::write(&model);
        // The formulas are what is tested here, not what the annotations make of them.
        let again = read(&written.text.replace(&annotation::mass_action(), ""));
        let Law::Flux {
            forward,
            backward: Backward::Rate(backward),
        } = &again.reactions[0].law
        else {
            panic!("{:?}", again.reactions[0].law)
        };
        let names = scope(&again);
        let symbols = crate::model::reactions::values::Symbols::new(&again, &names).unwrap();
        let slots = symbols.initial().unwrap();
        (
            forward.value(&slots).unwrap(),
            backward.value(&slots).unwrap(),
            written.losses,
        )
    }

    #[test]
    fn functions_that_sbml_lacks_are_defined_in_the_file() {
        let mut model = crate::sbml::read(SourceFile::from_text("law.xml", TEXT).unwrap()).unwrap();
        let text = "sign(k - q) + 10*heaviside(k) + 100*atan2(k - 1, -q) + log2(k)*cbrt(q) + min(k, q, A) + if(k < q, 1, 2)";
        model.reactions[0].law = Law::Net(
            scope(&model)
                .formula("law", text, Span::default(), None, Admit::Time)
                .unwrap(),
        );
        let written = crate::sbml::write(&model);
        let again = crate::sbml::read(SourceFile::from_text("again.xml", written.text).unwrap()).unwrap();
        let Law::Net(net) = &again.reactions[0].law else {
            panic!("{:?}", again.reactions[0].law)
        };
        let names = scope(&again);
        let symbols = crate::model::reactions::values::Symbols::new(&again, &names).unwrap();
        let found = net.value(&symbols.initial().unwrap()).unwrap();
        let (k, q) = (0.5_f64, 7.0_f64);
        let expected = -1.0 + 10.0 + 100.0 * (k - 1.0).atan2(-q) + k.log2() * q.cbrt() + k + 1.0;
        assert!(
            (found - expected).abs() < 1e-12 * expected.abs(),
            "{found}, expected {expected}"
        );
    }

    #[test]
    fn laws_of_every_kind_are_written_as_fluxes() {
        // Size 4, concentrations A = 2, B = 3, C = 5, k = 0.5, q = 7, T = 2.
        let forward = 4.0 * 0.5 * 2.0 * 9.0;
        let mass_action = |backward: &dyn Fn(&dyn Fn(&str) -> Formula) -> Backward| {
            written(|formula| Law::MassAction {
                forward: formula("k"),
                backward: backward(formula),
            })
        };
        let close = |found: f64, expected: f64| {
            assert!(
                (found - expected).abs() < 1e-13 * expected,
                "{found}, expected {expected}"
            )
        };
        let (plus, minus, losses) = mass_action(&|formula| Backward::Rate(formula("k*q")));
        close(plus, forward);
        close(minus, 4.0 * 3.5 * 5.0);
        let told = |loss: &String| {
            loss.starts_with("on molecule counts other programs fire n^2") && loss.ends_with(": r")
        };
        assert!(losses.iter().any(told), "{losses:?}");
        let (_, minus, _) = mass_action(&|formula| Backward::EquilibriumConstant(formula("q")));
        close(minus, 4.0 * 0.5 / 7.0 * 5.0);
        let (_, minus, _) = mass_action(&|formula| Backward::GibbsEnergy(formula("q*T")));
        close(minus, 4.0 * 0.5 * 7.0_f64.exp() * 5.0);
        let (_, minus, _) = mass_action(&|_| Backward::StandardPotentials);
        close(minus, 4.0 * 0.5 * ((0.5_f64.ln() - 7.0 - 0.5) / 2.0).exp() * 5.0);
        // A formula with an equilibrium constant: j⁻ = j⁺ ∏ products / ∏ reactants / K.
        let (plus, minus, _) = written(|formula| Law::Flux {
            forward: formula("k*A*B"),
            backward: Backward::EquilibriumConstant(formula("q")),
        });
        close(plus, 0.5 * 8.0 * 3.0);
        close(minus, 0.5 * 8.0 * 3.0 * 5.0 / (2.0 * 9.0) / 7.0);
    }
}
