//! From net fluxes to the two directions of a reaction.
//!
//! [`Expression::split`](crate::expression::Expression::split) tells what a law adds from what it subtracts. That is forward and
//! backward flux only if each vanishes with what it consumes: j⁺ = 0 where any reactant is absent, j⁻ = 0 where any product is. The
//! logistic k A (1 − B/K) subtracts k A B/K without being a reverse rate for A → C. Both conditions, and that neither part is
//! negative, are checked at many states around the initial one, the same ones in every run.

use irrev_numerics::streams::{Purpose, Stream};

use super::super::diagnostic::{Fault, code};
use super::super::formula::{Admit, Formula, Scope};
use super::values::{Symbols, scope};
use super::{Backward, Law, Quantity, Reaction, Reactions, Role, Symbol, VariableLaw};

/// States at which a split is checked.
const STATES: usize = 24;

/// Random states tried to find as many at which nothing that is assigned is negative.
const TRIES: u64 = 480;

/// Values are spread over this many decades to either side of the initial ones, in turn; rules often hold near them only.
const DECADES: [f64; 4] = [2.0, 1.0, 0.3, 0.05];

/// Times at which the states are taken, in turn.
const TIMES: [f64; 4] = [0.0, 1.0, 10.0, 1000.0];

/// Species on one side of a reaction up to which a law is checked.
const MOST_SPECIES: usize = 100;

/// Any number will do, but it must stay the same.
const SEED: u64 = 1;

/// How many molecules of a species may meet in a law that is tried as a falling factorial.
const MEETING: [f64; 3] = [1.0, 2.0, 3.0];

/// Counts at which such a law is tried.
const COUNTS: [f64; 7] = [0.0, 1.0, 2.0, 3.0, 5.0, 17.0, 4099.0];

/// States, but for those counts, at which it is tried.
const FALLING_STATES: usize = 4;

/// What is left of a flux, relative to its value before, when it counts as gone: rounding of sums that cancel.
const VANISHED: f64 = 1e-12;

impl Reactions {
    /// Splits every [`Law::Net`] that can be into one-way fluxes, and says in [`warnings`](Reactions::warnings) what became of each.
    ///
    /// | the law | becomes |
    /// |---|---|
    /// | forward − backward, each vanishing with what it consumes | [`Law::Flux`] with both |
    /// | no negative part | [`Law::Flux`] one way |
    /// | falling factorials, k n(n − 1)…, on amounts of molecules | [`Law::Flux`] one way, zero between counts 0 and 1 |
    /// | anything else | stays [`Law::Net`] |
    ///
    /// Chemostats that a law does not mention count as absorbed into its constants. O(reactions · size of a law).
    pub fn split_net_laws(&mut self) {
        let scope = scope(self);
        let mut states = States::around_the_initial_one(self, &scope);
        let mut outcomes = Vec::new();
        for (index, reaction) in self.reactions.iter().enumerate() {
            if let Law::Net(net) = &reaction.law {
                let outcome = match &mut states {
                    Some(states) => states.outcome(reaction, net),
                    None => Outcome::Net("the model has no finite values at time 0".to_owned()),
                };
                outcomes.push((index, outcome, net.span()));
            }
        }
        for (index, outcome, span) in outcomes {
            let name = &self.reactions[index].name;
            let fault = match &outcome {
                Outcome::OneWay(_) => None,
                Outcome::Falling(forward) => {
                    let message = format!(
                        "the law of reaction `{name}` counts molecules that meet: it is read as one way, and as zero where fewer are left than meet"
                    );
                    let help = format!("forward: {}", forward.text());
                    Some(Fault::warning(code::LAW, span, message).help(help))
                }
                Outcome::Reversible(forward, backward) => {
                    let message =
                        format!("the law of reaction `{name}` is split into forward and backward flux");
                    let help = format!("forward: {}; backward: {}", forward.text(), backward.text());
                    Some(Fault::warning(code::LAW, span, message).help(help))
                }
                Outcome::Net(reason) => {
                    let message = format!(
                        "the law of reaction `{name}` is kept as a net flux, which has no thermodynamics: {reason}"
                    );
                    let help = "state the flux of each direction to give it an entropy production";
                    Some(Fault::warning(code::NET, span, message).help(help))
                }
            };
            self.warnings
                .extend(fault.map(|fault| fault.in_file(&self.source)));
            let (forward, backward) = match outcome {
                Outcome::OneWay(forward) | Outcome::Falling(forward) => (forward, Backward::None),
                Outcome::Reversible(forward, backward) => (forward, Backward::Rate(backward)),
                Outcome::Net(_) => continue,
            };
            self.reactions[index].law = Law::Flux { forward, backward };
        }
    }
}

