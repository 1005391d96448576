//! Many formulas as one flat program, with what they share computed once, and with derivatives by the chain rule.
//!
//! A rate equation evaluates the same formulas millions of times. Here they lie in one list of operations on one array of registers: the
//! slots of the variables first, then the constants, then one register per operation. Equal sub-expressions of whatever formula have one
//! register, nothing is looked up and nothing is allocated. A slot may itself be defined by a formula: who reads it later reads that
//! value, and derivatives pass through it.
//!
//! Values have the bits of [`Compiled::evaluate`]; derivatives follow the rules of [`Expression::derivative`](super::Expression::derivative).
//!
//! Source of the derivatives: forward accumulation; A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM (2008), ch. 3.

use std::collections::HashMap;

use super::compile::Instruction;
use super::{BinaryOperator, Comparison, Compiled, Function, evaluate};

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
    #[inline]
    fn value(self, registers: &[f64]) -> f64 {
        let at = |register: u32| registers[register as usize];
        match self {
            Operation::Negate(a) => -at(a),
            // Each operator has its own arm, so that evaluation is one jump.
            Operation::Binary(BinaryOperator::Add, a, b) => at(a) + at(b),
            Operation::Binary(BinaryOperator::Subtract, a, b) => at(a) - at(b),
            Operation::Binary(BinaryOperator::Multiply, a, b) => at(a) * at(b),
            Operation::Binary(BinaryOperator::Divide, a, b) => at(a) / at(b),
            Operation::Binary(BinaryOperator::Power, a, b) => {
                evaluate::binary(BinaryOperator::Power, at(a), at(b))
            }
            Operation::Compare(comparison, a, b) => evaluate::compare(comparison, at(a), at(b)),
            Operation::CallOne(function, a) => function.of_one(at(a)),
            Operation::CallTwo(function, a, b) => function.of_two(at(a), at(b)),
            Operation::Select(condition, a, b) => match at(condition) {
                condition if condition.is_nan() => f64::NAN,
                0.0 => at(b),
                _ => at(a),
            },
        }
    }

    fn operands(self) -> impl Iterator<Item = u32> {
        let list = match self {
            Operation::Negate(a) | Operation::CallOne(_, a) => [Some(a), None, None],
            Operation::Binary(_, a, b) | Operation::Compare(_, a, b) | Operation::CallTwo(_, a, b) => {
                [Some(a), Some(b), None]
            }
            Operation::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        list.into_iter().flatten()
    }

    fn renamed(self, name: impl Fn(u32) -> u32) -> Operation {
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

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Value {
    /// The bits of a number.
    Constant(u64),
    Slot(u32),
    Result(Operation),
}

/// A derivative that does not vanish identically: of the output with this number, by the variable in this slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slope {
    /// Number of the output, in the order in which outputs were asked for.
    pub output: usize,
    /// Slot of the variable.
    pub slot: usize,
    register: u32,
}

/// A flat program for several formulas; see the [module](self) for what it shares.
#[derive(Clone, Debug)]
pub struct Program {
    slots: usize,
    constants: Vec<f64>,
    operations: Vec<Operation>,
    /// Slot and the register that it follows.
    assigned: Vec<(u32, u32)>,
    outputs: Vec<u32>,
    slopes: Vec<Slope>,
}

impl Program {
    /// Registers to run on: the first [`slots`](Self::slots) are the caller's variables, NaN to begin with.
    #[must_use]
    pub fn registers(&self) -> Vec<f64> {
        let mut registers = vec![f64::NAN; self.slots + self.constants.len() + self.operations.len()];
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
        self.operations.len()
    }

    /// Evaluates everything for the variables in the first registers: slots that follow a formula, outputs, derivatives.
    ///
    /// Allocates nothing. `registers` come from [`registers`](Self::registers) of this program; with fewer, nothing is done.
    pub fn run(&self, registers: &mut [f64]) {
        let first = self.slots + self.constants.len();
        if registers.len() < first + self.operations.len() {
            return;
        }
        for (index, operation) in self.operations.iter().enumerate() {
            registers[first + index] = operation.value(registers);
        }
        for &(slot, register) in &self.assigned {
            registers[slot as usize] = registers[register as usize];
        }
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

/// Collects formulas over numbered slots.
#[derive(Clone, Debug)]
pub(crate) struct ProgramBuilder {
    slots: usize,
    values: Vec<Value>,
    numbers: HashMap<Value, u32>,
    /// Per slot, the value it follows.
    followed: HashMap<u32, u32>,
    assigned: Vec<(u32, u32)>,
    pub(super) outputs: Vec<u32>,
    pub(super) slopes: Vec<(usize, usize, u32)>,
}

impl ProgramBuilder {
    pub(crate) fn new(slots: usize) -> Self {
        ProgramBuilder {
            slots,
            values: Vec::new(),
            numbers: HashMap::new(),
            followed: HashMap::new(),
            assigned: Vec::new(),
            outputs: Vec::new(),
            slopes: Vec::new(),
        }
    }

    /// Lets a slot follow a value. What was read from the slot before keeps what it read.
    pub(crate) fn assign(&mut self, slot: usize, value: u32) {
        let slot = u32::try_from(slot).unwrap_or(u32::MAX);
        self.followed.insert(slot, value);
        self.assigned.push((slot, value));
    }

    /// Makes a value an output; gives its number among the outputs.
    pub(crate) fn output(&mut self, value: u32) -> usize {
        self.outputs.push(value);
        self.outputs.len() - 1
    }

    fn value(&mut self, value: Value) -> u32 {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(value).or_insert(next);
        if number == next {
            self.values.push(value);
        }
        number
    }

    pub(crate) fn number(&mut self, number: f64) -> u32 {
        self.value(Value::Constant(number.to_bits()))
    }

    fn slot(&mut self, slot: u32) -> u32 {
        match self.followed.get(&slot) {
            Some(value) => *value,
            None => self.value(Value::Slot(slot)),
        }
    }

    pub(super) fn constant(&self, value: u32) -> Option<f64> {
        match self.values[value as usize] {
            Value::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub(super) fn operation_of(&self, value: u32) -> Option<Operation> {
        match self.values[value as usize] {
            Value::Result(operation) => Some(operation),
            _ => None,
        }
    }

    pub(super) fn slot_of(&self, value: u32) -> Option<usize> {
        match self.values[value as usize] {
            Value::Slot(slot) => Some(slot as usize),
            _ => None,
        }
    }

    /// The value of an operation; computed now if its operands are numbers.
    pub(super) fn result(&mut self, operation: Operation) -> u32 {
        let numbers: Option<Vec<f64>> = operation
            .operands()
            .map(|operand| self.constant(operand))
            .collect();
        if let Some(numbers) = numbers {
            let operands: Vec<u32> = operation.operands().collect();
            let place = |operand: u32| {
                operands
                    .iter()
                    .position(|known| *known == operand)
                    .map_or(0, register)
            };
            return self.number(operation.renamed(place).value(&numbers));
        }
        self.value(Value::Result(operation))
    }

    /// Adds a formula; gives its value.
    pub(crate) fn formula(&mut self, compiled: &Compiled) -> u32 {
        // Per instruction of the formula, its value here.
        let mut values: Vec<u32> = Vec::with_capacity(compiled.instructions().len());
        for instruction in compiled.instructions() {
            let at = |register: &u32| values[*register as usize];
            let value = match instruction {
                Instruction::Constant(number) => self.number(*number),
                Instruction::Load(slot) => self.slot(*slot),
                Instruction::Negate(a) => self.result(Operation::Negate(at(a))),
                Instruction::Add(a, b) => self.result(Operation::Binary(BinaryOperator::Add, at(a), at(b))),
                Instruction::Subtract(a, b) => {
                    self.result(Operation::Binary(BinaryOperator::Subtract, at(a), at(b)))
                }
                Instruction::Multiply(a, b) => {
                    self.result(Operation::Binary(BinaryOperator::Multiply, at(a), at(b)))
                }
                Instruction::Divide(a, b) => {
                    self.result(Operation::Binary(BinaryOperator::Divide, at(a), at(b)))
                }
                Instruction::Power(a, b) => {
                    self.result(Operation::Binary(BinaryOperator::Power, at(a), at(b)))
                }
                Instruction::Compare(comparison, a, b) => {
                    self.result(Operation::Compare(*comparison, at(a), at(b)))
                }
                Instruction::CallOne(function, a) => self.result(Operation::CallOne(*function, at(a))),
                Instruction::CallMany(call) => {
                    let (function, arguments) = &**call;
                    let mut arguments = arguments.iter().map(at);
                    let first = match arguments.next() {
                        Some(first) => first,
                        None => self.number(f64::NAN),
                    };
                    arguments.fold(first, |left, right| {
                        self.result(Operation::CallTwo(*function, left, right))
                    })
                }
                Instruction::Piecewise(cases) => {
                    let otherwise = at(&cases.otherwise);
                    cases
                        .branches
                        .iter()
                        .rev()
                        .fold(otherwise, |rest, (value, condition)| {
                            self.result(Operation::Select(at(condition), at(value), rest))
                        })
                }
            };
            values.push(value);
        }
        match values.last() {
            Some(value) => *value,
            None => self.number(f64::NAN),
        }
    }

    /// The values that one value is made of, itself included, operands first.
    pub(super) fn makings(&self, value: u32) -> Vec<u32> {
        let mut seen = std::collections::HashSet::from([value]);
        let mut open = vec![value];
        while let Some(next) = open.pop() {
            let operands = self.operation_of(next).into_iter().flat_map(Operation::operands);
            open.extend(operands.filter(|operand| seen.insert(*operand)));
        }
        // Operands have smaller numbers than what is made of them.
        let mut makings: Vec<u32> = seen.into_iter().collect();
        makings.sort_unstable();
        makings
    }

    /// Gives every value that is needed a register.
    pub(crate) fn finish(self) -> Program {
        let mut needed = vec![false; self.values.len()];
        let roots = (self.outputs.iter().copied())
            .chain(self.assigned.iter().map(|(_, value)| *value))
            .chain(self.slopes.iter().map(|(_, _, value)| *value));
        roots.for_each(|root| needed[root as usize] = true);
        for index in (0..self.values.len()).rev() {
            if let (true, Value::Result(operation)) = (needed[index], self.values[index]) {
                operation
                    .operands()
                    .for_each(|operand| needed[operand as usize] = true);
            }
        }
        let kept = || (self.values.iter().enumerate()).filter(|(index, _)| needed[*index]);
        let mut registers = vec![0_u32; self.values.len()];
        let mut constants = Vec::new();
        for (index, value) in kept() {
            match value {
                Value::Slot(slot) => registers[index] = *slot,
                Value::Constant(bits) => {
                    registers[index] = register(self.slots + constants.len());
                    constants.push(f64::from_bits(*bits));
                }
                Value::Result(_) => {}
            }
        }
        let mut operations = Vec::new();
        for (index, value) in kept() {
            if let Value::Result(operation) = value {
                registers[index] = register(self.slots + constants.len() + operations.len());
                operations.push(operation.renamed(|operand| registers[operand as usize]));
            }
        }
        let of = |value: u32| registers[value as usize];
        Program {
            slots: self.slots,
            constants,
            operations,
            assigned: self
                .assigned
                .iter()
                .map(|(slot, value)| (*slot, of(*value)))
                .collect(),
            outputs: self.outputs.iter().map(|value| of(*value)).collect(),
            slopes: (self.slopes.iter())
                .map(|&(output, slot, value)| Slope {
                    output,
                    slot,
                    register: of(value),
                })
                .collect(),
        }
    }
}

fn register(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::Expression;
    use super::*;

    fn compiled(text: &str) -> Compiled {
        Expression::parse(text)
            .unwrap()
            .compile(&["x", "y", "z", "w"])
            .unwrap()
    }

    #[test]
    fn a_program_gives_the_bits_of_its_formulas_and_computes_what_they_share_once() {
        let texts = [
            "x*exp(-y) + 2^3*y",
            "min(x, y, 3)/(1 + x*exp(-y))",
            "piecewise(x, x > 1, 2*x, y > 1, x^y) - (1/3)*z",
        ];
        let mut builder = ProgramBuilder::new(4);
        for text in texts {
            let value = builder.formula(&compiled(text));
            builder.output(value);
        }
        let program = builder.finish();
        let nodes: usize = texts
            .iter()
            .map(|text| compiled(text).expression().nodes().len())
            .sum();
        assert!(program.operations() < nodes - 12, "{}", program.operations());
        let mut registers = program.registers();
        for point in [[0.3, 1.7, -2.0, 0.0], [2.0, 0.1, 5.0, 0.0], [0.5, 0.5, 1.0, 0.0]] {
            registers[..4].copy_from_slice(&point);
            program.run(&mut registers);
            for (index, text) in texts.iter().enumerate() {
                let expected = compiled(text).evaluate(&point);
                assert_eq!(
                    program.output(&registers, index).to_bits(),
                    expected.to_bits(),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_slot_that_follows_a_formula_is_written_and_read_by_what_comes_after() {
        let mut builder = ProgramBuilder::new(4);
        let sum = builder.formula(&compiled("x + y"));
        builder.assign(2, sum);
        let product = builder.formula(&compiled("2*z"));
        builder.assign(3, product);
        let output = builder.formula(&compiled("w*x"));
        builder.output(output);
        let program = builder.finish();
        let mut registers = program.registers();
        registers[..2].copy_from_slice(&[3.0, 4.0]);
        program.run(&mut registers);
        assert_eq!(registers[..4], [3.0, 4.0, 7.0, 14.0]);
        assert_eq!(program.output(&registers, 0), 42.0);
        assert!(program.output(&registers, 1).is_nan());
    }
}
