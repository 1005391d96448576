//! A reaction model as the text of a model file.
//!
//! What is written reads back as the same model, whatever it was read from. What a model file cannot hold is told.

use super::super::formula::{Formula, TIME};
use super::super::markov::TimeSpacing;
use super::super::parameters::Parameter;
use super::super::toml_text::{key, number, string};
use super::environment::ReactionsEnvironment;
use super::read::{IRREVERSIBLE, PAIRING, POWERS, READING, UNSPLIT};
use super::{
    Backward, Law, Origin, Pairing, Powers, Quantity, Reaction, Reactions, Role, Species, Symbol, Treatment,
    Variable, VariableLaw,
};

/// The text of a model file, and what it could not say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// TOML.
    pub text: String,
    /// What the text does not hold, one sentence each; empty if it reads back as the same model.
    pub losses: Vec<String>,
}

/// Writes a model as the text of a model file of `kind = "reactions"`.
///
/// Formulas are written by their trees, numbers with as many digits as tell them from their neighbours. A value that a model file cannot
/// state by its formula (a parameter that follows the initial state) is written as the number that it comes to, and told as a loss.
///
/// ```
/// use irrev::model::{Model, Vocabulary, parse, write};
/// use irrev::source::SourceFile;
///
/// let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 2.0\n[reactions]\ndecay = { eq = \"X -> 0\", kf = 0.5 }\n";
/// let Model::Reactions(spec) = parse(SourceFile::from_text("decay.toml", text)?, &Vocabulary::default())? else { unreachable!() };
/// let written = write(&spec);
/// assert!(written.losses.is_empty());
/// let again = SourceFile::from_text("again.toml", written.text.clone())?;
/// let Model::Reactions(again) = parse(again, &Vocabulary::default())? else { unreachable!() };
/// assert_eq!(write(&again), written);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn write(spec: &Reactions) -> Written {
    let slots = ReactionsEnvironment::new(spec, &[]).and_then(|environment| environment.initial_slots());
    let mut writer = Writer {
        spec,
        slots: slots.ok(),
        text: String::new(),
        losses: Vec::new(),
    };
    writer.head();
    writer.symbols();
    writer.reactions();
    writer.outputs();
    writer.reading();
    Written {
        text: writer.text,
        losses: writer.losses,
    }
}