/// Which reversible reactions of a model could be written as net laws and be split again.
pub(crate) struct Splits<'a> {
    scope: &'a Scope,
    states: Option<States<'a>>,
}

impl<'a> Splits<'a> {
    /// For a model and its [`scope`].
    pub(crate) fn new(model: &'a Reactions, scope: &'a Scope) -> Self {
        let states = States::around_the_initial_one(model, scope);
        Splits { scope, states }
    }

    /// Whether forward − backward falls apart into the same forward and backward. True for laws other than two fluxes.
    pub(crate) fn is_told_apart(&mut self, reaction: &Reaction) -> bool {
        let Law::Flux {
            forward,
            backward: Backward::Rate(backward),
        } = &reaction.law
        else {
            return true;
        };
        let text = format!("({}) - ({})", forward.text(), backward.text());
        let net = self
            .scope
            .formula("net", &text, reaction.span, None, Admit::TimeAndTemperature);
        let (Ok(net), Some(states)) = (net, &mut self.states) else {
            return false;
        };
        match states.outcome(reaction, &net) {
            Outcome::Reversible(plus, minus) => same(&plus, forward) && same(&minus, backward),
            _ => false,
        }
    }
}

/// Whether two formulas are the same tree, or the same number.
fn same(left: &Formula, right: &Formula) -> bool {
    left.expression() == right.expression() && left.number() == right.number()
}

/// What a net law turned out to be.
enum Outcome {
    OneWay(Formula),
    /// A falling factorial, cut off where it is negative.
    Falling(Formula),
    Reversible(Formula, Formula),
    /// Why it stays a net law.
    Net(String),
}

/// The states at which laws are checked.
struct States<'a> {
    model: &'a Reactions,
    scope: &'a Scope,
    symbols: Symbols<'a>,
    slots: Vec<Vec<f64>>,
}

impl<'a> States<'a> {
    /// `None` if the model has no finite values at time 0; whoever reads it has said so.
    fn around_the_initial_one(model: &'a Reactions, scope: &'a Scope) -> Option<Self> {
        let symbols = Symbols::new(model, scope).ok()?;
        let mut initial = symbols.initial().ok()?;
        // A rate constant of 0 would hide the shape of its law.
        for (slot, parameter) in model.parameters.iter().enumerate() {
            if parameter.value.number() == Some(0.0) {
                initial[slot] = 1.0;
            }
        }
        let varying: Vec<usize> = (0..initial.len())
            .filter(|slot| varies(model, model.symbol(*slot)))
            .collect();
        let positive = varying
            .iter()
            .map(|slot| initial[*slot])
            .filter(|value| *value > 0.0);
        let logarithms: Vec<f64> = positive.map(f64::ln).collect();
        let typical = match logarithms.len() {
            0 => 1.0,
            count => (logarithms.iter().sum::<f64>() / count as f64).exp(),
        };
        let mut states = States {
            model,
            scope,
            symbols,
            slots: Vec::new(),
        };
        let mut doubtful = Vec::new();
        for index in 0..TRIES {
            let mut stream = Stream::new(SEED, Purpose::Search, index);
            let mut slots = initial.clone();
            let turn = index as usize;
            for &slot in &varying {
                let around = if initial[slot] > 0.0 {
                    initial[slot]
                } else {
                    typical
                };
                let decades = DECADES[turn % DECADES.len()] * (2.0 * stream.uniform() - 1.0);
                slots[slot] = around * 10_f64.powf(decades);
            }
            let time = slots.len() - 2;
            slots[time] = TIMES[(turn / DECADES.len()) % TIMES.len()];
            if states.symbols.refresh(&mut slots).is_err() {
                continue;
            }
            if states.has_negative_assignment(&slots) {
                doubtful.push(slots);
            } else {
                states.slots.push(slots);
            }
            if states.slots.len() == STATES {
                break;
            }
        }
        // A model whose rules are negative everywhere may mean it so.
        if states.slots.is_empty() {
            states.slots = doubtful;
            states.slots.truncate(STATES);
        }
        (!states.slots.is_empty()).then_some(states)
    }

