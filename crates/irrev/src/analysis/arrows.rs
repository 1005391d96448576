//! A field of currents as short arrows, in one curve whose pieces are parted by gaps.

use irrev_report::Curve;

/// Arrows along each axis.
const ARROWS: usize = 18;

/// Half the opening of an arrow's head, in radians, and its length as a part of the arrow.
const HEAD: (f64, f64) = (0.45, 0.4);

/// Currents below this part of the largest are not drawn.
const LEAST: f64 = 0.02;

/// Arrows of a vector field over a rectangle, as long as the room between them where the field is strongest, and shorter like the root of its strength.
pub(crate) fn arrows(
    name: &str,
    (x, y): ((f64, f64), (f64, f64)),
    field: impl Fn(f64, f64) -> Option<[f64; 2]>,
) -> Curve {
    let spacing = [(x.1 - x.0) / ARROWS as f64, (y.1 - y.0) / ARROWS as f64];
    let mut found = Vec::new();
    for i in 0..ARROWS {
        for j in 0..ARROWS {
            let at = [
                x.0 + (i as f64 + 0.5) * spacing[0],
                y.0 + (j as f64 + 0.5) * spacing[1],
            ];
            // in units of the room, so that directions look right on any scale
            let vector = field(at[0], at[1]).map(|v| [v[0] / spacing[0], v[1] / spacing[1]]);
            found.extend(
                vector
                    .filter(|v| v.iter().all(|x| x.is_finite()))
                    .map(|v| (at, v)),
            );
        }
    }
    let strongest = found.iter().map(|(_, v)| v[0].hypot(v[1])).fold(0.0, f64::max);
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for (at, v) in found {
        let strength = v[0].hypot(v[1]);
        if strength <= LEAST * strongest || strongest == 0.0 {
            continue;
        }
        let length = 0.9 * (strength / strongest).sqrt();
        let direction = v[1].atan2(v[0]);
        let point = |along: f64, turn: f64, from: [f64; 2]| {
            [
                from[0] + along * (direction + turn).cos(),
                from[1] + along * (direction + turn).sin(),
            ]
        };
        let tail = point(-0.5 * length, 0.0, [0.0, 0.0]);
        let tip = point(0.5 * length, 0.0, [0.0, 0.0]);
        let barbs = [1.0, -1.0].map(|side| point(-HEAD.1 * length, side * HEAD.0, tip));
        for p in [tail, tip, barbs[0], tip, barbs[1]] {
            xs.push(at[0] + p[0] * spacing[0]);
            ys.push(at[1] + p[1] * spacing[1]);
        }
        xs.push(f64::NAN);
        ys.push(f64::NAN);
    }
    Curve::new(name, xs, ys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_point_along_the_field_and_are_as_long_as_it_is_strong() {
        let curve = arrows("J", ((0.0, 18.0), (0.0, 18.0)), |x, _| Some([x, 0.0]));
        // five points and a gap each
        assert_eq!(curve.x.len() % 6, 0);
        let first: Vec<f64> = curve.x[..2].to_vec();
        assert!(first[1] > first[0] && curve.y[0] == curve.y[1]);
        let longest = curve.x[curve.x.len() - 5] - curve.x[curve.x.len() - 6];
        assert!((longest - 0.9).abs() < 1e-12);
        assert!(
            arrows("none", ((0.0, 1.0), (0.0, 1.0)), |_, _| Some([0.0, 0.0]))
                .x
                .is_empty()
        );
    }
}
