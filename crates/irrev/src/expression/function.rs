//! The functions an expression may call.

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly this many.
    Exactly(usize),
    /// This many or more.
    AtLeast(usize),
}

impl Arity {
    /// Whether a call with `count` arguments is one.
    #[must_use]
    pub fn admits(self, count: usize) -> bool {
        match self {
            Arity::Exactly(wanted) => count == wanted,
            Arity::AtLeast(least) => count >= least,
        }
    }
}

impl std::fmt::Display for Arity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Arity::Exactly(1) => write!(formatter, "1 argument"),
            Arity::Exactly(count) => write!(formatter, "{count} arguments"),
            Arity::AtLeast(count) => write!(formatter, "{count} or more arguments"),
        }
    }
}

/// A function of the expression language; [`name`](Function::name) is how it is written.
///
/// `pow(x, y)` is the operator `x^y`, and `if` and `piecewise` have their own node, so they are not listed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Function {
    /// eˣ.
    Exp,
    /// Natural logarithm.
    Ln,
    /// Logarithm to base 10.
    Log10,
    /// Logarithm to base 2.
    Log2,
    /// Square root.
    Sqrt,
    /// Cube root, real for negative arguments too.
    Cbrt,
    /// Sine of an angle in radians.
    Sin,
    /// Cosine of an angle in radians.
    Cos,
    /// Tangent of an angle in radians.
    Tan,
    /// Inverse sine in radians, −π/2 … π/2.
    Asin,
    /// Inverse cosine in radians, 0 … π.
    Acos,
    /// Inverse tangent in radians, −π/2 … π/2.
    Atan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Inverse hyperbolic sine.
    Asinh,
    /// Inverse hyperbolic cosine.
    Acosh,
    /// Inverse hyperbolic tangent.
    Atanh,
    /// Absolute value.
    Abs,
    /// Largest integer not above the argument.
    Floor,
    /// Smallest integer not below the argument.
    Ceil,
    /// −1, 0 or 1.
    Sign,
    /// 0 below zero, 1 at zero and above; also written `step`.
    Heaviside,
    /// `atan2(y, x)`: angle of the point (x, y) in radians, −π … π.
    Atan2,
    /// Least of two or more arguments.
    Min,
    /// Greatest of two or more arguments.
    Max,
}

const NAMES: &[(Function, &str)] = &[
    (Function::Exp, "exp"),
    (Function::Ln, "ln"),
    (Function::Log10, "log10"),
    (Function::Log2, "log2"),
    (Function::Sqrt, "sqrt"),
    (Function::Cbrt, "cbrt"),
    (Function::Sin, "sin"),
    (Function::Cos, "cos"),
    (Function::Tan, "tan"),
    (Function::Asin, "asin"),
    (Function::Acos, "acos"),
    (Function::Atan, "atan"),
    (Function::Sinh, "sinh"),
    (Function::Cosh, "cosh"),
    (Function::Tanh, "tanh"),
    (Function::Asinh, "asinh"),
    (Function::Acosh, "acosh"),
    (Function::Atanh, "atanh"),
    (Function::Abs, "abs"),
    (Function::Floor, "floor"),
    (Function::Ceil, "ceil"),
    (Function::Sign, "sign"),
    (Function::Heaviside, "heaviside"),
    (Function::Heaviside, "step"),
    (Function::Atan2, "atan2"),
    (Function::Min, "min"),
    (Function::Max, "max"),
];

/// What may stand before an opening bracket besides the names of [`Function`].
const SPECIAL_FORMS: [&str; 3] = ["pow", "if", "piecewise"];

impl Function {
    /// Whether it has corners or jumps.
    pub(super) fn has_corners(self) -> bool {
        matches!(
            self,
            Self::Abs | Self::Floor | Self::Ceil | Self::Sign | Self::Heaviside | Self::Min | Self::Max
        )
    }

    /// The function of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Function> {
        NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(function, _)| *function)
    }

    /// The name under which it is written; the first one where there are two.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(function, _)| *function == self)
            .map_or("", |(_, name)| name)
    }

    /// How many arguments it takes.
    #[must_use]
    pub fn arity(self) -> Arity {
        match self {
            Function::Atan2 => Arity::Exactly(2),
            Function::Min | Function::Max => Arity::AtLeast(2),
            _ => Arity::Exactly(1),
        }
    }

    /// Every name that may stand before an opening bracket, `pow`, `if` and `piecewise` included.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name).chain(SPECIAL_FORMS)
    }

    /// The value for one argument; NaN for a function of several.
    pub(super) fn of_one(self, x: f64) -> f64 {
        match self {
            Function::Exp => x.exp(),
            Function::Ln => x.ln(),
            Function::Log10 => x.log10(),
            Function::Log2 => x.log2(),
            Function::Sqrt => x.sqrt(),
            Function::Cbrt => x.cbrt(),
            Function::Sin => x.sin(),
            Function::Cos => x.cos(),
            Function::Tan => x.tan(),
            Function::Asin => x.asin(),
            Function::Acos => x.acos(),
            Function::Atan => x.atan(),
            Function::Sinh => x.sinh(),
            Function::Cosh => x.cosh(),
            Function::Tanh => x.tanh(),
            Function::Asinh => x.asinh(),
            Function::Acosh => x.acosh(),
            Function::Atanh => x.atanh(),
            Function::Abs => x.abs(),
            Function::Floor => x.floor(),
            Function::Ceil => x.ceil(),
            Function::Sign if x == 0.0 => 0.0,
            // `signum` keeps NaN.
            Function::Sign => x.signum(),
            Function::Heaviside if x.is_nan() => x,
            Function::Heaviside => f64::from(u8::from(x >= 0.0)),
            Function::Atan2 | Function::Min | Function::Max => f64::NAN,
        }
    }

    /// Joins one more argument to the value so far; NaN for a function of one argument.
    pub(super) fn of_two(self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() {
            return f64::NAN;
        }
        match self {
            Function::Atan2 => a.atan2(b),
            Function::Min => a.min(b),
            Function::Max => a.max(b),
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_functions_and_back() {
        for (function, name) in NAMES {
            assert_eq!(Function::from_name(name), Some(*function));
            assert_eq!(Function::from_name(function.name()), Some(*function));
        }
        assert_eq!(Function::Heaviside.name(), "heaviside");
    }

    #[test]
    fn undefined_values_are_never_lost() {
        for (function, name) in NAMES {
            let value = match function.arity() {
                Arity::Exactly(1) => function.of_one(f64::NAN),
                _ => function.of_two(1.0, f64::NAN),
            };
            assert!(value.is_nan(), "{name}");
        }
    }

    #[test]
    fn steps_are_right_continuous_and_signs_vanish_at_zero() {
        assert_eq!(Function::Heaviside.of_one(0.0), 1.0);
        assert_eq!(Function::Heaviside.of_one(-0.0), 1.0);
        assert_eq!(Function::Heaviside.of_one(-1e-300), 0.0);
        assert_eq!(Function::Sign.of_one(-0.0), 0.0);
        assert_eq!(Function::Sign.of_one(-2.0), -1.0);
    }
}
