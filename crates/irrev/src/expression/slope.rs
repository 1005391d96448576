//! Derivatives inside a [`Program`](super::Program): forward accumulation over its values, zeros left out.

use std::collections::HashMap;

use super::builder::ProgramBuilder;
use super::program::Operation;
use super::{BinaryOperator, Comparison, Function};

/// A derivative; `None` is zero.
type Rise = Option<u32>;

impl ProgramBuilder {
    /// Derivatives of an output by the variables in these slots; those that vanish identically are left out.
    ///
    /// O(size of the formula · slots it depends on).
    pub(crate) fn slopes_of(&mut self, output: usize, slots: &[usize]) {
        let root = self.outputs[output];
        let makings = self.makings(root);
        let used: HashMap<usize, u32> = (makings.iter())
            .filter_map(|value| Some((self.slot_of(*value)?, *value)))
            .collect();
        for &slot in slots {
            let Some(&variable) = used.get(&slot) else {
                continue;
            };
            let one = self.number(1.0);
            let mut rises: HashMap<u32, u32> = HashMap::from([(variable, one)]);
            for &value in &makings {
                let Some(operation) = self.operation_of(value) else {
                    continue;
                };
                if let Some(rise) = self.rise(value, operation, &|operand| rises.get(&operand).copied()) {
                    rises.insert(value, rise);
                }
            }
            let rise = rises.get(&root).copied();
            if let Some(rise) = rise.filter(|rise| self.constant(*rise) != Some(0.0)) {
                self.slopes.push((output, slot, rise));
            }
        }
    }

    /// The derivative of an operation, given those of its operands; `value` is its own value.
    fn rise(&mut self, value: u32, operation: Operation, of: &dyn Fn(u32) -> Rise) -> Rise {
        match operation {
            Operation::Negate(a) => of(a).map(|da| self.negated(da)),
            Operation::Compare(..) => None,
            Operation::Binary(operator, a, b) => self.of_operator(operator, value, (a, of(a)), (b, of(b))),
            Operation::CallOne(function, a) => of(a).and_then(|da| self.of_function(function, value, a, da)),
            Operation::CallTwo(function, a, b) => self.of_two(function, (a, of(a)), (b, of(b))),
            Operation::Select(condition, a, b) => self.selected(condition, of(a), of(b)),
        }
    }

    fn of_operator(
        &mut self,
        operator: BinaryOperator,
        value: u32,
        (a, da): (u32, Rise),
        (b, db): (u32, Rise),
    ) -> Rise {
        match operator {
            BinaryOperator::Add => self.sum(da, db),
            BinaryOperator::Subtract => {
                let minus = db.map(|db| self.negated(db));
                match (da, db) {
                    (Some(da), Some(db)) => Some(self.binary(BinaryOperator::Subtract, da, db)),
                    _ => da.or(minus),
                }
            }
            BinaryOperator::Multiply => {
                let first = da.map(|da| self.product(da, b));
                let second = db.map(|db| self.product(a, db));
                self.sum(first, second)
            }
            BinaryOperator::Divide => {
                // (f′ − (f/g)·g′)/g, which needs no square that could overflow.
                let second = db.map(|db| {
                    let product = self.product(value, db);
                    self.negated(product)
                });
                let numerator = self.sum(da, second)?;
                Some(self.quotient(numerator, b))
            }
            BinaryOperator::Power => {
                let base = da.map(|da| {
                    // g·f^(g−1)·f′
                    let one = self.number(1.0);
                    let exponent = self.binary(BinaryOperator::Subtract, b, one);
                    let power = self.power(a, exponent);
                    let outer = self.product(b, power);
                    self.product(outer, da)
                });
                let exponent = db.map(|db| {
                    // f^g·ln f·g′
                    let logarithm = self.result(Operation::CallOne(Function::Ln, a));
                    let outer = self.product(value, logarithm);
                    self.product(outer, db)
                });
                self.sum(base, exponent)
            }
        }
    }

