//! x = a − v tanh x: a field with Onsager's reaction.

/// Steps of Newton's method before bisection takes over; three to five do.
const STEPS: usize = 30;

/// The root of x + v tanh x = a; unique for v > −1, and for smaller v one that continues it.
///
/// For a ≥ 0 and v ≥ 0 the left side is concave, and from a/(1 + v) or a − v, which both lie below the root, Newton's method rises to it without overshooting.
pub(super) fn reacting_field(a: f64, v: f64) -> f64 {
    if v == 0.0 || a == 0.0 {
        return a;
    }
    let (size, sign) = (a.abs(), a.signum());
    let mut x = if v > 0.0 {
        f64::max(size / (1.0 + v), size - v)
    } else {
        size - v
    };
    let (mut low, mut high) = if v > 0.0 { (0.0, size) } else { (size, size - v) };
    for _ in 0..STEPS {
        let t = x.tanh();
        let f = x + v * t - size;
        if f > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = 1.0 + v * (1.0 - t * t);
        let next = x - f / slope;
        let next = if slope > 0.0 && next >= low && next <= high {
            next
        } else {
            0.5 * (low + high)
        };
        if (next - x).abs() <= 4.0 * f64::EPSILON * next.abs() {
            return sign * next;
        }
        x = next;
    }
    sign * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reacting_field_solves_its_equation() {
        for a in [-30.0, -2.0, -1e-8, 0.0, 0.3, 1.0, 7.0] {
            for v in [-0.9, -0.2, 0.0, 1e-6, 0.5, 3.0, 100.0] {
                let x = reacting_field(a, v);
                assert!(
                    (x + v * x.tanh() - a).abs() <= 1e-13 * (1.0 + a.abs() + v.abs()),
                    "{a} {v} {x}"
                );
            }
        }
    }
}
