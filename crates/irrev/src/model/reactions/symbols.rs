//! The symbols of a reaction model and what follows what: which names a formula may use, and which of them change with time or state.

use super::super::diagnostic::Fault;
use super::super::formula::{Formula, Refusal, Scope, TEMPERATURE, TIME};
use super::super::parameters::evaluation_order;
use super::super::reader::{Item, Table};
use super::{Reactions, VariableLaw};
use crate::expression::{constant, nearest_name};
use crate::source::Span;

/// What the value of a symbol follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nature {
    /// Nothing.
    Constant,
    /// The time alone.
    Time,
    /// The state.
    State,
}

/// Which symbols a formula may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admit {
    /// Constants.
    Constants,
    /// Constants, for a number that may follow the state if it stands under [variables].
    Parameter,
    /// As `Parameter`, with the time: a parameter that follows it.
    TimedParameter,
    /// Constants and what follows the time alone, for a rate constant.
    RateConstant,
    /// As `RateConstant`, for an equilibrium constant or a free energy.
    Time,
    /// Every symbol, but not the time itself: values at time 0.
    Initial,
    /// Every symbol and the time.
    Everything,
}

/// The symbols by name.
#[derive(Clone, Debug)]
pub(super) struct Symbols {
    scope: Scope,
    natures: Vec<Nature>,
    /// Slots before which the parameters, compartments and species end.
    ends: [usize; 3],
}

impl Symbols {
    /// Numbers the symbols: `ends` are the first slots after parameters, compartments and species; `uses` are, per variable, the names in
    /// its formula, or nothing for one that changes at a rate.
    pub(super) fn new(names: Vec<String>, ends: [usize; 3], uses: &[Option<Vec<String>>]) -> Self {
        let mut natures = vec![Nature::Constant; names.len()];
        natures[ends[1]..].fill(Nature::State);
        let mut in_time = vec![false; names.len()];
        let mut scope = Scope::new(names);
        let first = ends[2];
        // Names that are no variables: what they bring is known. The others are followed in their order.
        let slots = |uses: &Option<Vec<String>>| -> Vec<usize> {
            let names = uses.iter().flatten();
            names.filter_map(|name| scope.position(name)).collect()
        };
        let slots: Vec<Vec<usize>> = uses.iter().map(slots).collect();
        let among: Vec<Vec<usize>> = (slots.iter())
            .map(|slots| slots.iter().filter_map(|slot| slot.checked_sub(first)).collect())
            .map(|slots: Vec<usize>| slots.into_iter().filter(|index| *index < uses.len()).collect())
            .collect();
        // Variables in a circle are told elsewhere; until then they follow the state.
        for index in evaluation_order(&among).unwrap_or_default() {
            let slot_of_time = natures.len();
            let follows = |slot: &usize| match *slot {
                slot if slot == slot_of_time => Nature::Time,
                slot => natures.get(slot).copied().unwrap_or(Nature::Constant),
            };
            let uses_time = |slot: &usize| *slot == slot_of_time || in_time.get(*slot) == Some(&true);
            let nature = (slots[index].iter())
                .map(follows)
                .max()
                .unwrap_or(Nature::Constant);
            in_time[first + index] = slots[index].iter().any(uses_time);
            if uses[index].is_some() {
                natures[first + index] = nature;
            }
        }
        scope.set_time_dependence(in_time);
        Symbols { scope, natures, ends }
    }

    /// The symbols of a model.
    pub(super) fn of(spec: &Reactions) -> Self {
        let uses = |law: &VariableLaw| match law {
            VariableLaw::Rate { .. } => None,
            VariableLaw::Assigned(formula) => {
                let names = formula
                    .expression()
                    .map(|expression| expression.names())
                    .unwrap_or_default();
                Some(names.into_iter().map(str::to_owned).collect())
            }
        };
        let uses: Vec<Option<Vec<String>>> = spec
            .variables
            .iter()
            .map(|variable| uses(&variable.law))
            .collect();
        let ends = [
            spec.compartment_slot(0),
            spec.species_slot(0),
            spec.variable_slot(0),
        ];
        Symbols::new(spec.symbol_names(), ends, &uses)
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A formula from its text.
    pub(super) fn formula(
        &self,
        key: &str,
        text: &str,
        span: Span,
        start: Option<usize>,
        admit: Admit,
    ) -> Result<Formula, Box<Fault>> {
        let admitted = |name: &str| self.admitted(name, admit);
        self.scope.formula_where(key, text, span, start, &admitted)
    }

    /// A number of the file.
    pub(super) fn read(&self, item: &Item, admit: Admit) -> Option<Formula> {
        item.formula_by(&|key, text, span, start| self.formula(key, text, span, start, admit))
    }

    /// The number under a key, if it is there.
    pub(super) fn optional(&self, table: &Table, key: &str, admit: Admit) -> Option<Formula> {
        self.read(&table.get(key)?, admit)
    }

    /// What kind of symbol a name is.
    pub(super) fn kind(&self, name: &str) -> Option<&'static str> {
        let slot = self.scope.position(name)?;
        let kinds = ["parameter", "compartment", "species"];
        let kind = kinds.into_iter().zip(self.ends).find(|(_, end)| slot < *end);
        Some(kind.map_or("variable", |(kind, _)| kind))
    }

    /// Whether a name brings the time with it; the reason if it may not stand here.
    fn admitted(&self, name: &str, admit: Admit) -> Result<bool, Refusal> {
        let refused = |message: String, help: Option<&str>| {
            Err(Refusal {
                message,
                help: help.map(str::to_owned),
            })
        };
        let most = match admit {
            Admit::Constants | Admit::Parameter => Nature::Constant,
            Admit::TimedParameter | Admit::RateConstant | Admit::Time => Nature::Time,
            Admit::Initial | Admit::Everything => Nature::State,
        };
        match name {
            TIME if admit == Admit::Initial => {
                let message = "a value at time 0 may not depend on the time `t`".to_owned();
                return refused(
                    message,
                    Some("a species or variable that follows the time is `assigned`"),
                );
            }
            TIME if most == Nature::Constant => {
                return refused("this value may not depend on the time `t`".to_owned(), None);
            }
            TIME => return Ok(true),
            TEMPERATURE => return Ok(false),
            _ => {}
        }
        let Some(slot) = self.scope.position(name) else {
            if constant(name).is_some() {
                return Ok(false);
            }
            let message = format!("unknown name `{name}`: no parameter, compartment, species or variable");
            let near = nearest_name(name, self.scope.names().iter().map(String::as_str));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            return refused(message, help.as_deref());
        };
        let nature = self.natures[slot];
        if nature <= most {
            return Ok(self.scope.time_dependence()[slot]);
        }
        let kind = self.kind(name).unwrap_or("symbol");
        let follows = match nature {
            Nature::State => "the state",
            _ => "the time",
        };
        match admit {
            Admit::Parameter | Admit::TimedParameter => refused(
                format!("a parameter may not follow {follows}, but `{name}` ({kind}) does"),
                Some("put it under [variables]"),
            ),
            Admit::RateConstant => refused(
                format!("a rate constant may not follow {follows}, but `{name}` ({kind}) does"),
                Some(
                    "write `forward = …` (and `backward = …`) instead: a law is the flux itself, amount per time",
                ),
            ),
            _ => refused(
                format!("this value may not follow {follows}, but `{name}` ({kind}) does"),
                None,
            ),
        }
    }
}
