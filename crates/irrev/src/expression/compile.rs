//! The flat program of an expression: one instruction per node, operands by register.

use super::{
    BinaryOperator, Comparison, Expression, ExpressionError, Function, NodeKind, constant, evaluate,
};

/// Programs up to this length keep their registers on the stack.
const SMALL_PROGRAM: usize = 32;

/// A program for many evaluations of one expression, with its variables numbered.
///
/// Evaluation allocates nothing for programs of up to 32 nodes and gives the same bits as
/// [`Expression::evaluate`].
#[derive(Clone, Debug)]
pub struct Compiled {
    expression: Expression,
    instructions: Vec<Instruction>,
}

/// One node; registers are numbered as the nodes are. Small, and flat, so that evaluation is one jump per node.
#[derive(Clone, Debug)]
pub(super) enum Instruction {
    Constant(f64),
    Load(u32),
    Negate(u32),
    Add(u32, u32),
    Subtract(u32, u32),
    Multiply(u32, u32),
    Divide(u32, u32),
    Power(u32, u32),
    Compare(Comparison, u32, u32),
    CallOne(Function, u32),
    CallMany(Box<(Function, Vec<u32>)>),
    Piecewise(Box<Cases>),
}

/// Pairs of value and condition, then the value otherwise.
#[derive(Clone, Debug)]
pub(super) struct Cases {
    pub(super) branches: Vec<(u32, u32)>,
    pub(super) otherwise: u32,
}

impl Instruction {
    /// The instruction of a node; `position` numbers the variables, and what it does not know is NaN.
    pub(super) fn of(kind: &NodeKind, position: &dyn Fn(&str) -> Option<usize>) -> Instruction {
        match kind {
            NodeKind::Number(value) => Instruction::Constant(*value),
            NodeKind::Variable(name) => match position(name).and_then(|index| u32::try_from(index).ok()) {
                Some(index) => Instruction::Load(index),
                None => Instruction::Constant(constant(name).unwrap_or(f64::NAN)),
            },
            NodeKind::Negate(operand) => Instruction::Negate(operand.register()),
            NodeKind::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (left.register(), right.register());
                match operator {
                    BinaryOperator::Add => Instruction::Add(left, right),
                    BinaryOperator::Subtract => Instruction::Subtract(left, right),
                    BinaryOperator::Multiply => Instruction::Multiply(left, right),
                    BinaryOperator::Divide => Instruction::Divide(left, right),
                    BinaryOperator::Power => Instruction::Power(left, right),
                }
            }
            NodeKind::Compare {
                comparison,
                left,
                right,
            } => Instruction::Compare(*comparison, left.register(), right.register()),
            NodeKind::Call { function, arguments } => match arguments.as_slice() {
                [only] => Instruction::CallOne(*function, only.register()),
                many => Instruction::CallMany(Box::new((
                    *function,
                    many.iter().map(|id| id.register()).collect(),
                ))),
            },
            NodeKind::Piecewise { branches, otherwise } => {
                let branches = branches
                    .iter()
                    .map(|branch| (branch.value.register(), branch.condition.register()));
                Instruction::Piecewise(Box::new(Cases {
                    branches: branches.collect(),
                    otherwise: otherwise.register(),
                }))
            }
        }
    }

    /// The value, given those of the nodes before and those of the variables; a variable left out is NaN.
    #[inline]
    pub(super) fn value(&self, registers: &[f64], variables: &[f64]) -> f64 {
        let at = |register: &u32| registers[*register as usize];
        let operate = |operator, left, right| evaluate::binary(operator, at(left), at(right));
        match self {
            Instruction::Constant(value) => *value,
            Instruction::Load(index) => variables.get(*index as usize).copied().unwrap_or(f64::NAN),
            Instruction::Negate(operand) => -at(operand),
            Instruction::Add(left, right) => operate(BinaryOperator::Add, left, right),
            Instruction::Subtract(left, right) => operate(BinaryOperator::Subtract, left, right),
            Instruction::Multiply(left, right) => operate(BinaryOperator::Multiply, left, right),
            Instruction::Divide(left, right) => operate(BinaryOperator::Divide, left, right),
            Instruction::Power(left, right) => operate(BinaryOperator::Power, left, right),
            Instruction::Compare(comparison, left, right) => {
                evaluate::compare(*comparison, at(left), at(right))
            }
            Instruction::CallOne(function, argument) => function.of_one(at(argument)),
            Instruction::CallMany(call) => {
                let (function, arguments) = &**call;
                let mut values = arguments.iter().map(at);
                let first = values.next().unwrap_or(f64::NAN);
                values.fold(first, |left, right| function.of_two(left, right))
            }
            Instruction::Piecewise(cases) => {
                for (value, condition) in &cases.branches {
                    let condition = at(condition);
                    if condition.is_nan() {
                        return f64::NAN;
                    }
                    if condition != 0.0 {
                        return at(value);
                    }
                }
                at(&cases.otherwise)
            }
        }
    }
}

impl Expression {
    /// Numbers the variables by their place in `names` and flattens the tree. A name in the list wins over the
    /// constants `pi` and `e`. O(nodes · names).
    ///
    /// # Errors
    /// The first name that is neither in the list nor a constant, with its place and the nearest known name.
    pub fn compile(&self, names: &[&str]) -> Result<Compiled, ExpressionError> {
        self.compile_with(&|name| names.iter().position(|known| *known == name), names)
    }

