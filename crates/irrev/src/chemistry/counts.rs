//! A reaction model on molecule counts.
//!
//! With n = Ω a molecules of amount a, mass action V k ∏ c^ν becomes the propensity k_eff Ω ∏ n(n−1)…(n−ν+1)/Ω^ν, and a flux j(a)
//! becomes Ω j(n/Ω), as it is written: k x² is k n²/Ω, unless the model wants its powers as falling factorials. Chemostats and species that follow a formula are not counted; a law whose values are those of
//! mass action at every count tried is simulated as mass action.

use std::sync::Arc;

use irrev_network::counts::{CountReaction, CountSystem, Propensity, PropensityLaw};
use irrev_network::reactions::Law;

use super::propensity::{Channel, FormulaPropensity};
use super::{Chemistry, recognition};
use crate::error::{Error, Result};
use crate::model::{self, ReactionsEnvironment, code};

/// A model on counts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CountModel {
    /// Species that are counted, and reactions.
    pub system: CountSystem,
    /// Counts at time 0.
    pub initial: Vec<i64>,
    /// System size Ω: molecules per unit of amount.
    pub system_size: f64,
    /// Names of species whose initial amount was not a whole number of molecules, with that number.
    pub rounded: Vec<(String, f64)>,
    /// Names of reactions whose formula was recognised as mass action.
    pub recognised: Vec<String>,
    /// Names of reactions whose formula is a constant times powers of numbers of molecules, some above one; [`model::Reactions::powers`]
    /// says what was made of them.
    pub powers: Vec<String>,
    /// Names of reactions whose law could be negative, but which the file calls irreversible: simulated as written, one way.
    pub as_written: Vec<String>,
}

/// A number of molecules this near a whole number, relative, is that number.
const WHOLE: f64 = 1e-9;

