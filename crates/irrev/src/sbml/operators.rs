//! The operators of MathML in terms of those of expressions.

use super::infix::Infix;

/// Largest argument of a factorial whose value is finite.
const LARGEST_FACTORIAL: f64 = 170.0;

/// Why a symbol that SBML defines is not read.
pub(super) fn refused_symbol(name: &str) -> &'static str {
    match name {
        "delay" => "irrev has no delay equations",
        "rateOf" => "irrev has no rates of change in formulas; write the rate out",
        _ => "SBML does not define it",
    }
}

/// The application of an operator; the message if the operator is unknown or the arguments do not fit.
pub(super) fn applied(name: &str, qualifier: Option<&Infix>, arguments: &[Infix]) -> Result<Infix, String> {
    let number = Infix::number;
    let conditions = || arguments.iter().map(Infix::truth).collect::<Vec<Infix>>();
    let wrong = |wanted: &str| Err(format!("`<{name}/>` takes {wanted}, found {}", arguments.len()));
    match name {
        "plus" => return Ok(Infix::sum(arguments)),
        "times" => return Ok(Infix::product(arguments)),
        "and" => return Ok(Infix::product(&conditions())),
        "or" => {
            return Ok(match conditions().as_slice() {
                [] => number(0.0),
                [only] => only.clone(),
                many => Infix::call("max", many).condition(),
            });
        }
        "xor" => return Ok(exclusive_or(&conditions())),
        "lt" | "leq" | "gt" | "geq" | "eq" | "neq" => {
            return match arguments {
                [_, _] => Ok(chain(comparison(name), arguments)),
                [_, _, ..] if name != "neq" => Ok(chain(comparison(name), arguments)),
                _ => wrong("2 arguments"),
            };
        }
        "max" | "min" => {
            return match arguments {
                [] => wrong("1 argument or more"),
                [only] => Ok(only.clone()),
                many => Ok(Infix::call(name, many)),
            };
        }
        _ => {}
    }
    if let Some(function) = of_one(name) {
        let [argument] = arguments else {
            return wrong("1 argument");
        };
        return Ok(match function {
            OfOne::Call(function) => Infix::call(function, std::slice::from_ref(argument)),
            OfOne::OfReciprocal(function) => Infix::call(function, &[number(1.0).over(argument)]),
            OfOne::ReciprocalOf(function) => {
                number(1.0).over(&Infix::call(function, std::slice::from_ref(argument)))
            }
        });
    }
    match (name, arguments) {
        ("minus", [only]) => Ok(match only.number {
            Some(value) => number(-value),
            None => only.negated(),
        }),
        ("minus", [left, right]) => Ok(left.minus(right)),
        ("minus", _) => wrong("1 or 2 arguments"),
        ("divide", [left, right]) => Ok(left.over(right)),
        ("power", [left, right]) => Ok(left.power(right)),
        ("rem", [left, right]) => Ok(left.minus(&right.times(&truncated(&left.over(right))))),
        ("quotient", [left, right]) => Ok(truncated(&left.over(right))),
        ("implies", [left, right]) => {
            let otherwise = left.truth().compared("==", &number(0.0));
            Ok(Infix::call("max", &[otherwise, right.truth()]).condition())
        }
        ("divide" | "power" | "rem" | "quotient" | "implies", _) => wrong("2 arguments"),
        ("not", [only]) => Ok(only.truth().compared("==", &number(0.0))),
        ("root", [only]) => Ok(root(qualifier, only)),
        ("log", [only]) => Ok(logarithm(qualifier, only)),
        ("factorial", [only]) => factorial(only),
        ("not" | "root" | "log" | "factorial", _) => wrong("1 argument"),
        _ => Err(format!("`<{name}/>` is no operator of MathML in SBML")),
    }
}