    fn of_two(&mut self, function: Function, (a, da): (u32, Rise), (b, db): (u32, Rise)) -> Rise {
        let comparison = match function {
            Function::Min => Comparison::LessOrEqual,
            Function::Max => Comparison::GreaterOrEqual,
            _ => {
                // atan2(a, b): (a′·b − a·b′)/(a² + b²)
                let first = da.map(|da| self.product(da, b));
                let second = db.map(|db| {
                    let product = self.product(a, db);
                    self.negated(product)
                });
                let numerator = self.sum(first, second)?;
                let (a_square, b_square) = (self.product(a, a), self.product(b, b));
                let denominator = self.binary(BinaryOperator::Add, a_square, b_square);
                return Some(self.quotient(numerator, denominator));
            }
        };
        let condition = self.result(Operation::Compare(comparison, a, b));
        self.selected(condition, da, db)
    }

    fn selected(&mut self, condition: u32, da: Rise, db: Rise) -> Rise {
        if da == db {
            return da;
        }
        let zero = self.number(0.0);
        Some(self.result(Operation::Select(
            condition,
            da.unwrap_or(zero),
            db.unwrap_or(zero),
        )))
    }

    /// The derivative of a function of one argument.
    fn of_function(&mut self, function: Function, value: u32, a: u32, da: u32) -> Rise {
        let call = |builder: &mut Self, function| builder.result(Operation::CallOne(function, a));
        let one = self.number(1.0);
        let slope = match function {
            Function::Exp => self.product(value, da),
            Function::Ln => self.quotient(da, a),
            Function::Log10 | Function::Log2 => {
                let base: f64 = if function == Function::Log2 { 2.0 } else { 10.0 };
                let scale = self.number(base.ln());
                let divisor = self.product(a, scale);
                self.quotient(da, divisor)
            }
            Function::Sqrt => {
                let two = self.number(2.0);
                let divisor = self.product(two, value);
                self.quotient(da, divisor)
            }
            Function::Cbrt => {
                let three = self.number(3.0);
                let square = self.product(value, value);
                let divisor = self.product(three, square);
                self.quotient(da, divisor)
            }
            Function::Sin => {
                let cosine = call(self, Function::Cos);
                self.product(cosine, da)
            }
            Function::Cos => {
                let sine = call(self, Function::Sin);
                let product = self.product(sine, da);
                self.negated(product)
            }
            Function::Tan | Function::Tanh => {
                let cosine = if function == Function::Tan {
                    Function::Cos
                } else {
                    Function::Cosh
                };
                let cosine = call(self, cosine);
                let square = self.product(cosine, cosine);
                self.quotient(da, square)
            }
            Function::Sinh => {
                let cosine = call(self, Function::Cosh);
                self.product(cosine, da)
            }
            Function::Cosh => {
                let sine = call(self, Function::Sinh);
                self.product(sine, da)
            }
            Function::Abs => {
                let sign = call(self, Function::Sign);
                self.product(sign, da)
            }
            Function::Asin
            | Function::Acos
            | Function::Atan
            | Function::Asinh
            | Function::Acosh
            | Function::Atanh => {
                let square = self.product(a, a);
                let radicand = match function {
                    Function::Asin | Function::Acos | Function::Atanh => {
                        self.binary(BinaryOperator::Subtract, one, square)
                    }
                    Function::Acosh => self.binary(BinaryOperator::Subtract, square, one),
                    _ => self.binary(BinaryOperator::Add, one, square),
                };
                let divisor = match function {
                    Function::Atan | Function::Atanh => radicand,
                    _ => self.result(Operation::CallOne(Function::Sqrt, radicand)),
                };
                let quotient = self.quotient(da, divisor);
                match function {
                    Function::Acos => self.negated(quotient),
                    _ => quotient,
                }
            }
            // The steps; and the functions of several arguments, which `of_two` has dealt with.
            Function::Floor
            | Function::Ceil
            | Function::Sign
            | Function::Heaviside
            | Function::Atan2
            | Function::Min
            | Function::Max => return None,
        };
        Some(slope)
    }

    fn binary(&mut self, operator: BinaryOperator, a: u32, b: u32) -> u32 {
        self.result(Operation::Binary(operator, a, b))
    }

