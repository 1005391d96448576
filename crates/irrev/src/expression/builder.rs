//! From formulas to a [`Program`]: values are numbered by what they are made of, so that equal ones are one.

use std::collections::HashMap;

use super::compile::Instruction;
use super::program::{Operation, Program, Slope};
use super::{BinaryOperator, Compiled};

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Value {
    /// The bits of a number.
    Constant(u64),
    Slot(u32),
    Result(Operation),
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
        let order = batched(&self.values, &needed);
        let mut batches: Vec<((usize, Operation), usize)> = Vec::new();
        let mut operands = Vec::new();
        for (level, index, operation) in order {
            registers[index] = register(self.slots + constants.len() + operands.len());
            let renamed = operation.renamed(|operand| registers[operand as usize]);
            operands.push(renamed.operand_list());
            let kind = (level, operation.renamed(|_| 0));
            match batches.last_mut() {
                Some((last, count)) if *last == kind => *count += 1,
                _ => batches.push((kind, 1)),
            }
        }
        let of = |value: u32| registers[value as usize];
        Program {
            slots: self.slots,
            constants,
            batches: (batches.into_iter())
                .map(|((_, kind), count)| (kind, count))
                .collect(),
            operands,
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

/// The operations that are needed, each with its level and number: those of one level do not need each other, and those of one kind stand
/// together in it.
fn batched(values: &[Value], needed: &[bool]) -> Vec<(usize, usize, Operation)> {
    let mut levels = vec![0_usize; values.len()];
    let mut kinds: HashMap<Operation, usize> = HashMap::new();
    let mut order = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if let (true, Value::Result(operation)) = (needed[index], value) {
            let below = operation.operands().map(|operand| levels[operand as usize]).max();
            levels[index] = below.unwrap_or(0) + 1;
            let next = kinds.len();
            let kind = *kinds.entry(operation.renamed(|_| 0)).or_insert(next);
            order.push((levels[index], kind, index, *operation));
        }
    }
    order.sort_by_key(|(level, kind, index, _)| (*level, *kind, *index));
    order
        .into_iter()
        .map(|(level, _, index, operation)| (level, index, operation))
        .collect()
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