enum OfOne {
    /// f(x).
    Call(&'static str),
    /// f(1/x): the inverse of a reciprocal.
    OfReciprocal(&'static str),
    /// 1/f(x).
    ReciprocalOf(&'static str),
}

fn of_one(name: &str) -> Option<OfOne> {
    Some(match name {
        "exp" => OfOne::Call("exp"),
        "ln" => OfOne::Call("ln"),
        "abs" => OfOne::Call("abs"),
        "floor" => OfOne::Call("floor"),
        "ceiling" => OfOne::Call("ceil"),
        "sin" => OfOne::Call("sin"),
        "cos" => OfOne::Call("cos"),
        "tan" => OfOne::Call("tan"),
        "sinh" => OfOne::Call("sinh"),
        "cosh" => OfOne::Call("cosh"),
        "tanh" => OfOne::Call("tanh"),
        "arcsin" => OfOne::Call("asin"),
        "arccos" => OfOne::Call("acos"),
        "arctan" => OfOne::Call("atan"),
        "arcsinh" => OfOne::Call("asinh"),
        "arccosh" => OfOne::Call("acosh"),
        "arctanh" => OfOne::Call("atanh"),
        "sec" => OfOne::ReciprocalOf("cos"),
        "csc" => OfOne::ReciprocalOf("sin"),
        "cot" => OfOne::ReciprocalOf("tan"),
        "sech" => OfOne::ReciprocalOf("cosh"),
        "csch" => OfOne::ReciprocalOf("sinh"),
        "coth" => OfOne::ReciprocalOf("tanh"),
        "arcsec" => OfOne::OfReciprocal("acos"),
        "arccsc" => OfOne::OfReciprocal("asin"),
        "arccot" => OfOne::OfReciprocal("atan"),
        "arcsech" => OfOne::OfReciprocal("acosh"),
        "arccsch" => OfOne::OfReciprocal("asinh"),
        "arccoth" => OfOne::OfReciprocal("atanh"),
        _ => return None,
    })
}

fn comparison(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "leq" => "<=",
        "gt" => ">",
        "geq" => ">=",
        "neq" => "!=",
        _ => "==",
    }
}

/// a < b < c is (a < b)·(b < c).
fn chain(comparison: &str, arguments: &[Infix]) -> Infix {
    let links = arguments.windows(2).map(|pair| match pair {
        [left, right] => left.compared(comparison, right),
        _ => Infix::number(1.0),
    });
    Infix::product(&links.collect::<Vec<_>>())
}

/// Whether an odd number of conditions hold: the rest of their sum s over 2, s − 2⌊s/2⌋.
fn exclusive_or(conditions: &[Infix]) -> Infix {
    match conditions {
        [left, right] => left.compared("!=", right),
        _ => {
            let (sum, two) = (Infix::sum(conditions), Infix::number(2.0));
            let pairs = Infix::call("floor", &[sum.over(&two)]);
            sum.minus(&two.times(&pairs)).condition()
        }
    }
}

/// The whole part, towards zero.
fn truncated(value: &Infix) -> Infix {
    let sign = Infix::call("sign", std::slice::from_ref(value));
    let size = Infix::call("abs", std::slice::from_ref(value));
    sign.times(&Infix::call("floor", &[size]))
}

fn root(degree: Option<&Infix>, argument: &Infix) -> Infix {
    match degree.map(|degree| (degree, degree.number)) {
        None | Some((_, Some(2.0))) => Infix::call("sqrt", std::slice::from_ref(argument)),
        Some((_, Some(3.0))) => Infix::call("cbrt", std::slice::from_ref(argument)),
        Some((degree, _)) => argument.power(&Infix::number(1.0).over(degree)),
    }
}

fn logarithm(base: Option<&Infix>, argument: &Infix) -> Infix {
    let of = |function: &str, argument: &Infix| Infix::call(function, std::slice::from_ref(argument));
    match base.map(|base| (base, base.number)) {
        None | Some((_, Some(10.0))) => of("log10", argument),
        Some((_, Some(2.0))) => of("log2", argument),
        Some((base, _)) => of("ln", argument).over(&of("ln", base)),
    }
}

fn factorial(argument: &Infix) -> Result<Infix, String> {
    match argument.number {
        Some(value) if value >= 0.0 && value.fract() == 0.0 && value <= LARGEST_FACTORIAL => {
            let factors = (1..=value as u32).map(f64::from);
            Ok(Infix::number(factors.product()))
        }
        Some(value) => Err(format!(
            "`<factorial/>` of {value}: expected a whole number from 0 to {LARGEST_FACTORIAL}"
        )),
        None => Err("`<factorial/>` is read for constant numbers only".to_owned()),
    }
}
