//! x = a − v tanh x: a field with Onsager's reaction.

/// Steps of Newton's method before it is given up to bisection; two to four do.
const STEPS: usize = 60;

/// A step shorter than this part of the field leaves an error of about its square.
const LAST: f64 = 1e-8;

/// tanh x at the root of x + v tanh x = a; unique for v > −1, and for smaller v one that continues it.
///
/// For a ≥ 0 and v ≥ 0 the left side is concave, and from a/(1 + v) or a − v, which both lie below the root, Newton's method rises to it without overshooting.
pub(super) fn reacting_tanh(a: f64, v: f64) -> f64 {
    if v == 0.0 || a == 0.0 {
        return a.tanh();
    }
    let size = a.abs();
    let (mut low, mut high) = if v > 0.0 { (0.0, size) } else { (size, size - v) };
    let mut x = if v > 0.0 {
        f64::max(size / (1.0 + v), size - v)
    } else {
        high
    };
    let mut t = x.tanh();
    for _ in 0..STEPS {
        let f = x + v * t - size;
        if f > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = 1.0 + v * (1.0 - t * t);
        let change = -f / slope;
        let inside = slope > 0.0 && (low..=high).contains(&(x + change));
        let change = if inside { change } else { 0.5 * (low + high) - x };
        if inside && change.abs() <= LAST * x {
            // to second order, tanh x of the next x
            t += (1.0 - t * t) * change * (1.0 - t * change);
            break;
        }
        x += change;
        t = x.tanh();
    }
    t.copysign(a * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reacting_field_solves_its_equation() {
        for a in [-3.0, -1.0, -1e-8, 0.0, 0.3, 1.0, 2.5] {
            for v in [-0.9, -0.2, 0.0, 1e-6, 0.5, 3.0, 100.0] {
                let t: f64 = reacting_tanh(a, v);
                // tanh(a − v t) = t, whose sensitivity to t is 1 + v
                assert!(
                    ((a - v * t).tanh() - t).abs() <= 1e-14 * (1.0 + f64::abs(v)),
                    "{a} {v} {t}"
                );
            }
        }
        assert_eq!(reacting_tanh(40.0, 2.0), 1.0);
        assert_eq!(reacting_tanh(-40.0, 2.0), -1.0);
    }
}
