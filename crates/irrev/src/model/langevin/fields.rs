//! Potential, forces and mobilities as functions of time and place.

use std::sync::Arc;

use super::super::formula::Formula;
use irrev_landscape::langevin::{ForceField, LinearField};
use irrev_numerics::linalg::Matrix;

use crate::expression::{Compiled, Expression, Program, ProgramBuilder};

/// V, f and μ of a model, with the parameters at their values.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Names of parameters and of coordinates.
    names: Arc<[String]>,
    /// Parameters, then room for coordinates, `t` and `T`.
    slots: Vec<f64>,
    /// Where coordinates begin.
    first: usize,
    dimension: usize,
    potential: Option<Function>,
    /// ∂V/∂x_i.
    gradient: Vec<Function>,
    force: Vec<Option<Function>>,
    /// What V and f are the values of, for further derivatives.
    written: Written,
    mobility: Vec<Option<Function>>,
    /// ∂μ_i/∂x_i.
    mobility_slopes: Vec<Function>,
    depends_on_time: bool,
}

/// Formulas as they were written; none for numbers.
#[derive(Clone, Debug, Default)]
struct Written {
    potential: Option<Expression>,
    force: Vec<Option<Expression>>,
}

/// A number or a compiled expression.
#[derive(Clone, Debug)]
pub(super) enum Function {
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

    pub(super) fn at(&self, slots: &[f64]) -> f64 {
        match self {
            Self::Number(value) => *value,
            Self::Compiled(compiled) => compiled.evaluate(slots),
        }
    }
}

impl Function {
    /// Adds the function to a program; the number of its output.
    fn add(&self, builder: &mut ProgramBuilder) -> usize {
        let value = match self {
            Self::Number(value) => builder.number(*value),
            Self::Compiled(compiled) => builder.formula(compiled),
        };
        builder.output(value)
    }
}

/// An expression in named slots and the time `t`, which has the slot after all others.
fn function(names: &[String], expression: &Expression) -> Function {
    let position = |name: &str| match name {
        "t" => Some(names.len()),
        _ => names.iter().position(|known| known == name),
    };
    match expression.as_number() {
        Some(value) => Function::Number(value),
        // every name of a derivative stands in what it is the derivative of
        None => expression
            .compile_with(&position, &[])
            .map_or(Function::Number(f64::NAN), |compiled| {
                Function::Compiled(Box::new(compiled))
            }),
    }
}

impl Fields {
    /// `names` are those of parameters and of coordinates, in the order of `parameters` and of the model.
    pub(in crate::model) fn new(
        names: &[String],
        parameters: &[f64],
        potential: Option<&Formula>,
        force: &[Option<&Formula>],
        mobility: &[Option<&Formula>],
    ) -> Self {
        let first = parameters.len();
        let mut slots = parameters.to_vec();
        slots.resize(names.len() + 2, f64::NAN);
        let slope = |expression: &Expression, name: &str| function(names, &expression.derivative(name));
        let gradient = names[first..]
            .iter()
            .map(|name| match potential.and_then(Formula::expression) {
                Some(expression) => slope(expression, name),
                None => Function::Number(0.0),
            })
            .collect();
        let mobility_slopes = names[first..]
            .iter()
            .zip(mobility)
            .map(|(name, mobility)| match mobility.and_then(Formula::expression) {
                Some(expression) => slope(expression, name),
                None => Function::Number(0.0),
            })
            .collect();
        let all = || {
            potential
                .into_iter()
                .chain(force.iter().chain(mobility).copied().flatten())
        };
        let functions = |formulas: &[Option<&Formula>]| {
            formulas.iter().map(|formula| formula.map(Function::of)).collect()
        };
        let expression = |formula: &Formula| formula.expression().cloned();
        Self {
            names: names.into(),
            slots,
            first,
            dimension: names.len() - first,
            written: Written {
                potential: potential.and_then(expression),
                force: force.iter().map(|force| force.and_then(expression)).collect(),
            },
            potential: potential.map(Function::of),
            gradient,
            force: functions(force),
            mobility: functions(mobility),
            mobility_slopes,
            depends_on_time: all().any(Formula::depends_on_time),
        }
    }

    /// Names of the coordinates.
    pub(super) fn coordinate_names(&self) -> &[String] {
        &self.names[self.first..]
    }

    /// V as it was written; none if it is a number.
    pub(super) fn potential_expression(&self) -> Option<&Expression> {
        self.written.potential.as_ref()
    }

    /// f_i as it was written; none if it is a number.
    pub(super) fn force_expression(&self, i: usize) -> Option<&Expression> {
        self.written.force[i].as_ref()
    }

    /// An expression in parameters, coordinates and the time as a function.
    pub(super) fn function(&self, expression: &Expression) -> Function {
        function(&self.names, expression)
    }

    /// The derivative of an expression as a function.
    pub(super) fn slope(&self, expression: &Expression, name: &str) -> Function {
        self.function(&expression.derivative(name))
    }

