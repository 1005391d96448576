//! Many formulas as one flat program, with what they share computed once, and with derivatives by the chain rule.
//!
//! A rate equation evaluates the same formulas millions of times. Here they lie in one list of operations on one array of registers: the
//! slots of the variables first, then the constants, then one register per operation. Equal sub-expressions of whatever formula have one
//! register, and operations of one kind that do not need each other run in one loop: nothing is looked up, guessed or allocated. A slot may itself be defined by a formula: who reads it later reads that
//! value, and derivatives pass through it.
//!
//! Values have the bits of [`Compiled::evaluate`](super::Compiled::evaluate); derivatives follow the rules of [`Expression::derivative`](super::Expression::derivative).
//!
//! Source of the derivatives: forward accumulation; A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM (2008), ch. 3.

use super::{BinaryOperator, Comparison, Function, evaluate};

/// One operation; operands are registers (in the builder: numbers of values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Negate(u32),
    Binary(BinaryOperator, u32, u32),
    Compare(Comparison, u32, u32),
    CallOne(Function, u32),
    CallTwo(Function, u32, u32),
    /// The second operand if the first holds, the third if not.
    Select(u32, u32, u32),
}

impl Operation {
    pub(super) fn value(self, registers: &[f64]) -> f64 {
        let mut result = [f64::NAN];
        self.fill(registers, &mut result, &[self.operand_list()]);
        result[0]
    }

    /// Runs the operation, whatever its own operands, on each of these operands.
    #[inline]
    fn fill(self, registers: &[f64], results: &mut [f64], operands: &[[u32; 3]]) {
        #[inline]
        fn each(results: &mut [f64], operands: &[[u32; 3]], value: impl Fn(u32, u32, u32) -> f64) {
            for (result, &[a, b, c]) in results.iter_mut().zip(operands) {
                *result = value(a, b, c);
            }
        }
        let at = |register: u32| registers[register as usize];
        match self {
            Operation::Negate(_) => each(results, operands, |a, _, _| -at(a)),
            Operation::Binary(operator, ..) => match operator {
                BinaryOperator::Add => each(results, operands, |a, b, _| at(a) + at(b)),
                BinaryOperator::Subtract => each(results, operands, |a, b, _| at(a) - at(b)),
                BinaryOperator::Multiply => each(results, operands, |a, b, _| at(a) * at(b)),
                BinaryOperator::Divide => each(results, operands, |a, b, _| at(a) / at(b)),
                BinaryOperator::Power => each(results, operands, |a, b, _| {
                    evaluate::binary(BinaryOperator::Power, at(a), at(b))
                }),
            },
            Operation::Compare(comparison, ..) => each(results, operands, |a, b, _| {
                evaluate::compare(comparison, at(a), at(b))
            }),
            Operation::CallOne(function, _) => each(results, operands, |a, _, _| function.of_one(at(a))),
            Operation::CallTwo(function, ..) => {
                each(results, operands, |a, b, _| function.of_two(at(a), at(b)));
            }
            Operation::Select(..) => each(results, operands, |condition, a, b| match at(condition) {
                condition if condition.is_nan() => f64::NAN,
                0.0 => at(b),
                _ => at(a),
            }),
        }
    }

