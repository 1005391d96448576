//! A second evaluator, through the public interface only and as plain as can be: everything again until nothing is unknown.

use std::collections::HashMap;

use irrev::model::{Backward, Formula, Law, Quantity, Reactions, Role, VariableLaw};

/// Values of symbols by name, `t` among them.
pub(crate) type Values = HashMap<String, f64>;

/// The value, if all names are known.
fn value(formula: &Formula, values: &Values) -> Option<f64> {
    match formula.expression() {
        None => formula.number(),
        Some(expression) => expression.evaluate(&|name| values.get(name).copied()).ok(),
    }
}

fn size(model: &Reactions, species: usize, values: &Values) -> Option<f64> {
    match model.species[species].compartment {
        None => Some(1.0),
        Some(index) => values.get(&model.compartments[index].name).copied(),
    }
}

/// The value of a species' symbol from an amount, or the other way round with `inverse`.
fn converted(
    model: &Reactions,
    species: usize,
    from: Quantity,
    to: Quantity,
    value: f64,
    values: &Values,
) -> Option<f64> {
    Some(match (from, to) {
        (Quantity::Amount, Quantity::Concentration) => value / size(model, species, values)?,
        (Quantity::Concentration, Quantity::Amount) => value * size(model, species, values)?,
        _ => value,
    })
}

/// Fills in what is missing from what it follows.
fn settled(model: &Reactions, mut values: Values, at_time_zero: bool) -> Values {
    loop {
        let before = values.len();
        let mut found: Vec<(String, f64)> = Vec::new();
        let mut offer =
            |name: &str, value: Option<f64>| found.extend(value.map(|value| (name.to_owned(), value)));
        for parameter in &model.parameters {
            offer(&parameter.name, value(&parameter.value, &values));
        }
        for compartment in &model.compartments {
            offer(&compartment.name, value(&compartment.size, &values));
        }
        for (index, species) in model.species.iter().enumerate() {
            match &species.role {
                Role::Assigned(formula) => offer(&species.name, value(formula, &values)),
                _ if at_time_zero => {
                    let stated = value(&species.initial, &values);
                    let symbol = stated.and_then(|stated| {
                        converted(
                            model,
                            index,
                            species.initial_quantity,
                            species.symbol,
                            stated,
                            &values,
                        )
                    });
                    offer(&species.name, symbol);
                }
                _ => {}
            }
        }
        for variable in &model.variables {
            match &variable.law {
                VariableLaw::Assigned(formula) => offer(&variable.name, value(formula, &values)),
                VariableLaw::Rate { initial, .. } => offer(&variable.name, value(initial, &values)),
            }
        }
        for (name, value) in found {
            values.entry(name).or_insert(value);
        }
        if values.len() == before {
            return values;
        }
    }
}

/// All symbols at time 0.
pub(crate) fn initial(model: &Reactions) -> Values {
    settled(model, Values::from([("t".to_owned(), 0.0)]), true)
}

/// All symbols at a time, given the amounts of the species that follow no formula.
pub(crate) fn at(model: &Reactions, time: f64, amount: &dyn Fn(&str) -> Option<f64>) -> Values {
    let start = initial(model);
    let mut values = Values::from([("t".to_owned(), time)]);
    // Evaluated once, at time 0.
    let constants = model
        .parameters
        .iter()
        .map(|p| &p.name)
        .chain(model.compartments.iter().map(|c| &c.name));
    values.extend(constants.map(|name| (name.clone(), start[name])));
    for (index, species) in model.species.iter().enumerate() {
        if matches!(species.role, Role::Assigned(_)) {
            continue;
        }
        let given = amount(&species.name).unwrap_or(f64::NAN);
        let symbol = converted(model, index, Quantity::Amount, species.symbol, given, &values).unwrap();
        values.insert(species.name.clone(), symbol);
    }
    settled(model, values, false)
}

/// The amount of a species.
pub(crate) fn amount(model: &Reactions, species: usize, values: &Values) -> f64 {
    let spec = &model.species[species];
    converted(
        model,
        species,
        spec.symbol,
        Quantity::Amount,
        values[&spec.name],
        values,
    )
    .unwrap()
}

/// Forward and backward flux of a reaction; a net law counts as forward.
pub(crate) fn fluxes(model: &Reactions, reaction: usize, values: &Values) -> (f64, f64) {
    let at = |formula: &Formula| value(formula, values).unwrap();
    match &model.reactions[reaction].law {
        Law::Net(net) => (at(net), 0.0),
        Law::Flux {
            forward,
            backward: Backward::Rate(backward),
        } => (at(forward), at(backward)),
        Law::Flux {
            forward,
            backward: Backward::None,
        } => (at(forward), 0.0),
        law => panic!("SBML gives no {law:?}"),
    }
}

/// Rate of change of a species' amount, and the sum of the sizes of what it is made of.
pub(crate) fn change(model: &Reactions, species: usize, values: &Values) -> (f64, f64) {
    let spec = &model.species[species];
    if let Role::Rate(formula) = &spec.role {
        let rate = value(formula, values).unwrap();
        let change = converted(model, species, spec.symbol, Quantity::Amount, rate, values).unwrap();
        return (change, change.abs());
    }
    let (mut change, mut scale) = (0.0, 0.0);
    if !matches!(spec.role, Role::Dynamic) {
        return (change, scale);
    }
    for (index, reaction) in model.reactions.iter().enumerate() {
        let (forward, backward) = fluxes(model, index, values);
        for (sign, side) in [(-1.0, &reaction.reactants), (1.0, &reaction.products)] {
            for (_, count) in side.iter().filter(|(known, _)| *known == species) {
                change += sign * count * (forward - backward);
                scale += count * (forward.abs() + backward.abs());
            }
        }
    }
    (change, scale)
}