impl Chemistry {
    /// The same model on counts.
    ///
    /// # Errors
    /// [`Error::Model`] for what counts cannot express: species or variables that change at a rate, net laws, stoichiometry that is not
    /// whole, amounts beyond 2⁵³ molecules.
    pub fn counts(&self, environment: &ReactionsEnvironment<'_>) -> Result<CountModel> {
        let spec = environment.spec();
        let size = environment.system_size()?;
        let refuse = |span, message: String, help: &str| -> Error {
            spec.error_at(span, code::CONFLICT, message, Some(help)).into()
        };
        if let Some(name) = self.system.drifting().first() {
            let span = spec
                .species
                .iter()
                .map(|s| (&s.name, s.span))
                .chain(spec.variables.iter().map(|v| (&v.name, v.span)))
                .find(|(known, _)| *known == name)
                .map(|(_, span)| span)
                .unwrap_or_default();
            return Err(refuse(
                span,
                format!("`{name}` changes at a rate, which has no jumps"),
                "simulate the model by concentrations, or replace the rate by reactions",
            ));
        }
        let (mut recognised, mut as_written, mut powers) = (Vec::new(), Vec::new(), Vec::new());
        let mut reactions = Vec::with_capacity(spec.reactions.len());
        for (r, reaction) in spec.reactions.iter().enumerate() {
            let mut change = Vec::new();
            for &(state, c) in self.system.change(r) {
                if c.fract() != 0.0 || c.abs() > 1e6 {
                    let name = &self.system.state_names()[state];
                    let message = format!(
                        "reaction \"{}\" changes {name} by {c}, which is no whole number",
                        reaction.name
                    );
                    return Err(refuse(
                        reaction.span,
                        message,
                        "counts change by whole numbers only",
                    ));
                }
                change.push((state, c as i64));
            }
            let (forward, backward) = match self.system.reactions()[r].law {
                Law::MassAction { forward, backward } => {
                    let up = self.mass_action(&reaction.reactants, forward, size);
                    let down = self.mass_action(&reaction.products, backward, size);
                    let whole = |p: Option<Propensity>| {
                        p.ok_or_else(|| {
                            let message = format!(
                                "reaction \"{}\" has stoichiometry that is not whole",
                                reaction.name
                            );
                            refuse(reaction.span, message, "counts react in whole numbers only")
                        })
                    };
                    let is_one_way = backward == 0.0;
                    (whole(up)?, if is_one_way { None } else { Some(whole(down)?) })
                }
                Law::Net => {
                    // `c*P*(P-1)/2` subtracts something and is a rate on whole numbers; a true net law is not
                    let law =
                        FormulaPropensity::new(environment, &self.conversion, r, Channel::Forward, size);
                    match law.map(|law| (recognition::mass_action(&law), law)) {
                        Some((Some(found), _)) => {
                            recognised.push(reaction.name.clone());
                            (found, None)
                        }
                        // one that the file calls irreversible is taken at its word: a negative value stops the simulation
                        Some((None, law)) if reaction.stated_one_way => {
                            as_written.push(reaction.name.clone());
                            (Propensity::Law(Arc::new(law)), None)
                        }
                        _ => {
                            let message = format!(
                                "reaction \"{}\" has a net law: the rates of its two directions are not known",
                                reaction.name
                            );
                            return Err(refuse(
                                reaction.span,
                                message,
                                "give `forward` and `backward` instead of `net`",
                            ));
                        }
                    }
                }
                Law::General => {
                    let mut made = |channel| {
                        let law = FormulaPropensity::new(environment, &self.conversion, r, channel, size)?;
                        let found = recognition::mass_action(&law);
                        if found.is_some() && channel == Channel::Forward {
                            recognised.push(reaction.name.clone());
                        }
                        let with_falling = match found {
                            Some(_) => None,
                            None => recognition::powers(&law),
                        };
                        if with_falling.is_some() && powers.last() != Some(&reaction.name) {
                            powers.push(reaction.name.clone());
                        }
                        let falling =
                            with_falling.filter(|_| spec.powers == model::Powers::FallingFactorials);
                        let as_written = || Propensity::Law(Arc::new(law) as Arc<dyn PropensityLaw>);
                        Some(found.or(falling).unwrap_or_else(as_written))
                    };
                    // every law that is no constant mass action has a forward formula
                    let forward = made(Channel::Forward).unwrap_or_else(|| Propensity::mass_action(0.0, &[]));
                    (forward, made(Channel::Backward))
                }
            };
            reactions.push(CountReaction {
                name: reaction.name.clone(),
                change,
                forward,
                backward,
                reservoir: None,
            });
        }
        let names = self.system.state_names().to_vec();
        let system =
            CountSystem::new(names, reactions).map_err(|error| Error::network(spec.source.name(), error))?;
        let mut rounded = Vec::new();
        let mut initial = Vec::with_capacity(self.initial.len());
        for (name, amount) in self.system.state_names().iter().zip(&self.initial) {
            let molecules = amount * size;
            if molecules > irrev_network::counts::LARGEST_COUNT as f64 {
                return Err(refuse(
                    model_span(spec, name),
                    format!("`{name}` begins with {molecules:e} molecules, more than can be counted exactly"),
                    "choose a smaller system size [volume] omega",
                ));
            }
            if (molecules - molecules.round()).abs() > WHOLE * molecules.max(1.0) {
                rounded.push((name.clone(), molecules));
            }
            initial.push(molecules.round() as i64);
        }
        Ok(CountModel {
            system,
            initial,
            system_size: size,
            rounded,
            recognised,
            powers,
            as_written,
        })
    }

    /// k_eff Ω ∏ held^ν ∏ ff(n)/Ω^ν; `None` if a counted species has a coefficient that is not whole.
    fn mass_action(&self, side: &[(usize, f64)], constant: f64, size: f64) -> Option<Propensity> {
        let mut constant = constant * size;
        let mut reactants = Vec::new();
        for &(s, nu) in side {
            match self.system.state_of(s) {
                Some(state) => {
                    if nu.fract() != 0.0 || nu > 100.0 {
                        return None;
                    }
                    constant *= size.powf(-nu);
                    reactants.push((state, nu as u32));
                }
                None => constant *= self.system.species()[s].held.unwrap_or(0.0).powf(nu),
            }
        }
        Some(Propensity::mass_action(constant, &reactants))
    }
}

fn model_span(spec: &model::Reactions, name: &str) -> crate::source::Span {
    spec.species
        .iter()
        .find(|s| s.name == name)
        .map(|s| s.span)
        .unwrap_or_default()
}