struct Writer<'a> {
    spec: &'a Reactions,
    /// The values at time 0, if there are any.
    slots: Option<Vec<f64>>,
    text: String,
    losses: Vec<String>,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn section(&mut self, name: &str) {
        self.line("");
        self.line(&format!("[{name}]"));
    }

    fn head(&mut self) {
        let spec = self.spec;
        self.line("irrev = 1");
        self.line("kind = \"reactions\"");
        for (key, text) in [("title", &spec.title), ("doc", &spec.doc)] {
            if let Some(text) = text {
                self.line(&format!("{key} = {}", string(text)));
            }
        }
        if !spec.sources.is_empty() {
            let sources: Vec<String> = spec.sources.iter().map(|source| string(source)).collect();
            self.line(&format!("sources = [{}]", sources.join(", ")));
        }
        if !spec.units.is_empty() {
            self.section("units");
            for (dimension, label) in &spec.units {
                self.line(&format!("{} = {}", key(dimension), string(label)));
            }
        }
    }

    fn symbols(&mut self) {
        let spec = self.spec;
        // Parameters that follow the time are the first variables; under [parameters] they keep the key by which sweeps know them.
        let timed = (spec.variables.iter())
            .take_while(|variable| is_timed_parameter(variable))
            .count();
        let (timed, variables) = spec.variables.split_at(timed);
        if !(spec.parameters.is_empty() && timed.is_empty()) {
            self.section("parameters");
            for parameter in &spec.parameters {
                let entry = self.parameter(parameter);
                self.line(&format!("{} = {entry}", key(&parameter.name)));
            }
            for variable in timed {
                let entry = self.variable(variable);
                self.line(&format!("{} = {entry}", key(&variable.name)));
            }
        }
        if !spec.compartments.is_empty() {
            self.section("compartments");
            for compartment in &spec.compartments {
                let size = self.constant(&compartment.size, &format!("the size of `{}`", compartment.name));
                let entry = match compartment.dimensions {
                    3 => size,
                    dimensions => format!("{{ size = {size}, dimensions = {dimensions} }}"),
                };
                self.line(&format!("{} = {entry}", key(&compartment.name)));
            }
        }
        if !spec.species.is_empty() {
            self.section("species");
            for species in &spec.species {
                let entry = self.species(species);
                self.line(&format!("{} = {entry}", key(&species.name)));
            }
        }
        if !variables.is_empty() {
            self.section("variables");
            for variable in variables {
                let entry = self.variable(variable);
                self.line(&format!("{} = {entry}", key(&variable.name)));
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter) -> String {
        let value = self.constant(&parameter.value, &format!("the parameter `{}`", parameter.name));
        let mut fields = Vec::new();
        if let Some(unit) = &parameter.unit {
            fields.push(format!("unit = {}", string(unit)));
        }
        if let Some(doc) = &parameter.doc {
            fields.push(format!("doc = {}", string(doc)));
        }
        for (name, bound) in [("min", parameter.minimum), ("max", parameter.maximum)] {
            if let Some(bound) = bound {
                fields.push(format!("{name} = {}", number(bound)));
            }
        }
        if fields.is_empty() {
            return value;
        }
        format!("{{ value = {value}, {} }}", fields.join(", "))
    }

    fn species(&mut self, species: &Species) -> String {
        let what = format!("the value of `{}`", species.name);
        let amount = species.initial_quantity == Quantity::Amount;
        let mut fields = match &species.role {
            Role::Chemostat => {
                let name = if amount { "chemostat_amount" } else { "chemostat" };
                vec![format!("{name} = {}", self.constant(&species.initial, &what))]
            }
            Role::Assigned(formula) => vec![format!("assigned = {}", written(formula))],
            Role::Dynamic | Role::Rate(_) => {
                let name = if amount { "initial_amount" } else { "initial" };
                vec![format!("{name} = {}", self.initial(&species.initial, &what))]
            }
        };
        if let Role::Rate(rate) = &species.role {
            fields.push(format!("rate = {}", written(rate)));
        }
        if let (Some(index), true) = (species.compartment, self.spec.compartments.len() > 1) {
            fields.push(format!(
                "compartment = {}",
                string(&self.spec.compartments[index].name)
            ));
        }
        if species.symbol == Quantity::Amount {
            fields.push("symbol = \"amount\"".to_owned());
        }
        if let Some(potential) = &species.standard_potential {
            fields.push(format!("standard_potential = {}", written(potential)));
        }
        if let Some(doc) = &species.doc {
            fields.push(format!("doc = {}", string(doc)));
        }
        match fields.as_slice() {
            [only] if only.starts_with("initial = ") => only["initial = ".len()..].to_owned(),
            _ => format!("{{ {} }}", fields.join(", ")),
        }
    }

    fn variable(&mut self, variable: &Variable) -> String {
        match &variable.law {
            VariableLaw::Assigned(formula) => written(formula),
            VariableLaw::Rate { initial, rate } => {
                let what = format!("the initial value of `{}`", variable.name);
                let initial = self.initial(initial, &what);
                format!("{{ initial = {initial}, rate = {} }}", written(rate))
            }
        }
    }

    /// A formula that may use constants only.
    fn constant(&mut self, formula: &Formula, what: &str) -> String {
        let spec = self.spec;
        let is_constant = |slot: usize| {
            let symbol = spec.symbol(slot);
            matches!(symbol, Some(Symbol::Parameter(_) | Symbol::Compartment(_)))
                || slot == spec.temperature_slot()
        };
        match formula.slots().all(is_constant) {
            true => written(formula),
            false => self.as_number(formula, what),
        }
    }

    /// A formula that may use every symbol, but not the time.
    fn initial(&mut self, formula: &Formula, what: &str) -> String {
        let time = self.spec.time_slot();
        match formula.slots().all(|slot| slot != time) {
            true => written(formula),
            false => self.as_number(formula, what),
        }
    }

    /// The value at time 0 in place of a formula that may not stand where it would have to.
    fn as_number(&mut self, formula: &Formula, what: &str) -> String {
        let value = self.slots.as_ref().and_then(|slots| formula.value(slots).ok());
        let value = value.unwrap_or(f64::NAN);
        self.losses.push(format!(
            "{what} follows `{}`, which a model file cannot say there; its value at {TIME} = 0 is written",
            formula.text()
        ));
        number(value)
    }

    fn reactions(&mut self) {
        self.section("reactions");
        // a pair that was guessed is guessed again, with its warning
        for reaction in &self.spec.stated_reactions() {
            let entry = self.reaction(reaction);
            self.line(&format!("{} = {{ {entry} }}", key(&reaction.name)));
        }
    }

    fn reaction(&mut self, reaction: &Reaction) -> String {
        let (law, backward) = match &reaction.law {
            Law::MassAction { forward, backward } => {
                (format!("kf = {}", written(forward)), Some(("kr", backward)))
            }
            Law::Flux { forward, backward } => (
                format!("forward = {}", written(forward)),
                Some(("backward", backward)),
            ),
            Law::Net(net) => (format!("net = {}", written(net)), None),
        };
        let reverse = backward.and_then(|(name, backward)| match backward {
            Backward::None => None,
            Backward::Rate(rate) => Some(format!("{name} = {}", written(rate))),
            Backward::EquilibriumConstant(constant) => Some(format!("keq = {}", written(constant))),
            Backward::GibbsEnergy(energy) => Some(format!("dG0 = {}", written(energy))),
            Backward::StandardPotentials => Some("standard_potentials = true".to_owned()),
        });
        let one_way = backward.is_some() && reverse.is_none();
        let arrow = if one_way { "->" } else { "<=>" };
        let equation = format!(
            "{} {arrow} {}",
            self.side(&reaction.reactants),
            self.side(&reaction.products)
        );
        let mut fields = vec![format!("eq = {}", string(&equation)), law];
        fields.extend(reverse);
        if let Some(index) = reaction.compartment {
            fields.push(format!(
                "compartment = {}",
                string(&self.spec.compartments[index].name)
            ));
        }
        if let (Some(treatment), true) = (reaction.irreversible, one_way) {
            fields.push(format!(
                "irreversible = {}",
                string(word(treatment, IRREVERSIBLE))
            ));
        }
        if let Some(doc) = &reaction.doc {
            fields.push(format!("doc = {}", string(doc)));
        }
        if reaction.stated_one_way && matches!(reaction.law, Law::Net(_)) {
            self.losses.push(format!(
                "the reaction `{}` is called irreversible, but its law may be negative: a model file takes such a law for both directions \
                 together, and does not simulate it on counts",
                reaction.name
            ));
        }
        let mut sides = [&reaction.reactants, &reaction.products].map(|side| side.clone());
        sides
            .iter_mut()
            .for_each(|side| side.sort_by_key(|(index, _)| *index));
        if sides[0] == sides[1] {
            self.losses.push(format!(
                "the reaction `{}` has equal sides, which a model file refuses",
                reaction.name
            ));
        }
        fields.join(", ")
    }

    fn side(&self, terms: &[(usize, f64)]) -> String {
        if terms.is_empty() {
            return "0".to_owned();
        }
        let term = |(index, coefficient): &(usize, f64)| {
            let name = &self.spec.species[*index].name;
            match *coefficient {
                1.0 => name.clone(),
                // An equation has no exponents: `{}` writes all digits.
                coefficient => format!("{coefficient} {name}"),
            }
        };
        terms.iter().map(term).collect::<Vec<_>>().join(" + ")
    }

    fn outputs(&mut self) {
        let spec = self.spec;
        let has_pairs = spec.reactions.iter().any(|reaction| reaction.paired.is_some());
        let is_joined = spec.pairing == Pairing::Joined && (has_pairs || spec.origin == Origin::ModelFile);
        let defaults =
            spec.irreversible == Treatment::Infinite && spec.unsplit == Treatment::LeaveOut && !is_joined;
        if spec.temperature.is_some() || !defaults {
            self.section("thermodynamics");
            if let Some(temperature) = &spec.temperature {
                let temperature = self.constant(temperature, "the temperature");
                self.line(&format!("temperature = {temperature}"));
            }
            self.line(&format!(
                "irreversible = {}",
                string(word(spec.irreversible, IRREVERSIBLE))
            ));
            self.line(&format!("unsplit = {}", string(word(spec.unsplit, UNSPLIT))));
            if is_joined {
                self.line(&format!("pairing = {}", string(word(spec.pairing, PAIRING))));
            }
        }
        if let Some(size) = &spec.system_size {
            self.section("volume");
            let size = self.constant(size, "the system size");
            self.line(&format!("omega = {size}"));
        }
        self.times();
        if spec.trajectories.is_some() || spec.powers != Powers::default() {
            self.section("stochastic");
            if let Some(trajectories) = spec.trajectories {
                self.line(&format!("trajectories = {trajectories}"));
            }
            if spec.powers != Powers::default() {
                self.line(&format!("powers = {}", string(word(spec.powers, POWERS))));
            }
        }
        if let Some((index, value)) = &spec.section {
            self.section("limit_cycle");
            self.line(&format!("species = {}", string(&spec.species[*index].name)));
            let value = self.constant(value, "the value of the limit cycle's section");
            self.line(&format!("value = {value}"));
        }
        self.sweeps();
        if let Some(quantities) = &spec.report {
            self.section("report");
            let names: Vec<String> = quantities.iter().map(|quantity| string(&quantity.name)).collect();
            self.line(&format!("quantities = [{}]", names.join(", ")));
        }
        if let Some(seed) = spec.seed {
            self.section("random");
            self.line(&format!("seed = {seed}"));
        }
    }

    fn times(&mut self) {
        let Some(grid) = &self.spec.time else { return };
        self.section("time");
        let end = self.constant(&grid.end, "the last time");
        self.line(&format!("end = {end}"));
        self.line(&format!("points = {}", grid.points));
        if let TimeSpacing::Logarithmic(start) = &grid.spacing {
            let start = self.constant(start, "the first time");
            self.line("spacing = \"log\"");
            self.line(&format!("start = {start}"));
        }
    }

    fn sweeps(&mut self) {
        for sweep in &self.spec.sweeps {
            self.line("");
            self.line("[[sweep]]");
            self.line(&format!("key = {}", string(&sweep.key)));
            let values: Vec<String> = sweep.values.iter().map(|value| number(*value)).collect();
            self.line(&format!("values = [{}]", values.join(", ")));
            if !sweep.show.is_empty() {
                let names: Vec<String> = sweep.show.iter().map(|shown| string(&shown.name)).collect();
                self.line(&format!("show = [{}]", names.join(", ")));
            }
        }
    }
}

impl Writer<'_> {
    /// What reading decided and the text does not show, such as which laws were split: each report of the model says it.
    ///
    /// Laws that are net fluxes and reactions that pair are found out again by whoever reads the text.
    fn reading(&mut self) {
        for warning in &self.spec.warnings {
            let Some(code) = READING.iter().find(|code| **code == warning.code) else {
                continue;
            };
            self.line("");
            self.line("[[reading]]");
            self.line(&format!("code = {}", string(code)));
            self.line(&format!("note = {}", string(&warning.message)));
            if let Some(help) = &warning.help {
                self.line(&format!("help = {}", string(help)));
            }
        }
    }
}

/// Whether a variable was read from `[parameters]` and would be again.
fn is_timed_parameter(variable: &Variable) -> bool {
    match &variable.law {
        VariableLaw::Assigned(formula) => {
            formula.depends_on_time() && formula.key().starts_with("parameters.")
        }
        VariableLaw::Rate { .. } => false,
    }
}

/// A formula as TOML: a number, or an expression in quotes.
fn written(formula: &Formula) -> String {
    match formula.expression() {
        Some(expression) => string(&expression.to_string()),
        None => number(formula.number().unwrap_or(f64::NAN)),
    }
}

/// The word for a choice; every choice has one.
fn word<T: Copy + PartialEq>(choice: T, words: &[(T, &'static str)]) -> &'static str {
    words
        .iter()
        .find(|(known, _)| *known == choice)
        .map_or("", |(_, word)| word)
}