    /// Runs the operation on rows of `lanes` registers side by side.
    #[inline(always)]
    fn fill_row(self, registers: &[f64], lanes: usize, result: &mut [f64], [a, b, c]: [u32; 3]) {
        let row = |register: u32| &registers[register as usize * lanes..][..lanes];
        let unary = |result: &mut [f64], value: &dyn Fn(f64) -> f64| {
            for (result, a) in result.iter_mut().zip(row(a)) {
                *result = value(*a);
            }
        };
        let binary = |result: &mut [f64], value: &dyn Fn(f64, f64) -> f64| {
            for ((result, a), b) in result.iter_mut().zip(row(a)).zip(row(b)) {
                *result = value(*a, *b);
            }
        };
        // the cheap operations in loops of their own, which become vector instructions
        macro_rules! elementwise {
            ($operator:tt) => {
                for ((result, a), b) in result.iter_mut().zip(row(a)).zip(row(b)) {
                    *result = a $operator b;
                }
            };
        }
        match self {
            Operation::Negate(_) => {
                for (result, a) in result.iter_mut().zip(row(a)) {
                    *result = -a;
                }
            }
            Operation::Binary(BinaryOperator::Add, ..) => elementwise!(+),
            Operation::Binary(BinaryOperator::Subtract, ..) => elementwise!(-),
            Operation::Binary(BinaryOperator::Multiply, ..) => elementwise!(*),
            Operation::Binary(BinaryOperator::Divide, ..) => elementwise!(/),
            Operation::Binary(BinaryOperator::Power, ..) if row(b).iter().all(|b| *b == 2.0) => {
                for (result, a) in result.iter_mut().zip(row(a)) {
                    *result = a * a;
                }
            }
            Operation::Binary(operator, ..) => {
                binary(result, &|a, b| evaluate::binary(operator, a, b));
            }
            Operation::Compare(comparison, ..) => {
                binary(result, &|a, b| evaluate::compare(comparison, a, b));
            }
            Operation::CallOne(function, _) => unary(result, &|a| function.of_one(a)),
            Operation::CallTwo(function, ..) => binary(result, &|a, b| function.of_two(a, b)),
            Operation::Select(..) => {
                let cases = row(b).iter().zip(row(c));
                for ((result, condition), (b, c)) in result.iter_mut().zip(row(a)).zip(cases) {
                    *result = match *condition {
                        condition if condition.is_nan() => f64::NAN,
                        0.0 => *c,
                        _ => *b,
                    };
                }
            }
        }
    }

    /// The operands; zeros where there are fewer than three.
    pub(super) fn operand_list(self) -> [u32; 3] {
        let mut list = [0; 3];
        for (place, operand) in list.iter_mut().zip(self.operands()) {
            *place = operand;
        }
        list
    }

    pub(super) fn operands(self) -> impl Iterator<Item = u32> {
        let list = match self {
            Operation::Negate(a) | Operation::CallOne(_, a) => [Some(a), None, None],
            Operation::Binary(_, a, b) | Operation::Compare(_, a, b) | Operation::CallTwo(_, a, b) => {
                [Some(a), Some(b), None]
            }
            Operation::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        list.into_iter().flatten()
    }

    pub(super) fn renamed(self, name: impl Fn(u32) -> u32) -> Operation {
        match self {
            Operation::Negate(a) => Operation::Negate(name(a)),
            Operation::Binary(operator, a, b) => Operation::Binary(operator, name(a), name(b)),
            Operation::Compare(comparison, a, b) => Operation::Compare(comparison, name(a), name(b)),
            Operation::CallOne(function, a) => Operation::CallOne(function, name(a)),
            Operation::CallTwo(function, a, b) => Operation::CallTwo(function, name(a), name(b)),
            Operation::Select(a, b, c) => Operation::Select(name(a), name(b), name(c)),
        }
    }
}

/// A derivative that does not vanish identically: of the output with this number, by the variable in this slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slope {
    /// Number of the output, in the order in which outputs were asked for.
    pub output: usize,
    /// Slot of the variable.
    pub slot: usize,
    pub(super) register: u32,
}

/// A flat program for several formulas.
///
/// Equal sub-expressions of whatever formula are computed once, and one run allocates nothing. Values have the bits of
/// [`Compiled::evaluate`](super::Compiled::evaluate); derivatives follow the rules of
/// [`Expression::derivative`](super::Expression::derivative), with the chain rule through slots that follow a formula.
#[derive(Clone, Debug)]
pub struct Program {
    pub(super) slots: usize,
    pub(super) constants: Vec<f64>,
    /// Kind (operands do not count) and number of operations that run in one loop, in order.
    pub(super) batches: Vec<(Operation, usize)>,
    /// Per operation, its operands.
    pub(super) operands: Vec<[u32; 3]>,
    /// Slot and the register that it follows.
    pub(super) assigned: Vec<(u32, u32)>,
    pub(super) outputs: Vec<u32>,
    pub(super) slopes: Vec<Slope>,
}

impl Program {
    /// Registers to run on: the first [`slots`](Self::slots) are the caller's variables, NaN to begin with.
    #[must_use]
    pub fn registers(&self) -> Vec<f64> {
        let mut registers = vec![f64::NAN; self.slots + self.constants.len() + self.operands.len()];
        registers[self.slots..self.slots + self.constants.len()].copy_from_slice(&self.constants);
        registers
    }