    fn has_negative_assignment(&self, slots: &[f64]) -> bool {
        self.symbols.assigned().iter().any(|slot| slots[*slot] < 0.0)
    }

    /// What a net law is, with the plain reason first where it is no rate of this reaction at all.
    fn outcome(&mut self, reaction: &Reaction, net: &Formula) -> Outcome {
        match self.directions(reaction, net) {
            Outcome::Net(reason) if self.is_falling_factorial(reaction, net) => {
                let key = format!("reactions.{}.forward", reaction.name);
                let text = format!("max({}, 0)", net.text());
                let forward = self
                    .scope
                    .formula(&key, &text, net.span(), None, Admit::TimeAndTemperature);
                forward.map_or(Outcome::Net(reason), Outcome::Falling)
            }
            Outcome::Net(_) if self.is_always_negative(net) => Outcome::Net(
                "it is negative at every state that was tried, as if the reaction ran backward: exchange its two sides, or the sign of its law"
                    .to_owned(),
            ),
            outcome => outcome,
        }
    }

    fn is_always_negative(&self, net: &Formula) -> bool {
        let values = self.slots.iter().map(|slots| net.value(slots));
        values
            .into_iter()
            .all(|value| value.is_ok_and(|value| value < 0.0))
    }

    /// Whether a law is c n(n−1)…(n−ν+1) of what the reaction consumes, with a positive c that may follow the rest of the state: negative only
    /// where fewer molecules are left than meet, which no whole number shows.
    fn is_falling_factorial(&self, reaction: &Reaction, net: &Formula) -> bool {
        let counts_molecules = |&(species, order): &(usize, f64)| {
            let species = &self.model.species[species];
            let is_amount = species.symbol == Quantity::Amount || self.model.compartments.is_empty();
            is_amount && matches!(species.role, Role::Dynamic) && MEETING.contains(&order)
        };
        let consumed = &reaction.reactants;
        let meets = consumed.iter().any(|(_, order)| *order > 1.0);
        let fits = meets && consumed.len() <= MEETING.len() && consumed.iter().all(counts_molecules);
        let omega = self.model.system_size.as_ref();
        let by_molecules = omega.is_none_or(|size| size.number() == Some(1.0));
        let agrees = |slots: &Vec<f64>| self.falls(consumed, net, slots) == Some(true);
        fits && by_molecules && self.slots.iter().take(FALLING_STATES).all(agrees)
    }

    /// Whether a law agrees with falling factorials at every combination of counts, all else as at one state.
    fn falls(&self, consumed: &[(usize, f64)], net: &Formula, slots: &[f64]) -> Option<bool> {
        let mut slots = slots.to_vec();
        // the last combination holds the largest counts: the constant is taken there
        let mut constant = None;
        for point in (0..COUNTS.len().pow(u32::try_from(consumed.len()).ok()?)).rev() {
            let (mut digits, mut product) = (point, 1.0);
            for &(species, order) in consumed {
                let count = COUNTS[digits % COUNTS.len()];
                digits /= COUNTS.len();
                slots[self.model.species_slot(species)] = count;
                product *= (0..order as u32).map(|k| count - f64::from(k)).product::<f64>();
            }
            self.symbols.refresh(&mut slots).ok()?;
            let value = net.value(&slots).ok()?;
            let constant = *constant.get_or_insert(value / product);
            if !(constant > 0.0 && (value - constant * product).abs() <= VANISHED * value.abs()) {
                return Some(false);
            }
        }
        Some(true)
    }