    /// As [`compile`](Self::compile), with a numbering that may be quicker than a search through `names`.
    pub(crate) fn compile_with(
        &self,
        position: &dyn Fn(&str) -> Option<usize>,
        names: &[&str],
    ) -> Result<Compiled, ExpressionError> {
        let mut instructions = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            if let NodeKind::Variable(name) = &node.kind
                && position(name).is_none()
                && constant(name).is_none()
            {
                return Err(evaluate::unknown_name(node.span, name, names));
            }
            instructions.push(Instruction::of(&node.kind, position));
        }
        Ok(Compiled {
            expression: self.clone(),
            instructions,
        })
    }
}

impl Compiled {
    /// The expression that was compiled.
    #[must_use]
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The value for these variables, in the order of the names given to [`Expression::compile`].
    ///
    /// May be infinite or NaN. A variable beyond the end of `variables` counts as NaN.
    #[must_use]
    pub fn evaluate(&self, variables: &[f64]) -> f64 {
        if self.instructions.len() <= SMALL_PROGRAM {
            self.run(variables, &mut [0.0; SMALL_PROGRAM])
        } else {
            self.run(variables, &mut vec![0.0; self.instructions.len()])
        }
    }

    /// As [`evaluate`](Self::evaluate), but an infinite or undefined result is an error.
    ///
    /// # Errors
    /// The innermost sub-expression that is not finite and on which the result depends, with its place.
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// let rate = Expression::parse("2*exp(1/x) + 1")?.compile(&["x"])?;
    /// let error = rate.evaluate_checked(&[0.0]).unwrap_err();
    /// assert_eq!(error.message, "`1/x` is infinite (inf)");
    /// assert_eq!(error.help.as_deref(), Some("here `x` = 0"));
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    pub fn evaluate_checked(&self, variables: &[f64]) -> Result<f64, ExpressionError> {
        let value = self.evaluate(variables);
        if value.is_finite() {
            return Ok(value);
        }
        let mut registers = vec![0.0; self.instructions.len()];
        self.run(variables, &mut registers);
        Err(self.expression.blame(&registers))
    }

    pub(super) fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Fills one register per instruction; gives the last.
    #[inline]
    fn run(&self, variables: &[f64], registers: &mut [f64]) -> f64 {
        let mut last = f64::NAN;
        for (index, instruction) in self.instructions.iter().enumerate() {
            last = instruction.value(registers, variables);
            registers[index] = last;
        }
        last
    }

    /// Number of variables that must be given: one more than the highest that the expression names.
    #[must_use]
    pub fn variables_needed(&self) -> usize {
        self.loads().map(|index| index + 1).max().unwrap_or(0)
    }

    /// The numbers of the variables that the expression names; one may come more than once.
    pub(crate) fn loads(&self) -> impl Iterator<Item = usize> + '_ {
        self.instructions
            .iter()
            .filter_map(|instruction| match instruction {
                Instruction::Load(index) => Some(*index as usize),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_gives_the_bits_of_the_tree() {
        let text = "k*exp(-(a^2 - b)/T)*if(a > b, cbrt(a), tanh(b)) + max(a, b, pi)";
        let expression = Expression::parse(text).unwrap();
        let names = ["k", "a", "b", "T"];
        let compiled = expression.compile(&names).unwrap();
        for values in [[1.5, 0.3, 2.0, 0.7], [1e-3, 5.0, -2.0, 1.0], [2.0, 0.0, 0.0, 4.0]] {
            let lookup = |name: &str| {
                names
                    .iter()
                    .position(|known| *known == name)
                    .map(|index| values[index])
            };
            let direct = expression.evaluate(&lookup).unwrap();
            assert_eq!(compiled.evaluate(&values).to_bits(), direct.to_bits());
        }
        assert_eq!(compiled.variables_needed(), 4);
    }

    #[test]
    fn names_given_by_the_caller_win_over_constants() {
        let expression = Expression::parse("e + pi").unwrap();
        assert_eq!(
            expression.compile(&["e"]).unwrap().evaluate(&[1.0]),
            1.0 + std::f64::consts::PI
        );
    }

    #[test]
    fn a_missing_variable_is_not_a_number_and_an_unknown_name_an_error() {
        let expression = Expression::parse("alpha + 1").unwrap();
        assert!(expression.compile(&["alpha"]).unwrap().evaluate(&[]).is_nan());
        let error = expression.compile(&["alhpa"]).unwrap_err();
        assert_eq!(error.message, "unknown name `alpha`");
        assert_eq!(error.help.as_deref(), Some("did you mean `alhpa`?"));
    }

    #[test]
    fn blame_falls_on_what_the_result_depends_on() {
        let expression = Expression::parse("if(x > 0, ln(x), 0) + sqrt(y)")
            .unwrap()
            .compile(&["x", "y"])
            .unwrap();
        assert_eq!(expression.evaluate_checked(&[-1.0, 4.0]), Ok(2.0));
        let error = expression.evaluate_checked(&[-1.0, -4.0]).unwrap_err();
        assert_eq!(error.message, "`sqrt(y)` is not a number");
        // An infinity that the result forgets is no error: the exponential may overflow in a Fermi function.
        let fermi = Expression::parse("1/(1 + exp(x))")
            .unwrap()
            .compile(&["x"])
            .unwrap();
        assert_eq!(fermi.evaluate_checked(&[1e4]), Ok(0.0));
    }

    #[test]
    fn long_programs_work_as_short_ones_do() {
        let text = vec!["x"; 1000].join(" + ");
        assert_eq!(
            Expression::parse(&text)
                .unwrap()
                .compile(&["x"])
                .unwrap()
                .evaluate(&[2.0]),
            2000.0
        );
    }
}
