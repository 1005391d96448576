//! Other values for numbers of a model: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file, with names or positions: `parameters.force`,
//! `reservoirs.hot.temperature`, `states.empty.energy`, `states[0].energy`, `transitions.a→b.rates.forward`,
//! `time.end`. A value is a number or an expression in the parameters.

use std::sync::Arc;

use super::diagnostic::{Fault, ModelError, code};
use super::formula::{Admit, Formula, Scope};
use super::markov::{Markov, Protocol, RateLaw, RuleKind, TimeSpacing};
use crate::expression::nearest_name;
use crate::source::{ExitCategory, SourceFile, Span};

/// Another value for one number of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The dotted key.
    pub key: String,
    /// A number or an expression.
    pub value: String,
    /// What stands for it where the user wrote it, if that is no `--set`.
    written: Option<String>,
}

impl Override {
    /// Splits `KEY=VALUE` at its first `=`.
    ///
    /// # Errors
    /// A text without `=`, or without anything before or after it.
    pub fn parse(text: &str) -> Result<Override, ModelError> {
        match text
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()))
        {
            Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok(Override {
                key: key.to_owned(),
                value: value.to_owned(),
                written: None,
            }),
            _ => {
                let shown = if text.is_empty() { " " } else { text };
                let fault = Fault::error(
                    code::OVERRIDE,
                    Span::new(0, shown.len()),
                    format!("`{shown}` is not KEY=VALUE"),
                );
                Err(in_own_text(
                    shown,
                    fault.help("as in `parameters.force=0.5`"),
                    "--set",
                ))
            }
        }
    }

    /// A number for `key`.
    #[must_use]
    pub fn number(key: impl Into<String>, value: f64) -> Override {
        let is_plain = value == 0.0 || (1e-5..1e15).contains(&value.abs());
        Override {
            key: key.into(),
            value: if is_plain {
                value.to_string()
            } else {
                format!("{value:e}")
            },
            written: None,
        }
    }

    /// Says what the user wrote, for errors: `--end 24` where that sets a number of the model.
    #[must_use]
    pub fn written_as(mut self, written: impl Into<String>) -> Override {
        self.written = Some(written.into());
        self
    }

    /// What the user wrote, which errors point at.
    pub(super) fn name(&self) -> String {
        let set = || format!("--set {}={}", self.key, self.value);
        self.written.clone().unwrap_or_else(set)
    }
}

/// Which number of a model a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// A parameter.
    Parameter(usize),
    /// The energy of a state.
    Energy(usize),
    /// The particle number of a state.
    Number(usize),
    /// The degeneracy of a state.
    Degeneracy(usize),
    /// The temperature of a reservoir.
    Temperature(usize),
    /// The chemical potential of a reservoir.
    ChemicalPotential(usize),
    /// The forward rate of a transition that states its rates.
    ForwardRate(usize),
    /// The backward rate of a transition that states its rates.
    BackwardRate(usize),
    /// The non-conservative work of a transition.
    Force(usize),
    /// The prefactor of a transition's rule.
    Prefactor(usize),
    /// The barrier of a transition's rule.
    Barrier(usize),
    /// The load of a transition's rule.
    Load(usize),
    /// The last time.
    TimeEnd,
    /// The first time of a logarithmic grid.
    TimeStart,
    /// The period of the driving.
    Period,
    /// The duration of the driving.
    Duration,
    /// The time between looks at the subsystems.
    IntervalBetweenLooks,
}

impl Target {
    /// The number that `key` names in this model.
    ///
    /// # Errors
    /// No number has this key; the nearest key that has one, if there is one near.
    pub(super) fn find(spec: &Markov, key: &str) -> Result<Target, Option<String>> {
        let section = key.split(['.', '[']).next();
        let found = every_key(spec, section, &mut |known, target| {
            (known == key).then_some(target)
        });
        found.ok_or_else(|| {
            let mut keys = Vec::new();
            every_key(spec, None, &mut |known, _| {
                keys.push(known.to_owned());
                (keys.len() >= MAXIMUM_SUGGESTED).then_some(Target::TimeEnd)
            });
            let qualified = format!("parameters.{key}");
            let near = if keys.contains(&qualified) {
                Some(qualified.as_str())
            } else {
                None
            };
            near.or_else(|| nearest_name(key, keys.iter().map(String::as_str)))
                .map(str::to_owned)
        })
    }