    /// Number of variables.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Number of operations of one run.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.operands.len()
    }

    /// Evaluates everything for the variables in the first registers: slots that follow a formula, outputs, derivatives.
    ///
    /// Allocates nothing. `registers` come from [`registers`](Self::registers) of this program; with fewer, nothing is done.
    pub fn run(&self, registers: &mut [f64]) {
        let mut done = self.slots + self.constants.len();
        if registers.len() < done + self.operands.len() {
            return;
        }
        let mut operands = self.operands.as_slice();
        for &(kind, count) in &self.batches {
            let (batch, rest) = operands.split_at(count);
            // A batch reads what was done before it, and nothing of its own.
            let (before, results) = registers.split_at_mut(done);
            kind.fill(before, &mut results[..count], batch);
            operands = rest;
            done += count;
        }
        for &(slot, register) in &self.assigned {
            registers[slot as usize] = registers[register as usize];
        }
    }

    /// Registers for [`run_rows`](Self::run_rows): those of [`registers`](Self::registers), each a row of `lanes`.
    #[must_use]
    pub fn rows(&self, lanes: usize) -> Vec<f64> {
        let registers = self.slots + self.constants.len() + self.operands.len();
        let mut rows = vec![f64::NAN; registers * lanes];
        let constants = rows[self.slots * lanes..].chunks_exact_mut(lanes.max(1));
        for (row, constant) in constants.zip(&self.constants) {
            row.fill(*constant);
        }
        rows
    }

    /// As [`run`](Self::run) for `lanes` sets of variables at once, with the same bits: what an operation costs to look up is paid once for all of them.
    ///
    /// `registers` come from [`rows`](Self::rows) with as many lanes; with fewer, nothing is done.
    ///
    /// ```
    /// use irrev::expression::Expression;
    /// use irrev::expression::Program;
    /// let program = Program::of(&[Expression::parse("x^2 + y")?], &["x", "y"])?;
    /// let mut rows = program.rows(3);
    /// rows[..6].copy_from_slice(&[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);      // x, then y
    /// program.run_rows(&mut rows, 3);
    /// assert_eq!(program.output_row(&rows, 0, 3), [11.0, 24.0, 39.0]);
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    pub fn run_rows(&self, registers: &mut [f64], lanes: usize) {
        let mut done = (self.slots + self.constants.len()) * lanes;
        if registers.len() < done + self.operands.len() * lanes {
            return;
        }
        irrev_numerics::linalg::vectorised(
            #[inline(always)]
            || {
                let mut operands = self.operands.as_slice();
                for &(kind, count) in &self.batches {
                    let (batch, rest) = operands.split_at(count);
                    let (before, results) = registers.split_at_mut(done);
                    for (result, list) in results.chunks_exact_mut(lanes).zip(batch) {
                        kind.fill_row(before, lanes, result, *list);
                    }
                    operands = rest;
                    done += count * lanes;
                }
                for &(slot, register) in &self.assigned {
                    let from = register as usize * lanes;
                    registers.copy_within(from..from + lanes, slot as usize * lanes);
                }
            },
        );
    }

    /// The row of an output after [`run_rows`](Self::run_rows); empty for an output there is none of.
    #[must_use]
    pub fn output_row<'r>(&self, registers: &'r [f64], output: usize, lanes: usize) -> &'r [f64] {
        let register = self.outputs.get(output).map(|register| *register as usize);
        register
            .and_then(|register| registers.get(register * lanes..(register + 1) * lanes))
            .unwrap_or_default()
    }

    /// A program for several expressions over numbered names, one output each.
    ///
    /// # Errors
    /// The first name that is neither in the list nor a constant.
    pub fn of(expressions: &[super::Expression], names: &[&str]) -> Result<Self, super::ExpressionError> {
        let mut builder = super::ProgramBuilder::new(names.len());
        for expression in expressions {
            let value = builder.formula(&expression.compile(names)?);
            builder.output(value);
        }
        Ok(builder.finish())
    }

    /// Value of an output after a run; NaN for an output there is none of.
    #[must_use]
    pub fn output(&self, registers: &[f64], output: usize) -> f64 {
        let register = self.outputs.get(output).copied().unwrap_or(u32::MAX);
        registers.get(register as usize).copied().unwrap_or(f64::NAN)
    }

    /// The derivatives that do not vanish identically, by output, then by slot in the order in which they were asked for.
    #[must_use]
    pub fn slopes(&self) -> &[Slope] {
        &self.slopes
    }

    /// Value of a derivative after a run.
    #[must_use]
    pub fn slope(&self, registers: &[f64], slope: &Slope) -> f64 {
        registers
            .get(slope.register as usize)
            .copied()
            .unwrap_or(f64::NAN)
    }
}