    /// Whether an expression depends on place or time.
    pub(super) fn changes(&self, expression: &Expression) -> bool {
        let moves = |name: &&str| *name == "t" || self.coordinate_names().iter().any(|known| known == name);
        expression.names().iter().any(moves)
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

    /// Values of parameters, coordinates and time.
    pub(super) fn placed(&self, time: f64, x: &[f64]) -> Vec<f64> {
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

    /// ∂μ_i/∂x_i(x, t), by symbolic differentiation.
    #[must_use]
    pub fn mobility_slope(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.mobility_slopes[i].at(&self.placed(time, x))
    }

    /// μ_i(x, t), in length² over energy and time; 1 where the model says nothing.
    #[must_use]
    pub fn mobility(&self, i: usize, time: f64, x: &[f64]) -> f64 {
        self.mobility[i]
            .as_ref()
            .map_or(1.0, |mobility| mobility.at(&self.placed(time, x)))
    }
}

/// The same fields for blocks of walkers: one program for each question, run on rows.
#[derive(Clone, Debug)]
pub struct FieldRows {
    fields: Fields,
    forces: Program,
    potential: Program,
    own_forces: Program,
    mobilities: Program,
    /// A and b of a linear force.
    linear: Option<LinearField>,
    fingerprint: String,
    /// The time at which the fields are held, if they are.
    held: Option<f64>,
}

impl FieldRows {
    /// `fingerprint` tells these fields from others, so that no checkpoint is continued with another model.
    #[must_use]
    pub fn new(fields: &Fields, fingerprint: String) -> Self {
        let slots = fields.slots.len();
        let zero = Function::Number(0.0);
        let one = Function::Number(1.0);
        let program = |functions: &[&Function]| {
            let mut builder = ProgramBuilder::new(slots);
            for function in functions {
                function.add(&mut builder);
            }
            builder.finish()
        };
        let of = |list: &'_ [Option<Function>], default: &'_ Function| -> Vec<Function> {
            list.iter()
                .map(|function| function.clone().unwrap_or_else(|| default.clone()))
                .collect()
        };
        let own = of(&fields.force, &zero);
        let mobility = of(&fields.mobility, &one);
        let both: Vec<&Function> = own.iter().chain(&fields.gradient).collect();
        Self {
            forces: program(&both),
            potential: program(&[fields.potential.as_ref().unwrap_or(&zero)]),
            own_forces: program(&own.iter().collect::<Vec<_>>()),
            mobilities: program(&mobility.iter().chain(&fields.mobility_slopes).collect::<Vec<_>>()),
            linear: None,
            fields: fields.clone(),
            fingerprint,
            held: None,
        }
    }

    /// The same with A and b of a linear force, which exact integrators need.
    #[must_use]
    pub fn with_linear(mut self) -> Self {
        self.linear = self.fields.linear();
        self
    }

    /// The fields as they are at a time, for ever.
    #[must_use]
    pub fn held_at(&self, time: f64) -> Self {
        Self {
            held: Some(time),
            fingerprint: format!("{} held at {time:?}", self.fingerprint),
            ..self.clone()
        }
    }

    /// A program run on the rows of a block.
    fn run(&self, program: &Program, time: f64, positions: &[f64], lanes: usize) -> Vec<f64> {
        let fields = &self.fields;
        let mut rows = program.rows(lanes);
        for (slot, value) in fields.slots[..fields.first].iter().enumerate() {
            rows[slot * lanes..(slot + 1) * lanes].fill(*value);
        }
        let from = fields.first * lanes;
        rows[from..from + positions.len()].copy_from_slice(positions);
        let from = (fields.first + fields.dimension) * lanes;
        rows[from..from + lanes].fill(self.held.unwrap_or(time));
        program.run_rows(&mut rows, lanes);
        rows
    }

    fn copy(&self, program: &Program, rows: &[f64], first: usize, lanes: usize, out: &mut [f64]) {
        for (i, out) in out.chunks_exact_mut(lanes).enumerate() {
            out.copy_from_slice(program.output_row(rows, first + i, lanes));
        }
    }
}

impl ForceField for FieldRows {
    fn dimension(&self) -> usize {
        self.fields.dimension
    }

    fn parts(&self) -> irrev_landscape::langevin::Parts {
        irrev_landscape::langevin::Parts {
            potential: true,
            drive: self.fields.has_force(),
            time: self.fields.depends_on_time && self.held.is_none(),
        }
    }

    fn forces(
        &self,
        time: f64,
        positions: &[f64],
        lanes: usize,
        forces: &mut [f64],
    ) -> irrev_landscape::Result<()> {
        let rows = self.run(&self.forces, time, positions, lanes);
        self.copy(&self.forces, &rows, 0, lanes, forces);
        for (i, forces) in forces.chunks_exact_mut(lanes).enumerate() {
            let slopes = self.forces.output_row(&rows, self.fields.dimension + i, lanes);
            for (force, slope) in forces.iter_mut().zip(slopes) {
                *force -= slope;
            }
        }
        Ok(())
    }

    fn potential(
        &self,
        time: f64,
        positions: &[f64],
        lanes: usize,
        energies: &mut [f64],
    ) -> irrev_landscape::Result<()> {
        let rows = self.run(&self.potential, time, positions, lanes);
        self.copy(&self.potential, &rows, 0, lanes, energies);
        Ok(())
    }

    fn drive(
        &self,
        time: f64,
        positions: &[f64],
        lanes: usize,
        drive: &mut [f64],
    ) -> irrev_landscape::Result<()> {
        let rows = self.run(&self.own_forces, time, positions, lanes);
        self.copy(&self.own_forces, &rows, 0, lanes, drive);
        Ok(())
    }

    fn linear(&self) -> Option<(&Matrix, &[f64])> {
        self.linear.as_ref().and_then(|field| field.linear())
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

impl irrev_landscape::langevin::MobilityField for FieldRows {
    fn dimension(&self) -> usize {
        self.fields.dimension
    }

    fn mobilities(
        &self,
        positions: &[f64],
        lanes: usize,
        mobilities: &mut [f64],
        gradients: &mut [f64],
    ) -> irrev_landscape::Result<()> {
        let rows = self.run(&self.mobilities, 0.0, positions, lanes);
        self.copy(&self.mobilities, &rows, 0, lanes, mobilities);
        self.copy(&self.mobilities, &rows, self.fields.dimension, lanes, gradients);
        Ok(())
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}
