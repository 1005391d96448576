//! Roots of a function whose slope is known, inside a bracket.

/// Steps after which a root is taken for found to rounding.
const MOST_STEPS: usize = 200;

/// Relative size of steps that may be rounding.
const ROUNDING: f64 = 1e-11;

/// A root and how it was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root {
    pub(crate) at: f64,
    /// |f| at the root.
    pub(crate) residual: f64,
    pub(crate) iterations: usize,
}

/// The root of f in [low, high], where f(low) and f(high) do not have the same sign; `f` gives value and slope.
///
/// Newton's steps where they stay inside the bracket and halve it often enough, bisection otherwise: quadratic near the root, never worse than
/// bisection. Ends when a step no longer changes the root.
pub(crate) fn bracketed_newton(
    mut f: impl FnMut(f64) -> (f64, f64),
    (mut low, mut high): (f64, f64),
    start: f64,
) -> Root {
    let at_high = f(high).0;
    if at_high == 0.0 {
        return Root {
            at: high,
            residual: 0.0,
            iterations: 0,
        };
    }
    let rising = at_high > 0.0;
    let mut x = start.clamp(low, high);
    let (mut earlier_step, mut last_step) = (2.0 * (high - low), 2.0 * (high - low));
    let mut best = Root {
        at: x,
        residual: f64::INFINITY,
        iterations: 0,
    };
    for iterations in 1..=MOST_STEPS {
        let (value, slope) = f(x);
        if value.abs() < best.residual {
            best = Root {
                at: x,
                residual: value.abs(),
                iterations,
            };
        }
        best.iterations = iterations;
        if value == 0.0 {
            break;
        }
        if (value > 0.0) == rising {
            high = x;
        } else {
            low = x;
        }
        let newton = x - value / slope;
        let step = (newton - x).abs();
        let slow = step > 0.5 * earlier_step.abs();
        // small steps that no longer halve are rounding
        if step <= f64::EPSILON * x.abs() || (slow && step <= ROUNDING * x.abs()) {
            break;
        }
        let next = if newton >= low && newton <= high && !slow {
            newton
        } else {
            0.5 * (low + high)
        };
        (earlier_step, last_step) = (last_step, next - x);
        if last_step.abs() <= f64::EPSILON * x.abs() || next == x {
            break;
        }
        x = next;
    }
    best
}

/// As [`bracketed_newton`] for a function whose slope is not known: secants take its place.
pub(crate) fn bracketed_secant(mut f: impl FnMut(f64) -> f64, bracket: (f64, f64), start: f64) -> Root {
    let mut last = (bracket.0, f(bracket.0));
    bracketed_newton(
        |x| {
            let value = f(x);
            let slope = (value - last.1) / (x - last.0);
            last = (x, value);
            (value, slope)
        },
        bracket,
        start,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newton_is_caught_where_it_would_leave() {
        // from 3 a free Newton's step of arctan runs away
        let root = bracketed_newton(|x| (x.atan(), 1.0 / (1.0 + x * x)), (-10.0, 12.0), 3.0);
        assert!(root.at.abs() < 1e-15 && root.iterations < 20, "{root:?}");
        let falling = bracketed_newton(|x| (2.0 - x * x, -2.0 * x), (0.0, 2.0), 2.0);
        assert!((falling.at - 2f64.sqrt()).abs() < 1e-15);
        let secant = bracketed_secant(|x| x.exp() - 2.0, (-3.0, 5.0), 1.0);
        assert!(
            (secant.at - 2f64.ln()).abs() < 4e-16 && secant.iterations < 20,
            "{secant:?}"
        );
    }
}
