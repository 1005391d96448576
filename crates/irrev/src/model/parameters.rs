//! Named numbers that may be defined by each other.

use std::collections::HashMap;

use super::diagnostic::{Fault, code};
use super::formula::Formula;
use crate::source::Span;

/// A named number.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name: usable in expressions, unique.
    pub name: String,
    /// A number, or an expression in other parameters and the time `t`.
    pub value: Formula,
    /// Label of its unit.
    pub unit: Option<String>,
    /// What it is.
    pub doc: Option<String>,
    /// Smallest value allowed.
    pub minimum: Option<f64>,
    /// Largest value allowed.
    pub maximum: Option<f64>,
    /// Where its name is written.
    pub span: Span,
}

/// The parameters of a model in the order of the file, and the order in which to evaluate them.
#[derive(Clone, Debug, Default)]
pub struct ParameterTable {
    parameters: Vec<Parameter>,
    order: Vec<usize>,
    depends_on_time: Vec<bool>,
    positions: HashMap<String, usize>,
}

impl ParameterTable {
    /// Orders the parameters so that each comes after those it is defined by. O(parameters + uses).
    pub(super) fn new(parameters: Vec<Parameter>) -> Result<Self, Box<Fault>> {
        let positions: HashMap<String, usize> = parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| (parameter.name.clone(), index))
            .collect();
        let uses: Vec<Vec<usize>> = parameters
            .iter()
            .map(|parameter| {
                let names = parameter
                    .value
                    .expression()
                    .map(|expression| expression.names())
                    .unwrap_or_default();
                names
                    .into_iter()
                    .filter_map(|name| positions.get(name).copied())
                    .collect()
            })
            .collect();
        let order = evaluation_order(&uses).map_err(|cycle| Box::new(cyclic(&parameters, &cycle)))?;
        let mut depends_on_time = vec![false; parameters.len()];
        for &index in &order {
            depends_on_time[index] = parameters[index].value.depends_on_time()
                || uses[index].iter().any(|used| depends_on_time[*used]);
        }
        Ok(ParameterTable {
            parameters,
            order,
            depends_on_time,
            positions,
        })
    }

    /// Number of parameters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parameters.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// The parameters in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Parameter> {
        self.parameters.iter()
    }

    /// Index of the parameter of this name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The parameter of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Parameter> {
        self.position(name).map(|index| &self.parameters[index])
    }

    /// Indices in an order in which each parameter comes after those it is defined by.
    #[must_use]
    pub fn evaluation_order(&self) -> &[usize] {
        &self.order
    }

    /// Whether the parameter of this index changes with time, by itself or through another.
    #[must_use]
    pub fn depends_on_time(&self, index: usize) -> bool {
        self.depends_on_time.get(index).copied().unwrap_or(false)
    }

    pub(super) fn time_dependence(&self) -> Vec<bool> {
        self.depends_on_time.clone()
    }

    /// The same parameters with another value for one.
    pub(super) fn with_value(mut self, index: usize, value: Formula) -> Result<Self, Box<Fault>> {
        self.parameters[index].value = value;
        ParameterTable::new(self.parameters)
    }
}

impl<'a> IntoIterator for &'a ParameterTable {
    type Item = &'a Parameter;
    type IntoIter = std::slice::Iter<'a, Parameter>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An order in which everything comes after what it uses, or else a cycle of indices.
pub(super) fn evaluation_order(uses: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        New,
        Open,
        Done,
    }
    let mut visits = vec![Visit::New; uses.len()];
    let mut order = Vec::with_capacity(uses.len());
    for start in 0..uses.len() {
        if visits[start] != Visit::New {
            continue;
        }
        // The path from the start, each with the number of its uses already followed.
        let mut path = vec![(start, 0)];
        visits[start] = Visit::Open;
        while let Some((index, followed)) = path.last_mut() {
            let Some(&next) = uses[*index].get(*followed) else {
                visits[*index] = Visit::Done;
                order.push(*index);
                path.pop();
                continue;
            };
            *followed += 1;
            match visits[next] {
                Visit::Done => {}
                Visit::New => {
                    visits[next] = Visit::Open;
                    path.push((next, 0));
                }
                Visit::Open => {
                    let nodes = path.iter().map(|(node, _)| *node);
                    return Err(nodes.skip_while(|node| *node != next).collect());
                }
            }
        }
    }
    Ok(order)
}

/// How many members of a cycle are named.
const CYCLE_NAMED: usize = 8;

fn cyclic(parameters: &[Parameter], cycle: &[usize]) -> Fault {
    let mut names: Vec<&str> = cycle
        .iter()
        .take(CYCLE_NAMED)
        .map(|index| parameters[*index].name.as_str())
        .collect();
    if cycle.len() > CYCLE_NAMED {
        names.push("…");
    }
    let first = cycle.first().map(|index| &parameters[*index]);
    names.extend(first.map(|parameter| parameter.name.as_str()));
    let message = format!("parameters are defined by each other: {}", names.join(" → "));
    let span = first.map_or(Span::default(), |parameter| parameter.value.span());
    Fault::error(code::CYCLIC_PARAMETERS, span, message).help("give one of them a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_comes_first() {
        assert_eq!(
            evaluation_order(&[vec![1, 2], vec![2], vec![]]),
            Ok(vec![2, 1, 0])
        );
        assert_eq!(evaluation_order(&[]), Ok(vec![]));
    }

    #[test]
    fn a_cycle_is_named_without_what_leads_to_it() {
        assert_eq!(evaluation_order(&[vec![1], vec![2], vec![1]]), Err(vec![1, 2]));
        assert_eq!(evaluation_order(&[vec![0]]), Err(vec![0]));
    }

    #[test]
    fn long_chains_do_not_exhaust_the_stack() {
        let length = 200_000;
        let uses: Vec<Vec<usize>> = (0..length)
            .map(|index| {
                if index + 1 < length {
                    vec![index + 1]
                } else {
                    vec![]
                }
            })
            .collect();
        assert_eq!(evaluation_order(&uses).map(|order| order.len()), Ok(length));
    }
}