    /// Which names besides the parameters a formula for this number may use.
    fn admit(self, spec: &Markov) -> Admit {
        let of_transition = |index: usize| match spec.transitions[index].reservoir {
            Some(_) => Admit::TimeAndTemperature,
            None => Admit::TimeWithoutReservoir,
        };
        match self {
            Target::Parameter(_)
            | Target::Energy(_)
            | Target::Temperature(_)
            | Target::ChemicalPotential(_) => Admit::Time,
            Target::ForwardRate(index)
            | Target::BackwardRate(index)
            | Target::Force(index)
            | Target::Prefactor(index)
            | Target::Barrier(index)
            | Target::Load(index) => of_transition(index),
            Target::Number(_)
            | Target::Degeneracy(_)
            | Target::TimeEnd
            | Target::TimeStart
            | Target::Period
            | Target::Duration
            | Target::IntervalBetweenLooks => Admit::Constants,
        }
    }

    /// Puts a formula in the place of the number.
    fn assign(self, spec: &mut Markov, formula: Formula) -> Result<(), Box<Fault>> {
        match self {
            Target::Parameter(index) => {
                spec.parameters = std::mem::take(&mut spec.parameters).with_value(index, formula)?;
            }
            Target::Energy(index) => spec.states[index].energy = Some(formula),
            Target::Number(index) => spec.states[index].number = Some(formula),
            Target::Degeneracy(index) => spec.states[index].degeneracy = Some(formula),
            Target::Temperature(index) => spec.reservoirs[index].temperature = formula,
            Target::ChemicalPotential(index) => spec.reservoirs[index].chemical_potential = Some(formula),
            Target::Force(index) => spec.transitions[index].force = Some(formula),
            Target::ForwardRate(index) | Target::BackwardRate(index) => {
                if let RateLaw::Rates(rates) = &mut spec.transitions[index].law {
                    match self {
                        Target::ForwardRate(_) => rates.forward = formula,
                        _ => rates.backward = Some(formula),
                    }
                }
            }
            Target::Prefactor(index) | Target::Barrier(index) | Target::Load(index) => {
                if let RateLaw::Rule(rule) = &mut spec.transitions[index].law {
                    match self {
                        Target::Prefactor(_) => rule.prefactor = Some(formula),
                        Target::Barrier(_) => rule.barrier = Some(formula),
                        _ => rule.load = Some(formula),
                    }
                }
            }
            Target::TimeEnd | Target::TimeStart => {
                if let Some(grid) = &mut spec.time {
                    match self {
                        Target::TimeEnd => grid.end = formula,
                        _ => grid.spacing = TimeSpacing::Logarithmic(formula),
                    }
                }
            }
            Target::Period => spec.protocol = Some(Protocol::Period(formula)),
            Target::Duration => spec.protocol = Some(Protocol::Duration(formula)),
            Target::IntervalBetweenLooks => {
                if let Some(subsystems) = &mut spec.subsystems {
                    subsystems.interval = Some(formula);
                }
            }
        }
        Ok(())
    }
}

/// How many keys are compared with one that names nothing.
pub(super) const MAXIMUM_SUGGESTED: usize = 10_000;

/// Calls `visit` with every key of the model (or of one of its sections) and what it names, until it returns
/// something.
fn every_key(
    spec: &Markov,
    section: Option<&str>,
    visit: &mut dyn FnMut(&str, Target) -> Option<Target>,
) -> Option<Target> {
    let wanted = |name: &str| section.is_none_or(|section| section == name);
    for (index, parameter) in spec
        .parameters
        .iter()
        .enumerate()
        .filter(|_| wanted("parameters"))
    {
        if let found @ Some(_) = visit(
            &format!("parameters.{}", parameter.name),
            Target::Parameter(index),
        ) {
            return found;
        }
    }
    let reservoir_fields = |index| {
        vec![
            ("temperature", Target::Temperature(index)),
            ("chemical_potential", Target::ChemicalPotential(index)),
        ]
    };
    for (index, reservoir) in spec.reservoirs.iter().enumerate() {
        for section in ["reservoirs", "baths"]
            .into_iter()
            .filter(|section| wanted(section))
        {
            let prefixes = [format!("{section}.{}", reservoir.name)];
            if let found @ Some(_) = each_field(&prefixes, &reservoir_fields(index), visit) {
                return found;
            }
        }
    }
    for (index, state) in spec.states.iter().enumerate().filter(|_| wanted("states")) {
        let prefixes = [format!("states.{}", state.name), format!("states[{index}]")];
        let fields = [
            ("energy", Target::Energy(index)),
            ("number", Target::Number(index)),
            ("degeneracy", Target::Degeneracy(index)),
        ];
        if let found @ Some(_) = each_field(&prefixes, &fields, visit) {
            return found;
        }
    }
    for (index, transition) in spec
        .transitions
        .iter()
        .enumerate()
        .filter(|_| wanted("transitions"))
    {
        let prefixes = [
            format!("transitions.{}", transition.name),
            format!("transitions[{index}]"),
        ];
        let mut fields = vec![("force", Target::Force(index))];
        match &transition.law {
            RateLaw::Constant { .. } => {}
            RateLaw::Rates(_) => {
                fields.extend([
                    ("rates.forward", Target::ForwardRate(index)),
                    ("rates.backward", Target::BackwardRate(index)),
                ]);
            }
            RateLaw::Rule(rule) => {
                fields.push(("rule.prefactor", Target::Prefactor(index)));
                match rule.kind {
                    RuleKind::Arrhenius => fields.push(("rule.barrier", Target::Barrier(index))),
                    RuleKind::Symmetric => fields.push(("rule.load", Target::Load(index))),
                    _ => {}
                }
            }
        }
        if let found @ Some(_) = each_field(&prefixes, &fields, visit) {
            return found;
        }
    }
    let mut single = Vec::new();
    if let Some(grid) = &spec.time {
        single.push(("time.end", Target::TimeEnd));
        if matches!(grid.spacing, TimeSpacing::Logarithmic(_)) {
            single.push(("time.start", Target::TimeStart));
        }
    }
    match &spec.protocol {
        Some(Protocol::Period(_)) => single.push(("protocol.period", Target::Period)),
        Some(Protocol::Duration(_)) => single.push(("protocol.duration", Target::Duration)),
        None => {}
    }
    if spec.subsystems.is_some() {
        single.push(("subsystems.interval", Target::IntervalBetweenLooks));
    }
    single.into_iter().find_map(|(key, target)| visit(key, target))
}