    fn sum(&mut self, a: Rise, b: Rise) -> Rise {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.binary(BinaryOperator::Add, a, b)),
            (one, other) => one.or(other),
        }
    }

    fn negated(&mut self, a: u32) -> u32 {
        match self.operation_of(a) {
            Some(Operation::Negate(inner)) => inner,
            _ => self.result(Operation::Negate(a)),
        }
    }

    fn product(&mut self, a: u32, b: u32) -> u32 {
        match (self.constant(a), self.constant(b)) {
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            _ => self.binary(BinaryOperator::Multiply, a, b),
        }
    }

    fn quotient(&mut self, a: u32, b: u32) -> u32 {
        match self.constant(b) {
            Some(1.0) => a,
            _ => self.binary(BinaryOperator::Divide, a, b),
        }
    }

    fn power(&mut self, a: u32, exponent: u32) -> u32 {
        match self.constant(exponent) {
            Some(0.0) => self.number(1.0),
            Some(1.0) => a,
            _ => self.binary(BinaryOperator::Power, a, exponent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expression;
    use super::*;

    const NAMES: [&str; 3] = ["x", "y", "a"];

    #[test]
    fn slopes_are_the_values_of_the_symbolic_derivatives() {
        let texts = [
            "x^3 - 2*x + a",
            "a^x + x^x + x^y",
            "x/y - y/x + a*x*y/(1 + x + y)",
            "-x*exp(-x^2/a)",
            "ln(x)*log10(x)/log2(x + 1)",
            "sqrt(x) + cbrt(x*y)",
            "sin(x)*cos(2*y) + tan(x)",
            "asin(x/2) + acos(x/2) + atan(x*y)",
            "sinh(x) + cosh(x) - tanh(x*y)",
            "asinh(x) + acosh(x + 1) + atanh(x/2)",
            "abs(x - 2) + floor(x)*y + heaviside(x - y)",
            "min(x, 2*y, a) + max(x, y^2, 0)",
            "atan2(x, 1 + y)",
            "piecewise(x, x > 1, 2*x*y, x > 0.1, y) + if(x > 0.2, x^2, y)",
        ];
        let mut builder = ProgramBuilder::new(3);
        for text in texts {
            let value = builder.formula(&Expression::parse(text).unwrap().compile(&NAMES).unwrap());
            let output = builder.output(value);
            builder.slopes_of(output, &[0, 1]);
        }
        let program = builder.finish();
        let mut registers = program.registers();
        for point in [[0.4, 0.9, 1.7], [0.7, 0.2, 0.3]] {
            registers[..3].copy_from_slice(&point);
            program.run(&mut registers);
            for (index, text) in texts.iter().enumerate() {
                for slot in [0, 1] {
                    let derivative = Expression::parse(text).unwrap().derivative(NAMES[slot]);
                    let expected = derivative.compile(&NAMES).unwrap().evaluate(&point);
                    let found = (program.slopes().iter())
                        .find(|slope| (slope.output, slope.slot) == (index, slot))
                        .map_or(0.0, |slope| program.slope(&registers, slope));
                    // Both are exact formulas of a dozen operations on numbers of order one.
                    let error = (found - expected).abs();
                    assert!(
                        error <= 64.0 * f64::EPSILON * expected.abs().max(1.0),
                        "d({text})/d{}: {found}, {expected}",
                        NAMES[slot]
                    );
                }
            }
        }
    }

    #[test]
    fn the_chain_rule_passes_through_slots_that_follow_a_formula() {
        let compiled = |text: &str| Expression::parse(text).unwrap().compile(&NAMES).unwrap();
        let mut builder = ProgramBuilder::new(3);
        let assigned = builder.formula(&compiled("x*y"));
        builder.assign(2, assigned);
        let value = builder.formula(&compiled("a^2 + x"));
        let output = builder.output(value);
        builder.slopes_of(output, &[0, 1, 2]);
        let program = builder.finish();
        let mut registers = program.registers();
        registers[..2].copy_from_slice(&[3.0, 5.0]);
        program.run(&mut registers);
        let slopes: Vec<(usize, f64)> = (program.slopes().iter())
            .map(|slope| (slope.slot, program.slope(&registers, slope)))
            .collect();
        // (xy)² + x: 2xy² + 1 and 2x²y; the slot that follows is no variable of its own.
        assert_eq!(slopes, [(0, 151.0), (1, 90.0)]);
    }

    #[test]
    fn constant_slopes_cost_nothing() {
        let mut builder = ProgramBuilder::new(3);
        let value = builder.formula(&Expression::parse("3*x + a").unwrap().compile(&NAMES).unwrap());
        let output = builder.output(value);
        builder.slopes_of(output, &[0, 1]);
        let program = builder.finish();
        assert_eq!(program.operations(), 2);
        assert_eq!(program.slopes().len(), 1);
        assert_eq!(program.slope(&program.registers(), &program.slopes()[0]), 3.0);
    }
}
