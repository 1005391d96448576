//! A propensity that fails because the system size leaves a handful of molecules.
//!
//! A rate law by concentrations is made for many molecules: k (total − X), with X within its total, is negative where the total is
//! 0.3 molecules and X is one. The cure is a system size at which the amounts are many molecules.

use super::CountQuestion;
use crate::error::{Error, Scarcity};

/// Molecules that the scarcest species of the initial state should have.
const SCARCEST: f64 = 100.0;

/// Most molecules of a suggested system: more would be slow.
const MOST: f64 = 1e6;

/// The error with the number of molecules and a better system size, if that may be its cause.
pub(super) fn explained(question: &CountQuestion<'_>, error: irrev_network::Error) -> Error {
    let model = question.environment.spec().source.name();
    let amounts = &question.chemistry.initial;
    match (&error, question.environment.system_size()) {
        (irrev_network::Error::Propensity { .. }, Ok(system_size)) => match suggested(amounts, system_size) {
            Some(suggested) => {
                let molecules = |size: f64| amounts.iter().map(|amount| (amount * size).round()).sum::<f64>();
                let scarcity = Scarcity {
                    system_size,
                    molecules: molecules(system_size),
                    suggested,
                    then: molecules(suggested),
                };
                Error::FewMolecules {
                    model: model.to_owned(),
                    scarcity: Box::new(scarcity),
                    error,
                }
            }
            None => Error::network(model, error),
        },
        _ => Error::network(model, error),
    }
}

/// A power of ten at which the scarcest species has enough molecules, within what can be simulated; `None` if the size is no smaller.
fn suggested(amounts: &[f64], size: f64) -> Option<f64> {
    let present = || amounts.iter().copied().filter(|amount| *amount > 0.0);
    let scarcest = present().fold(f64::INFINITY, f64::min);
    let total: f64 = present().sum();
    let enough = 10_f64.powi((SCARCEST / scarcest).log10().ceil() as i32);
    let most = 10_f64.powi((MOST / total).log10().floor() as i32);
    let suggested = enough.min(most);
    (suggested.is_finite() && suggested > size).then_some(suggested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_suggested_that_makes_enough_molecules_and_not_too_many() {
        assert_eq!(suggested(&[0.3, 2.0, 0.0], 1.0), Some(1000.0));
        assert_eq!(suggested(&[1e-9, 2.0], 1.0), Some(1e5));
        assert_eq!(suggested(&[0.3, 2.0], 5000.0), None);
        assert_eq!(suggested(&[0.0], 1.0), None);
    }
}
