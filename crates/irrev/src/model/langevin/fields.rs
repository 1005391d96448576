//! Potential, forces and mobilities as functions of time and place.

use super::super::formula::Formula;
use crate::expression::{Compiled, Expression};

/// V, f and μ of a model, with the parameters at their values.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Parameters, then room for coordinates, `t` and `T`.
    slots: Vec<f64>,
    /// Where coordinates begin.
    first: usize,
    dimension: usize,
    potential: Option<Function>,
    /// ∂V/∂x_i.
    gradient: Vec<Function>,
    force: Vec<Option<Function>>,
    mobility: Vec<Option<Function>>,
    depends_on_time: bool,
}

/// A number or a compiled expression.
#[derive(Clone, Debug)]
enum Function {
    Number(f64),
    Compiled(Box<Compiled>),
}

impl Function {
    fn of(formula: &Formula) -> Self {
        match (formula.number(), formula.compiled()) {
            (None, Some(compiled)) => Self::Compiled(Box::new(compiled.clone())),
            (number, _) => Self::Number(number.unwrap_or(f64::NAN)),
        }
    }

    fn at(&self, slots: &[f64]) -> f64 {
        match self {
            Self::Number(value) => *value,
            Self::Compiled(compiled) => compiled.evaluate(slots),
        }
    }
}

impl Fields {
    /// `names` are those of parameters and of coordinates, in the order of `parameters` and of the model.
    pub(super) fn new(
        names: &[String],
        parameters: &[f64],
        potential: Option<&Formula>,
        force: &[Option<&Formula>],
        mobility: &[Option<&Formula>],
    ) -> Self {
        let first = parameters.len();
        let mut slots = parameters.to_vec();
        slots.resize(names.len() + 2, f64::NAN);
        let position = |name: &str| match name {
            "t" => Some(names.len()),
            _ => names.iter().position(|known| known == name),
        };
        let slope = |expression: &Expression, name: &str| {
            let derivative = expression.derivative(name);
            match derivative.as_number() {
                Some(value) => Function::Number(value),
                // every name of a derivative stands in what it is the derivative of
                None => derivative
                    .compile_with(&position, &[])
                    .map_or(Function::Number(f64::NAN), |compiled| {
                        Function::Compiled(Box::new(compiled))
                    }),
            }
        };
        let gradient = names[first..]
            .iter()
            .map(|name| match potential.and_then(Formula::expression) {
                Some(expression) => slope(expression, name),
                None => Function::Number(0.0),
            })
            .collect();
        let all = || potential.into_iter().chain(force.iter().chain(mobility).copied().flatten());
        let functions = |formulas: &[Option<&Formula>]| {
            formulas
                .iter()
                .map(|formula| formula.map(Function::of))
                .collect()
        };
        Self {
            slots,
            first,
            dimension: names.len() - first,
            potential: potential.map(Function::of),
            gradient,
            force: functions(force),
            mobility: functions(mobility),
            depends_on_time: all().any(Formula::depends_on_time),
        }
    }

    /// Number of coordinates.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Whether potential, forces or mobilities change with time.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.depends_on_time
    }

    /// Whether there is a force beside that of the potential.
    #[must_use]
    pub fn has_force(&self) -> bool {
        self.force
            .iter()
            .flatten()
            .any(|force| !matches!(force, Function::Number(0.0)))
    }

    /// Whether the mobility changes from place to place.
    #[must_use]
    pub fn has_mobility_of_place(&self) -> bool {
        self.mobility
            .iter()
            .flatten()
            .any(|mobility| matches!(mobility, Function::Compiled(_)))
    }

    fn placed(&self, time: f64, x: &[f64]) -> Vec<f64> {
        let mut slots = self.slots.clone();
        slots[self.first..self.first + self.dimension].copy_from_slice(x);
        slots[self.first + self.dimension] = time;
        slots
    }

    /// V(x, t), in energy; 0 without a potential.
    #[must_use]
    pub fn potential(&self, time: f64, x: &[f64]) -> f64 {
        self.potential
            .as_ref()
            .map_or(0.0, |potential| potential.at(&self.placed(time, x)))
    }

    /// ∂V/∂x_i(x, t), in energy over length, by symbolic differentiation.
    #[must_use]
    pub fn gradient(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.gradient[i].at(&self.placed(time, x))
    }

    /// f_i(x, t), the force that is not of the potential, in energy over length.
    #[must_use]
    pub fn own_force(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.force[i]
            .as_ref()
            .map_or(0.0, |force| force.at(&self.placed(time, x)))
    }

    /// F_i = −∂V/∂x_i + f_i, in energy over length.
    #[must_use]
    pub fn force(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.own_force(i, time, x) - self.gradient(i, time, x)
    }

    /// μ_i(x, t), in length² over energy and time; 1 where the model says nothing.
    #[must_use]
    pub fn mobility(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.mobility[i]
            .as_ref()
            .map_or(1.0, |mobility| mobility.at(&self.placed(time, x)))
    }
}