fn each_field(
    prefixes: &[String],
    fields: &[(&str, Target)],
    visit: &mut dyn FnMut(&str, Target) -> Option<Target>,
) -> Option<Target> {
    for prefix in prefixes {
        for (field, target) in fields {
            if let found @ Some(_) = visit(&format!("{prefix}.{field}"), *target) {
                return found;
            }
        }
    }
    None
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Markov, overrides: &[Override]) -> Result<Markov, ModelError> {
    let mut changed = spec.clone();
    for given in overrides {
        let (key, value, name) = (&given.key, &given.value, given.name());
        let target = Target::find(&changed, key).map_err(|near| {
            let message = format!("no number of the model has the key `{key}`");
            let fault =
                Fault::error(code::OVERRIDE, Span::new(0, key.len()), message).suggest(near.as_deref());
            in_own_text(&format!("{key}={value}"), fault, &name)
        })?;
        let mut scope = Scope::new(
            changed
                .parameters
                .iter()
                .map(|parameter| parameter.name.clone())
                .collect(),
        );
        scope.set_time_dependence(changed.parameters.time_dependence());
        // The text of the value is the text that faults point into.
        let span = Span::new(0, value.len());
        let own = |fault: Fault| in_own_text(value, fault, &name);
        let formula = scope
            .formula(key, value, span, Some(0), target.admit(&changed))
            .map_err(|fault| own(*fault))?;
        let source = SourceFile::from_argument(name.clone(), value.clone())?;
        target
            .assign(&mut changed, formula.written_in(Arc::new(source)))
            .map_err(|fault| own(*fault))?;
    }
    refresh_time_dependence(&mut changed)?;
    Ok(changed)
}

/// Finds out again which formulas change with time, since a parameter may have begun or ceased to.
fn refresh_time_dependence(spec: &mut Markov) -> Result<(), ModelError> {
    let mut scope = Scope::new(
        spec.parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect(),
    );
    scope.set_time_dependence(spec.parameters.time_dependence());
    for formula in spec.formulas_mut() {
        formula.refresh(&scope);
    }
    match spec
        .constant_formulas()
        .into_iter()
        .find(|formula| scope.depends_on_time(formula))
    {
        None => Ok(()),
        Some(formula) => {
            let message = format!(
                "`{}` may not depend on time, but now does through a parameter",
                formula.key()
            );
            let fault = Fault::error(code::OVERRIDE, formula.span(), message);
            Err(ModelError::single(
                ExitCategory::Invalid,
                formula.diagnostic(fault, &spec.source),
            ))
        }
    }
}

/// An error in a text that is no file.
pub(super) fn in_own_text(text: &str, fault: Fault, name: &str) -> ModelError {
    match SourceFile::from_argument(name, text) {
        Ok(source) => ModelError::single(ExitCategory::Invalid, fault.in_file(&source)),
        Err(error) => ModelError::from(error),
    }
}

/// The choice that a word names.
pub(super) fn choice<T: Copy>(key: &str, value: &str, choices: &[(T, &str)]) -> Result<T, Fault> {
    let found = choices.iter().find(|(_, word)| *word == value);
    found.map(|(choice, _)| *choice).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(_, word)| *word).collect();
        let message = format!("`{key}` is one of {}", words.join(", "));
        Fault::error(code::OUT_OF_RANGE, Span::new(0, value.len()), message)
            .suggest(nearest_name(value, words))
    })
}
