//! Reactions: an equation, and a law for how fast it runs each way.

use std::collections::HashMap;

use super::super::super::diagnostic::{Fault, code};
use super::super::super::formula::place_in_file;
use super::super::super::read::name_problem;
use super::super::super::reader::{Entry, Item, Table};
use super::super::equation::{Arrow, Equation, Term};
use super::super::symbols::{Admit, Symbols};
use super::super::{Backward, Compartment, Law, Reaction, Species};
use super::species::named_compartment;
use super::{IRREVERSIBLE, conflict, keys};
use crate::expression::nearest_name;
use crate::source::Span;

/// The keys that say how fast a reaction runs forward, with what each states.
const LAWS: [&str; 3] = ["kf", "forward", "net"];

/// The keys that say how fast it runs backward.
const REVERSES: [&str; 5] = ["kr", "backward", "keq", "dG0", "standard_potentials"];

pub(super) fn reactions(
    root: &Table,
    symbols: &Symbols,
    species: &[Species],
    compartments: &[Compartment],
) -> Vec<Reaction> {
    let findings = root.findings();
    let Some(table) = root.require("reactions").as_ref().and_then(Item::table) else {
        return Vec::new();
    };
    let reader = Reader {
        symbols,
        species,
        positions: (species.iter().enumerate())
            .map(|(index, species)| (species.name.as_str(), index))
            .collect(),
        compartments,
    };
    let mut entries = table.entries().peekable();
    if entries.peek().is_none() {
        let fault = Fault::error(code::OUT_OF_RANGE, table.span(), "[reactions] is empty");
        findings.add(fault.help("as in `decay = { eq = \"X -> 0\", kf = 0.1 }`"));
    }
    entries
        .take_while(|_| !findings.is_full())
        .filter_map(|entry| reader.reaction(&entry))
        .collect()
}

struct Reader<'a> {
    symbols: &'a Symbols,
    species: &'a [Species],
    positions: HashMap<&'a str, usize>,
    compartments: &'a [Compartment],
}