    fn directions(&mut self, reaction: &Reaction, net: &Formula) -> Outcome {
        let split = match (net.number(), net.expression()) {
            (Some(value), _) if value >= 0.0 => return Outcome::OneWay(net.clone()),
            (Some(value), _) => return Outcome::Net(format!("it is {value}")),
            (None, expression) => expression.and_then(|expression| expression.split()),
        };
        let Some(split) = split else {
            return Outcome::Net("the signs of its terms cannot be told apart".to_owned());
        };
        let part = |name: &str, text: &str| {
            let key = format!("reactions.{}.{name}", reaction.name);
            self.scope
                .formula(&key, text, net.span(), None, Admit::TimeAndTemperature)
        };
        let Some(backward) = split.backward else {
            return match self.negative(net) {
                None => Outcome::OneWay(net.clone()),
                Some(reason) => Outcome::Net(format!("it {reason}")),
            };
        };
        let parts = (
            part("forward", &split.forward.to_string()),
            part("backward", &backward.to_string()),
        );
        let (Ok(forward), Ok(backward)) = parts else {
            return Outcome::Net("its parts nest too deep".to_owned());
        };
        if reaction.reactants.len().max(reaction.products.len()) > MOST_SPECIES {
            return Outcome::Net(format!("it has more than {MOST_SPECIES} species on a side"));
        }
        let sides = [
            (&forward, "positive", &reaction.reactants, "reactant"),
            (&backward, "negative", &reaction.products, "product"),
        ];
        for (flux, sign, consumed, role) in sides {
            if let Some(reason) = self.negative(flux) {
                return Outcome::Net(format!("its {sign} part {reason}"));
            }
            for &(species, _) in consumed {
                if !self.vanishes_without(flux, species, net) {
                    let name = &self.model.species[species].name;
                    return Outcome::Net(format!(
                        "its {sign} part does not vanish without the {role} `{name}`"
                    ));
                }
            }
        }
        Outcome::Reversible(forward, backward)
    }

    /// Why a formula is no one-way flux, if it is none.
    fn negative(&self, flux: &Formula) -> Option<String> {
        self.slots.iter().find_map(|slots| match flux.value(slots) {
            Ok(value) if value >= 0.0 => None,
            Ok(value) => Some(format!("is negative at some states ({value:.3e})")),
            Err(fault) => Some(format!("has no finite value at some states ({})", fault.message)),
        })
    }

    /// Whether a flux is zero at every state from which the species is taken away.
    fn vanishes_without(&mut self, flux: &Formula, species: usize, law: &Formula) -> bool {
        let spec = &self.model.species[species];
        let is_mentioned = law
            .expression()
            .is_some_and(|expression| expression.span_of(&spec.name).is_some());
        let mut followed = self.symbols.followed(flux, self.scope);
        if !is_mentioned && (matches!(spec.role, Role::Chemostat) || followed.is_empty()) {
            // Absorbed into the constants of the law, or not in it at all.
            return matches!(spec.role, Role::Chemostat);
        }
        let slot = self.model.species_slot(species);
        followed.retain(|other| *other != slot);
        for index in 0..self.slots.len() {
            let slots = &mut self.slots[index];
            let before = flux.value(slots).unwrap_or(f64::NAN);
            let saved: Vec<f64> = followed.iter().map(|slot| slots[*slot]).collect();
            let amount = std::mem::replace(&mut slots[slot], 0.0);
            // What the law follows comes along, unless it has no meaning there.
            let has_meaning = followed.iter().all(|slot| {
                let value = self.model.assignment(*slot).map(|formula| formula.value(slots));
                match value {
                    Some(Ok(value)) if value >= 0.0 => {
                        slots[*slot] = value;
                        true
                    }
                    _ => false,
                }
            });
            let restore = |slots: &mut [f64]| {
                for (slot, value) in followed.iter().zip(&saved) {
                    slots[*slot] = *value;
                }
            };
            if !has_meaning {
                restore(slots);
            }
            let after = flux.value(slots);
            restore(slots);
            slots[slot] = amount;
            if !after.is_ok_and(|value| value.abs() <= VANISHED * before) {
                return false;
            }
        }
        true
    }
}

/// Whether the value of a symbol is free to change: by reactions, by a rate, or from outside.
fn varies(model: &Reactions, symbol: Option<Symbol>) -> bool {
    match symbol {
        Some(Symbol::Species(index)) => !matches!(model.species[index].role, Role::Assigned(_)),
        Some(Symbol::Variable(index)) => matches!(model.variables[index].law, VariableLaw::Rate { .. }),
        _ => false,
    }
}