impl Reader<'_> {
    fn reaction(&self, entry: &Entry) -> Option<Reaction> {
        if let Some(problem) = name_problem(entry.key) {
            let message = format!("the name of a reaction: {problem}");
            entry
                .item
                .fault(Fault::error(code::BAD_NAME, entry.key_span, message));
            return None;
        }
        let table = entry.item.table()?;
        table.only(keys::REACTION);
        let equation_item = table.require("eq")?;
        let text = equation_item.string()?;
        let start = equation_item.text_start(text);
        let place = |span: Span| place_in_file(span, start, equation_item.span);
        let equation = match Equation::parse(text) {
            Ok(equation) => equation,
            Err(error) => {
                let message = format!("`{}`: {}", equation_item.path, error.message);
                let fault = Fault::error(code::EQUATION, place(error.span), message);
                equation_item.fault(fault.help(error.help));
                return None;
            }
        };
        let reactants = self.side(&equation.reactants, &equation_item, &place);
        let products = self.side(&equation.products, &equation_item, &place);
        let law = self.law(&table, entry.key, equation.arrow);
        let irreversible = match table.get("irreversible") {
            None => None,
            Some(_) if equation.arrow == Arrow::BothWays => {
                let message = format!("`{}` runs both ways: it is not irreversible", entry.key);
                conflict(
                    &table,
                    "irreversible",
                    message,
                    "leave `irreversible` out, or write `->`",
                );
                return None;
            }
            Some(item) => Some(item.choice(IRREVERSIBLE)?),
        };
        let compartment = match table.get("compartment") {
            None => None,
            Some(item) => Some(named_compartment(&item, self.compartments)?),
        };
        let reaction = Reaction {
            name: entry.key.to_owned(),
            reactants: reactants?,
            products: products?,
            law: law?,
            compartment,
            irreversible,
            stated_one_way: false,
            paired: None,
            doc: table.string("doc"),
            span: entry.key_span,
        };
        self.has_what_its_law_needs(&reaction, &table).then_some(reaction)
    }

    fn side(&self, terms: &[Term], item: &Item, place: &dyn Fn(Span) -> Span) -> Option<Vec<(usize, f64)>> {
        let mut found = Some(Vec::new());
        for term in terms {
            match (self.positions.get(term.name), &mut found) {
                (Some(&index), Some(list)) => list.push((index, term.coefficient)),
                (Some(_), None) => {}
                // a species that could not be read: its own entry says why
                (None, _) if self.symbols.kind(term.name) == Some("species") => found = None,
                (None, _) => {
                    found = None;
                    let message = match self.symbols.kind(term.name) {
                        Some(kind) => format!("`{}` is a {kind}, not a species", term.name),
                        None => format!("unknown species `{}`", term.name),
                    };
                    let near = nearest_name(
                        term.name,
                        self.species.iter().map(|species| species.name.as_str()),
                    );
                    let fault = Fault::error(code::UNKNOWN_NAME, place(term.span), message);
                    item.fault(match near {
                        Some(near) => fault.help(format!("did you mean `{near}`?")),
                        None => fault.help(format!("as in `{} = 1.0` under [species]", term.name)),
                    });
                }
            }
        }
        found
    }

    fn law(&self, table: &Table, name: &str, arrow: Arrow) -> Option<Law> {
        let stated: Vec<&str> = LAWS.into_iter().filter(|key| table.contains(key)).collect();
        let law = match stated.as_slice() {
            [law] => *law,
            [first, second, ..] => {
                let message = format!("the law of `{name}` is stated twice: `{first}` and `{second}`");
                let help = "`kf` is a rate constant of mass action; `forward` and `net` are the flux itself";
                conflict(table, second, message, help);
                return None;
            }
            [] => {
                let message = format!("the reaction `{name}` has no law");
                let help = "give `kf` (mass action), `forward` (the flux of any law) or `net` (forward minus backward)";
                let fault = Fault::error(code::MISSING_KEY, table.span(), message);
                table.findings().add(fault.help(help));
                return None;
            }
        };
        let admit = match law {
            "kf" => Admit::RateConstant,
            _ => Admit::Everything,
        };
        // both are read before either is missed: each has its own faults
        let forward = self.symbols.optional(table, law, admit);
        let backward = self.reverse(table, name, law, arrow);
        let (forward, backward) = (forward?, backward?);
        Some(match law {
            "kf" => Law::MassAction { forward, backward },
            "forward" => Law::Flux { forward, backward },
            _ => Law::Net(forward),
        })
    }

    /// The backward direction, of which the arrow says whether there is one.
    fn reverse(&self, table: &Table, name: &str, law: &str, arrow: Arrow) -> Option<Backward> {
        let is_stated = |key: &&str| match *key {
            "standard_potentials" => table.boolean(key) == Some(true),
            key => table.contains(key),
        };
        let stated: Vec<&str> = REVERSES.into_iter().filter(is_stated).collect();
        if let Some(stranger) = stated.iter().find(|key| match law {
            "kf" => **key == "backward",
            "forward" => **key == "kr",
            _ => true,
        }) {
            let help = match law {
                "kf" => {
                    "the reverse of the rate constant `kf` is `kr`; `backward` is a flux and belongs to `forward`"
                }
                "forward" => {
                    "the reverse of the flux `forward` is `backward`; `kr` is a rate constant and belongs to `kf`"
                }
                _ => "`net` is forward minus backward: it says both",
            };
            let message = format!("`{stranger}` does not go with `{law}` in `{name}`");
            conflict(table, stranger, message, help);
            return None;
        }
        if let [first, second, ..] = stated.as_slice() {
            let message = format!("the reverse of `{name}` is stated twice: `{first}` and `{second}`");
            conflict(
                table,
                second,
                message,
                "keep the one that you know; the other follows",
            );
            return None;
        }
        match (arrow, stated.first()) {
            (Arrow::OneWay, Some(reverse)) => {
                let message = format!("`{reverse}` states a reverse, but the arrow of `{name}` runs one way");
                conflict(
                    table,
                    reverse,
                    message,
                    &format!("write `<=>`, or leave out `{reverse}`"),
                );
                return None;
            }
            (Arrow::OneWay, None) if law == "net" => {
                let message = format!("`net` runs both ways, but the arrow of `{name}` runs one way");
                conflict(
                    table,
                    "net",
                    message,
                    "write `<=>`, or `forward` in place of `net`",
                );
                return None;
            }
            (Arrow::BothWays, None) if law != "net" => {
                let message = format!("the reaction `{name}` runs both ways, but has no reverse rate");
                let reverse = if law == "kf" { "kr" } else { "backward" };
                let help = format!(
                    "give `{reverse}`, `keq`, `dG0` or `standard_potentials = true`; or write `->` if it runs one way"
                );
                let fault = Fault::error(code::ONE_WAY, table.span(), message);
                table.findings().add(fault.help(help));
                return None;
            }
            _ => {}
        }
        let read = |key: &str, admit| self.symbols.optional(table, key, admit);
        Some(match stated.first() {
            Some(&"kr") => Backward::Rate(read("kr", Admit::RateConstant)?),
            Some(&"backward") => Backward::Rate(read("backward", Admit::Everything)?),
            Some(&"keq") => Backward::EquilibriumConstant(read("keq", Admit::Time)?),
            Some(&"dG0") => Backward::GibbsEnergy(read("dG0", Admit::Time)?),
            Some(_) => Backward::StandardPotentials,
            None => Backward::None,
        })
    }

    /// Standard potentials for a reverse rate that follows from them, concentrations for mass action and equilibrium constants.
    fn has_what_its_law_needs(&self, reaction: &Reaction, table: &Table) -> bool {
        let taking_part = || {
            let sides = reaction.reactants.iter().chain(&reaction.products);
            sides.map(|(index, _)| &self.species[*index])
        };
        let (mass_action, backward) = match &reaction.law {
            Law::MassAction { backward, .. } => (true, backward),
            Law::Flux { backward, .. } => (false, backward),
            Law::Net(_) => return true,
        };
        // A catalyst stands on both sides alike: its potential drops out.
        let change = |wanted: usize| -> f64 {
            let coefficient = |side: &[(usize, f64)]| -> f64 {
                let found = side.iter().find(|(index, _)| *index == wanted);
                found.map_or(0.0, |(_, coefficient)| *coefficient)
            };
            coefficient(&reaction.products) - coefficient(&reaction.reactants)
        };
        let lacking = (reaction.reactants.iter().chain(&reaction.products))
            .filter(|(index, _)| self.species[*index].standard_potential.is_none() && change(*index) != 0.0)
            .map(|(index, _)| &self.species[*index])
            .next();
        if let (Some(species), Backward::StandardPotentials) = (lacking, backward) {
            let message = format!(
                "`{}` takes its reverse from standard potentials, but `{}` has none",
                reaction.name, species.name
            );
            let help = format!(
                "as in `{} = {{ initial = 1.0, standard_potential = 0.0 }}`",
                species.name
            );
            conflict(table, "standard_potentials", message, &help);
            return false;
        }
        let without_extent = |species: &&Species| {
            species
                .compartment
                .is_some_and(|index| self.compartments[index].dimensions == 0)
        };
        let concentrations = mass_action || !matches!(backward, Backward::None | Backward::Rate(_));
        if let Some(species) = taking_part().find(|species| concentrations && without_extent(species)) {
            let message = format!(
                "the law of `{}` needs concentrations, but `{}` is in a compartment without extent",
                reaction.name, species.name
            );
            let help = "write the fluxes out with `forward` and `backward`";
            let fault = Fault::error(code::CONFLICT, reaction.span, message);
            table.findings().add(fault.help(help));
            return false;
        }
        true
    }
}
